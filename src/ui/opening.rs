//! The screen that is shown while a run file is replayed.

use egui::Ui;

use super::page::page_scroll_ui;
use super::theme::{self, Type};
use super::widgets::gap_ui;
use super::widgets::push::Push;
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::OpeningView;

/// Draws the progress of the replay.
pub fn opening_ui(ui: &mut Ui, view: &OpeningView, actions: &mut Vec<Action>) {
    page_scroll_ui(ui, "opening", |ui| {
        ui.add_space(ui.ctx().content_rect().height() * 0.3);
        ui.label(Type::Title.rich(&view.title, theme::TEXT));
        gap_ui(ui, 1);
        ui.label(Type::Body.rich("Playing the run again, minute by minute, up to where you left it", theme::TEXT_SOFT));
        gap_ui(ui, 2);
        ui.add(egui::ProgressBar::new(view.done as f32).fill(theme::ACCENT).desired_width(460.0));
        gap_ui(ui, 2);
        if Push::new("Back").quiet().show(ui).clicked() {
            actions.push(Action::from(ScreenAction::Back));
        }
    });
}
