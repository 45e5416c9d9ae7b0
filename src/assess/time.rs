//! Where the time went: the minutes in which a seat's services were below their target levels, by cause, in a run and in
//! its comparison runs. Must not divide them (that is `session::service_time`).

use crate::assess::comparisons::ComparisonRuns;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Organisation, Scenario, Seat, Service};
use crate::session::{Record, Run};

pub use crate::session::held_back::{Cause, Link};
pub use crate::session::service_time::{Minutes, ServiceTime, Stretch, Strip};

/// The minutes of a seat's important services by cause: in the run, on the day, and under the best known playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTable {
    pub seat: Ix<Seat>,
    /// The last sample of the run: the boundary up to which all three are compared.
    pub until: Tick,
    pub services: Vec<Compared>,
}

/// One service in three runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub yours: ServiceTime,
    pub history: ServiceTime,
    pub par: ServiceTime,
}

impl Compared {
    /// Yours, history, par.
    pub fn runs(&self) -> [&ServiceTime; 3] {
        [&self.yours, &self.history, &self.par]
    }

    /// Minutes below target by cause: yours, history, par.
    pub fn minutes(&self) -> [Minutes; 3] {
        self.runs().map(ServiceTime::below)
    }
}

impl TimeTable {
    /// The time of a seat up to the last sample of a run. The records of the comparison runs must have samples for
    /// curves.
    pub fn new(run: &Run, seat: Ix<Seat>, comparisons: &ComparisonRuns) -> Self {
        let until = run.record.ticks.last().copied().unwrap_or(Tick::ZERO);
        let cut = |record: &Record| -> Vec<ServiceTime> {
            record.service_times(seat, &run.setup.scenario).map(|time| time.cut_back(until)).collect()
        };
        let (history, par) = (cut(&comparisons.reference), cut(&comparisons.par));
        let runs = cut(&run.record).into_iter().zip(history.into_iter().zip(par));
        let services = runs.map(|(yours, (history, par))| Compared { yours, history, par }).collect();
        Self { seat, until, services }
    }
}

/// Causes with a minute in any of some runs, in the order of `Cause::ALL`.
pub fn occurring(minutes: &[Minutes]) -> Vec<Cause> {
    let occurs = |cause: &Cause| minutes.iter().any(|minutes| 0 < minutes[*cause as usize]);
    Cause::ALL.into_iter().filter(occurs).collect()
}

/// `Flights ← Crew tracking ← Crew servers ← waiting for hands`: names of other organisations' services and fleets have
/// the organisation with them.
pub fn way_words(scenario: &Scenario, service: Ix<Service>, path: &[Link], root: Cause) -> String {
    let home = scenario.services[service].organisation;
    let named = |name: &str, organisation: Ix<Organisation>| match organisation == home {
        true => name.to_owned(),
        false => format!("{name} of {}", scenario.organisation_name(organisation)),
    };
    let link = |link: &Link| match *link {
        Link::Service(index) => named(&scenario.service_doc(index).name, scenario.services[index].organisation),
        Link::Fleet(index) => named(&scenario.fleet_doc(index).name, scenario.fleets[index].organisation),
    };
    let first = scenario.service_doc(service).name.clone();
    let steps: Vec<String> =
        std::iter::once(first).chain(path.iter().map(link)).chain([root.words().to_owned()]).collect();
    steps.join(" ← ")
}
