//! The reference run told in the terminal, for machines without a display.
//!
//! The run is simulated first and told afterwards, so that a lasting return is known to last.

use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::failure::Failure;
use super::play::{PlayArgs, SCENARIO};
use super::run::{self, Files, Played};
use super::summary::{First, objectives, recovery_table, service_name, worst_first};
use super::words::{counted, thousands};
use super::{names, out};
use crate::base::Tick;
use crate::files::{FileError, Overwrite, check_folder};
use crate::scenario::compile::Scenario;
use crate::session::runfile::RUNS_FOLDER;
use crate::session::twins::REFERENCE;
use crate::sim::world::Moment;

/// Time a person gets for the whole story, and at most for a line.
const STORY_MS: u64 = 8_000;
const LINE_MS_MAX: u64 = 350;
/// Services named in a line; the rest are counted.
const NAMED_MAX: usize = 3;
/// Falls and returns within so many minutes share a line.
const FALLS_TOGETHER_MIN: u32 = 20;
const RETURNS_TOGETHER_MIN: u32 = 480;
/// Recovery times printed.
const RECOVERIES_MAX: usize = 12;

/// One line of the story.
struct Beat {
    tick: Tick,
    text: String,
}

/// Says why there is no window, tells the run, and says how to take a seat.
pub fn tell(args: &PlayArgs, reason: &str) -> Result<(), Failure> {
    let id = args.scenario.as_deref().unwrap_or(SCENARIO);
    let mut scenario = names::scenario(id)?;
    let seat = match &args.seat {
        Some(id) => names::seat(&scenario, id)?,
        None => 0,
    };
    out::print(&format!("{}, so here is the reference run of {id} in the terminal\n\n", capital(reason)))?;
    let playbook = names::playbook(&mut scenario, REFERENCE)?;
    let setup = run::setup_of(Arc::new(scenario), args.seed, Some(seat), playbook);
    let played = run::play(&setup, REFERENCE, true, true)?;
    tell_beats(&played)?;
    out::print(&after(&played, seat))?;
    out::print(&files_told(&played, args.seed))?;
    out::print(&how_to_play(&setup.scenario, id, seat))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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

/// Key moments, falls, the peak and returns in the order of time.
fn beats(played: &Played) -> Vec<Beat> {
    let (run, scenario) = (&played.run, &played.run.setup.scenario);
    let mut beats: Vec<Beat> = run
        .moments
        .iter()
        .filter_map(|&(tick, moment)| match moment {
            Moment::Event(event) => Some((tick, &scenario.docs.events[event as usize])),
            Moment::Inject(_) => None,
        })
        .filter(|(_, event)| event.key_moment)
        .map(|(tick, event)| Beat { tick, text: event.title.clone() })
        .collect();
    beats.extend(peak(played));
    let important =
        || (0..scenario.written_services()).filter(|&service| scenario.services[service as usize].is_important);
    let state = |service: u32| run.world.service(service);
    let falls = important().filter_map(|service| Some((state(service).first_below?, service))).collect();
    let returns = important().filter_map(|service| Some((state(service).recovered_at?, service))).collect();
    beats.extend(together(scenario, falls, FALLS_TOGETHER_MIN, "fell below target"));
    beats.extend(together(scenario, returns, RETURNS_TOGETHER_MIN, "back for good"));
    beats.sort_by_key(|beat| beat.tick);
    beats
}

/// The sample with the most hosts down.
fn peak(played: &Played) -> Option<Beat> {
    let curve = played.run.record.hosts_down_curve();
    let most = curve.iter().map(|point| point[1]).fold(0.0, f64::max);
    let at = curve.iter().find(|point| point[1] == most).filter(|_| 0.0 < most)?;
    let text = format!("Most hosts down at once: {}", thousands(most as u64));
    Some(Beat { tick: Tick(at[0] as u32), text })
}

/// Puts services that change within some minutes in one line, the weightiest named.
fn together(scenario: &Scenario, mut changes: Vec<(Tick, u32)>, within_min: u32, what: &str) -> Vec<Beat> {
    changes.sort();
    let mut beats = Vec::new();
    let mut rest = changes.as_slice();
    while let Some(&(tick, _)) = rest.first() {
        let count = rest.partition_point(|&(at, _)| at.since(tick) < within_min);
        let (now, later) = rest.split_at(count);
        let mut services: Vec<u32> = now.iter().map(|&(_, service)| service).collect();
        let weight =
            |service: u32| scenario.organisation_doc(scenario.services[service as usize].organisation).importance;
        services.sort_by_key(|&service| std::cmp::Reverse(weight(service)));
        let named: Vec<String> =
            services.iter().take(NAMED_MAX).map(|&service| service_name(scenario, service)).collect();
        let sign = if named.len() < count { "among them " } else { "" };
        let text = format!("{} {what}: {sign}{}", counted(count as u64, "service", "services"), named.join(", "));
        // A line about returns is told when the last of them is back.
        let told = if within_min == RETURNS_TOGETHER_MIN { now[count - 1].0 } else { tick };
        beats.push(Beat { tick: told, text });
        rest = later;
    }
    beats
}

fn after(played: &Played, seat: u32) -> String {
    let scenario = &played.run.setup.scenario;
    let mut text = String::new();
    if let Some(score) = &played.score {
        let name = &scenario.docs.seats[seat as usize].name;
        let _ = write!(text, "\nThe seat {name}: as it was, with no orders, and at par\n");
        text.push_str(&objectives(scenario, Some(seat), score, First::Reference));
    }
    text.push_str("\nRecovery of important services, worst first\n");
    text + &recovery_table(scenario, &worst_first(&played.run.world), RECOVERIES_MAX)
}

/// Writes the run and its table where nothing is, and says where.
fn files_told(played: &Played, seed: u64) -> String {
    let stem = format!("{}-reference-{seed}", played.outcome.scenario);
    let folders = [PathBuf::from(RUNS_FOLDER), std::env::temp_dir().join(RUNS_FOLDER)];
    let mut problem = None;
    for folder in folders {
        match write_numbered(played, &folder, &stem) {
            Ok(files) => return format!("\nWrote {}\nWrote {}\n", files.run.display(), files.table.display()),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    problem.map_or_else(String::new, |error| format!("\nNo files were written: {error}\n"))
}

/// Takes the first number whose files are not there.
fn write_numbered(played: &Played, folder: &Path, stem: &str) -> Result<Files, FileError> {
    check_folder(folder)?;
    let mut number = 1;
    loop {
        let stem = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        let files = Files { run: folder.join(format!("{stem}.run")), table: folder.join(format!("{stem}.csv")) };
        let is_free = [&files.run, &files.table].iter().all(|path| path.symlink_metadata().is_err());
        number += 1;
        if !is_free {
            continue;
        }
        match run::write(played, &files, Overwrite::Never) {
            // Somebody else took the number meanwhile.
            Err(FileError::Exists(_)) => {}
            written => return written.map(|()| files),
        }
    }
}

fn how_to_play(scenario: &Scenario, id: &str, seat: u32) -> String {
    let seat = &scenario.docs.seats[seat as usize].id;
    format!(
        "\nTake a seat on a machine with a display:  blackstart play {id} --seat {seat}\n\
         Let a playbook take it here:              blackstart run {id} --seat {seat} --playbook par\n\
         All seats and playbooks:                  blackstart list\n"
    )
}
