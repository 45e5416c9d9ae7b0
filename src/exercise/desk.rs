//! The desk: the current screen, the library of scenarios and runs, and one chair at one exercise.
//!
//! The desk is all that a window needs of the program; a test can play a whole exercise with it and without a window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::action::{Action, ScreenAction};
use super::chair::{ChairId, Role};
use super::opening::{Opening, Purpose};
use super::prepare::Preparing;
use super::saving::Saving;
use super::tries::EarlierTry;
use super::view::{BriefingView, SourcesView, StartView, View};
use super::views::{cards, sources};
use super::{ClockControl, Exercise, Reporter, runs, solo_setup};
use crate::base::words::capital;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::Timeline;
use crate::session::memory::{ADVICE, Need, WORLDS_PLAYED};
use crate::session::run::seed_from_challenge;

/// The options with which the desk starts.
#[derive(Debug, Default)]
pub struct DeskOptions {
    pub seed: u64,
    /// Folder for run files.
    pub out: PathBuf,
    /// The seat (scenario index, seat id) whose briefing comes first; none for the start screen.
    pub seat: Option<(usize, String)>,
    /// A problem found before the start, shown on the start screen.
    pub notice: Option<String>,
    /// Makes reports in the debrief; without it, none are offered.
    pub report: Option<Reporter>,
}

/// Whatever a window shows: a desk, or the wall of an exercise that others play.
pub trait Content {
    /// The screen as data. A screen that has not changed gives the same view, not a copy.
    fn view(&mut self) -> View;

    /// Carries out one action of a panel.
    fn apply(&mut self, action: Action) -> Flow;

    /// Lets wall time pass within a budget of wall time.
    fn advance(&mut self, wall: Duration, budget: Duration);

    /// Does the screen change by itself in every frame?
    fn wants_continuous(&self) -> bool;
}

impl Content for Desk {
    fn view(&mut self) -> View {
        self.view()
    }

    fn apply(&mut self, action: Action) -> Flow {
        self.apply(action)
    }

    fn advance(&mut self, wall: Duration, budget: Duration) {
        self.advance(wall, budget);
    }

    fn wants_continuous(&self) -> bool {
        self.wants_continuous()
    }
}

/// The answer to the question whether the window stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Continue,
    Quit,
}

enum Screen {
    Start,
    Seats { scenario: usize },
    Briefing { scenario: usize, seat: Ix<Seat> },
    Opening(Box<Opening>),
    Exercise,
    Debrief,
}

/// The exercise on the desk and the chair of the window's user.
struct Seated {
    exercise: Exercise,
    chair: ChairId,
    /// Scenario and seat of the exercise, for another try.
    scenario: usize,
    seat: Ix<Seat>,
}

/// All screens and the exercise behind them.
pub struct Desk {
    scenarios: Vec<Arc<Scenario>>,
    options: DeskOptions,
    screen: Screen,
    seated: Option<Seated>,
    /// The preparations chosen at the briefing, for a seat that has a budget.
    preparing: Option<Preparing>,
    /// The view of a screen that does not change by itself, kept until an action changes it.
    still: Option<View>,
    /// The scenario whose page of sources covers the screen; the exercise behind it waits.
    sources: Option<(usize, Arc<SourcesView>)>,
    /// The challenge that gives the seed, if there is one.
    challenge: Option<Arc<str>>,
    /// The run before, for a second try from the briefing.
    earlier: Option<Arc<EarlierTry>>,
    /// The scenario (by index) on the morning of a seed that is not the written one.
    morning: Option<(usize, u64, Arc<Scenario>)>,
}

impl Desk {
    /// The desk at the start screen, or at a briefing.
    pub fn new(scenarios: Vec<Arc<Scenario>>, options: DeskOptions) -> Self {
        let briefing = options.seat.as_ref().and_then(|(scenario, id)| {
            let seat = scenarios.get(*scenario)?.seat_index(id)?;
            Some(Screen::Briefing { scenario: *scenario, seat })
        });
        let mut desk = Self {
            scenarios,
            options,
            screen: briefing.unwrap_or(Screen::Start),
            seated: None,
            preparing: None,
            still: None,
            sources: None,
            challenge: None,
            earlier: None,
            morning: None,
        };
        desk.prepare();
        desk
    }

    /// The screen as data. A screen that has not changed gives the same view, not a copy.
    pub fn view(&mut self) -> View {
        if let Some((_, view)) = &self.sources {
            return View::Sources(view.clone());
        }
        match (&self.screen, &mut self.seated) {
            (Screen::Exercise, Some(seated)) => return View::Exercise(seated.exercise.view(seated.chair)),
            (Screen::Debrief, Some(seated)) => return View::Debrief(seated.exercise.debrief(seated.chair)),
            (Screen::Opening(opening), _) => return View::Opening(Arc::new(opening.view())),
            _ => {}
        }
        if let Some(view) = &self.still {
            return view.clone();
        }
        let view = match self.screen {
            Screen::Seats { scenario } => View::Seats(Arc::new(cards::seats(&self.scenarios[scenario]))),
            Screen::Briefing { scenario, seat } => {
                let briefing = cards::briefing(&self.scenarios[scenario], seat, self.options.seed);
                let preparation = self.preparing.as_ref().map(Preparing::view);
                View::Briefing(Arc::new(BriefingView { preparation, ..briefing }))
            }
            Screen::Start | Screen::Opening(_) | Screen::Exercise | Screen::Debrief => {
                View::Start(Arc::new(self.start()))
            }
        };
        self.still = Some(view.clone());
        view
    }

    fn start(&self) -> StartView {
        let runs = runs::list(&self.options.out, &self.scenarios);
        let unreadable = (!runs.unreadable.is_empty())
            .then(|| format!("These files cannot be read as runs: {}", runs.unreadable.join(", ")));
        cards::start(&self.scenarios, runs, self.options.notice.clone().or(unreadable))
    }

    /// Carries out one action of a panel.
    pub fn apply(&mut self, action: Action) -> Flow {
        match action {
            Action::Chair(action) => {
                if let Some(seated) = &mut self.seated {
                    // A refusal is among the chair's notices, and so on the screen.
                    let _ = seated.exercise.apply(seated.chair, action);
                }
                Flow::Continue
            }
            Action::Screen(ScreenAction::Quit) => {
                if let Some(seated) = &mut self.seated {
                    seated.exercise.flush();
                }
                Flow::Quit
            }
            Action::Screen(action) => {
                self.still = None;
                self.turn_to(action);
                Flow::Continue
            }
        }
    }

    fn turn_to(&mut self, action: ScreenAction) {
        match action {
            ScreenAction::Quit => {}
            ScreenAction::ChooseScenario(id) => {
                if let Some(scenario) = self.scenario_index(&id)
                    && self.fits(scenario)
                {
                    self.screen = Screen::Seats { scenario };
                }
            }
            ScreenAction::ChooseSeat(id) => self.choose_seat(&id),
            ScreenAction::Begin => self.begin(None),
            ScreenAction::BeginAt(minute) => self.begin(Some(Tick(minute))),
            ScreenAction::ChooseSeed(seed) => self.choose_seed(seed),
            ScreenAction::Prepare { mitigation, target } => {
                if let Some(preparing) = &mut self.preparing {
                    preparing.toggle(mitigation, target.into());
                }
            }
            ScreenAction::ContinueRun(file) => self.open(&file, Purpose::Continue),
            ScreenAction::ReviewRun(file) => self.open(&file, Purpose::Review),
            ScreenAction::OpenSources(id) => self.open_sources(id.as_deref()),
            ScreenAction::Back => self.back(),
            ScreenAction::Leave => {
                self.seated = None;
                self.screen = Screen::Start;
            }
            ScreenAction::TryAgain | ScreenAction::TryAgainFrom(0) => self.try_again(),
            ScreenAction::TryAgainFrom(minute) => self.try_again_from(Tick(minute)),
            ScreenAction::WriteReport => {
                if let Some(seated) = &mut self.seated {
                    seated.exercise.write_report(seated.chair);
                }
            }
            ScreenAction::SaveRun(folder) => {
                let folder = folder.map_or_else(|| self.options.out.clone(), PathBuf::from);
                if let Some(seated) = &mut self.seated {
                    seated.exercise.save_to(&folder);
                }
            }
        }
    }

    fn scenario_index(&self, id: &str) -> Option<usize> {
        self.scenarios.iter().position(|scenario| scenario.docs.manifest.id == id)
    }

    fn choose_seat(&mut self, id: &str) {
        if let Screen::Seats { scenario } = self.screen
            && let Some(seat) = self.scenarios[scenario].seat_index(id)
        {
            self.screen = Screen::Briefing { scenario, seat };
            self.prepare();
        }
    }

    /// Opens the briefing of the same seat and seed, with the run before as a ghost.
    fn try_again(&mut self) {
        let Some(Seated { exercise, chair, scenario, seat }) = self.seated.take() else { return };
        self.earlier = exercise.as_earlier_try(chair, Tick::ZERO).map(Arc::new);
        self.options.seed = exercise.run().setup.seed;
        self.screen = Screen::Briefing { scenario, seat };
        self.prepare();
    }

    /// Goes back into the exercise at a minute of the run in the debrief.
    fn try_again_from(&mut self, tick: Tick) {
        let (Screen::Debrief, Some(seated)) = (&self.screen, &mut self.seated) else { return };
        if seated.exercise.try_again_from(seated.chair, tick, &self.options.out) {
            self.screen = Screen::Exercise;
        }
    }

    /// Opens the preparation budget of the seat at the briefing.
    fn prepare(&mut self) {
        self.preparing = match self.screen {
            Screen::Briefing { scenario, seat } => {
                let seed = self.options.seed;
                Preparing::new(&self.on_morning(scenario), seed, seat)
            }
            _ => None,
        };
    }

    /// The scenario on the morning of the seed. If its figures cannot be simulated, the start screen will have a notice,
    /// and the morning is the written one.
    fn on_morning(&mut self, scenario: usize) -> Arc<Scenario> {
        let (written, seed) = (&self.scenarios[scenario], self.options.seed);
        if let Some((position, drawn_for, morning)) = &self.morning
            && (*position, *drawn_for) == (scenario, seed)
        {
            return morning.clone();
        }
        let morning = written.on_morning(seed).unwrap_or_else(|error| {
            self.options.notice = Some(format!("The figures of seed {seed} cannot be simulated: {error}"));
            written.clone()
        });
        self.morning = Some((scenario, seed, morning.clone()));
        morning
    }

    fn open_sources(&mut self, id: Option<&str>) {
        let on_desk = match &self.screen {
            Screen::Start => None,
            Screen::Seats { scenario } | Screen::Briefing { scenario, .. } => Some(*scenario),
            Screen::Opening(opening) => self.scenario_index(&opening.scenario().docs.manifest.id),
            Screen::Exercise | Screen::Debrief => self.seated.as_ref().map(|seated| seated.scenario),
        };
        let asked = id.and_then(|id| self.scenario_index(id));
        let Some(scenario) = on_desk.or(asked) else { return };
        self.sources = Some((scenario, Arc::new(sources::view(&self.scenarios[scenario]))));
    }

    fn back(&mut self) {
        if self.sources.take().is_some() {
            return;
        }
        self.screen = match self.screen {
            Screen::Briefing { scenario, .. } => Screen::Seats { scenario },
            _ => Screen::Start,
        };
    }

    /// Sets the challenge that gives the seed of the options; run files will state it.
    pub fn set_challenge(&mut self, challenge: String) {
        self.challenge = Some(challenge.into());
    }

    /// Is there memory for the worlds of an exercise? If not, the start screen gets a notice.
    fn fits(&mut self, scenario: usize) -> bool {
        let Some(problem) = Need::new(&self.scenarios[scenario], WORLDS_PLAYED).problem() else { return true };
        let title = &self.scenarios[scenario].docs.manifest.title;
        self.options.notice = Some(format!("{title} cannot be played: {problem}. {}", capital(ADVICE)));
        self.screen = Screen::Start;
        false
    }

    /// Sets another seed. It gives another world, so the preparations are bought again in it.
    fn choose_seed(&mut self, seed: u64) {
        if matches!(self.screen, Screen::Briefing { .. }) {
            self.options.seed = seed;
            self.prepare();
        }
    }

    fn begin(&mut self, at: Option<Tick>) {
        let Screen::Briefing { scenario, seat } = self.screen else { return };
        if !self.fits(scenario) {
            return;
        }
        let setup = solo_setup(self.on_morning(scenario), self.options.seed, seat);
        let challenge = self.challenge.clone().filter(|challenge| seed_from_challenge(challenge) == setup.seed);
        let mut timeline = Timeline::new(setup);
        timeline.set_challenge(challenge);
        if let Some(preparing) = self.preparing.take() {
            preparing.order_for(&mut timeline);
        }
        let saving = Saving::begin(&self.options.out, timeline.run());
        let mut exercise = Exercise::new(timeline, saving, ClockControl::Seats);
        let chair = exercise.sit(Role::Seat(seat));
        exercise.set_reporter(self.options.report);
        let run = exercise.run();
        if let Some(earlier) = self.earlier.take().filter(|earlier| earlier.is_same_world(run, seat)) {
            exercise.follow(earlier);
        }
        if let Some(tick) = at {
            exercise.open_at(tick);
        }
        self.seated = Some(Seated { exercise, chair, scenario, seat });
        self.screen = Screen::Exercise;
    }

    /// Begins to replay a file of the runs folder.
    fn open(&mut self, file: &str, purpose: Purpose) {
        // Only a name is accepted: a path could lead out of the folder.
        let is_name = Path::new(file).components().count() == 1 && !file.starts_with('.');
        if !is_name {
            return;
        }
        self.options.notice = None;
        match Opening::begin(&self.options.out.join(file), &self.scenarios, purpose) {
            Ok(opening) => self.screen = Screen::Opening(Box::new(opening)),
            Err(problem) => self.options.notice = Some(problem),
        }
    }

    /// Advances by wall time and simulates for at most a budget.
    pub fn advance(&mut self, wall: Duration, budget: Duration) {
        if let Screen::Opening(opening) = &mut self.screen {
            let scenario = opening.scenario().docs.manifest.id.clone();
            match opening.advance(budget) {
                Ok(None) => {}
                Ok(Some((exercise, chair))) => self.sit_down(exercise, chair, &scenario),
                Err(problem) => {
                    self.options.notice = Some(problem);
                    self.still = None;
                    self.screen = Screen::Start;
                }
            }
            return;
        }
        let Some(seated) = &mut self.seated else { return };
        // The exercise pauses behind the page of sources.
        let wall = if self.sources.is_some() { Duration::ZERO } else { wall };
        let budget = if self.sources.is_some() { Duration::ZERO } else { budget };
        if matches!(self.screen, Screen::Exercise) && self.sources.is_none() || seated.exercise.is_over() {
            seated.exercise.advance(wall, budget);
        }
        if seated.exercise.is_over() && matches!(self.screen, Screen::Exercise) {
            self.screen = Screen::Debrief;
        }
        if matches!(self.screen, Screen::Debrief) {
            seated.exercise.weigh(seated.chair);
        }
    }

    fn sit_down(&mut self, mut exercise: Exercise, chair: ChairId, scenario: &str) {
        let seat = exercise.run().setup.cast.seats().first().map_or(Ix::default(), |entry| entry.seat);
        let scenario = self.scenario_index(scenario).unwrap_or(0);
        self.screen = if exercise.is_over() { Screen::Debrief } else { Screen::Exercise };
        exercise.set_reporter(self.options.report);
        self.seated = Some(Seated { exercise, chair, scenario, seat });
    }

    /// Does the screen change without an action?
    pub fn wants_continuous(&self) -> bool {
        let is_opening = matches!(self.screen, Screen::Opening(_));
        let is_moving = self.seated.as_ref().is_some_and(|seated| seated.exercise.is_moving());
        self.sources.is_none() && (is_opening || is_moving)
    }

    /// Is an exercise running that would be interrupted by leaving it?
    pub fn is_exercise_under_way(&self) -> bool {
        self.seated.as_ref().is_some_and(|seated| !seated.exercise.is_over())
    }

    /// Saves everything that was played; called whenever the program ends, also after a failure.
    pub fn flush(&mut self) {
        if let Some(seated) = &mut self.seated {
            seated.exercise.flush();
        }
    }
}
