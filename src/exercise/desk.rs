//! The desk: which screen is up and the run behind it. Turns actions into commands and time into
//! ticks, and builds the view of each screen (`desk/*`).
//!
//! Knows sessions and views; no egui, no Bevy: a test can play a whole exercise here without either.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::action::Action;
use super::prepare::Preparing;
use super::view::{BriefingView, TargetKey, View};
use super::views::{cards, debrief, room, sources};
use crate::base::Tick;
use crate::files;
use crate::scenario::compile::{Scenario, Target, When};
use crate::session::policy::Voices;
use crate::session::runfile::RunFile;
use crate::session::twins::{PendingTwins, REFERENCE, Twins};
use crate::session::{LogEntry, Pace, Run, Setup};
use crate::sim::world::{Moment, Order};
use crate::sim::{Command, Issuer};

/// A jump goes no further than this without a known event.
const JUMP_MAX_MIN: u32 = 1440;

/// What the desk starts from.
#[derive(Debug, Default)]
pub struct DeskOptions {
    pub seed: u64,
    /// Folder for run files.
    pub out: PathBuf,
    /// Goes straight to the briefing of a seat (scenario index, seat id) where given.
    pub seat: Option<(usize, String)>,
    /// Something that went wrong before, shown on the start screen.
    pub notice: Option<String>,
}

/// The exercise under way or just ended.
pub(super) struct Exercise {
    pub(super) run: Run,
    pub(super) seat: u32,
    pub(super) pace: Pace,
    /// The tick to simulate towards: ahead of the world while it catches up.
    pub(super) goal: Tick,
    /// A jump under way: stops at the first moment that concerns the seat.
    pub(super) is_jumping: bool,
    /// The trainee ended the exercise: the rest of the run is played without stops.
    pub(super) is_ending: bool,
    pub(super) pending: Option<PendingTwins>,
    pub(super) twins: Option<Twins>,
    pub(super) read: BTreeSet<u32>,
    pub(super) selected: Option<u32>,
    /// Where the run was saved, or why not.
    pub(super) saved: Option<Result<String, String>>,
    pub(super) debrief: Option<Box<super::view::DebriefView>>,
}

enum Stage {
    Start,
    Seats { scenario: usize },
    Briefing { scenario: usize, seat: u32 },
    Room,
    Debrief,
}

/// All screens and the run behind them.
pub struct Desk {
    scenarios: Vec<Arc<Scenario>>,
    options: DeskOptions,
    stage: Stage,
    /// Scenario and seat of the exercise, kept for another try.
    chosen: (usize, u32),
    exercise: Option<Exercise>,
    /// What is bought at the briefing, for a seat that has a budget.
    preparing: Option<Preparing>,
    /// The room's view, rebuilt when something changed.
    room: Option<(RoomStamp, Box<super::view::RoomView>)>,
    /// The scenario whose figures lie over the screen; the exercise behind it waits.
    sources: Option<(usize, Arc<super::view::SourcesView>)>,
}

/// What the room's view depends on; equal stamps give equal views.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RoomStamp {
    tick: Tick,
    orders: usize,
    read: usize,
    selected: Option<u32>,
    wall_s: u64,
    speed: u32,
    is_paused: bool,
    is_slowed: bool,
    has_twins: bool,
    settled: usize,
}

impl Desk {
    /// The desk at the start screen, or at a briefing.
    pub fn new(scenarios: Vec<Arc<Scenario>>, options: DeskOptions) -> Self {
        let stage = match &options.seat {
            Some((scenario, id)) => scenarios
                .get(*scenario)
                .and_then(|of| of.seat_index(id))
                .map_or(Stage::Start, |seat| Stage::Briefing { scenario: *scenario, seat: seat as u32 }),
            None => Stage::Start,
        };
        let mut desk = Self {
            scenarios,
            options,
            stage,
            chosen: (0, 0),
            exercise: None,
            preparing: None,
            room: None,
            sources: None,
        };
        desk.prepare();
        desk
    }

    /// The screen as data.
    pub fn view(&mut self) -> View {
        if let Some((_, view)) = &self.sources {
            return View::Sources(view.clone());
        }
        match self.stage {
            Stage::Start => View::Start(cards::start(&self.scenarios, self.options.notice.clone())),
            Stage::Seats { scenario } => View::Seats(cards::seats(&self.scenarios[scenario])),
            Stage::Briefing { scenario, seat } => {
                let briefing = cards::briefing(&self.scenarios[scenario], seat);
                let preparation = self.preparing.as_ref().map(Preparing::view);
                View::Briefing(Box::new(BriefingView { preparation, ..briefing }))
            }
            Stage::Room => self.room_view(),
            Stage::Debrief => self.debrief_view(),
        }
    }

    fn room_view(&mut self) -> View {
        let Some(exercise) = &self.exercise else {
            return View::Start(cards::start(&self.scenarios, self.options.notice.clone()));
        };
        let stamp = exercise.stamp();
        if self.room.as_ref().is_none_or(|(of, _)| *of != stamp) {
            self.room = Some((stamp, Box::new(room::view(exercise))));
        }
        let (_, view) = self.room.as_ref().expect("the room's view was just built");
        View::Room(view.clone())
    }

    fn debrief_view(&mut self) -> View {
        let Some(exercise) = &mut self.exercise else {
            return View::Start(cards::start(&self.scenarios, self.options.notice.clone()));
        };
        if exercise.debrief.is_none() {
            exercise.debrief = Some(Box::new(debrief::view(exercise)));
        }
        View::Debrief(exercise.debrief.clone().expect("the debrief's view was just built"))
    }

    /// Carries out one action of a panel; false to close the window.
    pub fn apply(&mut self, action: Action) -> bool {
        match action {
            Action::Quit => return false,
            Action::ChooseScenario(card) if card < self.scenarios.len() => self.stage = Stage::Seats { scenario: card },
            Action::ChooseSeat(card) => self.choose_seat(card),
            Action::Begin => self.begin(),
            Action::Prepare { mitigation, target } => {
                if let Some(preparing) = &mut self.preparing {
                    preparing.toggle(mitigation, target_of(target));
                }
            }
            Action::OpenSources(card) => self.open_sources(card),
            Action::Back => self.back(),
            Action::Leave => {
                self.exercise = None;
                self.stage = Stage::Start;
            }
            Action::TryAgain => {
                let (scenario, seat) = self.chosen;
                self.exercise = None;
                self.stage = Stage::Briefing { scenario, seat };
                self.prepare();
            }
            Action::EndExercise => self.end_exercise(),
            Action::SaveRun => self.save(),
            other => {
                if let Some(exercise) = &mut self.exercise {
                    exercise.apply(other);
                }
            }
        }
        true
    }

    fn choose_seat(&mut self, card: usize) {
        if let Stage::Seats { scenario } = self.stage
            && card < self.scenarios[scenario].seats.len()
        {
            self.stage = Stage::Briefing { scenario, seat: card as u32 };
            self.prepare();
        }
    }

    /// Opens the purse of the seat at the briefing.
    fn prepare(&mut self) {
        self.preparing = match self.stage {
            Stage::Briefing { scenario, seat } => Preparing::new(&self.scenarios[scenario], self.options.seed, seat),
            _ => None,
        };
    }

    fn open_sources(&mut self, card: Option<usize>) {
        let on_desk = match self.stage {
            Stage::Start => None,
            Stage::Seats { scenario } | Stage::Briefing { scenario, .. } => Some(scenario),
            Stage::Room | Stage::Debrief => Some(self.chosen.0),
        };
        let Some(index) = on_desk.or(card).filter(|index| *index < self.scenarios.len()) else { return };
        self.sources = Some((index, Arc::new(sources::view(&self.scenarios[index]))));
    }

    fn back(&mut self) {
        if self.sources.take().is_some() {
            return;
        }
        self.stage = match self.stage {
            Stage::Briefing { scenario, .. } => Stage::Seats { scenario },
            _ => Stage::Start,
        };
    }

    fn begin(&mut self) {
        let Stage::Briefing { scenario, seat } = self.stage else { return };
        self.chosen = (scenario, seat);
        let mut exercise = Exercise::new(self.scenarios[scenario].clone(), self.options.seed, seat);
        if let Some(preparing) = self.preparing.take() {
            preparing.order_for(&mut exercise.run);
        }
        self.exercise = Some(exercise);
        self.room = None;
        self.stage = Stage::Room;
    }

    /// Plays the rest of the run; `advance` turns to the debrief when it is there.
    fn end_exercise(&mut self) {
        if let Some(exercise) = &mut self.exercise {
            exercise.goal = exercise.run.setup.scenario.horizon;
            exercise.is_jumping = false;
            exercise.is_ending = true;
        }
    }

    fn save(&mut self) {
        let Some(exercise) = &mut self.exercise else { return };
        exercise.saved = Some(exercise.save(&self.options.out));
        exercise.debrief = None;
    }

    /// Lets wall time pass and simulates for at most a budget.
    pub fn advance(&mut self, wall: Duration, budget: Duration) {
        let Some(exercise) = &mut self.exercise else { return };
        exercise.poll_twins();
        if self.sources.is_some() {
            return;
        }
        if matches!(self.stage, Stage::Room) {
            exercise.advance(wall, budget);
        }
        if exercise.run.world.is_over() {
            self.stage = Stage::Debrief;
            // The run file carries the score, so it waits for the twins.
            if exercise.saved.is_none() && exercise.pending.is_none() {
                self.save();
            }
        }
    }

    /// Does the picture change by itself?
    pub fn wants_continuous(&self) -> bool {
        self.sources.is_none()
            && self.exercise.as_ref().is_some_and(|exercise| {
                let is_playing = matches!(self.stage, Stage::Room) && !exercise.pace.is_paused();
                is_playing || exercise.run.world.tick < exercise.goal || exercise.pending.is_some()
            })
    }
}

impl Exercise {
    fn new(scenario: Arc<Scenario>, seed: u64, seat: u32) -> Self {
        let setup = setup(scenario, seed, seat);
        Self {
            pending: Some(Twins::start(&setup)),
            run: Run::new(setup),
            seat,
            pace: Pace::default(),
            goal: Tick::ZERO,
            is_jumping: false,
            is_ending: false,
            twins: None,
            read: BTreeSet::new(),
            selected: None,
            saved: None,
            debrief: None,
        }
    }

    fn stamp(&self) -> RoomStamp {
        RoomStamp {
            tick: self.run.world.tick,
            orders: self.run.log.len(),
            settled: self
                .run
                .world
                .orders
                .iter()
                .filter(|order| order.state != crate::sim::OrderState::Pending)
                .count(),
            read: self.read.len(),
            selected: self.selected,
            wall_s: self.pace.played().as_secs(),
            speed: self.pace.speed(),
            is_paused: self.pace.is_paused(),
            is_slowed: self.pace.is_slowed(),
            has_twins: self.twins.is_some(),
        }
    }

    /// Orders of the seat with their log entries and numbers, oldest first; others act unseen.
    pub(super) fn seat_orders(&self) -> impl DoubleEndedIterator<Item = (&LogEntry, u32, &Order)> {
        // The n-th order of the log is the n-th of the world.
        let logged: Vec<&LogEntry> =
            self.run.log.iter().filter(|entry| matches!(entry.command, Command::Order { .. })).collect();
        let orders = logged.into_iter().zip(&self.run.world.orders).enumerate();
        let seat = Issuer::Seat(self.seat);
        orders.map(|(index, (entry, order))| (entry, index as u32, order)).filter(move |(_, _, order)| order.by == seat)
    }

    /// The score against the twins, once they are there.
    pub(super) fn score(&self) -> Option<crate::assess::score::Score> {
        let twins = self.twins.as_ref()?;
        Some(crate::assess::score::Score::of(&self.run.world, self.seat, twins))
    }

    /// Writes the run under a free name; says where, or why not.
    fn save(&self, folder: &Path) -> Result<String, String> {
        let scenario = &self.run.setup.scenario;
        let judgement = self.score().map(|score| score.judgement(&self.run.world, self.seat)).unwrap_or_default();
        let text = RunFile::of(&self.run, judgement).to_text();
        let seat = &scenario.docs.seats[self.seat as usize].id;
        let stem = format!("{}-{seat}-{}", scenario.docs.manifest.id, self.run.setup.seed);
        let written = files::write_numbered(folder, &stem, "run", text.as_bytes());
        written.map(|path| path.display().to_string()).map_err(|error| error.to_string())
    }

    fn poll_twins(&mut self) {
        let Some(pending) = &self.pending else { return };
        match pending.poll() {
            Ok(None) => {}
            Ok(Some(twins)) => {
                self.twins = Some(twins);
                self.pending = None;
                self.debrief = None;
            }
            Err(_) => {
                self.pending = None;
                self.debrief = None;
            }
        }
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::TogglePause => self.pace.set_paused(!self.pace.is_paused()),
            Action::SetSpeed(speed) => self.pace.set_speed(speed),
            // The way to the end is not left again.
            Action::Step | Action::JumpToNextEvent if self.is_ending => {}
            Action::Step => {
                self.pace.set_paused(true);
                self.goal = self.run.world.tick.plus(1);
            }
            Action::JumpToNextEvent => {
                self.is_jumping = true;
                self.goal = self.jump_goal();
            }
            Action::Order { mitigation, target, confidence_pct } => {
                let command = Command::Order { by: Issuer::Seat(self.seat), mitigation, target: target_of(target) };
                // The drawer showed the reason before; a refusal here means the world moved on meanwhile.
                let _ = self.run.order(command, confidence_pct);
            }
            Action::CancelOrder(order) => {
                let _ = self.run.order(Command::Cancel { by: Issuer::Seat(self.seat), order }, None);
            }
            Action::SelectOrganisation(organisation) => self.selected = organisation,
            Action::MarkRead(inject) => {
                self.read.insert(inject);
            }
            _ => {}
        }
    }

    /// Where a jump leads at most: the next moment of the script whose time is known, or a day on.
    fn jump_goal(&self) -> Tick {
        let world = &self.run.world;
        let known = self.next_known_event().map(|tick| tick.plus(1));
        known.unwrap_or(world.tick.plus(JUMP_MAX_MIN)).min(world.scenario.horizon)
    }

    /// The next key moment whose time is known beforehand. Others are not the trainee's to see.
    pub(super) fn next_known_event(&self) -> Option<Tick> {
        let world = &self.run.world;
        let scenario = &world.scenario;
        let to_come = scenario
            .events
            .iter()
            .enumerate()
            .filter(|(index, _)| world.events_fired[*index].is_none() && scenario.docs.events[*index].key_moment);
        let times = to_come.filter_map(|(_, event)| match event.when {
            When::At(tick) => Some(tick),
            _ => None,
        });
        times.min()
    }

    fn advance(&mut self, wall: Duration, budget: Duration) {
        let due = self.pace.due_ticks(wall);
        let here = self.run.world.tick;
        if self.goal < here {
            self.goal = here;
        }
        let is_ending = self.is_ending;
        if !self.is_jumping && !is_ending && 0 < due {
            // A machine too slow for the speed falls behind it; it does not pile up a debt.
            self.goal = Tick(self.goal.0.max(here.0).min(here.0 + due)).plus(due).min(here.plus(2 * due));
        }
        let goal = self.goal.min(self.run.setup.scenario.horizon);
        let (seat, scenario) = (self.seat, self.run.setup.scenario.clone());
        let (mut is_urgent, mut has_stopped) = (false, false);
        let is_jumping = self.is_jumping;
        self.run.advance_within(goal, budget, |moment| match moment {
            Moment::Inject(inject) if concerns(&scenario, inject, seat) => {
                is_urgent |= scenario.docs.injects[inject as usize].urgent;
                has_stopped |= is_jumping;
                (is_jumping || is_urgent) && !is_ending
            }
            Moment::Event(event) => {
                let is_shown = scenario.docs.events[event as usize].key_moment;
                has_stopped |= is_jumping && is_shown;
                is_jumping && is_shown
            }
            Moment::Inject(_) => false,
        });
        if is_ending {
            return;
        }
        let has_arrived = goal <= self.run.world.tick || has_stopped;
        if self.is_jumping && has_arrived {
            self.is_jumping = false;
            self.pace.set_paused(true);
            self.goal = self.run.world.tick;
        } else if is_urgent {
            self.pace.slow();
            self.goal = self.run.world.tick;
        }
    }
}

/// A person in the seat, and what was really done everywhere else.
pub(super) fn setup(scenario: Arc<Scenario>, seed: u64, seat: u32) -> Setup {
    let others = scenario.playbook_index(REFERENCE).map(|index| index as u32);
    Setup { scenario, seed, voices: Voices { seat: Some(seat), own: None, others } }
}

/// Does an inject reach the seat?
pub(super) fn concerns(scenario: &Scenario, inject: u32, seat: u32) -> bool {
    let to = &scenario.docs.injects[inject as usize].to;
    to.is_empty() || to.contains(&scenario.docs.seats[seat as usize].id)
}

pub(super) fn target_of(key: TargetKey) -> Target {
    match key {
        TargetKey::World => Target::World,
        TargetKey::Organisation(index) => Target::Organisation(index),
        TargetKey::Fleet(index) => Target::Fleet(index),
        TargetKey::Service(index) => Target::Service(index),
    }
}

pub(super) fn key_of(target: Target) -> TargetKey {
    match target {
        Target::World => TargetKey::World,
        Target::Organisation(index) => TargetKey::Organisation(index),
        Target::Fleet(index) => TargetKey::Fleet(index),
        Target::Service(index) => TargetKey::Service(index),
    }
}
