//! A ranking of figures by their effect on a measure: a table for people, CSV and JSON for programs.

use std::fmt::Write;

use serde::Serialize;

use super::tables::{Column, counted, csv_from_rows, table as columns};
use crate::base::table::json_text;
use crate::base::words::figure;
use crate::scenario::compile::Scenario;
use crate::study::sensitivity::{Ranked, RecoveryMeasure};

/// The setup of the screening, for the heads of tables.
pub struct Frame<'a> {
    pub scenario: &'a Scenario,
    pub playbook: &'a str,
    /// The measure as the user named it.
    pub measure_name: &'a str,
    pub measure: &'a RecoveryMeasure,
    pub trajectories: u32,
    pub seed: u64,
}

/// The figures with the largest effects, at most `rows_max`.
pub fn table(frame: &Frame, ranked: &[Ranked], rows_max: usize) -> String {
    const COLUMNS: [Column; 6] =
        [Column::Right, Column::Left, Column::Left, Column::Right, Column::Right, Column::Right];
    let head = ["", "figure", "tried from, to", "effect", "up by it", "interplay"].map(str::to_owned).to_vec();
    let shown = |value: f64| figure(value, frame.measure.unit);
    let row = |(index, ranked): (usize, &Ranked)| {
        vec![
            format!("{}", index + 1),
            ranked.group.id.clone(),
            ranked.group.reach.words(),
            shown(ranked.effect.absolute),
            shown(ranked.effect.mean),
            shown(ranked.effect.deviation),
        ]
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(head).chain(ranked.iter().take(rows_max).enumerate().map(row)).collect();
    let manifest = &frame.scenario.docs.manifest;
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "What moves the {} ({})\n", frame.measure.words, frame.measure.unit);
    text.push_str(&columns(&COLUMNS, &rows));
    let tried = counted(ranked.len() as u64, "figure", "figures");
    let trajectories = counted(u64::from(frame.trajectories), "trajectory", "trajectories");
    let _ = writeln!(text, "\nsensitivity: {tried} tried on {trajectories}, playbook {}", frame.playbook);
    text
}

/// A row of the exports.
#[derive(Debug, Serialize)]
struct Line<'a> {
    rank: usize,
    figure: &'a str,
    standing: &'static str,
    /// Number of figures that move together.
    figures: usize,
    /// The range in words: factors on the written values, or values.
    range: String,
    effect: f64,
    effect_mean: f64,
    effect_deviation: f64,
}

fn lines(ranked: &[Ranked]) -> impl Iterator<Item = Line<'_>> {
    ranked.iter().enumerate().map(|(index, ranked)| Line {
        rank: index + 1,
        figure: &ranked.group.id,
        standing: ranked.group.standing.word(),
        figures: ranked.group.figures,
        range: ranked.group.reach.words(),
        effect: ranked.effect.absolute,
        effect_mean: ranked.effect.mean,
        effect_deviation: ranked.effect.deviation,
    })
}

/// One line for each group of figures under a line with the names of the columns.
pub fn csv(ranked: &[Ranked]) -> String {
    csv_from_rows(lines(ranked))
}

/// One object.
pub fn json(frame: &Frame, ranked: &[Ranked]) -> String {
    json_text(&serde_json::json!({
        "scenario": frame.scenario.docs.manifest.id,
        "scenario_digest": frame.scenario.digest.to_string(),
        "playbook": frame.playbook,
        "measure": frame.measure_name,
        "unit": frame.measure.unit,
        "trajectories": frame.trajectories,
        "seed": frame.seed,
        "parameters": lines(ranked).collect::<Vec<_>>(),
    }))
}
