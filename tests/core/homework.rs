//! Work around an exercise at the command line: tasks and marks of a class, events lists of planners, handouts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use blackstart::exercise::action::{ClockAction, OrderAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::View;
use blackstart::session::runfile;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};
use crate::support::{TINY, scenario};

const LEAD: &str = "incident-lead";
const FRAME: Duration = Duration::from_millis(250);
const BUDGET: Duration = Duration::from_millis(50);

fn tiny() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY).display().to_string()
}

/// Plays a seat of the tiny scenario as a person, with some orders, to the end or not; the run file.
fn play(folder: &Path, seed: u64, seat: &str, orders: usize, is_finished: bool) -> PathBuf {
    let options = DeskOptions { seed, out: folder.to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![scenario(TINY)], options);
    desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
    desk.apply(ScreenAction::ChooseSeat(seat.to_owned()).into());
    desk.apply(ScreenAction::Begin.into());
    desk.apply(ClockAction::SetSpeed(3600).into());
    for _ in 0..orders {
        desk.advance(FRAME * 4, BUDGET);
        let View::Exercise(view) = desk.view() else { break };
        let order = view.drawer.iter().find_map(|row| {
            let target = row.targets.iter().find(|target| target.refusal.is_none())?.target;
            Some(OrderAction::Give { mitigation: row.mitigation, target, confidence_pct: None, reason: None })
        });
        order.into_iter().for_each(|order| {
            desk.apply(order.into());
        });
    }
    let path = || {
        let paths = fs::read_dir(folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path()));
        let mut runs: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "run")).collect();
        runs.sort();
        runs.pop().expect("a run file")
    };
    if !is_finished {
        drop(desk);
        return path();
    }
    desk.apply(ClockAction::EndExercise.into());
    for _ in 0..10_000 {
        desk.advance(FRAME, BUDGET);
        if runfile::read(&path()).is_ok_and(|reading| reading.file.end.is_some()) {
            return path();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("the run is not finished");
}

/// Plays in a folder of its own and hands the file in under a name.
fn hand_in(homework: &Path, name: &str, seed: u64, seat: &str, orders: usize, is_finished: bool) {
    let own = tempfile::tempdir().expect("a folder");
    fs::copy(play(own.path(), seed, seat, orders, is_finished), homework.join(name)).expect("it is handed in");
}

#[test]
fn a_class_is_marked_by_its_task() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let task = blackstart(at, &["assign", &tiny(), "--seat", LEAD, "--seed", "7", "--out", "task.json"]);
    assert!(task.status.success(), "{}", stderr(&task));
    assert_says(&fs::read_to_string(at.join("task.json")).expect("a task"), &["\"seed\": 7", "--seat incident-lead"]);
    let homework = at.join("homework");
    fs::create_dir(&homework).expect("a folder");
    hand_in(&homework, "ada.run", 7, LEAD, 3, true);
    hand_in(&homework, "bo.run", 7, LEAD, 1, true);
    fs::copy(homework.join("ada.run"), homework.join("cy.run")).expect("copied homework");
    hand_in(&homework, "dee.run", 8, LEAD, 1, true);
    hand_in(&homework, "eve.run", 7, "duty-manager", 0, true);
    hand_in(&homework, "fay.run", 7, LEAD, 1, false);
    fs::write(homework.join("gus.run"), "no run").expect("a file");
    let altered = fs::read_to_string(homework.join("bo.run")).expect("text").replacen("\"seed\":7", "\"seed\":9", 1);
    fs::write(homework.join("hal.run"), altered).expect("a file");

    let files = ["--out", "marks.csv", "--report", "class.html", "--xapi", "class.json"];
    let marked =
        blackstart(at, &[&["mark", "homework", "--task", "task.json", "--scenario", &tiny()], &files[..]].concat());
    assert_eq!(marked.status.code(), Some(1), "some do not count: {}", stderr(&marked));
    let table = stdout(&marked);
    let row = |name: &str| {
        let row = table.lines().find(|line| line.contains(name));
        row.unwrap_or_else(|| panic!("{name} is missing in\n{table}\n{}", stderr(&marked)))
    };
    assert_says(row("ada.run"), &[",yes,incident-lead,"]);
    assert_says(row("bo.run"), &[",yes,"]);
    assert_says(row("cy.run"), &[",no,", "same run as number 1"]);
    assert_says(row("dee.run"), &[",no,", "the seed 8, not 7"]);
    assert_says(row("eve.run"), &[",no,", "no person played the seat `incident-lead`"]);
    assert_says(row("fay.run"), &[",no,", "not played to its end"]);
    assert_says(row("gus.run"), &[",no,"]);
    assert_says(row("hal.run"), &[",no,", "was altered"]);
    assert_says(&stderr(&marked), &["2 of 8 run files count; scores from "]);
    let marks = fs::read_to_string(at.join("marks.csv")).expect("the table");
    assert!(table.starts_with(&marks), "{table}");
    let class = fs::read_to_string(at.join("class.html")).expect("the class report");
    assert_says(&class, &["Class report", "ada", "bo"]);
    assert!(!class.contains("dee"), "only runs that count are in the class report");
    assert_says(&fs::read_to_string(at.join("class.json")).expect("statements"), &["\"actor\"", "ada"]);
}

#[test]
fn what_cannot_be_marked_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::create_dir(at.join("empty")).expect("a folder");
    fs::write(at.join("broken.json"), "{").expect("a file");
    fs::write(at.join("there.html"), "kept").expect("a file");
    for (arguments, words) in [
        (&["mark", "nowhere"][..], "the folder cannot be read"),
        (&["mark", "empty"], "there is no run file in this folder"),
        (&["mark", "empty", "--task", "broken.json"], "the task cannot be understood"),
        (&["mark", "empty", "--task", "missing.json"], "missing.json"),
        (&["mark", "empty", "--report", "there.html"], "there.html"),
        (&["assign", "2024-07-19", "--seat", "airline-op"], "did you mean `airline-ops`?"),
        (&["assign", "no-such", "--seat", "airline-ops"], "no-such"),
        (&["handout", "2024-07-19", "--seat", "airline-op"], "did you mean `airline-ops`?"),
    ] {
        let output = blackstart(at, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_says(&stderr(&output), &["error: ", words]);
    }
    assert_eq!(fs::read_to_string(at.join("there.html")).expect("a file"), "kept");
}

#[test]
fn lists_of_planners_go_out_and_come_back() {
    let folder = with_tiny();
    let at = folder.path();
    let injects = fs::read_to_string(at.join("tiny/injects.ron")).expect("injects");
    let mut endings = vec!["csv"];
    endings.extend(cfg!(feature = "reports").then_some("xlsx"));
    let mut texts = Vec::new();
    for columns in ["hseep", "blueprint", "mitre"] {
        for ending in &endings {
            let list = format!("{columns}.{ending}");
            let out = blackstart(at, &["msel", "tiny", "--columns", columns, "--out", &list]);
            assert!(out.status.success(), "{}", stderr(&out));
            let back = blackstart(at, &["msel", "tiny", "--from", &list]);
            assert!(back.status.success(), "{}", stderr(&back));
            texts.push(stdout(&back));
        }
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "every form of the list has the same injects");
    fs::write(at.join("tiny/injects.ron"), &texts[0]).expect("a file");
    let check = blackstart(at, &["check", "tiny"]);
    assert!(check.status.success(), "{}", stderr(&check));
    let again = blackstart(at, &["msel", "tiny", "--from", "mitre.csv"]);
    assert_eq!(stdout(&again), texts[0]);
    assert_ne!(injects, texts[0], "comments of the author are not in a list");
}

#[test]
fn broken_lists_are_refused_with_their_place() {
    let folder = with_tiny();
    let at = folder.path();
    let out = blackstart(at, &["msel", "tiny", "--out", "list.csv"]);
    assert!(out.status.success(), "{}", stderr(&out));
    let list = fs::read_to_string(at.join("list.csv")).expect("a list");
    let refused = |name: &str, text: &[u8], words: &[&str]| {
        fs::write(at.join(name), text).expect("a file");
        let output = blackstart(at, &["msel", "tiny", "--from", name, "--out", "made.ron"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_says(&stderr(&output), words);
        assert!(!at.join("made.ron").exists(), "nothing is written for {name}");
    };
    refused("empty.csv", b"", &["these columns are missing"]);
    refused("latin.csv", b"Event number,caf\xe9\n", &["no CSV file in UTF-8", "save it as CSV UTF-8"]);
    refused("head.csv", list.replacen("Event time", "When", 1).as_bytes(), &["row 1", "Event time"]);
    let time = list.lines().nth(1).and_then(|row| row.split(',').nth(1)).expect("a time");
    refused("time.csv", list.replacen(time, "tomorrow", 1).as_bytes(), &["row 2", "`tomorrow`", "D+2 H+3 M+45"]);
    refused("seat.csv", list.replacen(LEAD, "incident-led", 1).as_bytes(), &["incident-led", LEAD]);
    if cfg!(feature = "reports") {
        refused("text.xlsx", list.as_bytes(), &["this is no XLSX file", "text.xlsx"]);
    }
}

#[test]
fn a_handout_is_a_page_or_a_pdf() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = blackstart(folder.path(), &["handout", &tiny(), "--seat", LEAD]);
    assert!(page.status.success(), "{}", stderr(&page));
    assert_says(&stdout(&page), &["EXERCISE", "Orders you can give", "PIN"]);
    let pdf = blackstart(folder.path(), &["handout", &tiny(), "--seat", LEAD, "--out", "handout.pdf"]);
    if cfg!(feature = "reports") {
        assert!(pdf.status.success(), "{}", stderr(&pdf));
        let bytes = fs::read(folder.path().join("handout.pdf")).expect("a file");
        assert!(bytes.starts_with(b"%PDF-"));
    } else {
        assert_says(&stderr(&pdf), &["writes no PDF"]);
    }
}
