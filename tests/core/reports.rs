//! After-action reports as a user makes them: what they say, what they refuse, that they repeat.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};

/// The path of a run file in the folder, from the seat and with a playbook.
const RUN: &str = "out/tiny-incident-lead-reference-1.run";

fn with_run() -> TempDir {
    let folder = with_tiny();
    let played = ["run", "tiny", "--seat", "incident-lead", "--out", "out", "--quiet"];
    let output = blackstart(folder.path(), &played);
    assert!(output.status.success(), "{}", stderr(&output));
    folder
}

fn report(folder: &Path, more: &[&str]) -> Output {
    blackstart(folder, &[&["report", RUN, "--scenario", "tiny", "--quiet"], more].concat())
}

fn html(folder: &Path) -> String {
    let output = report(folder, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_report_has_every_part_in_order() {
    let folder = with_run();
    let page = html(folder.path());
    let parts = [
        "<html lang=\"en-GB\">",
        "EXERCISE</div>",
        "<h1>After-action report: A tiny outage</h1>",
        "Result</h2>",
        "as many as what was done on the day",
        "Exercise</h2>",
        "Objectives and score</h2>",
        "Recover fast",
        "Course of the exercise</h2>",
        "<svg",
        "Decisions</h2>",
        "by the playbook",
        "Messages, planned and delivered</h2>",
        "Ratings</h2>",
        "performed with",
        "Strengths and areas for improvement</h2>",
        "Improvement plan</h2>",
        "What this rests on</h2>",
        "blackstart verify RUNFILE",
    ];
    let mut from = 0;
    for part in parts {
        let at = page[from..].find(part).unwrap_or_else(|| panic!("no `{part}` after byte {from}"));
        from += at + part.len();
    }
}

/// The page loads nothing: no script, no address besides the name of SVG.
#[test]
fn a_page_needs_nothing_else() {
    let folder = with_run();
    let page = html(folder.path()).replace("http://www.w3.org/2000/svg", "");
    for foreign in ["http:", "https:", "<script", "src=", "url(", "@import"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn equal_runs_give_equal_reports() {
    let folder = with_run();
    assert_eq!(html(folder.path()), html(folder.path()));
    let parts = report(folder.path(), &["--format", "json"]);
    let json: Value = serde_json::from_str(&stdout(&parts)).expect("JSON");
    let headings: Vec<&str> =
        json["sections"].as_array().unwrap().iter().map(|section| section["heading"].as_str().unwrap()).collect();
    assert_eq!(headings.len(), 10);
    assert_eq!(headings[2], "Objectives and score");
    // The parts of the score add up to it.
    let rows = json["sections"][2]["blocks"][0]["table"]["rows"].as_array().unwrap();
    let part = |row: &Value| row[7].as_str().unwrap().parse::<f64>().unwrap();
    let (score, parts) = rows.split_last().unwrap();
    let sum: f64 = parts.iter().map(part).sum();
    assert!((sum - part(score)).abs() < 0.05 * parts.len() as f64, "{sum} of {score}");
}

/// Texts of people are text and no markup.
#[test]
fn remarks_stay_text() {
    let folder = with_run();
    let path = folder.path().join("tiny/scenario.ron");
    let scenario = fs::read_to_string(&path).unwrap().replace("A tiny outage", "A <b>tiny</b> & sly outage");
    fs::write(path, scenario).unwrap();
    let played = ["run", "tiny", "--seat", "incident-lead", "--out", "out", "--quiet", "--force"];
    assert!(blackstart(folder.path(), &played).status.success());
    let page = html(folder.path());
    assert!(page.contains("A &lt;b&gt;tiny&lt;/b&gt; &amp; sly outage") && !page.contains("<b>"));
}

#[test]
fn what_cannot_be_reported_is_refused_with_words() {
    let folder = with_run();
    let path = folder.path();
    let refused = |arguments: &[&str], parts: &[&str]| {
        let output = blackstart(path, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stdout(&output));
        assert_says(&stderr(&output), parts);
    };
    fs::write(path.join("there.html"), "mine").unwrap();
    let given = ["report", RUN, "--scenario", "tiny", "--quiet", "--out"];
    refused(&[&given[..], &["there.html"]].concat(), &["there.html", "exists"]);
    assert_eq!(fs::read_to_string(path.join("there.html")).unwrap(), "mine");
    refused(&["report", RUN, "--quiet"], &["tiny", "--scenario"]);
    refused(&["report", RUN, "--scenario", "tiny", "--seat", "nobody", "--quiet"], &["nobody"]);
    // A line that was altered.
    let text = fs::read_to_string(path.join(RUN)).unwrap();
    fs::write(path.join("altered.run"), text.replacen("\"seed\":1", "\"seed\":2", 1)).unwrap();
    refused(&["report", "altered.run", "--scenario", "tiny", "--quiet"], &["altered", "blackstart verify"]);
    // A run without a seat.
    assert!(blackstart(path, &["run", "tiny", "--out", "all", "--quiet"]).status.success());
    let all = "all/tiny-all-reference-1.run";
    refused(&["report", all, "--scenario", "tiny", "--quiet"], &["no seat in play", "--seat"]);
    // With --force the file is replaced.
    assert!(blackstart(path, &[&given[..], &["there.html", "--force"]].concat()).status.success());
    assert!(fs::read_to_string(path.join("there.html")).unwrap().starts_with("<!DOCTYPE html>"));
}
