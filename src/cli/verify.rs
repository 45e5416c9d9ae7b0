//! `blackstart verify`: a run file played again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::progress::Bar;
use super::{names, out};
use crate::assess::verify::{self, Verified, ticks_to_play};
use crate::scenario::foreign::Foreign;
use crate::scenario::library;
use crate::session::runfile::{self, Altered, BrokenOff, PlayerRecord, ReadError, Reading};

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
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let reading = runfile::read(&args.file).map_err(|error| unreadable(&error, &args.file))?;
    let mut problems: Vec<String> = reading.altered.iter().map(altered).collect();
    match replay(&reading, args.scenario.as_deref()) {
        Ok(verified) if problems.is_empty() => return out::print(&report(&reading, &verified)),
        // The altered line did not change the run: its hash was altered, or a field that the replay does not use.
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
    /// The run differs from the file.
    Run(String),
    /// There is no scenario to replay it with.
    Scenario(Failure),
}

fn replay(reading: &Reading, scenario: Option<&str>) -> Result<Verified, Problem> {
    let file = &reading.file;
    let scenario = match scenario {
        Some(path) => names::scenario(path),
        None => {
            names::builtin(&file.header.scenario).map_err(|failure| failure.and("or give its folder with --scenario"))
        }
    };
    let scenario = Arc::new(scenario.map_err(Problem::Scenario)?);
    let bar = Bar::new(ticks_to_play(file), true);
    bar.say("Playing again");
    let verified = verify::verify(file, &scenario, &|ticks| bar.add(ticks));
    bar.finish();
    verified.map_err(Problem::Run)
}

/// What was checked, and what the file does not hold.
fn report(reading: &Reading, verified: &Verified) -> String {
    let file = &reading.file;
    let mut text = format!("verified: {} ticks, digest {}\n", verified.ticks, verified.digest);
    text.push_str(&format!("log digest {}: commands, who gave them, remarks and notes\n", verified.log_digest));
    for (seat, score) in &verified.scores {
        text.push_str(&format!("score {score:.1} for the seat {seat}, computed anew\n"));
    }
    if let Some(BrokenOff { byte, line }) = reading.broken_off {
        text.push_str(&format!("note: the file breaks off at byte {byte} in line {line}; what stands before holds\n"));
    }
    for lack in &verified.lacks {
        text.push_str(&format!("note: {lack}\n"));
    }
    if file.header.seats.iter().any(|seat| seat.player == PlayerRecord::Person) {
        text.push_str("note: the file does not prove who sat there\n");
    }
    text
}

fn altered(line: &Altered) -> String {
    format!("line {} was altered, {}", line.line, line.covers)
}

fn unreadable(error: &ReadError, path: &Path) -> Failure {
    match error {
        // This message has its path.
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
