//! The after-action report of a run: what was practised, what happened, how it was rated, what follows.
//!
//! Every sentence of it comes from the run, its comparison runs and its scenario, and the report says which of them are
//! measured and which are for people to fill in. Must not simulate, and must not know a format (`html` does).

pub mod blocks;
mod chart;
mod findings;
pub mod html;

use self::blocks::{Block, Chart, Report, Section, Table};
use self::chart::Line;
use super::names;
use super::tables::in_unit;
use crate::assess::comparisons::ComparisonRuns;
use crate::assess::score::{Judgement, reference_score};
use crate::base::words::{counted, span, thousands};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat, Service, Target};
use crate::scenario::figures;
use crate::scenario::schema::Trigger;
use crate::session::log::{LogEntry, NoteTag};
use crate::session::{Record, Run};
use crate::sim::messages::{is_addressed, reaches};
use crate::study::worth::{Decision, decisions_of_seat};

/// What a report is made from. The comparison runs have samples for curves.
pub struct Evidence<'a> {
    pub run: &'a Run,
    pub seat: Ix<Seat>,
    pub judgement: &'a Judgement,
    pub runs: &'a ComparisonRuns,
    /// The digest of commands and remarks, as `verify` prints it.
    pub log_digest: &'a str,
}

impl Evidence<'_> {
    fn scenario(&self) -> &Scenario {
        &self.run.setup.scenario
    }

    fn time(&self, tick: Tick) -> String {
        names::time(self.scenario(), tick)
    }

    /// Decisions of the judged seat, of its person as of its playbook, with their entries in the log.
    fn orders(&self) -> Vec<(&LogEntry, Order)> {
        let scenario = self.scenario();
        let order = |decision: Decision| {
            let mitigation = &scenario.mitigations[decision.mitigation];
            let order = Order {
                name: scenario.docs.mitigations[decision.mitigation.position()].name.clone(),
                target: names::target(scenario, decision.target).unwrap_or_else(|| "everywhere".to_owned()),
                lead_min: if mitigation.is_preparation { 0 } else { mitigation.lead_min },
            };
            (&self.run.log[decision.position], order)
        };
        decisions_of_seat(self.run, self.seat).into_iter().map(order).collect()
    }

    fn service(&self, service: Ix<Service>) -> String {
        names::target(self.scenario(), Target::Service(service)).expect("a service belongs to an organisation")
    }

    /// Important services of the seat's organisations.
    fn services(&self) -> Vec<Ix<Service>> {
        let scenario = self.scenario();
        let organisations = scenario.seats[self.seat].organisations.iter();
        let services = organisations.flat_map(|&organisation| scenario.organisations[organisation].services);
        services.filter(|&service| scenario.services[service].is_important).collect()
    }
}

/// A decision in words.
struct Order {
    name: String,
    target: String,
    lead_min: u32,
}

/// The whole report.
pub fn report(evidence: &Evidence<'_>) -> Report {
    let docs = &evidence.scenario().docs;
    let seat = &docs.seats[evidence.seat.position()];
    let sections = [
        ("Result", result(evidence)),
        ("Exercise", exercise(evidence)),
        ("Objectives and score", objectives(evidence)),
        ("Course of the exercise", course(evidence)),
        ("Decisions", decisions(evidence)),
        ("Messages, planned and delivered", messages(evidence)),
        ("Ratings", findings::ratings(evidence)),
        ("Strengths and areas for improvement", findings::findings(evidence)),
        ("Improvement plan", findings::plan(evidence)),
        ("What this rests on", basis(evidence)),
    ];
    Report {
        title: format!("After-action report: {}", docs.manifest.title),
        subtitle: format!("{}. {}", seat.name, docs.manifest.subtitle),
        sections: sections
            .into_iter()
            .map(|(heading, blocks)| Section { heading: heading.to_owned(), blocks })
            .collect(),
    }
}

fn result(evidence: &Evidence<'_>) -> Vec<Block> {
    let judgement = evidence.judgement;
    let history = reference_score(judgement);
    let beside = match judgement.score - history {
        gain if 0.5 <= gain => format!("{gain:.0} more than what was done on the day"),
        gain if gain <= -0.5 => format!("{:.0} fewer than what was done on the day", -gain),
        _ => "as many as what was done on the day".to_owned(),
    };
    let by_gain = |best: &dyn Fn(f64, f64) -> bool| {
        judgement.objectives.iter().reduce(|a, b| if best(b.points, a.points) { b } else { a })
    };
    let mut blocks = vec![Block::Verdict(format!("{:.0} points: {beside}.", judgement.score))];
    if let (Some(best), Some(worst)) = (by_gain(&|b, a| a < b), by_gain(&|b, a| b < a)) {
        blocks.push(Block::Text(format!(
            "Nobody acting scores 0, the best known decisions score 100. Best objective: {} ({:.0} points). Weakest: {} \
             ({:.0} points).",
            best.name, best.points, worst.name, worst.points
        )));
    }
    blocks
}

fn exercise(evidence: &Evidence<'_>) -> Vec<Block> {
    let (run, scenario) = (evidence.run, evidence.scenario());
    let seat = &scenario.docs.seats[evidence.seat.position()];
    let mut table = Table::new("Exercise data", &["Item", "Value"]);
    let length = span(run.world.tick().0);
    let from = evidence.time(Tick::ZERO);
    let rows = [
        ("Scenario", format!("{} ({})", scenario.docs.manifest.title, scenario.docs.manifest.id)),
        ("Seat", seat.name.clone()),
        ("Directs", counted(seat.organisations.len() as u64, "organisation", "organisations")),
        ("Time played through", format!("{length} from {from} UTC")),
        ("Seed", run.setup.seed.to_string()),
        ("Orders given", evidence.orders().len().to_string()),
    ];
    rows.into_iter().for_each(|(item, value)| table.row([item.to_owned(), value]));
    let mut blocks = vec![Block::Text(seat.summary.clone()), Block::Table(table)];
    blocks.extend(seat.briefing.situation.iter().cloned().map(Block::Text));
    blocks
}

fn objectives(evidence: &Evidence<'_>) -> Vec<Block> {
    let caption = "Points of an objective: 100 × (nobody acting − yours) ÷ (nobody acting − par), from 0 to 150. The score \
                   is the sum of points × weight.";
    let head =
        ["Objective", "#Weight", "#Yours", "#Nobody acting", "#On the day", "#Par", "#Points", "#Part of the score"];
    let mut table = Table::new(caption, &head);
    for judged in &evidence.judgement.objectives {
        let value = |value: f64| in_unit(value, &judged.unit);
        table.row([
            judged.name.clone(),
            format!("{:.0} %", judged.weight * 100.0),
            value(judged.yours),
            value(judged.do_nothing),
            value(judged.reference),
            value(judged.par),
            format!("{:.1}", judged.points),
            format!("{:.1}", judged.points * judged.weight),
        ]);
    }
    let empty = || String::new();
    let score = format!("{:.1}", evidence.judgement.score);
    table.row(["Score".to_owned(), "100 %".to_owned(), empty(), empty(), empty(), empty(), empty(), score]);
    vec![Block::Table(table)]
}

fn course(evidence: &Evidence<'_>) -> Vec<Block> {
    let services = evidence.services();
    let curve = |record: &Record| -> Vec<[f64; 2]> {
        let curves: Vec<Vec<[f64; 2]>> = services.iter().map(|&service| record.level_curve(service)).collect();
        let curves: Vec<&Vec<[f64; 2]>> = curves.iter().filter(|curve| !curve.is_empty()).collect();
        let Some(first) = curves.first() else { return Vec::new() };
        let mean = |row: usize| curves.iter().map(|curve| curve[row][1]).sum::<f64>() / curves.len() as f64;
        first.iter().enumerate().map(|(row, point)| [point[0], mean(row)]).collect()
    };
    let runs = evidence.runs;
    let lines = [
        ("This run", "stroke='#7a1f12' stroke-width='2.6'", &evidence.run.record),
        ("On the day", "stroke='#1d5f8a' stroke-width='1.6'", &*runs.reference),
        ("Best known", "stroke='#2f7d4f' stroke-width='1.6' stroke-dasharray='7 3'", &*runs.par),
        ("Nobody acting", "stroke='#6b7580' stroke-width='1.6' stroke-dasharray='2 3'", &*runs.do_nothing),
    ];
    let lines = lines.map(|(name, stroke, record)| Line { name, stroke, points: curve(record) });
    let marks: Vec<f64> = evidence.orders().iter().map(|(entry, _)| f64::from(entry.tick.0)).collect();
    let minutes = f64::from(evidence.run.world.tick().0);
    let day = |minute: f64| evidence.scenario().start.format(Tick(minute as u32), 0, "%a %-d %b");
    let since_midnight = evidence.scenario().start.minute_of_week() % 1440;
    let first_midnight = f64::from((1440 - since_midnight) % 1440);
    let lowest = lines[0].points.iter().map(|point| point[1]).fold(1.0, f64::min);
    let chart = Chart {
        caption: "Mean level of the seat's important services; triangles below are decisions.".to_owned(),
        words: format!(
            "Line chart over {}. The mean level of the seat's important services falls to {:.0} % at its lowest in this \
             run; the table of services has the figures.",
            span(minutes as u32),
            lowest * 100.0
        ),
        svg: chart::draw(&lines, &marks, minutes, &chart::days(first_midnight, minutes, day)),
    };
    let mut table = Table::new(
        "Important services, the longest outside tolerance first",
        &["Service", "#Below target from", "#Back for good", "#Outside tolerance", "#Lost"],
    );
    let world = &evidence.run.world;
    let mut rows: Vec<(u32, [String; 5])> = services
        .iter()
        .map(|&service| {
            let view = world.service(service);
            let time = |tick: Option<Tick>, none: &str| tick.map_or(none.to_owned(), |tick| evidence.time(tick));
            let lost = view.lost_micro as f64 / 1e6;
            let unit = &evidence.scenario().service_doc(service).unit;
            let back = if view.first_below.is_none() { "never below" } else { "not yet" };
            let row = [
                evidence.service(service),
                time(view.first_below, "–"),
                time(view.recovered_at, back),
                span(view.outside_min),
                format!("{} {unit}", thousands(lost as u64)),
            ];
            (view.outside_min, row)
        })
        .collect();
    rows.sort_by_key(|(outside, _)| std::cmp::Reverse(*outside));
    rows.into_iter().for_each(|(_, row)| table.row(row));
    vec![Block::Chart(chart), Block::Table(table)]
}

fn decisions(evidence: &Evidence<'_>) -> Vec<Block> {
    let orders = evidence.orders();
    if orders.is_empty() {
        return vec![Block::Text("Nobody gave an order from this seat.".to_owned())];
    }
    let caption = "Decisions in the order given, UTC; in force after the lead time";
    let mut table = Table::new(caption, &["Given", "Decision", "For", "#In force", "#Confidence", "Reason"]);
    for (entry, order) in orders {
        let remarks = entry.remarks();
        let confidence = remarks.and_then(|remarks| remarks.confidence_pct);
        let reason = remarks.and_then(|remarks| remarks.reason.as_deref());
        let playbook = || if entry.is_by_playbook() { "by the playbook" } else { "" };
        table.row([
            evidence.time(entry.tick),
            order.name,
            order.target,
            evidence.time(entry.tick.plus(order.lead_min)),
            confidence.map_or(String::new(), |percent| format!("{percent} %")),
            reason.unwrap_or(playbook()).to_owned(),
        ]);
    }
    vec![Block::Table(table)]
}

fn messages(evidence: &Evidence<'_>) -> Vec<Block> {
    let docs = &evidence.scenario().docs;
    let (scenario, world) = (evidence.scenario(), &evidence.run.world);
    let mut table = Table::new("Messages for the seat, UTC", &["Message", "Planned", "Delivered", "Channel"]);
    let injects = (0..).map(Ix::new).zip(&docs.injects);
    for (index, inject) in injects.filter(|&(index, _)| is_addressed(scenario, index, evidence.seat)) {
        let planned = match &inject.when {
            Trigger::At(time) => {
                evidence.scenario().start.tick_of(time).map_or_else(|_| time.clone(), |tick| evidence.time(tick))
            }
            Trigger::After(..) => "after an event".to_owned(),
            Trigger::Above(..) | Trigger::Below(..) => "on a condition".to_owned(),
        };
        let delivered = match world.injects_fired()[index] {
            Some(tick) if reaches(world, index, evidence.seat) => evidence.time(tick),
            Some(_) => "kept away by an earlier order".to_owned(),
            None => "not delivered".to_owned(),
        };
        table.row([inject.title.clone(), planned, delivered, inject.via.word().to_owned()]);
    }
    vec![Block::Table(table)]
}

fn basis(evidence: &Evidence<'_>) -> Vec<Block> {
    let (run, docs) = (evidence.run, &evidence.scenario().docs);
    let [documented, estimated, invented] = figures::count(docs).map(|count| thousands(count as u64));
    let mut table = Table::new("How to verify this report", &["Item", "Value"]);
    let rows = [
        ("Digest of the world at the end", run.world.digest().to_string()),
        ("Digest of commands and remarks", evidence.log_digest.to_owned()),
        ("Digest of the scenario", evidence.scenario().digest.to_string()),
        ("Program", format!("Blackstart {}", env!("CARGO_PKG_VERSION"))),
        ("Check", "blackstart verify RUNFILE plays the run again and compares every digest".to_owned()),
    ];
    rows.into_iter().for_each(|(item, value)| table.row([item.to_owned(), value]));
    let mut blocks = vec![
        Block::Text(format!(
            "The scenario has {documented} documented, {estimated} estimated and {invented} invented figures, each with its \
             source: blackstart sources {} lists them. Results are those of a model. They say what would follow from these \
             figures and not what would have happened.",
            docs.manifest.id
        )),
        Block::Table(table),
    ];
    let notes = |tag: NoteTag| run.notes.iter().filter(move |note| note.tag == tag);
    let observations: Vec<String> =
        notes(NoteTag::Observation).map(|note| format!("{}: {}", evidence.time(note.tick), note.text)).collect();
    if !observations.is_empty() {
        blocks.push(Block::Text("Observations that people wrote down:".to_owned()));
        blocks.push(Block::List(observations));
    }
    blocks
}
