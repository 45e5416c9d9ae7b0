//! The inbox: injects that reached the chair, newest first.

use super::source::Source;
use crate::base::Ix;
use crate::exercise::answers;
use crate::exercise::view::{AnswerRow, InjectRow};
use crate::scenario::compile::{Inject, Mitigation};
use crate::scenario::message;
use crate::sim::world::Moment;

pub fn inbox(source: &Source) -> Vec<InjectRow> {
    let scenario = source.scenario();
    let arrived = source.run().moments.iter().rev().filter_map(|&(tick, moment)| match moment {
        Moment::Inject(inject) if source.reaches(inject) => Some((tick, inject)),
        _ => None,
    });
    arrived
        .map(|(tick, inject)| {
            let docs = &scenario.docs.injects[inject.position()];
            InjectRow {
                inject,
                time: source.time(tick),
                via: docs.via,
                from: docs.from.clone(),
                title: docs.title.clone(),
                body: message::filled(&docs.body, figures(source, inject)),
                is_urgent: docs.urgent,
                is_read: source.chair.read.contains(&inject),
                standing: docs.provenance.standing(),
                answers: answer_rows(source, inject),
            }
        })
        .collect()
}

/// The figures in the text of an inject, as they were at its arrival.
fn figures<'a>(source: &Source<'a>, inject: Ix<Inject>) -> &'a [f64] {
    source.run().inject_figures.get(&inject).map_or(&[], Vec::as_slice)
}

/// Orders that answer an inject; none for a chair without a seat, which gives no orders.
fn answer_rows(source: &Source, inject: Ix<Inject>) -> Vec<AnswerRow> {
    let Some(seat) = source.chair.seat() else { return Vec::new() };
    let row = |mitigation: Ix<Mitigation>| AnswerRow {
        mitigation,
        name: source.scenario().docs.mitigations[mitigation.position()].name.clone(),
        is_open: answers::is_open(source.world(), seat, mitigation),
        ordered: source.times_ordered(seat, mitigation),
    };
    answers::answers(source.scenario(), inject, seat).map(row).collect()
}
