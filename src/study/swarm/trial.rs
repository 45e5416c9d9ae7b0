//! The trial of one seed, and the trials of many seeds in parallel.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::laws::Counters;
use crate::base::{Digest, DigestWriter, Ix, Tick};
use crate::scenario::compile::Scenario;
use crate::scenario::load;
use crate::scenario::validate::CheckedDocuments;
use crate::session::fork::Curves;
use crate::session::run::{Run, Setup};
use crate::session::{Cast, CastSeat, Change, Extent, Player, Timeline};
use crate::sim::audit::audit;
use crate::sim::{Command, World, command};
use crate::study::parallel;
use crate::synth::dice::Dice;
use crate::synth::swarm::{COMMANDS, SEEKS, SETUP, commands, scenario};
use crate::synth::texts;

/// The trial of one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    pub seed: u64,
    /// The digest at the end, or the failure in one or more lines.
    pub result: Result<Digest, String>,
}

/// Another engine that plays the same trial beside the simulation and compares the two.
pub trait Beside {
    /// Applies a command that was applied at this boundary.
    fn apply(&mut self, command: &Command);

    /// Steps a minute and compares with the world after it.
    ///
    /// # Errors
    /// The first difference.
    fn step(&mut self, world: &World) -> Result<(), String>;
}

/// No other engine.
struct Alone;

impl Beside for Alone {
    fn apply(&mut self, _: &Command) {}

    fn step(&mut self, _: &World) -> Result<(), String> {
        Ok(())
    }
}

/// Tries one seed.
pub fn trial(seed: u64) -> Trial {
    trial_beside(seed, |_, _| Alone)
}

/// Tries one seed beside another engine, which `beside` makes from scenario and seed.
pub fn trial_beside<B: Beside>(seed: u64, beside: impl FnOnce(&Arc<Scenario>, u64) -> B) -> Trial {
    // Data that a panic may leave in an inconsistent state belongs to this trial alone.
    let done = catch_unwind(AssertUnwindSafe(|| attempt(seed, beside)));
    let result = done.unwrap_or_else(|panic| Err(panic_text(panic.as_ref())));
    Trial { seed, result }
}

/// Tries seeds on several threads and calls `on_trial` after each seed, in any order.
///
/// # Panics
/// If `on_trial` panics.
pub fn trials(seeds: Range<u64>, threads: usize, on_trial: &(dyn Fn(&Trial) + Sync)) {
    parallel::for_each(seeds, threads, |seed| on_trial(&trial(seed)));
}

/// The part of a trial in the digest over all trials. Parts are added, so that their order does not matter.
pub fn summary_digest(trial: &Trial) -> u64 {
    let mut writer = DigestWriter::default();
    writer.word(trial.seed);
    writer.word(trial.result.as_ref().map_or(0, |digest| digest.0));
    writer.finish().0
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("with no words"))
}

fn attempt<B: Beside>(seed: u64, beside: impl FnOnce(&Arc<Scenario>, u64) -> B) -> Result<Digest, String> {
    let scenario = Arc::new(Scenario::compile(checked(seed)?));
    let setup = setup(seed, &scenario);
    let mut beside = beside(&scenario, seed);
    let run = played(setup, seed, &mut beside)?;
    replays(&run)?;
    trial_seeks(&run, &mut Dice::new(seed, SEEKS))?;
    Ok(run.world.digest())
}

/// The made-up scenario, printed, read and checked like an author's scenario.
fn checked(seed: u64) -> Result<CheckedDocuments, String> {
    let written = scenario(seed);
    let sources = texts::sources(&written.manifest.id, &written);
    let read = load::load(&sources).map_err(|found| format!("the checker refuses the scenario:\n{found}"))?;
    if *read == written { Ok(read) } else { Err("the scenario reads back as another".to_owned()) }
}

/// A random cast: a seat with or without a playbook, one playbook for everybody, or no player at all.
fn setup(seed: u64, scenario: &Arc<Scenario>) -> Setup {
    let mut dice = Dice::new(seed, SETUP);
    let playbook =
        |dice: &mut Dice| dice.happens(0.7).then(|| Ix::new(dice.whole(0..=scenario.playbooks.len() as u32 - 1)));
    let first_playbook = playbook(&mut dice);
    let seat = dice.happens(0.5).then(|| Ix::new(dice.whole(0..=scenario.seats.len() as u32 - 1)));
    let player = first_playbook.map_or(Player::Person, Player::Playbook);
    let mut cast = Cast::new(
        seat.map(|seat| CastSeat { seat, player }),
        if seat.is_some() { playbook(&mut dice) } else { first_playbook },
    );
    // Often a second seat plays too; seats may share organisations.
    if seat.is_some() && dice.happens(0.4) {
        let player = playbook(&mut dice).map_or(Player::Agent, Player::Playbook);
        cast.set(Ix::new(dice.whole(0..=scenario.seats.len() as u32 - 1)), player);
    }
    Setup { scenario: scenario.clone(), seed, cast }
}

/// Plays to the horizon and checks every law at every boundary.
fn played<B: Beside>(setup: Setup, seed: u64, beside: &mut B) -> Result<Run, String> {
    let mut dice = Dice::new(seed, COMMANDS);
    let mut run = Run::new(setup);
    audit(&run.world);
    while !run.world.is_over() {
        let mut applied = run.log.len();
        for command in commands::commands(&mut dice, &run.world) {
            give(&mut run, command)?;
        }
        let before = Counters::from_world(&run.world);
        run.step();
        while applied < run.log.len() {
            beside.apply(&run.log[applied].command);
            applied += 1;
        }
        let with_tick = |problem: String| format!("at {}: {problem}", run.world.tick());
        audit(&run.world);
        before.only_grew(&run.world).map_err(with_tick)?;
        beside.step(&run.world).map_err(with_tick)?;
    }
    Ok(run)
}

/// Gives a command and checks that `check` and `order` agree and that a refusal changes nothing.
fn give(run: &mut Run, command: Command) -> Result<(), String> {
    let (tick, before, logged) = (run.world.tick(), run.world.digest(), run.log.len());
    let judged = command::check(&run.world, &command);
    if run.world.digest() != before {
        return Err(format!("at {tick}: judging {command:?} changed the world"));
    }
    let given = run.order(command);
    if given != judged {
        return Err(format!("at {tick}: {command:?} was judged {judged:?} and answered {given:?}"));
    }
    match given {
        Err(refusal) if run.world.digest() != before => {
            Err(format!("at {tick}: {command:?} was refused ({refusal}) and changed the world"))
        }
        Err(refusal) if run.log.len() != logged => {
            Err(format!("at {tick}: {command:?} was refused ({refusal}) and logged"))
        }
        Ok(_) if run.world.digest() == before => {
            Err(format!("at {tick}: {command:?} was carried out and the digest does not show it"))
        }
        _ => Ok(()),
    }
}

/// Checks that a replay of the log alone gives the same run, minute by minute.
fn replays(run: &Run) -> Result<(), String> {
    let again = Run::replay(run.setup.scenario.clone(), run.setup.seed, &run.log, run.world.tick())
        .map_err(|(entry, refusal)| format!("the replay refuses {:?} at {}: {refusal}", entry.command, entry.tick))?;
    let differs = run.digests.iter().zip(&again.digests).position(|(one, other)| one != other);
    match differs {
        Some(tick) => Err(format!("the replay differs from {} on", Tick(tick as u32))),
        None if run.digests.len() != again.digests.len() => {
            Err(format!("the run has {} digests and its replay {}", run.digests.len(), again.digests.len()))
        }
        None => Ok(()),
    }
}

/// Number of ticks that a trial seeks, and of forks at each.
const SEEKS_A_TRIAL: u32 = 2;
const FORKS_A_SEEK: usize = 3;

/// Seeks back and forks. A run must continue from a sought tick as it did before, and a fork that simulates only
/// the reached organisations must end like a fork that simulates everything.
fn trial_seeks(run: &Run, dice: &mut Dice) -> Result<(), String> {
    let mut timeline = Timeline::new(run.setup.clone());
    for entry in &run.log {
        if !entry.is_by_playbook() {
            timeline.advance_to(entry.tick);
            timeline.order(entry.command).map_err(|refusal| format!("a timeline refuses: {refusal}"))?;
        }
    }
    timeline.advance_to(run.world.tick());
    if timeline.run().digests != run.digests {
        return Err("the timeline differs from its run".to_owned());
    }
    for _ in 0..SEEKS_A_TRIAL {
        let tick = Tick(dice.whole(0..=run.world.tick().0 - 1));
        let mut again = timeline.run_at(tick);
        let world = again.world.clone();
        again.step();
        if again.digests[tick.0 as usize] != run.digests[tick.0 as usize] {
            return Err(format!("the run differs after it was sought at {tick}"));
        }
        for wanted in commands::commands(dice, &world).into_iter().take(FORKS_A_SEEK) {
            let Ok(reached) = timeline.fork(&Change::add(tick, wanted), Extent::Reached, Curves::None) else {
                continue;
            };
            let whole = timeline
                .fork(&Change::add(tick, wanted), Extent::Everything, Curves::None)
                .map_err(|refusal| refusal.to_string())?;
            if reached.world.digest() != whole.world.digest() {
                return Err(format!("a fork by {wanted:?} at {tick} differs from the fork that simulates everything"));
            }
        }
    }
    Ok(())
}
