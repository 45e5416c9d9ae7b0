//! The order card: the effect of a mitigation, its target, the trainee's confidence.

use egui::{Align, Context, Key, Layout, ScrollArea, Ui};

use super::{modal, title_ui};
use crate::exercise::action::{Action, OrderAction};
use crate::exercise::view::{ExerciseView, MitigationRow, TargetRow};
use crate::ui::keyboard;
use crate::ui::state::{OrderDialog, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::{Pressable, chip_ui, pressable_ui};
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{gap_ui, rule_ui};
use crate::ui::{exercise_screen::drawer, format};

enum Answer {
    Order(Action),
    Close,
}

/// Draws the order card while one is open; a mitigation that has left the drawer closes it.
pub fn order_ui(ctx: &Context, state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    let Some(dialog) = &mut state.order else { return };
    let Some(row) = exercise.drawer.iter().find(|row| row.mitigation == dialog.mitigation) else {
        state.order = None;
        return;
    };
    let is_help_open = state.is_help_open;
    let width = (ctx.content_rect().width() - 96.0).min(560.0);
    let response = modal(("order", row.mitigation)).show(ctx, |ui| {
        ui.set_width(width);
        let is_closed = title_ui(ui, &row.name, "Close order card");
        ui.label(Type::Body.rich(&row.summary, theme::TEXT_SOFT));
        facts_ui(ui, row);
        gap_ui(ui, 1);
        let targets_focused = targets_ui(ui, dialog, row);
        gap_ui(ui, 1);
        confidence_ui(ui, dialog);
        reason_ui(ui, dialog);
        gap_ui(ui, 1);
        rule_ui(ui);
        let answer = answer_ui(ui, dialog, row, targets_focused || is_help_open);
        if is_closed { Some(Answer::Close) } else { answer }
    });
    let answer = match response.inner {
        Some(answer) => Some(answer),
        None if response.should_close() => Some(Answer::Close),
        None => None,
    };
    match answer {
        Some(Answer::Order(order)) => {
            actions.push(order);
            state.order = None;
        }
        Some(Answer::Close) => state.order = None,
        None => {}
    }
}

fn facts_ui(ui: &mut Ui, row: &MitigationRow) {
    ui.horizontal_wrapped(|ui| {
        chip_ui(ui, &format::cost(row.cost_usd), theme::TEXT_SOFT);
        chip_ui(ui, &drawer::lead_words(row.lead_min), theme::TEXT_SOFT);
        if 0 < row.team_min {
            chip_ui(ui, &format!("Incident team {}", format::span(row.team_min)), theme::TEXT_SOFT);
        }
        if 0 < row.ordered {
            chip_ui(ui, &format!("Ordered {}", drawer::times_words(row.ordered)), theme::ACCENT);
        }
    });
    if let Some(refusal) = &row.refusal {
        ui.label(Type::Body.rich(refusal, theme::DEGRADED));
    }
}

/// Presses of one arrow minus those of the opposite one; none while a text field has the keyboard.
fn steps_between(ctx: &Context, back: Key, on: Key) -> i32 {
    if ctx.text_edit_focused() { 0 } else { keyboard::steps(ctx, on) - keyboard::steps(ctx, back) }
}

/// Draws the list of targets; true if one of them has the keyboard.
fn targets_ui(ui: &mut Ui, dialog: &mut OrderDialog, row: &MitigationRow) -> bool {
    let by = steps_between(ui.ctx(), Key::ArrowUp, Key::ArrowDown);
    let has_moved = by != 0 && move_target(dialog, row, by);
    ui.label(Type::Strong.rich("Target", theme::TEXT));
    if row.targets.is_empty() {
        ui.label(Type::Small.rich("No target can take this order now", theme::TEXT_MUTED));
        return false;
    }
    let mut is_focused = false;
    let height = (ui.ctx().content_rect().height() - 500.0).clamp(96.0, 320.0);
    ScrollArea::vertical().id_salt("targets").max_height(height).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for target in &row.targets {
            let response = target_ui(ui, dialog, target);
            is_focused |= response.has_focus();
            let is_chosen = dialog.target == Some(target.target);
            if response.clicked() && target.refusal.is_none() {
                dialog.target = Some(target.target);
            }
            if has_moved && is_chosen {
                response.scroll_to_me(None);
            }
        }
    });
    is_focused
}

fn target_ui(ui: &mut Ui, dialog: &OrderDialog, target: &TargetRow) -> egui::Response {
    let is_chosen = dialog.target == Some(target.target);
    let label = match &target.refusal {
        Some(refusal) => format!("Target {}, not now: {refusal}", target.label),
        None => {
            let parts = [&target.label, &target.detail, &target.price];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            format!("Target {}", parts.join(", "))
        }
    };
    let mut card = Pressable::new(ui.id().with(("target", target.target)), label);
    card.is_selected = is_chosen;
    card.is_dimmed = target.refusal.is_some();
    card.margin = egui::Margin::symmetric(10, 7);
    let inner = pressable_ui(ui, card, |ui| {
        let ink = if target.refusal.is_some() { theme::TEXT_MUTED } else { theme::TEXT };
        ui.add(egui::Label::new(Type::Body.rich(&target.label, ink)).truncate());
        if !target.detail.is_empty() {
            ui.add(egui::Label::new(Type::Small.rich(&target.detail, theme::TEXT_MUTED)).truncate());
        }
        if !target.price.is_empty() {
            ui.add(egui::Label::new(Type::Small.rich(&target.price, theme::DEGRADED)).wrap());
        }
        if let Some(refusal) = &target.refusal {
            ui.add(egui::Label::new(Type::Small.rich(refusal, theme::DEGRADED)).wrap());
        }
    });
    inner.response
}

/// Moves the choice among the targets that can take the order; false if there is none.
fn move_target(dialog: &mut OrderDialog, row: &MitigationRow, by: i32) -> bool {
    let free: Vec<_> = row.targets.iter().filter(|target| target.refusal.is_none()).map(|t| t.target).collect();
    let Some(last) = free.len().checked_sub(1) else { return false };
    let at = dialog.target.and_then(|target| free.iter().position(|other| *other == target));
    let next = at.map_or(0, |at| (at as i64 + i64::from(by)).clamp(0, last as i64) as usize);
    dialog.target = Some(free[next]);
    true
}

fn confidence_ui(ui: &mut Ui, dialog: &mut OrderDialog) {
    let by = steps_between(ui.ctx(), Key::ArrowLeft, Key::ArrowRight);
    if by != 0 {
        let now = i32::from(dialog.confidence_pct.unwrap_or(50));
        dialog.confidence_pct = Some((now + 5 * by).clamp(0, 100) as u8);
    }
    ui.horizontal(|ui| {
        ui.label(Type::Strong.rich("Confidence", theme::TEXT));
        let said = match dialog.confidence_pct {
            Some(pct) => format!("{pct}\u{a0}% sure that this helps"),
            None => "Not stated".to_owned(),
        };
        ui.label(Type::Body.rich(said, theme::TEXT_SOFT));
    });
    let mut value = dialog.confidence_pct.unwrap_or(50);
    ui.spacing_mut().slider_width = ui.available_width() - 4.0;
    let slider = egui::Slider::new(&mut value, 0..=100).step_by(5.0).show_value(false);
    let response = ui.add(slider);
    response
        .widget_info(|| egui::WidgetInfo::slider(true, f64::from(value), "Confidence that this order helps, percent"));
    if response.changed() || response.is_pointer_button_down_on() {
        dialog.confidence_pct = Some(value);
    }
}

/// Draws a line for an optional reason. Enter in it gives the order.
fn reason_ui(ui: &mut Ui, dialog: &mut OrderDialog) {
    let field = egui::TextEdit::singleline(&mut dialog.reason)
        .hint_text("Why, in a few words (optional)")
        .font(Type::Body.font())
        .char_limit(REASON_MAX)
        .margin(egui::Margin::symmetric(8, 6))
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label("Reason for this order"));
    ui.label(Type::Small.rich("The debrief compares both with what helped", theme::TEXT_MUTED));
}

/// Longest reason, in characters.
const REASON_MAX: usize = 400;

fn answer_ui(ui: &mut Ui, dialog: &OrderDialog, row: &MitigationRow, enter_is_taken: bool) -> Option<Answer> {
    let chosen = row.targets.iter().find(|target| Some(target.target) == dialog.target);
    let order = chosen.filter(|target| target.refusal.is_none() && row.refusal.is_none()).map(|target| {
        Action::from(OrderAction::Give {
            mitigation: row.mitigation,
            target: target.target,
            confidence_pct: dialog.confidence_pct,
            reason: Some(dialog.reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
        })
    });
    let mut answer = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let yes = Push::new("Order").name("Give order").primary().enabled(order.is_some()).show(ui);
        let no = Push::new("Cancel").show(ui);
        let enter = !enter_is_taken && !no.has_focus() && keyboard::pressed(ui.ctx(), Key::Enter);
        if no.clicked() {
            answer = Some(Answer::Close);
        } else if let Some(order) = order.filter(|_| yes.clicked() || enter) {
            answer = Some(Answer::Order(order));
        } else if let Some(target) = chosen {
            ui.add(egui::Label::new(Type::Small.rich(format!("To {}", target.label), theme::TEXT_MUTED)).truncate());
        }
    });
    answer
}
