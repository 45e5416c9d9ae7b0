//! The map: marks of organisations, dots of population members, links of dependencies, the sun.

use std::collections::BTreeMap;

use super::board::level_state;
use super::source::Source;
use crate::base::words as format;
use crate::base::{Ix, Span, Tick};
use crate::exercise::view::{LevelState, MapDot, MapLink, MapMark, MapView};
use crate::scenario::compile::{NeedIndex, Organisation, Scenario, Service};
use crate::sim::phases::services;
use crate::sim::world::Order;

pub fn map(source: &Source) -> MapView {
    let world = source.world();
    let scenario = world.scenario();
    let written = scenario.written_organisations();
    let members = Span { start: written.end, end: scenario.organisations.next() };
    let ordered = ordered_min(source);
    let marks = written.iter().map(|organisation| mark(source, organisation, &ordered)).collect();
    let mut links: Vec<MapLink> = Vec::new();
    for index in scenario.written_services() {
        let service = &scenario.services[index];
        for need in scenario.needs_of(index) {
            let NeedIndex::Service(other) = need.supplier else { continue };
            let (from, to) = (service.organisation, scenario.services[other].organisation);
            if from == to || !written.contains(to) {
                continue;
            }
            let (from, to) = (from.position(), to.position());
            let supply = world.level(other);
            let loss = services::respond(&need.response, supply).rest().fraction();
            let felt = loss.min(world.technical(index).rest().fraction().max(loss * 0.25));
            match links.iter_mut().find(|link| link.from == from && link.to == to) {
                Some(link) => link.loss = link.loss.max(felt),
                None => links.push(MapLink { from, to, loss: felt }),
            }
        }
    }
    let dots = members.iter().map(|organisation| dot(source, organisation)).collect();
    MapView { marks, dots, links, sun: sun_at(scenario, world.tick()) }
}

/// Time for which an order is marked on the map.
const FRESH_MIN: u32 = 6 * 60;

/// Minutes since the last order of the chair's seat for each organisation or a part of it, if the order is recent.
fn ordered_min(source: &Source) -> BTreeMap<Ix<Organisation>, u32> {
    let now = source.world().tick();
    let age_min = |order: &Order| now.since(order.ordered);
    let orders = source.seat_orders().map(|(_, _, order)| order).filter(|order| age_min(order) <= FRESH_MIN);
    // A later order replaces an earlier one.
    orders.filter_map(|order| Some((source.scenario().organisation_of(order.target)?, age_min(order)))).collect()
}

pub fn dot(source: &Source, organisation: Ix<Organisation>) -> MapDot {
    let world = source.world();
    let scenario = world.scenario();
    let compiled = &scenario.organisations[organisation];
    let state_of = |service: Ix<Service>| {
        level_state(world.level(service).fraction(), scenario.services[service].target.fraction())
    };
    let worst = compiled.services.iter().map(state_of).max().unwrap_or_default();
    let is_hit = || compiled.fleets.iter().any(|fleet| 0 < world.fleets()[fleet].received);
    let state = if worst == LevelState::Working && !is_hit() { LevelState::Untouched } else { worst };
    MapDot { organisation, lat: compiled.lat, lon: compiled.lon, state }
}

fn mark(source: &Source, organisation: Ix<Organisation>, ordered: &BTreeMap<Ix<Organisation>, u32>) -> MapMark {
    let world = source.world();
    let scenario = world.scenario();
    let docs = scenario.organisation_doc(organisation);
    let compiled = &scenario.organisations[organisation];
    let rows = compiled.services.iter().filter(|&service| scenario.services[service].is_important);
    let (mut level, mut state) = (1.0_f64, LevelState::Working);
    let mut tooltip = Vec::new();
    for service in rows {
        let now = world.level(service).fraction();
        let is = level_state(now, scenario.services[service].target.fraction());
        level = level.min(now);
        state = state.max(is);
        tooltip.push(format!("{}: {}", scenario.service_doc(service).name, format::percent(now)));
    }
    let (mut down, mut total, mut received) = (0_u64, 0_u64, 0_u64);
    for fleet in compiled.fleets {
        down += u64::from(world.fleets()[fleet].down());
        received += u64::from(world.fleets()[fleet].received);
        total += u64::from(scenario.fleets[fleet].hosts);
    }
    tooltip.push(format!("{} of {} hosts down", format::thousands(down), format::thousands(total)));
    let is_untouched = received == 0
        && state == LevelState::Working
        && compiled.services.iter().all(|service| world.service(service).below_min == 0);
    MapMark {
        organisation,
        name: scenario.organisation_name(organisation).into_owned(),
        lat: compiled.lat,
        lon: compiled.lon,
        glyph: scenario.docs.world.sectors[compiled.sector.position()].glyph,
        importance: docs.importance,
        state: if is_untouched { LevelState::Untouched } else { state },
        level,
        hosts_down: if total == 0 { 0.0 } else { down as f64 / total as f64 },
        is_yours: source.is_yours(organisation),
        ordered_min: ordered.get(&organisation).copied(),
        tooltip,
    }
}

/// The place where the sun is in the zenith, to about a degree: declination of the date and the hour angle.
pub fn sun_at(scenario: &Scenario, tick: Tick) -> [f64; 2] {
    let day: f64 = scenario.start.format(tick, 0, "%j").parse().unwrap_or(200.0);
    let minute = (scenario.start_minute_of_week + tick.0) % 1440;
    let declination = -23.44 * (std::f64::consts::TAU * (day + 10.0) / 365.25).cos();
    let longitude = 180.0 - f64::from(minute) / 4.0;
    [declination, longitude]
}
