//! The log of a run: accepted commands with what people said when they gave them, and notes.
//!
//! Commands alone make the world; remarks and notes change nothing in it. The log's digest (`runfile`) protects both.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Playbook, Seat};
use crate::sim::Command;

/// Highest confidence a person can state, in per cent.
pub const CONFIDENCE_MAX_PCT: u8 = 100;
/// Longest reason or note, in characters.
pub const TEXT_MAX_CHARS: usize = 2_000;

/// What a person says with an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// How sure the person is that the order helps, 0..=100.
    pub confidence_pct: Option<u8>,
    pub reason: Option<Arc<str>>,
}

impl Remarks {
    /// A confidence without a reason.
    pub fn confidence(confidence_pct: Option<u8>) -> Self {
        Self { confidence_pct, reason: None }
    }
}

/// An entry of a playbook, by indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryId {
    pub playbook: Ix<Playbook>,
    pub entry: u32,
}

/// How a command came to the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Through the door, from a person or a program; the command names its issuer.
    Door(Remarks),
    /// From a playbook of the cast: a run with the same cast gives it again by itself.
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
    /// Did a playbook of the cast give it?
    pub fn is_by_playbook(&self) -> bool {
        matches!(self.origin, Origin::Playbook(_))
    }

    /// What was said with it; none for playbooks.
    pub fn remarks(&self) -> Option<&Remarks> {
        match &self.origin {
            Origin::Door(remarks) => Some(remarks),
            Origin::Playbook(_) => None,
        }
    }
}

/// What a note is about, in the words of an after-action report.
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
    pub tag: NoteTag,
    pub text: String,
}
