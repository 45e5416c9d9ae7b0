//! Run files from untrusted people, altered or damaged: the claims that `verify` refuses, the claims that it cannot
//! check, and the additional protection by signatures.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use blackstart::assess::comparisons::comparison_runs;
use blackstart::assess::score::judge;
use blackstart::assess::verify::{Verified, verify};
use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::Target;
use blackstart::session::run::seed_from_challenge;
use blackstart::session::runfile::{PrivateKey, RunFile, SignError, read_bytes, replay, sign, summarise_bytes};
use blackstart::session::{Cast, Note, NoteTag, Player, Remarks, Run, Setup};
use blackstart::sim::{Command as Order, Issuer};
use serde_json::{Value, json};

use crate::program::{assert_says, blackstart, stderr, stdout};
use crate::support::{TINY, scenario};

const CHALLENGE: &str = "heron 7";

/// A person's run to the horizon, with remarks, a note, an order taken back in its own minute, and a score.
fn persons_run() -> Run {
    persons_run_until(scenario(TINY).horizon)
}

fn persons_run_until(until: Tick) -> Run {
    let scenario = scenario(TINY);
    let reference = scenario.playbook_index("reference");
    let cast = Cast::one_seat(Ix::new(0), Player::Person, reference);
    let mut run = Run::new(Setup { scenario: scenario.clone(), seed: seed_from_challenge(CHALLENGE), cast });
    run.challenge = Some(CHALLENGE.into());
    let mitigation = |id: &str| scenario.docs.mitigations.iter().position(|entry| entry.id == id).unwrap() as u32;
    run.advance_to(Tick(300));
    let remarks =
        Remarks { confidence_pct: Some(80), reason: Some("the night shift is short".into()), ..Remarks::default() };
    let mut order = |by, id, target| {
        let order = Order::Order { by, mitigation: Ix::new(mitigation(id)), target };
        run.order_with(order, remarks.clone()).unwrap();
    };
    order(Issuer::Seat(Ix::new(0)), "overtime", Target::Organisation(Ix::new(0)));
    order(Issuer::Facilitator, "servers-first", Target::Fleet(Ix::new(1)));
    let last = run.world.orders().len() as u32 - 1;
    run.order(Order::Cancel { by: Issuer::Facilitator, order: Ix::new(last) }).unwrap();
    run.notes.push(Note {
        tick: Tick(300),
        seat: Some(Ix::new(0)),
        objective: Some(1),
        tag: NoteTag::Gap,
        text: "who holds the keys?\nwe do".into(),
        person: None,
    });
    run.advance_to(until);
    run
}

fn file_of(run: &Run) -> String {
    let seat = run.setup.cast.only_seat().unwrap();
    let judgement = judge(&run.world, seat, &comparison_runs(run, &[seat], &|_| ())[&seat]);
    RunFile::from_run(run, vec![judgement]).to_text()
}

fn genuine() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| file_of(&persons_run()))
}

/// The records of a file, from which a forger would start.
fn records(text: &str) -> Vec<Value> {
    text.lines().skip(1).map(|line| serde_json::from_str(line.split_once(' ').unwrap().1).unwrap()).collect()
}

fn hex(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Joins records to a file with a new log digest and a new chain.
fn forged(records: &[Value]) -> String {
    let text = chained(records);
    let mut records = records.to_vec();
    let log_digest = read_bytes(text.as_bytes()).map(|reading| reading.file.log_digest());
    for record in &mut records {
        if let (true, Ok(log_digest)) = (record["end"]["log_digest"].is_string(), &log_digest) {
            record["end"]["log_digest"] = json!(log_digest);
        }
    }
    chained(&records)
}

/// The chain as docs/run-file.md describes it.
fn chained(records: &[Value]) -> String {
    chained_in_version(3, records)
}

fn chained_in_version(version: u32, records: &[Value]) -> String {
    let mut chain = format!("blackstart-run {version}");
    let mut text = format!("{chain}\n");
    for record in records {
        let json = record.to_string();
        chain = hex(blake3::Hasher::new().update(chain.as_bytes()).update(json.as_bytes()));
        text.push_str(&format!("{chain} {json}\n"));
    }
    text
}

/// The result of `verify` for a text: the verified claims, or the clause that names the difference.
fn judged(text: &str) -> Result<Verified, String> {
    let reading = read_bytes(text.as_bytes()).map_err(|error| error.to_string())?;
    assert_eq!(reading.altered, [], "the chain was made anew");
    verify(&reading.file, &scenario(TINY), &|_| ())
}

fn find(records: &[Value], kind: &str, has: &str) -> usize {
    let position = records.iter().position(|record| !record[kind].is_null() && record.to_string().contains(has));
    position.unwrap_or_else(|| panic!("no {kind} with {has}"))
}

#[test]
fn a_forger_needs_the_recipe_of_the_document_and_no_more() {
    let verified = judged(&forged(&records(genuine()))).unwrap();
    assert_eq!((verified.ticks, verified.scores.len(), verified.lacks.len()), (2880, 1, 0));
}

/// Goal: every alteration that a replay can detect is refused, even if the log digest and the chain are computed again.
/// Method: one alteration at a time, each with a part of its message.
#[test]
fn forgeries_with_a_chain_made_anew_are_refused() {
    type Alter = fn(&mut Vec<Value>);
    let cases: &[(&str, Alter, &str)] = &[
        (
            "confidence",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["confidence_pct"] = json!(101);
            },
            "a confidence of 101 % is out of range",
        ),
        (
            "confidence of a byte",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["confidence_pct"] = json!(255);
            },
            "a confidence of 255 % is out of range",
        ),
        (
            "confidence of a playbook",
            |all| {
                let at = find(all, "command", "playbook:");
                all[at]["command"]["confidence_pct"] = json!(50);
            },
            "with a confidence of 50 %, and the replay",
        ),
        (
            "reason without end",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["reason"] = json!("x".repeat(2001));
            },
            "more than 2000 characters",
        ),
        (
            "giver of an order",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["by"] = json!("facilitator");
            },
            "first difference at tick 300",
        ),
        (
            "person's order as a playbook's",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["by"] = json!("playbook:reference");
            },
            "first difference at tick",
        ),
        (
            "playbook's order as a person's",
            |all| {
                let at = find(all, "command", "playbook:");
                all[at]["command"]["by"] = json!("seat:incident-lead");
            },
            "first difference at tick",
        ),
        (
            "order and cancellation of one minute",
            |all| {
                all.retain(|record| {
                    let text = record.to_string();
                    !text.contains("servers-first") && !text.contains("cancel")
                })
            },
            "first difference at tick 300",
        ),
        (
            "cancellation",
            |all| all.retain(|record| !record.to_string().contains("\"cancel\"")),
            "first difference at tick 300",
        ),
        (
            "order",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all.remove(at);
            },
            "first difference at tick 300",
        ),
        (
            "minute of an order",
            |all| {
                let at = find(all, "command", "seat:incident-lead");
                all[at]["command"]["tick"] = json!(299);
            },
            "first difference at tick",
        ),
        ("seat", |all| all[0]["header"]["seats"][0]["seat"] = json!("duty-manager"), "first difference at tick"),
        ("seat that is none", |all| all[0]["header"]["seats"][0]["seat"] = json!("boss"), "there is no seat `boss`"),
        (
            "another seat in play",
            |all| {
                let seat = json!({"seat": "duty-manager", "player": "person"});
                all[0]["header"]["seats"].as_array_mut().unwrap().push(seat);
            },
            "first difference at tick",
        ),
        (
            "player",
            |all| all[0]["header"]["seats"][0]["player"] = json!({"playbook": "par"}),
            "first difference at tick",
        ),
        ("playbook of the others", |all| all[0]["header"]["others"] = json!("do-nothing"), "first difference at tick"),
        ("no playbook of the others", |all| all[0]["header"]["others"] = Value::Null, "first difference at tick"),
        (
            "seed",
            |all| all[0]["header"]["seed"] = json!(8),
            "the header's seed 8 is not the one that the challenge gives",
        ),
        (
            "challenge",
            |all| all[0]["header"]["challenge"] = json!("heron 8"),
            "is not the one that the challenge gives",
        ),
        (
            "seed without challenge",
            |all| {
                let header = all[0]["header"].as_object_mut().unwrap();
                header.remove("challenge");
                header["seed"] = json!(8);
            },
            "first difference at tick 0",
        ),
        (
            "start",
            |all| all[0]["header"]["start"] = json!("2024-07-20T00:00Z"),
            "the scenario starts at 2024-07-19T00:00Z",
        ),
        (
            "horizon",
            |all| all[0]["header"]["horizon"] = json!(2881),
            "the scenario starts at 2024-07-19T00:00Z and has 2880 ticks",
        ),
        ("scenario", |all| all[0]["header"]["scenario"] = json!("tiny-2"), "with the scenario `tiny-2`"),
        (
            "text of the scenario",
            |all| all[0]["header"]["scenario_digest"] = json!("0000000000000000"),
            "the scenario differs",
        ),
        (
            "name of an objective",
            |all| end(all)["seats"][0]["objectives"][0]["name"] = json!("Be quick"),
            "name `Be quick` of the objective `recovery`",
        ),
        (
            "unit of an objective",
            |all| end(all)["seats"][0]["objectives"][0]["unit"] = json!("h"),
            "unit `h` of the objective `recovery`",
        ),
        ("id of an objective", |all| end(all)["seats"][0]["objectives"][0]["id"] = json!("other"), "id `other`"),
        ("weight of an objective", |all| end(all)["seats"][0]["objectives"][0]["weight"] = json!(0.01), "weight 0.01"),
        ("value of an objective", |all| end(all)["seats"][0]["objectives"][0]["yours"] = json!(1.5), "yours 1.5"),
        ("value of par", |all| end(all)["seats"][0]["objectives"][0]["par"] = json!(9e9), "par 9000000000"),
        (
            "points of an objective",
            |all| end(all)["seats"][0]["objectives"][0]["points"] = json!(149.5),
            "points 149.5",
        ),
        (
            "objectives",
            |all| end(all)["seats"][0]["objectives"] = json!([]),
            "judges 0 objectives of the seat `incident-lead`, which has 2",
        ),
        (
            "order of objectives",
            |all| end(all)["seats"][0]["objectives"].as_array_mut().unwrap().reverse(),
            "the end says id",
        ),
        ("score", |all| end(all)["seats"][0]["score"] = json!(149.5), "the end claims a score of 149.5"),
        (
            "score by a thousandth",
            |all| {
                let score = end(all)["seats"][0]["score"].as_f64().unwrap();
                end(all)["seats"][0]["score"] = json!((score * 1000.0 + 1.0).round() / 1000.0);
            },
            "the end claims a score of",
        ),
        (
            "score of a seat not in play",
            |all| end(all)["seats"][0]["seat"] = json!("duty-manager"),
            "judges the seat `duty-manager`, which was not in play",
        ),
        (
            "score twice",
            |all| {
                let seat = end(all)["seats"][0].clone();
                end(all)["seats"].as_array_mut().unwrap().push(seat);
            },
            "judges the seat `incident-lead` twice",
        ),
        ("log digest", |all| end(all)["log_digest"] = Value::Null, "the end has no log digest"),
        (
            "digest of the end",
            |all| end(all)["digest"] = json!("0000000000000000"),
            "the end says digest 0000000000000000",
        ),
        (
            "tick of the end",
            |all| end(all)["tick"] = json!(2879),
            "ends the run at tick 2879, and there are digests of 2881 ticks",
        ),
        (
            "note after the end",
            |all| {
                let at = find(all, "note", "keys");
                all[at]["note"]["tick"] = json!(2881);
            },
            "a note comes after the end",
        ),
        (
            "note by a seat not in play",
            |all| {
                let at = find(all, "note", "keys");
                all[at]["note"]["seat"] = json!("duty-manager");
            },
            "`duty-manager`, which was not in play",
        ),
        (
            "note about an objective of another seat",
            |all| {
                let at = find(all, "note", "keys");
                all[at]["note"]["objective"] = json!("lost");
            },
            "the seat of a note has no objective `lost`",
        ),
        (
            "digests left out",
            |all| {
                let at = find(all, "digests", "\"from\":600");
                all.remove(at);
            },
            "has digests from tick 660; expected tick 600",
        ),
        (
            "digests in one line",
            |all| {
                let at = find(all, "digests", "\"from\":600");
                let mut more = all.remove(at + 1);
                all[at]["digests"]["digests"]
                    .as_array_mut()
                    .unwrap()
                    .append(more["digests"]["digests"].as_array_mut().unwrap());
            },
            "has 120 digests; a line has at most 60",
        ),
        (
            "end that is none",
            |all| {
                let last = all.len() - 1;
                all.swap(last, last - 1);
            },
            "comes after the end of the run",
        ),
        (
            "signature inside",
            |all| all.insert(5, json!({"signature": {"key": "0", "signature": "0"}})),
            "is a signature",
        ),
        ("field of no record", |all| all[0]["header"]["name"] = json!("Ada"), "unknown field `name`"),
    ];
    for (name, alter, expected) in cases {
        let mut altered = records(genuine());
        alter(&mut altered);
        let said = judged(&forged(&altered)).expect_err(name);
        assert!(said.contains(expected), "{name}: {said}");
    }
}

fn end(records: &mut [Value]) -> &mut Value {
    &mut records.last_mut().expect("a file has records")["end"]
}

/// Claims that a replay cannot check are protected by the log digest alone, and a missing score or end is reported.
#[test]
fn missing_content_of_a_file_is_reported() {
    let check = |alter: fn(&mut Vec<Value>), expected: &str| {
        let mut altered = records(genuine());
        alter(&mut altered);
        let verified = judged(&forged(&altered)).unwrap_or_else(|said| panic!("{expected}: {said}"));
        assert!(verified.lacks.iter().any(|lack| lack.contains(expected)), "{expected}: {:?}", verified.lacks);
    };
    check(|all| end(all)["seats"] = json!([]), "there is no score for the seat `incident-lead`");
    check(|all| drop(all.pop()), "the run did not reach its end");
    let stopped = RunFile::from_run(&persons_run_until(Tick(400)), Vec::new()).to_text();
    let verified = judged(&stopped).unwrap();
    assert!(
        verified.lacks.iter().any(|lack| lack == "the run was stopped at tick 400 of 2880"),
        "{:?}",
        verified.lacks
    );

    let log_digest = |alter: fn(&mut Value)| {
        let mut altered = records(genuine());
        let at = find(&altered, "command", "seat:incident-lead");
        alter(&mut altered[at]["command"]);
        judged(&forged(&altered)).unwrap().log_digest
    };
    let known = judged(genuine()).unwrap().log_digest;
    assert_eq!(log_digest(|_| ()), known);
    assert_ne!(log_digest(|command| command["confidence_pct"] = json!(95)), known);
    assert_ne!(log_digest(|command| command["reason"] = json!("another")), known);
}

/// A playbook's run cannot be passed off as a person's, in either version.
#[test]
fn a_person_who_gives_a_playbooks_orders_is_refused() {
    let scenario = scenario(TINY);
    let index = |id: &str| scenario.playbook_index(id);
    for playbook in ["par", "reference"] {
        let cast = Cast::one_seat(Ix::new(0), Player::Playbook(index(playbook).unwrap()), index("reference"));
        let mut by_playbook = Run::new(Setup { scenario: scenario.clone(), seed: 5, cast });
        by_playbook.advance_to(scenario.horizon);
        // The same orders, given by a program at each minute as commands of a person, so that all digests fit.
        let cast = Cast::one_seat(Ix::new(0), Player::Person, index("reference"));
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 5, cast });
        let organisations = &scenario.seats[Ix::new(0)].organisations;
        for entry in &by_playbook.log {
            let Order::Order { mitigation, target, .. } = entry.command else { continue };
            if scenario.organisation_of(target).is_some_and(|organisation| organisations.contains(&organisation)) {
                run.advance_to(entry.tick);
                run.order(Order::Order { by: Issuer::Seat(Ix::new(0)), mitigation, target }).unwrap();
            }
        }
        run.advance_to(scenario.horizon);
        let said = judged(&file_of(&run)).unwrap_err();
        let expected = format!("orders of the seat `incident-lead` are those of the playbook `{playbook}`");
        assert!(said.contains(&expected), "{said}");
    }
    assert!(judged(genuine()).is_ok());
}

#[test]
fn texts_of_a_run_file_hold_no_control_characters() {
    let place = |text: &str, field: &str| format!("{text} of `{field}`; no text of a run file may hold it");
    let cases: [(&str, &str, String); 7] = [
        ("who holds", "who\u{202e} holds", place("U+202E right-to-left override as character 4", "note.text")),
        ("who holds", "who\\u001b[2J holds", place("U+001B escape as character 4", "note.text")),
        ("the night", "the\u{2066} night", place("U+2066 left-to-right isolate as character 4", "command.reason")),
        ("the night", "the\\tnight", place("U+0009 tab as character 4", "command.reason")),
        ("\"heron 7\"", "\"heron\\n7\"", place("U+000A line feed as character 6", "header.challenge")),
        ("\"overtime\"", "\"over\u{200b}time\"", place("U+200B zero-width space as character 5", "command.order")),
        (
            "\"Recover fast\"",
            "\"Recover\\u0000 fast\"",
            place("U+0000 null as character 8", "end.seats.objectives.name"),
        ),
    ];
    for (from, to, expected) in cases {
        assert!(genuine().contains(from), "{from}");
        let said = read_bytes(genuine().replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
        assert!(said.contains(&expected), "{to:?}: {said}");
    }
}

#[test]
fn marks_blank_lines_and_ends_of_lines_make_no_difference() {
    let plain = read_bytes(genuine().as_bytes()).unwrap();
    let windows = genuine().replace('\n', "\r\n");
    for same in [
        format!("\u{feff}{}", genuine()),
        format!("{}\n", genuine()),
        format!("{}\n \n\t\r\n\n", genuine()),
        format!("{}{}", genuine(), "\n".repeat(100_000)),
        format!("\u{feff}{windows}\r\n\r\n\r\n"),
    ] {
        let reading = read_bytes(same.as_bytes()).unwrap();
        assert_eq!((&reading.file, &reading.altered, reading.broken_off), (&plain.file, &Vec::new(), None));
        assert_eq!(summarise_bytes(same.as_bytes()).unwrap().end, plain.file.end);
    }
    let gap = genuine().replacen("\n", "\n\n", 3);
    let said = read_bytes(gap.as_bytes()).unwrap_err().to_string();
    assert_eq!(said, "line 2 is blank; only the end of a file may have blank lines");
}

/// A file of any content within the limit is refused in limited time, after few lines.
#[test]
fn files_of_nonsense_are_refused_with_words() {
    let header = genuine().lines().take(2).map(|line| format!("{line}\n")).collect::<String>();
    let long = "a".repeat(300_000);
    for (text, expected) in [
        (format!("blackstart-run 3\n{}x", "\n".repeat(2 << 20)), "line 2 is blank"),
        (format!("{header}{}x\n", "\n".repeat(2 << 20)), "line 3 is blank"),
        (format!("{header}{long}\n"), "line 3 has 300,000 bytes, and a line has at most 262,144"),
        (format!("blackstart-run 3\n{}", "x\n".repeat(1 << 20)), "line 2 cannot be understood"),
        (long.clone(), "not a run file"),
        (format!("{}{}", &header, "[".repeat(200_000)), ""),
    ] {
        let said = match read_bytes(text.as_bytes()) {
            Ok(reading) => format!("{:?}", reading.broken_off),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(expected), "{expected}: {said}");
        let _ = summarise_bytes(text.as_bytes());
    }
    // Many altered lines are counted, and the first of them named.
    let mut many: Vec<String> = genuine().lines().map(str::to_owned).collect();
    let note = json!({"note": {"tick": 1, "tag": "gap", "text": "x"}});
    let forged_line = format!("{} {note}", "0".repeat(32));
    many.splice(2..2, std::iter::repeat_n(forged_line, 5_000));
    let reading = read_bytes((many.join("\n") + "\n").as_bytes()).unwrap();
    assert_eq!((reading.altered.len(), reading.altered_count), (100, 5_001));
}

/// Numbers of any size in a file of which only the summary is read.
#[test]
fn ticks_out_of_range_are_reported() {
    for tick in [u32::MAX, u32::MAX - 1, 0] {
        let mut altered = records(genuine());
        let at = find(&altered, "command", "seat:incident-lead");
        altered[at]["command"]["tick"] = json!(tick);
        altered.truncate(at + 1);
        assert!(judged(&forged(&altered)).is_err());
        let digests = json!({"digests": {"from": tick, "digests": []}});
        let text = forged(&[altered[0].clone(), digests]);
        let _ = read_bytes(text.as_bytes());
        assert_eq!(summarise_bytes(text.as_bytes()).unwrap().tick, tick.saturating_sub(1));
    }
}

#[test]
fn a_signature_covers_every_line_before_it() {
    let (key, other) = (PrivateKey::random().unwrap(), PrivateKey::random().unwrap());
    let once = sign(genuine().as_bytes(), &key).unwrap();
    assert!(once.starts_with(genuine()));
    let twice = sign(once.replace('\n', "\r\n").as_bytes(), &other).unwrap();
    let reading = read_bytes(twice.as_bytes()).unwrap();
    assert_eq!(reading.signatures.iter().map(|signature| signature.holds).collect::<Vec<_>>(), [true, true]);
    assert_eq!((reading.signatures[0].key, reading.signatures[1].key), (key.public(), other.public()));
    assert_eq!(reading.file, read_bytes(genuine().as_bytes()).unwrap().file);
    assert!(matches!(sign(twice.as_bytes(), &key), Err(SignError::Signed(_))));

    // If chain and log digest are computed again, only the signature protects the remarks and notes of the person.
    for (from, to) in [("\"confidence_pct\":80", "\"confidence_pct\":81"), ("night", "day"), ("we do", "they do")] {
        let mut altered = records(&once);
        for record in &mut altered {
            *record = serde_json::from_str(&record.to_string().replace(from, to)).unwrap();
        }
        let reading = read_bytes(forged(&altered).as_bytes()).unwrap();
        assert_eq!((reading.altered_count, reading.signatures[0].holds), (0, false), "{from}");
        assert!(verify(&reading.file, &scenario(TINY), &|_| ()).is_ok(), "{from}");
    }
    // A signature that was moved to another file does not fit it.
    let mut moved = records(&file_of(&{
        let mut run = persons_run();
        run.notes.clear();
        run
    }));
    moved.push(records(&once).pop().unwrap());
    assert!(!read_bytes(forged(&moved).as_bytes()).unwrap().signatures[0].holds);
}

#[test]
fn only_finished_unaltered_runs_are_signed() {
    let key = PrivateKey::random().unwrap();
    let refused = |text: &str, expected: &str| {
        let said = sign(text.as_bytes(), &key).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    };
    let end = genuine().trim_end().rfind('\n').unwrap() + 1;
    refused(&genuine()[..end], "only a finished run can be signed");
    refused(&genuine()[..end + 40], "only a finished run can be signed");
    refused(&genuine().replacen("night", "nacht", 1), "was altered: a command at tick 300");
    refused("", "expected the first line");
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/runs/tiny-incident-lead-reference-7.run");
    refused(&fs::read_to_string(runs).unwrap(), "only versions 2 to 3 can be signed");
}

fn with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blackstart"));
    let mut child = command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end before it has read its whole input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The work of a marker: keys, a signature, many files at once, standard input, a challenge.
#[test]
fn a_marker_checks_many_files_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY);
    let tiny = tiny.to_str().unwrap();
    let run = |arguments: &[&str]| blackstart(folder.path(), arguments);
    let made = run(&["signing-key", "ada.key"]);
    assert!(made.status.success(), "{}", stderr(&made));
    assert_says(&stdout(&made), &["Wrote ada.key, the private key", "Wrote ada.key.pub", "Fingerprint "]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("ada.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = run(&["signing-key", "ada.key"]);
    assert_eq!(again.status.code(), Some(1));
    assert_says(&stderr(&again), &["the file already exists"]);
    assert!(run(&["signing-key", "ben.key"]).status.success());

    fs::write(folder.path().join("ada.run"), genuine()).unwrap();
    fs::write(folder.path().join("ben.run"), genuine().replacen("night", "nacht", 1)).unwrap();
    fs::write(folder.path().join("list.xlsx"), b"PK\x03\x04\x14\0xl/workbook.xml").unwrap();
    let signed = run(&["sign", "ada.run", "--key", "ada.key"]);
    assert!(signed.status.success(), "{}", stderr(&signed));
    for (arguments, expected) in [
        (&["sign", "ben.run", "--key", "ada.key"][..], "was altered"),
        (&["sign", "ada.run", "--key", "ada.key"], "already signed with this key"),
        (&["sign", "ada.run", "--key", "ada.key.pub"], "this is the public key"),
        (&["sign", "ada.run", "--key", "list.xlsx"], "not a private key"),
        (&["sign", "list.xlsx", "--key", "ada.key"], "this is a spreadsheet (XLSX) and not a run file"),
        (&["verify", "ada.run", "--signed-by", "ada.key"], "this is a private key"),
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert_says(&stderr(&refused), &[expected]);
    }

    let check =
        ["--scenario", tiny, "--challenge", CHALLENGE, "--signed-by", "ben.key.pub", "--signed-by", "ada.key.pub"];
    let one = run(&[&["verify", "ada.run"], &check[..]].concat());
    assert!(one.status.success(), "{}", stderr(&one));
    let fingerprint = stdout(&made).split("Fingerprint ").nth(1).unwrap().trim().to_owned();
    assert_says(
        &stdout(&one),
        &[
            "verified: 2880 ticks",
            &format!("challenge `{CHALLENGE}`: the seed follows from it"),
            &format!("signed with the key {fingerprint} (ada.key.pub)"),
            "note: the signature proves which key signed, and not who played",
        ],
    );
    let many = run(&[&["verify", "ada.run", "ben.run", "list.xlsx"], &check[..]].concat());
    assert_eq!(many.status.code(), Some(1), "the worst status counts");
    assert_says(&stdout(&many), &["ada.run\n  verified: 2880 ticks", "1 of 3 run files verified\n"]);
    assert_says(&stderr(&many), &["verification failed: ben.run", "was altered", "none of these keys", "list.xlsx"]);

    let bytes = fs::read(folder.path().join("ada.run")).unwrap();
    let piped = with_input(folder.path(), &["verify", "-", "--scenario", tiny], &bytes);
    assert!(piped.status.success(), "{}", stderr(&piped));
    let other = with_input(folder.path(), &["verify", "-", "--scenario", tiny, "--challenge", "crane 3"], &bytes);
    assert_says(
        &stderr(&other),
        &["verification failed: standard input", "the run has the challenge `heron 7`, not `crane 3`"],
    );
    let endless = with_input(folder.path(), &["verify", "-"], &vec![b'\n'; (64 << 20) + 2]);
    assert_eq!(endless.status.code(), Some(1));
    assert_says(&stderr(&endless), &["and a file of this kind has at most 67,108,864: standard input"]);
}

/// A challenge gives the seed, and the file says which.
#[test]
fn a_run_with_a_challenge_has_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY);
    let run = |more: &[&str]| blackstart(folder.path(), &[&["run", tiny.to_str().unwrap(), "--quiet"], more].concat());
    let made = run(&["--challenge", CHALLENGE, "--out", "out"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let seed = seed_from_challenge(CHALLENGE);
    let path = folder.path().join(format!("out/tiny-all-reference-{seed}.run"));
    let file = read_bytes(&fs::read(&path).unwrap()).unwrap().file;
    assert_eq!((file.header.challenge.as_deref(), file.header.seed), (Some(CHALLENGE), seed));
    let both = run(&["--challenge", CHALLENGE, "--seed", "3"]);
    assert_eq!(both.status.code(), Some(2));
    for bad in ["", "a\u{202e}b", "a\nb", &"x".repeat(201)] {
        assert_eq!(run(&["--challenge", bad]).status.code(), Some(2), "{bad:?}");
    }
}

/// A run with hourly digests has a smaller file that can be verified, and a difference is reported with its hour.
#[test]
fn digests_by_the_hour_are_compared_by_the_hour() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY);
    let tiny = tiny.to_str().unwrap();
    let made = |digests: &str| {
        let seat = ["--seat", "incident-lead", "--playbook", "par"];
        let run = [&["run", tiny, "--quiet", "--digests", digests, "--out", digests], &seat[..]].concat();
        let output = blackstart(folder.path(), &run);
        assert!(output.status.success(), "{}", stderr(&output));
        let read = |extension: &str| {
            let path = folder.path().join(digests).join(format!("tiny-incident-lead-par-1.{extension}"));
            fs::read_to_string(path).unwrap()
        };
        (read("run"), read("csv"))
    };
    let ((minutes, table), (hours, same_table)) = (made("minute"), made("hour"));
    assert_eq!(table, same_table);
    let (by_minute, by_hour) = (read_bytes(minutes.as_bytes()).unwrap(), read_bytes(hours.as_bytes()).unwrap());
    let every_hour: Vec<_> = by_minute.file.digests.iter().copied().step_by(60).collect();
    assert_eq!((by_hour.file.digests, by_hour.file.header.digests_every_min), (every_hour, 60));
    assert_eq!(by_hour.file.commands, by_minute.file.commands);
    let verified = judged(&hours).unwrap();
    assert_eq!((verified.digest, verified.scores), {
        let verified = judged(&minutes).unwrap();
        (verified.digest, verified.scores)
    });
    let refused = |alter: fn(&mut Vec<Value>), expected: &str| {
        let mut altered = records(&hours);
        alter(&mut altered);
        let said = judged(&forged(&altered)).unwrap_err();
        assert!(said.contains(expected), "{said}");
    };
    refused(
        |all| {
            let at = find(all, "digests", "\"from\":0");
            all[at]["digests"]["digests"][10] = json!("0000000000000000");
        },
        "first difference at tick 600",
    );
    refused(|all| all[0]["header"]["digests_every_min"] = json!(30), "there are digests of 49 ticks");
    refused(|all| all[0]["header"]["digests_every_min"] = json!(0), "has digests every 0 min; expected 1 to 1440");
    refused(|all| end(all)["digest"] = json!("0000000000000000"), "the end says digest 0000000000000000");
    refused(|all| drop(all.remove(find(all, "command", "servers-first"))), "and the replay the order `servers-first`");
}

/// Goal: a command writes all its files or none, even on a full disk. Method: a limit on the size of files stops the
/// table, or the run file, in the middle; then a killed run whose leftover is cleared.
#[cfg(unix)]
#[test]
fn a_disk_that_ends_leaves_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY);
    let limited = |blocks: u32, command: &str| {
        // If the signal is ignored, a write beyond the limit fails like one on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} {command}", env!("CARGO_BIN_EXE_blackstart"));
        Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap()
    };
    let entries = |name: &str| fs::read_dir(folder.path().join(name)).map_or(0, Iterator::count);
    let mut failed = 0;
    for blocks in [1, 20, 60, 150, 400, 100_000] {
        let output = limited(blocks, &format!("run {} --out out", tiny.display()));
        if output.status.success() {
            assert_eq!(entries("out"), 2, "{blocks}");
            fs::remove_dir_all(folder.path().join("out")).unwrap();
            continue;
        }
        failed += 1;
        assert_eq!(output.status.code(), Some(1), "{blocks}: {}", stderr(&output));
        assert_says(&stderr(&output), &["cannot write the file"]);
        assert_eq!((entries("out"), stdout(&output)), (0, String::new()), "{blocks}");
    }
    assert!((2..6).contains(&failed), "limits below and above the size of the files: {failed}");
    let output = limited(8, "generate --organisations 500 --out made/deep");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(!folder.path().join("made").exists(), "folders that were made are gone again");

    // The leftover of a killed run disturbs nothing, and it is removed when it is an hour old.
    let leftover = folder.path().join("out/.blackstart-abcdefghijkl.part");
    fs::create_dir_all(leftover.parent().unwrap()).unwrap();
    fs::write(&leftover, "half a table").unwrap();
    let generate = ["generate", "--organisations", "5", "--out", "out"];
    assert!(blackstart(folder.path(), &generate).status.success());
    assert_says(&stderr(&blackstart(folder.path(), &generate)), &["the folder is not empty"]);
    let hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    fs::File::options().write(true).open(&leftover).unwrap().set_modified(hours_ago).unwrap();
    assert!(blackstart(folder.path(), &["run", tiny.to_str().unwrap(), "--out", "out", "--quiet"]).status.success());
    assert!(!leftover.exists());
}

#[test]
fn a_table_may_begin_with_a_mark() {
    let folder = tempfile::tempdir().unwrap();
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY);
    let table = |out: &str, more: &[&str]| {
        let run = [&["run", tiny.to_str().unwrap(), "--quiet", "--out", out], more].concat();
        let output = blackstart(folder.path(), &run);
        assert!(output.status.success(), "{}", stderr(&output));
        fs::read_to_string(folder.path().join(out).join("tiny-all-reference-1.csv")).unwrap()
    };
    let plain = table("plain", &[]);
    assert_eq!(table("marked", &["--bom"]).strip_prefix('\u{feff}'), Some(plain.as_str()));
    let alone = blackstart(folder.path(), &["run", tiny.to_str().unwrap(), "--bom"]);
    assert_eq!(alone.status.code(), Some(2), "a mark without a table is a mistake");
}

/// A file of version 2 is one of version 3 without people; it is read and verified, and cannot name people.
#[test]
fn files_of_version_2_are_read_and_name_no_people() {
    let run = persons_run_until(Tick(400));
    let text = RunFile::from_run(&run, Vec::new()).to_text();
    let mut records: Vec<Value> =
        text.lines().skip(1).map(|line| serde_json::from_str(line.split_once(' ').unwrap().1).unwrap()).collect();
    let older = chained_in_version(2, &records);
    let reading = read_bytes(older.as_bytes()).unwrap();
    assert_eq!((reading.file.version, reading.altered.len()), (2, 0));
    replay(&reading.file, scenario(TINY), |_| ()).unwrap();
    let deed = json!({"deed": {"tick": 0, "at_s": 1, "deed": {"join": {"name": "Ada", "role": "observer"}}}});
    records.insert(1, deed);
    let message = read_bytes(chained_in_version(2, &records).as_bytes()).unwrap_err().to_string();
    assert!(message.contains("line 3 names people"), "{message}");
    assert_eq!(read_bytes(chained_in_version(3, &records).as_bytes()).unwrap().file.deeds.len(), 1);
}
