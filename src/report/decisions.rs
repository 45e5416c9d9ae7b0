//! Whether decisions are decisions: tables for people, CSV with a line for each number, JSON with everything.
//!
//! Equal studies make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::names::{self, time};
use super::tables::{Column, counted, csv_from_rows, table as columns};
use crate::base::Ix;
use crate::base::table::json_text;
use crate::base::words::signed;
use crate::scenario::compile::{Mitigation, Scenario};
use crate::study::decisions::{
    Bound, Cell, Class, Decisions, Order, Pair, Performance, Player, Row, SeatDecisions, Unit, rows, share_of_class,
};
use crate::study::percentiles;

/// The table of what shall be reached, players, classes of pairs, and every pair with its best and its worst order.
pub fn table(scenario: &Scenario, decisions: &Decisions) -> String {
    let manifest = &scenario.docs.manifest;
    let seats = &decisions.seats;
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    let count = counted(decisions.seeds, "seed", "seeds");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "Are decisions decisions? Points, medians over {count} from 1 on.\n");
    let legend = seats.iter().enumerate().map(|(at, seat)| {
        let id = seat_id(scenario, seat);
        vec![format!("{}", at + 1), id.to_owned(), format!("first alert {}", time(scenario, seat.alert))]
    });
    text.push_str(&columns(&[Column::Right, Column::Left, Column::Left], &legend.collect::<Vec<_>>()));
    text.push_str(&format!("\nReach, by seat\n{}", reach_table(seats)));
    if seats.iter().any(|seat| !seat.players.is_empty()) {
        text.push_str(&format!(
            "\nScripted players: score, and in brackets the number of their orders\n{}",
            player_table(seats)
        ));
    }
    for seat in seats.iter().filter(|seat| !seat.three.is_empty()) {
        let orders: Vec<String> = seat
            .three
            .iter()
            .map(|&(tick, order)| format!("{} at {}", words(scenario, order), time(scenario, tick)))
            .collect();
        let _ = writeln!(text, "\nThree orders of {}: {}", seat_id(scenario, seat), orders.join("; "));
    }
    if seats.iter().any(|seat| !seat.pairs.is_empty()) {
        text.push_str(&format!("\nPairs of seat and mitigation, by class\n{}", class_table(scenario, seats)));
        for seat in seats {
            let id = seat_id(scenario, seat);
            let (preparations, pairs): (Vec<&Pair>, Vec<&Pair>) =
                seat.pairs.iter().partition(|pair| pair.is_preparation);
            text.push_str(&format!("\nPairs of {id}\n{}", pair_table(scenario, &pairs)));
            if !preparations.is_empty() {
                text.push_str(&format!("\nPreparations of {id}\n{}", pair_table(scenario, &preparations)));
            }
        }
    }
    text
}

fn seat_id<'a>(scenario: &'a Scenario, seat: &SeatDecisions) -> &'a str {
    &scenario.docs.seats[seat.seat.position()].id
}

fn mitigation_id(scenario: &Scenario, mitigation: Ix<Mitigation>) -> &str {
    &scenario.docs.mitigations[mitigation.position()].id
}

/// `overtime for Delta`
fn words(scenario: &Scenario, (mitigation, target): Order) -> String {
    let id = mitigation_id(scenario, mitigation);
    names::target(scenario, target).map_or_else(|| id.to_owned(), |target| format!("{id} for {target}"))
}

/// A head, then rows: the first column is text, all others are numbers.
fn numbers(head: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut alignment = vec![Column::Right; head.len()];
    alignment[0] = Column::Left;
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    columns(&alignment, &rows)
}

/// The head of a table with a column for each seat.
fn head(first: &str, seats: &[SeatDecisions], more: &[&str]) -> Vec<String> {
    let numbers = (1..=seats.len()).map(|number| number.to_string());
    std::iter::once(first.to_owned()).chain(numbers).chain(more.iter().map(|&name| name.to_owned())).collect()
}

fn reach_table(seats: &[SeatDecisions]) -> String {
    let row = |row: &Row| {
        let shown = |value: &Option<f64>| value.map_or_else(|| "–".to_owned(), |value| in_unit(value, row.unit));
        let met = match row.is_met() {
            None => "not measured",
            Some(true) => "yes",
            Some(false) => "no",
        };
        let all = row.all.map_or_else(String::new, |all| in_unit(all, row.unit));
        let more = [all, bound(row.bound, row.unit), met.to_owned()];
        std::iter::once(row.name.to_owned()).chain(row.by_seat.iter().map(shown)).chain(more).collect()
    };
    numbers(head("", seats, &["All", "Reach", "Met"]), rows(seats).iter().map(row))
}

fn in_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Points => format!("{value:.1}"),
        Unit::Share => format!("{value:.0} %"),
        Unit::Orders => format!("{value:.0}"),
    }
}

/// `≤ 45`, `≥ 35 %`, `15 to 40`
fn bound(bound: Bound, unit: Unit) -> String {
    let sign = if unit == Unit::Share { " %" } else { "" };
    match bound {
        Bound::AtMost(most) => format!("≤ {most}{sign}"),
        Bound::AtLeast(least) => format!("≥ {least}{sign}"),
        Bound::Between(least, most) => format!("{least} to {most}{sign}"),
    }
}

fn player_table(seats: &[SeatDecisions]) -> String {
    let cell = |seat: &SeatDecisions, player: Player| {
        let found = seat.players.iter().find(|found| found.player == player);
        found.map_or_else(|| "–".to_owned(), shown)
    };
    let is_played = |player: &Player| seats.iter().any(|seat| seat.players.iter().any(|found| found.player == *player));
    let row =
        |player: Player| std::iter::once(player.words()).chain(seats.iter().map(|seat| cell(seat, player))).collect();
    numbers(head("Player", seats, &[]), Player::ALL.into_iter().filter(is_played).map(row))
}

/// `62.0 (14)`
fn shown(found: &Performance) -> String {
    match found.player {
        Player::History | Player::Par => format!("{:.1}     ", found.median()),
        _ => format!("{:.1} {:>4}", found.median(), format!("({})", found.given[0])),
    }
}

fn class_table(scenario: &Scenario, seats: &[SeatDecisions]) -> String {
    let classes = Class::ALL.map(|class| class.word().to_owned());
    let head = ["Seat".to_owned(), "pairs".to_owned()].into_iter().chain(classes).collect();
    let row = |name: &str, pairs: &[&Pair]| {
        let judged = pairs.iter().filter(|pair| !pair.is_preparation).count();
        let share = |class: Class| {
            let share = share_of_class(pairs.iter().copied(), class);
            share.map_or_else(|| "–".to_owned(), |share| format!("{share:.0} %"))
        };
        [name.to_owned(), judged.to_string()].into_iter().chain(Class::ALL.map(share)).collect::<Vec<String>>()
    };
    let each = seats.iter().map(|seat| row(seat_id(scenario, seat), &seat.pairs.iter().collect::<Vec<_>>()));
    let all: Vec<&Pair> = seats.iter().flat_map(|seat| &seat.pairs).collect();
    numbers(head, each.chain(std::iter::once(row("all", &all))))
}

fn pair_table(scenario: &Scenario, pairs: &[&Pair]) -> String {
    let head = ["Order", "Class", "Best", "", "Worst", ""].map(str::to_owned).to_vec();
    let cell = |cell: Option<&Cell>| match cell {
        None => ["never".to_owned(), String::new()],
        Some(cell) => [signed(cell.median()), place(scenario, cell)],
    };
    let row = |pair: &&Pair| {
        let [best, best_place] = cell(pair.best());
        let [worst, worst_place] = cell(pair.worst());
        let id = mitigation_id(scenario, pair.mitigation).to_owned();
        vec![id, pair.class.word().to_owned(), best, best_place, worst, worst_place]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(pairs.iter().map(row)).collect();
    let (left, right) = (Column::Left, Column::Right);
    columns(&[left, left, right, left, right, left], &rows)
}

/// `beside par, 4 h later, Delta`
fn place(scenario: &Scenario, cell: &Cell) -> String {
    let target = names::target(scenario, cell.order.1).map_or_else(String::new, |target| format!(", {target}"));
    format!("{}, {}{target}", cell.situation.word(), cell.given.words())
}

/// A line of the CSV.
#[derive(Serialize)]
struct Line {
    part: &'static str,
    seat: String,
    subject: String,
    target: String,
    situation: &'static str,
    given: String,
    seeds: usize,
    points_p5: f64,
    points_median: f64,
    points_p95: f64,
    orders: Option<usize>,
    refused: Option<usize>,
    class: &'static str,
}

/// One line for each cell of a pair and for each player of a seat.
pub fn csv(scenario: &Scenario, decisions: &Decisions) -> String {
    let mut lines = Vec::new();
    for seat in &decisions.seats {
        let id = seat_id(scenario, seat);
        for pair in &seat.pairs {
            lines.extend(pair.cells.iter().map(|cell| line_of_cell(scenario, id, pair, cell)));
        }
        lines.extend(seat.players.iter().map(|found| line_of_player(id, found)));
    }
    csv_from_rows(lines)
}

fn line_of_cell(scenario: &Scenario, seat: &str, pair: &Pair, cell: &Cell) -> Line {
    let known: Vec<f64> = cell.worth.iter().flatten().copied().collect();
    let [points_p5, points_median, points_p95] = percentiles(&known);
    Line {
        part: if pair.is_preparation { "preparation" } else { "pair" },
        seat: seat.to_owned(),
        subject: mitigation_id(scenario, pair.mitigation).to_owned(),
        target: names::target(scenario, cell.order.1).unwrap_or_default(),
        situation: cell.situation.word(),
        given: cell.given.words(),
        seeds: known.len(),
        points_p5,
        points_median,
        points_p95,
        orders: None,
        refused: None,
        class: pair.class.word(),
    }
}

fn line_of_player(seat: &str, found: &Performance) -> Line {
    let [points_p5, points_median, points_p95] = percentiles(&found.scores);
    Line {
        part: "player",
        seat: seat.to_owned(),
        subject: found.player.words(),
        target: String::new(),
        situation: "",
        given: String::new(),
        seeds: found.scores.len(),
        points_p5,
        points_median,
        points_p95,
        orders: Some(found.given[0]),
        refused: Some(found.refused[0]),
        class: "",
    }
}

/// One object with everything.
pub fn json(scenario: &Scenario, decisions: &Decisions) -> String {
    let row = |row: &Row| {
        json!({
            "name": row.name,
            "unit": match row.unit {
                Unit::Points => "points",
                Unit::Share => "per cent of pairs",
                Unit::Orders => "orders",
            },
            "reach": bound(row.bound, row.unit),
            "by_seat": row.by_seat,
            "all": row.all,
            "is_met": row.is_met(),
        })
    };
    let seats: Vec<Value> = decisions.seats.iter().map(|seat| seat_json(scenario, seat)).collect();
    json_text(&json!({
        "scenario": scenario.docs.manifest.id,
        "scenario_digest": scenario.digest.to_string(),
        "seeds": decisions.seeds,
        "reach": rows(&decisions.seats).iter().map(row).collect::<Vec<Value>>(),
        "seats": seats,
    }))
}

fn seat_json(scenario: &Scenario, seat: &SeatDecisions) -> Value {
    let cell = |cell: &Cell| {
        json!({
            "target": names::target(scenario, cell.order.1),
            "situation": cell.situation.word(),
            "given": cell.given.words(),
            "points_by_seed": cell.worth,
        })
    };
    let pair = |pair: &Pair| {
        json!({
            "order": mitigation_id(scenario, pair.mitigation),
            "is_preparation": pair.is_preparation,
            "class": pair.class.word(),
            "cells": pair.cells.iter().map(cell).collect::<Vec<Value>>(),
        })
    };
    let player = |found: &Performance| {
        json!({
            "player": found.player.words(),
            "points_by_seed": found.scores,
            "orders_by_seed": found.given,
            "refused_by_seed": found.refused,
            "orders_before_first_sign_by_seed": found.given_before_sign,
        })
    };
    let three = seat.three.iter().map(|&(tick, order)| json!({ "tick": tick.0, "order": words(scenario, order) }));
    json!({
        "seat": seat_id(scenario, seat),
        "first_alert_tick": seat.alert.0,
        "pairs": seat.pairs.iter().map(pair).collect::<Vec<Value>>(),
        "players": seat.players.iter().map(player).collect::<Vec<Value>>(),
        "history_points_by_seed": seat.history_scores,
        "three_orders": three.collect::<Vec<Value>>(),
    })
}
