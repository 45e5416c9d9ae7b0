//! Passes key presses from the window to egui, each with the modifiers that were held at that moment.
//!
//! This module replaces bevy_egui's own conversion, which does not know AltGr and gives all presses of a frame the
//! modifiers that are held at its end: in a slow frame Ctrl+S would arrive as S. Here AltGr counts as Alt.
//! `ui::shortcuts` decides which shortcut a press stands for.

use bevy::input::ButtonState;
use bevy::input::keyboard::{Key, KeyboardFocusLost, KeyboardInput};
use bevy::prelude::*;
use bevy_egui::helpers::{bevy_to_egui_key, bevy_to_egui_physical_key};
use bevy_egui::input::EguiInputEvent;
use bevy_egui::{EguiGlobalSettings, EguiInputSet, PrimaryEguiContext, egui};

/// Adds the conversion of key presses and switches bevy_egui's own off.
pub fn install(app: &mut App) {
    app.add_systems(Startup, |mut settings: ResMut<EguiGlobalSettings>| {
        settings.input_system_settings.run_write_keyboard_input_messages_system = false;
    })
    .add_systems(PreUpdate, translate.in_set(EguiInputSet::ReadBevyMessages));
}

/// Modifiers that are held down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    shift: bool,
    ctrl: bool,
    alt: bool,
    alt_gr: bool,
    /// The Windows key, Command on a Mac.
    system: bool,
}

impl Held {
    fn update(&mut self, key: &Key, is_down: bool) {
        match key {
            Key::Shift => self.shift = is_down,
            Key::Control => self.ctrl = is_down,
            Key::Alt => self.alt = is_down,
            Key::AltGraph => self.alt_gr = is_down,
            Key::Super | Key::Meta => self.system = is_down,
            _ => {}
        }
    }

    fn modifiers(self) -> egui::Modifiers {
        let is_mac = cfg!(target_os = "macos");
        egui::Modifiers {
            alt: self.alt || self.alt_gr,
            ctrl: self.ctrl,
            shift: self.shift,
            mac_cmd: is_mac && self.system,
            command: if is_mac { self.system } else { self.ctrl },
        }
    }

    /// Does a press write its character into a text field? Windows sends AltGr as Ctrl and Alt.
    fn writes(self) -> bool {
        let is_alt_gr = self.alt_gr || self.ctrl && self.alt && !cfg!(target_os = "macos");
        !self.system && (!self.ctrl || is_alt_gr)
    }
}

fn translate(
    mut keys: MessageReader<KeyboardInput>,
    mut losses: MessageReader<KeyboardFocusLost>,
    contexts: Query<Entity, With<PrimaryEguiContext>>,
    mut events: MessageWriter<EguiInputEvent>,
    mut held: Local<Held>,
) {
    let Ok(context) = contexts.single() else {
        return;
    };
    for message in keys.read() {
        for event in events_of(&mut held, message) {
            events.write(EguiInputEvent { context, event });
        }
    }
    // If the window loses the keyboard, another window gets the release of a held modifier.
    if losses.read().count() != 0 {
        *held = Held::default();
    }
}

/// The egui events of a press or release: the text that it writes, then the key.
fn events_of(held: &mut Held, message: &KeyboardInput) -> Vec<egui::Event> {
    let is_down = message.state == ButtonState::Pressed;
    held.update(&message.logical_key, is_down);
    let mut events = Vec::new();
    if is_down && held.writes() {
        match &message.logical_key {
            Key::Character(text) if !text.contains(char::is_control) => {
                events.push(egui::Event::Text(text.to_string()));
            }
            Key::Space => events.push(egui::Event::Text(" ".to_owned())),
            _ => {}
        }
    }
    let physical_key = bevy_to_egui_physical_key(&message.key_code);
    // A letter without a name in egui, for instance a Cyrillic one, is identified by its place on the keyboard.
    if let Some(key) = bevy_to_egui_key(&message.logical_key).or(physical_key) {
        let modifiers = held.modifiers();
        // egui detects repeats by itself.
        events.push(egui::Event::Key { key, physical_key, pressed: is_down, repeat: false, modifiers });
    }
    events
}

#[cfg(test)]
mod tests {
    use bevy::input::keyboard::KeyCode;

    use super::*;

    fn key(key_code: KeyCode, logical_key: Key, state: ButtonState) -> KeyboardInput {
        KeyboardInput { key_code, logical_key, state, text: None, repeat: false, window: Entity::PLACEHOLDER }
    }

    fn sign(text: &str) -> Key {
        Key::Character(text.into())
    }

    /// Keys and texts of a sequence of presses that all came in one frame.
    fn translated(messages: &[KeyboardInput]) -> (Vec<(egui::Key, egui::Modifiers)>, String) {
        let mut held = Held::default();
        let (mut keys, mut written) = (Vec::new(), String::new());
        for message in messages {
            for event in events_of(&mut held, message) {
                match event {
                    egui::Event::Key { key, pressed: true, modifiers, .. } => keys.push((key, modifiers)),
                    egui::Event::Text(text) => written.push_str(&text),
                    _ => {}
                }
            }
        }
        assert_eq!(held, Held::default(), "every modifier was let go");
        (keys, written)
    }

    use ButtonState::{Pressed, Released};

    #[test]
    fn ctrl_and_s_within_one_frame_are_not_a_plain_s() {
        let (keys, written) = translated(&[
            key(KeyCode::ControlLeft, Key::Control, Pressed),
            key(KeyCode::KeyS, sign("s"), Pressed),
            key(KeyCode::KeyS, sign("s"), Released),
            key(KeyCode::ControlLeft, Key::Control, Released),
        ]);
        assert_eq!(keys.len(), 1);
        assert!(keys[0].0 == egui::Key::S && keys[0].1.ctrl && keys[0].1.command != cfg!(target_os = "macos"));
        assert_eq!(written, "");
    }

    #[test]
    fn altgr_writes_its_sign_and_counts_as_alt() {
        let (keys, written) = translated(&[
            key(KeyCode::AltRight, Key::AltGraph, Pressed),
            key(KeyCode::KeyE, sign("€"), Pressed),
            key(KeyCode::KeyE, sign("€"), Released),
            key(KeyCode::AltRight, Key::AltGraph, Released),
        ]);
        assert_eq!(keys.len(), 1);
        assert!(keys[0].0 == egui::Key::E && keys[0].1.alt);
        assert_eq!(written, "€");
    }

    #[test]
    fn letters_count_by_meaning_and_by_place_where_they_have_no_latin_one() {
        let check = |code, text: &str, expected| {
            let (keys, written) = translated(&[key(code, sign(text), Pressed), key(code, sign(text), Released)]);
            assert_eq!(keys, [(expected, egui::Modifiers::NONE)], "`{text}`");
            assert_eq!(written, text);
        };
        check(KeyCode::KeyZ, "y", egui::Key::Y);
        check(KeyCode::KeyS, "ы", egui::Key::S);
        check(KeyCode::Digit4, "'", egui::Key::Quote);
        check(KeyCode::Digit2, "é", egui::Key::Num2);
    }
}
