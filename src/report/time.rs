//! Where the time went: tables for people, CSV with a line for each service, run and cause, JSON with everything.
//!
//! Equal runs make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::names::time;
use super::tables::{Column, csv_from_rows, span, table as columns};
use crate::assess::time::{
    Cause, Compared, Link, Minutes, ServiceTime, Stretch, Strip, TimeTable, occurring, way_words,
};
use crate::base::Ix;
use crate::base::table::json_text;
use crate::base::words::percent;
use crate::scenario::compile::{Scenario, Service};
use crate::session::Setup;

/// Ways to roots that the table shows for a service.
const WAYS_MAX: usize = 5;
/// The three runs, as programs read them.
const RUNS: [&str; 3] = ["yours", "history", "par"];

/// For each service its minutes by cause in three runs, and the ways to the roots in the run itself.
pub fn table(setup: &Setup, times: &TimeTable) -> String {
    let scenario = &setup.scenario;
    let manifest = &scenario.docs.manifest;
    let seat = &scenario.docs.seats[times.seat.position()];
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} ({}), seed {}, times in UTC", seat.name, seat.id, setup.seed);
    let _ = writeln!(
        text,
        "\nTime below target level up to {}, divided by what held each service back in every minute.\nIn each row: the run, \
         the day itself (history), the best known decisions (par).",
        time(scenario, times.until)
    );
    if times.services.is_empty() {
        text.push_str("\nThe seat's organisations have no important service.\n");
    }
    for compared in &times.services {
        text.push_str(&service_text(scenario, compared));
    }
    text
}

fn service_text(scenario: &Scenario, compared: &Compared) -> String {
    let service = compared.yours.service;
    let mut text = format!("\n{}\n", full_name(scenario, service));
    let runs = compared.runs();
    if runs.iter().all(|run| run.below_min() == 0) {
        return text + "  at its target level all the time\n";
    }
    let minutes = compared.minutes();
    let row = |name: &str, values: [u64; 3]| {
        let mut row = vec![format!("  {name}")];
        row.extend(values.map(|value| if value == 0 { "–".to_owned() } else { span(value) }));
        row
    };
    let mut rows = vec![vec![String::new(), "yours".to_owned(), "history".to_owned(), "par".to_owned()]];
    rows.extend(
        occurring(&minutes)
            .into_iter()
            .map(|cause| row(cause.words(), [0, 1, 2].map(|run| minutes[run][cause as usize]))),
    );
    rows.push(row("below target in all", runs.map(|run| run.below_min().into())));
    rows.push(row("outside tolerance", runs.map(|run| run.outside_min().into())));
    if runs.iter().any(|run| 0 < run.through_needs()) {
        rows.push(row("through services that it needs", runs.map(ServiceTime::through_needs)));
    }
    text.push_str(&columns(&[Column::Left, Column::Right, Column::Right, Column::Right], &rows));
    text + &ways_text(scenario, &compared.yours)
}

/// The longest ways to roots in the run itself.
fn ways_text(scenario: &Scenario, yours: &ServiceTime) -> String {
    let ways = yours.ways();
    if ways.is_empty() {
        return String::new();
    }
    let row = |way: &Stretch| {
        let share = f64::from(way.below_min) / f64::from(yours.below_min());
        let period = format!("{} to {}", time(scenario, way.from), time(scenario, way.until));
        let (minutes, way) = (span(way.below_min.into()), way_words(scenario, yours.service, &way.path, way.root));
        vec![format!("  {minutes}"), percent(share), period, way]
    };
    let rows: Vec<Vec<String>> = ways.iter().take(WAYS_MAX).map(row).collect();
    let head = "  The largest part led to (yours; in all, between the first and the last such minute)\n";
    let mut text = head.to_owned() + &columns(&[Column::Right, Column::Right, Column::Left, Column::Left], &rows);
    if WAYS_MAX < ways.len() {
        let rest: u32 = ways[WAYS_MAX..].iter().map(|way| way.below_min).sum();
        let _ = writeln!(text, "  and {} other ways in {}", ways.len() - WAYS_MAX, span(rest.into()));
    }
    text
}

/// `Flights (Delta)`
fn full_name(scenario: &Scenario, service: Ix<Service>) -> String {
    let organisation = scenario.services[service].organisation;
    format!("{} ({})", scenario.service_doc(service).name, scenario.organisation_name(organisation))
}

#[derive(Serialize)]
struct Row<'a> {
    service: String,
    run: &'a str,
    cause: &'a str,
    below_target_min: u64,
    outside_tolerance_min: u64,
}

/// One line for each service, run and cause, causes without a minute included.
pub fn csv(scenario: &Scenario, times: &TimeTable) -> String {
    let mut rows = Vec::new();
    for compared in &times.services {
        for (run, name) in compared.runs().into_iter().zip(RUNS) {
            let (below, outside) = (run.below(), run.outside());
            rows.extend(Cause::ALL.into_iter().map(|cause| Row {
                service: scenario.service_key(run.service),
                run: name,
                cause: cause.id(),
                below_target_min: below[cause as usize],
                outside_tolerance_min: outside[cause as usize],
            }));
        }
    }
    csv_from_rows(rows)
}

/// One object: for each service and run the minutes by cause, the strip and the stretches.
pub fn json(setup: &Setup, times: &TimeTable) -> String {
    let scenario = &setup.scenario;
    let service = |compared: &Compared| {
        let mut value = json!({ "service": scenario.service_key(compared.yours.service) });
        for (run, name) in compared.runs().into_iter().zip(RUNS) {
            value[name] = run_value(scenario, run);
        }
        value
    };
    json_text(&json!({
        "scenario": scenario.docs.manifest.id,
        "scenario_digest": scenario.digest.to_string(),
        "seat": scenario.docs.seats[times.seat.position()].id,
        "seed": setup.seed,
        "until": times.until.0,
        "causes": Cause::ALL.map(Cause::id),
        "services": times.services.iter().map(service).collect::<Vec<Value>>(),
    }))
}

fn run_value(scenario: &Scenario, run: &ServiceTime) -> Value {
    let by_cause = |minutes: Minutes| -> Value {
        let named = Cause::ALL.into_iter().map(|cause| (cause.id().to_owned(), minutes[cause as usize].into()));
        Value::Object(named.collect())
    };
    let stretch = |stretch: &Stretch| {
        let key = |link: &Link| match *link {
            Link::Service(service) => scenario.service_key(service),
            Link::Fleet(fleet) => scenario.fleet_key(fleet),
        };
        json!({
            "from": stretch.from.0,
            "until": stretch.until.0,
            "below_target_min": stretch.below_min,
            "path": stretch.path.iter().map(key).collect::<Vec<_>>(),
            "root": stretch.root.id(),
        })
    };
    let strip = |strip: &Strip| {
        json!({
            "from": strip.from.0,
            "until": strip.until.0,
            "below_target_min": strip.below_min,
            "outside_tolerance_min": strip.outside_min,
            "parts_ppm": strip.held.parts,
        })
    };
    json!({
        "below_target_min": run.below_min(),
        "outside_tolerance_min": run.outside_min(),
        "through_needs_min": run.through_needs(),
        "below_target_by_cause": by_cause(run.below()),
        "outside_tolerance_by_cause": by_cause(run.outside()),
        "strip": run.strips.iter().map(strip).collect::<Vec<Value>>(),
        "stretches": run.stretches().iter().map(stretch).collect::<Vec<_>>(),
    })
}
