//! Where the time went: one service at a time, its strips in three runs, a table of causes, the ways to the roots.

use egui::{Align2, Color32, Key, Mesh, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2};

use super::again;
use crate::base::palette::{CAUSES, Rgb};
use crate::exercise::action::Action;
use crate::exercise::view::{DebriefView, ServiceTimeView, TimeRow, TimeView};
use crate::ui::exercise_screen::timeline::time_words;
use crate::ui::state::DebriefState;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::card_ui;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{gap_ui, name, text};

/// Heights of the strips of you, history and par.
const HEIGHTS: [f32; 3] = [44.0, 18.0, 18.0];
/// Space for the names of runs at the left of strips, and for their minutes at the right.
const NAMES: f32 = 64.0;
const TOTALS: f32 = 116.0;
/// Minutes of a step with the arrow keys, and with Shift.
const STEP_MIN: u32 = 10;
const LEAP_MIN: u32 = 360;

/// Draws the leaf.
pub fn time_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, time: &TimeView, actions: &mut Vec<Action>) {
    state.service = state.service.min(time.services.len().saturating_sub(1));
    let Some(service) = time.services.get(state.service) else { return };
    ui.horizontal_wrapped(|ui| {
        for (index, service) in time.services.iter().enumerate() {
            let label = format!("Time of {}", service.name);
            if Push::new(&service.name).name(&label).small().selected(index == state.service).show(ui).clicked() {
                state.service = index;
            }
        }
    });
    gap_ui(ui, 1);
    card_ui(ui, 18, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(Type::Heading.rich(&service.sentence, theme::TEXT)).wrap());
        gap_ui(ui, 1);
        strips_ui(ui, state, view, time, service);
        way_ui(ui, state, view, service, actions);
    });
    gap_ui(ui, 2);
    ui.columns(2, |columns| {
        rows_ui(&mut columns[0], time, service);
        ways_ui(&mut columns[1], time, service);
    });
}

/// The colour of a cause of the view.
fn cause_color(time: &TimeView, cause: usize) -> Color32 {
    let Rgb(red, green, blue) = CAUSES[time.causes[cause].color];
    Color32::from_rgb(red, green, blue)
}

/// Draws the strips over time; a click or the arrow keys choose a minute.
fn strips_ui(ui: &mut Ui, state: &mut DebriefState, view: &DebriefView, time: &TimeView, service: &ServiceTimeView) {
    let height = HEIGHTS.iter().sum::<f32>() + 2.0 * 8.0 + 20.0;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    let x = (rect.left() + NAMES)..=(rect.right() - TOTALS);
    let width = x.end() - x.start();
    let minute_at =
        |at: f32| ((at - x.start()) / width * time.until_min as f32).clamp(0.0, time.until_min as f32) as u32;
    let x_of = |minute: u32| x.start() + width * (minute as f32 / time.until_min.max(1) as f32).min(1.0);
    let painter = ui.painter();
    for (minute, day) in &view.timeline.days {
        let at = x_of(*minute);
        painter.vline(at, rect.top()..=rect.bottom() - 18.0, Stroke::new(1.0, theme::HAIRLINE));
        let space = x.end() - at;
        if 40.0 < space {
            let from = Pos2::new(at + 3.0, rect.bottom() - 8.0);
            text::line(painter, from, Align2::LEFT_CENTER, day, Type::Caption, theme::TEXT_MUTED, space);
        }
    }
    let mut top = rect.top();
    for (index, (run, height)) in service.runs.iter().zip(HEIGHTS).enumerate() {
        let strip = Rect::from_x_y_ranges(*x.start()..=*x.end(), top..=top + height);
        painter.rect_filled(strip, 2.0, theme::RAISED);
        painter.add(strip_shape(time, &run.columns, strip));
        let (kind, ink) = if index == 0 { (Type::Strong, theme::TEXT) } else { (Type::Small, theme::TEXT_SOFT) };
        let y = strip.center().y;
        text::line(painter, Pos2::new(rect.left(), y), Align2::LEFT_CENTER, run.name, kind, ink, NAMES - 4.0);
        let at = Pos2::new(rect.right(), y);
        text::line(painter, at, Align2::RIGHT_CENTER, &run.below, kind, ink, TOTALS - 8.0);
        top += height + 8.0;
    }
    if response.clicked() {
        response.request_focus();
        let chosen = response.interact_pointer_pos().map(|at| minute_at(at.x));
        state.minute = chosen.filter(|_| chosen != state.minute);
        (state.mark, state.open) = (None, None);
    }
    if response.has_focus() {
        let step = ui.input(|input| {
            let step = if input.modifiers.shift { LEAP_MIN } else { STEP_MIN } as i64;
            step * (i64::from(input.key_pressed(Key::ArrowRight)) - i64::from(input.key_pressed(Key::ArrowLeft)))
        });
        if step != 0 {
            let from = state.minute.unwrap_or_else(|| service.stretches.first().map_or(0, |first| first.from_min));
            state.minute = Some((i64::from(from) + step).clamp(0, time.until_min.into()) as u32);
        }
        ui.memory_mut(|memory| {
            let filter = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
            memory.set_focus_lock_filter(response.id, filter);
        });
        ui.painter().rect_stroke(
            rect.expand(4.0),
            theme::RADIUS_SMALL,
            Stroke::new(1.0, theme::ACCENT),
            egui::StrokeKind::Outside,
        );
    }
    let hovered = response.hover_pos().map(|at| minute_at(at.x));
    if let Some(minute) = hovered.or(state.minute) {
        let range = rect.top() - 3.0..=rect.bottom() - 18.0;
        ui.painter().vline(x_of(minute), range, Stroke::new(1.5, theme::TEXT));
    }
    let runs: Vec<String> = service.runs.iter().map(|run| format!("{} {}", run.name, run.below)).collect();
    let label = format!("{} below target: {}. Arrow keys choose a minute", service.name, runs.join(", "));
    name(&response, label);
    state.hovered = hovered;
}

/// The stacked columns of one strip.
fn strip_shape(time: &TimeView, columns: &[Vec<f32>], rect: Rect) -> Shape {
    let mut mesh = Mesh::default();
    let width = rect.width() / columns.len().max(1) as f32;
    for (index, column) in columns.iter().enumerate() {
        let left = rect.left() + width * index as f32;
        let mut bottom = rect.bottom();
        for (cause, share) in column.iter().enumerate().filter(|(_, share)| 0.0 < **share) {
            let top = (bottom - rect.height() * share).max(rect.top());
            let part = Rect::from_x_y_ranges(left..=left + width, top..=bottom);
            mesh.add_colored_rect(part, cause_color(time, cause));
            bottom = top;
        }
    }
    Shape::mesh(mesh)
}

/// Draws the way to the root at the minute under the pointer, otherwise at the chosen minute.
fn way_ui(
    ui: &mut Ui,
    state: &mut DebriefState,
    view: &DebriefView,
    service: &ServiceTimeView,
    actions: &mut Vec<Action>,
) {
    let words = match state.hovered.or(state.minute) {
        None => "Point at a minute, or choose one, to see the way to its root".to_owned(),
        Some(minute) => {
            let is_it = |from: u32, until: u32| from < minute.max(1) && minute <= until;
            let stretch = service.stretches.iter().find(|stretch| is_it(stretch.from_min, stretch.until_min));
            let way = stretch.map_or("at its target level", |stretch| stretch.words.as_str());
            format!("{}: {way}", time_words(&view.timeline, f64::from(minute)))
        }
    };
    let response = ui.add(egui::Label::new(Type::Body.rich(&words, theme::TEXT_SOFT)).truncate());
    response.on_hover_text(&words);
    if state.minute.is_some() {
        again::chosen_ui(ui, view, &mut state.minute, actions);
    }
}

/// Draws minutes by cause in three runs.
fn rows_ui(ui: &mut Ui, time: &TimeView, service: &ServiceTimeView) {
    let width = ui.available_width() - 8.0;
    // The middle of the columns You, History and Par, as shares of the width.
    let ends = [0.62, 0.81, 1.0];
    let (head, _) = ui.allocate_exact_size(Vec2::new(width, 24.0), Sense::hover());
    let draw = |ui: &Ui, rect: Rect, cells: [&str; 3], kinds: [(Type, Color32); 3]| {
        for ((end, cell), (kind, ink)) in ends.into_iter().zip(cells).zip(kinds) {
            let at = Pos2::new(rect.left() + rect.width() * end, rect.center().y);
            text::line(ui.painter(), at, Align2::RIGHT_CENTER, cell, kind, ink, rect.width() * 0.19);
        }
    };
    draw(ui, head, ["You", "History", "Par"], [(Type::Small, theme::TEXT_MUTED); 3]);
    let words = "Held back by";
    let at = head.left_center();
    text::line(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Small, theme::TEXT_MUTED, width * 0.4);
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, theme::HAIRLINE));
    for row in &service.rows {
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 24.0), Sense::hover());
        row_ui(ui, rect, time, row);
        draw(
            ui,
            rect,
            [&row.cells[0], &row.cells[1], &row.cells[2]],
            [(Type::Strong, theme::TEXT), (Type::Body, theme::TEXT_SOFT), (Type::Body, theme::TEXT_SOFT)],
        );
        name(&response, format!("{}: you {}, history {}, par {}", row.name, row.cells[0], row.cells[1], row.cells[2]));
    }
}

fn row_ui(ui: &Ui, rect: Rect, time: &TimeView, row: &TimeRow) {
    let left = match row.cause {
        Some(cause) => {
            let swatch = Rect::from_center_size(rect.left_center() + Vec2::new(6.0, 0.0), Vec2::splat(11.0));
            ui.painter().rect_filled(swatch, 2.0, cause_color(time, cause));
            20.0
        }
        None => {
            ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, theme::HAIRLINE));
            0.0
        }
    };
    let at = rect.left_center() + Vec2::new(left, 0.0);
    let (kind, ink) = if row.cause.is_some() { (Type::Body, theme::TEXT) } else { (Type::Small, theme::TEXT_MUTED) };
    text::line(ui.painter(), at, Align2::LEFT_CENTER, &row.name, kind, ink, rect.width() * 0.43 - left);
}

/// Draws the ways on which most minutes went.
fn ways_ui(ui: &mut Ui, time: &TimeView, service: &ServiceTimeView) {
    let (head, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 24.0), Sense::hover());
    let words = "Where most of your minutes came from";
    text::line(
        ui.painter(),
        head.left_center(),
        Align2::LEFT_CENTER,
        words,
        Type::Small,
        theme::TEXT_MUTED,
        head.width(),
    );
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, theme::HAIRLINE));
    for way in &service.ways {
        ui.horizontal_top(|ui| {
            let (swatch, _) = ui.allocate_exact_size(Vec2::new(12.0, 22.0), Sense::hover());
            ui.painter().rect_filled(
                Rect::from_center_size(swatch.center(), Vec2::splat(11.0)),
                2.0,
                cause_color(time, way.cause),
            );
            let words = format!("{}, {}  {}", way.minutes, way.share, way.words);
            ui.add(egui::Label::new(Type::Body.rich(words, theme::TEXT_SOFT)).wrap());
        });
    }
    if service.ways.is_empty() {
        ui.label(Type::Body.rich("The service was at its target level all the time", theme::TEXT_MUTED));
    }
}
