//! Places on the screen: Miller's cylindrical projection and the map's camera.
//!
//! The window draws sea and land with the same camera in each frame, so this arithmetic is shared and must
//! not depend on anything drawn.

use egui::{Pos2, Rect, Vec2};

/// Latitudes of the inhabited world: Ushuaia to Longyearbyen without its island.
pub const LAT_MIN: f64 = -56.0;
pub const LAT_MAX: f64 = 75.0;

/// The visible part of the map. Map units are radians of longitude; y grows northwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapCamera {
    /// The point of the map in the middle of its rectangle on the screen.
    pub center: [f64; 2],
    /// Screen points per map unit.
    pub scale: f64,
}

impl Default for MapCamera {
    fn default() -> Self {
        MapCamera::fitted(Rect::from_min_size(Pos2::ZERO, Vec2::new(640.0, 480.0)))
    }
}

/// Miller's projection of degrees into map units.
///
/// O. M. Miller, "Notes on cylindrical world map projections", Geographical Review 32 (1942).
pub fn map_from_geo(lat_deg: f64, lon_deg: f64) -> [f64; 2] {
    let lat = lat_deg.clamp(-90.0, 90.0).to_radians();
    let y = 1.25 * (std::f64::consts::FRAC_PI_4 + 0.4 * lat).tan().ln();
    [lon_deg.to_radians(), y]
}

/// Latitude and longitude in degrees of a point of the map.
pub fn geo_from_map(place: [f64; 2]) -> [f64; 2] {
    let lat = 2.5 * (0.8 * place[1]).exp().atan() - 0.625 * std::f64::consts::PI;
    [lat.to_degrees(), place[0].to_degrees()]
}

/// The screen position of a point of the map, for a map drawn in `rect`.
pub fn screen_from_map(camera: &MapCamera, rect: Rect, place: [f64; 2]) -> Pos2 {
    let x = (place[0] - camera.center[0]) * camera.scale;
    let y = (camera.center[1] - place[1]) * camera.scale;
    rect.center() + Vec2::new(x as f32, y as f32)
}

/// The point of the map at a screen position.
pub fn map_from_screen(camera: &MapCamera, rect: Rect, screen: Pos2) -> [f64; 2] {
    let offset = screen - rect.center();
    [camera.center[0] + f64::from(offset.x) / camera.scale, camera.center[1] - f64::from(offset.y) / camera.scale]
}

impl MapCamera {
    /// The camera that shows the whole inhabited world in `rect`, as large as possible.
    pub fn fitted(rect: Rect) -> Self {
        let [west, south] = map_from_geo(LAT_MIN, -172.0);
        let [east, north] = map_from_geo(LAT_MAX, 180.0);
        let scale_x = f64::from(rect.width().max(1.0)) / (east - west);
        let scale_y = f64::from(rect.height().max(1.0)) / (north - south);
        MapCamera { center: [(west + east) / 2.0, (south + north) / 2.0], scale: scale_x.min(scale_y) }
    }

    /// The camera that shows some points within `open`, the part of the map that no card covers;
    /// the fitted camera if there are no points.
    pub fn around(rect: Rect, open: Rect, points: impl Iterator<Item = [f64; 2]>) -> Self {
        let mut bounds: Option<[f64; 4]> = None;
        for [x, y] in points {
            let [west, south, east, north] = bounds.unwrap_or([x, y, x, y]);
            bounds = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
        }
        let fitted = MapCamera::fitted(rect);
        let Some([west, south, east, north]) = bounds else { return fitted };
        let scale_x = f64::from(open.width()) * FILLED_SHARE / (east - west).max(SMALLEST);
        let scale_y = f64::from(open.height()) * FILLED_SHARE / (north - south).max(SMALLEST);
        let mut camera = MapCamera {
            center: [(west + east) / 2.0, (south + north) / 2.0],
            scale: scale_x.min(scale_y).max(fitted.scale),
        };
        camera.pan(rect, open.center() - rect.center());
        camera
    }

    /// The zoom of this camera over that of the fitted one.
    pub fn zoom(&self, rect: Rect) -> f64 {
        self.scale / MapCamera::fitted(rect).scale
    }

    /// Zooms by `factor` about a screen position, which stays where it is.
    pub fn zoom_about(&mut self, rect: Rect, pointer: Pos2, factor: f64) {
        let fixed = map_from_screen(self, rect, pointer);
        let fit = MapCamera::fitted(rect).scale;
        self.scale = (self.scale * factor).clamp(fit, fit * ZOOM_MAX);
        let moved = map_from_screen(self, rect, pointer);
        self.center[0] += fixed[0] - moved[0];
        self.center[1] += fixed[1] - moved[1];
        self.keep_in_world(rect);
    }

    /// Moves the picture by `delta` screen points.
    pub fn pan(&mut self, rect: Rect, delta: Vec2) {
        self.center[0] -= f64::from(delta.x) / self.scale;
        self.center[1] += f64::from(delta.y) / self.scale;
        self.keep_in_world(rect);
    }

    /// Limits the centre, so that a part of the inhabited world stays near the middle.
    fn keep_in_world(&mut self, rect: Rect) {
        let [west, south] = map_from_geo(LAT_MIN, -180.0);
        let [east, north] = map_from_geo(LAT_MAX, 180.0);
        let half_x = f64::from(rect.width()) / 2.0 / self.scale * KEPT;
        let half_y = f64::from(rect.height()) / 2.0 / self.scale * KEPT;
        self.center[0] = keep_between(self.center[0], west + half_x, east - half_x);
        self.center[1] = keep_between(self.center[1], south + half_y, north - half_y);
    }
}

/// Share of the map that a group of points fills, and the least it spans in map units.
const FILLED_SHARE: f64 = 0.75;
const SMALLEST: f64 = 0.05;

/// Share of half the screen that always shows the world, however far the map is dragged.
const KEPT: f64 = 0.4;

/// The largest zoom: a city fills the map.
const ZOOM_MAX: f64 = 160.0;

fn keep_between(value: f64, low: f64, high: f64) -> f64 {
    if high < low { (low + high) / 2.0 } else { value.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect { min: Pos2::new(300.0, 60.0), max: Pos2::new(960.0, 560.0) };

    #[test]
    fn projection_and_camera_have_inverses() {
        for (lat, lon) in [(0.0, 0.0), (51.5, -0.1), (-33.9, 151.2), (61.2, -149.9), (-54.8, -68.3)] {
            let geo = geo_from_map(map_from_geo(lat, lon));
            assert!((geo[0] - lat).abs() < 1e-9 && (geo[1] - lon).abs() < 1e-9, "{lat} {lon} became {geo:?}");
            let camera = MapCamera { center: [0.3, 0.2], scale: 250.0 };
            let place = map_from_geo(lat, lon);
            let back = map_from_screen(&camera, RECT, screen_from_map(&camera, RECT, place));
            assert!((back[0] - place[0]).abs() < 1e-5 && (back[1] - place[1]).abs() < 1e-5, "{back:?}");
        }
    }

    #[test]
    fn inhabited_world_fits_and_stays() {
        let mut camera = MapCamera::fitted(RECT);
        for (lat, lon) in [(75.0, -170.0), (-56.0, 179.0), (64.0, -21.9), (-36.8, 174.8)] {
            let at = screen_from_map(&camera, RECT, map_from_geo(lat, lon));
            assert!(RECT.expand(1.0).contains(at), "{lat} {lon} lies at {at:?}, outside {RECT:?}");
        }
        camera.zoom_about(RECT, RECT.center(), 1e9);
        assert!((camera.zoom(RECT) - ZOOM_MAX).abs() < 1e-6);
        camera.pan(RECT, Vec2::splat(1e9));
        let [lat, lon] = geo_from_map(camera.center);
        assert!((LAT_MIN..=LAT_MAX).contains(&lat) && (-180.0..=180.0).contains(&lon), "{lat} {lon}");
    }

    #[test]
    fn zoom_keeps_the_place_under_the_pointer() {
        let mut camera = MapCamera::fitted(RECT);
        camera.zoom_about(RECT, RECT.center(), 4.0);
        let pointer = Pos2::new(500.0, 300.0);
        let before = map_from_screen(&camera, RECT, pointer);
        camera.zoom_about(RECT, pointer, 1.5);
        let after = map_from_screen(&camera, RECT, pointer);
        assert!((before[0] - after[0]).abs() < 1e-6 && (before[1] - after[1]).abs() < 1e-6);
    }
}
