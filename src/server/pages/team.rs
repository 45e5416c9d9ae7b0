//! Proposals of a team: who proposed, who seconds, and the button of those who decide.

use maud::{Markup, html};

use super::common::{button, confidence, hidden};
use crate::exercise::action::PersonId;
use crate::exercise::view::{ProposalRow, ProposalState, TeamView};

/// Closed proposals on a page.
const CLOSED_MAX: usize = 10;

/// The decision flow as a member of the team sees it.
pub fn proposals(team: &TeamView, person: PersonId) -> Markup {
    let may_decide = team.members.iter().any(|member| member.person == person && member.may_decide);
    let open = |row: &&ProposalRow| row.state == ProposalState::Open;
    let closed: Vec<&ProposalRow> = team.proposals.iter().filter(|row| row.state != ProposalState::Open).collect();
    html! {
        p.small { (team.rule_words) }
        p.small {
            "In this team: "
            @for (index, member) in team.members.iter().enumerate() {
                @if 0 < index { ", " } (member.name) @if member.is_lead { " (lead)" } @if member.person == person { " (you)" }
            }
        }
        @if !team.proposals.iter().any(|row| row.state == ProposalState::Open) { p.empty { "Proposals of your team appear here" } }
        @for row in team.proposals.iter().filter(open) { (proposal(row, person, may_decide)) }
        @if !closed.is_empty() {
            details #closed-proposals { summary { "Closed proposals" } ul { @for row in closed.iter().take(CLOSED_MAX) { li.small {
                (row.name) " · " (row.target) ", by " (row.by_name) ": " (state(row))
            } } } }
        }
    }
}

fn proposal(row: &ProposalRow, person: PersonId, may_decide: bool) -> Markup {
    let is_own = row.by == person;
    let has_seconded = row.seconds.iter().any(|(by, _)| *by == person);
    let number = || vec![("proposal", row.number.to_string())];
    html! {
        article.proposal {
            h3 { (row.name) " · " (row.target) }
            (facts(row))
            @if let Some(refusal) = &row.refusal { p.small.refusal { "Not possible now: " (refusal) } }
            @if !is_own && !has_seconded {
                form method="post" action="/me/act" {
                    (hidden("do", "second")) (hidden("part", "proposals")) (hidden("proposal", row.number))
                    (confidence(&format!("p{}", row.number)))
                    button { "Second it" }
                }
            }
            @if may_decide && row.seconds_missing == 0 {
                (button("order-proposal", "proposals", &number(), "Order it", ""))
            }
            @if is_own || may_decide {
                (button("withdraw", "proposals", &number(), if is_own { "Withdraw" } else { "Set aside" }, "quiet"))
            }
        }
    }
}

/// Who proposed and seconded, with confidence and reason.
fn facts(row: &ProposalRow) -> Markup {
    html! {
        p.small {
            (row.time) " · proposed by " (row.by_name)
            @if let Some(confidence) = row.confidence_pct { ", " (confidence) " % sure" }
            @if !row.seconds.is_empty() {
                " · seconded by " @for (index, (_, name)) in row.seconds.iter().enumerate() { @if 0 < index { ", " } (name) }
            }
            @if 0 < row.seconds_missing { " · " (row.seconds_missing) " more to second" }
        }
        @if let Some(reason) = &row.reason { p.text { (reason) } }
    }
}

/// Proposals of a team as staff see them.
pub fn watched(team: &TeamView) -> Markup {
    html! {
        p.small { (team.rule_words) }
        ul.rows { @for row in team.proposals.iter().take(CLOSED_MAX) { li { span {
            strong { (row.name) " · " (row.target) } " " span.small { (state(row)) } (facts(row))
        } } } }
    }
}

fn state(row: &ProposalRow) -> &'static str {
    match row.state {
        ProposalState::Open => "open",
        ProposalState::Ordered => "ordered",
        ProposalState::Withdrawn => "withdrawn",
    }
}
