//! Uses between modules of `src` follow the table of docs/ARCHITECTURE.md, and files have no circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::paths::paths;
use super::source::{Source, identifiers, root};

/// The modules that each module may use, from the lowest layer up. `main.rs` is the program, not a module.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("base", &[]),
    ("files", &["base"]),
    ("scenario", &["base", "files"]),
    ("sim", &["base", "scenario"]),
    ("session", &["base", "files", "scenario", "sim"]),
    ("assess", &["base", "files", "scenario", "sim", "session"]),
    ("synth", &["base", "files", "scenario", "sim"]),
    ("study", &["base", "files", "scenario", "sim", "session", "assess", "synth"]),
    ("report", &["base", "scenario", "sim", "session", "assess", "study"]),
    ("exercise", &["base", "files", "scenario", "sim", "session", "assess", "study"]),
    ("ui", &["base", "scenario", "exercise"]),
    ("server", &["base", "files", "scenario", "exercise"]),
    ("gui", &["base", "files", "scenario", "session", "exercise", "ui"]),
    (
        "cli",
        &[
            "base", "files", "scenario", "sim", "session", "assess", "synth", "study", "report", "exercise", "ui",
            "server", "gui",
        ],
    ),
];

/// Folders whose files still use each other in a circle. A folder without a circle is removed; no folder may be added.
const WITH_CIRCLES: [&str; 0] = [];

#[test]
fn arrows_point_down() {
    let mut broken = Vec::new();
    for source in Source::all() {
        let (_, allowed) = row(source.layer());
        for path in paths(source) {
            let other = path[0].as_str();
            let is_module = MAY_USE.iter().any(|(module, _)| *module == other);
            if is_module && other != source.layer() && !allowed.contains(&other) {
                broken.push(format!("{} may not use {other}: {}", source.layer(), source.name));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn row(module: &str) -> (&'static str, &'static [&'static str]) {
    let row = MAY_USE.into_iter().find(|(name, _)| *name == module);
    row.unwrap_or_else(|| panic!("src/{module} is not in the table of who may use whom"))
}

/// A module uses modules above it in the table only, so that no circle between modules can be allowed.
#[test]
fn the_table_covers_every_module_and_allows_no_circle() {
    for (index, (module, allowed)) in MAY_USE.into_iter().enumerate() {
        assert!(root().join("src").join(module).is_dir(), "src/{module} is in the table and not there");
        for other in allowed {
            let is_lower = MAY_USE[..index].iter().any(|(lower, _)| lower == other);
            assert!(is_lower, "{module} may use {other}, which does not stand above it in the table");
        }
    }
    for entry in fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("a folder entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if !matches!(name.as_str(), "lib" | "main") {
            row(&name);
        }
    }
}

#[test]
fn only_panels_know_egui_and_only_the_window_knows_bevy() {
    for source in Source::all() {
        let knows = |library: &str| {
            let begins = |name: &str| name == library || name.starts_with(&format!("{library}_"));
            source.lines().any(|(_, line)| identifiers(line).any(begins))
        };
        assert!(matches!(source.layer(), "ui" | "gui") || !knows("egui"), "egui: {}", source.name);
        assert!(source.layer() == "gui" || !knows("bevy"), "Bevy: {}", source.name);
    }
}

/// The files of one folder with the files that each of them uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// For each parent module, the children that each child uses. A name that the parent re-exports (`pub use child::Name`)
/// counts as the child's.
fn uses_between_siblings(sources: &[Source]) -> BTreeMap<Vec<String>, Uses> {
    let mut children: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        for depth in 1..source.module.len() {
            children.entry(source.module[..depth].to_vec()).or_default().insert(source.module[depth].clone());
        }
    }
    let mut handed_on: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for source in sources {
        for path in paths(source).into_iter().filter(|path| path.starts_with(&source.module)) {
            if let [child, .., name] = &path[source.module.len()..] {
                let public_name = [source.module.clone(), vec![name.clone()]].concat();
                handed_on.insert(public_name, child.clone());
            }
        }
    }
    let mut all: BTreeMap<Vec<String>, Uses> = BTreeMap::new();
    for source in sources {
        let used = paths(source);
        for depth in 1..source.module.len() {
            let (parent, child) = (&source.module[..depth], &source.module[depth]);
            for path in used.iter().filter(|path| depth < path.len() && path.starts_with(parent)) {
                let is_child = children[parent].contains(&path[depth]);
                let sibling = if is_child { Some(&path[depth]) } else { handed_on.get(&path[..=depth]) };
                if let Some(sibling) = sibling.filter(|sibling| *sibling != child) {
                    let uses = all.entry(parent.to_vec()).or_default();
                    uses.entry(child.clone()).or_default().insert(sibling.clone());
                }
            }
        }
    }
    all
}

/// Groups of two or more files that use each other, directly or through others, sorted.
fn circles(uses: &Uses) -> BTreeSet<Vec<String>> {
    let reached = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(next) = open.pop() {
            for other in uses.get(&next).into_iter().flatten() {
                if seen.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&String, BTreeSet<String>> = uses.keys().map(|name| (name, reached(name))).collect();
    let circle = |name: &&String| -> Vec<String> {
        let others = reach[*name].iter().filter(|other| reach.get(other).is_some_and(|back| back.contains(*name)));
        others.cloned().collect()
    };
    uses.keys().map(|name| circle(&name)).filter(|circle| 1 < circle.len()).collect()
}

#[test]
fn files_of_a_folder_use_each_other_in_one_direction() {
    let (mut broken, mut found) = (Vec::new(), BTreeSet::new());
    for (parent, uses) in uses_between_siblings(Source::all()) {
        let parent = parent.join("::");
        for circle in circles(&uses) {
            if !WITH_CIRCLES.contains(&parent.as_str()) {
                broken.push(format!("{parent}: {}", circle.join(" ")));
            }
            found.insert(parent.clone());
        }
    }
    let clean: Vec<&str> = WITH_CIRCLES.into_iter().filter(|folder| !found.contains(*folder)).collect();
    assert!(broken.is_empty(), "files that use each other in a circle:\n{}", broken.join("\n"));
    assert!(clean.is_empty(), "these folders have no circle any more, take them off the list: {clean:?}");
}

#[test]
fn a_circle_is_found() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut uses = Uses::new();
        for (from, to) in pairs {
            uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        circles(&uses).into_iter().map(|circle| circle.join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("a", "c")]), Vec::<String>::new());
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]), ["a b c"]);
}
