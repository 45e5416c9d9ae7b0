//! Checks of `scenario.ron` and of the kinds in `world.ron`.

use super::*;
use crate::scenario::schema::{FleetKind, Profile};

/// Least sum of weights: weights are divided by their sum.
const WEIGHTS_MIN: f64 = 0.001;

impl<'a> Check<'a> {
    pub(super) fn manifest(&mut self) {
        if self.is_blind(Part::Manifest) {
            return;
        }
        let manifest = &self.docs.manifest;
        let at = At::root(self.known, Part::Manifest);
        let texts = [
            ("id", &manifest.id),
            ("title", &manifest.title),
            ("place", &manifest.place),
            ("summary", &manifest.summary),
        ];
        self.words(at, &texts.map(|(field, text)| (field, text.as_str())));
        self.unique("scenario", vec![(&manifest.id, at)]);
        self.number(at.field("play_min"), manifest.play_min, bounds(1.0, 1440.0, "minutes, from 1 to 1440 (a day)"));
        self.number(
            at.field("horizon_min"),
            manifest.horizon_min,
            bounds(60.0, 86_400.0, "minutes, from 60 (an hour) to 86400 (60 days)"),
        );
        match UtcStart::parse(&manifest.start) {
            Ok(_) => self.time(at.field("incident"), &manifest.incident),
            Err(message) => self.found.push(at.field("start").problem(message)),
        }
    }

    pub(super) fn world(&mut self) {
        let world = &self.docs.world;
        let at = At::root(self.known, Part::World);
        let at_least_one = [
            ("regions", world.regions.len()),
            ("sectors", world.sectors.len()),
            ("profiles", world.profiles.len()),
            ("channels", world.channels.len()),
            ("methods", world.methods.len()),
            ("fleet_kinds", world.fleet_kinds.len()),
        ];
        for (field, count) in at_least_one {
            if count == 0 && !self.is_blind(Part::World) {
                self.error(at.field(field), format!("`{field}` is empty"), "a scenario needs at least one");
            }
        }
        for (index, region) in world.regions.iter().enumerate() {
            let at = at.field("regions").item(index);
            self.words(at, &[("name", &region.name)]);
            let offset = bounds(-840.0, 840.0, "minutes from UTC, from -840 to 840");
            self.number(at.field("utc_offset_min"), region.utc_offset_min, offset);
            self.number(at.field("lat"), region.lat, LATITUDE);
            self.number(at.field("lon"), region.lon, LONGITUDE);
        }
        for (index, sector) in world.sectors.iter().enumerate() {
            let at = at.field("sectors").item(index);
            self.words(at, &[("name", &sector.name)]);
            if let Some(team) = &sector.incident_team {
                self.figure(at.field("incident_team"), team, PEOPLE_FROM_1);
            }
        }
        let shares = self.profiles_of_shares();
        for (index, profile) in world.profiles.iter().enumerate() {
            self.profile(at.field("profiles").item(index), profile, shares.contains(profile.id.as_str()));
        }
        self.channels();
        self.methods();
        for (index, kind) in world.fleet_kinds.iter().enumerate() {
            self.fleet_kind(at.field("fleet_kinds").item(index), kind);
        }
        for (index, flag) in world.flags.iter().enumerate() {
            self.words(at.field("flags").item(index), &[("name", &flag.name)]);
        }
        for (index, pool) in world.pools.iter().enumerate() {
            let at = at.field("pools").item(index);
            self.words(at, &[("name", &pool.name)]);
            self.figure(at.field("technicians"), &pool.technicians, PEOPLE_FROM_1);
        }
        self.clocks();
    }

    fn clocks(&mut self) {
        let list = At::root(self.known, Part::World).field("clocks");
        let clocks = &self.docs.world.clocks;
        let ids = clocks.iter().enumerate().map(|(index, clock)| (clock.id.as_str(), list.item(index)));
        self.unique("clock", ids.collect());
        for (index, clock) in clocks.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &clock.name)]);
            self.references(at.field("sectors"), Kind::Sector, &clock.sectors);
            self.figure(at.field("notify_within_hours"), &clock.notify_within_hours, HOURS);
            self.figure(at.field("penalty_usd"), &clock.penalty_usd, USD);
        }
    }

    /// Profiles whose values are shares: of machines switched on or of people on duty. Values of other profiles are
    /// weights.
    fn profiles_of_shares(&self) -> BTreeSet<&'a str> {
        let docs = self.docs;
        let kinds = docs.world.fleet_kinds.iter().map(|kind| &kind.switched_on);
        let members = docs.populations.iter().map(|population| &population.member);
        let organisations = docs.organisations.iter().chain(members);
        let of_people = |org: &'a Organisation| {
            let reworks = org.services.iter().filter_map(|service| service.rework.as_ref());
            org.staff.roster.iter().chain(reworks.filter_map(|rework| rework.at_work.as_ref()))
        };
        kinds.chain(organisations.flat_map(of_people)).map(String::as_str).collect()
    }

    fn profile(&mut self, at: At<'a>, profile: &'a Profile, is_of_shares: bool) {
        self.tag(at.field("provenance"), &profile.provenance);
        let limits = if is_of_shares { SHARE } else { AMOUNT };
        for (field, hours) in [("weekday", &profile.weekday), ("weekend", &profile.weekend)] {
            let at = at.field(field);
            if hours.len() != 24 {
                let message = format!("`{field}` has {} values", hours.len());
                let is_doubled = hours.len() == 48;
                let commas = if is_doubled { "; decimal commas? write `0.3` and not `0,3`" } else { "" };
                self.error(at, message, format!("expected 24, one for each local hour from 0 to 23{commas}"));
                if is_doubled {
                    continue;
                }
            }
            for (hour, value) in hours.iter().enumerate() {
                self.number(at.item(hour), *value, limits);
            }
        }
        let sum: f64 = profile.weekday.iter().chain(&profile.weekend).sum();
        if sum < WEIGHTS_MIN {
            let message = format!("the profile `{}` is 0 or close to 0 all week", profile.id);
            self.error(at, message, format!("expected hours that sum to {WEIGHTS_MIN} or more"));
        }
    }

    fn methods(&mut self) {
        let list = At::root(self.known, Part::World).field("methods");
        for (index, method) in self.docs.world.methods.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &method.name)]);
            self.triangular(at.field("touch_min"), &method.touch_min, MINUTES_ABOVE_0);
            self.figure_if_given(at.field("verify_min"), method.verify_min.as_ref(), MINUTES);
            self.figure(at.field("hosts_at_once"), &method.hosts_at_once, HOSTS_AT_ONCE);
            self.figure(at.field("failure"), &method.failure, SHARE);
            self.references(at.field("requires"), Kind::Flag, &method.requires);
        }
    }

    fn fleet_kind(&mut self, at: At<'a>, kind: &'a FleetKind) {
        self.words(at, &[("name", &kind.name)]);
        self.figure(at.field("in_scope"), &kind.in_scope, SHARE);
        self.figure(at.field("encrypted"), &kind.encrypted, SHARE);
        self.figure(at.field("race_win"), &kind.race_win, SHARE);
        self.triangular(at.field("locate_min"), &kind.locate_min, MINUTES_ABOVE_0);
        self.reference(at.field("switched_on"), Kind::Profile, &kind.switched_on);
        self.references(at.field("methods"), Kind::Method, &kind.methods);
        if kind.methods.is_empty() && at.field("methods").is_empty_list() {
            self.error(at.field("methods"), "no method repairs this kind", "name at least one method, best first");
        }
        if let Some(channel) = &kind.channel {
            self.reference(at.field("channel"), Kind::Channel, channel);
        }
        if let Some(once) = &kind.race_win_once {
            let at = at.field("race_win_once");
            self.reference(at.field("flag"), Kind::Flag, &once.flag);
            self.figure(at.field("chance"), &once.chance, SHARE);
        }
        self.figure_if_given(at.field("locate_off_factor"), kind.locate_off_factor.as_ref(), FACTOR_FROM_1);
        if let Some(away) = &kind.out_of_reach {
            let at = at.field("out_of_reach");
            self.figure(at.field("share"), &away.share, SHARE);
            self.figure(at.field("median_hours"), &away.median_hours, HOURS_ABOVE_0);
            self.figure(at.field("spread"), &away.spread, SPREAD_OF_FACTORS);
        }
        self.way_out(at.field("methods"), kind);
    }

    /// Warns of a fleet kind whose repair may fail and that has no method to set a host up anew.
    fn way_out(&mut self, at: At<'a>, kind: &'a FleetKind) {
        let docs = self.docs;
        let find = |id: &String| docs.world.methods.iter().find(|method| method.id == *id);
        let methods: Vec<_> = kind.methods.iter().filter_map(find).collect();
        let failing = methods.iter().find(|method| !method.rebuilds && 0.0 < *method.failure.value());
        // An unknown method may be one that rebuilds, so it suppresses the warning.
        let is_open = methods.len() < kind.methods.len() || methods.iter().any(|method| method.rebuilds);
        if let (Some(method), false, true) = (failing, is_open, self.kind_can_be_hit(kind)) {
            let message = format!("a repair by `{}` can fail and no method of this kind rebuilds", method.id);
            let help = "hosts whose repair fails stay down to the end; list a method with `rebuilds: true`";
            self.found.push(at.problem(message).help(help).warning());
        }
    }

    fn kind_can_be_hit(&self, kind: &FleetKind) -> bool {
        let in_fleets = || {
            self.owners()
                .iter()
                .any(|(owner, _)| owner.org.fleets.iter().any(|fleet| fleet.kind == kind.id && self.can_be_hit(fleet)))
        };
        0.0 < *kind.in_scope.value() || in_fleets()
    }
}
