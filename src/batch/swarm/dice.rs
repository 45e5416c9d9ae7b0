//! Throws for things that are made up: keyed draws behind a counter.
//!
//! One set of dice belongs to one table (an organisation, the script, the commands), so that more
//! throws at one table leave all others as they were. Must not be used by anything that a run's
//! result rests on: there draws are keyed by what they are for.

use std::ops::RangeInclusive;

use crate::base::draw::Key;
use crate::base::{Draw, Stream};
use crate::scenario::schema::Tagged;

/// What every made-up figure says of itself.
const REASON: &str = "made up by chance";

/// A counter over the draws of one table.
#[derive(Clone, Debug)]
pub struct Dice {
    key: Key,
    table: u32,
    thrown: u32,
}

impl Dice {
    /// The dice of a seed at a table of that number.
    pub fn new(seed: u64, table: u32) -> Self {
        Self { key: Draw::new(seed).stream(Stream::Swarm), table, thrown: 0 }
    }

    fn next(&mut self) -> u32 {
        self.thrown += 1;
        self.thrown
    }

    /// A uniform fraction in [0, 1).
    pub fn fraction(&mut self) -> f64 {
        let counter = self.next();
        self.key.uniform(self.table, counter)
    }

    /// True with this chance.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.fraction() < chance
    }

    /// A whole number of the range, each as likely as any other.
    pub fn whole(&mut self, range: RangeInclusive<u32>) -> u32 {
        let (low, high) = (*range.start(), *range.end());
        let counter = self.next();
        let span = u64::from(high - low) + 1;
        low + (self.key.bits(self.table, counter) % span) as u32
    }

    /// A number of the range in hundredths, so that it prints short and reads back as it was.
    pub fn number(&mut self, range: RangeInclusive<f64>) -> f64 {
        let (low, high) = (*range.start(), *range.end());
        let value = low + self.fraction() * (high - low);
        ((value * 100.0).round() / 100.0).clamp(low, high)
    }

    /// A share, the ends more often than chance would have them.
    pub fn share(&mut self) -> f64 {
        match self.whole(0..=9) {
            0 => 0.0,
            1 => 1.0,
            _ => self.number(0.0..=1.0),
        }
    }

    /// A share above 0.
    pub fn share_above_0(&mut self) -> f64 {
        self.share().max(0.01)
    }

    /// Least, most likely and most in minutes, all above 0; now and then all the same.
    pub fn triple(&mut self, most: f64) -> (f64, f64, f64) {
        let mut ends = [self.number(0.1..=most), self.number(0.1..=most), self.number(0.1..=most)];
        ends.sort_by(f64::total_cmp);
        if self.happens(0.1) { (ends[1], ends[1], ends[1]) } else { (ends[0], ends[1], ends[2]) }
    }

    /// One of a list.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        assert!(!list.is_empty(), "there is nothing to pick from");
        &list[self.whole(0..=list.len() as u32 - 1) as usize]
    }

    /// Up to so many of a list, none twice, in their order; none of an empty one.
    pub fn some<T: Clone>(&mut self, list: &[T], count_max: u32) -> Vec<T> {
        let wanted = self.whole(0..=count_max) as usize;
        let mut left = wanted.min(list.len());
        let mut picked = Vec::with_capacity(left);
        for (at, entry) in list.iter().enumerate() {
            if left == 0 {
                break;
            }
            if self.happens(left as f64 / (list.len() - at) as f64) {
                picked.push(entry.clone());
                left -= 1;
            }
        }
        picked
    }
}

/// A figure that says that it was made up.
pub fn made_up<T>(value: T) -> Tagged<T> {
    Tagged::Invented(value, REASON.to_owned())
}
