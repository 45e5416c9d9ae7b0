//! Another try: the button that begins it at the chosen minute.

use egui::Ui;

use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::DebriefView;
use crate::ui::exercise_screen::timeline::time_words;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;

/// Draws the button for a minute.
pub fn again_ui(ui: &mut Ui, view: &DebriefView, minute: u32, actions: &mut Vec<Action>) {
    let words = format!("Try again from {}", time_words(&view.timeline, f64::from(minute)));
    let refusal = view.try_refusal.as_deref();
    let hover = refusal.map_or_else(
        || "Back into the exercise, before the orders of this minute; this run stays as a ghost (T)".to_owned(),
        |refusal| format!("Not now: {refusal}"),
    );
    if Push::new(&words).small().enabled(refusal.is_none()).hover(&hover).show(ui).clicked() {
        actions.push(Action::from(ScreenAction::TryAgainFrom(minute)));
    }
}

/// Draws the button for the chosen minute, or tells how to choose one.
pub fn chosen_ui(ui: &mut Ui, view: &DebriefView, minute: &mut Option<u32>, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| match *minute {
        Some(chosen) => {
            again_ui(ui, view, chosen, actions);
            if Push::new("Clear").name("Clear the chosen minute").small().quiet().show(ui).clicked() {
                *minute = None;
            }
        }
        None => {
            let words = "Choose a minute on the curve or a decision to try again from there";
            ui.label(Type::Small.rich(words, theme::TEXT_MUTED));
        }
    });
}
