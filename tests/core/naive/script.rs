//! docs/model.md, "Conditions and events".

use blackstart::base::Ix;
use blackstart::scenario::compile::{EventAction, When};

use super::Naive;

impl Naive {
    /// Start of phase 1: staged releases whose observable is too high are ended.
    pub(super) fn halt_releases(&mut self) {
        if !self.tick.is_multiple_of(5) {
            return;
        }
        for channel in 0..self.channels.len() {
            let plan = self.scenario.channels[Ix::from_usize(channel)].rings.as_ref();
            let halt = plan.and_then(|plan| plan.halt_above);
            let is_staged = self.channels[channel].live_since.is_some() && self.channels[channel].is_staged;
            if let Some((condition, value)) = halt
                && is_staged
                && value < self.condition(condition.number())
            {
                self.end_release(channel);
            }
        }
    }

    /// Phase 1: each event fires once, in the order written, and sees what earlier ones did.
    pub(super) fn fire_events(&mut self) {
        for event in 0..self.events_fired.len() {
            if self.events_fired[event].is_none() && self.is_met(self.scenario.events[Ix::from_usize(event)].when) {
                self.events_fired[event] = Some(self.tick);
                for action in self.scenario.clone().events[Ix::from_usize(event)].actions.iter() {
                    self.happen(action);
                }
            }
        }
    }

    fn happen(&mut self, action: &EventAction) {
        match *action {
            EventAction::Release { channel } => self.release(channel.position()),
            EventAction::Revert { channel } => self.end_release(channel.position()),
            EventAction::RaiseFlag { flag } => self.flags[flag.position()] = true,
            EventAction::LowerFlag { flag } => self.flags[flag.position()] = false,
            EventAction::Limit { service, level } => {
                self.services[service.position()].limit = Some(u64::from(level.ppm()));
            }
            EventAction::Lift { service } => self.services[service.position()].limit = None,
        }
    }

    /// Phase 7: injects fire like events, but never at tick 0, and with observables of the end of the minute.
    pub(super) fn fire_injects(&mut self) {
        if self.tick == 0 {
            return;
        }
        for inject in 0..self.injects_fired.len() {
            if self.injects_fired[inject].is_none() && self.is_met_at_end(self.scenario.injects[Ix::from_usize(inject)])
            {
                self.injects_fired[inject] = Some(self.tick);
            }
        }
    }

    fn is_met(&self, when: When) -> bool {
        let is_looked_at = self.tick.is_multiple_of(5);
        match when {
            When::At(time) => time.0 <= self.tick,
            When::After { event, minutes } => {
                self.events_fired[event.position()].is_some_and(|fired| fired + minutes <= self.tick)
            }
            When::Above { condition, value } => is_looked_at && value < self.condition(condition.number()),
            When::Below { condition, value } => is_looked_at && self.condition(condition.number()) < value,
        }
    }

    fn is_met_at_end(&mut self, when: When) -> bool {
        let (When::Above { condition, value } | When::Below { condition, value }) = when else {
            return self.is_met(when);
        };
        let is_looked_at = self.tick.is_multiple_of(5);
        self.tick += 1;
        let seen = self.condition(condition.number());
        self.tick -= 1;
        is_looked_at && if matches!(when, When::Above { .. }) { value < seen } else { seen < value }
    }

    fn condition(&self, condition: u32) -> f64 {
        self.value(&self.scenario.conditions[Ix::new(condition)])
    }
}
