//! Where the time went: parts add up, each cause is found, and `blackstart time` as people call it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use blackstart::assess::comparisons::comparison_curves;
use blackstart::assess::time::{ServiceTime, TimeTable};
use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::{Scenario, Service, Target};
use blackstart::scenario::load::Documents;
use blackstart::scenario::schema::{self, OutOfReach, Tagged};
use blackstart::session::held_back::{Cause, Holds, Link, WHOLE};
use blackstart::session::record::{SAMPLE_MIN, important_services};
use blackstart::session::service_time;
use blackstart::session::{Cast, CastSeat, Player, Run, Setup};
use blackstart::sim::held::Obstacle;
use blackstart::sim::{Command, Issuer, World, command};
use blackstart::synth::dice::Dice;
use blackstart::synth::swarm::{self, commands};
use serde_json::Value;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};
use crate::support::{THIN_REPLAY, TINY, compiled, documents, scenario};

/// The sums of a service's parts equal its minutes, which equal those of the world.
#[track_caller]
fn assert_adds_up(time: &ServiceTime, world: &World) {
    let view = world.service(time.service);
    assert_eq!((time.below_min(), time.outside_min()), (view.below_min, view.outside_min));
    assert_eq!(time.below().iter().sum::<u64>(), u64::from(view.below_min));
    assert_eq!(time.outside().iter().sum::<u64>(), u64::from(view.outside_min));
    assert_eq!(time.stretches().iter().map(|stretch| stretch.below_min).sum::<u32>(), view.below_min);
    assert_eq!(time.ways().iter().map(|way| way.below_min).sum::<u32>(), view.below_min);
    assert!(time.through_needs() <= u64::from(view.below_min));
    for strip in &time.strips {
        assert_eq!(strip.held.parts.iter().sum::<u32>(), WHOLE);
        assert!(strip.from < strip.until && 0 < strip.below_min && strip.outside_min <= strip.below_min);
        assert!(strip.below_min <= strip.until.since(strip.from));
        assert_eq!(time.strip_at(strip.until), Some(strip));
    }
}

/// Goal: parts add up, and a run that steps, with commands, has the parts of its log replayed in time slices. Method:
/// made-up scenarios with made-up commands, every service of them followed.
#[test]
fn parts_add_up_in_any_run_however_it_is_simulated() {
    let mut found = BTreeSet::new();
    for seed in 0..60 {
        let scenario = Arc::new(compiled(swarm::scenario(seed)));
        let cast = Cast::everybody((!scenario.playbooks.is_empty()).then(|| Ix::new(0)));
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed, cast });
        let mut dice = Dice::new(seed, 7);
        let all = || scenario.services.indices().map(ServiceTime::new).collect::<Vec<_>>();
        let (mut stepped, mut replayed) = (all(), all());
        let mut before = Tick::ZERO;
        while !run.world.is_over() {
            if run.world.tick().0.is_multiple_of(17) {
                commands::commands(&mut dice, &run.world).into_iter().for_each(|command| drop(run.order(command)));
            }
            run.step();
            if run.world.tick().0.is_multiple_of(SAMPLE_MIN) || run.world.is_over() {
                service_time::sample(&mut stepped, &run.world, std::mem::replace(&mut before, run.world.tick()));
            }
        }
        let mut world = World::new(scenario.clone(), seed);
        let mut entries = run.log.iter().peekable();
        while !world.is_over() {
            while let Some(entry) = entries.next_if(|entry| entry.tick <= world.tick()) {
                command::apply(&mut world, &entry.command).expect("a command of the log");
            }
            let due = Tick((world.tick().0 / SAMPLE_MIN + 1) * SAMPLE_MIN).min(scenario.horizon);
            let next = entries.peek().map_or(due, |entry| entry.tick.min(due));
            world.advance(next);
            if world.tick() == due {
                service_time::sample(&mut replayed, &world, Tick((due.0 - 1) / SAMPLE_MIN * SAMPLE_MIN));
            }
        }
        assert_eq!(stepped, replayed, "seed {seed}");
        for time in &stepped {
            assert_adds_up(time, &run.world);
            let below = time.below();
            found.extend(Cause::ALL.into_iter().filter(|&cause| 0 < below[cause as usize]));
        }
    }
    // No cause is there for nothing.
    assert_eq!(found, Cause::ALL.into_iter().collect());
}

#[test]
fn three_runs_of_the_replay_add_up() {
    let scenario = scenario(THIN_REPLAY);
    let seat = scenario.seat_index("airline-ops").expect("a seat");
    let player = Player::Playbook(scenario.playbook_index("do-nothing").expect("a playbook"));
    let cast = Cast::new([CastSeat { seat, player }], scenario.playbook_index("reference"));
    let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 3, cast });
    run.advance_to(scenario.horizon);
    let comparisons = comparison_curves(&run, &[seat], &|_| ()).remove(&seat).expect("the seat");
    let times = TimeTable::new(&run, seat, &comparisons);
    let services: Vec<_> = times.services.iter().map(|compared| compared.yours.service).collect();
    assert_eq!(services, important_services(&scenario, seat));
    for compared in &times.services {
        assert_adds_up(&compared.yours, &run.world);
        for other in [&compared.history, &compared.par] {
            assert_eq!(other.below().iter().sum::<u64>(), u64::from(other.below_min()));
            assert!(other.below_min() < compared.yours.below_min(), "to do nothing takes longest");
        }
    }
    let tracking = scenario.service_of(scenario.organisation_index("delta").expect("Delta"), "crew-tracking");
    let flights = &times.services[0].yours;
    let is_tracking = |link: &Link| *link == Link::Service(tracking.expect("a service"));
    let way = &flights.ways()[0];
    assert!(way.path.iter().any(is_tracking) && way.root == Cause::Rework, "{way:?}");
    // A run that is not over is compared up to its last sample.
    let mut short = Run::new(run.setup.clone());
    short.advance_to(Tick(777));
    let cut = TimeTable::new(&short, seat, &comparisons);
    assert_eq!(cut.until, Tick(770));
    short.advance_to(Tick(780));
    for (cut, whole) in cut.services.iter().zip(&times.services) {
        assert_eq!(cut.yours, whole.yours.cut_back(Tick(770)));
        assert_eq!(cut.par, whole.par.cut_back(Tick(770)));
    }
    TimeTable::new(&short, seat, &comparisons).services.iter().for_each(|compared| {
        assert_adds_up(&compared.yours, &short.world);
    });
}

/// The tiny scenario with machines at home and with orders to hold hosts and to close a fallback.
fn with_more_causes() -> Documents {
    let mut docs = documents(TINY);
    let invented = |value: f64| Tagged::Invented(value, "for this test".to_owned());
    let pcs = docs.world.fleet_kinds.iter_mut().find(|kind| kind.id == "office-pc").expect("a kind");
    pcs.out_of_reach = Some(OutOfReach { share: invented(0.4), median_hours: invented(30.0), spread: invented(0.1) });
    let paper = docs.mitigations.iter().find(|mitigation| mitigation.id == "paper").expect("an order").clone();
    for (id, effect) in [("hold", "HoldHosts(hours: 6)"), ("close", "CloseFallback")] {
        let mut order = paper.clone();
        (order.id, order.effect) = (id.to_owned(), ron::from_str(effect).expect("an effect"));
        order.name = id.to_owned();
        docs.mitigations.push(order);
    }
    docs
}

/// A world of this scenario, stepped, with orders of the facilitator.
struct Course {
    scenario: Arc<Scenario>,
    world: World,
}

impl Course {
    fn new(change: impl FnOnce(&mut schema::Organisation)) -> Self {
        let mut docs = with_more_causes();
        change(
            docs.organisations.iter_mut().find(|organisation| organisation.id == "st-elsewhere").expect("a hospital"),
        );
        let scenario = Arc::new(compiled(docs));
        Self { world: World::new(scenario.clone(), 4), scenario }
    }

    fn service(&self, key: &str) -> Ix<Service> {
        let (organisation, service) = key.split_once('/').expect("a key");
        let organisation = self.scenario.organisation_index(organisation).expect("an organisation");
        self.scenario.service_of(organisation, service).expect("a service")
    }

    fn play_to(&mut self, tick: u32) {
        while self.world.tick() < Tick(tick) {
            self.world.step();
        }
    }

    fn order(&mut self, id: &str, target: Target) {
        let is_it = |index: &Ix<_>| self.scenario.docs.mitigations[Ix::position(*index)].id == id;
        let mitigation = self.scenario.mitigations.indices().find(is_it).expect("a mitigation");
        let order = Command::Order { by: Issuer::Facilitator, mitigation, target };
        command::apply(&mut self.world, &order).unwrap_or_else(|refusal| panic!("{id}: {refusal}"));
    }

    /// `records ← waiting for hands 80 %`: the way to the root, and the parts of at least a per cent.
    fn words(&self, key: &str) -> String {
        let Some(held) = Holds::new(&self.world).held_back(self.service(key)) else { return "at target".to_owned() };
        assert_eq!(held.parts.iter().sum::<u32>(), WHOLE);
        let link = |link: &Link| match *link {
            Link::Service(service) => self.scenario.service_key(service),
            Link::Fleet(fleet) => self.scenario.fleet_key(fleet),
        };
        let way: Vec<String> = held.path.iter().map(link).chain([held.root.id().to_owned()]).collect();
        let parts = Cause::ALL.into_iter().zip(held.parts).filter(|(_, part)| WHOLE / 100 <= *part);
        let parts: Vec<String> = parts.map(|(cause, part)| format!("{} {}", cause.id(), part / 10_000)).collect();
        format!("{}: {}", way.join(" ← "), parts.join(", "))
    }
}

/// Goal: each cause is found where docs/model.md puts it. The release goes live at 249, the first message comes at 259,
/// and the workaround is published at 390.
#[test]
fn every_cause_has_its_case() {
    let mut course = Course::new(|_| ());
    let check = |course: &mut Course, tick: u32, key: &str, expected: &str| {
        course.play_to(tick);
        assert_eq!(course.words(key), expected, "{key} at {tick}");
    };
    let (records, flights, operations) = ("st-elsewhere/records", "tiny-air/flights", "st-elsewhere/operations");
    check(&mut course, 248, records, "at target");
    check(&mut course, 259, records, "st-elsewhere/records ← nobody-knew: nobody-knew 100");
    check(&mut course, 265, "tiny-cloud/hosting", "limit: limit 100");
    check(&mut course, 270, flights, "tiny-air/gates ← reboot-race: reboot-race 100");
    check(&mut course, 300, flights, "tiny-air/gates ← no-cure: no-cure 62, out-of-reach 29, reboot-race 7");
    check(&mut course, 395, records, "st-elsewhere/records ← repair: hands 37, travel 10, repair 52");
    check(&mut course, 395, flights, "tiny-air/crew ← hands: hands 85, travel 2, repair 11");
    let warm = "warm-up: hands 26, travel 1, out-of-reach 11, repair 7, warm-up 53";
    check(&mut course, 405, operations, warm);
    let through = Holds::new(&course.world).held_back(course.service(operations)).expect("it is below").through_needs;
    assert!(0 < through && through < WHOLE, "some of it comes through the records: {through}");
    let own = "st-elsewhere/pcs ← out-of-reach: hands 41, travel 3, out-of-reach 49, repair 5";
    check(&mut course, 540, operations, own);
}

/// Encrypted machines wait for keys while the key servers, repaired last, are down; plain ones wait for hands.
#[test]
fn encrypted_machines_wait_for_keys() {
    let mut course = Course::new(|hospital| {
        let keys = hospital.fleets.iter_mut().find(|fleet| fleet.id == "keys").expect("a fleet");
        (keys.hosts, keys.priority) = (Tagged::Invented(9, "for this test".to_owned()), 1);
    });
    course.play_to(450);
    let operations = course.service("st-elsewhere/operations");
    let hospital = course.scenario.services[operations].organisation;
    let impaired = course.world.impaired(course.scenario.fleet_of(hospital, "pcs").expect("a fleet"));
    assert_eq!(impaired.obstacles, [None, Some(Obstacle::Keys), None]);
    let held = Holds::new(&course.world).held_back(operations).expect("it is below target");
    assert_eq!(held.root, Cause::Keys, "{held:?}");
    // The parts of the machines have the proportions of their numbers.
    let ratio = f64::from(held.parts[Cause::Keys as usize]) / f64::from(held.parts[Cause::OutOfReach as usize]);
    let expected = f64::from(impaired.waiting[1]) / f64::from(impaired.away);
    assert!((ratio - expected).abs() < 1e-3 * expected, "{ratio} {expected} {held:?}");
}

/// Hosts that an order holds back, and the part of the level that a closed fallback would hold, are a decision.
#[test]
fn orders_that_hold_a_service_down_are_decisions() {
    let mut course = Course::new(|_| ());
    let operations = course.service("st-elsewhere/operations");
    let hospital = course.scenario.services[operations].organisation;
    course.play_to(200);
    course.order("hold", Target::Organisation(hospital));
    course.play_to(240);
    assert_eq!(course.words("st-elsewhere/records"), "st-elsewhere/records ← decision: decision 100");

    let mut course = Course::new(|hospital| {
        for fallback in hospital.services.iter_mut().filter_map(|service| service.fallback.as_mut()) {
            (fallback.automatic, fallback.level) = (true, Tagged::Invented(0.85, "for this test".to_owned()));
        }
    });
    course.play_to(285);
    course.order("close", Target::Service(operations));
    course.play_to(330);
    let (level, [fallback, target]) = (course.world.level(operations).ppm(), [850_000, 900_000]);
    assert!(level < fallback, "{level}");
    let held = Holds::new(&course.world).held_back(operations).expect("it is below target");
    let share = f64::from(fallback - level) / f64::from(target - level) * 1e6;
    assert!((f64::from(held.parts[Cause::Decision as usize]) - share).abs() < 1.0, "{held:?}");
}

/// A folder with the tiny scenario and the run file of a seat under a playbook.
fn with_run(name: &str) -> tempfile::TempDir {
    let folder = with_tiny();
    let args = ["run", "tiny", "--seat", "incident-lead", "--playbook", "do-nothing", "--out", ".", "--quiet"];
    let output = blackstart(folder.path(), &args);
    assert!(output.status.success(), "{}", stderr(&output));
    fs::rename(folder.path().join("tiny-incident-lead-do-nothing-1.run"), folder.path().join(name)).unwrap();
    folder
}

/// Asks for the time of a run file in a folder with the tiny scenario.
fn time(folder: &Path, file: &str, more: &[&str]) -> Output {
    blackstart(folder, &[&["time", file, "--scenario", "tiny"], more].concat())
}

#[test]
fn the_table_of_a_tiny_run() {
    let folder = with_run("a.run");
    let output = time(folder.path(), "a.run", &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let parts = [
        "tiny  A tiny outage",
        "(incident-lead), seed 1, times in UTC",
        "Operations (St Elsewhere)",
        "yours",
        "history",
        "par",
        "no cure known",
        "waiting for hands",
        "below target in all",
        "outside tolerance",
        "through services that it needs",
        "Operations ← ",
    ];
    assert_says(&stdout(&output), &parts);
}

#[test]
fn csv_and_json_add_up_and_equal_input_gives_equal_bytes() {
    let folder = with_run("a.run");
    for format in ["table", "csv", "json"] {
        let ask = || time(folder.path(), "a.run", &["--format", format]);
        let (one, two) = (ask(), ask());
        assert!(one.status.success(), "{}", stderr(&one));
        assert_eq!(stdout(&one), stdout(&two), "{format}");
    }
    let json: Value = serde_json::from_str(&stdout(&time(folder.path(), "a.run", &["--format", "json"]))).unwrap();
    let text = stdout(&time(folder.path(), "a.run", &["--format", "csv"]));
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), 3 * Cause::COUNT);
    for run in ["yours", "history", "par"] {
        let sum = |column: usize| -> u64 {
            rows.iter().filter(|row| &row[1] == run).map(|row| row[column].parse::<u64>().unwrap()).sum()
        };
        let value = &json["services"][0][run];
        assert_eq!(value["below_target_min"], sum(3), "{run}");
        assert_eq!(value["outside_tolerance_min"], sum(4), "{run}");
        let strip = value["strip"].as_array().unwrap();
        let below = strip.iter().map(|strip| strip["below_target_min"].as_u64().unwrap()).sum::<u64>();
        assert_eq!(below, sum(3), "{run}");
    }
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = with_run("a.run");
    let at = |name: &str| folder.path().join(name);
    let text = fs::read_to_string(at("a.run")).unwrap();
    fs::write(at("broken.run"), &text[..text.len() / 2]).unwrap();
    fs::write(at("taken.txt"), "mine").unwrap();
    assert!(blackstart(folder.path(), &["run", "tiny", "--out", ".", "--quiet"]).status.success());
    let check = |file: &str, more: &[&str], code: i32, parts: &[&str]| {
        let output = time(folder.path(), file, more);
        assert_eq!(output.status.code(), Some(code), "{file} {more:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert_says(&stderr(&output), parts);
    };
    check("none.run", &[], 1, &["there is no such file or folder: none.run"]);
    check("taken.txt", &[], 1, &["taken.txt"]);
    check("broken.run", &[], 1, &["the run was stopped at tick", "of 2880", "--to-end", "broken.run"]);
    check("tiny-all-reference-1.run", &[], 1, &["no seat in play", "--seat"]);
    check("a.run", &["--seat", "duty-manager"], 1, &["`duty-manager` was not in play"]);
    check("a.run", &["--format", "xml"], 2, &["xml", "table"]);
    check("a.run", &["--out", "taken.txt"], 1, &["the file already exists", "taken.txt", "--force"]);
    assert_eq!(fs::read_to_string(at("taken.txt")).unwrap(), "mine");
    assert!(time(folder.path(), "a.run", &["--out", "taken.txt", "--force", "-q"]).status.success());
    assert!(fs::read_to_string(at("taken.txt")).unwrap().starts_with("tiny  A tiny outage"));
}
