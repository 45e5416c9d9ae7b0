//! The rules of docs/ARCHITECTURE.md and docs/STYLE.md that a scanner can check.

mod calls;
mod layers;
mod paths;
mod size;
mod source;
mod words;

use source::{read, root};

/// There is one version of egui. Two would compile, but panels and window could not exchange values.
#[test]
fn there_is_one_egui() {
    let lock = read(&root().join("Cargo.lock"));
    for package in ["egui", "bevy_ecs", "wgpu"] {
        let count = lock.lines().filter(|line| *line == format!("name = \"{package}\"")).count();
        assert_eq!(count, 1, "versions of {package} in Cargo.lock");
    }
}

/// The documents that the README links exist.
#[test]
fn promised_files_exist() {
    for path in
        ["README.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "assets/CREDITS.md", "LICENSE-MIT", "LICENSE-APACHE"]
    {
        assert!(root().join(path).is_file(), "{path}");
    }
}
