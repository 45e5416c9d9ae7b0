//! Makes organisations of any mean size from the table of sectors: the members of populations, and the few
//! organisations with documents of their own.

use super::figures::{figure, short};
use super::sectors::{After, Estate, Offer, SYSTEMS, Sector};
use super::world::OTHER;
use crate::scenario::schema::{
    Backlog, Fallback, Fleet, Keys, Need, NeedOf, Organisation, Response, Rework, Service, Staff,
};

/// Number of hosts for each technician of the day shift.
const HOSTS_PER_TECHNICIAN: f64 = 150.0;
/// Organisations of this size or larger have a night shift.
const NIGHT_HOSTS_MIN: f64 = 400.0;
/// Organisations of this size or larger have a roster in place of three shifts.
const ROSTER_HOSTS_MIN: f64 = 1500.0;
/// Number of hosts in a branch of a chain.
const SITE_HOSTS: f64 = 60.0;
/// Share of the desks that the main service needs in full.
const DESKS_KNEE: f64 = 0.9;
/// Share of the laptops that the main service needs in full, in offices.
const LAPTOPS_KNEE: f64 = 0.9;
/// Share of the servers that the systems need in full.
const SERVERS_KNEE: f64 = 0.9;

/// Suppliers of hosted services that other organisations need, each as `organisation/service`.
#[derive(Clone, Debug, Default)]
pub struct Suppliers {
    pub records: Vec<String>,
    pub payments: Option<String>,
    pub departures: Option<String>,
    pub cloud: Option<String>,
}

/// Name, place and size of an organisation.
#[derive(Clone, Debug)]
pub struct Shape {
    pub id: String,
    pub name: String,
    pub region: String,
    pub lat: f64,
    pub lon: f64,
    /// Mean number of hosts.
    pub hosts: f64,
    /// The organisation has the sensor with the bad content.
    pub is_customer: bool,
    pub importance: u8,
}

/// An organisation of a sector with `offer` as its main service.
pub fn organisation(sector: &Sector, offer: &Offer, shape: &Shape, suppliers: &Suppliers) -> Organisation {
    let fleets = fleets(sector.estate, shape);
    let has_key_servers = fleets.iter().any(|fleet| fleet.id == "key-servers");
    let mut services = vec![main(sector, offer, shape, suppliers), systems(shape, suppliers)];
    services.extend(sector.side.as_ref().map(|offer| side(offer, shape)));
    Organisation {
        groups: Vec::new(),
        comprises: None,
        people: None,
        id: shape.id.clone(),
        name: shape.name.clone(),
        sector: sector.id.to_owned(),
        region: shape.region.clone(),
        lat: shape.lat,
        lon: shape.lon,
        importance: shape.importance,
        staff: staff(shape),
        keys: match (has_key_servers, sector.estate) {
            (true, _) => Keys::Server("key-servers".to_owned()),
            (false, Estate::Small) => Keys::Open,
            (false, _) => Keys::Escrow,
        },
        key_min: Some(figure(3.0, "48 digits looked up and typed")),
        network: (sector.estate != Estate::Small).then(|| "systems".to_owned()),
        fleets,
        services,
        note: String::new(),
    }
}

fn staff(shape: &Shape) -> Staff {
    let day = (shape.hosts / HOSTS_PER_TECHNICIAN).round().max(1.0);
    let has_night = NIGHT_HOSTS_MIN <= shape.hosts;
    let shift = |share: f64| if has_night { (day * share).round().max(1.0) as u32 } else { 0 };
    Staff {
        day: figure(day as u32, "one for some hundred and fifty hosts"),
        evening: figure(shift(0.4), "a smaller shift, where there is one"),
        night: figure(shift(0.15), "on call, where there is anybody"),
        weekend: figure(0.6, "most are called in while so much is down"),
        cost_per_hour_usd: figure(45.0, "a usual loaded wage"),
        server_share: None,
        roster: (ROSTER_HOSTS_MIN <= shape.hosts).then(|| "roster".to_owned()),
    }
}

/// Id, name, kind, share of the hosts, priority.
type Part = (&'static str, &'static str, &'static str, f64, u8);

fn parts(estate: Estate) -> &'static [Part] {
    match estate {
        Estate::Office => &[
            ("servers", "Servers", "server", 0.14, 9),
            ("desks", "Desks", "office-pc", 0.5, 6),
            ("laptops", "Laptops", "laptop", 0.36, 3),
        ],
        Estate::Ward => &[
            ("key-servers", "Directory and key servers", "key-server", 0.002, 10),
            ("servers", "Servers", "server", 0.14, 9),
            ("desks", "Ward workstations", "ward-pc", 0.6, 7),
            ("offices", "Offices", "office-pc", 0.258, 3),
        ],
        Estate::Shop => &[
            ("servers", "Servers", "server", 0.12, 9),
            ("desks", "Tills, kiosks and gates", "till", 0.58, 7),
            ("offices", "Offices", "office-pc", 0.3, 3),
        ],
        Estate::Small => &[("servers", "Server", "server", 0.05, 9), ("desks", "Desks", "office-pc", 0.95, 5)],
    }
}

fn fleets(estate: Estate, shape: &Shape) -> Vec<Fleet> {
    let fleet = |&(id, name, kind, share, priority): &Part| {
        let hosts = (shape.hosts * share).round().max(1.0);
        let has_branches = estate == Estate::Shop && id == "desks" && 2.0 * SITE_HOSTS <= hosts;
        Fleet {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: if shape.is_customer { kind.to_owned() } else { format!("{kind}{OTHER}") },
            hosts: figure(hosts as u32, "a usual mix of machines"),
            in_scope: None,
            priority,
            sites: has_branches.then(|| figure((hosts / SITE_HOSTS) as u32, "some sixty in each branch")),
            travel_min: has_branches.then(|| figure(20.0, "a drive to the next branch")),
        }
    };
    parts(estate).iter().map(fleet).collect()
}

fn need(provider: NeedOf, response: Response, buffer_min: u32) -> Need {
    Need { supplier: provider, response, buffer_min }
}

fn main(sector: &Sector, offer: &Offer, shape: &Shape, suppliers: &Suppliers) -> Service {
    let mut needs = vec![need(NeedOf::Service("systems".to_owned()), Response::Knee(0.9), 15)];
    if offer.needs_desks {
        needs.push(need(NeedOf::Fleet("desks".to_owned()), Response::Knee(DESKS_KNEE), 0));
    }
    if offer.needs_desks && sector.estate == Estate::Office {
        needs.push(need(NeedOf::Fleet("laptops".to_owned()), Response::Knee(LAPTOPS_KNEE), 0));
    }
    needs.extend(hosted(sector.id, shape, suppliers));
    let rework = (sector.id == "airline").then(|| rework(offer.per_host * shape.hosts));
    Service { needs, rework, important: true, ..service(offer, shape) }
}

/// The need of a sector for a hosted service; none if the sector has no such need.
fn hosted(sector: &str, shape: &Shape, suppliers: &Suppliers) -> Option<Need> {
    let (supplier, response, buffer_min) = match sector {
        "gp" | "pharmacy" => {
            // Customers of the vendor use one supplier of records, all others use the other.
            let index = usize::from(shape.is_customer).min(suppliers.records.len().saturating_sub(1));
            (suppliers.records.get(index), Response::Soft(0.6), 30)
        }
        "retail" | "bank" => (suppliers.payments.as_ref(), Response::Soft(0.5), 10),
        "airline" | "airport" => (suppliers.departures.as_ref(), Response::Points(vec![(0.2, 0.3), (0.9, 1.0)]), 20),
        _ => (None, Response::Linear, 0),
    };
    // A supplier does not need itself.
    let supplier = supplier.filter(|key| !key.starts_with(&format!("{}/", shape.id)))?;
    Some(need(NeedOf::Service(supplier.clone()), response, buffer_min))
}

fn systems(shape: &Shape, suppliers: &Suppliers) -> Service {
    let mut needs = vec![need(NeedOf::Fleet("servers".to_owned()), Response::Knee(SERVERS_KNEE), 0)];
    if let Some(cloud) = suppliers.cloud.as_ref().filter(|key| !key.starts_with(&format!("{}/", shape.id))) {
        needs.push(need(NeedOf::Service(cloud.clone()), Response::Soft(0.3), 60));
    }
    Service { needs, ..service(&SYSTEMS, shape) }
}

fn side(offer: &Offer, shape: &Shape) -> Service {
    let needs = vec![
        need(NeedOf::Fleet("desks".to_owned()), Response::Soft(0.7), 30),
        need(NeedOf::Service("systems".to_owned()), Response::Knee(0.7), 60),
    ];
    Service { needs, ..service(offer, shape) }
}

/// A service of an offer, without needs.
fn service(offer: &Offer, shape: &Shape) -> Service {
    let fallback = offer.fallback.map(|(level, hours, automatic)| Fallback {
        name: "Paper and telephone".to_owned(),
        level: figure(level, "what people manage without machines"),
        endurance_min: figure(hours * 60, "until people wear out"),
        technicians: figure((shape.hosts / 2000.0).round() as u32, "printers and runners"),
        automatic,
    });
    Service {
        id: offer.id.to_owned(),
        name: offer.name.to_owned(),
        unit: offer.unit.to_owned(),
        demand_per_day: figure(short(offer.per_host * shape.hosts), "in proportion to the hosts"),
        demand_profile: offer.profile.to_owned(),
        headroom: figure(1.2, "people and machines that can do a little more"),
        needs: Vec::new(),
        warm_up_min: figure(45, "start-up and a careful first hour"),
        fallback,
        backlog: match offer.after {
            After::Lost => Backlog::Lost,
            After::Waits => Backlog::Waits,
            After::Expires(hours) => Backlog::Expires(figure(hours * 60, "people give up or go elsewhere")),
        },
        rework: None,
        call_off: None,
        target_level: 0.9,
        tolerance_min: figure(offer.tolerance_min, "what the sector takes for bearable"),
        cost_per_lost_usd: figure(offer.cost_usd, "a usual margin or harm"),
        important: false,
    }
}

/// Crews and aircraft in the wrong places: a backlog that slows its own clearing.
fn rework(per_day: f64) -> Rework {
    Rework {
        name: "Crews and aircraft out of place".to_owned(),
        items_per_lost: figure(2.0, "a crew and an aircraft for each flight"),
        clear_per_hour: figure(short(per_day / 24.0), "as many in an hour as fly in an hour"),
        half_speed_at: figure(short(per_day / 2.0), "half a day's flights swamp the desk"),
        half_level_at: figure(short(per_day * 1.5), "a day and a half of them ground half the rest"),
        at_work: None,
    }
}
