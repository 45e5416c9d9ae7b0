//! The workload "exposure-and-repair" as a scenario. Other simulators are compared on the same workload
//! (`benches/peers/`).
//!
//! Hosts are in fleets of up to 150 with two technicians each. A release is live for 78 minutes. 70 % of the hosts
//! are on; each of them receives the release with a chance of one in ten in each minute and crashes. A crashed host
//! tries to recover every five minutes, at most six times, with probability 0.15. Then it waits for a technician.
//! Technicians work from 8 to 20 o'clock and need 20 to 100 minutes for a host.

use blackstart::scenario::compile::Scenario;
use blackstart::scenario::documents::Documents;
use blackstart::scenario::schema::{
    Briefing, Channel, Difficulty, Effect, Event, EventEffect, Fleet, FleetKind, Glyph, Group, Keys, Manifest, Method,
    Mitigation, Objective, Organisation, Phase, Place, Playbook, Population, Profile, Region, Role, Seat, Sector,
    Staff, Tagged, Trigger, Uncertainty, World as WorldDoc,
};
use blackstart::scenario::validate;

const FLEET_HOSTS_MAX: u32 = 150;

fn made_up<T>(value: T) -> Tagged<T> {
    Tagged::Invented(value, "the workload".to_owned())
}

/// Documents made by a program, checked and compiled.
pub fn compiled(docs: Documents) -> Scenario {
    Scenario::compile(validate::check(docs).unwrap_or_else(|problems| panic!("{problems}")))
}

/// The workload with a number of hosts over `horizon_min` minutes. The workload's first minute is tick 1.
pub fn documents(hosts: u32, horizon_min: u32) -> Documents {
    let fleets = hosts.div_ceil(FLEET_HOSTS_MAX);
    let larger = hosts % fleets;
    let mut populations = vec![population("small", fleets - larger, hosts / fleets)];
    if 0 < larger {
        populations.push(population("large", larger, hosts / fleets + 1));
    }
    let event = |id: &str, when: &str, effect: EventEffect| Event {
        id: id.to_owned(),
        title: id.to_owned(),
        when: Trigger::At(when.to_owned()),
        effects: vec![effect],
        key_moment: false,
        provenance: made_up(()),
    };
    let playbook =
        |id: &str| Playbook { id: id.to_owned(), name: id.to_owned(), summary: id.to_owned(), orders: Vec::new() };
    Documents {
        manifest: Manifest {
            version: 1,
            id: "yardstick".to_owned(),
            title: "Exposure and repair".to_owned(),
            subtitle: "A workload".to_owned(),
            place: "Nowhere".to_owned(),
            summary: "Hosts receive, crash, come back or wait for a technician.".to_owned(),
            difficulty: Difficulty::Introductory,
            play_min: 1,
            start: "2024-07-21T23:59Z".to_owned(),
            incident: "2024-07-21T23:59Z".to_owned(),
            horizon_min,
            assumptions: Vec::new(),
            trust: false,
            population_seed: 0,
        },
        world: world(),
        organisations: Vec::new(),
        populations,
        mitigations: vec![order_that_nobody_gives()],
        // Receipts begin a minute after the release, so the release is one minute before the workload's first
        // minute, and the 78 chances are in minutes 1 to 78.
        events: vec![
            event("release", "2024-07-21T23:59Z", EventEffect::Release("content".to_owned())),
            event("revert", "2024-07-22T01:18Z", EventEffect::Revert("content".to_owned())),
        ],
        injects: Vec::new(),
        seats: vec![seat()],
        playbooks: vec![playbook("do-nothing"), playbook("reference"), playbook("par")],
        sources: Vec::new(),
        targets: Vec::new(),
        targets_until: None,
        uncertainty: Uncertainty::default(),
    }
}

/// The check demands a seat with an order. Nobody plays this seat.
fn seat() -> Seat {
    Seat {
        id: "desk".into(),
        name: "Desk".into(),
        summary: "Nobody sits here.".into(),
        organisations: vec!["small-1".into()],
        mitigations: vec!["rest".into()],
        preparation_usd: None,
        briefing: Briefing {
            situation: vec!["A workload.".into()],
            people: "Two technicians.".into(),
            advice: Vec::new(),
        },
        objectives: vec![Objective {
            id: "down".into(),
            name: "Hosts down".into(),
            observable: "hosts_down(all)".into(),
            weight: 1.0,
            ratings: None,
        }],
    }
}

fn order_that_nobody_gives() -> Mitigation {
    Mitigation {
        id: "rest".into(),
        name: "Rest".into(),
        summary: "Crews rest.".into(),
        group: Group::People,
        phase: Phase::Response,
        effect: Effect::Rest { share: 0.5, hours: 8 },
        sectors: Vec::new(),
        units: Vec::new(),
        cost_usd: made_up(0.0),
        lead_min: made_up(0),
        requires: Vec::new(),
        times_max: 0,
        work: None,
        needs_sign: false,
    }
}

fn world() -> WorldDoc {
    let profile = |id: &str, weights: Vec<f64>| Profile {
        id: id.to_owned(),
        weekday: weights.clone(),
        weekend: weights,
        provenance: made_up(()),
    };
    let day: Vec<f64> = (0..24).map(|hour| if (8..20).contains(&hour) { 1.0 } else { 0.0 }).collect();
    WorldDoc {
        groups: Vec::new(),
        regions: vec![Region { id: "one".into(), name: "One".into(), utc_offset_min: 0, lat: 0.0, lon: 0.0 }],
        sectors: vec![Sector { id: "one".into(), name: "One".into(), glyph: Glyph::Industry, incident_team: None }],
        profiles: vec![profile("on", vec![0.7; 24]), profile("day", day)],
        channels: vec![Channel {
            id: "content".into(),
            name: "Content".into(),
            // An exponential waiting time in whole minutes equals tries with the chance 1 − e^(−1 / mean), here one
            // in ten.
            receipt_mean_min: made_up(-1.0 / 0.9_f64.ln()),
            reboot_cycle_min: made_up(5),
            race_cycles_max: made_up(6),
            late_win_per_hour: made_up(0.0),
            rings: None,
        }],
        methods: vec![Method {
            id: "hands".into(),
            name: "Hands".into(),
            // After rounding up, all whole minutes from 20 to 100 are equally likely.
            touch_min: made_up((19.0, 60.0, 100.0)),
            uniform: true,
            verify_min: None,
            hosts_at_once: made_up(1),
            failure: made_up(0.0),
            needs_key: false,
            remote: true,
            needs_network: false,
            rebuilds: false,
            requires: Vec::new(),
        }],
        fleet_kinds: vec![FleetKind {
            id: "host".into(),
            name: "Host".into(),
            role: Role::OfficePc,
            in_scope: made_up(1.0),
            switched_on: "on".into(),
            encrypted: made_up(0.0),
            race_win: made_up(0.15),
            locate_min: made_up((1.0, 1.0, 1.0)),
            channel: None,
            link: None,
            race_win_once: None,
            locate_off_factor: None,
            out_of_reach: None,
            methods: vec!["hands".into()],
        }],
        flags: Vec::new(),
        pools: Vec::new(),
        clocks: Vec::new(),
    }
}

fn population(id: &str, count: u32, hosts: u32) -> Population {
    Population {
        one_in: 1,
        with_sensor: None,
        spread: None,
        id: id.to_owned(),
        name: id.to_owned(),
        count: made_up(count),
        size: made_up((1.0, 1.0, 1.0)),
        places: vec![Place { region: "one".into(), weight: 1.0, lat: 0.0, lon: 0.0, spread_deg: 0.0 }],
        member: Organisation {
            groups: Vec::new(),
            comprises: None,
            people: None,
            id: id.to_owned(),
            name: id.to_owned(),
            sector: "one".into(),
            region: "one".into(),
            lat: 0.0,
            lon: 0.0,
            importance: 1,
            staff: Staff {
                day: made_up(2),
                evening: made_up(2),
                night: made_up(2),
                weekend: made_up(1.0),
                cost_per_hour_usd: made_up(0.0),
                server_share: None,
                roster: Some("day".into()),
            },
            keys: Keys::Open,
            key_min: None,
            network: None,
            fleets: vec![Fleet {
                id: "hosts".into(),
                name: "Hosts".into(),
                kind: "host".into(),
                hosts: made_up(hosts),
                in_scope: None,
                priority: 1,
                sites: None,
                travel_min: None,
            }],
            services: Vec::new(),
            note: String::new(),
        },
    }
}
