//! Finds characters that no text of an input may contain.
//!
//! The search works on the tree of a file and therefore reaches every text of every kind of document. It must not
//! know the schema, except for the fields that may have several lines.

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::place::{Node, Shape, Tree, Unseen};
use crate::base::characters::{self, Lines, is_harmful};

/// Fields whose texts may have several lines. All other texts are shown in lists, in tables and on the map.
const LONG_TEXTS: [&str; 3] = ["body", "note", "summary"];
/// Runs of invisible characters that are reported one by one. A file with more of them was written by an editor
/// that always inserts them, so the others are only counted.
const UNSEEN_SHOWN_MAX: usize = 5;

/// All problems of a file's characters, in no order.
pub(super) fn problems(path: &str, text: &str, tree: &Tree) -> Vec<Diagnostic> {
    let mut found = unseen_problems(path, text, &tree.unseen);
    for comment in &tree.comments {
        let harmful = |(_, c): &(usize, char)| is_harmful(*c) && !matches!(c, '\t' | '\r');
        if let Some((at, c)) = text[comment.clone()].char_indices().find(harmful) {
            let start = comment.start + at;
            let message = format!("the comment holds {}", characters::name(c));
            let problem = Diagnostic::in_text(path, text, &(start..start + c.len_utf8()), message);
            found.push(problem.help("delete it: it hides or moves the characters beside it"));
        }
    }
    if let Some(root) = &tree.root {
        below(path, text, root, &mut found);
    }
    found
}

/// Problems of the texts below a node.
fn below(path: &str, text: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    for child in &node.children {
        let field = child.name.clone().map(|name| &text[name]);
        if child.value.shape == Shape::Text {
            found.extend(text_problem(path, text, field, &child.value));
        }
        below(path, text, &child.value, found);
    }
}

fn text_problem(path: &str, text: &str, field: Option<&str>, node: &Node) -> Option<Diagnostic> {
    let lines = if field.is_some_and(|field| LONG_TEXTS.contains(&field)) { Lines::Many } else { Lines::One };
    let written = &text[node.span.clone()];
    let has_escapes = written.starts_with('"') && written.contains('\\');
    let decoded = has_escapes.then(|| ron::from_str::<String>(written).ok()).flatten();
    let (_, c) = characters::unfit(decoded.as_deref().unwrap_or(written), lines)?;
    let within = place_of(written, c);
    let range = node.span.start + within.start..node.span.start + within.end;
    let which = field.map_or_else(|| "the text".to_owned(), |field| format!("`{field}`"));
    let message = format!("{which} holds {}", characters::name(c));
    let help = match c {
        '\n' => "write it in one line; `body`, `note` and `summary` may have several lines",
        '\u{200c}'..='\u{200f}' | '\u{61c}' => {
            "delete it: only scripts that join letters or run from right to left need it"
        }
        c if c.is_control() => "delete it: texts may not contain control characters",
        _ => "delete it: it hides or moves the characters beside it",
    };
    Some(Diagnostic::in_text(path, text, &range, message).help(help))
}

/// The range of a character in a text as written: the character itself, or the escape that stands for it.
fn place_of(written: &str, c: char) -> Range<usize> {
    if let Some(at) = written.find(c) {
        return at..at + c.len_utf8();
    }
    let mut at = 0;
    while let Some(start) = written[at..].find('\\').map(|found| at + found) {
        let end = escape_end(written, start);
        let meant = ron::from_str::<String>(&format!("\"{}\"", &written[start..end]));
        if meant.is_ok_and(|meant| meant.contains(c)) {
            return start..end;
        }
        at = end;
    }
    0..written.len()
}

/// The byte after the escape that begins at `start`. A run of byte escapes (`\xE2\x80\xAE`) is one character.
fn escape_end(written: &str, start: usize) -> usize {
    let rest = &written[start..];
    let len = match rest.chars().nth(1) {
        Some('u') => rest.find('}').map_or(2, |at| at + 1),
        Some('x') => {
            let is_byte = |at: usize| {
                let byte = rest.get(at..at + 4);
                byte.is_some_and(|byte| byte.starts_with("\\x") && byte[2..].chars().all(|c| c.is_ascii_hexdigit()))
            };
            let one = (1..=4).find(|count| !is_byte(4 * count)).unwrap_or(1) * 4;
            let is_ascii = u8::from_str_radix(rest.get(2..4).unwrap_or_default(), 16).is_ok_and(|byte| byte.is_ascii());
            if is_ascii { 4 } else { one }
        }
        Some(c) => 1 + c.len_utf8(),
        None => 1,
    };
    let len = len.min(rest.len());
    start + (len..=rest.len()).find(|len| rest.is_char_boundary(*len)).unwrap_or(rest.len())
}

fn unseen_problems(path: &str, text: &str, unseen: &[Unseen]) -> Vec<Diagnostic> {
    let more = unseen.len().saturating_sub(UNSEEN_SHOWN_MAX);
    let shown = unseen.iter().take(UNSEEN_SHOWN_MAX).enumerate().map(|(index, run)| {
        let name = characters::name(run.first);
        let message = match (run.is_in_word, run.first.is_whitespace()) {
            (true, _) => format!("{name} stands inside a word"),
            (false, true) => format!("{name} stands where an ordinary space is needed"),
            (false, false) => format!("{name} stands between values"),
        };
        let advice = if run.first.is_whitespace() && !run.first.is_control() {
            "put an ordinary space here"
        } else {
            "delete it"
        };
        let is_last = index + 1 == UNSEEN_SHOWN_MAX && 0 < more;
        let rest =
            if is_last { format!("; {more} more places in this file have such characters") } else { String::new() };
        Diagnostic::in_text(path, text, &run.at, message).help(format!("{advice}{rest}"))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::place;

    /// Checks the problems of a field's value and the characters that they point at.
    #[track_caller]
    fn check(field: &str, value: &str, expected: &[(&str, &str)]) {
        let text = format!("(before: 1, {field}: {value}, after: \"good\")");
        let found = problems("a.ron", &text, &place::parse(&text));
        let in_short: Vec<(String, String)> = found
            .iter()
            .map(|problem| (problem.message.clone(), problem.spot.as_ref().unwrap().underlined().to_owned()))
            .collect();
        let in_short: Vec<(&str, &str)> =
            in_short.iter().map(|(message, under)| (message.as_str(), under.as_str())).collect();
        assert_eq!(in_short, expected, "{text}");
    }

    #[test]
    fn control_characters_are_found_raw_and_as_escapes() {
        check("name", "\"a\u{1b}[2J\"", &[("`name` holds U+001B escape", "\u{1b}")]);
        check("name", r#""a\u{1b}[2J""#, &[("`name` holds U+001B escape", r"\u{1b}")]);
        check("name", r#""a\x1b[2J""#, &[("`name` holds U+001B escape", r"\x1b")]);
        check("name", r#""a\n\\\0""#, &[("`name` holds U+000A line feed", r"\n")]);
        check("name", r#""a \\ b\0""#, &[("`name` holds U+0000 null", r"\0")]);
        check("name", r#""a\xE2\x80\xAEb""#, &[("`name` holds U+202E right-to-left override", r"\xE2\x80\xAE")]);
        check("name", "r#\"a\u{9b}\"#", &[("`name` holds U+009B control sequence introducer", "\u{9b}")]);
        check("to", "[\"ok\", \"a\u{200b}\"]", &[("the text holds U+200B zero-width space", "\u{200b}")]);
        check("name", r#""plain, \"quoted\", C:\\new""#, &[]);
        check("name", r#"r"C:\new\u{1b}""#, &[]);
    }

    #[test]
    fn only_long_texts_have_several_lines() {
        check("body", "\"one\ntwo\"", &[]);
        check("body", r#""one\ntwo""#, &[]);
        check("title", "\"one\ntwo\"", &[("`title` holds U+000A line feed", "")]);
        check("body", r#""one\ttwo""#, &[("`body` holds U+0009 tab", r"\t")]);
    }

    #[test]
    fn comments_hide_nothing() {
        check("name", "/* a\u{202e} */ \"b\"", &[("the comment holds U+202E right-to-left override", "\u{202e}")]);
        check("name", "\"b\" // 34\u{a0}% \r\n", &[]);
    }

    #[test]
    fn characters_that_look_like_blanks_are_named() {
        check("name", "\u{a0}\"b\"", &[("U+00A0 no-break space stands where an ordinary space is needed", "\u{a0}")]);
        check(
            "name",
            "\u{a0} \u{a0}\"b\"",
            &[("U+00A0 no-break space stands where an ordinary space is needed", "\u{a0} \u{a0}")],
        );
        check("na\u{200b}me", "1", &[("U+200B zero-width space stands inside a word", "\u{200b}")]);
        check("share", "0\u{200b}.5", &[("U+200B zero-width space stands inside a word", "\u{200b}")]);
    }

    #[test]
    fn many_invisible_characters_give_few_messages() {
        let text = format!("[{}]", "\n\u{a0}1,".repeat(40));
        let found = problems("a.ron", &text, &place::parse(&text));
        assert_eq!(found.len(), UNSEEN_SHOWN_MAX);
        assert!(found[4].help.as_deref().unwrap().contains("35 more places"), "{:?}", found[4]);
    }
}
