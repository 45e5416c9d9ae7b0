//! Deeds as the run file holds them: texts and ids, no indices. Must not judge a deed (that is `check`).

use serde::{Deserialize, Serialize};

use crate::scenario::schema::Via;
pub use crate::session::log::PersonId;

/// The part of a person in an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// Decides in a seat.
    Participant,
    /// Drives clock and script.
    Facilitator,
    /// Rates objectives and writes notes.
    Evaluator,
    /// Watches.
    Observer,
}

/// The members of a team whom a rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    #[default]
    Everybody,
    /// The lead; everybody as long as the team has no lead.
    Lead,
}

/// The way in which a team comes to an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRule {
    /// Other members who must second a proposal before it is ordered, 0..=9; with 0 an order needs no proposal.
    pub seconds_needed: u8,
    pub proposers: Members,
    pub deciders: Members,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<PersonId>,
}

/// An order by names, as commands of a run file have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderText {
    /// Mitigation id.
    pub order: String,
    /// `world`, `organisation`, `organisation/fleet` or `organisation/service`.
    pub target: String,
}

/// A message of the script by inject id, or one that a facilitator wrote, by number from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageId {
    Inject(String),
    Written(u32),
}

/// A message that a facilitator writes during the exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenMessage {
    /// Seat ids; empty for every seat.
    pub to: Vec<String>,
    pub via: Via,
    /// The sender that the seats see.
    pub from: String,
    pub title: String,
    pub body: String,
    pub is_urgent: bool,
    /// Id of the inject whose text this message replaces; the inject is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

/// A change of the clock by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockChange {
    Pause,
    /// Scenario seconds a second.
    Speed(u32),
    Step,
    /// To a tick, without stops.
    JumpTo(u32),
    JumpToNextEvent,
    End,
}

/// The rating of an objective, after HSEEP, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rating {
    /// Performed without challenges.
    P,
    /// Performed with some challenges.
    S,
    /// Performed with major challenges.
    M,
    /// Unable to be performed.
    U,
}

impl Rating {
    pub const ALL: [Self; 4] = [Self::P, Self::S, Self::M, Self::U];

    /// The letter of the rating.
    pub fn letter(self) -> &'static str {
        match self {
            Self::P => "P",
            Self::S => "S",
            Self::M => "M",
            Self::U => "U",
        }
    }

    /// The rating in words, as within a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::P => "performed without challenges",
            Self::S => "performed with some challenges",
            Self::M => "performed with major challenges",
            Self::U => "unable to be performed",
        }
    }
}

/// An act of a person that does not change the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// A person joins and gets the next number.
    Join {
        name: String,
        role: PersonRole,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seat: Option<String>,
    },
    Move {
        person: PersonId,
        seat: String,
    },
    Remove {
        person: PersonId,
    },
    Rule {
        seat: String,
        rule: TeamRule,
    },
    /// The exercise begins: the join code leaves the wall.
    Begin,
    Clock(ClockChange),
    Message(WrittenMessage),
    /// Keeps an inject of the script, by id, away from its seats.
    Hold {
        inject: String,
    },
    /// Lets a held or skipped inject reach its seats once its time has come.
    LetGo {
        inject: String,
    },
    /// Takes an inject out of the script.
    Skip {
        inject: String,
    },
    /// Words on the wall; none take the last ones away.
    Wall {
        text: String,
    },
    Lock {
        is_locked: bool,
    },
    /// A countdown on every page, in wall time; 0 seconds take it away.
    Countdown {
        text: String,
        seconds: u32,
    },
    Read {
        message: MessageId,
    },
    Propose {
        order: OrderText,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence_pct: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Seconds a proposal, by number from 0.
    Second {
        proposal: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence_pct: Option<u8>,
    },
    Withdraw {
        proposal: u32,
    },
    Rate {
        seat: String,
        objective: String,
        rating: Rating,
        evidence: String,
    },
    HotWash {
        is_open: bool,
        is_anonymous: bool,
    },
    Answer {
        seat: String,
        objective: String,
        question: u8,
        text: String,
    },
    /// The content of a feedback form, without its author.
    Feedback {
        marks: Vec<u8>,
        text: String,
    },
    /// A person has handed in the feedback form.
    FedBack,
    /// The program was started again and continued the exercise.
    Restart,
}

/// A deed of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeedRecord {
    /// The boundary at which the exercise stood.
    pub tick: u32,
    /// UTC seconds since 1970.
    pub at_s: u64,
    /// None for the program itself, for a person who joins, and for anonymous answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    pub deed: Deed,
}
