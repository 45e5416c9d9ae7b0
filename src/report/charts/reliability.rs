//! Stated shares beside the shares that came true: the diagonal, the band of what chance does to somebody who is right as
//! often as stated, and a curve of points.

use super::{Anchor, Drawing, FAINT, GRID, INK, LEFT, NOBODY, OWN};

const TOP: f64 = 14.0;
/// Width and height of the scales.
const WIDE: f64 = 480.0;
const HIGH: f64 = 280.0;
const LEGEND: f64 = LEFT + WIDE + 40.0;

/// A point of the curve; all shares are 0..=1.
pub struct Point {
    pub stated: f64,
    pub share: f64,
    pub low: f64,
    pub high: f64,
    /// The number of forecasts, for the size of the point.
    pub count: usize,
}

/// Draws the picture; `x_name` and `y_name` say what is stated and what came true.
pub fn reliability(points: &[Point], x_name: &str, y_name: &str) -> String {
    let x = |share: f64| LEFT + WIDE * share;
    let y = |share: f64| TOP + HIGH * (1.0 - share);
    let mut drawing = Drawing::default();
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let words = format!("{:.0} %", share * 100.0);
        drawing.put(format_args!("<path d='M{:.1} {TOP:.1}V{:.1}' stroke='{FAINT}'/>", x(share), TOP + HIGH));
        drawing.put(format_args!("<path d='M{LEFT:.1} {:.1}H{:.1}' stroke='{FAINT}'/>", y(share), x(1.0)));
        drawing.text((x(share), TOP + HIGH + 17.0), Anchor::Middle, &words);
        drawing.text((LEFT - 6.0, y(share) + 4.0), Anchor::End, &words);
    }
    let upper = points.iter().map(|point| (x(point.stated), y(point.high)));
    let lower = points.iter().rev().map(|point| (x(point.stated), y(point.low)));
    let band: Vec<String> = upper.chain(lower).map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    drawing.put(format_args!(
        "<path d='M{}z' fill='{GRID}' stroke='{GRID}' stroke-width='5' stroke-linejoin='round'/>",
        band.join("L")
    ));
    let diagonal = format!("stroke='{NOBODY}' stroke-dasharray='5 3'");
    drawing.put(format_args!("<path d='M{:.1} {:.1}L{:.1} {:.1}' {diagonal}/>", x(0.0), y(0.0), x(1.0), y(1.0)));
    let curve: Vec<String> =
        points.iter().map(|point| format!("{:.1} {:.1}", x(point.stated), y(point.share))).collect();
    drawing.put(format_args!("<path d='M{}' fill='none' stroke='{OWN}' stroke-width='2'/>", curve.join("L")));
    for point in points {
        let radius = (3.0 + (point.count as f64).sqrt()).min(10.0);
        drawing.put(format_args!(
            "<circle cx='{:.1}' cy='{:.1}' r='{radius:.1}' fill='{OWN}'/>",
            x(point.stated),
            y(point.share)
        ));
    }
    drawing.text((x(0.5), TOP + HIGH + 38.0), Anchor::Middle, x_name);
    let entries = [
        (
            format!("<path d='M2 0h24' stroke='{OWN}' stroke-width='2'/><circle cx='14' cy='0' r='4' fill='{OWN}'/>"),
            y_name,
        ),
        (format!("<path d='M2 0h24' {diagonal}/>"), "Right as often as stated"),
        (
            format!("<rect x='2' y='-6' width='24' height='12' fill='{GRID}' stroke='{INK}' stroke-width='0.3'/>"),
            "What chance does to that, nine in ten",
        ),
    ];
    for (line, entry) in entries.into_iter().enumerate() {
        drawing.legend(TOP + 20.0 + 24.0 * line as f64, LEGEND, &[entry]);
    }
    drawing.finish(TOP + HIGH + 48.0)
}
