//! Words in the typefaces of a PDF: their glyphs, their widths, their division into lines.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::UnicodeBuffer;

use super::super::picture::{REGULAR, STRONG};

/// A weight of the typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Strong,
}

/// A typeface with the parts that each library needs.
pub(super) struct Face {
    pub font: Font,
    shaper: rustybuzz::Face<'static>,
    units: f32,
}

/// Both weights.
pub(super) struct Faces {
    regular: Face,
    strong: Face,
}

impl Faces {
    pub fn new() -> Self {
        let face = |data: &'static [u8]| {
            let shaper = rustybuzz::Face::from_slice(data, 0).expect("our typeface");
            let units = shaper.units_per_em() as f32;
            Face { font: Font::new(data.into(), 0).expect("our typeface"), shaper, units }
        };
        Self { regular: face(REGULAR), strong: face(STRONG) }
    }

    pub fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }

    pub fn width(&self, weight: Weight, text: &str, size: f32) -> f32 {
        self.face(weight).glyphs(text).iter().map(|glyph| glyph.x_advance * size).sum()
    }

    /// A text divided into lines of at most a width; a word that is too long is divided between letters.
    pub fn lines(&self, weight: Weight, text: &str, size: f32, width: f32) -> Vec<String> {
        let space = self.width(weight, " ", size);
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
            for (index, part) in self.parts(weight, word, size, width).into_iter().enumerate() {
                let wide = self.width(weight, &part, size);
                let gap = if line.is_empty() || 0 < index { 0.0 } else { space };
                if !line.is_empty() && (0 < index || width < used + gap + wide) {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                } else if !line.is_empty() {
                    line.push(' ');
                    used += gap;
                }
                line.push_str(&part);
                used += wide;
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn parts(&self, weight: Weight, word: &str, size: f32, width: f32) -> Vec<String> {
        if self.width(weight, word, size) <= width {
            return vec![word.to_owned()];
        }
        let mut parts = vec![String::new()];
        for letter in word.chars() {
            let part = parts.last_mut().expect("there is one");
            part.push(letter);
            if 1 < part.chars().count() && width < self.width(weight, part, size) {
                part.pop();
                parts.push(letter.to_string());
            }
        }
        parts
    }
}

impl Face {
    /// The glyphs of a text, in units of its size.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let infos = shaped.glyph_infos();
        let glyph = |(index, place): (usize, &rustybuzz::GlyphPosition)| {
            let start = infos[index].cluster as usize;
            let later = infos[index..].iter().map(|info| info.cluster as usize);
            let end = later.filter(|cluster| start < *cluster).min().unwrap_or(text.len());
            KrillaGlyph {
                glyph_id: GlyphId::new(infos[index].glyph_id),
                text_range: start..end,
                x_advance: place.x_advance as f32 / self.units,
                x_offset: place.x_offset as f32 / self.units,
                y_offset: place.y_offset as f32 / self.units,
                y_advance: 0.0,
                location: None,
            }
        };
        shaped.glyph_positions().iter().enumerate().map(glyph).collect()
    }
}
