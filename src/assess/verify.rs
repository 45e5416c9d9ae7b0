//! Verifying a run file: the run is played again, and every claim of the file is computed anew.
//!
//! The result also says what a file cannot prove, for instance who sat at a seat. Must not print.

use std::sync::Arc;

use super::comparisons::{Progress, comparisons_of_seat};
use super::score::Score;
use crate::scenario::compile::Scenario;
use crate::session::run::Run;
use crate::session::runfile::{self, Difference, End, Judgement, RunFile};

/// What holds of a run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Ticks played again.
    pub ticks: u32,
    /// Digest of the world at the last of them.
    pub digest: String,
    /// Digest of everything that was decided and said, computed from the file.
    pub log_digest: String,
    /// Scores by seat id that were computed anew and agree.
    pub scores: Vec<(String, f64)>,
    /// Sentences about what the file does not hold.
    pub lacks: Vec<String>,
}

/// Plays a run file again and checks its claims. `progress` is called for every tick, comparison runs
/// included.
///
/// # Errors
/// A clause that says what does not hold.
pub fn verify(file: &RunFile, scenario: &Arc<Scenario>, progress: Progress<'_>) -> Result<Verified, String> {
    file.check_scenario(scenario)?;
    let replayed = runfile::replay(file, scenario.clone(), |_| progress(1));
    let run = replayed.map_err(|difference| first_difference(&difference, scenario))?;
    let digest = run.world.digest().to_string();
    let log_digest = file.log_digest();
    let mut verified = Verified { ticks: run.world.tick.0, digest, log_digest, scores: Vec::new(), lacks: Vec::new() };
    let Some(end) = &file.end else {
        verified.lacks.push("the run was not brought to an end; it has no score".to_owned());
        return Ok(verified);
    };
    check_end(end, file, &verified)?;
    if end.tick < file.header.horizon {
        verified.lacks.push(format!("the run was stopped at tick {} of {}", end.tick, file.header.horizon));
    }
    check_scores(end, file, run, &mut verified, progress)?;
    Ok(verified)
}

fn check_end(end: &End, file: &RunFile, verified: &Verified) -> Result<(), String> {
    // In version 1 the digest at the end repeats that of the last tick, which was compared.
    let stated = file.digests.last().map(ToString::to_string).unwrap_or_default();
    if end.digest != stated {
        return Err(format!("the end says digest {}, and the last tick has {stated}", end.digest));
    }
    match &end.log_digest {
        Some(stated) if *stated != verified.log_digest => {
            Err(format!("the end says log digest {stated}, and what was decided and said has {}", verified.log_digest))
        }
        _ => Ok(()),
    }
}

/// A score is part of what a run file claims, so it is computed anew.
fn check_scores(
    end: &End,
    file: &RunFile,
    run: Run,
    verified: &mut Verified,
    progress: Progress<'_>,
) -> Result<(), String> {
    let scenario = run.setup.scenario.clone();
    for judgement in &end.seats {
        let id = &judgement.seat;
        if !file.header.seats.iter().any(|seat| seat.seat == *id) {
            return Err(format!("the end judges the seat `{id}`, which was not in play"));
        }
        let seat = scenario.seat_index(id).ok_or_else(|| format!("the scenario has no seat `{id}`"))? as u32;
        let computed =
            Score::of(&run.world, seat, &comparisons_of_seat(&run, Some(seat), progress)).judgement(&run.world, seat);
        check_judgement(judgement, &computed)?;
        verified.scores.push((id.clone(), judgement.score));
    }
    for seat in &file.header.seats {
        if !end.seats.iter().any(|judgement| judgement.seat == seat.seat) {
            verified.lacks.push(format!("there is no score for the seat `{}`", seat.seat));
        }
    }
    for playbook in file.header.foreign_playbooks(&scenario) {
        verified
            .lacks
            .push(format!("the playbook `{playbook}` is not part of the scenario; its orders come from the file"));
    }
    if file.version == 1 {
        verified.lacks.push("version 1 does not protect confidence, nor who gave an order".to_owned());
    }
    Ok(())
}

fn check_judgement(stated: &Judgement, computed: &Judgement) -> Result<(), String> {
    if !near(stated.score, computed.score) {
        let points = |score: f64| format!("a score of {score:.1}");
        return Err(format!("the end claims {}, and the replay has {}", points(stated.score), points(computed.score)));
    }
    let is_alike = stated.objectives.len() == computed.objectives.len()
        && stated.objectives.iter().zip(&computed.objectives).all(|(a, b)| {
            let values = [(a.yours, b.yours), (a.do_nothing, b.do_nothing), (a.reference, b.reference), (a.par, b.par)];
            let words = [(&a.id, &b.id), (&a.name, &b.name), (&a.unit, &b.unit)];
            near(a.points, b.points) && values.iter().all(|&(a, b)| near(a, b)) && words.iter().all(|(a, b)| a == b)
        });
    if is_alike { Ok(()) } else { Err("the objectives at the end differ from the replay".to_owned()) }
}

/// Equal but for the last digit, which reading a decimal may change.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn first_difference(difference: &Difference, scenario: &Scenario) -> String {
    let utc = scenario.start.iso(difference.tick);
    format!("first difference at tick {} ({utc}): {}", difference.tick.0, difference.what)
}

/// Ticks that verifying will play, for a progress bar.
pub fn ticks_to_play(file: &RunFile) -> u64 {
    let judged = file.end.as_ref().map_or(0, |end| end.seats.len());
    u64::from(file.last_tick().0) + u64::from(file.header.horizon) * 3 * judged as u64
}
