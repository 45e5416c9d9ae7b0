//! docs/model.md, "Conditions and events".

use blackstart::scenario::compile::{EventAction, When};

use super::Naive;

impl Naive {
    /// Start of phase 1: staged releases that do harm are ended.
    pub(super) fn halt_releases(&mut self) {
        if !self.tick.is_multiple_of(5) {
            return;
        }
        for channel in 0..self.channels.len() {
            let plan = self.scenario.channels[channel].rings.as_ref();
            let halt = plan.and_then(|plan| plan.halt_above);
            let is_staged = self.channels[channel].live_since.is_some() && self.channels[channel].is_staged;
            if let Some((condition, value)) = halt
                && is_staged
                && value < self.condition(condition)
            {
                self.end_release(channel);
            }
        }
    }

    /// Phase 1: each event fires once, in the order written, and sees what earlier ones did.
    pub(super) fn fire_events(&mut self) {
        for event in 0..self.events_fired.len() {
            if self.events_fired[event].is_none() && self.is_met(self.scenario.events[event].when) {
                self.events_fired[event] = Some(self.tick);
                for action in self.scenario.clone().events[event].actions.iter() {
                    self.happen(action);
                }
            }
        }
    }

    fn happen(&mut self, action: &EventAction) {
        match *action {
            EventAction::Release { channel } => self.release(channel as usize),
            EventAction::Revert { channel } => self.end_release(channel as usize),
            EventAction::RaiseFlag { flag } => self.flags[flag as usize] = true,
            EventAction::LowerFlag { flag } => self.flags[flag as usize] = false,
            EventAction::Limit { service, level } => {
                self.services[service as usize].limit = Some(u64::from(level.ppm()));
            }
            EventAction::Lift { service } => self.services[service as usize].limit = None,
        }
    }

    /// Phase 7: as events, never at tick 0, and with observables as the end of the minute shows them.
    pub(super) fn fire_injects(&mut self) {
        if self.tick == 0 {
            return;
        }
        for inject in 0..self.injects_fired.len() {
            if self.injects_fired[inject].is_none() && self.is_met_at_end(self.scenario.injects[inject]) {
                self.injects_fired[inject] = Some(self.tick);
            }
        }
    }

    fn is_met(&self, when: When) -> bool {
        let is_looked_at = self.tick.is_multiple_of(5);
        match when {
            When::At(time) => time.0 <= self.tick,
            When::After { event, minutes } => {
                self.events_fired[event as usize].is_some_and(|fired| fired + minutes <= self.tick)
            }
            When::Above { condition, value } => is_looked_at && value < self.condition(condition),
            When::Below { condition, value } => is_looked_at && self.condition(condition) < value,
        }
    }

    fn is_met_at_end(&mut self, when: When) -> bool {
        let (When::Above { condition, value } | When::Below { condition, value }) = when else {
            return self.is_met(when);
        };
        let is_looked_at = self.tick.is_multiple_of(5);
        self.tick += 1;
        let seen = self.condition(condition);
        self.tick -= 1;
        is_looked_at && if matches!(when, When::Above { .. }) { value < seen } else { seen < value }
    }

    fn condition(&self, condition: u32) -> f64 {
        self.value(&self.scenario.conditions[condition as usize])
    }
}
