//! The drawer of mitigations: what each does, costs and takes, and why it is refused just now.

use maud::{Markup, html};

use super::common::{confidence, hidden};
use crate::base::words as format;
use crate::exercise::view::{MitigationRow, TargetRow};
use crate::scenario::schema::Group;
use crate::server::texts::target_text;

/// Targets in the list of one mitigation.
const TARGETS_MAX: usize = 60;

/// What a member of a team may do with an order.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Powers {
    pub may_order: bool,
    pub may_propose: bool,
}

const GROUPS: [(Group, &str); 5] = [
    (Group::Rollout, "How does it stop?"),
    (Group::Repair, "What is repaired first, and how?"),
    (Group::People, "Who repairs?"),
    (Group::Continuity, "What do people get meanwhile?"),
    (Group::Communication, "What do we say?"),
];

pub fn drawer(rows: &[MitigationRow], powers: Powers) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { "Your seat has no orders to give" } }
        @for (group, words) in GROUPS {
            @let of_group = || rows.iter().filter(move |row| row.group == group);
            @let open = of_group().filter(|row| row.refusal.is_none());
            @let group_rows: Vec<&MitigationRow> = open.chain(of_group().filter(|row| row.refusal.is_some())).collect();
            @if !group_rows.is_empty() {
                h3 { (words) }
                @for row in group_rows { (mitigation(row, powers)) }
            }
        }
    }
}

fn mitigation(row: &MitigationRow, powers: Powers) -> Markup {
    let id = row.mitigation.number();
    let open: Vec<&TargetRow> = row.targets.iter().filter(|target| target.refusal.is_none()).collect();
    html! {
        details.order.refused[row.refusal.is_some()] id={ "m-" (id) } {
            summary {
                span.name { (row.name) }
                span.small.block {
                    (format::cost(row.cost_usd)) " · " (lead(row.lead_min))
                    @if 0 < row.team_min { " · incident team " (format::span(row.team_min)) }
                    @if 0 < row.ordered { " · ordered " (row.ordered) "×" }
                }
                @if let Some(refusal) = &row.refusal { span.small.block.refusal { (refusal) } }
            }
            p { (row.summary) }
            @if !open.is_empty() && (powers.may_order || powers.may_propose) {
                form method="post" action="/me/act" {
                    (hidden("part", "drawer")) (hidden("mitigation", id))
                    label for={ "t-" (id) } { "For" }
                    select id={ "t-" (id) } name="target" {
                        @for target in open.iter().take(TARGETS_MAX) {
                            option value=(target_text(target.target)) {
                                (target.label) @if !target.detail.is_empty() { " (" (target.detail) ")" }
                                @if !target.price.is_empty() { ", " (target.price) }
                            }
                        }
                    }
                    (confidence(&id.to_string()))
                    label for={ "r-" (id) } { "Reason" }
                    textarea id={ "r-" (id) } name="reason" rows="2" maxlength="2000" {}
                    @if powers.may_order { button name="do" value="order" { "Give order" } }
                    @if powers.may_propose { button.quiet[powers.may_order] name="do" value="propose" { "Propose to the team" } }
                }
            }
            (closed_targets(row))
        }
    }
}

fn closed_targets(row: &MitigationRow) -> Markup {
    let closed: Vec<&TargetRow> =
        row.targets.iter().filter(|target| target.refusal.is_some()).take(TARGETS_MAX).collect();
    html! {
        @if !closed.is_empty() {
            details id={ "x-" (row.mitigation.number()) } {
                summary.small { "Not possible now for " (closed.len()) }
                ul.small {
                    @for target in closed { li { (target.label) ": " (target.refusal.as_deref().unwrap_or_default()) } }
                }
            }
        }
    }
}

fn lead(minutes: u32) -> String {
    if minutes == 0 { "at once".to_owned() } else { format!("takes effect in {}", format::span(minutes)) }
}
