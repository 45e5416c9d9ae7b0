//! Playing a run file again and comparing the digest of every tick.

use std::sync::Arc;

use super::RunFile;
use crate::base::{Digest, Tick};
use crate::scenario::compile::Scenario;
use crate::session::policy::Voices;
use crate::session::run::{Run, Setup};
use crate::sim::Command;

/// Where the run first differs from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub tick: Tick,
    /// What differs, a clause.
    pub what: String,
}

/// Plays the commands of a run file with its scenario and seed, and no policy: the file holds what
/// policies ordered. Stops at the first tick that differs; `progress` hears of every tick.
///
/// # Errors
/// The first tick whose digest differs, or whose command the world refuses or does not know.
pub fn replay(file: &RunFile, scenario: Arc<Scenario>, mut progress: impl FnMut(Tick)) -> Result<Run, Difference> {
    let seed = file.header.seed;
    let mut run = Run::new(Setup { scenario: scenario.clone(), seed, voices: Voices::default() });
    let mut commands: Vec<_> = file.commands.iter().collect();
    // Writers keep the order of ticks; a tick that was altered must not hide the difference.
    commands.sort_by_key(|command| command.tick);
    let mut commands = commands.into_iter().peekable();
    for (index, &stated) in file.digests.iter().enumerate() {
        let tick = Tick(index as u32);
        if tick != Tick::ZERO {
            if run.world.is_over() {
                let what = format!("the scenario ends at tick {}", scenario.horizon.0);
                return Err(Difference { tick, what });
            }
            run.step();
            progress(tick);
        }
        while let Some(record) = commands.next_if(|record| record.tick <= tick.0) {
            let refused = |reason: String| Difference { tick, what: format!("a command cannot be given: {reason}") };
            let command: Command = record.resolve(&scenario).map_err(refused)?;
            run.order(command, record.confidence_pct).map_err(|refusal| refused(refusal.to_string()))?;
        }
        compare(&run, tick, stated)?;
    }
    if let Some(record) = commands.next() {
        let what = "a command comes after the end of the run".to_owned();
        return Err(Difference { tick: Tick(record.tick), what });
    }
    Ok(run)
}

/// The digest of a boundary includes what was ordered at it.
fn compare(run: &Run, tick: Tick, stated: Digest) -> Result<(), Difference> {
    let replayed = run.digests.last().copied().unwrap_or_default();
    if replayed == stated {
        return Ok(());
    }
    Err(Difference { tick, what: format!("the file says digest {stated} and the replay has {replayed}") })
}
