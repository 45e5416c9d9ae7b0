//! A hindcast as text: a table for people, CSV and JSON for programs.
//!
//! Equal hindcasts make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::Frame;
use crate::base::table::json_text;
use crate::base::words::figure;
use crate::report::tables::{Column, counted, csv_from_rows, table as columns};
use crate::study::hindcast::{Hindcast, Row, facts};

/// `Playbook reference, 100 seeds`
pub fn what_was_run(frame: &Frame) -> String {
    format!("Playbook {}, {}", frame.playbook, counted(frame.seeds, "seed", "seeds"))
}

/// Rows by topic under their headings, and the sum.
pub fn table(frame: &Frame, found: &Hindcast) -> String {
    const COLUMNS: [Column; 8] = [
        Column::Left,
        Column::Left,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Left,
        Column::Left,
    ];
    let head = ["", "", "published", "hit if", "median", "5–95 %", "", ""].map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(found.rows.iter().map(cells)).collect();
    let set = columns(&COLUMNS, &rows);
    let mut lines = set.lines();
    let manifest = &frame.scenario.docs.manifest;
    // Writing to a string cannot fail.
    let mut text = format!("{}  {}\n{}\n\n", manifest.id, manifest.title, what_was_run(frame));
    let _ = writeln!(text, "{}", lines.next().unwrap_or_default());
    for topic in found.topics() {
        let _ = writeln!(text, "\n{}", topic[0].target.topic);
        lines.by_ref().take(topic.len()).for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let explained = found.rows.iter().filter(|row| !row.is_hit && !row.target.note.is_empty());
    for (at, row) in explained.enumerate() {
        let _ = writeln!(
            text,
            "{}  {}: {}",
            if at == 0 { "\nThe misses\n" } else { "" },
            row.target.title,
            row.target.note
        );
    }
    let free: Vec<&Row> = found.rows.iter().filter(|row| !row.target.calibrated).collect();
    if !free.is_empty() && free.len() < found.rows.len() {
        let hits = free.iter().filter(|row| row.is_hit).count();
        let _ = writeln!(text, "\nnot looked at while figures were chosen: {hits} of {} hit", free.len());
    } else {
        text.push('\n');
    }
    let _ = writeln!(text, "hindcast: {} of {} targets hit", found.hits(), found.rows.len());
    text
}

fn cells(row: &Row) -> Vec<String> {
    let target = &row.target;
    let shown = |value: f64| figure(value, &target.unit);
    vec![
        format!("  {}", verdict(row)),
        target.title.clone(),
        shown(*target.published.value()),
        row.tolerance_words(),
        shown(row.median),
        row.band_words(),
        if matches!(target.unit.as_str(), "share" | "USD") { String::new() } else { target.unit.clone() },
        if target.calibrated { "calibrated".to_owned() } else { String::new() },
    ]
}

fn verdict(row: &Row) -> &'static str {
    if row.is_hit { "hit" } else { "miss" }
}

/// One line for each target under a line with the names of the columns.
pub fn csv(frame: &Frame, found: &Hindcast) -> String {
    let entries: Vec<Entry> = found.rows.iter().map(|row| Entry::new(frame, row)).collect();
    csv_from_rows(entries.iter().map(|entry| Line::new(frame, entry)))
}

/// One object.
pub fn json(frame: &Frame, found: &Hindcast) -> String {
    let report = Report {
        scenario: &frame.scenario.docs.manifest.id,
        scenario_digest: frame.scenario.digest.to_string(),
        playbook: &frame.playbook,
        seeds: frame.seeds,
        targets: found.rows.len(),
        hits: found.hits(),
        rows: found.rows.iter().map(|row| Entry::new(frame, row)).collect(),
    };
    json_text(&report)
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    scenario: &'a str,
    scenario_digest: String,
    playbook: &'a str,
    seeds: u64,
    targets: usize,
    hits: usize,
    rows: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    topic: &'a str,
    title: &'a str,
    unit: &'a str,
    /// The measure as an author writes it.
    measure: String,
    published: f64,
    standing: &'static str,
    /// The text beside the published number.
    source: &'a str,
    /// Ids of the scenario's facts in `source`.
    facts: Vec<&'a str>,
    tolerance: String,
    /// The least value that is a hit; none if the tolerance has no lower end.
    hit_from: Option<f64>,
    hit_to: Option<f64>,
    median: Value,
    p5: Value,
    p95: Value,
    verdict: &'static str,
    calibrated: bool,
    note: &'a str,
    /// One value for each seed, from seed 1.
    values: Vec<Value>,
}

impl<'a> Entry<'a> {
    fn new(frame: &'a Frame, row: &'a Row) -> Self {
        let target = &row.target;
        let printed = |text: Result<String, ron::Error>| text.expect("documents print as RON");
        let end = |value: f64| value.is_finite().then_some(value);
        Self {
            id: &target.id,
            topic: &target.topic,
            title: &target.title,
            unit: &target.unit,
            measure: printed(ron::to_string(&target.measure)),
            published: *target.published.value(),
            standing: target.published.standing().word(),
            source: target.published.source(),
            facts: facts(&frame.scenario.docs, target.published.source()),
            tolerance: printed(ron::to_string(&target.tolerance)),
            hit_from: end(row.ends.0),
            hit_to: end(row.ends.1),
            median: number(row.median),
            p5: number(row.band.0),
            p95: number(row.band.1),
            verdict: verdict(row),
            calibrated: target.calibrated,
            note: &target.note,
            values: row.values.iter().copied().map(number).collect(),
        }
    }
}

/// A line of the CSV: an entry without the values of every seed.
#[derive(Debug, Serialize)]
struct Line<'a> {
    scenario: &'a str,
    scenario_digest: String,
    playbook: &'a str,
    seeds: u64,
    id: &'a str,
    topic: &'a str,
    title: &'a str,
    unit: &'a str,
    measure: &'a str,
    published: f64,
    standing: &'a str,
    source: &'a str,
    facts: String,
    tolerance: &'a str,
    hit_from: Option<f64>,
    hit_to: Option<f64>,
    median: String,
    p5: String,
    p95: String,
    verdict: &'a str,
    calibrated: bool,
    note: &'a str,
}

impl<'a> Line<'a> {
    fn new(frame: &'a Frame, entry: &'a Entry) -> Self {
        Self {
            scenario: &frame.scenario.docs.manifest.id,
            scenario_digest: frame.scenario.digest.to_string(),
            playbook: &frame.playbook,
            seeds: frame.seeds,
            id: entry.id,
            topic: entry.topic,
            title: entry.title,
            unit: entry.unit,
            measure: &entry.measure,
            published: entry.published,
            standing: entry.standing,
            source: entry.source,
            facts: entry.facts.join(" "),
            tolerance: &entry.tolerance,
            hit_from: entry.hit_from,
            hit_to: entry.hit_to,
            median: plain(&entry.median),
            p5: plain(&entry.p5),
            p95: plain(&entry.p95),
            verdict: entry.verdict,
            calibrated: entry.calibrated,
            note: entry.note,
        }
    }
}

/// A number; `"never"` for an event that never happens, null where there is nothing to measure.
fn number(value: f64) -> Value {
    if value == f64::INFINITY { Value::from("never") } else { Value::from(value) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        value => value.to_string(),
    }
}
