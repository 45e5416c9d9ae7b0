//! Writes pages as PDF, with the tree of tags, the outline and the language.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla_svg::{SurfaceExt, SvgSettings};

use super::super::picture::drawable;
use super::super::{BANNER, Report};
use super::face::{Faces, Weight};
use super::layout::{Color, HAIRLINE, HEIGHT, INK, Kind, LEFT, Layout, Piece, RIGHT, SIGNAL, SOFT, Style, WIDTH};

const LANGUAGE: &str = "en-GB";
/// Additional space between the letters of the banner, in parts of their size.
const TRACKING: f32 = 0.2;

pub(super) fn paint(layout: &Layout, report: &Report) -> Vec<u8> {
    let checked = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let configuration = checked.finish().expect("one validator agrees with itself");
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut painter = Painter { layout, marks: layout.elements.iter().map(|_| Vec::new()).collect() };
    let title = drawable(&report.title);
    for (number, pieces) in layout.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("A4");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        edges(&mut surface, &layout.faces, &title, (number + 1, layout.pages.len()));
        pieces.iter().for_each(|piece| painter.piece(&mut surface, piece));
        surface.finish();
        page.finish();
    }
    let mut tags = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for element in &layout.outer {
        let group = painter.group(*element);
        tags.push(group);
    }
    document.set_tag_tree(tags);
    let mut outline = Outline::new();
    for entry in &layout.entries {
        let place = XyzDestination::new(entry.page, Point::from_xy(LEFT, entry.y));
        outline.push_child(OutlineNode::new(entry.words.clone(), place));
    }
    document.set_outline(outline);
    let metadata = Metadata::new().title(title).language(LANGUAGE.to_owned()).authors(vec!["Blackstart".to_owned()]);
    document.set_metadata(metadata);
    document.finish().unwrap_or_else(|error| panic!("the report breaks a rule of PDF/UA-1: {error:?}"))
}

fn fill(surface: &mut Surface<'_>, [red, green, blue]: Color) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }));
}

fn words(surface: &mut Surface<'_>, faces: &Faces, (x, y): (f32, f32), style: Style, words: &str) {
    let face = faces.face(style.weight);
    fill(surface, style.color);
    surface.draw_glyphs(Point::from_xy(x, y), &face.glyphs(words), face.font.clone(), words, style.size, false);
}

fn rule(surface: &mut Surface<'_>, from: (f32, f32), to: (f32, f32), width: f32, [red, green, blue]: Color) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    surface.set_fill(None);
    let paint = rgb::Color::new(red, green, blue).into();
    surface.set_stroke(Some(Stroke { paint, width, ..Stroke::default() }));
    surface.draw_path(&path.finish().expect("a line"));
    surface.set_stroke(None);
    surface.end_tagged();
}

/// The banner, the title and the number of the page.
fn edges(surface: &mut Surface<'_>, faces: &Faces, title: &str, (number, count): (usize, usize)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
    let (size, face) = (10.0, faces.face(Weight::Strong));
    let mut glyphs = face.glyphs(BANNER);
    glyphs.iter_mut().for_each(|glyph| glyph.x_advance += TRACKING);
    let wide: f32 = glyphs.iter().map(|glyph| glyph.x_advance * size).sum();
    fill(surface, SIGNAL);
    let at = Point::from_xy((WIDTH - wide + TRACKING * size) / 2.0, 36.0);
    surface.draw_glyphs(at, &glyphs, face.font.clone(), BANNER, size, false);
    surface.end_tagged();
    rule(surface, (LEFT, 46.0), (RIGHT, 46.0), 0.7, HAIRLINE);
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let style = Style { weight: Weight::Regular, size: 8.0, color: SOFT };
    let page = format!("Page {number} of {count}");
    words(surface, faces, (LEFT, HEIGHT - 30.0), style, title);
    let wide = faces.width(style.weight, &page, style.size);
    words(surface, faces, (RIGHT - wide, HEIGHT - 30.0), Style { color: INK, ..style }, &page);
    surface.end_tagged();
}

struct Painter<'a> {
    layout: &'a Layout,
    /// The marks of each element on the pages.
    marks: Vec<Vec<Identifier>>,
}

impl Painter<'_> {
    fn piece(&mut self, surface: &mut Surface<'_>, piece: &Piece) {
        match piece {
            Piece::Words { at, style, words: text, element } => {
                let tag = match element {
                    Some(_) => ContentTag::Span(SpanTag::empty()),
                    None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
                };
                let mark = surface.start_tagged(tag);
                words(surface, &self.layout.faces, *at, *style, text);
                surface.end_tagged();
                if let Some(element) = element {
                    self.marks[*element].push(mark);
                }
            }
            Piece::Rule { from, to, width, color } => rule(surface, *from, *to, *width, *color),
            Piece::Picture { at, size, picture, element } => {
                let mark = surface.start_tagged(ContentTag::Other);
                surface.push_transform(&Transform::from_translate(at.0, at.1));
                let size = Size::from_wh(size.0, size.1).expect("a chart has a size");
                let drawn = surface.draw_svg(&self.layout.pictures[*picture], size, SvgSettings::default());
                drawn.expect("our charts can be drawn");
                surface.pop();
                surface.end_tagged();
                self.marks[*element].push(mark);
            }
        }
    }

    /// An element with its marks and the elements in it.
    fn group(&mut self, index: usize) -> TagGroup {
        let element = &self.layout.elements[index];
        let mut group = match &element.kind {
            Kind::Heading(level, words) => {
                TagGroup::new(Tag::Hn(NonZeroU16::new(*level).expect("levels begin at 1"), Some(drawable(words))))
            }
            Kind::Paragraph => TagGroup::new(Tag::P),
            Kind::List => TagGroup::new(Tag::L(ListNumbering::Disc)),
            Kind::Item => TagGroup::new(Tag::LI),
            Kind::Label => TagGroup::new(Tag::Lbl),
            Kind::ItemBody => TagGroup::new(Tag::LBody),
            Kind::Table => TagGroup::new(Tag::Table),
            Kind::Head => TagGroup::new(Tag::THead),
            Kind::Body => TagGroup::new(Tag::TBody),
            Kind::Row => TagGroup::new(Tag::TR),
            Kind::ColumnHead => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
            Kind::RowHead => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
            Kind::Cell => TagGroup::new(Tag::TD),
            Kind::Figure { words, page, at, size } => {
                let area = Rect::from_xywh(at.0, at.1, size.0, size.1).expect("a chart has a size");
                TagGroup::new(Tag::Figure(Some(words.clone())).with_bbox(Some(BBox::new(*page, area))))
            }
            Kind::Caption => TagGroup::new(Tag::Caption),
        };
        for mark in std::mem::take(&mut self.marks[index]) {
            group.push(mark);
        }
        for inner in &element.inner {
            let inner = self.group(*inner);
            group.push(inner);
        }
        group
    }
}
