//! The timeline: curves of services with ghosts, and marks of events, messages and decisions.

use std::sync::Arc;

use super::source::Source;
use crate::base::{Ix, Tick};
use crate::exercise::view::{Curve, MarkKind, TimelineMark, TimelineView};
use crate::exercise::words::target_label;
use crate::scenario::compile::Service;
use crate::session::Record;
use crate::sim::world::Moment;
use crate::sim::{Command, Issuer};

/// Curves with their ghosts, and the marks of events, messages and decisions.
pub fn timeline(source: &Source, curves_max: usize) -> TimelineView {
    let run = source.run();
    let scenario = &run.setup.scenario;
    let offset_min = source.utc_offset_min();
    let start_minute_of_day = (scenario.start_minute_of_week as i32 + offset_min).rem_euclid(1440) as u32;
    let first_midnight = (1440 - start_minute_of_day) % 1440;
    TimelineView {
        horizon_min: scenario.horizon.0,
        now_min: run.world.tick().0,
        start_minute_of_day,
        days: (first_midnight..scenario.horizon.0)
            .step_by(1440)
            .map(|minute| (minute, scenario.start.format(Tick(minute), offset_min, "%a %-d %b")))
            .collect(),
        curves: curves(source, curves_max),
        marks: marks(source),
    }
}

pub fn curves(source: &Source, curves_max: usize) -> Vec<Curve> {
    let scenario = source.scenario();
    let curve = |service: Ix<Service>| {
        // Ghosts end at the current minute, because the future must stay hidden from the trainee.
        let now = f64::from(source.world().tick().0);
        let ghost = |record: Option<&Arc<Record>>| {
            let mut curve = record.map(|record| record.level_curve(service)).unwrap_or_default();
            curve.retain(|point| point[0] <= now);
            curve
        };
        Curve {
            name: format!(
                "{} · {}",
                scenario.organisation_name(scenario.services[service].organisation),
                scenario.service_doc(service).name
            ),
            yours: source.run().record.level_curve(service),
            do_nothing: ghost(source.comparison().map(|runs| &runs.do_nothing)),
            reference: ghost(source.comparison().map(|runs| &runs.reference)),
            par: ghost(source.comparison().filter(|_| source.world().is_over()).map(|runs| &runs.par)),
            earlier: ghost(source.earlier().map(|earlier| &earlier.record)),
        }
    };
    source
        .organisations()
        .iter()
        .flat_map(|&organisation| scenario.organisations[organisation].services)
        .filter(|&service| scenario.services[service].is_important)
        .take(curves_max)
        .map(curve)
        .collect()
}

pub fn marks(source: &Source) -> Vec<TimelineMark> {
    let scenario = source.scenario();
    let happened = source.run().moments.iter().filter_map(|&(tick, moment)| match moment {
        Moment::Event(event) if scenario.docs.events[event.position()].key_moment => Some(TimelineMark {
            minute: tick.0,
            kind: MarkKind::Event,
            label: scenario.docs.events[event.position()].title.clone(),
        }),
        Moment::Inject(inject) if source.reaches(inject) => Some(TimelineMark {
            minute: tick.0,
            kind: MarkKind::Inject,
            label: scenario.docs.injects[inject.position()].title.clone(),
        }),
        _ => None,
    });
    let decided = source.run().log.iter().filter_map(|entry| match entry.command {
        Command::Order { by: Issuer::Seat(seat), mitigation, target }
            if source.chair.seat().is_none_or(|chair| chair == seat) =>
        {
            Some(TimelineMark {
                minute: entry.tick.0,
                kind: MarkKind::Decision,
                label: format!(
                    "{} · {}",
                    scenario.docs.mitigations[mitigation.position()].name,
                    target_label(scenario, target)
                ),
            })
        }
        _ => None,
    });
    happened.chain(decided).collect()
}
