//! The map in the middle of the exercise screen: keeps the camera, draws links, marks and labels over the
//! open ground, and the cards that lie on it.
//!
//! The background stays unpainted: the window draws sea and land there with the same camera.

use egui::{PointerButton, Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::placed::Placed;
use super::{dots, labels, links, marks, overlay, spread};
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::{ExerciseView, MapMark};
use crate::ui::projection::{MapCamera, map_from_geo, screen_from_map};
use crate::ui::state::{MapHome, MapState, UiState};

/// Below this zoom, marks up to this importance are minor.
const CROWDED_BELOW: f64 = 2.0;
const MINOR_UP_TO: u8 = 3;
const MINOR_SIZE: f32 = 0.55;

/// Draws the map and returns its rectangle.
pub fn map_ui(ui: &mut Ui, state: &mut UiState, view: &ExerciseView, actions: &mut Vec<Action>) -> Rect {
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    let ground = ui.interact(rect, ui.id().with("map"), Sense::CLICK | Sense::DRAG);
    ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Map of organisations"));
    let cards = overlay::rects(rect, view);
    move_camera(ui, &mut state.map, &ground, rect, &cards, view);
    let camera = state.map.camera;
    let placed = place(&camera, rect, view);
    let mut by_index: Vec<Pos2> = view.map.marks.iter().map(|mark| position(&camera, rect, mark)).collect();
    for placed in &placed {
        by_index[placed.index] = placed.pos;
    }
    links::draw(ui, rect, view, &by_index);
    dots::draw(ui, rect, &camera, view);
    let (hovered, pressed) = marks::marks_ui(ui, rect, &placed, actions);
    if pressed.is_some() {
        state.map.shows = pressed;
    }
    labels::draw(ui, rect, &placed, hovered, camera.zoom(rect), &cards);
    if ground.clicked() {
        let dot = ground.interact_pointer_pos().and_then(|pointer| dots::nearest(rect, &camera, view, pointer));
        if dot.is_some() || view.detail.is_some() {
            actions.push(Action::from(PersonalAction::SelectOrganisation(dot)));
        }
    }
    if let Some(message) = overlay::overlay_ui(ui, &mut state.map, rect, view) {
        state.inbox.wanted = Some(message);
    }
    rect
}

fn position(camera: &MapCamera, rect: Rect, mark: &MapMark) -> Pos2 {
    screen_from_map(camera, rect, map_from_geo(mark.lat, mark.lon))
}

/// Marks in the order of drawing: the least important first, the selected one last.
fn place<'a>(camera: &MapCamera, rect: Rect, view: &'a ExerciseView) -> Vec<Placed<'a>> {
    let selected = view.detail.as_ref().map(|detail| detail.organisation);
    let growth = (camera.zoom(rect) as f32).powf(0.22).clamp(1.0, 2.0) * (rect.width() / 900.0).clamp(0.85, 1.15);
    let is_crowded = camera.zoom(rect) < CROWDED_BELOW;
    let mut placed: Vec<_> = view
        .map
        .marks
        .iter()
        .enumerate()
        .map(|(index, mark)| {
            let home = position(camera, rect, mark);
            let is_selected = Some(mark.organisation) == selected;
            let is_minor = is_crowded && mark.importance <= MINOR_UP_TO && !mark.is_yours && !is_selected;
            let size = if is_minor { MINOR_SIZE } else { 1.0 };
            let radius = (2.8 + 1.55 * f32::from(mark.importance.clamp(1, 5))) * growth * size;
            Placed { index, mark, home, pos: home, radius, is_selected, is_minor }
        })
        .filter(|placed| rect.expand(40.0).contains(placed.home))
        .collect();
    placed.sort_by_key(|p| (p.is_selected, p.mark.is_yours, p.mark.importance, p.mark.organisation));
    spread::spread(&mut placed);
    placed
}

fn move_camera(ui: &Ui, map: &mut MapState, ground: &Response, rect: Rect, cards: &[Rect], view: &ExerciseView) {
    if ground.double_clicked() {
        map.go_home(MapHome::World);
    }
    let fitted = MapCamera::fitted(rect);
    if !map.is_moved {
        map.camera = match map.home {
            MapHome::World => fitted,
            MapHome::Yours => {
                let yours = view.map.marks.iter().filter(|mark| mark.is_yours);
                let places = yours.map(|mark| map_from_geo(mark.lat, mark.lon));
                MapCamera::around(rect, overlay::open_rect(rect, view), places)
            }
        };
    }
    let before = map.camera;
    if ground.dragged_by(PointerButton::Primary) || ground.dragged_by(PointerButton::Middle) {
        map.camera.pan(rect, ground.drag_delta());
    }
    if let Some((pointer, factor)) = wheel(ui, rect, cards) {
        map.camera.zoom_about(rect, pointer, factor);
    }
    let [right, down, zoom] = std::mem::take(&mut map.nudge);
    if zoom != 0.0 {
        map.camera.zoom_about(rect, rect.center(), 1.4_f64.powf(f64::from(zoom)));
    }
    map.camera.pan(rect, Vec2::new(-right, -down) * rect.width() * 0.08);
    show(map, rect, cards, view);
    if map.camera.scale < fitted.scale {
        map.camera.zoom_about(rect, rect.center(), 1.0);
    }
    if map.camera != before {
        map.is_moved = true;
    }
}

/// Moves the map so that a requested organisation is visible; if it is visible already, the map stays.
fn show(map: &mut MapState, rect: Rect, cards: &[Rect], view: &ExerciseView) {
    let Some(wanted) = map.shows.take() else { return };
    let Some(mark) = view.map.marks.iter().find(|mark| mark.organisation == wanted) else { return };
    let pos = position(&map.camera, rect, mark);
    // The card of the organisation takes its space too: it is open or about to open.
    let detail = overlay::card_rect(rect).expand(16.0);
    let is_seen =
        rect.shrink(24.0).contains(pos) && !cards.iter().any(|card| card.contains(pos)) && !detail.contains(pos);
    if !is_seen {
        let open = Rect::from_min_max(rect.min, Pos2::new(detail.left(), rect.bottom()));
        map.camera.pan(rect, open.center() - pos);
    }
}

/// Pointer and factor of a wheel or pinch over the open map.
fn wheel(ui: &Ui, rect: Rect, cards: &[Rect]) -> Option<(Pos2, f64)> {
    let pointer = ui.input(|input| input.pointer.hover_pos())?;
    let is_over = rect.contains(pointer)
        && !cards.iter().any(|card| card.contains(pointer))
        && ui.ctx().layer_id_at(pointer).is_none_or(|layer| layer == ui.layer_id());
    if !is_over {
        return None;
    }
    let (pinch, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta().y));
    let factor = f64::from(pinch) * (f64::from(scroll) * 0.005).exp();
    (1e-6 < (factor - 1.0).abs()).then_some((pointer, factor))
}
