//! `blackstart sensitivity`: which figures of a scenario move the recovery most.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure::Failure;
use super::progress::Bar;
use super::words::{Column, counted, table as columns};
use super::{memory, names, out};
use crate::base::table::{csv_text, json_text, marked};
use crate::base::words::figure;
use crate::batch::hindcast::{self, Plan as Measures};
use crate::batch::sensitivity::{Plan, Ranked, parameters, screen};
use crate::scenario::compile::Scenario;
use crate::scenario::observable::ObservableRef;
use crate::scenario::schema::{Measure, Statistic};
use crate::session::twins::REFERENCE;

/// Named measures of recovery.
const SERVICES: &str = "services";
const HOSTS: &str = "hosts";

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart sensitivity 2024-07-19
  blackstart sensitivity 2024-07-19 --measure hosts --trajectories 10
  blackstart sensitivity 2024-07-19 --measure 'lost(sector:airline)' --format csv > airlines.csv

Every figure, or the same figure of all organisations of a sector, is tried from one over its range to
its range: 1.1 for documented ones, 1.5 for estimated, 2 for invented. The effect is what the measure
changes by over the whole range, on average (method of Morris). Interplay is large where it depends on
the other figures or bends.

Measures: `services`, the mean time until an organisation's services are back for good; `hosts`, the
mean time that a host is down which was hit; or any observable at the end of the run.")]
pub struct SensitivityArgs {
    /// Scenario id or folder
    scenario: String,
    /// What is to be moved: services, hosts or an observable
    #[arg(long, value_name = "MEASURE", default_value = SERVICES)]
    measure: String,
    /// Ways through the figures; each costs a run for every figure and one more
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    trajectories: u32,
    /// Rows of the table; CSV and JSON have all
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// What goes to stdout
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// Decides the ways
    #[arg(long, default_value_t = 1, value_parser = names::seed)]
    seed: u64,
    /// Playbook id that everybody follows
    #[arg(long, value_name = "NAME", default_value = REFERENCE)]
    playbook: String,
    /// Threads; all cores where nobody says
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, those that matter most
    Table,
    /// One line for each parameter
    Csv,
    /// Everything
    Json,
}

/// What is measured, in words and as a program.
struct Wanted {
    words: String,
    unit: &'static str,
    measure: Measure,
    /// From the measure's own unit to `unit`.
    factor: f64,
}

/// Tries the figures and ranks them.
pub fn sensitivity(args: &SensitivityArgs) -> Result<(), Failure> {
    let scenario = names::scenario(&args.scenario)?;
    memory::check(&scenario, args.threads.map_or(1, |threads| threads.get() as u64))?;
    let playbook = match scenario.playbook_index(&args.playbook) {
        Some(index) => index as u32,
        None => {
            let names = scenario.docs.playbooks.iter().map(|playbook| playbook.id.as_str());
            return Err(Failure::unknown("playbook", &args.playbook, names));
        }
    };
    let wanted = wanted(&scenario, &args.measure)?;
    // Whether it can be measured is the scenario's, not the figures': they change no names.
    Measures::new(&scenario, [("measure", &wanted.measure)])?;
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = args.threads.map_or_else(cores, NonZeroUsize::get);
    let plan = Plan { trajectories: args.trajectories, threads, seed: args.seed };
    let count = parameters(&scenario.docs).len();
    let bar = Bar::new(plan.runs(count) as u64, true);
    bar.say("Varying figures");
    let value = |scenario: Arc<Scenario>, seed: u64| {
        let measures = Measures::new(&scenario, [("measure", &wanted.measure)]).expect("planned before");
        let setup = super::run::setup_of(scenario, seed, None, playbook);
        hindcast::run(&setup, &measures, &|_| {})[0] * wanted.factor
    };
    let ranked = screen(&scenario.docs, plan, &value, &|| bar.add(1))?;
    bar.finish();
    out::print(&match args.format {
        Format::Table => table(&scenario, args, &wanted, &ranked),
        Format::Csv => marked(csv(&ranked), args.bom),
        Format::Json => json(&scenario, args, &wanted, &ranked),
    })
}

/// Reads a measure's name or an observable.
fn wanted(scenario: &Scenario, text: &str) -> Result<Wanted, Failure> {
    let at = |tick| scenario.start.iso(tick);
    let (incident, end) = (at(scenario.incident), at(scenario.horizon));
    let hours = f64::from(scenario.horizon.since(scenario.incident)) / 60.0;
    let hosts = |metric: &str| format!("{metric}(all)");
    match text {
        SERVICES => Ok(Wanted {
            words: "mean time until an organisation's services are back for good".to_owned(),
            unit: "h",
            measure: Measure::Across(
                "all".to_owned(),
                Box::new(Measure::At("recovery_min(each)".to_owned(), end)),
                Statistic::Average,
                None,
            ),
            factor: 1.0 / 60.0,
        }),
        HOSTS => Ok(Wanted {
            words: "mean time that a host is down which was hit".to_owned(),
            unit: "h",
            measure: Measure::Ratio(
                Box::new(Measure::Mean(hosts("hosts_down"), incident, end.clone())),
                Box::new(Measure::At(hosts("hosts_received"), end)),
            ),
            factor: hours,
        }),
        text => {
            let name = ObservableRef::parse(text).map_err(|problem| {
                Failure::with_help(problem, format!("a measure is `{SERVICES}`, `{HOSTS}` or an observable"))
            })?;
            scenario.observable(&name).map_err(Failure::new)?;
            let measure = Measure::At(text.to_owned(), end);
            Ok(Wanted { words: format!("{text} at the end"), unit: name.metric.unit(), measure, factor: 1.0 })
        }
    }
}

fn table(scenario: &Scenario, args: &SensitivityArgs, wanted: &Wanted, ranked: &[Ranked]) -> String {
    const COLUMNS: [Column; 6] =
        [Column::Right, Column::Left, Column::Left, Column::Right, Column::Right, Column::Right];
    let head = ["", "figure", "tried from, to", "effect", "up by it", "interplay"].map(str::to_owned).to_vec();
    let shown = |value: f64| figure(value, wanted.unit);
    let row = |(at, of): (usize, &Ranked)| {
        let spread = of.parameter.spread();
        vec![
            format!("{}", at + 1),
            of.parameter.id.clone(),
            format!("÷{spread} to ×{spread}"),
            shown(of.effect.absolute),
            shown(of.effect.mean),
            shown(of.effect.deviation),
        ]
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(head).chain(ranked.iter().take(args.top).enumerate().map(row)).collect();
    let manifest = &scenario.docs.manifest;
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "What moves the {} ({})\n", wanted.words, wanted.unit);
    text.push_str(&columns(&COLUMNS, &rows));
    let tried = counted(ranked.len() as u64, "figure", "figures");
    let ways = counted(u64::from(args.trajectories), "trajectory", "trajectories");
    let _ = writeln!(text, "\nsensitivity: {tried} tried on {ways}, playbook {}", args.playbook);
    text
}

/// A row of the exports.
#[derive(Debug, Serialize)]
struct Line<'a> {
    rank: usize,
    figure: &'a str,
    standing: &'static str,
    /// Figures of the scenario that are scaled together.
    figures: usize,
    factor_from: f64,
    factor_to: f64,
    effect: f64,
    effect_mean: f64,
    effect_deviation: f64,
}

fn lines(ranked: &[Ranked]) -> impl Iterator<Item = Line<'_>> {
    ranked.iter().enumerate().map(|(at, of)| Line {
        rank: at + 1,
        figure: &of.parameter.id,
        standing: of.parameter.standing.word(),
        figures: of.parameter.figures,
        factor_from: 1.0 / of.parameter.spread(),
        factor_to: of.parameter.spread(),
        effect: of.effect.absolute,
        effect_mean: of.effect.mean,
        effect_deviation: of.effect.deviation,
    })
}

fn csv(ranked: &[Ranked]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    lines(ranked).for_each(|line| writer.serialize(line).expect("memory takes everything"));
    csv_text(&writer.into_inner().expect("memory takes everything"))
}

fn json(scenario: &Scenario, args: &SensitivityArgs, wanted: &Wanted, ranked: &[Ranked]) -> String {
    let report = serde_json::json!({
        "scenario": scenario.docs.manifest.id,
        "scenario_digest": scenario.digest.to_string(),
        "playbook": args.playbook,
        "measure": args.measure,
        "unit": wanted.unit,
        "trajectories": args.trajectories,
        "seed": args.seed,
        "parameters": lines(ranked).collect::<Vec<_>>(),
    });
    json_text(&report)
}
