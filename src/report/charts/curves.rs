//! Lines over time: shares from 0 to 100 %, with decisions as marks below.

use std::fmt::Write;

use super::{Anchor, Drawing, GRID, INK, LEFT, RIGHT, Span};

const HEIGHT: f64 = 330.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 258.0;

/// A line of the chart.
pub struct Line<'a> {
    /// In the legend; none for a line that belongs to the one before.
    pub name: Option<&'a str>,
    /// Stroke colour, width and dashes, which also tell the lines apart in grey.
    pub stroke: String,
    /// Minutes since the start, and a share from 0 to 1.
    pub points: &'a [[f64; 2]],
}

/// Draws lines, the first one on top. `marks` are the minutes of decisions.
pub fn curves(span: &Span<'_>, lines: &[Line<'_>], marks: &[f64]) -> String {
    let y = |share: f64| BOTTOM - (BOTTOM - TOP) * share.clamp(0.0, 1.0);
    let mut drawing = Drawing::default();
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let at = y(share);
        drawing.put(format_args!("<path d='M{LEFT:.1} {at:.1}H{RIGHT:.1}' stroke='{GRID}'/>"));
        drawing.text((LEFT - 8.0, at + 4.0), Anchor::End, &format!("{:.0} %", share * 100.0));
    }
    span.draw(&mut drawing, LEFT, (TOP, BOTTOM));
    for line in lines.iter().rev() {
        let mut path = String::new();
        for (index, [minute, share]) in line.points.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            write!(path, "{step}{:.1} {:.1}", span.x(*minute, LEFT), y(*share)).expect("a string takes all");
        }
        if !path.is_empty() {
            drawing.put(format_args!("<path d='{path}' fill='none' stroke-linejoin='round' {}/>", line.stroke));
        }
    }
    for minute in marks {
        let at = span.x(*minute, LEFT);
        drawing.put(format_args!("<path d='M{at:.1} {:.1}l-4 8h8z' fill='{INK}'/>", BOTTOM - 1.0));
    }
    let named = lines.iter().filter_map(|line| Some((line.name?, &line.stroke)));
    let mut entries: Vec<(String, &str)> =
        named.map(|(name, stroke)| (format!("<path d='M0 0h28' fill='none' {stroke}/>"), name)).collect();
    if !marks.is_empty() {
        entries.push((format!("<path d='M14 -4l-4 8h8z' fill='{INK}'/>"), "Decision"));
    }
    drawing.legend(HEIGHT - 22.0, LEFT, &entries);
    drawing.finish(HEIGHT)
}
