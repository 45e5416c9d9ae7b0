//! The worth of decisions for programs: CSV and JSON.

use serde_json::{Value, json};

use super::Frame;
use crate::base::table::{csv_text, json_text};
use crate::session::runfile::target_key;
use crate::study::Sign;
use crate::study::worth::{Band, DecisionWorth, EVERY_SEED_MAX, Joint, LATER_MIN, Moved, PAIR_POINTS, Untaken, Worth};

/// One line for each decision under a line with the names of the columns. A cell is empty where there is no value.
pub fn csv(frame: &Frame, worth: &Worth) -> String {
    const MEMORY: &str = "writing to memory cannot fail";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(csv_head(worth)).expect(MEMORY);
    for (index, decision) in worth.decisions.iter().enumerate() {
        writer.write_record(csv_row(frame, worth, index, decision)).expect(MEMORY);
    }
    csv_text(&writer.into_inner().expect(MEMORY))
}

fn csv_head(worth: &Worth) -> Vec<String> {
    let mut head = ["decision", "tick", "utc", "order", "target", "seeds", "not_given"].map(str::to_owned).to_vec();
    head.extend(band_names("worth"));
    for moved in ["earliest", "later"] {
        head.extend([format!("{moved}_tick"), format!("{moved}_refused")]);
        head.extend(band_names(moved));
    }
    head.push("part".to_owned());
    for judged in &worth.judgement.objectives {
        head.extend(band_names(&judged.id));
    }
    head
}

fn band_names(name: &str) -> [String; 4] {
    ["own", "p5", "median", "p95"].map(|part| format!("{name}_{part}"))
}

fn csv_row(frame: &Frame, worth: &Worth, index: usize, found: &DecisionWorth) -> Vec<String> {
    let (scenario, decision) = (frame.scenario, &found.decision);
    let mut row = vec![
        (index + 1).to_string(),
        decision.tick.0.to_string(),
        scenario.start.iso(decision.tick),
        scenario.docs.mitigations[decision.mitigation.position()].id.clone(),
        target_key(scenario, decision.target),
        found.worth.seeds.to_string(),
        found.not_given.to_string(),
    ];
    row.extend(band_cells(Some(&found.worth.score)));
    for moved in [&found.earliest, &found.later] {
        row.push(moved.tick.map_or_else(String::new, |tick| tick.0.to_string()));
        row.push(moved.refused.clone().unwrap_or_default());
        row.extend(band_cells(moved.effect.as_ref().map(|effect| &effect.score)));
    }
    let part = worth.joint.iter().flat_map(|joint| &joint.parts).find(|part| part.decision == Some(index));
    row.push(part.map_or_else(String::new, |part| part.points.to_string()));
    found.worth.objectives.iter().for_each(|band| row.extend(band_cells(Some(band))));
    row
}

fn band_cells(band: Option<&Band>) -> [String; 4] {
    let cell = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [
        cell(band.and_then(|band| band.own)),
        cell(band.map(|band| band.p5)),
        cell(band.map(|band| band.median)),
        cell(band.map(|band| band.p95)),
    ]
}

/// One object. Numbers of decisions count from 1, as in the table; lists of objectives have the order of `objectives`.
pub fn json(frame: &Frame, worth: &Worth) -> String {
    let scenario = frame.scenario;
    let decisions: Vec<Value> =
        worth.decisions.iter().enumerate().map(|(index, found)| decision_value(frame, index, found)).collect();
    let untaken: Vec<Value> = worth.untaken.best.iter().map(|untaken| untaken_value(frame, untaken)).collect();
    let advice: Vec<Value> = worth
        .advice
        .iter()
        .map(|piece| json!({ "words": super::advice_words(scenario, worth, piece.what), "gain": piece.gain }))
        .collect();
    json_text(&json!({
        "scenario": scenario.docs.manifest.id,
        "scenario_digest": scenario.digest.to_string(),
        "seat": scenario.docs.seats[worth.seat.position()].id,
        "seed": frame.seed,
        "seeds": worth.luck.scores.len(),
        "figures": if worth.has_drawn_figures { "drawn" } else { "written" },
        "score": worth.judgement.score,
        "objectives": worth.judgement.objectives,
        "luck": { "scores": worth.luck.scores, "band": worth.luck.band, "rank": worth.luck.rank },
        "later_min": LATER_MIN,
        "decisions": decisions,
        "every_seed_max": EVERY_SEED_MAX,
        "own_seed_only": worth.own_seed_only.iter().map(|index| index + 1).collect::<Vec<_>>(),
        "joint": worth.joint.as_ref().map(joint_value),
        "untaken": { "open": worth.untaken.open, "tried": worth.untaken.tried, "best": untaken },
        "advice": advice,
    }))
}

fn decision_value(frame: &Frame, index: usize, found: &DecisionWorth) -> Value {
    let (scenario, decision) = (frame.scenario, &found.decision);
    let playbook = decision.entry.map(|entry| scenario.docs.playbooks[entry.playbook.position()].id.clone());
    json!({
        "decision": index + 1,
        "tick": decision.tick.0,
        "utc": scenario.start.iso(decision.tick),
        "order": scenario.docs.mitigations[decision.mitigation.position()].id,
        "target": target_key(scenario, decision.target),
        "playbook": playbook,
        "entry": decision.entry.map(|entry| entry.entry),
        "worth": found.worth,
        "not_given": found.not_given,
        "earliest": moved_value(&found.earliest),
        "later": moved_value(&found.later),
    })
}

fn moved_value(moved: &Moved) -> Value {
    json!({ "tick": moved.tick.map(|tick| tick.0), "effect": moved.effect, "refused": moved.refused })
}

fn joint_value(joint: &Joint) -> Value {
    let part = |part: &crate::study::worth::Part| json!({ "decision": part.decision.map(|index| index + 1), "points": part.points });
    let pair = |pair: &crate::study::worth::Pair| json!({ "one": pair.one + 1, "other": pair.other + 1, "both": pair.both, "surplus": pair.surplus });
    json!({
        "whole": joint.whole,
        "sum_of_worths": joint.sum,
        "parts": joint.parts.iter().map(part).collect::<Vec<_>>(),
        "parts_sum": joint.parts_sum,
        "permutations": joint.permutations,
        "without_part": joint.without_part.iter().map(|index| index + 1).collect::<Vec<_>>(),
        "pair_threshold": PAIR_POINTS,
        "pairs": joint.pairs.iter().map(pair).collect::<Vec<_>>(),
    })
}

fn untaken_value(frame: &Frame, untaken: &Untaken) -> Value {
    let (scenario, known) = (frame.scenario, untaken.known_from);
    let (inject, service) = match known.sign {
        Some(Sign::Message(inject)) => (Some(inject), None),
        Some(Sign::Board(service)) => (None, Some(service)),
        None => (None, None),
    };
    json!({
        "tick": untaken.tick.0,
        "utc": scenario.start.iso(untaken.tick),
        "order": scenario.docs.mitigations[untaken.mitigation.position()].id,
        "target": target_key(scenario, untaken.target),
        "gain": untaken.gain,
        "refused": untaken.refused,
        "known_from": {
            "tick": known.tick.0,
            "utc": scenario.start.iso(known.tick),
            "inject": inject.map(|inject| scenario.docs.injects[inject.position()].id.clone()),
            "service": service.map(|service| scenario.service_key(service)),
        },
    })
}
