//! Embeds the files of `scenarios/` for `scenario::library`, so that the program works from any folder.
//!
//! *Rationale.* A macro over the folder would not make Cargo rebuild for new files; this script does.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=scenarios");
    let mut code = String::from("static BUILTIN: &[(&str, &[Text])] = &[\n");
    for scenario in entries(&root.join("scenarios")).iter().filter(|path| path.join("scenario.ron").is_file()) {
        writeln!(code, "    ({:?}, &[", name(scenario)).expect("a String takes everything");
        let organisations = entries(&scenario.join("organisations"));
        let files = entries(scenario).into_iter().map(|path| (name(&path), path));
        let nested = organisations.into_iter().map(|path| (format!("organisations/{}", name(&path)), path));
        for (name, path) in files.chain(nested).filter(|(_, path)| path.extension().is_some_and(|ron| ron == "ron")) {
            // The path becomes absolute when the list is compiled, because a build folder may outlive the checkout
            // that made it.
            let inside = Path::new("/").join(path.strip_prefix(&root).expect("an entry of the checkout"));
            let inside = inside.display().to_string();
            writeln!(code, "        ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {inside:?}))),")
                .expect("a String takes everything");
        }
        code.push_str("    ]),\n");
    }
    code.push_str("];\n");
    fs::write(out.join("builtin_scenarios.rs"), code).expect("OUT_DIR can be written");
}

/// The entries of a folder, sorted; empty if the folder does not exist.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
