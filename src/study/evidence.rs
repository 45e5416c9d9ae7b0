//! A judged run with all that was computed about it: what reports are made from.
//!
//! Whoever has it hands it to a report; `report` reads decisions, messages and services from it.

use super::known::Known;
use super::worth::Worth;
use crate::assess::comparisons::ComparisonRuns;
use crate::assess::score::Judgement;
use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::session::Run;

/// The evidence about one run.
pub struct Evidence<'a> {
    pub run: &'a Run,
    pub seat: Ix<Seat>,
    pub judgement: &'a Judgement,
    /// With samples for curves.
    pub runs: &'a ComparisonRuns,
    /// The digest of commands, remarks and notes, as `verify` prints it.
    pub log_digest: &'a str,
    /// The worth of the decisions, as far as it was measured.
    pub worth: Option<&'a Worth>,
    /// What the seat could know at each decision, if that was computed.
    pub known: Option<&'a Known>,
}
