//! The start screen: the name of the program and a card for each scenario.

use egui::{Align, Align2, Color32, Layout, Pos2, Rect, Sense, Ui, Vec2};

use super::format;
use super::page::{figure_ui, page_scroll_ui};
use super::runs;
use super::state::UiState;
use super::theme::{self, Type};
use super::widgets::card::{Pressable, chip_ui, pressable_ui};
use super::widgets::icons::Icon;
use super::widgets::push::Push;
use super::widgets::{bars, dotworld, gap_ui, text};
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::view::{ScenarioCard, StartView};

/// Draws the start screen.
pub fn start_ui(ui: &mut Ui, state: &mut UiState, view: &StartView, actions: &mut Vec<Action>) {
    backdrop(ui);
    page_scroll_ui(ui, "start", |ui| {
        ui.add_space((ui.ctx().content_rect().height() * 0.1).clamp(24.0, 140.0));
        header_ui(ui, state, actions);
        gap_ui(ui, 6);
        if let Some(notice) = &view.notice {
            notice_ui(ui, notice);
            gap_ui(ui, 2);
        }
        runs::unfinished_ui(ui, view, actions);
        if view.cards.is_empty() {
            ui.label(Type::Heading.rich("No scenario found", theme::TEXT));
            let help = "Put a scenario folder beside the program or name one on the command line";
            ui.label(Type::Body.rich(help, theme::TEXT_SOFT));
        } else {
            ui.label(Type::Heading.rich("Choose a scenario", theme::TEXT_SOFT));
            gap_ui(ui, 1);
        }
        for (index, card) in view.cards.iter().enumerate() {
            scenario_ui(ui, index, card, actions);
            gap_ui(ui, 2);
        }
        gap_ui(ui, 1);
        runs::finished_ui(ui, view, actions);
        gap_ui(ui, 4);
    });
}

fn header_ui(ui: &mut Ui, state: &mut UiState, actions: &mut Vec<Action>) {
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.label(Type::Display.rich("Blackstart", theme::TEXT));
            ui.label(Type::Heading.rich("Relive the outage, run the recovery", theme::ACCENT));
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if Push::new("Quit").quiet().show(ui).clicked() {
                actions.push(Action::from(ScreenAction::Quit));
            }
            if Push::icon(Icon::Help, "Help and keyboard shortcuts").quiet().show(ui).clicked() {
                state.is_help_open = true;
            }
        });
    });
}

fn notice_ui(ui: &mut Ui, notice: &str) {
    egui::Frame::new()
        .fill(theme::DEGRADED.gamma_multiply(0.12))
        .stroke(egui::Stroke::new(1.0, theme::DEGRADED.gamma_multiply(0.5)))
        .corner_radius(theme::RADIUS)
        .inner_margin(12)
        .show(ui, |ui| ui.label(Type::Body.rich(notice, theme::TEXT)));
}

fn scenario_ui(ui: &mut Ui, index: usize, card: &ScenarioCard, actions: &mut Vec<Action>) {
    let label = format!(
        "{}, {}, {}, {}, {} organisations, {} hosts",
        card.title,
        card.place,
        length_words(card),
        card.difficulty,
        format::thousands(card.organisations),
        format::thousands(card.hosts),
    );
    let mut frame = Pressable::new(ui.id().with(("scenario", index)), label);
    frame.margin = egui::Margin::same(20);
    let inner = pressable_ui(ui, frame, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 24.0;
            picture_ui(ui, Vec2::new((ui.available_width() * 0.38).min(420.0), 220.0));
            ui.vertical(|ui| facts_ui(ui, index, card));
        });
    });
    // The button is added after the card, so that it gets the click if both are under the pointer.
    let corner = inner.response.rect.shrink(20.0).right_bottom();
    if sources_ui(ui, index, card, corner) {
        actions.push(Action::from(ScreenAction::OpenSources(Some(card.id.clone()))));
    } else if inner.response.clicked() {
        actions.push(Action::from(ScreenAction::ChooseScenario(card.id.clone())));
    }
}

/// Draws the button to the card's figures and sources, in its lower right corner.
fn sources_ui(ui: &mut Ui, index: usize, card: &ScenarioCard, corner: Pos2) -> bool {
    let rect = Rect::from_min_max(corner - Vec2::new(120.0, 32.0), corner);
    let layout = Layout::right_to_left(Align::Max);
    let builder = egui::UiBuilder::new().max_rect(rect).layout(layout).id_salt(("sources", index));
    let name = format!("Sources of {}", card.title);
    let push = Push::new("Sources").with_icon(Icon::Sources).name(&name).hover("What every figure rests on (S)");
    push.show(&mut ui.new_child(builder)).clicked()
}

fn facts_ui(ui: &mut Ui, index: usize, card: &ScenarioCard) {
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.label(Type::Title.rich(&card.title, theme::TEXT));
    ui.label(Type::Body.rich(&card.subtitle, theme::ACCENT));
    ui.label(Type::Body.rich(&card.summary, theme::TEXT_SOFT));
    gap_ui(ui, 1);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        for fact in [&card.place, &length_words(card), &card.difficulty] {
            chip_ui(ui, fact, theme::TEXT_SOFT);
        }
    });
    gap_ui(ui, 1);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 32.0;
        figure_ui(ui, &format::thousands(card.organisations), "organisations");
        figure_ui(ui, &format::amount(card.hosts as f64), "hosts");
        figure_ui(ui, &card.seats.to_string(), "seats");
        figure_ui(ui, &card.sources.to_string(), "sources");
    });
    gap_ui(ui, 1);
    bars::standing_with_key_ui(ui, card.figures);
    gap_ui(ui, 1);
    ui.label(Type::Small.rich(format!("Press {} to open", index + 1), theme::TEXT_MUTED));
}

fn length_words(card: &ScenarioCard) -> String {
    let days = (card.length_days * 10.0).round() / 10.0;
    let unit = if days == 1.0 { "day" } else { "days" };
    format!("{days} {unit} in {} min", card.play_min)
}

/// Draws the world as dots, a few of them lit as a sign of the cascade.
fn picture_ui(ui: &mut Ui, size: Vec2) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    super::widgets::name(&response, "A world map of lights going out");
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, theme::RADIUS, theme::GROUND);
    let inner = rect.shrink(14.0);
    let pitch = (inner.width() / dotworld::COLUMNS as f32).min(inner.height() / dotworld::ROWS.len() as f32);
    let drawn = Vec2::new(pitch * dotworld::COLUMNS as f32, pitch * dotworld::ROWS.len() as f32);
    dots(&painter, Rect::from_center_size(inner.center(), drawn), pitch, 1.0);
}

fn dots(painter: &egui::Painter, rect: Rect, pitch: f32, opacity: f32) {
    let hubs = HUBS.map(|(lat, lon, reach, color)| (dotworld::cell_of(lat, lon), reach, color));
    for row in 0..dotworld::ROWS.len() {
        for column in (0..dotworld::COLUMNS).filter(|column| dotworld::is_land(*column, row)) {
            let at = (column as f64 + 0.5, row as f64 + 0.5);
            let lit = hubs.iter().find(|((x, y), reach, _)| {
                let distance = (x - at.0).hypot(y - at.1);
                distance < *reach * (0.55 + 0.9 * speckle(column, row))
            });
            let color = lit.map_or(theme::OUTLINE, |(_, _, color)| *color);
            let center = rect.min + Vec2::new(at.0 as f32, at.1 as f32) * pitch;
            let radius = pitch * if lit.is_some() { 0.44 } else { 0.33 };
            painter.circle_filled(center, radius, color.gamma_multiply(opacity));
        }
    }
}

/// Places on the picture with the most lit dots. They are decoration and not data.
const HUBS: [(f64, f64, f64, Color32); 7] = [
    (52.0, -1.5, 2.2, theme::FAILED),
    (39.0, -84.0, 4.2, theme::SEVERE),
    (48.0, 9.0, 3.4, theme::DEGRADED),
    (34.0, -112.0, 3.0, theme::DEGRADED),
    (-34.0, 150.0, 2.6, theme::SEVERE),
    (20.0, 77.0, 2.8, theme::DEGRADED),
    (36.0, 138.0, 2.2, theme::DEGRADED),
];

/// A fixed pseudo-random number from 0 to 1 for a cell.
fn speckle(column: usize, row: usize) -> f64 {
    let mixed = (column as u32).wrapping_mul(0x9e37_79b1) ^ (row as u32).wrapping_mul(0x85eb_ca77);
    f64::from((mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d) >> 8) / f64::from(1_u32 << 24)
}

/// Draws the dotted world, large and faint, behind the page.
fn backdrop(ui: &Ui) {
    let rect = ui.max_rect();
    let pitch = rect.width() / dotworld::COLUMNS as f32;
    let drawn = Vec2::new(rect.width(), pitch * dotworld::ROWS.len() as f32);
    let place = Rect::from_min_size(Pos2::new(rect.left(), rect.center().y - drawn.y / 2.0), drawn);
    let painter = ui.painter();
    for row in 0..dotworld::ROWS.len() {
        for column in (0..dotworld::COLUMNS).filter(|column| dotworld::is_land(*column, row)) {
            let center = place.min + Vec2::new(column as f32 + 0.5, row as f32 + 0.5) * pitch;
            painter.circle_filled(center, pitch * 0.22, theme::PANEL);
        }
    }
    let version = concat!("Version ", env!("CARGO_PKG_VERSION"));
    let corner = rect.right_bottom() - Vec2::new(16.0, 12.0);
    text::line(painter, corner, Align2::RIGHT_BOTTOM, version, Type::Small, theme::TEXT_MUTED, 200.0);
}
