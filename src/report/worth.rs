//! The worth of decisions: a table for people, CSV with a line for each decision, JSON with everything.
//!
//! Equal measurements make equal bytes.

mod data;

use std::fmt::Write;

pub use data::{csv, json};

use super::names::{self, time};
use super::tables::{Column, counted, table as columns};
use crate::base::words::{figure, signed};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Scenario, Target};
use crate::study::Sign;
use crate::study::worth::{
    Band, DecisionWorth, EVERY_SEED_MAX, Joint, Moved, NAMED_MAX, PAIR_POINTS, PLAYERS_MAX, Search, Untaken, What,
    Worth,
};

/// The setup of the measurement, for heads of tables.
pub struct Frame<'a> {
    pub scenario: &'a Scenario,
    /// Seed of the run.
    pub seed: u64,
}

/// Luck, decisions, objectives, joint effects and decisions not taken.
pub fn table(frame: &Frame, worth: &Worth) -> String {
    let manifest = &frame.scenario.docs.manifest;
    let seat = &frame.scenario.docs.seats[worth.seat.position()];
    let seeds = counted(worth.luck.scores.len() as u64, "seed", "seeds");
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} ({}), {seeds} from {} on, times in UTC\n", seat.name, seat.id, frame.seed);
    text.push_str(&luck(worth));
    if worth.decisions.is_empty() {
        text.push_str("\nThe seat gave no order, so there is no decision to weigh.\n");
    } else {
        text.push_str(&decision_table(frame, worth));
        text.push_str(&objective_table(frame, worth));
    }
    if let Some(joint) = &worth.joint {
        text.push_str(&joint_text(frame, worth, joint));
    }
    text.push_str(&untaken_table(frame, &worth.untaken));
    text.push_str(&advice_text(frame, worth));
    text
}

fn luck(worth: &Worth) -> String {
    let (luck, score) = (&worth.luck, worth.judgement.score);
    let varied = if worth.has_drawn_figures { "luck and the figures drawn" } else { "luck" };
    if luck.scores.len() == 1 {
        return format!("Score {score:.1}. One seed says nothing about luck.\n");
    }
    let Band { p5, median, p95, .. } = luck.band;
    if luck.scores.iter().all(|other| *other == score) {
        let runs = counted(luck.scores.len() as u64, "seed", "seeds");
        return format!("Score {score:.1}, and the same on all of {runs}: {varied} made no difference.\n");
    }
    format!(
        "Score {score:.1}, rank {} of {}. The same decisions have a median of {median:.1} points; nine runs in ten have \
         {p5:.1} to {p95:.1}. What lies within that range is {varied}.\n",
        luck.rank,
        luck.scores.len()
    )
}

pub(super) fn range(band: &Band) -> String {
    format!("{} to {}", signed(band.p5), signed(band.p95))
}

/// `Servers first: Delta, Crew servers`
fn order_words(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target) -> String {
    let name = &scenario.docs.mitigations[mitigation.position()].name;
    names::target(scenario, target).map_or_else(|| name.clone(), |target| format!("{name}: {target}"))
}

fn decision_words(frame: &Frame, decision: &DecisionWorth) -> String {
    order_words(frame.scenario, decision.decision.mitigation, decision.decision.target)
}

fn decision_table(frame: &Frame, worth: &Worth) -> String {
    const COLUMNS: [Column; 8] = [
        Column::Right,
        Column::Left,
        Column::Left,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Left,
        Column::Right,
    ];
    let head = ["", "given", "decision", "worth", "5 to 95 %", "earlier", "as early as", "an hour later"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (index, decision) in worth.decisions.iter().enumerate() {
        let earliest = decision.earliest.tick.map_or("no earlier".to_owned(), |tick| time(frame.scenario, tick));
        rows.push(vec![
            (index + 1).to_string(),
            time(frame.scenario, decision.decision.tick),
            decision_words(frame, decision),
            signed(decision.worth.score.median),
            range(&decision.worth.score),
            moved_words(&decision.earliest),
            earliest,
            moved_words(&decision.later),
        ]);
    }
    let mut text =
        "\nWorth of each decision: points with it minus points without it, in the median of the seeds\n".to_owned();
    text.push_str("(earlier, later: points that the other time would have changed)\n");
    text.push_str(&columns(&COLUMNS, &rows));
    for (index, decision) in worth.decisions.iter().enumerate().filter(|(_, decision)| 0 < decision.not_given) {
        let seeds = counted(decision.not_given as u64, "seed", "seeds");
        let _ = writeln!(text, "note: decision {} was refused on {seeds}, where it counts as 0", index + 1);
    }
    for (index, decision) in worth.decisions.iter().enumerate() {
        if let (None, Some(reason)) = (&decision.later.effect, &decision.later.refused) {
            let _ = writeln!(text, "note: decision {} was not possible an hour later: {reason}", index + 1);
        }
    }
    if !worth.own_seed_only.is_empty() {
        let _ = writeln!(
            text,
            "note: only the {EVERY_SEED_MAX} decisions with the largest effects were measured on every seed; these have \
             values of the run's own seed: {}",
            numbers(&worth.own_seed_only)
        );
    }
    text
}

fn moved_words(moved: &Moved) -> String {
    moved.effect.as_ref().map_or("not possible".to_owned(), |effect| signed(effect.score.median))
}

/// `1, 2, 5`: positions as the table counts them.
fn numbers(positions: &[usize]) -> String {
    positions.iter().map(|position| (position + 1).to_string()).collect::<Vec<_>>().join(", ")
}

fn objective_table(frame: &Frame, worth: &Worth) -> String {
    let objectives = &worth.judgement.objectives;
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(objectives.iter().map(|judged| match judged.unit.as_str() {
        "USD" | "share" | "" => judged.name.clone(),
        unit => format!("{} ({unit})", judged.name),
    }));
    for (index, decision) in worth.decisions.iter().enumerate() {
        let mut row = vec![(index + 1).to_string()];
        let values = decision.worth.objectives.iter().zip(objectives);
        row.extend(values.map(|(band, judged)| {
            let shown = figure(band.median, &judged.unit);
            if 0.0 < band.median { format!("+{shown}") } else { shown }
        }));
        rows.push(row);
    }
    let set = vec![Column::Right; 1 + objectives.len()];
    let plain = format!("\nWhat each decision changed in {} (median; less is better)\n", the_objectives(frame, worth));
    plain + &columns(&set, &rows)
}

fn the_objectives(frame: &Frame, worth: &Worth) -> String {
    let seat = &frame.scenario.docs.seats[worth.seat.position()];
    counted(seat.objectives.len() as u64, "objective", "objectives")
}

fn joint_text(frame: &Frame, worth: &Worth, joint: &Joint) -> String {
    let whole = &joint.whole.score;
    let mut text = format!(
        "\nAll decisions together: {} points ({}). The worths above add up to {}: {}.\n",
        signed(whole.median),
        range(whole),
        signed(joint.sum.median),
        sum_words(whole.median, joint.sum.median)
    );
    let _ = writeln!(
        text,
        "\nParts of the whole (Shapley values, mean over {} and all seeds; they add up to {})",
        counted(joint.permutations, "permutation", "permutations"),
        signed(joint.parts_sum)
    );
    let row = |part: &crate::study::worth::Part| {
        let (number, words) = match part.decision {
            Some(index) => ((index + 1).to_string(), decision_words(frame, &worth.decisions[index])),
            None => (String::new(), format!("all others: {}", numbers(&joint.without_part))),
        };
        vec![number, words, signed(part.points)]
    };
    let rows: Vec<Vec<String>> = joint.parts.iter().map(row).collect();
    text.push_str(&columns(&[Column::Right, Column::Left, Column::Right], &rows));
    if !joint.without_part.is_empty() {
        let _ =
            writeln!(text, "note: only the {PLAYERS_MAX} decisions with the largest effects have parts of their own");
    }
    let _ = writeln!(text, "\nPairs whose joint effect differs from the sum of both by more than {PAIR_POINTS} point");
    for pair in &joint.pairs {
        let how = if pair.surplus.median < 0.0 { "need each other" } else { "stand in for each other" };
        let alone = pair.both.median - pair.surplus.median;
        let (one, other) = (pair.one + 1, pair.other + 1);
        let (both, alone) = (signed(pair.both.median), signed(alone));
        let _ = writeln!(text, "  {one} and {other} {how}: {both} points together, {alone} one by one");
    }
    if joint.pairs.is_empty() {
        text.push_str("  none\n");
    }
    text
}

fn sum_words(whole: f64, sum: f64) -> &'static str {
    if (whole - sum).abs() <= PAIR_POINTS {
        "the decisions hardly depend on each other"
    } else if sum < whole {
        "some decisions stand in for each other, so that each alone looks worth less"
    } else {
        "some decisions need each other, so that their worths count the same points more than once"
    }
}

fn untaken_table(frame: &Frame, search: &Search) -> String {
    let open = counted(search.open as u64, "order was open", "orders were open");
    let mut text =
        format!("\nDecisions not taken ({open} to the seat, {} were tried; gains do not add up)\n", search.tried);
    if search.best.is_empty() {
        text.push_str("  no order that was tried would have gained anything\n");
        return text;
    }
    let head = ["", "at", "order", "gain", "5 to 95 %", "known from"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (index, untaken) in search.best.iter().take(NAMED_MAX).enumerate() {
        rows.push(vec![
            (index + 1).to_string(),
            time(frame.scenario, untaken.tick),
            order_words(frame.scenario, untaken.mitigation, untaken.target),
            signed(untaken.gain.score.median),
            range(&untaken.gain.score),
            known_words(frame, untaken),
        ]);
    }
    let set = [Column::Right, Column::Left, Column::Left, Column::Right, Column::Right, Column::Left];
    text.push_str(&columns(&set, &rows));
    for (index, untaken) in search.best.iter().enumerate().filter(|(_, untaken)| 0 < untaken.refused) {
        let seeds = counted(untaken.refused as u64, "seed", "seeds");
        let _ =
            writeln!(text, "note: order {} would have been refused on {seeds}, which the band leaves out", index + 1);
    }
    text
}

/// What to do in a second play, in the words of the table.
fn advice_text(frame: &Frame, worth: &Worth) -> String {
    if worth.advice.is_empty() {
        return String::new();
    }
    let mut text = "\nNext time (each gain is that beside the lines before it, so that they add up)\n".to_owned();
    for advice in &worth.advice {
        let gain = signed(advice.gain.score.median);
        let _ = writeln!(text, "  {gain}  {}", advice_words(frame.scenario, worth, advice.what));
    }
    text
}

/// `give Kits to Delta Air Lines at Fri 19 Jul 06:30`
pub(super) fn advice_words(scenario: &Scenario, worth: &Worth, what: What) -> String {
    let order = |mitigation, target| order_words(scenario, mitigation, target);
    let given = |decision: usize| &worth.decisions[decision].decision;
    match what {
        What::Give { tick, mitigation, target, .. } => {
            format!("give at {}: {}", time(scenario, tick), order(mitigation, target))
        }
        What::Sooner { decision, tick } => {
            let decision = given(decision);
            let (early, late) = (time(scenario, tick), time(scenario, decision.tick));
            format!("give at {early}, not at {late}: {}", order(decision.mitigation, decision.target))
        }
        What::Leave { decision } => {
            let decision = given(decision);
            format!("leave out: {}", order(decision.mitigation, decision.target))
        }
    }
}

fn known_words(frame: &Frame, untaken: &Untaken) -> String {
    let known = untaken.known_from;
    let when = time(frame.scenario, known.tick);
    match known.sign {
        Some(Sign::Message(inject)) => {
            format!("{when}, message `{}`", frame.scenario.docs.injects[inject.position()].title)
        }
        Some(Sign::Board(service)) => {
            let service = names::target(frame.scenario, Target::Service(service)).unwrap_or_default();
            format!("{when}, {service} below target")
        }
        None if known.tick == Tick::ZERO => "before the clock starts".to_owned(),
        None => format!("{when}, when it became possible"),
    }
}
