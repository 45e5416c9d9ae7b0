//! The service board: every service of the seat and every important one of the world as a row.

use std::cmp::Ordering;

use super::holds::{held_by, root_of};
use super::source::Source;
use crate::base::Ix;
use crate::exercise::view::{LevelState, ServiceRow, Trend};
use crate::scenario::compile::{MICRO, Service};
use crate::session::held_back::Holds;

/// Samples of the small curve on the board: the last two days.
const SPARK_SAMPLES: usize = 288;
/// Samples from which a trend is computed: an hour.
const TREND_SAMPLES: usize = 6;

/// All services of the seat, then the important ones of the rest of the world; in both groups those in trouble
/// first. Members of populations are on the map only.
pub fn board(source: &Source) -> Vec<ServiceRow> {
    let world = source.world();
    let is_shown = |service: Ix<Service>| {
        let compiled = &world.scenario().services[service];
        compiled.is_important || source.is_yours(compiled.organisation)
    };
    let shown = world.scenario().written_services().iter().filter(|&service| is_shown(service));
    let mut holds = Holds::new(world);
    let (mut yours, mut rest): (Vec<_>, Vec<_>) =
        shown.map(|service| service_row(source, &mut holds, service)).partition(|row| row.is_yours);
    yours.sort_by(by_trouble);
    rest.sort_by(by_trouble);
    yours.append(&mut rest);
    yours
}

/// Services outside their tolerance first, then those below their target level, the lowest level first in each; the
/// rest in the order of the author.
fn by_trouble(a: &ServiceRow, b: &ServiceRow) -> Ordering {
    let rank = |row: &ServiceRow| {
        let is_below = row.level < row.target;
        (!(is_below && row.tolerance_min < row.below_min), !is_below)
    };
    let level = |row: &ServiceRow| if row.level < row.target { row.level } else { 1.0 };
    rank(a).cmp(&rank(b)).then(level(a).total_cmp(&level(b))).then(a.service.cmp(&b.service))
}

pub fn service_row(source: &Source, holds: &mut Holds, service: Ix<Service>) -> ServiceRow {
    let world = source.world();
    let scenario = world.scenario();
    let compiled = &scenario.services[service];
    let docs = scenario.service_doc(service);
    let state = world.service(service);
    let micro = MICRO as f64;
    let level = state.level.fraction();
    let spark = source.run().record.recent_levels(service, SPARK_SAMPLES);
    let before = spark.len().checked_sub(TREND_SAMPLES).map_or(1.0, |sample| f64::from(spark[sample]));
    ServiceRow {
        service,
        organisation: compiled.organisation,
        name: docs.name.clone(),
        organisation_name: scenario.organisation_name(compiled.organisation).into_owned(),
        level,
        target: compiled.target.fraction(),
        state: level_state(level, compiled.target.fraction()),
        trend: match level - before {
            change if 0.01 < change => Trend::Better,
            change if change < -0.01 => Trend::Worse,
            _ => Trend::Steady,
        },
        outside_min: state.outside_min,
        tolerance_min: compiled.tolerance_min,
        below_min: state.below_now_min,
        backlog: state.backlog_micro as f64 / micro,
        lost: state.lost_micro as f64 / micro,
        unit: docs.unit.clone(),
        fallback: docs.fallback.as_ref().filter(|_| state.is_fallback_on).map(|fallback| fallback.name.clone()),
        held_by: held_by(world, service),
        root: root_of(world, holds, service),
        spark,
        is_yours: source.is_yours(compiled.organisation),
    }
}

pub fn level_state(level: f64, target: f64) -> LevelState {
    match level {
        level if target <= level => LevelState::Working,
        level if 0.5 <= level => LevelState::Degraded,
        level if 0.1 <= level => LevelState::Severe,
        _ => LevelState::Failed,
    }
}
