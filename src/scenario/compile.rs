//! The scenario as the simulation reads it: ids become indices, shapes become tables, times ticks.
//!
//! Built once from checked documents and never changed. It must not be built from unchecked ones:
//! `validate` has already refused whatever could not be resolved here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::load::Documents;
use super::observable::{Metric, ObservableRef, Scope};
use super::schema::{self, Effect, EventEffect, NeedOf, OrderTarget, Response, Tagged, Trigger};
use crate::base::{Digest, DigestWriter, Share, Tick, UtcStart, local_minute_of_week};

/// One unit of demand in micro-units, the integer the simulation counts in.
pub const MICRO: u64 = 1_000_000;

/// An immutable, indexed scenario.
#[derive(Debug)]
pub struct Scenario {
    /// What the authors wrote, for names, texts and sources.
    pub docs: Arc<Documents>,
    pub start: UtcStart,
    pub start_minute_of_week: u32,
    pub horizon: Tick,
    /// The tick at which the incident proper begins; recovery is counted from it.
    pub incident: Tick,
    pub organisations: Vec<Organisation>,
    pub fleets: Vec<Fleet>,
    pub services: Vec<Service>,
    pub kinds: Vec<Kind>,
    pub methods: Vec<Method>,
    pub channels: Vec<Channel>,
    pub pools: Vec<u32>,
    /// Share switched on by hour of the local week, one row a profile.
    pub profiles: Vec<[f64; 168]>,
    pub mitigations: Vec<Mitigation>,
    pub events: Vec<Event>,
    pub injects: Vec<When>,
    pub seats: Vec<Seat>,
    pub playbooks: Vec<Playbook>,
    /// Observables used by conditions, resolved; `When` refers to them.
    pub conditions: Vec<Observable>,
    /// Hosts of all fleets.
    pub hosts: u32,
    /// Documented, estimated and invented figures.
    pub figures: [usize; 3],
    /// Digest of the documents: a run belongs to exactly one text of its scenario.
    pub digest: Digest,
}

#[derive(Debug)]
pub struct Organisation {
    pub sector: u32,
    pub region: u32,
    pub utc_offset_min: i32,
    /// Technicians of the day, evening and night shift.
    pub staff: [u32; 3],
    pub weekend: f64,
    pub cost_per_hour_usd: f64,
    pub keys: Keys,
    pub fleets: Range<u32>,
    pub services: Range<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Open,
    /// Index of the fleet that must be up.
    Server(u32),
    Escrow,
}

#[derive(Debug)]
pub struct Fleet {
    pub organisation: u32,
    pub kind: u32,
    pub hosts: u32,
    /// Index of its first host in the column of hosts.
    pub first_host: u32,
    pub in_scope: f64,
    pub priority: u8,
}

#[derive(Debug)]
pub struct Kind {
    pub switched_on: u32,
    pub encrypted: f64,
    pub race_win: f64,
    pub locate_min: [f64; 3],
    pub methods: Vec<u32>,
}

#[derive(Debug)]
pub struct Method {
    pub touch_min: [f64; 3],
    pub hosts_at_once: u32,
    pub failure: f64,
    pub needs_key: bool,
    pub remote: bool,
    pub rebuilds: bool,
    pub requires: Vec<u32>,
}

#[derive(Debug)]
pub struct Channel {
    pub receipt_mean_min: f64,
    pub reboot_cycle_min: u32,
    pub race_cycles_max: u32,
    pub late_win_per_hour: f64,
}

#[derive(Debug)]
pub struct Service {
    pub organisation: u32,
    /// Micro-units asked for in a minute, by hour of the local week.
    pub demand_micro: Box<[u64; 168]>,
    pub headroom: f64,
    pub needs: Vec<Need>,
    pub warm_up_min: u32,
    pub fallback: Option<Fallback>,
    pub backlog: Backlog,
    pub rework: Option<Rework>,
    pub target: Share,
    pub tolerance_min: u32,
    pub cost_per_lost_usd: f64,
    pub is_important: bool,
}

#[derive(Debug)]
pub struct Need {
    pub of: NeedIndex,
    /// Points (share of need, level) in parts per million, rising; straight lines between.
    pub response: Vec<(u32, u32)>,
    pub buffer_min: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedIndex {
    Fleet(u32),
    Service(u32),
}

#[derive(Debug)]
pub struct Fallback {
    pub level: Share,
    pub endurance_min: u32,
    pub technicians: u32,
    pub is_automatic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    Lost,
    Waits,
    /// Mean minutes until what waits is lost.
    Expires(u32),
}

#[derive(Debug)]
pub struct Rework {
    pub items_per_lost: f64,
    pub clear_per_hour: f64,
    pub half_speed_at: f64,
    pub half_level_at: f64,
}

/// What an order of a mitigation aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    World,
    Organisation(u32),
    Fleet(u32),
    Service(u32),
}

/// What kind of target an effect takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    World,
    Organisation,
    Fleet,
    Service,
}

#[derive(Debug)]
pub struct Mitigation {
    pub target: TargetKind,
    /// Sector indices; empty for all.
    pub sectors: Vec<u32>,
    pub cost_usd: f64,
    pub lead_min: u32,
    pub requires: Vec<u32>,
    pub times_max: u32,
    /// Index of the channel, flag, method or pool that the effect names; 0 where it names none.
    pub operand: u32,
    /// Minutes it stays in force; none for effects that last.
    pub lasts_min: Option<u32>,
}

/// A trigger with everything resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    At(Tick),
    After { event: u32, minutes: u32 },
    Above { condition: u32, value: f64 },
    Below { condition: u32, value: f64 },
}

#[derive(Debug)]
pub struct Event {
    pub when: When,
    pub effects: Vec<Happening>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    Release(u32),
    Revert(u32),
    RaiseFlag(u32),
    LowerFlag(u32),
    Limit(u32, Share),
    Lift(u32),
}

#[derive(Debug)]
pub struct Seat {
    pub organisations: Vec<u32>,
    pub mitigations: Vec<u32>,
    /// Observables of the objectives, in the order of the documents.
    pub objectives: Vec<Observable>,
}

#[derive(Debug)]
pub struct Playbook {
    pub orders: Vec<PlaybookOrder>,
}

#[derive(Debug)]
pub struct PlaybookOrder {
    pub when: When,
    pub mitigation: u32,
    pub targets: Vec<Target>,
}

/// A metric with the entities of its scope.
#[derive(Clone, Debug)]
pub struct Observable {
    pub metric: Metric,
    pub organisations: Vec<u32>,
    pub fleets: Vec<u32>,
    pub services: Vec<u32>,
}

impl Scenario {
    /// Indexes checked documents.
    ///
    /// # Panics
    /// If the documents were not checked by `validate`.
    pub fn compile(docs: Documents) -> Self {
        let start = UtcStart::parse(&docs.manifest.start).expect("checked start");
        let ids = Ids::new(&docs);
        let profiles: Vec<[f64; 168]> = docs.world.profiles.iter().map(week_of).collect();
        let (organisations, fleets, services) = compile_organisations(&docs, &ids, &profiles);
        let hosts = fleets.iter().map(|fleet| fleet.hosts).sum();
        let mut scenario = Self {
            start,
            start_minute_of_week: start.minute_of_week(),
            horizon: Tick(docs.manifest.horizon_min),
            incident: start.tick_of(&docs.manifest.incident).expect("checked incident"),
            organisations,
            fleets,
            services,
            kinds: docs.world.fleet_kinds.iter().map(|kind| compile_kind(kind, &ids)).collect(),
            methods: docs.world.methods.iter().map(|method| compile_method(method, &ids)).collect(),
            channels: docs.world.channels.iter().map(compile_channel).collect(),
            pools: docs.world.pools.iter().map(|pool| *pool.technicians.value()).collect(),
            profiles,
            mitigations: docs.mitigations.iter().map(|entry| compile_mitigation(entry, &ids)).collect(),
            events: Vec::new(),
            injects: Vec::new(),
            seats: Vec::new(),
            playbooks: Vec::new(),
            conditions: Vec::new(),
            hosts,
            figures: super::figures::count(&docs),
            digest: digest_of(&docs),
            docs: Arc::new(docs),
        };
        scenario.compile_script(&ids);
        scenario
    }

    fn compile_script(&mut self, ids: &Ids) {
        let docs = Arc::clone(&self.docs);
        self.seats = docs.seats.iter().map(|seat| self.compile_seat(&docs, seat, ids)).collect();
        self.events = docs
            .events
            .iter()
            .map(|event| Event {
                when: self.compile_when(&docs, &event.when, ids),
                effects: event.effects.iter().map(|effect| compile_happening(effect, ids)).collect(),
            })
            .collect();
        self.injects = docs.injects.iter().map(|inject| self.compile_when(&docs, &inject.when, ids)).collect();
        self.playbooks = docs.playbooks.iter().map(|playbook| self.compile_playbook(&docs, playbook, ids)).collect();
    }

    /// Indexes a playbook that came from elsewhere (a file), already checked against this scenario.
    pub fn compile_extra_playbook(&mut self, playbook: schema::Playbook) -> usize {
        let docs = Arc::clone(&self.docs);
        let compiled = self.compile_playbook(&docs, &playbook, &Ids::new(&docs));
        self.playbooks.push(compiled);
        Arc::make_mut(&mut self.docs).playbooks.push(playbook);
        self.playbooks.len() - 1
    }

    fn compile_playbook(&mut self, docs: &Documents, playbook: &schema::Playbook, ids: &Ids) -> Playbook {
        let orders = playbook
            .orders
            .iter()
            .map(|order| PlaybookOrder {
                when: self.compile_when(docs, &order.when, ids),
                mitigation: ids.mitigations[&order.order],
                targets: self.compile_targets(&order.target, ids),
            })
            .collect();
        Playbook { orders }
    }

    fn compile_targets(&self, target: &OrderTarget, ids: &Ids) -> Vec<Target> {
        let of_sector = |sector: &String| {
            let sector = ids.sectors[sector];
            (0..self.organisations.len() as u32)
                .filter(move |&org| self.organisations[org as usize].sector == sector)
        };
        match target {
            OrderTarget::Organisation(id) => vec![Target::Organisation(ids.organisations[id])],
            OrderTarget::Sector(id) => of_sector(id).map(Target::Organisation).collect(),
            OrderTarget::Fleet(id) => vec![Target::Fleet(ids.fleets[id])],
            OrderTarget::Service(id) => vec![Target::Service(ids.services[id])],
            OrderTarget::SectorFleet(sector, id) => of_sector(sector)
                .filter_map(|org| ids.fleets.get(&format!("{}/{id}", ids.names[org as usize])))
                .map(|&fleet| Target::Fleet(fleet))
                .collect(),
            OrderTarget::SectorService(sector, id) => of_sector(sector)
                .filter_map(|org| ids.services.get(&format!("{}/{id}", ids.names[org as usize])))
                .map(|&service| Target::Service(service))
                .collect(),
        }
    }

    fn compile_seat(&mut self, docs: &Documents, seat: &schema::Seat, ids: &Ids) -> Seat {
        let organisations: Vec<u32> = seat.organisations.iter().map(|id| ids.organisations[id]).collect();
        let objectives = seat
            .objectives
            .iter()
            .map(|objective| {
                let name = ObservableRef::parse(&objective.observable).expect("checked observable");
                self.resolve(docs, &name, ids).expect("checked scope")
            })
            .collect();
        let mitigations = seat.mitigations.iter().map(|id| ids.mitigations[id]).collect();
        Seat { organisations, mitigations, objectives }
    }

    fn compile_when(&mut self, docs: &Documents, trigger: &Trigger, ids: &Ids) -> When {
        match trigger {
            Trigger::At(time) => When::At(self.start.tick_of(time).expect("checked time")),
            Trigger::After(event, minutes) => When::After { event: ids.events[event], minutes: *minutes },
            Trigger::Above(name, value) => When::Above { condition: self.condition(docs, name, ids), value: *value },
            Trigger::Below(name, value) => When::Below { condition: self.condition(docs, name, ids), value: *value },
        }
    }

    fn condition(&mut self, docs: &Documents, name: &str, ids: &Ids) -> u32 {
        let name = ObservableRef::parse(name).expect("checked observable");
        let observable = self.resolve(docs, &name, ids).expect("checked scope");
        self.conditions.push(observable);
        (self.conditions.len() - 1) as u32
    }

    /// Finds the entities of an observable's scope.
    ///
    /// # Errors
    /// A sentence that names the unknown id.
    pub fn observable(&self, name: &ObservableRef) -> Result<Observable, String> {
        self.resolve(&self.docs, name, &Ids::new(&self.docs))
    }

    fn resolve(&self, docs: &Documents, name: &ObservableRef, ids: &Ids) -> Result<Observable, String> {
        let unknown = |what: &str, id: &str| format!("`{name}` names an unknown {what} `{id}`");
        let all = 0..self.organisations.len() as u32;
        let organisations: Vec<u32> = match &name.scope {
            Scope::All => all.collect(),
            Scope::Sector(id) => {
                let sector = *ids.sectors.get(id).ok_or_else(|| unknown("sector", id))?;
                all.filter(|&org| self.organisations[org as usize].sector == sector).collect()
            }
            Scope::Region(id) => {
                let region = *ids.regions.get(id).ok_or_else(|| unknown("region", id))?;
                all.filter(|&org| self.organisations[org as usize].region == region).collect()
            }
            Scope::Organisation(id) => vec![*ids.organisations.get(id).ok_or_else(|| unknown("organisation", id))?],
            Scope::Seat(id) => {
                let seat = docs.seats.iter().find(|seat| seat.id == *id).ok_or_else(|| unknown("seat", id))?;
                seat.organisations.iter().map(|org| ids.organisations[org]).collect()
            }
            Scope::Fleet(org, id) => {
                let key = format!("{org}/{id}");
                let fleet = *ids.fleets.get(&key).ok_or_else(|| unknown("fleet", &key))?;
                let organisations = vec![self.fleets[fleet as usize].organisation];
                return Ok(Observable { metric: name.metric, organisations, fleets: vec![fleet], services: Vec::new() });
            }
            Scope::Service(org, id) => {
                let key = format!("{org}/{id}");
                let service = *ids.services.get(&key).ok_or_else(|| unknown("service", &key))?;
                let organisations = vec![self.services[service as usize].organisation];
                return Ok(Observable { metric: name.metric, organisations, fleets: Vec::new(), services: vec![service] });
            }
        };
        let of_org = |org: &u32| &self.organisations[*org as usize];
        let fleets = organisations.iter().flat_map(|org| of_org(org).fleets.clone()).collect();
        // A sum over many services speaks of those that matter; one service is asked for by name.
        let services = organisations
            .iter()
            .flat_map(|org| of_org(org).services.clone())
            .filter(|&service| self.services[service as usize].is_important)
            .collect();
        Ok(Observable { metric: name.metric, organisations, fleets, services })
    }

    /// The seat with this id.
    pub fn seat_index(&self, id: &str) -> Option<usize> {
        self.docs.seats.iter().position(|seat| seat.id == id)
    }

    /// The playbook with this id.
    pub fn playbook_index(&self, id: &str) -> Option<usize> {
        self.docs.playbooks.iter().position(|playbook| playbook.id == id)
    }

    /// The document of an organisation.
    pub fn organisation_doc(&self, organisation: u32) -> &schema::Organisation {
        &self.docs.organisations[organisation as usize]
    }

    /// The document of a fleet.
    pub fn fleet_doc(&self, fleet: u32) -> &schema::Fleet {
        let organisation = self.fleets[fleet as usize].organisation;
        let first = self.organisations[organisation as usize].fleets.start;
        &self.organisation_doc(organisation).fleets[(fleet - first) as usize]
    }

    /// The document of a service.
    pub fn service_doc(&self, service: u32) -> &schema::Service {
        let organisation = self.services[service as usize].organisation;
        let first = self.organisations[organisation as usize].services.start;
        &self.organisation_doc(organisation).services[(service - first) as usize]
    }

    /// `organisation/service`, as conditions and tables name it.
    pub fn service_key(&self, service: u32) -> String {
        let organisation = self.services[service as usize].organisation;
        format!("{}/{}", self.organisation_doc(organisation).id, self.service_doc(service).id)
    }

    /// `organisation/fleet`.
    pub fn fleet_key(&self, fleet: u32) -> String {
        let organisation = self.fleets[fleet as usize].organisation;
        format!("{}/{}", self.organisation_doc(organisation).id, self.fleet_doc(fleet).id)
    }

    /// The organisation a target belongs to; none for the world.
    pub fn organisation_of(&self, target: Target) -> Option<u32> {
        match target {
            Target::World => None,
            Target::Organisation(organisation) => Some(organisation),
            Target::Fleet(fleet) => Some(self.fleets[fleet as usize].organisation),
            Target::Service(service) => Some(self.services[service as usize].organisation),
        }
    }

    /// Hour of the local week (0 = Monday 00:00) of an organisation at a tick.
    pub fn local_hour(&self, organisation: u32, tick: Tick) -> usize {
        let offset = self.organisations[organisation as usize].utc_offset_min;
        (local_minute_of_week(self.start_minute_of_week, tick, offset) / 60) as usize
    }
}

/// Index of every id.
struct Ids {
    names: Vec<String>,
    sectors: BTreeMap<String, u32>,
    regions: BTreeMap<String, u32>,
    profiles: BTreeMap<String, u32>,
    channels: BTreeMap<String, u32>,
    methods: BTreeMap<String, u32>,
    kinds: BTreeMap<String, u32>,
    flags: BTreeMap<String, u32>,
    pools: BTreeMap<String, u32>,
    organisations: BTreeMap<String, u32>,
    fleets: BTreeMap<String, u32>,
    services: BTreeMap<String, u32>,
    mitigations: BTreeMap<String, u32>,
    events: BTreeMap<String, u32>,
}

fn index<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, u32> {
    ids.enumerate().map(|(at, id)| (id.clone(), at as u32)).collect()
}

impl Ids {
    fn new(docs: &Documents) -> Self {
        let keys = |part: fn(&schema::Organisation) -> Vec<&String>| -> BTreeMap<String, u32> {
            let all = docs.organisations.iter().flat_map(|org| part(org).into_iter().map(move |id| (org, id)));
            all.enumerate().map(|(at, (org, id))| (format!("{}/{id}", org.id), at as u32)).collect()
        };
        Self {
            names: docs.organisations.iter().map(|org| org.id.clone()).collect(),
            sectors: index(docs.world.sectors.iter().map(|entry| &entry.id)),
            regions: index(docs.world.regions.iter().map(|entry| &entry.id)),
            profiles: index(docs.world.profiles.iter().map(|entry| &entry.id)),
            channels: index(docs.world.channels.iter().map(|entry| &entry.id)),
            methods: index(docs.world.methods.iter().map(|entry| &entry.id)),
            kinds: index(docs.world.fleet_kinds.iter().map(|entry| &entry.id)),
            flags: index(docs.world.flags.iter().map(|entry| &entry.id)),
            pools: index(docs.world.pools.iter().map(|entry| &entry.id)),
            organisations: index(docs.organisations.iter().map(|entry| &entry.id)),
            fleets: keys(|org| org.fleets.iter().map(|fleet| &fleet.id).collect()),
            services: keys(|org| org.services.iter().map(|service| &service.id).collect()),
            mitigations: index(docs.mitigations.iter().map(|entry| &entry.id)),
            events: index(docs.events.iter().map(|entry| &entry.id)),
        }
    }

    fn flags(&self, ids: &[String]) -> Vec<u32> {
        ids.iter().map(|id| self.flags[id]).collect()
    }
}

fn week_of(profile: &schema::Profile) -> [f64; 168] {
    let mut week = [0.0; 168];
    for (hour, weight) in week.iter_mut().enumerate() {
        let day = if hour / 24 < 5 { &profile.weekday } else { &profile.weekend };
        *weight = day[hour % 24];
    }
    week
}

fn triple(value: &Tagged<(f64, f64, f64)>) -> [f64; 3] {
    let (low, mode, high) = *value.value();
    [low, mode, high]
}

fn compile_kind(kind: &schema::FleetKind, ids: &Ids) -> Kind {
    Kind {
        switched_on: ids.profiles[&kind.switched_on],
        encrypted: *kind.encrypted.value(),
        race_win: *kind.race_win.value(),
        locate_min: triple(&kind.locate_min),
        methods: kind.methods.iter().map(|id| ids.methods[id]).collect(),
    }
}

fn compile_method(method: &schema::Method, ids: &Ids) -> Method {
    Method {
        touch_min: triple(&method.touch_min),
        hosts_at_once: *method.hosts_at_once.value(),
        failure: *method.failure.value(),
        needs_key: method.needs_key,
        remote: method.remote,
        rebuilds: method.rebuilds,
        requires: ids.flags(&method.requires),
    }
}

fn compile_channel(channel: &schema::Channel) -> Channel {
    Channel {
        receipt_mean_min: *channel.receipt_mean_min.value(),
        reboot_cycle_min: *channel.reboot_cycle_min.value(),
        race_cycles_max: *channel.race_cycles_max.value(),
        late_win_per_hour: *channel.late_win_per_hour.value(),
    }
}

fn compile_organisations(
    docs: &Documents,
    ids: &Ids,
    profiles: &[[f64; 168]],
) -> (Vec<Organisation>, Vec<Fleet>, Vec<Service>) {
    let (mut organisations, mut fleets, mut services) = (Vec::new(), Vec::new(), Vec::new());
    let mut first_host = 0;
    for (at, org) in docs.organisations.iter().enumerate() {
        let region = ids.regions[&org.region];
        let fleets_from = fleets.len() as u32;
        for fleet in &org.fleets {
            let kind = ids.kinds[&fleet.kind];
            let of_kind = &docs.world.fleet_kinds[kind as usize].in_scope;
            let hosts = *fleet.hosts.value();
            fleets.push(Fleet {
                organisation: at as u32,
                kind,
                hosts,
                first_host,
                in_scope: *fleet.in_scope.as_ref().unwrap_or(of_kind).value(),
                priority: fleet.priority,
            });
            first_host += hosts;
        }
        let services_from = services.len() as u32;
        services.extend(org.services.iter().map(|service| compile_service(org, at as u32, service, ids, profiles)));
        organisations.push(Organisation {
            sector: ids.sectors[&org.sector],
            region,
            utc_offset_min: docs.world.regions[region as usize].utc_offset_min,
            staff: [*org.staff.day.value(), *org.staff.evening.value(), *org.staff.night.value()],
            weekend: *org.staff.weekend.value(),
            cost_per_hour_usd: *org.staff.cost_per_hour_usd.value(),
            keys: match &org.keys {
                schema::Keys::Open => Keys::Open,
                schema::Keys::Escrow => Keys::Escrow,
                schema::Keys::Server(id) => Keys::Server(ids.fleets[&format!("{}/{id}", org.id)]),
            },
            fleets: fleets_from..fleets.len() as u32,
            services: services_from..services.len() as u32,
        });
    }
    (organisations, fleets, services)
}

fn compile_service(
    org: &schema::Organisation,
    organisation: u32,
    service: &schema::Service,
    ids: &Ids,
    profiles: &[[f64; 168]],
) -> Service {
    let week = &profiles[ids.profiles[&service.demand_profile] as usize];
    let total: f64 = week.iter().sum();
    let micro_per_weight = service.demand_per_day.value() * 7.0 / total / 60.0 * MICRO as f64;
    let mut demand_micro = Box::new([0; 168]);
    for (micro, weight) in demand_micro.iter_mut().zip(week) {
        *micro = (weight * micro_per_weight + 0.5) as u64;
    }
    Service {
        organisation,
        demand_micro,
        headroom: *service.headroom.value(),
        needs: service.needs.iter().map(|need| compile_need(org, need, ids)).collect(),
        warm_up_min: *service.warm_up_min.value(),
        fallback: service.fallback.as_ref().map(|fallback| Fallback {
            level: Share::from_fraction(*fallback.level.value()),
            endurance_min: *fallback.endurance_min.value(),
            technicians: *fallback.technicians.value(),
            is_automatic: fallback.automatic,
        }),
        backlog: match &service.backlog {
            schema::Backlog::Lost => Backlog::Lost,
            schema::Backlog::Waits => Backlog::Waits,
            schema::Backlog::Expires(minutes) => Backlog::Expires(*minutes.value()),
        },
        rework: service.rework.as_ref().map(|rework| Rework {
            items_per_lost: *rework.items_per_lost.value(),
            clear_per_hour: *rework.clear_per_hour.value(),
            half_speed_at: *rework.half_speed_at.value(),
            half_level_at: *rework.half_level_at.value(),
        }),
        target: Share::from_fraction(service.target_level),
        tolerance_min: *service.tolerance_min.value(),
        cost_per_lost_usd: *service.cost_per_lost_usd.value(),
        is_important: service.important,
    }
}

fn compile_need(org: &schema::Organisation, need: &schema::Need, ids: &Ids) -> Need {
    let of = match &need.of {
        NeedOf::Fleet(id) => NeedIndex::Fleet(ids.fleets[&format!("{}/{id}", org.id)]),
        NeedOf::Service(id) if id.contains('/') => NeedIndex::Service(ids.services[id]),
        NeedOf::Service(id) => NeedIndex::Service(ids.services[&format!("{}/{id}", org.id)]),
    };
    let ppm = |fraction: f64| Share::from_fraction(fraction).ppm();
    let response = match &need.response {
        Response::Linear => vec![(0, 0), (1_000_000, 1_000_000)],
        Response::Knee(knee) => vec![(0, 0), (ppm(*knee), 1_000_000)],
        Response::Soft(loss) => vec![(0, ppm(1.0 - loss)), (1_000_000, 1_000_000)],
        Response::Points(points) => points.iter().map(|(need, level)| (ppm(*need), ppm(*level))).collect(),
    };
    Need { of, response, buffer_min: need.buffer_min }
}

fn compile_mitigation(entry: &schema::Mitigation, ids: &Ids) -> Mitigation {
    let (target, operand, hours) = match &entry.effect {
        Effect::StopRollout(id) => (TargetKind::World, ids.channels[id], None),
        Effect::RaiseFlag(id) => (TargetKind::World, ids.flags[id], None),
        Effect::UseMethod(id) => (TargetKind::Organisation, ids.methods[id], None),
        Effect::NationalPool { pool, hours, .. } => (TargetKind::Organisation, ids.pools[pool], Some(*hours)),
        Effect::HoldHosts { hours }
        | Effect::Overtime { hours, .. }
        | Effect::Contractors { hours, .. }
        | Effect::Volunteers { hours, .. }
        | Effect::Rest { hours, .. } => (TargetKind::Organisation, 0, Some(*hours)),
        Effect::ReleaseHosts
        | Effect::EscrowKeys
        | Effect::PrintKeys { .. }
        | Effect::Unattended { .. }
        | Effect::Statement { .. }
        | Effect::VerifyTools { .. } => (TargetKind::Organisation, 0, None),
        Effect::RepairFirst | Effect::RestoreBackup { .. } => (TargetKind::Fleet, 0, None),
        Effect::ShedDemand { hours, .. }
        | Effect::PostponeDemand { hours, .. }
        | Effect::FailOver { hours, .. }
        | Effect::ExtendHours { hours, .. }
        | Effect::ClearRework { hours, .. } => (TargetKind::Service, 0, Some(*hours)),
        Effect::OpenFallback | Effect::CloseFallback => (TargetKind::Service, 0, None),
    };
    Mitigation {
        target,
        sectors: entry.sectors.iter().map(|id| ids.sectors[id]).collect(),
        cost_usd: *entry.cost_usd.value(),
        lead_min: *entry.lead_min.value(),
        requires: ids.flags(&entry.requires),
        times_max: entry.times_max,
        operand,
        lasts_min: hours.map(|hours| hours * 60),
    }
}

fn compile_happening(effect: &EventEffect, ids: &Ids) -> Happening {
    match effect {
        EventEffect::Release(id) => Happening::Release(ids.channels[id]),
        EventEffect::Revert(id) => Happening::Revert(ids.channels[id]),
        EventEffect::RaiseFlag(id) => Happening::RaiseFlag(ids.flags[id]),
        EventEffect::LowerFlag(id) => Happening::LowerFlag(ids.flags[id]),
        EventEffect::Limit { service, level } => Happening::Limit(ids.services[service], Share::from_fraction(*level)),
        EventEffect::Lift { service } => Happening::Lift(ids.services[service]),
    }
}

/// A digest of everything the documents say, through their one canonical printing.
fn digest_of(docs: &Documents) -> Digest {
    let mut writer = DigestWriter::default();
    let mut part = |text: Result<String, ron::Error>| writer.text(&text.expect("documents print as RON"));
    part(ron::to_string(&docs.manifest));
    part(ron::to_string(&docs.world));
    part(ron::to_string(&docs.organisations));
    part(ron::to_string(&docs.mitigations));
    part(ron::to_string(&docs.events));
    part(ron::to_string(&docs.injects));
    part(ron::to_string(&docs.seats));
    part(ron::to_string(&docs.playbooks));
    writer.finish()
}
