//! Replays a run file and compares the digest of every tick.
//!
//! During the replay the cast's playbooks give their orders themselves, and only the commands of people come from
//! the file. The resulting log must equal the log of the file. So a file cannot pass a person's order off as the
//! order of a playbook, or the reverse.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{CommandRecord, RunFile};
use crate::base::{Digest, Tick};
use crate::scenario::compile::Scenario;
use crate::session::cast::{Cast, Player};
use crate::session::run::{Run, Setup, seed_from_challenge};
use crate::session::timeline::Timeline;
use crate::sim::{Command, Issuer};

/// The first difference between a run and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub tick: Tick,
    /// The difference as a clause.
    pub what: String,
}

impl RunFile {
    /// Was the run played with this scenario?
    ///
    /// # Errors
    /// A clause that names the difference.
    pub fn check_scenario(&self, scenario: &Scenario) -> Result<(), String> {
        let (header, id) = (&self.header, &scenario.docs.manifest.id);
        if header.scenario != *id {
            return Err(format!("the run was played with the scenario `{}`, and this is `{id}`", header.scenario));
        }
        let digest = self.scenario_digest(scenario);
        if header.scenario_digest != digest {
            return Err(format!(
                "the scenario differs: the run was played with digest {}, and `{id}` now has {digest}",
                header.scenario_digest
            ));
        }
        if let Some(challenge) = &header.challenge
            && seed_from_challenge(challenge) != header.seed
        {
            return Err(format!("the header's seed {} is not the one that the challenge gives", header.seed));
        }
        let start = scenario.start.iso(Tick::ZERO);
        if header.start != start || header.horizon != scenario.horizon.0 {
            return Err(format!(
                "the header says a start at {} and {} ticks; the scenario starts at {start} and has {} ticks",
                header.start, header.horizon, scenario.horizon.0
            ));
        }
        Ok(())
    }

    /// The scenario's digest in the form of the file's version.
    fn scenario_digest(&self, scenario: &Scenario) -> String {
        let digest = if self.version == 1 { scenario.legacy_text_digest() } else { scenario.digest };
        digest.to_string()
    }

    /// The last tick of the run in the file.
    pub fn last_tick(&self) -> Tick {
        if let Some(end) = &self.end {
            return Tick(end.tick);
        }
        // An unfinished exercise has written the digest of a boundary only if the boundary has passed, and it
        // writes a playbook's order after the minute in which the playbook gave it.
        let written_at = |command: &CommandRecord| command.tick.saturating_add(u32::from(command.is_by_playbook()));
        let commands = self.commands.iter().map(written_at).max().unwrap_or(0);
        let every_min = self.header.digests_every_min;
        let digests = (self.digests.len() as u32).checked_sub(1).map_or(0, |last| last.saturating_mul(every_min) + 1);
        Tick(commands.max(digests).min(self.header.horizon))
    }
}

impl CommandRecord {
    fn is_by_playbook(&self) -> bool {
        self.by.starts_with("playbook:")
    }

    /// The command in a few words, for a message.
    fn words(&self) -> String {
        let what = match (&self.order, self.cancel, &self.inject) {
            (Some(order), ..) => format!("the order `{order}`"),
            (_, Some(cancel), _) => format!("a cancellation of order {cancel}"),
            (.., Some(inject)) => format!("the inject `{inject}`"),
            _ => "a grant".to_owned(),
        };
        let target = self.target.as_ref().map_or_else(String::new, |target| format!(" for `{target}`"));
        let entry = self.entry.map_or_else(String::new, |entry| format!(", entry {entry}"));
        let confidence = self.confidence_pct.map_or_else(String::new, |pct| format!(" with a confidence of {pct} %"));
        let reason = self.reason.as_ref().map_or("", |_| " with a reason");
        format!("{what}{target} by `{}`{entry}{confidence}{reason}", self.by)
    }
}

/// The replay of a run file, up to some tick.
pub struct Replayer {
    file: Arc<RunFile>,
    timeline: Timeline,
    /// Do all commands come from the file, those of playbooks too? Version 1 does not state which playbook gave an
    /// order, and a playbook from a file of its own is not part of the scenario.
    gives_all: bool,
    /// Positions in the file of commands to give, in the order of ticks.
    to_give: Vec<usize>,
    given: usize,
    until: Tick,
    /// The scenario's digest and the digests by tick in the form of version 1; none for later versions.
    version_1: Option<(Digest, Vec<Digest>)>,
}

impl Replayer {
    /// A replay before its first minute.
    ///
    /// # Errors
    /// The scenario is another one, or lacks an id of the header.
    pub fn new(file: Arc<RunFile>, scenario: Arc<Scenario>) -> Result<Self, Difference> {
        let differs = |what: String| Difference { tick: Tick::ZERO, what };
        file.check_scenario(&scenario).map_err(differs)?;
        let scenario = file.header.scenario_played(&scenario).map_err(differs)?;
        let gives_all = file.version == 1 || !file.header.foreign_playbooks(&scenario).is_empty();
        let cast = if gives_all { Cast::default() } else { file.header.cast(&scenario).map_err(differs)? };
        let mut to_give: Vec<usize> =
            (0..file.commands.len()).filter(|&index| gives_all || !file.commands[index].is_by_playbook()).collect();
        // Writers keep the order of ticks; a tick that was altered must not hide the difference.
        to_give.sort_by_key(|&index| file.commands[index].tick);
        let until = file.last_tick();
        let version_1 = (file.version == 1).then(|| (scenario.legacy_text_digest(), Vec::new()));
        let mut timeline = Timeline::new(Setup { scenario, seed: file.header.seed, cast });
        timeline.set_challenge(file.header.challenge.as_deref().map(Into::into));
        Ok(Self { file, timeline, gives_all, to_give, given: 0, until, version_1 })
    }

    /// The same with few snapshots, for a caller that wants the run and not its past.
    #[must_use]
    pub fn without_past(self) -> Self {
        Self { timeline: self.timeline.with_snapshots_within(0), ..self }
    }

    /// Share of the run that has been replayed, 0..=1.
    pub fn progress(&self) -> f64 {
        f64::from(self.timeline.run().world.tick().0) / f64::from(self.until.0.max(1))
    }

    /// The tick that the replay has reached.
    pub fn tick(&self) -> Tick {
        self.timeline.run().world.tick()
    }

    /// Replays for at most a budget of wall time; true if the end of the file is reached.
    ///
    /// # Errors
    /// The first tick whose digest differs, or whose command the world refuses or the scenario does not know.
    pub fn advance(&mut self, budget: Duration) -> Result<bool, Difference> {
        let from = Instant::now();
        loop {
            self.give_commands()?;
            let tick = self.tick();
            if let Some((scenario_digest, digests)) = &mut self.version_1 {
                // All commands of the boundary have been given: playbooks' orders come from the file, too.
                digests.push(self.timeline.seal_of_version_1(*scenario_digest));
            }
            if tick == self.until {
                self.compare(tick)?;
                self.compare_log()?;
                return Ok(true);
            }
            if self.timeline.run().world.is_over() {
                let horizon = self.timeline.run().setup.scenario.horizon.0;
                let what = format!("the scenario ends at tick {horizon}");
                return Err(Difference { tick, what });
            }
            self.timeline.advance_to(tick.plus(1));
            // Playbooks gave their orders of the boundary in the minute after it.
            self.compare(tick)?;
            if budget <= from.elapsed() {
                return Ok(false);
            }
        }
    }

    /// The run, after the replay has reached the end of the file.
    ///
    /// # Errors
    /// A note is by a seat that was not in play, comes after the end of the run, or is too long.
    pub fn finish(mut self) -> Result<Timeline, Difference> {
        let scenario = self.timeline.run().setup.scenario.clone();
        for record in &self.file.notes {
            let note = match &record.seat {
                _ if self.until.0 < record.tick => Err("a note comes after the end of the run".to_owned()),
                Some(id) if !self.file.header.seats.iter().any(|seat| seat.seat == *id) => {
                    Err(format!("a note is by the seat `{id}`, which was not in play"))
                }
                _ => record.resolve(&scenario),
            };
            self.timeline.note(note.map_err(|what| Difference { tick: Tick(record.tick), what })?);
        }
        self.take_deeds()?;
        Ok(self.timeline)
    }

    /// Takes the deeds of the file, each judged like in the exercise, and checks the people that commands and notes
    /// name.
    fn take_deeds(&mut self) -> Result<(), Difference> {
        let mut last = 0;
        for record in &self.file.deeds {
            let differs = |what: String| Difference { tick: Tick(record.tick), what };
            if self.until.0 < record.tick {
                return Err(differs("a deed comes after the end of the run".to_owned()));
            }
            if record.tick < last {
                return Err(differs("a deed comes before an earlier one".to_owned()));
            }
            last = record.tick;
            let taken = self.timeline.take_deed(record.clone());
            taken.map_err(|refusal| differs(format!("a deed of a person cannot be done: {refusal}")))?;
        }
        let conduct = &self.timeline.run().conduct;
        let commands = self.file.commands.iter().map(|command| (command.tick, command.person, command.proposal));
        let notes = self.file.notes.iter().map(|note| (note.tick, note.person, None));
        for (tick, person, proposal) in commands.chain(notes) {
            let is_known = person.is_none_or(|person| (person.0 as usize) < conduct.people.len())
                && proposal.is_none_or(|proposal| (proposal as usize) < conduct.proposals.len());
            if !is_known {
                let what = "a command or a note names a person or a proposal that the file lacks".to_owned();
                return Err(Difference { tick: Tick(tick), what });
            }
        }
        Ok(())
    }

    fn give_commands(&mut self) -> Result<(), Difference> {
        let tick = self.tick();
        while let Some(record) = self.to_give.get(self.given).map(|&index| &self.file.commands[index]) {
            if tick.0 < record.tick {
                break;
            }
            let run = self.timeline.run();
            let refused = |reason: String| Difference { tick, what: format!("a command cannot be given: {reason}") };
            let command = record.resolve(&run.setup.scenario).map_err(refused)?;
            if !self.gives_all {
                check_issuer(run, command).map_err(refused)?;
            }
            let remarks = record.remarks(&run.setup.scenario).map_err(refused)?;
            self.timeline.order_with(command, remarks).map_err(|refusal| refused(refusal.to_string()))?;
            self.given += 1;
        }
        if tick == self.until
            && let Some(&index) = self.to_give.get(self.given)
        {
            let what = "a command comes after the end of the run".to_owned();
            return Err(Difference { tick: Tick(self.file.commands[index].tick), what });
        }
        Ok(())
    }

    /// Compares the digest of a boundary, which includes the commands given at it. Boundaries without a digest in
    /// the file are skipped.
    fn compare(&self, tick: Tick) -> Result<(), Difference> {
        let every_min = self.file.header.digests_every_min;
        if !tick.0.is_multiple_of(every_min) {
            return Ok(());
        }
        let replayed = self.digest_at(tick);
        match self.file.digests.get((tick.0 / every_min) as usize) {
            Some(&stated) if stated != replayed => {
                Err(Difference { tick, what: format!("the file says digest {stated} and the replay has {replayed}") })
            }
            _ => Ok(()),
        }
    }

    /// The digest of a boundary in the form of the file's version. Version 1 has a form of its own, which is computed
    /// while the replay stands at the boundary.
    fn digest_at(&self, tick: Tick) -> Digest {
        match &self.version_1 {
            Some((_, digests)) => digests[tick.0 as usize],
            None => self.timeline.run().digests[tick.0 as usize],
        }
    }

    /// Checks that the log of the replay equals the log of the file. The file of an unfinished run may lack the
    /// last entries.
    fn compare_log(&self) -> Result<(), Difference> {
        if self.gives_all {
            return Ok(());
        }
        let run = self.timeline.run();
        let replayed = run.log.iter().map(|entry| CommandRecord::from_entry(&run.setup.scenario, entry));
        let mut stated = self.file.commands.iter();
        for record in replayed {
            match stated.next() {
                Some(command) if *command == record => {}
                Some(command) => {
                    let what = match command.resolve(&run.setup.scenario) {
                        Err(reason) => format!("a command cannot be given: {reason}"),
                        Ok(_) => format!("the file has {}, and the replay {}", command.words(), record.words()),
                    };
                    return Err(Difference { tick: Tick(command.tick.min(record.tick)), what });
                }
                None if self.file.end.is_none() => return Ok(()),
                None => {
                    let what = format!("the file lacks {}", record.words());
                    return Err(Difference { tick: Tick(record.tick), what });
                }
            }
        }
        match stated.next() {
            None => Ok(()),
            Some(command) => {
                let what = format!("the file has {}, which the replay lacks", command.words());
                Err(Difference { tick: Tick(command.tick), what })
            }
        }
    }
}

/// Refuses a command of a seat that neither a person nor a program plays.
fn check_issuer(run: &Run, command: Command) -> Result<(), String> {
    let (Command::Order { by, .. }
    | Command::Cancel { by, .. }
    | Command::Inject { by, .. }
    | Command::Grant { by, .. }) = command;
    match by {
        Issuer::Facilitator => Ok(()),
        Issuer::Policy => Err("it is an order of a playbook, written as a command of its own".to_owned()),
        Issuer::Seat(seat) => match run.setup.cast.player(seat) {
            Some(Player::Person | Player::Agent) => Ok(()),
            Some(Player::Playbook(_)) => Err("its seat is played by a playbook".to_owned()),
            None => Err("its seat is not in play".to_owned()),
        },
    }
}

/// Replays a run file to its end; `progress` is called with every tick.
///
/// # Errors
/// The first tick that differs.
pub fn replay(file: &RunFile, scenario: Arc<Scenario>, mut progress: impl FnMut(Tick)) -> Result<Run, Difference> {
    let mut replayer = Replayer::new(Arc::new(file.clone()), scenario)?.without_past();
    // With a budget of zero each call simulates one minute.
    while !replayer.advance(Duration::ZERO)? {
        progress(replayer.tick());
    }
    let timeline = replayer.finish()?;
    Ok(timeline.into_run())
}
