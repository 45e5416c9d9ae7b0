//! Bars, gauges and small curves.

use egui::{Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2};

use crate::ui::format::thousands;
use crate::ui::theme::{self, STANDINGS, STANDINGS_IN_ORDER};

/// Draws a level 0..=1 with a tick at its target.
pub fn level(painter: &Painter, rect: Rect, level: f64, target: f64, color: Color32) {
    let radius = rect.height() / 2.0;
    painter.rect_filled(rect, radius, theme::RAISED_HOVER);
    let width = rect.width() * level.clamp(0.0, 1.0) as f32;
    if 0.5 < width {
        painter.rect_filled(Rect::from_min_size(rect.min, Vec2::new(width, rect.height())), radius, color);
    }
    if 0.0 < target && target < 1.0 {
        let x = rect.left() + rect.width() * target as f32;
        painter.vline(x, rect.y_range().expand(2.0), Stroke::new(1.5, theme::TEXT_SOFT));
    }
}

/// Draws the parts of a whole side by side, with gaps of one point.
pub fn stacked(painter: &Painter, rect: Rect, parts: &[(f64, Color32)]) {
    let total: f64 = parts.iter().map(|(part, _)| part.max(0.0)).sum();
    if total <= 0.0 {
        painter.rect_filled(rect, rect.height() / 2.0, theme::RAISED_HOVER);
        return;
    }
    let mut x = rect.left();
    for (part, color) in parts {
        let width = rect.width() * (part.max(0.0) / total) as f32;
        if 0.5 < width {
            let right = (x + width).min(rect.right());
            let piece = Rect::from_min_max(Pos2::new(x, rect.top()), Pos2::new(right, rect.bottom()));
            painter.rect_filled(piece.shrink2(Vec2::new(0.5, 0.0)), 2.0, *color);
        }
        x += width;
    }
}

/// Draws a curve of values 0..=1 from oldest to newest, with its area faintly filled.
pub fn spark(painter: &Painter, rect: Rect, values: &[f32], color: Color32) {
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme::HAIRLINE));
    if values.len() < 2 {
        return;
    }
    let stride = (values.len() / 64).max(1);
    let last = (values.len() - 1) as f32;
    let at = |index: usize| {
        let x = rect.left() + rect.width() * index as f32 / last;
        Pos2::new(x, rect.bottom() - rect.height() * values[index].clamp(0.0, 1.0))
    };
    let mut points: Vec<Pos2> = (0..values.len()).step_by(stride).map(at).collect();
    points.push(at(values.len() - 1));
    let mut mesh = egui::Mesh::default();
    for pair in points.windows(2) {
        let quad = Rect::from_min_max(Pos2::new(pair[0].x, pair[0].y), Pos2::new(pair[1].x, rect.bottom()));
        let base = mesh.vertices.len() as u32;
        let tint = color.gamma_multiply(0.18);
        for corner in [pair[0], pair[1], quad.right_bottom(), quad.left_bottom()] {
            mesh.colored_vertex(corner, tint);
        }
        mesh.add_triangle(base, base + 1, base + 2);
        mesh.add_triangle(base, base + 2, base + 3);
    }
    painter.add(Shape::mesh(mesh));
    painter.line(points, Stroke::new(1.5, color));
}

/// Draws the numbers of figures of a scenario by standing: documented, estimated, invented.
pub fn standing_ui(ui: &mut Ui, figures: [usize; 3], width: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 8.0), Sense::hover());
    let parts: Vec<_> = figures.iter().zip(STANDINGS).map(|(count, (_, color))| (*count as f64, color)).collect();
    stacked(ui.painter(), rect, &parts);
    let words: Vec<_> = figures
        .iter()
        .zip(STANDINGS)
        .map(|(count, (word, _))| format!("{} {word}", thousands(*count as u64)))
        .collect();
    super::name(&response, format!("Figures by standing, {}", words.join(", ")));
    response.on_hover_text("Every number and event has its standing and its source")
}

/// Draws the bar with its key below.
pub fn standing_with_key_ui(ui: &mut Ui, figures: [usize; 3]) {
    standing_ui(ui, figures, ui.available_width());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for ((count, (word, _)), standing) in figures.iter().zip(STANDINGS).zip(STANDINGS_IN_ORDER) {
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
            super::shapes::standing(ui.painter(), dot.center(), 4.5, standing);
            ui.label(theme::Type::Small.rich(format!("{} {word}", thousands(*count as u64)), theme::TEXT_SOFT));
            ui.add_space(4.0);
        }
    });
}
