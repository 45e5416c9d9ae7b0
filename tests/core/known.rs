//! What was known at each decision: signs by the stated rule, boards and messages of the minute, messages read, the command
//! `blackstart known`, the confidence in a class report.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use blackstart::base::{Ix, Tick};
use blackstart::exercise::action::{ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::{DebriefView, ExerciseView, View, WeighingState};
use blackstart::scenario::compile::{Scenario, Seat, Target};
use blackstart::session::runfile::{self, RunFile};
use blackstart::session::{Cast, CastSeat, Player, Remarks, Setup, Timeline};
use blackstart::sim::possible::possible_with;
use blackstart::sim::{Command, Issuer};
use blackstart::study::known::{Known, KnownDecision};
use blackstart::study::{FirstSign, Sign};
use serde_json::Value;

use crate::program::{assert_says, blackstart, stderr, stdout, with_tiny};
use crate::support::{TINY, compiled, documents, scenario};

/// The airline's seat of the tiny scenario.
const SEAT: u32 = 1;
/// The minute at whose end the message “Machines restart again and again” reaches every seat.
const MESSAGE: Tick = Tick(260);

/// An order: minute, mitigation, confidence, and whether it is taken back a minute later.
type Order<'a> = (u32, &'a str, Option<u8>, bool);

/// The run of a person in a seat of a scenario with these orders, to the end.
fn played(scenario: &Arc<Scenario>, seed: u64, orders: &[Order]) -> Timeline {
    let seat: Ix<Seat> = Ix::new(SEAT);
    let cast = Cast::new([CastSeat { seat, player: Player::Person }], scenario.playbook_index("reference"));
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed, cast });
    let by = Issuer::Seat(seat);
    for &(tick, id, confidence_pct, is_taken_back) in orders {
        timeline.advance_to(Tick(tick));
        let is_it = |index: &Ix<_>| scenario.docs.mitigations[Ix::position(*index)].id == id;
        let mitigation = scenario.mitigations.indices().find(is_it).expect("a mitigation");
        let target = possible_with(&timeline.run().world, by, mitigation).open_targets().next().expect("it is open");
        let command = Command::Order { by, mitigation, target };
        timeline.order_with(command, Remarks::confidence(confidence_pct)).expect("it is possible");
        if is_taken_back {
            let order = Ix::from_usize(timeline.run().world.orders().len() - 1);
            timeline.advance_to(Tick(tick + 1));
            timeline.order(Command::Cancel { by, order }).expect("it has not begun");
        }
    }
    timeline.advance_to(scenario.horizon);
    timeline
}

fn decisions(timeline: &Timeline) -> Vec<KnownDecision> {
    Known::new(timeline.run(), Ix::new(SEAT)).decisions
}

/// The tiny scenario, in which the first message asks for some orders.
fn asking(answers: &[&str]) -> Arc<Scenario> {
    let mut docs = documents(TINY);
    docs.injects[0].answers = answers.iter().map(|id| (*id).to_owned()).collect();
    Arc::new(compiled(docs))
}

/// The first minute after which the board shows the flights of the airline below target, in a run without orders.
fn first_below(scenario: &Arc<Scenario>) -> Tick {
    let timeline = played(scenario, 9, &[]);
    let flights =
        scenario.seats[Ix::new(SEAT)].organisations.iter().flat_map(|&index| scenario.organisations[index].services);
    let flights: Vec<_> = flights.collect();
    let is_below = |tick: &u32| {
        let world = timeline.run_at(Tick(*tick)).world;
        flights.iter().any(|&service| 0 < world.service(service).below_now_min)
    };
    Tick((0..2880).find(is_below).expect("the flights fall"))
}

#[test]
fn the_first_sign_is_a_message_that_asks_or_else_the_board() {
    let below = first_below(&scenario(TINY));
    let check = |answers: &[&str], order: Order, expected: Option<(Tick, &str)>| {
        let timeline = played(&asking(answers), 9, &[order]);
        let found = &decisions(&timeline)[0];
        let sign = found.sight.sign.map(|FirstSign { tick, sign }| match sign {
            Sign::Message(inject) => (tick, timeline.run().setup.scenario.docs.injects[inject.position()].id.as_str()),
            Sign::Board(_) => (tick, "board"),
        });
        assert_eq!(sign, expected, "{answers:?} {order:?}");
        assert_eq!(found.sight.wait_min(), expected.map(|(tick, _)| order.0 - tick.0), "{order:?}");
    };
    let late = below.0 + 30;
    check(&["overtime"], (late, "overtime", None, false), Some((MESSAGE, "blue-screens")));
    check(&["overtime"], (MESSAGE.0, "overtime", None, false), Some((MESSAGE, "blue-screens")));
    check(&["servers-first"], (late, "overtime", None, false), Some((below, "board")));
    check(&[], (late, "servers-first", None, false), Some((below, "board")));
    check(&[], (below.0, "overtime", None, false), Some((below, "board")));
    // An order that repeats another one has no sign of its own but messages that came in between.
    let orders = [(late, "overtime", None, false), (late + 600, "overtime", None, false)];
    let signs: Vec<bool> =
        decisions(&played(&asking(&["overtime"]), 9, &orders)).iter().map(|known| known.sight.sign.is_some()).collect();
    assert_eq!(signs, [true, false]);
    let orders = [(MESSAGE.0 - 100, "overtime", None, false), (late + 600, "overtime", None, false)];
    let timeline = played(&asking(&["overtime"]), 9, &orders);
    let waits: Vec<Option<u32>> = decisions(&timeline).iter().map(|known| known.sight.wait_min()).collect();
    assert_eq!(waits, [None, Some(late + 600 - MESSAGE.0)]);
    // Nothing that came later is a sign.
    check(&["overtime"], (MESSAGE.0 - 1, "overtime", None, false), None);
    check(&[], (below.0 - 1, "overtime", None, false), None);
    check(&[], (0, "overtime", None, false), None);
}

/// Goal: the sight of a decision is the state of its minute. Method: seek the run back to each decision.
#[test]
fn boards_and_messages_are_those_of_the_minute() {
    let orders = [(100, "overtime", None, false), (265, "servers-first", None, false), (700, "overtime", None, false)];
    let timeline = played(&scenario(TINY), 9, &orders);
    let found = decisions(&timeline);
    assert_eq!(found.len(), 3);
    let mut seen = Vec::new();
    for known in &found {
        let (sight, past) = (&known.sight, timeline.run_at(known.sight.tick));
        let (world, scenario) = (&past.world, &past.setup.scenario);
        let own = || scenario.seats[Ix::new(SEAT)].organisations.iter().map(|&index| &scenario.organisations[index]);
        let down: u32 =
            own().flat_map(|organisation| organisation.fleets).map(|fleet| world.fleets()[fleet].down()).sum();
        let services: Vec<_> = own().flat_map(|organisation| organisation.services).collect();
        let below = services.iter().filter(|&&service| world.level(service) < scenario.services[service].target);
        assert_eq!(sight.boards.hosts_down, u64::from(down));
        assert_eq!((sight.boards.services, sight.boards.below), (services.len(), below.count()));
        assert!(sight.boards.hosts_down <= sight.hosts_down_later.1 && sight.tick <= sight.hosts_down_later.0);
        assert_eq!(sight.messages.len(), usize::from(MESSAGE <= sight.tick));
        assert_eq!(sight.read(), (sight.messages.is_empty()).then_some(0), "nobody recorded what was read");
        seen.push((sight.boards.hosts_down, sight.hosts_down_later.1));
    }
    assert!(seen[0].0 == 0 && 0 < seen[0].1 && 0 < seen[1].0, "{seen:?}");
}

#[test]
fn what_cannot_be_judged_is_no_forecast() {
    let orders =
        [(265, "overtime", Some(80), true), (300, "servers-first", None, false), (320, "overtime", Some(60), false)];
    let known = Known::new(played(&scenario(TINY), 9, &orders).run(), Ix::new(SEAT));
    let forecasts = |points: f64| {
        let found = known.forecasts(|_| Some(points));
        found.iter().map(|forecast| (forecast.sure_pct, forecast.has_helped)).collect::<Vec<_>>()
    };
    assert!(known.decisions[0].is_taken_back && !known.decisions[2].is_taken_back);
    assert_eq!(forecasts(0.001), [(60, true)]);
    assert_eq!(forecasts(0.0), [(60, false)], "an order without effect does not help");
    assert_eq!(known.forecasts(|_| None), []);
}

fn desk(out: &Path) -> Desk {
    let options = DeskOptions { seed: 9, out: out.to_owned(), seat: None, notice: None, report: None };
    Desk::new(vec![scenario(TINY)], options)
}

fn exercise(desk: &mut Desk) -> Arc<ExerciseView> {
    match desk.view() {
        View::Exercise(view) => view,
        other => panic!("not the exercise screen: {other:?}"),
    }
}

/// Advances the exercise to a minute.
fn step_to(desk: &mut Desk, minute: u32) {
    while exercise(desk).timeline.now_min < minute {
        desk.apply(ClockAction::Step.into());
        desk.advance(Duration::from_millis(16), Duration::from_millis(50));
    }
}

fn give(desk: &mut Desk, name: &str, confidence_pct: Option<u8>) {
    let view = exercise(desk);
    let row = view.drawer.iter().find(|row| row.name == name).expect("in the drawer");
    let target = row.targets.iter().find(|target| target.refusal.is_none()).expect("it can be ordered").target;
    desk.apply(OrderAction::Give { mitigation: row.mitigation, target, confidence_pct, reason: None }.into());
}

/// Ends the exercise and waits until its decisions are weighed.
fn weighed(desk: &mut Desk) -> Arc<DebriefView> {
    desk.apply(ClockAction::EndExercise.into());
    for _ in 0..60_000 {
        desk.advance(Duration::from_millis(16), Duration::from_millis(50));
        if let View::Debrief(view) = desk.view()
            && view.weighing.state == WeighingState::Finished
        {
            return view;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the decisions are never weighed");
}

fn begin(desk: &mut Desk) {
    desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
    desk.apply(ScreenAction::ChooseSeat("duty-manager".to_owned()).into());
    desk.apply(ScreenAction::Begin.into());
}

/// Goal: messages that were opened reach the run file with the next order, and from there the debrief, also when the
/// exercise was continued in between. Method: read the message between two of three orders.
#[test]
fn messages_read_are_kept_with_the_order_that_follows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = desk(folder.path());
    begin(&mut first);
    step_to(&mut first, 270);
    give(&mut first, "Servers first", Some(70));
    let inject = exercise(&mut first).inbox[0].inject;
    first.apply(PersonalAction::MarkRead(inject).into());
    step_to(&mut first, 300);
    give(&mut first, "Call people in", None);
    drop(first);
    let name = fs::read_dir(folder.path()).expect("the folder").next().expect("a file").expect("an entry").file_name();
    let mut second = desk(folder.path());
    second.apply(ScreenAction::ContinueRun(name.to_string_lossy().into_owned()).into());
    while !matches!(second.view(), View::Exercise(_)) {
        second.advance(Duration::from_millis(16), Duration::from_millis(50));
    }
    assert!(exercise(&mut second).inbox[0].is_read, "a message that was read stays read");
    step_to(&mut second, 900);
    give(&mut second, "Call people in", None);
    let view = weighed(&mut second);
    let path = view.saved.clone().expect("saved").expect("the folder can be written");
    let file = runfile::read(Path::new(&path)).expect("the run file").file;
    let read: Vec<Option<Vec<String>>> =
        file.commands.iter().map(|command| command.read.clone()).filter(Option::is_some).collect();
    let ids = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(read, [ids(&[]), ids(&["blue-screens"]), ids(&[])]);
    let known = view.known.as_ref().expect("the leaf is there");
    let messages: Vec<&String> = known.rows.iter().map(|row| &row[3]).collect();
    assert_eq!(messages, ["0 of 1 read", "1 of 1 read", "1 of 1 read"]);
    assert!(known.sentences[0].starts_with("From the first sign to the order: "), "{:?}", known.sentences);
    assert!(known.rows.iter().all(|row| row.len() == known.heads.len()));
    let confidence = view.confidence.as_ref().expect("one order has a confidence");
    assert_eq!(
        confidence.words,
        "You stated your confidence in 1 order, 70\u{a0}% on average: too few to judge it, a picture needs 5"
    );
    assert!(confidence.levels.is_empty());
    // A message that the scenario lacks cannot have been read.
    let text = fs::read_to_string(&path).expect("text");
    let broken = RunFile {
        commands: file
            .commands
            .iter()
            .map(|command| {
                let mut command = command.clone();
                command.read = command.read.map(|_| vec!["no-such-message".to_owned()]);
                command
            })
            .collect(),
        ..file
    };
    let difference = runfile::replay(&broken, scenario(TINY), |_| ()).expect_err("it is refused");
    assert!(difference.what.contains("no inject `no-such-message`"), "{}", difference.what);
    assert!(text.contains("\"read\":[\"blue-screens\"]"));
}

#[test]
fn a_debrief_without_orders_or_confidence_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut idle = desk(folder.path());
    begin(&mut idle);
    let view = weighed(&mut idle);
    let known = view.known.as_ref().expect("the leaf is there");
    assert!(known.rows.is_empty() && known.sentences[0].starts_with("You gave no order"), "{known:?}");
    assert!(view.confidence.as_ref().is_some_and(|view| view.words.starts_with("You stated no confidence")));
}

/// Writes the run of a person with orders into a folder.
fn write(folder: &Path, name: &str, seed: u64, orders: &[Order]) {
    let timeline = played(&scenario(TINY), seed, orders);
    fs::write(folder.join(name), RunFile::from_run(timeline.run(), Vec::new()).to_text()).expect("written");
}

const SURE: [Order; 3] =
    [(270, "overtime", Some(80), false), (300, "servers-first", Some(60), false), (900, "overtime", Some(80), false)];

fn known(folder: &Path, arguments: &[&str]) -> Output {
    blackstart(folder, &[&["known", "--scenario", "tiny", "--seeds", "2", "--quiet"], arguments].concat())
}

fn answer(folder: &Path, arguments: &[&str]) -> Value {
    let output = known(folder, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)))
}

#[test]
fn confidence_is_judged_over_several_runs_of_a_person() {
    let folder = with_tiny();
    let path = folder.path();
    (1..=2).for_each(|seed| write(path, &format!("ada-{seed}.run"), seed, &SURE));
    let one = answer(path, &["ada-1.run"]);
    assert_eq!((&one["confidence"]["orders"], &one["confidence"]["curve"]), (&3.into(), &Value::Array(Vec::new())));
    let both = answer(path, &["ada-1.run", "ada-2.run"]);
    let all = &both["confidence"];
    assert_eq!((&all["orders"], &both["runs"][0]), (&6.into(), &one["runs"][0]));
    let counts: Vec<(u64, u64)> = all["curve"]
        .as_array()
        .expect("a curve")
        .iter()
        .map(|level| (level["confidence_pct"].as_u64().unwrap(), level["orders"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [(60, 2), (80, 4)]);
    // The event is the worth that `worth` measures.
    let output =
        blackstart(path, &["worth", "ada-1.run", "--scenario", "tiny", "--seeds", "2", "--format", "json", "-q"]);
    let worth: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let decisions = one["runs"][0]["decisions"].as_array().expect("a list");
    assert_eq!(decisions.len(), 3);
    for (known, weighed) in decisions.iter().zip(worth["decisions"].as_array().expect("a list")) {
        assert_eq!(known["worth_median"], weighed["worth"]["score"]["median"]);
        assert_eq!(known["has_helped"], Value::Bool(0.0 < known["worth_median"].as_f64().unwrap()));
        assert_eq!((&known["messages"], &known["messages_read"]), (&1.into(), &Value::Null));
    }
    let parts = ["brier", "reliability", "resolution", "uncertainty"].map(|part| all[part].as_f64().unwrap());
    assert!((parts[0] - (parts[1] - parts[2] + parts[3])).abs() < 1e-9, "{parts:?}");
}

#[test]
fn equal_runs_give_equal_bytes_in_every_format() {
    let folder = with_tiny();
    (1..=2).for_each(|seed| write(folder.path(), &format!("ada-{seed}.run"), seed, &SURE));
    for format in ["table", "csv", "json"] {
        let ask =
            |threads: &str| known(folder.path(), &["ada-1.run", "ada-2.run", "--format", format, "--threads", threads]);
        let (one, two) = (ask("1"), ask("2"));
        assert!(one.status.success(), "{}", stderr(&one));
        assert_eq!(stdout(&one), stdout(&two), "{format}");
        match format {
            "table" => assert_says(
                &stdout(&one),
                &[
                    "What the seat could know at each decision, times in UTC",
                    "ada-1: A tiny outage, Duty manager, airline (duty-manager), seed 1",
                    "1 reached",
                    "Confidence over 2 runs; an order helps if its median worth on 2 seeds is above zero",
                    "Confidence was 73\u{a0}% on average, and ",
                    "band, nine in ten",
                ],
            ),
            "csv" => {
                let text = stdout(&one);
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                let orders: Vec<String> = reader
                    .records()
                    .map(|row| format!("{} {}", &row.as_ref().unwrap()[0], &row.as_ref().unwrap()[7]))
                    .collect();
                assert_eq!(orders.len(), 6);
                assert_eq!(orders[..2], ["ada-1 overtime", "ada-1 servers-first"]);
            }
            _ => {}
        }
    }
}

#[test]
fn runs_without_orders_or_confidence_and_bad_input_have_words() {
    let folder = with_tiny();
    let path = folder.path();
    write(path, "idle.run", 1, &[]);
    write(path, "silent.run", 2, &[(270, "overtime", None, false)]);
    let output = known(path, &["idle.run", "silent.run"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_says(&stdout(&output), &["The seat gave no order", "silent: ", "no order has a stated confidence"]);
    write(path, "ada.run", 3, &SURE);
    fs::copy(path.join("ada.run"), path.join("copy.run")).unwrap();
    fs::write(path.join("taken.csv"), "mine").unwrap();
    let check = |arguments: &[&str], code: i32, parts: &[&str]| {
        let output = known(path, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert_says(&stderr(&output), parts);
    };
    check(&["none.run"], 1, &["there is no such file or folder: none.run"]);
    check(&["ada.run", "copy.run"], 1, &["two files have the same run", "name each run once"]);
    check(&["ada.run", "--out", "taken.csv"], 1, &["the file already exists", "--force"]);
    check(&[], 2, &["RUNFILE"]);
    assert_eq!(fs::read_to_string(path.join("taken.csv")).unwrap(), "mine");
}

/// A class report has the confidence of each run; that of one run has it if worth was measured.
#[test]
fn reports_say_what_was_known_and_how_far_to_trust_confidence() {
    let folder = with_tiny();
    let path = folder.path();
    (1..=2).for_each(|seed| write(path, &format!("ada-{seed}.run"), seed, &SURE));
    let report = |arguments: &[&str]| {
        let output = blackstart(path, &[&["report", "--scenario", "tiny", "--quiet"], arguments].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let known = ["What was known</h2>", "From the first sign to the order: ", "1 reached"];
    assert_says(&report(&["ada-1.run"]), &[&known[..], &["3 orders have a stated confidence"]].concat());
    let weighed = report(&["ada-1.run", "--worth", "2"]);
    assert_says(
        &weighed,
        &[&known[..], &["Confidence was 73\u{a0}% on average in 3 orders: too few to judge it"]].concat(),
    );
    let class = report(&["ada-1.run", "ada-2.run"]);
    let parts = [
        "How far to trust confidence</h2>",
        "too few orders",
        "The class together: Confidence was 73",
        "Picture of reliability. 60 % sure",
    ];
    assert_says(&class, &parts);
    let csv = report(&["ada-1.run", "--worth", "2", "--format", "csv"]);
    assert_says(&csv, &["sign_to_order", "services_below_target", "messages_reached", "brier_reliability"]);
    let statements = report(&["ada-1.run", "--format", "xapi"]);
    assert_says(&statements, &["urn:blackstart:sign-to-order"]);
}

/// The target of an order that the tiny seats give is an organisation or a fleet; the rule covers all kinds.
#[test]
fn every_kind_of_target_has_its_services() {
    let scenario = scenario(TINY);
    let timeline = played(&scenario, 9, &[]);
    let (run, seat, end) = (timeline.run(), Ix::new(SEAT), scenario.horizon);
    let air = scenario.seats[seat].organisations[0];
    let (services, fleets) = (scenario.organisations[air].services, scenario.organisations[air].fleets);
    let mitigation = scenario.mitigations.indices().next().expect("one");
    let check = |target: Target, expected: bool| {
        let sign = blackstart::assess::known::first_sign(run, seat, &[], (mitigation, target), end);
        assert_eq!(sign.is_some(), expected, "{target:?}");
    };
    check(Target::World, true);
    check(Target::Organisation(air), true);
    check(Target::Fleet(fleets.iter().next().expect("a fleet")), true);
    for service in services {
        check(Target::Service(service), run.world.service(service).first_below.is_some());
    }
}
