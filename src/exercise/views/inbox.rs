//! The inbox: injects that reached the chair, newest first.

use super::source::Source;
use crate::exercise::view::InjectRow;
use crate::exercise::words::clock_text;
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
                time: clock_text(scenario, tick, 0),
                via: docs.via,
                from: docs.from.clone(),
                title: docs.title.clone(),
                body: docs.body.clone(),
                is_urgent: docs.urgent,
                is_read: source.chair.read.contains(&inject),
                standing: docs.provenance.standing(),
                sources: docs.provenance.source().to_owned(),
            }
        })
        .collect()
}
