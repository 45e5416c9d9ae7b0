//! Things that happen, in rows over time.

use super::{Drawing, FAINT, GRID, INK, RIGHT, Span, label_edge};

const ROW: f64 = 28.0;
const TOP: f64 = 8.0;

/// The shape of a mark. Shapes are told apart without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Planned.
    Ring,
    /// Happened.
    Disc,
}

/// A mark in a row.
pub struct Dot {
    pub minute: f64,
    pub shape: Shape,
}

/// A row of marks.
pub struct Lane {
    pub label: String,
    pub color: &'static str,
    pub dots: Vec<Dot>,
}

/// Draws rows; the legend names the shapes.
pub fn lanes(span: &Span<'_>, lanes: &[Lane], legend: &[(Shape, &str)]) -> String {
    let left = label_edge(lanes.iter().map(|lane| lane.label.as_str()));
    let bottom = TOP + ROW * lanes.len() as f64;
    let mut drawing = Drawing::default();
    span.draw(&mut drawing, left, (TOP, bottom));
    for (index, lane) in lanes.iter().enumerate() {
        let middle = TOP + ROW * (index as f64 + 0.5);
        drawing.label(left, middle + 4.0, &lane.label);
        drawing.put(format_args!("<path d='M{left:.1} {middle:.1}H{RIGHT:.0}' stroke='{GRID}'/>"));
        for dot in &lane.dots {
            let x = span.x(dot.minute, left);
            let sign = sign(dot.shape, lane.color);
            drawing.put(format_args!("<g transform='translate({x:.1} {middle:.1})'>{sign}</g>"));
        }
    }
    drawing.put(format_args!("<path d='M{left:.1} {bottom:.1}H{RIGHT:.0}' stroke='{FAINT}'/>"));
    let color = lanes.first().map_or(INK, |lane| lane.color);
    let entries: Vec<(String, &str)> = legend
        .iter()
        .map(|(shape, name)| (format!("<g transform='translate(14 0)'>{}</g>", sign(*shape, color)), *name))
        .collect();
    if legend.is_empty() {
        return drawing.finish(bottom + 26.0);
    }
    drawing.legend(bottom + 42.0, left, &entries);
    drawing.finish(bottom + 52.0)
}

fn sign(shape: Shape, color: &str) -> String {
    match shape {
        Shape::Ring => format!("<circle r='5.5' fill='#ffffff' stroke='{color}' stroke-width='1.6'/>"),
        Shape::Disc => format!("<circle r='4' fill='{color}'/>"),
    }
}
