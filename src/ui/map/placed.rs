//! A mark of the map with its place on the screen.

use egui::Pos2;

use crate::exercise::view::MapMark;

/// A mark with its place on the screen.
pub struct Placed<'a> {
    /// Index into the view's marks.
    pub index: usize,
    pub mark: &'a MapMark,
    /// Where the organisation is.
    pub home: Pos2,
    /// Where its mark is drawn: beside its neighbours rather than under them.
    pub pos: Pos2,
    pub radius: f32,
    pub is_selected: bool,
    /// Drawn small and left in its place, so that the crowd does not hide important organisations.
    pub is_minor: bool,
}
