//! Cards: a quiet surface, a surface that is one large button, and a chip.

use egui::{
    Align, Align2, Color32, Frame, Id, InnerResponse, Layout, Margin, Response, Sense, Shape, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, WidgetType,
};

use super::text;
use crate::ui::theme::{self, Type};

/// A surface with a hairline.
pub fn card_ui<R>(ui: &mut Ui, margin: i8, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    frame(theme::CARD, margin).show(ui, add)
}

/// The frame of a card.
pub fn frame(fill: Color32, margin: i8) -> Frame {
    Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, theme::HAIRLINE))
        .corner_radius(theme::RADIUS)
        .inner_margin(Margin::same(margin))
}

/// The look and name of a card that can be pressed.
#[derive(Clone, Debug)]
pub struct Pressable {
    pub id: Id,
    /// Its name in the accessibility tree.
    pub label: String,
    pub is_selected: bool,
    /// True if the keyboard's cursor is on the card.
    pub is_cursor: bool,
    pub is_dimmed: bool,
    pub margin: Margin,
}

impl Pressable {
    pub fn new(id: Id, label: impl Into<String>) -> Self {
        Self {
            id,
            label: label.into(),
            is_selected: false,
            is_cursor: false,
            is_dimmed: false,
            margin: Margin::symmetric(12, 10),
        }
    }
}

/// A card that is one large button. It must not contain other buttons.
pub fn pressable_ui<R>(ui: &mut Ui, card: Pressable, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let ground = ui.painter().add(Shape::Noop);
    let inner = Frame::new().inner_margin(card.margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        if card.is_dimmed {
            ui.multiply_opacity(0.72);
        }
        add(ui)
    });
    let rect = inner.response.rect;
    let response = ui.interact(rect, card.id, Sense::click());
    let (fill, outline) = match () {
        () if card.is_selected => (theme::ACCENT_DIM, theme::ACCENT),
        () if response.hovered() => (theme::RAISED, theme::OUTLINE),
        () => (theme::CARD, theme::HAIRLINE),
    };
    let outline = if card.is_cursor { theme::ACCENT } else { outline };
    ui.painter().set(
        ground,
        egui::epaint::RectShape::new(rect, theme::RADIUS, fill, Stroke::new(1.0, outline), StrokeKind::Inside),
    );
    super::focus_ring(ui, &response, rect);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, card.is_selected, &card.label));
    InnerResponse::new(inner.inner, response)
}

/// Draws a heading and a line of help in an empty panel.
pub fn empty_ui(ui: &mut Ui, title: &str, help: &str) {
    Frame::new().inner_margin(Margin::symmetric(20, 28)).show(ui, |ui| {
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            ui.label(Type::Strong.rich(title, theme::TEXT_SOFT));
            ui.label(Type::Small.rich(help, theme::TEXT_MUTED));
        });
    });
}

/// Draws a few words on a tinted background.
pub fn chip_ui(ui: &mut Ui, words: &str, ink: Color32) -> Response {
    let response = tag_ui(ui, words, ink.gamma_multiply(0.16), ink);
    super::name(&response, words);
    response
}

/// Draws the EXERCISE mark, which every screen of a run shows.
pub fn exercise_ui(ui: &mut Ui) -> Response {
    let response = tag_ui(ui, "EXERCISE", theme::EXERCISE, theme::EXERCISE_INK);
    super::name(&response, "EXERCISE");
    response.on_hover_text("A simulation for training: nothing leaves this program")
}

fn tag_ui(ui: &mut Ui, words: &str, fill: Color32, ink: Color32) -> Response {
    let padding = 8.0;
    let width = text::width(ui.painter(), words, Type::Caption) + 2.0 * padding;
    let size = Vec2::new(width.min(ui.available_width().max(48.0)), 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(rect, theme::RADIUS_SMALL, fill);
    let space = rect.width() - 2.0 * padding + 1.0;
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, Type::Caption, ink, space);
    response
}
