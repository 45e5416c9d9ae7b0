//! The commands that an issuer can give now: every target that each of its mitigations could ever take, with the cost
//! or the refusal of today, and the orders that it can cancel.
//!
//! Owns the enumeration; the verdicts are those of `command`. Invariant: an entry equals the answer of
//! `command::check`, and `command::check` accepts no order that has no entry here.

use super::command::{self, Command, Cost, Issuer, Refusal};
use super::world::{Order, World};
use crate::base::Ix;
use crate::scenario::compile::{Inject, Mitigation, Organisation, Scenario, Target, TargetKind};

/// One mitigation of an issuer with all its targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Possible {
    /// Mitigation by index.
    pub mitigation: Ix<Mitigation>,
    /// Targets in the order of the issuer's organisations; empty if no organisation of the issuer can take the mitigation.
    pub targets: Vec<(Target, Result<Cost, Refusal>)>,
}

impl Possible {
    /// Targets for which the order would be accepted now.
    pub fn open_targets(&self) -> impl Iterator<Item = Target> + '_ {
        self.targets.iter().filter(|(_, verdict)| verdict.is_ok()).map(|&(target, _)| target)
    }
}

/// All mitigations of an issuer: a seat's in the order of its list; for playbooks and the facilitator, whom no list
/// binds, those of the scenario with the targets of all organisations. A seat that does not exist has none.
///
/// The cost is one check for each mitigation and one for each of its targets: with every organisation of a big world
/// that is much, so ask for one mitigation (`possible_with`) there.
pub fn possible(world: &World, issuer: Issuer) -> Vec<Possible> {
    let with = |mitigation: Ix<Mitigation>| possible_with(world, issuer, mitigation);
    match issuer {
        Issuer::Seat(seat) => {
            let seat = world.scenario.seats.get(seat);
            seat.into_iter().flat_map(|seat| &seat.mitigations).map(|&mitigation| with(mitigation)).collect()
        }
        Issuer::Policy | Issuer::Facilitator => world.scenario.mitigations.indices().map(with).collect(),
    }
}

/// One mitigation that the issuer may order.
///
/// # Panics
/// If the scenario has no such mitigation or seat.
pub fn possible_with(world: &World, issuer: Issuer, mitigation: Ix<Mitigation>) -> Possible {
    // Whatever refuses the mitigation altogether is found once and holds for every target.
    let open = command::check_not_over(world).and_then(|()| command::check_flags(world, mitigation));
    let verdict = |target: Target| match &open {
        Ok(()) => command::check_takeable(world, issuer, mitigation, target),
        Err(refusal) => Err(refusal.clone()),
    };
    let targets = targets(&world.scenario, issuer, mitigation);
    Possible { mitigation, targets: targets.into_iter().map(|target| (target, verdict(target))).collect() }
}

/// Every target that the mitigation could ever take from the issuer: of its kind, in a sector and of a sort that it suits, of
/// an organisation that the issuer directs.
fn targets(scenario: &Scenario, issuer: Issuer, index: Ix<Mitigation>) -> Vec<Target> {
    let mitigation = &scenario.mitigations[index];
    let everybody = scenario.organisations.indices();
    let directed: Box<dyn Iterator<Item = Ix<Organisation>> + '_> = match issuer {
        Issuer::Seat(seat) => Box::new(scenario.seats[seat].organisations.iter().copied()),
        Issuer::Policy | Issuer::Facilitator => Box::new(everybody),
    };
    let organisations = directed
        .map(|index| (index, &scenario.organisations[index]))
        .filter(|(_, org)| mitigation.sectors.is_empty() || mitigation.sectors.contains(&org.sector));
    let mut targets: Vec<Target> = match mitigation.target {
        TargetKind::World => vec![Target::World],
        TargetKind::Organisation => organisations.map(|(index, _)| Target::Organisation(index)).collect(),
        TargetKind::Fleet => organisations.flat_map(|(_, org)| org.fleets).map(Target::Fleet).collect(),
        TargetKind::Service => organisations.flat_map(|(_, org)| org.services).map(Target::Service).collect(),
    };
    targets.retain(|target| scenario.suits(index, *target));
    targets
}

/// Orders (by index) that the issuer can cancel now, in the order given.
pub fn cancellable(world: &World, issuer: Issuer) -> Vec<Ix<Order>> {
    let may_be_own = |order: &Ix<Order>| match issuer {
        Issuer::Seat(_) => world.state.orders[*order].by == issuer,
        Issuer::Policy | Issuer::Facilitator => true,
    };
    let is_open = |order: &Ix<Order>| command::check(world, &Command::Cancel { by: issuer, order: *order }).is_ok();
    world.state.orders.indices().filter(may_be_own).filter(is_open).collect()
}

/// Injects (by index) that the issuer can let reach their seats now: none but the facilitator's.
pub fn injectable(world: &World, issuer: Issuer) -> Vec<Ix<Inject>> {
    let is_open = |inject: &Ix<Inject>| command::check(world, &Command::Inject { by: issuer, inject: *inject }).is_ok();
    world.scenario.injects.indices().filter(is_open).collect()
}
