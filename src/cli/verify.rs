//! `blackstart verify`: replays run files and checks their claims.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::progress::Bar;
use super::{input, names, out, sign};
use crate::assess::verify::{self, Verified, ticks_to_play};
use crate::scenario::compile::Scenario;
use crate::session::runfile::{Altered, BrokenOff, PlayerRecord, PublicKey, Reading, Signature};

/// Most altered lines that a message names.
const ALTERED_SHOWN: usize = 10;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart verify results/2024-07-19-airline-ops-par-1.run
  blackstart verify homework/*.run --challenge \"heron 7\" --signed-by keys/ada.pub --signed-by keys/ben.pub
  blackstart verify homework.run --scenario my-scenario      for a scenario in a folder of your own
  unzip -p homework.zip ada.run | blackstart verify -        from standard input

Every file is checked; the exit status is 0 if all of them pass and 1 otherwise.")]
pub struct VerifyArgs {
    /// Run files; `-` is standard input
    #[arg(value_name = "RUNFILE", required = true)]
    files: Vec<PathBuf>,
    /// Scenario folder, for runs of a scenario that is not built in
    #[arg(long, value_name = "PATH")]
    scenario: Option<String>,
    /// Challenge that the runs must have been played with
    #[arg(long, value_name = "TEXT")]
    challenge: Option<String>,
    /// Public key of a required signature; with several keys, one of them must have signed
    #[arg(long, value_name = "FILE")]
    signed_by: Vec<PathBuf>,
}

/// Checks chains, plays the runs again and compares.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let keys = args.signed_by.iter().map(|path| Ok((path.as_path(), sign::public_key(path)?)));
    let keys = keys.collect::<Result<Vec<_>, Failure>>()?;
    let mut marker = Marker { args, keys, scenarios: BTreeMap::new() };
    if let [path] = &args.files[..] {
        return out::print(&marker.verify(path)?);
    }
    let mut held = 0;
    for path in &args.files {
        match marker.verify(path) {
            Ok(report) => {
                held += 1;
                let report: String = report.lines().map(|line| format!("  {line}\n")).collect();
                out::print(&format!("{}\n{report}", input::shown(path)))?;
            }
            Err(failure) => drop(failure.report()),
        }
    }
    out::print(&format!("{held} of {} run files verified\n", args.files.len()))?;
    if held == args.files.len() { Ok(()) } else { Err(Failure::reported()) }
}

/// The conditions that all files are checked against.
struct Marker<'a> {
    args: &'a VerifyArgs,
    keys: Vec<(&'a Path, PublicKey)>,
    /// Scenarios by id, each compiled once.
    scenarios: BTreeMap<String, Arc<Scenario>>,
}

enum Problem {
    /// The run differs from the file.
    Run(String),
    /// There is no scenario to replay it with.
    Scenario(Failure),
}

impl Marker<'_> {
    /// The report about a verified file.
    fn verify(&mut self, path: &Path) -> Result<String, Failure> {
        let reading = input::run_file(path)?;
        let mut problems: Vec<String> = reading.altered.iter().take(ALTERED_SHOWN).map(altered).collect();
        let more = reading.altered_count.saturating_sub(ALTERED_SHOWN);
        if 0 < more {
            problems.push(format!("{more} more lines were altered"));
        }
        problems.extend(reading.signatures.iter().filter(|signature| !signature.holds).map(misfit));
        problems.extend(self.missing(&reading));
        match self.replay(&reading) {
            Ok(verified) if problems.is_empty() => return Ok(self.report(&reading, &verified)),
            // The alteration did not change the run: it concerns the chain or a field that the replay does not use.
            Ok(_) => problems.push("the run itself replays as the file says".to_owned()),
            Err(Problem::Run(problem)) => problems.push(problem),
            Err(Problem::Scenario(failure)) if problems.is_empty() => return Err(failure.about(&input::shown(path))),
            Err(Problem::Scenario(failure)) => {
                problems.push("the run was not played again, because its scenario cannot be used".to_owned());
                failure.report();
            }
        }
        Err(Failure::new(format!("verification failed: {}\n  {}", input::shown(path), problems.join("\n  "))))
    }

    /// The conditions of the marker that the file does not meet.
    fn missing(&self, reading: &Reading) -> Vec<String> {
        let mut missing = Vec::new();
        let challenge = &reading.file.header.challenge;
        match (&self.args.challenge, challenge) {
            (Some(wanted), Some(found)) if wanted != found => {
                missing.push(format!("the run has the challenge `{found}`, not `{wanted}`"));
            }
            (Some(wanted), None) => missing.push(format!("the run has no challenge; expected `{wanted}`")),
            _ => {}
        }
        let is_signed =
            reading.signatures.iter().any(|signature| signature.holds && self.key_name(signature).is_some());
        if !self.keys.is_empty() && !is_signed {
            let keys: Vec<String> = self.keys.iter().map(|(path, _)| path.display().to_string()).collect();
            missing.push(format!("none of these keys signed the file: {}", keys.join(", ")));
        }
        missing
    }

    fn key_name(&self, signature: &Signature) -> Option<String> {
        let known = self.keys.iter().find(|(_, key)| *key == signature.key);
        known.map(|(path, _)| path.display().to_string())
    }

    fn replay(&mut self, reading: &Reading) -> Result<Verified, Problem> {
        let file = &reading.file;
        let scenario = self.scenario(&file.header.scenario).map_err(Problem::Scenario)?;
        let bar = Bar::new(ticks_to_play(file), true);
        bar.say("Playing again");
        let verified = verify::verify(file, &scenario, &|ticks| bar.add(ticks));
        bar.finish();
        verified.map_err(Problem::Run)
    }

    fn scenario(&mut self, id: &str) -> Result<Arc<Scenario>, Failure> {
        // With `--scenario`, all files are checked against that scenario.
        let (key, path) = match &self.args.scenario {
            Some(path) => (String::new(), Some(path)),
            None => (id.to_owned(), None),
        };
        if let Some(scenario) = self.scenarios.get(&key) {
            return Ok(scenario.clone());
        }
        let scenario = Arc::new(match path {
            Some(path) => names::scenario(path)?,
            None => names::builtin(id).map_err(|failure| failure.and("or give its folder with --scenario"))?,
        });
        self.scenarios.insert(key, scenario.clone());
        Ok(scenario)
    }

    /// The report: checked claims, and claims that the file lacks.
    fn report(&self, reading: &Reading, verified: &Verified) -> String {
        let file = &reading.file;
        let mut text = format!("verified: {} ticks, digest {}\n", verified.ticks, verified.digest);
        text.push_str(&format!("log digest {}: commands, who gave them, remarks and notes\n", verified.log_digest));
        for (seat, score) in &verified.scores {
            text.push_str(&format!("score {score:?} for the seat {seat}, computed again\n"));
        }
        if let Some(challenge) = &file.header.challenge {
            text.push_str(&format!("challenge `{challenge}`: the seed follows from it\n"));
        }
        for signature in &reading.signatures {
            let name = self.key_name(signature).map_or_else(String::new, |name| format!(" ({name})"));
            text.push_str(&format!("signed with the key {}{name}\n", signature.key.fingerprint()));
        }
        let mut note = |note: &str| text.push_str(&format!("note: {note}\n"));
        if let Some(BrokenOff { byte, line }) = reading.broken_off {
            note(&format!("the file breaks off at byte {byte} in line {line}; everything before it is intact"));
        }
        verified.lacks.iter().for_each(|lack| note(lack));
        let has_people = file.header.seats.iter().any(|seat| seat.player == PlayerRecord::Person);
        match (reading.signatures.is_empty(), has_people) {
            (true, true) => {
                note("the file is not signed: confidence, reasons and notes can have been changed with the log digest");
                note("the file does not prove who played");
            }
            (false, true) => note("the signature proves which key signed, and not who played"),
            (_, false) => {}
        }
        text
    }
}

fn altered(line: &Altered) -> String {
    format!("line {} was altered: {}", line.line, line.covers)
}

fn misfit(signature: &Signature) -> String {
    let key = signature.key.fingerprint();
    format!("the signature in line {} with the key {key} does not fit the lines before it", signature.line)
}
