//! Goal: with untrusted inputs the program prints no control character, exports no formula, and names the kind of a
//! foreign file.

use std::fs;

use tempfile::TempDir;

use crate::program::{self, assert_says, blackstart, stderr, stdout};

/// A folder with a copy of the tiny scenario in which a text is replaced by another.
fn with_tiny(file: &str, from: &str, to: &str) -> TempDir {
    let folder = program::with_tiny();
    let path = folder.path().join("tiny").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replace(from, to)).unwrap();
    folder
}

fn unchanged() -> TempDir {
    with_tiny("scenario.ron", "id:", "id:")
}

#[test]
fn arguments_and_names_of_files_reach_no_terminal() {
    let folder = unchanged();
    // The parser of the command line removes escape sequences from the text that it quotes.
    const BY_CLAP: [&str; 1] = ["swarm"];
    const CLEAR: &str = "a\u{1b}[2J\u{9b}31m\u{202e}";
    fs::create_dir(folder.path().join(CLEAR)).unwrap();
    fs::write(folder.path().join(CLEAR).join("scenario.ron"), "(").unwrap();
    for arguments in [
        &["check", CLEAR][..],
        &["check", "no\u{1b}[2J"],
        &["run", "tiny", "--seat", CLEAR],
        &["run", "tiny", "--playbook", CLEAR],
        &["run", CLEAR],
        &["verify", "no\u{1b}[2J.run"],
        &["run", "tiny", "--no\u{1b}[2J"],
        &["swarm", "--seeds", CLEAR],
    ] {
        let output = blackstart(folder.path(), arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let text = stdout(&output) + &stderr(&output);
        let harmful = text.chars().find(|c| blackstart::base::characters::is_harmful(*c));
        assert_eq!(harmful, None, "{arguments:?}: {text:?}");
        if !BY_CLAP.contains(&arguments[0]) && !arguments[arguments.len() - 1].starts_with("--") {
            assert!(text.contains("<U+001B>[2J"), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn tables_hold_no_formulas_and_read_back() {
    let name = "=cmd|' /C calc'!A0";
    let folder = with_tiny("organisations/hospitals.ron", "\"St Elsewhere\"", &format!("\"{name}\""));
    let output = blackstart(folder.path(), &["sources", "tiny", "--format", "csv"]);
    let text = stdout(&output);
    assert_says(&text, &[&format!("'{name}")]);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let cells: Vec<String> =
        reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    let acts = |cell: &&String| cell.trim_start().starts_with(['=', '+', '@', '\t', '\r']);
    assert_eq!(cells.iter().find(acts), None);
    assert!(cells.iter().any(|cell| blackstart::base::characters::from_cell(cell) == name));
    let marked = stdout(&blackstart(folder.path(), &["sources", "tiny", "--format", "csv", "--bom"]));
    assert_eq!(marked.strip_prefix('\u{feff}'), Some(text.as_str()));
}

#[test]
fn files_of_other_kinds_are_named() {
    let folder = unchanged();
    let check = |name: &str, bytes: &[u8], parts: &[&str]| {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = blackstart(folder.path(), &["check", name]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_says(&(stdout(&output) + &stderr(&output)), parts);
    };
    check(
        "msel.xlsx",
        b"PK\x03\x04\x14\0xl/workbook.xml",
        &["this is a spreadsheet (XLSX) and not a scenario", "injects.ron"],
    );
    check("msel.csv", b"Inject;Time;From;To\n1;09:00;a;b\n", &["a list of injects as a table (MSEL, CSV)"]);
    check("bom.json", b"{\"bomFormat\": \"CycloneDX\"}", &["a list of components (CycloneDX)"]);
    check("a.run", b"blackstart-run 1\n", &["a run file of Blackstart", "`blackstart verify a.run` plays it again"]);
    let verify = |name: &str, part: &str| {
        let output = blackstart(folder.path(), &["verify", name]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_says(&stderr(&output), &[part]);
    };
    verify("msel.xlsx", "this is a spreadsheet (XLSX) and not a run file: msel.xlsx");
    verify("tiny/scenario.ron", "this is a file of a scenario and not a run file: tiny/scenario.ron");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_with_words() {
    let folder = unchanged();
    let is_made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(is_made.is_ok_and(|status| status.success()), "mkfifo makes a pipe");
    let refused = |arguments: &[&str], part: &str| {
        let output = blackstart(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_says(&(stdout(&output) + &stderr(&output)), &[part]);
    };
    refused(&["check", "pipe"], "this is neither a folder nor a file");
    refused(&["check", "/dev/zero"], "this is neither a folder nor a file");
    refused(&["hindcast", "tiny", "--targets", "/dev/zero"], "this is a device and not a file");
    refused(&["hindcast", "tiny", "--targets", "pipe"], "this is a pipe and not a file");
    fs::remove_file(folder.path().join("tiny/events.ron")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("tiny/events.ron")).unwrap();
    refused(&["check", "tiny"], "this is a device and not a file");
}

#[test]
fn the_last_of_all_seeds_is_the_last() {
    let folder = unchanged();
    let output = blackstart(folder.path(), &["swarm", "--seeds", "18446744073709551614..18446744073709551615"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_says(&stdout(&output), &["swarm: 1 seeds, 0 failures"]);
    let output = blackstart(folder.path(), &["swarm", "--seeds", "0..18446744073709551615"]);
    assert_eq!(output.status.code(), Some(2));
    assert_says(
        &stderr(&output),
        &["these are 18,446,744,073,709,551,615 seeds; one command tries at most 10,000,000"],
    );
}
