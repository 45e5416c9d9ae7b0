//! Tests of the panels by their accessible names: the widgets that a person with a keyboard, a mouse or a screen reader
//! finds on each screen, and the actions that follow from a press.

mod debrief;
mod layout;
mod playing;
mod sample;
mod sources;
mod wall;

use std::sync::Arc;

use blackstart::base::Ix;
use blackstart::exercise::action::{Action, ClockAction, OrderAction, PersonalAction, ScreenAction};
use blackstart::exercise::view::*;
use blackstart::scenario::compile::{Mitigation, Organisation};
use blackstart::ui::projection::{map_from_geo, screen_from_map};
use blackstart::ui::state::{Confirm, OrderDialog, Pane, Tab};
use blackstart::ui::{UiState, shell_ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

const SIZES: [egui::Vec2; 2] = [egui::Vec2::new(1280.0, 720.0), egui::Vec2::new(1920.0, 1080.0)];

/// The panels' input, and the output of a frame for a test to check.
struct Bench {
    view: View,
    ui: UiState,
    actions: Vec<Action>,
    map_rect: Option<egui::Rect>,
    /// True if the closure requests a second pass in every frame.
    is_doubled: bool,
    passes: usize,
}

fn harness(view: View, size: egui::Vec2) -> Harness<'static, Bench> {
    harness_at(view, size, 1.0)
}

fn harness_at(view: View, size: egui::Vec2, scale: f32) -> Harness<'static, Bench> {
    let bench =
        Bench { view, ui: UiState::default(), actions: Vec::new(), map_rect: None, is_doubled: false, passes: 0 };
    let mut harness = Harness::builder().with_size(size).with_pixels_per_point(scale).build_ui_state(
        |ui, bench: &mut Bench| {
            // The harness has a margin, which the window has not.
            let whole = ui.ctx().content_rect();
            let mut root = ui.new_child(egui::UiBuilder::new().max_rect(whole));
            root.set_clip_rect(whole);
            bench.passes += 1;
            if bench.is_doubled && bench.passes % 2 == 1 {
                root.ctx().request_discard("a test asks for a second pass");
            }
            let shell = shell_ui(&mut root, &mut bench.ui, &bench.view);
            bench.actions.extend(shell.actions);
            bench.map_rect = shell.map_rect;
        },
        bench,
    );
    harness.run_steps(4);
    harness.state_mut().actions.clear();
    harness
}

fn exercise() -> Harness<'static, Bench> {
    harness(View::Exercise(Arc::new(sample::exercise())), SIZES[0])
}

/// Draws some frames; returns the actions since the last call.
fn taken(harness: &mut Harness<'static, Bench>) -> Vec<Action> {
    harness.run_steps(4);
    std::mem::take(&mut harness.state_mut().actions)
}

fn press(harness: &mut Harness<'static, Bench>, keys: &[egui::Key]) -> Vec<Action> {
    for key in keys {
        harness.key_press(*key);
        harness.run_steps(2);
    }
    taken(harness)
}

fn click(harness: &mut Harness<'static, Bench>, label: &str) -> Vec<Action> {
    harness.get_by_label(label).click();
    taken(harness)
}

#[test]
fn every_screen_settles_and_stays_on_the_screen() {
    for size in SIZES {
        for (name, view) in sample::screens() {
            let mut harness = harness(view, size);
            harness.run();
            let mut named = 0;
            for node in harness.root().children_recursive() {
                let node = node.accesskit_node();
                let label = node.label().or_else(|| node.value()).unwrap_or_default();
                let Some(bounds) = node.raw_bounds().filter(|_| !label.is_empty()) else { continue };
                named += 1;
                assert!(
                    -0.5 <= bounds.x0 && bounds.x1 <= f64::from(size.x) + 0.5,
                    "`{label}` on `{name}` reaches from {} to {} of {}",
                    bounds.x0,
                    bounds.x1,
                    size.x
                );
            }
            assert!(4 < named, "`{name}` has only {named} named things");
        }
    }
}

#[test]
fn buttons_of_a_screen_do_not_overlap() {
    for size in SIZES {
        for (name, view) in sample::screens() {
            let mut harness = harness(view, size);
            harness.run();
            let mut buttons: Vec<(String, egui::Rect)> = Vec::new();
            for node in harness.get_all_by_role(egui::accesskit::Role::Button) {
                let label = node.accesskit_node().label().unwrap_or_default();
                assert!(!label.is_empty(), "a button on `{name}` has no name, at {:?}", node.rect());
                buttons.push((label, node.rect()));
            }
            let is_mark = |label: &str| PLACES_MARK.iter().any(|word| label.ends_with(word));
            for (index, (label, rect)) in buttons.iter().enumerate().filter(|(_, (label, _))| !is_mark(label)) {
                for (other, other_rect) in buttons[index + 1..].iter().filter(|(label, _)| !is_mark(label)) {
                    let shared = rect.shrink(0.6).intersect(other_rect.shrink(0.6));
                    let is_scrolled_away = !shared.is_positive() || size.y < shared.max.y;
                    let is_row = is_scrollable(label) || is_scrollable(other);
                    assert!(is_scrolled_away || is_row, "`{label}` and `{other}` overlap on `{name}` at {size:?}");
                }
            }
        }
    }
}

/// Endings of the names of marks, which may overlap and lie under cards.
const PLACES_MARK: [&str; 5] = [", working", ", degraded", ", severe", ", failed", ", not affected"];

/// Rows of lists, which scroll under the panels below them.
fn is_scrollable(label: &str) -> bool {
    label.contains(", ")
}

#[test]
fn seats_scenarios_and_briefing_answer_to_mouse_and_keyboard() {
    let check = |view: View, label: &str, key: egui::Key, expected: Action| {
        let mut mouse = harness(view.clone(), SIZES[0]);
        mouse.get_by_label_contains(label).click();
        assert_eq!(taken(&mut mouse), std::slice::from_ref(&expected), "click on `{label}`");
        let mut keyboard = harness(view.clone(), SIZES[0]);
        assert_eq!(press(&mut keyboard, &[key]), std::slice::from_ref(&expected), "key {key:?}");
        let mut focus = harness(view, SIZES[0]);
        focus.get_by_label_contains(label).focus();
        focus.run_steps(2);
        assert_eq!(press(&mut focus, &[egui::Key::Enter]), [expected], "Enter on `{label}`");
    };
    let start = || View::Start(Arc::new(sample::start()));
    check(
        start(),
        "19 July 2024, Worldwide",
        egui::Key::Num1,
        Action::from(ScreenAction::ChooseScenario("2024-07-19".to_owned())),
    );
    check(
        start(),
        "19 July 2024, Worldwide",
        egui::Key::Enter,
        Action::from(ScreenAction::ChooseScenario("2024-07-19".to_owned())),
    );
    let seats = || View::Seats(Arc::new(sample::seats()));
    check(
        seats(),
        "Seat National health coordinator",
        egui::Key::Num1,
        Action::from(ScreenAction::ChooseSeat("seat-1".to_owned())),
    );
    check(
        seats(),
        "Seat Vendor incident lead",
        egui::Key::Num5,
        Action::from(ScreenAction::ChooseSeat("seat-5".to_owned())),
    );
    check(
        View::Briefing(Arc::new(sample::briefing())),
        "Begin exercise",
        egui::Key::Enter,
        Action::from(ScreenAction::Begin),
    );
    check(View::Seats(Arc::new(sample::seats())), "Back", egui::Key::Escape, Action::from(ScreenAction::Back));
}

#[test]
fn preparations_are_chosen_at_the_briefing() {
    let mut harness = harness(View::Briefing(Arc::new(sample::briefing())), SIZES[1]);
    assert!(harness.query_by_label_contains("Preparation, $800,000 left").is_some(), "what is left is told");
    let check = |harness: &mut Harness<'static, Bench>, label: &str, expected: &[Action]| {
        harness.get_by_label_contains(label).click();
        assert_eq!(taken(harness), expected, "{label}");
    };
    let prepare = |mitigation, organisation| {
        let (mitigation, target) = (Ix::new(mitigation), TargetKey::Organisation(Ix::new(organisation)));
        Action::from(ScreenAction::Prepare { mitigation, target })
    };
    let paper = "Practise paper, General practices, England, $60,000, not prepared";
    check(&mut harness, paper, &[prepare(42, 1)]);
    check(&mut harness, "Keep recovery keys offline, Northern hospital group, $400,000, prepared", &[prepare(40, 2)]);
    check(&mut harness, "Standby contract for hands, Northern hospital group", &[]);
}

#[test]
fn tab_alone_reaches_a_seat() {
    let mut harness = harness(View::Seats(Arc::new(sample::seats())), SIZES[0]);
    let keys = [egui::Key::Tab, egui::Key::Tab, egui::Key::Tab, egui::Key::Enter];
    assert_eq!(press(&mut harness, &keys), [Action::from(ScreenAction::ChooseSeat("seat-2".to_owned()))]);
}

#[test]
fn keys_move_time() {
    let check = |key: egui::Key, expected: &[Action]| {
        let mut harness = exercise();
        assert_eq!(press(&mut harness, &[key]), expected, "{key:?}");
    };
    let digits = [
        egui::Key::Num1,
        egui::Key::Num2,
        egui::Key::Num3,
        egui::Key::Num4,
        egui::Key::Num5,
        egui::Key::Num6,
        egui::Key::Num7,
    ];
    for (key, speed) in digits.into_iter().zip(SPEEDS) {
        check(key, &[Action::from(ClockAction::SetSpeed(speed))]);
    }
    check(egui::Key::Space, &[Action::from(ClockAction::TogglePause)]);
    check(egui::Key::Period, &[Action::from(ClockAction::Step)]);
    check(egui::Key::N, &[Action::from(ClockAction::JumpToNextEvent)]);
    check(egui::Key::E, &[]);
}

#[test]
fn buttons_move_time() {
    let check = |label: &str, expected: Action| assert_eq!(click(&mut exercise(), label), [expected], "{label}");
    check("Play", Action::from(ClockAction::TogglePause));
    check("Step one minute", Action::from(ClockAction::Step));
    check("Jump to what comes next, within 43 min", Action::from(ClockAction::JumpToNextEvent));
    for speed in SPEEDS {
        check(&format!("Speed ×{speed}"), Action::from(ClockAction::SetSpeed(speed)));
    }
}

#[test]
fn ending_asks_first() {
    let mut harness = exercise();
    assert_eq!(press(&mut harness, &[egui::Key::E, egui::Key::Escape]), []);
    assert!(harness.state().ui.confirm.is_none(), "Escape closes the question");
    assert_eq!(press(&mut harness, &[egui::Key::E, egui::Key::Enter]), [Action::from(ClockAction::EndExercise)]);
    let mut harness = exercise();
    assert_eq!(click(&mut harness, "End exercise…"), []);
    assert_eq!(click(&mut harness, "Confirm: End exercise"), [Action::from(ClockAction::EndExercise)]);
}

#[test]
fn text_field_keeps_its_keys() {
    let mut harness = exercise();
    assert_eq!(press(&mut harness, &[egui::Key::Slash]), []);
    harness.get_by_label("Find a service or organisation").type_text("delta");
    assert_eq!(press(&mut harness, &[egui::Key::Num3, egui::Key::Space, egui::Key::M]), []);
    assert_ne!(harness.state().ui.tab, Tab::Mitigations, "M was typed, not obeyed");
    assert!(harness.query_by_label_contains("Crew tracking, Delta Air Lines").is_some());
    assert!(harness.query_by_label_contains("Patient records, General").is_none(), "the board is filtered");
}

#[test]
fn refused_mitigation_tells_why_and_takes_no_order() {
    let mut harness = exercise();
    press(&mut harness, &[egui::Key::M]);
    let label = "Block the update channel, not now: The update was withdrawn at 05:27";
    assert_eq!(click(&mut harness, label), []);
    assert!(harness.state().ui.order.is_some(), "the card opens, to read");
    assert!(harness.get_by_label("Give order").accesskit_node().is_disabled());
    assert_eq!(press(&mut harness, &[egui::Key::Enter]), []);
}

#[test]
fn refused_target_cannot_be_chosen() {
    let mut harness = exercise();
    open_order(&mut harness, Ix::new(6));
    harness.get_by_label_contains("Target Northern hospital group, not now").click();
    harness.run_steps(2);
    assert_eq!(
        harness.state().ui.order.as_ref().and_then(|order| order.target),
        Some(TargetKey::Organisation(Ix::new(0)))
    );
}

fn open_order(harness: &mut Harness<'static, Bench>, mitigation: Ix<Mitigation>) {
    harness.state_mut().ui.order = Some(OrderDialog {
        mitigation,
        target: Some(TargetKey::Organisation(Ix::new(0))),
        confidence_pct: None,
        reason: String::new(),
    });
    harness.run_steps(2);
}

#[test]
fn order_by_mouse() {
    let mut harness = exercise();
    harness.get_by_label_contains("Mitigations, 7 possible now").click();
    harness.run_steps(2);
    harness.get_by_label_contains("Repair the record system's hosts first, $12,000").click();
    harness.run_steps(2);
    harness.get_by_label("Target Community pharmacies, England").click();
    harness.run_steps(2);
    harness.get_by_label_contains("Confidence that this order helps").click();
    harness.run_steps(2);
    let expected = Action::from(OrderAction::Give {
        mitigation: Ix::new(1),
        target: TargetKey::Organisation(Ix::new(1)),
        confidence_pct: Some(50),
        reason: None,
    });
    assert_eq!(click(&mut harness, "Give order"), [expected]);
    assert!(harness.state().ui.order.is_none(), "the card closes");
}

#[test]
fn order_by_keyboard() {
    use egui::Key::{ArrowDown, ArrowRight, Enter, M};
    let mut harness = exercise();
    assert_eq!(press(&mut harness, &[M, ArrowDown, ArrowDown, Enter]), []);
    assert_eq!(harness.state().ui.order.as_ref().map(|order| order.mitigation), Some(Ix::new(1)));
    let expected = Action::from(OrderAction::Give {
        mitigation: Ix::new(1),
        target: TargetKey::Organisation(Ix::new(1)),
        confidence_pct: Some(60),
        reason: None,
    });
    assert_eq!(press(&mut harness, &[ArrowDown, ArrowRight, ArrowRight, Enter]), [expected]);
}

#[test]
fn unstated_confidence_stays_unstated() {
    let mut harness = exercise();
    open_order(&mut harness, Ix::new(6));
    let expected = Action::from(OrderAction::Give {
        mitigation: Ix::new(6),
        target: TargetKey::Organisation(Ix::new(0)),
        confidence_pct: None,
        reason: None,
    });
    assert_eq!(press(&mut harness, &[egui::Key::Enter]), [expected]);
}

#[test]
fn pending_order_can_be_cancelled() {
    assert_eq!(
        click(&mut exercise(), "Cancel order Send boot sticks to practices"),
        [Action::from(OrderAction::Cancel(Ix::new(2)))]
    );
}

#[test]
fn opening_a_message_marks_it_read() {
    let mut harness = exercise();
    harness.get_by_label_contains("Unread, urgent, The minister wants a figure at eleven").click();
    assert_eq!(taken(&mut harness), [Action::from(PersonalAction::MarkRead(Ix::new(7)))]);
    assert!(harness.query_by_label_contains("How many practices cannot see records").is_some());
    use egui::Key::{ArrowDown, Enter, I};
    let mut harness = exercise();
    assert_eq!(
        press(&mut harness, &[I, ArrowDown, ArrowDown, Enter]),
        [Action::from(PersonalAction::MarkRead(Ix::new(6)))]
    );
}

#[test]
fn organisations_are_selected_on_map_and_board() {
    let check = |label: &str, organisation: Ix<Organisation>| {
        let mut harness = exercise();
        // The map first shows the seat's own organisations; the key 0 shows the whole world.
        press(&mut harness, &[egui::Key::Num0]);
        assert_eq!(
            click(&mut harness, label),
            [Action::from(PersonalAction::SelectOrganisation(Some(organisation)))],
            "{label}"
        );
    };
    check("Delta Air Lines, failed", Ix::new(4));
    check("IndiGo, severe", Ix::new(29));
    let mut board = exercise();
    board.get_by_label_contains("Operating theatres, Northern hospital group").click();
    assert_eq!(taken(&mut board), [Action::from(PersonalAction::SelectOrganisation(Some(Ix::new(2))))]);
    use egui::Key::{ArrowDown, B, CloseBracket, Enter, Escape};
    let selected = |organisation| vec![Action::from(PersonalAction::SelectOrganisation(Some(organisation)))];
    assert_eq!(press(&mut exercise(), &[B, ArrowDown, Enter]), selected(Ix::new(0)));
    assert_eq!(press(&mut exercise(), &[CloseBracket]), selected(Ix::new(0)));
    let mut harness = harness(View::Exercise(Arc::new(sample::exercise_with_detail())), SIZES[0]);
    assert_eq!(press(&mut harness, &[Escape]), [Action::from(PersonalAction::SelectOrganisation(None))]);
    assert_eq!(click(&mut harness, "Close organisation"), [Action::from(PersonalAction::SelectOrganisation(None))]);
}

/// Members of populations are too many for widgets, so the map finds the member that was clicked.
#[test]
fn members_of_populations_are_selected_on_the_ground() {
    let mut harness = exercise();
    press(&mut harness, &[egui::Key::Num0]);
    let shell = harness.state().map_rect.expect("the exercise screen has a map");
    let camera = harness.state().ui.map.camera;
    let dot = screen_from_map(&camera, shell, map_from_geo(-30.0, -22.0));
    let mut click_at = |pos: egui::Pos2| {
        harness.event(egui::Event::PointerMoved(pos));
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers: egui::Modifiers::NONE });
        }
        taken(&mut harness)
    };
    assert_eq!(
        click_at(dot + egui::vec2(2.0, 1.0)),
        [Action::from(PersonalAction::SelectOrganisation(Some(Ix::new(501))))]
    );
    assert_eq!(click_at(dot + egui::vec2(0.0, 30.0)), [], "nobody is there");
}

#[test]
fn map_opens_on_yours_zooms_pans_and_shows_the_world_by_keyboard() {
    use egui::Key::{ArrowRight, Num0, Plus};
    let mut harness = exercise();
    let yours = harness.state().ui.map.camera;
    press(&mut harness, &[Num0]);
    let world = harness.state().ui.map.camera;
    assert!(world.scale * 10.0 < yours.scale, "England filled the map at the start");
    press(&mut harness, &[Plus, Plus]);
    let zoomed = harness.state().ui.map.camera;
    assert!(world.scale * 1.9 < zoomed.scale, "{world:?} became {zoomed:?}");
    press(&mut harness, &[ArrowRight]);
    assert!(zoomed.center[0] < harness.state().ui.map.camera.center[0]);
    press(&mut harness, &[Num0]);
    assert_eq!(harness.state().ui.map.camera, world);
    press(&mut harness, &[egui::Key::Y]);
    assert_eq!(harness.state().ui.map.camera, yours);
}

#[test]
fn help_lists_the_shortcuts() {
    for opening in [egui::Key::F1, egui::Key::Questionmark] {
        let mut harness = exercise();
        assert_eq!(press(&mut harness, &[opening]), []);
        for text in
            ["Pause or play", "Jump to what comes next for you", "Mitigations", "Zoom in or out", "End the exercise"]
        {
            assert!(harness.query_all_by_label(text).next().is_some(), "help lacks `{text}`");
        }
        assert_eq!(press(&mut harness, &[egui::Key::Num3]), [], "help is modal");
        press(&mut harness, &[egui::Key::Escape]);
        assert!(!harness.state().ui.is_help_open);
    }
    let mut harness = exercise();
    click(&mut harness, "Help and keyboard shortcuts");
    assert!(harness.state().ui.is_help_open);
}

#[test]
fn escape_returns_the_arrows_to_the_map() {
    let mut harness = exercise();
    press(&mut harness, &[egui::Key::M]);
    assert_eq!(harness.state().ui.pane, Pane::Mitigations);
    assert_eq!(press(&mut harness, &[egui::Key::Escape]), []);
    assert_eq!(harness.state().ui.pane, Pane::Map);
}

#[test]
fn second_pass_changes_nothing() {
    let mut harness = exercise();
    harness.state_mut().is_doubled = true;
    assert_eq!(press(&mut harness, &[egui::Key::Space]), [Action::from(ClockAction::TogglePause)]);
    use egui::Key::{ArrowDown, Enter, M};
    press(&mut harness, &[M, ArrowDown, ArrowDown, ArrowDown, Enter]);
    assert_eq!(harness.state().ui.order.as_ref().map(|order| order.mitigation), Some(Ix::new(2)));
    let before = harness.state().ui.map.camera;
    press(&mut harness, &[egui::Key::Escape]);
    assert_eq!(harness.state().ui.map.camera, before);
    assert_eq!(click(&mut harness, "Step one minute"), [Action::from(ClockAction::Step)]);
}

#[test]
fn empty_exercise_helps() {
    let harness = harness(View::Exercise(Arc::new(sample::empty_exercise())), SIZES[0]);
    for text in ["No message yet", "No curve yet", "No order given yet. Press M and choose a mitigation"] {
        assert!(harness.query_by_label(text).is_some(), "lacks `{text}`");
    }
}

#[test]
fn debrief_offers_the_ways_on() {
    let debrief = || View::Debrief(Arc::new(sample::debrief()));
    let check = |view: View, label: &str, expected: &[Action]| {
        assert_eq!(click(&mut harness(view, SIZES[0]), label), expected, "{label}");
    };
    check(debrief(), "Try again", &[Action::from(ScreenAction::TryAgain)]);
    check(debrief(), "Start screen", &[Action::from(ScreenAction::Leave)]);
    check(debrief(), "Run saved", &[]);
    let unsaved = DebriefView { saved: None, ..sample::debrief() };
    check(View::Debrief(Arc::new(unsaved)), "Save run", &[Action::from(ScreenAction::SaveRun(None))]);
}

#[test]
fn no_shortcut_answers_to_ctrl_or_alt() {
    let screens = [View::Exercise(Arc::new(sample::exercise())), View::Briefing(Arc::new(sample::briefing()))];
    for view in screens {
        for modifiers in [egui::Modifiers::CTRL, egui::Modifiers::ALT, egui::Modifiers::COMMAND] {
            for key in [egui::Key::S, egui::Key::E, egui::Key::Num3, egui::Key::N, egui::Key::M] {
                let mut harness = harness(view.clone(), SIZES[0]);
                harness.key_press_modifiers(modifiers, key);
                assert_eq!(taken(&mut harness), [], "{modifiers:?} and {key:?}");
                assert_eq!(harness.state().ui.pane, Pane::Map);
                assert!(harness.state().ui.confirm.is_none());
            }
        }
    }
}

#[test]
fn f11_asks_for_the_full_screen_everywhere() {
    for (name, view) in sample::screens() {
        let mut harness = harness(view, SIZES[0]);
        // Each event is a frame of its own, and only the last frame's output can be looked at.
        let (key, modifiers) = (egui::Key::F11, egui::Modifiers::NONE);
        harness.event(egui::Event::Key { key, physical_key: Some(key), pressed: true, repeat: false, modifiers });
        let mut asked = false;
        for _ in 0..3 {
            harness.step();
            let mut commands = harness.output().viewport_output.values().flat_map(|viewport| &viewport.commands);
            asked |= commands.any(|command| *command == egui::ViewportCommand::Fullscreen(true));
        }
        assert!(asked, "on `{name}`");
    }
}

#[test]
fn closing_the_window_in_mid_run_asks_and_keeps_playing_by_default() {
    let asked = || {
        let mut harness = exercise();
        assert!(harness.state().ui.is_run_under_way);
        harness.state_mut().ui.confirm = Some(Confirm::CloseWindow);
        harness.run_steps(2);
        harness
    };
    assert_eq!(press(&mut asked(), &[egui::Key::Enter]), []);
    assert_eq!(press(&mut asked(), &[egui::Key::Escape]), []);
    assert_eq!(click(&mut asked(), "Close window"), [Action::from(ScreenAction::Quit)]);
    let start = harness(View::Start(Arc::new(sample::start())), SIZES[0]);
    assert!(!start.state().ui.is_run_under_way, "nothing to lose on the start screen");
}

#[test]
fn pages_scroll_by_keyboard_and_open_at_the_top() {
    use egui::Key::{ArrowDown, End, Home, PageDown, PageUp};
    let size = egui::vec2(800.0, 600.0);
    let views = [
        (View::Briefing(Arc::new(sample::briefing())), "Situation"),
        (View::Debrief(Arc::new(sample::weighed_debrief())), "What happened"),
    ];
    for (view, landmark) in views {
        let mut harness = harness(view.clone(), size);
        let top = |harness: &Harness<'static, Bench>| harness.get_by_label(landmark).rect().top();
        let at_start = top(&harness);
        let moved = |harness: &mut Harness<'static, Bench>, key| {
            let before = top(harness);
            assert_eq!(press(harness, &[key]), []);
            before - top(harness)
        };
        assert_eq!(moved(&mut harness, ArrowDown), 60.0, "{landmark}");
        assert!(200.0 < moved(&mut harness, PageDown), "{landmark}");
        assert!(moved(&mut harness, PageUp) < -200.0, "{landmark}");
        moved(&mut harness, End);
        assert!(top(&harness) < at_start - 300.0, "{landmark}");
        moved(&mut harness, Home);
        assert_eq!(top(&harness), at_start, "{landmark}");
        moved(&mut harness, End);
        harness.state_mut().view = View::Start(Arc::new(sample::start()));
        harness.run_steps(3);
        harness.state_mut().view = view;
        harness.run_steps(3);
        assert_eq!(top(&harness), at_start, "{landmark} at the next visit");
    }
}

#[test]
fn space_presses_nothing_that_is_scrolled_away() {
    let mut harness = harness(View::Briefing(Arc::new(sample::briefing())), egui::vec2(800.0, 600.0));
    let option = "Practise paper, General practices, England, $60,000, not prepared";
    harness.get_by_label_contains(option).focus();
    harness.run_steps(3);
    assert!(harness.get_by_label_contains(option).rect().top() < 600.0, "what gets the keyboard comes into sight");
    press(&mut harness, &[egui::Key::Home]);
    if harness.get_by_label_contains(option).rect().top() < 500.0 {
        press(&mut harness, &[egui::Key::End]);
    }
    assert_eq!(
        press(&mut harness, &[egui::Key::Space, egui::Key::Enter]),
        [Action::from(ScreenAction::Begin)],
        "Enter begins"
    );
}

#[test]
fn an_order_card_is_as_high_as_its_own_content() {
    let height = |harness: &Harness<'static, Bench>| {
        harness.get_by_label("Give order").rect().bottom() - harness.get_by_label("Close order card").rect().top()
    };
    let by_targets = |row: &&MitigationRow| row.targets.len();
    let drawer = sample::exercise().drawer;
    let few = drawer.iter().min_by_key(by_targets).expect("mitigations").mitigation;
    let many = drawer.iter().max_by_key(by_targets).expect("mitigations").mitigation;
    let mut alone = exercise();
    open_order(&mut alone, few);
    alone.run_steps(4);
    let mut after = exercise();
    open_order(&mut after, many);
    after.run_steps(4);
    let high = height(&after);
    after.state_mut().ui.order = None;
    after.run_steps(2);
    open_order(&mut after, few);
    after.run_steps(4);
    assert!(height(&alone) < high, "more targets need more room");
    assert_eq!(height(&after), height(&alone), "the card before leaves no trace");
}

#[test]
fn marks_of_the_timeline_tell_what_they_are_and_open_their_message() {
    let mut harness = exercise();
    let told = |harness: &Harness<'static, Bench>| harness.query_all_by_label_contains("Message at").count();
    let before = told(&harness);
    let mark = harness.query_all_by_label_contains("Message at").next().expect("a mark").rect().center();
    harness.hover_at(mark);
    harness.run_steps(40);
    assert_eq!(told(&harness), before + 1, "a tooltip names the mark");
    for pressed in [true, false] {
        let button = egui::PointerButton::Primary;
        harness.event(egui::Event::PointerButton { pos: mark, button, pressed, modifiers: egui::Modifiers::NONE });
    }
    assert_eq!(taken(&mut harness), []);
    assert!(harness.state().ui.timeline.mark.is_some());
    assert!(harness.query_by_label_contains("Chosen: Message at").is_some());
}
