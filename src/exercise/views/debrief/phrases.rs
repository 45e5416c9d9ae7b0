//! Orders, points and values in the words of the debrief.

use crate::base::Ix;
use crate::base::words as format;
use crate::exercise::view::WorthRow;
use crate::exercise::words::target_label;
use crate::scenario::compile::{Mitigation, Scenario, Target};
use crate::study::worth::Effect;

/// The name of a mitigation.
pub fn order_name(scenario: &Scenario, mitigation: Ix<Mitigation>) -> String {
    scenario.docs.mitigations[mitigation.position()].name.clone()
}

/// An order within a sentence: `“Servers first” for Delta Air Lines · Crew servers`.
pub fn order_phrase(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target) -> String {
    let name = order_name(scenario, mitigation);
    match target {
        Target::World => format!("“{name}”"),
        _ => format!("“{name}” for {}", target_label(scenario, target)),
    }
}

/// A difference in points as a row; a band needs several seeds.
pub fn worth_row(effect: &Effect) -> WorthRow {
    let band = effect.score;
    let words = || format!("{} to {}", format::signed(band.p5), format::signed(band.p95));
    WorthRow {
        median: band.median,
        p5: band.p5,
        p95: band.p95,
        points: format::signed(band.median),
        band: (1 < effect.seeds).then(words),
    }
}

/// What a number of points rests on: `+9.1 to +15 on 16 seeds`.
pub fn basis(effect: &Effect) -> String {
    match worth_row(effect).band {
        Some(band) => format!("{band} on {} seeds", effect.seeds),
        None => "on this seed".to_owned(),
    }
}

/// A value of an objective with its unit, as the screen prints it.
pub fn measure(unit: &str, value: f64) -> String {
    match unit {
        "min" => format::span(value.max(0.0) as u32),
        "share" => format::percent(value),
        "USD" => format::usd(value),
        "h" => format!("{} h", format::amount(value)),
        _ => format::amount(value),
    }
}

/// A change of an objective with its sign: `−3 h 12 min`; none if it is too small to print.
pub fn change(unit: &str, value: f64) -> Option<String> {
    let size = measure(unit, value.abs());
    let is_nothing = !size.contains(|digit: char| ('1'..='9').contains(&digit));
    (!is_nothing).then(|| if value < 0.0 { format!("−{size}") } else { format!("+{size}") })
}
