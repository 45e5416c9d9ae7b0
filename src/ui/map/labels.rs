//! Names beside marks: important ones first, without overlaps; zooming in shows more names.

use egui::{Align2, Color32, Pos2, Rect, Ui, Vec2};

use super::placed::Placed;
use crate::base::Ix;
use crate::scenario::compile::Organisation;
use crate::ui::theme::{self, Type};
use crate::ui::widgets::text;

/// Most names on the map at once.
const LABELS_MAX: usize = 40;

/// Draws all names that have space.
pub fn draw(ui: &Ui, rect: Rect, placed: &[Placed<'_>], hovered: Option<Ix<Organisation>>, zoom: f64, cards: &[Rect]) {
    let mut candidates: Vec<&Placed<'_>> =
        placed.iter().filter(|p| rect.contains(p.pos) && is_wanted(p, hovered, zoom)).collect();
    candidates.sort_by_key(|p| std::cmp::Reverse(rank(p, hovered)));
    let mut taken: Vec<Rect> = cards.to_vec();
    let important = placed.iter().filter(|p| 3 <= p.mark.importance || p.is_selected);
    let bodies: Vec<(&Placed<'_>, Rect)> =
        important.map(|p| (p, Rect::from_center_size(p.pos, Vec2::splat(p.radius * 1.7)))).collect();
    let mut count = 0;
    for candidate in candidates {
        if count == LABELS_MAX {
            return;
        }
        // A name may cover the mark of a much less important organisation.
        let covers = |p: &Placed<'_>| {
            p.mark.organisation != candidate.mark.organisation
                && (p.mark.is_yours || p.is_selected || candidate.mark.importance < p.mark.importance + 2)
        };
        let is_free = |spot: Rect| {
            rect.shrink(4.0).contains_rect(spot)
                && !taken.iter().any(|other| other.intersects(spot))
                && !bodies.iter().any(|(owner, body)| covers(owner) && body.intersects(spot))
        };
        let Some((at, anchor, spot)) = spots(ui, candidate).into_iter().find(|(_, _, spot)| is_free(*spot)) else {
            continue;
        };
        taken.push(spot.expand2(Vec2::new(3.0, 1.0)));
        draw_one(ui, at, anchor, candidate);
        count += 1;
    }
}

fn is_wanted(placed: &Placed<'_>, hovered: Option<Ix<Organisation>>, zoom: f64) -> bool {
    let least = match zoom {
        z if z < 1.8 => 4,
        z if z < 4.0 => 3,
        z if z < 8.0 => 2,
        _ => 1,
    };
    placed.is_selected
        || placed.mark.is_yours
        || hovered == Some(placed.mark.organisation)
        || least <= placed.mark.importance
}

fn rank(placed: &Placed<'_>, hovered: Option<Ix<Organisation>>) -> (bool, bool, bool, u8, u8) {
    let mark = placed.mark;
    let badness = if mark.state == crate::exercise::view::LevelState::Untouched { 0 } else { mark.state as u8 + 1 };
    (hovered == Some(mark.organisation), placed.is_selected, mark.is_yours, mark.importance, badness)
}

/// Places of a name beside its mark: right, left, below, above, in this order.
fn spots(ui: &Ui, placed: &Placed<'_>) -> [(Pos2, Align2, Rect); 4] {
    let size = Vec2::new(text::width(ui.painter(), &placed.mark.name, kind(placed)).min(180.0), 15.0);
    let reach = placed.radius * 1.25 + 3.0;
    [
        (Vec2::new(reach, 0.0), Align2::LEFT_CENTER),
        (Vec2::new(-reach, 0.0), Align2::RIGHT_CENTER),
        (Vec2::new(0.0, reach), Align2::CENTER_TOP),
        (Vec2::new(0.0, -reach), Align2::CENTER_BOTTOM),
    ]
    .map(|(offset, anchor)| {
        let at = placed.pos + offset;
        (at, anchor, anchor.anchor_size(at, size))
    })
}

fn kind(placed: &Placed<'_>) -> Type {
    if placed.mark.is_yours || placed.is_selected || 5 <= placed.mark.importance { Type::Caption } else { Type::Small }
}

/// Draws the name with a dark outline, so that it is readable on land and sea.
fn draw_one(ui: &Ui, at: Pos2, anchor: Align2, placed: &Placed<'_>) {
    let name = &placed.mark.name;
    let kind = kind(placed);
    for (x, y) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.8, 0.8), (-0.8, -0.8)] {
        let rim = Color32::from_black_alpha(170);
        text::line(ui.painter(), at + Vec2::new(x, y), anchor, name, kind, rim, 180.0);
    }
    let ink = if placed.mark.is_yours || placed.is_selected { theme::TEXT } else { theme::TEXT_SOFT };
    text::line(ui.painter(), at, anchor, name, kind, ink, 180.0);
}
