//! Benchmarks without a window: loading, one run of ten days, one run with digests and record, snapshots.

use std::path::Path;
use std::sync::Arc;

use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::Scenario;
use blackstart::scenario::{library, load};
use blackstart::session::fork::Curves;
use blackstart::session::{Cast, Change, Extent, Player, Run, Setup, Timeline};
use blackstart::sim::{Command, Issuer, World};
use criterion::{Criterion, criterion_group, criterion_main};

fn files() -> load::SourceFiles {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/2024-07-19");
    library::find(&path.display().to_string()).expect("the scenario folder")
}

fn scenario() -> Arc<Scenario> {
    Arc::new(Scenario::compile(load::load(&files()).expect("a valid scenario")))
}

fn loading(criterion: &mut Criterion) {
    let files = files();
    criterion.bench_function("load, check and compile 2024-07-19", |bencher| {
        bencher.iter(|| Scenario::compile(load::load(&files).expect("a valid scenario")));
    });
}

fn running(criterion: &mut Criterion) {
    let scenario = scenario();
    let reference = scenario.playbook_index("reference");
    let cast = Cast::everybody(reference);
    let setup = Setup { scenario: scenario.clone(), seed: 1, cast };
    let mut group = criterion.benchmark_group("ten days of 2024-07-19");
    group.sample_size(10);
    group.bench_function("world alone, do-nothing", |bencher| {
        bencher.iter(|| {
            let mut world = World::new(scenario.clone(), 1);
            while !world.is_over() {
                world.step();
            }
            world.digest()
        });
    });
    group.bench_function("run with digests and record, reference", |bencher| {
        bencher.iter(|| {
            let mut run = Run::new(setup.clone());
            run.advance_to(scenario.horizon);
            run.world.digest()
        });
    });
    group.finish();
}

fn snapshot(criterion: &mut Criterion) {
    let scenario = scenario();
    let mut world = World::new(scenario, 1);
    for _ in 0..600 {
        world.step();
    }
    criterion.bench_function("clone of a world", |bencher| bencher.iter(|| world.clone()));
}

/// Seeks and forks a seat's run under the reference playbook at every half day, and prints the slowest tick.
fn seeking(criterion: &mut Criterion) {
    let scenario = scenario();
    let reference = scenario.playbook_index("reference");
    let cast = Cast::one_seat(Ix::new(0), Player::Playbook(reference.expect("a reference")), reference);
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed: 1, cast });
    timeline.advance_to(scenario.horizon);
    let organisation = scenario.seats[Ix::new(0)].organisations[0];
    let grant = Command::Grant { by: Issuer::Facilitator, organisation, technicians: 20, hours: 24 };
    let mut group = criterion.benchmark_group("at a tick of 2024-07-19");
    group.sample_size(20);
    for tick in [100, 429, 520, 1_000, 3_000, 8_000, 14_399] {
        group.bench_function(format!("ready to go on from {tick}"), |bencher| {
            bencher.iter(|| timeline.run_at(Tick(tick)));
        });
        group.bench_function(format!("one command more at {tick}, to the end"), |bencher| {
            bencher.iter(|| {
                timeline.fork(&Change::add(Tick(tick), grant), Extent::Reached, Curves::None).expect("a legal command")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, loading, running, snapshot, seeking);
criterion_main!(benches);
