//! The seat screen: the seat decides which organisations the trainee sees and which orders they may give.

use egui::{Pos2, Rect, Sense, Ui, UiBuilder, Vec2};

use super::format;
use super::page::{figure_ui, page_head_ui, page_scroll_ui};
use super::theme::{self, Type};
use super::widgets::card::{Pressable, exercise_ui, pressable_ui};
use super::widgets::{gap_ui, rule_ui};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::{SeatCard, SeatsView};

/// Draws the seat screen.
pub fn seats_ui(ui: &mut Ui, view: &SeatsView, actions: &mut Vec<Action>) {
    page_scroll_ui(ui, "seats", |ui| {
        gap_ui(ui, 6);
        if page_head_ui(ui, &view.scenario, "Choose your seat", exercise_mark_ui) {
            actions.push(Action::from(ScreenAction::Back));
        }
        gap_ui(ui, 4);
        if view.seats.is_empty() {
            ui.label(Type::Body.rich("This scenario has no seats yet", theme::TEXT_SOFT));
        }
        grid_ui(ui, view, actions);
        gap_ui(ui, 4);
    });
}

/// Cards in up to three columns, of equal height.
fn grid_ui(ui: &mut Ui, view: &SeatsView, actions: &mut Vec<Action>) {
    let spacing = 16.0;
    let columns_max = if ui.available_width() < 900.0 { 2 } else { 3 };
    let columns = view.seats.len().clamp(1, columns_max);
    let rows = view.seats.len().div_ceil(columns);
    let total = ui.available_width();
    let width = (total - spacing * (columns as f32 - 1.0)) / columns as f32;
    let space = ui.ctx().content_rect().height() - 170.0;
    let height = (space / rows.max(1) as f32 - spacing).clamp(236.0, 300.0);
    ui.spacing_mut().item_spacing.y = spacing;
    for (row, seats) in view.seats.chunks(columns).enumerate() {
        let (rect, _) = ui.allocate_exact_size(Vec2::new(total, height), Sense::hover());
        for (column, seat) in seats.iter().enumerate() {
            let index = row * columns + column;
            let left = rect.left() + (width + spacing) * column as f32;
            let cell = Rect::from_min_size(Pos2::new(left, rect.top()), Vec2::new(width, height));
            if seat_ui(ui, index, seat, cell) {
                actions.push(Action::from(ScreenAction::ChooseSeat(seat.id.clone())));
            }
        }
    }
}

fn seat_ui(ui: &mut Ui, index: usize, seat: &SeatCard, cell: Rect) -> bool {
    let label = format!("Seat {}, {}", seat.name, seat.summary);
    let mut card = Pressable::new(ui.id().with(("seat", index)), label);
    card.margin = egui::Margin::same(18);
    let inner = cell.shrink(18.0);
    let builder = UiBuilder::new().max_rect(cell).id_salt(("seat cell", index));
    let mut child = ui.new_child(builder);
    pressable_ui(&mut child, card, |ui| {
        ui.set_min_size(inner.size());
        let figures = Rect::from_min_max(Pos2::new(inner.left(), inner.bottom() - 50.0), inner.max);
        let words = Rect::from_min_max(inner.min, Pos2::new(inner.right(), figures.top() - 6.0));
        let mut upper = ui.new_child(UiBuilder::new().max_rect(words).id_salt("words"));
        upper.shrink_clip_rect(words.expand(2.0));
        words_ui(&mut upper, index, seat);
        figures_ui(&mut ui.new_child(UiBuilder::new().max_rect(figures).id_salt("figures")), seat);
    })
    .response
    .on_hover_text(seat.objectives.join("\n"))
    .clicked()
}

fn words_ui(ui: &mut Ui, index: usize, seat: &SeatCard) {
    ui.spacing_mut().item_spacing.y = 5.0;
    let width = ui.available_width();
    ui.set_width(width);
    ui.label(Type::Caption.rich((index + 1).to_string(), theme::ACCENT));
    ui.add(egui::Label::new(Type::Heading.rich(&seat.name, theme::TEXT)).wrap());
    ui.add(egui::Label::new(Type::Body.rich(&seat.summary, theme::TEXT_SOFT)).wrap());
    gap_ui(ui, 1);
    for objective in &seat.objectives {
        if ui.available_height() < 16.0 {
            return;
        }
        objective_ui(ui, objective);
    }
}

fn figures_ui(ui: &mut Ui, seat: &SeatCard) {
    rule_ui(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 22.0;
        let organisations = if seat.organisations == 1 { "organisation" } else { "organisations" };
        figure_ui(ui, &seat.organisations.to_string(), organisations);
        figure_ui(ui, &format::amount(seat.hosts as f64), "hosts");
        figure_ui(ui, &format::thousands(u64::from(seat.technicians)), "technicians by day");
    });
}

fn exercise_mark_ui(ui: &mut Ui) {
    exercise_ui(ui);
}

fn objective_ui(ui: &mut Ui, objective: &str) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(10.0, 16.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 2.0, theme::ACCENT);
        ui.add(egui::Label::new(Type::Small.rich(objective, theme::TEXT_SOFT)).truncate());
    });
}
