//! A report as blocks: headings, text, tables, charts. Every format is made from the same blocks.
//!
//! Must not know the subject of a report or a format.

use serde::Serialize;

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
    List(Vec<String>),
    Table(Table),
    Chart(Chart),
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
