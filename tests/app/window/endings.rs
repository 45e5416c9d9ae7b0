//! Endings of a window during an exercise: each has its own message and status, the exercise is saved, and nothing else
//! is written.

use std::fs;
use std::path::{Path, PathBuf};

use super::desktop::{BLACKSTART, Desktop, EXIT_LIMIT};
use super::program::Program;
use super::tiny;

/// Some seconds at a minute a second, so that there is an exercise to save.
const UNDER_WAY: &str = r#"
wait "Begin exercise" 60
key Enter
wait "Map of organisations" 60
key 3
sleep 4
touch playing
"#;

/// Starts an exercise of the tiny scenario; the automation continues with the commands of `then`.
fn begin(desktop: &Desktop, then: &str) -> Program {
    let mut command = desktop.play_command(&format!("{UNDER_WAY}{then}"));
    Program::start(command.args(["--size", "1280x720", &tiny(), "--seat", "incident-lead"]))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// One run file has all that was played, and there are no other files in the folders of the program and the user.
fn assert_saved(desktop: &Desktop) {
    let written: Vec<PathBuf> =
        ["work", "data", "config"].iter().flat_map(|folder| files(&desktop.path(folder))).collect();
    let [run] = &written[..] else { panic!("one run file is written and nothing else: {written:?}") };
    let mut command = desktop.command(BLACKSTART);
    command.arg("verify").arg(run).args(["--scenario", &tiny()]);
    let said = Program::start(&mut command).succeeds_within(EXIT_LIMIT);
    let ticks = said.strip_prefix("verified: ").and_then(|rest| rest.split_whitespace().next());
    let ticks: u32 = ticks.and_then(|ticks| ticks.parse().ok()).unwrap_or_else(|| panic!("{said}"));
    assert!(2 <= ticks, "some four minutes were played: {said}");
}

fn ends(then: &str, end: impl FnOnce(&mut Desktop, &Program), status: i32, words: &str) {
    let Some(mut desktop) = Desktop::open() else { return };
    let mut program = begin(&desktop, then);
    desktop.wait_for(&mut program, "playing");
    end(&mut desktop, &program);
    let ended = program.ended_within(EXIT_LIMIT).expect("an end");
    let said = program.said();
    assert_eq!(ended.code(), Some(status), "{said}");
    assert!(said.contains(words) && !said.contains("reference run"), "{said}");
    assert_eq!(said.contains("panicked"), then.contains("panic"), "{said}");
    assert_saved(&desktop);
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_terminate_and_log_out_end_the_window_each_in_its_own_words() {
    ends("", |_, program| program.signal("INT"), 130, "interrupted by Ctrl-C");
    ends("", |_, program| program.signal("TERM"), 143, "asked to terminate");
    ends("", |_, program| program.signal("HUP"), 129, "the terminal was closed or the session ended");
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_display_is_told_as_such() {
    let kill = |desktop: &mut Desktop, _: &Program| desktop.server.kill().expect("Xvfb ends");
    ends("", kill, 69, "the display is gone");
}

#[test]
fn a_mistake_of_the_program_says_that_it_is_one() {
    ends("panic \"on purpose\"", |_, _| (), 70, "on purpose");
}

#[test]
fn a_lost_graphics_device_is_told_as_such() {
    ends("lose-device", |_, _| (), 71, "the graphics device failed");
}

/// Closing the window during an exercise opens a question. Enter keeps playing, a button closes the window, and the
/// exercise is offered at the next start.
#[test]
fn closing_the_window_in_mid_run_asks_first() {
    let Some(desktop) = Desktop::open() else { return };
    let close = r#"
key Ctrl+Q
wait "Confirm: Keep playing" 60
key Enter
gone "Confirm: Keep playing"
key Ctrl+Q
wait "Close window" 60
click "Close window"
sleep 60
"#;
    begin(&desktop, close).succeeds_within(EXIT_LIMIT);
    assert_saved(&desktop);
    // The scenario on the command line opens the seat screen; Back leads to the start screen.
    let start = "wait \"Seat Incident lead\" 60\nkey Escape\nwait \"Continue an exercise\" 60\nlabels start.json\nquit";
    let mut command = desktop.play_command(start);
    Program::start(command.arg(tiny())).succeeds_within(EXIT_LIMIT);
    let labels = fs::read_to_string(desktop.path("start.json")).expect("labels");
    assert!(labels.contains("Continue A tiny outage"), "{labels}");
}
