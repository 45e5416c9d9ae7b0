//! Characters that are invisible or control a terminal, numbers with commas, long quotations:
//! each is reported at its place, with a replacement, and none leads to a panic.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

#[test]
fn invisible_characters_are_reported_at_their_place() {
    let space = "U+00A0 no-break space stands where an ordinary space is needed; put an ordinary space here";
    check(
        &[("events.ron", "title: \"The release ends\"", "title:\u{a0} \"The release ends\"")],
        &[&format!("events.ron «\u{a0}» {space}")],
    );
    check(
        &[("scenario.ron", "    title:", "\u{a0} \u{a0} \u{a0} title:")],
        &[&format!("scenario.ron «\u{a0} \u{a0} \u{a0}» {space}")],
    );
    check(
        &[("scenario.ron", "play_min: 5,\n", "play_min: 5\u{a0} \n")],
        &[&format!("scenario.ron «\u{a0}» {space}"), "scenario.ron «5» a comma is missing after `5`"],
    );
    check(
        &[("scenario.ron", "play_min: 5,", "play_min\u{3000}: 5,\u{2028}")],
        &[
            "scenario.ron «\u{3000}» U+3000 ideographic space stands where an ordinary space is needed",
            "scenario.ron «\u{2028}» U+2028 line separator stands where an ordinary space is needed",
        ],
    );
    check(
        &[("scenario.ron", "play_min:", "play\u{200b}_min:")],
        &["scenario.ron «\u{200b}» U+200B zero-width space stands inside a word; delete it"],
    );
    check(
        &[("seats.ron", "organisations: [\"tiny-air\"]", "organisations: [\"tiny\u{2011}air\", \"tiny-air\u{a0}\"]")],
        &["there is no organisation `tiny‑air`", "there is no organisation `tiny-air<U+00A0>`"],
    );
}

#[test]
fn no_text_of_any_file_holds_control_characters() {
    let hospitals = "organisations/hospitals.ron";
    check(
        &[
            (hospitals, "name: \"St Elsewhere\"", r#"name: "St\u{1b}[2J\r\nEvil \u{200b}""#),
            ("scenario.ron", "\"A tiny outage\"", "\"A tiny outage\u{202e}\""),
            ("scenario.ron", "\"Nowhere\"", r#""No\xc2\x9bwhere""#),
            ("injects.ron", "from: \"Monitoring desk\"", "from: \"Monitoring\tdesk\""),
            (hospitals, "\"a small hospital\"", r#""a small\0 hospital""#),
            ("playbooks.ron", "[\n", "// \u{2066}\n[\n"),
        ],
        &[
            r"hospitals.ron «\u{1b}» `name` holds U+001B escape; delete it: texts may not contain control characters",
            r"hospitals.ron «\0» the text holds U+0000 null",
            "scenario.ron «\u{202e}» `title` holds U+202E right-to-left override; delete it: it hides or moves",
            r"scenario.ron «\xc2\x9b» `place` holds U+009B control sequence introducer",
            "injects.ron «\t» `from` holds U+0009 tab",
            "playbooks.ron «\u{2066}» the comment holds U+2066 left-to-right isolate",
        ],
    );
    check(&[("injects.ron", "body: \"Screens", "body: \"Two lines:\nscreens")], &[]);
    check(
        &[("scenario.ron", "\"A tiny outage\"", "\"医 Łódź مستشفى 🏥 3\u{a0}%\"")],
        &["warning: the typeface of the program lacks"],
    );
}

#[test]
fn separate_files_of_playbooks_and_targets_pass_the_same_checks() {
    let documents = load(&tiny()).unwrap();
    let file =
        |name: &str, text: &str| SourceFile { path: name.to_owned(), name: name.to_owned(), text: text.to_owned() };
    let playbook = "[(id: \"a\", name: \"A\u{1b}\", summary: \"B\", orders: [])]";
    let found = load_playbooks(&file("playbooks.ron", playbook), &documents).unwrap_err();
    assert!(found.to_string().contains("`name` holds U+001B escape"), "{found}");
    let target = r#"[(id: "a", topic: "Air\u{9b}", title: "Lost", measure: At("lost(all)", "2024-07-20T00:00Z"), published: Estimated(1.0, "b"), unit: "flights", tolerance: Points(1.0))]"#;
    let found = load_targets(&file("targets.ron", target), &documents).unwrap_err();
    assert!(found.to_string().contains("`topic` holds U+009B"), "{found}");
}

#[test]
fn decimal_commas_are_reported_with_the_right_notation() {
    check(
        &[("events.ron", "level: 0.8", "level: 0,8")],
        &["events.ron «0,8» `0,8` has a comma in it, and a comma separates values; decimal comma? write `0.8`"],
    );
    check(
        &[("world.ron", "failure: Estimated(0.02, ", "failure: Estimated(0,02, ")],
        &["world.ron «0,02» `0,02` has a comma in it, and a comma separates values; decimal comma? write `0.02`"],
    );
    check(
        &[("world.ron", "Documented((5.0, 10.0, 20.0), ", "Documented((5,0, 10,0, 20,0), ")],
        &["write `5.0`", "write `10.0`", "write `20.0`"],
    );
    check(&[("organisations/hospitals.ron", "Knee(0.5)", "Knee(0,5)")], &["hospitals.ron «0,5»"]);
    check(
        &[("injects.ron", "operations)\", 0.5)", "operations)\", 0,5)")],
        &["injects.ron «0,5» `0,5` has a comma in it"],
    );
    let hours = "0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3,0,3";
    check(
        &[("world.ron", "weekday: [0.3, 0.3", &format!("weekday: [{hours}], unused: [0.3, 0.3"))],
        &[
            "unknown field `unused`",
            "`weekday` has 48 values; expected 24, one for each local hour from 0 to 23; decimal commas?",
        ],
    );
    check(&[("world.ron", "lat: 33.7", "lat: -33,7")], &["world.ron «-33,7»"]);
    check(
        &[("organisations/hospitals.ron", "hosts: Invented(400, ", "hosts: Invented(1,400, ")],
        &["decimal comma? write `1.400`; for thousands write `1400`"],
    );
    check(
        &[("organisations/hospitals.ron", "hosts: Invented(400, ", "hosts: Invented(1,400,000, ")],
        &[
            "hospitals.ron «1,400,000» `1,400,000` has a comma in it, and a comma separates values; thousands? write `1400000`",
        ],
    );
    check(
        &[("organisations/hospitals.ron", "(0.5, 0.7), (1.0, 1.0)", "(0,5, 0,7), (1,1)")],
        &["write `0.5`", "write `0.7`"],
    );
}

#[test]
fn a_message_quotes_a_line_at_most() {
    let brackets = format!("Below(\"{}\", 0.5)", "(".repeat(5000));
    let mut sources = tiny();
    let injects = sources.files.iter_mut().find(|file| file.name == "injects.ron").unwrap();
    injects.text = injects.text.replace("Below(\"level(service:st-elsewhere/operations)\", 0.5)", &brackets);
    let found = inspect(&sources).diagnostics;
    let printed = found.to_string();
    assert!(printed.contains("(((") && !printed.contains(&"(".repeat(125)), "{printed}");
}

#[test]
fn the_caret_stands_below_wide_letters() {
    let mut sources = tiny();
    let seats = sources.files.iter_mut().find(|file| file.name == "seats.ron").unwrap();
    seats.text = "[(id: \"a\", name: \"大学病院\", nmae: 1)]".to_owned();
    let printed = inspect(&sources).diagnostics.to_string();
    let at = printed.find("seats.ron:1:30").unwrap();
    let shown: Vec<&str> = printed[at..].lines().take(4).collect();
    // The letters before the caret take two columns each.
    assert_eq!(shown[3].find('^').unwrap() - "1 | ".len(), 29, "{printed}");
}

/// Texts that mutations insert: every kind of blank, bracket, quote and letter of several bytes.
const SPLINTERS: [&str; 40] = [
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\u{85}",
    "\r",
    "\n",
    "\t",
    "\0",
    "é",
    "医",
    "😀",
    "e\u{301}",
    "“",
    "”",
    "−",
    "，",
    "0,5",
    "1,000",
    ",",
    ",,",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\\u{",
    "\\x",
    "r#\"",
    "'",
    "/*",
    "*/",
    "//",
    "Some(",
    "id: \"a\u{a0}b\"",
];

fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// Cuts out a piece of a text and puts a splinter in its place.
fn mutated(text: &mut String, at: Index, length: usize, splinter: usize) {
    let start = boundary(text, at.index(text.len() + 1));
    let end = boundary(text, (start + length).min(text.len()));
    text.replace_range(start..end, SPLINTERS[splinter]);
}

/// Tries of the test below; `BLACKSTART_MUTATIONS=20000` for a longer look.
fn tries() -> u32 {
    std::env::var("BLACKSTART_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Goal: no bytes make the reader, the recovery or the printing panic, and no message
    /// carries a control character. Method: the small scenario with one to six mutations in one file.
    #[test]
    fn no_mutation_panics(
        file in any::<Index>(),
        mutations in prop::collection::vec((any::<Index>(), 0..12_usize, 0..SPLINTERS.len()), 1..6),
    ) {
        let mut sources = tiny();
        let index = file.index(sources.files.len());
        for (at, length, splinter) in mutations {
            mutated(&mut sources.files[index].text, at, length, splinter);
        }
        let loaded = inspect(&sources);
        prop_assert_eq!(loaded.documents.is_none(), loaded.diagnostics.has_errors());
        let printed = loaded.diagnostics.to_string();
        prop_assert!(!printed.chars().any(crate::base::characters::is_harmful), "{}", printed);
    }
}
