//! The kind of a figure. Figures of one kind move together, because their authors judged them by one rule.
//!
//! A figure of `world.ron` is a kind of its own. In organisations and in patterns of members, the same field of all
//! organisations of a sector is one kind, and the three shifts of a crew are one kind; in mitigations, the same field
//! of a group of mitigations.

use super::Frame;
use crate::scenario::documents::Documents;
use crate::scenario::schema::{Group, Organisation};
use crate::scenario::walk::Step;

/// The kind of the figure at the end of these steps: `channels/sensor/receipt_mean_min`,
/// `sectors/airline/fleets/hosts`. Empty for figures that no program moves: numbers of organisations, published
/// numbers, and provenances without numbers.
pub(super) fn kind(docs: &Documents, frames: &[&Frame]) -> String {
    let path = |frames: &[&Frame]| frames.iter().map(|frame| frame.id()).collect::<Vec<_>>().join("/");
    let steps: Vec<Step> = frames.iter().map(|frame| frame.step).collect();
    let Some((Step::Field(document), rest)) = steps.split_first() else { return String::new() };
    match (*document, rest) {
        ("world", [Step::Field("profiles"), Step::Element(index), ..]) => {
            if moves_profile(docs, &docs.world.profiles[*index].id) { path(&frames[1..3]) } else { String::new() }
        }
        ("world", _) => path(&frames[1..]),
        ("organisations", [Step::Element(index), fields @ ..]) => in_sector(&docs.organisations[*index].sector, fields),
        ("populations", [Step::Element(_), Step::Field("count")]) => String::new(),
        ("populations", [Step::Element(index), Step::Field("member"), fields @ ..]) => {
            in_sector(&docs.populations[*index].member.sector, fields)
        }
        ("mitigations", [Step::Element(index), fields @ ..]) => {
            let group = match docs.mitigations[*index].group {
                Group::Rollout => "rollout",
                Group::Repair => "repair",
                Group::People => "people",
                Group::Continuity => "continuity",
                Group::Communication => "communication",
            };
            format!("mitigations/{group}/{}", names(fields))
        }
        ("populations" | "seats", _) => path(frames),
        _ => String::new(),
    }
}

/// Shares of machines switched on move; weights of demand and rosters do not.
fn moves_profile(docs: &Documents, id: &str) -> bool {
    let members = docs.populations.iter().map(|population| &population.member);
    let is_roster = |org: &Organisation| org.staff.roster.as_deref() == Some(id);
    docs.world.fleet_kinds.iter().any(|kind| kind.switched_on == id)
        && !docs.organisations.iter().chain(members).any(is_roster)
}

fn in_sector(sector: &str, fields: &[Step]) -> String {
    match names(fields).as_str() {
        "staff/day" | "staff/evening" | "staff/night" => format!("sectors/{sector}/staff/shifts"),
        fields => format!("sectors/{sector}/{fields}"),
    }
}

/// The names of fields without elements: `fleets/hosts`.
fn names(steps: &[Step]) -> String {
    let name = |step: &Step| if let Step::Field(name) = step { Some(*name) } else { None };
    steps.iter().filter_map(name).collect::<Vec<_>>().join("/")
}
