//! Thin antialiased lines: strips that the vertex shader widens to their width in pixels.
//!
//! *Rationale*: a line list is one pixel wide without antialiasing on every screen, and smoothing it by
//! multisampling made frames more than three times as long on a software driver.

use bevy::asset::{RenderAssetUsages, uuid_handle};
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;
use bevy::sprite_render::{AlphaMode2d, Material2d, Material2dPlugin};
use bevy::window::WindowResolution;

const SHADER: Handle<Shader> = uuid_handle!("b8f8f0d8-1f5b-4a2a-9c1e-6c0e3f1a7d11");
/// Largest mitre in line widths; corners with a longer one are cut.
const MITRE_MAX: f64 = 2.0;

/// A pen: colour, width, and the position of the camera.
#[derive(Asset, TypePath, AsBindGroup, Clone)]
pub struct LineMaterial {
    #[uniform(0)]
    clip: Vec4,
    #[uniform(0)]
    width: Vec4,
    #[uniform(0)]
    colour: LinearRgba,
    /// Logical pixels.
    width_px: f32,
    /// 1 is over everything opaque, 0 under it.
    depth: f32,
    /// Shift of all points, in map units.
    turn: f32,
}

impl LineMaterial {
    pub fn new(colour: Color, width_px: f32, depth: f32, turn: f32) -> Self {
        Self { clip: Vec4::ZERO, width: Vec4::ONE, colour: colour.into(), width_px, depth, turn }
    }
}

impl Material2d for LineMaterial {
    fn vertex_shader() -> ShaderRef {
        SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }

    fn alpha_mode(&self) -> AlphaMode2d {
        AlphaMode2d::Blend
    }
}

pub fn install(app: &mut App) {
    app.add_plugins(Material2dPlugin::<LineMaterial>::default());
    let shader = Shader::from_wgsl(include_str!("line.wgsl"), "line.wgsl");
    let mut shaders = app.world_mut().resource_mut::<Assets<Shader>>();
    if let Err(error) = shaders.insert(&SHADER, shader) {
        error!("the line shader was not taken: {error}");
    }
}

/// Points every pen at the camera: `centre` in the window's middle, `scale` map units per logical
/// pixel.
pub fn aim(pens: &mut Assets<LineMaterial>, centre: [f64; 2], scale: f64, window: &WindowResolution) {
    let half = window.size().max(Vec2::ONE).as_dvec2() * 0.5;
    let factor = [1.0 / (scale * half.x), 1.0 / (scale * half.y)];
    let pixels = window.physical_size().max(UVec2::ONE).as_vec2() * 0.5;
    let ids: Vec<_> = pens.ids().collect();
    for id in ids {
        let Some(pen) = pens.get_mut(id) else {
            continue;
        };
        let pen = pen.into_inner();
        let shift = f64::from(pen.turn) - centre[0];
        pen.clip =
            Vec4::new(factor[0] as f32, factor[1] as f32, (shift * factor[0]) as f32, (-centre[1] * factor[1]) as f32);
        let half_width_px = 0.5 * pen.width_px * window.scale_factor();
        pen.width = Vec4::new(half_width_px, pixels.x, pixels.y, pen.depth);
    }
}

/// A strip with two vertices per point, one on each side, and four at sharp corners.
pub fn mesh(lines: impl Iterator<Item = Vec<[f64; 2]>>) -> Mesh {
    let (mut positions, mut normals, mut indices) = (Vec::new(), Vec::new(), Vec::<u32>::new());
    for line in lines {
        let mut pair: Option<u32> = None;
        for (index, at) in line.iter().enumerate() {
            for out in ways_out(&line, index) {
                let next = positions.len() as u32;
                for side in [1.0, -1.0] {
                    positions.push([at[0] as f32, at[1] as f32, 0.0]);
                    normals.push([(out[0] * side) as f32, (out[1] * side) as f32, side as f32]);
                }
                if let Some(last) = pair {
                    indices.extend([last, last + 1, next, last + 1, next + 1, next]);
                }
                pair = Some(next);
            }
        }
    }
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_indices(Indices::U32(indices))
}

/// Vectors from a point to the left edge of the line: the normal of the segment, the mitre of the corner, or at a sharp
/// corner the normals of both segments. A closed line (its last point equals the first) has a corner there too.
fn ways_out(line: &[[f64; 2]], index: usize) -> Vec<[f64; 2]> {
    let last = line.len() - 1;
    let is_closed = 2 < line.len() && line[0] == line[last];
    let before = match index {
        0 if is_closed => Some(last - 1),
        0 => None,
        _ => Some(index - 1),
    };
    let after = match index {
        _ if index == last && is_closed => Some(1),
        _ if index == last => None,
        _ => Some(index + 1),
    };
    let normal = |from: [f64; 2], to: [f64; 2]| {
        let along = [to[0] - from[0], to[1] - from[1]];
        let length = along[0].hypot(along[1]).max(f64::MIN_POSITIVE);
        [-along[1] / length, along[0] / length]
    };
    let first = before.map(|before| normal(line[before], line[index]));
    let second = after.map(|after| normal(line[index], line[after]));
    let (Some(a), Some(b)) = (first, second) else {
        return first.or(second).into_iter().collect();
    };
    let sum = [a[0] + b[0], a[1] + b[1]];
    // Half the sum's length is the cosine of half the corner, and the mitre its reciprocal.
    let length = sum[0].hypot(sum[1]);
    if MITRE_MAX * length < 2.0 {
        return vec![a, b];
    }
    let reach = 2.0 / length;
    vec![[sum[0] / length * reach, sum[1] / length * reach]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_reach_out_and_ends_do_not() {
        let line = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
        assert_eq!(ways_out(&line, 0), [[0.0, 1.0]]);
        let corner = ways_out(&line, 1)[0];
        assert!((corner[0] + 1.0).abs() < 1e-9 && (corner[1] - 1.0).abs() < 1e-9, "{corner:?}");
    }

    #[test]
    fn sharp_corners_keep_both_segments_wide() {
        let spike = [[0.0, 0.0], [1.0, 0.0], [0.0, 0.001]];
        let ways = ways_out(&spike, 1);
        assert_eq!(ways.len(), 2);
        for [x, y] in ways {
            assert!((x.hypot(y) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn closed_lines_close_smoothly() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        assert_eq!(ways_out(&square, 0), ways_out(&square, 4));
    }
}
