//! Made-up scripts: mitigations of every effect, events, injects, seats and playbooks.

use super::names::Names;
use super::world::SECTORS;
use crate::scenario::schema::{
    Audience, Briefing, DO_NOTHING, Effect, Event, EventEffect, Group, Inject, Mitigation, Objective, OrderTarget, PAR,
    Phase, Playbook, PlaybookOrder, REFERENCE, Seat, Setback, TargetKind, TechniciansAway, Trigger, Via, Work,
};
use crate::synth::dice::{Dice, made_up};

/// Mitigations with effects of every kind; each scenario has most of them.
pub fn mitigations(dice: &mut Dice, names: &Names) -> Vec<Mitigation> {
    let effects = effects(dice, names);
    let kept = effects.into_iter().filter(|_| dice.happens(0.75)).collect::<Vec<_>>();
    let mut list: Vec<Mitigation> =
        kept.into_iter().enumerate().map(|(number, effect)| mitigation(dice, names, number, effect)).collect();
    // One mitigation needs no service, so that a playbook always finds something to order.
    list.push(mitigation(dice, names, list.len(), Effect::ReleaseHosts));
    list
}

fn effects(dice: &mut Dice, names: &Names) -> Vec<Effect> {
    let hours = |dice: &mut Dice| dice.whole(1..=10);
    let audience = [Audience::Staff, Audience::Customers, Audience::Regulator, Audience::Press];
    let mut effects = vec![
        Effect::StopRollout(dice.pick(&names.channels).clone()),
        Effect::RaiseFlag(names.flag(dice)),
        Effect::HoldHosts { hours: hours(dice) },
        Effect::ReleaseHosts,
        Effect::EscrowKeys,
        Effect::PrintKeys { touch: dice.share_above_0() },
        Effect::UseMethod(dice.pick(&names.methods).clone()),
        Effect::UseMethod(dice.pick(&names.methods).clone()),
        Effect::Unattended { mean_hours: dice.number(0.1..=20.0) },
        Effect::Overtime { share: dice.number(0.1..=1.0), hours: hours(dice) },
        Effect::Contractors { technicians: dice.whole(1..=6), pace: dice.number(0.1..=2.0), hours: hours(dice) },
        Effect::Volunteers { locate: dice.share_above_0(), hours: hours(dice) },
        Effect::Rest { share: dice.share_above_0(), hours: hours(dice) },
        Effect::Statement {
            audience: *dice.pick(&audience),
            trust: dice.number(0.0..=30.0),
            promise_hours: dice.whole(0..=12),
        },
        Effect::Statement { audience: Audience::Regulator, trust: dice.number(0.0..=30.0), promise_hours: 0 },
        Effect::VerifyTools { failure: dice.share() },
        Effect::RepairFirst,
        Effect::RestoreBackup { touch: dice.share_above_0() },
        Effect::OpenFallback,
        Effect::CloseFallback,
        Effect::ShedDemand { share: dice.share_above_0(), hours: hours(dice) },
        Effect::CallOff { share: dice.share_above_0(), notice_hours: dice.whole(1..=5), hours: hours(dice) },
        Effect::PostponeDemand { share: dice.share_above_0(), hours: hours(dice) },
        Effect::FailOver { level: dice.share_above_0(), hours: hours(dice) },
        Effect::ExtendHours { extra: dice.number(0.1..=4.0), hours: hours(dice) },
        Effect::Drill { endurance: dice.number(1.01..=5.0) },
        Effect::ClearRework { factor: dice.number(1.1..=9.0), hours: hours(dice) },
    ];
    if !names.staged_channels.is_empty() {
        effects.push(Effect::StageRollout(dice.pick(&names.staged_channels).clone()));
    }
    if !names.pools.is_empty() {
        let (technicians, pace) = (dice.whole(1..=8), dice.number(0.1..=1.5));
        let pool = dice.pick(&names.pools).clone();
        effects.push(Effect::NationalPool { pool, technicians, pace, hours: hours(dice) });
    }
    effects
}

fn mitigation(dice: &mut Dice, names: &Names, number: usize, effect: Effect) -> Mitigation {
    let can_be_prepared = matches!(
        effect,
        Effect::StageRollout(_)
            | Effect::EscrowKeys
            | Effect::PrintKeys { .. }
            | Effect::Unattended { .. }
            | Effect::VerifyTools { .. }
            | Effect::Drill { .. }
            | Effect::UseMethod(_)
    );
    let chance = if can_be_prepared { 0.5 } else { 0.05 };
    Mitigation {
        id: format!("order-{number}"),
        name: format!("Order {number}"),
        summary: "Made up to try the simulation.".to_owned(),
        group: *dice.pick(&[Group::Rollout, Group::Repair, Group::People, Group::Continuity, Group::Communication]),
        phase: if dice.happens(chance) { Phase::Preparation } else { Phase::Response },
        effect,
        sectors: if dice.happens(0.2) { vec![(*dice.pick(&SECTORS)).to_owned()] } else { Vec::new() },
        units: Vec::new(),
        cost_usd: made_up(if dice.happens(0.3) { 0.0 } else { dice.number(0.01..=9999.0) }),
        lead_min: made_up(if dice.happens(0.3) { 0 } else { dice.whole(1..=240) }),
        requires: if dice.happens(0.2) { vec![names.flag(dice)] } else { Vec::new() },
        times_max: dice.whole(0..=3),
        work: dice.happens(0.6).then(|| Work {
            team_min: made_up(dice.whole(0..=180)),
            technicians: dice
                .happens(0.6)
                .then(|| TechniciansAway { share: made_up(dice.share()), minutes: made_up(dice.whole(0..=300)) }),
            setback: dice
                .happens(0.4)
                .then(|| Setback { chance: made_up(dice.share()), factor: made_up(dice.number(1.0..=3.0)) }),
        }),
        needs_sign: dice.happens(0.2),
    }
}

/// A release first, then events of any kind. An event waits only for earlier ones, so that no circle
/// arises.
pub fn events(dice: &mut Dice, names: &Names) -> Vec<Event> {
    let mut ids: Vec<String> = Vec::new();
    let mut events = Vec::new();
    for number in 0..dice.whole(2..=9) {
        let (when, effects) = if number == 0 {
            (Trigger::At(names.time(dice)), vec![EventEffect::Release(dice.pick(&names.channels).clone())])
        } else {
            let count = dice.whole(0..=3);
            let effects = (0..count).map(|_| event_effect(dice, names)).collect();
            (names.trigger(dice, &ids), effects)
        };
        let id = format!("event-{number}");
        let title = format!("Event {number}");
        ids.push(id.clone());
        events.push(Event { id, title, when, effects, key_moment: dice.happens(0.5), provenance: made_up(()) });
    }
    events
}

fn event_effect(dice: &mut Dice, names: &Names) -> EventEffect {
    match dice.whole(0..=6) {
        0 => EventEffect::Release(dice.pick(&names.channels).clone()),
        1 => EventEffect::Revert(dice.pick(&names.channels).clone()),
        2 | 3 => EventEffect::RaiseFlag(names.flag(dice)),
        4 => EventEffect::LowerFlag(names.flag(dice)),
        5 if !names.services.is_empty() => {
            EventEffect::Limit { service: dice.pick(&names.services).clone(), level: dice.share() }
        }
        _ if !names.services.is_empty() => EventEffect::Lift { service: dice.pick(&names.services).clone() },
        _ => EventEffect::RaiseFlag(names.flag(dice)),
    }
}

/// Messages with triggers of every kind, to some seats or all.
pub fn injects(dice: &mut Dice, names: &Names, events: &[Event], seats: &[Seat]) -> Vec<Inject> {
    let events: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    let seats: Vec<String> = seats.iter().map(|seat| seat.id.clone()).collect();
    let inject = |number: u32| Inject {
        id: format!("inject-{number}"),
        when: names.trigger(dice, &events),
        to: dice.some(&seats, 2),
        via: *dice.pick(&[Via::Monitoring, Via::Phone, Via::Regulator]),
        from: "A desk".to_owned(),
        title: format!("Inject {number}"),
        body: "Something is said.".to_owned(),
        urgent: dice.happens(0.3),
        answers: Vec::new(),
        unless: Vec::new(),
        provenance: made_up(()),
    };
    (0..5).map(inject).collect()
}

/// One or two seats over some organisations.
pub fn seats(dice: &mut Dice, names: &Names, mitigations: &[Mitigation]) -> Vec<Seat> {
    let ids: Vec<String> = mitigations.iter().map(|mitigation| mitigation.id.clone()).collect();
    (0..dice.whole(1..=2)).map(|number| seat(dice, names, &ids, number)).collect()
}

fn seat(dice: &mut Dice, names: &Names, mitigations: &[String], number: u32) -> Seat {
    let id = format!("seat-{number}");
    let mut organisations = dice.some(&names.organisations, 3);
    if organisations.is_empty() {
        organisations.push(dice.pick(&names.organisations).clone());
    }
    let mut ordered = dice.some(mitigations, mitigations.len() as u32);
    if ordered.is_empty() {
        ordered.push(dice.pick(mitigations).clone());
    }
    let objective = |number: u32| Objective {
        id: format!("objective-{number}"),
        name: format!("Objective {number}"),
        observable: names.observable(dice, Some(&id)),
        weight: dice.number(0.1..=3.0),
        ratings: None,
    };
    let objectives = (0..2).map(objective).collect();
    Seat {
        name: format!("Seat {number}"),
        summary: "Made up to try the simulation.".to_owned(),
        organisations,
        mitigations: ordered,
        preparation_usd: dice.happens(0.6).then(|| made_up(dice.number(0.0..=20_000.0))),
        briefing: Briefing { situation: Vec::new(), people: "Whoever is there.".to_owned(), advice: Vec::new() },
        objectives,
        id,
    }
}

/// The three playbooks that every scenario has; do-nothing has no entries.
pub fn playbooks(dice: &mut Dice, names: &Names, mitigations: &[Mitigation], events: &[Event]) -> Vec<Playbook> {
    let events: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    let mut playbook = |id: &str, entries_max: u32| Playbook {
        id: id.to_owned(),
        name: format!("Playbook {id}"),
        summary: "Made up to try the simulation.".to_owned(),
        orders: (0..dice.whole(0..=entries_max)).map(|_| entry(dice, names, mitigations, &events)).collect(),
    };
    vec![playbook(DO_NOTHING, 0), playbook(REFERENCE, 12), playbook(PAR, 12)]
}

fn entry(dice: &mut Dice, names: &Names, mitigations: &[Mitigation], events: &[String]) -> PlaybookOrder {
    let aims_at_service = |mitigation: &&Mitigation| mitigation.effect.target_kind() == TargetKind::Service;
    let possible: Vec<&Mitigation> =
        mitigations.iter().filter(|entry| !names.services.is_empty() || !aims_at_service(entry)).collect();
    let mitigation = *dice.pick(&possible);
    let target = match mitigation.effect.target_kind() {
        TargetKind::World => OrderTarget::World,
        TargetKind::Organisation => names.organisation_target(dice),
        TargetKind::Fleet => names.fleet_target(dice),
        TargetKind::Service => names.service_target(dice).expect("mitigations of services were left out"),
    };
    let when = match mitigation.phase {
        // Preparation is possible at the start only; one in five entries comes later and is refused.
        Phase::Preparation if dice.happens(0.8) => Trigger::At(names.start()),
        _ => names.trigger(dice, events),
    };
    PlaybookOrder { when, order: mitigation.id.clone(), target, provenance: made_up(()) }
}
