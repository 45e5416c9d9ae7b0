//! L6, feature `gui`: the window: Bevy and bevy_egui around the panels.
//!
//! | module | what it is for |
//! |---|---|
//! | [`app`] | the door: [`Room`], [`WindowOptions`], [`run`] |
//! | [`launch`] | from the command line to a window on a desk |
//! | `stage` | the frame: actions → time → view → panels, chained in `Update` |
//! | `world`, `lines`, `night` | the map under the panels: land, coast, borders, daylight |
//! | [`atlas`] | coast lines as numbers |
//! | [`script`], `driver`, `labels`, `keys` | a small language that works the window through its input |
//! | `start` | what stops a window from opening, named |
//! | [`frames`] | how long frames take |
//!
//! May use `ui`; nothing else may use Bevy. Never touches simulation state except through [`Room`].

#![allow(clippy::type_complexity, clippy::too_many_arguments)]

pub mod app;
pub mod atlas;
mod driver;
pub mod frames;
mod keys;
mod labels;
pub mod launch;
mod lines;
mod night;
pub mod script;
mod stage;
mod start;
mod world;

pub use app::{Flow, GuiError, Room, WindowOptions, run};
pub use launch::{LaunchOptions, launch};
