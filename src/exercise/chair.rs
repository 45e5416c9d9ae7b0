//! A chair at an exercise: its role, and the state that belongs to one person alone.
//!
//! Must not hold anything of the run: losing a chair loses no decision.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::view::ExerciseView;
use crate::base::Ix;
use crate::scenario::compile::{Inject, Organisation, Seat};

/// A chair of one exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChairId(pub u32);

/// The role of a chair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes part in a seat (by index).
    Seat(Ix<Seat>),
    /// Drives the clock and the script, and sees every seat.
    Facilitator,
    /// Sees everything and changes nothing.
    Observer,
}

/// A chair with the messages read, the card opened and the notices still to be shown.
#[derive(Debug)]
pub struct Chair {
    pub role: Role,
    /// Injects (by index) that were read.
    pub read: BTreeSet<Ix<Inject>>,
    /// The organisation (by index) whose card is open.
    pub selected: Option<Ix<Organisation>>,
    /// Notices to this chair, oldest first: refusals and failures.
    pub notices: Vec<String>,
    /// The last view and the revision that it shows.
    pub(super) shown: Option<(u64, Arc<ExerciseView>)>,
}

impl Chair {
    pub fn new(role: Role) -> Self {
        Self { role, read: BTreeSet::new(), selected: None, notices: Vec::new(), shown: None }
    }

    /// The seat of the chair; none for facilitators and observers.
    pub fn seat(&self) -> Option<Ix<Seat>> {
        match self.role {
            Role::Seat(seat) => Some(seat),
            Role::Facilitator | Role::Observer => None,
        }
    }
}
