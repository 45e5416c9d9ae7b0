//! One seed's trial, and many of them side by side.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::dice::Dice;
use super::laws::Counters;
use super::{COMMANDS, SEEKS, SETUP, commands, scenario};
use crate::base::{Digest, DigestWriter, Tick};
use crate::batch::texts;
use crate::scenario::compile::Scenario;
use crate::scenario::load;
use crate::scenario::validate::CheckedDocuments;
use crate::session::fork::Curves;
use crate::session::run::{Run, Setup};
use crate::session::{Cast, CastSeat, Change, Extent, Player, Timeline};
use crate::sim::audit::audit;
use crate::sim::{Command, World, command};

/// What came of one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    pub seed: u64,
    /// The digest at the end, or what failed, in a line or more.
    pub outcome: Result<Digest, String>,
}

/// Somebody who plays the same trial beside the engine and compares.
pub trait Beside {
    /// Hears of a command that was carried out at this boundary.
    fn heard(&mut self, command: &Command);

    /// Follows by a minute and compares with the world after it.
    ///
    /// # Errors
    /// What differs.
    fn followed(&mut self, world: &World) -> Result<(), String>;
}

/// Nobody is beside.
struct Alone;

impl Beside for Alone {
    fn heard(&mut self, _: &Command) {}

    fn followed(&mut self, _: &World) -> Result<(), String> {
        Ok(())
    }
}

/// Tries one seed.
pub fn trial(seed: u64) -> Trial {
    trial_beside(seed, |_, _| Alone)
}

/// Tries one seed with somebody beside it, who is made from scenario and seed.
pub fn trial_beside<B: Beside>(seed: u64, beside: impl FnOnce(&Arc<Scenario>, u64) -> B) -> Trial {
    // What is looked at belongs to this trial alone, so nothing half done is left for others.
    let done = catch_unwind(AssertUnwindSafe(|| attempt(seed, beside)));
    let outcome = done.unwrap_or_else(|panic| Err(panic_text(panic.as_ref())));
    Trial { seed, outcome }
}

/// Tries seeds on some threads and tells of each as it ends, in whatever order.
///
/// # Panics
/// If telling panics.
pub fn trials(seeds: Range<u64>, threads: usize, tell: &(dyn Fn(&Trial) + Sync)) {
    // Counted from the first seed: a range that ends at the last of all numbers ends as well.
    let count = seeds.end.saturating_sub(seeds.start);
    let next = AtomicU64::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if count <= index {
                return;
            }
            tell(&trial(seeds.start + index));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
}

/// A trial's part in the digest over all: parts are added, so that their order does not matter.
pub fn summary_digest(trial: &Trial) -> u64 {
    let mut writer = DigestWriter::default();
    writer.word(trial.seed);
    writer.word(trial.outcome.as_ref().map_or(0, |digest| digest.0));
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

/// The scenario through the door that authors use: printed, read and checked.
fn checked(seed: u64) -> Result<CheckedDocuments, String> {
    let written = scenario(seed);
    let sources = texts::sources(&written.manifest.id, &written);
    let read = load::load(&sources).map_err(|found| format!("the checker refuses the scenario:\n{found}"))?;
    if *read == written { Ok(read) } else { Err("the scenario reads back as another".to_owned()) }
}

/// Anybody in charge: a seat with or without a playbook, all by one playbook, or nobody.
fn setup(seed: u64, scenario: &Arc<Scenario>) -> Setup {
    let mut dice = Dice::new(seed, SETUP);
    let voice = |dice: &mut Dice| dice.happens(0.7).then(|| dice.whole(0..=scenario.playbooks.len() as u32 - 1));
    let own = voice(&mut dice);
    let seat = dice.happens(0.5).then(|| dice.whole(0..=scenario.seats.len() as u32 - 1));
    let player = own.map_or(Player::Person, Player::Playbook);
    let mut cast =
        Cast::new(seat.map(|seat| CastSeat { seat, player }), if seat.is_some() { voice(&mut dice) } else { own });
    // Often a second seat plays too; seats may share organisations.
    if seat.is_some() && dice.happens(0.4) {
        let player = voice(&mut dice).map_or(Player::Agent, Player::Playbook);
        cast.set(dice.whole(0..=scenario.seats.len() as u32 - 1), player);
    }
    Setup { scenario: scenario.clone(), seed, cast }
}

/// Plays to the horizon and looks at everything at every boundary.
fn played<B: Beside>(setup: Setup, seed: u64, beside: &mut B) -> Result<Run, String> {
    let mut dice = Dice::new(seed, COMMANDS);
    let mut run = Run::new(setup);
    audit(&run.world);
    while !run.world.is_over() {
        let mut heard = run.log.len();
        for command in commands::commands(&mut dice, &run.world) {
            give(&mut run, command)?;
        }
        let before = Counters::of(&run.world);
        run.step();
        while heard < run.log.len() {
            beside.heard(&run.log[heard].command);
            heard += 1;
        }
        let at = |problem: String| format!("at {}: {problem}", run.world.tick);
        audit(&run.world);
        before.only_grew(&run.world).map_err(at)?;
        beside.followed(&run.world).map_err(at)?;
    }
    Ok(run)
}

/// Gives a command and looks whether the door did what it said.
fn give(run: &mut Run, command: Command) -> Result<(), String> {
    let (tick, before, logged) = (run.world.tick, run.world.digest(), run.log.len());
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

/// The log alone makes the same run, minute by minute.
fn replays(run: &Run) -> Result<(), String> {
    let again = Run::replay(run.setup.scenario.clone(), run.setup.seed, &run.log, run.world.tick)
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

/// Ticks that are sought, and commands that branch off at each.
const SEEKS_A_TRIAL: u32 = 2;
const FORKS_A_SEEK: usize = 3;

/// Jumps back and branches off: what is sought goes on as it did, and a fork that simulates what its command
/// reaches ends as one that simulates everything.
fn trial_seeks(run: &Run, dice: &mut Dice) -> Result<(), String> {
    let mut timeline = Timeline::new(run.setup.clone());
    for entry in &run.log {
        if !entry.is_by_playbook() {
            timeline.advance_to(entry.tick);
            timeline.order(entry.command).map_err(|refusal| format!("a timeline refuses: {refusal}"))?;
        }
    }
    timeline.advance_to(run.world.tick);
    if timeline.run().digests != run.digests {
        return Err("a timeline is not the run it is of".to_owned());
    }
    for _ in 0..SEEKS_A_TRIAL {
        let tick = Tick(dice.whole(0..=run.world.tick.0 - 1));
        let mut again = timeline.run_at(tick);
        let world = again.world.clone();
        again.step();
        if again.digests[tick.0 as usize] != run.digests[tick.0 as usize] {
            return Err(format!("what was sought at {tick} is not what was"));
        }
        for wanted in commands::commands(dice, &world).into_iter().take(FORKS_A_SEEK) {
            let Ok(reached) = timeline.fork(&Change::add(tick, wanted), Extent::Reached, Curves::None) else {
                continue;
            };
            let whole = timeline
                .fork(&Change::add(tick, wanted), Extent::Everything, Curves::None)
                .map_err(|refusal| refusal.to_string())?;
            if reached.world.digest() != whole.world.digest() {
                return Err(format!("a fork by {wanted:?} at {tick} is not what the whole world makes of it"));
            }
        }
    }
    Ok(())
}
