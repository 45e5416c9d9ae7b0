//! The commands that an issuer can give now: every target that each of its mitigations could ever take, with the cost
//! or the refusal of today, and the orders that it can cancel.
//!
//! Owns the enumeration; the verdicts are those of `command`. Invariant: an entry equals the answer of
//! `command::check`, and `command::check` accepts no order that has no entry here.

use super::command::{self, Command, Cost, Issuer, Refusal};
use super::world::World;
use crate::scenario::compile::{Scenario, Target, TargetKind};

/// One mitigation of an issuer with all its targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Possible {
    /// Mitigation by index.
    pub mitigation: u32,
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
    let with = |mitigation: u32| possible_with(world, issuer, mitigation);
    match issuer {
        Issuer::Seat(seat) => {
            let seat = world.scenario.seats.get(seat as usize);
            seat.into_iter().flat_map(|seat| &seat.mitigations).map(|&mitigation| with(mitigation)).collect()
        }
        Issuer::Policy | Issuer::Facilitator => (0..world.scenario.mitigations.len() as u32).map(with).collect(),
    }
}

/// One mitigation that the issuer may order.
///
/// # Panics
/// If the scenario has no such mitigation or seat.
pub fn possible_with(world: &World, issuer: Issuer, mitigation: u32) -> Possible {
    // Whatever refuses the mitigation altogether is found once and holds for every target.
    let open = command::check_not_over(world).and_then(|()| command::check_flags(world, mitigation));
    let verdict = |target: Target| match &open {
        Ok(()) => command::check_takeable(world, issuer, mitigation, target),
        Err(refusal) => Err(refusal.clone()),
    };
    let targets = targets(&world.scenario, issuer, mitigation);
    Possible { mitigation, targets: targets.into_iter().map(|target| (target, verdict(target))).collect() }
}

/// Every target that the mitigation could ever take from the issuer: of its kind, in a sector that it suits, of an
/// organisation that the issuer directs.
fn targets(scenario: &Scenario, issuer: Issuer, mitigation: u32) -> Vec<Target> {
    let mitigation = &scenario.mitigations[mitigation as usize];
    let everybody = 0..scenario.organisations.len() as u32;
    let directed: Box<dyn Iterator<Item = u32> + '_> = match issuer {
        Issuer::Seat(seat) => Box::new(scenario.seats[seat as usize].organisations.iter().copied()),
        Issuer::Policy | Issuer::Facilitator => Box::new(everybody),
    };
    let organisations = directed
        .map(|index| (index, &scenario.organisations[index as usize]))
        .filter(|(_, org)| mitigation.sectors.is_empty() || mitigation.sectors.contains(&org.sector));
    match mitigation.target {
        TargetKind::World => vec![Target::World],
        TargetKind::Organisation => organisations.map(|(index, _)| Target::Organisation(index)).collect(),
        TargetKind::Fleet => organisations.flat_map(|(_, org)| org.fleets.clone()).map(Target::Fleet).collect(),
        TargetKind::Service => organisations.flat_map(|(_, org)| org.services.clone()).map(Target::Service).collect(),
    }
}

/// Orders (by index) that the issuer can cancel now, in the order given.
pub fn cancellable(world: &World, issuer: Issuer) -> Vec<u32> {
    let may_be_own = |order: &u32| match issuer {
        Issuer::Seat(_) => world.state.orders[*order as usize].by == issuer,
        Issuer::Policy | Issuer::Facilitator => true,
    };
    let is_open = |order: &u32| command::check(world, &Command::Cancel { by: issuer, order: *order }).is_ok();
    (0..world.state.orders.len() as u32).filter(may_be_own).filter(is_open).collect()
}

/// Injects (by index) that the issuer can let reach their seats now: none but the facilitator's.
pub fn injectable(world: &World, issuer: Issuer) -> Vec<u32> {
    let is_open = |inject: &u32| command::check(world, &Command::Inject { by: issuer, inject: *inject }).is_ok();
    (0..world.scenario.injects.len() as u32).filter(is_open).collect()
}
