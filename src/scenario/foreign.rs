//! Recognises files that do not belong to a scenario. Leftovers of systems and editors are skipped; for a file of
//! another kind a message names the kind and says how to proceed.
//!
//! Judges names and first bytes. Must not read files.

use std::borrow::Cow;

/// The kind of a file, and advice to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The kind with its article: `a spreadsheet (XLSX)`.
    pub what: &'static str,
    pub advice: &'static str,
}

const SHEET: &str = "Blackstart does not read spreadsheets: write its rows as injects in injects.ron, \
                     one `( id: …, … )` each (docs/scenario-format.md)";
const DOCUMENT: &str = "Blackstart reads text in RON: copy what you need from it into the scenario's files \
                        (docs/scenario-format.md)";
const UNPACK: &str = "unpack it and give the folder with scenario.ron";
const PARTS: &str = "Blackstart does not read lists of components: describe the systems behind them as fleets \
                     and services in organisations/*.ron (docs/scenario-format.md)";
const RON: &str = "scenarios, playbooks and targets are written in RON (docs/scenario-format.md)";
const UTF_8: &str = "save it as UTF-8";
const RUN: &str = "`blackstart verify FILE` plays it again; a scenario is a folder with scenario.ron";

/// Bytes at the beginning of a file that reveal its kind.
const MAGIC: [(&[u8], &str, &str); 12] = [
    (b"\xd0\xcf\x11\xe0", "a spreadsheet or document of an old version of Office (XLS, DOC)", SHEET),
    (b"%PDF-", "a PDF document", DOCUMENT),
    (b"{\\rtf", "a document (RTF)", DOCUMENT),
    (b"SQLite format 3", "a database (SQLite)", RON),
    (b"\x1f\x8b", "a compressed file (gzip)", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", UNPACK),
    (b"Rar!", "an archive (RAR)", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", UNPACK),
    (b"\x89PNG", "a picture (PNG)", RON),
    (b"\xff\xd8\xff", "a picture (JPEG)", RON),
    (b"\xff\xfe", "text in UTF-16", UTF_8),
    (b"\xfe\xff", "text in UTF-16", UTF_8),
];

/// Words in the first line of a list of injects for an exercise (MSEL), in lower case.
const MSEL_WORDS: [&str; 16] = [
    "inject",
    "msel",
    "event",
    "time",
    "expected",
    "scenario",
    "description",
    "sender",
    "from",
    "recipient",
    "to",
    "responsible",
    "controller",
    "objective",
    "delivery",
    "response",
];

/// The kind of a file by its bytes; none if the file may be a text of Blackstart.
pub fn recognise(bytes: &[u8]) -> Option<Foreign> {
    let found = |what, advice| Some(Foreign { what, advice });
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(archive(bytes));
    }
    if let Some((_, what, advice)) = MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return found(what, advice);
    }
    let head = &bytes[..bytes.len().min(4096)];
    if head.contains(&0) {
        let is_wide = head.chunks_exact(2).all(|pair| (pair[0] == 0) != (pair[1] == 0));
        return if is_wide { found("text in UTF-16", UTF_8) } else { found("a binary file (it has zero bytes)", RON) };
    }
    let text = String::from_utf8_lossy(head);
    text_kind(text.trim_start_matches('\u{feff}').trim_start())
}

fn archive(bytes: &[u8]) -> Foreign {
    let has = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    let (what, advice) = match () {
        () if has(b"xl/") => ("a spreadsheet (XLSX)", SHEET),
        () if has(b"word/") => ("a document (DOCX)", DOCUMENT),
        () if has(b"ppt/") => ("slides (PPTX)", DOCUMENT),
        () if has(b"opendocument.spreadsheet") => ("a spreadsheet (ODS)", SHEET),
        () if has(b"opendocument") => ("a document (OpenDocument)", DOCUMENT),
        () => ("an archive (ZIP)", UNPACK),
    };
    Foreign { what, advice }
}

fn text_kind(text: &str) -> Option<Foreign> {
    let found = |what, advice| Some(Foreign { what, advice });
    let low = text.to_lowercase();
    if text.starts_with("blackstart-run ") {
        return found("a run file of Blackstart", RUN);
    }
    if low.starts_with("<?xml") || low.starts_with("<bom") {
        let is_parts = low.contains("cyclonedx");
        return if is_parts { found("a list of components (CycloneDX)", PARTS) } else { found("an XML file", RON) };
    }
    if low.starts_with("<!doctype html") || low.starts_with("<html") {
        return found("a web page (HTML)", RON);
    }
    let after_brace = text.strip_prefix(['{', '[']).map(str::trim_start);
    if after_brace
        .is_some_and(|rest| rest.starts_with(['"', '{', '}']) && (text.starts_with('{') || rest.starts_with('{')))
    {
        return match () {
            () if low.contains("cyclonedx") || low.contains("bomformat") => {
                found("a list of components (CycloneDX)", PARTS)
            }
            () if low.contains("spdx") => found("a list of components (SPDX)", PARTS),
            () => found("a JSON file", RON),
        };
    }
    table_kind(text.lines().next().unwrap_or_default())
}

/// The kind of table that begins with this line; none if commas, semicolons or tabs do not separate its words.
fn table_kind(line: &str) -> Option<Foreign> {
    let separator = [';', '\t', ','].into_iter().max_by_key(|separator| line.matches(*separator).count())?;
    let cells: Vec<String> =
        line.split(separator).map(|cell| cell.trim().trim_matches('"').trim().to_lowercase()).collect();
    let is_word = |cell: &String| {
        cell.chars().count() <= 60 && cell.chars().all(|c| c.is_alphanumeric() || " _-/#.()'%".contains(c))
    };
    let begins_as_ron = line.starts_with(['(', '[', '/', '#']);
    let named = cells.iter().filter(|cell| cell.chars().any(char::is_alphabetic)).count();
    if begins_as_ron || cells.len() < 3 || named < 2 || !cells.iter().all(is_word) {
        return None;
    }
    let words =
        cells.iter().filter(|cell| cell.split(|c: char| !c.is_alphanumeric()).any(|word| MSEL_WORDS.contains(&word)));
    let is_msel = 2 <= words.count();
    Some(if is_msel {
        Foreign { what: "a list of injects as a table (MSEL, CSV)", advice: SHEET }
    } else {
        Foreign { what: "a table (CSV)", advice: RON }
    })
}

/// Is this the name of a leftover of a system or an editor: `._events.ron`, `.#events.ron`, `events.ron~`?
pub fn is_leftover(name: &str) -> bool {
    const ENDS: [&str; 9] = ["~", "#", ".swp", ".swo", ".orig", ".bak", ".tmp", ".rej", ".part"];
    const NAMES: [&str; 4] = ["thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"];
    let low = name.to_lowercase();
    let in_front_of_ron = |end: &str| low.strip_suffix(".ron").is_some_and(|stem| stem.ends_with(end));
    low.starts_with('.')
        || low.starts_with("~$")
        || NAMES.contains(&low.as_str())
        || ENDS.iter().any(|end| low.ends_with(end) || in_front_of_ron(end))
}

/// The text without a byte order mark and with line feeds as ends of lines: all readers expect this form.
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_named_with_advice() {
        let check = |bytes: &[u8], expected: &str| {
            let found = recognise(bytes).map_or("", |foreign| foreign.what);
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{found} for {expected}");
        };
        check(b"PK\x03\x04\x14\0xl/workbook.xml", "XLSX");
        check(b"PK\x03\x04\x14\0word/document.xml", "DOCX");
        check(b"PK\x03\x04\x14\0scenario.ron", "ZIP");
        check(b"%PDF-1.7", "PDF");
        check(b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS");
        check(b"{\n  \"bomFormat\": \"CycloneDX\",", "CycloneDX");
        check(b"<?xml version=\"1.0\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\">", "CycloneDX");
        check(b"{\"spdxVersion\": \"SPDX-2.3\"}", "SPDX");
        check(b"[{\"a\": 1}]", "JSON");
        check("\u{feff}Inject No;Time;From;To;Description\r\n1;09:00;CEO;Lead;Call".as_bytes(), "MSEL");
        check(b"No,Inject,Expected response\n", "MSEL");
        check(b"name,city,country\nA,B,C\n", "a table (CSV)");
        check(b"blackstart-run 1\n", "run file");
        check(
            "\u{feff}(version: 1)".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
            "UTF-16",
        );
        check("(version: 1)".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(), "UTF-16");
        for ours in ["(\n    version: 1,", "// a, b, c\n[]", "[(id: \"a\")]", "", "[]", "[\"a\"]", "id: 1", "/* x */ ["]
        {
            check(ours.as_bytes(), "");
        }
    }

    #[test]
    fn leftovers_are_passed_over() {
        for name in [
            "._events.ron",
            ".#events.ron",
            "#events.ron#",
            "events.ron~",
            ".events.ron.swp",
            "events.ron.orig",
            ".DS_Store",
            "Thumbs.db",
            "desktop.ini",
            "~$events.ron",
            "events.bak.ron",
            "events~.ron",
            "events.orig.ron",
        ] {
            assert!(is_leftover(name), "{name}");
        }
        for name in ["events.ron", "events (1).ron", "original.ron", "airlines.ron"] {
            assert!(!is_leftover(name), "{name}");
        }
    }

    #[test]
    fn ends_of_lines_and_marks_make_no_difference() {
        assert_eq!(plain("\u{feff}(\r\n)\r\n"), "(\n)\n");
        assert_eq!(plain("(\n)"), "(\n)");
    }
}
