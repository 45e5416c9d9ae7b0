//! Checks of `uncertainty.ron`: names of figures and targets, ranges.

use super::*;
use crate::scenario::figures::{self, Figure, Limits};
use crate::scenario::schema::{Fit, OwnRange, Range, Standing};

const FACTOR_DOWN: Bounds = bounds(0.0, 1.0, "a factor from 0 to 1");
const FACTOR_UP: Bounds = bounds(1.0, 100.0, "a factor from 1 to 100");

/// Figures that can be named: their kinds and paths.
struct Named {
    figures: Vec<Figure>,
    /// Legal range and written numbers of each figure that a program can move.
    limits: Vec<Option<Limits>>,
}

impl Named {
    /// Indices of the figures of a kind or at a path.
    fn find(&self, name: &str) -> Vec<usize> {
        let is_it = |figure: &Figure| !figure.kind.is_empty() && (figure.kind == name || figure.path() == name);
        (0..self.figures.len()).filter(|&index| is_it(&self.figures[index])).collect()
    }

    fn names(&self) -> BTreeSet<String> {
        let movable = self.figures.iter().filter(|figure| !figure.kind.is_empty());
        movable.flat_map(|figure| [figure.kind.clone(), figure.path()]).collect()
    }
}

impl<'a> Check<'a> {
    pub(super) fn uncertainty(&mut self) {
        let document = &self.docs.uncertainty;
        if *document == Default::default() {
            return;
        }
        let named = Named { figures: figures::all(self.docs), limits: figures::limits(self.docs) };
        let root = At::root(self.known, Part::Uncertainty);
        let mut seen = BTreeSet::new();
        for (index, own) in document.ranges.iter().enumerate() {
            let at = root.field("ranges").item(index);
            if !seen.insert(&own.figures) {
                let message = format!("`{}` has two ranges", own.figures);
                self.error(at.field("figures"), message, "a kind or figure has one: keep the better one");
            }
            self.own_range(at, own, &named);
        }
        self.target_names(root.field("headlines"), &document.headlines);
        if let Some(fit) = &document.fit {
            self.fit(root.field("fit"), fit, &named);
        }
    }

    fn own_range(&mut self, at: At<'a>, own: &'a OwnRange, named: &Named) {
        self.reason(at.field("source"), &own.source);
        let found = self.figures_named(at.field("figures"), &own.figures, named);
        let at = at.field("range");
        match own.range {
            Range::Factors(least, most) => {
                self.number(at.item(0), least, FACTOR_DOWN);
                self.number(at.item(1), most, FACTOR_UP);
            }
            Range::Between(least, most) => {
                for index in found {
                    self.between(at, (least, most), &named.figures[index], named.limits[index].as_ref());
                }
            }
        }
    }

    /// Checks that both ends are legal and that the written value lies between them.
    fn between(&mut self, at: At<'a>, (least, most): (f64, f64), figure: &Figure, limits: Option<&Limits>) {
        let Some(Limits { bounds, is_single: true }) = limits else {
            let message = format!("`{}` is not a single number", figure.path());
            return self.error(at, message, "several numbers move by factors: write `Factors(0.8, 1.25)`");
        };
        self.number(at.item(0), least, *bounds);
        self.number(at.item(1), most, *bounds);
        let value = figure.values.first().copied().unwrap_or_default();
        if !(least <= value && value <= most) {
            let message = format!("`{}` is {value}, which is not between {least} and {most}", figure.path());
            self.error(at, message, "the written value lies in its range; the least value stands first");
        }
    }

    fn fit(&mut self, at: At<'a>, fit: &'a Fit, named: &Named) {
        for (field, list) in [("figures", &fit.figures), ("targets", &fit.targets)] {
            if list.is_empty() {
                self.error(at.field(field), format!("`{field}` is empty"), "a calibration needs at least one");
            }
        }
        let ranges = &self.docs.uncertainty.ranges;
        for (index, name) in fit.figures.iter().enumerate() {
            let at = at.field("figures").item(index);
            let found = self.figures_named(at, name, named);
            let is_documented = |index: &usize| named.figures[*index].standing == Standing::Documented;
            let has_range = ranges.iter().any(|own| own.figures == *name);
            if !found.is_empty() && found.iter().all(is_documented) && !has_range {
                let help = "a documented figure is what the record says; free another, or give it a range";
                self.error(at, format!("`{name}` is documented"), help);
            }
            if fit.figures[..index].contains(name) {
                self.error(at, format!("`{name}` is named twice"), "name each figure once");
            }
        }
        self.target_names(at.field("targets"), &fit.targets);
    }

    fn figures_named(&mut self, at: At<'a>, name: &str, named: &Named) -> Vec<usize> {
        let found = named.find(name);
        if found.is_empty() {
            let names = named.names();
            let near = crate::base::spelling::nearest(name, names.iter().map(String::as_str));
            let meant = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            let help = format!("{meant}`blackstart sources --format csv` lists kinds and paths of figures");
            self.error(at, format!("there is no figure `{name}` that can move"), help);
        }
        found
    }

    fn target_names(&mut self, at: At<'a>, names: &'a [String]) {
        let docs = self.docs;
        let known = || docs.targets.iter().map(|target| target.id.as_str());
        for (index, name) in names.iter().enumerate() {
            if known().all(|id| id != name) && !self.is_blind(Part::Targets) && !self.known.lost.contains(name) {
                let help = format!("{} (in {})", allowed(name, known(), "targets"), Part::Targets.file());
                self.error(at.item(index), format!("there is no target `{name}`"), help);
            }
            if docs.targets.iter().any(|target| target.id == *name && !target.is_judged()) {
                let message = format!("the target `{name}` is shown only");
                self.error(at.item(index), message, "name targets with a published number that is judged");
            }
            if names[..index].contains(name) {
                self.error(at.item(index), format!("the target `{name}` is named twice"), "name each target once");
            }
        }
    }

    /// Checks the reason for a range.
    fn reason(&mut self, at: At<'a>, text: &str) {
        if text.trim().is_empty() {
            self.error(at, "the source is empty", "give fact ids of sources.ron, or a reason");
        }
        let tokens = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|token| is_fact_id(token, false));
        for token in tokens {
            self.reference(at.within(token), Kind::Fact, token);
        }
    }
}
