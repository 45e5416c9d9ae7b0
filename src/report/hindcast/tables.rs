//! A hindcast as text: a table for people, CSV and JSON for programs.
//!
//! Equal hindcasts make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::Frame;
use crate::base::table::json_text;
use crate::base::words::{figure, percent};
use crate::report::tables::{Column, counted, csv_from_rows, table as columns};
use crate::study::hindcast::{Coverage, Hindcast, Row, facts};

/// `Playbook reference, 100 seeds, 200 draws of figures`
pub fn what_was_run(frame: &Frame) -> String {
    let draws = frame.draws.map(|draws| format!(", {} of figures", counted(draws, "draw", "draws")));
    let seeds = counted(frame.seeds, "seed", "seeds");
    format!("Playbook {}, {seeds}{}", frame.playbook, draws.unwrap_or_default())
}

/// Rows by topic under their headings, and the sum.
pub fn table(frame: &Frame, found: &Hindcast) -> String {
    let rows: Vec<Vec<String>> =
        std::iter::once(head(frame, found)).chain(found.rows.iter().map(|row| cells(frame, found, row))).collect();
    let mut alignment = vec![Column::Right; rows[0].len()];
    // Verdict and title at the left, unit and remarks at the right.
    let last = alignment.len() - 1;
    [0, 1, last - 1, last].into_iter().for_each(|column| alignment[column] = Column::Left);
    let set = columns(&alignment, &rows);
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
    let open: Vec<&Row> = found.rows.iter().filter(|row| row.is_open()).collect();
    text.push('\n');
    if frame.draws.is_some() {
        text.push_str(&coverage(found));
    }
    if !open.is_empty() && open.len() < found.rows.len() {
        let hits = open.iter().filter(|row| row.is_hit).count();
        let _ = writeln!(text, "not looked at while figures were chosen: {hits} of {} hit", open.len());
    }
    let _ = writeln!(text, "hindcast: {} of {} targets hit", found.hits(), found.rows.len());
    text
}

fn head(frame: &Frame, found: &Hindcast) -> Vec<String> {
    let mut head = vec!["", "", "published", "hit if", "median"];
    match frame.draws {
        None => head.push("5–95 %"),
        Some(_) => head.extend(["luck, 5–95 %", "luck and figures, 5–95 %"]),
    }
    head.extend(found.given.map(|_| "given the headlines"));
    head.extend(["", ""]);
    head.into_iter().map(str::to_owned).collect()
}

fn cells(frame: &Frame, found: &Hindcast, row: &Row) -> Vec<String> {
    let target = &row.target;
    let shown = |value: f64| figure(value, &target.unit);
    let mut cells = vec![
        format!("  {}", verdict(row)),
        target.title.clone(),
        shown(*target.published.value()),
        row.tolerance_words(),
        shown(row.median),
        row.band_words(row.band),
    ];
    let mut remarks = Vec::new();
    if let (Some(_), Some(drawn)) = (frame.draws, &row.drawn) {
        cells.push(row.band_words(drawn.band));
        if found.given.is_some() {
            cells.push(drawn.given.map_or_else(|| "–".to_owned(), |band| row.band_words(band)));
        }
        if !row.is_held_by(drawn.band) {
            remarks.push("outside the band");
        }
    }
    if target.calibrated {
        remarks.push("calibrated");
    }
    let is_shown_with_value = matches!(target.unit.as_str(), "share" | "USD");
    cells.push(if is_shown_with_value { String::new() } else { target.unit.clone() });
    cells.push(remarks.join(", "));
    cells
}

/// The hold of both bands on the published numbers, for used and for open targets.
fn coverage(found: &Hindcast) -> String {
    let mut rows = vec![
        ["published numbers inside the band of nine tenths", "used", "open", "interval score, used", "open"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut row = |name: &str, band: fn(&Row) -> Option<(f64, f64)>| {
        let [used, open] = holds(found, band);
        let inside = |held: Coverage| match held.targets {
            0 => "–".to_owned(),
            targets => format!("{} of {targets}, {}", held.inside, percent(held.share())),
        };
        let score = |held: Coverage| figure(held.score, "");
        rows.push(vec![format!("  {name}"), inside(used), inside(open), score(used), score(open)]);
    };
    row("luck alone", |row| Some(row.band));
    row("luck and figures", |row| row.drawn.as_ref().map(|drawn| drawn.band));
    if found.given.is_some_and(|given| 0.0 < given.effective) {
        row("luck and figures, given the headlines", |row| row.drawn.as_ref().and_then(|drawn| drawn.given));
    }
    let mut text = columns(&[Column::Left, Column::Right, Column::Right, Column::Right, Column::Right], &rows);
    if let Some(given) = found.given {
        let few = if given.effective < FEW { "; too few for a band, take more draws or fewer headlines" } else { "" };
        let effective = figure(given.effective, "");
        let numbers = counted(given.headlines as u64, "headline number", "headline numbers");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "given {numbers}: as good as {effective} draws of equal weight{few}");
    }
    text
}

/// With fewer effective draws than this a posterior band says little.
const FEW: f64 = 20.0;

/// The coverage of used and of open targets.
fn holds(found: &Hindcast, band: fn(&Row) -> Option<(f64, f64)>) -> [Coverage; 2] {
    [false, true].map(|is_open| Coverage::new(found.rows.iter().filter(|row| row.is_open() == is_open), band))
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
        uncertain: frame.draws.map(|draws| Uncertain::new(draws, found)),
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
    /// The study with drawn figures, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<Uncertain>,
    rows: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Uncertain {
    draws: u64,
    luck: Bands,
    luck_and_figures: Bands,
    /// The band of the draws weighted by the headline numbers.
    given: Option<Bands>,
    headlines: Option<usize>,
    effective_draws: Option<f64>,
}

/// The hold of a band on the published numbers that were used and on those that were not.
#[derive(Debug, Serialize)]
struct Bands {
    used: Hold,
    open: Hold,
}

#[derive(Debug, Serialize)]
struct Hold {
    targets: usize,
    inside: usize,
    /// Mean of the scored targets, in units of their tolerances; null if none is scored.
    interval_score: f64,
    scored: usize,
}

impl Uncertain {
    fn new(draws: u64, found: &Hindcast) -> Self {
        let bands = |band: fn(&Row) -> Option<(f64, f64)>| {
            let [used, open] = holds(found, band).map(|held| Hold {
                targets: held.targets,
                inside: held.inside,
                interval_score: held.score,
                scored: held.scored,
            });
            Bands { used, open }
        };
        Self {
            draws,
            luck: bands(|row| Some(row.band)),
            luck_and_figures: bands(|row| row.drawn.as_ref().map(|drawn| drawn.band)),
            given: found.given.map(|_| bands(|row| row.drawn.as_ref().and_then(|drawn| drawn.given))),
            headlines: found.given.map(|given| given.headlines),
            effective_draws: found.given.map(|given| given.effective),
        }
    }
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
    /// The same with drawn figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    drawn: Option<DrawnEntry>,
    verdict: &'static str,
    calibrated: bool,
    note: &'a str,
    /// One value for each seed, from seed 1.
    values: Vec<Value>,
}

#[derive(Debug, Serialize)]
struct DrawnEntry {
    median: Value,
    p5: Value,
    p95: Value,
    /// The band of the draws weighted by the headline numbers.
    given_p5: Option<Value>,
    given_p95: Option<Value>,
    /// Does the band of luck and figures hold the published number?
    holds_published: bool,
    /// One value for each draw.
    values: Vec<Value>,
}

impl DrawnEntry {
    fn new(row: &Row) -> Option<Self> {
        let drawn = row.drawn.as_ref()?;
        Some(Self {
            median: number(drawn.median),
            p5: number(drawn.band.0),
            p95: number(drawn.band.1),
            given_p5: drawn.given.map(|band| number(band.0)),
            given_p95: drawn.given.map(|band| number(band.1)),
            holds_published: row.is_held_by(drawn.band),
            values: drawn.values.iter().copied().map(number).collect(),
        })
    }
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
            drawn: DrawnEntry::new(row),
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
    /// Number of draws of figures; this column and the following ones are empty without draws.
    draws: Option<u64>,
    drawn_median: String,
    drawn_p5: String,
    drawn_p95: String,
    given_p5: String,
    given_p95: String,
    drawn_holds_published: Option<bool>,
}

impl<'a> Line<'a> {
    fn new(frame: &'a Frame, entry: &'a Entry) -> Self {
        let drawn = |value: fn(&DrawnEntry) -> Option<&Value>| {
            entry.drawn.as_ref().and_then(value).map_or_else(String::new, plain)
        };
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
            draws: frame.draws,
            drawn_median: drawn(|drawn| Some(&drawn.median)),
            drawn_p5: drawn(|drawn| Some(&drawn.p5)),
            drawn_p95: drawn(|drawn| Some(&drawn.p95)),
            given_p5: drawn(|drawn| drawn.given_p5.as_ref()),
            given_p95: drawn(|drawn| drawn.given_p95.as_ref()),
            drawn_holds_published: entry.drawn.as_ref().map(|drawn| drawn.holds_published),
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
