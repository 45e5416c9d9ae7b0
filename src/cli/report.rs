//! `blackstart report`: the after-action report of a run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::judged_run::{RunArgs, check_out};
use super::progress::Bar;
use super::{memory, out};
use crate::assess::comparisons::{comparison_curves, runs_to_simulate, worlds_at_once};
use crate::assess::score::judge;
use crate::files::{Overwrite, write_atomic};
use crate::report::after_action::{Evidence, html, report};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart report results/2024-07-19-airline-ops-par-1.run --out report.html
  blackstart report ada.run --format json --out report.json
  blackstart report team.run --seat airline-ops --out report.html     for a run with several seats
  blackstart report ada.run --scenario my-scenario                    for a scenario in a folder of your own

The report has the result with the arithmetic of the score, the course beside history and the best known decisions, every
decision and message, proposed ratings, findings, a plan to fill in, and how to verify it. The HTML file needs nothing
else and prints well; its banner EXERCISE stands on every page. Equal run files give equal reports.")]
pub struct ReportArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// File for the report, in place of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "out")]
    force: bool,
    /// No progress bar
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One file for a browser and for paper
    Html,
    /// Headings, texts and tables for programs
    Json,
}

/// Replays the run, judges it and writes the report.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let judged = args.run.open()?;
    if let Some(path) = &args.out {
        check_out(path, args.force)?;
    }
    let run = judged.replay(args.quiet)?;
    let seats = [judged.seat];
    memory::check(&judged.scenario, 1 + worlds_at_once(&run.setup, &seats))?;
    let ticks = u64::from(runs_to_simulate(&run.setup, &seats)) * u64::from(judged.scenario.horizon.0);
    let bar = Bar::new(ticks, !args.quiet);
    bar.say("Comparing");
    let mut runs = comparison_curves(&run, &seats, &|ticks| bar.add(ticks));
    bar.finish();
    let runs = runs.remove(&judged.seat).expect("the comparison runs of the seat");
    let judgement = judge(&run.world, judged.seat, &runs);
    judged.check_score(&judgement)?;
    let log_digest = judged.file.log_digest();
    let evidence =
        Evidence { run: &run, seat: judged.seat, judgement: &judgement, runs: &runs, log_digest: &log_digest };
    let report = report(&evidence);
    let text = match args.format {
        Format::Html => html::page(&report),
        Format::Json => serde_json::to_string_pretty(&report).expect("a report is plain text") + "\n",
    };
    let Some(path) = &args.out else { return out::print(&text) };
    let overwrite = if args.force { Overwrite::Allowed } else { Overwrite::Never };
    write_atomic(path, text.as_bytes(), overwrite)?;
    if args.quiet { Ok(()) } else { out::print(&format!("Wrote {}\n", path.display())) }
}
