//! The three decisions that mattered, and what to do next time.

use egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2};

use crate::exercise::view::{DebriefView, Trend, TurningKind, TurningPoint, WeighingState};
use crate::ui::leaves::{choose_decision, choose_missed};
use crate::ui::page::section_ui;
use crate::ui::state::{DebriefState, OpenRow};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::{Pressable, pressable_ui};
use crate::ui::widgets::{gap_ui, name, shapes, text};

const KINDS: [TurningKind; 3] = [TurningKind::Best, TurningKind::Worst, TurningKind::Missed];
const SPACING: f32 = 12.0;
const HEIGHT: f32 = 132.0;
const MARGIN: f32 = 14.0;

fn title(kind: TurningKind) -> &'static str {
    match kind {
        TurningKind::Best => "Best decision",
        TurningKind::Worst => "Worst decision",
        TurningKind::Missed => "Missed",
    }
}

fn color(kind: TurningKind) -> Color32 {
    match kind {
        TurningKind::Best => theme::WORKING,
        TurningKind::Worst => theme::SEVERE,
        TurningKind::Missed => theme::DEGRADED,
    }
}

/// Draws three cards side by side, then the advice.
pub fn turning_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView) {
    let (row, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), HEIGHT), Sense::hover());
    let width = (row.width() - 2.0 * SPACING) / 3.0;
    for (index, kind) in KINDS.into_iter().enumerate() {
        let left = row.left() + (width + SPACING) * index as f32;
        let cell = Rect::from_min_size(Pos2::new(left, row.top()), Vec2::new(width, HEIGHT));
        let found = view.turning_points.iter().find(|point| point.kind == kind);
        match found.filter(|point| point.minute.is_some()) {
            Some(point) => point_ui(ui, state, view, point, cell),
            None => empty_ui(ui, view, kind, found, cell),
        }
    }
    if !view.next_time.is_empty() {
        gap_ui(ui, 2);
        section_ui(ui, "Next time", |ui| {
            for sentence in &view.next_time {
                ui.horizontal_top(|ui| {
                    let (dot, _) = ui.allocate_exact_size(Vec2::new(10.0, 18.0), Sense::hover());
                    ui.painter().circle_filled(dot.center(), 2.5, theme::ACCENT);
                    ui.add(egui::Label::new(Type::Body.rich(sentence, theme::TEXT)).wrap());
                });
            }
        });
    }
}

fn point_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, point: &TurningPoint, cell: Rect) {
    let label = format!(
        "{}, {}, {}, {}, {} points, {}",
        title(point.kind),
        point.name,
        point.target,
        point.time,
        point.points,
        point.basis
    );
    let mut card = Pressable::new(ui.id().with(("turning point", point.kind as u8)), label);
    card.margin = egui::Margin::same(MARGIN as i8);
    let row = row_of(point);
    card.is_selected = row.is_some() && state.open == row;
    let inner = cell.shrink(MARGIN);
    let mut child = ui.new_child(UiBuilder::new().max_rect(cell).id_salt(("turning cell", point.kind as u8)));
    let response = pressable_ui(&mut child, card, |ui| {
        ui.set_min_size(inner.size());
        words(ui, inner, point);
    })
    .response;
    if response.on_hover_text("Show it on the curve").clicked() {
        match row {
            Some(OpenRow::Decision(decision)) => choose_decision(state, view, decision),
            Some(OpenRow::Missed(missed)) => choose_missed(state, view, missed),
            None => state.minute = point.minute,
        }
    }
}

/// The row of a decision that mattered; none for an order of a playbook, which has no row.
fn row_of(point: &TurningPoint) -> Option<OpenRow> {
    match point.kind {
        TurningKind::Missed => Some(OpenRow::Missed(0)),
        TurningKind::Best | TurningKind::Worst => point.decision.map(OpenRow::Decision),
    }
}

fn words(ui: &Ui, inner: Rect, point: &TurningPoint) {
    let painter = ui.painter();
    head(ui, inner, point.kind);
    let points = format!("{} points", point.points);
    let right = Pos2::new(inner.right(), inner.top() + 8.0);
    text::line(painter, right, Align2::RIGHT_CENTER, &points, Type::Heading, color(point.kind), inner.width() * 0.5);
    let lines = [
        (point.name.as_str(), Type::Strong, theme::TEXT),
        (point.target.as_str(), Type::Body, theme::TEXT_SOFT),
        (point.time.as_str(), Type::Small, theme::TEXT_SOFT),
        (point.basis.as_str(), Type::Small, theme::TEXT_MUTED),
    ];
    let mut y = inner.top() + 36.0;
    for (line, kind, ink) in lines {
        text::line(painter, Pos2::new(inner.left(), y), Align2::LEFT_CENTER, line, kind, ink, inner.width());
        y += 20.0;
    }
}

fn head(ui: &Ui, inner: Rect, kind: TurningKind) {
    let center = Pos2::new(inner.left() + 5.0, inner.top() + 8.0);
    match kind {
        TurningKind::Best => shapes::trend(ui.painter(), center, Trend::Better),
        TurningKind::Worst => shapes::trend(ui.painter(), center, Trend::Worse),
        TurningKind::Missed => {
            ui.painter().circle_stroke(center, 4.0, Stroke::new(1.6, color(kind)));
        }
    }
    let at = Pos2::new(inner.left() + 16.0, inner.top() + 8.0);
    let space = inner.width() * 0.5;
    text::line(ui.painter(), at, Align2::LEFT_CENTER, title(kind), Type::SmallStrong, theme::TEXT_SOFT, space);
}

/// The card of a kind that has no decision, or none yet.
fn empty_ui(ui: &mut Ui, view: &DebriefView, kind: TurningKind, found: Option<&TurningPoint>, cell: Rect) {
    let words = match (found, view.weighing.state) {
        (Some(point), _) => point.name.as_str(),
        (None, WeighingState::Waiting | WeighingState::Running) => "Weighing…",
        (None, WeighingState::Finished | WeighingState::Stopped) => "Not weighed",
    };
    let outline = Stroke::new(1.0, theme::HAIRLINE);
    ui.painter().rect(cell, theme::RADIUS, theme::CARD, outline, StrokeKind::Inside);
    let inner = cell.shrink(MARGIN);
    head(ui, inner, kind);
    let at = Pos2::new(inner.left(), inner.top() + 36.0);
    text::line(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Body, theme::TEXT_MUTED, inner.width());
    let response = ui.interact(cell, ui.id().with(("no turning point", kind as u8)), Sense::hover());
    name(&response, format!("{}: {words}", title(kind)));
    response.on_hover_text(words);
}
