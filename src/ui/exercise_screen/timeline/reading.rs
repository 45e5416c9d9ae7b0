//! The values of all curves at the minute under the pointer; a click pins a minute.

use egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, Ui, Vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::{PlotKind, PlotLook, color_of, time_words};
use crate::exercise::view::{Curve, TimelineView};
use crate::ui::format;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{name, text};

const LINE_HEIGHT: f32 = 16.0;
/// A value holds until the next sample, or for this many minutes after the last one.
const HOLDS_MIN: f64 = 15.0;

/// Draws the values of the minute under the pointer, otherwise of the pinned minute.
pub fn reading_ui(ui: &Ui, view: &TimelineView, look: &PlotLook, transform: &PlotTransform, kept: &mut Option<u32>) {
    let frame = *transform.frame();
    let top = transform.position_from_point(&PlotPoint::new(0.0, 1.05)).y;
    let ground = Rect::from_min_max(Pos2::new(frame.left(), top), frame.max);
    let response = ui.interact(ground, ui.id().with((look.id, "reading")), Sense::click());
    let minute_at = |pos: Pos2| transform.value_from_position(pos).x.max(0.0).round() as u32;
    let hovered = response.hover_pos().map(minute_at);
    if response.clicked() {
        let clicked = response.interact_pointer_pos().map(minute_at);
        *kept = if kept.is_some() && clicked.is_some_and(|minute| is_near(transform, minute, *kept)) {
            None
        } else {
            clicked
        };
    }
    let Some(minute) = hovered.or(*kept) else { return };
    let values = values(view, look, f64::from(minute));
    if values.is_empty() {
        return;
    }
    let time = time_words(view, f64::from(minute));
    let words: Vec<String> = values.iter().map(|(_, words)| words.clone()).collect();
    let x = transform.position_from_point(&PlotPoint::new(f64::from(minute), 0.0)).x;
    ui.painter().vline(x, ground.y_range(), Stroke::new(1.0, theme::TEXT_SOFT));
    let under = Rect::from_min_max(ground.min + Vec2::new(0.0, look.plate_gap), ground.max);
    plate(ui, under, x, &time, &values);
    name(&response, format!("Reading at {time}: {}", words.join(", ")));
}

/// Is a minute so close to another on the screen that a click means the same one?
fn is_near(transform: &PlotTransform, minute: u32, other: Option<u32>) -> bool {
    let x = |minute: u32| transform.position_from_point(&PlotPoint::new(f64::from(minute), 0.0)).x;
    other.is_some_and(|other| (x(minute) - x(other)).abs() < 6.0)
}

/// Colour and words of each value at a minute: of all services in a running exercise, of all runs if one service is in
/// front.
fn values(view: &TimelineView, look: &PlotLook, minute: f64) -> Vec<(Color32, String)> {
    let mut values = Vec::new();
    let mut tell = |color: Color32, words: &str, points: &[[f64; 2]]| {
        if let Some(value) = value_at(points, minute) {
            values.push((color, format!("{words} {}", format::percent(value))));
        }
    };
    fn runs(curve: &Curve) -> [&Vec<[f64; 2]>; 5] {
        [&curve.yours, &curve.do_nothing, &curve.reference, &curve.par, &curve.earlier]
    }
    match (look.kind, look.front) {
        (PlotKind::Running, None) => {
            for (index, curve) in view.curves.iter().enumerate() {
                tell(color_of(index), &curve.name, &curve.yours);
            }
        }
        (kind, front) => {
            let index = front.unwrap_or(0).min(view.curves.len() - 1);
            for ((points, words), color) in runs(&view.curves[index]).into_iter().zip(RUNS).zip(theme::RUNS) {
                let color = if kind == PlotKind::Ended { color } else { color_of(index) };
                tell(color, words, points);
            }
        }
    }
    values
}

const RUNS: [&str; 5] = ["You", "Do nothing", "History", "Par", "Earlier try"];

/// The last value up to a minute; none before the first sample, and long after the last.
fn value_at(points: &[[f64; 2]], minute: f64) -> Option<f64> {
    let last = points.partition_point(|point| point[0] <= minute).checked_sub(1)?;
    let is_known = last + 1 < points.len() || minute - points[last][0] <= HOLDS_MIN;
    is_known.then(|| points[last][1])
}

/// Draws time and values beside the line, on the side that has more space.
fn plate(ui: &Ui, ground: Rect, x: f32, time: &str, values: &[(Color32, String)]) {
    let painter = ui.painter();
    let widest = values.iter().map(|(_, words)| text::width(painter, words, Type::Small) + 14.0);
    let width = widest.fold(text::width(painter, time, Type::SmallStrong), f32::max) + 18.0;
    let width = width.min(ground.width());
    let height = LINE_HEIGHT * (values.len() + 1) as f32 + 8.0;
    let left = if x + 8.0 + width <= ground.right() { x + 8.0 } else { (x - 8.0 - width).max(ground.left()) };
    let rect = Rect::from_min_size(Pos2::new(left, ground.top()), Vec2::new(width, height));
    // In a low timeline, the plate may cover the lanes of marks.
    let rect = rect.translate(Vec2::new(0.0, (ground.bottom() - rect.bottom()).min(0.0)));
    let outline = Stroke::new(1.0, theme::OUTLINE);
    painter.rect(rect, theme::RADIUS_SMALL, theme::RAISED.gamma_multiply(0.95), outline, egui::StrokeKind::Inside);
    let mut at = Pos2::new(rect.left() + 8.0, rect.top() + 4.0 + LINE_HEIGHT / 2.0);
    text::line(painter, at, Align2::LEFT_CENTER, time, Type::SmallStrong, theme::TEXT, width - 14.0);
    for (color, words) in values {
        at.y += LINE_HEIGHT;
        painter.circle_filled(at + Vec2::new(4.0, 0.0), 3.0, *color);
        let from = at + Vec2::new(13.0, 0.0);
        text::line(painter, from, Align2::LEFT_CENTER, words, Type::Small, theme::TEXT_SOFT, width - 26.0);
    }
}

#[cfg(test)]
mod tests {
    use super::value_at;

    #[test]
    fn a_value_holds_until_the_next_sample() {
        let points = [[10.0, 1.0], [20.0, 0.5], [30.0, 0.25]];
        let check = |minute, expected| assert_eq!(value_at(&points, minute), expected, "{minute}");
        check(9.0, None);
        check(10.0, Some(1.0));
        check(29.9, Some(0.5));
        check(45.0, Some(0.25));
        check(46.0, None);
        assert_eq!(value_at(&[], 5.0), None);
    }
}
