//! Goal: the engine agrees bit for bit at every tick with a naive second engine (tests/core/naive). Method: a
//! hand-made case for each mechanism of docs/model.md, and closed forms for some of them.
//!
//! Each case changes the tiny scenario in a few lines and gives commands by tick. It also names signs that its
//! mechanism was at work, so that no case passes because nothing happened.

pub mod bed;
mod closed;
mod hands;
mod mixed;
mod orders;
mod rollout;
mod services;
mod trust;
