//! The button of every screen: a label, an icon or both, of one of three kinds.

use egui::{Align2, Color32, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType};

use super::icons::{Icon, icon};
use super::text;
use crate::ui::theme::{self, Type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The main action of the screen.
    Primary,
    Normal,
    /// A button that has no background until the pointer is over it.
    Quiet,
}

/// A button being described; [`Push::show`] draws it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Push<'a> {
    text: &'a str,
    name: &'a str,
    icon: Option<Icon>,
    kind: Kind,
    is_enabled: bool,
    selected: Option<bool>,
    size_min: Vec2,
    hover: &'a str,
    type_: Type,
}

impl<'a> Push<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            name: text,
            icon: None,
            kind: Kind::Normal,
            is_enabled: true,
            selected: None,
            size_min: Vec2::new(0.0, 32.0),
            hover: "",
            type_: Type::Strong,
        }
    }

    /// A square button with an icon; `name` is its accessible name and its tooltip.
    pub fn icon(icon: Icon, name: &'a str) -> Self {
        let push = Self::new("").name(name).hover(name).size_min(Vec2::splat(32.0));
        Self { icon: Some(icon), ..push }
    }

    pub fn with_icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// Sets the name in the accessibility tree if the text of the button does not suffice.
    pub fn name(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    pub fn primary(self) -> Self {
        Self { kind: Kind::Primary, ..self }
    }

    pub fn quiet(self) -> Self {
        Self { kind: Kind::Quiet, ..self }
    }

    pub fn enabled(self, is_enabled: bool) -> Self {
        Self { is_enabled, ..self }
    }

    /// Sets whether this button is the chosen one of a group.
    pub fn selected(self, is_selected: bool) -> Self {
        Self { selected: Some(is_selected), ..self }
    }

    pub fn size_min(self, size_min: Vec2) -> Self {
        Self { size_min, ..self }
    }

    pub fn hover(self, hover: &'a str) -> Self {
        Self { hover, ..self }
    }

    pub fn small(self) -> Self {
        Self { type_: Type::SmallStrong, size_min: Vec2::new(self.size_min.x.min(26.0), 26.0), ..self }
    }

    pub fn show(self, ui: &mut Ui) -> Response {
        let text_width = text::width(ui.painter(), self.text, self.type_);
        let padding = if self.text.is_empty() || self.type_ == Type::SmallStrong { 8.0 } else { 14.0 };
        let icon_width = if self.icon.is_some() && !self.text.is_empty() { 22.0 } else { 0.0 };
        let mut width = (text_width + icon_width + padding * 2.0).max(self.size_min.x);
        if self.text.is_empty() {
            width = self.size_min.x;
        }
        let width = width.min(ui.available_width().max(self.size_min.x));
        let sense = if self.is_enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, self.size_min.y), sense);
        self.paint(ui, rect, &response, text_width, padding);
        let (name, is_enabled, selected) = (self.name.to_owned(), self.is_enabled, self.selected);
        response.widget_info(|| match selected {
            Some(is_selected) => WidgetInfo::selected(WidgetType::Button, is_enabled, is_selected, &name),
            None => WidgetInfo::labeled(WidgetType::Button, is_enabled, &name),
        });
        if self.hover.is_empty() { response } else { response.on_hover_text(self.hover) }
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, text_width: f32, padding: f32) {
        let (fill, outline, ink) = self.colors(response);
        let painter = ui.painter();
        painter.rect(rect, theme::RADIUS_SMALL, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
        let radius = if self.type_ == Type::SmallStrong { 5.0 } else { 6.5 };
        match (self.icon, self.text.is_empty()) {
            (Some(shape), true) => icon(painter, rect.center(), radius, shape, ink),
            (Some(shape), false) => {
                let total = (text_width + 22.0).min(rect.width() - padding * 2.0);
                let left = rect.center().x - total / 2.0;
                icon(painter, Pos2::new(left + radius, rect.center().y), radius, shape, ink);
                let pos = Pos2::new(left + 22.0, rect.center().y);
                text::line(painter, pos, Align2::LEFT_CENTER, self.text, self.type_, ink, total - 22.0);
            }
            (None, _) => {
                let space = rect.width() - 8.0;
                text::line(painter, rect.center(), Align2::CENTER_CENTER, self.text, self.type_, ink, space);
            }
        }
        super::focus_ring(ui, response, rect);
    }

    fn colors(&self, response: &Response) -> (Color32, Color32, Color32) {
        let is_hot = response.hovered();
        if !self.is_enabled {
            return (Color32::TRANSPARENT, theme::HAIRLINE, theme::TEXT_MUTED.gamma_multiply(0.7));
        }
        if self.selected == Some(true) {
            return (theme::ACCENT_DIM, theme::ACCENT, theme::TEXT);
        }
        match self.kind {
            Kind::Primary => {
                let fill = if is_hot { theme::ACCENT_HOVER } else { theme::ACCENT };
                (fill, fill, theme::TEXT_ON_ACCENT)
            }
            Kind::Normal => {
                let fill = if is_hot { theme::RAISED_HOVER } else { theme::RAISED };
                (fill, theme::OUTLINE, theme::TEXT)
            }
            Kind::Quiet if is_hot => (theme::RAISED, theme::RAISED, theme::TEXT),
            Kind::Quiet => (Color32::TRANSPARENT, Color32::TRANSPARENT, theme::TEXT_SOFT),
        }
    }
}
