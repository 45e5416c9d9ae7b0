//! The map under the panels: sea, land, coast, borders, graticule, and the camera that follows
//! the panels' `MapCamera`.
//!
//! A full-window camera below the panels' one; it is shifted and scaled so that land and egui's
//! marks coincide. It never uses a viewport: panels are opaque and cover what they cover.

use bevy::asset::RenderAssetUsages;
use bevy::camera::ScalingMode;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy_egui::{EguiZoomFactor, egui};
use earcut::Earcut;

use super::atlas::{self, Atlas, AtlasError, LonLat};
use super::stage::{FrameSet, Stage};
use crate::ui::map::{MapCamera, world_from_geo};

const LAND_50M: &[u8] = include_bytes!("../../assets/map/land-50m.json");
const LAND_110M: &[u8] = include_bytes!("../../assets/map/land-110m.json");
const COUNTRIES_110M: &[u8] = include_bytes!("../../assets/map/countries-110m.json");

const SEA: Color = Color::srgb_u8(13, 22, 34);
const LAND: Color = Color::srgb_u8(30, 43, 56);
const COAST: Color = Color::srgb_u8(74, 98, 118);
const BORDER: Color = Color::srgba_u8(120, 150, 172, 52);
const GRATICULE: Color = Color::srgba_u8(120, 160, 190, 16);
/// Over the repeated worlds beyond ±180°, where no marks are.
const VEIL: Color = Color::srgba_u8(9, 14, 22, 150);

/// Degrees between graticule lines.
const GRATICULE_DEG: i32 = 30;
/// From this many logical pixels per radian on, coast lines are the fine ones.
const FINE_FROM_PX_PER_RAD: f64 = 330.0;

/// Drawing order.
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
}

/// Everything that belongs to the map and is hidden where the panels show none.
#[derive(Component)]
pub struct MapLayer;

#[derive(Component)]
struct WorldCamera;

/// Which zooms an entity is for.
#[derive(Component, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Coarse,
    Fine,
}

pub fn install(app: &mut App) {
    app.insert_resource(ClearColor(SEA))
        .add_systems(Startup, (spawn_camera, spawn_map))
        .add_systems(Update, align.in_set(FrameSet::Align));
}

/// Bevy's y points up, as latitude does; the panels' world may do otherwise.
fn place(lon: f64, lat: f64) -> [f64; 2] {
    let [x, y] = world_from_geo(lat, lon);
    [x, y * up()]
}

/// 1 where the panels' world y grows to the north, −1 where it grows to the south.
fn up() -> f64 {
    (world_from_geo(45.0, 0.0)[1] - world_from_geo(0.0, 0.0)[1]).signum()
}

/// Width of the world, in world units.
fn world_width() -> f64 {
    place(180.0, 0.0)[0] - place(-180.0, 0.0)[0]
}

/// A quad over three worlds side by side; `uv` holds longitude in radians and Miller's y.
pub fn sheet() -> Mesh {
    const LAT_END: f64 = 89.9;
    let miller = |lat: f64| {
        let half = std::f64::consts::FRAC_PI_4 + 0.4 * lat.to_radians();
        1.25 * half.tan().ln()
    };
    let corners = [
        (-540.0, -LAT_END),
        (540.0, -LAT_END),
        (540.0, LAT_END),
        (-540.0, LAT_END),
    ];
    let positions = corners.map(|(lon, lat)| flat(place(lon, lat)));
    let uvs = corners.map(|(lon, lat)| [f64::to_radians(lon) as f32, miller(lat) as f32]);
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
        positions.extend(points.iter().map(|p| flat(place(p[0], p[1].clamp(-89.9, 89.9)))));
        indices.extend(triangles.iter().map(|index| base + index));
    }
    mesh_of(PrimitiveTopology::TriangleList, positions, indices)
}

fn line_mesh(lines: &[Vec<LonLat>]) -> Mesh {
    let (mut positions, mut indices) = (Vec::new(), Vec::new());
    for line in lines {
        let base = positions.len() as u32;
        positions.extend(line.iter().map(|p| flat(place(p[0], p[1].clamp(-89.9, 89.9)))));
        let end = positions.len() as u32;
        indices.extend((base..end.saturating_sub(1)).flat_map(|index| [index, index + 1]));
    }
    mesh_of(PrimitiveTopology::LineList, positions, indices)
}

fn graticule() -> Vec<Vec<LonLat>> {
    let steps = |from: i32, to: i32| (from..=to).step_by(GRATICULE_DEG as usize).map(f64::from);
    let meridians = steps(-180, 179).map(|lon| vec![[lon, -85.0], [lon, 85.0]]);
    let parallels = steps(-60, 60).map(|lat| vec![[-180.0, lat], [180.0, lat]]);
    meridians.chain(parallels).collect()
}

fn spawn_camera(mut commands: Commands) {
    commands.spawn((
        WorldCamera,
        Camera2d,
        Msaa::Off,
        Projection::Orthographic(OrthographicProjection {
            scaling_mode: ScalingMode::WindowSize,
            ..OrthographicProjection::default_2d()
        }),
    ));
}

/// Adds one mesh, three times side by side: the world goes on beyond the antimeridian.
fn spawn_thrice(
    commands: &mut Commands,
    mesh: Handle<Mesh>,
    material: Handle<ColorMaterial>,
    layer: Layer,
    detail: Option<Detail>,
) {
    for turn in -1..=1 {
        let x = world_width() as f32 * turn as f32;
        let mut entity = commands.spawn((
            Mesh2d(mesh.clone()),
            MeshMaterial2d(material.clone()),
            Transform::from_xyz(x, 0.0, layer.z()),
            MapLayer,
        ));
        if let Some(detail) = detail {
            entity.insert(detail);
        }
    }
}

fn spawn_map(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ColorMaterial>>,
) -> Result<(), BevyError> {
    let [land, coast, border, lines] =
        [LAND, COAST, BORDER, GRATICULE].map(|colour| materials.add(colour));
    for (json, detail) in [(LAND_110M, Detail::Coarse), (LAND_50M, Detail::Fine)] {
        let atlas: Atlas = atlas::land(json)?;
        let coasts: Vec<_> = atlas.polygons.iter().flat_map(|p| p.coasts()).collect();
        let (ground, shore) = (meshes.add(land_mesh(&atlas)), meshes.add(line_mesh(&coasts)));
        spawn_thrice(&mut commands, ground, land.clone(), Layer::Land, Some(detail));
        spawn_thrice(&mut commands, shore, coast.clone(), Layer::Coast, Some(detail));
    }
    let borders: Result<_, AtlasError> = atlas::borders(COUNTRIES_110M);
    let mesh = meshes.add(line_mesh(&borders?));
    spawn_thrice(&mut commands, mesh, border, Layer::Border, None);
    let mesh = meshes.add(line_mesh(&graticule()));
    spawn_thrice(&mut commands, mesh, lines, Layer::Graticule, None);
    let veil = materials.add(VEIL);
    let width = world_width() as f32;
    for side in [-1.0, 1.0] {
        commands.spawn((
            Mesh2d(meshes.add(Rectangle::new(width, 2.0 * width))),
            MeshMaterial2d(veil.clone()),
            Transform::from_xyz(side * width, 0.0, Layer::Veil.z()),
            MapLayer,
            NoFrustumCulling,
        ));
    }
    Ok(())
}

/// Where the world camera must stand so that Bevy draws what egui expects.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stand {
    /// Bevy world point in the middle of the window.
    centre: [f64; 2],
    /// World units per logical pixel.
    scale: f64,
}

/// Reads the panels' camera by asking it where two world points lie on the screen, so that it may
/// keep its numbers however it likes. `zoom` is logical pixels per egui point.
fn stand_of(camera: &MapCamera, rect: egui::Rect, window: Vec2, zoom: f32) -> Option<Stand> {
    let origin = camera.screen_from_world(rect, [0.0, 0.0]);
    let one = camera.screen_from_world(rect, [1.0, 1.0]);
    let points_per_unit = f64::from(one.x - origin.x);
    if !(points_per_unit.is_finite() && 0.0 < points_per_unit && 0.0 < zoom) {
        return None;
    }
    let middle = (window / zoom * 0.5).as_dvec2();
    let x = (middle.x - f64::from(origin.x)) / points_per_unit;
    let y = (f64::from(origin.y) - middle.y) / points_per_unit;
    Some(Stand {
        centre: [x, y],
        scale: 1.0 / (points_per_unit * f64::from(zoom)),
    })
}

fn align(
    stage: NonSend<Stage>,
    windows: Query<&Window, With<PrimaryWindow>>,
    zooms: Query<&EguiZoomFactor>,
    mut cameras: Query<(&mut Transform, &mut Projection), With<WorldCamera>>,
    mut layers: Query<(&mut Visibility, Option<&Detail>), With<MapLayer>>,
) -> Result {
    let window = windows.single()?.resolution.size();
    let zoom = zooms.iter().next().map_or(1.0, |zoom| zoom.zoom_factor);
    let stand = stage
        .map_rect
        .and_then(|rect| stand_of(&stage.ui.map, rect, window, zoom));
    let shown = stand.map(|stand| {
        if 1.0 / stand.scale < FINE_FROM_PX_PER_RAD {
            Detail::Coarse
        } else {
            Detail::Fine
        }
    });
    for (mut visibility, detail) in &mut layers {
        let is_shown = shown.is_some_and(|shown| detail.is_none_or(|detail| *detail == shown));
        let wanted = if is_shown { Visibility::Inherited } else { Visibility::Hidden };
        visibility.set_if_neq(wanted);
    }
    let (Some(stand), Ok((mut transform, mut projection))) = (stand, cameras.single_mut()) else {
        return Ok(());
    };
    let at = Vec3::new(stand.centre[0] as f32, stand.centre[1] as f32, 0.0);
    if transform.translation != at {
        transform.translation = at;
    }
    if let Projection::Orthographic(orthographic) = &mut *projection {
        orthographic.scale = stand.scale as f32;
    }
    Ok(())
}
