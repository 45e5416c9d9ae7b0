//! Moves overlapping marks apart, as little as possible from their places.
//!
//! The result depends only on places and sizes, so that marks keep still while the camera does.

use egui::Vec2;

use super::placed::Placed;
use crate::exercise::view::LevelState;

/// Iterations of the algorithm.
const ROUNDS: usize = 24;
/// Farthest a mark is moved from its place, in points.
const REACH: f32 = 36.0;
/// Marks of less importance are not moved and may lie under others.
const IMPORTANCE_MIN: u8 = 3;
/// More marks than this are not spread: the cost grows with their square.
const MARKS_MAX: usize = 160;

/// Moves the important marks apart.
pub fn spread(placed: &mut [Placed<'_>]) {
    let moving: Vec<usize> = (0..placed.len()).filter(|index| is_moving(&placed[*index])).take(MARKS_MAX).collect();
    for _ in 0..ROUNDS {
        let mut has_moved = false;
        for (rank, a) in moving.iter().copied().enumerate() {
            for b in moving[rank + 1..].iter().copied() {
                has_moved |= push_apart(placed, a, b);
            }
        }
        if !has_moved {
            return;
        }
    }
}

fn is_moving(placed: &Placed<'_>) -> bool {
    !placed.is_minor && IMPORTANCE_MIN <= placed.mark.importance || placed.mark.is_yours || placed.is_selected
}

/// Pushes two marks apart if they overlap, the smaller one more; true if they did.
fn push_apart(placed: &mut [Placed<'_>], a: usize, b: usize) -> bool {
    let between = placed[b].pos - placed[a].pos;
    let (size_a, size_b) = (size(&placed[a]), size(&placed[b]));
    let wanted = (size_a + size_b) * 1.05 + 1.5;
    if wanted * wanted <= between.length_sq() {
        return false;
    }
    let distance = between.length();
    // Marks at the same place need a direction, which follows from their indices.
    let direction = if 0.5 < distance { between / distance } else { Vec2::angled(placed[b].index as f32 * 2.4) };
    let push = direction * (wanted - distance) * 0.5;
    let share = size_b / (size_a + size_b);
    move_within_reach(&mut placed[a], -push * share * 2.0);
    move_within_reach(&mut placed[b], push * (1.0 - share) * 2.0);
    0.25 < wanted - distance
}

/// The radius of a mark; organisations that were never affected have smaller marks.
fn size(placed: &Placed<'_>) -> f32 {
    if placed.mark.state == LevelState::Untouched { placed.radius * 0.65 } else { placed.radius }
}

fn move_within_reach(placed: &mut Placed<'_>, by: Vec2) {
    let offset = placed.pos + by - placed.home;
    let length = offset.length();
    placed.pos = placed.home + if REACH < length { offset * (REACH / length) } else { offset };
}
