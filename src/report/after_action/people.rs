//! The people of a facilitated exercise: roster, the part of each in the decisions of the team, ratings of evaluators,
//! answers of the hot wash, feedback.
//!
//! Everything comes from the log of the run; runs without people have none of these sections.

use super::super::document::{Block, Table};
use super::super::evidence::Evidence;
use crate::base::Tick;
use crate::base::words::capital;
use crate::session::conduct::{Conduct, PersonId, PersonRole, Proposal};

/// The questions of the hot wash, in the order of their numbers.
const QUESTIONS: [&str; 3] = ["Went well", "Did not go well", "Differently next time"];

/// Everybody who took part, and what the members of the seat contributed.
pub(super) fn roster(evidence: &Evidence<'_>) -> Vec<Block> {
    let conduct = &evidence.run.conduct;
    if conduct.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new("Roster", &["Name", "Part", "Seat", "#Joined at"]);
    for person in &conduct.people {
        let seat = person.seat.as_deref().map_or_else(String::new, |id| seat_name(evidence, id));
        table.row([person.name.clone(), role(person.role).to_owned(), seat, evidence.time(Tick(person.joined.0))]);
    }
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(contributions(evidence));
    blocks
}

/// What each member of the seat proposed, seconded, ordered, noted and read.
fn contributions(evidence: &Evidence<'_>) -> Option<Block> {
    let (run, conduct) = (evidence.run, &evidence.run.conduct);
    let seat = &evidence.scenario().docs.seats[evidence.seat.position()].id;
    let mut table = Table::new(
        "Contributions in this seat",
        &["Name", "#Proposed", "#Seconded", "#Ordered", "#Notes", "#Messages read", "#Mean confidence"],
    );
    let members = conduct.people.iter().enumerate().filter(|(_, person)| person.seat.as_ref() == Some(seat));
    for (number, person) in members {
        let id = PersonId(number as u32);
        let proposals = || conduct.proposals.iter().filter(move |proposal| proposal.seat == *seat);
        let seconded = |proposal: &&Proposal| proposal.seconds.iter().any(|(by, _)| *by == id);
        let orders = run.log.iter().filter_map(|entry| entry.remarks()).filter(|remarks| remarks.person == Some(id));
        let given: Vec<u8> = proposals()
            .filter_map(|proposal| stated(proposal, id))
            .chain(
                orders
                    .clone()
                    .filter(|remarks| remarks.proposal.is_none())
                    .filter_map(|remarks| remarks.confidence_pct),
            )
            .collect();
        table.row([
            person.name.clone(),
            proposals().filter(|proposal| proposal.by == id).count().to_string(),
            proposals().filter(seconded).count().to_string(),
            orders.count().to_string(),
            run.notes.iter().filter(|note| note.person == Some(id)).count().to_string(),
            conduct.read.keys().filter(|(reader, _)| *reader == id).count().to_string(),
            mean(&given).map_or_else(|| "–".to_owned(), |mean| format!("{mean:.0} %")),
        ]);
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// The confidence that a person stated with a proposal.
fn stated(proposal: &Proposal, id: PersonId) -> Option<u8> {
    if proposal.by == id {
        return proposal.confidence_pct;
    }
    proposal.seconds.iter().find(|(by, _)| *by == id).and_then(|(_, confidence)| *confidence)
}

fn mean(values: &[u8]) -> Option<f64> {
    let sum: u32 = values.iter().map(|&value| u32::from(value)).sum();
    (!values.is_empty()).then(|| f64::from(sum) / values.len() as f64)
}

/// Who would have decided what: every proposal of the seat with those for it and what became of it.
pub(super) fn alignment(evidence: &Evidence<'_>) -> Vec<Block> {
    let (run, conduct) = (evidence.run, &evidence.run.conduct);
    let docs = &evidence.scenario().docs;
    let seat = &docs.seats[evidence.seat.position()].id;
    let mut table =
        Table::new("Proposals of the team", &["Proposal", "#At", "By", "Seconded by", "#Confidence", "Became"]);
    let proposals = conduct.proposals.iter().enumerate().filter(|(_, proposal)| proposal.seat == *seat);
    for (number, proposal) in proposals {
        let name = docs.mitigations.iter().find(|docs| docs.id == proposal.order.order);
        let name = name.map_or(proposal.order.order.as_str(), |docs| docs.name.as_str());
        let by_number = |entry: &&crate::session::LogEntry| {
            entry.remarks().is_some_and(|remarks| remarks.proposal == Some(number as u32))
        };
        let became = match run.log.iter().find(by_number) {
            Some(entry) => format!("ordered at {}", evidence.time(entry.tick)),
            None if proposal.is_withdrawn => "withdrawn".to_owned(),
            None => "not ordered".to_owned(),
        };
        let others = || proposal.seconds.iter();
        let confidences: Vec<u8> =
            proposal.confidence_pct.into_iter().chain(others().filter_map(|(_, confidence)| *confidence)).collect();
        table.row([
            format!("{name}, {}", proposal.order.target),
            evidence.time(Tick(proposal.tick)),
            person(conduct, proposal.by),
            others().map(|(by, _)| person(conduct, *by)).collect::<Vec<_>>().join(", "),
            mean(&confidences).map_or_else(|| "–".to_owned(), |mean| format!("{mean:.0} %")),
            became,
        ]);
    }
    if table.rows.is_empty() { Vec::new() } else { vec![Block::Table(table)] }
}

/// Ratings that evaluators gave, with their evidence.
pub(super) fn observed(evidence: &Evidence<'_>) -> Vec<Block> {
    let conduct = &evidence.run.conduct;
    let docs = &evidence.scenario().docs.seats[evidence.seat.position()];
    let mut table = Table::new("Ratings of the evaluators", &["Objective", "Rating", "Evidence", "By"]);
    for objective in &docs.objectives {
        let Some(rated) = conduct.ratings.get(&(docs.id.clone(), objective.id.clone())) else { continue };
        table.row([
            objective.name.clone(),
            format!("{}: {}", rated.rating.letter(), capital(rated.rating.words())),
            rated.evidence.clone(),
            rated.by.map_or_else(String::new, |by| person(conduct, by)),
        ]);
    }
    if table.rows.is_empty() { Vec::new() } else { vec![Block::Table(table)] }
}

/// Answers of the hot wash about the seat's objectives, and the feedback of all.
pub(super) fn hot_wash(evidence: &Evidence<'_>) -> Vec<Block> {
    let conduct = &evidence.run.conduct;
    let docs = &evidence.scenario().docs.seats[evidence.seat.position()];
    let mut table = Table::new("Answers of the hot wash", &["Objective", "Question", "Answer"]);
    for objective in &docs.objectives {
        let is_about = |answer: &&crate::session::conduct::Answer| {
            answer.objective.0 == docs.id && answer.objective.1 == objective.id
        };
        for answer in conduct.answers.iter().filter(is_about) {
            let question = QUESTIONS.get(usize::from(answer.question)).copied().unwrap_or_default();
            table.row([objective.name.clone(), question.to_owned(), answer.text.clone()]);
        }
    }
    let mut blocks = Vec::new();
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table));
    }
    if !conduct.feedback.is_empty() {
        let marks: Vec<u8> = conduct.feedback.iter().flat_map(|form| form.marks.iter().copied()).collect();
        let mean = mean(&marks).unwrap_or_default();
        let count = conduct.feedback.len();
        blocks.push(Block::Text(format!("{count} feedback forms, with a mean of {mean:.1} of 5 over all statements.")));
        let texts = conduct.feedback.iter().map(|form| form.text.clone()).filter(|text| !text.trim().is_empty());
        let texts: Vec<String> = texts.collect();
        if !texts.is_empty() {
            blocks.push(Block::List(texts));
        }
    }
    blocks
}

fn person(conduct: &Conduct, id: PersonId) -> String {
    conduct.people.get(id.0 as usize).map_or_else(String::new, |person| person.name.clone())
}

fn seat_name(evidence: &Evidence<'_>, id: &str) -> String {
    let docs = evidence.scenario().docs.seats.iter().find(|docs| docs.id == id);
    docs.map_or_else(|| id.to_owned(), |docs| docs.name.clone())
}

fn role(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Participant => "Participant",
        PersonRole::Facilitator => "Facilitator",
        PersonRole::Evaluator => "Evaluator",
        PersonRole::Observer => "Observer",
    }
}
