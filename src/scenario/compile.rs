//! The scenario as the simulation reads it: ids become indices, shapes become tables, times become ticks.
//!
//! A scenario is compiled once, from checked documents, so no id can be unknown here. A compiled scenario does not
//! change.

mod chance;
mod effects;
mod entities;
mod ids;
mod lists;
mod partitions;
mod parts;
mod populations;
mod scopes;
mod wiring;

use std::borrow::Cow;
use std::sync::Arc;

use super::digest;
use super::documents::Documents;
use super::message;
use super::observable::ObservableRef;
use super::schema::{self, OrderTarget, PAR, Trigger};
use super::validate::{CheckedDocuments, CheckedPlaybook};
use crate::base::draw::{cut_of, whole};
use crate::base::{Column, Digest, Ix, Span, Tick, UtcStart, local_minute_of_week};
pub use chance::{Tries, Waits};
pub use effects::*;
pub use entities::*;
use ids::Ids;
pub use lists::Lists;
pub use partitions::Partitions;
pub use wiring::Wiring;

/// One unit of demand in micro-units, the integer the simulation counts in.
pub const MICRO: u64 = 1_000_000;
/// Minutes of a week.
pub const MINUTES_A_WEEK: u32 = 10_080;

/// An immutable, indexed scenario.
#[derive(Debug)]
pub struct Scenario {
    /// The documents as the authors wrote them, for names, texts and sources.
    pub docs: Arc<CheckedDocuments>,
    pub start: UtcStart,
    pub start_minute_of_week: u32,
    pub horizon: Tick,
    /// The tick at which the incident proper begins; recovery is counted from it.
    pub incident: Tick,
    pub organisations: Column<Organisation>,
    pub fleets: Column<Fleet>,
    pub services: Column<Service>,
    /// Needs of all services, one after another.
    pub needs: Column<Need>,
    /// Distinct responses of needs.
    pub curves: Column<Curve, Arc<[(u32, u32)]>>,
    pub kinds: Column<Kind>,
    pub methods: Column<Method>,
    pub channels: Column<Channel>,
    /// Technicians of each staff pool.
    pub pools: Column<StaffPool, u32>,
    pub clocks: Column<Clock>,
    /// Are trust, calls, false tools and clocks simulated?
    pub has_trust: bool,
    /// Members of the incident team of each organisation, by sector; none for any number.
    pub incident_teams: Column<Sector, Option<u32>>,
    /// Share of machines switched on, by hour of the local week; one row for each profile.
    pub profiles: Column<Profile, [f64; 168]>,
    /// The same shares as cuts of draws (`base::draw::cut_of`).
    pub profile_cuts: Column<Profile, [u64; 168]>,
    pub mitigations: Column<Mitigation>,
    pub events: Column<Event>,
    pub injects: Column<Inject, When>,
    /// The observables in the text of each inject.
    pub inject_figures: Column<Inject, Vec<Observable>>,
    /// Mitigations whose order keeps an inject from a seat.
    pub inject_unless: Column<Inject, Vec<Ix<Mitigation>>>,
    pub seats: Column<Seat>,
    pub playbooks: Column<Playbook>,
    /// Number of playbooks from the scenario's own files; playbooks that are added later follow them.
    written_playbooks: usize,
    /// Observables that conditions use, resolved to indices; `When` refers to them.
    pub conditions: Column<Condition>,
    /// Hosts of all fleets.
    pub hosts: u32,
    pub wiring: Wiring,
    /// Numbers of documented, estimated and invented figures.
    pub figures: [usize; 3],
    /// Digest of the documents. A run file names it, because a run belongs to exactly one content of its scenario.
    pub digest: Digest,
    /// The seed of the morning on which the figures were drawn; none if all have their written values (`morning`).
    pub morning: Option<u64>,
}

impl Scenario {
    /// Compiles checked documents.
    pub fn compile(docs: CheckedDocuments) -> Self {
        let start = UtcStart::parse(&docs.manifest.start).expect("checked start");
        let ids = Ids::new(&docs);
        let profiles: Column<Profile, [f64; 168]> = docs.world.profiles.iter().map(parts::week_of).collect();
        let mut parts = parts::Parts {
            week_phases_min: docs.world.regions.iter().map(|region| phase(start, region.utc_offset_min)).collect(),
            ..parts::Parts::default()
        };
        docs.organisations.iter().enumerate().for_each(|(at, org)| {
            let member = parts::Member::written(&ids, at as u32, org);
            parts.add(&docs, &ids, &profiles, org, &member);
        });
        populations::expand(&docs, &ids, &profiles, &mut parts);
        let parts::Parts { organisations, fleets, services, needs, curves, hosts, .. } = parts;
        let mut services = services;
        for supplier in needs.iter().filter_map(|need| need.supplier.service()) {
            services[supplier].is_needed = true;
        }
        let wiring = Wiring::new(&organisations, &fleets, &services, &needs, hosts);
        let mut scenario = Self {
            start,
            start_minute_of_week: start.minute_of_week(),
            horizon: Tick(docs.manifest.horizon_min),
            incident: start.tick_of(&docs.manifest.incident).expect("checked incident"),
            organisations,
            fleets,
            services,
            needs,
            curves,
            clocks: docs.world.clocks.iter().map(|clock| parts::clock(clock, &ids)).collect(),
            has_trust: docs.manifest.trust,
            incident_teams: docs
                .world
                .sectors
                .iter()
                .map(|sector| sector.incident_team.as_ref().map(|team| *team.value()))
                .collect(),
            kinds: docs.world.fleet_kinds.iter().map(|kind| parts::kind(&docs, kind, &ids)).collect(),
            methods: docs.world.methods.iter().map(|method| parts::method(method, &ids)).collect(),
            channels: docs
                .world
                .channels
                .iter()
                .map(|channel| parts::channel(channel, docs.manifest.horizon_min))
                .collect(),
            pools: docs.world.pools.iter().map(|pool| *pool.technicians.value()).collect(),
            profile_cuts: profiles.iter().map(|week| week.map(cut_of)).collect(),
            profiles,
            mitigations: docs.mitigations.iter().map(|entry| parts::mitigation(entry, &ids)).collect(),
            events: Column::new(),
            injects: Column::new(),
            inject_figures: Column::new(),
            inject_unless: Column::new(),
            seats: Column::new(),
            playbooks: Column::new(),
            written_playbooks: docs.playbooks.len(),
            conditions: Column::new(),
            wiring,
            hosts,
            figures: super::figures::count(&docs),
            digest: digest::structural(&docs),
            morning: None,
            docs: Arc::new(docs),
        };
        scenario.compile_script(&ids);
        scenario
    }

    fn compile_script(&mut self, ids: &Ids) {
        let docs = Arc::clone(&self.docs);
        for (channel, doc) in self.channels.indices().zip(&docs.world.channels) {
            let halt = doc.rings.as_ref().and_then(|plan| plan.halt_above.as_ref());
            let halt = halt.map(|(name, value)| (self.condition(&docs, name, ids), *value));
            if let Some(plan) = &mut self.channels[channel].rings {
                plan.halt_above = halt;
            }
        }
        self.seats = docs.seats.iter().map(|seat| self.compile_seat(&docs, seat, ids)).collect();
        self.events = docs
            .events
            .iter()
            .map(|event| Event {
                when: self.compile_when(&docs, &event.when, ids),
                actions: event.effects.iter().map(|effect| EventAction::new(effect, ids)).collect(),
            })
            .collect();
        self.injects = docs.injects.iter().map(|inject| self.compile_when(&docs, &inject.when, ids)).collect();
        let resolved = |name: &ObservableRef| self.resolve(&docs, name, ids).expect("checked scope");
        let figures = |inject: &schema::Inject| {
            message::observables(&inject.body).expect("checked text").iter().map(resolved).collect()
        };
        self.inject_figures = docs.injects.iter().map(figures).collect();
        let unless = |inject: &schema::Inject| inject.unless.iter().map(|id| ids.mitigations[id]).collect();
        self.inject_unless = docs.injects.iter().map(unless).collect();
        self.playbooks = docs.playbooks.iter().map(|playbook| self.compile_playbook(&docs, playbook, ids)).collect();
    }

    /// Sets another size limit for the state of a partition and divides the organisations anew. No result depends
    /// on the limit; measurements and tests change it.
    pub fn cut_partitions(&mut self, bytes_max: usize) {
        let need_service = &self.wiring.need_service;
        self.wiring.partitions =
            Partitions::new(&self.organisations, &self.fleets, &self.services, &self.needs, need_service, bytes_max);
    }

    /// The same scenario whose runs end later. Its digest stays, because every minute up to the earlier end is the
    /// same. Playbooks that were added from other files are not in it.
    pub fn ending_at(&self, horizon: Tick) -> Self {
        let mut docs = CheckedDocuments::clone(&self.docs);
        docs.truncate_playbooks(self.written_playbooks);
        docs.set_horizon(horizon);
        Self { digest: self.digest, morning: self.morning, ..Self::compile(docs) }
    }

    /// The same scenario with the figures of a morning. Its digest stays, because the figures follow from the seed.
    pub(super) fn with_figures_of(&self, docs: CheckedDocuments, morning: u64) -> Self {
        let drawn = Self::compile(docs);
        Self { digest: self.digest, written_playbooks: self.written_playbooks, morning: Some(morning), ..drawn }
    }

    /// The tick up to which the measures of the scenario's own targets may reach.
    pub fn targets_until(&self) -> Tick {
        let until = self.docs.targets_until.as_ref().map(|until| self.start.tick_of(until).expect("checked time"));
        until.unwrap_or(self.horizon)
    }

    /// Adds facts that a file of targets brought along.
    pub fn add_facts(&mut self, facts: Vec<schema::Source>) {
        Arc::make_mut(&mut self.docs).add_facts(facts);
    }

    /// Adds a playbook that came from a file of its own and was checked against this scenario; returns its index.
    pub fn compile_extra_playbook(&mut self, playbook: CheckedPlaybook) -> Ix<Playbook> {
        let docs = Arc::clone(&self.docs);
        let compiled = self.compile_playbook(&docs, &playbook, &Ids::new(&docs));
        let index = self.playbooks.push(compiled);
        Arc::make_mut(&mut self.docs).add_playbook(playbook);
        index
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
            self.organisations.indices().filter(move |&org| self.organisations[org].sector == sector)
        };
        match target {
            OrderTarget::World => vec![Target::World],
            OrderTarget::Organisation(id) => {
                vec![Target::Organisation(ids.organisation(id).expect("checked organisation"))]
            }
            OrderTarget::Sector(id) => of_sector(id).map(Target::Organisation).collect(),
            OrderTarget::Fleet(id) => vec![Target::Fleet(self.fleet_index(id, ids).expect("checked fleet"))],
            OrderTarget::Service(id) => vec![Target::Service(ids.service(id).expect("checked service"))],
            OrderTarget::SectorFleet(sector, id) => {
                of_sector(sector).filter_map(|org| self.fleet_of(org, id)).map(Target::Fleet).collect()
            }
            OrderTarget::SectorService(sector, id) => {
                of_sector(sector).filter_map(|org| self.service_of(org, id)).map(Target::Service).collect()
            }
        }
    }

    fn compile_seat(&mut self, docs: &Documents, seat: &schema::Seat, ids: &Ids) -> Seat {
        let organisations: Vec<Ix<Organisation>> =
            seat.organisations.iter().map(|id| ids.organisation(id).expect("checked organisation")).collect();
        let objectives = seat
            .objectives
            .iter()
            .map(|objective| {
                let name = ObservableRef::parse(&objective.observable).expect("checked observable");
                self.resolve(docs, &name, ids).expect("checked scope")
            })
            .collect();
        let mitigations = seat.mitigations.iter().map(|id| ids.mitigations[id]).collect();
        let preparation_usd = seat.preparation_usd.as_ref().map_or(0.0, |usd| *usd.value());
        Seat { organisations, mitigations, preparation_usd, objectives }
    }

    fn compile_when(&mut self, docs: &Documents, trigger: &Trigger, ids: &Ids) -> When {
        match trigger {
            Trigger::At(time) => When::At(self.start.tick_of(time).expect("checked time")),
            Trigger::After(event, minutes) => When::After { event: ids.events[event], minutes: *minutes },
            Trigger::Above(name, value) => When::Above { condition: self.condition(docs, name, ids), value: *value },
            Trigger::Below(name, value) => When::Below { condition: self.condition(docs, name, ids), value: *value },
        }
    }

    fn condition(&mut self, docs: &Documents, name: &str, ids: &Ids) -> Ix<Condition> {
        let name = ObservableRef::parse(name).expect("checked observable");
        let observable = self.resolve(docs, &name, ids).expect("checked scope");
        self.conditions.push(observable)
    }

    /// Finds the entities of an observable's scope.
    ///
    /// # Errors
    /// A sentence that names the unknown id.
    pub fn observable(&self, name: &ObservableRef) -> Result<Observable, String> {
        self.resolve(&self.docs, name, &Ids::new(&self.docs))
    }

    /// The digest that run files of version 1 name in place of `digest`. Takes some milliseconds.
    pub fn legacy_text_digest(&self) -> Digest {
        digest::legacy_text(&self.docs, &self.docs.playbooks[..self.written_playbooks])
    }

    /// The seat with this id.
    pub fn seat_index(&self, id: &str) -> Option<Ix<Seat>> {
        self.docs.seats.iter().position(|seat| seat.id == id).map(Ix::from_usize)
    }

    /// The playbook with this id.
    pub fn playbook_index(&self, id: &str) -> Option<Ix<Playbook>> {
        self.docs.playbooks.iter().position(|playbook| playbook.id == id).map(Ix::from_usize)
    }

    /// The playbook that a seat follows which plays the one with this id: for `par`, the seat's own par `par-SEAT` if
    /// there is one.
    pub fn playbook_of_seat(&self, seat: Ix<Seat>, id: &str) -> Option<Ix<Playbook>> {
        let own = (id == PAR).then(|| format!("{PAR}-{}", self.docs.seats[seat.position()].id));
        own.and_then(|own| self.playbook_index(&own)).or_else(|| self.playbook_index(id))
    }

    fn fleet_index(&self, key: &str, ids: &Ids) -> Option<Ix<Fleet>> {
        let (org, id) = key.split_once('/')?;
        self.fleet_of(ids.organisation(org)?, id)
    }

    /// The fleet of an organisation with this id.
    pub fn fleet_of(&self, organisation: Ix<Organisation>, id: &str) -> Option<Ix<Fleet>> {
        let place = self.organisation_doc(organisation).fleets.iter().position(|fleet| fleet.id == id)?;
        Some(self.organisations[organisation].fleets.nth(place))
    }

    /// The service of an organisation with this id.
    pub fn service_of(&self, organisation: Ix<Organisation>, id: &str) -> Option<Ix<Service>> {
        let place = self.organisation_doc(organisation).services.iter().position(|service| service.id == id)?;
        Some(self.organisations[organisation].services.nth(place))
    }

    /// The organisation with this id, member of a population or not.
    pub fn organisation_index(&self, id: &str) -> Option<Ix<Organisation>> {
        let is_it = |organisation: &Organisation| match organisation.origin {
            Origin::Written(at) => self.docs.organisations[at as usize].id == id,
            Origin::Member { population, number } => {
                let rest = id.strip_prefix(self.docs.populations[population.position()].id.as_str());
                rest.and_then(|rest| rest.strip_prefix('-')) == Some(&number.to_string())
            }
        };
        self.organisations.find(is_it)
    }

    /// The organisations that are written out; they come before all members of populations.
    pub fn written_organisations(&self) -> Span<Organisation> {
        Span::new(0, self.docs.organisations.len() as u32)
    }

    /// The services of the organisations that are written out; they come before all services of members.
    pub fn written_services(&self) -> Span<Service> {
        let last = self.organisations[self.written_organisations()].last();
        Span { start: Ix::new(0), end: last.map_or(Ix::new(0), |last| last.services.end) }
    }

    /// Numbers of real organisations and hosts that the scenario represents.
    pub fn stands_for(&self) -> (u64, u64) {
        let compiled = |organisation: Ix<Organisation>| &self.organisations[organisation];
        let organisations: f64 = self.organisations.iter().map(|org| org.stands_for * f64::from(org.comprises)).sum();
        let hosts: f64 =
            self.fleets.iter().map(|fleet| f64::from(fleet.hosts) * compiled(fleet.organisation).stands_for).sum();
        (organisations.round() as u64, hosts.round() as u64)
    }

    /// The document of an organisation. The members of a population share one document; its id, name and position
    /// are not the member's.
    pub fn organisation_doc(&self, organisation: Ix<Organisation>) -> &schema::Organisation {
        match self.organisations[organisation].origin {
            Origin::Written(at) => &self.docs.organisations[at as usize],
            Origin::Member { population, .. } => &self.docs.populations[population.position()].member,
        }
    }

    /// The id of an organisation: `delta`, `gp-17`.
    pub fn organisation_id(&self, organisation: Ix<Organisation>) -> Cow<'_, str> {
        self.written_or(organisation, |org| &org.id, |population, number| format!("{}-{number}", population.id))
    }

    /// The name of an organisation as people read it.
    pub fn organisation_name(&self, organisation: Ix<Organisation>) -> Cow<'_, str> {
        self.written_or(organisation, |org| &org.name, |population, number| format!("{} {number}", population.name))
    }

    fn written_or<'a>(
        &'a self,
        organisation: Ix<Organisation>,
        written: fn(&schema::Organisation) -> &String,
        member: fn(&schema::Population, u32) -> String,
    ) -> Cow<'a, str> {
        match self.organisations[organisation].origin {
            Origin::Written(at) => Cow::Borrowed(written(&self.docs.organisations[at as usize])),
            Origin::Member { population, number } => {
                Cow::Owned(member(&self.docs.populations[population.position()], number))
            }
        }
    }

    /// The document of a fleet.
    pub fn fleet_doc(&self, fleet: Ix<Fleet>) -> &schema::Fleet {
        let organisation = self.fleets[fleet].organisation;
        let first = self.organisations[organisation].fleets.start;
        &self.organisation_doc(organisation).fleets[fleet.position() - first.position()]
    }

    /// The document of a service.
    pub fn service_doc(&self, service: Ix<Service>) -> &schema::Service {
        let organisation = self.services[service].organisation;
        let first = self.organisations[organisation].services.start;
        &self.organisation_doc(organisation).services[service.position() - first.position()]
    }

    /// `organisation/service`, as conditions and tables name it.
    pub fn service_key(&self, service: Ix<Service>) -> String {
        let organisation = self.services[service].organisation;
        format!("{}/{}", self.organisation_id(organisation), self.service_doc(service).id)
    }

    /// `organisation/fleet`.
    pub fn fleet_key(&self, fleet: Ix<Fleet>) -> String {
        let organisation = self.fleets[fleet].organisation;
        format!("{}/{}", self.organisation_id(organisation), self.fleet_doc(fleet).id)
    }

    /// Needs of a service.
    pub fn needs_of(&self, service: Ix<Service>) -> &[Need] {
        &self.needs[self.services[service].needs]
    }

    /// Micro-units asked of a service in each minute of an hour of the local week.
    pub fn asked_micro(&self, service: Ix<Service>, hour: usize) -> u64 {
        let compiled = &self.services[service];
        whole(self.profiles[compiled.profile][hour] * compiled.micro_per_weight + 0.5)
    }

    /// The organisation that a target belongs to; none for the world.
    pub fn organisation_of(&self, target: Target) -> Option<Ix<Organisation>> {
        match target {
            Target::World => None,
            Target::Organisation(organisation) => Some(organisation),
            Target::Fleet(fleet) => Some(self.fleets[fleet].organisation),
            Target::Service(service) => Some(self.services[service].organisation),
        }
    }

    /// Does a mitigation make sense for a target? A service has one of its units, and only servers are restored from
    /// backup.
    pub fn suits(&self, mitigation: Ix<Mitigation>, target: Target) -> bool {
        let Mitigation { units, effect, .. } = &self.mitigations[mitigation];
        match target {
            Target::Service(service) if !units.is_empty() => units.contains(&self.service_doc(service).unit),
            Target::Fleet(fleet) => {
                let is_restore = matches!(effect.on_fleet(), Some(FleetEffect::RestoreBackup { .. }));
                !is_restore || self.kinds[self.fleets[fleet].kind].is_server
            }
            _ => true,
        }
    }

    /// Minute of the local week (0 = Monday 00:00, below 10,080) of an organisation at a tick.
    pub fn week_minute(&self, organisation: Ix<Organisation>, tick: Tick) -> u32 {
        (self.organisations[organisation].week_phase_min + tick.0) % MINUTES_A_WEEK
    }

    /// Hour of the local week of an organisation at a tick.
    pub fn local_hour(&self, organisation: Ix<Organisation>, tick: Tick) -> usize {
        (self.week_minute(organisation, tick) / 60) as usize
    }

    /// Micro-units asked of a service from tick 0 to a boundary.
    pub fn demand_micro(&self, service: Ix<Service>, until: Tick) -> u64 {
        self.demand_between_micro(service, Tick::ZERO, until)
    }

    /// Micro-units asked of a service from a boundary to a later one.
    pub fn demand_between_micro(&self, service: Ix<Service>, from: Tick, until: Tick) -> u64 {
        let compiled = &self.services[service];
        let minutes = until.since(from);
        let mut sum = u64::from(minutes / MINUTES_A_WEEK) * 60 * compiled.week_micro;
        let (mut minute, mut left) = ((compiled.week_phase_min + from.0) % MINUTES_A_WEEK, minutes % MINUTES_A_WEEK);
        while 0 < left {
            let take = (60 - minute % 60).min(left);
            sum += u64::from(take) * self.asked_micro(service, (minute / 60) as usize);
            minute = (minute + take) % MINUTES_A_WEEK;
            left -= take;
        }
        sum
    }
}

/// Minute of the local week at tick 0.
fn phase(start: UtcStart, utc_offset_min: i32) -> u32 {
    local_minute_of_week(start.minute_of_week(), Tick::ZERO, utc_offset_min)
}
