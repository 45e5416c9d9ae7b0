//! Finds scenarios by name: a scenario that is built into the program, or a folder.
//!
//! Must not interpret the texts: that is the task of `load`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::foreign::{self, Foreign};
use super::load::SourceFiles;
use crate::base::spelling::nearest;

/// Bytes that reveal the kind of a file. The list of parts of an archive begins within them.
const HEAD_BYTES: u64 = 64 << 10;

/// Name inside the folder and text.
type Text = (&'static str, &'static str);

// `BUILTIN: &[(&str, &[Text])]`, every folder of `scenarios/` with its `.ron` files, by build.rs.
include!(concat!(env!("OUT_DIR"), "/builtin_scenarios.rs"));

/// All built-in scenarios, by id.
pub fn builtin() -> Vec<SourceFiles> {
    BUILTIN.iter().map(|(id, texts)| in_binary(id, texts)).collect()
}

/// Ids of the built-in scenarios, sorted.
pub fn builtin_ids() -> Vec<&'static str> {
    BUILTIN.iter().map(|(id, _)| *id).collect()
}

/// The scenario of a folder, of a `scenario.ron` in its folder, or of the program by its id.
///
/// # Errors
/// No scenario has this name: the message has the nearest id and the list of all. Or the folder cannot be read.
pub fn find(name_or_path: &str) -> Result<SourceFiles, Diagnostics> {
    let path = Path::new(name_or_path);
    if path.is_dir() {
        return SourceFiles::read(path);
    }
    if path.is_file() {
        if path.file_name().is_some_and(|name| name == "scenario.ron") {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            return SourceFiles::read(folder.unwrap_or(Path::new(".")));
        }
        return Err(no_scenario(name_or_path, path).into());
    }
    if path.exists() {
        return Err(Diagnostic::about(name_or_path, "this is neither a folder nor a file")
            .help("give the scenario's folder or its scenario.ron")
            .into());
    }
    if let Some((id, texts)) = BUILTIN.iter().find(|(id, _)| *id == name_or_path) {
        return Ok(in_binary(id, texts));
    }
    let ids = builtin_ids();
    let meant = nearest(name_or_path, ids.iter().copied()).map(|near| format!("did you mean `{near}`? "));
    let help = format!("{}built in: {}; or give a folder", meant.unwrap_or_default(), ids.join(", "));
    Err(Diagnostic::about(name_or_path, "there is no such scenario").help(help).into())
}

/// The kind of a regular file by its first bytes; none if it may be a text of Blackstart.
pub fn foreign_file(path: &Path) -> Option<Foreign> {
    let mut head = Vec::new();
    // The error is dropped on purpose: the reader of the whole file meets it again and reports it.
    let _ = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    foreign::recognise(&head)
}

/// The message for a path that does not lead to a scenario; it names the kind of file found there.
fn no_scenario(shown: &str, path: &Path) -> Diagnostic {
    match foreign_file(path) {
        Some(Foreign { what, advice }) => {
            Diagnostic::about(shown, format!("this is {what} and not a scenario")).help(advice.replace("FILE", shown))
        }
        None => Diagnostic::about(shown, "this file is not a scenario")
            .help("give the scenario's folder or its scenario.ron"),
    }
}

fn in_binary(id: &str, texts: &[Text]) -> SourceFiles {
    let mut sources = SourceFiles::in_memory(&format!("scenarios/{id}"), texts.iter().copied());
    sources.name = id.to_owned();
    sources
}
