//! The legal range of each kind of number in a scenario. The checks refuse a number outside its range, and a program
//! that changes figures keeps them inside.

/// A range with its words.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub low: f64,
    pub high: f64,
    /// Is the lowest value itself outside the range?
    above_low: bool,
    pub words: &'static str,
}

impl Bounds {
    /// Does a value lie in the range?
    pub fn contains(self, value: f64) -> bool {
        let low = if self.above_low { self.low < value } else { self.low <= value };
        low && value <= self.high
    }

    /// The value of the range that is nearest to a finite value.
    pub fn nearest(self, value: f64) -> f64 {
        let least = if self.above_low { self.low.next_up() } else { self.low };
        value.max(least).min(self.high)
    }

    /// The part of the range up to a value, which must lie in it.
    pub fn up_to(self, high: f64) -> Self {
        Self { high: high.min(self.high), ..self }
    }

    /// The part of the range from a value up, which must lie in it.
    pub fn at_least(self, low: f64) -> Self {
        if self.low < low { Self { low, above_low: false, ..self } } else { self }
    }
}

pub(super) const fn bounds(low: f64, high: f64, words: &'static str) -> Bounds {
    Bounds { low, high, above_low: false, words }
}

pub(super) const fn above(low: f64, high: f64, words: &'static str) -> Bounds {
    Bounds { low, high, above_low: true, words }
}

const MINUTES_MAX: f64 = 525_600.0;
pub(super) const SHARE: Bounds = bounds(0.0, 1.0, "a share from 0 to 1");
pub(super) const SHARE_ABOVE_0: Bounds = above(0.0, 1.0, "a share above 0, up to 1");
/// Points of an objective, as `assess::score` cuts them.
pub(super) const POINTS: Bounds = bounds(0.0, 150.0, "points from 0 to 150");
pub(super) const AMOUNT: Bounds = bounds(0.0, 1e11, "a number from 0 to 100000000000");
pub(super) const AMOUNT_ABOVE_0: Bounds = above(0.0, 1e11, "a number above 0, up to 100000000000");
/// Range of demand. Sixty days of the largest demand, in millionths, fit 64 bits many times over.
pub(super) const UNITS_A_DAY: Bounds = above(0.0, 1e9, "units a day, above 0, up to 1000000000");
/// Range of rework. At the largest demand, sixty days of rework, in thousandths, fit 64 bits.
pub(super) const ITEMS_PER_UNIT: Bounds = above(0.0, 1e4, "items above 0, up to 10000");
pub(super) const USD: Bounds = bounds(0.0, 1e12, "US dollars, from 0 to 1000000000000");
/// Range of hourly costs. The sum over all organisations for a year, in cents, must fit 64 bits.
pub(super) const USD_AN_HOUR: Bounds = bounds(0.0, 1e5, "US dollars an hour, from 0 to 100000");
/// Range of the value of a condition. It is wide because observables may be sums over all organisations.
pub(super) const THRESHOLD: Bounds = bounds(-1e15, 1e15, "a finite number");
pub(super) const MINUTES: Bounds = bounds(0.0, MINUTES_MAX, "minutes, from 0 to 525600 (a year)");
pub(super) const MINUTES_FROM_1: Bounds = bounds(1.0, MINUTES_MAX, "minutes, from 1 to 525600 (a year)");
pub(super) const MINUTES_ABOVE_0: Bounds = above(0.0, MINUTES_MAX, "minutes above 0, up to 525600 (a year)");
pub(super) const HOURS: Bounds = bounds(1.0, 8760.0, "hours, from 1 to 8760 (a year)");
pub(super) const HOURS_ABOVE_0: Bounds = above(0.0, 8760.0, "hours above 0, up to 8760 (a year)");
/// Range of hours ahead of a decision.
pub(super) const HOURS_AHEAD: Bounds = bounds(1.0, 168.0, "hours, from 1 to 168 (a week)");
/// Range of the standard deviation of a factor's logarithm: with 3, one factor in forty is above 350.
pub(super) const SPREAD_OF_FACTORS: Bounds = bounds(0.0, 3.0, "a standard deviation of logarithms from 0 to 3");
pub(super) const PEOPLE: Bounds = bounds(0.0, 1e6, "a number of people from 0 to 1000000");
pub(super) const PEOPLE_FROM_1: Bounds = bounds(1.0, 1e6, "a number of people from 1 to 1000000");
pub(super) const LATITUDE: Bounds = bounds(-90.0, 90.0, "a latitude from -90 to 90 degrees");
pub(super) const LONGITUDE: Bounds = bounds(-180.0, 180.0, "a longitude from -180 to 180 degrees");
/// Factor on everything that a member of size 1 has.
pub(super) const SIZE_MAX: f64 = 10_000.0;
pub(super) const SIZE: Bounds = above(0.0, SIZE_MAX, "a size above 0, up to 10000");
pub(super) const HOSTS: Bounds = bounds(1.0, 1e8, "hosts, from 1 to 100000000");
pub(super) const EMPLOYEES: Bounds = bounds(1.0, 1e8, "a number of people from 1 to 100000000");
pub(super) const COMPRISES: Bounds = bounds(1.0, 1e6, "organisations, from 1 to 1000000");
pub(super) const SITES: Bounds = bounds(1.0, 1e8, "sites, from 1 to 100000000");
pub(super) const HEADROOM: Bounds = above(0.0, 100.0, "a factor above 0, up to 100");
pub(super) const CYCLES: Bounds = bounds(1.0, 10_000.0, "reboot cycles, from 1 to 10000");
pub(super) const HOSTS_AT_ONCE: Bounds = bounds(1.0, 10_000.0, "hosts, from 1 to 10000");
pub(super) const FACTOR_FROM_1: Bounds = bounds(1.0, 100.0, "a factor from 1 to 100");
