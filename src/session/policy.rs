//! Gives the orders of playbooks at each boundary. The world checks them as it checks the commands of people.
//!
//! A playbook entry is tried once, when it is due. An order that the world refuses is recorded and not tried again.

use super::cast::Cast;
use super::log::{EntryId, LogEntry, Origin};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Playbook, PlaybookOrder, Scenario, Target, When};
use crate::sim::phases::script;
use crate::sim::reach::Reach;
use crate::sim::{Command, Issuer, Refusal, World, command};

/// An order that a playbook gave and the world refused.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedOrder {
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    pub refusal: Refusal,
}

/// A playbook entry that fired, with its tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiredEntry {
    pub id: EntryId,
    pub tick: Tick,
}

/// The data that a fork takes from its parent for one minute: entries that fired and orders that playbooks gave,
/// both for organisations that the fork does not simulate.
#[derive(Clone, Copy, Debug)]
pub struct ParentMinute<'a> {
    pub reach: &'a Reach,
    pub fired: &'a [FiredEntry],
    /// Accepted commands of this minute.
    pub given: &'a [LogEntry],
}

impl<'a> ParentMinute<'a> {
    fn simulates(&self, scenario: &Scenario, target: Target) -> bool {
        scenario.organisation_of(target).is_some_and(|organisation| self.reach.has(organisation))
    }

    /// Entries that fired at a tick. They are in the order of time.
    fn fired_at(&self, tick: Tick) -> &'a [FiredEntry] {
        let from = self.fired.partition_point(|fired| fired.tick < tick);
        let until = self.fired.partition_point(|fired| fired.tick <= tick);
        &self.fired[from..until]
    }
}

/// A playbook's order that a fork leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub id: EntryId,
    pub target: Target,
}

impl LeftOut {
    /// The playbook's order of a log entry; none for other commands.
    pub(super) fn from_entry(entry: &LogEntry) -> Option<Self> {
        match (&entry.origin, entry.command) {
            (&Origin::Playbook(id), Command::Order { target, .. }) => Some(Self { id, target }),
            _ => None,
        }
    }
}

/// A playbook entry that has not fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Open {
    id: EntryId,
    /// Before this tick it cannot be due. Commands do not change that: the script alone gives the tick.
    due: Tick,
}

/// Playbook entries that are still open, and those that fired.
#[derive(Clone, Debug)]
pub struct Policy {
    cast: Cast,
    open: Vec<Open>,
    fired: Vec<FiredEntry>,
    left_out: Vec<LeftOut>,
    /// The earliest tick at which an open entry can be due.
    due: Tick,
    /// In a fork: what `act_like` found about the next minutes.
    watch: Watch,
    pub refused: Vec<RefusedOrder>,
}

/// Entries of a fork by what is known of them.
#[derive(Clone, Debug, Default)]
struct Watch {
    /// Before this tick, only the entries of `asked` can be due.
    quiet_until: Tick,
    /// Entries whose tick depends on the fork.
    asked: Vec<EntryId>,
}

impl Policy {
    /// All entries of the cast's playbooks, in the order written.
    pub fn new(scenario: &Scenario, cast: Cast) -> Self {
        let entries = |playbook: Ix<Playbook>| {
            let count = scenario.playbooks[playbook].orders.len() as u32;
            (0..count).map(move |entry| EntryId { playbook, entry })
        };
        let open = cast.playbooks().into_iter().flat_map(entries).map(|id| Open { id, due: Tick::ZERO }).collect();
        Self {
            cast,
            open,
            fired: Vec::new(),
            left_out: Vec::new(),
            due: Tick::ZERO,
            watch: Watch::default(),
            refused: Vec::new(),
        }
    }

    /// The playbooks at an earlier boundary, before they gave orders at it.
    pub(super) fn cut_back(&self, scenario: &Scenario, tick: Tick) -> Self {
        let mut past = Self::new(scenario, self.cast.clone());
        past.fired = self.fired.iter().filter(|entry| entry.tick < tick).copied().collect();
        let has_fired = |id: &EntryId| past.fired.iter().any(|entry| entry.id == *id);
        past.open.retain(|open| !has_fired(&open.id));
        past.refused = self.refused.iter().filter(|order| order.tick < tick).cloned().collect();
        past
    }

    /// Leaves out these orders from now on.
    pub(super) fn leave_out(&mut self, orders: Vec<LeftOut>) {
        self.left_out = orders;
        self.watch = Watch::default();
    }

    /// Gives the orders that are due at this boundary; returns the accepted ones.
    pub fn act(&mut self, world: &mut World) -> Vec<(EntryId, Command)> {
        if world.tick() < self.due {
            return Vec::new();
        }
        self.give_due(world, None)
    }

    /// The same in a fork. For organisations outside its reach it repeats the orders of the parent's playbooks.
    pub fn act_like(&mut self, world: &mut World, parent: ParentMinute) {
        let scenario = world.scenario();
        let is_asked_due = |id: &EntryId| script::is_met(world, order_of_entry(scenario, *id).when);
        if world.tick() < self.watch.quiet_until && !self.watch.asked.iter().any(is_asked_due) {
            return;
        }
        self.give_due(world, Some(parent));
        self.watch = self.watch(world, parent);
    }

    /// Divides the open entries of a fork into those whose tick the parent or the script tells, and all others.
    fn watch(&self, world: &World, parent: ParentMinute) -> Watch {
        let scenario = world.scenario();
        let is_of_parent = |when: When| when.condition().is_some_and(|it| !parent.reach.touches(scenario, it));
        let later = &parent.fired[parent.fired.partition_point(|fired| fired.tick <= world.tick())..];
        let next = later.iter().find(|fired| is_of_parent(order_of_entry(scenario, fired.id).when));
        let (mut quiet_until, mut asked) = (next.map_or(scenario.horizon, |fired| fired.tick), Vec::new());
        for &Open { id, due } in &self.open {
            // An entry that cannot be due before the next look at all entries needs no watch.
            if quiet_until <= due {
                continue;
            }
            let order = order_of_entry(scenario, id);
            match order.when {
                When::At(tick) => quiet_until = quiet_until.min(tick),
                When::Above { .. } | When::Below { .. } if is_of_parent(order.when) => {}
                When::Above { .. } | When::Below { .. } => asked.push(id),
                When::After { event, minutes } => match world.events_fired()[event] {
                    Some(fired) => quiet_until = quiet_until.min(fired.plus(minutes).max(world.tick().plus(1))),
                    None => asked.push(id),
                },
            }
        }
        Watch { quiet_until, asked }
    }

    /// After `act`, the first later boundary at which an entry may be due; the horizon if none can be.
    pub fn next_due(&self) -> Tick {
        self.due
    }

    /// `next_due` in a fork after `act_like`.
    pub fn next_due_like(&self, world: &World) -> Tick {
        let scenario = world.scenario();
        let asked = self.watch.asked.iter().map(|&id| order_of_entry(scenario, id).when);
        let next = asked.filter_map(|when| script::next_met(world, when)).min();
        next.map_or(self.watch.quiet_until, |next| next.min(self.watch.quiet_until))
    }

    /// Entries that fired so far.
    pub fn fired(&self) -> &[FiredEntry] {
        &self.fired
    }

    /// Entries that have not fired, with their orders.
    pub fn open_entries<'a>(
        &'a self,
        scenario: &'a Scenario,
    ) -> impl Iterator<Item = (EntryId, &'a PlaybookOrder)> + 'a {
        self.open.iter().map(|open| (open.id, order_of_entry(scenario, open.id)))
    }

    fn give_due(&mut self, world: &mut World, parent: Option<ParentMinute>) -> Vec<(EntryId, Command)> {
        let scenario = world.scenario().clone();
        let fired_in_parent = parent.map_or(&[][..], |parent| parent.fired_at(world.tick()));
        let mut given = Vec::new();
        let mut given_in_parent = parent.map_or(&[][..], |parent| parent.given);
        let mut all_open = std::mem::take(&mut self.open);
        all_open.retain_mut(|open| {
            if world.tick() < open.due {
                return true;
            }
            let id = open.id;
            let order = order_of_entry(&scenario, id);
            if !is_due(world, order.when, parent.map(|parent| (parent.reach, fired_in_parent)), id) {
                open.due = script::next_met(world, order.when).unwrap_or(scenario.horizon);
                return true;
            }
            self.fired.push(FiredEntry { id, tick: world.tick() });
            for &target in &order.targets {
                let is_left_out = self.left_out.contains(&LeftOut { id, target });
                if !is_left_out && self.cast.lets_playbook_order(&scenario, id.playbook, order.mitigation, target) {
                    if parent.is_none_or(|parent| parent.simulates(&scenario, target)) {
                        given.extend(self.give(world, id, order.mitigation, target));
                    } else {
                        give_as_before(world, id, order_of(order.mitigation, target), &mut given_in_parent);
                    }
                }
            }
            false
        });
        self.due = all_open.iter().map(|open| open.due).min().unwrap_or(scenario.horizon);
        self.open = all_open;
        given
    }

    /// Gives one order.
    fn give(
        &mut self,
        world: &mut World,
        id: EntryId,
        mitigation: Ix<Mitigation>,
        target: Target,
    ) -> Option<(EntryId, Command)> {
        let command = order_of(mitigation, target);
        match command::apply(world, &command) {
            Ok(_) => Some((id, command)),
            Err(refusal) => {
                self.refused.push(RefusedOrder { tick: world.tick(), mitigation, target, refusal });
                None
            }
        }
    }
}

/// In a fork, repeats the parent's result of an order for an organisation that is not simulated. Parent and fork give the
/// orders of a minute in the same order, so that `given` is cut to what comes after the order.
fn give_as_before(world: &mut World, id: EntryId, command: Command, given: &mut &[LogEntry]) {
    let is_same = |entry: &LogEntry| entry.command == command && entry.origin == Origin::Playbook(id);
    if let Some(position) = given.iter().position(is_same) {
        *given = &given[position + 1..];
        command::apply_as_before(world, &command);
    }
}

fn order_of(mitigation: Ix<Mitigation>, target: Target) -> Command {
    Command::Order { by: Issuer::Policy, mitigation, target }
}

fn order_of_entry(scenario: &Scenario, id: EntryId) -> &PlaybookOrder {
    &scenario.playbooks[id.playbook].orders[id.entry as usize]
}

/// In a fork, an entry whose condition reads no affected organisation is due when it was due in the parent.
fn is_due(world: &World, when: When, parent: Option<(&Reach, &[FiredEntry])>, id: EntryId) -> bool {
    if let (Some((reach, fired_now)), Some(condition)) = (parent, when.condition())
        && !reach.touches(world.scenario(), condition)
    {
        return fired_now.iter().any(|fired| fired.id == id);
    }
    script::is_met(world, when)
}
