//! Goal: a measurement that nobody waits for ends early. Method: drop it and wait for the end of its thread.

use std::time::{Duration, Instant};

use super::*;
use crate::assess::comparisons::comparison_runs;
use crate::base::Tick;
use crate::exercise::solo_setup;
use crate::scenario::compile::Scenario;
use crate::scenario::load::{SourceFiles, load};
use crate::session::Run;

#[test]
fn a_measurement_that_is_dropped_stops() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    let scenario = Scenario::compile(load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid"));
    let seat = Ix::new(1);
    let mut run = Run::new(solo_setup(Arc::new(scenario), 1, seat));
    run.advance_to(Tick(2880));
    let runs = comparison_runs(&run, &[seat], &|_| ()).remove(&seat).expect("the seat");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.run");
    let mut weighing = Weighing::begin(&run, seat, &runs, Some(&file));
    assert_eq!(weighing.state, State::Running);
    while weighing.done() == 0.0 {
        weighing.poll();
    }
    let shared = weighing.shared.clone();
    drop(weighing);
    let begun = Instant::now();
    while 1 < Arc::strong_count(&shared) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the thread goes on");
        thread::sleep(Duration::from_millis(1));
    }
    let planned = steps_max(0, Options { seeds: SEEDS, threads: 1, figures: None });
    assert!(shared.steps.load(Ordering::Relaxed) < planned / 2, "it stopped early");
    assert!(!kept_file(&file).exists(), "half a measurement is not kept");
}
