//! `blackstart assign`: a task for homework, as a file that students get and markers use.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::judged_run::OutArgs;
use super::names;
use crate::base::table::json_text;
use crate::session::run::seed_from_challenge;

/// Version of the file.
pub const VERSION: u32 = 1;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart assign 2024-07-19 --seat airline-ops --seed 7 --out task.json
  blackstart assign 2024-07-19 --seat airline-ops --challenge \"heron 7\" --out task.json
  blackstart mark homework --task task.json

Students run the command in the file and hand in the run file from the folder that it names.")]
pub struct AssignArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seat that everybody plays
    #[arg(long, value_name = "ID")]
    seat: String,
    /// Seed of all random draws: everybody has the same world. 1 is the day as it was, any other number another morning
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    seed: u64,
    /// Words that give the seed, so that nobody can have played before they were known
    #[arg(long, value_name = "TEXT", conflicts_with = "seed", value_parser = names::challenge)]
    challenge: Option<String>,
    /// What students are asked to do
    #[arg(long, value_name = "TEXT", default_value = "Play the seat to its end and hand in the run file")]
    text: String,
    #[command(flatten)]
    out: OutArgs,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Version of the file.
    pub blackstart_task: u32,
    /// Scenario id and digest: a run belongs to exactly one content of its scenario.
    pub scenario: String,
    pub scenario_digest: String,
    /// Seat id.
    pub seat: String,
    pub seed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    pub text: String,
    /// The command that students run.
    pub command: String,
}

/// Writes the task.
pub fn assign(args: &AssignArgs) -> Result<(), Failure> {
    args.out.check()?;
    let scenario = names::scenario(&args.scenario)?;
    names::seat(&scenario, &args.seat)?;
    let seed = args.challenge.as_deref().map_or(args.seed, seed_from_challenge);
    let drawn = match &args.challenge {
        Some(words) => format!("--challenge \"{words}\""),
        None => format!("--seed {seed}"),
    };
    let task = Task {
        blackstart_task: VERSION,
        scenario: scenario.docs.manifest.id.clone(),
        scenario_digest: scenario.digest.to_string(),
        seat: args.seat.clone(),
        seed,
        challenge: args.challenge.clone(),
        text: args.text.clone(),
        command: format!("blackstart play {} --seat {} {drawn} --out homework", args.scenario, args.seat),
    };
    args.out.write(&json_text(&task))
}
