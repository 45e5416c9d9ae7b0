//! Plays the real program in a real window: under Xvfb, with Mesa's software driver, operated by xdotool.
//!
//! The feature `automation` gives the program a language of commands: it waits for labels, writes down where they are
//! and takes pictures. Clicks and keys come from the X server. `scripts/test` installs what is needed.

mod desktop;
mod endings;
mod missing;
mod picture;
mod play;
mod program;
mod rest;
mod settings;
mod wall;

/// The path of the tiny scenario, which loads and simulates quickly.
fn tiny() -> String {
    format!("{}/{}", env!("CARGO_MANIFEST_DIR"), crate::support::TINY)
}
