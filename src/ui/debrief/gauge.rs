//! Small pictures of numbers: a worth with its band, scores on seeds, the progress of the measurement.

use egui::{Align, Align2, Color32, Layout, Pos2, Rangef, Rect, Sense, Stroke, Ui, Vec2};

use crate::exercise::view::{LuckView, WeighingState, WeighingView, WorthRow};
use crate::ui::format;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{name, text};

/// The range of points that all gauges of a table share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    /// The range of all bands, with zero in it.
    pub fn of_rows<'a>(rows: impl Iterator<Item = &'a WorthRow>) -> Self {
        let (from, to) = rows.fold((0.0_f64, 0.0_f64), |(from, to), row| (from.min(row.p5), to.max(row.p95)));
        // A table whose worths are all zero has its line in the middle.
        if from == to { Self { from: -1.0, to: 1.0 } } else { Self { from, to } }
    }

    fn x(self, rect: Rect, points: f64) -> f32 {
        rect.left() + rect.width() * ((points - self.from) / (self.to - self.from)).clamp(0.0, 1.0) as f32
    }
}

/// The colour of a number of points; the sign stands beside it.
pub fn points_color(points: f64) -> Color32 {
    match points {
        points if points < 0.0 => theme::SEVERE,
        points if 0.0 < points => theme::WORKING,
        _ => theme::TEXT_MUTED,
    }
}

/// Draws a worth as a dot on its band, with a line at zero.
pub fn worth(ui: &Ui, rect: Rect, scale: Scale, row: &WorthRow) {
    let (painter, y) = (ui.painter(), rect.center().y);
    painter.vline(scale.x(rect, 0.0), rect.y_range(), Stroke::new(1.0, theme::OUTLINE));
    let color = points_color(row.median);
    let (from, to) = (scale.x(rect, row.p5), scale.x(rect, row.p95));
    if row.band.is_some() {
        painter.hline(Rangef::new(from, to.max(from + 1.0)), y, Stroke::new(4.0, color.gamma_multiply(0.45)));
    }
    painter.circle_filled(Pos2::new(scale.x(rect, row.median), y), 4.5, color);
}

/// Draws the scores of the same decisions on all seeds, the run's own in front.
pub fn luck_ui(ui: &mut Ui, luck: &LuckView) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 64.0), Sense::hover());
    let (least, most) = luck.scores.iter().fold((f64::MAX, f64::MIN), |(a, b), &score| (a.min(score), b.max(score)));
    let space = ((most - least) * 0.1).max(1.0);
    let scale = Scale { from: least - space, to: most + space };
    let track = Rect::from_min_max(rect.left_top() + Vec2::new(8.0, 24.0), rect.right_top() + Vec2::new(-8.0, 36.0));
    let (painter, y) = (ui.painter(), track.center().y);
    painter.hline(track.x_range(), y, Stroke::new(1.0, theme::OUTLINE));
    let band = Rangef::new(scale.x(track, luck.p5), scale.x(track, luck.p95));
    painter.hline(band, y, Stroke::new(8.0, theme::RAISED_HOVER));
    for score in luck.scores.iter().skip(1) {
        painter.circle_filled(Pos2::new(scale.x(track, *score), y), 3.5, theme::TEXT_SOFT.gamma_multiply(0.7));
    }
    let Some(own) = luck.scores.first() else { return };
    let x = scale.x(track, *own);
    painter.circle(Pos2::new(x, y), 7.0, theme::ACCENT, Stroke::new(2.0, theme::CARD));
    let words = format!("You {own:.1}");
    let at = Pos2::new(x.clamp(track.left() + 24.0, track.right() - 24.0), track.top() - 4.0);
    text::line(painter, at, Align2::CENTER_BOTTOM, &words, Type::Strong, theme::TEXT, 120.0);
    let ends = [(track.left(), Align2::LEFT_TOP, least), (track.right(), Align2::RIGHT_TOP, most)];
    for (x, align, score) in ends {
        let at = Pos2::new(x, track.bottom() + 4.0);
        let end = if align == Align2::LEFT_TOP { "least" } else { "most" };
        let words = format!("{end} {score:.1}");
        text::line(painter, at, align, &words, Type::Small, theme::TEXT_MUTED, 120.0);
    }
    name(&response, format!("Scores on {} seeds from {least:.1} to {most:.1}, yours {own:.1}", luck.scores.len()));
}

/// Draws the progress of the measurement.
pub fn progress_ui(ui: &mut Ui, view: &WeighingView) {
    if view.words.is_empty() {
        return;
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if view.state == WeighingState::Running {
            let (rect, response) = ui.allocate_exact_size(Vec2::new(72.0, 6.0), Sense::hover());
            crate::ui::widgets::bars::level(ui.painter(), rect, view.done, 0.0, theme::ACCENT);
            name(&response, format!("Progress {}", format::percent(view.done)));
        }
        ui.add(egui::Label::new(Type::Small.rich(&view.words, theme::TEXT_MUTED)).truncate());
    });
}
