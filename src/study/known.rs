//! What a seat knew at each decision, and its confidence beside what came of it.
//!
//! Joins what could be known (`assess::known`), the remarks of the log and the worth of decisions. Must not print.

use super::confidence::{Confidence, Forecast, confidence};
use super::worth::{Decision, DecisionWorth, decisions_of_seat};
use crate::assess::known::{Choice, Sight, sights};
use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::session::{LogEntry, Run};
use crate::sim::{Command, OrderState};

/// A decision with what its seat could know.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownDecision {
    pub decision: Decision,
    pub sight: Sight,
    /// 0..=100
    pub confidence_pct: Option<u8>,
    /// Was the order taken back? Then nothing can come of it, and its confidence is no forecast.
    pub is_taken_back: bool,
}

/// What a seat knew at each decision, in the order of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub decisions: Vec<KnownDecision>,
}

impl Known {
    /// Plays the run again to find what the seat could know.
    pub fn new(run: &Run, seat: Ix<Seat>) -> Self {
        let decisions = decisions_of_seat(run, seat);
        let choice = |decision: &Decision| Choice {
            position: decision.position,
            mitigation: decision.mitigation,
            target: decision.target,
        };
        let choices: Vec<Choice> = decisions.iter().map(choice).collect();
        let sights = sights(run, seat, &choices);
        let known = |(decision, sight): (Decision, Sight)| KnownDecision {
            confidence_pct: run.log[decision.position].remarks().and_then(|remarks| remarks.confidence_pct),
            is_taken_back: is_taken_back(run, decision.position),
            decision,
            sight,
        };
        Self { decisions: decisions.into_iter().zip(sights).map(known).collect() }
    }

    /// Decisions whose confidence is a forecast that can be judged.
    pub fn forecasting(&self) -> impl Iterator<Item = &KnownDecision> {
        self.decisions.iter().filter(|known| known.confidence_pct.is_some() && !known.is_taken_back)
    }

    /// Forecasts with what came of them, by the median worth in points of a decision (by position in the log). A decision
    /// whose worth is unknown is left out.
    pub fn forecasts(&self, worth: impl Fn(usize) -> Option<f64>) -> Vec<Forecast> {
        let forecast = |known: &KnownDecision| {
            let has_helped = 0.0 < worth(known.decision.position)?;
            Some(Forecast { sure_pct: known.confidence_pct?, has_helped })
        };
        self.forecasting().filter_map(forecast).collect()
    }

    /// Confidence beside measured worths; none without a forecast.
    pub fn confidence(&self, worths: &[DecisionWorth]) -> Option<Confidence> {
        let is_it = |position: usize| move |worth: &&DecisionWorth| worth.decision.position == position;
        let median = |position| worths.iter().find(is_it(position)).map(|worth| worth.worth.score.median);
        confidence(&self.forecasts(median))
    }
}

/// Was the order at a position of the log taken back? The n-th order of the log is the n-th of the world.
fn is_taken_back(run: &Run, position: usize) -> bool {
    let is_order = |entry: &&LogEntry| matches!(entry.command, Command::Order { .. });
    let number = run.log[..position].iter().filter(is_order).count();
    run.world.orders()[Ix::from_usize(number)].state == OrderState::Cancelled
}
