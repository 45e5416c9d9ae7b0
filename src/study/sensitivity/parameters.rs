//! The parameters of a scenario: the figures that a screening varies, each alone or several together.
//!
//! A parameter is one figure of the world, or the same figure of all organisations of a sector. It is multiplied by
//! a factor, and a share stays at most 1. Costs, demand and tolerances are left out: they cannot change the time at
//! which a service is back.

use std::collections::BTreeMap;

use crate::scenario::load::Documents;
use crate::scenario::schema::{Backlog, Group, Organisation, Profile, Service, Standing, Tagged};

/// The largest factor that is tried, by standing; the smallest is its reciprocal.
const SPREADS: [(Standing, f64); 3] =
    [(Standing::Documented, 1.1), (Standing::Estimated, 1.5), (Standing::Invented, 2.0)];

/// Figures that are scaled by one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// A path: `fleet_kinds/till/locate_min`, `sectors/hospital/crews`.
    pub id: String,
    /// The weakest standing among its figures.
    pub standing: Standing,
    /// Number of figures that are scaled together.
    pub figures: usize,
}

impl Parameter {
    /// The largest factor that is tried; the smallest is its reciprocal.
    pub fn spread(&self) -> f64 {
        SPREADS.iter().find(|(standing, _)| *standing == self.standing).map_or(1.0, |(_, spread)| *spread)
    }
}

/// The parameters of a scenario, in the order of their ids. Figures of 0 are left out: no factor changes
/// them.
pub fn parameters(docs: &Documents) -> Vec<Parameter> {
    let mut found: BTreeMap<String, Parameter> = BTreeMap::new();
    visit(&mut docs.clone(), &mut |id, figure| {
        if figure.is_nothing() {
            return;
        }
        let first = Parameter { id: id.clone(), standing: Standing::Documented, figures: 0 };
        let parameter = found.entry(id).or_insert(first);
        parameter.standing = parameter.standing.max(figure.standing());
        parameter.figures += 1;
    });
    found.into_values().collect()
}

/// The scenario with each parameter multiplied by its factor.
pub fn scaled(docs: &Documents, factors: &BTreeMap<&str, f64>) -> Documents {
    let mut docs = docs.clone();
    visit(&mut docs, &mut |id, figure| {
        if let Some(&factor) = factors.get(id.as_str()) {
            figure.scale(factor);
        }
    });
    docs
}

/// A figure that can be scaled.
enum Figure<'a> {
    Number(&'a mut Tagged<f64>),
    Share(&'a mut Tagged<f64>),
    /// A count of 1 or more stays at least 1.
    Count(&'a mut Tagged<u32>),
    Triple(&'a mut Tagged<(f64, f64, f64)>),
    Shares(&'a mut Profile),
}

impl Figure<'_> {
    fn standing(&self) -> Standing {
        match self {
            Figure::Number(number) | Figure::Share(number) => number.standing(),
            Figure::Count(count) => count.standing(),
            Figure::Triple(triple) => triple.standing(),
            Figure::Shares(profile) => profile.provenance.standing(),
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Figure::Number(number) | Figure::Share(number) => *number.value() == 0.0,
            Figure::Count(count) => *count.value() == 0,
            Figure::Triple(_) | Figure::Shares(_) => false,
        }
    }

    fn scale(self, factor: f64) {
        match self {
            Figure::Number(number) => *number.value_mut() *= factor,
            Figure::Share(share) => *share.value_mut() = (share.value() * factor).min(1.0),
            Figure::Count(count) => {
                let least = (*count.value()).min(1);
                *count.value_mut() = ((f64::from(*count.value()) * factor + 0.5) as u32).max(least);
            }
            Figure::Triple(triple) => {
                let (low, mode, high) = *triple.value();
                *triple.value_mut() = (low * factor, mode * factor, high * factor);
            }
            Figure::Shares(profile) => {
                let all = profile.weekday.iter_mut().chain(&mut profile.weekend);
                all.for_each(|share| *share = (*share * factor).min(1.0));
            }
        }
    }
}

/// Calls `visitor` with every figure and the id of its parameter.
fn visit(docs: &mut Documents, visitor: &mut dyn FnMut(String, Figure)) {
    world(docs, visitor);
    let organisations = docs.organisations.iter_mut();
    for org in organisations.chain(docs.populations.iter_mut().map(|population| &mut population.member)) {
        organisation(org, visitor);
    }
    for population in &mut docs.populations {
        if let Some(share) = &mut population.with_sensor {
            visitor(format!("populations/{}/with_sensor", population.id), Figure::Share(share));
        }
    }
    for mitigation in &mut docs.mitigations {
        let group = match mitigation.group {
            Group::Rollout => "rollout",
            Group::Repair => "repair",
            Group::People => "people",
            Group::Continuity => "continuity",
            Group::Communication => "communication",
        };
        visitor(format!("mitigations/{group}/lead_min"), Figure::Count(&mut mitigation.lead_min));
    }
}

fn world(docs: &mut Documents, visitor: &mut dyn FnMut(String, Figure)) {
    let world = &mut docs.world;
    for channel in &mut world.channels {
        let id = |figure: &str| format!("channels/{}/{figure}", channel.id);
        visitor(id("receipt_mean_min"), Figure::Number(&mut channel.receipt_mean_min));
        visitor(id("reboot_cycle_min"), Figure::Count(&mut channel.reboot_cycle_min));
        visitor(id("race_cycles_max"), Figure::Count(&mut channel.race_cycles_max));
        visitor(id("late_win_per_hour"), Figure::Share(&mut channel.late_win_per_hour));
    }
    for method in &mut world.methods {
        let id = |figure: &str| format!("methods/{}/{figure}", method.id);
        visitor(id("touch_min"), Figure::Triple(&mut method.touch_min));
        visitor(id("failure"), Figure::Share(&mut method.failure));
        visitor(id("hosts_at_once"), Figure::Count(&mut method.hosts_at_once));
        if let Some(minutes) = &mut method.verify_min {
            visitor(id("verify_min"), Figure::Number(minutes));
        }
    }
    for kind in &mut world.fleet_kinds {
        let id = |figure: &str| format!("fleet_kinds/{}/{figure}", kind.id);
        visitor(id("in_scope"), Figure::Share(&mut kind.in_scope));
        visitor(id("encrypted"), Figure::Share(&mut kind.encrypted));
        visitor(id("race_win"), Figure::Share(&mut kind.race_win));
        visitor(id("locate_min"), Figure::Triple(&mut kind.locate_min));
        if let Some(once) = &mut kind.race_win_once {
            visitor(id("race_win_once"), Figure::Share(&mut once.chance));
        }
    }
    for pool in &mut world.pools {
        visitor(format!("pools/{}/technicians", pool.id), Figure::Count(&mut pool.technicians));
    }
    let switched_on: Vec<&str> = world.fleet_kinds.iter().map(|kind| kind.switched_on.as_str()).collect();
    for profile in world.profiles.iter_mut().filter(|profile| switched_on.contains(&profile.id.as_str())) {
        visitor(format!("profiles/{}", profile.id), Figure::Shares(profile));
    }
}

fn organisation(org: &mut Organisation, visitor: &mut dyn FnMut(String, Figure)) {
    let sector = org.sector.clone();
    let id = |figure: &str| format!("sectors/{sector}/{figure}");
    for count in [&mut org.staff.day, &mut org.staff.evening, &mut org.staff.night] {
        visitor(id("crews"), Figure::Count(count));
    }
    visitor(id("crews_at_weekends"), Figure::Share(&mut org.staff.weekend));
    if let Some(minutes) = &mut org.key_min {
        visitor(id("key_min"), Figure::Number(minutes));
    }
    for fleet in &mut org.fleets {
        visitor(id("hosts"), Figure::Count(&mut fleet.hosts));
        if let Some(share) = &mut fleet.in_scope {
            visitor(id("in_scope"), Figure::Share(share));
        }
        if let Some(minutes) = &mut fleet.travel_min {
            visitor(id("travel_min"), Figure::Number(minutes));
        }
    }
    for service in &mut org.services {
        service_figures(service, &id, visitor);
    }
}

fn service_figures(service: &mut Service, id: &dyn Fn(&str) -> String, visitor: &mut dyn FnMut(String, Figure)) {
    visitor(id("headroom"), Figure::Number(&mut service.headroom));
    visitor(id("warm_up_min"), Figure::Count(&mut service.warm_up_min));
    if let Some(fallback) = &mut service.fallback {
        visitor(id("fallback_level"), Figure::Share(&mut fallback.level));
        visitor(id("fallback_endurance_min"), Figure::Count(&mut fallback.endurance_min));
    }
    if let Backlog::Expires(minutes) = &mut service.backlog {
        visitor(id("backlog_expires_min"), Figure::Count(minutes));
    }
    if let Some(rework) = &mut service.rework {
        visitor(id("rework_items_per_lost"), Figure::Number(&mut rework.items_per_lost));
        visitor(id("rework_clear_per_hour"), Figure::Number(&mut rework.clear_per_hour));
        visitor(id("rework_half_speed_at"), Figure::Number(&mut rework.half_speed_at));
        visitor(id("rework_half_level_at"), Figure::Number(&mut rework.half_level_at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::{SourceFiles, load};

    fn tiny() -> Documents {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid").into_inner()
    }

    #[test]
    fn factors_change_only_the_figures_that_they_name() {
        let docs = tiny();
        let all = parameters(&docs);
        assert!(20 < all.len(), "{all:?}");
        for parameter in &all {
            // A share of 1 cannot grow, but it can shrink; a count of 1 cannot shrink, but it can grow.
            let changed = scaled(&docs, &BTreeMap::from([(parameter.id.as_str(), 0.3)]));
            let grown = scaled(&docs, &BTreeMap::from([(parameter.id.as_str(), parameter.spread())]));
            assert!(changed != docs || grown != docs, "{} changes nothing", parameter.id);
            let one = BTreeMap::from([(parameter.id.as_str(), 1.0)]);
            assert!(scaled(&docs, &one) == docs, "{} changes by itself", parameter.id);
        }
        assert!(scaled(&docs, &BTreeMap::from([("nothing", 2.0)])) == docs);
    }

    #[test]
    fn scaled_scenarios_still_pass_the_check() {
        let docs = tiny();
        for sign in [1.0, -1.0] {
            let all = parameters(&docs);
            let factors = all.iter().map(|parameter| (parameter.id.as_str(), parameter.spread().powf(sign))).collect();
            let sources = crate::synth::texts::sources("scaled", &scaled(&docs, &factors));
            load(&sources).unwrap_or_else(|found| panic!("{found}"));
        }
    }
}
