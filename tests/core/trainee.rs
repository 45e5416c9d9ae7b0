//! The information for a trainee during an exercise: score so far, decisions, jumps, targets of orders, levels
//! below target, times. The tests use `Desk`, without panels.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use blackstart::assess::comparisons::{PendingRuns, comparison_setup};
use blackstart::assess::score::{judge, score_so_far};
use blackstart::base::Tick;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::{BriefingView, DebriefView, ExerciseView, MitigationRow, TargetKey, View};
use blackstart::scenario::compile::Scenario;
use blackstart::scenario::message;
use blackstart::scenario::schema::Trigger;
use blackstart::session::{Cast, Player, Run, Setup, Timeline};
use blackstart::sim::observe;
use blackstart::sim::world::Moment;

use crate::support::{THIN_REPLAY, TINY, compiled, documents, scenario};

const FRAME: Duration = Duration::from_millis(250);
const BUDGET: Duration = Duration::from_millis(200);

/// A desk at the briefing of a seat.
fn briefed(scenario: Arc<Scenario>, seat: &str, folder: &Path) -> Desk {
    let options =
        DeskOptions { seed: 1, out: folder.to_owned(), seat: Some((0, seat.to_owned())), notice: None, report: None };
    Desk::new(vec![scenario], options)
}

/// A desk in the first minute of an exercise.
fn begun(scenario: Arc<Scenario>, seat: &str, folder: &Path) -> Desk {
    let mut desk = briefed(scenario, seat, folder);
    desk.apply(Action::from(ScreenAction::Begin));
    desk
}

fn briefing(desk: &mut Desk) -> Arc<BriefingView> {
    match desk.view() {
        View::Briefing(view) => view,
        other => panic!("not the briefing: {other:?}"),
    }
}

fn exercise(desk: &mut Desk) -> Arc<ExerciseView> {
    match desk.view() {
        View::Exercise(view) => view,
        other => panic!("not the exercise screen: {other:?}"),
    }
}

/// Plays at full speed up to a minute and ignores all stops.
fn play_to(desk: &mut Desk, minute: u32) -> Arc<ExerciseView> {
    for _ in 0..100_000 {
        let view = exercise(desk);
        if minute <= view.timeline.now_min {
            return view;
        }
        desk.apply(Action::from(ClockAction::SetSpeed(3600)));
        desk.advance(FRAME, BUDGET);
    }
    panic!("minute {minute} does not come");
}

/// Jumps and waits until the clock has stopped.
fn jump(desk: &mut Desk) -> Arc<ExerciseView> {
    desk.apply(Action::from(ClockAction::JumpToNextEvent));
    for _ in 0..100_000 {
        desk.advance(FRAME, BUDGET);
        let view = exercise(desk);
        if view.clock.stopped.is_some() {
            return view;
        }
    }
    panic!("the jump does not arrive");
}

fn debrief(desk: &mut Desk) -> Arc<DebriefView> {
    desk.apply(Action::from(ClockAction::EndExercise));
    for _ in 0..100_000 {
        desk.advance(FRAME, BUDGET);
        if let View::Debrief(view) = desk.view() {
            return view;
        }
    }
    panic!("no debrief");
}

fn mitigation<'a>(view: &'a ExerciseView, name: &str) -> &'a MitigationRow {
    view.drawer.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no `{name}` in the drawer"))
}

fn give(desk: &mut Desk, name: &str) {
    let view = exercise(desk);
    let row = mitigation(&view, name);
    let target = row.targets.iter().find(|target| target.refusal.is_none()).expect("it can be ordered").target;
    let order = OrderAction::Give { mitigation: row.mitigation, target, confidence_pct: None, reason: None };
    desk.apply(Action::from(order));
}

/// Goal: the score so far has one meaning at all times. Method: three runs of a seat tick by tick. Doing nothing stays
/// at 0, par equals the points of par, and history changes in small steps and ends at its final score.
#[test]
fn the_score_so_far_grows_from_nothing_to_the_final_score() {
    let scenario = scenario(THIN_REPLAY);
    let seat = scenario.seat_index("airline-ops").expect("a seat");
    let setup = Setup { scenario: scenario.clone(), seed: 1, cast: Cast::one_seat(seat, Player::Person, None) };
    // Comparison runs of an exercise have samples of the whole run; others have only those of their end.
    let pending = PendingRuns::start(&setup, &BTreeMap::new());
    let runs = loop {
        match pending.poll().expect("the runs are computed") {
            Some((_, runs)) => break runs,
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    let check = |playbook: &str, look: &dyn Fn(Tick, Option<(f64, f64)>)| {
        let mut timeline = Timeline::new(comparison_setup(&setup, &[seat], playbook));
        while timeline.run().world.tick() < scenario.horizon {
            timeline.advance_to(timeline.run().world.tick().plus(10).min(scenario.horizon));
            let so_far = score_so_far(timeline.run(), seat, &runs);
            look(timeline.run().world.tick(), so_far.map(|score| (score.points, score.par_points)));
        }
        let last = score_so_far(timeline.run(), seat, &runs).expect("a score at the end");
        let end = judge(&timeline.run().world, seat, &runs);
        assert!((last.points - end.score).abs() < 0.01, "{playbook}: {last:?} at the end, {} in all", end.score);
        assert!((last.par_points - 100.0).abs() < 0.01, "{last:?}");
    };
    check("do-nothing", &|tick, so_far| {
        assert!(so_far.is_none_or(|(points, _)| points.abs() < 1e-9), "{so_far:?} at {tick} for doing nothing");
    });
    check("par", &|tick, so_far| {
        assert!(so_far.is_none_or(|(points, par)| points == par), "{so_far:?} at {tick} for par itself");
    });
    let before = std::cell::Cell::new(0.0);
    check("reference", &|tick, so_far| {
        let points = so_far.map_or(before.get(), |(points, _)| points);
        assert!((points - before.get()).abs() < 3.0, "from {} to {points} in ten minutes before {tick}", before.get());
        before.set(points);
    });
}

/// Time slows for an urgent message only if the seat can still give an order that answers it; the message names it.
#[test]
fn time_slows_for_a_decision_that_can_be_taken() {
    let with_answers = |answers: &[&str]| {
        let mut docs = documents(TINY);
        docs.injects.retain(|inject| inject.id == "blue-screens");
        docs.injects[0].answers = answers.iter().map(|&id| id.to_owned()).collect();
        Arc::new(compiled(docs))
    };
    let folder = tempfile::tempdir().expect("a folder");
    let until_message = |scenario: Arc<Scenario>, order: Option<&str>| {
        let mut desk = begun(scenario, "incident-lead", folder.path());
        if let Some(name) = order {
            give(&mut desk, name);
        }
        desk.apply(Action::from(ClockAction::SetSpeed(3600)));
        while exercise(&mut desk).inbox.is_empty() {
            desk.advance(FRAME, BUDGET);
        }
        desk.advance(FRAME, BUDGET);
        desk
    };
    let check = |answers: &[&str], order: Option<&str>, slows: bool| {
        let mut desk = until_message(with_answers(answers), order);
        let view = exercise(&mut desk);
        assert_eq!(view.clock.speed == 60, slows, "{answers:?} after {order:?}");
        assert_eq!(view.clock.decision.is_some(), slows, "{answers:?} after {order:?}");
        desk
    };
    check(&[], None, false);
    check(&["overtime"], Some("Call people in"), false);
    let mut desk = check(&["overtime"], None, true);
    let view = exercise(&mut desk);
    let answers = &view.inbox[0].answers;
    assert_eq!((answers.len(), answers[0].name.as_str(), answers[0].is_open), (1, "Call people in", true));
    assert_eq!(view.clock.decision.as_ref().map(|decision| decision.inject), Some(view.inbox[0].inject));
    give(&mut desk, "Call people in");
    let view = exercise(&mut desk);
    assert!(view.clock.decision.is_none(), "the decision is taken");
    assert_eq!((view.inbox[0].answers[0].is_open, view.inbox[0].answers[0].ordered), (false, 1));
}

#[test]
fn an_answer_that_is_no_mitigation_is_a_mistake() {
    let mut docs = documents(TINY);
    docs.injects[0].answers = vec!["overtimes".to_owned()];
    let problems = blackstart::scenario::validate::check(docs).expect_err("a mistake").to_string();
    assert!(problems.contains("there is no mitigation `overtimes`"), "{problems}");
}

/// The minutes of a text like `within 1 h 12 min`.
fn minutes(words: &str) -> u32 {
    let mut words = words.split(' ').skip(1);
    let mut minutes = 0;
    while let (Some(number), Some(unit)) = (words.next(), words.next()) {
        let number: u32 = if number == "a" { 1 } else { number.parse().expect("a number") };
        minutes += number
            * match unit {
                "d" | "day" => 1440,
                "h" => 60,
                _ => 1,
            };
    }
    minutes
}

/// Goal: a jump stops as announced. Method: jump through the first day. A jump never stops later than announced, always
/// has a reason, stops when a service of the seat falls, and never for other services.
#[test]
fn a_jump_stops_at_what_matters_to_the_seat_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = begun(scenario(THIN_REPLAY), "health-coordinator", folder.path());
    let mut reasons = Vec::new();
    loop {
        let before = exercise(&mut desk);
        let view = jump(&mut desk);
        let (took, announced) = (view.timeline.now_min - before.timeline.now_min, minutes(&before.clock.next_stop));
        // Spans of days are rounded to hours.
        let rounding = if 1440 <= announced { 59 } else { 0 };
        assert!(took <= announced + rounding, "{took} min after `{}`", before.clock.next_stop);
        assert!(view.clock.is_paused);
        reasons.push((view.timeline.now_min, view.clock.stopped.clone().expect("a reason")));
        if 1440 <= view.timeline.now_min {
            break;
        }
    }
    let is_given = |words: &str| reasons.iter().any(|(_, reason)| reason.contains(words));
    assert!(is_given("The bad content update goes out"), "{reasons:?}");
    assert!(
        is_given("Patient records of EMIS fell below its target level") || is_given("fell below its target level"),
        "{reasons:?}"
    );
    assert!(is_given("Message: "), "{reasons:?}");
    assert!(!is_given("chief executive speaks"), "an event of others: {reasons:?}");
    assert!(!is_given("A cloud region"), "no service of the seat needs it: {reasons:?}");
    desk.apply(Action::from(ClockAction::TogglePause));
    assert_eq!(exercise(&mut desk).clock.stopped, None, "the reason goes when the clock goes on");
}

/// An exercise that begins right before the event is the same run: nothing was ordered until then.
#[test]
fn an_exercise_can_begin_right_before_the_event() {
    let mut docs = documents(TINY);
    let release = docs.events.iter_mut().find(|event| event.id == "release").expect("a release");
    release.when = Trigger::At("2024-07-19T05:00Z".to_owned());
    let scenario = Arc::new(compiled(docs));
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = briefed(scenario.clone(), "incident-lead", folder.path());
    let late = briefing(&mut desk).late_start.clone().expect("a later start");
    assert_eq!(late.minute, 290);
    desk.apply(Action::from(ScreenAction::BeginAt(late.minute)));
    while exercise(&mut desk).timeline.now_min < 290 {
        desk.advance(FRAME, BUDGET);
    }
    (0..10).for_each(|_| desk.advance(FRAME, BUDGET));
    let view = exercise(&mut desk);
    assert_eq!((view.timeline.now_min, view.clock.is_paused), (290, true));
    let late = debrief(&mut desk);
    let mut straight = begun(scenario, "incident-lead", folder.path());
    assert_eq!(late.digest, debrief(&mut straight).digest);
}

#[test]
fn the_briefing_offers_another_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = briefed(scenario(TINY), "incident-lead", folder.path());
    assert_eq!(briefing(&mut desk).seed, 1);
    desk.apply(Action::from(ScreenAction::ChooseSeed(77)));
    assert_eq!(briefing(&mut desk).seed, 77);
    desk.apply(Action::from(ScreenAction::Begin));
    desk.apply(Action::from(ScreenAction::ChooseSeed(78)));
    assert_eq!(debrief(&mut desk).seed, 77, "no seed changes in mid-run");
}

/// Goal: the order card suggests the right target, offers no target of a wrong kind, and gives the true reason of a
/// refusal. Method: the seats of an airline and a bank on the morning after.
#[test]
fn orders_aim_at_what_they_are_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = begun(scenario(THIN_REPLAY), "airline-ops", folder.path());
    let labels = |row: &MitigationRow| row.targets.iter().map(|target| target.label.clone()).collect::<Vec<_>>();
    let start = exercise(&mut desk);
    assert_eq!(labels(mitigation(&start, "Ground stop")), ["Delta Air Lines · Flights"]);
    assert_eq!(labels(mitigation(&start, "Reset the crew schedule")), ["Delta Air Lines · Crew tracking"]);
    let board: Vec<&str> = start.services.iter().filter(|row| row.is_yours).map(|row| row.name.as_str()).collect();
    assert!(board.contains(&"Check-in and boarding"), "a service of the seat is missing: {board:?}");
    let view = play_to(&mut desk, 480);
    let fleets = &mitigation(&view, "Repair this fleet first").targets;
    assert!(fleets[0].detail.ends_with("services need it"), "what most hangs on comes first: {fleets:?}");
    let crew = fleets.iter().find(|target| target.label.ends_with("Crew and aircraft tracking")).expect("a target");
    let is_down = crew.detail.ends_with(" of 480 hosts down, 4 services need it") && !crew.detail.starts_with("0 ");
    assert!(is_down, "{}", crew.detail);
    give(&mut desk, "Reset the crew schedule");
    let view = exercise(&mut desk);
    assert_eq!(mitigation(&view, "Reset the crew schedule").refusal.as_deref(), Some("Already under way"));
    assert!(view.map.marks.iter().any(|mark| mark.name == "Delta Air Lines" && mark.ordered_min == Some(0)));
    assert!(view.map.marks.iter().all(|mark| mark.name == "Delta Air Lines" || mark.ordered_min.is_none()));

    let mut desk = begun(scenario(THIN_REPLAY), "bank-ops", folder.path());
    let view = play_to(&mut desk, 600);
    let hold = mitigation(&view, "Hold transfers that can wait");
    assert!(hold.targets[0].label.contains("ransfers"), "{:?}", labels(hold));
}

/// Every level below target has a cause, and levels at target have none; the seat's services are sorted by their
/// trouble.
#[test]
fn the_board_tells_what_holds_a_level_and_begins_with_the_worst() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = begun(scenario(THIN_REPLAY), "airline-ops", folder.path());
    let (mut causes, mut roots) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for minute in [0, 440, 500, 720, 1440, 2880, 4320] {
        let view = play_to(&mut desk, minute);
        for row in &view.services {
            assert_eq!(row.held_by.is_some(), row.level < row.target, "{} at minute {minute}", row.name);
            assert!(row.root.is_none() || row.level < row.target, "{} at minute {minute}", row.name);
        }
        let yours: Vec<_> = view.services.iter().filter(|row| row.is_yours).collect();
        let is_below = |row: &&&blackstart::exercise::view::ServiceRow| row.level < row.target;
        let below = yours.iter().take_while(is_below).count();
        assert_eq!(below, yours.iter().filter(is_below).count(), "what works stands last at minute {minute}");
        causes.extend(yours.iter().filter_map(|row| row.held_by.clone()));
        roots.extend(yours.iter().filter_map(|row| row.root.clone()));
    }
    let is_given = |words: &str| causes.iter().any(|cause| cause.contains(words));
    assert!(is_given("hosts not working in") && is_given("Crew changes to piece together: "), "{causes:?}");
    assert!(is_given("Crew tracking at "), "{causes:?}");
    let is_root = |words: &str| roots.iter().any(|root| root.starts_with(words));
    assert!(is_root("no cure known: ") && is_root("waiting for hands: "), "{roots:?}");
    assert!(is_root("Crew changes to piece together: "), "{roots:?}");
}

/// The seat's local time comes first, with its weekday and that of UTC if they differ; the card of an organisation
/// reveals nothing about its future.
#[test]
fn local_time_stands_first_and_no_card_tells_the_future() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = briefed(scenario(THIN_REPLAY), "bank-ops", folder.path());
    let starts = briefing(&mut desk).starts.clone();
    assert!(starts.starts_with("Friday 19 July 2024, 07:00 (") && starts.ends_with("Thu 21:00 UTC"), "{starts}");
    desk.apply(Action::from(ScreenAction::Begin));
    let home = exercise(&mut desk).services.iter().find(|row| row.is_yours).expect("a service").organisation;
    desk.apply(Action::from(PersonalAction::SelectOrganisation(Some(home))));
    let view = exercise(&mut desk);
    assert_eq!((view.clock.time.as_str(), view.clock.utc.as_str()), ("Fri 19 Jul 07:00", "Thu 21:00 UTC"));
    assert_eq!(view.timeline.start_minute_of_day, 7 * 60);
    assert_eq!(view.timeline.days[0], (17 * 60, "Sat 20 Jul".to_owned()));
    assert_eq!(view.detail.as_ref().map(|detail| detail.note.as_str()), Some(""));
    let view = play_to(&mut desk, 480);
    let message = view.inbox.last().expect("a message");
    assert_eq!(message.time, "Fri 19 Jul 08:45", "messages have local times");
}

/// The exercise offers its end once all services of the seat are back, and not before.
#[test]
fn an_end_is_offered_when_all_services_are_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = begun(scenario(THIN_REPLAY), "bank-ops", folder.path());
    assert!(!exercise(&mut desk).clock.is_settled, "nothing has happened yet");
    let mut settled_at = None;
    for day in 1..10 {
        let view = play_to(&mut desk, day * 1440);
        let is_below = view.services.iter().any(|row| row.is_yours && row.level < row.target);
        assert!(!view.clock.is_settled || !is_below, "settled on day {day} with a service below target");
        if view.clock.is_settled {
            settled_at = settled_at.or(Some(day));
        }
    }
    assert!(settled_at.is_some_and(|day| 1 < day), "{settled_at:?}");
}

/// The debrief shows the remarks of orders and the notes.
#[test]
fn reasons_and_notes_are_shown_at_the_debrief() {
    use blackstart::exercise::view::NoteTag;
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = begun(scenario(TINY), "incident-lead", folder.path());
    let row = mitigation(&exercise(&mut desk), "Call people in").clone();
    desk.apply(Action::from(OrderAction::Give {
        mitigation: row.mitigation,
        target: row.targets[0].target,
        confidence_pct: Some(80),
        reason: Some("six come at seven anyway".to_owned()),
    }));
    let note =
        |tag, text: &str| Action::from(PersonalAction::WriteNote { tag, text: text.to_owned(), objective: Some(0) });
    desk.apply(note(NoteTag::Gap, "no list of keys"));
    desk.apply(note(NoteTag::Strength, "theatre asked early"));
    let view = exercise(&mut desk);
    assert_eq!(view.notes[0].text, "theatre asked early", "the newest comes first");
    let view = debrief(&mut desk);
    assert_eq!(view.decisions[0].reason.as_deref(), Some("six come at seven anyway"));
    let objective = &scenario(TINY).docs.seats[0].objectives[0].name;
    assert!(view.notes.iter().all(|note| note.objective.as_ref() == Some(objective)), "{:?}", view.notes);
    assert_eq!(view.notes.iter().map(|note| note.tag).collect::<Vec<_>>(), [NoteTag::Gap, NoteTag::Strength]);
    assert!(view.curves.iter().all(|curve| curve.name.is_empty() || !curve.yours.is_empty()));
    assert!(!matches!(row.targets[0].target, TargetKey::World));
}

/// The tiny scenario with a message that has a figure and is kept away by an order.
fn with_message() -> Arc<Scenario> {
    let mut docs = documents(TINY);
    let body = "{hosts_crashed(all)} machines have crashed; {level(all)} of the work is done.".to_owned();
    let mut inject = docs.injects[0].clone();
    (inject.id, inject.title, inject.body) = ("figures".to_owned(), "Figures".to_owned(), body);
    (inject.to, inject.when) = (Vec::new(), Trigger::Above("hosts_crashed(all)".to_owned(), 20.0));
    inject.unless = vec!["overtime".to_owned()];
    docs.injects.push(inject);
    Arc::new(compiled(docs))
}

/// The figures are those of the arrival, and stay so.
#[test]
fn a_message_keeps_the_figures_of_its_arrival() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = with_message();
    let mut desk = begun(scenario.clone(), "incident-lead", folder.path());
    let horizon = scenario.horizon.0;
    let view = play_to(&mut desk, horizon - 60);
    let row = view.inbox.iter().find(|row| row.title == "Figures").expect("the message arrived");
    let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 1, cast: Cast::everybody(None) });
    while !run.moments.iter().any(|&(_, moment)| moment == Moment::Inject(row.inject)) {
        run.step();
    }
    let figures: Vec<f64> =
        scenario.inject_figures[row.inject].iter().map(|observable| observe::value(&run.world, observable)).collect();
    assert!(20.0 < figures[0]);
    assert_eq!(row.body, message::filled(&scenario.docs.injects[row.inject.position()].body, &figures));
}

/// An order that the message would ask for, given before it arrives, keeps it away; one given later does not.
#[test]
fn an_order_keeps_a_message_away() {
    let scenario = with_message();
    let overtime = scenario.docs.mitigations.iter().find(|entry| entry.id == "overtime").expect("an order");
    let has_message = |view: &ExerciseView| view.inbox.iter().any(|row| row.title == "Figures");
    for is_before in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = begun(scenario.clone(), "incident-lead", folder.path());
        if !is_before {
            play_to(&mut desk, scenario.horizon.0 - 120);
        }
        give(&mut desk, &overtime.name);
        let view = play_to(&mut desk, scenario.horizon.0 - 60);
        assert_eq!(has_message(&view), !is_before, "ordered before: {is_before}");
    }
}
