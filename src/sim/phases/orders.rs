//! Orders in force: what begins after its lead time, what ends, and what they make of their target.
//! docs/model.md, "Orders".
//!
//! Modifiers are recomputed from the orders in force whenever one begins or ends, so nothing has to
//! be undone and two orders of a kind cannot disagree.

use super::{hands, hosts, script, services, trust};
use crate::base::Share;
use crate::scenario::compile::{Scenario, Target};
use crate::scenario::schema::Effect;
use crate::sim::world::{Modifiers, NO_MODIFIERS, Order, OrderState, ServiceEffects, World};

/// Begins orders whose lead time is over and ends those whose time in force is.
pub fn begin_and_end(world: &mut World) {
    let scenario = world.scenario.clone();
    let mut ends = world.calendars.ends.take(world.tick);
    // An order ended early was put later; all are taken in the order they were given.
    ends.sort_unstable();
    for index in ends {
        let order = &world.orders[index as usize];
        if order.state == OrderState::InForce && order.ends == Some(world.tick) {
            end(world, &scenario, index as usize);
        }
    }
    for index in world.calendars.begins.take(world.tick) {
        if world.orders[index as usize].state == OrderState::Pending {
            begin(world, &scenario, index as usize);
        }
    }
    change_grants(world, &scenario);
}

fn begin(world: &mut World, scenario: &Scenario, index: usize) {
    world.seal.is_common_unsealed = true;
    let order = &world.orders[index];
    let (target, mitigation) = (order.target, order.mitigation as usize);
    let effect = &scenario.docs.mitigations[mitigation].effect;
    let lasts = world.orders[index].ends.is_some() || lasts(effect);
    world.orders[index].state = if lasts { OrderState::InForce } else { OrderState::Done };
    if scenario.organisation_of(target).is_some_and(|organisation| !world.is_reached(organisation)) {
        return;
    }
    take_effect(world, scenario, effect, scenario.mitigations[mitigation].operand, target);
    recompute(world, scenario, target);
    if let (Effect::Unattended { .. }, Target::Organisation(organisation)) = (effect, target)
        && let Some(mean_min) = world.modifiers(organisation).unattended_mean_min
    {
        hosts::opt_in_unattended(world, organisation, mean_min);
    }
}

/// Effects that stay in force to the end of the run.
fn lasts(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::EscrowKeys
            | Effect::PrintKeys { .. }
            | Effect::UseMethod(_)
            | Effect::Unattended { .. }
            | Effect::VerifyTools { .. }
            | Effect::RestoreBackup { .. }
            | Effect::Drill { .. }
    )
}

/// What happens at once, beside the figures that `recompute` derives.
fn take_effect(world: &mut World, scenario: &Scenario, effect: &Effect, operand: u32, target: Target) {
    match (effect, target) {
        (Effect::StopRollout(_), _) => script::end_release(world, operand),
        (Effect::StageRollout(_), _) => world.channels[operand as usize].is_staged = true,
        (Effect::RaiseFlag(_), _) => script::set_flag(world, operand, true),
        (Effect::HoldHosts { .. }, Target::Organisation(organisation)) => hosts::hold(world, organisation),
        (Effect::ReleaseHosts, Target::Organisation(organisation)) => {
            end_holds(world, scenario, organisation);
            hosts::release(world, organisation);
        }
        (Effect::Statement { audience, trust }, Target::Organisation(organisation)) => {
            trust::state_to(world, organisation, *audience, *trust);
        }
        (Effect::RepairFirst, Target::Fleet(fleet)) => {
            let organisation = scenario.fleets[fleet as usize].organisation;
            world.organisations[organisation as usize].first_fleet = Some(fleet);
            world.unseal(organisation);
        }
        (Effect::OpenFallback, Target::Service(service)) => switch_fallback(world, scenario, service, true),
        (Effect::CloseFallback, Target::Service(service)) => switch_fallback(world, scenario, service, false),
        _ => {}
    }
}

fn switch_fallback(world: &mut World, scenario: &Scenario, service: u32, is_open: bool) {
    services::wake(world, scenario, service, world.tick);
    let state = &mut world.services[service as usize];
    (state.is_fallback_open, state.is_fallback_barred) = (is_open, !is_open);
}

fn end(world: &mut World, scenario: &Scenario, index: usize) {
    world.seal.is_common_unsealed = true;
    let target = world.orders[index].target;
    let mitigation = world.orders[index].mitigation as usize;
    world.orders[index].state = OrderState::Done;
    let effect = &scenario.docs.mitigations[mitigation].effect;
    if let Effect::NationalPool { technicians, .. } = effect {
        world.pools_free[scenario.mitigations[mitigation].operand as usize] += technicians;
    }
    if scenario.organisation_of(target).is_some_and(|organisation| !world.is_reached(organisation)) {
        return;
    }
    if let (Effect::HoldHosts { .. }, Target::Organisation(organisation)) = (effect, target)
        && !is_held(world, scenario, target)
    {
        hosts::release(world, organisation);
    }
    recompute(world, scenario, target);
}

/// Is some hold still in force there?
fn is_held(world: &World, scenario: &Scenario, target: Target) -> bool {
    in_force(world, target).any(|(_, order)| {
        matches!(scenario.docs.mitigations[order.mitigation as usize].effect, Effect::HoldHosts { .. })
    })
}

/// A release of held hosts ends every hold of the organisation.
fn end_holds(world: &mut World, scenario: &Scenario, organisation: u32) {
    let holds: Vec<u32> = in_force(world, Target::Organisation(organisation))
        .filter(|(_, order)| {
            matches!(scenario.docs.mitigations[order.mitigation as usize].effect, Effect::HoldHosts { .. })
        })
        .map(|(index, _)| index)
        .collect();
    holds.into_iter().for_each(|index| world.orders[index as usize].state = OrderState::Done);
}

/// Facilitator's people come and go.
fn change_grants(world: &mut World, scenario: &Scenario) {
    for at in 0..world.grants.len() {
        let grant = world.grants[at];
        if (grant.begins == world.tick || grant.ends == world.tick) && world.is_reached(grant.organisation) {
            recompute(world, scenario, Target::Organisation(grant.organisation));
        }
    }
}

fn recompute(world: &mut World, scenario: &Scenario, target: Target) {
    match target {
        Target::Organisation(organisation) => recompute_organisation(world, scenario, organisation),
        Target::Fleet(fleet) => recompute_organisation(world, scenario, scenario.fleets[fleet as usize].organisation),
        Target::Service(service) => recompute_service(world, scenario, service),
        Target::World => {}
    }
}

fn recompute_organisation(world: &mut World, scenario: &Scenario, organisation: u32) {
    let modifiers = organisation_modifiers(world, scenario, organisation);
    let state = &mut world.organisations[organisation as usize];
    state.modifiers = (modifiers != NO_MODIFIERS).then(|| Box::new(modifiers));
    hands::watch_surge(world, organisation);
    world.reconsider(organisation);
}

/// Orders in force for a target, in the order given.
fn in_force(world: &World, target: Target) -> impl Iterator<Item = (u32, &Order)> {
    let indices = world.orders_of.get(&target).into_iter().flatten();
    indices.map(|&index| (index, &world.orders[index as usize])).filter(|(_, order)| order.state == OrderState::InForce)
}

fn organisation_modifiers(world: &World, scenario: &Scenario, organisation: u32) -> Modifiers {
    let mut to = NO_MODIFIERS.clone();
    let mut active: Vec<&Order> = in_force(world, Target::Organisation(organisation)).map(|(_, order)| order).collect();
    // The order that began last is the last word on methods, whenever it was given.
    active.sort_by_key(|order| order.effective);
    for order in active {
        modify(&mut to, scenario, order);
    }
    for fleet in scenario.organisations[organisation as usize].fleets.clone() {
        for (_, order) in in_force(world, Target::Fleet(fleet)) {
            if let Effect::RestoreBackup { touch } = scenario.docs.mitigations[order.mitigation as usize].effect
                && to.restored.iter().all(|(of, _)| *of != fleet)
            {
                to.restored.push((fleet, touch));
            }
        }
    }
    let granted = |grant: &&crate::sim::world::Grant| {
        grant.organisation == organisation && grant.begins <= world.tick && world.tick < grant.ends
    };
    to.granted = world.grants.iter().filter(granted).map(|grant| grant.technicians).sum();
    to
}

fn modify(to: &mut Modifiers, scenario: &Scenario, order: &Order) {
    let hands_milli = |technicians: u32, pace: f64| (f64::from(technicians) * pace * 1000.0 + 0.5) as u32;
    match &scenario.docs.mitigations[order.mitigation as usize].effect {
        Effect::EscrowKeys => to.has_escrow = true,
        Effect::PrintKeys { touch } => to.touch_with_key = to.touch_with_key.min(*touch),
        Effect::UseMethod(_) => {
            let told = scenario.mitigations[order.mitigation as usize].operand;
            to.methods.retain(|&method| method != told);
            to.methods.insert(0, told);
        }
        Effect::Unattended { mean_hours } => {
            let mean_min = mean_hours * 60.0;
            to.unattended_mean_min = Some(to.unattended_mean_min.map_or(mean_min, |was| was.min(mean_min)));
        }
        Effect::Overtime { share, .. } => to.overtime += share,
        Effect::Contractors { technicians, pace, .. } | Effect::NationalPool { technicians, pace, .. } => {
            to.outside_people += technicians;
            to.outside_hands_milli += hands_milli(*technicians, *pace);
        }
        Effect::Volunteers { locate, .. } => to.locate = to.locate.min(*locate),
        Effect::Rest { share, .. } => to.rest = to.rest.max(*share),
        Effect::VerifyTools { failure } => {
            to.failure = to.failure.min(*failure);
            to.is_verified = true;
        }
        _ => {}
    }
}

fn recompute_service(world: &mut World, scenario: &Scenario, service: u32) {
    services::wake(world, scenario, service, world.tick);
    let mut to =
        ServiceEffects { postpone_hours: world.effects[service as usize].postpone_hours, ..ServiceEffects::default() };
    let (mut shed, mut postpone, mut fail_over) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (_, order) in in_force(world, Target::Service(service)) {
        match &scenario.docs.mitigations[order.mitigation as usize].effect {
            Effect::ShedDemand { share, .. } => shed = shed.max(*share),
            Effect::PostponeDemand { share, hours } => {
                postpone = postpone.max(*share);
                to.postpone_hours = *hours;
            }
            Effect::FailOver { level, .. } => fail_over = fail_over.max(*level),
            Effect::ExtendHours { extra, .. } => to.extra += extra,
            Effect::ClearRework { factor, .. } => to.rework_factor = to.rework_factor.max(*factor),
            Effect::Drill { endurance } => to.drill = to.drill.max(*endurance),
            _ => {}
        }
    }
    to.shed = Share::from_fraction(shed);
    to.postpone = Share::from_fraction(postpone);
    to.fail_over = Share::from_fraction(fail_over);
    let usual = ServiceEffects { postpone_hours: to.postpone_hours, drill: to.drill, ..ServiceEffects::default() };
    let state = &mut world.services[service as usize];
    (state.is_ordered, state.has_effects) = (true, to != usual);
    world.effects[service as usize] = to;
}
