//! Stacked strips over time: in each row, the share of every stretch that each cause holds.

use super::{Drawing, FAINT, RIGHT, Span, label_edge};
use crate::base::palette::Rgb;

const TOP: f64 = 8.0;
const GAP: f64 = 8.0;
/// Entries of the legend in a line.
const LEGEND_LINE: f64 = 22.0;

/// A row.
pub struct Strip {
    pub label: String,
    pub height: f64,
    /// Columns of equal length from left to right: by cause, a share of the height.
    pub columns: Vec<Vec<f64>>,
}

/// Draws rows; the legend names the causes, given with their colours in the order of the columns.
pub fn strips(span: &Span<'_>, strips: &[Strip], causes: &[(&str, Rgb)]) -> String {
    let left = label_edge(strips.iter().map(|strip| strip.label.as_str()));
    let bottom = strips.iter().map(|strip| strip.height + GAP).sum::<f64>() + TOP;
    let mut drawing = Drawing::default();
    span.draw(&mut drawing, left, (TOP, bottom));
    let mut top = TOP;
    for strip in strips {
        drawing.label(left, top + strip.height / 2.0 + 4.0, &strip.label);
        let (height, width) = (strip.height, RIGHT - left);
        drawing.put(format_args!(
            "<rect x='{left:.1}' y='{top:.1}' width='{width:.1}' height='{height:.1}' fill='{FAINT}'/>"
        ));
        for (cause, (_, color)) in causes.iter().enumerate() {
            layer(&mut drawing, strip, cause, &color.to_string(), (left, top));
        }
        top += strip.height + GAP;
    }
    let entries: Vec<(String, &str)> = causes
        .iter()
        .map(|(name, color)| (format!("<rect x='10' y='-6' width='12' height='12' fill='{color}'/>"), *name))
        .collect();
    let mut y = bottom + 42.0;
    for line in entries.chunks(4) {
        drawing.legend(y, left, line);
        y += LEGEND_LINE;
    }
    drawing.finish(y)
}

/// Draws one cause of a strip as one outline for each period in which it holds anything.
fn layer(drawing: &mut Drawing, strip: &Strip, cause: usize, color: &str, (left, top): (f64, f64)) {
    let bottom = top + strip.height;
    let width = (RIGHT - left) / strip.columns.len().max(1) as f64;
    let mut path = String::new();
    for (index, column) in strip.columns.iter().enumerate().filter(|(_, column)| 0.0 < column[cause]) {
        let below: f64 = column[..cause].iter().sum();
        let (x, y) = (left + width * index as f64, bottom - strip.height * below);
        let height = (strip.height * column[cause]).min(y - top);
        path += &format!("M{x:.1} {y:.1}v-{height:.1}h{width:.2}v{height:.1}z");
    }
    if !path.is_empty() {
        drawing.put(format_args!("<path d='{path}' fill='{color}'/>"));
    }
}
