//! The course of a run restricted to the organisations that orders for some organisations can reach, with copies on the
//! way. A fork that begins at such a copy neither plays the run up to its first change nor copies the whole world.
//!
//! Must not evaluate conditions of messages: a fork of a trunk has the messages of the parent, and gives only values.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Messages, Place, RefusedChange, Replay};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Observable, Organisation};
use crate::session::timeline::Timeline;
use crate::sim::observe;
use crate::sim::reach::Reach;

/// Most bytes in the worlds of a trunk.
const BYTES_MAX: usize = 256 << 20;
/// Minutes that a fork plays again at most before its first change, unless the copies need too much memory.
const BETWEEN_MIN: u32 = 120;

/// The restricted course of a run.
#[derive(Clone, Debug)]
pub struct Trunk {
    /// Changes for these organisations have their forks here.
    roots: BTreeSet<Ix<Organisation>>,
    reach: Arc<Reach>,
    /// Copies in the order of time; the first is at tick 0.
    places: Vec<Place>,
}

impl Timeline {
    /// The course of this run for changes of orders for some organisations that begin at some ticks. None if such a
    /// change may reach any organisation.
    pub fn trunk(&self, organisations: impl IntoIterator<Item = Ix<Organisation>>, starts: &[Tick]) -> Option<Trunk> {
        let roots: BTreeSet<Ix<Organisation>> = organisations.into_iter().collect();
        let run = self.run_before_commands(Tick::ZERO);
        let reach = Arc::new(self.reach_from(&run, &roots, Messages::AsInParent)?);
        let end = starts.iter().copied().max().unwrap_or_default();
        let mut replay = Replay::new(run, self.run(), Some(reach.clone()), Messages::AsInParent);
        let places_max = (BYTES_MAX / replay.world().bytes().max(1)).max(1);
        let mut places = vec![replay.place.clone()];
        while replay.world().tick() < end && places.len() < places_max {
            let tick = replay.world().tick();
            let last = places.last().map_or(Tick::ZERO, |place| place.world.world().tick());
            if starts.contains(&tick) && BETWEEN_MIN <= tick.since(last) {
                places.push(replay.place.clone());
            }
            replay.give_commands(&Change::default()).expect("nothing is added that could be refused");
            assert!(replay.simulate_minute(), "a fork without messages needs no looks");
        }
        Some(Trunk { roots, reach, places })
    }

    /// Values of observables in the world of a fork that begins in a trunk of this run. None if the change or an
    /// observable concerns organisations for which the trunk is not made.
    ///
    /// # Errors
    /// As `fork`.
    ///
    /// # Panics
    /// As `fork`, and if the trunk is that of another run.
    pub fn fork_values_in(
        &self,
        trunk: &Trunk,
        change: &Change,
        observables: &[Observable],
    ) -> Option<Result<Vec<f64>, RefusedChange>> {
        let parent = self.run();
        let start = change.first_tick(&parent.log)?;
        let is_covered = self.changed_organisations(change)?.is_subset(&trunk.roots);
        let mut read = observables.iter().flat_map(|observable| observable.organisations.iter());
        if !is_covered || !read.all(|&organisation| trunk.reach.has(organisation)) {
            return None;
        }
        let after = trunk.places.partition_point(|place| place.world.world().tick() <= start);
        let mut place = trunk.places[after - 1].clone();
        place.policy.leave_out(change.left_out(&parent.log));
        let mut fork = Replay::resume(place, parent, Some(trunk.reach.clone()));
        loop {
            if let Err(refused) = fork.give_commands(change) {
                return Some(Err(refused));
            }
            if fork.world().tick() == parent.world.tick() {
                break;
            }
            assert!(fork.simulate_minute(), "a fork without messages needs no looks");
        }
        Some(Ok(observables.iter().map(|observable| observe::value(fork.world(), observable)).collect()))
    }
}
