//! The clock of an exercise: how far to simulate in this frame, and when to stop by itself.
//!
//! Wall time moves the clock and never enters a world. Must not simulate.

use std::time::Duration;

use crate::base::Tick;
use crate::session::Pace;

/// What the clock is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Follows the pace; time stands still while that is paused.
    #[default]
    Paced,
    /// On the way to the minute at which the exercise is to begin, without stops.
    Opening,
    /// On the way to the next moment that concerns somebody.
    Jumping,
    /// On the way to the horizon, without stops: the exercise was ended.
    Ending,
}

/// Pace, goal and mode.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    pub pace: Pace,
    /// The tick to simulate towards: ahead of the world while it catches up.
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

    /// Is there something to simulate, whether or not wall time passes?
    pub fn is_catching_up(&self, now: Tick) -> bool {
        now < self.goal
    }

    /// One minute ahead, then stands still.
    pub fn step(&mut self, now: Tick) {
        if matches!(self.mode, Mode::Paced | Mode::Jumping) {
            self.pace.set_paused(true);
            self.mode = Mode::Paced;
            self.goal = now.plus(1);
        }
    }

    /// Goes on to the next moment that concerns somebody, not beyond a tick.
    pub fn jump(&mut self, until: Tick) {
        if matches!(self.mode, Mode::Paced | Mode::Jumping) {
            self.mode = Mode::Jumping;
            self.goal = until;
        }
    }

    /// Goes on to the minute at which the exercise is to begin.
    pub fn open(&mut self, at: Tick) {
        self.mode = Mode::Opening;
        self.goal = at;
    }

    /// Plays to the horizon. Nothing leads back from there.
    pub fn end(&mut self, horizon: Tick) {
        self.mode = Mode::Ending;
        self.goal = horizon;
    }

    /// Wall time has passed: the tick to simulate towards now.
    pub fn goal_after(&mut self, wall: Duration, now: Tick, horizon: Tick) -> Tick {
        let due = self.pace.due_ticks(wall);
        self.goal = self.goal.max(now);
        if self.mode == Mode::Paced && 0 < due {
            // A machine too slow for the speed falls behind it; it does not pile up a debt.
            self.goal = Tick(self.goal.0.min(now.0 + due)).plus(due).min(now.plus(2 * due));
        }
        self.goal.min(horizon)
    }

    /// The world came to a tick: to a moment that the clock does not pass over, or simply that far. True if the clock
    /// stopped or slowed there.
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
