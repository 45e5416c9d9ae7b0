//! Checks of `organisations/*.ron`: crews, fleets, services, needs. The pattern of a population's members passes
//! the same checks.

use super::*;
use crate::scenario::schema::{Backlog, Fallback, Fleet, Keys, Need, NeedOf, Response, Rework, Service, Staff};

/// The share of a technician that rounds up to one.
const HALF_A_TECHNICIAN: f64 = 0.5;

impl<'a> Check<'a> {
    pub(super) fn organisations(&mut self) {
        if self.docs.organisations.is_empty() && self.docs.populations.is_empty() && !self.is_blind(Part::Organisations)
        {
            let at = At::root(self.known, Part::Organisations);
            self.error(at, "the scenario has no organisations", "expected at least one in organisations/*.ron");
        }
        for (owner, at) in self.owners() {
            if owner.population.is_none() {
                self.words(at, &[("name", &owner.org.name)]);
                self.reference(at.field("region"), Kind::Region, &owner.org.region);
                self.number(at.field("lat"), owner.org.lat, LATITUDE);
                self.number(at.field("lon"), owner.org.lon, LONGITUDE);
            }
            self.organisation(at, owner);
        }
    }

    /// Organisations with documents of their own and the patterns of members, with their places.
    pub(super) fn owners(&self) -> Vec<(Owner<'a>, At<'a>)> {
        let (docs, known) = (self.docs, self.known);
        let written = docs.organisations.iter().enumerate();
        let written = written.map(|(index, org)| (Owner::written(org), At::element(known, Part::Organisations, index)));
        let members = docs.populations.iter().enumerate().map(|(index, population)| {
            (Owner::member(population), At::element(known, Part::Populations, index).field("member"))
        });
        written.chain(members).collect()
    }

    /// Checks the crew, fleets and services of an organisation. The caller checks its id, name, region and
    /// position.
    fn organisation(&mut self, at: At<'a>, owner: Owner<'a>) {
        let org = owner.org;
        self.reference(at.field("sector"), Kind::Sector, &org.sector);
        let importance = bounds(1.0, 5.0, "an importance from 1 (small) to 5 (of national weight)");
        self.number(at.field("importance"), org.importance, importance);
        self.staff(at.field("staff"), owner);
        self.crew(at.field("staff"), owner);
        if let Keys::Server(fleet) = &org.keys {
            self.own_part_reference(at.field("keys").item(0), PartKind::Fleet, owner, fleet);
        }
        self.figure_if_given(at.field("key_min"), org.key_min.as_ref(), MINUTES);
        if let Some(network) = &org.network {
            self.own_part_reference(at.field("network"), PartKind::Service, owner, network);
        }
        self.references(at.field("groups"), Kind::Group, &org.groups);
        if let Some(comprises) = &org.comprises {
            self.figure(at.field("comprises"), comprises, COMPRISES);
        }
        if let Some(people) = &org.people {
            self.sized_figure(at.field("people"), owner, people, EMPLOYEES);
        }
        let fleets = at.field("fleets");
        let ids = org.fleets.iter().enumerate().map(|(index, fleet)| (fleet.id.as_str(), fleets.item(index)));
        self.unique("fleet", ids.collect());
        let services = at.field("services");
        let ids = org.services.iter().enumerate().map(|(index, entry)| (entry.id.as_str(), services.item(index)));
        self.unique("service", ids.collect());
        let has_nothing = org.fleets.is_empty() && org.services.is_empty();
        if has_nothing && fleets.is_empty_list() && services.is_empty_list() {
            let message = format!("{} has neither fleets nor services", owner.words());
            self.error(fleets, message, "give it a fleet or a service");
        }
        for (index, fleet) in org.fleets.iter().enumerate() {
            self.fleet(fleets.item(index), owner, fleet);
        }
        for (index, service) in org.services.iter().enumerate() {
            self.service(services.item(index), owner, service);
        }
    }

    fn staff(&mut self, at: At<'a>, owner: Owner<'a>) {
        let staff = &owner.org.staff;
        self.sized_figure(at.field("day"), owner, &staff.day, PEOPLE);
        self.sized_figure(at.field("evening"), owner, &staff.evening, PEOPLE);
        self.sized_figure(at.field("night"), owner, &staff.night, PEOPLE);
        self.figure(at.field("weekend"), &staff.weekend, SHARE);
        self.figure(at.field("cost_per_hour_usd"), &staff.cost_per_hour_usd, USD_AN_HOUR);
        self.figure_if_given(at.field("server_share"), staff.server_share.as_ref(), SHARE_ABOVE_0);
        if let Some(roster) = &staff.roster {
            self.reference(at.field("roster"), Kind::Profile, roster);
        }
    }

    /// Checks the crew: hosts that can go down need at least one technician on duty at some hour.
    fn crew(&mut self, at: At<'a>, owner: Owner<'a>) {
        if owner.org.fleets.iter().any(|fleet| self.can_be_hit(fleet)) && !self.has_hours(owner) {
            let message = format!("{} has no technician on duty at any hour", owner.words());
            let help =
                "its hosts can go down, and nobody would repair them: put at least one technician on duty at some hour";
            self.error(at, message, help);
        }
    }

    /// Is a technician on duty at any hour of the week? With a roster only the day shift counts; in a population
    /// the smallest member decides.
    fn has_hours(&self, owner: Owner<'a>) -> bool {
        let Staff { day, evening, night, roster, .. } = &owner.org.staff;
        let Some(roster) = roster else { return [day, evening, night].iter().any(|shift| 0 < *shift.value()) };
        let Some(profile) = self.docs.world.profiles.iter().find(|profile| profile.id == *roster) else { return true };
        let busiest = profile.weekday.iter().chain(&profile.weekend).copied().fold(0.0, f64::max);
        let least = f64::from((*day.value()).min(1));
        let smallest = (f64::from(*day.value()) * owner.size_min()).round().max(least);
        HALF_A_TECHNICIAN <= smallest * busiest
    }

    /// Does the fleet have hosts that a release can reach?
    pub(super) fn can_be_hit(&self, fleet: &Fleet) -> bool {
        let of_kind = || self.docs.world.fleet_kinds.iter().find(|kind| kind.id == fleet.kind);
        let in_scope = fleet.in_scope.as_ref().or_else(|| of_kind().map(|kind| &kind.in_scope));
        in_scope.is_some_and(|share| 0.0 < *share.value())
    }

    fn fleet(&mut self, at: At<'a>, owner: Owner<'a>, fleet: &'a Fleet) {
        self.words(at, &[("name", &fleet.name)]);
        self.reference(at.field("kind"), Kind::FleetType, &fleet.kind);
        self.sized_figure(at.field("hosts"), owner, &fleet.hosts, HOSTS);
        self.figure_if_given(at.field("in_scope"), fleet.in_scope.as_ref(), SHARE);
        self.figure_if_given(at.field("travel_min"), fleet.travel_min.as_ref(), MINUTES);
        if let Some(sites) = &fleet.sites {
            self.figure(at.field("sites"), sites, SITES);
            let (sites, hosts) = (*sites.value(), *fleet.hosts.value());
            if 0 < hosts && hosts < sites {
                let message = format!("`{sites}` sites are more than the fleet has hosts");
                self.error(
                    at.field("sites").item(0),
                    message,
                    format!("expected at most {hosts}, one site for each host"),
                );
            }
        }
    }

    fn service(&mut self, at: At<'a>, owner: Owner<'a>, service: &'a Service) {
        self.words(at, &[("name", &service.name), ("unit", &service.unit)]);
        self.sized_figure(at.field("demand_per_day"), owner, &service.demand_per_day, UNITS_A_DAY);
        self.reference(at.field("demand_profile"), Kind::Profile, &service.demand_profile);
        self.figure(at.field("headroom"), &service.headroom, HEADROOM);
        for (index, need) in service.needs.iter().enumerate() {
            self.need(at.field("needs").item(index), owner, service, need);
        }
        self.figure(at.field("warm_up_min"), &service.warm_up_min, MINUTES);
        if let Some(fallback) = &service.fallback {
            self.fallback(at.field("fallback"), owner, fallback);
        }
        if let Backlog::Expires(after) = &service.backlog {
            self.figure(at.field("backlog").item(0), after, MINUTES_FROM_1);
        }
        if let Some(rework) = &service.rework {
            self.rework(at.field("rework"), owner, rework);
        }
        if let Some(rule) = &service.call_off {
            let at = at.field("call_off");
            self.figure(at.field("share"), &rule.share, SHARE);
            self.figure(at.field("notice_hours"), &rule.notice_hours, HOURS_AHEAD);
            self.figure(at.field("hours"), &rule.hours, HOURS_AHEAD);
        }
        self.number(at.field("target_level"), service.target_level, SHARE_ABOVE_0);
        self.figure(at.field("tolerance_min"), &service.tolerance_min, MINUTES);
        self.figure(at.field("cost_per_lost_usd"), &service.cost_per_lost_usd, USD);
    }

    fn need(&mut self, at: At<'a>, owner: Owner<'a>, service: &Service, need: &'a Need) {
        let supplier = at.field("of").item(0);
        match &need.supplier {
            NeedOf::Fleet(id) => self.own_part_reference(supplier, PartKind::Fleet, owner, id),
            NeedOf::Service(text) => self.needed_service(supplier, owner, service, text),
        }
        self.number(at.field("buffer_min"), need.buffer_min, MINUTES);
        let at = at.field("response");
        match &need.response {
            Response::Linear => {}
            Response::Knee(share) => self.number(at.item(0), *share, SHARE_ABOVE_0),
            Response::Soft(share) => self.number(at.item(0), *share, SHARE),
            Response::Points(points) => self.points(at.item(0), points),
        }
    }

    fn needed_service(&mut self, at: At<'a>, owner: Owner<'a>, service: &Service, text: &str) {
        let (home, part) = match text.split_once('/') {
            Some((id, _)) if owner.population.is_some() && id == owner.org.id => {
                let help = "a service of the same member is named without it; for that of an organisation with this id, \
                            give the pattern another";
                return self.error(at, format!("`{id}` is the id of the pattern, and no member has it"), help);
            }
            Some((id, part)) => (self.owner(id), part),
            None => (Some(owner), text),
        };
        match home {
            Some(home) if std::ptr::eq(home.org, owner.org) && part == service.id => {
                self.error(at, format!("the service `{}` needs itself", service.id), "remove this need");
            }
            Some(home) => self.part_of(at, PartKind::Service, home, part),
            None => self.part_reference(at, PartKind::Service, text),
        }
    }

    fn points(&mut self, at: At<'a>, points: &[(f64, f64)]) {
        if points.len() < 2 {
            self.error(at, format!("too few points for a curve: {}", points.len()), "expected at least two");
        }
        for (index, (need, level)) in points.iter().enumerate() {
            self.number(at.item(index).item(0), *need, SHARE);
            self.number(at.item(index).item(1), *level, SHARE);
        }
        for (index, pair) in points.windows(2).enumerate() {
            if pair[1].0 <= pair[0].0 {
                let message = format!("`{}` does not rise above `{}`", pair[1].0, pair[0].0);
                self.error(
                    at.item(index + 1).item(0),
                    message,
                    "the first value of each point must be larger than that of the point before",
                );
            }
        }
    }

    fn fallback(&mut self, at: At<'a>, owner: Owner<'a>, fallback: &Fallback) {
        self.words(at, &[("name", &fallback.name)]);
        self.figure(at.field("level"), &fallback.level, SHARE);
        self.figure(at.field("endurance_min"), &fallback.endurance_min, MINUTES_FROM_1);
        self.sized_figure(at.field("technicians"), owner, &fallback.technicians, PEOPLE);
    }

    fn rework(&mut self, at: At<'a>, owner: Owner<'a>, rework: &Rework) {
        self.words(at, &[("name", &rework.name)]);
        self.figure(at.field("items_per_lost"), &rework.items_per_lost, ITEMS_PER_UNIT);
        self.sized_figure(at.field("clear_per_hour"), owner, &rework.clear_per_hour, AMOUNT_ABOVE_0);
        self.sized_figure(at.field("half_speed_at"), owner, &rework.half_speed_at, AMOUNT_ABOVE_0);
        self.sized_figure(at.field("half_level_at"), owner, &rework.half_level_at, AMOUNT_ABOVE_0);
        if let Some(at_work) = &rework.at_work {
            self.reference(at.field("at_work"), Kind::Profile, at_work);
        }
    }
}
