//! The map on the wall: land as a picture that never changes, and over it the organisations with their states.
//!
//! Must not show names or figures of a seat: shapes and counts are what everybody may see.

use std::fmt::Write;

use maud::{Markup, html};

use super::board::state_words;
use crate::base::atlas;
use crate::base::words as format;
use crate::exercise::view::{LevelState, MapView};

const LAND_110M: &[u8] = include_bytes!("../../../assets/map/land-110m.json");
/// Units of the pictures for a degree of longitude and of latitude: a cylindrical projection that is true at 34°.
const LON_UNITS: f64 = 10.0;
const LAT_UNITS: f64 = 12.0;
/// West, north, width and height in units: from 170° west to 190° east, from 76° north to 56° south.
const VIEW_BOX: &str = "-1700 -912 3600 1584";
const SOUTH_DEG: f64 = -60.0;
/// States from the back to the front, with the radius of a mark of an organisation in units.
const STATES: [(LevelState, f64); 5] = [
    (LevelState::Untouched, 9.0),
    (LevelState::Working, 11.0),
    (LevelState::Degraded, 15.0),
    (LevelState::Severe, 20.0),
    (LevelState::Failed, 20.0),
];
/// Side of the square that stands for a member of a population.
const DOT: i32 = 8;

fn place(lat_deg: f64, lon_deg: f64) -> (i32, i32) {
    let east_of_edge = if lon_deg < -170.0 { lon_deg + 360.0 } else { lon_deg };
    ((east_of_edge * LON_UNITS).round() as i32, (-lat_deg * LAT_UNITS).round() as i32)
}

/// The land of the world as SVG in a colour.
pub fn land(fill: impl std::fmt::Display) -> String {
    let atlas = atlas::land(LAND_110M).expect("the map file of the program is TopoJSON");
    let mut path = String::new();
    for polygon in &atlas.polygons {
        // The ice around the south pole lies below the picture.
        if polygon.outer.iter().all(|point| point[1] < SOUTH_DEG) {
            continue;
        }
        for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
            add_ring(&mut path, ring);
        }
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}"><path fill="{fill}" fill-rule="evenodd" d="{path}"/></svg>"#
    )
}

/// Adds a ring with steps relative to the point before, which are shorter than points.
fn add_ring(path: &mut String, ring: &[atlas::LonLat]) {
    const MEMORY: &str = "a text takes everything";
    let point = |at: &atlas::LonLat| ((at[0] * LON_UNITS).round() as i32, (-at[1] * LAT_UNITS).round() as i32);
    let Some(first) = ring.first() else { return };
    let mut before = point(first);
    write!(path, "M{} {}l", before.0, before.1).expect(MEMORY);
    for next in ring[1..].iter().map(point).collect::<Vec<_>>() {
        if next != before {
            write!(path, "{} {} ", next.0 - before.0, next.1 - before.1).expect(MEMORY);
            before = next;
        }
    }
    path.push('z');
}

/// The organisations over the land, and what their shapes mean.
pub fn organisations(map: &MapView) -> Markup {
    let count = |state: LevelState| {
        let marks = map.marks.iter().filter(|mark| mark.state == state).count();
        marks + map.dots.iter().filter(|dot| dot.state == state).count()
    };
    let disturbed: usize = STATES[2..].iter().map(|(state, _)| count(*state)).sum();
    let all = map.marks.len() + map.dots.len();
    html! {
        svg viewBox=(VIEW_BOX) role="img" aria-label={ "Map of the world: " (disturbed) " of " (all) " organisations disturbed" } {
            @for (state, _) in STATES { path class={ "dot " (state_words(state).0) } d=(dots(map, state)) {} }
            @for (state, radius) in STATES { path class={ "mark " (state_words(state).0) } d=(marks(map, state, radius)) {} }
        }
        ul.legend {
            @for (state, _) in STATES {
                @let (class, sign, word) = state_words(state);
                li class=(class) { span.sign aria-hidden="true" { (sign) } " " (word) " " strong { (format::thousands(count(state) as u64)) } }
            }
        }
    }
}

fn dots(map: &MapView, state: LevelState) -> String {
    let mut path = String::new();
    for dot in map.dots.iter().filter(|dot| dot.state == state) {
        let (x, y) = place(dot.lat, dot.lon);
        write!(path, "M{} {}h{DOT}v{DOT}h-{DOT}z", x - DOT / 2, y - DOT / 2).expect("a text takes everything");
    }
    path
}

/// Circles for what works, triangles and squares for what does not: the shapes differ like the signs of the legend.
fn marks(map: &MapView, state: LevelState, radius: f64) -> String {
    let mut path = String::new();
    for mark in map.marks.iter().filter(|mark| mark.state == state) {
        let (x, y) = place(mark.lat, mark.lon);
        let r = (radius * (0.7 + 0.12 * f64::from(mark.importance))).round() as i32;
        let shape = match state {
            LevelState::Severe => format!("M{x} {}l{r} {}h-{}z", y - r, 2 * r, 2 * r),
            LevelState::Failed => format!("M{} {}h{}v{}h-{}z", x - r, y - r, 2 * r, 2 * r, 2 * r),
            _ => format!("M{} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 -{} 0z", x - r, 2 * r, 2 * r),
        };
        path.push_str(&shape);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_land_is_a_small_picture() {
        let land = land("#fff");
        assert!(20_000 < land.len() && land.len() < 60_000, "{} bytes", land.len());
        assert!(land.ends_with("z\"/></svg>"));
    }

    #[test]
    fn places_have_their_side_of_the_map() {
        let (x, y) = place(51.5, -0.1);
        assert_eq!((x, y), (-1, -618));
        // The far east of Russia is not torn off.
        assert_eq!(place(65.0, -175.0).0, 1_850);
    }
}
