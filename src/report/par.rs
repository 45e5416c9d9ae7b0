//! The result of a search for par as a playbook file. Must not search.

use std::fmt::Write;

use crate::base::Ix;
use crate::scenario::compile::{Scenario, Seat, Target};
use crate::session::runfile::target_key;
use crate::study::decisions::Searched;

/// A playbook in RON, with what the plan leaves of the harm as a comment.
pub fn playbook(scenario: &Scenario, seat: Ix<Seat>, found: &Searched, seeds: u64) -> String {
    let id = &scenario.docs.seats[seat.position()].id;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut text = format!(
        "// Harm that is left, of the harm if nobody acts: {} on seeds 1 to {seeds}, {} on the next {seeds}; par of the\n\
         // scenario leaves {} and {}.\n\
         (\n    id: \"searched-{id}\",\n    name: \"Searched plan\",\n    summary: \"The strongest plan that a search found for \
         the seat {id}.\",\n    orders: [\n",
        percent(found.left),
        percent(found.left_elsewhere),
        percent(found.par_left),
        percent(found.par_left_elsewhere),
    );
    for &(tick, (mitigation, target)) in &found.orders {
        let order = &scenario.docs.mitigations[mitigation.position()].id;
        let when = scenario.start.iso(tick);
        let key = target_key(scenario, target);
        let target = match target {
            Target::World => "World".to_owned(),
            Target::Organisation(_) => format!("Organisation(\"{key}\")"),
            Target::Fleet(_) => format!("Fleet(\"{key}\")"),
            Target::Service(_) => format!("Service(\"{key}\")"),
        };
        let _ = write!(
            text,
            "        (\n            when: At(\"{when}\"), order: \"{order}\", target: {target},\n            \
             provenance: Invented((), \"found by a search over seeds\"),\n        ),\n",
        );
    }
    text.push_str("    ],\n)\n");
    text
}
