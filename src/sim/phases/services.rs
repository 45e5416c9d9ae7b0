//! Services: level from needs, buffers, warm-up, fallback; demand served, waiting or lost; rework.
//! docs/model.md, "Services".
//!
//! A need reads the level of its service at the last boundary, so that cycles of needs have one result and a cascade
//! takes one minute for each step. A service *moves* while its level can change from minute to minute; the phase steps
//! it in every minute. A *settled* service keeps its level until a need, an order or its own clock wakes it. Must not
//! visit settled services: `catch_up` computes the demand that one served and lost meanwhile, with the result that
//! steps would have.

use super::hands::NETWORK_LEVEL_MIN;
use crate::base::draw::{float, whole};
use crate::base::{Column, Ix, Share, Tick};
use crate::scenario::compile::{Backlog, Fallback, MINUTES_A_WEEK, Need, Rework, Scenario, Service};
use crate::sim::called_off::{CallOffAt, hour_at};
use crate::sim::prefetch::CHUNK;
use crate::sim::wheel::Purpose;
use crate::sim::world::{NO_EFFECTS, NO_HOUR, NeedState, ServiceEffects, ServiceState, ServiceView, World};

/// A settled service whose backlog expires is woken this often.
const EXPIRY_WAKE_MIN: u32 = 360;
/// A tick beyond every horizon: the service does not change by itself.
const NEVER: Tick = Tick(u32::MAX);
/// Minutes that a service must stay at its target level before its recovery counts.
pub const STABLE_MIN: u32 = 120;

/// All services at full level.
pub fn services_at_start(scenario: &Scenario) -> Column<Service, ServiceState> {
    let at_start = |_: &Service| ServiceState {
        level: Share::WHOLE,
        technical: Share::WHOLE,
        limit: Share::WHOLE,
        backlog_micro: 0,
        lost_micro: 0,
        postponed_micro: 0,
        rework_milli: 0,
        loss_ppm_min: 0,
        fallback_used_min: 0,
        below_now_min: 0,
        below_min: 0,
        outside_min: 0,
        at_target_since: Some(Tick::ZERO),
        first_below: None,
        as_of: Tick::ZERO,
        wakes_at: NEVER,
        is_fallback_open: false,
        is_fallback_barred: false,
        is_fallback_on: false,
        is_failing: false,
        is_ordered: false,
        has_effects: false,
        has_left_over: false,
        is_moving: true,
        is_unsealed: false,
        called_off: None,
    };
    scenario.services.iter().map(at_start).collect()
}

/// The needs at full supply. The curve of a need can allow less than the full level even then.
pub(in crate::sim) fn needs_at_start(scenario: &Scenario) -> Column<Need, NeedState> {
    let at_start = |(need, &service): (&Need, &Ix<Service>)| NeedState {
        response: respond(&need.response, Share::WHOLE),
        buffer_min: need.buffer_min,
        buffer_max: need.buffer_min,
        service,
        curve: need.curve,
    };
    scenario.needs.iter().zip(&scenario.wiring.need_service).map(at_start).collect()
}

/// All services: the first step settles those at rest.
pub fn moving_at_start(scenario: &Scenario) -> Vec<Ix<Service>> {
    scenario.services.indices().collect()
}

/// One minute of every service that moves.
pub fn run(world: &mut World, scenario: &Scenario) {
    update_fleet_needs(world, scenario);
    let wakes = world.take(Purpose::Wake);
    for service in wakes.iter().map(|&service| Ix::new(service)) {
        // Stale entry: the wake-up was postponed, or the service moved meanwhile.
        if world.state.services[service].wakes_at == world.state.tick {
            wake(world, scenario, service, world.state.tick);
        }
    }
    world.give_back(Purpose::Wake, wakes);
    let mut moving = std::mem::take(&mut world.derived.lists.moving);
    let mut changed = std::mem::take(&mut world.scratch.levels_changed);
    changed.clear();
    step_all(world, scenario, &mut moving, &mut changed);
    world.derived.lists.moving = moving;
    world.scratch.levels_changed = changed;
    for index in 0..world.scratch.levels_changed.len() {
        let service = world.scratch.levels_changed[index];
        supply(world, scenario, service, world.level(service), world.state.tick.plus(1));
    }
    import(world, scenario);
}

/// Applies the changes of supply by services of other partitions.
fn import(world: &mut World, scenario: &Scenario) {
    let imports = world.take(Purpose::Import);
    for &index in &imports {
        let (need, level) = world.imported(index);
        set_supply(world, scenario, need, level, world.state.tick.plus(1));
    }
    world.give_back(Purpose::Import, imports);
}

/// Steps the services that move and keeps those that go on moving on the list.
fn step_all(world: &mut World, scenario: &Scenario, moving: &mut Vec<Ix<Service>>, changed: &mut Vec<Ix<Service>>) {
    let mut kept = 0;
    world.scratch.work += 1 + moving.len() as u64;
    for from in (0..moving.len()).step_by(CHUNK) {
        let until = moving.len().min(from + CHUNK);
        world.prefetch_services(scenario, &moving[from..until]);
        for index in from..until {
            let service = moving[index];
            if step(world, scenario, service, changed) {
                moving[kept] = service;
                kept += 1;
            }
        }
    }
    moving.truncate(kept);
}

/// Updates the supply of needs whose fleets changed in this minute.
fn update_fleet_needs(world: &mut World, scenario: &Scenario) {
    let mut touched = std::mem::take(&mut world.derived.lists.touched_fleets);
    for chunk in touched.chunks(CHUNK) {
        world.prefetch_needs(scenario, chunk);
        for &fleet in chunk {
            let state = &mut world.state.fleets[fleet];
            state.is_touched = false;
            let needs = scenario.wiring.fleet_needs.items(fleet);
            if !needs.is_empty() {
                let hosts: u32 = state.counts.iter().sum();
                let supply = Share::from_parts(u64::from(hosts - state.impaired()), u64::from(hosts));
                needs.iter().for_each(|&need| set_supply(world, scenario, need, supply, world.state.tick));
            }
        }
    }
    touched.clear();
    world.derived.lists.touched_fleets = touched;
}

/// Sets the supply of a need, for the minutes from `from` on.
fn set_supply(world: &mut World, scenario: &Scenario, need: Ix<Need>, supply: Share, from: Tick) {
    let state = world.state.needs[need];
    let response = respond(&scenario.curves[state.curve], supply);
    if response != state.response {
        match is_irrelevant(&world.state.services[state.service], &state, response) {
            true => unseal(world, state.service),
            false => wake(world, scenario, state.service, from),
        }
        world.state.needs[need].response = response;
    }
}

/// Whether a new response cannot change a settled service: a need without a buffer that allows more than the service's
/// technical level, both before and after, limits the service in neither case.
fn is_irrelevant(service: &ServiceState, need: &NeedState, response: Share) -> bool {
    let is_slack = |response: Share| service.technical < response && response < Share::WHOLE;
    !service.is_moving && need.buffer_min == 0 && is_slack(need.response) && is_slack(response)
}

/// Passes a service's new level to the needs of other services, from a boundary on.
pub(in crate::sim) fn supply(world: &mut World, scenario: &Scenario, service: Ix<Service>, level: Share, next: Tick) {
    let is_exported = world.export(scenario, service, level);
    for &need in scenario.wiring.service_needs.items(service) {
        let dependent = scenario.wiring.need_service[need];
        if (!is_exported || world.is_in_partition(scenario, dependent))
            && (world.reach.is_none() || world.is_reached(scenario.services[dependent].organisation))
        {
            set_supply(world, scenario, need, level, next);
        }
    }
}

/// Brings a settled service up to a boundary and lets it move from there on.
pub fn wake(world: &mut World, scenario: &Scenario, service: Ix<Service>, from: Tick) {
    let state = &mut world.state.services[service];
    if state.is_moving {
        return;
    }
    let needs = &mut world.state.needs[scenario.services[service].needs];
    catch_up(scenario, state, needs, service, from);
    state.is_moving = true;
    unseal(world, service);
    world.derived.lists.moving.push(service);
}

fn unseal(world: &mut World, service: Ix<Service>) {
    let state = &mut world.state.services[service];
    if world.derived.seal.is_kept && !state.is_unsealed {
        state.is_unsealed = true;
        world.derived.seal.services.push(service);
    }
}

/// Sets or lifts the limit that an event puts on a service.
pub fn set_limit(world: &mut World, service: Ix<Service>, limit: Share) {
    let scenario = world.scenario.clone();
    wake(world, &scenario, service, world.state.tick);
    world.state.services[service].limit = limit;
}

/// One minute of a service. Returns whether the service goes on moving.
fn step(world: &mut World, scenario: &Scenario, service: Ix<Service>, changed: &mut Vec<Ix<Service>>) -> bool {
    unseal(world, service);
    let compiled = &scenario.services[service];
    let tick = world.state.tick;
    let state = &mut world.state.services[service];
    let effects = if state.is_ordered { &world.derived.effects[service] } else { &NO_EFFECTS };
    let needs = &mut world.state.needs[compiled.needs];
    let before = (state.level, state.is_fallback_on, state.is_failing);
    let allowed = needs_allow(needs, state.limit);
    set_level(state, compiled, effects, allowed.now.max(effects.fail_over));
    let hour = (compiled.week_phase_min + tick.0) % MINUTES_A_WEEK / 60;
    let called_off = call_off_by_rule(scenario, state, service, tick);
    let planned = scenario.asked_micro(service, hour as usize);
    let now = hour_at(compiled, tick);
    let off = state.called_off.as_mut().map_or(0, |called_off| called_off.take_minute(now, planned));
    let asked = Asked { planned, off, called_off };
    serve(state, compiled, effects, asked, || at_work(scenario, compiled, hour));
    if state.called_off.as_ref().is_some_and(|called_off| called_off.is_over()) {
        state.called_off = None;
    }
    count_below_target(state, compiled, scenario.incident <= tick, tick);
    state.is_failing = compiled.is_important && compiled.tolerance_min < state.below_now_min;
    state.as_of = tick.plus(1);
    let calls_off = state.called_off.is_some() || (compiled.call_off.is_some() && state.level < compiled.target);
    let settles = !state.has_effects && !calls_off && is_settled(state, compiled, effects, &allowed);
    state.is_moving = !settles;
    if settles {
        let wakes_at = changes_at(state, compiled, effects, &allowed).unwrap_or(NEVER);
        let before = std::mem::replace(&mut state.wakes_at, wakes_at);
        if wakes_at != before && wakes_at != NEVER {
            world.put(Purpose::Wake, wakes_at, service.number());
        }
    }
    propagate(world, scenario, service, before, changed);
    !settles
}

/// Passes a change of level, fallback or failure on to dependent services and to the organisation.
fn propagate(
    world: &mut World,
    scenario: &Scenario,
    service: Ix<Service>,
    before: (Share, bool, bool),
    changed: &mut Vec<Ix<Service>>,
) {
    let state = &world.state.services[service];
    let (level, is_on, is_failing) = (state.level, state.is_fallback_on, state.is_failing);
    let compiled = &scenario.services[service];
    if level != before.0 {
        if compiled.is_needed {
            changed.push(service);
        }
        let crosses = (level < NETWORK_LEVEL_MIN) != (before.0 < NETWORK_LEVEL_MIN);
        if crosses && scenario.wiring.is_network[service] {
            world.reconsider(compiled.organisation);
        }
    }
    if is_on != before.1 {
        let people = compiled.fallback.as_ref().map_or(0, |fallback| fallback.technicians);
        let organisation = &mut world.state.organisations[compiled.organisation];
        organisation.tied = if is_on { organisation.tied + people } else { organisation.tied - people };
        organisation.duty_hour = NO_HOUR;
        world.mark_dirty(compiled.organisation);
        world.unseal(compiled.organisation);
    }
    if is_failing != before.2 {
        super::trust::count_failing(world, scenario, compiled.organisation, is_failing);
    }
}

/// The level that needs, buffers and limits allow.
struct Allowed {
    /// In this minute.
    now: Share,
    /// From the next minute on, while no supply changes: a need whose buffer runs out in this minute limits the next one.
    next: Share,
    /// Minutes until the next buffer runs out; none if no buffer drains.
    drained_in_min: Option<u32>,
}

/// One minute of a service's needs and their buffers.
fn needs_allow(needs: &mut [NeedState], limit: Share) -> Allowed {
    let mut allowed = Allowed { now: limit, next: limit, drained_in_min: None };
    for need in needs {
        if need.response == Share::WHOLE {
            need.buffer_min = (need.buffer_min + 1).min(need.buffer_max);
            continue;
        }
        match need.buffer_min {
            0 => {
                allowed.now = allowed.now.min(need.response);
                allowed.next = allowed.next.min(need.response);
            }
            1 => allowed.next = allowed.next.min(need.response),
            left => {
                let soonest = allowed.drained_in_min.unwrap_or(u32::MAX);
                allowed.drained_in_min = Some(soonest.min(left - 1));
            }
        }
        need.buffer_min = need.buffer_min.saturating_sub(1);
    }
    allowed
}

/// The value of a curve: straight lines between its points, constant beyond the last one.
pub fn respond(points: &[(u32, u32)], supply: Share) -> Share {
    let x = supply.ppm();
    // For a handful of points, linear search is faster than binary search.
    let after = points.iter().position(|point| x <= point.0).unwrap_or(points.len());
    let Some(&(x1, y1)) = points.get(after) else {
        return Share::from_ppm(points.last().map_or(1_000_000, |point| point.1));
    };
    if after == 0 || x == x1 {
        return Share::from_ppm(y1);
    }
    let (x0, y0) = points[after - 1];
    let rise = (i64::from(y1) - i64::from(y0)) * i64::from(x - x0) / i64::from(x1 - x0);
    Share::from_ppm((i64::from(y0) + rise) as u32)
}

fn set_level(state: &mut ServiceState, service: &Service, effects: &ServiceEffects, allowed: Share) {
    // The level falls at once and rises no faster than the warm-up.
    let up = Share::from_ppm(state.technical.ppm().saturating_add(service.warm_up_ppm));
    state.technical = allowed.min(up);
    let mut level = after_rework(state, service);
    state.is_fallback_on = false;
    if let Some(fallback) = &service.fallback {
        let is_open = state.is_fallback_open || (fallback.is_automatic && !state.is_fallback_barred);
        let is_wanted = is_open && level < fallback.level;
        let holds = if is_wanted { fallback_holds(state, fallback, effects) } else { Share::NONE };
        if level < holds {
            level = holds;
            state.is_fallback_on = true;
            state.fallback_used_min += 1;
        } else if state.technical == Share::WHOLE {
            // Endurance returns while the service works as usual.
            state.fallback_used_min = state.fallback_used_min.saturating_sub(1);
        }
    }
    state.level = level;
}

/// The level that rework leaves of the technical one.
pub(in crate::sim) fn after_rework(state: &ServiceState, service: &Service) -> Share {
    match &service.rework {
        Some(rework) if state.has_left_over => state.technical.times(half_at(rework.half_level_at, state.rework_milli)),
        _ => state.technical,
    }
}

/// The level that a fallback holds: half of its own once its endurance is used up.
pub(in crate::sim) fn fallback_holds(state: &ServiceState, fallback: &Fallback, effects: &ServiceEffects) -> Share {
    match state.fallback_used_min < endurance_min(fallback.endurance_min, effects) {
        true => fallback.level,
        false => Share::from_ppm(fallback.level.ppm() / 2),
    }
}

/// Minutes for which a fallback can be used: more after a drill.
fn endurance_min(usual_min: u32, effects: &ServiceEffects) -> u32 {
    (f64::from(usual_min) * effects.drill + 0.5) as u32
}

/// The share `half / (half + queue)`: the whole at an empty queue, a half at `half` items.
fn half_at(half: f64, queue_milli: u64) -> Share {
    if queue_milli == 0 {
        return Share::WHOLE;
    }
    let queue = queue_milli as f64 / 1000.0;
    Share::from_fraction(half / (half + queue))
}

/// The capacity of a service in a minute at a level, without the effects of orders.
fn capacity_micro(level: Share, service: &Service, asked: u64) -> u64 {
    whole(float(level.scale(asked)) * service.headroom)
}

/// A service below its target level calls off demand of the hours to come, as its rule says, at the begin of each local
/// hour. Returns the demand called off, in micro-units.
fn call_off_by_rule(scenario: &Scenario, state: &mut ServiceState, service: Ix<Service>, tick: Tick) -> u64 {
    let compiled = &scenario.services[service];
    let Some(rule) = &compiled.call_off else { return 0 };
    if compiled.target <= state.level || !(compiled.week_phase_min + tick.0).is_multiple_of(60) {
        return 0;
    }
    let share = Share::from_fraction(rule.share * state.level.rest().fraction());
    let at = CallOffAt { now: hour_at(compiled, tick), notice: rule.notice_hours, hours: rule.hours };
    state.called_off.get_or_insert_default().call_off(scenario, service, at, share)
}

/// An order calls off a share of the demand of some hours, from `notice` hours after the present one on.
pub fn call_off(
    world: &mut World,
    scenario: &Scenario,
    service: Ix<Service>,
    share: Share,
    (notice, hours): (u32, u32),
) {
    let compiled = &scenario.services[service];
    let at = CallOffAt { now: hour_at(compiled, world.state.tick), notice, hours };
    let state = &mut world.state.services[service];
    let called_off = state.called_off.get_or_insert_default().call_off(scenario, service, at, share);
    state.lost_micro += called_off;
    if let Some(rework) = &compiled.rework {
        state.rework_milli += (called_off as f64 * rework.items_per_lost / 1000.0) as u64;
        state.has_left_over |= 0 < state.rework_milli;
    }
}

/// The share of the people who clear rework that is at work in an hour of the week.
fn at_work(scenario: &Scenario, service: &Service, hour: u32) -> Share {
    let profile = service.rework.as_ref().and_then(|rework| rework.at_work);
    profile.map_or(Share::WHOLE, |profile| Share::from_fraction(scenario.profiles[profile][hour as usize]))
}

/// The demand of a minute in micro-units.
struct Asked {
    /// Before anything was called off.
    planned: u64,
    /// The part that was called off in an earlier hour.
    off: u64,
    /// Demand of later hours that is called off in this minute.
    called_off: u64,
}

fn serve(
    state: &mut ServiceState,
    service: &Service,
    effects: &ServiceEffects,
    Asked { planned, off, called_off }: Asked,
    at_work: impl FnOnce() -> Share,
) {
    let asked = planned - off;
    // Capacity is that of the whole plan: what was called off makes room for the rest.
    let (mut shed, mut coming, mut capacity) = (0, asked, capacity_micro(state.level, service, planned));
    if state.has_effects || state.has_left_over {
        (shed, coming) = turn_away(state, effects, asked);
        // Extra hours have the usual capacity whatever the demand, so that they clear a backlog. They need the systems:
        // a fallback gives no more than it holds.
        let ordinary = float(state.level.scale(planned)) * service.headroom * (1.0 - effects.time_off);
        let by_systems = state.level.min(state.technical);
        capacity = whole(ordinary + float(by_systems.scale(service.usual_micro)) * effects.extra);
    }
    let waiting = (state.backlog_micro + coming).saturating_sub(capacity);
    let expired = expired_micro(service.backlog, waiting);
    state.backlog_micro = waiting - expired;
    let lost = shed + expired + called_off;
    state.lost_micro += lost;
    if let Some(rework) = &service.rework
        && (0 < lost || state.has_left_over)
    {
        clear_rework(state, rework, effects.rework_factor, at_work(), lost);
    }
    if state.has_effects || state.has_left_over || service.rework.is_some() {
        state.has_left_over = 0 < state.postponed_micro || 0 < state.rework_milli;
    }
}

/// The demand that is shed, and the demand that remains after some is postponed and some postponed earlier returns.
fn turn_away(state: &mut ServiceState, effects: &ServiceEffects, asked: u64) -> (u64, u64) {
    let shed = effects.shed.scale(asked);
    let moved = effects.postpone.scale(asked - shed);
    state.postponed_micro += moved;
    let mut back = 0;
    if effects.postpone == Share::NONE && 0 < asked && 0 < state.postponed_micro {
        // Postponed demand returns over as many hours as it was postponed for, while the service is open.
        back = state.postponed_micro.div_ceil(u64::from(effects.postpone_hours.max(1)) * 60);
        state.postponed_micro -= back;
    }
    (shed, asked - shed - moved + back)
}

fn expired_micro(backlog: Backlog, waiting: u64) -> u64 {
    match backlog {
        Backlog::Lost => waiting,
        Backlog::Waits => 0,
        Backlog::Expires(minutes) => waiting.div_ceil(u64::from(minutes.max(1))),
    }
}

/// Works off rework. The speed falls as the rework grows, so that large amounts take disproportionately long.
fn clear_rework(state: &mut ServiceState, rework: &Rework, factor: f64, at_work: Share, lost_micro: u64) {
    state.rework_milli += (lost_micro as f64 * rework.items_per_lost / 1000.0) as u64;
    let speed = half_at(rework.half_speed_at, state.rework_milli).times(state.technical).times(at_work).fraction();
    let cleared = rework.clear_per_hour / 60.0 * speed * factor * 1000.0;
    state.rework_milli = state.rework_milli.saturating_sub(libm::ceil(cleared) as u64);
}

/// Counts the minute if the service is below its target level or outside its tolerance, and notes the return to target.
fn count_below_target(state: &mut ServiceState, service: &Service, is_counted: bool, tick: Tick) {
    state.loss_ppm_min += u64::from(state.level.rest().ppm());
    if service.target <= state.level {
        if 0 < state.below_now_min {
            state.below_now_min = 0;
            state.at_target_since = Some(tick);
        }
        return;
    }
    if state.below_now_min == 0 {
        state.at_target_since = None;
    }
    state.below_now_min += 1;
    state.below_min += 1;
    if service.tolerance_min < state.below_now_min {
        state.outside_min += 1;
    }
    if is_counted && (state.below_now_min == 1 || state.first_below.is_none()) {
        state.first_below.get_or_insert(tick);
    }
}

/// Whether the level stays the same while no supply, order or limit changes. The minutes at which a buffer, a fallback's
/// endurance or a tolerance ends are known (`changes_at`).
fn is_settled(state: &ServiceState, service: &Service, effects: &ServiceEffects, allowed: &Allowed) -> bool {
    let level = allowed.now.max(effects.fail_over);
    allowed.next == level
        && state.technical == level
        && !state.has_left_over
        && (service.rework.is_none() || is_at_rest(state, service))
}

/// Whether the service serves all demand at once and has nothing left to work off.
fn is_at_rest(state: &ServiceState, service: &Service) -> bool {
    state.level == Share::WHOLE && state.backlog_micro == 0 && !state.has_left_over && 1.0 <= service.headroom
}

/// The minute in which a settled service changes by itself: a buffer runs out, its fallback's endurance ends, or its
/// tolerance ends.
fn changes_at(state: &ServiceState, service: &Service, effects: &ServiceEffects, allowed: &Allowed) -> Option<Tick> {
    let drained = allowed.drained_in_min.map(|minutes| state.as_of.plus(minutes));
    let worn_out = service.fallback.as_ref().filter(|_| state.is_fallback_on).and_then(|fallback| {
        let left = endurance_min(fallback.endurance_min, effects).checked_sub(state.fallback_used_min)?;
        Some(state.as_of.plus(left))
    });
    let is_below = 0 < state.below_now_min && service.is_important && !state.is_failing;
    let fails = is_below.then(|| state.as_of.plus(service.tolerance_min - state.below_now_min));
    // An expiring backlog is computed minute by minute. The wake-up bounds the minutes that every reader of the service
    // has to compute again.
    let expires = matches!(service.backlog, Backlog::Expires(_)) && 0 < state.backlog_micro;
    let refreshed = expires.then(|| state.as_of.plus(EXPIRY_WAKE_MIN));
    drained.into_iter().chain(worn_out).chain(fails).chain(refreshed).min()
}

/// Brings a settled service up to a boundary, with the result of a `step` in each minute at a constant level.
fn catch_up(scenario: &Scenario, state: &mut ServiceState, needs: &mut [NeedState], service: Ix<Service>, until: Tick) {
    let minutes = until.since(state.as_of);
    if minutes == 0 {
        return;
    }
    catch_up_buffers(needs, minutes);
    let compiled = &scenario.services[service];
    if !is_at_rest(state, compiled) {
        catch_up_demand(scenario, state, service, until);
        catch_up_below_target(state, compiled, scenario.incident, until);
    }
    if compiled.fallback.is_some() {
        if state.is_fallback_on {
            state.fallback_used_min += minutes;
        } else if state.technical == Share::WHOLE {
            state.fallback_used_min = state.fallback_used_min.saturating_sub(minutes);
        }
    }
    state.as_of = until;
}

/// Fills or drains the buffers of a settled service for some minutes.
fn catch_up_buffers(needs: &mut [NeedState], minutes: u32) {
    for need in needs {
        need.buffer_min = match need.response == Share::WHOLE {
            true => need.buffer_max.min(need.buffer_min.saturating_add(minutes)),
            false => need.buffer_min.saturating_sub(minutes),
        };
    }
}

/// Serves the demand up to a boundary by hours, in which the demand is the same in every minute.
fn catch_up_demand(scenario: &Scenario, state: &mut ServiceState, service: Ix<Service>, until: Tick) {
    let compiled = &scenario.services[service];
    let mut minute = scenario.week_minute(compiled.organisation, state.as_of);
    let mut left = until.since(state.as_of);
    while 0 < left {
        let take = (60 - minute % 60).min(left);
        let asked = scenario.asked_micro(service, (minute / 60) as usize);
        let capacity = capacity_micro(state.level, compiled, asked);
        serve_steadily(state, compiled.backlog, asked, capacity, take);
        minute = (minute + take) % MINUTES_A_WEEK;
        left -= take;
    }
}

/// Serves some minutes of constant demand and capacity.
fn serve_steadily(state: &mut ServiceState, backlog: Backlog, asked: u64, capacity: u64, minutes: u32) {
    let rest = |waiting: u64| (waiting + asked).saturating_sub(capacity);
    match backlog {
        Backlog::Lost => {
            state.lost_micro += rest(state.backlog_micro) + rest(0) * u64::from(minutes - 1);
            state.backlog_micro = 0;
        }
        Backlog::Waits if capacity <= asked => state.backlog_micro += (asked - capacity) * u64::from(minutes),
        Backlog::Waits => {
            state.backlog_micro = state.backlog_micro.saturating_sub((capacity - asked) * u64::from(minutes));
        }
        Backlog::Expires(_) => {
            for done in 0..minutes {
                let waiting = rest(state.backlog_micro);
                let expired = expired_micro(backlog, waiting);
                state.lost_micro += expired;
                if waiting - expired == state.backlog_micro {
                    // As much expires as arrives: the remaining minutes are equal to this one.
                    state.lost_micro += expired * u64::from(minutes - done - 1);
                    return;
                }
                state.backlog_micro = waiting - expired;
            }
        }
    }
}

fn catch_up_below_target(state: &mut ServiceState, service: &Service, incident: Tick, until: Tick) {
    let minutes = until.since(state.as_of);
    state.loss_ppm_min += u64::from(state.level.rest().ppm()) * u64::from(minutes);
    if service.target <= state.level {
        return;
    }
    let before = state.below_now_min;
    state.below_now_min += minutes;
    state.below_min += minutes;
    state.outside_min += state.below_now_min.saturating_sub(service.tolerance_min.max(before));
    let counted_from = state.as_of.max(incident);
    if state.first_below.is_none() && counted_from < until {
        state.first_below = Some(counted_from);
    }
}

/// The state of a service at this boundary.
pub fn caught_up(world: &World, service: Ix<Service>) -> ServiceState {
    let mut state = world.state.services[service].clone();
    if !state.is_moving {
        catch_up(&world.scenario, &mut state, &mut [], service, world.state.tick);
    }
    state
}

/// A service at this boundary, with its buffers and its demand so far.
pub fn view(world: &World, service: Ix<Service>) -> ServiceView {
    let state = caught_up(world, service);
    let mut needs = world.state.needs[world.scenario.services[service].needs].to_vec();
    if !state.is_moving {
        catch_up_buffers(&mut needs, world.state.tick.since(world.state.services[service].as_of));
    }
    let demand_micro = world.scenario.demand_micro(service, world.state.tick);
    let left = state.lost_micro - state.ahead_micro() + state.backlog_micro + state.postponed_micro;
    ServiceView {
        level: state.level,
        technical: state.technical,
        buffers_min: needs.iter().map(|need| need.buffer_min).collect(),
        backlog_micro: state.backlog_micro,
        demand_micro,
        served_micro: demand_micro - left,
        lost_micro: state.lost_micro,
        ahead_micro: state.ahead_micro(),
        postponed_micro: state.postponed_micro,
        rework_milli: state.rework_milli,
        is_fallback_on: state.is_fallback_on,
        fallback_used_min: state.fallback_used_min,
        below_now_min: state.below_now_min,
        below_min: state.below_min,
        outside_min: state.outside_min,
        first_below: state.first_below,
        recovered_at: recovered_at(&state, world.state.tick),
        loss_ppm_min: state.loss_ppm_min,
    }
}

/// The begin of a return to target that has lasted for `STABLE_MIN`.
pub fn recovered_at(state: &ServiceState, now: Tick) -> Option<Tick> {
    state.first_below?;
    state.at_target_since.filter(|&since| STABLE_MIN <= now.since(since))
}

#[cfg(test)]
mod tests;
