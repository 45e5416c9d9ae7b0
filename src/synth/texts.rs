//! Documents as the files of a scenario folder.
//!
//! Equal documents make equal bytes. Fields at their default are left out, as an author may leave them
//! out. Must not check anything: the reader of the files checks them.

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;

use crate::scenario::load::{Documents, SourceFiles};
use crate::scenario::schema::{Inject, TargetsFile};

/// Names of the files within the folder, and their texts. Each begins with `head`, whole comment lines.
pub fn texts(docs: &Documents, head: &str) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("scenario.ron", printed(&docs.manifest, head)),
        ("world.ron", printed(&docs.world, head)),
        ("organisations/organisations.ron", printed(&docs.organisations, head)),
        ("mitigations.ron", printed(&docs.mitigations, head)),
        ("events.ron", printed(&docs.events, head)),
        ("injects.ron", printed(&docs.injects, head)),
        ("seats.ron", printed(&docs.seats, head)),
        ("playbooks.ron", printed(&docs.playbooks, head)),
        ("sources.ron", printed(&docs.sources, head)),
    ];
    if !docs.populations.is_empty() {
        files.push(("populations.ron", printed(&docs.populations, head)));
    }
    if let Some(until) = &docs.targets_until {
        // The facts that targets brought are among the scenario's own.
        let file = TargetsFile { until: Some(until.clone()), sources: Vec::new(), targets: docs.targets.clone() };
        files.push(("targets.ron", printed(&file, head)));
    } else if !docs.targets.is_empty() {
        files.push(("targets.ron", printed(&docs.targets, head)));
    }
    if docs.uncertainty != Default::default() {
        files.push(("uncertainty.ron", printed(&docs.uncertainty, head)));
    }
    files
}

/// The file `injects.ron` of some injects.
pub fn injects_file(injects: &[Inject]) -> String {
    printed(&injects, "")
}

/// The files as a folder in memory.
pub fn sources(name: &str, docs: &Documents) -> SourceFiles {
    let texts = texts(docs, "");
    SourceFiles::in_memory(name, texts.iter().map(|(file, text)| (*file, text.as_str())))
}

fn printed<T: Serialize>(value: &T, head: &str) -> String {
    // Optional groups stand plainly; the reader takes them so in every file.
    let style =
        PrettyConfig::new().extensions(Extensions::IMPLICIT_SOME).indentor("    ").new_line("\n").depth_limit(DEPTH);
    let text = ron::ser::to_string_pretty(value, style).expect("documents print as RON");
    let mut file = head.to_owned();
    let mut numbers_in_row = 0;
    for line in text.lines().filter(|line| !is_noise(line)) {
        // Profiles are long lists of numbers: twelve share one line.
        let is_number = line.trim_start().starts_with(|first: char| first.is_ascii_digit());
        numbers_in_row = if is_number { numbers_in_row % ROW + 1 } else { 0 };
        if 1 < numbers_in_row {
            file.pop();
            file.push(' ');
            file.push_str(line.trim_start());
        } else {
            file.push_str(line);
        }
        file.push('\n');
    }
    file
}

/// Down to this depth each field has a line of its own; deeper ones share a line.
const DEPTH: usize = 8;
/// Numbers in a line.
const ROW: usize = 12;

/// A line that the reader does not need: the extension, or a field at its default.
fn is_noise(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("#![enable(") || line.ends_with(": None,")
}
