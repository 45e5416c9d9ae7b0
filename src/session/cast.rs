//! The cast of a run: who plays each seat in play, and the playbook of every other organisation.
//!
//! Only this module implements the rule for shared organisations (docs/model.md, "Seats that share organisations").
//! Must not give orders (that is `policy`) and must not judge a seat (that is `assess`).

use crate::base::Ix;
use crate::scenario::compile::{Mitigation, Organisation, Playbook, Scenario, Seat, Target};

/// The player of a seat, who gives its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Player {
    /// People decide and give commands.
    Person,
    /// A program decides and gives commands.
    Agent,
    /// A playbook (by index) decides.
    Playbook(Ix<Playbook>),
}

/// A seat in play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CastSeat {
    /// Index of the seat in the scenario.
    pub seat: Ix<Seat>,
    pub player: Player,
}

/// The seats in play with their players, and the playbook of every other organisation.
///
/// Invariant: seats stand in the order of the scenario, each at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    seats: Vec<CastSeat>,
    others: Option<Ix<Playbook>>,
}

impl Cast {
    /// A cast without seats: one playbook (by index) gives the orders of every organisation; with None nobody gives
    /// orders.
    pub fn everybody(playbook: Option<Ix<Playbook>>) -> Self {
        Self { seats: Vec::new(), others: playbook }
    }

    /// One seat in play, and the playbook (by index) of every other organisation.
    pub fn one_seat(seat: Ix<Seat>, player: Player, others: Option<Ix<Playbook>>) -> Self {
        Self { seats: vec![CastSeat { seat, player }], others }
    }

    /// Several seats in play. A seat that is named twice keeps its last player.
    pub fn new(seats: impl IntoIterator<Item = CastSeat>, others: Option<Ix<Playbook>>) -> Self {
        let mut cast = Self::everybody(others);
        for CastSeat { seat, player } in seats {
            cast.set(seat, player);
        }
        cast
    }

    /// Assigns a player to a seat and replaces the player before.
    pub fn set(&mut self, seat: Ix<Seat>, player: Player) {
        match self.seats.binary_search_by_key(&seat, |entry| entry.seat) {
            Ok(at) => self.seats[at].player = player,
            Err(at) => self.seats.insert(at, CastSeat { seat, player }),
        }
    }

    /// Seats in play, in the order of the scenario.
    pub fn seats(&self) -> &[CastSeat] {
        &self.seats
    }

    /// Playbook (by index) of organisations that no seat in play directs.
    pub fn others(&self) -> Option<Ix<Playbook>> {
        self.others
    }

    /// The player of a seat; none if the seat is not in play.
    pub fn player(&self, seat: Ix<Seat>) -> Option<Player> {
        self.seats.iter().find(|entry| entry.seat == seat).map(|entry| entry.player)
    }

    /// The seat of a cast that has exactly one.
    pub fn only_seat(&self) -> Option<Ix<Seat>> {
        match self.seats[..] {
            [entry] => Some(entry.seat),
            _ => None,
        }
    }

    /// Playbooks of the cast, each once: first the playbooks of the seats in the order of the scenario, then the
    /// playbook of the other organisations.
    pub fn playbooks(&self) -> Vec<Ix<Playbook>> {
        let mut playbooks = Vec::new();
        for playbook in self.seats.iter().filter_map(CastSeat::playbook).chain(self.others) {
            if !playbooks.contains(&playbook) {
                playbooks.push(playbook);
            }
        }
        playbooks
    }

    /// The playbook (by index) that gives an organisation's orders; None if people, programs or nobody give them.
    ///
    /// An organisation that several seats share takes orders from all of them. A person or a program comes before
    /// every playbook; among playbooks, the seat that stands first in the scenario decides.
    pub fn playbook_for(&self, scenario: &Scenario, organisation: Ix<Organisation>) -> Option<Ix<Playbook>> {
        let mut directing = self
            .seats
            .iter()
            .filter(|entry| scenario.seats[entry.seat].organisations.contains(&organisation))
            .peekable();
        if directing.peek().is_none() {
            return self.others;
        }
        let mut first = None;
        for entry in directing {
            let playbook = entry.playbook()?;
            first.get_or_insert(playbook);
        }
        first
    }

    /// May a playbook order a mitigation for a target in this cast?
    ///
    /// For the whole world, the playbook of the other organisations may order anything; a seat's playbook may order
    /// what the seat itself may order.
    pub fn lets_playbook_order(
        &self,
        scenario: &Scenario,
        playbook: Ix<Playbook>,
        mitigation: Ix<Mitigation>,
        target: Target,
    ) -> bool {
        if let Some(organisation) = scenario.organisation_of(target) {
            return self.playbook_for(scenario, organisation) == Some(playbook);
        }
        let is_for_seat = |entry: &CastSeat| {
            entry.playbook() == Some(playbook) && scenario.seats[entry.seat].mitigations.contains(&mitigation)
        };
        self.others == Some(playbook) || self.seats.iter().any(is_for_seat)
    }
}

impl CastSeat {
    fn playbook(&self) -> Option<Ix<Playbook>> {
        match self.player {
            Player::Playbook(playbook) => Some(playbook),
            Player::Person | Player::Agent => None,
        }
    }
}
