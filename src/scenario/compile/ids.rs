//! Ids to indices, in the order the documents are written.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::scenario::documents::Documents;
use crate::scenario::schema;

/// Index of every id.
pub(super) struct Ids {
    pub sectors: BTreeMap<String, u32>,
    pub regions: BTreeMap<String, u32>,
    pub profiles: BTreeMap<String, u32>,
    pub channels: BTreeMap<String, u32>,
    pub methods: BTreeMap<String, u32>,
    pub kinds: BTreeMap<String, u32>,
    pub flags: BTreeMap<String, u32>,
    pub pools: BTreeMap<String, u32>,
    pub groups: BTreeMap<String, u32>,
    organisations: BTreeMap<String, u32>,
    /// Organisations of each population.
    pub populations: BTreeMap<String, Range<u32>>,
    /// By organisation or population: first service, and the ids of its services (of each member).
    services: BTreeMap<String, (u32, Vec<String>)>,
    pub mitigations: BTreeMap<String, u32>,
    pub events: BTreeMap<String, u32>,
}

fn index<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, u32> {
    ids.enumerate().map(|(at, id)| (id.clone(), at as u32)).collect()
}

impl Ids {
    pub fn new(docs: &Documents) -> Self {
        let (mut services, mut first_service) = (BTreeMap::new(), 0);
        let names = |org: &schema::Organisation| org.services.iter().map(|of| of.id.clone()).collect::<Vec<_>>();
        for org in &docs.organisations {
            services.insert(org.id.clone(), (first_service, names(org)));
            first_service += org.services.len() as u32;
        }
        let mut first = docs.organisations.len() as u32;
        let mut populations = BTreeMap::new();
        for population in &docs.populations {
            let count = population.members();
            populations.insert(population.id.clone(), first..first + count);
            services.insert(population.id.clone(), (first_service, names(&population.member)));
            first += count;
            first_service += count * population.member.services.len() as u32;
        }
        Self {
            sectors: index(docs.world.sectors.iter().map(|entry| &entry.id)),
            regions: index(docs.world.regions.iter().map(|entry| &entry.id)),
            profiles: index(docs.world.profiles.iter().map(|entry| &entry.id)),
            channels: index(docs.world.channels.iter().map(|entry| &entry.id)),
            methods: index(docs.world.methods.iter().map(|entry| &entry.id)),
            kinds: index(docs.world.fleet_kinds.iter().map(|entry| &entry.id)),
            flags: index(docs.world.flags.iter().map(|entry| &entry.id)),
            pools: index(docs.world.pools.iter().map(|entry| &entry.id)),
            groups: index(docs.world.groups.iter().map(|entry| &entry.id)),
            organisations: index(docs.organisations.iter().map(|entry| &entry.id)),
            populations,
            services,
            mitigations: index(docs.mitigations.iter().map(|entry| &entry.id)),
            events: index(docs.events.iter().map(|entry| &entry.id)),
        }
    }

    /// The organisation with this id: a written one, or member `n` of a population as `ID-n`.
    pub fn organisation(&self, id: &str) -> Option<u32> {
        self.organisations.get(id).copied().or_else(|| {
            let (population, number) = self.member(id)?;
            Some(self.populations[population].start + number)
        })
    }

    /// The service `organisation/service`.
    pub fn service(&self, key: &str) -> Option<u32> {
        let (org, id) = key.split_once('/')?;
        let (of, number) = match self.services.get(org) {
            Some(of) => (of, 0),
            None => {
                let (population, number) = self.member(org)?;
                (self.services.get(population)?, number)
            }
        };
        let (first, names) = of;
        let at = names.iter().position(|name| name == id)? as u32;
        Some(first + number * names.len() as u32 + at)
    }

    /// Population and number from 0 of a member's id.
    fn member<'a>(&self, id: &'a str) -> Option<(&'a str, u32)> {
        let (population, number) = id.rsplit_once('-')?;
        let number = number.parse::<u32>().ok()?.checked_sub(1)?;
        let members = self.populations.get(population)?;
        (number < members.end - members.start).then_some((population, number))
    }

    pub fn flags(&self, ids: &[String]) -> Vec<u32> {
        ids.iter().map(|id| self.flags[id]).collect()
    }
}
