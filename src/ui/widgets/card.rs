//! Cards: a quiet surface, a surface that is one large button, and a chip.

use egui::{Color32, Frame, Id, InnerResponse, Margin, Response, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType};

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

/// How a card that can be pressed presents itself.
#[derive(Clone, Debug)]
pub struct Pressable {
    pub id: Id,
    /// Its name in the accessibility tree.
    pub label: String,
    pub is_selected: bool,
    /// The keyboard's cursor stands on it.
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

/// A card that is one large button. Nothing inside may be pressed on its own.
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

/// A few words on a tinted ground.
pub fn chip_ui(ui: &mut Ui, text: &str, ink: Color32) -> Response {
    Frame::new()
        .fill(ink.gamma_multiply(0.16))
        .corner_radius(theme::RADIUS_SMALL)
        .inner_margin(Margin::symmetric(7, 2))
        .show(ui, |ui| ui.add(egui::Label::new(Type::Caption.rich(text, ink)).truncate()))
        .inner
}

/// The EXERCISE mark every screen of a run carries.
pub fn exercise_ui(ui: &mut Ui) -> Response {
    Frame::new()
        .fill(theme::EXERCISE)
        .corner_radius(theme::RADIUS_SMALL)
        .inner_margin(Margin::symmetric(8, 3))
        .show(ui, |ui| {
            let text = Type::Caption.rich("EXERCISE", Color32::from_rgb(0x22, 0x1f, 0x02)).extra_letter_spacing(0.8);
            ui.add(egui::Label::new(text).extend())
        })
        .inner
        .on_hover_text("A simulation for training: nothing leaves this program")
}
