//! The seat screen: who the trainee is decides what they see and what they may order.

use egui::{Align, Layout, Ui, Vec2};

use super::action::Action;
use super::format;
use super::start::{figure_ui, page_scroll_ui};
use super::theme::{self, Type};
use super::view::{SeatCard, SeatsView};
use super::widgets::card::{Pressable, exercise_ui, pressable_ui};
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{gap_ui, rule_ui};

/// Draws the seat screen.
pub fn seats_ui(ui: &mut Ui, view: &SeatsView, actions: &mut Vec<Action>) {
    page_scroll_ui(ui, "seats", |ui| {
        gap_ui(ui, 6);
        if page_head_ui(ui, &view.scenario, "Choose your seat") {
            actions.push(Action::Back);
        }
        gap_ui(ui, 4);
        if view.seats.is_empty() {
            ui.label(Type::Body.rich("This scenario has no seats yet", theme::TEXT_SOFT));
        }
        let columns = if ui.available_width() < 760.0 { 1 } else { view.seats.len().clamp(1, 3) };
        let spacing = 16.0;
        let width = (ui.available_width() - spacing * (columns as f32 - 1.0)) / columns as f32;
        let rows = view.seats.len().div_ceil(columns.max(1)).max(1) as f32;
        let height = ((ui.ctx().content_rect().height() - 190.0) / rows - spacing).clamp(200.0, 330.0);
        for (row, seats) in view.seats.chunks(columns).enumerate() {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = spacing;
                for (column, seat) in seats.iter().enumerate() {
                    let index = row * columns + column;
                    if seat_ui(ui, index, seat, Vec2::new(width, height)) {
                        actions.push(Action::ChooseSeat(index));
                    }
                }
            });
            ui.add_space(spacing - 8.0);
        }
        gap_ui(ui, 4);
    });
}

/// A back button, a small line over a title, the EXERCISE mark; true when back was pressed.
pub(super) fn page_head_ui(ui: &mut Ui, over: &str, title: &str) -> bool {
    ui.horizontal(|ui| {
        let is_back = Push::icon(Icon::Back, "Back").size_min(Vec2::splat(40.0)).show(ui).clicked();
        gap_ui(ui, 2);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(Type::Small.rich(over, theme::TEXT_MUTED)).truncate());
            ui.add(egui::Label::new(Type::Title.rich(title, theme::TEXT)).truncate());
        });
        ui.with_layout(Layout::right_to_left(Align::Center), exercise_ui);
        is_back
    })
    .inner
}

fn seat_ui(ui: &mut Ui, index: usize, seat: &SeatCard, size: Vec2) -> bool {
    let label = format!("Seat {}, {}", seat.name, seat.summary);
    let mut card = Pressable::new(ui.id().with(("seat", index)), label);
    card.margin = egui::Margin::same(18);
    let inner_size = size - Vec2::splat(36.0);
    ui.allocate_ui(size, |ui| {
        ui.set_width(size.x);
        pressable_ui(ui, card, |ui| {
            ui.set_min_size(inner_size);
            ui.vertical(|ui| seat_facts_ui(ui, index, seat, inner_size.y));
        })
        .response
        .clicked()
    })
    .inner
}

fn seat_facts_ui(ui: &mut Ui, index: usize, seat: &SeatCard, height: f32) {
    ui.spacing_mut().item_spacing.y = 6.0;
    let top = ui.cursor().top();
    ui.label(Type::Caption.rich((index + 1).to_string(), theme::ACCENT));
    ui.add(egui::Label::new(Type::Heading.rich(&seat.name, theme::TEXT)).wrap());
    ui.label(Type::Body.rich(&seat.summary, theme::TEXT_SOFT));
    gap_ui(ui, 1);
    if ui.cursor().top() - top < height - 110.0 {
        for objective in seat.objectives.iter().take(4) {
            objective_ui(ui, objective);
        }
    }
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        ui.set_min_height((top + height - ui.cursor().top()).max(0.0));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 22.0;
            figure_ui(ui, &seat.organisations.to_string(), "organisations");
            figure_ui(ui, &format::amount(seat.hosts as f64), "hosts");
            figure_ui(ui, &format::thousands(u64::from(seat.technicians)), "technicians");
        });
        rule_ui(ui);
    });
}

fn objective_ui(ui: &mut Ui, objective: &str) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(10.0, 16.0), egui::Sense::hover());
        ui.painter().circle_filled(rect.center(), 2.0, theme::ACCENT);
        ui.add(egui::Label::new(Type::Small.rich(objective, theme::TEXT_SOFT)).truncate());
    });
}
