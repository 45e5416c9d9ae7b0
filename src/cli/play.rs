//! `blackstart play`: the window, or the terminal where there is no window.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::story::{self, Telling};
use super::{memory, names};
#[cfg(feature = "gui")]
use crate::report::after_action;
#[cfg(feature = "gui")]
use crate::report::document::html;
use crate::session::memory::WORLDS_PLAYED;
use crate::session::pace::SPEEDS;
use crate::session::run::seed_from_challenge;
#[cfg(feature = "gui")]
use crate::session::runfile::RUNS_FOLDER;
#[cfg(feature = "gui")]
use crate::study::Evidence;

/// The scenario that is played if the command line names none.
pub const SCENARIO: &str = "2024-07-19";

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart play                                  the start screen
  blackstart play 2024-07-19 --seat airline-ops    straight to a seat
  blackstart play 2024-07-19 --seat airline-ops --seed 7 --speed 300
  blackstart play 2024-07-19 --seat airline-ops --challenge \"heron 7\"

Without a display, the terminal shows the reference run.")]
pub struct PlayArgs {
    /// Scenario id or folder; the start screen offers the built-in scenarios
    pub scenario: Option<String>,
    /// Seat to take
    #[arg(long, value_name = "ID")]
    pub seat: Option<String>,
    /// Seed of all random draws, a whole number from 0 up: the same seed gives the same world. 1 is the day as it was, any other number another morning
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    pub seed: u64,
    /// Word of the day that gives the seed; the run file states it, so the file cannot be older than the word
    #[arg(long, value_name = "TEXT", conflicts_with = "seed", value_parser = names::challenge)]
    pub challenge: Option<String>,
    /// Folder for run files; otherwise the runs folder in the platform's data folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Speed in scenario seconds per second: 1, 10, 60, 300, 900, 1800 or 3600
    #[arg(long, value_name = "N", value_parser = speed)]
    pub speed: Option<u32>,
    /// Size of the window in logical pixels
    #[arg(long, value_name = "WxH", value_parser = size, hide = true)]
    pub size: Option<[u32; 2]>,
    /// File of commands that operate the window
    #[cfg(feature = "automation")]
    #[arg(long, value_name = "FILE", hide = true)]
    pub automation: Option<PathBuf>,
}

impl Default for PlayArgs {
    fn default() -> Self {
        Self {
            scenario: None,
            seat: None,
            seed: 1,
            challenge: None,
            out: None,
            speed: None,
            size: None,
            #[cfg(feature = "automation")]
            automation: None,
        }
    }
}

impl PlayArgs {
    fn seed(&self) -> u64 {
        self.challenge.as_deref().map_or(self.seed, seed_from_challenge)
    }
}

/// The reason why the window did not open.
enum NoWindow {
    /// There is no display: the terminal takes over.
    Missing(String),
    /// Another problem.
    #[cfg(feature = "gui")]
    Failed(Failure),
}

/// Opens the window, or shows the reference run in the terminal if there is no display.
pub fn play(args: &PlayArgs) -> Result<(), Failure> {
    check_names(args)?;
    match open_window(args) {
        Ok(()) => Ok(()),
        // Automation needs the window; the terminal cannot replace it.
        #[cfg(feature = "automation")]
        Err(NoWindow::Missing(reason)) if args.automation.is_some() => Err(Failure::new(reason)),
        Err(NoWindow::Missing(reason)) => {
            let scenario = args.scenario.as_deref().unwrap_or(SCENARIO);
            story::tell(&Telling { scenario, seat: args.seat.as_deref(), seed: args.seed() }, &reason)
        }
        #[cfg(feature = "gui")]
        Err(NoWindow::Failed(failure)) => Err(failure),
    }
}

/// Reports mistakes in names before a window opens.
fn check_names(args: &PlayArgs) -> Result<(), Failure> {
    if args.scenario.is_none() && args.seat.is_none() {
        return Ok(());
    }
    let scenario = names::scenario(args.scenario.as_deref().unwrap_or(SCENARIO))?;
    memory::check(&scenario, WORLDS_PLAYED)?;
    args.seat.as_deref().map_or(Ok(()), |id| names::seat(&scenario, id).map(|_| ()))
}

/// The folder for exercises: below the platform's data folder, or below the working folder if the system names
/// none.
#[cfg(feature = "gui")]
fn runs_folder() -> PathBuf {
    crate::files::folders::data().map_or_else(|| PathBuf::from(RUNS_FOLDER), |data| data.join("runs"))
}

/// The after-action report that the debrief writes.
#[cfg(feature = "gui")]
fn report_page(evidence: &Evidence<'_>) -> String {
    html::page(&after_action::report(evidence))
}

#[cfg(feature = "gui")]
fn open_window(args: &PlayArgs) -> Result<(), NoWindow> {
    let window = crate::gui::WindowOptions {
        size: args.size,
        #[cfg(feature = "automation")]
        automation: args.automation.clone(),
        ..crate::gui::WindowOptions::default()
    };
    let options = crate::gui::LaunchOptions {
        scenario: args.scenario.clone().or_else(|| args.seat.as_ref().map(|_| SCENARIO.to_owned())),
        seat: args.seat.clone(),
        seed: args.seed(),
        challenge: args.challenge.clone(),
        out: args.out.clone().unwrap_or_else(runs_folder),
        speed: args.speed,
        report: Some(report_page),
        window,
    };
    crate::gui::launch(options).map_err(|error| match error.is_window_missing() {
        true => NoWindow::Missing(error.to_string()),
        false => NoWindow::Failed(Failure::new(error.to_string()).with_code(error.exit_code())),
    })
}

#[cfg(not(feature = "gui"))]
fn open_window(_: &PlayArgs) -> Result<(), NoWindow> {
    Err(NoWindow::Missing("there is no display to open a window on: this build has no window".to_owned()))
}

fn speed(text: &str) -> Result<u32, String> {
    let speeds = SPEEDS.map(|speed| speed.to_string()).join(", ");
    let speed = text.parse().ok().filter(|speed| SPEEDS.contains(speed));
    speed.ok_or_else(|| format!("the speeds on offer are {speeds}"))
}

pub fn size(text: &str) -> Result<[u32; 2], String> {
    let (width, height) = text.split_once('x').ok_or("write it like 1440x900")?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|&number| 0 < number && number <= 16_384);
    match (number(width), number(height)) {
        (Some(width), Some(height)) => Ok([width, height]),
        _ => Err("write it like 1440x900, in pixels up to 16384".to_owned()),
    }
}
