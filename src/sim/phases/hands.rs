//! Hands: who is on duty, which host they take next, how long a repair takes, what it costs.
//!
//! A technician works one host at a time; a method that serves several at once divides the minutes.

use crate::base::{Share, Stream};
use crate::scenario::compile::{Keys, Scenario};
use crate::sim::world::{FleetState, HostState, Modifiers, OrganisationState, World};

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

/// Nobody busy, everybody fresh.
pub fn organisations_at_start(scenario: &Scenario) -> Vec<OrganisationState> {
    let fresh = OrganisationState {
        busy: 0,
        on_duty: 0,
        fatigue: Share::NONE,
        trust: Share::from_ppm(super::trust::TRUST_AT_START_PPM),
        person_min: 0,
        cost_cents: 0,
        modifiers: Modifiers::default(),
        repair_order: Vec::new(),
        first_fleet: None,
        backup_touch: Vec::new(),
    };
    vec![fresh; scenario.organisations.len()]
}

/// Fleets in the order crews take them: the one told to come first, then by priority, then as written.
pub fn repair_order(scenario: &Scenario, organisation: u32, first: Option<u32>) -> Vec<u32> {
    let mut order: Vec<u32> = scenario.organisations[organisation as usize].fleets.clone().collect();
    order.sort_by_key(|&fleet| {
        (Some(fleet) != first, std::cmp::Reverse(scenario.fleets[fleet as usize].priority), fleet)
    });
    order
}

/// Finishes repairs that are due, then gives free hands the next hosts.
pub fn run(world: &mut World) {
    for host in world.repairs.take(world.tick) {
        finish_repair(world, host, true);
    }
    for host in world.failing_repairs.take(world.tick) {
        finish_repair(world, host, false);
    }
    for organisation in 0..world.organisations.len() as u32 {
        staff_duty(world, organisation);
        let waits = world.scenario.organisations[organisation as usize]
            .fleets
            .clone()
            .any(|fleet| has_waiting(&world.fleets[fleet as usize]));
        if waits {
            assign(world, organisation);
        }
        reckon(world, organisation);
    }
}

fn has_waiting(fleet: &FleetState) -> bool {
    !fleet.waiting_plain.is_empty() || !fleet.waiting_encrypted.is_empty() || !fleet.waiting_rebuild.is_empty()
}

/// Technicians of the shift: day 07–15, evening 15–23, night 23–07, fewer at weekends.
pub fn shift_staff(scenario: &Scenario, organisation: u32, hour_of_week: usize) -> f64 {
    let of = &scenario.organisations[organisation as usize];
    let shift = match hour_of_week % 24 {
        7..=14 => 0,
        15..=22 => 1,
        _ => 2,
    };
    let weekend = if hour_of_week / 24 < 5 { 1.0 } else { of.weekend };
    f64::from(of.staff[shift]) * weekend
}

fn staff_duty(world: &mut World, organisation: u32) {
    let hour = world.scenario.local_hour(organisation, world.tick);
    let scheduled = shift_staff(&world.scenario, organisation, hour);
    let tied_by_fallbacks: u32 = world.scenario.organisations[organisation as usize]
        .services
        .clone()
        .filter(|&service| world.services[service as usize].is_fallback_on)
        .filter_map(|service| world.scenario.services[service as usize].fallback.as_ref())
        .map(|fallback| fallback.technicians)
        .sum();
    let state = &mut world.organisations[organisation as usize];
    let modifiers = &state.modifiers;
    let own = scheduled * (1.0 + modifiers.overtime) * (1.0 - modifiers.rest);
    let calls = CALLS_SHARE_MAX * (1.0 - state.trust.fraction());
    let hands = own * (1.0 - calls) + f64::from(modifiers.outside_hands_milli) / 1000.0;
    // Rounded so that a crew of one stays a crew of one at any trust.
    state.on_duty = ((hands + 0.5) as u32).saturating_sub(tied_by_fallbacks);
}

/// Keys of encrypted hosts are at hand: open, in escrow, or at least half the key servers are up.
pub fn keys_at_hand(world: &World, organisation: u32) -> bool {
    if world.organisations[organisation as usize].modifiers.has_escrow {
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

/// What a crew can do for a fleet's hosts now, by the state of the disk.
#[derive(Clone, Copy, Debug, Default)]
struct Methods {
    plain: Option<u32>,
    encrypted: Option<u32>,
    rebuild: Option<u32>,
}

fn methods_for(world: &World, organisation: u32, fleet: u32) -> Methods {
    let scenario = &world.scenario;
    let kind = &scenario.kinds[scenario.fleets[fleet as usize].kind as usize];
    let ordered = &world.organisations[organisation as usize].modifiers.methods;
    let is_ready =
        |method: u32| scenario.methods[method as usize].requires.iter().all(|&flag| world.flags[flag as usize]);
    let first = |fits: &dyn Fn(u32) -> bool| {
        let usable = |method: &u32| is_ready(*method) && fits(*method);
        let told = ordered.iter().copied().filter(|method| kind.methods.contains(method)).find(|method| usable(method));
        let by_habit = || {
            kind.methods
                .iter()
                .copied()
                .filter(|&method| !scenario.methods[method as usize].rebuilds)
                .find(|method| usable(method))
        };
        told.or_else(by_habit)
    };
    // What comes from backup is put in place of the disk, not unlocked.
    let is_restored = world.organisations[organisation as usize].backup_touch.iter().any(|(of, _)| *of == fleet);
    let has_keys = is_restored || keys_at_hand(world, organisation);
    Methods {
        plain: first(&|_| true),
        encrypted: first(&|method| has_keys || !scenario.methods[method as usize].needs_key),
        rebuild: kind
            .methods
            .iter()
            .copied()
            .find(|&method| scenario.methods[method as usize].rebuilds && is_ready(method)),
    }
}

fn assign(world: &mut World, organisation: u32) {
    let state = &world.organisations[organisation as usize];
    let mut free = state.on_duty.saturating_sub(state.busy);
    if free == 0 {
        return;
    }
    let order = state.repair_order.clone();
    for fleet in order {
        if !has_waiting(&world.fleets[fleet as usize]) {
            continue;
        }
        let methods = methods_for(world, organisation, fleet);
        while 0 < free {
            let Some((host, method)) = next_host(world, fleet, methods) else { break };
            start_repair(world, organisation, fleet, host, method);
            free -= 1;
        }
        if free == 0 {
            return;
        }
    }
}

/// The host that has waited longest among those a method is at hand for: unencrypted ones first,
/// since they cost less, rebuilds last, since they cost most.
fn next_host(world: &mut World, fleet: u32, methods: Methods) -> Option<(u32, u32)> {
    for (queue, method, wanted) in [
        (0, methods.plain, HostState::Down),
        (1, methods.encrypted, HostState::Down),
        (2, methods.rebuild, HostState::Rebuild),
    ] {
        let Some(method) = method else { continue };
        loop {
            let state = &mut world.fleets[fleet as usize];
            let waiting = match queue {
                0 => &mut state.waiting_plain,
                1 => &mut state.waiting_encrypted,
                _ => &mut state.waiting_rebuild,
            };
            let Some(host) = waiting.pop_front() else { break };
            // A host that won late left its place in the queue behind.
            if world.host(host) == wanted {
                return Some((host, method));
            }
        }
    }
    None
}

fn start_repair(world: &mut World, organisation: u32, fleet: u32, host: u32, method: u32) {
    let minutes = repair_min(world, organisation, fleet, host, method);
    world.set_host(fleet, host, HostState::InRepair);
    world.organisations[organisation as usize].busy += 1;
    let at = world.tick.plus(minutes);
    match fails(world, organisation, host, method) {
        true => world.failing_repairs.put(at, host),
        false => world.repairs.put(at, host),
    }
}

/// Whether the repair will fail; setting up anew always works.
fn fails(world: &World, organisation: u32, host: u32, method: u32) -> bool {
    let by = &world.scenario.methods[method as usize];
    let state = &world.organisations[organisation as usize];
    let tired = 1.0 + FATIGUE_FAILURES * state.fatigue.fraction();
    let chance = by.failure * state.modifiers.failure * tired;
    !by.rebuilds && world.draw.stream(Stream::RepairFails).happens(host, 0, chance)
}

/// Minutes of one technician on one host: reach it, then touch it, over the hosts worked at once.
fn repair_min(world: &World, organisation: u32, fleet: u32, host: u32, method: u32) -> u32 {
    let scenario = &world.scenario;
    let kind = &scenario.kinds[scenario.fleets[fleet as usize].kind as usize];
    let by = &scenario.methods[method as usize];
    let state = &world.organisations[organisation as usize];
    let [low, mode, high] = by.touch_min;
    let mut touch = world.draw.stream(Stream::Touch).triangular(host, method, low, mode, high);
    if by.needs_key && is_encrypted(world, host, kind.encrypted) {
        touch *= state.modifiers.touch_with_key;
    }
    if let Some((_, factor)) = state.backup_touch.iter().find(|(of, _)| *of == fleet) {
        touch *= factor;
    }
    let locate = if by.remote {
        0.0
    } else {
        let [low, mode, high] = kind.locate_min;
        world.draw.stream(Stream::Locate).triangular(host, 0, low, mode, high) * state.modifiers.locate
    };
    let tired = 1.0 + FATIGUE_SLOWDOWN * state.fatigue.fraction();
    let minutes = (locate + touch) * tired / f64::from(by.hosts_at_once);
    (libm::ceil(minutes) as u32).max(1)
}

fn is_encrypted(world: &World, host: u32, share: f64) -> bool {
    world.draw.stream(Stream::Encrypted).happens(host, 0, share)
}

/// Frees the technician; the host is up, or must be set up anew.
fn finish_repair(world: &mut World, host: u32, is_mended: bool) {
    let fleet = world.fleet_of(host);
    let organisation = world.scenario.fleets[fleet as usize].organisation;
    world.organisations[organisation as usize].busy -= 1;
    if is_mended {
        world.set_host(fleet, host, HostState::Up);
        world.fleets[fleet as usize].repaired += 1;
    } else {
        world.set_host(fleet, host, HostState::Rebuild);
        let state = &mut world.fleets[fleet as usize];
        state.repairs_failed += 1;
        state.waiting_rebuild.push_back(host);
    }
}

/// Counts the minute's work and pay, and lets fatigue grow or fade.
fn reckon(world: &mut World, organisation: u32) {
    let rate = world.scenario.organisations[organisation as usize].cost_per_hour_usd;
    let hour = world.scenario.local_hour(organisation, world.tick);
    let scheduled = shift_staff(&world.scenario, organisation, hour);
    let state = &mut world.organisations[organisation as usize];
    state.person_min += u64::from(state.busy);
    let extra_people = scheduled * state.modifiers.overtime + f64::from(state.modifiers.outside_people);
    state.cost_cents += (extra_people * rate * SURGE_PAY / 60.0 * 100.0 + 0.5) as u64;
    let ppm = state.fatigue.ppm();
    let gained = (state.modifiers.overtime * FATIGUE_GAIN_PPM) as u32;
    let rested = (state.modifiers.rest * FATIGUE_REST_PPM) as u32;
    let lost = if 0.0 < state.modifiers.overtime { rested } else { FATIGUE_LOSS_PPM + rested };
    state.fatigue = Share::from_ppm((ppm + gained).saturating_sub(lost));
}
