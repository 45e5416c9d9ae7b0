//! Figures in words: their names, and their values with units.

use super::{Frame, Notes};
use crate::base::words::number;
use crate::scenario::documents::Documents;
use crate::scenario::walk::Step;

/// The unit of a number, by the last name in its path.
const UNITS: [(&str, Unit); 26] = [
    // A name that begins with `_` is a suffix.
    ("_min", Unit::After("min")),
    ("_usd", Unit::Dollars),
    ("_hours", Unit::After("h")),
    ("hours", Unit::After("h")),
    ("_per_hour", Unit::After("an hour")),
    ("_per_day", Unit::After("a day")),
    ("_factor", Unit::Times),
    ("backlog", Unit::After("min")),
    ("chance", Unit::Percent),
    ("day", PEOPLE),
    ("encrypted", Unit::Percent),
    ("evening", PEOPLE),
    ("failure", Unit::Percent),
    ("headroom", Unit::Times),
    ("hosts", Unit::Counted("host", "hosts")),
    ("in_scope", Unit::Percent),
    ("level", Unit::Percent),
    ("night", PEOPLE),
    ("people", PEOPLE),
    ("race_win", Unit::Percent),
    ("share", Unit::Percent),
    ("_share", Unit::Percent),
    ("technicians", PEOPLE),
    ("weekend", Unit::Percent),
    ("comprises", Unit::Counted("organisation", "organisations")),
    ("with_sensor", Unit::Percent),
];

const PEOPLE: Unit = Unit::Counted("person", "people");

#[derive(Clone, Copy)]
enum Unit {
    After(&'static str),
    /// Singular and plural.
    Counted(&'static str, &'static str),
    Dollars,
    Percent,
    Times,
}

/// Values of a field with their unit: `5, 10, 20 min`.
pub(super) fn value(field: &str, values: &[f64]) -> String {
    let mut names = field.rsplit('/');
    let last = names.next().unwrap_or_default();
    // The spreads of members have the names of the figures that they multiply, but not their units.
    let last = if names.next() == Some("spread") { "spread" } else { last };
    let is_of = |name: &str| last == name || (name.starts_with('_') && last.ends_with(name));
    let unit = UNITS.iter().find(|(name, _)| is_of(name)).map(|(_, unit)| *unit);
    let listed = |scale: f64| values.iter().map(|value| number(value * scale)).collect::<Vec<_>>().join(", ");
    match unit {
        None => listed(1.0),
        Some(Unit::After(word)) => format!("{} {word}", listed(1.0)),
        Some(Unit::Counted(one, many)) => format!("{} {}", listed(1.0), if values == [1.0] { one } else { many }),
        Some(Unit::Dollars) => format!("${}", listed(1.0)),
        Some(Unit::Percent) => format!("{}\u{a0}%", listed(100.0)),
        Some(Unit::Times) => format!("×{}", listed(1.0)),
    }
}

/// The label of a figure: the names on the path below its owner, as in `Gates and desks, hosts`. The label of a
/// provenance names its element: `event`, `order 3, Overtime`.
pub(super) fn label(docs: &Documents, frames: &[&Frame]) -> String {
    let mut label: Vec<String> = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let next = frames.get(index + 1).copied();
        match (frame.step, next) {
            // The owner is shown beside the label.
            (Step::Element(_), _) if index == 1 => {}
            (Step::Field(list), Some(Frame { step: Step::Element(_), .. })) if index == 0 => {
                if frames.get(2).is_some_and(|frame| frame.step == Step::Field("provenance")) {
                    label.push(one_of(list));
                }
            }
            (Step::Field(list), Some(Frame { step: Step::Element(number), notes })) => {
                label.push(notes.name.clone().unwrap_or_else(|| format!("{} {}", one_of(list), number + 1)));
                label.extend(notes.order.as_deref().map(|order| mitigation_name(docs, order)));
            }
            (Step::Field("provenance"), _) => {}
            (Step::Field(name), _) => label.push(spelled(name)),
            (Step::Element(_) | Step::Place(_) | Step::Choice(_) | Step::Tag(_), _) => {}
        }
    }
    label.join(", ")
}

/// The name of the mitigation that a playbook entry orders.
fn mitigation_name(docs: &Documents, order: &str) -> String {
    let mitigation = docs.mitigations.iter().find(|mitigation| mitigation.id == order);
    mitigation.map_or(order, |mitigation| &mitigation.name).to_owned()
}

/// The word for one element of a list: `fleet kind` for `fleet_kinds`.
fn one_of(list: &str) -> String {
    spelled(list.strip_suffix('s').unwrap_or(list))
}

/// A field's name without the unit, which is shown with the value.
fn spelled(field: &str) -> String {
    let bare =
        ["_min", "_usd", "_per_day", "_per_hour"].iter().find_map(|unit| field.strip_suffix(unit)).unwrap_or(field);
    bare.replace('_', " ")
}

/// The subject of a provenance, by the element that has it: the target of an order, the time of an event.
pub(super) fn subject(notes: &Notes) -> String {
    match &notes.target {
        Some(ids) if ids.is_empty() => "world".to_owned(),
        Some(ids) => ids.join("/"),
        None if notes.when.is_empty() => "a week, hour by hour".to_owned(),
        None => time(&notes.when),
    }
}

/// A trigger in words.
fn time(when: &[String]) -> String {
    let word = |index: usize| when.get(index).map_or("", String::as_str);
    match word(0) {
        "After" => format!("{} min after {}", word(2), word(1)),
        "Above" => format!("{} above {}", word(1), word(2)),
        "Below" => format!("{} below {}", word(1), word(2)),
        _ => word(1).replace('T', " "),
    }
}
