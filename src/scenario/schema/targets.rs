//! Hindcast targets: published numbers about the incident, with which runs are compared (`targets.ron`).

use serde::{Deserialize, Serialize};

use super::{Source, Standing, Tagged};

/// `targets.ron`, which may be left out: a list of targets, or this group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetsFile {
    /// UTC time up to which measures may reach, after the end of an ordinary run; the end if left out.
    #[serde(default)]
    pub until: Option<String>,
    /// Facts that the scenario does not have.
    #[serde(default)]
    pub sources: Vec<Source>,
    pub targets: Vec<Target>,
}

/// A hindcast target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub id: String,
    /// Heading of its group in tables and pictures.
    pub topic: String,
    /// Title of the row that it is a part of. Targets of a topic with the same row are hit or missed together.
    #[serde(default)]
    pub row: Option<String>,
    pub title: String,
    /// The way to take the number from a run.
    pub measure: Measure,
    /// The number, if the record gives a number.
    #[serde(default)]
    pub published: Option<Tagged<f64>>,
    /// The lower bound, if the record gives no more than that.
    #[serde(default)]
    pub at_least: Option<Tagged<f64>>,
    /// The upper bound, if the record gives no more than that.
    #[serde(default)]
    pub at_most: Option<Tagged<f64>>,
    /// Both ends, if the record gives an interval.
    #[serde(default)]
    pub between: Option<Tagged<(f64, f64)>>,
    /// Unit of the number; `share` reads as per cent.
    pub unit: String,
    /// Needed for a number; beyond a bound or an interval it is the slack, none if left out.
    #[serde(default)]
    pub tolerance: Option<Tolerance>,
    /// Is it hit or missed? Otherwise it is shown only.
    #[serde(default = "super::yes")]
    pub judged: bool,
    /// Did a fit, or did the authors, use this number while figures were chosen? If left out, the sources decide.
    #[serde(default)]
    pub calibrated: Option<bool>,
    /// Origin of the number, and the reason why a run misses it.
    #[serde(default)]
    pub note: String,
}

/// The kind of statement that a publication makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statement {
    Number(f64),
    AtLeast(f64),
    AtMost(f64),
    Between(f64, f64),
}

impl Statement {
    /// The number, the bound, or the lower end of the interval.
    pub fn first(self) -> f64 {
        match self {
            Statement::Number(value) | Statement::AtLeast(value) | Statement::AtMost(value) => value,
            Statement::Between(low, _) => low,
        }
    }

    /// The number, the bound, or the upper end of the interval.
    pub fn last(self) -> f64 {
        if let Statement::Between(_, high) = self { high } else { self.first() }
    }

    /// The number, the bound, or the middle of the interval.
    pub fn middle(self) -> f64 {
        (self.first() + self.last()) / 2.0
    }

    /// The kind in words: `number`, `at least`, `at most`, `between`.
    pub fn word(self) -> &'static str {
        match self {
            Statement::Number(_) => "number",
            Statement::AtLeast(_) => "at least",
            Statement::AtMost(_) => "at most",
            Statement::Between(..) => "between",
        }
    }
}

impl Target {
    /// The published statement; none for a row that is shown only. A checked target has one at most.
    pub fn statement(&self) -> Option<Statement> {
        let number = self.published.as_ref().map(|figure| Statement::Number(*figure.value()));
        let at_least = self.at_least.as_ref().map(|figure| Statement::AtLeast(*figure.value()));
        let at_most = self.at_most.as_ref().map(|figure| Statement::AtMost(*figure.value()));
        let between = self.between.as_ref().map(|figure| Statement::Between(figure.value().0, figure.value().1));
        number.or(at_least).or(at_most).or(between)
    }

    /// Standing and source of the published statement.
    pub fn tag(&self) -> Option<(Standing, &str)> {
        let one = [&self.published, &self.at_least, &self.at_most].into_iter().flatten().next();
        let one = one.map(|figure| (figure.standing(), figure.source()));
        one.or(self.between.as_ref().map(|figure| (figure.standing(), figure.source())))
    }

    /// The text beside the published statement; empty if there is none.
    pub fn source(&self) -> &str {
        self.tag().map_or("", |(_, source)| source)
    }

    /// Is it hit or missed, and not shown only?
    pub fn is_judged(&self) -> bool {
        self.judged && self.statement().is_some()
    }

    /// Least and greatest value that count as a hit, both included; infinite where a side has no limit.
    pub fn ends(&self) -> (f64, f64) {
        let with_slack = |value: f64| self.tolerance.map_or((value, value), |tolerance| tolerance.ends(value));
        match self.statement() {
            None => (f64::NEG_INFINITY, f64::INFINITY),
            Some(Statement::Number(value)) => with_slack(value),
            Some(Statement::AtLeast(value)) => (with_slack(value).0, f64::INFINITY),
            Some(Statement::AtMost(value)) => (f64::NEG_INFINITY, with_slack(value).1),
            Some(Statement::Between(low, high)) => (with_slack(low).0, with_slack(high).1),
        }
    }

    /// Title with that of its row: `Delta, flights cancelled: Friday`.
    pub fn full_title(&self) -> String {
        self.row.as_ref().map_or_else(|| self.title.clone(), |row| format!("{row}: {}", self.title))
    }
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
    /// One side only, for which `at_least` and `at_most` of a target stand now: the check refuses both.
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

    #[test]
    fn slack_lies_outside_a_bound_or_an_interval() {
        let check = |fields: &str, expected: (f64, f64)| {
            let text = format!(r#"(id: "a", topic: "T", title: "A", measure: Number(1.0), unit: "h", {fields})"#);
            let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
            let target: Target = options.from_str(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(target.ends(), expected, "{fields}");
        };
        let (none, all) = (f64::NEG_INFINITY, f64::INFINITY);
        check(r#"published: Invented(8.0, "a"), tolerance: Points(1.0)"#, (7.0, 9.0));
        check(r#"at_least: Invented(8.0, "a")"#, (8.0, all));
        check(r#"at_least: Invented(8.0, "a"), tolerance: Share(0.25)"#, (6.0, all));
        check(r#"at_most: Invented(8.0, "a"), tolerance: Factor(2.0)"#, (none, 16.0));
        check(r#"between: Invented((4.0, 8.0), "a")"#, (4.0, 8.0));
        check(r#"between: Invented((4.0, 8.0), "a"), tolerance: Share(0.25)"#, (3.0, 10.0));
        check("judged: false", (none, all));
    }
}
