//! The orders given, newest first, each with a button to cancel it while it is pending.

use egui::{Align, Layout, ScrollArea, Sense, Ui, Vec2};

use crate::exercise::action::{Action, OrderAction};
use crate::exercise::view::{ExerciseView, OrderRow};
use crate::ui::state::UiState;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::icons::Icon;
use crate::ui::widgets::push::Push;

/// Draws the list of orders.
pub fn orders_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.label(Type::SmallStrong.rich("Orders", theme::TEXT_SOFT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if Push::new("Note…")
                .name("Write a note…")
                .hover("Write a note for the debrief (W)")
                .small()
                .show(ui)
                .clicked()
            {
                state.note.get_or_insert_default();
            }
            let pending = view.orders.iter().filter(|row| row.is_pending).count();
            if 0 < pending {
                ui.label(Type::Small.rich(format!("{pending} pending"), theme::TEXT_MUTED));
            }
        });
    });
    if view.orders.is_empty() {
        ui.label(Type::Small.rich("No order given yet. Press M and choose a mitigation", theme::TEXT_MUTED));
        return;
    }
    ScrollArea::vertical().id_salt("order rows").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for row in &view.orders {
            order_ui(ui, row, actions);
        }
    });
}

fn order_ui(ui: &mut Ui, row: &OrderRow, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_height(38.0);
        let (dot, response) = ui.allocate_exact_size(Vec2::new(12.0, 36.0), Sense::hover());
        sign(ui, dot.center(), row);
        crate::ui::widgets::name(&response, format!("Order {}, {}, {}", row.name, row.target, row.status));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if row.is_pending {
                let label = format!("Cancel order {}", row.name);
                if Push::icon(Icon::Close, &label).quiet().size_min(Vec2::splat(26.0)).show(ui).clicked() {
                    actions.push(Action::from(OrderAction::Cancel(row.order)));
                }
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(2.0);
                let name =
                    if row.target.is_empty() { row.name.clone() } else { format!("{}, {}", row.name, row.target) };
                ui.add(egui::Label::new(Type::SmallStrong.rich(name, theme::TEXT)).truncate());
                let ink = if row.is_active || row.is_pending { theme::ACCENT } else { theme::TEXT_MUTED };
                ui.add(egui::Label::new(Type::Small.rich(&row.status, ink)).truncate());
            });
        });
    });
}

/// Draws a mark: hollow while the order is pending, full while it is in force, a dash afterwards.
fn sign(ui: &Ui, center: egui::Pos2, row: &OrderRow) {
    let stroke = egui::Stroke::new(1.8, theme::ACCENT);
    match () {
        () if row.is_pending => ui.painter().circle_stroke(center, 4.0, stroke),
        () if row.is_active => ui.painter().circle_filled(center, 4.5, theme::ACCENT),
        () => ui.painter().hline(
            egui::Rangef::new(center.x - 4.0, center.x + 4.0),
            center.y,
            egui::Stroke::new(1.8, theme::TEXT_MUTED),
        ),
    };
}
