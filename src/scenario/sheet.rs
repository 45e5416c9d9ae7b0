//! What reading a scenario leaves for its checks: the text and tree of each file, and what could not be read.
//!
//! Must not judge what the documents say: that is `validate`.

use std::collections::BTreeSet;

use super::documents::Part;
use super::place::Tree;

/// One text with its tree: the place of each checked value.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub part: Part,
    pub path: String,
    pub text: String,
    pub tree: Tree,
    /// Index in the document's list of the first element of this file.
    pub base: usize,
}

/// What is known beside the documents. Documents that were made by a program have no sheets.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub sheets: Vec<Sheet>,
    /// Ids of elements that could not be read: references to them are no further mistake.
    pub lost: BTreeSet<String>,
    /// Documents that may have more ids than are known.
    pub blind: BTreeSet<Part>,
}
