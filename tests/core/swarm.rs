//! The swarm with the naive engine beside it, and generated worlds of any size.

use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;

use blackstart::scenario::compile::Scenario;
use blackstart::session::Cast;
use blackstart::session::{Run, Setup};
use blackstart::sim::{Command, World, command};
use blackstart::study::swarm::{self, Beside, Trial};
use blackstart::synth::dice::Dice;
use blackstart::synth::swarm::commands;
use blackstart::synth::{self, generate};

use crate::naive::{Naive, compare};
use crate::program::{blackstart, stderr, stdout};
use crate::support::compiled;

/// Seeds of the comparison with the naive engine: some ten seconds on two cores.
const SEEDS: u64 = 100;

/// The naive engine follows commands and minutes and is compared after each.
struct Second(Naive);

impl Beside for Second {
    fn apply(&mut self, command: &Command) {
        self.0.apply(command);
    }

    fn step(&mut self, world: &World) -> Result<(), String> {
        self.0.step();
        compare(&self.0, world).map_err(|difference| format!("the naive engine disagrees: {difference}"))
    }
}

fn beside_naive(seed: u64) -> Trial {
    swarm::trial_beside(seed, |scenario: &Arc<Scenario>, seed| Second(Naive::new(scenario.clone(), seed)))
}

#[test]
fn nothing_that_must_hold_breaks_on_any_seed() {
    let failed = Mutex::new(Vec::new());
    let next = Mutex::new(0..SEEDS);
    let work = || {
        loop {
            let Some(seed) = next.lock().unwrap().next() else { return };
            if let Err(problem) = beside_naive(seed).result {
                failed.lock().unwrap().push((seed, problem));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, |cores| cores.get()) {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    let first: Vec<String> = failed
        .iter()
        .take(5)
        .map(|(seed, problem)| format!("seed {seed}: {problem}\n    blackstart swarm --seeds {seed}..{}", seed + 1))
        .collect();
    assert!(failed.is_empty(), "{} of {SEEDS} seeds fail; the first:\n{}", failed.len(), first.join("\n"));
}

/// The summary digest is the same for any number of threads, and a seed alone gives the same result as among others.
#[test]
fn threads_do_not_matter() {
    let sum = |threads: usize| {
        let (sum, count) = (Mutex::new(0_u64), Mutex::new(0));
        swarm::trials(300..312, threads, &|trial| {
            let mut sum = sum.lock().unwrap();
            *sum = sum.wrapping_add(swarm::summary_digest(trial));
            *count.lock().unwrap() += 1;
        });
        (sum.into_inner().unwrap(), count.into_inner().unwrap())
    };
    let alone = (300..312).map(|seed| swarm::summary_digest(&swarm::trial(seed))).fold(0, u64::wrapping_add);
    assert_eq!(sum(1), (alone, 12));
    assert_eq!(sum(5), (alone, 12));
}

/// About half of the made-up commands are refused, so that acceptance and refusal are both tested.
#[test]
fn about_half_of_the_commands_can_be_carried_out() {
    let (mut given, mut accepted) = (0, 0);
    for seed in 0..20 {
        let scenario = Arc::new(compiled(synth::swarm::scenario(seed)));
        let mut run = Run::new(Setup { scenario, seed, cast: Cast::default() });
        let mut dice = Dice::new(seed, 0);
        while !run.world.is_over() {
            for wanted in commands::commands(&mut dice, &run.world) {
                given += 1;
                accepted += u32::from(command::check(&run.world, &wanted).is_ok());
                // Refusals are expected here.
                let _ = run.order(wanted);
            }
            run.step();
        }
    }
    let share = f64::from(accepted) / f64::from(given);
    assert!((0.35..0.65).contains(&share), "{accepted} of {given} commands were accepted");
}

#[test]
fn the_command_line_counts_seeds_and_failures() {
    let folder = tempfile::tempdir().unwrap();
    let swarm = |arguments: &[&str]| blackstart(folder.path(), &[&["swarm"], arguments].concat());
    let one = swarm(&["--seeds", "5..9", "--threads", "1"]);
    assert!(one.status.success(), "{}{}", stdout(&one), stderr(&one));
    let text = stdout(&one);
    assert_eq!(text.lines().last(), Some("swarm: 4 seeds, 0 failures"));
    assert_eq!(text, stdout(&swarm(&["--seeds", "5..9", "--threads", "3"])));
    let refused = |range: &str, expected: &str| {
        let output = swarm(&["--seeds", range]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{range}: {}", stderr(&output));
    };
    refused("5", "one seed alone is `5..6`");
    refused("9..5", "the range from 9 up to, not including, 5 is empty");
    refused("5..5", "is empty");
    refused("0..x", "`x` is not a seed");
    refused("all", "expected the first seed and the one after the last");
}

#[test]
fn a_generated_world_is_accepted_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| blackstart(folder.path(), arguments);
    for organisations in ["1", "7", "300"] {
        let output = run(&["generate", "--organisations", organisations, "--seed", "3", "--out", organisations]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stdout(&output).starts_with(&format!("ok: {organisations}: {organisations} organisation")));
        let checked = run(&["check", organisations]);
        assert!(checked.status.success(), "{}", stdout(&checked));
        assert!(!stdout(&checked).contains("warning"), "{}", stdout(&checked));
    }
    let played = run(&["run", "300", "--playbook", "par", "--json"]);
    assert!(played.status.success(), "{}", stderr(&played));
    let json: serde_json::Value = serde_json::from_str(&stdout(&played)).unwrap();
    let hosts = |name: &str| json["hosts"][name].as_u64().unwrap();
    assert!(0 < hosts("received") && hosts("received") < hosts("total") / 2, "{json}");
    assert!(run(&["run", "7", "--seat", "hospital-lead", "--quiet"]).status.success());
}

#[test]
fn equal_numbers_and_seeds_give_equal_files() {
    let folder = tempfile::tempdir().unwrap();
    let texts = |seed: &str, out: &str| -> Vec<(String, String)> {
        let arguments = ["generate", "--organisations", "120", "--seed", seed, "--out", out];
        assert!(blackstart(folder.path(), &arguments).status.success());
        let root = folder.path().join(out);
        let mut files: Vec<_> = [root.clone(), root.join("organisations")]
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
            .filter(|path| path.is_file())
            .map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), fs::read_to_string(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let first = texts("4", "first");
    assert_eq!(first.len(), 10);
    assert_eq!(first, texts("4", "second"));
    assert_ne!(first, texts("5", "third"));
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let generate = |out: &str| blackstart(folder.path(), &["generate", "--organisations", "9", "--out", out]);
    assert!(generate("world").status.success());
    let again = generate("world");
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("the folder is not empty"), "{}", stderr(&again));
    fs::write(folder.path().join("file"), "text").unwrap();
    assert!(stderr(&generate("file")).contains("this is a file and not a folder"));
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(generate("empty").status.success());
    for count in ["0", "1000001", "-3", "many"] {
        let refused = blackstart(folder.path(), &["generate", "--organisations", count, "--out", "other"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("from 1 to 1,000,000"), "{}", stderr(&refused));
    }
}

/// A world of 50,000 organisations has the size for which docs/performance.md states the speed.
#[test]
fn the_world_scale_has_its_size() {
    let scenario = compiled(generate::documents(50_000, 1));
    let near = |count: usize, expected: f64, share: f64| (count as f64 / expected - 1.0).abs() < share;
    assert_eq!(scenario.organisations.len(), 50_000);
    assert!(near(scenario.hosts as usize, 40e6, 0.02), "{} hosts", scenario.hosts);
    assert!(near(scenario.services.len(), 120e3, 0.02), "{} services", scenario.services.len());
}
