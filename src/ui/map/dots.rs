//! Members of populations, each as a dot with the colour of its level; zooming in makes dots larger.
//!
//! There are too many dots for widgets: the map takes the click and asks for the nearest dot.

use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, Ui, Vec2};

use crate::base::Ix;
use crate::exercise::view::{ExerciseView, LevelState, MapDot};
use crate::scenario::compile::Organisation;
use crate::ui::projection::{MapCamera, map_from_geo, screen_from_map};
use crate::ui::theme;

/// Largest distance in points at which a click selects a dot.
const REACH: f32 = 8.0;

/// Draws the visible dots, failing ones over the others.
pub fn draw(ui: &Ui, rect: Rect, camera: &MapCamera, view: &ExerciseView) {
    let radius = (1.3 * (camera.zoom(rect) as f32).powf(0.33)).clamp(1.3, 4.5);
    let selected = view.detail.as_ref().map(|detail| detail.organisation);
    let mut layers: [Mesh; 2] = Default::default();
    for dot in &view.map.dots {
        let pos = place(camera, rect, dot);
        if !rect.expand(radius).contains(pos) {
            continue;
        }
        let (layer, size, strength) = match dot.state {
            LevelState::Untouched => (0, radius * 0.8, 0.30),
            LevelState::Working => (0, radius, 0.55),
            _ => (1, radius * 1.25, 0.95),
        };
        diamond(&mut layers[layer], pos, size, theme::state_color(dot.state).gamma_multiply(strength));
        if Some(dot.organisation) == selected {
            ui.painter().circle_stroke(pos, size + 4.0, Stroke::new(2.0, theme::ACCENT));
        }
    }
    ui.painter().extend(layers.map(Shape::mesh));
}

/// The organisation of the dot under a pointer.
pub fn nearest(rect: Rect, camera: &MapCamera, view: &ExerciseView, pointer: Pos2) -> Option<Ix<Organisation>> {
    let distance = |dot: &MapDot| place(camera, rect, dot).distance(pointer);
    let near = view.map.dots.iter().map(|dot| (distance(dot), dot.organisation));
    near.filter(|(distance, _)| *distance <= REACH)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, organisation)| organisation)
}

fn place(camera: &MapCamera, rect: Rect, dot: &MapDot) -> Pos2 {
    screen_from_map(camera, rect, map_from_geo(dot.lat, dot.lon))
}

/// Four corners are enough for something this small.
fn diamond(mesh: &mut Mesh, at: Pos2, radius: f32, color: Color32) {
    let first = mesh.vertices.len() as u32;
    for (x, y) in [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)] {
        mesh.colored_vertex(at + Vec2::new(x, y) * radius * 1.2, color);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}
