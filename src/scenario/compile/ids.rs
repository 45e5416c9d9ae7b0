//! Ids to indices, in the order the documents are written.

use std::collections::BTreeMap;

use crate::scenario::load::Documents;
use crate::scenario::schema;

/// Index of every id.
pub(super) struct Ids {
    pub names: Vec<String>,
    pub sectors: BTreeMap<String, u32>,
    pub regions: BTreeMap<String, u32>,
    pub profiles: BTreeMap<String, u32>,
    pub channels: BTreeMap<String, u32>,
    pub methods: BTreeMap<String, u32>,
    pub kinds: BTreeMap<String, u32>,
    pub flags: BTreeMap<String, u32>,
    pub pools: BTreeMap<String, u32>,
    pub organisations: BTreeMap<String, u32>,
    pub fleets: BTreeMap<String, u32>,
    pub services: BTreeMap<String, u32>,
    pub mitigations: BTreeMap<String, u32>,
    pub events: BTreeMap<String, u32>,
}

fn index<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, u32> {
    ids.enumerate().map(|(at, id)| (id.clone(), at as u32)).collect()
}

impl Ids {
    pub fn new(docs: &Documents) -> Self {
        let keys = |part: fn(&schema::Organisation) -> Vec<&String>| -> BTreeMap<String, u32> {
            let all = docs.organisations.iter().flat_map(|org| part(org).into_iter().map(move |id| (org, id)));
            all.enumerate().map(|(at, (org, id))| (format!("{}/{id}", org.id), at as u32)).collect()
        };
        Self {
            names: docs.organisations.iter().map(|org| org.id.clone()).collect(),
            sectors: index(docs.world.sectors.iter().map(|entry| &entry.id)),
            regions: index(docs.world.regions.iter().map(|entry| &entry.id)),
            profiles: index(docs.world.profiles.iter().map(|entry| &entry.id)),
            channels: index(docs.world.channels.iter().map(|entry| &entry.id)),
            methods: index(docs.world.methods.iter().map(|entry| &entry.id)),
            kinds: index(docs.world.fleet_kinds.iter().map(|entry| &entry.id)),
            flags: index(docs.world.flags.iter().map(|entry| &entry.id)),
            pools: index(docs.world.pools.iter().map(|entry| &entry.id)),
            organisations: index(docs.organisations.iter().map(|entry| &entry.id)),
            fleets: keys(|org| org.fleets.iter().map(|fleet| &fleet.id).collect()),
            services: keys(|org| org.services.iter().map(|service| &service.id).collect()),
            mitigations: index(docs.mitigations.iter().map(|entry| &entry.id)),
            events: index(docs.events.iter().map(|entry| &entry.id)),
        }
    }

    pub fn flags(&self, ids: &[String]) -> Vec<u32> {
        ids.iter().map(|id| self.flags[id]).collect()
    }
}
