//! A shape for every service level, so that colour alone never shows a state: circle, triangle,
//! diamond, crossed square, and a faint ring for services that were never affected. The standing of a figure is a
//! disc: full, half, empty.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};

use crate::exercise::view::{LevelState, Trend};
use crate::scenario::schema::Standing;
use crate::ui::theme::{self, STANDINGS};

/// Draws the shape of a state; all shapes look about equally large for the same `radius`.
pub fn state(painter: &Painter, center: Pos2, radius: f32, state: LevelState) {
    body(painter, center, radius, state, theme::state_color(state), Stroke::NONE);
    if state == LevelState::Failed {
        cross(painter, center, radius * 0.42, Stroke::new((radius * 0.28).max(1.2), theme::GROUND));
    }
}

/// The outline filled with `fill`, without the cross of a failed one.
pub fn body(painter: &Painter, center: Pos2, radius: f32, state: LevelState, fill: Color32, stroke: Stroke) {
    match state {
        LevelState::Working => {
            painter.circle(center, radius * 0.94, fill, stroke);
        }
        LevelState::Untouched => {
            painter.circle_stroke(center, radius * 0.72, Stroke::new((radius * 0.3).clamp(1.0, 2.0), fill));
        }
        LevelState::Degraded => {
            painter.add(Shape::convex_polygon(triangle(center, radius), fill, stroke));
        }
        LevelState::Severe => {
            painter.add(Shape::convex_polygon(diamond(center, radius * 1.18), fill, stroke));
        }
        LevelState::Failed => {
            let rect = Rect::from_center_size(center, Vec2::splat(radius * 1.74));
            painter.rect(rect, radius * 0.2, fill, stroke, StrokeKind::Middle);
        }
    }
}

/// An X.
pub fn cross(painter: &Painter, center: Pos2, radius: f32, stroke: Stroke) {
    let d = Vec2::splat(radius);
    let e = Vec2::new(radius, -radius);
    painter.line_segment([center - d, center + d], stroke);
    painter.line_segment([center - e, center + e], stroke);
}

/// Draws a trend: up is better, down is worse, a bar is steady.
pub fn trend(painter: &Painter, center: Pos2, trend: Trend) {
    let (w, h) = (3.6, 2.8);
    let points =
        |up: f32| vec![center + Vec2::new(-w, h * up), center + Vec2::new(0.0, -h * up), center + Vec2::new(w, h * up)];
    match trend {
        Trend::Better => painter.add(Shape::convex_polygon(points(1.0), theme::WORKING, Stroke::NONE)),
        Trend::Worse => painter.add(Shape::convex_polygon(points(-1.0), theme::SEVERE, Stroke::NONE)),
        Trend::Steady => {
            painter.hline(egui::Rangef::new(center.x - w, center.x + w), center.y, Stroke::new(1.5, theme::TEXT_MUTED))
        }
    };
}

/// Draws a disc: full for documented, half full for estimated, empty for invented figures.
pub fn standing(painter: &Painter, center: Pos2, radius: f32, standing: Standing) {
    let (_, color) = STANDINGS[standing as usize];
    match standing {
        Standing::Documented => {
            painter.circle_filled(center, radius, color);
        }
        Standing::Estimated => {
            painter.circle_stroke(center, radius - 0.7, Stroke::new(1.4, color));
            let half = (0..=12).map(|step| std::f32::consts::PI * (0.5 + step as f32 / 12.0));
            let points = half.map(|angle| center + Vec2::angled(angle) * (radius - 0.7)).collect();
            painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
        }
        Standing::Invented => {
            painter.circle_stroke(center, radius - 0.7, Stroke::new(1.4, color));
        }
    }
}

/// The word for a trend.
pub fn trend_word(trend: Trend) -> &'static str {
    match trend {
        Trend::Better => "getting better",
        Trend::Steady => "steady",
        Trend::Worse => "getting worse",
    }
}

fn triangle(center: Pos2, radius: f32) -> Vec<Pos2> {
    let r = radius * 1.25;
    let c = center + Vec2::new(0.0, r * 0.16);
    vec![c + Vec2::new(0.0, -r), c + Vec2::new(r * 0.92, r * 0.6), c + Vec2::new(-r * 0.92, r * 0.6)]
}

fn diamond(center: Pos2, r: f32) -> Vec<Pos2> {
    vec![
        center + Vec2::new(0.0, -r),
        center + Vec2::new(r, 0.0),
        center + Vec2::new(0.0, r),
        center + Vec2::new(-r, 0.0),
    ]
}
