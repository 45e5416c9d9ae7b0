//! The keyboard: one table of shortcuts for the help overlay, one dispatcher for all screens.
//!
//! A text field keeps every key; a focused button keeps Space, Enter and the arrows.

use egui::{Context, Event, Key, Modifiers};

use super::state::{Confirm, OrderDialog, Pane, Tab, UiState};
use crate::exercise::action::Action;
use crate::exercise::view::{RoomView, SPEEDS, View};

mod moves;
mod sources;

/// Keys and what they do, as the help overlay lists them.
pub const SHORTCUTS: [(&str, &[(&str, &str)]); 4] = [
    (
        "Time",
        &[
            ("Space", "Pause or play"),
            ("1 to 7", "Speed, from real time to an hour a second"),
            (".", "Step one minute"),
            ("N", "Jump to the next event"),
            ("E", "End the exercise"),
        ],
    ),
    (
        "Panels",
        &[
            ("B", "Service board"),
            ("I", "Inbox"),
            ("M", "Mitigations"),
            ("Up, Down", "Move in the panel chosen"),
            ("Enter", "Open what is marked"),
            ("/", "Find a service or organisation"),
        ],
    ),
    (
        "Map",
        &[
            ("Arrows", "Move the map"),
            ("+, -", "Zoom in or out"),
            ("0", "Show the whole world"),
            ("Y", "Show your organisations"),
            ("[, ]", "Previous or next organisation"),
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
            ("? or F1", "This help"),
        ],
    ),
];

const DIGITS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Takes a press of `key` out of the input; a held key counts once.
pub fn pressed(ctx: &Context, key: Key) -> bool {
    0 < take(ctx, key, RepeatCounts::No)
}

/// Takes presses of `key` with the repeats of a held key.
pub fn steps(ctx: &Context, key: Key) -> i32 {
    take(ctx, key, RepeatCounts::Yes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RepeatCounts {
    Yes,
    No,
}

fn take(ctx: &Context, wanted: Key, repeats: RepeatCounts) -> i32 {
    let mut count = 0;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            if *key != wanted || !modifiers.matches_logically(Modifiers::NONE) {
                return true;
            }
            if !*repeat || repeats == RepeatCounts::Yes {
                count += 1;
            }
            false
        });
    });
    count
}

/// Turns this pass's key presses into actions and moves of the cursors.
pub fn dispatch(ctx: &Context, state: &mut UiState, view: &View, actions: &mut Vec<Action>) {
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
                actions.push(Action::ChooseScenario(index));
            }
            if start.cards.len() == 1 && pressed(ctx, Key::S) {
                actions.push(Action::OpenSources(Some(0)));
            }
            if start.cards.len() == 1 && is_unfocused(ctx) && pressed(ctx, Key::Enter) {
                actions.push(Action::ChooseScenario(0));
            }
        }
        View::Seats(seats) => {
            if let Some(index) = digit(ctx).filter(|index| *index < seats.seats.len()) {
                actions.push(Action::ChooseSeat(index));
            }
            open_sources(ctx, actions);
            back_on_escape(ctx, actions);
        }
        View::Briefing(_) => {
            if is_unfocused(ctx) && pressed(ctx, Key::Enter) {
                actions.push(Action::Begin);
            }
            open_sources(ctx, actions);
            back_on_escape(ctx, actions);
        }
        View::Room(room) => room_keys(ctx, state, room, actions),
        View::Debrief(_) => open_sources(ctx, actions),
        View::Sources(view) => sources::sources_keys(ctx, &mut state.sources, view, actions),
    }
}

/// No widget has the keyboard.
fn is_unfocused(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.focused()).is_none()
}

fn digit(ctx: &Context) -> Option<usize> {
    DIGITS.iter().position(|key| pressed(ctx, *key))
}

fn back_on_escape(ctx: &Context, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::Escape) {
        actions.push(Action::Back);
    }
}

/// The sources of the scenario on the desk.
fn open_sources(ctx: &Context, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::S) {
        actions.push(Action::OpenSources(None));
    }
}

fn room_keys(ctx: &Context, state: &mut UiState, room: &RoomView, actions: &mut Vec<Action>) {
    let is_free = is_unfocused(ctx);
    if is_free && pressed(ctx, Key::Space) {
        actions.push(Action::TogglePause);
    }
    if state.order.is_some() {
        return;
    }
    time_keys(ctx, state, room, actions);
    open_sources(ctx, actions);
    pane_keys(ctx, state);
    moves::map_keys(ctx, state, room, actions);
    if is_free {
        moves::arrow_keys(ctx, state, room);
        if pressed(ctx, Key::Enter) {
            moves::open_marked(state, room, actions);
        }
    }
    if pressed(ctx, Key::Escape) {
        if !state.board.find.is_empty() {
            state.board.find.clear();
        } else if state.pane != Pane::Map {
            state.pane = Pane::Map;
        } else if room.detail.is_some() {
            actions.push(Action::SelectOrganisation(None));
        }
    }
}

fn time_keys(ctx: &Context, state: &mut UiState, room: &RoomView, actions: &mut Vec<Action>) {
    for (key, speed) in DIGITS.into_iter().zip(SPEEDS) {
        if pressed(ctx, key) {
            actions.push(Action::SetSpeed(speed));
        }
    }
    for _ in 0..steps(ctx, Key::Period) {
        actions.push(Action::Step);
    }
    if pressed(ctx, Key::N) && room.clock.next_event.is_some() {
        actions.push(Action::JumpToNextEvent);
    }
    if pressed(ctx, Key::E) {
        if room.clock.is_ended {
            actions.push(Action::EndExercise);
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
        Pane::Board | Pane::Map => {}
    }
}

/// Opens the order card of a mitigation with its first possible target chosen.
pub fn open_order(state: &mut UiState, room: &RoomView, mitigation: u32) {
    let Some(row) = room.drawer.iter().find(|row| row.mitigation == mitigation) else { return };
    let selected = room.detail.as_ref().map(|detail| detail.organisation);
    let is_selected = |target: &&crate::exercise::view::TargetRow| matches!(target.target, crate::exercise::view::TargetKey::Organisation(o) if Some(o) == selected);
    let free = || row.targets.iter().filter(|target| target.refusal.is_none());
    let target = free().find(is_selected).or_else(|| free().next());
    state.order = Some(OrderDialog { mitigation, target: target.map(|target| target.target), confidence_pct: None });
}
