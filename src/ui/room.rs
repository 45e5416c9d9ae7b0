//! The exercise room: clock above, services left, messages and mitigations right, timeline below,
//! and the map left open in the middle.

pub mod board;
pub mod drawer;
pub mod inbox;
pub mod timeline;

mod detail;
mod orders;
mod top;

pub(super) use detail::{card_rect, detail_ui};

use egui::{Align2, Frame, Margin, Panel, Rect, Sense, Ui, Vec2};

use super::state::{Pane, Tab, UiState};
use super::theme::{self, Type};
use super::widgets::text;
use crate::exercise::action::Action;
use crate::exercise::view::RoomView;

/// Draws the room and returns the rectangle of the map.
pub fn room_ui(ui: &mut Ui, state: &mut UiState, view: &RoomView, actions: &mut Vec<Action>) -> Rect {
    let is_large = 1600.0 < ui.max_rect().width();
    let frame = Frame::new().fill(theme::PANEL);
    Panel::top("top")
        .resizable(false)
        .exact_size(60.0)
        .frame(frame.inner_margin(Margin::symmetric(14, 0)))
        .show(ui, |ui| top::top_ui(ui, state, view, actions));
    let (left, right, bottom) = if is_large { (356.0, 400.0, 236.0) } else { (300.0, 324.0, 178.0) };
    Panel::left("board").resizable(false).exact_size(left).frame(frame).show(ui, |ui| {
        board::board_ui(ui, state, view, actions);
    });
    Panel::right("side").resizable(false).exact_size(right).frame(frame).show(ui, |ui| {
        side_ui(ui, state, view, actions);
    });
    Panel::bottom("timeline")
        .resizable(false)
        .exact_size(bottom)
        .frame(frame.inner_margin(Margin::symmetric(12, 6)))
        .show(ui, |ui| timeline::timeline_ui(ui, &mut state.timeline, &view.timeline));
    egui::CentralPanel::default().frame(Frame::new()).show(ui, |ui| super::map::map_ui(ui, state, view, actions)).inner
}

fn side_ui(ui: &mut Ui, state: &mut UiState, view: &RoomView, actions: &mut Vec<Action>) {
    let is_large = 700.0 < ui.available_height();
    let orders = if is_large { 260.0 } else { 168.0 };
    Panel::bottom("orders")
        .resizable(false)
        .exact_size(orders)
        .frame(Frame::new().inner_margin(Margin::symmetric(12, 8)))
        .show(ui, |ui| orders::orders_ui(ui, view, actions));
    tabs_ui(ui, state, view);
    match state.tab {
        Tab::Inbox => inbox::inbox_ui(ui, state, view, actions),
        Tab::Mitigations => drawer::drawer_ui(ui, state, view),
    }
}

fn tabs_ui(ui: &mut Ui, state: &mut UiState, view: &RoomView) {
    let unread = view.inbox.iter().filter(|row| !row.is_read).count();
    let inbox = if unread == 0 { "Inbox".to_owned() } else { format!("Inbox, {unread} unread") };
    let possible = view.drawer.iter().filter(|row| row.refusal.is_none()).count();
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 42.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme::HAIRLINE));
    let (left, right) = rect.split_left_right_at_fraction(0.5);
    if tab_ui(ui, left, "Inbox", unread, state.tab == Tab::Inbox, &inbox) {
        (state.tab, state.pane) = (Tab::Inbox, Pane::Inbox);
    }
    let mitigations = format!("Mitigations, {possible} possible now");
    if tab_ui(ui, right, "Mitigations", possible, state.tab == Tab::Mitigations, &mitigations) {
        (state.tab, state.pane) = (Tab::Mitigations, Pane::Mitigations);
    }
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

/// The edge that shows which panel the arrow keys serve.
fn pane_edge(ui: &Ui, rect: Rect, is_chosen: bool) {
    if is_chosen {
        let edge = Rect::from_min_max(rect.left_top(), egui::pos2(rect.left() + 3.0, rect.bottom()));
        ui.painter().rect_filled(edge, 0.0, theme::ACCENT);
    }
}
