//! Headless speed: loading, one run of ten days, one run with digests and record, snapshots.

use std::path::Path;
use std::sync::Arc;

use blackstart::scenario::compile::Scenario;
use blackstart::scenario::{library, load};
use blackstart::session::policy::Voices;
use blackstart::session::{Run, Setup};
use blackstart::sim::World;
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
    let reference = scenario.playbook_index("reference").map(|index| index as u32);
    let voices = Voices { seat: None, own: reference, others: reference };
    let setup = Setup { scenario: scenario.clone(), seed: 1, voices };
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

criterion_group!(benches, loading, running, snapshot);
criterion_main!(benches);
