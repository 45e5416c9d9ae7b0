//! The page for the wall: map, clock, large figures, the last public message, and the join code until the exercise begins.
//!
//! Must not show what only some seats know.

use std::cell::LazyCell;

use maud::{Markup, PreEscaped, html};

use super::board::state_words;
use super::common::clock;
use super::{Frame, page as whole, place};
use super::{feedback, map};
use crate::base::words as format;
use crate::exercise::view::WallView;
use crate::server::keeper::Views;
use crate::server::parts::{Audience, Page, Part};
use crate::server::shared::Shared;
use crate::server::wall::view_of;

pub fn parts(shared: &Shared, views: &Views) -> Vec<Part> {
    let audience = Audience { page: Page::Wall, seat: 0, variation: 0 };
    let common = &views.staff.common;
    let part = |name, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, views.revision, make);
    let wall = LazyCell::new(|| view_of(views));
    vec![
        part("clock", &|| clock(&views.facilitator.clock, common)),
        part("join", &|| html! { @if !common.has_begun { (join(shared, &wall)) } }),
        shared.parts.part("map", audience, views.beat, || map::organisations(&views.facilitator.map)),
        part("figures", &|| html! { @if common.has_begun { (figures(&wall)) } }),
        part("message", &|| message(&wall)),
        part(
            "wash",
            &|| html! { @if common.hot_wash { section { h2 { "Hot wash" } (feedback::answers(&views.staff)) } } },
        ),
    ]
}

pub fn page(shared: &Shared, views: &Views) -> String {
    let parts = parts(shared, views);
    let key = shared.codes().wall_key.clone();
    let feed = format!("/wall/{key}/feed?since={}-{}", shared.start, views.revision);
    let content = html! {
        header.head { p.banner { "EXERCISE" } p.who { (views.staff.common.scenario) } }
        p #connection.connection role="status" {}
        main #main {
            h1.hidden { "The exercise" }
            (place(&parts, "clock"))
            (place(&parts, "wash"))
            div.wall-columns {
                div { div.world { (place(&parts, "map")) } (place(&parts, "message")) }
                div { (place(&parts, "join")) (place(&parts, "figures")) }
            }
        }
    };
    whole(Frame { title: "Wall", feed: Some(&feed), refreshes: true, class: "wall" }, content)
}

/// PIN, address and QR code.
fn join(shared: &Shared, wall: &WallView) -> Markup {
    let pin = shared.codes().pin.clone();
    let address = shared.join_address();
    html! {
        section.join aria-labelledby="h-join" {
            h2 #h-join { "Join on your phone or laptop" }
            div.join-row {
                @if let Some(code) = picture(&address) { div.qr role="img" aria-label={ "QR code of " (shared.base) } { (PreEscaped(code)) } }
                div {
                    p.address { (shared.base) "/" }
                    p { "PIN " strong.pin { (pin) } }
                    p { (format::counted(wall.joined as u64, "person has", "people have")) " joined" }
                }
            }
        }
    }
}

/// The QR code of an address as SVG; none if the address is too long for one.
fn picture(address: &str) -> Option<String> {
    let code = qrcode::QrCode::new(address).ok()?;
    let svg = code.render::<qrcode::render::svg::Color>().min_dimensions(220, 220).build();
    // The declaration of XML does not belong inside a page.
    Some(svg.split_once("?>").map_or(svg.clone(), |(_, picture)| picture.to_owned()))
}

fn figures(wall: &WallView) -> Markup {
    let hosts = &wall.world.hosts;
    html! {
        ul.large {
            li { span.value { (format::thousands(hosts.down)) } span { "hosts down of " (format::thousands(hosts.total)) } }
            @for row in &wall.services {
                @let (class, sign, word) = state_words(row.state);
                li class=(class) {
                    span.value { span aria-hidden="true" { (sign) " " } (format::percent(row.level)) }
                    span { (row.name) ", " (row.organisation_name) }
                    span.small { (word) @if row.tolerance_min < row.below_min { ", outside tolerance" } }
                }
            }
        }
    }
}

/// The last message that every seat got.
fn message(wall: &WallView) -> Markup {
    html! {
        @if let Some(row) = &wall.message {
            section.public aria-labelledby="h-public" {
                h2 #h-public { (row.title) }
                p.text { (row.body) }
                p.small { (row.time) " · " (row.via.word()) " · " (row.from) }
            }
        }
    }
}
