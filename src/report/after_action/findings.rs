//! Ratings, strengths and areas for improvement, drawn from the evidence, and the plan that people fill in.

use super::super::document::{Block, Table};
use super::super::evidence::{Evidence, Rating};
use super::super::tables::in_unit;
use crate::base::words::{number, signed, span};
use crate::scenario::schema::Ratings;
use crate::session::log::NoteTag;

/// Least effect of a decision in points that makes it a strength or an area for improvement.
const NOTABLE_POINTS: f64 = 3.0;

/// Ratings pre-filled from the points, with the evidence and room to confirm or to override.
pub(super) fn ratings(evidence: &Evidence<'_>) -> Vec<Block> {
    let head = ["Objective", "Proposed", "Evidence", "Thresholds", "Confirmed or changed to, with the reason"];
    let caption = "Ratings proposed by the thresholds of the scenario; an evaluator confirms or changes them";
    let mut table = Table::new(caption, &head);
    for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
        let rating = evidence.rating(index);
        let value = |value: f64| in_unit(value, &judged.unit);
        let thresholds = match evidence.ratings(index) {
            Ratings::Points { p, s, m } => {
                format!("P from {} points, S from {}, M from {}", number(p), number(s), number(m))
            }
            Ratings::Values { p, s, m } => format!("P up to {}, S up to {}, M up to {}", value(p), value(s), value(m)),
        };
        table.row([
            judged.name.clone(),
            format!("{}: {}", rating.letter(), rating.words()),
            format!(
                "{:.0} points: {}, between {} with nobody acting and {} at best",
                judged.points,
                value(judged.yours),
                value(judged.do_nothing),
                value(judged.par)
            ),
            thresholds,
            String::new(),
        ]);
    }
    let scale = "U below all thresholds. Points between 0 (nobody acting) and 100 (the best known decisions) measure the \
                 result and not the effort.";
    vec![Block::Table(table), Block::Text(scale.to_owned())]
}

/// Sentences about what went well and what did not, from the run and from notes of people.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Block> {
    let (mut strengths, mut gaps) = (Vec::new(), Vec::new());
    for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
        let value = |value: f64| in_unit(value, &judged.unit);
        let beside = format!("{}: {}, on the day {}", judged.name, value(judged.yours), value(judged.reference));
        match evidence.rating(index) {
            Rating::P => strengths.push(beside),
            Rating::S => {}
            Rating::M | Rating::U => gaps.push(format!("{beside}; at best {}", value(judged.par))),
        }
    }
    weighed(evidence, &mut strengths, &mut gaps);
    for service in evidence.services() {
        let view = evidence.run.world.service(service);
        if 0 < view.outside_min {
            let outside = span(view.outside_min);
            gaps.push(format!("{} was outside its tolerance for {outside}", evidence.service(service)));
        }
    }
    answered(evidence, &mut strengths, &mut gaps);
    if let Some(first) = evidence.orders().into_iter().find(|order| !order.entry.is_by_playbook()) {
        let since = first.tick.since(evidence.scenario().incident.min(first.tick));
        strengths.push(format!("The first decision ({}) came {} after the incident began", first.name, span(since)));
    }
    for note in &evidence.run.notes {
        let words = format!("{} (noted {})", note.text, evidence.time(note.tick));
        match note.tag {
            NoteTag::Strength => strengths.push(words),
            NoteTag::Gap | NoteTag::Risk => gaps.push(words),
            NoteTag::Observation | NoteTag::Recommendation => {}
        }
    }
    let none = ["No objective was rated P.", "No objective was rated M or U, and no tolerance was missed."];
    found(strengths, gaps, none)
}

/// Strengths and areas for improvement as lists, or the words for none.
pub(in crate::report) fn found(strengths: Vec<String>, gaps: Vec<String>, none: [&str; 2]) -> Vec<Block> {
    let list = |title: &str, items: Vec<String>, none: &str| {
        let body = if items.is_empty() { Block::Text(none.to_owned()) } else { Block::List(items) };
        [Block::Text(title.to_owned()), body]
    };
    let strengths = list("Strengths:", strengths, none[0]);
    strengths.into_iter().chain(list("Areas for improvement:", gaps, none[1])).collect()
}

/// Decisions with a notable effect, if their worth was measured.
fn weighed(evidence: &Evidence<'_>, strengths: &mut Vec<String>, gaps: &mut Vec<String>) {
    let Some(worth) = evidence.worth else { return };
    let scenario = evidence.scenario();
    for found in &worth.decisions {
        let name = &scenario.docs.mitigations[found.decision.mitigation.position()].name;
        let (points, time) = (found.worth.score.median, evidence.time(found.decision.tick));
        let sentence = format!("{name}, {time}, was worth {} points", signed(points));
        if NOTABLE_POINTS <= points {
            strengths.push(sentence);
        } else if points <= -NOTABLE_POINTS {
            gaps.push(sentence);
        }
    }
    for untaken in worth.untaken.best.iter().filter(|untaken| NOTABLE_POINTS <= untaken.gain.score.median).take(3) {
        let name = &scenario.docs.mitigations[untaken.mitigation.position()].name;
        let (points, time) = (signed(untaken.gain.score.median), evidence.time(untaken.tick));
        gaps.push(format!("{name} was not ordered; at {time} it would have gained {points} points"));
    }
}

/// Messages that asked for an order: how many were answered, and how soon.
fn answered(evidence: &Evidence<'_>, strengths: &mut Vec<String>, gaps: &mut Vec<String>) {
    use super::super::evidence::Delivery;
    let messages = evidence.messages();
    let mut waits = Vec::new();
    let mut asked = 0;
    for message in messages.iter().filter(|message| !message.expected.is_empty()) {
        if let Delivery::Delivered(tick) = message.delivery {
            asked += 1;
            waits.extend(message.answered.map(|(answer, _)| answer.since(tick)));
        }
    }
    waits.sort_unstable();
    if let Some(median) = waits.get(waits.len() / 2) {
        let sentence = format!(
            "{} of {asked} messages that asked for an order were answered by one, the middle one after {}",
            waits.len(),
            span(*median)
        );
        if asked <= 2 * waits.len() { strengths.push(sentence) } else { gaps.push(sentence) }
    } else if 0 < asked {
        gaps.push(format!("None of the {asked} messages that asked for an order was answered by one"));
    }
}

/// A table for actions: recommendations of people first, then a row for each weak objective.
pub(super) fn plan(evidence: &Evidence<'_>) -> Vec<Block> {
    let mut table =
        Table::new("Actions; owner and date are for people to fill in", &["Action", "From", "Owner", "Due"]);
    let recommended = evidence.run.notes.iter().filter(|note| note.tag == NoteTag::Recommendation);
    for note in recommended {
        table.row([note.text.clone(), format!("note, {}", evidence.time(note.tick)), String::new(), String::new()]);
    }
    for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
        let rating = evidence.rating(index);
        if rating < Rating::M {
            continue;
        }
        let action = format!(
            "Bring “{}” from {} towards {}",
            judged.name,
            in_unit(judged.yours, &judged.unit),
            in_unit(judged.par, &judged.unit)
        );
        let from = format!("rated {}, {:.0} points", rating.letter(), judged.points);
        table.row([action, from, String::new(), String::new()]);
    }
    if table.rows.is_empty() {
        table.row([String::new(), String::new(), String::new(), String::new()]);
    }
    vec![Block::Table(table)]
}
