//! `blackstart calibrate`: fits free figures of a scenario to published numbers.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::Bar;
use super::{memory, names, out};
use crate::files::check_folder;
use crate::report::calibrate::{self as report, Frame};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::figures::edit::with_numbers;
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};
use crate::scenario::schema::REFERENCE;
use crate::study::calibrate::{Calibration, Options, Plan, Search};
use crate::study::parallel;
use crate::synth::folder;

/// The file of the record in the folder of the fitted scenario.
const RECORD: &str = "calibration.json";

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart calibrate my-scenario                     fit, and show what would change
  blackstart calibrate my-scenario --out fitted        write the scenario with the fitted figures
  blackstart calibrate my-scenario --folds 5           score on organisations that were left out
  blackstart calibrate 2024-07-19 --starts 1 --evaluations 60 --format json > calibration.json

uncertainty.ron of the scenario names the free figures and the targets for fitting. The loss is the mean distance of
medians from published numbers in units of tolerance, far targets in proportion. The fitted scenario keeps the text of
the files, only numbers change; calibration.json beside them says what was fitted on what. Equal scenarios and options
give equal results. docs/uncertainty.md has the rules.")]
pub struct CalibrateArgs {
    /// Scenario id or folder
    scenario: String,
    /// New folder for the scenario with the fitted figures and the record of the fit
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Repeat the fit N times, each time without the targets of some organisations, and score it on them
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = folds)]
    folds: u64,
    /// Runs of each evaluation, with the seeds 1 to N
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Starting points of the search: the written figures, then points of their ranges
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=1000))]
    starts: u64,
    /// Most evaluations from each starting point
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    evaluations: u64,
    /// Seed of the starting points and of the folds
    #[arg(long, default_value_t = 1, value_parser = names::seed)]
    seed: u64,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Playbook id that everybody follows
    #[arg(long, value_name = "NAME", default_value = REFERENCE)]
    playbook: String,
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// The record
    Json,
}

fn folds(text: &str) -> Result<u64, String> {
    let count = text.parse().ok().filter(|count| *count == 0 || (2..=1000).contains(count));
    count.ok_or_else(|| "folds are 2 to 1000, or 0 for none".to_owned())
}

/// Fits the figures, reports, and writes the fitted scenario.
pub fn calibrate(args: &CalibrateArgs) -> Result<(), Failure> {
    let sources = library::find(&args.scenario)?;
    let scenario = Arc::new(Scenario::compile(load(&sources)?));
    let threads = args.threads.map_or_else(parallel::cores, NonZeroUsize::get);
    memory::check(&scenario, threads as u64)?;
    let playbook = names::own_playbook(&scenario, &args.playbook)?;
    if let Some(folder) = &args.out {
        // The check comes before the runs, which may take minutes.
        check_folder(folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        folder::check_empty(folder)?;
    }
    let evaluations = usize::try_from(args.evaluations).expect("at most 100,000");
    let search = Search { starts: args.starts, evaluations, seed: args.seed };
    let options = Options { search, seeds: args.seeds, folds: args.folds, threads };
    let plan = Plan::new(&scenario, playbook, options)?;
    let bar = Bar::new(plan.ticks_max(), true);
    bar.say("Fitting");
    let found = plan.calibrate(&|ticks| bar.add(ticks));
    bar.finish();
    let fitted_digest = Scenario::compile(found.fitted.clone()).digest.to_string();
    let frame = Frame { scenario: &scenario, playbook: &args.playbook, options, fitted_digest };
    if let Some(folder) = &args.out {
        write(folder, &sources, &frame, &found)?;
    }
    out::print(&match args.format {
        Format::Table => report::table(&frame, &found),
        Format::Json => report::json(&frame, &found),
    })
}

/// Writes the files of the scenario with the fitted numbers, and the record.
fn write(folder: &Path, sources: &SourceFiles, frame: &Frame, found: &Calibration) -> Result<(), Failure> {
    let edited = with_numbers(sources, &frame.scenario.docs, &found.fitted);
    let edited = edited.map_err(|problem| Diagnostics::from(*problem))?;
    let mut texts: Vec<(String, String)> = edited.files.into_iter().map(|file| (file.name, file.text)).collect();
    texts.push((RECORD.to_owned(), report::json(frame, found)));
    Ok(folder::write_texts(folder, &texts)?)
}
