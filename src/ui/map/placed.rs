//! A mark of the map with its place on the screen.

use egui::Pos2;

use crate::exercise::view::MapMark;

/// A mark with its place on the screen.
pub struct Placed<'a> {
    /// Index into the view's marks.
    pub index: usize,
    pub mark: &'a MapMark,
    /// The true place of the organisation.
    pub home: Pos2,
    /// The place of its mark, moved so that it does not lie under its neighbours.
    pub pos: Pos2,
    pub radius: f32,
    pub is_selected: bool,
    /// A minor mark is small and not moved, so that many of them do not hide important organisations.
    pub is_minor: bool,
}
