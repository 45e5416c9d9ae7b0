//! docs/model.md, "Services" and the orders that change them.

use blackstart::scenario::schema::{
    Backlog, CallOff, Effect, EventEffect, Fallback, Need, NeedOf, Response, Rework, Trigger,
};

use super::bed::{Case, figure};
use crate::naive::WHOLE;

const OPERATIONS: &str = "st-elsewhere/operations";
const RECORDS: &str = "st-elsewhere/records";
const FLIGHTS: &str = "tiny-air/flights";

fn at(time: &str) -> Trigger {
    Trigger::At(time.to_owned())
}

fn limit(service: &str, level: f64) -> Vec<EventEffect> {
    vec![EventEffect::Limit { service: service.to_owned(), level }]
}

fn lift(service: &str) -> Vec<EventEffect> {
    vec![EventEffect::Lift { service: service.to_owned() }]
}

/// A case of services alone: no release, and an event that limits `service` to `level` from 05:00 to 11:00.
fn limited(name: &'static str, service: &str, level: f64) -> Case {
    let mut case = Case::new(name);
    case.docs.events.clear();
    case.docs.injects.clear();
    for playbook in &mut case.docs.playbooks {
        playbook.orders.clear();
    }
    case.event("falls", at("2024-07-19T05:00Z"), limit(service, level));
    case.event("over", at("2024-07-19T11:00Z"), lift(service));
    case
}

/// Demand that is not served is lost, waits, or expires quickly or slowly.
#[test]
fn demand_is_lost_waits_or_expires() {
    for backlog in [Backlog::Lost, Backlog::Waits, Backlog::Expires(figure(1)), Backlog::Expires(figure(333))] {
        let mut case = limited("backlogs", FLIGHTS, 0.37);
        case.service("tiny-air", "flights").backlog = backlog;
        case.service("tiny-air", "flights").headroom = figure(1.618);
        case.sees("down", |world| world.svc(FLIGHTS).level < 500_000);
        case.check();
    }
}

/// Every response, with buffers that run down and fill again.
#[test]
fn needs_respond() {
    let points = vec![(0.1, 0.05), (0.33, 0.33), (0.34, 0.9), (0.9, 0.95)];
    for response in [Response::Linear, Response::Knee(0.97), Response::Soft(0.45), Response::Points(points)] {
        let mut case = Case::new("responses");
        case.service("st-elsewhere", "records").needs[0].response = response.clone();
        case.service("st-elsewhere", "records").needs[0].buffer_min = 90;
        case.service("tiny-air", "flights").needs[0].response = response.clone();
        let need = Need { supplier: NeedOf::Fleet("gates".to_owned()), response, buffer_min: 45 };
        case.service("tiny-air", "flights").needs.push(need);
        case.sees("a buffer is empty", |world| world.svc(FLIGHTS).buffers_min[3] == 0);
        // A curve whose last point is below the full level never fills a buffer.
        let is_pointed = matches!(case.service("st-elsewhere", "records").needs[0].response, Response::Points(_));
        case.sees("a buffer fills again", move |world| {
            world.tick == 2160 && (0 < world.svc(RECORDS).buffers_min[0]) != is_pointed
        });
        case.check();
    }
}

/// Warm-up of zero, one and many minutes.
#[test]
fn services_warm_up() {
    for warm_up_min in [0, 1, 7, 360] {
        let mut case = limited("warm-up", RECORDS, 0.111_111);
        case.service("st-elsewhere", "records").warm_up_min = figure(warm_up_min);
        case.sees("down", |world| world.svc(RECORDS).level == 111_111);
        case.sees("whole", |world| world.tick == 2160 && world.svc(RECORDS).level == WHOLE);
        case.check();
    }
}

/// A limit replaces an earlier limit, also if a condition triggers it.
#[test]
fn limits_replace_limits() {
    let mut case = limited("limits", RECORDS, 0.8);
    case.event("worse", at("2024-07-19T06:00Z"), limit(RECORDS, 0.2));
    case.event("better", at("2024-07-19T08:00Z"), limit(RECORDS, 0.65));
    let condition = Trigger::Below("level(service:st-elsewhere/records)".to_owned(), 0.65);
    case.event("more", condition, limit(OPERATIONS, 0.3));
    let above = Trigger::Above("lost(service:st-elsewhere/records)".to_owned(), 1000.0);
    case.event("help", above, lift(RECORDS));
    case.event("after", Trigger::After("more".to_owned(), 33), lift(OPERATIONS));
    case.sees("both", |world| world.events_fired.iter().all(Option::is_some));
    case.check();
}

/// An automatic fallback is barred by an order to close it, and unbarred by an order to open it.
#[test]
fn a_fallback_is_opened_and_barred() {
    let mut case = limited("fallback", OPERATIONS, 0.1);
    case.service("st-elsewhere", "operations").fallback.as_mut().expect("a fallback").automatic = true;
    case.can("open", 3, Effect::OpenFallback).can("close", 2, Effect::CloseFallback);
    case.order(350, "close", OPERATIONS).order(400, "open", OPERATIONS).order(500, "close", OPERATIONS);
    case.order(710, "open", OPERATIONS);
    case.sees("automatic", |world| world.tick == 340 && world.svc(OPERATIONS).is_in_force);
    case.sees("barred", |world| world.tick == 390 && !world.svc(OPERATIONS).is_in_force);
    case.sees("opened", |world| world.tick == 450 && world.svc(OPERATIONS).is_in_force);
    case.check();
}

/// A fallback wears out, which halves its level, and it recovers while it is not needed; a drill makes it last longer.
#[test]
fn a_fallback_wears_out() {
    for endurance in [1.0, 1.33, 2.5] {
        let mut case = limited("worn out", OPERATIONS, 0.05);
        let fallback = case.service("st-elsewhere", "operations").fallback.as_mut().expect("a fallback");
        (fallback.automatic, fallback.endurance_min, fallback.level) = (true, figure(101), figure(0.333_333));
        case.event("again", at("2024-07-19T20:00Z"), limit(OPERATIONS, 0.0));
        if 1.0 < endurance {
            case.can_prepare("drill", Effect::Drill { endurance }).order(0, "drill", OPERATIONS);
            case.can("drill-late", 5, Effect::Drill { endurance: 1.2 }).order(320, "drill-late", OPERATIONS);
        }
        case.sees("worn out", |world| world.svc(OPERATIONS).level == 166_666);
        case.check();
    }
}

/// Services need each other in a circle, and a cascade takes one minute for each step.
#[test]
fn services_need_each_other() {
    let mut case = limited("circle", "tiny-cloud/hosting", 0.4);
    let need =
        |supplier: &str, response| Need { supplier: NeedOf::Service(supplier.to_owned()), response, buffer_min: 0 };
    case.service("tiny-cloud", "hosting").needs.push(need(FLIGHTS, Response::Soft(0.5)));
    case.service("st-elsewhere", "records").needs.push(need(FLIGHTS, Response::Linear));
    case.service("tiny-air", "flights").needs[2].buffer_min = 4;
    case.service("tiny-air", "flights").needs.push(need(OPERATIONS, Response::Soft(0.3)));
    case.service("st-elsewhere", "operations").needs[0].response = Response::Linear;
    case.service("st-elsewhere", "operations").needs[0].buffer_min = 0;
    case.sees("the cascade ends", |world| world.svc(OPERATIONS).level < WHOLE);
    case.check();
}

/// Fail-over holds a level against needs and limits, the highest of several.
#[test]
fn a_service_fails_over() {
    let mut case = limited("fail-over", FLIGHTS, 0.1);
    case.can("half", 10, Effect::FailOver { level: 0.5, hours: 3 }).can(
        "most",
        0,
        Effect::FailOver { level: 0.812_345, hours: 1 },
    );
    case.order(320, "half", FLIGHTS).order(380, "most", FLIGHTS);
    case.sees("held", |world| world.svc(FLIGHTS).level == 812_345);
    case.sees("held by the lower", |world| world.tick == 470 && world.svc(FLIGHTS).level == 500_000);
    case.check();
}

/// Demand is shed, the largest share of several.
#[test]
fn demand_is_shed() {
    let mut case = limited("shed", FLIGHTS, 0.3);
    case.can("some", 5, Effect::ShedDemand { share: 0.234_567_8, hours: 5 });
    case.can("more", 0, Effect::ShedDemand { share: 0.61, hours: 2 });
    case.order(290, "some", FLIGHTS).order(400, "more", FLIGHTS).order(800, "more", OPERATIONS);
    case.check();
}

/// Demand is postponed and returns over the hours of the last order, but not before that order ends.
#[test]
fn demand_is_postponed_and_returns() {
    let mut case = limited("postponed", FLIGHTS, 0.3);
    case.docs.manifest.horizon_min = 2880;
    case.can("put-off", 5, Effect::PostponeDemand { share: 0.4, hours: 6 });
    case.can("put-off-2", 0, Effect::PostponeDemand { share: 0.25, hours: 9 });
    case.can("shed", 0, Effect::ShedDemand { share: 0.2, hours: 4 });
    case.order(300, "put-off", FLIGHTS).order(420, "shed", FLIGHTS).order(520, "put-off-2", FLIGHTS);
    case.order(310, "put-off-2", OPERATIONS).order(320, "put-off", OPERATIONS);
    case.order(1500, "put-off", FLIGHTS).cancel(1600, 5);
    case.sees("postponed", |world| 30_000_000 < world.svc(FLIGHTS).postponed_micro);
    case.sees("much has returned", |world| world.tick == 1499 && world.svc(FLIGHTS).postponed_micro < 30_000_000);
    case.check();
}

/// Postponed demand does not return in hours without demand.
#[test]
fn nothing_returns_where_nobody_asks() {
    let mut case = limited("no demand", OPERATIONS, 0.3);
    for hour in 0..6 {
        case.docs.world.profiles[1].weekday[hour] = 0.0;
        case.docs.world.profiles[1].weekend[hour + 2] = 0.0;
    }
    case.can("put-off", 0, Effect::PostponeDemand { share: 0.9, hours: 8 }).order(700, "put-off", OPERATIONS);
    case.can("extend", 0, Effect::ExtendHours { extra: 0.75, hours: 24 }).order(1_000, "extend", OPERATIONS);
    case.sees("waits", |world| world.tick == 1590 && 0 < world.svc(OPERATIONS).postponed_micro);
    case.check();
}

/// Extra hours clear a backlog, also in hours with little demand; several orders add up.
#[test]
fn extra_hours_clear_a_backlog() {
    let mut case = limited("extra hours", FLIGHTS, 0.2);
    case.can("e1", 5, Effect::ExtendHours { extra: 0.3, hours: 10 }).can(
        "e2",
        0,
        Effect::ExtendHours { extra: 1.27, hours: 6 },
    );
    case.order(650, "e1", FLIGHTS).order(900, "e2", FLIGHTS);
    case.sees("cleared", |world| 800 < world.tick && world.svc(FLIGHTS).backlog_micro == 0);
    case.check();
}

/// After extra hours a part of the capacity is missing, as long as they lasted and at most half a day.
#[test]
fn extra_hours_are_paid_back() {
    let mut case = limited("paid back", FLIGHTS, 1.0);
    case.service("tiny-air", "flights").headroom = figure(1.0);
    case.can("e1", 0, Effect::ExtendHours { extra: 0.4, hours: 3 }).order(600, "e1", FLIGHTS);
    case.sees("none waits before", |world| world.tick == 780 && world.svc(FLIGHTS).backlog_micro == 0);
    case.sees("a fifth waits", |world| world.tick == 900 && 0 < world.svc(FLIGHTS).backlog_micro);
    let time_off = |world: &crate::naive::Naive| world.orders[0].has_time_off;
    case.sees("as long as before", move |world| world.tick == 960 && time_off(world));
    case.sees("and no longer", move |world| world.tick == 961 && !time_off(world));
    case.check();
}

/// Rework slows its own clearing and limits the service; a reset clears it faster.
#[test]
fn rework_outlasts_the_repair() {
    let mut case = limited("rework", FLIGHTS, 0.1);
    case.service("tiny-air", "flights").backlog = Backlog::Expires(figure(200));
    case.service("tiny-air", "flights").rework = Some(Rework {
        name: "Crews".to_owned(),
        items_per_lost: figure(2.7),
        clear_per_hour: figure(9.0),
        half_speed_at: figure(33.0),
        half_level_at: figure(61.5),
        at_work: None,
    });
    case.can("reset", 20, Effect::ClearRework { factor: 3.3, hours: 5 }).can(
        "reset-2",
        0,
        Effect::ClearRework { factor: 8.0, hours: 2 },
    );
    case.order(800, "reset-2", FLIGHTS).order(850, "reset", FLIGHTS);
    case.sees("rework", |world| 10_000 < world.svc(FLIGHTS).rework_milli);
    case.sees("it limits", |world| world.svc(FLIGHTS).technical == WHOLE && world.svc(FLIGHTS).level < 950_000);
    case.check();
}

/// Rework is cleared while people are at work: none behind closed doors.
#[test]
fn rework_waits_for_people_at_work() {
    let mut case = limited("people at work", FLIGHTS, 0.1);
    let mut office = case.docs.world.profiles[1].clone();
    office.id = "desk".to_owned();
    office.weekday = (0..24).map(|hour| if (8..17).contains(&hour) { 0.55 } else { 0.0 }).collect();
    case.docs.world.profiles.push(office);
    let flights = case.service("tiny-air", "flights");
    (flights.backlog, flights.demand_profile) = (Backlog::Lost, "always".to_owned());
    case.service("tiny-air", "flights").rework = Some(Rework {
        name: "Bookings".to_owned(),
        items_per_lost: figure(1.0),
        clear_per_hour: figure(0.7),
        half_speed_at: figure(33.0),
        half_level_at: figure(1e6),
        at_work: Some("desk".to_owned()),
    });
    let seen = std::cell::Cell::new(0);
    case.sees("nothing cleared at night", move |world| {
        let left = world.svc(FLIGHTS).rework_milli;
        let is_same = seen.replace(left) == left;
        is_same && 0 < left && world.svc(FLIGHTS).technical == WHOLE && 900 < world.tick
    });
    case.check();
}

/// Demand of the evening is called off in the morning: it is lost when it is called off, its minutes ask for less, and
/// what is left is served better. In the end the demand called off is the demand that nobody asked for.
#[test]
fn demand_is_called_off_ahead() {
    let mut case = limited("called off", FLIGHTS, 0.4);
    let flights = case.service("tiny-air", "flights");
    (flights.backlog, flights.demand_profile) = (Backlog::Expires(figure(240)), "always".to_owned());
    flights.call_off = Some(CallOff { share: figure(0.7), notice_hours: figure(3), hours: figure(7) });
    case.can("off", 5, Effect::CallOff { share: 0.9, notice_hours: 1, hours: 2 });
    case.order(307, "off", FLIGHTS).order(700, "off", OPERATIONS);
    case.sees("announced, not yet due", |world| 0 < world.svc(FLIGHTS).ahead_micro && world.tick < 400);
    case.sees("over-careful after the return", |world| {
        world.svc(FLIGHTS).technical == WHOLE && 0 < world.svc(FLIGHTS).ahead_micro
    });
    for end in case.check() {
        assert_eq!(end.svc(FLIGHTS).ahead_micro, 0);
        let flights = end.svc(FLIGHTS);
        assert_eq!(flights.demand_micro, flights.served_micro + flights.lost_micro + flights.backlog_micro);
    }
}

/// Hours that do not end within the run are not called off.
#[test]
fn nothing_is_called_off_beyond_the_end() {
    let mut case = limited("the last hours", OPERATIONS, 0.2);
    case.docs.manifest.horizon_min = 680;
    case.service("st-elsewhere", "operations").call_off =
        Some(CallOff { share: figure(1.0), notice_hours: figure(1), hours: figure(168) });
    for end in case.check() {
        assert!(end.svc(OPERATIONS).lost_micro <= end.svc(OPERATIONS).demand_micro, "no more is lost than was asked");
    }
}

/// A fallback rests while the needs are met, though rework still limits the service.
#[test]
fn a_fallback_rests_while_rework_waits() {
    let mut case = limited("fallback and rework", OPERATIONS, 0.05);
    let operations = case.service("st-elsewhere", "operations");
    operations.backlog = Backlog::Lost;
    operations.rework.as_mut().expect("rework").half_level_at = figure(9.0);
    operations.fallback.as_mut().expect("a fallback").automatic = true;
    case.sees("rests", |world| {
        let operations = world.svc(OPERATIONS);
        operations.technical == WHOLE && operations.level < WHOLE && !operations.is_in_force && 0 < operations.used_min
    });
    case.check();
}

/// A fall within two hours cancels a recovery; after two hours at target it does not.
#[test]
fn a_relapse_takes_recovery_back() {
    let mut case = limited("relapse", RECORDS, 0.5);
    case.event("relapse", at("2024-07-19T12:30Z"), limit(RECORDS, 0.5));
    case.event("over-2", at("2024-07-19T12:50Z"), lift(RECORDS));
    case.event("relapse-2", at("2024-07-19T17:00Z"), limit(RECORDS, 0.899_999));
    case.event("over-3", at("2024-07-19T17:10Z"), lift(RECORDS));
    case.event("early", at("2024-07-19T03:00Z"), limit(RECORDS, 0.5));
    case.docs.events.rotate_right(1);
    case.sees("recovered once", |world| world.tick == 1000 && world.svc(RECORDS).recovered_at.is_some());
    case.sees("and relapsed", |world| world.tick == 1025 && world.svc(RECORDS).recovered_at.is_none());
    case.check();
}

/// Fallbacks with the level 0, and an automatic one for a service with rework.
#[test]
fn odd_fallbacks() {
    let mut case = Case::new("odd fallbacks");
    let fallback = |level, technicians| Fallback {
        name: "Odd".to_owned(),
        level: figure(level),
        endurance_min: figure(30),
        technicians: figure(technicians),
        automatic: true,
    };
    case.service("tiny-air", "flights").fallback = Some(fallback(0.0, 3));
    case.service("st-elsewhere", "records").fallback = Some(fallback(1.0, 2));
    case.sees("whole by fallback", |world| world.svc(RECORDS).technical < WHOLE && world.svc(RECORDS).level == WHOLE);
    case.check();
}
