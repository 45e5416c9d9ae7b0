//! The exercise clock: turns wall time into ticks to simulate. Wall time never enters a world.

use std::time::Duration;

/// Speeds that a player can choose, in scenario seconds per second of wall time.
pub const SPEEDS: [u32; 7] = [1, 10, 60, 300, 900, 1800, 3600];
/// The speed of the clock after an urgent message.
const SLOWED: u32 = 60;

/// Speed, pause, and the scenario time that has passed but is not simulated yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    speed: u32,
    is_paused: bool,
    /// The speed before an urgent message slowed the clock.
    slowed_from: Option<u32>,
    owed: Duration,
    played: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { speed: 60, is_paused: true, slowed_from: None, owed: Duration::ZERO, played: Duration::ZERO }
    }
}

impl Pace {
    /// Takes the wall time since the last call and returns the number of ticks to simulate now: none while the
    /// clock is stopped. Ticks that a slow machine could not simulate in time are dropped and not made up later.
    pub fn due_ticks(&mut self, wall: Duration) -> u32 {
        self.played += wall;
        if self.is_paused {
            return 0;
        }
        // After a frame of more than a second (a dragged window) the scenario must not jump ahead by hours.
        self.owed += wall.min(Duration::from_secs(1)) * self.speed;
        let ticks = (self.owed.as_secs() / 60) as u32;
        self.owed -= Duration::from_secs(u64::from(ticks) * 60);
        ticks
    }

    /// Speed in scenario seconds per second of wall time.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Is the clock stopped?
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Was the clock slowed by an urgent message?
    pub fn is_slowed(&self) -> bool {
        self.slowed_from.is_some()
    }

    /// Wall time spent in the exercise.
    pub fn played(&self) -> Duration {
        self.played
    }

    /// Sets a speed and starts the clock.
    pub fn set_speed(&mut self, speed: u32) {
        self.speed = speed.clamp(SPEEDS[0], SPEEDS[SPEEDS.len() - 1]);
        self.slowed_from = None;
        self.is_paused = false;
    }

    /// Stops or starts the clock.
    pub fn set_paused(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
        self.owed = Duration::ZERO;
    }

    /// Slows the clock for an urgent message, until the trainee chooses a speed.
    pub fn slow(&mut self) {
        if SLOWED < self.speed {
            self.slowed_from.get_or_insert(self.speed);
            self.speed = SLOWED;
            self.owed = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stopped_clock_makes_no_ticks_due() {
        let mut pace = Pace::default();
        assert_eq!(pace.due_ticks(Duration::from_secs(900)), 0);
        pace.set_speed(60);
        assert_eq!(pace.due_ticks(Duration::from_millis(500)), 0, "half a minute is owed, not due");
        assert_eq!(pace.due_ticks(Duration::from_millis(500)), 1);
    }

    #[test]
    fn an_urgent_message_slows_the_clock_until_a_speed_is_chosen() {
        let mut pace = Pace::default();
        pace.set_speed(3600);
        pace.slow();
        assert!(pace.is_slowed());
        assert_eq!(pace.speed(), 60);
        pace.set_speed(300);
        assert!(!pace.is_slowed());
    }

    proptest! {
        /// The number of due ticks does not depend on the division of wall time into frames, apart from one tick.
        #[test]
        fn frames_do_not_change_time(frames in prop::collection::vec(1_u64..900, 1..200), speed in 0_usize..7) {
            let mut pace = Pace::default();
            pace.set_speed(SPEEDS[speed]);
            let ticks: u32 = frames.iter().map(|&ms| pace.due_ticks(Duration::from_millis(ms))).sum();
            let total_ms: u64 = frames.iter().sum();
            prop_assert_eq!(u64::from(ticks), total_ms * u64::from(SPEEDS[speed]) / 60_000);
        }
    }
}
