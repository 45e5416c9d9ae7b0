//! The laws of docs/ARCHITECTURE.md and docs/STYLE.md that a scanner can hold.

mod calls;
mod layers;
mod paths;
mod size;
mod source;
mod words;

use source::{read, root};

/// Two versions of egui compile, and then panels and window do not understand each other.
#[test]
fn there_is_one_egui() {
    let lock = read(&root().join("Cargo.lock"));
    for package in ["egui", "bevy_ecs", "wgpu"] {
        let count = lock.lines().filter(|line| *line == format!("name = \"{package}\"")).count();
        assert_eq!(count, 1, "versions of {package} in Cargo.lock");
    }
}

/// The documents that the README promises are there.
#[test]
fn promised_files_exist() {
    for path in
        ["README.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "assets/CREDITS.md", "LICENSE-MIT", "LICENSE-APACHE"]
    {
        assert!(root().join(path).is_file(), "{path}");
    }
}
