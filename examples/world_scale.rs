//! Times ten days of a generated world: `world_scale [ORGANISATIONS] [SEED] [minutes]`. It is made for a profiler;
//! the measured times of docs/performance.md come from benches/scale.rs.

use std::sync::Arc;
use std::time::Instant;

use blackstart::scenario::compile::Scenario;
use blackstart::scenario::validate;
use blackstart::sim::World;
use blackstart::synth::generate;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let organisations: u32 = arguments.next().map_or(50_000, |text| text.parse().expect("a number"));
    let seed: u64 = arguments.next().map_or(1, |text| text.parse().expect("a number"));
    let begun = Instant::now();
    let documents = validate::check(generate::documents(organisations, seed)).expect("generated scenarios are right");
    let scenario = Arc::new(Scenario::compile(documents));
    println!("compiled {:.3} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let mut world = World::new(scenario, seed);
    println!("new {:.3} s", begun.elapsed().as_secs_f64());
    let stops_at_minutes = arguments.next().is_some_and(|word| word == "minutes");
    if !stops_at_minutes {
        world.advance(world.scenario().horizon);
    }
    while !world.is_over() {
        world.step();
        if world.tick().0.is_multiple_of(1440)
            || [60, 200, 300, 400, 428, 430, 440, 460, 520, 600, 800].contains(&world.tick().0)
        {
            let count = |of: fn(&blackstart::sim::world::FleetState) -> u32| -> u64 {
                world.fleets().iter().map(|fleet| u64::from(of(fleet))).sum()
            };
            println!(
                "{} {:.3} s work {} received {} down {} repaired {} self {}",
                world.tick(),
                begun.elapsed().as_secs_f64(),
                world.work(),
                count(|fleet| fleet.received),
                count(|fleet| fleet.down()),
                count(|fleet| fleet.repaired),
                count(|fleet| fleet.self_recovered)
            );
        }
    }
    println!("ran {:.3} s, digest {}", begun.elapsed().as_secs_f64(), world.digest());
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or(""));
}
