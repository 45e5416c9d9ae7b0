//! `blackstart report`: the after-action report of a run.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::judged_run::{OutArgs, RunArgs};
use super::memory;
use super::progress::Bar;
use crate::assess::comparisons::{comparison_curves, runs_to_simulate, worlds_at_once};
use crate::assess::score::judge;
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
    #[command(flatten)]
    out: OutArgs,
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
    args.out.check()?;
    let run = judged.replay(args.out.quiet)?;
    let seats = [judged.seat];
    memory::check(&judged.scenario, 1 + worlds_at_once(&run.setup, &seats))?;
    let ticks = u64::from(runs_to_simulate(&run.setup, &seats)) * u64::from(judged.scenario.horizon.0);
    let bar = Bar::new(ticks, !args.out.quiet);
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
    args.out.write(&text)
}
