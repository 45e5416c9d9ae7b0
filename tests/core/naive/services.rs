//! docs/model.md, "Services": levels, fallbacks, demand, rework, judgement.

use blackstart::base::Ix;
use blackstart::scenario::compile::{Backlog, NeedIndex, Scenario};

use super::orders::ServiceFigures;
use super::{Naive, Service, State, WHOLE, fraction, ppm, round, scale};

/// Minutes at target after which a service counts as recovered.
const RECOVERED_MIN: u32 = 120;
/// Hours over which postponed demand returns if no order has stated them.
const RETURN_HOURS: u64 = 24;

/// Every service at full level.
pub(super) fn services_at_start(scenario: &Scenario) -> Vec<Service> {
    let whole = |service: usize| Service {
        level: WHOLE,
        technical: WHOLE,
        buffers_min: scenario.needs_of(Ix::from_usize(service)).iter().map(|need| need.buffer_min).collect(),
        return_hours: RETURN_HOURS,
        ..Service::default()
    };
    (0..scenario.services.len()).map(whole).collect()
}

/// Share that a queue of rework leaves, 1/2 at the half point.
fn half(at: f64, queue_milli: u64) -> u64 {
    ppm(at / (at + queue_milli as f64 / 1000.0))
}

/// "Line": straight between points, constant beyond.
fn respond(points: &[(u32, u32)], share: u64) -> u64 {
    let x = share as i64;
    let (first, last) = (points[0], points[points.len() - 1]);
    if x <= i64::from(first.0) {
        return u64::from(first.1);
    }
    for pair in points.windows(2) {
        let (x0, y0) = (i64::from(pair[0].0), i64::from(pair[0].1));
        let (x1, y1) = (i64::from(pair[1].0), i64::from(pair[1].1));
        if x <= x1 {
            return (y0 + (y1 - y0) * (x - x0) / (x1 - x0)) as u64;
        }
    }
    u64::from(last.1)
}

impl Naive {
    /// Phase 5: each service uses the current state of fleets and the previous levels of services.
    pub(super) fn serve(&mut self) {
        let levels_before: Vec<u64> = self.services.iter().map(|service| service.level).collect();
        for service in 0..self.services.len() {
            let figures = self.service_figures(service);
            self.set_level(service, &figures, &levels_before);
            self.set_fallback(service, &figures);
            let called_off = self.call_off_by_rule(service);
            let lost = self.serve_demand(service, &figures) + called_off;
            self.services[service].lost_micro += called_off;
            self.clear_rework(service, &figures, lost);
            self.judge(service);
        }
    }

    fn supply(&self, need: NeedIndex, levels_before: &[u64]) -> u64 {
        match need {
            NeedIndex::Service(service) => levels_before[service.position()],
            NeedIndex::Fleet(fleet) => {
                let counts = self.counts(fleet.position());
                let hosts: u32 = counts.iter().sum();
                WHOLE * u64::from(counts[State::Up as usize]) / u64::from(hosts)
            }
        }
    }

    /// Computes a level from needs, buffers, limits, warm-up and rework.
    fn set_level(&mut self, index: usize, figures: &ServiceFigures, levels_before: &[u64]) {
        let scenario = self.scenario.clone();
        let mut allowed = self.services[index].limit.unwrap_or(WHOLE);
        for (number, need) in scenario.needs_of(Ix::from_usize(index)).iter().enumerate() {
            let response = respond(&need.response, self.supply(need.supplier, levels_before));
            let buffer = &mut self.services[index].buffers_min[number];
            if response == WHOLE {
                *buffer = (*buffer + 1).min(need.buffer_min);
            } else if 0 < *buffer {
                *buffer -= 1;
            } else {
                allowed = allowed.min(response);
            }
        }
        let allowed = allowed.max(figures.fail_over);
        let compiled = &scenario.services[Ix::from_usize(index)];
        let service = &mut self.services[index];
        let warmer = service.technical + WHOLE / u64::from(compiled.warm_up_min.max(1));
        service.technical = allowed.min(warmer);
        service.level = service.technical;
        if let Some(rework) = &compiled.rework {
            service.level = scale(service.technical, half(rework.half_level_at, service.rework_milli));
        }
    }

    fn set_fallback(&mut self, index: usize, figures: &ServiceFigures) {
        let Some(fallback) = &self.scenario.services[Ix::from_usize(index)].fallback else { return };
        let service = &mut self.services[index];
        let is_open = service.is_opened || (fallback.is_automatic && !service.is_barred);
        let endurance = round(f64::from(fallback.endurance_min) * figures.drill);
        let full = u64::from(fallback.level.ppm());
        let holds = if u64::from(service.used_min) < endurance { full } else { full / 2 };
        service.is_in_force = is_open && service.level < holds;
        if service.is_in_force {
            service.level = holds;
            service.used_min += 1;
        } else if service.technical == WHOLE {
            service.used_min = service.used_min.saturating_sub(1);
        }
    }

    /// Serves the demand of a minute; returns the lost demand.
    fn serve_demand(&mut self, index: usize, figures: &ServiceFigures) -> u64 {
        let compiled = &self.scenario.services[Ix::from_usize(index)];
        let hour = self.hour(compiled.organisation.position());
        let planned = self.scenario.asked_micro(Ix::from_usize(index), hour);
        let now = self.local_hour(index);
        let service = &mut self.services[index];
        let off = scale(planned, service.cuts.get(&now).copied().unwrap_or(0));
        service.ahead_micro -= off;
        let asked = planned - off;
        let shed = scale(asked, figures.shed);
        let moved = scale(asked - shed, figures.postponed);
        service.postponed_micro += moved;
        service.return_hours = figures.return_hours.unwrap_or(service.return_hours);
        let mut back = 0;
        if figures.postponed == 0 && 0 < asked && 0 < service.postponed_micro {
            back = service.postponed_micro.div_ceil(60 * service.return_hours);
            service.postponed_micro -= back;
        }
        let wanted = service.backlog_micro + asked - shed - moved + back;
        let usual = scale(compiled.usual_micro, service.level.min(service.technical));
        let capacity = scale(planned, service.level) as f64 * compiled.headroom * (1.0 - figures.time_off)
            + usual as f64 * figures.extra;
        let served = wanted.min(capacity.floor() as u64);
        let waiting = wanted - served;
        let expired = match compiled.backlog {
            Backlog::Lost => waiting,
            Backlog::Waits => 0,
            Backlog::Expires(minutes) => waiting.div_ceil(u64::from(minutes)),
        };
        service.backlog_micro = waiting - expired;
        service.demand_micro += planned;
        service.served_micro += served;
        service.lost_micro += shed + expired;
        shed + expired
    }

    /// The local hour of a service, counted from the local week of tick 0.
    fn local_hour(&self, index: usize) -> u32 {
        let compiled = &self.scenario.services[Ix::from_usize(index)];
        (self.scenario.organisations[compiled.organisation].week_phase_min + self.tick) / 60
    }

    /// "Calling off", the rule: at the begin of a local hour, below the target level.
    fn call_off_by_rule(&mut self, index: usize) -> u64 {
        let compiled = &self.scenario.clone().services[Ix::from_usize(index)];
        let Some(rule) = &compiled.call_off else { return 0 };
        let is_hour = self.minute_of_week(compiled.organisation.position()).is_multiple_of(60);
        let level = self.services[index].level;
        if !is_hour || u64::from(compiled.target.ppm()) <= level {
            return 0;
        }
        let share = ppm(rule.share * fraction(WHOLE - level));
        self.call_off(index, share, rule.notice_hours, rule.hours)
    }

    /// Raises the cuts of hours that end within the run; returns the demand called off.
    pub(super) fn call_off(&mut self, index: usize, share: u64, notice: u32, hours: u32) -> u64 {
        let compiled = &self.scenario.services[Ix::from_usize(index)];
        let phase = self.scenario.organisations[compiled.organisation].week_phase_min;
        let now = self.local_hour(index);
        let mut amount = 0;
        for hour in now + notice..now + notice + hours {
            if self.scenario.horizon.0 + phase < (hour + 1) * 60 {
                break;
            }
            let asked = self.scenario.asked_micro(Ix::from_usize(index), (hour % 168) as usize);
            let cut = self.services[index].cuts.entry(hour).or_insert(0);
            let raised = share.max(*cut);
            amount += 60 * (scale(asked, raised) - scale(asked, *cut));
            *cut = raised;
        }
        self.services[index].ahead_micro += amount;
        amount
    }

    fn clear_rework(&mut self, index: usize, figures: &ServiceFigures, lost: u64) {
        let compiled = &self.scenario.services[Ix::from_usize(index)];
        let Some(rework) = &compiled.rework else { return };
        let hour = self.hour(compiled.organisation.position());
        let at_work = rework.at_work.map_or(WHOLE, |profile| ppm(self.scenario.profiles[profile][hour]));
        let service = &mut self.services[index];
        service.rework_milli += (lost as f64 * rework.items_per_lost / 1000.0).floor() as u64;
        let speed = scale(half(rework.half_speed_at, service.rework_milli), service.technical);
        let speed = scale(speed, at_work);
        let cleared = (rework.clear_per_hour / 60.0 * fraction(speed) * figures.rework * 1000.0).ceil();
        service.rework_milli = service.rework_milli.saturating_sub(cleared as u64);
    }

    /// "Judgement".
    fn judge(&mut self, index: usize) {
        let compiled = &self.scenario.services[Ix::from_usize(index)];
        let service = &mut self.services[index];
        service.loss_ppm_min += WHOLE - service.level;
        if service.level < u64::from(compiled.target.ppm()) {
            service.below_now_min += 1;
            service.below_min += 1;
            service.outside_min += u32::from(compiled.tolerance_min < service.below_now_min);
            service.at_target_min = 0;
            service.recovered_at = None;
            if self.scenario.incident.0 <= self.tick && service.first_below.is_none() {
                service.first_below = Some(self.tick);
            }
            return;
        }
        service.below_now_min = 0;
        service.at_target_min += 1;
        if service.first_below.is_some() && service.at_target_min == RECOVERED_MIN {
            service.recovered_at = Some(self.tick + 1 - RECOVERED_MIN);
        }
    }
}
