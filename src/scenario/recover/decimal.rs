//! Numbers written with a comma: `0,5` for a half, `1,000` for a thousand.
//!
//! A comma separates values in RON, so such a number reads as two values. A comma between two runs of digits, with
//! no blank behind it, is taken for a part of a number if the values around it leave no other meaning. Lists like
//! `[1,2,3]` and pairs like `(0,1)` are left alone as long as they can be read.

use std::ops::Range;

use ron::Error;

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::place::{Child, Node, Shape};

/// A number with commas in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comma {
    /// The range of the number as written.
    pub at: Range<usize>,
    /// The number as RON expects it.
    pub number: String,
    /// Another reading: the comma may separate thousands.
    other: Option<String>,
}

impl Comma {
    pub(super) fn problem(&self, path: &str, text: &str) -> Diagnostic {
        let found = text.get(self.at.clone()).unwrap_or_default();
        let message = format!("`{found}` has a comma in it, and a comma separates values");
        let help = match &self.other {
            Some(other) => format!("decimal comma? write `{}`; for thousands write `{other}`", self.number),
            None if self.number.contains('.') => format!("decimal comma? write `{}`", self.number),
            None => format!("thousands? write `{}`", self.number),
        };
        Diagnostic::in_text(path, text, &self.at, message).help(help)
    }
}

/// Numbers with a decimal comma below a node, where no other meaning is left.
pub(super) fn commas(text: &str, root: &Node) -> Vec<Comma> {
    let mut found = Vec::new();
    root.walk(&mut |node| found.extend(commas_in(text, node)));
    found
}

fn commas_in(text: &str, node: &Node) -> Vec<Comma> {
    let runs = runs(text, node);
    let is_tag = matches!(node.head(text), "Documented" | "Estimated" | "Invented");
    let has_names = node.children.iter().any(|child| child.name.is_some());
    // A tagged figure with two values has a number and a text, so no comma is part of a number.
    let is_certain = has_names || (is_tag && node.children.len() != 2);
    // `[0,3, 0,5]`: nobody writes a list of whole numbers in pairs with blanks between them.
    let is_parted =
        |pair: &[Range<usize>]| !is_joined(text, &node.children[pair[0].end - 1], &node.children[pair[1].start]);
    let is_in_pairs = 2 <= runs.len()
        && runs.iter().all(|run| run.len() == 2)
        && 2 * runs.len() == node.children.len()
        && runs.windows(2).all(is_parted);
    if is_certain || (is_in_pairs && node.shape == Shape::List) {
        return runs.into_iter().filter_map(|run| comma(text, &node.children[run])).collect();
    }
    Vec::new()
}

/// Numbers with commas in a node that has too many values.
pub(super) fn commas_of_error(text: &str, node: &Node, code: &Error) -> Vec<Comma> {
    let is_about_values = matches!(
        code,
        Error::ExpectedDifferentLength { .. }
            | Error::ExpectedStructLikeEnd
            | Error::ExpectedComma
            | Error::ExpectedIdentifier
            | Error::ExpectedString
    );
    if !is_about_values || node.shape != Shape::Group {
        return Vec::new();
    }
    runs(text, node).into_iter().filter_map(|run| comma(text, &node.children[run])).collect()
}

/// Runs of two or more children that are digits, joined by commas without blanks. A longer run that cannot be
/// thousands is divided into pairs.
fn runs(text: &str, node: &Node) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < node.children.len() {
        let mut end = start + 1;
        if is_number(text, &node.children[start]) {
            while end < node.children.len() && is_joined(text, &node.children[end - 1], &node.children[end]) {
                end += 1;
            }
        }
        if 2 < end - start && !is_thousands(text, &node.children[start + 1..end]) {
            runs.extend((start..end - 1).step_by(2).map(|first| first..first + 2));
        } else if 1 < end - start {
            runs.push(start..end);
        }
        start = end;
    }
    runs
}

fn value<'t>(text: &'t str, child: &Child) -> &'t str {
    text.get(child.value.span.clone()).unwrap_or_default()
}

fn is_number(text: &str, child: &Child) -> bool {
    let digits = value(text, child).trim_start_matches(['-', '+']);
    child.value.shape == Shape::Plain
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Does `next` begin with a digit right behind the comma of `before`?
fn is_joined(text: &str, before: &Child, next: &Child) -> bool {
    let has_comma = before.value.span.end + 1 == before.whole.end && text[before.whole.clone()].ends_with(',');
    let digits = value(text, next);
    has_comma
        && next.name.is_none()
        && before.whole.end == next.value.span.start
        && next.value.shape == Shape::Plain
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_thousands(text: &str, rest: &[Child]) -> bool {
    rest.iter().all(|child| value(text, child).split('.').next().is_some_and(|whole| whole.len() == 3))
}

fn comma(text: &str, parts: &[Child]) -> Option<Comma> {
    let (first, rest) = parts.split_first()?;
    let last = rest.last()?;
    let at = first.value.span.start..last.value.span.end;
    let (head, tail) = (value(text, first), value(text, last));
    let joined: String = parts.iter().map(|part| value(text, part)).collect();
    let is_whole = |text: &str| !text.contains('.');
    let found = match rest.len() {
        // `1.234,5`: points separate thousands.
        1 if !is_whole(head) && is_whole(tail) => {
            Comma { at, number: format!("{}.{tail}", head.replace('.', "")), other: None }
        }
        1 if is_whole(tail) && tail.len() == 3 && !head.starts_with('0') && is_whole(head) => {
            Comma { at, number: format!("{head}.{tail}"), other: Some(joined) }
        }
        1 if is_whole(tail) => Comma { at, number: format!("{head}.{tail}"), other: None },
        _ => Comma { at, number: joined, other: None },
    };
    Some(found)
}
