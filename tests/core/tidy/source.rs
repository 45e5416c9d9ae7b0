//! Rust source for the checks: comments, texts and test code are blanked, and line numbers stay the same.
//!
//! This is a scanner and not a parser: it finds the ends of comments, texts and braces, and relies on rustfmt for
//! the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file of `src`.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub name: String,
    /// `sim::phases::hosts` as its parts; `mod.rs` stands for its folder.
    pub module: Vec<String>,
    /// The file's text without comments, contents of texts, and items under `#[cfg(test)]`; with the same lines.
    pub code: String,
}

impl Source {
    /// All files of `src` but `lib.rs`, `main.rs` and files of tests, sorted by name; read once.
    pub fn all() -> &'static [Self] {
        static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
        SOURCES.get_or_init(|| {
            let root = root();
            let sources = rust_files(&root.join("src")).into_iter().map(|path| Self::read(&root, &path));
            sources.filter(|source| !source.module.is_empty() && !source.is_test()).collect()
        })
    }

    fn read(root: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(root).expect("a file of the repository").to_string_lossy().replace('\\', "/");
        let mut module: Vec<String> =
            name.trim_start_matches("src/").trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let code = without_tests(&blanked(&read(path)));
        Self { name, module, code }
    }

    /// The folder of `src` that the file belongs to.
    pub fn layer(&self) -> &str {
        &self.module[0]
    }

    fn is_test(&self) -> bool {
        self.module.iter().any(|part| part == "tests")
    }

    /// Lines of code with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The identifiers and keywords of a line of code.
pub fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with(|c: char| !c.is_numeric()))
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}: {}", path.display()))
}

/// Rust files below a folder, sorted.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}: {}", folder.display())) {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The text with spaces in place of comments and of characters between quotes.
pub fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = blank_end(&chars, at);
        if end == at {
            code.push(chars[at]);
            at += 1;
        } else {
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { c } else { ' ' }));
            at = end;
        }
    }
    code
}

/// The end of the comment or literal that begins here; the same place if none does.
fn blank_end(chars: &[char], at: usize) -> usize {
    let follows = |text: &str| text.chars().enumerate().all(|(offset, c)| chars.get(at + offset) == Some(&c));
    if follows("//") {
        return (at..chars.len()).find(|&end| chars[end] == '\n').unwrap_or(chars.len());
    }
    if follows("/*") {
        return comment_end(chars, at);
    }
    if follows("\"") {
        return quote_end(chars, at + 1, '"');
    }
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    if chars[at] == 'r' && chars.get(at + 1 + hashes) == Some(&'"') {
        let closes = |end: usize| chars[end] == '"' && chars[end + 1..].iter().take(hashes).all(|&c| c == '#');
        return (at + 2 + hashes..chars.len()).find(|&end| closes(end)).map_or(chars.len(), |end| end + 1 + hashes);
    }
    // A lifetime has no second quote right behind its first letter.
    if follows("'") && (chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'')) {
        return quote_end(chars, at + 1, '\'');
    }
    at
}

fn quote_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// Comments of this kind may contain one another.
fn comment_end(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// The code with items under `#[cfg(test)]` blanked.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(start) = kept.find("#[cfg(test)]") {
        let end = item_end(&kept, start);
        let blank: String = kept[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}

/// The end of the item that begins at a place: its closing brace, or its semicolon.
pub fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_i32;
    for (offset, c) in code[start..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(c, '}' | ';') {
            return start + offset + 1;
        }
    }
    code.len()
}

#[test]
fn comments_and_texts_are_blanked_where_they_stand() {
    let check = |text: &str, expected: &str| assert_eq!(blanked(text), expected, "{text}");
    check("a // b\nc", "a     \nc");
    check("a /* b /* c */ d */ e", "a                   e");
    check(r#"f("a \" > b") > c"#, "f(          ) > c");
    check("r#\"a \" b\"# + br\"x\"", "           + b    ");
    check("'a' '\\'' &'static str", "         &'static str");
    check("\"two\nlines\"", "    \n      ");
}

#[test]
fn items_of_tests_are_blanked() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\n";
    let kept = without_tests(code);
    assert_eq!(kept.lines().count(), code.lines().count());
    assert_eq!(kept.split_whitespace().collect::<String>(), "fna(){}fnc(){}");
}
