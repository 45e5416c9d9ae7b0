//! The log of a run: accepted commands with the remarks of the people who gave them, and notes.
//!
//! Only commands change the world; remarks and notes do not. The log digest (`runfile`) covers remarks and notes,
//! so that changes to them can be found.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Playbook, Seat};
use crate::sim::{Command, Issuer};

/// Highest confidence a person can state, in per cent.
pub const CONFIDENCE_MAX_PCT: u8 = 100;
/// Longest reason or note, in characters.
pub const TEXT_MAX_CHARS: usize = 2_000;

/// A person by number, from 0 in the order of joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

/// Confidence and reason that a person states with an order, and the messages read by then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// The person's confidence that the order helps, in per cent, 0..=100.
    pub confidence_pct: Option<u8>,
    pub reason: Option<Arc<str>>,
    /// Messages (injects by index, ascending) that the seat had read by then and that no earlier order of the seat has;
    /// none if nobody recorded them.
    pub read: Option<Arc<[Ix<Inject>]>>,
    /// The person of a facilitated exercise who gave or entered the order.
    pub person: Option<PersonId>,
    /// Number of the proposal that was ordered.
    pub proposal: Option<u32>,
}

impl Remarks {
    /// Remarks with a confidence and without a reason.
    pub fn confidence(confidence_pct: Option<u8>) -> Self {
        Self { confidence_pct, ..Self::default() }
    }
}

/// An entry of a playbook, by indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryId {
    pub playbook: Ix<Playbook>,
    pub entry: u32,
}

/// The origin of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person or a program gave the command; the command names its issuer.
    Door(Remarks),
    /// A playbook of the cast gave the command. A replay with the same cast gives it again without reading the log.
    Playbook(EntryId),
}

/// An accepted command at the boundary where it was applied.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    pub tick: Tick,
    pub command: Command,
    pub origin: Origin,
}

impl LogEntry {
    /// Did a playbook of the cast give the command?
    pub fn is_by_playbook(&self) -> bool {
        matches!(self.origin, Origin::Playbook(_))
    }

    /// The remarks that came with the command; none for orders of playbooks.
    pub fn remarks(&self) -> Option<&Remarks> {
        match &self.origin {
            Origin::Door(remarks) => Some(remarks),
            Origin::Playbook(_) => None,
        }
    }
}

/// Messages that a seat had read by its last order in a log, as its orders state them.
pub fn messages_read(log: &[LogEntry], seat: Ix<Seat>) -> BTreeSet<Ix<Inject>> {
    let is_by_seat =
        |entry: &&LogEntry| matches!(entry.command, Command::Order { by: Issuer::Seat(by), .. } if by == seat);
    let remarks = log.iter().filter(is_by_seat).filter_map(LogEntry::remarks);
    remarks.filter_map(|remarks| remarks.read.as_deref()).flatten().copied().collect()
}

/// The kind of a note, in the words of an after-action report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteTag {
    #[default]
    Observation,
    Strength,
    Gap,
    Risk,
    Recommendation,
}

/// A note of a person who takes part or watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub tick: Tick,
    /// Seat (by index) of the writer; none for facilitators and observers.
    pub seat: Option<Ix<Seat>>,
    /// The objective of that seat (by position) that the note is about.
    pub objective: Option<usize>,
    pub tag: NoteTag,
    pub text: String,
    /// The writer, in a facilitated exercise.
    pub person: Option<PersonId>,
}
