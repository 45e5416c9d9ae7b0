//! The clock of the exercise screen, in scenario time, local time and wall time.

use super::source::Source;
use crate::base::Tick;
use crate::base::words as format;
use crate::exercise::view::ClockView;
use crate::exercise::words::clock_text;
use crate::scenario::compile::Scenario;

pub fn clock(source: &Source) -> ClockView {
    let world = source.world();
    let scenario = world.scenario();
    let home = &scenario.organisations[source.organisations().first().copied().unwrap_or_default()];
    let region = &scenario.docs.world.regions[home.region.position()].name;
    let pace = &source.clock().pace;
    // What will happen is not the trainee's to know; only that something will.
    let until = source.next_known_event().map(|tick| tick.since(world.tick()) + 1);
    let next_event = until.map(|minutes| format!("in {}", format::span(minutes)));
    let played = pace.played().as_secs();
    ClockView {
        utc: clock_text(scenario, world.tick(), 0),
        local: format!("{} {region}", scenario.start.format(world.tick(), home.utc_offset_min, "%H:%M")),
        exercise: world.tick().to_string(),
        wall: format!("{:02}:{:02}", played / 60, played % 60),
        speed: pace.speed(),
        is_paused: pace.is_paused(),
        is_slowed: pace.is_slowed(),
        is_ended: world.is_over(),
        next_event,
    }
}
