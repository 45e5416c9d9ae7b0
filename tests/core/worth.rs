//! `blackstart worth` as people call it: table, CSV, JSON, and bad input.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::Scenario;
use blackstart::session::runfile::RunFile;
use blackstart::session::{Cast, CastSeat, Player, Setup, Timeline};
use blackstart::sim::possible::possible_with;
use blackstart::sim::{Command, Issuer};
use serde_json::Value;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};
use crate::support::{TINY, scenario};

/// Asks for the worth of a run file in a folder with the tiny scenario.
fn worth(folder: &Path, file: &str, more: &[&str]) -> Output {
    blackstart(folder, &[&["worth", file, "--scenario", "tiny"], more].concat())
}

/// A person's orders of a mitigation by id; each is taken back a minute later if `is_taken_back`.
struct Orders<'a> {
    seats: &'a [u32],
    orders: &'a [(u32, &'a str)],
    is_taken_back: bool,
    until: u32,
}

impl Orders<'_> {
    /// Writes the run file of a run in which the first seat gives these orders.
    fn write(&self, path: &Path) {
        let scenario: Arc<Scenario> = scenario(TINY);
        let seats = self.seats.iter().map(|&seat| CastSeat { seat: Ix::new(seat), player: Player::Person });
        let cast = Cast::new(seats, scenario.playbook_index("reference"));
        let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed: 9, cast });
        for &(tick, id) in self.orders {
            timeline.advance_to(Tick(tick));
            let is_it = |index: &Ix<_>| scenario.docs.mitigations[Ix::position(*index)].id == id;
            let mitigation = scenario.mitigations.indices().find(is_it).expect("a mitigation");
            let by = Issuer::Seat(Ix::new(self.seats[0]));
            let row = possible_with(&timeline.run().world, by, mitigation);
            let Some(target) = row.open_targets().next() else { continue };
            timeline.order(Command::Order { by, mitigation, target }).expect("it is possible");
            if self.is_taken_back {
                let order = Ix::from_usize(timeline.run().world.orders().len() - 1);
                timeline.advance_to(Tick(tick + 1));
                timeline.order(Command::Cancel { by, order }).expect("it has not begun");
            }
        }
        timeline.advance_to(Tick(self.until));
        fs::write(path, RunFile::from_run(timeline.run(), Vec::new()).to_text()).unwrap();
    }
}

const TWO: Orders =
    Orders { seats: &[1], orders: &[(270, "overtime"), (300, "servers-first")], is_taken_back: false, until: 2880 };

/// The run's own seed keeps the written figures; every further seed has other ones.
#[test]
fn drawn_figures_widen_bands_and_leave_the_run_itself() {
    let folder = with_tiny();
    let lead = Orders { seats: &[0], orders: &[(420, "overtime")], is_taken_back: false, until: 2880 };
    lead.write(&folder.path().join("a.run"));
    let ask = |more: &[&str]| -> Value {
        let output = worth(folder.path(), "a.run", &[&["--seeds", "6", "--format", "json"], more].concat());
        serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)))
    };
    let (written, drawn) = (ask(&[]), ask(&["--uncertain"]));
    let scores = |value: &Value| value["luck"]["scores"].as_array().expect("a list").clone();
    assert_eq!((&written["figures"], &drawn["figures"]), (&"written".into(), &"drawn".into()));
    assert_eq!(scores(&written)[0], scores(&drawn)[0]);
    assert_ne!(scores(&written)[1..], scores(&drawn)[1..]);
    assert_eq!(drawn, ask(&["--uncertain", "--threads", "1"]));
}

#[test]
fn the_table_of_a_tiny_run() {
    let folder = with_tiny();
    TWO.write(&folder.path().join("a.run"));
    let output = worth(folder.path(), "a.run", &["--seeds", "4"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let parts = [
        "tiny  A tiny outage",
        "Duty manager, airline (duty-manager), 4 seeds from 9 on, times in UTC",
        "Worth of each decision: points with it minus points without it",
        "1  Fri 19 Jul 04:30  Call people in: Tiny Air",
        "Fri 19 Jul 05:00  Servers first: Tiny Air",
        "What each decision changed in 1 objective",
        "Cancel few flights",
        "All decisions together: ",
        "Parts of the whole (Shapley values, mean over 32 permutations",
        "Pairs whose joint effect differs from the sum of both by more than 1 point",
        "Decisions not taken (",
    ];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn equal_input_gives_equal_bytes_in_every_format() {
    let folder = with_tiny();
    TWO.write(&folder.path().join("a.run"));
    for format in ["table", "csv", "json"] {
        let ask =
            |threads: &str| worth(folder.path(), "a.run", &["--seeds", "3", "--format", format, "--threads", threads]);
        let (one, two) = (ask("1"), ask("2"));
        assert!(one.status.success(), "{}", stderr(&one));
        assert_eq!(stdout(&one), stdout(&two), "{format}");
        if format == "csv" {
            let text = stdout(&one);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            assert_eq!(
                reader.records().map(|row| row.unwrap()[3].to_owned()).collect::<Vec<_>>(),
                ["overtime", "servers-first"]
            );
        }
        if format == "json" {
            let json: Value = serde_json::from_str(&stdout(&one)).unwrap();
            assert_eq!((&json["seeds"], &json["seed"], &json["seat"]), (&3.into(), &9.into(), &"duty-manager".into()));
            assert_eq!(json["decisions"].as_array().unwrap().len(), 2);
            assert_eq!(json["luck"]["scores"].as_array().unwrap().len(), 3);
        }
    }
}

#[test]
fn a_run_without_decisions_says_so() {
    let folder = with_tiny();
    Orders { orders: &[], ..TWO }.write(&folder.path().join("a.run"));
    let output = worth(folder.path(), "a.run", &["--seeds", "2"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_says(&stdout(&output), &["The seat gave no order", "Decisions not taken"]);
}

#[test]
fn five_hundred_decisions_are_bounded_work() {
    let folder = with_tiny();
    let orders: Vec<(u32, &str)> = (0..500).map(|number| (5 * number, "paper")).collect();
    Orders { seats: &[0], orders: &orders, is_taken_back: true, until: 2880 }.write(&folder.path().join("a.run"));
    let output = worth(folder.path(), "a.run", &["--seeds", "2"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let parts = [
        "500  ",
        "note: only the 40 decisions with the largest effects were measured on every seed",
        "note: only the 12 decisions with the largest effects have parts of their own",
        "all others: ",
    ];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = with_tiny();
    let at = |name: &str| folder.path().join(name);
    TWO.write(&at("a.run"));
    Orders { until: 1, orders: &[], ..TWO }.write(&at("short.run"));
    Orders { seats: &[0, 1], orders: &[], ..TWO }.write(&at("team.run"));
    assert!(blackstart(folder.path(), &["run", "tiny", "--out", ".", "--quiet"]).status.success());
    let text = fs::read_to_string(at("a.run")).unwrap();
    fs::write(at("altered.run"), text.replace("\"tick\":270", "\"tick\":271")).unwrap();
    fs::write(at("broken.run"), &text[..text.len() / 2]).unwrap();
    fs::write(at("taken.txt"), "mine").unwrap();
    let check = |file: &str, more: &[&str], code: i32, parts: &[&str]| {
        let output = worth(folder.path(), file, more);
        assert_eq!(output.status.code(), Some(code), "{file} {more:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    check("none.run", &[], 1, &["there is no such file or folder: none.run"]);
    check("taken.txt", &[], 1, &["taken.txt"]);
    check("altered.run", &[], 1, &["the run file was altered: altered.run", "line", "blackstart verify"]);
    check("broken.run", &[], 1, &["the run was stopped at tick", "of 2880", "--to-end", "broken.run"]);
    check("short.run", &[], 1, &["the run was stopped at tick 1 of 2880", "--to-end", "short.run"]);
    check("team.run", &[], 1, &["several seats in play", "--seat: incident-lead, duty-manager"]);
    check("tiny-all-reference-1.run", &[], 1, &["no seat in play", "--seat"]);
    check("a.run", &["--seat", "incident-lead"], 1, &["`incident-lead` was not in play", "in play: duty-manager"]);
    check("a.run", &["--seat", "duty-manger"], 1, &["no seat `duty-manger`", "did you mean `duty-manager`?"]);
    check("a.run", &["--seeds", "0"], 2, &["--seeds", "0 is not in 1.."]);
    check("a.run", &["--out", "taken.txt"], 1, &["the file already exists", "taken.txt", "--force"]);
    check("a.run", &["--out", "taken.txt/below"], 1, &["taken.txt"]);
    assert_eq!(fs::read_to_string(at("taken.txt")).unwrap(), "mine");
    // The scenario is not built in, and then it is another version.
    let output = blackstart(folder.path(), &["worth", "a.run"]);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["no scenario `tiny`", "--scenario"]);
    let events = at("tiny/events.ron");
    fs::write(&events, fs::read_to_string(&events).unwrap().replace("\"release\", 78", "\"release\", 79")).unwrap();
    check("a.run", &[], 1, &["the scenario differs", "--scenario", "a.run"]);
}

#[test]
fn an_output_file_is_written_and_replaced_only_by_force() {
    let folder = with_tiny();
    TWO.write(&folder.path().join("a.run"));
    Orders { until: 600, ..TWO }.write(&folder.path().join("short.run"));
    let ask = |file: &str, more: &[&str]| {
        worth(folder.path(), file, &[&["--seeds", "2", "--out", "w.csv", "--format", "csv"], more].concat())
    };
    let output = ask("a.run", &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "Wrote w.csv\n");
    let written = fs::read_to_string(folder.path().join("w.csv")).unwrap();
    assert!(written.starts_with("decision,tick,utc,order,target,seeds"), "{written}");
    assert_eq!(ask("a.run", &[]).status.code(), Some(1));
    assert!(ask("a.run", &["--force", "--bom", "-q"]).status.success());
    assert_eq!(fs::read_to_string(folder.path().join("w.csv")).unwrap(), format!("\u{feff}{written}"));
    // A run that was stopped goes on to the end, where it equals the whole run: its orders came before.
    assert!(ask("short.run", &["--force", "--to-end"]).status.success());
    assert_eq!(fs::read_to_string(folder.path().join("w.csv")).unwrap(), written);
}
