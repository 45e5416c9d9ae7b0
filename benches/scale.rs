//! Speed and memory at large scale: the world-scale scenario beside a bare loop, growth, two cores, and the naive
//! engine. Prints the tables of docs/performance.md: `cargo bench --bench scale --no-default-features`. Options after
//! `--`: `--quick` for a tenth of the size, `--world` for the comparisons with bare loops alone, `--cores` for two runs
//! in parallel alone.
//!
//! Times are wall times of one run, or medians for short rows. They serve for ratios within one table and not for
//! comparison with other machines.

mod bare;
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
#[path = "../tests/core/naive/mod.rs"]
mod naive;
mod yardstick;

use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use bare::{BareLoop, Odds};
use blackstart::base::draw::mix;
use blackstart::scenario::compile::Scenario;
use blackstart::scenario::load::Documents;
use blackstart::scenario::schema::{Backlog, Need, NeedOf, Response, Service, Tagged};
use blackstart::sim::World;
use blackstart::synth::generate;
use yardstick::compiled;

fn main() {
    let is_asked = |option: &str| std::env::args().any(|argument| argument == option);
    let is_quick = is_asked("--quick");
    if is_asked("--cores") {
        return two_cores(is_quick);
    }
    let organisations = if is_quick { 5_000 } else { 50_000 };
    world_scale(organisations);
    beside_bare(if is_quick { 100_000 } else { 1_000_000 });
    if is_asked("--world") {
        return;
    }
    growth(is_quick);
    two_cores(is_quick);
    beside_naive(if is_quick { 100_000 } else { 1_000_000 });
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let made = work();
    (begun.elapsed().as_secs_f64(), made)
}

/// The median of three measurements.
fn median(mut measure: impl FnMut() -> f64) -> f64 {
    middle(vec![measure(), measure(), measure()])
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

fn run_to_end(scenario: &Arc<Scenario>, seed: u64) -> World {
    let mut world = World::new(scenario.clone(), seed);
    world.advance(scenario.horizon);
    world
}

fn step_to_end(scenario: &Arc<Scenario>, seed: u64) -> World {
    let mut world = World::new(scenario.clone(), seed);
    while !world.is_over() {
        world.step();
    }
    world
}

fn count(world: &World, of: impl Fn(&blackstart::sim::world::FleetState) -> u32) -> u64 {
    world.fleets().iter().map(|fleet| u64::from(of(fleet))).sum()
}

fn world_scale(organisations: u32) {
    let (compile_s, scenario) = timed(|| Arc::new(compiled(generate::documents(organisations, 1))));
    let (run_s, world) = timed(|| run_to_end(&scenario, 1));
    let peak = peak_mib();
    let hit = Hit {
        hosts: scenario.hosts,
        received: count(&world, |fleet| fleet.received),
        crashed: count(&world, |fleet| fleet.crashed),
        repaired: count(&world, |fleet| fleet.repaired),
    };
    let digest = world.digest();
    drop(world);
    let (stepped_s, stepped) = timed(|| step_to_end(&scenario, 1));
    assert_eq!(stepped.digest(), digest, "many minutes at once are minute after minute");
    drop(stepped);
    let disturbed = disturbed_by_hour(&scenario);
    let sizes: Vec<u32> = scenario.fleets.iter().map(|fleet| fleet.hosts).collect();
    // The candidates run in turn, so that a slow phase of the machine affects all of them.
    let (mut runs, mut bares, mut leaner, mut events) = (vec![run_s], Vec::new(), Vec::new(), 0);
    for round in 0..3 {
        if 0 < round {
            runs.push(timed(|| run_to_end(&scenario, 1)).0);
        }
        let (bare_s, made) = timed(|| bare_loop(&sizes, hit, &disturbed));
        bares.push(bare_s);
        events = made;
        leaner.push(timed(|| leaner_loop(hit, &disturbed)).0);
    }
    let (run_s, bare_s, leaner_s) = (middle(runs), middle(bares), middle(leaner));
    println!("\n| world scale | |\n|---|---|");
    println!(
        "| organisations, fleets, services | {organisations}, {}, {} |",
        scenario.fleets.len(),
        scenario.services.len()
    );
    println!("| hosts, hit, repaired by hands | {}, {}, {} |", hit.hosts, hit.received, hit.repaired);
    println!("| compile | {compile_s:.2} s |");
    println!("| ten days | {run_s:.2} s |");
    println!("| the same, stopped at every minute | {stepped_s:.2} s |");
    println!(
        "| bare loop of the yardstick on these fleets ({events} events), a pass a minute over disturbed services | {bare_s:.2} s |"
    );
    println!("| ratio | {:.2} |", run_s / bare_s);
    println!("| leaner loop: a race is one draw, repairs wait for nobody | {leaner_s:.2} s |");
    println!("| ratio | {:.2} |", run_s / leaner_s);
    println!("| peak resident | {peak:.0} MiB |");
}

/// The numbers of hosts that were hit and stayed down in a world, for loops with the same number of events.
#[derive(Clone, Copy)]
struct Hit {
    hosts: u32,
    received: u64,
    crashed: u64,
    repaired: u64,
}

/// Services below full level at each hour.
fn disturbed_by_hour(scenario: &Arc<Scenario>) -> Vec<usize> {
    let mut world = World::new(scenario.clone(), 1);
    let mut hours = Vec::new();
    while !world.is_over() {
        if world.tick().0.is_multiple_of(60) {
            let services = scenario.services.indices();
            hours.push(services.filter(|&service| world.level(service).rest().ppm() != 0).count());
        }
        world.step();
    }
    hours
}

const TICKS: usize = 14_400;

/// Five columns with one row for each disturbed service; a minute passes over all rows once.
struct Columns<'a> {
    columns: Vec<[u64; 5]>,
    disturbed: &'a [usize],
}

impl<'a> Columns<'a> {
    fn new(disturbed: &'a [usize]) -> Self {
        Self { columns: vec![[1; 5]; disturbed.iter().copied().max().unwrap_or(0)], disturbed }
    }

    fn pass(&mut self, minute: u32) {
        let moving = self.disturbed.get(minute as usize / 60).copied().unwrap_or(0);
        for row in &mut self.columns[..moving] {
            let served = row[0].min(row[1] + u64::from(minute));
            row[2] += served;
            row[3] = row[3].wrapping_add(row[1] - served.min(row[1]));
            row[4] ^= row[2];
        }
    }
}

/// The bare loop of the yardstick, with as many hosts hit and staying down as in the world, and one pass over
/// disturbed services in each minute. Returns its number of events.
fn bare_loop(sizes: &[u32], hit: Hit, disturbed: &[usize]) -> u64 {
    let receipt = 0.1_f64;
    let within = 1.0 - (1.0 - receipt).powi(78);
    let stays = hit.crashed as f64 / hit.received.max(1) as f64;
    let odds = Odds {
        exposed: hit.received as f64 / f64::from(hit.hosts) / within,
        receipt,
        recovery: 1.0 - stays.powf(1.0 / 6.0),
    };
    let mut services = Columns::new(disturbed);
    let mut bare = BareLoop::new(sizes, odds);
    bare.run(TICKS as u32, |minute| services.pass(minute));
    let near = bare.received as f64 / hit.received.max(1) as f64;
    assert!(
        (near - 1.0).abs() < 0.01,
        "{} hosts received in the bare loop, {} in the world",
        bare.received,
        hit.received
    );
    black_box((&services.columns, &bare.up));
    bare.events
}

/// A lower bound for the work of a host's events: one byte for each host, one bucket of due hosts for each minute,
/// one keyed draw each for receipt, race and repair, and the same pass over services.
fn leaner_loop(hit: Hit, disturbed: &[usize]) -> u64 {
    let mut column = vec![0_u8; hit.hosts as usize];
    let mut due: Vec<Vec<u32>> = vec![Vec::new(); TICKS + 1];
    let share = |part: u64, whole: u64| (u128::from(part) * u128::from(u64::MAX) / u128::from(whole.max(1))) as u64;
    let (is_hit, stays) = (share(hit.received, u64::from(hit.hosts)), share(hit.repaired, hit.received));
    for host in 0..hit.hosts {
        let draw = mix(u64::from(host));
        if draw < is_hit {
            due[430 + (mix(draw) % 78) as usize].push(host);
        }
    }
    let mut services = Columns::new(disturbed);
    let mut up = u64::from(hit.hosts);
    for tick in 0..TICKS {
        for host in std::mem::take(&mut due[tick]) {
            let draw = mix(u64::from(host) ^ (tick as u64) << 32);
            let byte = &mut column[host as usize];
            let (next, wait) = match *byte {
                0 => (1, 30),
                1 if draw < stays => (2, 60 + draw % 4_320),
                _ => (3, 0),
            };
            *byte = next;
            match next {
                1 => up -= 1,
                3 => up += 1,
                _ => {}
            }
            if 0 < wait {
                due[(tick + wait as usize).min(TICKS)].push(host);
            }
        }
        services.pass(tick as u32);
    }
    black_box((&services.columns, &column));
    up
}

/// The yardstick beside its bare loop.
fn beside_bare(hosts: u32) {
    let scenario = Arc::new(compiled(yardstick::documents(hosts, 14_401)));
    let sizes: Vec<u32> = scenario.fleets.iter().map(|fleet| fleet.hosts).collect();
    let odds = Odds { exposed: 0.7, receipt: 0.1, recovery: 0.15 };
    let (mut engines, mut stepped, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..7 {
        engines.push(
            timed(|| {
                let mut world = World::new(scenario.clone(), 1);
                black_box(world.advance_with_curve(scenario.horizon));
            })
            .0,
        );
        bares.push(
            timed(|| {
                let mut bare = BareLoop::new(&sizes, odds);
                bare.run(TICKS as u32, |_| {});
                black_box(bare.up);
            })
            .0,
        );
        stepped.push(timed(|| step_to_end(&scenario, 1)).0);
    }
    let (engine, stepped, bare) = (middle(engines), middle(stepped), middle(bares));
    println!(
        "\nyardstick, {hosts} hosts: {engine:.3} s ({stepped:.3} s stopped at every minute), bare loop {bare:.3} s: {:.2} times",
        engine / bare
    );
}

/// Growth of the cost with the number of organisations (with their hosts and services), of hosts alone, of services
/// alone, and of minutes.
fn growth(is_quick: bool) {
    println!("\n| grows with | size | seconds | per unit |\n|---|---|---|---|");
    let scale = if is_quick { 10 } else { 1 };
    for organisations in [5_000, 10_000, 20_000].map(|count| count / scale) {
        let scenario = Arc::new(compiled(generate::documents(organisations, 1)));
        let (seconds, _) = timed(|| run_to_end(&scenario, 1));
        let each = seconds / f64::from(organisations) * 1e6;
        println!("| organisations | {organisations} | {seconds:.3} | {each:.1} µs |");
    }
    for hosts in [250_000, 500_000, 1_000_000].map(|count| count / scale) {
        let scenario = Arc::new(compiled(yardstick::documents(hosts, 14_400)));
        let seconds = median(|| timed(|| run_to_end(&scenario, 1)).0);
        println!("| hosts | {hosts} | {seconds:.3} | {:.0} ns |", seconds / f64::from(hosts) * 1e9);
    }
    let hosts = 100_000 / scale;
    for each in [5, 10, 20] {
        let scenario = Arc::new(compiled(with_services(yardstick::documents(hosts, 14_400), each)));
        let seconds = median(|| timed(|| run_to_end(&scenario, 1)).0);
        let services = scenario.services.len();
        println!(
            "| services ({hosts} hosts) | {services} | {seconds:.3} | {:.1} µs |",
            seconds / services as f64 * 1e6
        );
    }
    for days in [10, 20, 40] {
        let scenario = Arc::new(compiled(yardstick::documents(1_500, days * 1_440)));
        let seconds = median(|| timed(|| run_to_end(&scenario, 1)).0);
        println!("| minutes | {} | {seconds:.4} | {:.0} ns |", days * 1_440, seconds / f64::from(days * 1_440) * 1e9);
    }
}

/// The workload with `each` services for each organisation; every service needs the fleet.
fn with_services(mut docs: Documents, each: u32) -> Documents {
    let why = || "the workload".to_owned();
    let service = |number: u32| Service {
        id: format!("service-{number}"),
        name: format!("Service {number}"),
        unit: "calls".to_owned(),
        demand_per_day: Tagged::Invented(1_000.0, why()),
        demand_profile: "day".to_owned(),
        headroom: Tagged::Invented(1.2, why()),
        needs: vec![Need { supplier: NeedOf::Fleet("hosts".to_owned()), response: Response::Linear, buffer_min: 0 }],
        warm_up_min: Tagged::Invented(30, why()),
        fallback: None,
        backlog: Backlog::Waits,
        rework: None,
        call_off: None,
        target_level: 0.9,
        tolerance_min: Tagged::Invented(60, why()),
        cost_per_lost_usd: Tagged::Invented(1.0, why()),
        important: true,
    };
    docs.populations.iter_mut().for_each(|of| of.member.services = (0..each).map(service).collect());
    docs
}

/// The time of two runs in parallel, divided by the time of two runs one after the other.
fn two_cores(is_quick: bool) {
    let scenario = Arc::new(compiled(generate::documents(if is_quick { 1_000 } else { 5_000 }, 1)));
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        alone.push(timed(|| [1, 2].map(|seed| drop(run_to_end(&scenario, seed)))).0);
        let run = |seed: u64| {
            let scenario = scenario.clone();
            thread::spawn(move || drop(run_to_end(&scenario, seed)))
        };
        together.push(timed(|| [run(1), run(2)].map(|thread| thread.join().expect("it runs"))).0);
    }
    let (alone, together) = (middle(alone), middle(together));
    println!("\ntwo runs on two cores: {:.2} times one core ({alone:.2} s, {together:.2} s)", alone / together);
}

/// A day of the yardstick in both engines.
fn beside_naive(hosts: u32) {
    let scenario = Arc::new(compiled(yardstick::documents(hosts, 1_440)));
    let engine = median(|| timed(|| run_to_end(&scenario, 1)).0);
    let (naive_s, naive) = timed(|| {
        let mut naive = naive::Naive::new(scenario.clone(), 1);
        (0..scenario.horizon.0).for_each(|_| naive.step());
        naive
    });
    let world = run_to_end(&scenario, 1);
    naive::compare(&naive, &world).expect("both engines agree");
    println!(
        "\nnaive engine, {hosts} hosts, a day: {naive_s:.2} s; engine {engine:.3} s; {:.0} times faster",
        naive_s / engine
    );
}
