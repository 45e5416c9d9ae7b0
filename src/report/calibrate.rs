//! A calibration as text: a report for people, and the record in JSON that says what was fitted on what.
//!
//! Equal calibrations make equal bytes.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::tables::{Column, counted, table as columns};
use crate::base::table::json_text;
use crate::base::words::figure;
use crate::scenario::compile::Scenario;
use crate::scenario::figures::{self, Figure, Groups, Held};
use crate::scenario::subjects::subjects;
use crate::study::calibrate::{Calibration, Fold, Options, Score};
use crate::study::hindcast::Row;

/// The setup of the calibration, for heads and records.
pub struct Frame<'a> {
    pub scenario: &'a Scenario,
    pub playbook: &'a str,
    pub options: Options,
    /// Digest of the scenario with the fitted figures.
    pub fitted_digest: String,
}

/// A figure before and after.
#[derive(Debug, Serialize)]
struct Changed {
    path: String,
    before: Vec<f64>,
    after: Vec<f64>,
    #[serde(skip)]
    words: (String, String),
}

/// A free group of figures.
#[derive(Debug, Serialize)]
struct Free<'a> {
    id: &'a str,
    standing: &'static str,
    /// The range in words.
    range: String,
    /// Place in the range: 0 the least values, 0.5 the written ones, 1 the greatest.
    place: f64,
    figures: Vec<Changed>,
}

fn free_groups<'a>(frame: &Frame, found: &'a Calibration) -> Vec<Free<'a>> {
    let docs = &frame.scenario.docs;
    let (before, after) = (figures::all(docs), figures::all(&found.fitted));
    let ids: Vec<String> = found.groups.iter().map(|group| group.id.clone()).collect();
    let members: Vec<Option<usize>> = Groups::new(docs, Held::Documented).only(&ids).group_of_figures().collect();
    let changed = |before: &Figure, after: &Figure| Changed {
        path: before.path(),
        before: before.values.clone(),
        after: after.values.clone(),
        words: (before.value(), after.value()),
    };
    let of_group = |group: usize| {
        let pairs = before.iter().zip(&after).zip(&members).filter(|(_, member)| **member == Some(group));
        pairs.map(|((before, after), _)| changed(before, after)).collect()
    };
    let free = |(index, group): (usize, &'a figures::Group)| Free {
        id: &group.id,
        standing: group.standing.word(),
        range: group.reach.words(),
        place: found.places[index],
        figures: of_group(index),
    };
    found.groups.iter().enumerate().map(free).collect()
}

/// Figures before and after, targets before and after, and the folds.
pub fn table(frame: &Frame, found: &Calibration) -> String {
    let manifest = &frame.scenario.docs.manifest;
    let options = &frame.options;
    // Writing to a string cannot fail.
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    let seeds = counted(options.seeds, "seed", "seeds");
    let starts = counted(options.search.starts, "start", "starts");
    let _ = writeln!(text, "Playbook {}, {seeds}, {starts}, seed {}\n", frame.playbook, options.search.seed);
    text.push_str(&figure_table(&free_groups(frame, found)));
    text.push('\n');
    text.push_str(&target_table(frame, found));
    if !found.folds.is_empty() {
        text.push('\n');
        text.push_str(&fold_table(&found.folds));
    }
    let (before, after) = found.loss;
    let evaluations = counted(found.evaluations as u64, "evaluation", "evaluations");
    let _ = writeln!(text, "\ncalibrate: loss {} before, {} after {evaluations}", loss(before), loss(after));
    text
}

fn figure_table(free: &[Free]) -> String {
    let mut rows = vec![["free figures", "range", "place", "before", "after"].map(str::to_owned).to_vec()];
    for group in free {
        let first = group.figures.first().map_or(("", ""), |figure| (figure.words.0.as_str(), figure.words.1.as_str()));
        let others = group.figures.len().saturating_sub(1);
        let more = if others == 0 { String::new() } else { format!("  and {others} more") };
        rows.push(vec![
            format!("  {}", group.id),
            group.range.clone(),
            format!("{:.2}", group.place),
            first.0.to_owned(),
            format!("{}{more}", first.1),
        ]);
    }
    columns(&[Column::Left, Column::Left, Column::Right, Column::Right, Column::Left], &rows)
}

fn target_table(frame: &Frame, found: &Calibration) -> String {
    let mut rows = vec![["targets", "published", "before", "after", "", ""].map(str::to_owned).to_vec()];
    for (before, after) in found.before.rows.iter().zip(&found.after.rows) {
        let target = &before.target;
        let shown = |value: f64| figure(value, &target.unit);
        let verdict = match (before.is_hit, after.is_hit) {
            (true, true) => "hit",
            (true, false) => "no longer hit",
            (false, true) => "hit now",
            (false, false) => "miss",
        };
        let is_fitted = is_fitted(frame, &target.id);
        rows.push(vec![
            format!("  {}", target.title),
            before.published_words(),
            shown(before.median),
            shown(after.median),
            verdict.to_owned(),
            if is_fitted { "fitted".to_owned() } else { String::new() },
        ]);
    }
    let set = [Column::Left, Column::Right, Column::Right, Column::Right, Column::Left, Column::Left];
    columns(&set, &rows)
}

fn is_fitted(frame: &Frame, id: &str) -> bool {
    frame.scenario.docs.uncertainty.fit.as_ref().is_some_and(|fit| fit.targets.iter().any(|target| target == id))
}

fn fold_table(folds: &[Fold]) -> String {
    let head = ["organisations left out", "used: hit before", "after", "loss", "left out: hit before", "after", "loss"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let cells = |score: Score| {
        let targets = score.targets;
        let hits = |hits: usize| format!("{hits} of {targets}");
        [hits(score.hits.0), hits(score.hits.1), format!("{} → {}", loss(score.loss.0), loss(score.loss.1))]
    };
    for fold in folds {
        let name = format!("  {}", fold.left_out.join(" "));
        rows.push([vec![name], cells(fold.used).to_vec(), cells(fold.unused).to_vec()].concat());
    }
    let used = Score::sum(folds.iter().map(|fold| fold.used));
    let unused = Score::sum(folds.iter().map(|fold| fold.unused));
    rows.push([vec!["all folds".to_owned()], cells(used).to_vec(), cells(unused).to_vec()].concat());
    let mut set = [Column::Right; 7];
    set[0] = Column::Left;
    columns(&set, &rows)
}

fn loss(value: f64) -> String {
    format!("{value:.3}")
}

#[derive(Debug, Serialize)]
struct Record<'a> {
    scenario: &'a str,
    scenario_digest: String,
    fitted_digest: &'a str,
    playbook: &'a str,
    seed: u64,
    seeds: u64,
    starts: u64,
    evaluations: usize,
    loss_before: f64,
    loss_after: f64,
    figures: Vec<Free<'a>>,
    targets: Vec<TargetRecord<'a>>,
    folds: Vec<FoldRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct TargetRecord<'a> {
    id: &'a str,
    title: &'a str,
    unit: &'a str,
    /// The published number, bound or interval in words.
    published: String,
    is_fitted: bool,
    organisations: Vec<String>,
    before: Median,
    after: Median,
}

#[derive(Debug, Serialize)]
struct Median {
    median: Value,
    /// Distance from the published number in units of tolerance.
    units: Value,
    is_hit: bool,
}

impl Median {
    fn new(row: &Row) -> Self {
        let number = |value: f64| if value == f64::INFINITY { Value::from("never") } else { Value::from(value) };
        Self { median: number(row.median), units: number(row.units(row.median)), is_hit: row.is_hit }
    }
}

#[derive(Debug, Serialize)]
struct FoldRecord<'a> {
    left_out: &'a [String],
    places: &'a [f64],
    used: ScoreRecord,
    left_out_score: ScoreRecord,
}

#[derive(Debug, Serialize)]
struct ScoreRecord {
    targets: usize,
    hits_before: usize,
    hits_after: usize,
    loss_before: f64,
    loss_after: f64,
}

impl ScoreRecord {
    fn new(score: Score) -> Self {
        let ((hits_before, hits_after), (loss_before, loss_after)) = (score.hits, score.loss);
        Self { targets: score.targets, hits_before, hits_after, loss_before, loss_after }
    }
}

/// The record: everything that another person needs to repeat the calibration and to judge it.
pub fn json(frame: &Frame, found: &Calibration) -> String {
    let options = &frame.options;
    let (loss_before, loss_after) = found.loss;
    json_text(&Record {
        scenario: &frame.scenario.docs.manifest.id,
        scenario_digest: frame.scenario.digest.to_string(),
        fitted_digest: &frame.fitted_digest,
        playbook: frame.playbook,
        seed: options.search.seed,
        seeds: options.seeds,
        starts: options.search.starts,
        evaluations: found.evaluations,
        loss_before,
        loss_after,
        figures: free_groups(frame, found),
        targets: targets(frame, found),
        folds: found.folds.iter().map(FoldRecord::new).collect(),
    })
}

fn targets<'a>(frame: &Frame, found: &'a Calibration) -> Vec<TargetRecord<'a>> {
    let target = |(before, after): (&'a Row, &Row)| TargetRecord {
        id: &before.target.id,
        title: &before.target.title,
        unit: &before.target.unit,
        published: before.published_words(),
        is_fitted: is_fitted(frame, &before.target.id),
        organisations: subjects(&before.target.measure).into_iter().collect(),
        before: Median::new(before),
        after: Median::new(after),
    };
    found.before.rows.iter().zip(&found.after.rows).map(target).collect()
}

impl<'a> FoldRecord<'a> {
    fn new(fold: &'a Fold) -> Self {
        Self {
            left_out: &fold.left_out,
            places: &fold.places,
            used: ScoreRecord::new(fold.used),
            left_out_score: ScoreRecord::new(fold.unused),
        }
    }
}
