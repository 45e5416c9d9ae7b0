//! The service board: the seat's important services first, then the world's.

use egui::{Align2, Color32, Pos2, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2};

use crate::base::Ix;
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::{ExerciseView, LevelState, ServiceRow};
use crate::scenario::compile::{Organisation, Service};
use crate::ui::format;
use crate::ui::state::{BoardFilter, BoardState, Pane, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{bars, shapes, text};

const PADDING: f32 = 12.0;
/// Height of the line with the cause of a low level.
const HELD_HEIGHT: f32 = 17.0;
/// If a seat has more services than this, their rows are shorter.
const FULL_MAX: usize = 12;

/// The detail of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSize {
    /// With its curve, level bar, tolerance and backlog.
    Full,
    /// With its level bar and its tolerance.
    Middle,
    Short,
}

impl RowSize {
    /// A service below its target has one more line, with the cause.
    fn height(self, row: &ServiceRow) -> f32 {
        let line = if row.held_by.is_some() { HELD_HEIGHT } else { 0.0 };
        match self {
            RowSize::Full => 82.0 + line,
            RowSize::Middle => 58.0 + line,
            RowSize::Short => 46.0,
        }
    }
}

/// Draws the board.
pub fn board_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) {
    let whole = ui.max_rect();
    super::pane_edge(ui, whole, state.pane == Pane::Board);
    head_ui(ui, state, view);
    let selected = view.detail.as_ref().map(|detail| detail.organisation);
    let is_crowded = FULL_MAX < view.services.iter().filter(|row| row.is_yours).count();
    let mut chosen = None;
    ScrollArea::vertical().id_salt("board rows").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for is_yours in [true, false] {
            let rows: Vec<_> = shown(view, &state.board).filter(|row| row.is_yours == is_yours).collect();
            section_ui(ui, view, is_yours, rows.len());
            for row in rows {
                let is_cursor = state.pane == Pane::Board && state.board.cursor == Some(row.service);
                let size = match (row.is_yours, is_crowded) {
                    (true, false) => RowSize::Full,
                    (true, true) => RowSize::Middle,
                    (false, _) => RowSize::Short,
                };
                let response = row_ui(ui, row, size, Some(row.organisation) == selected, is_cursor);
                if is_cursor && state.board.scrolls_to_cursor {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    chosen = Some((row.service, row.organisation));
                }
            }
        }
        ui.add_space(12.0);
    });
    state.board.scrolls_to_cursor = false;
    if let Some((service, organisation)) = chosen {
        state.board.cursor = Some(service);
        state.map.shows = Some(organisation);
        let is_same = selected == Some(organisation);
        actions.push(Action::from(PersonalAction::SelectOrganisation((!is_same).then_some(organisation))));
    }
}

/// Services that are below their target level now.
pub fn disrupted(view: &ExerciseView) -> impl Iterator<Item = &ServiceRow> {
    view.services.iter().filter(|row| is_disrupted(row))
}

fn is_disrupted(row: &ServiceRow) -> bool {
    !matches!(row.state, LevelState::Working | LevelState::Untouched)
}

/// Services in the order the board shows them.
pub fn services_in_order(view: &ExerciseView, board: &BoardState) -> Vec<Ix<Service>> {
    let mut order: Vec<_> = shown(view, board).filter(|row| row.is_yours).map(|row| row.service).collect();
    order.extend(shown(view, board).filter(|row| !row.is_yours).map(|row| row.service));
    order
}

/// Organisations in the order of the board, then those without an important service.
pub fn organisations_in_order(view: &ExerciseView) -> Vec<Ix<Organisation>> {
    let of_board = view.services.iter().map(|row| row.organisation);
    let of_map = view.map.marks.iter().map(|mark| mark.organisation);
    let mut order = Vec::new();
    for organisation in of_board.chain(of_map) {
        if !order.contains(&organisation) {
            order.push(organisation);
        }
    }
    order
}

fn shown<'a>(view: &'a ExerciseView, board: &'a BoardState) -> impl Iterator<Item = &'a ServiceRow> {
    let find = board.find.trim().to_lowercase();
    view.services.iter().filter(move |row| {
        let passes = board.filter == BoardFilter::All || is_disrupted(row);
        let is_found = find.is_empty()
            || row.name.to_lowercase().contains(&find)
            || row.organisation_name.to_lowercase().contains(&find);
        passes && is_found
    })
}

fn head_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(PADDING as i8, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.horizontal(|ui| {
            ui.label(Type::Heading.rich("Services", theme::TEXT));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                let words = format!("Disrupted {}", disrupted(view).count());
                for (filter, words) in [(BoardFilter::Disrupted, words.as_str()), (BoardFilter::All, "All")] {
                    let push = Push::new(words).small().quiet().selected(state.board.filter == filter);
                    let label = format!("Show services, {}", words.to_lowercase());
                    if push.name(&label).show(ui).clicked() {
                        state.board.filter = filter;
                    }
                }
            });
        });
        let field = egui::TextEdit::singleline(&mut state.board.find)
            .hint_text("Find a service or organisation")
            .font(Type::Small.font())
            .margin(egui::Margin::symmetric(8, 5))
            .desired_width(f32::INFINITY);
        let response = ui.add(field);
        response.ctx.accesskit_node_builder(response.id, |node| node.set_label("Find a service or organisation"));
        if state.board.wants_find {
            response.request_focus();
            state.board.wants_find = false;
        }
    });
}

fn section_ui(ui: &mut Ui, view: &ExerciseView, is_yours: bool, count: usize) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 28.0), Sense::hover());
    let title = if is_yours { format!("Yours, {}", view.seat) } else { "Rest of the world".to_owned() };
    let at = Pos2::new(rect.left() + PADDING, rect.center().y + 2.0);
    text::line(ui.painter(), at, Align2::LEFT_CENTER, &title, Type::Caption, theme::TEXT_MUTED, rect.width() - 60.0);
    let end = Pos2::new(rect.right() - PADDING, rect.center().y + 2.0);
    text::line(ui.painter(), end, Align2::RIGHT_CENTER, &count.to_string(), Type::Caption, theme::TEXT_MUTED, 40.0);
    ui.painter().hline(rect.x_range().shrink(PADDING), rect.bottom(), Stroke::new(1.0, theme::HAIRLINE));
    crate::ui::widgets::name(&response, format!("{title}, {count} services"));
    if count == 0 {
        let words = match (view.services.is_empty(), is_yours) {
            (true, _) => "No service in this scenario",
            (false, true) => "None of your services matches",
            (false, false) => "No other service matches",
        };
        ui.horizontal(|ui| {
            ui.add_space(PADDING);
            ui.label(Type::Small.rich(words, theme::TEXT_MUTED));
        });
        ui.add_space(8.0);
    }
}

/// One service; the whole row selects its organisation.
pub fn row_ui(ui: &mut Ui, row: &ServiceRow, size: RowSize, is_selected: bool, is_cursor: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), size.height(row)), Sense::click());
    let label = label_of(row);
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_selected, &label));
    if !ui.is_rect_visible(rect) {
        crate::ui::widgets::focus_ring(ui, &response, rect);
        return response;
    }
    let ground = rect.shrink2(Vec2::new(5.0, 1.0));
    let fill = match () {
        () if is_selected => theme::ACCENT_DIM,
        () if response.hovered() => theme::RAISED,
        () => Color32::TRANSPARENT,
    };
    let outline = if is_cursor { theme::ACCENT } else { Color32::TRANSPARENT };
    ui.painter().rect(ground, theme::RADIUS, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
    let inner = rect.shrink2(Vec2::new(PADDING, 7.0));
    match size {
        RowSize::Full => full(ui, inner, row),
        RowSize::Middle => middle(ui, inner, row),
        RowSize::Short => short(ui, inner, row),
    }
    crate::ui::widgets::focus_ring(ui, &response, ground);
    // The tooltip opens beside the board, so that it does not cover the rows below.
    let mut tooltip = egui::Tooltip::for_enabled(&response);
    tooltip.popup = tooltip.popup.align(egui::RectAlign::RIGHT_START).gap(6.0);
    tooltip.show(|ui| hover_ui(ui, row));
    response
}

/// All content of a row as text, for the accessibility tree.
fn label_of(row: &ServiceRow) -> String {
    let mut parts = vec![
        row.name.clone(),
        row.organisation_name.clone(),
        format!("{} {}", theme::state_word(row.state), format::percent(row.level)),
        shapes::trend_word(row.trend).to_owned(),
    ];
    if 0 < row.outside_min {
        parts.push(format!("{} outside tolerance", format::span(row.outside_min)));
    } else if 0 < row.below_min {
        parts.push(format!("{} of {} tolerance used", format::span(row.below_min), format::span(row.tolerance_min)));
    }
    if 0.5 < row.backlog {
        parts.push(backlog_words(row));
    }
    if let Some(fallback) = &row.fallback {
        parts.push(format!("on fallback {fallback}"));
    }
    if let Some(held_by) = &row.held_by {
        parts.push(format!("held back by {held_by}"));
    }
    if let Some(root) = &row.root {
        parts.push(format!("at the root {root}"));
    }
    parts.join(", ")
}

fn backlog_words(row: &ServiceRow) -> String {
    format!("{} waiting", counted(row.backlog, &row.unit))
}

/// A count with its unit: `1 flight`, `12,345 flights`. Authors write units in the plural.
fn counted(value: f64, unit: &str) -> String {
    let amount = format::amount(value);
    if amount == "1" { format!("1 {}", singular(unit)) } else { format!("{amount} {unit}") }
}

/// The singular of a unit: `flight` for `flights`, `order of customers` for `orders of customers`.
fn singular(unit: &str) -> String {
    let (head, rest) =
        unit.split_once(" of ").map_or((unit, String::new()), |(head, rest)| (head, format!(" of {rest}")));
    let head = match head {
        h if h.ends_with("ies") => format!("{}y", &h[..h.len() - 3]),
        h if ["ches", "shes", "sses", "xes"].iter().any(|end| h.ends_with(end)) => h[..h.len() - 2].to_owned(),
        h => h.strip_suffix('s').unwrap_or(h).to_owned(),
    };
    head + &rest
}

/// Draws shape, name, organisation, and the level at the right.
fn title(ui: &Ui, rect: Rect, row: &ServiceRow) {
    let painter = ui.painter();
    let color = theme::state_color(row.state);
    shapes::state(painter, Pos2::new(rect.left() + 6.0, rect.top() + 8.0), 5.5, row.state);
    let left = rect.left() + 20.0;
    let level = format::percent(row.level);
    let at = Pos2::new(rect.right(), rect.top() + 8.0);
    let drawn = text::figures(painter, at, Align2::RIGHT_CENTER, &level, Type::Strong, color);
    shapes::trend(painter, Pos2::new(drawn.left() - 10.0, at.y), row.trend);
    let space = drawn.left() - 20.0 - left;
    let at = Pos2::new(left, rect.top() + 8.0);
    let kind = if text::width(painter, &row.name, Type::Strong) <= space { Type::Strong } else { Type::SmallStrong };
    text::line(painter, at, Align2::LEFT_CENTER, &row.name, kind, theme::TEXT, space);
}

fn short(ui: &Ui, rect: Rect, row: &ServiceRow) {
    title(ui, rect, row);
    let painter = ui.painter();
    let at = Pos2::new(rect.left() + 20.0, rect.top() + 25.0);
    let (words, ink) = outside_words(row);
    let right = Pos2::new(rect.right(), at.y);
    let drawn = text::line(painter, right, Align2::RIGHT_CENTER, &words, Type::Small, ink, 130.0);
    let space = drawn.left() - 8.0 - at.x;
    text::line(painter, at, Align2::LEFT_CENTER, &row.organisation_name, Type::Small, theme::TEXT_MUTED, space);
}

fn middle(ui: &Ui, rect: Rect, row: &ServiceRow) {
    short(ui, rect, row);
    let (top, left) = (rect.top() + 38.0, rect.left() + 20.0);
    let color = theme::state_color(row.state);
    let bar = Rect::from_min_max(Pos2::new(left, top), Pos2::new(rect.right() - 84.0, top + 4.0));
    bars::level(ui.painter(), bar, row.level, row.target, color);
    let spark = Rect::from_min_max(Pos2::new(rect.right() - 72.0, top - 3.0), Pos2::new(rect.right(), top + 6.0));
    bars::spark(ui.painter(), spark, &row.spark, color);
    held(ui, rect, row);
}

/// Draws the root of a low level in the last line of the row.
fn held(ui: &Ui, rect: Rect, row: &ServiceRow) {
    let Some(words) = row.root.as_ref().or(row.held_by.as_ref()) else { return };
    let at = Pos2::new(rect.left() + 20.0, rect.bottom() - 7.0);
    text::line(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Small, theme::TEXT_SOFT, rect.width() - 20.0);
}

fn full(ui: &Ui, rect: Rect, row: &ServiceRow) {
    title(ui, rect, row);
    let painter = ui.painter();
    let color = theme::state_color(row.state);
    let left = rect.left() + 20.0;
    let spark = Rect::from_min_max(
        Pos2::new(rect.right() - 76.0, rect.top() + 19.0),
        Pos2::new(rect.right(), rect.top() + 36.0),
    );
    bars::spark(painter, spark, &row.spark, color);
    let at = Pos2::new(left, rect.top() + 26.0);
    let space = spark.left() - 8.0 - left;
    text::line(painter, at, Align2::LEFT_CENTER, &row.organisation_name, Type::Small, theme::TEXT_MUTED, space);
    let bar = Rect::from_min_max(Pos2::new(left, rect.top() + 42.0), Pos2::new(rect.right(), rect.top() + 47.0));
    bars::level(painter, bar, row.level, row.target, color);
    let y = rect.top() + 61.0;
    let (words, ink) = outside_words(row);
    let gauge_right = left + 34.0;
    gauge(ui, Rect::from_min_max(Pos2::new(left, y - 3.0), Pos2::new(gauge_right, y + 3.0)), row);
    let at = Pos2::new(gauge_right + 7.0, y);
    let drawn = text::line(painter, at, Align2::LEFT_CENTER, &words, Type::Small, ink, 150.0);
    if 0.5 < row.backlog {
        let right = Pos2::new(rect.right(), y);
        let space = rect.right() - drawn.right() - 10.0;
        let words = format!("{} waiting", format::amount(row.backlog));
        text::line(painter, right, Align2::RIGHT_CENTER, &words, Type::Small, theme::TEXT_SOFT, space);
    }
    held(ui, rect, row);
}

/// Draws the used share of the impact tolerance in this disruption.
fn gauge(ui: &Ui, rect: Rect, row: &ServiceRow) {
    let used = f64::from(row.below_min) / f64::from(row.tolerance_min.max(1));
    let is_outside = 0 < row.outside_min || 1.0 <= used;
    let color = match () {
        () if is_outside && 0 < row.below_min => theme::FAILED,
        () if 0.5 <= used => theme::SEVERE,
        () if 0.0 < used => theme::DEGRADED,
        () => theme::WORKING,
    };
    bars::level(ui.painter(), rect, used.min(1.0), 0.0, color);
}

/// The words and colour for the remaining tolerance.
fn outside_words(row: &ServiceRow) -> (String, Color32) {
    match () {
        () if 0 < row.outside_min => (format!("{} outside", format::span(row.outside_min)), theme::FAILED),
        () if 0 < row.below_min => {
            let left = row.tolerance_min.saturating_sub(row.below_min);
            (format!("{} left", format::span(left)), theme::DEGRADED)
        }
        () if row.is_yours => (format!("{} allowed", format::span(row.tolerance_min)), theme::TEXT_MUTED),
        () => (String::new(), theme::TEXT_MUTED),
    }
}

fn hover_ui(ui: &mut Ui, row: &ServiceRow) {
    ui.set_max_width(300.0);
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.label(Type::Strong.rich(&row.name, theme::TEXT));
    ui.label(Type::Small.rich(&row.organisation_name, theme::TEXT_MUTED));
    let mut line = |words: String| {
        ui.label(Type::Small.rich(words, theme::TEXT_SOFT));
    };
    line(format!("Level {}, target {}", format::percent(row.level), format::percent(row.target)));
    line(format!("Impact tolerance {}", format::span(row.tolerance_min)));
    if 0 < row.below_min {
        line(format!("Below target for {}", format::span(row.below_min)));
    }
    if 0 < row.outside_min {
        line(format!("Outside tolerance for {}", format::span(row.outside_min)));
    }
    if 0.5 < row.backlog {
        line(backlog_words(row));
    }
    if 0.5 < row.lost {
        line(format!("{} lost", counted(row.lost, &row.unit)));
    }
    if let Some(fallback) = &row.fallback {
        line(format!("On fallback: {fallback}"));
    }
    if let Some(held_by) = &row.held_by {
        line(format!("Held back by: {held_by}"));
    }
    if let Some(root) = &row.root {
        line(format!("At the root: {root}"));
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_of_a_unit_is_singular() {
        let check = |value, unit, expected: &str| assert_eq!(counted(value, unit), expected);
        check(1.0, "flights", "1 flight");
        check(0.8, "record openings", "1 record opening");
        check(1.2, "batches", "1 batch");
        check(1.0, "orders of customers", "1 order of customers");
        check(1.0, "salaries", "1 salary");
        check(0.0, "flights", "0 flights");
        check(12_345.0, "visits", "12,345 visits");
    }
}
