//! The debrief: the score beside those of history and of doing nothing, objective by objective,
//! curve by curve, decision by decision.

use egui::{Align, Layout, Margin, Panel, Ui, Vec2};

use super::page::{page_column_ui, page_scroll_ui, section_ui};
use super::state::UiState;
use super::theme::{self, Type};
use super::widgets::card::exercise_ui;
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{bars, gap_ui};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::DebriefView;

mod result;
mod tables;

/// Draws the debrief.
pub fn debrief_ui(ui: &mut Ui, state: &mut UiState, view: &DebriefView, actions: &mut Vec<Action>) {
    Panel::bottom("debrief actions")
        .resizable(false)
        .frame(egui::Frame::new().fill(theme::PANEL).inner_margin(Margin::symmetric(0, 12)))
        .show(ui, |ui| page_column_ui(ui, |ui| foot_ui(ui, view, actions)));
    page_scroll_ui(ui, "debrief", |ui| {
        gap_ui(ui, 5);
        head_ui(ui, view);
        gap_ui(ui, 2);
        result::result_ui(ui, view);
        gap_ui(ui, 2);
        section_ui(ui, "Objectives", |ui| tables::objectives_ui(ui, view));
        gap_ui(ui, 2);
        section_ui(ui, "What happened", |ui| result::curves_ui(ui, state, view));
        gap_ui(ui, 2);
        section_ui(ui, "Your decisions", |ui| tables::decisions_ui(ui, view));
        gap_ui(ui, 2);
        if !view.notes.is_empty() {
            section_ui(ui, "Notes", |ui| tables::notes_ui(ui, view));
            gap_ui(ui, 2);
        }
        section_ui(ui, "What this rests on", |ui| basis_ui(ui, view, actions));
        gap_ui(ui, 5);
    });
}

fn head_ui(ui: &mut Ui, view: &DebriefView) {
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let over = format!("{}, {}", view.scenario, view.seat);
            ui.add(egui::Label::new(Type::Small.rich(over, theme::TEXT_MUTED)).truncate());
            ui.label(Type::Title.rich("Debrief", theme::TEXT));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), exercise_ui);
    });
}

fn foot_ui(ui: &mut Ui, view: &DebriefView, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        if Push::new("Start screen").quiet().show(ui).clicked() {
            actions.push(Action::from(ScreenAction::Leave));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let size = Vec2::new(120.0, 36.0);
            if Push::new("Try again").primary().size_min(size).show(ui).clicked() {
                actions.push(Action::from(ScreenAction::TryAgain));
            }
            let is_saved = matches!(view.saved, Some(Ok(_)));
            let save = Push::new(if is_saved { "Run saved" } else { "Save run" }).enabled(!is_saved).size_min(size);
            if save.show(ui).clicked() {
                actions.push(Action::from(ScreenAction::SaveRun(None)));
            }
            for folder in &view.save_offers {
                let name = format!("Save to {folder}");
                if Push::new(&name).small().show(ui).clicked() {
                    actions.push(Action::from(ScreenAction::SaveRun(Some(folder.clone()))));
                }
            }
            match &view.saved {
                Some(Ok(path)) => note_ui(ui, path, theme::TEXT_MUTED),
                Some(Err(why)) => note_ui(ui, &format!("Not saved: {why}"), theme::DEGRADED),
                None => {}
            }
        });
    });
}

fn note_ui(ui: &mut Ui, text: &str, ink: egui::Color32) {
    ui.add(egui::Label::new(Type::Small.rich(text, ink)).truncate());
}

fn basis_ui(ui: &mut Ui, view: &DebriefView, actions: &mut Vec<Action>) {
    bars::standing_with_key_ui(ui, view.figures);
    gap_ui(ui, 1);
    let push = Push::new("Every figure and its source").with_icon(Icon::Sources).name("Sources").hover("Sources (S)");
    if push.show(ui).clicked() {
        actions.push(Action::from(ScreenAction::OpenSources(None)));
    }
    gap_ui(ui, 1);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 24.0;
        ui.label(Type::Small.rich(format!("Seed {}", view.seed), theme::TEXT_SOFT));
        if !view.digest.is_empty() {
            ui.label(Type::Small.rich(format!("Digest {}", view.digest), theme::TEXT_SOFT));
        }
        if !view.log_digest.is_empty() {
            let digest = format!("Log digest {}", view.log_digest);
            let words = "Protects every order with its giver, confidence and reason, and every note";
            ui.label(Type::Small.rich(digest, theme::TEXT_SOFT)).on_hover_text(words);
        }
        ui.label(Type::Small.rich("Anyone with the run file can replay and verify this run", theme::TEXT_MUTED));
    });
}
