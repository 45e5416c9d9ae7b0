//! Keys of the page of sources.

use egui::{Context, Key};

use super::is_unfocused;
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::SourcesView;
use crate::ui::keyboard::{DIGITS, pressed, steps};
use crate::ui::sources::found;
use crate::ui::state::SourcesState;

/// Arrows and page keys move the opened figure, digits switch standings, Escape closes the panel
/// opened last and then the page.
pub fn sources_keys(ctx: &Context, state: &mut SourcesState, view: &SourcesView, actions: &mut Vec<Action>) {
    if pressed(ctx, Key::Slash) {
        state.wants_find = true;
    }
    for (index, key) in DIGITS.into_iter().take(3).enumerate() {
        if pressed(ctx, key) {
            state.hides[index] = !state.hides[index];
        }
    }
    let page = state.page_rows.max(1) as i64;
    let by = i64::from(steps(ctx, Key::ArrowDown) - steps(ctx, Key::ArrowUp))
        + page * i64::from(steps(ctx, Key::PageDown) - steps(ctx, Key::PageUp));
    let end = i64::from(u32::MAX) * i64::from(steps(ctx, Key::End) - steps(ctx, Key::Home));
    move_figure(state, view, by + end);
    if pressed(ctx, Key::Escape) {
        back(state, actions);
    }
    if is_unfocused(ctx) && pressed(ctx, Key::S) {
        actions.push(Action::from(ScreenAction::Back));
    }
}

/// Opens the figure that is `by` rows further; if none is open, the first or the last one of the list.
fn move_figure(state: &mut SourcesState, view: &SourcesView, by: i64) {
    if by == 0 {
        return;
    }
    let found = &found(state, view).figures;
    let Some(last) = found.len().checked_sub(1) else { return };
    let open = state.figure.and_then(|open| found.iter().position(|index| *index == open));
    let next = match open {
        Some(at) => (at as i64 + by).clamp(0, last as i64) as usize,
        None if i64::from(u32::MAX) <= by => last,
        None => 0,
    };
    state.figure = Some(found[next]);
    state.scrolls_to_figure = true;
}

fn back(state: &mut SourcesState, actions: &mut Vec<Action>) {
    if state.figure.is_some() {
        state.figure = None;
    } else if !state.find.is_empty() || state.fact.is_some() || state.hides != [false; 3] {
        (state.find, state.fact, state.hides) = (String::new(), None, [false; 3]);
    } else {
        actions.push(Action::from(ScreenAction::Back));
    }
}
