//! Starts the built program for a test: without a display, in a folder of the test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::TINY;

/// Runs the program to its end.
pub fn blackstart(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_blackstart"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .expect("the program starts")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are text")
}

/// Fails with the whole text if one of the parts is missing.
#[track_caller]
pub fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
}

/// A folder with a copy of the tiny scenario, which the test may change.
pub fn with_tiny() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY), folder.path().join("tiny"));
    fs::create_dir_all(to.join("organisations")).unwrap();
    for part in ["", "organisations"] {
        for entry in fs::read_dir(from.join(part)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(part).join(entry.file_name())).unwrap();
            }
        }
    }
    folder
}
