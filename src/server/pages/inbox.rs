//! The inbox: messages with their medium, their answers and read receipts.

use maud::{Markup, html};

use super::common::{button, hidden};
use crate::exercise::action::PersonId;
use crate::exercise::view::{MemberRow, MessageRow};
use crate::scenario::schema::Standing;
use crate::server::texts::message_text;

/// Messages that stay open; older ones are folded.
const OPEN_MAX: usize = 12;
/// Messages on a page.
const SHOWN_MAX: usize = 60;

/// The inbox of a person, newest first.
pub fn of_person(rows: &[MessageRow], members: &[MemberRow], person: PersonId) -> Markup {
    let is_unread = |row: &&MessageRow| !row.readers.contains(&person);
    let unread = rows.iter().filter(is_unread).count();
    html! {
        p.small role="status" { (unread) " unread of " (rows.len()) }
        @if rows.is_empty() { p.empty { "Messages to your seat appear here" } }
        @for (index, row) in rows.iter().take(SHOWN_MAX).enumerate() {
            article.message.urgent[row.is_urgent].unread[!row.readers.contains(&person)] {
                (heading(row))
                @if index < OPEN_MAX { p.text { (row.body) } }
                @else { details id={ "body-" (message_text(&row.id)) } { summary { "Text" } p.text { (row.body) } } }
                (answers(row))
                div.receipt {
                    @if row.readers.contains(&person) { span.small { "Read by " (names(row, members)) } }
                    @else {
                        (button("read", "inbox", &[("message", message_text(&row.id))], "Mark as read", "quiet"))
                        @if !row.readers.is_empty() { span.small { "Read by " (names(row, members)) } }
                    }
                }
            }
        }
    }
}

/// Messages of all seats, for staff.
pub fn of_all_seats(rows: &[MessageRow]) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { "Messages to the seats appear here" } }
        @for row in rows.iter().take(SHOWN_MAX) {
            article.message.urgent[row.is_urgent] {
                (heading(row))
                details id={ "all-" (message_text(&row.id)) } { summary { "To " (row.to) ", read by " (row.readers.len()) } p.text { (row.body) } }
            }
        }
    }
}

fn heading(row: &MessageRow) -> Markup {
    let standing = match row.standing {
        Some(Standing::Documented) => "documented",
        Some(Standing::Estimated) => "estimated",
        Some(Standing::Invented) => "invented",
        None => "exercise control",
    };
    html! {
        h3 { @if row.is_urgent { span.urgent-word { "Urgent " } } (row.title) }
        p.small { (row.time) " · " (row.via.word()) " · " (row.from) " · " (standing) }
    }
}

fn answers(row: &MessageRow) -> Markup {
    html! {
        @if !row.answers.is_empty() {
            ul.answers aria-label="Orders that answer this" {
                @for answer in &row.answers {
                    li {
                        a href={ "#m-" (answer.mitigation.number()) } { (answer.name) }
                        @if 0 < answer.ordered { span.small { " ordered" } }
                        @else if !answer.is_open { span.small { " not possible now" } }
                    }
                }
            }
        }
    }
}

fn names(row: &MessageRow, members: &[MemberRow]) -> String {
    let name =
        |reader: &PersonId| members.iter().find(|member| member.person == *reader).map(|member| member.name.clone());
    let names: Vec<String> = row.readers.iter().filter_map(name).collect();
    if names.len() == members.len() && 1 < names.len() { "everybody".to_owned() } else { names.join(", ") }
}

/// The form for a message to seats; `seats` are ids and names.
pub fn compose(seats: &[(String, String)]) -> Markup {
    let via = ["Phone", "Email", "Press", "Monitoring", "Regulator", "Executive"];
    html! {
        form method="post" action="/me/act" {
            (hidden("do", "message")) (hidden("part", "messages"))
            fieldset {
                legend { "To" }
                label.check { input type="checkbox" name="to" value="all"; " All seats" }
                @for (id, name) in seats { label.check { input type="checkbox" name="to" value=(id); " " (name) } }
            }
            label for="message-via" { "Channel" }
            select id="message-via" name="via" { @for word in via { option { (word) } } }
            label for="message-from" { "Sender that the seats see" }
            input id="message-from" name="from" maxlength="200" placeholder="Exercise control";
            label for="message-title" { "Title" }
            input id="message-title" name="title" maxlength="200" required;
            label for="message-body" { "Text" }
            textarea id="message-body" name="body" rows="3" maxlength="2000" {}
            label.check { input type="checkbox" name="urgent" value="1"; " Urgent" }
            button { "Send message" }
        }
    }
}
