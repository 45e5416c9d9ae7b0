//! The schedule of a hindcast: the observables that a run measures, their ticks, and the formulas of the measures.
//!
//! A measure becomes samples at known ticks and folds over known intervals. The schedule is made once
//! and shared by all runs. Equal observables are looked up once, equal samples are taken once.

use std::collections::BTreeMap;

use super::members::Members;
use crate::base::Tick;
use crate::scenario::compile::{Observable, Scenario};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::observable::ObservableRef;
use crate::scenario::schema::{Bound, Measure, Only, Statistic, Taken, Target};

/// Minutes between two values of a fold.
pub(super) const FOLD_EVERY_MIN: u32 = 5;

/// Everything that a run measures.
#[derive(Debug, Default)]
pub struct Schedule {
    /// Vectors of observables: one observable, or one for each member of an `Across`.
    pub(super) vectors: Vec<Vec<Observable>>,
    pub(super) samples: Vec<Sample>,
    /// Indices of samples in the order of their ticks.
    pub(super) samples_by_tick: Vec<usize>,
    pub(super) folds: Vec<Fold>,
    /// One formula for each measure.
    pub(super) formulas: Vec<Formula>,
    /// Number of values in all samples together.
    pub(super) slots: usize,
}

/// The values of a vector of observables at a tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub tick: Tick,
    pub vector: usize,
    /// Index of its first value among the values of all samples.
    pub slot: usize,
}

/// A quantity computed from values at every fifth minute of an interval, both ends included.
#[derive(Debug)]
pub(super) struct Fold {
    pub values: Values,
    /// Number of values at each step.
    pub width: usize,
    pub from: Tick,
    pub to: Tick,
    pub keeps: Keeps,
}

/// The values of a fold at a step.
#[derive(Debug)]
pub(super) enum Values {
    /// Those of a vector.
    Vector(usize),
    /// Those of a formula with the vectors of the step.
    Formula(Formula),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Greatest,
    Least,
    Mean,
    /// The time from which the values stay beyond the bound for this many minutes.
    Passing(Bound, u32),
}

/// The formula of a measure over samples, folds and the vectors of a step. Numbers are their indices.
#[derive(Debug)]
pub(super) enum Formula {
    Sample(usize),
    Fold(usize),
    /// The values of a vector at the step of the fold around it.
    Step(usize),
    /// The same number for each member.
    Number(f64, usize),
    /// Several formulas of one width, joined value by value.
    Joined(Join, Vec<Formula>),
    Across(Box<Across>),
}

/// A way to make one number of several.
#[derive(Clone, Copy, Debug)]
pub(super) enum Join {
    Sum,
    /// The first minus the second.
    Difference,
    Product,
    Ratio,
    Max,
    Min,
    Descending,
    /// The change from the first to the second in an hour, over so many hours.
    Rate(f64),
    /// The share of the rest that goes in an hour.
    Decay(f64),
    HalfLife(f64),
}

#[derive(Debug)]
pub(super) struct Across {
    pub formula: Formula,
    pub statistic: Statistic,
    /// Keeps only the members whose value is strictly beyond the bound.
    pub only: Option<(Formula, Bound)>,
    /// Number of organisations or services that each member represents; 0 if it has nothing to measure.
    pub weights: Vec<f64>,
}

/// The moment at which `Now` is read.
#[derive(Clone, Copy)]
enum Moment {
    /// No moment: the check allows no `Now` here.
    None,
    At(Tick),
    Step,
}

/// The measures around a measure.
struct Around<'m> {
    members: Option<&'m mut Members>,
    moment: Moment,
}

impl Around<'_> {
    /// The same for one of several measures.
    fn again(&mut self) -> Around<'_> {
        Around { members: self.members.as_deref_mut(), moment: self.moment }
    }

    fn width(&self) -> usize {
        self.members.as_ref().map_or(1, |members| members.len())
    }
}

impl Schedule {
    /// Schedules the measures of targets that were checked against the scenario.
    ///
    /// # Errors
    /// Targets with two valid scopes that have nothing in common.
    pub fn from_targets(scenario: &Scenario, targets: &[Target]) -> Result<Schedule, Diagnostics> {
        Self::new(scenario, targets.iter().map(|target| (target.id.as_str(), &target.measure)))
    }

    /// Schedules measures, each with the id of its target for messages.
    ///
    /// # Errors
    /// As `from_targets`.
    pub fn new<'m>(
        scenario: &Scenario,
        measures: impl IntoIterator<Item = (&'m str, &'m Measure)>,
    ) -> Result<Schedule, Diagnostics> {
        let mut scheduler = Scheduler::new(scenario);
        let mut found = Diagnostics::default();
        for (id, measure) in measures {
            match scheduler.formula(measure, Around { members: None, moment: Moment::None }) {
                Ok(formula) => scheduler.schedule.formulas.push(formula),
                Err(message) => found.push(Diagnostic::about(format!("target `{id}`"), message)),
            }
        }
        if found.has_errors() { Err(found) } else { Ok(scheduler.finish()) }
    }

    /// Number of measures.
    pub fn measures(&self) -> usize {
        self.formulas.len()
    }

    /// The last tick at which anything is measured.
    pub fn until(&self) -> Tick {
        let samples = self.samples.iter().map(|sample| sample.tick);
        samples.chain(self.folds.iter().map(|fold| fold.to)).max().unwrap_or(Tick::ZERO)
    }
}

struct Scheduler<'s> {
    scenario: &'s Scenario,
    schedule: Schedule,
    /// Indices of vectors by the printed scope of the `Across` around them and the printed observable.
    vector_index: BTreeMap<(String, String), usize>,
    sample_index: BTreeMap<(Tick, usize), usize>,
}

impl<'s> Scheduler<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        Self { scenario, schedule: Schedule::default(), vector_index: BTreeMap::new(), sample_index: BTreeMap::new() }
    }

    fn finish(mut self) -> Schedule {
        let mut order: Vec<usize> = (0..self.schedule.samples.len()).collect();
        order.sort_by_key(|&sample| self.schedule.samples[sample].tick);
        self.schedule.samples_by_tick = order;
        self.schedule
    }

    fn formula(&mut self, measure: &Measure, mut around: Around) -> Result<Formula, String> {
        Ok(match measure {
            Measure::At(name, time) => {
                let vector = self.vector(name, around)?;
                Formula::Sample(self.sample(vector, self.tick(time)))
            }
            Measure::Change(name, from, to) => self.ends(name, (from, to), |_| Join::Difference, around)?,
            Measure::Rate(name, from, to) => self.ends(name, (from, to), Join::Rate, around)?,
            Measure::Decay(name, from, to) => self.ends(name, (from, to), Join::Decay, around)?,
            Measure::HalfLife(name, from, to) => self.ends(name, (from, to), Join::HalfLife, around)?,
            Measure::OnDay(name, date, region) => {
                let vector = self.vector(name, around)?;
                let (from, to) = self.day(date, region);
                self.between(vector, (from, to), Join::Difference)
            }
            Measure::Greatest(name, from, to) => self.fold(name, (from, Some(to)), Keeps::Greatest, around)?,
            Measure::Least(name, from, to) => self.fold(name, (from, Some(to)), Keeps::Least, around)?,
            Measure::Mean(name, from, to) => self.fold(name, (from, Some(to)), Keeps::Mean, around)?,
            Measure::Until(name, bound, from, held_min) => {
                self.fold(name, (from, None), Keeps::Passing(*bound, *held_min), around)?
            }
            Measure::Now(name) => {
                let moment = around.moment;
                let vector = self.vector(name, around)?;
                match moment {
                    Moment::None => unreachable!("the check refuses `Now` without a moment"),
                    Moment::At(tick) => Formula::Sample(self.sample(vector, tick)),
                    Moment::Step => Formula::Step(vector),
                }
            }
            Measure::Over(measure, taken, from, to) => self.over(measure, *taken, (from, to), around)?,
            Measure::UntilOf(measure, bound, from, held_min) => {
                self.fold_of(measure, (from, None), Keeps::Passing(*bound, *held_min), around)?
            }
            Measure::Number(value) => Formula::Number(*value, around.width()),
            Measure::Scaled(measure, factor) => {
                let factor = Formula::Number(*factor, around.width());
                Formula::Joined(Join::Product, vec![self.formula(measure, around)?, factor])
            }
            Measure::Difference(one, other) => {
                let one = self.formula(one, around.again())?;
                Formula::Joined(Join::Difference, vec![one, self.formula(other, around)?])
            }
            Measure::Ratio(one, other) => {
                let one = self.formula(one, around.again())?;
                Formula::Joined(Join::Ratio, vec![one, self.formula(other, around)?])
            }
            Measure::Sum(measures) => self.joined(Join::Sum, measures, around)?,
            Measure::Max(measures) => self.joined(Join::Max, measures, around)?,
            Measure::Min(measures) => self.joined(Join::Min, measures, around)?,
            Measure::Descending(measures) => self.joined(Join::Descending, measures, around)?,
            Measure::Across(scope, measure, statistic, only) => {
                let members = Members::organisations(self.scenario, scope)?;
                self.across(scope, members, (measure, *statistic, only.as_ref()), &around)?
            }
            Measure::AcrossServices(scope, measure, statistic, only) => {
                let members = Members::services(self.scenario, scope)?;
                self.across(scope, members, (measure, *statistic, only.as_ref()), &around)?
            }
        })
    }

    fn joined(&mut self, join: Join, measures: &[Measure], mut around: Around) -> Result<Formula, String> {
        let each = measures.iter().map(|measure| self.formula(measure, around.again()));
        Ok(Formula::Joined(join, each.collect::<Result<_, _>>()?))
    }

    /// A formula over the values of an observable at two times.
    fn ends(
        &mut self,
        name: &str,
        (from, to): (&str, &str),
        join: impl Fn(f64) -> Join,
        around: Around,
    ) -> Result<Formula, String> {
        let vector = self.vector(name, around)?;
        let (from, to) = (self.tick(from), self.tick(to));
        Ok(self.between(vector, (from, to), join(hours(from, to))))
    }

    /// `Difference` subtracts the earlier value from the later one, so the later one comes first; the others are
    /// rates from the first to the second.
    fn between(&mut self, vector: usize, (from, to): (Tick, Tick), join: Join) -> Formula {
        let pair = [self.sample(vector, from), self.sample(vector, to)].map(Formula::Sample);
        joined_ends(pair, join)
    }

    fn over(
        &mut self,
        measure: &Measure,
        taken: Taken,
        (from, to): (&str, &str),
        mut around: Around,
    ) -> Result<Formula, String> {
        let hours = hours(self.tick(from), self.tick(to));
        let join = match taken {
            Taken::Greatest => return self.fold_of(measure, (from, Some(to)), Keeps::Greatest, around),
            Taken::Least => return self.fold_of(measure, (from, Some(to)), Keeps::Least, around),
            Taken::Mean => return self.fold_of(measure, (from, Some(to)), Keeps::Mean, around),
            Taken::Change => Join::Difference,
            Taken::Rate => Join::Rate(hours),
            Taken::Decay => Join::Decay(hours),
            Taken::HalfLife => Join::HalfLife(hours),
        };
        let (from, to) = (Moment::At(self.tick(from)), Moment::At(self.tick(to)));
        let first = self.formula(measure, Around { moment: from, ..around.again() })?;
        let second = self.formula(measure, Around { moment: to, ..around })?;
        Ok(joined_ends([first, second], join))
    }

    fn across(
        &mut self,
        scope: &str,
        mut members: Members,
        (measure, statistic, only): (&Measure, Statistic, Option<&Only>),
        around: &Around,
    ) -> Result<Formula, String> {
        assert!(around.members.is_none(), "the check refuses an `Across` within another");
        let moment = around.moment;
        let mut inside = Around { members: Some(&mut members), moment };
        let formula = self.formula(measure, inside.again())?;
        let only = match only {
            None => None,
            Some(Only::Above(measure, value)) => Some((self.formula(measure, inside)?, Bound::Above(*value))),
            Some(Only::Below(measure, value)) => Some((self.formula(measure, inside)?, Bound::Below(*value))),
        };
        if !members.has_it.contains(&true) {
            return Err(format!("no {} of `{scope}` has what is measured", members.word()));
        }
        let weights = members.weights(self.scenario);
        Ok(Formula::Across(Box::new(Across { formula, statistic, only, weights })))
    }

    fn fold(
        &mut self,
        name: &str,
        interval: (&str, Option<&str>),
        keeps: Keeps,
        around: Around,
    ) -> Result<Formula, String> {
        let width = around.width();
        let vector = self.vector(name, around)?;
        Ok(self.folded(Values::Vector(vector), width, interval, keeps))
    }

    /// The fold of a measure of `Now`.
    fn fold_of(
        &mut self,
        measure: &Measure,
        interval: (&str, Option<&str>),
        keeps: Keeps,
        around: Around,
    ) -> Result<Formula, String> {
        let width = around.width();
        let formula = self.formula(measure, Around { moment: Moment::Step, ..around })?;
        Ok(self.folded(Values::Formula(formula), width, interval, keeps))
    }

    fn folded(&mut self, values: Values, width: usize, (from, to): (&str, Option<&str>), keeps: Keeps) -> Formula {
        let to = to.map_or(self.scenario.horizon, |to| self.tick(to));
        self.schedule.folds.push(Fold { values, width, from: self.tick(from), to, keeps });
        Formula::Fold(self.schedule.folds.len() - 1)
    }

    fn sample(&mut self, vector: usize, tick: Tick) -> usize {
        let schedule = &mut self.schedule;
        *self.sample_index.entry((tick, vector)).or_insert_with(|| {
            schedule.samples.push(Sample { tick, vector, slot: schedule.slots });
            schedule.slots += schedule.vectors[vector].len();
            schedule.samples.len() - 1
        })
    }

    /// The index of an observable's vector. Within an `Across` it has one entry for each member.
    fn vector(&mut self, name: &str, around: Around) -> Result<usize, String> {
        let members = around.members;
        let key = (members.as_ref().map_or(String::new(), |members| members.key.clone()), name.to_owned());
        let vector = match self.vector_index.get(&key) {
            Some(&vector) => vector,
            None => {
                let observables = match &members {
                    Some(members) => members.observables(self.scenario, name)?,
                    None => vec![self.observable_of_scope(name)?],
                };
                self.schedule.vectors.push(observables);
                self.vector_index.insert(key, self.schedule.vectors.len() - 1);
                self.schedule.vectors.len() - 1
            }
        };
        if let Some(members) = members {
            let observables = self.schedule.vectors[vector].iter();
            members
                .has_it
                .iter_mut()
                .zip(observables)
                .for_each(|(has_it, observable)| *has_it &= has_something(observable));
        }
        Ok(vector)
    }

    fn observable_of_scope(&self, name: &str) -> Result<Observable, String> {
        let parsed = ObservableRef::parse(name).expect("checked observable");
        let observable = self.scenario.observable(&parsed)?;
        if has_something(&observable) { Ok(observable) } else { Err(format!("`{name}` measures nothing")) }
    }

    fn tick(&self, time: &str) -> Tick {
        self.scenario.start.tick_of(time).expect("checked time")
    }

    /// Begin and end of a local day, limited to the run.
    fn day(&self, date: &str, region: &str) -> (Tick, Tick) {
        let regions = &self.scenario.docs.world.regions;
        let region = regions.iter().find(|entry| entry.id == region).expect("checked region");
        let day = self.scenario.start.day(date, region.utc_offset_min).expect("checked day");
        let inside = |minute: i64| Tick(minute.clamp(0, i64::from(self.scenario.horizon.0)) as u32);
        (inside(day.start), inside(day.end))
    }
}

/// Hours between two ticks.
fn hours(from: Tick, to: Tick) -> f64 {
    f64::from(to.since(from)) / 60.0
}

fn joined_ends([from, to]: [Formula; 2], join: Join) -> Formula {
    match join {
        Join::Difference => Formula::Joined(join, vec![to, from]),
        _ => Formula::Joined(join, vec![from, to]),
    }
}

/// Does the observable's scope have hosts, services or organisations, whichever its metric measures?
fn has_something(observable: &Observable) -> bool {
    if observable.metric.is_of_hosts() {
        !observable.fleets.is_empty()
    } else if observable.metric.is_of_services() {
        !observable.services.is_empty()
    } else {
        !observable.organisations.is_empty()
    }
}
