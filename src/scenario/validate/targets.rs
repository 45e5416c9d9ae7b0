//! Checks of hindcast targets.

use super::measures::Around;
use super::*;
use crate::scenario::schema::Tolerance;

const SHARE_OF_PUBLISHED: Bounds = bounds(0.0, 100.0, "a share of the published number from 0 to 100");
const POINTS: Bounds = bounds(0.0, 1e15, "a finite number from 0 up");
const FACTOR: Bounds = bounds(1.0, 1e6, "a factor from 1 to 1000000");

impl<'a> Check<'a> {
    pub(super) fn targets(&mut self, targets: &'a [Target]) {
        let at = |index| At::element(self.known, Part::Targets, index);
        let ids = targets.iter().enumerate().map(|(index, target)| (target.id.as_str(), at(index)));
        self.unique("target", ids.collect());
        for (index, target) in targets.iter().enumerate() {
            let at = At::element(self.known, Part::Targets, index);
            self.words(at, &[("topic", &target.topic), ("title", &target.title), ("unit", &target.unit)]);
            self.figure(at.field("published"), &target.published, THRESHOLD);
            self.tolerance(at.field("tolerance"), target.tolerance, *target.published.value());
            self.measure(at.field("measure"), &target.measure, Around::default());
        }
    }

    fn tolerance(&mut self, at: At<'a>, tolerance: Tolerance, published: f64) {
        match tolerance {
            Tolerance::Share(share) => {
                self.number(at.item(0), share, SHARE_OF_PUBLISHED);
                if published == 0.0 {
                    self.error(at, "a share of a published 0 is always 0", "give the tolerance as `Points` or `Range`");
                }
            }
            Tolerance::Points(by) => self.number(at.item(0), by, POINTS),
            Tolerance::Factor(factor) => {
                self.number(at.item(0), factor, FACTOR);
                if published <= 0.0 {
                    let help = "the published number must be above 0; give the tolerance as `Points` or `Range`";
                    self.error(at, format!("a factor gives no interval around `{published}`"), help);
                }
            }
            Tolerance::Range(least, greatest) => {
                self.number(at.item(0), least, THRESHOLD);
                self.number(at.item(1), greatest, THRESHOLD);
                if greatest < least {
                    let help = "expected the smallest value first, then the largest";
                    self.error(at, format!("`Range({least}, {greatest})` is in the wrong order"), help);
                }
            }
            Tolerance::AtLeast(end) | Tolerance::AtMost(end) => self.number(at.item(0), end, THRESHOLD),
        }
    }
}
