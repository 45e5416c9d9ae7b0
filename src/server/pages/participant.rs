//! The page of a participant: inbox, services, orders, team, notes.

use maud::{Markup, html};

use super::common::{clock, clock_bar, foot, head, note_form};
use super::drawer::Powers;
use super::{Around, board, drawer, feedback, inbox, place, team};
use crate::exercise::action::PersonId;
use crate::exercise::view::{MessageRow, TeamView};
use crate::server::keeper::Views;
use crate::server::parts::{Audience, Page, Part, variation};
use crate::server::shared::Shared;

/// The parts of a participant's page, from the view of the own seat alone; none without a seat.
pub fn parts(shared: &Shared, views: &Views, person: PersonId) -> Option<Vec<Part>> {
    let seat = views.seat_of(person)?;
    let (view, team) = &views.seats[seat];
    let revision = views.revision;
    let shared_by_seat = Audience { page: Page::Participant, seat, variation: 0 };
    let varied = |value: u64| Audience { variation: value, ..shared_by_seat };
    let common = &team.common;
    let is_locked = common.is_locked;
    let powers = powers(team, person);
    // People who have read the same messages see the same inbox.
    let unread: Vec<&MessageRow> = team.messages.iter().filter(|row| !row.readers.contains(&person)).collect();
    let unread = variation(unread.iter().map(|row| &row.id).collect::<Vec<_>>());
    let of_person = varied(variation(person));
    let has_fed_back = team.members.iter().any(|member| member.person == person && member.has_fed_back);
    let locked = |markup: Markup| {
        if is_locked {
            html! {}
        } else {
            markup
        }
    };
    let part = |name, audience, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, revision, make);
    let large = |name, audience, make: &dyn Fn() -> Markup| shared.parts.part(name, audience, views.beat, make);
    Some(vec![
        part("clock", shared_by_seat, &|| clock(&view.clock, common)),
        part("lock", shared_by_seat, &|| lock(is_locked, common.is_over)),
        part("board", shared_by_seat, &|| locked(board::own_services(view))),
        large("world", shared_by_seat, &|| locked(board::other_services(view))),
        part("inbox", varied(unread), &|| locked(inbox::of_person(&team.messages, &team.members, person))),
        part("proposals", of_person, &|| locked(team::proposals(team, person))),
        large("drawer", varied(variation(powers)), &|| locked(drawer::drawer(&view.drawer, powers))),
        part("given", varied(variation(powers.may_order)), &|| locked(board::given(&view.orders, powers.may_order))),
        part("notes", shared_by_seat, &|| locked(board::notes(&view.notes))),
        part("after", varied(variation(("after", has_fed_back))), &|| feedback::after(team, has_fed_back)),
    ])
}

fn powers(team: &TeamView, person: PersonId) -> Powers {
    let member = team.members.iter().find(|member| member.person == person);
    let (may_propose, may_decide) = member.map_or((false, false), |member| (member.may_propose, member.may_decide));
    let is_alone = team.is_alone && team.members.len() < 2;
    Powers {
        may_order: may_decide && may_propose && team.rule.seconds_needed == 0,
        may_propose: may_propose && !is_alone,
    }
}

fn lock(is_locked: bool, is_over: bool) -> Markup {
    html! {
        @if is_locked { p.locked role="status" { "The facilitator has locked the screens. Look at the facilitator" } }
        @if is_over { p.locked role="status" { "The exercise has ended. Stay for the hot wash" } }
    }
}

/// The page around the parts.
pub fn content(views: &Views, person: PersonId, parts: &[Part], around: &Around<'_>) -> Markup {
    let seat = views.seat_of(person).map(|position| &views.seats[position].1);
    let about = |team: &std::sync::Arc<TeamView>| {
        let objectives = team.objectives.iter().enumerate();
        let rows = objectives.map(|(position, (_, name))| (format!("{}:{position}", team.seat_id), name.clone()));
        std::iter::once((team.seat_id.clone(), "No objective in particular".to_owned())).chain(rows).collect::<Vec<_>>()
    };
    html! {
        (head(around))
        (clock_bar(parts))
        nav aria-label="On this page" { ul {
            li { a href="#inbox" { "Inbox" } } li { a href="#services" { "Services" } } li { a href="#team" { "Team" } }
            li { a href="#orders" { "Orders" } } li { a href="#notes" { "Notes" } }
        } }
        main #main {
            h1.hidden { (around.row.seat) }
            (place(parts, "lock"))
            (place(parts, "after"))
            div.columns {
                section #inbox aria-labelledby="h-inbox" { h2 #h-inbox { "Inbox" } (place(parts, "inbox")) }
                section #services aria-labelledby="h-services" {
                    h2 #h-services { "Services" } (place(parts, "board"))
                    details #others { summary { "Services of others" } (place(parts, "world")) }
                }
                section #team aria-labelledby="h-team" { h2 #h-team { "Team decisions" } (place(parts, "proposals"))
                    h3 { "Orders of the team" } (place(parts, "given"))
                }
                section #orders aria-labelledby="h-orders" { h2 #h-orders { "Orders you can give" } (place(parts, "drawer")) }
                section #notes aria-labelledby="h-notes" { h2 #h-notes { "Notes" }
                    @if let Some(team) = seat { (note_form(&about(team))) }
                    (place(parts, "notes"))
                }
            }
        }
        (foot(around))
    }
}
