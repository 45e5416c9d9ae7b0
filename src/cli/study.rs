//! `blackstart study`: questions about a scenario that need many plays.

use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};

use super::failure::Failure;
use super::judged_run::{TextArgs, ThreadArgs};
use super::progress::Bar;
use super::{memory, names};
use crate::base::Ix;
use crate::report::{decisions as decision_report, novices as report};
use crate::scenario::compile::{Scenario, Seat};
use crate::study::decisions::{Options, Part, measure, steps};
use crate::study::novices::lessons;
use crate::study::uncertain;
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
    /// Are decisions decisions? What each mitigation is worth by time and situation, and what scripted players score
    Decisions(DecisionArgs),
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

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart study decisions 2024-07-19
  blackstart study decisions 2024-07-19 --seat airline-ops --seeds 1
  blackstart study decisions 2024-07-19 --part players --format csv --out players.csv

The study weighs every mitigation of a seat at several times, alone, beside history and beside par, and classes it: a
decision can be right and can be wrong. Scripted players then play each seat: everything at once, par at the first legal
minute or hours late, orders at random, only words, preparation alone, a dutiful novice. The first table has the values
to reach. docs/decisions.md explains the terms. Equal scenarios and options give equal output.")]
struct DecisionArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seats, by id (default: all)
    #[arg(long, value_name = "ID")]
    seat: Vec<String>,
    /// Seeds from 1 on
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=64))]
    seeds: u64,
    /// What is measured
    #[arg(long, value_enum, default_value_t = PartArg::All)]
    part: PartArg,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    text: TextArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PartArg {
    /// Pairs of seat and mitigation
    Pairs,
    /// Scripted players that need no measurement of pairs
    Players,
    /// Both, and the players that know what orders are worth
    All,
}

/// Answers a question.
pub fn study(args: &StudyArgs) -> Result<(), Failure> {
    match &args.question {
        Question::Novices(args) => novices(args),
        Question::Decisions(args) => decisions(args),
    }
}

fn novices(args: &NoviceArgs) -> Result<(), Failure> {
    let scenario = Arc::new(names::scenario(&args.scenario)?);
    args.text.out.check()?;
    uncertain::check(&scenario.docs)?;
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

fn decisions(args: &DecisionArgs) -> Result<(), Failure> {
    let scenario = Arc::new(names::scenario(&args.scenario)?);
    args.text.out.check()?;
    let part = match args.part {
        PartArg::Pairs => Part::Pairs,
        PartArg::Players => Part::Players,
        PartArg::All => Part::All,
    };
    uncertain::check(&scenario.docs)?;
    let seats = seats(&scenario, &args.seat)?;
    let options = Options { seats, seeds: args.seeds, threads: args.threads.count(), part };
    memory::check(&scenario, (WORLDS_EACH + 1) * options.threads as u64)?;
    let bar = Bar::new(steps(&options), !args.text.out.quiet);
    bar.say("Weighing decisions");
    let found = measure(&scenario, &options, &|| bar.add(1));
    bar.finish();
    args.text.write(
        || decision_report::table(&scenario, &found),
        || decision_report::csv(&scenario, &found),
        || decision_report::json(&scenario, &found),
    )
}

/// The named seats, or all.
fn seats(scenario: &Scenario, named: &[String]) -> Result<Vec<Ix<Seat>>, Failure> {
    if named.is_empty() {
        return Ok(scenario.seats.indices().collect());
    }
    named.iter().map(|id| names::seat(scenario, id)).collect()
}
