//! Checks of `scenario.ron` and `world.ron`.

use super::*;
use crate::scenario::schema::{FleetKind, Profile};

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
            self.words(at.field("sectors").item(index), &[("name", &sector.name)]);
        }
        for (index, profile) in world.profiles.iter().enumerate() {
            self.profile(at.field("profiles").item(index), profile);
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
    }

    fn profile(&mut self, at: At<'a>, profile: &'a Profile) {
        self.tag(at.field("provenance"), &profile.provenance);
        let is_for_machines = self.docs.world.fleet_kinds.iter().any(|kind| kind.switched_on == profile.id);
        let limits = if is_for_machines { SHARE } else { AMOUNT };
        for (field, hours) in [("weekday", &profile.weekday), ("weekend", &profile.weekend)] {
            let at = at.field(field);
            if hours.len() != 24 {
                let message = format!("`{field}` has {} values", hours.len());
                self.error(at, message, "expected 24, one for each local hour from 0 to 23");
            }
            for (hour, value) in hours.iter().enumerate() {
                self.number(at.item(hour), *value, limits);
            }
        }
        let sum: f64 = profile.weekday.iter().chain(&profile.weekend).sum();
        if sum <= 0.0 {
            self.error(at, format!("the profile `{}` is 0 all week", profile.id), "expected some hour above 0");
        }
    }

    fn channels(&mut self) {
        let list = At::root(self.known, Part::World).field("channels");
        for (index, channel) in self.docs.world.channels.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &channel.name)]);
            self.figure(at.field("receipt_mean_min"), &channel.receipt_mean_min, MINUTES_ABOVE_0);
            self.figure(at.field("reboot_cycle_min"), &channel.reboot_cycle_min, MINUTES_FROM_1);
            let cycles = bounds(1.0, 10_000.0, "reboot cycles, from 1 to 10000");
            self.figure(at.field("race_cycles_max"), &channel.race_cycles_max, cycles);
            self.figure(at.field("late_win_per_hour"), &channel.late_win_per_hour, SHARE);
        }
    }

    fn methods(&mut self) {
        let list = At::root(self.known, Part::World).field("methods");
        for (index, method) in self.docs.world.methods.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &method.name)]);
            self.triangular(at.field("touch_min"), &method.touch_min);
            let hosts = bounds(1.0, 10_000.0, "hosts, from 1 to 10000");
            self.figure(at.field("hosts_at_once"), &method.hosts_at_once, hosts);
            self.figure(at.field("failure"), &method.failure, SHARE);
            self.references(at.field("requires"), Kind::Flag, &method.requires);
        }
    }

    fn fleet_kind(&mut self, at: At<'a>, kind: &'a FleetKind) {
        self.words(at, &[("name", &kind.name)]);
        self.figure(at.field("in_scope"), &kind.in_scope, SHARE);
        self.figure(at.field("encrypted"), &kind.encrypted, SHARE);
        self.figure(at.field("race_win"), &kind.race_win, SHARE);
        self.triangular(at.field("locate_min"), &kind.locate_min);
        self.reference(at.field("switched_on"), Kind::Profile, &kind.switched_on);
        self.references(at.field("methods"), Kind::Method, &kind.methods);
        if kind.methods.is_empty() {
            self.error(at.field("methods"), "no method repairs this kind", "name at least one method, best first");
        }
    }
}
