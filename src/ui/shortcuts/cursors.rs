//! The cursors of the exercise screen, which arrows move in the active panel or over the map.

use egui::{Context, Key};

use crate::base::Ix;
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::ExerciseView;
use crate::scenario::compile::{Inject, Organisation};
use crate::ui::exercise_screen::drawer::open_order;
use crate::ui::exercise_screen::{board, drawer};
use crate::ui::keyboard::{pressed, steps};
use crate::ui::state::{MapHome, Pane, UiState};

/// Handles the keys that work in all panels: zoom, home, next and previous organisation.
pub fn map_keys(ctx: &Context, state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    let zoom_in = steps(ctx, Key::Plus) + steps(ctx, Key::Equals);
    let zoom_out = steps(ctx, Key::Minus);
    state.map.nudge[2] += (zoom_in - zoom_out) as f32;
    if pressed(ctx, Key::Num0) {
        state.map.go_home(MapHome::World);
    }
    if pressed(ctx, Key::Y) {
        state.map.go_home(MapHome::Yours);
    }
    let by = steps(ctx, Key::CloseBracket) + steps(ctx, Key::PageDown)
        - steps(ctx, Key::OpenBracket)
        - steps(ctx, Key::PageUp);
    if by == 0 || exercise.map.marks.is_empty() {
        return;
    }
    let order: Vec<Ix<Organisation>> = board::organisations_in_order(exercise);
    let selected = exercise.detail.as_ref().map(|detail| detail.organisation);
    if let Some(next) = moved(&order, selected, by) {
        state.map.shows = Some(next);
        actions.push(Action::from(PersonalAction::SelectOrganisation(Some(next))));
    }
}

/// Handles arrows: they move the cursor of the active panel, or the map.
pub fn arrow_keys(ctx: &Context, state: &mut UiState, exercise: &ExerciseView) {
    let right = steps(ctx, Key::ArrowRight) - steps(ctx, Key::ArrowLeft);
    let down = steps(ctx, Key::ArrowDown) - steps(ctx, Key::ArrowUp);
    state.map.nudge[0] += right as f32;
    if down == 0 {
        return;
    }
    match state.pane {
        Pane::Map => state.map.nudge[1] += down as f32,
        Pane::Board => {
            let order = board::services_in_order(exercise, &state.board);
            state.board.cursor = moved(&order, state.board.cursor, down);
            state.board.scrolls_to_cursor = true;
        }
        Pane::Inbox => {
            let order: Vec<Ix<Inject>> = exercise.inbox.iter().map(|row| row.inject).collect();
            state.inbox.cursor = moved(&order, state.inbox.cursor, down);
            state.inbox.scrolls_to_cursor = true;
        }
        Pane::Mitigations => {
            let order = drawer::mitigations_in_order(exercise, &state.drawer);
            state.drawer.cursor = moved(&order, state.drawer.cursor, down);
            state.drawer.scrolls_to_cursor = true;
        }
    }
}

/// Handles Enter: it opens the row under the cursor of the active panel.
pub fn open_marked(state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    match state.pane {
        Pane::Map => {}
        Pane::Board => {
            let row = exercise.services.iter().find(|row| Some(row.service) == state.board.cursor);
            if let Some(row) = row {
                state.map.shows = Some(row.organisation);
                actions.push(Action::from(PersonalAction::SelectOrganisation(Some(row.organisation))));
            }
        }
        Pane::Inbox => {
            let row = exercise.inbox.iter().find(|row| Some(row.inject) == state.inbox.cursor);
            if let Some(row) = row {
                crate::ui::exercise_screen::inbox::toggle(&mut state.inbox, row, actions);
            }
        }
        Pane::Mitigations => {
            if let Some(mitigation) = state.drawer.cursor {
                open_order(state, exercise, mitigation);
            }
        }
    }
}

/// The item `by` places after the current one; the first one if there is none; never past an end.
fn moved<T: Copy + PartialEq>(order: &[T], current: Option<T>, by: i32) -> Option<T> {
    let last = order.len().checked_sub(1)?;
    let at = current.and_then(|current| order.iter().position(|item| *item == current));
    let next = match at {
        Some(at) => (at as i64 + i64::from(by)).clamp(0, last as i64) as usize,
        None => 0,
    };
    Some(order[next])
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn cursor_starts_at_the_top_and_stops_at_the_ends() {
        let check = |current, by, expected| assert_eq!(moved(&[7, 8, 9], current, by), expected);
        check(None, 1, Some(7));
        check(Some(7), 1, Some(8));
        check(Some(7), -1, Some(7));
        check(Some(9), 5, Some(9));
        check(Some(1), 1, Some(7));
        assert_eq!(moved::<u32>(&[], None, 1), None);
    }
}
