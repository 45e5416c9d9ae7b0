//! A share of a whole as an integer number of millionths: its arithmetic is exact and equal on every platform.

use std::fmt;

/// A share between nothing and the whole, in parts per million (0..=1,000,000).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// 0 %.
    pub const NONE: Share = Share(0);
    /// 100 %.
    pub const WHOLE: Share = Share(1_000_000);

    /// A share from parts per million, clamped to the whole.
    pub const fn from_ppm(ppm: u32) -> Self {
        Share(if 1_000_000 < ppm { 1_000_000 } else { ppm })
    }

    /// A share from a fraction, clamped to 0..=1 and rounded to the nearest millionth; NaN gives 0.
    pub fn from_fraction(fraction: f64) -> Self {
        Share((fraction.clamp(0.0, 1.0) * 1e6 + 0.5) as u32)
    }

    /// `part / whole`, rounded down; a whole of 0 gives 100 %.
    pub fn from_parts(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Share::WHOLE;
        }
        let part = part.min(whole);
        // The product of hosts or people fits 64 bits; 128 bits are for the demand of very long runs.
        let ppm = match part.checked_mul(1_000_000) {
            Some(scaled) => scaled / whole,
            None => (u128::from(part) * 1_000_000 / u128::from(whole)) as u64,
        };
        Share::from_ppm(ppm as u32)
    }

    /// The share in parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// The share as a fraction 0..=1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 1e6
    }

    /// `amount` scaled by this share, rounded down.
    pub fn scale(self, amount: u64) -> u64 {
        match amount.checked_mul(u64::from(self.0)) {
            Some(scaled) => scaled / 1_000_000,
            None => (u128::from(amount) * u128::from(self.0) / 1_000_000) as u64,
        }
    }

    /// The product of two shares, rounded down.
    pub fn times(self, other: Share) -> Share {
        Share((u64::from(self.0) * u64::from(other.0) / 1_000_000) as u32)
    }

    /// The difference to the whole.
    pub const fn rest(self) -> Share {
        Share(1_000_000 - self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} %", self.fraction() * 100.0)
    }
}
