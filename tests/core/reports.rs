//! After-action reports as a user makes them: what they say, what they refuse, that they repeat.

use std::fs;
use std::path::Path;
use std::process::Output;

use std::sync::Arc;

use blackstart::base::{Ix, Tick};
use blackstart::session::log::Remarks;
use blackstart::session::runfile::RunFile;
use blackstart::session::{Cast, CastSeat, Player, Setup, Timeline};
use blackstart::sim::possible::possible_with;
use blackstart::sim::{Command, Issuer};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};
use crate::support::{TINY, scenario};

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
        "EXERCISE</header>",
        "<h1>After-action report: A tiny outage</h1>",
        "Result</h2>",
        "as many as what was done on the day",
        "Exercise</h2>",
        "Objectives and score</h2>",
        "Recover fast",
        "Course of the exercise</h2>",
        "<svg",
        "Timeline, planned and executed</h2>",
        "<svg",
        "Decisions</h2>",
        "by the playbook",
        "What decisions were worth</h2>",
        "--worth 32",
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
    assert_eq!(headings.len(), 13);
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

/// Runs of the seat under two playbooks and two seeds, in the folder `class`.
fn with_class() -> TempDir {
    let folder = with_tiny();
    for (playbook, seed) in [("reference", "1"), ("par", "1"), ("reference", "2")] {
        let arguments = ["run", "tiny", "--seat", "incident-lead", "--playbook", playbook, "--seed", seed];
        let output = blackstart(folder.path(), &[&arguments[..], &["--out", "class", "--quiet"]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    folder
}

const CLASS: [&str; 3] = [
    "class/tiny-incident-lead-reference-1.run",
    "class/tiny-incident-lead-par-1.run",
    "class/tiny-incident-lead-reference-2.run",
];

fn class(folder: &Path, more: &[&str]) -> Output {
    blackstart(folder, &[&["report", "--scenario", "tiny", "--quiet"], &CLASS[..], more].concat())
}

#[test]
fn several_runs_make_a_class_report() {
    let folder = with_class();
    let page = stdout(&class(folder.path(), &[]));
    let parts = [
        "Class report: A tiny outage",
        "3 runs: ",
        "Runs</h2>",
        "tiny-incident-lead-par-1",
        "tiny-incident-lead-reference-",
        "Objectives</h2>",
        "Who decided what when</h2>",
        "3 of 3",
        "Strengths and areas for improvement</h2>",
        "Improvement plan</h2>",
        "What this rests on</h2>",
    ];
    assert_says(&page, &parts);
    assert_eq!(page, stdout(&class(folder.path(), &[])));
    let csv = stdout(&class(folder.path(), &["--format", "csv"]));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let scores: Vec<(String, f64)> = reader
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[3] == "run" && &row[9] == "score")
        .map(|row| (row[0].to_owned(), row[10].parse().unwrap()))
        .collect();
    assert_eq!(scores.len(), 3);
    assert_eq!(scores[1], ("tiny-incident-lead-par-1".to_owned(), 100.0));
}

#[test]
fn runs_that_do_not_belong_together_are_refused() {
    let folder = with_class();
    let path = folder.path();
    let refused = |arguments: &[&str], parts: &[&str]| {
        let output = blackstart(path, &[&["report", "--quiet", "--scenario", "tiny"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stdout(&output));
        assert_says(&stderr(&output), parts);
    };
    fs::copy(path.join(CLASS[0]), path.join("copy.run")).unwrap();
    refused(&[CLASS[0], "copy.run"], &["the same run", "copy.run"]);
    refused(&[CLASS[0], CLASS[1], "--worth", "3"], &["one run at a time"]);
    refused(&[CLASS[0], "--actor", "ada@example.org"], &["xAPI"]);
    refused(&[CLASS[0], "--format", "xapi", "--actor", "Ada"], &["`Ada` is no address"]);
    let other = ["run", "tiny", "--seat", "duty-manager", "--out", "other", "--quiet"];
    assert!(blackstart(path, &other).status.success());
    refused(&[CLASS[0], "other/tiny-duty-manager-reference-1.run"], &["different seats", "--seat"]);
}

#[test]
fn the_ending_of_the_file_names_the_format() {
    let folder = with_run();
    for (file, begins) in [("a.json", "{"), ("a.csv", "run,seat"), ("a.html", "<!DOCTYPE"), ("a.txt", "<!DOCTYPE")] {
        let output = report(folder.path(), &["--out", file]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(fs::read_to_string(folder.path().join(file)).unwrap().starts_with(begins), "{file}");
    }
}

#[test]
fn statements_have_the_order_of_the_run_and_ids_of_their_own() {
    let folder = with_run();
    let text = stdout(&report(folder.path(), &["--format", "xapi", "--actor", "ada@example.org"]));
    let statements: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let times: Vec<&str> = statements.iter().map(|statement| statement["timestamp"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let ids: std::collections::BTreeSet<&str> =
        statements.iter().map(|statement| statement["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), statements.len());
    let last = statements.last().unwrap();
    assert_eq!(last["verb"]["id"], "http://adlnet.gov/expapi/verbs/completed");
    assert_eq!(last["actor"]["mbox"], "mailto:ada@example.org");
    assert!(last["result"]["score"]["raw"].is_number());
}

#[test]
fn the_worth_of_decisions_stands_in_the_report_if_it_was_measured() {
    let folder = with_run();
    let output = report(folder.path(), &["--worth", "2"]);
    assert_says(&stdout(&output), &["Worth in points", "would have gained", "median of 2 seeds"]);
}

#[test]
fn a_scenario_states_the_thresholds_of_ratings() {
    let folder = with_tiny();
    let path = folder.path().join("tiny/seats.ron");
    let seats = fs::read_to_string(&path).unwrap();
    let rated = |ratings: &str| {
        let changed = seats.replace("weight: 2.0)", &format!("weight: 2.0, ratings: {ratings})"));
        assert_ne!(changed, seats);
        fs::write(&path, changed).unwrap();
    };
    rated("Values(p: 1.0, s: 100000.0, m: 200000.0)");
    let played = ["run", "tiny", "--seat", "incident-lead", "--out", "out", "--quiet"];
    assert!(blackstart(folder.path(), &played).status.success());
    assert_says(&html(folder.path()), &["S: performed with some challenges", "P up to 1 min", "P from 80 points"]);
    rated("Points(p: 20.0, s: 50.0, m: 200.0)");
    let output = blackstart(folder.path(), &["check", "tiny"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output) + &stderr(&output);
    assert_says(&said, &["points from 0 to 150", "a better rating is easier to reach"]);
}

/// The text of a report, a line for each fact, without digests and the version.
fn facts(json: &Value) -> String {
    let mut text = format!("# {}\n{}\n", json["title"].as_str().unwrap(), json["subtitle"].as_str().unwrap());
    for section in json["sections"].as_array().unwrap() {
        text += &format!("\n## {}\n", section["heading"].as_str().unwrap());
        for block in section["blocks"].as_array().unwrap() {
            let (kind, content) = block.as_object().unwrap().iter().next().unwrap();
            let words = |value: &Value| value.as_str().unwrap().to_owned();
            match kind.as_str() {
                "table" => {
                    text += &format!("[table] {}\n", words(&content["caption"]));
                    let cells = |row: &Value, get: &dyn Fn(&Value) -> String| {
                        row.as_array().unwrap().iter().map(get).collect::<Vec<_>>().join(" | ") + "\n"
                    };
                    text += &cells(&content["head"], &|head| words(&head["words"]));
                    let rows = content["rows"].as_array().unwrap().iter();
                    let rows = rows.filter(|row| !words(&row[0]).starts_with("Digest") && words(&row[0]) != "Program");
                    rows.for_each(|row| text += &cells(row, &words));
                }
                "chart" => text += &format!("[chart] {}\n{}\n", words(&content["caption"]), words(&content["words"])),
                "list" => content.as_array().unwrap().iter().for_each(|item| text += &format!("- {}\n", words(item))),
                "figures" => {
                    let figures = content.as_array().unwrap().iter();
                    figures.for_each(|figure| {
                        text += &format!("[{}] {}\n", words(&figure["value"]), words(&figure["words"]))
                    });
                }
                _ => text += &format!("{}\n", words(content)),
            }
        }
    }
    text
}

#[test]
fn the_text_of_reports_is_as_written_down() {
    let folder = with_class();
    let of_run = ["report", CLASS[0], "--scenario", "tiny", "--quiet", "--format", "json", "--worth", "2"];
    let run = blackstart(folder.path(), &of_run);
    let class = class(folder.path(), &["--format", "json"]);
    let text: String =
        [run, class].iter().map(|output| facts(&serde_json::from_str(&stdout(output)).unwrap())).collect();
    same_as_written(&text, "reports.txt");
}

/// The cells of a workbook, a line for each row, without digests and the version.
#[cfg(feature = "reports")]
fn cells(path: &Path) -> String {
    use calamine::Reader;
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let mut text = String::new();
    for (name, sheet) in book.worksheets() {
        text += &format!("## {name}\n");
        for row in sheet.rows() {
            let row: Vec<String> = row.iter().map(ToString::to_string).collect();
            if !row[0].starts_with("Digest") && !row[0].ends_with("digest") && row[0] != "Program" {
                text += &(row.join(" | ") + "\n");
            }
        }
    }
    text
}

#[cfg(feature = "reports")]
#[test]
fn the_cells_of_workbooks_are_as_written_down() {
    let folder = with_class();
    let of_run =
        ["report", CLASS[0], "--scenario", "tiny", "--quiet", "--format", "xlsx", "--worth", "2", "--out", "one.xlsx"];
    assert!(blackstart(folder.path(), &of_run).status.success());
    same_as_written(&cells(&folder.path().join("one.xlsx")), "workbook.txt");
}

/// Compares a text with a golden file.
fn same_as_written(text: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (number, (got, expected)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(got, expected, "line {} of {}; UPDATE=1 writes the file anew", number + 1, path.display());
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}

/// Writes the run file of a person who gives and takes back one order so many times, each with a reason, up to a tick.
fn write_played(path: &Path, orders: u32, reason: &str, until: u32) {
    let scenario = scenario(TINY);
    let cast = Cast::new([CastSeat { seat: Ix::new(0), player: Player::Person }], scenario.playbook_index("reference"));
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed: 3, cast });
    let by = Issuer::Seat(Ix::new(0));
    for number in 0..orders {
        timeline.advance_to(Tick(300 + 3 * number));
        let open = scenario.seats[Ix::new(0)].mitigations.iter().find_map(|&mitigation| {
            let target = possible_with(&timeline.run().world, by, mitigation).open_targets().next()?;
            (0 < scenario.mitigations[mitigation].lead_min).then_some((mitigation, target))
        });
        let (mitigation, target) = open.expect("an order with a lead time is open");
        let remarks = Remarks { confidence_pct: Some(70), reason: Some(Arc::from(reason)), ..Remarks::default() };
        timeline.order_with(Command::Order { by, mitigation, target }, remarks).expect("it is possible");
        let order = Ix::from_usize(timeline.run().world.orders().len() - 1);
        timeline.advance_to(Tick(301 + 3 * number));
        timeline.order(Command::Cancel { by, order }).expect("it has not begun");
    }
    timeline.advance_to(Tick(until));
    fs::write(path, RunFile::from_run(timeline.run(), Vec::new()).to_text()).unwrap();
}

/// Runs at the edges: 500 decisions, reasons that are longer than a page, letters of other scripts, a run that was stopped
/// after a minute.
#[test]
fn runs_at_the_edges_have_reports() {
    let folder = with_tiny();
    let path = folder.path();
    write_played(&path.join("many.run"), 500, "=1+1 <b>", 2880);
    write_played(&path.join("long.run"), 2, &"長い理由 🚑 and words ".repeat(100), 2880);
    write_played(&path.join("minute.run"), 0, "", 1);
    let report = |file: &str, more: &[&str]| {
        blackstart(path, &[&["report", file, "--scenario", "tiny", "--quiet"], more].concat())
    };
    let stopped = report("minute.run", &[]);
    assert_eq!(stopped.status.code(), Some(1));
    assert_says(&stderr(&stopped), &["stopped at tick 1 of 2880", "--to-end"]);
    let page = stdout(&report("minute.run", &["--to-end"]));
    assert_says(&page, &["Nobody gave an order from this seat."]);
    let page = stdout(&report("many.run", &[]));
    assert_eq!(page.matches("=1+1 &lt;b&gt;").count(), 500);
    let csv = stdout(&report("many.run", &["--format", "csv"]));
    assert_eq!(csv.matches(",'=1+1 <b>,").count(), 500);
    let formats: &[&str] = if cfg!(feature = "reports") { &["html", "pdf", "docx", "xlsx"] } else { &["html"] };
    for format in formats {
        for file in ["many", "long"] {
            let out = format!("{file}.{format}");
            let output = report(&format!("{file}.run"), &["--out", &out]);
            assert!(output.status.success(), "{out}: {}", stderr(&output));
        }
    }
}

#[cfg(not(feature = "reports"))]
#[test]
fn a_build_without_a_format_says_so() {
    let folder = with_run();
    for format in ["pdf", "docx", "xlsx"] {
        let output = report(folder.path(), &["--out", &format!("a.{format}")]);
        assert_eq!(output.status.code(), Some(1));
        assert_says(&stderr(&output), &[&format!("writes no {}", format.to_uppercase()), "`reports`", "html"]);
        assert!(!folder.path().join(format!("a.{format}")).exists());
    }
}

/// All files hold what they are named for, twice the same, for one run and for several; DOCX has every word of HTML.
#[cfg(feature = "reports")]
#[test]
fn files_for_other_programs_are_whole_and_repeat() {
    let folder = with_class();
    let path = folder.path();
    let bytes = |files: &[&str], name: &str| {
        let arguments = [&["report", "--scenario", "tiny", "--quiet", "--force", "--out", name], files].concat();
        let output = blackstart(path, &arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        fs::read(path.join(name)).unwrap()
    };
    for files in [&CLASS[..1], &CLASS[..]] {
        for (name, begins) in [("a.pdf", &b"%PDF-1.7"[..]), ("a.docx", b"PK\x03\x04"), ("a.xlsx", b"PK\x03\x04")] {
            let first = bytes(files, name);
            assert!(first.starts_with(begins), "{name}");
            assert!(first == bytes(files, name), "{name} differs between two runs of the program");
        }
        let words = |text: &str| -> Vec<String> {
            let mut words = String::new();
            let mut is_text = true;
            for c in text.chars() {
                match c {
                    '<' => is_text = false,
                    '>' => is_text = true,
                    c if is_text => words.push(c),
                    _ => {}
                }
                if c == '>' && !words.ends_with(' ') {
                    words.push(' ');
                }
            }
            words.replace("&#39;", "'").split_whitespace().map(str::to_owned).collect()
        };
        let docx = String::from_utf8_lossy(&bytes(files, "a.docx")).into_owned();
        let from = docx.find("<w:body>").expect("a stored document");
        let docx = &docx[from..docx.find("</w:body>").unwrap()];
        let page = String::from_utf8(bytes(files, "a.html")).unwrap();
        let page = &page[page.find("<main>").unwrap()..];
        let there: std::collections::BTreeSet<String> = words(docx).into_iter().collect();
        // Words of charts are in their pictures.
        let mut plain = String::new();
        let mut rest = page;
        while let Some(at) = rest.find("<svg") {
            plain.push_str(&rest[..at]);
            rest = &rest[at + rest[at..].find("</svg>").unwrap()..];
        }
        plain.push_str(rest);
        let missing: Vec<String> = words(&plain).into_iter().filter(|word| !there.contains(word)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
