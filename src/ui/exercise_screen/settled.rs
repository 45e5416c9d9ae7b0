//! The offer to end the exercise once all services of the seat are back, until it is dismissed.

use egui::{Area, Order, Pos2, Rect, Ui};

use crate::exercise::view::ExerciseView;
use crate::ui::state::{Confirm, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;

const WIDTH: f32 = 380.0;

/// Draws the offer at the bottom of the map.
pub fn settled_ui(ui: &Ui, map: Rect, state: &mut UiState, view: &ExerciseView) {
    let is_offered = view.clock.is_settled && !view.clock.is_ended && !view.clock.is_ending;
    if !is_offered || state.is_settled_dismissed {
        return;
    }
    let width = WIDTH.min(map.width() - 32.0);
    let corner = Pos2::new(map.center().x - width / 2.0, map.bottom() - 150.0);
    Area::new(ui.id().with("settled")).order(Order::Foreground).fixed_pos(corner).show(ui.ctx(), |ui| {
        egui::Frame::new()
            .fill(theme::CARD)
            .stroke(egui::Stroke::new(1.0, theme::WORKING))
            .corner_radius(theme::RADIUS)
            .inner_margin(12)
            .show(ui, |ui| {
                ui.set_width(width - 24.0);
                ui.label(Type::Strong.rich("All your services are back", theme::TEXT));
                let words = "They have been at their target levels for twelve hours. End the exercise to see the \
                             debrief, or play on";
                ui.add(egui::Label::new(Type::Body.rich(words, theme::TEXT_SOFT)).wrap());
                ui.horizontal(|ui| {
                    if Push::new("End exercise…")
                        .name("All services are back: end exercise…")
                        .primary()
                        .show(ui)
                        .clicked()
                    {
                        state.confirm = Some(Confirm::EndExercise);
                    }
                    if Push::new("Play on").quiet().show(ui).clicked() {
                        state.is_settled_dismissed = true;
                    }
                });
            });
    });
}
