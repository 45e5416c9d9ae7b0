//! Night: one quad over the map that is darker where the sun is lower.
//!
//! Local time decided on 19 July 2024 which offices were open and which hosts were switched on.

use bevy::asset::uuid_handle;
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;
use bevy::sprite_render::{AlphaMode2d, Material2d, Material2dPlugin};

use super::map::{self, Layer, MapLayer};
use super::shell::{FrameSet, Shell};
use crate::exercise::view::View;
use crate::ui::theme::ground;

const SHADER: Handle<Shader> = uuid_handle!("7e0dfb7c-2a9b-4b0e-9d51-4c7f3f1a52c6");
/// Opacity of full night; coasts and marks must stay readable.
const DARKNESS: f32 = 0.58;
/// Movement of the sun in radians after which the shade is updated.
const SUN_STEP_RAD: f32 = 0.002;

#[derive(Asset, TypePath, AsBindGroup, Clone)]
struct NightMaterial {
    #[uniform(0)]
    sun: Vec4,
    #[uniform(0)]
    colour: LinearRgba,
}

impl Material2d for NightMaterial {
    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }

    fn alpha_mode(&self) -> AlphaMode2d {
        AlphaMode2d::Blend
    }
}

/// Sine and cosine of the latitude below the sun, its longitude in radians, darkness.
fn uniform_of(sun: [f64; 2]) -> Vec4 {
    let (sin, cos) = sun[0].to_radians().sin_cos();
    Vec4::new(sin as f32, cos as f32, sun[1].to_radians() as f32, DARKNESS)
}

pub fn install(app: &mut App) {
    app.add_plugins(Material2dPlugin::<NightMaterial>::default())
        .add_systems(Startup, spawn)
        .add_systems(Update, follow_sun.in_set(FrameSet::Align));
    let shader = Shader::from_wgsl(include_str!("night.wgsl"), "night.wgsl");
    let mut shaders = app.world_mut().resource_mut::<Assets<Shader>>();
    if let Err(error) = shaders.insert(&SHADER, shader) {
        error!("the night shader was not taken: {error}");
    }
}

fn spawn(mut commands: Commands, mut meshes: ResMut<Assets<Mesh>>, mut materials: ResMut<Assets<NightMaterial>>) {
    commands.spawn((
        Mesh2d(meshes.add(map::sheet())),
        MeshMaterial2d(
            materials.add(NightMaterial { sun: uniform_of([20.0, 0.0]), colour: map::colour(ground::NIGHT).into() }),
        ),
        MapLayer,
        Transform::from_xyz(0.0, 0.0, Layer::Night.z()),
    ));
}

fn follow_sun(
    shell: NonSend<Shell>,
    mut materials: ResMut<Assets<NightMaterial>>,
    quads: Query<&MeshMaterial2d<NightMaterial>>,
) {
    let exercise = match &shell.view {
        Some(View::Exercise(exercise)) => exercise,
        Some(View::Wall(wall)) => &wall.world,
        _ => return,
    };
    let sun = uniform_of(exercise.map.sun);
    for handle in &quads {
        let is_moved = materials.get(handle).is_some_and(|material| SUN_STEP_RAD < material.sun.distance(sun));
        if is_moved && let Some(material) = materials.get_mut(handle) {
            material.into_inner().sun = sun;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shader's result for a place: the sine of the sun's height.
    fn height(uniform: Vec4, lat: f64, lon: f64) -> f64 {
        let (sin, cos) = lat.to_radians().sin_cos();
        let hour = (lon.to_radians() - f64::from(uniform.z)).cos();
        sin * f64::from(uniform.x) + cos * f64::from(uniform.y) * hour
    }

    #[test]
    fn at_four_utc_in_july_europe_is_at_dawn_and_australia_in_the_afternoon() {
        // Declination about 21°, subsolar longitude (12 h - 4 h) · 15° = 120° east.
        let uniform = uniform_of([20.8, 120.0]);
        assert!(0.3 < height(uniform, -33.9, 151.2), "Sydney, 14:00");
        assert!(height(uniform, 51.5, -0.1).abs() < 0.1, "London, 05:00");
        assert!(height(uniform, 40.7, -74.0) < -0.3, "New York, midnight");
    }
}
