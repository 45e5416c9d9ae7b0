//! Tidy tables of observables: one value a row, `tick,utc,metric,scope,value`.
//!
//! Samples are taken at every scenario hour, the first and the last boundary included; between two
//! samples a table says nothing.

use std::io::Write;

use crate::base::Tick;
use crate::base::characters::cell;
use crate::scenario::compile::{Observable, Scenario};
use crate::scenario::observable::{METRICS, Metric, ObservableRef, Scope};
use crate::sim::{World, observe};

/// Minutes between samples.
pub const SAMPLE_MIN: u32 = 60;
/// Columns of a table.
pub const COLUMNS: [&str; 5] = ["tick", "utc", "metric", "scope", "value"];

const OF_ORGANISATIONS: [Metric; 2] = [Metric::HostsDown, Metric::CostUsd];
const OF_SERVICES: [Metric; 4] = [Metric::Level, Metric::Backlog, Metric::Lost, Metric::OutsideToleranceMin];

/// Takes the samples of one run.
#[derive(Clone, Debug)]
pub struct Sampler {
    columns: Vec<(ObservableRef, Observable)>,
    ticks: Vec<Tick>,
    /// One row of `columns` a tick.
    values: Vec<f64>,
}

impl Sampler {
    /// Every metric over everything and each sector, a few over each organisation and each important
    /// service.
    pub fn new(scenario: &Scenario) -> Self {
        let mut columns = Vec::new();
        let mut add = |metric: Metric, scope: &Scope| {
            let name = ObservableRef { metric, scope: scope.clone() };
            let observable = scenario.observable(&name).expect("the scope comes from the scenario");
            columns.push((name, observable));
        };
        let sectors = scenario.docs.world.sectors.iter().map(|sector| Scope::Sector(sector.id.clone()));
        for scope in std::iter::once(Scope::All).chain(sectors) {
            METRICS.iter().for_each(|row| add(row.0, &scope));
        }
        for organisation in &scenario.docs.organisations {
            let scope = Scope::Organisation(organisation.id.clone());
            OF_ORGANISATIONS.iter().for_each(|&metric| add(metric, &scope));
        }
        for organisation in &scenario.docs.organisations {
            for service in organisation.services.iter().filter(|service| service.important) {
                let scope = Scope::Service(organisation.id.clone(), service.id.clone());
                OF_SERVICES.iter().for_each(|&metric| add(metric, &scope));
            }
        }
        Self { columns, ticks: Vec::new(), values: Vec::new() }
    }

    /// Takes a sample where one is due; call it at every boundary, the first included.
    pub fn observe(&mut self, world: &World) {
        let is_due = world.tick().0.is_multiple_of(SAMPLE_MIN) || world.is_over();
        if is_due && self.ticks.last() != Some(&world.tick()) {
            self.ticks.push(world.tick());
            // Hundreds of columns look at the same services.
            let seen = observe::Seen::new(world);
            self.values.extend(self.columns.iter().map(|(_, observable)| seen.value(observable)));
        }
    }

    /// The samples as CSV.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_csv(&self, scenario: &Scenario, to: impl Write) -> Result<(), csv::Error> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(COLUMNS)?;
        let names: Vec<(&str, String)> = self
            .columns
            .iter()
            .map(|(name, _)| (name.metric.name(), cell(&name.scope.to_string()).into_owned()))
            .collect();
        for (row, &tick) in self.values.chunks(self.columns.len()).zip(&self.ticks) {
            let (minute, utc) = (tick.0.to_string(), scenario.start.iso(tick));
            for ((metric, scope), value) in names.iter().zip(row) {
                writer.write_record([&minute, &utc, *metric, scope, &value.to_string()])?;
            }
        }
        writer.flush()?;
        Ok(())
    }
}

/// A whole table in memory, ready to be written at once.
pub fn csv_bytes(sampler: &Sampler, scenario: &Scenario) -> Vec<u8> {
    let mut bytes = Vec::new();
    sampler.write_csv(scenario, &mut bytes).expect("memory takes everything");
    bytes
}
