//! The swarm: small scenarios made up from seeds, played with made-up commands, and everything that
//! must hold looked at in every minute.
//!
//! A seed is a unit: the same seed tries the same, on every machine and in every thread, and a
//! failure of one does not end the others. Nothing is printed here.

pub mod commands;
pub mod dice;
mod laws;
mod names;
mod organisations;
mod script;
mod trial;
mod world;

use crate::scenario::load::Documents;
use dice::Dice;
use names::Names;

pub use trial::{Beside, Trial, summary_digest, trial, trial_beside, trials};

/// Tables of dice, one for each part of a trial; organisations have those from 16 on.
const WORLD: u32 = 0;
const PEOPLE: u32 = 1;
const SCRIPT: u32 = 2;
const SETUP: u32 = 3;
const COMMANDS: u32 = 4;
const SEEKS: u32 = 5;

/// The scenario of a seed, as an author would have written it.
pub fn scenario(seed: u64) -> Documents {
    let mut dice = Dice::new(seed, WORLD);
    let manifest = world::manifest(&mut dice, seed);
    let world = world::world(&mut dice);
    let (organisations, populations) = organisations::organisations(&mut Dice::new(seed, PEOPLE), seed, &world);
    let mut docs = Documents {
        manifest,
        world,
        organisations,
        populations,
        mitigations: Vec::new(),
        events: Vec::new(),
        injects: Vec::new(),
        seats: Vec::new(),
        playbooks: Vec::new(),
        sources: Vec::new(),
        targets: Vec::new(),
    };
    let (mut dice, names) = (Dice::new(seed, SCRIPT), Names::of(&docs));
    docs.mitigations = script::mitigations(&mut dice, &names);
    docs.events = script::events(&mut dice, &names);
    docs.seats = script::seats(&mut dice, &names, &docs.mitigations);
    docs.injects = script::injects(&mut dice, &names, &docs.events, &docs.seats);
    docs.playbooks = script::playbooks(&mut dice, &names, &docs.mitigations, &docs.events);
    docs
}
