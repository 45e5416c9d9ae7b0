//! Figures in words: their names, and their values with units.

use super::{Node, Step, string};
use crate::base::words::number;
use crate::scenario::documents::Documents;
use crate::scenario::place::Shape;

/// What a number counts, by the last name in its path.
const UNITS: [(&str, Unit); 23] = [
    // A name that begins with `_` is the end of others.
    ("_min", Unit::After("min")),
    ("_usd", Unit::Dollars),
    ("_hours", Unit::After("h")),
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
    ("race_win", Unit::Percent),
    ("share", Unit::Percent),
    ("technicians", PEOPLE),
    ("weekend", Unit::Percent),
    ("comprises", Unit::Counted("organisation", "organisations")),
    ("with_sensor", Unit::Percent),
];

const PEOPLE: Unit = Unit::Counted("person", "people");

#[derive(Clone, Copy)]
enum Unit {
    After(&'static str),
    /// One and many.
    Counted(&'static str, &'static str),
    Dollars,
    Percent,
    Times,
}

/// Values of a field with their unit: `5, 10, 20 min`.
pub(super) fn value(field: &str, values: &[f64]) -> String {
    let last = field.rsplit('/').next().unwrap_or_default();
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

/// The name or title of an element.
pub(super) fn name(text: &str, step: Step) -> Option<String> {
    let Step::Element(node, _) = step else { return None };
    let field = node.field(text, "name").or_else(|| node.field(text, "title"))?;
    string(text, field)
}

/// A figure's own name, from the list of its owner on: `Gates and desks, hosts`. A provenance is
/// named by what it stands for: `event`, `order 3, Overtime`.
pub(super) fn label(docs: &Documents, text: &str, steps: &[Step]) -> String {
    let mut label: Vec<String> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let next = steps.get(at + 1).copied();
        match (*step, next) {
            // The owner has its own place beside the label.
            (Step::Element(..), _) if at == 1 => {}
            (Step::Field(list), Some(Step::Element(..))) if at == 0 => {
                if matches!(steps.get(2), Some(Step::Field("provenance"))) {
                    label.push(one_of(list));
                }
            }
            (Step::Field(list), Some(element @ Step::Element(_, index))) => {
                label.push(name(text, element).unwrap_or_else(|| format!("{} {}", one_of(list), index + 1)));
                label.extend(ordered(docs, text, element));
            }
            (Step::Field("provenance"), _) | (Step::Element(..), _) => {}
            (Step::Field(name), _) => label.push(spelled(name)),
        }
    }
    label.join(", ")
}

/// The name of the mitigation that a line of a playbook orders.
fn ordered(docs: &Documents, text: &str, step: Step) -> Option<String> {
    let Step::Element(node, _) = step else { return None };
    let order = string(text, node.field(text, "order")?)?;
    let mitigation = docs.mitigations.iter().find(|mitigation| mitigation.id == order);
    Some(mitigation.map_or(order, |mitigation| mitigation.name.clone()))
}

/// `fleet_kinds` of which this is one: `fleet kind`
fn one_of(list: &str) -> String {
    spelled(list.strip_suffix('s').unwrap_or(list))
}

/// A field's name without the unit, which stands with the value.
fn spelled(field: &str) -> String {
    let bare =
        ["_min", "_usd", "_per_day", "_per_hour"].iter().find_map(|unit| field.strip_suffix(unit)).unwrap_or(field);
    bare.replace('_', " ")
}

/// What a provenance stands for, from the element that has it: whom an order reaches, when an event
/// happens.
pub(super) fn subject(text: &str, element: &Node) -> String {
    match (element.field(text, "target"), element.field(text, "when")) {
        (Some(of), _) => target(text, of),
        (None, Some(when)) => time(text, when),
        (None, None) => "a week, hour by hour".to_owned(),
    }
}

/// A trigger in words.
fn time(text: &str, when: &Node) -> String {
    let part = |at: usize| when.item(text, at).map_or("", |node| &text[node.span.clone()]).trim_matches('"');
    match when.head(text) {
        "After" => format!("{} min after {}", part(1), part(0)),
        "Above" => format!("{} above {}", part(0), part(1)),
        "Below" => format!("{} below {}", part(0), part(1)),
        _ => part(0).replace('T', " "),
    }
}

/// Ids in a target: `airline/crew-servers`; `world` where there are none.
fn target(text: &str, node: &Node) -> String {
    let mut ids = Vec::new();
    node.walk(&mut |inner| {
        if inner.shape == Shape::Text {
            ids.extend(string(text, inner));
        }
    });
    if ids.is_empty() { "world".to_owned() } else { ids.join("/") }
}
