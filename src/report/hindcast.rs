//! A hindcast as a picture: panels over time for observables that several targets share, and a plot of every target
//! in units of its tolerance.
//!
//! The picture is an SVG, 1280 pixels wide, made of rectangles, lines and text: no chart library has the second
//! kind of plot. Equal hindcasts make equal bytes. Hits and misses differ in shape, not only in colour.

mod forest;
mod marks;
mod panels;
pub mod tables;

use super::svg::{Canvas, EDGE, TEXT, TEXT_MUTED, TEXT_SOFT, WIDTH};
use crate::scenario::compile::Scenario;
use crate::scenario::open::Citations;
use crate::study::hindcast::Hindcast;

pub use panels::Panels;

/// The runs behind a hindcast, for the heads of tables.
pub struct Frame<'a> {
    pub scenario: &'a Scenario,
    pub playbook: String,
    pub seeds: u64,
    /// Number of draws of figures; none if only luck differs between the runs.
    pub draws: Option<u64>,
}

/// Values of the panels' measures: in runs with the written figures, and in runs with drawn figures if there are any.
#[derive(Clone, Copy)]
pub struct PanelValues<'a> {
    pub luck: &'a [Vec<f64>],
    pub drawn: Option<&'a [Vec<f64>]>,
}

/// The text above the picture.
#[derive(Clone, Debug)]
pub struct Head {
    pub title: String,
    /// A line under the title.
    pub under: String,
}

/// Draws a hindcast with the values of the panels' measures.
///
/// # Panics
/// If the number of values differs from the number of the panels' measures.
pub fn svg(scenario: &Scenario, found: &Hindcast, panels: &Panels, values: PanelValues, head: &Head) -> String {
    let mut canvas = Canvas::default();
    canvas.text(EDGE, 50.0, &head.title, "font-size='26' font-weight='600'", TEXT);
    canvas.text(EDGE, 76.0, &head.under, "font-size='14'", TEXT_SOFT);
    let sum = format!("{} of {} targets hit", found.hits(), found.judged().count());
    canvas.text(WIDTH - EDGE, 50.0, &sum, "font-size='20' font-weight='600' text-anchor='end'", TEXT);
    let has_draws = found.rows.iter().any(|row| row.drawn.is_some());
    let mut top = 116.0;
    if !panels.is_empty() {
        heading(&mut canvas, top, "Over time");
        marks::legend_of_panels(&mut canvas, top, has_draws);
        top = panels.draw(&mut canvas, top + 20.0, scenario, found, values) + 44.0;
    }
    heading(&mut canvas, top, "Every target");
    marks::legend_of_forest(&mut canvas, top, has_draws);
    let citations = Citations::new(&scenario.docs);
    let bottom = forest::draw(&mut canvas, top + 20.0, found, &citations);
    let is_any_marked = found.rows.iter().any(|row| !citations.is_open(&row.target));
    let mark = if is_any_marked { " * a figure cites its facts, or a fit used it." } else { "" };
    let foot = format!(
        "A target is hit if the median over the seeds lies within its tolerance, drawn here from −1 to 1.{mark}"
    );
    canvas.text(EDGE, bottom + 30.0, &foot, "font-size='12'", TEXT_MUTED);
    canvas.finish(bottom + 52.0)
}

fn heading(canvas: &mut Canvas, top: f64, text: &str) {
    canvas.text(EDGE, top, text, "font-size='18' font-weight='600'", TEXT);
}
