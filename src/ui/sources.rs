//! The page of sources: every figure of a scenario in a list that is searched and filtered, and at
//! the side the source of one figure, or all facts with the number of figures that cite each.

mod side;
mod table;

use std::sync::Arc;

use egui::{Align, Frame, Layout, Margin, Panel, TextEdit, Ui, Vec2};

use super::format::{capital, counted, thousands};
use super::page::page_head_ui;
use super::state::{FoundFigures, SourcesLine, SourcesState};
use super::theme::{self, STANDINGS, STANDINGS_IN_ORDER, Type};
use super::widgets::bars::standing_ui;
use super::widgets::card::exercise_ui;
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{gap_ui, shapes};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::SourcesView;
use crate::scenario::figures::has_words;

/// The meaning of each standing, in the order of [`STANDINGS`].
const MEANINGS: [&str; 3] = [
    "rests on the published record",
    "judged from the record or from the practice of the field",
    "made up so that the exercise works",
];

/// Below this width, the side panel is under the list, and the filters take two rows.
const NARROW: f32 = 1100.0;

/// Draws the page.
pub fn sources_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView, actions: &mut Vec<Action>) {
    let found = found(state, view);
    let whole = ui.max_rect();
    Panel::top("sources head")
        .resizable(false)
        .frame(Frame::new().fill(theme::GROUND).inner_margin(Margin { left: 32, right: 32, top: 20, bottom: 12 }))
        .show_separator_line(false)
        .show(ui, |ui| head_ui(ui, state, view, &found, actions));
    let frame = Frame::new().fill(theme::PANEL);
    if whole.width() < NARROW {
        let height = (whole.height() * 0.36).clamp(180.0, 320.0);
        let side = Panel::bottom("sources side").resizable(false).exact_size(height).frame(frame);
        side.show(ui, |ui| side::side_ui(ui, state, view));
    } else {
        let width = (whole.width() * 0.29).clamp(330.0, 480.0);
        let side = Panel::right("sources side").resizable(false).exact_size(width).frame(frame);
        side.show(ui, |ui| side::side_ui(ui, state, view));
    }
    egui::CentralPanel::default().frame(Frame::new()).show(ui, |ui| table::table_ui(ui, state, view, &found));
}

/// Figures that contain the words, have a standing that is shown, and cite the fact. The result is kept until
/// the query changes.
pub fn found(state: &mut SourcesState, view: &SourcesView) -> Arc<FoundFigures> {
    let query = (state.find.clone(), state.hides, state.fact, view.figures.len());
    if let Some((_, found)) = state.found.as_ref().filter(|(asked, _)| *asked == query) {
        return found.clone();
    }
    let is_found = |index: &usize| {
        let figure = &view.figures[*index];
        !state.hides[figure.standing as usize]
            && state.fact.is_none_or(|fact| figure.facts.contains(&fact))
            && has_words(&figure.searched, &state.find)
    };
    let figures: Vec<usize> = (0..view.figures.len()).filter(is_found).collect();
    let mut counts = [0; 3];
    figures.iter().for_each(|index| counts[view.figures[*index].standing as usize] += 1);
    let found = Arc::new(FoundFigures { lines: lines(view, &figures), figures, counts });
    state.found = Some((query, found.clone()));
    found
}

/// Figures under their owners.
fn lines(view: &SourcesView, figures: &[usize]) -> Vec<SourcesLine> {
    let is_same = |a: &usize, b: &usize| {
        let (a, b) = (&view.figures[*a], &view.figures[*b]);
        a.owner == b.owner && a.owner_kind == b.owner_kind
    };
    let mut lines = Vec::with_capacity(figures.len() * 2);
    for group in figures.chunk_by(is_same) {
        lines.push(SourcesLine::Owner { figure: group[0], figures: group.len() });
        lines.extend(group.iter().map(|index| SourcesLine::Figure(*index)));
    }
    lines
}

fn head_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView, found: &FoundFigures, actions: &mut Vec<Action>) {
    let right = |ui: &mut Ui| {
        exercise_ui(ui);
    };
    if page_head_ui(ui, &view.scenario, "What every figure rests on", right) {
        actions.push(Action::from(ScreenAction::Back));
    }
    gap_ui(ui, 2);
    let is_narrow = ui.available_width() < NARROW - 64.0;
    ui.horizontal(|ui| {
        find_ui(ui, state);
        ui.add_space(8.0);
        if !is_narrow {
            toggles_ui(ui, state, view);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| count_ui(ui, state, view, found));
    });
    if is_narrow {
        ui.horizontal(|ui| toggles_ui(ui, state, view));
    }
    gap_ui(ui, 1);
    standing_ui(ui, found.counts, ui.available_width());
}

/// Draws the number of figures shown, and the fact that they must cite.
fn count_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView, found: &FoundFigures) {
    let (shown, all) = (found.figures.len() as u64, view.figures.len() as u64);
    let words = if shown == all {
        counted(all, "figure", "figures")
    } else {
        format!("{} of {} figures", thousands(shown), thousands(all))
    };
    ui.label(Type::Strong.rich(words, theme::TEXT));
    if let Some(fact) = state.fact.and_then(|fact| view.facts.get(fact)) {
        let words = format!("Cites {}", fact.id);
        let name = format!("Show figures with any fact, now only those that cite {}", fact.id);
        if Push::new(&words).with_icon(Icon::Close).name(&name).small().selected(true).show(ui).clicked() {
            state.fact = None;
        }
    }
}

fn find_ui(ui: &mut Ui, state: &mut SourcesState) {
    let label = "Find figures by any words";
    let field = TextEdit::singleline(&mut state.find)
        .hint_text(label)
        .font(Type::Body.font())
        .margin(Margin::symmetric(10, 7))
        .desired_width((ui.available_width() * 0.27).clamp(220.0, 420.0));
    let response = ui.add(field);
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label(label));
    if std::mem::take(&mut state.wants_find) {
        response.request_focus();
    }
}

/// Draws a switch for each standing, with its shape and the number of its figures.
fn toggles_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView) {
    for (index, ((word, _), standing)) in STANDINGS.into_iter().zip(STANDINGS_IN_ORDER).enumerate() {
        let words = format!("{} {word}", thousands(view.counts[index] as u64));
        let hover = format!("{}: {} (key {})", capital(word), MEANINGS[index], index + 1);
        let name = format!("Show {word} figures, {}", thousands(view.counts[index] as u64));
        let push = Push::new(&words).with_icon(Icon::Standing(standing)).name(&name).hover(&hover);
        if push.small().selected(!state.hides[index]).show(ui).clicked() {
            state.hides[index] = !state.hides[index];
        }
    }
}

/// Draws the shape and word of a standing at a place.
fn standing_at(ui: &Ui, at: egui::Pos2, standing: crate::scenario::schema::Standing, width: f32) {
    let (word, color) = STANDINGS[standing as usize];
    shapes::standing(ui.painter(), at + Vec2::new(5.0, 0.0), 5.0, standing);
    let at = at + Vec2::new(17.0, 0.0);
    let anchor = egui::Align2::LEFT_CENTER;
    super::widgets::text::line(ui.painter(), at, anchor, &capital(word), Type::Small, color, width - 17.0);
}
