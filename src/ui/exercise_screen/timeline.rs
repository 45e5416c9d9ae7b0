//! The timeline: service curves with their ghosts, marks of events, messages and decisions, and the current minute.

use egui::{Align2, Color32, Id, Pos2, Rect, Sense, Stroke, Ui, Vec2};
use egui_plot::{AxisHints, GridMark, Line, LineStyle, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform, VLine};

use crate::exercise::view::{Curve, ExerciseView, MarkKind, TimelineMark, TimelineView};
use crate::ui::format;
use crate::ui::state::{TimelineState, TimelineZoom, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::empty_ui;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{name, text};

pub mod reading;

/// Most points of a curve that are drawn; more would not be visible.
const POINTS_MAX: usize = 700;
/// The look of a plot of curves.
#[derive(Clone, Debug)]
pub struct PlotLook {
    id: &'static str,
    height: f32,
    /// The curve in front; if none, all look alike.
    front: Option<usize>,
    zoom: TimelineZoom,
    kind: PlotKind,
    /// Space over the plate with the values of a minute, for the name of a chosen mark.
    plate_gap: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlotKind {
    /// A running exercise: a line marks the current minute, and curves have the colours of their services.
    Running,
    /// One curve of a run that has ended, in the colours of [`theme::RUNS`].
    Ended,
}

impl PlotLook {
    /// One curve over the whole run.
    pub fn ended(id: &'static str, height: f32) -> Self {
        Self { id, height, front: Some(0), zoom: TimelineZoom::All, kind: PlotKind::Ended, plate_gap: 0.0 }
    }

    /// The same with space for the name of a chosen mark, if one is chosen.
    pub fn under_mark(self, is_chosen: bool) -> Self {
        Self { plate_gap: if is_chosen { 26.0 } else { 0.0 }, ..self }
    }
}

/// Draws the timeline of the exercise screen.
pub fn timeline_ui(ui: &mut Ui, state: &mut UiState, exercise: &ExerciseView) {
    let view = &exercise.timeline;
    if view.curves.len() <= state.timeline.curve.unwrap_or(0) {
        state.timeline.curve = None;
    }
    state.timeline.mark = state.timeline.mark.filter(|mark| *mark < view.marks.len());
    ui.spacing_mut().item_spacing.y = 2.0;
    head_ui(ui, &mut state.timeline, view);
    if view.curves.is_empty() {
        empty_ui(ui, "No curve yet", "Curves of your services are drawn here once the clock runs");
        return;
    }
    let look = PlotLook {
        id: "timeline plot",
        height: ui.available_height(),
        front: state.timeline.curve,
        zoom: state.timeline.zoom,
        kind: PlotKind::Running,
        plate_gap: 0.0,
    }
    .under_mark(state.timeline.mark.is_some());
    let transform = plot_ui(ui, view, &look);
    reading::reading_ui(ui, view, &look, &transform, &mut state.timeline.reading);
    if let Some(mark) = marks_ui(ui, view, &transform, state.timeline.mark) {
        choose(state, exercise, mark);
    }
}

/// Chooses a mark, or clears the choice; a chosen message also opens in the inbox.
fn choose(state: &mut UiState, exercise: &ExerciseView, index: usize) {
    if state.timeline.mark.take() == Some(index) {
        return;
    }
    state.timeline.mark = Some(index);
    let mark = &exercise.timeline.marks[index];
    let message = exercise.inbox.iter().find(|row| mark.kind == MarkKind::Inject && row.title == mark.label);
    state.inbox.wanted = message.map(|message| message.inject).or(state.inbox.wanted);
}

/// Draws names of curves, line styles and the span, in two rows if they do not fit one.
fn head_ui(ui: &mut Ui, state: &mut TimelineState, view: &TimelineView) {
    let whole = ui.available_width();
    let curves: f32 = wanted(ui, &view.curves).iter().map(|width| width + 4.0).sum();
    let has_earlier = view.curves.iter().any(|curve| !curve.earlier.is_empty());
    let keys = KEYS_WIDTH + if has_earlier { EARLIER_WIDTH } else { 0.0 };
    let ghosts = [true, true, true, false, has_earlier].map(|is_drawn| is_drawn.then_some(theme::TEXT_SOFT));
    let is_wide = curves + keys < whole;
    ui.horizontal(|ui| {
        ui.set_height(26.0);
        ui.spacing_mut().item_spacing.x = 4.0;
        if is_wide {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                zooms_ui(ui, state);
                ui.add_space(8.0);
                ghost_key_ui(ui, ghosts);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    curves_key_ui(ui, state, &view.curves);
                });
            });
        } else {
            curves_key_ui(ui, state, &view.curves);
        }
    });
    if !is_wide {
        ui.horizontal(|ui| {
            ui.set_height(22.0);
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                zooms_ui(ui, state);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ghost_key_ui(ui, ghosts);
                });
            });
        });
    }
}

/// Width of the key of line styles and of the span buttons together.
const KEYS_WIDTH: f32 = 460.0;
/// Width of the key of the run before.
const EARLIER_WIDTH: f32 = 100.0;

fn zooms_ui(ui: &mut Ui, state: &mut TimelineState) {
    let zooms = [
        (TimelineZoom::Hours, "8 h"),
        (TimelineZoom::Days, "2 days"),
        (TimelineZoom::All, "All"),
        (TimelineZoom::SoFar, "So far"),
    ];
    for (zoom, words) in zooms {
        let label = format!("Timeline span, {}", words.to_lowercase());
        if Push::new(words).name(&label).small().quiet().selected(state.zoom == zoom).show(ui).clicked() {
            state.zoom = zoom;
        }
    }
}

fn wanted(ui: &Ui, curves: &[Curve]) -> Vec<f32> {
    curves.iter().map(|curve| text::width(ui.painter(), &curve.name, Type::Small) + 28.0).collect()
}

/// Draws the names of the curves in their colours; a click puts a curve in front.
fn curves_key_ui(ui: &mut Ui, state: &mut TimelineState, curves: &[Curve]) {
    let wanted = wanted(ui, curves);
    let cap = width_cap(&wanted, ui.available_width() - 4.0 * curves.len() as f32);
    for (index, curve) in curves.iter().enumerate() {
        let width = wanted[index].min(cap);
        if ui.available_width() < width {
            return;
        }
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 24.0), Sense::click());
        let is_front = state.curve == Some(index);
        if is_front || response.hovered() {
            let fill = if is_front { theme::ACCENT_DIM } else { theme::RAISED };
            ui.painter().rect_filled(rect, theme::RADIUS_SMALL, fill);
        }
        let y = rect.center().y;
        let color = color_of(index);
        ui.painter().hline(egui::Rangef::new(rect.left() + 5.0, rect.left() + 16.0), y, Stroke::new(3.0, color));
        let at = Pos2::new(rect.left() + 21.0, y);
        let ink = if is_front { theme::TEXT } else { theme::TEXT_SOFT };
        text::line(ui.painter(), at, Align2::LEFT_CENTER, &curve.name, Type::Small, ink, width - 24.0);
        crate::ui::widgets::focus_ring(ui, &response, rect);
        let label = format!("Curve {}", curve.name);
        response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_front, &label));
        if response.on_hover_text(&curve.name).clicked() {
            state.curve = (!is_front).then_some(index);
        }
    }
}

/// The largest limit with which all widths, each cut to it, fit the space.
fn width_cap(wanted: &[f32], space: f32) -> f32 {
    let mut sorted = wanted.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut left = space;
    for (index, width) in sorted.iter().enumerate() {
        let each = left / (sorted.len() - index) as f32;
        if each < *width {
            return each.max(30.0);
        }
        left -= width;
    }
    f32::INFINITY
}

/// Draws the key of line styles, each in its colour: you, do nothing, history, par, the run before; none for a line that
/// is not drawn.
pub fn ghost_key_ui(ui: &mut Ui, colors: [Option<Color32>; 5]) {
    let is_reversed = ui.layout().prefer_right_to_left();
    let draw = |ui: &mut Ui, ((words, gap), color): ((&str, f32), Color32)| {
        let width = text::width(ui.painter(), words, Type::Small) + 30.0;
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 20.0), Sense::hover());
        let y = rect.center().y;
        let mut x = rect.left();
        while x < rect.left() + 18.0 {
            let dash = if gap == 0.0 { 18.0 } else { gap };
            let right = (x + dash).min(rect.left() + 18.0);
            ui.painter().hline(egui::Rangef::new(x, right), y, Stroke::new(1.8, color));
            x = right + gap.max(1.0);
        }
        let at = Pos2::new(rect.left() + 23.0, y);
        text::line(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Small, theme::TEXT_MUTED, width);
        name(&response, format!("Line style, {words}"));
    };
    let styles = [("You", 0.0), ("Do nothing", 4.0), ("History", 1.5), ("Par", 8.0), ("Earlier try", 2.5)];
    let mut keys: Vec<_> = styles.into_iter().zip(colors).filter_map(|(style, color)| Some((style, color?))).collect();
    if is_reversed {
        keys.reverse();
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if is_reversed {
            keys.into_iter().for_each(|key| draw(ui, key));
        } else {
            ui.horizontal(|ui| keys.into_iter().for_each(|key| draw(ui, key)));
        }
    });
}

/// Draws curves and ghosts over the chosen span, with three lanes for marks above; returns the transform of the plot.
pub fn plot_ui(ui: &mut Ui, view: &TimelineView, look: &PlotLook) -> PlotTransform {
    let (from, to) = span_of(view, look.zoom);
    let width = f64::from(ui.available_width()) - f64::from(Y_AXIS_WIDTH);
    let grid = Grid::fitting(ui, view, width / (to - from));
    let names: Vec<&str> = view.curves.iter().map(|curve| curve.name.as_str()).collect();
    let label = format!("Timeline of {}", names.join(", "));
    let plot = Plot::new(Id::new(look.id))
        .height(look.height.max(60.0))
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .sense(Sense::hover())
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .set_margin_fraction(Vec2::ZERO)
        .grid_color(theme::OUTLINE)
        .custom_x_axes(vec![axis(AxisHints::new_x()).formatter(move |mark, _| grid.words(view, mark.value))])
        .custom_y_axes(vec![
            axis(AxisHints::new_y()).min_thickness(Y_AXIS_WIDTH).formatter(|mark, _| format::percent(mark.value)),
        ])
        .x_grid_spacer(move |input| grid.marks(view, input.bounds))
        .y_grid_spacer(|_| [0.0, 0.5, 1.0].map(|value| GridMark { value, step_size: 0.5 }).to_vec())
        .label_formatter(|_| None);
    let response = plot.show(ui, |plot| {
        plot.set_plot_bounds(PlotBounds::from_min_max([from, -0.04], [to, 1.34]));
        for (index, curve) in view.curves.iter().enumerate() {
            let is_front = look.front.is_none_or(|front| front == index);
            let lines = match look.kind {
                PlotKind::Running => lines_of(curve, &[color_of(index); 5], is_front, look.front.is_some()),
                PlotKind::Ended => lines_of(curve, &theme::RUNS, true, true),
            };
            lines.into_iter().for_each(|line| plot.line(line));
        }
        if look.kind == PlotKind::Running {
            let now = VLine::new("", f64::from(view.now_min)).color(theme::TEXT).width(1.5).allow_hover(false);
            plot.vline(now);
        }
    });
    name(&response.response, label);
    response.transform
}

const Y_AXIS_WIDTH: f32 = 44.0;

/// The curve and its ghosts in the colours of [`theme::RUNS`]; yours comes last, so that it lies on top.
fn lines_of(curve: &Curve, colors: &[Color32; 5], is_front: bool, has_front: bool) -> Vec<Line<'static>> {
    let [yours, do_nothing, history, par, earlier] = *colors;
    let strength = if is_front { 1.0 } else { 0.25 };
    let mut lines = Vec::new();
    if is_front {
        let ghost = if has_front { 0.8 } else { 0.45 };
        let ghosts = [
            (&curve.do_nothing, LineStyle::Dashed { length: 7.0 }, do_nothing, "do nothing"),
            (&curve.reference, LineStyle::Dotted { spacing: 5.0 }, history, "history"),
            (&curve.par, LineStyle::Dashed { length: 14.0 }, par, "par"),
            (&curve.earlier, LineStyle::Dashed { length: 3.0 }, earlier, "earlier try"),
        ];
        for (points, style, color, words) in ghosts {
            if !points.is_empty() {
                let line = Line::new(format!("{}, {words}", curve.name), thinned(points));
                lines.push(line.color(color.gamma_multiply(ghost)).width(1.5).style(style).allow_hover(false));
            }
        }
    }
    if !curve.yours.is_empty() {
        let line = Line::new(curve.name.clone(), thinned(&curve.yours));
        lines.push(
            line.color(yours.gamma_multiply(strength)).width(if is_front { 2.2 } else { 1.2 }).allow_hover(false),
        );
    }
    lines
}

/// At most [`POINTS_MAX`] points, keeping the lowest of each bucket, and the last.
fn thinned(points: &[[f64; 2]]) -> PlotPoints<'static> {
    let size = points.len().div_ceil(POINTS_MAX).max(1);
    let lowest = |bucket: &[[f64; 2]]| bucket.iter().copied().reduce(|a, b| if b[1] < a[1] { b } else { a });
    let mut kept: Vec<PlotPoint> = points.chunks(size).filter_map(lowest).map(PlotPoint::from).collect();
    if let (true, Some(last)) = (1 < size, points.last()) {
        kept.push(PlotPoint::from(*last));
    }
    PlotPoints::Owned(kept)
}

/// The first and the last minute shown.
fn span_of(view: &TimelineView, zoom: TimelineZoom) -> (f64, f64) {
    let horizon = f64::from(view.horizon_min.max(1));
    let now = f64::from(view.now_min);
    let width = match zoom {
        TimelineZoom::All => return (0.0, horizon),
        TimelineZoom::SoFar => return (0.0, (now * 1.2).max(1440.0).min(horizon)),
        TimelineZoom::Days => 2880.0_f64.min(horizon),
        TimelineZoom::Hours => 480.0_f64.min(horizon),
    };
    let from = (now - width * 0.6).min(horizon - width).max(0.0);
    (from, from + width)
}

/// Minutes between the labels of the time axis, such that no label touches the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    step_min: f64,
    /// True if `Fri 19 Jul` fits, false if only `Fri 19` does.
    has_months: bool,
}

/// Least space between two labels.
const LABEL_GAP: f64 = 12.0;

impl Grid {
    fn fitting(ui: &Ui, view: &TimelineView, points_per_min: f64) -> Self {
        let widest = |words: &dyn Fn(&str) -> String| {
            let widths = view.days.iter().map(|(_, day)| text::width(ui.painter(), &words(day), Type::Small));
            f64::from(widths.fold(text::width(ui.painter(), "00:00", Type::Small), f32::max))
        };
        Self::of_widths(widest(&|day| short(day).to_owned()), widest(&str::to_owned), points_per_min)
    }

    /// The finest steps whose labels, of the given widths, do not touch.
    fn of_widths(short: f64, long: f64, points_per_min: f64) -> Self {
        const STEPS_MIN: [f64; 8] = [60.0, 120.0, 360.0, 720.0, 1440.0, 2880.0, 5760.0, 10080.0];
        let space = |step: &f64| step * points_per_min - LABEL_GAP;
        let step_min = STEPS_MIN.into_iter().find(|step| short <= space(step)).unwrap_or(20160.0);
        Self { step_min, has_months: long <= space(&step_min) }
    }

    fn marks(self, view: &TimelineView, bounds: (f64, f64)) -> Vec<GridMark> {
        let step = self.step_min;
        // Days and longer steps count from the first midnight, shorter ones from the midnight before it.
        let midnight = 1440.0 - f64::from(view.start_minute_of_day);
        let first = midnight + ((bounds.0 - midnight) / step).ceil() * step;
        let count = ((bounds.1 - first) / step).floor().max(-1.0) as usize + 1;
        (0..count).map(|index| GridMark { value: first + step * index as f64, step_size: step }).collect()
    }

    /// The day at midnight, without its month if days are narrow; otherwise the time of day.
    fn words(self, view: &TimelineView, minute: f64) -> String {
        let day = view.days.iter().find(|(at, _)| (f64::from(*at) - minute).abs() < 0.5);
        match day {
            None => time_of_day(view, minute),
            Some((_, words)) if self.has_months => words.clone(),
            Some((_, words)) => short(words).to_owned(),
        }
    }
}

/// A day without its month: `Fri 19` for `Fri 19 Jul`.
fn short(day: &str) -> &str {
    day.rsplit_once(' ').map_or(day, |(short, _)| short)
}

fn axis(hints: AxisHints<'_>) -> AxisHints<'_> {
    hints
        .tick_label_color(theme::TEXT_MUTED)
        .tick_label_font(Type::Small.font())
        .label_spacing(egui::Rangef::new(16.0, 24.0))
}

fn time_of_day(view: &TimelineView, minute: f64) -> String {
    let minute = (minute.max(0.0) as u32 + view.start_minute_of_day) % 1440;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A time with its day, if the day is known: `Fri 19 Jul 04:09`.
pub fn time_words(view: &TimelineView, minute: f64) -> String {
    let day = view.days.iter().rev().find(|(at, _)| f64::from(*at) <= minute);
    let time = time_of_day(view, minute);
    day.map_or_else(|| time.clone(), |(_, words)| format!("{words} {time}"))
}

/// Draws events, injects and decisions in three lanes above the curves; the mark under the pointer shows its name.
/// Returns the mark that was clicked.
pub fn marks_ui(ui: &mut Ui, view: &TimelineView, transform: &PlotTransform, chosen: Option<usize>) -> Option<usize> {
    let frame = *transform.frame();
    let bottom = transform.position_from_point(&PlotPoint::new(0.0, 1.05)).y;
    let lane = ((bottom - frame.top()) / 3.0).clamp(6.0, 12.0);
    let lanes = Rect::from_min_max(frame.left_top(), Pos2::new(frame.right(), frame.top() + lane * 3.0));
    let place = |mark: &TimelineMark| {
        let x = transform.position_from_point(&PlotPoint::new(f64::from(mark.minute), 0.0)).x;
        Pos2::new(x, frame.top() + lane * (mark.kind as u8 as f32 + 0.5))
    };
    let pointer = ui.rect_contains_pointer(lanes).then(|| ui.input(|input| input.pointer.hover_pos())).flatten();
    let hovered = pointer.and_then(|pointer| nearest(view.marks.iter().map(place), pointer));
    let mut clicked = None;
    for (index, mark) in view.marks.iter().enumerate() {
        let center = place(mark);
        if center.x < frame.left() - 1.0 || frame.right() + 1.0 < center.x {
            continue;
        }
        let is_lit = chosen == Some(index) || hovered == Some(index);
        mark_shape(ui, center, mark.kind, frame.bottom(), is_lit);
        let rect = Rect::from_center_size(center, Vec2::splat(lane.max(9.0))).intersect(lanes);
        let response = ui.interact(rect, ui.id().with(("timeline mark", index)), Sense::hover());
        name(&response, mark_words(view, mark));
    }
    let ground = ui.interact(lanes, ui.id().with("timeline marks"), Sense::click());
    if let Some(index) = hovered {
        if ground.clicked() {
            clicked = Some(index);
        }
        ground
            .on_hover_cursor(egui::CursorIcon::PointingHand)
            .on_hover_text_at_pointer(mark_words(view, &view.marks[index]));
    }
    if let Some(mark) = chosen.map(|index| &view.marks[index]) {
        chosen_ui(ui, view, mark, place(mark).x, lanes);
    }
    clicked
}

/// Largest distance at which the pointer selects a mark.
const REACH: f32 = 9.0;

fn nearest(places: impl Iterator<Item = Pos2>, pointer: Pos2) -> Option<usize> {
    let far = places.map(|place| (place - pointer).length()).enumerate();
    far.filter(|(_, distance)| *distance <= REACH).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// A mark in words: `Message at Fri 19 Jul 06:30, Hospitals divert ambulances`.
fn mark_words(view: &TimelineView, mark: &TimelineMark) -> String {
    let word = match mark.kind {
        MarkKind::Event => "Event",
        MarkKind::Inject => "Message",
        MarkKind::Decision => "Decision",
    };
    format!("{word} at {}, {}", time_words(view, f64::from(mark.minute)), mark.label)
}

/// Draws the name of the chosen mark on a plate under the lanes.
fn chosen_ui(ui: &Ui, view: &TimelineView, mark: &TimelineMark, x: f32, lanes: Rect) {
    let words = mark_words(view, mark);
    let width = (text::width(ui.painter(), &words, Type::Small) + 16.0).min(lanes.width());
    let left = (x - width / 2.0).min(lanes.right() - width).max(lanes.left());
    let plate = Rect::from_min_size(Pos2::new(left, lanes.bottom() + 2.0), Vec2::new(width, 20.0));
    let outline = Stroke::new(1.0, theme::OUTLINE);
    ui.painter().rect(plate, theme::RADIUS_SMALL, theme::RAISED, outline, egui::StrokeKind::Inside);
    let space = width - 14.0;
    text::line(ui.painter(), plate.center(), Align2::CENTER_CENTER, &words, Type::Small, theme::TEXT, space);
    name(&ui.interact(plate, ui.id().with("chosen mark"), Sense::hover()), format!("Chosen: {words}"));
}

fn mark_shape(ui: &Ui, center: Pos2, kind: MarkKind, bottom: f32, is_lit: bool) {
    let painter = ui.painter();
    let thin = |color: Color32| Stroke::new(1.0, color);
    if is_lit {
        painter.circle(center, 7.0, theme::ACCENT_DIM, Stroke::new(1.0, theme::ACCENT));
        painter.vline(center.x, egui::Rangef::new(center.y, bottom), thin(theme::TEXT_SOFT));
    }
    match kind {
        MarkKind::Event => {
            let points = [(0.0, -4.5), (4.5, 0.0), (0.0, 4.5), (-4.5, 0.0)].map(|(x, y)| center + Vec2::new(x, y));
            painter.add(egui::Shape::convex_polygon(points.to_vec(), theme::TEXT_SOFT, Stroke::NONE));
        }
        MarkKind::Inject => {
            painter.circle_stroke(center, 3.2, Stroke::new(1.5, theme::TEXT_MUTED));
        }
        MarkKind::Decision => {
            painter.vline(center.x, egui::Rangef::new(center.y, bottom), thin(theme::ACCENT.gamma_multiply(0.45)));
            let points = [(-4.5, -4.0), (4.5, -4.0), (0.0, 4.0)].map(|(x, y)| center + Vec2::new(x, y));
            painter.add(egui::Shape::convex_polygon(points.to_vec(), theme::ACCENT, Stroke::NONE));
        }
    }
}

/// The colour of a curve.
fn color_of(index: usize) -> Color32 {
    theme::CURVES[index % theme::CURVES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_chips_share_what_the_short_ones_leave() {
        assert_eq!(width_cap(&[50.0, 60.0], 200.0), f32::INFINITY);
        assert_eq!(width_cap(&[50.0, 400.0, 300.0], 250.0), 100.0);
        assert_eq!(width_cap(&[], 10.0), f32::INFINITY);
    }

    /// Labels do not touch in any span and width, whichever days they name.
    #[test]
    fn labels_of_the_time_axis_never_touch() {
        let days: Vec<_> = (0..15).map(|day| (180 + day * 1440, format!("Wed {} Jul", 18 + day))).collect();
        let (short, long) = (48.0, 74.0);
        for start_minute_of_day in [0, 1, 719, 1260] {
            for width in [200.0, 320.0, 456.0, 900.0, 1400.0, 2400.0] {
                for minutes in [480.0, 1440.0, 2880.0, 7000.0, 14_400.0, 21_600.0] {
                    let view = TimelineView { start_minute_of_day, days: days.clone(), ..TimelineView::default() };
                    let points_per_min = width / minutes;
                    let grid = Grid::of_widths(short, long, points_per_min);
                    let marks = grid.marks(&view, (0.0, minutes));
                    let widest = if grid.has_months { long } else { short };
                    for pair in marks.windows(2) {
                        let apart = (pair[1].value - pair[0].value) * points_per_min;
                        assert!(widest + 8.0 <= apart, "{apart} points between labels, {width} for {minutes} min");
                    }
                    let is_fine = minutes <= 2880.0 && 320.0 <= width;
                    assert!(!is_fine || 2 <= marks.len(), "{} labels on {width} for {minutes} min", marks.len());
                    assert!(marks.iter().all(|mark| 0.0 <= mark.value && mark.value <= minutes), "{marks:?}");
                }
            }
        }
    }

    #[test]
    fn the_first_day_fills_the_timeline() {
        let view = |now_min| TimelineView { horizon_min: 14_400, now_min, ..TimelineView::default() };
        assert_eq!(span_of(&view(0), TimelineZoom::SoFar), (0.0, 1440.0));
        assert_eq!(span_of(&view(10_000), TimelineZoom::SoFar), (0.0, 12_000.0));
        assert_eq!(span_of(&view(14_000), TimelineZoom::SoFar), (0.0, 14_400.0));
        assert_eq!(span_of(&view(100), TimelineZoom::All), (0.0, 14_400.0));
    }

    #[test]
    fn thinned_curves_keep_dips_and_the_last_point() {
        let mut points: Vec<[f64; 2]> = (0..5000).map(|minute| [f64::from(minute), 1.0]).collect();
        points[1234][1] = 0.2;
        let PlotPoints::Owned(kept) = thinned(&points) else { panic!("thinned points are owned") };
        assert!(kept.len() <= POINTS_MAX + 1, "{} points", kept.len());
        assert!(kept.iter().any(|point| point.x == 1234.0 && point.y == 0.2));
        assert_eq!(kept.last().map(|point| point.x), Some(4999.0));
    }
}
