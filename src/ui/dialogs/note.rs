//! The card for a note: a tag, a text, and the earlier notes.

use egui::{Align, Context, Key, Layout, Modifiers, ScrollArea, Ui};

use super::{modal, title_ui};
use crate::exercise::action::{Action, PersonalAction};
use crate::exercise::view::{ExerciseView, NoteRow, NoteTag};
use crate::ui::keyboard;
use crate::ui::state::{NoteDialog, UiState};
use crate::ui::theme::{self, Type};
use crate::ui::widgets::gap_ui;
use crate::ui::widgets::push::Push;

/// Longest note, in characters.
const NOTE_MAX: usize = 2_000;

/// Tags of notes with their words, in the order of an after-action report.
pub const TAGS: [(NoteTag, &str); 5] = [
    (NoteTag::Observation, "Observation"),
    (NoteTag::Strength, "Strength"),
    (NoteTag::Gap, "Gap"),
    (NoteTag::Risk, "Risk"),
    (NoteTag::Recommendation, "Recommendation"),
];

/// Draws the card while a note is being written.
pub fn note_ui(ctx: &Context, state: &mut UiState, exercise: &ExerciseView, actions: &mut Vec<Action>) {
    let Some(dialog) = &mut state.note else { return };
    tag_key(ctx, dialog);
    let width = (ctx.content_rect().width() - 96.0).min(560.0);
    let response = modal("note").show(ctx, |ui| {
        ui.set_width(width);
        let is_closed = title_ui(ui, "Write a note", "Close note");
        ui.label(Type::Small.rich("Saved in the run file with the time, and shown at the debrief", theme::TEXT_MUTED));
        tags_ui(ui, dialog);
        text_ui(ui, dialog);
        objectives_ui(ui, dialog, &exercise.objectives);
        let is_given = give_ui(ui, dialog, actions);
        written_ui(ui, &exercise.notes);
        is_closed || is_given
    });
    if response.inner || response.should_close() {
        state.note = None;
    }
}

fn tags_ui(ui: &mut Ui, dialog: &mut NoteDialog) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (index, (tag, words)) in TAGS.into_iter().enumerate() {
            let text = format!("{} {words}", index + 1);
            let push = Push::new(&text).name(words).small().selected(dialog.tag == tag);
            if push.show(ui).clicked() {
                dialog.tag = tag;
            }
        }
    });
}

/// Takes a digit as the first key on the card: it chooses the tag. Every later key belongs to the text.
fn tag_key(ctx: &Context, dialog: &mut NoteDialog) {
    if dialog.is_tagged || !dialog.text.is_empty() {
        dialog.is_tagged = true;
        return;
    }
    let Some(index) = keyboard::DIGITS.iter().take(TAGS.len()).position(|key| keyboard::pressed(ctx, *key)) else {
        return;
    };
    dialog.tag = TAGS[index].0;
    dialog.is_tagged = true;
    // The key gives a text too, which is not for the field.
    ctx.input_mut(|input| input.events.retain(|event| !matches!(event, egui::Event::Text(_))));
}

/// Draws the objectives of the seat; the note can be about one of them.
fn objectives_ui(ui: &mut Ui, dialog: &mut NoteDialog, objectives: &[String]) {
    if objectives.is_empty() {
        return;
    }
    ui.label(Type::Small.rich("About the objective", theme::TEXT_MUTED));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if Push::new("None").name("About no objective").small().selected(dialog.objective.is_none()).show(ui).clicked()
        {
            dialog.objective = None;
        }
        for (index, objective) in objectives.iter().enumerate() {
            let label = format!("About {objective}");
            let is_chosen = dialog.objective == Some(index);
            if Push::new(objective).name(&label).small().selected(is_chosen).show(ui).clicked() {
                dialog.objective = Some(index);
            }
        }
    });
}

fn text_ui(ui: &mut Ui, dialog: &mut NoteDialog) {
    let field = egui::TextEdit::multiline(&mut dialog.text)
        .hint_text("What did you see?")
        .font(Type::Body.font())
        .char_limit(NOTE_MAX)
        .desired_rows(3)
        .margin(egui::Margin::symmetric(8, 6))
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label("Text of the note"));
    if !dialog.is_begun {
        response.request_focus();
        dialog.is_begun = true;
    }
}

/// Draws the button that saves the note; Ctrl or Command with Enter presses it too. True if the note was saved.
fn give_ui(ui: &mut Ui, dialog: &NoteDialog, actions: &mut Vec<Action>) -> bool {
    let text = dialog.text.trim();
    let by_keys = ui.ctx().input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
    let mut is_given = false;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let push = Push::new("Write down").primary().enabled(!text.is_empty()).hover("Ctrl and Enter");
        is_given = push.show(ui).clicked() || by_keys && !text.is_empty();
    });
    if is_given {
        let objective = dialog.objective;
        actions.push(Action::from(PersonalAction::WriteNote { tag: dialog.tag, text: text.to_owned(), objective }));
    }
    is_given
}

fn written_ui(ui: &mut Ui, notes: &[NoteRow]) {
    if notes.is_empty() {
        return;
    }
    gap_ui(ui, 1);
    ScrollArea::vertical()
        .id_salt("notes")
        .max_height(160.0)
        .show(ui, |ui| notes.iter().for_each(|note| row_ui(ui, note)));
}

/// A note with its time and tag.
pub fn row_ui(ui: &mut Ui, note: &NoteRow) {
    let tag = TAGS.into_iter().find(|(tag, _)| *tag == note.tag).map_or("", |(_, words)| words);
    let about = [Some(note.time.as_str()), Some(tag), note.seat.as_deref(), note.objective.as_deref()];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    ui.label(Type::Small.rich(about.join("  ·  "), theme::TEXT_MUTED));
    ui.add(egui::Label::new(Type::Body.rich(&note.text, theme::TEXT_SOFT)).wrap());
}
