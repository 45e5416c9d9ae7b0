//! What a report rests on: figures by their standing, sources, digests and how to check them.

use std::collections::BTreeSet;

use super::super::document::{Block, Table};
use super::super::evidence::Evidence;
use crate::base::words::{counted, percent, thousands};
use crate::scenario::compile::Scenario;
use crate::scenario::figures::count;
use crate::session::log::NoteTag;

pub(super) fn basis(evidence: &Evidence<'_>) -> Vec<Block> {
    let run = evidence.run;
    let mut blocks = figures(evidence.scenario());
    let notes = |tag: NoteTag| run.notes.iter().filter(move |note| note.tag == tag);
    let observations: Vec<String> =
        notes(NoteTag::Observation).map(|note| format!("{}: {}", evidence.time(note.tick), note.text)).collect();
    if !observations.is_empty() {
        blocks.push(Block::Text("Observations that people wrote down:".to_owned()));
        blocks.push(Block::List(observations));
    }
    blocks.extend(sources(evidence.scenario()));
    let digests = [
        ("Digest of the world at the end", run.world.digest().to_string()),
        ("Digest of commands and remarks", evidence.log_digest.to_owned()),
    ];
    blocks.push(verify(evidence.scenario(), &digests));
    blocks
}

/// Documented, estimated and invented figures of a scenario.
pub(in super::super) fn figures(scenario: &Scenario) -> Vec<Block> {
    let counts = count(&scenario.docs);
    let all = counts.iter().sum::<usize>().max(1) as f64;
    let mut table = Table::new("Figures of the scenario", &["Standing", "#Figures", "#Part", "Meaning"]);
    let meanings = [
        ("Documented", "rests on the published record"),
        ("Estimated", "judged from the record or from common practice"),
        ("Invented", "made up so that the exercise works"),
    ];
    for ((standing, meaning), figures) in meanings.into_iter().zip(counts) {
        let part = percent(figures as f64 / all);
        table.row([standing.to_owned(), thousands(figures as u64), part, meaning.to_owned()]);
    }
    let words = format!(
        "Results are those of a model. They say what would follow from the figures of the scenario and not what would have \
         happened. `blackstart sources {}` lists each figure with its source.",
        scenario.docs.manifest.id
    );
    vec![Block::Text(words), Block::Table(table)]
}

/// The publications behind documented figures.
pub(in super::super) fn sources(scenario: &Scenario) -> Option<Block> {
    let sources = &scenario.docs.sources;
    let publications: BTreeSet<&str> = sources.iter().map(|source| source.publication.as_str()).collect();
    let listed: Vec<&str> = publications.into_iter().collect();
    let facts = counted(sources.len() as u64, "fact", "facts");
    (!sources.is_empty()).then(|| Block::Text(format!("Sources of {facts}: {}.", listed.join("; "))))
}

/// Digests, and the command that checks them.
pub(in super::super) fn verify(scenario: &Scenario, digests: &[(&str, String)]) -> Block {
    let mut table = Table::new("How to verify this report", &["Item", "Value"]);
    let rows = [
        ("Digest of the scenario", scenario.digest.to_string()),
        ("Program", format!("Blackstart {}", env!("CARGO_PKG_VERSION"))),
        ("Check", "blackstart verify RUNFILE plays the run again and compares every digest".to_owned()),
    ];
    let rows = digests.iter().cloned().chain(rows);
    rows.for_each(|(item, value)| table.row([item.to_owned(), value]));
    Block::Table(table)
}
