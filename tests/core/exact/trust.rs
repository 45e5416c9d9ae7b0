//! docs/model.md, "Trust and clocks", "Orders" (preparation, facilitator) and "Populations".

use blackstart::base::{Draw, Ix, Stream};
use blackstart::scenario::observable::ObservableRef;
use blackstart::scenario::schema::{
    Audience, Backlog, Clock, Effect, EventEffect, OrganisationGroup, Place, Population, Spread, Trigger,
};

use super::bed::{Case, Given, figure};
use crate::naive::Naive;

fn clock(id: &str, sectors: &[&str], hours: u32) -> Clock {
    Clock {
        id: id.to_owned(),
        name: id.to_owned(),
        sectors: sectors.iter().map(|sector| (*sector).to_owned()).collect(),
        notify_within_hours: figure(hours),
        penalty_usd: figure(50_000.33),
    }
}

/// A case in which all important services are down for a day, so that trust falls.
fn distressed(name: &'static str) -> Case {
    let mut case = Case::new(name);
    case.service("st-elsewhere", "records").important = true;
    case.service("tiny-cloud", "hosting").important = true;
    let limit = |service: &str, level| EventEffect::Limit { service: service.to_owned(), level };
    let services = ["st-elsewhere/records", "st-elsewhere/operations", "tiny-air/flights", "tiny-cloud/hosting"];
    case.event(
        "all-down",
        Trigger::At("2024-07-19T05:00Z".to_owned()),
        services.map(|service| limit(service, 0.1)).to_vec(),
    );
    let lift = |service: &str| EventEffect::Lift { service: service.to_owned() };
    case.event("all-up", Trigger::At("2024-07-20T00:00Z".to_owned()), services.map(lift).to_vec());
    case.method("by-hand").failure = figure(0.3);
    case
}

/// Statements to each audience, in good times and bad.
#[test]
fn statements_raise_trust() {
    let mut case = distressed("statements");
    for (id, audience, trust) in [
        ("staff", Audience::Staff, 3.3),
        ("customers", Audience::Customers, 7.123_456_7),
        ("regulator", Audience::Regulator, 50.0),
        ("press", Audience::Press, 0.1),
    ] {
        case.can(id, 5, Effect::Statement { audience, trust, promise_hours: 0 });
        case.order(200, id, "st-elsewhere").order(900, id, "st-elsewhere").order(1000, id, "tiny-air").order(
            950,
            id,
            "st-elsewhere",
        );
    }
    case.sees("above the start", |world| 800_000 < world.org("st-elsewhere").trust_ppm[2]);
    case.sees("trust fell", |world| world.org("tiny-air").trust_ppm[1] < 750_000);
    case.check();
}

/// Promises to three audiences: one is kept, one is broken, and one is corrected before it is due.
#[test]
fn promises_are_kept_broken_and_corrected() {
    let mut case = distressed("promises");
    for (id, audience) in [("staff", Audience::Staff), ("customers", Audience::Customers), ("press", Audience::Press)] {
        case.can(id, 0, Effect::Statement { audience, trust: 8.0, promise_hours: 6 });
    }
    // Services are out from tick 300 to tick 1440.
    case.order(1200, "staff", "tiny-air").order(400, "customers", "tiny-air");
    case.order(500, "press", "tiny-air").order(700, "press", "tiny-air");
    let trust = |world: &Naive, audience: usize| world.org("tiny-air").trust_ppm[audience];
    case.sees("kept", move |world| {
        world.tick == 1562 && 500_000 < trust(world, 0) && world.orders[3].is_kept == Some(true)
    });
    case.sees("broken", move |world| {
        world.tick == 762 && trust(world, 1) < 660_000 && world.orders[0].is_kept == Some(false)
    });
    case.sees("corrected", move |world| world.tick == 702 && 700_000 < trust(world, 3) && trust(world, 3) < 836_000);
    case.check();
}

/// At most three failing services count.
#[test]
fn three_failing_services_count() {
    let mut case = distressed("many fail");
    for number in 0..3 {
        let mut service = case.service("st-elsewhere", "records").clone();
        service.id = format!("records-{number}");
        service.tolerance_min = figure(60 + 200 * number);
        service.needs.clear();
        case.organisation("st-elsewhere").services.push(service);
        let service = format!("st-elsewhere/records-{number}");
        case.docs.events[4].effects.push(EventEffect::Limit { service, level: 0.2 });
    }
    case.sees("all fail", |world| world.services[..5].iter().all(|service| 600 < service.below_now_min));
    case.check();
}

/// A statement in time meets a clock; without one, or with a late one, the clock is missed.
#[test]
fn clocks_are_kept_and_missed() {
    let mut case = distressed("clocks");
    case.docs.world.clocks =
        vec![clock("hospitals", &["hospital"], 4), clock("all", &[], 6), clock("two", &["airline", "it-supplier"], 2)];
    case.can("tell", 0, Effect::Statement { audience: Audience::Regulator, trust: 4.0, promise_hours: 0 });
    case.can("tell-late", 1, Effect::Statement { audience: Audience::Regulator, trust: 4.0, promise_hours: 0 });
    case.order(400, "tell", "tiny-air").order(780, "tell", "st-elsewhere").order(450, "tell-late", "tiny-cloud");
    case.sees("missed", |world| 0 < world.org("st-elsewhere").clocks_missed);
    case.sees("kept", |world| world.tick == 2160 && world.org("tiny-air").clocks_missed == 0);
    case.check();
}

/// A statement that begins in the minute in which a clock runs out is in time; one minute later it is not.
#[test]
fn a_clock_is_kept_to_the_minute() {
    for (tick, missed) in [(451, 0), (452, 1)] {
        let mut case = distressed("to the minute");
        case.docs.world.clocks = vec![clock("two", &["it-supplier"], 2)];
        case.docs.events.retain(|event| event.id != "cloud-trouble");
        case.service("tiny-cloud", "hosting").tolerance_min = figure(31);
        case.can("tell", 0, Effect::Statement { audience: Audience::Regulator, trust: 4.0, promise_hours: 0 }).order(
            tick,
            "tell",
            "tiny-cloud",
        );
        let ends = case.check();
        // The limit begins at tick 300, so the 32nd minute below target is tick 331.
        assert!(ends.iter().all(|end| end.org("tiny-cloud").failing_since == Some(331)));
        assert!(ends.iter().all(|end| end.org("tiny-cloud").clocks_missed == missed), "tick {tick}");
    }
}

/// With trust switched off, trust does not change and clocks do not count.
#[test]
fn trust_can_be_switched_off() {
    let mut case = distressed("no trust");
    case.docs.manifest.trust = false;
    case.docs.world.clocks = vec![clock("all", &[], 1)];
    case.can("tell", 0, Effect::Statement { audience: Audience::Staff, trust: 4.0, promise_hours: 0 })
        .order(400, "tell", "tiny-air");
    case.can("verify", 0, Effect::VerifyTools { failure: 0.5 }).order(500, "verify", "st-elsewhere");
    let ends = case.check();
    assert!(ends.iter().all(|end| {
        end.organisations
            .iter()
            .all(|organisation| organisation.trust_ppm == [800_000; 4] && organisation.clocks_missed == 0)
    }));
}

/// A preparation ordered at tick 0 is in force from the first minute, even if it has a lead, and it is charged.
#[test]
fn preparation_begins_at_once() {
    let mut case = Case::new("preparation");
    case.can_prepare("escrow", Effect::EscrowKeys).can_prepare("print", Effect::PrintKeys { touch: 0.5 });
    case.can_prepare("drill", Effect::Drill { endurance: 2.0 })
        .can_prepare("verify", Effect::VerifyTools { failure: 0.3 });
    case.can_prepare("flag", Effect::RaiseFlag("stick-ready".to_owned()))
        .can_prepare("o", Effect::Overtime { share: 1.0, hours: 5 });
    for id in ["escrow", "print", "verify", "o"] {
        case.order(0, id, "st-elsewhere");
    }
    case.order(0, "drill", "st-elsewhere/operations").order(0, "flag", "world");
    case.sees("in the first minute", |world| {
        world.tick == 1 && world.flags[1] && 0 < world.org("st-elsewhere").fatigue_ppm
    });
    case.check();
}

/// Cancellations of pending, active and ended orders; in a minute, ends come before begins.
#[test]
fn orders_are_taken_back() {
    let mut case = Case::new("taken back");
    case.can("o", 60, Effect::Overtime { share: 0.8, hours: 2 }).can("rest", 0, Effect::Rest { share: 0.5, hours: 1 });
    let pool = Effect::NationalPool { pool: "nation".to_owned(), technicians: 20, pace: 0.9, hours: 3 };
    case.can("pool", 30, pool);
    case.order(300, "o", "st-elsewhere").cancel(320, 0).order(330, "o", "st-elsewhere").cancel(400, 1);
    case.order(401, "pool", "st-elsewhere").cancel(420, 2).order(421, "pool", "tiny-air").cancel(460, 3).order(
        461,
        "pool",
        "st-elsewhere",
    );
    case.order(500, "rest", "st-elsewhere").cancel(500, 5).order(560, "rest", "st-elsewhere").order(
        560,
        "o",
        "st-elsewhere",
    );
    case.sees("the pool is empty", |world| world.pools_free[0] == 0);
    case.sees("the pool is full", |world| world.tick == 700 && world.pools_free[0] == 20);
    case.check();
}

/// Injects that the facilitator has fired do not fire again by themselves.
#[test]
fn the_facilitator_fires_injects() {
    let mut case = Case::new("injects");
    case.commands.push((100, Given::Inject(0)));
    case.commands.push((0, Given::Inject(1)));
    case.sees("fired early", |world| world.injects_fired[0] == Some(100) && world.injects_fired[1] == Some(0));
    case.check();
}

/// Events with conditions on every kind of metric, and a chain whose later events see the effects of earlier ones.
#[test]
fn events_wait_for_conditions() {
    let mut case = distressed("conditions");
    case.service("st-elsewhere", "operations").backlog = Backlog::Lost;
    let raise = |flag: &str| vec![EventEffect::RaiseFlag(flag.to_owned())];
    for (number, (name, value, is_above)) in [
        ("hosts_down_share(all)", 0.111, true),
        ("sensors_online_share(region:north)", 0.9, false),
        ("hit_back_share(org:st-elsewhere)", 0.3, true),
        ("level(all)", 0.7, false),
        ("backlog(sector:airline)", 25.5, true),
        ("recovery_min(all)", 200.0, true),
        ("cost_usd(all)", 50_000.0, true),
        ("person_hours(seat:incident-lead)", 4.0, true),
        ("trust(all)", 78.0, false),
        ("trust_staff(org:tiny-air)", 79.0, false),
        ("technicians(org:st-elsewhere)", 1.5, true),
        ("technicians_busy(all)", 7.0, true),
        ("rework(all)", 3.0, true),
        ("resilience_loss_h(all)", 6.0, true),
        ("hosts_repaired(fleet:st-elsewhere/pcs)", 10.0, true),
    ]
    .into_iter()
    .enumerate()
    {
        let name = name.to_owned();
        let when = if is_above { Trigger::Above(name, value) } else { Trigger::Below(name, value) };
        case.event(&format!("c{number}"), when, raise("stick-ready"));
    }
    case.event("at-once", Trigger::After("c3".to_owned(), 0), raise("workaround"));
    case.sees("all fired", |world| world.events_fired.iter().all(Option::is_some));
    case.check();
}

/// One member of three is simulated and counts three times, unless an observable names it; half of those
/// simulated have the sensor.
#[test]
fn a_sample_stands_for_its_population() {
    let mut case = Case::new("sample");
    let place = Place { region: "north".to_owned(), weight: 1.0, lat: 10.0, lon: 20.0, spread_deg: 0.0 };
    let mut member = case.organisation("st-elsewhere").clone();
    member.id = "member".to_owned();
    member.groups = vec!["listed".to_owned()];
    case.docs.world.groups.push(OrganisationGroup { id: "listed".to_owned(), name: "Listed".to_owned() });
    case.docs.populations.push(Population {
        one_in: 3,
        with_sensor: Some(figure(0.5)),
        spread: None,
        id: "clinic".to_owned(),
        name: "Clinic".to_owned(),
        count: figure(13),
        size: figure((1.0, 1.0, 1.0)),
        places: vec![place],
        member,
    });
    for end in case.check() {
        let value = |text: &str| {
            let name = ObservableRef::parse(text).expect("an observable");
            end.value(&end.scenario.observable(&name).expect("a scope"))
        };
        let one = value("hosts_total(org:clinic-1)");
        let all = value("hosts_total(population:clinic)");
        assert!((all - one * 13.0).abs() < 1e-6, "four members count for thirteen: {all}, {one}");
        assert!((value("hosts_total(group:listed & region:north)") - all).abs() < 1e-6);
        let received: Vec<f64> = (1..=4).map(|number| value(&format!("hosts_received(org:clinic-{number})"))).collect();
        assert_eq!(received.iter().filter(|&&hosts| 0.0 < hosts).count(), 2, "half have the sensor: {received:?}");
        let sum: f64 = received.iter().sum();
        assert!((value("hosts_received(population:clinic)") - sum * 13.0 / 4.0).abs() < 1e-6);
        assert_eq!(end.scenario.organisations.len(), 3 + 4);
    }
}

/// A population of twelve, drawn as docs/model.md says, in both engines.
#[test]
fn a_population_is_what_the_page_says() {
    let mut case = Case::new("population");
    let place =
        |region: &str, weight| Place { region: region.to_owned(), weight, lat: 10.0, lon: 20.0, spread_deg: 2.0 };
    case.docs.manifest.population_seed = 99;
    let mut member = case.organisation("st-elsewhere").clone();
    member.id = "member".to_owned();
    case.docs.populations.push(Population {
        one_in: 1,
        with_sensor: None,
        spread: Some(Spread {
            staff: Some(figure(0.7)),
            locate: Some(figure(0.3)),
            in_scope: Some(figure(1.1)),
            race_win: Some(figure(0.9)),
            warm_up: Some(figure(0.4)),
        }),
        id: "clinic".to_owned(),
        name: "Clinic".to_owned(),
        count: figure(12),
        size: figure((0.05, 0.2, 1.4)),
        places: vec![place("north", 2.0), place("west", 1.0)],
        member,
    });
    for end in case.check() {
        let scenario = &end.scenario;
        let key = Draw::new(99).stream(Stream::Population);
        for number in 0..12_u32 {
            let drawn = &scenario.organisations[Ix::new(3 + number)];
            let size = key.triangular(number, 0, 0.05, 0.2, 1.4);
            let scaled = |count: f64| (count * size + 0.5).floor().max(1.0) as u32;
            assert_eq!(scenario.fleets[drawn.fleets.start].hosts, scaled(400.0));
            let factor = |counter: u32, spread: f64| {
                let radius = (-2.0 * libm::log1p(-key.uniform(number, counter))).sqrt();
                let angle = 2.0 * std::f64::consts::PI * key.uniform(number, counter + 1);
                libm::exp(spread * (radius * libm::cos(angle)))
            };
            let crew = |count: f64| (count * (size * factor(4, 0.7)) + 0.5).floor().max(1.0) as u32;
            assert_eq!(drawn.staff, [crew(6.0), crew(3.0), crew(1.0)]);
            assert_eq!((drawn.locate, drawn.race_win), (factor(6, 0.3), factor(10, 0.9)));
            let in_scope = scenario.fleets[Ix::new(0)].in_scope;
            assert_eq!(scenario.fleets[drawn.fleets.start].in_scope, (in_scope * factor(8, 1.1)).min(1.0));
            let warm_up = f64::from(scenario.services[Ix::new(0)].warm_up_min) * factor(12, 0.4);
            assert_eq!(scenario.services[drawn.services.start].warm_up_min, (warm_up + 0.5).floor() as u32);
            assert_eq!(drawn.region, Ix::new(u32::from(2.0 <= 3.0 * key.uniform(number, 1))));
            let east = (key.uniform(number, 3) * 2.0 - 1.0) * 2.0;
            assert_eq!((drawn.lat, drawn.lon), (10.0 + (key.uniform(number, 2) * 2.0 - 1.0) * 2.0, 20.0 + east));
        }
    }
}
