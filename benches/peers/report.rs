//! Parts that the Rust programs of this benchmark share: the numbers of the workload, arguments, and the report.
//! Must not know the models. `report.py` is the same for Python.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::exit;
use std::time::Instant;

/// Ten days of one-minute ticks.
pub const TICKS: usize = 14_400;
/// The release is live in ticks 0 to 77.
pub const LIVE_TICKS: usize = 78;
pub const ON_PROBABILITY: f64 = 0.7;
/// Chance of a receipt in a minute, for a host that is on while the release is live.
pub const RECEIPT_PROBABILITY: f64 = 0.1;
pub const TRY_EVERY_MIN: usize = 5;
pub const TRY_PROBABILITY: f64 = 0.15;
pub const TRIES_MAX: u8 = 6;
pub const FLEET_HOSTS: usize = 150;
pub const FLEET_TECHNICIANS: u8 = 2;
pub const REPAIR_MIN_LOW: usize = 20;
pub const REPAIR_MIN_HIGH: usize = 100;
pub const HOUR_MIN: usize = 60;
pub const DAY_HOURS: usize = 24;
pub const SHIFT_BEGIN_HOUR: usize = 8;
pub const SHIFT_END_HOUR: usize = 20;

/// The curves of a run: one number for each tick, taken at the end of the tick.
pub struct Curves {
    /// Hosts up, including hosts that are off.
    pub up: Vec<u32>,
    /// Hosts that received, crashed and are up again.
    pub back: Vec<u32>,
    /// All hosts that received.
    pub received: u32,
}

impl Curves {
    /// The first tick at whose end 95 % of the hosts that received are back.
    fn t95(&self) -> Option<usize> {
        let wanted = u64::from(self.received) * 95;
        self.back.iter().position(|&back| wanted <= u64::from(back) * 100)
    }

    fn write_up(&self, path: &str) -> std::io::Result<()> {
        let mut output = BufWriter::new(File::create(path)?);
        writeln!(output, "tick,up")?;
        for (tick, up) in self.up.iter().enumerate() {
            writeln!(output, "{tick},{up}")?;
        }
        output.flush()
    }
}

pub fn is_shift(tick: usize) -> bool {
    (SHIFT_BEGIN_HOUR..SHIFT_END_HOUR).contains(&(tick / HOUR_MIN % DAY_HOURS))
}

/// Reads `HOSTS SEED [OUTPUT.csv]`, runs the model under the clock, prints one line of JSON.
pub fn measure(tool: &str, arguments: &[String], run: fn(u32, u64) -> Curves) {
    let (hosts, seed) = match arguments {
        [hosts, seed] | [hosts, seed, _] => (hosts.parse(), seed.parse()),
        _ => usage(tool),
    };
    let (Ok(hosts), Ok(seed)) = (hosts, seed) else { usage(tool) };
    let begun = Instant::now();
    let curves = run(hosts, seed);
    let wall_s = begun.elapsed().as_secs_f64();
    let t95 = curves.t95().map_or("null".to_owned(), |tick| tick.to_string());
    if let Some(path) = arguments.get(2)
        && let Err(error) = curves.write_up(path)
    {
        eprintln!("{error}: {path}");
        exit(1);
    }
    println!(
        r#"{{"tool": "{tool}", "hosts": {hosts}, "seed": {seed}, "wall_s": {wall_s:.6}, "peak_mib": {:.1}, "t95": {t95}}}"#,
        peak_mib()
    );
}

fn usage(tool: &str) -> ! {
    eprintln!("usage: {tool} HOSTS SEED [OUTPUT.csv]");
    exit(2);
}

/// The kernel's high-water mark of resident memory. It is the number of `ru_maxrss`, without the
/// share that `ru_maxrss` inherits from the program that started this one.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux, for the peak of memory");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM in the status");
    let peak_kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number of KiB");
    peak_kib / 1024.0
}
