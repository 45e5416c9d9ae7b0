//! Who gives a command. Must not know what a command is.

use serde::{Deserialize, Serialize};

use crate::base::Ix;
use crate::scenario::compile::Seat;

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Issuer {
    /// A seat by index: only its organisations and its mitigations.
    Seat(Ix<Seat>),
    /// A playbook; which organisations it speaks for is the session's rule, not the world's.
    Policy,
    /// May order anything.
    Facilitator,
}
