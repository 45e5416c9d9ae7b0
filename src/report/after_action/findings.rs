//! Ratings, strengths and areas for improvement, drawn from the evidence, and the plan that people fill in.

use super::super::tables::in_unit;
use super::Evidence;
use super::blocks::{Block, Table};
use crate::base::words::span;
use crate::session::log::NoteTag;

/// Points from which an objective is rated performed without challenges, with some, with major ones.
const RATED: [(f64, &str, &str); 3] = [
    (80.0, "P", "performed without challenges"),
    (50.0, "S", "performed with some challenges"),
    (20.0, "M", "performed with major challenges"),
];
const UNRATED: (&str, &str) = ("U", "unable to be performed");
/// Objectives with at least this many points are strengths, with at most that many areas for improvement.
const STRENGTH_POINTS: f64 = 80.0;
const GAP_POINTS: f64 = 50.0;

fn rating(points: f64) -> (&'static str, &'static str) {
    RATED.iter().find(|(from, ..)| *from <= points).map_or(UNRATED, |&(_, letter, words)| (letter, words))
}

/// Ratings pre-filled from the points, with the evidence and room to confirm or to override.
pub(super) fn ratings(evidence: &Evidence<'_>) -> Vec<Block> {
    let head = ["Objective", "Proposed", "Evidence", "Confirmed or changed to, with the reason"];
    let mut table = Table::new("Ratings proposed from the points; an evaluator confirms or changes them", &head);
    for judged in &evidence.judgement.objectives {
        let (letter, words) = rating(judged.points);
        let value = |value: f64| in_unit(value, &judged.unit);
        table.row([
            judged.name.clone(),
            format!("{letter}: {words}"),
            format!(
                "{:.0} points: {}, between {} with nobody acting and {} at best",
                judged.points,
                value(judged.yours),
                value(judged.do_nothing),
                value(judged.par)
            ),
            String::new(),
        ]);
    }
    let scale = "P from 80 points, S from 50, M from 20, U below. Points between 0 (nobody acting) and 100 (the best known \
                 decisions) measure the result and not the effort.";
    vec![Block::Table(table), Block::Text(scale.to_owned())]
}

/// Sentences about what went well and what did not, from the run and from notes of people.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Block> {
    let (mut strengths, mut gaps) = (Vec::new(), Vec::new());
    for judged in &evidence.judgement.objectives {
        let value = |value: f64| in_unit(value, &judged.unit);
        let beside = format!("{}: {}, on the day {}", judged.name, value(judged.yours), value(judged.reference));
        if STRENGTH_POINTS <= judged.points {
            strengths.push(beside);
        } else if judged.points <= GAP_POINTS {
            gaps.push(format!("{beside}; at best {}", value(judged.par)));
        }
    }
    for service in evidence.services() {
        let view = evidence.run.world.service(service);
        if 0 < view.outside_min {
            gaps.push(format!(
                "{} was outside its tolerance for {}",
                evidence.service(service),
                span(view.outside_min)
            ));
        }
    }
    if let Some((first, order)) = evidence.orders().into_iter().find(|(entry, _)| !entry.is_by_playbook()) {
        let since = first.tick.since(evidence.scenario().incident.min(first.tick));
        strengths.push(format!("The first decision ({}) came {} after the incident began", order.name, span(since)));
    }
    for note in &evidence.run.notes {
        let words = format!("{} (noted {})", note.text, evidence.time(note.tick));
        match note.tag {
            NoteTag::Strength => strengths.push(words),
            NoteTag::Gap | NoteTag::Risk => gaps.push(words),
            NoteTag::Observation | NoteTag::Recommendation => {}
        }
    }
    let list = |title: &str, items: Vec<String>, none: &str| {
        [
            Block::Text(title.to_owned()),
            if items.is_empty() { Block::Text(none.to_owned()) } else { Block::List(items) },
        ]
    };
    let strengths = list("Strengths:", strengths, "No objective reached 80 points.");
    let gaps =
        list("Areas for improvement:", gaps, "No objective stayed at or below 50 points, and no tolerance was missed.");
    strengths.into_iter().chain(gaps).collect()
}

/// A table for actions: recommendations of people first, then a row for each weak objective.
pub(super) fn plan(evidence: &Evidence<'_>) -> Vec<Block> {
    let mut table =
        Table::new("Actions; owner and date are for people to fill in", &["Action", "From", "Owner", "Due"]);
    let recommended = evidence.run.notes.iter().filter(|note| note.tag == NoteTag::Recommendation);
    for note in recommended {
        table.row([note.text.clone(), format!("note, {}", evidence.time(note.tick)), String::new(), String::new()]);
    }
    for judged in evidence.judgement.objectives.iter().filter(|judged| judged.points <= GAP_POINTS) {
        let action = format!(
            "Bring “{}” from {} towards {}",
            judged.name,
            in_unit(judged.yours, &judged.unit),
            in_unit(judged.par, &judged.unit)
        );
        table.row([action, format!("{:.0} points", judged.points), String::new(), String::new()]);
    }
    if table.rows.is_empty() {
        table.row([String::new(), String::new(), String::new(), String::new()]);
    }
    vec![Block::Table(table)]
}
