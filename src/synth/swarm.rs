//! Small scenarios full of corner cases, made up from seeds, with commands for them. `study::swarm` plays them.
//!
//! Equal seeds give equal documents, on every machine.

pub mod commands;
mod names;
mod organisations;
mod script;
mod world;

use crate::scenario::load::Documents;
use crate::synth::dice::Dice;
use names::Names;

/// Tables of dice, one for each part of a scenario; organisations have the tables from 16 on.
const WORLD: u32 = 0;
const PEOPLE: u32 = 1;
const SCRIPT: u32 = 2;
/// Tables of the trial that plays the scenario.
pub const SETUP: u32 = 3;
pub const COMMANDS: u32 = 4;
pub const SEEKS: u32 = 5;

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
        targets_until: None,
        uncertainty: Default::default(),
    };
    let (mut dice, names) = (Dice::new(seed, SCRIPT), Names::from_documents(&docs));
    docs.mitigations = script::mitigations(&mut dice, &names);
    docs.events = script::events(&mut dice, &names);
    docs.seats = script::seats(&mut dice, &names, &docs.mitigations);
    docs.injects = script::injects(&mut dice, &names, &docs.events, &docs.seats);
    docs.playbooks = script::playbooks(&mut dice, &names, &docs.mitigations, &docs.events);
    docs
}
