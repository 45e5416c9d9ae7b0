//! A tolerant reader of RON texts: it builds a tree with the byte range of each value.
//!
//! The reader goes on after a fault where it can, so that one pass finds all broken places of a file. It judges
//! brackets, commas and quotes only; ron judges values and types. The tree serves to point at a value by its path
//! and to cut a broken element out of a text.

use std::ops::Range;

use crate::base::characters::{is_blank, is_invisible};

/// Brackets deeper than this are refused; ron's own limit is 128.
const DEPTH_MAX: usize = 100;
/// Number of broken places after which reading stops.
const FAULTS_MAX: usize = 30;

/// The form of a value in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A number, a character, anything without structure.
    Plain,
    /// `Name` alone.
    Name,
    /// `"…"`, raw or not.
    Text,
    /// `[…]`
    List,
    /// `(…)` or `Name(…)`
    Group,
    /// `{…}`
    Map,
}

/// A value and its parts.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value without blanks around it.
    pub span: Range<usize>,
    /// The name before the bracket or the name alone; empty otherwise.
    pub head: Range<usize>,
    pub shape: Shape,
    pub children: Vec<Child>,
}

/// An element of a list or a field of a group.
#[derive(Clone, Debug)]
pub struct Child {
    /// The field's name.
    pub name: Option<Range<usize>>,
    pub value: Node,
    /// Name, value and the comma that follows.
    pub whole: Range<usize>,
}

impl Node {
    /// The name before the bracket, or the name alone.
    pub fn head<'t>(&self, text: &'t str) -> &'t str {
        &text[self.head.clone()]
    }

    /// The value of a field; inside `Some(…)` too.
    pub fn field(&self, text: &str, name: &str) -> Option<&Node> {
        self.child(text, name).map(|child| &child.value)
    }

    /// A field with its name; inside `Some(…)` too.
    pub fn child(&self, text: &str, name: &str) -> Option<&Child> {
        let node = self.through_some(text);
        node.children.iter().find(|child| child.name.clone().is_some_and(|span| &text[span] == name))
    }

    /// The element of a list or the value of a tuple at an index from 0; inside `Some(…)` too.
    pub fn item(&self, text: &str, at: usize) -> Option<&Node> {
        self.through_some(text).children.get(at).map(|child| &child.value)
    }

    fn through_some(&self, text: &str) -> &Node {
        match self.children.as_slice() {
            [only] if self.head(text) == "Some" && only.name.is_none() => only.value.through_some(text),
            _ => self,
        }
    }

    /// Calls `visit` for this node and everything below it, parents first.
    pub fn walk<'n>(&'n self, visit: &mut impl FnMut(&'n Node)) {
        visit(self);
        for child in &self.children {
            child.value.walk(visit);
        }
    }

    /// The text of a text node, with escapes as written; None for other shapes.
    pub fn text_value<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.shape != Shape::Text {
            return None;
        }
        let raw = text[self.span.clone()].trim_start_matches('r').trim_matches('#');
        Some(raw.strip_prefix('"')?.strip_suffix('"').unwrap_or(&raw[1..]))
    }
}

/// A broken place.
#[derive(Clone, Debug)]
pub struct Fault {
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<&'static str>,
    /// The bracket that was open at the broken place.
    pub opened: Option<Range<usize>>,
    /// The blank that a comma must replace to mend the place.
    pub mend: Option<Range<usize>>,
}

/// Characters between values that are invisible or look like blanks, and that RON does not accept.
#[derive(Clone, Debug)]
pub struct Unseen {
    /// From the first to the last of a run; ordinary blanks may stand between them.
    pub at: Range<usize>,
    pub first: char,
    /// The run splits a word: blanks in its place would turn one value into two.
    pub is_in_word: bool,
}

/// The result of reading a text.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The outermost value; None if the text is empty or has no value that could be read.
    pub root: Option<Node>,
    pub faults: Vec<Fault>,
    /// Runs of invisible characters outside texts and comments, in their order.
    pub unseen: Vec<Unseen>,
    pub comments: Vec<Range<usize>>,
    /// All values of fields called `id`, as far as they could be read, with their places.
    pub ids: Vec<(Range<usize>, String)>,
}

/// Reads a text.
pub fn parse(text: &str) -> Tree {
    let mut reader =
        Reader { text, at: 0, open: Vec::new(), tree: Tree::default(), long_text: None, lost: false, noted: 0 };
    reader.blanks();
    reader.attributes();
    let root = if reader.at < text.len() { reader.value() } else { None };
    if !reader.lost {
        reader.blanks();
        if reader.at < text.len() {
            let at = reader.at..text.len();
            reader.fault(at, "there is something after the end of the document".into(), None);
        }
    }
    Tree { root, ..reader.tree }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Open brackets: the byte and the closer they wait for.
    open: Vec<(usize, char)>,
    tree: Tree,
    /// The last text that continues on another line. Where quotes do not match, its quote is the probable cause.
    long_text: Option<usize>,
    /// Brackets do not match, so the rest of the text cannot be read sensibly.
    lost: bool,
    /// Comments and invisible characters before this byte are in the tree already. The reader steps back after a
    /// word that turned out to be no field name, and must not note them twice.
    noted: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn fault(&mut self, at: Range<usize>, message: String, help: Option<&'static str>) {
        self.push(Fault { at, message, help, opened: None, mend: None });
    }

    fn push(&mut self, fault: Fault) {
        let at = fault.at.clone();
        self.tree.faults.push(fault);
        if FAULTS_MAX <= self.tree.faults.len() {
            self.lost(at, format!("reading stopped after {FAULTS_MAX} broken places"), None);
        }
    }

    fn lost(&mut self, at: Range<usize>, message: String, opened: Option<usize>) {
        if !self.lost {
            let opened = opened.map(|at| at..at + 1);
            self.tree.faults.push(Fault { at, message, help: None, opened, mend: None });
        }
        self.lost = true;
        self.at = self.text.len();
    }

    /// Skips blanks and comments, and invisible characters that pretend to be blanks.
    fn blanks(&mut self) {
        loop {
            self.at += self.rest().len() - self.rest().trim_start_matches(is_blank).len();
            let start = self.at;
            if self.rest().starts_with("//") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                self.note(start, |tree, at| tree.comments.push(at));
            } else if self.rest().starts_with("/*") {
                self.block_comment();
                self.note(start, |tree, at| tree.comments.push(at));
            } else if self.peek().is_some_and(is_invisible) {
                self.unseen();
            } else {
                return;
            }
        }
    }

    /// Calls `put` with the range from `start` to the present byte, once for each range.
    fn note(&mut self, start: usize, put: impl FnOnce(&mut Tree, Range<usize>)) {
        if self.noted <= start {
            put(&mut self.tree, start..self.at);
            self.noted = self.at;
        }
    }

    /// Skips a run of invisible characters, with the ordinary blanks between them.
    fn unseen(&mut self) {
        let start = self.at;
        let Some(first) = self.peek() else { return };
        let rest = &self.text[start..];
        let behind = rest.trim_start_matches(|c| c == ' ' || c == '\t' || is_invisible(c));
        let run = rest[..rest.len() - behind.len()].trim_end_matches(is_blank);
        let has_blanks = run.contains(is_blank);
        self.at += run.len();
        let before = self.text[..start].chars().next_back();
        let after = self.peek();
        let is_word = |c: Option<char>| c.is_some_and(|c| is_name_part(c) || matches!(c, '.' | '-' | '+'));
        let is_in_word = is_word(before) && is_word(after) && !has_blanks;
        self.note(start, |tree, at| tree.unseen.push(Unseen { at, first, is_in_word }));
    }

    /// Skips a block comment; they nest.
    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0;
        while self.at < self.text.len() {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += self.peek().map_or(1, char::len_utf8);
            }
        }
        self.lost(start..start + 2, "the comment `/*` is never closed".into(), None);
    }

    /// Skips `#![enable(…)]`.
    fn attributes(&mut self) {
        while self.rest().starts_with("#!") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            self.blanks();
        }
    }

    fn value(&mut self) -> Option<Node> {
        let start = self.at;
        let none = start..start;
        match self.peek()? {
            '[' => self.bracket(start, none, ']', Shape::List),
            '(' => self.bracket(start, none, ')', Shape::Group),
            '{' => self.bracket(start, none, '}', Shape::Map),
            '"' => self.text(start),
            '\'' => self.character(start),
            'r' | 'b' if self.raw_or_bytes() => self.text(start),
            c if is_name_start(c) => self.named(start),
            _ => self.plain(start),
        }
    }

    fn raw_or_bytes(&self) -> bool {
        let rest = self.rest().trim_start_matches('b').trim_start_matches('r');
        let quote = rest.trim_start_matches('#').starts_with('"');
        quote && self.rest().len() - rest.len() <= 2 && (self.rest().starts_with('r') || !rest.starts_with('#'))
    }

    /// A name, alone or before a bracket.
    fn named(&mut self, start: usize) -> Option<Node> {
        let head = self.name();
        self.blanks();
        if self.peek() == Some('(') {
            return self.bracket(start, head, ')', Shape::Group);
        }
        self.at = head.end;
        Some(Node { span: head.clone(), head, shape: Shape::Name, children: Vec::new() })
    }

    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        let len = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
        self.at += len;
        start..self.at
    }

    /// A value without structure: all characters up to the next blank, bracket, comma or colon.
    fn plain(&mut self, start: usize) -> Option<Node> {
        let ends = |c: char| {
            is_blank(c) || is_invisible(c) || matches!(c, ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '"')
        };
        let len = self.rest().find(ends).unwrap_or(self.rest().len());
        if len == 0 {
            return None;
        }
        self.at += len;
        Some(leaf(start..self.at, Shape::Plain))
    }

    fn character(&mut self, start: usize) -> Option<Node> {
        let inner = &self.rest()[1..];
        let skip = if inner.starts_with('\\') { 2 } else { inner.chars().next().map_or(0, char::len_utf8) };
        match inner.get(skip..).and_then(|after| after.find('\'')) {
            Some(close) if close <= 10 => self.at += 1 + skip + close + 1,
            _ => return self.plain(start),
        }
        Some(leaf(start..self.at, Shape::Plain))
    }

    /// A string, raw or not.
    fn text(&mut self, start: usize) -> Option<Node> {
        let quote = start + self.rest().find('"')?;
        let hashes = self.text[start..quote].matches('#').count();
        let raw = self.text[start..quote].contains('r');
        let body = quote + 1;
        let end = if raw {
            let close = format!("\"{}", "#".repeat(hashes));
            self.text[body..].find(&close).map(|at| body + at + close.len())
        } else {
            unescaped_quote(&self.text[body..]).map(|at| body + at + 1)
        };
        let Some(end) = end else {
            self.quotes_out_of_step(start);
            return None;
        };
        self.at = end;
        if self.text[start..end].contains('\n') {
            self.long_text = Some(start);
        }
        if self.peek().is_some_and(is_name_part) {
            self.quotes_out_of_step(start);
            return None;
        }
        Some(leaf(start..self.at, Shape::Text))
    }

    /// Reports a missing quote. From there on text and structure are swapped, so further messages would mislead.
    fn quotes_out_of_step(&mut self, start: usize) {
        let message = match self.long_text {
            Some(_) => "the text that begins here runs over several lines: a `\"` is missing near here",
            None => "the text that begins here is not closed by `\"` where it should be",
        };
        let at = self.long_text.unwrap_or(start);
        // Broken places before the quote in the same line are words of the text.
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.tree.faults.retain(|fault| fault.at.start < line_start);
        self.lost(at..at + 1, message.into(), None);
    }

    /// A bracket with its elements. `start` is the first byte of the value, its name included.
    fn bracket(&mut self, start: usize, head: Range<usize>, close: char, shape: Shape) -> Option<Node> {
        let opened = self.at;
        self.open.push((opened, close));
        if DEPTH_MAX < self.open.len() {
            self.lost(opened..opened + 1, format!("brackets are nested deeper than {DEPTH_MAX}"), None);
            return None;
        }
        self.at += 1;
        let mut children = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                _ if self.lost => return None,
                None => {
                    let bracket = &self.text[opened..=opened];
                    self.lost(opened..opened + 1, format!("`{bracket}` is never closed by `{close}`"), None);
                    return None;
                }
                Some(c) if c == close => break,
                Some(c @ (')' | ']' | '}')) => {
                    let bracket = &self.text[opened..=opened];
                    let message = format!("`{c}` stands where `{close}` is needed to close `{bracket}`");
                    self.lost(self.at..self.at + 1, message, Some(opened));
                    return None;
                }
                Some(_) => match self.child(shape) {
                    Some(child) => children.push(child),
                    None if self.lost => return None,
                    None => self.stray(),
                },
            }
        }
        self.at += 1;
        self.open.pop();
        Some(Node { span: start..self.at, head, shape, children })
    }

    /// Reports and skips a character that cannot begin a value.
    fn stray(&mut self) {
        let Some(c) = self.peek() else { return };
        let at = self.at..self.at + c.len_utf8();
        self.at = at.end;
        self.fault(
            at,
            format!("`{c}` has no place here"),
            Some(meant(c).unwrap_or("expected a value or a closing bracket")),
        );
    }

    fn child(&mut self, shape: Shape) -> Option<Child> {
        let start = self.at;
        let name = if shape == Shape::Map { None } else { self.field_name() };
        if let (Some(name), Shape::List) = (&name, shape) {
            let opened = self.open.last().map(|(at, _)| *at);
            let message = format!("the field `{}` stands in a list: `]` is needed before it", &self.text[name.clone()]);
            self.lost(name.clone(), message, opened);
            return None;
        }
        let mut value = match self.value() {
            Some(value) => value,
            None => {
                let name = name.filter(|_| !self.lost)?;
                self.fault(name.clone(), format!("`{}:` has no value", &self.text[name]), None);
                return None;
            }
        };
        if shape == Shape::Map {
            self.blanks();
            if self.peek() == Some(':') {
                self.at += 1;
                self.blanks();
                value = self.value()?;
            }
        }
        self.note_id(name.as_ref(), &value);
        self.comma(start, name, value)
    }

    /// The comma after an element.
    fn comma(&mut self, start: usize, name: Option<Range<usize>>, value: Node) -> Option<Child> {
        let end = self.at;
        self.blanks();
        if self.lost {
            return None;
        }
        match self.peek() {
            Some(',') => self.at += 1,
            Some(')' | ']' | '}') | None => self.at = end,
            Some(_) => {
                let written = &self.text[value.span.clone()];
                let after =
                    if written.len() <= 40 && !written.contains('\n') { format!("`{written}`") } else { "this".into() };
                let bare = value.shape == Shape::Name && name.is_none();
                let other_sign = written.chars().find_map(meant).filter(|_| value.shape == Shape::Plain);
                let help = other_sign.or(bare.then_some("a field is written `name: value,`"));
                let next = self.text[end..].chars().next().filter(|c| is_blank(*c) || is_invisible(*c));
                let mend = next.map(|c| end..end + c.len_utf8()).filter(|_| !bare && other_sign.is_none());
                let message = format!("a comma is missing after {after}");
                let last = written.chars().next_back().map_or(0, char::len_utf8);
                let at = value.span.end - last..value.span.end;
                // A word that an invisible character splits is reported once.
                if !self.tree.unseen.last().is_some_and(|unseen| unseen.is_in_word && unseen.at.start == end) {
                    self.push(Fault { at, message, help, opened: None, mend });
                }
                return Some(Child { name, value, whole: start..end });
            }
        }
        Some(Child { name, value, whole: start..self.at })
    }

    /// `name:`, or nothing.
    fn field_name(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if !self.peek().is_some_and(is_name_start) || self.raw_or_bytes() {
            return None;
        }
        let name = self.name();
        self.blanks();
        if self.peek() != Some(':') {
            self.at = start;
            return None;
        }
        self.at += 1;
        self.blanks();
        Some(name)
    }

    fn note_id(&mut self, name: Option<&Range<usize>>, value: &Node) {
        if name.is_some_and(|name| &self.text[name.clone()] == "id")
            && let Some(id) = value.text_value(self.text)
        {
            self.tree.ids.push((value.span.clone(), id.to_owned()));
        }
    }
}

fn leaf(span: Range<usize>, shape: Shape) -> Node {
    Node { head: span.start..span.start, span, shape, children: Vec::new() }
}

fn is_name_start(c: char) -> bool {
    c == '_' || (c.is_alphabetic() && !is_invisible(c))
}

fn is_name_part(c: char) -> bool {
    c == '_' || c == '#' || (c.is_alphanumeric() && !is_invisible(c))
}

/// The character that an author probably meant by one that a word processor or another keyboard writes.
pub fn meant(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‚' | '＂' => {
            "texts stand in straight quotes: `\"text\"`"
        }
        '−' | '–' | '—' | '－' => "a negative number begins with a hyphen: `-5`",
        '，' | '、' | '；' | ';' => "a comma separates values: `,`",
        '：' | '=' => "a field is written `name: value,`",
        '（' | '）' => "round brackets are written `(` and `)`",
        '［' | '］' => "square brackets are written `[` and `]`",
        _ => return None,
    })
}

fn unescaped_quote(body: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}
