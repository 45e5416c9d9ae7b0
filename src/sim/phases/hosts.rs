//! Hosts: receipt of a live release, the reboot race, late wins. docs/model.md, "Rollout" and "Hosts".
//!
//! Touches only hosts that are due. Receipts of a live release are charted an hour ahead, so that hosts
//! switched on later cost nothing before they are.

use crate::base::draw::Key;
use crate::base::{Draw, Stream, Tick};
use crate::scenario::compile::{Fleet, MINUTES_A_WEEK, RingPlan, Scenario, Waits};
use crate::sim::queue::Waiting;
use crate::sim::warm::CHUNK;
use crate::sim::world::{FleetState, HostState, RECEIVED_BIT, STATE_BITS, World};

/// Receipts are put on the calendar so many minutes ahead.
const CHART_MIN: u32 = 60;

/// All hosts up, with the count in scope.
pub fn fleets_at_start(scenario: &Scenario, draw: Draw) -> Vec<FleetState> {
    let scope = draw.stream(Stream::Scope);
    let at_start = |(fleet, &is_key_server): (&Fleet, &bool)| {
        let hosts = fleet.first_host..fleet.first_host + fleet.hosts;
        let in_scope = match fleet.in_scope {
            none if none <= 0.0 => 0,
            all if 1.0 <= all => fleet.hosts,
            _ => hosts.filter(|&host| scope.happens(host, 0, fleet.in_scope)).count() as u32,
        };
        let organisation = fleet.organisation;
        let kind = fleet.kind as u16;
        let waiting = Waiting::new(is_key_server, 1 < fleet.sites);
        FleetState {
            counts: [fleet.hosts, 0, 0, 0, 0, 0],
            in_scope,
            organisation,
            kind,
            waiting,
            ..FleetState::default()
        }
    };
    scenario.fleets.iter().zip(&scenario.wiring.is_key_server).map(at_start).collect()
}

/// A release goes live, or starts anew.
pub fn begin_release(world: &mut World, channel: u32) {
    let state = &mut world.channels[channel as usize];
    state.live_since = Some(world.tick);
    state.releases += 1;
    state.follows_rings = state.is_staged;
    state.charted_until = world.tick;
    world.calendars.is_recharted |= 1 < state.releases;
    world.seal.is_common_unsealed = true;
}

/// When hosts of a fleet are switched on: nested sets by a key of the host, so that the same hosts
/// run at night.
struct Switches<'a> {
    week: &'a [f64; 168],
    place: Key,
    lag: Key,
    phase_min: u32,
}

impl<'a> Switches<'a> {
    /// By what the state repeats of the scenario: it lies at hand.
    fn new(world: &World, scenario: &'a Scenario, fleet: u32) -> Self {
        let of = &world.fleets[fleet as usize];
        let kind = &scenario.kinds[usize::from(of.kind)];
        Self {
            week: &scenario.profiles[kind.switched_on as usize],
            place: world.draw.stream(Stream::SwitchedOn),
            lag: world.draw.stream(Stream::SwitchMinute),
            phase_min: world.organisations[of.organisation as usize].week_phase_min,
        }
    }

    /// Minute of the week by the host's own clock, which lags behind.
    fn lagging_minute(&self, host: u32, tick: Tick) -> u32 {
        let lag = (self.lag.bits(host, 0) % 60) as u32;
        (self.phase_min + tick.0 + MINUTES_A_WEEK - lag) % MINUTES_A_WEEK
    }

    /// The smallest and largest share switched on in the hours that touch [from, until), by any host's
    /// clock.
    fn shares(&self, from: Tick, until: Tick) -> (f64, f64) {
        let first = (self.phase_min + from.0 + MINUTES_A_WEEK - 60) / 60;
        let last = (self.phase_min + until.0 + MINUTES_A_WEEK) / 60;
        let hours = (first..=last.min(first + 167)).map(|hour| self.week[(hour % 168) as usize]);
        hours.fold((f64::INFINITY, 0.0), |(least, most), share| (least.min(share), most.max(share)))
    }
}

/// Is a host switched on at a tick, as far as its profile goes?
pub fn is_switched_on(world: &World, fleet: u32, host: u32, tick: Tick) -> bool {
    let switches = Switches::new(world, &world.scenario, fleet);
    let hour = switches.lagging_minute(host, tick) / 60;
    switches.place.uniform(host, 0) < switches.week[hour as usize]
}

/// When hosts of one fleet receive the live release of their channel.
struct Exposure<'a> {
    switches: Switches<'a>,
    rings: Option<&'a RingPlan>,
    ring: Key,
    slot: Key,
    receipt: Key,
    counter: u32,
    waits: &'a Waits,
    channel: u32,
    released: Tick,
    held_until: Tick,
    /// Hosts with a place below are on all the time from the release to the end of the chart.
    always_on: f64,
}

impl<'a> Exposure<'a> {
    /// None while no release of its channel is live.
    fn new(world: &World, scenario: &'a Scenario, fleet: u32, until: Tick) -> Option<Self> {
        let of = &scenario.fleets[fleet as usize];
        let channel = scenario.kinds[of.kind as usize].channel;
        let state = &world.channels[channel as usize];
        let plan = &scenario.channels[channel as usize];
        let switches = Switches::new(world, scenario, fleet);
        let released = state.live_since?;
        Some(Self {
            always_on: switches.shares(released, until).0,
            switches,
            rings: plan.rings.as_ref().filter(|_| state.follows_rings),
            ring: world.draw.stream(Stream::Ring),
            slot: world.draw.stream(Stream::RingSlot),
            receipt: world.draw.stream(Stream::Receipt),
            counter: channel + scenario.channels.len() as u32 * (state.releases - 1),
            waits: &plan.receipt,
            channel,
            released,
            held_until: world.organisations[of.organisation as usize].exposed_from,
        })
    }

    /// The tick from which a host is eligible; none for hosts beyond the last ring.
    fn eligible_from(&self, host: u32) -> Option<Tick> {
        let Some(plan) = self.rings else { return Some(self.released) };
        let place = self.ring.uniform(host, self.channel);
        let ring = plan.rings.iter().find(|ring| place < ring.until)?;
        let wait = (f64::from(ring.spread_min) * self.slot.uniform(host, self.channel)) as u32;
        Some(self.released.plus(ring.delay_min).plus(wait))
    }

    /// The tick before `until` at which an Up host that is in scope receives.
    fn receipt_before(&self, host: u32, until: Tick, share_max: f64) -> Option<Tick> {
        let place = self.switches.place.uniform(host, 0);
        if share_max <= place {
            return None;
        }
        let mut from = self.eligible_from(host)?.max(self.held_until);
        let mut wait = self.waits.draw(self.receipt, host, self.counter);
        if place < self.always_on {
            return Some(from.plus(wait)).filter(|&at| at < until);
        }
        let mut minute = self.switches.lagging_minute(host, from);
        // Exposed minutes are counted over the hours in which it is on.
        while from < until {
            let left = 60 - minute % 60;
            if place < self.switches.week[(minute / 60) as usize] {
                if wait < left {
                    return Some(from.plus(wait)).filter(|&at| at < until);
                }
                wait -= left;
            }
            from = from.plus(left);
            minute = (minute + left) % MINUTES_A_WEEK;
        }
        None
    }
}

/// Puts on the calendar who receives before the next chart.
fn chart(world: &mut World) {
    for channel in 0..world.channels.len() as u32 {
        let state = &world.channels[channel as usize];
        if state.live_since.is_none() || world.tick < state.charted_until {
            continue;
        }
        let until = world.tick.plus(CHART_MIN);
        world.channels[channel as usize].charted_until = until;
        let scenario = world.scenario.clone();
        for fleet in 0..scenario.fleets.len() as u32 {
            let of = &scenario.fleets[fleet as usize];
            if scenario.kinds[of.kind as usize].channel == channel && world.is_reached(of.organisation) {
                chart_fleet(world, &scenario, fleet, until);
            }
        }
    }
}

fn chart_fleet(world: &mut World, scenario: &Scenario, fleet: u32, until: Tick) {
    let of = &scenario.fleets[fleet as usize];
    if of.in_scope <= 0.0 {
        return;
    }
    let Some(exposure) = Exposure::new(world, scenario, fleet, until) else { return };
    // Hosts that count minutes from before this chart were on in it, or are on now.
    let share_max = exposure.switches.shares(world.tick, until).1;
    let scope = world.draw.stream(Stream::Scope);
    let all_in_scope = 1.0 <= of.in_scope;
    for host in of.first_host..of.first_host + of.hosts {
        let is_open = world.hosts[host as usize] & (STATE_BITS | RECEIVED_BIT) == HostState::Up as u8;
        if is_open
            && (all_in_scope || scope.happens(host, 0, of.in_scope))
            && let Some(at) = exposure.receipt_before(host, until, share_max)
            && world.tick <= at
        {
            world.calendars.receipts.put(at, host);
        }
    }
}

/// Charts live releases, then moves the hosts that are due at this tick.
pub fn run(world: &mut World) {
    chart(world);
    let tick = world.tick;
    let scenario = world.scenario.clone();
    let mut fleets = Vec::with_capacity(CHUNK);
    let mut receipts = world.calendars.receipts.take(tick);
    if world.calendars.is_recharted {
        // Two charts of the same hosts: who receives in one minute stands by number all the same.
        receipts.sort_unstable();
    }
    let races = world.calendars.races.take(tick);
    world.work += (receipts.len() + races.len()) as u64;
    for chunk in receipts.chunks(CHUNK) {
        world.warm_hosts(&scenario, chunk.iter().copied(), &mut fleets);
        chunk.iter().zip(&fleets).for_each(|(&host, &fleet)| receive(world, &scenario, fleet, host));
    }
    for chunk in races.chunks(CHUNK) {
        world.warm_hosts(&scenario, chunk.iter().map(|entry| entry >> 1), &mut fleets);
        chunk.iter().zip(&fleets).for_each(|(&entry, &fleet)| end_race(world, &scenario, fleet, entry));
    }
    for host in world.calendars.late_wins.take(tick) {
        if world.host(host) == HostState::Down {
            let fleet = scenario.wiring.fleet_of(host);
            let organisation = scenario.fleets[fleet as usize].organisation;
            leave_queue(world, organisation);
            recover(world, fleet, host);
        }
    }
}

fn receive(world: &mut World, scenario: &Scenario, fleet: u32, host: u32) {
    if world.hosts[host as usize] & (STATE_BITS | RECEIVED_BIT) != HostState::Up as u8 {
        return;
    }
    let of = &world.fleets[fleet as usize];
    let kind = &scenario.kinds[usize::from(of.kind)];
    let state = &world.channels[kind.channel as usize];
    let Some(released) = state.live_since else { return };
    // Charts from before a hold or an earlier release are out of date.
    let may_be_stale = world.calendars.is_recharted
        && (1 < state.releases || released < world.organisations[of.organisation as usize].exposed_from);
    if may_be_stale {
        let until = world.tick.plus(1);
        let exposure = Exposure::new(world, scenario, fleet, until);
        let now = exposure.and_then(|exposure| exposure.receipt_before(host, until, f64::INFINITY));
        if now != Some(world.tick) {
            return;
        }
    }
    let channel = &scenario.channels[kind.channel as usize];
    let is_once = kind.race_win_once.is_some_and(|(flag, _)| world.flags[flag as usize]);
    let race = kind.race_once.as_ref().filter(|_| is_once).unwrap_or(&kind.race);
    let cycles = race.draw(world.draw.stream(Stream::Race), host, 0);
    set_host(world, fleet, host, HostState::Crashing);
    world.fleets[fleet as usize].received += 1;
    let wins = cycles <= channel.race_cycles_max;
    let minutes = cycles.min(channel.race_cycles_max).saturating_mul(channel.reboot_cycle_min);
    world.calendars.races.put(world.tick.plus(minutes), host << 1 | u32::from(wins));
}

/// `entry` is the host, doubled, plus one if it wins: the flag it raced under may be down by now.
fn end_race(world: &mut World, scenario: &Scenario, fleet: u32, entry: u32) {
    let host = entry >> 1;
    if entry & 1 == 1 {
        recover(world, fleet, host);
        return;
    }
    set_host(world, fleet, host, HostState::Down);
    world.fleets[fleet as usize].crashed += 1;
    let organisation = world.fleets[fleet as usize].organisation;
    let kind = &scenario.kinds[usize::from(world.fleets[fleet as usize].kind)];
    let is_encrypted = 0.0 < kind.encrypted && world.draw.stream(Stream::Encrypted).happens(host, 0, kind.encrypted);
    enter_queue(world, scenario, fleet, host, usize::from(is_encrypted));
    let late_per_hour = scenario.channels[kind.channel as usize].late_win_per_hour;
    if 0.0 < late_per_hour {
        let wait = world.draw.stream(Stream::LateWin).exponential_min(host, 0, 60.0 / late_per_hour);
        world.calendars.late_wins.put(world.tick.plus(wait), host);
    }
    if let Some(mean_min) = world.modifiers(organisation).unattended_mean_min
        && kind.is_wired
    {
        heal_unattended(world, host, mean_min);
    }
}

/// A host waits for hands: plain (0), encrypted (1) or to be rebuilt (2).
pub fn enter_queue(world: &mut World, scenario: &Scenario, fleet: u32, host: u32, class: usize) {
    let state = &mut world.fleets[fleet as usize];
    let organisation = state.organisation;
    if state.waiting.is_spread {
        let of = &scenario.fleets[fleet as usize];
        state.waiting.push_at(&mut world.queues, class, host, of.site_of(host), of.sites);
    } else {
        state.waiting.push(&mut world.queues, class, host);
    }
    let state = &mut world.organisations[organisation as usize];
    state.waiting += 1;
    state.front = 0;
    if !state.lists.is_waiting {
        state.lists.is_waiting = true;
        world.lists.waiting.push(organisation);
    }
    world.unseal(organisation);
    world.mark_dirty(organisation);
}

fn leave_queue(world: &mut World, organisation: u32) {
    world.organisations[organisation as usize].waiting -= 1;
    world.unseal(organisation);
}

fn recover(world: &mut World, fleet: u32, host: u32) {
    set_host(world, fleet, host, HostState::Up);
    world.fleets[fleet as usize].self_recovered += 1;
}

/// Moves a host; crews look again when a key server comes or goes.
#[inline(always)]
pub fn set_host(world: &mut World, fleet: u32, host: u32, to: HostState) {
    world.set_host(fleet, host, to);
    if world.fleets[fleet as usize].waiting.is_key_server {
        world.reconsider(world.fleets[fleet as usize].organisation);
    }
}

fn heal_unattended(world: &mut World, host: u32, mean_min: f64) {
    let wait = world.draw.stream(Stream::Unattended).exponential_min(host, 0, mean_min);
    world.calendars.late_wins.put(world.tick.plus(wait), host);
}

/// Hosts of an organisation in a state, with their fleets.
fn hosts_in(world: &World, scenario: &Scenario, organisation: u32, state: HostState) -> Vec<(u32, u32)> {
    let fleets = scenario.organisations[organisation as usize].fleets.clone();
    let of_fleet = |fleet: u32| {
        let of = &scenario.fleets[fleet as usize];
        (of.first_host..of.first_host + of.hosts).filter(move |&host| world.host(host) == state)
    };
    fleets.flat_map(|fleet| of_fleet(fleet).map(move |host| (fleet, host))).collect()
}

/// An organisation opts in: every wired host that is down will heal by itself in time.
pub fn opt_in_unattended(world: &mut World, organisation: u32, mean_min: f64) {
    let scenario = world.scenario.clone();
    for (fleet, host) in hosts_in(world, &scenario, organisation, HostState::Down) {
        if scenario.kinds[scenario.fleets[fleet as usize].kind as usize].is_wired {
            heal_unattended(world, host, mean_min);
        }
    }
}

/// Keeps hosts that have not been hit off the network.
pub fn hold(world: &mut World, organisation: u32) {
    let scenario = world.scenario.clone();
    for (fleet, host) in hosts_in(world, &scenario, organisation, HostState::Up) {
        if !world.has_received(host) {
            set_host(world, fleet, host, HostState::Held);
        }
    }
}

/// Lets held hosts back; a release that is still live can reach them again.
pub fn release(world: &mut World, organisation: u32) {
    let scenario = world.scenario.clone();
    let held = hosts_in(world, &scenario, organisation, HostState::Held);
    if held.is_empty() {
        return;
    }
    for (fleet, host) in held {
        set_host(world, fleet, host, HostState::Up);
    }
    world.organisations[organisation as usize].exposed_from = world.tick;
    world.unseal(organisation);
    for fleet in scenario.organisations[organisation as usize].fleets.clone() {
        let kind = scenario.fleets[fleet as usize].kind;
        let channel = &world.channels[scenario.kinds[kind as usize].channel as usize];
        // A chart that is due in this minute will find them.
        if channel.live_since.is_some() && world.tick < channel.charted_until {
            let until = channel.charted_until;
            world.calendars.is_recharted = true;
            chart_fleet(world, &scenario, fleet, until);
        }
    }
}
