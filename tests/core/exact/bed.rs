//! The test bed for hand-made cases: a small scenario with a few changed lines, commands by tick, both engines in
//! parallel, and laws that the naive engine must also keep.

use std::sync::Arc;

use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::{self, Scenario, Target, TargetKind};
use blackstart::scenario::load::Documents;
use blackstart::scenario::schema::{
    Effect, Event, EventEffect, Fleet, FleetKind, Group, Method, Mitigation, Organisation, Phase, Service, Tagged,
    Trigger,
};
use blackstart::sim::{Command, Issuer, World, command};

use crate::naive::{self, Naive, State, Views, compare};
use crate::support::{TINY, compiled, documents};

/// Ticks between comparisons of observables.
const VIEW_EVERY: u32 = 97;

/// A figure of a test.
pub fn figure<T>(value: T) -> Tagged<T> {
    Tagged::Invented(value, "for a test".to_owned())
}

/// The documents of tests/data/tiny.
pub fn tiny() -> Documents {
    documents(TINY)
}

/// A command by name.
#[derive(Clone, Debug)]
pub enum Given {
    /// Mitigation and target: `world`, `org`, `org/fleet` or `org/service`.
    Order(Issuer, String, String),
    /// A cancelled order, by its place among the accepted orders.
    Cancel(u32),
    Inject(u32),
    Grant(String, i32, u32),
}

type Sign = Box<dyn Fn(&Naive) -> bool>;

/// A scenario with commands, and signs that its mechanism was at work.
pub struct Case {
    pub name: &'static str,
    pub docs: Documents,
    pub commands: Vec<(u32, Given)>,
    pub signs: Vec<(&'static str, Sign)>,
    pub seeds: Vec<u64>,
}

impl Case {
    /// The tiny scenario for a day and a half.
    pub fn new(name: &'static str) -> Self {
        let mut docs = tiny();
        docs.manifest.horizon_min = 2160;
        Self { name, docs, commands: Vec::new(), signs: Vec::new(), seeds: vec![1, 2] }
    }

    /// Adds a mitigation that costs 123.45 dollars and that everybody can order any number of times.
    pub fn can(&mut self, id: &str, lead_min: u32, effect: Effect) -> &mut Self {
        self.docs.mitigations.push(Mitigation {
            id: id.to_owned(),
            name: id.to_owned(),
            summary: id.to_owned(),
            group: Group::Repair,
            phase: Phase::Response,
            effect,
            sectors: Vec::new(),
            units: Vec::new(),
            cost_usd: figure(123.45),
            lead_min: figure(lead_min),
            requires: Vec::new(),
            times_max: 0,
            work: None,
            needs_sign: false,
        });
        self
    }

    /// Adds a mitigation of the phase Preparation.
    pub fn can_prepare(&mut self, id: &str, effect: Effect) -> &mut Self {
        self.can(id, 600, effect);
        self.docs.mitigations.last_mut().expect("just added").phase = Phase::Preparation;
        self
    }

    /// Adds an order of the facilitator at a tick.
    pub fn order(&mut self, tick: u32, mitigation: &str, target: &str) -> &mut Self {
        self.order_by(Issuer::Facilitator, tick, mitigation, target)
    }

    pub fn order_by(&mut self, by: Issuer, tick: u32, mitigation: &str, target: &str) -> &mut Self {
        self.commands.push((tick, Given::Order(by, mitigation.to_owned(), target.to_owned())));
        self
    }

    /// Adds a cancellation of the accepted order number `order`, from 0.
    pub fn cancel(&mut self, tick: u32, order: u32) -> &mut Self {
        self.commands.push((tick, Given::Cancel(order)));
        self
    }

    pub fn grant(&mut self, tick: u32, organisation: &str, technicians: i32, hours: u32) -> &mut Self {
        self.commands.push((tick, Given::Grant(organisation.to_owned(), technicians, hours)));
        self
    }

    /// Adds an event.
    pub fn event(&mut self, id: &str, when: Trigger, effects: Vec<EventEffect>) -> &mut Self {
        self.docs.events.push(Event {
            id: id.to_owned(),
            title: id.to_owned(),
            when,
            effects,
            key_moment: false,
            provenance: figure(()),
        });
        self
    }

    /// Adds a sign: it must be true at some boundary for every seed, otherwise the case tests nothing.
    pub fn sees(&mut self, sign: &'static str, is_seen: impl Fn(&Naive) -> bool + 'static) -> &mut Self {
        self.signs.push((sign, Box::new(is_seen)));
        self
    }

    pub fn kind(&mut self, id: &str) -> &mut FleetKind {
        self.docs.world.fleet_kinds.iter_mut().find(|kind| kind.id == id).expect("a kind")
    }

    pub fn method(&mut self, id: &str) -> &mut Method {
        self.docs.world.methods.iter_mut().find(|method| method.id == id).expect("a method")
    }

    pub fn organisation(&mut self, id: &str) -> &mut Organisation {
        self.docs.organisations.iter_mut().find(|org| org.id == id).expect("an organisation")
    }

    pub fn fleet(&mut self, organisation: &str, id: &str) -> &mut Fleet {
        self.organisation(organisation).fleets.iter_mut().find(|fleet| fleet.id == id).expect("a fleet")
    }

    pub fn service(&mut self, organisation: &str, id: &str) -> &mut Service {
        self.organisation(organisation).services.iter_mut().find(|service| service.id == id).expect("a service")
    }

    /// Adds a method that suits a kind, last in its list.
    pub fn add_method(&mut self, kind: &str, like: &str, id: &str, change: impl FnOnce(&mut Method)) -> &mut Self {
        let mut method = self.method(like).clone();
        method.id = id.to_owned();
        method.requires = Vec::new();
        change(&mut method);
        self.docs.world.methods.push(method);
        self.kind(kind).methods.push(id.to_owned());
        self
    }

    /// Runs both engines side by side for each seed; returns the naive worlds at their ends.
    pub fn check(&self) -> Vec<Naive> {
        check_signs(self.name, self.docs.clone(), &self.commands, &self.seeds, &self.signs)
    }
}

/// Runs both engines side by side over a scenario with commands by tick, for each seed.
///
/// # Panics
/// At the first difference, refusal or broken law, with the last commands.
pub fn check(name: &str, docs: Documents, commands: &[(u32, Given)], seeds: &[u64]) -> Vec<Naive> {
    check_signs(name, docs, commands, seeds, &[])
}

fn check_signs(
    name: &str,
    docs: Documents,
    commands: &[(u32, Given)],
    seeds: &[u64],
    signs: &[(&'static str, Sign)],
) -> Vec<Naive> {
    let scenario = Arc::new(compiled(docs));
    let views = Views::new(&scenario);
    let run = |&seed: &u64| {
        let mut pair = Pair::new(name, scenario.clone(), seed);
        let mut seen = vec![false; signs.len()];
        while !pair.world.is_over() {
            let now = pair.naive.tick;
            for (_, given) in commands.iter().filter(|(tick, _)| *tick == now) {
                pair.give(command_of(&scenario, given));
            }
            pair.step(&views);
            for (at, (_, is_seen)) in signs.iter().enumerate() {
                seen[at] = seen[at] || is_seen(&pair.naive);
            }
        }
        for (at, (sign, _)) in signs.iter().enumerate() {
            assert!(seen[at], "{name}: seed {seed}: not seen: {sign}");
        }
        pair.naive
    };
    seeds.iter().map(run).collect()
}

/// Both engines at the same boundary.
pub struct Pair {
    name: String,
    pub naive: Naive,
    pub world: World,
    laws: Laws,
    given: Vec<(Tick, Command)>,
}

impl Pair {
    pub fn new(name: &str, scenario: Arc<Scenario>, seed: u64) -> Self {
        let naive = Naive::new(scenario.clone(), seed);
        let world = World::new(scenario, seed);
        let pair = Self { name: name.to_owned(), laws: Laws::default(), naive, world, given: Vec::new() };
        pair.hold(compare(&pair.naive, &pair.world));
        pair
    }

    /// Gives both engines a command, which the real one must accept.
    pub fn give(&mut self, command: Command) {
        self.given.push((self.world.tick(), command));
        if let Err(refusal) = command::apply(&mut self.world, &command) {
            self.hold(Err(format!("refused: {refusal:?}")));
        }
        self.naive.apply(&command);
        self.hold(compare(&self.naive, &self.world));
    }

    /// Simulates a minute in both engines.
    pub fn step(&mut self, views: &Views) {
        self.world.step();
        self.naive.step();
        self.hold(compare(&self.naive, &self.world));
        self.hold(self.laws.clone().check(&self.naive));
        self.laws = Laws::new(&self.naive);
        if self.naive.tick.is_multiple_of(VIEW_EVERY) || self.world.is_over() {
            self.hold(views.compare(&self.naive, &self.world));
        }
    }

    /// Panics with the last commands if a check failed.
    fn hold(&self, held: Result<(), String>) {
        if let Err(problem) = held {
            let from = self.given.len().saturating_sub(6);
            let last: Vec<String> =
                self.given[from..].iter().map(|(tick, given)| format!("{}: {given:?}", tick.0)).collect();
            panic!("{}: {problem}\nlast commands:\n  {}", self.name, last.join("\n  "));
        }
    }
}

/// Cumulative counts at the previous boundary; they must not fall.
#[derive(Clone, Debug, Default)]
struct Laws {
    counts: Vec<u64>,
}

impl Laws {
    fn new(naive: &Naive) -> Self {
        let mut counts = Vec::new();
        for fleet in &naive.fleets {
            let sums = [fleet.received, fleet.crashed, fleet.self_recovered, fleet.repaired, fleet.repairs_failed];
            counts.extend(sums.map(u64::from));
        }
        for organisation in &naive.organisations {
            counts.extend([organisation.person_min, u64::from(organisation.clocks_missed)]);
        }
        for service in &naive.services {
            counts.extend([service.demand_micro, service.served_micro, service.lost_micro, service.loss_ppm_min]);
            counts.extend([service.below_min, service.outside_min].map(u64::from));
        }
        Self { counts }
    }

    fn check(self, naive: &Naive) -> Result<(), String> {
        let now = Self::new(naive);
        if self.counts.iter().zip(&now.counts).any(|(before, now)| now < before) {
            return Err("a cumulative count fell".to_owned());
        }
        for (index, fleet) in naive.fleets.iter().enumerate() {
            let counts = naive.counts(index);
            let down: u32 = [State::Crashing, State::Down, State::InRepair, State::Rebuild]
                .map(|state| counts[state as usize])
                .iter()
                .sum();
            if counts.iter().sum::<u32>() != fleet.hosts.len() as u32 {
                return Err(format!("fleet {index}: states {counts:?} do not sum to {}", fleet.hosts.len()));
            }
            if fleet.received != down + fleet.self_recovered + fleet.repaired {
                return Err(format!("fleet {index}: received {} are neither down nor back", fleet.received));
            }
        }
        for (index, organisation) in naive.organisations.iter().enumerate() {
            let (free, taken) = (organisation.free, organisation.taken);
            if free < taken {
                return Err(format!("organisation {index}: {free} free technicians took {taken} hosts"));
            }
        }
        for (index, service) in naive.services.iter().enumerate() {
            let ends = service.served_micro + service.lost_micro + service.backlog_micro + service.postponed_micro;
            if service.demand_micro + service.ahead_micro != ends {
                return Err(format!("service {index}: demand {} became {ends}", service.demand_micro));
            }
        }
        Ok(())
    }
}

/// A command with its names resolved.
pub fn command_of(scenario: &Scenario, given: &Given) -> Command {
    match given {
        Given::Order(by, id, target) => {
            let mitigation = mitigation_at(scenario, id);
            Command::Order {
                by: *by,
                mitigation: Ix::new(mitigation),
                target: target_of(scenario, Ix::new(mitigation), target),
            }
        }
        Given::Cancel(order) => Command::Cancel { by: Issuer::Facilitator, order: Ix::new(*order) },
        Given::Inject(inject) => Command::Inject { by: Issuer::Facilitator, inject: Ix::new(*inject) },
        Given::Grant(organisation, technicians, hours) => Command::Grant {
            by: Issuer::Facilitator,
            organisation: scenario.organisation_index(organisation).expect("an organisation"),
            technicians: *technicians,
            hours: *hours,
        },
    }
}

fn mitigation_at(scenario: &Scenario, id: &str) -> u32 {
    scenario.docs.mitigations.iter().position(|entry| entry.id == id).unwrap_or_else(|| panic!("no mitigation {id}"))
        as u32
}

fn target_of(scenario: &Scenario, mitigation: Ix<compile::Mitigation>, name: &str) -> Target {
    let (organisation, part) = name.split_once('/').unwrap_or((name, ""));
    let organisation = scenario.organisation_index(organisation);
    match (scenario.mitigations[mitigation].target, organisation) {
        (TargetKind::Organisation, Some(organisation)) => Target::Organisation(organisation),
        (TargetKind::Fleet, Some(at)) => Target::Fleet(scenario.fleet_of(at, part).expect("a fleet")),
        (TargetKind::Service, Some(at)) => Target::Service(scenario.service_of(at, part).expect("a service")),
        (TargetKind::World, _) => Target::World,
        (kind, None) => panic!("`{name}` is no {kind:?}"),
    }
}

/// Look-ups for signs.
impl Naive {
    pub fn org(&self, id: &str) -> &naive::Organisation {
        &self.organisations[(self.scenario.organisation_index(id).expect("an organisation")).position()]
    }

    pub fn fleet_at(&self, key: &str) -> usize {
        let (organisation, id) = key.split_once('/').expect("a key");
        let organisation = self.scenario.organisation_index(organisation).expect("an organisation");
        (self.scenario.fleet_of(organisation, id).expect("a fleet")).position()
    }

    /// Hosts of a fleet in a state.
    pub fn hosts_in(&self, key: &str, state: State) -> u32 {
        self.counts(self.fleet_at(key))[state as usize]
    }

    pub fn svc(&self, key: &str) -> &naive::Service {
        let (organisation, id) = key.split_once('/').expect("a key");
        let organisation = self.scenario.organisation_index(organisation).expect("an organisation");
        &self.services[(self.scenario.service_of(organisation, id).expect("a service")).position()]
    }
}
