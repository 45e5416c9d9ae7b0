//! A report as blocks: headings, text, tables, charts. Every format is made from the same blocks.
//!
//! Must not know the subject of a report; a renderer must not know it either.

#[cfg(feature = "reports")]
pub mod columns;
#[cfg(feature = "reports")]
pub mod docx;
pub mod html;
#[cfg(feature = "reports")]
pub mod pdf;
#[cfg(feature = "reports")]
mod picture;
#[cfg(feature = "reports")]
mod zip;

use serde::Serialize;

/// The word on every page, so that nobody takes a report of an exercise for one of an incident.
pub const BANNER: &str = "EXERCISE";

/// A report before it has a format.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub title: String,
    pub subtitle: String,
    pub sections: Vec<Section>,
}

/// A part of a report under a heading of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    pub heading: String,
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The sentence that a reader must not miss.
    Verdict(String),
    Text(String),
    /// A few numbers that a reader takes in at a glance.
    Figures(Vec<Figure>),
    List(Vec<String>),
    Table(Table),
    Chart(Chart),
}

/// A number with its meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    pub value: String,
    pub words: String,
}

/// A table with a head. The first column names the rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    pub caption: String,
    pub head: Vec<Head>,
    pub rows: Vec<Vec<String>>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Head {
    pub words: String,
    /// Numbers stand at the right.
    pub is_number: bool,
}

impl Figure {
    pub fn new(value: impl Into<String>, words: &str) -> Self {
        Self { value: value.into(), words: words.to_owned() }
    }
}

impl Table {
    /// A table without rows. A head that begins with `#` is that of numbers.
    pub fn new(caption: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|words| match words.strip_prefix('#') {
            Some(words) => Head { words: words.to_owned(), is_number: true },
            None => Head { words: (*words).to_owned(), is_number: false },
        });
        Self { caption: caption.to_owned(), head: head.collect(), rows: Vec::new() }
    }

    /// Adds a row, which has as many cells as the head.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.head.len(), "cells of a row of {}", self.caption);
        self.rows.push(cells);
    }
}

/// A picture with the words that stand for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    pub caption: String,
    /// What the picture shows, for readers who do not see it.
    pub words: String,
    pub svg: String,
}

/// Sections with their headings; a section without blocks is left out.
pub fn sections(parts: impl IntoIterator<Item = (&'static str, Vec<Block>)>) -> Vec<Section> {
    let filled = parts.into_iter().filter(|(_, blocks)| !blocks.is_empty());
    filled.map(|(heading, blocks)| Section { heading: heading.to_owned(), blocks }).collect()
}
