//! What the seat could know at each decision, and the confidence in orders beside what came of them.

use super::super::charts::{Point, reliability};
use super::super::document::{Block, Chart, Table};
use super::super::evidence::{Evidence, target_words};
use crate::base::words::{counted, figure, percent, span, thousands};
use crate::scenario::compile::Target;
use crate::study::confidence::{Confidence, FORECASTS_MIN, fraction};
use crate::study::known::{Known, KnownDecision};
use crate::study::{FirstSign, Sight, Sign};

const RULE: &str = "The first sign of an order is the first message that asks for it, or else the first minute in which the \
                    seat's board shows a service of its target below its target level. The boards show the state of the minute.";

pub(super) fn known(evidence: &Evidence<'_>) -> Vec<Block> {
    let Some(known) = evidence.known else { return Vec::new() };
    if known.decisions.is_empty() {
        return vec![Block::Text("Nobody gave an order, so there is no moment to compare.".to_owned())];
    }
    let mut blocks = vec![Block::Text(waits(known)), Block::Text(RULE.to_owned())];
    blocks.push(Block::Table(table(evidence, known)));
    let figures = figures(evidence, known);
    if !figures.rows.is_empty() {
        blocks.push(Block::Table(figures));
    }
    blocks.extend(confidence(evidence, known));
    blocks
}

/// Middle and longest time from the first sign to the order.
fn waits(known: &Known) -> String {
    let mut waits: Vec<u32> = known.decisions.iter().filter_map(|known| known.sight.wait_min()).collect();
    waits.sort_unstable();
    let orders = |count: usize| counted(count as u64, "order", "orders");
    let ahead = orders(known.decisions.len() - waits.len());
    match (waits.get(waits.len() / 2), waits.last()) {
        (Some(middle), Some(most)) => format!(
            "From the first sign to the order: {} in the middle of {}, {} at most. {ahead} came without a sign.",
            span(*middle),
            orders(waits.len()),
            span(*most)
        ),
        _ => format!("{ahead} came without a sign."),
    }
}

fn order_words(evidence: &Evidence<'_>, known: &KnownDecision) -> String {
    let name = &evidence.scenario().docs.mitigations[known.decision.mitigation.position()].name;
    format!("{name} for {}", target_words(evidence.scenario(), evidence.seat, known.decision.target))
}

fn table(evidence: &Evidence<'_>, known: &Known) -> Table {
    let head = [
        "Given",
        "Decision",
        "First sign",
        "#Sign to order",
        "#Messages",
        "#Below target",
        "#Outside tolerance",
        "#Hosts down",
        "#Hosts down later",
    ];
    let caption = "What the seat could see when it decided: messages that had reached it, services and hosts on its boards; \
                   and how many hosts were down later at most";
    let mut table = Table::new(caption, &head);
    for known in &known.decisions {
        let sight = &known.sight;
        let boards = &sight.boards;
        let services = |count: usize| format!("{} of {}", thousands(count as u64), thousands(boards.services as u64));
        table.row([
            evidence.time(sight.tick),
            order_words(evidence, known),
            sign(evidence, sight.sign),
            sight.wait_min().map_or("–".to_owned(), span),
            messages(sight),
            services(boards.below),
            services(boards.outside),
            thousands(boards.hosts_down),
            thousands(sight.hosts_down_later.1),
        ]);
    }
    table
}

fn sign(evidence: &Evidence<'_>, sign: Option<FirstSign>) -> String {
    let Some(FirstSign { tick, sign }) = sign else { return "none".to_owned() };
    let what = match sign {
        Sign::Message(inject) => format!("message “{}”", evidence.scenario().docs.injects[inject.position()].title),
        Sign::Board(service) => {
            format!("board, {}", target_words(evidence.scenario(), evidence.seat, Target::Service(service)))
        }
    };
    format!("{}, {what}", evidence.time(tick))
}

fn messages(sight: &Sight) -> String {
    match sight.read() {
        _ if sight.messages.is_empty() => "none".to_owned(),
        Some(read) => format!("{read} of {} read", sight.messages.len()),
        None => format!("{} reached", sight.messages.len()),
    }
}

/// Figures that had changed since the message that stated them.
fn figures(evidence: &Evidence<'_>, known: &Known) -> Table {
    let caption = "The latest figure from a message, and its value when the order was given";
    let mut table = Table::new(caption, &["Given", "Decision", "Message", "#Stated", "#In truth"]);
    let found = known.decisions.iter().filter_map(|known| Some((known, known.sight.figure?)));
    for (known, found) in found.filter(|(_, found)| found.stated != found.actual) {
        table.row([
            evidence.time(known.sight.tick),
            order_words(evidence, known),
            evidence.scenario().docs.injects[found.inject.position()].title.clone(),
            figure(found.stated, found.unit),
            figure(found.actual, found.unit),
        ]);
    }
    table
}

fn confidence(evidence: &Evidence<'_>, known: &Known) -> Vec<Block> {
    let stated = known.forecasting().count();
    if stated == 0 {
        return vec![Block::Text("Nobody stated a confidence with an order.".to_owned())];
    }
    let Some(found) = evidence.worth.and_then(|worth| known.confidence(&worth.decisions)) else {
        let words = format!(
            "{} a stated confidence. Whether it was right needs the worth of the decisions: `--worth 32` measures it, and \
             `blackstart known RUNFILE…` compares the confidence of one person over several runs.",
            counted(stated as u64, "order has", "orders have")
        );
        return vec![Block::Text(words)];
    };
    let mut blocks = vec![Block::Text(confidence_words(&found))];
    if !found.curve.is_empty() {
        blocks.push(Block::Chart(confidence_chart(&found)));
        blocks.push(Block::Table(levels(&found)));
    }
    blocks
}

/// Confidence beside what came of it, as sentences without a person.
pub(in super::super) fn confidence_words(found: &Confidence) -> String {
    let orders = counted(found.forecasts as u64, "order", "orders");
    let (sure, brier) = (percent(found.sure), found.brier);
    let means = if found.curve.is_empty() {
        format!("Confidence was {sure} on average in {orders}: too few to judge it, a picture needs {FORECASTS_MIN}.")
    } else {
        let (helped, habit) = (percent(found.helped), found.habit.words());
        format!("Confidence was {sure} on average, and {helped} of {orders} helped: {habit}.")
    };
    let part = |part: i64| format!("{:.3}", fraction(part));
    format!(
        "{means} Brier score {} (0 is best; always stating 50 % has 0.25) = reliability {} − resolution {} + uncertainty \
         {}. An order helps if its worth is above zero.",
        part(brier.score),
        part(brier.reliability),
        part(brier.resolution),
        part(brier.uncertainty)
    )
}

/// The picture of reliability.
pub(in super::super) fn confidence_chart(found: &Confidence) -> Chart {
    let point = |level: &crate::study::confidence::Level| Point {
        stated: f64::from(level.sure_pct) / 100.0,
        share: level.share,
        low: level.low,
        high: level.high,
        count: level.count,
    };
    let points: Vec<Point> = found.curve.iter().map(point).collect();
    let words: Vec<String> = found
        .curve
        .iter()
        .map(|level| format!("{} % sure: {} of {} helped", level.sure_pct, level.helped, level.count))
        .collect();
    Chart {
        caption:
            "Stated confidence and the share of orders that helped, pooled so that the curve rises. Points within the \
                  band may be chance."
                .to_owned(),
        words: format!("Picture of reliability. {}.", words.join("; ")),
        svg: reliability(&points, "Stated confidence", "Share that helped"),
    }
}

fn levels(found: &Confidence) -> Table {
    let head = ["Confidence", "#Orders", "#Helped", "#Curve", "#Band, nine in ten", "In the band"];
    let mut table = Table::new("Orders by their confidence", &head);
    for level in &found.curve {
        table.row([
            format!("{} %", level.sure_pct),
            level.count.to_string(),
            level.helped.to_string(),
            percent(level.share),
            format!("{} to {}", percent(level.low), percent(level.high)),
            if level.is_within() { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table
}
