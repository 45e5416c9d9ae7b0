//! Hit or miss: a published number beside the values that the runs give.

use super::statistics::unweighted_quantile;
use crate::base::words::figure;
use crate::scenario::load::Documents;
use crate::scenario::schema::Target;

/// Shares of the runs below the lower and the upper end of the band.
const BAND: (f64, f64) = (0.05, 0.95);

/// Hindcast targets beside the values of the runs.
#[derive(Clone, Debug)]
pub struct Hindcast {
    /// Rows by topic; topics and the rows of a topic are in the order of the targets.
    pub rows: Vec<Row>,
}

/// One hindcast target beside the values of the runs.
#[derive(Clone, Debug)]
pub struct Row {
    pub target: Target,
    /// One value for each seed, in the order of the seeds: infinite for an event that never happens, not-a-number
    /// if there is nothing to measure.
    pub values: Vec<f64>,
    pub median: f64,
    /// The 5th and the 95th percentile of the values.
    pub band: (f64, f64),
    /// The smallest and the largest value that is a hit.
    pub ends: (f64, f64),
    /// The median lies within the tolerance.
    pub is_hit: bool,
}

impl Hindcast {
    /// Compares the values of each target with its published number.
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

    /// Number of targets that are hit.
    pub fn hits(&self) -> usize {
        self.rows.iter().filter(|row| row.is_hit).count()
    }

    /// The rows of each topic.
    pub fn topics(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|one, other| one.target.topic == other.target.topic)
    }
}

impl Row {
    fn new(target: &Target, values: Vec<f64>) -> Self {
        let median = unweighted_quantile(&values, 0.5);
        let band = (unweighted_quantile(&values, BAND.0), unweighted_quantile(&values, BAND.1));
        let ends = target.tolerance.ends(*target.published.value());
        // An infinite median would lie within a tolerance without an upper end.
        let is_hit = median.is_finite() && ends.0 <= median && median <= ends.1;
        Self { target: target.clone(), values, median, band, ends, is_hit }
    }
}

impl Row {
    /// The band in words: `1,244 to 1,259`, or one number where both ends are equal.
    pub fn band_words(&self) -> String {
        let [low, high] = [self.band.0, self.band.1].map(|value| figure(value, &self.target.unit));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// The tolerance in words: `1,026 to 1,388`, `at least 5`.
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

/// Ids of the scenario's facts that the text of a source names.
pub fn facts<'s>(docs: &Documents, source: &'s str) -> Vec<&'s str> {
    let words = source.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| docs.sources.iter().any(|fact| fact.id == **word)).collect()
}
