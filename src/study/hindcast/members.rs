//! The members of an `Across`: the organisations or services of a scope, and the observable of each.
//!
//! An observable is looked up once, over all of them, and then divided.

use crate::base::{Column, Ix};
use crate::scenario::compile::{Observable, Organisation, Scenario, Service};
use crate::scenario::observable::{EachRef, Metric, ObservableRef, Part, Scope};

/// The organisations or services of an `Across` while its measure is scheduled.
pub(super) struct Members {
    /// The scope with the kind of the members: vectors with equal keys are equal.
    pub key: String,
    scope: Scope,
    each: Each,
    /// For each member: does it have entities for every observable of the measure?
    pub has_it: Vec<bool>,
}

enum Each {
    Organisations(Vec<Ix<Organisation>>),
    Services(Vec<Ix<Service>>),
}

impl Members {
    /// The organisations of a scope.
    ///
    /// # Errors
    /// A sentence that names the unknown id.
    pub fn organisations(scenario: &Scenario, scope: &str) -> Result<Self, String> {
        let scope = Scope::parse(scope).expect("checked scope");
        // The metric does not matter: any metric of organisations gives the organisations of a scope.
        let found = scenario.observable(&ObservableRef { metric: Metric::PersonHours, scope: scope.clone() })?;
        let has_it = vec![true; found.organisations.len()];
        Ok(Self { key: scope.to_string(), scope, each: Each::Organisations(found.organisations), has_it })
    }

    /// The services of a scope, important or not.
    ///
    /// # Errors
    /// As `organisations`.
    pub fn services(scenario: &Scenario, scope: &str) -> Result<Self, String> {
        let scope = Scope::parse(scope).expect("checked scope");
        // Rework is the metric that counts every service of a scope.
        let found = scenario.observable(&ObservableRef { metric: Metric::Rework, scope: scope.clone() })?;
        let has_it = vec![true; found.services.len()];
        Ok(Self { key: format!("services of {scope}"), scope, each: Each::Services(found.services), has_it })
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.has_it.len()
    }

    /// The members in words, for messages.
    pub fn word(&self) -> &'static str {
        match self.each {
            Each::Organisations(_) => "organisation",
            Each::Services(_) => "service",
        }
    }

    /// Number of organisations or services that each member represents; 0 if it has nothing to measure.
    pub fn weights(&self, scenario: &Scenario) -> Vec<f64> {
        let owners: Vec<Ix<Organisation>> = match &self.each {
            Each::Organisations(organisations) => organisations.clone(),
            Each::Services(services) => {
                services.iter().map(|&service| scenario.services[service].organisation).collect()
            }
        };
        let represented = |owner: Ix<Organisation>| {
            let organisation = &scenario.organisations[owner];
            organisation.stands_for * f64::from(organisation.comprises)
        };
        let pairs = owners.into_iter().zip(&self.has_it);
        pairs.map(|(owner, &has_it)| if has_it { represented(owner) } else { 0.0 }).collect()
    }

    /// The observable over each member alone, in the order of the members.
    ///
    /// # Errors
    /// As `organisations`.
    pub fn observables(&self, scenario: &Scenario, name: &str) -> Result<Vec<Observable>, String> {
        let parsed = EachRef::parse(name).expect("checked observable");
        match &self.each {
            Each::Organisations(organisations) => {
                let whole = scenario.observable(&parsed.over(&self.scope))?;
                Ok(of_organisations(scenario, &whole, organisations))
            }
            Each::Services(services) => of_services(scenario, &parsed, services),
        }
    }
}

fn alone(metric: Metric, organisation: Ix<Organisation>) -> Observable {
    let organisations = vec![organisation];
    Observable { metric, organisations, fleets: Vec::new(), services: Vec::new(), is_weighted: false }
}

fn of_organisations(scenario: &Scenario, whole: &Observable, organisations: &[Ix<Organisation>]) -> Vec<Observable> {
    let mut place: Column<Organisation, usize> = Column::filled(usize::MAX, scenario.organisations.len());
    organisations.iter().enumerate().for_each(|(at, &organisation)| place[organisation] = at);
    let mut observables: Vec<Observable> =
        organisations.iter().map(|&organisation| alone(whole.metric, organisation)).collect();
    for &fleet in &whole.fleets {
        observables[place[scenario.fleets[fleet].organisation]].fleets.push(fleet);
    }
    for &service in &whole.services {
        observables[place[scenario.services[service].organisation]].services.push(service);
    }
    observables
}

/// A metric of services is that of the service, any other that of its organisation.
fn of_services(scenario: &Scenario, name: &EachRef, services: &[Ix<Service>]) -> Result<Vec<Observable>, String> {
    if name.metric.is_of_services() {
        let wanted = |service: Ix<Service>| {
            let has = |term: &Scope| {
                let key = scenario.service_key(service);
                let id = key.split_once('/').map_or("", |(_, id)| id);
                let is_one = |leaf: &&Scope| matches!(leaf, Scope::Services(own) if own == id);
                term.leaves().iter().any(is_one) != matches!(term, Scope::Not(_))
            };
            name.terms.iter().all(has)
        };
        let each = services.iter().map(|&service| {
            let mut observable = alone(name.metric, scenario.services[service].organisation);
            observable.services.extend(Some(service).filter(|&service| wanted(service)));
            observable
        });
        return Ok(each.collect());
    }
    let machines: Vec<Scope> = name.terms.iter().filter(|term| term.part() == Part::Machines).cloned().collect();
    let scope = if machines.is_empty() { Scope::All } else { Scope::Both(machines) };
    let whole = scenario.observable(&ObservableRef { metric: name.metric, scope })?;
    let all: Vec<Ix<Organisation>> = scenario.organisations.indices().collect();
    let by_organisation = of_organisations(scenario, &whole, &all);
    let each = services.iter().map(|&service| {
        let organisation = scenario.services[service].organisation;
        let fleets = by_organisation[organisation.position()].fleets.clone();
        Observable { fleets, ..alone(name.metric, organisation) }
    });
    Ok(each.collect())
}
