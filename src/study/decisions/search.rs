//! Searches a strong plan of a seat: the orders of par.
//!
//! A plan is judged by what is left of the harm: the weighted sum over objectives of its value divided by the value if
//! nobody acts, as the mean over several seeds. So the scale needs no par. Every order goes through the door of the seat,
//! so that a plan holds nothing that a person in the seat could not order at that time. The search adds the order that
//! helps most beside those before, leaves out what helps nothing, and moves orders in time, until a round finds nothing.
//!
//! Invariant: equal scenarios, seeds and rounds give equal plans, whatever the number of threads.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::ground::{Basis, Ground, Order, Situation, all_orders};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::parallel;

/// Hours after the first possible minute at which the search tries to add an order.
const HOURS: [u32; 4] = [0, 3, 9, 24];
/// Steps in minutes by which orders are moved.
const MOVES_MIN: [i64; 8] = [-480, -120, -30, -5, 5, 30, 120, 480];
/// Orders that a round tries to add beside each other: the best of those tried alone.
const POOL_MAX: usize = 24;
/// Bytes for the states from which the forks of all seeds begin.
const BYTES: usize = 2 << 30;
/// A smaller share of the harm is no gain.
const GAIN_MIN: f64 = 0.0005;

/// A plan with what it leaves of the harm.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// In the order of time.
    pub orders: Vec<(Tick, Order)>,
    /// Share of the harm if nobody acts that is left, on the seeds of the search and on as many others.
    pub left: f64,
    pub left_elsewhere: f64,
    /// The same for the par of the scenario.
    pub par_left: f64,
    pub par_left_elsewhere: f64,
    pub rounds: u32,
}

/// The extent of a search.
#[derive(Clone, Copy, Debug)]
pub struct SearchOptions {
    pub seat: Ix<Seat>,
    /// Seeds from 1 on.
    pub seeds: u64,
    pub rounds: u32,
    pub threads: usize,
}

/// Searches a plan. `news` is told of each step of the search with the share of the harm that is left; on `Break` the best
/// plan so far is the result.
pub fn search(
    scenario: &Arc<Scenario>,
    options: SearchOptions,
    news: &mut dyn FnMut(u32, f64) -> ControlFlow<()>,
) -> Searched {
    let bases = bases(scenario, options, 0);
    let orders = all_orders(scenario, options.seat);
    let is_in_time = |order: &&Order| !scenario.mitigations[order.0].is_preparation;
    let orders: Vec<Order> = orders.iter().filter(is_in_time).copied().collect();
    let grounds = grounds(&bases, &orders, options.threads);
    let field = Field { grounds: &grounds, threads: options.threads };
    let mut plan = field.feasible(&bases[0].par);
    let mut left = field.left(&plan).expect("the plan is feasible");
    let mut rounds = 0;
    while rounds < options.rounds {
        let before = left;
        rounds += 1;
        for step in [Field::add, Field::prune, Field::shift] {
            (plan, left) = step(&field, plan, left, &orders);
            if news(rounds, left).is_break() {
                rounds = options.rounds;
            }
        }
        if before - left < GAIN_MIN {
            break;
        }
    }
    let left_by_par = par_left(&bases);
    drop(grounds);
    drop(bases);
    let others = self::bases(scenario, options, options.seeds);
    let elsewhere = self::grounds(&others, &orders, options.threads);
    let elsewhere = Field { grounds: &elsewhere, threads: options.threads };
    Searched {
        left,
        left_elsewhere: elsewhere.left(&elsewhere.feasible(&plan)).expect("the plan is feasible"),
        par_left: left_by_par,
        par_left_elsewhere: par_left(&others),
        orders: plan,
        rounds,
    }
}

fn bases(scenario: &Arc<Scenario>, options: SearchOptions, after: u64) -> Vec<Basis> {
    parallel::map(0..options.seeds, options.threads, |number| Basis::new(scenario, options.seat, 1 + after + number))
}

fn grounds<'a>(bases: &'a [Basis], orders: &[Order], threads: usize) -> Vec<Ground<'a>> {
    parallel::map(0..bases.len() as u64, threads, |number| {
        Ground::within(&bases[number as usize], Situation::Alone, orders, &HOURS, BYTES / bases.len())
    })
}

fn par_left(bases: &[Basis]) -> f64 {
    bases.iter().map(|basis| basis.left_of_record(&basis.comparisons.par)).sum::<f64>() / bases.len() as f64
}

/// The seeds on which plans are judged.
struct Field<'a> {
    grounds: &'a [Ground<'a>],
    threads: usize,
}

type Plan = Vec<(Tick, Order)>;

impl Field<'_> {
    /// The mean share of the harm that a plan leaves; none if a seed refuses one of its orders.
    fn left(&self, plan: &Plan) -> Option<f64> {
        let each =
            parallel::map(0..self.grounds.len() as u64, self.threads, |seed| self.grounds[seed as usize].left(plan));
        let sum: Option<f64> = each.into_iter().sum();
        sum.map(|sum| sum / self.grounds.len() as f64)
    }

    /// The orders of a plan that are accepted on all seeds, each at its time or soon after.
    fn feasible(&self, wished: &Plan) -> Plan {
        let mut plan = Plan::new();
        for &(tick, order) in wished {
            let at = [0, 5, 15, 30, 60, 120].into_iter().map(|minutes| with(&plan, (tick.plus(minutes), order)));
            if let Some(longer) = at.into_iter().find(|longer| self.left(longer).is_some()) {
                plan = longer;
            }
        }
        plan
    }

    /// Adds orders one after another, each time the one that gains most beside those before.
    fn add(&self, mut plan: Plan, mut left: f64, orders: &[Order]) -> (Plan, f64) {
        let first = &self.grounds[0];
        let tries: Vec<(Tick, Order)> = orders
            .iter()
            .filter_map(|order| Some((*first.first.get(order)?, *order)))
            .flat_map(|(tick, order)| HOURS.map(|hours| (tick.plus(60 * hours), order)))
            .collect();
        let here = first.left(&plan).expect("the plan is feasible");
        let alone = parallel::map(0..tries.len() as u64, self.threads, |number| {
            first.left(&with(&plan, tries[number as usize]))
        });
        let gain = |(tried, left): (&(Tick, Order), Option<f64>)| Some((*tried, here - left?));
        let mut pool: Vec<((Tick, Order), f64)> = tries.iter().zip(alone).filter_map(gain).collect();
        pool.retain(|&(_, gain)| GAIN_MIN < gain);
        pool.sort_by(|one, other| other.1.total_cmp(&one.1));
        pool.truncate(POOL_MAX);
        loop {
            let tried: Vec<Option<f64>> = pool.iter().map(|&(tried, _)| self.left(&with(&plan, tried))).collect();
            let of_pool = pool.iter().zip(tried).filter_map(|(&(tried, _), left)| Some((tried, left?)));
            let best = of_pool.reduce(|best, next| if next.1 < best.1 { next } else { best });
            let Some((tried, less)) = best.filter(|&(_, less)| less + GAIN_MIN < left) else { return (plan, left) };
            plan = with(&plan, tried);
            left = less;
            pool.retain(|&(other, _)| other != tried);
        }
    }

    /// Leaves out orders that help nothing, the last one first.
    fn prune(&self, mut plan: Plan, mut left: f64, _orders: &[Order]) -> (Plan, f64) {
        for at in (0..plan.len()).rev() {
            let mut shorter = plan.clone();
            shorter.remove(at);
            if let Some(less) = self.left(&shorter).filter(|&less| less < left + GAIN_MIN / 5.0) {
                (plan, left) = (shorter, less);
            }
        }
        (plan, left)
    }

    /// Moves orders in time where that helps.
    fn shift(&self, mut plan: Plan, mut left: f64, _orders: &[Order]) -> (Plan, f64) {
        for order in plan.clone() {
            let Some(at) = plan.iter().position(|other| *other == order) else { continue };
            let mut rest = plan.clone();
            rest.remove(at);
            let moved = MOVES_MIN.into_iter().filter_map(|minutes| {
                let tick = u32::try_from(i64::from(order.0.0) + minutes).ok()?;
                let moved = with(&rest, (Tick(tick), order.1));
                Some((self.left(&moved)?, moved))
            });
            let best = moved.reduce(|best, next| if next.0 < best.0 { next } else { best });
            if let Some((less, moved)) = best.filter(|(less, _)| *less + GAIN_MIN / 5.0 < left) {
                (plan, left) = (moved, less);
            }
        }
        (plan, left)
    }
}

/// A plan with one more order, in the order of time; of equal times the new one last.
fn with(plan: &Plan, order: (Tick, Order)) -> Plan {
    let mut longer = plan.clone();
    let at = longer.partition_point(|other| other.0 <= order.0);
    longer.insert(at, order);
    longer
}
