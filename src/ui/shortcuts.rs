//! The keyboard: one table of shortcuts for the help overlay, one dispatcher for all screens.
//!
//! A text field keeps every key; a focused button keeps Enter and the arrows, and Space outside the exercise, where
//! Space is the clock's. `keyboard` decides which key a press stands for.

use egui::{Context, Key, Modifiers, ViewportCommand};

use super::keyboard::{DIGITS, pressed, steps};
use super::state::{Confirm, NoteDialog, Pane, Tab, TextScale, UiState};
use crate::exercise::action::{Action, ClockAction, PersonalAction, ScreenAction};
use crate::exercise::view::{ExerciseView, SPEEDS, View};

mod cursors;
mod debrief;
mod sources;

/// Keys with their functions, as the help lists them.
pub const SHORTCUTS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Time",
        &[
            ("Space", "Pause or play"),
            ("1 to 7", "Speed, from real time to an hour a second"),
            (".", "Step one minute"),
            ("N", "Jump to what comes next for you"),
            ("E", "End the exercise"),
        ],
    ),
    (
        "Panels",
        &[
            ("B", "Service board"),
            ("I", "Inbox"),
            ("M", "Mitigations"),
            ("Up, Down", "Move in the active panel"),
            ("Enter", "Open the marked row"),
            ("/", "Find a service or organisation"),
            ("W, 1 to 5", "Write a note; the digit gives its tag"),
        ],
    ),
    (
        "Map",
        &[
            ("Arrows", "Move the map"),
            ("+, -", "Zoom in or out"),
            ("Y", "Show your organisations"),
            ("0", "Show the whole world"),
            ("[, ]", "Previous or next organisation (also Page Up, Page Down)"),
        ],
    ),
    (
        "Debrief",
        &[
            ("1 to 7", "Choose a leaf"),
            ("[, ]", "Previous or next decision"),
            ("Left, Right", "Move the chosen minute by ten"),
            ("T", "Try again from the chosen minute"),
            ("R", "Write the report"),
        ],
    ),
    (
        "Everywhere",
        &[
            ("Tab", "Next button"),
            ("1 to 9", "Choose a card on the start and seat screens"),
            ("Left, Right", "Confidence in an order"),
            ("Enter", "Order, begin, confirm"),
            ("S", "What every figure rests on"),
            ("Escape", "Close or go back"),
            ("Ctrl +, Ctrl -", "Larger or smaller text; Ctrl 0 for the usual size"),
            ("F11", "Full screen"),
            ("? or F1", "This help"),
        ],
    ),
];

/// Converts the key presses of this pass into actions and cursor moves.
pub fn dispatch(ctx: &Context, state: &mut UiState, view: &View, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::F11) {
        let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
    }
    text_keys(ctx, state);
    if ctx.text_edit_focused() {
        return;
    }
    if pressed(ctx, Key::F1) || pressed(ctx, Key::Questionmark) {
        state.is_help_open = !state.is_help_open;
    }
    if state.is_help_open || state.confirm.is_some() {
        return;
    }
    match view {
        View::Start(start) => {
            if let Some(index) = digit(ctx).filter(|index| *index < start.cards.len()) {
                actions.push(Action::from(ScreenAction::ChooseScenario(start.cards[index].id.clone())));
            }
            if start.cards.len() == 1 && pressed(ctx, Key::S) {
                actions.push(Action::from(ScreenAction::OpenSources(Some(start.cards[0].id.clone()))));
            }
            if start.cards.len() == 1 && is_unfocused(ctx) && pressed(ctx, Key::Enter) {
                actions.push(Action::from(ScreenAction::ChooseScenario(start.cards[0].id.clone())));
            }
        }
        View::Opening(_) => back_on_escape(ctx, actions),
        View::Seats(seats) => {
            if let Some(index) = digit(ctx).filter(|index| *index < seats.seats.len()) {
                actions.push(Action::from(ScreenAction::ChooseSeat(seats.seats[index].id.clone())));
            }
            open_sources(ctx, actions);
            back_on_escape(ctx, actions);
        }
        View::Briefing(_) => {
            if is_unfocused(ctx) && pressed(ctx, Key::Enter) {
                actions.push(Action::from(ScreenAction::Begin));
            }
            open_sources(ctx, actions);
            back_on_escape(ctx, actions);
        }
        View::Exercise(exercise) => exercise_keys(ctx, state, exercise, actions),
        View::Debrief(view) => {
            debrief::debrief_keys(ctx, &mut state.debrief, view, actions);
            open_sources(ctx, actions);
        }
        View::Sources(view) => sources::sources_keys(ctx, &mut state.sources, view, actions),
        View::Wall(_) => {}
    }
}

/// Ctrl or Command with plus, minus or 0, as in a browser.
fn text_keys(ctx: &Context, state: &mut UiState) {
    let taken = |key: Key| ctx.input_mut(|input| 0 < input.count_and_consume_key(Modifiers::COMMAND, key));
    if taken(Key::Plus) || taken(Key::Equals) {
        state.text_scale = state.text_scale.larger();
    }
    if taken(Key::Minus) {
        state.text_scale = state.text_scale.smaller();
    }
    if taken(Key::Num0) {
        state.text_scale = TextScale::default();
    }
}

/// True if no widget has the keyboard.
fn is_unfocused(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.focused()).is_none()
}

fn digit(ctx: &Context) -> Option<usize> {
    DIGITS.iter().position(|key| pressed(ctx, *key))
}

fn back_on_escape(ctx: &Context, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::Escape) {
        actions.push(Action::from(ScreenAction::Back));
    }
}

/// The sources of the scenario on the desk.
fn open_sources(ctx: &Context, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::S) {
        actions.push(Action::from(ScreenAction::OpenSources(None)));
    }
}

fn exercise_keys(ctx: &Context, state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    let is_free = is_unfocused(ctx);
    let is_modal = state.order.is_some() || state.note.is_some();
    // On this screen Space always controls the clock, even if a button has the keyboard. Enter presses buttons.
    if (!is_modal || is_free) && pressed(ctx, Key::Space) && !exercise.clock.is_ending {
        actions.push(Action::from(ClockAction::TogglePause));
    }
    if is_modal {
        return;
    }
    if pressed(ctx, Key::W) {
        state.note = Some(NoteDialog::default());
    }
    time_keys(ctx, state, exercise, actions);
    open_sources(ctx, actions);
    pane_keys(ctx, state);
    cursors::map_keys(ctx, state, exercise, actions);
    if is_free {
        cursors::arrow_keys(ctx, state, exercise);
        if pressed(ctx, Key::Enter) {
            cursors::open_marked(state, exercise, actions);
        }
    }
    if pressed(ctx, Key::Escape) {
        if !state.board.find.is_empty() {
            state.board.find.clear();
        } else if state.pane != Pane::Map {
            state.pane = Pane::Map;
        } else if exercise.detail.is_some() {
            actions.push(Action::from(PersonalAction::SelectOrganisation(None)));
        }
    }
}

fn time_keys(ctx: &Context, state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    for (key, speed) in DIGITS.into_iter().zip(SPEEDS) {
        if pressed(ctx, key) {
            actions.push(Action::from(ClockAction::SetSpeed(speed)));
        }
    }
    for _ in 0..steps(ctx, Key::Period) {
        actions.push(Action::from(ClockAction::Step));
    }
    if pressed(ctx, Key::N) && !exercise.clock.is_ending {
        actions.push(Action::from(ClockAction::JumpToNextEvent));
    }
    if pressed(ctx, Key::E) {
        if exercise.clock.is_ended {
            actions.push(Action::from(ClockAction::EndExercise));
        } else {
            state.confirm = Some(Confirm::EndExercise);
        }
    }
}

fn pane_keys(ctx: &Context, state: &mut UiState) {
    let pane = match () {
        () if pressed(ctx, Key::I) => Pane::Inbox,
        () if pressed(ctx, Key::M) => Pane::Mitigations,
        () if pressed(ctx, Key::B) => Pane::Board,
        () if pressed(ctx, Key::Slash) => {
            state.board.wants_find = true;
            Pane::Board
        }
        () => return,
    };
    ctx.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.surrender_focus(id);
        }
    });
    state.pane = pane;
    match pane {
        Pane::Inbox => state.tab = Tab::Inbox,
        Pane::Mitigations => state.tab = Tab::Mitigations,
        Pane::Board => state.tab = Tab::Services,
        Pane::Map => {}
    }
}
