//! The service board and the orders given.

use maud::{Markup, html};

use super::common::button;
use crate::base::words as format;
use crate::exercise::view::{ExerciseView, LevelState, NoteRow, OrderRow, ServiceRow, Trend};

/// Rows of other organisations' services.
const WORLD_MAX: usize = 12;

/// The word and the sign of a state; the sign differs in shape, not only in colour.
pub fn state_words(state: LevelState) -> (&'static str, &'static str, &'static str) {
    match state {
        LevelState::Working => ("working", "●", "Working"),
        LevelState::Untouched => ("untouched", "○", "Not hit"),
        LevelState::Degraded => ("degraded", "◐", "Strained"),
        LevelState::Severe => ("severe", "▲", "Severe"),
        LevelState::Failed => ("failed", "■", "Failed"),
    }
}

/// The services of a seat.
pub fn own_services(view: &ExerciseView) -> Markup {
    let rows: Vec<&ServiceRow> = view.services.iter().filter(|row| row.is_yours).collect();
    html! {
        @if rows.is_empty() { p { "Your seat directs no service" } }
        @else { (table("Your services", &rows, true)) }
        (figures(view))
    }
}

/// The worst services of the rest of the world.
pub fn other_services(view: &ExerciseView) -> Markup {
    let rows: Vec<&ServiceRow> = view.services.iter().filter(|row| !row.is_yours).take(WORLD_MAX).collect();
    html! { @if !rows.is_empty() { (table("Other services", &rows, false)) } }
}

/// A table of all services that a view has, for staff.
pub fn seat_services(view: &ExerciseView, caption: &str) -> Markup {
    let rows: Vec<&ServiceRow> = view.services.iter().filter(|row| row.is_yours).collect();
    table(caption, &rows, false)
}

fn table(caption: &str, rows: &[&ServiceRow], is_own: bool) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table.board {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "Service" }
                    th scope="col" { "Level" }
                    th scope="col" { "Outside tolerance" }
                    @if is_own { th scope="col" { "Waiting" } }
                } }
                tbody { @for row in rows { (service(row, is_own)) } }
            }
        }
    }
}

fn service(row: &ServiceRow, is_own: bool) -> Markup {
    let (class, sign, word) = state_words(row.state);
    let trend = match row.trend {
        Trend::Better => "↗ getting better",
        Trend::Steady => "→ steady",
        Trend::Worse => "↘ getting worse",
    };
    let is_outside = row.tolerance_min < row.below_min;
    html! {
        tr class=(class) {
            th scope="row" {
                span.sign aria-hidden="true" { (sign) } " " (row.name)
                span.small.block { (row.organisation_name) }
                @if let Some(held_by) = &row.held_by { span.small.block { (held_by) } }
                @if let Some(fallback) = &row.fallback { span.small.block { "Fallback: " (fallback) } }
            }
            td {
                meter min="0" max="1" value=(format!("{:.2}", row.level)) aria-label={ "Level of " (row.name) } {}
                span.block { (format::percent(row.level)) ", " (word) }
                @if row.state != LevelState::Untouched { span.small.block { (trend) } }
            }
            td class=[is_outside.then_some("outside")] {
                (format::span(row.outside_min))
                span.small.block { "tolerance " (format::span(row.tolerance_min)) }
            }
            @if is_own { td { (format::amount(row.backlog)) " " (row.unit) } }
        }
    }
}

fn figures(view: &ExerciseView) -> Markup {
    let hosts = &view.hosts;
    html! {
        dl.figures {
            div { dt { "Hosts down" } dd { (format::thousands(hosts.down)) " of " (format::thousands(hosts.total)) } }
            div { dt { "In repair" } dd { (format::thousands(hosts.in_repair)) } }
            div { dt { "Technicians" } dd { (hosts.technicians_busy) " of " (hosts.technicians_on_duty) " at work" } }
            div { dt { "Cost so far" } dd { (format::usd(hosts.cost_usd)) } }
        }
    }
}

/// Orders of a seat, newest first, with a button for those that can be taken back.
pub fn given(rows: &[OrderRow], may_cancel: bool) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { "Orders of your team appear here" } }
        ul.rows {
            @for row in rows {
                li {
                    span { strong { (row.name) } " · " (row.target) span.small.block { (row.status) } }
                    @if may_cancel && (row.is_pending || row.is_active) {
                        (button("cancel", "given", &[("order", row.order.number().to_string())], "Take back", "quiet"))
                    }
                }
            }
        }
    }
}

/// Notes, newest first.
pub fn notes(rows: &[NoteRow]) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { "Notes appear here" } }
        ul.rows {
            @for row in rows {
                li { span {
                    strong { (super::common::tag_word(row.tag)) }
                    span.small { " " (row.time) @if let Some(seat) = &row.seat { " · " (seat) } @if let Some(objective) = &row.objective { " · " (objective) } }
                    span.block.text { (row.text) }
                } }
            }
        }
    }
}
