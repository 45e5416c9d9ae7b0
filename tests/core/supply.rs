//! The packages of the program. Every package of Cargo.lock is in NOTICES with a permitted licence and comes from
//! the registry with its checksum, and a package with two versions has a reason for it. The tests read two files
//! and need no network; docs/reliability.md has the command for advisories.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Licences that the program may be shipped with.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "Unicode-3.0",
    "Zlib",
];
/// Packages with more than one version, because packages that use them do not agree yet. A new name in this list needs
/// a decision, because the package is compiled twice.
const SEVERAL_VERSIONS: [&str; 35] = [
    "accesskit_consumer",
    "bitflags",
    "block2",
    "codespan-reporting",
    "constant_time_eq",
    "downcast-rs",
    "foldhash",
    "font-types",
    "getrandom",
    "guillotiere",
    "harfrust",
    "hashbrown",
    "itertools",
    "jni-sys",
    "linux-raw-sys",
    "miniz_oxide",
    "objc2",
    "objc2-app-kit",
    "objc2-foundation",
    "objc2-metal",
    "objc2-quartz-core",
    "quick-xml",
    "r-efi",
    "read-fonts",
    "redox_syscall",
    "roxmltree",
    "rustc-hash",
    "rustix",
    "skrifa",
    "syn",
    "thiserror",
    "thiserror-impl",
    "tiny-skia",
    "tiny-skia-path",
    "windows-sys",
];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}: {}", path.display()))
}

#[derive(Debug, Default)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    has_checksum: bool,
}

/// The packages of Cargo.lock, without the program itself.
fn locked() -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for line in read("Cargo.lock").lines() {
        let value = |key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"').map(str::to_owned);
        if line == "[[package]]" {
            packages.push(Package::default());
        }
        let Some(package) = packages.last_mut() else { continue };
        if let Some(name) = value("name") {
            package.name = name;
        } else if let Some(version) = value("version") {
            package.version = version;
        } else if let Some(source) = value("source") {
            package.source = Some(source);
        } else if value("checksum").is_some() {
            package.has_checksum = true;
        }
    }
    packages.retain(|package| package.name != env!("CARGO_PKG_NAME"));
    packages
}

/// `name version` and licence of every package in NOTICES.
fn noticed() -> BTreeMap<String, String> {
    let notices = read("NOTICES");
    let lines = notices.lines().filter_map(|line| {
        let mut parts = line.split(" | ");
        let (Some(name), Some(licence), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        Some((name.to_owned(), licence.to_owned()))
    });
    lines.collect()
}

#[test]
fn notices_are_current() {
    let locked: BTreeSet<String> =
        locked().iter().map(|package| format!("{} {}", package.name, package.version)).collect();
    let noticed: BTreeSet<String> = noticed().into_keys().collect();
    let missing: Vec<_> = locked.difference(&noticed).collect();
    let gone: Vec<_> = noticed.difference(&locked).collect();
    assert!(missing.is_empty() && gone.is_empty(), "run scripts/notices; missing: {missing:?}, gone: {gone:?}");
    let text = read("NOTICES");
    assert!(text.contains(read("assets/CREDITS.md").trim()), "the credits have changed: run scripts/notices");
}

#[test]
fn every_licence_may_be_shipped() {
    let refused: Vec<_> = noticed().into_iter().filter(|(_, licence)| !is_allowed(licence)).collect();
    assert!(refused.is_empty(), "licences outside the list: {refused:?}");
    for (licence, expected) in [
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0", false),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND (GPL-3.0 OR AGPL-3.0)", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(licence), expected, "{licence}");
    }
}

/// Can a licence expression be met by allowed licences alone? `AND` binds before `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let holds = any(&words, &mut at);
    holds && at == words.len()
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut holds = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all(words, at);
    }
    holds
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut holds = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at);
    }
    holds
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let holds = any(words, at);
        *at += 1;
        return holds;
    }
    let mut licence = word.to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{word} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    ALLOWED.contains(&licence.as_str())
}

#[test]
fn every_package_comes_from_the_registry_with_its_checksum() {
    let is_right = |package: &&Package| package.source.as_deref() == Some(REGISTRY) && package.has_checksum;
    let others: Vec<_> = locked().into_iter().filter(|package| !is_right(&package)).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_package_has_two_versions_only_with_a_reason() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    locked().into_iter().for_each(|package| *versions.entry(package.name).or_default() += 1);
    let several: BTreeSet<String> =
        versions.into_iter().filter(|(_, count)| 1 < *count).map(|(name, _)| name).collect();
    let known: BTreeSet<String> = SEVERAL_VERSIONS.iter().map(|name| (*name).to_owned()).collect();
    let new: Vec<_> = several.difference(&known).collect();
    let gone: Vec<_> = known.difference(&several).collect();
    assert!(new.is_empty(), "there in several versions: {new:?}");
    assert!(gone.is_empty(), "there in one version by now, take them off the list: {gone:?}");
}
