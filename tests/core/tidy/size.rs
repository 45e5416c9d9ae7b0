//! Limits on the length of functions and files, and the comment at the beginning of a file.

use super::source::{Source, item_end, read, root, rust_files};

const LINES_OF_FUNCTION_MAX: usize = 70;
const LINES_OF_FILE_MAX: usize = 700;

/// Functions that are still longer. A function that fits is removed; no function may be added.
const LONG: [&str; 0] = [];

/// Functions with their lines, from `fn` to the closing brace.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let is_word = !code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String = code[start + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        // Types of functions, `fn(u32)`, and those of traits that are only declared have no lines.
        if is_word && !name.is_empty() {
            let item = &code[start..item_end(code, start)];
            found.push((name, code[..start].matches('\n').count() + 1, item.lines().count()));
        }
    }
    found
}

#[test]
fn a_function_fits_a_screen() {
    let (mut long, mut found) = (Vec::new(), Vec::new());
    for source in Source::all() {
        for (name, line, lines) in
            functions(&source.code).into_iter().filter(|(.., lines)| LINES_OF_FUNCTION_MAX < *lines)
        {
            if !LONG.contains(&name.as_str()) {
                long.push(format!("{name} has {lines} lines, split it: {}:{line}", source.name));
            }
            found.push(name);
        }
    }
    let short: Vec<&str> = LONG.into_iter().filter(|name| !found.iter().any(|found| found == name)).collect();
    assert!(short.is_empty(), "these functions fit now, take them off the list: {short:?}");
    assert!(long.is_empty(), "at most {LINES_OF_FUNCTION_MAX} lines a function:\n{}", long.join("\n"));
}

#[test]
fn a_file_is_short_and_says_what_it_is_for() {
    let mut broken = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let (text, name) = (read(&path), path.display());
            let lines = text.lines().count();
            if LINES_OF_FILE_MAX < lines && folder != "tests" {
                broken.push(format!("{lines} lines, at most {LINES_OF_FILE_MAX}, split it: {name}"));
            }
            if !text.starts_with("//!") {
                broken.push(format!("the first line is no `//!` that says what the file is for: {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn lines_of_functions_are_counted() {
    let code = "fn a() {\n    b();\n}\n\nimpl C {\n    fn d(&self) -> fn(u32) { e }\n}\ntrait F {\n    fn g();\n}\n";
    let expected = [("a", 1, 3), ("d", 6, 1), ("g", 9, 1)].map(|(name, line, lines)| (name.to_owned(), line, lines));
    assert_eq!(functions(code), expected);
}
