//! What facilitators, evaluators and observers share: people, script, log, ratings.

use super::conduct_log;
use super::script;
use super::source::Source;
use super::team::{common, messages, person_name};
use crate::base::Ix;
use crate::base::words as format;
use crate::exercise::view::{AnswerText, FeedbackView, PersonRow, RatedRow, StaffView};
use crate::scenario::compile::Seat;
use crate::session::conduct::{FEEDBACK_MARKS, PersonId};

pub fn staff(source: &Source) -> StaffView {
    let scenario = source.scenario();
    let seats: Vec<Ix<Seat>> = source.exercise.seats();
    StaffView {
        common: common(source),
        people: people(source),
        messages: messages(source, None),
        script: script::script(source),
        log: conduct_log::log(source),
        objectives: seats.iter().flat_map(|&seat| rated(source, seat)).collect(),
        organisations: source
            .organisations()
            .iter()
            .map(|&organisation| (organisation, scenario.organisation_name(organisation).into_owned()))
            .collect(),
        answers: answers(source),
        feedback: feedback(source),
        saving: match (source.exercise.saving().trouble(), source.exercise.run_file()) {
            (Some(trouble), _) => Err(trouble),
            (None, Some(path)) => Ok(path.display().to_string()),
            (None, None) => Err("there is no run file".to_owned()),
        },
    }
}

fn people(source: &Source) -> Vec<PersonRow> {
    let (run, scenario) = (source.run(), source.scenario());
    let conduct = &run.conduct;
    let row = |(number, person): (usize, &crate::session::conduct::Person)| {
        let id = PersonId(number as u32);
        let seat = person.seat.as_deref().and_then(|seat| scenario.seat_index(seat));
        let gave =
            |entry: &&crate::session::LogEntry| entry.remarks().is_some_and(|remarks| remarks.person == Some(id));
        let seconded = |proposal: &&crate::session::conduct::Proposal| proposal.seconds.iter().any(|(by, _)| *by == id);
        PersonRow {
            person: id,
            name: person.name.clone(),
            role: person.role,
            seat: seat.map_or_else(String::new, |seat| scenario.docs.seats[seat.position()].name.clone()),
            seat_id: person.seat.clone().unwrap_or_default(),
            is_removed: person.is_removed,
            proposals: conduct.proposals.iter().filter(|proposal| proposal.by == id).count(),
            seconded: conduct.proposals.iter().filter(seconded).count(),
            orders: run.log.iter().filter(gave).count(),
            notes: run.notes.iter().filter(|note| note.person == Some(id)).count(),
            read: conduct.read.keys().filter(|(reader, _)| *reader == id).count(),
        }
    };
    conduct.people.iter().enumerate().map(row).collect()
}

fn rated(source: &Source, seat: Ix<Seat>) -> Vec<RatedRow> {
    let docs = &source.scenario().docs.seats[seat.position()];
    let judgement = source.comparisons().judgement(source.run(), seat);
    let row = |(position, objective): (usize, &crate::scenario::schema::Objective)| {
        let rated = source.run().conduct.ratings.get(&(docs.id.clone(), objective.id.clone()));
        let judged = judgement.as_ref().map(|judgement| &judgement.objectives[position]);
        let measured = judged.map_or_else(
            || "The program is still computing what to compare with".to_owned(),
            |judged| {
                format!(
                    "So far {}; at the end it would be {} if nobody acted, {} on the day, {} under the best known playbook",
                    format::figure(judged.yours, &judged.unit),
                    format::figure(judged.do_nothing, &judged.unit),
                    format::figure(judged.reference, &judged.unit),
                    format::figure(judged.par, &judged.unit),
                )
            },
        );
        RatedRow {
            seat,
            seat_id: docs.id.clone(),
            seat_name: docs.name.clone(),
            position,
            id: objective.id.clone(),
            name: objective.name.clone(),
            rating: rated.map(|rated| rated.rating),
            rated_by: rated.and_then(|rated| rated.by).map_or_else(String::new, |by| person_name(source, by)),
            evidence: rated.map_or_else(String::new, |rated| rated.evidence.clone()),
            measured,
        }
    };
    docs.objectives.iter().enumerate().map(row).collect()
}

fn answers(source: &Source) -> Vec<AnswerText> {
    let name = |(seat, objective): &(String, String)| {
        let docs = source.scenario().docs.seats.iter().find(|docs| docs.id == *seat);
        let found = docs.and_then(|docs| docs.objectives.iter().find(|found| found.id == *objective));
        found.map_or_else(|| objective.clone(), |found| found.name.clone())
    };
    let answers = source.run().conduct.answers.iter();
    answers
        .map(|answer| AnswerText {
            objective: name(&answer.objective),
            question: answer.question,
            by: answer.by.map_or_else(String::new, |by| person_name(source, by)),
            text: answer.text.clone(),
        })
        .collect()
}

fn feedback(source: &Source) -> FeedbackView {
    let forms = &source.run().conduct.feedback;
    let mean = |statement: usize| {
        let sum: u32 = forms.iter().map(|form| u32::from(form.marks[statement])).sum();
        f64::from(sum) / forms.len().max(1) as f64
    };
    FeedbackView {
        forms: forms.len(),
        means: if forms.is_empty() { Vec::new() } else { (0..FEEDBACK_MARKS).map(mean).collect() },
        texts: forms.iter().map(|form| form.text.clone()).filter(|text| !text.trim().is_empty()).collect(),
    }
}
