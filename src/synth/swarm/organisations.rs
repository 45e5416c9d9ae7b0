//! Made-up organisations and populations: crews, recovery keys, fleets, services and their needs.

use super::world::{DEMANDS, SECTORS, SHARES};
use crate::scenario::schema::{
    Backlog, CallOff, Fallback, Fleet, Keys, Need, NeedOf, Organisation, Place, Population, Response, Rework, Service,
    Spread, Staff, World,
};
use crate::synth::dice::{Dice, made_up};

/// First table of the organisations; other parts have tables with smaller numbers.
const TABLE: u32 = 16;
const HOSTS_MAX: u32 = 120;
/// Most hosts of a member: populations have up to eight members.
const MEMBER_HOSTS_MAX: u32 = 20;

/// Written organisations, and at most one population.
pub fn organisations(dice: &mut Dice, seed: u64, world: &World) -> (Vec<Organisation>, Vec<Population>) {
    let count = dice.whole(1..=6);
    let has_population = dice.happens(0.35);
    let mut organisations: Vec<Organisation> = (0..count)
        .map(|number| organisation(&mut Dice::new(seed, TABLE + number), world, &format!("org-{number}"), HOSTS_MAX))
        .collect();
    let mut populations = Vec::new();
    if has_population {
        populations.push(population(&mut Dice::new(seed, TABLE + count), world));
    }
    link(dice, &mut organisations, &mut populations);
    (organisations, populations)
}

fn population(dice: &mut Dice, world: &World) -> Population {
    let member = organisation(dice, world, "member", MEMBER_HOSTS_MAX);
    let place = |dice: &mut Dice| Place {
        region: dice.pick(&world.regions).id.clone(),
        weight: dice.number(0.1..=5.0),
        lat: dice.number(-90.0..=90.0),
        lon: dice.number(-180.0..=180.0),
        spread_deg: dice.number(0.0..=10.0),
    };
    let sizes = dice.triple(3.0);
    let count = dice.whole(1..=8);
    Population {
        id: "crowd".to_owned(),
        name: "Crowd".to_owned(),
        count: made_up(count),
        one_in: if dice.happens(0.5) { 1 } else { dice.whole(1..=count) },
        with_sensor: dice.happens(0.3).then(|| made_up(dice.number(0.3..=1.0))),
        size: made_up(sizes),
        spread: dice.happens(0.5).then(|| spread(dice)),
        places: (0..dice.whole(1..=3)).map(|_| place(dice)).collect(),
        member,
    }
}

fn spread(dice: &mut Dice) -> Spread {
    let mut figure = || dice.happens(0.6).then(|| made_up(dice.number(0.0..=1.2)));
    Spread { staff: figure(), locate: figure(), in_scope: figure(), race_win: figure(), warm_up: figure() }
}

fn organisation(dice: &mut Dice, world: &World, id: &str, hosts_max: u32) -> Organisation {
    let fleets: Vec<Fleet> = (0..dice.whole(1..=4)).map(|number| fleet(dice, world, number, hosts_max)).collect();
    let services: Vec<Service> = (0..dice.whole(0..=4)).map(|number| service(dice, number)).collect();
    let keys = match dice.whole(0..=2) {
        0 => Keys::Open,
        1 => Keys::Escrow,
        _ => Keys::Server(dice.pick(&fleets).id.clone()),
    };
    let has_network = !services.is_empty() && dice.happens(0.4);
    Organisation {
        id: id.to_owned(),
        name: format!("Organisation {id}"),
        // The last sector has no organisation: an order to it reaches none.
        sector: (*dice.pick(&SECTORS[..2])).to_owned(),
        region: dice.pick(&world.regions).id.clone(),
        lat: dice.number(-90.0..=90.0),
        lon: dice.number(-180.0..=180.0),
        importance: dice.whole(1..=5) as u8,
        staff: staff(dice),
        keys,
        key_min: dice.happens(0.5).then(|| made_up(dice.number(0.1..=15.0))),
        groups: world.groups.iter().filter(|_| dice.happens(0.5)).map(|group| group.id.clone()).collect(),
        comprises: dice.happens(0.2).then(|| made_up(dice.whole(1..=9))),
        people: None,
        network: has_network.then(|| dice.pick(&services).id.clone()),
        fleets,
        services,
        note: String::new(),
    }
}

fn staff(dice: &mut Dice) -> Staff {
    let roster = dice.happens(0.3).then(|| (*dice.pick(&SHARES)).to_owned());
    let [mut day, evening, night] = [dice.whole(0..=12), dice.whole(0..=6), dice.whole(0..=3)];
    // The check demands staff at some hour, and with a roster only the day shift counts.
    if roster.is_some() || evening + night == 0 {
        day = day.max(1);
    }
    Staff {
        day: made_up(day),
        evening: made_up(evening),
        night: made_up(night),
        weekend: made_up(dice.share()),
        cost_per_hour_usd: made_up(dice.number(0.0..=90.0)),
        server_share: dice.happens(0.5).then(|| made_up(dice.share_above_0())),
        roster,
    }
}

fn fleet(dice: &mut Dice, world: &World, number: u32, hosts_max: u32) -> Fleet {
    let hosts = if dice.happens(0.15) { 1 } else { dice.whole(1..=hosts_max) };
    Fleet {
        id: format!("fleet-{number}"),
        name: format!("Fleet {number}"),
        kind: dice.pick(&world.fleet_kinds).id.clone(),
        hosts: made_up(hosts),
        in_scope: dice.happens(0.4).then(|| made_up(dice.share())),
        priority: *dice.pick(&[0, 1, 5, 5, 255]),
        // A member may be too small for its sites; then it has one for each host.
        sites: dice.happens(0.4).then(|| made_up(dice.whole(1..=hosts.min(7)))),
        travel_min: dice.happens(0.4).then(|| made_up(dice.number(0.0..=90.0))),
    }
}

fn service(dice: &mut Dice, number: u32) -> Service {
    Service {
        id: format!("service-{number}"),
        name: format!("Service {number}"),
        unit: "units".to_owned(),
        demand_per_day: made_up(*dice.pick(&[0.01, 1.0, 37.5, 800.0, 90_000.0])),
        demand_profile: (*dice.pick(&[SHARES.as_slice(), DEMANDS.as_slice()].concat())).to_owned(),
        headroom: made_up(dice.number(0.1..=3.0)),
        needs: Vec::new(),
        warm_up_min: made_up(if dice.happens(0.3) { 0 } else { dice.whole(1..=240) }),
        fallback: dice.happens(0.5).then(|| fallback(dice)),
        backlog: match dice.whole(0..=2) {
            0 => Backlog::Lost,
            1 => Backlog::Waits,
            _ => Backlog::Expires(made_up(dice.whole(1..=2880))),
        },
        rework: dice.happens(0.4).then(|| rework(dice)),
        call_off: dice.happens(0.4).then(|| call_off(dice)),
        target_level: dice.share_above_0(),
        tolerance_min: made_up(dice.whole(0..=600)),
        cost_per_lost_usd: made_up(dice.number(0.0..=100.0)),
        important: dice.happens(0.7),
    }
}

fn fallback(dice: &mut Dice) -> Fallback {
    Fallback {
        name: "Paper".to_owned(),
        level: made_up(dice.share()),
        endurance_min: made_up(dice.whole(1..=600)),
        technicians: made_up(dice.whole(0..=4)),
        automatic: dice.happens(0.5),
    }
}

fn call_off(dice: &mut Dice) -> CallOff {
    CallOff {
        share: made_up(dice.share()),
        notice_hours: made_up(dice.whole(1..=6)),
        hours: made_up(dice.whole(1..=30)),
    }
}

fn rework(dice: &mut Dice) -> Rework {
    Rework {
        name: "Rework".to_owned(),
        items_per_lost: made_up(dice.number(0.01..=5.0)),
        clear_per_hour: made_up(dice.number(0.01..=500.0)),
        half_speed_at: made_up(dice.number(0.01..=900.0)),
        half_level_at: made_up(dice.number(0.01..=900.0)),
        at_work: dice.happens(0.5).then(|| (*dice.pick(&SHARES)).to_owned()),
    }
}

/// A service that others may need: the id of its organisation and the id of the service.
#[derive(Clone, PartialEq)]
struct Named {
    owner: String,
    id: String,
}

/// Gives services their needs once all services are known. Circles of needs come by chance.
fn link(dice: &mut Dice, organisations: &mut [Organisation], populations: &mut [Population]) {
    let services_of = |owner: &str, services: &[Service]| -> Vec<Named> {
        services.iter().map(|service| Named { owner: owner.to_owned(), id: service.id.clone() }).collect()
    };
    let mut all: Vec<Named> = organisations.iter().flat_map(|org| services_of(&org.id, &org.services)).collect();
    for population in populations.iter() {
        let number = dice.whole(1..=population.members());
        all.extend(services_of(&format!("{}-{number}", population.id), &population.member.services));
    }
    organisations.iter_mut().for_each(|org| give_needs(dice, org, &all));
    for population in populations.iter_mut() {
        // If all members needed one member by name, that member would need itself.
        let of_others: Vec<Named> =
            all.iter().filter(|named| !named.owner.starts_with(&population.id)).cloned().collect();
        give_needs(dice, &mut population.member, &of_others);
    }
}

fn give_needs(dice: &mut Dice, org: &mut Organisation, all: &[Named]) {
    let fleets: Vec<NeedOf> = org.fleets.iter().map(|fleet| NeedOf::Fleet(fleet.id.clone())).collect();
    let ids: Vec<String> = org.services.iter().map(|service| service.id.clone()).collect();
    for service in &mut org.services {
        let mut wanted = dice.some(&fleets, 2);
        let others: Vec<String> = ids.iter().filter(|id| **id != service.id).cloned().collect();
        wanted.extend(dice.some(&others, 1).into_iter().map(NeedOf::Service));
        let abroad: Vec<Named> = all.iter().filter(|named| named.owner != org.id).cloned().collect();
        let abroad = dice.some(&abroad, 2).into_iter();
        wanted.extend(abroad.map(|named| NeedOf::Service(format!("{}/{}", named.owner, named.id))));
        service.needs = wanted.into_iter().map(|provider| need(dice, provider)).collect();
    }
}

fn need(dice: &mut Dice, provider: NeedOf) -> Need {
    let response = match dice.whole(0..=3) {
        0 => Response::Linear,
        1 => Response::Knee(dice.share_above_0()),
        2 => Response::Soft(dice.share()),
        _ => Response::Points(points(dice)),
    };
    Need { supplier: provider, response, buffer_min: if dice.happens(0.5) { 0 } else { dice.whole(1..=180) } }
}

/// Two to four points. The level may fall where the need rises: the model allows any shape.
fn points(dice: &mut Dice) -> Vec<(f64, f64)> {
    let mut place = dice.number(0.0..=0.3);
    let mut points = vec![(place, dice.share())];
    for _ in 0..dice.whole(1..=3) {
        place = ((place + dice.number(0.05..=0.2)) * 100.0).round() / 100.0;
        points.push((place, dice.share()));
    }
    points
}
