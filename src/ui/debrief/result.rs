//! The score on its scale and the curves beside their ghosts.

use egui::style::ScrollAnimation;
use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2};

use super::again;
use crate::exercise::action::Action;
use crate::exercise::view::{Curve, DebriefView, TimelineView};
use crate::ui::exercise_screen::timeline;
use crate::ui::leaves::choose_mark;
use crate::ui::state::DebriefState;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::card_ui;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{gap_ui, name, text};

/// The score, the verdict and the scale from doing nothing to the best known.
pub fn result_ui(ui: &mut Ui, view: &DebriefView) {
    card_ui(ui, 22, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 32.0;
            score_ui(ui, view.score);
            ui.vertical(|ui| {
                ui.add(egui::Label::new(Type::Heading.rich(&view.verdict, theme::TEXT)).wrap());
                gap_ui(ui, 2);
                scale_ui(ui, view);
            });
        });
    });
}

fn score_ui(ui: &mut Ui, score: Option<f64>) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(132.0, 108.0), Sense::hover());
    let center = rect.center_top() + Vec2::new(0.0, 54.0);
    let radius = 50.0;
    arc(ui, center, radius, 1.0, theme::RAISED_HOVER);
    match score {
        Some(score) => {
            arc(ui, center, radius, (score / 100.0).clamp(0.0, 1.0) as f32, theme::ACCENT);
            let words = format!("{score:.0}");
            let ink = theme::TEXT;
            let at = center - Vec2::new(0.0, 4.0);
            text::line(ui.painter(), at, Align2::CENTER_CENTER, &words, Type::Display, ink, 2.0 * radius);
            name(&response, format!("Score {score:.0} of 100"));
        }
        None => {
            let ink = theme::TEXT_MUTED;
            text::line(ui.painter(), center, Align2::CENTER_CENTER, "Computing…", Type::Small, ink, 96.0);
            name(&response, "Score is being computed");
        }
    }
    let under = center + Vec2::new(0.0, 26.0);
    text::line(ui.painter(), under, Align2::CENTER_CENTER, "score", Type::Small, theme::TEXT_MUTED, 90.0);
}

/// Draws an arc that is open at the bottom and filled to `share`.
fn arc(ui: &Ui, center: Pos2, radius: f32, share: f32, color: Color32) {
    let (from, sweep) = (0.75 * std::f32::consts::PI, 1.5 * std::f32::consts::PI);
    let points = (0..=64).map(|step| {
        let angle = from + sweep * share * step as f32 / 64.0;
        center + Vec2::angled(angle) * radius
    });
    ui.painter().add(Shape::line(points.collect(), Stroke::new(8.0, color)));
}

/// Draws the scale with doing nothing at 0, par at 100, and marks for history and for the trainee.
fn scale_ui(ui: &mut Ui, view: &DebriefView) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 62.0), Sense::hover());
    let painter = ui.painter();
    let track = Rect::from_min_max(rect.left_top() + Vec2::new(8.0, 26.0), rect.right_top() + Vec2::new(-8.0, 32.0));
    painter.rect_filled(track, 3.0, theme::RAISED_HOVER);
    let at = |points: f64| track.left() + track.width() * (points / 100.0).clamp(0.0, 1.0) as f32;
    if let Some(score) = view.score {
        let filled = Rect::from_min_max(track.min, Pos2::new(at(score), track.bottom()));
        painter.rect_filled(filled, 3.0, theme::ACCENT);
    }
    let (under, muted) = (track.bottom() + 8.0, theme::TEXT_MUTED);
    text::line(painter, Pos2::new(track.left(), under), Align2::LEFT_TOP, "0  Do nothing", Type::Small, muted, 140.0);
    text::line(painter, Pos2::new(track.right(), under), Align2::RIGHT_TOP, "100  Par", Type::Small, muted, 140.0);
    if let Some(reference) = view.reference_score {
        let x = at(reference);
        painter.vline(x, track.y_range().expand(5.0), Stroke::new(2.0, theme::TEXT_SOFT));
        let x_text = x.min(track.right() - 120.0).max(track.left() + 150.0);
        let words = format!("History {reference:.0}");
        text::line(painter, Pos2::new(x_text, under), Align2::CENTER_TOP, &words, Type::Small, theme::TEXT_SOFT, 140.0);
    }
    if let Some(score) = view.score {
        let center = Pos2::new(at(score), track.center().y);
        painter.circle(center, 8.0, theme::ACCENT, Stroke::new(2.5, theme::CARD));
        let words = format!("You {score:.0}");
        let x = center.x.min(track.right() - 24.0).max(track.left() + 24.0);
        text::line(
            painter,
            Pos2::new(x, track.top() - 8.0),
            Align2::CENTER_BOTTOM,
            &words,
            Type::Strong,
            theme::TEXT,
            100.0,
        );
    }
    let said = |points: Option<f64>| points.map_or("unknown".to_owned(), |p| format!("{p:.0}"));
    name(&response, format!("You {}, history {}, par 100", said(view.score), said(view.reference_score)));
}

/// Draws one curve with its ghosts, buttons for the others, and the way back to the chosen minute.
pub fn curves_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, actions: &mut Vec<Action>) {
    let curves: &[Curve] = if view.curves.is_empty() { &view.timeline.curves } else { &view.curves };
    if curves.is_empty() {
        ui.label(Type::Body.rich("No curve was recorded", theme::TEXT_MUTED));
        return;
    }
    state.curve = state.curve.min(curves.len() - 1);
    ui.horizontal_wrapped(|ui| {
        for (index, curve) in curves.iter().enumerate() {
            let is_front = index == state.curve;
            let label = format!("Show {}", curve.name);
            if Push::new(&curve.name).name(&label).small().selected(is_front).show(ui).clicked() {
                state.curve = index;
            }
        }
    });
    let shown = TimelineView { curves: vec![curves[state.curve].clone()], ..view.timeline.clone() };
    let look = timeline::PlotLook::ended("debrief curve", 260.0).under_mark(state.mark.is_some());
    let transform = timeline::plot_ui(ui, &shown, &look);
    if std::mem::take(&mut state.scrolls_to_chosen) {
        // The rows under the plot have the button that begins another try.
        let rect = transform.frame().expand2(Vec2::new(0.0, 90.0));
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
    }
    let before = state.minute;
    timeline::reading::reading_ui(ui, &shown, &look, &transform, &mut state.minute);
    if state.minute != before {
        (state.mark, state.open) = (None, None);
    }
    if let Some(mark) = timeline::marks_ui(ui, &shown, &transform, state.mark) {
        if state.mark == Some(mark) {
            (state.mark, state.minute, state.open) = (None, None, None);
        } else {
            choose_mark(state, view, mark);
        }
    }
    let [yours, do_nothing, history, par, earlier] = theme::RUNS.map(Some);
    let has_earlier = curves.iter().any(|curve| !curve.earlier.is_empty());
    timeline::ghost_key_ui(ui, [yours, do_nothing, history, par, earlier.filter(|_| has_earlier)]);
    again::chosen_ui(ui, view, &mut state.minute, actions);
}
