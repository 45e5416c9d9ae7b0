//! The drawer of mitigations: what the seat could order, for which targets, and why not.

use super::source::Source;
use crate::base::Ix;
use crate::base::words as format;
use crate::exercise::view::{MitigationRow, TargetRow};
use crate::exercise::words::target_label;
use crate::scenario::compile::{Mitigation, Seat};
use crate::sim::possible::possible_with;
use crate::sim::{Issuer, OrderState};

pub fn drawer(source: &Source) -> Vec<MitigationRow> {
    let scenario = source.scenario();
    // Orders are a seat's to give.
    let Some(seat) = source.chair.seat() else { return Vec::new() };
    scenario.seats[seat]
        .mitigations
        .iter()
        // Preparations are bought at the briefing.
        .filter(|&&mitigation| !scenario.mitigations[mitigation].is_preparation)
        .map(|&mitigation| mitigation_row(source, seat, mitigation))
        .collect()
}

pub fn mitigation_row(source: &Source, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> MitigationRow {
    let world = source.world();
    let scenario = world.scenario();
    let docs = &scenario.docs.mitigations[mitigation.position()];
    let targets: Vec<TargetRow> = possible_with(world, Issuer::Seat(seat), mitigation)
        .targets
        .into_iter()
        .map(|(target, verdict)| TargetRow {
            target: target.into(),
            label: target_label(scenario, target),
            refusal: verdict.err().map(|refusal| format::capital(&refusal.to_string())),
        })
        .collect();
    let open = targets.iter().any(|target| target.refusal.is_none());
    MitigationRow {
        mitigation,
        name: docs.name.clone(),
        summary: docs.summary.clone(),
        group: docs.group,
        cost_usd: *docs.cost_usd.value(),
        lead_min: *docs.lead_min.value(),
        refusal: match targets.first() {
            _ if open => None,
            None => Some("None of your organisations can take it".to_owned()),
            Some(first) => first.refusal.clone(),
        },
        targets,
        ordered: world
            .orders()
            .iter()
            .filter(|order| order.mitigation == mitigation && order.state != OrderState::Cancelled)
            .filter(|order| order.by == Issuer::Seat(seat))
            .count() as u32,
    }
}
