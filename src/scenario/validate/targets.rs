//! Checks of hindcast targets.

use super::measures::Around;
use super::*;
use crate::scenario::open::Citations;
use crate::scenario::schema::{Statement, Tolerance};

const SHARE_OF_PUBLISHED: Bounds = bounds(0.0, 100.0, "a share of the published number from 0 to 100");
const POINTS: Bounds = bounds(0.0, 1e15, "a finite number from 0 up");
const FACTOR: Bounds = bounds(1.0, 1e6, "a factor from 1 to 1000000");

/// Fields of a target that hold a published statement.
const STATEMENTS: [&str; 4] = ["published", "at_least", "at_most", "between"];
/// Longest run that targets can ask for, as that of a scenario: 60 days.
const RUN_MAX_MIN: u32 = 86_400;

impl<'a> Check<'a> {
    pub(super) fn targets(&mut self, targets: &'a [Target]) {
        let at = |index| At::element(self.known, Part::Targets, index);
        let ids = targets.iter().enumerate().map(|(index, target)| (target.id.as_str(), at(index)));
        self.unique("target", ids.collect());
        self.rows(targets);
        self.marks(targets);
        for (index, target) in targets.iter().enumerate() {
            let at = At::element(self.known, Part::Targets, index);
            self.words(at, &[("topic", &target.topic), ("title", &target.title), ("unit", &target.unit)]);
            self.statement(at, target);
            self.measure(at.field("measure"), &target.measure, Around::default());
        }
    }

    /// Reports targets that are declared open although figures cite their facts.
    fn marks(&mut self, targets: &'a [Target]) {
        let declared = |target: &&Target| target.calibrated == Some(false);
        if !targets.iter().any(|target| declared(&target)) {
            return;
        }
        let citations = Citations::new(self.docs);
        for (index, target) in targets.iter().enumerate().filter(|(_, target)| declared(target)) {
            if citations.is_named(target) {
                let at = At::element(self.known, Part::Targets, index).field("calibrated");
                let message = format!("the target `{}` is not open: {} names it", target.id, Part::Uncertainty.file());
                self.error(at, message, "leave `calibrated` out, or take the target out of `fit` and `headlines`");
            }
            if let [first, others @ ..] = &citations.of_target(target)[..] {
                let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
                let at = At::element(self.known, Part::Targets, index).field("calibrated");
                let message = format!("the target `{}` is not open: `{first}`{more} cite its facts", target.id);
                let message = if others.is_empty() { message.replace(" cite ", " cites ") } else { message };
                let help = "leave `calibrated` out, so that the sources decide, or write `calibrated: true`";
                self.error(at, message, help);
            }
        }
    }

    /// Checks the published statement and its tolerance.
    fn statement(&mut self, at: At<'a>, target: &'a Target) {
        let numbers = [("published", &target.published), ("at_least", &target.at_least), ("at_most", &target.at_most)];
        let mut given: Vec<&str> = Vec::new();
        for (field, figure) in numbers {
            if let Some(figure) = figure {
                self.figure(at.field(field), figure, THRESHOLD);
                given.push(field);
            }
        }
        if let Some(figure) = &target.between {
            self.interval_figure(at.field("between"), figure);
            given.push("between");
        }
        if let [first, second, ..] = given[..] {
            let help = "a publication gives a number, a bound or an interval: keep one of them";
            return self.error(at.field(second), format!("`{second}` stands beside `{first}`"), help);
        }
        match (target.statement(), target.tolerance) {
            // A statement that could not be read was reported already.
            (None, _) if at.is_any_written(&STATEMENTS) => {}
            (None, _) if target.judged => {
                let help = "give `published`, `at_least`, `at_most` or `between`, or `judged: false` for a row that is shown only";
                self.error(at, format!("the target `{}` has no published number", target.id), help);
            }
            (None, Some(_)) => {
                let help = "a row that is shown without a published number has none";
                self.error(at.field("tolerance"), "the tolerance has nothing to be about", help);
            }
            (Some(_), None) if at.is_any_written(&["tolerance"]) => {}
            (Some(Statement::Number(_)), None) if target.judged => {
                let help =
                    "give how far a run may differ: `tolerance: Share(0.1)`, `Points(…)`, `Factor(…)` or `Range(…)`";
                self.error(at.field("published"), "the published number has no tolerance", help);
            }
            (Some(statement), Some(tolerance)) => self.tolerance(at.field("tolerance"), tolerance, statement),
            (_, None) => {}
        }
    }

    fn interval_figure(&mut self, at: At<'a>, figure: &Tagged<(f64, f64)>) {
        self.tag(at, figure);
        let (low, high) = *figure.value();
        self.number(at.item(0).item(0), low, THRESHOLD);
        self.number(at.item(0).item(1), high, THRESHOLD);
        if high <= low {
            let help = "expected the lower end first, then the upper end";
            self.error(at.item(0), format!("`({low}, {high})` is not an interval"), help);
        }
    }

    fn tolerance(&mut self, at: At<'a>, tolerance: Tolerance, statement: Statement) {
        let least = statement.first();
        match tolerance {
            Tolerance::Share(share) => {
                self.number(at.item(0), share, SHARE_OF_PUBLISHED);
                if least == 0.0 {
                    self.error(at, "a share of a published 0 is always 0", "give the tolerance as `Points` or `Range`");
                }
            }
            Tolerance::Points(by) => self.number(at.item(0), by, POINTS),
            Tolerance::Factor(factor) => {
                self.number(at.item(0), factor, FACTOR);
                if least <= 0.0 {
                    let help = "the published number must be above 0; give the tolerance as `Points` or `Range`";
                    self.error(at, format!("a factor gives no interval around `{least}`"), help);
                }
            }
            Tolerance::Range(low, high) => self.range(at, (low, high), statement),
            Tolerance::AtLeast(end) | Tolerance::AtMost(end) => {
                let field = if matches!(tolerance, Tolerance::AtLeast(_)) { "at_least" } else { "at_most" };
                let help = format!(
                    "if the record gives a bound, write `{field}: Documented({end:?}, \"…\")` in place of both; for a number write `Points`, `Share`, `Factor` or `Range`"
                );
                self.error(at, "the tolerance has one side, and a published number needs two", help);
            }
        }
    }

    /// Checks a range around a published number.
    fn range(&mut self, at: At<'a>, (low, high): (f64, f64), statement: Statement) {
        self.number(at.item(0), low, THRESHOLD);
        self.number(at.item(1), high, THRESHOLD);
        let Statement::Number(published) = statement else {
            let help = "beyond a bound or an interval, `Share`, `Points` or `Factor` give the slack";
            return self.error(at, "`Range` has two ends of its own", help);
        };
        if high < low {
            let help = "expected the smallest value first, then the largest";
            self.error(at, format!("`Range({low}, {high})` is in the wrong order"), help);
        } else if low < high && (published <= low || high <= published) {
            let help = format!(
                "the tolerance of a number reaches to both sides of it; a bound is `at_least` or `at_most`, an interval `between: Documented(({low:?}, {high:?}), \"…\")`"
            );
            self.error(at, format!("`Range({low}, {high})` does not lie around `{published}`"), help);
        }
    }

    /// Checks the time up to which measures may reach, and lets them reach there.
    pub(super) fn until(&mut self, until: Option<&str>) {
        let (Some(text), Some((start, horizon_min))) = (until, self.clock) else { return };
        let at = At::root(self.known, Part::Targets).field("until");
        let (end, last) = (Tick(horizon_min), Tick(RUN_MAX_MIN));
        let help = || format!("expected a time from {} to {}", start.iso(end), start.iso(last));
        match start.tick_of(text) {
            Ok(tick) if end <= tick && tick <= last => self.clock = Some((start, tick.0)),
            Ok(_) => self.error(at, format!("the time `{text}` is not one after the end of the run"), help()),
            Err(message) => self.error(at, message, help()),
        }
    }

    /// Reports rows whose parts a reader could not tell from those of other rows.
    fn rows(&mut self, targets: &'a [Target]) {
        let mut rows: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (index, target) in targets.iter().enumerate() {
            if let Some(row) = &target.row {
                rows.entry((&target.topic, row)).or_default().push(index);
            }
        }
        for ((topic, row), parts) in rows {
            let at = At::element(self.known, Part::Targets, parts[0]).field("row");
            if row.trim().is_empty() {
                self.error(at, "`row` is empty", "people read it: write a few words");
            } else if parts.len() < 2 {
                let help = "give at least two targets of a topic the same `row`, or leave it out";
                self.error(at, format!("the row `{row}` in `{topic}` has one part only"), help);
            }
        }
    }
}
