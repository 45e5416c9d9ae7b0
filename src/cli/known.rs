//! `blackstart known`: what a person knew at each decision of runs, and how far to trust the person's confidence.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::judged_run::{JudgeArgs, JudgedRun, TextArgs, ThreadArgs, names, open_all};
use super::memory;
use super::progress::Bar;
use super::worth::SEEDS_MAX;
use crate::assess::comparisons::comparison_runs_on;
use crate::report::known::{self as report, KnownRun};
use crate::study::known::Known;
use crate::study::worth::{WORLDS_EACH, decisions_of_seat, measure_each};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart known ada-1.run
  blackstart known ada-*.run                            all runs of one person: is the confidence right?
  blackstart known ada-*.run --format csv --out ada.csv
  blackstart known team.run --seat airline-ops          for a run with several seats

For each decision: the first sign of it and the minutes from there to the order, the messages that had reached the seat,
its boards, and what was true. Confidence is a forecast of the event that the order helps: that its worth is above zero.
The runs may have different scenarios and seats. docs/known.md has the rules. Equal run files and options give equal
output.")]
pub struct KnownArgs {
    /// Run files of one person; `-` is standard input
    #[arg(value_name = "RUNFILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: JudgeArgs,
    /// Seeds on which the worth of orders with a confidence is measured: that of the run and the next N − 1
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    seeds: u64,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    text: TextArgs,
}

/// Replays the runs, finds what was known and measures what came of confidence.
pub fn known(args: &KnownArgs) -> Result<(), Failure> {
    args.text.out.check()?;
    let opened = open_all(&args.how, &args.files)?;
    let threads = args.threads.count();
    let known = opened.iter().zip(names(&opened)).map(|(judged, name)| args.known_run(judged, name, threads));
    let runs = known.collect::<Result<Vec<_>, _>>()?;
    args.text.write(|| report::table(&runs, args.seeds), || report::csv(&runs), || report::json(&runs, args.seeds))
}

impl KnownArgs {
    fn known_run(&self, judged: &JudgedRun, name: String, threads: usize) -> Result<KnownRun, Failure> {
        memory::check(&judged.scenario, WORLDS_EACH * threads as u64)?;
        let run = judged.replay(self.text.out.quiet)?;
        let seat = judged.seat;
        let known = Known::new(&run, seat);
        let positions: Vec<usize> = known.forecasting().map(|known| known.decision.position).collect();
        let mut decisions = decisions_of_seat(&run, seat);
        decisions.retain(|decision| positions.contains(&decision.position));
        let mut worths = Vec::new();
        if !decisions.is_empty() {
            let runs = comparison_runs_on(&run, &[seat], threads, &|_| {});
            let bar = Bar::new(self.seeds, !self.text.out.quiet);
            bar.say("Weighing decisions");
            let extent = (self.seeds, threads);
            let effects = measure_each(&run, seat, &runs[&seat], &decisions, extent, &|| bar.add(1));
            bar.finish();
            worths =
                positions.into_iter().zip(effects).map(|(position, effect)| (position, effect.score.median)).collect();
        }
        Ok(KnownRun { name, scenario: judged.scenario.clone(), seat, seed: run.setup.seed, known, worths })
    }
}
