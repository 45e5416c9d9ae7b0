//! The handout for the people of a seat: what they get on paper before an exercise, made from the scenario alone.
//!
//! Must not tell what will happen: it knows the briefing and no inject. Must not know a format.

use super::document::{Block, Report, Table, sections};
use crate::base::Ix;
use crate::base::words::{cost, counted, span};
use crate::scenario::compile::{Scenario, Seat};
use crate::scenario::schema::Group;

/// The groups of orders as pages name them.
const GROUPS: [(Group, &str); 5] = [
    (Group::Rollout, "The rollout"),
    (Group::Repair, "Repair"),
    (Group::People, "People"),
    (Group::Continuity, "Continuity"),
    (Group::Communication, "Communication"),
];

/// The whole handout.
pub fn handout(scenario: &Scenario, seat: Ix<Seat>) -> Report {
    let docs = &scenario.docs;
    let seat_docs = &docs.seats[seat.position()];
    let briefing = &seat_docs.briefing;
    let situation = briefing.situation.iter().cloned().map(Block::Text);
    let parts = [
        ("Your seat", std::iter::once(Block::Verdict(seat_docs.summary.clone())).chain(situation).collect()),
        ("Your people", vec![Block::Text(briefing.people.clone())]),
        ("Join", join()),
        ("What you are judged by", objectives(scenario, seat)),
        ("Your services", services(scenario, seat)),
        ("Orders you can give", orders(scenario, seat)),
        ("Advice from experience", list(&briefing.advice)),
        ("What is assumed", list(&docs.manifest.assumptions)),
    ];
    Report {
        title: seat_docs.name.clone(),
        subtitle: format!("Handout. {}: {}", docs.manifest.title, docs.manifest.subtitle),
        sections: sections(parts),
    }
}

fn list(lines: &[String]) -> Vec<Block> {
    if lines.is_empty() { Vec::new() } else { vec![Block::List(lines.to_vec())] }
}

/// Lines to fill in, and the rules of the game.
fn join() -> Vec<Block> {
    let mut table = Table::new("From the wall, on your phone or laptop", &["Item", "Write it here"]);
    for item in ["Address", "PIN", "Who leads your team", "Who must second an order"] {
        table.row([item.to_owned(), String::new()]);
    }
    let rules = [
        "This is an exercise. Call, write and decide only on the page and in the room",
        "Messages come to the inbox of your seat. Mark what you have read, so that your team knows",
        "Propose an order with your confidence that it helps and your reason; your team seconds and orders by its rule",
        "An order costs money and takes time before it works. The page says why an order is refused",
        "Write a note when you see a strength, a gap or a risk; the report has it with its time",
    ];
    vec![Block::Table(table), Block::List(rules.map(str::to_owned).to_vec())]
}

fn objectives(scenario: &Scenario, seat: Ix<Seat>) -> Vec<Block> {
    let objectives = &scenario.docs.seats[seat.position()].objectives;
    let weights: f64 = objectives.iter().map(|objective| objective.weight).sum();
    let mut table = Table::new("Objectives and their part of the score", &["Objective", "#Weight"]);
    for objective in objectives {
        table.row([objective.name.clone(), format!("{:.0} %", objective.weight / weights * 100.0)]);
    }
    vec![Block::Table(table)]
}

fn services(scenario: &Scenario, seat: Ix<Seat>) -> Vec<Block> {
    let organisations = &scenario.seats[seat].organisations;
    let caption = "Important services: how long each may be below its target before it hurts";
    let mut table = Table::new(caption, &["Service", "Organisation", "#Tolerance"]);
    let services = organisations.iter().flat_map(|&organisation| scenario.organisations[organisation].services);
    for service in services.filter(|&service| scenario.services[service].is_important) {
        let compiled = &scenario.services[service];
        let organisation = scenario.organisation_name(compiled.organisation).into_owned();
        table.row([scenario.service_doc(service).name.clone(), organisation, span(compiled.tolerance_min)]);
    }
    let scope = counted(organisations.len() as u64, "organisation", "organisations");
    let mut blocks = vec![Block::Text(format!("You direct {scope}."))];
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table));
    }
    blocks
}

fn orders(scenario: &Scenario, seat: Ix<Seat>) -> Vec<Block> {
    let docs = |index: usize| &scenario.docs.mitigations[index];
    let of_seat = || {
        let indices = scenario.seats[seat].mitigations.iter();
        indices.filter(|&&index| !scenario.mitigations[index].is_preparation).map(|index| docs(index.position()))
    };
    let mut blocks = Vec::new();
    for (group, words) in GROUPS {
        let mut table = Table::new(words, &["Order", "Use and price", "#Cost", "#Takes effect"]);
        for mitigation in of_seat().filter(|mitigation| mitigation.group == group) {
            let lead = match *mitigation.lead_min.value() {
                0 => "at once".to_owned(),
                minutes => format!("in {}", span(minutes)),
            };
            let price = cost(*mitigation.cost_usd.value());
            table.row([mitigation.name.clone(), mitigation.summary.clone(), price, lead]);
        }
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::html;
    use crate::scenario::library;
    use crate::scenario::load::load;

    #[test]
    fn a_handout_has_the_briefing_and_no_inject() {
        let files = library::builtin().into_iter().next().unwrap();
        let scenario = Scenario::compile(load(&files).unwrap());
        for seat in scenario.seats.indices() {
            let docs = &scenario.docs.seats[seat.position()];
            let report = handout(&scenario, seat);
            let page = html::page(&report);
            assert!(page.contains("EXERCISE"));
            let text = serde_json::to_string(&report).unwrap();
            for line in docs.briefing.situation.iter().chain(&docs.briefing.advice) {
                let line = serde_json::to_string(line).unwrap();
                assert!(text.contains(line.trim_matches('"')), "{line}");
            }
            let told = scenario.docs.injects.iter().find(|inject| text.contains(&inject.body));
            assert!(told.is_none(), "{:?}", told.map(|inject| &inject.title));
        }
    }
}
