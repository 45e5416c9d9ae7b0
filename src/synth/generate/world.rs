//! The generated world: manifest, profiles, two channels, methods and fleet kinds.
//!
//! Two sensor vendors share the hosts. One sends the bad content to all its hosts at once, the other
//! sends good content in rings. Every fleet kind exists once for each vendor.

use super::figures::figure;
use super::places;
use crate::scenario::schema::{
    Channel, Clock, Difficulty, FORMAT_VERSION, Flag, FleetKind, Link, Manifest, Method, Pool, Profile, RaceOnce, Ring,
    RingPlan, Role, World,
};

/// Ids of the channels: the one with the bad content, and the other vendor's.
pub const BAD: &str = "content-at-once";
const STAGED: &str = "content-staged";
/// Suffix of the id of a fleet kind with the other vendor's sensor.
pub const OTHER: &str = "-other";

pub const START: &str = "2024-07-18T21:00Z";
pub const RELEASE: &str = "2024-07-19T04:09Z";
const HORIZON_MIN: u32 = 14_400;

type Day = [f64; 24];

const DAY_FLAT: Day = [1.0; 24];
const DAY_OFFICE_ON: Day = [
    0.32, 0.31, 0.30, 0.30, 0.30, 0.30, 0.36, 0.55, 0.78, 0.88, 0.90, 0.90, //
    0.88, 0.88, 0.89, 0.88, 0.84, 0.70, 0.52, 0.44, 0.40, 0.37, 0.35, 0.33,
];
const DAY_LAPTOP_ON: Day = [
    0.16, 0.14, 0.12, 0.11, 0.11, 0.12, 0.18, 0.38, 0.66, 0.78, 0.80, 0.79, //
    0.74, 0.76, 0.78, 0.76, 0.70, 0.56, 0.42, 0.36, 0.33, 0.29, 0.24, 0.19,
];
const DAY_WARD_ON: Day = [
    0.70, 0.69, 0.68, 0.68, 0.68, 0.70, 0.76, 0.86, 0.92, 0.94, 0.94, 0.94, //
    0.93, 0.93, 0.93, 0.92, 0.90, 0.86, 0.82, 0.80, 0.78, 0.75, 0.73, 0.71,
];
const DAY_TILL_ON: Day = [
    0.62, 0.60, 0.60, 0.60, 0.64, 0.72, 0.84, 0.92, 0.96, 0.97, 0.97, 0.97, //
    0.97, 0.97, 0.97, 0.97, 0.97, 0.96, 0.95, 0.92, 0.88, 0.80, 0.72, 0.66,
];
const DAY_OFFICE: Day = [
    0.03, 0.02, 0.02, 0.02, 0.02, 0.04, 0.15, 0.50, 0.95, 1.10, 1.15, 1.12, //
    0.95, 1.00, 1.10, 1.08, 0.95, 0.60, 0.25, 0.14, 0.10, 0.08, 0.05, 0.04,
];
const DAY_SHOP: Day = [
    0.02, 0.01, 0.01, 0.01, 0.01, 0.03, 0.12, 0.35, 0.65, 0.85, 0.98, 1.05, //
    1.12, 1.05, 1.00, 1.05, 1.15, 1.25, 1.15, 0.85, 0.55, 0.30, 0.10, 0.04,
];
const DAY_ROUND: Day = [
    0.62, 0.52, 0.45, 0.42, 0.44, 0.50, 0.64, 0.85, 1.05, 1.12, 1.14, 1.12, //
    1.10, 1.10, 1.12, 1.12, 1.14, 1.16, 1.14, 1.10, 1.05, 0.98, 0.86, 0.74,
];
const DAY_FLIGHTS: Day = [
    0.08, 0.04, 0.03, 0.03, 0.08, 0.60, 1.10, 1.15, 1.10, 1.05, 1.05, 1.05, //
    1.05, 1.05, 1.05, 1.05, 1.10, 1.10, 1.05, 0.95, 0.80, 0.60, 0.35, 0.15,
];

/// The manifest: ten days around one release.
pub fn manifest(organisations: u32, seed: u64) -> Manifest {
    Manifest {
        version: FORMAT_VERSION,
        id: format!("generated-{organisations}-{seed}"),
        title: "A generated outage".to_owned(),
        subtitle: format!("Generated world number {seed}"),
        place: "Worldwide".to_owned(),
        summary: "At 04:09 UTC one of two sensor vendors releases bad content to all of its hosts at once and \
                  withdraws it 78 minutes later. The world is generated: nobody in it exists."
            .to_owned(),
        difficulty: Difficulty::Intermediate,
        play_min: 45,
        start: START.to_owned(),
        incident: RELEASE.to_owned(),
        horizon_min: HORIZON_MIN,
        assumptions: vec![
            "All organisations are generated; their numbers have the right size and no other truth.".to_owned(),
            "Three organisations in ten use the sensor of the vendor whose content is bad, larger ones more often."
                .to_owned(),
        ],
        trust: true,
        population_seed: seed,
    }
}

/// Everything that organisations refer to, except the sectors.
pub fn world() -> World {
    World {
        groups: Vec::new(),
        regions: places::regions(),
        sectors: Vec::new(),
        profiles: profiles(),
        channels: channels(),
        methods: methods(),
        fleet_kinds: KINDS.iter().flat_map(|plan| [kind(plan, false), kind(plan, true)]).collect(),
        flags: flags(),
        pools: vec![
            pool("hospital-aid", "Mutual aid between hospitals", 400),
            pool("industry-aid", "Engineers lent by the industry", 600),
        ],
        clocks: vec![
            clock("financial-incident", "Notice of a major financial incident", &["bank", "market"], 4, 50_000.0),
            clock(
                "essential-service",
                "Notice of an essential service disrupted",
                &["hospital", "airline"],
                24,
                20_000.0,
            ),
        ],
    }
}

fn profiles() -> Vec<Profile> {
    let part = |day: &Day, share: f64| day.iter().map(|value| super::figures::short(value * share)).collect();
    let profile = |id: &str, day: &Day, weekend: f64, why: &str| Profile {
        id: id.to_owned(),
        weekday: day.to_vec(),
        weekend: part(day, weekend),
        provenance: figure((), why),
    };
    vec![
        profile("on-office", &DAY_OFFICE_ON, 0.45, "desks are left on or switched on in the morning"),
        profile("on-laptop", &DAY_LAPTOP_ON, 0.35, "laptops are closed at night"),
        profile("on-ward", &DAY_WARD_ON, 0.95, "wards never close"),
        profile("on-till", &DAY_TILL_ON, 1.0, "tills and screens are mostly left on"),
        profile("on-server", &DAY_FLAT, 1.0, "servers are never switched off"),
        profile("flat", &DAY_FLAT, 1.0, "use that does not follow the clock"),
        profile("office-hours", &DAY_OFFICE, 0.1, "usual office hours"),
        profile("shop-hours", &DAY_SHOP, 1.1, "usual footfall"),
        profile("round-the-clock", &DAY_ROUND, 0.95, "quieter before dawn"),
        profile("flights", &DAY_FLIGHTS, 0.95, "departures from early morning to late evening"),
        profile("roster", &DAY_WARD_ON, 0.5, "most of the crew by day, some at night, half at weekends"),
    ]
}

fn channels() -> Vec<Channel> {
    let channel = |id: &str, name: &str, rings: Option<RingPlan>| Channel {
        id: id.to_owned(),
        name: name.to_owned(),
        receipt_mean_min: figure(10.0, "hosts ask for content every few minutes"),
        reboot_cycle_min: figure(5, "a crash, a restart and a short time on the network"),
        race_cycles_max: figure(6, "then it is left as it is"),
        late_win_per_hour: figure(0.002, "now and then one comes back with nobody near"),
        rings,
    };
    let ring = |share: f64, delay_min: u32, spread_min: u32| Ring {
        share: figure(share, "a usual plan of rings"),
        delay_min: figure(delay_min, "each ring waits for the one before"),
        spread_min: figure(spread_min, "a throttle on downloads"),
    };
    let rings = RingPlan {
        rings: vec![ring(0.01, 0, 60), ring(0.19, 240, 240), ring(0.8, 1440, 480)],
        halt_above: Some(("hosts_down_share(all)".to_owned(), 0.02)),
        in_use: true,
    };
    vec![
        channel(BAD, "Sensor content, to everybody at once", None),
        channel(STAGED, "Sensor content of another vendor, in rings", Some(rings)),
    ]
}

fn methods() -> Vec<Method> {
    let method = |id: &str, name: &str, touch: (f64, f64, f64), hosts_at_once: u32, failure: f64, flag: &str| Method {
        id: id.to_owned(),
        name: name.to_owned(),
        touch_min: figure(touch, "minutes of hands on one host"),
        uniform: false,
        verify_min: Some(figure(2.0, "a look at the login screen")),
        hosts_at_once: figure(hosts_at_once, "hosts that one person serves side by side"),
        failure: figure(failure, "slips and odd machines"),
        needs_key: true,
        remote: false,
        needs_network: false,
        rebuilds: false,
        requires: if flag.is_empty() { Vec::new() } else { vec![flag.to_owned()] },
    };
    let by_hand = method("by-hand", "Safe mode by hand", (5.0, 12.0, 20.0), 1, 0.03, "workaround");
    let media = method("boot-media", "Boot media", (3.0, 6.0, 12.0), 3, 0.02, "boot-tool");
    let network = method("network-boot", "Network boot", (2.0, 5.0, 10.0), 6, 0.04, "boot-tool");
    let console = method("console", "Console or disk attach", (10.0, 20.0, 40.0), 2, 0.02, "workaround");
    let reimage = method("reimage", "Set up anew", (60.0, 110.0, 240.0), 2, 0.0, "");
    vec![
        by_hand,
        media,
        Method { needs_network: true, ..network },
        Method { needs_key: false, remote: true, ..console },
        Method { needs_key: false, uniform: true, rebuilds: true, ..reimage },
    ]
}

/// A row of the table of fleet kinds.
struct KindPlan {
    id: &'static str,
    name: &'static str,
    role: Role,
    in_scope: f64,
    switched_on: &'static str,
    encrypted: f64,
    race_win: f64,
    locate_min: (f64, f64, f64),
    link: Link,
    methods: &'static [&'static str],
}

const BY_HAND: &[&str] = &["by-hand", "boot-media", "network-boot", "reimage"];
const ON_THE_ROAD: &[&str] = &["by-hand", "boot-media", "reimage"];
const FROM_AFAR: &[&str] = &["console", "by-hand", "reimage"];

#[rustfmt::skip]
const KINDS: [KindPlan; 6] = [
    KindPlan {
        id: "office-pc", name: "Office PCs", role: Role::OfficePc, in_scope: 0.93, switched_on: "on-office",
        encrypted: 0.6, race_win: 0.10, locate_min: (8.0, 30.0, 90.0), link: Link::Wired, methods: BY_HAND,
    },
    KindPlan {
        id: "laptop", name: "Laptops", role: Role::Laptop, in_scope: 0.93, switched_on: "on-laptop",
        encrypted: 0.85, race_win: 0.01, locate_min: (15.0, 40.0, 140.0), link: Link::Wireless, methods: ON_THE_ROAD,
    },
    KindPlan {
        id: "ward-pc", name: "Ward workstations", role: Role::ClinicalWorkstation, in_scope: 0.95,
        switched_on: "on-ward", encrypted: 0.45, race_win: 0.10, locate_min: (6.0, 25.0, 75.0), link: Link::Wired,
        methods: BY_HAND,
    },
    KindPlan {
        id: "till", name: "Tills, kiosks and screens", role: Role::Kiosk, in_scope: 0.88, switched_on: "on-till",
        encrypted: 0.35, race_win: 0.08, locate_min: (8.0, 30.0, 90.0), link: Link::Wired, methods: ON_THE_ROAD,
    },
    KindPlan {
        id: "server", name: "Servers", role: Role::ApplicationServer, in_scope: 0.90, switched_on: "on-server",
        encrypted: 0.10, race_win: 0.10, locate_min: (2.0, 6.0, 20.0), link: Link::Wired, methods: FROM_AFAR,
    },
    KindPlan {
        id: "key-server", name: "Directory and key servers", role: Role::KeyServer, in_scope: 0.95,
        switched_on: "on-server", encrypted: 0.05, race_win: 0.10, locate_min: (2.0, 5.0, 20.0), link: Link::Wired,
        methods: FROM_AFAR,
    },
];

fn kind(plan: &KindPlan, is_other: bool) -> FleetKind {
    let (id, name, channel) = match is_other {
        true => (format!("{}{OTHER}", plan.id), format!("{}, other vendor", plan.name), STAGED),
        false => (plan.id.to_owned(), plan.name.to_owned(), BAD),
    };
    let is_wired = plan.link == Link::Wired;
    let once = || RaceOnce { flag: "good-first".to_owned(), chance: figure(0.3, "the good content is served first") };
    FleetKind {
        id,
        name,
        role: plan.role,
        in_scope: figure(plan.in_scope, "the sensor is on nearly all, sealed builds left out"),
        switched_on: plan.switched_on.to_owned(),
        encrypted: figure(plan.encrypted, "laptops nearly always, servers seldom"),
        race_win: figure(plan.race_win, "a wired host is on the network for moments of each restart"),
        locate_min: figure(plan.locate_min, "rows of desks, wards, branches, or a list and a console"),
        channel: Some(channel.to_owned()),
        link: Some(plan.link),
        race_win_once: is_wired.then(once),
        locate_off_factor: (plan.link != Link::Wired || plan.switched_on == "on-office")
            .then(|| figure(1.5, "closed rooms and owners at home")),
        out_of_reach: None,
        methods: plan.methods.iter().map(|&id| id.to_owned()).collect(),
    }
}

fn flags() -> Vec<Flag> {
    let flag = |(id, name): (&str, &str)| Flag { id: id.to_owned(), name: name.to_owned(), initially: false };
    let flags = [
        ("fault-seen", "Hosts seen crashing"),
        ("good-first", "Good content is served first"),
        ("workaround", "Manual workaround published"),
        ("boot-tool", "Boot recovery tool published"),
        ("unattended-offered", "Unattended remediation on offer"),
    ];
    flags.into_iter().map(flag).collect()
}

fn pool(id: &str, name: &str, technicians: u32) -> Pool {
    Pool { id: id.to_owned(), name: name.to_owned(), technicians: figure(technicians, "a few from each of many") }
}

fn clock(id: &str, name: &str, sectors: &[&str], hours: u32, penalty_usd: f64) -> Clock {
    Clock {
        id: id.to_owned(),
        name: name.to_owned(),
        sectors: sectors.iter().map(|&id| id.to_owned()).collect(),
        notify_within_hours: figure(hours, "first notices are due within hours"),
        penalty_usd: figure(penalty_usd, "a fine that is felt and does not ruin"),
    }
}
