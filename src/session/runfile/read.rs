//! Reading run files: every altered line is named, and a file that breaks off says where.
//!
//! Reads leniently: an altered file is still put together where its lines make sense, so that the
//! caller can also say where the run itself differs.

use std::ops::Range;
use std::path::Path;

use thiserror::Error;

use super::{
    CHAIN_LEN, DigestsRecord, End, Header, Line, MAGIC, NoteRecord, RunFile, Standing, VERSION, chain, first_line,
    version1,
};
use crate::base::{Digest, Tick, UtcStart};
use crate::files::{FileError, read_regular};

/// Size of the largest run file that is read. The file of a run of 31 days has some 2 MB, and a
/// command some 200 bytes.
const BYTES_MAX: u64 = 64 << 20;

/// A line whose chain does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// From 1.
    pub line: usize,
    /// What the line is about, with its ticks and UTC times.
    pub covers: String,
}

/// A run file that could be put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub file: RunFile,
    /// Empty where the chain holds.
    pub altered: Vec<Altered>,
    /// Where the file breaks off in the middle of a line, as when its writer was killed.
    pub broken_off: Option<BrokenOff>,
    /// Chain of the last whole line, which a continuation goes on from.
    pub last_chain: String,
}

/// The place where a file of a run under way breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenOff {
    /// Bytes up to the end of the last whole line.
    pub byte: usize,
    /// Number of the broken line, from 1.
    pub line: usize,
}

/// Why there is no run in the file.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("this is no run file: its first line is not `{MAGIC} {VERSION}`")]
    NotARunFile,
    #[error("run file version `{0}` is not supported; this program reads versions 1 and {VERSION}")]
    Version(String),
    #[error("the run file ends too early, at byte {byte} in line {line}; expected {expected}")]
    Truncated { byte: usize, line: usize, expected: String },
    #[error("line {line} {problem}")]
    Broken { line: usize, problem: String, altered: Vec<Altered> },
}

/// Reads a run file.
///
/// # Errors
/// It cannot be read, it is larger than `BYTES_MAX`, it breaks off, it is of another version, or a line cannot be understood.
pub fn read(path: &Path) -> Result<Reading, ReadError> {
    let bytes = read_regular(path, BYTES_MAX)?;
    read_bytes(&bytes)
}

/// What a list of runs needs of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub header: Header,
    /// The tick up to which the file tells the run.
    pub tick: u32,
    pub standing: Option<Standing>,
    pub end: Option<End>,
}

/// Lines at the end of a file in which its standing is looked for.
const SUMMARY_LINES: usize = 200;

/// Reads the header and the last lines of a run file, without its chain: for a list, not for a proof.
///
/// # Errors
/// It cannot be read or is no run file.
pub fn summarise(path: &Path) -> Result<Summary, ReadError> {
    let bytes = read_regular(path, BYTES_MAX)?;
    let (version, body) = check_first_line(&bytes)?;
    let lines = split(&bytes[body..]);
    let whole = if bytes.ends_with(b"\n") { lines.len() } else { lines.len().saturating_sub(1) };
    let parse = |line: &[u8]| {
        let json = line.iter().position(|&byte| byte == b' ').map_or(&[][..], |end| &line[end + 1..]);
        parse_json(json, version)
    };
    let header = match lines[..whole].first().map(|line| parse(line)) {
        Some(Ok(Line::Header(header))) => header,
        _ => return Err(ReadError::NotARunFile),
    };
    let mut so_far = Summary { header: header.clone(), tick: 0, standing: None, end: None };
    let mut assembled = Assembled { header: Some(header), ..Assembled::default() };
    for line in &lines[whole.saturating_sub(SUMMARY_LINES).max(1).min(whole)..whole] {
        match parse(line) {
            Ok(Line::Digests(record)) => so_far.tick = record.from + record.digests.len() as u32 - 1,
            Ok(Line::Standing(standing)) => so_far.standing = Some(standing),
            Ok(Line::Command(command)) => so_far.tick = so_far.tick.max(command.tick),
            Ok(Line::End(end)) => {
                assembled.take_end(&end);
                so_far.tick = end.tick;
            }
            Ok(Line::Header(_) | Line::Note(_)) | Err(_) => {}
        }
    }
    so_far.end = assembled.end;
    Ok(so_far)
}

fn parse_json(json: &[u8], version: u32) -> Result<Line, serde_json::Error> {
    if version == 1 { version1::line(json) } else { serde_json::from_slice(json) }
}

/// Reads a run file's bytes.
///
/// # Errors
/// As `read`.
pub fn read_bytes(bytes: &[u8]) -> Result<Reading, ReadError> {
    let (version, body) = check_first_line(bytes)?;
    let lines = split(&bytes[body..]);
    let mut parsed: Vec<Parsed> = parse_chain(&lines, version);
    let is_cut = !bytes.ends_with(b"\n");
    let mut broken_off = None;
    if is_cut && let Some(last) = parsed.len().checked_sub(1) {
        let so_far = Assembled::from_lines(&parsed[..last]);
        if version == 1 || so_far.header.is_none() || so_far.end.is_some() {
            let expected = format!("the rest of the line ({})", so_far.expected());
            return Err(ReadError::Truncated { byte: bytes.len(), line: last + 2, expected });
        }
        broken_off = Some(BrokenOff { byte: bytes.len() - lines[last].len(), line: last + 2 });
        parsed.truncate(last);
    }
    let last_chain = lines[..parsed.len()].last().map_or_else(|| first_line(version), |line| stated_chain(line));
    let (file, altered) = assemble(bytes.len(), version, &parsed)?;
    Ok(Reading { file, altered, broken_off, last_chain })
}

/// The version, and where the second line starts.
fn check_first_line(bytes: &[u8]) -> Result<(u32, usize), ReadError> {
    let right = first_line(VERSION);
    let end = bytes.iter().position(|&byte| byte == b'\n');
    let line = String::from_utf8_lossy(&bytes[..end.unwrap_or(bytes.len())]).into_owned();
    let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}');
    if end.is_none() && [1, VERSION].iter().any(|&version| first_line(version).starts_with(line)) {
        let expected = format!("the first line `{right}`");
        return Err(ReadError::Truncated { byte: bytes.len(), line: 1, expected });
    }
    let body = end.map_or(bytes.len(), |end| end + 1);
    match line.split_once(' ') {
        Some((MAGIC, "1")) => Ok((1, body)),
        Some((MAGIC, version)) if version == VERSION.to_string() => Ok((VERSION, body)),
        Some((MAGIC, version)) => Err(ReadError::Version(version.to_owned())),
        _ => Err(ReadError::NotARunFile),
    }
}

/// Lines without their ends; a last line without an end counts.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    lines
        .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect()
}

fn stated_chain(line: &[u8]) -> String {
    let end = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
    String::from_utf8_lossy(&line[..end]).into_owned()
}

/// A line, taken for itself.
struct Parsed {
    /// From 1.
    number: usize,
    holds: bool,
    line: Result<Line, String>,
}

fn parse_chain(lines: &[&[u8]], version: u32) -> Vec<Parsed> {
    // After a line that does not hold, the next may follow what is stated or what it should have been.
    let mut before = vec![first_line(version)];
    let mut all = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let end = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
        let stated = stated_chain(line);
        let json = line.get(end + 1..).unwrap_or_default();
        let right: Vec<String> = before.iter().map(|before| chain(before, json)).collect();
        let holds = stated.len() == CHAIN_LEN && right.contains(&stated);
        let parsed = parse_json(json, version).map_err(|error| explain(&error));
        all.push(Parsed { number: index + 2, holds, line: parsed });
        before = if holds { vec![stated] } else { std::iter::once(stated).chain(right).take(2).collect() };
    }
    all
}

/// The parser's words without its own line number, which is always 1.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cause = text.split(" at line ").next().unwrap_or_default();
    format!("cannot be understood: {cause} at character {}", error.column() + CHAIN_LEN + 1)
}

/// What the lines so far make.
#[derive(Default)]
struct Assembled {
    header: Option<Header>,
    commands: Vec<super::CommandRecord>,
    notes: Vec<NoteRecord>,
    digests: Vec<Digest>,
    standing: Option<Standing>,
    end: Option<End>,
}

impl Assembled {
    /// Puts together as many lines as fit.
    fn from_lines(lines: &[Parsed]) -> Self {
        let mut so_far = Self::default();
        for line in lines {
            if so_far.take(line).is_err() {
                break;
            }
        }
        so_far
    }

    fn take(&mut self, parsed: &Parsed) -> Result<(), String> {
        let line = parsed.line.as_ref().map_err(Clone::clone)?;
        if self.end.is_some() {
            return Err("comes after the end of the run".to_owned());
        }
        match (line, &self.header) {
            (Line::Header(header), None) => {
                UtcStart::parse(&header.start).map_err(|message| format!("has a wrong start: {message}"))?;
                self.header = Some(header.clone());
            }
            (Line::Header(_), Some(_)) => return Err("is a second header".to_owned()),
            (_, None) => return Err("should be the header".to_owned()),
            (Line::Command(command), _) => self.commands.push(command.clone()),
            (Line::Note(note), _) => self.notes.push(note.clone()),
            (Line::Digests(record), _) => self.take_digests(record)?,
            (Line::Standing(standing), _) => self.standing = Some(standing.clone()),
            (Line::End(end), Some(_)) => self.take_end(end),
        }
        Ok(())
    }

    fn take_end(&mut self, end: &End) {
        let mut end = end.clone();
        // Version 1 names the seat in the header alone.
        let seat = self.header.as_ref().and_then(|header| header.seats.first());
        if let (Some(seat), [judgement]) = (seat, &mut end.seats[..])
            && judgement.seat.is_empty()
        {
            judgement.seat.clone_from(&seat.seat);
        }
        self.end = Some(end);
    }

    fn take_digests(&mut self, record: &DigestsRecord) -> Result<(), String> {
        let next = self.digests.len();
        if record.from as usize != next {
            return Err(format!("has digests from tick {}; expected tick {next}", record.from));
        }
        for text in &record.digests {
            self.digests.push(text.parse().map_err(|message| format!("has a wrong digest: {message}"))?);
        }
        Ok(())
    }

    fn when(&self, tick: usize) -> String {
        when(self.header.as_ref(), tick)
    }

    /// What should come next.
    fn expected(&self) -> String {
        let next = self.digests.len();
        match &self.header {
            None => "the header".to_owned(),
            Some(header) if next <= header.horizon as usize => {
                format!("commands and digests from {} on, then the end of the run", self.when(next))
            }
            Some(_) => "the end of the run with its score".to_owned(),
        }
    }
}

fn assemble(bytes: usize, version: u32, lines: &[Parsed]) -> Result<(RunFile, Vec<Altered>), ReadError> {
    let mut so_far = Assembled::default();
    for (index, line) in lines.iter().enumerate() {
        if let Err(problem) = so_far.take(line) {
            return Err(ReadError::Broken { line: line.number, problem, altered: altered(&lines[..=index], lines) });
        }
    }
    let expected = so_far.expected();
    let Assembled { header: Some(header), commands, notes, digests, standing, end } = so_far else {
        return Err(ReadError::Truncated { byte: bytes, line: lines.len() + 2, expected });
    };
    match &end {
        None if version == 1 => {
            return Err(ReadError::Truncated { byte: bytes, line: lines.len() + 2, expected });
        }
        Some(end) if digests.len() != end.tick as usize + 1 => {
            let problem =
                format!("ends the run at tick {}, and there are digests of {} ticks", end.tick, digests.len());
            return Err(ReadError::Broken { line: lines.len() + 1, problem, altered: altered(lines, lines) });
        }
        _ => {}
    }
    let file = RunFile { version, header, commands, notes, digests, standing, end };
    Ok((file, altered(lines, lines)))
}

/// Names the lines that do not hold.
fn altered(lines: &[Parsed], all: &[Parsed]) -> Vec<Altered> {
    let header = all.iter().find_map(|parsed| match &parsed.line {
        Ok(Line::Header(header)) => Some(header),
        _ => None,
    });
    let covers = |parsed: &Parsed| match &parsed.line {
        Ok(Line::Header(_)) => "the header: it covers the whole run".to_owned(),
        Ok(Line::Command(command)) => format!("a command at {}", when(header, command.tick as usize)),
        Ok(Line::Digests(record)) => {
            let from = record.from as usize;
            let last = (from + record.digests.len()).saturating_sub(1);
            format!("the digests from {} to {}", when(header, from), when(header, last))
        }
        Ok(Line::Note(note)) => format!("a note at {}", when(header, note.tick as usize)),
        Ok(Line::Standing(standing)) => format!("the standing at {}", when(header, standing.tick as usize)),
        Ok(Line::End(end)) => format!("the end of the run at {}", when(header, end.tick as usize)),
        Err(_) => {
            let Range { start, end } = between(parsed.number, all);
            format!("something between {} and {}", when(header, start), when(header, end))
        }
    };
    let wrong = lines.iter().filter(|parsed| !parsed.holds);
    wrong.map(|parsed| Altered { line: parsed.number, covers: covers(parsed) }).collect()
}

/// The ticks between the lines around one that cannot be understood.
fn between(number: usize, all: &[Parsed]) -> Range<usize> {
    let at = number - 2;
    let before = all[..at].iter().rev().find_map(|parsed| match &parsed.line {
        Ok(Line::Digests(record)) => Some(record.from as usize + record.digests.len()),
        _ => None,
    });
    let after = all[at + 1..].iter().find_map(|parsed| match &parsed.line {
        // Its own hour may be what the line is about.
        Ok(Line::Digests(record)) => Some((record.from as usize + record.digests.len()).saturating_sub(1)),
        Ok(Line::End(end)) => Some(end.tick as usize),
        _ => None,
    });
    let start = before.unwrap_or(0);
    start..after.unwrap_or(start)
}

/// `tick 600 (2024-07-19T07:00Z)`.
fn when(header: Option<&Header>, tick: usize) -> String {
    let start = header.and_then(|header| UtcStart::parse(&header.start).ok());
    match (start, u32::try_from(tick)) {
        (Some(start), Ok(minutes)) => format!("tick {tick} ({})", start.iso(Tick(minutes))),
        _ => format!("tick {tick}"),
    }
}
