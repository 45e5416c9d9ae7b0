//! Organisations as marks: size for importance, colour and shape for the level, a sign for the sector.

use egui::{Color32, Painter, Pos2, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType};

use super::glyphs::paint_glyph;
use super::placed::Placed;
use crate::base::Ix;
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::LevelState;
use crate::scenario::compile::Organisation;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::shapes;

/// Draws the marks, reports clicks, and returns the organisation under the pointer and the one that was clicked.
pub fn marks_ui(
    ui: &mut Ui,
    rect: Rect,
    placed: &[Placed<'_>],
    actions: &mut Vec<Action>,
) -> (Option<Ix<Organisation>>, Option<Ix<Organisation>>) {
    let (mut hovered, mut pressed) = (None, None);
    for placed in placed.iter().filter(|placed| 5.0 < placed.home.distance(placed.pos)) {
        let thin = Stroke::new(1.0, theme::TEXT_MUTED);
        ui.painter().line_segment([placed.home, placed.pos], thin);
        ui.painter().circle_filled(placed.home, 1.8, theme::TEXT_SOFT);
    }
    for placed in placed {
        let mark = placed.mark;
        let side = (placed.radius * 2.2).max(14.0);
        let hit = Rect::from_center_size(placed.pos, Vec2::splat(side)).intersect(rect);
        // The Tab key skips marks: with hundreds of them it would hardly reach the buttons. The board and the
        // keys `[` and `]` reach every organisation.
        let response = ui.interact(hit, ui.id().with(("mark", mark.organisation)), Sense::CLICK);
        let ordered = if mark.ordered_min.is_some() { ", order given" } else { "" };
        let label = format!("{}{ordered}, {}", mark.name, theme::state_word(mark.state));
        response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, placed.is_selected, &label));
        paint(ui, placed, response.hovered());
        if response.hovered() {
            hovered = Some(mark.organisation);
        }
        let is_selected = placed.is_selected;
        let response =
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_ui(|ui| tooltip_ui(ui, placed));
        if response.clicked() {
            pressed = (!is_selected).then_some(mark.organisation);
            actions.push(Action::from(PersonalAction::SelectOrganisation(pressed)));
        }
    }
    (hovered, pressed)
}

fn paint(ui: &Ui, placed: &Placed<'_>, is_hovered: bool) {
    let (mark, pos) = (placed.mark, placed.pos);
    let radius = placed.radius * if is_hovered { 1.15 } else { 1.0 };
    let painter = ui.painter();
    let color = theme::state_color(mark.state);
    if matches!(mark.state, LevelState::Severe | LevelState::Failed) && 3 <= mark.importance {
        painter.circle_filled(pos, radius * 1.9, color.gamma_multiply(0.13));
    }
    let edge = if mark.is_yours { Stroke::new(2.0, theme::TEXT) } else { Stroke::new(1.0, theme::GROUND) };
    if mark.state == LevelState::Untouched {
        painter.circle(pos, radius * 0.6, color.gamma_multiply(0.35), Stroke::new(1.0, color.gamma_multiply(0.9)));
        if mark.is_yours {
            painter.circle_stroke(pos, radius * 0.6 + 1.5, Stroke::new(1.2, theme::TEXT_SOFT));
        }
    } else {
        shapes::body(painter, pos, radius, mark.state, color, edge);
        if 6.5 <= radius {
            let lift = if mark.state == LevelState::Degraded { radius * 0.18 } else { 0.0 };
            paint_glyph(painter, mark.glyph, pos + Vec2::new(0.0, lift), radius * 0.5, theme::TEXT_ON_ACCENT);
        } else if mark.state == LevelState::Failed {
            shapes::cross(painter, pos, radius * 0.45, Stroke::new(1.2, theme::GROUND));
        }
    }
    if let Some(minutes) = mark.ordered_min {
        order_trace(painter, pos, radius, minutes);
    }
    if placed.is_selected || is_hovered {
        let ring = if placed.is_selected { theme::ACCENT } else { Color32::WHITE };
        painter.circle_stroke(pos, radius * 1.35 + 3.0, Stroke::new(2.0, ring));
    }
}

/// Draws a dashed ring around an organisation with a recent order; it fades over some hours.
fn order_trace(painter: &Painter, center: Pos2, radius: f32, minutes: u32) {
    let strength = (1.0 - minutes as f32 / ORDER_FADES_MIN).max(0.35);
    let ring = radius * 1.5 + 4.0;
    let dash = std::f32::consts::TAU / ORDER_DASHES as f32;
    for index in 0..ORDER_DASHES {
        let from = dash * index as f32;
        let arc = (0..=4).map(|step| center + Vec2::angled(from + dash * 0.6 * step as f32 / 4.0) * ring);
        let stroke = Stroke::new(2.2, theme::ACCENT.gamma_multiply(strength));
        painter.line(arc.collect(), stroke);
    }
}

const ORDER_DASHES: usize = 8;
/// Minutes over which the ring of an order fades.
const ORDER_FADES_MIN: f32 = 480.0;

fn tooltip_ui(ui: &mut Ui, placed: &Placed<'_>) {
    ui.set_max_width(280.0);
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(14.0), Sense::hover());
        shapes::state(ui.painter(), rect.center(), 5.5, placed.mark.state);
        ui.label(Type::Strong.rich(&placed.mark.name, theme::TEXT));
    });
    for line in &placed.mark.tooltip {
        ui.label(Type::Small.rich(line, theme::TEXT_SOFT));
    }
}
