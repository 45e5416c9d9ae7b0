//! Rows with a bar from zero to a value, a whisker for its band, and marks for other values on the same scale.

use super::super::axis::Axis;
use super::{Anchor, Drawing, FAINT, INK, NOBODY, OWN, RIGHT, label_edge};

const ROW: f64 = 26.0;
const TOP: f64 = 8.0;
/// Space for the value in words behind the scale.
const VALUE: f64 = 64.0;

/// A row.
pub struct Bar {
    pub label: String,
    pub value: f64,
    /// The value in words.
    pub words: String,
    /// The ends of the whisker.
    pub band: Option<(f64, f64)>,
    /// The place of the mark of the legend.
    pub mark: Option<f64>,
}

/// The meaning of marks, and the colour of their outline.
pub struct Mark {
    pub name: &'static str,
    pub color: &'static str,
}

/// Draws bars on a scale in a unit. The legend names the bar, the whisker and the marks that there are.
pub fn bars(bars: &[Bar], unit: &str, (bar_name, whisker_name): (&str, &str), mark: &Mark) -> String {
    let left = label_edge(bars.iter().map(|bar| bar.label.as_str()));
    let values = bars.iter().flat_map(|bar| {
        let (low, high) = bar.band.unwrap_or((bar.value, bar.value));
        [0.0, bar.value, low, high, bar.mark.unwrap_or(0.0)]
    });
    let axis = Axis::around(values, (left, RIGHT - VALUE));
    let bottom = TOP + ROW * bars.len() as f64;
    let mut drawing = Drawing::default();
    for tick in axis.ticks() {
        let x = axis.place(tick);
        drawing.put(format_args!("<path d='M{x:.1} {TOP:.1}V{bottom:.1}' stroke='{FAINT}'/>"));
        drawing.text((x, bottom + 16.0), Anchor::Middle, &axis.label(tick, unit));
    }
    let zero = axis.place(0.0);
    drawing.put(format_args!("<path d='M{zero:.1} {TOP:.1}V{bottom:.1}' stroke='{NOBODY}'/>"));
    for (index, bar) in bars.iter().enumerate() {
        let middle = TOP + ROW * (index as f64 + 0.5);
        row(&mut drawing, &axis, bar, middle, left);
        if let Some(value) = bar.mark {
            let x = axis.place(value);
            let color = mark.color;
            drawing.put(format_args!(
                "<path d='M{x:.1} {:.1}l6 6l-6 6l-6 -6z' fill='#ffffff' stroke='{color}' stroke-width='2'/>",
                middle - 6.0
            ));
        }
    }
    let mut entries = vec![(format!("<rect x='4' y='-5' width='20' height='10' fill='{OWN}'/>"), bar_name)];
    if bars.iter().any(|bar| bar.band.is_some()) {
        entries.push((format!("<path d='M2 0h24M2 -4v8M26 -4v8' stroke='{INK}' stroke-width='1.5'/>"), whisker_name));
    }
    if bars.iter().any(|bar| bar.mark.is_some()) {
        let sign =
            format!("<path d='M14 -6l6 6l-6 6l-6 -6z' fill='#ffffff' stroke='{}' stroke-width='2'/>", mark.color);
        entries.push((sign, mark.name));
    }
    drawing.legend(bottom + 42.0, left, &entries);
    drawing.finish(bottom + 52.0)
}

fn row(drawing: &mut Drawing, axis: &Axis, bar: &Bar, middle: f64, left: f64) {
    let (zero, end) = (axis.place(0.0), axis.place(bar.value));
    drawing.label(left, middle + 4.0, &bar.label);
    let (from, to) = (zero.min(end), zero.max(end));
    drawing.put(format_args!(
        "<rect x='{from:.1}' y='{:.1}' width='{:.1}' height='14' fill='{OWN}'/>",
        middle - 7.0,
        (to - from).max(1.0)
    ));
    if let Some((low, high)) = bar.band.filter(|(low, high)| low < high) {
        let (low, high) = (axis.place(low), axis.place(high));
        let (up, down) = (middle - 4.0, middle + 4.0);
        drawing.put(format_args!(
            "<path d='M{low:.1} {middle:.1}H{high:.1}M{low:.1} {up:.1}V{down:.1}M{high:.1} {up:.1}V{down:.1}' \
             stroke='#ffffff' stroke-width='4' fill='none'/>\
             <path d='M{low:.1} {middle:.1}H{high:.1}M{low:.1} {up:.1}V{down:.1}M{high:.1} {up:.1}V{down:.1}' \
             stroke='{INK}' stroke-width='1.5' fill='none'/>"
        ));
    }
    drawing.text((RIGHT, middle + 4.0), Anchor::End, &bar.words);
}
