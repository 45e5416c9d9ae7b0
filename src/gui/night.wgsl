// Night over the map: how high the sun stands at each point. Plain WGSL without preprocessor
// directives, so that it outlives Bevy's shader tooling.

struct Night {
    // Sine and cosine of the sun's latitude, its longitude in radians, darkness of full night.
    sun: vec4<f32>,
    colour: vec4<f32>,
}

@group(2) @binding(0) var<uniform> night: Night;

struct Fragment {
    @builtin(position) position: vec4<f32>,
    @location(0) world_position: vec4<f32>,
    @location(1) world_normal: vec3<f32>,
    // Longitude in radians, and the Miller projection's y.
    @location(2) uv: vec2<f32>,
}

@fragment
fn fragment(in: Fragment) -> @location(0) vec4<f32> {
    let lat = 2.5 * (atan(exp(0.8 * in.uv.y)) - 0.78539816);
    let height = sin(lat) * night.sun.x + cos(lat) * night.sun.y * cos(in.uv.x - night.sun.z);
    // From sunset to the end of nautical twilight, with half of the darkness in the first third.
    let dusk = smoothstep(0.02, -0.23, height);
    return vec4<f32>(night.colour.rgb, night.sun.w * dusk);
}
