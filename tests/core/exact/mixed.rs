//! All mechanisms together: a run under each playbook, and random orders of every effect.

use std::sync::Arc;

use blackstart::base::{Draw, Ix, Stream, Tick, UtcStart};
use blackstart::scenario::compile::{Scenario, Target, TargetKind};
use blackstart::scenario::library;
use blackstart::scenario::load::{self, Documents};
use blackstart::scenario::schema::{Audience, Clock, Effect, Fleet, Ring, RingPlan, Trigger};
use blackstart::session::{Cast, Run, Setup};
use blackstart::sim::{Command, Issuer, World, command};

use super::bed::{Case, Pair, figure, tiny};
use crate::naive::{Naive, Views, compare};
use crate::support::compiled;

/// Number of hosts to which the program's own scenarios are reduced.
const HOSTS: f64 = 1_500.0;
/// Number of members that each of their populations keeps.
const MEMBERS: u32 = 4;
/// Minutes between comparisons. Few suffice, because a difference does not disappear.
const COMPARED_EVERY_MIN: u32 = 10;

/// Playbooks give orders inside a run of the real engine; the naive engine follows the run's log.
#[test]
fn playbooks_lead_both_to_the_same_end() {
    follow("tiny", tiny());
}

/// The program's own scenarios, each fleet with a small part of its hosts, for a day after the
/// incident, under each of their playbooks.
#[test]
fn written_scenarios_are_the_same_in_both() {
    for files in library::builtin() {
        let mut docs = load::load(&files).unwrap_or_else(|problems| panic!("{problems}")).into_inner();
        let fleets = |docs: &Documents| docs.organisations.iter().map(|org| org.fleets.len()).sum::<usize>() as f64;
        let most = (HOSTS / fleets(&docs)).max(4.0) as u32;
        for fleet in docs.organisations.iter_mut().flat_map(|org| &mut org.fleets) {
            limit_hosts(fleet, most);
        }
        for population in &mut docs.populations {
            let count = (*population.count.value()).min(MEMBERS);
            (population.count, population.one_in) = (figure(count), population.one_in.min(count));
            population.member.fleets.iter_mut().for_each(|fleet| limit_hosts(fleet, 40));
        }
        let start = UtcStart::parse(&docs.manifest.start).expect("a start");
        let incident = start.tick_of(&docs.manifest.incident).expect("an incident").0;
        end_at(&mut docs, start, Tick(incident + 1_440));
        follow(&files.name, docs);
    }
}

/// Reduces a fleet to a number of hosts, with no more sites than hosts.
fn limit_hosts(fleet: &mut Fleet, most: u32) {
    let hosts = (*fleet.hosts.value()).min(most);
    fleet.hosts = figure(hosts);
    fleet.sites = fleet.sites.take().map(|sites| figure((*sites.value()).min(hosts)));
}

/// Ends the run at a tick, if that is earlier than now. Whatever should happen later happens in the last minute.
fn end_at(docs: &mut Documents, start: UtcStart, end: Tick) {
    docs.manifest.horizon_min = docs.manifest.horizon_min.min(end.0);
    let last = Tick(docs.manifest.horizon_min - 1);
    let events = docs.events.iter_mut().map(|event| &mut event.when);
    let injects = docs.injects.iter_mut().map(|inject| &mut inject.when);
    let orders = docs.playbooks.iter_mut().flat_map(|playbook| &mut playbook.orders).map(|order| &mut order.when);
    for when in events.chain(injects).chain(orders) {
        if let Trigger::At(time) = when
            && last < start.tick_of(time).expect("a time of the run")
        {
            *time = start.iso(last);
        }
    }
    // Targets are removed: their times may be after the new end of the run.
    docs.targets.clear();
    docs.uncertainty = Default::default();
}

/// Runs every playbook of a scenario, and then the naive engine with the log of the run.
fn follow(name: &str, docs: Documents) {
    let scenario = Arc::new(compiled(docs));
    let views = Views::new(&scenario);
    for playbook in scenario.playbooks.indices() {
        let cast = Cast::everybody(Some(playbook));
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 5, cast });
        let mut naive = Naive::new(scenario.clone(), 5);
        while !run.world.is_over() {
            let logged = run.log.len();
            run.step();
            run.log[logged..].iter().for_each(|entry| naive.apply(&entry.command));
            naive.step();
            let tell = |problem: String| panic!("{name}: playbook {playbook}: {problem}");
            if naive.tick.is_multiple_of(COMPARED_EVERY_MIN) || run.world.is_over() {
                compare(&naive, &run.world).unwrap_or_else(tell);
            }
            if naive.tick.is_multiple_of(360) {
                views.compare(&naive, &run.world).unwrap_or_else(tell);
            }
        }
    }
}

/// The tiny scenario with a mitigation for every effect, rings, clocks, sites and a network.
fn menu() -> Case {
    let mut case = Case::new("menu");
    case.docs.events[1].when = Trigger::After("release".to_owned(), 300);
    let ring = |share, delay_min, spread_min| Ring {
        share: figure(share),
        delay_min: figure(delay_min),
        spread_min: figure(spread_min),
    };
    let rings = vec![ring(0.3, 0, 20), ring(0.5, 40, 60)];
    case.docs.world.channels[0].rings = Some(RingPlan { rings, halt_above: None, in_use: false });
    case.docs.world.channels[0].late_win_per_hour = figure(0.02);
    case.docs.world.clocks.push(Clock {
        id: "clock".to_owned(),
        name: "Clock".to_owned(),
        sectors: Vec::new(),
        notify_within_hours: figure(3),
        penalty_usd: figure(12_345.0),
    });
    let again = vec![blackstart::scenario::schema::EventEffect::Release("sensor".to_owned())];
    case.event("again", Trigger::After("release".to_owned(), 130), again);
    case.organisation("st-elsewhere").network = Some("records".to_owned());
    case.organisation("st-elsewhere").key_min = Some(figure(3.0));
    case.fleet("st-elsewhere", "pcs").sites = Some(figure(6));
    case.fleet("st-elsewhere", "pcs").travel_min = Some(figure(12.0));
    case.add_method("office-pc", "by-hand", "remote", |method| {
        (method.remote, method.needs_network, method.needs_key) = (true, true, false);
        method.requires = vec!["stick-ready".to_owned()];
    });
    case.kind("office-pc").methods.retain(|id| id != "reimage");
    case.add_method("office-pc", "by-hand", "re-image", |method| (method.rebuilds, method.uniform) = (true, true));
    case.method("by-hand").failure = figure(0.2);
    for (number, effect) in effects().into_iter().enumerate() {
        case.can(&format!("m{number}"), [0, 0, 7, 45][number % 4], effect);
    }
    case.can_prepare("prepared", Effect::EscrowKeys).can_prepare("drilled", Effect::Drill { endurance: 1.5 });
    case
}

fn effects() -> Vec<Effect> {
    let mut effects = vec![
        Effect::StopRollout("sensor".to_owned()),
        Effect::StageRollout("sensor".to_owned()),
        Effect::RaiseFlag("stick-ready".to_owned()),
        Effect::ReleaseHosts,
        Effect::EscrowKeys,
        Effect::RepairFirst,
        Effect::OpenFallback,
        Effect::CloseFallback,
        Effect::UseMethod("by-hand".to_owned()),
        Effect::UseMethod("boot-stick".to_owned()),
        Effect::UseMethod("re-image".to_owned()),
        Effect::UseMethod("remote".to_owned()),
    ];
    for audience in [Audience::Staff, Audience::Customers, Audience::Regulator, Audience::Press] {
        effects.push(Effect::Statement { audience, trust: 2.5, promise_hours: 0 });
        effects.push(Effect::Statement { audience, trust: 1.5, promise_hours: 3 });
    }
    for (share, hours) in [(0.3, 4), (0.55, 2)] {
        let pool = "nation".to_owned();
        effects.extend([
            Effect::HoldHosts { hours },
            Effect::PrintKeys { touch: share },
            Effect::Unattended { mean_hours: share * 9.0 },
            Effect::Overtime { share, hours },
            Effect::Contractors { technicians: hours * 2, pace: share, hours },
            Effect::Volunteers { locate: share, hours },
            Effect::NationalPool { pool, technicians: hours * 3, pace: share, hours },
            Effect::Rest { share, hours },
            Effect::VerifyTools { failure: share },
            Effect::RestoreBackup { touch: share },
            Effect::ShedDemand { share, hours },
            Effect::CallOff { share, notice_hours: hours / 2, hours: hours * 3 },
            Effect::PostponeDemand { share, hours },
            Effect::FailOver { level: share, hours },
            Effect::ExtendHours { extra: share, hours },
            Effect::Drill { endurance: 1.0 + share },
            Effect::ClearRework { factor: 1.0 + 5.0 * share, hours },
        ]);
    }
    effects
}

/// Any command for any target; the real engine decides which are accepted.
fn draw_command(scenario: &Scenario, naive: &Naive, dice: &mut impl FnMut(u32) -> u32) -> Command {
    let by = Issuer::Facilitator;
    match dice(12) {
        0 if !naive.orders.is_empty() => Command::Cancel { by, order: Ix::new(dice(naive.orders.len() as u32)) },
        1 => {
            let technicians = dice(9) as i32 - 3;
            Command::Grant { by, organisation: Ix::new(dice(3)), technicians, hours: 1 + dice(5) }
        }
        _ => {
            let mitigation = dice(scenario.mitigations.len() as u32);
            let target = match scenario.mitigations[Ix::new(mitigation)].target {
                TargetKind::World => Target::World,
                TargetKind::Organisation => Target::Organisation(Ix::new(dice(3))),
                TargetKind::Fleet => Target::Fleet(Ix::new(dice(scenario.fleets.len() as u32))),
                TargetKind::Service => Target::Service(Ix::new(dice(scenario.services.len() as u32))),
            };
            Command::Order { by, mitigation: Ix::new(mitigation), target }
        }
    }
}

/// Every effect in any mixture: random commands, as far as the real engine accepts them.
#[test]
fn any_mixture_of_orders_is_the_same_in_both() {
    let scenario = Arc::new(compiled(menu().docs));
    let views = Views::new(&scenario);
    let mut accepted = 0;
    for seed in 1..13 {
        let key = Draw::new(seed).stream(Stream::Swarm);
        let mut counter = 0;
        let mut dice = |below: u32| {
            counter += 1;
            (key.uniform(0_u32, counter) * f64::from(below)) as u32
        };
        let mut pair = Pair::new("mixture", scenario.clone(), seed);
        while !pair.world.is_over() {
            let wanted = if pair.naive.tick == 0 { 30 } else { u32::from(dice(8) == 0) };
            for _ in 0..wanted {
                let command = draw_command(&scenario, &pair.naive, &mut dice);
                if is_accepted(&pair.world, &command) {
                    pair.give(command);
                    accepted += 1;
                }
            }
            pair.step(&views);
        }
    }
    assert!(1_000 < accepted, "only {accepted} orders were accepted");
}

/// Does the real engine accept the command?
fn is_accepted(world: &World, given: &Command) -> bool {
    command::check(world, given).is_ok()
}
