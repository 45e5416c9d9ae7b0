//! `blackstart sensitivity`: ranks the figures of a scenario by their effect on the recovery.

use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::Bar;
use super::{memory, names, out};
use crate::base::table::marked;
use crate::report::sensitivity::{self as report, Frame};
use crate::scenario::compile::Scenario;
use crate::scenario::schema::REFERENCE;
use crate::study::parallel;
use crate::study::sensitivity::{HOSTS, MeasureError, RecoveryMeasure, SERVICES, Screening, groups, screen};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart sensitivity 2024-07-19
  blackstart sensitivity 2024-07-19 --measure hosts --trajectories 10
  blackstart sensitivity 2024-07-19 --measure 'lost(sector:airline)' --format csv > airlines.csv

Every figure, or the same figure of all organisations of a sector, moves through its range: by factors
from 1/r to r, where r is 1.1 for documented figures, 1.5 for estimated and 2 for invented ones, or through
the range that uncertainty.ron gives. A share moves by factors on its odds. The effect is the mean change of
the measure over the whole range (method of Morris). Interplay is large where the effect depends on other
figures or is not linear.

Measures: `services`, the mean time until an organisation's services are back for good; `hosts`, the
mean time that a host is down after it was hit; or any observable at the end of the run.")]
pub struct SensitivityArgs {
    /// Scenario id or folder
    scenario: String,
    /// The measure that figures move: services, hosts or an observable
    #[arg(long, value_name = "MEASURE", default_value = SERVICES)]
    measure: String,
    /// Trajectories through the figures; each needs one run for every figure, and one more
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    trajectories: u32,
    /// Rows of the table; CSV and JSON have all
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// Seed of the trajectories
    #[arg(long, default_value_t = 1, value_parser = names::seed)]
    seed: u64,
    /// Playbook id that everybody follows
    #[arg(long, value_name = "NAME", default_value = REFERENCE)]
    playbook: String,
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the figures with the largest effects
    Table,
    /// One line for each figure
    Csv,
    /// Everything
    Json,
}

/// Varies the figures and ranks them.
pub fn sensitivity(args: &SensitivityArgs) -> Result<(), Failure> {
    let scenario = names::scenario(&args.scenario)?;
    memory::check(&scenario, args.threads.map_or_else(parallel::cores, NonZeroUsize::get) as u64)?;
    let playbook = names::own_playbook(&scenario, &args.playbook)?;
    let measure = RecoveryMeasure::parse(&scenario, &args.measure).map_err(measure_failure)?;
    let threads = args.threads.map_or_else(parallel::cores, NonZeroUsize::get);
    let screening = Screening { trajectories: args.trajectories, threads, seed: args.seed };
    let count = groups(&scenario.docs).list.len();
    let bar = Bar::new(screening.runs(count) as u64, true);
    bar.say("Varying figures");
    let value = |scenario: Arc<Scenario>, seed: u64| measure.value(scenario, seed, playbook);
    let ranked = screen(&scenario.docs, screening, &value, &|| bar.add(1))?;
    bar.finish();
    let frame = Frame {
        scenario: &scenario,
        playbook: &args.playbook,
        measure_name: &args.measure,
        measure: &measure,
        trajectories: args.trajectories,
        seed: args.seed,
    };
    out::print(&match args.format {
        Format::Table => report::table(&frame, &ranked, args.top),
        Format::Csv => marked(report::csv(&ranked), args.bom),
        Format::Json => report::json(&frame, &ranked),
    })
}

fn measure_failure(error: MeasureError) -> Failure {
    match error {
        MeasureError::Unknown(problem) => {
            Failure::with_help(problem, format!("a measure is `{SERVICES}`, `{HOSTS}` or an observable"))
        }
        MeasureError::Scope(problem) => Failure::new(problem),
        MeasureError::Empty(found) => found.into(),
    }
}
