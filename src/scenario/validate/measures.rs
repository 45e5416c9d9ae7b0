//! Checks of measures: observables, times, moments, statistics.

use super::*;
use crate::scenario::observable::EachRef;
use crate::scenario::schema::{Bound, Measure, Only, Statistic};

/// The measures around a measure.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    /// The word of an `Across`, or of an `AcrossServices`.
    across: Option<&'static str>,
    moment: Moment,
}

/// The moments at which a measure inside `Over` or `UntilOf` is taken.
#[derive(Clone, Copy, Default)]
enum Moment {
    /// The measure is in neither of them.
    #[default]
    None,
    /// Both ends of an interval.
    Ends,
    /// Every five minutes from this time on; the time is not known if it could not be read.
    Steps(Option<Tick>),
}

impl<'a> Check<'a> {
    pub(super) fn measure(&mut self, at: At<'a>, measure: &'a Measure, around: Around) {
        match measure {
            Measure::At(observable, time) => {
                self.measured(at.item(0), observable, around);
                let time = (self.boundary(at.item(1), time), time.as_str());
                self.is_known_at_steps(at.item(1), time, around);
            }
            Measure::Change(observable, from, to)
            | Measure::Rate(observable, from, to)
            | Measure::Decay(observable, from, to)
            | Measure::HalfLife(observable, from, to)
            | Measure::Greatest(observable, from, to)
            | Measure::Least(observable, from, to)
            | Measure::Mean(observable, from, to) => {
                self.measured(at.item(0), observable, around);
                let (_, end) = self.interval(at, (1, from), (2, to));
                self.is_known_at_steps(at.item(2), (end, to), around);
            }
            Measure::OnDay(observable, date, region) => {
                self.measured(at.item(0), observable, around);
                self.reference(at.item(2), Kind::Region, region);
                let end = self.day(at.item(1), date, region);
                self.is_known_at_steps(at.item(1), (end, date), around);
            }
            Measure::Until(observable, bound, from, held_min) => {
                self.measured(at.item(0), observable, around);
                self.until_bound(at, *bound, from, *held_min);
                self.is_outside_moments(at, "Until", around);
            }
            Measure::Now(observable) => {
                self.measured(at.item(0), observable, around);
                if matches!(around.moment, Moment::None) {
                    let help = "`Over(…)` and `UntilOf(…)` give a measure its moments; for one time write `At`";
                    self.error(at, "`Now` stands outside `Over` and `UntilOf`", help);
                }
            }
            Measure::Over(..) | Measure::UntilOf(..) => self.taken(at, measure, around),
            Measure::Across(scope, measure, statistic, only) => {
                self.organisations_of(at.item(0), scope);
                self.across(at, "Across", (measure, *statistic, only.as_ref()), around);
            }
            Measure::AcrossServices(scope, measure, statistic, only) => {
                self.services_of(at.item(0), scope);
                self.across(at, "AcrossServices", (measure, *statistic, only.as_ref()), around);
            }
            _ => self.arithmetic(at, measure, around),
        }
    }

    /// Checks measures that are made of other measures.
    fn arithmetic(&mut self, at: At<'a>, measure: &'a Measure, around: Around) {
        let mut several = |word: &str, measures: &'a [Measure], least: usize| {
            if measures.len() < least {
                let help =
                    format!("`{word}` takes {} or more", if least == 1 { "one measure" } else { "two measures" });
                let message = if least == 1 { "there is nothing to measure" } else { "there is nothing to compare" };
                self.error(at, message, help);
            }
            for (index, measure) in measures.iter().enumerate() {
                self.measure(at.item(0).item(index), measure, around);
            }
        };
        match measure {
            Measure::Sum(measures) => several("Sum", measures, 1),
            Measure::Max(measures) => several("Max", measures, 1),
            Measure::Min(measures) => several("Min", measures, 1),
            Measure::Descending(measures) => several("Descending", measures, 2),
            Measure::Ratio(one, other) | Measure::Difference(one, other) => {
                self.measure(at.item(0), one, around);
                self.measure(at.item(1), other, around);
            }
            Measure::Scaled(measure, factor) => {
                self.measure(at.item(0), measure, around);
                self.number(at.item(1), *factor, THRESHOLD);
            }
            Measure::Number(value) => self.number(at.item(0), *value, THRESHOLD),
            _ => unreachable!("the caller checks all other measures"),
        }
    }

    /// Checks `Over` and `UntilOf`.
    fn taken(&mut self, at: At<'a>, measure: &'a Measure, around: Around) {
        let (inner, moment, word) = match measure {
            Measure::Over(inner, taken, from, to) => {
                let (begin, _) = self.interval(at, (2, from), (3, to));
                (inner, if taken.is_of_steps() { Moment::Steps(begin) } else { Moment::Ends }, "Over")
            }
            Measure::UntilOf(inner, bound, from, held_min) => {
                self.until_bound(at, *bound, from, *held_min);
                let begin = self.clock.and_then(|(start, _)| start.tick_of(from).ok());
                (inner, Moment::Steps(begin), "UntilOf")
            }
            _ => unreachable!("the caller checks all other measures"),
        };
        self.is_outside_moments(at, word, around);
        if !speaks_of_now(inner) {
            let help = "write `Now(\"…\")` for the values that change, `At` for those of one time";
            self.error(at.item(0), "the measure has no `Now`, so it is the same at every moment", help);
        }
        self.measure(at.item(0), inner, Around { moment, ..around });
    }

    fn until_bound(&mut self, at: At<'a>, bound: Bound, from: &str, held_min: u32) {
        let (Bound::Above(value) | Bound::Below(value)) = bound;
        self.number(at.item(1).item(0), value, THRESHOLD);
        self.boundary(at.item(2), from);
        self.number(at.item(3), held_min, MINUTES);
    }

    /// Reports a measure that takes its own moments inside one that does so, too.
    fn is_outside_moments(&mut self, at: At<'a>, word: &str, around: Around) {
        if !matches!(around.moment, Moment::None) {
            let help = "take both apart and join them by `Sum`, `Difference` or `Ratio`";
            self.error(at, format!("`{word}` stands inside `Over` or `UntilOf`"), help);
        }
    }

    /// Reports a time at which a value is read too late for the steps around it.
    fn is_known_at_steps(&mut self, at: At<'a>, (tick, text): (Option<Tick>, &str), around: Around) {
        if let (Moment::Steps(Some(begin)), Some(tick), Some((start, _))) = (around.moment, tick, self.clock)
            && begin < tick
        {
            let message = format!("`{text}` lies after the begin of the steps that need its value");
            let help = format!("expected a time up to {}, or `Now` for a value that changes", start.iso(begin));
            self.error(at, message, help);
        }
    }

    fn across(
        &mut self,
        at: At<'a>,
        word: &'static str,
        (measure, statistic, only): (&'a Measure, Statistic, Option<&'a Only>),
        around: Around,
    ) {
        if let Some(outer) = around.across {
            let help = "`each` has no others in it: use the measure of `each` itself";
            return self.error(at, format!("`{word}` stands inside `{outer}`"), help);
        }
        let inside = Around { across: Some(word), ..around };
        self.measure(at.item(1), measure, inside);
        self.statistic(at.item(2), statistic);
        if let Some(Only::Above(measure, value) | Only::Below(measure, value)) = only {
            self.measure(at.item(3).item(0), measure, inside);
            self.number(at.item(3).item(1), *value, THRESHOLD);
        }
    }

    fn statistic(&mut self, at: At<'a>, statistic: Statistic) {
        match statistic {
            Statistic::Quantile(share) => self.number(at.item(0), share, SHARE),
            Statistic::ShareAbove(value)
            | Statistic::ShareBelow(value)
            | Statistic::CountAbove(value)
            | Statistic::CountBelow(value) => self.number(at.item(0), value, THRESHOLD),
            _ => {}
        }
    }

    fn measured(&mut self, at: At<'a>, observable: &str, around: Around) {
        match around.across {
            None if EachRef::is_meant(observable) => {
                let help = "`each` stands for the organisations of an `Across`; name a scope here";
                self.error(at, format!("`{observable}` has no organisations to stand for"), help);
            }
            None => self.observable(at, observable),
            Some(_) => match EachRef::parse(observable) {
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
        let is_of_part = |term: &&Scope| !matches!(term.part(), ScopePart::All | ScopePart::Organisations);
        match scope.terms().iter().find(is_of_part) {
            Some(term) => {
                let help =
                    "`Across` takes whole organisations; name their part in the measure: `hosts_down(each & role:pcs)`";
                self.error(at, format!("`{term}` selects parts of organisations"), help);
            }
            None => self.scope(at, &scope),
        }
    }

    /// Checks a scope that must select services.
    fn services_of(&mut self, at: At<'a>, text: &str) {
        let scope = match Scope::parse(text) {
            Ok(scope) => scope,
            Err(message) => return self.found.push(at.problem(message)),
        };
        let is_of_hosts = |term: &&Scope| matches!(term.part(), ScopePart::Machines | ScopePart::Fleet);
        match scope.terms().iter().find(is_of_hosts) {
            Some(term) => {
                let help = "`AcrossServices` takes services, such as `sector:bank & services:payments`";
                self.error(at, format!("`{term}` has no services"), help);
            }
            None => self.scope(at, &scope),
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

    /// Checks two times, the later one last, each with its place among the values.
    fn interval(
        &mut self,
        at: At<'a>,
        (first, from): (usize, &str),
        (second, to): (usize, &str),
    ) -> (Option<Tick>, Option<Tick>) {
        let ends = (self.boundary(at.item(first), from), self.boundary(at.item(second), to));
        if let (Some(begin), Some(end)) = ends
            && end <= begin
        {
            self.error(
                at.item(second),
                format!("the time `{to}` is not after `{from}`"),
                "expected the earlier time first",
            );
        }
        ends
    }

    /// Checks a calendar day that overlaps the run; the result is its end, or that of the run.
    fn day(&mut self, at: At<'a>, date: &str, region: &str) -> Option<Tick> {
        let region = self.docs.world.regions.iter().find(|entry| entry.id == region)?;
        let (start, horizon_min) = self.clock?;
        match start.day(date, region.utc_offset_min) {
            Err(message) => {
                self.found.push(at.problem(message));
                None
            }
            Ok(day) if day.end <= 0 || i64::from(horizon_min) <= day.start => {
                let local = |tick| start.format(Tick(tick), region.utc_offset_min, "%Y-%m-%d");
                let help = format!("expected a day from {} to {}", local(0), local(horizon_min.saturating_sub(1)));
                self.error(at, format!("the day `{date}` lies outside the run"), help);
                None
            }
            Ok(day) => Some(Tick(day.end.min(i64::from(horizon_min)) as u32)),
        }
    }
}

/// Is a part of the measure `Now`?
fn speaks_of_now(measure: &Measure) -> bool {
    match measure {
        Measure::Now(_) => true,
        Measure::Sum(parts) | Measure::Max(parts) | Measure::Min(parts) | Measure::Descending(parts) => {
            parts.iter().any(speaks_of_now)
        }
        Measure::Difference(one, other) | Measure::Ratio(one, other) => speaks_of_now(one) || speaks_of_now(other),
        Measure::Scaled(inner, _) => speaks_of_now(inner),
        Measure::Across(_, inner, _, only) | Measure::AcrossServices(_, inner, _, only) => {
            let of_only = |only: &Only| match only {
                Only::Above(measure, _) | Only::Below(measure, _) => speaks_of_now(measure),
            };
            speaks_of_now(inner) || only.as_ref().is_some_and(of_only)
        }
        _ => false,
    }
}
