//! Ranges of figures, and the figures and targets of a calibration (`uncertainty.ron`). They change no run.

use serde::{Deserialize, Serialize};

/// `uncertainty.ron`, which may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Figures whose range differs from the range of their standing.
    #[serde(default)]
    pub ranges: Vec<OwnRange>,
    /// Ids of the targets on which draws are conditioned.
    #[serde(default)]
    pub headlines: Vec<String>,
    #[serde(default)]
    pub fit: Option<Fit>,
}

/// A range that the authors chose for figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRange {
    /// A kind of figures, `sectors/airline/fleets/hosts`, or the path of one figure.
    pub figures: String,
    pub range: Range,
    /// Fact ids or a reason.
    pub source: String,
}

/// The least and the greatest value of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Range {
    /// Factors on the written value, the first at most 1, the second at least 1.
    Factors(f64, f64),
    /// Values themselves; the written value lies between them.
    Between(f64, f64),
}

/// The free figures of `blackstart calibrate` and the targets on which it fits them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Kinds of figures or paths of single figures.
    pub figures: Vec<String>,
    /// Target ids.
    pub targets: Vec<String>,
}
