//! Marks of both kinds of plots: hit, miss, bands, tolerances, and the legends that explain them.

use crate::report::svg::{
    ACCENT, Canvas, EDGE, GROUND, HIT, MISS, OUTLINE, RAISED, TEXT, TEXT_SOFT, WIDTH, text_width,
};

/// Style of the band between the 5th and the 95th percentile of the runs.
pub(super) fn band_style() -> String {
    format!("fill='{ACCENT}' fill-opacity='0.28'")
}

/// Style of the band of runs whose figures were drawn, too.
pub(super) fn wide_band_style() -> String {
    format!("fill='{ACCENT}' fill-opacity='0.13'")
}

/// Style of the thin dark rim that separates a mark from the shapes under it.
fn rim_style() -> String {
    format!("stroke='{GROUND}' stroke-width='1.5'")
}

/// A disc for a hit, a diamond for a miss.
pub(super) fn verdict(canvas: &mut Canvas, (x, y): (f64, f64), is_hit: bool) {
    if is_hit {
        canvas.circle((x, y), 5.5, &format!("fill='{HIT}' {}", rim_style()));
    } else {
        let points = [(x, y - 7.0), (x + 7.0, y), (x, y + 7.0), (x - 7.0, y)];
        canvas.polygon(&points, &format!("fill='{MISS}' {}", rim_style()));
    }
}

/// A ring for a row that is shown and not judged.
pub(super) fn unjudged(canvas: &mut Canvas, at: (f64, f64)) {
    canvas.circle(at, 5.0, &format!("fill='none' stroke='{ACCENT}' stroke-width='2'"));
}

/// An arrow at the edge of a plot: the value lies beyond the edge, to the right if `sign` is above 0.
pub(super) fn beyond(canvas: &mut Canvas, (x, y): (f64, f64), sign: f64) {
    let (tip, back) = (x + 8.0 * sign, x - 4.0 * sign);
    canvas.polygon(&[(tip, y), (back, y - 7.0), (back, y + 7.0)], &format!("fill='{MISS}' {}", rim_style()));
}

/// The words for the bands: with and without drawn figures.
const LUCK: &str = "luck alone, 5–95 %";
const RUNS: &str = "5–95 % of runs";

pub(super) fn legend_of_panels(canvas: &mut Canvas, y: f64, has_draws: bool) {
    let mut legend = Legend { canvas, x: WIDTH - EDGE, y };
    legend.entry("published, missed", |canvas, at| verdict(canvas, at, false));
    legend.entry("published, hit", |canvas, at| verdict(canvas, at, true));
    legend.entry("its tolerance", |canvas, at| tolerance_bar(canvas, at.0, (at.1 - 7.0, at.1 + 7.0)));
    let band = if has_draws { LUCK } else { RUNS };
    legend.entry(band, |canvas, (x, y)| canvas.rect((x - 10.0, y - 6.0), (20.0, 12.0), &band_style()));
    if has_draws {
        legend.wide_band();
    }
    legend.entry("simulated median", |canvas, (x, y)| canvas.line((x - 10.0, y), (x + 10.0, y), &median()));
}

pub(super) fn legend_of_forest(canvas: &mut Canvas, y: f64, has_draws: bool) {
    let mut legend = Legend { canvas, x: WIDTH - EDGE, y };
    legend.entry("missed", |canvas, at| verdict(canvas, at, false));
    legend.entry("simulated median, hit", |canvas, at| verdict(canvas, at, true));
    let band = if has_draws { LUCK } else { RUNS };
    legend.entry(band, |canvas, (x, y)| canvas.rect((x - 10.0, y - 3.5), (20.0, 7.0), &band_style()));
    if has_draws {
        legend.wide_band();
    }
    legend.entry("tolerance", |canvas, (x, y)| canvas.rect((x - 10.0, y - 7.0), (20.0, 14.0), &tolerance_ground()));
}

/// A tolerance beside a curve, from top to bottom.
pub(super) fn tolerance_bar(canvas: &mut Canvas, x: f64, (top, bottom): (f64, f64)) {
    let style = format!("stroke='{TEXT}' stroke-width='1.5'");
    canvas.line((x, top), (x, bottom), &style);
    canvas.line((x - 4.0, top), (x + 4.0, top), &style);
    canvas.line((x - 4.0, bottom), (x + 4.0, bottom), &style);
}

/// Style of the area of a tolerance.
pub(super) fn tolerance_ground() -> String {
    format!("fill='{RAISED}' stroke='{OUTLINE}' stroke-width='0.5'")
}

/// Style of a median.
pub(super) fn median() -> String {
    format!("stroke='{ACCENT}' stroke-width='2' stroke-linejoin='round'")
}

/// A legend that is written from right to left.
struct Legend<'c> {
    canvas: &'c mut Canvas,
    x: f64,
    y: f64,
}

impl Legend<'_> {
    fn wide_band(&mut self) {
        let style = wide_band_style();
        self.entry("luck and figures", |canvas, (x, y)| canvas.rect((x - 10.0, y - 6.5), (20.0, 13.0), &style));
    }

    fn entry(&mut self, text: &str, mark: impl FnOnce(&mut Canvas, (f64, f64))) {
        const SIZE: f64 = 12.0;
        let style = "font-size='12' text-anchor='end'";
        self.canvas.text(self.x, self.y, text, style, TEXT_SOFT);
        self.x -= text_width(text, SIZE) + 16.0;
        mark(self.canvas, (self.x, self.y - 4.5));
        self.x -= 34.0;
    }
}
