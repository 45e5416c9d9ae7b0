//! The objectives with the arithmetic of the score, and luck.

use egui::Ui;

use super::{gauge, tables};
use crate::exercise::view::{DebriefView, LuckView};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::gap_ui;

/// Draws the table of objectives, then how their points make the score.
pub fn objectives_ui(ui: &mut Ui, view: &DebriefView) {
    tables::objectives_ui(ui, view);
    if view.objectives.is_empty() {
        return;
    }
    gap_ui(ui, 2);
    let rule = "Points of an objective: 100 × (do nothing − you) ÷ (do nothing − par)";
    ui.add(egui::Label::new(Type::Small.rich(rule, theme::TEXT_MUTED)).wrap());
    for row in &view.objectives {
        let words = format!("{}: {}", row.name, row.arithmetic);
        ui.add(egui::Label::new(Type::Body.rich(words, theme::TEXT_SOFT)).wrap());
    }
    if let Some(sum) = &view.sum {
        ui.add(egui::Label::new(Type::Strong.rich(format!("Score: {sum}"), theme::TEXT)).wrap());
    }
    if let Some(bought) = &view.bought {
        ui.add(egui::Label::new(Type::Body.rich(bought, theme::TEXT_SOFT)).wrap());
    }
}

/// Draws the scores of the same decisions on other seeds.
pub fn luck_ui(ui: &mut Ui, luck: &LuckView) {
    ui.add(egui::Label::new(Type::Body.rich(&luck.words, theme::TEXT_SOFT)).wrap());
    gauge::luck_ui(ui, luck);
}
