//! The briefing: one page to read before the clock starts.

use egui::{Align, Align2, Color32, Layout, Margin, Panel, Rect, Sense, Ui, Vec2};

use super::format;
use super::page::{page_column_ui, page_head_ui, page_scroll_ui, section_ui};
use super::state::{SeedState, UiState};
use super::theme::{self, Type};
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{gap_ui, text};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::{BriefingView, PreparationRow, PreparationView};
use crate::scenario::morning::AS_IT_WAS;

/// Draws the briefing.
pub fn briefing_ui(ui: &mut Ui, state: &mut UiState, view: &BriefingView, actions: &mut Vec<Action>) {
    banner_ui(ui);
    Panel::bottom("briefing actions")
        .resizable(false)
        .frame(egui::Frame::new().fill(theme::PANEL).inner_margin(Margin::symmetric(0, 14)))
        .show(ui, |ui| page_column_ui(ui, |ui| foot_ui(ui, view, actions)));
    page_scroll_ui(ui, "briefing", |ui| {
        gap_ui(ui, 5);
        let mut seed = None;
        if page_head_ui(ui, &view.scenario, &view.seat, |ui| seed = seed_ui(ui, &mut state.seed, view)) {
            actions.push(Action::from(ScreenAction::Back));
        }
        actions.extend(seed.map(|seed| Action::from(ScreenAction::ChooseSeed(seed))));
        gap_ui(ui, 4);
        body_ui(ui, view, actions);
        gap_ui(ui, 5);
    });
}

fn banner_ui(ui: &mut Ui) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 26.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme::EXERCISE);
    let words = "EXERCISE   This is a simulation for training, no real system is affected";
    let ink = theme::EXERCISE_INK;
    text::line(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, Type::SmallStrong, ink, rect.width());
    super::widgets::name(&response, "EXERCISE, a simulation for training");
}

fn foot_ui(ui: &mut Ui, view: &BriefingView, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_height(42.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let begin = Push::new("Begin exercise").with_icon(Icon::Play).primary().size_min(Vec2::new(190.0, 42.0));
            let hover = format!("The clock starts at {} (Enter)", view.starts);
            let begin = begin.hover(&hover);
            if begin.show(ui).clicked() {
                actions.push(Action::from(ScreenAction::Begin));
            }
            if let Some(late) = &view.late_start {
                let hover =
                    format!("The clock starts at {}, right before the event; nothing was done until then", late.time);
                let push = Push::new("Begin just before the event").hover(&hover).size_min(Vec2::new(0.0, 42.0));
                if push.show(ui).clicked() {
                    actions.push(Action::from(ScreenAction::BeginAt(late.minute)));
                }
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let clock = format!("The clock starts at {}", view.starts);
                ui.add(egui::Label::new(Type::Body.rich(clock, theme::TEXT_SOFT)).truncate());
                if let Some(preparation) = &view.preparation {
                    let spent = format::usd(preparation.budget_usd - preparation.left_usd);
                    let words = format!("{spent} of {} spent on preparation", format::usd(preparation.budget_usd));
                    ui.add(egui::Label::new(Type::Small.rich(words, theme::TEXT_MUTED)).truncate());
                }
            });
        });
    });
}

fn body_ui(ui: &mut Ui, view: &BriefingView, actions: &mut Vec<Action>) {
    let spacing = 20.0;
    let total = ui.available_width();
    let left = ((total - spacing) * 0.56).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = spacing;
        column_ui(ui, left, |ui| {
            situation_ui(ui, view);
            gap_ui(ui, 1);
            bullets_ui(ui, "Advice", &view.advice, theme::TEXT_SOFT);
            gap_ui(ui, 1);
            bullets_ui(ui, "What the model takes for granted", &view.assumptions, theme::TEXT_MUTED);
        });
        column_ui(ui, total - left - spacing, |ui| {
            objectives_ui(ui, view);
            gap_ui(ui, 1);
            if let Some(preparation) = &view.preparation {
                preparation_ui(ui, preparation, actions);
                gap_ui(ui, 1);
            }
            services_ui(ui, view);
            gap_ui(ui, 1);
            people_ui(ui, view);
        });
    });
}

fn column_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(Vec2::new(width, 0.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        add(ui);
    });
}

fn situation_ui(ui: &mut Ui, view: &BriefingView) {
    section_ui(ui, "Situation", |ui| {
        for paragraph in &view.situation {
            let text = Type::Body.rich(paragraph, theme::TEXT_SOFT).line_height(Some(21.0));
            ui.label(text);
        }
    });
}

/// Draws a list of sentences under a title; nothing if the list is empty.
fn bullets_ui(ui: &mut Ui, title: &str, lines: &[String], ink: Color32) {
    if lines.is_empty() {
        return;
    }
    section_ui(ui, title, |ui| {
        for line in lines {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let (rect, _) = ui.allocate_exact_size(Vec2::new(8.0, 18.0), Sense::hover());
                ui.painter().circle_filled(rect.center(), 2.5, theme::ACCENT);
                ui.add(egui::Label::new(Type::Body.rich(line, ink)).wrap());
            });
        }
    });
}

fn objectives_ui(ui: &mut Ui, view: &BriefingView) {
    section_ui(ui, "Your objectives", |ui| {
        for objective in &view.objectives {
            let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 36.0), Sense::hover());
            let weight = format!("{:.0}\u{a0}%", objective.weight_pct);
            let ink = theme::TEXT;
            text::line(
                ui.painter(),
                rect.left_top(),
                Align2::LEFT_TOP,
                &objective.name,
                Type::Body,
                ink,
                rect.width() - 56.0,
            );
            text::figures(ui.painter(), rect.right_top(), Align2::RIGHT_TOP, &weight, Type::Strong, theme::TEXT_SOFT);
            let bar =
                Rect::from_min_max(rect.left_top() + Vec2::new(0.0, 24.0), rect.right_top() + Vec2::new(0.0, 28.0));
            super::widgets::bars::level(ui.painter(), bar, objective.weight_pct / 100.0, 0.0, theme::ACCENT);
            let label = format!("{}, weight {:.0} %", objective.name, objective.weight_pct);
            super::widgets::name(&response, label.clone());
            response.on_hover_text(label);
        }
    });
}

/// Draws the preparations on sale before the clock runs.
fn preparation_ui(ui: &mut Ui, view: &PreparationView, actions: &mut Vec<Action>) {
    section_ui(ui, "Prepare", |ui| {
        let words =
            "Bought now, in force from the first minute. Boards decide this years ahead; the debrief lists your choice";
        ui.add(egui::Label::new(Type::Small.rich(words, theme::TEXT_MUTED)).wrap());
        let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 30.0), Sense::hover());
        let left = format!("{} left", format::usd(view.left_usd));
        let budget = format!("of {}", format::usd(view.budget_usd));
        text::line(ui.painter(), rect.left_top(), Align2::LEFT_TOP, &left, Type::Strong, theme::TEXT, 200.0);
        text::line(ui.painter(), rect.right_top(), Align2::RIGHT_TOP, &budget, Type::Body, theme::TEXT_SOFT, 200.0);
        let bar = Rect::from_min_max(rect.left_top() + Vec2::new(0.0, 22.0), rect.right_top() + Vec2::new(0.0, 26.0));
        let share = view.left_usd / view.budget_usd.max(1.0);
        super::widgets::bars::level(ui.painter(), bar, share, 0.0, theme::ACCENT);
        super::widgets::name(&response, format!("Preparation, {left} {budget}"));
        for option in &view.options {
            gap_ui(ui, 1);
            preparation_row_ui(ui, option, actions);
        }
    });
}

fn preparation_row_ui(ui: &mut Ui, option: &PreparationRow, actions: &mut Vec<Action>) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 20.0), Sense::hover());
    let cost = format::usd(option.cost_usd);
    let space = rect.width() - 90.0;
    text::line(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, &option.name, Type::Strong, theme::TEXT, space);
    let ink = theme::TEXT_SOFT;
    text::figures(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &cost, Type::Strong, ink);
    ui.add(egui::Label::new(Type::Small.rich(&option.summary, theme::TEXT_SOFT)).wrap());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(6.0, 6.0);
        for target in &option.targets {
            let (words, icon) = if target.is_chosen { ("prepared", Some(Icon::Check)) } else { ("not prepared", None) };
            let name = format!("{}, {}, {cost}, {words}", option.name, target.label);
            let hover = target.refusal.as_deref().unwrap_or_default();
            let mut push = Push::new(&target.label).small().name(&name).hover(hover).selected(target.is_chosen);
            if let Some(icon) = icon {
                push = push.with_icon(icon);
            }
            if push.enabled(target.refusal.is_none()).show(ui).clicked() {
                actions
                    .push(Action::from(ScreenAction::Prepare { mitigation: option.mitigation, target: target.target }));
            }
        }
    });
}

fn services_ui(ui: &mut Ui, view: &BriefingView) {
    section_ui(ui, "Your services", |ui| {
        ui.label(Type::Small.rich("How long each may stay below target before harm is intolerable", theme::TEXT_MUTED));
        for service in &view.services {
            let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 36.0), Sense::hover());
            let space = rect.width() - 100.0;
            let tolerance = format::span(service.tolerance_min);
            text::line(ui.painter(), rect.left_top(), Align2::LEFT_TOP, &service.name, Type::Body, theme::TEXT, space);
            let under = rect.left_top() + Vec2::new(0.0, 18.0);
            text::line(
                ui.painter(),
                under,
                Align2::LEFT_TOP,
                &service.organisation,
                Type::Small,
                theme::TEXT_MUTED,
                space,
            );
            text::line(
                ui.painter(),
                rect.right_top(),
                Align2::RIGHT_TOP,
                &tolerance,
                Type::Strong,
                theme::TEXT_SOFT,
                96.0,
            );
            let label = format!("{}, {}, impact tolerance {tolerance}", service.name, service.organisation);
            super::widgets::name(&response, label.clone());
            response.on_hover_text(label);
        }
    });
}

fn people_ui(ui: &mut Ui, view: &BriefingView) {
    section_ui(ui, "Your people", |ui| {
        ui.label(Type::Body.rich(&view.people, theme::TEXT_SOFT));
        let orders = format::counted(view.mitigations as u64, "mitigation", "mitigations");
        ui.label(Type::Body.rich(format!("{orders} you may order"), theme::TEXT_SOFT));
    });
}

/// Draws the seed of the run: a button for another seed and a field for any number. Returns the choice.
fn seed_ui(ui: &mut Ui, state: &mut SeedState, view: &BriefingView) -> Option<u64> {
    if state.seed != Some(view.seed) {
        *state = SeedState { text: view.seed.to_string(), seed: Some(view.seed), asked: Some(view.seed) };
    }
    let help = "Seed 1 is the day as it was. Every other seed is another morning: figures that nobody documented lie \
                elsewhere in their ranges, and luck is drawn anew. The same seed brings the same morning again.";
    let mut choice = None;
    if Push::new("Another morning").small().hover(help).show(ui).clicked() {
        choice = Some(view.seed.wrapping_add(1));
    }
    let field = egui::TextEdit::singleline(&mut state.text).char_limit(20).desired_width(90.0);
    let response = ui.add(field.margin(Margin::symmetric(8, 5)));
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label("Seed of the run"));
    ui.label(Type::Small.rich("Seed", theme::TEXT_MUTED)).on_hover_text(help);
    let morning = if view.seed == AS_IT_WAS { "The day as it was" } else { "A day that could have been" };
    ui.label(Type::SmallStrong.rich(morning, theme::TEXT_SOFT)).on_hover_text(help);
    if response.lost_focus() {
        match state.text.trim().parse() {
            Ok(seed) if state.asked != Some(seed) => {
                state.asked = Some(seed);
                choice = choice.or(Some(seed));
            }
            Ok(_) => {}
            // An invalid text is replaced by the seed in force.
            Err(_) => state.seed = None,
        }
    }
    choice
}
