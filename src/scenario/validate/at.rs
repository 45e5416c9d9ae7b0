//! A place in a document, found by walking its tree beside the checked value.

use std::ops::Range;

use super::{Diagnostic, Known, Part, Spot};
use crate::scenario::place::{self, Node, Shape};
use crate::scenario::sheet::Sheet;

/// The place of a value. If a step leads nowhere, the place stays with the parent, so that a diagnostic always has
/// a place to point at.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    sheet: Option<&'a Sheet>,
    node: Option<&'a Node>,
    part: Part,
    /// A word inside the value, by its bytes; empty for the whole value.
    word: (usize, usize),
}

impl<'a> At<'a> {
    /// The document itself.
    pub fn root(known: &'a Known, part: Part) -> Self {
        let sheet = known.sheets.iter().find(|sheet| sheet.part == part);
        At { sheet, node: sheet.and_then(|sheet| sheet.tree.root.as_ref()), part, word: (0, 0) }
    }

    /// An element of a document that is a list; the list may extend over several files.
    pub fn element(known: &'a Known, part: Part, index: usize) -> Self {
        let sheet = known.sheets.iter().rfind(|sheet| sheet.part == part && sheet.base <= index);
        let root = sheet.and_then(|sheet| sheet.tree.root.as_ref());
        let whole = At { sheet, node: root, part, word: (0, 0) };
        // A file of targets may be a group with lists.
        let list = if part == Part::Sources { "sources" } else { "targets" };
        let is_group = root.is_some_and(|root| root.shape == Shape::Group);
        let at = if is_group { whole.field(list) } else { whole };
        at.item(index - sheet.map_or(0, |sheet| sheet.base))
    }

    /// A field of this group.
    pub fn field(self, name: &str) -> Self {
        self.step(|node, text| node.field(text, name))
    }

    /// An element of this list, a value of this tuple or of `Name(…)`.
    pub fn item(self, index: usize) -> Self {
        self.step(|node, text| node.item(text, index))
    }

    fn step(self, step: impl Fn(&'a Node, &'a str) -> Option<&'a Node>) -> Self {
        let next = self.sheet.zip(self.node).and_then(|(sheet, node)| step(node, &sheet.text));
        At { node: next.or(self.node), ..self }
    }

    /// A word inside this text.
    pub fn within(self, word: &str) -> Self {
        let range = self.range();
        let found = self.sheet.and_then(|sheet| sheet.text.get(range.clone())?.find(word));
        let word = found.map_or((0, 0), |at| (range.start + at, range.start + at + word.len()));
        At { word, ..self }
    }

    /// Is the list at this place of the file empty? An element that could not be read is still in the file. Without
    /// a file the document alone decides.
    pub fn is_empty_list(self) -> bool {
        if self.sheet.is_none() {
            return true;
        }
        let text = self.sheet.and_then(|sheet| sheet.text.get(self.range()));
        text.and_then(|text| place::parse(text).root).is_some_and(|list| list.children.is_empty())
    }

    /// Does the file give this group one of these fields, even one that could not be read?
    pub fn is_any_written(self, names: &[&str]) -> bool {
        let text = self.sheet.and_then(|sheet| sheet.text.get(self.range()));
        let group = text.and_then(|text| Some((text, place::parse(text).root?)));
        group.is_some_and(|(text, root)| names.iter().any(|name| root.field(text, name).is_some()))
    }

    fn range(self) -> Range<usize> {
        match (self.word, self.node) {
            ((start, end), _) if start < end => start..end,
            (_, Some(node)) => node.span.clone(),
            (_, None) => 0..0,
        }
    }

    /// The file and the place in it.
    pub fn spot(self) -> (&'a str, Spot) {
        match self.sheet {
            Some(sheet) => (&sheet.path, Spot::from_range(&sheet.text, &self.range())),
            None => (self.part.file(), Spot::from_range("", &(0..0))),
        }
    }

    /// An error here.
    pub fn problem(self, message: impl Into<String>) -> Diagnostic {
        match self.sheet {
            Some(sheet) => Diagnostic::in_text(&sheet.path, &sheet.text, &self.range(), message),
            None => Diagnostic::about(self.part.file(), message),
        }
    }
}
