//! People and teams as the facilitator sees them.

use maud::{Markup, html};

use super::common::{button, hidden};
use super::role_title;
use crate::exercise::action::{Members, PersonRole};
use crate::exercise::view::{PersonRow, StaffView, TeamView};
use crate::server::keeper::Views;

/// Everybody, with what they did.
pub fn roster(staff: &StaffView, is_here: impl Fn(&PersonRow) -> bool) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="People" {
            table {
                caption { "People" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Part" } th scope="col" { "Page" } th.number scope="col" { "Proposed" } th.number scope="col" { "Seconded" } th.number scope="col" { "Ordered" } th.number scope="col" { "Notes" } th.number scope="col" { "Read" } } }
                tbody { @for row in staff.people.iter().filter(|row| !row.is_removed) { tr {
                    th scope="row" { (row.name) }
                    td { @if row.seat.is_empty() { (role_title(row.role)) } @else { (row.seat) } }
                    td { @if is_here(row) { "open" } @else { "closed" } }
                    td.number { (row.proposals) } td.number { (row.seconded) } td.number { (row.orders) } td.number { (row.notes) } td.number { (row.read) }
                } } }
            }
        }
    }
}

/// Forms that move and remove people, and set the rules of teams.
pub fn forms(views: &Views) -> Markup {
    let participants = || {
        let rows = views.staff.people.iter();
        rows.filter(|row| !row.is_removed && row.role == PersonRole::Participant)
    };
    html! {
        @if participants().next().is_some() {
            form method="post" action="/me/act" {
                (hidden("do", "move")) (hidden("part", "people"))
                label for="move-person" { "Person" }
                select id="move-person" name="person" { @for row in participants() { option value=(row.person.0) { (row.name) " (" (row.seat) ")" } } }
                label for="move-seat" { "To the seat" }
                select id="move-seat" name="seat" { @for (_, team) in &views.seats { option value=(team.seat_id) { (team.name) } } }
                button { "Move" }
            }
            form method="post" action="/me/act" {
                (hidden("do", "remove")) (hidden("part", "people"))
                label for="remove-person" { "Person" }
                select id="remove-person" name="person" { @for row in participants() { option value=(row.person.0) { (row.name) " (" (row.seat) ")" } } }
                button.quiet { "Remove from the exercise" }
            }
        }
        @for (_, team) in &views.seats { (rule(team)) }
    }
}

fn rule(team: &TeamView) -> Markup {
    let id = &team.seat_id;
    let members = [("everybody", "Every member", Members::Everybody), ("lead", "The lead", Members::Lead)];
    html! {
        details id={ "rule-" (id) } {
            summary { (team.name) ": " span.small { (team.rule_words) } }
            form method="post" action="/me/act" {
                (hidden("do", "rule")) (hidden("part", "people")) (hidden("seat", id))
                label for={ "rp-" (id) } { "Proposes" }
                select id={ "rp-" (id) } name="proposers" { @for (value, name, kind) in members { option value=(value) selected[team.rule.proposers == kind] { (name) } } }
                label for={ "rs-" (id) } { "Others who must second" }
                input id={ "rs-" (id) } name="seconds" type="number" min="0" max="9" value=(team.rule.seconds_needed);
                label for={ "rd-" (id) } { "Orders" }
                select id={ "rd-" (id) } name="deciders" { @for (value, name, kind) in members { option value=(value) selected[team.rule.deciders == kind] { (name) } } }
                label for={ "rl-" (id) } { "Lead" }
                select id={ "rl-" (id) } name="lead" {
                    option value="" { "Nobody" }
                    @for member in &team.members { option value=(member.person.0) selected[member.is_lead] { (member.name) } }
                }
                button { "Set the rule" }
            }
        }
    }
}

/// The form for a grant of technicians.
pub fn grant(staff: &StaffView) -> Markup {
    html! {
        form method="post" action="/me/act" {
            (hidden("do", "grant")) (hidden("part", "control"))
            label for="grant-organisation" { "Organisation" }
            select id="grant-organisation" name="organisation" { @for (index, name) in &staff.organisations { option value=(index.number()) { (name) } } }
            label for="grant-technicians" { "Technicians, negative to take away" }
            input id="grant-technicians" name="technicians" type="number" min="-100000" max="100000" value="10";
            label for="grant-hours" { "Hours" }
            input id="grant-hours" name="hours" type="number" min="1" max="8760" value="12";
            button { "Grant" }
        }
    }
}

/// Buttons to open the reports and the run file after the end.
pub fn reports(views: &Views) -> Markup {
    html! {
        @if views.staff.common.is_over {
            p { "The exercise has ended. Reports, one for each seat:" }
            ul { @for (_, team) in &views.seats { li { a href={ "/report/" (team.seat_id) } { "Report of " (team.name) } } } }
            p { a href="/log.run" { "Run file" } }
        }
        p.small {
            @match &views.staff.saving {
                Ok(path) => { "Saved in " code { (path) } },
                Err(trouble) => { strong { "Not saved: " } (trouble) },
            }
        }
    }
}

/// A button that needs no fields.
pub fn simple(action: &str, label: &str, class: &str) -> Markup {
    button(action, "clock", &[], label, class)
}
