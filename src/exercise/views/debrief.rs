//! The view of the debrief: score by objective, curves beside their ghosts, decisions.

use super::notes::notes;
use super::source::Source;
use super::timeline::timeline;
use crate::assess::score::{Judged, Judgement, reference_score};
use crate::base::words as format;
use crate::exercise::view::{DebriefView, DecisionRow, ObjectiveRow};
use crate::exercise::words::target_label;
use crate::session::LogEntry;
use crate::session::runfile::log_digest;
use crate::sim::OrderState;
use crate::sim::world::Order;

/// Curves compared in the debrief.
const CURVES_MAX: usize = 6;

pub fn view(source: &Source) -> DebriefView {
    let run = source.run();
    let scenario = source.scenario();
    let seat = source.chair.seat();
    let judgement = seat.and_then(|seat| source.comparisons().judgement(run, seat));
    let mut timeline = timeline(source, CURVES_MAX);
    let saving = source.exercise.saving();
    let is_comparing = source.comparisons().is_pending();
    let trouble = saving.trouble().filter(|_| saving.saved().is_none());
    DebriefView {
        scenario: scenario.docs.manifest.title.clone(),
        seat: seat.map_or_else(String::new, |seat| scenario.docs.seats[seat.position()].name.clone()),
        score: judgement.as_ref().map(|judgement| judgement.score),
        reference_score: judgement.as_ref().map(reference_score),
        verdict: verdict(judgement.as_ref(), is_comparing),
        objectives: judgement.iter().flat_map(|judgement| judgement.objectives.iter().map(objective_row)).collect(),
        curves: std::mem::take(&mut timeline.curves),
        timeline,
        decisions: source.seat_orders().map(|(_, entry, order)| decision(source, entry, order)).collect(),
        notes: notes(source).collect(),
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
        points if 5.0 <= points => "Your orders helped a little",
        _ if judgement.objectives.iter().any(|objective| objective.do_nothing < objective.yours) => {
            "Some of it went worse than if nobody had acted"
        }
        _ => "The outage ran the same course as when nobody acts",
    };
    format!("{own}: {history}")
}

fn objective_row(objective: &Judged) -> ObjectiveRow {
    let text = |value: f64| measure(&objective.unit, value);
    ObjectiveRow {
        name: objective.name.clone(),
        weight_pct: objective.weight * 100.0,
        yours: text(objective.yours),
        do_nothing: text(objective.do_nothing),
        reference: text(objective.reference),
        par: text(objective.par),
        points: Some(objective.points),
    }
}

/// A value with its unit, as the screen prints it.
fn measure(unit: &str, value: f64) -> String {
    match unit {
        "min" => format::span(value.max(0.0) as u32),
        "share" => format::percent(value),
        "USD" => format::usd(value),
        "h" => format!("{} h", format::amount(value)),
        _ => format::amount(value),
    }
}

fn decision(source: &Source, entry: &LogEntry, order: &Order) -> DecisionRow {
    let scenario = source.scenario();
    DecisionRow {
        time: source.time(entry.tick),
        name: scenario.docs.mitigations[order.mitigation.position()].name.clone(),
        target: target_label(scenario, order.target),
        cost_usd: scenario.mitigations[order.mitigation].cost_usd,
        outcome: match order.state {
            OrderState::Cancelled => "cancelled".to_owned(),
            OrderState::Pending => "came too late to take effect".to_owned(),
            OrderState::InForce | OrderState::Done => format!("took effect {}", source.time(order.effective)),
        },
        confidence_pct: entry.remarks().and_then(|remarks| remarks.confidence_pct),
        reason: entry.remarks().and_then(|remarks| remarks.reason.as_deref().map(str::to_owned)),
    }
}
