//! Tries the readers of scenarios, playbooks, targets and run files on damaged inputs.
//!
//! ```text
//! cargo run --release --no-default-features --example fuzz -- scenario --seconds 600
//! cargo run --release --no-default-features --example fuzz -- run --seconds 600 --seed 7
//! ```
//!
//! Inputs are those of `fuzz/corpus/<target>` and of `tests/data/tiny`, changed by one to eight mutations: bytes,
//! pieces of other inputs, blanks of every kind, brackets, quotes, numbers. Run files get a chain made anew after
//! every second mutation. If an input can be read, it is also used: scenarios and playbooks are played, run files
//! listed, verified and signed. A finding is an input that makes the program panic, print a control character, or
//! take longer than two seconds. It is written to the working folder, and the program ends with status 1. Mutations
//! do not depend on coverage, and equal seeds make equal inputs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, panic};

use blackstart::assess::verify::verify;
use blackstart::base::characters::is_harmful;
use blackstart::base::draw::mix;
use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::Scenario;
use blackstart::scenario::load::{SourceFile, SourceFiles, inspect, load, load_playbooks, load_targets};
use blackstart::session::run::play_unrecorded;
use blackstart::session::runfile::{self, PrivateKey, RunFile, read_bytes, summarise_bytes};
use blackstart::session::{Cast, Note, NoteTag, Player, Remarks, Run, Setup};
use blackstart::sim::World;
use blackstart::sim::memory::bytes_at_most;

/// Longest time that one input may take.
const SLOW: Duration = Duration::from_secs(2);
/// Largest world that is simulated, in bytes.
const WORLD_BYTES_MAX: u64 = 64 << 20;
/// Playbooks and run files are played up to this tick; the release is at tick 249.
const PLAYED_UNTIL: Tick = Tick(600);
/// Longest input.
const INPUT_BYTES_MAX: usize = 64 << 10;

/// Pieces that mutations put in.
const SPLINTERS: [&[u8]; 44] = [
    b"\xc2\xa0",
    b"\xe2\x80\x8b",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"\xc2\x85",
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\x1b[2J",
    "é".as_bytes(),
    "医".as_bytes(),
    "😀".as_bytes(),
    b"\xff",
    b"\xf0\x9f",
    "“".as_bytes(),
    "−".as_bytes(),
    b"0,5",
    b"1,000,000",
    b"1e308",
    b"-1",
    b"4294967296",
    b"18446744073709551615",
    b"NaN",
    b"inf",
    b",",
    b":",
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"\\",
    b"\\u{",
    b"r#\"",
    b"'",
    b"/*",
    b"*/",
    b"//",
    b"Some(",
];

/// A stream of numbers.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

fn mutated(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(8) {
        let start = dice.below(input.len() + 1);
        let length = if dice.below(4) == 0 { dice.below(200) } else { dice.below(6) };
        let end = (start + length).min(input.len());
        let piece: Vec<u8> = match dice.below(8) {
            0 => Vec::new(),
            1 => vec![dice.next() as u8],
            2 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len() + 1);
                other[from..(from + dice.below(300)).min(other.len())].to_vec()
            }
            3 => input[start..end].repeat(2 + dice.below(40)),
            _ => SPLINTERS[dice.below(SPLINTERS.len())].to_vec(),
        };
        input.splice(start..end, piece);
        input.truncate(INPUT_BYTES_MAX);
    }
    input
}

/// Reads an input and returns the text that the program would print.
type Reader = Box<dyn Fn(&[u8], &mut Dice) -> String + panic::RefUnwindSafe>;

fn tiny() -> SourceFiles {
    SourceFiles::read(&root().join("tests/data/tiny")).expect("tests/data/tiny is there")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text_of(name: &str, bytes: &[u8]) -> Result<SourceFile, String> {
    SourceFile::from_bytes(name.to_owned(), name, bytes).map_err(|problem| problem.to_string())
}

fn scenario_reader() -> Reader {
    let tiny = tiny();
    Box::new(move |bytes, dice| {
        let mut sources = tiny.clone();
        let index = dice.below(sources.files.len());
        match text_of(&sources.files[index].name, bytes) {
            Ok(file) => sources.files[index].text = file.text,
            Err(problem) => return problem,
        }
        let loaded = inspect(&sources);
        if let Some(documents) = loaded.documents {
            let scenario = Arc::new(Scenario::compile(documents));
            if bytes_at_most(&scenario) <= WORLD_BYTES_MAX {
                let mut world = World::new(scenario, 1);
                (0..10).for_each(|_| world.step());
            }
        }
        loaded.diagnostics.to_string()
    })
}

fn playbook_reader() -> Reader {
    let documents = load(&tiny()).expect("tests/data/tiny is right");
    Box::new(move |bytes, _| {
        let file = match text_of("playbooks.ron", bytes) {
            Ok(file) => file,
            Err(problem) => return problem,
        };
        match load_playbooks(&file, &documents) {
            Ok(playbooks) => {
                for playbook in playbooks.into_iter().take(3) {
                    let mut scenario = Scenario::compile(documents.clone());
                    let index = scenario.compile_extra_playbook(playbook);
                    let cast = Cast::everybody(Some(index));
                    let setup = Setup { scenario: Arc::new(scenario), seed: 1, cast };
                    play_unrecorded(&setup, PLAYED_UNTIL, |_| PLAYED_UNTIL);
                }
                String::new()
            }
            Err(found) => found.to_string(),
        }
    })
}

fn targets_reader() -> Reader {
    let documents = load(&tiny()).expect("tests/data/tiny is right");
    Box::new(move |bytes, _| match text_of("targets.ron", bytes) {
        Ok(file) => load_targets(&file, &documents).err().map_or_else(String::new, |found| found.to_string()),
        Err(problem) => problem,
    })
}

/// The program prints messages of run files through `characters::terminal`.
fn run_reader() -> Reader {
    let scenario = Arc::new(Scenario::compile(load(&tiny()).expect("tests/data/tiny is right")));
    let key = PrivateKey::random().expect("the system has random numbers");
    let key = key.to_text();
    Box::new(move |bytes, dice| {
        let bytes = if dice.below(2) == 0 { chained(bytes) } else { bytes.to_vec() };
        let key: PrivateKey = key.parse().expect("a key that was just written");
        let mut messages = vec![
            summarise_bytes(&bytes).err().map(|error| error.to_string()),
            runfile::sign(&bytes, &key).err().map(|error| error.to_string()),
        ];
        match read_bytes(&bytes) {
            Err(error) => messages.push(Some(error.to_string())),
            Ok(reading) if reading.file.last_tick() <= PLAYED_UNTIL => {
                messages.extend(reading.altered.iter().map(|altered| Some(altered.covers.clone())));
                messages.push(verify(&reading.file, &scenario, &|_| ()).err());
            }
            Ok(_) => {}
        }
        let message: String = messages.into_iter().flatten().collect();
        blackstart::base::characters::terminal(&message).into_owned()
    })
}

/// The lines of a run file with a new chain, so that reading does not stop at the chain.
fn chained(bytes: &[u8]) -> Vec<u8> {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let mut chain = lines.next().unwrap_or_default().to_vec();
    let mut text = chain.clone();
    for line in lines {
        text.push(b'\n');
        let Some(end) = line.iter().position(|&byte| byte == b' ') else {
            text.extend(line);
            continue;
        };
        let hash = blake3::Hasher::new().update(&chain).update(&line[end + 1..]).finalize().to_hex();
        chain = hash.as_bytes()[..32].to_vec();
        text.extend(&chain);
        text.extend(&line[end..]);
    }
    text
}

/// A short run with every kind of record, in the formats of version 2 and version 1.
fn runs() -> Vec<Vec<u8>> {
    let scenario = Arc::new(Scenario::compile(load(&tiny()).expect("tests/data/tiny is right")));
    let reference = scenario.playbook_index("reference");
    let setup =
        Setup { scenario: scenario.clone(), seed: 1, cast: Cast::one_seat(Ix::new(0), Player::Person, reference) };
    let mut run = Run::new(setup);
    run.challenge = Some("heron 7".into());
    run.advance_to(Tick(290));
    let seat = blackstart::sim::Issuer::Seat(Ix::new(0));
    let remarks = Remarks { confidence_pct: Some(80), reason: Some("because".into()), ..Remarks::default() };
    for mitigation in scenario.mitigations.indices() {
        let possible = blackstart::sim::possible::possible_with(&run.world, seat, mitigation);
        let targets: Vec<_> = possible.open_targets().collect();
        for target in targets {
            // An order may make the next one impossible; the refusal does not matter here.
            let _ = run.order_with(blackstart::sim::Command::Order { by: seat, mitigation, target }, remarks.clone());
        }
    }
    let _ = run.order(blackstart::sim::Command::Cancel { by: seat, order: Ix::new(0) });
    run.notes.push(Note {
        tick: Tick(290),
        seat: Some(Ix::new(0)),
        objective: Some(1),
        tag: NoteTag::Gap,
        text: "a note".to_owned(),
        person: None,
    });
    run.advance_to(Tick(330));
    let text = RunFile::from_run(&run, Vec::new()).to_text();
    let version_1 = |name: &str| {
        let old = fs::read_to_string(root().join("tests/data/runs").join(name)).expect("the run is there");
        // Seven hours of digests with the commands between them, and an end for this part.
        let mut lines: Vec<&str> = old.lines().take(12).collect();
        let end = r#"0 {"end":{"tick":419,"digest":"0000000000000000","objectives":[],"score":null}}"#;
        lines.push(end);
        let chained = chained((lines.join("\n") + "\n").as_bytes());
        String::from_utf8(chained).expect("text in, text out")
    };
    let key = PrivateKey::random().expect("the system has random numbers");
    let signed = runfile::sign(text.as_bytes(), &key).expect("a finished run");
    [text, signed, version_1("tiny-incident-lead-reference-7.run")].map(String::into_bytes).to_vec()
}

/// The inputs of a target: its corpus, and the files of the small scenario that are of its kind.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(root().join("fuzz/corpus").join(target)).expect("the corpus is there") {
        inputs.push((
            entry.as_ref().expect("an entry").file_name(),
            fs::read(entry.expect("an entry").path()).expect("a file"),
        ));
    }
    // The system lists a folder in any order.
    inputs.sort();
    let mut inputs: Vec<Vec<u8>> = inputs.into_iter().map(|(_, bytes)| bytes).collect();
    for file in tiny().files {
        let is_its = match target {
            "scenario" => true,
            "playbook" => file.name == "playbooks.ron",
            _ => false,
        };
        if is_its {
            inputs.push(file.text.into_bytes());
        }
    }
    if target == "run" {
        inputs.extend(runs());
    }
    inputs
}

/// The finding for the result of an input; none if nothing is wrong.
fn complaint(result: std::thread::Result<String>, took: Duration) -> Option<String> {
    match result {
        Err(_) => Some("it panics".to_owned()),
        Ok(text) if text.chars().any(is_harmful) => Some(format!("a message carries a control character: {text:?}")),
        Ok(_) if SLOW < took => Some(format!("it takes {took:?}")),
        Ok(_) => None,
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let value = arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
        value.and_then(|value| value.parse::<u64>().ok())
    };
    let target = arguments.first().map_or("", String::as_str);
    let reader = match target {
        "scenario" => scenario_reader(),
        "playbook" => playbook_reader(),
        "targets" => targets_reader(),
        "run" => run_reader(),
        _ => {
            eprintln!("usage: fuzz scenario|playbook|targets|run [--seconds 60] [--seed 1]");
            return ExitCode::from(2);
        }
    };
    let corpus = corpus(target);
    let (seconds, mut dice) = (number("--seconds").unwrap_or(60), Dice(number("--seed").unwrap_or(1)));
    panic::set_hook(Box::new(|_| {}));
    let (begun, mut tries, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let input = mutated(&mut dice, &corpus);
        let seed = dice.next();
        let start = Instant::now();
        let result = panic::catch_unwind(|| reader(&input, &mut Dice(seed)));
        let took = start.elapsed();
        (tries, slowest) = (tries + 1, slowest.max(took));
        if let Some(problem) = complaint(result, took) {
            let path = Path::new("fuzz-finding");
            let is_written = fs::write(path, &input).is_ok();
            println!(
                "{target}: input {tries}: {problem}; seed of the choice {seed}; written to fuzz-finding: {is_written}"
            );
            return ExitCode::from(1);
        }
    }
    println!("{target}: {tries} inputs in {seconds} s, nothing found; the slowest took {slowest:?}");
    ExitCode::SUCCESS
}
