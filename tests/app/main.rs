//! Tests of what people see: an exercise on the desk, the panels by accessible label, the real window.

mod panels;
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "automation")]
mod window;
