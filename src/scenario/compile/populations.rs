//! Populations to organisations: which size and where is drawn per member from the scenario's own
//! number, so that every run of a scenario has the same world.

use super::ids::Ids;
use super::parts::{Member, Parts};
use super::{Origin, Profile};
use crate::base::draw::Key;
use crate::base::{Column, Draw, Ix, Stream};
use crate::scenario::documents::Documents;
use crate::scenario::schema::{Place, Population};

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
    // A square of side two spreads, cut at the poles; east and west meet.
    let offset = |counter: u32| (key.uniform(entity, counter) * 2.0 - 1.0) * place.spread_deg;
    Member {
        origin,
        region: ids.regions[&place.region],
        lat: (place.lat + offset(2)).clamp(-90.0, 90.0),
        lon: wrapped(place.lon + offset(3)),
        size: key.triangular(entity, 0, low, mode, high),
        stands_for: population.stands_for(),
        has_sensor: population.has_sensor(number),
    }
}

/// The place at a point of the weights laid end to end.
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
