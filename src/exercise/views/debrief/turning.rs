//! The decisions that mattered, what to do next time, and the progress of the measurement that tells both.

use super::decisions::known;
use super::phrases::{basis, order_name, order_phrase};
use crate::base::words::{capital, signed};
use crate::exercise::view::{DecisionRow, TurningKind, TurningPoint, WeighingState, WeighingView};
use crate::exercise::views::source::Source;
use crate::exercise::weighing::{SEEDS, State};
use crate::exercise::words::target_label;
use crate::study::worth::{Advice, Decision, DecisionWorth, Untaken, What, Worth, best, worst};

/// The progress of the measurement.
pub fn progress(source: &Source) -> WeighingView {
    let Some(weighing) = source.weighing() else {
        return WeighingView {
            words: "Your decisions are weighed once the run is judged…".to_owned(),
            ..WeighingView::default()
        };
    };
    let (state, words) = match &weighing.state {
        State::Running => {
            let seed = (weighing.seeds_done() + 1).min(SEEDS);
            (WeighingState::Running, format!("Weighing your decisions, seed {seed} of {SEEDS}…"))
        }
        State::Finished => (WeighingState::Finished, format!("Weighed on {} seeds", weighing.seeds_done())),
        State::Stopped(reason) => (WeighingState::Stopped, format!("Your decisions are not weighed: {reason}")),
    };
    WeighingView { state, words, done: weighing.done() }
}

/// The best, the worst and the missed decision, as far as they are known.
pub fn turning_points(source: &Source, rows: &[DecisionRow]) -> Vec<TurningPoint> {
    let Some(weighing) = source.weighing() else { return Vec::new() };
    let weighed: Option<Vec<&DecisionWorth>> =
        (0..weighing.decisions.len()).map(|index| weighing.decision(index)).collect();
    let mut points = Vec::new();
    // A decision is the best only among all of them.
    if let Some(weighed) = weighed {
        points.push(given(source, rows, TurningKind::Best, best(weighed.iter().copied())));
        points.push(given(source, rows, TurningKind::Worst, worst(weighed)));
    }
    if let Some(worth) = weighing.worth() {
        points.push(missed(source, worth.untaken.best.first()));
    }
    points
}

fn none(kind: TurningKind, sentence: &str) -> TurningPoint {
    TurningPoint {
        kind,
        name: sentence.to_owned(),
        target: String::new(),
        time: String::new(),
        minute: None,
        decision: None,
        points: String::new(),
        basis: String::new(),
    }
}

fn given(source: &Source, rows: &[DecisionRow], kind: TurningKind, found: Option<&DecisionWorth>) -> TurningPoint {
    let Some(found) = found else {
        let sentence = if kind == TurningKind::Best { "No decision won points" } else { "No decision cost points" };
        return none(kind, sentence);
    };
    let (scenario, decision) = (source.scenario(), &found.decision);
    let target = target_label(scenario, decision.target);
    let name = order_name(scenario, decision.mitigation);
    let is_row = |row: &DecisionRow| row.minute == decision.tick.0 && row.name == name && row.target == target;
    TurningPoint {
        kind,
        decision: rows.iter().position(is_row),
        time: source.time(decision.tick),
        minute: Some(decision.tick.0),
        points: signed(found.worth.score.median),
        basis: basis(&found.worth),
        name,
        target,
    }
}

fn missed(source: &Source, found: Option<&Untaken>) -> TurningPoint {
    let Some(found) = found else { return none(TurningKind::Missed, "No order that was tried would have won more") };
    let scenario = source.scenario();
    TurningPoint {
        kind: TurningKind::Missed,
        name: order_name(scenario, found.mitigation),
        target: target_label(scenario, found.target),
        time: source.time(found.tick),
        minute: Some(found.tick.0),
        decision: None,
        points: signed(found.gain.score.median),
        basis: capital(&known(source, found.known_from)),
    }
}

/// What to do next time, the sentence that gains most first.
pub fn next_time(source: &Source) -> Vec<String> {
    let Some(worth) = source.weighing().and_then(|weighing| weighing.worth()) else { return Vec::new() };
    let scenario = source.scenario();
    let decisions: Vec<Decision> = worth.decisions.iter().map(|decision| decision.decision.clone()).collect();
    let sentence = |(number, advice): (usize, &Advice)| {
        let (mitigation, target) = advice.what.order(&decisions);
        let (order, gain) = (order_phrase(scenario, mitigation, target), signed(advice.gain.score.median));
        // Each gain is that of a piece beside the pieces before it.
        let gain = if number == 0 { format!("{gain} points") } else { format!("{gain} points more") };
        match advice.what {
            What::Give { tick, known_from, .. } => {
                format!("Order {order} at {} ({gain}): {}.", source.time(tick), known(source, known_from))
            }
            What::Sooner { decision, tick } => {
                let late = source.time(decisions[decision].tick);
                format!("Give {order} at {}, not at {late} ({gain}).", source.time(tick))
            }
            What::Leave { .. } => format!("Leave {order} out ({gain})."),
        }
    };
    let sentences: Vec<String> = worth.advice.iter().enumerate().map(sentence).collect();
    if sentences.is_empty() {
        return vec![
            "No other order that was tried would have won more: play the same decisions on another seed.".to_owned(),
        ];
    }
    sentences
}

/// All decisions together beside the sum of their worths.
pub fn joint(worth: &Worth) -> Option<String> {
    let joint = worth.joint.as_ref()?;
    let (whole, sum) = (joint.whole.score.median, joint.sum.median);
    let how = if (whole - sum).abs() <= crate::study::worth::PAIR_POINTS {
        "the decisions hardly depend on each other"
    } else if sum < whole {
        "some decisions stand in for each other, so that each alone looks worth less"
    } else {
        "some decisions need each other, so that their worths count the same points more than once"
    };
    Some(format!("All decisions together: {} points. Their worths add up to {}: {how}", signed(whole), signed(sum)))
}
