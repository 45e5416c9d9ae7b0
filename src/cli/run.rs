//! `blackstart run`: plays a run to its end without a window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure::Failure;
use super::progress::{Bar, simulate};
use super::{memory, names, out};
use crate::assess::comparisons::worlds_at_once;
use crate::base::table::json_text;
use crate::files::{self, FileError, Overwrite};
use crate::report::summary;
use crate::scenario::compile::Scenario;
use crate::scenario::schema::REFERENCE;
use crate::session::Sampling;
use crate::session::run::{Keeps, Setup, seed_from_challenge};
use crate::study::uncertain::{DRAWS_SEED, Draws};
use crate::study::{Played, RunFiles, RunResult, ScoreBand, parallel, percentiles, setup_by_playbook};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart run 2024-07-19                                    the week as it was
  blackstart run 2024-07-19 --seat airline-ops --playbook par
  blackstart run 2024-07-19 --seed 7 --out results --quiet     a run file and a table
  blackstart run 2024-07-19 --challenge \"heron 7\" --out results
  blackstart run my-scenario --playbook my-playbook.ron --json
  blackstart run 2024-07-19 --seat airline-ops --playbook par --uncertain 50    the band of the score

With --uncertain the score of the seat is asked 2 N times more: with other seeds (luck alone), and with other seeds and
figures drawn from their ranges. docs/uncertainty.md has the rules.")]
pub struct RunArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seat to score: its organisations follow the playbook and all others the reference; without a seat
    /// everybody follows the playbook
    #[arg(long, value_name = "ID")]
    seat: Option<String>,
    /// Seed of all random draws, a whole number from 0 up: the same seed gives the same run. 1 is the day as it was, any other number another morning
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    seed: u64,
    /// Word of the day that gives the seed; the run file states it, so the file cannot be older than the word
    #[arg(long, value_name = "TEXT", conflicts_with = "seed", value_parser = names::challenge)]
    challenge: Option<String>,
    /// Keep the written figures; otherwise a seed other than 1 is another morning, with figures drawn from their ranges
    #[arg(long)]
    as_written: bool,
    /// Playbook id, or a RON file with one playbook
    #[arg(long, value_name = "NAME|FILE", default_value = REFERENCE)]
    playbook: String,
    /// Folder for the run file and a table of samples (CSV)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Begin the table with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long, requires = "out")]
    bom: bool,
    /// Digests in the run file: with one for each hour a large run takes half the time, but `verify` can only name
    /// the hour of a difference and not the minute
    #[arg(long, value_enum, value_name = "EVERY", default_value_t = Digests::Minute)]
    digests: Digests,
    /// Tell the band of the seat's score in N runs with other seeds, and in N runs with drawn figures, too
    #[arg(long, value_name = "N", requires = "seat", value_parser = clap::value_parser!(u64).range(1..=DRAWS_MAX))]
    uncertain: Option<u64>,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
    /// Replace existing files
    #[arg(long)]
    force: bool,
    /// No progress bar and no summary
    #[arg(long, short)]
    quiet: bool,
}

const DRAWS_MAX: u64 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Digests {
    Minute,
    Hour,
}

impl Digests {
    fn minutes(self) -> u32 {
        match self {
            Digests::Minute => 1,
            Digests::Hour => 60,
        }
    }
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    result: &'a RunResult,
    /// The band of the score, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    score_band: Option<Band>,
    timing: Timing,
}

/// Percentiles of the seat's score.
#[derive(Debug, Serialize)]
struct Band {
    runs: usize,
    luck: Percentiles,
    luck_and_figures: Percentiles,
}

#[derive(Debug, Serialize)]
struct Percentiles {
    p5: f64,
    median: f64,
    p95: f64,
}

impl Band {
    fn new(band: &ScoreBand) -> Self {
        let percentiles = |scores: &[f64]| {
            let [p5, median, p95] = percentiles(scores);
            Percentiles { p5, median, p95 }
        };
        let (luck, luck_and_figures) = (percentiles(&band.luck), percentiles(&band.luck_and_figures));
        Self { runs: band.luck.len(), luck, luck_and_figures }
    }
}

/// The numbers in which two identical runs differ.
#[derive(Debug, Serialize)]
struct Timing {
    /// Seconds since the program began to read the scenario, comparison runs and files included.
    wall_s: f64,
    /// Seconds of the run itself.
    sim_s: f64,
    ticks_per_s: f64,
    /// Largest memory of the process so far; none if the system does not report it.
    peak_rss_mib: Option<f64>,
}

impl RunArgs {
    fn seed(&self) -> u64 {
        self.challenge.as_deref().map_or(self.seed, seed_from_challenge)
    }
}

/// Plays the run and reports its result.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut scenario = names::scenario(&args.scenario)?;
    let seat = args.seat.as_deref().map(|id| names::seat(&scenario, id)).transpose()?;
    let playbook = names::playbook(&mut scenario, &args.playbook)?;
    let playbook = seat.and_then(|seat| scenario.playbook_of_seat(seat, &args.playbook)).unwrap_or(playbook);
    let playbook_id = scenario.docs.playbooks[playbook.position()].id.clone();
    let files = args.out.as_deref().map(|folder| files_in(folder, &scenario, args, &playbook_id)).transpose()?;
    let written = scenario.docs.clone();
    let scenario = match args.as_written {
        true => Arc::new(scenario),
        false => names::on_morning(scenario, args.seed())?,
    };
    let setup = setup_by_playbook(scenario, args.seed(), seat, playbook);
    memory::check(&setup.scenario, 1 + seat.map_or(0, |seat| worlds_at_once(&setup, &[seat])))?;
    // The draws are planned before anything is simulated: a range that cannot be simulated is told at once.
    let draws = args.uncertain.map(|count| Draws::new(&written, count, DRAWS_SEED)).transpose()?;
    let overwrite = if args.force { Overwrite::Allowed } else { Overwrite::Never };
    let table = files.as_ref().map(|files| files.begin(&setup.scenario, overwrite, args.bom));
    let mut table = table.transpose()?;
    let keeps = Keeps { digests_every_min: args.digests.minutes(), sampling: Sampling::Ends };
    let mut played = simulate(&setup, keeps, table.as_mut().map(|table| &mut table.sampler), !args.quiet);
    played.run.challenge = args.challenge.as_deref().map(Into::into);
    if let (Some(files), Some(table)) = (&files, table) {
        files.write(&played, table)?;
    }
    let band = draws.as_ref().map(|draws| score_band(&setup, draws, !args.quiet));
    if args.json {
        return print_json(&played, band.as_ref(), begun);
    }
    if args.quiet {
        return Ok(());
    }
    let mut text = summary::text(&played);
    if let Some(band) = &band {
        text.push_str(&summary::score_band(band));
    }
    if let Some(files) = &files {
        text.push_str(&format!("\nWrote {}\nWrote {}\n", files.run.display(), files.table.display()));
    }
    out::print(&text)
}

/// Names the files and makes sure that they can be written, before anything is simulated.
fn files_in(folder: &Path, scenario: &Scenario, args: &RunArgs, playbook: &str) -> Result<RunFiles, Failure> {
    files::check_folder(folder)?;
    let seat = args.seat.as_deref().unwrap_or("all");
    let stem = format!("{}-{seat}-{playbook}-{}", scenario.docs.manifest.id, args.seed());
    let files = RunFiles::in_folder(folder, &stem);
    match files.taken().filter(|_| !args.force) {
        Some(path) => Err(FileError::Exists(path.to_owned()).into()),
        None => Ok(files),
    }
}

fn score_band(setup: &Setup, draws: &Draws, is_bar_wanted: bool) -> ScoreBand {
    let bar = Bar::new(ScoreBand::ticks(setup, draws), is_bar_wanted);
    bar.say("Simulating the band");
    let band = ScoreBand::simulate(setup, draws, parallel::cores(), &|ticks| bar.add(ticks));
    bar.finish();
    band
}

fn print_json(played: &Played, band: Option<&ScoreBand>, begun: Instant) -> Result<(), Failure> {
    let result = played.result();
    let timing = Timing {
        wall_s: milliseconds(begun.elapsed().as_secs_f64()),
        sim_s: milliseconds(played.sim_s),
        ticks_per_s: (f64::from(result.ticks) / played.sim_s.max(1e-9)).round(),
        peak_rss_mib: peak_rss_mib(),
    };
    out::print(&json_text(&Report { result: &result, score_band: band.map(Band::new), timing }))
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// The largest memory of this process, as Linux reports it.
fn peak_rss_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kib / 1024.0 * 10.0).round() / 10.0)
}
