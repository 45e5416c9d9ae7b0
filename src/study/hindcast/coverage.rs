//! How well bands hold published numbers: the share inside, and the interval score.

use super::judge::{BAND, Row};

/// The hold of bands on the published numbers of some targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    pub targets: usize,
    /// Targets whose published number lies in the band.
    pub inside: usize,
    /// Mean interval score of the scored targets, in units of their tolerances; not-a-number if none is scored.
    pub score: f64,
    /// Targets with a score: a single published number, a tolerance of some width and a finite band.
    pub scored: usize,
}

impl Coverage {
    /// The hold of each row's band on its published number. A row without a band is left out.
    pub fn new<'r>(rows: impl IntoIterator<Item = &'r Row>, band: impl Fn(&Row) -> Option<(f64, f64)>) -> Self {
        let (mut targets, mut inside, mut scores) = (0, 0, Vec::new());
        for row in rows {
            let (Some(band), Some(_)) = (band(row), row.record()) else { continue };
            targets += 1;
            inside += usize::from(row.is_held_by(band));
            scores.extend(score(row, band));
        }
        Self { targets, inside, score: scores.iter().sum::<f64>() / scores.len() as f64, scored: scores.len() }
    }

    /// The share inside; not-a-number without targets.
    pub fn share(&self) -> f64 {
        self.inside as f64 / self.targets as f64
    }
}

/// The interval score of a band (T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and
/// estimation", Journal of the American Statistical Association 102 (2007), section 6.2): its width, and a penalty for a
/// published number outside; smaller is better.
fn score(row: &Row, band: (f64, f64)) -> Option<f64> {
    let (published, other) = row.record()?;
    let unit = (row.ends.1 - row.ends.0) / 2.0;
    let is_scored = published == other && 0.0 < unit && band.0.is_finite() && band.1.is_finite();
    let outside = 1.0 - (BAND.1 - BAND.0);
    let beyond = (band.0 - published).max(published - band.1).max(0.0);
    is_scored.then(|| (band.1 - band.0 + 2.0 / outside * beyond) / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::schema::Target;
    use crate::study::hindcast::Hindcast;

    fn target(id: &str, statement: &str) -> Target {
        let text = format!(r#"(id: "{id}", topic: "T", title: "A", measure: Number(1.0), unit: "h", {statement})"#);
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        options.from_str(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
    }

    fn number(tolerance: &str) -> String {
        format!(r#"published: Invented(10.0, "a test"), tolerance: {tolerance}"#)
    }

    /// Values 0, 1, …, 20 have the band 1 to 19; shifted values have it elsewhere.
    fn values(from: f64) -> Vec<f64> {
        (0..=20).map(|step| from + f64::from(step)).collect()
    }

    #[test]
    fn a_band_that_misses_costs_twenty_times_the_distance() {
        let check = |statement: &str, from: f64, inside: usize, score: f64| {
            let found = Hindcast::new(&[target("a", statement)], vec![values(from)]);
            let coverage = Coverage::new(&found.rows, |row| Some(row.band));
            assert_eq!((coverage.targets, coverage.inside), (1, inside), "{statement} {from}");
            let is_right = if score.is_nan() { coverage.scored == 0 } else { (coverage.score - score).abs() < 1e-9 };
            assert!(is_right, "{statement} from {from}: {coverage:?}");
        };
        check(&number("Points(2.0)"), 0.0, 1, 9.0);
        check(&number("Points(2.0)"), 10.0, 0, 9.0 + 10.0);
        check(&number("Points(2.0)"), -12.0, 0, 9.0 + 30.0);
        check(r#"at_least: Invented(10.0, "a test")"#, 100.0, 1, f64::NAN);
        check(r#"at_most: Invented(10.0, "a test")"#, 100.0, 0, f64::NAN);
        check(&number("Points(0.0)"), 0.0, 1, f64::NAN);
    }

    /// Draws near a headline number count, so the posterior band is narrower than the band of all draws.
    #[test]
    fn headline_numbers_narrow_the_band_and_tell_how_many_draws_agree() {
        let targets = [target("headline", &number("Points(2.0)")), target("other", &number("Points(2.0)"))];
        let mut found = Hindcast::new(&targets, vec![vec![10.0], vec![10.0]]);
        found.add_draws(&targets, &[values(0.0), values(100.0)], &["headline".to_owned()]);
        let given = found.given.expect("there is a headline");
        assert!(given.headlines == 1 && 1.0 < given.effective && given.effective < 5.0, "{given:?}");
        let drawn = found.rows[1].drawn.as_ref().expect("draws were added");
        assert_eq!(drawn.band, (101.0, 119.0));
        let (low, high) = drawn.given.expect("some draws agree");
        assert!((108.0..=110.0).contains(&low) && (110.0..=112.0).contains(&high), "{low} {high}");
        // No draw agrees: no band is made up.
        found.add_draws(&targets, &[vec![f64::INFINITY; 3], values(0.0)], &["headline".to_owned()]);
        assert_eq!(found.given.map(|given| given.effective), Some(0.0));
        assert!(found.rows[1].drawn.as_ref().is_some_and(|drawn| drawn.given.is_none()));
    }
}
