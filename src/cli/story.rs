//! Shows the reference run as a story in the terminal, for machines without a display.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use super::failure::Failure;
use super::progress::simulate;
use super::{names, out};
use crate::assess::tables::Sampler;
use crate::base::Ix;
use crate::base::words::capital;
use crate::report::story::{beats, end};
use crate::scenario::compile::{Scenario, Seat};
use crate::scenario::schema::REFERENCE;
use crate::session::Sampling;
use crate::session::run::Keeps;
use crate::session::runfile::RUNS_FOLDER;
use crate::study::{Played, RunFiles, setup_by_playbook};

/// Milliseconds for the whole story on a terminal, and most milliseconds for a line.
const STORY_MS: u64 = 8_000;
const LINE_MS_MAX: u64 = 350;

/// A run to tell: scenario id or folder, the seat whose score ends the story, and the seed.
pub struct Telling<'a> {
    pub scenario: &'a str,
    pub seat: Option<&'a str>,
    pub seed: u64,
}

/// Prints the reason for the missing window, the story of the run, and the way to take a seat.
pub fn tell(telling: &Telling, reason: &str) -> Result<(), Failure> {
    let id = telling.scenario;
    let mut scenario = names::scenario(id)?;
    let seat = match telling.seat {
        Some(id) => names::seat(&scenario, id)?,
        None => Ix::default(),
    };
    out::print(&format!("{}, so here is the reference run of {id} in the terminal\n\n", capital(reason)))?;
    let playbook = names::playbook(&mut scenario, REFERENCE)?;
    let setup = setup_by_playbook(names::on_morning(scenario, telling.seed)?, telling.seed, Some(seat), playbook);
    let keeps = Keeps { digests_every_min: 1, sampling: Sampling::Curves };
    let mut table = Sampler::new(&setup.scenario, Vec::new());
    let played = simulate(&setup, keeps, Some(&mut table), true);
    let table = table.finish().expect("memory takes everything");
    tell_beats(&played)?;
    out::print(&end(&played, seat))?;
    out::print(&write_files(&played, &table, telling.seed))?;
    out::print(&how_to_play(&setup.scenario, id, seat))
}

fn tell_beats(played: &Played) -> Result<(), Failure> {
    let scenario = &played.run.setup.scenario;
    let beats = beats(played);
    let pause_ms = (STORY_MS / (beats.len() as u64).max(1)).min(LINE_MS_MAX);
    let is_watched = std::io::stdout().is_terminal();
    let mut day = String::new();
    for beat in &beats {
        let today = scenario.start.format(beat.tick, 0, "%A %-d %B %Y, UTC");
        if today != day {
            out::print(&format!("{today}\n"))?;
            day = today;
        }
        out::print(&format!("  {}  {}\n", scenario.start.format(beat.tick, 0, "%H:%M"), beat.text))?;
        if is_watched {
            std::thread::sleep(Duration::from_millis(pause_ms));
        }
    }
    Ok(())
}

/// Writes the run file and its table under free names, and returns a text with their paths.
fn write_files(played: &Played, table: &[u8], seed: u64) -> String {
    let stem = format!("{}-reference-{seed}", played.run.setup.scenario.docs.manifest.id);
    let folders = [PathBuf::from(RUNS_FOLDER), std::env::temp_dir().join(RUNS_FOLDER)];
    let mut problem = None;
    for folder in folders {
        match RunFiles::write_numbered(played, table, &folder, &stem) {
            Ok(files) => return format!("\nWrote {}\nWrote {}\n", files.run.display(), files.table.display()),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    problem.map_or_else(String::new, |error| format!("\nNo files were written: {error}\n"))
}

fn how_to_play(scenario: &Scenario, id: &str, seat: Ix<Seat>) -> String {
    let seat = &scenario.docs.seats[seat.position()].id;
    format!(
        "\nTake a seat on a machine with a display:  blackstart play {id} --seat {seat}\n\
         Let a playbook take it here:              blackstart run {id} --seat {seat} --playbook par\n\
         All seats and playbooks:                  blackstart list\n"
    )
}
