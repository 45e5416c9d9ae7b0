//! The record of a run for charts: levels, counts and what held services back, sampled at boundaries, first and last
//! included.
//!
//! Levels are recorded for services of organisations with documents of their own. Curves of thousands of members
//! would fill the memory, and no chart shows them.

use std::collections::BTreeSet;

use super::cast::Cast;
use super::service_time::{self, ServiceTime};
use crate::base::{Ix, Share, Span, Tick};
use crate::scenario::compile::{Organisation, Scenario, Seat, Service};
use crate::sim::reach::Reach;
use crate::sim::{World, observe};

/// Minutes between samples.
pub const SAMPLE_MIN: u32 = 10;

/// The extent of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Samples every `SAMPLE_MIN` minutes, levels of services included, for the curves of an exercise.
    Curves,
    /// Samples of the first and the last boundary without levels, which is enough for a judgement.
    Ends,
}

/// Samples of a run, one row for each sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    sampling: Sampling,
    pub ticks: Vec<Tick>,
    /// Services whose levels are recorded: the first services of the scenario.
    services: Span<Service>,
    levels: Vec<Share>,
    /// Hosts down over all organisations, one value for each sample.
    hosts_down: Vec<f64>,
    /// Seats (by index) whose objectives are sampled, with the number of their objectives.
    seats: Vec<(Ix<Seat>, usize)>,
    /// One row for each sample: the objectives of the first seat, then the objectives of the next.
    objectives: Vec<f64>,
    /// The important services of the seats' organisations, each once.
    times: Vec<ServiceTime>,
}

impl Record {
    /// A record with the sample of the first boundary. It samples the objectives of every seat of the cast.
    pub fn new(world: &World, cast: &Cast, sampling: Sampling) -> Self {
        let objectives = |seat: Ix<Seat>| world.scenario().seats[seat].objectives.len();
        let seats = cast.seats().iter().map(|entry| (entry.seat, objectives(entry.seat))).collect();
        let mut record = Self {
            sampling,
            ticks: Vec::new(),
            services: if sampling == Sampling::Curves { world.scenario().written_services() } else { Span::default() },
            levels: Vec::new(),
            hosts_down: Vec::new(),
            seats,
            objectives: Vec::new(),
            times: if sampling == Sampling::Curves { times_of(world.scenario(), cast) } else { Vec::new() },
        };
        record.sample(world);
        record
    }

    /// The record of a run of which only the values of a seat's objectives at the end are known.
    pub fn of_end(seat: Ix<Seat>, end: Tick, objectives: Vec<f64>) -> Self {
        Self {
            sampling: Sampling::Ends,
            ticks: vec![end],
            services: Span::default(),
            levels: Vec::new(),
            hosts_down: Vec::new(),
            seats: vec![(seat, objectives.len())],
            objectives,
            times: Vec::new(),
        }
    }

    /// The samples up to a tick.
    pub(super) fn cut_back(&self, tick: Tick) -> Self {
        let rows = self.ticks.partition_point(|&sampled| sampled <= tick);
        let width = self.objectives_width();
        Self {
            sampling: self.sampling,
            ticks: self.ticks[..rows].to_vec(),
            services: self.services,
            levels: self.levels[..rows * self.width()].to_vec(),
            hosts_down: self.hosts_down[..rows].to_vec(),
            seats: self.seats.clone(),
            objectives: self.objectives[..rows * width].to_vec(),
            times: self.times.iter().map(|time| time.cut_back(tick)).collect(),
        }
    }

    /// Takes a sample where one is due; does nothing at other boundaries.
    pub fn observe(&mut self, world: &World) {
        if is_due(world, self.sampling) {
            self.sample(world);
        }
    }

    /// The first boundary after a tick at which a sample may be due.
    pub(super) fn next_due(&self, tick: Tick) -> Option<Tick> {
        (self.sampling == Sampling::Curves).then(|| next_multiple(tick, SAMPLE_MIN))
    }

    fn sample(&mut self, world: &World) {
        service_time::sample(&mut self.times, world, self.ticks.last().copied().unwrap_or(Tick::ZERO));
        self.ticks.push(world.tick());
        self.levels.extend(self.services.iter().map(|service| world.level(service)));
        for &(seat, _) in &self.seats {
            let resolved = &world.scenario().seats[seat].objectives;
            self.objectives.extend(resolved.iter().map(|observable| observe::value(world, observable)));
        }
        let organisations = world.scenario().organisations.indices();
        self.hosts_down.push(organisations.map(|organisation| hosts_down(world, organisation)).sum());
    }

    /// Takes the sample of a fork that simulates some organisations. `mirror` is the parent, restricted to the same
    /// organisations at the same tick; every other figure is taken from the parent's record.
    pub(super) fn observe_fork(&mut self, fork: &World, mirror: &World, reach: &Reach, parent: &Record) {
        let (true, Some(row)) =
            (is_due(fork, self.sampling), parent.ticks.iter().position(|&tick| tick == fork.tick()))
        else {
            return;
        };
        self.ticks.push(fork.tick());
        for service in self.services {
            let is_simulated = reach.has(fork.scenario().services[service].organisation);
            self.levels.push(if is_simulated { fork.level(service) } else { parent.level(row, service) });
        }
        let change =
            |&organisation: &Ix<Organisation>| hosts_down(fork, organisation) - hosts_down(mirror, organisation);
        self.hosts_down.push(parent.hosts_down[row] + reach.organisations.iter().map(change).sum::<f64>());
    }

    /// The same samples without objectives and without what held services back, which a fork of some organisations
    /// cannot evaluate.
    pub(super) fn without_judged(mut self) -> Self {
        self.seats.clear();
        self.objectives.clear();
        self.times.clear();
        self
    }

    /// The number of levels in a sample.
    fn width(&self) -> usize {
        self.services.len() as usize
    }

    /// The level of a service in a sample, by row.
    fn level(&self, row: usize, service: Ix<Service>) -> Share {
        self.levels[row * self.width() + service.position()]
    }

    fn objectives_width(&self) -> usize {
        self.seats.iter().map(|&(_, count)| count).sum()
    }

    /// Values of a seat's objectives at the last sample up to a tick; none for a seat that is not sampled.
    pub fn objectives_at(&self, seat: Ix<Seat>, tick: Tick) -> Option<&[f64]> {
        let row = self.ticks.partition_point(|&sampled| sampled <= tick).checked_sub(1)?;
        let position = self.seats.iter().position(|&(sampled, _)| sampled == seat)?;
        let before: usize = self.seats[..position].iter().map(|&(_, count)| count).sum();
        let from = row * self.objectives_width() + before;
        self.objectives.get(from..from + self.seats[position].1).filter(|values| !values.is_empty())
    }

    /// The time of the important services of a seat below their target levels; none for a seat that is not sampled.
    pub fn service_times(&self, seat: Ix<Seat>, scenario: &Scenario) -> impl Iterator<Item = &ServiceTime> {
        let services = important_services(scenario, seat);
        services.into_iter().filter_map(|service| self.times.iter().find(|time| time.service == service))
    }

    /// Level of a service at each sample: (minute, 0..=1); empty for a service of a member.
    pub fn level_curve(&self, service: Ix<Service>) -> Vec<[f64; 2]> {
        if !self.services.contains(service) {
            return Vec::new();
        }
        let point = |(row, tick): (usize, &Tick)| [f64::from(tick.0), self.level(row, service).fraction()];
        self.ticks.iter().enumerate().map(point).collect()
    }

    /// Hosts down over all organisations at each sample: (minute, hosts).
    pub fn hosts_down_curve(&self) -> Vec<[f64; 2]> {
        self.ticks.iter().zip(&self.hosts_down).map(|(tick, hosts)| [f64::from(tick.0), *hosts]).collect()
    }

    /// Levels of a service at the last samples, oldest first, at most `count`; empty for a service of a member.
    pub fn recent_levels(&self, service: Ix<Service>, count: usize) -> Vec<f32> {
        if !self.services.contains(service) {
            return Vec::new();
        }
        let rows = self.ticks.len();
        let from = rows.saturating_sub(count);
        (from..rows).map(|row| self.level(row, service).fraction() as f32).collect()
    }
}

/// The important services of a seat's organisations, in the order of the organisations.
pub fn important_services(scenario: &Scenario, seat: Ix<Seat>) -> Vec<Ix<Service>> {
    let organisations = scenario.seats[seat].organisations.iter();
    let services = organisations.flat_map(|&organisation| scenario.organisations[organisation].services);
    services.filter(|&service| scenario.services[service].is_important).collect()
}

fn times_of(scenario: &Scenario, cast: &Cast) -> Vec<ServiceTime> {
    let services: BTreeSet<Ix<Service>> =
        cast.seats().iter().flat_map(|entry| important_services(scenario, entry.seat)).collect();
    services.into_iter().map(ServiceTime::new).collect()
}

fn is_due(world: &World, sampling: Sampling) -> bool {
    (sampling == Sampling::Curves && world.tick().0.is_multiple_of(SAMPLE_MIN)) || world.is_over()
}

/// The first tick after `tick` that is a multiple of a number of minutes.
pub(super) fn next_multiple(tick: Tick, minutes: u32) -> Tick {
    Tick((tick.0 / minutes + 1).saturating_mul(minutes))
}

/// Hosts down of an organisation, multiplied by the number of organisations that it represents.
fn hosts_down(world: &World, organisation: Ix<Organisation>) -> f64 {
    let scenario = &world.scenario().organisations[organisation];
    let down = scenario.fleets.iter().map(|fleet| world.fleets()[fleet].down()).sum::<u32>();
    f64::from(down) * scenario.stands_for
}
