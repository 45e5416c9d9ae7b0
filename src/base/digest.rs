//! Digests of state: the same words in the same order give the same 64 bits on every platform.
//!
//! A digest is cheap enough to be computed at every tick. It detects differences and does not protect against forgery;
//! the hash chain of the run file (`session`) does.

use std::fmt;

use super::draw::mix;

/// A 64-bit digest, printed as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() != 16 {
            return Err(format!("`{text}` is not a digest of 16 hexadecimal digits"));
        }
        u64::from_str_radix(text, 16)
            .map(Digest)
            .map_err(|_| format!("`{text}` is not a digest of 16 hexadecimal digits"))
    }
}

/// Folds words into a digest.
#[derive(Clone, Debug)]
pub struct DigestWriter {
    state: u64,
    words: u64,
}

impl Default for DigestWriter {
    fn default() -> Self {
        Self { state: 0x243f_6a88_85a3_08d3, words: 0 }
    }
}

impl DigestWriter {
    /// Adds one word.
    #[inline]
    pub fn word(&mut self, word: u64) {
        // Multiply and rotate make the digest depend on the order of words; `finish` mixes the bits.
        self.state = (self.state ^ word).wrapping_mul(0x9fb2_1c65_1e98_df25).rotate_left(29);
        self.words += 1;
    }

    /// Adds two halves as one word.
    #[inline]
    pub fn pair(&mut self, a: u32, b: u32) {
        self.word((u64::from(a) << 32) | u64::from(b));
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(bytes));
        }
    }

    /// The digest of all words added so far.
    pub fn finish(&self) -> Digest {
        Digest(mix(self.state ^ mix(self.words)))
    }
}
