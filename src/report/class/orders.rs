//! Who decided what when, and which decisions told good runs from others.

use std::collections::BTreeMap;

use super::super::charts::{Dot, Lane, OWN, Shape, Span, lanes};
use super::super::document::{Block, Chart, Table};
use super::super::names;
use super::{Class, median, times};
use crate::base::Tick;

/// Most rows of the chart.
const LANES_MAX: usize = 20;
/// Most rows of the table of every decision; CSV has all.
const LISTED_MAX: usize = 400;
/// Fewest runs with an order, and without it, that are compared.
const COMPARED_MIN: usize = 2;
/// Least difference of medians in points that is told.
const TELLING_POINTS: f64 = 5.0;
/// Most such differences.
const TELLING_MAX: usize = 4;

/// An order of the class: its first time in each run that gave it, by member.
struct Kind<'a> {
    name: &'a str,
    target: &'a str,
    first: BTreeMap<usize, Tick>,
}

/// Orders by the number of runs that gave them, then by their middle time.
fn kinds<'a>(class: &'a Class<'_>) -> Vec<Kind<'a>> {
    let mut found: BTreeMap<(&str, &str), BTreeMap<usize, Tick>> = BTreeMap::new();
    for (index, member) in class.members.iter().enumerate() {
        for order in &member.orders {
            found.entry((&order.name, &order.target)).or_default().entry(index).or_insert(order.tick);
        }
    }
    let mut kinds: Vec<Kind<'a>> =
        found.into_iter().map(|((name, target), first)| Kind { name, target, first }).collect();
    kinds.sort_by_key(|kind| {
        let mut ticks: Vec<Tick> = kind.first.values().copied().collect();
        ticks.sort_unstable();
        (std::cmp::Reverse(ticks.len()), ticks[ticks.len() / 2])
    });
    kinds
}

pub(super) fn who_when(class: &Class<'_>) -> Vec<Block> {
    let kinds = kinds(class);
    if kinds.is_empty() {
        return vec![Block::Text("Nobody gave an order in any of the runs.".to_owned())];
    }
    let mut blocks = vec![Block::Chart(chart(class, &kinds)), Block::Table(kind_table(class, &kinds))];
    let all: usize = class.members.iter().map(|member| member.orders.len()).sum();
    blocks.push(Block::Table(every(class)));
    if LISTED_MAX < all {
        blocks.push(Block::Text(format!(
            "The table has the first {LISTED_MAX} of {all} decisions; `--format csv` has all."
        )));
    }
    blocks
}

fn chart(class: &Class<'_>, kinds: &[Kind<'_>]) -> Chart {
    let shown = &kinds[..kinds.len().min(LANES_MAX)];
    let rows: Vec<Lane> = shown
        .iter()
        .map(|kind| Lane {
            label: format!("{}, {}", kind.name, kind.target),
            color: OWN,
            dots: kind.first.values().map(|tick| Dot { minute: f64::from(tick.0), shape: Shape::Disc }).collect(),
        })
        .collect();
    let first = &class.members[0];
    let more = kinds.len() - shown.len();
    let rest = if more == 0 { String::new() } else { format!("; {more} more are in the table") };
    Chart {
        caption: format!("When each order was first given, one dot for each run{rest}."),
        words: format!(
            "Timeline of {} orders with a dot for each run that gave one; the table has the times.",
            shown.len()
        ),
        svg: lanes(&Span { minutes: f64::from(first.minutes), days: &first.days }, &rows, &[]),
    }
}

/// Median scores of the runs with an order and of those without it.
fn split(class: &Class<'_>, kind: &Kind<'_>) -> (Vec<f64>, Vec<f64>) {
    let scores = class.scores();
    let with = kind.first.keys().map(|&index| scores[index]).collect();
    let without = (0..scores.len()).filter(|index| !kind.first.contains_key(index)).map(|index| scores[index]);
    (with, without.collect())
}

fn kind_table(class: &Class<'_>, kinds: &[Kind<'_>]) -> Table {
    let all = class.members.len();
    let head = ["Order", "For", "#Runs", "#Earliest", "#Middle", "#Latest", "#With", "#Without"];
    let caption = "Orders by the number of runs that gave them, with the middle score of runs with and without them. A \
                   difference may have other causes";
    let mut table = Table::new(caption, &head);
    for kind in kinds {
        let ticks: Vec<Tick> = kind.first.values().copied().collect();
        let [earliest, middle, latest] = times(class, &ticks);
        let (with, without) = split(class, kind);
        let score =
            |scores: &[f64]| if scores.is_empty() { "–".to_owned() } else { format!("{:.0}", median(scores)) };
        table.row([
            kind.name.to_owned(),
            kind.target.to_owned(),
            format!("{} of {all}", ticks.len()),
            earliest,
            middle,
            latest,
            score(&with),
            score(&without),
        ]);
    }
    table
}

fn every(class: &Class<'_>) -> Table {
    let mut table = Table::new("Every decision, by run", &["Run", "Given", "Decision", "For"]);
    let all = class.ranked().into_iter().flat_map(|member| member.orders.iter().map(move |order| (member, order)));
    for (member, order) in all.take(LISTED_MAX) {
        table.row([
            member.name.clone(),
            names::time(class.scenario, order.tick),
            order.name.clone(),
            order.target.clone(),
        ]);
    }
    table
}

/// Sentences about orders that the better runs gave, or did not give.
pub(super) fn telling(class: &Class<'_>, strengths: &mut Vec<String>, gaps: &mut Vec<String>) {
    let mut found = Vec::new();
    for kind in kinds(class) {
        let (with, without) = split(class, &kind);
        if with.len() < COMPARED_MIN || without.len() < COMPARED_MIN {
            continue;
        }
        let difference = median(&with) - median(&without);
        if TELLING_POINTS <= difference.abs() {
            found.push((difference, kind, with.len()));
        }
    }
    found.sort_by(|(a, ..), (b, ..)| b.abs().total_cmp(&a.abs()));
    for (difference, kind, count) in found.into_iter().take(TELLING_MAX) {
        let how = if 0.0 < difference { "more" } else { "fewer" };
        let beside = format!(
            "the {count} runs with “{}” for {} have {:.0} points {how} than the others, in the median",
            kind.name,
            kind.target,
            difference.abs()
        );
        let sentence = crate::base::words::capital(&beside);
        if 0.0 < difference { strengths.push(sentence) } else { gaps.push(sentence) }
    }
}
