//! Hands: how many technicians are on duty, which host each takes next, how long a repair takes, what it costs.
//! docs/model.md, "Hands".
//!
//! Must not evaluate an organisation unless something about its hands or hosts changed: a host began or ceased to wait,
//! a repair ended, an hour began, or an order, a flag, trust or a fallback changed. Between such changes the assignment
//! of technicians stays the same. Amounts that accrue every minute are computed from the tick of their last change.

use crate::base::draw::ceil_u32;
use crate::base::{Ix, Share, Stream, Tick};
use crate::scenario::compile::{Fleet, Host, Keys, Method, Organisation, Scenario};
use crate::sim::phases::hosts;
use crate::sim::prefetch::CHUNK;
use crate::sim::queue::{CLASSES, NO_METHOD};
use crate::sim::wheel::Purpose;
use crate::sim::world::{HostState, OrganisationState, World};

/// Fatigue gained in a minute of double shifts, in parts per million: a crew is worn out after about 42 hours.
const FATIGUE_GAIN_PPM: f64 = 400.0;
/// Fatigue lost in a minute of ordinary work, and in a minute in which the whole crew rests.
const FATIGUE_LOSS_PPM: u32 = 120;
const FATIGUE_REST_PPM: f64 = 900.0;
/// The relative increase of a worn-out crew's repair time and of its failures (PM16: +27 to +36 %).
const FATIGUE_SLOWDOWN: f64 = 0.35;
const FATIGUE_FAILURES: f64 = 1.0;
/// Pay of overtime and outside help relative to the ordinary hour.
const SURGE_PAY: f64 = 1.5;
/// People from outside whom one technician who knows the place can lead.
pub const LED: f64 = 2.0;
/// The largest share of a crew that calls can tie up, at no trust.
const CALLS_SHARE_MAX: f64 = 0.15;
/// The relative increase of failures through false tools, at no trust of the staff.
const FALSE_TOOLS_MAX: f64 = 0.5;
/// Classes of waiting hosts; class 0 is plain.
const ENCRYPTED: usize = 1;
const REBUILD: usize = 2;
/// The level of the network service from which on methods over the network work.
pub const NETWORK_LEVEL_MIN: Share = Share::from_ppm(500_000);

/// The reason for which technicians cannot take a host, even if they are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// No method is known whose flags are up.
    Cure,
    /// The methods at hand need a recovery key, and there is none.
    Keys,
    /// The methods at hand need the organisation's network.
    Network,
}

/// Ends the repairs that are due, then assigns the next hosts to free technicians.
pub fn run(world: &mut World, scenario: &Scenario) {
    let repairs = world.take(Purpose::Repair);
    world.scratch.work += repairs.len() as u64 * 2;
    let fleet_of = |host: Ix<Host>| scenario.wiring.fleet_of(host);
    let size = if world.derived.is_prefetching { CHUNK } else { usize::MAX };
    for chunk in repairs.chunks(size) {
        let hosts = chunk.iter().map(|&host| Ix::new(host));
        world.prefetch_hosts(scenario, hosts.clone());
        world.prefetch_organisations(scenario, hosts.clone());
        hosts.for_each(|host| finish_repair(world, scenario, fleet_of(host), host, true));
    }
    let failing = world.take(Purpose::FailingRepair);
    let hosts = failing.iter().map(|&host| Ix::new(host));
    hosts.for_each(|host| finish_repair(world, scenario, fleet_of(host), host, false));
    world.give_back(Purpose::Repair, repairs);
    world.give_back(Purpose::FailingRepair, failing);
    if scenario.wiring.hour_begins.binary_search(&(world.state.tick.0 % 60)).is_ok() {
        begin_hour(world, scenario);
    }
    if !world.derived.lists.dirty.is_empty() {
        let mut dirty = std::mem::take(&mut world.derived.lists.dirty);
        for chunk in dirty.chunks_mut(size) {
            let ready = keep_ready(world, chunk);
            world.prefetch_queues(scenario, ready);
            ready.iter().for_each(|&organisation| assign(world, scenario, organisation));
        }
        dirty.clear();
        // The repair of a key server's host marks its organisation again; the mark counts for the next minute.
        dirty.append(&mut world.derived.lists.dirty);
        world.derived.lists.dirty = dirty;
    }
}

/// Evaluates organisations with waiting hosts whose local hour begins, since shifts and rosters change by the hour.
/// Organisations without waiting hosts leave the list.
fn begin_hour(world: &mut World, scenario: &Scenario) {
    let mut waiting = std::mem::take(&mut world.derived.lists.waiting);
    waiting.retain(|&organisation| {
        let state = &mut world.state.organisations[organisation];
        if state.waiting == 0 {
            state.lists.is_waiting = false;
            return false;
        }
        if scenario.week_minute(organisation, world.state.tick).is_multiple_of(60) {
            world.mark_dirty(organisation);
        }
        true
    });
    world.derived.lists.waiting = waiting;
}

/// Hours of a shift, and of the longest one: overtime adds at most as many hours again.
const SHIFT_HOURS: f64 = 8.0;
/// The local hour in the middle of the day, the evening and the night shift.
const SHIFT_MIDDLES: [usize; 3] = [11, 19, 3];

/// Technicians at work in an hour of the week, at an overtime from 0 to 1. Nobody counts in two shifts: overtime makes
/// each shift longer at both ends, and on Saturday and Sunday the people who would be off come for the extra hours.
pub fn at_work(scenario: &Scenario, organisation: Ix<Organisation>, hour_of_week: usize, overtime: f64) -> f64 {
    let compiled = &scenario.organisations[organisation];
    if let Some(roster) = compiled.roster {
        let share = scenario.profiles[roster][hour_of_week] * (1.0 + overtime);
        return f64::from(compiled.staff[0]) * share.min(1.0);
    }
    let scheduled = if hour_of_week / 24 < 5 { 1.0 } else { compiled.weekend };
    let mut people = 0.0;
    for (staff, middle) in compiled.staff.into_iter().zip(SHIFT_MIDDLES) {
        let of_scheduled = covered(hour_of_week, middle, SHIFT_HOURS * (1.0 + overtime));
        let of_others = covered(hour_of_week, middle, SHIFT_HOURS * overtime);
        people += f64::from(staff) * (scheduled * of_scheduled + (1.0 - scheduled) * of_others);
    }
    people
}

/// The part of an hour that lies in a shift of some length, up to 24 hours, around the hour `middle` of the day.
fn covered(hour_of_week: usize, middle: usize, length_hours: f64) -> f64 {
    let from = ((hour_of_week % 24 + 36 - middle) % 24) as f64 - 12.0;
    let half = length_hours / 2.0;
    ((from + 1.0).min(half) - from.max(-half)).max(0.0)
}

/// Hands on duty in the minute that begins at this boundary.
pub fn on_duty(world: &World, organisation: Ix<Organisation>) -> u32 {
    let hour = world.scenario.local_hour(organisation, world.state.tick);
    let state = &world.state.organisations[organisation];
    let modifiers = state.modifiers();
    let own = at_work(&world.scenario, organisation, hour, modifiers.overtime) * (1.0 - modifiers.rest);
    let calls = match world.scenario.has_trust {
        true => CALLS_SHARE_MAX * (1.0 - (state.trust[1].fraction() + state.trust[3].fraction()) / 2.0),
        false => 0.0,
    };
    let outside = f64::from(modifiers.outside_hands_milli) / 1000.0 * led(own, modifiers.outside_people);
    let hands = own * (1.0 - calls) + outside + f64::from(modifiers.granted) - f64::from(modifiers.away);
    // Rounding keeps a crew of one at one technician at any trust; the conversion clamps a negative sum to 0.
    ((hands + 0.5) as u32).saturating_sub(state.tied)
}

/// The share of the people from outside who can work, because somebody of the organisation leads them.
fn led(own: f64, outside_people: u32) -> f64 {
    if outside_people == 0 { 1.0 } else { (own * LED / f64::from(outside_people)).min(1.0) }
}

/// Whether the recovery keys of encrypted hosts are available: none are needed, they are in escrow, or at least half of
/// the key server's hosts are up.
pub fn has_recovery_keys(world: &World, organisation: Ix<Organisation>) -> bool {
    if world.modifiers(organisation).has_escrow {
        return true;
    }
    match world.scenario.organisations[organisation].keys {
        Keys::Open | Keys::Escrow => true,
        Keys::Server(fleet) => {
            let hosts = world.scenario.fleets[fleet].hosts;
            world.state.fleets[fleet].impaired() * 2 <= hosts
        }
    }
}

/// Whether methods over the network work in an organisation.
fn has_network(world: &World, organisation: Ix<Organisation>) -> bool {
    let network = world.scenario.organisations[organisation].network;
    network.is_none_or(|service| NETWORK_LEVEL_MIN <= world.level(service))
}

/// The method that a crew can use now for each class of a fleet's waiting hosts: plain, encrypted, to be rebuilt.
pub(in crate::sim) fn methods_for(
    world: &World,
    scenario: &Scenario,
    organisation: Ix<Organisation>,
    fleet: Ix<Fleet>,
) -> [Option<Ix<Method>>; 3] {
    let kind = &scenario.kinds[scenario.fleets[fleet].kind];
    let modifiers = world.modifiers(organisation);
    let is_ready = |method: Ix<Method>| {
        let compiled = &scenario.methods[method];
        compiled.requires.iter().all(|&flag| world.state.flags[flag])
            && (!compiled.needs_network || has_network(world, organisation))
    };
    let first = |fits: &dyn Fn(Ix<Method>) -> bool| {
        let is_usable = |method: &Ix<Method>| fits(*method) && is_ready(*method);
        let ordered = modifiers.methods.iter().filter(|method| kind.methods.contains(method));
        let usual = kind.methods.iter().filter(|&&method| !scenario.methods[method].rebuilds);
        ordered.copied().find(is_usable).or_else(|| usual.copied().find(is_usable))
    };
    // A restored backup replaces the content of the disk, so that it needs no key.
    let is_restored = modifiers.restored.iter().any(|(restored, _)| *restored == fleet);
    let has_keys = is_restored || has_recovery_keys(world, organisation);
    let rebuilds = |method: &Ix<Method>| scenario.methods[*method].rebuilds && is_ready(*method);
    [
        first(&|_| true),
        first(&|method| has_keys || !scenario.methods[method].needs_key),
        kind.methods.iter().copied().find(rebuilds),
    ]
}

/// What stands between technicians and the classes of a fleet's waiting hosts for which `methods_for` found no method.
pub(in crate::sim) fn obstacles(
    world: &World,
    fleet: Ix<Fleet>,
    methods: &[Option<Ix<Method>>; CLASSES],
) -> [Option<Obstacle>; CLASSES] {
    let scenario = &world.scenario;
    let organisation = world.state.fleets[fleet].organisation;
    let modifiers = world.modifiers(organisation);
    let is_known =
        |method: &&Ix<Method>| scenario.methods[**method].requires.iter().all(|&flag| world.state.flags[flag]);
    let known: Vec<_> = scenario.kinds[world.state.fleets[fleet].kind()].methods.iter().filter(is_known).collect();
    let repairs = |method: &Ix<Method>| !scenario.methods[*method].rebuilds || modifiers.methods.contains(method);
    let needs_key = |method: &Ix<Method>| scenario.methods[*method].needs_key;
    let is_restored = modifiers.restored.iter().any(|(restored, _)| *restored == fleet);
    let has_keys = is_restored || has_recovery_keys(world, organisation);
    let obstacle = |class: usize| match class {
        REBUILD if known.iter().any(|method| scenario.methods[**method].rebuilds) => Obstacle::Network,
        REBUILD => Obstacle::Cure,
        _ if !known.iter().any(|method| repairs(method)) => Obstacle::Cure,
        // A method that is known, needs no key and is not usable lacks the network.
        ENCRYPTED if !has_keys && known.iter().all(|method| !repairs(method) || needs_key(method)) => Obstacle::Keys,
        _ => Obstacle::Network,
    };
    std::array::from_fn(|class| methods[class].is_none().then(|| obstacle(class)))
}

/// Hands on duty in this minute: cached for an hour of the local clock, unless the cache was invalidated.
fn duty(world: &mut World, organisation: Ix<Organisation>) -> u32 {
    let state = &world.state.organisations[organisation];
    let hour = (state.week_phase_min + world.state.tick.0) / 60;
    if state.duty_hour != hour {
        let duty = on_duty(world, organisation);
        let state = &mut world.state.organisations[organisation];
        (state.duty, state.duty_hour) = (duty, hour);
    }
    world.state.organisations[organisation].duty
}

/// The most technicians that may repair servers at once: those on duty who have the skill.
fn server_hands(scenario: &Scenario, organisation: Ix<Organisation>, on_duty: u32) -> u32 {
    ceil_u32(scenario.organisations[organisation].server_share * f64::from(on_duty))
}

/// Technicians of an organisation who repair a server now.
fn busy_on_servers(world: &World, scenario: &Scenario, organisation: Ix<Organisation>) -> u32 {
    let fleets = scenario.organisations[organisation].fleets.iter();
    let servers = fleets.filter(|&fleet| scenario.kinds[scenario.fleets[fleet].kind].is_server);
    servers.map(|fleet| world.state.fleets[fleet].count(HostState::InRepair)).sum()
}

/// Hands on duty that repair no host.
fn free_hands(world: &mut World, organisation: Ix<Organisation>) -> u32 {
    duty(world, organisation).saturating_sub(world.state.organisations[organisation].busy)
}

/// Clears the dirty marks of organisations. Moves those with waiting hosts and free hands to the front of the list, in
/// order, and returns them.
fn keep_ready<'a>(world: &mut World, dirty: &'a mut [Ix<Organisation>]) -> &'a [Ix<Organisation>] {
    let mut ready = 0;
    for index in 0..dirty.len() {
        let organisation = dirty[index];
        let state = &mut world.state.organisations[organisation];
        state.lists.is_dirty = false;
        if 0 < state.waiting && 0 < free_hands(world, organisation) {
            dirty[ready] = organisation;
            ready += 1;
        }
    }
    &dirty[..ready]
}

/// Assigns hosts to free hands: fleets in repair order, after the fleet that was ordered to come first.
fn assign(world: &mut World, scenario: &Scenario, organisation: Ix<Organisation>) {
    let mut free = free_hands(world, organisation);
    let state = &mut world.state.organisations[organisation];
    let (first, front) = (state.first_fleet, state.front as usize);
    let order = scenario.wiring.repair_order.items(organisation);
    let waits = |world: &World, fleet: Ix<Fleet>| world.state.fleets[fleet].waiting.lens != [0; CLASSES];
    // Leading fleets without waiting hosts are skipped from now on, until a host of the organisation begins to wait.
    let skipped = order[front..].iter().take_while(|&&fleet| !waits(world, fleet)).count();
    world.state.organisations[organisation].front += skipped as u32;
    let others = order[front + skipped..].iter().copied();
    // Who can repair servers matters only where not everybody can.
    let mut skilled = u32::MAX;
    if scenario.organisations[organisation].server_share < 1.0 {
        let most = server_hands(scenario, organisation, duty(world, organisation));
        skilled = most.saturating_sub(busy_on_servers(world, scenario, organisation));
    }
    for fleet in first.into_iter().chain(others.filter(|&fleet| Some(fleet) != first)) {
        if waits(world, fleet) {
            let is_server = scenario.kinds[world.state.fleets[fleet].kind()].is_server;
            let able = if is_server { free.min(skilled) } else { free };
            let taken = able - assign_fleet(world, scenario, organisation, fleet, able);
            free -= taken;
            if is_server && skilled != u32::MAX {
                skilled -= taken;
            }
            if free == 0 {
                return;
            }
        }
    }
}

/// Assigns hosts of a fleet: unencrypted hosts first, since they take least time, rebuilds last, since they take most.
/// Returns the number of hands that are still free.
fn assign_fleet(
    world: &mut World,
    scenario: &Scenario,
    organisation: Ix<Organisation>,
    fleet: Ix<Fleet>,
    mut free: u32,
) -> u32 {
    if world.state.fleets[fleet].waiting.methods_version != world.derived.methods_version {
        let methods = methods_for(world, scenario, organisation, fleet);
        let waiting = &mut world.state.fleets[fleet].waiting;
        waiting.methods = methods.map(|method| method.map_or(NO_METHOD, |method| method.number() as u16));
        waiting.methods_version = world.derived.methods_version;
    }
    for class in 0..CLASSES {
        let method = world.state.fleets[fleet].waiting.methods[class];
        if method == NO_METHOD {
            continue;
        }
        let wanted = if class == REBUILD { HostState::Rebuild } else { HostState::Down };
        while 0 < free {
            let waiting = &mut world.state.fleets[fleet].waiting;
            let Some((host, site)) = waiting.pop(&mut world.state.queue_arena, class) else { break };
            // The queue still has the entry of a host that recovered by itself.
            if world.host(host) != wanted {
                world.unseal_fleet(fleet);
                continue;
            }
            let waiting = &mut world.state.fleets[fleet].waiting;
            let travels = waiting.crew_site != site;
            waiting.crew_site = site;
            start_repair(
                world,
                scenario,
                Work { organisation, fleet, host, method: Ix::new(method.into()), class, travels },
            );
            free -= 1;
        }
    }
    free
}

/// The repair of one host by one technician.
#[derive(Clone, Copy)]
struct Work {
    organisation: Ix<Organisation>,
    fleet: Ix<Fleet>,
    host: Ix<Host>,
    method: Ix<Method>,
    class: usize,
    travels: bool,
}

fn start_repair(world: &mut World, scenario: &Scenario, work: Work) {
    // A tired crew is slower: its fatigue counts as it is now.
    accrue_organisation(world, scenario, work.organisation, world.state.tick);
    let minutes = repair_min(world, scenario, work);
    let fails = fails(world, scenario, work);
    hosts::set_host(world, work.fleet, work.host, HostState::InRepair);
    let tick = world.state.tick;
    let state = &mut world.state.organisations[work.organisation];
    state.begin_work(tick);
    state.waiting -= 1;
    world.unseal(work.organisation);
    let at = tick.plus(minutes);
    world.put(if fails { Purpose::FailingRepair } else { Purpose::Repair }, at, work.host.number());
}

/// Whether the repair will fail. A rebuild never fails.
fn fails(world: &World, scenario: &Scenario, work: Work) -> bool {
    let method = &scenario.methods[work.method];
    if method.rebuilds || method.failure <= 0.0 {
        return false;
    }
    let state = &world.state.organisations[work.organisation];
    let modifiers = state.modifiers();
    let false_tools = match scenario.has_trust && !modifiers.is_verified {
        true => 1.0 + FALSE_TOOLS_MAX * (1.0 - state.trust[0].fraction()),
        false => 1.0,
    };
    let tired = 1.0 + FATIGUE_FAILURES * state.fatigue.fraction();
    let chance = method.failure * modifiers.failure * tired * false_tools;
    world.draw.stream(Stream::RepairFails).happens(work.host, 0, chance)
}

/// Minutes of one technician for one host: to reach it, get the key, repair and verify it, divided by the number of
/// hosts that the method repairs at once.
fn repair_min(world: &World, scenario: &Scenario, work: Work) -> u32 {
    let method = &scenario.methods[work.method];
    let state = &world.state.organisations[work.organisation];
    let modifiers = state.modifiers();
    let draw = world.draw.stream(Stream::Touch);
    let [low, _, high] = method.touch_min;
    let mut touch = match method.is_uniform {
        true => low + draw.uniform(work.host, work.method.number()) * (high - low),
        false => draw.triangle(work.host, work.method.number(), &method.touch),
    };
    let restored = modifiers.restored.iter().find(|(fleet, _)| *fleet == work.fleet);
    if let Some((_, factor)) = restored {
        touch *= factor;
    } else if method.needs_key && work.class == ENCRYPTED {
        let key_min = scenario.organisations[work.organisation].key_min;
        touch = (touch + key_min) * modifiers.touch_with_key;
    }
    let locate = if method.remote { 0.0 } else { locate_min(world, scenario, work) };
    let tired = 1.0 + FATIGUE_SLOWDOWN * state.fatigue.fraction();
    let minutes = (locate + touch + method.verify_min) * tired;
    let minutes_a_host = if method.hosts_at_once == 1 { minutes } else { minutes / f64::from(method.hosts_at_once) };
    ceil_u32(minutes_a_host).max(1)
}

fn locate_min(world: &World, scenario: &Scenario, work: Work) -> f64 {
    let kind = &scenario.kinds[world.state.fleets[work.fleet].kind()];
    let drawn = world.draw.stream(Stream::Locate).triangle(work.host, 0, &kind.locate);
    let mut locate =
        drawn * scenario.organisations[work.organisation].locate * world.modifiers(work.organisation).locate;
    if kind.locate_off_factor != 1.0 && !hosts::is_switched_on(world, work.fleet, work.host, world.state.tick) {
        locate *= kind.locate_off_factor;
    }
    if work.travels {
        locate += scenario.fleets[work.fleet].travel_min;
    }
    locate
}

/// Ends a repair: the technician is free, and the host is up or waits for a rebuild.
fn finish_repair(world: &mut World, scenario: &Scenario, fleet: Ix<Fleet>, host: Ix<Host>, is_repaired: bool) {
    let organisation = world.state.fleets[fleet].organisation;
    world.state.organisations[organisation].end_work(world.state.tick);
    world.unseal(organisation);
    world.mark_dirty(organisation);
    if is_repaired {
        hosts::set_host(world, fleet, host, HostState::Up);
        world.state.fleets[fleet].repaired += 1;
    } else {
        hosts::set_host(world, fleet, host, HostState::Rebuild);
        world.state.fleets[fleet].repairs_failed += 1;
        hosts::enter_queue(world, scenario, fleet, host, REBUILD);
    }
}

/// Puts an organisation on the list of organisations whose cost or fatigue changes every minute, from this one on.
pub fn watch_surge(world: &mut World, organisation: Ix<Organisation>) {
    let state = &mut world.state.organisations[organisation];
    if !state.lists.is_surging && surges(state) {
        state.lists.is_surging = true;
        state.accrued_until = world.state.tick;
        world.derived.lists.surging.push(organisation);
    }
}

fn surges(state: &OrganisationState) -> bool {
    let modifiers = state.modifiers();
    Share::NONE < state.fatigue || 0.0 < modifiers.overtime || 0.0 < modifiers.rest || 0 < modifiers.outside_people
}

/// Brings cost and fatigue of the organisations on the list up to a boundary. Those at rest leave the list.
pub fn accrue(world: &mut World, until: Tick) {
    if world.derived.lists.surging.is_empty() {
        return;
    }
    let scenario = world.scenario.clone();
    let mut surging = std::mem::take(&mut world.derived.lists.surging);
    surging.retain(|&organisation| {
        if world.is_reached(organisation) {
            accrue_organisation(world, &scenario, organisation, until);
            world.unseal(organisation);
        }
        let state = &mut world.state.organisations[organisation];
        state.lists.is_surging = surges(state);
        state.lists.is_surging
    });
    world.derived.lists.surging = surging;
}

/// Brings cost and fatigue of an organisation up to a boundary. The orders in force must be those since the last call.
#[inline]
pub fn accrue_organisation(world: &mut World, scenario: &Scenario, organisation: Ix<Organisation>, until: Tick) {
    let state = &mut world.state.organisations[organisation];
    if state.lists.is_surging && state.accrued_until < until {
        (state.cost_cents, state.fatigue) = accrued_since(state, scenario, organisation, until);
        state.accrued_until = until;
    }
}

/// Cost in cents and fatigue of an organisation at this boundary.
pub fn accrued(world: &World, organisation: Ix<Organisation>) -> (u64, Share) {
    let (state, until) = (&world.state.organisations[organisation], world.state.tick);
    if state.lists.is_surging && state.accrued_until < until && world.is_reached(organisation) {
        return accrued_since(state, &world.scenario, organisation, until);
    }
    (state.cost_cents, state.fatigue)
}

/// Adds what each minute since the last change adds: the pay is the same in all minutes of a local hour, the change of
/// fatigue in all minutes.
fn accrued_since(
    state: &OrganisationState,
    scenario: &Scenario,
    organisation: Ix<Organisation>,
    until: Tick,
) -> (u64, Share) {
    let modifiers = state.modifiers();
    let (overtime, rest, outside) = (modifiers.overtime, modifiers.rest, modifiers.outside_people);
    let minutes = until.since(state.accrued_until);
    let mut cost_cents = state.cost_cents;
    // Most minutes on the list are those of a tired crew without extra pay.
    if 0.0 < overtime || 0 < outside {
        let rate = scenario.organisations[organisation].cost_per_hour_usd;
        let (mut from, mut left) = (state.accrued_until, minutes);
        while 0 < left {
            let week_minute = scenario.week_minute(organisation, from);
            let take = (60 - week_minute % 60).min(left);
            let people = |overtime: f64| at_work(scenario, organisation, (week_minute / 60) as usize, overtime);
            let own_people = if 0.0 < overtime { people(overtime) - people(0.0) } else { 0.0 };
            let extra_people = own_people + f64::from(outside);
            let pay_cents = (extra_people * rate * SURGE_PAY / 60.0 * 100.0 + 0.5) as u64;
            cost_cents += pay_cents * u64::from(take);
            (from, left) = (from.plus(take), left - take);
        }
    }
    let gained = (overtime * FATIGUE_GAIN_PPM) as u32;
    let rested = (rest * FATIGUE_REST_PPM) as u32;
    let lost = if 0.0 < overtime { rested } else { FATIGUE_LOSS_PPM + rested };
    let ppm = u64::from(state.fatigue.ppm()) + u64::from(gained) * u64::from(minutes);
    let ppm = ppm.saturating_sub(u64::from(lost) * u64::from(minutes));
    (cost_cents, Share::from_ppm(ppm.min(u64::from(Share::WHOLE.ppm())) as u32))
}
