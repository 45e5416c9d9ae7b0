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
use crate::scenario::open::Citations;
use crate::scenario::schema::Statement;
use crate::study::hindcast::{Hindcast, Row, facts, is_hit};

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
    let citations = Citations::new(&frame.scenario.docs);
    let head = ["", "", "published", "hit if", "median", "5–95 %", "", ""].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    let mut lengths: Vec<(&str, usize)> = Vec::new();
    for parts in found.lines() {
        let topic = parts[0].target.topic.as_str();
        let cells = cells_of_line(parts, &citations);
        match lengths.last_mut().filter(|(last, _)| *last == topic) {
            Some((_, length)) => *length += cells.len(),
            None => lengths.push((topic, cells.len())),
        }
        rows.extend(cells);
    }
    let set = columns(&COLUMNS, &rows);
    let mut lines = set.lines();
    let manifest = &frame.scenario.docs.manifest;
    // Writing to a string cannot fail.
    let mut text = format!("{}  {}\n{}\n\n", manifest.id, manifest.title, what_was_run(frame));
    let _ = writeln!(text, "{}", lines.next().unwrap_or_default());
    for (topic, length) in lengths {
        let _ = writeln!(text, "\n{topic}");
        lines.by_ref().take(length).for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let explained = found.rows.iter().filter(|row| row.verdict() == "miss" && !row.target.note.is_empty());
    for (at, row) in explained.enumerate() {
        let head = if at == 0 { "\nThe misses\n" } else { "" };
        let _ = writeln!(text, "{head}  {}: {}", row.target.full_title(), row.target.note);
    }
    text.push('\n');
    let open: Vec<&[Row]> = found.judged().filter(|parts| is_open(parts, &citations)).collect();
    if !open.is_empty() {
        let hits = open.iter().filter(|parts| is_hit(parts)).count();
        let _ = writeln!(text, "open, cited by no figure and used by no fit: {hits} of {} hit", open.len());
    }
    let shown = found.lines().count() - found.judged().count();
    let shown = if shown == 0 { String::new() } else { format!(", {shown} more shown") };
    let _ = writeln!(text, "hindcast: {} of {} targets hit{shown}", found.hits(), found.judged().count());
    text
}

/// Are all parts of a row open that are judged?
fn is_open(parts: &[Row], citations: &Citations) -> bool {
    parts.iter().filter(|part| part.target.is_judged()).all(|part| citations.is_open(&part.target))
}

/// A row of the table; for a row of several parts one line more, with their sum.
fn cells_of_line(parts: &[Row], citations: &Citations) -> Vec<Vec<String>> {
    let [first, _, ..] = parts else { return parts.iter().map(|row| cells(row, "  ", citations)).collect() };
    let judged = parts.iter().filter(|part| part.target.is_judged()).count();
    let hits = parts.iter().filter(|part| part.is_hit).count();
    let verdict = match (judged, is_hit(parts)) {
        (0, _) => "shown",
        (_, true) => "hit",
        (_, false) => "miss",
    };
    let sum = if judged == 0 { String::new() } else { format!("{hits} of {judged} hit") };
    let title = first.target.row.clone().unwrap_or_default();
    let head = [format!("  {verdict}"), title, String::new(), sum];
    let mut lines = vec![head.into_iter().chain(std::iter::repeat_n(String::new(), 4)).collect::<Vec<_>>()];
    lines.extend(parts.iter().map(|row| {
        let mut cells = cells(row, "    ", citations);
        cells[1] = format!("  {}", cells[1]);
        cells
    }));
    lines
}

fn cells(row: &Row, indent: &str, citations: &Citations) -> Vec<String> {
    let target = &row.target;
    vec![
        format!("{indent}{}", row.verdict()),
        target.title.clone(),
        row.published_words(),
        row.tolerance_words(),
        figure(row.median, &target.unit),
        row.band_words(),
        if matches!(target.unit.as_str(), "share" | "USD") { String::new() } else { target.unit.clone() },
        if citations.is_open(target) { "open".to_owned() } else { String::new() },
    ]
}

/// One line for each target under a line with the names of the columns.
pub fn csv(frame: &Frame, found: &Hindcast) -> String {
    let citations = Citations::new(&frame.scenario.docs);
    let entries: Vec<Entry> = found.rows.iter().map(|row| Entry::new(frame, row, &citations)).collect();
    csv_from_rows(entries.iter().map(|entry| Line::new(frame, entry)))
}

/// One object.
pub fn json(frame: &Frame, found: &Hindcast) -> String {
    let citations = Citations::new(&frame.scenario.docs);
    let report = Report {
        scenario: &frame.scenario.docs.manifest.id,
        scenario_digest: frame.scenario.digest.to_string(),
        playbook: &frame.playbook,
        seeds: frame.seeds,
        targets: found.judged().count(),
        hits: found.hits(),
        open: found.judged().filter(|parts| is_open(parts, &citations)).count(),
        open_hits: found.judged().filter(|parts| is_open(parts, &citations) && is_hit(parts)).count(),
        rows: found.rows.iter().map(|row| Entry::new(frame, row, &citations)).collect(),
    };
    json_text(&report)
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    scenario: &'a str,
    scenario_digest: String,
    playbook: &'a str,
    seeds: u64,
    /// Rows that are hit or missed; those of several parts once.
    targets: usize,
    hits: usize,
    open: usize,
    open_hits: usize,
    rows: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    topic: &'a str,
    /// The row that it is a part of; empty for a row of its own.
    row: &'a str,
    title: &'a str,
    unit: &'a str,
    /// The measure as an author writes it.
    measure: String,
    /// `number`, `at least`, `at most`, `between`, or nothing.
    says: &'static str,
    /// The number, the bound, or the lower end of the interval.
    published: Option<f64>,
    /// The upper end of an interval.
    published_to: Option<f64>,
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
    /// No figure cites its facts, and no fit used it.
    open: bool,
    /// Paths of the figures that cite its facts.
    cited_by: Vec<String>,
    /// A fit, or the authors, used it.
    calibrated: bool,
    note: &'a str,
    /// One value for each seed, from seed 1.
    values: Vec<Value>,
}

impl<'a> Entry<'a> {
    fn new(frame: &'a Frame, row: &'a Row, citations: &Citations) -> Self {
        let target = &row.target;
        let printed = |text: Result<String, ron::Error>| text.expect("documents print as RON");
        let end = |value: f64| (target.is_judged() && value.is_finite()).then_some(value);
        let statement = target.statement();
        Self {
            id: &target.id,
            topic: &target.topic,
            row: target.row.as_deref().unwrap_or_default(),
            title: &target.title,
            unit: &target.unit,
            measure: printed(ron::to_string(&target.measure)),
            says: statement.map_or("", Statement::word),
            published: statement.map(Statement::first),
            published_to: statement.filter(|one| matches!(one, Statement::Between(..))).map(Statement::last),
            standing: target.tag().map_or("", |(standing, _)| standing.word()),
            source: target.source(),
            facts: facts(&frame.scenario.docs, target.source()),
            tolerance: target.tolerance.map_or_else(String::new, |tolerance| printed(ron::to_string(&tolerance))),
            hit_from: end(row.ends.0),
            hit_to: end(row.ends.1),
            median: number(row.median),
            p5: number(row.band.0),
            p95: number(row.band.1),
            verdict: row.verdict(),
            open: citations.is_open(target),
            cited_by: citations.of_target(target).into_iter().map(str::to_owned).collect(),
            calibrated: target.calibrated == Some(true),
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
    row: &'a str,
    title: &'a str,
    unit: &'a str,
    measure: &'a str,
    says: &'a str,
    published: Option<f64>,
    published_to: Option<f64>,
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
    open: bool,
    /// Number of figures that cite its facts.
    cited_by: usize,
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
            row: entry.row,
            title: entry.title,
            unit: entry.unit,
            measure: &entry.measure,
            says: entry.says,
            published: entry.published,
            published_to: entry.published_to,
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
            open: entry.open,
            cited_by: entry.cited_by.len(),
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
