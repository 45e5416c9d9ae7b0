//! The page of a facilitator: clock, script, seats, people, and everything that reaches the seats.

use maud::{Markup, html};

use super::common::{clock, clock_bar, foot, head, hidden, note_form, scrolled};
use super::people::{forms, grant, reports, roster, simple};
use super::{Around, board, feedback, inbox, place, script, team};
use crate::base::words as format;
use crate::exercise::view::SPEEDS;
use crate::server::keeper::Views;
use crate::server::parts::{Audience, Page, Part};
use crate::server::shared::Shared;

pub fn parts(shared: &Shared, views: &Views) -> Vec<Part> {
    let audience = Audience { page: Page::Facilitator, seat: 0, variation: 0 };
    let staff = &views.staff;
    let part = |name, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, views.revision, make);
    vec![
        part(
            "clock",
            &|| html! { (clock(&views.facilitator.clock, &staff.common)) p.small.next-stop { (views.facilitator.clock.next_stop) " to the next event" } },
        ),
        part("pace", &|| pace(views)),
        part("script", &|| script::window(&staff.script, true)),
        part("seats", &|| seats(views)),
        part("people", &|| html! { (roster(staff, |row| shared.is_here(row.person))) (forms(views)) }),
        part("messages", &|| inbox::of_all_seats(&staff.messages)),
        part("control", &|| {
            html! {
                details #spoken { summary { "Decision given by voice" }
                ul { @for (_, team) in &views.seats { li { a href={ "/me/spoken/" (team.seat_id) } { (team.name) } } } }
            }
                details #grants { summary { "Grant technicians" } (grant(staff)) }
            }
        }),
        part("wash", &|| html! { (feedback::answers(staff)) (feedback::summary(staff)) }),
        part("log", &|| log(views)),
        part("reports", &|| reports(views)),
    ]
}

fn pace(views: &Views) -> Markup {
    let (clock, common) = (&views.facilitator.clock, &views.staff.common);
    html! {
        div.buttons {
            @if !common.has_begun { (simple("begin", "Begin the exercise", "")) }
            @if clock.is_paused { (simple("pause", "Run (space)", "")) } @else { (simple("pause", "Pause (space)", "")) }
            (simple("step", "One minute (.)", "quiet"))
            (simple("next", "Next event (n)", "quiet"))
            @if common.is_locked { (simple("unlock", "Unlock screens (l)", "")) } @else { (simple("lock", "Lock screens (l)", "quiet")) }
        }
        form.buttons method="post" action="/me/act" {
            (hidden("do", "speed")) (hidden("part", "clock"))
            @for (index, speed) in SPEEDS.iter().enumerate() {
                button.quiet[*speed != clock.speed] name="speed" value=(speed) data-key=(index + 1) { "×" (speed) }
            }
        }
    }
}

/// Every seat with its services, orders and proposals.
pub fn seats(views: &Views) -> Markup {
    html! {
        @for (view, team) in &views.seats {
            details id={ "seat-" (team.seat_id) } {
                summary {
                    (team.name) " "
                    span.small {
                        (format::counted(team.members.len() as u64, "person", "people")) " · "
                        @let outside = view.services.iter().filter(|row| row.is_yours && row.tolerance_min < row.below_min).count();
                        (format::counted(outside as u64, "service", "services")) " outside tolerance"
                        @if let Some(points) = view.score.points { " · " (format::number(points)) " points so far" }
                    }
                }
                (board::seat_services(view, &format!("Services of {}", team.name)))
                h4 { "Proposals" } (team::watched(team))
                h4 { "Orders" } (board::given(&view.orders, false))
            }
        }
    }
}

/// Everything that happened, newest first.
pub fn log(views: &Views) -> Markup {
    html! {
        ol.log { @for row in &views.staff.log { li { span.small { (row.time) } " " @if !row.by.is_empty() { strong { (row.by) } ": " } (row.what) } } }
    }
}

/// Values and names of what a note of staff can be about.
pub fn about(views: &Views) -> Vec<(String, String)> {
    let everything = std::iter::once((String::new(), "The whole exercise".to_owned()));
    let seats = views.seats.iter().map(|(_, team)| (team.seat_id.clone(), team.name.clone()));
    let objectives = views.staff.objectives.iter();
    let objectives =
        objectives.map(|row| (format!("{}:{}", row.seat_id, row.position), format!("{}: {}", row.seat_name, row.name)));
    everything.chain(seats).chain(objectives).collect()
}

fn codes(shared: &Shared) -> Markup {
    let codes = shared.codes();
    html! {
        dl.figures {
            div { dt { "PIN for participants" } dd { (codes.pin) } }
            div { dt { "Address" } dd { (shared.base) "/" } }
            div { dt { "Code for staff" } dd { (codes.code) } }
            div { dt { "Address for staff" } dd { (shared.base) "/staff" } }
        }
        p { a href={ "/wall/" (codes.wall_key) } target="_blank" rel="noopener" { "Open the page for the wall" } }
    }
}

/// The page around the parts.
pub fn content(shared: &Shared, views: &Views, parts: &[Part], around: &Around<'_>) -> Markup {
    let seats: Vec<(String, String)> =
        views.seats.iter().map(|(_, team)| (team.seat_id.clone(), team.name.clone())).collect();
    html! {
        (head(around))
        (clock_bar(parts))
        nav aria-label="On this page" { ul {
            li { a href="#control" { "Control" } } li { a href="#script" { "Script" } } li { a href="#seats" { "Seats" } }
            li { a href="#write" { "Write" } } li { a href="#people" { "People" } } li { a href="#log" { "Log" } }
        } }
        main #main {
            h1.hidden { "Facilitator" }
            (place(parts, "reports"))
            div.columns {
                section #control aria-labelledby="h-control" { h2 #h-control { "Control" }
                    (place(parts, "pace")) (clock_forms()) (place(parts, "control"))
                }
                section #script aria-labelledby="h-script" { h2 #h-script { "Script" } (place(parts, "script")) }
                section #seats aria-labelledby="h-seats" { h2 #h-seats { "Seats" } (place(parts, "seats")) }
                section #write aria-labelledby="h-write" { h2 #h-write { "Write to seats" }
                    (inbox::compose(&seats)) (wall_forms()) details #messages { summary { "Messages of all seats" } (place(parts, "messages")) }
                }
                section #people aria-labelledby="h-people" { h2 #h-people { "People and teams" } (codes(shared)) (place(parts, "people")) }
                section #notes aria-labelledby="h-notes" { h2 #h-notes { "Notes and hot wash" } (note_form(&about(views))) (wash_form()) (place(parts, "wash")) }
                section #log aria-labelledby="h-log" { h2 #h-log { "Log" } (scrolled("Entries, newest first", parts, "log")) }
            }
        }
        (foot(around))
    }
}

fn clock_forms() -> Markup {
    html! {
        details #jump { summary { "Move the clock to a time" }
            form method="post" action="/me/act" {
                (hidden("do", "jump")) (hidden("part", "clock"))
                label for="jump-to" { "Time from the start, like D+0 H+9 M+30" }
                input id="jump-to" name="to" required;
                button { "Move the clock" }
            }
        }
        details #end { summary { "End the exercise…" }
            form method="post" action="/me/act" {
                (hidden("do", "end")) (hidden("part", "clock"))
                label.check { input type="checkbox" name="sure" value="1" required; " The rest of the scenario is played without orders. This cannot be undone" }
                button { "End the exercise" }
            }
        }
    }
}

fn wall_forms() -> Markup {
    html! {
        details #to-wall { summary { "On the wall and on every page" }
            form method="post" action="/me/act" {
                (hidden("do", "wall")) (hidden("part", "clock"))
                label for="wall-text" { "Words; none take the last ones away" }
                input id="wall-text" name="text" maxlength="200";
                button { "Show" }
            }
            form method="post" action="/me/act" {
                (hidden("do", "countdown")) (hidden("part", "clock"))
                label for="countdown-minutes" { "Countdown in minutes; 0 takes it away" }
                input id="countdown-minutes" name="minutes" type="number" min="0" max="1440" value="5";
                label for="countdown-text" { "Words before it" }
                input id="countdown-text" name="text" maxlength="200";
                button { "Count down" }
            }
        }
    }
}

fn wash_form() -> Markup {
    html! {
        form method="post" action="/me/act" {
            (hidden("do", "hot-wash")) (hidden("part", "wash"))
            label.check { input type="checkbox" name="open" value="1" checked; " Hot wash is open" }
            label.check { input type="checkbox" name="anonymous" value="1" checked; " Answers are anonymous" }
            button { "Set the hot wash" }
        }
    }
}
