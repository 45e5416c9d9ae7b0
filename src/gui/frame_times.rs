//! How long the main schedule takes, frame by frame.
//!
//! Measures from the start of `First` to the end of `Last`: everything this program does on its
//! main thread, without drawing and without waiting for the screen.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bevy::prelude::*;

use super::start::Startup;

/// Frames kept.
pub const FRAMES_KEPT: usize = 600;

/// Parts of a frame worth knowing apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Advance,
    View,
    Panels,
}

const PARTS: [(Part, &str); 3] = [(Part::Advance, "advance"), (Part::View, "view"), (Part::Panels, "panels")];

/// One frame: the whole and its parts, in [`PARTS`]' order.
#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    whole: Duration,
    parts: [Duration; 3],
}

/// The last [`FRAMES_KEPT`] frames. Cloning shares them.
#[derive(Resource, Clone, Default)]
pub struct FrameTimes(Arc<Mutex<Ring>>);

#[derive(Default)]
struct Ring {
    frames: VecDeque<Frame>,
    current: Frame,
    begun: Option<Instant>,
}

impl FrameTimes {
    fn with<T>(&self, body: impl FnOnce(&mut Ring) -> T) -> T {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds `took` to a part of the present frame.
    pub fn note(&self, part: Part, took: Duration) {
        self.with(|ring| ring.current.parts[part as usize] += took);
    }

    fn begin(&self) {
        self.with(|ring| {
            ring.current = Frame::default();
            ring.begun = Some(Instant::now());
        });
    }

    fn end(&self) {
        self.with(|ring| {
            let Some(begun) = ring.begun.take() else {
                return;
            };
            ring.current.whole = begun.elapsed();
            if ring.frames.len() == FRAMES_KEPT {
                ring.frames.pop_front();
            }
            let frame = ring.current;
            ring.frames.push_back(frame);
        });
    }

    /// Forgets the frames so far.
    pub fn clear(&self) {
        self.with(|ring| ring.frames.clear());
    }

    /// One `name value` per line, times in milliseconds.
    pub fn report(&self) -> String {
        self.with(|ring| {
            let mut text = format!("frames {}\n", ring.frames.len());
            push_row(&mut text, "", ring.frames.iter().map(|frame| frame.whole));
            for (part, name) in PARTS {
                let times = ring.frames.iter().map(|frame| frame.parts[part as usize]);
                push_row(&mut text, &format!("{name}_"), times);
            }
            text
        })
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

/// Nearest rank of sorted values.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[derive(Resource)]
struct Drawn(Arc<Startup>);

/// Adds the measuring systems, and tells [`Startup`] when something was drawn.
pub fn install(app: &mut App, times: FrameTimes, startup: Arc<Startup>) {
    // The first frames' systems run before anything reached the screen.
    const FRAMES_TO_DRAW: u32 = 3;
    app.insert_resource(times)
        .insert_resource(Drawn(startup))
        .add_systems(First, |times: Res<FrameTimes>| times.begin())
        .add_systems(Last, |times: Res<FrameTimes>, drawn: Res<Drawn>, mut count: Local<u32>| {
            times.end();
            *count = count.saturating_add(1);
            if *count == FRAMES_TO_DRAW {
                drawn.0.set_drawn();
            }
        });
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
        let times = FrameTimes::default();
        for _ in 0..FRAMES_KEPT + 5 {
            times.begin();
            times.note(Part::View, Duration::from_millis(2));
            times.end();
        }
        let report = times.report();
        assert!(report.starts_with("frames 600\n"), "{report}");
        assert!(report.contains("view_mean_ms 2.000"), "{report}");
    }
}
