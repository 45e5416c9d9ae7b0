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
use crate::scenario::open::Citations;
use crate::scenario::schema::Statement;
use crate::study::hindcast::{Coverage, Hindcast, Row, facts, is_hit};

/// `Playbook reference, 100 seeds, 200 draws of figures`
pub fn what_was_run(frame: &Frame) -> String {
    let draws = frame.draws.map(|draws| format!(", {} of figures", counted(draws, "draw", "draws")));
    let seeds = counted(frame.seeds, "seed", "seeds");
    format!("Playbook {}, {seeds}{}", frame.playbook, draws.unwrap_or_default())
}

/// Rows by topic under their headings, and the sum.
pub fn table(frame: &Frame, found: &Hindcast) -> String {
    let citations = Citations::new(&frame.scenario.docs);
    let mut rows = vec![head(frame, found)];
    let mut lengths: Vec<(&str, usize)> = Vec::new();
    for parts in found.lines() {
        let topic = parts[0].target.topic.as_str();
        let cells = cells_of_line(frame, found, parts, &citations);
        match lengths.last_mut().filter(|(last, _)| *last == topic) {
            Some((_, length)) => *length += cells.len(),
            None => lengths.push((topic, cells.len())),
        }
        rows.extend(cells);
    }
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
    if frame.draws.is_some() {
        text.push_str(&coverage(found, &citations));
    }
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

/// The hold of both bands on the published numbers, for used and for open targets.
fn coverage(found: &Hindcast, citations: &Citations) -> String {
    let mut rows = vec![
        ["published numbers inside the band of nine tenths", "used", "open", "interval score, used", "open"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut row = |name: &str, band: fn(&Row) -> Option<(f64, f64)>| {
        let [used, open] = holds(found, citations, band);
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
fn holds(found: &Hindcast, citations: &Citations, band: fn(&Row) -> Option<(f64, f64)>) -> [Coverage; 2] {
    [false, true].map(|is_open| {
        let rows = found.rows.iter().filter(|row| citations.is_open(&row.target) == is_open);
        Coverage::new(rows, band)
    })
}

/// A row of the table; for a row of several parts one line more, with their sum.
fn cells_of_line(frame: &Frame, found: &Hindcast, parts: &[Row], citations: &Citations) -> Vec<Vec<String>> {
    let cells = |row: &Row, indent: &str| cells(frame, found, row, indent, citations);
    let [first, _, ..] = parts else { return parts.iter().map(|row| cells(row, "  ")).collect() };
    let judged = parts.iter().filter(|part| part.target.is_judged()).count();
    let hits = parts.iter().filter(|part| part.is_hit).count();
    let verdict = match (judged, is_hit(parts)) {
        (0, _) => "shown",
        (_, true) => "hit",
        (_, false) => "miss",
    };
    let sum = if judged == 0 { String::new() } else { format!("{hits} of {judged} hit") };
    let title = first.target.row.clone().unwrap_or_default();
    let mut heading = vec![format!("  {verdict}"), title, String::new(), sum];
    heading.resize(head(frame, found).len(), String::new());
    let mut lines = vec![heading];
    lines.extend(parts.iter().map(|row| {
        let mut cells = cells(row, "    ");
        cells[1] = format!("  {}", cells[1]);
        cells
    }));
    lines
}

fn cells(frame: &Frame, found: &Hindcast, row: &Row, indent: &str, citations: &Citations) -> Vec<String> {
    let target = &row.target;
    let mut cells = vec![
        format!("{indent}{}", row.verdict()),
        target.title.clone(),
        row.published_words(),
        row.tolerance_words(),
        figure(row.median, &target.unit),
        row.band_words(row.band),
    ];
    let mut remarks = Vec::new();
    if let (Some(_), Some(drawn)) = (frame.draws, &row.drawn) {
        cells.push(row.band_words(drawn.band));
        if found.given.is_some() {
            cells.push(drawn.given.map_or_else(|| "–".to_owned(), |band| row.band_words(band)));
        }
        if target.statement().is_some() && !row.is_held_by(drawn.band) {
            remarks.push("outside the band");
        }
    }
    if citations.is_open(target) {
        remarks.push("open");
    }
    let is_shown_with_value = matches!(target.unit.as_str(), "share" | "USD");
    cells.push(if is_shown_with_value { String::new() } else { target.unit.clone() });
    cells.push(remarks.join(", "));
    cells
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
        uncertain: frame.draws.map(|draws| Uncertain::new(draws, found, &citations)),
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
    fn new(draws: u64, found: &Hindcast, citations: &Citations) -> Self {
        let bands = |band: fn(&Row) -> Option<(f64, f64)>| {
            let [used, open] = holds(found, citations, band).map(|held| Hold {
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
    /// The same with drawn figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    drawn: Option<DrawnEntry>,
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
            drawn: DrawnEntry::new(row),
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
