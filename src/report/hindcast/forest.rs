//! Every target on one scale: the distance from the published number, in units of its tolerance.
//!
//! The tolerance reaches from −1 to 1; the published number is at 0 if it lies within the tolerance. A tolerance
//! given as a factor has a logarithmic scale; a tolerance with a single end reaches to the edge of the plot.

use super::marks::{band_style, beyond, tolerance_ground, verdict};
use crate::base::words::figure;
use crate::report::svg::{CARD, Canvas, EDGE, HAIRLINE, TEXT, TEXT_MUTED, TEXT_SOFT, WIDTH, wrapped};
use crate::scenario::schema::Tolerance;
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
pub(super) fn draw(canvas: &mut Canvas, top: f64, found: &Hindcast) -> f64 {
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
            let title = wrapped(&row.target.title, 13.0, TITLE_WIDTH);
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
        let is_marked = row.target.calibrated && index + 1 == title.len();
        let line = if is_marked { format!("{line} *") } else { line.clone() };
        canvas.text(EDGE + 10.0, y + LINE + 1.0 + index as f64 * LINE, &line, "font-size='13'", TEXT);
    }
    let (low, high) = (place(units(row, row.ends.0)), place(units(row, row.ends.1)));
    canvas.rect((low, y + 2.0), ((high - low).max(1.0), height - 4.0), &tolerance_ground());
    for at in [-2.0, 2.0] {
        canvas.line((place(at), y), (place(at), y + height), &format!("stroke='{HAIRLINE}'"));
    }
    let published = place(units(row, *row.target.published.value()));
    canvas.line(
        (published, y + 2.0),
        (published, y + height - 2.0),
        &format!("stroke='{TEXT_SOFT}' stroke-width='1.5'"),
    );
    let [from, median, to] = [row.band.0, row.median, row.band.1].map(|value| units(row, value));
    if !from.is_nan() && !to.is_nan() {
        let (from, to) = (place(from), place(to));
        canvas.rect((from, middle - 3.5), ((to - from).max(1.0), 7.0), &band_style());
    }
    // A tolerance with a single end has hits beyond the edge.
    if median.abs() <= REACH || row.is_hit {
        verdict(canvas, (place(median), middle), row.is_hit);
    } else if !median.is_nan() {
        beyond(canvas, (place(median), middle), median.signum());
    }
    let shown = |value: f64| figure(value, &row.target.unit);
    let baseline = middle + 4.5;
    let right = "font-size='13' text-anchor='end'";
    canvas.text(PUBLISHED_RIGHT, baseline, &shown(*row.target.published.value()), right, TEXT);
    canvas.text(MEDIAN_RIGHT, baseline, &shown(row.median), right, TEXT);
    canvas.text(BAND_LEFT, baseline, &row.band_words(), "font-size='12'", TEXT_SOFT);
}

fn place(units: f64) -> f64 {
    let part = (units.clamp(-REACH, REACH) + REACH) / (2.0 * REACH);
    PLOT.0 + part * (PLOT.1 - PLOT.0)
}

/// Distance of a value from the published number, in units of the tolerance on that side.
fn units(row: &Row, value: f64) -> f64 {
    let published = *row.target.published.value();
    let (low, high) = row.ends;
    match row.target.tolerance {
        Tolerance::Factor(factor) if 1.0 < factor => {
            if value <= 0.0 {
                return f64::NEG_INFINITY;
            }
            libm::log(value / published) / libm::log(factor)
        }
        Tolerance::AtLeast(_) => (value - low.max(published)) / one_sided(low, published - low),
        Tolerance::AtMost(_) => (value - high.min(published)) / one_sided(high, high - published),
        _ if low < published && published < high => {
            let by = if published <= value { high - published } else { published - low };
            (value - published) / by
        }
        // The published number lies outside its tolerance, so the middle of the tolerance is 0.
        _ if low < high => (value - (low + high) / 2.0) / ((high - low) / 2.0),
        _ if value == low => 0.0,
        _ => (value - low).signum() * f64::INFINITY,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::schema::{Measure, Tagged, Target};

    fn check(tolerance: Tolerance, published: f64, cases: &[(f64, f64)]) {
        let target = Target {
            id: "a".to_owned(),
            topic: "T".to_owned(),
            title: "A".to_owned(),
            measure: Measure::At("lost(all)".to_owned(), String::new()),
            published: Tagged::Invented(published, "a test".to_owned()),
            unit: "h".to_owned(),
            tolerance,
            calibrated: false,
            note: String::new(),
        };
        for &(value, expected) in cases {
            let found = Hindcast::new(std::slice::from_ref(&target), vec![vec![value]]);
            let row = &found.rows[0];
            let units = |value: f64| units(row, value);
            assert!(is_near(units(value), expected), "{tolerance:?} {value}: {}", units(value));
            let is_inside = units(row.ends.0) <= units(value) && units(value) <= units(row.ends.1);
            assert_eq!(row.is_hit, is_inside, "{tolerance:?} {value}");
        }
    }

    fn is_near(one: f64, other: f64) -> bool {
        one == other || (one - other).abs() < 1e-12
    }

    #[test]
    fn a_tolerance_is_one_unit() {
        check(Tolerance::Share(0.25), 8.0, &[(8.0, 0.0), (10.0, 1.0), (4.0, -2.0)]);
        check(Tolerance::Points(0.5), 2.0, &[(1.5, -1.0), (f64::INFINITY, f64::INFINITY)]);
        check(Tolerance::Factor(2.0), 8.0, &[(16.0, 1.0), (2.0, -2.0), (0.0, f64::NEG_INFINITY)]);
        check(Tolerance::Range(7.0, 12.0), 8.0, &[(12.0, 1.0), (7.5, -0.5), (16.0, 2.0)]);
        check(Tolerance::Range(10.0, 12.0), 8.0, &[(11.0, 0.0), (8.0, -3.0)]);
        check(Tolerance::Points(0.0), 8.0, &[(8.0, 0.0), (9.0, f64::INFINITY)]);
        check(Tolerance::AtLeast(6.0), 8.0, &[(6.0, -1.0), (8.0, 0.0), (2.0, -3.0), (20.0, 6.0)]);
        check(Tolerance::AtLeast(8.0), 8.0, &[(8.0, 0.0), (7.2, -1.0), (8.8, 1.0)]);
        check(Tolerance::AtMost(9.0), 8.0, &[(9.0, 1.0), (8.0, 0.0), (11.0, 3.0)]);
    }
}
