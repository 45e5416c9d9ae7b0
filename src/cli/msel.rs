//! `blackstart msel`: the injects of a scenario as a table for planners, and back.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::judged_run::OutArgs;
use super::names;
use crate::base::characters::from_cell;
use crate::base::table::csv_text;
use crate::files::read_regular;
use crate::scenario::documents::Documents;
use crate::scenario::msel::{self, ColumnSet};
use crate::scenario::validate;
use crate::synth::texts::injects_file;

/// Largest list that is read.
const BYTES_MAX: u64 = 16 << 20;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart msel 2024-07-19 --out msel.csv                     in the columns of HSEEP
  blackstart msel 2024-07-19 --columns mitre --out msel.xlsx
  blackstart msel my-scenario --from msel.csv --out my-scenario/injects.ron --force

Times count from the start of the scenario: D+2 H+3 M+45. A list that is written and read again loses nothing, as CSV and
as XLSX. The injects that are read must fit the scenario: its seats, orders, events and observables.")]
pub struct MselArgs {
    /// Scenario id or folder
    scenario: String,
    /// Columns of the list
    #[arg(long, value_enum, default_value = "hseep")]
    columns: Columns,
    /// A list as CSV or XLSX, from which the file `injects.ron` is made
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    out: OutArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Columns {
    Hseep,
    Blueprint,
    Mitre,
}

/// Writes the list, or the injects of a list.
pub fn msel(args: &MselArgs) -> Result<(), Failure> {
    args.out.check()?;
    let scenario = names::scenario(&args.scenario)?;
    if let Some(path) = &args.from {
        let rows = if is_workbook(path) { workbook_rows(path)? } else { rows(path)? };
        let injects = msel::read(&rows, scenario.start).map_err(|mistakes| {
            let lines = mistakes.iter().map(|mistake| format!("row {}: {}", mistake.row, mistake.what));
            Failure::new(lines.collect::<Vec<_>>().join("; ")).about(&path.display().to_string())
        })?;
        let mut docs = Documents::clone(&scenario.docs);
        docs.injects.clone_from(&injects);
        validate::check(docs)?;
        return args.out.write(&injects_file(&injects));
    }
    let set = match args.columns {
        Columns::Hseep => ColumnSet::Hseep,
        Columns::Blueprint => ColumnSet::Blueprint,
        Columns::Mitre => ColumnSet::Mitre,
    };
    let rows = set.rows(&scenario.docs.injects, scenario.start);
    if args.out.path().is_some_and(is_workbook) {
        return workbook(args, &scenario.docs.manifest.title, &set.heads(), rows);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = set.heads().into_iter().map(str::to_owned).collect();
    for row in std::iter::once(heads).chain(rows) {
        writer.write_record(&row).map_err(|error| Failure::new(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::new(error.to_string()))?;
    args.out.write(&csv_text(&bytes))
}

fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
}

/// The cells of a CSV file.
fn rows(path: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let bytes = read_regular(path, BYTES_MAX)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let broken = |error: csv::Error| {
        Failure::with_help(format!("this is no CSV file in UTF-8: {error}"), "save it as CSV UTF-8 in your spreadsheet")
            .about(&path.display().to_string())
    };
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        Ok(record.map_err(broken)?.iter().map(|cell| from_cell(cell).to_owned()).collect())
    };
    reader.records().map(row).collect()
}

#[cfg(feature = "reports")]
fn workbook(args: &MselArgs, title: &str, heads: &[&'static str], rows: Vec<Vec<String>>) -> Result<(), Failure> {
    use crate::report::export::sheets::msel_workbook;
    use crate::report::export::xlsx::xlsx;
    args.out.write_bytes(&xlsx(&msel_workbook(title, heads, rows)))
}

/// The cells of the first sheet of a workbook, as texts.
#[cfg(feature = "reports")]
fn workbook_rows(path: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let about = path.display().to_string();
    let bytes = read_regular(path, BYTES_MAX)?;
    crate::report::import::rows(&bytes).map_err(|what| Failure::new(what).about(&about))
}

#[cfg(not(feature = "reports"))]
fn workbook_rows(_: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let help = "build it with the feature `reports`, or save the list as CSV UTF-8";
    Err(Failure::with_help("this build of the program reads no XLSX", help))
}

#[cfg(not(feature = "reports"))]
fn workbook(_: &MselArgs, _: &str, _: &[&'static str], _: Vec<Vec<String>>) -> Result<(), Failure> {
    let help = "build it with the feature `reports`, or write CSV";
    Err(Failure::with_help("this build of the program writes no XLSX", help))
}
