//! The gains of scripted novices: a table for people, CSV with a line for each play, JSON with everything.
//!
//! Equal studies make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::names::{self, time};
use super::tables::{Column, csv_from_rows, table as columns};
use crate::base::Ix;
use crate::base::table::json_text;
use crate::base::words::signed;
use crate::scenario::compile::{Scenario, Seat};
use crate::study::novices::{DELAY_MIN, Followed, Lesson, median_gain};
use crate::study::percentiles;

/// For each seat the scores before and after the advice.
pub fn table(scenario: &Scenario, lessons: &[Lesson]) -> String {
    let manifest = &scenario.docs.manifest;
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "A scripted novice answers each urgent message after {DELAY_MIN} minutes, then plays again and follows the \
         debrief's advice.\nMedians over seeds; points.\n"
    );
    let head = ["Seat", "Seeds", "First play", "Second play", "Gain", "Least gain"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    for seat in seats(lessons) {
        let own: Vec<&Lesson> = lessons.iter().filter(|lesson| lesson.seat == seat).collect();
        let median = |value: fn(&Lesson) -> f64| {
            let [_, median, _] = percentiles(&own.iter().map(|lesson| value(lesson)).collect::<Vec<_>>());
            median
        };
        let least = own.iter().map(|lesson| lesson.gain()).fold(f64::INFINITY, f64::min);
        rows.push(vec![
            scenario.docs.seats[seat.position()].id.clone(),
            own.len().to_string(),
            format!("{:.1}", median(|lesson| lesson.first)),
            format!("{:.1}", median(|lesson| lesson.second)),
            signed(median(Lesson::gain)),
            signed(least),
        ]);
    }
    let right = Column::Right;
    text.push_str(&columns(&[Column::Left, right, right, right, right, right], &rows));
    let _ = writeln!(text, "\nMedian gain over all plays: {} points", signed(median_gain(lessons)));
    text
}

fn seats(lessons: &[Lesson]) -> Vec<Ix<Seat>> {
    let mut seats: Vec<Ix<Seat>> = lessons.iter().map(|lesson| lesson.seat).collect();
    seats.dedup();
    seats
}

#[derive(Serialize)]
struct Row<'a> {
    seat: &'a str,
    seed: u64,
    first_points: f64,
    second_points: f64,
    gain_points: f64,
    advice: String,
}

/// One line for each seat and seed.
pub fn csv(scenario: &Scenario, lessons: &[Lesson]) -> String {
    csv_from_rows(lessons.iter().map(|lesson| Row {
        seat: &scenario.docs.seats[lesson.seat.position()].id,
        seed: lesson.seed,
        first_points: lesson.first,
        second_points: lesson.second,
        gain_points: lesson.gain(),
        advice: lesson.followed.iter().map(|piece| words(scenario, piece)).collect::<Vec<_>>().join("; "),
    }))
}

/// `keys-first for delta at Fri 19 Jul 06:30`, `leave out rest-crews for delta`
fn words(scenario: &Scenario, piece: &Followed) -> String {
    let id = &scenario.docs.mitigations[piece.mitigation.position()].id;
    let target = names::target(scenario, piece.target).unwrap_or_else(|| "everywhere".to_owned());
    match piece.give_at {
        Some(tick) => format!("{id} for {target} at {}", time(scenario, tick)),
        None => format!("leave out {id} for {target}"),
    }
}

/// One object with every play and its advice.
pub fn json(scenario: &Scenario, lessons: &[Lesson]) -> String {
    let piece = |piece: &Followed| json!({ "words": words(scenario, piece), "gain_points": piece.gain });
    let lesson = |lesson: &Lesson| {
        json!({
            "seat": scenario.docs.seats[lesson.seat.position()].id,
            "seed": lesson.seed,
            "first_points": lesson.first,
            "second_points": lesson.second,
            "gain_points": lesson.gain(),
            "advice": lesson.followed.iter().map(piece).collect::<Vec<Value>>(),
        })
    };
    json_text(&json!({
        "scenario": scenario.docs.manifest.id,
        "scenario_digest": scenario.digest.to_string(),
        "median_gain_points": median_gain(lessons),
        "plays": lessons.iter().map(lesson).collect::<Vec<Value>>(),
    }))
}
