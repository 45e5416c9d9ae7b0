//! The timeline: service curves with their ghosts, what happened, what was decided, now.

use egui::{Align2, Color32, Id, Pos2, Rect, Sense, Stroke, Ui, UiBuilder, Vec2};
use egui_plot::{
    AxisHints, GridInput, GridMark, HoverPosition, Line, LineStyle, Plot, PlotBounds, PlotPoint, PlotPoints, VLine,
};

use crate::exercise::view::{Curve, MarkKind, TimelineView};
use crate::ui::format;
use crate::ui::state::{TimelineState, TimelineZoom};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{name, text};

/// Most points of a curve that are drawn; more would not be seen.
const POINTS_MAX: usize = 700;
/// From this width on there is room for words in the head.
const LARGE: f32 = 900.0;

/// How a plot of curves is to look.
#[derive(Clone, Debug)]
pub struct PlotLook {
    id: &'static str,
    height: f32,
    /// The curve in front; all alike if none.
    front: Option<usize>,
    zoom: TimelineZoom,
    has_now: bool,
}

impl PlotLook {
    /// The whole run, without a line for now.
    pub fn debrief(id: &'static str, height: f32) -> Self {
        Self { id, height, front: Some(0), zoom: TimelineZoom::All, has_now: false }
    }
}

/// Draws the timeline of the room.
pub fn timeline_ui(ui: &mut Ui, state: &mut TimelineState, view: &TimelineView) {
    if view.curves.len() <= state.curve.unwrap_or(0) {
        state.curve = None;
    }
    ui.spacing_mut().item_spacing.y = 4.0;
    head_ui(ui, state, view);
    if view.curves.is_empty() {
        super::inbox::empty_ui(ui, "No curve yet", "Curves of your services are drawn here once the clock runs");
        return;
    }
    let look = PlotLook {
        id: "timeline plot",
        height: ui.available_height(),
        front: state.curve,
        zoom: state.zoom,
        has_now: true,
    };
    plot_ui(ui, view, &look);
}

fn head_ui(ui: &mut Ui, state: &mut TimelineState, view: &TimelineView) {
    let whole = ui.available_width();
    ui.horizontal(|ui| {
        ui.set_height(26.0);
        ui.spacing_mut().item_spacing.x = 4.0;
        if LARGE < whole {
            ui.label(Type::SmallStrong.rich("Timeline", theme::TEXT_SOFT));
            ui.add_space(6.0);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let zooms = [(TimelineZoom::Hours, "8 h"), (TimelineZoom::Days, "2 days"), (TimelineZoom::All, "All")];
            for (zoom, words) in zooms {
                let label = format!("Timeline span, {words}");
                if Push::new(words).name(&label).small().quiet().selected(state.zoom == zoom).show(ui).clicked() {
                    state.zoom = zoom;
                }
            }
            ui.add_space(8.0);
            if LARGE < whole {
                ghost_key_ui(ui, theme::TEXT_SOFT);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                curves_key_ui(ui, state, &view.curves);
            });
        });
    });
}

/// The curves by name and colour; a click puts one in front.
fn curves_key_ui(ui: &mut Ui, state: &mut TimelineState, curves: &[Curve]) {
    let wanted: Vec<f32> =
        curves.iter().map(|curve| text::width(ui.painter(), &curve.name, Type::Small) + 28.0).collect();
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

/// The largest width that lets all have what they want up to it.
fn width_cap(wanted: &[f32], room: f32) -> f32 {
    let mut sorted = wanted.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut left = room;
    for (index, width) in sorted.iter().enumerate() {
        let each = left / (sorted.len() - index) as f32;
        if each < *width {
            return each.max(30.0);
        }
        left -= width;
    }
    f32::INFINITY
}

/// What the kinds of lines mean.
pub fn ghost_key_ui(ui: &mut Ui, color: Color32) {
    let is_reversed = ui.layout().prefer_right_to_left();
    let draw = |ui: &mut Ui, (words, gap): (&str, f32)| {
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
    let mut keys = [("You", 0.0), ("Do nothing", 5.0), ("History", 2.0)];
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

/// Draws curves, ghosts and marks over the span chosen.
pub fn plot_ui(ui: &mut Ui, view: &TimelineView, look: &PlotLook) {
    let (from, to) = span_of(view, look.zoom);
    let is_short = (f64::from(ui.available_width()) - 60.0) * 1440.0 / (to - from) < 72.0;
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
        .custom_x_axes(vec![axis(AxisHints::new_x()).formatter(move |mark, _| x_words(view, mark.value, is_short))])
        .custom_y_axes(vec![
            axis(AxisHints::new_y()).min_thickness(44.0).formatter(|mark, _| format::percent(mark.value)),
        ])
        .x_grid_spacer(move |input| x_marks(view, input, to - from))
        .y_grid_spacer(|_| [0.0, 0.5, 1.0].map(|value| GridMark { value, step_size: 0.5 }).to_vec())
        .label_formatter(move |hover| hover_words(view, hover));
    let response = plot.show(ui, |plot| {
        let top = if look.has_now { 1.34 } else { 1.04 };
        plot.set_plot_bounds(PlotBounds::from_min_max([from, -0.04], [to, top]));
        for (index, curve) in view.curves.iter().enumerate() {
            let is_front = look.front.is_none_or(|front| front == index);
            for line in lines_of(curve, color_of(index), is_front, look.front.is_some()) {
                plot.line(line);
            }
        }
        if look.has_now {
            let now = VLine::new("", f64::from(view.now_min)).color(theme::TEXT).width(1.5).allow_hover(false);
            plot.vline(now);
        }
    });
    name(&response.response, label);
    if look.has_now {
        let frame = *response.transform.frame();
        if frame.width() < LARGE {
            let corner = Rect::from_min_max(frame.right_bottom() - Vec2::new(248.0, 26.0), frame.max);
            ghost_key_ui(&mut ui.new_child(UiBuilder::new().max_rect(corner).id_salt("line styles")), theme::TEXT_SOFT);
        }
        marks_ui(ui, view, &response.transform);
    }
}

/// The curve and its ghosts, oldest ghost first so that yours lies on top.
fn lines_of(curve: &Curve, color: Color32, is_front: bool, has_front: bool) -> Vec<Line<'static>> {
    let strength = if is_front { 1.0 } else { 0.25 };
    let mut lines = Vec::new();
    if is_front {
        let ghost = if has_front { 0.75 } else { 0.45 };
        let dashed = LineStyle::Dashed { length: 7.0 };
        let dotted = LineStyle::Dotted { spacing: 5.0 };
        for (points, style, words) in [(&curve.do_nothing, dashed, "do nothing"), (&curve.reference, dotted, "history")]
        {
            if !points.is_empty() {
                let line = Line::new(format!("{}, {words}", curve.name), thinned(points));
                lines.push(line.color(color.gamma_multiply(ghost)).width(1.3).style(style));
            }
        }
    }
    if !curve.yours.is_empty() {
        let line = Line::new(curve.name.clone(), thinned(&curve.yours));
        lines.push(line.color(color.gamma_multiply(strength)).width(if is_front { 2.2 } else { 1.2 }));
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

/// First and last minute shown.
fn span_of(view: &TimelineView, zoom: TimelineZoom) -> (f64, f64) {
    let horizon = f64::from(view.horizon_min.max(1));
    let width = match zoom {
        TimelineZoom::All => return (0.0, horizon),
        TimelineZoom::Days => 2880.0_f64.min(horizon),
        TimelineZoom::Hours => 480.0_f64.min(horizon),
    };
    let from = (f64::from(view.now_min) - width * 0.6).clamp(0.0, horizon - width);
    (from, from + width)
}

fn x_marks(view: &TimelineView, input: GridInput, width: f64) -> Vec<GridMark> {
    let days = view.days.iter().map(|(minute, _)| GridMark { value: f64::from(*minute), step_size: 1440.0 });
    let mut marks: Vec<_> = days.filter(|mark| input.bounds.0 <= mark.value && mark.value <= input.bounds.1).collect();
    let step = match width {
        w if w <= 600.0 => 60.0,
        w if w <= 3000.0 => 360.0,
        _ => return marks,
    };
    let offset = f64::from(view.start_minute_of_day);
    let mut at = ((input.bounds.0 + offset) / step).ceil() * step - offset;
    while at <= input.bounds.1 {
        if marks.iter().all(|mark| 0.5 < (mark.value - at).abs()) {
            marks.push(GridMark { value: at, step_size: step });
        }
        at += step;
    }
    marks
}

/// The day at midnight, without its month where days are narrow; else the time of day.
fn x_words(view: &TimelineView, minute: f64, is_short: bool) -> String {
    let day = view.days.iter().find(|(at, _)| (f64::from(*at) - minute).abs() < 0.5);
    let Some((_, words)) = day else { return time_of_day(view, minute) };
    match words.rsplit_once(' ') {
        Some((short, _)) if is_short => short.to_owned(),
        _ => words.clone(),
    }
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

/// `Fri 19 Jul 04:09`, as far as the days are known.
fn time_words(view: &TimelineView, minute: f64) -> String {
    let day = view.days.iter().rev().find(|(at, _)| f64::from(*at) <= minute);
    let time = time_of_day(view, minute);
    day.map_or_else(|| time.clone(), |(_, words)| format!("{words} {time}"))
}

fn hover_words(view: &TimelineView, hover: &HoverPosition<'_>) -> Option<String> {
    match hover {
        HoverPosition::NearDataPoint { plot_name, position, .. } => {
            Some(format!("{plot_name}\n{} at {}", format::percent(position.y), time_words(view, position.x)))
        }
        HoverPosition::Elsewhere { .. } => None,
    }
}

/// Events, injects and decisions in three lanes above the curves.
fn marks_ui(ui: &mut Ui, view: &TimelineView, transform: &egui_plot::PlotTransform) {
    let frame = *transform.frame();
    let lane = ((transform.position_from_point(&PlotPoint::new(0.0, 1.05)).y - frame.top()) / 3.0).clamp(6.0, 12.0);
    for (index, mark) in view.marks.iter().enumerate() {
        let x = transform.position_from_point(&PlotPoint::new(f64::from(mark.minute), 0.0)).x;
        if x < frame.left() - 1.0 || frame.right() + 1.0 < x {
            continue;
        }
        let (row, word) = match mark.kind {
            MarkKind::Event => (0.0, "Event"),
            MarkKind::Inject => (1.0, "Message"),
            MarkKind::Decision => (2.0, "Decision"),
        };
        let center = Pos2::new(x, frame.top() + lane * (row + 0.5));
        mark_shape(ui, center, mark.kind, frame.bottom());
        let rect = Rect::from_center_size(center, Vec2::splat(lane.max(9.0))).intersect(ui.max_rect());
        let response = ui.interact(rect, ui.id().with(("timeline mark", index)), Sense::hover());
        let label = format!("{word} at {}, {}", time_words(view, f64::from(mark.minute)), mark.label);
        name(&response, label.clone());
        response.on_hover_text(label);
    }
}

fn mark_shape(ui: &Ui, center: Pos2, kind: MarkKind, bottom: f32) {
    let painter = ui.painter();
    let thin = |color: Color32| Stroke::new(1.0, color);
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
