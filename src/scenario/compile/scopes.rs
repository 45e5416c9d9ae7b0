//! Finds the entities of a scope: organisations, fleets and services.

use std::collections::BTreeSet;

use super::ids::Ids;
use super::{Fleet, Group, Observable, Organisation, Region, Scenario, Sector, Service};
use crate::base::{Ix, Span};
use crate::scenario::documents::Documents;
use crate::scenario::observable::{Metric, ObservableRef, Part, Scope, SizeRange};

/// One condition on an organisation.
enum Test {
    Sector(Ix<Sector>),
    Region(Ix<Region>),
    Group(Ix<Group>),
    Members(Span<Organisation>),
    One(Ix<Organisation>),
    Seat(BTreeSet<Ix<Organisation>>),
    People(SizeRange),
    Hosts(SizeRange),
}

impl Scenario {
    /// Finds the entities of an observable's scope.
    pub(super) fn resolve(&self, docs: &Documents, name: &ObservableRef, ids: &Ids) -> Result<Observable, String> {
        let metric = name.metric;
        match name.scope.part() {
            Part::Fleet => {
                let fleets = self.named_fleets(name, ids)?;
                let mut organisations: Vec<_> = fleets.iter().map(|&fleet| self.fleets[fleet].organisation).collect();
                organisations.dedup();
                return Ok(Observable { metric, organisations, fleets, services: Vec::new(), is_weighted: false });
            }
            Part::Service => {
                let services = self.named_services(name, ids)?;
                let owner = |&service: &Ix<Service>| self.services[service].organisation;
                let mut organisations: Vec<_> = services.iter().map(owner).collect();
                organisations.dedup();
                return Ok(Observable { metric, organisations, fleets: Vec::new(), services, is_weighted: false });
            }
            _ => {}
        }
        let organisations = self.organisations_in(docs, name, ids)?;
        let fleets = self.fleets_in(docs, name, ids, &organisations)?;
        let services = self.services_in(name, &organisations)?;
        // An organisation that the scope names, itself or by its seat, counts once.
        let is_weighted = !name.scope.names_organisations();
        Ok(Observable { metric, organisations, fleets, services, is_weighted })
    }

    /// The fleets that a scope of single fleets names, each once, in order.
    fn named_fleets(&self, name: &ObservableRef, ids: &Ids) -> Result<Vec<Ix<Fleet>>, String> {
        let mut fleets = BTreeSet::new();
        for leaf in name.scope.leaves() {
            let Scope::Fleet(org, id) = leaf else { continue };
            let key = format!("{org}/{id}");
            fleets.insert(self.fleet_index(&key, ids).ok_or_else(|| unknown(name, "fleet", &key))?);
        }
        Ok(fleets.into_iter().collect())
    }

    fn named_services(&self, name: &ObservableRef, ids: &Ids) -> Result<Vec<Ix<Service>>, String> {
        let mut services = BTreeSet::new();
        for leaf in name.scope.leaves() {
            let Scope::Service(org, id) = leaf else { continue };
            let key = format!("{org}/{id}");
            services.insert(ids.service(&key).ok_or_else(|| unknown(name, "service", &key))?);
        }
        Ok(services.into_iter().collect())
    }

    fn organisations_in(
        &self,
        docs: &Documents,
        name: &ObservableRef,
        ids: &Ids,
    ) -> Result<Vec<Ix<Organisation>>, String> {
        let mut organisations: Vec<Ix<Organisation>> = self.organisations.indices().collect();
        for term in name.scope.terms().iter().filter(|term| term.part() == Part::Organisations) {
            let tests = term.leaves().into_iter().map(|leaf| test_of(docs, name, ids, leaf));
            let tests = tests.collect::<Result<Vec<Test>, String>>()?;
            let is_wanted = !matches!(term, Scope::Not(_));
            organisations.retain(|&org| tests.iter().any(|test| self.passes(org, test)) == is_wanted);
        }
        Ok(organisations)
    }

    fn passes(&self, index: Ix<Organisation>, test: &Test) -> bool {
        let organisation = &self.organisations[index];
        // An entry that summarises several organisations is as large as one of them.
        let of_one = |sum: u64| sum as f64 / f64::from(organisation.comprises.max(1));
        match test {
            Test::Sector(sector) => organisation.sector == *sector,
            Test::Region(region) => organisation.region == *region,
            Test::Group(group) => organisation.groups.contains(group),
            Test::Members(members) => members.contains(index),
            Test::One(named) => index == *named,
            Test::Seat(directed) => directed.contains(&index),
            Test::People(range) => range.has(of_one(organisation.people.into())),
            Test::Hosts(range) => {
                range.has(of_one(organisation.fleets.iter().map(|fleet| u64::from(self.fleets[fleet].hosts)).sum()))
            }
        }
    }

    fn fleets_in(
        &self,
        docs: &Documents,
        name: &ObservableRef,
        ids: &Ids,
        organisations: &[Ix<Organisation>],
    ) -> Result<Vec<Ix<Fleet>>, String> {
        let terms: Vec<&Scope> = name.scope.terms().iter().filter(|term| term.part() == Part::Machines).collect();
        for leaf in terms.iter().flat_map(|term| term.leaves()) {
            if let Scope::Kind(id) = leaf
                && !ids.kinds.contains_key(id)
            {
                return Err(unknown(name, "fleet kind", id));
            }
        }
        let has_fleet = |fleet: &Ix<Fleet>| {
            let kind = self.fleets[*fleet].kind;
            let passes = |leaf: &Scope| match leaf {
                Scope::Role(roles) => roles.has(docs.world.fleet_kinds[kind.position()].role),
                Scope::Kind(id) => ids.kinds[id] == kind,
                _ => false,
            };
            terms.iter().all(|term| term.leaves().into_iter().any(passes) != matches!(term, Scope::Not(_)))
        };
        Ok(organisations.iter().flat_map(|&org| self.organisations[org].fleets).filter(has_fleet).collect())
    }

    /// The services of organisations. A sum over many services counts important services only. Two cases count
    /// every service: sums of rework, and services that the scope names.
    fn services_in(
        &self,
        name: &ObservableRef,
        organisations: &[Ix<Organisation>],
    ) -> Result<Vec<Ix<Service>>, String> {
        let terms: Vec<&Scope> = name.scope.terms().iter().filter(|term| term.part() == Part::Services).collect();
        let is_named = terms.iter().any(|term| !matches!(term, Scope::Not(_)));
        let counts_all = is_named || name.metric == Metric::Rework;
        let is_one_of = |term: &Scope, id: &str| {
            term.leaves().into_iter().any(|leaf| matches!(leaf, Scope::Services(own) if own == id))
        };
        let mut services = Vec::new();
        for &org in organisations {
            let all = self.organisations[org].services;
            if terms.is_empty() {
                services.extend(all.iter().filter(|&service| counts_all || self.services[service].is_important));
                continue;
            }
            for (service, written) in all.iter().zip(&self.organisation_doc(org).services) {
                let is_in = |term: &&Scope| is_one_of(term, &written.id) != matches!(term, Scope::Not(_));
                if (counts_all || self.services[service].is_important) && terms.iter().all(is_in) {
                    services.push(service);
                }
            }
        }
        let is_anybodys = |id: &str| self.organisations.indices().any(|org| self.service_of(org, id).is_some());
        if services.is_empty() {
            for leaf in terms.iter().flat_map(|term| term.leaves()) {
                if let Scope::Services(id) = leaf
                    && !is_anybodys(id)
                {
                    return Err(unknown(name, "service", id));
                }
            }
        }
        Ok(services)
    }
}

fn unknown(name: &ObservableRef, what: &str, id: &str) -> String {
    format!("`{name}` names an unknown {what} `{id}`")
}

fn test_of(docs: &Documents, name: &ObservableRef, ids: &Ids, leaf: &Scope) -> Result<Test, String> {
    let missing = |what: &str, id: &str| unknown(name, what, id);
    Ok(match leaf {
        Scope::Sector(id) => Test::Sector(*ids.sectors.get(id).ok_or_else(|| missing("sector", id))?),
        Scope::Region(id) => Test::Region(*ids.regions.get(id).ok_or_else(|| missing("region", id))?),
        Scope::Group(id) => Test::Group(*ids.groups.get(id).ok_or_else(|| missing("group", id))?),
        Scope::Population(id) => Test::Members(*ids.populations.get(id).ok_or_else(|| missing("population", id))?),
        Scope::Organisation(id) => Test::One(ids.organisation(id).ok_or_else(|| missing("organisation", id))?),
        Scope::Seat(id) => {
            let seat = docs.seats.iter().find(|seat| seat.id == *id).ok_or_else(|| missing("seat", id))?;
            Test::Seat(seat.organisations.iter().filter_map(|org| ids.organisation(org)).collect())
        }
        Scope::People(range) => Test::People(*range),
        Scope::Hosts(range) => Test::Hosts(*range),
        _ => unreachable!("only terms of organisations are tested"),
    })
}
