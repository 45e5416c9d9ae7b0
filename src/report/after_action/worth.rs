//! What decisions were worth, if it was measured, and how to measure it if it was not.

use super::super::charts::{BEST, Bar, Mark, bars};
use super::super::document::{Block, Chart, Table};
use super::super::evidence::{Evidence, target_words};
use super::super::worth::{advice_words, range};
use crate::base::Tick;
use crate::base::words::{counted, signed};
use crate::scenario::compile::{Mitigation, Target};
use crate::study::Sign;
use crate::study::worth::{Advice, DecisionWorth, Moved, NAMED_MAX, Untaken, Worth, best, worst};

/// Most bars of the chart.
const BARS_MAX: usize = 15;

pub(super) fn worth(evidence: &Evidence<'_>) -> Vec<Block> {
    let Some(worth) = evidence.worth else {
        return vec![Block::Text(
            "The worth of the decisions was not measured for this report. `blackstart report RUNFILE --worth 32` measures it \
             on 32 seeds; `blackstart worth RUNFILE` has more."
                .to_owned(),
        )];
    };
    let seeds = counted(worth.luck.scores.len() as u64, "seed", "seeds");
    let mut blocks = vec![Block::Text(format!(
        "The worth of a decision is the score with it less the score of the same run without it, in the median of {seeds}. \
         Worths do not add up where decisions need each other or stand in for each other."
    ))];
    if worth.decisions.is_empty() {
        blocks.push(Block::Text("The seat gave no order, so there is no decision to weigh.".to_owned()));
    } else {
        blocks.push(Block::Chart(chart(evidence, worth)));
        blocks.push(Block::Table(decision_table(evidence, worth)));
        blocks.extend(joint_words(worth).map(Block::Text));
    }
    blocks.push(untaken(evidence, worth));
    blocks.push(Block::Text(luck_words(worth)));
    blocks
}

/// `Servers first for Delta, Crew servers`
fn words(evidence: &Evidence<'_>, mitigation: crate::base::Ix<Mitigation>, target: Target) -> String {
    let name = &evidence.scenario().docs.mitigations[mitigation.position()].name;
    format!("{name} for {}", target_words(evidence.scenario(), evidence.seat, target))
}

fn decision_words(evidence: &Evidence<'_>, found: &DecisionWorth) -> String {
    words(evidence, found.decision.mitigation, found.decision.target)
}

/// Best, worst and missed decision, for the first page.
pub(super) fn what_mattered(evidence: &Evidence<'_>) -> Option<Block> {
    let worth = evidence.worth?;
    let median = |found: &DecisionWorth| found.worth.score.median;
    let mut items = Vec::new();
    if let Some(best) = best(&worth.decisions) {
        let time = evidence.time(best.decision.tick);
        items.push(format!(
            "Best decision: {}, {time}, {} points",
            decision_words(evidence, best),
            signed(median(best))
        ));
    }
    if let Some(worst) = worst(&worth.decisions) {
        let time = evidence.time(worst.decision.tick);
        let words = decision_words(evidence, worst);
        items.push(format!("Costliest decision: {words}, {time}, {} points", signed(median(worst))));
    }
    if let Some(missed) = worth.untaken.best.first().filter(|missed| 0.0 < missed.gain.score.median) {
        items.push(format!(
            "Missed: {}, {}, would have gained {} points; known from {}",
            words(evidence, missed.mitigation, missed.target),
            evidence.time(missed.tick),
            signed(missed.gain.score.median),
            known_words(evidence, missed)
        ));
    }
    let next = |advice: &Advice| {
        let gain = signed(advice.gain.score.median);
        format!("Next time, {} ({gain} points)", advice_words(evidence.scenario(), worth, advice.what))
    };
    items.extend(worth.advice.iter().map(next));
    (!items.is_empty()).then_some(Block::List(items))
}

fn known_words(evidence: &Evidence<'_>, untaken: &Untaken) -> String {
    let known = untaken.known_from;
    match known.sign {
        Some(Sign::Message(inject)) => {
            let title = &evidence.scenario().docs.injects[inject.position()].title;
            format!("{}, message “{title}”", evidence.time(known.tick))
        }
        Some(Sign::Board(service)) => {
            format!("{}, {} below target", evidence.time(known.tick), evidence.service(service))
        }
        None if known.tick == Tick::ZERO => "before the clock starts".to_owned(),
        None => format!("{}, when it became possible", evidence.time(known.tick)),
    }
}

fn chart(evidence: &Evidence<'_>, worth: &Worth) -> Chart {
    let mut found: Vec<&DecisionWorth> = worth.decisions.iter().collect();
    found.sort_by(|a, b| b.worth.score.median.abs().total_cmp(&a.worth.score.median.abs()));
    found.truncate(BARS_MAX);
    let rows: Vec<Bar> = found
        .iter()
        .map(|found| {
            let score = &found.worth.score;
            Bar {
                label: decision_words(evidence, found),
                value: score.median,
                words: signed(score.median),
                band: Some((score.p5, score.p95)),
                mark: None,
            }
        })
        .collect();
    let first: Vec<String> = rows.iter().take(3).map(|bar| format!("{} {}", bar.label, bar.words)).collect();
    Chart {
        caption: "Worth in points, the largest effects first.".to_owned(),
        words: format!("Bar chart of the worth of decisions. {}. The table has all.", first.join("; ")),
        svg: bars(&rows, "", ("Median", "Nine runs in ten"), &Mark { name: "", color: BEST }),
    }
}

fn decision_table(evidence: &Evidence<'_>, worth: &Worth) -> Table {
    let head = ["Given", "Decision", "#Worth", "#Nine runs in ten", "#As early as possible", "#An hour later"];
    let mut table = Table::new("Points that each decision changed, and that another time would have changed", &head);
    for found in &worth.decisions {
        let moved = |moved: &Moved| {
            moved.effect.as_ref().map_or("not possible".to_owned(), |effect| signed(effect.score.median))
        };
        let earliest = match (&found.earliest.effect, found.earliest.tick) {
            (None, None) => "no earlier".to_owned(),
            _ => moved(&found.earliest),
        };
        table.row([
            evidence.time(found.decision.tick),
            decision_words(evidence, found),
            signed(found.worth.score.median),
            range(&found.worth.score),
            earliest,
            moved(&found.later),
        ]);
    }
    table
}

fn joint_words(worth: &Worth) -> Option<String> {
    let joint = worth.joint.as_ref()?;
    Some(format!(
        "All decisions together were worth {} points; the single worths add up to {}.",
        signed(joint.whole.score.median),
        signed(joint.sum.median)
    ))
}

fn untaken(evidence: &Evidence<'_>, worth: &Worth) -> Block {
    if worth.untaken.best.is_empty() {
        return Block::Text("No order that was tried and not given would have gained anything.".to_owned());
    }
    let caption = "Decisions not taken that would have gained most, each tried alone";
    let mut table = Table::new(caption, &["At", "Order", "#Gain", "#Nine runs in ten", "Known from"]);
    for untaken in worth.untaken.best.iter().take(NAMED_MAX) {
        table.row([
            evidence.time(untaken.tick),
            words(evidence, untaken.mitigation, untaken.target),
            signed(untaken.gain.score.median),
            range(&untaken.gain.score),
            known_words(evidence, untaken),
        ]);
    }
    Block::Table(table)
}

fn luck_words(worth: &Worth) -> String {
    let luck = &worth.luck;
    let count = luck.scores.len();
    if count == 1 {
        return "One seed says nothing about luck.".to_owned();
    }
    format!(
        "Luck: the same decisions have a median of {:.1} points over {count} seeds, and nine runs in ten have {:.1} to \
         {:.1}; this run has rank {} of {count}.",
        luck.band.median, luck.band.p5, luck.band.p95, luck.rank
    )
}
