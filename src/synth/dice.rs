//! Random choices for made-up scenarios and commands: the distributions of the crate `rand` over keyed draws.
//!
//! One set of dice belongs to one table (an organisation, the script, the commands), so that more throws at one table
//! leave all other tables as they were. The result of a run must not depend on dice: the simulation keys its draws by
//! entity and purpose.

use std::ops::RangeInclusive;

use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::base::draw::KeyedRng;
use crate::base::{Draw, Stream};
use crate::scenario::schema::Tagged;

/// The reason that every made-up figure gives for its value.
const REASON: &str = "made up by chance";

/// The generator of one table. Its type is named, so that a seed gives the same numbers on every platform.
#[derive(Clone, Debug)]
pub struct Dice {
    rng: KeyedRng,
}

impl Dice {
    /// The dice of a seed at the table with a number.
    pub fn new(seed: u64, table: u32) -> Self {
        Self { rng: KeyedRng::new(Draw::new(seed).stream(Stream::Swarm), table) }
    }

    /// A uniform fraction in [0, 1).
    pub fn fraction(&mut self) -> f64 {
        self.rng.random()
    }

    /// True with a chance between 0 and 1.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.rng.random_bool(chance)
    }

    /// An integer of the range, each as likely as any other.
    pub fn whole(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.rng.random_range(range)
    }

    /// A number of the range in hundredths: it prints short and reads back unchanged.
    pub fn number(&mut self, range: RangeInclusive<f64>) -> f64 {
        let (low, high) = (*range.start(), *range.end());
        let value = low + self.fraction() * (high - low);
        ((value * 100.0).round() / 100.0).clamp(low, high)
    }

    /// A share; 0 and 1 in a tenth of the cases each.
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

    /// Minimum, mode and maximum in minutes, all above 0; in a tenth of the cases all equal.
    pub fn triple(&mut self, most: f64) -> (f64, f64, f64) {
        let mut ends = [self.number(0.1..=most), self.number(0.1..=most), self.number(0.1..=most)];
        ends.sort_by(f64::total_cmp);
        if self.happens(0.1) { (ends[1], ends[1], ends[1]) } else { (ends[0], ends[1], ends[2]) }
    }

    /// One entry of a list, each as likely as any other.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        list.choose(&mut self.rng).expect("a list with something to pick from")
    }

    /// Up to `count_max` different entries of a list in its order; none of an empty list.
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

/// A figure that is tagged as made up.
pub fn made_up<T>(value: T) -> Tagged<T> {
    Tagged::Invented(value, REASON.to_owned())
}
