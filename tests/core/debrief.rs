//! The debrief: worths that fill in and are kept, a second try from any minute, questions, the report.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use blackstart::base::Ix;
use blackstart::exercise::Reporter;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::{DebriefView, ExerciseView, MarkKind, NoteTag, TurningKind, View, WeighingState};
use blackstart::report::after_action;
use blackstart::report::document::html;
use blackstart::session::runfile;
use blackstart::study::Evidence;
use blackstart::study::worth::{Options, measure_worth};

use crate::support::{TINY, scenario};

const FRAME: Duration = Duration::from_millis(16);
const BUDGET: Duration = Duration::from_millis(50);
/// Minutes of the orders of `play`.
const FIRST: u32 = 270;
const SECOND: u32 = 300;

fn desk(out: &Path, report: Option<Reporter>) -> Desk {
    let options = DeskOptions { seed: 9, out: out.to_owned(), seat: None, notice: None, report };
    Desk::new(vec![scenario(TINY)], options)
}

fn begin(desk: &mut Desk) {
    desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
    desk.apply(ScreenAction::ChooseSeat("duty-manager".to_owned()).into());
    desk.apply(ScreenAction::Begin.into());
}

fn exercise(desk: &mut Desk) -> Arc<ExerciseView> {
    match desk.view() {
        View::Exercise(view) => view,
        other => panic!("not the exercise screen: {other:?}"),
    }
}

fn debrief(desk: &mut Desk) -> Arc<DebriefView> {
    match desk.view() {
        View::Debrief(view) => view,
        other => panic!("not the debrief: {other:?}"),
    }
}

fn step_to(desk: &mut Desk, minute: u32) {
    while exercise(desk).timeline.now_min < minute {
        desk.apply(ClockAction::Step.into());
        desk.advance(FRAME, BUDGET);
    }
}

fn give(desk: &mut Desk, name: &str) {
    let view = exercise(desk);
    let row = view.drawer.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no `{name}` in the drawer"));
    let target = row.targets.iter().find(|target| target.refusal.is_none()).expect("it can be ordered").target;
    let confidence_pct = Some(90);
    desk.apply(OrderAction::Give { mitigation: row.mitigation, target, confidence_pct, reason: None }.into());
    assert_eq!(exercise(desk).orders.len(), view.orders.len() + 1, "{name}");
}

/// Advances the debrief until `is_there`.
fn wait(desk: &mut Desk, is_there: impl Fn(&DebriefView) -> bool) -> Arc<DebriefView> {
    for _ in 0..60_000 {
        desk.advance(FRAME, BUDGET);
        if let View::Debrief(view) = desk.view()
            && is_there(&view)
        {
            return view;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the debrief never gets there: {:?}", debrief(desk).weighing);
}

fn is_saved(view: &DebriefView) -> bool {
    view.saved.is_some() && view.score.is_some()
}

fn is_weighed(view: &DebriefView) -> bool {
    view.weighing.state == WeighingState::Finished
}

fn end(desk: &mut Desk) -> Arc<DebriefView> {
    desk.apply(ClockAction::EndExercise.into());
    wait(desk, is_saved)
}

/// Plays a run with two orders to its debrief.
fn play(desk: &mut Desk) -> Arc<DebriefView> {
    begin(desk);
    step_to(desk, FIRST);
    give(desk, "Call people in");
    step_to(desk, SECOND);
    give(desk, "Servers first");
    end(desk)
}

fn saved(view: &DebriefView) -> PathBuf {
    PathBuf::from(view.saved.clone().expect("saved").expect("the folder can be written"))
}

fn worths(view: &DebriefView) -> Vec<String> {
    view.decisions.iter().map(|row| format!("{:?} {:?}", row.worth, row.details)).collect()
}

/// Goal: the debrief shows the numbers of `measure_worth`. Method: measure the run of the saved file here, too.
#[test]
fn decisions_are_weighed_in_the_debrief() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path(), None);
    let judged = play(&mut desk);
    assert!(judged.decisions.iter().all(|row| row.worth.is_none()), "nothing is weighed before the run is judged");
    let first = wait(&mut desk, |view| view.decisions.iter().any(|row| row.worth.is_some()));
    assert!(first.decisions.len() == 2);
    let view = wait(&mut desk, is_weighed);
    let file = runfile::read(&saved(&view)).expect("the run file").file;
    let run = runfile::replay(&file, scenario(TINY), |_| ()).expect("it replays");
    let options = Options { seeds: 16, threads: 2, figures: None };
    let never = |_: blackstart::study::worth::Arrival<'_>| std::ops::ControlFlow::Continue(());
    let expected = measure_worth(&run, Ix::new(1), options, &never).expect("nobody stops it");
    for (row, decision) in view.decisions.iter().zip(&expected.decisions) {
        let (worth, band) = (row.worth.as_ref().expect("weighed"), decision.worth.score);
        assert_eq!((worth.median, worth.p5, worth.p95), (band.median, band.p5, band.p95));
        assert!(worth.band.is_some() && !row.details.is_empty(), "{row:?}");
    }
    let gains: Vec<f64> = view.missed.iter().map(|row| row.gain.median).collect();
    let found: Vec<f64> = expected.untaken.best.iter().map(|untaken| untaken.gain.score.median).collect();
    assert_eq!(gains, found);
    assert_eq!(view.luck.as_ref().map(|luck| luck.scores.clone()), Some(expected.luck.scores));
    let kinds: Vec<TurningKind> = view.turning_points.iter().map(|point| point.kind).collect();
    assert_eq!(kinds, [TurningKind::Best, TurningKind::Worst, TurningKind::Missed]);
    let best = view.decisions.iter().filter_map(|row| row.worth.as_ref()).map(|worth| worth.median);
    let best = best.fold(f64::MIN, f64::max);
    assert!(best <= 0.0 || view.turning_points[0].points == blackstart::base::words::signed(best));
    assert!(!view.next_time.is_empty() && view.next_time.len() <= 3, "{:?}", view.next_time);
    let marks = view.timeline.marks.iter().filter(|mark| mark.kind == MarkKind::Decision);
    assert!(marks.into_iter().all(|mark| mark.label.contains(" points (")), "{:?}", view.timeline.marks);
}

#[test]
fn the_arithmetic_of_the_score_is_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let view = play(&mut desk(folder.path(), None));
    let parts: f64 = view.objectives.iter().map(|row| row.points.expect("judged") * row.weight_pct / 100.0).sum();
    assert!((parts - view.score.expect("judged")).abs() < 0.01);
    let sum = view.sum.as_ref().expect("judged");
    assert!(sum.ends_with(&format!("= {}", blackstart::base::words::figure(parts, ""))), "{sum}");
    assert!(view.objectives.iter().all(|row| row.arithmetic.contains("× weight 100 %")), "{:?}", view.objectives);
}

/// Goal: results are kept beside the run file, and only for the same run. Method: change the kept file, review the run
/// again and see whether the change shows.
#[test]
fn worths_are_kept_beside_the_run_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = desk(folder.path(), None);
    play(&mut first);
    let view = wait(&mut first, is_weighed);
    drop(first);
    let run_file = saved(&view);
    let kept = run_file.with_extension("worth.json");
    let text = fs::read_to_string(&kept).expect("the results are kept");
    let name = run_file.file_name().unwrap().to_string_lossy().into_owned();
    let review = || {
        let mut desk = desk(folder.path(), None);
        desk.apply(ScreenAction::ReviewRun(name.clone()).into());
        worths(&wait(&mut desk, is_weighed))
    };
    assert_eq!(review(), worths(&view));
    let changed = text.replacen("\"not_given\":0", "\"not_given\":7", 1);
    fs::write(&kept, &changed).unwrap();
    assert!(review()[0].contains("On 7 seeds the order was refused"), "kept numbers are not measured again");
    let broken = [
        (changed[..changed.len() / 2].to_owned(), true),
        (changed.replacen("\"seeds\":16", "\"seeds\":8", 1), true),
        (changed.replacen("\"own_seed_only\":[]", "\"own_seed_only\":[99]", 1), true),
        (changed.replacen("\"program\":\"", "\"program\":\"x", 1), true),
        ("{\"somebody\":\"else's\"}".to_owned(), false),
    ];
    for (bytes, is_ours) in broken {
        assert_ne!(bytes, changed, "the case changes something");
        fs::write(&kept, &bytes).unwrap();
        assert_eq!(review(), worths(&view), "measured again");
        let after = fs::read_to_string(&kept).unwrap();
        assert_eq!(after == text, is_ours, "what others wrote stays, what is ours is replaced");
        assert!(is_ours || after == bytes);
    }
}

/// Goal: a second try goes on from its minute as the first run did until then, and leaves the first run alone. Method:
/// give the same order again, which gives the same world; then give another one.
#[test]
fn a_second_try_begins_at_any_minute_and_leaves_the_first_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path(), None);
    let first = play(&mut desk);
    let (path, bytes) = (saved(&first), fs::read(saved(&first)).unwrap());
    desk.apply(ScreenAction::TryAgainFrom(SECOND).into());
    let view = exercise(&mut desk);
    assert_eq!((view.timeline.now_min, view.orders.len(), view.clock.is_paused), (SECOND, 1, true));
    let earlier = &view.timeline.curves[0].earlier;
    assert!(
        earlier.iter().all(|point| point[0] <= f64::from(SECOND)) && !earlier.is_empty(),
        "the future stays hidden"
    );
    give(&mut desk, "Servers first");
    let same = end(&mut desk);
    assert_eq!((&same.digest, same.score), (&first.digest, first.score));
    let tries = same.tries.as_ref().expect("both tries stand side by side");
    assert_eq!((tries.same, tries.decisions.len(), Some(tries.earlier_score)), (2, 0, first.score));

    desk.apply(ScreenAction::TryAgainFrom(FIRST - 3).into());
    assert!(exercise(&mut desk).orders.is_empty(), "the orders of later minutes are gone");
    let other = end(&mut desk);
    assert_ne!(other.digest, first.digest);
    let tries = other.tries.as_ref().expect("both tries stand side by side");
    let given: Vec<_> = tries.decisions.iter().map(|row| (row.earlier.is_some(), row.now.is_some())).collect();
    assert_eq!(given, [(true, false), (true, false)]);
    assert!(other.curves.iter().all(|curve| curve.earlier.len() == curve.yours.len()), "the whole ghost is on show");

    assert_eq!(fs::read(&path).unwrap(), bytes, "the first run is as it was");
    let runs = [saved(&same), saved(&other)];
    assert!(runs[0] != path && runs[1] != path && runs[0] != runs[1]);
    for run in runs {
        let file = runfile::read(&run).expect("a run file").file;
        let replayed = runfile::replay(&file, scenario(TINY), |_| ());
        assert!(replayed.is_ok(), "{:?}", replayed.err());
    }
}

#[test]
fn no_second_try_begins_without_a_saved_and_judged_first_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path(), None);
    desk.apply(ScreenAction::TryAgainFrom(30).into());
    assert!(matches!(desk.view(), View::Start(_)), "there is no run");
    begin(&mut desk);
    step_to(&mut desk, 20);
    desk.apply(ScreenAction::TryAgainFrom(10).into());
    assert_eq!(exercise(&mut desk).timeline.now_min, 20, "the run has not ended");
    let ended = end(&mut desk);
    assert_eq!(ended.try_refusal, None);
    desk.apply(ScreenAction::TryAgainFrom(2880).into());
    assert!(matches!(desk.view(), View::Debrief(_)), "the horizon is no minute to play from");
}

#[test]
fn a_second_try_from_the_briefing_has_the_first_as_a_ghost_on_the_same_seed_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path(), None);
    play(&mut desk);
    let has_ghost = |desk: &mut Desk, seed: u64| {
        desk.apply(ScreenAction::TryAgainFrom(0).into());
        assert!(matches!(desk.view(), View::Briefing(_)), "preparations are bought there");
        desk.apply(ScreenAction::ChooseSeed(seed).into());
        desk.apply(ScreenAction::Begin.into());
        end(desk).tries.is_some()
    };
    assert!(has_ghost(&mut desk, 9));
    assert!(!has_ghost(&mut desk, 10));
}

/// A run without decisions and notes has its five questions, too.
#[test]
fn five_questions_are_made_from_the_evidence_of_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut idle = desk(folder.path(), None);
    begin(&mut idle);
    let judged = end(&mut idle);
    assert!(3 <= judged.discuss.len(), "{:?}", judged.discuss);
    let weighed = wait(&mut idle, is_weighed);
    assert_eq!(weighed.discuss.len(), 5, "{:?}", weighed.discuss);
    assert_eq!(weighed.turning_points[0].name, "No decision won points");
    let mut busy = desk(folder.path(), None);
    begin(&mut busy);
    step_to(&mut busy, FIRST);
    let (tag, text) = (NoteTag::Risk, "crews are at the wrong airports".to_owned());
    busy.apply(PersonalAction::WriteNote { tag, text: text.clone(), objective: Some(0) }.into());
    give(&mut busy, "Call people in");
    end(&mut busy);
    let weighed = wait(&mut busy, is_weighed);
    assert_eq!(weighed.discuss.len(), 5);
    let has = |words: &str| weighed.discuss.iter().any(|row| row.evidence.contains(words));
    assert!(has("Cancel few flights: ") && has(&text), "{:?}", weighed.discuss);
    let mut questions: Vec<&String> = weighed.discuss.iter().map(|row| &row.question).collect();
    questions.dedup();
    assert_eq!(questions.len(), 5);
}

fn page(evidence: &Evidence<'_>) -> String {
    html::page(&after_action::report(evidence))
}

#[test]
fn the_report_is_written_beside_the_run_file_and_replaces_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut without = desk(folder.path(), None);
    let view = play(&mut without);
    without.apply(ScreenAction::WriteReport.into());
    assert!(!view.can_report && debrief(&mut without).report.is_none(), "nobody handed in a way to make reports");
    drop(without);
    let mut desk = desk(folder.path(), Some(page));
    let view = play(&mut desk);
    assert!(view.can_report);
    let mut write = || {
        desk.apply(Action::from(ScreenAction::WriteReport));
        PathBuf::from(debrief(&mut desk).report.clone().expect("written").expect("the folder can be written"))
    };
    let (one, two) = (write(), write());
    let run_file = saved(&view);
    assert_eq!(one, run_file.with_extension("html"));
    assert!(two != one && two.parent() == run_file.parent());
    let (first, second) = (fs::read_to_string(&one).unwrap(), fs::read_to_string(&two).unwrap());
    assert!(first == second && first.contains("EXERCISE") && first.contains(&view.log_digest));
}
