//! The program as a user starts it: its output, its files and its exit status.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};

const SEATED: [&str; 4] = ["run", "tiny", "--seat", "incident-lead"];

fn run_tiny(folder: &Path, more: &[&str]) -> Output {
    blackstart(folder, &[&SEATED[..], more].concat())
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_str(&stdout(output)).expect("exactly one JSON object")
}

/// The path and the text of a run with a seat, written to `out`.
fn written_run(folder: &Path) -> (PathBuf, String) {
    let output = run_tiny(folder, &["--out", "out", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let path = folder.join("out/tiny-incident-lead-reference-1.run");
    let text = fs::read_to_string(&path).unwrap();
    (path, text)
}

fn verify(folder: &Path, path: &Path) -> Output {
    blackstart(folder, &["verify", path.to_str().unwrap(), "--scenario", "tiny"])
}

/// Writes a changed run file and returns the output of `verify`.
fn refused(folder: &Path, text: impl AsRef<[u8]>) -> String {
    let path = folder.join("changed.run");
    fs::write(&path, text).unwrap();
    let output = verify(folder, &path);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert_eq!(stdout(&output), "");
    stderr(&output)
}

#[test]
fn equal_runs_print_equal_json() {
    let folder = with_tiny();
    let mut one = json_of(&run_tiny(folder.path(), &["--json"]));
    let mut two = json_of(&run_tiny(folder.path(), &["--json", "--out", "out"]));
    let mut other = json_of(&run_tiny(folder.path(), &["--json", "--seed", "2"]));
    let timing = one["timing"].clone();
    for key in ["wall_s", "sim_s", "ticks_per_s", "peak_rss_mib"] {
        assert!(timing[key].is_number() || (key == "peak_rss_mib" && !cfg!(target_os = "linux")), "{key}: {timing}");
    }
    for json in [&mut one, &mut two, &mut other] {
        json.as_object_mut().unwrap().remove("timing");
    }
    assert_eq!(one, two);
    assert_ne!(one["digest"], other["digest"]);
}

#[test]
fn json_says_everything() {
    let folder = with_tiny();
    let seated = json_of(&run_tiny(folder.path(), &["--json"]));
    assert_eq!(seated["scenario"], "tiny");
    assert_eq!(seated["seed"], 1);
    assert_eq!(seated["seat"], "incident-lead");
    assert_eq!(seated["playbook"], "reference");
    assert!(seated["score"].is_number());
    assert_eq!(seated["digest"].as_str().unwrap().len(), 16);
    assert_eq!(seated["objectives"].as_array().unwrap().len(), 2);
    assert_eq!(seated["objectives"][0]["id"], "recovery");
    let recovery = seated["recovery"].as_object().unwrap();
    assert_eq!(recovery.keys().collect::<Vec<_>>(), ["st-elsewhere/operations", "tiny-air/flights"]);
    assert!(recovery.values().all(|minutes| minutes.is_u64() || minutes.is_null()));
    let unseated = json_of(&blackstart(folder.path(), &["run", "tiny", "--json"]));
    assert_eq!(unseated["seat"], Value::Null);
    assert_eq!(unseated["score"], Value::Null);
    assert_eq!(unseated["objectives"], Value::Array(Vec::new()));
    assert_eq!(unseated["digest"], seated["digest"], "the reference is the same run from any seat");
}

#[test]
fn do_nothing_and_par_are_the_ends_of_the_scale() {
    let folder = with_tiny();
    for (playbook, column) in [("do-nothing", "do_nothing"), ("par", "par"), ("reference", "reference")] {
        let json = json_of(&run_tiny(folder.path(), &["--json", "--playbook", playbook]));
        for objective in json["objectives"].as_array().unwrap() {
            assert_eq!(objective["yours"], objective[column], "{playbook}: {objective}");
        }
    }
}

#[test]
fn the_summary_says_what_was_played() {
    let folder = with_tiny();
    let output = run_tiny(folder.path(), &["--out", "out"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let parts = [
        "A tiny outage (tiny)",
        "Incident lead, hospital (incident-lead)",
        "(reference)",
        "Recover fast",
        "Do nothing",
        "Recovery of your important services, worst first",
        "St Elsewhere: Operations",
        "Still down",
        "Digest",
        "Wrote out/tiny-incident-lead-reference-1.run",
        "Wrote out/tiny-incident-lead-reference-1.csv",
    ];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn the_table_has_the_first_and_the_last_boundary() {
    let folder = with_tiny();
    written_run(folder.path());
    let mut reader = csv::Reader::from_path(folder.path().join("out/tiny-incident-lead-reference-1.csv")).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["tick", "utc", "metric", "scope", "value"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut ticks: Vec<u32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    ticks.dedup();
    assert_eq!(ticks, (0..=48).map(|hour| hour * 60).collect::<Vec<u32>>());
    let value = |tick: &str, metric: &str, scope: &str| -> f64 {
        let row = rows.iter().find(|row| &row[0] == tick && &row[2] == metric && &row[3] == scope);
        row.unwrap_or_else(|| panic!("{metric}({scope}) at {tick}"))[4].parse().unwrap()
    };
    assert_eq!(value("0", "hosts_down", "all"), 0.0);
    assert_eq!(value("0", "level", "service:st-elsewhere/operations"), 1.0);
    assert_eq!(value("2880", "hosts_total", "sector:hospital"), 414.0);
    assert!(0.0 < value("2880", "cost_usd", "org:st-elsewhere"));
    assert!(0.0 < value("300", "hosts_down", "org:tiny-air"));
    let last = rows.last().unwrap();
    assert_eq!((&last[0], &last[1]), ("2880", "2024-07-21T00:00Z"));
}

#[test]
fn written_run_files_verify() {
    let folder = with_tiny();
    let (path, text) = written_run(folder.path());
    let output = verify(folder.path(), &path);
    assert!(output.status.success(), "{}", stderr(&output));
    let digest = json_of(&run_tiny(folder.path(), &["--json"]))["digest"].as_str().unwrap().to_owned();
    let said = stdout(&output);
    assert!(said.starts_with(&format!("verified: 2880 ticks, digest {digest}\nlog digest ")), "{said}");
    assert_says(&said, &["score 100.0 for the seat incident-lead, computed again"]);
    run_tiny(folder.path(), &["--out", "out", "--quiet", "--force"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "the same run writes the same file");
}

#[test]
fn version_1_files_still_verify() {
    let folder = with_tiny();
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/runs");
    let mut verified = 0;
    for entry in fs::read_dir(runs).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("blackstart-run 1\n"), "{}", path.display());
        let output = verify(folder.path(), &path);
        verified += 1;
        // Overtime has changed since: the run without orders has its digests, and the other says why it has not.
        if text.contains("\"order\":\"overtime\"") {
            assert_eq!(output.status.code(), Some(1));
            assert_says(&stderr(&output), &["first difference at tick", "version 0.1.0 recorded the run"]);
            continue;
        }
        assert!(output.status.success(), "{}: {}", path.display(), stderr(&output));
        assert_says(&stdout(&output), &["verified: 2880 ticks", "a file of version 1 protects neither confidences"]);
        // A digest that was changed together with its chain is found, too.
        let last = text.rfind("\"from\":2880").unwrap();
        let at = text[last..].find("[\"").unwrap() + last + 2;
        let flipped = if &text[at..=at] == "0" { "1" } else { "0" };
        let said = refused(folder.path(), format!("{}{flipped}{}", &text[..at], &text[at + 1..]));
        assert_says(&said, &["was altered", "first difference at tick 2880"]);
    }
    assert_eq!(verified, 2);
}

#[test]
fn a_file_that_breaks_off_says_where() {
    let folder = with_tiny();
    let (_, text) = written_run(folder.path());
    let after_header = text.match_indices('\n').nth(1).unwrap().0 + 1;
    for cut in [0, 9, 17, 30, 60, after_header - 1] {
        let said = refused(folder.path(), &text[..cut]);
        assert_says(&said, &["ends too early", &format!("at byte {cut} in line"), "expected", "changed.run"]);
    }
    // A file that breaks off after the header may belong to an unfinished exercise: its complete lines are
    // verified, and a note says what is missing.
    let path = folder.path().join("changed.run");
    for cut in [after_header, after_header + 500, text.len() / 2, text.len() - 100, text.len() - 1] {
        fs::write(&path, &text[..cut]).unwrap();
        let output = verify(folder.path(), &path);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_says(&stdout(&output), &["note: the run did not reach its end, so it has no score"]);
        let whole = text[..cut].rfind('\n').unwrap() + 1;
        let breaks_off =
            format!("note: the file breaks off at byte {whole} in line {}", text[..whole].lines().count() + 1);
        assert_eq!(stdout(&output).contains(&breaks_off), whole < cut, "{}", stdout(&output));
    }
}

#[test]
fn a_flipped_digest_is_named_with_line_and_tick() {
    let folder = with_tiny();
    let (_, text) = written_run(folder.path());
    let line = text.lines().position(|line| line.contains(r#"{"from":600,"#)).unwrap();
    let at = text.find(r#"{"from":600,"digests":[""#).unwrap() + r#"{"from":600,"digests":[""#.len() + 2 * 19;
    let flipped = if &text[at..=at] == "0" { "1" } else { "0" };
    let said = refused(folder.path(), format!("{}{flipped}{}", &text[..at], &text[at + 1..]));
    let covers = "the digests from tick 600 (2024-07-19T10:00Z) to tick 659 (2024-07-19T10:59Z)";
    assert_says(
        &said,
        &[&format!("line {} was altered", line + 1), covers, "first difference at tick 602 (2024-07-19T10:02Z)"],
    );
    assert_eq!(said.matches("was altered").count(), 1, "{said}");
}

#[test]
fn an_altered_command_is_named_with_line_and_tick() {
    let folder = with_tiny();
    let (_, text) = written_run(folder.path());
    let original = r#""order":"overtime","target":"tiny-air""#;
    let line = text.lines().position(|line| line.contains(original)).expect("the reference calls people in");
    let said = refused(folder.path(), text.replace(original, r#""order":"overtime","target":"tiny-cloud""#));
    assert_says(&said, &[&format!("line {} was altered: a command at tick 294", line + 1), "first difference at tick"]);
    let said = refused(folder.path(), text.replace(original, r#""order":"undertime","target":"tiny-air""#));
    assert_says(
        &said,
        &["was altered", "first difference at tick 294 (2024-07-19T04:54Z)", "no mitigation `undertime`"],
    );
    let said = refused(folder.path(), text.replace(original, r#""order":"overtime";"target":"tiny-air""#));
    assert_says(&said, &[&format!("line {} cannot be understood", line + 1), "was altered: something between tick"]);
}

#[test]
fn an_altered_seed_is_named_with_line_and_tick() {
    let folder = with_tiny();
    let (_, text) = written_run(folder.path());
    let said = refused(folder.path(), text.replace(r#""seed":1,"#, r#""seed":2,"#));
    assert_says(&said, &["line 2 was altered: the header", "first difference at tick 0 (2024-07-19T00:00Z)"]);
}

#[test]
fn an_altered_score_is_found() {
    let folder = with_tiny();
    let (_, text) = written_run(folder.path());
    let at = text.rfind(r#""score":"#).unwrap();
    let rest = text[at..].split_once(',').unwrap().1;
    let said = refused(folder.path(), format!("{}\"score\":149.5,{rest}", &text[..at]));
    assert_says(&said, &["was altered: the end of the run", "claims a score of 149.5"]);
}

#[test]
fn another_text_of_the_scenario_is_reported() {
    let folder = with_tiny();
    let (path, _) = written_run(folder.path());
    let events = folder.path().join("tiny/events.ron");
    fs::write(
        &events,
        fs::read_to_string(&events).unwrap().replace("After(\"release\", 78)", "After(\"release\", 79)"),
    )
    .unwrap();
    let output = verify(folder.path(), &path);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["the scenario differs"]);
    let output = blackstart(folder.path(), &["verify", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["there is no scenario `tiny`", "--scenario"]);
}

#[test]
fn files_that_are_there_stay_as_they_are() {
    let folder = with_tiny();
    let (path, _) = written_run(folder.path());
    fs::write(&path, "mine").unwrap();
    let output = run_tiny(folder.path(), &["--out", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["the file already exists", "--force", "tiny-incident-lead-reference-1.run"]);
    assert_eq!(stdout(&output), "");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(run_tiny(folder.path(), &["--out", "out", "--force", "--quiet"]).status.success());
    assert!(verify(folder.path(), &path).status.success());
    assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 2, "nothing is left beside the two files");
}

#[test]
fn a_folder_that_cannot_be_written_is_reported_before_simulating() {
    let folder = with_tiny();
    fs::write(folder.path().join("plain"), "a file").unwrap();
    for out in ["plain", "plain/below"] {
        let output = run_tiny(folder.path(), &["--out", out]);
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output);
        assert!(said.trim_end().ends_with("plain"), "what is in the way comes last: {said}");
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn unknown_names_are_answered_with_the_nearest_and_the_list() {
    let folder = with_tiny();
    let check = |arguments: &[&str], parts: &[&str]| {
        let output = blackstart(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    check(
        &["run", "tiny", "--seat", "incident-leed"],
        &["no seat `incident-leed`", "did you mean `incident-lead`?", "duty-manager"],
    );
    check(
        &["run", "tiny", "--playbook", "refrence"],
        &["no playbook `refrence`", "did you mean `reference`?", "do-nothing"],
    );
    check(&["run", "2024-07-91"], &["no such scenario", "did you mean `2024-07-19`?"]);
    check(&["play", "2024-07-19", "--seat", "airline"], &["no seat `airline`", "airline-ops"]);
    check(&["verify", "nothing.run"], &["there is no such file or folder: nothing.run"]);
    check(&["run", "tiny", "--playbook", "nothing.ron"], &["nothing.ron", "cannot be read"]);
}

#[test]
fn a_playbook_may_come_from_a_file() {
    let folder = with_tiny();
    let order = r#"(when: After("release", 5), order: "overtime", target: Sector("hospital"), provenance: Invented((), "mine"))"#;
    let playbook = format!(r#"(id: "mine", name: "Mine", summary: "People in at once.", orders: [{order}])"#);
    let write = |text: String| fs::write(folder.path().join("mine.ron"), text).unwrap();
    let mut digests = Vec::new();
    for text in [format!("// A comment\n{playbook}"), format!("[{playbook}]")] {
        write(text);
        let json = json_of(&run_tiny(folder.path(), &["--json", "--playbook", "mine.ron"]));
        assert_eq!(json["playbook"], "mine");
        digests.push(json["digest"].clone());
    }
    assert_eq!(digests[0], digests[1]);
    let output = run_tiny(folder.path(), &["--playbook", "mine.ron", "--out", "out"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(verify(folder.path(), &folder.path().join("out/tiny-incident-lead-mine-1.run")).status.success());

    let refused = |text: String, parts: &[&str]| {
        write(text);
        let output = run_tiny(folder.path(), &["--playbook", "mine.ron"]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    let column = 1 + playbook.find("\"overtime\"").unwrap();
    let place = format!("mine.ron:1:{column}");
    refused(
        playbook.replace("\"overtime\"", "\"overtyme\""),
        &["no mitigation `overtyme`", "did you mean `overtime`?", &place],
    );
    refused(playbook.replace("orders", "odrers"), &["odrers", "mine.ron:1"]);
    refused(playbook.replace("\"mine\",", "\"par\","), &["has a playbook `par` already"]);
    refused(format!("[{playbook}, {}]", playbook.replace("\"mine\",", "\"two\",")), &["2 playbooks"]);
}

#[test]
fn check_reports_all_and_counts() {
    let folder = with_tiny();
    let output = blackstart(folder.path(), &["check", "tiny", "2024-07-19"]);
    assert!(output.status.success(), "{}", stdout(&output));
    let parts = ["ok: tiny: 3 organisations, 3 sectors", "2 seats", "figures: ", "documented", "ok: 2024-07-19: "];
    assert_says(&stdout(&output), &parts);
    let world = folder.path().join("tiny/world.ron");
    fs::write(
        &world,
        fs::read_to_string(&world)
            .unwrap()
            .replace("\"office\",\n            encrypted", "\"ofice\",\n            encrypted"),
    )
    .unwrap();
    let output = blackstart(folder.path(), &["check", "tiny", "nowhere", "2024-07-19"]);
    assert_eq!(output.status.code(), Some(1));
    let parts = ["`ofice`", "did you mean `office`?", "failed: tiny", "failed: nowhere", "ok: 2024-07-19: "];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn list_names_seats_and_playbooks() {
    let output = blackstart(Path::new("."), &["list"]);
    assert!(output.status.success());
    assert_says(
        &stdout(&output),
        &["2024-07-19", "airline-ops", "health-coordinator", "reference", "do-nothing", "par"],
    );
}

#[test]
fn without_a_display_the_terminal_shows_the_reference_run() {
    let folder = tempfile::tempdir().unwrap();
    let output = blackstart(folder.path(), &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.starts_with("There is no display to open a window on"), "{said}");
    let parts = [
        "here is the reference run of 2024-07-19 in the terminal",
        "Friday 19 July 2024, UTC",
        "04:09  ",
        "below target",
        "back for good",
        "Most hosts down at once",
        "Do nothing",
        "Recovery of important services, worst first",
        "blackstart play 2024-07-19 --seat",
    ];
    assert_says(&said, &parts);
    let path = folder.path().join("blackstart-runs/2024-07-19-reference-1.run");
    let output = blackstart(folder.path(), &["verify", path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn runs_shown_in_the_terminal_never_overwrite() {
    let folder = with_tiny();
    for name in ["tiny-reference-1", "tiny-reference-1-2", "tiny-reference-1-3"] {
        let output = blackstart(folder.path(), &["play", "tiny", "--seat", "duty-manager"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_says(
            &stdout(&output),
            &[&format!("Wrote blackstart-runs/{name}.run"), "--seat duty-manager", "Cancel few flights"],
        );
    }
    assert_eq!(fs::read_dir(folder.path().join("blackstart-runs")).unwrap().count(), 6);
}

#[test]
fn help_of_every_command_has_an_example() {
    const COMMANDS: [&str; 13] = [
        "",
        "play",
        "run",
        "verify",
        "sign",
        "signing-key",
        "check",
        "list",
        "generate",
        "hindcast",
        "calibrate",
        "sensitivity",
        "swarm",
    ];
    for command in COMMANDS {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|argument| !argument.is_empty()).collect();
        let output = blackstart(Path::new("."), &arguments);
        assert!(output.status.success(), "{command}");
        let said = stdout(&output);
        let example = format!("  blackstart {command}");
        assert_says(&said, &["Examples:", example.trim_end()]);
        assert!(
            !said.contains("--frame-times") && !said.contains("--automation"),
            "hidden options stay hidden: {said}"
        );
    }
}

#[test]
fn a_wrong_command_line_is_answered_with_2() {
    let check = |arguments: &[&str], part: &str| {
        let output = blackstart(Path::new("."), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_says(&stderr(&output), &[part]);
    };
    check(&["verfy", "a.run"], "verify");
    check(&["run"], "SCENARIO");
    check(&["run", "2024-07-19", "--seed", "minus"], "--seed");
    check(&["play", "--speed", "61"], "1, 10, 60, 300, 900, 1800, 3600");
    check(&["play", "--size", "big"], "1440x900");
    check(&["check"], "PATH");
    check(&["hindcast", "2024-07-19", "--seeds", "0"], "1..=1000000");
    check(&["hindcast", "2024-07-19", "--picture", "a.png"], "drawn as SVG");
    check(&["calibrate", "2024-07-19", "--folds", "1"], "folds are 2 to 1000, or 0 for none");
    check(&["run", "2024-07-19", "--uncertain", "9"], "--seat");
}

/// Targets of the tiny scenario: hits, misses, and a time that is never reached.
const TARGETS: &str = r#"[
    (id: "down-6", topic: "Hosts", title: "Hosts down at six", measure: At("hosts_down(all)", "2024-07-19T06:00Z"),
        published: Documented(250.0, "T01"), unit: "hosts", tolerance: Factor(5.0), calibrated: true),
    (id: "flights", topic: "Air", title: "Flights lost & rebooked on Friday", measure: OnDay("demand(service:tiny-air/flights)", "2024-07-19", "west"),
        published: Estimated(9000.0, "a guess; T02 T03"), unit: "flights", tolerance: Share(0.1), note: "It misses, by far"),
    (id: "down-9", topic: "Hosts", title: "Hosts down at nine", measure: At("hosts_down(all)", "2024-07-19T09:00Z"),
        at_least: Invented(1.0, "a test"), unit: "hosts"),
    (id: "never", topic: "Air", title: "Hours until all is lost", measure: Until("lost(all)", Above(1e9), "2024-07-19T04:09Z", 60),
        between: Invented((4.0, 6.0), "a test"), unit: "h"),
]"#;

fn with_targets() -> TempDir {
    let folder = with_tiny();
    fs::write(folder.path().join("tiny/targets.ron"), TARGETS).unwrap();
    folder
}

fn hindcast(folder: &Path, more: &[&str]) -> String {
    let output = blackstart(folder, &[&["hindcast", "tiny", "--seeds", "6"], more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "no bar without a terminal");
    stdout(&output)
}

#[test]
fn a_hindcast_is_a_table_by_topic() {
    let folder = with_targets();
    let text = hindcast(folder.path(), &[]);
    let heads: Vec<&str> = text.lines().filter(|line| matches!(*line, "Hosts" | "Air")).collect();
    assert_eq!(heads, ["Hosts", "Air"]);
    let order: Vec<usize> =
        ["at six", "at nine", "rebooked", "is lost"].iter().map(|part| text.find(part).expect(part)).collect();
    assert!(order.is_sorted(), "{text}");
    assert_says(&text, &["Playbook reference, 6 seeds", "250", "50 to 1,250", "open", "at least 1", "4 to 6", "never"]);
    assert_says(&text, &["open, cited by no figure and used by no fit: 1 of 2 hit"]);
    assert_eq!(text.lines().last(), Some("hindcast: 2 of 4 targets hit"));
    let check = blackstart(folder.path(), &["check", "tiny"]);
    assert_says(&stdout(&check), &["3 playbooks, 4 targets (2 open), 99 figures"]);
}

#[test]
fn a_hindcast_for_programs_says_everything() {
    let folder = with_targets();
    let json: Value = serde_json::from_str(&hindcast(folder.path(), &["--format", "json"])).unwrap();
    assert_eq!((&json["targets"], &json["hits"], &json["seeds"]), (&4.into(), &2.into(), &6.into()));
    let row = &json["rows"][2];
    assert_eq!(row["id"], "flights");
    assert_eq!(row["facts"], Value::from(vec!["T02", "T03"]));
    assert_eq!(row["note"], "It misses, by far");
    assert_eq!(row["standing"], "estimated");
    assert_eq!((&row["hit_from"], &row["hit_to"]), (&8100.0.into(), &9900.0.into()));
    assert_eq!(row["values"].as_array().unwrap().len(), 6);
    assert_eq!(row["verdict"], "miss");
    assert_eq!((&row["open"], row["cited_by"].as_array().unwrap().is_empty()), (&false.into(), false));
    assert_eq!((&json["open"], &json["open_hits"]), (&2.into(), &1.into()));
    assert_eq!(json["rows"][3]["median"], "never");
    assert_eq!((&json["rows"][3]["says"], &json["rows"][3]["published_to"]), (&"between".into(), &6.0.into()));
    assert_eq!((&json["rows"][1]["says"], &json["rows"][1]["hit_to"]), (&"at least".into(), &Value::Null));
    let text = hindcast(folder.path(), &["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    let cell =
        |row: usize, name: &str| rows[row][names.iter().position(|column| column == name).expect(name)].to_owned();
    assert_eq!(cell(2, "facts"), "T02 T03");
    assert_eq!(cell(2, "note"), "It misses, by far");
    assert_eq!(cell(0, "calibrated"), "true");
    assert_eq!(cell(0, "median").parse::<f64>().unwrap(), json["rows"][0]["median"].as_f64().unwrap());
    assert_eq!(cell(3, "p95"), "never");
}

#[test]
fn equal_hindcasts_are_equal_bytes_on_any_number_of_threads() {
    let folder = with_targets();
    let outputs = |threads: &str, picture: &str| {
        let text = hindcast(folder.path(), &["--format", "json", "--threads", threads, "--picture", picture]);
        (text, fs::read_to_string(folder.path().join(picture)).unwrap())
    };
    let one = outputs("1", "one.svg");
    assert_eq!(one, outputs("4", "four.svg"));
    assert_says(
        &one.1,
        &["<svg", "Flights lost &amp; rebooked on Friday", "Hosts down at", "2 of 4 targets hit", "</svg>"],
    );
    assert!(!one.1.contains("NaN") && !one.1.contains("inf"), "{}", one.1);
}

#[test]
fn targets_of_a_file_and_their_problems() {
    let folder = with_tiny();
    let failed = |more: &[&str]| {
        let output = blackstart(folder.path(), &[&["hindcast", "tiny"], more].concat());
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        assert_eq!(stdout(&output), "");
        stderr(&output)
    };
    assert_says(&failed(&[]), &["the scenario `tiny` has no targets", "--targets"]);
    assert_says(&failed(&["--targets", "none.ron"]), &["the file cannot be read", "none.ron"]);
    let path = folder.path().join("mine.ron");
    fs::write(
        &path,
        TARGETS.replace("T01", "T09").replace("demand(service", "demnad(service").replace("(4.0, 6.0)", "(6.0, 4.0)"),
    )
    .unwrap();
    let said = failed(&["--targets", "mine.ron"]);
    assert_says(
        &said,
        &["there is no fact `T09`", "did you mean `demand`?", "is not an interval", "mine.ron:3:", "3 errors"],
    );
    fs::write(&path, TARGETS).unwrap();
    assert_says(&hindcast(folder.path(), &["--targets", "mine.ron"]), &["hindcast: 2 of 4 targets hit"]);
    let shorter = hindcast(folder.path(), &["--targets", "mine.ron", "--playbook", "do-nothing"]);
    assert_says(&shorter, &["Playbook do-nothing"]);
}

/// Rows of CSV, by the names of their columns.
fn rows_of(output: &Output) -> Vec<std::collections::BTreeMap<String, String>> {
    assert!(output.status.success(), "{}", stderr(output));
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn sources_lists_what_check_counts_in_every_format() {
    let folder = with_tiny();
    let sources = |more: &[&str]| blackstart(folder.path(), &[&["sources", "tiny"][..], more].concat());
    let checked = stdout(&blackstart(folder.path(), &["check", "tiny"]));
    let table = stdout(&sources(&[]));
    let counts = "95 figures: 9 documented, 65 estimated, 21 invented";
    assert_says(&checked, &[counts]);
    assert!(table.ends_with(&format!("\nsources: {counts}; 3 of 3 facts cited\n")), "{table}");
    assert_says(&table, &["organisations/*.ron  tiny-air  Tiny Air\n", "  T02  E", "\nFacts cited\n"]);
    let rows = rows_of(&sources(&["--format", "csv"]));
    assert_eq!(rows.len(), 95);
    let touch = rows.iter().find(|row| row["path"] == "world/methods/by-hand/touch_min").expect("a row by its path");
    assert_eq!([&touch["values"], &touch["shown"]], ["5 10 20", "5, 10, 20 min"]);
    assert_eq!([&touch["standing"], &touch["facts"], &touch["confidence"]], ["documented", "T03", "E"]);
    let json = json_of(&sources(&["--format", "json"]));
    assert_eq!(json["figures"].as_array().unwrap().len(), 95);
    assert_eq!(json["counts"]["estimated"], 65);
    let cited = |row: &&std::collections::BTreeMap<String, String>| row["facts"].split(' ').any(|fact| fact == "T02");
    assert_eq!(json["facts"][1]["cited"], rows.iter().filter(cited).count());
}

#[test]
fn sources_finds_by_standing_fact_and_words() {
    let folder = with_tiny();
    let path = folder.path().join("tiny/sources.ron");
    let more = "    (id: \"T77\", about: \"nothing\", publication: \"made up for tests\", confidence: B),\n]";
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("\n]", &format!("\n{more}"))).unwrap();
    let sources = |more: &[&str]| blackstart(folder.path(), &[&["sources", "tiny"][..], more].concat());
    let rows = |more: &[&str]| rows_of(&sources(&[&["--format", "csv"][..], more].concat()));
    assert!(rows(&["--standing", "invented"]).iter().all(|row| row["standing"] == "invented"));
    assert_eq!(rows(&["--standing", "invented"]).len(), 21);
    assert!(rows(&["--fact", "T03"]).iter().all(|row| row["facts"].contains("T03")));
    assert_eq!(rows(&["--fact", "T77"]).len(), 0);
    let found = rows(&["--of", "tiny-air/fleets HOSTS"]);
    assert_eq!(
        found.iter().map(|row| row["figure"].as_str()).collect::<Vec<_>>(),
        ["Crew servers, hosts", "Gate PCs, hosts"]
    );
    assert_says(&stdout(&sources(&["--of", "tiny-air/fleets hosts"])), &["\nsources: 2 of 95 figures: "]);
    assert_says(&stdout(&sources(&[])), &["\nFacts that no figure cites\n  T77  B  ", "; 3 of 4 facts cited\n"]);
}

#[test]
fn sources_refuses_unknown_names() {
    let folder = with_tiny();
    let check = |arguments: &[&str], code: i32, parts: &[&str]| {
        let output = blackstart(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    check(&["sources", "tinny"], 1, &["error: there is no such scenario", "built in: 2024-07-19"]);
    check(&["sources", "tiny", "--fact", "t2"], 1, &["there is no fact `t2`", "did you mean `T02`? allowed: T01, T02"]);
    check(&["sources", "tiny", "--standing", "invent"], 2, &["documented, estimated, invented", "'invented'"]);
    // Citing a missing fact is a mistake of the scenario, also in a reason.
    let (path, fact) = (folder.path().join("tiny/world.ron"), "Estimated(0.002, \"now and then, CS99\")");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("Estimated(0.002, \"now and then\")"));
    fs::write(&path, text.replace("Estimated(0.002, \"now and then\")", fact)).unwrap();
    check(&["sources", "tiny"], 1, &["there is no fact `CS99`"]);
    let checked = blackstart(folder.path(), &["check", "tiny"]);
    assert_eq!(checked.status.code(), Some(1));
    assert_says(&stdout(&checked), &["there is no fact `CS99`", "(in sources.ron)", "failed: tiny"]);
}

fn sensitivity(folder: &Path, more: &[&str]) -> Output {
    blackstart(folder, &[&["sensitivity", "tiny", "--trajectories", "2"], more].concat())
}

#[test]
fn figures_are_ranked_by_their_effect() {
    let folder = with_tiny();
    let text = stdout(&sensitivity(folder.path(), &["--top", "3"]));
    assert_says(&text, &["mean time until an organisation's services are back for good", "÷1.5 to ×1.5", "interplay"]);
    let ranks: Vec<&str> = text.lines().filter(|line| line.contains("÷")).collect();
    assert_eq!(ranks.len(), 3, "{text}");
    assert!(text.lines().last().is_some_and(|line| line.starts_with("sensitivity: ")), "{text}");
    // Slower content and fewer hosts both lead to fewer hits.
    let csv = stdout(&sensitivity(folder.path(), &["--measure", "hosts_received(all)", "--format", "csv"]));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a row")).collect();
    let effect = |figure: &str| -> f64 {
        let row = rows.iter().find(|row| row["figure"] == figure).unwrap_or_else(|| panic!("{figure} in {csv}"));
        row["effect_mean"].parse().expect("a number")
    };
    assert!(0.0 < effect("sectors/hospital/fleets/hosts") && 0.0 < effect("fleet_kinds/office-pc/in_scope"), "{csv}");
    assert_eq!(effect("sectors/hospital/staff/shifts"), 0.0, "crews come when all is over: {csv}");
}

#[test]
fn a_sensitivity_does_not_depend_on_threads() {
    let folder = with_tiny();
    let json = |threads: &str| stdout(&sensitivity(folder.path(), &["--threads", threads, "--format", "json"]));
    let one = json("1");
    assert_eq!(one, json("3"));
    let report: Value = serde_json::from_str(&one).expect("JSON");
    let parameters = report["parameters"].as_array().expect("a list");
    assert!(20 < parameters.len());
    let effects: Vec<f64> = parameters.iter().map(|row| row["effect"].as_f64().expect("a number")).collect();
    assert!(effects.is_sorted_by(|a, b| b <= a), "{effects:?}");
}

#[test]
fn a_sensitivity_of_nothing_is_refused() {
    let folder = with_tiny();
    let check = |more: &[&str], parts: &[&str]| {
        let output = sensitivity(folder.path(), more);
        assert!(!output.status.success());
        assert_says(&stderr(&output), parts);
    };
    check(&["--measure", "hosts_dwon(all)"], &["did you mean `hosts_down`?", "`services`, `hosts` or an observable"]);
    check(&["--measure", "lost(org:tiny-aire)"], &["unknown organisation `tiny-aire`"]);
    check(&["--playbook", "referenz"], &["did you mean `reference`?"]);
    let none = blackstart(folder.path(), &["sensitivity", "tiny", "--trajectories", "0"]);
    assert_says(&stderr(&none), &["1..=1000"]);
}
