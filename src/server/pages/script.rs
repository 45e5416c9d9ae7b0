//! The script as a master scenario events list, with the buttons of the facilitator: a window of it on the pages of
//! staff, and all of it on a page of its own.

use maud::{Markup, html};

use super::common::hidden;
use super::{Frame, page};
use crate::exercise::view::{ScriptRow, ScriptState};
use crate::server::keeper::Views;

/// Entries to come on the pages of staff, beside those that are held: the whole script would be most of a page's weight.
const COMING_MAX: usize = 12;
/// Entries that have happened on the pages of staff.
const PAST_MAX: usize = 6;
/// Entries on a page of the whole script.
const PAGE: usize = 60;

fn state(row: &ScriptRow) -> &'static str {
    match row.state {
        ScriptState::Waiting => "waiting",
        ScriptState::Held => "held",
        ScriptState::Skipped => "skipped",
        ScriptState::Sent => "happened",
        ScriptState::KeptAway => "kept away by an order",
    }
}

fn is_past(row: &ScriptRow) -> bool {
    matches!(row.state, ScriptState::Sent | ScriptState::KeptAway)
}

/// What is held, what comes next, and what happened last, newest first.
pub fn window(rows: &[ScriptRow], is_facilitator: bool) -> Markup {
    let held: Vec<&ScriptRow> = rows.iter().filter(|row| row.state == ScriptState::Held).collect();
    let coming: Vec<&ScriptRow> =
        rows.iter().filter(|row| matches!(row.state, ScriptState::Waiting | ScriptState::Skipped)).collect();
    let past: Vec<&ScriptRow> = rows.iter().rev().filter(|row| is_past(row)).collect();
    let entries = |rows: &[&ScriptRow], max: usize, has_buttons: bool| {
        html! { ol.script { @for row in rows.iter().take(max) { (entry(row, has_buttons, false)) } } }
    };
    html! {
        @if !held.is_empty() { h3 { "Held" } (entries(&held, held.len(), is_facilitator)) h3 { "To come" } }
        @if coming.is_empty() { p.empty { "The script has nothing more to come" } }
        (entries(&coming, COMING_MAX, is_facilitator))
        p { a href="/me/script" { "The whole script: " (coming.len()) " to come, " (past.len()) " happened" } }
        @if !past.is_empty() {
            details #script-past { summary { "What happened last" } (entries(&past, PAST_MAX, false)) }
        }
    }
}

/// The page with the whole script, in the order of its times: the entries from one on (by position), or else from the
/// first that is to come.
pub fn whole(views: &Views, is_facilitator: bool, from: Option<usize>) -> String {
    let rows = &views.staff.script;
    let left = rows.iter().filter(|row| !is_past(row)).count();
    let first_to_come = rows.iter().position(|row| !is_past(row)).unwrap_or(0);
    let from = from.unwrap_or(first_to_come).min(rows.len().saturating_sub(1));
    let until = rows.len().min(from + PAGE);
    let turn = html! {
        p {
            @if 0 < from { a href={ "/me/script?from=" (from.saturating_sub(PAGE)) } { "Earlier entries" } " " }
            @if until < rows.len() { a href={ "/me/script?from=" (until) } { "Later entries" } }
        }
    };
    let content = html! {
        header.head { p.banner { "EXERCISE" } p.who { a href="/me" { "Back" } } }
        div #notice.notice role="alert" {}
        main.middle #main {
            h1 { "The script" }
            p.small { "As of " (views.facilitator.clock.time) ": " (left) " to come of " (rows.len()) ". This page does not change by itself" }
            (turn)
            ol.script { @for row in &rows[from..until] { (entry(row, is_facilitator && !is_past(row), true)) } }
            (turn)
        }
    };
    page(Frame { title: "The script", ..Frame::default() }, content)
}

fn entry(row: &ScriptRow, has_buttons: bool, loads_again: bool) -> Markup {
    html! {
        li.held[row.state == ScriptState::Held].skipped[row.state == ScriptState::Skipped].urgent[row.is_urgent].past[is_past(row)] {
            p { strong { (row.title) } }
            p.small {
                (row.when) @if !row.time.is_empty() { " · " (row.time) } " · " (row.via)
                @if !row.to.is_empty() { " to " (row.to) } " · " (state(row))
            }
            @if has_buttons { (buttons(row, loads_again)) }
        }
    }
}

/// One form for all buttons of an entry, which keeps the page small.
fn buttons(row: &ScriptRow, loads_again: bool) -> Markup {
    let quiet = |action: &str, label: &str| html! { button.quiet name="do" value=(action) { (label) } };
    html! {
        form.buttons method="post" action="/me/act" data-then=[loads_again.then_some("")] {
            (hidden("part", "script"))
            @if let Some(inject) = row.inject {
                (hidden("number", inject.number())) (hidden("inject", &row.id))
                a.button href={ "/me/edit/" (inject.number()) } { "Edit…" }
                (quiet("send", "Send now"))
                @if matches!(row.state, ScriptState::Held | ScriptState::Skipped) { (quiet("let-go", "Let go")) }
                @else { (quiet("hold", "Hold")) (quiet("skip", "Skip")) }
            }
            @if let (Some(planned), ScriptState::Waiting) = (row.planned_min, row.state) {
                (hidden("to", planned)) (quiet("jump", "Move the clock here"))
            }
        }
    }
}
