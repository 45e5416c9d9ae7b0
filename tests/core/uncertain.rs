//! Uncertain figures and calibration as a user asks for them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};

/// Two targets of the hospital, one of everything.
const TARGETS: &str = r#"[
    (id: "morning", topic: "Hosts", title: "Down in the morning", measure: At("hosts_down(org:st-elsewhere)", "2024-07-19T08:00Z"),
        published: Documented(240.0, "T01"), unit: "hosts", tolerance: Share(0.1), calibrated: true),
    (id: "noon", topic: "Hosts", title: "Down at noon", measure: At("hosts_down(org:st-elsewhere)", "2024-07-19T12:00Z"),
        published: Documented(200.0, "T01"), unit: "hosts", tolerance: Share(0.1)),
    (id: "air", topic: "Hosts", title: "Down at the airline", measure: At("hosts_down(org:tiny-air)", "2024-07-19T12:00Z"),
        published: Documented(60.0, "T01"), unit: "hosts", tolerance: Share(0.5)),
    (id: "all", topic: "Hosts", title: "Received", measure: At("hosts_received(all)", "2024-07-19T12:00Z"),
        at_least: Documented(1.0, "T01"), unit: "hosts"),
    (id: "left", topic: "Hosts", title: "Down in the evening", measure: At("hosts_down(all)", "2024-07-19T20:00Z"),
        published: Estimated(100.0, "a test"), unit: "hosts", tolerance: Factor(3.0)),
]"#;

const UNCERTAINTY: &str = r#"(
    ranges: [(figures: "channels/sensor/late_win_per_hour", range: Factors(0.1, 10.0), source: "hardly known")],
    headlines: ["all", "noon"],
    fit: (figures: ["sectors/hospital/staff/shifts"], targets: ["morning", "noon", "air"]),
)"#;

fn with_targets() -> TempDir {
    let folder = with_tiny();
    fs::write(folder.path().join("tiny/targets.ron"), TARGETS).unwrap();
    fs::write(folder.path().join("tiny/uncertainty.ron"), UNCERTAINTY).unwrap();
    folder
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = blackstart(folder, arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&said(folder, &[arguments, &["--format", "json"]].concat())).expect("exactly one JSON object")
}

const HINDCAST: [&str; 6] = ["hindcast", "tiny", "--seeds", "12", "--uncertain", "40"];

#[test]
fn both_bands_are_shown_and_uncertain_figures_widen_them() {
    let folder = with_targets();
    let text = said(folder.path(), &HINDCAST);
    assert_says(&text, &["12 seeds, 40 draws of figures", "luck, 5–95 %", "luck and figures, 5–95 %"]);
    assert_says(&text, &["given the headlines", "published numbers inside the band", "interval score"]);
    assert_says(&text, &["given 2 headline numbers: as good as"]);
    let found = json(folder.path(), &HINDCAST);
    let row = found["rows"].as_array().unwrap().iter().find(|row| row["id"] == "noon").unwrap();
    let width = |band: &Value| band["p95"].as_f64().unwrap() - band["p5"].as_f64().unwrap();
    assert!(width(row) < width(&row["drawn"]), "{row}");
    assert_eq!(row["drawn"]["values"].as_array().unwrap().len(), 40);
    let uncertain = &found["uncertain"];
    assert_eq!((&uncertain["draws"], &uncertain["headlines"]), (&40.into(), &2.into()));
    // The fit or the headlines name all targets but the last, whose fact no figure cites.
    assert_eq!(uncertain["luck_and_figures"]["used"]["targets"], 4);
    assert_eq!(uncertain["luck_and_figures"]["open"]["targets"], 1);
    let effective = uncertain["effective_draws"].as_f64().unwrap();
    assert!((0.0..=40.0).contains(&effective), "{effective}");
}

#[test]
fn draws_do_not_depend_on_threads_and_leave_luck_alone() {
    let folder = with_targets();
    let with = |more: &[&str]| said(folder.path(), &[&HINDCAST[..], &["--format", "json"], more].concat());
    assert_eq!(with(&["--threads", "1"]), with(&["--threads", "3"]));
    assert_ne!(with(&[]), with(&["--draws-seed", "2"]));
    let alone = json(folder.path(), &["hindcast", "tiny", "--seeds", "12"]);
    let drawn: Value = serde_json::from_str(&with(&["--picture", "bands.svg"])).unwrap();
    let medians = |found: &Value| {
        let rows = found["rows"].as_array().unwrap().clone();
        rows.into_iter().map(|row| (row["median"].clone(), row["values"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(medians(&alone), medians(&drawn));
    assert_eq!(alone["uncertain"], Value::Null);
    let picture = fs::read_to_string(folder.path().join("bands.svg")).unwrap();
    assert_says(&picture, &["luck alone, 5–95 %", "luck and figures"]);
    assert!(!picture.contains("NaN") && !picture.contains("inf"), "{picture}");
}

#[test]
fn a_score_has_a_band() {
    let folder = with_tiny();
    let run = ["run", "tiny", "--seat", "incident-lead", "--uncertain", "8"];
    let text = said(folder.path(), &run);
    assert_says(&text, &["Score in 8 runs each", "luck alone", "luck and figures"]);
    let found: Value = serde_json::from_str(&said(folder.path(), &[&run[..], &["--json"]].concat())).unwrap();
    let band = &found["score_band"];
    assert_eq!(band["runs"], 8);
    assert!(band["luck_and_figures"]["p5"].as_f64() <= band["luck_and_figures"]["p95"].as_f64(), "{band}");
}

#[test]
fn a_calibration_writes_a_scenario_and_says_what_was_fitted() {
    let folder = with_targets();
    let calibrate = ["calibrate", "tiny", "--seeds", "3", "--starts", "1", "--evaluations", "15"];
    let text = said(folder.path(), &[&calibrate[..], &["--out", "fitted", "--folds", "2"]].concat());
    assert_says(&text, &["free figures", "sectors/hospital/staff/shifts", "organisations left out", "fitted"]);
    assert!(text.lines().last().is_some_and(|line| line.starts_with("calibrate: loss ")), "{text}");
    let record: Value =
        serde_json::from_slice(&fs::read(folder.path().join("fitted/calibration.json")).unwrap()).unwrap();
    let number = |name: &str| record[name].as_f64().unwrap_or_else(|| panic!("{name} in {record}"));
    assert!(number("loss_after") <= number("loss_before"), "{record}");
    assert_eq!((&record["seed"], &record["seeds"]), (&1.into(), &3.into()));
    assert_eq!(record["targets"].as_array().unwrap().iter().filter(|row| row["is_fitted"] == true).count(), 3);
    assert_eq!(record["folds"].as_array().unwrap().len(), 2);
    // The new folder is a valid scenario, in which the figures have the values of the record.
    assert_says(&said(folder.path(), &["check", "fitted"]), &["ok: fitted"]);
    let sources = json(folder.path(), &["sources", "fitted"]);
    for figure in record["figures"][0]["figures"].as_array().unwrap() {
        let written = sources["figures"].as_array().unwrap().iter().find(|row| row["path"] == figure["path"]);
        assert_eq!(written.unwrap()["values"], figure["after"]);
    }
    // Comments and layout stay, so the files differ in numbers only.
    let text =
        |scenario: &str| fs::read_to_string(folder.path().join(scenario).join("organisations/hospitals.ron")).unwrap();
    let without_digits = |text: String| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    assert_eq!(without_digits(text("tiny")), without_digits(text("fitted")));
    // Nothing is overwritten, and this is told before anything is run.
    let again = blackstart(folder.path(), &[&calibrate[..], &["--out", "fitted"]].concat());
    assert_eq!(again.status.code(), Some(1));
    assert_says(&stderr(&again), &["the folder is not empty", "give a new folder"]);
}

#[test]
fn mistakes_of_the_document_are_told_with_their_place() {
    let folder = with_targets();
    let check = |from: &str, to: &str, parts: &[&str]| {
        let path = folder.path().join("tiny/uncertainty.ron");
        fs::write(&path, UNCERTAINTY.replace(from, to)).unwrap();
        let output = blackstart(folder.path(), &["check", "tiny"]);
        assert_eq!(output.status.code(), Some(1), "{to}");
        assert_says(&stdout(&output), parts);
    };
    check(
        "late_win_per_hour",
        "late_win_per_day",
        &["did you mean `channels/sensor/late_win_per_hour`?", "uncertainty.ron:2:"],
    );
    check("\"noon\"]", "\"nun\"]", &["there is no target `nun`", "allowed: morning, noon"]);
    check("hardly known", "", &["the source is empty"]);
    check("Factors(0.1, 10.0)", "Factors(2.0, 10.0)", &["expected a factor from 0 to 1"]);
    check("headlines:", "headline:", &["headline"]);
    fs::write(folder.path().join("tiny/uncertainty.ron"), "()").unwrap();
    let none = blackstart(folder.path(), &["calibrate", "tiny"]);
    assert_says(&stderr(&none), &["does not say which figures are fitted", "docs/uncertainty.md"]);
}
