//! The debrief's tables: objectives with their results, decisions with their outcomes.

use egui::{Align2, Color32, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2};

use crate::exercise::view::{DebriefView, DecisionRow, ObjectiveRow};
use crate::ui::dialogs::note::row_ui as note_row_ui;
use crate::ui::format;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{bars, name, text};

/// One column: heading, share of the width, alignment of its text.
struct Column(&'static str, f32, Align2);

const OBJECTIVE_COLUMNS: [Column; 7] = [
    Column("Objective", 0.27, Align2::LEFT_CENTER),
    Column("Weight", 0.08, Align2::RIGHT_CENTER),
    Column("You", 0.13, Align2::RIGHT_CENTER),
    Column("Do nothing", 0.13, Align2::RIGHT_CENTER),
    Column("History", 0.12, Align2::RIGHT_CENTER),
    Column("Par", 0.12, Align2::RIGHT_CENTER),
    Column("Points", 0.15, Align2::RIGHT_CENTER),
];

const DECISION_COLUMNS: [Column; 6] = [
    Column("Time", 0.14, Align2::LEFT_CENTER),
    Column("Decision", 0.25, Align2::LEFT_CENTER),
    Column("Target", 0.18, Align2::LEFT_CENTER),
    Column("Cost", 0.08, Align2::RIGHT_CENTER),
    Column("Confidence", 0.10, Align2::RIGHT_CENTER),
    Column("Outcome", 0.25, Align2::LEFT_CENTER),
];

/// Draws the objectives: the trainee's result beside those of the comparison runs, and its points.
pub fn objectives_ui(ui: &mut Ui, view: &DebriefView) {
    head_ui(ui, &OBJECTIVE_COLUMNS);
    for row in &view.objectives {
        let weight = format!("{:.0}\u{a0}%", row.weight_pct);
        let points = row.points.map_or("…".to_owned(), |points| format!("{points:.0}"));
        let cells = [&row.name, &weight, &row.yours, &row.do_nothing, &row.reference, &row.par, &points];
        let label = format!(
            "{}, you {}, do nothing {}, history {}, par {}, points {points}",
            row.name, row.yours, row.do_nothing, row.reference, row.par
        );
        let response = row_ui(ui, &OBJECTIVE_COLUMNS, cells.map(String::as_str), label);
        points_bar(ui, &response, row);
    }
}

fn points_bar(ui: &Ui, response: &Response, row: &ObjectiveRow) {
    let Some(points) = row.points else { return };
    let right = response.rect.right() - 44.0;
    let left = response.rect.right() - response.rect.width() * 0.15 + 28.0;
    if right - left < 20.0 {
        return;
    }
    let y = response.rect.center().y;
    let rect = Rect::from_min_max(Pos2::new(left, y - 3.0), Pos2::new(right, y + 3.0));
    bars::level(ui.painter(), rect, points / 100.0, 0.0, theme::ACCENT);
}

/// Draws the decisions in the order in which they were taken.
pub fn decisions_ui(ui: &mut Ui, view: &DebriefView) {
    if view.decisions.is_empty() {
        ui.label(Type::Body.rich("You gave no order", theme::TEXT_MUTED));
        return;
    }
    head_ui(ui, &DECISION_COLUMNS);
    for row in &view.decisions {
        decision_ui(ui, row);
    }
}

fn decision_ui(ui: &mut Ui, row: &DecisionRow) {
    let cost = format::cost(row.cost_usd);
    let confidence = row.confidence_pct.map_or("Not stated".to_owned(), |pct| format!("{pct}\u{a0}%"));
    let cells = [&row.time, &row.name, &row.target, &cost, &confidence, &row.outcome];
    let label = format!("{}, {}, {}, {cost}, {}", row.time, row.name, row.target, row.outcome);
    let reason = row.reason.as_ref().map_or(String::new(), |reason| format!(", because {reason}"));
    row_ui(ui, &DECISION_COLUMNS, cells.map(String::as_str), label + &reason);
    if let Some(reason) = &row.reason {
        ui.horizontal(|ui| {
            ui.add_space(ui.available_width() * DECISION_COLUMNS[0].1 + 20.0);
            ui.add(egui::Label::new(Type::Small.rich(format!("“{reason}”"), theme::TEXT_MUTED)).wrap());
        });
    }
}

/// Draws the notes of the exercise.
pub fn notes_ui(ui: &mut Ui, view: &DebriefView) {
    for note in &view.notes {
        note_row_ui(ui, note);
    }
}

fn head_ui(ui: &mut Ui, columns: &[Column]) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 24.0), Sense::hover());
    let mut x = rect.left();
    for Column(heading, share, align) in columns {
        let width = rect.width() * share;
        cell(ui, rect, x, width, *align, heading, Type::Small, theme::TEXT_MUTED);
        x += width;
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme::HAIRLINE));
}

fn row_ui<const N: usize>(ui: &mut Ui, columns: &[Column; N], cells: [&str; N], label: String) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 26.0), Sense::hover());
    if response.hovered() {
        ui.painter().rect_filled(rect.expand2(Vec2::new(6.0, 2.0)), theme::RADIUS_SMALL, theme::RAISED);
    }
    let mut x = rect.left();
    for (index, (Column(_, share, align), words)) in columns.iter().zip(cells).enumerate() {
        let width = rect.width() * share;
        let (kind, ink) = match index {
            0 => (Type::Strong, theme::TEXT),
            _ => (Type::Body, theme::TEXT_SOFT),
        };
        cell(ui, rect, x, width, *align, words, kind, ink);
        x += width;
    }
    name(&response, label.clone());
    response.on_hover_text(label)
}

#[expect(clippy::too_many_arguments, reason = "a cell is a place, a text and a style")]
fn cell(ui: &Ui, row: Rect, x: f32, width: f32, align: Align2, words: &str, kind: Type, ink: Color32) {
    let at = match align {
        Align2::RIGHT_CENTER => Pos2::new(x + width, row.center().y),
        _ => Pos2::new(if row.left() < x { x + 20.0 } else { x }, row.center().y),
    };
    let space = width - if align == Align2::RIGHT_CENTER { 4.0 } else { 26.0 };
    text::line(ui.painter(), at, align, words, kind, ink, space);
}
