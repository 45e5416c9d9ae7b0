//! Two tries side by side.

use egui::Ui;

use super::tables::{Column, table_ui};
use crate::exercise::view::TriesView;
use crate::ui::format;
use crate::ui::page::{figure_ui, section_ui};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::gap_ui;

const OBJECTIVES: [Column; 4] = [
    Column::left("Objective", 0.4),
    Column::right("Earlier try", 0.2),
    Column::right("This try", 0.2),
    Column::right("Points gained", 0.2),
];
const DECISIONS: [Column; 4] = [
    Column::left("Decision", 0.3),
    Column::left("Target", 0.26),
    Column::left("Earlier try", 0.22),
    Column::left("This try", 0.22),
];

/// Draws scores, objectives and the decisions that differ.
pub fn tries_ui(ui: &mut Ui, view: &TriesView) {
    section_ui(ui, &view.verdict, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 40.0;
            figure_ui(ui, &format!("{:.1}", view.earlier_score), "earlier try");
            figure_ui(ui, &format!("{:.1}", view.score), "this try");
            figure_ui(ui, &view.from, "second try from");
        });
        gap_ui(ui, 2);
        let row = |row: &crate::exercise::view::TriedObjective| {
            [&row.name, &row.earlier, &row.now, &row.gain].map(String::clone)
        };
        let rows: Vec<_> = view.objectives.iter().map(row).collect();
        table_ui(ui, &OBJECTIVES, &rows);
    });
    gap_ui(ui, 2);
    section_ui(ui, "Decisions that differ", |ui| {
        let same = format::counted(view.same as u64, "decision is the same", "decisions are the same");
        ui.label(Type::Small.rich(format!("{same} in both tries"), theme::TEXT_MUTED));
        if view.decisions.is_empty() {
            ui.label(Type::Body.rich("No decision differs", theme::TEXT_MUTED));
            return;
        }
        let time = |time: &Option<String>| time.clone().unwrap_or_else(|| "not given".to_owned());
        let row = |row: &crate::exercise::view::TriedDecision| {
            [row.name.clone(), row.target.clone(), time(&row.earlier), time(&row.now)]
        };
        let rows: Vec<_> = view.decisions.iter().map(row).collect();
        table_ui(ui, &DECISIONS, &rows);
    });
}
