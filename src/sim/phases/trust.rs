//! Trust and regulatory clocks. docs/model.md, "Trust and clocks".
//!
//! Trust is a second-order effect: lost trust ties up technicians with calls, makes more repairs fail and costs money.
//! Must not visit organisations whose trust is at rest.

use crate::base::{Ix, Share};
use crate::scenario::compile::{Clock, Organisation, Scenario};
use crate::scenario::schema::Audience;
use crate::sim::wheel::Purpose;
use crate::sim::world::{AUDIENCES, NO_HOUR, PUBLIC, World};

/// Trust before the incident.
pub const TRUST_AT_START_PPM: u32 = 800_000;
/// The loss in a minute through one important service outside tolerance: staff, customers, regulator, press.
const LOSS_PPM: [u32; AUDIENCES] = [60, 110, 80, 110];
/// The largest number of failing services that counts, and the gain in a minute without any.
const FAILING_MAX: u32 = 3;
const RETURN_PPM: u32 = 20;
/// Trust moves slowly: it is updated every so many minutes.
pub const EVERY_MIN: u32 = 30;
/// The loss of the regulator's trust through a missed clock.
const MISSED_PPM: u32 = 100_000;
/// The loss of trust through a promise that is corrected before it is due, and through one that is broken, as parts of what
/// the statement gains.
const CORRECTED: f64 = 0.5;
const BROKEN: f64 = 3.0;
/// The index of the regulator among audiences.
const REGULATOR: usize = Audience::Regulator as usize;

/// Updates the trust in organisations whose services fail or failed, and expires the clocks that are due.
pub fn run(world: &mut World, scenario: &Scenario) {
    if !scenario.has_trust {
        return;
    }
    if world.state.tick.0.is_multiple_of(EVERY_MIN) {
        let mut uneasy = std::mem::take(&mut world.derived.lists.uneasy);
        uneasy.retain(|&organisation| move_trust(world, organisation));
        world.derived.lists.uneasy = uneasy;
    }
    let clocks = scenario.clocks.len() as u32;
    let due = world.take(Purpose::Clock);
    due.iter().for_each(|entry| expire(world, Ix::new(entry / clocks), Ix::new(entry % clocks)));
    world.give_back(Purpose::Clock, due);
}

/// Updates the trust in an organisation. Returns whether it will move on.
fn move_trust(world: &mut World, organisation: Ix<Organisation>) -> bool {
    let state = &mut world.state.organisations[organisation];
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
    let lost: u32 = PUBLIC.iter().map(|&audience| TRUST_AT_START_PPM.saturating_sub(state.trust[audience].ppm())).sum();
    world.state.trust_lost[organisation] += u64::from(lost);
    let state = &mut world.state.organisations[organisation];
    if state.trust == before {
        return moves;
    }
    state.duty_hour = NO_HOUR;
    // More or fewer hands change nothing in an organisation without waiting hosts.
    if 0 < state.waiting {
        world.mark_dirty(organisation);
    }
    world.unseal(organisation);
    moves
}

/// An area of lost trust in hours of whole trust, as a mean over customers and press.
pub fn lost_h(lost_ppm: u64) -> f64 {
    lost_ppm as f64 * f64::from(EVERY_MIN) / (60.0 * 1e6 * PUBLIC.len() as f64)
}

/// Puts an organisation on the list of those whose trust moves.
fn watch(world: &mut World, organisation: Ix<Organisation>) {
    let lists = &mut world.state.organisations[organisation].lists;
    if !lists.is_uneasy {
        lists.is_uneasy = true;
        world.derived.lists.uneasy.push(organisation);
    }
}

/// An important service left its tolerance, or returned to it.
pub fn count_failing(world: &mut World, scenario: &Scenario, organisation: Ix<Organisation>, is_failing: bool) {
    let state = &mut world.state.organisations[organisation];
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

fn begin_clocks(world: &mut World, scenario: &Scenario, organisation: Ix<Organisation>) {
    world.state.organisations[organisation].clocks_from = Some(world.state.tick);
    let sector = scenario.organisations[organisation].sector;
    for (index, clock) in scenario.clocks.iter().enumerate() {
        if clock.sectors.is_empty() || clock.sectors.contains(&sector) {
            let due = world.state.tick.plus(clock.notify_within_min);
            world.put(Purpose::Clock, due, organisation.number() * scenario.clocks.len() as u32 + index as u32);
        }
    }
}

/// The time to notify the regulator is over.
fn expire(world: &mut World, organisation: Ix<Organisation>, clock: Ix<Clock>) {
    let penalty_usd = world.scenario.clocks[clock].penalty_usd;
    let state = &mut world.state.organisations[organisation];
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

/// An organisation makes a statement to an audience. A correction takes the place of an earlier promise and costs trust;
/// any other statement gains trust while an important service is outside tolerance, and is no news otherwise.
pub fn make_statement(
    world: &mut World,
    organisation: Ix<Organisation>,
    audience: Audience,
    points: f64,
    is_correction: bool,
) {
    let state = &mut world.state.organisations[organisation];
    state.has_notified |= audience == Audience::Regulator;
    world.unseal(organisation);
    let has_news = 0 < world.state.organisations[organisation].failing;
    if is_correction {
        change(world, organisation, audience, -points * CORRECTED);
    } else if has_news {
        change(world, organisation, audience, points);
    }
}

/// A promise is due: it is kept if no important service is outside tolerance. A kept promise wins back trust that was lost
/// and no more. Returns whether it is kept.
pub fn judge_promise(world: &mut World, organisation: Ix<Organisation>, audience: Audience, points: f64) -> bool {
    let state = &world.state.organisations[organisation];
    let lost_ppm = TRUST_AT_START_PPM.saturating_sub(state.trust[audience as usize].ppm());
    let is_kept = state.failing == 0;
    let change_points = if is_kept { points.min(f64::from(lost_ppm) / 1e4) } else { -points * BROKEN };
    change(world, organisation, audience, change_points);
    is_kept
}

/// Changes the trust of an audience by points of 100.
fn change(world: &mut World, organisation: Ix<Organisation>, audience: Audience, points: f64) {
    if !world.scenario.has_trust {
        return;
    }
    let state = &mut world.state.organisations[organisation];
    let trust = &mut state.trust[audience as usize];
    *trust = Share::from_fraction(trust.fraction() + points / 100.0);
    state.duty_hour = NO_HOUR;
    watch(world, organisation);
    world.mark_dirty(organisation);
    world.unseal(organisation);
}
