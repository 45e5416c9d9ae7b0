//! Reads run files. The result names every altered line and the place where a file breaks off.
//!
//! Reading is lenient: an altered file is assembled as far as its lines make sense, so that the caller can also
//! report where the run differs. Lines are read one by one, which bounds the memory for any file.

mod assemble;

use std::path::Path;

use thiserror::Error;

use super::signature::{Signature, TextHasher};
use super::{
    CHAIN_LEN, DEEDS_SINCE, End, Header, Line, MAGIC, RunFile, Standing, VERSION, chain, first_line, version1,
};
use crate::base::characters::{Lines, name, unfit};
use crate::base::words::thousands;
use crate::files::{FileError, read_regular};
use assemble::Assembled;

/// Size of the largest run file that is read. The file of a run of 31 days has some 2 MB, and a
/// command some 200 bytes.
pub const BYTES_MAX: u64 = 64 << 20;
/// Longest line in bytes. The longest that the program writes is a note with some 12 KB.
const LINE_BYTES_MAX: usize = 256 << 10;
/// Number of altered lines that are named; further ones are counted.
const ALTERED_MAX: usize = 100;

/// A line whose chain does not fit the line before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// From 1.
    pub line: usize,
    /// The content of the line, with its ticks and UTC times.
    pub covers: String,
}

/// A run file that could be assembled.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub file: RunFile,
    /// The first altered lines, at most `ALTERED_MAX`; empty if the chain fits.
    pub altered: Vec<Altered>,
    /// Number of altered lines.
    pub altered_count: usize,
    /// The place where the file breaks off in the middle of a line, for instance because its writer was killed.
    pub broken_off: Option<BrokenOff>,
    /// Chain of the last complete line, from which a continuation starts.
    pub last_chain: String,
    /// Bytes up to the end of the last complete line.
    pub whole_bytes: usize,
    /// Signatures behind the end, in the order of signing.
    pub signatures: Vec<Signature>,
}

/// The place where the file of an unfinished run breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenOff {
    /// Bytes up to the end of the last complete line.
    pub byte: usize,
    /// Number of the broken line, from 1.
    pub line: usize,
}

/// The reason why a file cannot be read as a run file.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("this is not a run file: its first line is not `{MAGIC} {VERSION}`")]
    NotARunFile,
    #[error("run file version `{0}` is not supported; this program reads versions 1 to {VERSION}")]
    Version(String),
    #[error("the run file ends too early, at byte {byte} in line {line}; expected {expected}")]
    Truncated { byte: usize, line: usize, expected: String },
    #[error("line {line} {problem}")]
    Broken { line: usize, problem: String, altered: Vec<Altered> },
}

/// Reads a run file.
///
/// # Errors
/// The file cannot be read, is larger than `BYTES_MAX`, breaks off, has another version, or has a line that cannot
/// be understood.
pub fn read(path: &Path) -> Result<Reading, ReadError> {
    let bytes = read_regular(path, BYTES_MAX)?;
    read_bytes(&bytes)
}

/// The data of a run file that a list of runs shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub header: Header,
    /// The last tick of the run in the file.
    pub tick: u32,
    pub standing: Option<Standing>,
    pub end: Option<End>,
}

/// Number of lines at the end of a file that are searched for its standing.
const SUMMARY_LINES: usize = 200;

/// Reads the header and the last lines of a run file for a list of runs. It does not check the chain, so the result
/// proves nothing.
///
/// # Errors
/// The file cannot be read or is not a run file.
pub fn summarise(path: &Path) -> Result<Summary, ReadError> {
    let bytes = read_regular(path, BYTES_MAX)?;
    summarise_bytes(&bytes)
}

/// The same for the bytes of a file.
///
/// # Errors
/// The bytes are not a run file.
pub fn summarise_bytes(bytes: &[u8]) -> Result<Summary, ReadError> {
    let (version, start) = check_first_line(bytes)?;
    let body = Body::new(bytes, start);
    let parse = |line: &[u8]| {
        let json = line.iter().position(|&byte| byte == b' ').map_or(&[][..], |end| &line[end + 1..]);
        parse_json(json, version)
    };
    let mut lines = body.lines();
    let header = match lines.next().map(parse) {
        Some(Ok(Line::Header(header))) => header,
        _ => return Err(ReadError::NotARunFile),
    };
    let mut so_far = Summary { header: header.clone(), tick: 0, standing: None, end: None };
    let mut assembled = Assembled::after_header(header);
    let mut last: Vec<&[u8]> = lines
        .rev()
        .skip(usize::from(body.is_cut))
        .take(SUMMARY_LINES)
        .filter(|line| line.len() <= LINE_BYTES_MAX)
        .collect();
    last.reverse();
    for line in last {
        match parse(line) {
            Ok(Line::Digests(record)) => {
                so_far.tick = record.from.saturating_add(record.digests.len() as u32).saturating_sub(1);
            }
            Ok(Line::Standing(standing)) => so_far.standing = Some(standing),
            Ok(Line::Command(command)) => so_far.tick = so_far.tick.max(command.tick),
            Ok(Line::End(end)) => {
                assembled.take_end(&end);
                so_far.tick = end.tick;
            }
            Ok(Line::Header(_) | Line::Note(_) | Line::Deed(_) | Line::Signature(_)) | Err(_) => {}
        }
    }
    so_far.end = assembled.into_end();
    Ok(so_far)
}

/// Reads a run file's bytes.
///
/// # Errors
/// As `read`.
pub fn read_bytes(bytes: &[u8]) -> Result<Reading, ReadError> {
    let (version, start) = check_first_line(bytes)?;
    let body = Body::new(bytes, start);
    let mut reader = Reader::new(version);
    let (mut lines, mut number, mut broken_off) = (body.lines(), 1, None);
    while let Some(line) = lines.next() {
        number += 1;
        if body.is_cut && lines.clone().next().is_none() {
            let so_far = &reader.so_far;
            if version == 1 || !so_far.has_header() || so_far.has_end() {
                let expected = format!("the rest of the line ({})", so_far.expected());
                return Err(ReadError::Truncated { byte: bytes.len(), line: number, expected });
            }
            broken_off = Some(BrokenOff { byte: body.end - line.len(), line: number });
            number -= 1;
            break;
        }
        reader.take(number, line, &lines)?;
    }
    let whole_bytes = broken_off.map_or(body.whole_bytes(), |broken_off| broken_off.byte);
    reader.finish(bytes.len(), number, broken_off, whole_bytes)
}

/// The version, and the position of the second line.
fn check_first_line(bytes: &[u8]) -> Result<(u32, usize), ReadError> {
    let right = first_line(VERSION);
    let end = bytes.iter().position(|&byte| byte == b'\n');
    // The first line of a file of another kind may be long.
    let shown = &bytes[..end.unwrap_or(bytes.len()).min(LINE_BYTES_MAX)];
    let line = String::from_utf8_lossy(shown).into_owned();
    let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
    if end.is_none() && (1..=VERSION).any(|version| first_line(version).starts_with(line)) {
        let expected = format!("the first line `{right}`");
        return Err(ReadError::Truncated { byte: bytes.len(), line: 1, expected });
    }
    let body = end.map_or(bytes.len(), |end| end + 1);
    match line.split_once(' ') {
        Some((MAGIC, version)) => match (1..=VERSION).find(|known| version == known.to_string()) {
            Some(known) => Ok((known, body)),
            None => Err(ReadError::Version(version.to_owned())),
        },
        _ => Err(ReadError::NotARunFile),
    }
}

/// The lines of a file after the first, without blank lines at the end.
struct Body<'a> {
    bytes: &'a [u8],
    start: usize,
    /// End of the last line that is not blank.
    end: usize,
    /// Does the last line lack its end, so that the file breaks off in it?
    is_cut: bool,
}

impl<'a> Body<'a> {
    fn new(bytes: &'a [u8], start: usize) -> Self {
        let end = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |last| last + 1).max(start);
        let is_cut = start < end && !bytes[end..].contains(&b'\n');
        // Blanks at the end of a broken line belong to the line.
        Self { bytes, start, end: if is_cut { bytes.len() } else { end }, is_cut }
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + Clone {
        let body = &self.bytes[self.start..self.end];
        let lines = (!body.is_empty()).then(|| body.split(|&byte| byte == b'\n'));
        lines.into_iter().flatten().map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Bytes up to the end of the last line that is not blank.
    fn whole_bytes(&self) -> usize {
        let ended = self.bytes[self.end..].iter().position(|&byte| byte == b'\n');
        ended.map_or(self.end, |end| self.end + end + 1)
    }
}

/// A line, parsed without regard to other lines.
struct Parsed {
    holds: bool,
    line: Result<Line, String>,
}

/// The state of reading after some lines.
struct Reader {
    version: u32,
    /// Chains that the next line may continue. After a line whose chain does not fit, the next one may continue the
    /// stated chain or the right one.
    before: Vec<String>,
    text: TextHasher,
    so_far: Assembled,
    altered: Vec<Altered>,
    altered_count: usize,
    signatures: Vec<Signature>,
}

impl Reader {
    fn new(version: u32) -> Self {
        let first = first_line(version);
        Self {
            version,
            text: TextHasher::new(&first),
            before: vec![first],
            so_far: Assembled::default(),
            altered: Vec::new(),
            altered_count: 0,
            signatures: Vec::new(),
        }
    }

    /// Reads the next line; `rest` are the lines after it.
    fn take<'a>(
        &mut self,
        number: usize,
        line: &[u8],
        rest: &(impl Iterator<Item = &'a [u8]> + Clone),
    ) -> Result<(), ReadError> {
        let parsed = self.parse(line);
        let taken = parsed.line.as_ref().map_err(Clone::clone).and_then(|line| {
            if let Line::Signature(record) = line {
                self.signatures.push(record.check(number, &self.text)?);
            }
            self.so_far.take(line)
        });
        if !parsed.holds {
            self.altered_count += 1;
            if self.altered.len() < ALTERED_MAX {
                let covers = self.so_far.covers(&parsed, || self.next_tick(rest.clone()));
                self.altered.push(Altered { line: number, covers });
            }
        }
        self.text.add(line);
        taken.map_err(|problem| ReadError::Broken { line: number, problem, altered: std::mem::take(&mut self.altered) })
    }

    fn parse(&mut self, line: &[u8]) -> Parsed {
        if let Err(problem) = check_line(line) {
            return Parsed { holds: false, line: Err(problem) };
        }
        let end = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
        let stated = String::from_utf8_lossy(&line[..end]).into_owned();
        let json = line.get(end + 1..).unwrap_or_default();
        let right: Vec<String> = self.before.iter().map(|before| chain(before, json)).collect();
        let holds = stated.len() == CHAIN_LEN && right.contains(&stated);
        self.before = if holds { vec![stated] } else { std::iter::once(stated).chain(right).take(2).collect() };
        Parsed { holds, line: parse_json(json, self.version) }
    }

    /// The last tick of the next line that has a tick. A line that cannot be understood belongs at or before it.
    fn next_tick<'a>(&self, rest: impl Iterator<Item = &'a [u8]>) -> Option<u32> {
        let json = |line: &'a [u8]| line.iter().position(|&byte| byte == b' ').map(|end| &line[end + 1..]);
        let near = rest.take(SUMMARY_LINES).filter(|line| line.len() <= LINE_BYTES_MAX).filter_map(json);
        near.filter_map(|json| parse_json(json, self.version).ok()).find_map(|line| match line {
            // A broken line of digests may belong to the same hour.
            Line::Digests(record) => Some(record.from.saturating_add(record.digests.len() as u32).saturating_sub(1)),
            Line::End(end) => Some(end.tick),
            _ => None,
        })
    }

    fn finish(
        self,
        bytes: usize,
        lines: usize,
        broken_off: Option<BrokenOff>,
        whole_bytes: usize,
    ) -> Result<Reading, ReadError> {
        let expected = self.so_far.expected();
        let truncated = || ReadError::Truncated { byte: bytes, line: lines + 1, expected };
        let problem = self.so_far.problem_at_end();
        let Some(file) = self.so_far.into_file(self.version) else { return Err(truncated()) };
        if let Some(problem) = problem {
            return Err(ReadError::Broken { line: lines, problem, altered: self.altered });
        }
        let last_chain = self.before.into_iter().next().unwrap_or_default();
        Ok(Reading {
            file,
            altered: self.altered,
            altered_count: self.altered_count,
            broken_off,
            last_chain,
            whole_bytes,
            signatures: self.signatures,
        })
    }
}

/// Refuses a blank line and a line that is too long, before it is parsed.
fn check_line(line: &[u8]) -> Result<(), String> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Err("is blank; only the end of a file may have blank lines".to_owned());
    }
    if LINE_BYTES_MAX < line.len() {
        let (found, allowed) = (thousands(line.len() as u64), thousands(LINE_BYTES_MAX as u64));
        return Err(format!("has {found} bytes, and a line has at most {allowed}"));
    }
    Ok(())
}

/// The record of a line.
///
/// # Errors
/// The problem as a clause that follows the number of the line.
fn parse_json(json: &[u8], version: u32) -> Result<Line, String> {
    let line = if version == 1 { version1::line(json) } else { serde_json::from_slice(json) };
    let line = line.map_err(|error| explain(&error))?;
    check_version(&line, version)?;
    check_texts(json)?;
    Ok(line)
}

/// Refuses content that a version does not have.
fn check_version(line: &Line, version: u32) -> Result<(), String> {
    let is_new = match line {
        Line::Deed(_) => true,
        Line::Command(command) => command.person.is_some() || command.proposal.is_some(),
        Line::Note(note) => note.person.is_some(),
        Line::Header(_) | Line::Digests(_) | Line::Standing(_) | Line::End(_) | Line::Signature(_) => false,
    };
    if is_new && version < DEEDS_SINCE {
        return Err(format!("names people, which a run file of version {version} cannot do"));
    }
    Ok(())
}

/// The parser's message without its line number, which is always 1.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cause = text.split(" at line ").next().unwrap_or_default();
    format!("cannot be understood: {cause} at character {}", error.column() + CHAIN_LEN + 1)
}

/// Refuses forbidden characters, written out or as escapes, in every text of a record.
fn check_texts(json: &[u8]) -> Result<(), String> {
    // Nearly every line is printable ASCII without escapes and needs no further check.
    if json.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\') {
        return Ok(());
    }
    let value: serde_json::Value = serde_json::from_slice(json).map_err(|error| explain(&error))?;
    check_value(&value, "")
}

fn check_value(value: &serde_json::Value, path: &str) -> Result<(), String> {
    match value {
        serde_json::Value::String(text) => {
            // Reasons and notes may have several lines.
            let lines = if matches!(path, "command.reason" | "note.text") { Lines::Many } else { Lines::One };
            let Some((at, c)) = unfit(text, lines) else { return Ok(()) };
            let place = text[..at].chars().count() + 1;
            Err(format!("holds {} as character {place} of `{path}`; no text of a run file may hold it", name(c)))
        }
        serde_json::Value::Array(values) => values.iter().try_for_each(|value| check_value(value, path)),
        serde_json::Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            check_value(value, &path)
        }),
        _ => Ok(()),
    }
}
