//! The view of the debrief: the verdict with the decisions that mattered, curves beside their ghosts, decisions with
//! their worth, the arithmetic of the score, luck, both tries, questions.

mod decisions;
mod discuss;
mod known;
mod phrases;
mod score;
mod time;
mod tries;
mod turning;

use super::notes::notes;
use super::source::Source;
use super::timeline::timeline;
use crate::assess::score::{Judgement, prevented_by_preparation, reference_score};
use crate::exercise::view::{DebriefView, DecisionRow, MarkKind, TimelineView};
use crate::session::runfile::log_digest;

/// Curves compared in the debrief.
const CURVES_MAX: usize = 6;

pub fn view(source: &Source) -> DebriefView {
    let run = source.run();
    let scenario = source.scenario();
    let seat = source.chair.seat();
    let judgement = seat.and_then(|seat| source.comparisons().judgement(run, seat));
    let decisions = decisions::decisions(source);
    let worth = source.weighing().and_then(|weighing| weighing.worth()).map(AsRef::as_ref);
    let mut timeline = timeline(source, CURVES_MAX);
    weigh_marks(&mut timeline, &decisions);
    let saving = source.exercise.saving();
    let is_comparing = source.comparisons().is_pending();
    let trouble = saving.trouble().filter(|_| saving.saved().is_none());
    DebriefView {
        scenario: scenario.docs.manifest.title.clone(),
        seat: seat.map_or_else(String::new, |seat| scenario.docs.seats[seat.position()].name.clone()),
        score: judgement.as_ref().map(|judgement| judgement.score),
        reference_score: judgement.as_ref().map(reference_score),
        verdict: verdict(judgement.as_ref(), is_comparing),
        turning_points: turning::turning_points(source, &decisions),
        next_time: turning::next_time(source),
        weighing: turning::progress(source),
        curves: std::mem::take(&mut timeline.curves),
        timeline,
        time: seat.and_then(|seat| time::time(source, seat, source.comparisons().finished(seat)?)),
        missed: decisions::missed(source),
        joint: worth.and_then(turning::joint),
        known: known::known(source),
        confidence: known::confidence(source),
        objectives: judgement.iter().flat_map(score::objectives).collect(),
        sum: judgement.as_ref().map(score::sum),
        bought: seat
            .and_then(|seat| prevented_by_preparation(scenario, seat, source.comparisons().finished(seat)?))
            .map(score::bought),
        luck: worth.and_then(score::luck),
        tries: judgement.as_ref().and_then(|judgement| tries::tries(source, judgement)),
        discuss: discuss::questions(source, judgement.as_ref()),
        decisions,
        notes: notes(source).collect(),
        try_refusal: source.exercise.try_refusal(source.chair).map(str::to_owned),
        can_report: source.exercise.can_report(source.chair),
        report: source.exercise.report(),
        digest: run.world.digest().to_string(),
        log_digest: log_digest(run),
        seed: run.setup.seed,
        save_offers: if trouble.is_some() { folders_to_offer() } else { Vec::new() },
        saved: match (saving.saved(), trouble) {
            (Some(path), _) => Some(Ok(path.display().to_string())),
            (None, Some(trouble)) => Some(Err(trouble)),
            (None, None) => None,
        },
        figures: scenario.figures,
    }
}

/// Adds the worth of decisions to the names of their marks.
fn weigh_marks(timeline: &mut TimelineView, decisions: &[DecisionRow]) {
    let marks = timeline.marks.iter_mut().filter(|mark| mark.kind == MarkKind::Decision);
    for (mark, decision) in marks.zip(decisions) {
        if let Some(worth) = &decision.worth {
            let band = worth.band.as_ref().map_or_else(String::new, |band| format!(" ({band})"));
            mark.label += &format!(", {} points{band}", worth.points);
        }
    }
}

/// Folders that most people have, the one that is most likely writable first.
fn folders_to_offer() -> Vec<String> {
    let home = std::env::home_dir();
    let documents = home.as_ref().map(|home| home.join("Documents")).filter(|folder| folder.is_dir());
    let folders = documents.into_iter().chain(home).chain([std::env::temp_dir()]);
    folders.map(|folder| folder.display().to_string()).collect()
}

fn verdict(judgement: Option<&Judgement>, is_comparing: bool) -> String {
    let Some(judgement) = judgement else {
        return if is_comparing {
            "Your run is being compared with other runs of the same seed…"
        } else {
            "No comparison: the runs to compare with yours stopped early"
        }
        .to_owned();
    };
    let against_history = judgement.score - reference_score(judgement);
    let history = match against_history {
        gap if 3.0 < gap => "better than what was done on the day",
        gap if gap < -3.0 => "behind what was done on the day",
        _ => "level with what was done on the day",
    };
    let own = match judgement.score {
        points if 100.5 < points => "You beat the best known playbook",
        points if 99.5 < points => "You matched the best known playbook",
        points if 60.0 <= points => "A strong recovery",
        points if 25.0 <= points => "Your orders shortened the outage",
        points if 1.0 <= points => "Your orders helped a little",
        // The price of an order alone is no harm.
        _ if judgement.objectives.iter().any(|objective| objective.points < -1.0) => {
            "Some of it went worse than if nobody had acted"
        }
        _ if judgement.objectives.iter().any(|objective| objective.do_nothing != objective.yours) => {
            "The outage ran nearly the same course as when nobody acts"
        }
        _ => "The outage ran the same course as when nobody acts",
    };
    format!("{own}: {history}")
}
