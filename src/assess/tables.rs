//! Tidy tables of observables: one value in each row, `tick,utc,metric,scope,value`.
//!
//! Samples are taken at every scenario hour, the first and the last boundary included.

use std::io::{self, Write};
use std::sync::Arc;

use crate::base::characters::cell;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Observable, Scenario, Sector};
use crate::scenario::observable::{METRICS, Metric, ObservableRef, Scope};
use crate::sim::World;
use crate::sim::observe::{self, Survey};

/// Minutes between samples.
pub const SAMPLE_MIN: u32 = 60;
/// Columns of a table.
pub const COLUMNS: [&str; 5] = ["tick", "utc", "metric", "scope", "value"];

const OF_ORGANISATIONS: [Metric; 2] = [Metric::HostsDown, Metric::CostUsd];
const OF_SERVICES: [Metric; 4] = [Metric::Level, Metric::Backlog, Metric::Lost, Metric::OutsideToleranceMin];

/// Writes the table of one run while the run is played, so that no sample stays in memory.
pub struct Sampler<W: Write> {
    scenario: Arc<Scenario>,
    /// The rows of a sample for everything and for each sector: metric, scope as a cell, and sector.
    summaries: Vec<(Metric, String, Option<Ix<Sector>>)>,
    survey: Survey,
    /// The other rows: metric, scope as a cell, and observable.
    rows: Vec<(Metric, String, Observable)>,
    writer: csv::Writer<W>,
    /// The first error of the writer; nothing is written after it.
    problem: Option<io::Error>,
}

impl<W: Write> Sampler<W> {
    /// A table of every metric over all organisations and over each sector, and of a few metrics over each
    /// organisation and each important service. The heading is written at once.
    pub fn new(scenario: &Arc<Scenario>, to: W) -> Self {
        let mut sampler = Self {
            summaries: summaries(scenario),
            survey: Survey::new(scenario),
            rows: rows(scenario),
            scenario: scenario.clone(),
            writer: csv::Writer::from_writer(to),
            problem: None,
        };
        sampler.problem = sampler.writer.write_record(COLUMNS).err().map(io_error);
        sampler
    }

    /// Writes the sample of this boundary if one is due, and returns the boundary of the next sample.
    pub fn observe(&mut self, world: &World) -> Tick {
        let is_due = world.tick().0.is_multiple_of(SAMPLE_MIN) || world.is_over();
        if is_due && self.problem.is_none() {
            self.problem = self.write(world).err().map(io_error);
        }
        Tick((world.tick().0 / SAMPLE_MIN + 1) * SAMPLE_MIN)
    }

    fn write(&mut self, world: &World) -> Result<(), csv::Error> {
        self.survey.take(world);
        let (minute, utc) = (world.tick().0.to_string(), self.scenario.start.iso(world.tick()));
        for (metric, scope, sector) in &self.summaries {
            let value = self.survey.value(*sector, *metric).to_string();
            self.writer.write_record([&minute, &utc, metric.name(), scope, &value])?;
        }
        for (metric, scope, observable) in &self.rows {
            let value = observe::value(world, observable).to_string();
            self.writer.write_record([&minute, &utc, metric.name(), scope, &value])?;
        }
        Ok(())
    }

    /// The writer, after all rows are written.
    ///
    /// # Errors
    /// The first error of the writer.
    pub fn finish(self) -> io::Result<W> {
        match self.problem {
            Some(problem) => Err(problem),
            None => self.writer.into_inner().map_err(|error| io::Error::new(error.error().kind(), error.to_string())),
        }
    }
}

/// The error of the system inside a CSV error, so that a message can report a full disk.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Every metric over all organisations, then over each sector.
fn summaries(scenario: &Scenario) -> Vec<(Metric, String, Option<Ix<Sector>>)> {
    let sectors = scenario.docs.world.sectors.iter().zip((0..).map(Ix::new));
    let sectors = sectors.map(|(sector, index)| (Scope::Sector(sector.id.clone()), Some(index)));
    let scopes = std::iter::once((Scope::All, None)).chain(sectors);
    let rows = |(scope, sector): (Scope, Option<Ix<Sector>>)| {
        let name = cell(&scope.to_string()).into_owned();
        METRICS.iter().map(move |row| (row.0, name.clone(), sector))
    };
    scopes.flat_map(rows).collect()
}

/// A few metrics over each organisation with a document of its own and over each of its important services.
fn rows(scenario: &Scenario) -> Vec<(Metric, String, Observable)> {
    let mut rows = Vec::new();
    let mut add = |metric: Metric, scope: &Scope| {
        let name = ObservableRef { metric, scope: scope.clone() };
        let observable = scenario.observable(&name).expect("the scope comes from the scenario");
        rows.push((metric, cell(&scope.to_string()).into_owned(), observable));
    };
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
    rows
}
