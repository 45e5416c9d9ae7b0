//! Which figures of a scenario are varied, and together with which others.
//!
//! A parameter is one figure of the world, or the same figure of all organisations of a sector. It is
//! multiplied by a factor; shares stay shares. What only prices or counts (costs, demand, tolerances)
//! is left alone: it cannot move when anything is back.

use std::collections::BTreeMap;

use crate::scenario::load::Documents;
use crate::scenario::schema::{Backlog, Group, Organisation, Profile, Service, Standing, Tagged};

/// Factors that are tried go from one over this to this, by standing.
const SPREADS: [(Standing, f64); 3] =
    [(Standing::Documented, 1.1), (Standing::Estimated, 1.5), (Standing::Invented, 2.0)];

/// Figures that are scaled by one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Where: `fleet_kinds/till/locate_min`, `sectors/hospital/crews`.
    pub id: String,
    /// The weakest standing among its figures.
    pub standing: Standing,
    /// Figures in it.
    pub figures: usize,
}

impl Parameter {
    /// The largest factor that is tried; the smallest is one over it.
    pub fn spread(&self) -> f64 {
        SPREADS.iter().find(|(standing, _)| *standing == self.standing).map_or(1.0, |(_, spread)| *spread)
    }
}

/// The parameters of a scenario, by id. Figures that no factor changes (0) are left out.
pub fn parameters(docs: &Documents) -> Vec<Parameter> {
    let mut found: BTreeMap<String, Parameter> = BTreeMap::new();
    visit(&mut docs.clone(), &mut |id, figure| {
        if figure.is_nothing() {
            return;
        }
        let of = found.entry(id.clone()).or_insert(Parameter { id, standing: Standing::Documented, figures: 0 });
        of.standing = of.standing.max(figure.standing());
        of.figures += 1;
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
    /// At least one stays where there was one.
    Count(&'a mut Tagged<u32>),
    Triple(&'a mut Tagged<(f64, f64, f64)>),
    Shares(&'a mut Profile),
}

impl Figure<'_> {
    fn standing(&self) -> Standing {
        match self {
            Figure::Number(of) | Figure::Share(of) => of.standing(),
            Figure::Count(of) => of.standing(),
            Figure::Triple(of) => of.standing(),
            Figure::Shares(of) => of.provenance.standing(),
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Figure::Number(of) | Figure::Share(of) => *of.value() == 0.0,
            Figure::Count(of) => *of.value() == 0,
            Figure::Triple(_) | Figure::Shares(_) => false,
        }
    }

    fn scale(self, factor: f64) {
        match self {
            Figure::Number(of) => *of.value_mut() *= factor,
            Figure::Share(of) => *of.value_mut() = (of.value() * factor).min(1.0),
            Figure::Count(of) => {
                let least = (*of.value()).min(1);
                *of.value_mut() = ((f64::from(*of.value()) * factor + 0.5) as u32).max(least);
            }
            Figure::Triple(of) => {
                let (low, mode, high) = *of.value();
                *of.value_mut() = (low * factor, mode * factor, high * factor);
            }
            Figure::Shares(of) => {
                let all = of.weekday.iter_mut().chain(&mut of.weekend);
                all.for_each(|share| *share = (*share * factor).min(1.0));
            }
        }
    }
}

/// Shows every figure with the id of its parameter.
fn visit(docs: &mut Documents, see: &mut dyn FnMut(String, Figure)) {
    world(docs, see);
    let organisations = docs.organisations.iter_mut();
    for org in organisations.chain(docs.populations.iter_mut().map(|population| &mut population.member)) {
        organisation(org, see);
    }
    for population in &mut docs.populations {
        if let Some(share) = &mut population.with_sensor {
            see(format!("populations/{}/with_sensor", population.id), Figure::Share(share));
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
        see(format!("mitigations/{group}/lead_min"), Figure::Count(&mut mitigation.lead_min));
    }
}

fn world(docs: &mut Documents, see: &mut dyn FnMut(String, Figure)) {
    let world = &mut docs.world;
    for of in &mut world.channels {
        let id = |figure: &str| format!("channels/{}/{figure}", of.id);
        see(id("receipt_mean_min"), Figure::Number(&mut of.receipt_mean_min));
        see(id("reboot_cycle_min"), Figure::Count(&mut of.reboot_cycle_min));
        see(id("race_cycles_max"), Figure::Count(&mut of.race_cycles_max));
        see(id("late_win_per_hour"), Figure::Share(&mut of.late_win_per_hour));
    }
    for of in &mut world.methods {
        let id = |figure: &str| format!("methods/{}/{figure}", of.id);
        see(id("touch_min"), Figure::Triple(&mut of.touch_min));
        see(id("failure"), Figure::Share(&mut of.failure));
        see(id("hosts_at_once"), Figure::Count(&mut of.hosts_at_once));
        if let Some(minutes) = &mut of.verify_min {
            see(id("verify_min"), Figure::Number(minutes));
        }
    }
    for of in &mut world.fleet_kinds {
        let id = |figure: &str| format!("fleet_kinds/{}/{figure}", of.id);
        see(id("in_scope"), Figure::Share(&mut of.in_scope));
        see(id("encrypted"), Figure::Share(&mut of.encrypted));
        see(id("race_win"), Figure::Share(&mut of.race_win));
        see(id("locate_min"), Figure::Triple(&mut of.locate_min));
        if let Some(once) = &mut of.race_win_once {
            see(id("race_win_once"), Figure::Share(&mut once.chance));
        }
    }
    for of in &mut world.pools {
        see(format!("pools/{}/technicians", of.id), Figure::Count(&mut of.technicians));
    }
    let switched_on: Vec<&str> = world.fleet_kinds.iter().map(|kind| kind.switched_on.as_str()).collect();
    for of in world.profiles.iter_mut().filter(|profile| switched_on.contains(&profile.id.as_str())) {
        see(format!("profiles/{}", of.id), Figure::Shares(of));
    }
}

fn organisation(org: &mut Organisation, see: &mut dyn FnMut(String, Figure)) {
    let sector = org.sector.clone();
    let id = |figure: &str| format!("sectors/{sector}/{figure}");
    for count in [&mut org.staff.day, &mut org.staff.evening, &mut org.staff.night] {
        see(id("crews"), Figure::Count(count));
    }
    see(id("crews_at_weekends"), Figure::Share(&mut org.staff.weekend));
    if let Some(minutes) = &mut org.key_min {
        see(id("key_min"), Figure::Number(minutes));
    }
    for fleet in &mut org.fleets {
        see(id("hosts"), Figure::Count(&mut fleet.hosts));
        if let Some(share) = &mut fleet.in_scope {
            see(id("in_scope"), Figure::Share(share));
        }
        if let Some(minutes) = &mut fleet.travel_min {
            see(id("travel_min"), Figure::Number(minutes));
        }
    }
    for service in &mut org.services {
        of_service(service, &id, see);
    }
}

fn of_service(service: &mut Service, id: &dyn Fn(&str) -> String, see: &mut dyn FnMut(String, Figure)) {
    see(id("headroom"), Figure::Number(&mut service.headroom));
    see(id("warm_up_min"), Figure::Count(&mut service.warm_up_min));
    if let Some(fallback) = &mut service.fallback {
        see(id("fallback_level"), Figure::Share(&mut fallback.level));
        see(id("fallback_endurance_min"), Figure::Count(&mut fallback.endurance_min));
    }
    if let Backlog::Expires(minutes) = &mut service.backlog {
        see(id("backlog_expires_min"), Figure::Count(minutes));
    }
    if let Some(rework) = &mut service.rework {
        see(id("rework_items_per_lost"), Figure::Number(&mut rework.items_per_lost));
        see(id("rework_clear_per_hour"), Figure::Number(&mut rework.clear_per_hour));
        see(id("rework_half_speed_at"), Figure::Number(&mut rework.half_speed_at));
        see(id("rework_half_level_at"), Figure::Number(&mut rework.half_level_at));
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
    fn factors_change_what_they_name_and_nothing_else() {
        let docs = tiny();
        let all = parameters(&docs);
        assert!(20 < all.len(), "{all:?}");
        for parameter in &all {
            // A whole share cannot grow, but it can shrink; counts of one or two need half of them.
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
            let factors = all.iter().map(|of| (of.id.as_str(), of.spread().powf(sign))).collect();
            let sources = crate::batch::texts::sources("scaled", &scaled(&docs, &factors));
            load(&sources).unwrap_or_else(|found| panic!("{found}"));
        }
    }
}
