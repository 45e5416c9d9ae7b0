//! The card of one organisation over the map: its hosts, its services, its technicians.

use egui::{Align, Align2, Layout, Pos2, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2};

use super::board::{self, RowSize};
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::{FleetRow, HOST_STATES, OrganisationDetail};
use crate::ui::format;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::icons::Icon;
use crate::ui::widgets::push::Push;
use crate::ui::widgets::{bars, gap_ui, name, text};

/// Draws the card within `rect`, as high as it needs to be.
pub fn detail_ui(ui: &mut Ui, rect: Rect, detail: &OrganisationDetail, actions: &mut Vec<Action>) {
    let key = ui.id().with("detail rect");
    let last: Rect = ui.data(|data| data.get_temp(key)).unwrap_or(rect);
    // This interaction keeps clicks and drags away from the map below.
    ui.interact(last.intersect(rect), ui.id().with("detail ground"), Sense::click_and_drag());
    let ground = ui.painter().add(egui::Shape::Noop);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(Vec2::new(0.0, 12.0))).id_salt("detail"));
    padded_ui(&mut child, |ui| head_ui(ui, detail, actions));
    ScrollArea::vertical().id_salt(("detail", detail.organisation)).show(&mut child, |ui| {
        ui.set_width(ui.available_width());
        body_ui(ui, detail);
    });
    let used = child.min_rect();
    let drawn = Rect::from_min_max(rect.min, Pos2::new(rect.right(), used.bottom() + 12.0)).intersect(rect);
    let outline = egui::Stroke::new(1.0, theme::OUTLINE);
    let fill = theme::PANEL.gamma_multiply(0.97);
    let shape = egui::epaint::RectShape::new(drawn, theme::RADIUS, fill, outline, egui::StrokeKind::Inside);
    ui.painter().set(ground, shape);
    ui.data_mut(|data| data.insert_temp(key, drawn));
}

/// Draws content with the card's margin; service rows have their own.
fn padded_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(14, 0)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}

fn head_ui(ui: &mut Ui, detail: &OrganisationDetail, actions: &mut Vec<Action>) {
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let close = Push::icon(Icon::Close, "Close organisation").quiet().size_min(Vec2::splat(26.0));
            if close.show(ui).clicked() {
                actions.push(Action::from(PersonalAction::SelectOrganisation(None)));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.add(egui::Label::new(Type::Heading.rich(&detail.name, theme::TEXT)).truncate());
                let under = format!("{}  ·  {}", detail.sector, detail.local_time);
                ui.add(egui::Label::new(Type::Small.rich(under, theme::TEXT_MUTED)).truncate());
            });
        });
    });
}

fn body_ui(ui: &mut Ui, detail: &OrganisationDetail) {
    ui.spacing_mut().item_spacing.y = 6.0;
    padded_ui(ui, |ui| {
        if !detail.note.is_empty() {
            ui.add(egui::Label::new(Type::Small.rich(&detail.note, theme::TEXT_SOFT)).wrap());
        }
        hands_ui(ui, detail);
        gap_ui(ui, 1);
        heading_ui(ui, "Fleets");
        if detail.fleets.is_empty() {
            ui.label(Type::Small.rich("No host of its own in this scenario", theme::TEXT_MUTED));
        }
        for fleet in &detail.fleets {
            fleet_ui(ui, fleet);
        }
        if !detail.fleets.is_empty() {
            states_key_ui(ui, detail);
        }
        gap_ui(ui, 1);
        heading_ui(ui, "Services");
        if detail.services.is_empty() {
            ui.label(Type::Small.rich("No important service", theme::TEXT_MUTED));
        }
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    for row in &detail.services {
        let mut row = row.clone();
        let fallback = row.fallback.as_ref();
        row.organisation_name = fallback.map_or(String::new(), |fallback| format!("On fallback: {fallback}"));
        ui.push_id(row.service, |ui| board::row_ui(ui, &row, RowSize::Full, false, false));
    }
}

fn heading_ui(ui: &mut Ui, words: &str) {
    ui.label(Type::Caption.rich(words, theme::TEXT_MUTED));
}

/// Draws technicians, fatigue, trust and keys.
fn hands_ui(ui: &mut Ui, detail: &OrganisationDetail) {
    let busy = f64::from(detail.technicians_busy) / f64::from(detail.technicians_on_duty.max(1));
    let hands = format!("{} of {} busy", detail.technicians_busy, detail.technicians_on_duty);
    gauge_ui(ui, "Technicians", &hands, busy, theme::ACCENT);
    let tired = if 0.6 < detail.fatigue { theme::SEVERE } else { theme::TEXT_MUTED };
    gauge_ui(ui, "Fatigue", &format::percent(detail.fatigue), detail.fatigue, tired);
    let trust = if detail.trust < 0.5 { theme::DEGRADED } else { theme::WORKING };
    gauge_ui(ui, "Trust", &format::percent(detail.trust), detail.trust, trust);
    if !detail.keys.is_empty() {
        let (rect, response) = line_ui(ui, "Recovery keys");
        let space = rect.width() - 100.0;
        text::line(
            ui.painter(),
            rect.right_center(),
            Align2::RIGHT_CENTER,
            &detail.keys,
            Type::Small,
            theme::TEXT_SOFT,
            space,
        );
        name(&response, format!("Recovery keys, {}", detail.keys));
        response.on_hover_text(&detail.keys);
    }
}

fn line_ui(ui: &mut Ui, words: &str) -> (Rect, egui::Response) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 17.0), Sense::hover());
    text::line(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Small, theme::TEXT_MUTED, 96.0);
    (rect, response)
}

fn gauge_ui(ui: &mut Ui, words: &str, value: &str, share: f64, color: egui::Color32) {
    let (rect, response) = line_ui(ui, words);
    let bar = Rect::from_min_max(
        Pos2::new(rect.left() + 96.0, rect.center().y - 2.5),
        Pos2::new(rect.right() - 104.0, rect.center().y + 2.5),
    );
    bars::level(ui.painter(), bar, share, 0.0, color);
    text::line(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, value, Type::Small, theme::TEXT_SOFT, 100.0);
    name(&response, format!("{words}, {value}"));
}

fn fleet_ui(ui: &mut Ui, fleet: &FleetRow) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 18.0), Sense::hover());
    let hosts = format::counted(u64::from(fleet.hosts), "host", "hosts");
    let at = rect.right_center();
    let drawn = text::line(ui.painter(), at, Align2::RIGHT_CENTER, &hosts, Type::Small, theme::TEXT_MUTED, 110.0);
    let space = drawn.left() - rect.left() - 8.0;
    text::line(
        ui.painter(),
        rect.left_center(),
        Align2::LEFT_CENTER,
        &fleet.name,
        Type::SmallStrong,
        theme::TEXT,
        space,
    );
    let (bar, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 8.0), Sense::hover());
    let parts: Vec<_> =
        fleet.counts.iter().zip(theme::HOSTS).map(|(count, color)| (f64::from(*count), color)).collect();
    bars::stacked(ui.painter(), bar, &parts);
    let words: Vec<_> = fleet
        .counts
        .iter()
        .zip(HOST_STATES)
        .filter(|(count, _)| 0 < **count)
        .map(|(count, word)| format!("{} {}", format::thousands(u64::from(*count)), word.to_lowercase()))
        .collect();
    let label = format!("{}, {}, {hosts}, {}", fleet.name, fleet.kind, words.join(", "));
    name(&response, label.clone());
    response.on_hover_text(label);
    mosaic_ui(ui, &fleet.mosaic);
    gap_ui(ui, 1);
}

/// Draws one cell for each host of the sample.
fn mosaic_ui(ui: &mut Ui, mosaic: &[u8]) {
    if mosaic.is_empty() {
        return;
    }
    let width = ui.available_width();
    let pitch = if 200 < mosaic.len() { 6.0 } else { 8.0 };
    let columns = ((width / pitch) as usize).max(1);
    let rows = mosaic.len().div_ceil(columns);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, rows as f32 * pitch), Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    for (index, state) in mosaic.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let min = rect.min + Vec2::new(column as f32, row as f32) * pitch;
        let cell = Rect::from_min_size(min, Vec2::splat(pitch - 1.5));
        let color = theme::HOSTS[usize::from(*state).min(theme::HOSTS.len() - 1)];
        ui.painter().rect_filled(cell, 1.0, color.gamma_multiply(if *state == 0 { 0.55 } else { 1.0 }));
    }
}

/// The colours of the host states that occur.
fn states_key_ui(ui: &mut Ui, detail: &OrganisationDetail) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(5.0, 2.0);
        for (index, word) in HOST_STATES.into_iter().enumerate() {
            if detail.fleets.iter().all(|fleet| fleet.counts[index] == 0) {
                continue;
            }
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(9.0), Sense::hover());
            ui.painter().rect_filled(dot.shrink(0.5), 2.0, theme::HOSTS[index]);
            ui.label(Type::Small.rich(word, theme::TEXT_SOFT));
            ui.add_space(4.0);
        }
    });
}
