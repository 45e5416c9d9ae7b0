//! An exercise whose run has ended: the worth of its decisions, a second try from any minute, the report.

use std::path::Path;
use std::sync::Arc;

use super::chair::{Chair, ChairId};
use super::clock::Clock;
use super::reporting::{Reporter, write_beside};
use super::saving::Saving;
use super::tries::EarlierTry;
use super::weighing::Weighing;
use super::{Exercise, Judgement};
use crate::base::{Ix, Tick};
use crate::scenario::compile::Seat;
use crate::session::runfile::log_digest;
use crate::study::Evidence;

impl Exercise {
    /// Begins to weigh the decisions of a chair's seat as soon as the run is judged and saved; does nothing after that.
    pub(super) fn weigh(&mut self, id: ChairId) {
        let Some(seat) = self.chair(id).seat() else { return };
        if self.weighing.is_some() || !self.is_over() || !self.saving.is_settled() {
            return;
        }
        let Some(runs) = self.comparisons.finished(seat) else { return };
        self.weighing = Some(Weighing::begin(self.run(), seat, runs, self.saving.saved()));
        self.revision += 1;
    }

    pub(super) fn weighing(&self) -> Option<&Weighing> {
        self.weighing.as_ref()
    }

    /// The run before, if this one is a second try.
    pub(super) fn earlier(&self) -> Option<&EarlierTry> {
        self.earlier.as_deref()
    }

    /// Makes this exercise, which has just begun, the second try of another run.
    pub(super) fn follow(&mut self, earlier: Arc<EarlierTry>) {
        self.earlier = Some(earlier);
        self.revision += 1;
    }

    /// What stays of this run for a second try from a minute of it; none before it is judged.
    pub(super) fn as_earlier_try(&self, id: ChairId, from: Tick) -> Option<EarlierTry> {
        let (seat, judgement) = self.judged(self.chair(id))?;
        Some(EarlierTry::new(self.run(), seat, judgement, from))
    }

    /// The reason why no second try can begin in the middle of this run.
    pub(super) fn try_refusal(&self, chair: &Chair) -> Option<&'static str> {
        match () {
            () if !self.is_over() => Some("the exercise has not ended"),
            () if self.judged(chair).is_none() => Some("the run has no score to compare with"),
            () if self.saving.saved().is_none() => Some("save the run first, so that it is not lost"),
            () => None,
        }
    }

    /// Begins a second try: the run goes back to a minute, before any order of it, and from there on it is another run
    /// with a file of its own in a folder. False if that is not possible; nothing has changed then.
    pub(super) fn try_again_from(&mut self, id: ChairId, tick: Tick, folder: &Path) -> bool {
        if self.try_refusal(self.chair(id)).is_some() || self.run().world.tick() <= tick {
            return false;
        }
        let Some(earlier) = self.as_earlier_try(id, tick) else { return false };
        self.weighing = None;
        self.timeline.seek_before_commands(tick);
        self.saving = Saving::begin(folder, self.timeline.run());
        self.clock = Clock::default();
        self.stop = None;
        self.debrief = None;
        self.report = None;
        for chair in &mut self.chairs {
            chair.notices.clear();
            chair.selected = None;
            let fired = self.timeline.run().world.injects_fired();
            chair.read.retain(|&inject| fired[inject].is_some());
        }
        self.follow(Arc::new(earlier));
        true
    }

    /// Sets the function that makes reports.
    pub fn set_reporter(&mut self, reporter: Option<Reporter>) {
        self.reporter = reporter;
    }

    /// Can a report be written now?
    pub(super) fn can_report(&self, chair: &Chair) -> bool {
        self.reporter.is_some() && self.is_over() && self.saving.saved().is_some() && self.judged(chair).is_some()
    }

    /// The place of the report, or the reason why it could not be written.
    pub(super) fn report(&self) -> Option<Result<String, String>> {
        let report = self.report.as_ref()?;
        Some(report.as_ref().map(|path| path.display().to_string()).map_err(String::clone))
    }

    /// Writes the report of a chair's seat beside the run file.
    pub(super) fn write_report(&mut self, id: ChairId) {
        let (Some(reporter), true) = (self.reporter, self.can_report(self.chair(id))) else { return };
        let Some((seat, judgement)) = self.judged(self.chair(id)) else { return };
        let (Some(runs), Some(saved)) = (self.comparisons.finished(seat), self.saving.saved()) else { return };
        let worth = self.weighing.as_ref().and_then(Weighing::worth);
        let page = reporter(&Evidence {
            run: self.run(),
            seat,
            judgement: &judgement,
            runs,
            log_digest: &log_digest(self.run()),
            worth: worth.map(Arc::as_ref),
            known: self.weighing.as_ref().and_then(Weighing::known).map(Arc::as_ref),
        });
        self.report = Some(write_beside(saved, &page));
        self.revision += 1;
    }

    /// The report of a seat in play, by id, as a page; none before the exercise has ended, is judged and saved.
    pub fn report_page(&self, seat: &str) -> Option<String> {
        let seat = self.run().setup.scenario.seat_index(seat)?;
        let (reporter, runs) = (self.reporter?, self.comparisons.finished(seat)?);
        if !self.is_over() {
            return None;
        }
        let judgement = self.comparisons.judgement(self.run(), seat)?;
        Some(reporter(&Evidence {
            run: self.run(),
            seat,
            judgement: &judgement,
            runs,
            log_digest: &log_digest(self.run()),
            worth: None,
            known: None,
        }))
    }

    fn chair(&self, id: ChairId) -> &Chair {
        &self.chairs[id.0 as usize]
    }

    fn judged(&self, chair: &Chair) -> Option<(Ix<Seat>, Judgement)> {
        let seat = chair.seat()?;
        Some((seat, self.comparisons.judgement(self.run(), seat)?))
    }
}
