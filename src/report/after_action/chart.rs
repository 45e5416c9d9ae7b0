//! The chart of an after-action report: the level of the seat's services over time, beside the comparison runs, with
//! decisions as marks. It is printed on white.

use crate::base::characters::markup;
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 330.0;
/// The plot: left, top, right and bottom.
const PLOT: [f64; 4] = [52.0, 16.0, 944.0, 258.0];
const MINUTES_A_DAY: f64 = 1440.0;

/// A line of the chart.
pub struct Line {
    pub name: &'static str,
    /// Stroke colour, width and dashes, which also tell the lines apart in grey.
    pub stroke: &'static str,
    /// Minutes since the start, and a share from 0 to 1.
    pub points: Vec<[f64; 2]>,
}

/// Draws lines over `minutes` minutes. `marks` are the minutes of decisions, `days` the words of each midnight.
pub fn draw(lines: &[Line], marks: &[f64], minutes: f64, days: &[(f64, String)]) -> String {
    let [left, top, right, bottom] = PLOT;
    let x = |minute: f64| left + (right - left) * minute / minutes.max(1.0);
    let y = |share: f64| bottom - (bottom - top) * share;
    let mut body = String::new();
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let at = y(share);
        put(&mut body, format_args!("<path d='M{left:.1} {at:.1}H{right:.1}' stroke='#d8dde3'/>"));
        let percent = share * 100.0;
        put(
            &mut body,
            format_args!("<text x='{:.1}' y='{:.1}' text-anchor='end'>{percent:.0} %</text>", left - 8.0, at + 4.0),
        );
    }
    for (minute, words) in days {
        let at = x(*minute);
        put(&mut body, format_args!("<path d='M{at:.1} {top:.1}V{bottom:.1}' stroke='#eceff2'/>"));
        put(&mut body, format_args!("<text x='{:.1}' y='{:.1}'>{}</text>", at + 3.0, bottom + 16.0, markup(words)));
    }
    for line in lines.iter().rev() {
        let mut path = String::new();
        for (index, [minute, share]) in line.points.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            write!(path, "{step}{:.1} {:.1}", x(*minute), y(*share)).expect("a string takes all");
        }
        put(&mut body, format_args!("<path d='{path}' fill='none' {}/>", line.stroke));
    }
    for minute in marks {
        let at = x(*minute);
        let (high, low) = (bottom - 1.0, bottom + 5.0);
        put(
            &mut body,
            format_args!("<path d='M{at:.1} {high:.1}l-4 {0:.1}h8z' fill='#1d2733' stroke='none'/>", low - high + 2.0),
        );
    }
    let mut from = left;
    for line in lines {
        let at = HEIGHT - 26.0;
        put(&mut body, format_args!("<path d='M{from:.1} {at:.1}h28' fill='none' {}/>", line.stroke));
        put(&mut body, format_args!("<text x='{:.1}' y='{:.1}'>{}</text>", from + 36.0, at + 4.0, markup(line.name)));
        from += 200.0;
    }
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH:.0} {HEIGHT:.0}' font-family='sans-serif' \
         font-size='13' fill='#39434e'>\n{body}</svg>"
    )
}

/// The midnights from the minute `first` on, in steps of whole days, with at most twelve words.
pub fn days(first: f64, minutes: f64, words: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    let step = MINUTES_A_DAY * (minutes / MINUTES_A_DAY / 12.0).ceil().max(1.0);
    let midnights = (0..).map(|day| first + f64::from(day) * step);
    midnights.take_while(|at| *at < minutes).map(|at| (at, words(at))).collect()
}

fn put(body: &mut String, element: std::fmt::Arguments<'_>) {
    body.write_fmt(element).expect("a string takes all");
    body.push('\n');
}
