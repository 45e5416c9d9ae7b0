//! The measure that a screening tries to move: mean recovery of services or hosts, or any observable.

use std::sync::Arc;

use thiserror::Error;

use crate::base::Ix;
use crate::scenario::compile::{Playbook, Scenario};
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::observable::ObservableRef;
use crate::scenario::schema::{self, Statistic};
use crate::study::hindcast::{self, Schedule};
use crate::study::setup_by_playbook;

/// Names of the measures of recovery.
pub const SERVICES: &str = "services";
pub const HOSTS: &str = "hosts";

/// A measure in words and as the hindcast takes it.
#[derive(Clone, Debug)]
pub struct RecoveryMeasure {
    pub words: String,
    pub unit: &'static str,
    measure: schema::Measure,
    /// Factor from the unit of the measure to `unit`.
    factor: f64,
}

/// The reason why a text names no measure.
#[derive(Debug, Error)]
pub enum MeasureError {
    /// It is neither a name nor an observable.
    #[error("{0}")]
    Unknown(String),
    /// The scenario does not have the observable's scope.
    #[error("{0}")]
    Scope(String),
    /// The measure has nothing to measure.
    #[error("{0}")]
    Empty(#[from] Diagnostics),
}

impl RecoveryMeasure {
    /// Reads `services`, `hosts` or an observable.
    ///
    /// # Errors
    /// The text names no measure, or the scenario has nothing that it measures.
    pub fn parse(scenario: &Scenario, text: &str) -> Result<Self, MeasureError> {
        let measure = match text {
            SERVICES => Self::services(scenario),
            HOSTS => Self::hosts(scenario),
            text => Self::observable(scenario, text)?,
        };
        // Scaling figures changes no names, so a measure that exists here exists at every point of the grid.
        measure.schedule(scenario)?;
        Ok(measure)
    }

    /// The value of the measure in one run of a scenario in which everybody follows a playbook.
    pub fn value(&self, scenario: Arc<Scenario>, seed: u64, playbook: Ix<Playbook>) -> f64 {
        let schedule = self.schedule(&scenario).expect("checked when the measure was read");
        let setup = setup_by_playbook(scenario, seed, None, playbook);
        hindcast::run(&setup, &schedule, &|_| {})[0] * self.factor
    }

    fn schedule(&self, scenario: &Scenario) -> Result<Schedule, Diagnostics> {
        Schedule::new(scenario, [("measure", &self.measure)])
    }

    fn services(scenario: &Scenario) -> Self {
        let recovery = schema::Measure::At("recovery_min(each)".to_owned(), scenario.start.iso(scenario.horizon));
        Self {
            words: "mean time until an organisation's services are back for good".to_owned(),
            unit: "h",
            measure: schema::Measure::Across("all".to_owned(), Box::new(recovery), Statistic::Average, None),
            factor: 1.0 / 60.0,
        }
    }

    fn hosts(scenario: &Scenario) -> Self {
        let (incident, end) = (scenario.start.iso(scenario.incident), scenario.start.iso(scenario.horizon));
        let down = schema::Measure::Mean("hosts_down(all)".to_owned(), incident, end.clone());
        let received = schema::Measure::At("hosts_received(all)".to_owned(), end);
        Self {
            words: "mean time that a host is down after it was hit".to_owned(),
            unit: "h",
            measure: schema::Measure::Ratio(Box::new(down), Box::new(received)),
            factor: f64::from(scenario.horizon.since(scenario.incident)) / 60.0,
        }
    }

    fn observable(scenario: &Scenario, text: &str) -> Result<Self, MeasureError> {
        let name = ObservableRef::parse(text).map_err(MeasureError::Unknown)?;
        scenario.observable(&name).map_err(MeasureError::Scope)?;
        Ok(Self {
            words: format!("{text} at the end"),
            unit: name.metric.unit(),
            measure: schema::Measure::At(text.to_owned(), scenario.start.iso(scenario.horizon)),
            factor: 1.0,
        })
    }
}
