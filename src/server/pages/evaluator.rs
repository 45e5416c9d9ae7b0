//! The pages of evaluators and observers: the evaluation guide, and everything to read.

use maud::{Markup, html};

use super::common::{clock, clock_bar, foot, head, hidden, note_form, scrolled};
use super::facilitator::{about, log, seats};
use super::{Around, board, inbox, place, script};
use crate::base::words::capital;
use crate::exercise::action::Rating;
use crate::exercise::view::{RatedRow, StaffView};
use crate::server::keeper::Views;
use crate::server::parts::{Audience, Page, Part};
use crate::server::shared::Shared;

pub fn parts(shared: &Shared, views: &Views) -> Vec<Part> {
    let audience = Audience { page: Page::Evaluator, seat: 0, variation: 0 };
    let part = |name, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, views.revision, make);
    let mut all = watched(shared, views, audience);
    all.push(part("guide", &|| guide(&views.staff)));
    all.push(part("reports", &|| super::people::reports(views)));
    all
}

pub fn observer_parts(shared: &Shared, views: &Views) -> Vec<Part> {
    watched(shared, views, Audience { page: Page::Observer, seat: 0, variation: 0 })
}

fn watched(shared: &Shared, views: &Views, audience: Audience) -> Vec<Part> {
    let part = |name, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, views.revision, make);
    vec![
        part("clock", &|| clock(&views.facilitator.clock, &views.staff.common)),
        part("seats", &|| seats(views)),
        part("messages", &|| inbox::of_all_seats(&views.staff.messages)),
        part("script", &|| script::window(&views.staff.script, false)),
        part("notes", &|| board::notes(&views.facilitator.notes)),
        part("log", &|| log(views)),
    ]
}

/// The evaluation guide: for each objective what was measured, the rating and its evidence.
fn guide(staff: &StaffView) -> Markup {
    html! {
        @for row in &staff.objectives {
            article.objective {
                h3 { (row.seat_name) ": " (row.name) }
                p.small { (row.measured) }
                @if let Some(rating) = row.rating {
                    p { strong { (rating.letter()) ": " (capital(rating.words())) } span.small { " by " (row.rated_by) } }
                    @if !row.evidence.is_empty() { p.text { (row.evidence) } }
                }
                details id={ "rate-" (row.seat_id) "-" (row.id) } {
                    summary { @if row.rating.is_some() { "Rate again" } @else { "Rate" } }
                    (rate(row))
                }
            }
        }
    }
}

fn rate(row: &RatedRow) -> Markup {
    let key = format!("{}-{}", row.seat_id, row.id);
    html! {
        form method="post" action="/me/act" {
            (hidden("do", "rate")) (hidden("part", "guide")) (hidden("objective", format!("{}/{}", row.seat_id, row.id)))
            fieldset { legend { "Rating" }
                @for rating in Rating::ALL { label.check { input type="radio" name="rating" value=(rating.letter()) required checked[row.rating == Some(rating)]; " " (rating.letter()) ": " (capital(rating.words())) } }
            }
            label for={ "e-" (key) } { "Evidence" }
            textarea id={ "e-" (key) } name="text" rows="3" maxlength="2000" { @if row.evidence.is_empty() { (row.measured) } @else { (row.evidence) } }
            button { "Rate the objective" }
        }
    }
}

/// The page of an evaluator around its parts.
pub fn content(views: &Views, parts: &[Part], around: &Around<'_>) -> Markup {
    html! {
        (head(around))
        (clock_bar(parts))
        nav aria-label="On this page" { ul {
            li { a href="#guide" { "Guide" } } li { a href="#notes" { "Notes" } } li { a href="#seats" { "Seats" } } li { a href="#log" { "Log" } }
        } }
        main #main {
            h1.hidden { "Evaluator" }
            (place(parts, "reports"))
            div.columns {
                section #guide aria-labelledby="h-guide" { h2 #h-guide { "Evaluation guide" } (place(parts, "guide")) }
                section #notes aria-labelledby="h-notes" { h2 #h-notes { "Notes" } (note_form(&about(views))) (place(parts, "notes")) }
                (reading(parts))
            }
        }
        (foot(around))
    }
}

/// The page of an observer around its parts: nothing to press.
pub fn observer(parts: &[Part], around: &Around<'_>) -> Markup {
    html! {
        (head(around))
        (clock_bar(parts))
        nav aria-label="On this page" { ul { li { a href="#seats" { "Seats" } } li { a href="#messages" { "Messages" } } li { a href="#log" { "Log" } } } }
        main #main {
            h1.hidden { "Observer" }
            div.columns {
                (reading(parts))
                section #notes aria-labelledby="h-notes" { h2 #h-notes { "Notes" } (place(parts, "notes")) }
            }
        }
        (foot(around))
    }
}

fn reading(parts: &[Part]) -> Markup {
    html! {
        section #seats aria-labelledby="h-seats" { h2 #h-seats { "Seats" } (place(parts, "seats")) }
        section #messages aria-labelledby="h-messages" { h2 #h-messages { "Messages" } (place(parts, "messages")) }
        section #script aria-labelledby="h-script" { h2 #h-script { "Script" } (place(parts, "script")) }
        section #log aria-labelledby="h-log" { h2 #h-log { "Log" } (scrolled("Entries, newest first", parts, "log")) }
    }
}
