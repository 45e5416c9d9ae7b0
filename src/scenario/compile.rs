//! The scenario as the simulation reads it: ids become indices, shapes become tables, times ticks.
//!
//! Built once from checked documents and never changed. It must not be built from unchecked ones:
//! `validate` has already refused whatever could not be resolved here.

mod ids;
mod parts;

use std::ops::Range;
use std::sync::Arc;

use super::load::Documents;
use super::observable::{Metric, ObservableRef, Scope};
use super::schema::{self, OrderTarget, Trigger};
use crate::base::{Digest, DigestWriter, Share, Tick, UtcStart, local_minute_of_week};
use ids::Ids;

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
    /// Mean of the hours in which at least half the peak is asked for: what an extra hour can serve.
    pub usual_micro: u64,
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

impl Target {
    /// A number for digests: kind and index.
    pub fn word(self) -> u64 {
        let (kind, index) = match self {
            Target::World => (0, 0),
            Target::Organisation(index) => (1, index),
            Target::Fleet(index) => (2, index),
            Target::Service(index) => (3, index),
        };
        (kind << 32) | u64::from(index)
    }
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
        let profiles: Vec<[f64; 168]> = docs.world.profiles.iter().map(parts::week_of).collect();
        let (organisations, fleets, services) = parts::organisations(&docs, &ids, &profiles);
        let hosts = fleets.iter().map(|fleet| fleet.hosts).sum();
        let mut scenario = Self {
            start,
            start_minute_of_week: start.minute_of_week(),
            horizon: Tick(docs.manifest.horizon_min),
            incident: start.tick_of(&docs.manifest.incident).expect("checked incident"),
            organisations,
            fleets,
            services,
            kinds: docs.world.fleet_kinds.iter().map(|kind| parts::kind(kind, &ids)).collect(),
            methods: docs.world.methods.iter().map(|method| parts::method(method, &ids)).collect(),
            channels: docs.world.channels.iter().map(parts::channel).collect(),
            pools: docs.world.pools.iter().map(|pool| *pool.technicians.value()).collect(),
            profiles,
            mitigations: docs.mitigations.iter().map(|entry| parts::mitigation(entry, &ids)).collect(),
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
                effects: event.effects.iter().map(|effect| parts::happening(effect, ids)).collect(),
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
            (0..self.organisations.len() as u32).filter(move |&org| self.organisations[org as usize].sector == sector)
        };
        match target {
            OrderTarget::World => vec![Target::World],
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
                return Ok(Observable {
                    metric: name.metric,
                    organisations,
                    fleets: vec![fleet],
                    services: Vec::new(),
                });
            }
            Scope::Service(org, id) => {
                let key = format!("{org}/{id}");
                let service = *ids.services.get(&key).ok_or_else(|| unknown("service", &key))?;
                let organisations = vec![self.services[service as usize].organisation];
                return Ok(Observable {
                    metric: name.metric,
                    organisations,
                    fleets: Vec::new(),
                    services: vec![service],
                });
            }
        };
        let of_org = |org: &u32| &self.organisations[*org as usize];
        let fleets = organisations.iter().flat_map(|org| of_org(org).fleets.clone()).collect();
        // A sum over many services speaks of those that matter; rework waits wherever it waits, and one
        // service is asked for by name.
        let is_counted = |&service: &u32| name.metric == Metric::Rework || self.services[service as usize].is_important;
        let services = organisations.iter().flat_map(|org| of_org(org).services.clone()).filter(is_counted).collect();
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
