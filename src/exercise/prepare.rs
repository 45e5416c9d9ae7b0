//! The preparations that a seat buys at the briefing, before the clock runs. They are carried out in a world at its
//! first boundary, so that the simulation's own check of commands decides which others the budget still covers.

use std::sync::Arc;

use super::solo_setup;
use super::words::target_label;
use crate::base::Ix;
use crate::base::words as format;
use crate::exercise::view::{PreparationRow, PreparationTarget, PreparationView};
use crate::scenario::compile::{Mitigation, Scenario, Seat, Target};
use crate::session::{Run, Timeline};
use crate::sim::possible::possible_with;
use crate::sim::{Command, Issuer, command};

/// The budget of a seat and the preparations chosen so far.
pub struct Preparing {
    seat: Ix<Seat>,
    /// Every preparation of the seat with the targets that the whole budget could buy it for.
    possible: Vec<(Ix<Mitigation>, Vec<Target>)>,
    chosen: Vec<(Ix<Mitigation>, Target)>,
    run: Run,
}

impl Preparing {
    /// None if the seat has no budget or nothing to buy.
    pub fn new(scenario: &Arc<Scenario>, seed: u64, seat: Ix<Seat>) -> Option<Self> {
        let compiled = &scenario.seats[seat];
        let preparations =
            || compiled.mitigations.iter().copied().filter(|&index| scenario.mitigations[index].is_preparation);
        if compiled.preparation_usd <= 0.0 || preparations().next().is_none() {
            return None;
        }
        let run = Run::new(solo_setup(scenario.clone(), seed, seat));
        let targets = |mitigation: Ix<Mitigation>| {
            let possible = possible_with(&run.world, Issuer::Seat(seat), mitigation);
            (mitigation, possible.open_targets().collect::<Vec<_>>())
        };
        let possible: Vec<_> = preparations().map(targets).filter(|(_, targets)| !targets.is_empty()).collect();
        Some(Self { seat, possible, chosen: Vec::new(), run })
    }

    /// Buys a preparation, or takes it back if it was bought.
    pub fn toggle(&mut self, mitigation: Ix<Mitigation>, target: Target) {
        match self.chosen.iter().position(|chosen| *chosen == (mitigation, target)) {
            Some(at) => {
                self.chosen.remove(at);
            }
            None => self.chosen.push((mitigation, target)),
        }
        self.run = Run::new(self.run.setup.clone());
        let (seat, run) = (self.seat, &mut self.run);
        // A preparation leaves the list if the world refuses it now, for instance because the budget is spent.
        self.chosen.retain(|&(mitigation, target)| run.order(order(seat, mitigation, target)).is_ok());
    }

    /// Gives the orders to the run that is about to begin.
    pub fn order_for(&self, timeline: &mut Timeline) {
        for &(mitigation, target) in &self.chosen {
            let given = timeline.order(order(self.seat, mitigation, target));
            assert!(given.is_ok(), "a preparation was accepted in the same world before: {given:?}");
        }
    }

    pub fn view(&self) -> PreparationView {
        let scenario = &self.run.setup.scenario;
        let budget_usd = scenario.seats[self.seat].preparation_usd;
        let spent = |&(mitigation, _): &(Ix<Mitigation>, Target)| scenario.mitigations[mitigation].cost_usd;
        PreparationView {
            budget_usd,
            left_usd: budget_usd - self.chosen.iter().map(spent).sum::<f64>(),
            options: self.possible.iter().map(|(index, targets)| self.row(*index, targets)).collect(),
        }
    }

    fn row(&self, mitigation: Ix<Mitigation>, targets: &[Target]) -> PreparationRow {
        let scenario = &self.run.setup.scenario;
        let docs = &scenario.docs.mitigations[mitigation.position()];
        let target = |target: Target| {
            let is_chosen = self.chosen.contains(&(mitigation, target));
            let refusal = command::check(&self.run.world, &order(self.seat, mitigation, target)).err();
            PreparationTarget {
                target: target.into(),
                label: target_label(scenario, target),
                is_chosen,
                refusal: refusal.filter(|_| !is_chosen).map(|refusal| format::capital(&refusal.to_string())),
            }
        };
        PreparationRow {
            mitigation,
            name: docs.name.clone(),
            summary: docs.summary.clone(),
            cost_usd: *docs.cost_usd.value(),
            targets: targets.iter().copied().map(target).collect(),
        }
    }
}

fn order(seat: Ix<Seat>, mitigation: Ix<Mitigation>, target: Target) -> Command {
    Command::Order { by: Issuer::Seat(seat), mitigation, target }
}
