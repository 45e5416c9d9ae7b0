//! The script as a master scenario events list, with the buttons of the facilitator.

use maud::{Markup, html};

use super::common::button;
use crate::exercise::view::{ScriptRow, ScriptState};

/// Rows that have happened and stay on the page.
const PAST_MAX: usize = 15;

fn state(row: &ScriptRow) -> &'static str {
    match row.state {
        ScriptState::Waiting => "waiting",
        ScriptState::Held => "held",
        ScriptState::Skipped => "skipped",
        ScriptState::Sent => "happened",
        ScriptState::KeptAway => "kept away by an order",
    }
}

/// The script: what is to come first, then what has happened, newest first.
pub fn list(rows: &[ScriptRow], is_facilitator: bool) -> Markup {
    let is_past = |row: &&ScriptRow| matches!(row.state, ScriptState::Sent | ScriptState::KeptAway);
    let coming: Vec<&ScriptRow> = rows.iter().filter(|row| !is_past(row)).collect();
    let past: Vec<&ScriptRow> = rows.iter().rev().filter(is_past).collect();
    html! {
        @if coming.is_empty() { p.empty { "The script has nothing more to come" } }
        ol.script { @for row in coming { (entry(row, is_facilitator)) } }
        @if !past.is_empty() {
            details #script-past { summary { "What has happened (" (past.len()) ")" }
                ol.script { @for row in past.iter().take(PAST_MAX) { (entry(row, false)) } }
            }
        }
    }
}

fn entry(row: &ScriptRow, has_buttons: bool) -> Markup {
    html! {
        li.held[row.state == ScriptState::Held].skipped[row.state == ScriptState::Skipped].urgent[row.is_urgent] {
            p { strong { (row.title) } }
            p.small {
                (row.when) @if !row.time.is_empty() { " · " (row.time) } " · " (row.via)
                @if !row.to.is_empty() { " to " (row.to) } " · " (state(row))
            }
            @if let (Some(inject), true) = (row.inject, has_buttons) {
                div.buttons {
                    a.button href={ "/me/edit/" (inject.number()) } { "Edit…" }
                    (button("send", "script", &[("number", inject.number().to_string())], "Send now", "quiet"))
                    @if matches!(row.state, ScriptState::Held | ScriptState::Skipped) {
                        (button("let-go", "script", &[("inject", row.id.clone())], "Let go", "quiet"))
                    } @else {
                        (button("hold", "script", &[("inject", row.id.clone())], "Hold", "quiet"))
                        (button("skip", "script", &[("inject", row.id.clone())], "Skip", "quiet"))
                    }
                }
            }
            @if let (Some(planned), true, ScriptState::Waiting) = (row.planned_min, has_buttons, row.state) {
                (button("jump", "clock", &[("to", planned.to_string())], "Move the clock here", "quiet"))
            }
        }
    }
}
