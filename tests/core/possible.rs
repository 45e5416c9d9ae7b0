//! Goal: `sim::possible` lists exactly the orders that the world accepts.

use std::collections::BTreeSet;
use std::sync::Arc;

use blackstart::base::{Ix, Span};
use blackstart::scenario::compile::{Fleet, Mitigation, Target};
use blackstart::session::{Cast, Run, Setup};
use blackstart::sim::possible::{cancellable, possible_with};
use blackstart::sim::{Command, Issuer, Refusal, World, command, possible};
use blackstart::synth::dice::Dice;
use blackstart::synth::swarm;

use crate::support::{REPLAY, compiled, scenario};

/// Goal: `sim::possible` lists exactly the accepted orders, with the same cost or refusal. Method: at boundaries of
/// made-up runs, every entry of every issuer beside `command::check`, and every order that the check accepts of all
/// mitigations and all targets (numbers that do not exist included) beside the entries.
#[test]
fn possible_orders_are_exactly_the_accepted_ones() {
    let (mut accepted, mut refused, mut cancelled) = (0, 0, 0);
    for seed in 0..24 {
        let scenario = Arc::new(compiled(swarm::scenario(seed)));
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed, cast: Cast::default() });
        let mut dice = Dice::new(seed, 0);
        let seats = Span::new(0, scenario.seats.len() as u32 + 1).iter().map(Issuer::Seat);
        let issuers: Vec<Issuer> = seats.chain([Issuer::Policy, Issuer::Facilitator]).collect();
        loop {
            let commands = swarm::commands::commands(&mut dice, &run.world);
            let is_looked_at = !commands.is_empty() || run.world.is_over();
            for wanted in commands {
                // A refused command does not change the world.
                let _ = run.order(wanted);
            }
            for &issuer in issuers.iter().filter(|_| is_looked_at) {
                let open = possible_orders(&run.world, issuer);
                refused += open.1;
                accepted += open.0.len();
                assert_eq!(
                    open.0,
                    accepted_orders(&run.world, issuer),
                    "seed {seed}: {issuer:?} at {}",
                    run.world.tick()
                );
                cancelled += cancels_agree(&run.world, issuer);
            }
            if run.world.is_over() {
                break;
            }
            run.step();
        }
    }
    assert!(1_000 < accepted.min(refused) && 100 < cancelled, "{accepted} accepted, {refused} refused, {cancelled}");
}

/// Compares each order that `possible` lists with the check; returns the accepted ones and the count of refused ones.
fn possible_orders(world: &World, issuer: Issuer) -> (BTreeSet<(Ix<Mitigation>, Target)>, usize) {
    let (mut open, mut refused) = (BTreeSet::new(), 0);
    for entry in possible(world, issuer) {
        for (target, verdict) in entry.targets {
            let order = Command::Order { by: issuer, mitigation: entry.mitigation, target };
            assert_eq!(verdict, command::check(world, &order), "{order:?} at {}", world.tick());
            match verdict {
                Ok(_) => assert!(open.insert((entry.mitigation, target)), "{order:?} is listed twice"),
                Err(_) => refused += 1,
            }
        }
    }
    (open, refused)
}

/// Orders that the check accepts, among all that can be written.
fn accepted_orders(world: &World, issuer: Issuer) -> BTreeSet<(Ix<Mitigation>, Target)> {
    let scenario = world.scenario();
    let organisations = Span::new(0, scenario.organisations.len() as u32 + 1).iter().map(Target::Organisation);
    let fleets = Span::new(0, scenario.fleets.len() as u32 + 1).iter().map(Target::Fleet);
    let services = Span::new(0, scenario.services.len() as u32 + 1).iter().map(Target::Service);
    let targets: Vec<Target> = organisations.chain(fleets).chain(services).chain([Target::World]).collect();
    let all = Span::new(0, scenario.mitigations.len() as u32 + 1)
        .iter()
        .flat_map(|mitigation| targets.iter().map(move |&target| (mitigation, target)));
    all.filter(|&(mitigation, target)| {
        command::check(world, &Command::Order { by: issuer, mitigation, target }).is_ok()
    })
    .collect()
}

/// Compares the orders that can be cancelled with the check; returns their count.
fn cancels_agree(world: &World, issuer: Issuer) -> usize {
    let all = Span::new(0, world.orders().len() as u32 + 1).iter();
    let accepted = all.filter(|&order| command::check(world, &Command::Cancel { by: issuer, order }).is_ok());
    let open = cancellable(world, issuer);
    assert_eq!(open, accepted.collect::<Vec<_>>(), "{issuer:?} at {}", world.tick());
    open.len()
}

/// Only servers are restored from backup, and the list offers nothing else.
#[test]
fn only_servers_are_restored() {
    let scenario = scenario(REPLAY);
    let restore = scenario.docs.mitigations.iter().position(|mitigation| mitigation.id == "restore-backup");
    let mitigation = Ix::from_usize(restore.expect("the scenario has it"));
    let by = Issuer::Seat(scenario.seat_index("hospital-cio").expect("the seat exists"));
    let run = Run::new(Setup { scenario: scenario.clone(), seed: 1, cast: Cast::default() });
    let is_server = |fleet: Ix<Fleet>| scenario.kinds[scenario.fleets[fleet].kind].is_server;
    let offered = possible_with(&run.world, by, mitigation).targets;
    assert!(!offered.is_empty());
    for (target, _) in offered {
        assert!(matches!(target, Target::Fleet(fleet) if is_server(fleet)), "{target:?}");
    }
    let pcs = scenario.fleets.indices().find(|&fleet| !is_server(fleet)).expect("most fleets have none");
    let order = Command::Order { by: Issuer::Facilitator, mitigation, target: Target::Fleet(pcs) };
    assert_eq!(command::check(&run.world, &order), Err(Refusal::NoBackup));
}
