//! Turns the files of a scenario folder into checked documents, or reports all problems of all files at once.
//!
//! Reads, recovers and reports. The rules that go beyond the types of the documents are in `validate`. Invariant:
//! all documents that this module returns have passed every check.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostic, Diagnostics, allowed};
pub use super::documents::Documents;
use super::documents::Part;
use super::letters;
use super::place::{self, Node, Shape};
use super::recover;
use super::schema::{Difficulty, FORMAT_VERSION, Manifest, TargetsFile};
use super::sheet::{Known, Sheet};
pub use super::source_files::{SourceFile, SourceFiles};
use super::validate::{self, CheckedDocuments, CheckedPlaybook};

/// The result of reading a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The documents; none if there are errors.
    pub documents: Option<CheckedDocuments>,
    /// Errors and warnings in the order of files and lines.
    pub diagnostics: Diagnostics,
}

/// Reads and checks a scenario.
///
/// # Errors
/// All problems of all files, warnings included.
pub fn load(sources: &SourceFiles) -> Result<CheckedDocuments, Diagnostics> {
    let loaded = inspect(sources);
    loaded.documents.ok_or(loaded.diagnostics)
}

/// Reads and checks a scenario and keeps the warnings of a good one (cycles among services).
pub fn inspect(sources: &SourceFiles) -> Loaded {
    let mut reading = Reading::default();
    reading.found.extend(sources.unread.iter().cloned());
    reading.expect_files(sources);
    let mut documents = Documents {
        manifest: reading.manifest(sources),
        world: reading.one(sources, Part::World).unwrap_or_default(),
        organisations: reading.lists(sources, Part::Organisations),
        populations: reading.lists(sources, Part::Populations),
        mitigations: reading.lists(sources, Part::Mitigations),
        events: reading.lists(sources, Part::Events),
        injects: reading.lists(sources, Part::Injects),
        seats: reading.lists(sources, Part::Seats),
        playbooks: reading.lists(sources, Part::Playbooks),
        sources: reading.lists(sources, Part::Sources),
        targets: Vec::new(),
        targets_until: None,
        uncertainty: reading.one(sources, Part::Uncertainty).unwrap_or_default(),
    };
    if let Some(file) = sources.files.iter().find(|file| Part::from_file(&file.name) == Some(Part::Targets)) {
        let file = reading.targets(file, documents.sources.len());
        documents.sources.extend(file.sources);
        (documents.targets, documents.targets_until) = (file.targets, file.until);
    }
    let documents = validate::checked(documents, &reading.known, &mut reading.found);
    let order: Vec<String> = sources.files.iter().map(|file| file.path.clone()).collect();
    reading.found.sort_by_files(&order);
    Loaded { documents, diagnostics: reading.found }
}

/// Reads and checks one more file of playbooks against a scenario.
///
/// # Errors
/// All problems of the file.
pub fn load_playbooks(file: &SourceFile, documents: &CheckedDocuments) -> Result<Vec<CheckedPlaybook>, Diagnostics> {
    let mut reading = Reading::default();
    let playbooks = reading.sheet(file, Part::Playbooks).unwrap_or_default();
    let playbooks = validate::checked_playbooks(documents, playbooks, &reading.known, &mut reading.found);
    reading.found.sort_by_files(std::slice::from_ref(&file.path));
    playbooks.ok_or(reading.found)
}

/// Reads and checks a file of targets against a scenario. A fact that the scenario has, too, is that of the scenario.
///
/// # Errors
/// All problems of the file.
pub fn load_targets(file: &SourceFile, documents: &CheckedDocuments) -> Result<TargetsFile, Diagnostics> {
    let mut reading = Reading::default();
    let mut read = reading.targets(file, 0);
    reading.found.extend(validate::targets(documents, &read, &reading.known));
    reading.found.sort_by_files(std::slice::from_ref(&file.path));
    read.sources.retain(|own| documents.sources.iter().all(|fact| fact.id != own.id));
    if reading.found.has_errors() { Err(reading.found) } else { Ok(read) }
}

#[derive(Default)]
struct Reading {
    known: Known,
    found: Diagnostics,
}

impl Reading {
    /// Reports files that are missing or do not belong in the folder.
    fn expect_files(&mut self, sources: &SourceFiles) {
        let expected = Part::ALL.map(Part::file).join(", ");
        let present: BTreeSet<Part> = sources.files.iter().filter_map(|file| Part::from_file(&file.name)).collect();
        let unread: BTreeSet<Part> = sources.unread_names().filter_map(|name| Part::from_file(&name)).collect();
        let is_needed = |part: &Part| !part.is_optional() && !present.contains(part);
        let missing: Vec<Part> = Part::ALL.into_iter().filter(is_needed).collect();
        self.known.blind.extend(&missing);
        if present.is_empty() && unread.is_empty() {
            let problem = Diagnostic::about(&sources.name, "there is no scenario in this folder");
            return self.found.push(problem.help(format!("expected files: {expected}")));
        }
        for part in missing.into_iter().filter(|part| !unread.contains(part)) {
            let message = match part {
                Part::Organisations => "the scenario has no organisations".to_owned(),
                _ => format!("the file `{}` is missing", part.file()),
            };
            let problem = Diagnostic::about(format!("{}/{}", sources.name, part.file()), message);
            self.found.push(problem.help(format!("expected files: {expected}")));
        }
        for source in &sources.files {
            if Part::from_file(&source.name).is_none() {
                let message = format!("the file `{}` does not belong to a scenario", source.name);
                let help = allowed(&source.name, Part::ALL.into_iter().map(Part::file), "files");
                self.found.push(Diagnostic::about(&source.path, message).help(help));
            }
        }
    }

    fn manifest(&mut self, sources: &SourceFiles) -> Manifest {
        self.one(sources, Part::Manifest).unwrap_or_else(|| {
            self.known.blind.insert(Part::Manifest);
            placeholder()
        })
    }

    fn one<T: DeserializeOwned>(&mut self, sources: &SourceFiles, part: Part) -> Option<T> {
        let file = sources.files.iter().find(|file| Part::from_file(&file.name) == Some(part))?;
        self.sheet(file, part)
    }

    fn lists<T: DeserializeOwned>(&mut self, sources: &SourceFiles, part: Part) -> Vec<T> {
        let mut all: Vec<T> = Vec::new();
        for file in sources.files.iter().filter(|file| Part::from_file(&file.name) == Some(part)) {
            let list: Vec<T> = self.sheet(file, part).unwrap_or_default();
            if let Some(sheet) = self.known.sheets.last_mut() {
                sheet.base = all.len();
            }
            all.extend(list);
        }
        all
    }

    /// Reads a file of targets, which is a list or a group with lists. Its facts follow `facts` others.
    fn targets(&mut self, file: &SourceFile, facts: usize) -> TargetsFile {
        let is_group = place::parse(&file.text).root.is_some_and(|root| root.shape == Shape::Group);
        if !is_group {
            let targets = self.sheet(file, Part::Targets).unwrap_or_default();
            return TargetsFile { targets, ..TargetsFile::default() };
        }
        let read = self.sheet(file, Part::Targets).unwrap_or_default();
        if self.known.blind.contains(&Part::Targets) {
            self.known.blind.insert(Part::Sources);
        }
        let sheet = self.known.sheets.last().expect("the sheet that was just read").clone();
        self.known.sheets.push(Sheet { part: Part::Sources, base: facts, ..sheet });
        read
    }

    /// Reads one file and keeps its tree.
    fn sheet<T: DeserializeOwned>(&mut self, file: &SourceFile, part: Part) -> Option<T> {
        let first = place::parse(&file.text);
        let outcome = if part == Part::Manifest
            && let Some(problem) = wrong_version(file, first.root.as_ref())
        {
            recover::Outcome { value: None, tree: first, problems: vec![problem], lost: Vec::new(), blind: true }
        } else {
            recover::read(&file.path, &file.text, first)
        };
        self.found.extend(outcome.problems);
        self.found.extend(letters::warning(&file.path, &file.text, &outcome.tree));
        self.known.lost.extend(outcome.lost);
        if outcome.blind {
            self.known.blind.insert(part);
        }
        let (path, text) = (file.path.clone(), file.text.clone());
        self.known.sheets.push(Sheet { part, path, text, tree: outcome.tree, base: 0 });
        outcome.value
    }
}

/// Reports a manifest of another version; such a manifest is not read any further.
fn wrong_version(file: &SourceFile, root: Option<&Node>) -> Option<Diagnostic> {
    let node = root?.field(&file.text, "version")?;
    let found: u32 = file.text[node.span.clone()].parse().ok()?;
    let message = format!("format version {found} is not supported");
    let help = if found < FORMAT_VERSION {
        format!("this program reads version {FORMAT_VERSION}")
    } else {
        format!("this program reads version {FORMAT_VERSION}; a newer program wrote this scenario")
    };
    (found != FORMAT_VERSION).then(|| Diagnostic::in_text(&file.path, &file.text, &node.span, message).help(help))
}

/// Stands in for a manifest that could not be read, so that the other files are still checked.
fn placeholder() -> Manifest {
    Manifest {
        version: FORMAT_VERSION,
        id: String::new(),
        title: String::new(),
        subtitle: String::new(),
        place: String::new(),
        summary: String::new(),
        difficulty: Difficulty::Introductory,
        play_min: 0,
        start: String::new(),
        incident: String::new(),
        horizon_min: 0,
        assumptions: Vec::new(),
        trust: true,
        population_seed: 0,
    }
}

#[cfg(test)]
mod tests;
