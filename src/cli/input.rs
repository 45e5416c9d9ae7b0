//! Run files as the command line names them: a path, or `-` for standard input.

use std::io::Read;
use std::path::Path;

use super::failure::Failure;
use crate::files::{FileError, read_regular};
use crate::scenario::foreign::{Foreign, recognise};
use crate::session::runfile::{Altered, BYTES_MAX, ReadError, Reading, read_bytes};

/// Most altered lines that a message names.
const ALTERED_SHOWN: usize = 10;

/// The name of an input in messages.
pub fn shown(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of a run file, at most as many as one may have.
pub fn run_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if !is_stdin(path) {
        return Ok(read_regular(path, BYTES_MAX)?);
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("standard input cannot be read: {error}")))?;
    if BYTES_MAX < bytes.len() as u64 {
        let (found, allowed, path) = (bytes.len() as u64, BYTES_MAX, shown(path).into());
        return Err(FileError::TooLarge { found, allowed, path }.into());
    }
    Ok(bytes)
}

/// Reads a run file.
///
/// # Errors
/// The file cannot be read or is not a run file. The message names the kind of the file and gives advice.
pub fn run_file(path: &Path) -> Result<Reading, Failure> {
    let bytes = run_bytes(path)?;
    read_bytes(&bytes).map_err(|error| unreadable(&error, path, &bytes))
}

/// The first altered lines of a run file, each on a line of its own.
pub fn altered_lines(altered: &[Altered]) -> String {
    let line = |line: &Altered| format!("\n  line {} was altered: {}", line.line, line.covers);
    altered.iter().take(ALTERED_SHOWN).map(line).collect()
}

/// The failure for bytes that are not a run file.
pub fn unreadable(error: &ReadError, path: &Path, bytes: &[u8]) -> Failure {
    let name = shown(path);
    match error {
        ReadError::Broken { altered, .. } => {
            let lines = altered_lines(altered);
            Failure::new(format!("{error}: {name}{lines}"))
        }
        ReadError::NotARunFile => no_run_file(error, path, bytes),
        _ => Failure::new(format!("{error}: {name}")),
    }
}

/// The failure for a file of another kind, with the kind and advice.
fn no_run_file(error: &ReadError, path: &Path, bytes: &[u8]) -> Failure {
    let name = shown(path);
    if let Some(Foreign { what, advice }) = recognise(bytes) {
        return Failure::with_help(format!("this is {what} and not a run file: {name}"), advice);
    }
    if path.extension().is_some_and(|extension| extension == "ron") {
        let help = "`blackstart check` takes the scenario's folder; `blackstart run --out` writes run files";
        return Failure::with_help(format!("this is a file of a scenario and not a run file: {name}"), help);
    }
    Failure::new(format!("{error}: {name}"))
}
