//! L5: an exercise as a thing of its own, at which a window, a browser, a facilitator or a program can sit:
//! screens and views as plain data, actions, and the run behind them.
//!
//! Must not know egui, Bevy or any network library: whoever draws a view or sends an action does that.

pub mod action;
pub mod desk;
mod prepare;
pub mod view;
mod views;
