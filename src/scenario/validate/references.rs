//! Checks that referenced elements exist: ids of the scenario, parts of organisations, members of populations,
//! observables.

use super::*;

/// The owner of fleets and services: an organisation with a document of its own, or the pattern of a population's
/// members.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub org: &'a Organisation,
    /// The population whose members it stands for.
    pub population: Option<&'a Population>,
}

impl<'a> Owner<'a> {
    pub fn written(org: &'a Organisation) -> Self {
        Owner { org, population: None }
    }

    pub fn member(population: &'a Population) -> Self {
        Owner { org: &population.member, population: Some(population) }
    }

    /// The owner in the words of a message.
    pub fn words(self) -> String {
        match self.population {
            Some(population) => format!("the member of `{}`", population.id),
            None => format!("the organisation `{}`", self.org.id),
        }
    }

    /// The key of one of its services; in a population a star replaces the number of the member.
    pub fn key(self, service: &str) -> String {
        match self.population {
            Some(population) => format!("{}-*/{service}", population.id),
            None => format!("{}/{service}", self.org.id),
        }
    }

    /// Size of the smallest member; 1 for an organisation.
    pub fn size_min(self) -> f64 {
        self.population.map_or(1.0, |population| plausible(population.size.value().0))
    }

    /// Size of the largest member; 1 for an organisation.
    pub fn size_max(self) -> f64 {
        self.population.map_or(1.0, |population| plausible(population.size.value().2))
    }
}

/// The size for further checks: a size out of range is reported elsewhere and counts as 1 here.
fn plausible(size: f64) -> f64 {
    if 0.0 < size && size <= SIZE_MAX { size } else { 1.0 }
}

impl<'a> Check<'a> {
    /// Checks a reference to an id of the whole scenario.
    pub(super) fn reference(&mut self, at: At<'a>, kind: Kind, id: &str) {
        let (one, many, part) = kind.words();
        let names = &self.names[&kind];
        if names.contains_key(id) || self.known.lost.contains(id) || self.is_blind(part) {
            return;
        }
        if kind == Kind::Organisation {
            return self.member_reference(at, id);
        }
        let help = format!("{} (in {})", allowed(id, names.keys().copied(), many), part.file());
        self.error(at, format!("there is no {one} `{id}`"), help);
    }

    /// Checks an id that may name a member of a population.
    fn member_reference(&mut self, at: At<'a>, id: &str) {
        if self.owner(id).is_some() {
            return;
        }
        let all = |population: &Population| {
            format!("its members are `{0}-1` to `{0}-{1}`", population.id, population.members())
        };
        if let Some(population) = self.populations.get(id).copied() {
            return self.error(at, format!("`{id}` is a population and not an organisation"), all(population));
        }
        let form = member_form(id);
        if let Some((stem, number)) = form {
            if self.is_blind(Part::Populations) || self.known.lost.contains(stem) {
                return;
            }
            if let Some(population) = self.populations.get(stem).copied() {
                return self.error(at, format!("the population `{stem}` has no member {number}"), all(population));
            }
        }
        let number = form.map_or("1", |(_, number)| number);
        let members: Vec<String> = self.populations.keys().map(|stem| format!("{stem}-{number}")).collect();
        let candidates = self.names[&Kind::Organisation].keys().copied().chain(members.iter().map(String::as_str));
        let also = if members.is_empty() { String::new() } else { format!(", {}", Part::Populations.file()) };
        let help = format!("{} (in {}{also})", allowed(id, candidates, "organisations"), Part::Organisations.file());
        self.error(at, format!("there is no organisation `{id}`"), help);
    }

    /// The organisation with this id, or the pattern of the member with this id.
    pub(super) fn owner(&self, id: &str) -> Option<Owner<'a>> {
        if let Some(org) = self.orgs.get(id) {
            return Some(Owner::written(org));
        }
        let (stem, number) = member_form(id)?;
        let population = *self.populations.get(stem)?;
        let is_plain = !number.starts_with('0');
        let number: u32 = number.parse().ok().filter(|_| is_plain)?;
        (number <= population.members()).then(|| Owner::member(population))
    }

    /// Checks a list of references; a repeated id is a mistake too.
    pub(super) fn references(&mut self, at: At<'a>, kind: Kind, ids: &[String]) {
        let mut before = BTreeSet::new();
        for (index, id) in ids.iter().enumerate() {
            self.reference(at.item(index), kind, id);
            if !before.insert(id) {
                self.error(at.item(index), format!("`{id}` is listed twice"), "name it once");
            }
        }
    }

    /// Checks a reference `"organisation/part"`.
    pub(super) fn part_reference(&mut self, at: At<'a>, kind: PartKind, text: &str) {
        let what = kind.word();
        let Some((id, part)) = text.split_once('/') else {
            let help = format!("write it like `\"organisation/{what}\"`");
            return self.error(at, format!("`{text}` names no organisation"), help);
        };
        match self.owner(id) {
            Some(owner) => self.part_of(at, kind, owner, part),
            None => self.reference(at, Kind::Organisation, id),
        }
    }

    /// Checks a reference `"part"` to a part of `owner`.
    pub(super) fn own_part_reference(&mut self, at: At<'a>, kind: PartKind, owner: Owner<'a>, text: &str) {
        if text.contains('/') {
            let help = format!("expected a {0} of the same organisation, written like `\"{0}\"`", kind.word());
            return self.error(at, format!("`{text}` names an organisation"), help);
        }
        self.part_of(at, kind, owner, text);
    }

    pub(super) fn part_of(&mut self, at: At<'a>, kind: PartKind, owner: Owner<'a>, part: &str) {
        let ids = self
            .parts
            .entry((std::ptr::from_ref(owner.org), kind))
            .or_insert_with(|| kind.ids(owner.org).into_iter().collect());
        if ids.contains(part) || self.known.lost.contains(part) {
            return;
        }
        let ids = kind.ids(owner.org);
        let what = kind.word();
        let help = allowed(part, ids, &format!("{what}s"));
        self.error(at, format!("{} has no {what} `{part}`", owner.words()), help);
    }

    /// Checks an observable and the entities of its scope.
    pub(super) fn observable(&mut self, at: At<'a>, text: &str) {
        let name = match ObservableRef::parse(text) {
            Ok(name) => name,
            Err(message) => return self.found.push(at.problem(message)),
        };
        let before = self.found.len();
        self.scope(at, &name.scope);
        if before == self.found.len() && !self.is_met(name.scope.terms()) {
            let message = format!("`{text}` measures nothing");
            self.error(at, message, "no organisation that matches every part of the scope has such a service");
        }
    }

    /// Does an organisation that matches all terms have a service that they name? Regions and sizes of members count
    /// as a match, because they are drawn later.
    fn is_met(&self, terms: &[Scope]) -> bool {
        let services = |term: &&Scope| term.part() == ScopePart::Services && !matches!(term, Scope::Not(_));
        let Some(named) = terms.iter().find(services) else { return true };
        let is_in = |owner: &Owner, leaf: &Scope| match leaf {
            Scope::Sector(id) => owner.org.sector == *id,
            Scope::Group(id) => owner.org.groups.contains(id),
            Scope::Region(id) => owner.population.is_some() || owner.org.region == *id,
            Scope::Population(id) => owner.population.is_some_and(|population| population.id == *id),
            Scope::Organisation(id) => self.owner(id).is_some_and(|named| std::ptr::eq(named.org, owner.org)),
            _ => true,
        };
        let matches = |owner: &Owner, term: &Scope| {
            // An exclusion is decided when the entities are known.
            term.part() != ScopePart::Organisations
                || matches!(term, Scope::Not(_))
                || term.leaves().into_iter().any(|leaf| is_in(owner, leaf))
        };
        named.leaves().into_iter().any(|leaf| {
            let Scope::Services(id) = leaf else { return true };
            let owners = self.with_service.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            owners.iter().any(|owner| terms.iter().all(|term| matches(owner, term)))
        })
    }

    /// Checks that the ids of a scope exist.
    pub(super) fn scope(&mut self, at: At<'a>, scope: &Scope) {
        for leaf in scope.leaves() {
            match leaf {
                Scope::Group(id) => self.reference(at, Kind::Group, id),
                Scope::Kind(id) => self.reference(at, Kind::FleetType, id),
                Scope::Services(id) => self.service_of_anybody(at, id),
                Scope::Sector(id) => self.reference(at, Kind::Sector, id),
                Scope::Region(id) => self.reference(at, Kind::Region, id),
                Scope::Population(id) => self.reference(at, Kind::Population, id),
                Scope::Organisation(id) => self.reference(at, Kind::Organisation, id),
                Scope::Seat(id) => self.reference(at, Kind::Seat, id),
                Scope::Fleet(org, id) => self.part_reference(at, PartKind::Fleet, &format!("{org}/{id}")),
                Scope::Service(org, id) => self.part_reference(at, PartKind::Service, &format!("{org}/{id}")),
                _ => {}
            }
        }
    }

    /// Checks that at least one organisation has a service with this id.
    fn service_of_anybody(&mut self, at: At<'a>, id: &str) {
        if !self.with_service.contains_key(id) && !self.known.lost.contains(id) && !self.is_blind(Part::Organisations) {
            let help = allowed(id, self.with_service.keys().copied(), "services");
            self.error(at, format!("no organisation has a service `{id}`"), help);
        }
    }

    /// Checks an observable and the value that it is compared with.
    pub(super) fn condition(&mut self, at: At<'a>, observable: &str, value: f64) {
        self.observable(at.item(0), observable);
        self.number(at.item(1), value, THRESHOLD);
    }

    pub(super) fn trigger(&mut self, at: At<'a>, trigger: &Trigger) {
        match trigger {
            Trigger::At(time) => self.time(at.item(0), time),
            Trigger::After(event, minutes) => {
                self.reference(at.item(0), Kind::Event, event);
                self.number(at.item(1), *minutes, MINUTES);
            }
            Trigger::Above(observable, value) | Trigger::Below(observable, value) => {
                self.condition(at, observable, *value);
            }
        }
    }
}

/// `ID-number`: the id of a population and the number of a member as written.
pub(super) fn member_form(id: &str) -> Option<(&str, &str)> {
    let (stem, number) = id.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    is_number.then_some((stem, number))
}
