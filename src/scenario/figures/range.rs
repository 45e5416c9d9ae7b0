//! The range of a figure, and the value at a place of the range.
//!
//! A place is a number from 0 to 1: 0 is the least value, 0.5 the written value, 1 the greatest.

use super::change::{Number, Scale, Slot};
use crate::scenario::limits::Bounds;
use crate::scenario::schema::{Range, Standing};

/// Factor by which a figure may be larger or smaller than written, by standing. On a share it is a factor on the odds.
const SPREADS: [(Standing, f64); 3] =
    [(Standing::Documented, 1.1), (Standing::Estimated, 1.5), (Standing::Invented, 2.0)];

/// The rule for the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// By a factor up or down, on the scale of the figure.
    Spread(f64),
    /// As the authors wrote it.
    Own(Range),
}

impl Reach {
    /// The rule for a figure without a range of its own.
    pub fn from_standing(standing: Standing) -> Self {
        let spread = SPREADS.iter().find(|(known, _)| *known == standing);
        Self::Spread(spread.map_or(1.0, |(_, spread)| *spread))
    }

    /// The rule in words: `÷1.5 to ×1.5`, `×0.8 to ×1.2`, `30 to 50`.
    pub fn words(self) -> String {
        match self {
            Self::Spread(spread) => format!("÷{spread} to ×{spread}"),
            Self::Own(Range::Factors(least, most)) => format!("×{least} to ×{most}"),
            Self::Own(Range::Between(least, most)) => format!("{least} to {most}"),
        }
    }

    /// Moves a figure to a place of its range; true if this changes it. The written value, at 0.5, stays as it is to
    /// the last bit.
    pub(super) fn apply(self, slot: Slot, place: f64) -> bool {
        if place == 0.5 {
            return false;
        }
        let mut is_changed = false;
        let mut moved = |written: f64| {
            let value = self.value(written, place, slot.limits, slot.scale);
            is_changed |= value != written;
            value
        };
        match slot.number {
            Number::Amount(value) => *value = moved(*value),
            Number::Count(count) => {
                let written = *count;
                *count = (moved(f64::from(written)) + 0.5) as u32;
                is_changed = *count != written;
            }
            Number::Three((least, mode, most)) => {
                (*least, *mode, *most) = (moved(*least), moved(*mode), moved(*most));
            }
            Number::Week(profile) => {
                profile.weekday.iter_mut().chain(&mut profile.weekend).for_each(|share| *share = moved(*share));
            }
        }
        is_changed
    }

    /// The value at a place of the range of a number.
    fn value(self, written: f64, place: f64, limits: Bounds, scale: Scale) -> f64 {
        let (least, most) = self.ends(written, scale);
        // The written value is inside the legal range, so the order of the three stays.
        let (least, most) = (limits.nearest(least), limits.nearest(most));
        let value = if place < 0.5 {
            scale.between(least, written, 2.0 * place)
        } else {
            scale.between(written, most, 2.0 * place - 1.0)
        };
        limits.nearest(rounded(value))
    }

    fn ends(self, written: f64, scale: Scale) -> (f64, f64) {
        match self {
            Self::Spread(spread) => (scale.times(written, 1.0 / spread), scale.times(written, spread)),
            Self::Own(Range::Factors(least, most)) => (written * least, written * most),
            Self::Own(Range::Between(least, most)) => (least, most),
        }
    }
}

impl Scale {
    /// A number moved by a factor on this scale.
    fn times(self, value: f64, factor: f64) -> f64 {
        match self {
            Self::Factor => value * factor,
            Self::Odds if value <= 0.0 || 1.0 <= value => value,
            Self::Odds => {
                let odds = value / (1.0 - value) * factor;
                odds / (1.0 + odds)
            }
            Self::Excess => 1.0 + (value - 1.0) * factor,
        }
    }

    /// The value at a share of the way from one number to another: equal steps on this scale, or equal amounts where
    /// an end has no place on the scale (0 is no multiple of anything).
    fn between(self, from: f64, to: f64, share: f64) -> f64 {
        let position = |value: f64| match self {
            Self::Factor => value,
            Self::Odds => value / (1.0 - value),
            Self::Excess => value - 1.0,
        };
        let (low, high) = (position(from), position(to));
        if !(0.0 < low && low.is_finite() && 0.0 < high && high.is_finite()) {
            return from + (to - from) * share;
        }
        let reached = low * libm::pow(high / low, share);
        match self {
            Self::Factor => reached,
            Self::Odds => reached / (1.0 + reached),
            Self::Excess => 1.0 + reached,
        }
    }
}

/// A number with five significant digits, more than authors write: the numbers that a program simulates can be written
/// down.
fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().expect("a printed number reads back")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::limits::{AMOUNT, HEADROOM, MINUTES, SHARE};

    #[test]
    fn a_place_is_a_value_of_the_range() {
        let check = |reach: Reach, scale: Scale, limits: Bounds, written: f64, expected: [f64; 3]| {
            for (place, expected) in [0.0, 0.25, 1.0].into_iter().zip(expected) {
                let mut value = written;
                reach.apply(Slot { number: Number::Amount(&mut value), limits, scale }, place);
                assert!(
                    (value - expected).abs() < 1e-4 * expected.max(1e-9),
                    "{reach:?} of {written} at {place}: {value}"
                );
            }
            let mut value = written;
            reach.apply(Slot { number: Number::Amount(&mut value), limits, scale }, 0.5);
            assert_eq!(value, written);
        };
        let by = Reach::Spread(4.0);
        check(by, Scale::Factor, AMOUNT, 8.0, [2.0, 4.0, 32.0]);
        check(by, Scale::Factor, AMOUNT, 0.0, [0.0, 0.0, 0.0]);
        check(by, Scale::Factor, MINUTES, 400_000.0, [100_000.0, 200_000.0, 525_600.0]);
        check(by, Scale::Odds, SHARE, 0.5, [0.2, 1.0 / 3.0, 0.8]);
        check(by, Scale::Odds, SHARE, 1.0, [1.0, 1.0, 1.0]);
        check(by, Scale::Excess, HEADROOM, 1.2, [1.05, 1.1, 1.8]);
        let factors = Reach::Own(Range::Factors(0.5, 3.0));
        check(factors, Scale::Factor, AMOUNT, 10.0, [5.0, 7.0711, 30.0]);
        check(factors, Scale::Odds, SHARE, 0.5, [0.25, 0.366_03, 1.0]);
        check(Reach::Own(Range::Between(0.0, 12.0)), Scale::Factor, AMOUNT, 8.0, [0.0, 4.0, 12.0]);
    }

    #[test]
    fn counts_are_rounded_and_three_numbers_keep_their_order() {
        let mut count = 5;
        Reach::Spread(1.5).apply(Slot { number: Number::Count(&mut count), limits: AMOUNT, scale: Scale::Factor }, 1.0);
        assert_eq!(count, 8);
        let mut three = (1.0, 2.0, 300_000.0);
        let number = Number::Three(&mut three);
        Reach::Spread(2.0).apply(Slot { number, limits: MINUTES, scale: Scale::Factor }, 1.0);
        assert_eq!(three, (2.0, 4.0, 525_600.0));
    }
}
