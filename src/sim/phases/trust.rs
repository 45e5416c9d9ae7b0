//! Trust: falls while important services stay outside tolerance, heals slowly, rises with words.
//!
//! A second-order effect: all it does is tie up some technicians with calls (`hands`).

use crate::base::{Share, Tick};
use crate::sim::world::World;

/// Trust before the incident.
pub const TRUST_AT_START_PPM: u32 = 800_000;
/// Lost in a minute by an important service outside tolerance; won back in a quiet minute.
const LOSS_PPM: u32 = 220;
const RETURN_PPM: u32 = 20;
/// Trust is looked at every so many minutes; it moves slowly.
const EVERY_MIN: u32 = 10;

/// Moves every organisation's trust.
pub fn run(world: &mut World) {
    if !is_due(world.tick) {
        return;
    }
    let scenario = world.scenario.clone();
    for (index, organisation) in scenario.organisations.iter().enumerate() {
        let failing = organisation
            .services
            .clone()
            .filter(|&service| {
                let of = &scenario.services[service as usize];
                of.is_important && of.tolerance_min < world.services[service as usize].below_now_min
            })
            .count() as u32;
        let state = &mut world.organisations[index];
        let ppm = state.trust.ppm();
        state.trust = match failing {
            0 if ppm < TRUST_AT_START_PPM => Share::from_ppm((ppm + RETURN_PPM * EVERY_MIN).min(TRUST_AT_START_PPM)),
            0 => state.trust,
            some => Share::from_ppm(ppm.saturating_sub(LOSS_PPM * EVERY_MIN * some.min(3))),
        };
    }
}

fn is_due(tick: Tick) -> bool {
    tick.0.is_multiple_of(EVERY_MIN)
}
