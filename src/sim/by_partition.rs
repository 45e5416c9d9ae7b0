//! A time slice: some minutes of one partition of organisations after the other. The state of a partition fits the
//! cache of a processor core meanwhile, and minutes without events cost nothing.
//!
//! Must not decide how long a slice is (`script::quiet_until` does). Invariant: the world at the end of the slice equals
//! the one that `World::step` makes. Partitions affect each other through levels of services alone, which count from the
//! next minute on; a supplier's partition is simulated before (`scenario::compile::Partitions`) and leaves its changes of
//! level for the others. All other state that is common to organisations changes by the script alone, at ticks that are
//! known in advance, and each partition goes through these changes. Orders that concern one organisation begin and end in
//! its partition.

use super::phases::orders::{self, Turn};
use super::phases::{hosts, script, trust};
use super::reach::organisation_due;
use super::slice::{CommonAt, Slice, SliceSums};
use super::state::{ChannelState, Lists, Order};
use super::wheel::Purpose;
use super::world::{State, World};
use crate::base::{Column, Ix, Share, Tick};
use crate::scenario::compile::{
    Channel, Event, Flag, Fleet, Need, Organisation, Partition, Partitions, Scenario, Service,
};

/// The state that is common to all organisations and that the script changes: each partition starts from it.
struct Common {
    channels: Column<Channel, ChannelState>,
    flags: Column<Flag, bool>,
    methods_version: u32,
    is_recharted: bool,
}

impl Common {
    fn from_world(world: &World) -> Self {
        Self {
            channels: world.state.channels.clone(),
            flags: world.state.flags.clone(),
            methods_version: world.derived.methods_version,
            is_recharted: world.state.calendars.is_recharted,
        }
    }

    fn restore(&self, world: &mut World) {
        world.state.channels.clone_from(&self.channels);
        world.state.flags.clone_from(&self.flags);
        world.derived.methods_version = self.methods_version;
        world.state.calendars.is_recharted = self.is_recharted;
    }
}

/// A work list sorted by partition, stably.
struct ByPartition<K> {
    starts: Vec<u32>,
    items: Vec<Ix<K>>,
}

impl<K> ByPartition<K> {
    /// Takes all items of a list.
    fn take(partitions: usize, list: &mut Vec<Ix<K>>, partition_of: &Column<K, Ix<Partition>>) -> Self {
        let mut starts = vec![0_u32; partitions + 1];
        list.iter().for_each(|&item| starts[partition_of[item].position() + 1] += 1);
        (0..partitions).for_each(|partition| starts[partition + 1] += starts[partition]);
        let mut next = starts.clone();
        let mut sorted = vec![Ix::default(); list.len()];
        for item in list.drain(..) {
            let place = &mut next[partition_of[item].position()];
            sorted[*place as usize] = item;
            *place += 1;
        }
        Self { starts, items: sorted }
    }

    fn items(&self, partition: Ix<Partition>) -> &[Ix<K>] {
        let place = partition.position();
        &self.items[self.starts[place] as usize..self.starts[place + 1] as usize]
    }
}

/// The work lists of a world by partition. Each partition starts with its share of every list.
struct Shares {
    touched_fleets: ByPartition<Fleet>,
    moving: ByPartition<Service>,
    dirty: ByPartition<Organisation>,
    waiting: ByPartition<Organisation>,
    surging: ByPartition<Organisation>,
    uneasy: ByPartition<Organisation>,
}

impl Shares {
    /// Takes the items of all work lists.
    fn take(lists: &mut Lists, partitions: &Partitions) -> Self {
        let count = partitions.len();
        let organisations = |list| ByPartition::take(count, list, &partitions.of_organisation);
        Self {
            touched_fleets: ByPartition::take(count, &mut lists.touched_fleets, &partitions.of_fleet),
            moving: ByPartition::take(count, &mut lists.moving, &partitions.of_service),
            dirty: organisations(&mut lists.dirty),
            waiting: organisations(&mut lists.waiting),
            surging: organisations(&mut lists.surging),
            uneasy: organisations(&mut lists.uneasy),
        }
    }

    /// Fills the empty work lists with the share of a partition.
    fn give(&self, lists: &mut Lists, partition: Ix<Partition>) {
        lists.touched_fleets.extend_from_slice(self.touched_fleets.items(partition));
        lists.moving.extend_from_slice(self.moving.items(partition));
        lists.dirty.extend_from_slice(self.dirty.items(partition));
        lists.waiting.extend_from_slice(self.waiting.items(partition));
        lists.surging.extend_from_slice(self.surging.items(partition));
        lists.uneasy.extend_from_slice(self.uneasy.items(partition));
    }
}

/// The turns of orders within a slice, sorted by partition and then by the order in which they happen.
struct Turns {
    turns: Vec<(Tick, Turn, Ix<Order>)>,
    ends: Vec<usize>,
}

impl Turns {
    /// Takes the turns of the minutes from one on, before another.
    fn take(world: &mut World, from: Tick, until: Tick) -> Self {
        let mut turns = orders::take_turns(world, from, until);
        let scenario = &world.scenario;
        let partitions = &scenario.wiring.partitions;
        let partition = |&(.., order): &(Tick, Turn, Ix<Order>)| {
            let organisation = scenario.organisation_of(world.state.orders[order].target);
            partitions.of_organisation[organisation.expect("orders of a slice have an organisation")]
        };
        turns.sort_by_key(partition);
        let end = |index: Ix<Partition>| turns.partition_point(|turn| partition(turn) <= index);
        let ends = if turns.is_empty() { Vec::new() } else { partitions.indices().map(end).collect() };
        Self { turns, ends }
    }

    fn turns_of(&self, partition: Ix<Partition>) -> &[(Tick, Turn, Ix<Order>)] {
        let place = partition.position();
        let Some(&end) = self.ends.get(place) else { return &[] };
        let begin = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.turns[begin..end]
    }
}

/// Moves the items that a partition left on its work lists to lists over all partitions.
fn collect(lists: &mut Lists, left: &mut Lists) {
    left.touched_fleets.append(&mut lists.touched_fleets);
    left.moving.append(&mut lists.moving);
    left.dirty.append(&mut lists.dirty);
    left.waiting.append(&mut lists.waiting);
    left.surging.append(&mut lists.surging);
    left.uneasy.append(&mut lists.uneasy);
}

/// Simulates the minutes up to a boundary, except for the script and the orders of the first minute. Leaves the tick
/// unchanged. Returns the slice: the change of the number of hosts that are up, by minute, and the sums of digests if
/// there is one every `digests_every_min`.
///
/// # Panics
/// If a slice is being simulated already.
pub(super) fn run(world: &mut World, until: Tick, digests_every_min: Option<u32>) -> Box<Slice> {
    assert!(world.scratch.slice.is_none(), "a time slice within a time slice at {}", world.state.tick);
    let scenario = world.scenario.clone();
    let partitions = &scenario.wiring.partitions;
    let (from, common) = (world.state.tick, Common::from_world(world));
    let events = script::known_events(world, until);
    let turns = Turns::take(world, from.plus(1), until);
    world.state.calendars.sort_by_partition(partitions, |purpose, entity| partition_of(&scenario, purpose, entity));
    let sums = digests_every_min
        .map(|every_min| SliceSums::new(every_min, until, world.sealed_sums(from), common_at(&world.state)));
    let shares = Shares::take(&mut world.derived.lists, partitions);
    let mut left = Lists::default();
    let is_prefetching = std::mem::replace(&mut world.derived.is_prefetching, false);
    let mut changed = Vec::new();
    let up_changes = vec![0; until.since(from) as usize];
    world.scratch.slice = Some(Box::new(Slice { from, up_changes, sums, ..Slice::default() }));
    for partition in partitions.indices() {
        world.state.tick = from;
        common.restore(world);
        world.scratch.levels_changed.clear();
        shares.give(&mut world.derived.lists, partition);
        world.state.calendars.begin_partition(partition);
        import(world, &scenario, partition);
        run_partition(world, &scenario, partition, until, &events, turns.turns_of(partition));
        world.state.calendars.end_partition(partition);
        if world.state.tick.plus(1) == until {
            changed.append(&mut world.scratch.levels_changed);
        }
        collect(&mut world.derived.lists, &mut left);
    }
    let slice = world.scratch.slice.take().expect("a time slice");
    world.state.tick = from;
    world.derived.is_prefetching = is_prefetching;
    world.scratch.levels_changed = changed;
    collect(&mut left, &mut world.derived.lists);
    script::note_events(world, &events);
    slice
}

/// Puts the changes of supply that earlier partitions exported on the partition's calendar.
fn import(world: &mut World, scenario: &Scenario, partition: Ix<Partition>) {
    let slice = world.scratch.slice.as_mut().expect("a time slice");
    slice.partition = partition;
    slice.imports.clear();
    if slice.exports.is_empty() {
        return;
    }
    for &need in scenario.wiring.partitions.imports.items(partition) {
        let Some(service) = scenario.needs[need].supplier.service() else { continue };
        for &(at, level) in slice.exports.get(&service).into_iter().flatten() {
            world.state.calendars.put(partition, Purpose::Import, at, slice.imports.len() as u32);
            slice.imports.push((need, level));
        }
    }
}

/// Simulates the minutes in which a partition has something to do. The tick is the last such minute afterwards.
fn run_partition(
    world: &mut World,
    scenario: &Scenario,
    partition: Ix<Partition>,
    until: Tick,
    events: &[(Tick, Ix<Event>)],
    turns: &[(Tick, Turn, Ix<Order>)],
) {
    let mut events = events.iter().copied().peekable();
    let mut turns = turns.iter().copied().peekable();
    let mut from = world.state.tick;
    let mut unassigned = None;
    loop {
        let scripted = events.peek().map(|&(at, _)| at).into_iter().chain(hosts::next_chart(world, from));
        let own = next_minute(world, scenario, partition, from).into_iter().chain(turns.peek().map(|&(at, ..)| at));
        let next = own.chain(scripted).min().filter(|&minute| minute < until);
        assign_sums(world, &mut unassigned, next);
        let Some(minute) = next else { return };
        world.state.tick = minute;
        let is_scripted = events.peek().is_some_and(|&(at, _)| at == minute);
        while let Some((_, event)) = events.next_if(|&(at, _)| at == minute) {
            script::happen_all(world, event);
        }
        if is_scripted {
            note_common(world, minute);
        }
        while let Some((_, turn, order)) = turns.next_if(|&(at, ..)| at == minute) {
            orders::turn(world, scenario, turn, order);
        }
        let channels = hosts::begin_charts(world);
        if !channels.is_empty() {
            let fleets = |&organisation: &Ix<Organisation>| scenario.organisations[organisation].fleets;
            let organisations = scenario.wiring.partitions.organisations(partition);
            hosts::chart(world, &channels, organisations.iter().flat_map(fleets));
        }
        world.state.calendars.open(partition, minute);
        world.run_minute(scenario);
        from = minute.plus(1);
    }
}

/// Assigns the sums to a digest before the partition simulates the first minute that the digest does not include.
/// `unassigned` is the digest that includes the minutes simulated last.
#[inline]
fn assign_sums(world: &mut World, unassigned: &mut Option<usize>, next: Option<Tick>) {
    let Some(sums) = world.scratch.slice.as_ref().and_then(|slice| slice.sums.as_ref()) else { return };
    let place = next.map(|minute| sums.place(minute));
    if let Some(last) = *unassigned
        && place != Some(last)
    {
        // Where cost and fatigue change every minute, the last minute before the boundary was simulated.
        let now = world.sealed_sums(world.state.tick.plus(1));
        if let Some(sums) = world.scratch.slice.as_mut().and_then(|slice| slice.sums.as_mut()) {
            sums.assign(last, now);
        }
    }
    *unassigned = place;
}

/// Notes channels and flags after the events of a minute, once for all partitions: they are equal in each.
fn note_common(world: &mut World, minute: Tick) {
    let World { state, scratch, .. } = world;
    if let Some(sums) = scratch.slice.as_mut().and_then(|slice| slice.sums.as_mut())
        && sums.common.last().is_none_or(|last| last.minute < minute)
    {
        sums.common.push(common_at(state));
    }
}

fn common_at(state: &State) -> CommonAt {
    CommonAt { minute: state.tick, channels: state.channels.clone(), flags: state.flags.clone() }
}

/// The first minute, from a given one on, in which a partition has something to do apart from script and charts.
#[inline]
fn next_minute(world: &World, scenario: &Scenario, partition: Ix<Partition>, from: Tick) -> Option<Tick> {
    let lists = &world.derived.lists;
    let is_busy = !lists.moving.is_empty() || !lists.dirty.is_empty() || !lists.touched_fleets.is_empty();
    if is_busy {
        return Some(from);
    }
    let due = world.state.calendars.next(partition, from);
    let trust = (!lists.uneasy.is_empty()).then(|| Tick(from.0.next_multiple_of(trust::EVERY_MIN)));
    let hour = (!lists.waiting.is_empty()).then(|| next_hour(&scenario.wiring.hour_begins, from));
    let sums = world.scratch.slice.as_ref().and_then(|slice| slice.sums.as_ref());
    let accrual = sums.filter(|_| !lists.surging.is_empty()).map(|sums| sums.last_minute(from));
    [due, trust, hour, accrual].into_iter().flatten().min()
}

/// The first minute, from a given one on, in which an hour begins on the local clock of some organisation.
fn next_hour(begins: &[u32], from: Tick) -> Tick {
    let minute = from.0 % 60;
    let later = begins.iter().find(|&&begin| minute <= begin);
    let wait = later.map_or_else(|| begins[0] + 60 - minute, |begin| begin - minute);
    from.plus(wait)
}

/// The partition of the entity that is on a calendar for a purpose.
pub(super) fn partition_of(scenario: &Scenario, purpose: Purpose, entity: u32) -> Ix<Partition> {
    scenario.wiring.partitions.of_organisation[organisation_due(scenario, purpose, entity)]
}

impl World {
    /// Inserts an entity into the calendar for a purpose.
    #[inline]
    pub(super) fn put(&mut self, purpose: Purpose, at: Tick, entity: u32) {
        let partition = match &self.scratch.slice {
            Some(slice) => slice.partition,
            None if self.state.calendars.is_by_partition() => partition_of(&self.scenario, purpose, entity),
            None => Ix::default(),
        };
        self.state.calendars.put(partition, purpose, at, entity);
    }

    /// Takes the entities that are due for a purpose in this minute.
    #[inline]
    pub(super) fn take(&mut self, purpose: Purpose) -> Vec<u32> {
        self.state.calendars.take(purpose, self.state.tick)
    }

    /// Takes back a list that `take` returned, so that its memory is reused.
    #[inline]
    pub(super) fn give_back(&mut self, purpose: Purpose, list: Vec<u32>) {
        self.state.calendars.give_back(purpose, list);
    }

    /// Whether a service belongs to the partition that is being simulated; outside a slice every service does.
    #[inline]
    pub(super) fn is_in_partition(&self, scenario: &Scenario, service: Ix<Service>) -> bool {
        self.scratch
            .slice
            .as_ref()
            .is_none_or(|slice| slice.partition == scenario.wiring.partitions.of_service[service])
    }

    /// Stores the new level of a service for later partitions. Returns whether the service has needs in other partitions.
    #[inline]
    pub(super) fn export(&mut self, scenario: &Scenario, service: Ix<Service>, level: Share) -> bool {
        let Some(slice) = &mut self.scratch.slice else { return false };
        let is_exported = scenario.wiring.partitions.is_exported[service];
        if is_exported {
            slice.exports.entry(service).or_default().push((self.state.tick, level));
        }
        is_exported
    }

    /// The need of an entry for `Purpose::Import`, and its supply from the next minute on.
    pub(super) fn imported(&self, index: u32) -> (Ix<Need>, Share) {
        self.scratch.slice.as_ref().expect("imports are due in time slices only").imports[index as usize]
    }
}
