//! Finds the paths of this crate that a file names, in `use` and in code.

use super::source::Source;

/// Paths from the root of the crate, sorted and once each: `["sim", "world", "World"]`.
pub fn paths(source: &Source) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    for (start, _) in source.code.match_indices(|c: char| c.is_alphabetic()) {
        let is_in_path = source.code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let is_anchor = ["crate::", "super::", "self::"].iter().any(|anchor| source.code[start..].starts_with(anchor));
        if is_anchor && !is_in_path {
            let mut found = Vec::new();
            let mut rest = &source.code[start..];
            expand(&mut rest, &[], &mut found);
            paths.extend(found.into_iter().filter_map(|path| absolute(&source.module, &path)));
        }
    }
    // The parent of a folder of files names its children without an anchor.
    let declared = source.lines().filter_map(|(_, line)| line.trim().trim_start_matches("pub ").strip_prefix("use "));
    for line in declared {
        let (mut rest, mut found) = (line, Vec::new());
        expand(&mut rest, &[], &mut found);
        let is_child = |path: &Vec<String>| source.code.contains(&format!("mod {};", path[0]));
        let children = found.into_iter().filter(|path| !path.is_empty() && is_child(path));
        paths.extend(children.map(|path| [source.module.clone(), path].concat()));
    }
    paths.retain(|path| !path.is_empty());
    paths.sort();
    paths.dedup();
    paths
}

/// Reads a path with braces and adds each path that it stands for.
fn expand(rest: &mut &str, prefix: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = prefix.to_vec();
    loop {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('{') {
            *rest = after;
            loop {
                *rest = rest.trim_start();
                if let Some(after) = rest.strip_prefix('}') {
                    *rest = after;
                    return;
                }
                let before = rest.len();
                expand(rest, &path, found);
                *rest = rest.trim_start();
                *rest = rest.strip_prefix(',').unwrap_or(rest);
                if rest.len() == before {
                    return;
                }
            }
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        // `{self, name}` stands for the path itself.
        if path.is_empty() || &rest[..end] != "self" {
            path.push(rest[..end].to_owned());
        }
        *rest = &rest[end..];
        let Some(after) = rest.strip_prefix("::") else { break };
        *rest = after;
    }
    if let Some(after) = rest.trim_start().strip_prefix("as ") {
        let name = after.trim_start();
        *rest = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    }
    found.push(path);
}

/// A path with its anchors resolved; none if it leaves the crate.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let (mut base, mut rest) = match path.first()?.as_str() {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (module.to_vec(), &path[1..]),
        _ => (module.to_vec(), path),
    };
    while let [first, after @ ..] = rest
        && first == "super"
    {
        base.pop()?;
        rest = after;
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

#[test]
fn paths_are_found_in_use_and_in_code() {
    let source = |module: &[&str], code: &str| Source {
        name: String::new(),
        module: module.iter().map(|part| (*part).to_owned()).collect(),
        code: code.to_owned(),
    };
    let check = |module: &[&str], code: &str, expected: &[&str]| {
        let found: Vec<String> = paths(&source(module, code)).iter().map(|path| path.join("::")).collect();
        assert_eq!(found, expected, "{code}");
    };
    check(
        &["sim", "world"],
        "use crate::base::{Tick, draw::{self, Key as K}};",
        &["base::Tick", "base::draw", "base::draw::Key"],
    );
    check(
        &["sim", "phases", "hosts"],
        "use super::hands; fn a() { super::super::world::b() }",
        &["sim::phases::hands", "sim::world::b"],
    );
    check(&["ui"], "mod map;\npub use map::draw_ui;\nuse egui::Ui;", &["ui::map::draw_ui"]);
    check(&["ui", "map"], "self::dots::draw(x::crate_name)", &["ui::map::dots::draw"]);
}
