//! Cards that lie on the map: the world's figures above, the legend and the zoom buttons below.

use egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2};

use crate::base::Ix;
use crate::exercise::view::{ClockView, ExerciseView, HostsView, LevelState};
use crate::scenario::compile::Inject;
use crate::ui::format;
use crate::ui::state::{MapHome, MapState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::icons::Icon;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{name, shapes, text};

const STATES: [LevelState; 5] =
    [LevelState::Working, LevelState::Degraded, LevelState::Severe, LevelState::Failed, LevelState::Untouched];

/// The number of figures in a row; on a narrow map there are two rows.
fn figures_in_row(map: Rect) -> usize {
    if map.width() < 560.0 { 3 } else { 5 }
}

fn figures_rect(map: Rect) -> Rect {
    let rows = 5_usize.div_ceil(figures_in_row(map)) as f32;
    Rect::from_min_size(map.min + Vec2::splat(12.0), Vec2::new(map.width() - 24.0, FIGURE_HEIGHT * rows))
}

const FIGURE_HEIGHT: f32 = 40.0;

/// The rectangle of the card of an organisation on the map.
pub fn card_rect(map: Rect) -> Rect {
    let width = CARD_WIDTH.min(map.width() - 24.0);
    Rect::from_min_max(
        Pos2::new(map.right() - 12.0 - width, figures_rect(map).bottom() + 8.0),
        Pos2::new(map.right() - 12.0, map.bottom() - 12.0),
    )
}

const CARD_WIDTH: f32 = 312.0;

fn legend_rect(map: Rect) -> Rect {
    Rect::from_min_size(map.left_bottom() + Vec2::new(12.0, -118.0), Vec2::new(118.0, 106.0))
}

fn zoom_rect(map: Rect) -> Rect {
    Rect::from_min_size(map.left_bottom() + Vec2::new(138.0, -44.0), Vec2::new(140.0, 32.0))
}

/// The part of the map between the cards.
pub fn open_rect(map: Rect, view: &ExerciseView) -> Rect {
    let right = if view.detail.is_some() { card_rect(map).left() } else { map.right() };
    let top = figures_rect(map).bottom() + 48.0;
    Rect::from_min_max(Pos2::new(map.left(), top), Pos2::new(right, map.bottom() - 20.0))
}

/// The rectangles of cards on the map. They get no labels, and the wheel does not zoom there.
pub fn rects(map: Rect, view: &ExerciseView) -> Vec<Rect> {
    let mut rects = vec![figures_rect(map), legend_rect(map), zoom_rect(map)];
    if let Some((words, _)) = status_of(&view.clock) {
        let width = (8.0 * words.chars().count() as f32).min(status_width_max(map, view));
        rects.push(status_rect(map, view, width));
    }
    if view.detail.is_some() {
        rects.push(card_rect(map));
    }
    rects
}

/// Draws figures, legend and zoom buttons. Returns the message to open if the status was clicked.
pub fn overlay_ui(ui: &mut Ui, map: &mut MapState, rect: Rect, view: &ExerciseView) -> Option<Ix<Inject>> {
    figures_ui(ui, figures_rect(rect), figures_in_row(rect), &view.hosts);
    legend_ui(ui, legend_rect(rect));
    zoom_ui(ui, map, zoom_rect(rect));
    status_ui(ui, rect, view)
}

/// The reason why the clock stands still or runs slowly, with its colour.
fn status_of(clock: &ClockView) -> Option<(String, Color32)> {
    let status = match (&clock.decision, &clock.stopped) {
        _ if clock.is_ended => ("The exercise has ended, open the debrief".to_owned(), theme::TEXT),
        _ if clock.is_ending => ("Playing the run to its end…".to_owned(), theme::TEXT_SOFT),
        (Some(decision), _) if clock.is_paused => {
            (format!("Waiting for your order: {}", decision.title), theme::DEGRADED)
        }
        (Some(decision), _) => (format!("Time slowed for your order: {}", decision.title), theme::DEGRADED),
        (None, Some(stopped)) if clock.is_paused => (format!("Stopped. {stopped}"), theme::TEXT),
        _ if clock.is_paused => ("Paused, press Space to go on".to_owned(), theme::TEXT_SOFT),
        _ => return None,
    };
    Some(status)
}

/// The message that the status is about; a click on the status opens it.
pub fn status_message(clock: &ClockView) -> Option<Ix<Inject>> {
    let decision = clock.decision.as_ref().filter(|_| !clock.is_ended && !clock.is_ending);
    decision.map(|decision| decision.inject)
}

/// The space for the status between the edges of the map, or an edge and the card of an organisation.
fn status_width_max(map: Rect, view: &ExerciseView) -> f32 {
    let right = if view.detail.is_some() { card_rect(map).left() } else { map.right() };
    (right - map.left() - 24.0).max(60.0)
}

/// The rectangle of the status: in the middle of the map, beside the card of an organisation.
fn status_rect(map: Rect, view: &ExerciseView, width: f32) -> Rect {
    let right = if view.detail.is_some() { card_rect(map).left() } else { map.right() };
    let center = Pos2::new((map.left() + right) / 2.0, figures_rect(map).bottom() + 22.0);
    Rect::from_center_size(center, Vec2::new(width, 28.0))
}

fn status_ui(ui: &Ui, map: Rect, view: &ExerciseView) -> Option<Ix<Inject>> {
    let (words, ink) = status_of(&view.clock)?;
    let message = status_message(&view.clock);
    let width_max = status_width_max(map, view);
    let width = (text::width(ui.painter(), &words, Type::SmallStrong) + 28.0).min(width_max);
    let rect = status_rect(map, view, width);
    let center = rect.center();
    ui.painter().rect(
        rect,
        14.0,
        theme::PANEL.gamma_multiply(0.9),
        Stroke::new(1.0, theme::OUTLINE),
        StrokeKind::Inside,
    );
    text::line(ui.painter(), center, Align2::CENTER_CENTER, &words, Type::SmallStrong, ink, width - 20.0);
    let sense = if message.is_some() { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.id().with("clock status"), sense);
    let Some(message) = message else {
        name(&response, &words);
        response.on_hover_text(words);
        return None;
    };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &words));
    crate::ui::widgets::focus_ring(ui, &response, rect);
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(&words);
    response.clicked().then_some(message)
}

fn plate(ui: &Ui, rect: Rect) {
    let fill = theme::PANEL.gamma_multiply(0.88);
    ui.painter().rect(rect, theme::RADIUS, fill, Stroke::new(1.0, theme::HAIRLINE), StrokeKind::Inside);
}

/// Draws hosts down, in repair and back, technicians, and cost.
fn figures_ui(ui: &mut Ui, rect: Rect, in_row: usize, hosts: &HostsView) {
    plate(ui, rect);
    let back = hosts.repaired + hosts.self_recovered;
    let busy = format!(
        "{} / {}",
        format::thousands(u64::from(hosts.technicians_busy)),
        format::thousands(u64::from(hosts.technicians_on_duty))
    );
    let cells = [
        (format::amount(hosts.down as f64), "hosts down", format!("of {}", format::thousands(hosts.total))),
        (format::amount(hosts.in_repair as f64), "in repair", "hosts that a technician works on now".to_owned()),
        (
            format::amount(back as f64),
            "back up",
            format!(
                "{} repaired, {} recovered by themselves",
                format::thousands(hosts.repaired),
                format::thousands(hosts.self_recovered)
            ),
        ),
        (busy, "technicians busy", "of those on duty".to_owned()),
        (format::usd(hosts.cost_usd), "spent", "on mitigations so far".to_owned()),
    ];
    let width = rect.width() / in_row as f32;
    for (index, (figure, unit, more)) in cells.into_iter().enumerate() {
        let (row, column) = ((index / in_row) as f32, index % in_row);
        let left = rect.left() + width * column as f32;
        let top = rect.top() + FIGURE_HEIGHT * row;
        let cell = Rect::from_min_size(Pos2::new(left, top), Vec2::new(width, FIGURE_HEIGHT));
        let response = ui.interact(cell, ui.id().with(("figure", index)), Sense::hover());
        let at = Pos2::new(left + 12.0, top + 13.0);
        let ink = if index == 0 && 0 < hosts.down { theme::FAILED } else { theme::TEXT };
        text::line(ui.painter(), at, Align2::LEFT_CENTER, &figure, Type::Strong, ink, width - 14.0);
        let at = Pos2::new(left + 12.0, top + 28.0);
        text::line(ui.painter(), at, Align2::LEFT_CENTER, unit, Type::Caption, theme::TEXT_MUTED, width - 14.0);
        if 0 < column {
            ui.painter().vline(left, cell.y_range().shrink(9.0), Stroke::new(1.0, theme::HAIRLINE));
        }
        name(&response, format!("{figure} {unit}, {more}"));
        response.on_hover_text(format!("{figure} {unit}, {more}"));
    }
}

fn legend_ui(ui: &mut Ui, rect: Rect) {
    plate(ui, rect);
    let response = ui.interact(rect, ui.id().with("legend"), Sense::click_and_drag());
    let words: Vec<_> = STATES.into_iter().map(theme::state_word).collect();
    name(&response, format!("Legend, {}", words.join(", ")));
    let pitch = (rect.height() - 12.0) / STATES.len() as f32;
    for (index, state) in STATES.into_iter().enumerate() {
        let y = rect.top() + 6.0 + pitch * (index as f32 + 0.5);
        shapes::state(ui.painter(), Pos2::new(rect.left() + 16.0, y), 5.5, state);
        let word = theme::state_word(state);
        let word = word[..1].to_uppercase() + &word[1..];
        let at = Pos2::new(rect.left() + 30.0, y);
        text::line(ui.painter(), at, Align2::LEFT_CENTER, &word, Type::Small, theme::TEXT_SOFT, rect.width() - 34.0);
    }
}

fn zoom_ui(ui: &mut Ui, map: &mut MapState, rect: Rect) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(egui::Layout::left_to_right(egui::Align::Min)));
    child.spacing_mut().item_spacing.x = 4.0;
    if Push::icon(Icon::Plus, "Zoom in").show(&mut child).clicked() {
        map.nudge[2] += 1.0;
    }
    if Push::icon(Icon::Minus, "Zoom out").show(&mut child).clicked() {
        map.nudge[2] -= 1.0;
    }
    if Push::icon(Icon::Fit, "Show the whole world").show(&mut child).clicked() {
        map.go_home(MapHome::World);
    }
    if Push::icon(Icon::Yours, "Show your organisations").show(&mut child).clicked() {
        map.go_home(MapHome::Yours);
    }
}
