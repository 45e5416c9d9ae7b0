//! The bar above the exercise screen: the clocks, the speed, the score, and the button that ends the exercise.

use egui::{Align, Align2, Layout, Rect, Sense, Ui, Vec2};

use crate::exercise::action::{Action, ClockAction, ScreenAction};
use crate::exercise::view::{ClockView, ExerciseView, SPEEDS, ScoreView};
use crate::ui::state::{Confirm, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::exercise_ui;
use crate::ui::widgets::icons::Icon;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{name, text};

/// Draws the bar; in a narrow window the clock's buttons have a row of their own.
pub fn top_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, is_narrow: bool, actions: &mut Vec<Action>) {
    if is_narrow {
        ui.spacing_mut().item_spacing.y = 0.0;
        row_ui(ui, 54.0, |ui| {
            clocks_ui(ui, view);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ways_ui(ui, state, view, actions);
            });
        });
        row_ui(ui, 40.0, |ui| {
            transport_ui(ui, &view.clock, actions);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| next_ui(ui, &view.clock, actions));
        });
        return;
    }
    ui.horizontal_centered(|ui| {
        let is_large = 1500.0 < ui.available_width();
        ui.spacing_mut().item_spacing.x = if is_large { 12.0 } else { 8.0 };
        clocks_ui(ui, view);
        divider_ui(ui);
        transport_ui(ui, &view.clock, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ways_ui(ui, state, view, actions);
            next_ui(ui, &view.clock, actions);
        });
    });
}

fn row_ui(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui)) {
    let size = Vec2::new(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 8.0;
        add(ui);
    });
}

fn clocks_ui(ui: &mut Ui, view: &ExerciseView) {
    exercise_ui(ui);
    clock_ui(ui, &view.clock);
    divider_ui(ui);
    elapsed_ui(ui, &view.clock);
}

/// Draws the score and the buttons for help, sources and the end.
fn ways_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) {
    if Push::icon(Icon::Help, "Help and keyboard shortcuts").show(ui).clicked() {
        state.is_help_open = true;
    }
    if Push::icon(Icon::Sources, "What every figure rests on (S)").name("Sources").show(ui).clicked() {
        actions.push(Action::from(ScreenAction::OpenSources(None)));
    }
    end_ui(ui, state, &view.clock, actions);
    score_ui(ui, &view.score);
}

/// Draws the button to the debrief; while the exercise runs, it opens a question first.
fn end_ui(ui: &mut Ui, state: &mut UiState, clock: &ClockView, actions: &mut Vec<Action>) {
    if clock.is_ended {
        if Push::new("Debrief").primary().hover("Open the debrief (E)").show(ui).clicked() {
            actions.push(Action::from(ClockAction::EndExercise));
        }
        return;
    }
    let end = Push::new("End…").name("End exercise…").enabled(!clock.is_ending);
    let end = if clock.is_settled { end.primary() } else { end };
    if end.hover("Run to the end and open the debrief (E)").show(ui).clicked() {
        state.confirm = Some(Confirm::EndExercise);
    }
}

fn divider_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(1.0, 32.0), Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), egui::Stroke::new(1.0, theme::HAIRLINE));
}

/// Draws the seat's local time in large type, with its zone and UTC below.
fn clock_ui(ui: &mut Ui, clock: &ClockView) {
    let under = if clock.utc.is_empty() { clock.zone.clone() } else { format!("{}, {}", clock.zone, clock.utc) };
    let wide = text::figures_width(ui.painter(), "Wed 30 Jul 00:00", Type::Heading) + 4.0;
    let width = wide.max(text::width(ui.painter(), &under, Type::Small) + 4.0).min(CLOCK_WIDTH_MAX);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 44.0), Sense::hover());
    let upper = rect.left_top() + Vec2::new(0.0, 13.0);
    text::figures(ui.painter(), upper, Align2::LEFT_CENTER, &clock.time, Type::Heading, theme::TEXT);
    let lower = rect.left_top() + Vec2::new(0.0, 34.0);
    text::line(ui.painter(), lower, Align2::LEFT_CENTER, &under, Type::Small, theme::TEXT_SOFT, width);
    name(&response, format!("{}, {under}", clock.time));
    response.on_hover_text(format!("All times on this screen are in the time zone of {}", clock.zone));
}

const CLOCK_WIDTH_MAX: f32 = 196.0;

/// Draws exercise time and wall time.
fn elapsed_ui(ui: &mut Ui, clock: &ClockView) {
    let width = text::figures_width(ui.painter(), "T+00d 00:00", Type::Strong) + 4.0;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 44.0), Sense::hover());
    let upper = rect.left_top() + Vec2::new(0.0, 13.0);
    text::figures(ui.painter(), upper, Align2::LEFT_CENTER, &clock.exercise, Type::Strong, theme::TEXT);
    let lower = rect.left_top() + Vec2::new(0.0, 34.0);
    let played = format!("{} played", clock.wall);
    text::line(ui.painter(), lower, Align2::LEFT_CENTER, &played, Type::Small, theme::TEXT_MUTED, width);
    name(&response, format!("Exercise time {}, {played}", clock.exercise));
    response.on_hover_text("Time since the scenario's start, and the time that you have played");
}

fn transport_ui(ui: &mut Ui, clock: &ClockView, actions: &mut Vec<Action>) {
    let can_run = !clock.is_ended && !clock.is_ending;
    ui.spacing_mut().item_spacing.x = 4.0;
    let (shape, label) = if clock.is_paused { (Icon::Play, "Play") } else { (Icon::Pause, "Pause") };
    let play = Push::icon(shape, label).size_min(Vec2::new(40.0, 34.0)).enabled(can_run);
    let play = if clock.is_paused { play.primary() } else { play };
    if play.show(ui).clicked() {
        actions.push(Action::from(ClockAction::TogglePause));
    }
    let step = Push::icon(Icon::Step, "Step one minute").size_min(Vec2::new(34.0, 34.0)).enabled(can_run);
    if step.show(ui).clicked() {
        actions.push(Action::from(ClockAction::Step));
    }
    ui.add_space(4.0);
    speeds_ui(ui, clock, actions);
}

fn speeds_ui(ui: &mut Ui, clock: &ClockView, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for (index, speed) in SPEEDS.into_iter().enumerate() {
        let words = format!("×{speed}");
        let label = format!("Speed {words}");
        let has_slowed = clock.decision.as_ref().is_some_and(|decision| decision.has_slowed);
        let slowed = if has_slowed && clock.speed == speed { ", slowed for a decision" } else { "" };
        let hover = format!("{} (key {}){slowed}", speed_words(speed), index + 1);
        let push = Push::new(&words).name(&label).small().quiet().selected(clock.speed == speed);
        if push.enabled(!clock.is_ended && !clock.is_ending).hover(&hover).show(ui).clicked() {
            actions.push(Action::from(ClockAction::SetSpeed(speed)));
        }
    }
}

fn speed_words(speed: u32) -> String {
    match speed {
        1 => "Real time".to_owned(),
        s if s < 60 => format!("{s} seconds a second"),
        60 => "A minute a second".to_owned(),
        s if s < 3600 => format!("{} minutes a second", s / 60),
        _ => "An hour a second".to_owned(),
    }
}

/// Draws the points won so far, beside those of the best known playbook at the same minute.
fn score_ui(ui: &mut Ui, score: &ScoreView) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(62.0, 44.0), Sense::hover());
    let center = rect.center();
    let points = |points: f64| format!("{points:.0}");
    let (figure, under) = match (score.points, score.par_points) {
        (Some(yours), Some(par)) => (points(yours), format!("par {}", points(par))),
        _ => ("–".to_owned(), "score".to_owned()),
    };
    let upper = center - Vec2::new(0.0, 9.0);
    text::figures(ui.painter(), upper, Align2::CENTER_CENTER, &figure, Type::Heading, theme::TEXT);
    let lower = center + Vec2::new(0.0, 12.0);
    text::line(ui.painter(), lower, Align2::CENTER_CENTER, &under, Type::Small, theme::TEXT_MUTED, 62.0);
    let (label, hover) = match score.points {
        Some(_) => (
            format!("Score so far {figure}, {under}"),
            format!(
                "Points won so far. They grow to the final score, where 0 is what happens when nobody acts and 100 is \
                 par, the best known playbook. By now par has won {}",
                points(score.par_points.unwrap_or_default())
            ),
        ),
        None => ("No score yet".to_owned(), "No score yet: nothing could be won or lost so far".to_owned()),
    };
    name(&response, label);
    response.on_hover_text(hover);
}

/// Draws the button that jumps to the next stop, with the latest time of that stop.
fn next_ui(ui: &mut Ui, clock: &ClockView, actions: &mut Vec<Action>) {
    let can_jump = !clock.is_ended && !clock.is_ending;
    let hover = format!(
        "Jump (N) to the next message to you, key event for you, or fall or recovery of one of your services, {}",
        clock.next_stop
    );
    let space = ui.available_width();
    if space < 150.0 {
        let push = Push::icon(Icon::Next, "Jump to what comes next").hover(&hover).enabled(can_jump);
        if push.show(ui).clicked() {
            actions.push(Action::from(ClockAction::JumpToNextEvent));
        }
        return;
    }
    let (rect, response) = ui
        .allocate_exact_size(Vec2::new(space.min(190.0), 40.0), if can_jump { Sense::click() } else { Sense::hover() });
    let fill = if response.hovered() && can_jump { theme::RAISED_HOVER } else { theme::CARD };
    let outline = egui::Stroke::new(1.0, theme::HAIRLINE);
    ui.painter().rect(rect, theme::RADIUS_SMALL, fill, outline, egui::StrokeKind::Inside);
    let ink = if can_jump { theme::TEXT } else { theme::TEXT_MUTED };
    let glyph = Rect::from_min_size(rect.min, Vec2::new(34.0, rect.height())).center();
    crate::ui::widgets::icons::icon(ui.painter(), glyph, 6.0, Icon::Next, ink);
    let left = rect.left() + 34.0;
    let width = rect.right() - 8.0 - left;
    let upper = egui::pos2(left, rect.top() + 12.0);
    let words = "Jump to what comes next";
    text::line(ui.painter(), upper, Align2::LEFT_CENTER, words, Type::Caption, theme::TEXT_MUTED, width);
    let lower = egui::pos2(left, rect.top() + 27.0);
    text::line(ui.painter(), lower, Align2::LEFT_CENTER, &clock.next_stop, Type::SmallStrong, ink, width);
    crate::ui::widgets::focus_ring(ui, &response, rect);
    let label = format!("Jump to what comes next, {}", clock.next_stop);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, can_jump, &label));
    if response.on_hover_text(hover).clicked() {
        actions.push(Action::from(ClockAction::JumpToNextEvent));
    }
}
