//! Pages as HTML. They work without scripts: forms are posted and answered with the page again; with a script, parts
//! are replaced as they change.
//!
//! Must not show a participant anything but the view of the own seat. Texts of people are escaped by `maud`; no text
//! of a person is part of an address, a script or a style.

mod board;
mod common;
pub mod desks;
mod drawer;
mod evaluator;
mod facilitator;
mod feedback;
mod inbox;
pub mod join;
mod map;
mod participant;
mod people;
pub mod script;
mod team;
pub mod wall;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::keeper::{Views, now_s};
use super::parts::Part;
use super::shared::Shared;
use crate::base::palette;
use crate::exercise::action::{PersonId, PersonRole};
use crate::exercise::view::PersonRow;

/// Seconds after which a page without scripts loads itself again.
const REFRESH_S: u32 = 20;

/// The style of all pages: the colours of the window, and the rules of a file.
pub fn style() -> String {
    let colours = [
        ("ground", palette::GROUND),
        ("panel", palette::PANEL),
        ("raised", palette::RAISED),
        ("hairline", palette::HAIRLINE),
        ("outline", palette::OUTLINE),
        ("text", palette::TEXT),
        ("soft", palette::TEXT_SOFT),
        ("muted", palette::TEXT_MUTED),
        ("accent", palette::ACCENT),
        ("exercise", palette::EXERCISE),
        ("exercise-ink", palette::EXERCISE_INK),
        ("working", palette::WORKING),
        ("degraded", palette::DEGRADED),
        ("severe", palette::SEVERE),
        ("failed", palette::FAILED),
        ("untouched", palette::UNTOUCHED),
        ("sea", palette::SEA),
    ];
    let variables = colours.map(|(name, colour)| format!("--{name}:{colour};")).concat();
    format!(":root{{{variables}}}\n{}", include_str!("../../../assets/server/app.css"))
}

/// The land of the world, behind the map on the wall.
pub fn land() -> String {
    map::land(palette::LAND)
}

/// The sign of the program for the tab of a browser.
pub fn icon() -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="{}"/><circle cx="8" cy="8" r="4" fill="{}"/></svg>"#,
        palette::PANEL,
        palette::ACCENT
    )
}

/// What a page has around its content.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame<'a> {
    pub title: &'a str,
    /// The feed with the revision of the page.
    pub feed: Option<&'a str>,
    /// Loads itself again if scripts are off.
    pub refreshes: bool,
    pub class: &'a str,
}

/// A whole page.
pub fn page(frame: Frame<'_>, content: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (frame.title) " · EXERCISE" }
                link rel="stylesheet" href="/app.css";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                @if frame.refreshes { noscript { meta http-equiv="refresh" content=(REFRESH_S); } }
                script src="/app.js" defer {}
            }
            // Clocks of phones go wrong, and a countdown must end for all at the same moment.
            body class=(frame.class) data-feed=[frame.feed] data-now=(now_s()) { (content) }
        }
    };
    page.into_string()
}

/// The page of a person; none if the person was removed.
pub fn own_page(shared: &Shared, views: &Views, person: PersonId, is_still: bool) -> Option<String> {
    let row = views.row_of(person)?;
    let parts = parts(shared, views, person)?;
    let notice = shared.take_notice(person);
    let feed = format!("/me/feed?since={}-{}", shared.start, views.revision);
    let link = shared.codes().token_of(person).map(|token| format!("{}/chair/{token}", shared.base));
    let around = Around { row, notice, link, is_still, is_secure: shared.is_secure() };
    let content = match row.role {
        PersonRole::Participant => participant::content(views, person, &parts, &around),
        PersonRole::Facilitator => facilitator::content(shared, views, &parts, &around),
        PersonRole::Evaluator => evaluator::content(views, &parts, &around),
        PersonRole::Observer => evaluator::observer(&parts, &around),
    };
    let title = if row.seat.is_empty() { role_title(row.role) } else { row.seat.as_str() };
    let class = match row.role {
        PersonRole::Participant => "participant",
        PersonRole::Facilitator => "facilitator",
        PersonRole::Evaluator => "evaluator",
        PersonRole::Observer => "observer",
    };
    Some(page(Frame { title, feed: Some(&feed), refreshes: !is_still, class }, content))
}

/// The parts of a person's page; none if the person was removed.
pub fn parts(shared: &Shared, views: &Views, person: PersonId) -> Option<Vec<Part>> {
    let row = views.row_of(person)?;
    Some(match row.role {
        PersonRole::Participant => participant::parts(shared, views, person)?,
        PersonRole::Facilitator => facilitator::parts(shared, views),
        PersonRole::Evaluator => evaluator::parts(shared, views),
        PersonRole::Observer => evaluator::observer_parts(shared, views),
    })
}

/// What a page shows beside its parts.
pub struct Around<'a> {
    pub row: &'a PersonRow,
    /// The refusal of the last form.
    pub notice: Option<String>,
    /// The person's secret link.
    pub link: Option<String>,
    pub is_still: bool,
    /// The page comes over TLS.
    pub is_secure: bool,
}

pub fn role_title(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Participant => "Participant",
        PersonRole::Facilitator => "Facilitator",
        PersonRole::Evaluator => "Evaluator",
        PersonRole::Observer => "Observer",
    }
}

/// A part in its place.
pub fn place(parts: &[Part], name: &str) -> Markup {
    let html = parts.iter().find(|part| part.name == name).map_or("", |part| &*part.html);
    html! { div id={ "part-" (name) } data-part=(name) { (PreEscaped(html)) } }
}
