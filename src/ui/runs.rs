//! Runs on the start screen: exercises to continue, finished ones to review.

use egui::{Align, Layout, Ui};

use super::theme::{self, Type};
use super::widgets::card::card_ui;
use super::widgets::gap_ui;
use super::widgets::push::Push;
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::{RunCard, StartView};

/// Runs shown of each kind before a person asks for more.
const SHOWN: usize = 3;

/// Draws the exercises to continue.
pub fn unfinished_ui(ui: &mut Ui, view: &StartView, actions: &mut Vec<Action>) {
    let list = List { title: "Continue an exercise", verb: "Continue", reached: "stopped at" };
    list_ui(ui, &list, &view.unfinished, |file| actions.push(Action::from(ScreenAction::ContinueRun(file))));
}

/// Draws the finished runs.
pub fn finished_ui(ui: &mut Ui, view: &StartView, actions: &mut Vec<Action>) {
    let list = List { title: "Review a finished run", verb: "Review", reached: "ended at" };
    list_ui(ui, &list, &view.finished, |file| actions.push(Action::from(ScreenAction::ReviewRun(file))));
}

/// The words of a list.
struct List {
    title: &'static str,
    verb: &'static str,
    reached: &'static str,
}

fn list_ui(ui: &mut Ui, list: &List, runs: &[RunCard], mut open: impl FnMut(String)) {
    if runs.is_empty() {
        return;
    }
    ui.label(Type::Heading.rich(list.title, theme::TEXT_SOFT));
    gap_ui(ui, 1);
    let id = ui.id().with(("all runs", list.verb));
    let shows_all = ui.data(|data| data.get_temp(id).unwrap_or(false));
    let shown = if shows_all { runs.len() } else { SHOWN.min(runs.len()) };
    card_ui(ui, 8, |ui| {
        ui.set_width(ui.available_width());
        for run in &runs[..shown] {
            if run_ui(ui, list, run) {
                open(run.file.clone());
            }
        }
    });
    if shown < runs.len() {
        let more = format!("Show {} more", runs.len() - shown);
        let name = format!("{more} to {}", list.verb.to_lowercase());
        if Push::new(&more).name(&name).quiet().small().show(ui).clicked() {
            ui.data_mut(|data| data.insert_temp(id, true));
        }
    }
    gap_ui(ui, 3);
}

/// Draws one run; true if it was pressed.
fn run_ui(ui: &mut Ui, list: &List, run: &RunCard) -> bool {
    ui.push_id(&run.file, |ui| {
        ui.horizontal(|ui| {
            ui.set_min_height(44.0);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(6.0);
                let name = format!("{} {}, {}, {}", list.verb, run.scenario, run.seat, run.when);
                let push = Push::new(list.verb).name(&name).hover(&run.file);
                let is_pressed = push.enabled(run.refusal.is_none()).show(ui).clicked();
                let points = run.points.map_or_else(String::new, |points| format!("{points:.0} points"));
                ui.label(Type::Strong.rich(points, theme::TEXT));
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    ui.add_space(4.0);
                    let title = format!("{} · {}", run.seat, run.scenario);
                    ui.add(egui::Label::new(Type::Strong.rich(title, theme::TEXT)).truncate());
                    let standing = match &run.refusal {
                        Some(refusal) => refusal.clone(),
                        None => format!("{} {} · {}", list.reached, run.reached, run.when),
                    };
                    ui.add(egui::Label::new(Type::Small.rich(standing, theme::TEXT_MUTED)).truncate());
                });
                is_pressed
            })
            .inner
        })
        .inner
    })
    .inner
}
