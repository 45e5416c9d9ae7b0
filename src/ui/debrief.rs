//! The debrief in leaves: the result with the decisions that mattered, decisions with their worth, what was known, the
//! arithmetic of the score and luck, both tries, questions to discuss.

use std::time::Duration;

use egui::{Align, Layout, Margin, Panel, Ui, Vec2};

use super::leaves::{leaf_name, leaves};
use super::page::{page_column_ui, page_scroll_ui, section_ui};
use super::state::{DebriefState, Leaf, UiState};
use super::theme::{self, Type};
use super::widgets::card::exercise_ui;
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{bars, gap_ui};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::{DebriefView, WeighingState};

mod again;
mod decisions;
mod discuss;
mod gauge;
mod known;
mod result;
mod score;
mod tables;
mod time;
mod tries;
mod turning;

/// Time between two looks for results of the measurement.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Draws the debrief.
pub fn debrief_ui(ui: &mut Ui, state: &mut UiState, view: &DebriefView, actions: &mut Vec<Action>) {
    let state = &mut state.debrief;
    if state.run != view.log_digest {
        *state = DebriefState { run: view.log_digest.clone(), ..DebriefState::default() };
    }
    if !leaves(view).contains(&state.leaf) {
        state.leaf = Leaf::Result;
    }
    if matches!(view.weighing.state, WeighingState::Waiting | WeighingState::Running) {
        ui.ctx().request_repaint_after(LOOK_EVERY);
    }
    Panel::bottom("debrief actions")
        .resizable(false)
        .frame(egui::Frame::new().fill(theme::PANEL).inner_margin(Margin::symmetric(0, 12)))
        .show(ui, |ui| page_column_ui(ui, |ui| foot_ui(ui, view, actions)));
    Panel::top("debrief head")
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().fill(theme::GROUND).inner_margin(Margin::symmetric(0, 12)))
        .show(ui, |ui| {
            page_column_ui(ui, |ui| {
                head_ui(ui, view);
                gap_ui(ui, 1);
                tabs_ui(ui, state, view);
            });
        });
    // Each leaf opens at its top and keeps its place.
    page_scroll_ui(ui, leaf_name(state.leaf), |ui| {
        leaf_ui(ui, state, view, actions);
        gap_ui(ui, 5);
    });
}

fn leaf_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, actions: &mut Vec<Action>) {
    match state.leaf {
        Leaf::Result => {
            result::result_ui(ui, view);
            gap_ui(ui, 2);
            turning::turning_ui(ui, state, view);
            gap_ui(ui, 2);
            section_ui(ui, "What happened", |ui| result::curves_ui(ui, state, view, actions));
        }
        Leaf::Time => {
            if let Some(time) = &view.time {
                section_ui(ui, "Where the time went", |ui| time::time_ui(ui, state, view, time, actions));
            }
        }
        Leaf::Decisions => {
            section_ui(ui, "Your decisions", |ui| decisions::decisions_ui(ui, state, view, actions));
            if !view.missed.is_empty() {
                gap_ui(ui, 2);
                section_ui(ui, "Orders you did not give", |ui| decisions::missed_ui(ui, state, view, actions));
            }
        }
        Leaf::Known => {
            section_of(ui, "What you knew", view.known.as_ref());
            if let Some(confidence) = &view.confidence {
                gap_ui(ui, 2);
                section_ui(ui, "How far to trust your confidence", |ui| known::confidence_ui(ui, confidence));
            }
        }
        Leaf::Score => {
            section_ui(ui, "Objectives", |ui| score::objectives_ui(ui, view));
            if let Some(luck) = &view.luck {
                gap_ui(ui, 2);
                section_ui(ui, "Luck", |ui| score::luck_ui(ui, luck));
            }
            gap_ui(ui, 2);
            section_ui(ui, "What this rests on", |ui| basis_ui(ui, view, actions));
        }
        Leaf::Tries => {
            if let Some(tries) = &view.tries {
                tries::tries_ui(ui, tries);
            }
        }
        Leaf::Discuss => {
            section_ui(ui, "Discuss", |ui| discuss::questions_ui(ui, view));
            if !view.notes.is_empty() {
                gap_ui(ui, 2);
                section_ui(ui, "Notes", |ui| discuss::notes_ui(ui, view));
            }
        }
    }
}

fn section_of(ui: &mut Ui, title: &str, section: Option<&crate::exercise::view::SectionView>) {
    if let Some(section) = section {
        section_ui(ui, title, |ui| tables::section_view_ui(ui, section));
    }
}

fn head_ui(ui: &mut Ui, view: &DebriefView) {
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.set_max_width(ui.available_width() * 0.6);
            let over = format!("{}, {}", view.scenario, view.seat);
            ui.add(egui::Label::new(Type::Small.rich(over, theme::TEXT_MUTED)).truncate());
            ui.label(Type::Title.rich("Debrief", theme::TEXT));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            exercise_ui(ui);
            gap_ui(ui, 1);
            gauge::progress_ui(ui, &view.weighing);
        });
    });
}

fn tabs_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (index, leaf) in leaves(view).into_iter().enumerate() {
            let (text, name) = (format!("{}  {}", index + 1, leaf_name(leaf)), format!("Leaf {}", leaf_name(leaf)));
            if Push::new(&text).name(&name).selected(state.leaf == leaf).show(ui).clicked() {
                state.leaf = leaf;
            }
        }
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
            let report = Push::new("Write report").enabled(view.can_report).size_min(size);
            if report.hover("The after-action report as a page beside the run file (R)").show(ui).clicked() {
                actions.push(Action::from(ScreenAction::WriteReport));
            }
            for folder in &view.save_offers {
                let name = format!("Save to {folder}");
                if Push::new(&name).small().show(ui).clicked() {
                    actions.push(Action::from(ScreenAction::SaveRun(Some(folder.clone()))));
                }
            }
            match (&view.report, &view.saved) {
                (Some(Ok(path)), _) => note_ui(ui, &format!("Report: {path}"), theme::TEXT_MUTED),
                (Some(Err(why)), _) => note_ui(ui, &format!("No report: {why}"), theme::DEGRADED),
                (None, Some(Ok(path))) => note_ui(ui, path, theme::TEXT_MUTED),
                (None, Some(Err(why))) => note_ui(ui, &format!("Not saved: {why}"), theme::DEGRADED),
                (None, None) => {}
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
