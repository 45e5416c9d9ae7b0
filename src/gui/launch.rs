//! From what was asked for on the command line to a window on a desk.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::app::{Flow, GuiError, Room, WindowOptions, run};
use crate::exercise::action::{Action, ClockAction, ScreenAction};
use crate::exercise::desk::{Desk, DeskOptions};
use crate::exercise::view::View;
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};

/// What the window opens on.
#[derive(Clone, Debug, Default)]
pub struct LaunchOptions {
    /// Id or folder; the start screen offers those of the program.
    pub scenario: Option<String>,
    /// Seat id: straight to its briefing.
    pub seat: Option<String>,
    pub seed: u64,
    /// Folder for run files.
    pub out: PathBuf,
    /// Scenario seconds a second, one of `view::SPEEDS`.
    pub speed: Option<u32>,
    pub window: WindowOptions,
}

/// Opens the window and returns when it closes.
///
/// # Errors
/// There is nothing to open it on, the scenario has mistakes, or a script failed.
pub fn launch(options: LaunchOptions) -> Result<(), GuiError> {
    // Before the scenarios are read: without a display the answer is immediate.
    super::start::check_display()?;
    let mut notices = Vec::new();
    let mut sources = library::builtin();
    let mut chosen = None;
    if let Some(name) = &options.scenario {
        let found = library::find(name).map_err(|error| GuiError::Scenario(error.to_string()))?;
        chosen = Some(found.name.clone());
        if !sources.iter().any(|source| source.name == found.name) {
            sources.insert(0, found);
        }
    }
    let mut scenarios = Vec::new();
    let mut chosen_index = None;
    for source in &sources {
        match compile(source) {
            Ok(scenario) => {
                if chosen.as_ref() == Some(&source.name) {
                    chosen_index = Some(scenarios.len());
                }
                scenarios.push(Arc::new(scenario));
            }
            Err(error) if chosen.as_ref() == Some(&source.name) => {
                return Err(GuiError::Scenario(error.to_string()));
            }
            Err(error) => notices.push(format!("{} cannot be read: {error}", source.name)),
        }
    }
    let desk = Desk::new(
        scenarios,
        DeskOptions {
            seed: options.seed,
            out: options.out,
            seat: chosen_index.zip(options.seat),
            notice: notices.into_iter().next(),
        },
    );
    run(Launched::new(desk, chosen_index, options.speed), options.window)
}

fn compile(source: &SourceFiles) -> Result<Scenario, Diagnostics> {
    load(source).map(Scenario::compile)
}

impl Room for Desk {
    fn view(&mut self) -> View {
        Desk::view(self)
    }

    fn apply(&mut self, action: Action) -> Flow {
        Desk::apply(self, action)
    }

    fn advance(&mut self, wall: Duration, budget: Duration) {
        Desk::advance(self, wall, budget);
    }

    fn wants_continuous(&self) -> bool {
        Desk::wants_continuous(self)
    }
}

/// A desk that opens a scenario's seats at once and sets a speed in each new room.
struct Launched {
    desk: Desk,
    speed: Option<u32>,
}

impl Launched {
    fn new(mut desk: Desk, scenario: Option<usize>, speed: Option<u32>) -> Self {
        // At a briefing this is passed over: only the start screen takes a scenario.
        if let (Some(index), View::Start(start)) = (scenario, desk.view()) {
            desk.apply(Action::from(ScreenAction::ChooseScenario(start.cards[index].id.clone())));
        }
        Self { desk, speed }
    }
}

impl Room for Launched {
    fn view(&mut self) -> View {
        Room::view(&mut self.desk)
    }

    fn apply(&mut self, action: Action) -> Flow {
        let is_beginning = action == Action::from(ScreenAction::Begin);
        let flow = Room::apply(&mut self.desk, action);
        if let (true, Some(speed)) = (is_beginning, self.speed) {
            // A speed starts the clock; a trainee looks around first.
            self.desk.apply(Action::from(ClockAction::SetSpeed(speed)));
            self.desk.apply(Action::from(ClockAction::TogglePause));
        }
        flow
    }

    fn advance(&mut self, wall: Duration, budget: Duration) {
        Room::advance(&mut self.desk, wall, budget);
    }

    fn wants_continuous(&self) -> bool {
        Room::wants_continuous(&self.desk)
    }
}
