//! Notes that the chair may read: those of its own seat, or all notes if it has no seat.

use super::source::Source;
use crate::base::Ix;
use crate::exercise::view::NoteRow;
use crate::scenario::compile::Seat;

/// Oldest first.
pub fn notes<'a>(source: &'a Source) -> impl DoubleEndedIterator<Item = NoteRow> + use<'a> {
    let seat = source.chair.seat();
    let is_readable = move |writer: Option<Ix<Seat>>| seat.is_none() || writer == seat;
    let notes = source.run().notes.iter().filter(move |note| is_readable(note.seat));
    notes.map(move |note| {
        let writer = note.seat.map(|writer| &source.scenario().docs.seats[writer.position()]);
        let objective = note.objective.zip(writer).map(|(objective, writer)| writer.objectives[objective].name.clone());
        NoteRow {
            time: source.time(note.tick),
            tag: note.tag,
            seat: writer.filter(|_| seat.is_none()).map(|writer| writer.name.clone()),
            objective,
            text: note.text.clone(),
        }
    })
}
