//! The colours of the window and of the pictures that reports draw.
//!
//! Colours of states differ in lightness as well as in hue, and no meaning rests on a colour alone.

use std::fmt;

/// An opaque colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl fmt::Display for Rgb {
    /// The colour in the notation of SVG and CSS: `#0a111a`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

pub const GROUND: Rgb = Rgb(0x0a, 0x11, 0x1a);
pub const PANEL: Rgb = Rgb(0x0f, 0x19, 0x25);
pub const RAISED: Rgb = Rgb(0x1d, 0x2c, 0x3e);
pub const HAIRLINE: Rgb = Rgb(0x22, 0x31, 0x43);
pub const OUTLINE: Rgb = Rgb(0x33, 0x47, 0x5d);
pub const TEXT: Rgb = Rgb(0xe8, 0xee, 0xf5);
pub const TEXT_SOFT: Rgb = Rgb(0xb3, 0xc1, 0xd0);
pub const TEXT_MUTED: Rgb = Rgb(0x86, 0x98, 0xab);
pub const ACCENT: Rgb = Rgb(0x56, 0xb4, 0xe9);
/// The banner that says that nothing here is real.
pub const EXERCISE: Rgb = Rgb(0xf0, 0xe4, 0x42);
pub const EXERCISE_INK: Rgb = Rgb(0x22, 0x1f, 0x02);
pub const WORKING: Rgb = Rgb(0x16, 0xb0, 0x86);
pub const DEGRADED: Rgb = Rgb(0xf0, 0xb4, 0x2a);
pub const FAILED: Rgb = Rgb(0xd5, 0x5a, 0xa0);
pub const UNTOUCHED: Rgb = Rgb(0x5d, 0x72, 0x88);
/// Sea and land of the map.
pub const SEA: Rgb = Rgb(0x0c, 0x17, 0x24);
pub const LAND: Rgb = Rgb(0x22, 0x31, 0x41);
/// What holds a service back, in the order of `session::held_back::Cause::ALL`: readable on the dark ground and on paper.
pub const CAUSES: [Rgb; 13] = [
    Rgb(0xa9, 0xae, 0xea),
    Rgb(0x6b, 0x76, 0xc4),
    Rgb(0xe8, 0xa3, 0x1f),
    Rgb(0xc0, 0x7a, 0x3a),
    Rgb(0x94, 0x58, 0x3c),
    Rgb(0xd3, 0xc6, 0x4e),
    Rgb(0x56, 0xb4, 0xe9),
    Rgb(0xd5, 0x8a, 0xb8),
    Rgb(0x16, 0xb0, 0x86),
    Rgb(0x3f, 0x7f, 0xb5),
    Rgb(0xd5, 0x4a, 0x8a),
    Rgb(0x8a, 0x96, 0xa5),
    Rgb(0x5d, 0x72, 0x88),
];
pub const SEVERE: Rgb = Rgb(0xe8, 0x67, 0x1b);
