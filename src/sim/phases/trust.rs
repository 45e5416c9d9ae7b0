//! Trust and regulatory clocks. docs/model.md, "Trust and clocks".
//!
//! A second-order effect: it ties up some technicians with calls, makes some repairs fail and costs money.

use crate::base::Share;
use crate::scenario::compile::Scenario;
use crate::scenario::schema::Audience;
use crate::sim::wheel::Purpose;
use crate::sim::world::{AUDIENCES, NO_HOUR, World};

/// Trust before the incident.
pub const TRUST_AT_START_PPM: u32 = 800_000;
/// Lost in a minute by an important service outside tolerance: staff, customers, regulator, press.
const LOSS_PPM: [u32; AUDIENCES] = [60, 110, 80, 110];
/// Services that count at most, and what is won back in a quiet minute.
const FAILING_MAX: u32 = 3;
const RETURN_PPM: u32 = 20;
/// Trust is looked at every so many minutes; it moves slowly.
pub const EVERY_MIN: u32 = 30;
/// A missed clock takes this much of the regulator's trust.
const MISSED_PPM: u32 = 100_000;
/// Index of the regulator among audiences.
const REGULATOR: usize = Audience::Regulator as usize;

/// Moves the trust of those whose services fail or failed, and rings clocks that are due.
pub fn run(world: &mut World, scenario: &Scenario) {
    if !scenario.has_trust {
        return;
    }
    if world.tick.0.is_multiple_of(EVERY_MIN) {
        let mut uneasy = std::mem::take(&mut world.lists.uneasy);
        uneasy.retain(|&organisation| move_trust(world, organisation));
        world.lists.uneasy = uneasy;
    }
    let clocks = scenario.clocks.len() as u32;
    let ringing = world.take(Purpose::Clock);
    ringing.iter().for_each(|entry| ring(world, entry / clocks, entry % clocks));
    world.give_back(Purpose::Clock, ringing);
}

/// True while the organisation's trust goes on moving.
fn move_trust(world: &mut World, organisation: u32) -> bool {
    let state = &mut world.organisations[organisation as usize];
    let failing = state.failing.min(FAILING_MAX);
    let before = state.trust;
    for (trust, loss) in state.trust.iter_mut().zip(LOSS_PPM) {
        let ppm = trust.ppm();
        *trust = match failing {
            0 if ppm < TRUST_AT_START_PPM => Share::from_ppm((ppm + RETURN_PPM * EVERY_MIN).min(TRUST_AT_START_PPM)),
            0 => *trust,
            some => Share::from_ppm(ppm.saturating_sub(loss * EVERY_MIN * some)),
        };
    }
    let moves = 0 < failing || state.trust.iter().any(|trust| trust.ppm() < TRUST_AT_START_PPM);
    state.lists.is_uneasy = moves;
    if state.trust == before {
        return moves;
    }
    state.duty_hour = NO_HOUR;
    // Who has nobody waiting has nothing to give to more hands.
    if 0 < state.waiting {
        world.mark_dirty(organisation);
    }
    world.unseal(organisation);
    moves
}

/// Puts an organisation among those whose trust moves.
fn watch(world: &mut World, organisation: u32) {
    let lists = &mut world.organisations[organisation as usize].lists;
    if !lists.is_uneasy {
        lists.is_uneasy = true;
        world.lists.uneasy.push(organisation);
    }
}

/// An important service went out of tolerance, or came back.
pub fn count_failing(world: &mut World, scenario: &Scenario, organisation: u32, is_failing: bool) {
    let state = &mut world.organisations[organisation as usize];
    state.failing = if is_failing { state.failing + 1 } else { state.failing - 1 };
    let begins_clocks = state.clocks_from.is_none();
    world.unseal(organisation);
    if !scenario.has_trust {
        return;
    }
    watch(world, organisation);
    if begins_clocks {
        begin_clocks(world, scenario, organisation);
    }
}

fn begin_clocks(world: &mut World, scenario: &Scenario, organisation: u32) {
    world.organisations[organisation as usize].clocks_from = Some(world.tick);
    let sector = scenario.organisations[organisation as usize].sector;
    for (at, clock) in scenario.clocks.iter().enumerate() {
        if clock.sectors.is_empty() || clock.sectors.contains(&sector) {
            let due = world.tick.plus(clock.notify_within_min);
            world.put(Purpose::Clock, due, organisation * scenario.clocks.len() as u32 + at as u32);
        }
    }
}

/// The time to tell the regulator is over.
fn ring(world: &mut World, organisation: u32, clock: u32) {
    let penalty_usd = world.scenario.clocks[clock as usize].penalty_usd;
    let state = &mut world.organisations[organisation as usize];
    if state.has_notified {
        return;
    }
    let factor = 2.0 - state.trust[REGULATOR].fraction();
    state.cost_cents += (100.0 * penalty_usd * factor + 0.5) as u64;
    state.clocks_missed += 1;
    state.trust[REGULATOR] = Share::from_ppm(state.trust[REGULATOR].ppm().saturating_sub(MISSED_PPM));
    world.unseal(organisation);
    watch(world, organisation);
}

/// A statement to an audience begins.
pub fn state_to(world: &mut World, organisation: u32, audience: Audience, points: f64) {
    let is_simulated = world.scenario.has_trust;
    let state = &mut world.organisations[organisation as usize];
    state.has_notified |= audience == Audience::Regulator;
    if is_simulated {
        let trust = &mut state.trust[audience as usize];
        *trust = Share::from_fraction(trust.fraction() + points / 100.0);
        state.duty_hour = NO_HOUR;
        watch(world, organisation);
        world.mark_dirty(organisation);
    }
    world.unseal(organisation);
}
