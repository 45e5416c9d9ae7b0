//! The map of the organisations over the open ground that the window draws: marks, links, labels and cards.

mod dots;
mod glyphs;
mod labels;
mod links;
mod marks;
mod overlay;
mod panel;
mod placed;
mod spread;

pub(super) use overlay::card_rect;
pub(super) use panel::map_ui;
