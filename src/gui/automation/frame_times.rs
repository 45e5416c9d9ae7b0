//! Measures the time of the main schedule in each frame.
//!
//! A measurement lasts from the start of `First` to the end of `Last`: everything that this program does on its
//! main thread, without drawing and without waiting for the screen.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use bevy::prelude::*;

use crate::gui::shell::FrameSet;

/// Number of frames that are kept.
const FRAMES_KEPT: usize = 600;

/// Parts of a frame that are measured separately: actions, time and view; panels.
const PARTS: [&str; 2] = ["drive", "panels"];

/// Times of one frame: the whole, and its parts in the order of [`PARTS`].
#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    whole: Duration,
    parts: [Duration; 2],
}

/// The last [`FRAMES_KEPT`] frames.
#[derive(Resource, Default)]
pub struct FrameTimes {
    frames: VecDeque<Frame>,
    current: Frame,
    /// The start of the current frame, and of the running part.
    begun: Option<Instant>,
    lap_begun: Option<Instant>,
    /// The end of the last frame, and the longest time from the end of a frame to the end of the next.
    ended: Option<Instant>,
    pause_max: Duration,
}

impl FrameTimes {
    fn begin(&mut self) {
        let now = Instant::now();
        self.current = Frame::default();
        self.begun = Some(now);
        let pause = self.ended.map_or(Duration::ZERO, |ended| now - ended);
        self.pause_max = self.pause_max.max(pause);
    }

    /// Ends the running part, if there is one, and begins the next.
    fn lap(&mut self, ended: Option<usize>) {
        let now = Instant::now();
        if let (Some(part), Some(begun)) = (ended, self.lap_begun) {
            self.current.parts[part] = now - begun;
        }
        self.lap_begun = Some(now);
    }

    fn end(&mut self) {
        let Some(begun) = self.begun.take() else {
            return;
        };
        self.current.whole = begun.elapsed();
        self.ended = Some(Instant::now());
        if self.frames.len() == FRAMES_KEPT {
            self.frames.pop_front();
        }
        self.frames.push_back(self.current);
    }

    /// Forgets the frames so far.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.pause_max = Duration::ZERO;
    }

    /// One `name value` per line: the frames, the longest pause between two of them, times in milliseconds.
    pub fn report(&self) -> String {
        let mut text = format!("frames {}\npause_max_s {:.3}\n", self.frames.len(), self.pause_max.as_secs_f64());
        push_row(&mut text, "", self.frames.iter().map(|frame| frame.whole));
        for (part, name) in PARTS.into_iter().enumerate() {
            push_row(&mut text, &format!("{name}_"), self.frames.iter().map(|frame| frame.parts[part]));
        }
        text
    }
}

fn push_row(text: &mut String, prefix: &str, times: impl Iterator<Item = Duration>) {
    let mut ms: Vec<f64> = times.map(|time| time.as_secs_f64() * 1e3).collect();
    ms.sort_by(f64::total_cmp);
    let mean = ms.iter().sum::<f64>() / ms.len().max(1) as f64;
    let rows = [
        ("mean", mean),
        ("p95", percentile(&ms, 95)),
        ("p99", percentile(&ms, 99)),
        ("max", ms.last().copied().unwrap_or_default()),
    ];
    for (name, value) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{prefix}{name}_ms {value:.3}");
    }
}

/// A percentile of sorted values by nearest rank.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Adds the measuring systems.
pub fn install(app: &mut App) {
    let lap = |ended| move |mut times: ResMut<FrameTimes>| times.lap(ended);
    app.init_resource::<FrameTimes>()
        .add_systems(First, |mut times: ResMut<FrameTimes>| times.begin())
        .add_systems(
            Update,
            (
                lap(None).before(FrameSet::Drive),
                lap(Some(0)).after(FrameSet::Drive).before(FrameSet::Panels),
                lap(Some(1)).after(FrameSet::Panels).before(FrameSet::Align),
            ),
        )
        .add_systems(Last, |mut times: ResMut<FrameTimes>| times.end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&values, 95), 95.0);
        assert_eq!(percentile(&values[..1], 99), 1.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }

    #[test]
    fn old_frames_are_dropped() {
        let mut times = FrameTimes::default();
        for _ in 0..FRAMES_KEPT + 5 {
            times.begin();
            times.current.parts[1] = Duration::from_millis(2);
            times.end();
        }
        let report = times.report();
        assert!(report.starts_with("frames 600\n"), "{report}");
        assert!(report.contains("panels_mean_ms 2.000") && report.contains("drive_max_ms 0.000"), "{report}");
    }
}
