//! The entry point of the panels: draws the current screen and the dialogs over it, and collects the actions.
//!
//! egui may call the panels twice in a frame. Therefore they must not advance any state by themselves. An input event
//! reaches one pass only, so each action is returned once.

use std::time::Duration;

use egui::{Context, Frame, Rect, Ui, Vec2};

use super::state::{Screen, SourcesState, UiState};
use super::{
    briefing, debrief, dialogs, exercise_screen, letters, opening, page, seats, shortcuts, sources, start, theme, wall,
};
use crate::exercise::action::Action;
use crate::exercise::view::View;

/// The requests of one pass of the panels.
#[derive(Clone, Debug, Default)]
pub struct ShellOutput {
    pub actions: Vec<Action>,
    /// The rectangle of the map on the exercise screen, which the panels leave open for the window to draw.
    pub map_rect: Option<Rect>,
}

/// Draws one screen and returns the actions that the trainee asked for.
pub fn shell_ui(ui: &mut Ui, state: &mut UiState, view: &View) -> ShellOutput {
    let mut output = ShellOutput::default();
    if !theme::install(ui.ctx()) {
        ui.ctx().request_discard("typefaces take effect in the next pass");
        return output;
    }
    fit_text(ui.ctx(), state);
    let screen = screen_of(view);
    if state.screen != Some(screen) {
        // The exercise pauses behind the page of sources. A second try leads from the debrief back into an exercise.
        let is_other_run = state.screen == Some(Screen::Debrief) && screen == Screen::Exercise;
        if is_other_run || !matches!(screen, Screen::Exercise | Screen::Sources) {
            state.leave_exercise();
        }
        state.screen = Some(screen);
        page::begin_visit(ui.ctx());
    }
    if let View::Exercise(exercise) = view {
        state.sources = SourcesState::default();
        state.is_run_under_way = !exercise.clock.is_ended;
    }
    shortcuts::dispatch(ui.ctx(), state, view, &mut output.actions);
    let actions = &mut output.actions;
    match view {
        View::Start(start) => page_ui(ui, |ui| start::start_ui(ui, state, start, actions)),
        View::Seats(seats) => page_ui(ui, |ui| seats::seats_ui(ui, seats, actions)),
        View::Briefing(briefing) => page_ui(ui, |ui| briefing::briefing_ui(ui, state, briefing, actions)),
        View::Opening(opening) => page_ui(ui, |ui| opening::opening_ui(ui, opening, actions)),
        View::Debrief(debrief) => page_ui(ui, |ui| debrief::debrief_ui(ui, state, debrief, actions)),
        View::Sources(sources) => page_ui(ui, |ui| sources::sources_ui(ui, &mut state.sources, sources, actions)),
        View::Wall(wall) => {
            output.map_rect = wall::wall_ui(ui, state, wall);
            // The wall changes by itself, and its countdown each second.
            ui.ctx().request_repaint_after(WALL_EVERY);
        }
        View::Exercise(exercise) => {
            output.map_rect = Some(exercise_screen::exercise_screen_ui(ui, state, exercise, actions))
        }
    }
    dialogs::dialogs_ui(ui.ctx(), state, view, actions);
    letters::supply(ui.ctx());
    output
}

/// Longest time between two looks at an exercise that others play.
const WALL_EVERY: Duration = Duration::from_millis(200);

/// The smallest window, in points, that all screens fit.
pub const SIZE_MIN: Vec2 = Vec2::new(800.0, 600.0);

/// Sets the size of the text: the trainee's choice, as far as the window has room for it. A window
/// smaller than [`SIZE_MIN`] (a full-HD screen at 200 %) gets smaller text rather than less of the screen.
fn fit_text(ctx: &Context, state: &UiState) {
    let window = ctx.content_rect().size() * ctx.zoom_factor();
    let space = (window.x / SIZE_MIN.x).min(window.y / SIZE_MIN.y);
    if space.is_finite() && 0.05 < space {
        // The zoom is rounded to hundredths, so that rounding of the window's size does not change it in every frame.
        let space = (space * 100.0 + 0.01).floor() / 100.0;
        ctx.set_zoom_factor(state.text_scale.factor().min(space));
    }
}

fn screen_of(view: &View) -> Screen {
    match view {
        View::Start(_) => Screen::Start,
        View::Seats(_) => Screen::Seats,
        View::Briefing(_) => Screen::Briefing,
        View::Opening(_) => Screen::Opening,
        View::Exercise(_) => Screen::Exercise,
        View::Debrief(_) => Screen::Debrief,
        View::Sources(_) => Screen::Sources,
        View::Wall(_) => Screen::Wall,
    }
}

/// A panel that fills the window with the background colour.
fn page_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::CentralPanel::default().frame(Frame::new().fill(theme::GROUND)).show(ui, add);
}
