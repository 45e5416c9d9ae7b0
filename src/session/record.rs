//! What a run leaves for charts: levels and counts sampled at boundaries, first and last included.
//!
//! Levels are kept of services of organisations written out. Thousands of members would fill the
//! memory with curves that nobody draws.

use crate::base::{Share, Tick};
use crate::scenario::compile::Organisation;
use crate::sim::{World, observe};

/// Minutes between samples.
pub const SAMPLE_MIN: u32 = 10;

/// Samples of a run, one row a sample.
#[derive(Clone, Debug)]
pub struct Record {
    pub ticks: Vec<Tick>,
    /// Services whose levels are kept, the first of the scenario.
    services: usize,
    levels: Vec<Share>,
    /// Over everything, one a sample.
    hosts_down: Vec<f64>,
    /// Seat (by index) whose objectives are sampled too.
    seat: Option<u32>,
    objectives: Vec<f64>,
}

impl Record {
    /// With the sample of the first boundary.
    pub fn new(world: &World, seat: Option<u32>) -> Self {
        let mut record = Self {
            ticks: Vec::new(),
            services: world.scenario.written_services() as usize,
            levels: Vec::new(),
            hosts_down: Vec::new(),
            seat,
            objectives: Vec::new(),
        };
        record.sample(world);
        record
    }

    /// The samples up to a tick.
    pub(super) fn cut_back(&self, tick: Tick) -> Self {
        let rows = self.ticks.partition_point(|&sampled| sampled <= tick);
        let objectives = self.objectives.len() / self.ticks.len().max(1);
        Self {
            ticks: self.ticks[..rows].to_vec(),
            services: self.services,
            levels: self.levels[..rows * self.services].to_vec(),
            hosts_down: self.hosts_down[..rows].to_vec(),
            seat: self.seat,
            objectives: self.objectives[..rows * objectives].to_vec(),
        }
    }

    /// Takes a sample where one is due: every `SAMPLE_MIN` minutes and at the horizon.
    pub fn observe(&mut self, world: &World) {
        if world.tick.0.is_multiple_of(SAMPLE_MIN) || world.is_over() {
            self.sample(world);
        }
    }

    fn sample(&mut self, world: &World) {
        self.ticks.push(world.tick);
        self.levels.extend((0..self.services as u32).map(|service| world.level(service)));
        if let Some(seat) = self.seat {
            let resolved = &world.scenario.seats[seat as usize].objectives;
            self.objectives.extend(resolved.iter().map(|observable| observe::value(world, observable)));
        }
        let of = |organisation: &Organisation| {
            let down = organisation.fleets.clone().map(|fleet| world.fleets[fleet as usize].down()).sum::<u32>();
            f64::from(down) * organisation.stands_for
        };
        self.hosts_down.push(world.scenario.organisations.iter().map(of).sum());
    }

    /// Values of the seat's objectives at the last sample up to a tick; none without a seat.
    pub fn objectives_at(&self, tick: Tick) -> Option<&[f64]> {
        let row = self.ticks.partition_point(|&sampled| sampled <= tick).checked_sub(1)?;
        let width = self.objectives.len() / self.ticks.len();
        self.objectives.get(row * width..(row + 1) * width).filter(|values| !values.is_empty())
    }

    /// Level of a service at each sample: (minute, 0..=1); empty for a member's.
    pub fn level_curve(&self, service: u32) -> Vec<[f64; 2]> {
        if self.services <= service as usize {
            return Vec::new();
        }
        let levels = self.levels.iter().skip(service as usize).step_by(self.services.max(1));
        self.ticks.iter().zip(levels).map(|(tick, level)| [f64::from(tick.0), level.fraction()]).collect()
    }

    /// Hosts down over everything at each sample: (minute, hosts).
    pub fn hosts_down_curve(&self) -> Vec<[f64; 2]> {
        self.ticks.iter().zip(&self.hosts_down).map(|(tick, hosts)| [f64::from(tick.0), *hosts]).collect()
    }

    /// Levels of a service over the last samples, oldest first, at most `count`; none for a member's.
    pub fn recent_levels(&self, service: u32, count: usize) -> Vec<f32> {
        if self.services <= service as usize {
            return Vec::new();
        }
        let rows = self.ticks.len();
        let from = rows.saturating_sub(count);
        (from..rows).map(|row| self.levels[row * self.services + service as usize].fraction() as f32).collect()
    }
}
