//! The people who carry orders out: the incident team of an organisation, and technicians who leave repair for an order.
//! docs/model.md, "Who carries an order out".
//!
//! Must not decide whether an order is accepted. Invariant: at no tick are more orders of an organisation in work than its
//! incident team has members.

use super::hands;
use crate::base::draw::Stream;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Organisation, Scenario, Target};
use crate::sim::world::{Order, World};

/// People who change between tasks lose a fifth of their time with each further task. An order that has to wait takes the
/// team as much longer as the orders that wait leave it less time, and at most five times as long.
const TASKS_MAX: u32 = 5;

/// The part of what longer work gave that is missing in the time off after it.
pub const TIME_OFF: f64 = 0.5;
/// The longest time off after longer work, in minutes.
const TIME_OFF_MAX_MIN: u32 = 12 * 60;

/// The part of an order's course that its people decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The tick at which a member of the team takes the order up.
    pub starts: Tick,
    pub team_until: Tick,
    pub technicians_until: Tick,
    /// The tick at which the order takes effect if nothing goes wrong, and the tick at which it does.
    pub planned: Tick,
    pub effective: Tick,
}

/// The course of an order that is given now. Preparations need nobody: they are done before the clock runs.
pub fn course(world: &World, payer: Option<Ix<Organisation>>, mitigation: Ix<Mitigation>, target: Target) -> Course {
    let compiled = &world.scenario.mitigations[mitigation];
    let now = world.state.tick;
    if compiled.is_preparation {
        return Course { starts: now, team_until: now, technicians_until: now, planned: now, effective: now };
    }
    let work = compiled.work;
    let (starts, waiting) = if work.team_min == 0 { (now, 0) } else { free_from(world, payer, target) };
    let has_technicians = 0 < technicians(&world.scenario, mitigation, target, starts);
    let technicians_min = if has_technicians { work.technicians_min } else { 0 };
    let has_setback = 0.0 < work.setback && has_setback(world, mitigation, target);
    Course {
        starts,
        team_until: starts.plus(work.team_min * TASKS_MAX / (TASKS_MAX - waiting.min(TASKS_MAX - 1))),
        technicians_until: starts.plus(technicians_min),
        planned: starts.plus(compiled.lead_min),
        effective: starts.plus(if has_setback { work.setback_lead_min } else { compiled.lead_min }),
    }
}

/// Whether an order that is given now has a setback. The luck belongs to the mitigation, the target and the number of the
/// same orders before (3 and more are one number), so that no other decision changes it.
fn has_setback(world: &World, mitigation: Ix<Mitigation>, target: Target) -> bool {
    let same = world.orders_for(target).filter(|(_, order)| order.mitigation == mitigation).count().min(3) as u32;
    let word = target.word();
    let counter = ((word as u32) << 4) | (((word >> 32) as u32) << 2) | same;
    let chance = world.scenario.mitigations[mitigation].work.setback;
    world.draw.stream(Stream::Setback).happens(mitigation.number(), counter, chance)
}

/// Members of the incident team of an organisation; none for any number.
pub fn members(scenario: &Scenario, organisation: Ix<Organisation>) -> Option<u32> {
    scenario.incident_teams[scenario.organisations[organisation].sector]
}

/// The first tick from now on from which a member of the team is free, and the number of orders that wait, one that is
/// given now included: for the team of the target's organisation, or for the whole world the team that prepares such
/// orders for the payer.
fn free_from(world: &World, payer: Option<Ix<Organisation>>, target: Target) -> (Tick, u32) {
    let now = world.state.tick;
    let members = payer.and_then(|payer| members(&world.scenario, payer));
    let Some(members) = members else { return (now, 0) };
    let mut busy =
        works(world, payer, target).map(|order| order.team_until).filter(|&until| now < until).collect::<Vec<_>>();
    busy.sort_unstable();
    let waiting = (busy.len() as u32 + 1).saturating_sub(members);
    (busy.len().checked_sub(members as usize).map_or(now, |at| busy[at]), waiting)
}

/// Orders that take or will take a member of the same team.
fn works(world: &World, payer: Option<Ix<Organisation>>, target: Target) -> impl Iterator<Item = &Order> {
    let place = world.orders_place(target);
    let orders = world.derived.orders_of[place].iter().map(|&index| &world.state.orders[index]);
    orders.filter(move |order| order.payer == payer && order.starts < order.team_until)
}

/// The number of orders of a team that are in work now, and of those that wait.
pub fn load(world: &World, organisation: Ix<Organisation>) -> (u32, u32) {
    let now = world.state.tick;
    let orders = works(world, Some(organisation), Target::Organisation(organisation));
    orders.filter(|order| now < order.team_until).fold((0, 0), |(in_work, waiting), order| match order.starts <= now {
        true => (in_work + 1, waiting),
        false => (in_work, waiting + 1),
    })
}

/// Technicians who leave repair for an order that is taken up at a tick: a share of those who are then at work without
/// overtime.
pub fn technicians(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target, starts: Tick) -> u32 {
    let share = scenario.mitigations[mitigation].work.technicians;
    let Some(organisation) = scenario.organisation_of(target).filter(|_| 0.0 < share) else { return 0 };
    let crew = hands::at_work(scenario, organisation, scenario.local_hour(organisation, starts), 0.0);
    (share * crew + 0.5) as u32
}

/// Technicians of an organisation who carry orders out in the minute that begins now.
pub fn technicians_away(world: &World, organisation: Ix<Organisation>) -> u32 {
    let now = world.state.tick;
    let orders = world.derived.orders_of[organisation.position()].iter().map(|&index| &world.state.orders[index]);
    let away = orders.filter(|order| order.starts <= now && now < order.technicians_until);
    away.map(|order| technicians(&world.scenario, order.mitigation, order.target, order.starts)).sum()
}

/// The tick up to which people are owed time off who worked longer between two ticks: as long as they did, within limits.
pub fn time_off_until(effective: Tick, ends: Tick) -> Tick {
    ends.plus(ends.since(effective).min(TIME_OFF_MAX_MIN))
}

/// Takes the people of a cancelled order off it.
pub fn release(world: &mut World, index: Ix<Order>) {
    let now = world.state.tick;
    let order = &mut world.state.orders[index];
    order.team_until = order.team_until.min(now).max(order.starts);
    if now < order.technicians_until {
        order.technicians_until = now.max(order.starts);
        world.state.calendars.away.put(now, index);
    }
}

/// The part of an order's price that comes back when the order is cancelled now, before it takes effect: all of it in the
/// minute of the order, and later the share of the time that is left.
pub fn refund(order: &Order, cents: u64, now: Tick) -> u64 {
    let total = u64::from(order.effective.since(order.ordered));
    if now <= order.ordered || total == 0 {
        return cents;
    }
    cents * u64::from(order.effective.since(now)) / total
}
