//! The summary of a run for people.

use super::tables::{Column, counted, in_unit, span, table, thousands, usd};
use crate::assess::score::{Judged, Judgement, total};
use crate::base::Ix;
use crate::scenario::compile::{Observable, Scenario, Seat, Service};
use crate::scenario::observable::Metric;
use crate::sim::World;
use crate::study::{Played, Recovery, RunResult, ScoreBand, percentiles, recoveries};

/// Most services outside the seat that a summary lists; `--json` has all.
const OTHERS_MAX: usize = 20;

/// A finished run in words: setup, objectives, recovery, hosts, effort.
pub fn text(played: &Played) -> String {
    let result = played.result();
    let mut text = head(played, &result);
    if let (Some(judgement), Some(seat)) = (&played.judgement, played.run.setup.cast.only_seat()) {
        text.push_str("\nObjectives\n");
        text.push_str(&objectives(&played.run.setup.scenario, seat, judgement, First::Yours));
    }
    text.push_str(&recovery(&played.run.world, played.run.setup.cast.only_seat()));
    text.push_str("\nHosts\n");
    text.push_str(&hosts(&result));
    let effort = [
        vec!["Hands on repair".to_owned(), in_unit(result.person_hours, "h")],
        vec!["Cost".to_owned(), usd(result.cost_usd)],
        vec!["Digest".to_owned(), result.digest.clone()],
    ];
    text.push('\n');
    text + &table(&[Column::Left; 2], &effort)
}

/// The band of a seat's score: `38 to 41 points`.
pub fn score_band(band: &ScoreBand) -> String {
    let row = |name: &str, scores: &[f64]| {
        let [low, median, high] = percentiles(scores).map(|points| format!("{points:.0}"));
        vec![format!("  {name}"), median, format!("{low} to {high}")]
    };
    let head =
        vec![format!("Score in {} runs each", thousands(band.luck.len() as u64)), "median".into(), "5–95 %".into()];
    let rows = [head, row("luck alone", &band.luck), row("luck and figures", &band.luck_and_figures)];
    format!("\n{}", table(&[Column::Left, Column::Right, Column::Right], &rows))
}

fn head(played: &Played, result: &RunResult) -> String {
    let setup = &played.run.setup;
    let docs = &setup.scenario.docs;
    let seat = setup.cast.only_seat().map_or("none, everybody follows the playbook".to_owned(), |seat| {
        let seat = &docs.seats[seat.position()];
        format!("{} ({})", seat.name, seat.id)
    });
    let playbook = docs.playbooks.iter().find(|playbook| playbook.id == result.playbook);
    let playbook_name = playbook.map_or("", |playbook| playbook.name.as_str());
    let length = span(u64::from(result.ticks));
    let rows = [
        vec!["Scenario".to_owned(), format!("{} ({})", docs.manifest.title, result.scenario)],
        vec!["Seat".to_owned(), seat],
        vec!["Playbook".to_owned(), format!("{playbook_name} ({})", result.playbook)],
        vec!["Seed".to_owned(), result.seed.to_string()],
        vec!["Simulated".to_owned(), format!("{length} in {:.1} s", played.sim_s)],
    ];
    table(&[Column::Left; 2], &rows)
}

/// The content of the first column of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    Yours,
    /// The run follows the reference playbook, so the reference has no column of its own.
    Reference,
}

/// The table of objectives with the score under it.
pub fn objectives(scenario: &Scenario, seat: Ix<Seat>, judgement: &Judgement, first: First) -> String {
    let observables = &scenario.seats[seat].objectives;
    let mut rows = vec![match first {
        First::Yours => ["", "Yours", "Do nothing", "Reference", "Par", "Points"].map(str::to_owned).to_vec(),
        First::Reference => ["", "As it was", "Do nothing", "Par", "Points"].map(str::to_owned).to_vec(),
    }];
    for (judged, observable) in judgement.objectives.iter().zip(observables) {
        let unit = demand_unit(scenario, observable);
        let name = if unit.is_empty() { judged.name.clone() } else { format!("{} ({unit})", judged.name) };
        let values =
            [judged.yours, judged.do_nothing, judged.reference, judged.par].map(|value| in_unit(value, &judged.unit));
        rows.push(score_row(name, values, judged.points, first));
    }
    let total = |value: fn(&Judged) -> f64| format!("{:.0}", total(&judgement.objectives, value));
    let totals = [
        total(|judged| judged.yours),
        total(|judged| judged.do_nothing),
        total(|judged| judged.reference),
        total(|judged| judged.par),
    ];
    rows.push(score_row("Score".to_owned(), totals, judgement.score, first));
    let mut columns = vec![Column::Right; rows[0].len()];
    columns[0] = Column::Left;
    table(&columns, &rows)
}

/// One row of the table. The reference is left out if it is the run itself.
fn score_row(name: String, values: [String; 4], points: f64, first: First) -> Vec<String> {
    let mut row = vec![format!("  {name}")];
    row.extend(values);
    if first == First::Reference {
        row.remove(3);
    }
    row.push(format!("{points:.0}"));
    row
}

/// The unit of demand, if all services of the scope have the same unit.
fn demand_unit<'a>(scenario: &'a Scenario, observable: &Observable) -> &'a str {
    if !matches!(observable.metric, Metric::Lost | Metric::Backlog | Metric::Demand | Metric::Served) {
        return "";
    }
    let mut units = observable.services.iter().map(|&service| scenario.service_doc(service).unit.as_str());
    let Some(first) = units.next() else { return "" };
    if units.all(|unit| unit == first) { first } else { "" }
}

fn recovery(world: &World, seat: Option<Ix<Seat>>) -> String {
    let scenario = world.scenario();
    let is_own = |recovery: &Recovery| {
        let organisation = scenario.services[recovery.service].organisation;
        seat.is_some_and(|seat| scenario.seats[seat].organisations.contains(&organisation))
    };
    let (own, others): (Vec<Recovery>, Vec<Recovery>) = worst_first(world).into_iter().partition(is_own);
    let mut text = String::new();
    if seat.is_some() {
        text.push_str("\nRecovery of your important services, worst first\n");
        text.push_str(&recovery_table(scenario, &own, own.len()));
        text.push_str("\nRecovery of others, worst first\n");
    } else {
        text.push_str("\nRecovery of important services, worst first\n");
    }
    text + &recovery_table(scenario, &others, OTHERS_MAX)
}

/// All recoveries: services that are not back first, then by minutes, then by name.
pub fn worst_first(world: &World) -> Vec<Recovery> {
    let mut all = recoveries(world);
    let order = |recovery: &Recovery| {
        let key = world.scenario().service_key(recovery.service);
        (recovery.is_back, std::cmp::Reverse(recovery.minutes), key)
    };
    all.sort_by_key(order);
    all
}

/// The first rows of a list of recoveries. Services that never fell are counted, not listed.
pub fn recovery_table(scenario: &Scenario, all: &[Recovery], rows_max: usize) -> String {
    let fallen: Vec<&Recovery> = all.iter().filter(|recovery| !recovery.is_back || 0 < recovery.minutes).collect();
    let row = |recovery: &&Recovery| {
        let time = span(u64::from(recovery.minutes));
        let time = if recovery.is_back { time } else { format!("not back after {time}") };
        vec![format!("  {}", service_name(scenario, recovery.service)), time]
    };
    let rows: Vec<Vec<String>> = fallen.iter().take(rows_max).map(row).collect();
    let mut text = table(&[Column::Left; 2], &rows);
    if rows_max < fallen.len() {
        text.push_str(&format!("  and {} more, sooner\n", fallen.len() - rows_max));
    }
    let untouched = (all.len() - fallen.len()) as u64;
    if 0 < untouched {
        text.push_str(&format!("  {} never fell below target\n", counted(untouched, "service", "services")));
    }
    text
}

/// `Delta: Flights`
pub fn service_name(scenario: &Scenario, service: Ix<Service>) -> String {
    let organisation = scenario.organisation_name(scenario.services[service].organisation);
    format!("{organisation}: {}", scenario.service_doc(service).name)
}

fn hosts(result: &RunResult) -> String {
    let hosts = &result.hosts;
    let rows: Vec<Vec<String>> = [
        ("Hosts of the scenario", hosts.total),
        ("Received the content", hosts.received),
        ("Stayed down after their reboots", hosts.crashed),
        ("Recovered by themselves, then or later", hosts.self_recovered),
        ("Repaired", hosts.repaired),
        ("Still down", hosts.still_down),
    ]
    .iter()
    .map(|(name, count)| vec![format!("  {name}"), thousands(*count)])
    .collect();
    table(&[Column::Left, Column::Right], &rows)
}
