//! Where the time went: the minutes in which services were below their target levels, divided among causes, in a run and
//! in the comparison runs of a seat.
//!
//! Minutes come from the counters of the run, so they are exact; the causes are read at samples. docs/time.md has the
//! rules. Must not change a run. Invariant: the parts of a service's minutes sum to these minutes.

use crate::assess::comparisons::comparison_setup;
use crate::assess::held_back::{Cause, HeldBack, Holds, Link, Parts, WHOLE, shared_out};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat, Service};
use crate::scenario::schema::{PAR, REFERENCE};
use crate::session::run::{Setup, play_unrecorded, replay_unrecorded};
use crate::session::{LogEntry, Run, parallel};
use crate::sim::World;

/// Minutes between samples: those of the record of a run, so that a recorded run makes no further stop.
pub const SAMPLE_MIN: u32 = crate::session::record::SAMPLE_MIN;

/// Minutes by cause, in the order of `Cause::ALL`.
pub type Minutes = [u64; Cause::COUNT];

/// The minutes of a seat's services by cause: in the run, on the day, and under the best known playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTable {
    pub seat: Ix<Seat>,
    /// The boundary up to which all three were simulated.
    pub until: Tick,
    pub services: Vec<Compared>,
}

/// One service in three runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub yours: ServiceTime,
    pub history: ServiceTime,
    pub par: ServiceTime,
}

/// The time of a service below its target level.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceTime {
    pub service: Ix<Service>,
    /// Minutes below target, and minutes outside tolerance.
    pub below_min: u32,
    pub outside_min: u32,
    /// Samples with minutes below target, in the order of time: the strip of a chart.
    pub strip: Vec<Strip>,
    /// Periods in which one way led to the root, in the order of time.
    pub stretches: Vec<Stretch>,
    /// Minutes times millionths that came through services that it needs.
    through_ppm_min: u64,
}

/// The minutes between two samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// The boundaries before and after them.
    pub from: Tick,
    pub until: Tick,
    /// Minutes below target, from 1, and minutes outside tolerance among them.
    pub below_min: u32,
    pub outside_min: u32,
    pub parts: Parts,
}

/// A period in which the largest part of each step led the same way to the same root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Tick,
    pub until: Tick,
    pub below_min: u32,
    /// The way from the service, itself left out, to the root.
    pub path: Vec<Link>,
    pub root: Cause,
}

impl ServiceTime {
    fn new(service: Ix<Service>) -> Self {
        let (strip, stretches) = (Vec::new(), Vec::new());
        Self { service, below_min: 0, outside_min: 0, strip, stretches, through_ppm_min: 0 }
    }

    /// Minutes below target by cause; they sum to `below_min`.
    pub fn below(&self) -> Minutes {
        self.by_cause(self.below_min, |strip| strip.below_min)
    }

    /// Minutes outside tolerance by cause; they sum to `outside_min`.
    pub fn outside(&self) -> Minutes {
        self.by_cause(self.outside_min, |strip| strip.outside_min)
    }

    fn by_cause(&self, whole: u32, minutes: impl Fn(&Strip) -> u32) -> Minutes {
        let mut sums = [0_u128; Cause::COUNT];
        for strip in &self.strip {
            let weighted = strip.parts.map(|part| u128::from(part) * u128::from(minutes(strip)));
            sums.iter_mut().zip(weighted).for_each(|(sum, part)| *sum += part);
        }
        shared_out(u64::from(whole), &sums)
    }

    /// Minutes below target that came through services that it needs, rounded to the nearest.
    pub fn through_needs(&self) -> u64 {
        (self.through_ppm_min + u64::from(WHOLE) / 2) / u64::from(WHOLE)
    }

    /// The period with a minute, named by the boundary at its end; none if the service was at its target then.
    pub fn stretch_at(&self, minute: Tick) -> Option<&Stretch> {
        self.stretches.iter().find(|stretch| stretch.from < minute && minute <= stretch.until)
    }

    /// The ways to roots with their minutes below target, first and last boundary; the longest first.
    pub fn ways(&self) -> Vec<Stretch> {
        let mut ways: Vec<Stretch> = Vec::new();
        for stretch in &self.stretches {
            match ways.iter_mut().find(|way| (&way.path, way.root) == (&stretch.path, stretch.root)) {
                Some(way) => {
                    way.below_min += stretch.below_min;
                    way.until = stretch.until;
                }
                None => ways.push(stretch.clone()),
            }
        }
        ways.sort_by_key(|way| std::cmp::Reverse(way.below_min));
        ways
    }

    fn add(&mut self, strip: Strip, held: &HeldBack) {
        self.below_min += strip.below_min;
        self.outside_min += strip.outside_min;
        self.through_ppm_min += u64::from(strip.below_min) * u64::from(held.through_needs);
        match self.stretches.last_mut() {
            Some(last) if last.until == strip.from && last.path == held.path && last.root == held.root => {
                last.until = strip.until;
                last.below_min += strip.below_min;
            }
            _ => self.stretches.push(Stretch {
                from: strip.from,
                until: strip.until,
                below_min: strip.below_min,
                path: held.path.clone(),
                root: held.root,
            }),
        }
        self.strip.push(strip);
    }
}

/// Follows services through a run. To be called at each boundary that it asks for and at the last one.
#[derive(Debug)]
pub struct Recorder {
    tracked: Vec<Tracked>,
    at: Tick,
}

#[derive(Debug)]
struct Tracked {
    time: ServiceTime,
    /// What held it back at the last sample; none at its target level.
    last: Option<HeldBack>,
}

impl Recorder {
    /// Nothing is sampled yet. The first world must be at tick 0.
    pub fn new(services: impl IntoIterator<Item = Ix<Service>>) -> Self {
        let tracked = |service| Tracked { time: ServiceTime::new(service), last: None };
        Self { tracked: services.into_iter().map(tracked).collect(), at: Tick::ZERO }
    }

    /// Takes the sample of a boundary, if one is due or the run is over, and returns the boundary of the next one.
    pub fn observe(&mut self, world: &World) -> Tick {
        let tick = world.tick();
        if tick.0.is_multiple_of(SAMPLE_MIN) || world.is_over() {
            self.sample(world);
        }
        Tick((tick.0 / SAMPLE_MIN + 1) * SAMPLE_MIN)
    }

    /// Takes the sample of a boundary.
    pub fn sample(&mut self, world: &World) {
        let (from, until) = (self.at, world.tick());
        let mut holds = Holds::new(world);
        for Tracked { time, last } in &mut self.tracked {
            let service = time.service;
            let minutes = world.minutes_of(service);
            let below_min = minutes.below_min - time.below_min;
            let outside_min = minutes.outside_min - time.outside_min;
            let held = holds.held_back(service);
            if 0 < below_min {
                // A fall that ended between the samples had the causes of the sample before, or else those that hold it
                // from its whole level still.
                let shown = held.clone().or_else(|| last.take());
                let shown = shown.unwrap_or_else(|| holds.of_last_minutes(service));
                // A period below target that has lasted since a boundary in between begins there.
                let begins = until.0 - below_min.min(until.0);
                let from = if held.is_some() && minutes.below_now_min == below_min { Tick(begins) } else { from };
                time.add(Strip { from, until, below_min, outside_min, parts: shown.parts }, &shown);
            }
            *last = held;
        }
        self.at = until;
    }

    /// What was found.
    pub fn finish(self) -> Vec<ServiceTime> {
        self.tracked.into_iter().map(|tracked| tracked.time).collect()
    }
}

/// The important services of a seat's organisations.
pub fn services_of_seat(scenario: &Scenario, seat: Ix<Seat>) -> Vec<Ix<Service>> {
    let organisations = scenario.seats[seat].organisations.iter();
    let services = organisations.flat_map(|&organisation| scenario.organisations[organisation].services);
    services.filter(|&service| scenario.services[service].is_important).collect()
}

/// A run whose time is divided. It can be measured on any thread.
#[derive(Clone, Debug)]
pub struct Question {
    setup: Setup,
    log: Vec<LogEntry>,
    seat: Ix<Seat>,
    until: Tick,
}

impl Question {
    /// The time of a seat in a run, up to the present tick of the run.
    pub fn new(run: &Run, seat: Ix<Seat>) -> Self {
        Self { setup: run.setup.clone(), log: run.log.clone(), seat, until: run.world.tick() }
    }

    /// Number of ticks that `answer` simulates.
    pub fn ticks(&self) -> u64 {
        3 * u64::from(self.until.0)
    }

    /// Simulates the run again, history and par, on some threads. `progress` is called with numbers of simulated ticks.
    pub fn answer(&self, threads: usize, progress: &(dyn Fn(u32) + Sync)) -> TimeTable {
        let services = services_of_seat(&self.setup.scenario, self.seat);
        let mut found = parallel::map(0..3, threads, |number| {
            let (mut recorder, mut seen) = (Recorder::new(services.iter().copied()), Tick::ZERO);
            let observer = |world: &World| {
                progress(world.tick().since(seen));
                seen = world.tick();
                if world.tick() == self.until {
                    recorder.sample(world);
                }
                recorder.observe(world)
            };
            match number {
                0 => replay_unrecorded((&self.setup.scenario, self.setup.seed), &self.log, self.until, observer),
                1 => play_unrecorded(&comparison_setup(&self.setup, &[self.seat], REFERENCE), self.until, observer),
                _ => play_unrecorded(&comparison_setup(&self.setup, &[self.seat], PAR), self.until, observer),
            }
            recorder.finish()
        })
        .into_iter();
        let mut next = || found.next().expect("three runs").into_iter();
        let (yours, history, par) = (next(), next(), next());
        let compared = yours.zip(history.zip(par));
        let services = compared.map(|(yours, (history, par))| Compared { yours, history, par }).collect();
        TimeTable { seat: self.seat, until: self.until, services }
    }
}
