//! The view of the sources: every figure of a scenario in words.

use crate::base::words::capital;
use crate::exercise::view::{FactRow, FigureRow, SourcesView};
use crate::scenario::compile::Scenario;
use crate::scenario::figures::{self, Figure};
use crate::scenario::load::Documents;
use crate::scenario::schema::Confidence;

/// Parts that the page lists first, because people look for them most; the others follow in the order of the files.
const FIRST: [&str; 2] = ["organisations", "populations"];

/// Builds the view. It is built when the page is opened, because a scenario may have a hundred thousand figures.
pub fn view(scenario: &Scenario) -> SourcesView {
    let docs = &scenario.docs;
    let figures = figures::all(docs);
    let cited = figures::citations(docs, &figures);
    let facts = docs.sources.iter().zip(cited).map(|(fact, cited)| FactRow {
        id: fact.id.clone(),
        about: fact.about.clone(),
        publication: fact.publication.clone(),
        confidence: format!("{:?}", fact.confidence),
        confidence_words: confidence_words(fact.confidence),
        cited,
    });
    let mut figures = figures;
    figures.sort_by_key(|figure| FIRST.iter().position(|group| *group == figure.group).unwrap_or(FIRST.len()));
    SourcesView {
        scenario: docs.manifest.title.clone(),
        facts: facts.collect(),
        counts: scenario.figures,
        figures: figures.into_iter().map(|figure| row(docs, figure)).collect(),
    }
}

fn row(docs: &Documents, figure: Figure) -> FigureRow {
    FigureRow {
        owner_kind: owner_kind(&figure.group),
        value: figure.value(),
        words: words(docs, &figure),
        path: figure.path(),
        searched: figure.searched(docs),
        owner: figure.owner_name,
        label: capital(&figure.label),
        standing: figure.standing,
        source: figure.source,
        facts: figure.facts,
    }
}

/// The kind of the owner, from its list: `fleet kind` for `world/fleet_kinds`.
fn owner_kind(group: &str) -> String {
    let list = group.rsplit('/').next().unwrap_or(group);
    list.strip_suffix('s').unwrap_or(list).replace('_', " ")
}

/// The source without the ids at its beginning, which have a column of their own. If it has nothing else, the subjects
/// of the facts.
fn words(docs: &Documents, figure: &Figure) -> String {
    let is_fact = |word: &str| figure.facts.iter().any(|fact| docs.sources[*fact].id == word);
    let mut rest = figure.source.trim();
    while let Some((word, after)) = rest.split_once([' ', ',', ';', ':']).or((!rest.is_empty()).then_some((rest, ""))) {
        if !is_fact(word) {
            break;
        }
        rest = after.trim_start_matches([' ', ',', ';', ':']);
    }
    if rest.is_empty() {
        return figure.facts.iter().map(|fact| docs.sources[*fact].about.as_str()).collect::<Vec<_>>().join("; ");
    }
    rest.to_owned()
}

fn confidence_words(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::V1 => "Official or peer-reviewed",
        Confidence::V2 => "Reputable secondary source",
        Confidence::V3 => "Weak page only",
        Confidence::D => "Computed from other facts",
        Confidence::B => "Background knowledge",
        Confidence::E => "Modelling judgement",
    }
}
