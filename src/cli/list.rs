//! `blackstart list`: prints the built-in scenarios.

use std::fmt::Write;

use clap::Args;

use super::failure::Failure;
use super::{names, out};
use crate::report::tables::{Column, span, table};
use crate::scenario::compile::Scenario;
use crate::scenario::library;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  blackstart list")]
pub struct ListArgs {}

/// Prints the built-in scenarios.
pub fn list(_: &ListArgs) -> Result<(), Failure> {
    let mut text = String::new();
    for id in library::builtin_ids() {
        text.push_str(&entry(&names::builtin(id)?));
        text.push('\n');
    }
    text.push_str("Take a seat with `blackstart play SCENARIO --seat SEAT`\n");
    out::print(&text)
}

fn entry(scenario: &Scenario) -> String {
    let manifest = &scenario.docs.manifest;
    let mut text = format!("{}  {}\n", manifest.id, manifest.title);
    let length = span(u64::from(manifest.horizon_min));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    {}", manifest.subtitle);
    let _ =
        writeln!(text, "    {length} from {}, about {} of play\n", manifest.start, span(u64::from(manifest.play_min)));
    let seats = scenario.docs.seats.iter().map(|seat| ("seat", &seat.id, &seat.name));
    let playbooks = scenario.docs.playbooks.iter().map(|playbook| ("playbook", &playbook.id, &playbook.name));
    let row = |(what, id, name): (&str, &String, &String)| vec![format!("    {what}"), id.clone(), name.clone()];
    let rows: Vec<Vec<String>> = seats.chain(playbooks).map(row).collect();
    text + &table(&[Column::Left; 3], &rows)
}
