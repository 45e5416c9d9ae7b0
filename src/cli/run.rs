//! `blackstart run`: a run to its end without a window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::progress::Bar;
use super::{memory, names, out, summary};
use crate::assess::score::Score;
use crate::assess::tables::{Sampler, csv_bytes};
use crate::base::table::json_text;
use crate::batch::{self, Outcome};
use crate::files::{self, FileError, Overwrite, WriteSet};
use crate::scenario::compile::Scenario;
use crate::session::run::{Run, Setup};
use crate::session::runfile::RunFile;
use crate::session::twins::REFERENCE;
use crate::session::{Cast, Player};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart run 2024-07-19                                    the week as it was
  blackstart run 2024-07-19 --seat airline-ops --playbook par
  blackstart run 2024-07-19 --seed 7 --out results --quiet     a run file and a table
  blackstart run my-scenario --playbook my-playbook.ron --json")]
pub struct RunArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seat whose organisations follow the playbook while everybody else follows the reference, and
    /// which is scored; without one everybody follows the playbook
    #[arg(long, value_name = "ID")]
    seat: Option<String>,
    /// Seed of all chance, a whole number from 0 up: the same seed gives the same run
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    seed: u64,
    /// Playbook id, or a RON file with one playbook
    #[arg(long, value_name = "NAME|FILE", default_value = REFERENCE)]
    playbook: String,
    /// Folder for the run file and a table of samples (CSV)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
    /// No progress bar and no summary
    #[arg(long, short)]
    quiet: bool,
}

/// Files of one run.
#[derive(Clone, Debug)]
pub struct Files {
    pub run: PathBuf,
    pub table: PathBuf,
}

/// A run at its end with what was measured beside it.
#[derive(Debug)]
pub struct Played {
    pub run: Run,
    pub score: Option<Score>,
    pub outcome: Outcome,
    pub sampler: Option<Sampler>,
    /// Seconds that the run itself took, twins and files not counted.
    pub sim_s: f64,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    timing: Timing,
}

/// What differs between two identical runs.
#[derive(Debug, Serialize)]
struct Timing {
    /// Seconds since the program began to read the scenario, twins and files included.
    wall_s: f64,
    /// Seconds of the run itself.
    sim_s: f64,
    ticks_per_s: f64,
    /// Largest memory of the process so far; none where the system does not say.
    peak_rss_mib: Option<f64>,
}

/// Plays and reports.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut scenario = names::scenario(&args.scenario)?;
    // Beside the run of a seat there is one world of a comparison at a time.
    memory::check(&scenario, 1 + u64::from(args.seat.is_some()))?;
    let seat = args.seat.as_deref().map(|id| names::seat(&scenario, id)).transpose()?;
    let playbook = names::playbook(&mut scenario, &args.playbook)?;
    let playbook_id = scenario.docs.playbooks[playbook as usize].id.clone();
    let files = args.out.as_deref().map(|folder| files_in(folder, &scenario, args, &playbook_id)).transpose()?;
    let setup = setup_of(Arc::new(scenario), args.seed, seat, playbook);
    let played = play(&setup, &playbook_id, files.is_some(), !args.quiet)?;
    if let Some(files) = &files {
        let overwrite = if args.force { Overwrite::Allowed } else { Overwrite::Never };
        write(&played, files, overwrite)?;
    }
    if args.json {
        return print_json(&played, begun);
    }
    if args.quiet {
        return Ok(());
    }
    let mut text = summary::text(&played);
    if let Some(files) = &files {
        text.push_str(&format!("\nWrote {}\nWrote {}\n", files.run.display(), files.table.display()));
    }
    out::print(&text)
}

/// The seat's organisations follow the playbook and everybody else the reference.
pub fn setup_of(scenario: Arc<Scenario>, seed: u64, seat: Option<u32>, playbook: u32) -> Setup {
    let reference = scenario.playbook_index(REFERENCE).map(|index| index as u32);
    let cast = match seat {
        Some(seat) => Cast::one_seat(seat, Player::Playbook(playbook), reference),
        None => Cast::everybody(Some(playbook)),
    };
    Setup { scenario, seed, cast }
}

/// Plays a setup and, where a seat is in play, its twins for the score.
pub fn play(setup: &Setup, playbook: &str, samples: bool, shows_progress: bool) -> Result<Played, Failure> {
    let twins = if setup.cast.only_seat().is_some() { batch::twins_to_simulate(setup) } else { 0 };
    let bar = Bar::new(u64::from(setup.scenario.horizon.0) * u64::from(1 + twins), shows_progress);
    bar.say("Simulating");
    let mut sampler = samples.then(|| Sampler::new(&setup.scenario));
    let begun = Instant::now();
    let run = batch::play(setup, |world| {
        if let Some(sampler) = &mut sampler {
            sampler.observe(world);
        }
        bar.add(1);
    });
    let sim_s = begun.elapsed().as_secs_f64();
    let score = setup.cast.only_seat().map(|seat| {
        bar.say("Simulating comparisons");
        let twins = batch::twins_of(&run, &|ticks| bar.add(ticks));
        Score::of(&run.world, seat, &twins)
    });
    bar.finish();
    let outcome = Outcome::of(&run, playbook, score.as_ref());
    Ok(Played { run, score, outcome, sampler, sim_s })
}

/// Names the files and makes sure that they can be written, before anything is simulated.
fn files_in(folder: &Path, scenario: &Scenario, args: &RunArgs, playbook: &str) -> Result<Files, Failure> {
    files::check_folder(folder)?;
    let seat = args.seat.as_deref().unwrap_or("all");
    let stem = format!("{}-{seat}-{playbook}-{}", scenario.docs.manifest.id, args.seed);
    let files = Files { run: folder.join(format!("{stem}.run")), table: folder.join(format!("{stem}.csv")) };
    for path in [&files.run, &files.table] {
        if !args.force && path.symlink_metadata().is_ok() {
            return Err(FileError::Exists(path.clone()).into());
        }
    }
    Ok(files)
}

/// Writes the run file and the table, both or neither.
pub fn write(played: &Played, files: &Files, overwrite: Overwrite) -> Result<(), FileError> {
    let run = &played.run;
    let judged = played.score.as_ref().zip(run.setup.cast.only_seat());
    let judgements = judged.map(|(score, seat)| score.judgement(&run.world, seat)).into_iter().collect();
    let mut set = WriteSet::new(overwrite);
    set.add(&files.run, RunFile::from_run(run, judgements).to_text().as_bytes())?;
    if let Some(sampler) = &played.sampler {
        set.add(&files.table, &csv_bytes(sampler, &run.setup.scenario))?;
    }
    set.commit()
}

fn print_json(played: &Played, begun: Instant) -> Result<(), Failure> {
    let ticks = f64::from(played.outcome.ticks);
    let timing = Timing {
        wall_s: milliseconds(begun.elapsed().as_secs_f64()),
        sim_s: milliseconds(played.sim_s),
        ticks_per_s: (ticks / played.sim_s.max(1e-9)).round(),
        peak_rss_mib: peak_rss_mib(),
    };
    let report = Report { outcome: &played.outcome, timing };
    out::print(&json_text(&report))
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// The process's largest memory, as Linux tells it.
fn peak_rss_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kib / 1024.0 * 10.0).round() / 10.0)
}
