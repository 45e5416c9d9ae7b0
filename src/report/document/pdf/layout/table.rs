//! Tables over pages: the head stands on each page, and a row stays on one page if it fits one.

use super::super::super::Table;
use super::super::super::columns::widths;
use super::super::super::picture::drawable;
use super::super::face::Weight;
use super::{BOTTOM, HAIRLINE, INK, Kind, LEFT, Layout, Piece, RIGHT, STRONG_LINE, Style, TOP};

const SIZE: f32 = 8.2;
const LINE: f32 = 11.0;
/// Space beside words, and above and below them.
const BESIDE: f32 = 4.0;
const ABOVE: f32 = 3.0;
const HEAD: Style = Style { weight: Weight::Strong, size: SIZE, color: INK };
const CELL: Style = Style { weight: Weight::Regular, size: SIZE, color: INK };

/// A row divided into lines by column.
type Lines = Vec<Vec<String>>;

struct Grid<'t> {
    table: &'t Table,
    widths: Vec<f32>,
    head: Lines,
}

/// Places a table.
pub(super) fn place(layout: &mut Layout, table: &Table) {
    let measure = |text: &str| f64::from(layout.faces.width(Weight::Strong, &drawable(text), SIZE));
    let widths = widths(table, f64::from(RIGHT - LEFT), f64::from(2.0 * BESIDE), &measure);
    let mut grid = Grid { table, widths: widths.into_iter().map(|width| width as f32).collect(), head: Vec::new() };
    let words: Vec<String> = table.head.iter().map(|head| head.words.clone()).collect();
    grid.head = grid.lines(layout, &words, HEAD);
    let rows: Vec<Lines> = table.rows.iter().map(|row| grid.lines(layout, row, CELL)).collect();
    let first = rows.first().map_or(0.0, height);
    layout.keep((30.0 + height(&grid.head) + first).min(200.0));
    let element = layout.element(None, Kind::Table);
    layout.caption(&table.caption, element);
    let head = layout.element(Some(element), Kind::Head);
    let row = layout.element(Some(head), Kind::Row);
    let cells: Vec<usize> = table.head.iter().map(|_| layout.element(Some(row), Kind::ColumnHead)).collect();
    grid.draw_head(layout, Some(&cells));
    let body = layout.element(Some(element), Kind::Body);
    for lines in rows {
        let row = layout.element(Some(body), Kind::Row);
        let kind = |column: usize| if column == 0 { Kind::RowHead } else { Kind::Cell };
        let cells: Vec<usize> = (0..lines.len()).map(|column| layout.element(Some(row), kind(column))).collect();
        grid.draw_row(layout, lines, &cells);
    }
    layout.y += 10.0;
}

fn height(lines: &Lines) -> f32 {
    LINE * lines.iter().map(Vec::len).max().unwrap_or(0).max(1) as f32 + 2.0 * ABOVE
}

impl Grid<'_> {
    fn lines(&self, layout: &Layout, row: &[String], style: Style) -> Lines {
        let cells = row.iter().zip(&self.widths);
        // A hundredth of a point makes up for rounding of a word that just fits.
        let lines = |(text, width): (&String, &f32)| {
            let paragraphs = text.lines().map(drawable);
            let width = width - 2.0 * BESIDE + 0.01;
            paragraphs.flat_map(|text| layout.faces.lines(style.weight, &text, SIZE, width)).collect()
        };
        cells.map(lines).collect()
    }

    /// Draws the head; on further pages it is an artefact.
    fn draw_head(&self, layout: &mut Layout, elements: Option<&[usize]>) {
        self.draw(layout, &self.head, HEAD, elements);
        let y = layout.y;
        layout.put(Piece::Rule { from: (LEFT, y), to: (RIGHT, y), width: 0.9, color: STRONG_LINE });
    }

    fn draw_row(&self, layout: &mut Layout, mut lines: Lines, cells: &[usize]) {
        if BOTTOM < layout.y + height(&lines) {
            let fresh = BOTTOM - TOP - height(&self.head);
            if height(&lines) <= fresh {
                layout.page();
                self.draw_head(layout, None);
            }
        }
        // A row that is higher than a page goes on, as often as needed.
        while BOTTOM < layout.y + height(&lines) {
            let fitting = ((BOTTOM - layout.y - 2.0 * ABOVE) / LINE).max(0.0) as usize;
            let rest: Lines = lines.iter_mut().map(|cell| cell.split_off(fitting.min(cell.len()))).collect();
            self.draw(layout, &lines, CELL, Some(cells));
            layout.page();
            self.draw_head(layout, None);
            lines = rest;
        }
        self.draw(layout, &lines, CELL, Some(cells));
        let y = layout.y;
        layout.put(Piece::Rule { from: (LEFT, y), to: (RIGHT, y), width: 0.5, color: HAIRLINE });
    }

    fn draw(&self, layout: &mut Layout, lines: &Lines, style: Style, elements: Option<&[usize]>) {
        let top = layout.y + ABOVE;
        let mut left = LEFT;
        for (column, cell) in lines.iter().enumerate() {
            let width = self.widths[column];
            for (index, words) in cell.iter().enumerate() {
                let x = if self.table.head[column].is_number {
                    left + width - BESIDE - layout.faces.width(style.weight, words, SIZE)
                } else {
                    left + if column == 0 { 0.0 } else { BESIDE }
                };
                let y = top + LINE * (index as f32 + 1.0) - 2.6;
                let element = elements.map(|elements| elements[column]);
                // The space keeps lines and cells apart for a reader of the text.
                layout.put(Piece::Words { at: (x, y), style, words: format!("{words} "), element });
            }
            left += width;
        }
        layout.y += height(lines);
    }
}
