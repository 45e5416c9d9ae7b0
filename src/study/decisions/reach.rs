//! The table of what a scenario shall reach: for each row the value of every seat, and whether it is reached.
//!
//! Must not measure: every value is computed from what was measured.

use super::SeatDecisions;
use super::pairs::{Class, Pair};
use super::players::{Performance, Player};

/// The values that a row allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
    Between(f64, f64),
}

impl Bound {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => least <= value,
            Self::Between(least, most) => least <= value && value <= most,
        }
    }
}

/// The unit of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Points,
    /// Per cent of the pairs. The share over all seats decides.
    Share,
    Orders,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: &'static str,
    pub unit: Unit,
    pub bound: Bound,
    /// In the order of the seats; none where nothing was measured.
    pub by_seat: Vec<Option<f64>>,
    /// Over all seats; only for shares.
    pub all: Option<f64>,
}

impl Row {
    /// Is the value reached on every seat with a value, or by the share over all seats? None if nothing was measured.
    pub fn is_met(&self) -> Option<bool> {
        if self.unit == Unit::Share {
            return self.all.map(|all| self.bound.holds(all));
        }
        let values: Vec<f64> = self.by_seat.iter().flatten().copied().collect();
        (!values.is_empty()).then(|| values.iter().all(|&value| self.bound.holds(value)))
    }
}

/// The rows for the seats that were measured.
pub fn rows(seats: &[SeatDecisions]) -> Vec<Row> {
    let shares = [
        ("pairs that can be right and wrong by two points", Class::Decision, Bound::AtLeast(35.0)),
        ("pairs that never move the score by half a point", Class::Idle, Bound::AtMost(10.0)),
        ("pairs without a downside anywhere", Class::NoDownside, Bound::AtMost(20.0)),
    ];
    let mut rows: Vec<Row> = shares.into_iter().map(|(name, class, bound)| share(seats, name, class, bound)).collect();
    let points = |name, bound, value: &dyn Fn(&SeatDecisions) -> Option<f64>| Row {
        name,
        unit: Unit::Points,
        bound,
        by_seat: seats.iter().map(value).collect(),
        all: None,
    };
    let player = |name, bound, player: Player| points(name, bound, &|seat| score(seat, player));
    let less_history =
        |seat: &SeatDecisions| Some(score(seat, Player::SensibleAtAlert)? - score(seat, Player::History)?);
    rows.extend([
        player("everything sensible at the first alert", Bound::AtMost(45.0), Player::SensibleAtAlert),
        points("the same, less history", Bound::AtMost(0.0), &less_history),
        player("any three orders, nothing else", Bound::AtMost(60.0), Player::ThreeOrders),
        player("any one order, nothing else", Bound::AtMost(30.0), Player::OneOrder),
        player("preparation alone, then nothing", Bound::AtMost(30.0), Player::Prepared),
        player("par at the first legal minute", Bound::AtMost(100.0), Player::ParEarly),
    ]);
    let early = |seat: &SeatDecisions| {
        let found = performance(seat, Player::ParUnknown)?;
        found.given_before_sign.iter().max().map(|&given| given as f64)
    };
    let accepted = points("orders of par accepted before a first sign", Bound::AtMost(0.0), &early);
    rows.push(Row { unit: Unit::Orders, ..accepted });
    rows.extend([
        player("whole par four hours late", Bound::AtMost(90.0), Player::ParLate(4)),
        player("whole par eight hours late", Bound::AtMost(75.0), Player::ParLate(8)),
        points("spread of a fixed plan over seeds (5–95 %)", Bound::Between(15.0, 40.0), &|seat| seat.spread()),
        player("dutiful novice", Bound::Between(15.0, 50.0), Player::Novice),
    ]);
    rows
}

fn performance(seat: &SeatDecisions, player: Player) -> Option<&Performance> {
    seat.players.iter().find(|found| found.player == player)
}

fn score(seat: &SeatDecisions, player: Player) -> Option<f64> {
    performance(seat, player).map(Performance::median)
}

fn share(seats: &[SeatDecisions], name: &'static str, class: Class, bound: Bound) -> Row {
    let by_seat = seats.iter().map(|seat| share_of_class(&seat.pairs, class)).collect();
    let all = share_of_class(seats.iter().flat_map(|seat| &seat.pairs), class);
    Row { name, unit: Unit::Share, bound, by_seat, all }
}

/// The per cent of pairs of a class; preparations are not counted. None without a pair.
pub fn share_of_class<'a>(pairs: impl IntoIterator<Item = &'a Pair>, class: Class) -> Option<f64> {
    let classes: Vec<Class> = pairs.into_iter().filter(|pair| !pair.is_preparation).map(|pair| pair.class).collect();
    let count = classes.iter().filter(|found| **found == class).count();
    (!classes.is_empty()).then(|| 100.0 * count as f64 / classes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_include_their_ends() {
        let check =
            |bound: Bound, value: f64, expected: bool| assert_eq!(bound.holds(value), expected, "{bound:?} {value}");
        check(Bound::AtMost(45.0), 45.0, true);
        check(Bound::AtMost(45.0), 45.001, false);
        check(Bound::AtLeast(35.0), 35.0, true);
        check(Bound::AtLeast(35.0), 34.9, false);
        check(Bound::Between(15.0, 40.0), 15.0, true);
        check(Bound::Between(15.0, 40.0), 40.0, true);
        check(Bound::Between(15.0, 40.0), 2.0, false);
    }

    #[test]
    fn a_row_is_met_on_every_seat_or_by_the_share_over_all() {
        let check = |unit: Unit, by_seat: &[Option<f64>], all: Option<f64>, expected: Option<bool>| {
            let row = Row { name: "", unit, bound: Bound::AtMost(30.0), by_seat: by_seat.to_vec(), all };
            assert_eq!(row.is_met(), expected, "{row:?}");
        };
        check(Unit::Points, &[Some(30.0), Some(-2.0)], None, Some(true));
        check(Unit::Points, &[Some(30.0), Some(30.1)], None, Some(false));
        check(Unit::Points, &[Some(30.0), None], None, Some(true));
        check(Unit::Points, &[None, None], None, None);
        check(Unit::Points, &[], None, None);
        check(Unit::Share, &[Some(90.0), Some(0.0)], Some(30.0), Some(true));
        check(Unit::Share, &[Some(0.0), Some(90.0)], Some(31.0), Some(false));
        check(Unit::Share, &[None], None, None);
    }
}
