//! The drawer of mitigations: the orders of the seat with their targets, and the reasons why some cannot be given.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::source::Source;
use crate::base::words as format;
use crate::base::{Ix, Tick};
use crate::exercise::view::{MitigationRow, TargetRow};
use crate::exercise::words::target_label;
use crate::scenario::compile::{
    AimedEffect, Mitigation, MitigationEffect, Need, NeedIndex, Organisation, OrganisationEffect, Scenario, Seat,
    Service, ServiceEffect, Target, Term,
};
use crate::sim::phases::{hands, team};
use crate::sim::possible::possible_with;
use crate::sim::{Cost, Issuer, Refusal, World};

pub fn drawer(source: &Source) -> Vec<MitigationRow> {
    let scenario = source.scenario();
    // Only seats give orders.
    let Some(seat) = source.chair.seat() else { return Vec::new() };
    scenario.seats[seat]
        .mitigations
        .iter()
        // Preparations are bought at the briefing.
        .filter(|&&mitigation| !scenario.mitigations[mitigation].is_preparation)
        .map(|&mitigation| mitigation_row(source, seat, mitigation))
        .collect()
}

fn mitigation_row(source: &Source, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> MitigationRow {
    let world = source.world();
    let scenario = world.scenario();
    let docs = &scenario.docs.mitigations[mitigation.position()];
    let mut targets = possible_with(world, Issuer::Seat(seat), mitigation).targets;
    targets.retain(|&(target, _)| is_suitable(scenario, seat, mitigation, target));
    targets.sort_by_key(|(target, verdict)| (verdict.is_err(), Reverse(urgency(world, seat, *target))));
    let is_open = targets.iter().any(|(_, verdict)| verdict.is_ok());
    let refusal = targets.iter().filter_map(|(_, verdict)| verdict.as_ref().err()).min_by_key(|refusal| rank(refusal));
    let words = |refusal: &Refusal| format::capital(&refusal.to_string());
    MitigationRow {
        mitigation,
        name: docs.name.clone(),
        summary: docs.summary.clone(),
        group: docs.group,
        cost_usd: *docs.cost_usd.value(),
        lead_min: *docs.lead_min.value(),
        team_min: scenario.mitigations[mitigation].work.team_min,
        refusal: match refusal {
            _ if is_open => None,
            None => Some("None of your organisations can use it".to_owned()),
            Some(refusal) => Some(words(refusal)),
        },
        targets: targets
            .iter()
            .map(|(target, verdict)| TargetRow {
                target: (*target).into(),
                organisation: scenario.organisation_of(*target),
                label: target_label(scenario, *target),
                detail: detail(world, *target),
                price: verdict
                    .as_ref()
                    .map_or_else(|_| String::new(), |cost| price(scenario, mitigation, *target, cost)),
                refusal: verdict.as_ref().err().map(words),
            })
            .collect(),
        ordered: source.times_ordered(seat, mitigation),
    }
}

/// What an order takes from the organisation of its target.
fn price(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target, cost: &Cost) -> String {
    let work = scenario.mitigations[mitigation].work;
    let waits = (0 < cost.wait_min).then(|| format!("waits {} for the incident team", format::span(cost.wait_min)));
    let starts = Tick(cost.effective.0 - cost.lead_min);
    let away = match team::technicians(scenario, mitigation, target, starts) {
        0 => None,
        1 => Some(format!("1 technician away for {}", format::span(work.technicians_min))),
        many => Some(format!("{many} technicians away for {}", format::span(work.technicians_min))),
    };
    let led = led(scenario, mitigation, target, cost.effective);
    let parts: Vec<String> = [waits, away, led, time_off(scenario, mitigation)].into_iter().flatten().collect();
    format::capital(&parts.join(", "))
}

/// How many of the people from outside the crew of the hour in which they come can lead, if it cannot lead all.
fn led(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target, comes: Tick) -> Option<String> {
    let organisation = scenario.organisation_of(target)?;
    let (OrganisationEffect::Contractors(help) | OrganisationEffect::NationalPool { help, .. }) =
        scenario.mitigations[mitigation].effect.on_organisation()?
    else {
        return None;
    };
    let crew = hands::at_work(scenario, organisation, scenario.local_hour(organisation, comes), 0.0);
    let led = (crew * hands::LED) as u32;
    (led < help.technicians).then(|| format!("your crew then leads {led} of the {}", help.technicians))
}

/// What is missing in the time off after longer work.
fn time_off(scenario: &Scenario, mitigation: Ix<Mitigation>) -> Option<String> {
    let compiled = &scenario.mitigations[mitigation];
    let (what, share) = match compiled.effect {
        MitigationEffect::Organisation(OrganisationEffect::Overtime { share }) => ("a smaller crew", share),
        MitigationEffect::Service(ServiceEffect::ExtendHours { extra }) => ("less capacity", extra),
        _ => return None,
    };
    let Term::Minutes(minutes) = compiled.term else { return None };
    let off_min = team::time_off_until(Tick::ZERO, Tick(minutes)).since(Tick(minutes));
    Some(format!("afterwards {what} for {}: −{:.0} %", format::span(off_min), 100.0 * share * team::TIME_OFF))
}

/// The load of the incident teams that the seat directs, as words: of the only one, or of all that have orders.
pub fn team_load(source: &Source) -> String {
    let world = source.world();
    let Some(seat) = source.chair.seat() else { return String::new() };
    let organisations = &world.scenario().seats[seat].organisations;
    let load = |&organisation: &Ix<Organisation>| {
        let members = team::members(world.scenario(), organisation)?;
        let (in_work, waiting) = team::load(world, organisation);
        Some((members, in_work, waiting))
    };
    let loads: Vec<(u32, u32, u32)> = organisations.iter().filter_map(load).collect();
    let waiting: u32 = loads.iter().map(|load| load.2).sum();
    let waits = if waiting == 0 { String::new() } else { format!(", {waiting} wait") };
    match loads[..] {
        [] => String::new(),
        [(members, in_work, _)] => format!("{in_work} of {members} in work{waits}"),
        _ => format!("{} in work{waits}", loads.iter().map(|load| load.1).sum::<u32>()),
    }
}

/// Does an order make sense for a target? Demand can be shed or postponed only at services that customers use
/// themselves: services of an objective, and services that no other service of the organisation needs. Fallbacks need
/// a service with a fallback, and clearing rework needs one with rework.
fn is_suitable(scenario: &Scenario, seat: Ix<Seat>, mitigation: Ix<Mitigation>, target: Target) -> bool {
    let effect = scenario.mitigations[mitigation].effect.aimed(target);
    let AimedEffect::Service(service, effect) = effect else { return true };
    let compiled = &scenario.services[service];
    match effect {
        ServiceEffect::ShedDemand { .. } | ServiceEffect::CallOff { .. } | ServiceEffect::PostponeDemand { .. } => {
            let siblings = scenario.organisations[compiled.organisation].services;
            let needs = |other: Ix<Service>| {
                scenario.needs_of(other).iter().any(|need| need.supplier == NeedIndex::Service(service))
            };
            is_objective(scenario, seat, service) || !siblings.iter().any(needs)
        }
        ServiceEffect::OpenFallback | ServiceEffect::CloseFallback | ServiceEffect::Drill { .. } => {
            compiled.fallback.is_some()
        }
        ServiceEffect::ClearRework { .. } => compiled.rework.is_some(),
        ServiceEffect::FailOver { .. } | ServiceEffect::ExtendHours { .. } => true,
    }
}

/// The rank of a target. The largest is shown first: services of the seat's objectives, then the worst hit and most
/// needed targets.
fn urgency(world: &World, seat: Ix<Seat>, target: Target) -> (bool, u64, u64) {
    let scenario = world.scenario();
    match target {
        Target::World => (false, 0, 0),
        Target::Service(service) => {
            let missing = world.level(service).rest().ppm();
            (is_objective(scenario, seat, service), missing.into(), u64::from(scenario.services[service].is_important))
        }
        Target::Fleet(fleet) => {
            let is_down = 0 < world.fleets()[fleet].down();
            let needed_by = if is_down { dependents(scenario, target) } else { 0 };
            (is_down, needed_by, scenario.fleets[fleet].priority.into())
        }
        Target::Organisation(_) => (false, hosts(world, target).0, 0),
    }
}

/// Is an objective of the seat about this service and no other?
fn is_objective(scenario: &Scenario, seat: Ix<Seat>, service: Ix<Service>) -> bool {
    scenario.seats[seat].objectives.iter().any(|objective| objective.services == [service])
}

/// Hosts of a target that are down, and all of them.
fn hosts(world: &World, target: Target) -> (u64, u64) {
    let scenario = world.scenario();
    let fleets = match target {
        Target::Fleet(fleet) => {
            let down = world.fleets()[fleet].down();
            return (down.into(), scenario.fleets[fleet].hosts.into());
        }
        Target::Organisation(organisation) => scenario.organisations[organisation].fleets,
        Target::World | Target::Service(_) => return (0, 0),
    };
    fleets.iter().fold((0, 0), |(down, all), fleet| {
        (down + u64::from(world.fleets()[fleet].down()), all + u64::from(scenario.fleets[fleet].hosts))
    })
}

/// Services that need a fleet or a service, directly or through others.
fn dependents(scenario: &Scenario, target: Target) -> u64 {
    let wiring = &scenario.wiring;
    let mut open: Vec<Ix<Need>> = match target {
        Target::Fleet(fleet) => wiring.fleet_needs.items(fleet).to_vec(),
        Target::Service(service) => wiring.service_needs.items(service).to_vec(),
        Target::World | Target::Organisation(_) => return 0,
    };
    let mut found = BTreeSet::new();
    while let Some(need) = open.pop() {
        let service = wiring.need_service[need];
        if Target::Service(service) != target && found.insert(service) {
            open.extend(wiring.service_needs.items(service));
        }
    }
    found.len() as u64
}

/// `311 of 420 hosts down, 5 services need it`
fn detail(world: &World, target: Target) -> String {
    let needed_by = match dependents(world.scenario(), target) {
        0 => None,
        1 => Some("1 service needs it".to_owned()),
        many => Some(format!("{} services need it", format::thousands(many))),
    };
    let state = match target {
        Target::World => None,
        Target::Service(service) => Some(format!("at {}", format::percent(world.level(service).fraction()))),
        Target::Fleet(_) | Target::Organisation(_) => match hosts(world, target) {
            (_, 0) => None,
            (down, all) => Some(format!("{} of {} hosts down", format::thousands(down), format::thousands(all))),
        },
    };
    let parts: Vec<String> = state.into_iter().chain(needed_by).collect();
    format::capital(&parts.join(", "))
}

/// The rank of a refusal. A mitigation as a whole shows one reason: first the seat's own earlier orders, then what has
/// to happen first, last that the order would change nothing.
fn rank(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::Over => 0,
        Refusal::UnderWay => 1,
        Refusal::TimesUsedUp { .. } => 2,
        Refusal::FlagMissing(_) => 3,
        Refusal::PoolTooSmall { .. } => 4,
        Refusal::Pointless(_) => 6,
        _ => 5,
    }
}
