//! Dialogs over a screen: help, confirmations, the order card.

use egui::{Align, Context, Frame, Id, Key, Layout, Margin, Modal, ScrollArea, Stroke, Ui, Vec2};

use super::keyboard;
use super::shortcuts::SHORTCUTS;
use super::state::{Confirm, UiState};
use super::theme::{self, Type};
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{gap_ui, rule_ui};
use crate::exercise::action::{Action, ClockAction, ScreenAction};
use crate::exercise::view::View;

pub mod note;
mod order;

/// Draws the open dialog, if there is one.
pub fn dialogs_ui(ctx: &Context, state: &mut UiState, view: &View, actions: &mut Vec<Action>) {
    if let View::Exercise(exercise) = view {
        order::order_ui(ctx, state, exercise, actions);
        note::note_ui(ctx, state, exercise, actions);
    }
    if let Some(confirm) = state.confirm {
        confirm_ui(ctx, state, confirm, actions);
    }
    if state.is_help_open {
        help_ui(ctx, state);
    }
}

/// A modal card. Each content needs its own name, because egui remembers the size of a card by its name.
fn modal(name: impl std::hash::Hash + std::fmt::Debug) -> Modal {
    Modal::new(Id::new(("dialog", name))).backdrop_color(egui::Color32::from_black_alpha(150)).frame(
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
        let height = ui.ctx().content_rect().height() - 150.0;
        ScrollArea::vertical().id_salt("shortcuts").max_height(height).show(ui, shortcuts_ui);
        is_closed
    });
    if response.inner || response.should_close() {
        state.is_help_open = false;
    }
}

fn shortcuts_ui(ui: &mut Ui) {
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
}

/// Draws a title with a close button at the right; true if the button was pressed.
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

/// A question with two or three buttons.
struct Question {
    title: &'static str,
    text: &'static str,
    /// The button that Enter presses.
    yes: &'static str,
    no: &'static str,
    /// A third button that leaves the exercise, with a text about its consequence.
    leave: &'static str,
    leave_text: &'static str,
}

enum Reply {
    Yes,
    No,
    Leave,
}

fn confirm_ui(ctx: &Context, state: &mut UiState, confirm: Confirm, actions: &mut Vec<Action>) {
    let question = match confirm {
        Confirm::EndExercise => Question {
            title: "End the exercise?",
            text: "The run goes on without further orders to the end of the scenario, then the debrief opens",
            yes: "End exercise",
            no: "Cancel",
            leave: "Leave without debrief",
            leave_text: LEAVING,
        },
        Confirm::CloseWindow => Question {
            title: "Close the window?",
            text: "This exercise has not ended yet",
            yes: "Keep playing",
            no: "",
            leave: "Close window",
            leave_text: LEAVING,
        },
    };
    let Some(reply) = question_ui(ctx, &question) else { return };
    state.confirm = None;
    match (confirm, reply) {
        (Confirm::EndExercise, Reply::Yes) => actions.push(Action::from(ClockAction::EndExercise)),
        (Confirm::EndExercise, Reply::Leave) => actions.push(Action::from(ScreenAction::Leave)),
        (Confirm::CloseWindow, Reply::Leave) => actions.push(Action::from(ScreenAction::Quit)),
        (_, Reply::No) | (Confirm::CloseWindow, Reply::Yes) => {}
    }
}

/// The consequence of leaving a run before its end.
const LEAVING: &str = "The exercise is saved as you play; the start screen offers to continue it";

fn question_ui(ctx: &Context, question: &Question) -> Option<Reply> {
    let mut reply = None;
    let response = modal("confirm").show(ctx, |ui| {
        ui.set_width((ui.ctx().content_rect().width() - 96.0).min(480.0));
        ui.label(Type::Title.rich(question.title, theme::TEXT));
        ui.label(Type::Body.rich(question.text, theme::TEXT_SOFT));
        ui.label(Type::Small.rich(format!("{}: {}", question.leave, question.leave_text), theme::TEXT_MUTED));
        gap_ui(ui, 2);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let yes = Push::new(question.yes).name(&format!("Confirm: {}", question.yes)).primary().show(ui);
            let no = (!question.no.is_empty()).then(|| Push::new(question.no).show(ui));
            let mut leave = None;
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                leave = Some(Push::new(question.leave).quiet().show(ui));
            });
            let others = || no.iter().chain(&leave);
            let enter = others().all(|other| !other.has_focus()) && keyboard::pressed(ui.ctx(), Key::Enter);
            if no.as_ref().is_some_and(egui::Response::clicked) {
                reply = Some(Reply::No);
            } else if leave.as_ref().is_some_and(egui::Response::clicked) {
                reply = Some(Reply::Leave);
            } else if yes.clicked() || enter {
                reply = Some(Reply::Yes);
            }
        });
    });
    if reply.is_none() && response.should_close() {
        reply = Some(Reply::No);
    }
    reply
}
