//! A report as PDF: A4, tagged for screen readers, with the banner on each page and charts as vectors.
//!
//! `layout` places everything on pages, `paint` writes the pages and the tree of tags. The file is checked against
//! PDF/UA-1 while it is written. It has no date, so equal reports make equal bytes.

mod face;
mod layout;
mod paint;

use super::Report;

/// The whole file.
///
/// # Panics
/// If the file breaks a rule of PDF/UA-1, which would be a mistake of the program.
pub fn pdf(report: &Report) -> Vec<u8> {
    paint::paint(&layout::Layout::new(report), report)
}
