//! The one entry of the panels: picks the screen, lays the dialogs over it, collects the actions.
//!
//! The closure that calls this may run twice in a frame: nothing here moves on by itself, and an
//! input event is seen in one pass only, so an action is told once.

use egui::{Frame, Rect, Ui};

use super::state::{SourcesState, UiState};
use super::{briefing, debrief, dialogs, keys, room, seats, sources, start, theme};
use crate::exercise::action::Action;
use crate::exercise::view::View;

/// What one pass of the panels asks for.
#[derive(Clone, Debug, Default)]
pub struct ShellOutput {
    pub actions: Vec<Action>,
    /// Where the map is, in the room: left open by the panels for the window to draw under.
    pub map_rect: Option<Rect>,
}

/// Draws one screen and says what was asked for.
pub fn shell_ui(ui: &mut Ui, state: &mut UiState, view: &View) -> ShellOutput {
    let mut output = ShellOutput::default();
    if !theme::install(ui.ctx()) {
        ui.ctx().request_discard("typefaces take effect in the next pass");
        return output;
    }
    match view {
        View::Room(_) => state.sources = SourcesState::default(),
        // The room waits behind it.
        View::Sources(_) => {}
        _ => state.leave_room(),
    }
    keys::dispatch(ui.ctx(), state, view, &mut output.actions);
    let actions = &mut output.actions;
    match view {
        View::Start(start) => page_ui(ui, |ui| start::start_ui(ui, start, actions)),
        View::Seats(seats) => page_ui(ui, |ui| seats::seats_ui(ui, seats, actions)),
        View::Briefing(briefing) => page_ui(ui, |ui| briefing::briefing_ui(ui, briefing, actions)),
        View::Debrief(debrief) => page_ui(ui, |ui| debrief::debrief_ui(ui, state, debrief, actions)),
        View::Sources(sources) => page_ui(ui, |ui| sources::sources_ui(ui, &mut state.sources, sources, actions)),
        View::Room(room) => output.map_rect = Some(room::room_ui(ui, state, room, actions)),
    }
    dialogs::dialogs_ui(ui.ctx(), state, view, actions);
    output
}

/// A whole page on the house's ground.
fn page_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::CentralPanel::default().frame(Frame::new().fill(theme::GROUND)).show(ui, add);
}
