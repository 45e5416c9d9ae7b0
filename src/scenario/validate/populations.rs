//! Checks of `populations.ron`, and of the number of entities that a scenario expands to. Must not expand members:
//! their pattern is checked once (`organisations`).

use super::*;
use crate::scenario::schema::Place;

const COUNT: Bounds = bounds(1.0, 1e6, "members, from 1 to 1000000");
const SPREAD: Bounds = bounds(0.0, 90.0, "degrees, from 0 to 90");
/// Most entities of a kind. Indices have 32 bits; half their range leaves room for the sum of two.
const NUMBERED_MAX: u64 = i32::MAX as u64;

impl<'a> Check<'a> {
    pub(super) fn populations(&mut self) {
        let known = self.known;
        for (index, population) in self.docs.populations.iter().enumerate() {
            self.population(At::element(known, Part::Populations, index), population);
        }
        let element = |part: Part| move |(index, id)| (id, At::element(known, part, index).field("id"));
        let of_organisations = self.docs.organisations.iter().map(|org| org.id.as_str()).enumerate();
        let of_populations = self.docs.populations.iter().map(|population| population.id.as_str()).enumerate();
        for (id, at) in of_organisations.map(element(Part::Organisations)) {
            self.is_no_member(at, Kind::Organisation, id);
        }
        for (id, at) in of_populations.map(element(Part::Populations)) {
            self.is_no_member(at, Kind::Population, id);
            self.is_no_organisation(at, id);
        }
    }

    fn population(&mut self, at: At<'a>, population: &'a Population) {
        self.words(at, &[("name", &population.name)]);
        self.figure(at.field("count"), &population.count, COUNT);
        let one_in =
            bounds(1.0, f64::from(*population.count.value()).max(1.0), "a number from 1 to the number of members");
        self.number(at.field("one_in"), population.one_in, one_in);
        self.figure_if_given(at.field("with_sensor"), population.with_sensor.as_ref(), SHARE);
        self.triangular(at.field("size"), &population.size, SIZE);
        if let Some(spread) = &population.spread {
            let at = at.field("spread");
            self.figure_if_given(at.field("staff"), spread.staff.as_ref(), SPREAD_OF_FACTORS);
            self.figure_if_given(at.field("locate"), spread.locate.as_ref(), SPREAD_OF_FACTORS);
            self.figure_if_given(at.field("in_scope"), spread.in_scope.as_ref(), SPREAD_OF_FACTORS);
            self.figure_if_given(at.field("race_win"), spread.race_win.as_ref(), SPREAD_OF_FACTORS);
            self.figure_if_given(at.field("warm_up"), spread.warm_up.as_ref(), SPREAD_OF_FACTORS);
        }
        if population.places.is_empty() && at.field("places").is_empty_list() {
            let message = format!("the population `{}` has no places", population.id);
            self.error(at.field("places"), message, "name at least one place");
        }
        for (index, place) in population.places.iter().enumerate() {
            self.place(at.field("places").item(index), place);
        }
    }

    fn place(&mut self, at: At<'a>, place: &'a Place) {
        self.reference(at.field("region"), Kind::Region, &place.region);
        self.number(at.field("weight"), place.weight, AMOUNT_ABOVE_0);
        self.number(at.field("lat"), place.lat, LATITUDE);
        self.number(at.field("lon"), place.lon, LONGITUDE);
        self.number(at.field("spread_deg"), place.spread_deg, SPREAD);
    }

    /// Reports an id with the form of a member's id: it would name two organisations, now or after the population
    /// has grown.
    fn is_no_member(&mut self, at: At<'a>, kind: Kind, id: &str) {
        let Some((stem, _)) = member_form(id).filter(|(stem, _)| self.populations.contains_key(stem)) else { return };
        let message = format!("the {} id `{id}` has the form of a member of the population `{stem}`", kind.words().0);
        self.error(at, message, format!("members are called `{stem}-1`, `{stem}-2` and so on: choose another id"));
    }

    fn is_no_organisation(&mut self, at: At<'a>, id: &str) {
        if let Some(first) = self.names[&Kind::Organisation].get(id) {
            let (file, spot) = first.spot();
            let problem = at.problem(format!("the population id `{id}` is also the id of an organisation"));
            self.found.push(problem.also("the organisation is here", file, spot).help("choose another id"));
        }
    }

    /// Reports a scenario with too many entities for 32-bit indices; all members count at their largest size.
    pub(super) fn everything_can_be_numbered(&mut self) {
        let part = if self.docs.populations.is_empty() { Part::Organisations } else { Part::Populations };
        let at = At::root(self.known, part);
        let each = |count: fn(Owner<'a>) -> u64| {
            let times = |owner: Owner<'a>| owner.population.map_or(1, |population| u64::from(population.members()));
            self.owners()
                .iter()
                .fold(0, |sum: u64, (owner, _)| sum.saturating_add(count(*owner).saturating_mul(times(*owner))))
        };
        let totals = [
            ("hosts", each(hosts_of)),
            ("organisations", each(|_| 1)),
            ("fleets", each(|owner| owner.org.fleets.len() as u64)),
            ("services", each(|owner| owner.org.services.len() as u64)),
            (
                "needs of services",
                each(|owner| owner.org.services.iter().map(|service| service.needs.len() as u64).sum()),
            ),
        ];
        for (what, total) in totals {
            if NUMBERED_MAX < total {
                self.error(
                    at,
                    format!("the scenario has {total} {what}"),
                    format!("at most {NUMBERED_MAX} are possible"),
                );
            }
        }
    }
}

/// Hosts of an organisation, or of the largest member.
fn hosts_of(owner: Owner) -> u64 {
    let largest = |hosts: u32| ((f64::from(hosts) * owner.size_max()).round() as u64).max(1);
    owner.org.fleets.iter().map(|fleet| largest(*fleet.hosts.value())).sum()
}
