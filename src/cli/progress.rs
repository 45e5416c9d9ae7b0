//! A progress bar on stderr during a simulation. If stderr is not a terminal, there is none.

use std::io::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::assess::tables::Sampler;
use crate::session::run::{Keeps, Setup};
use crate::study::{Played, ticks_to_simulate};

/// A bar over a number of ticks.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar, which is hidden if it is not wanted or stderr is not a terminal.
    pub fn new(ticks: u64, is_wanted: bool) -> Self {
        let target = if is_wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg:<24} {wide_bar} {percent:>3} %")
            .expect("the template is right")
            .progress_chars("━╸ ");
        Self(ProgressBar::with_draw_target(Some(ticks), target).with_style(style))
    }

    /// Shows a few words before the bar.
    pub fn say(&self, message: &'static str) {
        self.0.set_message(message);
    }

    /// Moves the bar on. Can be called from any thread.
    pub fn add(&self, ticks: u32) {
        self.0.inc(u64::from(ticks));
    }

    /// Takes the bar off the screen while `print` prints.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Takes the bar off the screen.
    pub fn finish(self) {
        self.0.finish_and_clear();
    }
}

/// Plays a setup and scores its seat, with a bar.
pub fn simulate<W: Write>(setup: &Setup, keeps: Keeps, table: Option<&mut Sampler<W>>, is_bar_wanted: bool) -> Played {
    let bar = Bar::new(ticks_to_simulate(setup), is_bar_wanted);
    bar.say("Simulating");
    let mut played = Played::simulate(setup, keeps, table, &|ticks| bar.add(ticks));
    if setup.cast.only_seat().is_some() {
        bar.say("Simulating comparisons");
        played.judge(&|ticks| bar.add(ticks));
    }
    bar.finish();
    played
}
