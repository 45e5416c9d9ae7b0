//! The content of the debrief.

use serde::Serialize;

use super::{Curve, NoteRow, TimelineView};

#[derive(Clone, Debug, Default, Serialize)]
pub struct DebriefView {
    pub scenario: String,
    pub seat: String,
    /// The score: 0 is do-nothing, 100 is par; none while the comparison runs are still being computed.
    pub score: Option<f64>,
    /// The score of the reference run.
    pub reference_score: Option<f64>,
    /// One sentence on the result.
    pub verdict: String,
    /// The three decisions that mattered: the best, the worst, the missed one.
    pub turning_points: Vec<TurningPoint>,
    /// What to do next time, at most three sentences, the one that gains most first.
    pub next_time: Vec<String>,
    pub weighing: WeighingView,
    pub curves: Vec<Curve>,
    pub timeline: TimelineView,
    /// What held services back, minute by minute; none until the run is compared.
    pub time: Option<TimeView>,
    /// In the order in which they were given.
    pub decisions: Vec<DecisionRow>,
    /// Orders that were not given, the one that would have gained most first.
    pub missed: Vec<MissedRow>,
    /// All decisions together beside the sum of their worths.
    pub joint: Option<String>,
    /// What the seat could know at each decision; none if it was not computed.
    pub known: Option<SectionView>,
    /// The confidence in orders beside what came of them; none until it is measured.
    pub confidence: Option<ConfidenceView>,
    pub objectives: Vec<ObjectiveRow>,
    /// The sum that gives the score: `23.1 + 18.4 = 41.5`.
    pub sum: Option<String>,
    /// What the preparation prevented by itself; none without preparation.
    pub bought: Option<String>,
    pub luck: Option<LuckView>,
    /// This run beside the run before, if it is a second try.
    pub tries: Option<TriesView>,
    /// Questions for the discussion right after the exercise.
    pub discuss: Vec<QuestionRow>,
    /// Notes, oldest first.
    pub notes: Vec<NoteRow>,
    pub digest: String,
    /// Digest of all commands, remarks and notes.
    pub log_digest: String,
    pub seed: u64,
    /// The place where the run was saved, or the reason why it was not.
    pub saved: Option<Result<String, String>>,
    /// Other folders to save the run to, offered if saving failed.
    pub save_offers: Vec<String>,
    /// The reason why no second try can begin from the middle of the run.
    pub try_refusal: Option<String>,
    pub can_report: bool,
    /// The place of the report, or the reason why it was not written.
    pub report: Option<Result<String, String>>,
    /// Figures by standing: documented, estimated, invented.
    pub figures: [usize; 3],
}

/// The progress of the measurement that weighs decisions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WeighingView {
    pub state: WeighingState,
    /// `Weighing your decisions, seed 3 of 16…`, `Weighed on 16 seeds`
    pub words: String,
    /// 0..=1
    pub done: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum WeighingState {
    /// The run is still being compared and saved.
    #[default]
    Waiting,
    Running,
    Finished,
    Stopped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TurningKind {
    Best,
    Worst,
    Missed,
}

/// A decision that mattered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurningPoint {
    pub kind: TurningKind,
    /// The order, or a sentence if there is none of this kind.
    pub name: String,
    pub target: String,
    /// The time of the order; empty if there is none of this kind.
    pub time: String,
    /// Minute of the order.
    pub minute: Option<u32>,
    /// Position in `DebriefView::decisions`.
    pub decision: Option<usize>,
    /// `+12.3`
    pub points: String,
    /// What the number rests on: `+9.1 to +15 on 16 seeds`, `known from Fri 19 Jul 05:20`
    pub basis: String,
}

/// A number of points with its band.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorthRow {
    /// Points: the median over seeds.
    pub median: f64,
    pub p5: f64,
    pub p95: f64,
    /// The median in words: `+12.3`
    pub points: String,
    /// `+9.1 to +15`; none if it was measured on one seed.
    pub band: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct DecisionRow {
    pub time: String,
    pub minute: u32,
    pub name: String,
    pub target: String,
    pub cost_usd: f64,
    /// `took effect Fri 05:10`, `cancelled`, `came too late`
    pub outcome: String,
    /// 0..=100
    pub confidence_pct: Option<u8>,
    /// The reason that the player gave.
    pub reason: Option<String>,
    /// None until it is measured.
    pub worth: Option<WorthRow>,
    /// Sentences on the other times of the order and on what it changed.
    pub details: Vec<String>,
}

/// An order that was open to the seat and was not given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissedRow {
    pub time: String,
    pub minute: u32,
    pub name: String,
    pub target: String,
    pub gain: WorthRow,
    /// `the message “Call people in?” asked for it from Fri 19 Jul 05:20`
    pub known: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ObjectiveRow {
    pub name: String,
    pub weight_pct: f64,
    pub yours: String,
    pub do_nothing: String,
    pub reference: String,
    pub par: String,
    pub points: Option<f64>,
    /// `100 × (3 h − 2 h) ÷ (3 h − 1 h) = 50 points × 40 % = 20 of the score`
    pub arithmetic: String,
}

/// The scores of the same decisions on other seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LuckView {
    pub words: String,
    /// By seed; the first is that of the run.
    pub scores: Vec<f64>,
    pub p5: f64,
    pub median: f64,
    pub p95: f64,
}

/// Two tries side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TriesView {
    /// The result in a sentence.
    pub verdict: String,
    pub earlier_score: f64,
    pub score: f64,
    /// The time at which the second try began.
    pub from: String,
    pub objectives: Vec<TriedObjective>,
    /// Decisions that differ, in the order of time.
    pub decisions: Vec<TriedDecision>,
    /// Number of decisions that both tries have at the same minute.
    pub same: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TriedObjective {
    pub name: String,
    pub earlier: String,
    pub now: String,
    /// Points of this try less points of the earlier one, in words: `+12`
    pub gain: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TriedDecision {
    pub name: String,
    pub target: String,
    /// Time of the order in the earlier try; none if it was not given.
    pub earlier: Option<String>,
    pub now: Option<String>,
}

/// Where the time went, service by service, the one that was longest below its target level first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TimeView {
    /// The causes that occur, in the order in which charts stack them.
    pub causes: Vec<CauseView>,
    /// The last minute of the strips.
    pub until_min: u32,
    pub services: Vec<ServiceTimeView>,
}

/// A cause that holds services back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseView {
    /// `waiting for hands`
    pub name: String,
    /// Position in `base::palette::CAUSES`.
    pub color: usize,
}

/// The time of one service below its target level.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ServiceTimeView {
    pub name: String,
    /// What held it back most, and how that differs from the other runs.
    pub sentence: String,
    /// You, history, par.
    pub runs: Vec<RunTimeView>,
    /// By cause of `TimeView::causes`: minutes in each run, in words; causes without a minute are left out.
    pub rows: Vec<TimeRow>,
    /// The ways to the roots in your run, the longest first.
    pub ways: Vec<WayView>,
    /// The way of every minute in your run, in the order of time.
    pub stretches: Vec<StretchView>,
}

/// One run of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunTimeView {
    /// `You`, `History`, `Par`
    pub name: &'static str,
    /// Minutes below target, in words.
    pub below: String,
    /// The strip in columns of equal length: by cause of `TimeView::causes`, the share of the column's minutes that it
    /// held the service below target.
    pub columns: Vec<Vec<f32>>,
}

/// Minutes of a cause, or a sum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeRow {
    pub name: String,
    /// Position in `TimeView::causes`; none for a sum.
    pub cause: Option<usize>,
    /// You, history, par.
    pub cells: [String; 3],
    /// Minutes in your run.
    pub minutes: u64,
}

/// A way to the root with its minutes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WayView {
    /// `Flights ← Crew tracking ← waiting for hands`
    pub words: String,
    /// `2 d 3 h`
    pub minutes: String,
    /// `62 %`
    pub share: String,
    /// Position of the root in `TimeView::causes`.
    pub cause: usize,
}

/// A period with one way to the root.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StretchView {
    pub from_min: u32,
    pub until_min: u32,
    pub words: String,
}

/// A question for a discussion, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionRow {
    pub question: String,
    pub evidence: String,
}

/// Sentences and a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SectionView {
    pub sentences: Vec<String>,
    /// Headings of the columns; numbers stand in all columns but the first.
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Confidence in orders beside what came of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ConfidenceView {
    /// `You were 80 % sure on average, and 55 % of your 20 orders helped: …`
    pub words: String,
    /// The Brier score with its parts; none without a stated confidence.
    pub score: Option<String>,
    /// The picture of reliability, by confidence; empty with too few orders.
    pub levels: Vec<ConfidenceLevel>,
}

/// A stated confidence beside the share of its orders that helped. Shares and bounds are 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConfidenceLevel {
    pub sure_pct: u8,
    pub count: usize,
    pub helped: usize,
    /// The rising curve.
    pub share: f64,
    /// The band in which the curve of a person lies whose orders help as often as stated, in nine cases of ten.
    pub low: f64,
    pub high: f64,
}
