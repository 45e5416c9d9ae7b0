//! What the pages of a facilitated exercise show beside the views of its seats.

use super::AnswerRow;
use crate::base::Ix;
use crate::scenario::compile::{Inject, Organisation, Seat};
use crate::scenario::schema::{Standing, Via};
use crate::session::conduct::{MessageId, PersonId, PersonRole, Rating, TeamRule};

/// What the people of one seat share.
#[derive(Clone, Debug)]
pub struct TeamView {
    pub seat: Ix<Seat>,
    pub seat_id: String,
    pub name: String,
    pub summary: String,
    pub rule: TeamRule,
    /// Every member can order alone.
    pub is_alone: bool,
    /// The rule as a sentence.
    pub rule_words: String,
    pub members: Vec<MemberRow>,
    /// Newest first.
    pub messages: Vec<MessageRow>,
    /// Newest first.
    pub proposals: Vec<ProposalRow>,
    /// Ids and names.
    pub objectives: Vec<(String, String)>,
    pub common: CommonView,
}

/// What everybody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonView {
    pub scenario: String,
    pub has_begun: bool,
    pub is_locked: bool,
    pub is_over: bool,
    /// Words and the UTC second at which it ends.
    pub countdown: Option<(String, u64)>,
    pub wall: Option<String>,
    pub hot_wash: bool,
    pub is_hot_wash_anonymous: bool,
}

#[derive(Clone, Debug)]
pub struct MemberRow {
    pub person: PersonId,
    pub name: String,
    pub may_propose: bool,
    pub may_decide: bool,
    pub is_lead: bool,
    pub has_fed_back: bool,
}

/// A message of the script or of the facilitator.
#[derive(Clone, Debug)]
pub struct MessageRow {
    pub id: MessageId,
    pub tick: u32,
    pub time: String,
    pub via: Via,
    pub from: String,
    pub title: String,
    pub body: String,
    pub is_urgent: bool,
    /// None for a message that the facilitator wrote.
    pub standing: Option<Standing>,
    pub answers: Vec<AnswerRow>,
    /// Everybody of the seat who has read it.
    pub readers: Vec<PersonId>,
    /// Names of the seats that it reaches, for readers without a seat.
    pub to: String,
    /// It is for every seat.
    pub is_public: bool,
}

/// The state of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalState {
    Open,
    Ordered,
    Withdrawn,
}

#[derive(Clone, Debug)]
pub struct ProposalRow {
    pub number: u32,
    pub time: String,
    pub name: String,
    pub target: String,
    pub by: PersonId,
    pub by_name: String,
    pub confidence_pct: Option<u8>,
    pub reason: Option<String>,
    pub seconds: Vec<(PersonId, String)>,
    pub seconds_missing: u8,
    pub state: ProposalState,
    /// The reason why it cannot be ordered now; none if it can or is closed.
    pub refusal: Option<String>,
}

/// What facilitators, evaluators and observers share.
#[derive(Clone, Debug)]
pub struct StaffView {
    pub common: CommonView,
    pub people: Vec<PersonRow>,
    /// Newest first, of all seats.
    pub messages: Vec<MessageRow>,
    /// By planned time; entries that wait for a condition last.
    pub script: Vec<ScriptRow>,
    /// Everything that happened, newest first, at most [`LOG_ROWS_MAX`] rows.
    pub log: Vec<LogRow>,
    pub objectives: Vec<RatedRow>,
    /// Organisations that a grant can name.
    pub organisations: Vec<(Ix<Organisation>, String)>,
    pub answers: Vec<AnswerText>,
    pub feedback: FeedbackView,
    /// The run file, or the reason why nothing is saved.
    pub saving: Result<String, String>,
}

/// Most rows of the log on a page.
pub const LOG_ROWS_MAX: usize = 200;

#[derive(Clone, Debug)]
pub struct PersonRow {
    pub person: PersonId,
    pub name: String,
    pub role: PersonRole,
    /// Name of the seat; empty for people without one.
    pub seat: String,
    pub seat_id: String,
    pub is_removed: bool,
    pub proposals: usize,
    pub seconded: usize,
    pub orders: usize,
    pub notes: usize,
    pub read: usize,
}

/// The state of an entry of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptState {
    Waiting,
    Held,
    Skipped,
    Sent,
    /// An order kept it away from every seat.
    KeptAway,
}

/// An inject or an event of the script.
#[derive(Clone, Debug)]
pub struct ScriptRow {
    /// None for an event, which nobody can hold.
    pub inject: Option<Ix<Inject>>,
    pub id: String,
    /// `D+0 H+5 M+09`, or the condition.
    pub when: String,
    /// Minute by which the rows are sorted; none for a condition.
    pub planned_min: Option<u32>,
    pub time: String,
    pub title: String,
    pub body: String,
    pub via: String,
    pub from: String,
    pub to: String,
    /// Seat ids; empty for every seat.
    pub to_ids: Vec<String>,
    pub is_urgent: bool,
    pub state: ScriptState,
}

#[derive(Clone, Debug)]
pub struct LogRow {
    pub time: String,
    /// UTC second; none for what the log has without one.
    pub at_s: Option<u64>,
    pub by: String,
    pub what: String,
}

/// An objective with its rating and what the program measured.
#[derive(Clone, Debug)]
pub struct RatedRow {
    pub seat: Ix<Seat>,
    pub seat_id: String,
    pub seat_name: String,
    /// Position in the seat's list.
    pub position: usize,
    pub id: String,
    pub name: String,
    pub rating: Option<Rating>,
    pub rated_by: String,
    pub evidence: String,
    /// What the program measured so far, as a sentence.
    pub measured: String,
}

#[derive(Clone, Debug)]
pub struct AnswerText {
    pub objective: String,
    pub question: u8,
    /// Empty if answers are anonymous.
    pub by: String,
    pub text: String,
}

#[derive(Clone, Debug, Default)]
pub struct FeedbackView {
    pub forms: usize,
    /// Mean of each statement, 1 to 5.
    pub means: Vec<f64>,
    pub texts: Vec<String>,
}

/// The questions of the hot wash about an objective.
pub const HOT_WASH_QUESTIONS: [&str; 3] =
    ["What went well?", "What did not go well?", "What should we do differently next time?"];

/// The statements of the feedback form, marked from 1 (do not agree) to 5 (agree).
pub const FEEDBACK_STATEMENTS: [&str; 5] = [
    "The scenario was believable",
    "I knew what was expected of me",
    "The pace was right",
    "I learned something that I will use",
    "I would take part again",
];
