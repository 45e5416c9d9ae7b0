//! `blackstart generate`: writes a scenario of any size.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::names;
use crate::report::tables::{counted, thousands};
use crate::scenario::compile::Scenario;
use crate::scenario::load::{SourceFiles, load};
use crate::synth::folder;
use crate::synth::generate::{self, ORGANISATIONS_MAX};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart generate --organisations 1000 --seed 1 --out a-thousand
  blackstart run a-thousand --playbook do-nothing
  blackstart generate --organisations 50000 --out the-world     some 40 million hosts

The folder must be new or empty. Equal numbers and seeds give equal files.")]
pub struct GenerateArgs {
    /// Organisations, from 1 to 1,000,000
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = organisations)]
    organisations: u32,
    /// Seed of the world, a whole number from 0 up
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = names::seed)]
    seed: u64,
    /// New folder for the scenario
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Reads a number of organisations.
fn organisations(text: &str) -> Result<u32, String> {
    let count = text.parse().ok().filter(|count| (1..=ORGANISATIONS_MAX).contains(count));
    count.ok_or_else(|| {
        format!("a world has a whole number of organisations from 1 to {}", thousands(u64::from(ORGANISATIONS_MAX)))
    })
}

/// Writes the folder, reads it back and prints its contents in numbers.
pub fn generate(args: &GenerateArgs) -> Result<(), Failure> {
    let GenerateArgs { organisations, seed, out } = args;
    let docs = generate::documents(*organisations, *seed);
    let head = format!("// blackstart generate --organisations {organisations} --seed {seed}\n");
    folder::write(out, &docs, &head)?;
    let scenario = Scenario::compile(load(&SourceFiles::read(out)?)?);
    let number = |count: usize, one: &str, many: &str| counted(count as u64, one, many);
    let parts = [
        number(scenario.organisations.len(), "organisation", "organisations"),
        format!(
            "{} with {}",
            number(scenario.fleets.len(), "fleet", "fleets"),
            counted(u64::from(scenario.hosts), "host", "hosts")
        ),
        number(scenario.services.len(), "service", "services"),
    ];
    super::out::print(&format!("ok: {}: {}\n", out.display(), parts.join(", ")))
}
