//! The mitigation drawer: the orders that the seat may give, their cost, and the reason for each refusal.

use egui::{Align, Layout, ScrollArea, Ui, Vec2};

use crate::base::Ix;
use crate::exercise::view::{ExerciseView, MitigationRow, TargetRow};
use crate::scenario::compile::Mitigation;
use crate::scenario::schema::Group;
use crate::ui::format;
use crate::ui::state::{DrawerState, GROUPS, OrderDialog, Pane, UiState, group_index};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::card::{Pressable, chip_ui, empty_ui, pressable_ui};
use crate::ui::widgets::icons::{Icon, icon};

/// Draws the drawer.
pub fn drawer_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView) {
    super::pane_edge(ui, ui.available_rect_before_wrap(), state.pane == Pane::Mitigations);
    if view.drawer.is_empty() {
        empty_ui(ui, "No mitigation for this seat", "Watch the services and the inbox");
        return;
    }
    let mut opened = None;
    top_ui(ui, state, view);
    ScrollArea::vertical().id_salt("drawer rows").auto_shrink(false).show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(10, 6)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for (group, title) in GROUPS {
                let rows = rows_of(view, &state.drawer, group);
                if !rows.is_empty() {
                    group_ui(ui, state, group, title, &rows, &mut opened);
                }
            }
        });
    });
    state.drawer.scrolls_to_cursor = false;
    if let Some(mitigation) = opened {
        state.drawer.cursor = Some(mitigation);
        open_order(state, view, mitigation);
    }
}

/// The load of the incident team, and the field that filters the list.
fn top_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView) {
    egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 6, bottom: 2 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            let field = egui::TextEdit::singleline(&mut state.drawer.find)
                .hint_text("Filter orders")
                .font(Type::Small.font())
                .margin(egui::Margin::symmetric(8, 5))
                .desired_width(110.0);
            let response = ui.add(field);
            response.ctx.accesskit_node_builder(response.id, |node| node.set_label("Filter orders"));
            if !view.team_load.is_empty() {
                let text = format!("Team: {}", view.team_load);
                ui.add(egui::Label::new(Type::Small.rich(text, theme::TEXT_SOFT)).truncate())
                    .on_hover_text("Each order takes a member of the incident team for a while; what finds none waits");
            }
        });
    });
}

/// The mitigations of a group that are listed: those that are open now first, each part in the order of the scenario.
fn rows_of<'a>(view: &'a ExerciseView, drawer: &DrawerState, group: Group) -> Vec<&'a MitigationRow> {
    let find = drawer.find.trim().to_lowercase();
    let has_words = |row: &&MitigationRow| {
        let text = format!("{} {}", row.name, row.summary).to_lowercase();
        find.split_whitespace().all(|word| text.contains(word))
    };
    let mut rows: Vec<_> = view.drawer.iter().filter(|row| row.group == group).filter(has_words).collect();
    rows.sort_by_key(|row| row.refusal.is_some());
    rows
}

/// Opens the order card of a mitigation with a possible target already chosen: one of the selected organisation, or
/// else the first.
pub fn open_order(state: &mut UiState, exercise: &ExerciseView, mitigation: Ix<Mitigation>) {
    let Some(row) = exercise.drawer.iter().find(|row| row.mitigation == mitigation) else { return };
    let selected = exercise.detail.as_ref().map(|detail| detail.organisation);
    let is_selected = |row: &&TargetRow| selected.is_some() && row.organisation == selected;
    let free = || row.targets.iter().filter(|target| target.refusal.is_none());
    let target = free().find(is_selected).or_else(|| free().next());
    state.order = Some(OrderDialog {
        mitigation,
        target: target.map(|target| target.target),
        confidence_pct: None,
        reason: String::new(),
    });
}

/// Mitigations in the order of the drawer, without the folded groups.
pub fn mitigations_in_order(view: &ExerciseView, drawer: &DrawerState) -> Vec<Ix<Mitigation>> {
    let open = GROUPS.into_iter().filter(|(group, _)| !drawer.folded[group_index(*group)]);
    open.flat_map(|(group, _)| rows_of(view, drawer, group)).map(|row| row.mitigation).collect()
}

/// `25 min`, or `At once`.
pub fn lead_words(lead_min: u32) -> String {
    if lead_min == 0 { "At once".to_owned() } else { format!("Takes {}", format::span(lead_min)) }
}

/// `once`, `twice`, `3 times`
pub fn times_words(times: u32) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    }
}

fn group_ui(
    ui: &mut Ui,
    state: &mut UiState,
    group: Group,
    title: &str,
    rows: &[&MitigationRow],
    opened: &mut Option<Ix<Mitigation>>,
) {
    let index = group_index(group);
    if heading_ui(ui, title, rows, state.drawer.folded[index]) {
        state.drawer.folded[index] = !state.drawer.folded[index];
    }
    if state.drawer.folded[index] {
        return;
    }
    for row in rows {
        let is_cursor = state.pane == Pane::Mitigations && state.drawer.cursor == Some(row.mitigation);
        let response = mitigation_ui(ui, row, is_cursor);
        if is_cursor && state.drawer.scrolls_to_cursor {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            *opened = Some(row.mitigation);
        }
    }
}

/// Draws the heading of a group; true if it was pressed, which folds or unfolds the group.
fn heading_ui(ui: &mut Ui, title: &str, rows: &[&MitigationRow], is_folded: bool) -> bool {
    let possible = rows.iter().filter(|row| row.refusal.is_none()).count();
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 26.0), egui::Sense::click());
    let ink = if response.hovered() { theme::TEXT } else { theme::TEXT_SOFT };
    let chevron = egui::pos2(rect.left() + 8.0, rect.center().y);
    if is_folded {
        let p = |x: f32, y: f32| chevron + Vec2::new(x, y);
        let stroke = egui::Stroke::new(1.5, theme::TEXT_MUTED);
        ui.painter().line(vec![p(-1.5, -3.5), p(2.0, 0.0), p(-1.5, 3.5)], stroke);
    } else {
        icon(ui.painter(), chevron, 5.0, Icon::Chevron, theme::TEXT_MUTED);
    }
    let at = egui::pos2(rect.left() + 20.0, rect.center().y);
    let space = rect.width() - 90.0;
    crate::ui::widgets::text::line(ui.painter(), at, egui::Align2::LEFT_CENTER, title, Type::SmallStrong, ink, space);
    let count = format!("{possible} of {}", rows.len());
    let end = egui::pos2(rect.right() - 4.0, rect.center().y);
    let muted = theme::TEXT_MUTED;
    crate::ui::widgets::text::line(ui.painter(), end, egui::Align2::RIGHT_CENTER, &count, Type::Small, muted, 70.0);
    crate::ui::widgets::focus_ring(ui, &response, rect);
    let label = format!("{title}, {possible} of {} possible now", rows.len());
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::CollapsingHeader, true, !is_folded, &label));
    response.clicked()
}

fn mitigation_ui(ui: &mut Ui, row: &MitigationRow, is_cursor: bool) -> egui::Response {
    let label = match &row.refusal {
        Some(refusal) => format!("{}, not now: {refusal}", row.name),
        None => format!("{}, {}, {}", row.name, format::cost(row.cost_usd), lead_words(row.lead_min)),
    };
    let mut card = Pressable::new(ui.id().with(("mitigation", row.mitigation)), label);
    card.is_cursor = is_cursor;
    card.is_dimmed = row.refusal.is_some();
    let inner = pressable_ui(ui, card, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if 0 < row.ordered {
                    chip_ui(ui, &format!("Ordered {}", times_words(row.ordered)), theme::ACCENT);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let ink = if row.refusal.is_some() { theme::TEXT_SOFT } else { theme::TEXT };
                    ui.add(egui::Label::new(Type::Strong.rich(&row.name, ink)).truncate());
                });
            });
        });
        // An order that cannot be given now is quiet: its name and one line.
        match &row.refusal {
            Some(refusal) => ui.add(egui::Label::new(Type::Small.rich(refusal, theme::TEXT_MUTED)).truncate()),
            None => {
                let (cost, lead, reach) = (format::cost(row.cost_usd), lead_words(row.lead_min), reach_words(row));
                let facts = format!("{cost}  ·  {lead}  ·  {reach}");
                ui.add(egui::Label::new(Type::Small.rich(facts, theme::TEXT_MUTED)).truncate())
            }
        };
    });
    inner.response.on_hover_text(&row.summary)
}

/// The number of targets that can take the order, in words.
fn reach_words(row: &MitigationRow) -> String {
    let free: Vec<_> = row.targets.iter().filter(|target| target.refusal.is_none()).collect();
    match free.as_slice() {
        [] => "no target now".to_owned(),
        [one] => one.label.clone(),
        many => format!("{} targets", many.len()),
    }
}
