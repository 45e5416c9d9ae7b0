//! docs/model.md, "Hands": technicians on duty, the hosts that they take, and the time, pay and fatigue of repairs.

use blackstart::base::{Ix, Stream};
use blackstart::scenario::compile::{Keys, Method};

use super::orders::Figures;
use super::{Naive, State, fraction, round};

/// Fatigue in ppm that a minute of full overtime adds, and that a minute of full rest, or one without
/// overtime, removes.
const TIRING: f64 = 400.0;
const RESTING: f64 = 900.0;
const CALMING: i64 = 120;

/// Classes of waiting hosts, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    Encrypted,
    Rebuild,
}

impl Naive {
    /// Phase 4: repairs that end in this minute.
    pub(super) fn end_repairs(&mut self) {
        for host in &mut self.hosts {
            if host.state != State::InRepair || host.repair_ends != self.tick {
                continue;
            }
            let fleet = &mut self.fleets[host.fleet as usize];
            if host.repair_fails {
                host.state = State::Rebuild;
                host.waits_since = self.tick;
                fleet.repairs_failed += 1;
            } else {
                host.state = State::Up;
                fleet.repaired += 1;
            }
        }
    }

    /// Phase 4: free technicians take hosts; then fatigue, work and pay of the minute.
    pub(super) fn work(&mut self) {
        for organisation in 0..self.organisations.len() {
            let figures = self.figures(organisation);
            let on_duty = self.on_duty(organisation, &figures);
            let free = on_duty.saturating_sub(self.busy(organisation));
            let taken = self.take_hosts(organisation, on_duty, &figures);
            let busy = self.busy(organisation);
            let pay = self.pay_cents(organisation, &figures);
            let state = &mut self.organisations[organisation];
            (state.free, state.taken) = (free, taken);
            state.person_min += u64::from(busy);
            state.cost_cents += pay;
            state.fatigue_ppm = tired(state.fatigue_ppm, &figures);
        }
    }

    /// People at work in this minute, at an overtime from 0 to 1.
    fn at_work(&self, organisation: usize, overtime: f64) -> f64 {
        self.at_work_in(organisation, self.hour(organisation), overtime)
    }

    pub(super) fn at_work_in(&self, organisation: usize, hour: usize, overtime: f64) -> f64 {
        let compiled = &self.scenario.organisations[Ix::from_usize(organisation)];
        if let Some(roster) = compiled.roster {
            return f64::from(compiled.staff[0]) * (self.scenario.profiles[roster][hour] * (1.0 + overtime)).min(1.0);
        }
        let scheduled = if hour / 24 < 5 { 1.0 } else { compiled.weekend };
        let mut people = 0.0;
        for (shift, middle) in [11, 19, 3].into_iter().enumerate() {
            let usual = covered(hour % 24, middle, 8.0 * (1.0 + overtime));
            let extra = covered(hour % 24, middle, 8.0 * overtime);
            people += f64::from(compiled.staff[shift]) * (scheduled * usual + (1.0 - scheduled) * extra);
        }
        people
    }

    /// Hands on duty in the minute that begins now.
    pub fn on_duty_now(&self, organisation: usize) -> u32 {
        self.on_duty(organisation, &self.figures(organisation))
    }

    pub(super) fn on_duty(&self, organisation: usize, figures: &Figures) -> u32 {
        let [_, customers, _, press] = self.organisations[organisation].trust_ppm.map(fraction);
        let calls = if self.scenario.has_trust { 0.15 * (1.0 - (customers + press) / 2.0) } else { 0.0 };
        let own_staff = self.at_work(organisation, figures.overtime) * (1.0 - figures.rest);
        let followers = own_staff * 2.0;
        let working = match figures.outside_people {
            0 => 1.0,
            people => (followers / people as f64).min(1.0),
        };
        let outside = figures.outside_hands_milli as f64 / 1000.0 * working;
        let hands = own_staff * (1.0 - calls) + outside + figures.granted as f64;
        ((hands + 0.5).floor() as i64 - self.tied(organisation)).max(0) as u32
    }

    /// Technicians tied by fallbacks in force at the last boundary.
    fn tied(&self, organisation: usize) -> i64 {
        let tied = |service: usize| match &self.scenario.services[Ix::from_usize(service)].fallback {
            Some(fallback) if self.services[service].is_in_force => i64::from(fallback.technicians),
            _ => 0,
        };
        self.services_of(organisation).map(tied).sum()
    }

    /// Free technicians take hosts one by one; returns the number of hosts taken.
    fn take_hosts(&mut self, organisation: usize, on_duty: u32, figures: &Figures) -> u32 {
        let free = on_duty.saturating_sub(self.busy(organisation));
        let mut taken = 0;
        for fleet in self.repair_order(organisation) {
            for class in [Class::Plain, Class::Encrypted, Class::Rebuild] {
                let Some(method) = self.method_for(organisation, fleet, class, figures) else { continue };
                let mut queue = self.queue(fleet, class);
                while taken < free && !queue.is_empty() && self.is_able(organisation, fleet, on_duty) {
                    let (index, has_travelled) = self.next_of(fleet, &queue);
                    self.take(queue.remove(index), class, method.number(), has_travelled, figures);
                    taken += 1;
                }
            }
        }
        taken
    }

    /// Is a technician with the skill free for one more host of a fleet? Servers need one.
    fn is_able(&self, organisation: usize, fleet: usize, on_duty: u32) -> bool {
        let is_server = |fleet: usize| self.scenario.kinds[self.scenario.fleets[Ix::from_usize(fleet)].kind].is_server;
        let servers = self.fleets_of(organisation).filter(|&fleet| is_server(fleet));
        let in_repair: u32 = servers.map(|fleet| self.counts(fleet)[State::InRepair as usize]).sum();
        let share = self.scenario.organisations[Ix::from_usize(organisation)].server_share;
        !is_server(fleet) || f64::from(in_repair) < (share * f64::from(on_duty)).ceil()
    }

    /// Fleets in the order of repair: the one put first, then by priority, then as written.
    fn repair_order(&self, organisation: usize) -> Vec<usize> {
        let first = self.organisations[organisation].first_fleet;
        let mut fleets: Vec<usize> = self.fleets_of(organisation).collect();
        fleets.sort_by_key(|&fleet| {
            let is_first = first == Some(fleet as u32);
            (!is_first, 255 - self.scenario.fleets[Ix::from_usize(fleet)].priority, fleet)
        });
        fleets
    }

    /// "Queues": waiting hosts of a class, in order.
    fn queue(&self, fleet: usize, class: Class) -> Vec<usize> {
        let waits = |&index: &usize| {
            let host = &self.hosts[index];
            match class {
                Class::Plain => host.state == State::Down && host.is_in_reach && !host.is_encrypted,
                Class::Encrypted => host.state == State::Down && host.is_in_reach && host.is_encrypted,
                Class::Rebuild => host.state == State::Rebuild,
            }
        };
        let mut queue: Vec<usize> = self.fleets[fleet].hosts.clone().filter(waits).collect();
        queue.sort_by_key(|&index| {
            let host = &self.hosts[index];
            let order = if class == Class::Rebuild { host.repair } else { index as u64 };
            (host.waits_since, host.in_reach_at.is_some() && class != Class::Rebuild, order)
        });
        queue
    }

    /// Place in the queue of the next host, and whether the crew had to travel; moves the crew.
    fn next_of(&mut self, fleet: usize, queue: &[usize]) -> (usize, bool) {
        let (sites, stands) = (self.scenario.fleets[Ix::from_usize(fleet)].sites, self.fleets[fleet].crew_site);
        for step in 0..sites {
            let site = (stands + step) % sites;
            if let Some(index) = queue.iter().position(|&host| self.site_of(fleet, host) == site) {
                self.fleets[fleet].crew_site = site;
                return (index, step != 0);
            }
        }
        panic!("host {} stands at none of {sites} sites", queue[0]);
    }

    fn site_of(&self, fleet: usize, host: usize) -> u32 {
        let compiled = &self.scenario.fleets[Ix::from_usize(fleet)];
        let number = host as u64 - u64::from(compiled.first_host.number());
        (number * u64::from(compiled.sites) / u64::from(compiled.hosts)) as u32
    }

    /// "Methods": the method with which a class of a fleet is repaired now, if there is one.
    fn method_for(&self, organisation: usize, fleet: usize, class: Class, figures: &Figures) -> Option<Ix<Method>> {
        let listed = &self.scenario.kinds[self.scenario.fleets[Ix::from_usize(fleet)].kind].methods;
        let compiled = |method: &Ix<Method>| &self.scenario.methods[*method];
        let is_usable = |method: &Ix<Method>| self.is_usable(organisation, *method);
        if class == Class::Rebuild {
            return listed.iter().copied().find(|method| compiled(method).rebuilds && is_usable(method));
        }
        let is_locked = class == Class::Encrypted && !self.has_keys(organisation, fleet, figures);
        let suits = |method: &Ix<Method>| is_usable(method) && !(is_locked && compiled(method).needs_key);
        let ordered = figures.methods_ordered.iter().copied().find(|method| listed.contains(method) && suits(method));
        ordered.or_else(|| listed.iter().copied().find(|method| !compiled(method).rebuilds && suits(method)))
    }

    /// Are the flags of a method up and, if it needs the network, was the network at half or more at the last boundary?
    fn is_usable(&self, organisation: usize, method: Ix<Method>) -> bool {
        let method = &self.scenario.methods[method];
        let has_flags = method.requires.iter().all(|&flag| self.flags[flag.position()]);
        let has_network = match self.scenario.organisations[Ix::from_usize(organisation)].network {
            Some(network) => 500_000 <= self.services[network.position()].level,
            None => true,
        };
        has_flags && (has_network || !method.needs_network)
    }

    fn has_keys(&self, organisation: usize, fleet: usize, figures: &Figures) -> bool {
        let serves = match self.scenario.organisations[Ix::from_usize(organisation)].keys {
            Keys::Open | Keys::Escrow => true,
            Keys::Server(servers) => {
                let counts = self.counts(servers.position());
                counts.iter().sum::<u32>() <= 2 * counts[State::Up as usize]
            }
        };
        serves || figures.has_escrow || self.restored(fleet).is_some()
    }

    fn take(&mut self, index: usize, class: Class, method: u32, has_travelled: bool, figures: &Figures) {
        let minutes = self.repair_min(index, class, method, has_travelled, figures);
        let fails = self.repair_fails(index, method, figures);
        self.repairs_begun += 1;
        let host = &mut self.hosts[index];
        host.state = State::InRepair;
        host.repair = self.repairs_begun;
        host.repair_ends = self.tick + minutes;
        host.repair_fails = fails;
    }

    /// "Minutes of a repair".
    fn repair_min(&self, index: usize, class: Class, number: u32, has_travelled: bool, figures: &Figures) -> u32 {
        let (method, host) = (&self.scenario.methods[Ix::new(number)], index as u32);
        let fleet = self.hosts[index].fleet as usize;
        let organisation = self.organisation_of(index);
        let kind = &self.scenario.kinds[self.scenario.fleets[Ix::from_usize(fleet)].kind];
        let [low, mode, high] = method.touch_min;
        let key = self.draw().stream(Stream::Touch);
        let mut touch = if method.is_uniform {
            low + key.uniform(host, number) * (high - low)
        } else {
            key.triangular(host, number, low, mode, high)
        };
        if let Some(factor) = self.restored(fleet) {
            touch *= factor;
        } else if class == Class::Encrypted && method.needs_key {
            touch = (touch + self.scenario.organisations[Ix::from_usize(organisation)].key_min) * figures.key;
        }
        let [low, mode, high] = kind.locate_min;
        let mut locate = 0.0;
        if !method.remote {
            locate = self.draw().stream(Stream::Locate).triangular(host, 0, low, mode, high)
                * self.scenario.organisations[Ix::from_usize(organisation)].locate
                * figures.locate;
            if !self.is_on(index) {
                locate *= kind.locate_off_factor;
            }
            if has_travelled {
                locate += self.scenario.fleets[Ix::from_usize(fleet)].travel_min;
            }
        }
        let fatigue = fraction(self.organisations[organisation].fatigue_ppm);
        let all = (locate + touch + method.verify_min) * (1.0 + 0.35 * fatigue) / f64::from(method.hosts_at_once);
        (all.ceil() as u32).max(1)
    }

    fn repair_fails(&self, index: usize, method: u32, figures: &Figures) -> bool {
        let method = &self.scenario.methods[Ix::new(method)];
        let organisation = &self.organisations[self.organisation_of(index)];
        let is_misled = self.scenario.has_trust && !figures.is_verified;
        let false_tools = if is_misled { 1.0 + 0.5 * (1.0 - fraction(organisation.trust_ppm[0])) } else { 1.0 };
        let chance = method.failure * figures.failure * (1.0 + fraction(organisation.fatigue_ppm)) * false_tools;
        !method.rebuilds && self.draw().stream(Stream::RepairFails).happens(index as u32, 0, chance)
    }

    /// Pay of overtime and of people from outside for a minute, in cents.
    fn pay_cents(&self, organisation: usize, figures: &Figures) -> u64 {
        let rate = self.scenario.organisations[Ix::from_usize(organisation)].cost_per_hour_usd;
        let extra = self.at_work(organisation, figures.overtime) - self.at_work(organisation, 0.0);
        let people = extra + figures.outside_people as f64;
        round(people * rate * 1.5 / 60.0 * 100.0)
    }
}

/// "On duty": hours of a shift of some length around a middle that lie in an hour of the day.
fn covered(hour: usize, middle: i64, length: f64) -> f64 {
    let mut begins = hour as i64 - middle;
    if 12 <= begins {
        begins -= 24;
    }
    if begins < -12 {
        begins += 24;
    }
    let (begins, ends) = (begins as f64, begins as f64 + 1.0);
    (ends.min(length / 2.0) - begins.max(-length / 2.0)).max(0.0)
}

/// Fatigue after a minute.
fn tired(fatigue_ppm: u64, figures: &Figures) -> u64 {
    let mut change = (TIRING * figures.overtime).floor() as i64 - (RESTING * figures.rest).floor() as i64;
    if figures.overtime == 0.0 {
        change -= CALMING;
    }
    (fatigue_ppm as i64 + change).clamp(0, 1_000_000) as u64
}
