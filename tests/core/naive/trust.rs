//! docs/model.md, "Trust and clocks".

use blackstart::base::Ix;

use super::{Naive, Organisation, fraction, round};

/// Trust at the start, to which it also returns.
const START_PPM: u64 = 800_000;
const EVERY_MIN: u32 = 30;
const RETURN_PPM: u64 = 20;
/// Staff, customers, regulator, press.
const LOSS_PPM: [u64; 4] = [60, 110, 80, 110];
const REGULATOR: usize = 2;
const MISSED_PPM: u64 = 100_000;

pub(super) fn organisation_at_start() -> Organisation {
    Organisation { trust_ppm: [START_PPM; 4], ..Organisation::default() }
}

impl Naive {
    /// Important services of an organisation outside tolerance in this minute.
    pub(super) fn failing(&self, organisation: usize) -> u64 {
        let fails = |&service: &usize| {
            let compiled = &self.scenario.services[Ix::from_usize(service)];
            compiled.is_important && compiled.tolerance_min < self.services[service].below_now_min
        };
        self.services_of(organisation).filter(fails).count() as u64
    }

    /// Phase 6, trust.
    pub(super) fn judge_trust(&mut self) {
        if !self.scenario.has_trust || !self.tick.is_multiple_of(EVERY_MIN) {
            return;
        }
        for organisation in 0..self.organisations.len() {
            let failing = self.failing(organisation);
            for (trust, loss) in self.organisations[organisation].trust_ppm.iter_mut().zip(LOSS_PPM) {
                if 0 < failing {
                    *trust = trust.saturating_sub(loss * u64::from(EVERY_MIN) * failing.min(3));
                } else if *trust < START_PPM {
                    *trust = (*trust + RETURN_PPM * u64::from(EVERY_MIN)).min(START_PPM);
                }
            }
            let state = &mut self.organisations[organisation];
            state.trust_lost +=
                [1, 3].iter().map(|&audience: &usize| START_PPM.saturating_sub(state.trust_ppm[audience])).sum::<u64>();
        }
    }

    /// Phase 6, regulatory clocks, after trust.
    pub(super) fn judge_clocks(&mut self) {
        if !self.scenario.has_trust {
            return;
        }
        for organisation in 0..self.organisations.len() {
            if self.organisations[organisation].failing_since.is_none() && 0 < self.failing(organisation) {
                self.organisations[organisation].failing_since = Some(self.tick);
            }
            for clock in 0..self.scenario.clocks.len() {
                self.judge_clock(organisation, clock);
            }
        }
    }

    fn judge_clock(&mut self, organisation: usize, clock: usize) {
        let clock = &self.scenario.clocks[Ix::from_usize(clock)];
        let sector = self.scenario.organisations[Ix::from_usize(organisation)].sector;
        let is_duty = clock.sectors.is_empty() || clock.sectors.contains(&sector);
        let runs_out = self.organisations[organisation].failing_since.map(|from| from + clock.notify_within_min);
        if is_duty && runs_out == Some(self.tick) && !self.has_notified(organisation) {
            let penalty_usd = clock.penalty_usd;
            let state = &mut self.organisations[organisation];
            state.clocks_missed += 1;
            state.cost_cents += round(100.0 * penalty_usd * (2.0 - fraction(state.trust_ppm[REGULATOR])));
            state.trust_ppm[REGULATOR] = state.trust_ppm[REGULATOR].saturating_sub(MISSED_PPM);
        }
    }
}
