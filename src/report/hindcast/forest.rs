//! Every target on one scale: the distance from the published number, in units of its tolerance.
//!
//! The tolerance reaches from −1 to 1; the published number is at 0 if it lies within the tolerance. A tolerance
//! given as a factor has a logarithmic scale; a tolerance with a single end reaches to the edge of the plot.

use super::marks::{band_style, beyond, tolerance_ground, unjudged, verdict, wide_band_style};
use crate::base::words::figure;
use crate::report::svg::{CARD, Canvas, EDGE, HAIRLINE, TEXT, TEXT_MUTED, TEXT_SOFT, WIDTH, wrapped};
use crate::scenario::open::Citations;
use crate::scenario::schema::Statement;
use crate::study::hindcast::{Hindcast, Row};

/// Units that the plot shows on each side of 0.
const REACH: f64 = 3.0;
const PLOT: (f64, f64) = (452.0, 830.0);
const PUBLISHED_RIGHT: f64 = 940.0;
const MEDIAN_RIGHT: f64 = 1040.0;
const BAND_LEFT: f64 = 1052.0;
const TITLE_WIDTH: f64 = PLOT.0 - EDGE - 30.0;
const LINE: f64 = 16.0;

/// Draws all rows under their topics; returns the height at which they end.
pub(super) fn draw(canvas: &mut Canvas, top: f64, found: &Hindcast, citations: &Citations) -> f64 {
    let labels = "font-size='11'";
    let right = "font-size='11' text-anchor='end'";
    canvas.text(PUBLISHED_RIGHT, top + 14.0, "published", right, TEXT_MUTED);
    canvas.text(MEDIAN_RIGHT, top + 14.0, "median", right, TEXT_MUTED);
    canvas.text(BAND_LEFT, top + 14.0, "5–95 %", labels, TEXT_MUTED);
    let middle = "font-size='11' text-anchor='middle'";
    canvas.text(place(0.0), top + 14.0, "published", middle, TEXT_SOFT);
    canvas.text(place(-1.0), top + 14.0, "−1", middle, TEXT_MUTED);
    canvas.text(place(1.0), top + 14.0, "1", middle, TEXT_MUTED);
    canvas.text(PLOT.0, top + 14.0, "too low", labels, TEXT_MUTED);
    canvas.text(PLOT.1, top + 14.0, "too high", right, TEXT_MUTED);
    let mut y = top + 24.0;
    for topic in found.topics() {
        y += 14.0;
        canvas.text(EDGE, y + 12.0, &topic[0].target.topic, "font-size='14' font-weight='600'", TEXT);
        y += 22.0;
        for (index, row) in topic.iter().enumerate() {
            let mark = if citations.is_open(&row.target) { "" } else { " *" };
            let title = wrapped(&format!("{}{mark}", row.target.full_title()), 13.0, TITLE_WIDTH);
            let height = title.len() as f64 * LINE + 10.0;
            if index.is_multiple_of(2) {
                canvas.rect((EDGE, y), (WIDTH - 2.0 * EDGE, height), &format!("rx='4' fill='{CARD}'"));
            }
            draw_row(canvas, y, height, &title, row);
            y += height;
        }
    }
    y
}

fn draw_row(canvas: &mut Canvas, y: f64, height: f64, title: &[String], row: &Row) {
    let middle = y + height / 2.0;
    for (index, line) in title.iter().enumerate() {
        canvas.text(EDGE + 10.0, y + LINE + 1.0 + index as f64 * LINE, line, "font-size='13'", TEXT);
    }
    if let Some(statement) = row.target.statement() {
        draw_scale(canvas, (y, height), row, statement);
    }
    let shown = |value: f64| figure(value, &row.target.unit);
    let baseline = middle + 4.5;
    let right = "font-size='13' text-anchor='end'";
    canvas.text(PUBLISHED_RIGHT, baseline, &row.published_words(), right, TEXT);
    canvas.text(MEDIAN_RIGHT, baseline, &shown(row.median), right, TEXT);
    let band = row.drawn.as_ref().map_or(row.band, |drawn| drawn.band);
    canvas.text(BAND_LEFT, baseline, &row.band_words(band), "font-size='12'", TEXT_SOFT);
}

/// Tolerance, published statement, band and median.
fn draw_scale(canvas: &mut Canvas, (y, height): (f64, f64), row: &Row, statement: Statement) {
    let middle = y + height / 2.0;
    let (low, high) = (place(row.units(row.ends.0)), place(row.units(row.ends.1)));
    canvas.rect((low, y + 2.0), ((high - low).max(1.0), height - 4.0), &tolerance_ground());
    for at in [-2.0, 2.0] {
        canvas.line((place(at), y), (place(at), y + height), &format!("stroke='{HAIRLINE}'"));
    }
    let is_interval = matches!(statement, Statement::Between(..));
    for value in [statement.first(), statement.last()].into_iter().take(if is_interval { 2 } else { 1 }) {
        let published = place(row.units(value));
        let style = format!("stroke='{TEXT_SOFT}' stroke-width='1.5'");
        canvas.line((published, y + 2.0), (published, y + height - 2.0), &style);
    }
    if let Some(drawn) = &row.drawn {
        draw_band(canvas, row, drawn.band, (middle, 13.0), &wide_band_style());
    }
    draw_band(canvas, row, row.band, (middle, 7.0), &band_style());
    let median = row.units(row.median);
    // A tolerance with a single end has hits beyond the edge.
    if !row.target.is_judged() {
        if !median.is_nan() {
            unjudged(canvas, (place(median), middle));
        }
    } else if median.abs() <= REACH || row.is_hit {
        verdict(canvas, (place(median), middle), row.is_hit);
    } else if !median.is_nan() {
        beyond(canvas, (place(median), middle), median.signum());
    }
}

fn draw_band(canvas: &mut Canvas, row: &Row, band: (f64, f64), (middle, height): (f64, f64), style: &str) {
    let (from, to) = (row.units(band.0), row.units(band.1));
    if !from.is_nan() && !to.is_nan() {
        let (from, to) = (place(from), place(to));
        canvas.rect((from, middle - height / 2.0), ((to - from).max(1.0), height), style);
    }
}

fn place(units: f64) -> f64 {
    let part = (units.clamp(-REACH, REACH) + REACH) / (2.0 * REACH);
    PLOT.0 + part * (PLOT.1 - PLOT.0)
}
