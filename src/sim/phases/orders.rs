//! Orders in force: what begins after its lead time, what ends, and what they make of their target.
//!
//! Modifiers are recomputed from the orders in force whenever one begins or ends, so nothing has to
//! be undone and two orders of a kind cannot disagree.

use super::{hands, hosts};
use crate::base::Share;
use crate::scenario::compile::{Scenario, Target};
use crate::scenario::schema::Effect;
use crate::sim::world::{Modifiers, Order, OrderState, World};

/// Begins orders whose lead time is over and ends those whose time in force is.
pub fn begin_and_end(world: &mut World) {
    for index in 0..world.orders.len() {
        let order = &world.orders[index];
        if order.state == OrderState::InForce && order.ends.is_some_and(|ends| ends <= world.tick) {
            end(world, index);
        }
    }
    for index in 0..world.orders.len() {
        let order = &world.orders[index];
        if order.state == OrderState::Pending && order.effective <= world.tick {
            begin(world, index);
        }
    }
}

fn begin(world: &mut World, index: usize) {
    let scenario = world.scenario.clone();
    let order = &world.orders[index];
    let (target, mitigation) = (order.target, order.mitigation as usize);
    let operand = scenario.mitigations[mitigation].operand;
    world.orders[index].state = OrderState::InForce;
    let effect = &scenario.docs.mitigations[mitigation].effect;
    match (effect, target) {
        (Effect::StopRollout(_), _) => world.channels[operand as usize].live_since = None,
        (Effect::RaiseFlag(_), _) => world.flags[operand as usize] = true,
        (Effect::HoldHosts { .. }, Target::Organisation(organisation)) => hosts::hold(world, organisation),
        (Effect::ReleaseHosts, Target::Organisation(organisation)) => {
            end_holds(world, organisation);
            hosts::release(world, organisation);
        }
        (Effect::Unattended { mean_hours }, Target::Organisation(organisation)) => {
            hosts::opt_in_unattended(world, organisation, mean_hours * 60.0);
        }
        (Effect::Statement { trust, .. }, Target::Organisation(organisation)) => {
            let state = &mut world.organisations[organisation as usize];
            state.trust = Share::from_fraction(state.trust.fraction() + trust / 100.0);
        }
        (Effect::RepairFirst, Target::Fleet(fleet)) => put_first(world, fleet),
        (Effect::RestoreBackup { touch }, Target::Fleet(fleet)) => {
            let organisation = scenario.fleets[fleet as usize].organisation;
            world.organisations[organisation as usize].backup_touch.push((fleet, *touch));
        }
        (Effect::OpenFallback, Target::Service(service)) => {
            let state = &mut world.services[service as usize];
            (state.is_fallback_open, state.is_fallback_barred) = (true, false);
        }
        (Effect::CloseFallback, Target::Service(service)) => {
            let state = &mut world.services[service as usize];
            (state.is_fallback_open, state.is_fallback_barred) = (false, true);
        }
        _ => {}
    }
    let lasts = |effect: &Effect| {
        matches!(
            effect,
            Effect::EscrowKeys
                | Effect::PrintKeys { .. }
                | Effect::UseMethod(_)
                | Effect::Unattended { .. }
                | Effect::VerifyTools { .. }
        )
    };
    if world.orders[index].ends.is_none() && !lasts(effect) {
        world.orders[index].state = OrderState::Done;
    }
    recompute(world, target);
}

fn end(world: &mut World, index: usize) {
    let scenario = world.scenario.clone();
    let target = world.orders[index].target;
    let mitigation = world.orders[index].mitigation as usize;
    world.orders[index].state = OrderState::Done;
    match (&scenario.docs.mitigations[mitigation].effect, target) {
        (Effect::HoldHosts { .. }, Target::Organisation(organisation)) if !is_held(world, target) => {
            hosts::release(world, organisation);
        }
        (Effect::NationalPool { technicians, .. }, _) => {
            world.pools_free[scenario.mitigations[mitigation].operand as usize] += technicians;
        }
        _ => {}
    }
    recompute(world, target);
}

/// Is some hold still in force there?
fn is_held(world: &World, target: Target) -> bool {
    let is_hold = |order: &Order| {
        matches!(world.scenario.docs.mitigations[order.mitigation as usize].effect, Effect::HoldHosts { .. })
    };
    in_force(&world.orders, target).any(is_hold)
}

/// A release of held hosts ends every hold of the organisation.
fn end_holds(world: &mut World, organisation: u32) {
    let scenario = world.scenario.clone();
    for order in &mut world.orders {
        let effect = &scenario.docs.mitigations[order.mitigation as usize].effect;
        if order.target == Target::Organisation(organisation)
            && order.state == OrderState::InForce
            && matches!(effect, Effect::HoldHosts { .. })
        {
            order.state = OrderState::Done;
        }
    }
}

fn put_first(world: &mut World, fleet: u32) {
    let organisation = world.scenario.fleets[fleet as usize].organisation;
    let order = hands::repair_order(&world.scenario, organisation, Some(fleet));
    let state = &mut world.organisations[organisation as usize];
    state.first_fleet = Some(fleet);
    state.repair_order = order;
}

fn recompute(world: &mut World, target: Target) {
    let scenario = world.scenario.clone();
    match target {
        Target::Organisation(organisation) => {
            let modifiers = organisation_modifiers(&scenario, &world.orders, organisation);
            world.organisations[organisation as usize].modifiers = modifiers;
        }
        Target::Service(service) => service_modifiers(world, &scenario, service),
        Target::World | Target::Fleet(_) => {}
    }
}

fn in_force(orders: &[Order], target: Target) -> impl Iterator<Item = &Order> {
    orders.iter().filter(move |order| order.target == target && order.state == OrderState::InForce)
}

fn organisation_modifiers(scenario: &Scenario, orders: &[Order], organisation: u32) -> Modifiers {
    let mut to = Modifiers::default();
    let hands_milli = |technicians: u32, pace: f64| (f64::from(technicians) * pace * 1000.0 + 0.5) as u32;
    let mut active: Vec<&Order> = in_force(orders, Target::Organisation(organisation)).collect();
    // The order that began last is the last word on methods, whenever it was given.
    active.sort_by_key(|order| order.effective);
    for order in active {
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
            Effect::VerifyTools { failure } => to.failure = to.failure.min(*failure),
            _ => {}
        }
    }
    to
}

fn service_modifiers(world: &mut World, scenario: &Scenario, service: u32) {
    let (mut shed, mut postpone, mut postpone_hours) = (0.0_f64, 0.0_f64, None);
    let (mut fail_over, mut extra, mut factor) = (0.0_f64, 0.0_f64, 1.0_f64);
    for order in in_force(&world.orders, Target::Service(service)) {
        match &scenario.docs.mitigations[order.mitigation as usize].effect {
            Effect::ShedDemand { share, .. } => shed = shed.max(*share),
            Effect::PostponeDemand { share, hours } => {
                postpone = postpone.max(*share);
                postpone_hours = Some(*hours);
            }
            Effect::FailOver { level, .. } => fail_over = fail_over.max(*level),
            Effect::ExtendHours { extra: more, .. } => extra += more,
            Effect::ClearRework { factor: faster, .. } => factor = factor.max(*faster),
            _ => {}
        }
    }
    let state = &mut world.services[service as usize];
    state.shed = Share::from_fraction(shed);
    state.postpone = Share::from_fraction(postpone);
    state.postpone_hours = postpone_hours.unwrap_or(state.postpone_hours);
    state.fail_over = Share::from_fraction(fail_over);
    state.extra = extra;
    state.rework_factor = factor;
}
