//! Orders: they begin when their lead time is over, change their target while they are in force, and end.
//! docs/model.md, "Orders".
//!
//! Modifiers are recomputed from the orders in force whenever one begins or ends, so nothing has to
//! be undone and two orders of a kind cannot disagree.

use super::{hands, hosts, script, services, team, trust};
use crate::base::{Ix, Share, Tick};
use crate::scenario::compile::{
    AimedEffect, FleetEffect, MitigationEffect, Organisation, OrganisationEffect, Scenario, Service, ServiceEffect,
    Target, Term, WorldEffect,
};
use crate::sim::slice::OrderChange;
use crate::sim::world::{Modifiers, NO_MODIFIERS, Order, OrderState, ServiceEffects, World};

/// Begins orders whose lead time is over and ends those whose time in force is.
pub fn begin_and_end(world: &mut World) {
    let scenario = world.scenario.clone();
    let mut ends = world.state.calendars.ends.take(world.state.tick);
    // An order ended early was put later; all are taken in the order they were given.
    ends.sort_unstable();
    ends.into_iter().for_each(|order| turn(world, &scenario, Turn::End, order));
    let begins = world.state.calendars.begins.take(world.state.tick);
    begins.into_iter().for_each(|order| turn(world, &scenario, Turn::Begin, order));
    let away = world.state.calendars.away.take(world.state.tick);
    away.into_iter().for_each(|order| turn(world, &scenario, Turn::Away, order));
    change_grants(world, &scenario);
}

/// A turn of an order. In a minute, orders end before others begin, and then technicians leave and return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    End,
    Begin,
    Away,
}

/// Takes the turns of orders in the minutes from one on, before another, in the order in which they happen.
pub fn take_turns(world: &mut World, from: Tick, until: Tick) -> Vec<(Tick, Turn, Ix<Order>)> {
    let calendars = &mut world.state.calendars;
    let ends = calendars.ends.take_range(from, until).into_iter().map(|(at, order)| (at, Turn::End, order));
    let begins = calendars.begins.take_range(from, until).into_iter().map(|(at, order)| (at, Turn::Begin, order));
    let away = calendars.away.take_range(from, until).into_iter().map(|(at, order)| (at, Turn::Away, order));
    let mut turns: Vec<_> = ends.chain(begins).chain(away).collect();
    turns.sort_unstable();
    turns
}

/// Ends or begins an order in this minute, unless its date is stale.
pub fn turn(world: &mut World, scenario: &Scenario, turn: Turn, index: Ix<Order>) {
    let order = &world.state.orders[index];
    match turn {
        Turn::End if order.state == OrderState::InForce && order.ends == Some(world.state.tick) => {
            end(world, scenario, index);
        }
        Turn::Begin if order.state == OrderState::Pending => begin(world, scenario, index),
        Turn::Away => change_away(world, scenario, index),
        Turn::End | Turn::Begin => {}
    }
}

/// Technicians of an order leave repair or return to it, or the time off that people are owed for it is over.
fn change_away(world: &mut World, scenario: &Scenario, index: Ix<Order>) {
    let order = &world.state.orders[index];
    let (target, organisation) = (order.target, scenario.organisation_of(order.target));
    let owes_time_off = scenario.mitigations[order.mitigation].effect.is_longer_work();
    if let Some(organisation) = organisation.filter(|&organisation| world.is_reached(organisation)) {
        recompute_organisation(world, scenario, organisation);
        if let Target::Service(service) = target
            && owes_time_off
        {
            recompute_service(world, scenario, service);
        }
    }
}

/// Sets the state of an order. A time slice keeps a record of the change for the digests of its boundaries.
fn set_state(world: &mut World, index: Ix<Order>, state: OrderState) {
    world.derived.seal.is_common_unsealed = true;
    let order = &mut world.state.orders[index];
    let before = std::mem::replace(&mut order.state, state);
    if let Some(sums) = world.scratch.slice.as_mut().and_then(|slice| slice.sums.as_mut()) {
        sums.orders.push(OrderChange { minute: world.state.tick, order: index, before, after: state });
    }
}

fn begin(world: &mut World, scenario: &Scenario, index: Ix<Order>) {
    let order = &world.state.orders[index];
    let target = order.target;
    let mitigation = &scenario.mitigations[order.mitigation];
    let replaced = replaced(world, scenario, mitigation.effect.aimed(target));
    replaced.iter().for_each(|&other| set_state(world, other, OrderState::Done));
    let state = match mitigation.term {
        Term::AtOnce => OrderState::Done,
        Term::Minutes(_) | Term::ToTheEnd => OrderState::InForce,
    };
    set_state(world, index, state);
    if scenario.organisation_of(target).is_some_and(|organisation| !world.is_reached(organisation)) {
        return;
    }
    take_effect(world, scenario, mitigation.effect.aimed(target), !replaced.is_empty());
    recompute(world, scenario, target);
    if let AimedEffect::Organisation(organisation, OrganisationEffect::Unattended { .. }) =
        mitigation.effect.aimed(target)
        && let Some(mean_min) = world.modifiers(organisation).unattended_mean_min
    {
        hosts::opt_in_unattended(world, organisation, mean_min);
    }
}

/// What an effect changes in the minute in which it begins. What it changes while it is in force is derived by
/// `recompute`.
fn take_effect(world: &mut World, scenario: &Scenario, effect: AimedEffect, has_replaced: bool) {
    match effect {
        AimedEffect::World(WorldEffect::StopRollout { channel }) => script::end_release(world, channel),
        AimedEffect::World(WorldEffect::StageRollout { channel }) => {
            world.state.channels[channel].is_staged = true;
        }
        AimedEffect::World(WorldEffect::RaiseFlag { flag }) => script::set_flag(world, flag, true),
        AimedEffect::Organisation(organisation, effect) => take_effect_on(world, organisation, effect, has_replaced),
        AimedEffect::Fleet(fleet, FleetEffect::RepairFirst) => {
            let organisation = scenario.fleets[fleet].organisation;
            world.state.organisations[organisation].first_fleet = Some(fleet);
            world.unseal(organisation);
        }
        AimedEffect::Service(service, ServiceEffect::OpenFallback) => switch_fallback(world, scenario, service, true),
        AimedEffect::Service(service, ServiceEffect::CloseFallback) => switch_fallback(world, scenario, service, false),
        AimedEffect::Service(service, ServiceEffect::CallOff { share, notice_hours, hours }) => {
            services::wake(world, scenario, service, world.state.tick);
            services::call_off(world, scenario, service, Share::from_fraction(share), (notice_hours, hours));
        }
        AimedEffect::Fleet(_, FleetEffect::RestoreBackup { .. })
        | AimedEffect::Service(
            _,
            ServiceEffect::ShedDemand { .. }
            | ServiceEffect::PostponeDemand { .. }
            | ServiceEffect::FailOver { .. }
            | ServiceEffect::ExtendHours { .. }
            | ServiceEffect::Drill { .. }
            | ServiceEffect::ClearRework { .. },
        ) => {}
    }
}

fn take_effect_on(world: &mut World, organisation: Ix<Organisation>, effect: OrganisationEffect, has_replaced: bool) {
    match effect {
        OrganisationEffect::HoldHosts => hosts::hold(world, organisation),
        OrganisationEffect::ReleaseHosts => hosts::release(world, organisation),
        OrganisationEffect::Statement { audience, trust_points, .. } => {
            trust::make_statement(world, organisation, audience, trust_points, has_replaced);
        }
        OrganisationEffect::EscrowKeys
        | OrganisationEffect::PrintKeys { .. }
        | OrganisationEffect::UseMethod { .. }
        | OrganisationEffect::Unattended { .. }
        | OrganisationEffect::Overtime { .. }
        | OrganisationEffect::Contractors(_)
        | OrganisationEffect::Volunteers { .. }
        | OrganisationEffect::NationalPool { .. }
        | OrganisationEffect::Rest { .. }
        | OrganisationEffect::VerifyTools { .. } => {}
    }
}

fn switch_fallback(world: &mut World, scenario: &Scenario, service: Ix<Service>, is_open: bool) {
    services::wake(world, scenario, service, world.state.tick);
    let state = &mut world.state.services[service];
    (state.is_fallback_open, state.is_fallback_barred) = (is_open, !is_open);
}

fn end(world: &mut World, scenario: &Scenario, index: Ix<Order>) {
    set_state(world, index, OrderState::Done);
    let order = &world.state.orders[index];
    let target = order.target;
    let effect = scenario.mitigations[order.mitigation].effect;
    if let Some((pool, technicians)) = effect.borrowed() {
        world.state.pools_free[pool] += technicians;
    }
    if scenario.organisation_of(target).is_some_and(|organisation| !world.is_reached(organisation)) {
        return;
    }
    match effect.aimed(target) {
        AimedEffect::Organisation(organisation, OrganisationEffect::HoldHosts)
            if holds(world, scenario, organisation).is_empty() =>
        {
            hosts::release(world, organisation);
        }
        AimedEffect::Organisation(organisation, OrganisationEffect::Statement { audience, trust_points, .. }) => {
            let is_kept = trust::judge_promise(world, organisation, audience, trust_points);
            world.state.orders[index].is_kept = Some(is_kept);
        }
        _ => {}
    }
    recompute(world, scenario, target);
}

/// Orders in force that an effect ends when it begins: a release of held hosts ends every hold of the organisation, and a
/// statement takes the place of the promises to its audience.
fn replaced(world: &World, scenario: &Scenario, effect: AimedEffect) -> Vec<Ix<Order>> {
    match effect {
        AimedEffect::Organisation(organisation, OrganisationEffect::ReleaseHosts) => {
            holds(world, scenario, organisation)
        }
        AimedEffect::Organisation(organisation, OrganisationEffect::Statement { audience, .. }) => in_force_like(
            world,
            scenario,
            organisation,
            |effect| matches!(effect, OrganisationEffect::Statement { audience: other, .. } if other == audience),
        ),
        _ => Vec::new(),
    }
}

/// Orders in force that hold hosts of an organisation back, by index.
fn holds(world: &World, scenario: &Scenario, organisation: Ix<Organisation>) -> Vec<Ix<Order>> {
    in_force_like(world, scenario, organisation, |effect| effect == OrganisationEffect::HoldHosts)
}

/// Orders in force for an organisation whose effect is of some kind, by index.
fn in_force_like(
    world: &World,
    scenario: &Scenario,
    organisation: Ix<Organisation>,
    is_it: impl Fn(OrganisationEffect) -> bool,
) -> Vec<Ix<Order>> {
    let orders = in_force(world, scenario, Target::Organisation(organisation));
    orders.filter(|(.., effect)| effect.on_organisation().is_some_and(&is_it)).map(|(index, ..)| index).collect()
}

/// Facilitator's people come and go.
fn change_grants(world: &mut World, scenario: &Scenario) {
    for at in 0..world.state.grants.len() {
        let grant = world.state.grants[at];
        if (grant.begins == world.state.tick || grant.ends == world.state.tick) && world.is_reached(grant.organisation)
        {
            recompute(world, scenario, Target::Organisation(grant.organisation));
        }
    }
}

fn recompute(world: &mut World, scenario: &Scenario, target: Target) {
    match target {
        Target::Organisation(organisation) => recompute_organisation(world, scenario, organisation),
        Target::Fleet(fleet) => recompute_organisation(world, scenario, scenario.fleets[fleet].organisation),
        Target::Service(service) => recompute_service(world, scenario, service),
        Target::World => {}
    }
}

fn recompute_organisation(world: &mut World, scenario: &Scenario, organisation: Ix<Organisation>) {
    hands::accrue_organisation(world, scenario, organisation, world.state.tick);
    let modifiers = organisation_modifiers(world, scenario, organisation);
    let state = &mut world.state.organisations[organisation];
    state.modifiers = (modifiers != NO_MODIFIERS).then(|| Box::new(modifiers));
    hands::watch_surge(world, organisation);
    world.reconsider(organisation);
}

/// Orders in force for a target with their index and effect, in the order given.
fn in_force<'a>(
    world: &'a World,
    scenario: &'a Scenario,
    target: Target,
) -> impl Iterator<Item = (Ix<Order>, &'a Order, MitigationEffect)> {
    let orders = world.orders_for(target).filter(|(_, order)| order.state == OrderState::InForce);
    orders.map(|(index, order)| (index, order, scenario.mitigations[order.mitigation].effect))
}

/// The longer work for a target that has ended and for which people have time off now.
fn with_time_off<'a>(
    world: &'a World,
    scenario: &'a Scenario,
    target: Target,
) -> impl Iterator<Item = MitigationEffect> {
    let now = world.state.tick;
    let ended = world.orders_for(target).filter(|(_, order)| order.state == OrderState::Done);
    ended.filter_map(move |(_, order)| {
        let effect = scenario.mitigations[order.mitigation].effect;
        let is_off = |ends: Tick| now < team::time_off_until(order.effective, ends);
        (effect.is_longer_work() && order.ends.is_some_and(is_off)).then_some(effect)
    })
}

fn organisation_modifiers(world: &World, scenario: &Scenario, organisation: Ix<Organisation>) -> Modifiers {
    let mut modifiers = NO_MODIFIERS.clone();
    let effects = in_force(world, scenario, Target::Organisation(organisation));
    let mut effects: Vec<(Tick, OrganisationEffect)> =
        effects.filter_map(|(_, order, effect)| Some((order.effective, effect.on_organisation()?))).collect();
    // The order that began last decides on methods, whenever it was given.
    effects.sort_by_key(|&(effective, _)| effective);
    for (_, effect) in effects {
        modify(&mut modifiers, effect);
    }
    for effect in with_time_off(world, scenario, Target::Organisation(organisation)) {
        if let MitigationEffect::Organisation(OrganisationEffect::Overtime { share }) = effect {
            modifiers.rest = modifiers.rest.max(share * team::TIME_OFF);
        }
    }
    for fleet in scenario.organisations[organisation].fleets {
        let effects = in_force(world, scenario, Target::Fleet(fleet));
        for effect in effects.filter_map(|(_, _, effect)| effect.on_fleet()) {
            match effect {
                FleetEffect::RestoreBackup { touch } => {
                    // The restore that was ordered first stays.
                    if modifiers.restored.iter().all(|(restored, _)| *restored != fleet) {
                        modifiers.restored.push((fleet, touch));
                    }
                }
                FleetEffect::RepairFirst => {}
            }
        }
    }
    let granted = |grant: &&crate::sim::world::Grant| {
        grant.organisation == organisation && grant.begins <= world.state.tick && world.state.tick < grant.ends
    };
    modifiers.away = team::technicians_away(world, organisation);
    modifiers.granted = world.state.grants.iter().filter(granted).map(|grant| grant.technicians).sum();
    modifiers
}

fn modify(modifiers: &mut Modifiers, effect: OrganisationEffect) {
    match effect {
        OrganisationEffect::EscrowKeys => modifiers.has_escrow = true,
        OrganisationEffect::PrintKeys { touch } => modifiers.touch_with_key = modifiers.touch_with_key.min(touch),
        OrganisationEffect::UseMethod { method } => {
            modifiers.methods.retain(|&earlier| earlier != method);
            modifiers.methods.insert(0, method);
        }
        OrganisationEffect::Unattended { mean_min } => {
            let shortest_min = modifiers.unattended_mean_min.map_or(mean_min, |shortest| shortest.min(mean_min));
            modifiers.unattended_mean_min = Some(shortest_min);
        }
        OrganisationEffect::Overtime { share } => {
            // Nobody works more than two shifts a day.
            modifiers.overtime = (modifiers.overtime + share).min(1.0);
        }
        OrganisationEffect::Contractors(help) | OrganisationEffect::NationalPool { help, .. } => {
            modifiers.outside_people += help.technicians;
            modifiers.outside_hands_milli += help.hands_milli;
        }
        OrganisationEffect::Volunteers { locate } => modifiers.locate = modifiers.locate.min(locate),
        OrganisationEffect::Rest { share } => modifiers.rest = modifiers.rest.max(share),
        OrganisationEffect::VerifyTools { failure } => {
            modifiers.failure = modifiers.failure.min(failure);
            modifiers.is_verified = true;
        }
        OrganisationEffect::HoldHosts | OrganisationEffect::ReleaseHosts | OrganisationEffect::Statement { .. } => {}
    }
}

fn recompute_service(world: &mut World, scenario: &Scenario, service: Ix<Service>) {
    services::wake(world, scenario, service, world.state.tick);
    let postpone_hours = world.derived.effects[service].postpone_hours;
    let mut sum = ServiceEffects { postpone_hours, ..ServiceEffects::default() };
    let (mut shed, mut postpone, mut fail_over) = (0.0_f64, 0.0_f64, 0.0_f64);
    let effects = in_force(world, scenario, Target::Service(service));
    for effect in effects.filter_map(|(_, _, effect)| effect.on_service()) {
        match effect {
            ServiceEffect::ShedDemand { share } => shed = shed.max(share),
            ServiceEffect::PostponeDemand { share, hours } => {
                postpone = postpone.max(share);
                sum.postpone_hours = hours;
            }
            ServiceEffect::FailOver { level } => fail_over = fail_over.max(level),
            ServiceEffect::ExtendHours { extra } => sum.extra += extra,
            ServiceEffect::ClearRework { factor } => sum.rework_factor = sum.rework_factor.max(factor),
            ServiceEffect::Drill { endurance } => sum.drill = sum.drill.max(endurance),
            ServiceEffect::OpenFallback | ServiceEffect::CloseFallback | ServiceEffect::CallOff { .. } => {}
        }
    }
    for effect in with_time_off(world, scenario, Target::Service(service)) {
        if let MitigationEffect::Service(ServiceEffect::ExtendHours { extra }) = effect {
            sum.time_off = sum.time_off.max((extra * team::TIME_OFF).min(1.0));
        }
    }
    sum.shed = Share::from_fraction(shed);
    sum.postpone = Share::from_fraction(postpone);
    sum.fail_over = Share::from_fraction(fail_over);
    // Neither the hours of a postponement nor a drill changes a level by itself.
    let usual = ServiceEffects { postpone_hours: sum.postpone_hours, drill: sum.drill, ..ServiceEffects::default() };
    let state = &mut world.state.services[service];
    (state.is_ordered, state.has_effects) = (true, sum != usual);
    world.derived.effects[service] = sum;
}
