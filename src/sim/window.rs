//! One block of organisations after the other, each through the same minutes: what a block needs lies in the
//! processor's own cache meanwhile, and quiet minutes cost nothing.
//!
//! Invariant: the world at the window's end is the one that a minute of everybody after the other makes. Blocks
//! touch each other through levels of services alone, which are seen a minute later; whoever is needed is simulated
//! before (`scenario::compile::Blocks`) and leaves behind what became of them. What else is common to organisations
//! changes by the script alone, at ticks that are known, and every block lives through it.

use std::collections::BTreeMap;

use super::phases::{hosts, script, trust};
use super::reach::organisation_due;
use super::state::{ChannelState, Lists};
use super::wheel::Purpose;
use super::world::World;
use crate::base::{Share, Tick};
use crate::scenario::compile::{Blocks, Scenario};

/// The block that is simulated ahead of the others, and what it gets and gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    from: Tick,
    block: u32,
    /// By how much the hosts that are up change in each minute.
    up_changes: Vec<i64>,
    /// Needs and what they get, as others' services changed.
    imports: Vec<(u32, Share)>,
    /// Levels of services that other blocks need, with the minute in which they changed.
    exports: BTreeMap<u32, Vec<(Tick, Share)>>,
}

impl Window {
    /// Hosts come up in a minute, or go down.
    #[inline]
    pub fn count_up(&mut self, at: Tick, change: i64) {
        self.up_changes[at.since(self.from) as usize] += change;
    }
}

/// What is common to all organisations and changes by the script.
struct Common {
    channels: Vec<ChannelState>,
    flags: Vec<bool>,
    methods_of: u32,
    is_recharted: bool,
}

impl Common {
    fn of(world: &World) -> Self {
        Self {
            channels: world.channels.clone(),
            flags: world.flags.clone(),
            methods_of: world.methods_of,
            is_recharted: world.calendars.is_recharted,
        }
    }

    fn restore(&self, world: &mut World) {
        world.channels.clone_from(&self.channels);
        world.flags.clone_from(&self.flags);
        world.methods_of = self.methods_of;
        world.calendars.is_recharted = self.is_recharted;
    }
}

/// Entities by block, in the order in which they were.
struct ByBlock {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl ByBlock {
    fn new(blocks: usize, items: &[u32], block_of: &[u32]) -> Self {
        let mut starts = vec![0_u32; blocks + 1];
        items.iter().for_each(|&item| starts[block_of[item as usize] as usize + 1] += 1);
        (0..blocks).for_each(|block| starts[block + 1] += starts[block]);
        let mut next = starts.clone();
        let mut sorted = vec![0; items.len()];
        for &item in items {
            let at = &mut next[block_of[item as usize] as usize];
            sorted[*at as usize] = item;
            *at += 1;
        }
        Self { starts, items: sorted }
    }

    fn of(&self, block: u32) -> &[u32] {
        let at = block as usize;
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Lists of a world that hold entities of blocks: fleets, services, organisations.
fn lists_by_block<'a>(lists: &'a mut Lists, blocks: &'a Blocks) -> [(&'a mut Vec<u32>, &'a [u32]); 6] {
    [
        (&mut lists.touched_fleets, &blocks.of_fleet),
        (&mut lists.moving, &blocks.of_service),
        (&mut lists.dirty, &blocks.of_organisation),
        (&mut lists.waiting, &blocks.of_organisation),
        (&mut lists.surging, &blocks.of_organisation),
        (&mut lists.uneasy, &blocks.of_organisation),
    ]
}

/// Simulates the minutes up to a boundary, what the script and orders do in the first of them left out. The tick
/// stays where it is. Gives by how much the hosts that are up changed in each of them.
///
/// # Panics
/// If a window is open already.
pub(super) fn run(world: &mut World, until: Tick) -> Vec<i64> {
    assert!(world.window.is_none(), "a window in a window at {}", world.tick);
    let scenario = world.scenario.clone();
    let blocks = &scenario.wiring.blocks;
    let (from, common) = (world.tick, Common::of(world));
    let events = script::known_events(world, until);
    world.calendars.sort_by_block(blocks, |purpose, entity| block_of(&scenario, purpose, entity));
    // What is on the lists is shared out, what each block leaves on them is put aside.
    let take = |(list, block_of): (&mut Vec<u32>, &[u32])| {
        let by_block = ByBlock::new(blocks.len(), list, block_of);
        list.clear();
        by_block
    };
    let shares = lists_by_block(&mut world.lists, blocks).map(take);
    let mut left: [Vec<u32>; 6] = Default::default();
    let warms = std::mem::replace(&mut world.warms, false);
    let mut changed = Vec::new();
    let up_changes = vec![0; until.since(from) as usize];
    world.window = Some(Box::new(Window { from, up_changes, ..Window::default() }));
    for block in 0..blocks.len() as u32 {
        world.tick = from;
        common.restore(world);
        world.levels_changed.clear();
        for ((list, _), share) in lists_by_block(&mut world.lists, blocks).into_iter().zip(&shares) {
            list.extend_from_slice(share.of(block));
        }
        world.calendars.begin_block(block);
        import(world, &scenario, block);
        run_block(world, &scenario, block, until, &events);
        world.calendars.end_block(block);
        if world.tick.plus(1) == until {
            changed.append(&mut world.levels_changed);
        }
        let lists = lists_by_block(&mut world.lists, blocks).into_iter();
        lists.zip(&mut left).for_each(|((list, _), left)| left.append(list));
    }
    let window = world.window.take().expect("an open window");
    world.tick = from;
    world.warms = warms;
    world.levels_changed = changed;
    lists_by_block(&mut world.lists, blocks).into_iter().zip(left).for_each(|((list, _), left)| *list = left);
    script::note_events(world, &events);
    window.up_changes
}

/// What a block gets from the blocks before it.
fn import(world: &mut World, scenario: &Scenario, block: u32) {
    let window = world.window.as_mut().expect("an open window");
    window.block = block;
    window.imports.clear();
    for &need in scenario.wiring.blocks.imports.of(block) {
        let Some(service) = scenario.needs[need as usize].of.service() else { continue };
        for &(at, level) in window.exports.get(&service).into_iter().flatten() {
            world.calendars.put(block, Purpose::Import, at, window.imports.len() as u32);
            window.imports.push((need, level));
        }
    }
}

/// Runs the minutes in which a block has something to do; the tick is the last of them.
fn run_block(world: &mut World, scenario: &Scenario, block: u32, until: Tick, events: &[(Tick, u32)]) {
    let mut events = events.iter().copied().peekable();
    let mut from = world.tick;
    loop {
        let scripted = events.peek().map(|&(at, _)| at).into_iter().chain(hosts::next_chart(world, from));
        let own = next_minute(world, scenario, block, from);
        let Some(minute) = own.into_iter().chain(scripted).min().filter(|&minute| minute < until) else { return };
        world.tick = minute;
        while let Some((_, event)) = events.next_if(|&(at, _)| at == minute) {
            script::happen_all(world, event);
        }
        let channels = hosts::begin_charts(world);
        if !channels.is_empty() {
            let fleets = |&organisation: &u32| scenario.organisations[organisation as usize].fleets.clone();
            let organisations = scenario.wiring.blocks.organisations(block);
            hosts::chart(world, &channels, organisations.iter().flat_map(fleets));
        }
        world.calendars.open(block, minute);
        world.run_minute(scenario);
        from = minute.plus(1);
    }
}

/// The first minute from one on in which a block has something to do by itself.
#[inline]
fn next_minute(world: &World, scenario: &Scenario, block: u32, from: Tick) -> Option<Tick> {
    let lists = &world.lists;
    let always = [&lists.moving, &lists.dirty, &lists.touched_fleets, &lists.surging];
    if always.iter().any(|list| !list.is_empty()) {
        return Some(from);
    }
    let due = world.calendars.next(block, from);
    let trust = (!lists.uneasy.is_empty()).then(|| Tick(from.0.next_multiple_of(trust::EVERY_MIN)));
    let hour = (!lists.waiting.is_empty()).then(|| next_hour(&scenario.wiring.hour_begins, from));
    [due, trust, hour].into_iter().flatten().min()
}

/// The first minute from one on in which somebody's hour begins.
fn next_hour(begins: &[u32], from: Tick) -> Tick {
    let minute = from.0 % 60;
    let later = begins.iter().find(|&&begin| minute <= begin);
    let wait = later.map_or_else(|| begins[0] + 60 - minute, |begin| begin - minute);
    from.plus(wait)
}

/// The block of whoever is on a calendar for a purpose.
pub(super) fn block_of(scenario: &Scenario, purpose: Purpose, entity: u32) -> u32 {
    scenario.wiring.blocks.of_organisation[organisation_due(scenario, purpose, entity) as usize]
}

impl World {
    /// Puts an entity on the calendar of a purpose.
    #[inline]
    pub(super) fn put(&mut self, purpose: Purpose, at: Tick, entity: u32) {
        let block = match &self.window {
            Some(window) => window.block,
            None if self.calendars.is_by_block() => block_of(&self.scenario, purpose, entity),
            None => 0,
        };
        self.calendars.put(block, purpose, at, entity);
    }

    /// Takes what is due for a purpose in this minute.
    #[inline]
    pub(super) fn take(&mut self, purpose: Purpose) -> Vec<u32> {
        self.calendars.take(purpose, self.tick)
    }

    /// Gives back a list that `take` gave, so that its memory is used again.
    #[inline]
    pub(super) fn give_back(&mut self, purpose: Purpose, list: Vec<u32>) {
        self.calendars.give_back(purpose, list);
    }

    /// Is a service simulated together with those at work? Without a window everybody is.
    #[inline]
    pub(super) fn is_in_block(&self, scenario: &Scenario, service: u32) -> bool {
        self.window.as_ref().is_none_or(|window| window.block == scenario.wiring.blocks.of_service[service as usize])
    }

    /// Leaves a service's new level for the blocks to come. True if there may be some that need it.
    #[inline]
    pub(super) fn export(&mut self, scenario: &Scenario, service: u32, level: Share) -> bool {
        let Some(window) = &mut self.window else { return false };
        let is_exported = scenario.wiring.blocks.is_exported[service as usize];
        if is_exported {
            window.exports.entry(service).or_default().push((self.tick, level));
        }
        is_exported
    }

    /// The need that is number so much of those imported, and what it gets from the next minute on.
    pub(super) fn imported(&self, at: u32) -> (u32, Share) {
        self.window.as_ref().expect("imports are due in windows alone").imports[at as usize]
    }
}
