//! The debrief: leaves, decisions with their worth, another try, questions, by mouse, keyboard and screen reader.

use std::sync::OnceLock;
use std::time::Duration;

use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::session::NoteTag;
use blackstart::ui::state::{Leaf, OpenRow};
use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;
use crate::support::{TINY, scenario};

fn weighed() -> Harness<'static, Bench> {
    harness(View::Debrief(Arc::new(sample::weighed_debrief())), SIZES[0])
}

fn is_there(harness: &Harness<'static, Bench>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// The debrief of a real run with one decision, weighed.
pub fn played() -> View {
    static VIEW: OnceLock<View> = OnceLock::new();
    VIEW.get_or_init(play).clone()
}

fn play() -> View {
    let (frame, budget) = (Duration::from_millis(16), Duration::from_millis(50));
    let folder = tempfile::tempdir().expect("a folder");
    let options = DeskOptions { seed: 9, out: folder.path().to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![scenario(TINY)], options);
    desk.apply(ScreenAction::ChooseScenario("tiny".to_owned()).into());
    desk.apply(ScreenAction::ChooseSeat("duty-manager".to_owned()).into());
    desk.apply(ScreenAction::Begin.into());
    let row = loop {
        desk.apply(ClockAction::Step.into());
        desk.advance(frame, budget);
        let View::Exercise(exercise) = desk.view() else { panic!("the exercise ended early") };
        if 270 <= exercise.timeline.now_min {
            break exercise.drawer.iter().find(|row| row.name == "Call people in").expect("in the drawer").clone();
        }
    };
    let (mitigation, target) = (row.mitigation, row.targets[0].target);
    desk.apply(OrderAction::Give { mitigation, target, confidence_pct: Some(80), reason: None }.into());
    desk.apply(ClockAction::EndExercise.into());
    for _ in 0..60_000 {
        desk.advance(frame, budget);
        let view = desk.view();
        if let View::Debrief(debrief) = &view
            && debrief.weighing.state == WeighingState::Finished
        {
            return view;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the debrief is not weighed");
}

#[test]
fn leaves_open_by_key_and_mouse_and_show_their_part() {
    let parts: [(Key, &str, &[&str]); 6] = [
        (
            Key::Num1,
            "Result",
            &["Best decision, Work on paper", "Next time", "What happened", "Line style, Earlier try"],
        ),
        (Key::Num2, "Time", &["Where the time went", "Most of it: waiting for hands"]),
        (Key::Num3, "Decisions", &["Your decisions", "Orders you did not give", "All decisions together"]),
        (
            Key::Num4,
            "Score",
            &[
                "Objectives",
                "Score: 24.9 + 20.4",
                "What you bought before",
                "Scores on 4 seeds from 58.0 to 62.4, yours 62.4",
            ],
        ),
        (
            Key::Num5,
            "Both tries",
            &["The second try won 8 points more", "Cost of recovery, Earlier try $5 million, This try"],
        ),
        (Key::Num6, "Discuss", &["Question 5?", "Evidence 1.", "Nobody knew where the key list lies"]),
    ];
    let mut by_key = weighed();
    for (key, leaf, words) in parts {
        assert_eq!(press(&mut by_key, &[key]), []);
        let mut by_mouse = weighed();
        assert_eq!(click(&mut by_mouse, &format!("Leaf {leaf}")), []);
        for words in words {
            assert!(is_there(&by_key, words), "`{leaf}` by key lacks `{words}`");
            assert!(is_there(&by_mouse, words), "`{leaf}` by mouse lacks `{words}`");
        }
        let title = parts[(parts.iter().position(|part| part.1 == leaf).unwrap() + 1) % 6].2[1];
        assert!(!is_there(&by_key, title), "`{title}` is not on `{leaf}`");
    }
    press(&mut by_key, &[Key::Num9]);
    assert_eq!(by_key.state().ui.debrief.leaf, Leaf::Discuss, "there is no ninth leaf");
}

/// Sections that were not computed have no leaf; those that were have one.
#[test]
fn no_leaf_is_empty() {
    let plain = harness(View::Debrief(Arc::new(sample::debrief())), SIZES[0]);
    for leaf in ["Time", "Known", "Both tries"] {
        assert!(plain.query_by_label(&format!("Leaf {leaf}")).is_none(), "{leaf}");
    }
    let section = SectionView {
        sentences: vec!["Keys held the wards back".into()],
        heads: vec!["Service".into(), "Keys".into(), "Travel".into()],
        rows: vec![vec!["Theatres".into(), "3 h".into(), "1 h".into()]],
    };
    let view = DebriefView { time: Some(sample::time()), known: Some(section), ..sample::debrief() };
    let mut harness = harness(View::Debrief(Arc::new(view)), SIZES[0]);
    press(&mut harness, &[Key::Num4]);
    assert_eq!(harness.state().ui.debrief.leaf, Leaf::Known);
    assert!(is_there(&harness, "Keys held the wards back"));
    assert!(harness.query_by_label("Theatres, Keys 3 h, Travel 1 h").is_some());
    press(&mut harness, &[Key::Num2]);
    assert_eq!(harness.state().ui.debrief.leaf, Leaf::Time);
    assert!(is_there(&harness, "Most of it: waiting for hands"));
}

/// The way to the root of a minute, by mouse and by keyboard, and another service.
#[test]
fn the_time_of_a_service_tells_the_way_of_a_minute() {
    let mut harness = weighed();
    press(&mut harness, &[Key::Num2]);
    assert_eq!(harness.state().ui.debrief.leaf, Leaf::Time);
    assert!(harness.query_by_label("recovery keys: you 23 h, history 1 d 18 h, par 22 h").is_some());
    assert!(is_there(&harness, "Point at a minute"));
    let strips = "Appointments below target: You 3 d 2 h, History 4 d, Par 1 d 6 h";
    harness.get_by_label_contains(strips).focus();
    taken(&mut harness);
    press(&mut harness, &[Key::ArrowRight]);
    assert_eq!(harness.state().ui.debrief.minute, Some(410));
    assert!(is_there(&harness, "← Record servers ← waiting for hands"));
    assert!(is_there(&harness, "Try again from"));
    for _ in 0..35 {
        press(&mut harness, &[Key::ArrowLeft]);
    }
    assert_eq!(harness.state().ui.debrief.minute, Some(60));
    assert!(is_there(&harness, "at its target level"));
    click(&mut harness, "Time of Prescriptions");
    assert!(is_there(&harness, "Prescriptions below target"));
}

/// Rows tell their cells with their headings, and the picture tells its points.
#[test]
fn what_was_known_stands_beside_what_was_true() {
    for size in SIZES {
        let mut harness = harness(View::Debrief(Arc::new(sample::known_debrief())), size);
        press(&mut harness, &[Key::Num4]);
        assert_eq!(harness.state().ui.debrief.leaf, Leaf::Known);
        let parts = [
            "What you knew",
            "From the first sign to the order: 25 min in the middle of 2 orders",
            "Work on paper, General practices, England, First sign Fri 07:15, “No records at eight practices”, Sign to order \
             25 min, Messages 3 of 4 read, Services below target 12 of 1,400, Hosts down 2,140, Hosts later up to 8,900",
            "How far to trust your confidence",
            "You were 69\u{a0}% sure on average, and 50\u{a0}% of 20 orders helped",
            "Picture of reliability: 40\u{a0}% sure, 1 of 3 helped, within the band; 60\u{a0}% sure, 1 of 5 helped, outside the \
             band; 80\u{a0}% sure, 8 of 12 helped, within the band",
            "Brier score 0.231",
        ];
        for words in parts {
            assert!(is_there(&harness, words), "lacks `{words}` at {size:?}");
        }
    }
    let few = ConfidenceView { words: "You stated no confidence".into(), ..ConfidenceView::default() };
    let view = DebriefView { confidence: Some(few), ..sample::known_debrief() };
    let mut harness = harness(View::Debrief(Arc::new(view)), SIZES[0]);
    press(&mut harness, &[Key::Num4]);
    assert!(is_there(&harness, "You stated no confidence") && !is_there(&harness, "Picture of reliability"));
}

#[test]
fn a_decision_opens_to_its_details_and_to_another_try() {
    let mut harness = weighed();
    press(&mut harness, &[Key::Num3]);
    let row = "Fri 08:05, Repair the record system's hosts first, General practices, England, +4 points (+2 to +6.5)";
    assert!(!is_there(&harness, "It changed, where less is better"));
    harness.get_by_label_contains(row).click();
    assert_eq!(taken(&mut harness), []);
    assert!(is_there(&harness, "It changed, where less is better"));
    let again = "Try again from Fri 19 Jul 07:05";
    assert_eq!(click(&mut harness, again), [Action::from(ScreenAction::TryAgainFrom(605))]);
    harness.get_by_label_contains(row).click();
    taken(&mut harness);
    assert!(!is_there(&harness, again), "a second press closes it");
    harness.get_by_label_contains("Call people in, General practices, England, +9.4 points").click();
    taken(&mut harness);
    assert!(is_there(&harness, "The message “Call people in?” asked for it"));
    // The best decision comes first, and the worst last.
    let top = |harness: &Harness<'static, Bench>, name: &str| harness.get_by_label_contains(name).rect().top();
    let (costly, good) = ("Hire a field service, Northern", "Fri 07:40, Work on paper");
    assert!(top(&harness, good) < top(&harness, costly));
    click(&mut harness, "By worth");
    assert!(top(&harness, good) < top(&harness, row) && top(&harness, row) < top(&harness, costly));
}

#[test]
fn decisions_and_minutes_are_chosen_by_keyboard() {
    let mut harness = harness(View::Debrief(Arc::new(sample::weighed_debrief())), SIZES[1]);
    assert_eq!(press(&mut harness, &[Key::T]), [], "no minute is chosen yet");
    press(&mut harness, &[Key::CloseBracket, Key::CloseBracket]);
    assert_eq!(harness.state().ui.debrief.open, Some(OpenRow::Decision(1)));
    assert_eq!(press(&mut harness, &[Key::T]), [Action::from(ScreenAction::TryAgainFrom(605))]);
    press(&mut harness, &[Key::OpenBracket, Key::OpenBracket]);
    assert_eq!(harness.state().ui.debrief.minute, Some(580));
    press(&mut harness, &[Key::ArrowRight, Key::ArrowRight, Key::ArrowLeft]);
    assert!(is_there(&harness, "Reading at Fri 19 Jul 06:50"), "the curve tells the chosen minute");
    assert_eq!(press(&mut harness, &[Key::T]), [Action::from(ScreenAction::TryAgainFrom(590))]);
    assert_eq!(click(&mut harness, "Clear the chosen minute"), []);
    assert_eq!(press(&mut harness, &[Key::T]), []);
    let refused = DebriefView { try_refusal: Some("save the run first".into()), ..sample::weighed_debrief() };
    let mut harness = super::harness(View::Debrief(Arc::new(refused)), SIZES[0]);
    assert_eq!(press(&mut harness, &[Key::CloseBracket, Key::T]), [], "a refused try is not asked for");
}

#[test]
fn the_decisions_that_mattered_lead_to_their_minute() {
    for (card, minute) in [("Best decision, Work on paper", 580), ("Missed, Call people in", 540)] {
        let mut harness = weighed();
        harness.get_by_label_contains(card).click();
        assert_eq!(taken(&mut harness), []);
        let chosen = |harness: &Harness<'static, Bench>, label: &str| {
            let node = harness.get_by_label_contains(label);
            node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
        };
        let others =
            ["Best decision, ", "Worst decision, ", "Missed, "].into_iter().filter(|other| !card.starts_with(other));
        assert!(chosen(&harness, card) && !others.into_iter().any(|other| chosen(&harness, other)), "{card}");
        let again = harness.get_by_label_contains("Try again from Fri 19 Jul").rect();
        assert!(again.bottom() < SIZES[0].y - 60.0, "the button comes into sight: {again:?}");
        assert_eq!(press(&mut harness, &[Key::T]), [Action::from(ScreenAction::TryAgainFrom(minute))], "{card}");
    }
    let waiting = DebriefView { weighing: WeighingView::default(), ..sample::debrief() };
    let waiting = harness(View::Debrief(Arc::new(waiting)), SIZES[0]);
    for kind in ["Best decision", "Worst decision", "Missed"] {
        assert!(waiting.query_by_label(&format!("{kind}: Weighing…")).is_some(), "{kind}");
    }
}

#[test]
fn the_report_is_written_by_button_and_key() {
    let write = [Action::from(ScreenAction::WriteReport)];
    assert_eq!(click(&mut weighed(), "Write report"), write);
    assert_eq!(press(&mut weighed(), &[Key::R]), write);
    let without = DebriefView { can_report: false, ..sample::debrief() };
    let mut without = harness(View::Debrief(Arc::new(without)), SIZES[0]);
    assert_eq!(press(&mut without, &[Key::R]), []);
    assert_eq!(click(&mut without, "Write report"), []);
    let written = DebriefView { report: Some(Ok("runs/a.html".into())), ..sample::debrief() };
    let written = harness(View::Debrief(Arc::new(written)), SIZES[0]);
    assert!(written.query_by_label("Report: runs/a.html").is_some());
}

/// Another run begins at the first leaf, and the page of sources leads back to the leaf that was open.
#[test]
fn the_open_leaf_belongs_to_the_run() {
    let mut harness = weighed();
    press(&mut harness, &[Key::Num4, Key::CloseBracket]);
    let view = harness.state().view.clone();
    harness.state_mut().view = View::Sources(Arc::new(sample::sources()));
    harness.run_steps(3);
    harness.state_mut().view = view;
    harness.run_steps(3);
    assert_eq!(harness.state().ui.debrief.leaf, Leaf::Score);
    let other = DebriefView { log_digest: "another".into(), ..sample::weighed_debrief() };
    harness.state_mut().view = View::Debrief(Arc::new(other));
    harness.run_steps(3);
    let state = &harness.state().ui.debrief;
    assert_eq!((state.leaf, state.minute), (Leaf::Result, None));
    harness.state_mut().view = View::Exercise(Arc::new(sample::exercise()));
    harness.run_steps(3);
    assert!(harness.state().ui.timeline.mark.is_none(), "a second try begins with all cards closed");
}

#[test]
fn a_real_run_is_debriefed_at_every_size() {
    for size in SIZES {
        let mut harness = harness(played(), size);
        for words in ["Weighed on 16 seeds", "Best decision", "Worst decision", "Missed", "Next time", "What happened"]
        {
            assert!(is_there(&harness, words), "lacks `{words}` at {size:?}");
        }
        let mark = harness.query_all_by_label_contains("Decision at Fri 19 Jul").next().expect("a mark");
        let mark = mark.accesskit_node().label().or_else(|| mark.accesskit_node().value()).unwrap_or_default();
        assert!(mark.contains("Call people in · Tiny Air, ") && mark.contains(" points ("), "{mark}");
        press(&mut harness, &[Key::Num2]);
        assert!(is_there(&harness, "Most of it: "));
        press(&mut harness, &[Key::Num3]);
        assert!(is_there(&harness, ", Call people in, Tiny Air, "));
        press(&mut harness, &[Key::Num4]);
        assert!(is_there(&harness, "Call people in, Tiny Air, First sign "));
        assert!(is_there(&harness, "Messages 0 of 1 read"));
        assert!(is_there(&harness, "You stated your confidence in 1 order"));
        press(&mut harness, &[Key::Num5]);
        assert!(is_there(&harness, "× weight 100 %"));
        press(&mut harness, &[Key::Num6]);
        assert!(is_there(&harness, "Cancel few flights: "));
    }
}

#[test]
fn two_keys_begin_a_note_with_its_tag() {
    let mut harness = exercise();
    assert_eq!(press(&mut harness, &[Key::W, Key::Num3]), [], "the digit is no speed");
    assert_eq!(harness.state().ui.note.as_ref().map(|note| note.tag), Some(NoteTag::Gap));
    harness.get_by_label("Text of the note").type_text("12 wards have no list");
    harness.run_steps(2);
    assert_eq!(click(&mut harness, "About Cost of recovery"), []);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Enter);
    let (tag, text) = (NoteTag::Gap, "12 wards have no list".to_owned());
    let note = PersonalAction::WriteNote { tag, text, objective: Some(1) };
    assert_eq!(taken(&mut harness), [Action::from(note)]);
    // Once there is text, digits belong to it.
    let mut harness = exercise();
    press(&mut harness, &[Key::W]);
    harness.get_by_label("Text of the note").type_text("ward ");
    harness.run_steps(2);
    press(&mut harness, &[Key::Num5]);
    assert_eq!(harness.state().ui.note.as_ref().map(|note| note.tag), Some(NoteTag::Observation));
}
