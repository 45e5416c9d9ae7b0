//! The cascade: failing dependencies as curves, with dashes that move towards the dependent organisation.

use egui::{Pos2, Rect, Shape, Stroke, Ui, Vec2};

use crate::exercise::view::ExerciseView;
use crate::ui::theme;

/// Points a curve is drawn with.
const STEPS: usize = 28;
const DASH: f32 = 7.0;
const GAP: f32 = 8.0;
/// Points a second.
const DRIFT: f32 = 22.0;

/// Draws the failing links, and all links of the selected organisation faintly.
pub fn draw(ui: &Ui, rect: Rect, view: &ExerciseView, positions: &[Pos2]) {
    let selected = view.detail.as_ref().map(|detail| detail.organisation);
    let is_selected = |index: usize| view.map.marks.get(index).is_some_and(|mark| Some(mark.organisation) == selected);
    let is_moving = !view.clock.is_paused && !view.clock.is_ended;
    let phase = if is_moving { (ui.input(|input| input.time) as f32 * DRIFT) % (DASH + GAP) } else { 0.0 };
    let mut has_moving = false;
    for link in &view.map.links {
        let (Some(from), Some(to)) = (positions.get(link.from), positions.get(link.to)) else { continue };
        let is_near = is_selected(link.from) || is_selected(link.to);
        if link.loss <= 0.0 && !is_near {
            continue;
        }
        if !rect.intersects(Rect::from_two_pos(*from, *to).expand(20.0)) {
            continue;
        }
        // Curves run from the supplier to the organisation that needs it, in the direction in which failures spread.
        let curve = curve(*to, *from);
        if link.loss <= 0.0 {
            let faint = Stroke::new(1.0, theme::TEXT_MUTED.gamma_multiply(0.6));
            ui.painter().line(curve, faint);
            continue;
        }
        let loss = link.loss.clamp(0.0, 1.0) as f32;
        let color = if loss < 0.5 { theme::DEGRADED } else { theme::SEVERE };
        let strength = if is_near { 1.0 } else { 0.35 + 0.5 * loss };
        let stroke = Stroke::new(1.2 + 1.2 * loss, color.gamma_multiply(strength));
        let mut dashes = Vec::new();
        Shape::dashed_line_many_with_offset(&curve, stroke, &[DASH], &[GAP], phase - DASH - GAP, &mut dashes);
        ui.painter().extend(dashes);
        has_moving = true;
    }
    if has_moving && is_moving {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
    }
}

/// A curve from `start` to `end` that bends to the same side whichever end is higher.
fn curve(start: Pos2, end: Pos2) -> Vec<Pos2> {
    let across = end - start;
    let bend = Vec2::new(-across.y, across.x) * 0.18;
    let bend = if 0.0 < bend.y { -bend } else { bend };
    let control = start + across * 0.5 + bend;
    (0..=STEPS)
        .map(|step| {
            let t = step as f32 / STEPS as f32;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            Pos2::new(a * start.x + b * control.x + c * end.x, a * start.y + b * control.y + c * end.y)
        })
        .collect()
}
