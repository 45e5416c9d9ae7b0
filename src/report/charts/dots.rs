//! Values on a scale as stacked dots, one for each, with other values as lines through the scale.

use super::{Anchor, Drawing, GRID, LEFT, OWN, RIGHT};

/// Values that share a stack of dots lie in the same part of the scale of this width.
const PART: f64 = 2.5;
const HEIGHT_MAX: f64 = 240.0;
const STEP_MAX: f64 = 15.0;

/// Draws values on a scale from 0 to `to` or beyond; `lines` have a value, a name, and a colour.
pub fn dots(values: &[f64], to: f64, lines: &[(f64, &str, &str)]) -> String {
    let to = values.iter().copied().fold(to, f64::max);
    let to = (to / 10.0).ceil() * 10.0;
    let stack_of = |value: f64| (value / PART).round() as i64;
    let mut stacks: Vec<(i64, usize)> = Vec::new();
    let mut sorted: Vec<f64> = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    for value in sorted {
        match stacks.last_mut() {
            Some((stack, count)) if *stack == stack_of(value) => *count += 1,
            _ => stacks.push((stack_of(value), 1)),
        }
    }
    let tallest = stacks.iter().map(|(_, count)| *count).max().unwrap_or(1) as f64;
    let step = (HEIGHT_MAX / tallest).min(STEP_MAX);
    let (top, bottom) = (30.0, 30.0 + (step * tallest).max(45.0) + 8.0);
    let x = |value: f64| LEFT + (RIGHT - LEFT) * value / to;
    let mut drawing = Drawing::default();
    let count = (to / 10.0) as u32;
    for ten in 0..=count {
        let at = x(f64::from(ten) * 10.0);
        drawing.put(format_args!("<path d='M{at:.1} {bottom:.1}v5' stroke='{GRID}'/>"));
        drawing.text((at, bottom + 19.0), Anchor::Middle, &(ten * 10).to_string());
    }
    drawing.put(format_args!("<path d='M{LEFT:.1} {bottom:.1}H{RIGHT:.1}' stroke='{GRID}'/>"));
    for (index, (value, name, color)) in lines.iter().enumerate() {
        let (at, y) = (x(value.clamp(0.0, to)), 12.0 + 14.0 * (index % 2) as f64);
        drawing.put(format_args!(
            "<path d='M{at:.1} {top:.1}V{bottom:.1}' stroke='{color}' stroke-width='1.6' stroke-dasharray='5 3'/>"
        ));
        drawing.text((at, y), Anchor::Middle, name);
    }
    for (stack, count) in stacks {
        let at = x(stack as f64 * PART);
        for number in 0..count {
            let y = bottom - 7.0 - step * number as f64;
            drawing.put(format_args!("<circle cx='{at:.1}' cy='{y:.1}' r='{:.1}' fill='{OWN}'/>", step * 0.4));
        }
    }
    drawing.finish(bottom + 28.0)
}
