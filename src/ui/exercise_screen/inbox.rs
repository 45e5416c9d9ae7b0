//! The inbox: the injects that reached the seat, newest first.

use egui::{Align, Layout, ScrollArea, Ui, Vec2};

use super::drawer;
use crate::base::Ix;
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::{AnswerRow, ExerciseView, InjectRow};
use crate::scenario::compile::{Inject, Mitigation};
use crate::scenario::schema::Standing;
use crate::ui::state::{InboxState, Pane, Tab, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::{Pressable, chip_ui, empty_ui, pressable_ui};
use crate::ui::widgets::icons::{Icon, icon};
use crate::ui::widgets::push::Push;

/// Draws the inbox.
pub fn inbox_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) {
    super::pane_edge(ui, ui.available_rect_before_wrap(), state.pane == Pane::Inbox);
    if view.inbox.is_empty() {
        empty_ui(ui, "No message yet", "Monitoring, phone, press and regulators report here as the scenario goes on");
        return;
    }
    let today = view.clock.time.rsplit_once(' ').map_or("", |(day, _)| day);
    let has_cursor = state.pane == Pane::Inbox;
    let mut wanted = None;
    ScrollArea::vertical().id_salt("inbox rows").auto_shrink(false).show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(10, 10)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for row in &view.inbox {
                let is_cursor = has_cursor && state.inbox.cursor == Some(row.inject);
                let is_open = state.inbox.expanded == Some(row.inject);
                let response = inject_ui(ui, row, today, is_open, is_cursor);
                if is_open {
                    wanted = answers_ui(ui, row).or(wanted);
                }
                if is_cursor && state.inbox.scrolls_to_cursor {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    state.inbox.cursor = Some(row.inject);
                    toggle(&mut state.inbox, row, actions);
                }
            }
        });
    });
    state.inbox.scrolls_to_cursor = false;
    if let Some(mitigation) = wanted {
        drawer::open_order(state, view, mitigation);
    }
}

/// Scrolls to a message, opens it and marks it read.
pub fn open(state: &mut UiState, view: &ExerciseView, inject: Ix<Inject>, actions: &mut Vec<Action>) {
    let Some(row) = view.inbox.iter().find(|row| row.inject == inject) else { return };
    (state.tab, state.pane) = (Tab::Inbox, Pane::Inbox);
    state.inbox.expanded = None;
    toggle(&mut state.inbox, row, actions);
    state.inbox.cursor = Some(inject);
    state.inbox.scrolls_to_cursor = true;
}

/// Opens or closes a message; opening an unread one marks it read.
pub fn toggle(inbox: &mut InboxState, row: &InjectRow, actions: &mut Vec<Action>) {
    inbox.expanded = (inbox.expanded != Some(row.inject)).then_some(row.inject);
    if inbox.expanded.is_some() && !row.is_read {
        actions.push(Action::from(PersonalAction::MarkRead(row.inject)));
    }
}

fn inject_ui(ui: &mut Ui, row: &InjectRow, today: &str, is_open: bool, is_cursor: bool) -> egui::Response {
    let unread = if row.is_read { "" } else { "Unread, " };
    let urgent = if row.is_urgent { "urgent, " } else { "" };
    let label = format!("{unread}{urgent}{}, from {}, {}", row.title, row.from, row.time);
    let mut card = Pressable::new(ui.id().with(("inject", row.inject)), label);
    card.is_cursor = is_cursor;
    let inner = pressable_ui(ui, card, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        head_ui(ui, row, today);
        let ink = if row.is_read { theme::TEXT_SOFT } else { theme::TEXT };
        let title = egui::Label::new(Type::Strong.rich(&row.title, ink));
        ui.add(if is_open { title.wrap() } else { title.truncate() });
        if is_open {
            body_ui(ui, row);
        }
    });
    let response = inner.response;
    if row.is_urgent {
        let rect = response.rect;
        let stripe = egui::Rect::from_min_max(
            rect.left_top() + Vec2::new(0.0, 8.0),
            egui::pos2(rect.left() + 3.0, rect.bottom() - 8.0),
        );
        ui.painter().rect_filled(stripe, 1.5, theme::SEVERE);
    }
    if is_open { response } else { response.on_hover_text(&row.title) }
}

/// Draws medium, sender and time; the day is shown only if it is not today.
fn head_ui(ui: &mut Ui, row: &InjectRow, today: &str) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 7.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(16.0), egui::Sense::hover());
        let ink = if row.is_urgent { theme::SEVERE } else { theme::ACCENT };
        icon(ui.painter(), rect.center(), 6.5, Icon::Via(row.via), ink);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !row.is_read {
                let (dot, _) = ui.allocate_exact_size(Vec2::new(8.0, 16.0), egui::Sense::hover());
                ui.painter().circle_filled(dot.center(), 3.5, theme::ACCENT);
            }
            let time = row.time.strip_prefix(today).unwrap_or(&row.time).trim();
            ui.label(Type::Small.rich(time, theme::TEXT_MUTED));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let from = if row.from.is_empty() { row.via.word() } else { &row.from };
                ui.add(egui::Label::new(Type::Small.rich(from, theme::TEXT_MUTED)).truncate());
            });
        });
    });
}

fn body_ui(ui: &mut Ui, row: &InjectRow) {
    ui.add(egui::Label::new(Type::Body.rich(&row.body, theme::TEXT_SOFT)).wrap());
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        if row.is_urgent {
            chip_ui(ui, "Urgent", theme::SEVERE);
        }
        chip_ui(ui, row.via.word(), theme::TEXT_SOFT);
        let (word, ink) = match row.standing {
            Standing::Documented => ("Documented", theme::WORKING),
            Standing::Estimated => ("Estimated", theme::ACCENT),
            Standing::Invented => ("Invented", theme::TEXT_SOFT),
        };
        chip_ui(ui, word, ink);
    });
}

/// Draws a button below the message for each order that answers it. Returns the pressed one; its order card opens.
fn answers_ui(ui: &mut Ui, row: &InjectRow) -> Option<Ix<Mitigation>> {
    let mut pressed = None;
    for answer in &row.answers {
        ui.horizontal(|ui| {
            ui.add_space(14.0);
            let words = format!("{}…", answer.name);
            let label = format!("Answer {}: {}", row.title, answer_words(answer));
            let push = Push::new(&words).small().name(&label).hover(&label).enabled(answer.is_open);
            if push.show(ui).clicked() {
                pressed = Some(answer.mitigation);
            }
            if 0 < answer.ordered {
                chip_ui(ui, "Ordered", theme::ACCENT);
            }
        });
    }
    pressed
}

fn answer_words(answer: &AnswerRow) -> String {
    match (answer.is_open, answer.ordered) {
        (_, 1..) => format!("{}, ordered {}", answer.name, drawer::times_words(answer.ordered)),
        (true, 0) => answer.name.clone(),
        (false, 0) => format!("{}, not possible now", answer.name),
    }
}
