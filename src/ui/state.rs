//! The panels' memory between frames: the open card, the map's camera, text being typed.
//!
//! Nothing here is part of a run: losing it loses no decision.

use std::sync::Arc;

use super::projection::MapCamera;
use crate::base::Ix;
use crate::exercise::view::{NoteTag, TargetKey};
use crate::scenario::compile::{Inject, Mitigation, Organisation, Service};
use crate::scenario::schema::Group;

#[derive(Clone, Debug, Default)]
pub struct UiState {
    pub is_help_open: bool,
    pub confirm: Option<Confirm>,
    /// True from the begin of an exercise to its end; closing the window then asks first.
    pub is_run_under_way: bool,
    pub order: Option<OrderDialog>,
    /// The note that is being written.
    pub note: Option<NoteDialog>,
    /// The offer to end a settled exercise was declined.
    pub is_settled_dismissed: bool,
    /// The content of the right side.
    pub tab: Tab,
    /// The active panel: it gets the arrow keys and Enter.
    pub pane: Pane,
    pub board: BoardState,
    pub inbox: InboxState,
    pub drawer: DrawerState,
    pub map: MapState,
    pub timeline: TimelineState,
    pub debrief: DebriefState,
    /// The seed being typed at the briefing.
    pub seed: SeedState,
    /// The size of the text that the person chose.
    pub text_scale: TextScale,
    /// The screen that was drawn last.
    pub screen: Option<Screen>,
    pub sources: SourcesState,
}

impl UiState {
    /// Clears everything that belonged to the run, so that the next one begins with all cards closed.
    pub fn leave_exercise(&mut self) {
        *self = UiState {
            is_help_open: self.is_help_open,
            debrief: std::mem::take(&mut self.debrief),
            text_scale: self.text_scale,
            screen: self.screen,
            ..UiState::default()
        };
    }
}

/// The kinds of screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Start,
    Seats,
    Briefing,
    Opening,
    Exercise,
    Debrief,
    Sources,
    Wall,
}

/// The size of the text in tenths of the usual size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextScale(u8);

impl Default for TextScale {
    fn default() -> Self {
        Self(10)
    }
}

impl TextScale {
    /// The nearest possible size.
    pub fn from_percent(percent: u32) -> Self {
        Self(((percent.min(1_000) + 5) / 10).clamp(7, 25) as u8)
    }

    pub fn percent(self) -> u32 {
        u32::from(self.0) * 10
    }

    pub fn larger(self) -> Self {
        Self((self.0 + 1).min(25))
    }

    pub fn smaller(self) -> Self {
        Self((self.0 - 1).max(7))
    }

    pub fn factor(self) -> f32 {
        f32::from(self.0) / 10.0
    }
}

/// The open leaf of the debrief and what is chosen on it.
#[derive(Clone, Debug, Default)]
pub struct DebriefState {
    /// Log digest of the run on show; another run begins at the first leaf.
    pub run: String,
    pub leaf: Leaf,
    /// The curve that is in front.
    pub curve: usize,
    /// The service whose time is on show.
    pub service: usize,
    /// The minute under the pointer on its strips.
    pub hovered: Option<u32>,
    /// The chosen minute, from which another try can begin.
    pub minute: Option<u32>,
    /// Index of the mark whose name is shown.
    pub mark: Option<usize>,
    /// The row that is open.
    pub open: Option<OpenRow>,
    pub order: DecisionOrder,
    /// True if something was chosen that must be scrolled into view.
    pub scrolls_to_chosen: bool,
}

/// A leaf of the debrief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    #[default]
    Result,
    Time,
    Decisions,
    Known,
    Score,
    Tries,
    Discuss,
}

/// A row of the debrief, by position in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenRow {
    Decision(usize),
    Missed(usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecisionOrder {
    #[default]
    ByTime,
    ByWorth,
}

/// Filters and selections of the page of sources.
#[derive(Clone, Debug, Default)]
pub struct SourcesState {
    /// Words that the figures must contain.
    pub find: String,
    /// Standings that are hidden: documented, estimated, invented.
    pub hides: [bool; 3],
    /// The fact that the figures must cite.
    pub fact: Option<usize>,
    /// The figure that is open at the side; arrows change it.
    pub figure: Option<usize>,
    /// True if the open figure has changed and its row must be scrolled into view.
    pub scrolls_to_figure: bool,
    /// True if the find field gets the keyboard in the next pass.
    pub wants_find: bool,
    /// Rows that fit the table, for the keys that move by a page.
    pub page_rows: usize,
    /// The result of the last query.
    pub found: Option<(SourcesQuery, Arc<FoundFigures>)>,
}

/// The query: words, hidden standings, fact, and the number of all figures.
pub type SourcesQuery = (String, [bool; 3], Option<usize>, usize);

/// Figures that match a query, as the list shows them. They are kept between frames, because they may be very many.
#[derive(Clone, Debug, Default)]
pub struct FoundFigures {
    pub figures: Vec<usize>,
    pub lines: Vec<SourcesLine>,
    /// Documented, estimated, invented.
    pub counts: [usize; 3],
}

/// A line of the list of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourcesLine {
    /// The heading with the owner of this figure and of those that follow, and their number.
    Owner {
        figure: usize,
        figures: usize,
    },
    Figure(usize),
}

/// The field of the seed at the briefing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeedState {
    pub text: String,
    /// The seed in force when the text was set.
    pub seed: Option<u64>,
    /// The seed that was requested since.
    pub asked: Option<u64>,
}

/// A question before a step that cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    EndExercise,
    /// The desktop asks to close the window while a run is under way.
    CloseWindow,
}

/// The order card over the exercise screen.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderDialog {
    pub mitigation: Ix<Mitigation>,
    pub target: Option<TargetKey>,
    /// 0..=100; none until the trainee states it.
    pub confidence_pct: Option<u8>,
    /// The reason for the order; may be empty.
    pub reason: String,
}

/// A note that is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoteDialog {
    pub tag: NoteTag,
    /// The objective, by position.
    pub objective: Option<usize>,
    pub text: String,
    /// True once a digit has chosen the tag or a letter was written; digits are text from then on.
    pub is_tagged: bool,
    /// True once the field has had the keyboard.
    pub is_begun: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Inbox,
    Mitigations,
    /// The service board, in a narrow window only.
    Services,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Map,
    Board,
    Inbox,
    Mitigations,
}

#[derive(Clone, Debug, Default)]
pub struct BoardState {
    pub filter: BoardFilter,
    /// Text that the rows must contain.
    pub find: String,
    /// Service under the keyboard's cursor.
    pub cursor: Option<Ix<Service>>,
    /// True if the cursor has moved and its row must be scrolled into view.
    pub scrolls_to_cursor: bool,
    /// True if the find field gets the keyboard in the next pass.
    pub wants_find: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardFilter {
    #[default]
    All,
    Disrupted,
}

#[derive(Clone, Debug, Default)]
pub struct InboxState {
    pub expanded: Option<Ix<Inject>>,
    /// A message to open at the next pass.
    pub wanted: Option<Ix<Inject>>,
    pub cursor: Option<Ix<Inject>>,
    pub scrolls_to_cursor: bool,
}

#[derive(Clone, Debug, Default)]
pub struct DrawerState {
    pub cursor: Option<Ix<Mitigation>>,
    pub scrolls_to_cursor: bool,
    /// Groups folded away, by [`group_index`].
    pub folded: [bool; 5],
    /// Words that a mitigation must have in its name or summary to be listed.
    pub find: String,
}

#[derive(Clone, Debug, Default)]
pub struct MapState {
    pub camera: MapCamera,
    /// True once the camera was moved by hand; before that it shows [`MapState::home`], fitted to the window.
    pub is_moved: bool,
    pub home: MapHome,
    /// An organisation that the next pass moves into view.
    pub shows: Option<Ix<Organisation>>,
    /// Steps that the keyboard requested: right, down, and powers of zoom.
    pub nudge: [f32; 3],
}

impl MapState {
    pub fn go_home(&mut self, home: MapHome) {
        self.home = home;
        self.is_moved = false;
    }
}

/// The part of the world on the map until the map is moved by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapHome {
    /// The seat's own organisations.
    #[default]
    Yours,
    /// The inhabited world.
    World,
}

#[derive(Clone, Debug, Default)]
pub struct TimelineState {
    pub zoom: TimelineZoom,
    /// Index of the curve in front; if none, all look alike.
    pub curve: Option<usize>,
    /// Index of the mark whose name is shown.
    pub mark: Option<usize>,
    /// The pinned minute, whose values stay visible.
    pub reading: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimelineZoom {
    /// The time from the start to a little beyond now, at least a day.
    #[default]
    SoFar,
    /// The whole scenario.
    All,
    /// Two days around now.
    Days,
    /// Eight hours around now.
    Hours,
}

/// Groups of mitigations in the order of the drawer, with their headings.
pub const GROUPS: [(Group, &str); 5] = [
    (Group::Rollout, "How does it stop?"),
    (Group::Repair, "What is repaired first, and how?"),
    (Group::People, "Who repairs?"),
    (Group::Continuity, "What do people get meanwhile?"),
    (Group::Communication, "What do we say?"),
];

/// Position of a group in [`GROUPS`].
pub fn group_index(group: Group) -> usize {
    match group {
        Group::Rollout => 0,
        Group::Repair => 1,
        Group::People => 2,
        Group::Continuity => 3,
        Group::Communication => 4,
    }
}
