//! Places the blocks of a report on pages, and notes the element of the report that each piece belongs to.
//!
//! Must not know the format of a PDF. Lengths are points, from the upper left corner of a page.

mod table;

use usvg::Tree;

use super::super::picture::{drawable, tree};
use super::super::{Block, Chart, Figure, Report};
use super::face::{Faces, Weight};

/// A4.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const LEFT: f32 = 50.0;
pub(super) const RIGHT: f32 = WIDTH - 50.0;
const TOP: f32 = 66.0;
pub(super) const BOTTOM: f32 = HEIGHT - 56.0;
const TEXT: f32 = 9.5;
const LINE: f32 = 14.0;
/// A heading stays with so much of what follows.
const KEPT: f32 = 90.0;

/// Colours, as red, green and blue.
pub(super) type Color = [u8; 3];
pub(super) const INK: Color = [0x1d, 0x27, 0x33];
pub(super) const SOFT: Color = [0x45, 0x51, 0x5d];
pub(super) const SIGNAL: Color = [0x7a, 0x1f, 0x12];
pub(super) const HAIRLINE: Color = [0xd8, 0xdd, 0xe3];
pub(super) const STRONG_LINE: Color = [0x8b, 0x96, 0xa1];

/// How words are drawn.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub weight: Weight,
    pub size: f32,
    pub color: Color,
}

pub(super) const PLAIN: Style = Style { weight: Weight::Regular, size: TEXT, color: INK };
const CAPTION: Style = Style { weight: Weight::Regular, size: 8.5, color: SOFT };

/// A piece of a page. A piece without an element is an artefact, which screen readers pass over.
pub(super) enum Piece {
    Words { at: (f32, f32), style: Style, words: String, element: Option<usize> },
    Rule { from: (f32, f32), to: (f32, f32), width: f32, color: Color },
    Picture { at: (f32, f32), size: (f32, f32), picture: usize, element: usize },
}

/// The kind of an element of the report.
pub(super) enum Kind {
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    Label,
    ItemBody,
    Table,
    Head,
    Body,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    /// Words for readers who do not see it, page, and the rectangle by corner and size.
    Figure {
        words: String,
        page: usize,
        at: (f32, f32),
        size: (f32, f32),
    },
    Caption,
}

/// An element with the elements in it.
pub(super) struct Element {
    pub kind: Kind,
    pub inner: Vec<usize>,
}

/// A heading for the outline, with its page and height.
pub(super) struct Entry {
    pub words: String,
    pub page: usize,
    pub y: f32,
}

/// Pages with their pieces, and the elements of the report.
pub(super) struct Layout {
    pub faces: Faces,
    pub pages: Vec<Vec<Piece>>,
    pub elements: Vec<Element>,
    /// Elements that lie in no other.
    pub outer: Vec<usize>,
    pub entries: Vec<Entry>,
    pub pictures: Vec<Tree>,
    /// The height up to which the last page is filled.
    pub y: f32,
}

impl Layout {
    pub fn new(report: &Report) -> Self {
        let mut layout = Self {
            faces: Faces::new(),
            pages: vec![Vec::new()],
            elements: Vec::new(),
            outer: Vec::new(),
            entries: Vec::new(),
            pictures: Vec::new(),
            y: TOP,
        };
        layout.title(report);
        for section in &report.sections {
            let kept = section.blocks.first().map_or(KEPT, |block| layout.kept(block));
            layout.heading(&section.heading, kept);
            section.blocks.iter().for_each(|block| layout.block(block));
        }
        layout
    }

    pub fn element(&mut self, outer: Option<usize>, kind: Kind) -> usize {
        let index = self.elements.len();
        self.elements.push(Element { kind, inner: Vec::new() });
        match outer {
            Some(outer) => self.elements[outer].inner.push(index),
            None => self.outer.push(index),
        }
        index
    }

    pub fn put(&mut self, piece: Piece) {
        self.pages.last_mut().expect("there is a page").push(piece);
    }

    pub fn page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page if the rest of this one is lower than that.
    pub fn keep(&mut self, height: f32) {
        if BOTTOM < self.y + height && TOP < self.y {
            self.page();
        }
    }

    /// Lines of words below each other; the last baseline is where `y` stands afterwards.
    fn flow(&mut self, (left, right): (f32, f32), style: Style, line: f32, text: &str, element: usize) {
        let words = drawable(text);
        for words in self.faces.lines(style.weight, &words, style.size, right - left) {
            self.keep(line);
            self.y += line;
            self.put(Piece::Words { at: (left, self.y), style, words, element: Some(element) });
        }
    }

    fn title(&mut self, report: &Report) {
        let title = Style { weight: Weight::Strong, size: 22.0, color: INK };
        let heading = self.element(None, Kind::Heading(1, report.title.clone()));
        self.entries.push(Entry { words: drawable(&report.title), page: 0, y: self.y });
        self.flow((LEFT, RIGHT), title, 27.0, &report.title, heading);
        let subtitle = Style { weight: Weight::Regular, size: 11.5, color: SOFT };
        self.y += 3.0;
        let element = self.element(None, Kind::Paragraph);
        self.flow((LEFT, RIGHT), subtitle, 16.0, &report.subtitle, element);
        self.y += 10.0;
    }

    /// The height that a heading and the beginning of its first block need.
    fn kept(&self, block: &Block) -> f32 {
        match block {
            Block::Chart(chart) => {
                let size = tree(&chart.svg).size();
                KEPT + (RIGHT - LEFT) * size.height() / size.width()
            }
            Block::Verdict(_) | Block::Text(_) | Block::Figures(_) | Block::List(_) | Block::Table(_) => KEPT,
        }
    }

    fn heading(&mut self, words: &str, kept: f32) {
        self.keep(kept);
        self.y += if TOP < self.y { 14.0 } else { 0.0 };
        let (page, y) = (self.pages.len() - 1, self.y);
        self.entries.push(Entry { words: drawable(words), page, y });
        let element = self.element(None, Kind::Heading(2, words.to_owned()));
        let style = Style { weight: Weight::Strong, size: 14.0, color: INK };
        self.flow((LEFT, RIGHT), style, 18.0, words, element);
        self.y += 5.0;
        self.put(Piece::Rule { from: (LEFT, self.y), to: (RIGHT, self.y), width: 1.2, color: INK });
        self.y += 4.0;
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Verdict(words) => self.verdict(words),
            Block::Text(words) => {
                let element = self.element(None, Kind::Paragraph);
                self.flow((LEFT, RIGHT), PLAIN, LINE, words, element);
                self.y += 6.0;
            }
            Block::Figures(figures) => self.figures(figures),
            Block::List(items) => self.list(items),
            Block::Table(table) => table::place(self, table),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn verdict(&mut self, words: &str) {
        let style = Style { weight: Weight::Regular, size: 13.0, color: INK };
        let count = self.faces.lines(style.weight, &drawable(words), style.size, RIGHT - LEFT - 14.0).len();
        let height = 18.0 * count as f32 + 8.0;
        self.keep(height);
        self.y += 6.0;
        let (top, x) = (self.y, LEFT + 1.5);
        self.put(Piece::Rule { from: (x, top), to: (x, top + height), width: 3.0, color: SIGNAL });
        let element = self.element(None, Kind::Paragraph);
        self.flow((LEFT + 14.0, RIGHT), style, 18.0, words, element);
        self.y = top + height + 10.0;
    }

    /// Boxes beside each other.
    fn figures(&mut self, figures: &[Figure]) {
        const HIGH: f32 = 56.0;
        const GAP: f32 = 8.0;
        self.keep(HIGH + 8.0);
        let count = figures.len().max(1) as f32;
        let wide = (RIGHT - LEFT - GAP * (count - 1.0)) / count;
        let top = self.y + 2.0;
        for (index, figure) in figures.iter().enumerate() {
            let left = LEFT + (wide + GAP) * index as f32;
            let (right, bottom) = (left + wide, top + HIGH);
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            for side in corners.windows(2) {
                self.put(Piece::Rule { from: side[0], to: side[1], width: 0.7, color: HAIRLINE });
            }
            let element = self.element(None, Kind::Paragraph);
            let value = Style { weight: Weight::Strong, size: 15.0, color: INK };
            let words = drawable(&figure.value);
            // The space keeps value and words apart for a reader of the text.
            self.put(Piece::Words {
                at: (left + 8.0, top + 20.0),
                style: value,
                words: words + " ",
                element: Some(element),
            });
            self.y = top + 22.0;
            let small = Style { weight: Weight::Regular, size: 7.6, color: SOFT };
            self.flow((left + 8.0, right - 6.0), small, 9.6, &figure.words, element);
        }
        self.y = top + HIGH + 10.0;
    }

    fn list(&mut self, items: &[String]) {
        let list = self.element(None, Kind::List);
        for item in items {
            self.keep(LINE);
            let element = self.element(Some(list), Kind::Item);
            let label = self.element(Some(element), Kind::Label);
            let at = (LEFT + 5.0, self.y + LINE);
            self.put(Piece::Words { at, style: PLAIN, words: "• ".to_owned(), element: Some(label) });
            let body = self.element(Some(element), Kind::ItemBody);
            self.flow((LEFT + 17.0, RIGHT), PLAIN, LINE, item, body);
            self.y += 2.0;
        }
        self.y += 6.0;
    }

    fn chart(&mut self, chart: &Chart) {
        let tree = tree(&chart.svg);
        let wide = RIGHT - LEFT;
        let high = wide * tree.size().height() / tree.size().width();
        self.keep(high + 28.0);
        let (at, size) = ((LEFT, self.y + 4.0), (wide, high));
        let page = self.pages.len() - 1;
        let element = self.element(None, Kind::Figure { words: drawable(&chart.words), page, at, size });
        self.pictures.push(tree);
        self.put(Piece::Picture { at, size, picture: self.pictures.len() - 1, element });
        self.y = at.1 + high;
        let caption = self.element(Some(element), Kind::Caption);
        self.flow((LEFT, RIGHT), CAPTION, 12.0, &chart.caption, caption);
        self.y += 10.0;
    }

    /// The caption above a table, in the element of the table.
    pub fn caption(&mut self, words: &str, table: usize) {
        let caption = self.element(Some(table), Kind::Caption);
        self.flow((LEFT, RIGHT), CAPTION, 12.0, words, caption);
        self.y += 3.0;
    }
}
