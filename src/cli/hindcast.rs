//! `blackstart hindcast`: compares many runs with published numbers.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::Bar;
use super::{memory, names, out};
use crate::base::table::marked;
use crate::files::{Overwrite, check_folder, write_atomic};
use crate::report::hindcast::{self as report, Frame, PanelValues, Panels, tables};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::load::{SourceFile, load_targets};
use crate::scenario::schema::{Measure, REFERENCE, Target};
use crate::session::run::Setup;
use crate::study::hindcast::{Hindcast, Schedule, measure, measure_draws};
use crate::study::uncertain::Draws;
use crate::study::{parallel, setup_by_playbook};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart hindcast 2024-07-19                          the scenario's own targets, 100 seeds
  blackstart hindcast my-scenario --targets more.ron --seeds 20
  blackstart hindcast 2024-07-19 --format csv > hindcast.csv
  blackstart hindcast 2024-07-19 --picture hindcast.svg
  blackstart hindcast 2024-07-19 --uncertain 200          bands of luck, and of luck and figures

A target is hit if the median over the seeds lies within its tolerance. A miss is a finding, not a
mistake: the exit status is 0.

With --uncertain, figures that are not documented are drawn from their ranges, too, and the share of published
numbers inside the band is told: about nine in ten should be. uncertainty.ron of the scenario gives ranges and
headline numbers; docs/uncertainty.md has the rules.")]
pub struct HindcastArgs {
    /// Scenario id or folder
    scenario: String,
    /// File of targets that replaces the scenario's targets.ron
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// Runs, with the seeds 1 to N
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    seeds: u64,
    /// Draw the figures of the scenario N times as well as luck, in N more runs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    uncertain: Option<u64>,
    /// Seed of the draws of figures
    #[arg(long, value_name = "N", default_value_t = 1, requires = "uncertain", value_parser = names::seed)]
    draws_seed: u64,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// Draw published and simulated numbers as SVG; an existing file is replaced
    #[arg(long, value_name = "FILE", value_parser = svg)]
    picture: Option<PathBuf>,
    /// Playbook id that everybody follows, or a RON file with one playbook
    #[arg(long, value_name = "NAME|FILE", default_value = REFERENCE)]
    playbook: String,
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

const SEEDS_MAX: u64 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, by topic
    Table,
    /// One line for each target
    Csv,
    /// Everything, with the value of every seed
    Json,
}

fn svg(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_svg = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
    if is_svg { Ok(path) } else { Err("the picture is drawn as SVG; name it like `hindcast.svg`".to_owned()) }
}

/// Runs the seeds and compares.
pub fn hindcast(args: &HindcastArgs) -> Result<(), Failure> {
    let mut scenario = names::scenario(&args.scenario)?;
    let targets = wanted_targets(&mut scenario, args)?;
    memory::check(&scenario, args.threads.map_or_else(parallel::cores, NonZeroUsize::get) as u64)?;
    let playbook = names::playbook(&mut scenario, &args.playbook)?;
    if let Some(path) = &args.picture {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::new(format!("there is no folder for the picture: {}", folder.display())));
        }
        // The check comes before the runs, which may take minutes.
        check_folder(folder)?;
    }
    let panels = match args.picture {
        Some(_) => Panels::from_targets(&scenario, &targets),
        None => Panels::default(),
    };
    let asked: Vec<(&str, &Measure)> =
        targets.iter().map(|target| (target.id.as_str(), &target.measure)).chain(panels.measures()).collect();
    let schedule = Schedule::new(&scenario, asked.iter().copied())?;
    let scenario = Arc::new(scenario);
    let draws = args.uncertain.map(|count| Draws::new(&scenario.docs, count, args.draws_seed)).transpose()?;
    let setup = setup_by_playbook(scenario.clone(), 1, None, playbook);
    let (mut luck, mut drawn) = simulate(&setup, &schedule, draws.as_ref(), &asked, args)?;
    let luck_of_panels = luck.split_off(targets.len());
    let drawn_of_panels = drawn.as_mut().map(|values| values.split_off(targets.len()));
    let mut found = Hindcast::new(&targets, luck);
    if let Some(values) = &drawn {
        found.add_draws(&targets, values, &scenario.docs.uncertainty.headlines);
    }
    let playbook = scenario.docs.playbooks[playbook.position()].id.clone();
    let frame = Frame { scenario: &scenario, playbook, seeds: args.seeds, draws: args.uncertain };
    if let Some(path) = &args.picture {
        let title = format!("{}: published and simulated", scenario.docs.manifest.title);
        let under = tables::what_was_run(&frame);
        let values = PanelValues { luck: &luck_of_panels, drawn: drawn_of_panels.as_deref() };
        let svg = report::svg(&scenario, &found, &panels, values, &report::Head { title, under });
        write_atomic(path, svg.as_bytes(), Overwrite::Allowed)?;
    }
    out::print(&match args.format {
        Format::Table => tables::table(&frame, &found),
        Format::Csv => marked(tables::csv(&frame, &found), args.bom),
        Format::Json => tables::json(&frame, &found),
    })
}

/// The targets of the given file, or of the scenario. The scenario gets the facts that they bring, and a later end if
/// their measures reach beyond its own.
fn wanted_targets(scenario: &mut Scenario, args: &HindcastArgs) -> Result<Vec<Target>, Failure> {
    let (targets, until) = match &args.targets {
        None => (scenario.docs.targets.clone(), scenario.targets_until()),
        Some(path) => {
            let file = SourceFile::alone(path, "targets.ron").map_err(|problem| Diagnostics::from(*problem))?;
            let file = load_targets(&file, &scenario.docs)?;
            scenario.add_facts(file.sources);
            let until = file.until.map(|until| scenario.start.tick_of(&until).expect("checked time"));
            (file.targets, until.unwrap_or(scenario.horizon))
        }
    };
    if targets.is_empty() {
        return Err(match &args.targets {
            Some(path) => Failure::new(format!("the file has no targets: {}", path.display())),
            None => Failure::with_help(
                format!("the scenario `{}` has no targets to compare with", scenario.docs.manifest.id),
                "write a targets.ron in its folder, or give a file with --targets",
            ),
        });
    }
    if scenario.horizon < until {
        *scenario = scenario.ending_at(until);
    }
    Ok(targets)
}

/// The values of all measures in runs that differ by luck, and in runs with drawn figures.
type Measured = (Vec<Vec<f64>>, Option<Vec<Vec<f64>>>);

fn simulate(
    setup: &Setup,
    schedule: &Schedule,
    draws: Option<&Draws>,
    asked: &[(&str, &Measure)],
    args: &HindcastArgs,
) -> Result<Measured, Failure> {
    let threads = args.threads.map_or_else(parallel::cores, NonZeroUsize::get);
    let bar = Bar::new(u64::from(schedule.until().0) * (args.seeds + args.uncertain.unwrap_or(0)), true);
    bar.say("Simulating");
    let luck = measure(setup, schedule, args.seeds, threads, &|ticks| bar.add(ticks));
    bar.say("Simulating draws");
    let drawn = draws.map(|draws| measure_draws(draws, setup, asked, threads, &|ticks| bar.add(ticks)));
    bar.finish();
    Ok((luck, drawn.transpose()?))
}
