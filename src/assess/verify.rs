//! Verifies a run file: replays the run and computes every claim of the file anew.
//!
//! The result also lists claims that a file cannot prove, for instance the player of a seat. Must not print.

mod people;

use std::sync::Arc;

use super::comparisons::{Progress, comparison_runs};
use super::score::{judge, rounded};
use crate::scenario::compile::Scenario;
use crate::session::run::Run;
use crate::session::runfile::{self, Difference, End, Judgement, RunFile};

/// The verified claims of a run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Number of replayed ticks.
    pub ticks: u32,
    /// Digest of the world at the last tick.
    pub digest: String,
    /// The log digest, computed from the file.
    pub log_digest: String,
    /// Scores by seat id that were computed anew and agree.
    pub scores: Vec<(String, f64)>,
    /// Sentences about data that the file lacks.
    pub lacks: Vec<String>,
}

/// Replays a run file and checks its claims. `progress` is called for every tick, comparison runs included.
///
/// # Errors
/// A clause about the first claim that is wrong.
pub fn verify(file: &RunFile, scenario: &Arc<Scenario>, progress: Progress<'_>) -> Result<Verified, String> {
    file.check_scenario(scenario)?;
    let replayed = runfile::replay(file, scenario.clone(), |_| progress(1));
    let run = replayed.map_err(|difference| first_difference(&difference, file, scenario))?;
    let digest = run.world.digest().to_string();
    let log_digest = file.log_digest();
    let mut verified =
        Verified { ticks: run.world.tick().0, digest, log_digest, scores: Vec::new(), lacks: Vec::new() };
    people::check(file, &run)?;
    let Some(end) = &file.end else {
        verified.lacks.push("the run did not reach its end, so it has no score".to_owned());
        return Ok(verified);
    };
    check_end(end, file, &verified)?;
    if end.tick < file.header.horizon {
        verified.lacks.push(format!("the run was stopped at tick {} of {}", end.tick, file.header.horizon));
    }
    check_scores(end, file, &run, &mut verified, progress)?;
    Ok(verified)
}

fn check_end(end: &End, file: &RunFile, verified: &Verified) -> Result<(), String> {
    // In version 1 the digest at the end repeats that of the last tick, which was compared.
    let stated = match file.version {
        1 => file.digests.last().map(ToString::to_string).unwrap_or_default(),
        _ => verified.digest.clone(),
    };
    if end.digest != stated {
        return Err(format!("the end says digest {}, and the last tick has {stated}", end.digest));
    }
    match &end.log_digest {
        Some(stated) if *stated != verified.log_digest => Err(format!(
            "the end says log digest {stated}, and the commands, remarks and notes have {}",
            verified.log_digest
        )),
        None if file.version != 1 => Err("the end has no log digest".to_owned()),
        _ => Ok(()),
    }
}

/// Computes the scores anew and compares them with the claims of the file.
fn check_scores(
    end: &End,
    file: &RunFile,
    run: &Run,
    verified: &mut Verified,
    progress: Progress<'_>,
) -> Result<(), String> {
    let scenario = &run.setup.scenario;
    let mut seats = Vec::new();
    for Judgement { seat: id, .. } in &end.seats {
        if !file.header.seats.iter().any(|seat| seat.seat == *id) {
            return Err(format!("the end judges the seat `{id}`, which was not in play"));
        }
        let seat = scenario.seat_index(id).ok_or_else(|| format!("the scenario has no seat `{id}`"))?;
        if seats.contains(&seat) {
            return Err(format!("the end judges the seat `{id}` twice"));
        }
        seats.push(seat);
    }
    let runs = comparison_runs(run, &seats, progress);
    for (stated, seat) in end.seats.iter().zip(&seats) {
        let computed = judge(&run.world, *seat, &runs[seat]);
        check_judgement(stated, &computed, file.version)?;
        verified.scores.push((computed.seat, computed.score));
    }
    for seat in &file.header.seats {
        if !end.seats.iter().any(|judgement| judgement.seat == seat.seat) {
            verified.lacks.push(format!("there is no score for the seat `{}`", seat.seat));
        }
    }
    for playbook in file.header.foreign_playbooks(scenario) {
        verified
            .lacks
            .push(format!("the playbook `{playbook}` is not part of the scenario; its orders come from the file"));
    }
    if file.version == 1 {
        verified.lacks.push(
            "a file of version 1 protects neither confidences nor the names of those who gave the orders".to_owned(),
        );
    }
    Ok(())
}

fn check_judgement(stated: &Judgement, computed: &Judgement, version: u32) -> Result<(), String> {
    // Version 1 did not round points, and its score was the sum of points that were not rounded.
    let is_same_points = |a: f64, b: f64| if version == 1 { (rounded(a) - b).abs() < 0.0015 } else { a == b };
    if !is_same_points(stated.score, computed.score) {
        return Err(format!("the end claims a score of {:?}, and the replay has {:?}", stated.score, computed.score));
    }
    let (found, right) = (stated.objectives.len(), computed.objectives.len());
    if found != right {
        return Err(format!("the end judges {found} objectives of the seat `{}`, which has {right}", computed.seat));
    }
    for (a, b) in stated.objectives.iter().zip(&computed.objectives) {
        let differs = |what: &str, stated: &str, computed: &str| {
            Err(format!("the end says {what} {stated} of the objective `{}`, and the replay has {computed}", b.id))
        };
        for (what, stated, computed) in [("id", &a.id, &b.id), ("name", &a.name, &b.name), ("unit", &a.unit, &b.unit)] {
            if stated != computed {
                return differs(what, &format!("`{stated}`"), &format!("`{computed}`"));
            }
        }
        // The weight is NaN if the file does not state it.
        let weight = if a.weight.is_nan() { b.weight } else { a.weight };
        let values = [
            ("weight", weight, b.weight),
            ("yours", a.yours, b.yours),
            ("do_nothing", a.do_nothing, b.do_nothing),
            ("reference", a.reference, b.reference),
            ("par", a.par, b.par),
        ];
        let other = values.into_iter().find(|&(_, stated, computed)| !is_near(stated, computed));
        let other = other.or((!is_same_points(a.points, b.points)).then_some(("points", a.points, b.points)));
        if let Some((what, stated, computed)) = other {
            return differs(what, &stated.to_string(), &computed.to_string());
        }
    }
    Ok(())
}

/// Are two numbers equal apart from the last digit, which reading a decimal may change?
fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn first_difference(difference: &Difference, file: &RunFile, scenario: &Scenario) -> String {
    let utc = scenario.start.iso(difference.tick);
    let found = format!("first difference at tick {} ({utc}): {}", difference.tick.0, difference.what);
    let (theirs, ours) = (&file.header.program, env!("CARGO_PKG_VERSION"));
    if theirs == ours {
        return found;
    }
    format!(
        "{found}\n  version {theirs} recorded the run and this is version {ours}, whose model may give other results: \
         verify the file with version {theirs}"
    )
}

/// Most ticks that `verify` simulates, for a progress bar.
pub fn ticks_to_play(file: &RunFile) -> u64 {
    let judged = file.end.as_ref().map_or(0, |end| end.seats.len() as u64);
    // The reference run is the same for all seats.
    let comparisons = if judged == 0 { 0 } else { 1 + 2 * judged };
    u64::from(file.last_tick().0) + u64::from(file.header.horizon) * comparisons
}
