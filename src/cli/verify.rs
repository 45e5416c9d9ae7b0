//! `blackstart verify`: a run file played again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::progress::Bar;
use super::{names, out};
use crate::assess::score::Score;
use crate::batch;
use crate::scenario::compile::Scenario;
use crate::scenario::foreign::Foreign;
use crate::scenario::library;
use crate::session::policy::Voices;
use crate::session::run::Run;
use crate::session::runfile::{self, Altered, Difference, Judgement, ReadError, Reading, RunFile};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart verify results/2024-07-19-airline-ops-par-1.run
  blackstart verify homework.run --scenario my-scenario      where the scenario is a folder of your own")]
pub struct VerifyArgs {
    /// Run file
    #[arg(value_name = "RUNFILE")]
    file: PathBuf,
    /// Scenario folder, where the run was not played with a scenario of the program
    #[arg(long, value_name = "PATH")]
    scenario: Option<String>,
}

/// Checks the chain, plays the run again and compares.
pub fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let reading = runfile::read(&args.file).map_err(|error| unreadable(&error, &args.file))?;
    let mut problems: Vec<String> = reading.altered.iter().map(altered).collect();
    match replay(&reading, args.scenario.as_deref()) {
        Ok(_) if problems.is_empty() => {
            let end = &reading.file.end;
            return out::print(&format!("verified: {} ticks, digest {}\n", end.tick, end.digest));
        }
        // The altered line did not change the run: a hash, or a word that replaying does not need.
        Ok(_) => problems.push("the run itself replays as written".to_owned()),
        Err(Problem::Run(problem)) => problems.push(problem),
        Err(Problem::Scenario(failure)) if problems.is_empty() => return Err(failure),
        Err(Problem::Scenario(failure)) => {
            problems.push("the run was not played again, because its scenario cannot be used".to_owned());
            failure.report();
        }
    }
    Err(Failure::new(format!("the run file does not hold: {}\n  {}", args.file.display(), problems.join("\n  "))))
}

enum Problem {
    /// The run is not what the file says.
    Run(String),
    /// There is no scenario to play it with.
    Scenario(Failure),
}

fn replay(reading: &Reading, scenario: Option<&str>) -> Result<(), Problem> {
    let file = &reading.file;
    let scenario = match scenario {
        Some(path) => names::scenario(path),
        None => {
            names::builtin(&file.header.scenario).map_err(|failure| failure.and("or give its folder with --scenario"))
        }
    };
    let scenario = Arc::new(scenario.map_err(Problem::Scenario)?);
    compare_scenario(file, &scenario)?;
    let bar = Bar::new(u64::from(file.end.tick), true);
    bar.say("Playing again");
    let replayed = runfile::replay(file, scenario.clone(), |_| bar.add(1));
    bar.finish();
    let run = replayed.map_err(|difference| Problem::Run(first_difference(&difference, &scenario)))?;
    compare_end(file, run)
}

/// A run belongs to exactly one text of its scenario.
fn compare_scenario(file: &RunFile, scenario: &Scenario) -> Result<(), Problem> {
    let header = &file.header;
    let id = &scenario.docs.manifest.id;
    if header.scenario != *id {
        return Err(Problem::Run(format!(
            "the run was played with the scenario `{}`, and this is `{id}`",
            header.scenario
        )));
    }
    let digest = scenario.digest.to_string();
    if header.scenario_digest != digest {
        return Err(Problem::Run(format!(
            "the scenario's text differs: the run was played with digest {}, and `{id}` now has {digest}",
            header.scenario_digest
        )));
    }
    Ok(())
}

fn compare_end(file: &RunFile, run: Run) -> Result<(), Problem> {
    let digest = run.world.digest().to_string();
    if file.end.digest != digest {
        let problem = format!("the end says digest {}, and the replay ends with {digest}", file.end.digest);
        return Err(Problem::Run(problem));
    }
    compare_score(file, run)
}

/// A score is part of what a run file claims, so it is reckoned anew.
fn compare_score(file: &RunFile, mut run: Run) -> Result<(), Problem> {
    let stated = Judgement { objectives: file.end.objectives.clone(), score: file.end.score };
    let reckoned = match &file.header.seat {
        None => Judgement::default(),
        Some(_) if stated == Judgement::default() => return Ok(()),
        Some(id) => {
            let scenario = run.setup.scenario.clone();
            let seat = scenario.seat_index(id).map(|seat| seat as u32);
            let seat = seat.ok_or_else(|| Problem::Run(format!("the scenario has no seat `{id}`")))?;
            run.setup.voices = Voices { seat: Some(seat), own: None, others: None };
            let bar = Bar::new(u64::from(scenario.horizon.0) * 3, true);
            bar.say("Reckoning the score");
            let twins = batch::twins_of(&run, &|ticks| bar.add(ticks));
            bar.finish();
            Score::of(&run.world, seat, &twins).judgement(&run.world, seat)
        }
    };
    if is_alike(&stated, &reckoned) {
        return Ok(());
    }
    let points = |score: Option<f64>| score.map_or("no score".to_owned(), |score| format!("a score of {score:.1}"));
    let what = format!("the end claims {}, and the replay has {}", points(stated.score), points(reckoned.score));
    Err(Problem::Run(if stated.score == reckoned.score {
        "the objectives at the end differ from the replay".to_owned()
    } else {
        what
    }))
}

/// Equal but for the last digit, which reading a decimal may change.
fn is_alike(one: &Judgement, other: &Judgement) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
    let score = match (one.score, other.score) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    score
        && one.objectives.len() == other.objectives.len()
        && one.objectives.iter().zip(&other.objectives).all(|(a, b)| {
            let values = [(a.yours, b.yours), (a.do_nothing, b.do_nothing), (a.reference, b.reference), (a.par, b.par)];
            a.id == b.id && near(a.points, b.points) && values.iter().all(|&(a, b)| near(a, b))
        })
}

fn first_difference(difference: &Difference, scenario: &Scenario) -> String {
    let utc = scenario.start.iso(difference.tick);
    format!("first difference at tick {} ({utc}): {}", difference.tick.0, difference.what)
}

fn altered(line: &Altered) -> String {
    format!("line {} was altered, {}", line.line, line.covers)
}

fn unreadable(error: &ReadError, path: &Path) -> Failure {
    match error {
        // Names its path itself.
        ReadError::File(error) => Failure::new(error.to_string()),
        ReadError::Broken { altered: lines, .. } => {
            let lines: String = lines.iter().map(|line| format!("\n  {}", altered(line))).collect();
            Failure::new(format!("{error}: {}{lines}", path.display()))
        }
        ReadError::NotARunFile => no_run_file(error, path),
        _ => Failure::new(format!("{error}: {}", path.display())),
    }
}

/// What a file is that was given for a run file.
fn no_run_file(error: &ReadError, path: &Path) -> Failure {
    let shown = path.display();
    if let Some(Foreign { what, advice }) = library::foreign_file(path) {
        return Failure::with_help(format!("this is {what} and no run file: {shown}"), advice);
    }
    if path.extension().is_some_and(|extension| extension == "ron") {
        let help = "`blackstart check` takes the scenario's folder; run files are what `blackstart run --out` writes";
        return Failure::with_help(format!("this is a file of a scenario and no run file: {shown}"), help);
    }
    Failure::new(format!("{error}: {shown}"))
}
