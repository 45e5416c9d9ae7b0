//! What everything about a seat on one seed is measured against: its comparison runs, the first alert, the orders of par,
//! and runs of three situations from which forks begin.
//!
//! Invariant: everything is compared within one seed, so that all compared runs have their random numbers in common.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assess::comparisons::{ComparisonRuns, comparison_runs_on, comparison_setup};
use crate::assess::score::{Judgement, harm_left, judge, judge_values, reference_score};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Scenario, Seat, Target};
use crate::scenario::schema::{DO_NOTHING, PAR, REFERENCE};
use crate::session::fork::{TRUNK_BYTES, Trunk};
use crate::session::run::{Keeps, play};
use crate::session::{Cast, Change, LogEntry, Origin, Record, Run, Sampling, Setup, Timeline};
use crate::sim::messages::{is_addressed, reaches};
use crate::sim::possible::possible_with;
use crate::sim::world::Moment;
use crate::sim::{Command, Issuer, Refusal, command};

/// Minutes between two looks for orders that have become possible, and between two tries of a refused order.
pub(super) const LOOK_MIN: u32 = 5;

/// A mitigation with its target.
pub type Order = (Ix<Mitigation>, Target);

/// Thousandths in a point.
const MILLI: f64 = 1000.0;

/// The score of a judgement in thousandths of a point: scores are whole thousandths.
fn milli(judgement: &Judgement) -> i64 {
    thousandths(judgement.score)
}

/// Points as thousandths.
pub(super) fn thousandths(points: f64) -> i64 {
    (points * MILLI).round() as i64
}

/// Thousandths as points.
pub(super) fn points(milli: i64) -> f64 {
    milli as f64 / MILLI
}

/// The plan beside which an order is weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// The seat gives no other order.
    Alone,
    /// The seat does what was done.
    History,
    /// The seat follows the best known playbook.
    Par,
}

impl Situation {
    pub const ALL: [Self; 3] = [Self::Alone, Self::History, Self::Par];

    pub fn word(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::History => "beside history",
            Self::Par => "beside par",
        }
    }

    fn playbook(self) -> &'static str {
        match self {
            Self::Alone => DO_NOTHING,
            Self::History => REFERENCE,
            Self::Par => PAR,
        }
    }
}

/// A seat on one seed.
#[derive(Debug)]
pub(super) struct Basis {
    pub seat: Ix<Seat>,
    /// The scenario and the seed, without a cast.
    setup: Setup,
    pub comparisons: ComparisonRuns,
    /// The boundary from which the seat has its first urgent message; the beginning of the incident if it gets none.
    pub alert: Tick,
    /// Mitigations that a missing flag refuses at the first alert.
    pub waiting: Vec<Ix<Mitigation>>,
    /// The orders of par in the order given.
    pub par: Vec<(Tick, Order)>,
}

impl Basis {
    pub fn new(scenario: &Arc<Scenario>, seat: Ix<Seat>, seed: u64) -> Self {
        let setup = Setup { scenario: morning(scenario, seed), seed, cast: Cast::default() };
        let mut runs = comparison_runs_on(&Run::new(setup.clone()), &[seat], 1, &|_| ());
        let comparisons = runs.remove(&seat).expect("the comparison runs of the seat");
        let (alert, waiting) = first_alert(&setup, seat);
        let par = orders_of_par(&setup, seat);
        Self { seat, setup, comparisons, alert, waiting, par }
    }

    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.setup.scenario
    }

    pub fn seed(&self) -> u64 {
        self.setup.seed
    }

    pub fn by(&self) -> Issuer {
        Issuer::Seat(self.seat)
    }

    /// The run in which the seat follows a playbook, or a person who has given no order yet.
    pub fn setup(&self, cast: Cast) -> Setup {
        Setup { cast, ..self.setup.clone() }
    }

    fn situation(&self, situation: Situation) -> Setup {
        comparison_setup(&self.setup, &[self.seat], situation.playbook())
    }

    /// The score of a finished run in thousandths.
    pub fn score(&self, run: &Run) -> i64 {
        milli(&judge(&run.world, self.seat, &self.comparisons))
    }

    /// The score of values of the seat's objectives in thousandths.
    fn score_of_values(&self, values: &[f64]) -> i64 {
        milli(&judge_values(self.scenario(), self.seat, values, &self.comparisons))
    }

    /// The share of the harm if nobody acts that values of the seat's objectives leave, by the weights as written.
    pub fn left_of_values(&self, values: &[f64]) -> f64 {
        let do_nothing = self.comparisons.do_nothing.objectives_at(self.seat, self.scenario().horizon);
        let do_nothing = do_nothing.expect("comparison runs sample the objectives of their seat");
        harm_left(self.scenario(), self.seat, values, do_nothing)
    }

    /// The same at the end of a record that samples the seat.
    pub fn left_of_record(&self, record: &Record) -> f64 {
        let values = record.objectives_at(self.seat, self.scenario().horizon);
        self.left_of_values(values.expect("the record samples the objectives of its seat"))
    }

    /// The score at the end of a record that samples the seat.
    pub fn score_of_record(&self, record: &Record) -> i64 {
        let values = record.objectives_at(self.seat, self.scenario().horizon);
        self.score_of_values(values.expect("the record samples the objectives of its seat"))
    }
}

/// The score of history on the morning of a seed, on the scale of that morning.
pub(super) fn score_of_history(scenario: &Arc<Scenario>, seat: Ix<Seat>, seed: u64) -> f64 {
    let setup = Setup { scenario: morning(scenario, seed), seed, cast: Cast::default() };
    let run = Run::new(setup);
    let comparisons = comparison_runs_on(&run, &[seat], 1, &|_| ()).remove(&seat).expect("the runs of the seat");
    reference_score(&judge(&run.world, seat, &comparisons))
}

/// The scenario on the morning of a seed.
///
/// # Panics
/// If its figures cannot be simulated, which `uncertain::check` rules out.
fn morning(written: &Arc<Scenario>, seed: u64) -> Arc<Scenario> {
    written.on_morning(seed).expect("both ends of all ranges passed the check")
}

/// Every order that a seat could ever give, in the order of its list.
pub(super) fn all_orders(scenario: &Arc<Scenario>, seat: Ix<Seat>) -> Vec<Order> {
    let setup = Setup { scenario: scenario.clone(), seed: 1, cast: Cast::default() };
    let world = Run::new(setup).world;
    let row = |&mitigation: &Ix<Mitigation>| possible_with(&world, Issuer::Seat(seat), mitigation);
    let rows = scenario.seats[seat].mitigations.iter().map(row);
    rows.flat_map(|row| row.targets.into_iter().map(move |(target, _)| (row.mitigation, target))).collect()
}

/// Nothing but the end of the run is read.
fn keeps(scenario: &Scenario) -> Keeps {
    Keeps { digests_every_min: scenario.horizon.0.max(1), sampling: Sampling::Ends }
}

/// The boundary of the first urgent message to a seat that gives no order, and the mitigations that wait for a flag then.
fn first_alert(setup: &Setup, seat: Ix<Seat>) -> (Tick, Vec<Ix<Mitigation>>) {
    let scenario = &setup.scenario;
    let start = || Run::for_outcomes(comparison_setup(setup, &[seat], DO_NOTHING));
    let mut run = start();
    let is_alert = |run: &Run, moment: Moment| match moment {
        Moment::Inject(inject) => {
            scenario.docs.injects[inject.position()].urgent
                && is_addressed(scenario, inject, seat)
                && reaches(&run.world, inject, seat)
        }
        Moment::Event(_) => false,
    };
    while !run.world.is_over() && !run.moments.iter().any(|&(_, moment)| is_alert(&run, moment)) {
        run.moments.clear();
        run.step();
    }
    if run.world.is_over() {
        run = start();
        run.advance_to(scenario.incident);
    }
    let waits = |&mitigation: &Ix<Mitigation>| {
        let row = possible_with(&run.world, Issuer::Seat(seat), mitigation);
        row.targets.iter().any(|(_, verdict)| matches!(verdict, Err(Refusal::FlagMissing(_))))
    };
    let waiting = scenario.seats[seat].mitigations.iter().copied().filter(waits).collect();
    (run.world.tick(), waiting)
}

/// The orders that the seat's playbook gives where the seat follows par.
fn orders_of_par(setup: &Setup, seat: Ix<Seat>) -> Vec<(Tick, Order)> {
    let scenario = &setup.scenario;
    let Some(par) = scenario.playbook_of_seat(seat, PAR) else { return Vec::new() };
    let run = play(&comparison_setup(setup, &[seat], PAR), keeps(scenario), |_| Tick(u32::MAX));
    let order = |entry: &LogEntry| match (&entry.origin, entry.command) {
        (Origin::Playbook(id), Command::Order { mitigation, target, .. }) if id.playbook == par => {
            Some((entry.tick, (mitigation, target)))
        }
        _ => None,
    };
    run.log.iter().filter_map(order).collect()
}

/// A run of a situation, from which forks with further orders begin.
pub(super) struct Ground<'a> {
    pub basis: &'a Basis,
    timeline: Timeline,
    /// The course of the seat's organisations; none if it may depend on any organisation.
    trunk: Option<Trunk>,
    /// Orders with the first minute from the first alert on at which they are accepted; for preparations, tick 0.
    pub first: BTreeMap<Order, Tick>,
    /// Orders that are accepted at tick 0.
    pub at_start: BTreeSet<Order>,
    /// The score without a further order, in thousandths.
    pub base: i64,
}

impl<'a> Ground<'a> {
    /// Plays a situation and looks for the first minutes of some orders. Forks begin so many hours after these.
    pub fn new(basis: &'a Basis, situation: Situation, orders: &[Order], hours: &[u32]) -> Self {
        Self::within(basis, situation, orders, hours, TRUNK_BYTES)
    }

    /// The same with so many bytes for the states from which forks begin. With less of it, forks take longer.
    pub fn within(basis: &'a Basis, situation: Situation, orders: &[Order], hours: &[u32], bytes_max: usize) -> Self {
        let scenario = basis.scenario().clone();
        let mut timeline = Timeline::for_outcomes(basis.situation(situation));
        let accepted = |timeline: &Timeline, &(mitigation, target): &Order| {
            command::check(&timeline.run().world, &Command::Order { by: basis.by(), mitigation, target }).is_ok()
        };
        let at_start: BTreeSet<Order> = orders.iter().copied().filter(|order| accepted(&timeline, order)).collect();
        let (preparations, mut unseen): (Vec<Order>, Vec<Order>) =
            orders.iter().partition(|(mitigation, _)| scenario.mitigations[*mitigation].is_preparation);
        let mut first: BTreeMap<Order, Tick> = preparations
            .into_iter()
            .filter(|order| at_start.contains(order))
            .map(|order| (order, Tick::ZERO))
            .collect();
        timeline.advance_to(basis.alert);
        while !timeline.run().world.is_over() {
            let now = timeline.run().world.tick();
            // Many forks begin at equal times after the alert.
            if hours.contains(&(now.since(basis.alert) / 60)) && now.since(basis.alert).is_multiple_of(60) {
                timeline.take_snapshot();
            }
            unseen.retain(|order| {
                let is_open = accepted(&timeline, order);
                if is_open {
                    first.insert(*order, now);
                }
                !is_open
            });
            timeline.advance_to(now.plus(LOOK_MIN));
        }
        let later = |tick: &Tick| hours.iter().map(|hours| tick.plus(60 * hours)).collect::<Vec<_>>();
        let starts: BTreeSet<Tick> = first.values().flat_map(later).filter(|tick| *tick < scenario.horizon).collect();
        let starts: Vec<Tick> = starts.into_iter().collect();
        // The score may read organisations that the seat does not direct.
        let seat = &scenario.seats[basis.seat];
        let read = seat.objectives.iter().flat_map(|observable| observable.organisations.iter());
        let trunk = timeline.trunk(seat.organisations.iter().chain(read).copied(), &starts, bytes_max);
        if trunk.is_some() {
            // Few forks need the whole world.
            timeline.thin(bytes_max / 4);
        }
        let base = basis.score(timeline.run());
        Self { basis, timeline, trunk, first, at_start, base }
    }

    /// The command of an order.
    pub fn command(&self, (mitigation, target): Order) -> Command {
        Command::Order { by: self.basis.by(), mitigation, target }
    }

    /// The share of the harm that is left with some more orders; none if one of them is refused or comes after the end.
    pub fn left(&self, orders: &[(Tick, Order)]) -> Option<f64> {
        self.values(orders).map(|values| self.basis.left_of_values(&values))
    }

    /// The score with some more orders in thousandths; none if one of them is refused or comes after the end.
    pub fn score(&self, orders: &[(Tick, Order)]) -> Option<i64> {
        self.values(orders).map(|values| self.basis.score_of_values(&values))
    }

    /// The values of the seat's objectives with some more orders.
    fn values(&self, orders: &[(Tick, Order)]) -> Option<Vec<f64>> {
        let horizon = self.basis.scenario().horizon;
        if orders.iter().any(|&(tick, _)| horizon <= tick) {
            return None;
        }
        let change =
            orders.iter().fold(Change::default(), |change, &(tick, order)| change.and_add(tick, self.command(order)));
        let objectives = &self.basis.scenario().seats[self.basis.seat].objectives;
        let in_trunk = self.trunk.as_ref().and_then(|trunk| self.timeline.fork_values_in(trunk, &change, objectives));
        in_trunk.unwrap_or_else(|| self.timeline.fork_values(&change, objectives)).ok()
    }
}
