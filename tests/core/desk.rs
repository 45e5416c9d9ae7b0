//! A whole exercise played through `Desk`, without panels or a window.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use blackstart::base::Ix;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::{DebriefView, ExerciseView, PreparationView, TargetKey, View};
use blackstart::scenario::compile::Scenario;
use blackstart::scenario::schema::{Effect, Fleet, Mitigation, Phase, Tagged};
use blackstart::session::memory::{Need, WORLDS_PLAYED};
use blackstart::session::runfile;
use proptest::prelude::*;

use crate::support::{TINY, compiled, documents, scenario};

const FRAME: Duration = Duration::from_millis(16);
const BUDGET: Duration = Duration::from_millis(50);

/// The tiny scenario with two preparations for a seat that can pay for one of them.
fn with_preparation() -> Arc<Scenario> {
    let mut docs = documents(TINY);
    for (id, effect) in [("keep-keys", Effect::EscrowKeys), ("practise", Effect::Drill { endurance: 2.0 })] {
        let template = docs.mitigations.iter().find(|template| template.id == "paper").expect("there").clone();
        let cost_usd = Tagged::Invented(700.0, "a round number".to_owned());
        docs.mitigations.push(Mitigation {
            id: id.to_owned(),
            phase: Phase::Preparation,
            effect,
            cost_usd,
            ..template
        });
        docs.seats[0].mitigations.push(id.to_owned());
    }
    docs.seats[0].preparation_usd = Some(Tagged::Invented(1000.0, "a round number".to_owned()));
    Arc::new(compiled(docs))
}

fn preparation(desk: &mut Desk) -> PreparationView {
    match desk.view() {
        View::Briefing(view) => view.preparation.clone().expect("the seat has a budget"),
        other => panic!("not the briefing: {other:?}"),
    }
}

/// The worlds of this exercise need some 140 GB; a machine with that much memory may play it.
#[test]
fn a_scenario_that_does_not_fit_the_memory_says_so_on_the_start_screen() {
    let mut docs = documents(TINY);
    let fleet = docs.organisations[0].fleets[0].clone();
    docs.organisations[0].fleets.extend((0..21).map(|number| Fleet {
        id: format!("more-{number}"),
        hosts: Tagged::Invented(100_000_000, "a round number".to_owned()),
        ..fleet.clone()
    }));
    let large = Arc::new(compiled(docs));
    let problem = Need::new(&large, WORLDS_PLAYED).problem();
    let folder = tempfile::tempdir().expect("a folder");
    let options = DeskOptions { seed: 1, out: folder.path().to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![large], options);
    desk.apply(Action::from(ScreenAction::ChooseScenario("tiny".to_owned())));
    let notice = match desk.view() {
        View::Start(start) => start.notice.clone(),
        _ => None,
    };
    assert_eq!(notice.is_some(), problem.is_some(), "{problem:?}");
    let words = ["A tiny outage cannot be played", "GB of memory", "this machine has", "Fewer hosts need less"];
    assert!(notice.is_none_or(|notice| words.iter().all(|words| notice.contains(words))));
}

#[test]
fn what_is_bought_at_the_briefing_is_in_force_from_the_first_minute() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = DeskOptions { seed: 1, out: folder.path().to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![with_preparation()], options);
    desk.apply(Action::from(ScreenAction::ChooseScenario("tiny".to_owned())));
    desk.apply(Action::from(ScreenAction::ChooseSeat("incident-lead".to_owned())));
    let before = preparation(&mut desk);
    assert_eq!((before.budget_usd, before.left_usd, before.options.len()), (1000.0, 1000.0, 2));
    let choose = |desk: &mut Desk, row: usize| {
        let option = &preparation(desk).options[row];
        let target = option.targets.iter().find(|target| target.is_chosen || target.refusal.is_none());
        let target = target.or(option.targets.first()).expect("somebody can have it").target;
        desk.apply(Action::from(ScreenAction::Prepare { mitigation: option.mitigation, target }));
    };
    choose(&mut desk, 0);
    let one = preparation(&mut desk);
    assert_eq!(one.left_usd, 300.0);
    assert!(one.options[0].targets.iter().any(|target| target.is_chosen));
    assert!(one.options[1].targets.iter().all(|target| target.refusal.is_some()), "the rest is too dear: {one:?}");
    // A purchase beyond the budget has no effect; taking one back makes it possible.
    choose(&mut desk, 1);
    assert_eq!(preparation(&mut desk).left_usd, 300.0);
    choose(&mut desk, 0);
    assert_eq!(preparation(&mut desk).left_usd, 1000.0);
    choose(&mut desk, 1);
    desk.apply(Action::from(ScreenAction::Begin));
    let view = exercise(&mut desk);
    assert_eq!(view.orders.len(), 1, "{:?}", view.orders);
    assert!(view.drawer.iter().all(|row| row.name != "Keep keys"), "preparations are not ordered during the exercise");
    let ended = debrief(&mut desk);
    assert_eq!(ended.decisions.len(), 1);
    assert!(ended.decisions[0].outcome.starts_with("took effect"), "{:?}", ended.decisions);
    // Another try begins with an empty list.
    desk.apply(Action::from(ScreenAction::TryAgain));
    assert_eq!(preparation(&mut desk).left_usd, 1000.0);
}

/// The card of an order says what comes after longer work, and how many people from outside the crew can lead.
#[test]
fn prices_say_what_comes_later() {
    let mut docs = documents(TINY);
    let template = docs.mitigations.iter().find(|template| template.id == "overtime").expect("there").clone();
    for (id, effect) in [
        ("longer", Effect::Overtime { share: 0.5, hours: 20 }),
        ("many", Effect::Contractors { technicians: 60, pace: 1.0, hours: 9 }),
        ("few", Effect::Contractors { technicians: 1, pace: 1.0, hours: 9 }),
    ] {
        docs.mitigations.push(Mitigation { id: id.to_owned(), name: id.to_owned(), effect, ..template.clone() });
        docs.seats[0].mitigations.push(id.to_owned());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let options = DeskOptions { seed: 1, out: folder.path().to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![Arc::new(compiled(docs))], options);
    begin(&mut desk);
    let view = exercise(&mut desk);
    let check = |name: &str, expected: &str| {
        let row = view.drawer.iter().find(|row| row.name == name).expect("the order is in the list");
        let target = row.targets.iter().find(|target| target.refusal.is_none()).expect("it is open");
        assert_eq!(target.price, expected, "{name}");
    };
    check("longer", "Afterwards a smaller crew for 12 h: −25 %");
    check("Call people in", "Afterwards a smaller crew for 8 h: −25 %");
    check("many", "Your crew then leads 2 of the 60");
    check("few", "");
}

fn desk(out: &Path) -> Desk {
    let options = DeskOptions { seed: 1, out: out.to_owned(), seat: None, notice: None, report: None };
    Desk::new(vec![scenario(TINY)], options)
}

fn exercise(desk: &mut Desk) -> Arc<ExerciseView> {
    match desk.view() {
        View::Exercise(view) => view,
        other => panic!("not the exercise screen: {other:?}"),
    }
}

fn begin(desk: &mut Desk) {
    assert!(matches!(desk.view(), View::Start(_)));
    desk.apply(Action::from(ScreenAction::ChooseScenario("tiny".to_owned())));
    assert!(matches!(desk.view(), View::Seats(_)));
    desk.apply(Action::from(ScreenAction::ChooseSeat("incident-lead".to_owned())));
    assert!(matches!(desk.view(), View::Briefing(_)));
    desk.apply(Action::from(ScreenAction::Begin));
}

/// Plays to the end and waits for the comparison runs.
fn debrief(desk: &mut Desk) -> Arc<DebriefView> {
    desk.apply(Action::from(ClockAction::EndExercise));
    for _ in 0..10_000 {
        desk.advance(FRAME, BUDGET);
        if let View::Debrief(view) = desk.view()
            && view.score.is_some()
        {
            return view;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("no debrief with a score");
}

#[test]
fn a_stranger_plays_from_start_to_debrief() {
    let out = tempfile::tempdir().expect("a folder");
    let mut desk = desk(out.path());
    begin(&mut desk);
    let first = exercise(&mut desk);
    assert!(first.clock.is_paused, "the trainee looks around first");
    desk.apply(Action::from(ClockAction::SetSpeed(3600)));
    for _ in 0..200 {
        desk.advance(FRAME, BUDGET);
    }
    let later = exercise(&mut desk);
    assert!(first.timeline.now_min < later.timeline.now_min);
    let open = later
        .drawer
        .iter()
        .find_map(|row| row.targets.iter().find(|target| target.refusal.is_none()).map(|target| (row, target)))
        .expect("something can be ordered");
    desk.apply(Action::from(OrderAction::Give {
        mitigation: open.0.mitigation,
        target: open.1.target,
        confidence_pct: Some(70),
        reason: None,
    }));
    assert_eq!(exercise(&mut desk).orders.len(), 1);
    let debrief = debrief(&mut desk);
    assert_eq!(debrief.decisions.len(), 1);
    assert_eq!(debrief.decisions[0].confidence_pct, Some(70));
    assert!(!debrief.objectives.is_empty());
    desk.advance(FRAME, BUDGET);
    let View::Debrief(debrief) = desk.view() else { panic!("the debrief stays") };
    let path = debrief.saved.clone().expect("saved by itself").expect("the folder can be written");
    let bytes = std::fs::read(&path).expect("the run file");
    let reading = runfile::read_bytes(&bytes).unwrap_or_else(|error| panic!("{error}"));
    let end = reading.file.end.as_ref().expect("the run was brought to an end");
    assert_eq!(end.digest, debrief.digest);
    assert_eq!(end.log_digest.as_ref(), Some(&debrief.log_digest));
    assert_eq!(Some(end.seats[0].score), debrief.score);
    desk.apply(Action::from(ScreenAction::TryAgain));
    assert!(matches!(desk.view(), View::Briefing(_)), "another try begins at the briefing");
}

#[test]
fn refused_orders_show_their_reason_and_change_nothing() {
    let out = tempfile::tempdir().expect("a folder");
    let mut desk = desk(out.path());
    begin(&mut desk);
    let before = exercise(&mut desk);
    let possible = before
        .drawer
        .iter()
        .find_map(|row| row.targets.iter().find(|target| target.refusal.is_none()).map(|target| (row, target)))
        .expect("something can be ordered");
    let order = Action::from(OrderAction::Give {
        mitigation: possible.0.mitigation,
        target: possible.1.target,
        confidence_pct: None,
        reason: None,
    });
    desk.apply(order.clone());
    let ordered = exercise(&mut desk);
    let row = ordered.drawer.iter().find(|row| row.mitigation == possible.0.mitigation).expect("the same drawer");
    let target = row.targets.iter().find(|target| target.target == possible.1.target).expect("the same target");
    assert_eq!(target.refusal.as_deref(), Some("Already under way"));
    desk.apply(order);
    desk.apply(Action::from(OrderAction::Give {
        mitigation: Ix::new(9_999),
        target: TargetKey::Service(Ix::new(9_999)),
        confidence_pct: None,
        reason: None,
    }));
    desk.apply(Action::from(OrderAction::Cancel(Ix::new(77))));
    assert_eq!(exercise(&mut desk).orders.len(), 1);
}

#[test]
fn a_jump_stops_at_what_happens_next() {
    let out = tempfile::tempdir().expect("a folder");
    let mut desk = desk(out.path());
    begin(&mut desk);
    let mut last = 0;
    for _ in 0..4 {
        desk.apply(Action::from(ClockAction::JumpToNextEvent));
        for _ in 0..200 {
            desk.advance(FRAME, BUDGET);
        }
        let view = exercise(&mut desk);
        assert!(view.clock.is_paused, "a jump ends paused");
        let now = view.timeline.now_min;
        assert!(last < now);
        let reason = view.clock.stopped.clone().expect("a jump says why it ended");
        let title = reason.strip_prefix("Message: ").unwrap_or(&reason);
        let is_marked = view.timeline.marks.iter().any(|mark| mark.minute + 1 == now && mark.label == title);
        let is_turn = ["target level", "impact tolerance"].iter().any(|words| reason.ends_with(words));
        let is_nothing = now - last == 1440 && reason.starts_with("Nothing happened");
        assert!(is_marked || is_turn || is_nothing, "`{reason}` at {now}: {:?}", view.timeline.marks);
        last = now;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The trainee's use of the clock does not change the run: every inject arrives once, at its tick, and the last
    /// digest is that of a run without pauses and jumps.
    #[test]
    fn the_clock_does_not_change_the_run(keys in prop::collection::vec((0_u8..6, 1_u64..1500), 1..60)) {
        let out = tempfile::tempdir().expect("a folder");
        let mut straight = desk(out.path());
        begin(&mut straight);
        let expected = debrief(&mut straight);
        let mut desk = desk(out.path());
        begin(&mut desk);
        for (key, wall_ms) in keys {
            desk.apply(match key {
                0 => Action::from(ClockAction::TogglePause),
                1 => Action::from(ClockAction::SetSpeed(60)),
                2 => Action::from(ClockAction::SetSpeed(3600)),
                3 => Action::from(ClockAction::Step),
                4 => Action::from(ClockAction::JumpToNextEvent),
                _ => Action::from(PersonalAction::SelectOrganisation(Some(Ix::new(0)))),
            });
            desk.advance(Duration::from_millis(wall_ms), BUDGET);
        }
        let played = debrief(&mut desk);
        prop_assert_eq!(&played.digest, &expected.digest);
        let injects = |view: &DebriefView| view.timeline.marks.iter().map(|mark| (mark.minute, mark.label.clone())).collect::<Vec<_>>();
        prop_assert_eq!(injects(&played), injects(&expected));
    }
}

#[test]
fn the_run_waits_behind_the_sources() {
    let out = tempfile::tempdir().expect("a folder");
    let mut desk = desk(out.path());
    desk.apply(Action::from(ScreenAction::OpenSources(Some("elsewhere".to_owned()))));
    assert!(matches!(desk.view(), View::Start(_)), "there is no such card");
    desk.apply(Action::from(ScreenAction::OpenSources(Some("tiny".to_owned()))));
    let View::Sources(sources) = desk.view() else { panic!("not the sources") };
    let checked = scenario(TINY).figures;
    assert_eq!(sources.figures.len(), checked.iter().sum::<usize>());
    let touch = sources.figures.iter().find(|figure| figure.path == "world/methods/by-hand/touch_min").unwrap();
    assert_eq!((touch.owner_kind.as_str(), touch.words.as_str()), ("method", "minutes of hands"));
    assert_eq!(sources.facts[touch.facts[0]].id, "T03");
    desk.apply(Action::from(ScreenAction::Back));
    begin(&mut desk);
    desk.apply(Action::from(ClockAction::SetSpeed(3600)));
    desk.advance(FRAME, BUDGET);
    let before = exercise(&mut desk).timeline.now_min;
    desk.apply(Action::from(ScreenAction::OpenSources(None)));
    for _ in 0..200 {
        desk.advance(FRAME, BUDGET);
    }
    assert!(!desk.wants_continuous());
    desk.apply(Action::from(ScreenAction::Back));
    assert_eq!(exercise(&mut desk).timeline.now_min, before, "time stood still");
    for _ in 0..200 {
        desk.advance(FRAME, BUDGET);
    }
    assert!(before < exercise(&mut desk).timeline.now_min);
}
