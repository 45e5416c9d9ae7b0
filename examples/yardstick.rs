//! The workload "exposure-and-repair" on which Blackstart is compared with other simulators
//! (`benches/peers/`): `yardstick HOSTS SEED [OUTPUT.csv]` prints one line of JSON.

#[path = "../benches/yardstick/mod.rs"]
mod workload;

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use blackstart::sim::World;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |name: &str| -> u64 {
        let text = arguments.next().unwrap_or_else(|| usage(&format!("{name} is missing")));
        text.parse().unwrap_or_else(|_| usage(&format!("{name} is a whole number, not `{text}`")))
    };
    let (hosts, seed) = (number("HOSTS") as u32, number("SEED"));
    let output = arguments.next();
    let begun = Instant::now();
    let scenario = Arc::new(workload::compiled(workload::documents(hosts, 14_401)));
    let mut world = World::new(scenario, seed);
    // The workload begins one minute after the release.
    let up = world.advance_with_curve(world.scenario().horizon).split_off(1);
    let wall_s = begun.elapsed().as_secs_f64();
    let received: u32 = world.fleets().iter().map(|fleet| fleet.received).sum();
    // The first tick at which 95 % of the hosts that received are up again.
    let t95 = up.iter().rposition(|&up| f64::from(received) * 0.05 < f64::from(hosts - up)).map_or(0, |at| at + 1);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak_kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
        .unwrap_or(0.0);
    println!(
        "{{\"tool\": \"blackstart\", \"version\": \"{}\", \"hosts\": {hosts}, \"seed\": {seed}, \"wall_s\": {wall_s:.6}, \"peak_mib\": {:.1}, \"t95\": {t95}}}",
        env!("CARGO_PKG_VERSION"),
        peak_kib / 1024.0
    );
    if let Some(path) = output {
        let rows: String = up.iter().enumerate().map(|(tick, up)| format!("{tick},{up}\n")).collect();
        fs::write(&path, format!("tick,up\n{rows}")).unwrap_or_else(|error| usage(&format!("{error}: {path}")));
    }
}

fn usage(problem: &str) -> ! {
    eprintln!("{problem}\nusage: yardstick HOSTS SEED [OUTPUT.csv]");
    std::process::exit(2);
}
