//! House rules as tests: who may use whom, one egui, banned calls, heads of modules.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use of the others. `main.rs` is the program, not a room.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("base", &[]),
    ("files", &["base"]),
    ("scenario", &["base"]),
    ("sim", &["base", "scenario"]),
    ("session", &["base", "files", "scenario", "sim"]),
    ("assess", &["base", "files", "scenario", "sim", "session"]),
    ("batch", &["base", "files", "scenario", "sim", "session", "assess"]),
    ("exercise", &["base", "files", "scenario", "sim", "session", "assess"]),
    ("ui", &["base", "scenario", "exercise"]),
    ("gui", &["base", "files", "scenario", "session", "exercise", "ui"]),
    ("cli", &["base", "files", "scenario", "sim", "session", "assess", "batch", "exercise", "ui", "gui"]),
];

/// Calls that would make a run depend on more than scenario, seed and log.
const BANNED_IN_SIM: [&str; 34] = [
    ".log(",
    ".log2(",
    ".ln_1p(",
    ".exp2(",
    ".exp_m1(",
    ".atan",
    ".tanh(",
    ".hypot(",
    ".cbrt(",
    "static mut",
    "std::time",
    "Instant::",
    "SystemTime",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::thread",
    "rayon",
    "HashMap",
    "HashSet",
    "println!",
    "eprintln!",
    "print!",
    ".sin()",
    ".cos()",
    ".tan()",
    ".exp()",
    ".ln()",
    ".powf(",
    ".powi(",
    ".log10()",
    "mul_add",
    "unsafe ",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Rust files below a folder, sorted.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}: {}", folder.display())) {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Source without comments, so that a rule may be named in one.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a readable source file");
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn uses(code: &str, room: &str) -> bool {
    code.match_indices(&format!("crate::{room}"))
        .any(|(at, found)| !code[at + found.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

#[test]
fn arrows_point_down() {
    let mut broken = Vec::new();
    for (room, allowed) in MAY_USE {
        for path in sources(&root().join("src").join(room)) {
            let code = code(&path);
            assert!(!code.contains("use crate::{"), "name each room on a line of its own: {}", path.display());
            for (other, _) in MAY_USE {
                if other != room && !allowed.contains(&other) && uses(&code, other) {
                    broken.push(format!("{room} may not use {other}: {}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    for entry in fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("a folder entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(!path.is_dir() || MAY_USE.iter().any(|(room, _)| *room == name), "src/{name} is not in the table");
    }
}

#[test]
fn the_core_knows_neither_egui_nor_bevy() {
    for room in ["base", "files", "scenario", "sim", "session", "assess", "batch", "exercise"] {
        for path in sources(&root().join("src").join(room)) {
            let code = code(&path);
            assert!(!code.contains("egui") && !code.contains("bevy"), "{}", path.display());
        }
    }
    for path in sources(&root().join("src/ui")) {
        assert!(!code(&path).contains("bevy"), "panels know nothing of Bevy: {}", path.display());
    }
}

#[test]
fn the_simulation_makes_no_banned_call() {
    let mut broken = Vec::new();
    for room in ["base", "sim"] {
        for path in sources(&root().join("src").join(room)) {
            let code = code(&path);
            let body = code.split("#[cfg(test)]").next().unwrap_or_default();
            broken.extend(
                BANNED_IN_SIM
                    .iter()
                    .filter(|banned| body.contains(**banned))
                    .map(|banned| format!("`{banned}` in {}", path.display())),
            );
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Two versions of egui compile, and then panels and window do not understand each other.
#[test]
fn there_is_one_egui() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    for package in ["egui", "bevy_ecs", "wgpu"] {
        let count = lock.lines().filter(|line| *line == format!("name = \"{package}\"")).count();
        assert_eq!(count, 1, "versions of {package} in Cargo.lock");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for path in sources(&root().join("src")) {
        let text = fs::read_to_string(&path).expect("a readable source file");
        assert!(text.starts_with("//!"), "no head: {}", path.display());
        let lines = text.lines().count();
        assert!(lines <= 750, "{lines} lines, split it: {}", path.display());
    }
}

/// Documents that the README promises are there.
#[test]
fn promised_files_exist() {
    for path in
        ["README.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "assets/CREDITS.md", "LICENSE-MIT", "LICENSE-APACHE"]
    {
        assert!(root().join(path).is_file(), "{path}");
    }
}
