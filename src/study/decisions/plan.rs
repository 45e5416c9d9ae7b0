//! A scripted player's plan: orders that it wishes to give, each in a span of time, through the same door as trainees.
//!
//! Must not know how a player chooses its orders (that is `players`).

use std::collections::BTreeSet;

use super::ground::{Basis, LOOK_MIN, Order};
use crate::base::{Ix, Tick};
use crate::scenario::compile::Mitigation;
use crate::scenario::schema::REFERENCE;
use crate::session::{Cast, Player, Run};
use crate::sim::Command;
use crate::sim::command::has_fallen;

/// An order that a player tries to give: first at a tick, then every few minutes until it is accepted or time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub order: Order,
    pub from: Tick,
    /// The first tick at which the player no longer tries.
    pub until: Tick,
}

impl Wish {
    /// One try.
    pub fn once(order: Order, tick: Tick) -> Self {
        Self { order, from: tick, until: tick.plus(1) }
    }
}

/// Wishes in the order in which the player tries them at a boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub wishes: Vec<Wish>,
    /// Accepted orders after which the player stops.
    pub given_max: usize,
    /// Does the player order each mitigation for one target only?
    pub is_one_target_each: bool,
}

impl Plan {
    /// A plan without bounds.
    pub fn new(wishes: impl IntoIterator<Item = Wish>) -> Self {
        Self { wishes: wishes.into_iter().collect(), given_max: usize::MAX, is_one_target_each: false }
    }
}

/// The end of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Played {
    /// The score in thousandths.
    pub milli: i64,
    pub given: usize,
    /// Orders that were never accepted.
    pub refused: usize,
    /// Orders given before the first alert, preparations left out.
    pub given_before_sign: usize,
}

/// Plays a plan to the horizon; everybody else does what was done.
pub(super) fn play(basis: &Basis, plan: &Plan) -> Played {
    let scenario = basis.scenario();
    let others = scenario.playbook_index(REFERENCE);
    let mut run = Run::for_outcomes(basis.setup(Cast::one_seat(basis.seat, Player::Person, others)));
    let (mut open, mut played) = (plan.wishes.clone(), Played::default());
    let mut ordered: BTreeSet<Ix<Mitigation>> = BTreeSet::new();
    while !run.world.is_over() && !open.is_empty() && played.given < plan.given_max {
        open = tried(&mut run, basis, plan, open, &mut ordered, &mut played);
        let now = run.world.tick();
        let Some(next) = open.iter().map(|wish| wish.from).min() else { break };
        run.advance_to(next.max(now.plus(1)));
    }
    if played.given < plan.given_max {
        played.refused += open.len();
    }
    run.advance_to(scenario.horizon);
    played.milli = basis.score(&run);
    played
}

/// Tries the wishes that are due at this boundary; the result is those that stay open.
fn tried(
    run: &mut Run,
    basis: &Basis,
    plan: &Plan,
    open: Vec<Wish>,
    ordered: &mut BTreeSet<Ix<Mitigation>>,
    played: &mut Played,
) -> Vec<Wish> {
    let now = run.world.tick();
    let mut later = Vec::new();
    for wish in open {
        let (mitigation, target) = wish.order;
        if now < wish.from {
            later.push(wish);
            continue;
        }
        if played.given == plan.given_max || (plan.is_one_target_each && ordered.contains(&mitigation)) {
            continue;
        }
        let again = Wish { from: now.plus(LOOK_MIN), ..wish };
        if run.order(Command::Order { by: basis.by(), mitigation, target }).is_ok() {
            ordered.insert(mitigation);
            played.given += 1;
            let scenario = basis.scenario();
            let organisation = scenario.organisation_of(target);
            let has_sign = basis.alert <= now || organisation.is_some_and(|found| has_fallen(&run.world, found));
            let is_preparation = scenario.mitigations[mitigation].is_preparation;
            played.given_before_sign += usize::from(!has_sign && !is_preparation);
        } else if again.from < wish.until {
            later.push(again);
        } else {
            played.refused += 1;
        }
    }
    later
}
