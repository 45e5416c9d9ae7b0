//! Writes changed numbers into the text of a scenario: comments, layout and sources of figures stay.
//!
//! Two documents that differ in nothing but numbers have walks of the same shape. The walk to a number that differs
//! leads to its place in the tree of the file. Must not decide which numbers change.

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::documents::{Documents, Part};
use crate::scenario::place::{self, Node, Tree};
use crate::scenario::schema::FleetKind;
use crate::scenario::source_files::SourceFiles;
use crate::scenario::walk::{self, Leaf, Step, Visitor};

/// The files with the numbers of `changed` in place of those of `written`, which are the documents of the files.
///
/// # Errors
/// The documents differ in more than numbers, or a number has no place of its own in the text.
pub fn with_numbers(
    sources: &SourceFiles,
    written: &Documents,
    changed: &Documents,
) -> Result<SourceFiles, Box<Diagnostic>> {
    let mut edited = sources.clone();
    for part in Part::ALL {
        let (before, after) = (numbers(written, part), numbers(changed, part));
        // Ranges of figures belong to the written values, so changed documents have none.
        if part == Part::Uncertainty || before == after {
            continue;
        }
        if !has_same_shape(&before, &after) {
            return Err(Box::new(Diagnostic::about(part.file(), "the changed documents differ in more than numbers")));
        }
        let changes = before.iter().zip(&after).filter(|(before, after)| before.text != after.text);
        let changes: Vec<&Found> = changes.map(|(_, after)| after).collect();
        rewrite(&mut edited, part, &changes)?;
    }
    Ok(edited)
}

/// Can the numbers of changed documents be written into the files of the written ones?
pub fn differ_in_numbers_only(written: &Documents, changed: &Documents) -> bool {
    let parts = Part::ALL.into_iter().filter(|part| *part != Part::Uncertainty);
    let mut pairs = parts.map(|part| (numbers(written, part), numbers(changed, part)));
    let has_same_link = |(before, after): (&FleetKind, &FleetKind)| before.link == after.link;
    pairs.all(|(before, after)| has_same_shape(&before, &after))
        && written.world.fleet_kinds.iter().zip(&changed.world.fleet_kinds).all(has_same_link)
}

fn has_same_shape(before: &[Found], after: &[Found]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(before, after)| before.steps == after.steps)
}

/// A number of a document with the steps that lead to it.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    steps: Vec<Step>,
    text: String,
}

fn numbers(docs: &Documents, part: Part) -> Vec<Found> {
    let mut numbers = Numbers::default();
    walk::document(docs, part, &mut numbers);
    numbers.found
}

#[derive(Default)]
struct Numbers {
    steps: Vec<Step>,
    found: Vec<Found>,
}

impl Visitor for Numbers {
    fn enter(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn leaf(&mut self, leaf: Leaf) {
        let text = match leaf {
            Leaf::Whole(value) => value.to_string(),
            Leaf::Negative(value) => value.to_string(),
            // The shortest text that reads back as this number.
            Leaf::Number(value) => format!("{value:?}"),
            Leaf::Unit | Leaf::Flag(_) | Leaf::Text(_) | Leaf::Choice(_) => return,
        };
        self.found.push(Found { steps: self.steps.clone(), text });
    }

    fn leave(&mut self, _step: Step) {
        self.steps.pop();
    }
}

/// Replaces numbers in the files of a document.
fn rewrite(sources: &mut SourceFiles, part: Part, changes: &[&Found]) -> Result<(), Box<Diagnostic>> {
    // Elements of a list that extends over several files are counted through all of them.
    let mut base = 0;
    let is_list = !matches!(part, Part::Manifest | Part::World);
    for file in sources.files.iter_mut().filter(|file| Part::from_file(&file.name) == Some(part)) {
        let tree = place::parse(&file.text);
        let elements = tree.root.as_ref().map_or(0, |root| root.children.len());
        let mut edits = Vec::new();
        for change in changes {
            let Some(steps) = steps_in_file(&change.steps, is_list.then_some((base, elements))) else { continue };
            let Some(node) = node(&tree, &file.text, &steps) else {
                let message = format!("the number `{}` has no place in the text", change.text);
                return Err(Box::new(Diagnostic::about(&file.path, message)));
            };
            edits.push((node.span.clone(), &change.text));
        }
        edits.sort_by_key(|(span, _)| span.start);
        for (span, text) in edits.into_iter().rev() {
            file.text.replace_range(span, text);
        }
        base += elements;
    }
    Ok(())
}

/// The steps inside a file; none if they lead into another file of the list.
fn steps_in_file(steps: &[Step], list: Option<(usize, usize)>) -> Option<Vec<Step>> {
    // The first step is the field of `Documents`.
    let inside = steps.get(1..)?;
    let Some((base, elements)) = list else { return Some(inside.to_vec()) };
    let (Step::Element(index), rest) = inside.split_first()? else { return None };
    let index = index.checked_sub(base).filter(|index| *index < elements)?;
    Some([&[Step::Element(index)], rest].concat())
}

fn node<'t>(tree: &'t Tree, text: &str, steps: &[Step]) -> Option<&'t Node> {
    let mut node = tree.root.as_ref()?;
    for (index, step) in steps.iter().enumerate() {
        node = match step {
            Step::Field(name) => node.field(text, name)?,
            Step::Element(index) | Step::Place(index) => node.item(text, *index)?,
            // The value of `Expires(…)` stands in the brackets without a step of its own.
            Step::Choice(_) if !matches!(steps.get(index + 1), Some(Step::Field(_) | Step::Place(_))) => {
                node.item(text, 0)?
            }
            Step::Choice(_) | Step::Tag(_) => node,
        };
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::figures::{Groups, Held};
    use crate::scenario::load::load;
    use crate::scenario::schema::Uncertainty;
    use crate::scenario::{library, validate};

    /// Every figure of every scenario is moved: the edited text reads back as the moved documents, and the lines
    /// that hold no number are the same.
    #[test]
    fn edited_texts_read_back_as_the_changed_documents() {
        let tiny = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let tiny = SourceFiles::read(&tiny).expect("the folder is there");
        for sources in library::builtin().into_iter().chain([tiny]) {
            let docs = load(&sources).expect("valid");
            let groups = Groups::new(&docs, Held::Nothing);
            let moved = validate::check(groups.documents_at(&docs, &vec![0.4; groups.list.len()])).expect("in range");
            let edited = with_numbers(&sources, &docs, &moved).unwrap_or_else(|problem| panic!("{problem:?}"));
            let mut read = load(&edited).unwrap_or_else(|found| panic!("{found}")).into_inner();
            read.uncertainty = Uncertainty::default();
            assert!(read == moved.into_inner(), "{} reads back differently", sources.name);
            for (before, after) in sources.files.iter().zip(&edited.files) {
                assert_eq!(before.text.lines().count(), after.text.lines().count(), "{}", before.path);
                let comments = |text: &str| text.lines().filter(|line| line.contains("//")).count();
                assert_eq!(comments(&before.text), comments(&after.text), "{}", before.path);
            }
            assert_ne!(sources, edited);
            assert_eq!(with_numbers(&sources, &docs, &docs).expect("nothing to change"), sources);
        }
    }
}
