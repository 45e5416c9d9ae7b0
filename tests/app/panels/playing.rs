//! A trainee's actions while an exercise runs: deciding on messages, giving reasons, writing notes, reading curves.

use std::sync::Arc;

use blackstart::base::Ix;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::view::*;
use blackstart::ui::state::{Confirm, Tab};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::{Bench, SIZES, click, exercise, harness, press, sample, taken};

/// The exercise screen with another clock.
fn with_clock(clock: impl Fn(&mut ClockView)) -> Harness<'static, Bench> {
    let mut view = sample::exercise();
    clock(&mut view.clock);
    harness(View::Exercise(Arc::new(view)), SIZES[0])
}

fn decision(has_slowed: bool) -> Option<DecisionView> {
    Some(DecisionView { inject: Ix::new(7), title: "The minister wants a figure at eleven".to_owned(), has_slowed })
}

/// Space pauses and plays, whichever button has the keyboard; Enter presses the button.
#[test]
fn space_is_the_clocks_and_presses_no_button() {
    for label in ["Speed ×3600", "Step one minute", "End exercise…", "Write a note…"] {
        let mut harness = exercise();
        harness.get_by_label(label).focus();
        harness.run_steps(2);
        assert_eq!(press(&mut harness, &[Key::Space]), [Action::from(ClockAction::TogglePause)], "{label}");
        assert!(harness.state().ui.confirm.is_none() && harness.state().ui.note.is_none(), "{label}");
    }
    let mut harness = exercise();
    harness.get_by_label("Speed ×3600").focus();
    harness.run_steps(2);
    assert_eq!(press(&mut harness, &[Key::Enter]), [Action::from(ClockAction::SetSpeed(3600))]);
}

#[test]
fn a_message_links_to_the_orders_that_answer_it() {
    let mut harness = exercise();
    harness.get_by_label_contains("Unread, urgent, The minister wants a figure at eleven").click();
    taken(&mut harness);
    let closed = "Answer The minister wants a figure at eleven: Hand out recovery keys by telephone, not possible now";
    assert_eq!(click(&mut harness, closed), []);
    assert!(harness.state().ui.order.is_none(), "what is not possible opens nothing");
    assert_eq!(
        click(&mut harness, "Answer The minister wants a figure at eleven: Repair the record system's hosts first"),
        []
    );
    assert_eq!(harness.state().ui.order.as_ref().map(|order| order.mitigation), Some(Ix::new(1)), "its card is open");
}

/// The status names the message that waits, and a click opens it.
#[test]
fn the_status_names_the_decision_and_opens_its_message() {
    let mut harness = with_clock(|clock| (clock.is_paused, clock.decision) = (false, decision(true)));
    harness.state_mut().ui.tab = Tab::Mitigations;
    let status = "Time slowed for your order: The minister wants a figure at eleven";
    assert_eq!(click(&mut harness, status), [Action::from(PersonalAction::MarkRead(Ix::new(7)))]);
    assert_eq!((harness.state().ui.tab, harness.state().ui.inbox.expanded), (Tab::Inbox, Some(Ix::new(7))));
    let stopped = |clock: &mut ClockView| clock.stopped = Some("The update is withdrawn".to_owned());
    assert!(with_clock(stopped).query_by_label("Stopped. The update is withdrawn").is_some());
    assert!(exercise().query_by_label("Paused, press Space to go on").is_some());
}

#[test]
fn nothing_is_paused_or_pressed_while_the_run_is_played_to_its_end() {
    let mut harness = with_clock(|clock| clock.is_ending = true);
    assert!(harness.query_by_label_contains("press Space").is_none());
    assert!(harness.query_by_label("Playing the run to its end…").is_some());
    assert_eq!(press(&mut harness, &[Key::Space, Key::N]), []);
    assert_eq!(click(&mut harness, "Play"), []);
}

#[test]
fn the_end_is_offered_once_everything_is_back() {
    let mut harness = with_clock(|clock| clock.is_settled = true);
    click(&mut harness, "All services are back: end exercise…");
    assert_eq!(harness.state().ui.confirm, Some(Confirm::EndExercise));
    let mut harness = with_clock(|clock| clock.is_settled = true);
    assert_eq!(click(&mut harness, "Play on"), []);
    assert!(harness.query_by_label("Play on").is_none(), "it is offered once");
    assert!(exercise().query_by_label("Play on").is_none());
}

#[test]
fn the_score_so_far_stands_beside_pars() {
    assert!(exercise().query_by_label("Score so far 22, par 31").is_some());
    let empty = harness(View::Exercise(Arc::new(sample::empty_exercise())), SIZES[0]);
    assert!(empty.query_by_label("No score yet").is_some());
}

/// Typing a reason changes neither target nor confidence; Enter in the field gives the order.
#[test]
fn an_order_can_have_a_reason() {
    let mut harness = exercise();
    super::open_order(&mut harness, Ix::new(6));
    harness.get_by_label("Reason for this order").focus();
    harness.run_steps(2);
    harness.get_by_label("Reason for this order").type_text("wards 2 to 4 first");
    harness.run_steps(2);
    assert_eq!(press(&mut harness, &[Key::ArrowLeft, Key::ArrowDown, Key::Space]), [], "the field keeps its keys");
    let expected = Action::from(OrderAction::Give {
        mitigation: Ix::new(6),
        target: TargetKey::Organisation(Ix::new(0)),
        confidence_pct: None,
        reason: Some("wards 2 to 4 first".to_owned()),
    });
    assert_eq!(press(&mut harness, &[Key::Enter]), [expected]);
    assert!(harness.state().ui.order.is_none());
}

#[test]
fn a_note_has_a_tag_and_is_written_by_keyboard() {
    let mut harness = exercise();
    assert_eq!(press(&mut harness, &[Key::W]), []);
    harness.get_by_label("Text of the note").type_text("nobody has the key list");
    harness.run_steps(2);
    assert_eq!(click(&mut harness, "Gap"), []);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Enter);
    let text = "nobody has the key list".to_owned();
    assert_eq!(
        taken(&mut harness),
        [Action::from(PersonalAction::WriteNote { tag: NoteTag::Gap, text, objective: None })]
    );
    assert!(harness.state().ui.note.is_none(), "the card closes");
    let mut harness = exercise();
    click(&mut harness, "Write a note…");
    assert_eq!(press(&mut harness, &[Key::Escape]), []);
    assert!(harness.state().ui.note.is_none());
}

#[test]
fn the_briefing_begins_early_or_late_and_takes_a_seed() {
    let briefing = || harness(View::Briefing(Arc::new(sample::briefing())), SIZES[1]);
    assert_eq!(click(&mut briefing(), "Begin just before the event"), [Action::from(ScreenAction::BeginAt(419))]);
    assert_eq!(click(&mut briefing(), "Another morning"), [Action::from(ScreenAction::ChooseSeed(8))]);
    let mut typed = briefing();
    typed.get_by_label("Seed of the run").focus();
    typed.run_steps(2);
    typed.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    typed.run_steps(2);
    typed.get_by_label("Seed of the run").type_text("2024");
    typed.run_steps(2);
    assert_eq!(press(&mut typed, &[Key::Enter]), [Action::from(ScreenAction::ChooseSeed(2024))]);
}

/// The pointer over the curves shows their values; a click pins the minute, and another one unpins it.
#[test]
fn the_timeline_reads_values_at_a_minute() {
    let mut harness = exercise();
    let plot = harness.get_by_label_contains("Timeline of").rect();
    let at = egui::pos2(plot.left() + 0.35 * plot.width(), plot.bottom() - 40.0);
    assert!(harness.query_by_label_contains("Reading at").is_none());
    harness.hover_at(at);
    harness.run_steps(4);
    let reading_words = |harness: &Harness<'static, Bench>| {
        let reading = harness.query_by_label_contains("Reading at");
        reading.map(|reading| {
            let node = egui_kittest::kittest::NodeT::accesskit_node(&reading);
            node.label().or_else(|| node.value()).unwrap_or_default()
        })
    };
    let words = reading_words(&harness).expect("a reading under the pointer");
    assert!(words.contains("Fri 19 Jul") && words.contains("Patient records ") && words.contains("%"), "{words}");
    let click_at = |harness: &mut Harness<'static, Bench>| {
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: egui::Modifiers::NONE });
        }
        taken(harness)
    };
    assert_eq!(click_at(&mut harness), []);
    assert!(harness.state().ui.timeline.reading.is_some());
    harness.hover_at(egui::pos2(10.0, 10.0));
    harness.run_steps(4);
    assert_eq!(reading_words(&harness), Some(words), "it stays on show");
    harness.hover_at(at);
    click_at(&mut harness);
    assert!(harness.state().ui.timeline.reading.is_none());
}

#[test]
fn targets_and_marks_tell_how_they_stand() {
    let mut view = sample::exercise();
    let row = view.drawer.iter_mut().find(|row| row.mitigation == Ix::new(1)).expect("in the sample");
    row.targets[0].detail = "311 of 420 hosts down, 5 services need it".to_owned();
    let mut harness = harness(View::Exercise(Arc::new(view)), SIZES[0]);
    super::open_order(&mut harness, Ix::new(1));
    let label = "Target General practices, England, 311 of 420 hosts down, 5 services need it";
    assert!(harness.query_by_label(label).is_some());
    assert!(exercise().query_by_label("Ambulance trusts, order given, degraded").is_some(), "orders leave a trace");
}

#[test]
fn the_debrief_shows_reasons_and_notes() {
    let mut harness = harness(View::Debrief(Arc::new(sample::debrief())), SIZES[1]);
    assert!(harness.query_by_label("Line style, Par").is_some());
    press(&mut harness, &[Key::Num2]);
    assert!(harness.query_by_label_contains("because practices open in an hour").is_some());
    press(&mut harness, &[Key::Num4]);
    assert!(harness.query_by_label("Nobody knew where the key list lies").is_some());
    assert!(harness.query_by_label_contains("Gap  ·  Cost of recovery").is_some());
}
