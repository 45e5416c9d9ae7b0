//! Questions for the hot wash, in letters that a projector carries, and the notes of the exercise.

use egui::{Align2, Sense, Ui, Vec2};

use crate::exercise::view::DebriefView;
use crate::ui::dialogs::note::row_ui as note_row_ui;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{gap_ui, text};

/// Draws the questions with their evidence.
pub fn questions_ui(ui: &mut Ui, view: &DebriefView) {
    if view.discuss.is_empty() {
        ui.label(Type::Body.rich("Questions come once the run is judged", theme::TEXT_MUTED));
        return;
    }
    for (index, row) in view.discuss.iter().enumerate() {
        gap_ui(ui, 1);
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(Vec2::new(16.0, 20.0), Sense::hover());
            let (at, number) = (rect.left_center(), (index + 1).to_string());
            text::line(ui.painter(), at, Align2::LEFT_CENTER, &number, Type::Heading, theme::ACCENT, rect.width());
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 3.0;
                ui.add(egui::Label::new(Type::Heading.rich(&row.question, theme::TEXT)).wrap());
                ui.add(egui::Label::new(Type::Body.rich(&row.evidence, theme::TEXT_SOFT)).wrap());
            });
        });
        gap_ui(ui, 1);
    }
}

/// Draws the notes.
pub fn notes_ui(ui: &mut Ui, view: &DebriefView) {
    for note in &view.notes {
        note_row_ui(ui, note);
    }
}
