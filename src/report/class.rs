//! The report of several runs of one scenario from one seat: how they lie beside each other, who decided what when.
//!
//! Must not simulate, and must not know a format.

mod confidence;
mod orders;
mod result;

use super::after_action::{figures, sources, verify};
use super::document::{Block, Report, sections};
use super::evidence::{Evidence, Rating};
use super::names;
use crate::assess::score::{Judgement, reference_score};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::log::NoteTag;
use crate::study::confidence::Forecast;

/// The runs of a class.
pub struct Class<'a> {
    pub scenario: &'a Scenario,
    pub seat: Ix<Seat>,
    /// At least one.
    pub members: Vec<Member>,
}

/// What a class report needs of a run. The run itself is large and can go.
pub struct Member {
    /// From the name of the file.
    pub name: String,
    pub seed: u64,
    pub judgement: Judgement,
    /// By objective.
    pub ratings: Vec<Rating>,
    pub orders: Vec<GivenOrder>,
    /// Confidence in orders, and what came of them.
    pub forecasts: Vec<Forecast>,
    pub digest: String,
    pub log_digest: String,
    minutes: u32,
    curve: Vec<[f64; 2]>,
    day: Vec<[f64; 2]>,
    best: Vec<[f64; 2]>,
    days: Vec<(f64, String)>,
    /// Tag, time and text.
    notes: Vec<(NoteTag, String)>,
}

/// An order of a member in words.
pub struct GivenOrder {
    pub tick: Tick,
    pub name: String,
    pub target: String,
}

impl Member {
    pub fn new(name: &str, evidence: &Evidence<'_>, forecasts: Vec<Forecast>) -> Self {
        let run = evidence.run;
        let orders = evidence.orders();
        let given = orders.into_iter().map(|order| GivenOrder {
            tick: order.tick,
            name: order.name.to_owned(),
            target: order.target,
        });
        Self {
            name: name.to_owned(),
            seed: run.setup.seed,
            judgement: evidence.judgement.clone(),
            ratings: (0..evidence.judgement.objectives.len()).map(|index| evidence.rating(index)).collect(),
            orders: given.collect(),
            forecasts,
            digest: run.world.digest().to_string(),
            log_digest: evidence.log_digest.to_owned(),
            minutes: run.world.tick().0,
            curve: evidence.mean_level(&run.record),
            day: evidence.mean_level(&evidence.runs.reference),
            best: evidence.mean_level(&evidence.runs.par),
            days: evidence.days(),
            notes: run.notes.iter().map(|note| (note.tag, note.text.clone())).collect(),
        }
    }
}

impl Class<'_> {
    /// Members by score, the best first.
    fn ranked(&self) -> Vec<&Member> {
        let mut ranked: Vec<&Member> = self.members.iter().collect();
        ranked.sort_by(|a, b| b.judgement.score.total_cmp(&a.judgement.score).then_with(|| a.name.cmp(&b.name)));
        ranked
    }

    fn scores(&self) -> Vec<f64> {
        self.members.iter().map(|member| member.judgement.score).collect()
    }

    /// The score of the decisions of the day, in the middle of the members' seeds.
    fn day_score(&self) -> f64 {
        median(&self.members.iter().map(|member| reference_score(&member.judgement)).collect::<Vec<_>>())
    }
}

/// The whole report.
pub fn report(class: &Class<'_>) -> Report {
    let docs = &class.scenario.docs;
    let seat = &docs.seats[class.seat.position()];
    let parts = [
        ("Result", result::result(class)),
        ("Exercise", result::exercise(class)),
        ("Runs", result::runs(class)),
        ("Objectives", result::objectives(class)),
        ("Course of the exercise", result::course(class)),
        ("Who decided what when", orders::who_when(class)),
        ("How far to trust confidence", confidence::confidence(class)),
        ("Strengths and areas for improvement", result::findings(class)),
        ("Improvement plan", result::plan(class)),
        ("What this rests on", basis(class)),
    ];
    Report {
        title: format!("Class report: {}", docs.manifest.title),
        subtitle: format!("{}. {}", seat.name, docs.manifest.subtitle),
        sections: sections(parts),
    }
}

fn basis(class: &Class<'_>) -> Vec<Block> {
    let mut blocks = figures(class.scenario);
    blocks.extend(sources(class.scenario));
    let digests: Vec<(&str, String)> = class
        .members
        .iter()
        .map(|member| (member.name.as_str(), format!("world {}, log {}", member.digest, member.log_digest)))
        .collect();
    blocks.push(verify(class.scenario, &digests));
    blocks
}

/// The median.
fn median(values: &[f64]) -> f64 {
    let [_, median, _] = crate::study::percentiles(values);
    median
}

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// The earliest, middle and latest of ticks as times.
fn times(class: &Class<'_>, ticks: &[Tick]) -> [String; 3] {
    let minutes: Vec<f64> = ticks.iter().map(|tick| f64::from(tick.0)).collect();
    let (low, high) = ends(&minutes);
    [low, median(&minutes), high].map(|minute| names::time(class.scenario, Tick(minute.round() as u32)))
}
