//! Pairs of a seat and a mitigation: what an order is worth by situation, time and target, and the class of the pair.
//!
//! The worth of an order is the score of a run with it less the score of the same run without it, on the same seed. A trial
//! on the first seed selects the targets; the worth of a cell is the median over seeds.
//!
//! Must not know scripted players.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::{Basis, Ground, Order, Situation, all_orders, points};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, MitigationEffect, Scenario, Seat, Target, WorldEffect};
use crate::session::parallel;
use crate::study::percentiles;

/// Hours from the first minute at which an order is possible, from the first alert on, to the minutes at which it is weighed.
pub const HOURS: [u32; 6] = [0, 1, 4, 8, 24, 72];
/// A pair with more targets is weighed for this many: the one worth most and the one worth least in the trial.
pub const TARGETS_MAX: usize = 2;
/// Points from which an order is right, or wrong if they are lost.
pub const WEIGHTY_POINTS: f64 = 2.0;
/// Points below which an order does not move the score.
pub const SLIGHT_POINTS: f64 = 0.5;
/// Situations of the trial.
const TRIED: [Situation; 2] = [Situation::Alone, Situation::History];

/// The time at which an order is weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// Tick 0. Preparations are given then; no other order counts for the class of a pair, because nothing has happened.
    AtStart,
    /// So many hours after the order is first possible, from the first alert on.
    Later(u32),
}

impl Given {
    pub fn words(self) -> String {
        match self {
            Self::AtStart => "at the start".to_owned(),
            Self::Later(0) => "when first possible".to_owned(),
            Self::Later(hours) => format!("{hours} h later"),
        }
    }
}

/// What an order is worth in one situation at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub order: Order,
    pub situation: Situation,
    pub given: Given,
    /// By seed, in points; none where the order is refused.
    pub worth: Vec<Option<f64>>,
}

impl Cell {
    /// The median over the seeds on which the order is accepted.
    pub fn median(&self) -> f64 {
        let known: Vec<f64> = self.worth.iter().flatten().copied().collect();
        let [_, median, _] = percentiles(&known);
        median
    }
}

/// The class of a pair by its best and its worst cell. Every pair has one class: the first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Never moves the score by half a point, or is never possible.
    Idle,
    /// Can be right and can be wrong, by two points.
    Decision,
    /// Never good: no cell gains half a point.
    NeverGood,
    /// No downside: no cell loses half a point.
    NoDownside,
    /// Can be right and wrong, by less than two points on one side.
    Slight,
}

impl Class {
    pub const ALL: [Self; 5] = [Self::Decision, Self::Slight, Self::NoDownside, Self::NeverGood, Self::Idle];

    /// The class of a pair whose cells are worth so many points.
    pub fn new(worths: impl IntoIterator<Item = f64>) -> Self {
        let (least, most) =
            worths.into_iter().fold((0.0_f64, 0.0_f64), |(least, most), worth| (least.min(worth), most.max(worth)));
        if most < SLIGHT_POINTS && -SLIGHT_POINTS < least {
            Self::Idle
        } else if WEIGHTY_POINTS <= most && least <= -WEIGHTY_POINTS {
            Self::Decision
        } else if most < SLIGHT_POINTS {
            Self::NeverGood
        } else if -SLIGHT_POINTS < least {
            Self::NoDownside
        } else {
            Self::Slight
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Decision => "right and wrong",
            Self::NeverGood => "never good",
            Self::NoDownside => "no downside",
            Self::Slight => "slight",
        }
    }
}

/// A mitigation that a seat may order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub mitigation: Ix<Mitigation>,
    pub is_preparation: bool,
    /// In the order of targets, situations and times; those of refused orders are missing.
    pub cells: Vec<Cell>,
    pub class: Class,
}

impl Pair {
    /// Cells that count for the class.
    pub fn judged(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| self.is_preparation || cell.given != Given::AtStart)
    }

    /// The cell that is worth most; none if the order is never possible.
    pub fn best(&self) -> Option<&Cell> {
        // Of equal cells the first one is named.
        self.judged().fold(None, |best: Option<&Cell>, cell| match best {
            Some(best) if cell.median() <= best.median() => Some(best),
            _ => Some(cell),
        })
    }

    /// The cell that is worth least.
    pub fn worst(&self) -> Option<&Cell> {
        self.judged().fold(None, |worst: Option<&Cell>, cell| match worst {
            Some(worst) if worst.median() <= cell.median() => Some(worst),
            _ => Some(cell),
        })
    }
}

/// What orders of a seat are worth on the first seed, each when it is first possible.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trial {
    worth: BTreeMap<Order, Vec<i64>>,
}

impl Trial {
    /// Does an order lose half a point in a situation of the trial?
    pub fn is_harmful(&self, order: Order) -> bool {
        self.worth.get(&order).is_some_and(|worths| worths.iter().any(|&worth| points(worth) <= -SLIGHT_POINTS))
    }

    /// The targets for which a mitigation is weighed.
    fn chosen(&self, mitigation: Ix<Mitigation>, orders: &[Order]) -> Vec<Order> {
        let all: Vec<Order> = orders.iter().copied().filter(|order| order.0 == mitigation).collect();
        let possible: Vec<Order> = all.iter().copied().filter(|order| self.worth.contains_key(order)).collect();
        if possible.is_empty() {
            return all.into_iter().take(TARGETS_MAX).collect();
        }
        if possible.len() <= TARGETS_MAX {
            return possible;
        }
        let most = |order: &Order| self.worth[order].iter().copied().max();
        let least = |order: &Order| self.worth[order].iter().copied().min();
        let best = possible.iter().rev().max_by_key(|order| most(order)).expect("there are some");
        let worst = possible.iter().min_by_key(|order| least(order)).expect("there are some");
        BTreeSet::from([*best, *worst]).into_iter().collect()
    }
}

/// Number of jobs of `trials` and of `measure`, for a progress bar.
pub(super) fn jobs(seats: u64, seeds: u64) -> u64 {
    seats * TRIED.len() as u64 + seats * seeds * Situation::ALL.len() as u64
}

/// The trial of each seat. `firsts` has each seat on the first seed.
pub(super) fn trials(firsts: &[&Basis], threads: usize, done: &(dyn Fn() + Sync)) -> Vec<Trial> {
    let tried = parallel::map(0..(firsts.len() * TRIED.len()) as u64, threads, |number| {
        let (basis, situation) = (firsts[number as usize / TRIED.len()], TRIED[number as usize % TRIED.len()]);
        let orders = all_orders(basis.scenario(), basis.seat);
        let ground = Ground::new(basis, situation, &orders, &[0]);
        let worth = |(&order, &tick): (&Order, &Tick)| Some((order, ground.score(&[(tick, order)])? - ground.base));
        let worths: Vec<(Order, i64)> = ground.first.iter().filter_map(worth).collect();
        done();
        worths
    });
    let trial = |of_seat: &[Vec<(Order, i64)>]| {
        let mut trial = Trial::default();
        for &(order, worth) in of_seat.iter().flatten() {
            trial.worth.entry(order).or_default().push(worth);
        }
        trial
    };
    tried.chunks(TRIED.len()).map(trial).collect()
}

/// The pairs of each seat with their cells. `bases` has all seeds of the first seat, then those of the next.
pub(super) fn measure(
    bases: &[Basis],
    seeds: usize,
    trials: &[Trial],
    threads: usize,
    done: &(dyn Fn() + Sync),
) -> Vec<Vec<Pair>> {
    let each = Situation::ALL.len();
    let chosen: Vec<Vec<Order>> =
        bases.chunks(seeds).zip(trials).map(|(of_seat, trial)| chosen(&of_seat[0], trial)).collect();
    let cells = parallel::map(0..(bases.len() * each) as u64, threads, |number| {
        let (at, situation) = (number as usize / each, Situation::ALL[number as usize % each]);
        let cells = cells(&bases[at], situation, &chosen[at / seeds]);
        done();
        cells
    });
    let of_seat = |(at, cells): (usize, &[Vec<Weighed>])| {
        pairs(bases[at * seeds].scenario(), bases[at * seeds].seat, cells, each)
    };
    cells.chunks(seeds * each).enumerate().map(of_seat).collect()
}

fn chosen(basis: &Basis, trial: &Trial) -> Vec<Order> {
    let scenario = basis.scenario();
    let orders = all_orders(scenario, basis.seat);
    scenario.seats[basis.seat].mitigations.iter().flat_map(|&mitigation| trial.chosen(mitigation, &orders)).collect()
}

/// A cell on one seed.
type Weighed = ((Order, Situation, Given), i64);

/// The worth of some orders in a situation on one seed at every time at which they are accepted.
fn cells(basis: &Basis, situation: Situation, orders: &[Order]) -> Vec<Weighed> {
    let ground = Ground::new(basis, situation, orders, &HOURS);
    let scenario = basis.scenario();
    let mut cells = Vec::new();
    for &order in orders {
        let is_preparation = scenario.mitigations[order.0].is_preparation;
        // An order before anything has happened is weighed only where nothing else is ordered.
        if ground.at_start.contains(&order)
            && (is_preparation || situation == Situation::Alone)
            && let Some(score) = ground.score(&[(Tick::ZERO, order)])
        {
            cells.push(((order, situation, Given::AtStart), score - ground.base));
        }
        if is_preparation {
            continue;
        }
        let (first, before) = match (ground.first.get(&order), unlocking(scenario, basis.seat, order.0)) {
            (Some(&first), _) => (first, Vec::new()),
            // An order that only a preparation makes possible is weighed beside that preparation.
            (None, Some(preparation)) => (basis.alert, vec![(Tick::ZERO, preparation)]),
            (None, None) => continue,
        };
        let base = if before.is_empty() { Some(ground.base) } else { ground.score(&before) };
        let Some(base) = base else { continue };
        for hours in HOURS {
            let orders = [&before[..], &[(first.plus(60 * hours), order)]].concat();
            if let Some(score) = ground.score(&orders) {
                cells.push(((order, situation, Given::Later(hours)), score - base));
            }
        }
    }
    cells
}

/// A preparation of the seat that raises a flag which a mitigation requires.
fn unlocking(scenario: &Scenario, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> Option<Order> {
    let requires = &scenario.mitigations[mitigation].requires;
    let raises = |index: &Ix<Mitigation>| match scenario.mitigations[*index].effect {
        MitigationEffect::World(WorldEffect::RaiseFlag { flag }) => requires.contains(&flag),
        _ => false,
    };
    let mut own = scenario.seats[seat].mitigations.iter().copied();
    let found = own.find(|index| scenario.mitigations[*index].is_preparation && raises(index))?;
    Some((found, Target::World))
}

/// The pairs of a seat from its cells: one list for each seed and situation.
fn pairs(scenario: &Scenario, seat: Ix<Seat>, weighed: &[Vec<Weighed>], each: usize) -> Vec<Pair> {
    let seeds = weighed.len() / each;
    let mut by_key: BTreeMap<(Order, Situation, Given), Vec<Option<f64>>> = BTreeMap::new();
    for (at, cells) in weighed.iter().enumerate() {
        for &(key, worth) in cells {
            by_key.entry(key).or_insert_with(|| vec![None; seeds])[at / each] = Some(points(worth));
        }
    }
    let pair = |&mitigation: &Ix<Mitigation>| {
        let own = by_key.iter().filter(|((order, ..), _)| order.0 == mitigation);
        let cell = |(&(order, situation, given), worth): (&(Order, Situation, Given), &Vec<Option<f64>>)| Cell {
            order,
            situation,
            given,
            worth: worth.clone(),
        };
        let is_preparation = scenario.mitigations[mitigation].is_preparation;
        let mut pair = Pair { mitigation, is_preparation, cells: own.map(cell).collect(), class: Class::Idle };
        pair.class = Class::new(pair.judged().map(Cell::median));
        pair
    };
    scenario.seats[seat].mitigations.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_and_the_worst_cell_make_the_class() {
        let check = |worths: &[f64], expected| assert_eq!(Class::new(worths.iter().copied()), expected, "{worths:?}");
        check(&[], Class::Idle);
        check(&[0.0, 0.0], Class::Idle);
        check(&[0.499, -0.499], Class::Idle);
        check(&[2.0, -2.0], Class::Decision);
        check(&[40.0, -1.999], Class::Slight);
        check(&[0.5, -0.5], Class::Slight);
        check(&[0.5, 30.0], Class::NoDownside);
        check(&[30.0, -0.499], Class::NoDownside);
        check(&[-0.5], Class::NeverGood);
        check(&[-30.0, 0.499], Class::NeverGood);
    }
}
