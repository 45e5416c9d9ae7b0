//! The arithmetic of the score, and luck.

use super::phrases::measure;
use crate::assess::score::{Judged, Judgement, SCORE_MIN};
use crate::base::words::figure;
use crate::exercise::view::{LuckView, ObjectiveRow};
use crate::study::worth::Worth;

/// Objectives with their results and the arithmetic of their points.
pub fn objectives(judgement: &Judgement) -> impl Iterator<Item = ObjectiveRow> {
    judgement.objectives.iter().map(|objective| {
        let text = |value: f64| measure(&objective.unit, value);
        ObjectiveRow {
            name: objective.name.clone(),
            weight_pct: objective.weight * 100.0,
            yours: text(objective.yours),
            do_nothing: text(objective.do_nothing),
            reference: text(objective.reference),
            par: text(objective.par),
            points: Some(objective.points),
            arithmetic: arithmetic(objective),
        }
    })
}

fn arithmetic(objective: &Judged) -> String {
    let text = |value: f64| measure(&objective.unit, value);
    let (points, weight) = (figure(objective.points, ""), figure(objective.weight * 100.0, ""));
    let part = figure(part(objective), "");
    let (nothing, yours, par) = (text(objective.do_nothing), text(objective.yours), text(objective.par));
    let gained = if objective.do_nothing <= objective.par {
        format!("Par gains nothing here: {points} points, because yours is {yours} and par is {par}")
    } else {
        format!("100 × ({nothing} − {yours}) ÷ ({nothing} − {par}) = {points} points")
    };
    format!("{gained}; × weight {weight} % = {part}")
}

/// Points of the score that come from an objective.
fn part(objective: &Judged) -> f64 {
    objective.points * objective.weight
}

/// `23.1 + 18.4 = 41.5`
pub fn sum(judgement: &Judgement) -> String {
    let parts: Vec<String> = judgement.objectives.iter().map(|objective| figure(part(objective), "")).collect();
    let bound = if judgement.score == SCORE_MIN { " (not below −100)" } else { "" };
    format!("{} = {}{bound}", parts.join(" + "), figure(judgement.score, ""))
}

/// What preparation prevented, apart from the score.
pub fn bought(prevented: f64) -> String {
    let share = figure(prevented.abs(), "share");
    let done = match prevented {
        some if 0.0005 <= some => format!("spared {share} of the harm if nobody acts"),
        some if some <= -0.0005 => format!("added {share} to the harm if nobody acts"),
        _ => "spared nothing if nobody acts".to_owned(),
    };
    format!("What you bought before the clock ran {done}. The score leaves it out: it counts your orders alone")
}

/// The scores of the same decisions on other seeds; none if there is no other seed yet.
pub fn luck(worth: &Worth) -> Option<LuckView> {
    let (luck, score) = (&worth.luck, worth.judgement.score);
    let seeds = luck.scores.len();
    if seeds < 2 {
        return None;
    }
    let band = luck.band;
    let words = if luck.scores.iter().all(|other| *other == score) {
        format!("The same decisions score {score:.1} on all of {seeds} seeds: luck made no difference")
    } else {
        let stands = match () {
            () if score < band.p5 => "this run was unlucky",
            () if band.p95 < score => "this run was lucky",
            () => "what lies within that range is luck",
        };
        format!(
            "The same decisions on {seeds} seeds score {:.1} in the middle and {:.1} to {:.1} in nine runs of ten. Yours \
             has rank {} of {seeds}: {stands}",
            band.median, band.p5, band.p95, luck.rank
        )
    };
    Some(LuckView { words, scores: luck.scores.clone(), p5: band.p5, median: band.median, p95: band.p95 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_bought_is_told_apart() {
        let check =
            |prevented: f64, expected: &str| assert!(bought(prevented).contains(expected), "{}", bought(prevented));
        check(0.123, "ran spared 12.3\u{a0}% of the harm");
        check(-0.02, "ran added 2.0\u{a0}% to the harm");
        check(0.0, "ran spared nothing");
    }

    /// The arithmetic names a bound only where the bound decides.
    #[test]
    fn a_bound_is_named_where_it_decides() {
        let check = |yours: f64, points: f64, expected: &str| {
            let judged = Judged {
                id: "lost".to_owned(),
                name: "Flights lost".to_owned(),
                unit: "flights".to_owned(),
                weight: 0.5,
                yours,
                do_nothing: 100.0,
                reference: 80.0,
                par: 50.0,
                points,
            };
            let text = arithmetic(&judged);
            assert!(text.contains(expected), "{text}");
        };
        check(75.0, 50.0, "100 × (100 − 75) ÷ (100 − 50) = 50 points; × weight 50 % = 25");
        check(100.0, 0.0, "= 0 points; ×");
        check(120.0, -40.0, "100 × (100 − 120) ÷ (100 − 50) = −40 points; ×");
        check(10.0, 180.0, "= 180 points; ×");
    }
}
