//! `blackstart handout`: what the people of a seat get on paper before an exercise.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::judged_run::OutArgs;
use super::names;
use crate::report::document::{Report, html};
use crate::report::handout::handout;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart handout 2024-07-19 --seat airline-ops --out airline-ops.pdf
  blackstart handout my-scenario --seat cio --format html --out cio.html

The handout has the briefing of the seat, its objectives, services and orders, the rules of the exercise, and lines for
address and PIN. It tells nothing of the script. The PDF has tags for screen readers.")]
pub struct HandoutArgs {
    /// Scenario id or folder
    scenario: String,
    /// Seat of the people who get it
    #[arg(long, value_name = "ID")]
    seat: String,
    /// Format of the handout (default: that of the ending of --out, or html)
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    out: OutArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One file for a browser and for paper
    Html,
    /// Pages with tags for screen readers
    Pdf,
}

/// Writes the handout of a seat.
pub fn write(args: &HandoutArgs) -> Result<(), Failure> {
    let ends_in_pdf =
        args.out.path().and_then(|path| path.extension()).is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
    let format = args.format.unwrap_or(if ends_in_pdf { Format::Pdf } else { Format::Html });
    if format == Format::Pdf && cfg!(not(feature = "reports")) {
        let help = "build it with the feature `reports`, or print the HTML";
        return Err(Failure::with_help("this build of the program writes no PDF", help));
    }
    if format == Format::Pdf && args.out.path().is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::with_help("PDF is no text for a terminal", "name a file: --out handout.pdf"));
    }
    args.out.check()?;
    let scenario = names::scenario(&args.scenario)?;
    let report = handout(&scenario, names::seat(&scenario, &args.seat)?);
    match format {
        Format::Html => args.out.write(&html::page(&report)),
        Format::Pdf => args.out.write_bytes(&pdf(&report)),
    }
}

#[cfg(feature = "reports")]
fn pdf(report: &Report) -> Vec<u8> {
    crate::report::document::pdf::pdf(report)
}

#[cfg(not(feature = "reports"))]
fn pdf(_: &Report) -> Vec<u8> {
    unreachable!("refused before")
}
