//! The texts of a scenario folder, before they are read as documents.
//!
//! Must not read a disk (`folder` does) nor understand the texts (`load` does).

use std::path::Path;

use super::diagnostic::Diagnostic;
use super::documents::Part;
use super::foreign;

/// The texts of a scenario folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFiles {
    /// The folder as shown to people, or the id of a scenario that is built in.
    pub name: String,
    /// In the order in which they are read: `scenario.ron`, `world.ron`, organisations by name, …
    pub files: Vec<SourceFile>,
    /// Files that exist and could not be read; `load` reports them with its own findings.
    pub unread: Vec<Diagnostic>,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as shown to people.
    pub path: String,
    /// The name inside the scenario folder, with `/`: `organisations/airlines.ron`.
    pub name: String,
    pub text: String,
}

impl SourceFiles {
    /// A scenario from texts in memory: names inside the folder and their texts.
    pub fn in_memory<'t>(name: &str, texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> SourceFiles {
        let file = |(file, text): (&str, &str)| SourceFile {
            path: format!("{name}/{file}"),
            name: file.to_owned(),
            text: foreign::plain(text).into_owned(),
        };
        let files = texts.into_iter().map(file).collect();
        let mut sources = SourceFiles { name: name.to_owned(), files, unread: Vec::new() };
        sources.order();
        sources
    }

    /// Names inside the folder of files that could not be read.
    pub(super) fn unread_names(&self) -> impl Iterator<Item = String> {
        self.unread.iter().map(|problem| {
            let inside = Path::new(&problem.file).strip_prefix(&self.name).unwrap_or(Path::new(&problem.file));
            inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
        })
    }

    pub(super) fn order(&mut self) {
        self.files.sort_by(|a, b| (Part::from_file(&a.name), &a.name).cmp(&(Part::from_file(&b.name), &b.name)));
    }
}
