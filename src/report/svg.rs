//! Writes pictures as SVG: shapes, text, and cutting of text. Coordinates are rounded to a tenth of a pixel.
//!
//! Must not know the subject of a picture.

use std::fmt::Write;

use crate::base::characters::markup;
use crate::base::palette::Rgb;
pub(super) use crate::base::palette::{
    ACCENT, GROUND, HAIRLINE, OUTLINE, PANEL as CARD, RAISED, SEVERE as MISS, TEXT, TEXT_MUTED, TEXT_SOFT,
    WORKING as HIT,
};

/// Width of every picture, in pixels.
pub(super) const WIDTH: f64 = 1280.0;
/// Margin at both sides.
pub(super) const EDGE: f64 = 28.0;

const FACES: &str = "Inter, 'IBM Plex Sans', 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif";

/// A picture while it is drawn.
#[derive(Default)]
pub(super) struct Canvas {
    body: String,
}

impl Canvas {
    /// A rectangle; `style` holds its other attributes.
    pub fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), style: &str) {
        self.put(format_args!("<rect x='{x:.1}' y='{y:.1}' width='{width:.1}' height='{height:.1}' {style}/>"));
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), style: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!("<line x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' {style}/>"));
    }

    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, style: &str) {
        self.put(format_args!("<circle cx='{x:.1}' cy='{y:.1}' r='{radius:.1}' {style}/>"));
    }

    pub fn polygon(&mut self, points: &[(f64, f64)], style: &str) {
        self.put(format_args!("<polygon points='{}' {style}/>", listed(points)));
    }

    pub fn polyline(&mut self, points: &[(f64, f64)], style: &str) {
        self.put(format_args!("<polyline points='{}' fill='none' {style}/>", listed(points)));
    }

    pub fn text(&mut self, x: f64, y: f64, text: &str, style: &str, color: Rgb) {
        self.put(format_args!("<text x='{x:.1}' y='{y:.1}' fill='{color}' {style}>{}</text>", markup(text)));
    }

    /// The whole picture.
    pub fn finish(self, height: f64) -> String {
        let body = self.body;
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH:.0}' height='{height:.0}' viewBox='0 0 {WIDTH:.0} {height:.0}' font-family=\"{FACES}\">\n<rect width='100%' height='100%' fill='{GROUND}'/>\n{body}</svg>\n"
        )
    }

    fn put(&mut self, shape: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{shape}");
    }
}

fn listed(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// Estimated width of a text in the widest typeface of the list.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let width = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '(' | ')' | '/' | '-' => 0.38,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.96,
        letter if letter.is_uppercase() => 0.7,
        letter if letter.is_ascii() => 0.61,
        _ => 0.66,
    };
    text.chars().map(width).sum::<f64>() * size
}

/// A text divided into lines of at most a width.
pub(super) fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) + text_width(" ", size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A text of at most a width, with an ellipsis if it was cut.
pub(super) fn shortened(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while width < text_width(&short, size) + text_width("…", size) {
        short.pop();
    }
    short.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_within_their_width() {
        let text = "Share of the desks of Duke Health that were usable again on Saturday morning";
        let lines = wrapped(text, 13.0, 200.0);
        assert!(1 < lines.len() && lines.iter().all(|line| text_width(line, 13.0) <= 200.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn markup_in_texts_is_text() {
        let mut canvas = Canvas::default();
        canvas.text(0.0, 0.0, "R&D <b>", "", TEXT);
        assert!(canvas.finish(10.0).contains("R&amp;D &lt;b&gt;"));
    }
}
