//! The debrief's plain tables.

use egui::{Align2, Color32, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2};

use crate::exercise::view::{DebriefView, ObjectiveRow, SectionView};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{bars, gap_ui, name, text};

/// One column: heading, share of the width, alignment of its text.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a>(&'a str, f32, Align2);

impl<'a> Column<'a> {
    pub const fn left(heading: &'a str, share: f32) -> Self {
        Self(heading, share, Align2::LEFT_CENTER)
    }

    pub const fn right(heading: &'a str, share: f32) -> Self {
        Self(heading, share, Align2::RIGHT_CENTER)
    }
}

const OBJECTIVE_COLUMNS: [Column; 7] = [
    Column::left("Objective", 0.27),
    Column::right("Weight", 0.08),
    Column::right("You", 0.13),
    Column::right("Do nothing", 0.13),
    Column::right("History", 0.12),
    Column::right("Par", 0.12),
    Column::right("Points", 0.15),
];

/// Draws the objectives: the trainee's result beside those of the comparison runs, and its points.
pub fn objectives_ui(ui: &mut Ui, view: &DebriefView) {
    head_ui(ui, &OBJECTIVE_COLUMNS);
    for row in &view.objectives {
        let weight = format!("{:.0}\u{a0}%", row.weight_pct);
        let points = row.points.map_or("…".to_owned(), |points| format!("{points:.0}"));
        let cells = [&row.name, &weight, &row.yours, &row.do_nothing, &row.reference, &row.par, &points];
        let label = format!(
            "{}, you {}, do nothing {}, history {}, par {}, points {points}",
            row.name, row.yours, row.do_nothing, row.reference, row.par
        );
        let response = row_ui(ui, &OBJECTIVE_COLUMNS, cells.map(String::as_str), label);
        points_bar(ui, &response, row);
    }
}

fn points_bar(ui: &Ui, response: &Response, row: &ObjectiveRow) {
    let Some(points) = row.points else { return };
    let right = response.rect.right() - 44.0;
    let left = response.rect.right() - response.rect.width() * 0.15 + 28.0;
    if right - left < 20.0 {
        return;
    }
    let y = response.rect.center().y;
    let rect = Rect::from_min_max(Pos2::new(left, y - 3.0), Pos2::new(right, y + 3.0));
    bars::level(ui.painter(), rect, points / 100.0, 0.0, theme::ACCENT);
}

/// Draws sentences and their table.
pub fn section_view_ui(ui: &mut Ui, section: &SectionView) {
    for sentence in &section.sentences {
        ui.add(egui::Label::new(Type::Body.rich(sentence, theme::TEXT_SOFT)).wrap());
    }
    if section.rows.is_empty() {
        return;
    }
    gap_ui(ui, 1);
    // The first column has the space of two.
    let share = 1.0 / (section.heads.len() + 1) as f32;
    let column = |(index, head): (usize, &'_ String)| match index {
        0 => (head.clone(), 2.0 * share, Align2::LEFT_CENTER),
        _ => (head.clone(), share, Align2::RIGHT_CENTER),
    };
    let columns: Vec<_> = section.heads.iter().enumerate().map(column).collect();
    let columns: Vec<Column<'_>> = columns.iter().map(|(head, share, align)| Column(head, *share, *align)).collect();
    table_ui(ui, &columns, &section.rows);
}

/// Draws rows of text under headings; the name of a row tells its cells with their headings.
pub fn table_ui<R: AsRef<[String]>>(ui: &mut Ui, columns: &[Column<'_>], rows: &[R]) {
    head_ui(ui, columns);
    for row in rows {
        let row = row.as_ref();
        let told = columns.iter().zip(row).skip(1).map(|(Column(head, ..), cell)| format!(", {head} {cell}"));
        let label = row.first().cloned().unwrap_or_default() + &told.collect::<String>();
        row_ui(ui, columns, row.iter().map(String::as_str), label);
    }
}

fn head_ui(ui: &mut Ui, columns: &[Column<'_>]) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 24.0), Sense::hover());
    let mut x = rect.left();
    for Column(heading, share, align) in columns {
        let width = rect.width() * share;
        cell(ui, rect, x, width, *align, heading, Type::Small, theme::TEXT_MUTED);
        x += width;
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme::HAIRLINE));
}

fn row_ui<'a>(
    ui: &mut Ui,
    columns: &[Column<'_>],
    cells: impl IntoIterator<Item = &'a str>,
    label: String,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 26.0), Sense::hover());
    if response.hovered() {
        ui.painter().rect_filled(rect.expand2(Vec2::new(6.0, 2.0)), theme::RADIUS_SMALL, theme::RAISED);
    }
    let mut x = rect.left();
    for (index, (Column(_, share, align), words)) in columns.iter().zip(cells).enumerate() {
        let width = rect.width() * share;
        let (kind, ink) = match index {
            0 => (Type::Strong, theme::TEXT),
            _ => (Type::Body, theme::TEXT_SOFT),
        };
        cell(ui, rect, x, width, *align, words, kind, ink);
        x += width;
    }
    name(&response, label.clone());
    response.on_hover_text(label)
}

#[expect(clippy::too_many_arguments, reason = "a cell is a place, a text and a style")]
fn cell(ui: &Ui, row: Rect, x: f32, width: f32, align: Align2, words: &str, kind: Type, ink: Color32) {
    let at = match align {
        Align2::RIGHT_CENTER => Pos2::new(x + width, row.center().y),
        _ => Pos2::new(if row.left() < x { x + 20.0 } else { x }, row.center().y),
    };
    let space = width - if align == Align2::RIGHT_CENTER { 4.0 } else { 26.0 };
    text::line(ui.painter(), at, align, words, kind, ink, space);
}
