//! Reads texts from the disk: the folder of a scenario, a file of playbooks or targets.
//!
//! Skips leftovers of systems and editors, reads only regular files of bounded size, and reports files of another
//! kind by their kind. Must not interpret the texts: that is the task of `load`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::foreign::{self, Foreign};
use super::load::{SourceFile, SourceFiles};
use crate::base::words::thousands;
use crate::files::{FileError, read_regular};

/// Largest file of a scenario: `generate` writes some 400 MB for a million organisations.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Largest scenario, all files together.
const FOLDER_BYTES_MAX: u64 = 2 << 30;
/// Largest file of playbooks or targets that is given alone.
const ALONE_BYTES_MAX: u64 = 16 << 20;
/// Most files in a scenario folder. A folder with more files is not a scenario.
const FILES_MAX: usize = 10_000;

impl SourceFiles {
    /// Reads a scenario folder. Only `.ron` files directly in the folder and in `organisations/` are read. Files
    /// that are missing or cannot be read are reported by `load`, together with all other problems.
    ///
    /// # Errors
    /// The folder is not there or cannot be listed.
    pub fn read(path: &Path) -> Result<SourceFiles, Diagnostics> {
        let shown = path.display().to_string();
        let mut sources = SourceFiles { name: shown.clone(), ..SourceFiles::default() };
        let top = ron_files(path).map_err(|error| {
            Diagnostic::about(shown, format!("the scenario folder cannot be read: {error}"))
                .help("a scenario is a folder with scenario.ron, world.ron, organisations/*.ron and so on")
        })?;
        let mut names = top;
        match ron_files(&path.join("organisations")) {
            Ok(nested) => names.extend(nested.iter().map(|name| format!("organisations/{name}"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let shown = path.join("organisations").display().to_string();
                sources.unread.push(Diagnostic::about(shown, format!("the folder cannot be read: {error}")));
            }
        }
        sources.take_all(path, &names);
        sources.order();
        Ok(sources)
    }

    fn take_all(&mut self, folder: &Path, names: &[String]) {
        let mut bytes_left = FOLDER_BYTES_MAX;
        for name in names.iter().take(FILES_MAX) {
            let path = name.split('/').fold(folder.to_owned(), |path, part| path.join(part));
            match SourceFile::read(&path, name, FILE_BYTES_MAX.min(bytes_left)) {
                Ok(file) => {
                    bytes_left = bytes_left.saturating_sub(file.text.len() as u64);
                    self.files.push(file);
                }
                Err(problem) => self.unread.push(*problem),
            }
        }
        if FILES_MAX < names.len() {
            let message = format!("the folder has {} files in RON", thousands(names.len() as u64));
            let help = format!("a scenario has at most {}", thousands(FILES_MAX as u64));
            self.unread.push(Diagnostic::about(&self.name, message).help(help));
        }
        self.unread.extend(collisions(folder, names));
    }
}

impl SourceFile {
    /// Reads a file of playbooks or targets outside a scenario folder. `name` is the name of the file of a scenario
    /// with the same kind of content.
    ///
    /// # Errors
    /// The file cannot be read, is too large, or is a file of another kind.
    pub fn alone(path: &Path, name: &str) -> Result<SourceFile, Box<Diagnostic>> {
        SourceFile::read(path, name, ALONE_BYTES_MAX)
    }

    fn read(path: &Path, name: &str, bytes_max: u64) -> Result<SourceFile, Box<Diagnostic>> {
        let shown = path.display().to_string();
        let bytes = read_regular(path, bytes_max).map_err(|error| Box::new(unreadable(&shown, &error)))?;
        SourceFile::from_bytes(shown, name, &bytes)
    }

    /// The text of a file's bytes.
    ///
    /// # Errors
    /// The bytes belong to another kind of file, or they are not UTF-8.
    pub fn from_bytes(shown: String, name: &str, bytes: &[u8]) -> Result<SourceFile, Box<Diagnostic>> {
        if let Some(Foreign { what, advice }) = foreign::recognise(bytes) {
            return Err(Box::new(Diagnostic::about(shown, format!("this is {what}")).help(advice)));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(SourceFile { path: shown, name: name.to_owned(), text: foreign::plain(text).into_owned() }),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
                let message =
                    format!("the file is not UTF-8 text: line {line} has a byte that is not part of a character");
                Err(Box::new(Diagnostic::about(shown, message).help("save it as UTF-8")))
            }
        }
    }
}

/// The message for a file that could not be read; the path is on the line of the place.
fn unreadable(shown: &str, error: &FileError) -> Diagnostic {
    let text = error.to_string();
    let reason = text.strip_suffix(shown).map_or(text.as_str(), |text| text.trim_end_matches([':', ' ']));
    match error {
        FileError::NotAFile { .. } => {
            Diagnostic::about(shown, reason).help("only regular files are read: copy its content into one")
        }
        _ => Diagnostic::about(shown, format!("the file cannot be read: {reason}")),
    }
}

/// Reports names that differ in capitals only: some systems take them for one name.
fn collisions(folder: &Path, names: &[String]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        if let Some(other) = first.insert(name.to_lowercase(), name) {
            let message = format!("the names `{other}` and `{name}` differ only in case");
            let help = "on other systems they are one file: rename one of them";
            found.push(Diagnostic::about(folder.join(name).display().to_string(), message).help(help));
        }
    }
    found
}

/// Names of the `.ron` files directly in a folder, sorted, without leftovers.
fn ron_files(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ron = name.to_lowercase().ends_with(".ron") && !foreign::is_leftover(&name);
        if is_ron && !entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny");

    /// A copy of the small scenario.
    fn copy() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::create_dir(folder.path().join("organisations")).unwrap();
        for file in SourceFiles::read(Path::new(TINY)).unwrap().files {
            fs::write(folder.path().join(file.name), file.text).unwrap();
        }
        folder
    }

    fn problems(folder: &Path) -> Vec<String> {
        let found = super::super::load::inspect(&SourceFiles::read(folder).unwrap());
        found.diagnostics.iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn leftovers_of_systems_and_editors_are_passed_over() {
        let folder = copy();
        for name in
            ["._events.ron", ".#world.ron", "organisations/.#others.ron", "organisations/._a.ron", "events.ron~"]
        {
            fs::write(folder.path().join(name), b"\0\x05\x16\x07").unwrap();
        }
        assert_eq!(problems(folder.path()), Vec::<String>::new());
        fs::write(folder.path().join("events (1).ron"), b"[]").unwrap();
        assert_eq!(problems(folder.path()), ["the file `events (1).ron` does not belong to a scenario"]);
    }

    #[test]
    fn a_mark_and_other_ends_of_lines_are_the_same_text() {
        let folder = copy();
        for file in SourceFiles::read(Path::new(TINY)).unwrap().files {
            let text = format!("\u{feff}{}\r\n\r\n", file.text.replace('\n', "\r\n"));
            fs::write(folder.path().join(file.name), text).unwrap();
        }
        assert_eq!(problems(folder.path()), Vec::<String>::new());
        let texts = |folder: &Path| {
            SourceFiles::read(folder).unwrap().files.into_iter().map(|file| file.text.trim().to_owned())
        };
        assert!(texts(folder.path()).eq(texts(Path::new(TINY))));
    }

    #[test]
    fn names_that_differ_only_in_case_collide() {
        let found =
            collisions(Path::new("a"), &["organisations/Air.ron".to_owned(), "organisations/air.ron".to_owned()]);
        assert_eq!(
            found[0].message,
            "the names `organisations/Air.ron` and `organisations/air.ron` differ only in case"
        );
    }

    #[test]
    fn files_of_other_kinds_are_named() {
        let folder = copy();
        fs::write(folder.path().join("injects.ron"), b"PK\x03\x04\x14\0xl/workbook.xml").unwrap();
        fs::write(folder.path().join("events.ron"), b"blackstart-run 1\n").unwrap();
        fs::write(folder.path().join("seats.ron"), b"[\n\xe4]").unwrap();
        let found = problems(folder.path());
        for expected in ["a spreadsheet (XLSX)", "a run file of Blackstart", "line 2 has a byte"] {
            assert!(found.iter().any(|message| message.contains(expected)), "{expected}: {found:?}");
        }
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused() {
        let folder = copy();
        fs::remove_file(folder.path().join("events.ron")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("events.ron")).unwrap();
        assert_eq!(problems(folder.path()), ["this is a device and not a file"]);
    }
}
