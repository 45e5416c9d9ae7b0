//! Made-up worlds: manifest, regions, profiles, channels, methods, fleet kinds, flags, staff pools, clocks.
//!
//! Every world passes the check, although its values reach the ends of their ranges.

use crate::base::{Tick, UtcStart};
use crate::scenario::schema::{
    Channel, Clock, Difficulty, FORMAT_VERSION, Flag, FleetKind, Glyph, Link, Manifest, Method, OrganisationGroup,
    OutOfReach, Pool, Profile, RaceOnce, Region, Ring, RingPlan, Role, Sector, World,
};
use crate::synth::dice::{Dice, made_up};

/// Sectors of every made-up world; `lone` has no organisation.
pub const SECTORS: [&str; 3] = ["north", "south", "lone"];
/// Profiles of shares, which suit machines, rosters and demand; the first is 1 at every hour.
pub const SHARES: [&str; 3] = ["always", "office", "patchy"];
/// Profiles for demand alone.
pub const DEMANDS: [&str; 2] = ["bumpy", "one-hour"];
/// Flags of every made-up world; the first is up at the start.
pub const FLAGS: [&str; 3] = ["up", "advice", "tool"];
/// The one group of organisations.
pub const GROUP: &str = "some";

const OFFSETS_MIN: [i32; 8] = [0, 60, 330, -210, 840, -840, 345, -60];
const RINGS_MAX: u32 = 3;

/// The manifest: one to three days from any minute of any weekday.
pub fn manifest(dice: &mut Dice, seed: u64) -> Manifest {
    let (day, hour, minute) = (dice.whole(1..=28), dice.whole(0..=23), dice.whole(0..=59));
    let start = format!("2024-07-{day:02}T{hour:02}:{minute:02}Z");
    let horizon_min = match dice.whole(0..=3) {
        0 => 1440,
        1 => 4320,
        _ => dice.whole(1440..=4320),
    };
    let clock = UtcStart::parse(&start).expect("a time is made of its parts");
    Manifest {
        version: FORMAT_VERSION,
        id: format!("swarm-{seed}"),
        title: format!("Swarm {seed}"),
        subtitle: String::new(),
        place: "Nowhere".to_owned(),
        summary: "A scenario made up by chance to try the simulation.".to_owned(),
        difficulty: Difficulty::Introductory,
        play_min: 1,
        start,
        incident: clock.iso(Tick(dice.whole(0..=600))),
        horizon_min,
        assumptions: Vec::new(),
        trust: dice.happens(0.6),
        population_seed: u64::from(dice.whole(0..=1000)),
    }
}

/// Everything that organisations refer to.
pub fn world(dice: &mut Dice) -> World {
    let mut world = World {
        regions: (0..dice.whole(1..=3)).map(|number| region(dice, number)).collect(),
        sectors: SECTORS.iter().map(|id| sector(dice, id)).collect(),
        profiles: profiles(dice),
        flags: FLAGS.iter().map(|id| flag(id)).collect(),
        groups: vec![OrganisationGroup { id: GROUP.to_owned(), name: "Some of them".to_owned() }],
        pools: (0..dice.whole(0..=2)).map(|number| pool(dice, number)).collect(),
        methods: methods(dice),
        ..World::default()
    };
    world.channels = (0..dice.whole(1..=2)).map(|number| channel(dice, number)).collect();
    let kinds = dice.whole(1..=4);
    world.fleet_kinds = (0..kinds).map(|number| fleet_kind(dice, &world, number)).collect();
    world.clocks = (0..dice.whole(0..=2)).map(|number| clock(dice, number)).collect();
    world
}

fn region(dice: &mut Dice, number: u32) -> Region {
    Region {
        id: format!("region-{number}"),
        name: format!("Region {number}"),
        utc_offset_min: *dice.pick(&OFFSETS_MIN),
        lat: dice.number(-90.0..=90.0),
        lon: dice.number(-180.0..=180.0),
    }
}

fn sector(dice: &mut Dice, id: &str) -> Sector {
    let incident_team = dice.happens(0.7).then(|| made_up(dice.whole(1..=4)));
    Sector { id: id.to_owned(), name: format!("Sector {id}"), glyph: Glyph::Industry, incident_team }
}

fn flag(id: &str) -> Flag {
    Flag { id: id.to_owned(), name: format!("Flag {id}"), initially: id == FLAGS[0] }
}

fn pool(dice: &mut Dice, number: u32) -> Pool {
    let technicians = made_up(dice.whole(1..=12));
    Pool { id: format!("pool-{number}"), name: format!("Pool {number}"), technicians }
}

fn profiles(dice: &mut Dice) -> Vec<Profile> {
    let (mut patchy, mut bumpy) = (|| dice.share(), Vec::new());
    let days: Vec<Vec<f64>> = (0..2).map(|_| (0..24).map(|_| patchy()).collect()).collect();
    // The check demands that every profile is above 0 at some hour.
    let mut weekday = days[0].clone();
    weekday[dice.whole(0..=23) as usize] = 0.5;
    for _ in 0..48 {
        bumpy.push(if dice.happens(0.2) { 0.0 } else { dice.number(0.01..=9.0) });
    }
    bumpy[7] = 1.0;
    let mut one_hour = vec![0.0; 24];
    one_hour[dice.whole(0..=23) as usize] = 1.0;
    let office: Vec<f64> = (0..24).map(|hour| if (7..18).contains(&hour) { 0.9 } else { 0.25 }).collect();
    vec![
        profile(SHARES[0], vec![1.0; 24], vec![1.0; 24]),
        profile(SHARES[1], office, vec![0.2; 24]),
        profile(SHARES[2], weekday, days[1].clone()),
        profile(DEMANDS[0], bumpy[..24].to_vec(), bumpy[24..].to_vec()),
        profile(DEMANDS[1], one_hour, vec![0.0; 24]),
    ]
}

fn profile(id: &str, weekday: Vec<f64>, weekend: Vec<f64>) -> Profile {
    Profile { id: id.to_owned(), weekday, weekend, provenance: made_up(()) }
}

fn channel(dice: &mut Dice, number: u32) -> Channel {
    Channel {
        id: format!("channel-{number}"),
        name: format!("Channel {number}"),
        receipt_mean_min: made_up(dice.number(0.1..=60.0)),
        reboot_cycle_min: made_up(dice.whole(1..=9)),
        race_cycles_max: made_up(dice.whole(1..=6)),
        late_win_per_hour: made_up(*dice.pick(&[0.0, 0.002, 0.1, 1.0])),
        rings: dice.happens(0.5).then(|| ring_plan(dice)),
    }
}

fn ring_plan(dice: &mut Dice) -> RingPlan {
    // Shares in 64ths add up exactly.
    let mut left = 64;
    let mut rings = Vec::new();
    for _ in 0..dice.whole(1..=RINGS_MAX) {
        let part = if dice.happens(0.3) { left } else { dice.whole(0..=left) };
        left -= part;
        rings.push(Ring {
            share: made_up(f64::from(part) / 64.0),
            delay_min: made_up(dice.whole(0..=240)),
            spread_min: made_up(if dice.happens(0.3) { 0 } else { dice.whole(1..=300) }),
        });
    }
    rings.retain(|ring| 0.0 < *ring.share.value());
    if rings.is_empty() {
        rings.push(Ring { share: made_up(0.5), delay_min: made_up(0), spread_min: made_up(0) });
    }
    let halt_above = dice.happens(0.5).then(|| ("hosts_down_share(all)".to_owned(), dice.number(0.0..=0.3)));
    RingPlan { rings, halt_above, in_use: dice.happens(0.6) }
}

fn methods(dice: &mut Dice) -> Vec<Method> {
    let sorts = ["by-hand", "remote", "network", "rebuild", "late-tool"];
    sorts.iter().map(|id| method(dice, id)).collect()
}

fn method(dice: &mut Dice, id: &str) -> Method {
    let requires = match id {
        "late-tool" => vec![FLAGS[2].to_owned()],
        "rebuild" => Vec::new(),
        _ => dice.some(&FLAGS[..2], 2).into_iter().map(str::to_owned).collect(),
    };
    Method {
        id: id.to_owned(),
        name: format!("Method {id}"),
        touch_min: made_up(dice.triple(60.0)),
        uniform: dice.happens(0.3),
        verify_min: dice.happens(0.4).then(|| made_up(dice.number(0.0..=20.0))),
        hosts_at_once: made_up(dice.whole(1..=5)),
        failure: made_up(if dice.happens(0.5) { dice.number(0.0..=0.2) } else { dice.share() }),
        needs_key: id != "rebuild" && dice.happens(0.6),
        remote: id == "remote" || dice.happens(0.2),
        needs_network: id == "network" || dice.happens(0.1),
        rebuilds: id == "rebuild",
        requires,
    }
}

fn fleet_kind(dice: &mut Dice, world: &World, number: u32) -> FleetKind {
    let ids: Vec<String> = world.methods.iter().map(|method| method.id.clone()).collect();
    let mut methods = dice.some(&ids, 5);
    if methods.is_empty() {
        methods.push(ids[dice.whole(0..=4) as usize].clone());
    }
    let channel = dice.happens(0.5).then(|| dice.pick(&world.channels).id.clone());
    FleetKind {
        id: format!("kind-{number}"),
        name: format!("Kind {number}"),
        role: *dice.pick(&[Role::OfficePc, Role::KeyServer, Role::CloudVm]),
        in_scope: made_up(dice.share()),
        switched_on: (*dice.pick(&SHARES)).to_owned(),
        encrypted: made_up(dice.share()),
        race_win: made_up(*dice.pick(&[0.0, 0.01, 0.02, 0.1, 0.5, 1.0])),
        locate_min: made_up(dice.triple(45.0)),
        channel,
        link: *dice.pick(&[None, Some(Link::Wired), Some(Link::Wireless), Some(Link::Vpn)]),
        race_win_once: dice.happens(0.4).then(|| race_once(dice)),
        locate_off_factor: dice.happens(0.4).then(|| made_up(dice.number(1.0..=4.0))),
        out_of_reach: dice.happens(0.5).then(|| out_of_reach(dice)),
        methods,
    }
}

fn out_of_reach(dice: &mut Dice) -> OutOfReach {
    OutOfReach {
        share: made_up(dice.share()),
        median_hours: made_up(dice.number(0.01..=30.0)),
        spread: made_up(dice.number(0.0..=2.0)),
    }
}

fn race_once(dice: &mut Dice) -> RaceOnce {
    RaceOnce { flag: (*dice.pick(&FLAGS)).to_owned(), chance: made_up(dice.share()) }
}

fn clock(dice: &mut Dice, number: u32) -> Clock {
    Clock {
        id: format!("clock-{number}"),
        name: format!("Clock {number}"),
        sectors: dice.some(&SECTORS, 2).into_iter().map(str::to_owned).collect(),
        notify_within_hours: made_up(dice.whole(1..=24)),
        penalty_usd: made_up(dice.number(0.0..=5000.0)),
    }
}
