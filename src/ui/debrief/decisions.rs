//! Decisions with their worth and band, and orders that were not given; a row opens to its details.

use egui::style::ScrollAnimation;
use egui::{Align2, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType};

use super::again::again_ui;
use super::gauge::{self, Scale, points_color};
use crate::exercise::action::Action;
use crate::exercise::view::{DebriefView, DecisionRow, MissedRow, WorthRow};
use crate::ui::format;
use crate::ui::leaves::{choose_decision, choose_missed};
use crate::ui::state::{DebriefState, DecisionOrder, OpenRow};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{focus_ring, gap_ui, text};

/// Shares of the width: time, order, target, points, band.
const SHARES: [f32; 5] = [0.15, 0.28, 0.26, 0.10, 0.21];
const ROW_HEIGHT: f32 = 30.0;

/// Draws the decisions in the chosen order.
pub fn decisions_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, actions: &mut Vec<Action>) {
    if view.decisions.is_empty() {
        ui.label(Type::Body.rich("You gave no order", theme::TEXT_MUTED));
        return;
    }
    order_ui(ui, state);
    head_ui(ui, "Decision", "Worth");
    let scale = Scale::of_rows(view.decisions.iter().filter_map(|row| row.worth.as_ref()));
    let mut order: Vec<usize> = (0..view.decisions.len()).collect();
    if state.order == DecisionOrder::ByWorth {
        let points = |index: &usize| view.decisions[*index].worth.as_ref().map_or(0.0, |worth| worth.median);
        order.sort_by(|one, other| points(other).total_cmp(&points(one)));
    }
    for index in order {
        let row = &view.decisions[index];
        let is_open = state.open == Some(OpenRow::Decision(index));
        let cells = Cells { time: &row.time, name: &row.name, target: &row.target, worth: row.worth.as_ref() };
        let response = row_ui(ui, &cells, scale, is_open, decision_label(row));
        scroll_to(state, &response, is_open);
        if response.clicked() {
            if is_open {
                state.open = None;
            } else {
                choose_decision(state, view, index);
            }
        }
        if let Some(reason) = &row.reason {
            indented(ui, |ui| {
                ui.add(egui::Label::new(Type::Small.rich(format!("“{reason}”"), theme::TEXT_MUTED)).wrap());
            });
        }
        if is_open {
            indented(ui, |ui| decision_details_ui(ui, view, row, actions));
        }
    }
    if let Some(joint) = &view.joint {
        gap_ui(ui, 2);
        ui.add(egui::Label::new(Type::Body.rich(joint, theme::TEXT_SOFT)).wrap());
    }
}

fn order_ui(ui: &mut Ui, state: &mut DebriefState) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (order, words) in [(DecisionOrder::ByTime, "By time"), (DecisionOrder::ByWorth, "By worth")] {
            if Push::new(words).small().selected(state.order == order).show(ui).clicked() {
                state.order = order;
            }
        }
        let words = "Points with the decision less points without it, on the same seed; the band is 5 to 95 % of seeds";
        ui.add(egui::Label::new(Type::Small.rich(words, theme::TEXT_MUTED)).truncate());
    });
}

/// Draws orders that were not given.
pub fn missed_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, actions: &mut Vec<Action>) {
    let words = "Each was open to you at its time and tried alone; gains do not add up";
    ui.label(Type::Small.rich(words, theme::TEXT_MUTED));
    head_ui(ui, "Order", "Gain");
    let scale = Scale::of_rows(view.missed.iter().map(|row| &row.gain));
    for (index, row) in view.missed.iter().enumerate() {
        let is_open = state.open == Some(OpenRow::Missed(index));
        let cells = Cells { time: &row.time, name: &row.name, target: &row.target, worth: Some(&row.gain) };
        let response = row_ui(ui, &cells, scale, is_open, missed_label(row));
        scroll_to(state, &response, is_open);
        if response.clicked() {
            if is_open {
                state.open = None;
            } else {
                choose_missed(state, view, index);
            }
        }
        if is_open {
            indented(ui, |ui| {
                let known = format::capital(&row.known);
                ui.add(egui::Label::new(Type::Body.rich(known, theme::TEXT_SOFT)).wrap());
                again_ui(ui, view, row.minute, actions);
            });
        }
    }
}

/// Scrolls to the row that was chosen.
fn scroll_to(state: &mut DebriefState, response: &Response, is_open: bool) {
    if is_open && std::mem::take(&mut state.scrolls_to_chosen) {
        response.scroll_to_me_animation(None, ScrollAnimation::none());
    }
}

fn worth_words(worth: &WorthRow) -> String {
    let band = worth.band.as_ref().map_or_else(String::new, |band| format!(" ({band})"));
    format!("{} points{band}", worth.points)
}

fn decision_label(row: &DecisionRow) -> String {
    let worth = row.worth.as_ref().map_or("not weighed yet".to_owned(), worth_words);
    let reason = row.reason.as_ref().map_or(String::new(), |reason| format!(", because {reason}"));
    format!("{}, {}, {}, {worth}, {}{reason}", row.time, row.name, row.target, row.outcome)
}

fn missed_label(row: &MissedRow) -> String {
    format!("{}, {}, {}, {}, {}", row.time, row.name, row.target, worth_words(&row.gain), row.known)
}

fn decision_details_ui(ui: &mut Ui, view: &DebriefView, row: &DecisionRow, actions: &mut Vec<Action>) {
    let confidence = row.confidence_pct.map_or("Confidence not stated".to_owned(), |pct| format!("{pct}\u{a0}% sure"));
    let facts = [format::cost(row.cost_usd), confidence, format::capital(&row.outcome)];
    ui.add(egui::Label::new(Type::Body.rich(facts.join("  ·  "), theme::TEXT_SOFT)).wrap());
    for sentence in &row.details {
        ui.add(egui::Label::new(Type::Body.rich(sentence, theme::TEXT_SOFT)).wrap());
    }
    again_ui(ui, view, row.minute, actions);
}

fn indented(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.add_space(ui.available_width() * SHARES[0]);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            add(ui);
            gap_ui(ui, 1);
        });
    });
}

/// The left edge and the width of each column.
fn columns(rect: Rect) -> [(f32, f32); 5] {
    let mut left = rect.left();
    SHARES.map(|share| {
        let column = (left, rect.width() * share);
        left += column.1;
        column
    })
}

fn head_ui(ui: &mut Ui, order: &str, points: &str) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 24.0), Sense::hover());
    let columns = columns(rect);
    let heads = ["Time", order, "Target", points, "5 to 95 % of seeds"];
    for (index, ((left, width), words)) in columns.into_iter().zip(heads).enumerate() {
        let (align, x) = place(index, left, width);
        let at = Pos2::new(x, rect.center().y);
        text::line(ui.painter(), at, align, words, Type::Small, theme::TEXT_MUTED, width - 10.0);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme::HAIRLINE));
}

/// Alignment and place of a cell: points stand at the right of their column, the band begins with a gap.
fn place(index: usize, left: f32, width: f32) -> (Align2, f32) {
    match index {
        3 => (Align2::RIGHT_CENTER, left + width - 6.0),
        4 => (Align2::LEFT_CENTER, left + 10.0),
        _ => (Align2::LEFT_CENTER, left),
    }
}

struct Cells<'a> {
    time: &'a str,
    name: &'a str,
    target: &'a str,
    worth: Option<&'a WorthRow>,
}

fn row_ui(ui: &mut Ui, cells: &Cells<'_>, scale: Scale, is_open: bool, label: String) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), Sense::click());
    if is_open || response.hovered() {
        let fill = if is_open { theme::ACCENT_DIM } else { theme::RAISED };
        ui.painter().rect_filled(rect.expand2(Vec2::new(6.0, 0.0)), theme::RADIUS_SMALL, fill);
    }
    let columns = columns(rect);
    let words = [cells.time, cells.name, cells.target];
    let styles = [(Type::Strong, theme::TEXT), (Type::Body, theme::TEXT), (Type::Body, theme::TEXT_SOFT)];
    for (((left, width), words), (kind, ink)) in columns.into_iter().zip(words).zip(styles) {
        let at = Pos2::new(left, rect.center().y);
        text::line(ui.painter(), at, Align2::LEFT_CENTER, words, kind, ink, width - 10.0);
    }
    let (left, width) = columns[3];
    let at = Pos2::new(left + width - 6.0, rect.center().y);
    match cells.worth {
        Some(worth) => {
            let ink = points_color(worth.median);
            text::line(ui.painter(), at, Align2::RIGHT_CENTER, &worth.points, Type::Strong, ink, width - 6.0);
            let (left, width) = columns[4];
            let band = Rect::from_min_size(
                Pos2::new(left + 10.0, rect.top() + 4.0),
                Vec2::new(width - 20.0, ROW_HEIGHT - 8.0),
            );
            gauge::worth(ui, band, scale, worth);
        }
        None => {
            text::line(ui.painter(), at, Align2::RIGHT_CENTER, "…", Type::Strong, theme::TEXT_MUTED, width);
        }
    }
    focus_ring(ui, &response, rect);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_open, &label));
    response.on_hover_text(label)
}
