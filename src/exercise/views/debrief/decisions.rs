//! Decisions with their worth, and the orders that were not given.

use super::phrases::{change, order_name, worth_row};
use crate::base::Tick;
use crate::base::words::{counted, signed};
use crate::exercise::view::{DecisionRow, MissedRow};
use crate::exercise::views::source::Source;
use crate::exercise::words::target_label;
use crate::scenario::compile::Target;
use crate::session::LogEntry;
use crate::sim::world::Order;
use crate::sim::{Command, OrderState};
use crate::study::Sign;
use crate::study::worth::{DecisionWorth, KnownFrom, Moved};

/// In the order in which they were given.
pub fn decisions(source: &Source) -> Vec<DecisionRow> {
    let is_order = |(_, entry): &(usize, &LogEntry)| matches!(entry.command, Command::Order { .. });
    // The n-th order of the world is the n-th of the log.
    let positions: Vec<usize> =
        source.run().log.iter().enumerate().filter(is_order).map(|(position, _)| position).collect();
    let row = |(number, entry, order): (crate::base::Ix<Order>, &LogEntry, &Order)| {
        decision(source, entry, order, weighed(source, positions[number.position()]))
    };
    source.seat_orders().map(row).collect()
}

/// The worth of the decision at a position of the log, as far as it is known.
fn weighed<'a>(source: &Source<'a>, position: usize) -> Option<&'a DecisionWorth> {
    let weighing = source.weighing()?;
    let index = weighing.decisions.iter().position(|decision| decision.position == position)?;
    weighing.decision(index)
}

fn decision(source: &Source, entry: &LogEntry, order: &Order, worth: Option<&DecisionWorth>) -> DecisionRow {
    let scenario = source.scenario();
    DecisionRow {
        time: source.time(entry.tick),
        minute: entry.tick.0,
        name: order_name(scenario, order.mitigation),
        target: target_label(scenario, order.target),
        cost_usd: scenario.mitigations[order.mitigation].cost_usd,
        outcome: match order.state {
            OrderState::Cancelled => "cancelled".to_owned(),
            OrderState::Pending => "came too late to take effect".to_owned(),
            OrderState::InForce | OrderState::Done => format!("took effect {}", source.time(order.effective)),
        },
        confidence_pct: entry.remarks().and_then(|remarks| remarks.confidence_pct),
        reason: entry.remarks().and_then(|remarks| remarks.reason.as_deref().map(str::to_owned)),
        worth: worth.map(|worth| worth_row(&worth.worth)),
        details: worth.map_or_else(Vec::new, |worth| details(source, worth)),
    }
}

/// Sentences on the other times of a decision, and on what it changed.
fn details(source: &Source, worth: &DecisionWorth) -> Vec<String> {
    let mut details = vec![changed(source, worth)];
    details.push(match (worth.earliest.tick, &worth.earliest.effect) {
        (None, _) => "It was given as early as it was possible".to_owned(),
        (Some(tick), Some(effect)) => {
            format!("As early as it was possible, {}: {} points", source.time(tick), signed(effect.score.median))
        }
        (Some(tick), None) => format!("It was not possible earlier, at {}", source.time(tick)),
    });
    details.push(later(&worth.later));
    if 0 < worth.not_given {
        let seeds = counted(worth.not_given as u64, "seed", "seeds");
        details.push(format!("On {seeds} the order was refused and counts as 0"));
    }
    details
}

fn later(moved: &Moved) -> String {
    match (&moved.effect, &moved.refused) {
        (Some(effect), _) => format!("An hour later: {} points", signed(effect.score.median)),
        (None, Some(reason)) => format!("An hour later it was not possible: {reason}"),
        (None, None) => "An hour later it was not possible".to_owned(),
    }
}

fn changed(source: &Source, worth: &DecisionWorth) -> String {
    let seat = source.chair.seat().map(|seat| (seat, &source.scenario().docs.seats[seat.position()]));
    let Some((seat, docs)) = seat else { return String::new() };
    let observables = &source.scenario().seats[seat].objectives;
    let objectives = docs.objectives.iter().zip(observables).zip(&worth.worth.objectives);
    let changes: Vec<String> = objectives
        .filter_map(|((objective, observable), band)| {
            let change = change(observable.metric.unit(), band.median)?;
            Some(format!("{} {change}", objective.name))
        })
        .collect();
    if changes.is_empty() {
        return "It changed none of your objectives".to_owned();
    }
    format!("It changed, where less is better: {}", changes.join("; "))
}

/// Orders that were not given, the one that would have gained most first.
pub fn missed(source: &Source) -> Vec<MissedRow> {
    let Some(worth) = source.weighing().and_then(|weighing| weighing.worth()) else { return Vec::new() };
    let scenario = source.scenario();
    let row = |untaken: &crate::study::worth::Untaken| MissedRow {
        time: source.time(untaken.tick),
        minute: untaken.tick.0,
        name: order_name(scenario, untaken.mitigation),
        target: target_label(scenario, untaken.target),
        gain: worth_row(&untaken.gain),
        known: known(source, untaken.known_from),
    };
    worth.untaken.best.iter().map(row).collect()
}

/// The moment from which an order could have been known: `the message “Call people in?” asked for it from Fri 05:20`.
pub fn known(source: &Source, known: KnownFrom) -> String {
    let time = source.time(known.tick);
    match known.sign {
        Some(Sign::Message(inject)) => {
            let title = &source.scenario().docs.injects[inject.position()].title;
            format!("the message “{title}” asked for it from {time}")
        }
        Some(Sign::Board(service)) => {
            let service = target_label(source.scenario(), Target::Service(service));
            format!("the board showed {service} below its target from {time}")
        }
        None if known.tick == Tick::ZERO => "it could be bought before the clock started".to_owned(),
        None => format!("it was possible from {time}"),
    }
}
