//! A notice to this chair, over the map until it is dismissed: a refusal, or a problem with saving.

use egui::{Area, Order, Pos2, Rect, Ui};

use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::ExerciseView;
use crate::ui::format::capital;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::push::Push;

/// The widest a notice gets.
const WIDTH_MAX: f32 = 560.0;

/// Draws the oldest notice at the top of the map.
pub fn notice_ui(ui: &Ui, map: Rect, view: &ExerciseView, actions: &mut Vec<Action>) {
    let Some(notice) = &view.notice else { return };
    let width = WIDTH_MAX.min(map.width() - 32.0);
    let corner = Pos2::new(map.center().x - width / 2.0, map.top() + 56.0);
    Area::new(ui.id().with("notice")).order(Order::Foreground).fixed_pos(corner).show(ui.ctx(), |ui| {
        egui::Frame::new()
            .fill(theme::CARD)
            .stroke(egui::Stroke::new(1.0, theme::DEGRADED))
            .corner_radius(theme::RADIUS)
            .inner_margin(12)
            .show(ui, |ui| {
                ui.set_width(width - 24.0);
                ui.horizontal_top(|ui| {
                    let text_width = width - 24.0 - 90.0;
                    ui.allocate_ui(egui::Vec2::new(text_width, 0.0), |ui| {
                        ui.set_width(text_width);
                        ui.add(egui::Label::new(Type::Body.rich(capital(notice), theme::TEXT)).wrap());
                    });
                    if Push::new("Dismiss").name("Dismiss notice").small().show(ui).clicked() {
                        actions.push(Action::from(PersonalAction::DismissNotice));
                    }
                });
            });
    });
}
