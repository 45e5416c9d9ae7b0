//! A bar on stderr while something is simulated; nothing where stderr is no terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over so many ticks.
pub struct Bar(ProgressBar);

impl Bar {
    /// Hidden where it is not wanted or nobody would see it.
    pub fn new(ticks: u64, is_wanted: bool) -> Self {
        let target = if is_wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg:<24} {wide_bar} {percent:>3} %")
            .expect("the template is right")
            .progress_chars("━╸ ");
        Self(ProgressBar::with_draw_target(Some(ticks), target).with_style(style))
    }

    /// Says what is going on.
    pub fn say(&self, message: &'static str) {
        self.0.set_message(message);
    }

    /// Moves on; from any thread.
    pub fn add(&self, ticks: u32) {
        self.0.inc(u64::from(ticks));
    }

    /// Steps aside while something else is printed.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Takes the bar off the screen.
    pub fn finish(self) {
        self.0.finish_and_clear();
    }
}
