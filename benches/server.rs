//! An exercise with 200 open pages on loopback: the time from a message of the facilitator to its arrival on every page
//! while the clock runs at its highest speed, the memory of the program, and the bytes sent.
//!
//! `cargo bench --no-default-features --features server --bench server`

#[path = "../tests/support/browser.rs"]
#[expect(dead_code, reason = "the tests use the rest of the browser")]
mod browser;

use std::io::BufRead;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use browser::{Browser, Host};

const PAGES: usize = 200;
const MESSAGES: usize = 20;
const SEATS: [&str; 6] =
    ["health-coordinator", "airline-ops", "hospital-cio", "bank-ops", "vendor-incident", "nation-coordinator"];
/// Goal of docs/performance.md.
const P95_MAX: Duration = Duration::from_millis(250);
const MEMORY_MAX_MB: u64 = 300;

static BYTES: AtomicU64 = AtomicU64::new(0);

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let host = Host::start(env!("CARGO_BIN_EXE_blackstart"), &["2024-07-19", "--out", &out, "--begin-at", "420"]);
    let facilitator = host.facilitator();
    facilitator.act(&[("do", "begin")]);
    let (heard, arrivals) = channel();
    for number in 0..PAGES {
        let browser = host.participant(&format!("Person {number}"), SEATS[number % SEATS.len()]);
        let heard = heard.clone();
        std::thread::Builder::new().stack_size(128 << 10).spawn(move || listen(&browser, &heard)).expect("a thread");
    }
    // Comparison runs share the processor with the exercise when it begins.
    std::thread::sleep(Duration::from_secs(20));
    facilitator.act(&[("do", "speed"), ("speed", "3600")]);
    std::thread::sleep(Duration::from_secs(2));
    let (bytes_before, began) = (BYTES.load(Ordering::Relaxed), Instant::now());
    let mut delays = Vec::new();
    for number in 0..MESSAGES {
        let title = format!("Signal-{number}-");
        let sent = Instant::now();
        let answer = facilitator.act(&[("do", "message"), ("to", "all"), ("title", &title), ("body", "")]);
        assert_eq!(answer.status, 204, "{}", answer.body);
        let mut missing = PAGES;
        while 0 < missing {
            let (seen, at): (String, Instant) =
                arrivals.recv_timeout(Duration::from_secs(20)).expect("every page hears it");
            if seen == title {
                delays.push(at - sent);
                missing -= 1;
            }
        }
        std::thread::sleep(Duration::from_millis(400));
    }
    let seconds = began.elapsed().as_secs_f64();
    let sent = (BYTES.load(Ordering::Relaxed) - bytes_before) as f64;
    delays.sort();
    let share = |percent: usize| delays[(delays.len() - 1) * percent / 100];
    let memory_mb = memory_max_kb(host.child.id()) / 1024;
    println!("{PAGES} pages, {MESSAGES} messages at ×3600");
    println!("arrival   median {:?}   95 % {:?}   last {:?}", share(50), share(95), share(100));
    println!("memory    {memory_mb} MB at most");
    println!("traffic   {:.1} MB a second to all pages", sent / seconds / 1e6);
    assert!(share(95) <= P95_MAX, "95 % of the arrivals took {:?}", share(95));
    assert!(memory_mb <= MEMORY_MAX_MB, "{memory_mb} MB");
}

/// Reads a feed and tells each signal once.
fn listen(browser: &Browser, heard: &Sender<(String, Instant)>) {
    let mut feed = browser.feed();
    let (mut line, mut last) = (String::new(), 0);
    loop {
        line.clear();
        if feed.read_line(&mut line).map_or(true, |length| length == 0) {
            return;
        }
        BYTES.fetch_add(line.len() as u64, Ordering::Relaxed);
        // The newest message stands first in the inbox.
        let Some((_, rest)) = line.split_once("Signal-") else { continue };
        let number: usize = rest.split('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
        if number + 1 != last {
            last = number + 1;
            if heard.send((format!("Signal-{number}-"), Instant::now())).is_err() {
                return;
            }
        }
    }
}

/// The largest resident memory of a process, in kB.
fn memory_max_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
