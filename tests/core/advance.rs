//! Goal: a simulation in time slices gives the same world as a simulation minute by minute.

use std::sync::Arc;

use blackstart::base::Tick;
use blackstart::scenario::compile::Scenario;
use blackstart::session::Cast;
use blackstart::session::policy::Policy;
use blackstart::sim::audit::audit;
use blackstart::sim::{World, command};
use blackstart::synth::dice::Dice;
use blackstart::synth::generate;
use blackstart::synth::swarm::{self, commands};

use crate::support::{TINY, compiled, documents, thin_replay};
use crate::worlds::assert_same;

/// Goal: `advance` equals many calls of `step`. Method: one world steps, the other advances in blocks of a size between
/// boundaries at random distances, at which made-up commands and a playbook's orders are given to both; digests,
/// moments and what a listener sees of levels are compared at each.
fn check(name: &str, mut scenario: Scenario, seed: u64, block_bytes: usize, minutes_max: u32) {
    scenario.cut_partitions(block_bytes);
    let scenario = Arc::new(scenario);
    let reference = scenario.playbook_index("reference");
    let cast = Cast::everybody(reference);
    let mut policy = Policy::new(&scenario, cast);
    let (mut stepped, mut advanced) = (World::new(scenario.clone(), seed), World::new(scenario.clone(), seed));
    let mut dice = Dice::new(seed, 7);
    if !seed.is_multiple_of(3) {
        advanced.advance_by_slices();
    }
    // Half of the runs take digests on the way, the others compute them when they stop.
    let digests_every_min = seed.is_multiple_of(2).then(|| [1, 7, 60][seed as usize / 2 % 3]);
    while !stepped.is_over() {
        let mut given: Vec<_> = policy.act(&mut stepped).into_iter().map(|(_, command)| command).collect();
        for wanted in commands::commands(&mut dice, &stepped) {
            if command::apply(&mut stepped, &wanted).is_ok() {
                given.push(wanted);
            }
        }
        for accepted in &given {
            command::apply(&mut advanced, accepted).expect("it was accepted before");
        }
        let from = stepped.tick();
        let until = Tick(from.0 + dice.whole(1..=minutes_max)).min(scenario.horizon);
        let until = until.min(policy.next_due()).max(from.plus(1));
        let (mut curve, mut digests) = (Vec::new(), Vec::new());
        while stepped.tick() < until {
            stepped.step();
            curve.push(stepped.hosts_up());
            if digests_every_min.is_some_and(|every_min| stepped.tick().0.is_multiple_of(every_min)) {
                digests.push(stepped.seal());
            }
        }
        let at = || format!("{name}, seed {seed}, blocks of {block_bytes} bytes, from {from} to {until}");
        if let Some(every_min) = digests_every_min {
            let mut on_the_way = Vec::new();
            advanced.advance_with_digests(until, every_min, &mut on_the_way);
            assert_eq!(on_the_way, digests, "digests every {every_min} minutes, {}", at());
            assert_eq!(advanced.seal(), stepped.seal(), "{}", at());
        } else {
            assert_eq!(advanced.advance_with_curve(until), curve, "hosts up, {}", at());
        }
        assert_eq!(advanced.tick(), until, "{}", at());
        assert_same(&advanced, &stepped, at);
        assert_eq!(advanced.drain_moments(), stepped.drain_moments(), "{}", at());
        let changed = |world: &World| {
            let mut changed: Vec<_> = world.levels_changed().collect();
            changed.sort_unstable_by_key(|&(service, _)| service);
            changed
        };
        assert_eq!(changed(&advanced), changed(&stepped), "{}", at());
    }
    audit(&advanced);
}

#[test]
fn made_up_worlds() {
    for seed in 0..60 {
        let block_bytes = [1, 600, 2_000, 1 << 20][seed as usize % 4];
        check("swarm", compiled(swarm::scenario(seed)), seed, block_bytes, [3, 40, 400][seed as usize % 3]);
    }
}

#[test]
fn the_tiny_scenario() {
    for seed in 0..8 {
        check("tiny", compiled(documents(TINY)), seed, [1, 1 << 20][seed as usize % 2], 90);
    }
}

#[test]
fn the_replay() {
    check("2024-07-19, thin", compiled(thin_replay()), 1, 32 << 10, 600);
    check("2024-07-19, thin", compiled(thin_replay()), 2, 1, 2_000);
}

#[test]
fn generated_worlds() {
    check("generated", compiled(generate::documents(400, 3)), 3, 20_000, 700);
    check("generated", compiled(generate::documents(60, 4)), 4, 1, 5_000);
}
