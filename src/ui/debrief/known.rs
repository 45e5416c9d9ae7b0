//! Confidence in orders beside what came of them: a sentence, the picture of reliability, the score.

use egui::{Align2, Color32, Mesh, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2};

use crate::exercise::view::{ConfidenceLevel, ConfidenceView};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::{gap_ui, name, text};

/// Size of the picture with its axes.
const SIZE: Vec2 = Vec2::new(420.0, 260.0);
const LEFT: f32 = 46.0;
const BOTTOM: f32 = 40.0;
const BAND: Color32 = theme::RAISED_HOVER;

/// Draws the sentence, the picture if there is one, and the score.
pub fn confidence_ui(ui: &mut Ui, view: &ConfidenceView) {
    ui.add(egui::Label::new(Type::Heading.rich(&view.words, theme::TEXT)).wrap());
    if !view.levels.is_empty() {
        gap_ui(ui, 1);
        ui.horizontal_top(|ui| {
            picture_ui(ui, &view.levels);
            ui.vertical(|ui| {
                for (ink, words) in [
                    (theme::ACCENT, "Your orders: the share that helped, for each confidence"),
                    (theme::TEXT_MUTED, "Right as often as stated"),
                    (BAND, "What chance does to somebody who is right as often as stated, nine cases in ten"),
                ] {
                    key_ui(ui, ink, words);
                }
            });
        });
    }
    if let Some(score) = &view.score {
        gap_ui(ui, 1);
        ui.add(egui::Label::new(Type::Small.rich(score, theme::TEXT_MUTED)).wrap());
    }
}

fn key_ui(ui: &mut Ui, ink: Color32, words: &str) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::new(18.0, 18.0), Sense::hover());
        ui.painter().rect_filled(Rect::from_center_size(rect.center(), Vec2::new(16.0, 5.0)), 2.0, ink);
        ui.add(egui::Label::new(Type::Body.rich(words, theme::TEXT_SOFT)).wrap());
    });
}

/// The words that stand for the picture.
fn picture_words(levels: &[ConfidenceLevel]) -> String {
    let level = |level: &ConfidenceLevel| {
        let place = if level.low <= level.share && level.share <= level.high { "within" } else { "outside" };
        format!("{}\u{a0}% sure, {} of {} helped, {place} the band", level.sure_pct, level.helped, level.count)
    };
    let levels: Vec<String> = levels.iter().map(level).collect();
    format!("Picture of reliability: {}", levels.join("; "))
}

fn picture_ui(ui: &mut Ui, levels: &[ConfidenceLevel]) {
    let (rect, response) = ui.allocate_exact_size(SIZE, Sense::hover());
    let plot = Rect::from_min_max(
        Pos2::new(rect.left() + LEFT, rect.top() + 8.0),
        Pos2::new(rect.right() - 12.0, rect.bottom() - BOTTOM),
    );
    let at = |stated: f64, share: f64| {
        Pos2::new(plot.left() + plot.width() * stated as f32, plot.bottom() - plot.height() * share as f32)
    };
    axes_ui(ui, plot, &at);
    let painter = ui.painter();
    band_ui(ui, levels, &at);
    let dashes = Shape::dashed_line(&[at(0.0, 0.0), at(1.0, 1.0)], Stroke::new(1.5, theme::TEXT_MUTED), 6.0, 4.0);
    painter.extend(dashes);
    let curve: Vec<Pos2> = levels.iter().map(|level| at(stated(level), level.share)).collect();
    painter.add(Shape::line(curve.clone(), Stroke::new(2.0, theme::ACCENT)));
    for (point, level) in curve.into_iter().zip(levels) {
        let radius = (3.0 + (level.count as f32).sqrt()).min(10.0);
        painter.circle(point, radius, theme::ACCENT, Stroke::new(1.5, theme::CARD));
    }
    name(&response, picture_words(levels));
}

fn stated(level: &ConfidenceLevel) -> f64 {
    f64::from(level.sure_pct) / 100.0
}

fn axes_ui(ui: &Ui, plot: Rect, at: &dyn Fn(f64, f64) -> Pos2) {
    let painter = ui.painter();
    let line = Stroke::new(1.0, theme::HAIRLINE);
    for half in [0.0, 0.5, 1.0] {
        let words = format!("{:.0}\u{a0}%", half * 100.0);
        let (below, beside) = (at(half, 0.0) + Vec2::new(0.0, 4.0), at(0.0, half) - Vec2::new(6.0, 0.0));
        painter.vline(at(half, 0.0).x, plot.y_range(), line);
        painter.hline(plot.x_range(), at(0.0, half).y, line);
        text::line(painter, below, Align2::CENTER_TOP, &words, Type::Small, theme::TEXT_MUTED, 60.0);
        text::line(painter, beside, Align2::RIGHT_CENTER, &words, Type::Small, theme::TEXT_MUTED, 60.0);
    }
    let under = Pos2::new(plot.center().x, plot.bottom() + 20.0);
    let words = "Your confidence, and the share that helped";
    text::line(painter, under, Align2::CENTER_TOP, words, Type::Small, theme::TEXT_MUTED, plot.width());
}

/// Draws the band between its bounds; a single confidence has a short bar.
fn band_ui(ui: &Ui, levels: &[ConfidenceLevel], at: &dyn Fn(f64, f64) -> Pos2) {
    let painter = ui.painter();
    for pair in levels.windows(2) {
        let mut mesh = Mesh::default();
        for level in pair {
            mesh.colored_vertex(at(stated(level), level.low), BAND);
            mesh.colored_vertex(at(stated(level), level.high), BAND);
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(1, 2, 3);
        painter.add(Shape::mesh(mesh));
    }
    for level in levels {
        let ends = [at(stated(level), level.low), at(stated(level), level.high)];
        painter.line_segment(ends, Stroke::new(6.0, BAND));
    }
}
