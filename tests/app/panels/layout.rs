//! Every screen in windows of every size: no widgets overlap, and all can be reached.
//!
//! The views are made by a desk that plays the scenario of the program, and by hand for what that play
//! does not show.

use std::sync::OnceLock;
use std::time::Duration;

use blackstart::exercise::desk::{Desk, DeskOptions};
use blackstart::ui::SIZE_MIN;
use blackstart::ui::state::Confirm;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;
use crate::support::{REPLAY, scenario};

/// Sizes of screens in pixels, from an old projector to a large desktop.
const SCREENS_PX: [[f32; 2]; 10] = [
    [800.0, 600.0],
    [1024.0, 768.0],
    [1100.0, 640.0],
    [1180.0, 700.0],
    [1280.0, 720.0],
    [1366.0, 768.0],
    [1440.0, 900.0],
    [1920.0, 1080.0],
    [2560.0, 1440.0],
    [3840.0, 2160.0],
];
/// Pixels for each point.
const SCALES: [f32; 3] = [1.0, 1.5, 2.0];

/// Views of a real exercise: each screen, with messages, orders and a selection in the exercise.
fn played() -> Vec<(&'static str, View)> {
    static VIEWS: OnceLock<Vec<(&'static str, View)>> = OnceLock::new();
    VIEWS.get_or_init(play).clone()
}

fn play() -> Vec<(&'static str, View)> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = DeskOptions { seed: 1, out: folder.path().to_owned(), seat: None, notice: None, report: None };
    let mut desk = Desk::new(vec![scenario(REPLAY)], options);
    let mut views = vec![("played start", desk.view())];
    desk.apply(ScreenAction::ChooseScenario("2024-07-19".to_owned()).into());
    views.push(("played seats", desk.view()));
    let seat = scenario(REPLAY).docs.seats[0].id.clone();
    desk.apply(ScreenAction::ChooseSeat(seat).into());
    views.push(("played briefing", desk.view()));
    desk.apply(ScreenAction::Begin.into());
    views.push(("played first minute", desk.view()));
    desk.apply(ClockAction::SetSpeed(3600).into());
    let mut ordered = false;
    loop {
        desk.advance(Duration::from_millis(250), Duration::from_millis(200));
        let View::Exercise(exercise) = desk.view() else { panic!("the exercise ended early") };
        if exercise.timeline.now_min < 900 {
            desk.apply(ClockAction::SetSpeed(3600).into());
            continue;
        }
        let possible = exercise.drawer.iter().find_map(|row| {
            let target = row.targets.iter().find(|target| target.refusal.is_none())?;
            Some(OrderAction::Give {
                mitigation: row.mitigation,
                target: target.target,
                confidence_pct: None,
                reason: None,
            })
        });
        match possible {
            Some(order) if !ordered => {
                desk.apply(order.into());
                ordered = true;
            }
            _ => break,
        }
    }
    let View::Exercise(exercise) = desk.view() else { panic!("the exercise ended early") };
    desk.apply(PersonalAction::SelectOrganisation(exercise.services.first().map(|row| row.organisation)).into());
    views.push(("played morning", desk.view()));
    desk.apply(ScreenAction::OpenSources(None).into());
    views.push(("played sources", desk.view()));
    views.push(("played debrief", debrief::played()));
    views
}

/// Keeps the window's size in points right, because the harness ignores `Context::set_zoom_factor`.
fn settle(harness: &mut Harness<'static, Bench>, native: egui::Vec2) {
    for _ in 0..6 {
        let zoom = harness.ctx.zoom_factor();
        harness.input_mut().screen_rect = Some(egui::Rect::from_min_size(egui::Pos2::ZERO, native / zoom));
        harness.step();
    }
}

/// Widgets that can be pressed or written into, by name, with their rectangles.
fn controls(harness: &Harness<'static, Bench>) -> Vec<(String, egui::Rect)> {
    let mut controls = Vec::new();
    for node in harness.root().children_recursive() {
        let accessible = node.accesskit_node();
        let is_control = matches!(accessible.role(), Role::Button | Role::TextInput | Role::Slider);
        let label = accessible.label().or_else(|| accessible.value()).unwrap_or_default();
        if is_control {
            assert!(!label.is_empty(), "something to press has no name, at {:?}", node.rect());
            controls.push((label, node.rect()));
        }
    }
    controls
}

/// Shows a screen as if the window had just opened on it, at a size.
fn show(harness: &mut Harness<'static, Bench>, view: &View, native: egui::Vec2) {
    let bench = harness.state_mut();
    (bench.view, bench.ui) = (view.clone(), UiState::default());
    settle(harness, native);
}

fn check(name: &str, harness: &Harness<'static, Bench>) {
    let window = harness.ctx.content_rect();
    let at = format!("`{name}` in {:.0}×{:.0} points", window.width(), window.height());
    assert!(SIZE_MIN.x - 9.0 <= window.width() && SIZE_MIN.y - 9.0 <= window.height(), "{at} is too small");
    let is_page = !matches!(harness.state().view, View::Exercise(_) | View::Sources(_));
    let is_modal = harness.state().ui.confirm.is_some() || harness.state().ui.order.is_some();
    let controls = controls(harness);
    assert!(!controls.is_empty(), "{at} offers nothing");
    for (label, rect) in &controls {
        let in_width = window.left() - 0.5 <= rect.left() && rect.right() <= window.right() + 0.5;
        let in_height = window.top() - 0.5 <= rect.top() && rect.bottom() <= window.bottom() + 0.5;
        // Pages and lists scroll up and down; marks leave the map when it shows another part of the world.
        let scrolls = is_page || is_row(label) || is_modal;
        let is_within = in_width && (in_height || scrolls) || is_mark(label);
        assert!(is_within, "`{label}` is out of reach at {rect:?} on {at}");
    }
    let is_free = |label: &str| is_mark(label) || is_row(label);
    for (index, (label, rect)) in controls.iter().enumerate() {
        for (other, other_rect) in &controls[index + 1..] {
            let shared = rect.shrink(0.6).intersect(other_rect.shrink(0.6));
            let is_apart = !shared.is_positive() || !window.intersects(shared);
            // The content of a page scrolls under the buttons at its bottom, where it is not drawn.
            let is_under_foot = is_page && is_foot(label) != is_foot(other);
            let is_nested = is_free(label) || is_free(other) || is_modal || is_under_foot;
            assert!(is_apart || is_nested, "`{label}` and `{other}` overlap at {shared:?} on {at}");
        }
    }
    if let Some(map) = harness.state().map_rect {
        assert!(320.0 <= map.width() && 240.0 <= map.height(), "the map is {:?} on {at}", map.size());
    }
}

/// Buttons at the top and the bottom of the debrief.
fn is_foot(label: &str) -> bool {
    matches!(label, "Start screen" | "Try again" | "Save run" | "Run saved" | "Write report")
        || label.starts_with("Leaf ")
}

/// Rows of lists and cards, which scroll under the panels around them.
fn is_row(label: &str) -> bool {
    label.contains(", ") || label.starts_with("Cancel order")
}

/// Marks of organisations, which may overlap and lie under cards.
fn is_mark(label: &str) -> bool {
    PLACES_MARK.iter().any(|word| label.ends_with(word))
}

/// Tests every screen at every size, with one window for each scale, so that typefaces are drawn once.
#[test]
fn nothing_overlaps_or_is_out_of_reach_in_any_window() {
    let mut views = played();
    views.extend(sample::screens());
    for scale in SCALES {
        let mut harness = harness_at(views[0].1.clone(), egui::vec2(1280.0, 720.0), scale);
        for [width, height] in SCREENS_PX {
            for (name, view) in &views {
                show(&mut harness, view, egui::vec2(width, height) / scale);
                check(name, &harness);
            }
        }
    }
}

/// Every leaf of the debrief in every window.
#[test]
fn leaves_of_the_debrief_fit_every_window() {
    let views = [debrief::played(), View::Debrief(Arc::new(sample::weighed_debrief()))];
    for scale in SCALES {
        let mut harness = harness_at(views[0].clone(), egui::vec2(1280.0, 720.0), scale);
        for [width, height] in SCREENS_PX {
            for view in &views {
                let native = egui::vec2(width, height) / scale;
                show(&mut harness, view, native);
                for key in [egui::Key::Num2, egui::Key::Num3, egui::Key::Num4, egui::Key::Num5, egui::Key::Num6] {
                    harness.key_press(key);
                    settle(&mut harness, native);
                    harness.key_press(egui::Key::CloseBracket);
                    settle(&mut harness, native);
                    let leaf = harness.state().ui.debrief.leaf;
                    check(&format!("{leaf:?}"), &harness);
                }
            }
        }
    }
}

#[test]
fn dialogs_fit_every_window() {
    let (_, morning) = played().into_iter().find(|(name, _)| *name == "played morning").expect("the morning");
    let View::Exercise(exercise) = &morning else { panic!("an exercise") };
    let most = exercise.drawer.iter().max_by_key(|row| row.targets.len()).expect("mitigations").mitigation;
    let card = OrderDialog { mitigation: most, target: None, confidence_pct: None, reason: String::new() };
    for scale in SCALES {
        let mut harness = harness_at(morning.clone(), egui::vec2(1280.0, 720.0), scale);
        for [width, height] in SCREENS_PX {
            let native = egui::vec2(width, height) / scale;
            let mut inside = |prepare: &dyn Fn(&mut UiState), names: &[&str]| {
                show(&mut harness, &morning, native);
                prepare(&mut harness.state_mut().ui);
                settle(&mut harness, native);
                let window = harness.ctx.content_rect().expand(0.5);
                for name in names {
                    let rect = harness.get_by_label(name).rect();
                    assert!(window.contains_rect(rect), "`{name}` at {rect:?} in {window:?}");
                }
            };
            inside(&|ui| ui.order = Some(card.clone()), &["Close order card", "Give order", "Cancel"]);
            inside(&|ui| ui.is_help_open = true, &["Close help"]);
            inside(&|ui| ui.confirm = Some(Confirm::CloseWindow), &["Confirm: Keep playing", "Close window"]);
            inside(&|ui| ui.confirm = Some(Confirm::EndExercise), &["Confirm: End exercise", "Leave without debrief"]);
        }
    }
}

#[test]
fn a_narrow_window_keeps_every_panel() {
    let size = egui::vec2(800.0, 600.0);
    let mut harness = harness(View::Exercise(Arc::new(sample::exercise())), size);
    harness.run_steps(2);
    harness.get_by_label_contains("Services, ").click();
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("Operating theatres, Northern hospital group").is_some());
    press(&mut harness, &[egui::Key::M]);
    assert!(harness.query_all_by_label_contains("Repair the record system's hosts first").next().is_some());
    press(&mut harness, &[egui::Key::B]);
    assert!(harness.query_by_label("Find a service or organisation").is_some());
}

#[test]
fn text_grows_as_far_as_the_window_has_room() {
    let command = egui::Modifiers::COMMAND;
    let grown = |native: egui::Vec2, keys: &[egui::Key]| {
        let mut harness = harness(View::Exercise(Arc::new(sample::exercise())), native);
        for key in keys {
            harness.key_press_modifiers(command, *key);
            settle(&mut harness, native);
        }
        assert!(harness.state().actions.is_empty(), "no shortcut of the table");
        harness.ctx.zoom_factor()
    };
    use egui::Key::{Equals, Minus, Num0, Plus};
    assert_eq!(grown(egui::vec2(1920.0, 1080.0), &[Plus, Equals]), 1.2);
    assert_eq!(grown(egui::vec2(1920.0, 1080.0), &[Plus, Plus, Minus]), 1.1);
    assert_eq!(grown(egui::vec2(1920.0, 1080.0), &[Plus, Plus, Num0]), 1.0);
    assert_eq!(grown(egui::vec2(800.0, 600.0), &[Plus, Plus]), 1.0);
    assert_eq!(grown(egui::vec2(640.0, 480.0), &[Plus]), 0.8);
}

#[test]
fn the_start_screen_leads_to_the_shortcuts_and_so_to_larger_text() {
    let (_, start) = played().into_iter().find(|(name, _)| *name == "played start").expect("the start screen");
    let mut harness = harness(start, SIZES[0]);
    harness.get_by_label("Help and keyboard shortcuts").click();
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("Larger or smaller text").is_some());
}
