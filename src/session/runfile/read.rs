//! Reading run files: every altered line is named, and a file that breaks off says where.
//!
//! Reads leniently: an altered file is still put together where its lines make sense, so that the
//! caller can also say where the run itself differs.

use std::ops::Range;
use std::path::Path;

use thiserror::Error;

use super::{CHAIN_LEN, DigestsRecord, End, Header, Line, MAGIC, RunFile, VERSION, chain, first_line};
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
}

/// Why there is no run in the file.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("this is no run file: its first line is not `{MAGIC} {VERSION}`")]
    NotARunFile,
    #[error("run file version `{0}` is not supported; this program reads version {VERSION}")]
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
    read_bytes(&read_regular(path, BYTES_MAX)?)
}

/// Reads a run file's bytes.
///
/// # Errors
/// As `read`.
pub fn read_bytes(bytes: &[u8]) -> Result<Reading, ReadError> {
    let body = check_first_line(bytes)?;
    let lines = split(&bytes[body..]);
    let parsed: Vec<Parsed> = parse_chain(&lines);
    let is_cut = !bytes.ends_with(b"\n");
    if is_cut && let Some(last) = parsed.len().checked_sub(1) {
        let so_far = Assembled::of(&parsed[..last]);
        let expected = format!("the rest of the line ({})", so_far.expected());
        return Err(ReadError::Truncated { byte: bytes.len(), line: last + 2, expected });
    }
    assemble(bytes.len(), &parsed)
}

/// Where the second line starts.
fn check_first_line(bytes: &[u8]) -> Result<usize, ReadError> {
    let right = first_line();
    let end = bytes.iter().position(|&byte| byte == b'\n');
    let line = String::from_utf8_lossy(&bytes[..end.unwrap_or(bytes.len())]).into_owned();
    let line = line.trim_end_matches('\r');
    if end.is_none() && right.starts_with(line) {
        let expected = format!("the first line `{right}`");
        return Err(ReadError::Truncated { byte: bytes.len(), line: 1, expected });
    }
    match line.split_once(' ') {
        Some((MAGIC, version)) if version == VERSION.to_string() => Ok(end.map_or(bytes.len(), |end| end + 1)),
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

/// A line, taken for itself.
struct Parsed {
    /// From 1.
    number: usize,
    holds: bool,
    line: Result<Line, String>,
}

fn parse_chain(lines: &[&[u8]]) -> Vec<Parsed> {
    // After a line that does not hold, the next may follow what is stated or what it should have been.
    let mut before = vec![first_line()];
    let mut all = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let at = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
        let stated = String::from_utf8_lossy(&line[..at]).into_owned();
        let json = line.get(at + 1..).unwrap_or_default();
        let right: Vec<String> = before.iter().map(|before| chain(before, json)).collect();
        let holds = stated.len() == CHAIN_LEN && right.contains(&stated);
        let parsed = serde_json::from_slice(json).map_err(|error| explain(&error));
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
    digests: Vec<Digest>,
    end: Option<End>,
}

impl Assembled {
    /// Puts together as many lines as fit.
    fn of(lines: &[Parsed]) -> Self {
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
            (Line::Digests(record), _) => self.take_digests(record)?,
            (Line::End(end), _) => self.end = Some(end.clone()),
        }
        Ok(())
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

fn assemble(bytes: usize, lines: &[Parsed]) -> Result<Reading, ReadError> {
    let mut so_far = Assembled::default();
    for (index, line) in lines.iter().enumerate() {
        if let Err(problem) = so_far.take(line) {
            return Err(ReadError::Broken { line: line.number, problem, altered: altered(&lines[..=index], lines) });
        }
    }
    let expected = so_far.expected();
    let Assembled { header: Some(header), commands, digests, end: Some(end) } = so_far else {
        return Err(ReadError::Truncated { byte: bytes, line: lines.len() + 2, expected });
    };
    if digests.len() != end.tick as usize + 1 {
        let problem = format!("ends the run at tick {}, and there are digests of {} ticks", end.tick, digests.len());
        return Err(ReadError::Broken { line: lines.len() + 1, problem, altered: altered(lines, lines) });
    }
    Ok(Reading { file: RunFile { header, commands, digests, end }, altered: altered(lines, lines) })
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
