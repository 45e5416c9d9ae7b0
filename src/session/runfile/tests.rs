//! Run files in memory: written, read, cut, altered, replayed.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::base::Ix;
use crate::scenario::load::{SourceFiles, load};
use crate::session::cast::{Cast, Player};
use crate::session::run::Setup;

fn tiny() -> Arc<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    let sources = SourceFiles::read(&folder).expect("tiny is there");
    Arc::new(Scenario::compile(load(&sources).expect("tiny is right")))
}

/// A run with orders of a playbook, of a seat and of the facilitator, and with one taken back.
fn mixed_run(until: Tick) -> Run {
    let scenario = tiny();
    let cast = Cast::one_seat(Ix::new(0), Player::Person, Some(Ix::new(1)));
    let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 7, cast });
    run.advance_to(Tick(300));
    let mitigation = |id: &str| scenario.docs.mitigations.iter().position(|entry| entry.id == id).unwrap() as u32;
    let remarks =
        Remarks { confidence_pct: Some(80), reason: Some("the night shift is short".into()), ..Remarks::default() };
    let mut order = |by, id, target| {
        run.order_with(Command::Order { by, mitigation: Ix::new(mitigation(id)), target }, remarks.clone()).unwrap()
    };
    order(Issuer::Seat(Ix::new(0)), "overtime", Target::Organisation(Ix::new(0)));
    order(Issuer::Facilitator, "servers-first", Target::Fleet(Ix::new(1)));
    let number = run.world.orders().len() as u32 - 2;
    run.order(Command::Cancel { by: Issuer::Seat(Ix::new(0)), order: Ix::new(number) }).unwrap();
    run.notes.push(Note {
        tick: Tick(300),
        seat: Some(Ix::new(0)),
        objective: Some(1),
        tag: NoteTag::Gap,
        text: "who holds the keys?".to_owned(),
        person: None,
    });
    run.advance_to(until);
    run
}

fn text_of(run: &Run) -> String {
    RunFile::from_run(run, Vec::new()).to_text()
}

#[test]
fn a_run_reads_back_as_written() {
    for until in [Tick(359), Tick(360), Tick(361), Tick(2880)] {
        let run = mixed_run(until);
        let written = RunFile::from_run(&run, Vec::new());
        let reading = read_bytes(written.to_text().as_bytes()).unwrap();
        assert_eq!((&reading.file, &reading.altered, reading.broken_off), (&written, &Vec::new(), None));
        let replayed = replay(&reading.file, tiny(), |_| ()).unwrap();
        assert_eq!(replayed.world.digest(), run.world.digest(), "until {until}");
        assert_eq!(replayed.log.len(), run.log.len());
    }
}

#[test]
fn replay_ends_where_the_session_replays_to() {
    let run = mixed_run(Tick(2880));
    let session = Run::replay(tiny(), 7, &run.log, Tick(2880)).unwrap();
    assert_eq!(session.world.digest(), run.world.digest());
}

#[test]
fn commands_are_written_by_name() {
    let text = text_of(&mixed_run(Tick(400)));
    for part in [
        r#""tick":300,"by":"seat:incident-lead","order":"overtime","target":"st-elsewhere","confidence_pct":80,"reason":"the night shift is short"}"#,
        r#""by":"facilitator","order":"servers-first","target":"st-elsewhere/keys""#,
        r#""by":"seat:incident-lead","cancel":"#,
        r#""by":"playbook:reference","entry":1,"order":"overtime","target":"tiny-air""#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_file_cut_anywhere_names_its_end() {
    let text = text_of(&mixed_run(Tick(400)));
    let header = text.match_indices('\n').nth(1).unwrap().0 + 1;
    let end = text[..text.len() - 1].rfind('\n').unwrap() + 1;
    for cut in (0..text.len()).step_by(7).chain([1, 16, 17, 18, header - 1, header, end, text.len() - 1]) {
        let read = read_bytes(&text.as_bytes()[..cut]);
        if cut < header {
            let error = read.unwrap_err();
            let ReadError::Truncated { byte, line, .. } = &error else { panic!("cut at {cut}: {error}") };
            assert_eq!((*byte, *line), (cut, text[..cut].matches('\n').count() + 1), "cut at {cut}");
            continue;
        }
        // A file that is cut behind the header may belong to an unfinished exercise: its complete lines are read.
        let reading = read.unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        let whole = text[..cut].rfind('\n').unwrap() + 1;
        let line = text[..whole].lines().count() + 1;
        assert_eq!(reading.broken_off, (whole < cut).then_some(BrokenOff { byte: whole, line }), "cut at {cut}");
        assert_eq!((reading.file.end, reading.altered), (None, Vec::new()), "cut at {cut}");
    }
}

#[test]
fn one_altered_line_is_named_alone() {
    let text = text_of(&mixed_run(Tick(400)));
    let lines: Vec<&str> = text.lines().collect();
    for at in 1..lines.len() {
        // In turn the chain, the record, and both.
        for columns in [&[3][..], &[40], &[3, 40]] {
            let mut altered = lines[at].as_bytes().to_vec();
            columns.iter().for_each(|&column| altered[column] = if altered[column] == b'1' { b'2' } else { b'1' });
            let mut all: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            all[at] = &altered;
            let mut bytes = all.join(&b'\n');
            bytes.push(b'\n');
            let named: Vec<usize> = match read_bytes(&bytes) {
                Ok(reading) => reading.altered.iter().map(|altered| altered.line).collect(),
                Err(ReadError::Broken { altered, .. }) => altered.iter().map(|altered| altered.line).collect(),
                Err(error) => panic!("line {}: {error}", at + 1),
            };
            assert_eq!(named, [at + 1], "columns {columns:?}");
        }
    }
}

#[test]
fn foreign_files_are_told_apart() {
    let check = |bytes: &[u8], expected: &str| {
        let message = read_bytes(bytes).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    };
    check(b"", "at byte 0 in line 1; expected the first line `blackstart-run 3`");
    check(b"blackstart-run 4\n", "version `4` is not supported; this program reads versions 1 to 3");
    check(b"PK\x03\x04 something else", "not a run file");
    check(b"blackstart-run 1\n", "at byte 17 in line 2; expected the header");
    check(b"blackstart-run 1\nnonsense\n", "line 2 cannot be understood");
    check(b"blackstart-run 1\n\xff\xfe\n", "line 2 cannot be understood");
}

#[test]
fn lines_ended_the_other_way_are_the_same_run() {
    let text = text_of(&mixed_run(Tick(100)));
    assert_eq!(read_bytes(text.replace('\n', "\r\n").as_bytes()).unwrap().altered, []);
}
