//! L7, feature `gui`: the window, which puts Bevy and bevy_egui around the panels.
//!
//! | module | purpose |
//! |---|---|
//! | [`app`] | the entry point: [`WindowOptions`], [`run`] |
//! | [`launch`] | opens a window on a desk from the options of the command line, or on the wall of an exercise |
//! | `shell` | the frame: actions → time → view → panels, chained in `Update` |
//! | `map`, `lines`, `night` | the map under the panels: land, coast, borders, daylight |
//! | `automation` | feature `automation`: a file of commands operates the window through its input, for tests |
//! | `display`, `start` | reasons why a window cannot open |
//! | [`ending`] | endings of an open window, each with its message and exit status |
//! | `settings` | text size, full screen and window size, kept from one start to the next |
//! | `keyboard` | key presses with the modifiers that were held at that moment |
//!
//! Uses `exercise` and `ui`; nothing else may use Bevy. Touches no simulation state except through a desk.

pub mod app;
#[cfg(feature = "automation")]
mod automation;
mod display;
pub mod ending;
pub mod error;
mod keyboard;
pub mod launch;
mod lines;
mod map;
mod night;
pub mod settings;
mod shell;
mod start;

pub use app::{WindowOptions, run};
pub use error::GuiError;
pub use launch::{LaunchOptions, launch, show};
