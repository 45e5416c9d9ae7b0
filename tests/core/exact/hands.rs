//! docs/model.md, "Hands" and the orders that change them.

use blackstart::base::Ix;
use blackstart::scenario::schema::{Effect, EventEffect, Keys, Need, NeedOf, OutOfReach, Response, Trigger};
use blackstart::sim::Issuer;

use super::bed::{Case, figure};
use crate::naive::State;

fn at(time: &str) -> Trigger {
    Trigger::At(time.to_owned())
}

fn raise(flag: &str) -> Vec<EventEffect> {
    vec![EventEffect::RaiseFlag(flag.to_owned())]
}

/// Many hands, and a way to set hosts up anew.
fn crewed(name: &'static str) -> Case {
    let mut case = Case::new(name);
    for organisation in ["st-elsewhere", "tiny-air"] {
        let staff = &mut case.organisation(organisation).staff;
        (staff.day, staff.evening, staff.night) = (figure(14), figure(9), figure(5));
    }
    case.kind("office-pc").methods.retain(|id| id != "reimage");
    case.add_method("office-pc", "by-hand", "re-image", |method| {
        method.touch_min = figure((30.0, 40.0, 70.0));
        method.rebuilds = true;
    });
    case
}

/// Plain, encrypted and failed hosts of one fleet, with keys on a server that is repaired first.
#[test]
fn three_classes_are_taken_in_order() {
    let mut case = crewed("classes");
    case.method("by-hand").failure = figure(0.3);
    case.sees("hosts wait to be set up anew", |world| 0 < world.hosts_in("st-elsewhere/pcs", State::Rebuild));
    let ends = case.check();
    assert!(ends.iter().all(|end| 10 < end.fleets[0].repairs_failed && 60 < end.fleets[0].repaired));
}

/// Without a method that rebuilds, hosts whose repair failed stay down.
#[test]
fn failed_hosts_wait_for_a_method() {
    let mut case = Case::new("no rebuild");
    case.method("by-hand").failure = figure(0.5);
    case.kind("office-pc").methods.retain(|id| id != "reimage");
    case.sees("many wait", |world| world.tick == 2160 && 5 < world.hosts_in("st-elsewhere/pcs", State::Rebuild));
    case.check();
}

/// The key servers crash, are repaired last, come back, and are held off once more.
#[test]
fn a_key_server_falls_and_returns() {
    let mut case = crewed("key server");
    case.fleet("st-elsewhere", "keys").hosts = figure(3);
    case.fleet("st-elsewhere", "keys").priority = 0;
    case.organisation("st-elsewhere").key_min = Some(figure(2.5));
    case.kind("server").race_win = figure(0.0);
    case.can("hold", 0, Effect::HoldHosts { hours: 1 }).order(420, "hold", "st-elsewhere");
    case.sees("no key server up", |world| 390 < world.tick && world.hosts_in("st-elsewhere/keys", State::Up) == 0);
    case.sees("key servers back", |world| 500 < world.tick && world.hosts_in("st-elsewhere/keys", State::Up) == 3);
    case.check();
}

/// Of two key servers one is enough, because half of them suffices.
#[test]
fn half_of_the_key_servers_is_enough() {
    let mut case = crewed("half the keys");
    case.fleet("st-elsewhere", "keys").in_scope = Some(figure(0.5));
    case.fleet("st-elsewhere", "keys").priority = 0;
    case.seeds = (1..7).collect();
    case.check();
}

/// Keys from escrow, by order; printed keys; minutes to type a key.
#[test]
fn keys_come_from_escrow() {
    let mut case = crewed("escrow");
    case.fleet("st-elsewhere", "keys").priority = 0;
    case.fleet("st-elsewhere", "keys").in_scope = Some(figure(1.0));
    case.kind("server").methods = vec!["re-image".to_owned()];
    for organisation in ["st-elsewhere", "tiny-air"] {
        case.organisation(organisation).key_min = Some(figure(4.25));
    }
    case.can("escrow", 20, Effect::EscrowKeys).can("print", 15, Effect::PrintKeys { touch: 0.6 });
    case.can("print-better", 15, Effect::PrintKeys { touch: 0.45 });
    case.order(430, "escrow", "st-elsewhere").order(470, "print", "st-elsewhere").order(
        600,
        "print-better",
        "st-elsewhere",
    );
    case.order(500, "print-better", "tiny-air").order(560, "print", "tiny-air");
    case.sees("key servers stay down", |world| {
        world.tick == 2000 && world.hosts_in("st-elsewhere/keys", State::Up) < 2
    });
    let ends = case.check();
    assert!(ends.iter().all(|end| 60 < end.fleets[0].repaired));
}

/// Ordered methods: the last begun comes first, if the kind lists it and its flags are up.
#[test]
fn crews_use_the_method_told() {
    let mut case = crewed("methods told");
    case.add_method("office-pc", "by-hand", "remote", |method| {
        (method.remote, method.needs_key, method.hosts_at_once) = (true, false, figure(2));
        method.requires = vec!["stick-ready".to_owned()];
    });
    case.event("sticks", at("2024-07-19T08:00Z"), raise("stick-ready"));
    let lower = EventEffect::LowerFlag("stick-ready".to_owned());
    case.event("no-sticks", at("2024-07-19T09:00Z"), vec![lower]);
    for (id, lead) in [("by-hand", 30), ("remote", 12), ("re-image", 5), ("boot-stick", 0)] {
        case.can(id, lead, Effect::UseMethod(id.to_owned()));
    }
    case.order(395, "remote", "st-elsewhere").order(420, "re-image", "st-elsewhere").order(
        470,
        "by-hand",
        "st-elsewhere",
    );
    case.order(490, "boot-stick", "tiny-air").order(478, "remote", "tiny-air").order(460, "by-hand", "tiny-air");
    case.check();
}

/// An ordered method that needs keys is skipped for encrypted hosts while there are no keys.
#[test]
fn a_method_told_needs_its_keys() {
    let mut case = crewed("told without keys");
    case.fleet("st-elsewhere", "keys").in_scope = Some(figure(1.0));
    case.kind("server").race_win = figure(0.0);
    case.kind("server").methods = vec!["re-image".to_owned()];
    case.add_method("office-pc", "by-hand", "slow", |method| {
        (method.needs_key, method.touch_min) = (false, figure((20.0, 25.0, 40.0)));
    });
    case.can("hand", 5, Effect::UseMethod("by-hand".to_owned())).order(380, "hand", "st-elsewhere");
    case.can("escrow", 0, Effect::EscrowKeys).order(460, "escrow", "st-elsewhere");
    case.sees("encrypted hosts are repaired without keys", |world| {
        world.tick == 450 && world.hosts[..400].iter().any(|host| host.is_encrypted && host.state == State::InRepair)
    });
    case.check();
}

/// Of methods ordered in the same minute, the one given later comes first.
#[test]
fn of_two_methods_the_later_order_counts() {
    let mut case = crewed("two methods");
    case.can("hand", 20, Effect::UseMethod("by-hand".to_owned()));
    case.can("anew", 10, Effect::UseMethod("re-image".to_owned()));
    case.order(400, "hand", "tiny-air").order(410, "anew", "tiny-air");
    case.order(400, "anew", "st-elsewhere").order(390, "hand", "st-elsewhere");
    case.check();
}

/// Methods over a network that falls below half of its level and returns.
#[test]
fn a_network_falls() {
    let mut case = crewed("network");
    case.organisation("st-elsewhere").network = Some("records".to_owned());
    case.add_method("office-pc", "by-hand", "over-net", |method| {
        (method.remote, method.needs_key, method.needs_network) = (true, false, true);
    });
    case.kind("office-pc").methods.rotate_right(1);
    case.method("re-image").needs_network = true;
    case.method("by-hand").failure = figure(0.4);
    let limit = |level| EventEffect::Limit { service: "st-elsewhere/records".to_owned(), level };
    case.docs.events[2].when = at("2024-07-19T05:15Z");
    case.event("falls", at("2024-07-19T04:55Z"), vec![limit(0.499_999)]);
    case.event("half", at("2024-07-19T05:40Z"), vec![limit(0.5)]);
    case.event("over", at("2024-07-19T06:20Z"), vec![EventEffect::Lift { service: "st-elsewhere/records".to_owned() }]);
    case.service("st-elsewhere", "records").warm_up_min = figure(0);
    for (sign, level) in [("hosts wait while it is down", 499_999), ("hosts wait while it is half", 500_000)] {
        case.sees(sign, move |world| {
            let waiting = world.hosts_in("st-elsewhere/pcs", State::Down);
            world.svc("st-elsewhere/records").level == level && 330 < world.tick && 0 < waiting
        });
    }
    case.check();
}

/// Uniform minutes of work, and minutes of verification.
#[test]
fn touch_may_be_uniform() {
    let mut case = crewed("uniform");
    case.method("by-hand").uniform = true;
    case.method("by-hand").verify_min = Some(figure(3.3));
    case.method("re-image").verify_min = Some(figure(11.0));
    case.method("by-hand").hosts_at_once = figure(3);
    case.check();
}

/// Hosts are harder to locate at hours when they are usually off.
#[test]
fn hosts_that_are_off_are_hard_to_find() {
    let mut case = crewed("off factor");
    case.docs.events[1].when = at("2024-07-19T15:00Z");
    case.docs.events[2].when = at("2024-07-19T16:30Z");
    case.kind("office-pc").locate_off_factor = Some(figure(3.5));
    case.can("volunteers", 10, Effect::Volunteers { locate: 0.5, hours: 3 });
    case.order(1_020, "volunteers", "st-elsewhere");
    case.sees("hosts are repaired that would be off", |world| {
        (0..400).any(|at| world.hosts[at].state == State::InRepair && !world.is_on(at))
    });
    case.check();
}

/// Crews travel from site to site in rising order and then from the first again, one class after another.
#[test]
fn crews_travel() {
    let mut case = crewed("sites");
    case.fleet("st-elsewhere", "pcs").sites = Some(figure(7));
    case.fleet("st-elsewhere", "pcs").travel_min = Some(figure(22.5));
    case.fleet("tiny-air", "gates").sites = Some(figure(149));
    case.fleet("tiny-air", "gates").travel_min = Some(figure(8.0));
    case.fleet("tiny-air", "crew").sites = Some(figure(4));
    case.docs.world.channels[0].late_win_per_hour = figure(0.05);
    case.method("by-hand").failure = figure(0.2);
    case.sees("the crew comes around", |world| 440 < world.tick && world.fleets[0].crew_site < 3);
    case.sees("the crew is far out", |world| world.fleets[0].crew_site == 6);
    case.check();
}

/// Remote methods and sites.
#[test]
fn remote_work_on_many_sites() {
    let mut case = crewed("remote sites");
    case.fleet("st-elsewhere", "pcs").sites = Some(figure(5));
    case.fleet("st-elsewhere", "pcs").travel_min = Some(figure(30.0));
    case.method("by-hand").remote = true;
    case.check();
}

/// A roster replaces the three shifts and the weekend.
#[test]
fn a_roster_replaces_shifts() {
    let mut case = crewed("roster");
    case.docs.manifest.horizon_min = 2880;
    let mut roster = case.docs.world.profiles[1].clone();
    roster.id = "roster".to_owned();
    roster.weekday[9] = 0.456;
    roster.weekend[3] = 0.123;
    case.docs.world.profiles.push(roster);
    case.organisation("st-elsewhere").staff.roster = Some("roster".to_owned());
    case.can("overtime-2", 0, Effect::Overtime { share: 0.3, hours: 4 }).order(400, "overtime-2", "st-elsewhere");
    case.check();
}

/// Few of the crew can repair servers; the others go on to desks meanwhile.
#[test]
fn servers_wait_for_the_skill() {
    let mut case = crewed("skill");
    case.organisation("st-elsewhere").staff.server_share = Some(figure(0.1));
    case.fleet("st-elsewhere", "keys").hosts = figure(30);
    case.fleet("st-elsewhere", "keys").in_scope = Some(figure(1.0));
    case.fleet("st-elsewhere", "keys").priority = 250;
    case.kind("server").race_win = figure(0.0);
    case.sees("a server waits while crews are at desks", |world| {
        let at_servers = world.hosts_in("st-elsewhere/keys", State::InRepair);
        let waiting = world.hosts_in("st-elsewhere/keys", State::Down);
        0 < waiting && at_servers == 2 && 5 < world.hosts_in("st-elsewhere/pcs", State::InRepair)
    });
    case.check();
}

/// Hosts out of reach are down and in no queue; some recover by themselves before anybody can reach them.
#[test]
fn hosts_out_of_reach_wait_for_nobody() {
    let mut case = crewed("out of reach");
    let away = OutOfReach { share: figure(0.5), median_hours: figure(4.0), spread: figure(1.2) };
    case.kind("office-pc").out_of_reach = Some(away);
    case.docs.world.channels[0].late_win_per_hour = figure(0.05);
    case.can("hold", 0, Effect::HoldHosts { hours: 2 }).order(300, "hold", "st-elsewhere");
    case.can("heal", 0, Effect::Unattended { mean_hours: 9.0 }).order(500, "heal", "tiny-air");
    case.sees("hands are free while hosts are down", |world| {
        let fleet = world.fleet_at("st-elsewhere/pcs");
        let is_away = |host: &crate::naive::Host| host.state == State::Down && !host.is_in_reach;
        let away = world.hosts[world.fleets[fleet].hosts.clone()].iter().filter(|host| is_away(host)).count();
        let (down, crew) = (world.hosts_in("st-elsewhere/pcs", State::Down), world.org("st-elsewhere"));
        5 < away && away == down as usize && 0 < crew.free && crew.taken == 0
    });
    case.check();
}

/// Overtime of several orders, the fatigue it brings, and rest against it.
#[test]
fn overtime_tires_and_rest_helps() {
    let mut case = crewed("overtime");
    case.can("o1", 7, Effect::Overtime { share: 0.35, hours: 9 }).can(
        "o2",
        0,
        Effect::Overtime { share: 0.17, hours: 14 },
    );
    case.can("o3", 0, Effect::Overtime { share: 1.0, hours: 20 });
    case.can("r1", 0, Effect::Rest { share: 0.4, hours: 6 }).can("r2", 3, Effect::Rest { share: 0.25, hours: 12 });
    case.can("r3", 0, Effect::Rest { share: 1.0, hours: 3 });
    case.order(260, "o1", "st-elsewhere").order(300, "o2", "st-elsewhere").order(400, "r1", "st-elsewhere");
    case.order(500, "r2", "st-elsewhere")
        .order(300, "o3", "tiny-air")
        .order(1600, "r3", "tiny-air")
        .order(330, "o1", "tiny-air");
    case.method("by-hand").failure = figure(0.3);
    case.sees("tired", |world| 380_000 < world.org("tiny-air").fatigue_ppm);
    case.sees("rested", |world| 1650 < world.tick && world.org("tiny-air").fatigue_ppm < 400_000);
    case.check();
}

/// Half of those who worked longer have time off afterwards, as long as they worked longer and at most half a day.
#[test]
fn longer_shifts_are_paid_back() {
    let mut case = crewed("time off");
    case.can("short", 0, Effect::Overtime { share: 1.0, hours: 4 }).order(400, "short", "st-elsewhere");
    case.can("long", 0, Effect::Overtime { share: 0.6, hours: 16 }).order(400, "long", "tiny-air");
    let has_time_off = |world: &crate::naive::Naive, order: usize| world.orders[order].has_time_off;
    case.sees("short ends", move |world| world.tick == 641 && has_time_off(world, 0));
    case.sees("half is at work", |world| world.tick == 700 && world.on_duty_now(0) == 7);
    case.sees("as long as before", move |world| world.tick == 880 && has_time_off(world, 0));
    case.sees("and no longer", move |world| world.tick == 881 && !has_time_off(world, 0));
    case.sees("half a day", move |world| world.tick == 400 + 960 + 720 && has_time_off(world, 1));
    case.sees("at most", move |world| world.tick == 400 + 960 + 721 && !has_time_off(world, 1));
    // Taken back early, there is less to pay back.
    case.can("cut-short", 0, Effect::Overtime { share: 1.0, hours: 8 }).order(1000, "cut-short", "st-elsewhere");
    case.cancel(1100, 2);
    case.sees("little time off", move |world| world.tick == 1200 && has_time_off(world, 2));
    case.sees("then all are back", move |world| world.tick == 1201 && !has_time_off(world, 2));
    case.check();
}

/// People from outside work only where enough of those who know the place lead them.
#[test]
fn people_from_outside_are_led() {
    let mut case = crewed("led");
    case.can("many", 0, Effect::Contractors { technicians: 90, pace: 1.0, hours: 30 });
    case.can("rest", 0, Effect::Rest { share: 1.0, hours: 3 });
    case.order(600, "many", "st-elsewhere").order(750, "rest", "st-elsewhere");
    case.sees("each of fourteen leads two", |world| world.tick == 700 && (41..=42).contains(&world.on_duty_now(0)));
    case.sees("nobody leads", |world| world.tick == 800 && world.on_duty_now(0) == 0);
    case.check();
}

/// People from contractors and from a pool, with their pay; volunteers locate hosts.
#[test]
fn people_come_from_outside() {
    let mut case = crewed("outside");
    case.can("firm", 30, Effect::Contractors { technicians: 7, pace: 0.73, hours: 11 });
    case.can("firm-2", 0, Effect::Contractors { technicians: 3, pace: 1.27, hours: 5 });
    let pool = |technicians, hours| Effect::NationalPool { pool: "nation".to_owned(), technicians, pace: 0.651, hours };
    case.can("pool-12", 45, pool(12, 6)).can("pool-5", 0, pool(5, 30));
    case.can("v1", 0, Effect::Volunteers { locate: 0.5, hours: 12 }).can(
        "v2",
        0,
        Effect::Volunteers { locate: 0.7, hours: 24 },
    );
    case.order(300, "firm", "st-elsewhere").order(390, "firm-2", "st-elsewhere").order(391, "pool-12", "st-elsewhere");
    case.order(392, "pool-5", "tiny-air").order(395, "v2", "st-elsewhere").order(400, "v1", "st-elsewhere");
    case.order(500, "firm", "tiny-air").cancel(650, 3).order(660, "pool-5", "st-elsewhere");
    case.order(400, "pool-12", "tiny-cloud");
    case.commands.retain(|(tick, given)| !(*tick == 400 && format!("{given:?}").contains("pool-12")));
    case.sees("the pool is low", |world| world.pools_free[0] == 3);
    case.sees("and whole again", |world| 1000 < world.tick && world.pools_free[0] == 15);
    case.check();
}

/// The facilitator grants technicians and takes some away, more than there are.
#[test]
fn technicians_are_granted_and_taken() {
    let mut case = Case::new("grants");
    case.grant(390, "st-elsewhere", 9, 3).grant(420, "st-elsewhere", 4, 8).grant(500, "st-elsewhere", -3, 5);
    case.grant(400, "tiny-air", -50, 2).grant(0, "tiny-air", -1, 24).grant(700, "tiny-cloud", 3, 1);
    case.sees("many at work", |world| 12 < world.busy(0));
    case.sees("nobody at work", |world| world.tick == 450 && world.org("tiny-air").free == 0);
    case.check();
}

/// One fleet is put first, then another; hosts are restored from backup, and the first such order counts.
#[test]
fn fleets_are_put_first_and_restored() {
    let mut case = crewed("first and restored");
    case.can("first", 4, Effect::RepairFirst).can("backup", 6, Effect::RestoreBackup { touch: 0.35 });
    case.can("backup-2", 0, Effect::RestoreBackup { touch: 0.2 });
    case.kind("server").encrypted = figure(1.0);
    case.fleet("st-elsewhere", "keys").in_scope = Some(figure(1.0));
    case.kind("server").race_win = figure(0.0);
    case.organisation("st-elsewhere").key_min = Some(figure(5.0));
    case.order(380, "first", "st-elsewhere/pcs").order(450, "first", "st-elsewhere/records");
    case.order(396, "backup-2", "tiny-air/crew").order(397, "backup", "tiny-air/crew");
    case.sees("the hospital is locked out of its servers", |world| {
        world.tick == 800 && 0 < world.hosts_in("st-elsewhere/records", State::Down)
    });
    case.check();
}

/// Verified tools: fewer repairs fail, and trust of staff no longer matters.
#[test]
fn tools_are_verified() {
    let mut case = crewed("verified");
    case.method("by-hand").failure = figure(0.4);
    case.can("verify", 5, Effect::VerifyTools { failure: 0.5 }).can(
        "verify-2",
        5,
        Effect::VerifyTools { failure: 0.25 },
    );
    case.order(410, "verify", "st-elsewhere").order(450, "verify-2", "st-elsewhere").order(400, "verify-2", "tiny-air");
    case.order(430, "verify", "tiny-air");
    let ends = case.check();
    assert!(ends.iter().all(|end| 0 < end.fleets[0].repairs_failed));
}

/// Open keys need no server, and a rebuild needs no key, even if its method states one.
#[test]
fn open_keys_are_at_hand() {
    let mut case = crewed("open keys");
    case.organisation("st-elsewhere").keys = Keys::Open;
    case.organisation("st-elsewhere").key_min = Some(figure(1.75));
    case.method("re-image").needs_key = true;
    case.method("by-hand").failure = figure(0.25);
    case.check();
}

/// A fallback in force needs technicians from the next minute on, here more than there are.
#[test]
fn fallbacks_tie_technicians() {
    let mut case = crewed("tied");
    let fallback = case.service("st-elsewhere", "operations").fallback.as_mut().expect("a fallback");
    (fallback.technicians, fallback.automatic, fallback.level) = (figure(11), true, figure(0.8));
    let need = Need { supplier: NeedOf::Fleet("pcs".to_owned()), response: Response::Linear, buffer_min: 0 };
    case.service("st-elsewhere", "operations").needs.push(need);
    case.sees("in force", |world| world.svc("st-elsewhere/operations").is_in_force);
    case.check();
}

/// Orders are charged at once to the organisation of their target; a pending order that is cancelled costs nothing.
#[test]
fn orders_are_charged() {
    let mut case = crewed("charged");
    case.docs.seats[0].mitigations.extend(["alarm".to_owned(), "o1".to_owned()]);
    case.can("alarm", 30, Effect::RaiseFlag("stick-ready".to_owned()));
    case.can("o1", 100, Effect::Overtime { share: 0.5, hours: 6 }).can("first", 20, Effect::RepairFirst);
    case.docs.mitigations[4].cost_usd = figure(1_000.005);
    case.docs.mitigations[5].cost_usd = figure(0.125);
    case.order_by(Issuer::Seat(Ix::new(0)), 300, "alarm", "world").order_by(
        Issuer::Seat(Ix::new(0)),
        310,
        "o1",
        "st-elsewhere",
    );
    case.order(320, "o1", "tiny-air")
        .order(321, "first", "tiny-air/gates")
        .cancel(330, 2)
        .cancel(335, 3)
        .cancel(600, 1);
    case.order(610, "o1", "tiny-air");
    case.sees("charged", |world| world.tick == 312 && 100_000 < world.org("st-elsewhere").cost_cents);
    case.check();
}
