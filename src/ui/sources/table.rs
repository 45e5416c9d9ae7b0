//! The list of figures, grouped by owner. Only visible rows are drawn, so that long lists cost no more than short ones.

use egui::{Align2, Color32, Pos2, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2};

use super::standing_at;
use crate::exercise::view::{FactRow, FigureRow, SourcesView};
use crate::ui::format::thousands;
use crate::ui::state::{FoundFigures, SourcesLine, SourcesState};
use crate::ui::theme::{self, STANDINGS, Type};
use crate::ui::widgets::{focus_ring, name, text};

const ROW_HEIGHT: f32 = 30.0;
/// Left and right of the rows.
const MARGIN: f32 = 32.0;
/// Between two columns.
const GAP: f32 = 14.0;
/// Share of a name's space that its first part keeps.
const FIRST_PART_MIN: f32 = 0.35;
/// Headings with their shares of the width.
const COLUMNS: [(&str, f32); 5] = [
    ("Figure", 0.27),
    ("Value", 0.18),
    ("Standing", 0.115),
    ("Source in words", 0.265),
    ("Facts and confidence", 0.17),
];

/// Draws headings and rows.
pub fn table_ui(ui: &mut Ui, state: &mut SourcesState, view: &SourcesView, found: &FoundFigures) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (head, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 30.0), Sense::hover());
    for ((heading, _), cell) in COLUMNS.into_iter().zip(cells(head)) {
        let at = cell.left_center();
        text::line(ui.painter(), at, Align2::LEFT_CENTER, heading, Type::Caption, theme::TEXT_MUTED, cell.width());
    }
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, theme::HAIRLINE));
    if found.figures.is_empty() {
        return empty_ui(ui, state);
    }
    let lines = &found.lines;
    let height = ui.available_height();
    state.page_rows = ((height / ROW_HEIGHT) as usize).saturating_sub(1).max(1);
    let mut area = ScrollArea::vertical().id_salt("figures").auto_shrink(false);
    if std::mem::take(&mut state.scrolls_to_figure)
        && let Some(at) =
            lines.iter().position(|line| matches!(line, SourcesLine::Figure(index) if Some(*index) == state.figure))
    {
        area = area.vertical_scroll_offset((at as f32 * ROW_HEIGHT - height / 2.0).max(0.0));
    }
    area.show_rows(ui, ROW_HEIGHT, lines.len(), |ui, range| {
        for line in &lines[range] {
            match *line {
                SourcesLine::Owner { figure, figures } => owner_ui(ui, &view.figures[figure], figures),
                SourcesLine::Figure(index) => {
                    let is_open = state.figure == Some(index);
                    if figure_ui(ui, view, index, is_open).clicked() {
                        state.figure = (!is_open).then_some(index);
                    }
                }
            }
        }
    });
}

/// Columns of a row, without the gaps between them.
fn cells(row: Rect) -> [Rect; 5] {
    let width = row.width() - MARGIN - GAP;
    let mut left = row.left() + MARGIN;
    COLUMNS.map(|(_, share)| {
        let cell = Rect::from_min_size(Pos2::new(left, row.top()), Vec2::new(width * share - GAP, row.height()));
        left += width * share;
        cell
    })
}

fn empty_ui(ui: &mut Ui, state: &mut SourcesState) {
    ui.add_space(40.0);
    ui.horizontal(|ui| {
        ui.add_space(MARGIN);
        ui.vertical(|ui| {
            ui.label(Type::Heading.rich("No figure matches", theme::TEXT));
            ui.label(Type::Body.rich("Try fewer words, or show every standing", theme::TEXT_SOFT));
            if crate::ui::widgets::push::Push::new("Show all figures").show(ui).clicked() {
                (state.find, state.hides, state.fact) = (String::new(), [false; 3], None);
            }
        });
    });
}

fn owner_ui(ui: &mut Ui, figure: &FigureRow, figures: usize) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), Sense::hover());
    name(&response, format!("{}, {}, {figures} figures", figure.owner, figure.owner_kind));
    let painter = ui.painter();
    let y = rect.center().y + 4.0;
    let at = Pos2::new(rect.left() + MARGIN, y);
    let drawn =
        text::line(painter, at, Align2::LEFT_CENTER, &figure.owner, Type::Strong, theme::TEXT, rect.width() * 0.7);
    let kind = format!("{}  ·  {}", figure.owner_kind, thousands(figures as u64));
    let at = Pos2::new(drawn.right() + 10.0, y + 0.5);
    text::line(painter, at, Align2::LEFT_CENTER, &kind, Type::Caption, theme::TEXT_MUTED, 200.0);
    painter.hline(rect.x_range(), rect.top(), Stroke::new(1.0, theme::HAIRLINE));
}

/// Draws a row; a click on any part of it opens the figure at the side.
fn figure_ui(ui: &mut Ui, view: &SourcesView, index: usize, is_open: bool) -> Response {
    let figure = &view.figures[index];
    let size = Vec2::new(ui.available_width(), ROW_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    // The widget's id belongs to the figure, so that the figure keeps the keyboard while the list scrolls.
    let response = ui.interact(rect, ui.id().with(("figure", index)), Sense::click());
    let label = label_of(view, figure);
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_open, &label));
    let ground = Rect::from_min_max(
        Pos2::new(rect.left() + MARGIN - 10.0, rect.top() + 1.0),
        Pos2::new(rect.right() - 6.0, rect.bottom() - 1.0),
    );
    let (fill, outline) = match () {
        () if is_open => (theme::ACCENT_DIM, theme::ACCENT),
        () if response.hovered() => (theme::RAISED, Color32::TRANSPARENT),
        () => (Color32::TRANSPARENT, Color32::TRANSPARENT),
    };
    ui.painter().rect(ground, theme::RADIUS_SMALL, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
    let [label, value, standing, words, facts] = cells(rect);
    let cell = |cell: Rect, words: &str, kind: Type, ink: Color32| {
        text::line(ui.painter(), cell.left_center(), Align2::LEFT_CENTER, words, kind, ink, cell.width());
    };
    label_in(ui, label, &figure.label);
    cell(value, &figure.value, Type::Strong, theme::TEXT);
    standing_at(ui, standing.left_center(), figure.standing, standing.width());
    cell(words, &figure.words, Type::Small, theme::TEXT_SOFT);
    facts_in(ui, facts, view, figure);
    focus_ring(ui, &response, ground);
    response.on_hover_ui_at_pointer(|ui| hover_ui(ui, view, figure))
}

/// Draws a figure's name. If it is too long, its first part is cut, because the last part names the figure.
fn label_in(ui: &Ui, cell: Rect, label: &str) {
    let painter = ui.painter();
    let line = |at: Pos2, words: &str, space: f32| {
        text::line(painter, at, Align2::LEFT_CENTER, words, Type::Body, theme::TEXT, space)
    };
    let is_whole = text::width(painter, label, Type::Body) <= cell.width();
    match label.split_once(", ").filter(|_| !is_whole) {
        None => line(cell.left_center(), label, cell.width()),
        Some((first, rest)) => {
            let rest = format!(", {rest}");
            let space = cell.width() - text::width(painter, &rest, Type::Body);
            let drawn = line(cell.left_center(), first, space.max(cell.width() * FIRST_PART_MIN));
            line(drawn.right_center(), &rest, cell.right() - drawn.right())
        }
    };
}

/// Draws ids, each with the code of its confidence in a box; ids that do not fit are counted.
fn facts_in(ui: &Ui, cell: Rect, view: &SourcesView, figure: &FigureRow) {
    let mut left = cell.left();
    let y = cell.center().y;
    for (at, fact) in figure.facts.iter().map(|fact| &view.facts[*fact]).enumerate() {
        let width = fact_width(ui, fact);
        let rest = figure.facts.len() - at;
        let space = if rest == 1 { cell.right() } else { cell.right() - 24.0 };
        if space < left + width {
            let words = format!("+{rest}");
            let at = Pos2::new(left, y);
            text::line(ui.painter(), at, Align2::LEFT_CENTER, &words, Type::Caption, theme::TEXT_MUTED, 30.0);
            return;
        }
        fact_at(ui, Pos2::new(left, y), fact);
        left += width + 10.0;
    }
}

fn fact_width(ui: &Ui, fact: &FactRow) -> f32 {
    let width = |words: &str, kind: Type| text::width(ui.painter(), words, kind);
    width(&fact.id, Type::Small) + 5.0 + width(&fact.confidence, Type::Caption) + 8.0
}

/// Draws one id with its code: `CS04` and `V1` in a box.
pub fn fact_at(ui: &Ui, at: Pos2, fact: &FactRow) {
    let painter = ui.painter();
    let id = text::line(painter, at, Align2::LEFT_CENTER, &fact.id, Type::Small, theme::TEXT_SOFT, 80.0);
    let width = text::width(painter, &fact.confidence, Type::Caption) + 8.0;
    let code = Rect::from_min_size(Pos2::new(id.right() + 5.0, at.y - 8.0), Vec2::new(width, 16.0));
    painter.rect_filled(code, 4.0, theme::RAISED_HOVER);
    text::line(painter, code.center(), Align2::CENTER_CENTER, &fact.confidence, Type::Caption, theme::TEXT, 40.0);
}

/// All content of a row as text, for the accessibility tree.
fn label_of(view: &SourcesView, figure: &FigureRow) -> String {
    let facts = figure.facts.iter().map(|fact| &view.facts[*fact]);
    let facts: Vec<String> = facts.map(|fact| format!("{} {}", fact.id, fact.confidence)).collect();
    let (word, _) = STANDINGS[figure.standing as usize];
    let mut parts = vec![figure.owner.as_str(), &figure.label, &figure.value, word];
    let facts = facts.join(" ");
    parts.extend([figure.words.as_str(), &facts].into_iter().filter(|part| !part.is_empty()));
    parts.join(", ")
}

fn hover_ui(ui: &mut Ui, view: &SourcesView, figure: &FigureRow) {
    ui.set_max_width(420.0);
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.label(Type::Strong.rich(format!("{}: {}", figure.label, figure.value), theme::TEXT));
    ui.label(Type::Small.rich(&figure.source, theme::TEXT_SOFT));
    for fact in figure.facts.iter().map(|fact| &view.facts[*fact]) {
        let words = format!("{}  {}  {}", fact.id, fact.confidence, fact.about);
        ui.label(Type::Small.rich(words, theme::TEXT_MUTED));
    }
}
