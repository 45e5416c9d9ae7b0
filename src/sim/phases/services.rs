//! Services: level from needs, buffers, warm-up, fallback; demand served, waiting or lost; rework.
//!
//! Needs between services read the level at the last boundary, so cycles resolve in one order and a
//! cascade takes a minute a step.

use crate::base::{Share, Tick};
use crate::scenario::compile::{Backlog, NeedIndex, Rework, Scenario, Service};
use crate::sim::world::{ServiceState, World};

/// Minutes a service must stay at target before its recovery counts.
pub const STABLE_MIN: u32 = 120;

/// Everything at full level.
pub fn services_at_start(scenario: &Scenario) -> Vec<ServiceState> {
    let at_start = |service: &Service| ServiceState {
        level: Share::WHOLE,
        technical: Share::WHOLE,
        buffers_min: service.needs.iter().map(|need| need.buffer_min).collect(),
        limit: Share::WHOLE,
        backlog_micro: 0,
        demand_micro: 0,
        served_micro: 0,
        lost_micro: 0,
        postponed_micro: 0,
        rework_milli: 0,
        is_fallback_open: false,
        is_fallback_barred: false,
        is_fallback_on: false,
        fallback_used_min: 0,
        shed: Share::NONE,
        postpone: Share::NONE,
        postpone_hours: 24,
        fail_over: Share::NONE,
        extra: 0.0,
        rework_factor: 1.0,
        below_now_min: 0,
        below_min: 0,
        outside_min: 0,
        stable_min: 0,
        first_below: None,
        recovered_at: None,
        loss_ppm_min: 0,
    };
    scenario.services.iter().map(at_start).collect()
}

/// One minute of every service.
pub fn run(world: &mut World) {
    for (before, service) in world.levels_before.iter_mut().zip(&world.services) {
        *before = service.level;
    }
    let scenario = world.scenario.clone();
    for (index, service) in scenario.services.iter().enumerate() {
        let allowed = needs_allow(world, index, service);
        let hour = scenario.local_hour(service.organisation, world.tick);
        let is_counted = scenario.incident <= world.tick;
        let tick = world.tick;
        let state = &mut world.services[index];
        set_level(state, service, allowed);
        serve(state, service, service.demand_micro[hour]);
        judge(state, service, is_counted, tick);
    }
}

/// The level that needs, buffers, limits and a second supplier allow.
fn needs_allow(world: &mut World, index: usize, service: &Service) -> Share {
    let mut allowed = world.services[index].limit;
    for (at, need) in service.needs.iter().enumerate() {
        let supply = match need.of {
            NeedIndex::Fleet(fleet) => {
                let hosts = world.scenario.fleets[fleet as usize].hosts;
                let impaired = world.fleets[fleet as usize].impaired();
                Share::of(u64::from(hosts - impaired), u64::from(hosts))
            }
            NeedIndex::Service(other) => world.levels_before[other as usize],
        };
        let response = respond(&need.response, supply);
        let buffer = &mut world.services[index].buffers_min[at];
        if response == Share::WHOLE {
            *buffer = (*buffer + 1).min(need.buffer_min);
        } else if 0 < *buffer {
            *buffer -= 1;
        } else {
            allowed = allowed.min(response);
        }
    }
    allowed.max(world.services[index].fail_over)
}

/// Straight lines between points; flat beyond the last.
pub fn respond(points: &[(u32, u32)], supply: Share) -> Share {
    let x = supply.ppm();
    let after = points.partition_point(|point| point.0 < x);
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

fn set_level(state: &mut ServiceState, service: &Service, allowed: Share) {
    // Down at once, up no faster than the warm-up.
    let step = 1_000_000 / service.warm_up_min.max(1);
    let up = Share::from_ppm(state.technical.ppm().saturating_add(step));
    state.technical = allowed.min(up);
    let mut level = state.technical;
    if let Some(rework) = &service.rework {
        level = level.times(half_at(rework.half_level_at, state.rework_milli));
    }
    state.is_fallback_on = false;
    if let Some(fallback) = &service.fallback {
        let holds = match state.fallback_used_min < fallback.endurance_min {
            true => fallback.level,
            false => Share::from_ppm(fallback.level.ppm() / 2),
        };
        let is_open = state.is_fallback_open || (fallback.is_automatic && !state.is_fallback_barred);
        if is_open && level < holds {
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

/// 1 at an empty queue, a half at `half` items.
fn half_at(half: f64, queue_milli: u64) -> Share {
    let queue = queue_milli as f64 / 1000.0;
    Share::from_fraction(half / (half + queue))
}

fn serve(state: &mut ServiceState, service: &Service, asked: u64) {
    state.demand_micro += asked;
    let shed = state.shed.scale(asked);
    let moved = state.postpone.scale(asked - shed);
    state.postponed_micro += moved;
    let mut back = 0;
    if state.postpone == Share::NONE && 0 < asked && 0 < state.postponed_micro {
        // What was moved returns over as many hours as it was moved for, while the service is open.
        back = state.postponed_micro.div_ceil(u64::from(state.postpone_hours.max(1)) * 60);
        state.postponed_micro -= back;
    }
    let wanted = state.backlog_micro + asked - shed - moved + back;
    // Extra hours work at the usual pace also when nobody new comes: that is what clears a backlog.
    let ordinary = state.level.scale(asked) as f64 * service.headroom;
    let extra = state.level.scale(service.usual_micro) as f64 * state.extra;
    let capacity = (ordinary + extra) as u64;
    let served = capacity.min(wanted);
    state.served_micro += served;
    let waiting = wanted - served;
    let expired = match service.backlog {
        Backlog::Lost => waiting,
        Backlog::Waits => 0,
        Backlog::Expires(minutes) => waiting.div_ceil(u64::from(minutes.max(1))),
    };
    state.backlog_micro = waiting - expired;
    let lost = shed + expired;
    state.lost_micro += lost;
    if let Some(rework) = &service.rework {
        clear_rework(state, rework, lost);
    }
}

/// A queue whose server slows as it grows: that is why some need six days where others need one.
fn clear_rework(state: &mut ServiceState, rework: &Rework, lost_micro: u64) {
    state.rework_milli += (lost_micro as f64 * rework.items_per_lost / 1000.0) as u64;
    let speed = half_at(rework.half_speed_at, state.rework_milli).times(state.technical).fraction();
    let cleared = rework.clear_per_hour / 60.0 * speed * state.rework_factor * 1000.0;
    state.rework_milli = state.rework_milli.saturating_sub(libm::ceil(cleared) as u64);
}

/// Minutes below target and outside tolerance, and the moment of lasting return.
fn judge(state: &mut ServiceState, service: &Service, is_counted: bool, tick: Tick) {
    state.loss_ppm_min += u64::from(state.level.rest().ppm());
    if service.target <= state.level {
        state.below_now_min = 0;
        state.stable_min += 1;
        if state.first_below.is_some() && state.recovered_at.is_none() && STABLE_MIN <= state.stable_min {
            state.recovered_at = Some(Tick(tick.0 + 1 - state.stable_min));
        }
        return;
    }
    state.stable_min = 0;
    state.below_now_min += 1;
    state.below_min += 1;
    if service.tolerance_min < state.below_now_min {
        state.outside_min += 1;
    }
    if is_counted {
        state.first_below.get_or_insert(tick);
        // A relapse takes the recovery back.
        state.recovered_at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{compile::Scenario, library, load};

    /// A service of the tiny scenario judged over minutes at the levels given.
    fn judged(levels: &[(u32, u32)]) -> (ServiceState, u32) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny");
        let docs = load::load(&library::find(path).expect("a folder")).expect("valid");
        let scenario = Scenario::compile(docs);
        let service = &scenario.services[0];
        let mut state = services_at_start(&scenario).swap_remove(0);
        let mut tick = 0;
        for &(minutes, ppm) in levels {
            for _ in 0..minutes {
                state.level = Share::from_ppm(ppm);
                judge(&mut state, service, true, Tick(tick));
                tick += 1;
            }
        }
        (state, service.tolerance_min)
    }

    #[test]
    fn tolerance_begins_to_hurt_a_minute_after_it_ends() {
        let (_, tolerance) = judged(&[]);
        assert_eq!(judged(&[(tolerance, 0)]).0.outside_min, 0);
        assert_eq!(judged(&[(tolerance + 1, 0)]).0.outside_min, 1);
        let twice = [(tolerance, 0), (1, 1_000_000), (tolerance, 0)];
        assert_eq!(judged(&twice).0.outside_min, 0, "each disruption has its own tolerance");
    }

    #[test]
    fn a_recovery_counts_when_it_lasts() {
        let back = |minutes: u32| judged(&[(30, 1_000_000), (60, 0), (minutes, 1_000_000)]).0;
        assert_eq!(back(STABLE_MIN - 1).recovered_at, None);
        assert_eq!(back(STABLE_MIN).recovered_at, Some(Tick(90)));
        assert_eq!(back(STABLE_MIN).first_below, Some(Tick(30)));
        let relapsed = judged(&[(60, 0), (STABLE_MIN, 1_000_000), (1, 0)]).0;
        assert_eq!(relapsed.recovered_at, None, "a relapse takes the recovery back");
    }

    #[test]
    fn responses_are_straight_between_points() {
        let check = |points: &[(u32, u32)], supply: u32, expected: u32| {
            assert_eq!(respond(points, Share::from_ppm(supply)).ppm(), expected, "{points:?} at {supply}");
        };
        check(&[(0, 0), (1_000_000, 1_000_000)], 250_000, 250_000);
        check(&[(0, 0), (500_000, 1_000_000)], 250_000, 500_000);
        check(&[(0, 0), (500_000, 1_000_000)], 800_000, 1_000_000);
        check(&[(0, 200_000), (1_000_000, 1_000_000)], 0, 200_000);
        check(&[(600_000, 0), (900_000, 900_000)], 100_000, 0);
        check(&[(600_000, 0), (900_000, 900_000)], 700_000, 300_000);
    }
}
