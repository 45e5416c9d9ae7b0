//! The workload "exposure-and-repair" as a bare event loop, for fleets of any size: one byte for each host, one
//! bucket of due hosts for each minute, one keyed draw for each event, queues and technicians by fleet. It measures
//! the cost of the events themselves on this machine, without an engine. `benches/peers/bare-loop` is the same for
//! fleets of 150, as a program of its own.

use blackstart::base::draw::mix;

/// Minutes for which a release is live; minutes between two tries to recover; number of tries; minutes of a repair.
const LIVE_MIN: u32 = 78;
const TRY_EVERY_MIN: u32 = 5;
const TRIES_MAX: u8 = 6;
const REPAIR_MIN: std::ops::RangeInclusive<u64> = 20..=100;
/// Local hours of the shift.
const SHIFT_HOURS: std::ops::Range<u32> = 8..20;
/// Minutes that the ring of due hosts spans: above the longest wait.
const RING_MIN: usize = 128;

/// The next action of a host. Smaller values are the number of failed tries of a crashed host.
const RECEIVE: u8 = 254;
const END_REPAIR: u8 = 255;

/// Probabilities of the workload.
#[derive(Clone, Copy)]
pub struct Odds {
    /// Chance that a host is on, has the sensor, and can receive.
    pub exposed: f64,
    /// Chance that an exposed host receives in a minute.
    pub receipt: f64,
    /// Chance that a try to recover succeeds.
    pub recovery: f64,
}

pub struct BareLoop {
    next_step: Vec<u8>,
    /// Hosts due, by minute modulo `RING_MIN`.
    due: Vec<Vec<u32>>,
    /// First host of each fleet, and the number of hosts.
    first_hosts: Vec<u32>,
    /// Fleet of the first host of each block of 64.
    blocks: Vec<u32>,
    fleets: Vec<Fleet>,
    /// Queues of all fleets. The queue of a fleet begins at the position of its first host and holds positions
    /// within the fleet.
    queue: Vec<u16>,
    recovery: u64,
    pub received: u64,
    pub events: u64,
    down: u32,
    /// Hosts up at the end of each minute.
    pub up: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Fleet {
    head: u32,
    tail: u32,
    idle: u32,
}

fn draw(stream: u64, host: u32, counter: u8) -> u64 {
    mix(mix(stream).wrapping_add(u64::from(host) << 8 | u64::from(counter)))
}

fn below(chance: f64) -> u64 {
    (chance * 18_446_744_073_709_551_615.0) as u64
}

impl BareLoop {
    /// Fleets of the given sizes, with one technician for every 75 hosts or part of them.
    pub fn new(sizes: &[u32], odds: Odds) -> Self {
        assert!(sizes.iter().all(|&size| size <= 1 << 16), "a place in a fleet has sixteen bits");
        let mut first_hosts = vec![0];
        sizes.iter().for_each(|size| first_hosts.push(first_hosts[first_hosts.len() - 1] + size));
        let hosts = first_hosts[sizes.len()];
        let mut due = vec![Vec::new(); RING_MIN];
        let exposed = below(odds.exposed);
        let scale = 1.0 / (1.0 - odds.receipt).ln();
        for host in 0..hosts {
            if draw(0, host, 0) < exposed {
                let unit = ((draw(1, host, 0) >> 11) + 1) as f64 / 9_007_199_254_740_992.0;
                let minute = (unit.ln() * scale) as u32;
                if minute < LIVE_MIN {
                    due[minute as usize].push(host);
                }
            }
        }
        let fleet = |&size: &u32| Fleet { idle: size.div_ceil(75), ..Fleet::default() };
        let block = |block: u32| first_hosts.partition_point(|&first| first <= block * 64) as u32 - 1;
        Self {
            next_step: vec![RECEIVE; hosts as usize],
            due,
            blocks: (0..hosts.div_ceil(64)).map(block).collect(),
            fleets: sizes.iter().map(fleet).collect(),
            queue: vec![0; hosts as usize],
            recovery: below(odds.recovery),
            received: 0,
            events: 0,
            down: 0,
            up: Vec::new(),
            first_hosts,
        }
    }

    pub fn run(&mut self, minutes: u32, mut each_minute: impl FnMut(u32)) {
        for minute in 0..minutes {
            let mut hosts = std::mem::take(&mut self.due[minute as usize % RING_MIN]);
            self.events += hosts.len() as u64;
            hosts.iter().for_each(|&host| self.step(host, minute));
            hosts.clear();
            self.due[minute as usize % RING_MIN] = hosts;
            if minute % 1_440 == SHIFT_HOURS.start * 60 {
                (0..self.fleets.len()).for_each(|fleet| self.dispatch(fleet, minute));
            }
            self.up.push(self.next_step.len() as u32 - self.down);
            each_minute(minute);
        }
    }

    fn fleet_of(&self, host: u32) -> usize {
        let mut fleet = self.blocks[host as usize / 64] as usize;
        while self.first_hosts[fleet + 1] <= host {
            fleet += 1;
        }
        fleet
    }

    fn step(&mut self, host: u32, minute: u32) {
        let at = host as usize;
        match self.next_step[at] {
            RECEIVE => {
                self.received += 1;
                self.down += 1;
                self.next_step[at] = 0;
                self.call(host, minute + TRY_EVERY_MIN);
            }
            END_REPAIR => {
                self.down -= 1;
                let fleet = self.fleet_of(host);
                self.fleets[fleet].idle += 1;
                self.dispatch(fleet, minute);
            }
            failed if draw(2, host, failed) < self.recovery => self.down -= 1,
            failed if failed + 1 < TRIES_MAX => {
                self.next_step[at] = failed + 1;
                self.call(host, minute + TRY_EVERY_MIN);
            }
            _ => {
                let fleet = self.fleet_of(host);
                let tail = &mut self.fleets[fleet].tail;
                let first = self.first_hosts[fleet];
                self.queue[(first + *tail) as usize] = (host - first) as u16;
                *tail += 1;
                self.dispatch(fleet, minute);
            }
        }
    }

    fn call(&mut self, host: u32, minute: u32) {
        self.due[minute as usize % RING_MIN].push(host);
    }

    /// Assigns the hosts that have been down longest to idle technicians of the fleet.
    fn dispatch(&mut self, fleet: usize, minute: u32) {
        if !SHIFT_HOURS.contains(&(minute / 60 % 24)) {
            return;
        }
        let first = self.first_hosts[fleet];
        while let Fleet { head, tail, idle: 1.. } = self.fleets[fleet]
            && head < tail
        {
            self.fleets[fleet].head += 1;
            self.fleets[fleet].idle -= 1;
            let host = first + u32::from(self.queue[(first + head) as usize]);
            let span = REPAIR_MIN.end() - REPAIR_MIN.start() + 1;
            let repair_min = REPAIR_MIN.start() + ((u128::from(draw(3, host, 0)) * u128::from(span)) >> 64) as u64;
            self.next_step[host as usize] = END_REPAIR;
            self.call(host, minute + repair_min as u32);
        }
    }
}
