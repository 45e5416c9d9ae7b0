//! The map: marks of organisations, dots of population members, links of dependencies, the sun.

use super::board::level_state;
use super::source::Source;
use crate::base::Tick;
use crate::base::words as format;
use crate::exercise::view::{LevelState, MapDot, MapLink, MapMark, MapView};
use crate::scenario::compile::{NeedIndex, Scenario};
use crate::sim::phases::services;

pub fn map(source: &Source) -> MapView {
    let world = source.world();
    let scenario = &world.scenario;
    let written = scenario.written_organisations();
    let members = written..scenario.organisations.len() as u32;
    let marks = (0..written).map(|organisation| mark(source, organisation)).collect();
    let mut links: Vec<MapLink> = Vec::new();
    for (index, service) in scenario.services[..scenario.written_services() as usize].iter().enumerate() {
        for need in scenario.needs_of(index as u32) {
            let NeedIndex::Service(other) = need.of else { continue };
            let (from, to) = (service.organisation as usize, scenario.services[other as usize].organisation as usize);
            if from == to || written as usize <= to {
                continue;
            }
            let supply = world.level(other);
            let loss = services::respond(&need.response, supply).rest().fraction();
            let felt = loss.min(world.technical(index as u32).rest().fraction().max(loss * 0.25));
            match links.iter_mut().find(|link| link.from == from && link.to == to) {
                Some(link) => link.loss = link.loss.max(felt),
                None => links.push(MapLink { from, to, loss: felt }),
            }
        }
    }
    let dots = members.map(|organisation| dot(source, organisation)).collect();
    MapView { marks, dots, links, sun: sun_at(scenario, world.tick) }
}

pub fn dot(source: &Source, organisation: u32) -> MapDot {
    let world = source.world();
    let scenario = &world.scenario;
    let of = &scenario.organisations[organisation as usize];
    let state_of = |service: u32| {
        level_state(world.level(service).fraction(), scenario.services[service as usize].target.fraction())
    };
    let worst = of.services.clone().map(state_of).max().unwrap_or_default();
    let is_hit = || of.fleets.clone().any(|fleet| 0 < world.fleets[fleet as usize].received);
    let state = if worst == LevelState::Working && !is_hit() { LevelState::Untouched } else { worst };
    MapDot { organisation, lat: of.lat, lon: of.lon, state }
}

pub fn mark(source: &Source, organisation: u32) -> MapMark {
    let world = source.world();
    let scenario = &world.scenario;
    let docs = scenario.organisation_doc(organisation);
    let of = &scenario.organisations[organisation as usize];
    let rows = of.services.clone().filter(|&service| scenario.services[service as usize].is_important);
    let (mut level, mut state) = (1.0_f64, LevelState::Working);
    let mut tooltip = Vec::new();
    for service in rows {
        let now = world.level(service).fraction();
        let is = level_state(now, scenario.services[service as usize].target.fraction());
        level = level.min(now);
        state = state.max(is);
        tooltip.push(format!("{}: {}", scenario.service_doc(service).name, format::percent(now)));
    }
    let (mut down, mut total, mut received) = (0_u64, 0_u64, 0_u64);
    for fleet in of.fleets.clone() {
        down += u64::from(world.fleets[fleet as usize].down());
        received += u64::from(world.fleets[fleet as usize].received);
        total += u64::from(scenario.fleets[fleet as usize].hosts);
    }
    tooltip.push(format!("{} of {} hosts down", format::thousands(down), format::thousands(total)));
    let is_untouched = received == 0
        && state == LevelState::Working
        && of.services.clone().all(|service| world.service(service).below_min == 0);
    MapMark {
        organisation,
        name: scenario.organisation_name(organisation).into_owned(),
        lat: of.lat,
        lon: of.lon,
        glyph: scenario.docs.world.sectors[of.sector as usize].glyph,
        importance: docs.importance,
        state: if is_untouched { LevelState::Untouched } else { state },
        level,
        hosts_down: if total == 0 { 0.0 } else { down as f64 / total as f64 },
        is_yours: source.is_yours(organisation),
        tooltip,
    }
}

/// Where the sun is overhead, to about a degree: declination of the date and the hour angle.
pub fn sun_at(scenario: &Scenario, tick: Tick) -> [f64; 2] {
    let day: f64 = scenario.start.format(tick, 0, "%j").parse().unwrap_or(200.0);
    let minute = (scenario.start_minute_of_week + tick.0) % 1440;
    let declination = -23.44 * (std::f64::consts::TAU * (day + 10.0) / 365.25).cos();
    let longitude = 180.0 - f64::from(minute) / 4.0;
    [declination, longitude]
}
