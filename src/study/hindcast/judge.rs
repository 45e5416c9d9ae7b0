//! Hit or miss: a published number beside the values that the runs give.

use super::statistics::{quantile, unweighted_quantile};
use crate::base::words::figure;
use crate::scenario::load::Documents;
use crate::scenario::schema::{Statement, Target, Tolerance};

/// Shares of the runs below the lower and the upper end of the band.
pub(super) const BAND: (f64, f64) = (0.05, 0.95);

/// Hindcast targets beside the values of the runs.
#[derive(Clone, Debug)]
pub struct Hindcast {
    /// Rows by topic; topics and the rows of a topic are in the order of the targets.
    pub rows: Vec<Row>,
    /// The conditioning of draws on headline numbers, if there are any.
    pub given: Option<Given>,
}

/// Draws of figures that are weighted by their agreement with headline numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// Number of headline numbers.
    pub headlines: usize,
    /// Effective sample size of the weighted draws: the number of draws of equal weight that say as much.
    pub effective: f64,
}

/// One hindcast target beside the values of the runs.
#[derive(Clone, Debug)]
pub struct Row {
    pub target: Target,
    /// One value for each seed, in the order of the seeds: infinite for an event that never happens, not-a-number
    /// if there is nothing to measure.
    pub values: Vec<f64>,
    pub median: f64,
    /// The 5th and the 95th percentile of the values: the band of luck alone.
    pub band: (f64, f64),
    /// The values with drawn figures, if figures were drawn.
    pub drawn: Option<Drawn>,
    /// The smallest and the largest value that is a hit.
    pub ends: (f64, f64),
    /// The median lies within the tolerance. Always `false` for a row that is shown only.
    pub is_hit: bool,
}

/// Values of one target in runs with drawn figures, each with a seed of its own.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// One value for each draw.
    pub values: Vec<f64>,
    pub median: f64,
    /// The 5th and the 95th percentile of the values: the band of luck and figures.
    pub band: (f64, f64),
    /// The same of the draws weighted by their agreement with headline numbers.
    pub given: Option<(f64, f64)>,
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
        Self { rows, given: None }
    }

    /// Adds the values of runs with drawn figures, for each of the same targets one value for each draw, and weights
    /// the draws by the headline numbers.
    ///
    /// # Panics
    /// If there are not as many lists of values as targets.
    pub fn add_draws(&mut self, targets: &[Target], values: &[Vec<f64>], headlines: &[String]) {
        assert_eq!(targets.len(), values.len(), "values of every target");
        for row in &mut self.rows {
            let at = targets.iter().position(|target| target.id == row.target.id).expect("a row for each target");
            let band = (unweighted_quantile(&values[at], BAND.0), unweighted_quantile(&values[at], BAND.1));
            let (values, median) = (values[at].clone(), unweighted_quantile(&values[at], 0.5));
            row.drawn = Some(Drawn { values, median, band, given: None });
        }
        let heads: Vec<&Row> = self.rows.iter().filter(|row| headlines.contains(&row.target.id)).collect();
        if heads.is_empty() {
            return;
        }
        let weights = weights(&heads);
        let effective = effective_size(&weights);
        self.given = Some(Given { headlines: heads.len(), effective });
        if 0.0 < effective {
            self.rows.iter_mut().filter_map(|row| row.drawn.as_mut()).for_each(|drawn| drawn.weight(&weights));
        }
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

/// Weights of draws by their likelihood: the difference between a headline number and its value in a draw is taken as a
/// normal error with a standard deviation of half a unit of tolerance. The largest weight is 1; all are 0 if no draw
/// has all headline values.
fn weights(headlines: &[&Row]) -> Vec<f64> {
    let drawn = |row: &Row| row.drawn.as_ref().map_or(0, |drawn| drawn.values.len());
    let draws = headlines.first().map_or(0, |row| drawn(row));
    let logarithm = |draw: usize| -> f64 {
        let loss = |row: &&Row| {
            let value = row.drawn.as_ref().map_or(f64::NAN, |drawn| drawn.values[draw]);
            2.0 * row.misfit(value) * row.misfit(value)
        };
        -headlines.iter().map(loss).sum::<f64>()
    };
    let logarithms: Vec<f64> = (0..draws).map(logarithm).collect();
    let largest = logarithms.iter().copied().filter(|value| value.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let weight = |value: f64| if value.is_finite() { libm::exp(value - largest) } else { 0.0 };
    logarithms.into_iter().map(weight).collect()
}

/// The effective sample size of weights: the square of their sum over the sum of their squares.
fn effective_size(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    if squares == 0.0 { 0.0 } else { sum * sum / squares }
}

impl Drawn {
    fn weight(&mut self, weights: &[f64]) {
        let pairs: Vec<(f64, f64)> = self.values.iter().copied().zip(weights.iter().copied()).collect();
        let mut kept: Vec<(f64, f64)> = pairs.into_iter().filter(|&(_, weight)| 0.0 < weight).collect();
        self.given = Some((quantile(&mut kept, BAND.0), quantile(&mut kept, BAND.1)));
    }
}

impl Row {
    fn new(target: &Target, values: Vec<f64>) -> Self {
        let median = unweighted_quantile(&values, 0.5);
        let band = (unweighted_quantile(&values, BAND.0), unweighted_quantile(&values, BAND.1));
        let ends = target.ends();
        // An event that never happens lies within a tolerance without an upper end: it did not happen too early.
        let is_hit = target.is_judged() && ends.0 <= median && median <= ends.1;
        Self { target: target.clone(), values, median, band, drawn: None, ends, is_hit }
    }
}

impl Row {
    /// A band in words: `1,244 to 1,259`, or one number where both ends are equal.
    pub fn band_words(&self, band: (f64, f64)) -> String {
        let [low, high] = [band.0, band.1].map(|value| figure(value, &self.target.unit));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// The numbers that the record allows: the published one, those of the interval, or all from a bound on or up to it.
    /// None for a row that states nothing.
    pub(super) fn record(&self) -> Option<(f64, f64)> {
        Some(match self.target.statement()? {
            Statement::Number(value) => (value, value),
            Statement::Between(low, high) => (low, high),
            Statement::AtLeast(least) => (least, f64::INFINITY),
            Statement::AtMost(most) => (f64::NEG_INFINITY, most),
        })
    }

    /// Does a band hold the published number? False for a row that states none.
    pub fn is_held_by(&self, band: (f64, f64)) -> bool {
        self.record().is_some_and(|(least, most)| band.0 <= most && least <= band.1)
    }

    /// Distance of a value from the published statement, in units of the tolerance on that side: the tolerance reaches
    /// from −1 to 1. A tolerance given as a factor has a logarithmic scale. Not-a-number without a statement.
    pub fn units(&self, value: f64) -> f64 {
        let Some(statement) = self.target.statement() else { return f64::NAN };
        let published = statement.middle();
        let (low, high) = self.ends;
        match (statement, self.target.tolerance) {
            (Statement::Number(_), Some(Tolerance::Factor(factor))) if 1.0 < factor => {
                if value <= 0.0 {
                    return f64::NEG_INFINITY;
                }
                libm::log(value / published) / libm::log(factor)
            }
            (Statement::AtLeast(_), _) => (value - low.max(published)) / one_sided(low, published - low),
            (Statement::AtMost(_), _) => (value - high.min(published)) / one_sided(high, high - published),
            _ if low < published && published < high => {
                let by = if published <= value { high - published } else { published - low };
                (value - published) / by
            }
            _ if !self.target.is_judged() => (value - published) / one_sided(published, 0.0),
            _ if value == low => 0.0,
            _ => (value - low).signum() * f64::INFINITY,
        }
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

    /// Distance of a value from all values that the record allows, in units of the tolerance; 0 for a value that satisfies
    /// a bound or lies in an interval. Not-a-number for not-a-number.
    pub fn misfit(&self, value: f64) -> f64 {
        let units = self.units(value);
        match self.target.statement() {
            _ if units.is_nan() => f64::NAN,
            Some(Statement::AtLeast(_)) => (-units).max(0.0),
            Some(Statement::AtMost(_)) => units.max(0.0),
            Some(Statement::Between(low, high)) if low <= value && value <= high => 0.0,
            _ => units.abs(),
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

/// The unit for a tolerance with a single end: the distance to the published number, or a tenth of the end.
fn one_sided(end: f64, distance: f64) -> f64 {
    if 0.0 < distance {
        distance
    } else if end != 0.0 {
        end.abs() / 10.0
    } else {
        1.0
    }
}

/// Ids of the scenario's facts that the text of a source names.
pub fn facts<'s>(docs: &Documents, source: &'s str) -> Vec<&'s str> {
    let words = source.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| docs.sources.iter().any(|fact| fact.id == **word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::schema::Target;

    /// Values of a target with these fields, and their places in units.
    fn check(fields: &str, cases: &[(f64, f64)]) {
        let text = format!(r#"(id: "a", topic: "T", title: "A", measure: Number(1.0), unit: "h", {fields})"#);
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let target: Target = options.from_str(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        for &(value, expected) in cases {
            let found = Hindcast::new(std::slice::from_ref(&target), vec![vec![value]]);
            let row = &found.rows[0];
            let units = |value: f64| row.units(value);
            assert!(is_near(units(value), expected), "{fields} {value}: {}", units(value));
            let is_inside = units(row.ends.0) <= units(value) && units(value) <= units(row.ends.1);
            assert!(!target.is_judged() || row.is_hit == is_inside, "{fields} {value}");
        }
    }

    fn is_near(one: f64, other: f64) -> bool {
        one == other || (one - other).abs() < 1e-12
    }

    #[test]
    fn a_tolerance_is_one_unit() {
        let number =
            |value: f64, tolerance: &str| format!(r#"published: Invented({value:?}, "a"), tolerance: {tolerance}"#);
        check(&number(8.0, "Share(0.25)"), &[(8.0, 0.0), (10.0, 1.0), (4.0, -2.0)]);
        check(&number(2.0, "Points(0.5)"), &[(1.5, -1.0), (f64::INFINITY, f64::INFINITY)]);
        check(&number(8.0, "Factor(2.0)"), &[(16.0, 1.0), (2.0, -2.0), (0.0, f64::NEG_INFINITY)]);
        check(&number(8.0, "Range(7.0, 12.0)"), &[(12.0, 1.0), (7.5, -0.5), (16.0, 2.0)]);
        check(&number(8.0, "Points(0.0)"), &[(8.0, 0.0), (9.0, f64::INFINITY)]);
        let at_least = r#"at_least: Invented(8.0, "a")"#;
        check(&format!("{at_least}, tolerance: Points(2.0)"), &[(6.0, -1.0), (8.0, 0.0), (2.0, -3.0), (20.0, 6.0)]);
        check(at_least, &[(8.0, 0.0), (7.2, -1.0), (8.8, 1.0), (f64::INFINITY, f64::INFINITY)]);
        check(r#"at_most: Invented(8.0, "a"), tolerance: Points(1.0)"#, &[(9.0, 1.0), (8.0, 0.0), (11.0, 3.0)]);
        check(r#"between: Invented((8.0, 12.0), "a")"#, &[(10.0, 0.0), (12.0, 1.0), (8.0, -1.0), (14.0, 2.0)]);
        check(r#"published: Invented(8.0, "a"), judged: false"#, &[(8.0, 0.0), (8.8, 1.0)]);
    }
}
