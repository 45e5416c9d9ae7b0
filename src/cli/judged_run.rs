//! The run of a run file whose decisions are judged: played again, compared with the file, brought to its end;
//! and the place of what a command says about it.
//!
//! Must not judge.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::Bar;
use super::{input, memory, names, out};
use crate::assess::comparisons::{ComparisonRuns, comparison_curves, runs_to_simulate, worlds_at_once};
use crate::assess::score::Judgement;
use crate::base::table::marked;
use crate::base::{Ix, Tick};
use crate::files::{FileError, Overwrite, check_folder, write_atomic};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::runfile::{Replayer, RunFile};
use crate::session::{Run, parallel};

/// The run and the seat to judge.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Run file; `-` is standard input
    #[arg(value_name = "RUNFILE")]
    file: PathBuf,
    #[command(flatten)]
    how: JudgeArgs,
}

impl RunArgs {
    /// Reads the file and finds its scenario and the seat.
    pub fn open(&self) -> Result<JudgedRun, Failure> {
        self.how.open(&self.file, None)
    }
}

/// What is judged in a run.
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Seat whose decisions are judged; needed if several seats were in play
    #[arg(long, value_name = "ID")]
    seat: Option<String>,
    /// Scenario folder, for runs of a scenario that is not built in
    #[arg(long, value_name = "PATH")]
    scenario: Option<String>,
    /// Let a run that was stopped go on to the end of the scenario without further orders of people
    #[arg(long)]
    to_end: bool,
}

/// A run file that was checked, and its scenario.
pub struct JudgedRun {
    /// The file in messages.
    pub name: String,
    pub file: Arc<RunFile>,
    pub scenario: Arc<Scenario>,
    pub seat: Ix<Seat>,
    is_continued: bool,
}

impl JudgeArgs {
    /// For runs of a seat that were played to their end; without a seat or scenario, those of the runs count.
    pub fn new(seat: Option<String>, scenario: Option<String>) -> Self {
        Self { seat, scenario, to_end: false }
    }

    /// Reads a file and finds its scenario and the seat. A scenario that is known already is not compiled again if it
    /// is that of the run.
    pub fn open(&self, path: &Path, known: Option<&Arc<Scenario>>) -> Result<JudgedRun, Failure> {
        let name = input::shown(path);
        let reading = input::run_file(path)?;
        if !reading.altered.is_empty() {
            let lines = input::altered_lines(&reading.altered);
            let help = "`blackstart verify` says more; ask again with the file as the program wrote it";
            return Err(Failure::with_help(format!("the run file was altered: {name}{lines}"), help));
        }
        let file = Arc::new(reading.file);
        let known = known.filter(|scenario| file.check_scenario(scenario).is_ok());
        let scenario = match known {
            Some(scenario) => scenario.clone(),
            None => Arc::new(self.scenario(&file).map_err(|failure| failure.about(&name))?),
        };
        let help = "decisions are judged with the scenario that they were made in: give its folder with --scenario";
        let other = |problem: String| Failure::with_help(format!("{problem}: {name}"), help);
        file.check_scenario(&scenario).map_err(other)?;
        let seat = self.seat(&file, &scenario).map_err(|failure| failure.about(&name))?;
        self.check_length(&file).map_err(|failure| failure.about(&name))?;
        Ok(JudgedRun { name, file, scenario, seat, is_continued: self.to_end })
    }

    fn scenario(&self, file: &RunFile) -> Result<Scenario, Failure> {
        match &self.scenario {
            Some(path) => names::scenario(path),
            None => names::builtin(&file.header.scenario)
                .map_err(|failure| failure.and("or give the folder of the run's scenario with --scenario")),
        }
    }

    /// The seat that is judged: the wanted one, or the only one in play.
    fn seat(&self, file: &RunFile, scenario: &Scenario) -> Result<Ix<Seat>, Failure> {
        let in_play: Vec<&str> = file.header.seats.iter().map(|record| record.seat.as_str()).collect();
        let id = match (&self.seat, &in_play[..]) {
            (_, []) => {
                let help = "a run with a score has one: `blackstart run --seat ID`, or an exercise in the window";
                return Err(Failure::with_help("the run has no seat in play, so no decision is judged", help));
            }
            (Some(id), _) if in_play.contains(&id.as_str()) => id.as_str(),
            (Some(id), _) => {
                // An id that the scenario lacks is a misspelling.
                names::seat(scenario, id)?;
                let help = format!("in play: {}", in_play.join(", "));
                return Err(Failure::with_help(format!("the seat `{id}` was not in play"), help));
            }
            (None, [only]) => only,
            (None, _) => {
                let help = format!("name one with --seat: {}", in_play.join(", "));
                return Err(Failure::with_help("the run has several seats in play", help));
            }
        };
        names::seat(scenario, id)
    }

    /// Refuses a run that did not reach the end of the scenario, unless it shall go on.
    fn check_length(&self, file: &RunFile) -> Result<(), Failure> {
        let (last, horizon) = (file.last_tick().0, file.header.horizon);
        if self.to_end || last == horizon {
            return Ok(());
        }
        let found = format!("the run was stopped at tick {last} of {horizon}, and a score belongs to the end");
        Err(Failure::with_help(found, "with --to-end the run goes on from there without further orders of people"))
    }
}

/// Reads several files; no two of them have the same run.
pub fn open_all(how: &JudgeArgs, files: &[PathBuf]) -> Result<Vec<JudgedRun>, Failure> {
    let mut runs: Vec<JudgedRun> = Vec::new();
    for path in files {
        let judged = how.open(path, runs.first().map(|first| &first.scenario))?;
        let digest = judged.file.log_digest();
        let is_again = |other: &&JudgedRun| {
            other.file.header.seed == judged.file.header.seed
                && other.file.log_digest() == digest
                && digest_of_end(other) == digest_of_end(&judged)
        };
        if let Some(other) = runs.iter().find(is_again).filter(|other| !other.file.commands.is_empty()) {
            let found = format!("two files have the same run: {}, {}", other.name, judged.name);
            return Err(Failure::with_help(found, "name each run once"));
        }
        runs.push(judged);
    }
    Ok(runs)
}

fn digest_of_end(judged: &JudgedRun) -> Option<&str> {
    judged.file.end.as_ref().map(|end| end.digest.as_str())
}

/// Names of runs: that of the file without its ending, or the whole path if two files have the same name.
pub fn names(runs: &[JudgedRun]) -> Vec<String> {
    let stem = |run: &JudgedRun| {
        let stem = Path::new(&run.name).file_stem();
        stem.map_or(run.name.clone(), |stem| stem.to_string_lossy().into_owned())
    };
    let stems: Vec<String> = runs.iter().map(stem).collect();
    let different: BTreeSet<&String> = stems.iter().collect();
    if different.len() == stems.len() { stems } else { runs.iter().map(|run| run.name.clone()).collect() }
}

impl JudgedRun {
    /// The run, played again, compared with the digests of the file and brought to its end.
    pub fn replay(&self, is_quiet: bool) -> Result<Run, Failure> {
        self.replayed(is_quiet).map_err(|failure| failure.about(&self.name))
    }

    fn replayed(&self, is_quiet: bool) -> Result<Run, Failure> {
        let (file, scenario) = (&self.file, &self.scenario);
        let bar = Bar::new(u64::from(file.last_tick().0), !is_quiet);
        bar.say("Playing again");
        let differs = |tick: Tick, what: String| {
            let utc = scenario.start.iso(tick);
            let found = format!("the run differs from its file at tick {} ({utc}): {what}", tick.0);
            Failure::with_help(found, "`blackstart verify` says more; only a run that replays can be judged")
        };
        if let Some(stated) = file.end.as_ref().and_then(|end| end.log_digest.as_ref())
            && *stated != file.log_digest()
        {
            let found = "the commands or remarks do not have the log digest of the end";
            return Err(differs(file.last_tick(), found.to_owned()));
        }
        let mut replayer = Replayer::new(file.clone(), scenario.clone())
            .map_err(|found| differs(found.tick, found.what))?
            .without_past();
        let mut seen = Tick::ZERO;
        while !replayer.advance(Duration::from_millis(20)).map_err(|found| differs(found.tick, found.what))? {
            bar.add(replayer.tick().since(seen));
            seen = replayer.tick();
        }
        let mut timeline = replayer.finish().map_err(|found| differs(found.tick, found.what))?;
        if self.is_continued {
            timeline.advance_to(scenario.horizon);
        }
        bar.finish();
        Ok(timeline.into_run())
    }

    /// The comparison runs of the judged seat, with samples for curves. If the run is one of them, it is not simulated
    /// again.
    pub fn comparisons(&self, run: &Run, is_quiet: bool) -> Result<ComparisonRuns, Failure> {
        let seats = [self.seat];
        memory::check(&self.scenario, 1 + worlds_at_once(&run.setup, &seats))?;
        let ticks = u64::from(runs_to_simulate(&run.setup, &seats)) * u64::from(self.scenario.horizon.0);
        let bar = Bar::new(ticks, !is_quiet);
        bar.say("Comparing");
        let mut runs = comparison_curves(run, &seats, &|ticks| bar.add(ticks));
        bar.finish();
        Ok(runs.remove(&self.seat).expect("the comparison runs of the seat"))
    }

    /// Refuses a file whose end claims another score.
    pub fn check_score(&self, computed: &Judgement) -> Result<(), Failure> {
        let is_whole = self.file.last_tick().0 == self.file.header.horizon;
        let stated = self.file.judgement(&computed.seat).filter(|_| is_whole && self.file.version != 1);
        match stated.filter(|stated| stated.score != computed.score) {
            None => Ok(()),
            Some(stated) => Err(Failure::with_help(
                format!("the end claims a score of {:?}, and the replay has {:?}", stated.score, computed.score),
                "`blackstart verify` says more; only a run that replays can be judged",
            )
            .about(&self.name)),
        }
    }
}

/// The place of what a command says about a run.
#[derive(Debug, Args)]
pub struct OutArgs {
    /// File for the output, in place of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "out")]
    force: bool,
    /// No progress bar
    #[arg(long, short)]
    pub quiet: bool,
}

impl OutArgs {
    /// Output into a file.
    pub fn new(path: PathBuf, force: bool, quiet: bool) -> Self {
        Self { out: Some(path), force, quiet }
    }

    /// Makes sure that the output can be written, before anything is simulated.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(path) = &self.out else { return Ok(()) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        check_folder(folder)?;
        if path.exists() && !self.force {
            return Err(FileError::Exists(path.clone()).into());
        }
        Ok(())
    }

    /// The file for the output; none for standard output.
    pub fn path(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    /// Writes the output.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        match &self.out {
            Some(path) => self.write_file(path, text.as_bytes()),
            None => out::print(text),
        }
    }

    /// Writes bytes that are no text.
    pub fn write_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.out {
            Some(path) => self.write_file(path, bytes),
            None => out::bytes(bytes),
        }
    }

    fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let overwrite = if self.force { Overwrite::Allowed } else { Overwrite::Never };
        write_atomic(path, bytes, overwrite)?;
        if self.quiet { Ok(()) } else { out::print(&format!("Wrote {}\n", path.display())) }
    }
}

/// The form of what a command says.
#[derive(Debug, Args)]
pub struct TextArgs {
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    pub out: OutArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One line for each thing that is measured
    Csv,
    /// Everything
    Json,
}

impl TextArgs {
    /// Writes the output in the chosen format.
    pub fn write(
        &self,
        table: impl FnOnce() -> String,
        csv: impl FnOnce() -> String,
        json: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        self.out.write(&match self.format {
            Format::Table => table(),
            Format::Csv => marked(csv(), self.bom),
            Format::Json => json(),
        })
    }
}

/// The threads of a measurement.
#[derive(Debug, Args)]
pub struct ThreadArgs {
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

impl ThreadArgs {
    /// Number of threads, from 1.
    pub fn count(&self) -> usize {
        self.threads.map_or_else(parallel::cores, NonZeroUsize::get)
    }
}
