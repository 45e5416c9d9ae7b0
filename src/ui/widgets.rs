//! Small widgets of all screens: buttons, cards, state shapes, icons, bars, lines of text.
//!
//! They take plain values and return responses. Each interactive one has a name in the accessibility tree.

pub mod bars;
pub mod card;
pub mod dotworld;
pub mod icons;
pub mod push;
pub mod shapes;
pub mod text;

use egui::{Response, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::theme;

/// Adds empty space, in steps of four points.
pub fn gap_ui(ui: &mut Ui, steps: u8) {
    ui.add_space(f32::from(steps) * 4.0);
}

/// Draws a hairline across the available width.
pub fn rule_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, egui::Stroke::new(1.0, theme::HAIRLINE));
}

/// Gives a painted item that is not interactive a name in the accessibility tree.
pub fn name(response: &Response, label: impl Into<String>) {
    let label = label.into();
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, label.clone()));
}

/// A ring around the widget that has the keyboard. That widget is always in sight: one that gets the keyboard is
/// scrolled to, and one that is scrolled away loses it, so that Space presses nothing unseen.
pub fn focus_ring(ui: &Ui, response: &Response, rect: egui::Rect) {
    if response.gained_focus() {
        response.scroll_to_me_animation(None, egui::style::ScrollAnimation::none());
    } else if response.has_focus() && !ui.is_rect_visible(rect) {
        response.surrender_focus();
    }
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(1.0),
            theme::RADIUS,
            egui::Stroke::new(2.0, theme::ACCENT),
            egui::StrokeKind::Middle,
        );
    }
}
