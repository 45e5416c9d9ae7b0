//! L5: results as text and pictures: tables for people, CSV and JSON for programs, SVG, documents.
//!
//! Every function here is pure: equal results make equal bytes. Must not simulate, print or write files.

pub mod after_action;
mod axis;
pub mod calibrate;
mod charts;
pub mod class;
pub mod decisions;
pub mod document;
pub mod evidence;
pub mod export;
pub mod handout;
pub mod hindcast;
#[cfg(feature = "reports")]
pub mod import;
pub mod known;
mod names;
pub mod novices;
pub mod par;
pub mod sensitivity;
pub mod sources;
pub mod story;
pub mod summary;
mod svg;
pub mod tables;
pub mod time;
pub mod worth;
