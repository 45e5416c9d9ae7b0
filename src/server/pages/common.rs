//! Pieces that several pages use.

use maud::{Markup, html};

use super::{Around, place, role_title};
use crate::exercise::view::{ClockView, CommonView, NoteTag};
use crate::server::parts::Part;

/// The head of a person's page.
pub fn head(around: &Around<'_>) -> Markup {
    let place = if around.row.seat.is_empty() { role_title(around.row.role) } else { around.row.seat.as_str() };
    html! {
        a.skip href="#main" { "To the content" }
        header.head {
            p.banner { "EXERCISE" }
            p.who { strong { (place) } " · " (around.row.name) }
        }
        div #notice.notice role="alert" { @if let Some(notice) = &around.notice { p { (notice) } } }
        p #connection.connection role="status" {}
    }
}

/// The foot of a person's page.
pub fn foot(around: &Around<'_>) -> Markup {
    html! {
        footer {
            @if let Some(link) = &around.link {
                details {
                    summary { "Go on with another device" }
                    p { "This link is your place. Open it there, and show it to nobody: " }
                    p { code.link { (link) } }
                }
            }
            noscript {
                p {
                    @if around.is_still { a href="/me" { "Load this page again by itself" } }
                    @else { "Without scripts, this page loads itself every 20 seconds. " a href="/me?still=1" { "Stop that while I write" } }
                }
            }
            @if !around.is_secure {
                p.small { "This page comes over plain HTTP: people on the same network can read along. Write nothing here that is secret outside the exercise." }
            }
        }
    }
}

/// Time, pace, and the notices that everybody sees.
pub fn clock(clock: &ClockView, common: &CommonView) -> Markup {
    let state = match () {
        () if clock.is_ended => "ended",
        () if clock.is_ending => "playing to the end",
        () if !common.has_begun => "not begun",
        () if clock.is_paused => "paused",
        () => "running",
    };
    html! {
        dl.clock {
            div.time { dt { "Scenario time, " (clock.zone) } dd { (clock.time) @if !clock.utc.is_empty() { span.small { " " (clock.utc) } } } }
            div { dt { "Exercise time" } dd { (clock.exercise) } }
            div { dt { "Clock" } dd { (state) @if state == "running" { " ×" (clock.speed) } } }
        }
        @if let Some((text, ends_s)) = &common.countdown {
            p.countdown { (text) " " strong data-ends=(ends_s) { "…" } }
        }
        @if let Some(text) = &common.wall { p.wall-words { (text) } }
    }
}

/// The part with the clock as a landmark of its own, above the content.
pub fn clock_bar(parts: &[Part]) -> Markup {
    html! { div role="region" aria-label="Clock" { (place(parts, "clock")) } }
}

/// A part that scrolls inside its section, also by keyboard, with a label for those who do not see it. The part changes inside the frame, so that a reader keeps
/// their place.
pub fn scrolled(label: &str, parts: &[Part], name: &str) -> Markup {
    html! { div.scrolled tabindex="0" role="group" aria-label=(label) { (place(parts, name)) } }
}

/// A field for a confidence in per cent.
pub fn confidence(id: &str) -> Markup {
    html! {
        label for={ "c-" (id) } { "Confidence that it helps, 0 to 100 %" }
        input id={ "c-" (id) } name="confidence" type="number" inputmode="numeric" min="0" max="100" step="5";
    }
}

pub fn hidden(name: &str, value: impl std::fmt::Display) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A form of one button.
pub fn button(action: &str, part: &str, fields: &[(&str, String)], label: &str, class: &str) -> Markup {
    html! {
        form.inline method="post" action="/me/act" {
            (hidden("do", action)) (hidden("part", part))
            @for (name, value) in fields { (hidden(name, value)) }
            button class=(class) { (label) }
        }
    }
}

/// Names and values of the tags of notes.
pub const TAGS: [(NoteTag, &str, &str); 5] = [
    (NoteTag::Observation, "observation", "Observation"),
    (NoteTag::Strength, "strength", "Strength"),
    (NoteTag::Gap, "gap", "Gap"),
    (NoteTag::Risk, "risk", "Risk"),
    (NoteTag::Recommendation, "recommendation", "Recommendation"),
];

pub fn tag_word(tag: NoteTag) -> &'static str {
    TAGS.iter().find(|(found, ..)| *found == tag).map_or("Note", |(_, _, word)| word)
}

/// The form for a note. `about` are values and names of what it can be about.
pub fn note_form(about: &[(String, String)]) -> Markup {
    html! {
        form method="post" action="/me/act" {
            (hidden("do", "note")) (hidden("part", "notes"))
            label for="note-tag" { "Kind" }
            select id="note-tag" name="tag" { @for (_, value, word) in TAGS { option value=(value) { (word) } } }
            @if !about.is_empty() {
                label for="note-about" { "About" }
                select id="note-about" name="about" {
                    @for (value, name) in about { option value=(value) { (name) } }
                }
            }
            label for="note-text" { "Note" }
            textarea id="note-text" name="text" rows="3" maxlength="2000" required {}
            button { "Write note" }
        }
    }
}
