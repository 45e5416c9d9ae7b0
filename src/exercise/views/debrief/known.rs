//! What the seat could know at each decision, and the confidence in orders beside what came of them.

use super::phrases::order_name;
use crate::base::Tick;
use crate::base::words::{counted, figure, percent, span, thousands};
use crate::exercise::view::{ConfidenceLevel, ConfidenceView, SectionView};
use crate::exercise::views::source::Source;
use crate::exercise::words::target_label;
use crate::scenario::compile::Target;
use crate::study::confidence::{Brier, Confidence, FORECASTS_MIN, Level, fraction};
use crate::study::known::{Known, KnownDecision};
use crate::study::{FirstSign, Sight, Sign};

const HEADS: [&str; 7] =
    ["Decision", "First sign", "Sign to order", "Messages", "Services below target", "Hosts down", "Hosts later"];
const RULE: &str = "The first sign of an order is the first message that asks for it, or else the first minute in which your \
                    board shows a service of its target below its target level";
/// A figure in a message is told as out of date if the true value differs by this share of it.
const STALE_SHARE: f64 = 0.1;

/// A row for each decision; none until the run was played again for it.
pub fn known(source: &Source) -> Option<SectionView> {
    let known = source.weighing()?.known()?;
    if known.decisions.is_empty() {
        let words = "You gave no order, so there is no moment to compare what you knew with what was true";
        return Some(SectionView { sentences: vec![words.to_owned()], ..SectionView::default() });
    }
    let mut sentences = vec![waits(known)];
    sentences.extend(stale(source, known));
    sentences.push(RULE.to_owned());
    let rows = known.decisions.iter().map(|decision| row(source, decision)).collect();
    Some(SectionView { sentences, heads: HEADS.map(str::to_owned).to_vec(), rows })
}

/// `From the first sign to the order: 25 min in the middle of 6 orders, 3 h at most; 2 orders came without a sign`
fn waits(known: &Known) -> String {
    let mut waits: Vec<u32> = known.decisions.iter().filter_map(|known| known.sight.wait_min()).collect();
    waits.sort_unstable();
    let ahead = known.decisions.len() - waits.len();
    let before = match ahead {
        0 => String::new(),
        1 => "; 1 order came without a sign".to_owned(),
        count => format!("; {count} orders came without a sign"),
    };
    match (waits.get(waits.len() / 2), waits.last()) {
        (Some(only), _) if waits.len() == 1 => format!("From the first sign to the order: {}{before}", span(*only)),
        (Some(middle), Some(most)) => format!(
            "From the first sign to the order: {} in the middle of {}, {} at most{before}",
            span(*middle),
            counted(waits.len() as u64, "order", "orders"),
            span(*most)
        ),
        _ => "No order had a sign before it".to_owned(),
    }
}

/// The figure of a message that was farthest from the truth when an order was given.
fn stale(source: &Source, known: &Known) -> Option<String> {
    let gap = |stated: f64, actual: f64| (actual - stated).abs() / stated.abs().max(1.0);
    let figures = known.decisions.iter().filter_map(|known| Some((known, known.sight.figure?)));
    let widest =
        figures.max_by(|(_, one), (_, other)| gap(one.stated, one.actual).total_cmp(&gap(other.stated, other.actual)));
    let (known, found) = widest.filter(|(_, found)| STALE_SHARE < gap(found.stated, found.actual))?;
    let title = &source.scenario().docs.injects[found.inject.position()].title;
    Some(format!(
        "The latest figure that you had when you ordered “{}” was {} from “{title}”; in truth it was {} by then",
        order_name(source.scenario(), known.decision.mitigation),
        figure(found.stated, found.unit),
        figure(found.actual, found.unit)
    ))
}

fn row(source: &Source, known: &KnownDecision) -> Vec<String> {
    let (scenario, sight) = (source.scenario(), &known.sight);
    let order = order_name(scenario, known.decision.mitigation);
    let target = target_label(scenario, known.decision.target);
    let boards = &sight.boards;
    vec![
        format!("{}  {order}, {target}", short(source, sight.tick)),
        sign(source, sight.sign),
        sight.wait_min().map_or("–".to_owned(), span),
        messages(sight),
        format!("{} of {}", thousands(boards.below as u64), thousands(boards.services as u64)),
        thousands(boards.hosts_down),
        later(source, sight),
    ]
}

/// `Fri 05:10`
fn short(source: &Source, tick: Tick) -> String {
    source.scenario().start.format(tick, source.utc_offset_min(), "%a %H:%M")
}

fn sign(source: &Source, sign: Option<FirstSign>) -> String {
    let Some(FirstSign { tick, sign }) = sign else { return "none".to_owned() };
    let what = match sign {
        Sign::Message(inject) => format!("“{}”", source.scenario().docs.injects[inject.position()].title),
        Sign::Board(service) => format!("board, {}", target_label(source.scenario(), Target::Service(service))),
    };
    format!("{}, {what}", short(source, tick))
}

/// `3 of 4 read`, or `4 reached` if nobody recorded what was read.
fn messages(sight: &Sight) -> String {
    match sight.read() {
        _ if sight.messages.is_empty() => "none".to_owned(),
        Some(read) => format!("{read} of {} read", sight.messages.len()),
        None => format!("{} reached", sight.messages.len()),
    }
}

fn later(source: &Source, sight: &Sight) -> String {
    let (tick, most) = sight.hosts_down_later;
    match sight.boards.hosts_down < most {
        true => format!("up to {}, {}", thousands(most), short(source, tick)),
        false => "no more".to_owned(),
    }
}

/// The confidence in orders beside what came of them; none until the decisions are weighed.
pub fn confidence(source: &Source) -> Option<ConfidenceView> {
    let weighing = source.weighing()?;
    let (known, worth) = (weighing.known()?, weighing.worth()?);
    let Some(found) = known.confidence(&worth.decisions) else {
        let words = "You stated no confidence: state one with your orders, and you see here how far to trust it";
        return Some(ConfidenceView { words: words.to_owned(), ..ConfidenceView::default() });
    };
    let level = |level: &Level| ConfidenceLevel {
        sure_pct: level.sure_pct,
        count: level.count,
        helped: level.helped,
        share: level.share,
        low: level.low,
        high: level.high,
    };
    Some(ConfidenceView {
        words: confidence_words(&found),
        score: Some(score_words(found.brier)),
        levels: found.curve.iter().map(level).collect(),
    })
}

fn confidence_words(found: &Confidence) -> String {
    let orders = counted(found.forecasts as u64, "order", "orders");
    let sure = percent(found.sure);
    if found.curve.is_empty() {
        return format!(
            "You stated your confidence in {orders}, {sure} on average: too few to judge it, a picture needs {FORECASTS_MIN}"
        );
    }
    let (helped, habit) = (percent(found.helped), found.habit.words());
    format!("You were {sure} sure on average, and {helped} of {orders} helped: {habit}")
}

fn score_words(brier: Brier) -> String {
    let words = |part: i64| format!("{:.3}", fraction(part));
    format!(
        "Brier score {} (0 is best, always saying 50 % has 0.25) = reliability {} − resolution {} + uncertainty {}",
        words(brier.score),
        words(brier.reliability),
        words(brier.resolution),
        words(brier.uncertainty)
    )
}
