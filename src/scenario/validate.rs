//! The rules for a scenario that go beyond the types of its documents: ids, references, ranges, times, tags.
//!
//! Finds all problems and stops at none; must not change the documents. References to elements that could not be
//! read are not reported, so that one mistake gives one message.

mod at;
mod circles;
mod measures;
mod organisations;
mod populations;
mod references;
mod rollout;
mod script;
mod targets;
mod uncertainty;
mod values;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::diagnostic::{Diagnostic, Diagnostics, Spot, allowed};
use super::documents::{Documents, Part};
use super::observable::{ObservableRef, Part as ScopePart, Scope};
use super::schema::{Mitigation, Organisation, Playbook, Population, Source, Tagged, Target, TargetsFile, Trigger};
use super::sheet::Known;
use crate::base::Tick;
use crate::base::clock::UtcStart;
use at::At;
use references::{Owner, member_form};
use values::*;

/// Longest id in characters: ids appear in lists, keys and file names.
const ID_MAX: usize = 60;

/// Documents that have passed every check of this module. Only checked documents can be compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedDocuments(Documents);

impl std::ops::Deref for CheckedDocuments {
    type Target = Documents;

    fn deref(&self) -> &Documents {
        &self.0
    }
}

impl CheckedDocuments {
    /// The documents, for a caller that changes them; they must be checked again before they are compiled.
    pub fn into_inner(self) -> Documents {
        self.0
    }

    /// Moves the end of runs to a later tick; nothing that was checked depends on an earlier end.
    pub(super) fn set_horizon(&mut self, horizon: Tick) {
        assert!(
            self.0.manifest.horizon_min <= horizon.0,
            "the end moves from {} to {}",
            self.0.manifest.horizon_min,
            horizon.0
        );
        self.0.manifest.horizon_min = horizon.0;
    }

    /// Removes the playbooks behind the first `count`.
    pub(super) fn truncate_playbooks(&mut self, count: usize) {
        self.0.playbooks.truncate(count);
    }

    /// Adds facts that were checked with the targets that cite them.
    pub(super) fn add_facts(&mut self, facts: Vec<Source>) {
        self.0.sources.extend(facts);
    }

    /// Adds a playbook that was checked against these documents.
    pub(super) fn add_playbook(&mut self, playbook: CheckedPlaybook) {
        self.0.playbooks.push(playbook.0);
    }
}

/// A playbook that has passed every check against the documents of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedPlaybook(Playbook);

impl std::ops::Deref for CheckedPlaybook {
    type Target = Playbook;

    fn deref(&self) -> &Playbook {
        &self.0
    }
}

/// Checks documents that come from a program and not from files.
///
/// # Errors
/// All problems, each with its file but without a line.
pub fn check(documents: Documents) -> Result<CheckedDocuments, Diagnostics> {
    let mut found = Diagnostics::default();
    checked(documents, &Known::default(), &mut found).ok_or(found)
}

/// Checks all documents and adds the problems to `found`. None if `found` then has errors, earlier ones included.
pub(super) fn checked(documents: Documents, known: &Known, found: &mut Diagnostics) -> Option<CheckedDocuments> {
    found.extend(problems(&documents, known));
    (!found.has_errors()).then_some(CheckedDocuments(documents))
}

/// Checks playbooks that come from another file than the scenario's own and adds the problems to `found`. None if
/// `found` then has errors, earlier ones included.
pub(super) fn checked_playbooks(
    docs: &CheckedDocuments,
    playbooks: Vec<Playbook>,
    known: &Known,
    found: &mut Diagnostics,
) -> Option<Vec<CheckedPlaybook>> {
    let mut check = Check::new(docs, known);
    // Warnings about the scenario's own ids do not belong to this file.
    check.found = Diagnostics::default();
    check.playbooks(&playbooks);
    found.extend(check.found);
    (!found.has_errors()).then(|| playbooks.into_iter().map(CheckedPlaybook).collect())
}

fn problems(docs: &Documents, known: &Known) -> Diagnostics {
    let mut check = Check::new(docs, known);
    check.manifest();
    check.world();
    check.organisations();
    check.populations();
    check.everything_can_be_numbered();
    check.circles();
    check.mitigations();
    check.events();
    check.injects();
    check.seats();
    check.playbooks(&docs.playbooks);
    check.playbooks_for_comparison();
    check.sources(&docs.sources);
    check.until(docs.targets_until.as_deref());
    check.targets(&docs.targets);
    check.uncertainty();
    check.found
}

/// Checks targets that come from another file than the scenario's own, with the facts that they bring.
pub(super) fn targets(docs: &Documents, file: &TargetsFile, known: &Known) -> Diagnostics {
    let mut check = Check::new(docs, known);
    check.found = Diagnostics::default();
    let ids = file.sources.iter().enumerate();
    let ids = ids.map(|(index, fact)| (fact.id.as_str(), At::element(known, Part::Sources, index)));
    let own = check.unique("fact", ids.collect());
    check.names.entry(Kind::Fact).or_default().extend(own);
    check.sources(&file.sources);
    check.until(file.until.as_deref());
    check.targets(&file.targets);
    check.found
}

/// The kinds of elements that an id can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Region,
    Sector,
    Profile,
    Channel,
    Method,
    FleetType,
    Flag,
    Pool,
    Group,
    Organisation,
    Population,
    Mitigation,
    Event,
    Seat,
    Fact,
}

impl Kind {
    /// Singular and plural in words, and the document that holds the elements.
    fn words(self) -> (&'static str, &'static str, Part) {
        match self {
            Kind::Region => ("region", "regions", Part::World),
            Kind::Sector => ("sector", "sectors", Part::World),
            Kind::Profile => ("profile", "profiles", Part::World),
            Kind::Channel => ("channel", "channels", Part::World),
            Kind::Method => ("method", "methods", Part::World),
            Kind::FleetType => ("fleet kind", "fleet kinds", Part::World),
            Kind::Flag => ("flag", "flags", Part::World),
            Kind::Pool => ("pool", "pools", Part::World),
            Kind::Group => ("group", "groups", Part::World),
            Kind::Organisation => ("organisation", "organisations", Part::Organisations),
            Kind::Population => ("population", "populations", Part::Populations),
            Kind::Mitigation => ("mitigation", "mitigations", Part::Mitigations),
            Kind::Event => ("event", "events", Part::Events),
            Kind::Seat => ("seat", "seats", Part::Seats),
            Kind::Fact => ("fact", "facts", Part::Sources),
        }
    }
}

/// A part of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PartKind {
    Fleet,
    Service,
}

impl PartKind {
    fn word(self) -> &'static str {
        match self {
            PartKind::Fleet => "fleet",
            PartKind::Service => "service",
        }
    }

    fn ids(self, org: &Organisation) -> Vec<&str> {
        match self {
            PartKind::Fleet => org.fleets.iter().map(|fleet| fleet.id.as_str()).collect(),
            PartKind::Service => org.services.iter().map(|service| service.id.as_str()).collect(),
        }
    }
}

struct Check<'a> {
    docs: &'a Documents,
    known: &'a Known,
    names: BTreeMap<Kind, BTreeMap<&'a str, At<'a>>>,
    orgs: BTreeMap<&'a str, &'a Organisation>,
    populations: BTreeMap<&'a str, &'a Population>,
    mitigations: BTreeMap<&'a str, &'a Mitigation>,
    /// Flags that are down at the start.
    flags_down: BTreeSet<&'a str>,
    /// Organisations and patterns of members that have a service of this id.
    with_service: BTreeMap<&'a str, Vec<Owner<'a>>>,
    /// Parts of all organisations and patterns of a sector.
    in_sectors: BTreeMap<(&'a str, PartKind), BTreeSet<&'a str>>,
    /// Parts of the organisations and patterns looked up so far, by the address of the organisation.
    parts: BTreeMap<(*const Organisation, PartKind), BTreeSet<&'a str>>,
    /// Start, and horizon in minutes; None if the manifest has no valid ones.
    clock: Option<(UtcStart, u32)>,
    found: Diagnostics,
}

impl<'a> Check<'a> {
    fn new(docs: &'a Documents, known: &'a Known) -> Self {
        let clock = UtcStart::parse(&docs.manifest.start).ok().map(|start| (start, docs.manifest.horizon_min));
        // If two organisations have the same id, the first one counts and the second is reported.
        let orgs = docs.organisations.iter().rev().map(|org| (org.id.as_str(), org)).collect();
        let populations =
            docs.populations.iter().rev().map(|population| (population.id.as_str(), population)).collect();
        let found = Diagnostics::default();
        let mut check = Check {
            docs,
            known,
            names: BTreeMap::new(),
            orgs,
            populations,
            mitigations: docs.mitigations.iter().rev().map(|entry| (entry.id.as_str(), entry)).collect(),
            flags_down: docs.world.flags.iter().filter(|flag| !flag.initially).map(|flag| flag.id.as_str()).collect(),
            with_service: BTreeMap::new(),
            in_sectors: BTreeMap::new(),
            parts: BTreeMap::new(),
            clock,
            found,
        };
        check.collect_names();
        for (owner, _) in check.owners() {
            for kind in [PartKind::Fleet, PartKind::Service] {
                check.in_sectors.entry((owner.org.sector.as_str(), kind)).or_default().extend(kind.ids(owner.org));
            }
            for service in &owner.org.services {
                check.with_service.entry(&service.id).or_default().push(owner);
            }
        }
        check
    }

    /// Registers all ids of the scenario and reports duplicates.
    fn collect_names(&mut self) {
        let docs = self.docs;
        let world = &docs.world;
        let of_world = At::root(self.known, Part::World);
        macro_rules! list {
            ($kind:expr, $list:expr, $at:expr) => {
                let at = $at;
                let ids = $list.iter().enumerate().map(|(index, entry)| (entry.id.as_str(), at(index))).collect();
                self.register($kind, ids);
            };
        }
        list!(Kind::Region, world.regions, |i| of_world.field("regions").item(i));
        list!(Kind::Sector, world.sectors, |i| of_world.field("sectors").item(i));
        list!(Kind::Profile, world.profiles, |i| of_world.field("profiles").item(i));
        list!(Kind::Channel, world.channels, |i| of_world.field("channels").item(i));
        list!(Kind::Method, world.methods, |i| of_world.field("methods").item(i));
        list!(Kind::FleetType, world.fleet_kinds, |i| of_world.field("fleet_kinds").item(i));
        list!(Kind::Flag, world.flags, |i| of_world.field("flags").item(i));
        list!(Kind::Pool, world.pools, |i| of_world.field("pools").item(i));
        list!(Kind::Group, world.groups, |i| of_world.field("groups").item(i));
        let known = self.known;
        let element = |part: Part| move |index: usize| At::element(known, part, index);
        list!(Kind::Organisation, docs.organisations, element(Part::Organisations));
        list!(Kind::Population, docs.populations, element(Part::Populations));
        list!(Kind::Mitigation, docs.mitigations, element(Part::Mitigations));
        list!(Kind::Event, docs.events, element(Part::Events));
        list!(Kind::Seat, docs.seats, element(Part::Seats));
        list!(Kind::Fact, docs.sources, element(Part::Sources));
    }

    fn register(&mut self, kind: Kind, ids: Vec<(&'a str, At<'a>)>) {
        let names = self.unique(kind.words().0, ids);
        self.names.insert(kind, names);
    }

    /// Reports ids that are duplicate or malformed, and returns all ids with their places.
    fn unique(&mut self, what: &str, ids: Vec<(&'a str, At<'a>)>) -> BTreeMap<&'a str, At<'a>> {
        let mut names: BTreeMap<&str, At> = BTreeMap::new();
        let mut in_lower_case: BTreeMap<String, &str> = BTreeMap::new();
        for (id, at) in ids {
            let at = at.field("id");
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if id.is_empty() || !id.chars().all(plain) {
                self.error(at, format!("`{id}` cannot be an id"), "an id has letters, digits, `-`, `_` and `.` only");
            }
            if ID_MAX < id.chars().count() {
                let help = format!("at most {ID_MAX} are allowed");
                self.error(at, format!("the {what} id has {} characters", id.chars().count()), help);
            }
            let low = id.to_lowercase();
            if let Some(other) = in_lower_case.get(&low).filter(|other| **other != id) {
                let message = format!("the {what} ids `{other}` and `{id}` differ only in case");
                self.error(at, message, "ids become file names, and some systems take these two for one");
            }
            in_lower_case.entry(low).or_insert(id);
            if let Some(first) = names.get(id) {
                let (file, spot) = first.spot();
                let problem = at.problem(format!("the {what} id `{id}` is given twice"));
                self.found.push(problem.also("it is given here first", file, spot));
            } else {
                names.insert(id, at);
            }
        }
        names
    }

    fn is_blind(&self, part: Part) -> bool {
        self.known.blind.contains(&part)
    }

    fn error(&mut self, at: At<'a>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(at.problem(message).help(help));
    }
}
