//! The server over its sockets: joining and permissions, hostile requests, and kills in the middle of an exercise.

use std::fs;
use std::io::{BufRead, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use blackstart::session::conduct::Deed;
use blackstart::session::runfile::{read, replay};

use crate::browser::{Browser, Host, form};
use crate::support::{TINY, scenario};

const PROGRAM: &str = env!("CARGO_BIN_EXE_blackstart");
const LEAD: &str = "incident-lead";
const MANAGER: &str = "duty-manager";
const KILLS: usize = 50;

fn host(folder: &Path) -> Host {
    Host::start(PROGRAM, &[TINY, "--out", &folder.display().to_string()])
}

fn done(answer: &crate::browser::Answer) {
    assert_eq!(answer.status, 204, "{}", answer.body);
}

#[test]
fn people_join_and_see_their_seat_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let facilitator = host.facilitator();
    let (ada, cy) = (host.participant("Ada <b>", LEAD), host.participant("Cy", MANAGER));
    let page = ada.get("/me").body;
    assert!(page.contains("Ada &lt;b&gt;") && !page.contains("Ada <b>"), "a name is text");
    done(&facilitator.act(&[("do", "begin")]));
    let secret = [("do", "message"), ("to", LEAD), ("title", "For the hospital <i>"), ("body", "secret words")];
    done(&facilitator.act(&secret));
    assert!(ada.get("/me").body.contains("For the hospital &lt;i&gt;"));
    let other = cy.get("/me").body;
    assert!(!other.contains("For the hospital") && !other.contains("secret words"), "nothing of another seat");
    assert!(!Browser::new(host.address).get(&host.wall).body.contains("For the hospital"), "nor on the wall");

    // The feed has the same limits, and tells the change.
    let mut feed = ada.feed();
    done(&facilitator.act(&[("do", "message"), ("to", "all"), ("title", "For everybody"), ("body", "")]));
    let mut line = String::new();
    while !line.contains("For everybody") {
        line.clear();
        assert_ne!(feed.read_line(&mut line).expect("the feed goes on"), 0);
    }
    assert!(Browser::new(host.address).get(&host.wall).body.contains("For everybody"));
    // A second person of the same name, and one without a seat in play.
    let mut same = Browser::new(host.address);
    let taken = same.join("/", &[("pin", &host.pin), ("name", "ADA <B>"), ("seat", LEAD)]);
    assert_eq!((taken.status, same.cookie.is_none()), (409, true));
    let nowhere = same.join("/", &[("pin", &host.pin), ("name", "Nobody"), ("seat", "no-such-seat")]);
    assert_eq!(nowhere.status, 409);
    // Moved, removed.
    done(&facilitator.act(&[("do", "move"), ("person", "1"), ("seat", MANAGER)]));
    assert!(!ada.get("/me").body.contains("For the hospital"), "a moved person has the inbox of the new seat");
    done(&facilitator.act(&[("do", "remove"), ("person", "1")]));
    assert_eq!(ada.get("/me").status, 403);
    assert_eq!(ada.act(&[("do", "note"), ("text", "still here")]).status, 409);
}

#[test]
fn codes_open_what_they_are_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let mut staff = Browser::new(host.address);
    let with_pin = [("code", host.pin.as_str()), ("name", "Eve"), ("role", "facilitator")];
    assert_eq!(staff.join("/staff", &with_pin).status, 403, "the PIN is no code for staff");
    let with_code = [("code", host.code.as_str()), ("name", "Evi"), ("role", "evaluator")];
    assert_eq!(staff.join("/staff", &with_code).status, 303);
    let rating = [("do", "rate"), ("objective", "incident-lead/cost"), ("rating", "S"), ("text", "late")];
    done(&staff.act(&rating));
    assert_eq!(staff.act(&[("do", "pause")]).status, 409, "an evaluator does not move the clock");
    let mut observer = Browser::new(host.address);
    observer.join("/staff", &[("code", &host.code), ("name", "Otto"), ("role", "observer")]);
    assert!(!observer.get("/me").body.contains("<button"), "an observer has nothing to press");
    for refused in [&rating[..], &[("do", "note"), ("text", "x")], &[("do", "pause")]] {
        assert_eq!(observer.act(refused).status, 409);
    }
    let ada = host.participant("Ada", LEAD);
    for path in ["/report/incident-lead", "/me/spoken/incident-lead", "/me/edit/0"] {
        assert_eq!(ada.get(path).status, 403, "{path}");
    }
    assert_eq!(ada.get("/log.run").status, 404);
    assert_eq!(Browser::new(host.address).get("/wall/0123").status, 404);
    assert_eq!(Browser::new(host.address).get("/chair/0123").status, 404);
    // Without cookies the page says so.
    let bare = Browser::new(host.address).get("/me?joined=1");
    assert_eq!(bare.status, 401);
    assert!(bare.body.contains("keeps no cookies"));
}

#[test]
fn wrong_codes_are_limited() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let ada = host.participant("Ada", LEAD);
    let mut guesser = Browser::new(host.address);
    let mut statuses = Vec::new();
    for number in 0..8 {
        let pin = format!("{number:06}");
        let pin = if pin == host.pin { "999999".to_owned() } else { pin };
        let answer = guesser.join("/", &[("pin", &pin), ("name", "Eve"), ("seat", LEAD)]);
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429, 429, 429]);
    let right = guesser.join("/", &[("pin", &host.pin), ("name", "Eve"), ("seat", LEAD)]);
    assert_eq!((right.status, right.header("retry-after")), (429, Some("60")), "the right one must wait too");
    assert_eq!(ada.get("/me").status, 200, "people who have joined notice nothing");
}

#[test]
fn a_hostile_participant_gets_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let (eve, cy) = (host.participant("Eve", LEAD), host.participant("Cy", MANAGER));
    let before = fs::read_to_string(run_file(folder.path())).expect("the run file");
    let refused = |answer: crate::browser::Answer| assert!((400..500).contains(&answer.status), "{}", answer.head);

    // Requests from elsewhere.
    let body = form(&[("do", "note"), ("text", "forged")]);
    let length = body.len();
    let cookie = eve.cookie.clone().expect("joined");
    let raw = |host: &str, origin: &str| {
        let text = format!(
            "POST /me/act HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        eve.raw(text.as_bytes()).expect("an answer").status
    };
    let own = host.address.to_string();
    assert_eq!(raw("evil.example", "http://evil.example"), 421);
    assert_eq!(raw(&own, "http://evil.example"), 403);
    assert_eq!(raw(&own, "null"), 403);

    // Actions of others, forged places, texts without measure, words that are no form.
    let long = "x".repeat(2_001);
    let attempts: [&[(&str, &str)]; 16] = [
        &[("do", "pause")],
        &[("do", "end"), ("sure", "1")],
        &[("do", "message"), ("to", "all"), ("title", "x"), ("body", "y")],
        &[("do", "move"), ("person", "2"), ("seat", LEAD)],
        &[("do", "remove"), ("person", "2")],
        &[("do", "lock")],
        &[("do", "grant"), ("organisation", "0"), ("technicians", "99"), ("hours", "9")],
        &[("do", "order-for"), ("choice", "1 0 world")],
        &[("do", "order"), ("mitigation", "99999"), ("target", "world")],
        &[("do", "order"), ("mitigation", "0"), ("target", "o99999")],
        &[("do", "order"), ("mitigation", "-1"), ("target", "o1")],
        &[("do", "propose"), ("mitigation", "0"), ("target", "s4294967295")],
        &[("do", "note"), ("text", &long)],
        &[("do", "note"), ("text", "turned \u{202e} round")],
        &[("do", "read"), ("message", "w:99999")],
        &[("do", "no-such-thing")],
    ];
    for attempt in attempts {
        refused(eve.act(attempt));
    }
    refused(eve.send("POST", "/me/act", "", &format!("do=note&text={}", "x".repeat(20_000))));
    refused(eve.send("POST", "/me/act", "x-by-script: 1\r\n", "%%%=%zz&&&=\u{1F600}"));
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
        let text = format!(
            "POST /me/act HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n\
             Content-Length: 2\r\n\r\n{{}}"
        );
        refused(eve.raw(text.as_bytes()).expect("an answer"));
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        refused(eve.send(method, "/me/act", "", ""));
    }
    let mut forged = eve.clone();
    for token in ["", "0", "00000000000000000000000000000000", "../../etc/passwd", "a; blackstart_chair=b"] {
        forged.cookie = Some(format!("blackstart_chair={token}"));
        assert_eq!(forged.get("/me").status, 303, "{token}");
        assert_eq!(forged.act(&[("do", "note"), ("text", "x")]).status, 401, "{token}");
        assert_eq!(forged.get("/me/feed").status, 401, "{token}");
    }
    for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/me/edit/-1", "/report/../../x", "/chair/%00"] {
        let status = eve.get(path).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    let after = fs::read_to_string(run_file(folder.path())).expect("the run file");
    let deeds = |text: &str| {
        text.lines().filter(|line| !line.contains("\"digests\"") && !line.contains("\"standing\"")).count()
    };
    assert_eq!(deeds(&after), deeds(&before), "nothing of it is in the log");
    assert_eq!(cy.get("/me").status, 200);
}

/// Ten thousand requests, and connections that say nothing, while somebody else reads a page.
#[test]
fn a_flood_slows_nobody_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = host(folder.path());
    let (eve, cy) = (host.participant("Eve", LEAD), host.participant("Cy", MANAGER));
    let silent: Vec<TcpStream> = (0..50).filter_map(|_| TcpStream::connect(host.address).ok()).collect();
    for mut stream in &silent {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("it takes some bytes");
    }
    let slowest = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_500 {
                    let answer = eve.act(&[("do", "pause")]);
                    assert!(matches!(answer.status, 409 | 429), "{}", answer.status);
                }
            });
        }
        let mut slowest = Duration::ZERO;
        for _ in 0..30 {
            let from = Instant::now();
            // The limit counts by address, and here both come from one; over the network they do not.
            while cy.get("/me").status == 429 {
                std::thread::sleep(Duration::from_millis(20));
            }
            slowest = slowest.max(from.elapsed());
            std::thread::sleep(Duration::from_millis(30));
        }
        slowest
    });
    assert!(slowest < Duration::from_secs(5), "a page took {slowest:?}");
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(cy.get("/me").status, 200);
    drop(silent);
}

fn run_file(folder: &Path) -> std::path::PathBuf {
    let paths = fs::read_dir(folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path()));
    paths.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "run")).expect("a run file")
}

/// Goal: a server that is killed at any moment and started again has lost nothing that was answered. Method: 50 kills,
/// each after some notes and moves of the clock; in the end every note is in the run file, which replays.
#[test]
fn fifty_kills_lose_nothing_that_was_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let mut host = host(folder.path());
    let (pin, link) = (host.pin.clone(), host.facilitator.clone());
    let ada = host.participant("Ada", LEAD);
    done(&host.facilitator().act(&[("do", "begin")]));
    let mut answered = Vec::new();
    for kill in 0..KILLS {
        let here = Browser { address: host.address, ..ada.clone() };
        let facilitator = host.facilitator();
        if kill.is_multiple_of(5) {
            done(&facilitator.act(&[("do", "speed"), ("speed", "300")]));
        }
        for number in 0..3 {
            let text = format!("note {kill} {number}");
            done(&here.act(&[("do", "note"), ("text", &text)]));
            answered.push(text);
        }
        std::thread::sleep(Duration::from_millis(17 * (kill as u64 % 7)));
        host.child.kill().expect("it runs");
        host.child.wait().expect("it ends");
        host = Host::start(PROGRAM, &["--continue", "--out", &out, TINY]);
        assert_eq!((&host.pin, &host.facilitator), (&pin, &link), "the same codes and links");
    }
    let here = Browser { address: host.address, ..ada };
    assert_eq!(here.get("/me").status, 200, "the place is still there");
    drop(host);
    let reading = read(&run_file(folder.path())).expect("a run file");
    assert!(reading.altered.is_empty());
    let notes: Vec<&str> = reading.file.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes, answered);
    let restarts = reading.file.deeds.iter().filter(|record| record.deed == Deed::Restart).count();
    assert_eq!(restarts, KILLS);
    replay(&reading.file, scenario(TINY), |_| ()).unwrap_or_else(|found| panic!("{}", found.what));
}
