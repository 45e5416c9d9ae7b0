//! The after-action report of a run: what was practised, what happened, how it was rated, what follows.
//!
//! Every sentence of it comes from the run, its comparison runs and its scenario, and the report says which of them are
//! measured and which are for people to fill in. Must not simulate, and must not know a format.

mod basis;
mod course;
mod findings;
mod known;
mod people;
mod result;
mod time;
mod worth;

use super::document::{Report, sections};
use super::evidence::Evidence;

pub(super) use basis::{figures, sources, verify};
pub(super) use findings::found;
pub(super) use known::{confidence_chart, confidence_words};

/// The whole report.
pub fn report(evidence: &Evidence<'_>) -> Report {
    let docs = &evidence.scenario().docs;
    let seat = &docs.seats[evidence.seat.position()];
    let parts = [
        ("Result", result::result(evidence)),
        ("Exercise", result::exercise(evidence)),
        ("People", people::roster(evidence)),
        ("Objectives and score", result::objectives(evidence)),
        ("Course of the exercise", course::course(evidence)),
        ("Where the time went", time::time(evidence)),
        ("Timeline, planned and executed", course::timeline(evidence)),
        ("Decisions", course::decisions(evidence)),
        ("How the team decided", people::alignment(evidence)),
        ("What decisions were worth", worth::worth(evidence)),
        ("What was known", known::known(evidence)),
        ("Ratings", findings::ratings(evidence)),
        ("Ratings of the evaluators", people::observed(evidence)),
        ("Strengths and areas for improvement", findings::findings(evidence)),
        ("Hot wash and feedback", people::hot_wash(evidence)),
        ("Improvement plan", findings::plan(evidence)),
        ("What this rests on", basis::basis(evidence)),
    ];
    Report {
        title: format!("After-action report: {}", docs.manifest.title),
        subtitle: format!("{}. {}", seat.name, docs.manifest.subtitle),
        sections: sections(parts),
    }
}
