//! Worlds of any size: a scenario with a given number of organisations. Most of them are members of
//! populations, so that the files stay small. The speed of the simulation is measured on large ones.
//!
//! Equal numbers and seeds give equal documents and bytes. The mean size of an organisation does not
//! depend on their number. Must not simulate anything.

mod figures;
mod members;
mod orders;
mod places;
mod script;
mod sectors;
mod world;
mod written;

use crate::scenario::load::Documents;
use crate::scenario::schema::{self, Place, Population};
use crate::synth::dice::Dice;
use figures::{figure, short};
use members::{Shape, Suppliers, organisation};
use sectors::{SECTORS, Sector};

/// Number of organisations in the largest world: with more, the index of a host would not fit 32 bits.
pub const ORGANISATIONS_MAX: u32 = 1_000_000;
/// Table of the dice; the swarm uses others.
const TABLE: u32 = u32::MAX;

/// Least, most likely and greatest relative size of a member; their mean is 1.
const SIZE: (f64, f64, f64) = (0.2, 0.4, 2.4);
/// Organisations, of a thousand, that have the sensor with the bad content.
const CUSTOMERS_PER_MILLE: u32 = 300;
/// The mean size of organisations with that sensor, relative to the mean size of all.
const CUSTOMER_SIZE: f64 = 1.25;

/// A world with the given number of organisations.
///
/// # Panics
/// If the number is not within 1 to `ORGANISATIONS_MAX`.
pub fn documents(organisations: u32, seed: u64) -> Documents {
    assert!((1..=ORGANISATIONS_MAX).contains(&organisations), "a world of {organisations} organisations");
    let mut dice = Dice::new(seed, TABLE);
    let (written, suppliers) = written::written(organisations);
    let members = organisations - written.len() as u32;
    let mut world = world::world();
    world.sectors = SECTORS.iter().map(sector).collect();
    let mut docs = Documents {
        manifest: world::manifest(organisations, seed),
        world,
        organisations: written,
        populations: populations(members, &places::places(&mut dice), &suppliers),
        mitigations: orders::mitigations(),
        events: Vec::new(),
        injects: Vec::new(),
        seats: Vec::new(),
        playbooks: Vec::new(),
        sources: Vec::new(),
        targets: Vec::new(),
        targets_until: None,
        uncertainty: Default::default(),
    };
    docs.events = script::events(&docs);
    docs.seats = script::seats(&docs);
    docs.injects = script::injects(&docs.seats);
    docs.playbooks = script::playbooks(&docs);
    docs
}

fn sector(sector: &Sector) -> schema::Sector {
    schema::Sector { id: sector.id.to_owned(), name: sector.name.to_owned(), glyph: sector.glyph, incident_team: None }
}

/// Two populations for each sector: customers of the vendor, and others. Empty populations are left out.
fn populations(members: u32, places: &[Place], suppliers: &Suppliers) -> Vec<Population> {
    let halves: Vec<(&Sector, bool)> = SECTORS.iter().flat_map(|sector| [(sector, true), (sector, false)]).collect();
    let weight = |&(sector, is_customer): &(&Sector, bool)| {
        let share = if is_customer { CUSTOMERS_PER_MILLE } else { 1000 - CUSTOMERS_PER_MILLE };
        u64::from(sector.per_mille * share)
    };
    let weights: Vec<u64> = halves.iter().map(weight).collect();
    let counts = apportioned(members, &weights);
    let present = halves.into_iter().zip(counts).filter(|(_, count)| 0 < *count);
    present.map(|((sector, is_customer), count)| population(sector, is_customer, count, places, suppliers)).collect()
}

fn population(sector: &Sector, is_customer: bool, count: u32, places: &[Place], suppliers: &Suppliers) -> Population {
    let share = f64::from(CUSTOMERS_PER_MILLE) / 1000.0;
    let other_size = (1.0 - share * CUSTOMER_SIZE) / (1.0 - share);
    let (id, size) = match is_customer {
        true => (sector.id.to_owned(), CUSTOMER_SIZE),
        false => (format!("{}-other", sector.id), other_size),
    };
    let place = &places[0];
    let shape = Shape {
        id: "member".to_owned(),
        name: sector.member.to_owned(),
        region: place.region.clone(),
        lat: place.lat,
        lon: place.lon,
        hosts: short(sector.hosts * size),
        is_customer,
        importance: if 2_000.0 <= sector.hosts { 2 } else { 1 },
    };
    Population {
        one_in: 1,
        with_sensor: None,
        spread: None,
        id,
        name: sector.member.to_owned(),
        count: figure(count, "the sector's share of all organisations"),
        size: figure(SIZE, "many small ones and a few large"),
        places: places.to_vec(),
        member: organisation(sector, &sector.main, &shape, suppliers),
    }
}

/// Divides a whole number in proportion to weights by the method of largest remainders.
fn apportioned(whole: u32, weights: &[u64]) -> Vec<u32> {
    let total: u64 = weights.iter().sum();
    let exact = |weight: u64| u64::from(whole) * weight;
    let mut counts: Vec<u32> = weights.iter().map(|&weight| (exact(weight) / total) as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(exact(weights[index]) % total), index));
    let missing = whole - counts.iter().sum::<u32>();
    for &index in order.iter().take(missing as usize) {
        counts[index] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_organisation_is_counted_once() {
        for organisations in [1, 2, 8, 9, 20, 777, 50_000] {
            let docs = documents(organisations, 1);
            let members: u32 = docs.populations.iter().map(|population| *population.count.value()).sum();
            assert_eq!(docs.organisations.len() as u32 + members, organisations);
        }
    }

    #[test]
    fn the_table_has_the_stated_sums() {
        let sum = |value: fn(&Sector) -> f64| SECTORS.iter().map(value).sum::<f64>() / 1000.0;
        assert_eq!(sum(|sector| f64::from(sector.per_mille)), 1.0);
        let hosts = sum(|sector| f64::from(sector.per_mille) * sector.hosts);
        assert!((hosts - 800.0).abs() < 8.0, "{hosts} hosts an organisation");
        let services = sum(|sector| f64::from(sector.per_mille) * if sector.side.is_some() { 3.0 } else { 2.0 });
        assert!((services - 2.4).abs() < 0.01, "{services} services an organisation");
        assert_eq!((SIZE.0 + SIZE.1 + SIZE.2) / 3.0, 1.0);
    }
}
