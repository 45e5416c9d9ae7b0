//! What a scenario rests on: one walk over every tagged figure and every provenance of the documents.
//!
//! The documents are printed as RON and their trees walked (`place`), so that a figure of a new type
//! of document is found without a word here. Whatever counts or lists figures goes through [`count`]
//! or [`all`], which therefore agree.

mod words;

use std::collections::BTreeMap;

use serde::Serialize;

use super::documents::{Documents, Part};
use super::place::{self, Node, Shape};
use super::schema::{Source, Standing};

/// A figure, or what an event, an inject, an order or a profile as a whole rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The file of the scenario folder: `organisations/*.ron`.
    pub file: &'static str,
    /// Where its owner stands: `organisations`, `world/channels`.
    pub group: String,
    /// Id of the element of the file it belongs to: `delta`.
    pub owner: String,
    /// The owner's name or title, its id where it has none.
    pub owner_name: String,
    /// Fields and ids below the owner: `fleets/gates/hosts`. Elements without an id count from 1.
    pub field: String,
    /// The same as people read it: `Gates and desks, hosts`.
    pub label: String,
    /// One number, three of a distribution (least, most likely, most), none for a provenance.
    pub values: Vec<f64>,
    /// What a provenance stands for: when an event happens, whom an order reaches, that it is a
    /// profile's week; empty where there are values.
    pub subject: String,
    pub standing: Standing,
    /// Fact ids or a reason, as written.
    pub source: String,
    /// Facts named in the source, as positions in `Documents::sources`, each once.
    pub facts: Vec<usize>,
}

impl Figure {
    /// Names the figure for good, whatever its value and source: `organisations/delta/staff/day`. No
    /// two figures of a scenario have the same.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.group, self.owner, self.field)
    }

    /// The value with its unit, or what a provenance stands for: `4,500`, `5, 10, 20 min`, `35 %`.
    pub fn value(&self) -> String {
        if self.values.is_empty() { self.subject.clone() } else { words::value(&self.field, &self.values) }
    }

    /// Everything that is searched, in lower case: path, names, value, standing, source, and the words
    /// of the facts it cites.
    pub fn searched(&self, docs: &Documents) -> String {
        let facts = self.facts.iter().map(|fact| &docs.sources[*fact]);
        let facts = facts.map(|fact| format!("{} {} {}", fact.id, fact.about, fact.publication)).collect::<Vec<_>>();
        let (path, value, facts) = (self.path(), self.value(), facts.join("\n"));
        let texts = [&path, &self.owner_name, &self.label, &value, self.standing.word(), &self.source, facts.as_str()];
        texts.join("\n").to_lowercase()
    }

    /// Is every word of a query somewhere in what is searched? Case does not matter.
    pub fn has_words(&self, docs: &Documents, query: &str) -> bool {
        has_words(&self.searched(docs), query)
    }
}

/// Documented, estimated and invented figures of the documents.
pub fn count(docs: &Documents) -> [usize; 3] {
    let mut counts = [0; 3];
    each(docs, &mut |found| counts[found.standing as usize] += 1);
    counts
}

/// Every figure, in the order of the files. What a population's members share is there once.
pub fn all(docs: &Documents) -> Vec<Figure> {
    let facts: BTreeMap<&str, usize> = docs.sources.iter().map(|fact| fact.id.as_str()).zip(0..).collect();
    let mut figures = Vec::new();
    each(docs, &mut |found| figures.push(found.figure(docs, &facts)));
    figures
}

/// Does a lower-case text have every word of a query?
pub fn has_words(searched: &str, query: &str) -> bool {
    query.to_lowercase().split_whitespace().all(|word| searched.contains(word))
}

/// How many figures cite each fact, in the order of `Documents::sources`.
pub fn citations<'f>(docs: &Documents, figures: impl IntoIterator<Item = &'f Figure>) -> Vec<usize> {
    let mut counts = vec![0; docs.sources.len()];
    for fact in figures.into_iter().flat_map(|figure| &figure.facts) {
        counts[*fact] += 1;
    }
    counts
}

/// Facts that no figure cites.
pub fn uncited<'d>(docs: &'d Documents, figures: &[Figure]) -> Vec<&'d Source> {
    let counts = citations(docs, figures);
    docs.sources.iter().zip(counts).filter(|(_, count)| *count == 0).map(|(fact, _)| fact).collect()
}

/// A step from a node to one below it.
#[derive(Clone, Copy)]
enum Step<'n> {
    Field(&'n str),
    /// Element of a list, from 0.
    Element(&'n Node, usize),
}

/// A tag in a printed document.
struct Found<'n> {
    file: &'static str,
    text: &'n str,
    steps: &'n [Step<'n>],
    parent: &'n Node,
    standing: Standing,
    value: &'n Node,
    source: &'n Node,
}

fn each(docs: &Documents, found: &mut dyn FnMut(Found)) {
    walk(Part::World, &docs.world, found);
    walk(Part::Organisations, &docs.organisations, found);
    walk(Part::Populations, &docs.populations, found);
    walk(Part::Mitigations, &docs.mitigations, found);
    walk(Part::Events, &docs.events, found);
    walk(Part::Injects, &docs.injects, found);
    walk(Part::Seats, &docs.seats, found);
    walk(Part::Playbooks, &docs.playbooks, found);
    walk(Part::Targets, &docs.targets, found);
}

fn walk(part: Part, document: &impl Serialize, found: &mut dyn FnMut(Found)) {
    let text = ron::to_string(document).expect("documents print as RON");
    let tree = place::parse(&text);
    let root = tree.root.as_ref().expect("what ron prints can be read");
    let file = part.file();
    let stem = file.trim_end_matches(".ron").trim_end_matches("/*");
    Walk { file, text: &text, found }.below(root, &mut vec![Step::Field(stem)]);
}

struct Walk<'n, 'f> {
    file: &'static str,
    text: &'n str,
    found: &'f mut dyn FnMut(Found),
}

impl<'n> Walk<'n, '_> {
    fn below(&mut self, node: &'n Node, steps: &mut Vec<Step<'n>>) {
        for (index, child) in node.children.iter().enumerate() {
            let step = match (&child.name, node.shape) {
                (Some(name), _) => Some(Step::Field(&self.text[name.clone()])),
                (None, Shape::List) => Some(Step::Element(&child.value, index)),
                // The inside of `Some(…)` or `Expires(…)` stands where its outside does.
                (None, _) => None,
            };
            steps.extend(step);
            match self.tag(node, &child.value, steps) {
                Some(tag) => (self.found)(tag),
                None => self.below(&child.value, steps),
            }
            steps.truncate(steps.len() - usize::from(step.is_some()));
        }
    }

    fn tag<'w>(&self, parent: &'w Node, node: &'w Node, steps: &'w [Step<'w>]) -> Option<Found<'w>>
    where
        'n: 'w,
    {
        let standing = match node.head(self.text) {
            "Documented" => Standing::Documented,
            "Estimated" => Standing::Estimated,
            "Invented" => Standing::Invented,
            _ => return None,
        };
        let [value, source] = node.children.as_slice() else { return None };
        let (value, source) = (&value.value, &source.value);
        Some(Found { file: self.file, text: self.text, steps, parent, standing, value, source })
    }
}

impl Found<'_> {
    fn figure(&self, docs: &Documents, facts: &BTreeMap<&str, usize>) -> Figure {
        let of_owner = self.steps.iter().position(|step| matches!(step, Step::Element(..)));
        let of_owner = of_owner.expect("every figure stands in an element of a list");
        let (group, rest) = self.steps.split_at(of_owner);
        let source = self.source_text();
        Figure {
            file: self.file,
            group: self.joined(group),
            owner: self.id(rest[0]),
            owner_name: words::name(self.text, rest[0]).unwrap_or_else(|| self.id(rest[0])),
            field: self.joined(&rest[1..]),
            label: words::label(docs, self.text, &self.steps[of_owner - 1..]),
            values: numbers(self.text, self.value),
            subject: if self.value.children.is_empty() && self.value.shape == Shape::Group {
                words::subject(self.text, self.parent)
            } else {
                String::new()
            },
            standing: self.standing,
            facts: cited(&source, facts),
            source,
        }
    }

    fn source_text(&self) -> String {
        string(self.text, self.source).expect("a source is a text")
    }

    fn joined(&self, steps: &[Step]) -> String {
        steps.iter().map(|step| self.id(*step)).collect::<Vec<_>>().join("/")
    }

    fn id(&self, step: Step) -> String {
        match step {
            Step::Field(name) => name.to_owned(),
            Step::Element(node, index) => {
                node.field(self.text, "id").and_then(|id| string(self.text, id)).unwrap_or((index + 1).to_string())
            }
        }
    }
}

/// A text node's value, escapes resolved.
fn string(text: &str, node: &Node) -> Option<String> {
    ron::from_str(&text[node.span.clone()]).ok()
}

/// The numbers of a value, in order.
fn numbers(text: &str, value: &Node) -> Vec<f64> {
    let mut numbers = Vec::new();
    value.walk(&mut |node| numbers.extend(text[node.span.clone()].parse::<f64>().ok()));
    numbers
}

/// Positions of the facts that a source names, in the order named.
fn cited(source: &str, facts: &BTreeMap<&str, usize>) -> Vec<usize> {
    let mut cited = Vec::new();
    for word in source.split(|c: char| !c.is_ascii_alphanumeric()) {
        if let Some(fact) = facts.get(word).filter(|fact| !cited.contains(*fact)) {
            cited.push(*fact);
        }
    }
    cited
}

#[cfg(test)]
mod tests;
