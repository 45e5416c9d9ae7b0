//! Expands populations into organisations. Size and place of a member are drawn with the scenario's
//! `population_seed` and not with the seed of a run, so that all runs of a scenario have the same organisations.

use super::ids::Ids;
use super::parts::{Factors, Member, Parts};
use super::{Origin, Profile};
use crate::base::draw::Key;
use crate::base::{Column, Draw, Ix, Stream};
use crate::scenario::documents::Documents;
use crate::scenario::schema::{Place, Population, Spread, Tagged};

/// Adds every member of every population, in the order written.
pub(super) fn expand(docs: &Documents, ids: &Ids, profiles: &Column<Profile, [f64; 168]>, to: &mut Parts) {
    let key = Draw::new(docs.manifest.population_seed).stream(Stream::Population);
    let mut entity = 0;
    for (population_index, population) in (0..).map(Ix::new).zip(&docs.populations) {
        for number in 1..=population.members() {
            let origin = Origin::Member { population: population_index, number };
            let member = draw(population, ids, key, entity, number, origin);
            to.add(docs, ids, profiles, &population.member, &member);
            entity += 1;
        }
    }
}

fn draw(population: &Population, ids: &Ids, key: Key, entity: u32, number: u32, origin: Origin) -> Member {
    let (low, mode, high) = *population.size.value();
    let place = pick(&population.places, key.uniform(entity, 1));
    // Positions lie in a square with sides of twice the spread; latitudes are cut at the poles, longitudes wrap
    // around.
    let offset = |counter: u32| (key.uniform(entity, counter) * 2.0 - 1.0) * place.spread_deg;
    Member {
        origin,
        region: ids.regions[&place.region],
        lat: (place.lat + offset(2)).clamp(-90.0, 90.0),
        lon: wrapped(place.lon + offset(3)),
        size: key.triangular(entity, 0, low, mode, high),
        stands_for: population.stands_for(),
        has_sensor: population.has_sensor(number),
        factors: population.spread.as_ref().map_or(Factors::NONE, |spread| factors(spread, key, entity)),
    }
}

/// The factors of a member. Each takes two draws, so that one spread can change without the others.
fn factors(spread: &Spread, key: Key, entity: u32) -> Factors {
    let factor = |spread: &Option<Tagged<f64>>, counter: u32| {
        spread.as_ref().map_or(1.0, |spread| key.lognormal(entity, counter, *spread.value()))
    };
    Factors {
        staff: factor(&spread.staff, 4),
        locate: factor(&spread.locate, 6),
        in_scope: factor(&spread.in_scope, 8),
        race_win: factor(&spread.race_win, 10),
        warm_up: factor(&spread.warm_up, 12),
    }
}

/// The place whose interval holds `point` when the weights are laid end to end.
fn pick(places: &[Place], point: f64) -> &Place {
    let total: f64 = places.iter().map(|place| place.weight).sum();
    let mut left = point * total;
    places
        .iter()
        .find(|place| {
            left -= place.weight;
            left < 0.0
        })
        .unwrap_or(&places[places.len() - 1])
}

fn wrapped(lon: f64) -> f64 {
    if 180.0 < lon {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}
