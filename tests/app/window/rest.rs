//! An idle window draws no frames; a key wakes it at once.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::desktop::{Desktop, EXIT_LIMIT};
use super::program::Program;

const WATCHED: Duration = Duration::from_secs(6);
/// Comparison runs and egui's animations end within this time.
const CALM_LIMIT: Duration = Duration::from_secs(120);

/// From here on the window sets its own pace, as it does for people.
const REST: &str = r#"
wait "Choose a scenario" 90
frames 10
measure
touch start.ready
reactive
wait "Seat Health coordinator" 300
times start.times
continuous
key 1
wait "Begin exercise" 60
key Enter
wait "Map of organisations" 60
frames 10
measure
touch paused.ready
reactive
gone "Paused, press Space to go on" 600
times paused.times
quit
"#;

/// Watches the program for a while after it has become idle; it must use almost no processor time.
pub fn rests(program: &Program, what: &str) {
    let begun = Instant::now();
    let used_within = |time: Duration| {
        let before = program.busy();
        sleep(time);
        program.busy() - before
    };
    while used_within(Duration::from_secs(1)) != Duration::ZERO {
        assert!(begun.elapsed() < CALM_LIMIT, "{what} does not come to rest");
    }
    let used = used_within(WATCHED);
    eprintln!("{what}: {used:?} of {WATCHED:?} used at rest");
    assert!(used * 100 <= WATCHED, "{what}: {used:?} of {WATCHED:?} is more than 1 % of a core");
}

/// Asserts that no frame was drawn while the window was watched.
pub fn assert_no_frames(desktop: &Desktop, times: &str) {
    let report = fs::read_to_string(desktop.path(times)).expect("frame times");
    let pause = report.lines().find_map(|line| line.strip_prefix("pause_max_s ")).expect("the longest pause");
    let pause: f64 = pause.parse().expect("seconds");
    assert!(WATCHED.as_secs_f64() <= pause, "frames were drawn while nothing moved: {report}");
}

#[test]
fn a_window_that_nobody_touches_rests() {
    let Some(desktop) = Desktop::open() else { return };
    let mut program = desktop.play(REST);
    desktop.wait_for(&mut program, "start.ready");
    desktop.window();
    rests(&program, "the start screen");
    desktop.key("1");
    desktop.wait_for(&mut program, "paused.ready");
    assert_no_frames(&desktop, "start.times");
    rests(&program, "a paused exercise");
    desktop.key("space");
    let woken = Instant::now();
    program.succeeds_within(EXIT_LIMIT);
    assert_no_frames(&desktop, "paused.times");
    assert!(woken.elapsed() < Duration::from_secs(20), "a key wakes the window at once");
}
