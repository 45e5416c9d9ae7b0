//! Goal: a kill at any moment loses at most one second of an exercise. Method: this test program starts itself as a
//! child that plays an exercise in real time and says what it has done; the parent kills it at a random moment and
//! continues the exercise, 200 times.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use blackstart::base::Tick;
use blackstart::base::draw::{Draw, Stream};
use blackstart::exercise::action::{ClockAction, OrderAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::View;
use blackstart::session::runfile::{self, Replayer};

use crate::support::{TINY, scenario};

const KILLS: u32 = 200;
/// Children that play at the same time.
const WORKERS: u32 = 8;
/// Names the folder of a child; only the parent sets it.
const CHILD_FOLDER: &str = "BLACKSTART_TEST_CHILD_FOLDER";
const FRAME: Duration = Duration::from_millis(16);
/// Wall time that may be lost.
const LOST_MAX: Duration = Duration::from_secs(1);
/// Longest time between an action of a child and its message at the parent, on a busy machine.
const HEARING: Duration = Duration::from_millis(250);

/// Plays until it is killed; does nothing if no parent started it.
#[test]
fn plays_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else { return };
    let options = DeskOptions { seed: 3, out: PathBuf::from(folder), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![scenario(TINY)], options);
    let unfinished = match desk.view() {
        View::Start(view) => view.unfinished.first().map(|card| card.file.clone()),
        other => panic!("not the start screen: {other:?}"),
    };
    match unfinished {
        Some(file) => drop(desk.apply(ScreenAction::ContinueRun(file).into())),
        None => {
            desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
            desk.apply(ScreenAction::ChooseSeat("incident-lead".to_owned()).into());
            desk.apply(ScreenAction::Begin.into());
        }
    }
    let mut frames = 0_u32;
    loop {
        desk.advance(FRAME, Duration::from_millis(8));
        let View::Exercise(view) = desk.view() else {
            if matches!(desk.view(), View::Debrief(_)) {
                say("over");
                return;
            }
            continue;
        };
        if view.clock.is_paused || view.clock.speed < 900 {
            desk.apply(ClockAction::SetSpeed(900).into());
        }
        frames += 1;
        if frames.is_multiple_of(9) {
            let order = view.drawer.iter().find_map(|row| {
                let target = row.targets.iter().find(|target| target.refusal.is_none())?.target;
                let reason = Some(format!("frame {frames}"));
                Some(OrderAction::Give { mitigation: row.mitigation, target, confidence_pct: Some(50), reason })
            });
            if let Some(order) = order {
                desk.apply(order.into());
                let View::Exercise(view) = desk.view() else { continue };
                say(&format!("orders {}", view.orders.len()));
            }
        }
        say(&format!("tick {}", view.timeline.now_min));
        std::thread::sleep(FRAME);
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "child {line}").and_then(|()| out.flush()).expect("the parent listens");
}

/// Messages of a child with the times at which the parent received them.
#[derive(Default)]
struct Heard {
    ticks: Vec<(Instant, u32)>,
    orders: usize,
    is_over: bool,
}

#[test]
fn two_hundred_kills_lose_at_most_a_second_each() {
    let left = AtomicU32::new(KILLS);
    let played_on = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (left, played_on) = (&left, &played_on);
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a folder");
                let key = Draw::new(u64::from(worker)).stream(Stream::Swarm);
                for kill in 0_u32.. {
                    if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err() {
                        return;
                    }
                    let life = Duration::from_millis(60 + key.bits(kill, 0) % 1_400);
                    let (heard, killed) = play_and_kill(folder.path(), life);
                    played_on.fetch_add(u32::from(!heard.ticks.is_empty()), Ordering::Relaxed);
                    check_what_is_left(folder.path(), &heard, killed);
                }
            });
        }
    });
    let played_on = played_on.into_inner();
    assert!(KILLS / 2 < played_on, "only {played_on} of {KILLS} children came to play");
}

/// Starts a child and kills it after some time; returns its messages and the time of the kill.
fn play_and_kill(folder: &Path, life: Duration) -> (Heard, Instant) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "kills::plays_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let listener = std::thread::spawn(move || {
        let mut heard = Heard::default();
        for line in lines.map_while(Result::ok) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["child", "tick", tick] => heard.ticks.push((Instant::now(), tick.parse().expect("a tick"))),
                ["child", "orders", orders] => heard.orders = orders.parse().expect("a count"),
                ["child", "over"] => heard.is_over = true,
                _ => {}
            }
        }
        heard
    });
    std::thread::sleep(life);
    let killed = Instant::now();
    child.kill().expect("the child can be killed");
    child.wait().expect("it ends");
    (listener.join().expect("the listener ends"), killed)
}

/// Every file can be replayed to the minute that the child had reached a second before its end, with all its orders.
fn check_what_is_left(folder: &Path, heard: &Heard, killed: Instant) {
    let files = std::fs::read_dir(folder).expect("the folder").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        path.extension().is_some_and(|extension| extension == "run").then_some(path)
    });
    let mut newest: Vec<PathBuf> = files.collect();
    newest.sort_by_key(|path| path.metadata().and_then(|data| data.modified()).expect("a time"));
    let Some(path) = newest.pop() else {
        assert!(heard.ticks.is_empty(), "the child played and left no file");
        return;
    };
    let reading = match runfile::read(&path) {
        Ok(reading) => reading,
        // The child was killed before it had written the first line.
        Err(error) => {
            assert!(heard.ticks.is_empty(), "{error}");
            std::fs::remove_file(&path).expect("it can be removed");
            return;
        }
    };
    assert_eq!(reading.altered, [], "no line is torn but the last");
    let mut replayer = Replayer::new(Arc::new(reading.file), scenario(TINY)).expect("the same scenario");
    while !replayer.advance(LOST_MAX).unwrap_or_else(|difference| panic!("{difference:?}: {}", path.display())) {}
    let reached = replayer.tick();
    let timeline = replayer.finish().expect("the notes fit");
    let orders = timeline.run().log.iter().filter(|entry| !entry.is_by_playbook()).count();
    assert!(heard.orders <= orders, "{} orders were accepted and {orders} are in the file", heard.orders);
    let old = heard.ticks.iter().rev().find(|(when, _)| LOST_MAX + HEARING <= killed.duration_since(*when));
    if let Some(&(_, tick)) = old {
        assert!(Tick(tick) <= reached, "at {tick} more than a second before the kill, and back at {}", reached.0);
    }
    if heard.is_over {
        // The next child begins another exercise.
        std::fs::remove_file(&path).expect("it can be removed");
    }
}
