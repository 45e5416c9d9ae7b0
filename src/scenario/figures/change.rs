//! Figures as numbers that a program can change.
//!
//! The walk of serde cannot write, so this module names every tagged number of the schema once more, in the order of
//! the walk: the number of a figure here is its place in the list of all figures. A test compares the two. Must not
//! decide how far a figure moves.

use crate::scenario::documents::Documents;
use crate::scenario::limits::*;
use crate::scenario::schema::{
    Backlog, Channel, Fleet, FleetKind, Link, Method, Organisation, Population, Profile, Rework, RingPlan, Service,
    Staff, Tagged, World,
};

/// Least part of a technician that rounds up to one.
const HALF_A_TECHNICIAN: f64 = 0.5;

/// A figure that can be changed.
pub(super) struct Slot<'d> {
    pub number: Number<'d>,
    /// The legal range of each of its numbers.
    pub limits: Bounds,
    pub scale: Scale,
}

/// The legal range of a figure.
#[derive(Clone, Copy)]
pub(in crate::scenario) struct Limits {
    pub bounds: Bounds,
    /// Is the figure one number?
    pub is_single: bool,
}

impl Slot<'_> {
    pub(super) fn limits(&self) -> Limits {
        Limits { bounds: self.limits, is_single: matches!(self.number, Number::Amount(_) | Number::Count(_)) }
    }
}

/// The numbers of a figure.
pub(super) enum Number<'d> {
    Amount(&'d mut f64),
    Count(&'d mut u32),
    /// Least, most likely, most.
    Three(&'d mut (f64, f64, f64)),
    /// Shares of machines switched on.
    Week(&'d mut Profile),
}

/// The scale on which a figure moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// By factors on the number.
    Factor,
    /// By factors on the odds, for shares: they stay between 0 and 1.
    Odds,
    /// By factors on the part above 1.
    Excess,
}

type Visit<'v> = &'v mut dyn FnMut(usize, Slot);

/// Calls `visit` with every figure that can be changed and its place in the list of all figures. After each change
/// this function restores what several figures must have in common: sites are not more than hosts, rings are not more
/// than the whole.
pub(super) fn each(docs: &mut Documents, visit: Visit<'_>) {
    let mut tags = Tags { next: 0, visit };
    let rosters = rosters(docs);
    tags.world(&mut docs.world, &rosters);
    let profiles = &docs.world.profiles;
    for org in &mut docs.organisations {
        tags.organisation(org, profiles, (1.0, 1.0));
    }
    for population in &mut docs.populations {
        tags.population(population, profiles);
    }
    for mitigation in &mut docs.mitigations {
        tags.amount(&mut mitigation.cost_usd, USD);
        tags.count(&mut mitigation.lead_min, MINUTES);
        if let Some(work) = &mut mitigation.work {
            tags.count(&mut work.team_min, MINUTES);
            if let Some(away) = &mut work.technicians {
                tags.amount(&mut away.share, SHARE);
                tags.count(&mut away.minutes, MINUTES);
            }
            if let Some(setback) = &mut work.setback {
                tags.amount(&mut setback.chance, SHARE);
                tags.above_one(&mut setback.factor, FACTOR_FROM_1);
            }
        }
    }
    tags.next += docs.events.len() + docs.injects.len();
    for seat in &mut docs.seats {
        tags.optional(&mut seat.preparation_usd, USD);
    }
}

/// Ids of the profiles by which people work. They do not move: the check of crews rests on them.
fn rosters(docs: &Documents) -> Vec<String> {
    let members = docs.populations.iter().map(|population| &population.member);
    docs.organisations.iter().chain(members).filter_map(|org| org.staff.roster.clone()).collect()
}

struct Tags<'v> {
    /// Place of the next tag.
    next: usize,
    visit: Visit<'v>,
}

impl Tags<'_> {
    fn slot(&mut self, number: Number, limits: Bounds, scale: Scale) {
        (self.visit)(self.next, Slot { number, limits, scale });
        self.next += 1;
    }

    fn amount(&mut self, figure: &mut Tagged<f64>, limits: Bounds) {
        let is_share = limits.high == 1.0;
        let scale = if is_share { Scale::Odds } else { Scale::Factor };
        self.slot(Number::Amount(figure.value_mut()), limits, scale);
    }

    fn above_one(&mut self, figure: &mut Tagged<f64>, limits: Bounds) {
        let scale = if 1.0 <= *figure.value() { Scale::Excess } else { Scale::Factor };
        self.slot(Number::Amount(figure.value_mut()), limits, scale);
    }

    fn optional(&mut self, figure: &mut Option<Tagged<f64>>, limits: Bounds) {
        if let Some(figure) = figure {
            self.amount(figure, limits);
        }
    }

    fn count(&mut self, figure: &mut Tagged<u32>, limits: Bounds) {
        // A count of 1 or more stays at least 1.
        let limits = limits.at_least(f64::from((*figure.value()).min(1)));
        self.slot(Number::Count(figure.value_mut()), limits, Scale::Factor);
    }

    fn three(&mut self, figure: &mut Tagged<(f64, f64, f64)>, limits: Bounds) {
        self.slot(Number::Three(figure.value_mut()), limits, Scale::Factor);
    }

    fn world(&mut self, world: &mut World, rosters: &[String]) {
        for team in world.sectors.iter_mut().filter_map(|sector| sector.incident_team.as_mut()) {
            self.count(team, PEOPLE_FROM_1);
        }
        for profile in &mut world.profiles {
            let is_of_machines = world.fleet_kinds.iter().any(|kind| kind.switched_on == profile.id);
            if is_of_machines && !rosters.contains(&profile.id) {
                self.slot(Number::Week(profile), SHARE, Scale::Odds);
            } else {
                self.next += 1;
            }
        }
        world.channels.iter_mut().for_each(|channel| self.channel(channel));
        world.methods.iter_mut().for_each(|method| self.method(method));
        world.fleet_kinds.iter_mut().for_each(|kind| self.fleet_kind(kind));
        for pool in &mut world.pools {
            self.count(&mut pool.technicians, PEOPLE_FROM_1);
        }
        for clock in &mut world.clocks {
            self.count(&mut clock.notify_within_hours, HOURS);
            self.amount(&mut clock.penalty_usd, USD);
        }
    }

    fn channel(&mut self, channel: &mut Channel) {
        self.amount(&mut channel.receipt_mean_min, MINUTES_ABOVE_0);
        self.count(&mut channel.reboot_cycle_min, MINUTES_FROM_1);
        self.count(&mut channel.race_cycles_max, CYCLES);
        self.amount(&mut channel.late_win_per_hour, SHARE);
        if let Some(plan) = &mut channel.rings {
            self.rings(plan);
        }
    }

    fn rings(&mut self, plan: &mut RingPlan) {
        let sum = |plan: &RingPlan| plan.rings.iter().map(|ring| ring.share.value()).sum::<f64>();
        let written = sum(plan);
        for ring in &mut plan.rings {
            self.amount(&mut ring.share, SHARE_ABOVE_0);
            self.count(&mut ring.delay_min, MINUTES);
            self.count(&mut ring.spread_min, MINUTES);
        }
        let (changed, most) = (sum(plan), written.max(1.0));
        if most < changed {
            plan.rings.iter_mut().for_each(|ring| *ring.share.value_mut() /= changed);
        }
    }

    fn method(&mut self, method: &mut Method) {
        self.three(&mut method.touch_min, MINUTES_ABOVE_0);
        self.optional(&mut method.verify_min, MINUTES);
        self.count(&mut method.hosts_at_once, HOSTS_AT_ONCE);
        self.amount(&mut method.failure, SHARE);
    }

    fn fleet_kind(&mut self, kind: &mut FleetKind) {
        self.amount(&mut kind.in_scope, SHARE);
        self.amount(&mut kind.encrypted, SHARE);
        let was_wired = kind.is_wired();
        self.amount(&mut kind.race_win, SHARE);
        // The chance to win must not turn a wired link into another one.
        if kind.is_wired() != was_wired {
            kind.link = Some(if was_wired { Link::Wired } else { Link::Wireless });
        }
        self.three(&mut kind.locate_min, MINUTES_ABOVE_0);
        if let Some(once) = &mut kind.race_win_once {
            self.amount(&mut once.chance, SHARE);
        }
        if let Some(factor) = &mut kind.locate_off_factor {
            self.above_one(factor, FACTOR_FROM_1);
        }
        if let Some(away) = &mut kind.out_of_reach {
            self.amount(&mut away.share, SHARE);
            self.amount(&mut away.median_hours, HOURS_ABOVE_0);
            self.amount(&mut away.spread, SPREAD_OF_FACTORS);
        }
    }

    fn population(&mut self, population: &mut Population, profiles: &[Profile]) {
        // The count decides which members exist, and other documents may name them.
        self.next += 1;
        self.optional(&mut population.with_sensor, SHARE);
        self.three(&mut population.size, SIZE);
        if let Some(spread) = &mut population.spread {
            let figures = [
                &mut spread.staff,
                &mut spread.locate,
                &mut spread.in_scope,
                &mut spread.race_win,
                &mut spread.warm_up,
            ];
            figures.into_iter().for_each(|figure| self.optional(figure, SPREAD_OF_FACTORS));
        }
        let (least, _, most) = *population.size.value();
        self.organisation(&mut population.member, profiles, (least, most));
    }

    /// `sizes`: the smallest and the largest member of a population; both 1 for an organisation of its own.
    fn organisation(&mut self, org: &mut Organisation, profiles: &[Profile], sizes: (f64, f64)) {
        let sized = |limits: Bounds| limits.up_to(limits.high / sizes.1.max(1.0));
        self.staff(&mut org.staff, profiles, sizes);
        self.optional(&mut org.key_min, MINUTES);
        if let Some(comprises) = &mut org.comprises {
            self.count(comprises, COMPRISES);
        }
        for fleet in &mut org.fleets {
            self.fleet(fleet, sized(HOSTS));
        }
        for service in &mut org.services {
            self.service(service, &sized);
        }
    }

    fn staff(&mut self, staff: &mut Staff, profiles: &[Profile], sizes: (f64, f64)) {
        let people = PEOPLE.up_to(PEOPLE.high / sizes.1.max(1.0));
        let roster = staff.roster.as_ref().and_then(|id| profiles.iter().find(|profile| profile.id == *id));
        let least = roster.map_or(0, |roster| least_crew(roster, sizes.0, *staff.day.value()));
        self.count(&mut staff.day, people.at_least(f64::from(least)));
        self.count(&mut staff.evening, people);
        self.count(&mut staff.night, people);
        self.amount(&mut staff.weekend, SHARE);
        self.amount(&mut staff.cost_per_hour_usd, USD_AN_HOUR);
        self.optional(&mut staff.server_share, SHARE_ABOVE_0);
    }

    fn fleet(&mut self, fleet: &mut Fleet, hosts: Bounds) {
        let sites = fleet.sites.as_ref().map_or(0, |sites| *sites.value());
        self.count(&mut fleet.hosts, hosts.at_least(f64::from(sites)));
        self.optional(&mut fleet.in_scope, SHARE);
        if let Some(sites) = &mut fleet.sites {
            self.count(sites, SITES.up_to(f64::from((*fleet.hosts.value()).max(1))));
        }
        self.optional(&mut fleet.travel_min, MINUTES);
    }

    fn service(&mut self, service: &mut Service, sized: &dyn Fn(Bounds) -> Bounds) {
        self.amount(&mut service.demand_per_day, sized(UNITS_A_DAY));
        self.above_one(&mut service.headroom, HEADROOM);
        self.count(&mut service.warm_up_min, MINUTES);
        if let Some(fallback) = &mut service.fallback {
            self.amount(&mut fallback.level, SHARE);
            self.count(&mut fallback.endurance_min, MINUTES_FROM_1);
            self.count(&mut fallback.technicians, sized(PEOPLE));
        }
        if let Backlog::Expires(minutes) = &mut service.backlog {
            self.count(minutes, MINUTES_FROM_1);
        }
        if let Some(rework) = &mut service.rework {
            self.rework(rework, sized);
        }
        if let Some(call_off) = &mut service.call_off {
            self.amount(&mut call_off.share, SHARE);
            self.count(&mut call_off.notice_hours, HOURS_AHEAD);
            self.count(&mut call_off.hours, HOURS_AHEAD);
        }
        self.count(&mut service.tolerance_min, MINUTES);
        self.amount(&mut service.cost_per_lost_usd, USD);
    }

    fn rework(&mut self, rework: &mut Rework, sized: &dyn Fn(Bounds) -> Bounds) {
        self.amount(&mut rework.items_per_lost, ITEMS_PER_UNIT);
        self.amount(&mut rework.clear_per_hour, sized(AMOUNT_ABOVE_0));
        self.amount(&mut rework.half_speed_at, sized(AMOUNT_ABOVE_0));
        self.amount(&mut rework.half_level_at, sized(AMOUNT_ABOVE_0));
    }
}

/// The smallest day shift with which somebody is on duty at some hour of the roster, also in the smallest member; the
/// written shift if even that is too small.
fn least_crew(roster: &Profile, smallest: f64, written: u32) -> u32 {
    let busiest = roster.weekday.iter().chain(&roster.weekend).copied().fold(0.0, f64::max);
    let has_hours = |day: &u32| HALF_A_TECHNICIAN <= (f64::from(*day) * smallest).round().max(1.0) * busiest;
    (1..=written).find(has_hours).unwrap_or(written)
}
