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
    /// Sum of a mix of every (tick, entity) on it, kept as they come and go once somebody asked.
    digest: Option<u64>,
}

impl Calendar {
    pub(super) fn new(horizon: Tick) -> Self {
        Self { buckets: vec![Vec::new(); horizon.0 as usize + 1], digest: None }
    }

    /// Puts an entity on the calendar; what falls behind the horizon never happens in this run.
    #[inline]
    pub(super) fn put(&mut self, at: Tick, entity: u32) {
        if let Some(bucket) = self.buckets.get_mut(at.0 as usize) {
            bucket.push(entity);
            if let Some(digest) = &mut self.digest {
                *digest = digest.wrapping_add(word(at, entity));
            }
        }
    }

    /// Takes what is due at a tick.
    pub(super) fn take(&mut self, at: Tick) -> Vec<u32> {
        let due = self.buckets.get_mut(at.0 as usize).map(std::mem::take).unwrap_or_default();
        if let Some(digest) = &mut self.digest {
            *digest = digest.wrapping_sub(sum(at, &due));
        }
        due
    }

    /// Keeps only entities that a test passes.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        self.buckets.iter_mut().for_each(|bucket| bucket.retain(|&entity| keep(entity)));
        self.digest = None;
    }

    /// Adds what another calendar has from a tick on.
    pub(super) fn merge(&mut self, other: &Calendar, from: Tick) {
        for (at, bucket) in other.buckets.iter().enumerate().skip(from.0 as usize) {
            bucket.iter().for_each(|&entity| self.put(Tick(at as u32), entity));
        }
    }

    /// Digest of everything on it.
    pub(super) fn digest(&self) -> u64 {
        self.digest.unwrap_or_else(|| {
            let sums = self.buckets.iter().enumerate().map(|(at, bucket)| sum(Tick(at as u32), bucket));
            sums.fold(0, u64::wrapping_add)
        })
    }

    /// From now on the digest is kept up to date.
    pub(super) fn keep_digest(&mut self) {
        self.digest = Some(self.digest());
    }
}

fn sum(at: Tick, entities: &[u32]) -> u64 {
    entities.iter().map(|&entity| word(at, entity)).fold(0, u64::wrapping_add)
}

#[inline]
fn word(at: Tick, entity: u32) -> u64 {
    mix((u64::from(at.0) << 32) | u64::from(entity))
}
