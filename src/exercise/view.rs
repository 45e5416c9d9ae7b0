//! The content of chairs' views and of screens, as plain data that a window draws or a page prints.
//!
//! Texts are ready to print; numbers come with the unit in the field's name. Views are handed out as `Arc` and never
//! changed. No egui types here.

mod debrief;
mod people;
mod wall;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::Ix;
use crate::scenario::compile::{Fleet, Inject, Mitigation, Organisation, Service, Target};
use crate::scenario::schema::{Glyph, Group, Standing, Via};
use crate::sim::world::Order;

/// The data of one screen.
#[derive(Clone, Debug)]
pub enum View {
    Start(Arc<StartView>),
    Seats(Arc<SeatsView>),
    Briefing(Arc<BriefingView>),
    /// A run file is being replayed.
    Opening(Arc<OpeningView>),
    Exercise(Arc<ExerciseView>),
    Debrief(Arc<DebriefView>),
    Sources(Arc<SourcesView>),
    /// The wall of a facilitated exercise.
    Wall(Arc<WallView>),
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct StartView {
    pub cards: Vec<ScenarioCard>,
    /// Unfinished exercises, newest first.
    pub unfinished: Vec<RunCard>,
    /// Finished runs, newest first.
    pub finished: Vec<RunCard>,
    /// A problem to report, such as a scenario that could not be read or a folder that could not be written.
    pub notice: Option<String>,
}

/// A run that lies in the runs folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunCard {
    /// Name of its file.
    pub file: String,
    pub scenario: String,
    pub seat: String,
    /// Scenario time that the run reached: `Fri 19 Jul 09:40`.
    pub reached: String,
    /// Time since it was last written, in words: `just now`, `3 days ago`.
    pub when: String,
    /// Points so far, or of the finished run.
    pub points: Option<f64>,
    /// The reason why it cannot be opened now.
    pub refusal: Option<String>,
}

/// The progress of a replay.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OpeningView {
    pub title: String,
    /// 0..=1
    pub done: f64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ScenarioCard {
    /// Scenario id.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    pub place: String,
    pub summary: String,
    pub difficulty: String,
    pub play_min: u32,
    pub length_days: f64,
    /// Real organisations that the scenario stands for.
    pub organisations: u64,
    pub hosts: u64,
    pub seats: usize,
    /// Figures by standing: documented, estimated, invented.
    pub figures: [usize; 3],
    pub sources: usize,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct SeatsView {
    pub scenario: String,
    pub seats: Vec<SeatCard>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct SeatCard {
    /// Seat id.
    pub id: String,
    pub name: String,
    pub summary: String,
    pub organisations: usize,
    pub hosts: u64,
    pub technicians: u32,
    pub objectives: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct BriefingView {
    pub scenario: String,
    pub seat: String,
    pub starts: String,
    pub situation: Vec<String>,
    pub people: String,
    pub advice: Vec<String>,
    pub assumptions: Vec<String>,
    pub objectives: Vec<BriefingObjective>,
    pub services: Vec<BriefingService>,
    pub mitigations: usize,
    /// Preparations on sale before the clock runs; none for a seat without a budget.
    pub preparation: Option<PreparationView>,
    /// The seed, which determines all draws of the run that will begin.
    pub seed: u64,
    /// A later minute at which the exercise can begin, right before the incident of the scenario.
    pub late_start: Option<LateStart>,
}

/// A later minute at which an exercise can begin.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LateStart {
    pub minute: u32,
    /// `Fri 19 Jul 04:59`
    pub time: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct PreparationView {
    pub budget_usd: f64,
    pub left_usd: f64,
    pub options: Vec<PreparationRow>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct PreparationRow {
    pub mitigation: Ix<Mitigation>,
    pub name: String,
    pub summary: String,
    /// For each target.
    pub cost_usd: f64,
    pub targets: Vec<PreparationTarget>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct PreparationTarget {
    pub target: TargetKey,
    pub label: String,
    pub is_chosen: bool,
    /// The reason why it cannot be chosen now.
    pub refusal: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct BriefingObjective {
    pub name: String,
    pub weight_pct: f64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct BriefingService {
    pub name: String,
    pub organisation: String,
    pub tolerance_min: u32,
}

/// Working, strained or failed: drawn with a colour *and* a shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum LevelState {
    /// At or above target.
    #[default]
    Working,
    /// Below target, at least half.
    Degraded,
    /// Below half.
    Severe,
    /// Below a tenth.
    Failed,
    /// Not hit, and depends on nothing that was hit; drawn faint.
    Untouched,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Trend {
    Better,
    #[default]
    Steady,
    Worse,
}

pub use debrief::*;
pub use people::*;
pub use wall::*;

pub use crate::session::NoteTag;
/// Speeds of the clock in seconds of scenario time per second of wall time.
pub use crate::session::pace::SPEEDS;

#[derive(Clone, Debug, Default, Serialize)]
pub struct ExerciseView {
    /// The oldest notice to this chair: a refusal, or a problem with saving.
    pub notice: Option<String>,
    pub seat: String,
    pub scenario: String,
    pub clock: ClockView,
    pub score: ScoreView,
    pub hosts: HostsView,
    /// The seat's important services first, then the rest of the world's.
    pub services: Vec<ServiceRow>,
    /// Newest first.
    pub inbox: Vec<InjectRow>,
    pub drawer: Vec<MitigationRow>,
    /// The load of the incident teams of the seat: `3 of 4 in work, 2 wait`; empty if teams have no limit.
    pub team_load: String,
    /// Newest first.
    pub orders: Vec<OrderRow>,
    /// Notes of the chair, newest first.
    pub notes: Vec<NoteRow>,
    /// Objectives of the chair's seat, which a note can be about.
    pub objectives: Vec<String>,
    pub map: MapView,
    /// The organisation selected on the map or the board.
    pub detail: Option<OrganisationDetail>,
    pub timeline: TimelineView,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ClockView {
    /// In the chair's local time, as every other time on the screen: `Fri 19 Jul 05:09`
    pub time: String,
    /// The zone of the local time: `England`, `UTC`.
    pub zone: String,
    /// The same moment in UTC if the zone is another one, with the weekday if it differs: `04:09 UTC`
    pub utc: String,
    /// `T+0d 07:09`
    pub exercise: String,
    /// `12:31` of wall time played
    pub wall: String,
    /// Scenario seconds per wall second, one of [`SPEEDS`].
    pub speed: u32,
    pub is_paused: bool,
    /// The exercise was ended, and the run is simulated to its horizon without stops.
    pub is_ending: bool,
    pub is_ended: bool,
    /// The latest time at which a jump stops: `within 43 min`.
    pub next_stop: String,
    /// The reason why the clock last stopped or slowed by itself, until somebody moves it.
    pub stopped: Option<String>,
    /// The message at which the clock stopped or slowed, as long as it waits for an order.
    pub decision: Option<DecisionView>,
    /// All services of the seat are back and no order is pending, so the exercise can be ended.
    pub is_settled: bool,
}

/// A message that asks for an order that the seat can give.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DecisionView {
    pub inject: Ix<Inject>,
    pub title: String,
    /// The clock slowed down at the message.
    pub has_slowed: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ScoreView {
    /// Points won so far on the scale of the final score; none before any point could be won, and while the comparison
    /// runs are being computed.
    pub points: Option<f64>,
    /// Points that the best known playbook had won by this time; it has 100 at the end.
    pub par_points: Option<f64>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct HostsView {
    pub total: u64,
    pub down: u64,
    pub in_repair: u64,
    pub repaired: u64,
    pub self_recovered: u64,
    pub technicians_on_duty: u32,
    pub technicians_busy: u32,
    pub cost_usd: f64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ServiceRow {
    pub service: Ix<Service>,
    pub organisation: Ix<Organisation>,
    pub name: String,
    pub organisation_name: String,
    /// 0..=1
    pub level: f64,
    pub target: f64,
    pub state: LevelState,
    pub trend: Trend,
    pub outside_min: u32,
    pub tolerance_min: u32,
    /// Minutes below target in the current disruption.
    pub below_min: u32,
    pub backlog: f64,
    pub lost: f64,
    pub unit: String,
    /// Name of the fallback if it is in force.
    pub fallback: Option<String>,
    /// The cause of a level below its target: `311 of 420 hosts not working in Record servers`.
    pub held_by: Option<String>,
    /// The root behind it, services that it needs included: `recovery keys: 412 machines in Ward PCs`.
    pub root: Option<String>,
    /// Levels of the last 48 hours, oldest first.
    pub spark: Vec<f32>,
    pub is_yours: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct InjectRow {
    pub inject: Ix<Inject>,
    pub time: String,
    pub via: Via,
    pub from: String,
    pub title: String,
    pub body: String,
    pub is_urgent: bool,
    pub is_read: bool,
    pub standing: Standing,
    /// Orders that answer the message.
    pub answers: Vec<AnswerRow>,
}

/// An order that answers a message.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AnswerRow {
    pub mitigation: Ix<Mitigation>,
    pub name: String,
    /// The order can be given now, for at least one target.
    pub is_open: bool,
    /// Times ordered in this run.
    pub ordered: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct MitigationRow {
    pub mitigation: Ix<Mitigation>,
    pub name: String,
    pub summary: String,
    pub group: Group,
    pub cost_usd: f64,
    pub lead_min: u32,
    /// Minutes for which the order takes a member of the incident team.
    pub team_min: u32,
    /// Targets, the most likely one first.
    pub targets: Vec<TargetRow>,
    /// The reason why no target can take the order now.
    pub refusal: Option<String>,
    /// Times ordered in this run.
    pub ordered: u32,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct TargetRow {
    pub target: TargetKey,
    /// The organisation, by index; none for an order about the whole world.
    pub organisation: Option<Ix<Organisation>>,
    pub label: String,
    /// The state of the target: `311 of 420 hosts down, 5 services need it`.
    pub detail: String,
    /// What the order takes from the target's organisation: `a team member in 2 h 10 min, 12 technicians for 5 h`.
    pub price: String,
    pub refusal: Option<String>,
}

/// The target of an order, by index into the compiled scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TargetKey {
    #[default]
    World,
    Organisation(Ix<Organisation>),
    Fleet(Ix<Fleet>),
    Service(Ix<Service>),
}

impl From<Target> for TargetKey {
    fn from(target: Target) -> Self {
        match target {
            Target::World => Self::World,
            Target::Organisation(index) => Self::Organisation(index),
            Target::Fleet(index) => Self::Fleet(index),
            Target::Service(index) => Self::Service(index),
        }
    }
}

impl From<TargetKey> for Target {
    fn from(key: TargetKey) -> Self {
        match key {
            TargetKey::World => Self::World,
            TargetKey::Organisation(index) => Self::Organisation(index),
            TargetKey::Fleet(index) => Self::Fleet(index),
            TargetKey::Service(index) => Self::Service(index),
        }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct OrderRow {
    pub order: Ix<Order>,
    pub name: String,
    pub target: String,
    /// `in 25 min`, `in force until Sat 08:00`, `done`, `cancelled`
    pub status: String,
    pub is_pending: bool,
    pub is_active: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct MapView {
    pub marks: Vec<MapMark>,
    /// Members of populations, too many for marks.
    pub dots: Vec<MapDot>,
    pub links: Vec<MapLink>,
    /// Latitude and longitude at which the sun is in the zenith.
    pub sun: [f64; 2],
}

#[derive(Clone, Debug, Serialize)]
pub struct MapMark {
    pub organisation: Ix<Organisation>,
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub glyph: Glyph,
    /// 1..=5
    pub importance: u8,
    pub state: LevelState,
    /// Worst important service, 0..=1.
    pub level: f64,
    /// Share of hosts down, 0..=1.
    pub hosts_down: f64,
    pub is_yours: bool,
    /// Minutes since the seat's last order for the organisation, if that order is recent.
    pub ordered_min: Option<u32>,
    /// Lines of the tooltip.
    pub tooltip: Vec<String>,
}

/// A member of a population on the map.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MapDot {
    pub organisation: Ix<Organisation>,
    pub lat: f64,
    pub lon: f64,
    pub state: LevelState,
}

/// A dependency between organisations: `from` needs `to`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MapLink {
    /// Index into `MapView::marks`.
    pub from: usize,
    pub to: usize,
    /// The missing share of the need, 0..=1.
    pub loss: f64,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct OrganisationDetail {
    pub organisation: Ix<Organisation>,
    pub name: String,
    pub sector: String,
    pub local_time: String,
    pub note: String,
    pub technicians_on_duty: u32,
    pub technicians_busy: u32,
    /// 0..=1
    pub fatigue: f64,
    pub trust: f64,
    pub keys: String,
    pub fleets: Vec<FleetRow>,
    pub services: Vec<ServiceRow>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct FleetRow {
    pub fleet: Ix<Fleet>,
    pub name: String,
    pub kind: String,
    pub hosts: u32,
    /// Hosts by state, in the order of [`HOST_STATES`].
    pub counts: [u32; 6],
    /// States (index into [`HOST_STATES`]) of a sample of at most 400 hosts, for the mosaic.
    pub mosaic: Vec<u8>,
}

/// Names of the host states in the order of `FleetRow::counts`.
pub const HOST_STATES: [&str; 6] = ["Up", "Crashing", "Down", "In repair", "Held", "Rebuild"];

#[derive(Clone, Debug, Default, Serialize)]
pub struct TimelineView {
    pub horizon_min: u32,
    pub now_min: u32,
    /// Minute of the chair's local day at tick 0, for the day grid.
    pub start_minute_of_day: u32,
    /// Label of the day that begins at each midnight: (minute, `Fri 19 Jul`).
    pub days: Vec<(u32, String)>,
    pub curves: Vec<Curve>,
    pub marks: Vec<TimelineMark>,
}

/// A curve with its ghosts; points are (minute, value), value 0..=1.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Curve {
    pub name: String,
    pub yours: Vec<[f64; 2]>,
    pub do_nothing: Vec<[f64; 2]>,
    pub reference: Vec<[f64; 2]>,
    /// The best known playbook; shown at the debrief only.
    pub par: Vec<[f64; 2]>,
    /// The run before, in a second try.
    pub earlier: Vec<[f64; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum MarkKind {
    Event,
    Inject,
    Decision,
}

#[derive(Clone, Debug, Serialize)]
pub struct TimelineMark {
    pub minute: u32,
    pub kind: MarkKind,
    pub label: String,
}

/// A note that a person wrote during an exercise.
#[derive(Clone, Debug, Serialize)]
pub struct NoteRow {
    pub time: String,
    pub tag: NoteTag,
    /// Seat of the writer, for a reader without a seat.
    pub seat: Option<String>,
    /// The objective that the note is about.
    pub objective: Option<String>,
    pub text: String,
}

/// Every figure of a scenario with its standing and sources; built once for a scenario.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SourcesView {
    pub scenario: String,
    /// Figures of one owner stand together.
    pub figures: Vec<FigureRow>,
    pub facts: Vec<FactRow>,
    /// Figures by standing: documented, estimated, invented.
    pub counts: [usize; 3],
}

#[derive(Clone, Debug, Serialize)]
pub struct FigureRow {
    /// `Delta Air Lines`
    pub owner: String,
    /// The kind of the owner: `organisation`.
    pub owner_kind: String,
    /// `Flights, demand`
    pub label: String,
    /// The value with its unit, or the element whose provenance this is.
    pub value: String,
    pub standing: Standing,
    /// The source as the author wrote it.
    pub source: String,
    /// The source without the ids of facts; empty if it has nothing else.
    pub words: String,
    /// Positions in `SourcesView::facts`.
    pub facts: Vec<usize>,
    /// Place in the scenario's files: `organisations/delta/services/flights/demand_per_day`.
    pub path: String,
    /// The text that a search looks through, in lower case.
    pub searched: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct FactRow {
    pub id: String,
    pub about: String,
    pub publication: String,
    /// Code of confidence, `V1`.
    pub confidence: String,
    /// The code in words.
    pub confidence_words: &'static str,
    /// Figures that cite it.
    pub cited: usize,
}
