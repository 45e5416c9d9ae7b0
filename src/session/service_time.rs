//! The minutes in which a service was below its target level, divided among causes.
//!
//! Minutes come from the counters of the world, so they are exact; the causes are read at the samples of a record.
//! docs/time.md has the rules. Must not change a run. Invariant: the parts of a service's minutes sum to these minutes.

use std::sync::Arc;

use super::held_back::{Cause, HeldBack, Holds, Link, WHOLE, shared_out};
use crate::base::{Ix, Tick};
use crate::scenario::compile::Service;
use crate::sim::World;

/// Minutes by cause, in the order of `Cause::ALL`.
pub type Minutes = [u64; Cause::COUNT];

/// The time of a service below its target level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTime {
    pub service: Ix<Service>,
    /// Samples with minutes below target, in the order of time: the strip of a chart.
    pub strips: Vec<Strip>,
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
    pub held: Arc<HeldBack>,
    /// Is the service below its target level at the boundary after them?
    pub is_open: bool,
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
    /// Nothing is sampled yet.
    pub fn new(service: Ix<Service>) -> Self {
        Self { service, strips: Vec::new() }
    }

    /// Minutes below target.
    pub fn below_min(&self) -> u32 {
        self.strips.iter().map(|strip| strip.below_min).sum()
    }

    /// Minutes outside tolerance.
    pub fn outside_min(&self) -> u32 {
        self.strips.iter().map(|strip| strip.outside_min).sum()
    }

    /// Minutes below target by cause; they sum to `below_min`.
    pub fn below(&self) -> Minutes {
        self.by_cause(|strip| strip.below_min)
    }

    /// Minutes outside tolerance by cause; they sum to `outside_min`.
    pub fn outside(&self) -> Minutes {
        self.by_cause(|strip| strip.outside_min)
    }

    fn by_cause(&self, minutes: impl Fn(&Strip) -> u32) -> Minutes {
        let (mut sums, mut whole) = ([0_u128; Cause::COUNT], 0);
        for strip in &self.strips {
            let weighted = strip.held.parts.map(|part| u128::from(part) * u128::from(minutes(strip)));
            sums.iter_mut().zip(weighted).for_each(|(sum, part)| *sum += part);
            whole += u64::from(minutes(strip));
        }
        shared_out(whole, &sums)
    }

    /// Minutes below target that came through services that it needs, rounded to the nearest.
    pub fn through_needs(&self) -> u64 {
        let through = |strip: &Strip| u64::from(strip.below_min) * u64::from(strip.held.through_needs);
        (self.strips.iter().map(through).sum::<u64>() + u64::from(WHOLE) / 2) / u64::from(WHOLE)
    }

    /// The samples up to a tick.
    pub fn cut_back(&self, tick: Tick) -> Self {
        let strips = self.strips.partition_point(|strip| strip.until <= tick);
        Self { service: self.service, strips: self.strips[..strips].to_vec() }
    }

    /// The strip with a minute, named by the boundary at its end; none if the service was at its target then.
    pub fn strip_at(&self, minute: Tick) -> Option<&Strip> {
        let after = self.strips.partition_point(|strip| strip.until < minute);
        self.strips.get(after).filter(|strip| strip.from < minute)
    }

    /// Periods in which one way led to the root, in the order of time.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for strip in &self.strips {
            let HeldBack { path, root, .. } = &*strip.held;
            match stretches.last_mut() {
                Some(last) if last.until == strip.from && (&last.path, last.root) == (path, *root) => {
                    last.until = strip.until;
                    last.below_min += strip.below_min;
                }
                _ => stretches.push(Stretch {
                    from: strip.from,
                    until: strip.until,
                    below_min: strip.below_min,
                    path: path.clone(),
                    root: *root,
                }),
            }
        }
        stretches
    }

    /// The ways to roots with their minutes below target, first and last boundary; the longest first.
    pub fn ways(&self) -> Vec<Stretch> {
        let mut ways: Vec<Stretch> = Vec::new();
        for stretch in self.stretches() {
            match ways.iter_mut().find(|way| (&way.path, way.root) == (&stretch.path, stretch.root)) {
                Some(way) => {
                    way.below_min += stretch.below_min;
                    way.until = stretch.until;
                }
                None => ways.push(stretch),
            }
        }
        ways.sort_by_key(|way| std::cmp::Reverse(way.below_min));
        ways
    }

    /// Minutes below target up to a tick, spread over columns of equal length: by cause, its share of the column.
    pub fn columns(&self, count: usize, until: Tick, causes: &[Cause]) -> Vec<Vec<f32>> {
        let width = f64::from(until.0.max(1)) / count as f64;
        let mut columns = vec![vec![0.0_f32; causes.len()]; count];
        for strip in &self.strips {
            let (from, until) = (f64::from(strip.from.0), f64::from(strip.until.0));
            // Minutes below target may lie anywhere between two samples.
            let density = f64::from(strip.below_min) / (until - from);
            let (first, last) = ((from / width) as usize, ((until / width).ceil() as usize).min(count));
            for (index, column) in columns.iter_mut().enumerate().take(last).skip(first) {
                let (left, right) = (index as f64 * width, (index + 1) as f64 * width);
                let share = (right.min(until) - left.max(from)).max(0.0) / width * density;
                for (sum, cause) in column.iter_mut().zip(causes) {
                    *sum += (share * f64::from(strip.held.parts[*cause as usize]) / f64::from(WHOLE)) as f32;
                }
            }
        }
        columns
    }

    /// Takes the sample of a boundary. `from` is the boundary of the sample before.
    fn sample(&mut self, world: &World, holds: &mut Holds, from: Tick) {
        let (until, minutes) = (world.tick(), world.minutes_of(self.service));
        let below_min = minutes.below_min - self.below_min();
        if below_min == 0 {
            return;
        }
        let before = self.strips.last().filter(|strip| strip.is_open && strip.until == from);
        let held = holds.held_back(self.service);
        let is_open = held.is_some();
        // A fall that ended between the samples had the causes of the sample before, or else those that hold it from its
        // whole level still.
        let shown = match (held, before) {
            (Some(held), Some(before)) if *before.held == held => before.held.clone(),
            (Some(held), _) => Arc::new(held),
            (None, Some(before)) => before.held.clone(),
            (None, None) => Arc::new(holds.of_last_minutes(self.service)),
        };
        // A period below target that has lasted since a boundary in between begins there.
        let begins = Tick(until.0 - below_min.min(until.0));
        let from = if is_open && minutes.below_now_min == below_min { begins } else { from };
        let outside_min = minutes.outside_min - self.outside_min();
        self.strips.push(Strip { from, until, below_min, outside_min, held: shown, is_open });
    }
}

/// Takes the samples of services at a boundary. `from` is the boundary of the samples before.
pub fn sample(times: &mut [ServiceTime], world: &World, from: Tick) {
    let mut holds = Holds::new(world);
    times.iter_mut().for_each(|time| time.sample(world, &mut holds, from));
}
