//! The map under the panels: sea, land, coast, borders, graticule, and the camera that follows
//! the panels' `MapCamera`.
//!
//! One full-window camera draws the map and, over it, egui: shifted and scaled so that land and
//! egui's marks coincide. It needs no viewport, because panels are opaque.
//! It does not multisample, which is slow on software drivers: the line shader does the antialiasing.

use bevy::asset::RenderAssetUsages;
use bevy::camera::ScalingMode;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::{EguiContextSettings, EguiZoomFactor, PrimaryEguiContext, egui};
use earcut::Earcut;

use super::lines::{self, LineMaterial};
use super::shell::{FrameSet, Shell};
use crate::base::atlas::{self, Atlas, LonLat};
use crate::ui::projection::{MapCamera, map_from_geo, screen_from_map};
use crate::ui::theme::ground;

const LAND_50M: &[u8] = include_bytes!("../../assets/map/land-50m.json");
const LAND_110M: &[u8] = include_bytes!("../../assets/map/land-110m.json");
const COUNTRIES_110M: &[u8] = include_bytes!("../../assets/map/countries-110m.json");

/// Northern and southern edge of the map in degrees.
const LAT_END: f64 = 89.9;
/// Degrees between graticule lines.
const GRATICULE_DEG: i32 = 30;
const COAST_WIDTH_PX: f32 = 1.3;
/// Zoom in logical pixels per radian from which the fine coast lines are shown.
const FINE_FROM_PX_PER_RAD: f64 = 330.0;

/// The order of drawing, from the back.
#[derive(Clone, Copy, Debug)]
pub enum Layer {
    Graticule,
    Land,
    Border,
    Coast,
    Night,
    Veil,
}

impl Layer {
    pub fn z(self) -> f32 {
        1.0 + self as u8 as f32
    }

    /// Depth bias of lines over the land, which is opaque.
    fn depth(self) -> f32 {
        if self.z() < Self::Land.z() { 0.0 } else { 1.0 }
    }
}

/// A colour of the theme as Bevy has it.
pub fn colour(colour: egui::Color32) -> Color {
    let [red, green, blue, alpha] = colour.to_srgba_unmultiplied();
    Color::srgba_u8(red, green, blue, alpha)
}

/// Marks the entities of the map, which are hidden on screens without a map.
#[derive(Component)]
pub struct MapLayer;

#[derive(Component)]
struct GroundCamera;

/// The zooms at which an entity is visible.
#[derive(Component, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Coarse,
    Fine,
}

pub fn install(app: &mut App) {
    app.insert_resource(ClearColor(colour(ground::SEA)))
        .add_systems(Startup, (spawn_camera, spawn_map))
        .add_systems(Update, align.in_set(FrameSet::Align));
}

/// Converts a point of the map to Bevy's units, which equal the panels': radians of longitude, y to the north.
fn place(lon: f64, lat: f64) -> [f64; 2] {
    map_from_geo(lat.clamp(-LAT_END, LAT_END), lon)
}

/// Width of the map, in map units.
fn map_width() -> f64 {
    place(180.0, 0.0)[0] - place(-180.0, 0.0)[0]
}

/// A quad over three maps side by side; `uv` holds longitude in radians and Miller's y.
pub fn sheet() -> Mesh {
    let corners = [(-540.0, -LAT_END), (540.0, -LAT_END), (540.0, LAT_END), (-540.0, LAT_END)];
    let positions = corners.map(|(lon, lat)| flat(place(lon, lat)));
    let uvs = corners.map(|(lon, lat)| place(lon, lat).map(|at| at as f32));
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions.to_vec())
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, vec![[0.0, 0.0, 1.0]; 4])
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs.to_vec())
        .with_inserted_indices(Indices::U32(vec![0, 1, 2, 0, 2, 3]))
}

fn flat(at: [f64; 2]) -> [f32; 3] {
    [at[0] as f32, at[1] as f32, 0.0]
}

fn mesh_of(topology: PrimitiveTopology, positions: Vec<[f32; 3]>, indices: Vec<u32>) -> Mesh {
    Mesh::new(topology, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_indices(Indices::U32(indices))
}

fn land_mesh(atlas: &Atlas) -> Mesh {
    let mut earcut = Earcut::new();
    let (mut positions, mut indices) = (Vec::new(), Vec::new());
    let mut triangles: Vec<u32> = Vec::new();
    for polygon in &atlas.polygons {
        let mut points: Vec<LonLat> = polygon.outer.clone();
        let mut hole_starts: Vec<u32> = Vec::new();
        for hole in &polygon.holes {
            hole_starts.push(points.len() as u32);
            points.extend(hole);
        }
        earcut.earcut(points.iter().copied(), &hole_starts, &mut triangles);
        let base = positions.len() as u32;
        positions.extend(points.iter().map(|p| flat(place(p[0], p[1]))));
        indices.extend(triangles.iter().map(|index| base + index));
    }
    mesh_of(PrimitiveTopology::TriangleList, positions, indices)
}

fn graticule() -> Vec<Vec<LonLat>> {
    let steps = |from: i32, to: i32| (from..=to).step_by(GRATICULE_DEG as usize).map(f64::from);
    let meridians = steps(-180, 179).map(|lon| vec![[lon, -LAT_END], [lon, LAT_END]]);
    let parallels = steps(-60, 60).map(|lat| vec![[-180.0, lat], [180.0, lat]]);
    meridians.chain(parallels).collect()
}

/// Spawns the camera. It is never despawned, because it owns egui's context.
fn spawn_camera(mut commands: Commands) {
    commands.spawn((
        GroundCamera,
        PrimaryEguiContext,
        EguiContextSettings { run_manually: true, ..default() },
        Camera2d,
        Msaa::Off,
        Projection::Orthographic(OrthographicProjection {
            scaling_mode: ScalingMode::WindowSize,
            ..OrthographicProjection::default_2d()
        }),
    ));
}

/// Shifts of three equal maps side by side, because the map continues beyond the antimeridian.
fn turns() -> [f32; 3] {
    let width = map_width() as f32;
    [0.0, -width, width]
}

fn spawn_map(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut colours: ResMut<Assets<ColorMaterial>>,
    mut pens: ResMut<Assets<LineMaterial>>,
) -> Result<(), BevyError> {
    let mut add_lines = |lines: &[Vec<LonLat>], layer: Layer, colour: Color, width_px: f32| {
        let mesh = meshes
            .add(lines::mesh(lines.iter().map(|line| line.iter().map(|p| place(p[0], p[1])).collect::<Vec<_>>())));
        turns().map(|turn| {
            let pen = pens.add(LineMaterial::new(colour, width_px, layer.depth(), turn));
            let at = Transform::from_xyz(0.0, 0.0, layer.z());
            let line = (Mesh2d(mesh.clone()), MeshMaterial2d(pen), at, MapLayer, NoFrustumCulling);
            commands.spawn(line).id()
        })
    };
    add_lines(&graticule(), Layer::Graticule, colour(ground::GRATICULE), 1.0);
    add_lines(&atlas::borders(COUNTRIES_110M)?, Layer::Border, colour(ground::BORDER), 1.0);
    let mut details = Vec::new();
    let mut grounds = Vec::new();
    for (json, detail) in [(LAND_110M, Detail::Coarse), (LAND_50M, Detail::Fine)] {
        let atlas: Atlas = atlas::land(json)?;
        let coasts: Vec<_> = atlas.polygons.iter().flat_map(|p| p.coasts()).collect();
        let shore = add_lines(&coasts, Layer::Coast, colour(ground::COAST), COAST_WIDTH_PX);
        details.extend(shore.map(|entity| (entity, detail)));
        grounds.push((land_mesh(&atlas), detail));
    }
    for (entity, detail) in details {
        commands.entity(entity).insert(detail);
    }
    let ground = colours.add(colour(ground::LAND));
    for (mesh, detail) in grounds {
        let mesh = meshes.add(mesh);
        for turn in turns() {
            commands.spawn((
                Mesh2d(mesh.clone()),
                MeshMaterial2d(ground.clone()),
                Transform::from_xyz(turn, 0.0, Layer::Land.z()),
                MapLayer,
                detail,
            ));
        }
    }
    let veil = colours.add(colour(ground::VEIL));
    let width = map_width() as f32;
    let sheet = meshes.add(Rectangle::new(width, 2.0 * width));
    for turn in &turns()[1..] {
        commands.spawn((
            Mesh2d(sheet.clone()),
            MeshMaterial2d(veil.clone()),
            Transform::from_xyz(*turn, 0.0, Layer::Veil.z()),
            MapLayer,
        ));
    }
    Ok(())
}

/// The position of the camera at which land and egui's marks coincide.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stand {
    /// Point of the map in the middle of the window.
    centre: [f64; 2],
    /// Map units per logical pixel.
    scale: f64,
}

/// The position of the ground camera for a camera of the panels. It is computed from the screen places of two points of
/// the map and does not depend on the fields of `MapCamera`. `zoom` is logical pixels per egui point.
fn stand_of(camera: &MapCamera, rect: egui::Rect, window: Vec2, zoom: f32) -> Option<Stand> {
    let origin = screen_from_map(camera, rect, [0.0, 0.0]);
    let one = screen_from_map(camera, rect, [1.0, 1.0]);
    let points_per_unit = f64::from(one.x - origin.x);
    if !(points_per_unit.is_finite() && 0.0 < points_per_unit && 0.0 < zoom) {
        return None;
    }
    let middle = (window / zoom * 0.5).as_dvec2();
    let x = (middle.x - f64::from(origin.x)) / points_per_unit;
    let y = (f64::from(origin.y) - middle.y) / points_per_unit;
    Some(Stand { centre: [x, y], scale: 1.0 / (points_per_unit * f64::from(zoom)) })
}

fn align(
    shell: NonSend<Shell>,
    windows: Query<&Window, With<PrimaryWindow>>,
    zooms: Query<&EguiZoomFactor>,
    mut cameras: Query<(&mut Transform, &mut Projection), With<GroundCamera>>,
    mut layers: Query<(&mut Visibility, Option<&Detail>), With<MapLayer>>,
    mut pens: ResMut<Assets<LineMaterial>>,
    mut last: Local<Option<(Stand, Vec2)>>,
) -> Result {
    let window = &windows.single()?.resolution;
    let zoom = zooms.iter().next().map_or(1.0, |zoom| zoom.zoom_factor);
    let stand = shell.map_rect.and_then(|rect| stand_of(&shell.ui.map.camera, rect, window.size(), zoom));
    let shown = stand.map(|stand| if 1.0 / stand.scale < FINE_FROM_PX_PER_RAD { Detail::Coarse } else { Detail::Fine });
    for (mut visibility, detail) in &mut layers {
        let is_shown = shown.is_some_and(|shown| detail.is_none_or(|detail| *detail == shown));
        let wanted = if is_shown { Visibility::Inherited } else { Visibility::Hidden };
        visibility.set_if_neq(wanted);
    }
    let (Some(stand), Ok((mut transform, mut projection))) = (stand, cameras.single_mut()) else {
        return Ok(());
    };
    if *last == Some((stand, window.size())) {
        return Ok(());
    }
    *last = Some((stand, window.size()));
    lines::aim(&mut pens, stand.centre, stand.scale, window);
    let at = Vec3::new(stand.centre[0] as f32, stand.centre[1] as f32, 0.0);
    transform.translation = at;
    if let Projection::Orthographic(orthographic) = &mut *projection {
        orthographic.scale = stand.scale as f32;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place where Bevy draws a point of the map, in egui points, computed without Bevy.
    fn drawn_at(stand: Stand, window: Vec2, zoom: f32, place: [f64; 2]) -> egui::Pos2 {
        let x = f64::from(window.x) / 2.0 + (place[0] - stand.centre[0]) / stand.scale;
        let y = f64::from(window.y) / 2.0 - (place[1] - stand.centre[1]) / stand.scale;
        egui::pos2(x as f32 / zoom, y as f32 / zoom)
    }

    #[test]
    fn land_lies_where_the_panels_put_their_marks() {
        let rects = [
            egui::Rect::from_min_max(egui::pos2(300.0, 60.0), egui::pos2(1116.0, 722.0)),
            egui::Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(640.0, 480.0)),
        ];
        for rect in rects {
            for zoom in [1.0, 1.25, 2.0] {
                for (centre, scale) in [([0.0, 0.3], 130.0), ([-0.01, 1.1], 5_000.0), ([2.6, -0.6], 700.0)] {
                    let camera = MapCamera { center: centre, scale };
                    let window = Vec2::new(1440.0, 900.0);
                    let stand = stand_of(&camera, rect, window, zoom).expect("a sound camera");
                    for (lat, lon) in [(51.47, -0.45), (-33.9, 151.2), (64.5, -165.4)] {
                        let place = map_from_geo(lat, lon);
                        let mark = screen_from_map(&camera, rect, place);
                        let land = drawn_at(stand, window, zoom, place);
                        let off = (mark - land).length() / mark.to_vec2().length().max(1000.0);
                        assert!(off < 2e-3, "mark at {mark:?}, land at {land:?}, {camera:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_camera_without_size_is_passed_over() {
        let camera = MapCamera { center: [0.0, 0.0], scale: 0.0 };
        let rect = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(100.0, 100.0));
        assert_eq!(stand_of(&camera, rect, Vec2::new(1.0, 1.0), 1.0), None);
    }
}
