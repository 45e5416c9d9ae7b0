//! Converts key names of the automation language into the messages that winit would send.

use bevy::input::ButtonState;
use bevy::input::keyboard::{Key, KeyCode, KeyboardInput};
use bevy::prelude::Entity;

/// A key in Bevy's terms: its place and its meaning.
type KeyPair = (KeyCode, Key);

/// The messages for pressing and releasing a key such as `Space`, `Ctrl+S` or `Escape`, in order.
pub fn stroke(name: &str, window: Entity) -> Option<[Vec<KeyboardInput>; 2]> {
    let mut parts: Vec<&str> = name.split('+').collect();
    let key = key_by_name(parts.pop()?)?;
    let modifiers: Option<Vec<KeyPair>> = parts.into_iter().map(modifier_by_name).collect();
    let mut pressed: Vec<KeyPair> = modifiers?;
    pressed.push(key);
    let message = |(key_code, logical_key): &KeyPair, state| KeyboardInput {
        key_code: *key_code,
        logical_key: logical_key.clone(),
        state,
        text: None,
        repeat: false,
        window,
    };
    let press = pressed.iter().map(|key| message(key, ButtonState::Pressed));
    let release = pressed.iter().rev().map(|key| message(key, ButtonState::Released));
    Some([press.collect(), release.collect()])
}

fn modifier_by_name(name: &str) -> Option<KeyPair> {
    Some(match name {
        "Ctrl" => (KeyCode::ControlLeft, Key::Control),
        "Shift" => (KeyCode::ShiftLeft, Key::Shift),
        "Alt" => (KeyCode::AltLeft, Key::Alt),
        _ => return None,
    })
}

fn key_by_name(name: &str) -> Option<KeyPair> {
    let mut characters = name.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        let lower = character.to_ascii_lowercase();
        let key = Key::Character(lower.to_string().as_str().into());
        return Some((code_by_character(lower).unwrap_or(KeyCode::F35), key));
    }
    Some(match name {
        "Space" => (KeyCode::Space, Key::Space),
        "Enter" => (KeyCode::Enter, Key::Enter),
        "Escape" => (KeyCode::Escape, Key::Escape),
        "Tab" => (KeyCode::Tab, Key::Tab),
        "Backspace" => (KeyCode::Backspace, Key::Backspace),
        "Delete" => (KeyCode::Delete, Key::Delete),
        "Home" => (KeyCode::Home, Key::Home),
        "End" => (KeyCode::End, Key::End),
        "PageUp" => (KeyCode::PageUp, Key::PageUp),
        "PageDown" => (KeyCode::PageDown, Key::PageDown),
        "Up" => (KeyCode::ArrowUp, Key::ArrowUp),
        "Down" => (KeyCode::ArrowDown, Key::ArrowDown),
        "Left" => (KeyCode::ArrowLeft, Key::ArrowLeft),
        "Right" => (KeyCode::ArrowRight, Key::ArrowRight),
        "F1" => (KeyCode::F1, Key::F1),
        "F11" => (KeyCode::F11, Key::F11),
        _ => return None,
    })
}

fn code_by_character(character: char) -> Option<KeyCode> {
    const LETTERS: [KeyCode; 26] = [
        KeyCode::KeyA,
        KeyCode::KeyB,
        KeyCode::KeyC,
        KeyCode::KeyD,
        KeyCode::KeyE,
        KeyCode::KeyF,
        KeyCode::KeyG,
        KeyCode::KeyH,
        KeyCode::KeyI,
        KeyCode::KeyJ,
        KeyCode::KeyK,
        KeyCode::KeyL,
        KeyCode::KeyM,
        KeyCode::KeyN,
        KeyCode::KeyO,
        KeyCode::KeyP,
        KeyCode::KeyQ,
        KeyCode::KeyR,
        KeyCode::KeyS,
        KeyCode::KeyT,
        KeyCode::KeyU,
        KeyCode::KeyV,
        KeyCode::KeyW,
        KeyCode::KeyX,
        KeyCode::KeyY,
        KeyCode::KeyZ,
    ];
    const DIGITS: [KeyCode; 10] = [
        KeyCode::Digit0,
        KeyCode::Digit1,
        KeyCode::Digit2,
        KeyCode::Digit3,
        KeyCode::Digit4,
        KeyCode::Digit5,
        KeyCode::Digit6,
        KeyCode::Digit7,
        KeyCode::Digit8,
        KeyCode::Digit9,
    ];
    match character {
        'a'..='z' => LETTERS.get(usize::from(character as u8 - b'a')).copied(),
        'A'..='Z' => code_by_character(character.to_ascii_lowercase()),
        '0'..='9' => DIGITS.get(usize::from(character as u8 - b'0')).copied(),
        ' ' => Some(KeyCode::Space),
        '.' => Some(KeyCode::Period),
        ',' => Some(KeyCode::Comma),
        '-' => Some(KeyCode::Minus),
        '+' | '=' => Some(KeyCode::Equal),
        '/' | '?' => Some(KeyCode::Slash),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_press_modifiers_first_and_let_go_last() {
        let [press, release] = stroke("Ctrl+S", Entity::PLACEHOLDER).expect("known key");
        let codes =
            |messages: &[KeyboardInput]| -> Vec<KeyCode> { messages.iter().map(|message| message.key_code).collect() };
        assert_eq!(codes(&press), [KeyCode::ControlLeft, KeyCode::KeyS]);
        assert_eq!(codes(&release), [KeyCode::KeyS, KeyCode::ControlLeft]);
        assert!(stroke("Hyper+S", Entity::PLACEHOLDER).is_none());
        assert!(stroke("Nothing", Entity::PLACEHOLDER).is_none());
    }
}
