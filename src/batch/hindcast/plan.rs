//! What a run is asked, and when: measures as values at known ticks and folds over known intervals.
//!
//! Made once and shared by all runs. Equal observables are looked up once, equal samples taken once.

use std::collections::BTreeMap;

use crate::base::Tick;
use crate::scenario::compile::{Observable, Scenario};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::observable::{EachRef, Metric, ObservableRef, Scope};
use crate::scenario::schema::{Bound, Measure, Only, Statistic, Target};

/// Minutes between two values of a fold.
pub(super) const FOLD_EVERY_MIN: u32 = 5;

/// All that a run is asked.
#[derive(Debug, Default)]
pub struct Plan {
    /// One observable, or one for each organisation of an `Across`.
    pub(super) blocks: Vec<Vec<Observable>>,
    pub(super) samples: Vec<Sample>,
    /// Indices of samples by their ticks.
    pub(super) samples_by_tick: Vec<usize>,
    pub(super) folds: Vec<Fold>,
    /// One for each measure.
    pub(super) formulas: Vec<Formula>,
    /// Values that all samples make together.
    pub(super) slots: usize,
}

/// The values of a block at a tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub tick: Tick,
    pub block: usize,
    /// Where its values begin.
    pub slot: usize,
}

/// Something kept of the values of a block every five minutes, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    pub block: usize,
    pub from: Tick,
    pub to: Tick,
    pub keeps: Keeps,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Greatest,
    Least,
    Mean,
    /// When it passes the bound to stay for so many minutes.
    Passing(Bound, u32),
}

/// How a measure follows from samples and folds, by index.
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
    pub of: Formula,
    pub statistic: Statistic,
    /// Who is kept: those whose value is strictly on this side.
    pub only: Option<(Formula, Bound)>,
    /// Organisations meant by each one; 0 where it has nothing of what is measured.
    pub weights: Vec<f64>,
}

impl Plan {
    /// Plans the measures of targets that were checked against the scenario.
    ///
    /// # Errors
    /// Targets whose scopes, each of them right, have nothing in common.
    pub fn of_targets(scenario: &Scenario, targets: &[Target]) -> Result<Plan, Diagnostics> {
        Self::new(scenario, targets.iter().map(|target| (target.id.as_str(), &target.measure)))
    }

    /// Plans measures, each with the id of its target.
    ///
    /// # Errors
    /// The same.
    pub fn new<'m>(
        scenario: &Scenario,
        measures: impl IntoIterator<Item = (&'m str, &'m Measure)>,
    ) -> Result<Plan, Diagnostics> {
        let mut planner = Planner::new(scenario);
        let mut found = Diagnostics::default();
        for (id, measure) in measures {
            match planner.formula(measure, None) {
                Ok(formula) => planner.plan.formulas.push(formula),
                Err(message) => found.push(Diagnostic::about(format!("target `{id}`"), message)),
            }
        }
        if found.has_errors() { Err(found) } else { Ok(planner.finish()) }
    }

    /// Measures there are.
    pub fn measures(&self) -> usize {
        self.formulas.len()
    }

    /// The last tick at which anything is asked.
    pub fn until(&self) -> Tick {
        let samples = self.samples.iter().map(|sample| sample.tick);
        samples.chain(self.folds.iter().map(|fold| fold.to)).max().unwrap_or(Tick::ZERO)
    }
}

/// The organisations of an `Across` while its measure is planned.
struct Many {
    scope: Scope,
    organisations: Vec<u32>,
    /// Has each something of all that is measured?
    has_it: Vec<bool>,
}

struct Planner<'s> {
    scenario: &'s Scenario,
    plan: Plan,
    /// Blocks by the scope of the `Across` around them and their observable, as printed.
    block_of: BTreeMap<(String, String), usize>,
    sample_of: BTreeMap<(Tick, usize), usize>,
}

impl<'s> Planner<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        Self { scenario, plan: Plan::default(), block_of: BTreeMap::new(), sample_of: BTreeMap::new() }
    }

    fn finish(mut self) -> Plan {
        let mut order: Vec<usize> = (0..self.plan.samples.len()).collect();
        order.sort_by_key(|&sample| self.plan.samples[sample].tick);
        self.plan.samples_by_tick = order;
        self.plan
    }

    fn formula(&mut self, measure: &Measure, mut many: Option<&mut Many>) -> Result<Formula, String> {
        Ok(match measure {
            Measure::At(name, time) => {
                let block = self.block(name, many)?;
                Formula::Sample(self.sample(block, self.tick(time)))
            }
            Measure::Change(name, from, to) => {
                let block = self.block(name, many)?;
                let (from, to) = (self.tick(from), self.tick(to));
                Formula::Difference(self.sample(block, to), self.sample(block, from))
            }
            Measure::OnDay(name, date, region) => {
                let block = self.block(name, many)?;
                let (from, to) = self.day(date, region);
                Formula::Difference(self.sample(block, to), self.sample(block, from))
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
            Measure::Across(scope, of, statistic, only) => {
                assert!(many.is_none(), "an `Across` in another was checked");
                self.across(scope, of, *statistic, only.as_ref())?
            }
        })
    }

    fn across(
        &mut self,
        scope: &str,
        of: &Measure,
        statistic: Statistic,
        only: Option<&Only>,
    ) -> Result<Formula, String> {
        let parsed = Scope::parse(scope).expect("checked scope");
        // Any metric of organisations finds them.
        let found = self.scenario.observable(&ObservableRef { metric: Metric::PersonHours, scope: parsed.clone() })?;
        let organisations = found.organisations;
        let mut many = Many { scope: parsed, has_it: vec![true; organisations.len()], organisations };
        let of = self.formula(of, Some(&mut many))?;
        let only = match only {
            None => None,
            Some(Only::Above(measure, value)) => Some((self.formula(measure, Some(&mut many))?, Bound::Above(*value))),
            Some(Only::Below(measure, value)) => Some((self.formula(measure, Some(&mut many))?, Bound::Below(*value))),
        };
        if !many.has_it.contains(&true) {
            return Err(format!("no organisation of `{scope}` has what is measured"));
        }
        let meant = |organisation: u32| {
            let of = &self.scenario.organisations[organisation as usize];
            of.stands_for * f64::from(of.comprises)
        };
        let pairs = many.organisations.iter().zip(&many.has_it);
        let weights = pairs.map(|(&organisation, &has_it)| if has_it { meant(organisation) } else { 0.0 }).collect();
        Ok(Formula::Across(Box::new(Across { of, statistic, only, weights })))
    }

    fn fold(
        &mut self,
        name: &str,
        from: &str,
        to: Option<&str>,
        keeps: Keeps,
        many: Option<&mut Many>,
    ) -> Result<Formula, String> {
        let block = self.block(name, many)?;
        let to = to.map_or(self.scenario.horizon, |to| self.tick(to));
        self.plan.folds.push(Fold { block, from: self.tick(from), to, keeps });
        Ok(Formula::Fold(self.plan.folds.len() - 1))
    }

    fn sample(&mut self, block: usize, tick: Tick) -> usize {
        let plan = &mut self.plan;
        *self.sample_of.entry((tick, block)).or_insert_with(|| {
            plan.samples.push(Sample { tick, block, slot: plan.slots });
            plan.slots += plan.blocks[block].len();
            plan.samples.len() - 1
        })
    }

    /// The block of an observable, which for `each` has one for each organisation.
    fn block(&mut self, name: &str, many: Option<&mut Many>) -> Result<usize, String> {
        let scope = many.as_ref().map_or(String::new(), |many| many.scope.to_string());
        let key = (scope, name.to_owned());
        let block = match self.block_of.get(&key) {
            Some(&block) => block,
            None => {
                let observables = match &many {
                    Some(many) => self.of_each(name, many)?,
                    None => vec![self.of_scope(name)?],
                };
                self.plan.blocks.push(observables);
                self.block_of.insert(key, self.plan.blocks.len() - 1);
                self.plan.blocks.len() - 1
            }
        };
        if let Some(many) = many {
            let observables = self.plan.blocks[block].iter();
            many.has_it.iter_mut().zip(observables).for_each(|(has_it, of)| *has_it &= has_something(of));
        }
        Ok(block)
    }

    fn of_scope(&self, name: &str) -> Result<Observable, String> {
        let parsed = ObservableRef::parse(name).expect("checked observable");
        let observable = self.scenario.observable(&parsed)?;
        if has_something(&observable) { Ok(observable) } else { Err(format!("`{name}` is measured over nothing")) }
    }

    /// The observable of each organisation alone, in their order; looked up once for all of them.
    fn of_each(&self, name: &str, many: &Many) -> Result<Vec<Observable>, String> {
        let parsed = EachRef::parse(name).expect("checked observable");
        let whole = self.scenario.observable(&parsed.over(&many.scope))?;
        let mut place = vec![usize::MAX; self.scenario.organisations.len()];
        many.organisations.iter().enumerate().for_each(|(at, &organisation)| place[organisation as usize] = at);
        let alone = |&organisation: &u32| Observable {
            metric: whole.metric,
            organisations: vec![organisation],
            fleets: Vec::new(),
            services: Vec::new(),
            is_weighted: false,
        };
        let mut observables: Vec<Observable> = many.organisations.iter().map(alone).collect();
        for &fleet in &whole.fleets {
            let organisation = self.scenario.fleets[fleet as usize].organisation;
            observables[place[organisation as usize]].fleets.push(fleet);
        }
        for &service in &whole.services {
            let organisation = self.scenario.services[service as usize].organisation;
            observables[place[organisation as usize]].services.push(service);
        }
        Ok(observables)
    }

    fn tick(&self, time: &str) -> Tick {
        self.scenario.start.tick_of(time).expect("checked time")
    }

    /// Begin and end of a local day, cut to the run.
    fn day(&self, date: &str, region: &str) -> (Tick, Tick) {
        let regions = &self.scenario.docs.world.regions;
        let region = regions.iter().find(|entry| entry.id == region).expect("checked region");
        let day = self.scenario.start.day(date, region.utc_offset_min).expect("checked day");
        let inside = |minute: i64| Tick(minute.clamp(0, i64::from(self.scenario.horizon.0)) as u32);
        (inside(day.start), inside(day.end))
    }
}

/// Is there anything that the observable's metric speaks of?
fn has_something(of: &Observable) -> bool {
    if of.metric.is_of_hosts() {
        !of.fleets.is_empty()
    } else if of.metric.is_of_services() {
        !of.services.is_empty()
    } else {
        !of.organisations.is_empty()
    }
}
