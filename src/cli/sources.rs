//! `blackstart sources`: every figure of a scenario with its source.

use clap::{Args, ValueEnum};
use console::Term;

use super::failure::Failure;
use super::out;
use crate::base::table::marked;
use crate::report::sources::{self as report, Listing};
use crate::scenario::figures::{self, Figure};
use crate::scenario::library;
use crate::scenario::load::{Documents, load};
use crate::scenario::schema::Standing;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart sources 2024-07-19 --of delta           everything about one organisation
  blackstart sources 2024-07-19 --standing invented  invented figures with their reasons
  blackstart sources 2024-07-19 --fact CS04          figures that cite one fact
  blackstart sources my-scenario --format csv > figures.csv

A documented figure rests on the published record, an estimated one is judged from it or from common
practice of the field, an invented one was made up so that the exercise works. Codes of confidence: V1 an official or
peer-reviewed text, V2 a reputable secondary source, V3 a weak page, D arithmetic on other facts,
B background knowledge, E modelling judgement. On a terminal, long sources are cut to its width.")]
pub struct SourcesArgs {
    /// Scenario id or folder
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Begin CSV with a byte-order mark, without which some spreadsheets misread letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// Only figures of this standing
    #[arg(long, value_enum, value_name = "STANDING")]
    standing: Option<StandingArg>,
    /// Only figures that cite this fact
    #[arg(long, value_name = "ID")]
    fact: Option<String>,
    /// Only figures with all these words in their path, names, value, source or facts
    #[arg(long = "of", value_name = "TEXT")]
    words: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StandingArg {
    Documented,
    Estimated,
    Invented,
}

impl From<StandingArg> for Standing {
    fn from(standing: StandingArg) -> Self {
        match standing {
            StandingArg::Documented => Standing::Documented,
            StandingArg::Estimated => Standing::Estimated,
            StandingArg::Invented => Standing::Invented,
        }
    }
}

/// Prints the figures.
pub fn sources(args: &SourcesArgs) -> Result<(), Failure> {
    let docs = load(&library::find(&args.scenario)?)?;
    let fact = args.fact.as_deref().map(|id| fact(&docs, id)).transpose()?;
    let figures = figures::all(&docs);
    let shown: Vec<&Figure> = figures
        .iter()
        .filter(|figure| args.standing.is_none_or(|standing| figure.standing == standing.into()))
        .filter(|figure| fact.is_none_or(|fact| figure.facts.contains(&fact)))
        .filter(|figure| args.words.as_deref().is_none_or(|words| figure.has_words(&docs, words)))
        .collect();
    let listing = Listing {
        docs: &docs,
        cited: figures::citations(&docs, shown.iter().copied()),
        shown,
        figures: figures.len(),
        is_filtered: args.standing.is_some() || fact.is_some() || args.words.is_some(),
    };
    let width = Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    out::print(&match args.format {
        Format::Table => report::table(&listing, width),
        Format::Csv => marked(report::csv(&listing), args.bom),
        Format::Json => report::json(&listing),
    })
}

/// The position of a fact.
fn fact(docs: &Documents, id: &str) -> Result<usize, Failure> {
    let ids = || docs.sources.iter().map(|fact| fact.id.as_str());
    ids().position(|known| known == id).ok_or_else(|| Failure::unknown("fact", id, ids()))
}
