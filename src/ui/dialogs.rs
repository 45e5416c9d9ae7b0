//! What lies over a screen and asks for an answer: help, confirmations, the order card.

use egui::{Align, Context, Frame, Id, Key, Layout, Margin, Modal, Stroke, Ui, Vec2};

use super::keys::{self, SHORTCUTS};
use super::state::{Confirm, UiState};
use super::theme::{self, Type};
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{gap_ui, rule_ui};
use crate::exercise::action::Action;
use crate::exercise::view::View;

mod order;

/// Draws whatever dialog is open.
pub fn dialogs_ui(ctx: &Context, state: &mut UiState, view: &View, actions: &mut Vec<Action>) {
    if let View::Room(room) = view {
        order::order_ui(ctx, state, room, actions);
    }
    if let Some(confirm) = state.confirm {
        confirm_ui(ctx, state, confirm, actions);
    }
    if state.is_help_open {
        help_ui(ctx, state);
    }
}

/// A modal card of the house.
fn modal(name: &str) -> Modal {
    Modal::new(Id::new(name)).backdrop_color(egui::Color32::from_black_alpha(150)).frame(
        Frame::new()
            .fill(theme::PANEL)
            .stroke(Stroke::new(1.0, theme::OUTLINE))
            .corner_radius(egui::CornerRadius::same(12))
            .inner_margin(Margin::same(24)),
    )
}

fn help_ui(ctx: &Context, state: &mut UiState) {
    let width = (ctx.content_rect().width() - 96.0).min(820.0);
    let response = modal("help").show(ctx, |ui| {
        ui.set_width(width);
        let is_closed = title_ui(ui, "Keyboard shortcuts", "Close help");
        gap_ui(ui, 2);
        ui.columns(2, |columns| {
            for (index, (title, rows)) in SHORTCUTS.into_iter().enumerate() {
                let ui = &mut columns[index % 2];
                ui.label(Type::Heading.rich(title, theme::TEXT));
                for (keys, text) in rows {
                    shortcut_ui(ui, keys, text);
                }
                gap_ui(ui, 3);
            }
        });
        rule_ui(ui);
        let about = "Marks on the map: the shape tells the service level, the size the importance, \
                     the sign inside the sector. Dashes run along dependencies that are failing.";
        ui.label(Type::Small.rich(about, theme::TEXT_SOFT));
        is_closed
    });
    if response.inner || response.should_close() {
        state.is_help_open = false;
    }
}

/// A title with a close button at the right; true when it was pressed.
fn title_ui(ui: &mut Ui, title: &str, close: &str) -> bool {
    ui.horizontal(|ui| {
        ui.label(Type::Title.rich(title, theme::TEXT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            Push::icon(Icon::Close, close).quiet().show(ui).clicked()
        })
        .inner
    })
    .inner
}

fn shortcut_ui(ui: &mut Ui, keys: &str, text: &str) {
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(Vec2::new(104.0, 24.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(104.0);
            Frame::new()
                .fill(theme::RAISED)
                .stroke(Stroke::new(1.0, theme::OUTLINE))
                .corner_radius(theme::RADIUS_SMALL)
                .inner_margin(Margin::symmetric(7, 2))
                .show(ui, |ui| ui.label(Type::SmallStrong.rich(keys, theme::TEXT)));
        });
        ui.add(egui::Label::new(Type::Body.rich(text, theme::TEXT_SOFT)).truncate());
    });
}

fn confirm_ui(ctx: &Context, state: &mut UiState, confirm: Confirm, actions: &mut Vec<Action>) {
    let Confirm::EndExercise = confirm;
    let (title, yes) = ("End the exercise?", "End exercise");
    let text = "The run goes on without further orders to the end of the scenario, then the debrief opens";
    let mut answer = None;
    let mut leaves = false;
    let response = modal("confirm").show(ctx, |ui| {
        ui.set_width(460.0);
        ui.label(Type::Title.rich(title, theme::TEXT));
        ui.label(Type::Body.rich(text, theme::TEXT_SOFT));
        gap_ui(ui, 2);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let yes = Push::new(yes).name(&format!("Confirm: {yes}")).primary().show(ui);
            let no = Push::new("Cancel").show(ui);
            let enter = !no.has_focus() && keys::pressed(ui.ctx(), Key::Enter);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                leaves = Push::new("Leave without debrief").quiet().show(ui).clicked();
            });
            if no.clicked() {
                answer = Some(false);
            } else if yes.clicked() || enter {
                answer = Some(true);
            }
        });
    });
    if answer.is_none() && response.should_close() {
        answer = Some(false);
    }
    if leaves {
        state.confirm = None;
        actions.push(Action::Leave);
        return;
    }
    match answer {
        Some(true) => {
            state.confirm = None;
            actions.push(Action::EndExercise);
        }
        Some(false) => state.confirm = None,
        None => {}
    }
}
