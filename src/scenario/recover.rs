//! Reads one RON document and goes on after an error, so that an author sees all of them at once.
//!
//! serde stops at the first error. This module blanks the smallest field or list element around the error with
//! spaces (positions stay the same) and reads the text again. It knows ron's errors and must not know the schema.

mod decimal;

use std::collections::BTreeSet;
use std::ops::Range;

use ron::Error;
use ron::error::{Position, SpannedError};
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostic, Spot, allowed};
use super::place::{self, Child, Node, Shape, Tree};
use super::texts;
use crate::base::characters::is_blank;
use crate::base::spelling::nearest;
use crate::base::words::cut;

/// Number of problems of one file after which reading stops.
const PROBLEMS_MAX: usize = 100;

/// The result of reading a file.
pub(super) struct Outcome<T> {
    /// The document without its faulty elements; None if nothing is left.
    pub value: Option<T>,
    /// The tree of the text as it was read last: its lists have the same elements as the lists of `value`.
    pub tree: Tree,
    pub problems: Vec<Diagnostic>,
    /// Ids inside the elements that were given up.
    pub lost: Vec<String>,
    /// An element was given up and its id is not known.
    pub blind: bool,
}

/// Reads a text whose tree is `first`.
pub(super) fn read<T: DeserializeOwned>(path: &str, text: &str, first: Tree) -> Outcome<T> {
    let mut problems: Vec<Diagnostic> = first.faults.iter().map(|fault| broken(path, text, fault)).collect();
    problems.extend(texts::problems(path, text, &first));
    let ids = first.ids.clone();
    if first.faults.iter().any(|fault| fault.mend.is_none()) || first.unseen.iter().any(|unseen| unseen.is_in_word) {
        let lost = ids.into_iter().map(|(_, id)| id).collect();
        return Outcome { value: None, tree: first, problems, lost, blind: true };
    }
    let mut patient = Patient::new(path, text);
    for unseen in &first.unseen {
        patient.write_over(unseen.at.clone(), "");
    }
    for at in first.faults.iter().filter_map(|fault| fault.mend.clone()) {
        patient.write_over(at, ",");
    }
    let found = first.root.as_ref().map(|root| decimal::commas(&patient.text, root)).unwrap_or_default();
    for comma in found {
        problems.push(comma.problem(path, text));
        patient.write_number(comma);
    }
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let mut value = None;
    let mut tree = place::parse(&patient.text);
    let mut blind = false;
    for _ in 0..PROBLEMS_MAX * 2 {
        let error = match options.from_str::<T>(&patient.text) {
            Ok(read) => {
                value = Some(read);
                break;
            }
            Err(error) => error,
        };
        let cut = patient.treat(&error, &tree, &mut problems);
        if !cut || PROBLEMS_MAX <= problems.len() {
            break;
        }
        tree = place::parse(&patient.text);
    }
    if value.is_none() && PROBLEMS_MAX <= problems.len() {
        problems.push(Diagnostic::about(path, format!("reading stopped after {PROBLEMS_MAX} problems")));
    }
    let inside = |cut: &Range<usize>, at: &Range<usize>| cut.start <= at.start && at.end <= cut.end;
    let lost: Vec<String> = ids
        .iter()
        .filter(|(at, _)| value.is_none() || patient.cut.iter().any(|(cut, _)| inside(cut, at)))
        .map(|(_, id)| id.clone())
        .collect();
    blind |= value.is_none();
    blind |= patient.cut.iter().any(|(cut, element)| *element && !ids.iter().any(|(at, _)| inside(cut, at)));
    Outcome { value, tree, problems, lost, blind }
}

fn broken(path: &str, text: &str, fault: &place::Fault) -> Diagnostic {
    let mut diagnostic = Diagnostic::in_text(path, text, &fault.at, &fault.message);
    if let Some(opened) = &fault.opened {
        let spot = Spot::from_range(text, opened);
        diagnostic = diagnostic.also("this bracket is still open", path, spot);
    }
    match fault.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// A text under treatment. Each change keeps the length in bytes, so that a position in this text is a position in
/// the original.
struct Patient<'t> {
    path: &'t str,
    original: &'t str,
    text: String,
    /// Numbers that were written with a decimal comma. Further errors about them follow from the comma and are not
    /// reported.
    numbers: Vec<Range<usize>>,
    /// Fields that were blanked, by the start of their group. An error that such a field is missing is not
    /// reported.
    echoes: BTreeSet<(usize, String)>,
    /// Ranges that were blanked; true for elements of lists.
    cut: Vec<(Range<usize>, bool)>,
}

impl<'t> Patient<'t> {
    fn new(path: &'t str, original: &'t str) -> Self {
        let text = original.to_owned();
        Patient { path, original, text, numbers: Vec::new(), echoes: BTreeSet::new(), cut: Vec::new() }
    }

    /// Replaces a range by a text of at most the same length and fills the rest with blanks.
    fn write_over(&mut self, at: Range<usize>, with: &str) {
        let Some(before) = self.text.get(at.clone()) else { return };
        let left = before.len().saturating_sub(with.len());
        let rest: String = before.bytes().rev().take(left).map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        let written: String = with.chars().chain(rest.chars().rev()).collect();
        if written.len() == before.len() {
            self.text.replace_range(at, &written);
        }
    }

    fn write_number(&mut self, comma: decimal::Comma) {
        self.write_over(comma.at.clone(), &comma.number);
        self.numbers.push(comma.at);
    }

    /// Mends decimal commas where an error reports too many values. False if there are none.
    fn treat_commas(&mut self, code: &Error, culprit: &Node, problems: &mut Vec<Diagnostic>) -> bool {
        let commas = decimal::commas_of_error(&self.text, culprit, code);
        let is_treated = !commas.is_empty();
        for comma in commas {
            problems.push(comma.problem(self.path, self.original));
            self.write_number(comma);
        }
        is_treated
    }

    /// Reports an error and blanks the element around it. False if there is nothing to blank.
    fn treat(&mut self, error: &SpannedError, tree: &Tree, problems: &mut Vec<Diagnostic>) -> bool {
        let at = self.offset_of(error);
        let strict = matches!(
            error.code,
            Error::MissingStructField { .. } | Error::ExpectedDifferentLength { .. } | Error::ExpectedStructLikeEnd
        );
        let Some(root) = &tree.root else {
            problems.push(Diagnostic::about(self.path, "the file is empty").help("it must hold a document in RON"));
            return false;
        };
        let chain = chain_to(root, at, strict);
        let culprit = chain.last().map_or(root, |link| &link.child.value);
        let around = chain.len().checked_sub(2).map_or(root, |at| &chain[at].child.value);
        if self.treat_commas(&error.code, culprit, problems) || self.treat_commas(&error.code, around, problems) {
            return true;
        }
        let is_known = self.numbers.iter().any(|number| number.start <= at && at <= number.end);
        if !is_known && !self.is_echo(&error.code, culprit) {
            problems.push(self.explain(&error.code, at, culprit, chain.last()));
        }
        let Some(link) = chain.iter().rev().find(|link| link.is_removable()) else { return false };
        if let Some(meant) = meant_field(&error.code, link.parent, &self.text) {
            self.echoes.insert((link.parent.span.start, meant.to_owned()));
        }
        let whole = link.child.whole.clone();
        if let Some(name) = &link.child.name {
            self.echoes.insert((link.parent.span.start, self.text[name.clone()].to_owned()));
        }
        self.cut.push((whole.clone(), link.parent.shape == Shape::List));
        self.write_over(whole, "");
        true
    }

    fn is_echo(&self, code: &Error, culprit: &Node) -> bool {
        match code {
            Error::MissingStructField { field, .. } => self.echoes.contains(&(culprit.span.start, (*field).to_owned())),
            _ => false,
        }
    }

    /// The byte an error is about. ron's spans may begin with the blanks before it.
    fn offset_of(&self, error: &SpannedError) -> usize {
        let (start, end) = (byte_of(&self.text, &error.span.start), byte_of(&self.text, &error.span.end));
        let blank = self.text[start..].starts_with(is_blank);
        if start < end && !blank { start } else { end }
    }

    fn explain(&self, code: &Error, at: usize, culprit: &Node, link: Option<&Link>) -> Diagnostic {
        let name = link.and_then(|link| link.child.name.clone()).filter(|name| name.contains(&at));
        let found = shorten(&self.text[culprit.span.clone()]);
        let (message, help) = match code {
            Error::MissingStructField { field, outer } => {
                let id = culprit.field(&self.text, "id").and_then(|node| node.text_value(&self.text));
                let owner = id.map(|id| format!(" with id `{id}`")).unwrap_or_default();
                (format!("the field `{field}` is missing{}{owner}", within(outer.as_deref())), None)
            }
            _ => explain(code, &found, culprit),
        };
        let other_sign = || found.chars().find_map(place::meant).filter(|_| culprit.shape == Shape::Plain);
        let help = other_sign().map(str::to_owned).or(help);
        let range = match (name, code) {
            (Some(name), _) => name,
            (None, Error::MissingStructField { .. }) => {
                culprit.span.start..culprit.head.end.max(culprit.span.start + 1)
            }
            (None, Error::NoSuchEnumVariant { .. }) if !culprit.head.is_empty() => culprit.head.clone(),
            _ => culprit.span.clone(),
        };
        let diagnostic = Diagnostic::in_text(self.path, self.original, &range, message);
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// One step from a node down to a child.
struct Link<'n> {
    parent: &'n Node,
    child: &'n Child,
}

impl Link<'_> {
    /// Can the child be cut out without changing the meaning of its neighbours?
    fn is_removable(&self) -> bool {
        self.parent.shape == Shape::List || self.child.name.is_some()
    }
}

/// The children around a byte, outermost first. Unless `strict` is set, the byte right behind a value belongs to
/// the value.
fn chain_to(root: &Node, at: usize, strict: bool) -> Vec<Link<'_>> {
    let mut chain = Vec::new();
    let mut parent = root;
    loop {
        let inside = parent.children.iter().find(|child| child.whole.contains(&at));
        let behind = || parent.children.iter().find(|child| !strict && child.value.span.end == at);
        let Some(child) = inside.or_else(behind) else { return chain };
        chain.push(Link { parent, child });
        parent = &child.value;
    }
}

/// The absent field whose name an unknown field probably misspells. An error that this field is missing is not
/// reported.
fn meant_field(code: &Error, group: &Node, text: &str) -> Option<&'static str> {
    let Error::NoSuchStructField { expected, found, .. } = code else { return None };
    let absent = expected.iter().copied().filter(|name| group.child(text, name).is_none());
    nearest(found, absent)
}

fn byte_of(text: &str, position: &Position) -> usize {
    let line_start = match position.line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let line = &text[line_start..];
    line_start + line.char_indices().nth(position.col.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

/// The first line of a text, as far as a message shows it.
fn shorten(text: &str) -> String {
    const SHOWN_MAX: usize = 41;
    match text.split_once('\n') {
        Some((line, _)) => cut(&format!("{}…", line.trim_end_matches('\r')), SHOWN_MAX),
        None => cut(text, SHOWN_MAX),
    }
}

fn within(outer: Option<&str>) -> String {
    outer.map(|outer| format!(" in `{outer}`")).unwrap_or_default()
}

/// The error in an author's words, and help.
fn explain(code: &Error, found: &str, culprit: &Node) -> (String, Option<String>) {
    let expected = |what: &str| (format!("expected {what}, found `{found}`"), None);
    let tagged = || {
        let value = if found.starts_with(|c: char| c.is_ascii_digit() || c == '-') { found } else { "value" };
        Some(format!(
            "a figure carries its source: `Documented({value}, \"fact ids\")`, `Estimated({value}, \"why\")` or `Invented({value}, \"why\")`"
        ))
    };
    match code {
        Error::NoSuchStructField { expected, found, outer } => (
            format!("unknown field `{found}`{}", within(outer.as_deref())),
            Some(allowed(found, expected.iter().copied(), "fields")),
        ),
        Error::NoSuchEnumVariant { expected, found, outer } => (
            format!("unknown word `{found}`{}", within(outer.as_deref())),
            Some(allowed(found, expected.iter().copied(), "words")),
        ),
        Error::DuplicateStructField { field, outer } => {
            (format!("the field `{field}` is given twice{}", within(outer.as_deref())), None)
        }
        Error::IntegerOutOfBounds if found.starts_with('-') => {
            (format!("`{found}` is out of range"), Some("expected a whole number that is not negative".into()))
        }
        Error::IntegerOutOfBounds => {
            (format!("`{found}` is out of range"), Some("expected a smaller whole number".into()))
        }
        Error::ExpectedInteger => expected("a whole number"),
        Error::ExpectedComma if culprit.shape == Shape::Plain && found.parse::<f64>().is_ok() => {
            expected("a whole number")
        }
        Error::ExpectedComma if culprit.shape == Shape::Group && culprit.children.is_empty() => {
            (format!("`{found}` takes no brackets"), None)
        }
        Error::ExpectedComma => expected("one value of the right kind"),
        Error::ExpectedFloat => expected("a number"),
        Error::ExpectedString | Error::ExpectedStringEnd => expected("text in quotes"),
        Error::ExpectedBoolean => expected("`true` or `false`"),
        Error::ExpectedArray => expected("a list in `[ ]`"),
        Error::ExpectedUnit => expected("`()`"),
        Error::ExpectedMapColon => expected("`name: value`"),
        Error::ExpectedNamedStructLike(_) => expected("fields in `( )`"),
        Error::ExpectedStructLike if culprit.shape == Shape::Name => {
            (format!("`{found}` needs its values in `( )`"), None)
        }
        Error::ExpectedStructLike => expected("values in `( )`"),
        Error::ExpectedStructLikeEnd => (format!("there are too many values in `{found}`"), None),
        Error::ExpectedDifferentLength { expected, .. } if expected.contains("Tagged") => {
            (format!("`{found}` lacks a source or a value"), tagged())
        }
        Error::ExpectedDifferentLength { expected, found: length } => {
            (format!("expected {expected}, found {length} in `{found}`"), None)
        }
        Error::ExpectedIdentifier | Error::SuggestRawIdentifier(_) => {
            (format!("expected a word with its values, found `{found}`"), tagged())
        }
        Error::ExpectedDifferentStructName { expected, found } => {
            (format!("expected `{expected}` or no name, found `{found}`"), None)
        }
        Error::TrailingCharacters => ("there is something after the end of the document".into(), None),
        other => (lower_first(&other.to_string()), None),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
