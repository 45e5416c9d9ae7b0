//! Single lines of text, cut with an ellipsis if they do not fit, and digits that keep their width while they
//! change.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, Painter, Pos2, Rect, Vec2};

use crate::ui::theme::Type;

/// Draws a line that is at most `width_max` wide; returns its rectangle.
pub fn line(
    painter: &Painter,
    pos: Pos2,
    anchor: Align2,
    text: &str,
    kind: Type,
    color: Color32,
    width_max: f32,
) -> Rect {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(kind.font(), color));
    job.wrap = TextWrapping::truncate_at_width(width_max.max(0.0));
    let galley = painter.layout_job(job);
    let rect = anchor.anchor_size(pos, galley.size());
    painter.galley(rect.min, galley, color);
    rect
}

/// The width of a line drawn whole.
pub fn width(painter: &Painter, text: &str, kind: Type) -> f32 {
    painter.layout_no_wrap(text.to_owned(), kind.font(), Color32::WHITE).size().x
}

/// Draws digits with a fixed width, so that a running clock does not jitter.
///
/// *Rationale*: Inter's own tabular figures are an OpenType feature that egui cannot switch on.
pub fn figures(painter: &Painter, pos: Pos2, anchor: Align2, text: &str, kind: Type, color: Color32) -> Rect {
    let font = kind.font();
    let pitch = painter.layout_no_wrap("0".to_owned(), font.clone(), color).size().x;
    let galleys: Vec<_> = text
        .chars()
        .map(|c| {
            let galley = painter.layout_no_wrap(c.to_string(), font.clone(), color);
            let advance = if c.is_ascii_digit() { pitch } else { galley.size().x };
            (galley, advance)
        })
        .collect();
    let size = Vec2::new(galleys.iter().map(|(_, advance)| advance).sum(), kind.font().size * 1.21);
    let rect = anchor.anchor_size(pos, size);
    let mut x = rect.min.x;
    for (galley, advance) in galleys {
        let inset = (advance - galley.size().x) / 2.0;
        painter.galley(Pos2::new(x + inset, rect.center().y - galley.size().y / 2.0), galley, color);
        x += advance;
    }
    rect
}

/// The width that `figures` needs.
pub fn figures_width(painter: &Painter, text: &str, kind: Type) -> f32 {
    let pitch = width(painter, "0", kind);
    text.chars().map(|c| if c.is_ascii_digit() { pitch } else { width(painter, &c.to_string(), kind) }).sum()
}
