//! Parts of the pages: a column of readable width that scrolls by wheel and keyboard, a head with a back button,
//! sections, figures over their units.

use egui::style::ScrollAnimation;
use egui::{Align, Id, Key, Layout, ScrollArea, Ui, Vec2};

use super::keyboard;
use super::theme::{self, Type};
use super::widgets::card::card_ui;
use super::widgets::gap_ui;
use super::widgets::icons::Icon;
use super::widgets::push::Push;

/// The widest a page's text gets.
const WIDTH_MAX: f32 = 1180.0;
/// Points that an arrow key scrolls.
const ARROW_STEP: f32 = 60.0;
/// Share of the page that stays visible when a page key scrolls.
const PAGE_OVERLAP: f32 = 0.12;
/// A distance longer than any page, for the keys Home and End.
const TO_THE_END: f32 = 1e6;

/// A page that may scroll, its content in a column of readable width. It opens at the top each time that
/// its screen comes up; arrows, Page Up and Down, Home and End scroll it.
pub fn page_scroll_ui(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    let visit = ui.data(|data| data.get_temp::<u64>(visit_id())).unwrap_or_default();
    ScrollArea::vertical().id_salt((name, visit)).auto_shrink(false).show(ui, |ui| {
        let down = scroll_by_keyboard(ui);
        if down != 0.0 {
            ui.scroll_with_delta_animation(Vec2::new(0.0, -down), ScrollAnimation::none());
        }
        page_column_ui(ui, add);
    });
}

/// Tells the page that another screen is shown now.
pub fn begin_visit(ctx: &egui::Context) {
    ctx.data_mut(|data| *data.get_temp_mut_or_default::<u64>(visit_id()) += 1);
}

fn visit_id() -> Id {
    Id::new("visit of a page")
}

/// Points to scroll down for the keys pressed. A dialog over the page keeps its keys.
fn scroll_by_keyboard(ui: &Ui) -> f32 {
    let ctx = ui.ctx();
    if ctx.text_edit_focused() || ctx.memory(|memory| memory.top_modal_layer().is_some()) {
        return 0.0;
    }
    let presses = |key: Key| keyboard::steps(ctx, key) as f32;
    let page = ui.clip_rect().height() * (1.0 - PAGE_OVERLAP);
    ARROW_STEP * (presses(Key::ArrowDown) - presses(Key::ArrowUp))
        + page * (presses(Key::PageDown) - presses(Key::PageUp))
        + TO_THE_END * (presses(Key::End) - presses(Key::Home))
}

/// A column of readable width in the middle of the page.
pub fn page_column_ui<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let mut rect = ui.available_rect_before_wrap();
    let margin = ((rect.width() - WIDTH_MAX) / 2.0).max(32.0).floor();
    rect.min.x += margin;
    rect.max.x -= margin;
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        ui.set_width(rect.width());
        add(ui)
    })
    .inner
}

/// Draws a back button, a small line over a title, and `right` at the right; true if the button was pressed.
pub fn page_head_ui(ui: &mut Ui, over: &str, title: &str, add_right: impl FnOnce(&mut Ui)) -> bool {
    ui.horizontal(|ui| {
        let is_back = Push::icon(Icon::Back, "Back").size_min(Vec2::splat(40.0)).show(ui).clicked();
        gap_ui(ui, 2);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(Type::Small.rich(over, theme::TEXT_MUTED)).truncate());
            ui.add(egui::Label::new(Type::Title.rich(title, theme::TEXT)).truncate());
        });
        ui.with_layout(Layout::right_to_left(Align::Center), add_right);
        is_back
    })
    .inner
}

/// Draws a card with a heading.
pub fn section_ui(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    card_ui(ui, 18, |ui| {
        ui.set_width(ui.available_width());
        ui.label(Type::Heading.rich(title, theme::TEXT));
        gap_ui(ui, 1);
        add(ui);
    });
}

/// Draws a figure over its unit.
pub fn figure_ui(ui: &mut Ui, figure: &str, unit: &str) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.label(Type::Heading.rich(figure, theme::TEXT));
        ui.label(Type::Small.rich(unit, theme::TEXT_MUTED));
    });
}
