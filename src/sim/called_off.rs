//! Demand that a service called off ahead: tomorrow's flights, the lists of the afternoon. docs/model.md, "Calling off".
//!
//! Must not decide when demand is called off (`phases::services` and `phases::orders`).
//!
//! Invariant: `ahead_micro` is what the minutes to come take away from the demand asked, as parts per minute, so that it
//! is 0 once the last hour with a cut is over.

use crate::base::{Ix, Share, Tick};
use crate::scenario::compile::{Scenario, Service};

/// Hours of a week.
const WEEK_HOURS: u32 = 168;

/// What a service called off, by hours of its local clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CalledOff {
    /// Hours, counted from the local week of tick 0, and the share of their demand that is called off; rising.
    cuts: Vec<(u32, Share)>,
    /// Demand that is called off and whose minute has not come, in micro-units.
    pub ahead_micro: u64,
}

/// The local hour of a service at a tick, counted from the local week of tick 0.
pub(super) fn hour_at(service: &Service, tick: Tick) -> u32 {
    (service.week_phase_min + tick.0) / 60
}

impl CalledOff {
    /// Raises the cuts of `hours` hours from `notice` hours after `now` on to a share. Returns the demand called off by
    /// it, in micro-units. Hours that do not end within the run are left as they are.
    pub fn call_off(&mut self, scenario: &Scenario, service: Ix<Service>, at: CallOffAt, share: Share) -> u64 {
        let phase_min = scenario.services[service].week_phase_min;
        let end = (scenario.horizon.0 + phase_min) / 60;
        let mut called_off = 0;
        for hour in (at.now + at.notice)..(at.now + at.notice + at.hours).min(end) {
            let place = self.cuts.partition_point(|&(other, _)| other < hour);
            if self.cuts.get(place).is_none_or(|&(other, _)| other != hour) {
                self.cuts.insert(place, (hour, Share::NONE));
            }
            let before = self.cuts[place].1;
            let after = before.max(share);
            self.cuts[place].1 = after;
            let asked = scenario.asked_micro(service, (hour % WEEK_HOURS) as usize);
            called_off += 60 * (after.scale(asked) - before.scale(asked));
        }
        self.ahead_micro += called_off;
        called_off
    }

    /// The demand of a minute of the hour `now` that was called off, in micro-units; it is not ahead any more.
    pub fn take_minute(&mut self, now: u32, asked_micro: u64) -> u64 {
        self.cuts.retain(|&(hour, share)| now <= hour && Share::NONE < share);
        let off = self.cuts.first().filter(|&&(hour, _)| hour == now).map_or(0, |(_, share)| share.scale(asked_micro));
        self.ahead_micro -= off;
        off
    }

    /// Nothing is called off from the hour after `now` on, and nothing is left of this hour.
    pub fn is_over(&self) -> bool {
        self.cuts.is_empty() && self.ahead_micro == 0
    }

    /// The words of the digest.
    pub fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let cut = |&(hour, share): &(u32, Share)| u64::from(hour) << 32 | u64::from(share.ppm());
        std::iter::once(self.ahead_micro).chain(self.cuts.iter().map(cut))
    }
}

/// The hours that are called off: `hours` of them from `notice` hours after the hour `now` on.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallOffAt {
    pub now: u32,
    pub notice: u32,
    pub hours: u32,
}
