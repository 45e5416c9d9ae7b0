//! The engine held against a naive second one (tests/naive), bit for bit at every tick: a hand-made case
//! for each mechanism of docs/model.md, and closed forms where there are any.
//!
//! Each case is the tiny scenario changed in a few lines, with commands by tick. It names signs that its
//! mechanism did work, so that no case passes because nothing happened.

mod naive;

#[path = "exact/closed.rs"]
mod closed;
#[path = "exact/hands.rs"]
mod hands;
#[path = "exact/mixed.rs"]
mod mixed;
#[path = "exact/rollout.rs"]
mod rollout;
#[path = "exact/services.rs"]
mod services;
#[path = "exact/trust.rs"]
mod trust;
