//! The exercise screen: clock above, services left, messages and mitigations right, timeline below,
//! and the map left open in the middle.

pub mod board;
pub mod drawer;
pub mod inbox;
pub mod timeline;

mod detail;
mod notice;
mod orders;
mod settled;
mod top;

use egui::{Align2, Frame, Margin, Panel, Rect, Sense, Ui, Vec2};

use super::map;
use super::state::{Pane, Tab, UiState};
use super::theme::{self, Type};
use super::widgets::text;
use crate::exercise::action::Action;
use crate::exercise::view::ExerciseView;

/// The division of the window into panels, in points. A narrow window has the board as a third tab at the right
/// and the clock's buttons in a row of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Division {
    is_narrow: bool,
    top: f32,
    left: f32,
    right: f32,
    timeline: f32,
    orders: f32,
}

impl Division {
    fn of_window(window: Vec2) -> Self {
        let is_narrow = window.x < 1180.0;
        let is_large = 1600.0 < window.x;
        let is_low = window.y < 700.0;
        Self {
            is_narrow,
            top: if is_narrow { 98.0 } else { 60.0 },
            left: if is_large { 356.0 } else { 300.0 },
            right: if is_large { 400.0 } else { 324.0 },
            timeline: match () {
                () if is_large => 236.0,
                () if is_low => 168.0,
                () => 190.0,
            },
            orders: match () {
                () if 860.0 < window.y => 260.0,
                () if is_low => 120.0,
                () => 168.0,
            },
        }
    }
}

/// Draws the screen and returns the rectangle of the map.
pub fn exercise_screen_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) -> Rect {
    let division = Division::of_window(ui.max_rect().size());
    let frame = Frame::new().fill(theme::PANEL);
    Panel::top("top")
        .resizable(false)
        .exact_size(division.top)
        .frame(frame.inner_margin(Margin::symmetric(14, 0)))
        .show(ui, |ui| top::top_ui(ui, state, view, division.is_narrow, actions));
    if !division.is_narrow {
        Panel::left("board").resizable(false).exact_size(division.left).frame(frame).show(ui, |ui| {
            board::board_ui(ui, state, view, actions);
        });
    }
    Panel::right("side").resizable(false).exact_size(division.right).frame(frame).show(ui, |ui| {
        side_ui(ui, state, view, division, actions);
    });
    Panel::bottom("timeline")
        .resizable(false)
        .exact_size(division.timeline)
        .frame(frame.inner_margin(Margin::symmetric(12, 6)))
        .show(ui, |ui| timeline::timeline_ui(ui, state, view));
    let middle = egui::CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        let map = map::map_ui(ui, state, view, actions);
        if let Some(detail) = &view.detail {
            detail::detail_ui(ui, map::card_rect(map), detail, actions);
        }
        map
    });
    let map = middle.inner;
    if let Some(message) = state.inbox.wanted.take() {
        inbox::open(state, view, message, actions);
    }
    settled::settled_ui(ui, map, state, view);
    notice::notice_ui(ui, map, view, actions);
    map
}

fn side_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, division: Division, actions: &mut Vec<Action>) {
    Panel::bottom("orders")
        .resizable(false)
        .exact_size(division.orders)
        .frame(Frame::new().inner_margin(Margin::symmetric(12, 8)))
        .show(ui, |ui| orders::orders_ui(ui, state, view, actions));
    // If the board is at the left, its tab is not shown, and the inbox is chosen instead.
    let shown = if state.tab == Tab::Services && !division.is_narrow { Tab::Inbox } else { state.tab };
    tabs_ui(ui, state, view, shown, division.is_narrow);
    match shown {
        Tab::Inbox => inbox::inbox_ui(ui, state, view, actions),
        Tab::Mitigations => drawer::drawer_ui(ui, state, view),
        Tab::Services => board::board_ui(ui, state, view, actions),
    }
}

fn tabs_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, shown: Tab, is_narrow: bool) {
    let unread = view.inbox.iter().filter(|row| !row.is_read).count();
    let possible = view.drawer.iter().filter(|row| row.refusal.is_none()).count();
    let disrupted = board::disrupted(view).count();
    let inbox = if unread == 0 { "Inbox".to_owned() } else { format!("Inbox, {unread} unread") };
    let mitigations = format!("Mitigations, {possible} possible now");
    let services = format!("Services, {disrupted} disrupted");
    let mut tabs = vec![
        (Tab::Inbox, Pane::Inbox, "Inbox", unread, inbox),
        (Tab::Mitigations, Pane::Mitigations, "Mitigations", possible, mitigations),
    ];
    if is_narrow {
        tabs.insert(0, (Tab::Services, Pane::Board, "Services", disrupted, services));
    }
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 42.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme::HAIRLINE));
    let widths: Vec<f32> = tabs.iter().map(|(_, _, title, count, _)| tab_width(ui, title, *count)).collect();
    let spare = (rect.width() - widths.iter().sum::<f32>()) / tabs.len() as f32;
    let mut left = rect.left();
    for ((tab, pane, title, count, label), width) in tabs.into_iter().zip(widths) {
        let cell = Rect::from_min_size(egui::pos2(left, rect.top()), Vec2::new(width + spare, rect.height()));
        left = cell.right();
        if tab_ui(ui, cell, title, count, shown == tab, &label) {
            (state.tab, state.pane) = (tab, pane);
        }
    }
}

/// The width of a tab's title and count.
fn tab_width(ui: &Ui, title: &str, count: usize) -> f32 {
    let painter = ui.painter();
    text::width(painter, title, Type::Strong) + text::width(painter, &count.to_string(), Type::Caption) + 28.0
}

fn tab_ui(ui: &mut Ui, rect: Rect, title: &str, count: usize, is_chosen: bool, label: &str) -> bool {
    let response = ui.interact(rect, ui.id().with(("tab", title)), Sense::click());
    let ink = if is_chosen || response.hovered() { theme::TEXT } else { theme::TEXT_MUTED };
    let painter = ui.painter();
    let count = count.to_string();
    let title_width = text::width(painter, title, Type::Strong);
    let count_width = text::width(painter, &count, Type::Caption) + 12.0;
    let left = rect.center().x - (title_width + 8.0 + count_width) / 2.0;
    let y = rect.center().y;
    text::line(painter, egui::pos2(left, y), Align2::LEFT_CENTER, title, Type::Strong, ink, rect.width());
    let pill = Rect::from_center_size(
        egui::pos2(left + title_width + 8.0 + count_width / 2.0, y),
        Vec2::new(count_width, 18.0),
    );
    let fill = if is_chosen { theme::ACCENT_DIM } else { theme::RAISED };
    painter.rect_filled(pill, 9.0, fill);
    text::line(painter, pill.center(), Align2::CENTER_CENTER, &count, Type::Caption, ink, 60.0);
    if is_chosen {
        let under = Rect::from_min_max(egui::pos2(rect.left(), rect.bottom() - 2.0), rect.max);
        painter.rect_filled(under, 0.0, theme::ACCENT);
    }
    super::widgets::focus_ring(ui, &response, rect.shrink(3.0));
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, is_chosen, label));
    response.clicked()
}

/// Draws the edge of the active panel, which gets the arrow keys.
fn pane_edge(ui: &Ui, rect: Rect, is_chosen: bool) {
    if is_chosen {
        let edge = Rect::from_min_max(rect.left_top(), egui::pos2(rect.left() + 3.0, rect.bottom()));
        ui.painter().rect_filled(edge, 0.0, theme::ACCENT);
    }
}
