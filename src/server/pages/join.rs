//! Pages for people without a chair: joining, and messages of the server.

use maud::{Markup, html};

use super::Frame;
use super::page as page_with;
use crate::server::keeper::Views;

/// The page on which participants join. A PIN from the QR code is filled in.
pub fn join_form(views: &Views, pin: &str, problem: Option<&str>) -> Markup {
    // Only digits: the address is not ours to repeat.
    let pin: String = pin.chars().filter(char::is_ascii_digit).take(12).collect();
    html! {
        main.narrow #main {
            h1 { "Join the exercise" }
            p { (views.staff.common.scenario) }
            (alert(problem))
            form method="post" action="/" {
                label for="pin" { "PIN, from the wall" }
                input id="pin" name="pin" inputmode="numeric" autocomplete="off" maxlength="12" required value=(pin);
                label for="name" { "Your name" }
                input id="name" name="name" autocomplete="name" maxlength="40" required;
                label for="seat" { "Seat" }
                select id="seat" name="seat" {
                    option value="" { "Where people are needed" }
                    @for (_, team) in &views.seats { option value=(team.seat_id) { (team.name) " (" (team.members.len()) ")" } }
                }
                button { "Join" }
            }
            p.small { "Your name goes into the log of the exercise and into its report." }
            p.small { a href="/staff" { "Facilitators, evaluators and observers join here" } }
        }
    }
}

pub fn page(views: &Views, pin: &str, problem: Option<&str>) -> String {
    framed("Join", html! { (banner()) (join_form(views, pin, problem)) })
}

/// The page on which facilitators, evaluators and observers join.
pub fn staff(views: &Views, code: &str, problem: Option<&str>) -> String {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let roles = [("evaluator", "Evaluator"), ("observer", "Observer"), ("facilitator", "Facilitator")];
    framed(
        "Join as staff",
        html! {
            (banner())
            main.narrow #main {
                h1 { "Join as staff" }
                p { (views.staff.common.scenario) }
                (alert(problem))
                form method="post" action="/staff" {
                    label for="code" { "Code, from the facilitator" }
                    input id="code" name="code" autocomplete="off" maxlength="20" required value=(code);
                    label for="name" { "Your name" }
                    input id="name" name="name" autocomplete="name" maxlength="40" required;
                    label for="role" { "Part" }
                    select id="role" name="role" { @for (value, name) in roles { option value=(value) { (name) } } }
                    button { "Join" }
                }
                p.small { a href="/" { "Participants join here" } }
            }
        },
    )
}

/// The page behind a secret link.
pub fn chair() -> String {
    framed(
        "Your place",
        html! { (banner()) main.narrow #main { h1 { "Your place in the exercise" } p { a.big href="/me" { "Go to your page" } } } },
    )
}

/// A message with a way back.
pub fn message(title: &str, words: &str) -> String {
    framed(
        title,
        html! { (banner()) main.narrow #main { h1 { (title) } p { (words) } p { a href="/" { "First page" } } } },
    )
}

fn banner() -> Markup {
    html! { header.head { p.banner { "EXERCISE" } p.who { "Blackstart" } } }
}

fn alert(problem: Option<&str>) -> Markup {
    html! { div.notice role="alert" { @if let Some(problem) = problem { p { (problem) } } } }
}

fn framed(title: &str, content: Markup) -> String {
    page_with(Frame { title, ..Frame::default() }, content)
}
