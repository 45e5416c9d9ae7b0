//! The server over its sockets: joining and permissions, hostile requests, and kills in the middle of an exercise.

use std::fs;
use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use blackstart::session::conduct::Deed;
use blackstart::session::runfile::{read, replay};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::browser::{Browser, Host, form};
use crate::program::{assert_says, blackstart, stderr};
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
    let out = folder.path().display().to_string();
    let host = Host::start(PROGRAM, &[TINY, "--out", &out, "--people-per-seat", "1"]);
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
    // A seat that is full; the facilitator can still move people into it.
    let full = Browser::new(host.address).join("/", &[("pin", &host.pin), ("name", "Dee"), ("seat", MANAGER)]);
    assert_eq!(full.status, 409);
    assert_says(&full.body, &["This seat is full (1 of 1)"]);
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
    let script = observer.get("/me/script");
    assert!(script.status == 200 && !script.body.contains("<button"), "an observer reads the script");
    assert!(host.facilitator().get("/me/script").body.contains("<button"), "a facilitator changes it");
    for path in ["/report/incident-lead", "/me/spoken/incident-lead", "/me/edit/0", "/me/script"] {
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

/// Whatever keeps the server from its place is named, and leaves no exercise behind.
#[test]
fn a_place_that_cannot_be_taken_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let holder = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = holder.local_addr().expect("a port").port().to_string();
    let (certificate, key) = (tls("certificate.pem"), tls("key.pem"));
    fs::write(at.join("empty.pem"), "").expect("a file");
    let tiny = format!("{}/{TINY}", env!("CARGO_MANIFEST_DIR"));
    let refused = |bind: &str, port: &str, more: &[&str], words: &[&str]| {
        let base = ["host", &tiny, "--out", "runs", "--bind", bind, "--port", port];
        let output = blackstart(at, &[&base[..], more].concat());
        assert_eq!(output.status.code(), Some(1), "{bind} {port} {more:?}");
        assert_says(&stderr(&output), words);
        let files = fs::read_dir(at.join("runs")).map_or(0, Iterator::count);
        assert_eq!(files, 0, "{bind} {port} {more:?} leaves files");
    };
    refused("127.0.0.1", &taken, &[], &["is taken", "--port"]);
    refused("192.0.2.77", "0", &[], &["this machine does not have the address 192.0.2.77"]);
    refused("127.0.0.1", "0", &["--cert", "missing.pem", "--key", &key], &["missing.pem"]);
    refused("127.0.0.1", "0", &["--cert", "empty.pem", "--key", &key], &["no certificate in this file", "empty.pem"]);
    refused("127.0.0.1", "0", &["--cert", &key, "--key", &key], &["no certificate in this file", "key.pem"]);
    let no_key = ["--cert", &certificate, "--key", "empty.pem"];
    refused("127.0.0.1", "0", &no_key, &["no private key in PEM", "empty.pem"]);
    refused("127.0.0.1", "0", &["--seat", "nobody"], &["there is no seat `nobody`"]);
    refused("127.0.0.1", "0", &["--begin-at", "99999999"], &["minute 99999999", "ends at minute"]);
    refused("127.0.0.1", "0", &["--continue"], &["there is no facilitated exercise in this folder"]);
}

fn tls(name: &str) -> String {
    format!("{}/tests/data/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Pages over TLS: with the name of the certificate, cookies for TLS alone, and strangers who never finish a handshake.
#[test]
fn pages_come_over_tls_with_a_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let (certificate, key) = (tls("certificate.pem"), tls("key.pem"));
    let arguments = [TINY, "--out", &out, "--cert", &certificate, "--key", &key, "--name", "exercise.test"];
    let host = Host::start(PROGRAM, &arguments);
    // They begin a handshake, or speak another language, and stay.
    let strangers: Vec<TcpStream> =
        (0..20).map(|_| TcpStream::connect(host.address).expect("the server listens")).collect();
    for (number, mut stranger) in strangers.iter().enumerate() {
        let bytes: &[u8] = if number.is_multiple_of(2) { b"\x16\x03\x01\x02" } else { b"GET / HTTP/1.1\r\n\r\n" };
        stranger.write_all(bytes).expect("it takes some bytes");
    }
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).expect("a certificate")).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions").with_root_certificates(roots);
    let config = Arc::new(config.with_no_client_auth());
    let ask = |request: &str| {
        let name = "exercise.test".try_into().expect("a name");
        let connection = ClientConnection::new(config.clone(), name).expect("a client");
        let mut stream = StreamOwned::new(connection, TcpStream::connect(host.address).expect("the server listens"));
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut text = String::new();
        // The server ends the connection, with or without a word of farewell.
        let _ = stream.read_to_string(&mut text);
        text
    };
    let name = format!("exercise.test:{}", host.address.port());
    let page = ask(&format!("GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Join the exercise"), "{page}");
    let body = form(&[("pin", &host.pin), ("name", "Ada"), ("seat", LEAD)]);
    let joined = ask(&format!(
        "POST / HTTP/1.1\r\nHost: {name}\r\nOrigin: https://{name}\r\nConnection: close\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(joined.starts_with("HTTP/1.1 303") && joined.contains("; Secure"), "{joined}");
    drop(strangers);
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
