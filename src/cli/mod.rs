//! L8: the subcommands. A subcommand turns its arguments into text and files.
//!
//! Exit status: 0 done, 1 a mistake in the input (or a run file whose verification failed), 2 a wrong command
//! line, 70 a mistake of the program. Must not simulate anything: `study` and `assess` do that.

mod assign;
#[cfg(feature = "server")]
mod browser;
mod calibrate;
mod check;
mod failure;
mod generate;
mod handout;
mod hindcast;
#[cfg(feature = "server")]
mod host;
mod input;
mod judged_run;
mod known;
mod list;
mod mark;
mod memory;
mod msel;
mod names;
mod out;
mod par;
mod play;
mod progress;
mod report;
mod run;
mod sensitivity;
mod sign;
mod sources;
mod story;
mod study;
mod swarm;
mod time;
mod verify;
mod worth;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::base::characters::terminal;
use failure::Failure;

/// Exit status of the program's own mistakes.
const EXIT_OURS: u8 = 70;

/// Relive the outage, run the recovery: a documented IT incident as a living simulation.
///
/// Without a command it opens the window on its start screen.
#[derive(Debug, Parser)]
#[command(name = "blackstart", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  blackstart                                 open the window
  blackstart play 2024-07-19 --seat airline-ops
  blackstart run 2024-07-19 --seat airline-ops --playbook par --out results
  blackstart verify results/2024-07-19-airline-ops-par-1.run
  blackstart worth results/2024-07-19-airline-ops-par-1.run
  blackstart time results/2024-07-19-airline-ops-par-1.run
  blackstart check my-scenario
  blackstart sources 2024-07-19 --of delta";

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the window: take a seat and run the recovery
    Play(play::PlayArgs),
    /// Host an exercise for people with browsers on the local network
    #[cfg(feature = "server")]
    Host(host::HostArgs),
    /// Play a run to its end without a window, under a playbook
    Run(run::RunArgs),
    /// Write what the people of a seat get on paper before an exercise
    Handout(handout::HandoutArgs),
    /// Write a task for homework: scenario, seat and seed
    Assign(assign::AssignArgs),
    /// Verify and table the run files that came back
    Mark(mark::MarkArgs),
    /// Write the injects of a scenario as a master scenario events list, or read one
    Msel(msel::MselArgs),
    /// Play run files again and compare every tick
    Verify(verify::VerifyArgs),
    /// Write the after-action report of a run
    Report(report::ReportArgs),
    /// Tell what each decision of a run was worth
    Worth(worth::WorthArgs),
    /// Tell what held each service back, minute by minute
    Time(time::TimeArgs),
    /// Answer a question about a scenario that needs many plays
    Study(study::StudyArgs),
    /// Search a strong plan for a seat
    Par(par::ParArgs),
    /// Tell what a person knew at each decision, and how far to trust the person's confidence
    Known(known::KnownArgs),
    /// Sign a run file for a marker
    Sign(sign::SignArgs),
    /// Make a key that signs run files
    SigningKey(sign::SigningKeyArgs),
    /// Check scenarios and report every problem with its place
    Check(check::CheckArgs),
    /// Show every figure of a scenario with its source
    Sources(sources::SourcesArgs),
    /// List the built-in scenarios with their seats and playbooks
    List(list::ListArgs),
    /// Write a scenario of any size
    Generate(generate::GenerateArgs),
    /// Compare runs with published numbers
    Hindcast(hindcast::HindcastArgs),
    /// Fit free figures of a scenario to published numbers
    Calibrate(calibrate::CalibrateArgs),
    /// Rank a scenario's figures by their effect on the recovery
    Sensitivity(sensitivity::SensitivityArgs),
    /// Test the simulation on random scenarios
    Swarm(swarm::SwarmArgs),
}

/// Runs the program on a command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    failure::install_panic_hook();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, mistakes to stderr with 2.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A mistake quotes an argument, which may have any characters; the help text is our own and may have
            // colours.
            let is_printed = if error.use_stderr() {
                std::io::Write::write_all(&mut std::io::stderr(), terminal(&error.render().to_string()).as_bytes())
            } else {
                error.print()
            };
            return ExitCode::from(if is_printed.is_ok() { code } else { 1 });
        }
    };
    let done = std::panic::catch_unwind(|| dispatch(cli));
    match done {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        Err(_) => match failure::ending_behind_panic() {
            Some((message, code)) => {
                eprintln!("error: {message}");
                ExitCode::from(code)
            }
            // The panic hook has reported it.
            None => ExitCode::from(EXIT_OURS),
        },
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        None => play::play(&play::PlayArgs::default()),
        Some(Command::Play(args)) => play::play(&args),
        #[cfg(feature = "server")]
        Some(Command::Host(args)) => host::host(&args),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Handout(args)) => handout::write(&args),
        Some(Command::Assign(args)) => assign::assign(&args),
        Some(Command::Mark(args)) => mark::mark(&args),
        Some(Command::Msel(args)) => msel::msel(&args),
        Some(Command::Verify(args)) => verify::run(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Worth(args)) => worth::worth(&args),
        Some(Command::Time(args)) => time::time(&args),
        Some(Command::Study(args)) => study::study(&args),
        Some(Command::Par(args)) => par::par(&args),
        Some(Command::Known(args)) => known::known(&args),
        Some(Command::Sign(args)) => sign::sign(&args),
        Some(Command::SigningKey(args)) => sign::signing_key(&args),
        Some(Command::Check(args)) => check::check(&args),
        Some(Command::Sources(args)) => sources::sources(&args),
        Some(Command::List(args)) => list::list(&args),
        Some(Command::Generate(args)) => generate::generate(&args),
        Some(Command::Hindcast(args)) => hindcast::hindcast(&args),
        Some(Command::Calibrate(args)) => calibrate::calibrate(&args),
        Some(Command::Sensitivity(args)) => sensitivity::sensitivity(&args),
        Some(Command::Swarm(args)) => swarm::swarm(&args),
    }
}
