//! `blackstart worth`: what each decision of a run was worth.

use std::ops::ControlFlow;

use clap::Args;

use super::failure::Failure;
use super::judged_run::{RunArgs, TextArgs, ThreadArgs};
use super::memory;
use super::progress::Bar;
use crate::base::Ix;
use crate::report::worth::{self as report, Frame};
use crate::scenario::compile::Seat;
use crate::session::Run;
use crate::study::uncertain::{DRAWS_SEED, Draws};
use crate::study::worth::{
    Arrival, Arrive, Cancelled, Options, WORLDS_EACH, Worth, decisions_of_seat, measure_worth, steps_max,
};

/// Most seeds on which decisions are measured.
pub const SEEDS_MAX: u64 = 100_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart worth results/2024-07-19-airline-ops-par-1.run
  blackstart worth ada.run --seeds 100 --format csv --out worth.csv
  blackstart worth ada.run --uncertain                  with figures drawn from their ranges, too
  blackstart worth team.run --seat airline-ops          for a run with several seats
  blackstart worth ada.run --scenario my-scenario       for a scenario in a folder of your own

The worth of a decision is the score of the run with it minus the score of the same run without it. Every comparison is
made on equal seeds, so luck cannot tell two runs apart; the band says how the worth varies over seeds. The same decisions
on other seeds tell luck from skill. docs/worth.md has the rules. Equal run files and options give equal output.")]
pub struct WorthArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Seeds on which everything is compared: that of the run and the next N − 1
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    seeds: u64,
    /// Draw the figures of the scenario from their ranges for every further seed, so that bands show doubt about figures as
    /// well as luck
    #[arg(long)]
    uncertain: bool,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    text: TextArgs,
}

/// Replays the run, measures its decisions and reports.
pub fn worth(args: &WorthArgs) -> Result<(), Failure> {
    let judged = args.run.open()?;
    args.text.out.check()?;
    let threads = args.threads.count();
    memory::check(&judged.scenario, WORLDS_EACH * threads as u64)?;
    let drawn = args.uncertain.then(|| Draws::new(&judged.scenario.docs, args.seeds.max(2) - 1, DRAWS_SEED));
    let draws = drawn.transpose()?;
    let run = judged.replay(args.text.out.quiet)?;
    let seat = judged.seat;
    let options = Options { seeds: args.seeds, threads, figures: draws.as_ref() };
    let worth = with_bar(&run, seat, options, args.text.out.quiet, |arrive| measure_worth(&run, seat, options, arrive));
    judged.check_score(&worth.judgement)?;
    let frame = Frame { scenario: &judged.scenario, seed: run.setup.seed };
    args.text.write(|| report::table(&frame, &worth), || report::csv(&frame, &worth), || report::json(&frame, &worth))
}

/// Measures with a bar, which nobody stops.
pub fn with_bar(
    run: &Run,
    seat: Ix<Seat>,
    options: Options<'_>,
    is_quiet: bool,
    measure: impl FnOnce(Arrive<'_>) -> Result<Worth, Cancelled>,
) -> Worth {
    let bar = Bar::new(steps_max(decisions_of_seat(run, seat).len(), options), !is_quiet);
    bar.say("Weighing decisions");
    let worth = measure(&|arrival| {
        if matches!(arrival, Arrival::Step) {
            bar.add(1);
        }
        ControlFlow::Continue(())
    });
    bar.finish();
    worth.expect("nobody stops the measurement")
}
