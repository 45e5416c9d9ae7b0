//! Charts of reports, drawn once as SVG for every format. They are printed on white, and no meaning rests on a colour
//! alone: lines differ in width and dashes, marks in shape.
//!
//! Must not know runs or scenarios.

mod bars;
mod curves;
mod dots;
mod lanes;
mod reliability;
mod strips;

pub use bars::{Bar, Mark, bars};
pub use curves::{Line, curves};
pub use dots::dots;
pub use lanes::{Dot, Lane, Shape, lanes};
pub use reliability::{Point, reliability};
pub use strips::{Strip, strips};

use std::fmt::{Arguments, Write};

use super::svg::{shortened, text_width};
use crate::base::characters::markup;

/// Width of every chart, in pixels.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 944.0;
const MINUTES_A_DAY: f64 = 1440.0;
/// Size of words, in pixels.
const WORDS: f64 = 13.0;

pub const INK: &str = "#1d2733";
pub const OWN: &str = "#7a1f12";
pub const ON_THE_DAY: &str = "#1d5f8a";
pub const BEST: &str = "#2f7d4f";
pub const NOBODY: &str = "#6b7580";
const GRID: &str = "#d8dde3";
const FAINT: &str = "#eceff2";

/// A time axis from left to right.
pub struct Span<'a> {
    pub minutes: f64,
    /// Midnights with their words, from `days`.
    pub days: &'a [(f64, String)],
}

impl Span<'_> {
    fn x(&self, minute: f64, left: f64) -> f64 {
        left + (RIGHT - left) * (minute / self.minutes.max(1.0)).clamp(0.0, 1.0)
    }

    /// A line and words at each midnight.
    fn draw(&self, drawing: &mut Drawing, left: f64, (top, bottom): (f64, f64)) {
        let mut free = left;
        for (minute, words) in self.days {
            let at = self.x(*minute, left);
            drawing.put(format_args!("<path d='M{at:.1} {top:.1}V{bottom:.1}' stroke='{FAINT}'/>"));
            let end = at + 3.0 + text_width(words, WORDS);
            // Words that would touch their neighbours or the edge are left out.
            if free <= at && end <= WIDTH {
                drawing.text((at + 3.0, bottom + 16.0), Anchor::Start, words);
                free = end + 4.0;
            }
        }
    }
}

/// The midnights from the minute `first` on, in steps of whole days, with at most twelve words.
pub fn days(first: f64, minutes: f64, words: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    let step = MINUTES_A_DAY * (minutes / MINUTES_A_DAY / 12.0).ceil().max(1.0);
    let midnights = (0..).map(|day| first + f64::from(day) * step);
    midnights.take_while(|at| *at < minutes).map(|at| (at, words(at))).collect()
}

/// The side of a place at which a text stands.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// A chart while it is drawn.
#[derive(Default)]
struct Drawing {
    body: String,
}

impl Drawing {
    fn put(&mut self, element: Arguments<'_>) {
        self.body.write_fmt(element).expect("a string takes all");
        self.body.push('\n');
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor='middle'",
            Anchor::End => " text-anchor='end'",
        };
        self.put(format_args!("<text x='{x:.1}' y='{y:.1}'{anchor}>{}</text>", markup(words)));
    }

    /// Words at the left of a row, cut to end before `right`.
    fn label(&mut self, right: f64, y: f64, words: &str) {
        let words = shortened(words, WORDS, right - 8.0);
        self.text((right - 10.0, y), Anchor::End, &words);
    }

    /// Names with strokes or shapes before them, in a line at `y`.
    fn legend(&mut self, y: f64, from: f64, entries: &[(String, &str)]) {
        let mut x = from;
        for (sign, name) in entries {
            self.put(format_args!("<g transform='translate({x:.1} {:.1})'>{sign}</g>", y - 4.0));
            self.text((x + 36.0, y), Anchor::Start, name);
            x += 36.0 + text_width(name, WORDS) + 24.0;
        }
    }

    fn finish(self, height: f64) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH:.0} {height:.0}' font-family='sans-serif' \
             font-size='{WORDS:.0}' fill='#39434e'>\n{}</svg>",
            self.body
        )
    }
}

/// Space for labels at the left of rows: as wide as the longest, up to two fifths of the chart.
fn label_edge<'a>(labels: impl IntoIterator<Item = &'a str>) -> f64 {
    let widest = labels.into_iter().map(|label| text_width(label, WORDS)).fold(0.0, f64::max);
    (widest + 18.0).clamp(120.0, WIDTH * 0.4)
}
