//! Checks of single values: ranges, tags and their facts, texts, times.

use super::*;
pub(super) use crate::scenario::limits::*;

/// Longest name or title in characters: longer ones fit neither lists nor marks.
const NAME_MAX: usize = 120;

impl<'a> Check<'a> {
    /// Checks a bare number.
    pub(super) fn number(&mut self, at: At<'a>, value: impl Into<f64> + Display + Copy, bounds: Bounds) {
        if !bounds.contains(value.into()) {
            self.error(at, format!("`{value}` is out of range"), format!("expected {}", bounds.words));
        }
    }

    /// Checks a tagged number.
    pub(super) fn figure<T: Into<f64> + Display + Copy>(&mut self, at: At<'a>, figure: &Tagged<T>, bounds: Bounds) {
        self.tag(at, figure);
        self.number(at.item(0), *figure.value(), bounds);
    }

    /// Checks a tagged number that may be left out.
    pub(super) fn figure_if_given<T: Into<f64> + Display + Copy>(
        &mut self,
        at: At<'a>,
        figure: Option<&Tagged<T>>,
        bounds: Bounds,
    ) {
        if let Some(figure) = figure {
            self.figure(at, figure, bounds);
        }
    }

    /// Checks a tagged number that the size of a member multiplies: the largest member must be in range too.
    pub(super) fn sized_figure<T: Into<f64> + Display + Copy>(
        &mut self,
        at: At<'a>,
        owner: Owner<'a>,
        figure: &Tagged<T>,
        bounds: Bounds,
    ) {
        self.figure(at, figure, bounds);
        let value: f64 = (*figure.value()).into();
        let size = owner.size_max();
        if let Some(population) = owner.population
            && value <= bounds.high
            && bounds.high < value * size
        {
            let message = format!("`{value}` is out of range in a member of `{}` of size {size}", population.id);
            self.error(at.item(0), message, format!("expected {}", bounds.words));
        }
    }

    /// Checks a tagged triangular distribution.
    pub(super) fn triangular(&mut self, at: At<'a>, figure: &Tagged<(f64, f64, f64)>, bounds: Bounds) {
        self.tag(at, figure);
        let (low, mode, high) = *figure.value();
        let at = at.item(0);
        for (index, value) in [low, mode, high].into_iter().enumerate() {
            self.number(at.item(index), value, bounds);
        }
        if mode < low || high < mode {
            let help = "expected the least, the most likely and the greatest value, in this order";
            self.error(at, format!("`({low}, {mode}, {high})` is out of order"), help);
        }
    }

    /// Checks the source of a figure.
    pub(super) fn tag<T>(&mut self, at: At<'a>, tagged: &Tagged<T>) {
        let text = tagged.source();
        let at = at.item(1);
        if text.trim().is_empty() {
            return self.error(at, "the source is empty", "give fact ids of sources.ron, or a reason");
        }
        let is_documented = matches!(tagged, Tagged::Documented(..));
        let tokens: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|token| is_fact_id(token, is_documented)).collect();
        if is_documented && tokens.is_empty() {
            let help = "give at least one id of sources.ron, like `CS01`, or tag it `Estimated`";
            return self.error(at, format!("the documented source `{text}` has no fact id"), help);
        }
        for token in tokens {
            self.reference(at.within(token), Kind::Fact, token);
        }
    }

    /// Checks texts that people read.
    pub(super) fn words(&mut self, at: At<'a>, entries: &[(&str, &str)]) {
        for (field, text) in entries {
            if text.trim().is_empty() {
                self.error(at.field(field), format!("`{field}` is empty"), "people read it: write a few words");
            }
            let length = text.chars().count();
            if matches!(*field, "name" | "title") && NAME_MAX < length {
                let help = format!("at most {NAME_MAX} fit on the screen");
                self.error(at.field(field), format!("`{field}` has {length} characters"), help);
            }
        }
    }

    /// Checks a UTC time between start and end of the run.
    pub(super) fn time(&mut self, at: At<'a>, text: &str) {
        let Some((start, horizon_min)) = self.clock else {
            if let Err(message) = UtcStart::parse(text) {
                self.found.push(at.problem(message));
            }
            return;
        };
        let end = Tick(horizon_min);
        let inside = || format!("expected a time from {} to {}", start.iso(Tick::ZERO), start.iso(end));
        match start.tick_of(text) {
            Ok(tick) if tick < end => {}
            Ok(_) => self.error(at, format!("the time `{text}` lies after the end of the run"), inside()),
            Err(message) => self.error(at, message, inside()),
        }
    }
}

/// Does a token look like a fact id, `CS01`, `CS15b`? In the source of a documented figure `T01` and `S101` look
/// like one too; in a reason in plain words `T01` may be a road and `S101` an aircraft.
pub(super) fn is_fact_id(token: &str, is_documented: bool) -> bool {
    let letters = token.chars().take_while(char::is_ascii_uppercase).count();
    let digits = token[letters..].chars().take_while(char::is_ascii_digit).count();
    let rest = &token[letters + digits..];
    let suffix = rest.is_empty() || (rest.len() == 1 && rest.as_bytes()[0].is_ascii_lowercase());
    let body = if is_documented {
        (1..=3).contains(&letters) && (2..=3).contains(&digits)
    } else {
        letters == 2 && digits == 2
    };
    suffix && body
}
