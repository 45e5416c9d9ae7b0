//! Hosts: receipt of a live release, the reboot race, late wins. docs/model.md, "Rollout" and "Hosts".
//!
//! Touches only hosts that are due. Receipts of a live release are charted two hours ahead, so that hosts
//! switched on later cost nothing before they are.

use crate::base::draw::{Key, cut_of};
use crate::base::{Draw, Stream, Tick};
use crate::scenario::compile::{Fleet, MINUTES_A_WEEK, RingPlan, Scenario, Waits};
use crate::sim::queue::Waiting;
use crate::sim::warm::CHUNK;
use crate::sim::wheel::Purpose;
use crate::sim::world::{ChannelState, FleetState, HostState, RECEIVED_BIT, STATE_BITS, World};

/// Receipts are put on the calendar so many minutes ahead.
const CHART_MIN: u32 = 120;
/// Hosts that are looked at together.
const CHART_HOSTS: usize = 64;

/// All hosts up.
pub fn fleets_at_start(scenario: &Scenario) -> Vec<FleetState> {
    let at_start = |(fleet, &is_key_server): (&Fleet, &bool)| FleetState {
        counts: [fleet.hosts, 0, 0, 0, 0, 0],
        organisation: fleet.organisation,
        kind: fleet.kind as u16,
        waiting: Waiting::new(is_key_server, 1 < fleet.sites),
        ..FleetState::default()
    };
    scenario.fleets.iter().zip(&scenario.wiring.is_key_server).map(at_start).collect()
}

/// Hosts of each fleet that run the channel's platform and sensor.
pub fn count_in_scope(scenario: &Scenario, draw: Draw) -> Box<[u32]> {
    let scope = draw.stream(Stream::Scope);
    let count = |fleet: &Fleet| match fleet.in_scope {
        none if none <= 0.0 => 0,
        all if 1.0 <= all => fleet.hosts,
        share => {
            let hosts = fleet.first_host..fleet.first_host + fleet.hosts;
            hosts.filter(|&host| scope.happens(host, 0, share)).count() as u32
        }
    };
    scenario.fleets.iter().map(count).collect()
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
    /// Hosts with a place below are on, by hour of the week.
    week: &'a [u64; 168],
    place: Key,
    lag: Key,
    phase_min: u32,
}

impl<'a> Switches<'a> {
    /// By what the state repeats of the scenario: it lies at hand.
    #[inline]
    fn new(world: &World, scenario: &'a Scenario, fleet: u32) -> Self {
        let of = &world.fleets[fleet as usize];
        let kind = &scenario.kinds[usize::from(of.kind)];
        Self {
            week: &scenario.profile_cuts[kind.switched_on as usize],
            place: world.draw.stream(Stream::SwitchedOn),
            lag: world.draw.stream(Stream::SwitchMinute),
            phase_min: world.organisations[of.organisation as usize].week_phase_min,
        }
    }

    /// Minute of the week by the host's own clock, which lags behind.
    #[inline]
    fn lagging_minute(&self, host: u32, tick: Tick) -> u32 {
        let lag = (self.lag.bits(host, 0) % 60) as u32;
        (self.phase_min + tick.0 + MINUTES_A_WEEK - lag) % MINUTES_A_WEEK
    }

    /// The smallest and largest place below which hosts are on in the hours that touch [from, until), by any host's
    /// clock.
    fn cuts(&self, from: Tick, until: Tick) -> (u64, u64) {
        let first = (self.phase_min + from.0 + MINUTES_A_WEEK - 60) / 60;
        let last = (self.phase_min + until.0 + MINUTES_A_WEEK) / 60;
        let hours = (first..=last.min(first + 167)).map(|hour| self.week[(hour % 168) as usize]);
        hours.fold((u64::MAX, 0), |(least, most), cut| (least.min(cut), most.max(cut)))
    }
}

/// Is a host switched on at a tick, as far as its profile goes?
pub fn is_switched_on(world: &World, fleet: u32, host: u32, tick: Tick) -> bool {
    let switches = Switches::new(world, &world.scenario, fleet);
    let hour = switches.lagging_minute(host, tick) / 60;
    switches.place.part(host, 0) < switches.week[hour as usize]
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
    always_on: u64,
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
            always_on: switches.cuts(released, until).0,
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
    #[inline]
    fn eligible_from(&self, host: u32) -> Option<Tick> {
        self.rings.map_or(Some(self.released), |plan| self.eligible_by(plan, host))
    }

    fn eligible_by(&self, plan: &RingPlan, host: u32) -> Option<Tick> {
        let place = self.ring.uniform(host, self.channel);
        let ring = plan.rings.iter().find(|ring| place < ring.until)?;
        let wait = (f64::from(ring.spread_min) * self.slot.uniform(host, self.channel)) as u32;
        Some(self.released.plus(ring.delay_min).plus(wait))
    }

    /// The tick before `until` at which an Up host that is in scope receives, by its place among those switched on.
    #[inline]
    fn receipt_before(&self, host: u32, place: u64, until: Tick) -> Option<Tick> {
        let from = self.eligible_from(host)?.max(self.held_until);
        let wait = self.waits.draw(self.receipt, host, self.counter);
        // Who is off now and then receives later, not sooner.
        let soonest = from.plus(wait);
        if until <= soonest || place < self.always_on {
            return Some(soonest).filter(|&at| at < until);
        }
        self.receipt_by_hours(host, place, (from, until), wait)
    }

    /// The same for a host that is not on all the time, eligible from a tick on, after so many exposed minutes: these
    /// are counted over the hours in which it is on.
    fn receipt_by_hours(&self, host: u32, place: u64, (mut from, until): (Tick, Tick), mut wait: u32) -> Option<Tick> {
        let mut minute = self.switches.lagging_minute(host, from);
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

/// Channels whose live release must be charted in this minute; they count as charted.
pub fn begin_charts(world: &mut World) -> Vec<u32> {
    let tick = world.tick;
    let mut channels = Vec::new();
    for (channel, state) in world.channels.iter_mut().enumerate() {
        if state.live_since.is_some() && state.charted_until <= tick {
            state.charted_until = tick.plus(CHART_MIN);
            channels.push(channel as u32);
        }
    }
    channels
}

/// The first minute from one on in which a live release must be charted.
pub fn next_chart(world: &World, from: Tick) -> Option<Tick> {
    let live = world.channels.iter().filter(|state| state.live_since.is_some());
    live.map(|state| state.charted_until.max(from)).min()
}

/// Puts on the calendar who receives before the next chart, of some fleets.
pub fn chart(world: &mut World, channels: &[u32], fleets: impl Iterator<Item = u32>) {
    let scenario = world.scenario.clone();
    let block_of = |fleet: u32| scenario.wiring.blocks.of_fleet[fleet as usize];
    let mut entries = Vec::new();
    let mut fleets = fleets.peekable();
    while let Some(fleet) = fleets.next() {
        let of = &scenario.fleets[fleet as usize];
        let channel = scenario.kinds[of.kind as usize].channel;
        if channels.contains(&channel) && world.is_reached(of.organisation) {
            let until = world.channels[channel as usize].charted_until;
            chart_fleet(world, &scenario, fleet, until, &mut entries);
        }
        let block = block_of(fleet);
        if !entries.is_empty() && fleets.peek().is_none_or(|&next| block_of(next) != block) {
            world.calendars.put_all(block, Purpose::Receipt, world.tick, CHART_MIN, &entries);
            entries.clear();
        }
    }
}

/// Adds the receipts of a fleet's hosts, in minutes from now.
fn chart_fleet(world: &World, scenario: &Scenario, fleet: u32, until: Tick, entries: &mut Vec<(u32, u32)>) {
    let of = &scenario.fleets[fleet as usize];
    if of.in_scope <= 0.0 {
        return;
    }
    let Some(exposure) = Exposure::new(world, scenario, fleet, until) else { return };
    // Hosts that count minutes from before this chart were on in it, or are on now.
    let on_at_most = exposure.switches.cuts(world.tick, until).1;
    let (scope, in_scope) = (world.draw.stream(Stream::Scope), cut_of(of.in_scope));
    let all_in_scope = 1.0 <= of.in_scope;
    // First who can receive at all, without a jump a host that nobody can foresee, then when.
    let mut open = [(0, 0); CHART_HOSTS];
    let hosts = of.first_host..of.first_host + of.hosts;
    for first in hosts.clone().step_by(CHART_HOSTS) {
        let mut count = 0;
        for host in first..hosts.end.min(first + CHART_HOSTS as u32) {
            let place = exposure.switches.place.part(host, 0);
            let is_up = world.hosts[host as usize] & (STATE_BITS | RECEIVED_BIT) == HostState::Up as u8;
            let is_in_scope = all_in_scope || scope.part(host, 0) < in_scope;
            open[count % CHART_HOSTS] = (host, place);
            count += usize::from((place < on_at_most) & is_up & is_in_scope);
        }
        for &(host, place) in &open[..count] {
            if let Some(at) = exposure.receipt_before(host, place, until)
                && world.tick <= at
            {
                entries.push((at.since(world.tick), host));
            }
        }
    }
}

/// Moves the hosts that are due at this tick.
pub fn run(world: &mut World, scenario: &Scenario) {
    let mut receipts = world.take(Purpose::Receipt);
    if world.calendars.is_recharted {
        // Two charts of the same hosts: who receives in one minute stands by number all the same.
        receipts.sort_unstable();
    }
    let races = world.take(Purpose::Race);
    world.work += (receipts.len() + races.len()) as u64;
    let size = if world.warms { CHUNK } else { usize::MAX };
    for chunk in receipts.chunks(size) {
        world.warm_hosts(scenario, chunk.iter().copied());
        each_fleet(scenario, chunk, 0, |fleet, hosts| receive(world, scenario, fleet, hosts));
    }
    for chunk in races.chunks(size) {
        world.warm_hosts(scenario, chunk.iter().map(|entry| entry >> 1));
        each_fleet(scenario, chunk, 1, |fleet, entries| end_races(world, scenario, fleet, entries));
    }
    let late_wins = world.take(Purpose::LateWin);
    for &host in &late_wins {
        if world.host(host) == HostState::Down {
            let fleet = scenario.wiring.fleet_of(host);
            let organisation = scenario.fleets[fleet as usize].organisation;
            leave_queue(world, organisation);
            recover(world, fleet, host);
        }
    }
    world.give_back(Purpose::Receipt, receipts);
    world.give_back(Purpose::Race, races);
    world.give_back(Purpose::LateWin, late_wins);
}

/// Visits a list fleet by fleet, as far as hosts of one stand together: what is common to them is looked up once. An
/// entry is a host and so many bits.
fn each_fleet(scenario: &Scenario, entries: &[u32], bits: u32, mut visit: impl FnMut(u32, &[u32])) {
    let mut rest = entries;
    while let [first, ..] = rest {
        let fleet = scenario.wiring.fleet_of(first >> bits);
        let hosts = scenario.wiring.hosts_of(fleet);
        let others = rest.iter().position(|entry| !hosts.contains(&(entry >> bits)));
        let (own, behind) = rest.split_at(others.unwrap_or(rest.len()));
        visit(fleet, own);
        rest = behind;
    }
}

/// Hosts of a fleet receive.
fn receive(world: &mut World, scenario: &Scenario, fleet: u32, hosts: &[u32]) {
    let of = &world.fleets[fleet as usize];
    let kind = &scenario.kinds[usize::from(of.kind)];
    let state = &world.channels[kind.channel as usize];
    let Some(released) = state.live_since else { return };
    // Charts from before a hold or an earlier release are out of date.
    let may_be_stale = world.calendars.is_recharted
        && (1 < state.releases || released < world.organisations[of.organisation as usize].exposed_from);
    let channel = &scenario.channels[kind.channel as usize];
    let is_once = kind.race_win_once.is_some_and(|(flag, _)| world.flags[flag as usize]);
    let race = kind.race_once.as_ref().filter(|_| is_once).unwrap_or(&kind.race);
    let (tick, key) = (world.tick, world.draw.stream(Stream::Race));
    let block = scenario.wiring.blocks.of_fleet[fleet as usize];
    let mut received = 0;
    for &host in hosts {
        let is_open = world.hosts[host as usize] & (STATE_BITS | RECEIVED_BIT) == HostState::Up as u8;
        if !is_open || (may_be_stale && !receives_now(world, scenario, fleet, host)) {
            continue;
        }
        world.write_host(fleet, host, HostState::Crashing);
        received += 1;
        let cycles = race.draw(key, host, 0);
        let wins = cycles <= channel.race_cycles_max;
        let minutes = cycles.min(channel.race_cycles_max).saturating_mul(channel.reboot_cycle_min);
        world.calendars.put(block, Purpose::Race, tick.plus(minutes), host << 1 | u32::from(wins));
    }
    world.fleets[fleet as usize].received += received;
    moved(world, fleet, HostState::Up, HostState::Crashing, received);
}

/// Does a host receive in this minute, reckoned anew?
fn receives_now(world: &World, scenario: &Scenario, fleet: u32, host: u32) -> bool {
    let until = world.tick.plus(1);
    let exposure = Exposure::new(world, scenario, fleet, until);
    let at = exposure.and_then(|of| of.receipt_before(host, of.switches.place.part(host, 0), until));
    at == Some(world.tick)
}

/// Hosts of a fleet win or lose the race. An entry is the host, doubled, plus one if it wins: the flag it raced under
/// may be down by now.
fn end_races(world: &mut World, scenario: &Scenario, fleet: u32, entries: &[u32]) {
    let of = &world.fleets[fleet as usize];
    let (organisation, kind) = (of.organisation, &scenario.kinds[usize::from(of.kind)]);
    let late_win = scenario.channels[kind.channel as usize].late_win.as_ref();
    let unattended = world.modifiers(organisation).unattended_mean_min.filter(|_| kind.is_wired);
    let (encrypted, key) = (kind.encrypted_cut, world.draw.stream(Stream::Encrypted));
    let late_key = world.draw.stream(Stream::LateWin);
    let block = scenario.wiring.blocks.of_fleet[fleet as usize];
    let tick = world.tick;
    let mut lost = 0;
    for &entry in entries {
        let host = entry >> 1;
        if entry & 1 == 1 {
            world.write_host(fleet, host, HostState::Up);
            continue;
        }
        lost += 1;
        world.write_host(fleet, host, HostState::Down);
        let class = usize::from(0 < encrypted && key.part(host, 0) < encrypted);
        queue(world, scenario, fleet, host, class);
        if let Some(waits) = late_win {
            world.calendars.put(block, Purpose::LateWin, tick.plus(waits.draw(late_key, host, 0)), host);
        }
        if let Some(mean_min) = unattended {
            heal_unattended(world, host, mean_min);
        }
    }
    let won = entries.len() as u32 - lost;
    let state = &mut world.fleets[fleet as usize];
    state.crashed += lost;
    state.self_recovered += won;
    moved(world, fleet, HostState::Crashing, HostState::Down, lost);
    moved(world, fleet, HostState::Crashing, HostState::Up, won);
    if 0 < lost {
        wait(world, organisation, lost);
    }
}

/// A host waits for hands: plain (0), encrypted (1) or to be rebuilt (2).
pub fn enter_queue(world: &mut World, scenario: &Scenario, fleet: u32, host: u32, class: usize) {
    queue(world, scenario, fleet, host, class);
    wait(world, world.fleets[fleet as usize].organisation, 1);
}

/// Puts a host at the end of its line.
#[inline]
fn queue(world: &mut World, scenario: &Scenario, fleet: u32, host: u32, class: usize) {
    let state = &mut world.fleets[fleet as usize];
    if state.waiting.is_spread {
        let of = &scenario.fleets[fleet as usize];
        state.waiting.push_at(&mut world.queues, class, host, of.site_of(host), of.sites);
    } else {
        state.waiting.push(&mut world.queues, class, host);
    }
}

/// So many hosts more of an organisation wait.
fn wait(world: &mut World, organisation: u32, hosts: u32) {
    let state = &mut world.organisations[organisation as usize];
    state.waiting += hosts;
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
    let from = world.write_host(fleet, host, to);
    moved(world, fleet, from, to, 1);
}

/// Hosts of a fleet were moved from one state to another.
#[inline(always)]
fn moved(world: &mut World, fleet: u32, from: HostState, to: HostState, hosts: u32) {
    if hosts == 0 {
        return;
    }
    world.count_moved(fleet, from, to, hosts);
    if world.fleets[fleet as usize].waiting.is_key_server {
        world.reconsider(world.fleets[fleet as usize].organisation);
    }
}

fn heal_unattended(world: &mut World, host: u32, mean_min: f64) {
    let wait = world.draw.stream(Stream::Unattended).exponential_min(host, 0, mean_min);
    world.put(Purpose::LateWin, world.tick.plus(wait), host);
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
    // A chart that is due in this minute will find them.
    let is_charted = |state: &ChannelState| state.live_since.is_some() && world.tick < state.charted_until;
    let channels: Vec<u32> =
        (0..).zip(&world.channels).filter(|(_, state)| is_charted(state)).map(|(channel, _)| channel).collect();
    let fleets = scenario.organisations[organisation as usize].fleets.clone();
    let has_channel =
        |fleet: u32| channels.contains(&scenario.kinds[scenario.fleets[fleet as usize].kind as usize].channel);
    world.calendars.is_recharted |= fleets.clone().any(has_channel);
    chart(world, &channels, fleets);
}
