//! The wall of a facilitated exercise: what it shows, and what it must not show.

use std::time::Duration;

use blackstart::exercise::Exercise;
use blackstart::exercise::action::{Deed, PersonAction, PersonId, PersonRole, WrittenMessage};
use blackstart::scenario::schema::Via;

use super::*;
use crate::support::{TINY, scenario};

const NOW_S: u64 = 1_784_000_000;

/// An exercise of the first seat with a facilitator and a participant.
fn hosted(folder: &std::path::Path) -> Exercise {
    let scenario = scenario(TINY);
    let seat = scenario.seats.indices().next().expect("a seat");
    let id = scenario.docs.seats[0].id.clone();
    let mut exercise = Exercise::host(scenario, 7, &[seat], folder);
    exercise.join("Facilitator", PersonRole::Facilitator, None, NOW_S).expect("the first person");
    exercise.join("Ada", PersonRole::Participant, Some(&id), NOW_S).expect("a participant");
    exercise
}

fn act(exercise: &mut Exercise, action: PersonAction) {
    exercise.act(PersonId(0), action, NOW_S + 5).expect("a facilitator may do it");
}

fn message(title: &str, to: &[String]) -> PersonAction {
    PersonAction::Deed(Deed::Message(WrittenMessage {
        to: to.to_vec(),
        via: Via::Phone,
        from: "Exercise control".to_owned(),
        title: title.to_owned(),
        body: "Call back.".to_owned(),
        is_urgent: false,
        replaces: None,
    }))
}

fn wall(exercise: &mut Exercise) -> WallView {
    let seats: Vec<_> = exercise.seats_in_play().into_iter().filter_map(|seat| exercise.view_of_seat(seat)).collect();
    let staff = exercise.staff_view();
    WallView::new(&exercise.view_of_facilitator(), seats.iter().map(|view| &**view), &staff)
}

/// Shows a wall at every size and expects these labels, all of them within the window, and none of the others.
fn check(view: &WallView, expected: &[&str], absent: &[&str]) {
    for size in SIZES {
        let harness = harness(View::Wall(Arc::new(view.clone())), size);
        for label in expected {
            let rect = harness.get_by_label_contains(label).rect();
            let whole = egui::Rect::from_min_size(egui::Pos2::ZERO, size).expand(0.5);
            assert!(whole.contains_rect(rect), "`{label}` at {rect:?} of {size:?}");
        }
        for label in absent {
            assert!(harness.query_by_label_contains(label).is_none(), "`{label}` is not for the wall");
        }
    }
}

#[test]
fn the_wall_shows_the_way_in_until_the_exercise_begins_and_then_the_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    let join = JoinView {
        address: "http://192.168.1.20:7190/".to_owned(),
        pin: "172731".to_owned(),
        code: vec![vec![true; 29]; 29],
    };
    let before = WallView { join: Some(join), ..wall(&mut exercise) };
    let way_in = ["EXERCISE", "Not begun", "172731", "http://192.168.1.20:7190/", "QR code", "1 person has joined"];
    check(&before, &way_in, &["hosts down of", "Paused"]);

    act(&mut exercise, PersonAction::Deed(Deed::Begin));
    act(&mut exercise, PersonAction::Clock(ClockAction::JumpTo(600)));
    while exercise.run().world.tick().0 < 600 {
        exercise.advance(Duration::from_millis(250), Duration::from_millis(50));
    }
    let running = wall(&mut exercise);
    check(&running, &["hosts down of", "Paused", "Map of organisations"], &["172731", "press Space"]);
}

#[test]
fn the_wall_shows_what_is_for_everybody_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    let seat = scenario(TINY).docs.seats[0].id.clone();
    act(&mut exercise, PersonAction::Deed(Deed::Begin));
    act(&mut exercise, message("For everybody", &[]));
    act(&mut exercise, message("For one seat", &[seat]));
    act(&mut exercise, PersonAction::Deed(Deed::Wall { text: "Back at three".to_owned() }));
    let counted = WallView { countdown_s: Some(65), ..wall(&mut exercise) };
    let countdown = Some(("The exercise goes on in".to_owned(), NOW_S + 70));
    let counted = WallView { common: CommonView { countdown, ..counted.common.clone() }, ..counted };
    check(&counted, &["For everybody", "Back at three", "The exercise goes on in 1:05"], &["For one seat"]);
}
