//! The summary of a run for people.

use super::run::Played;
use super::words::{Column, counted, in_unit, span, table, thousands, usd};
use crate::assess::score::{ObjectiveScore, Score, points};
use crate::batch::{Outcome, Recovery, recoveries};
use crate::scenario::compile::Scenario;
use crate::scenario::observable::Metric;
use crate::sim::World;

/// Services of others that a summary names; `--json` has all.
const OTHERS_MAX: usize = 20;

/// Everything a person wants to know of a finished run.
pub fn text(played: &Played) -> String {
    let outcome = &played.outcome;
    let mut text = head(played);
    if let Some(score) = &played.score {
        text.push_str("\nObjectives\n");
        text.push_str(&objectives(&played.run.setup.scenario, played.run.setup.cast.only_seat(), score, First::Yours));
    }
    text.push_str(&recovery(&played.run.world, played.run.setup.cast.only_seat()));
    text.push_str("\nHosts\n");
    text.push_str(&hosts(outcome));
    let effort = [
        vec!["Hands on repair".to_owned(), in_unit(outcome.person_hours, "h")],
        vec!["Cost".to_owned(), usd(outcome.cost_usd)],
        vec!["Digest".to_owned(), outcome.digest.clone()],
    ];
    text.push('\n');
    text + &table(&[Column::Left; 2], &effort)
}

fn head(played: &Played) -> String {
    let (outcome, setup) = (&played.outcome, &played.run.setup);
    let docs = &setup.scenario.docs;
    let seat = setup.cast.only_seat().map_or("none, everybody follows the playbook".to_owned(), |seat| {
        let seat = &docs.seats[seat as usize];
        format!("{} ({})", seat.name, seat.id)
    });
    let playbook = docs.playbooks.iter().find(|playbook| playbook.id == outcome.playbook);
    let playbook_name = playbook.map_or("", |playbook| playbook.name.as_str());
    let length = span(u64::from(outcome.ticks));
    let rows = [
        vec!["Scenario".to_owned(), format!("{} ({})", docs.manifest.title, outcome.scenario)],
        vec!["Seat".to_owned(), seat],
        vec!["Playbook".to_owned(), format!("{playbook_name} ({})", outcome.playbook)],
        vec!["Seed".to_owned(), outcome.seed.to_string()],
        vec!["Simulated".to_owned(), format!("{length} in {:.1} s", played.sim_s)],
    ];
    table(&[Column::Left; 2], &rows)
}

/// What the first column of values is, and whether the reference stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    Yours,
    /// The run is the reference itself.
    Reference,
}

/// The table of objectives with the score under it.
pub fn objectives(scenario: &Scenario, seat: Option<u32>, score: &Score, first: First) -> String {
    let observables = seat.map(|seat| scenario.seats[seat as usize].objectives.as_slice()).unwrap_or_default();
    let mut rows = vec![match first {
        First::Yours => ["", "Yours", "Do nothing", "Reference", "Par", "Points"].map(str::to_owned).to_vec(),
        First::Reference => ["", "As it was", "Do nothing", "Par", "Points"].map(str::to_owned).to_vec(),
    }];
    for (at, of) in score.objectives.iter().enumerate() {
        let unit = observables.get(at).map_or("", |observable| unit_of(scenario, &observable.services, of));
        let name = if unit.is_empty() { of.name.clone() } else { format!("{} ({unit})", of.name) };
        let values = [of.yours, of.do_nothing, of.reference, of.par].map(|value| in_unit(value, of.metric.unit()));
        rows.push(score_row(name, values, of.points, first));
    }
    let total = |pick: fn(&ObjectiveScore) -> f64| {
        let points = |of: &ObjectiveScore| points(pick(of), of.do_nothing, of.par) * of.weight;
        format!("{:.0}", score.objectives.iter().map(points).sum::<f64>())
    };
    let totals = [total(|of| of.yours), total(|of| of.do_nothing), total(|of| of.reference), total(|of| of.par)];
    rows.push(score_row("Score".to_owned(), totals, score.points, first));
    let mut columns = vec![Column::Right; rows[0].len()];
    columns[0] = Column::Left;
    table(&columns, &rows)
}

/// Yours, do-nothing, reference and par; the reference is left out where it is the run itself.
fn score_row(name: String, values: [String; 4], points: f64, first: First) -> Vec<String> {
    let mut row = vec![format!("  {name}")];
    row.extend(values);
    if first == First::Reference {
        row.remove(3);
    }
    row.push(format!("{points:.0}"));
    row
}

/// What units of demand are, where all services of the scope count the same.
fn unit_of<'a>(scenario: &'a Scenario, services: &[u32], of: &ObjectiveScore) -> &'a str {
    if !matches!(of.metric, Metric::Lost | Metric::Backlog | Metric::Demand | Metric::Served) {
        return "";
    }
    let mut units = services.iter().map(|&service| scenario.service_doc(service).unit.as_str());
    let Some(first) = units.next() else { return "" };
    if units.all(|unit| unit == first) { first } else { "" }
}

fn recovery(world: &World, seat: Option<u32>) -> String {
    let scenario = &world.scenario;
    let is_own = |recovery: &Recovery| {
        let organisation = scenario.services[recovery.service as usize].organisation;
        seat.is_some_and(|seat| scenario.seats[seat as usize].organisations.contains(&organisation))
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

/// Not back first, then by minutes, then by name.
pub fn worst_first(world: &World) -> Vec<Recovery> {
    let mut all = recoveries(world);
    all.sort_by_key(|of| (of.is_back, std::cmp::Reverse(of.minutes), world.scenario.service_key(of.service)));
    all
}

/// The first rows of a list of recoveries; what never fell is counted, not listed.
pub fn recovery_table(scenario: &Scenario, all: &[Recovery], rows_max: usize) -> String {
    let fallen: Vec<&Recovery> = all.iter().filter(|of| !of.is_back || 0 < of.minutes).collect();
    let row = |of: &&Recovery| {
        let time = span(u64::from(of.minutes));
        let time = if of.is_back { time } else { format!("not back after {time}") };
        vec![format!("  {}", service_name(scenario, of.service)), time]
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
pub fn service_name(scenario: &Scenario, service: u32) -> String {
    let organisation = scenario.organisation_name(scenario.services[service as usize].organisation);
    format!("{organisation}: {}", scenario.service_doc(service).name)
}

fn hosts(outcome: &Outcome) -> String {
    let hosts = &outcome.hosts;
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
