//! The schedule of a hindcast: the observables that a run measures, their ticks, and the formulas of the measures.
//!
//! A measure becomes samples at known ticks and folds over known intervals. The schedule is made once
//! and shared by all runs. Equal observables are looked up once, equal samples are taken once.

use std::collections::BTreeMap;

use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Observable, Organisation, Scenario};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::observable::{EachRef, Metric, ObservableRef, Scope};
use crate::scenario::schema::{Bound, Measure, Only, Statistic, Target};

/// Minutes between two values of a fold.
pub(super) const FOLD_EVERY_MIN: u32 = 5;

/// Everything that a run measures.
#[derive(Debug, Default)]
pub struct Schedule {
    /// Vectors of observables: one observable, or one for each organisation of an `Across`.
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

/// A quantity computed from the values of a vector at every fifth minute of an interval, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    pub vector: usize,
    pub from: Tick,
    pub to: Tick,
    pub keeps: Keeps,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Greatest,
    Least,
    Mean,
    /// The time from which the values stay beyond the bound for this many minutes.
    Passing(Bound, u32),
}

/// The formula of a measure over samples and folds. Numbers are indices of samples or of folds.
#[derive(Debug)]
pub(super) enum Formula {
    Sample(usize),
    /// The first minus the second.
    Difference(usize, usize),
    Fold(usize),
    Ratio(Box<Formula>, Box<Formula>),
    Descending(Vec<Formula>),
    Across(Box<Across>),
}

#[derive(Debug)]
pub(super) struct Across {
    pub formula: Formula,
    pub statistic: Statistic,
    /// Keeps only the organisations whose value is strictly beyond the bound.
    pub only: Option<(Formula, Bound)>,
    /// Number of organisations that each organisation represents; 0 if it has nothing to measure.
    pub weights: Vec<f64>,
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
            match scheduler.formula(measure, None) {
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

/// The organisations of an `Across` while its measure is scheduled.
struct Members {
    scope: Scope,
    organisations: Vec<Ix<Organisation>>,
    /// For each organisation: does it have entities for every observable of the measure?
    has_it: Vec<bool>,
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

    fn formula(&mut self, measure: &Measure, mut many: Option<&mut Members>) -> Result<Formula, String> {
        Ok(match measure {
            Measure::At(name, time) => {
                let vector = self.vector(name, many)?;
                Formula::Sample(self.sample(vector, self.tick(time)))
            }
            Measure::Change(name, from, to) => {
                let vector = self.vector(name, many)?;
                let (from, to) = (self.tick(from), self.tick(to));
                Formula::Difference(self.sample(vector, to), self.sample(vector, from))
            }
            Measure::OnDay(name, date, region) => {
                let vector = self.vector(name, many)?;
                let (from, to) = self.day(date, region);
                Formula::Difference(self.sample(vector, to), self.sample(vector, from))
            }
            Measure::Greatest(name, from, to) => self.fold(name, from, Some(to), Keeps::Greatest, many)?,
            Measure::Least(name, from, to) => self.fold(name, from, Some(to), Keeps::Least, many)?,
            Measure::Mean(name, from, to) => self.fold(name, from, Some(to), Keeps::Mean, many)?,
            Measure::Until(name, bound, from, held_min) => {
                self.fold(name, from, None, Keeps::Passing(*bound, *held_min), many)?
            }
            Measure::Ratio(one, other) => {
                let one = self.formula(one, many.as_deref_mut())?;
                Formula::Ratio(Box::new(one), Box::new(self.formula(other, many)?))
            }
            Measure::Descending(measures) => {
                let each = measures.iter().map(|measure| self.formula(measure, many.as_deref_mut()));
                Formula::Descending(each.collect::<Result<_, _>>()?)
            }
            Measure::Across(scope, measure, statistic, only) => {
                assert!(many.is_none(), "the check refuses an `Across` within another");
                self.across(scope, measure, *statistic, only.as_ref())?
            }
        })
    }

    fn across(
        &mut self,
        scope: &str,
        measure: &Measure,
        statistic: Statistic,
        only: Option<&Only>,
    ) -> Result<Formula, String> {
        let parsed = Scope::parse(scope).expect("checked scope");
        // The metric does not matter: any metric of organisations gives the organisations of a scope.
        let found = self.scenario.observable(&ObservableRef { metric: Metric::PersonHours, scope: parsed.clone() })?;
        let organisations = found.organisations;
        let mut many = Members { scope: parsed, has_it: vec![true; organisations.len()], organisations };
        let formula = self.formula(measure, Some(&mut many))?;
        let only = match only {
            None => None,
            Some(Only::Above(measure, value)) => Some((self.formula(measure, Some(&mut many))?, Bound::Above(*value))),
            Some(Only::Below(measure, value)) => Some((self.formula(measure, Some(&mut many))?, Bound::Below(*value))),
        };
        if !many.has_it.contains(&true) {
            return Err(format!("no organisation of `{scope}` has what is measured"));
        }
        let represented = |organisation: Ix<Organisation>| {
            let organisation = &self.scenario.organisations[organisation];
            organisation.stands_for * f64::from(organisation.comprises)
        };
        let pairs = many.organisations.iter().zip(&many.has_it);
        let weights =
            pairs.map(|(&organisation, &has_it)| if has_it { represented(organisation) } else { 0.0 }).collect();
        Ok(Formula::Across(Box::new(Across { formula, statistic, only, weights })))
    }

    fn fold(
        &mut self,
        name: &str,
        from: &str,
        to: Option<&str>,
        keeps: Keeps,
        many: Option<&mut Members>,
    ) -> Result<Formula, String> {
        let vector = self.vector(name, many)?;
        let to = to.map_or(self.scenario.horizon, |to| self.tick(to));
        self.schedule.folds.push(Fold { vector, from: self.tick(from), to, keeps });
        Ok(Formula::Fold(self.schedule.folds.len() - 1))
    }

    fn sample(&mut self, vector: usize, tick: Tick) -> usize {
        let schedule = &mut self.schedule;
        *self.sample_index.entry((tick, vector)).or_insert_with(|| {
            schedule.samples.push(Sample { tick, vector, slot: schedule.slots });
            schedule.slots += schedule.vectors[vector].len();
            schedule.samples.len() - 1
        })
    }

    /// The index of an observable's vector. Within an `Across` it has one entry for each organisation.
    fn vector(&mut self, name: &str, many: Option<&mut Members>) -> Result<usize, String> {
        let scope = many.as_ref().map_or(String::new(), |many| many.scope.to_string());
        let key = (scope, name.to_owned());
        let vector = match self.vector_index.get(&key) {
            Some(&vector) => vector,
            None => {
                let observables = match &many {
                    Some(many) => self.observables_of_each(name, many)?,
                    None => vec![self.observable_of_scope(name)?],
                };
                self.schedule.vectors.push(observables);
                self.vector_index.insert(key, self.schedule.vectors.len() - 1);
                self.schedule.vectors.len() - 1
            }
        };
        if let Some(many) = many {
            let observables = self.schedule.vectors[vector].iter();
            many.has_it
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

    /// The observable over each organisation alone, in the order of the organisations. It is looked up
    /// once, over all of them, and then divided.
    fn observables_of_each(&self, name: &str, many: &Members) -> Result<Vec<Observable>, String> {
        let parsed = EachRef::parse(name).expect("checked observable");
        let whole = self.scenario.observable(&parsed.over(&many.scope))?;
        let mut place: Column<Organisation, usize> = Column::filled(usize::MAX, self.scenario.organisations.len());
        many.organisations.iter().enumerate().for_each(|(at, &organisation)| place[organisation] = at);
        let alone = |&organisation: &Ix<Organisation>| Observable {
            metric: whole.metric,
            organisations: vec![organisation],
            fleets: Vec::new(),
            services: Vec::new(),
            is_weighted: false,
        };
        let mut observables: Vec<Observable> = many.organisations.iter().map(alone).collect();
        for &fleet in &whole.fleets {
            let organisation = self.scenario.fleets[fleet].organisation;
            observables[place[organisation]].fleets.push(fleet);
        }
        for &service in &whole.services {
            let organisation = self.scenario.services[service].organisation;
            observables[place[organisation]].services.push(service);
        }
        Ok(observables)
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
