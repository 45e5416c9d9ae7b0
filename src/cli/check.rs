//! `blackstart check`.

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::out;
use super::words::counted;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::library;
use crate::scenario::load::{Documents, inspect};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart check my-scenario               a folder with scenario.ron and its companions
  blackstart check scenarios/* 2024-07-19    several at once, and one of the program")]
pub struct CheckArgs {
    /// Scenario folders, or ids of scenarios of the program
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
}

/// Prints all problems and a line for each scenario.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let mut is_good = true;
    for path in &args.paths {
        let (text, is_ok) = check_one(path);
        is_good &= is_ok;
        out::print(&text)?;
    }
    if is_good { Ok(()) } else { Err(Failure::told()) }
}

fn check_one(path: &str) -> (String, bool) {
    let (documents, found) = match library::find(path) {
        Err(found) => (None, found),
        Ok(sources) => {
            let loaded = inspect(&sources);
            (loaded.documents, loaded.diagnostics)
        }
    };
    match documents {
        None => (format!("{found}\nfailed: {path}\n"), false),
        Some(documents) => (format!("{}ok: {path}: {}{}\n", printed(&found), counts(&documents), notes(&found)), true),
    }
}

fn printed(found: &Diagnostics) -> String {
    if found.is_empty() { String::new() } else { format!("{found}\n") }
}

fn notes(found: &Diagnostics) -> String {
    let notes: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
    if notes.is_empty() { String::new() } else { format!("; notes: {}", notes.join("; ")) }
}

fn counts(docs: &Documents) -> String {
    let number = |count: usize, one: &str, many: &str| counted(count as u64, one, many);
    let fleets = docs.organisations.iter().map(|organisation| organisation.fleets.len()).sum();
    let hosts: u64 = docs
        .organisations
        .iter()
        .flat_map(|organisation| &organisation.fleets)
        .map(|fleet| u64::from(*fleet.hosts.value()))
        .sum();
    let services = docs.organisations.iter().map(|organisation| organisation.services.len()).sum();
    let parts = [
        number(docs.organisations.len(), "organisation", "organisations"),
        number(docs.world.sectors.len(), "sector", "sectors"),
        format!("{} with {}", number(fleets, "fleet", "fleets"), counted(hosts, "host", "hosts")),
        number(services, "service", "services"),
        number(docs.mitigations.len(), "mitigation", "mitigations"),
        number(docs.events.len(), "event", "events"),
        number(docs.injects.len(), "inject", "injects"),
        number(docs.seats.len(), "seat", "seats"),
        number(docs.playbooks.len(), "playbook", "playbooks"),
    ];
    let [documented, estimated, invented] = figures(docs);
    format!(
        "{}, {}: {documented} documented, {estimated} estimated, {invented} invented",
        parts.join(", "),
        number(documented + estimated + invented, "figure", "figures")
    )
}

/// Figures by standing. Standings of events and orders, which have no value, are not figures.
fn figures(docs: &Documents) -> [usize; 3] {
    let mut counts = [0; 3];
    count(&docs.world, &mut counts);
    count(&docs.organisations, &mut counts);
    count(&docs.mitigations, &mut counts);
    counts
}

fn count(part: &impl Serialize, counts: &mut [usize; 3]) {
    walk(&serde_json::to_value(part).expect("documents print as JSON"), counts);
}

fn walk(value: &Value, counts: &mut [usize; 3]) {
    match value {
        Value::Array(list) => list.iter().for_each(|entry| walk(entry, counts)),
        Value::Object(fields) => {
            for (at, standing) in ["Documented", "Estimated", "Invented"].iter().enumerate() {
                let is_figure =
                    fields.get(*standing).and_then(|tagged| tagged.get(0)).is_some_and(|figure| !figure.is_null());
                counts[at] += usize::from(is_figure);
            }
            fields.values().for_each(|entry| walk(entry, counts));
        }
        _ => {}
    }
}
