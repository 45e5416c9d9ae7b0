//! What to do in a second play, from the measurement of the first.
//!
//! Must not put anything into sentences.

use super::{Decision, Untaken, Worth};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Target};

/// Pieces of advice at most: what a person keeps in mind.
pub const ADVICE_MAX: usize = 3;
/// Fewer points are not worth a piece of advice.
const ADVICE_POINTS: f64 = 0.1;

/// A piece of advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice<'a> {
    /// Points that it would have gained in the first play, by the median over seeds.
    pub gain: f64,
    pub what: What<'a>,
}

/// What to do otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum What<'a> {
    /// Give an order that was not given.
    Give(&'a Untaken),
    /// Give an order at an earlier tick.
    Sooner(&'a Decision, Tick),
    /// Leave an order out.
    Leave(&'a Decision),
}

impl What<'_> {
    /// Mitigation and target of the order.
    pub fn order(&self) -> (Ix<Mitigation>, Target) {
        match self {
            Self::Give(untaken) => (untaken.mitigation, untaken.target),
            Self::Sooner(decision, _) | Self::Leave(decision) => (decision.mitigation, decision.target),
        }
    }
}

/// The pieces of advice that gain most, at most one for each order, the one that gains most first.
pub fn advice(worth: &Worth) -> Vec<Advice<'_>> {
    let missed = worth.untaken.best.iter();
    let missed = missed.map(|untaken| Advice { gain: untaken.gain.score.median, what: What::Give(untaken) });
    let sooner = worth.decisions.iter().filter_map(|decision| {
        let (tick, effect) = (decision.earliest.tick?, decision.earliest.effect.as_ref()?);
        Some(Advice { gain: effect.score.median, what: What::Sooner(&decision.decision, tick) })
    });
    let leave = worth.decisions.iter();
    let leave =
        leave.map(|decision| Advice { gain: -decision.worth.score.median, what: What::Leave(&decision.decision) });
    let mut all: Vec<Advice<'_>> = missed.chain(sooner).chain(leave).collect();
    all.retain(|advice| ADVICE_POINTS <= advice.gain);
    all.sort_by(|one, other| other.gain.total_cmp(&one.gain));
    let mut chosen: Vec<Advice<'_>> = Vec::new();
    for advice in all {
        if chosen.len() < ADVICE_MAX && !chosen.iter().any(|other| other.what.order() == advice.what.order()) {
            chosen.push(advice);
        }
    }
    chosen
}
