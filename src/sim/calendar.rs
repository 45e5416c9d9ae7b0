//! A calendar queue: what is due at which tick, a bucket a tick, one calendar a purpose so that a
//! bucket needs no tags. Cost follows entries, never ticks times entities.
//!
//! Invariant: a bucket gives its entries in the order they were put.

use crate::base::Tick;
use crate::base::draw::mix;

/// Due entities (hosts, services, orders) by tick.
#[derive(Clone, Debug)]
pub struct Calendar {
    buckets: Vec<Vec<u32>>,
    /// Sum of a mix of every (tick, entity) on it, kept as they come and go.
    digest: u64,
}

impl Calendar {
    pub(super) fn new(horizon: Tick) -> Self {
        Self { buckets: vec![Vec::new(); horizon.0 as usize + 1], digest: 0 }
    }

    /// Puts an entity on the calendar; what falls behind the horizon never happens in this run.
    #[inline]
    pub(super) fn put(&mut self, at: Tick, entity: u32) {
        if let Some(bucket) = self.buckets.get_mut(at.0 as usize) {
            bucket.push(entity);
            self.digest = self.digest.wrapping_add(word(at, entity));
        }
    }

    /// Takes what is due at a tick.
    pub(super) fn take(&mut self, at: Tick) -> Vec<u32> {
        let due = self.buckets.get_mut(at.0 as usize).map(std::mem::take).unwrap_or_default();
        for &entity in &due {
            self.digest = self.digest.wrapping_sub(word(at, entity));
        }
        due
    }

    /// Keeps only entities that a test passes.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let Self { buckets, digest } = self;
        for (at, bucket) in buckets.iter_mut().enumerate() {
            bucket.retain(|&entity| {
                let stays = keep(entity);
                if !stays {
                    *digest = digest.wrapping_sub(word(Tick(at as u32), entity));
                }
                stays
            });
        }
    }

    /// Adds what another calendar has from a tick on.
    pub(super) fn merge(&mut self, other: &Calendar, from: Tick) {
        for (at, bucket) in other.buckets.iter().enumerate().skip(from.0 as usize) {
            bucket.iter().for_each(|&entity| self.put(Tick(at as u32), entity));
        }
    }

    /// Digest of everything on it.
    pub(super) fn digest(&self) -> u64 {
        self.digest
    }
}

#[inline]
fn word(at: Tick, entity: u32) -> u64 {
    mix((u64::from(at.0) << 32) | u64::from(entity))
}
