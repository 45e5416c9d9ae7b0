//! Keyed chance: every draw is a pure function of (seed, stream, entity, counter).
//!
//! There is no generator state, so a decision changes only the draws it touches, and order or
//! threads cannot matter. The generator is *Squares* (B. Widynski, 2020, arXiv:2004.06278), the
//! five-round 64-bit form, under a key mixed from seed and stream by SplitMix64's finaliser.

/// What a draw is for. The numbers are part of the determinism contract: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Stream {
    /// Is this host in the channel's scope (platform and sensor)?
    Scope = 1,
    /// The host's place among those switched on at an hour.
    SwitchedOn = 2,
    /// Minutes from being reachable to receiving a release.
    Receipt = 3,
    /// Reboot cycles until the host wins the race.
    Race = 4,
    /// Minutes until a host that stayed down wins late.
    LateWin = 5,
    /// Is the host's disk encrypted?
    Encrypted = 6,
    /// Minutes to find and reach a host.
    Locate = 7,
    /// Minutes of hands on a host.
    Touch = 8,
    /// Does a repair fail?
    RepairFails = 9,
    /// Minutes until unattended remediation reaches a host.
    Unattended = 10,
    /// Minutes by which a host's clock lags behind the full hour when it is switched on or off.
    SwitchMinute = 11,
    /// Size and place of a population's member.
    Population = 12,
    /// A host's place in a staged rollout.
    Ring = 13,
    /// A host's place within its ring.
    RingSlot = 14,
    /// Worlds and commands made up by the swarm.
    Swarm = 15,
    /// Ways through the grid of a sensitivity analysis.
    Screening = 16,
}

/// Streams are numbered below this.
const STREAMS: usize = 17;

/// A source of keyed draws for one run: the keys of all streams.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    keys: [Key; STREAMS],
}

impl Draw {
    /// Draws of the run with this seed.
    pub const fn new(seed: u64) -> Self {
        let mut keys = [Key(0); STREAMS];
        let mut stream = 0;
        while stream < STREAMS {
            // Squares wants keys whose digits vary; the finaliser gives that, and the low bit must be set.
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

/// The least part of 2⁵³ that is not below a chance: a part below it is a hit (`Key::part`).
pub fn cut_of(chance: f64) -> u64 {
    // Scaling by a power of two is exact.
    let scaled = chance * PARTS;
    let whole = scaled as u64;
    whole.saturating_add(u64::from((whole as f64) < scaled))
}

/// Parts of a uniform draw: it has 53 bits.
const PARTS: f64 = 9_007_199_254_740_992.0;

/// A whole number below 2⁶³ as a float: one instruction, where any 64 bits take many.
#[inline]
pub const fn float(whole: u64) -> f64 {
    whole as i64 as f64
}

/// A float that is not negative, rounded down, in as few; 2⁶³ and more count as one less.
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
    /// Draws below fall on the rising side.
    cut: f64,
}

impl Triangle {
    /// Between `low` and `high` with the peak at `mode`.
    pub fn new([low, mode, high]: [f64; 3]) -> Self {
        let span = high - low;
        Self { low, high, span, rise: mode - low, fall: high - mode, cut: (mode - low) / span }
    }

    #[inline]
    fn at(&self, u: f64) -> f64 {
        if self.span <= 0.0 {
            self.low
        } else if u < self.cut {
            self.low + (u * self.span * self.rise).sqrt()
        } else {
            self.high - ((1.0 - u) * self.span * self.fall).sqrt()
        }
    }
}

/// One stream's key.
#[derive(Clone, Copy, Debug)]
pub struct Key(u64);

impl Key {
    /// 64 random bits for the `counter`-th draw of `entity`.
    #[inline]
    pub const fn bits(self, entity: u32, counter: u32) -> u64 {
        squares64(((entity as u64) << 32) | counter as u64, self.0)
    }

    /// A uniform fraction in [0, 1) as parts of 2⁵³: below `cut_of(chance)` where `happens` is true.
    #[inline]
    pub const fn part(self, entity: u32, counter: u32) -> u64 {
        self.bits(entity, counter) >> 11
    }

    /// A uniform fraction in [0, 1) with 53 bits.
    #[inline]
    pub fn uniform(self, entity: u32, counter: u32) -> f64 {
        float(self.part(entity, counter)) * (1.0 / PARTS)
    }

    /// True with probability `chance`.
    pub fn happens(self, entity: u32, counter: u32, chance: f64) -> bool {
        self.uniform(entity, counter) < chance
    }

    /// Whole minutes (at least 1) of an exponential waiting time; `u32::MAX` where the rate is none.
    pub fn exponential_min(self, entity: u32, counter: u32, mean_min: f64) -> u32 {
        exponential_of(self.uniform(entity, counter), mean_min)
    }

    /// A triangular draw between `low` and `high` with the peak at `mode`.
    pub fn triangular(self, entity: u32, counter: u32, low: f64, mode: f64, high: f64) -> f64 {
        self.triangle(entity, counter, &Triangle::new([low, mode, high]))
    }

    /// The same of a distribution made before.
    #[inline]
    pub fn triangle(self, entity: u32, counter: u32, of: &Triangle) -> f64 {
        of.at(self.uniform(entity, counter))
    }

    /// The number of tries (1, 2, …) until the first success at `chance` a try; `u32::MAX` for never.
    pub fn geometric(self, entity: u32, counter: u32, chance: f64) -> u32 {
        geometric_of(self.uniform(entity, counter), chance)
    }
}

/// An exponential waiting time from a uniform fraction, in whole minutes.
pub fn exponential_of(u: f64, mean_min: f64) -> u32 {
    let minutes = -libm::log1p(-u) * mean_min;
    // A float-to-integer cast saturates; the ceiling keeps every wait at least one tick.
    ceil_u32(minutes).max(1)
}

/// Tries until the first success from a uniform fraction; `u32::MAX` for never.
pub fn geometric_of(u: f64, chance: f64) -> u32 {
    if chance <= 0.0 {
        return u32::MAX;
    }
    if 1.0 <= chance {
        return 1;
    }
    // The cast cuts towards nothing, which is down for what is not negative.
    ((libm::log1p(-u) / libm::log1p(-chance)) as u32).saturating_add(1)
}

/// The least whole number that is not below a positive one, saturating: the same everywhere, and a few
/// instructions where the library's is a call.
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
