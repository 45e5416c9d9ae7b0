//! L5: an exercise without any screen: a window, a browser, a facilitator or a program can take part in it.
//!
//! [`Exercise`] owns the run, its comparison runs, its clock and its chairs; it takes [`action`]s from chairs and hands
//! out [`view`]s as plain data. [`desk`] adds the screens around one exercise with one chair, as a window needs them.
//!
//! Must not know egui, Bevy or any network library: windows and servers draw views and send actions.

pub mod action;
mod answers;
pub mod chair;
mod clock;
mod comparisons;
pub mod desk;
mod ended;
pub mod hosted;
mod opening;
mod prepare;
mod reporting;
mod runs;
mod saving;
mod stops;
mod tries;
pub mod view;
mod views;
mod weighing;
mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::base::characters::{Lines, name, unfit};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Scenario, Seat};
use crate::scenario::schema::REFERENCE;
use crate::session::conduct::{ConductRefusal, PersonId};
use crate::session::log::{TEXT_MAX_CHARS, messages_read};
use crate::session::runfile::{Judgement, Standing};
use crate::session::{Cast, Note, Player, Remarks, Run, Setup, Timeline};
use crate::sim::world::Moment;
use crate::sim::{self, Command, Issuer};
use action::{ChairAction, ClockAction, FacilitatorAction, OrderAction, PersonalAction};
use chair::{Chair, ChairId, Role};
use clock::Mode;
use comparisons::Comparisons;
use saving::Saving;
use stops::{Stop, Watch};
use tries::EarlierTry;
use view::{DebriefView, ExerciseView};
use weighing::Weighing;

pub use clock::Clock;
pub use reporting::Reporter;

/// Largest run file that is read.
pub const RUN_FILE_BYTES_MAX: u64 = crate::session::runfile::BYTES_MAX;

/// Longest jump if no later event is known.
const JUMP_MAX_MIN: u32 = 1440;

/// The chairs that may move the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockControl {
    /// Every seat: an exercise of one person, or of a small team.
    #[default]
    Seats,
    /// The facilitator alone.
    Facilitator,
}

/// The reason why an action of a chair is not carried out, short enough for a tooltip.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("there is no such chair (number {0})")]
    UnknownChair(u32),
    #[error("only the facilitator may move the clock")]
    ClockOfFacilitator,
    #[error("observers cannot change anything")]
    ObserverOnly,
    #[error("only seats give orders; enter this one for a seat")]
    NoSeat,
    #[error("only the facilitator may do this")]
    NotFacilitator,
    #[error("the exercise has ended")]
    Ended,
    #[error("the text has {0} characters; at most {TEXT_MAX_CHARS} are possible")]
    TooLong(usize),
    #[error("the text contains {0}, which is not allowed")]
    Unfit(String),
    #[error("a confidence is a number from 0 to 100 %; this one is {0} %")]
    Confidence(u8),
    #[error("a jump leads forward, and this time has passed")]
    JumpBack,
    #[error("this exercise has no people")]
    NotHosted,
    #[error(transparent)]
    Conduct(#[from] ConductRefusal),
    #[error(transparent)]
    World(#[from] sim::Refusal),
}

/// The person of a facilitated exercise behind an order, and the proposal that was ordered.
#[derive(Clone, Copy, Debug, Default)]
struct GivenBy {
    person: Option<PersonId>,
    proposal: Option<u32>,
}

/// An exercise that is running or has just ended.
pub struct Exercise {
    timeline: Timeline,
    clock: Clock,
    control: ClockControl,
    chairs: Vec<Chair>,
    comparisons: Comparisons,
    saving: Saving,
    /// The reason why the clock last stopped or slowed by itself, until somebody moves it.
    stop: Option<Stop>,
    /// Grows whenever a view may have changed.
    revision: u64,
    /// Views of a facilitated exercise.
    shared: hosted::SharedViews,
    debrief: Option<(u64, ChairId, Arc<DebriefView>)>,
    /// The worth of decisions, from the debrief on.
    weighing: Option<Weighing>,
    /// The run before, if this one is a second try.
    earlier: Option<Arc<EarlierTry>>,
    /// Makes reports; none if nobody handed it in.
    reporter: Option<Reporter>,
    /// The report that was written last, or the reason why it was not.
    report: Option<Result<PathBuf, String>>,
}

impl Exercise {
    /// An exercise with a new or a continued run and no chair yet.
    fn new(timeline: Timeline, saving: Saving, control: ClockControl) -> Self {
        Self {
            comparisons: Comparisons::start(timeline.run()),
            timeline,
            clock: Clock::default(),
            control,
            chairs: Vec::new(),
            saving,
            stop: None,
            revision: 1,
            shared: hosted::SharedViews::default(),
            debrief: None,
            weighing: None,
            earlier: None,
            reporter: None,
            report: None,
        }
    }

    /// Adds a chair for a role.
    pub fn sit(&mut self, role: Role) -> ChairId {
        let mut chair = Chair::new(role);
        if let Some(seat) = chair.seat() {
            // An exercise that continues, or a second chair of the seat.
            chair.read = messages_read(&self.run().log, seat);
        }
        self.chairs.push(chair);
        ChairId(self.chairs.len() as u32 - 1)
    }

    /// The run as far as it has come.
    pub fn run(&self) -> &Run {
        self.timeline.run()
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn saving(&self) -> &Saving {
        &self.saving
    }

    fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }

    /// The reason why the clock last stopped or slowed by itself; none once somebody has moved it since.
    fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Begins the exercise at a later minute of the scenario: all minutes before it are simulated first.
    fn open_at(&mut self, tick: Tick) {
        self.clock.open(tick.min(self.run().setup.scenario.horizon));
        self.revision += 1;
    }

    /// Seats in play, by index.
    fn seats(&self) -> Vec<Ix<Seat>> {
        self.run().setup.cast.seats().iter().map(|entry| entry.seat).collect()
    }

    /// Has the run reached its horizon?
    pub fn is_over(&self) -> bool {
        self.run().world.is_over()
    }

    /// Grows whenever a view may have changed; equal revisions give equal views.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The exercise as a chair sees it. Equal revisions give the same view, not a copy.
    ///
    /// # Panics
    /// If there is no such chair.
    pub fn view(&mut self, id: ChairId) -> Arc<ExerciseView> {
        let chair = &self.chairs[id.0 as usize];
        if let Some((revision, view)) = &chair.shown
            && *revision == self.revision
        {
            return view.clone();
        }
        let view = Arc::new(views::exercise_screen::view(&views::Source::new(self, chair)));
        self.chairs[id.0 as usize].shown = Some((self.revision, view.clone()));
        view
    }

    /// The debrief of a chair's seat.
    ///
    /// # Panics
    /// If there is no such chair.
    fn debrief(&mut self, id: ChairId) -> Arc<DebriefView> {
        if let Some((revision, chair, view)) = &self.debrief
            && (*revision, *chair) == (self.revision, id)
        {
            return view.clone();
        }
        let chair = &self.chairs[id.0 as usize];
        let view = Arc::new(views::debrief::view(&views::Source::new(self, chair)));
        self.debrief = Some((self.revision, id, view.clone()));
        view
    }

    /// Carries out an action of a chair. A refusal is also kept among the chair's notices, so that it is shown.
    ///
    /// # Errors
    /// The reason why the action is not carried out; it has changed nothing.
    pub fn apply(&mut self, id: ChairId, action: ChairAction) -> Result<(), Refusal> {
        let role = self.chairs.get(id.0 as usize).map(|chair| chair.role).ok_or(Refusal::UnknownChair(id.0))?;
        self.revision += 1;
        let done = match action {
            ChairAction::Clock(action) => self.apply_clock(role, action),
            ChairAction::Order(action) => self.apply_order(role, action),
            ChairAction::Personal(action) => self.apply_personal(id, action),
            ChairAction::Facilitator(action) => self.apply_facilitator(role, action),
        };
        if let Err(refusal) = &done {
            self.chairs[id.0 as usize].notices.push(refusal.to_string());
        }
        done
    }

    fn apply_clock(&mut self, role: Role, action: ClockAction) -> Result<(), Refusal> {
        match (role, self.control) {
            (Role::Observer, _) => return Err(Refusal::ObserverOnly),
            (Role::Seat(_), ClockControl::Facilitator) => return Err(Refusal::ClockOfFacilitator),
            (Role::Seat(_), ClockControl::Seats) | (Role::Facilitator, _) => {}
        }
        let (now, horizon) = (self.run().world.tick(), self.run().setup.scenario.horizon);
        self.stop = None;
        match action {
            ClockAction::TogglePause => self.clock.pace.set_paused(!self.clock.pace.is_paused()),
            ClockAction::SetSpeed(speed) => self.clock.pace.set_speed(speed),
            ClockAction::Step => self.clock.step(now),
            ClockAction::JumpToNextEvent => {
                let until = self.next_known_stop().unwrap_or(now.plus(JUMP_MAX_MIN));
                self.clock.jump(until.min(horizon));
            }
            ClockAction::JumpTo(tick) => {
                let tick = Tick(tick).min(horizon);
                if now < tick && self.clock.mode() != Mode::Ending {
                    self.clock.open(tick);
                }
            }
            ClockAction::EndExercise => self.clock.end(horizon),
        }
        Ok(())
    }

    fn apply_order(&mut self, role: Role, action: OrderAction) -> Result<(), Refusal> {
        match role {
            Role::Seat(seat) => self.give(seat, action, GivenBy::default()),
            Role::Facilitator => Err(Refusal::NoSeat),
            Role::Observer => Err(Refusal::ObserverOnly),
        }
    }

    fn give(&mut self, seat: Ix<Seat>, action: OrderAction, by: GivenBy) -> Result<(), Refusal> {
        if self.clock.mode() == Mode::Ending {
            return Err(Refusal::Ended);
        }
        let GivenBy { person, proposal } = by;
        let by = Issuer::Seat(seat);
        let (command, remarks) = match action {
            OrderAction::Give { mitigation, target, confidence_pct, reason } => {
                if let Some(confidence) = confidence_pct.filter(|&confidence| 100 < confidence) {
                    return Err(Refusal::Confidence(confidence));
                }
                check_text(reason.as_deref().unwrap_or_default())?;
                let read = self.newly_read(seat);
                let remarks = Remarks { confidence_pct, reason: reason.map(Into::into), read, person, proposal };
                (Command::Order { by, mitigation, target: target.into() }, remarks)
            }
            OrderAction::Cancel(order) => {
                (Command::Cancel { by, order }, Remarks { person, proposal, ..Remarks::default() })
            }
        };
        self.timeline.order_with(command, remarks)?;
        self.saving.follow(self.timeline.run());
        Ok(())
    }

    /// Messages that the chairs of a seat have read since its last order; none if nobody sits there.
    fn newly_read(&self, seat: Ix<Seat>) -> Option<Arc<[Ix<Inject>]>> {
        let mut chairs = self.chairs.iter().filter(|chair| chair.seat() == Some(seat)).peekable();
        chairs.peek()?;
        let known = messages_read(&self.run().log, seat);
        let read: BTreeSet<Ix<Inject>> = chairs.flat_map(|chair| chair.read.iter().copied()).collect();
        Some(read.difference(&known).copied().collect())
    }

    fn apply_personal(&mut self, id: ChairId, action: PersonalAction) -> Result<(), Refusal> {
        let tick = self.run().world.tick();
        let chair = &mut self.chairs[id.0 as usize];
        match action {
            PersonalAction::SelectOrganisation(organisation) => chair.selected = organisation,
            PersonalAction::MarkRead(inject) => drop(chair.read.insert(inject)),
            PersonalAction::DismissNotice => {
                if !chair.notices.is_empty() {
                    chair.notices.remove(0);
                }
            }
            PersonalAction::WriteNote { tag, text, objective } => {
                check_text(&text)?;
                let seat = chair.seat();
                let scenario = &self.timeline.run().setup.scenario;
                let has =
                    |objective: &usize| seat.is_some_and(|seat| *objective < scenario.seats[seat].objectives.len());
                let objective = objective.filter(has);
                self.timeline.note(Note { tick, seat, objective, tag, text, person: None });
                self.saving.follow(self.timeline.run());
            }
        }
        Ok(())
    }

    fn apply_facilitator(&mut self, role: Role, action: FacilitatorAction) -> Result<(), Refusal> {
        if role != Role::Facilitator {
            return Err(Refusal::NotFacilitator);
        }
        self.facilitate(action, None)
    }

    fn facilitate(&mut self, action: FacilitatorAction, person: Option<PersonId>) -> Result<(), Refusal> {
        let by = Issuer::Facilitator;
        let command = match action {
            FacilitatorAction::SendInject(inject) => Command::Inject { by, inject },
            FacilitatorAction::Grant { organisation, technicians, hours } => {
                Command::Grant { by, organisation, technicians, hours }
            }
            FacilitatorAction::OrderForSeat { seat, order } => {
                return self.give(seat, order, GivenBy { person, proposal: None });
            }
        };
        self.timeline.order_with(command, Remarks { person, ..Remarks::default() })?;
        self.saving.follow(self.timeline.run());
        Ok(())
    }

    /// Advances by wall time and simulates for at most a budget of it.
    pub fn advance(&mut self, wall: Duration, budget: Duration) {
        let has_news = self.weighing.as_mut().is_some_and(Weighing::poll);
        if self.comparisons.poll(self.timeline.run()) || has_news {
            self.revision += 1;
        }
        let before = (self.run().world.tick(), self.clock.pace.played().as_secs());
        if !self.is_over() {
            self.simulate(wall, budget);
        }
        let Self { timeline, comparisons, saving, .. } = self;
        let run = timeline.run();
        saving.pass_time(wall, run, || Some(standing(run, comparisons)));
        if run.world.is_over() && !comparisons.is_pending() && !saving.is_settled() {
            saving.finish(run, judgements(run, comparisons));
            self.revision += 1;
        }
        if let Some(news) = self.saving.news() {
            self.chairs.iter_mut().for_each(|chair| chair.notices.push(news.clone()));
            self.revision += 1;
        }
        if before != (self.run().world.tick(), self.clock.pace.played().as_secs()) {
            self.revision += 1;
        }
    }

    fn simulate(&mut self, wall: Duration, budget: Duration) {
        let goal = self.clock.goal_after(wall, self.run().world.tick(), self.run().setup.scenario.horizon);
        let stop = match self.clock.mode() {
            Mode::Opening | Mode::Ending => {
                self.timeline.advance_within(goal, budget, |_| false);
                None
            }
            // A facilitator slows the clock when the people in the room need it.
            Mode::Paced if self.control == ClockControl::Facilitator => {
                self.timeline.advance_within(goal, budget, |_| false);
                None
            }
            Mode::Paced => self.play_on(goal, budget),
            Mode::Jumping => self.jump_on(goal, budget),
        };
        let was_jumping = self.clock.mode() == Mode::Jumping;
        if self.clock.arrive(self.run().world.tick(), stop.is_some()) {
            self.stop = stop.or(was_jumping.then_some(Stop::Nothing));
        }
    }

    /// Simulates up to a tick; stops at an urgent message that asks a seat for an order that it can give.
    fn play_on(&mut self, goal: Tick, budget: Duration) -> Option<Stop> {
        let scenario = self.run().setup.scenario.clone();
        let seats = self.seats();
        let mut urgent = Vec::new();
        self.timeline.advance_within(goal, budget, |moment| {
            let Moment::Inject(inject) = moment else { return false };
            let is_urgent = scenario.docs.injects[inject.position()].urgent;
            let is_addressed = is_urgent && seats.iter().any(|&seat| stops::is_addressed(&scenario, inject, seat));
            if is_addressed {
                urgent.push(inject);
            }
            is_addressed
        });
        let world = &self.run().world;
        let asks = |inject: &Ix<Inject>| {
            seats.iter().any(|&seat| stops::reaches(world, *inject, seat) && answers::asks(world, *inject, seat))
        };
        urgent.into_iter().find(asks).map(Stop::Message)
    }

    /// Simulates up to a tick, minute by minute; stops at every moment that concerns a seat in play.
    fn jump_on(&mut self, goal: Tick, budget: Duration) -> Option<Stop> {
        let scenario = self.run().setup.scenario.clone();
        let seats = self.seats();
        let mut watch = Watch::new(&self.run().world, &stops::services_of_seats(&scenario, &seats));
        let from = Instant::now();
        while self.run().world.tick() < goal && from.elapsed() < budget {
            let mut stop = None;
            let next = self.run().world.tick().plus(1);
            self.timeline.advance_within(next, budget, |moment| {
                stop = stop.or(stops::stop_of_moment(&scenario, &seats, moment));
                false
            });
            let world = &self.run().world;
            let is_stop = |stop: &Stop| match *stop {
                Stop::Message(inject) => seats.iter().any(|&seat| self.inject_reaches(inject, seat)),
                _ => true,
            };
            let stop = stop.filter(is_stop).or(watch.turn(world));
            if stop.is_some() {
                return stop;
            }
        }
        None
    }

    /// Saves everything that has happened; called at the end of the program.
    pub fn flush(&mut self) {
        let Self { timeline, saving, .. } = self;
        saving.flush(timeline.run());
    }

    /// Saves the whole run into another folder, under a free name.
    fn save_to(&mut self, folder: &std::path::Path) {
        let Self { timeline, saving, comparisons, .. } = self;
        let run = timeline.run();
        saving.save_to(folder, run, judgements(run, comparisons));
        self.revision += 1;
    }

    /// Does a view change without an action?
    pub fn is_moving(&self) -> bool {
        let now = self.run().world.tick();
        let is_playing = !self.is_over() && (!self.clock.pace.is_paused() || self.clock.is_catching_up(now));
        is_playing || self.comparisons.is_pending()
    }

    /// Does an inject reach a seat?
    fn inject_reaches(&self, inject: Ix<Inject>, seat: Ix<Seat>) -> bool {
        let run = self.run();
        let is_withheld =
            !run.conduct.is_empty() && run.conduct.is_withheld(&run.setup.scenario.docs.injects[inject.position()].id);
        !is_withheld && stops::reaches(&run.world, inject, seat)
    }

    /// The boundary at which a jump stops at the latest, as far as the script tells.
    fn next_known_stop(&self) -> Option<Tick> {
        stops::latest(&self.run().world, &self.seats())
    }
}

impl Drop for Exercise {
    fn drop(&mut self) {
        self.flush();
    }
}

fn check_text(text: &str) -> Result<(), Refusal> {
    let length = text.chars().count();
    if TEXT_MAX_CHARS < length {
        return Err(Refusal::TooLong(length));
    }
    // A run file cannot hold these characters, so a text with them is refused here.
    unfit(text, Lines::Many).map_or(Ok(()), |(_, c)| Err(Refusal::Unfit(name(c))))
}

/// A cast with a person in one seat; every other organisation follows the reference playbook.
fn solo_setup(scenario: Arc<Scenario>, seed: u64, seat: Ix<Seat>) -> Setup {
    let others = scenario.playbook_index(REFERENCE);
    Setup { scenario, seed, cast: Cast::one_seat(seat, Player::Person, others) }
}

/// Judgements of the seats whose comparison runs are finished.
fn judgements(run: &Run, comparisons: &Comparisons) -> Vec<Judgement> {
    let seats = run.setup.cast.seats().iter().map(|entry| entry.seat);
    seats.filter_map(|seat| comparisons.judgement(run, seat)).collect()
}

fn standing(run: &Run, comparisons: &Comparisons) -> Standing {
    let id = |seat: Ix<Seat>| run.setup.scenario.docs.seats[seat.position()].id.clone();
    let seats = run.setup.cast.seats().iter().map(|entry| entry.seat);
    let points = seats.filter_map(|seat| Some((id(seat), comparisons.score_so_far(run, seat)?.points))).collect();
    Standing { tick: run.world.tick().0, points }
}
