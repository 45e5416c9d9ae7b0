//! The after-action report of a run that has ended, written beside its run file.
//!
//! Whoever opens the desk hands in the function that makes the report, because reports stand above exercises. Must not
//! know a format.

use std::path::{Path, PathBuf};

use crate::assess::comparisons::ComparisonRuns;
use crate::base::Ix;
use crate::files::write_numbered;
use crate::scenario::compile::Seat;
use crate::session::Run;
use crate::session::runfile::Judgement;
use crate::study::worth::Worth;

/// What a report is made from.
pub struct ReportSource<'a> {
    pub run: &'a Run,
    pub seat: Ix<Seat>,
    pub judgement: &'a Judgement,
    /// With samples for curves.
    pub runs: &'a ComparisonRuns,
    /// Digest of commands, remarks and notes.
    pub log_digest: &'a str,
    /// The worth of decisions as far as it is known.
    pub worth: Option<&'a Worth>,
}

/// Makes the text of a report as a page of HTML.
pub type Reporter = fn(&ReportSource<'_>) -> String;

/// Writes a report beside a run file, under the first free name like it.
///
/// # Errors
/// A clause with the reason why it cannot be written.
pub fn write_beside(run_file: &Path, page: &str) -> Result<PathBuf, String> {
    let folder = run_file.parent().unwrap_or(Path::new("."));
    let stem = run_file.file_stem().unwrap_or_default().to_string_lossy();
    write_numbered(folder, &stem, "html", page.as_bytes()).map_err(|error| error.to_string())
}
