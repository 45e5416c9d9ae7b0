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

    /// Is there something to simulate, whether or not wall time passes?
    pub fn is_catching_up(&self, now: Tick) -> bool {
        now < self.goal
    }

    /// One minute ahead, then stands still.
    pub fn step(&mut self, now: Tick) {
        if self.mode != Mode::Ending {
            self.pace.set_paused(true);
            self.mode = Mode::Paced;
            self.goal = now.plus(1);
        }
    }

    /// Goes on to the next moment that concerns somebody, not beyond a tick.
    pub fn jump(&mut self, until: Tick) {
        if self.mode != Mode::Ending {
            self.mode = Mode::Jumping;
            self.goal = until;
        }
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

    /// The world came to a tick: at a moment that stops a jump, at an urgent one, or simply that far.
    pub fn arrive(&mut self, now: Tick, stop: Option<Stop>) {
        match self.mode {
            Mode::Ending => {}
            Mode::Jumping if stop.is_some() || self.goal <= now => {
                self.mode = Mode::Paced;
                self.pace.set_paused(true);
                self.goal = now;
            }
            Mode::Paced if stop == Some(Stop::Urgent) => {
                self.pace.slow();
                self.goal = now;
            }
            Mode::Jumping | Mode::Paced => {}
        }
    }
}

/// A moment that the clock does not pass over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A jump ends here.
    Notable,
    /// Time slows down here, too.
    Urgent,
}
