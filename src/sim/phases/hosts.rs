//! Hosts: receipt of a live release, the reboot race, late wins. Touches only hosts that are due.

use crate::base::draw::Key;
use crate::base::{Draw, Stream, Tick, local_minute_of_week};
use crate::scenario::compile::{Fleet, Scenario};
use crate::sim::world::{FleetState, HostState, World};

/// Hosts below this chance a cycle have no strong link: unattended remediation cannot reach them.
const WIRED_RACE_WIN_MIN: f64 = 0.02;

/// All hosts up, with the count in scope.
pub fn fleets_at_start(scenario: &Scenario, draw: Draw) -> Vec<FleetState> {
    let scope = draw.stream(Stream::Scope);
    let at_start = |fleet: &Fleet| {
        let hosts = fleet.first_host..fleet.first_host + fleet.hosts;
        let in_scope = match fleet.in_scope {
            none if none <= 0.0 => 0,
            _ => hosts.filter(|&host| scope.happens(host, 0, fleet.in_scope)).count() as u32,
        };
        FleetState { counts: [fleet.hosts, 0, 0, 0, 0, 0], in_scope, ..FleetState::default() }
    };
    scenario.fleets.iter().map(at_start).collect()
}

/// Puts on the calendar when each reachable host will receive the channel's live release.
pub fn expose_all(world: &mut World, channel: u32) {
    for fleet in 0..world.scenario.fleets.len() as u32 {
        expose_fleet(world, channel, fleet);
    }
}

/// The same for one fleet: at release, and when held hosts come back while it is live.
pub fn expose_fleet(world: &mut World, channel: u32, fleet: u32) {
    let scenario = world.scenario.clone();
    let of = &scenario.fleets[fleet as usize];
    if of.in_scope <= 0.0 {
        return;
    }
    let mean_min = scenario.channels[channel as usize].receipt_mean_min;
    let scope = world.draw.stream(Stream::Scope);
    let receipt = world.draw.stream(Stream::Receipt);
    let switches = Switches::new(&scenario, of, world.draw);
    for host in of.first_host..of.first_host + of.hosts {
        let is_reachable = world.host(host) == HostState::Up && !world.has_received(host);
        if is_reachable
            && scope.happens(host, 0, of.in_scope)
            && let Some(on) = switches.first_on(host, world.tick, scenario.horizon)
        {
            world.receipts.put(on.plus(receipt.exponential_min(host, channel, mean_min)), host);
        }
    }
}

/// When hosts of a fleet are switched on: nested sets by a key of the host, so that the same hosts
/// run at night.
pub struct Switches<'a> {
    week: &'a [f64; 168],
    place: Key,
    minute: Key,
    start_minute_of_week: u32,
    utc_offset_min: i32,
}

impl<'a> Switches<'a> {
    /// The switches of a fleet.
    pub fn new(scenario: &'a Scenario, fleet: &Fleet, draw: Draw) -> Self {
        let kind = &scenario.kinds[fleet.kind as usize];
        Self {
            week: &scenario.profiles[kind.switched_on as usize],
            place: draw.stream(Stream::SwitchedOn),
            minute: draw.stream(Stream::SwitchMinute),
            start_minute_of_week: scenario.start_minute_of_week,
            utc_offset_min: scenario.organisations[fleet.organisation as usize].utc_offset_min,
        }
    }

    /// The first tick from `from` at which the host is on; none before the horizon.
    fn first_on(&self, host: u32, from: Tick, horizon: Tick) -> Option<Tick> {
        let place = self.place.uniform(host, 0);
        let minute = local_minute_of_week(self.start_minute_of_week, from, self.utc_offset_min);
        if place < self.week[(minute / 60) as usize] {
            return Some(from);
        }
        let into_hour = minute % 60;
        // A host switched on in an hour starts at its own minute of it, not all on the stroke.
        (1..=168)
            .find(|ahead| place < self.week[((minute / 60 + ahead) % 168) as usize])
            .map(|ahead| from.plus(ahead * 60 - into_hour + (self.minute.bits(host, 0) % 60) as u32))
            .filter(|on| *on < horizon)
    }
}

/// Hosts due at this tick.
pub fn run(world: &mut World) {
    let tick = world.tick;
    for host in world.receipts.take(tick) {
        receive(world, host);
    }
    for host in world.races.take(tick) {
        end_race(world, host);
    }
    for host in world.late_wins.take(tick) {
        if world.host(host) == HostState::Down {
            recover(world, host);
        }
    }
}

/// The first channel with a live release. One channel carries the content in this format version.
fn live_channel(world: &World) -> Option<u32> {
    world.channels.iter().position(|channel| channel.live_since.is_some()).map(|index| index as u32)
}

fn receive(world: &mut World, host: u32) {
    let Some(channel) = live_channel(world) else { return };
    if world.host(host) != HostState::Up || world.has_received(host) {
        return;
    }
    let fleet = world.fleet_of(host);
    world.set_host(fleet, host, HostState::Crashing);
    world.fleets[fleet as usize].received += 1;
    let scenario = world.scenario.clone();
    let cycles = race_cycles(world, fleet, host).min(scenario.channels[channel as usize].race_cycles_max);
    let cycle_min = scenario.channels[channel as usize].reboot_cycle_min;
    world.races.put(world.tick.plus(cycles * cycle_min), host);
}

/// Reboot cycles until this host would win: its own luck, the same in every twin.
fn race_cycles(world: &World, fleet: u32, host: u32) -> u32 {
    let kind = world.scenario.fleets[fleet as usize].kind;
    let chance = world.scenario.kinds[kind as usize].race_win;
    world.draw.stream(Stream::Race).geometric(host, 0, chance)
}

fn end_race(world: &mut World, host: u32) {
    let fleet = world.fleet_of(host);
    let cycles_max = world.scenario.channels[0].race_cycles_max;
    if race_cycles(world, fleet, host) <= cycles_max {
        recover(world, host);
        return;
    }
    world.set_host(fleet, host, HostState::Down);
    world.fleets[fleet as usize].crashed += 1;
    let of = &world.scenario.fleets[fleet as usize];
    let (kind, organisation) = (of.kind, of.organisation);
    let encrypted = world.scenario.kinds[kind as usize].encrypted;
    let is_encrypted = world.draw.stream(Stream::Encrypted).happens(host, 0, encrypted);
    let state = &mut world.fleets[fleet as usize];
    match is_encrypted {
        true => state.waiting_encrypted.push_back(host),
        false => state.waiting_plain.push_back(host),
    }
    let late_per_hour = world.scenario.channels[0].late_win_per_hour;
    if 0.0 < late_per_hour {
        let wait = world.draw.stream(Stream::LateWin).exponential_min(host, 0, 60.0 / late_per_hour);
        world.late_wins.put(world.tick.plus(wait), host);
    }
    if let Some(mean_min) = world.organisations[organisation as usize].modifiers.unattended_mean_min {
        heal_unattended(world, fleet, host, mean_min);
    }
}

fn recover(world: &mut World, host: u32) {
    let fleet = world.fleet_of(host);
    world.set_host(fleet, host, HostState::Up);
    world.fleets[fleet as usize].self_recovered += 1;
}

fn heal_unattended(world: &mut World, fleet: u32, host: u32, mean_min: f64) {
    let kind = world.scenario.fleets[fleet as usize].kind;
    if world.scenario.kinds[kind as usize].race_win < WIRED_RACE_WIN_MIN {
        return;
    }
    let wait = world.draw.stream(Stream::Unattended).exponential_min(host, 0, mean_min);
    world.late_wins.put(world.tick.plus(wait), host);
}

/// An organisation opts in: every wired host that is down will heal by itself in time.
pub fn opt_in_unattended(world: &mut World, organisation: u32, mean_min: f64) {
    let scenario = world.scenario.clone();
    for fleet in scenario.organisations[organisation as usize].fleets.clone() {
        let of = &scenario.fleets[fleet as usize];
        for host in of.first_host..of.first_host + of.hosts {
            if world.host(host) == HostState::Down {
                heal_unattended(world, fleet, host, mean_min);
            }
        }
    }
}

/// Keeps hosts that have not been hit off the network.
pub fn hold(world: &mut World, organisation: u32) {
    let scenario = world.scenario.clone();
    for fleet in scenario.organisations[organisation as usize].fleets.clone() {
        let of = &scenario.fleets[fleet as usize];
        for host in of.first_host..of.first_host + of.hosts {
            if world.host(host) == HostState::Up && !world.has_received(host) {
                world.set_host(fleet, host, HostState::Held);
            }
        }
    }
}

/// Lets held hosts back; a release that is still live can reach them again.
pub fn release(world: &mut World, organisation: u32) {
    let scenario = world.scenario.clone();
    for fleet in scenario.organisations[organisation as usize].fleets.clone() {
        let of = &scenario.fleets[fleet as usize];
        for host in of.first_host..of.first_host + of.hosts {
            if world.host(host) == HostState::Held {
                world.set_host(fleet, host, HostState::Up);
            }
        }
        if let Some(channel) = live_channel(world) {
            expose_fleet(world, channel, fleet);
        }
    }
}
