//! The clock of an exercise: the tick to simulate to in this frame, and the moments at which it stops by itself.
//!
//! Wall time moves the clock and never enters a world. Must not simulate.

use std::time::Duration;

use crate::base::Tick;
use crate::session::Pace;

/// The mode of the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The clock follows the pace; time stands still while the pace is paused.
    #[default]
    Paced,
    /// The clock runs without stops to a minute: the one at which the exercise begins, or one that a facilitator chose.
    Opening,
    /// The clock runs to the next moment that concerns a seat in play.
    Jumping,
    /// The clock runs to the horizon without stops: the exercise was ended.
    Ending,
}

/// Pace, goal and mode.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    pub pace: Pace,
    /// The tick to simulate to; the world may be behind it.
    goal: Tick,
    mode: Mode,
}

impl Clock {
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Was the exercise ended, so that the run plays to its horizon?
    pub fn is_ending(&self) -> bool {
        self.mode == Mode::Ending
    }

    /// Is there something to simulate even if no wall time passes?
    pub fn is_catching_up(&self, now: Tick) -> bool {
        now < self.goal
    }

    /// Runs for one minute and then pauses.
    pub fn step(&mut self, now: Tick) {
        if matches!(self.mode, Mode::Paced | Mode::Jumping) {
            self.pace.set_paused(true);
            self.mode = Mode::Paced;
            self.goal = now.plus(1);
        }
    }

    /// Runs to the next moment that concerns a seat in play, but not beyond a tick.
    pub fn jump(&mut self, until: Tick) {
        if matches!(self.mode, Mode::Paced | Mode::Jumping) {
            self.mode = Mode::Jumping;
            self.goal = until;
        }
    }

    /// Runs to a minute without stops, and then pauses.
    pub fn open(&mut self, at: Tick) {
        self.mode = Mode::Opening;
        self.goal = at;
    }

    /// Runs to the horizon. This cannot be undone.
    pub fn end(&mut self, horizon: Tick) {
        self.mode = Mode::Ending;
        self.goal = horizon;
    }

    /// Adds wall time and returns the tick to simulate to.
    pub fn goal_after(&mut self, wall: Duration, now: Tick, horizon: Tick) -> Tick {
        let due = self.pace.due_ticks(wall);
        self.goal = self.goal.max(now);
        if self.mode == Mode::Paced && 0 < due {
            // A machine that is too slow for the speed loses time; the missed minutes are not caught up later.
            self.goal = Tick(self.goal.0.min(now.0 + due)).plus(due).min(now.plus(2 * due));
        }
        self.goal.min(horizon)
    }

    /// Tells the clock the tick that the world has reached; `has_stop` says whether it should stop there. True if it
    /// stopped or slowed.
    pub fn arrive(&mut self, now: Tick, has_stop: bool) -> bool {
        match self.mode {
            Mode::Opening | Mode::Jumping if has_stop || self.goal <= now => {
                self.mode = Mode::Paced;
                self.pace.set_paused(true);
                self.goal = now;
                true
            }
            Mode::Paced if has_stop => {
                self.pace.slow();
                self.goal = now;
                true
            }
            Mode::Ending | Mode::Opening | Mode::Jumping | Mode::Paced => false,
        }
    }
}
