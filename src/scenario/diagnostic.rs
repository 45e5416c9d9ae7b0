//! Author's mistakes, with place, what was found, what is allowed, and the nearest spelling.
//!
//! Printing looks like rustc's. Nothing here reads files or knows the schema; a place is already
//! resolved to line, column and the text of the line when a diagnostic is made.

use std::fmt;
use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used; its author may want to know.
    Warning,
}

/// A place in a file, ready for printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Characters to underline, at least 1.
    pub width: u32,
    /// The text of the line, without its end.
    pub source_line: String,
}

impl Spot {
    /// The place of a byte range of `text`. Ranges over several lines are cut to the first line.
    pub fn of(text: &str, range: &Range<usize>) -> Spot {
        let start = floor_char(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor_char(text, range.end).clamp(start, line_end);
        let width = text[start..end].trim_end().chars().count().max(1);
        Spot {
            line: 1 + count(text[..start].matches('\n').count()),
            column: 1 + count(text[line_start..start].chars().count()),
            width: count(width),
            source_line: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
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
    /// What is wrong, with what was found in backquotes; one clause, no full stop.
    pub message: String,
    /// What is allowed, what was probably meant.
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
            message: message.into(),
            help: None,
            also: None,
        }
    }

    /// An error at a byte range of a file's text.
    pub fn at(file: &str, text: &str, range: &Range<usize>, message: impl Into<String>) -> Self {
        Diagnostic { spot: Some(Spot::of(text, range)), ..Diagnostic::about(file, message) }
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same with a second place: `label` says what is there.
    #[must_use]
    pub fn also(mut self, label: impl Into<String>, file: &str, spot: Spot) -> Self {
        self.also = Some((label.into(), file.to_owned(), spot));
        self
    }

    /// Line from 1; 0 where the problem is the file itself.
    pub fn line(&self) -> u32 {
        self.spot.as_ref().map_or(0, |spot| spot.line)
    }

    /// Column from 1 in characters; 0 where the problem is the file itself.
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
            Some(spot) => write_spot(f, gutter, &self.file, spot)?,
            None => writeln!(f, "{:gutter$}--> {}", "", self.file)?,
        }
        if let Some((label, file, spot)) = &self.also {
            writeln!(f, "{:gutter$} note: {label}", "")?;
            write_spot(f, gutter, file, spot)?;
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

/// Cuts a long line to a window around its caret: the line as shown, characters before the caret
/// and carets.
fn clip(spot: &Spot) -> (String, usize, usize) {
    const WINDOW: usize = 120;
    let chars: Vec<char> = spot.source_line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let before = spot.column as usize - 1;
    if chars.len() <= WINDOW {
        return (chars.into_iter().collect(), before, (spot.width as usize).min(WINDOW));
    }
    let from = before.saturating_sub(WINDOW / 3);
    let to = (from + WINDOW).min(chars.len());
    let head = if 0 < from { "…" } else { "" };
    let tail = if to < chars.len() { "…" } else { "" };
    let shown: String = chars[from..to].iter().collect();
    let before = before - from + head.chars().count();
    (format!("{head}{shown}{tail}"), before, (spot.width as usize).min(to.saturating_sub(from + before)).max(1))
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

    /// Is there anything that forbids using the scenario?
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

    /// Orders by the given order of files, then line and column, and drops exact repeats.
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

/// The candidate spelled most like `found`, if any is near enough to be what was meant.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (found.chars().count() / 3).max(1);
    let low = found.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&low, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean `hosts`? allowed: id, name, hosts`: the help for a word outside a list. Long lists
/// are cut short to a count of `what`.
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
