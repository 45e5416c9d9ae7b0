//! Compiles the documents of single entities: channels, fleet kinds, organisations and their parts.

use std::sync::Arc;

use super::ids::Ids;
use super::{
    Backlog, CallOff, Channel, Clock, Curve, Fallback, Fleet, Keys, Kind, MICRO, Method, Mitigation, MitigationEffect,
    Need, NeedIndex, Organisation, Origin, OutOfReach, Profile, Region, Rework, Ring, RingPlan, Service, Term, Tries,
    Waits, Work,
};
use crate::base::draw::{Triangle, cut_of};
use crate::base::{Column, Ix, Share, Span};
use crate::scenario::documents::Documents;
use crate::scenario::schema::{self, NeedOf, Phase, Response, Tagged};

pub(super) fn week_of(profile: &schema::Profile) -> [f64; 168] {
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

pub(super) fn kind(docs: &Documents, kind: &schema::FleetKind, ids: &Ids) -> Kind {
    let channel = kind.channel.as_ref().map_or(Ix::new(0), |id| ids.channels[id]);
    let cycles_max = docs.world.channels.get(channel.position()).map_or(1, |channel| *channel.race_cycles_max.value());
    let once = kind.race_win_once.as_ref().map(|once| (ids.flags[&once.flag], *once.chance.value()));
    Kind {
        switched_on: ids.profiles[&kind.switched_on],
        encrypted: *kind.encrypted.value(),
        encrypted_cut: cut_of(*kind.encrypted.value()),
        race_win: *kind.race_win.value(),
        race: Tries::new(*kind.race_win.value(), cycles_max),
        race_win_once: once,
        race_once: once.map(|(_, chance)| Tries::new(chance, cycles_max)),
        locate_min: triple(&kind.locate_min),
        locate: Triangle::new(triple(&kind.locate_min)),
        locate_off_factor: kind.locate_off_factor.as_ref().map_or(1.0, |factor| *factor.value()),
        channel,
        is_wired: kind.is_wired(),
        is_server: kind.role.is_server(),
        out_of_reach: kind.out_of_reach.as_ref().map(|away| OutOfReach {
            share: *away.share.value(),
            median_min: away.median_hours.value() * 60.0,
            spread: *away.spread.value(),
        }),
        methods: kind.methods.iter().map(|id| ids.methods[id]).collect(),
    }
}

pub(super) fn method(method: &schema::Method, ids: &Ids) -> Method {
    Method {
        touch_min: triple(&method.touch_min),
        touch: Triangle::new(triple(&method.touch_min)),
        is_uniform: method.uniform,
        verify_min: method.verify_min.as_ref().map_or(0.0, |minutes| *minutes.value()),
        needs_network: method.needs_network,
        hosts_at_once: *method.hosts_at_once.value(),
        failure: *method.failure.value(),
        needs_key: method.needs_key,
        remote: method.remote,
        rebuilds: method.rebuilds,
        requires: ids.flags(&method.requires),
    }
}

/// A channel, for runs of at most `run_min` minutes.
pub(super) fn channel(channel: &schema::Channel, run_min: u32) -> Channel {
    let late_per_hour = *channel.late_win_per_hour.value();
    Channel {
        receipt_mean_min: *channel.receipt_mean_min.value(),
        receipt: Waits::new(*channel.receipt_mean_min.value(), run_min),
        reboot_cycle_min: *channel.reboot_cycle_min.value(),
        race_cycles_max: *channel.race_cycles_max.value(),
        late_win_per_hour: late_per_hour,
        late_win: (0.0 < late_per_hour).then(|| Waits::new(60.0 / late_per_hour, run_min)),
        rings: channel.rings.as_ref().map(ring_plan),
    }
}

/// The condition that halts the ring plan is resolved later, after the organisations.
fn ring_plan(plan: &schema::RingPlan) -> RingPlan {
    let mut until = 0.0;
    let mut ring = |ring: &schema::Ring| {
        until += ring.share.value();
        Ring { until, delay_min: *ring.delay_min.value(), spread_min: *ring.spread_min.value() }
    };
    RingPlan { rings: plan.rings.iter().map(&mut ring).collect(), halt_above: None, is_in_use: plan.in_use }
}

pub(super) fn clock(clock: &schema::Clock, ids: &Ids) -> Clock {
    Clock {
        sectors: clock.sectors.iter().map(|id| ids.sectors[id]).collect(),
        notify_within_min: clock.notify_within_hours.value() * 60,
        penalty_usd: *clock.penalty_usd.value(),
    }
}

/// Organisations, fleets, services and needs that have been compiled so far.
#[derive(Default)]
pub(super) struct Parts {
    pub organisations: Column<Organisation>,
    pub fleets: Column<Fleet>,
    pub services: Column<Service>,
    pub needs: Column<Need>,
    /// Distinct curves of needs, so that members share them.
    pub curves: Column<Curve, Arc<[(u32, u32)]>>,
    pub hosts: u32,
    /// Minute of the local week at tick 0, by region.
    pub week_phases_min: Column<Region, u32>,
}

/// The properties that differ between organisations with the same document.
pub(super) struct Member {
    pub origin: Origin,
    pub region: Ix<Region>,
    pub lat: f64,
    pub lon: f64,
    pub size: f64,
    pub stands_for: f64,
    pub has_sensor: bool,
    pub factors: Factors,
}

/// Factors of a member on figures of its population, apart from size.
pub(super) struct Factors {
    pub staff: f64,
    pub locate: f64,
    pub in_scope: f64,
    pub race_win: f64,
    pub warm_up: f64,
}

impl Factors {
    /// The factors of an organisation that differs from its document in nothing.
    pub const NONE: Factors = Factors { staff: 1.0, locate: 1.0, in_scope: 1.0, race_win: 1.0, warm_up: 1.0 };
}

impl Member {
    /// An organisation with a document of its own.
    pub fn written(ids: &Ids, at: u32, org: &schema::Organisation) -> Self {
        let region = ids.regions[&org.region];
        Self {
            origin: Origin::Written(at),
            region,
            lat: org.lat,
            lon: org.lon,
            size: 1.0,
            stands_for: 1.0,
            has_sensor: true,
            factors: Factors::NONE,
        }
    }

    fn scaled(&self, count: u32, least: u32) -> u32 {
        scaled(count, self.size, least)
    }
}

/// A count times a factor, rounded, but at least `least`.
fn scaled(count: u32, factor: f64, least: u32) -> u32 {
    ((f64::from(count) * factor + 0.5) as u32).max(least)
}

impl Parts {
    pub fn add(
        &mut self,
        docs: &Documents,
        ids: &Ids,
        profiles: &Column<Profile, [f64; 168]>,
        org: &schema::Organisation,
        member: &Member,
    ) {
        let first = (self.fleets.next(), self.services.next());
        self.add_fleets(docs, ids, org, member);
        for service in &org.services {
            self.add_service(ids, profiles, org, service, member, first);
        }
        let own_service = |id: &String| own_service(org, id, first.1);
        let own_fleets = Span { start: first.0, end: self.fleets.next() };
        let people = match &org.people {
            Some(people) => member.scaled(*people.value(), 1),
            None => self.seats_at(docs, own_fleets),
        };
        let utc_offset_min = docs.world.regions[member.region.position()].utc_offset_min;
        // A crew of at least one person keeps one person, however small the member.
        let people_of_size = member.size * member.factors.staff;
        let crew = |count: &Tagged<u32>| scaled(*count.value(), people_of_size, (*count.value()).min(1));
        self.organisations.push(Organisation {
            origin: member.origin,
            sector: ids.sectors[&org.sector],
            region: member.region,
            utc_offset_min,
            week_phase_min: self.week_phases_min[member.region],
            lat: member.lat,
            lon: member.lon,
            staff: [crew(&org.staff.day), crew(&org.staff.evening), crew(&org.staff.night)],
            weekend: *org.staff.weekend.value(),
            roster: org.staff.roster.as_ref().map(|id| ids.profiles[id]),
            cost_per_hour_usd: *org.staff.cost_per_hour_usd.value(),
            server_share: org.staff.server_share.as_ref().map_or(1.0, |share| *share.value()),
            locate: member.factors.locate,
            race_win: member.factors.race_win,
            keys: match &org.keys {
                schema::Keys::Open => Keys::Open,
                schema::Keys::Escrow => Keys::Escrow,
                schema::Keys::Server(id) => Keys::Server(own_fleet(org, id, first.0)),
            },
            key_min: org.key_min.as_ref().map_or(0.0, |minutes| *minutes.value()),
            network: org.network.as_ref().map(own_service),
            groups: org.groups.iter().map(|id| ids.groups[id]).collect(),
            comprises: org.comprises.as_ref().map_or(1, |count| *count.value()),
            people,
            stands_for: member.stands_for,
            fleets: own_fleets,
            services: Span { start: first.1, end: self.services.next() },
        });
    }

    /// Machines at which one person sits: kiosks and servers have no person of their own.
    fn seats_at(&self, docs: &Documents, fleets: Span<Fleet>) -> u32 {
        let is_seat = |fleet: &&Fleet| {
            let role = docs.world.fleet_kinds[fleet.kind.position()].role;
            !role.is_server() && role != schema::Role::Kiosk
        };
        let hosts = fleets.iter().map(|fleet| &self.fleets[fleet]).filter(is_seat).map(|fleet| fleet.hosts);
        hosts.sum()
    }

    fn add_fleets(&mut self, docs: &Documents, ids: &Ids, org: &schema::Organisation, member: &Member) {
        for fleet in &org.fleets {
            let kind = ids.kinds[&fleet.kind];
            let of_kind = &docs.world.fleet_kinds[kind.position()].in_scope;
            let hosts = member.scaled(*fleet.hosts.value(), 1);
            let in_scope = *fleet.in_scope.as_ref().unwrap_or(of_kind).value() * member.factors.in_scope;
            self.fleets.push(Fleet {
                organisation: self.organisations.next(),
                kind,
                hosts,
                first_host: Ix::new(self.hosts),
                in_scope: if member.has_sensor { in_scope.min(1.0) } else { 0.0 },
                priority: fleet.priority,
                sites: fleet.sites.as_ref().map_or(1, |sites| *sites.value()).clamp(1, hosts),
                travel_min: fleet.travel_min.as_ref().map_or(0.0, |minutes| *minutes.value()),
            });
            self.hosts += hosts;
        }
    }

    fn add_service(
        &mut self,
        ids: &Ids,
        profiles: &Column<Profile, [f64; 168]>,
        org: &schema::Organisation,
        service: &schema::Service,
        member: &Member,
        first: (Ix<Fleet>, Ix<Service>),
    ) {
        let profile = ids.profiles[&service.demand_profile];
        let week = &profiles[profile];
        let total: f64 = week.iter().sum();
        let micro_per_weight = service.demand_per_day.value() * member.size * 7.0 / total / 60.0 * MICRO as f64;
        let hours: Vec<u64> = week.iter().map(|weight| (weight * micro_per_weight + 0.5) as u64).collect();
        let peak = hours.iter().copied().max().unwrap_or_default();
        let busy: Vec<u64> = hours.iter().copied().filter(|&hour| peak <= hour * 2).collect();
        let warm_up_min = scaled(*service.warm_up_min.value(), member.factors.warm_up, 0);
        let needs_from = self.needs.next();
        for need in &service.needs {
            let need = need_of(&mut self.curves, org, need, ids, first);
            self.needs.push(need);
        }
        self.services.push(Service {
            organisation: self.organisations.next(),
            profile,
            micro_per_weight,
            week_micro: hours.iter().sum(),
            usual_micro: busy.iter().sum::<u64>() / busy.len().max(1) as u64,
            headroom: *service.headroom.value(),
            needs: Span { start: needs_from, end: self.needs.next() },
            warm_up_min,
            warm_up_ppm: 1_000_000 / warm_up_min.max(1),
            fallback: service.fallback.as_ref().map(|fallback| Fallback {
                level: Share::from_fraction(*fallback.level.value()),
                endurance_min: *fallback.endurance_min.value(),
                technicians: member.scaled(*fallback.technicians.value(), 0),
                is_automatic: fallback.automatic,
            }),
            backlog: match &service.backlog {
                schema::Backlog::Lost => Backlog::Lost,
                schema::Backlog::Waits => Backlog::Waits,
                schema::Backlog::Expires(minutes) => Backlog::Expires(*minutes.value()),
            },
            rework: service.rework.as_ref().map(|rework| {
                Box::new(Rework {
                    items_per_lost: *rework.items_per_lost.value(),
                    clear_per_hour: rework.clear_per_hour.value() * member.size,
                    half_speed_at: rework.half_speed_at.value() * member.size,
                    half_level_at: rework.half_level_at.value() * member.size,
                    at_work: rework.at_work.as_ref().map(|id| ids.profiles[id]),
                })
            }),
            call_off: service.call_off.as_ref().map(|rule| {
                Box::new(CallOff {
                    share: *rule.share.value(),
                    notice_hours: *rule.notice_hours.value(),
                    hours: *rule.hours.value(),
                })
            }),
            target: Share::from_fraction(service.target_level),
            tolerance_min: *service.tolerance_min.value(),
            cost_per_lost_usd: *service.cost_per_lost_usd.value(),
            is_important: service.important,
            is_needed: false,
            week_phase_min: self.week_phases_min[member.region],
        });
    }
}

fn need_of(
    curves: &mut Column<Curve, Arc<[(u32, u32)]>>,
    org: &schema::Organisation,
    need: &schema::Need,
    ids: &Ids,
    first: (Ix<Fleet>, Ix<Service>),
) -> Need {
    let supplier = match &need.supplier {
        NeedOf::Fleet(id) => NeedIndex::Fleet(own_fleet(org, id, first.0)),
        NeedOf::Service(id) => match id.split_once('/') {
            Some((other, own)) if other == org.id => NeedIndex::Service(own_service(org, own, first.1)),
            Some(_) => NeedIndex::Service(ids.service(id).expect("checked service")),
            None => NeedIndex::Service(own_service(org, id, first.1)),
        },
    };
    let ppm = |fraction: f64| Share::from_fraction(fraction).ppm();
    let response = match &need.response {
        Response::Linear => vec![(0, 0), (1_000_000, 1_000_000)],
        Response::Knee(knee) => vec![(0, 0), (ppm(*knee), 1_000_000)],
        Response::Soft(loss) => vec![(0, ppm(1.0 - loss)), (1_000_000, 1_000_000)],
        Response::Points(points) => points.iter().map(|(need, level)| (ppm(*need), ppm(*level))).collect(),
    };
    let known = curves.find(|curve| **curve == *response);
    let curve = known.unwrap_or_else(|| curves.push(response.into()));
    Need { supplier, response: curves[curve].clone(), curve, buffer_min: need.buffer_min }
}

fn own_service(organisation: &schema::Organisation, id: &str, first: Ix<Service>) -> Ix<Service> {
    let place = organisation.services.iter().position(|service| service.id == id).expect("checked service");
    Ix::from_usize(first.position() + place)
}

fn own_fleet(organisation: &schema::Organisation, id: &str, first: Ix<Fleet>) -> Ix<Fleet> {
    let place = organisation.fleets.iter().position(|fleet| fleet.id == id).expect("checked fleet");
    Ix::from_usize(first.position() + place)
}

pub(super) fn mitigation(entry: &schema::Mitigation, ids: &Ids) -> Mitigation {
    let effect = MitigationEffect::new(&entry.effect, ids);
    Mitigation {
        effect,
        term: Term::new(&entry.effect),
        target: effect.target_kind(),
        sectors: entry.sectors.iter().map(|id| ids.sectors[id]).collect(),
        units: entry.units.clone(),
        cost_usd: *entry.cost_usd.value(),
        lead_min: *entry.lead_min.value(),
        requires: ids.flags(&entry.requires),
        times_max: entry.times_max,
        work: entry.work.as_ref().map_or(Work::default(), |work| Work {
            team_min: *work.team_min.value(),
            technicians: work.technicians.as_ref().map_or(0.0, |away| *away.share.value()),
            technicians_min: work.technicians.as_ref().map_or(0, |away| *away.minutes.value()),
            setback: work.setback.as_ref().map_or(0.0, |setback| *setback.chance.value()),
            setback_lead_min: work
                .setback
                .as_ref()
                .map_or(0, |setback| (f64::from(*entry.lead_min.value()) * setback.factor.value() + 0.5) as u32),
        }),
        needs_sign: entry.needs_sign,
        is_preparation: entry.phase == Phase::Preparation,
    }
}
