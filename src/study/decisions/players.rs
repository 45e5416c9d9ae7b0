//! Scripted players: small strategies that give orders as trainees do, each on every seed.
//!
//! A refused order is passed over. Players differ in the orders of their plan alone.

use std::collections::BTreeSet;

use super::ground::{Basis, Ground, Order, Situation, all_orders, points, thousandths};
use super::pairs::{Given, HOURS, Pair, Trial};
use super::plan::{Plan, Played, Wish, play};
use crate::base::draw::Stream;
use crate::base::{Draw, Ix, Tick};
use crate::scenario::compile::{Mitigation, MitigationEffect, OrganisationEffect, ServiceEffect};
use crate::scenario::schema::{Group, REFERENCE};
use crate::session::{self, Cast};
use crate::sim::Command;
use crate::study::{novices, percentiles};

/// Minutes from the first alert to the orders of a player that orders much at once.
pub const READING_MIN: u32 = 30;
/// Orders from which the best three are chosen.
pub const CANDIDATES_MAX: usize = 12;
/// Orders of the player *three orders*.
const THREE: usize = 3;
/// Minutes for which the player *three orders* tries an order that another seed refuses.
const TRIES_MIN: u32 = 60;

/// A scripted player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Player {
    EverythingAtAlert,
    SensibleAtAlert,
    EverythingEarly,
    ParEarly,
    ParUnknown,
    ParLate(u32),
    FirstFive,
    AtRandom(u32),
    Words,
    Hiring,
    Waiting,
    Reimaging,
    Prepared,
    OneOrder,
    ThreeOrders,
    Novice,
    History,
    Par,
}

impl Player {
    pub const ALL: [Self; 20] = [
        Self::EverythingAtAlert,
        Self::SensibleAtAlert,
        Self::EverythingEarly,
        Self::ParEarly,
        Self::ParUnknown,
        Self::ParLate(4),
        Self::ParLate(8),
        Self::FirstFive,
        Self::AtRandom(5),
        Self::AtRandom(30),
        Self::Words,
        Self::Hiring,
        Self::Waiting,
        Self::Reimaging,
        Self::Prepared,
        Self::OneOrder,
        Self::ThreeOrders,
        Self::Novice,
        Self::History,
        Self::Par,
    ];

    pub fn words(self) -> String {
        match self {
            Self::EverythingAtAlert => "everything at the first alert".to_owned(),
            Self::SensibleAtAlert => "everything sensible at the first alert".to_owned(),
            Self::EverythingEarly => "everything at the first legal minute".to_owned(),
            Self::ParEarly => "par at the first legal minute".to_owned(),
            Self::ParUnknown => "par with what is not yet known".to_owned(),
            Self::ParLate(hours) => format!("par {hours} h late"),
            Self::FirstFive => "first five in the list".to_owned(),
            Self::AtRandom(count) => format!("{count} at random"),
            Self::Words => "only words".to_owned(),
            Self::Hiring => "only hiring".to_owned(),
            Self::Waiting => "only waiting for the vendor".to_owned(),
            Self::Reimaging => "re-imaging everything".to_owned(),
            Self::Prepared => "preparation alone".to_owned(),
            Self::OneOrder => "any one order".to_owned(),
            Self::ThreeOrders => "any three orders".to_owned(),
            Self::Novice => "dutiful novice".to_owned(),
            Self::History => "history".to_owned(),
            Self::Par => "par".to_owned(),
        }
    }

    /// Does the player know what orders are worth?
    pub(super) fn needs_pairs(self) -> bool {
        matches!(self, Self::SensibleAtAlert | Self::OneOrder | Self::ThreeOrders)
    }
}

/// A player in a seat, on every seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Performance {
    pub player: Player,
    /// In points, by seed.
    pub scores: Vec<f64>,
    /// Accepted orders, by seed.
    pub given: Vec<usize>,
    /// Orders that were never accepted, by seed.
    pub refused: Vec<usize>,
    /// Orders accepted before the first alert, preparations left out, by seed.
    pub given_before_sign: Vec<usize>,
}

impl Performance {
    pub fn median(&self) -> f64 {
        let [_, median, _] = percentiles(&self.scores);
        median
    }
}

/// What players know of a seat beside the seat itself.
pub(super) struct Known<'a> {
    /// None if pairs were not measured.
    pub trial: Option<&'a Trial>,
    pub pairs: &'a [Pair],
    /// The best three orders with their ticks on the first seed.
    pub three: &'a [(Tick, Order)],
}

/// A player in a seat on one seed; several ends if the player has several plans, and none if it has nothing to order.
/// `number` is that of the seed, from 0.
pub(super) fn ends(player: Player, basis: &Basis, number: usize, known: &Known) -> Vec<Played> {
    let end = |milli: i64| Played { milli, ..Played::default() };
    match player {
        Player::History => vec![end(basis.score_of_record(&basis.comparisons.reference))],
        Player::Par => vec![end(basis.score_of_record(&basis.comparisons.par))],
        Player::Novice => vec![novice(basis)],
        Player::OneOrder => one_order(basis, number, known.pairs).into_iter().collect(),
        _ => plans(player, basis, known).iter().map(|plan| play(basis, plan)).collect(),
    }
}

/// The player in a seat over all seeds: the plan with the highest median. None if the player has nothing to order.
pub(super) fn performance(player: Player, by_seed: &[Vec<Played>]) -> Option<Performance> {
    let plans = by_seed.iter().map(Vec::len).min().filter(|plans| 0 < *plans)?;
    let of_plan = |plan: usize| {
        let column = |value: fn(&Played) -> usize| by_seed.iter().map(|ends| value(&ends[plan])).collect();
        Performance {
            player,
            scores: by_seed.iter().map(|ends| points(ends[plan].milli)).collect(),
            given: column(|played| played.given),
            refused: column(|played| played.refused),
            given_before_sign: column(|played| played.given_before_sign),
        }
    };
    (0..plans).map(of_plan).reduce(|best, other| if best.median() < other.median() { other } else { best })
}

/// The plans of a player that plans; without an order to give there is none.
fn plans(player: Player, basis: &Basis, known: &Known) -> Vec<Plan> {
    let (alert, horizon) = (basis.alert, basis.scenario().horizon);
    let orders = orders(basis, false);
    let at_alert =
        |orders: Vec<Order>| Plan::new(orders.into_iter().map(|order| Wish::once(order, alert.plus(READING_MIN))));
    let as_they_open = |is_chosen: &dyn Fn(Ix<Mitigation>) -> bool| {
        let chosen = orders.iter().copied().filter(|(mitigation, _)| is_chosen(*mitigation));
        Plan::new(chosen.map(|order| Wish { order, from: alert, until: horizon }))
    };
    let group = |mitigation: Ix<Mitigation>| basis.scenario().docs.mitigations[mitigation.position()].group;
    let plan = match player {
        Player::EverythingAtAlert => at_alert(orders),
        Player::SensibleAtAlert => {
            let is_harmful = |order: &Order| known.trial.is_some_and(|trial| trial.is_harmful(*order));
            at_alert(orders.into_iter().filter(|order| !is_harmful(order)).collect())
        }
        Player::EverythingEarly => {
            Plan::new(orders.into_iter().map(|order| Wish { order, from: Tick::ZERO, until: horizon }))
        }
        Player::ParEarly => par_as_it_opens(basis, alert),
        Player::ParUnknown => par_as_it_opens(basis, Tick::ZERO),
        Player::ParLate(hours) => {
            Plan::new(basis.par.iter().map(|&(tick, order)| Wish::once(order, tick.plus(60 * hours))))
        }
        Player::FirstFive => Plan { given_max: 5, is_one_target_each: true, ..at_alert(orders) },
        Player::AtRandom(count) => Plan { given_max: count as usize, ..at_alert(shuffled(orders, basis.seed())) },
        Player::Words => as_they_open(&|mitigation| group(mitigation) == Group::Communication),
        Player::Hiring => as_they_open(&|mitigation| group(mitigation) == Group::People),
        Player::Waiting => {
            as_they_open(&|mitigation| group(mitigation) == Group::Repair && basis.waiting.contains(&mitigation))
        }
        Player::Reimaging => at_alert(orders.into_iter().filter(|order| rebuilds(basis, order.0)).collect()),
        Player::ThreeOrders => {
            Plan::new(known.three.iter().map(|&(tick, order)| Wish { order, from: tick, until: tick.plus(TRIES_MIN) }))
        }
        Player::Prepared => return preparations(basis),
        Player::OneOrder | Player::Novice | Player::History | Player::Par => unreachable!("{player:?} has no plan"),
    };
    if plan.wishes.is_empty() { Vec::new() } else { vec![plan] }
}

/// Every order of the seat that is a preparation, or that is none.
fn orders(basis: &Basis, is_preparation: bool) -> Vec<Order> {
    let mut orders = all_orders(basis.scenario(), basis.seat);
    orders.retain(|(mitigation, _)| basis.scenario().mitigations[*mitigation].is_preparation == is_preparation);
    orders
}

/// All preparations as long as the budget lasts, in the order of the list; and each one alone, for every target.
fn preparations(basis: &Basis) -> Vec<Plan> {
    let orders = orders(basis, true);
    if orders.is_empty() {
        return Vec::new();
    }
    let plan = |orders: Vec<Order>| Plan::new(orders.into_iter().map(|order| Wish::once(order, Tick::ZERO)));
    let each: BTreeSet<Ix<Mitigation>> = orders.iter().map(|order| order.0).collect();
    let single =
        |mitigation: Ix<Mitigation>| plan(orders.iter().copied().filter(|order| order.0 == mitigation).collect());
    std::iter::once(plan(orders.clone())).chain(each.into_iter().map(single)).collect()
}

/// Each order of par as soon as it is accepted from a tick on. An order that ends another one keeps its time.
fn par_as_it_opens(basis: &Basis, from: Tick) -> Plan {
    let scenario = basis.scenario();
    let ends_another = |mitigation: Ix<Mitigation>| {
        let effect = scenario.mitigations[mitigation].effect;
        matches!(
            effect,
            MitigationEffect::Service(ServiceEffect::CloseFallback)
                | MitigationEffect::Organisation(OrganisationEffect::ReleaseHosts)
        )
    };
    Plan::new(basis.par.iter().map(|&(tick, order)| {
        let from = if ends_another(order.0) { tick } else { from };
        Wish { order, from, until: scenario.horizon }
    }))
}

/// Does a mitigation make crews set every host up anew?
fn rebuilds(basis: &Basis, mitigation: Ix<Mitigation>) -> bool {
    let scenario = basis.scenario();
    match scenario.mitigations[mitigation].effect {
        MitigationEffect::Organisation(OrganisationEffect::UseMethod { method }) => scenario.methods[method].rebuilds,
        _ => false,
    }
}

/// Orders in an order that the seed draws.
fn shuffled(mut orders: Vec<Order>, seed: u64) -> Vec<Order> {
    let draw = Draw::new(seed).stream(Stream::Players);
    for last in (1..orders.len()).rev() {
        let other = draw.bits(last as u32, 0) % (last as u64 + 1);
        orders.swap(last, other as usize);
    }
    orders
}

fn novice(basis: &Basis) -> Played {
    let others = basis.scenario().playbook_index(REFERENCE);
    let setup = basis.setup(Cast::one_seat(basis.seat, session::Player::Person, others));
    let run = novices::play(&setup, basis.seat, &[]);
    let is_own = |command: Command| matches!(command, Command::Order { by, .. } if by == basis.by());
    let given = run.log.iter().filter(|entry| is_own(entry.command)).count();
    Played { milli: basis.score(&run), given, ..Played::default() }
}

/// The one order, given alone at one time, with the highest score in the median of the seeds.
fn one_order(basis: &Basis, number: usize, pairs: &[Pair]) -> Option<Played> {
    let alone = pairs.iter().filter(|pair| !pair.is_preparation).flat_map(|pair| &pair.cells);
    let alone = alone.filter(|cell| cell.situation == Situation::Alone);
    let best = alone.reduce(|best, cell| if best.median() < cell.median() { cell } else { best })?;
    let base = basis.score_of_record(&basis.comparisons.do_nothing);
    let worth = best.worth[number];
    let milli = base + worth.map_or(0, thousandths);
    let given = usize::from(worth.is_some());
    Some(Played { milli, given, refused: 1 - given, ..Played::default() })
}

/// The best three orders: the best one alone, the best one beside it, and the best one beside these two, among those that
/// are worth most alone, on the first seed.
pub(super) fn three_orders(basis: &Basis, pairs: &[Pair]) -> Vec<(Tick, Order)> {
    // Each order at its best time.
    let mut best: Vec<(f64, Order, Given)> = Vec::new();
    for cell in pairs.iter().filter(|pair| !pair.is_preparation).flat_map(|pair| &pair.cells) {
        if cell.situation != Situation::Alone {
            continue;
        }
        match best.iter_mut().find(|(_, order, _)| *order == cell.order) {
            Some(known) if known.0 < cell.median() => *known = (cell.median(), cell.order, cell.given),
            Some(_) => {}
            None => best.push((cell.median(), cell.order, cell.given)),
        }
    }
    best.sort_by(|one, other| other.0.total_cmp(&one.0));
    best.retain(|(worth, ..)| 0.0 < *worth);
    best.truncate(CANDIDATES_MAX);
    let orders: Vec<Order> = best.iter().map(|&(_, order, _)| order).collect();
    let ground = Ground::new(basis, Situation::Alone, &orders, &HOURS);
    let tick = |&(_, order, given): &(f64, Order, Given)| match given {
        Given::AtStart => Some((Tick::ZERO, order)),
        Given::Later(hours) => Some((ground.first.get(&order)?.plus(60 * hours), order)),
    };
    let candidates: Vec<(Tick, Order)> = best.iter().filter_map(tick).collect();
    let (mut chosen, mut score) = (Vec::new(), ground.base);
    while chosen.len() < THREE {
        let open = candidates.iter().filter(|candidate| !chosen.contains(*candidate));
        let with =
            open.filter_map(|&candidate| Some((ground.score(&[&chosen[..], &[candidate]].concat())?, candidate)));
        let next = with.reduce(|best, other| if best.0 < other.0 { other } else { best });
        let Some((better, candidate)) = next.filter(|(better, _)| score < *better) else { break };
        chosen.push(candidate);
        score = better;
    }
    chosen
}
