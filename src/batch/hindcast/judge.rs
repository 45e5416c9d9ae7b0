//! Hit or miss: a target beside what the runs give.

use super::statistics::plain_quantile;
use crate::base::words::figure;
use crate::scenario::load::Documents;
use crate::scenario::schema::Target;

/// Ends of the band.
const BAND: (f64, f64) = (0.05, 0.95);

/// Targets beside runs.
#[derive(Clone, Debug)]
pub struct Hindcast {
    /// In the order of the targets, those of a topic together.
    pub rows: Vec<Row>,
}

/// A target beside runs.
#[derive(Clone, Debug)]
pub struct Row {
    pub target: Target,
    /// By seed: infinite where it never comes about, not-a-number where there is none.
    pub values: Vec<f64>,
    pub median: f64,
    /// A twentieth of the runs lies below the first, a twentieth above the second.
    pub band: (f64, f64),
    /// Least and greatest value that hit, both included.
    pub ends: (f64, f64),
    /// Does the median lie within the tolerance?
    pub is_hit: bool,
}

impl Hindcast {
    /// Judges the values of each target.
    ///
    /// # Panics
    /// If there are not as many lists of values as targets.
    pub fn new(targets: &[Target], values: Vec<Vec<f64>>) -> Self {
        assert_eq!(targets.len(), values.len(), "values of every target");
        let mut topics: Vec<&str> = Vec::new();
        for target in targets {
            if !topics.contains(&target.topic.as_str()) {
                topics.push(&target.topic);
            }
        }
        let place = |row: &Row| topics.iter().position(|topic| *topic == row.target.topic);
        let mut rows: Vec<Row> = targets.iter().zip(values).map(|(target, values)| Row::new(target, values)).collect();
        rows.sort_by_key(place);
        Self { rows }
    }

    /// Targets hit.
    pub fn hits(&self) -> usize {
        self.rows.iter().filter(|row| row.is_hit).count()
    }

    /// Rows by topic.
    pub fn topics(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|one, other| one.target.topic == other.target.topic)
    }
}

impl Row {
    fn new(target: &Target, values: Vec<f64>) -> Self {
        let median = plain_quantile(&values, 0.5);
        let band = (plain_quantile(&values, BAND.0), plain_quantile(&values, BAND.1));
        let ends = target.tolerance.ends(*target.published.value());
        // What never comes about is more than nothing, and yet no number.
        let is_hit = median.is_finite() && ends.0 <= median && median <= ends.1;
        Self { target: target.clone(), values, median, band, ends, is_hit }
    }
}

impl Row {
    /// The band in words: `1,244 to 1,259`, or one number where all runs give it.
    pub fn band_words(&self) -> String {
        let [low, high] = [self.band.0, self.band.1].map(|value| figure(value, &self.target.unit));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// What hits, in words: `1,026 to 1,388`, `at least 5`.
    pub fn tolerance_words(&self) -> String {
        let shown = |value: f64| figure(value, &self.target.unit);
        match (self.ends.0.is_finite(), self.ends.1.is_finite()) {
            (true, true) if self.ends.0 == self.ends.1 => shown(self.ends.0),
            (true, true) => format!("{} to {}", shown(self.ends.0), shown(self.ends.1)),
            (true, false) => format!("at least {}", shown(self.ends.0)),
            (false, _) => format!("at most {}", shown(self.ends.1)),
        }
    }
}

/// Ids of the scenario's facts that a source names.
pub fn facts<'s>(docs: &Documents, source: &'s str) -> Vec<&'s str> {
    let words = source.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| docs.sources.iter().any(|fact| fact.id == **word)).collect()
}
