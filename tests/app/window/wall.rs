//! The window of the wall of a facilitated exercise: it shows the way in, and the exercise outlives it.

#![cfg(all(feature = "server", target_os = "linux"))]

use std::time::Duration;

use super::desktop::{BLACKSTART, Desktop, EXIT_LIMIT};
use super::program::Program;
use super::tiny;

/// Looks for the way in and closes the window.
const LOOK: &str = r#"
wait "Not begun" 90
expect "PIN"
expect "QR code of the address"
expect "Map of organisations"
touch seen
quit
"#;

fn host(desktop: &Desktop) -> Program {
    std::fs::write(desktop.path("steps"), LOOK).expect("a file");
    let mut command = desktop.command(BLACKSTART);
    command.args(["host", &tiny(), "--bind", "127.0.0.1", "--port", "0", "--size", "1280x720", "--automation"]);
    Program::start(command.arg(desktop.path("steps")))
}

#[test]
fn the_exercise_goes_on_without_the_window_of_the_wall() {
    let Some(desktop) = Desktop::open() else { return };
    let mut program = host(&desktop);
    desktop.wait_for(&mut program, "seen");
    let goes_on = program.ended_within(Duration::from_secs(4)).is_none();
    assert!(goes_on, "{}", program.said());
    program.signal("INT");
    let ended = program.ended_within(EXIT_LIMIT).expect("Ctrl-C ends the server");
    let said = program.said();
    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(said.contains("The window of the wall is closed; the exercise goes on"), "{said}");
    assert!(said.contains("Facilitator") && !said.contains("panicked"), "{said}");
}

#[test]
fn ctrl_c_ends_the_server_while_the_window_is_open() {
    let Some(desktop) = Desktop::open() else { return };
    std::fs::write(desktop.path("steps"), LOOK.replace("quit", "sleep 60")).expect("a file");
    let mut command = desktop.command(BLACKSTART);
    command.args(["host", &tiny(), "--bind", "127.0.0.1", "--port", "0", "--automation"]);
    let mut program = Program::start(command.arg(desktop.path("steps")));
    desktop.wait_for(&mut program, "seen");
    program.signal("INT");
    let ended = program.ended_within(EXIT_LIMIT).expect("Ctrl-C ends the program");
    let said = program.said();
    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(said.contains("interrupted by Ctrl-C"), "{said}");
}
