//! Finds scenarios, seats and playbooks by their names on the command line.

use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use crate::base::Ix;
use crate::base::characters::{Lines, name, unfit};
use crate::scenario::compile::{Playbook, Scenario, Seat};
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};
use crate::study;

/// Reads, checks and indexes a scenario.
///
/// # Errors
/// The scenario does not exist or has mistakes.
pub fn scenario(name_or_path: &str) -> Result<Scenario, Failure> {
    compile(&library::find(name_or_path)?)
}

/// A scenario on the morning of a seed.
///
/// # Errors
/// The figures that the seed draws cannot be simulated.
pub fn on_morning(scenario: Scenario, seed: u64) -> Result<Arc<Scenario>, Failure> {
    let written = Arc::new(scenario);
    let drawn = written.on_morning(seed);
    drawn.map_err(|error| {
        let what = format!("the figures of seed {seed} cannot be simulated: {error}");
        Failure::with_help(what, "seed 1 has the written figures; `uncertainty.ron` sets ranges")
    })
}

/// The built-in scenario with this id, even if a folder has the same name.
///
/// # Errors
/// There is no such scenario.
pub fn builtin(id: &str) -> Result<Scenario, Failure> {
    let all = library::builtin();
    let Some(sources) = all.iter().find(|sources| sources.name == id) else {
        return Err(Failure::unknown("scenario", id, library::builtin_ids()));
    };
    compile(sources)
}

fn compile(sources: &SourceFiles) -> Result<Scenario, Failure> {
    Ok(Scenario::compile(load(sources)?))
}

/// The seat with this id.
///
/// # Errors
/// There is no such seat: the nearest spelling and the list.
pub fn seat(scenario: &Scenario, id: &str) -> Result<Ix<Seat>, Failure> {
    let names = scenario.docs.seats.iter().map(|seat| seat.id.as_str());
    scenario.seat_index(id).ok_or_else(|| Failure::unknown("seat", id, names))
}

/// The scenario's own playbook with this id.
///
/// # Errors
/// There is no such playbook: the nearest spelling and the list.
pub fn own_playbook(scenario: &Scenario, id: &str) -> Result<Ix<Playbook>, Failure> {
    let names = scenario.docs.playbooks.iter().map(|playbook| playbook.id.as_str());
    scenario.playbook_index(id).ok_or_else(|| Failure::unknown("playbook", id, names))
}

/// The playbook with this id, or the playbook in this file, which is then added to the scenario.
///
/// # Errors
/// There is no such playbook: the nearest spelling and the list. The file has mistakes.
pub fn playbook(scenario: &mut Scenario, name_or_file: &str) -> Result<Ix<Playbook>, Failure> {
    let own = own_playbook(scenario, name_or_file);
    let path = Path::new(name_or_file);
    if own.is_err() && (path.is_file() || path.extension().is_some_and(|extension| extension == "ron")) {
        return Ok(study::add_playbook(scenario, path)?);
    }
    own.map_err(|unknown| unknown.and("or give a file with a playbook"))
}

/// Longest challenge, in characters.
const CHALLENGE_MAX_CHARS: usize = 200;

/// Reads a challenge: a few words on one line.
///
/// # Errors
/// The challenge is empty, too long, or has a forbidden character.
pub fn challenge(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if text.trim().is_empty() || CHALLENGE_MAX_CHARS < length {
        return Err(format!("a challenge is a text of 1 to {CHALLENGE_MAX_CHARS} characters"));
    }
    match unfit(text, Lines::One) {
        Some((_, c)) => Err(format!("a challenge may not contain {}", name(c))),
        None => Ok(text.to_owned()),
    }
}

/// Reads a seed.
///
/// # Errors
/// The text is not a whole number of 64 bits.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u64::MAX))
}
