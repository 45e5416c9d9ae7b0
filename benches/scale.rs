//! Speed and memory where they matter: the world-scale scenario beside a bare loop, growth, two cores, and the
//! naive engine. Prints the tables of docs/performance.md: `cargo bench --bench scale --no-default-features`,
//! with `-- --quick` at a tenth of the size.
//!
//! Wall times of one run, medians where a row is quick: these are for ratios side by side, not for records.

#[path = "../tests/naive/mod.rs"]
mod naive;
mod yardstick;

use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use blackstart::base::draw::mix;
use blackstart::batch::generate;
use blackstart::scenario::compile::Scenario;
use blackstart::sim::World;

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let organisations = if is_quick { 5_000 } else { 50_000 };
    world_scale(organisations);
    growth(is_quick);
    two_cores(is_quick);
    beside_naive(if is_quick { 100_000 } else { 1_000_000 });
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let made = work();
    (begun.elapsed().as_secs_f64(), made)
}

/// The middle one of three.
fn median(mut measure: impl FnMut() -> f64) -> f64 {
    let mut times = [measure(), measure(), measure()];
    times.sort_by(f64::total_cmp);
    times[1]
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

fn run_to_end(scenario: &Arc<Scenario>, seed: u64) -> World {
    let mut world = World::new(scenario.clone(), seed);
    while !world.is_over() {
        world.step();
    }
    world
}

fn count(world: &World, of: impl Fn(&blackstart::sim::world::FleetState) -> u32) -> u64 {
    world.fleets.iter().map(|fleet| u64::from(of(fleet))).sum()
}

fn world_scale(organisations: u32) {
    let (compile_s, scenario) = timed(|| Arc::new(Scenario::compile(generate::documents(organisations, 1))));
    let (run_s, world) = timed(|| run_to_end(&scenario, 1));
    let peak = peak_mib();
    let (received, repaired) = (count(&world, |fleet| fleet.received), count(&world, |fleet| fleet.repaired));
    drop(world);
    let disturbed = disturbed_by_hour(&scenario);
    let (bare_s, _) = timed(|| bare_loop(scenario.hosts, received, repaired, &disturbed));
    println!("\n| world scale | |\n|---|---|");
    println!(
        "| organisations, fleets, services | {organisations}, {}, {} |",
        scenario.fleets.len(),
        scenario.services.len()
    );
    println!("| hosts, hit, repaired by hands | {}, {received}, {repaired} |", scenario.hosts);
    println!("| compile | {compile_s:.2} s |");
    println!("| ten days of minutes | {run_s:.2} s |");
    println!("| bare loop of the same host events and a pass a minute over disturbed services | {bare_s:.2} s |");
    println!("| ratio | {:.1} |", run_s / bare_s);
    println!("| peak resident | {peak:.0} MiB |");
}

/// Services below full level at each hour.
fn disturbed_by_hour(scenario: &Arc<Scenario>) -> Vec<usize> {
    let mut world = World::new(scenario.clone(), 1);
    let mut hours = Vec::new();
    while !world.is_over() {
        if world.tick.0.is_multiple_of(60) {
            let services = 0..scenario.services.len() as u32;
            hours.push(services.filter(|&service| world.level(service).rest().ppm() != 0).count());
        }
        world.step();
    }
    hours
}

/// What the machine needs at least: a byte a host, a bucket of due hosts a minute, one keyed draw an event, and a
/// pass a minute over five columns of as many services as are disturbed.
fn bare_loop(hosts: u32, received: u64, repaired: u64, disturbed: &[usize]) -> u64 {
    const TICKS: usize = 14_400;
    let mut column = vec![0_u8; hosts as usize];
    let mut due: Vec<Vec<u32>> = vec![Vec::new(); TICKS + 1];
    let share = |part: u64, whole: u64| (u128::from(part) * u128::from(u64::MAX) / u128::from(whole.max(1))) as u64;
    let (hit, stays) = (share(received, u64::from(hosts)), share(repaired, received));
    for host in 0..hosts {
        let draw = mix(u64::from(host));
        if draw < hit {
            due[430 + (mix(draw) % 78) as usize].push(host);
        }
    }
    let services = disturbed.iter().copied().max().unwrap_or(0);
    let mut columns = vec![[1_u64; 5]; services];
    let mut up = u64::from(hosts);
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
        let moving = disturbed.get(tick / 60).copied().unwrap_or(0);
        for row in &mut columns[..moving] {
            let served = row[0].min(row[1] + tick as u64);
            row[2] += served;
            row[3] = row[3].wrapping_add(row[1] - served.min(row[1]));
            row[4] ^= row[2];
        }
    }
    black_box((&columns, &column));
    up
}

/// Cost by organisations (with their hosts and services), by hosts alone, and by minutes.
fn growth(is_quick: bool) {
    println!("\n| grows with | size | seconds | per unit |\n|---|---|---|---|");
    let scale = if is_quick { 10 } else { 1 };
    for organisations in [5_000, 10_000, 20_000].map(|count| count / scale) {
        let scenario = Arc::new(Scenario::compile(generate::documents(organisations, 1)));
        let (seconds, _) = timed(|| run_to_end(&scenario, 1));
        let each = seconds / f64::from(organisations) * 1e6;
        println!("| organisations | {organisations} | {seconds:.3} | {each:.1} µs |");
    }
    for hosts in [250_000, 500_000, 1_000_000].map(|count| count / scale) {
        let scenario = Arc::new(Scenario::compile(yardstick::documents(hosts, 14_400)));
        let seconds = median(|| timed(|| run_to_end(&scenario, 1)).0);
        println!("| hosts | {hosts} | {seconds:.3} | {:.0} ns |", seconds / f64::from(hosts) * 1e9);
    }
    for days in [10, 20, 40] {
        let scenario = Arc::new(Scenario::compile(yardstick::documents(1_500, days * 1_440)));
        let seconds = median(|| timed(|| run_to_end(&scenario, 1)).0);
        println!("| minutes | {} | {seconds:.4} | {:.0} ns |", days * 1_440, seconds / f64::from(days * 1_440) * 1e9);
    }
}

/// Two runs side by side over one after the other.
fn two_cores(is_quick: bool) {
    let scenario = Arc::new(Scenario::compile(generate::documents(if is_quick { 1_000 } else { 5_000 }, 1)));
    let alone = median(|| timed(|| (run_to_end(&scenario, 1), run_to_end(&scenario, 2))).0);
    let together = median(|| {
        let run = |seed: u64| {
            let scenario = scenario.clone();
            thread::spawn(move || run_to_end(&scenario, seed))
        };
        timed(|| [run(1), run(2)].map(|thread| drop(thread.join()))).0
    });
    println!("\ntwo runs on two cores: {:.2} times one core ({alone:.2} s, {together:.2} s)", alone / together);
}

/// A day of the yardstick in both engines.
fn beside_naive(hosts: u32) {
    let scenario = Arc::new(Scenario::compile(yardstick::documents(hosts, 1_440)));
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
