//! `blackstart study`: questions about a scenario that need many plays.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::judged_run::{TextArgs, ThreadArgs};
use super::progress::Bar;
use super::{memory, names};
use crate::base::Ix;
use crate::report::novices as report;
use crate::scenario::compile::{Scenario, Seat};
use crate::study::novices::lessons;
use crate::study::worth::WORLDS_EACH;

#[derive(Debug, Args)]
pub struct StudyArgs {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// How much do scripted novices gain by the debrief's advice?
    Novices(NoviceArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart study novices 2024-07-19
  blackstart study novices 2024-07-19 --seat airline-ops --seeds 2 --format csv

A scripted novice answers each urgent message with the first order that its author named, reads the debrief's advice
(at most three orders to give, to give sooner or to leave out) and plays again on the same seed. The table has the
scores of both plays. docs/worth.md tells how advice is found.")]
struct NoviceArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seats, by id (default: all)
    #[arg(long, value_name = "ID")]
    seat: Vec<String>,
    /// Seeds from 1 on
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Seeds on which the first play is measured
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    worth_seeds: u64,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    text: TextArgs,
}

/// Answers a question.
pub fn study(args: &StudyArgs) -> Result<(), Failure> {
    match &args.question {
        Question::Novices(args) => novices(args),
    }
}

fn novices(args: &NoviceArgs) -> Result<(), Failure> {
    let scenario = Arc::new(names::scenario(&args.scenario)?);
    args.text.out.check()?;
    let seats = seats(&scenario, &args.seat)?;
    let threads = args.threads.count();
    memory::check(&scenario, (WORLDS_EACH + 1) * threads as u64)?;
    let bar = Bar::new(seats.len() as u64 * args.seeds, !args.text.out.quiet);
    bar.say("Novices play twice");
    let lessons = lessons(&scenario, &seats, (args.seeds, args.worth_seeds), threads, &|| bar.add(1));
    bar.finish();
    args.text.write(
        || report::table(&scenario, &lessons),
        || report::csv(&scenario, &lessons),
        || report::json(&scenario, &lessons),
    )
}

/// The named seats, or all.
fn seats(scenario: &Scenario, named: &[String]) -> Result<Vec<Ix<Seat>>, Failure> {
    if named.is_empty() {
        return Ok(scenario.seats.indices().collect());
    }
    named.iter().map(|id| names::seat(scenario, id)).collect()
}
