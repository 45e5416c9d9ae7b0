//! Results of reading that the checks need beside the documents: the text and tree of each file, and the ids of
//! elements that could not be read.
//!
//! Must not check the content of the documents: that is the task of `validate`.

use std::collections::BTreeSet;

use super::documents::Part;
use super::place::Tree;

/// One text with its tree, which gives the place of each checked value.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub part: Part,
    pub path: String,
    pub text: String,
    pub tree: Tree,
    /// Index of this file's first element in the document's list.
    pub base: usize,
}

/// All sheets of a scenario. Documents that a program made have no sheets.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub sheets: Vec<Sheet>,
    /// Ids of elements that could not be read. References to them are not reported.
    pub lost: BTreeSet<String>,
    /// Documents with elements whose id could not be read; references into them are not reported.
    pub blind: BTreeSet<Part>,
}
