//! `blackstart study decisions` as people call it: tables, CSV, JSON, and bad input.

use std::fs;

use serde_json::Value;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};

#[test]
fn the_tables_of_a_tiny_scenario() {
    let folder = with_tiny();
    let output = blackstart(folder.path(), &["study", "decisions", "tiny", "--seeds", "2"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let parts = [
        "tiny  A tiny outage",
        "Are decisions decisions? Points, medians over 2 seeds from 1 on.",
        "1  incident-lead",
        "2  duty-manager",
        "pairs that can be right and wrong by two points",
        "≥ 35 %",
        "preparation alone, then nothing",
        "not measured",
        "everything at the first alert",
        "dutiful novice",
        "Pairs of seat and mitigation, by class",
        "Pairs of incident-lead",
    ];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn equal_input_gives_equal_bytes_in_every_format() {
    let folder = with_tiny();
    for format in ["table", "csv", "json"] {
        let ask = |threads: &str| {
            let study = ["study", "decisions", "tiny", "--seeds", "2", "--seat", "duty-manager"];
            blackstart(folder.path(), &[&study[..], &["--format", format, "--threads", threads]].concat())
        };
        let (one, two) = (ask("1"), ask("2"));
        assert!(one.status.success(), "{}", stderr(&one));
        assert_eq!(stdout(&one), stdout(&two), "{format}");
        if format == "json" {
            let json: Value = serde_json::from_str(&stdout(&one)).unwrap();
            assert_eq!((&json["seeds"], &json["seats"][0]["seat"]), (&2.into(), &"duty-manager".into()));
            assert_eq!(json["seats"].as_array().unwrap().len(), 1);
            for row in json["reach"].as_array().unwrap() {
                let measured = row["by_seat"].as_array().unwrap().iter().any(|value| !value.is_null());
                assert_eq!(measured, !row["is_met"].is_null(), "{row}");
            }
        }
    }
}

#[test]
fn a_part_measures_less() {
    let folder = with_tiny();
    let ask = |part: &str| {
        let output = blackstart(
            folder.path(),
            &["study", "decisions", "tiny", "--seeds", "1", "--part", part, "--format", "csv"],
        );
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap()[0].to_owned()).collect::<std::collections::BTreeSet<String>>()
    };
    let set = |parts: &[&str]| parts.iter().map(|&part| part.to_owned()).collect();
    assert_eq!(ask("pairs"), set(&["pair"]));
    assert_eq!(ask("players"), set(&["player"]));
    assert_eq!(ask("all"), set(&["pair", "player"]));
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = with_tiny();
    fs::write(folder.path().join("taken.txt"), "mine").unwrap();
    let check = |more: &[&str], code: i32, parts: &[&str]| {
        let output = blackstart(folder.path(), &[&["study", "decisions"], more].concat());
        assert_eq!(output.status.code(), Some(code), "{more:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    check(&["none"], 1, &["there is no such scenario"]);
    check(&["tiny", "--seat", "duty-manger"], 1, &["no seat `duty-manger`", "did you mean `duty-manager`?"]);
    check(&["tiny", "--seeds", "0"], 2, &["--seeds", "0 is not in 1..=64"]);
    check(&["tiny", "--part", "some"], 2, &["--part", "pairs, players, all"]);
    check(&["tiny", "--out", "taken.txt"], 1, &["the file already exists", "taken.txt", "--force"]);
    assert_eq!(fs::read_to_string(folder.path().join("taken.txt")).unwrap(), "mine");
}
