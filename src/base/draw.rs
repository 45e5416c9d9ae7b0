//! Keyed random draws: every draw is a pure function of (seed, stream, entity, counter).
//!
//! There is no generator state, so a decision changes only the draws of the entities that it concerns, and neither the
//! order of draws nor threads can matter. The generator is *Squares* (B. Widynski, 2020, arXiv:2004.06278) in its
//! five-round 64-bit form; SplitMix64's finaliser mixes its key from seed and stream.
//!
//! The rules of docs/model.md use the distributions of this file, bit for bit. Code outside the simulation (made-up
//! scenarios, screening, search) can draw from `KeyedRng` with the distributions of the crate `rand`.

use std::convert::Infallible;

use rand::rand_core::{TryRng, utils};

/// The purpose of a draw. The numbers are part of the determinism contract: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Stream {
    /// Whether the host runs the channel's platform and sensor.
    Scope = 1,
    /// The host's rank among the hosts of its kind: the lower, the more hours it is switched on.
    SwitchedOn = 2,
    /// Minutes of exposure until the host receives a release.
    Receipt = 3,
    /// Reboot cycles until the host wins the race.
    Race = 4,
    /// Minutes until a host that lost the race recovers by itself.
    LateWin = 5,
    /// Whether the host's disk is encrypted.
    Encrypted = 6,
    /// Minutes to locate and reach a host.
    Locate = 7,
    /// Minutes of work on a host.
    Touch = 8,
    /// Whether a repair fails.
    RepairFails = 9,
    /// Minutes until unattended remediation reaches a host.
    Unattended = 10,
    /// Minutes after the full hour at which the host is switched on or off.
    SwitchMinute = 11,
    /// Size and place of a member of a population.
    Population = 12,
    /// The host's rank in a staged rollout, which selects its ring.
    Ring = 13,
    /// The host's position in the spread of its ring.
    RingSlot = 14,
    /// Scenarios and commands that the swarm makes up.
    Swarm = 15,
    /// Paths through the grid of a sensitivity analysis.
    Screening = 16,
    /// Whether a host that went down is out of reach, and for how long.
    OutOfReach = 17,
    /// Whether an order has a setback.
    Setback = 18,
    // Studies have the numbers from 24 on, so that the streams of the simulation can stay together.
    /// Places of uncertain figures in their ranges.
    Figures = 24,
    /// Orders in which decisions are left out one after the other.
    LeavingOut = 25,
    /// Outcomes of forecasts, if each came true as often as it said.
    Outcomes = 26,
    /// Orders that scripted players choose at random.
    Players = 27,
}

/// All stream numbers are below this one.
const STREAMS: usize = 28;

/// The keys of all streams of one run.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    keys: [Key; STREAMS],
}

impl Draw {
    /// The keys for a seed.
    pub const fn new(seed: u64) -> Self {
        let mut keys = [Key(0); STREAMS];
        let mut stream = 0;
        while stream < STREAMS {
            // Squares needs keys with varied digits, which the finaliser provides, and a set lowest bit.
            keys[stream] = Key(mix(seed ^ mix(stream as u64)) | 1);
            stream += 1;
        }
        Draw { keys }
    }

    /// The key of one stream.
    #[inline]
    pub const fn stream(&self, stream: Stream) -> Key {
        self.keys[stream as usize]
    }
}

/// The threshold of a chance in parts of 2⁵³: `Key::part` lies below it exactly where `Key::happens` is true.
pub fn cut_of(chance: f64) -> u64 {
    // A product with a power of two is exact.
    let scaled = chance * PARTS;
    let whole = scaled as u64;
    whole.saturating_add(u64::from((whole as f64) < scaled))
}

/// The number of values of a uniform draw: it has 53 bits.
const PARTS: f64 = 9_007_199_254_740_992.0;

/// An integer below 2⁶³ as a float. The signed conversion is one instruction, the unsigned one several.
#[inline]
pub const fn float(whole: u64) -> f64 {
    whole as i64 as f64
}

/// A float that is not negative, rounded down, in one instruction as well; values from 2⁶³ on saturate at 2⁶³ − 1.
#[inline]
pub const fn whole(float: f64) -> u64 {
    float as i64 as u64
}

/// A triangular distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle {
    low: f64,
    high: f64,
    span: f64,
    rise: f64,
    fall: f64,
    /// Uniform fractions below this one lie on the rising side.
    cut: f64,
}

impl Triangle {
    /// The distribution between `low` and `high` with its peak at `mode`.
    pub fn new([low, mode, high]: [f64; 3]) -> Self {
        let span = high - low;
        Self { low, high, span, rise: mode - low, fall: high - mode, cut: (mode - low) / span }
    }

    /// The inverse of the cumulative distribution.
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        if self.span <= 0.0 {
            self.low
        } else if u < self.cut {
            self.low + (u * self.span * self.rise).sqrt()
        } else {
            self.high - ((1.0 - u) * self.span * self.fall).sqrt()
        }
    }
}

/// The key of one stream.
#[derive(Clone, Copy, Debug)]
pub struct Key(u64);

impl Key {
    /// The 64 random bits of draw number `counter` of an entity.
    #[inline]
    pub fn bits(self, entity: impl Into<u32>, counter: u32) -> u64 {
        squares64((u64::from(entity.into()) << 32) | u64::from(counter), self.0)
    }

    /// A uniform fraction in [0, 1) as an integer number of parts of 2⁵³; see `cut_of`.
    #[inline]
    pub fn part(self, entity: impl Into<u32>, counter: u32) -> u64 {
        self.bits(entity, counter) >> 11
    }

    /// A uniform fraction in [0, 1) with 53 bits.
    #[inline]
    pub fn uniform(self, entity: impl Into<u32>, counter: u32) -> f64 {
        float(self.part(entity, counter)) * (1.0 / PARTS)
    }

    /// True with probability `chance`.
    pub fn happens(self, entity: impl Into<u32>, counter: u32, chance: f64) -> bool {
        self.uniform(entity, counter) < chance
    }

    /// An exponential waiting time in whole minutes, at least 1; `u32::MAX` for an infinite mean.
    pub fn exponential_min(self, entity: impl Into<u32>, counter: u32, mean_min: f64) -> u32 {
        exponential_of(self.uniform(entity, counter), mean_min)
    }

    /// A triangular draw between `low` and `high` with the peak at `mode`.
    pub fn triangular(self, entity: impl Into<u32>, counter: u32, low: f64, mode: f64, high: f64) -> f64 {
        self.triangle(entity, counter, &Triangle::new([low, mode, high]))
    }

    /// A draw from a triangular distribution that was prepared once for many draws.
    #[inline]
    pub fn triangle(self, entity: impl Into<u32>, counter: u32, triangle: &Triangle) -> f64 {
        triangle.quantile(self.uniform(entity, counter))
    }

    /// A draw from the standard normal distribution (Box and Muller), from two uniform draws: `counter` and the next.
    pub fn normal(self, entity: impl Into<u32>, counter: u32) -> f64 {
        let entity = entity.into();
        let radius = (-2.0 * libm::log1p(-self.uniform(entity, counter))).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform(entity, counter + 1))
    }

    /// A factor from a lognormal distribution with median 1, from two uniform draws: `counter` and the next. `spread` is
    /// the standard deviation of the logarithm.
    pub fn lognormal(self, entity: impl Into<u32>, counter: u32, spread: f64) -> f64 {
        libm::exp(spread * self.normal(entity, counter))
    }

    /// The number of tries (1, 2, …) up to the first success; `u32::MAX` for a chance of 0.
    pub fn geometric(self, entity: impl Into<u32>, counter: u32, chance: f64) -> u32 {
        geometric_of(self.uniform(entity, counter), chance)
    }
}

/// The draws of one entity in the order of their counters, as a generator for the distributions of the crate `rand`.
///
/// A generator has state, so it belongs to code whose draws no decision of a run can shift: not to `sim`.
#[derive(Clone, Debug)]
pub struct KeyedRng {
    key: Key,
    entity: u32,
    counter: u32,
}

impl KeyedRng {
    /// The generator before its first draw.
    pub const fn new(key: Key, entity: u32) -> Self {
        Self { key, entity, counter: 0 }
    }
}

impl TryRng for KeyedRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The high bits: every draw takes one counter, whatever its width.
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let bits = self.key.bits(self.entity, self.counter);
        self.counter = self.counter.checked_add(1).expect("an entity has 2^32 draws");
        Ok(bits)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

/// The exponential waiting time that belongs to a uniform fraction, in whole minutes.
pub fn exponential_of(u: f64, mean_min: f64) -> u32 {
    let minutes = -libm::log1p(-u) * mean_min;
    // The conversion to an integer saturates; a wait is at least one tick long.
    ceil_u32(minutes).max(1)
}

/// The number of tries up to the first success that belongs to a uniform fraction; `u32::MAX` for a chance of 0.
pub fn geometric_of(u: f64, chance: f64) -> u32 {
    if chance <= 0.0 {
        return u32::MAX;
    }
    if 1.0 <= chance {
        return 1;
    }
    // The conversion rounds towards zero, so the quotient, which is not negative, is rounded down.
    ((libm::log1p(-u) / libm::log1p(-chance)) as u32).saturating_add(1)
}

/// The ceiling of a number that is not negative, saturating. It is equal on every platform and takes a few instructions
/// in place of a library call.
#[inline]
pub fn ceil_u32(x: f64) -> u32 {
    let whole = x as u32;
    whole.saturating_add(u32::from(f64::from(whole) < x))
}

/// SplitMix64's output function (Stafford's variant 13).
pub const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const fn squares64(counter: u64, key: u64) -> u64 {
    let y = counter.wrapping_mul(key);
    let z = y.wrapping_add(key);
    let x = y.wrapping_mul(y).wrapping_add(y).rotate_left(32);
    let x = x.wrapping_mul(x).wrapping_add(z).rotate_left(32);
    let x = x.wrapping_mul(x).wrapping_add(y).rotate_left(32);
    let x = x.wrapping_mul(x).wrapping_add(z);
    let t = x;
    let x = x.rotate_left(32);
    t ^ (x.wrapping_mul(x).wrapping_add(y) >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, RngExt};

    /// The generator gives the draws that are keyed by hand, in words of any width.
    #[test]
    fn the_generator_gives_the_keyed_draws_in_order() {
        let key = Draw::new(5).stream(Stream::Swarm);
        let mut rng = KeyedRng::new(key, 9);
        assert_eq!(rng.next_u64(), key.bits(9_u32, 0));
        assert_eq!(rng.next_u32(), (key.bits(9_u32, 1) >> 32) as u32);
        assert_eq!(rng.random::<f64>(), key.uniform(9_u32, 2));
        let mut bytes = [0; 11];
        rng.fill_bytes(&mut bytes);
        let words = [key.bits(9_u32, 3).to_le_bytes(), key.bits(9_u32, 4).to_le_bytes()].concat();
        assert_eq!(bytes, words[..11]);
        assert_eq!(rng.next_u64(), key.bits(9_u32, 5));
    }

    /// A threshold separates the same draws as the chance that it stands for.
    #[test]
    fn a_part_below_the_cut_is_a_draw_that_happens() {
        let key = Draw::new(1).stream(Stream::Scope);
        for (entity, chance) in (0..4_000_u32).zip([0.0, 1e-9, 0.3, 0.5, 0.999_999, 1.0].into_iter().cycle()) {
            assert_eq!(key.part(entity, 0) < cut_of(chance), key.happens(entity, 0, chance), "{entity} at {chance}");
        }
    }
}
