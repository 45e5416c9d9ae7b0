//! Checks of hindcast targets and their measures.

use super::*;
use crate::base::Tick;
use crate::scenario::observable::EachRef;
use crate::scenario::schema::{Bound, Measure, Only, Statistic, Tolerance};

const SHARE_OF_PUBLISHED: Bounds = bounds(0.0, 100.0, "a share of the published number from 0 to 100");
const POINTS: Bounds = bounds(0.0, 1e15, "a finite number from 0 up");
const FACTOR: Bounds = bounds(1.0, 1e6, "a factor from 1 to 1000000");

/// The organisations that the observables of a measure refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaks {
    /// The organisations of the scope that they name.
    OfScope,
    /// Each single organisation of an `Across`.
    OfEach,
}

impl<'a> Check<'a> {
    pub(super) fn targets(&mut self, targets: &'a [Target]) {
        let at = |index| At::element(self.known, Part::Targets, index);
        let ids = targets.iter().enumerate().map(|(index, target)| (target.id.as_str(), at(index)));
        self.unique("target", ids.collect());
        for (index, target) in targets.iter().enumerate() {
            let at = At::element(self.known, Part::Targets, index);
            self.words(at, &[("topic", &target.topic), ("title", &target.title), ("unit", &target.unit)]);
            self.figure(at.field("published"), &target.published, THRESHOLD);
            self.tolerance(at.field("tolerance"), target.tolerance, *target.published.value());
            self.measure(at.field("measure"), &target.measure, Speaks::OfScope);
        }
    }

    fn tolerance(&mut self, at: At<'a>, tolerance: Tolerance, published: f64) {
        match tolerance {
            Tolerance::Share(share) => {
                self.number(at.item(0), share, SHARE_OF_PUBLISHED);
                if published == 0.0 {
                    self.error(at, "a share of a published 0 is always 0", "give the tolerance as `Points` or `Range`");
                }
            }
            Tolerance::Points(by) => self.number(at.item(0), by, POINTS),
            Tolerance::Factor(factor) => {
                self.number(at.item(0), factor, FACTOR);
                if published <= 0.0 {
                    let help = "the published number must be above 0; give the tolerance as `Points` or `Range`";
                    self.error(at, format!("a factor gives no interval around `{published}`"), help);
                }
            }
            Tolerance::Range(least, greatest) => {
                self.number(at.item(0), least, THRESHOLD);
                self.number(at.item(1), greatest, THRESHOLD);
                if greatest < least {
                    let help = "expected the smallest value first, then the largest";
                    self.error(at, format!("`Range({least}, {greatest})` is in the wrong order"), help);
                }
            }
            Tolerance::AtLeast(end) | Tolerance::AtMost(end) => self.number(at.item(0), end, THRESHOLD),
        }
    }

    fn measure(&mut self, at: At<'a>, measure: &'a Measure, speaks: Speaks) {
        match measure {
            Measure::At(observable, time) => {
                self.measured(at.item(0), observable, speaks);
                self.boundary(at.item(1), time);
            }
            Measure::Change(observable, from, to)
            | Measure::Greatest(observable, from, to)
            | Measure::Least(observable, from, to)
            | Measure::Mean(observable, from, to) => {
                self.measured(at.item(0), observable, speaks);
                self.interval(at, from, to);
            }
            Measure::OnDay(observable, date, region) => {
                self.measured(at.item(0), observable, speaks);
                self.reference(at.item(2), Kind::Region, region);
                self.day(at.item(1), date, region);
            }
            Measure::Until(observable, bound, from, held_min) => {
                self.measured(at.item(0), observable, speaks);
                let (Bound::Above(value) | Bound::Below(value)) = *bound;
                self.number(at.item(1).item(0), value, THRESHOLD);
                self.boundary(at.item(2), from);
                self.number(at.item(3), *held_min, MINUTES);
            }
            Measure::Ratio(one, other) => {
                self.measure(at.item(0), one, speaks);
                self.measure(at.item(1), other, speaks);
            }
            Measure::Descending(measures) => {
                if measures.len() < 2 {
                    self.error(at, "there is nothing to compare", "`Descending` takes two measures or more");
                }
                for (index, measure) in measures.iter().enumerate() {
                    self.measure(at.item(0).item(index), measure, speaks);
                }
            }
            Measure::Across(_, _, _, _) if speaks == Speaks::OfEach => {
                let help = "an organisation has no organisations in it: use the measure of `each` itself";
                self.error(at, "`Across` stands inside `Across`", help);
            }
            Measure::Across(scope, measure, statistic, only) => {
                self.organisations_of(at.item(0), scope);
                self.measure(at.item(1), measure, Speaks::OfEach);
                self.statistic(at.item(2), *statistic);
                if let Some(Only::Above(measure, value) | Only::Below(measure, value)) = only {
                    self.measure(at.item(3).item(0), measure, Speaks::OfEach);
                    self.number(at.item(3).item(1), *value, THRESHOLD);
                }
            }
        }
    }

    fn statistic(&mut self, at: At<'a>, statistic: Statistic) {
        match statistic {
            Statistic::Quantile(share) => self.number(at.item(0), share, SHARE),
            Statistic::ShareAbove(value)
            | Statistic::ShareBelow(value)
            | Statistic::CountAbove(value)
            | Statistic::CountBelow(value) => self.number(at.item(0), value, THRESHOLD),
            Statistic::Count | Statistic::Average | Statistic::Median | Statistic::Total => {}
        }
    }

    fn measured(&mut self, at: At<'a>, observable: &str, speaks: Speaks) {
        match speaks {
            Speaks::OfScope if EachRef::is_meant(observable) => {
                let help = "`each` stands for the organisations of an `Across`; name a scope here";
                self.error(at, format!("`{observable}` has no organisations to stand for"), help);
            }
            Speaks::OfScope => self.observable(at, observable),
            Speaks::OfEach => match EachRef::parse(observable) {
                Ok(name) => name.terms.iter().for_each(|term| self.scope(at, term)),
                Err(message) => self.found.push(at.problem(message)),
            },
        }
    }

    /// Checks a scope that must select whole organisations.
    fn organisations_of(&mut self, at: At<'a>, text: &str) {
        let scope = match Scope::parse(text) {
            Ok(scope) => scope,
            Err(message) => return self.found.push(at.problem(message)),
        };
        let is_of_part = |term: &&Scope| {
            matches!(term, Scope::Fleet(..) | Scope::Service(..) | Scope::Role(_) | Scope::Kind(_) | Scope::Services(_))
        };
        match scope.terms().iter().find(is_of_part) {
            Some(term) => {
                let help =
                    "`Across` takes whole organisations; name their part in the measure: `hosts_down(each & role:pcs)`";
                self.error(at, format!("`{term}` selects parts of organisations"), help);
            }
            None => scope.terms().iter().for_each(|term| self.scope(at, term)),
        }
    }

    /// Checks a UTC time of the run, its end included.
    fn boundary(&mut self, at: At<'a>, text: &str) -> Option<Tick> {
        let Some((start, horizon_min)) = self.clock else {
            self.time(at, text);
            return None;
        };
        let end = Tick(horizon_min);
        match start.tick_of(text) {
            Ok(tick) if tick == end => Some(tick),
            found => {
                self.time(at, text);
                found.ok().filter(|tick| *tick < end)
            }
        }
    }

    /// Checks the second and third value: two times, the later one last.
    fn interval(&mut self, at: At<'a>, from: &str, to: &str) {
        let ends = (self.boundary(at.item(1), from), self.boundary(at.item(2), to));
        if let (Some(begin), Some(end)) = ends
            && end <= begin
        {
            self.error(at.item(2), format!("the time `{to}` is not after `{from}`"), "expected the earlier time first");
        }
    }

    /// Checks a calendar day that overlaps the run.
    fn day(&mut self, at: At<'a>, date: &str, region: &str) {
        let region = self.docs.world.regions.iter().find(|entry| entry.id == region);
        let (Some(region), Some((start, horizon_min))) = (region, self.clock) else { return };
        match start.day(date, region.utc_offset_min) {
            Err(message) => self.found.push(at.problem(message)),
            Ok(day) if day.end <= 0 || i64::from(horizon_min) <= day.start => {
                let local = |tick| start.format(Tick(tick), region.utc_offset_min, "%Y-%m-%d");
                let help = format!("expected a day from {} to {}", local(0), local(horizon_min.saturating_sub(1)));
                self.error(at, format!("the day `{date}` lies outside the run"), help);
            }
            Ok(_) => {}
        }
    }
}
