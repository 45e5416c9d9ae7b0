//! Pages that a facilitator opens for one task: the words of a message, and a decision that a seat spoke aloud.

use maud::{Markup, html};

use super::common::{confidence, hidden};
use super::{Frame, page};
use crate::exercise::view::{MitigationRow, ScriptRow};
use crate::server::keeper::Views;
use crate::server::texts::target_text;

/// The page on which a message of the script gets other words; none for events and unknown numbers.
pub fn edit(views: &Views, number: u32) -> Option<String> {
    let is_meant = |row: &&ScriptRow| row.inject.is_some_and(|inject| inject.number() == number);
    let row = views.staff.script.iter().find(is_meant)?;
    let form = html! {
        h1 { "Send with other words" }
        p.small { "To " (row.to) " · " (row.when) }
        form method="post" action="/me/act" data-then="/me" {
            (hidden("do", "message")) (hidden("part", "script")) (hidden("replaces", &row.id))
            (hidden("via", &row.via)) (hidden("from", &row.from))
            @for seat in &row.to_ids { (hidden("to", seat)) }
            @if row.to_ids.is_empty() { (hidden("to", "all")) }
            label for="edit-title" { "Title" }
            input id="edit-title" name="title" maxlength="200" required value=(row.title);
            label for="edit-body" { "Text" }
            textarea id="edit-body" name="body" rows="8" maxlength="2000" { (row.body) }
            label.check { input type="checkbox" name="urgent" value="1" checked[row.is_urgent]; " Urgent" }
            p.small { "The message of the script will not be sent." }
            button { "Send these words now" }
        }
    };
    Some(framed("Edit a message", form))
}

/// The page on which a decision of a seat, by id, is entered; none for a seat that is not in play.
pub fn spoken(views: &Views, seat_id: &str) -> Option<String> {
    let (view, team) = views.seats.iter().find(|(_, team)| team.seat_id == seat_id)?;
    let form = html! {
        h1 { "Decision given by voice" }
        p { (team.name) }
        @for row in &view.drawer { (order(row, team.seat.number())) }
    };
    Some(framed("Decision given by voice", form))
}

fn order(row: &MitigationRow, seat: u32) -> Markup {
    let id = row.mitigation.number();
    let open = row.targets.iter().filter(|target| target.refusal.is_none());
    html! {
        details.order.refused[row.refusal.is_some()] id={ "m-" (id) } {
            summary { span.name { (row.name) } @if let Some(refusal) = &row.refusal { span.small.block { (refusal) } } }
            @if row.refusal.is_none() {
                form method="post" action="/me/act" data-then="/me" {
                    (hidden("do", "order-for")) (hidden("part", "control"))
                    label for={ "t-" (id) } { "For" }
                    select id={ "t-" (id) } name="choice" {
                        @for target in open { option value=(format!("{seat} {id} {}", target_text(target.target))) { (target.label) } }
                    }
                    (confidence(&id.to_string()))
                    label for={ "r-" (id) } { "Reason that they gave" }
                    textarea id={ "r-" (id) } name="reason" rows="2" maxlength="2000" {}
                    button { "Enter the decision" }
                }
            }
        }
    }
}

fn framed(title: &str, content: Markup) -> String {
    let around = html! {
        header.head { p.banner { "EXERCISE" } p.who { a href="/me" { "Back" } } }
        div #notice.notice role="alert" {}
        main.narrow #main { (content) }
    };
    page(Frame { title, ..Frame::default() }, around)
}
