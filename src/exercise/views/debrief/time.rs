//! Where the time went: strips, table and ways to the roots of each service.

use super::super::source::Source;
use crate::assess::comparisons::ComparisonRuns;
use crate::assess::time::{Cause, Compared, Minutes, ServiceTime, TimeTable, occurring, way_words};
use crate::base::palette::CAUSES;
use crate::base::words::{percent, span};
use crate::base::{Ix, Tick};
use crate::exercise::view::{CauseView, RunTimeView, ServiceTimeView, StretchView, TimeRow, TimeView, WayView};
use crate::scenario::compile::{Scenario, Seat, Service};

/// Columns of a strip: about one for every pixel that two neighbours may share.
const COLUMNS: usize = 320;
/// Ways to roots that are listed for a service.
const WAYS_MAX: usize = 5;
const RUNS: [&str; 3] = ["You", "History", "Par"];
/// Every cause has a colour of its own.
const _: () = assert!(Cause::COUNT == CAUSES.len());

/// None if the seat has no important service.
pub fn time(source: &Source, seat: Ix<Seat>, comparisons: &ComparisonRuns) -> Option<TimeView> {
    let scenario = source.scenario();
    let table = TimeTable::new(source.run(), seat, comparisons);
    let mut services: Vec<&Compared> = table.services.iter().collect();
    services.sort_by_key(|compared| std::cmp::Reverse(compared.yours.below_min()));
    let minutes: Vec<Minutes> = services.iter().flat_map(|compared| compared.minutes()).collect();
    let causes = occurring(&minutes);
    let drawer = Drawer {
        scenario,
        causes: &causes,
        until: table.until,
        is_alone: scenario.seats[seat].organisations.len() == 1,
    };
    (!services.is_empty()).then(|| TimeView {
        causes: causes
            .iter()
            .map(|&cause| CauseView { name: cause.words().to_owned(), color: cause as usize })
            .collect(),
        until_min: table.until.0,
        services: services.into_iter().map(|compared| drawer.service(compared)).collect(),
    })
}

struct Drawer<'a> {
    scenario: &'a Scenario,
    causes: &'a [Cause],
    until: Tick,
    /// Has the seat one organisation?
    is_alone: bool,
}

impl Drawer<'_> {
    fn service(&self, compared: &Compared) -> ServiceTimeView {
        let yours = &compared.yours;
        let runs = compared.runs();
        let minutes = compared.minutes();
        ServiceTimeView {
            name: self.name(yours.service),
            sentence: sentence(runs, &minutes),
            runs: runs
                .into_iter()
                .zip(RUNS)
                .map(|(run, name)| RunTimeView {
                    name,
                    below: words(run.below_min().into()),
                    columns: run.columns(COLUMNS, self.until, self.causes),
                })
                .collect(),
            rows: self.rows(runs, &minutes),
            ways: self.ways(yours),
            stretches: yours
                .stretches()
                .iter()
                .map(|stretch| StretchView {
                    from_min: stretch.from.0,
                    until_min: stretch.until.0,
                    words: way_words(self.scenario, yours.service, &stretch.path, stretch.root),
                })
                .collect(),
        }
    }

    fn name(&self, service: Ix<Service>) -> String {
        let name = &self.scenario.service_doc(service).name;
        let organisation = self.scenario.services[service].organisation;
        if self.is_alone {
            name.clone()
        } else {
            format!("{name} of {}", self.scenario.organisation_name(organisation))
        }
    }

    fn rows(&self, runs: [&ServiceTime; 3], minutes: &[Minutes; 3]) -> Vec<TimeRow> {
        let row = |name: &str, cause, minutes: [u64; 3]| TimeRow {
            name: name.to_owned(),
            cause,
            cells: minutes.map(words),
            minutes: minutes[0],
        };
        let causes = self.causes.iter().enumerate().map(|(position, &cause)| {
            row(cause.words(), Some(position), [0, 1, 2].map(|run| minutes[run][cause as usize]))
        });
        let mut rows: Vec<TimeRow> = causes.filter(|row| row.cells.iter().any(|cell| cell != NOTHING)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.minutes));
        rows.push(row("below target in all", None, runs.map(|run| run.below_min().into())));
        rows.push(row("outside tolerance", None, runs.map(|run| run.outside_min().into())));
        rows
    }

    fn ways(&self, yours: &ServiceTime) -> Vec<WayView> {
        let all = f64::from(yours.below_min());
        let position = |root| self.causes.iter().position(|cause| *cause == root);
        yours
            .ways()
            .iter()
            .take(WAYS_MAX)
            .map(|way| WayView {
                words: way_words(self.scenario, yours.service, &way.path, way.root),
                minutes: words(way.below_min.into()),
                share: percent(f64::from(way.below_min) / all),
                cause: position(way.root).unwrap_or_default(),
            })
            .collect()
    }
}

/// No minute.
const NOTHING: &str = "–";

fn words(minutes: u64) -> String {
    if minutes == 0 { NOTHING.to_owned() } else { span(minutes.min(u32::MAX.into()) as u32) }
}

/// What held it back most, and the cause in which par gained most.
fn sentence(runs: [&ServiceTime; 3], minutes: &[Minutes; 3]) -> String {
    let [yours, _, par] = minutes;
    let below = u64::from(runs[0].below_min());
    let Some(&most) = Cause::ALL.iter().max_by_key(|cause| yours[**cause as usize]).filter(|_| 0 < below) else {
        return "At its target level all the time.".to_owned();
    };
    let held = yours[most as usize];
    let share = percent(held as f64 / below as f64);
    let mut sentence = format!("Most of it: {}, {} ({share}).", most.words(), words(held));
    let gain = |cause: &&Cause| yours[**cause as usize].saturating_sub(par[**cause as usize]);
    if let Some(cause) = Cause::ALL.iter().max_by_key(gain).filter(|cause| 0 < gain(cause)) {
        sentence += &format!(" Par spends {} less on: {}.", words(gain(&cause)), cause.words());
    }
    sentence
}
