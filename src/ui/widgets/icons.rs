//! Icons drawn with lines, so that no icon typeface is needed.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};

use crate::scenario::schema::{Standing, Via};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Step,
    Next,
    Help,
    Close,
    Check,
    Plus,
    Minus,
    Fit,
    /// The seat's own organisations.
    Yours,
    Back,
    Chevron,
    /// Lines with their marks: the list of sources.
    Sources,
    /// In the standing's own colour.
    Standing(Standing),
    Via(Via),
}

/// Draws an icon within a square of side `2 * radius`.
pub fn icon(painter: &Painter, center: Pos2, radius: f32, icon: Icon, color: Color32) {
    let p = |x: f32, y: f32| center + Vec2::new(x, y) * radius;
    let stroke = Stroke::new((radius * 0.26).max(1.4), color);
    let open = |points: Vec<Pos2>| {
        painter.line(points, stroke);
    };
    let solid = |points: Vec<Pos2>| {
        painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    };
    match icon {
        Icon::Play => solid(vec![p(-0.6, -0.85), p(0.85, 0.0), p(-0.6, 0.85)]),
        Icon::Pause => {
            for x in [-0.45, 0.45] {
                painter.rect_filled(Rect::from_center_size(p(x, 0.0), Vec2::new(0.42, 1.6) * radius), 1.0, color);
            }
        }
        Icon::Step => {
            solid(vec![p(-0.8, -0.75), p(0.4, 0.0), p(-0.8, 0.75)]);
            painter.rect_filled(Rect::from_center_size(p(0.7, 0.0), Vec2::new(0.3, 1.5) * radius), 0.5, color);
        }
        Icon::Check => open(vec![p(-0.75, 0.05), p(-0.2, 0.6), p(0.8, -0.6)]),
        Icon::Next => {
            solid(vec![p(-1.0, -0.7), p(-0.05, 0.0), p(-1.0, 0.7)]);
            solid(vec![p(0.0, -0.7), p(0.95, 0.0), p(0.0, 0.7)]);
        }
        Icon::Help => {
            painter.text(center, egui::Align2::CENTER_CENTER, "?", crate::ui::theme::Type::Strong.font(), color);
        }
        Icon::Close => super::shapes::cross(painter, center, radius * 0.6, stroke),
        Icon::Plus => {
            open(vec![p(-0.75, 0.0), p(0.75, 0.0)]);
            open(vec![p(0.0, -0.75), p(0.0, 0.75)]);
        }
        Icon::Minus => open(vec![p(-0.75, 0.0), p(0.75, 0.0)]),
        Icon::Fit => {
            for (sx, sy) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                open(vec![p(sx * 0.25, sy * 0.75), p(sx * 0.75, sy * 0.75), p(sx * 0.75, sy * 0.25)]);
            }
        }
        Icon::Yours => {
            painter.circle_stroke(center, radius * 0.75, stroke);
            painter.circle_filled(center, radius * 0.3, color);
        }
        Icon::Back => open(vec![p(0.35, -0.7), p(-0.4, 0.0), p(0.35, 0.7)]),
        Icon::Chevron => open(vec![p(-0.65, -0.3), p(0.0, 0.4), p(0.65, -0.3)]),
        Icon::Sources => {
            for (y, end) in [(-0.65, 0.9), (0.0, 0.9), (0.65, 0.45)] {
                painter.circle_filled(p(-0.75, y), (radius * 0.17).max(1.2), color);
                open(vec![p(-0.3, y), p(end, y)]);
            }
        }
        Icon::Standing(standing) => super::shapes::standing(painter, center, radius * 0.9, standing),
        Icon::Via(via) => via_icon(painter, center, radius, via, color),
    }
}

/// The icon for the medium of an inject.
fn via_icon(painter: &Painter, center: Pos2, radius: f32, via: Via, color: Color32) {
    let p = |x: f32, y: f32| center + Vec2::new(x, y) * radius;
    let stroke = Stroke::new((radius * 0.2).max(1.3), color);
    let frame = |w: f32, h: f32| {
        let rect = Rect::from_center_size(center, Vec2::new(w, h) * radius);
        painter.rect_stroke(rect, radius * 0.2, stroke, StrokeKind::Middle);
    };
    let open = |points: Vec<Pos2>| {
        painter.line(points, stroke);
    };
    match via {
        Via::Monitoring => {
            open(vec![p(-1.0, 0.1), p(-0.5, 0.1), p(-0.2, -0.75), p(0.25, 0.8), p(0.5, 0.1), p(1.0, 0.1)]);
        }
        Via::Phone => {
            let rect = Rect::from_center_size(center, Vec2::new(1.05, 1.9) * radius);
            painter.rect_stroke(rect, radius * 0.25, stroke, StrokeKind::Middle);
            painter.circle_filled(p(0.0, 0.6), radius * 0.15, color);
        }
        Via::Email => {
            frame(1.9, 1.35);
            open(vec![p(-0.9, -0.6), p(0.0, 0.1), p(0.9, -0.6)]);
        }
        Via::Press => {
            frame(1.8, 1.7);
            open(vec![p(-0.55, -0.4), p(0.55, -0.4)]);
            open(vec![p(-0.55, 0.05), p(0.55, 0.05)]);
            open(vec![p(-0.55, 0.45), p(0.1, 0.45)]);
        }
        Via::Regulator => {
            open(vec![p(0.0, -0.85), p(0.0, 0.85)]);
            open(vec![p(-0.45, 0.85), p(0.45, 0.85)]);
            open(vec![p(-0.8, -0.5), p(0.8, -0.5)]);
            open(vec![p(-1.05, 0.2), p(-0.8, -0.45), p(-0.5, 0.2), p(-1.05, 0.2)]);
            open(vec![p(1.05, 0.2), p(0.8, -0.45), p(0.5, 0.2), p(1.05, 0.2)]);
        }
        Via::Executive => {
            painter.circle_stroke(p(0.0, -0.4), radius * 0.42, stroke);
            open(vec![p(-0.8, 0.9), p(-0.6, 0.4), p(0.0, 0.25), p(0.6, 0.4), p(0.8, 0.9)]);
        }
    }
}
