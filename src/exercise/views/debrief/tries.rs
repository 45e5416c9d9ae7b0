//! The second try beside the run before.

use super::phrases::{measure, order_name};
use crate::assess::score::Judgement;
use crate::base::words::{figure, signed};
use crate::exercise::tries::{GivenOrder, given_orders};
use crate::exercise::view::{TriedDecision, TriedObjective, TriesView};
use crate::exercise::views::source::Source;
use crate::exercise::words::target_label;

/// Both tries side by side; none if the run is no second try.
pub fn tries(source: &Source, judgement: &Judgement) -> Option<TriesView> {
    let earlier = source.earlier()?;
    let objective = |(now, before): (&crate::assess::score::Judged, &crate::assess::score::Judged)| TriedObjective {
        name: now.name.clone(),
        earlier: measure(&before.unit, before.yours),
        now: measure(&now.unit, now.yours),
        gain: signed(now.points - before.points),
    };
    let now = given_orders(source.run(), earlier.seat);
    let pairs = paired(&earlier.decisions, &now);
    let is_same = |pair: &Pair| pair.0.is_some() && pair.0.map(|order| order.tick) == pair.1.map(|order| order.tick);
    let same = pairs.iter().filter(|pair| is_same(pair)).count();
    let row = |pair: &Pair| {
        let order = pair.0.or(pair.1)?;
        Some(TriedDecision {
            name: order_name(source.scenario(), order.mitigation),
            target: target_label(source.scenario(), order.target),
            earlier: pair.0.map(|order| source.time(order.tick)),
            now: pair.1.map(|order| source.time(order.tick)),
        })
    };
    let (score, before) = (judgement.score, earlier.judgement.score);
    Some(TriesView {
        verdict: verdict(score - before),
        earlier_score: before,
        score,
        from: source.time(earlier.from),
        objectives: judgement.objectives.iter().zip(&earlier.judgement.objectives).map(objective).collect(),
        decisions: pairs.iter().filter(|pair| !is_same(pair)).filter_map(row).collect(),
        same,
    })
}

fn verdict(gain: f64) -> String {
    match gain {
        gain if 0.05 <= gain => format!("The second try won {} points more", figure(gain, "")),
        gain if gain <= -0.05 => format!("The second try lost {} points against the first", figure(-gain, "")),
        _ => "Both tries have the same score".to_owned(),
    }
}

/// The same decision in the earlier and in this try.
type Pair = (Option<GivenOrder>, Option<GivenOrder>);

/// Decisions of both tries in the order of time. The n-th order of a mitigation for a target in one try is the same
/// decision as the n-th in the other.
fn paired(earlier: &[GivenOrder], now: &[GivenOrder]) -> Vec<Pair> {
    let mut open: Vec<Option<GivenOrder>> = now.iter().copied().map(Some).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for order in earlier {
        let is_same = |other: &GivenOrder| (other.mitigation, other.target) == (order.mitigation, order.target);
        let found = open.iter_mut().find(|other| other.as_ref().is_some_and(is_same));
        pairs.push((Some(*order), found.and_then(Option::take)));
    }
    pairs.extend(open.into_iter().flatten().map(|order| (None, Some(order))));
    pairs.sort_by_key(|(earlier, now)| earlier.or(*now).map(|order| order.tick));
    pairs
}
