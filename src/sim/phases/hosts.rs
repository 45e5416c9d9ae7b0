//! Hosts: receipt of a live release, the reboot race, late wins. docs/model.md, "Rollout" and "Hosts".
//!
//! Must not visit hosts that are not due, apart from the chart: every two hours, while a release is live, the phase
//! computes which hosts receive it within the next two hours and puts them on the calendar.

use crate::base::draw::{Key, ceil_u32, cut_of};
use crate::base::{Column, Draw, Ix, Span, Stream, Tick};
use crate::scenario::compile::{
    Channel, Fleet, Host, MINUTES_A_WEEK, Organisation, OutOfReach, RingPlan, Scenario, Waits,
};
use crate::sim::prefetch::CHUNK;
use crate::sim::queue::Waiting;
use crate::sim::wheel::Purpose;
use crate::sim::world::{AWAY_BIT, ChannelState, FleetState, HostState, RECEIVED_BIT, STATE_BITS, World};

/// Length of a chart: receipts are put on the calendar for this many minutes.
const CHART_MIN: u32 = 120;
/// The number of hosts that the chart tests together.
const CHART_HOSTS: usize = 64;

/// All fleets with all hosts up.
pub fn fleets_at_start(scenario: &Scenario) -> Column<Fleet, FleetState> {
    let at_start = |(fleet, &is_key_server): (&Fleet, &bool)| FleetState {
        counts: [fleet.hosts, 0, 0, 0, 0, 0],
        organisation: fleet.organisation,
        kind: fleet.kind.number() as u16,
        waiting: Waiting::new(is_key_server, 1 < fleet.sites),
        ..FleetState::default()
    };
    scenario.fleets.iter().zip(&scenario.wiring.is_key_server).map(at_start).collect()
}

/// The number of hosts of each fleet that run the channel's platform and sensor.
pub fn count_in_scope(scenario: &Scenario, draw: Draw) -> Column<Fleet, u32> {
    let scope = draw.stream(Stream::Scope);
    let count = |(index, fleet): (Ix<Fleet>, &Fleet)| match fleet.in_scope {
        none if none <= 0.0 => 0,
        all if 1.0 <= all => fleet.hosts,
        share => {
            let hosts = scenario.wiring.fleet_hosts(index).iter();
            hosts.filter(|&host| scope.happens(host, 0, share)).count() as u32
        }
    };
    scenario.fleets.entries().map(count).collect()
}

/// A release goes live; one that is live already starts anew.
pub fn begin_release(world: &mut World, channel: Ix<Channel>) {
    let state = &mut world.state.channels[channel];
    state.live_since = Some(world.state.tick);
    state.releases += 1;
    state.follows_rings = state.is_staged;
    state.charted_until = world.state.tick;
    world.state.calendars.is_recharted |= 1 < state.releases;
    world.derived.seal.is_common_unsealed = true;
}

/// The hours at which hosts of a fleet are switched on. A host is on in an hour if its place lies below the hour's
/// threshold, so that the hosts that are on at night are a subset of those that are on by day.
struct Switches<'a> {
    /// The threshold of each hour of the week: hosts with a lower place are on.
    week: &'a [u64; 168],
    place: Key,
    lag: Key,
    phase_min: u32,
}

impl<'a> Switches<'a> {
    /// Reads kind and organisation from the state, which repeats them from the scenario and is in the cache.
    #[inline]
    fn new(world: &World, scenario: &'a Scenario, fleet: Ix<Fleet>) -> Self {
        let state = &world.state.fleets[fleet];
        let kind = &scenario.kinds[state.kind()];
        Self {
            week: &scenario.profile_cuts[kind.switched_on],
            place: world.draw.stream(Stream::SwitchedOn),
            lag: world.draw.stream(Stream::SwitchMinute),
            phase_min: world.state.organisations[state.organisation].week_phase_min,
        }
    }

    /// The minute of the week on the host's clock, which lags behind the local time by up to an hour.
    #[inline]
    fn lagging_minute(&self, host: Ix<Host>, tick: Tick) -> u32 {
        let lag = (self.lag.bits(host, 0) % 60) as u32;
        (self.phase_min + tick.0 + MINUTES_A_WEEK - lag) % MINUTES_A_WEEK
    }

    /// The smallest and the largest threshold of the hours that overlap [from, until) on the clock of any host.
    fn cuts(&self, from: Tick, until: Tick) -> (u64, u64) {
        let first = (self.phase_min + from.0 + MINUTES_A_WEEK - 60) / 60;
        let last = (self.phase_min + until.0 + MINUTES_A_WEEK) / 60;
        let hours = (first..=last.min(first + 167)).map(|hour| self.week[(hour % 168) as usize]);
        hours.fold((u64::MAX, 0), |(least, most), cut| (least.min(cut), most.max(cut)))
    }
}

/// Whether a host is switched on at a tick according to its profile.
pub fn is_switched_on(world: &World, fleet: Ix<Fleet>, host: Ix<Host>, tick: Tick) -> bool {
    let switches = Switches::new(world, &world.scenario, fleet);
    let hour = switches.lagging_minute(host, tick) / 60;
    switches.place.part(host, 0) < switches.week[hour as usize]
}

/// The data that decide at which tick a host of one fleet receives the live release of its channel.
struct Exposure<'a> {
    switches: Switches<'a>,
    rings: Option<&'a RingPlan>,
    ring: Key,
    slot: Key,
    receipt: Key,
    counter: u32,
    waits: &'a Waits,
    channel: Ix<Channel>,
    released: Tick,
    held_until: Tick,
    /// Hosts with a lower place are on in every hour from the release to the end of the chart.
    always_on: u64,
}

impl<'a> Exposure<'a> {
    /// None while no release of the fleet's channel is live.
    fn new(world: &World, scenario: &'a Scenario, fleet: Ix<Fleet>, until: Tick) -> Option<Self> {
        let compiled = &scenario.fleets[fleet];
        let channel = scenario.kinds[compiled.kind].channel;
        let state = &world.state.channels[channel];
        let plan = &scenario.channels[channel];
        let switches = Switches::new(world, scenario, fleet);
        let released = state.live_since?;
        Some(Self {
            always_on: switches.cuts(released, until).0,
            switches,
            rings: plan.rings.as_ref().filter(|_| state.follows_rings),
            ring: world.draw.stream(Stream::Ring),
            slot: world.draw.stream(Stream::RingSlot),
            receipt: world.draw.stream(Stream::Receipt),
            counter: channel.number() + scenario.channels.len() as u32 * (state.releases - 1),
            waits: &plan.receipt,
            channel,
            released,
            held_until: world.state.organisations[compiled.organisation].exposed_from,
        })
    }

    /// The tick from which on a host is eligible; none for hosts beyond the last ring.
    #[inline]
    fn eligible_from(&self, host: Ix<Host>) -> Option<Tick> {
        self.rings.map_or(Some(self.released), |plan| self.eligible_by_plan(plan, host))
    }

    fn eligible_by_plan(&self, plan: &RingPlan, host: Ix<Host>) -> Option<Tick> {
        let place = self.ring.uniform(host, self.channel.number());
        let ring = plan.rings.iter().find(|ring| place < ring.until)?;
        let wait = (f64::from(ring.spread_min) * self.slot.uniform(host, self.channel.number())) as u32;
        Some(self.released.plus(ring.delay_min).plus(wait))
    }

    /// The tick before `until` at which a host that is up and in scope receives; `place` is its place in `Switches`.
    #[inline]
    fn receipt_before(&self, host: Ix<Host>, place: u64, until: Tick) -> Option<Tick> {
        let from = self.eligible_from(host)?.max(self.held_until);
        let wait = self.waits.draw(self.receipt, host, self.counter);
        // Hours in which the host is off can only delay the receipt.
        let soonest = from.plus(wait);
        if until <= soonest || place < self.always_on {
            return Some(soonest).filter(|&at| at < until);
        }
        self.receipt_by_hours(host, place, (from, until), wait)
    }

    /// `receipt_before` for a host that is off in some hours: it is eligible from a tick on and receives after `wait`
    /// minutes in which it is on.
    fn receipt_by_hours(
        &self,
        host: Ix<Host>,
        place: u64,
        (mut from, until): (Tick, Tick),
        mut wait: u32,
    ) -> Option<Tick> {
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

/// The channels whose live release is charted in this minute. Marks them as charted.
pub fn begin_charts(world: &mut World) -> Vec<Ix<Channel>> {
    let tick = world.state.tick;
    let mut channels = Vec::new();
    for channel in world.state.channels.indices() {
        let state = &mut world.state.channels[channel];
        if state.live_since.is_some() && state.charted_until <= tick {
            state.charted_until = tick.plus(CHART_MIN);
            channels.push(channel);
        }
    }
    channels
}

/// The first minute, from a given one on, in which a live release is charted.
pub fn next_chart(world: &World, from: Tick) -> Option<Tick> {
    let live = world.state.channels.iter().filter(|state| state.live_since.is_some());
    live.map(|state| state.charted_until.max(from)).min()
}

/// Puts the hosts of some fleets that receive before the next chart on the calendar.
pub fn chart(world: &mut World, channels: &[Ix<Channel>], fleets: impl Iterator<Item = Ix<Fleet>>) {
    let scenario = world.scenario.clone();
    let partition_of = |fleet: Ix<Fleet>| scenario.wiring.partitions.of_fleet[fleet];
    let mut entries = Vec::new();
    let mut fleets = fleets.peekable();
    while let Some(fleet) = fleets.next() {
        let compiled = &scenario.fleets[fleet];
        let channel = scenario.kinds[compiled.kind].channel;
        if channels.contains(&channel) && world.is_reached(compiled.organisation) {
            let until = world.state.channels[channel].charted_until;
            chart_fleet(world, &scenario, fleet, until, &mut entries);
        }
        let partition = partition_of(fleet);
        if !entries.is_empty() && fleets.peek().is_none_or(|&next| partition_of(next) != partition) {
            world.state.calendars.put_all(partition, Purpose::Receipt, world.state.tick, CHART_MIN, &entries);
            entries.clear();
        }
    }
}

/// Appends the receipts of a fleet's hosts to the entries: (minutes from now, host).
fn chart_fleet(world: &World, scenario: &Scenario, fleet: Ix<Fleet>, until: Tick, entries: &mut Vec<(u32, u32)>) {
    let compiled = &scenario.fleets[fleet];
    if compiled.in_scope <= 0.0 {
        return;
    }
    let Some(exposure) = Exposure::new(world, scenario, fleet, until) else { return };
    // A host can receive in this chart only if it is on in one of its hours.
    let on_at_most = exposure.switches.cuts(world.state.tick, until).1;
    let (scope, in_scope) = (world.draw.stream(Stream::Scope), cut_of(compiled.in_scope));
    let all_in_scope = 1.0 <= compiled.in_scope;
    // Pass 1 selects eligible hosts without branching (the branch would be mispredicted); pass 2 computes the minute.
    let mut open = [(Ix::default(), 0); CHART_HOSTS];
    let hosts = scenario.wiring.fleet_hosts(fleet);
    for first in (hosts.start.number()..hosts.end.number()).step_by(CHART_HOSTS) {
        let mut count = 0;
        for host in Span::<Host>::new(first, hosts.end.number().min(first + CHART_HOSTS as u32)) {
            let place = exposure.switches.place.part(host, 0);
            let is_up = world.state.hosts[host] & (STATE_BITS | RECEIVED_BIT) == HostState::Up as u8;
            let is_in_scope = all_in_scope || scope.part(host, 0) < in_scope;
            open[count % CHART_HOSTS] = (host, place);
            count += usize::from((place < on_at_most) & is_up & is_in_scope);
        }
        for &(host, place) in &open[..count] {
            if let Some(at) = exposure.receipt_before(host, place, until)
                && world.state.tick <= at
            {
                entries.push((at.since(world.state.tick), host.number()));
            }
        }
    }
}

/// Processes the hosts that are due in this minute.
pub fn run(world: &mut World, scenario: &Scenario) {
    let mut receipts = world.take(Purpose::Receipt);
    if world.state.calendars.is_recharted {
        // The second chart of a host appends its entries later; sorting restores the order by host.
        receipts.sort_unstable();
    }
    let races = world.take(Purpose::Race);
    world.scratch.work += (receipts.len() + races.len()) as u64;
    let size = if world.derived.is_prefetching { CHUNK } else { usize::MAX };
    for chunk in receipts.chunks(size) {
        world.prefetch_hosts(scenario, chunk.iter().map(|&host| Ix::new(host)));
        each_fleet(scenario, chunk, 0, |fleet, hosts| receive(world, scenario, fleet, hosts));
    }
    for chunk in races.chunks(size) {
        world.prefetch_hosts(scenario, chunk.iter().map(|entry| Ix::new(entry >> 1)));
        each_fleet(scenario, chunk, 1, |fleet, entries| end_races(world, scenario, fleet, entries));
    }
    let late_wins = world.take(Purpose::LateWin);
    for host in late_wins.iter().map(|&host| Ix::new(host)) {
        if world.host(host) == HostState::Down {
            let fleet = scenario.wiring.fleet_of(host);
            let organisation = scenario.fleets[fleet].organisation;
            if !is_away(world, host) {
                leave_queue(world, organisation);
            }
            recover(world, fleet, host);
        }
    }
    let mut in_reach = world.take(Purpose::InReach);
    // The order of insertion is that of the minutes in which the hosts went down.
    in_reach.sort_unstable();
    for host in in_reach.iter().map(|&host| Ix::new(host)) {
        // Stale entry: the host has recovered by itself.
        if is_away(world, host) {
            come_in_reach(world, scenario, host);
        }
    }
    world.give_back(Purpose::InReach, in_reach);
    world.give_back(Purpose::Receipt, receipts);
    world.give_back(Purpose::Race, races);
    world.give_back(Purpose::LateWin, late_wins);
}

/// Visits a list by runs of hosts of the same fleet, so that data of the fleet are looked up once for each run. An entry
/// is a host shifted by `bits`.
fn each_fleet(scenario: &Scenario, entries: &[u32], bits: u32, mut visit: impl FnMut(Ix<Fleet>, &[u32])) {
    let mut rest = entries;
    while let [first, ..] = rest {
        let fleet = scenario.wiring.fleet_of(Ix::new(first >> bits));
        let hosts = scenario.wiring.fleet_hosts(fleet);
        let others = rest.iter().position(|entry| !hosts.contains(Ix::new(entry >> bits)));
        let (run, remainder) = rest.split_at(others.unwrap_or(rest.len()));
        visit(fleet, run);
        rest = remainder;
    }
}

/// Hosts of a fleet receive the release and enter the reboot race.
fn receive(world: &mut World, scenario: &Scenario, fleet: Ix<Fleet>, hosts: &[u32]) {
    let fleet_state = &world.state.fleets[fleet];
    let kind = &scenario.kinds[fleet_state.kind()];
    let state = &world.state.channels[kind.channel];
    let Some(released) = state.live_since else { return };
    // Entries that were charted before a hold or for an earlier release are stale.
    let may_be_stale = world.state.calendars.is_recharted
        && (1 < state.releases || released < world.state.organisations[fleet_state.organisation].exposed_from);
    let channel = &scenario.channels[kind.channel];
    let is_once = kind.race_win_once.is_some_and(|(flag, _)| world.state.flags[flag]);
    let race = kind.race_once.as_ref().filter(|_| is_once).unwrap_or(&kind.race);
    let factor = scenario.organisations[fleet_state.organisation].race_win;
    let (tick, key) = (world.state.tick, world.draw.stream(Stream::Race));
    let partition = scenario.wiring.partitions.of_fleet[fleet];
    let mut received = 0;
    for host in hosts.iter().map(|&host| Ix::new(host)) {
        let is_open = world.state.hosts[host] & (STATE_BITS | RECEIVED_BIT) == HostState::Up as u8;
        if !is_open || (may_be_stale && !receives_now(world, scenario, fleet, host)) {
            continue;
        }
        world.write_host(fleet, host, HostState::Crashing);
        received += 1;
        let cycles = if factor == 1.0 { race.draw(key, host, 0) } else { race.draw_scaled(key, host, 0, factor) };
        let wins = cycles <= channel.race_cycles_max;
        let minutes = cycles.min(channel.race_cycles_max).saturating_mul(channel.reboot_cycle_min);
        world.state.calendars.put(partition, Purpose::Race, tick.plus(minutes), host.number() << 1 | u32::from(wins));
    }
    world.state.fleets[fleet].received += received;
    count_moved(world, fleet, HostState::Up, HostState::Crashing, received);
}

/// Whether a host receives in this minute, computed without the chart.
fn receives_now(world: &World, scenario: &Scenario, fleet: Ix<Fleet>, host: Ix<Host>) -> bool {
    let until = world.state.tick.plus(1);
    let exposure = Exposure::new(world, scenario, fleet, until);
    let receipt =
        exposure.and_then(|exposure| exposure.receipt_before(host, exposure.switches.place.part(host, 0), until));
    receipt == Some(world.state.tick)
}

/// Hosts of a fleet win or lose the race. An entry is twice the host plus one if it wins: the result was drawn at the
/// receipt, since the flag that decides its chance can change meanwhile.
fn end_races(world: &mut World, scenario: &Scenario, fleet: Ix<Fleet>, entries: &[u32]) {
    let state = &world.state.fleets[fleet];
    let (organisation, kind) = (state.organisation, &scenario.kinds[state.kind()]);
    let late_win = scenario.channels[kind.channel].late_win.as_ref();
    let unattended = world.modifiers(organisation).unattended_mean_min.filter(|_| kind.is_wired);
    let (encrypted, key) = (kind.encrypted_cut, world.draw.stream(Stream::Encrypted));
    let late_key = world.draw.stream(Stream::LateWin);
    let partition = scenario.wiring.partitions.of_fleet[fleet];
    let tick = world.state.tick;
    let away = kind.out_of_reach.as_ref().map(|away| (away, world.draw.stream(Stream::OutOfReach)));
    let (mut lost, mut reached) = (0, 0);
    for &entry in entries {
        let host = Ix::new(entry >> 1);
        if entry & 1 == 1 {
            world.write_host(fleet, host, HostState::Up);
            continue;
        }
        lost += 1;
        world.write_host(fleet, host, HostState::Down);
        match away.and_then(|(away, key)| minutes_away(away, key, host)) {
            Some(minutes) => {
                world.mark_away(fleet, host, true);
                world.state.calendars.put(partition, Purpose::InReach, tick.plus(minutes), host.number());
            }
            None => {
                let class = usize::from(0 < encrypted && key.part(host, 0) < encrypted);
                queue(world, scenario, fleet, host, class);
                reached += 1;
            }
        }
        if let Some(waits) = late_win {
            world.state.calendars.put(
                partition,
                Purpose::LateWin,
                tick.plus(waits.draw(late_key, host, 0)),
                host.number(),
            );
        }
        if let Some(mean_min) = unattended {
            schedule_unattended(world, host, mean_min);
        }
    }
    let won = entries.len() as u32 - lost;
    let state = &mut world.state.fleets[fleet];
    state.crashed += lost;
    state.self_recovered += won;
    count_moved(world, fleet, HostState::Crashing, HostState::Down, lost);
    count_moved(world, fleet, HostState::Crashing, HostState::Up, won);
    if 0 < reached {
        count_waiting(world, organisation, reached);
    }
}

/// Minutes for which a host that goes down is out of reach; none if it is in reach.
fn minutes_away(away: &OutOfReach, key: Key, host: Ix<Host>) -> Option<u32> {
    let minutes = || ceil_u32(away.median_min * key.lognormal(host, 1, away.spread)).max(1);
    key.happens(host, 0, away.share).then(minutes)
}

/// Whether a host is down and out of reach.
pub fn is_away(world: &World, host: Ix<Host>) -> bool {
    world.state.hosts[host] & AWAY_BIT != 0
}

/// Whether a host's disk is encrypted.
pub fn is_encrypted(world: &World, fleet: Ix<Fleet>, host: Ix<Host>) -> bool {
    let encrypted = world.scenario.kinds[world.state.fleets[fleet].kind()].encrypted_cut;
    world.draw.stream(Stream::Encrypted).part(host, 0) < encrypted
}

/// A host that was out of reach begins to wait for repair.
fn come_in_reach(world: &mut World, scenario: &Scenario, host: Ix<Host>) {
    let fleet = scenario.wiring.fleet_of(host);
    let class = usize::from(is_encrypted(world, fleet, host));
    world.mark_away(fleet, host, false);
    world.unseal_fleet(fleet);
    enter_queue(world, scenario, fleet, host, class);
}

/// A host begins to wait for repair: plain (class 0), encrypted (1) or to be rebuilt (2).
pub fn enter_queue(world: &mut World, scenario: &Scenario, fleet: Ix<Fleet>, host: Ix<Host>, class: usize) {
    queue(world, scenario, fleet, host, class);
    count_waiting(world, world.state.fleets[fleet].organisation, 1);
}

/// Appends a host to its queue.
#[inline]
fn queue(world: &mut World, scenario: &Scenario, fleet: Ix<Fleet>, host: Ix<Host>, class: usize) {
    let state = &mut world.state.fleets[fleet];
    if state.waiting.is_spread {
        let compiled = &scenario.fleets[fleet];
        state.waiting.push_at(&mut world.state.queue_arena, class, host, compiled.site_of(host), compiled.sites);
    } else {
        state.waiting.push(&mut world.state.queue_arena, class, host);
    }
}

/// Counts more waiting hosts of an organisation.
fn count_waiting(world: &mut World, organisation: Ix<Organisation>, hosts: u32) {
    let state = &mut world.state.organisations[organisation];
    state.waiting += hosts;
    state.front = 0;
    if !state.lists.is_waiting {
        state.lists.is_waiting = true;
        world.derived.lists.waiting.push(organisation);
    }
    world.unseal(organisation);
    world.mark_dirty(organisation);
}

fn leave_queue(world: &mut World, organisation: Ix<Organisation>) {
    world.state.organisations[organisation].waiting -= 1;
    world.unseal(organisation);
}

fn recover(world: &mut World, fleet: Ix<Fleet>, host: Ix<Host>) {
    set_host(world, fleet, host, HostState::Up);
    world.state.fleets[fleet].self_recovered += 1;
}

/// Changes the state of a host. The organisation is evaluated again if the host is a key server.
#[inline(always)]
pub fn set_host(world: &mut World, fleet: Ix<Fleet>, host: Ix<Host>, to: HostState) {
    let from = world.write_host(fleet, host, to);
    count_moved(world, fleet, from, to, 1);
}

/// Updates all counts after hosts of a fleet changed from one state to another.
#[inline(always)]
fn count_moved(world: &mut World, fleet: Ix<Fleet>, from: HostState, to: HostState, hosts: u32) {
    if hosts == 0 {
        return;
    }
    world.count_moved(fleet, from, to, hosts);
    if world.state.fleets[fleet].waiting.is_key_server {
        world.reconsider(world.state.fleets[fleet].organisation);
    }
}

fn schedule_unattended(world: &mut World, host: Ix<Host>, mean_min: f64) {
    let wait = world.draw.stream(Stream::Unattended).exponential_min(host, 0, mean_min);
    world.put(Purpose::LateWin, world.state.tick.plus(wait), host.number());
}

/// The hosts of an organisation in a state, as (fleet, host).
fn hosts_in(
    world: &World,
    scenario: &Scenario,
    organisation: Ix<Organisation>,
    state: HostState,
) -> Vec<(Ix<Fleet>, Ix<Host>)> {
    let fleets = scenario.organisations[organisation].fleets;
    let in_fleet =
        |fleet: Ix<Fleet>| scenario.wiring.fleet_hosts(fleet).iter().filter(move |&host| world.host(host) == state);
    fleets.iter().flat_map(|fleet| in_fleet(fleet).map(move |host| (fleet, host))).collect()
}

/// An organisation opts in to unattended remediation: each wired host that is down will recover by itself.
pub fn opt_in_unattended(world: &mut World, organisation: Ix<Organisation>, mean_min: f64) {
    let scenario = world.scenario.clone();
    for (fleet, host) in hosts_in(world, &scenario, organisation, HostState::Down) {
        if scenario.kinds[scenario.fleets[fleet].kind].is_wired {
            schedule_unattended(world, host, mean_min);
        }
    }
}

/// Takes the hosts that have not received the content off the network.
pub fn hold(world: &mut World, organisation: Ix<Organisation>) {
    let scenario = world.scenario.clone();
    for (fleet, host) in hosts_in(world, &scenario, organisation, HostState::Up) {
        if !world.has_received(host) {
            set_host(world, fleet, host, HostState::Held);
        }
    }
}

/// Puts held hosts back on the network; a release that is still live can reach them again.
pub fn release(world: &mut World, organisation: Ix<Organisation>) {
    let scenario = world.scenario.clone();
    let held = hosts_in(world, &scenario, organisation, HostState::Held);
    if held.is_empty() {
        return;
    }
    for (fleet, host) in held {
        set_host(world, fleet, host, HostState::Up);
    }
    world.state.organisations[organisation].exposed_from = world.state.tick;
    world.unseal(organisation);
    // A chart that is made in this minute includes them anyway.
    let is_charted = |state: &ChannelState| state.live_since.is_some() && world.state.tick < state.charted_until;
    let channels: Vec<Ix<Channel>> =
        world.state.channels.entries().filter(|(_, state)| is_charted(state)).map(|(channel, _)| channel).collect();
    let fleets = scenario.organisations[organisation].fleets;
    let has_channel = |fleet: Ix<Fleet>| channels.contains(&scenario.kinds[scenario.fleets[fleet].kind].channel);
    world.state.calendars.is_recharted |= fleets.iter().any(has_channel);
    chart(world, &channels, fleets.iter());
}
