//! Opens a window on a desk from the options of the command line.

use std::path::PathBuf;
use std::sync::Arc;

use super::app::{WindowOptions, run};
use super::error::GuiError;
use super::settings::SettingsFile;
use crate::exercise::Reporter;
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::desk::{Content, Desk, DeskOptions};
use crate::exercise::view::View;
use crate::files::folders;
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};

/// Scenario, seat and window to open.
#[derive(Clone, Debug, Default)]
pub struct LaunchOptions {
    /// Id or folder of a scenario; if none is given, the start screen offers the built-in ones.
    pub scenario: Option<String>,
    /// Id of the seat whose briefing opens first.
    pub seat: Option<String>,
    pub seed: u64,
    /// The challenge that gives the seed, if there is one.
    pub challenge: Option<String>,
    /// Folder for run files.
    pub out: PathBuf,
    /// Scenario seconds a second, one of `view::SPEEDS`.
    pub speed: Option<u32>,
    /// Makes reports in the debrief.
    pub report: Option<Reporter>,
    pub window: WindowOptions,
}

/// Opens the window and returns when it closes.
///
/// # Errors
/// The window cannot be opened, the scenario has mistakes, or a step of the automation failed.
pub fn launch(options: LaunchOptions) -> Result<(), GuiError> {
    // The display is checked before the scenarios are read, so that its error comes at once.
    super::display::check()?;
    let (settings, problem) = SettingsFile::open(folders::config().as_deref());
    let mut notices = Vec::from_iter(problem);
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
    let mut desk = Desk::new(
        scenarios,
        DeskOptions {
            seed: options.seed,
            out: options.out,
            seat: chosen_index.zip(options.seat),
            notice: (!notices.is_empty()).then(|| notices.join("\n")),
            report: options.report,
        },
    );
    if let Some(challenge) = options.challenge {
        desk.set_challenge(challenge);
    }
    // A scenario without a seat matters to the start screen only; a seat's briefing already has its scenario.
    if let (Some(index), View::Start(start)) = (chosen_index, desk.view()) {
        desk.apply(Action::from(ScreenAction::ChooseScenario(start.cards[index].id.clone())));
    }
    run(Box::new(desk), WindowOptions { opening_speed: options.speed, ..options.window }, settings)
}

/// Opens a window on the wall of an exercise that others play, and returns when it closes.
///
/// # Errors
/// As for [`launch`].
pub fn show(content: Box<dyn Content>, window: WindowOptions) -> Result<(), GuiError> {
    super::display::check()?;
    let (settings, _) = SettingsFile::open(folders::config().as_deref());
    run(content, window, settings)
}

fn compile(source: &SourceFiles) -> Result<Scenario, Diagnostics> {
    load(source).map(Scenario::compile)
}
