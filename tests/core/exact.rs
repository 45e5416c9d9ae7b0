//! The engine held against a naive second one (tests/core/naive), bit for bit at every tick: a hand-made case
//! for each mechanism of docs/model.md, and closed forms where there are any.
//!
//! Each case is the tiny scenario changed in a few lines, with commands by tick. It names signs that its
//! mechanism did work, so that no case passes because nothing happened.

pub mod bed;
mod closed;
mod hands;
mod mixed;
mod rollout;
mod services;
mod trust;
