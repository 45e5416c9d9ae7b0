//! Checks of channels and of their ring plans.

use super::*;
use crate::scenario::schema::{Effect, RingPlan};

/// Largest sum of shares: decimal fractions may sum to slightly more than 1.
const WHOLE: f64 = 1.0 + 1e-6;

impl<'a> Check<'a> {
    pub(super) fn channels(&mut self) {
        let list = At::root(self.known, Part::World).field("channels");
        for (index, channel) in self.docs.world.channels.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &channel.name)]);
            self.figure(at.field("receipt_mean_min"), &channel.receipt_mean_min, MINUTES_ABOVE_0);
            self.figure(at.field("reboot_cycle_min"), &channel.reboot_cycle_min, MINUTES_FROM_1);
            self.figure(at.field("race_cycles_max"), &channel.race_cycles_max, CYCLES);
            self.figure(at.field("late_win_per_hour"), &channel.late_win_per_hour, SHARE);
            if let Some(plan) = &channel.rings {
                self.ring_plan(at.field("rings"), plan);
                self.plan_is_used(at.field("rings"), &channel.id, plan);
            }
        }
    }

    fn ring_plan(&mut self, at: At<'a>, plan: &'a RingPlan) {
        let list = at.field("rings");
        for (index, ring) in plan.rings.iter().enumerate() {
            let at = list.item(index);
            self.figure(at.field("share"), &ring.share, SHARE_ABOVE_0);
            self.figure(at.field("delay_min"), &ring.delay_min, MINUTES);
            self.figure(at.field("spread_min"), &ring.spread_min, MINUTES);
        }
        if plan.rings.is_empty() && list.is_empty_list() {
            self.error(list, "the plan has no rings", "name at least one: a release reaches only hosts in rings");
        }
        let sum: f64 = plan.rings.iter().map(|ring| ring.share.value()).sum();
        if WHOLE < sum {
            let percent = (sum * 1e6).round() / 1e4;
            let help = "expected 100 % or less; with less, the remaining hosts never get the release";
            self.error(list, format!("the rings sum to {percent} % of the hosts"), help);
        }
        if let Some((observable, value)) = &plan.halt_above {
            self.condition(at.field("halt_above"), observable, *value);
        }
    }

    /// Warns of a ring plan that no release can follow.
    fn plan_is_used(&mut self, at: At<'a>, channel: &str, plan: &RingPlan) {
        let stages = |effect: &Effect| matches!(effect, Effect::StageRollout(id) if id == channel);
        let is_ordered = self.docs.mitigations.iter().any(|mitigation| stages(&mitigation.effect));
        if !plan.in_use && !is_ordered && !self.is_blind(Part::Mitigations) {
            let message = format!("no release of `{channel}` ever uses these rings");
            let help =
                format!("write `in_use: true`, or add a mitigation with the effect `StageRollout(\"{channel}\")`");
            self.found.push(at.problem(message).help(help).warning());
        }
    }

    /// Checks that the channel of a `StageRollout` has a ring plan.
    pub(super) fn staged_channel(&mut self, at: At<'a>, id: &str) {
        self.reference(at, Kind::Channel, id);
        let channel = self.docs.world.channels.iter().find(|channel| channel.id == id);
        if channel.is_some_and(|channel| channel.rings.is_none()) {
            let help = format!("give the channel `rings` in {}", Part::World.file());
            self.error(at, format!("the channel `{id}` has no rings"), help);
        }
    }
}
