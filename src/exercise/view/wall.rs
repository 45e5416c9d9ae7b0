//! What everybody sees on the wall of a facilitated exercise. It holds nothing that only some seats know.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{AnswerText, ClockView, CommonView, ExerciseView, MessageRow, ServiceRow, StaffView};

/// Most services on the wall.
const SERVICES_MAX: usize = 8;

#[derive(Clone, Debug)]
pub struct WallView {
    pub clock: ClockView,
    /// Hosts and map, as a person without a seat sees them; its own clock says nothing, because the wall has no keys.
    pub world: Arc<ExerciseView>,
    pub common: CommonView,
    /// Services of the seats in play, the worst first.
    pub services: Vec<ServiceRow>,
    /// The last message that every seat got.
    pub message: Option<MessageRow>,
    /// People in seats.
    pub joined: usize,
    /// Answers of the hot wash.
    pub answers: Vec<AnswerText>,
    /// The way in; none once the exercise has begun.
    pub join: Option<JoinView>,
    /// Seconds that are left of the countdown.
    pub countdown_s: Option<u64>,
}

/// The way into an exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinView {
    /// For browsers, with a slash at its end.
    pub address: String,
    pub pin: String,
    /// The rows of the QR code of the address with the PIN, dark squares true; empty if the address is too long for one.
    pub code: Vec<Vec<bool>>,
}

impl WallView {
    /// The wall from the view without a seat, the views of the seats in play, and that of the staff.
    pub fn new<'a>(exercise: &ExerciseView, seats: impl Iterator<Item = &'a ExerciseView>, staff: &StaffView) -> Self {
        Self {
            clock: exercise.clock.clone(),
            world: Arc::new(ExerciseView { clock: ClockView::default(), ..exercise.clone() }),
            common: staff.common.clone(),
            services: services(seats),
            message: staff.messages.iter().find(|row| row.is_public).cloned(),
            joined: staff.people.iter().filter(|row| !row.is_removed && !row.seat.is_empty()).count(),
            answers: if staff.common.hot_wash { staff.answers.clone() } else { Vec::new() },
            join: None,
            countdown_s: None,
        }
    }
}

/// The services that matter to the seats, each once: those outside tolerance and with the lowest level first.
fn services<'a>(seats: impl Iterator<Item = &'a ExerciseView>) -> Vec<ServiceRow> {
    let mut rows: Vec<&ServiceRow> = Vec::new();
    for row in seats.flat_map(|view| view.services.iter().filter(|row| row.is_yours)) {
        if rows.iter().all(|found| found.service != row.service) {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| (Reverse(row.tolerance_min < row.below_min), (row.level * 1_000.0) as u32));
    rows.into_iter().take(SERVICES_MAX).cloned().collect()
}
