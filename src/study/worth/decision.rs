//! The decisions of a seat in the log of a run: accepted orders of a person or a program, or those of the playbook that
//! plays the seat.

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Scenario, Seat, Target};
use crate::session::log::EntryId;
use crate::session::{LogEntry, Origin, Player, Run};
use crate::sim::{Command, Issuer};

/// An accepted order of a seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    /// The entry of the seat's playbook; none for an order of a person or a program.
    pub entry: Option<EntryId>,
    /// Position in the log of the run.
    pub position: usize,
    pub(super) command: Command,
    /// Number of earlier orders of the same mitigation for the same target. A repeated order cannot be moved before
    /// the order that it repeats.
    pub(super) earlier_same: usize,
}

/// The decisions of a seat in the order of the log. Cancellations are no decisions of their own: if the order is left
/// out, its cancellation is left out too.
pub fn decisions_of_seat(run: &Run, seat: Ix<Seat>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for (position, entry) in run.log.iter().enumerate() {
        let Command::Order { mitigation, target, .. } = entry.command else { continue };
        if is_by_seat(run, seat, entry) {
            let entry_id = if let Origin::Playbook(id) = entry.origin { Some(id) } else { None };
            decisions.push(Decision {
                tick: entry.tick,
                mitigation,
                target,
                entry: entry_id,
                position,
                command: entry.command,
                earlier_same: same_orders(&run.log[..position], mitigation, target),
            });
        }
    }
    decisions
}

/// Number of orders of a mitigation for a target in a log.
pub(super) fn same_orders(log: &[LogEntry], mitigation: Ix<Mitigation>, target: Target) -> usize {
    log.iter().filter(|entry| is_order_of(entry, mitigation, target)).count()
}

/// Is an entry an order of a mitigation for a target, by anybody?
pub(super) fn is_order_of(entry: &LogEntry, wanted: Ix<Mitigation>, for_target: Target) -> bool {
    matches!(entry.command, Command::Order { mitigation, target, .. } if mitigation == wanted && target == for_target)
}

fn is_by_seat(run: &Run, seat: Ix<Seat>, entry: &LogEntry) -> bool {
    let Command::Order { by, mitigation, target } = entry.command else { return false };
    let cast = &run.setup.cast;
    match (&entry.origin, by) {
        (Origin::Playbook(id), _) => {
            cast.player(seat) == Some(Player::Playbook(id.playbook))
                && directs(&run.setup.scenario, seat, mitigation, target)
        }
        (Origin::Door(_), Issuer::Seat(issuer)) => issuer == seat,
        // A run with a playbook from a file of its own has no cast: all orders come from the run file.
        (Origin::Door(_), Issuer::Policy) => directs(&run.setup.scenario, seat, mitigation, target),
        (Origin::Door(_), Issuer::Facilitator) => false,
    }
}

fn directs(scenario: &Scenario, seat: Ix<Seat>, mitigation: Ix<Mitigation>, target: Target) -> bool {
    let compiled = &scenario.seats[seat];
    match scenario.organisation_of(target) {
        Some(organisation) => compiled.organisations.contains(&organisation),
        None => compiled.mitigations.contains(&mitigation),
    }
}
