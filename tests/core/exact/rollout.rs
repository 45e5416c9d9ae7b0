//! docs/model.md, "Rollout" and "Hosts".

use blackstart::scenario::schema::{Channel, Effect, EventEffect, Link, RaceOnce, Ring, RingPlan, Trigger};

use super::bed::{Case, check, figure, tiny};
use crate::naive::State;

fn ring(share: f64, delay_min: u32, spread_min: u32) -> Ring {
    Ring { share: figure(share), delay_min: figure(delay_min), spread_min: figure(spread_min) }
}

/// Keeps the release live until a time.
fn live_until(case: &mut Case, time: &str) {
    case.docs.events[1].when = Trigger::At(time.to_owned());
}

fn release(channel: &str) -> Vec<EventEffect> {
    vec![EventEffect::Release(channel.to_owned())]
}

fn at(time: &str) -> Trigger {
    Trigger::At(time.to_owned())
}

/// The unchanged tiny scenario, to its end, for some seeds.
#[test]
fn the_tiny_scenario_is_the_same_in_both() {
    let ends = check("tiny", tiny(), &[], &[1, 2, 3, 4, 5, 6]);
    assert!(ends.iter().all(|end| 100 < end.fleets.iter().map(|fleet| fleet.received).sum::<u32>()));
}

/// Hosts that are switched off are exposed when their hour comes, each with its lag.
#[test]
fn hosts_that_are_off_receive_later() {
    let mut case = Case::new("off and on");
    live_until(&mut case, "2024-07-20T02:00Z");
    case.sees("hosts received before offices opened", |world| world.tick == 300 && 20 < world.fleets[0].received);
    case.sees("more received after", |world| world.tick == 600 && 200 < world.fleets[0].received);
    case.check();
}

/// Rings with delay and spread; hosts beyond the last ring are never served.
#[test]
fn rings_open_one_after_another() {
    let mut case = Case::new("rings");
    live_until(&mut case, "2024-07-19T20:00Z");
    let rings = vec![ring(0.1, 0, 0), ring(0.3, 60, 50), ring(0.4, 125, 90)];
    case.docs.world.channels[0].rings = Some(RingPlan { rings, halt_above: None, in_use: true });
    case.kind("office-pc").switched_on = "always".to_owned();
    case.sees("the first ring alone", |world| world.tick == 308 && (10..90).contains(&world.fleets[0].received));
    let ends = case.check();
    assert!(ends.iter().all(|end| (200..330).contains(&end.fleets[0].received)));
}

/// A staged release halts at a multiple of five minutes if the observable of its plan is too high.
#[test]
fn a_staged_release_halts() {
    let mut case = Case::new("halted");
    live_until(&mut case, "2024-07-19T20:00Z");
    let rings = vec![ring(0.2, 0, 10), ring(0.8, 120, 60)];
    let halt_above = Some(("hosts_crashed(all)".to_owned(), 20.0));
    case.docs.world.channels[0].rings = Some(RingPlan { rings, halt_above, in_use: true });
    case.event("again", at("2024-07-19T18:00Z"), release("sensor"));
    case.sees("halted before it was reverted", |world| world.tick == 500 && world.channels[0].live_since.is_none());
    case.sees("live again for five minutes at most", |world| world.channels[0].live_since == Some(1080));
    case.check();
}

/// A release that is not staged does not halt, even if its plan has a condition.
#[test]
fn an_unstaged_release_does_not_halt() {
    let mut case = Case::new("not halted");
    let halt_above = Some(("hosts_received(all)".to_owned(), 10.0));
    case.docs.world.channels[0].rings = Some(RingPlan { rings: vec![ring(0.5, 0, 0)], halt_above, in_use: false });
    case.can("stage", 0, Effect::StageRollout("sensor".to_owned())).order(260, "stage", "world");
    case.sees("live to its end", |world| world.tick == 327 && world.channels[0].live_since.is_some());
    case.check();
}

/// A plan that is not in use neither stages nor halts a release. After it is ordered, it applies to later releases.
#[test]
fn a_ring_plan_is_put_into_use() {
    let mut case = Case::new("staged later");
    live_until(&mut case, "2024-07-19T22:00Z");
    let rings = vec![ring(0.5, 30, 30), ring(0.25, 90, 0)];
    let halt_above = Some(("hosts_received(all)".to_owned(), 250.0));
    case.docs.world.channels[0].rings = Some(RingPlan { rings, halt_above, in_use: false });
    case.can("stage", 10, Effect::StageRollout("sensor".to_owned()));
    case.order(255, "stage", "world");
    case.event("again", at("2024-07-19T05:00Z"), release("sensor"));
    case.sees("the first release is not staged", |world| world.tick == 290 && !world.channels[0].is_staged);
    case.sees("the second is", |world| world.tick == 310 && world.channels[0].is_staged);
    case.check();
}

/// A channel released again while live starts anew; reverted, it can be released a third time.
#[test]
fn a_channel_is_released_again() {
    let mut case = Case::new("released again");
    case.docs.world.channels[0].receipt_mean_min = figure(60.0);
    case.event("again", at("2024-07-19T04:30Z"), release("sensor"));
    case.event("third", at("2024-07-19T09:00Z"), release("sensor"));
    case.event("end", at("2024-07-19T09:20Z"), vec![EventEffect::Revert("sensor".to_owned())]);
    case.seeds = (1..6).collect();
    case.sees("three releases", |world| world.channels[0].releases == 3 && world.channels[0].live_since.is_none());
    case.check();
}

/// Revert and release in the same event: the effects happen in the order written.
#[test]
fn effects_of_an_event_happen_in_order() {
    let mut case = Case::new("in order");
    let revert = EventEffect::Revert("sensor".to_owned());
    let again = EventEffect::Release("sensor".to_owned());
    case.event("both", at("2024-07-19T04:20Z"), vec![revert.clone(), again.clone()]);
    case.event("neither", at("2024-07-19T04:40Z"), vec![again, revert]);
    case.sees("live after both", |world| world.tick == 265 && world.channels[0].live_since == Some(260));
    case.sees("over after neither", |world| world.tick == 281 && world.channels[0].live_since.is_none());
    case.check();
}

/// An order stops the release when its lead is over.
#[test]
fn a_release_is_stopped() {
    let mut case = Case::new("stopped");
    case.order(251, "stop-rollout", "world");
    case.sees("live until the lead is over", |world| world.tick == 266 && world.channels[0].live_since.is_some());
    case.sees("then stopped", |world| world.tick == 267 && world.channels[0].live_since.is_none());
    case.check();
}

/// Two channels at once, each with its own races and fleet kinds.
#[test]
fn two_channels_do_not_meet() {
    let mut case = Case::new("two channels");
    case.docs.world.channels.push(Channel {
        id: "second".to_owned(),
        name: "Second".to_owned(),
        receipt_mean_min: figure(3.0),
        reboot_cycle_min: figure(2),
        race_cycles_max: figure(3),
        late_win_per_hour: figure(0.2),
        rings: None,
    });
    case.kind("server").channel = Some("second".to_owned());
    case.event("second", at("2024-07-19T04:15Z"), release("second"));
    case.event("second-again", at("2024-07-19T04:18Z"), release("second"));
    case.sees("both live", |world| world.channels.iter().all(|channel| channel.live_since.is_some()));
    case.sees("servers hit", |world| 5 < world.fleets[2].received);
    case.check();
}

/// Overlapping holds end with the last one; released while the release is still live, hosts are hit.
#[test]
fn holds_overlap_and_end() {
    let mut case = Case::new("holds");
    live_until(&mut case, "2024-07-19T20:00Z");
    case.can("hold-1", 3, Effect::HoldHosts { hours: 1 }).can("hold-3", 0, Effect::HoldHosts { hours: 3 });
    case.order(240, "hold-1", "st-elsewhere").order(241, "hold-3", "st-elsewhere").order(253, "hold-1", "tiny-air");
    case.sees("held by both", |world| world.tick == 290 && 200 < world.hosts_in("st-elsewhere/pcs", State::Held));
    case.sees("held by one", |world| world.tick == 400 && 200 < world.hosts_in("st-elsewhere/pcs", State::Held));
    case.sees("up again", |world| world.tick == 423 && world.hosts_in("st-elsewhere/pcs", State::Held) == 0);
    case.sees("the airline's too", |world| world.tick == 321 && world.hosts_in("tiny-air/gates", State::Held) == 0);
    case.check();
}

/// A hold that begins in the minute in which another ends finds its hosts up.
#[test]
fn a_hold_follows_a_hold() {
    let mut case = Case::new("hold after hold");
    live_until(&mut case, "2024-07-19T20:00Z");
    case.can("hold-1", 0, Effect::HoldHosts { hours: 1 }).can("hold-2", 0, Effect::HoldHosts { hours: 2 });
    case.order(200, "hold-1", "tiny-air").order(259, "hold-2", "st-elsewhere");
    case.can("hold-later", 60, Effect::HoldHosts { hours: 2 }).order(200, "hold-later", "tiny-air");
    case.sees("held again", |world| world.tick == 262 && 100 < world.hosts_in("tiny-air/gates", State::Held));
    case.check();
}

/// Released by an order, all holds end; taken back, a hold ends at that boundary; a pending one begins.
#[test]
fn holds_are_released_and_taken_back() {
    let mut case = Case::new("released holds");
    live_until(&mut case, "2024-07-19T20:00Z");
    case.can("hold-2", 0, Effect::HoldHosts { hours: 2 }).can("hold-4", 0, Effect::HoldHosts { hours: 4 });
    case.can("release", 5, Effect::ReleaseHosts).can("hold-late", 90, Effect::HoldHosts { hours: 1 });
    case.order(245, "hold-2", "st-elsewhere").order(245, "hold-4", "st-elsewhere");
    case.order(245, "hold-late", "st-elsewhere").order(280, "release", "st-elsewhere");
    case.order(252, "hold-2", "tiny-air").cancel(270, 3);
    case.sees("up after the release", |world| {
        world.tick == 286 && world.hosts_in("st-elsewhere/pcs", State::Held) == 0
    });
    case.sees("held by the late one", |world| world.tick == 340 && 0 < world.hosts_in("st-elsewhere/pcs", State::Held));
    case.sees("taken back", |world| world.tick == 271 && world.hosts_in("tiny-air/gates", State::Held) == 0);
    case.check();
}

/// While a flag is up at receipt, hosts have another chance in the race.
#[test]
fn a_flag_changes_the_race() {
    let mut case = Case::new("race once");
    case.kind("office-pc").race_win_once = Some(RaceOnce { flag: "stick-ready".to_owned(), chance: figure(0.7) });
    case.kind("server").race_win_once = Some(RaceOnce { flag: "stick-ready".to_owned(), chance: figure(0.0) });
    let flag = || "stick-ready".to_owned();
    case.event("better", at("2024-07-19T04:14Z"), vec![EventEffect::RaiseFlag(flag())]);
    case.event("worse", at("2024-07-19T04:29Z"), vec![EventEffect::LowerFlag(flag())]);
    case.sees("many win", |world| world.tick == 280 && 15 < world.fleets[0].self_recovered);
    case.check();
}

/// Hosts that stayed down win late, if no hand was faster.
#[test]
fn hosts_win_late() {
    let mut case = Case::new("late wins");
    case.docs.world.channels[0].late_win_per_hour = figure(0.4);
    case.docs.world.channels[0].race_cycles_max = figure(2);
    let ends = case.check();
    assert!(ends.iter().all(|end| 20 < end.fleets[0].self_recovered && 5 < end.fleets[0].repaired));
}

/// Unattended remediation reaches wired kinds that are down, and those that go down later.
#[test]
fn wired_hosts_heal_unattended() {
    let mut case = Case::new("unattended");
    live_until(&mut case, "2024-07-19T12:00Z");
    case.can("heal", 2, Effect::Unattended { mean_hours: 2.0 });
    case.kind("server").link = Some(Link::Wireless);
    case.kind("server").race_win = figure(0.3);
    case.order(300, "heal", "st-elsewhere").order(400, "heal", "tiny-air");
    case.sees("hosts healed before there were hands", |world| world.tick == 389 && 20 < world.fleets[0].self_recovered);
    case.check();
}

/// A second order of unattended remediation has a shorter mean.
#[test]
fn unattended_remediation_is_ordered_twice() {
    let mut case = Case::new("unattended twice");
    live_until(&mut case, "2024-07-19T12:00Z");
    case.docs.events[2].when = at("2024-07-19T16:00Z");
    case.can("slow", 0, Effect::Unattended { mean_hours: 9.0 }).can("quick", 0, Effect::Unattended { mean_hours: 1.5 });
    case.order(280, "slow", "st-elsewhere").order(340, "quick", "st-elsewhere");
    case.order(280, "quick", "tiny-air").order(340, "slow", "tiny-air");
    case.check();
}
