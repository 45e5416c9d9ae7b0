//! The requests of a chair, split by the authority that they need. Panels and pages return actions; the desk or the
//! exercise carries them out.
//!
//! Scenarios, seats and runs are named by id. Mitigations, targets, injects, orders and organisations are named by
//! their index in the compiled scenario, which is the same everywhere for one scenario digest.

use serde::{Deserialize, Serialize};

use super::view::TargetKey;
use crate::base::Ix;
use crate::scenario::compile::{Inject, Mitigation, Organisation, Seat};
use crate::session::NoteTag;
pub use crate::session::conduct::{
    ClockChange, Deed, Members, MessageId, OrderText, PersonId, PersonRole, Rating, TeamRule, WrittenMessage,
};
use crate::sim::world::Order;

/// A request of a window.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A request about screens; the desk carries it out.
    Screen(ScreenAction),
    /// A request about the exercise; the exercise carries it out.
    Chair(ChairAction),
}

/// Moves between screens.
#[derive(Clone, Debug, PartialEq)]
pub enum ScreenAction {
    /// Opens the seats of a scenario, by id.
    ChooseScenario(String),
    /// Opens the briefing of a seat, by id.
    ChooseSeat(String),
    /// Buys a preparation for a target, or takes it back.
    Prepare {
        mitigation: Ix<Mitigation>,
        target: TargetKey,
    },
    /// Begins the exercise from the briefing.
    Begin,
    /// Begins the exercise at a later minute of the scenario.
    BeginAt(u32),
    /// The seed, which determines all draws of the run that will begin.
    ChooseSeed(u64),
    /// Continues an unfinished run, by the name of its file.
    ContinueRun(String),
    /// Opens the debrief of a finished run, by the name of its file.
    ReviewRun(String),
    /// Returns to the screen before.
    Back,
    Quit,
    /// Opens figures and sources of a scenario, by id, or of the scenario on the desk.
    OpenSources(Option<String>),
    /// Opens the briefing of the same seat again; the run before becomes a ghost if the seed stays.
    TryAgain,
    /// Begins a second try at a minute of the run in the debrief, before the orders of that minute. At minute 0 it
    /// opens the briefing, where preparations are bought.
    TryAgainFrom(u32),
    /// Writes the after-action report beside the run file.
    WriteReport,
    /// Returns to the start screen from exercise or debrief.
    Leave,
    /// Saves the run, into another folder if one is given.
    SaveRun(Option<String>),
}

/// A request of a chair to its exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ChairAction {
    Clock(ClockAction),
    Order(OrderAction),
    Personal(PersonalAction),
    Facilitator(FacilitatorAction),
}

/// Moves the time of the whole exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockAction {
    TogglePause,
    /// Scenario seconds a second, one of `view::SPEEDS`; starts the clock.
    SetSpeed(u32),
    /// Simulates one minute.
    Step,
    JumpToNextEvent,
    /// Simulates up to a tick without stops; a tick in the past changes nothing.
    JumpTo(u32),
    /// Plays to the horizon without stops.
    EndExercise,
}

/// A request of a person in a facilitated exercise. The log has it with the person and the time.
#[derive(Clone, Debug, PartialEq)]
pub enum PersonAction {
    /// An act that does not change the world. The table of `session::conduct` says who may do it.
    Deed(Deed),
    /// An order of the person's team that needs no proposal, or the end of an order of the team.
    Order(OrderAction),
    /// Proposes an order to the person's team.
    Propose {
        mitigation: Ix<Mitigation>,
        target: TargetKey,
        /// 0..=100
        confidence_pct: Option<u8>,
        reason: Option<String>,
    },
    /// Orders what a proposal of the team says, by number.
    OrderProposal {
        proposal: u32,
        /// 0..=100; the proposer's if none.
        confidence_pct: Option<u8>,
    },
    Clock(ClockAction),
    /// A request of a facilitator about script, staff or a seat.
    Facilitator(FacilitatorAction),
    /// A note about a seat and perhaps one of its objectives (by position).
    WriteNote {
        seat: Option<Ix<Seat>>,
        tag: NoteTag,
        text: String,
        objective: Option<usize>,
    },
}

/// A decision of a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderAction {
    Give {
        mitigation: Ix<Mitigation>,
        target: TargetKey,
        /// 0..=100
        confidence_pct: Option<u8>,
        reason: Option<String>,
    },
    /// Takes back an order, by number.
    Cancel(Ix<Order>),
}

/// A request that concerns one chair alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonalAction {
    SelectOrganisation(Option<Ix<Organisation>>),
    MarkRead(Ix<Inject>),
    WriteNote {
        tag: NoteTag,
        text: String,
        /// The objective of the chair's seat (by position) that the note is about.
        objective: Option<usize>,
    },
    DismissNotice,
}

/// A request that only a facilitator may make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FacilitatorAction {
    /// Lets an inject reach its seats now.
    SendInject(Ix<Inject>),
    /// Gives an organisation technicians for some hours, or takes them (negative).
    Grant { organisation: Ix<Organisation>, technicians: i32, hours: u32 },
    /// Enters a decision that a seat spoke aloud.
    OrderForSeat { seat: Ix<Seat>, order: OrderAction },
}

impl From<ScreenAction> for Action {
    fn from(action: ScreenAction) -> Self {
        Self::Screen(action)
    }
}

impl From<ChairAction> for Action {
    fn from(action: ChairAction) -> Self {
        Self::Chair(action)
    }
}

macro_rules! chair_actions {
    ($($kind:ident($type:ty)),*) => {$(
        impl From<$type> for ChairAction {
            fn from(action: $type) -> Self {
                Self::$kind(action)
            }
        }

        impl From<$type> for Action {
            fn from(action: $type) -> Self {
                Self::Chair(action.into())
            }
        }
    )*};
}

chair_actions!(Clock(ClockAction), Order(OrderAction), Personal(PersonalAction), Facilitator(FacilitatorAction));
