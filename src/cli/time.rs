//! `blackstart time`: what held the services of a seat back, minute by minute.

use clap::Args;

use super::failure::Failure;
use super::judged_run::{RunArgs, TextArgs};
use crate::assess::time::TimeTable;
use crate::report::time as report;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart time results/2024-07-19-airline-ops-par-1.run
  blackstart time ada.run --format csv --out time.csv
  blackstart time ada.run --format json                 with the strip over time and the way to the root of every minute
  blackstart time team.run --seat airline-ops           for a run with several seats
  blackstart time ada.run --scenario my-scenario        for a scenario in a folder of your own

For each important service of the seat: the minutes below its target level, divided by what held it back, down to the root
behind the services that it needs, in the run, on the day (history) and under the best known decisions (par). The parts
add up to the minutes. docs/time.md has the rules. Equal run files give equal output.")]
pub struct TimeArgs {
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    text: TextArgs,
}

/// Replays the run, divides its time and reports.
pub fn time(args: &TimeArgs) -> Result<(), Failure> {
    let judged = args.run.open()?;
    args.text.out.check()?;
    let run = judged.replay(args.text.out.quiet)?;
    let times = TimeTable::new(&run, judged.seat, &judged.comparisons(&run, args.text.out.quiet)?);
    args.text.write(
        || report::table(&run.setup, &times),
        || report::csv(&run.setup.scenario, &times),
        || report::json(&run.setup, &times),
    )
}
