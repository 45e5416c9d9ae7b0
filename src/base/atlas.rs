//! Coast lines, land and borders as plain numbers: TopoJSON in, rings, triangles and polylines out.
//!
//! This module decodes `assets/map` (Natural Earth through world-atlas, see `assets/CREDITS.md`).
//! It must not know Bevy or a projection. Longitudes are *unwrapped*: a ring that crosses the
//! antimeridian continues beyond ±180°, so the map is drawn three times, side by side. A ring
//! around a pole is closed along the pole.

use serde::Deserialize;

/// Longitude and latitude in degrees.
pub type LonLat = [f64; 2];

/// Land or countries, decoded.
#[derive(Debug, Default)]
pub struct Atlas {
    pub polygons: Vec<Polygon>,
}

/// An outer ring and its holes; rings are not closed (the last point differs from the first).
#[derive(Debug, Default)]
pub struct Polygon {
    pub outer: Vec<LonLat>,
    pub holes: Vec<Vec<LonLat>>,
    /// The outer ring runs around a pole and was closed along it: its last two points are no coast.
    pub is_around_pole: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    #[error("the map file is not TopoJSON: {0}")]
    Format(#[from] serde_json::Error),
    #[error("the map file has no object `{0}`")]
    NoObject(&'static str),
    #[error("the map file refers to arc {arc} of {arcs}")]
    NoArc { arc: i64, arcs: usize },
}

#[derive(Deserialize)]
struct Topology {
    objects: std::collections::BTreeMap<String, Object>,
    arcs: Vec<Vec<[f64; 2]>>,
    transform: Transform,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Object {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Geometry {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

impl Geometry {
    fn polygons(&self) -> &[Vec<Vec<i64>>] {
        match self {
            Self::Polygon(rings) => std::slice::from_ref(rings),
            Self::MultiPolygon(polygons) => polygons,
        }
    }
}

impl Topology {
    fn read(json: &[u8]) -> Result<Self, AtlasError> {
        let mut topology: Self = serde_json::from_slice(json)?;
        let Transform { scale, translate } = topology.transform;
        for arc in &mut topology.arcs {
            let mut at = [0.0, 0.0];
            for point in arc {
                at = [at[0] + point[0], at[1] + point[1]];
                *point = [at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1]];
            }
        }
        Ok(topology)
    }

    fn object(&self, name: &'static str) -> Result<&Object, AtlasError> {
        self.objects.get(name).ok_or(AtlasError::NoObject(name))
    }

    /// The points of a ring; a negative index `i` stands for arc `!i`, backwards.
    fn ring(&self, arcs: &[i64]) -> Result<Vec<LonLat>, AtlasError> {
        let mut ring: Vec<LonLat> = Vec::new();
        for &arc in arcs {
            let index = usize::try_from(if arc < 0 { !arc } else { arc }).unwrap_or(usize::MAX);
            let points = self.arcs.get(index).ok_or(AtlasError::NoArc { arc, arcs: self.arcs.len() })?;
            ring.pop();
            if arc < 0 {
                ring.extend(points.iter().rev());
            } else {
                ring.extend(points);
            }
        }
        ring.pop();
        Ok(ring)
    }
}

/// Reads the land polygons out of a world-atlas `land-*.json`.
pub fn land(json: &[u8]) -> Result<Atlas, AtlasError> {
    let topology = Topology::read(json)?;
    let mut atlas = Atlas::default();
    for geometry in &topology.object("land")?.geometries {
        for rings in geometry.polygons() {
            let mut polygon = Polygon::default();
            for (index, arcs) in rings.iter().enumerate() {
                let mut ring = topology.ring(arcs)?;
                if ring.len() < 3 {
                    continue;
                }
                let turns = unwrap_longitudes(&mut ring);
                if index == 0 {
                    polygon.is_around_pole = turns != 0;
                    polygon.outer = ring;
                } else if turns == 0 {
                    polygon.holes.push(ring);
                }
                // A hole that surrounds the pole is no hole: the outer ring is closed at the pole anyway.
            }
            if polygon.outer.is_empty() {
                continue;
            }
            if polygon.is_around_pole {
                close_along_pole(&mut polygon.outer);
            }
            atlas.polygons.push(polygon);
        }
    }
    Ok(atlas)
}

/// Borders: lines that two countries share, from a world-atlas `countries-*.json`.
pub fn borders(json: &[u8]) -> Result<Vec<Vec<LonLat>>, AtlasError> {
    let topology = Topology::read(json)?;
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); topology.arcs.len()];
    for (country, geometry) in topology.object("countries")?.geometries.iter().enumerate() {
        for arc in geometry.polygons().iter().flatten().flatten() {
            let index = usize::try_from(if *arc < 0 { !*arc } else { *arc }).unwrap_or(usize::MAX);
            let of_arc = users.get_mut(index).ok_or(AtlasError::NoArc { arc: *arc, arcs: topology.arcs.len() })?;
            if !of_arc.contains(&country) {
                of_arc.push(country);
            }
        }
    }
    let mut lines = Vec::new();
    for (mut line, users) in topology.arcs.into_iter().zip(users) {
        if 2 <= users.len() && 2 <= line.len() {
            unwrap_longitudes(&mut line);
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Makes longitudes continuous, with the ring's middle within ±180°. Returns how often the closed
/// ring winds around the globe.
fn unwrap_longitudes(ring: &mut [LonLat]) -> i32 {
    let short_way = |delta: f64| delta - 360.0 * (delta / 360.0).round();
    let mut previous = ring[0][0];
    let first = previous;
    for point in ring.iter_mut() {
        previous += short_way(point[0] - previous);
        point[0] = previous;
    }
    let end = previous + short_way(first - previous);
    let (low, high) = ring.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p[0]), high.max(p[0])));
    let shift = 360.0 * ((low + high) / 720.0).round();
    for point in ring.iter_mut() {
        point[0] -= shift;
    }
    ((end - first) / 360.0).round() as i32
}

/// Closes a ring that goes once around the globe along the pole it surrounds.
fn close_along_pole(ring: &mut Vec<LonLat>) {
    let mean_lat = ring.iter().map(|p| p[1]).sum::<f64>() / ring.len() as f64;
    let pole = if mean_lat < 0.0 { -90.0 } else { 90.0 };
    let first = ring[0];
    let last = ring[ring.len() - 1];
    let turn = if first[0] < last[0] { 360.0 } else { -360.0 };
    let end = first[0] + turn;
    ring.push([end, first[1]]);
    ring.push([end, pole]);
    ring.push([first[0], pole]);
}

impl Polygon {
    /// Coast lines: every ring, closed, without cuts along the antimeridian and the pole.
    pub fn coasts(&self) -> Vec<Vec<LonLat>> {
        let mut lines = Vec::new();
        let outer = if self.is_around_pole { &self.outer[..self.outer.len() - 2] } else { &self.outer[..] };
        push_coasts(outer, !self.is_around_pole, &mut lines);
        for hole in &self.holes {
            push_coasts(hole, true, &mut lines);
        }
        lines
    }
}

fn push_coasts(ring: &[LonLat], is_closed: bool, lines: &mut Vec<Vec<LonLat>>) {
    let is_on_cut = |p: &LonLat| (p[0].abs() - 180.0).abs() < 0.005;
    let mut line: Vec<LonLat> = Vec::with_capacity(ring.len() + 1);
    let closing = if is_closed { Some(&ring[0]) } else { None };
    for point in ring.iter().chain(closing) {
        if line.last().is_some_and(|last| is_on_cut(last) && is_on_cut(point)) {
            lines.push(std::mem::take(&mut line));
        }
        line.push(*point);
    }
    lines.push(line);
    lines.retain(|line| 2 <= line.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAND_110M: &[u8] = include_bytes!("../../assets/map/land-110m.json");
    const LAND_50M: &[u8] = include_bytes!("../../assets/map/land-50m.json");
    const COUNTRIES: &[u8] = include_bytes!("../../assets/map/countries-110m.json");

    fn is_inside(ring: &[LonLat], at: LonLat) -> bool {
        let mut inside = false;
        let mut previous = ring[ring.len() - 1];
        for &point in ring {
            if (at[1] < point[1]) != (at[1] < previous[1]) {
                let lon = (previous[0] - point[0]) * (at[1] - point[1]) / (previous[1] - point[1]) + point[0];
                if at[0] < lon {
                    inside = !inside;
                }
            }
            previous = point;
        }
        inside
    }

    fn is_land(atlas: &Atlas, lon: f64, lat: f64) -> bool {
        [-360.0, 0.0, 360.0].iter().any(|turn| {
            let at = [lon + turn, lat];
            atlas
                .polygons
                .iter()
                .any(|polygon| is_inside(&polygon.outer, at) && !polygon.holes.iter().any(|h| is_inside(h, at)))
        })
    }

    #[test]
    fn known_places_are_land_or_sea() {
        for json in [LAND_110M, LAND_50M] {
            let atlas = land(json).expect("map file");
            let inland = [
                ("London", -0.5, 51.6),
                ("Kansas", -98.0, 38.0),
                ("Alice Springs", 133.9, -23.7),
                ("Chukotka, east of the antimeridian", -174.0, 66.8),
                ("Chukotka, west of it", 177.0, 67.0),
                ("South Pole", 10.0, -89.0),
                ("Ross Ice Shelf's far side", -179.0, -85.0),
                ("Siberia", 100.0, 62.0),
            ];
            for (name, lon, lat) in inland {
                assert!(is_land(&atlas, lon, lat), "{name} should be land");
            }
            let offshore = [
                ("Atlantic", -30.0, 40.0),
                ("Pacific", -179.0, 20.0),
                ("Caspian Sea", 51.0, 41.0),
                ("Gulf of Guinea", 0.0, 0.0),
                ("Southern Ocean", 120.0, -60.0),
            ];
            for (name, lon, lat) in offshore {
                assert!(!is_land(&atlas, lon, lat), "{name} should be sea");
            }
        }
    }

    #[test]
    fn rings_are_unwrapped() {
        for json in [LAND_110M, LAND_50M] {
            for polygon in land(json).expect("map file").polygons {
                let cap = usize::from(polygon.is_around_pole) * 2;
                let outer = &polygon.outer[..polygon.outer.len() - cap];
                for pair in outer.windows(2) {
                    assert!((pair[0][0] - pair[1][0]).abs() < 180.0, "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn coasts_leave_out_the_cuts() {
        for polygon in land(LAND_110M).expect("map file").polygons {
            for line in polygon.coasts() {
                for pair in line.windows(2) {
                    let both = pair.iter().all(|p| (p[0].abs() - 180.0).abs() < 0.005);
                    assert!(!both, "{pair:?} runs along the antimeridian");
                    assert!(pair.iter().all(|p| -89.9 < p[1]), "{pair:?} runs along the pole");
                }
            }
        }
    }

    #[test]
    fn borders_are_shared_lines() {
        let lines = borders(COUNTRIES).expect("map file");
        assert!(250 < lines.len() && lines.len() < 595, "{}", lines.len());
    }

    #[test]
    fn other_json_is_an_error() {
        assert!(matches!(land(b"{}"), Err(AtlasError::Format(_))));
        assert!(land(COUNTRIES).is_ok());
        assert!(matches!(borders(LAND_110M), Err(AtlasError::NoObject("countries"))));
    }
}
