//! Opens a run file for the exercise screen or the debrief: the run is replayed within a budget of wall time for each
//! frame, so that the window goes on drawing.
//!
//! A file that does not replay to its stored digests is never written to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::chair::{ChairId, Role};
use super::saving::Saving;
use super::view::OpeningView;
use super::{ClockControl, Exercise};
use crate::files::set_aside;
use crate::scenario::compile::Scenario;
use crate::session::memory::{Need, WORLDS_PLAYED};
use crate::session::runfile::{self, Difference, Reading, Replayer};
use crate::session::{Journal, Player};

/// Folder beside the runs for files that cannot be continued.
const SET_ASIDE: &str = "set-aside";

/// The purpose for which a run is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The exercise continues where it stopped.
    Continue,
    /// The debrief of the run is shown.
    Review,
}

/// A run file that is being replayed.
pub struct Opening {
    path: PathBuf,
    reading: Reading,
    replayer: Option<Replayer>,
    purpose: Purpose,
    scenario: Arc<Scenario>,
}

impl Opening {
    /// Reads a file and prepares its replay.
    ///
    /// # Errors
    /// A sentence for the start screen: the file cannot be read, it was moved aside, or its scenario is missing.
    pub fn begin(path: &Path, scenarios: &[Arc<Scenario>], purpose: Purpose) -> Result<Self, String> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let reading = runfile::read(path).map_err(|error| keep_out_of_the_way(path, purpose, &error.to_string()))?;
        if let Some(altered) = reading.altered.first() {
            let what = format!("line {} was altered: {}", altered.line, altered.covers);
            return Err(keep_out_of_the_way(path, purpose, &what));
        }
        if purpose == Purpose::Continue && !reading.file.deeds.is_empty() {
            return Err(format!("{name} is a facilitated exercise; continue it with `blackstart host --continue`"));
        }
        let id = &reading.file.header.scenario;
        let scenario = scenarios.iter().find(|scenario| scenario.docs.manifest.id == *id).cloned();
        let scenario =
            scenario.ok_or_else(|| format!("{name} needs the scenario `{id}`, which this program does not have"))?;
        if let Err(what) = reading.file.check_scenario(&scenario) {
            return Err(format!("{name} cannot be opened: {what}"));
        }
        if let Some(problem) = Need::new(&scenario, WORLDS_PLAYED).problem() {
            return Err(format!("{name} cannot be opened: {problem}"));
        }
        let replayer = Replayer::new(Arc::new(reading.file.clone()), scenario.clone());
        let replayer = replayer.map_err(|difference| keep_out_of_the_way(path, purpose, &difference.what))?;
        Ok(Self { path: path.to_owned(), reading, replayer: Some(replayer), purpose, scenario })
    }

    pub fn view(&self) -> OpeningView {
        OpeningView {
            title: self.scenario.docs.manifest.title.clone(),
            done: self.replayer.as_ref().map_or(1.0, Replayer::progress),
        }
    }

    /// The scenario of the run.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// Continues the replay; returns the exercise and its chair once the replay is complete.
    ///
    /// # Errors
    /// A sentence for the start screen.
    pub fn advance(&mut self, budget: Duration) -> Result<Option<(Exercise, ChairId)>, String> {
        let differs = |difference: Difference| {
            let time = self.scenario.start.format(difference.tick, 0, "%a %-d %b %H:%M");
            keep_out_of_the_way(&self.path, self.purpose, &format!("at {time}, {}", difference.what))
        };
        let Some(replayer) = &mut self.replayer else { return Ok(None) };
        if !replayer.advance(budget).map_err(differs)? {
            return Ok(None);
        }
        let Some(replayer) = self.replayer.take() else { return Ok(None) };
        let timeline = replayer.finish().map_err(differs)?;
        let cast = timeline.run().setup.cast.clone();
        let is_person = |player: Player| player == Player::Person;
        let seat = cast.seats().iter().find(|entry| is_person(entry.player)).or(cast.seats().first());
        let role = seat.map_or(Role::Observer, |entry| Role::Seat(entry.seat));
        let saving = match self.purpose {
            Purpose::Review => Saving::finished(self.path.clone()),
            Purpose::Continue => Saving::with_journal(Journal::resume(&self.path, &self.reading, timeline.run())),
        };
        let mut exercise = Exercise::new(timeline, saving, ClockControl::Seats);
        let chair = exercise.sit(role);
        Ok(Some((exercise, chair)))
    }
}

/// Moves an unfinished file that cannot be continued to another folder, unchanged; returns a sentence with the problem
/// and the new place.
fn keep_out_of_the_way(path: &Path, purpose: Purpose, what: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if purpose == Purpose::Review {
        return format!("{name} cannot be reviewed: {what}");
    }
    match set_aside(path, &path.with_file_name(SET_ASIDE)) {
        Ok(place) => format!("{name} cannot be continued: {what}. It was moved, unchanged, to {}", place.display()),
        Err(_) => format!("{name} cannot be continued: {what}. It stays where it is, unchanged"),
    }
}
