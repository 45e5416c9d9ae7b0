//! Key presses as the panels read them: one rule for the key that a press stands for on any keyboard
//! layout.
//!
//! Presses with Ctrl, Alt or AltGr are ignored: they belong to the desktop and to typing.

use egui::{Context, Event, Key, Modifiers};

pub const DIGITS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Removes a press of `key` from the input; a held key counts once.
pub fn pressed(ctx: &Context, key: Key) -> bool {
    0 < take(ctx, key, RepeatCounts::No)
}

/// Removes presses of `key` from the input, repeats of a held key included.
pub fn steps(ctx: &Context, key: Key) -> i32 {
    take(ctx, key, RepeatCounts::Yes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RepeatCounts {
    Yes,
    No,
}

fn take(ctx: &Context, wanted: Key, repeats: RepeatCounts) -> i32 {
    let mut count = 0;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, physical_key, pressed: true, repeat, modifiers } = event else { return true };
            if shortcut_key(*key, *physical_key, *modifiers) != Some(wanted) {
                return true;
            }
            if !*repeat || repeats == RepeatCounts::Yes {
                count += 1;
            }
            false
        });
    });
    count
}

/// The key that a press stands for: digits by their place on the keyboard, all other keys by their meaning.
///
/// *Rationale*: the upper row of an AZERTY keyboard types `& é " ' ( - è` without Shift, and still is
/// the row of digits. With Shift the row types signs on most layouts (`/` on QWERTZ), which count by
/// their meaning. Where a layout's letter has no Latin meaning (Cyrillic), `key` already is the
/// physical key.
fn shortcut_key(key: Key, physical_key: Option<Key>, modifiers: Modifiers) -> Option<Key> {
    if modifiers.alt || modifiers.ctrl || modifiers.command || modifiers.mac_cmd {
        return None;
    }
    match physical_key {
        Some(place) if is_digit(place) && !modifiers.shift && !is_named(key) => Some(place),
        _ => Some(key),
    }
}

fn is_digit(key: Key) -> bool {
    key == Key::Num0 || DIGITS.contains(&key)
}

/// Is the key one that a digit of the keypad gives when Num Lock is off?
fn is_named(key: Key) -> bool {
    use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp, End, Home, Insert, PageDown, PageUp};
    [ArrowDown, ArrowLeft, ArrowRight, ArrowUp, End, Home, Insert, PageDown, PageUp].contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of a press as the window reports it: by its sign if it has one, otherwise by its place.
    fn press_on(sign: &str, place: Key, modifiers: Modifiers) -> Option<Key> {
        shortcut_key(Key::from_name(sign).unwrap_or(place), Some(place), modifiers)
    }

    #[test]
    fn digits_count_by_place_and_letters_by_meaning_on_every_layout() {
        use Key::*;
        const PLACES: [Key; 7] = [Num1, Num2, Num3, Num4, Num5, Num6, Num7];
        let plain = Modifiers::NONE;
        let rows = [
            ("QWERTY", ["1", "2", "3", "4", "5", "6", "7"]),
            ("QWERTZ", ["1", "2", "3", "4", "5", "6", "7"]),
            ("AZERTY", ["&", "é", "\"", "'", "(", "-", "è"]),
            ("Dvorak", ["1", "2", "3", "4", "5", "6", "7"]),
            ("Cyrillic", ["1", "2", "3", "4", "5", "6", "7"]),
            ("Programmer's Dvorak", ["[", "{", "}", "(", "=", "*", ")"]),
        ];
        for (layout, signs) in rows {
            for (sign, place) in signs.into_iter().zip(PLACES) {
                assert_eq!(press_on(sign, place, plain), Some(place), "`{sign}` on {layout}");
            }
        }
        // Layout, sign, place of the key on a QWERTY keyboard, shortcut.
        let letters = [
            ("QWERTY", "y", Y, Y),
            ("QWERTZ", "y", Z, Y),
            ("QWERTZ", "ü", OpenBracket, OpenBracket),
            ("AZERTY", "m", Semicolon, M),
            ("AZERTY", ",", M, Comma),
            ("AZERTY", ")", Minus, Minus),
            ("Dvorak", "s", Semicolon, S),
            ("Dvorak", "e", D, E),
            ("Cyrillic", "ы", S, S),
            ("Cyrillic", "ю", Period, Period),
            ("Cyrillic", "х", OpenBracket, OpenBracket),
        ];
        for (layout, sign, place, expected) in letters {
            assert_eq!(press_on(sign, place, plain), Some(expected), "`{sign}` on {layout}");
        }
        let shifted = [
            ("QWERTY", "?", Slash, Questionmark),
            ("QWERTY", "+", Equals, Plus),
            ("QWERTZ", "/", Num7, Slash),
            ("QWERTZ", "=", Num0, Equals),
            ("AZERTY", "6", Num6, Num6),
            ("AZERTY", ".", Comma, Period),
            ("Cyrillic", "?", Num7, Questionmark),
        ];
        for (layout, sign, place, expected) in shifted {
            assert_eq!(press_on(sign, place, Modifiers::SHIFT), Some(expected), "Shift and `{sign}` on {layout}");
        }
        for keypad in [ArrowUp, Home, PageDown] {
            assert_eq!(shortcut_key(keypad, Some(Num8), plain), Some(keypad), "a keypad without Num Lock");
        }
    }

    #[test]
    fn no_press_with_ctrl_alt_or_altgr_is_a_shortcut() {
        let alt_gr = Modifiers { alt: true, ctrl: true, command: true, ..Modifiers::NONE };
        for modifiers in [Modifiers::ALT, Modifiers::CTRL, Modifiers::COMMAND, Modifiers::MAC_CMD, alt_gr] {
            for (sign, place) in [("s", Key::S), ("€", Key::E), ("1", Key::Num1), ("{", Key::Num7)] {
                assert_eq!(press_on(sign, place, modifiers), None, "`{sign}` with {modifiers:?}");
                assert_eq!(press_on(sign, place, modifiers | Modifiers::SHIFT), None, "Shift, `{sign}`");
            }
        }
    }
}
