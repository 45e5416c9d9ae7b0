//! Assembles the lines of a run file and checks their order.

use super::Parsed;
use crate::base::{Digest, Tick, UtcStart};
use crate::session::conduct::DeedRecord;
use crate::session::runfile::{
    CommandRecord, DIGESTS_PER_LINE, DigestsRecord, End, Header, Line, NoteRecord, RunFile, Standing,
};

/// Most minutes between two digests: a day.
const DIGESTS_EVERY_MIN_MAX: u32 = 1440;

/// The run file as assembled from the lines so far.
#[derive(Default)]
pub struct Assembled {
    header: Option<Header>,
    commands: Vec<CommandRecord>,
    notes: Vec<NoteRecord>,
    deeds: Vec<DeedRecord>,
    digests: Vec<Digest>,
    standing: Option<Standing>,
    end: Option<End>,
}

impl Assembled {
    pub fn after_header(header: Header) -> Self {
        Self { header: Some(header), ..Self::default() }
    }

    pub fn has_header(&self) -> bool {
        self.header.is_some()
    }

    pub fn has_end(&self) -> bool {
        self.end.is_some()
    }

    /// Adds the next line.
    ///
    /// # Errors
    /// A clause with the reason why the line cannot follow.
    pub fn take(&mut self, line: &Line) -> Result<(), String> {
        match (line, &self.end) {
            (Line::Signature(_), Some(_)) => return Ok(()),
            (Line::Signature(_), None) => return Err("is a signature before the end of the run".to_owned()),
            (_, Some(_)) => return Err("comes after the end of the run".to_owned()),
            (_, None) => {}
        }
        match (line, &self.header) {
            (Line::Header(header), None) => {
                UtcStart::parse(&header.start).map_err(|message| format!("has a wrong start: {message}"))?;
                if !(1..=DIGESTS_EVERY_MIN_MAX).contains(&header.digests_every_min) {
                    let allowed = DIGESTS_EVERY_MIN_MAX;
                    return Err(format!("has digests every {} min; expected 1 to {allowed}", header.digests_every_min));
                }
                self.header = Some(header.clone());
            }
            (Line::Header(_), Some(_)) => return Err("is a second header".to_owned()),
            (_, None) => return Err("should be the header".to_owned()),
            (Line::Command(command), _) => self.commands.push(command.clone()),
            (Line::Note(note), _) => self.notes.push(note.clone()),
            (Line::Deed(record), _) => self.deeds.push(record.clone()),
            (Line::Digests(record), _) => self.take_digests(record)?,
            (Line::Standing(standing), _) => self.standing = Some(standing.clone()),
            (Line::End(end), Some(_)) => self.take_end(end),
            (Line::Signature(_), _) => {}
        }
        Ok(())
    }

    pub fn take_end(&mut self, end: &End) {
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

    pub fn into_end(self) -> Option<End> {
        self.end
    }

    fn take_digests(&mut self, record: &DigestsRecord) -> Result<(), String> {
        let (next, count) = (self.next_tick(), record.digests.len());
        if record.from as usize != next {
            return Err(format!("has digests from tick {}; expected tick {next}", record.from));
        }
        if DIGESTS_PER_LINE < count {
            return Err(format!("has {count} digests; a line has at most {DIGESTS_PER_LINE}"));
        }
        for text in &record.digests {
            self.digests.push(text.parse().map_err(|message| format!("has a wrong digest: {message}"))?);
        }
        Ok(())
    }

    fn every_min(&self) -> usize {
        self.header.as_ref().map_or(1, |header| header.digests_every_min as usize)
    }

    /// The boundary of the next digest.
    fn next_tick(&self) -> usize {
        self.digests.len() * self.every_min()
    }

    /// A description of the line that should come next.
    pub fn expected(&self) -> String {
        let next = self.next_tick();
        match &self.header {
            None => "the header".to_owned(),
            Some(header) if next <= header.horizon as usize => {
                format!("commands and digests from {} on, then the end of the run", self.time(next))
            }
            Some(_) => "the end of the run with its score".to_owned(),
        }
    }

    /// The problem with the end of the run; none if it is right.
    pub fn problem_at_end(&self) -> Option<String> {
        let end = self.end.as_ref()?;
        let count = self.digests.len();
        let differs = count != end.tick as usize / self.every_min() + 1;
        differs.then(|| format!("ends the run at tick {}, and there are digests of {count} ticks", end.tick))
    }

    /// The run file; none without a header, and in version 1 without an end.
    pub fn into_file(self, version: u32) -> Option<RunFile> {
        let Self { header, commands, notes, deeds, digests, standing, end } = self;
        if version == 1 && end.is_none() {
            return None;
        }
        Some(RunFile { version, header: header?, commands, notes, deeds, digests, standing, end })
    }

    /// The content of a line with its ticks, for messages. `next_tick` is the last tick of the lines that follow.
    pub fn covers(&self, parsed: &Parsed, next_tick: impl FnOnce() -> Option<u32>) -> String {
        match &parsed.line {
            Ok(Line::Header(_)) => "the header, which applies to the whole run".to_owned(),
            Ok(Line::Command(command)) => format!("a command at {}", self.time(command.tick as usize)),
            Ok(Line::Digests(record)) => {
                let from = record.from as usize;
                let last = from + record.digests.len().saturating_sub(1) * self.every_min();
                format!("the digests from {} to {}", self.time(from), self.time(last))
            }
            Ok(Line::Note(note)) => format!("a note at {}", self.time(note.tick as usize)),
            Ok(Line::Deed(record)) => format!("a deed of a person at {}", self.time(record.tick as usize)),
            Ok(Line::Standing(standing)) => format!("the standing at {}", self.time(standing.tick as usize)),
            Ok(Line::End(end)) => format!("the end of the run at {}", self.time(end.tick as usize)),
            Ok(Line::Signature(_)) => "a signature".to_owned(),
            Err(_) => {
                let from = self.next_tick();
                let to = next_tick().map_or(from, |tick| tick as usize);
                format!("something between {} and {}", self.time(from), self.time(to))
            }
        }
    }

    /// `tick 600 (2024-07-19T07:00Z)`.
    fn time(&self, tick: usize) -> String {
        let start = self.header.as_ref().and_then(|header| UtcStart::parse(&header.start).ok());
        match (start, u32::try_from(tick)) {
            (Some(start), Ok(minutes)) => format!("tick {tick} ({})", start.iso(Tick(minutes))),
            _ => format!("tick {tick}"),
        }
    }
}
