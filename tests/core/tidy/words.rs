//! One word for one thing: identifiers that docs/GLOSSARY.md and docs/STYLE.md have retired.

use std::collections::BTreeSet;

use super::source::{Source, identifiers};

/// Names that tell a reader nothing at the call. No function may have one of them, and no variable may be called `of`.
const FUNCTIONS: [&str; 5] = ["at", "of", "own", "see", "told"];

/// A retired word as a part of a name (`twin_setup`, `Twins`), the modules that retired it (none named: all of them),
/// and the word to use.
const WORDS: [(&str, &[&str], &str); 5] = [
    ("house", &[], "module"),
    ("room", &[], "exercise screen, module, or space"),
    ("stage", &["exercise", "ui", "gui"], "screen, or frame"),
    ("twin", &[], "comparison run"),
    ("voice", &[], "cast"),
];

/// Modules that still use a word. An entry is removed when the word is gone; no entry may be added.
const LEFT: [(&str, &str); 0] = [];

/// The words of a name in lower case, without a plural `s`: `twin`, `setup` for `twin_setup`, `TwinSetup` and `Twins`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let is_constant = !name.contains(char::is_lowercase);
    for c in name.chars() {
        if c == '_' || c.is_uppercase() && !is_constant {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().expect("at least one").extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.iter().map(|part| part.strip_suffix('s').filter(|short| 2 < short.len()).unwrap_or(part).to_owned()).collect()
}

/// The retired words in a line of a module, each with the word to use.
fn retired(module: &str, line: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for name in FUNCTIONS.into_iter().filter(|name| line.contains(&format!("fn {name}("))) {
        found.push((name, format!("`fn {name}` says nothing: name the result")));
    }
    for name in identifiers(line) {
        if name == "of" {
            found.push(("of", "`of` is no name: variables are nouns".to_owned()));
        }
        let parts = parts(name);
        for (word, modules, advice) in WORDS {
            let is_retired = modules.is_empty() || modules.contains(&module);
            if is_retired && parts.iter().any(|part| part == word) {
                found.push((word, format!("`{name}`: the word is {advice}")));
            }
        }
    }
    found
}

#[test]
fn retired_words_do_not_come_back() {
    let (mut broken, mut found) = (Vec::new(), BTreeSet::new());
    for source in Source::all() {
        for (number, line) in source.lines() {
            for (word, advice) in retired(source.layer(), line) {
                if !LEFT.contains(&(source.layer(), word)) {
                    broken.push(format!("{advice}: {}:{number}", source.name));
                }
                found.insert((source.layer(), word));
            }
        }
    }
    let gone: Vec<_> = LEFT.into_iter().filter(|entry| !found.contains(entry)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(gone.is_empty(), "these words are gone, take them off the list: {gone:?}");
}

#[test]
fn names_are_split_into_words() {
    assert_eq!(parts("twin_setup"), ["twin", "setup"]);
    assert_eq!(parts("RoomView"), ["room", "view"]);
    assert_eq!(parts("ROOM_SIZES"), ["room", "size"]);
}
