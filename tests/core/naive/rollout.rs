//! docs/model.md, "Rollout" and "Hosts": exposure, receipt, and the course of a host without repair.

use blackstart::base::{Draw, Ix, Stream};
use blackstart::scenario::compile::Scenario;

use super::{Host, Naive, State};

/// Every host with its draws.
pub(super) fn hosts_at_start(scenario: &Scenario, draw: Draw) -> Vec<Host> {
    let mut hosts = Vec::new();
    for (fleet, compiled) in scenario.fleets.iter().enumerate() {
        for host in compiled.first_host.number()..compiled.first_host.number() + compiled.hosts {
            let encrypted = scenario.kinds[compiled.kind].encrypted;
            hosts.push(Host {
                fleet: fleet as u32,
                state: State::Up,
                has_received: false,
                is_in_scope: draw.stream(Stream::Scope).happens(host, 0, compiled.in_scope),
                place: draw.stream(Stream::SwitchedOn).uniform(host, 0),
                lag_min: (draw.stream(Stream::SwitchMinute).bits(host, 0) % 60) as u32,
                is_encrypted: draw.stream(Stream::Encrypted).happens(host, 0, encrypted),
                exposed_from: None,
                exposed_needed: 0,
                exposed: 0,
                race_ends: 0,
                wins_race: false,
                late_win: None,
                unattended: None,
                is_in_reach: true,
                in_reach_at: None,
                waits_since: 0,
                repair: 0,
                repair_ends: 0,
                repair_fails: false,
            });
        }
    }
    hosts
}

impl Naive {
    /// Begins a release, or begins it again: each host of the channel gets its first tick and its wait.
    pub(super) fn release(&mut self, channel: usize) {
        let earlier = self.channels[channel].releases;
        let state = &mut self.channels[channel];
        state.releases += 1;
        state.live_since = Some(self.tick);
        state.is_staged = state.stages_releases && self.scenario.channels[Ix::from_usize(channel)].rings.is_some();
        let counter = channel as u32 + self.channels.len() as u32 * earlier;
        let mean = self.scenario.channels[Ix::from_usize(channel)].receipt_mean_min;
        let receipt = self.draw().stream(Stream::Receipt);
        for host in 0..self.hosts.len() {
            if self.channel_of(host) == channel {
                self.hosts[host].exposed = 0;
                self.hosts[host].exposed_from = self.exposed_from(host, channel);
                self.hosts[host].exposed_needed = receipt.exponential_min(host as u32, counter, mean);
            }
        }
    }

    pub(super) fn end_release(&mut self, channel: usize) {
        self.channels[channel].live_since = None;
    }

    fn channel_of(&self, host: usize) -> usize {
        let kind = self.scenario.fleets[Ix::new(self.hosts[host].fleet)].kind;
        self.scenario.kinds[kind].channel.position()
    }

    /// `e(h)` of a release that begins now; none for hosts beyond the last ring.
    fn exposed_from(&self, host: usize, channel: usize) -> Option<u32> {
        if !self.channels[channel].is_staged {
            return Some(self.tick);
        }
        let plan = self.scenario.channels[Ix::from_usize(channel)].rings.as_ref()?;
        let place = self.draw().stream(Stream::Ring).uniform(host as u32, channel as u32);
        let ring = plan.rings.iter().find(|ring| place < ring.until)?;
        let slot = self.draw().stream(Stream::RingSlot).uniform(host as u32, channel as u32);
        Some(self.tick + ring.delay_min + (f64::from(ring.spread_min) * slot).floor() as u32)
    }

    /// Is a host switched on now, by its profile and its lag?
    pub fn is_on(&self, host: usize) -> bool {
        let fleet = &self.scenario.fleets[Ix::new(self.hosts[host].fleet)];
        let profile = self.scenario.kinds[fleet.kind].switched_on.position();
        let minute = self.minute_of_week(fleet.organisation.position()) + 10_080 - self.hosts[host].lag_min;
        let hour = (minute % 10_080) / 60;
        self.hosts[host].place < self.scenario.profiles[Ix::from_usize(profile)][hour as usize]
    }

    /// Phase 3, receipts.
    pub(super) fn receive_content(&mut self) {
        for host in 0..self.hosts.len() {
            if !self.is_exposed(host) {
                continue;
            }
            if self.hosts[host].exposed < self.hosts[host].exposed_needed {
                self.hosts[host].exposed += 1;
            } else {
                self.receive(host);
            }
        }
    }

    fn is_exposed(&self, index: usize) -> bool {
        let host = &self.hosts[index];
        host.state == State::Up
            && !host.has_received
            && host.is_in_scope
            && self.channels[self.channel_of(index)].live_since.is_some()
            && host.exposed_from.is_some_and(|from| from <= self.tick)
            && self.is_on(index)
    }

    fn receive(&mut self, index: usize) {
        let fleet = self.hosts[index].fleet as usize;
        let kind = &self.scenario.kinds[self.scenario.fleets[Ix::from_usize(fleet)].kind];
        let channel = &self.scenario.channels[kind.channel];
        let chance = match kind.race_win_once {
            Some((flag, chance)) if self.flags[flag.position()] => chance,
            _ => kind.race_win,
        };
        let factor = self.scenario.organisations[Ix::from_usize(self.organisation_of(index))].race_win;
        let chance = (chance * factor).min(1.0);
        let cycles = self.draw().stream(Stream::Race).geometric(index as u32, 0, chance);
        let host = &mut self.hosts[index];
        host.state = State::Crashing;
        host.has_received = true;
        host.wins_race = cycles <= channel.race_cycles_max;
        host.race_ends = self.tick + cycles.min(channel.race_cycles_max) * channel.reboot_cycle_min;
        self.fleets[fleet].received += 1;
    }

    /// Phase 3, ends of races.
    pub(super) fn end_races(&mut self) {
        for index in 0..self.hosts.len() {
            if self.hosts[index].state != State::Crashing || self.hosts[index].race_ends != self.tick {
                continue;
            }
            if self.hosts[index].wins_race {
                self.hosts[index].state = State::Up;
                self.fleets[self.hosts[index].fleet as usize].self_recovered += 1;
            } else {
                self.go_down(index);
            }
        }
    }

    fn go_down(&mut self, index: usize) {
        let fleet = self.hosts[index].fleet as usize;
        self.fleets[fleet].crashed += 1;
        self.hosts[index].state = State::Down;
        self.hosts[index].waits_since = self.tick;
        let kind = self.scenario.fleets[Ix::from_usize(fleet)].kind;
        if let Some(away) = &self.scenario.kinds[kind].out_of_reach {
            let key = self.draw().stream(Stream::OutOfReach);
            if key.happens(index as u32, 0, away.share) {
                let minutes = (away.median_min * key.lognormal(index as u32, 1, away.spread)).ceil().max(1.0);
                self.hosts[index].is_in_reach = false;
                self.hosts[index].in_reach_at = Some(self.tick.saturating_add(minutes as u32));
            }
        }
        let rate = self.scenario.channels[Ix::from_usize(self.channel_of(index))].late_win_per_hour;
        if 0.0 < rate {
            let wait = self.draw().stream(Stream::LateWin).exponential_min(index as u32, 0, 60.0 / rate);
            self.hosts[index].late_win = self.tick.checked_add(wait);
        }
        self.heal_later(index);
    }

    /// Unattended remediation of every wired host that is down when its organisation opts in.
    pub(super) fn opt_in(&mut self, organisation: usize) {
        for index in 0..self.hosts.len() {
            if self.organisation_of(index) == organisation && self.hosts[index].state == State::Down {
                self.heal_later(index);
            }
        }
    }

    /// The time of unattended remediation, if the kind is wired and the organisation opted in.
    fn heal_later(&mut self, index: usize) {
        let kind = (self.scenario.fleets[Ix::new(self.hosts[index].fleet)].kind).position();
        let figures = self.figures(self.organisation_of(index));
        if let (true, Some(mean)) = (self.scenario.kinds[Ix::from_usize(kind)].is_wired, figures.unattended_mean_min) {
            let wait = self.draw().stream(Stream::Unattended).exponential_min(index as u32, 0, mean);
            let time = self.tick.saturating_add(wait);
            let had = self.hosts[index].unattended.unwrap_or(u32::MAX);
            self.hosts[index].unattended = Some(time.min(had));
        }
    }

    /// Phase 3, late wins and unattended remediations.
    pub(super) fn recover_by_themselves(&mut self) {
        let now = Some(self.tick);
        for index in 0..self.hosts.len() {
            let host = &mut self.hosts[index];
            if host.state == State::Down && (host.late_win == now || host.unattended == now) {
                host.state = State::Up;
                self.fleets[host.fleet as usize].self_recovered += 1;
            }
        }
    }

    /// Phase 3, hosts that come in reach.
    pub(super) fn come_in_reach(&mut self) {
        for host in &mut self.hosts {
            if host.state == State::Down && host.in_reach_at == Some(self.tick) {
                host.is_in_reach = true;
                host.waits_since = self.tick;
            }
        }
    }
}
