//! `blackstart worth`: what each decision of a run was worth.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::Bar;
use super::{input, memory, names, out};
use crate::assess::score::Judgement;
use crate::base::table::marked;
use crate::base::{Ix, Tick};
use crate::files::{FileError, Overwrite, check_folder, write_atomic};
use crate::report::worth::{self as report, Frame};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::Run;
use crate::session::runfile::{Altered, Replayer, RunFile};
use crate::study::parallel;
use crate::study::worth::{Arrival, Options, decisions_of_seat, measure_worth, steps_max};

/// Most altered lines that a message names.
const ALTERED_SHOWN: usize = 10;
const SEEDS_MAX: u64 = 100_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart worth results/2024-07-19-airline-ops-par-1.run
  blackstart worth ada.run --seeds 100 --format csv --out worth.csv
  blackstart worth team.run --seat airline-ops          for a run with several seats
  blackstart worth ada.run --scenario my-scenario       for a scenario in a folder of your own

The worth of a decision is the score of the run with it minus the score of the same run without it. Every comparison is
made on equal seeds, so luck cannot tell two runs apart; the band says how the worth varies over seeds. The same decisions
on other seeds tell luck from skill. docs/worth.md has the rules. Equal run files and options give equal output.")]
pub struct WorthArgs {
    /// Run file; `-` is standard input
    #[arg(value_name = "RUNFILE")]
    file: PathBuf,
    /// Seeds on which everything is compared: that of the run and the next N − 1
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    seeds: u64,
    /// Seat whose decisions are weighed; needed if several seats were in play
    #[arg(long, value_name = "ID")]
    seat: Option<String>,
    /// Scenario folder, for runs of a scenario that is not built in
    #[arg(long, value_name = "PATH")]
    scenario: Option<String>,
    /// Let a run that was stopped go on to the end of the scenario without further orders of people
    #[arg(long)]
    to_end: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// File for the output, in place of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "out")]
    force: bool,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// Threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// No progress bar
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One line for each decision
    Csv,
    /// Everything
    Json,
}

/// Replays the run, measures its decisions and reports.
pub fn worth(args: &WorthArgs) -> Result<(), Failure> {
    let name = input::shown(&args.file);
    let reading = input::run_file(&args.file)?;
    if !reading.altered.is_empty() {
        let line = |line: &Altered| format!("\n  line {} was altered: {}", line.line, line.covers);
        let lines: String = reading.altered.iter().take(ALTERED_SHOWN).map(line).collect();
        let help = "`blackstart verify` says more; ask again with the file as the program wrote it";
        return Err(Failure::with_help(format!("the run file was altered: {name}{lines}"), help));
    }
    let file = Arc::new(reading.file);
    let scenario = Arc::new(scenario(&file, args).map_err(|failure| failure.about(&name))?);
    file.check_scenario(&scenario).map_err(|problem| other_scenario(problem, &name))?;
    let seat = seat(&file, &scenario, args).map_err(|failure| failure.about(&name))?;
    check_length(&file, args).map_err(|failure| failure.about(&name))?;
    if let Some(path) = &args.out {
        check_out(path, args.force)?;
    }
    let threads = args.threads.map_or_else(parallel::cores, NonZeroUsize::get);
    memory::check(&scenario, 3 * threads as u64)?;
    let run = replayed(&file, &scenario, args).map_err(|failure| failure.about(&name))?;
    let options = Options { seeds: args.seeds, threads };
    let bar = Bar::new(steps_max(decisions_of_seat(&run, seat).len(), options), !args.quiet);
    bar.say("Weighing decisions");
    let worth = measure_worth(&run, seat, options, &|arrival| {
        if matches!(arrival, Arrival::Step) {
            bar.add(1);
        }
        ControlFlow::Continue(())
    });
    bar.finish();
    let worth = worth.expect("nobody stops the measurement");
    check_score(&file, &worth.judgement).map_err(|failure| failure.about(&name))?;
    let frame = Frame { scenario: &scenario, seed: run.setup.seed };
    let text = match args.format {
        Format::Table => report::table(&frame, &worth),
        Format::Csv => marked(report::csv(&frame, &worth), args.bom),
        Format::Json => report::json(&frame, &worth),
    };
    let Some(path) = &args.out else { return out::print(&text) };
    let overwrite = if args.force { Overwrite::Allowed } else { Overwrite::Never };
    write_atomic(path, text.as_bytes(), overwrite)?;
    if args.quiet { Ok(()) } else { out::print(&format!("Wrote {}\n", path.display())) }
}

fn scenario(file: &RunFile, args: &WorthArgs) -> Result<Scenario, Failure> {
    match &args.scenario {
        Some(path) => names::scenario(path),
        None => names::builtin(&file.header.scenario)
            .map_err(|failure| failure.and("or give the folder of the run's scenario with --scenario")),
    }
}

fn other_scenario(problem: String, name: &str) -> Failure {
    let help = "decisions are weighed with the scenario that they were made in: give its folder with --scenario";
    Failure::with_help(format!("{problem}: {name}"), help)
}

/// The seat whose decisions are weighed: the wanted one, or the only one in play.
fn seat(file: &RunFile, scenario: &Scenario, args: &WorthArgs) -> Result<Ix<Seat>, Failure> {
    let in_play: Vec<&str> = file.header.seats.iter().map(|record| record.seat.as_str()).collect();
    let id = match (&args.seat, &in_play[..]) {
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
fn check_length(file: &RunFile, args: &WorthArgs) -> Result<(), Failure> {
    let (last, horizon) = (file.last_tick().0, file.header.horizon);
    if args.to_end || last == horizon {
        return Ok(());
    }
    let found = format!("the run was stopped at tick {last} of {horizon}, and a score belongs to the end");
    Err(Failure::with_help(found, "with --to-end the run goes on from there without further orders of people"))
}

/// Makes sure that the output can be written, before anything is simulated.
fn check_out(path: &Path, may_replace: bool) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    check_folder(folder)?;
    if path.exists() && !may_replace {
        return Err(FileError::Exists(path.to_owned()).into());
    }
    Ok(())
}

/// The run, played again and compared with the digests of the file.
fn replayed(file: &Arc<RunFile>, scenario: &Arc<Scenario>, args: &WorthArgs) -> Result<Run, Failure> {
    let bar = Bar::new(u64::from(file.last_tick().0), !args.quiet);
    bar.say("Playing again");
    let differs = |tick: Tick, what: String| {
        let utc = scenario.start.iso(tick);
        let found = format!("the run differs from its file at tick {} ({utc}): {what}", tick.0);
        Failure::with_help(found, "`blackstart verify` says more; only a run that replays can be weighed")
    };
    if let Some(stated) = file.end.as_ref().and_then(|end| end.log_digest.as_ref())
        && *stated != file.log_digest()
    {
        return Err(differs(file.last_tick(), "the commands or remarks do not have the log digest of the end".into()));
    }
    let mut replayer =
        Replayer::new(file.clone(), scenario.clone()).map_err(|found| differs(found.tick, found.what))?;
    let mut seen = Tick::ZERO;
    while !replayer.advance(Duration::from_millis(20)).map_err(|found| differs(found.tick, found.what))? {
        bar.add(replayer.tick().since(seen));
        seen = replayer.tick();
    }
    let mut timeline = replayer.finish().map_err(|found| differs(found.tick, found.what))?;
    timeline.advance_to(scenario.horizon);
    bar.finish();
    Ok(timeline.into_run())
}

/// Refuses a file whose end claims another score.
fn check_score(file: &RunFile, computed: &Judgement) -> Result<(), Failure> {
    let is_whole = file.last_tick().0 == file.header.horizon;
    let stated = file.judgement(&computed.seat).filter(|_| is_whole && file.version != 1);
    match stated.filter(|stated| stated.score != computed.score) {
        None => Ok(()),
        Some(stated) => Err(Failure::with_help(
            format!("the end claims a score of {:?}, and the replay has {:?}", stated.score, computed.score),
            "`blackstart verify` says more; only a run that replays can be weighed",
        )),
    }
}
