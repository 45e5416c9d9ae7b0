//! The wall of a facilitated exercise, in letters that a projector carries: clock, map, large figures, the last public
//! message, and the way in until the exercise begins.
//!
//! Nobody plays at the wall: nothing here can be pressed except the map, which moves.

use egui::{Align, Align2, Color32, FontId, Frame, Layout, Margin, Panel, Rect, RichText, ScrollArea, Sense, Ui, Vec2};

use super::map;
use super::state::{MapHome, UiState};
use super::theme::{self, Type};
use super::widgets::{gap_ui, name, shapes};
use crate::base::words as format;
use crate::exercise::view::{HOT_WASH_QUESTIONS, JoinView, ServiceRow, WallView};

/// Height of a window for which the sizes below are meant; other windows get letters in proportion.
const HEIGHT: f32 = 1080.0;
/// Share of the width for figures or the way in.
const SIDE: f32 = 0.36;
/// Most characters of a message; more of them nobody reads from a wall.
const BODY_MAX: usize = 320;

/// Points for each point of a window of [`HEIGHT`].
#[derive(Clone, Copy)]
struct Scale(f32);

impl Scale {
    fn for_window(ui: &Ui) -> Self {
        let size = ui.max_rect().size();
        Self((size.y / HEIGHT).min(size.x / 1920.0).clamp(0.45, 3.0))
    }

    fn px(self, size: f32) -> f32 {
        size * self.0
    }

    fn strong(self, text: impl Into<String>, size: f32, colour: Color32) -> RichText {
        self.rich(text, size, colour, Type::Display)
    }

    fn plain(self, text: impl Into<String>, size: f32, colour: Color32) -> RichText {
        self.rich(text, size, colour, Type::Body)
    }

    fn rich(self, text: impl Into<String>, size: f32, colour: Color32, family: Type) -> RichText {
        RichText::new(text).font(FontId::new(self.px(size), family.font().family)).color(colour)
    }
}

/// Draws the wall and returns the rectangle of the map, if it is shown.
pub fn wall_ui(ui: &mut Ui, state: &mut UiState, view: &WallView) -> Option<Rect> {
    let scale = Scale::for_window(ui);
    let frame = Frame::new().fill(theme::PANEL);
    let margin = Margin::symmetric(scale.px(28.0) as i8, scale.px(14.0) as i8);
    Panel::top("wall head").resizable(false).frame(frame.inner_margin(margin)).show(ui, |ui| head_ui(ui, scale, view));
    if view.common.countdown.is_some() || view.common.wall.is_some() {
        let frame = Frame::new().fill(theme::ACCENT_DIM).inner_margin(margin);
        Panel::top("wall words").resizable(false).frame(frame).show(ui, |ui| words_ui(ui, scale, view));
    }
    let side = ui.max_rect().width() * SIDE;
    Panel::right("wall side").resizable(false).exact_size(side).frame(frame.inner_margin(margin)).show(ui, |ui| {
        match &view.join {
            Some(join) => join_ui(ui, scale, join, view.joined),
            None => figures_ui(ui, scale, view),
        }
    });
    if let Some(message) = &view.message {
        Panel::bottom("wall message").resizable(false).frame(frame.inner_margin(margin)).show(ui, |ui| {
            ui.label(scale.strong(&message.title, 30.0, theme::TEXT));
            if !message.body.is_empty() {
                ui.label(scale.plain(format::cut(&message.body, BODY_MAX), 24.0, theme::TEXT_SOFT));
            }
            let under = format!("{}, {}, {}", message.time, message.via.word(), message.from);
            ui.label(scale.plain(under, 20.0, theme::TEXT_MUTED));
        });
    }
    if view.common.hot_wash {
        egui::CentralPanel::default()
            .frame(Frame::new().fill(theme::GROUND).inner_margin(margin))
            .show(ui, |ui| answers_ui(ui, scale, view));
        return None;
    }
    if !state.map.is_moved {
        state.map.home = MapHome::World;
    }
    // Nobody plays at the wall: what a click on the map asks for is dropped.
    let mut dropped = Vec::new();
    let map = egui::CentralPanel::default()
        .frame(Frame::new())
        .show(ui, |ui| map::map_ui(ui, state, &view.world, &mut dropped));
    Some(map.inner)
}

/// A row whose parts stand on one middle line.
fn row_ui(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui)) {
    let size = Vec2::new(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        add(ui);
    });
}

fn head_ui(ui: &mut Ui, scale: Scale, view: &WallView) {
    row_ui(ui, scale.px(66.0), |ui| {
        ui.spacing_mut().item_spacing.x = scale.px(28.0);
        exercise_ui(ui, scale);
        ui.label(scale.strong(&view.clock.time, 54.0, theme::TEXT));
        ui.label(scale.plain(&view.clock.zone, 24.0, theme::TEXT_SOFT));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(scale.plain(&view.common.scenario, 26.0, theme::TEXT_SOFT));
            ui.label(scale.strong(pace(view), 30.0, theme::TEXT));
            ui.label(scale.plain(&view.clock.exercise, 26.0, theme::TEXT_SOFT));
        });
    });
}

/// What the clock does.
fn pace(view: &WallView) -> String {
    let clock = &view.clock;
    match () {
        () if clock.is_ended => "Ended".to_owned(),
        () if clock.is_ending => "Playing to the end".to_owned(),
        () if !view.common.has_begun => "Not begun".to_owned(),
        () if clock.is_paused => "Paused".to_owned(),
        () => format!("Running ×{}", clock.speed),
    }
}

fn exercise_ui(ui: &mut Ui, scale: Scale) {
    let font = FontId::new(scale.px(26.0), Type::Display.font().family);
    let galley = ui.painter().layout_no_wrap("EXERCISE".to_owned(), font, theme::EXERCISE_INK);
    let (rect, response) = ui.allocate_exact_size(galley.size() + Vec2::new(24.0, 10.0) * scale.0, Sense::hover());
    ui.painter().rect_filled(rect, theme::RADIUS_SMALL, theme::EXERCISE);
    let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size()).min;
    ui.painter().galley(at, galley, theme::EXERCISE_INK);
    name(&response, "EXERCISE");
}

fn words_ui(ui: &mut Ui, scale: Scale, view: &WallView) {
    ui.set_width(ui.available_width());
    if let Some(words) = &view.common.wall {
        ui.label(scale.strong(words, 34.0, theme::TEXT));
    }
    if let (Some((words, _)), Some(left_s)) = (&view.common.countdown, view.countdown_s) {
        let left = format!("{words} {}:{:02}", left_s / 60, left_s % 60);
        ui.label(scale.strong(left, 34.0, theme::TEXT));
    }
}

fn join_ui(ui: &mut Ui, scale: Scale, join: &JoinView, joined: usize) {
    ui.spacing_mut().item_spacing.y = scale.px(16.0);
    ui.label(scale.strong("Join on your phone or laptop", 34.0, theme::TEXT));
    code_ui(ui, join);
    ui.label(scale.strong(&join.address, 34.0, theme::TEXT));
    row_ui(ui, scale.px(102.0), |ui| {
        ui.label(scale.plain("PIN", 30.0, theme::TEXT_SOFT));
        ui.label(scale.strong(&join.pin, 84.0, theme::TEXT));
    });
    let joined = format::counted(joined as u64, "person has joined", "people have joined");
    ui.label(scale.plain(joined, 28.0, theme::TEXT_SOFT));
}

/// Draws the QR code with the light edge of four squares that readers need.
fn code_ui(ui: &mut Ui, join: &JoinView) {
    if join.code.is_empty() {
        return;
    }
    let count = join.code.len() as f32 + 8.0;
    // Whole pixels: blurred squares are hard to read.
    let space = (ui.available_width() * 0.8).min(ui.available_height() * 0.5);
    let square = (space / count * ui.pixels_per_point()).floor().max(1.0) / ui.pixels_per_point();
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(square * count), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, Color32::WHITE);
    for (row, squares) in join.code.iter().enumerate() {
        for column in squares.iter().enumerate().filter(|(_, is_dark)| **is_dark).map(|(column, _)| column) {
            let corner = rect.min + Vec2::new(column as f32 + 4.0, row as f32 + 4.0) * square;
            painter.rect_filled(Rect::from_min_size(corner, Vec2::splat(square)), 0.0, Color32::BLACK);
        }
    }
    name(&response, "QR code of the address");
}

fn figures_ui(ui: &mut Ui, scale: Scale, view: &WallView) {
    let hosts = &view.world.hosts;
    let words = format!("hosts down of {}", format::thousands(hosts.total));
    let whole = ui.available_rect_before_wrap();
    let rows = view.services.len().div_ceil(2) + 1;
    let gap = scale.px(14.0);
    let height = ((whole.height() + gap) / rows as f32 - gap).min(scale.px(178.0));
    let width = (whole.width() - gap) / 2.0;
    // The first row is for the hosts, the others have two services each.
    let tile = |row: usize, column: usize, width: f32| {
        let corner = whole.min + Vec2::new(column as f32 * (width + gap), row as f32 * (height + gap));
        Rect::from_min_size(corner, Vec2::new(width, height))
    };
    tile_ui(ui, scale, tile(0, 0, whole.width()), |ui| {
        ui.label(scale.strong(format::thousands(hosts.down), 62.0, theme::TEXT));
        ui.add(egui::Label::new(scale.plain(words, 26.0, theme::TEXT_SOFT)).truncate());
    });
    for (index, row) in view.services.iter().enumerate() {
        tile_ui(ui, scale, tile(1 + index / 2, index % 2, width), |ui| service_ui(ui, scale, row));
    }
}

fn tile_ui(ui: &mut Ui, scale: Scale, rect: Rect, add: impl FnOnce(&mut Ui)) {
    ui.painter().rect_filled(rect, theme::RADIUS, theme::CARD);
    let inner = rect.shrink2(Vec2::new(18.0, 10.0) * scale.0);
    let mut tile = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(Layout::top_down(Align::Min)));
    tile.set_clip_rect(rect.intersect(ui.clip_rect()));
    tile.spacing_mut().item_spacing.y = scale.px(2.0);
    add(&mut tile);
}

fn service_ui(ui: &mut Ui, scale: Scale, row: &ServiceRow) {
    let colour = theme::state_color(row.state);
    let outside = if row.tolerance_min < row.below_min { ", outside tolerance" } else { "" };
    let state = format!("{}{outside}", format::capital(theme::state_word(row.state)));
    row_ui(ui, scale.px(54.0), |ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(scale.px(36.0)), Sense::hover());
        shapes::state(ui.painter(), rect.center(), scale.px(15.0), row.state);
        ui.label(scale.strong(format::percent(row.level), 46.0, colour));
        ui.add(egui::Label::new(scale.plain(state, 19.0, theme::TEXT_SOFT)).wrap());
    });
    let title = format!("{}, {}", row.name, row.organisation_name);
    ui.add(egui::Label::new(scale.plain(title, 23.0, theme::TEXT)).wrap());
}

/// Draws the answers of the hot wash by objective and question.
fn answers_ui(ui: &mut Ui, scale: Scale, view: &WallView) {
    ui.label(scale.strong("Hot wash", 40.0, theme::TEXT));
    gap_ui(ui, 2);
    if view.answers.is_empty() {
        ui.label(scale.plain("Answers appear here", 26.0, theme::TEXT_SOFT));
    }
    let mut objectives: Vec<&str> = view.answers.iter().map(|answer| answer.objective.as_str()).collect();
    objectives.dedup();
    ScrollArea::vertical().id_salt("answers").auto_shrink(false).show(ui, |ui| {
        for objective in objectives {
            ui.label(scale.strong(objective, 30.0, theme::TEXT));
            for (number, question) in HOT_WASH_QUESTIONS.iter().enumerate() {
                let answers: Vec<_> = view
                    .answers
                    .iter()
                    .filter(|answer| answer.objective == objective && usize::from(answer.question) == number)
                    .collect();
                if answers.is_empty() {
                    continue;
                }
                ui.label(scale.plain(*question, 22.0, theme::TEXT_MUTED));
                for answer in answers {
                    let by = if answer.by.is_empty() { String::new() } else { format!(" ({})", answer.by) };
                    ui.label(scale.plain(format!("{}{by}", answer.text), 26.0, theme::TEXT));
                }
            }
            gap_ui(ui, 2);
        }
    });
}
