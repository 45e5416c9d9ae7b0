//! Hit or miss: a published number beside the values that the runs give.

use super::statistics::unweighted_quantile;
use crate::base::words::figure;
use crate::scenario::load::Documents;
use crate::scenario::schema::{Statement, Target};

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
    /// The median lies within the tolerance. Always `false` for a row that is shown only.
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
        let mut lines: Vec<(&str, Option<&str>, &str)> = Vec::new();
        for target in targets {
            if !topics.contains(&target.topic.as_str()) {
                topics.push(&target.topic);
            }
            if !lines.contains(&line(target)) {
                lines.push(line(target));
            }
        }
        let topic = |row: &Row| topics.iter().position(|topic| *topic == row.target.topic);
        let line = |row: &Row| lines.iter().position(|known| *known == line(&row.target));
        let mut rows: Vec<Row> = targets.iter().zip(values).map(|(target, values)| Row::new(target, values)).collect();
        rows.sort_by_key(|row| (topic(row), line(row)));
        Self { rows }
    }

    /// The parts of each row; most rows have one part.
    pub fn lines(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|one, other| line(&one.target) == line(&other.target))
    }

    /// Rows that are hit or missed, those of several parts once each.
    pub fn judged(&self) -> impl Iterator<Item = &[Row]> {
        self.lines().filter(|parts| parts.iter().any(|part| part.target.is_judged()))
    }

    /// Number of rows that are hit, with all of their parts that are judged.
    pub fn hits(&self) -> usize {
        self.judged().filter(|parts| is_hit(parts)).count()
    }

    /// The rows of each topic.
    pub fn topics(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|one, other| one.target.topic == other.target.topic)
    }
}

/// Are all parts of a row hit that are judged?
pub fn is_hit(parts: &[Row]) -> bool {
    parts.iter().all(|part| part.is_hit || !part.target.is_judged())
}

/// Equal for the parts of a row, different for two rows.
fn line(target: &Target) -> (&str, Option<&str>, &str) {
    let own = if target.row.is_some() { "" } else { target.id.as_str() };
    (&target.topic, target.row.as_deref(), own)
}

impl Row {
    fn new(target: &Target, values: Vec<f64>) -> Self {
        let median = unweighted_quantile(&values, 0.5);
        let band = (unweighted_quantile(&values, BAND.0), unweighted_quantile(&values, BAND.1));
        let ends = target.ends();
        // An event that never happens lies within a tolerance without an upper end: it did not happen too early.
        let is_hit = target.is_judged() && ends.0 <= median && median <= ends.1;
        Self { target: target.clone(), values, median, band, ends, is_hit }
    }
}

impl Row {
    /// The band in words: `1,244 to 1,259`, or one number where both ends are equal.
    pub fn band_words(&self) -> String {
        let [low, high] = [self.band.0, self.band.1].map(|value| figure(value, &self.target.unit));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// The published statement in words: `1,207`, `at least 915`, `649 to 694`; a dash if there is none.
    pub fn published_words(&self) -> String {
        let shown = |value: f64| figure(value, &self.target.unit);
        match self.target.statement() {
            None => "–".to_owned(),
            Some(Statement::Number(value)) => shown(value),
            Some(Statement::Between(low, high)) => format!("{} to {}", shown(low), shown(high)),
            Some(bound) => format!("{} {}", bound.word(), shown(bound.first())),
        }
    }

    /// Its verdict in a word: `hit`, `miss`, or `shown` if it is not judged.
    pub fn verdict(&self) -> &'static str {
        match (self.target.is_judged(), self.is_hit) {
            (false, _) => "shown",
            (true, true) => "hit",
            (true, false) => "miss",
        }
    }

    /// The tolerance in words: `1,026 to 1,388`, `at least 5`; nothing for a row that is shown only.
    pub fn tolerance_words(&self) -> String {
        let shown = |value: f64| figure(value, &self.target.unit);
        if !self.target.is_judged() {
            return String::new();
        }
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
