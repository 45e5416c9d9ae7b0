//! Maps ids to indices. Indices follow the order of the documents.

use std::collections::BTreeMap;

use super::{
    Channel, Event, Flag, Group, Kind, Method, Mitigation, Organisation, Profile, Region, Sector, Service, StaffPool,
};
use crate::base::{Ix, Span};
use crate::scenario::documents::Documents;
use crate::scenario::schema;

/// Index of every id.
pub(super) struct Ids {
    pub sectors: BTreeMap<String, Ix<Sector>>,
    pub regions: BTreeMap<String, Ix<Region>>,
    pub profiles: BTreeMap<String, Ix<Profile>>,
    pub channels: BTreeMap<String, Ix<Channel>>,
    pub methods: BTreeMap<String, Ix<Method>>,
    pub kinds: BTreeMap<String, Ix<Kind>>,
    pub flags: BTreeMap<String, Ix<Flag>>,
    pub pools: BTreeMap<String, Ix<StaffPool>>,
    pub groups: BTreeMap<String, Ix<Group>>,
    organisations: BTreeMap<String, Ix<Organisation>>,
    /// Organisations of each population.
    pub populations: BTreeMap<String, Span<Organisation>>,
    /// By id of an organisation or population: the first service, and the ids of the services that it (or each
    /// member) has.
    services: BTreeMap<String, (Ix<Service>, Vec<String>)>,
    pub mitigations: BTreeMap<String, Ix<Mitigation>>,
    pub events: BTreeMap<String, Ix<Event>>,
}

fn index<'a, K>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, Ix<K>> {
    ids.enumerate().map(|(position, id)| (id.clone(), Ix::from_usize(position))).collect()
}

impl Ids {
    pub fn new(docs: &Documents) -> Self {
        let (mut services, mut first_service) = (BTreeMap::new(), 0);
        let names =
            |org: &schema::Organisation| org.services.iter().map(|service| service.id.clone()).collect::<Vec<_>>();
        for org in &docs.organisations {
            services.insert(org.id.clone(), (Ix::new(first_service), names(org)));
            first_service += org.services.len() as u32;
        }
        let mut first = docs.organisations.len() as u32;
        let mut populations = BTreeMap::new();
        for population in &docs.populations {
            let count = population.members();
            populations.insert(population.id.clone(), Span::new(first, first + count));
            services.insert(population.id.clone(), (Ix::new(first_service), names(&population.member)));
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
    pub fn organisation(&self, id: &str) -> Option<Ix<Organisation>> {
        self.organisations.get(id).copied().or_else(|| {
            let (population, number) = self.member(id)?;
            Some(self.populations[population].nth(number as usize))
        })
    }

    /// The service `organisation/service`.
    pub fn service(&self, key: &str) -> Option<Ix<Service>> {
        let (org, id) = key.split_once('/')?;
        let ((first, names), number) = match self.services.get(org) {
            Some(services) => (services, 0),
            None => {
                let (population, number) = self.member(org)?;
                (self.services.get(population)?, number)
            }
        };
        let place = names.iter().position(|name| name == id)?;
        Some(Ix::from_usize(first.position() + number as usize * names.len() + place))
    }

    /// Population and number from 0 of a member's id.
    fn member<'a>(&self, id: &'a str) -> Option<(&'a str, u32)> {
        let (population, number) = id.rsplit_once('-')?;
        let number = number.parse::<u32>().ok()?.checked_sub(1)?;
        let members = self.populations.get(population)?;
        (number < members.len()).then_some((population, number))
    }

    pub fn flags(&self, ids: &[String]) -> Vec<Ix<Flag>> {
        ids.iter().map(|id| self.flags[id]).collect()
    }
}
