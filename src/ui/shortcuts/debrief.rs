//! The keys of the debrief: leaves, decisions, the chosen minute, another try, the report.

use egui::{Context, Key};

use super::{digit, is_unfocused};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::DebriefView;
use crate::ui::keyboard::{pressed, steps};
use crate::ui::leaves::{choose_decision, leaves};
use crate::ui::state::{DebriefState, OpenRow};

/// Minutes that an arrow moves the chosen minute.
const ARROW_MIN: i32 = 10;

/// Converts key presses on the debrief.
pub fn debrief_keys(ctx: &Context, state: &mut DebriefState, view: &DebriefView, actions: &mut Vec<Action>) {
    if let Some(leaf) = digit(ctx).and_then(|index| leaves(view).get(index).copied()) {
        state.leaf = leaf;
        state.scrolls_to_chosen = false;
    }
    let decisions = view.decisions.len();
    let at = match state.open {
        Some(OpenRow::Decision(index)) => Some(index),
        Some(OpenRow::Missed(_)) | None => None,
    };
    if pressed(ctx, Key::CloseBracket) && 0 < decisions {
        choose_decision(state, view, at.map_or(0, |index| (index + 1).min(decisions - 1)));
    }
    if pressed(ctx, Key::OpenBracket) && 0 < decisions {
        choose_decision(state, view, at.map_or(decisions - 1, |index| index.saturating_sub(1)));
    }
    if is_unfocused(ctx) {
        let moved = ARROW_MIN * (steps(ctx, Key::ArrowRight) - steps(ctx, Key::ArrowLeft));
        if moved != 0 {
            let last = view.timeline.horizon_min.saturating_sub(1);
            let from = state.minute.unwrap_or(0);
            state.minute = Some(from.saturating_add_signed(moved).min(last));
            (state.mark, state.open) = (None, None);
            state.scrolls_to_chosen = true;
        }
    }
    if let Some(minute) = state.minute
        && view.try_refusal.is_none()
        && pressed(ctx, Key::T)
    {
        actions.push(Action::from(ScreenAction::TryAgainFrom(minute)));
    }
    if view.can_report && pressed(ctx, Key::R) {
        actions.push(Action::from(ScreenAction::WriteReport));
    }
}
