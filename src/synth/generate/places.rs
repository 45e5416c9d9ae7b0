//! Places of generated organisations: regions of the world, each with a city, its UTC offset in July and a
//! weight.

use super::figures::short;
use crate::scenario::schema::{Place, Region};
use crate::synth::dice::Dice;

/// A row of the table of regions.
struct Area {
    id: &'static str,
    name: &'static str,
    utc_offset_min: i32,
    lat: f64,
    lon: f64,
    /// Relative share of the world's organisations.
    weight: f64,
    spread_deg: f64,
}

/// The largest relative change of a region's weight by the seed.
const JITTER: f64 = 0.1;

#[rustfmt::skip]
const AREAS: [Area; 24] = [
    area("us-east", "United States, east", -240, (40.7, -74.0), 14.0, 4.0),
    area("us-central", "United States, central", -300, (41.9, -87.6), 9.0, 5.0),
    area("us-mountain", "United States, mountain", -360, (39.7, -105.0), 3.0, 4.0),
    area("us-pacific", "United States, Pacific", -420, (34.1, -118.2), 8.0, 3.0),
    area("canada-east", "Canada, east", -240, (43.7, -79.4), 3.0, 2.0),
    area("mexico", "Mexico", -360, (19.4, -99.1), 2.0, 3.0),
    area("brazil", "Brazil", -180, (-23.5, -46.6), 3.0, 3.0),
    area("argentina", "Argentina", -180, (-34.6, -58.4), 1.0, 2.0),
    area("britain", "Britain", 60, (51.5, -0.1), 7.0, 1.0),
    area("iberia", "Spain", 120, (40.4, -3.7), 3.0, 2.0),
    area("france", "France", 120, (48.9, 2.4), 5.0, 2.0),
    area("germany", "Germany", 120, (52.5, 13.4), 7.0, 2.0),
    area("nordics", "Sweden", 120, (59.3, 18.1), 3.0, 2.0),
    area("poland", "Poland", 120, (52.2, 21.0), 2.0, 2.0),
    area("turkey", "Turkey", 180, (41.0, 29.0), 2.0, 2.0),
    area("gulf", "United Arab Emirates", 240, (25.2, 55.3), 2.0, 1.0),
    area("south-africa", "South Africa", 120, (-26.2, 28.0), 1.0, 2.0),
    area("west-africa", "Nigeria", 60, (6.5, 3.4), 1.0, 2.0),
    area("india", "India", 330, (19.1, 72.9), 6.0, 4.0),
    area("china", "China", 480, (31.2, 121.5), 2.0, 3.0),
    area("singapore", "Singapore", 480, (1.4, 103.8), 3.0, 0.2),
    area("japan", "Japan", 540, (35.7, 139.7), 6.0, 1.5),
    area("australia-east", "Australia, east", 600, (-33.9, 151.2), 4.0, 2.0),
    area("new-zealand", "New Zealand", 720, (-36.8, 174.8), 1.0, 1.0),
];

const fn area(
    id: &'static str,
    name: &'static str,
    utc_offset_min: i32,
    (lat, lon): (f64, f64),
    weight: f64,
    spread_deg: f64,
) -> Area {
    Area { id, name, utc_offset_min, lat, lon, weight, spread_deg }
}

/// Regions of the world file.
pub fn regions() -> Vec<Region> {
    let region = |area: &Area| Region {
        id: area.id.to_owned(),
        name: area.name.to_owned(),
        utc_offset_min: area.utc_offset_min,
        lat: area.lat,
        lon: area.lon,
    };
    AREAS.iter().map(region).collect()
}

/// The places of members of every population; the seed changes the weights a little.
pub fn places(dice: &mut Dice) -> Vec<Place> {
    let place = |area: &Area| Place {
        region: area.id.to_owned(),
        weight: short(area.weight * (1.0 + JITTER * (2.0 * dice.fraction() - 1.0))),
        lat: area.lat,
        lon: area.lon,
        spread_deg: area.spread_deg,
    };
    AREAS.iter().map(place).collect()
}
