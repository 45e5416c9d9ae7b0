//! Hands: who is on duty, which host they take next, how long a repair takes, what it costs.
//! docs/model.md, "Hands".
//!
//! An organisation is looked at when something about its hands or hosts changed: a host came or went,
//! a repair ended, an hour began, an order, a flag, trust or a fallback changed. Between such moments the
//! answer cannot change. What accrues every minute is reckoned from when it last changed.

use crate::base::draw::ceil_u32;
use crate::base::{Share, Stream, Tick};
use crate::scenario::compile::{Keys, Scenario};
use crate::sim::phases::hosts;
use crate::sim::queue::{CLASSES, NO_METHOD};
use crate::sim::warm::CHUNK;
use crate::sim::wheel::Purpose;
use crate::sim::world::{HostState, OrganisationState, World};

/// Fatigue gained by a minute at double shifts, parts per million (worn out after about 42 h of it).
const FATIGUE_GAIN_PPM: f64 = 400.0;
/// Fatigue lost by a minute of ordinary work, and by a minute when everybody rests.
const FATIGUE_LOSS_PPM: u32 = 120;
const FATIGUE_REST_PPM: f64 = 900.0;
/// A worn-out crew takes this much longer and fails this much more (PM16: +27 to +36 %).
const FATIGUE_SLOWDOWN: f64 = 0.35;
const FATIGUE_FAILURES: f64 = 1.0;
/// Pay of overtime and outside help over the ordinary hour.
const SURGE_PAY: f64 = 1.5;
/// Share of a crew that anxious callers can tie up at most.
const CALLS_SHARE_MAX: f64 = 0.15;
/// Staff who trust nobody's word use false tools so much more often.
const FALSE_TOOLS_MAX: f64 = 0.5;
/// Classes of waiting hosts; 0 is plain.
const ENCRYPTED: usize = 1;
const REBUILD: usize = 2;
/// Methods over the network need at least this level of it.
pub const NETWORK_LEVEL_MIN: Share = Share::from_ppm(500_000);

/// Finishes repairs that are due, then gives free hands the next hosts.
pub fn run(world: &mut World, scenario: &Scenario) {
    let repairs = world.take(Purpose::Repair);
    world.work += repairs.len() as u64 * 2;
    let fleet_of = |host: u32| scenario.wiring.fleet_of(host);
    let size = if world.warms { CHUNK } else { usize::MAX };
    for chunk in repairs.chunks(size) {
        world.warm_hosts(scenario, chunk.iter().copied());
        world.warm_organisations(scenario, chunk);
        chunk.iter().for_each(|&host| finish_repair(world, scenario, fleet_of(host), host, true));
    }
    let failing = world.take(Purpose::FailingRepair);
    failing.iter().for_each(|&host| finish_repair(world, scenario, fleet_of(host), host, false));
    world.give_back(Purpose::Repair, repairs);
    world.give_back(Purpose::FailingRepair, failing);
    if scenario.wiring.hour_begins.binary_search(&(world.tick.0 % 60)).is_ok() {
        begin_hour(world, scenario);
    }
    if !world.lists.dirty.is_empty() {
        let mut dirty = std::mem::take(&mut world.lists.dirty);
        for chunk in dirty.chunks_mut(size) {
            let ready = keep_ready(world, chunk);
            world.warm_queues(scenario, ready);
            ready.iter().for_each(|&organisation| assign(world, scenario, organisation));
        }
        dirty.clear();
        // Taking a key server's host in hand marks its organisation again: that is for the next minute.
        dirty.append(&mut world.lists.dirty);
        world.lists.dirty = dirty;
    }
    if !world.lists.surging.is_empty() {
        reckon(world, scenario);
    }
}

/// Shifts and rosters change with the local hour; who has nothing waiting leaves the list.
fn begin_hour(world: &mut World, scenario: &Scenario) {
    let mut waiting = std::mem::take(&mut world.lists.waiting);
    waiting.retain(|&organisation| {
        let state = &mut world.organisations[organisation as usize];
        if state.waiting == 0 {
            state.lists.is_waiting = false;
            return false;
        }
        if scenario.week_minute(organisation, world.tick).is_multiple_of(60) {
            world.mark_dirty(organisation);
        }
        true
    });
    world.lists.waiting = waiting;
}

/// Technicians of the shift: day 07–15, evening 15–23, night 23–07, fewer at weekends; or the roster's.
pub fn shift_staff(scenario: &Scenario, organisation: u32, hour_of_week: usize) -> f64 {
    let of = &scenario.organisations[organisation as usize];
    if let Some(roster) = of.roster {
        return f64::from(of.staff[0]) * scenario.profiles[roster as usize][hour_of_week];
    }
    let shift = match hour_of_week % 24 {
        7..=14 => 0,
        15..=22 => 1,
        _ => 2,
    };
    let weekend = if hour_of_week / 24 < 5 { 1.0 } else { of.weekend };
    f64::from(of.staff[shift]) * weekend
}

/// Hands on duty in the minute that begins at this boundary.
pub fn on_duty(world: &World, organisation: u32) -> u32 {
    let hour = world.scenario.local_hour(organisation, world.tick);
    let scheduled = shift_staff(&world.scenario, organisation, hour);
    let state = &world.organisations[organisation as usize];
    let modifiers = state.modifiers();
    let own = scheduled * (1.0 + modifiers.overtime) * (1.0 - modifiers.rest);
    let calls = match world.scenario.has_trust {
        true => CALLS_SHARE_MAX * (1.0 - (state.trust[1].fraction() + state.trust[3].fraction()) / 2.0),
        false => 0.0,
    };
    let outside = f64::from(modifiers.outside_hands_milli) / 1000.0;
    let hands = own * (1.0 - calls) + outside + f64::from(modifiers.granted);
    // Rounded so that a crew of one stays a crew of one at any trust; a negative sum is cut at none.
    ((hands + 0.5) as u32).saturating_sub(state.tied)
}

/// Keys of encrypted hosts are at hand: open, in escrow, or at least half the key servers are up.
pub fn keys_at_hand(world: &World, organisation: u32) -> bool {
    if world.modifiers(organisation).has_escrow {
        return true;
    }
    match world.scenario.organisations[organisation as usize].keys {
        Keys::Open | Keys::Escrow => true,
        Keys::Server(fleet) => {
            let hosts = world.scenario.fleets[fleet as usize].hosts;
            world.fleets[fleet as usize].impaired() * 2 <= hosts
        }
    }
}

/// Does a method's network carry it there?
fn has_network(world: &World, organisation: u32) -> bool {
    let network = world.scenario.organisations[organisation as usize].network;
    network.is_none_or(|service| NETWORK_LEVEL_MIN <= world.level(service))
}

/// What a crew can do for each class of a fleet's waiting hosts now: plain, encrypted, to be rebuilt.
fn methods_for(world: &World, scenario: &Scenario, organisation: u32, fleet: u32) -> [Option<u32>; 3] {
    let kind = &scenario.kinds[scenario.fleets[fleet as usize].kind as usize];
    let modifiers = world.modifiers(organisation);
    let is_ready = |method: u32| {
        let of = &scenario.methods[method as usize];
        of.requires.iter().all(|&flag| world.flags[flag as usize])
            && (!of.needs_network || has_network(world, organisation))
    };
    let first = |fits: &dyn Fn(u32) -> bool| {
        let is_usable = |method: &u32| fits(*method) && is_ready(*method);
        let told = modifiers.methods.iter().filter(|method| kind.methods.contains(method));
        let habit = kind.methods.iter().filter(|&&method| !scenario.methods[method as usize].rebuilds);
        told.copied().find(is_usable).or_else(|| habit.copied().find(is_usable))
    };
    // What comes from backup is put in place of the disk, not unlocked.
    let is_restored = modifiers.restored.iter().any(|(of, _)| *of == fleet);
    let has_keys = is_restored || keys_at_hand(world, organisation);
    let rebuilds = |method: &u32| scenario.methods[*method as usize].rebuilds && is_ready(*method);
    [
        first(&|_| true),
        first(&|method| has_keys || !scenario.methods[method as usize].needs_key),
        kind.methods.iter().copied().find(rebuilds),
    ]
}

/// Hands on duty in this minute, reckoned once an hour and when something about them changed.
fn duty(world: &mut World, organisation: u32) -> u32 {
    let state = &world.organisations[organisation as usize];
    let hour = (state.week_phase_min + world.tick.0) / 60;
    if state.duty_hour != hour {
        let duty = on_duty(world, organisation);
        let state = &mut world.organisations[organisation as usize];
        (state.duty, state.duty_hour) = (duty, hour);
    }
    world.organisations[organisation as usize].duty
}

/// Hands that are on duty and on no host.
fn free_hands(world: &mut World, organisation: u32) -> u32 {
    duty(world, organisation).saturating_sub(world.organisations[organisation as usize].busy)
}

/// Takes organisations off the list of dirty ones; those with hosts waiting and hands free come first, and are
/// given.
fn keep_ready<'a>(world: &mut World, dirty: &'a mut [u32]) -> &'a [u32] {
    let mut ready = 0;
    for at in 0..dirty.len() {
        let organisation = dirty[at];
        let state = &mut world.organisations[organisation as usize];
        state.lists.is_dirty = false;
        if 0 < state.waiting && 0 < free_hands(world, organisation) {
            dirty[ready] = organisation;
            ready += 1;
        }
    }
    &dirty[..ready]
}

/// Free hands take hosts: fleets in repair order, the one told to come first before all.
fn assign(world: &mut World, scenario: &Scenario, organisation: u32) {
    let mut free = free_hands(world, organisation);
    let state = &mut world.organisations[organisation as usize];
    let (first, front) = (state.first_fleet, state.front as usize);
    let order = scenario.wiring.repair_order.of(organisation);
    let waits = |world: &World, fleet: u32| world.fleets[fleet as usize].waiting.lens != [0; CLASSES];
    // Fleets of which nobody waits stay behind until somebody comes.
    let behind = order[front..].iter().take_while(|&&fleet| !waits(world, fleet)).count();
    world.organisations[organisation as usize].front += behind as u32;
    let habit = order[front + behind..].iter().copied();
    for fleet in first.into_iter().chain(habit.filter(|&fleet| Some(fleet) != first)) {
        if waits(world, fleet) {
            free = assign_fleet(world, scenario, organisation, fleet, free);
            if free == 0 {
                return;
            }
        }
    }
}

/// Unencrypted hosts first, since they cost less, rebuilds last, since they cost most. Gives the hands
/// that are still free.
fn assign_fleet(world: &mut World, scenario: &Scenario, organisation: u32, fleet: u32, mut free: u32) -> u32 {
    if world.fleets[fleet as usize].waiting.methods_of != world.methods_of {
        let methods = methods_for(world, scenario, organisation, fleet);
        let waiting = &mut world.fleets[fleet as usize].waiting;
        waiting.methods = methods.map(|method| method.map_or(NO_METHOD, |method| method as u16));
        waiting.methods_of = world.methods_of;
    }
    for class in 0..CLASSES {
        let method = world.fleets[fleet as usize].waiting.methods[class];
        if method == NO_METHOD {
            continue;
        }
        let wanted = if class == REBUILD { HostState::Rebuild } else { HostState::Down };
        while 0 < free {
            let waiting = &mut world.fleets[fleet as usize].waiting;
            let Some((host, site)) = waiting.pop(&mut world.queues, class) else { break };
            // A host that came back by itself left its place in the queue behind.
            if world.host(host) != wanted {
                world.unseal_fleet(fleet);
                continue;
            }
            let waiting = &mut world.fleets[fleet as usize].waiting;
            let travels = waiting.crew_site != site;
            waiting.crew_site = site;
            start_repair(world, scenario, Work { organisation, fleet, host, method: method.into(), class, travels });
            free -= 1;
        }
    }
    free
}

/// One technician's next host.
#[derive(Clone, Copy)]
struct Work {
    organisation: u32,
    fleet: u32,
    host: u32,
    method: u32,
    class: usize,
    travels: bool,
}

fn start_repair(world: &mut World, scenario: &Scenario, work: Work) {
    let minutes = repair_min(world, scenario, work);
    let fails = fails(world, scenario, work);
    hosts::set_host(world, work.fleet, work.host, HostState::InRepair);
    let tick = world.tick;
    let state = &mut world.organisations[work.organisation as usize];
    state.begin_work(tick);
    state.waiting -= 1;
    world.unseal(work.organisation);
    let at = tick.plus(minutes);
    world.put(if fails { Purpose::FailingRepair } else { Purpose::Repair }, at, work.host);
}

/// Whether the repair will fail; setting up anew always works.
fn fails(world: &World, scenario: &Scenario, work: Work) -> bool {
    let by = &scenario.methods[work.method as usize];
    if by.rebuilds || by.failure <= 0.0 {
        return false;
    }
    let state = &world.organisations[work.organisation as usize];
    let modifiers = state.modifiers();
    let false_tools = match scenario.has_trust && !modifiers.is_verified {
        true => 1.0 + FALSE_TOOLS_MAX * (1.0 - state.trust[0].fraction()),
        false => 1.0,
    };
    let tired = 1.0 + FATIGUE_FAILURES * state.fatigue.fraction();
    let chance = by.failure * modifiers.failure * tired * false_tools;
    world.draw.stream(Stream::RepairFails).happens(work.host, 0, chance)
}

/// Minutes of one technician on one host: reach it, get the key, touch it and see that it works, over the
/// hosts worked at once.
fn repair_min(world: &World, scenario: &Scenario, work: Work) -> u32 {
    let by = &scenario.methods[work.method as usize];
    let state = &world.organisations[work.organisation as usize];
    let modifiers = state.modifiers();
    let draw = world.draw.stream(Stream::Touch);
    let [low, _, high] = by.touch_min;
    let mut touch = match by.is_uniform {
        true => low + draw.uniform(work.host, work.method) * (high - low),
        false => draw.triangle(work.host, work.method, &by.touch),
    };
    let restored = modifiers.restored.iter().find(|(of, _)| *of == work.fleet);
    if let Some((_, factor)) = restored {
        touch *= factor;
    } else if by.needs_key && work.class == ENCRYPTED {
        let key_min = scenario.organisations[work.organisation as usize].key_min;
        touch = (touch + key_min) * modifiers.touch_with_key;
    }
    let locate = if by.remote { 0.0 } else { locate_min(world, scenario, work) };
    let tired = 1.0 + FATIGUE_SLOWDOWN * state.fatigue.fraction();
    let minutes = (locate + touch + by.verify_min) * tired;
    let each = if by.hosts_at_once == 1 { minutes } else { minutes / f64::from(by.hosts_at_once) };
    ceil_u32(each).max(1)
}

fn locate_min(world: &World, scenario: &Scenario, work: Work) -> f64 {
    let kind = &scenario.kinds[usize::from(world.fleets[work.fleet as usize].kind)];
    let drawn = world.draw.stream(Stream::Locate).triangle(work.host, 0, &kind.locate);
    let mut locate = drawn * world.modifiers(work.organisation).locate;
    if kind.locate_off_factor != 1.0 && !hosts::is_switched_on(world, work.fleet, work.host, world.tick) {
        locate *= kind.locate_off_factor;
    }
    if work.travels {
        locate += scenario.fleets[work.fleet as usize].travel_min;
    }
    locate
}

/// Frees the technician; the host is up, or must be set up anew.
fn finish_repair(world: &mut World, scenario: &Scenario, fleet: u32, host: u32, is_mended: bool) {
    let organisation = world.fleets[fleet as usize].organisation;
    world.organisations[organisation as usize].end_work(world.tick);
    world.unseal(organisation);
    world.mark_dirty(organisation);
    if is_mended {
        hosts::set_host(world, fleet, host, HostState::Up);
        world.fleets[fleet as usize].repaired += 1;
    } else {
        hosts::set_host(world, fleet, host, HostState::Rebuild);
        world.fleets[fleet as usize].repairs_failed += 1;
        hosts::enter_queue(world, scenario, fleet, host, REBUILD);
    }
}

/// Puts an organisation on the list of those whose pay or fatigue changes by the minute.
pub fn watch_surge(world: &mut World, organisation: u32) {
    let state = &mut world.organisations[organisation as usize];
    if !state.lists.is_surging && surges(state) {
        state.lists.is_surging = true;
        world.lists.surging.push(organisation);
    }
}

fn surges(state: &OrganisationState) -> bool {
    let modifiers = state.modifiers();
    Share::NONE < state.fatigue || 0.0 < modifiers.overtime || 0.0 < modifiers.rest || 0 < modifiers.outside_people
}

/// Counts the minute's pay, and lets fatigue grow or fade, where there is any.
fn reckon(world: &mut World, scenario: &Scenario) {
    let mut surging = std::mem::take(&mut world.lists.surging);
    surging.retain(|&organisation| {
        if world.is_reached(organisation) {
            reckon_minute(&mut world.organisations[organisation as usize], scenario, organisation, world.tick);
            world.unseal(organisation);
        }
        let state = &mut world.organisations[organisation as usize];
        state.lists.is_surging = surges(state);
        state.lists.is_surging
    });
    world.lists.surging = surging;
}

fn reckon_minute(state: &mut OrganisationState, scenario: &Scenario, organisation: u32, tick: Tick) {
    let modifiers = state.modifiers();
    let (overtime, rest, outside) = (modifiers.overtime, modifiers.rest, modifiers.outside_people);
    let scheduled = shift_staff(scenario, organisation, scenario.local_hour(organisation, tick));
    let rate = scenario.organisations[organisation as usize].cost_per_hour_usd;
    let extra_people = scheduled * overtime + f64::from(outside);
    state.cost_cents += (extra_people * rate * SURGE_PAY / 60.0 * 100.0 + 0.5) as u64;
    let gained = (overtime * FATIGUE_GAIN_PPM) as u32;
    let rested = (rest * FATIGUE_REST_PPM) as u32;
    let lost = if 0.0 < overtime { rested } else { FATIGUE_LOSS_PPM + rested };
    state.fatigue = Share::from_ppm((state.fatigue.ppm() + gained).saturating_sub(lost));
}
