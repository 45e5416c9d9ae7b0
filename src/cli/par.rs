//! `blackstart par`: searches the orders of par for a seat.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use super::failure::Failure;
use super::judged_run::{OutArgs, ThreadArgs};
use super::progress::Bar;
use super::{memory, names};
use crate::report::par as report;
use crate::study::decisions::{SearchOptions, search};
use crate::study::uncertain;
use crate::study::worth::WORLDS_EACH;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart par 2024-07-19 --seat airline-ops
  blackstart par 2024-07-19 --seat bank-ops --seeds 4 --rounds 2 --out bank.ron
  blackstart run 2024-07-19 --seat bank-ops --playbook bank.ron

The search adds the order that helps most, leaves out what helps nothing and moves orders in time, as long as a round finds
something. It gives only orders that the seat could give at that time, and judges a plan by the harm that is left as the mean
over several seeds. The result is a playbook; its head says what it leaves on other seeds. Equal scenarios, seeds and rounds
give equal plans; --minutes stops earlier with the best plan so far.")]
pub struct ParArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seat, by id
    #[arg(long, value_name = "ID")]
    seat: String,
    /// Seeds from 1 on over which a plan is judged
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=256))]
    seeds: u64,
    /// Rounds of the search at most
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Minutes of the search at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    minutes: Option<u64>,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// Searches and writes the playbook.
pub fn par(args: &ParArgs) -> Result<(), Failure> {
    let scenario = Arc::new(names::scenario(&args.scenario)?);
    args.out.check()?;
    let seat = names::seat(&scenario, &args.seat)?;
    uncertain::check(&scenario.docs)?;
    let options = SearchOptions { seat, seeds: args.seeds, rounds: args.rounds, threads: args.threads.count() };
    memory::check(&scenario, WORLDS_EACH * args.seeds)?;
    let bar = Bar::new(u64::from(args.rounds) * 3, !args.out.quiet);
    bar.say("Searching a plan");
    let until = args.minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let found = search(&scenario, options, &mut |round, left| {
        bar.add(1);
        if !args.out.quiet {
            bar.aside(|| eprintln!("Round {round}: {:.1} % of the harm is left", left * 100.0));
        }
        match until {
            Some(until) if until < Instant::now() => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    bar.finish();
    args.out.write(&report::playbook(&scenario, seat, &found, args.seeds))
}
