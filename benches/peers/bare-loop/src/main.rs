//! The workload as a bare event loop, which measures the cost of the work itself on this machine, without an
//! engine. It has one byte for each host, a ring of due hosts, and draws keyed by seed, stream, host and counter.

#[path = "../../report.rs"]
mod report;

use report::*;

/// Ticks that the ring of due hosts spans: a power of two above the longest wait, a repair.
const RING_TICKS: usize = 128;
const _: () = assert!(REPAIR_MIN_HIGH < RING_TICKS && LIVE_TICKS < RING_TICKS);

/// The next action of a host. Smaller values are the number of failed tries of a crashed host.
const RECEIVE: u8 = 254;
const END_REPAIR: u8 = 255;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    measure("bare loop", &arguments, |hosts, seed| {
        let mut site = Site::new(hosts, seed);
        site.run();
        site.curves
    });
}

/// A generator without state: SplitMix64 as a function of the position.
struct Draws {
    key: u64,
}

impl Draws {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

    fn new(seed: u64, stream: u64) -> Self {
        Self { key: mix(mix(seed.wrapping_add(Self::GOLDEN)).wrapping_add(stream)) }
    }

    fn bits(&self, host: u32, counter: u8) -> u64 {
        let place = u64::from(host) << 8 | u64::from(counter);
        mix(self.key.wrapping_add(place.wrapping_mul(Self::GOLDEN)))
    }

    /// Above 0, at most 1: its logarithm is finite.
    fn unit(&self, host: u32, counter: u8) -> f64 {
        ((self.bits(host, counter) >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    fn chance(&self, probability: f64, host: u32, counter: u8) -> bool {
        self.unit(host, counter) <= probability
    }

    fn below(&self, bound: usize, host: u32) -> usize {
        ((u128::from(self.bits(host, 0)) * bound as u128) >> 64) as usize
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// A fleet. Its queue begins in `Site::queue` at the position of the fleet's first host; a host waits in it at most
/// once.
#[derive(Clone)]
struct Fleet {
    head: u8,
    tail: u8,
    idle_technicians: u8,
}

struct Site {
    next_step: Vec<u8>,
    /// Hosts due, by tick modulo `RING_TICKS`.
    due: Vec<Vec<u32>>,
    fleets: Vec<Fleet>,
    /// Hosts that are down, by position in their fleet.
    queue: Vec<u8>,
    tries: Draws,
    repairs: Draws,
    down: u32,
    curves: Curves,
}

impl Site {
    fn new(hosts: u32, seed: u64) -> Self {
        let (power, receipts) = (Draws::new(seed, 0), Draws::new(seed, 1));
        let host_count = hosts as usize;
        let mut due = vec![Vec::new(); RING_TICKS];
        // One draw replaces the draws of all minutes up to the receipt.
        let wait_scale = 1.0 / (1.0 - RECEIPT_PROBABILITY).ln();
        for host in 0..hosts {
            if power.chance(ON_PROBABILITY, host, 0) {
                let tick = (receipts.unit(host, 0).ln() * wait_scale) as usize;
                if tick < LIVE_TICKS {
                    due[tick].push(host);
                }
            }
        }
        let fleet = Fleet { head: 0, tail: 0, idle_technicians: FLEET_TECHNICIANS };
        Self {
            next_step: vec![RECEIVE; host_count],
            due,
            fleets: vec![fleet; host_count.div_ceil(FLEET_HOSTS)],
            queue: vec![0; host_count],
            tries: Draws::new(seed, 2),
            repairs: Draws::new(seed, 3),
            down: 0,
            curves: Curves { up: vec![0; TICKS], back: vec![0; TICKS], received: 0 },
        }
    }

    fn run(&mut self) {
        for tick in 0..TICKS {
            let mut hosts = std::mem::take(&mut self.due[tick % RING_TICKS]);
            for &host in &hosts {
                self.step(host, tick);
            }
            hosts.clear();
            self.due[tick % RING_TICKS] = hosts;
            if tick % (DAY_HOURS * HOUR_MIN) == SHIFT_BEGIN_HOUR * HOUR_MIN {
                for fleet in 0..self.fleets.len() {
                    self.dispatch(fleet, tick);
                }
            }
            self.curves.up[tick] = self.next_step.len() as u32 - self.down;
            self.curves.back[tick] = self.curves.received - self.down;
        }
    }

    fn step(&mut self, host: u32, tick: usize) {
        let index = host as usize;
        match self.next_step[index] {
            RECEIVE => {
                self.curves.received += 1;
                self.down += 1;
                self.next_step[index] = 0;
                self.call(host, tick + TRY_EVERY_MIN);
            }
            END_REPAIR => {
                self.down -= 1;
                let fleet = index / FLEET_HOSTS;
                self.fleets[fleet].idle_technicians += 1;
                self.dispatch(fleet, tick);
            }
            failed_tries => {
                if self.tries.chance(TRY_PROBABILITY, host, failed_tries) {
                    self.down -= 1;
                } else if failed_tries + 1 < TRIES_MAX {
                    self.next_step[index] = failed_tries + 1;
                    self.call(host, tick + TRY_EVERY_MIN);
                } else {
                    let fleet = index / FLEET_HOSTS;
                    let tail = &mut self.fleets[fleet].tail;
                    self.queue[fleet * FLEET_HOSTS + usize::from(*tail)] = (index % FLEET_HOSTS) as u8;
                    *tail += 1;
                    self.dispatch(fleet, tick);
                }
            }
        }
    }

    fn call(&mut self, host: u32, tick: usize) {
        self.due[tick % RING_TICKS].push(host);
    }

    /// Assigns the hosts that have been down longest to idle technicians of the fleet.
    fn dispatch(&mut self, fleet: usize, tick: usize) {
        if !is_shift(tick) {
            return;
        }
        let first_host = fleet * FLEET_HOSTS;
        while let Fleet { head, tail, idle_technicians: 1.. } = self.fleets[fleet]
            && head < tail
        {
            self.fleets[fleet].head += 1;
            self.fleets[fleet].idle_technicians -= 1;
            let host = (first_host + usize::from(self.queue[first_host + usize::from(head)])) as u32;
            let repair_min = REPAIR_MIN_LOW + self.repairs.below(REPAIR_MIN_HIGH - REPAIR_MIN_LOW + 1, host);
            self.next_step[host as usize] = END_REPAIR;
            self.call(host, tick + repair_min);
        }
    }
}
