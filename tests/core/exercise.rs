//! An exercise and its chairs: the rights of each chair, the views, and the run on the disk after a crash.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use blackstart::base::Ix;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::exercise::view::{ExerciseView, StartView, TargetKey, View};
use blackstart::session::{NoteTag, runfile};

use crate::support::{TINY, scenario};

const FRAME: Duration = Duration::from_millis(250);
const BUDGET: Duration = Duration::from_millis(50);

fn desk(folder: &Path) -> Desk {
    let options = DeskOptions { seed: 1, out: folder.to_owned(), seat: None, notice: None, report: None };
    Desk::new(vec![scenario(TINY)], options)
}

fn begin(desk: &mut Desk) {
    desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
    desk.apply(ScreenAction::ChooseSeat("incident-lead".to_owned()).into());
    desk.apply(ScreenAction::Begin.into());
}

fn exercise(desk: &mut Desk) -> Arc<ExerciseView> {
    match desk.view() {
        View::Exercise(view) => view,
        other => panic!("not the exercise screen: {other:?}"),
    }
}

fn start(desk: &mut Desk) -> Arc<StartView> {
    match desk.view() {
        View::Start(view) => view,
        other => panic!("not the start screen: {other:?}"),
    }
}

/// Advances an exercise at full speed.
fn play(desk: &mut Desk, frames: usize) {
    desk.apply(ClockAction::SetSpeed(3600).into());
    (0..frames).for_each(|_| desk.advance(FRAME, BUDGET));
}

/// Gives the first order that is possible.
fn give_any_order(desk: &mut Desk) {
    let view = exercise(desk);
    let possible = view.drawer.iter().find_map(|row| {
        let target = row.targets.iter().find(|target| target.refusal.is_none())?;
        Some(OrderAction::Give {
            mitigation: row.mitigation,
            target: target.target,
            confidence_pct: Some(70),
            reason: Some("the ward cannot wait".to_owned()),
        })
    });
    let before = view.orders.len();
    desk.apply(possible.expect("something can be ordered").into());
    assert_eq!(exercise(desk).orders.len(), before + 1);
}

/// Waits until an opened run file has been replayed.
fn wait_open(desk: &mut Desk) {
    for _ in 0..10_000 {
        if !matches!(desk.view(), View::Opening(_)) {
            return;
        }
        desk.advance(FRAME, BUDGET);
    }
    panic!("the run is not played again");
}

fn finish(desk: &mut Desk) {
    desk.apply(ClockAction::EndExercise.into());
    for _ in 0..10_000 {
        desk.advance(FRAME, BUDGET);
        if let View::Debrief(view) = desk.view()
            && view.saved.is_some()
        {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the run is not brought to an end");
}

fn run_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "run"));
    files.sort();
    files
}

/// Equal revisions give the same view, not a copy; every change gives a new view.
#[test]
fn a_view_is_built_once_for_each_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path());
    begin(&mut desk);
    let (one, same) = (exercise(&mut desk), exercise(&mut desk));
    assert!(Arc::ptr_eq(&one, &same));
    desk.apply(PersonalAction::SelectOrganisation(Some(Ix::new(0))).into());
    let other = exercise(&mut desk);
    assert!(!Arc::ptr_eq(&one, &other));
    assert!(other.detail.is_some());
    let (one, same) = (start_twice(folder.path()), start_twice(folder.path()));
    assert!(one && same, "the start screen is built once, too");
}

fn start_twice(folder: &Path) -> bool {
    let mut desk = desk(folder);
    Arc::ptr_eq(&start(&mut desk), &start(&mut desk))
}

#[test]
fn a_refusal_reaches_the_chair_and_is_shown_until_dismissed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = desk(folder.path());
    begin(&mut desk);
    let action =
        |target, confidence_pct| OrderAction::Give { mitigation: Ix::new(0), target, confidence_pct, reason: None };
    desk.apply(action(TargetKey::Service(Ix::new(9_999)), None).into());
    let first = exercise(&mut desk).notice.clone().expect("a notice");
    assert!(first.contains("no such target") || first.contains("takes"), "{first}");
    desk.apply(action(TargetKey::World, Some(250)).into());
    assert_eq!(exercise(&mut desk).notice.as_ref(), Some(&first), "the oldest comes first");
    desk.apply(PersonalAction::DismissNotice.into());
    assert_eq!(
        exercise(&mut desk).notice.as_deref(),
        Some("a confidence is a number from 0 to 100 %; this one is 250 %")
    );
    desk.apply(PersonalAction::DismissNotice.into());
    assert_eq!(exercise(&mut desk).notice, None);
    assert!(exercise(&mut desk).orders.is_empty());
}

/// Goal: an exercise that was left continues at its minute. Method: play, give orders, write a note, drop the desk;
/// another desk continues, plays to the end, and the file verifies with everything in it.
#[test]
fn an_exercise_that_was_left_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = desk(folder.path());
    begin(&mut first);
    play(&mut first, 20);
    give_any_order(&mut first);
    let note = PersonalAction::WriteNote {
        tag: NoteTag::Gap,
        text: "nobody knew who holds the keys".to_owned(),
        objective: Some(0),
    };
    first.apply(note.into());
    play(&mut first, 2);
    let left = exercise(&mut first).clone();
    drop(first);

    let mut again = desk(folder.path());
    let unfinished = start(&mut again).unfinished.clone();
    assert_eq!(unfinished.len(), 1);
    assert_eq!((unfinished[0].refusal.as_ref(), unfinished[0].scenario.as_str()), (None, left.scenario.as_str()));
    again.apply(ScreenAction::ContinueRun(unfinished[0].file.clone()).into());
    wait_open(&mut again);
    let view = exercise(&mut again);
    assert_eq!(view.orders.len(), left.orders.len());
    assert!(view.timeline.now_min <= left.timeline.now_min && left.timeline.now_min <= view.timeline.now_min + 1);
    assert!(view.clock.is_paused, "whoever comes back looks around first");
    give_any_order(&mut again);
    finish(&mut again);
    drop(again);

    let files = run_files(folder.path());
    assert_eq!(files.len(), 1, "one exercise is one file: {files:?}");
    let reading = runfile::read(&files[0]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(reading.altered, []);
    let file = &reading.file;
    let by_hand: Vec<_> = file.commands.iter().filter(|command| command.by == "seat:incident-lead").collect();
    assert_eq!(by_hand.len(), 2);
    assert_eq!(by_hand[0].reason.as_deref(), Some("the ward cannot wait"));
    assert_eq!(file.notes.len(), 1);
    let end = file.end.as_ref().expect("the run was brought to an end");
    assert_eq!(end.log_digest, Some(file.log_digest()));
    runfile::replay(file, scenario(TINY), |_| ()).unwrap_or_else(|difference| panic!("{difference:?}"));

    let mut review = desk(folder.path());
    let finished = start(&mut review).finished.clone();
    assert_eq!((finished.len(), finished[0].points), (1, Some(end.seats[0].score)));
    review.apply(ScreenAction::ReviewRun(finished[0].file.clone()).into());
    wait_open(&mut review);
    for _ in 0..10_000 {
        review.advance(FRAME, BUDGET);
        if let View::Debrief(view) = review.view()
            && view.score.is_some()
        {
            assert_eq!(view.decisions.len(), 2);
            assert_eq!(Some(&view.log_digest), end.log_digest.as_ref());
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("no debrief of the finished run");
}

#[test]
fn two_windows_do_not_write_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut one = desk(folder.path());
    begin(&mut one);
    play(&mut one, 8);
    let mut other = desk(folder.path());
    let card = start(&mut other).unfinished[0].clone();
    assert_eq!(card.refusal.as_deref(), Some("It is open in another window"));
    // Both play the same seat and seed, so there are two files.
    begin(&mut other);
    play(&mut other, 8);
    assert_eq!(run_files(folder.path()).len(), 2);
}

/// Goal: a damaged file is set aside, unchanged, and named. Method: alter a line in the middle, and a digest with its
/// chain made to fit.
#[test]
fn a_damaged_run_is_set_aside_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut played = desk(folder.path());
    begin(&mut played);
    play(&mut played, 20);
    drop(played);
    let path = run_files(folder.path())[0].clone();
    let text = fs::read_to_string(&path).expect("the run");
    let damaged = text.replacen("\"digests\":[\"", "\"digests\":[\"0", 1);
    assert_ne!(damaged, text);
    fs::write(&path, &damaged).expect("it can be written");
    let mut again = desk(folder.path());
    let file = start(&mut again).unfinished[0].file.clone();
    again.apply(ScreenAction::ContinueRun(file.clone()).into());
    let view = start(&mut again);
    let notice = view.notice.as_deref().unwrap_or_default();
    assert!(notice.starts_with(&format!("{file} cannot be continued: line ")), "{notice}");
    let place = folder.path().join("set-aside").join(&file);
    assert!(notice.ends_with(&place.display().to_string()), "{notice}");
    assert_eq!(fs::read_to_string(&place).expect("it is there"), damaged, "not a byte was changed");
    assert!(view.unfinished.is_empty());
    // A second one does not replace the first.
    fs::write(&path, "blackstart-run 3\n").expect("it can be written");
    again.apply(ScreenAction::ContinueRun(file).into());
    assert_eq!(fs::read_to_string(&place).expect("it is there"), damaged);
    assert!(folder.path().join("set-aside").read_dir().expect("a folder").count() == 2);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_once_and_play_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    // A file in place of the folder cannot be written to, not even by the superuser.
    let blocked = folder.path().join("blocked");
    fs::write(&blocked, "a file").expect("it can be written");
    let mut desk = desk(&blocked);
    begin(&mut desk);
    play(&mut desk, 8);
    let notice = exercise(&mut desk).notice.clone().expect("a notice");
    assert!(notice.starts_with("This exercise is not being saved:"), "{notice}");
    desk.apply(PersonalAction::DismissNotice.into());
    play(&mut desk, 8);
    assert_eq!(exercise(&mut desk).notice, None, "it is told once");
    give_any_order(&mut desk);
    finish(&mut desk);
    let View::Debrief(debrief) = desk.view() else { panic!("no debrief") };
    assert!(debrief.saved.as_ref().is_some_and(Result::is_err));
    assert!(!debrief.save_offers.is_empty(), "another place is offered");
    let elsewhere = folder.path().join("elsewhere");
    desk.apply(Action::from(ScreenAction::SaveRun(Some(elsewhere.display().to_string()))));
    let View::Debrief(debrief) = desk.view() else { panic!("no debrief") };
    let saved = debrief.saved.clone().expect("an answer").expect("saved");
    let reading = runfile::read(Path::new(&saved)).unwrap_or_else(|error| panic!("{error}"));
    assert!(reading.file.end.is_some());
    assert!(debrief.save_offers.is_empty());
}

#[test]
fn a_run_of_a_scenario_that_has_changed_is_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut played = desk(folder.path());
    begin(&mut played);
    play(&mut played, 8);
    drop(played);
    let path = run_files(folder.path())[0].clone();
    let text = fs::read_to_string(&path).expect("the run");
    let digest = scenario(TINY).digest.to_string();
    fs::write(&path, text.replacen(&digest, "00000000deadbeef", 1)).expect("it can be written");
    let mut again = desk(folder.path());
    let card = start(&mut again).unfinished[0].clone();
    assert_eq!(card.refusal.as_deref(), Some("The scenario has changed since"));
    assert!(path.is_file(), "it stays where it is");
}
