//! Hindcast targets: published numbers about the incident, with which runs are compared (`targets.ron`).

use serde::{Deserialize, Serialize};

use super::Tagged;

/// A hindcast target. `targets.ron` is a list of targets and may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub id: String,
    /// Heading of its group in tables and pictures.
    pub topic: String,
    pub title: String,
    /// The way to take the number from a run.
    pub measure: Measure,
    pub published: Tagged<f64>,
    /// Unit of the number; `share` reads as per cent.
    pub unit: String,
    pub tolerance: Tolerance,
    /// Did the authors look at this number while they chose figures?
    #[serde(default)]
    pub calibrated: bool,
    /// Origin of the number, and the reason why a run misses it.
    #[serde(default)]
    pub note: String,
}

/// A way to take a number from a run. The first text is an observable, the others are UTC times inside the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// The value at a time.
    At(String, String),
    /// The value at the second time minus that at the first.
    Change(String, String, String),
    /// The change over a calendar day, `2024-07-19`, of a region, as far as it lies in the run.
    OnDay(String, String, String),
    /// The change between two times, per hour.
    Rate(String, String, String),
    /// The share of the rest that goes in an hour, continuously, if the value falls exponentially between two times.
    Decay(String, String, String),
    /// The hours in which the value halves, if it falls exponentially between two times.
    HalfLife(String, String, String),
    /// The greatest of the values every five minutes, both times included.
    Greatest(String, String, String),
    /// The least of the values every five minutes.
    Least(String, String, String),
    /// The mean of the values every five minutes.
    Mean(String, String, String),
    /// Hours from a time until the value passes a bound and stays beyond it for the given minutes, or to the end of
    /// the run.
    Until(String, Bound, String, u32),
    /// The value at the moment at which `Over` or `UntilOf` takes the measure around it.
    Now(String),
    /// A measure of `Now`, taken between two times.
    Over(Box<Measure>, Taken, String, String),
    /// As `Until`, for a measure of `Now`.
    UntilOf(Box<Measure>, Bound, String, u32),
    /// A fixed number.
    Number(f64),
    Sum(Vec<Measure>),
    /// The first minus the second.
    Difference(Box<Measure>, Box<Measure>),
    /// The measure times a number.
    Scaled(Box<Measure>, f64),
    /// The first divided by the second.
    Ratio(Box<Measure>, Box<Measure>),
    /// The greatest of several measures.
    Max(Vec<Measure>),
    /// The least of several measures.
    Min(Vec<Measure>),
    /// 1 if each is greater than the next, else 0.
    Descending(Vec<Measure>),
    /// A statistic of a measure over the organisations of a scope; in its observables the word `each` stands for
    /// one of them. The condition excludes organisations.
    Across(String, Box<Measure>, Statistic, #[serde(default)] Option<Only>),
    /// The same over the services of a scope.
    AcrossServices(String, Box<Measure>, Statistic, #[serde(default)] Option<Only>),
}

/// A way to take a measure between two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    Greatest,
    Least,
    Mean,
    Change,
    Rate,
    Decay,
    HalfLife,
}

impl Taken {
    /// Does it need the value at every step, and not only at both ends?
    pub fn is_of_steps(self) -> bool {
        matches!(self, Taken::Greatest | Taken::Least | Taken::Mean)
    }
}

/// A side of a value; the value itself is included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    Above(f64),
    Below(f64),
}

/// Organisations or services whose measure is above or below a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Only {
    Above(Box<Measure>, f64),
    Below(Box<Measure>, f64),
}

/// A statistic over many organisations or services. An organisation counts as often as the number of organisations
/// that it represents, and so do its services.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Statistic {
    /// Number of organisations or services.
    Count,
    Average,
    Median,
    Greatest,
    Least,
    /// The value that this share of them does not exceed.
    Quantile(f64),
    ShareAbove(f64),
    ShareBelow(f64),
    CountAbove(f64),
    CountBelow(f64),
    Total,
}

/// The allowed difference between a run and the published number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tolerance {
    /// By a share of the published number, up or down.
    Share(f64),
    /// By a fixed amount, up or down.
    Points(f64),
    /// By a factor, up or down.
    Factor(f64),
    /// Anywhere from the first value to the second.
    Range(f64, f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Tolerance {
    /// Least and greatest value that count as a hit, both included; infinite where a side has no limit.
    pub fn ends(self, published: f64) -> (f64, f64) {
        match self {
            Tolerance::Share(share) => {
                let by = published.abs() * share;
                (published - by, published + by)
            }
            Tolerance::Points(by) => (published - by, published + by),
            Tolerance::Factor(factor) => (published / factor, published * factor),
            Tolerance::Range(least, greatest) => (least, greatest),
            Tolerance::AtLeast(least) => (least, f64::INFINITY),
            Tolerance::AtMost(greatest) => (f64::NEG_INFINITY, greatest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_an_interval() {
        let check = |tolerance: Tolerance, published: f64, expected: (f64, f64)| {
            assert_eq!(tolerance.ends(published), expected, "{tolerance:?}");
        };
        check(Tolerance::Share(0.25), 8.0, (6.0, 10.0));
        check(Tolerance::Share(0.25), -8.0, (-10.0, -6.0));
        check(Tolerance::Points(0.5), 2.0, (1.5, 2.5));
        check(Tolerance::Factor(2.0), 8.0, (4.0, 16.0));
        check(Tolerance::Range(1.0, 3.0), 8.0, (1.0, 3.0));
        check(Tolerance::AtLeast(7.0), 8.0, (7.0, f64::INFINITY));
        check(Tolerance::AtMost(9.0), 8.0, (f64::NEG_INFINITY, 9.0));
    }
}
