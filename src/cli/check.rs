//! `blackstart check`: reads scenarios and reports all their problems.

use clap::Args;

use super::failure::Failure;
use super::out;
use crate::report::tables::{counted, thousands};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::library;
use crate::scenario::load::inspect;
use crate::scenario::open::Citations;
use crate::session::memory::{ADVICE, Need};
use crate::study::hindcast::Schedule;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart check my-scenario               a folder with scenario.ron and its companions
  blackstart check scenarios/* 2024-07-19    several at once, and a built-in one")]
pub struct CheckArgs {
    /// Scenario folders, or ids of built-in scenarios
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
    if is_good { Ok(()) } else { Err(Failure::reported()) }
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
        Some(documents) => {
            // The documents are compiled, because the number of hosts depends on the drawn sizes of members.
            let world = Scenario::compile(documents);
            let until = world.targets_until();
            let longer = (world.horizon < until).then(|| world.ending_at(until));
            match Schedule::from_targets(longer.as_ref().unwrap_or(&world), &world.docs.targets) {
                Err(problems) => (format!("{}{problems}\nfailed: {path}\n", printed(&found)), false),
                Ok(_) => {
                    let mut found = found;
                    if let Some(problem) = Need::new(&world, 1).problem() {
                        found.push(Diagnostic::about(path, problem).help(ADVICE).warning());
                    }
                    (format!("{}ok: {path}: {}{}\n", printed(&found), counts(&world), notes(&found)), true)
                }
            }
        }
    }
}

fn printed(found: &Diagnostics) -> String {
    if found.is_empty() { String::new() } else { format!("{found}\n") }
}

fn notes(found: &Diagnostics) -> String {
    let notes: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
    if notes.is_empty() { String::new() } else { format!("; notes: {}", notes.join("; ")) }
}

/// The numbers of organisations and hosts that a scenario represents, if they are larger than its own.
fn standing_for(world: &Scenario) -> String {
    let (organisations, hosts) = world.stands_for();
    if organisations == world.organisations.len() as u64 {
        return String::new();
    }
    format!(" (standing for {} organisations with {} hosts)", thousands(organisations), thousands(hosts))
}

fn counts(world: &Scenario) -> String {
    let docs = &world.docs;
    let number = |count: usize, one: &str, many: &str| counted(count as u64, one, many);
    let parts = [
        number(world.organisations.len(), "organisation", "organisations"),
        number(docs.world.sectors.len(), "sector", "sectors"),
        format!(
            "{} with {}",
            number(world.fleets.len(), "fleet", "fleets"),
            counted(u64::from(world.hosts), "host", "hosts")
        ),
        number(world.services.len(), "service", "services"),
        number(docs.mitigations.len(), "mitigation", "mitigations"),
        number(docs.events.len(), "event", "events"),
        number(docs.injects.len(), "inject", "injects"),
        number(docs.seats.len(), "seat", "seats"),
        number(docs.playbooks.len(), "playbook", "playbooks"),
    ];
    let targets = match docs.targets.len() {
        0 => String::new(),
        count => {
            let citations = Citations::new(docs);
            let open = docs.targets.iter().filter(|target| target.is_judged() && citations.is_open(target)).count();
            format!(", {} ({open} open)", number(count, "target", "targets"))
        }
    };
    let standings = world.figures;
    let standing_for = standing_for(world);
    let [documented, estimated, invented] = standings.map(|count| thousands(count as u64));
    format!(
        "{}{standing_for}{targets}, {}: {documented} documented, {estimated} estimated, {invented} invented",
        parts.join(", "),
        number(standings.iter().sum(), "figure", "figures")
    )
}
