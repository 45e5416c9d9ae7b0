//! Messages about mistakes of a scenario's author. A message names the place, the text found there, the values
//! allowed and the nearest spelling.
//!
//! The layout is like rustc's. A message quotes at most one line of the file. This module reads no files and does
//! not know the schema: its callers resolve a place to line, column and text of the line.

use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::base::characters::{is_blank, message as short, terminal, visible};
use crate::base::spelling::nearest;

/// How serious a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, but its author may want to change something.
    Warning,
}

/// A place in a file, ready for printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From 1.
    pub line: u32,
    /// From 1, in columns of a terminal: a wide letter takes two, a combining mark none, a tab one.
    pub column: u32,
    /// The text of the line, without its end.
    pub source_line: String,
    /// Bytes of the line to underline, cut at the line's end; may be empty.
    under: Range<usize>,
}

impl Spot {
    /// The place of a byte range of `text`. Ranges over several lines are cut to the first line.
    pub fn from_range(text: &str, range: &Range<usize>) -> Spot {
        let start = floor_char(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor_char(text, range.end).clamp(start, line_end);
        let source_line = text[line_start..line_end].trim_end_matches('\r').to_owned();
        let meant = &text[start..end];
        // Blanks behind a value are not underlined, unless the range holds nothing but blanks.
        let under = Some(meant.trim_end_matches(is_blank).len()).filter(|len| 0 < *len).unwrap_or(meant.len());
        let start = (start - line_start).min(source_line.len());
        Spot {
            line: 1 + count(text[..line_start].matches('\n').count()),
            column: 1 + count(source_line[..start].width()),
            under: start..(start + under).min(source_line.len()),
            source_line,
        }
    }

    /// The same place without characters that were put before the line.
    pub fn without_prefix(mut self, prefix: &str) -> Self {
        if let Some(line) = self.source_line.strip_prefix(prefix) {
            self.source_line = line.to_owned();
            self.column = self.column.saturating_sub(count(prefix.width())).max(1);
            let moved = |at: usize| at.saturating_sub(prefix.len());
            self.under = moved(self.under.start)..moved(self.under.end);
        }
        self
    }

    /// The part of the line that the carets underline.
    pub fn underlined(&self) -> &str {
        &self.source_line[self.under.clone()]
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One problem of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// File as shown to the author.
    pub file: String,
    /// None where the problem is the file itself.
    pub spot: Option<Spot>,
    /// The problem, with the text found in backquotes; one clause, no full stop.
    pub message: String,
    /// The values allowed and the value that the author probably meant.
    pub help: Option<String>,
    /// A second place that explains the first (the opening bracket), with its label.
    pub also: Option<(String, String, Spot)>,
}

impl Diagnostic {
    /// An error about a whole file, folder or name.
    pub fn about(file: impl Into<String>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            file: file.into(),
            spot: None,
            message: short(&message.into()),
            help: None,
            also: None,
        }
    }

    /// An error at a byte range of a file's text.
    pub fn in_text(file: &str, text: &str, range: &Range<usize>, message: impl Into<String>) -> Self {
        Diagnostic { spot: Some(Spot::from_range(text, range)), ..Diagnostic::about(file, message) }
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(short(&help.into()));
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same with a second place; `label` describes it.
    #[must_use]
    pub fn also(mut self, label: impl Into<String>, file: &str, spot: Spot) -> Self {
        self.also = Some((label.into(), file.to_owned(), spot));
        self
    }

    /// Line from 1; 0 where the problem is the file itself.
    pub fn line(&self) -> u32 {
        self.spot.as_ref().map_or(0, |spot| spot.line)
    }

    /// Column from 1; 0 where the problem is the file itself.
    pub fn column(&self) -> u32 {
        self.spot.as_ref().map_or(0, |spot| spot.column)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{word}: {}", self.message)?;
        let gutter = [self.spot.as_ref(), self.also.as_ref().map(|(_, _, spot)| spot)]
            .into_iter()
            .flatten()
            .map(|spot| spot.line.to_string().len())
            .max()
            .unwrap_or(1);
        match &self.spot {
            Some(spot) => write_spot(f, gutter, &terminal(&self.file), spot)?,
            None => writeln!(f, "{:gutter$}--> {}", "", terminal(&self.file))?,
        }
        if let Some((label, file, spot)) = &self.also {
            writeln!(f, "{:gutter$} note: {label}", "")?;
            write_spot(f, gutter, &terminal(file), spot)?;
        }
        match &self.help {
            Some(help) => writeln!(f, "{:gutter$} help: {help}", ""),
            None => Ok(()),
        }
    }
}

fn write_spot(f: &mut fmt::Formatter<'_>, gutter: usize, file: &str, spot: &Spot) -> fmt::Result {
    let (line, before, width) = clip(spot);
    writeln!(f, "{:gutter$}--> {file}:{}:{}", "", spot.line, spot.column)?;
    writeln!(f, "{:gutter$} |", "")?;
    writeln!(f, "{:gutter$} | {line}", spot.line)?;
    writeln!(f, "{:gutter$} | {:before$}{}", "", "", "^".repeat(width))
}

/// Columns of a line that a message shows.
const WINDOW: usize = 120;
/// Characters of a line that a message shows. Combining marks take no column, so `WINDOW` alone would not limit
/// them.
const CHARACTERS_MAX: usize = 4 * WINDOW;

/// Cuts a long line to a window around its caret: the line as shown, columns before the caret and carets.
/// Characters that a terminal would obey or hide are written as escapes; above the carets, so are all characters
/// that look like blanks.
fn clip(spot: &Spot) -> (String, usize, usize) {
    let (before, rest) = spot.source_line.split_at(spot.under.start);
    let (under, after) = rest.split_at(spot.under.len());
    let (before, under, after) = (shown(&terminal(before)), shown(&visible(under)), shown(&terminal(after)));
    let fits = before.width() + under.width() + after.width() <= WINDOW && after.len() < CHARACTERS_MAX;
    let kept_before = match () {
        () if fits || before.width() <= WINDOW / 3 && before.len() < CHARACTERS_MAX => before,
        () => format!("…{}", last_columns(&before, WINDOW / 3)),
    };
    let left = WINDOW.saturating_sub(kept_before.width());
    let kept_under = first_columns(&under, if fits { WINDOW } else { left });
    let kept_after = first_columns(&after, WINDOW.saturating_sub(kept_before.width() + kept_under.width()));
    let tail = if kept_under == under && kept_after == after { "" } else { "…" };
    let line = format!("{kept_before}{kept_under}{kept_after}{tail}");
    (line, kept_before.width(), kept_under.width().max(1))
}

/// The text with tabs as one blank, since a `Spot` counts a tab as one column.
fn shown(text: &str) -> String {
    text.replace("<U+0009>", " ")
}

/// The longest beginning of a text that fits `columns`.
fn first_columns(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let fits = |c: &char| left.checked_sub(c.width().unwrap_or(1)).map(|rest| left = rest).is_some();
    let len: usize = text.chars().take(CHARACTERS_MAX).take_while(fits).map(char::len_utf8).sum();
    &text[..len]
}

/// The longest end of a text that fits `columns`.
fn last_columns(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let fits = |c: &char| left.checked_sub(c.width().unwrap_or(1)).map(|rest| left = rest).is_some();
    let len: usize = text.chars().rev().take(CHARACTERS_MAX).take_while(fits).map(char::len_utf8).sum();
    &text[text.len() - len..]
}

/// All problems of a scenario, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Does an error forbid using the scenario?
    pub fn has_errors(&self) -> bool {
        self.errors() != 0
    }

    /// Number of errors.
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|d| d.severity == Severity::Error).count()
    }

    /// Number of warnings.
    pub fn warnings(&self) -> usize {
        self.0.len() - self.errors()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Sorts by file (in the order given), line and column, and drops exact repeats.
    pub(super) fn sort_by_files(&mut self, files: &[String]) {
        let rank = |file: &str| files.iter().position(|known| known == file).map_or(0, |at| at + 1);
        self.0.sort_by_key(|d| (rank(&d.file), d.line(), d.column(), d.severity));
        self.0.dedup();
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.0 {
            writeln!(f, "{diagnostic}")?;
        }
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        match (self.errors(), self.warnings()) {
            (0, 0) => Ok(()),
            (0, warnings) => write!(f, "{}", plural(warnings, "warning")),
            (errors, 0) => write!(f, "{}", plural(errors, "error")),
            (errors, warnings) => write!(f, "{}, {}", plural(errors, "error"), plural(warnings, "warning")),
        }
    }
}

impl std::error::Error for Diagnostics {}

/// `did you mean `hosts`? allowed: id, name, hosts`: the help for a word that is not in a list of allowed words. A
/// long list is replaced by its length and `what`, the plural noun for its words.
pub fn allowed<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>, what: &str) -> String {
    const SHOWN_MAX: usize = 16;
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let meant = nearest(found, candidates.iter().copied()).map(|near| format!("did you mean `{near}`? "));
    let list = match candidates.len() {
        0 => format!("there are no {what}"),
        n if n <= SHOWN_MAX => format!("allowed: {}", candidates.join(", ")),
        n => format!("allowed: one of {n} {what}"),
    };
    format!("{}{list}", meant.unwrap_or_default())
}
