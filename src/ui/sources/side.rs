//! The side of the page: the opened figure in full, or else the facts and how many figures cite each.

use egui::{Align, Align2, Frame, Label, Layout, Margin, Pos2, ScrollArea, Sense, Stroke, Ui, Vec2};

use super::table::fact_at;
use super::{MEANINGS, standing_at};
use crate::exercise::view::{FactRow, FigureRow, SourcesView};
use crate::ui::format::{capital, counted, thousands};
use crate::ui::state::SourcesState;
use crate::ui::theme::{self, STANDINGS, Type};
use crate::ui::widgets::card::{Pressable, pressable_ui};
use crate::ui::widgets::icons::Icon;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{focus_ring, gap_ui, name, rule_ui, text};

const FACT_HEIGHT: f32 = 46.0;
const MARGIN: f32 = 20.0;

/// Draws the side.
pub fn side_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView) {
    match state.figure.and_then(|index| view.figures.get(index)) {
        Some(figure) => figure_ui(ui, state, view, figure),
        None => facts_ui(ui, state, view),
    }
}

fn figure_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView, figure: &FigureRow) {
    let frame = Frame::new().inner_margin(Margin::symmetric(MARGIN as i8, 16));
    ScrollArea::vertical().id_salt(("opened figure", state.figure)).auto_shrink(false).show(ui, |ui| {
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if Push::icon(Icon::Close, "Close figure").quiet().show(ui).clicked() {
                        state.figure = None;
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let over = format!("{}, {}", figure.owner, figure.owner_kind);
                        ui.add(Label::new(Type::Small.rich(over, theme::TEXT_MUTED)).truncate());
                    });
                });
            });
            ui.add(Label::new(Type::Heading.rich(&figure.label, theme::TEXT)).wrap());
            ui.add(Label::new(Type::Title.rich(&figure.value, theme::TEXT)).wrap());
            let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 20.0), Sense::hover());
            standing_at(ui, rect.left_center(), figure.standing, rect.width());
            name(&response, STANDINGS[figure.standing as usize].0);
            ui.label(Type::Small.rich(capital(MEANINGS[figure.standing as usize]), theme::TEXT_MUTED));
            gap_ui(ui, 1);
            rule_ui(ui);
            gap_ui(ui, 1);
            ui.label(Type::Caption.rich("Source as written", theme::TEXT_MUTED));
            ui.add(Label::new(Type::Body.rich(&figure.source, theme::TEXT)).wrap());
            gap_ui(ui, 1);
            if figure.facts.is_empty() {
                ui.label(Type::Small.rich("No published fact is cited", theme::TEXT_MUTED));
            } else {
                ui.label(Type::Caption.rich("Facts cited", theme::TEXT_MUTED));
            }
            for fact in &figure.facts {
                cited_ui(ui, state, *fact, &view.facts[*fact]);
            }
            gap_ui(ui, 1);
            ui.label(Type::Caption.rich("Place in the scenario's files", theme::TEXT_MUTED));
            ui.add(Label::new(Type::Small.rich(&figure.path, theme::TEXT_SOFT)).wrap());
        });
    });
}

/// A fact in full; a click lists all figures that cite it.
fn cited_ui(ui: &mut Ui, state: &mut SourcesState, index: usize, fact: &FactRow) {
    let figures = counted(fact.cited as u64, "figure rests", "figures rest");
    let label = format!("Fact {}, {}, {}, {}", fact.id, fact.about, fact.publication, fact.confidence_words);
    let mut card = Pressable::new(ui.id().with(("cited", index)), label);
    card.is_selected = state.fact == Some(index);
    let inner = pressable_ui(ui, card, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 18.0), Sense::hover());
        fact_at(ui, rect.left_center(), fact);
        let at = rect.right_center();
        let words = fact.confidence_words;
        text::line(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Small, theme::TEXT_MUTED, rect.width() - 90.0);
        ui.add(Label::new(Type::Strong.rich(&fact.about, theme::TEXT)).wrap());
        ui.add(Label::new(Type::Small.rich(&fact.publication, theme::TEXT_SOFT)).wrap());
        ui.label(Type::Small.rich(format!("{figures} on it"), theme::ACCENT));
    });
    if inner.response.clicked() {
        state.fact = if state.fact == Some(index) { None } else { Some(index) };
    }
}

/// Draws all facts; those that no figure cites are last and faint.
fn facts_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView) {
    let (mut order, idle): (Vec<usize>, Vec<usize>) =
        (0..view.facts.len()).partition(|fact| 0 < view.facts[*fact].cited);
    let cited = order.len();
    order.extend(idle);
    Frame::new().inner_margin(Margin { left: MARGIN as i8, right: MARGIN as i8, top: 14, bottom: 8 }).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(Type::Heading.rich("Facts of the published record", theme::TEXT));
        let (cited, all) = (thousands(cited as u64), thousands(view.facts.len() as u64));
        let words = if view.facts.is_empty() {
            "This scenario cites no fact".to_owned()
        } else {
            format!("{cited} of {all} are cited. Choose one to see what rests on it")
        };
        ui.add(Label::new(Type::Small.rich(words, theme::TEXT_MUTED)).wrap());
    });
    rule_ui(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("facts").auto_shrink(false).show_rows(ui, FACT_HEIGHT, order.len(), |ui, range| {
        for index in &order[range] {
            fact_ui(ui, state, *index, &view.facts[*index]);
        }
    });
}

fn fact_ui(ui: &mut Ui, state: &mut SourcesState, index: usize, fact: &FactRow) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), FACT_HEIGHT), Sense::hover());
    let response = ui.interact(rect, ui.id().with(("fact", index)), Sense::click());
    let is_chosen = state.fact == Some(index);
    let cited = counted(fact.cited as u64, "figure", "figures");
    let label =
        format!("Fact {}, {}, {}, {}, cited by {cited}", fact.id, fact.about, fact.publication, fact.confidence);
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_chosen, &label));
    let ground = rect.shrink2(Vec2::new(8.0, 1.0));
    if is_chosen || response.hovered() {
        let (fill, outline) =
            if is_chosen { (theme::ACCENT_DIM, theme::ACCENT) } else { (theme::RAISED, theme::RAISED) };
        let stroke = Stroke::new(1.0, outline);
        ui.painter().rect(ground, theme::RADIUS_SMALL, fill, stroke, egui::StrokeKind::Inside);
    }
    let inner = rect.shrink2(Vec2::new(MARGIN, 0.0));
    let upper = Pos2::new(inner.left(), rect.top() + 15.0);
    fact_at(ui, upper, fact);
    let ink = if fact.cited == 0 { theme::TEXT_MUTED } else { theme::TEXT };
    let words = if fact.cited == 0 { "not cited".to_owned() } else { format!("×{}", thousands(fact.cited as u64)) };
    let end = Pos2::new(inner.right(), upper.y);
    text::line(ui.painter(), end, Align2::RIGHT_CENTER, &words, Type::Small, theme::TEXT_MUTED, 80.0);
    let source = Pos2::new(inner.left() + 84.0, upper.y);
    let space = inner.right() - 60.0 - source.x;
    text::line(ui.painter(), source, Align2::LEFT_CENTER, &fact.publication, Type::Small, theme::TEXT_MUTED, space);
    let lower = Pos2::new(inner.left(), rect.top() + 33.0);
    text::line(ui.painter(), lower, Align2::LEFT_CENTER, &fact.about, Type::Small, ink, inner.width());
    focus_ring(ui, &response, ground);
    let response = response.on_hover_text(format!("{}\n{}\n{}", fact.about, fact.publication, fact.confidence_words));
    if response.clicked() {
        state.fact = (!is_chosen).then_some(index);
    }
}
