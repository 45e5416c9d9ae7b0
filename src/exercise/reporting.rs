//! The after-action report of a run that has ended, written beside its run file.
//!
//! Whoever opens the desk hands in the function that makes the report, because reports stand above exercises. Must not
//! know a format.

use std::path::{Path, PathBuf};

use crate::files::write_numbered;
use crate::study::Evidence;

/// Makes the text of a report as a page of HTML.
pub type Reporter = fn(&Evidence<'_>) -> String;

/// Writes a report beside a run file, under the first free name like it.
///
/// # Errors
/// A clause with the reason why it cannot be written.
pub fn write_beside(run_file: &Path, page: &str) -> Result<PathBuf, String> {
    let folder = run_file.parent().unwrap_or(Path::new("."));
    let stem = run_file.file_stem().unwrap_or_default().to_string_lossy();
    write_numbered(folder, &stem, "html", page.as_bytes()).map_err(|error| error.to_string())
}
