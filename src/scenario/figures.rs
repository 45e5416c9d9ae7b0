//! The figures of a scenario: every tagged figure and every provenance with its path, source and facts.
//!
//! Figures are found by the one walk over the documents (`walk`), so that a figure of a new type of document needs
//! no change here. [`count`] and [`all`] are visitors of the same walk and therefore agree.

mod change;
pub mod edit;
mod groups;
mod kinds;
mod range;
mod words;

use std::collections::BTreeMap;

use super::documents::{Documents, Part};
use super::schema::{Source, Standing};
use super::walk::{self, Leaf, Step, Visitor};
pub(in crate::scenario) use change::Limits;
pub use edit::differ_in_numbers_only;
pub use groups::{Group, Groups, Held};
pub use range::Reach;

/// A figure; or the provenance of an event, an inject, an order or a profile as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The file of the scenario folder: `organisations/*.ron`.
    pub file: &'static str,
    /// The list that holds the figure's owner: `organisations`, `world/channels`.
    pub group: String,
    /// Id of the owner, the element of the file that the figure belongs to: `delta`.
    pub owner: String,
    /// The owner's name or title; the owner's id if it has neither.
    pub owner_name: String,
    /// Fields and ids below the owner: `fleets/gates/hosts`. Elements without an id count from 1.
    pub field: String,
    /// The kind of the figure: figures of one kind move together (`kinds`). Empty for figures that no program moves.
    pub kind: String,
    /// The same as people read it: `Gates and desks, hosts`.
    pub label: String,
    /// One number, three of a distribution (least, most likely, most), none for a provenance.
    pub values: Vec<f64>,
    /// The subject of a provenance: the time of an event, the target of an order, the week of a profile; empty for
    /// a figure with values.
    pub subject: String,
    pub standing: Standing,
    /// Fact ids or a reason, as written.
    pub source: String,
    /// Facts named in the source, as positions in `Documents::sources`, each once.
    pub facts: Vec<usize>,
}

impl Figure {
    /// The path of the figure, which stays the same when its value or source changes:
    /// `organisations/delta/staff/day`. No two figures of a scenario have the same path.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.group, self.owner, self.field)
    }

    /// The value with its unit: `4,500`, `5, 10, 20 min`, `35 %`; the subject for a provenance.
    pub fn value(&self) -> String {
        if self.values.is_empty() { self.subject.clone() } else { words::value(&self.field, &self.values) }
    }

    /// The text that a search looks through, in lower case: path, names, value, standing, source, and the words of
    /// the facts that the figure cites.
    pub fn searched(&self, docs: &Documents) -> String {
        let facts = self.facts.iter().map(|fact| &docs.sources[*fact]);
        let facts = facts.map(|fact| format!("{} {} {}", fact.id, fact.about, fact.publication)).collect::<Vec<_>>();
        let (path, value, facts) = (self.path(), self.value(), facts.join("\n"));
        let texts = [&path, &self.owner_name, &self.label, &value, self.standing.word(), &self.source, facts.as_str()];
        texts.join("\n").to_lowercase()
    }

    /// Does the searched text have every word of a query? Case does not matter.
    pub fn has_words(&self, docs: &Documents, query: &str) -> bool {
        has_words(&self.searched(docs), query)
    }
}

/// Numbers of documented, estimated and invented figures of the documents.
pub fn count(docs: &Documents) -> [usize; 3] {
    let mut counter = Counter::default();
    Part::ALL.into_iter().for_each(|part| walk::document(docs, part, &mut counter));
    counter.counts
}

/// Every figure, in the order of the files. A figure that the members of a population share is listed once.
pub fn all(docs: &Documents) -> Vec<Figure> {
    let facts = docs.sources.iter().map(|fact| fact.id.as_str()).zip(0..).collect();
    let mut lister = Lister {
        docs,
        facts,
        file: "",
        frames: Vec::new(),
        values: Vec::new(),
        source: String::new(),
        figures: Vec::new(),
    };
    for part in Part::ALL {
        lister.file = part.file();
        walk::document(docs, part, &mut lister);
    }
    lister.figures
}

/// The legal range of every figure that a program can move, in the order of all figures; none for the others.
pub(in crate::scenario) fn limits(docs: &Documents) -> Vec<Option<Limits>> {
    let mut limits = vec![None; count(docs).iter().sum()];
    change::each(&mut docs.clone(), &mut |index, slot| limits[index] = Some(slot.limits()));
    limits
}

/// Does a lower-case text have every word of a query?
pub fn has_words(searched: &str, query: &str) -> bool {
    query.to_lowercase().split_whitespace().all(|word| searched.contains(word))
}

/// Number of figures that cite each fact, in the order of `Documents::sources`.
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

#[derive(Default)]
struct Counter {
    counts: [usize; 3],
}

impl Visitor for Counter {
    fn enter(&mut self, step: Step) {
        if let Step::Tag(standing) = step {
            self.counts[standing as usize] += 1;
        }
    }
}

/// Makes a `Figure` of every tag.
struct Lister<'d> {
    docs: &'d Documents,
    /// Positions of facts by id.
    facts: BTreeMap<&'d str, usize>,
    file: &'static str,
    /// The steps to the present value.
    frames: Vec<Frame>,
    /// Numbers and source of the tag that the walk is inside.
    values: Vec<f64>,
    source: String,
    figures: Vec<Figure>,
}

/// A step of the walk; a step to an element also keeps the texts that name the element's figures.
struct Frame {
    step: Step,
    notes: Notes,
}

/// Texts of an element's fields. Each schema type declares these fields before its figures, so the walk meets them
/// first.
#[derive(Default)]
struct Notes {
    id: Option<String>,
    /// Its name or title.
    name: Option<String>,
    /// The mitigation that a playbook entry orders.
    order: Option<String>,
    /// A trigger: its kind and its values.
    when: Vec<String>,
    /// Ids in the target of a playbook entry; none if it has no target.
    target: Option<Vec<String>>,
}

impl Visitor for Lister<'_> {
    fn enter(&mut self, step: Step) {
        if let Step::Choice(choice) = step {
            self.note(choice, false);
        }
        self.frames.push(Frame { step, notes: Notes::default() });
        if matches!(step, Step::Tag(_)) {
            self.values.clear();
        }
    }

    fn leaf(&mut self, leaf: Leaf) {
        match leaf {
            Leaf::Text(text) if self.is_in_tag(1) => text.clone_into(&mut self.source),
            Leaf::Text(text) => self.note(text, true),
            Leaf::Whole(value) => self.number(value as f64, &value.to_string()),
            Leaf::Negative(value) => self.number(value as f64, &value.to_string()),
            Leaf::Number(value) => self.number(value, &format!("{value:?}")),
            Leaf::Choice(choice) => self.note(choice, false),
            Leaf::Unit | Leaf::Flag(_) => {}
        }
    }

    fn leave(&mut self, _step: Step) {
        let frame = self.frames.pop().expect("a step was entered before it is left");
        if let Step::Tag(standing) = frame.step {
            let figure = self.figure(standing);
            self.figures.push(figure);
        }
    }
}

impl Lister<'_> {
    /// Is the walk at a place of a tag or inside it?
    fn is_in_tag(&self, place: usize) -> bool {
        let tag = self.frames.iter().rposition(|frame| matches!(frame.step, Step::Tag(_)));
        tag.and_then(|tag| self.frames.get(tag + 1)).is_some_and(|frame| frame.step == Step::Place(place))
    }

    fn number(&mut self, value: f64, text: &str) {
        if self.is_in_tag(0) {
            self.values.push(value);
        } else {
            self.note(text, false);
        }
    }

    /// Keeps a value of the innermost element if the value is part of the names of the element's figures.
    fn note(&mut self, value: &str, is_text: bool) {
        let Some(element) = self.frames.iter().rposition(|frame| matches!(frame.step, Step::Element(_))) else {
            return;
        };
        let Some(&Frame { step: Step::Field(field), .. }) = self.frames.get(element + 1) else { return };
        let is_whole_field = element + 2 == self.frames.len();
        let notes = &mut self.frames[element].notes;
        match field {
            "id" if is_whole_field => notes.id = Some(value.to_owned()),
            "name" | "title" if is_whole_field => notes.name = Some(value.to_owned()),
            "order" if is_whole_field => notes.order = Some(value.to_owned()),
            "when" => notes.when.push(value.to_owned()),
            "target" => {
                let ids = notes.target.get_or_insert_default();
                ids.extend(is_text.then(|| value.to_owned()));
            }
            _ => {}
        }
    }

    fn figure(&self, standing: Standing) -> Figure {
        // Tuples and choices leave no step in a path.
        let is_step = |frame: &&Frame| matches!(frame.step, Step::Field(_) | Step::Element(_));
        let frames: Vec<&Frame> = self.frames.iter().filter(is_step).collect();
        let owner = frames.iter().position(|frame| matches!(frame.step, Step::Element(_)));
        let owner = owner.expect("every figure stands in an element of a list");
        let path = |frames: &[&Frame]| frames.iter().map(|frame| frame.id()).collect::<Vec<_>>().join("/");
        let element = frames.iter().rfind(|frame| matches!(frame.step, Step::Element(_))).expect("at least the owner");
        Figure {
            file: self.file,
            group: path(&frames[..owner]),
            owner: frames[owner].id(),
            owner_name: frames[owner].notes.name.clone().unwrap_or_else(|| frames[owner].id()),
            field: path(&frames[owner + 1..]),
            kind: kinds::kind(self.docs, &frames),
            label: words::label(self.docs, &frames[owner - 1..]),
            values: self.values.clone(),
            subject: if self.values.is_empty() { words::subject(&element.notes) } else { String::new() },
            standing,
            facts: cited(&self.source, &self.facts),
            source: self.source.clone(),
        }
    }
}

impl Frame {
    /// The step as a path shows it: an element's id, or its number from 1 if it has no id.
    fn id(&self) -> String {
        match self.step {
            Step::Field(name) | Step::Choice(name) => name.to_owned(),
            Step::Element(index) => self.notes.id.clone().unwrap_or_else(|| (index + 1).to_string()),
            Step::Place(index) => (index + 1).to_string(),
            Step::Tag(standing) => standing.word().to_owned(),
        }
    }
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
