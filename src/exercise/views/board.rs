//! The service board: every important service as a row.

use super::source::Source;
use crate::base::Ix;
use crate::exercise::view::{LevelState, ServiceRow, Trend};
use crate::scenario::compile::{MICRO, Service};

/// Samples of the small curve on the board: the last two days.
const SPARK_SAMPLES: usize = 288;
/// Samples over which a trend is told: an hour.
const TREND_SAMPLES: usize = 6;

/// Important services: the seat's first, in the order written; then the rest of the world, worst first.
/// Members of populations are on the map only.
pub fn board(source: &Source) -> Vec<ServiceRow> {
    let world = source.world();
    let important =
        (world.scenario().written_services().iter()).filter(|&service| world.scenario().services[service].is_important);
    let (mut yours, mut rest): (Vec<_>, Vec<_>) =
        important.map(|service| service_row(source, service)).partition(|row| row.is_yours);
    rest.sort_by(|a, b| {
        b.outside_min.cmp(&a.outside_min).then(a.level.total_cmp(&b.level)).then(a.service.cmp(&b.service))
    });
    yours.append(&mut rest);
    yours
}

pub fn service_row(source: &Source, service: Ix<Service>) -> ServiceRow {
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
