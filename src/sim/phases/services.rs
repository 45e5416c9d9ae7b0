//! Services: level from needs, buffers, warm-up, fallback; demand served, waiting or lost; rework.
//! docs/model.md, "Services".
//!
//! Services see each other as they were at the last boundary, so cycles resolve in one way and a cascade
//! takes a minute a step. A service *moves* while its level can change from minute to minute and is then
//! stepped. A settled one keeps its level until something it needs, an order or its own clock wakes it; what it
//! served and lost meanwhile is reckoned by `reckon`, minute by minute as if it had been stepped.

use super::hands::NETWORK_LEVEL_MIN;
use crate::base::draw::{float, whole};
use crate::base::{Share, Tick};
use crate::scenario::compile::{Backlog, MINUTES_A_WEEK, Need, Rework, Scenario, Service};
use crate::sim::warm::CHUNK;
use crate::sim::wheel::Purpose;
use crate::sim::world::{NO_EFFECTS, NO_HOUR, NeedState, ServiceEffects, ServiceState, ServiceView, World};

/// A settled service whose backlog expires is looked at this often.
const EXPIRY_LOOK_MIN: u32 = 360;
/// No minute of any run: a service that does not change by itself.
const NEVER: Tick = Tick(u32::MAX);
/// Minutes a service must stay at target before its recovery counts.
pub const STABLE_MIN: u32 = 120;

/// Everything at full level.
pub fn services_at_start(scenario: &Scenario) -> Vec<ServiceState> {
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
    };
    scenario.services.iter().map(at_start).collect()
}

/// What needs allow while everybody is up. A curve need not be full at the whole.
pub(in crate::sim) fn needs_at_start(scenario: &Scenario) -> Vec<NeedState> {
    let at_start = |(need, &service): (&Need, &u32)| NeedState {
        response: respond(&need.response, Share::WHOLE),
        buffer_min: need.buffer_min,
        buffer_max: need.buffer_min,
        service,
        curve: need.curve,
    };
    scenario.needs.iter().zip(&scenario.wiring.need_service).map(at_start).collect()
}

/// Everybody is stepped once; who is at rest settles.
pub fn moving_at_start(scenario: &Scenario) -> Vec<u32> {
    (0..scenario.services.len() as u32).collect()
}

/// One minute of every service that moves.
pub fn run(world: &mut World, scenario: &Scenario) {
    see_fleets(world, scenario);
    let wakes = world.take(Purpose::Wake);
    for &service in &wakes {
        // It may have been put off, or been up and about since.
        if world.services[service as usize].wakes_at == world.tick {
            wake(world, scenario, service, world.tick);
        }
    }
    world.give_back(Purpose::Wake, wakes);
    let mut moving = std::mem::take(&mut world.lists.moving);
    let mut changed = std::mem::take(&mut world.levels_changed);
    changed.clear();
    step_all(world, scenario, &mut moving, &mut changed);
    world.lists.moving = moving;
    world.levels_changed = changed;
    for at in 0..world.levels_changed.len() {
        let service = world.levels_changed[at];
        supply(world, scenario, service, world.level(service), world.tick.plus(1));
    }
    import(world, scenario);
}

/// What other blocks' services supplied from this minute on.
fn import(world: &mut World, scenario: &Scenario) {
    let imports = world.take(Purpose::Import);
    for &at in &imports {
        let (need, level) = world.imported(at);
        see(world, scenario, need, level, world.tick.plus(1));
    }
    world.give_back(Purpose::Import, imports);
}

/// Steps those that move and keeps those that go on moving.
fn step_all(world: &mut World, scenario: &Scenario, moving: &mut Vec<u32>, changed: &mut Vec<u32>) {
    let mut kept = 0;
    world.work += 1 + moving.len() as u64;
    for from in (0..moving.len()).step_by(CHUNK) {
        let until = moving.len().min(from + CHUNK);
        world.warm_services(scenario, &moving[from..until]);
        for at in from..until {
            let service = moving[at];
            if step(world, scenario, service, changed) {
                moving[kept] = service;
                kept += 1;
            }
        }
    }
    moving.truncate(kept);
}

/// Services learn what became of the fleets they need.
fn see_fleets(world: &mut World, scenario: &Scenario) {
    let mut touched = std::mem::take(&mut world.lists.touched_fleets);
    for chunk in touched.chunks(CHUNK) {
        world.warm_needs(scenario, chunk);
        for &fleet in chunk {
            let state = &mut world.fleets[fleet as usize];
            state.is_touched = false;
            let needs = scenario.wiring.fleet_needs.of(fleet);
            if !needs.is_empty() {
                let hosts: u32 = state.counts.iter().sum();
                let supply = Share::from_parts(u64::from(hosts - state.impaired()), u64::from(hosts));
                needs.iter().for_each(|&need| see(world, scenario, need, supply, world.tick));
            }
        }
    }
    touched.clear();
    world.lists.touched_fleets = touched;
}

/// A need has another supply; minutes from `from` on see it.
fn see(world: &mut World, scenario: &Scenario, need: u32, supply: Share, from: Tick) {
    let state = world.needs[need as usize];
    let response = respond(&scenario.curves[state.curve as usize], supply);
    if response != state.response {
        match is_moot(&world.services[state.service as usize], &state, response) {
            true => unseal(world, state.service),
            false => wake(world, scenario, state.service, from),
        }
        world.needs[need as usize].response = response;
    }
}

/// Does it make no difference to a settled service? A need without a buffer that allows more than another before and
/// after binds in neither case.
fn is_moot(service: &ServiceState, need: &NeedState, response: Share) -> bool {
    let is_missed = |response: Share| service.technical < response && response < Share::WHOLE;
    !service.is_moving && need.buffer_min == 0 && is_missed(need.response) && is_missed(response)
}

/// Others see a service's new level from a boundary on.
pub(in crate::sim) fn supply(world: &mut World, scenario: &Scenario, service: u32, level: Share, next: Tick) {
    let goes_out = world.export(scenario, service, level);
    for &need in scenario.wiring.service_needs.of(service) {
        let by = scenario.wiring.need_service[need as usize];
        if (!goes_out || world.is_in_block(scenario, by))
            && (world.reach.is_none() || world.is_reached(scenario.services[by as usize].organisation))
        {
            see(world, scenario, need, level, next);
        }
    }
}

/// Reckons a settled service up to a boundary and lets it move from there.
pub fn wake(world: &mut World, scenario: &Scenario, service: u32, from: Tick) {
    let state = &mut world.services[service as usize];
    if state.is_moving {
        return;
    }
    let needs = &scenario.services[service as usize].needs;
    let needs = &mut world.needs[needs.start as usize..needs.end as usize];
    reckon(scenario, state, needs, service, from);
    state.is_moving = true;
    unseal(world, service);
    world.lists.moving.push(service);
}

fn unseal(world: &mut World, service: u32) {
    let state = &mut world.services[service as usize];
    if world.seal.is_kept && !state.is_unsealed {
        state.is_unsealed = true;
        world.seal.services.push(service);
    }
}

/// Sets or lifts the limit that an event puts on a service.
pub fn set_limit(world: &mut World, service: u32, limit: Share) {
    let scenario = world.scenario.clone();
    wake(world, &scenario, service, world.tick);
    world.services[service as usize].limit = limit;
}

/// One minute of a service; true if it goes on moving.
fn step(world: &mut World, scenario: &Scenario, service: u32, changed: &mut Vec<u32>) -> bool {
    unseal(world, service);
    let of = &scenario.services[service as usize];
    let range = of.needs.start as usize..of.needs.end as usize;
    let tick = world.tick;
    let state = &mut world.services[service as usize];
    let effects = if state.is_ordered { &world.effects[service as usize] } else { &NO_EFFECTS };
    let needs = &mut world.needs[range];
    let before = (state.level, state.is_fallback_on, state.is_failing);
    let allowed = needs_allow(needs, state.limit);
    set_level(state, of, effects, allowed.now.max(effects.fail_over));
    let hour = (of.week_phase_min + tick.0) % MINUTES_A_WEEK / 60;
    serve(state, of, effects, scenario.asked_micro(service, hour as usize));
    judge(state, of, scenario.incident <= tick, tick);
    state.is_failing = of.is_important && of.tolerance_min < state.below_now_min;
    state.as_of = tick.plus(1);
    let settles = !state.has_effects && is_settled(state, of, effects, &allowed);
    state.is_moving = !settles;
    if settles {
        let at = changes_at(state, of, effects, &allowed).unwrap_or(NEVER);
        let before = std::mem::replace(&mut state.wakes_at, at);
        if at != before && at != NEVER {
            world.put(Purpose::Wake, at, service);
        }
    }
    tell_neighbours(world, scenario, service, before, changed);
    !settles
}

/// What a new level, fallback or failure means for others.
fn tell_neighbours(
    world: &mut World,
    scenario: &Scenario,
    service: u32,
    before: (Share, bool, bool),
    changed: &mut Vec<u32>,
) {
    let state = &world.services[service as usize];
    let (level, is_on, is_failing) = (state.level, state.is_fallback_on, state.is_failing);
    let of = &scenario.services[service as usize];
    if level != before.0 {
        if of.is_needed {
            changed.push(service);
        }
        let crosses = (level < NETWORK_LEVEL_MIN) != (before.0 < NETWORK_LEVEL_MIN);
        if crosses && scenario.wiring.is_network[service as usize] {
            world.reconsider(of.organisation);
        }
    }
    if is_on != before.1 {
        let people = of.fallback.as_ref().map_or(0, |fallback| fallback.technicians);
        let organisation = &mut world.organisations[of.organisation as usize];
        organisation.tied = if is_on { organisation.tied + people } else { organisation.tied - people };
        organisation.duty_hour = NO_HOUR;
        world.mark_dirty(of.organisation);
        world.unseal(of.organisation);
    }
    if is_failing != before.2 {
        super::trust::count_failing(world, scenario, of.organisation, is_failing);
    }
}

/// What needs, buffers and limits allow.
struct Allowed {
    /// In this minute.
    now: Share,
    /// From the next on, while nothing else changes: buffers that ran out in this minute bind then.
    next: Share,
    /// Minutes until the next buffer runs out, if one drains.
    drained_in_min: Option<u32>,
}

/// A minute of a service's needs and their buffers.
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

/// Straight lines between points; flat beyond the last.
pub fn respond(points: &[(u32, u32)], supply: Share) -> Share {
    let x = supply.ppm();
    // A handful of points: looked through faster than halved.
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
    // Down at once, up no faster than the warm-up.
    let up = Share::from_ppm(state.technical.ppm().saturating_add(service.warm_up_ppm));
    state.technical = allowed.min(up);
    let mut level = state.technical;
    if let Some(rework) = &service.rework
        && state.has_left_over
    {
        level = level.times(half_at(rework.half_level_at, state.rework_milli));
    }
    state.is_fallback_on = false;
    if let Some(fallback) = &service.fallback {
        let is_open = state.is_fallback_open || (fallback.is_automatic && !state.is_fallback_barred);
        let is_wanted = is_open && level < fallback.level;
        let holds = match is_wanted && state.fallback_used_min < endurance_min(fallback.endurance_min, effects) {
            true => fallback.level,
            false => Share::from_ppm(fallback.level.ppm() / 2),
        };
        if is_wanted && level < holds {
            level = holds;
            state.is_fallback_on = true;
            state.fallback_used_min += 1;
        } else if state.technical == Share::WHOLE {
            // People recover while the ordinary way works.
            state.fallback_used_min = state.fallback_used_min.saturating_sub(1);
        }
    }
    state.level = level;
}

/// How long a fallback is kept up: longer where it was practised.
fn endurance_min(usual_min: u32, effects: &ServiceEffects) -> u32 {
    (f64::from(usual_min) * effects.drill + 0.5) as u32
}

/// 1 at an empty queue, a half at `half` items.
fn half_at(half: f64, queue_milli: u64) -> Share {
    if queue_milli == 0 {
        return Share::WHOLE;
    }
    let queue = queue_milli as f64 / 1000.0;
    Share::from_fraction(half / (half + queue))
}

/// What a service can do in a minute at a level, when nothing is ordered.
fn capacity_micro(level: Share, service: &Service, asked: u64) -> u64 {
    whole(float(level.scale(asked)) * service.headroom)
}

fn serve(state: &mut ServiceState, service: &Service, effects: &ServiceEffects, asked: u64) {
    let (mut shed, mut coming, mut capacity) = (0, asked, capacity_micro(state.level, service, asked));
    if state.has_effects || state.has_left_over {
        (shed, coming) = turn_away(state, effects, asked);
        // Extra hours work at the usual pace also when nobody new comes: that is what clears a backlog.
        let ordinary = float(state.level.scale(asked)) * service.headroom;
        capacity = whole(ordinary + float(state.level.scale(service.usual_micro)) * effects.extra);
    }
    let waiting = (state.backlog_micro + coming).saturating_sub(capacity);
    let expired = expired_micro(service.backlog, waiting);
    state.backlog_micro = waiting - expired;
    let lost = shed + expired;
    state.lost_micro += lost;
    if let Some(rework) = &service.rework
        && (0 < lost || state.has_left_over)
    {
        clear_rework(state, rework, effects.rework_factor, lost);
    }
    if state.has_effects || state.has_left_over || service.rework.is_some() {
        state.has_left_over = 0 < state.postponed_micro || 0 < state.rework_milli;
    }
}

/// Demand that is shed, and demand that comes once some is moved and some moved earlier returns.
fn turn_away(state: &mut ServiceState, effects: &ServiceEffects, asked: u64) -> (u64, u64) {
    let shed = effects.shed.scale(asked);
    let moved = effects.postpone.scale(asked - shed);
    state.postponed_micro += moved;
    let mut back = 0;
    if effects.postpone == Share::NONE && 0 < asked && 0 < state.postponed_micro {
        // What was moved returns over as many hours as it was moved for, while the service is open.
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

/// A queue whose server slows as it grows: that is why some need six days where others need one.
fn clear_rework(state: &mut ServiceState, rework: &Rework, factor: f64, lost_micro: u64) {
    state.rework_milli += (lost_micro as f64 * rework.items_per_lost / 1000.0) as u64;
    let speed = half_at(rework.half_speed_at, state.rework_milli).times(state.technical).fraction();
    let cleared = rework.clear_per_hour / 60.0 * speed * factor * 1000.0;
    state.rework_milli = state.rework_milli.saturating_sub(libm::ceil(cleared) as u64);
}

/// Minutes below target and outside tolerance, and the moment of lasting return.
fn judge(state: &mut ServiceState, service: &Service, is_counted: bool, tick: Tick) {
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

/// Will the level stay as it is until something else changes? A buffer, a fallback's endurance and a tolerance
/// end at known minutes (`changes_at`).
fn is_settled(state: &ServiceState, service: &Service, effects: &ServiceEffects, allowed: &Allowed) -> bool {
    let level = allowed.now.max(effects.fail_over);
    allowed.next == level
        && state.technical == level
        && !state.has_left_over
        && (service.rework.is_none() || is_at_rest(state, service))
}

/// Everything is served at once, and nothing is left to work off.
fn is_at_rest(state: &ServiceState, service: &Service) -> bool {
    state.level == Share::WHOLE && state.backlog_micro == 0 && !state.has_left_over && 1.0 <= service.headroom
}

/// The minute in which a settled service changes by itself: a buffer runs out, its fallback is worn out, or its
/// tolerance ends.
fn changes_at(state: &ServiceState, service: &Service, effects: &ServiceEffects, allowed: &Allowed) -> Option<Tick> {
    let drained = allowed.drained_in_min.map(|minutes| state.as_of.plus(minutes));
    let worn_out = service.fallback.as_ref().filter(|_| state.is_fallback_on).and_then(|fallback| {
        let left = endurance_min(fallback.endurance_min, effects).checked_sub(state.fallback_used_min)?;
        Some(state.as_of.plus(left))
    });
    let is_below = 0 < state.below_now_min && service.is_important && !state.is_failing;
    let fails = is_below.then(|| state.as_of.plus(service.tolerance_min - state.below_now_min));
    // Not a change, but a look: what expires is reckoned minute by minute, and whoever reads the service would
    // do so again from the last look on.
    let expires = matches!(service.backlog, Backlog::Expires(_)) && 0 < state.backlog_micro;
    let looked_at = expires.then(|| state.as_of.plus(EXPIRY_LOOK_MIN));
    drained.into_iter().chain(worn_out).chain(fails).chain(looked_at).min()
}

/// Brings a settled service to a boundary: every minute as `step` would, at a level that stays.
fn reckon(scenario: &Scenario, state: &mut ServiceState, needs: &mut [NeedState], service: u32, until: Tick) {
    let minutes = until.since(state.as_of);
    if minutes == 0 {
        return;
    }
    for need in needs {
        need.buffer_min = match need.response == Share::WHOLE {
            true => need.buffer_max.min(need.buffer_min.saturating_add(minutes)),
            false => need.buffer_min.saturating_sub(minutes),
        };
    }
    let of = &scenario.services[service as usize];
    if !is_at_rest(state, of) {
        reckon_demand(scenario, state, service, until);
        reckon_judgement(state, of, scenario.incident, until);
    }
    if of.fallback.is_some() {
        if state.is_fallback_on {
            state.fallback_used_min += minutes;
        } else if state.technical == Share::WHOLE {
            state.fallback_used_min = state.fallback_used_min.saturating_sub(minutes);
        }
    }
    state.as_of = until;
}

/// Hour by hour, in which demand is the same every minute.
fn reckon_demand(scenario: &Scenario, state: &mut ServiceState, service: u32, until: Tick) {
    let of = &scenario.services[service as usize];
    let mut minute = scenario.week_minute(of.organisation, state.as_of);
    let mut left = until.since(state.as_of);
    while 0 < left {
        let take = (60 - minute % 60).min(left);
        let asked = scenario.asked_micro(service, (minute / 60) as usize);
        let capacity = capacity_micro(state.level, of, asked);
        serve_steadily(state, of.backlog, asked, capacity, take);
        minute = (minute + take) % MINUTES_A_WEEK;
        left -= take;
    }
}

/// The same demand and capacity for some minutes.
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
                    // As many expire as come: so it goes on.
                    state.lost_micro += expired * u64::from(minutes - done - 1);
                    return;
                }
                state.backlog_micro = waiting - expired;
            }
        }
    }
}

fn reckon_judgement(state: &mut ServiceState, service: &Service, incident: Tick, until: Tick) {
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

/// A service at this boundary.
pub fn view(world: &World, service: u32) -> ServiceView {
    let mut state = world.services[service as usize].clone();
    let needs = &world.scenario.services[service as usize].needs;
    let mut needs = world.needs[needs.start as usize..needs.end as usize].to_vec();
    if !state.is_moving {
        reckon(&world.scenario, &mut state, &mut needs, service, world.tick);
    }
    let demand_micro = world.scenario.demand_micro(service, world.tick);
    let left = state.lost_micro + state.backlog_micro + state.postponed_micro;
    ServiceView {
        level: state.level,
        technical: state.technical,
        buffers_min: needs.iter().map(|need| need.buffer_min).collect(),
        backlog_micro: state.backlog_micro,
        demand_micro,
        served_micro: demand_micro - left,
        lost_micro: state.lost_micro,
        postponed_micro: state.postponed_micro,
        rework_milli: state.rework_milli,
        is_fallback_on: state.is_fallback_on,
        fallback_used_min: state.fallback_used_min,
        below_now_min: state.below_now_min,
        below_min: state.below_min,
        outside_min: state.outside_min,
        first_below: state.first_below,
        recovered_at: recovered_at(&state, world.tick),
        loss_ppm_min: state.loss_ppm_min,
    }
}

/// The begin of a lasting return to target, once it has lasted.
fn recovered_at(state: &ServiceState, now: Tick) -> Option<Tick> {
    state.first_below?;
    state.at_target_since.filter(|&since| STABLE_MIN <= now.since(since))
}

#[cfg(test)]
mod tests;
