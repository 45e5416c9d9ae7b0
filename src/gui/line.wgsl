// Lines of constant width in pixels with smooth edges. Plain WGSL without preprocessor directives
// and without Bevy's bindings: the camera comes in the material.

struct Pen {
    // World to clip space: factor x, factor y, offset x, offset y.
    clip: vec4<f32>,
    // Half width in pixels; pixels per clip unit in x and y; depth.
    width: vec4<f32>,
    colour: vec4<f32>,
}

@group(2) @binding(0) var<uniform> pen: Pen;

struct Vertex {
    @builtin(position) position: vec4<f32>,
    // Pixels from the line's middle.
    @location(0) away: f32,
}

// `normal.xy` is the way out from the line's middle, longer at corners; `normal.z` is the side.
@vertex
fn vertex(@location(0) position: vec3<f32>, @location(1) normal: vec3<f32>) -> Vertex {
    let reach = pen.width.x + 0.7;
    var out: Vertex;
    let middle = position.xy * pen.clip.xy + pen.clip.zw;
    let out_by = normal.xy * reach / pen.width.yz;
    out.position = vec4<f32>(middle + out_by, pen.width.w, 1.0);
    out.away = normal.z * reach;
    return out;
}

@fragment
fn fragment(in: Vertex) -> @location(0) vec4<f32> {
    let cover = clamp(pen.width.x + 0.5 - abs(in.away), 0.0, 1.0);
    return vec4<f32>(pen.colour.rgb, pen.colour.a * cover);
}
