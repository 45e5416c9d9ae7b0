//! Calls that the code must not make, each with the replacement to use.

use super::source::{Source, blanked, read, root, rust_files};

/// The modules to which a ban applies: those between a scenario's files and the digest of a run, or some of them.
const FILES_TO_DIGEST: &[&str] = &["base", "scenario", "sim", "session"];
const SIMULATION: &[&str] = &["base", "sim"];
/// Every module.
const EVERYWHERE: &[&str] = &[];

/// Methods of floating-point numbers that the platform's library computes, so that last bits may differ.
const PLATFORM_MATHEMATICS: [&str; 27] = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "exp2", "exp_m1",
    "gamma", "hypot", "ln", "ln_1p", "ln_gamma", "log", "log10", "log2", "mul_add", "powf", "powi", "sin", "sin_cos",
    "tan",
];

/// Modules, text that must not stand there, replacement.
type Ban = (&'static [&'static str], &'static str, &'static str);

const BANS: [Ban; 22] = [
    (FILES_TO_DIGEST, "HashMap", "BTreeMap, or a sorted Vec: the order of a hash map differs between runs"),
    (FILES_TO_DIGEST, "HashSet", "BTreeSet, or a sorted Vec: the order of a hash set differs between runs"),
    (FILES_TO_DIGEST, "rand::rng", "base::Draw: every draw is a function of seed, stream, entity and counter"),
    (FILES_TO_DIGEST, "thread_rng", "base::Draw: every draw is a function of seed, stream, entity and counter"),
    (FILES_TO_DIGEST, "SystemTime", "base::Tick: the only time is that of the scenario"),
    (SIMULATION, "std::time", "base::Tick, or measure in the caller"),
    (SIMULATION, "Instant", "base::Tick, or measure in the caller"),
    (SIMULATION, "std::fs", "an argument: scenario::load reads files"),
    (SIMULATION, "std::io", "an argument: scenario::load reads files"),
    (SIMULATION, "std::net", "an argument: sim has no input and no output"),
    (SIMULATION, "std::env", "an argument: sim has no input and no output"),
    (SIMULATION, "std::thread", "threads in the caller: a world belongs to one"),
    (SIMULATION, "rayon", "threads in the caller: a world belongs to one"),
    (SIMULATION, "thread_local!", "a field of World"),
    (SIMULATION, "println!", "a moment or an observable, which the caller prints"),
    (SIMULATION, "print!", "a moment or an observable, which the caller prints"),
    (SIMULATION, "eprintln!", "a moment or an observable, which the caller prints"),
    (EVERYWHERE, "static mut", "an argument, or a field"),
    (EVERYWHERE, "dbg!", "nothing: it is for the moment of debugging"),
    (EVERYWHERE, "todo!", "the code that is missing"),
    (EVERYWHERE, "unimplemented!", "the code that is missing"),
    (EVERYWHERE, "unwrap()", "an error for input; `expect` with the belief in the message for our own invariants"),
];

#[test]
fn no_banned_call_is_made() {
    let mut broken = Vec::new();
    for source in Source::all() {
        for (number, line) in source.lines() {
            for (modules, banned, replacement) in BANS {
                if (modules.is_empty() || modules.contains(&source.layer())) && is_called(line, banned) {
                    broken.push(format!("`{banned}`: use {replacement}: {}:{number}", source.name));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn is_called(line: &str, banned: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(banned).any(|(start, _)| {
        let is_whole_before = !line[..start].ends_with(is_name);
        let is_whole_after = !banned.ends_with(is_name) || !line[start + banned.len()..].starts_with(is_name);
        is_whole_before && is_whole_after
    })
}

/// The square root is exact by IEEE 754 and may stay.
#[test]
fn no_platform_mathematics_between_file_and_digest() {
    let mut broken = Vec::new();
    for source in Source::all().iter().filter(|source| FILES_TO_DIGEST.contains(&source.layer())) {
        for (number, line) in source.lines() {
            for name in PLATFORM_MATHEMATICS {
                let forms = [format!(".{name}("), format!("f64::{name}"), format!("f32::{name}")];
                if forms.iter().any(|form| is_called(line, form) || line.contains(form) && form.starts_with('.')) {
                    broken.push(format!("`{name}`: use libm::{name}: {}:{number}", source.name));
                }
            }
        }
    }
    assert!(broken.is_empty(), "the last bit depends on the platform:\n{}", broken.join("\n"));
}

/// Comparisons read from small to large: `low <= value && value < high`.
#[test]
fn comparisons_use_less_than_only() {
    let mut broken = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let code = blanked(&read(&path));
            let greater = code.lines().enumerate().filter(|(_, line)| is_greater_than(line));
            let place = |index: usize| format!("{}:{}", path.display(), index + 1);
            broken.extend(greater.map(|(index, _)| format!("write `b < a` for `a > b`: {}", place(index))));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// rustfmt puts spaces around operators, and none before the end of a list of types.
fn is_greater_than(line: &str) -> bool {
    line.split_whitespace().any(|word| word == ">" || word == ">=") && !line.trim_start().starts_with('>')
}

#[test]
fn calls_are_told_from_names_that_contain_them() {
    assert!(is_called("let a: HashMap<u8, u8>;", "HashMap"));
    assert!(!is_called("let a: MyHashMap<u8, u8>;", "HashMap"));
    assert!(!is_called("eprintln!(x)", "println!"));
    assert!(is_called("a.unwrap();", "unwrap()"));
    assert!(is_greater_than("if a > b {") && is_greater_than("x >= y") && !is_greater_than("fn a() -> Vec<Vec<u8>> {"));
}
