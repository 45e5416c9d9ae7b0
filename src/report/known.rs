//! What a person knew at each decision of one or several runs, and the confidence beside what came of it: a table for
//! people, CSV with a line for each decision, JSON with everything.
//!
//! Equal runs make equal bytes.

use std::fmt::Write;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::after_action::confidence_words;
use super::names::{self, time};
use super::tables::{Column, counted, csv_from_rows, span, table as columns};
use crate::base::table::json_text;
use crate::base::words::{percent, signed, thousands};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::runfile::target_key;
use crate::study::confidence::{Confidence, Forecast, Level, confidence, fraction};
use crate::study::known::{Known, KnownDecision};
use crate::study::{FirstSign, Sign};

/// A run with the median worths of its orders that have a confidence.
pub struct KnownRun {
    /// From the name of the file.
    pub name: String,
    pub scenario: Arc<Scenario>,
    pub seat: Ix<Seat>,
    pub seed: u64,
    pub known: Known,
    /// Position in the log and points.
    pub worths: Vec<(usize, f64)>,
}

impl KnownRun {
    fn worth(&self, known: &KnownDecision) -> Option<f64> {
        let position = known.decision.position;
        self.worths.iter().find(|(other, _)| *other == position).map(|(_, points)| *points)
    }

    fn forecasts(&self) -> Vec<Forecast> {
        self.known.forecasts(|position| Some(self.worths.iter().find(|(other, _)| *other == position)?.1))
    }

    fn sign(&self, known: &KnownDecision) -> (&'static str, String, Option<Tick>) {
        let docs = &self.scenario.docs;
        match known.sight.sign {
            Some(FirstSign { tick, sign: Sign::Message(inject) }) => {
                ("message", docs.injects[inject.position()].id.clone(), Some(tick))
            }
            Some(FirstSign { tick, sign: Sign::Board(service) }) => {
                ("board", self.scenario.service_key(service), Some(tick))
            }
            None => ("", String::new(), None),
        }
    }
}

/// All forecasts together.
fn pooled(runs: &[KnownRun]) -> Option<Confidence> {
    let all: Vec<Forecast> = runs.iter().flat_map(KnownRun::forecasts).collect();
    confidence(&all)
}

/// Decisions run by run, then confidence over all runs; worths are medians over some seeds.
pub fn table(runs: &[KnownRun], seeds: u64) -> String {
    let mut text = "What the seat could know at each decision, times in UTC\n".to_owned();
    for run in runs {
        let manifest = &run.scenario.docs.manifest;
        let seat = &run.scenario.docs.seats[run.seat.position()];
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}: {}, {} ({}), seed {}", run.name, manifest.title, seat.name, seat.id, run.seed);
        if run.known.decisions.is_empty() {
            text.push_str("  The seat gave no order\n");
        } else {
            text.push_str(&decision_table(run));
        }
    }
    text.push_str(&confidence_table(runs, seeds));
    text
}

fn decision_table(run: &KnownRun) -> String {
    const COLUMNS: [Column; 12] = [
        Column::Right,
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
        Column::Right,
    ];
    let head = [
        "",
        "given",
        "decision",
        "first sign",
        "after",
        "messages",
        "below target",
        "outside",
        "hosts down",
        "later",
        "sure",
        "worth",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (index, known) in run.known.decisions.iter().enumerate() {
        let (sight, boards) = (&known.sight, &known.sight.boards);
        let services = |count: usize| format!("{count}/{}", boards.services);
        let messages = match sight.read() {
            _ if sight.messages.is_empty() => "none".to_owned(),
            Some(read) => format!("{read}/{} read", sight.messages.len()),
            None => format!("{} reached", sight.messages.len()),
        };
        let worth = match run.worth(known) {
            _ if known.is_taken_back => "taken back".to_owned(),
            worth => worth.map_or_else(String::new, signed),
        };
        rows.push(vec![
            (index + 1).to_string(),
            time(&run.scenario, sight.tick),
            decision_words(&run.scenario, known),
            sign_words(run, known),
            sight.wait_min().map_or("–".to_owned(), |minutes| span(u64::from(minutes))),
            messages,
            services(boards.below),
            services(boards.outside),
            thousands(boards.hosts_down),
            thousands(sight.hosts_down_later.1),
            known.confidence_pct.map_or_else(String::new, |percent| format!("{percent} %")),
            worth,
        ]);
    }
    columns(&COLUMNS, &rows)
}

fn decision_words(scenario: &Scenario, known: &KnownDecision) -> String {
    let name = &scenario.docs.mitigations[known.decision.mitigation.position()].name;
    names::target(scenario, known.decision.target).map_or_else(|| name.clone(), |target| format!("{name}: {target}"))
}

fn sign_words(run: &KnownRun, known: &KnownDecision) -> String {
    match known.sight.sign {
        Some(FirstSign { tick, sign: Sign::Message(inject) }) => {
            let title = &run.scenario.docs.injects[inject.position()].title;
            format!("{}, message `{title}`", time(&run.scenario, tick))
        }
        Some(FirstSign { tick, sign: Sign::Board(service) }) => {
            format!("{}, board: {}", time(&run.scenario, tick), run.scenario.service_doc(service).name)
        }
        None => "none".to_owned(),
    }
}

fn confidence_table(runs: &[KnownRun], seeds: u64) -> String {
    let over = counted(runs.len() as u64, "run", "runs");
    let on = counted(seeds, "seed", "seeds");
    let mut text = format!("\nConfidence over {over}; an order helps if its median worth on {on} is above zero\n");
    let Some(found) = pooled(runs) else {
        text.push_str("  no order has a stated confidence\n");
        return text;
    };
    let _ = writeln!(text, "{}", confidence_words(&found));
    if found.curve.is_empty() {
        return text;
    }
    let mut rows = vec![["sure", "orders", "helped", "curve", "band, nine in ten", ""].map(str::to_owned).to_vec()];
    for level in &found.curve {
        rows.push(vec![
            format!("{} %", level.sure_pct),
            level.count.to_string(),
            level.helped.to_string(),
            percent(level.share),
            format!("{} to {}", percent(level.low), percent(level.high)),
            if level.is_within() { "" } else { "outside the band" }.to_owned(),
        ]);
    }
    let set = [Column::Right, Column::Right, Column::Right, Column::Right, Column::Right, Column::Left];
    text + &columns(&set, &rows)
}

/// A decision as a line of CSV. A cell is empty where there is no value.
#[derive(Serialize)]
struct Row<'a> {
    run: &'a str,
    scenario: &'a str,
    seat: &'a str,
    seed: u64,
    decision: usize,
    tick: u32,
    utc: String,
    order: &'a str,
    target: String,
    sign: &'static str,
    sign_id: String,
    sign_tick: Option<u32>,
    sign_to_order_min: Option<u32>,
    messages: usize,
    messages_read: Option<usize>,
    services: usize,
    services_below_target: usize,
    services_outside_tolerance: usize,
    hosts_down: u64,
    hosts_down_later: u64,
    hosts_down_later_tick: u32,
    figure_stated: Option<f64>,
    figure_actual: Option<f64>,
    figure_unit: &'static str,
    confidence_pct: Option<u8>,
    is_taken_back: bool,
    worth_median: Option<f64>,
    has_helped: Option<bool>,
}

fn row<'a>(run: &'a KnownRun, index: usize, known: &KnownDecision) -> Row<'a> {
    let (docs, sight) = (&run.scenario.docs, &known.sight);
    let (sign, sign_id, sign_tick) = run.sign(known);
    let (later_tick, later) = sight.hosts_down_later;
    let worth = run.worth(known).filter(|_| !known.is_taken_back);
    Row {
        run: &run.name,
        scenario: &docs.manifest.id,
        seat: &docs.seats[run.seat.position()].id,
        seed: run.seed,
        decision: index + 1,
        tick: sight.tick.0,
        utc: run.scenario.start.iso(sight.tick),
        order: &docs.mitigations[known.decision.mitigation.position()].id,
        target: target_key(&run.scenario, known.decision.target),
        sign,
        sign_id,
        sign_tick: sign_tick.map(|tick| tick.0),
        sign_to_order_min: sight.wait_min(),
        messages: sight.messages.len(),
        messages_read: sight.read(),
        services: sight.boards.services,
        services_below_target: sight.boards.below,
        services_outside_tolerance: sight.boards.outside,
        hosts_down: sight.boards.hosts_down,
        hosts_down_later: later,
        hosts_down_later_tick: later_tick.0,
        figure_stated: sight.figure.map(|figure| figure.stated),
        figure_actual: sight.figure.map(|figure| figure.actual),
        figure_unit: sight.figure.map_or("", |figure| figure.unit),
        confidence_pct: known.confidence_pct,
        is_taken_back: known.is_taken_back,
        worth_median: worth,
        has_helped: worth.map(|points| 0.0 < points),
    }
}

/// One line for each decision of all runs.
pub fn csv(runs: &[KnownRun]) -> String {
    let of_run = |run| rows(run);
    csv_from_rows(runs.iter().flat_map(of_run))
}

fn rows(run: &KnownRun) -> impl Iterator<Item = Row<'_>> {
    run.known.decisions.iter().enumerate().map(move |(index, known)| row(run, index, known))
}

/// One object: runs with their decisions and messages, confidence of each run and of all.
pub fn json(runs: &[KnownRun], seeds: u64) -> String {
    let of_run = |run: &KnownRun| {
        let decisions: Vec<Value> = rows(run)
            .zip(&run.known.decisions)
            .map(|(row, known)| {
                let mut value = json!(row);
                value["message_list"] = known
                    .sight
                    .messages
                    .iter()
                    .map(|message| {
                        json!({
                            "id": run.scenario.docs.injects[message.inject.position()].id,
                            "tick": message.tick.0,
                            "asks": message.asks,
                            "is_read": message.is_read,
                        })
                    })
                    .collect();
                value
            })
            .collect();
        json!({
            "run": run.name,
            "scenario": run.scenario.docs.manifest.id,
            "scenario_digest": run.scenario.digest.to_string(),
            "seat": run.scenario.docs.seats[run.seat.position()].id,
            "seed": run.seed,
            "decisions": decisions,
            "confidence": confidence(&run.forecasts()).as_ref().map(confidence_value),
        })
    };
    json_text(&json!({
        "seeds": seeds,
        "runs": runs.iter().map(of_run).collect::<Vec<_>>(),
        "confidence": pooled(runs).as_ref().map(confidence_value),
    }))
}

fn confidence_value(found: &Confidence) -> Value {
    let level = |level: &Level| {
        json!({
            "confidence_pct": level.sure_pct,
            "orders": level.count,
            "helped": level.helped,
            "share": level.share,
            "low": level.low,
            "high": level.high,
        })
    };
    json!({
        "orders": found.forecasts,
        "mean_confidence": found.sure,
        "share_helped": found.helped,
        "habit": found.habit.words(),
        "brier": fraction(found.brier.score),
        "reliability": fraction(found.brier.reliability),
        "resolution": fraction(found.brier.resolution),
        "uncertainty": fraction(found.brier.uncertainty),
        "curve": found.curve.iter().map(level).collect::<Vec<_>>(),
    })
}
