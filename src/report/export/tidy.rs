//! The evidence of a report as a tidy table: one observation on each line, for any number of runs.

use serde::Serialize;

use super::super::evidence::{Delivery, Evidence, Order, Planned};
use super::super::tables::csv_from_rows;
use crate::base::Tick;
use crate::base::words::capital;
use crate::scenario::compile::Target;
use crate::session::runfile::target_key;
use crate::study::Sight;
use crate::study::confidence::fraction;

/// An observation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Name of the run, from its file.
    pub run: String,
    pub seat: String,
    pub seed: u64,
    /// `run`, `objective`, `decision`, `message`, `service` or `note`.
    pub record: &'static str,
    /// Counts the records of a kind from 1.
    pub number: usize,
    /// Id of the objective, mitigation, inject or service; the tag of a note.
    pub id: String,
    pub target: String,
    pub tick: Option<u32>,
    pub utc: String,
    pub measure: String,
    pub value: String,
    pub unit: String,
}

/// Observations as CSV under a line with the names of the columns.
pub fn csv(rows: &[Row]) -> String {
    csv_from_rows(rows)
}

/// All observations of a run.
pub fn rows(name: &str, evidence: &Evidence<'_>) -> Vec<Row> {
    let mut table = Table { name, evidence, rows: Vec::new() };
    table.run();
    table.objectives();
    table.decisions();
    table.messages();
    table.services();
    table.notes();
    table.rows
}

struct Table<'a> {
    name: &'a str,
    evidence: &'a Evidence<'a>,
    rows: Vec<Row>,
}

/// The subject of observations.
#[derive(Clone, Default)]
struct Subject {
    record: &'static str,
    number: usize,
    id: String,
    target: String,
    tick: Option<Tick>,
}

impl Table<'_> {
    fn put(&mut self, subject: &Subject, measure: &str, value: impl ToString, unit: &str) {
        let scenario = self.evidence.scenario();
        self.rows.push(Row {
            run: self.name.to_owned(),
            seat: scenario.docs.seats[self.evidence.seat.position()].id.clone(),
            seed: self.evidence.run.setup.seed,
            record: subject.record,
            number: subject.number,
            id: subject.id.clone(),
            target: subject.target.clone(),
            tick: subject.tick.map(|tick| tick.0),
            utc: subject.tick.map_or(String::new(), |tick| scenario.start.iso(tick)),
            measure: measure.to_owned(),
            value: value.to_string(),
            unit: unit.to_owned(),
        });
    }

    fn run(&mut self) {
        let evidence = self.evidence;
        let end = evidence.run.world.tick();
        let subject = Subject { record: "run", number: 1, tick: Some(end), ..Subject::default() };
        self.put(&subject, "score", evidence.judgement.score, "points");
        self.put(&subject, "reference_score", crate::assess::score::reference_score(evidence.judgement), "points");
        self.put(&subject, "scenario_digest", evidence.scenario().digest, "");
        self.put(&subject, "digest", evidence.run.world.digest(), "");
        self.put(&subject, "log_digest", evidence.log_digest, "");
        if let Some(worth) = evidence.worth {
            self.put(&subject, "seeds", worth.luck.scores.len(), "");
            self.put(&subject, "score_p5", worth.luck.band.p5, "points");
            self.put(&subject, "score_median", worth.luck.band.median, "points");
            self.put(&subject, "score_p95", worth.luck.band.p95, "points");
        }
        self.confidence(&subject);
    }

    /// How far to trust the confidence, if the worth of decisions was measured.
    fn confidence(&mut self, subject: &Subject) {
        let evidence = self.evidence;
        let found = evidence.known.zip(evidence.worth).and_then(|(known, worth)| known.confidence(&worth.decisions));
        let Some(found) = found else { return };
        self.put(subject, "confidence_orders", found.forecasts, "");
        self.put(subject, "confidence_mean", found.sure, "share");
        self.put(subject, "confidence_helped", found.helped, "share");
        let brier = found.brier;
        let parts = [
            ("brier", brier.score),
            ("brier_reliability", brier.reliability),
            ("brier_resolution", brier.resolution),
            ("brier_uncertainty", brier.uncertainty),
        ];
        parts.into_iter().for_each(|(measure, part)| self.put(subject, measure, fraction(part), ""));
    }

    /// What the seat could know when it gave an order.
    fn known(&mut self, subject: &Subject, sight: &Sight) {
        if let Some(minutes) = sight.wait_min() {
            self.put(subject, "sign_to_order", minutes, "min");
        }
        self.put(subject, "messages_reached", sight.messages.len(), "");
        if let Some(read) = sight.read() {
            self.put(subject, "messages_read", read, "");
        }
        self.put(subject, "services_below_target", sight.boards.below, "");
        self.put(subject, "services_outside_tolerance", sight.boards.outside, "");
        self.put(subject, "hosts_down", sight.boards.hosts_down, "hosts");
        self.put(subject, "hosts_down_later", sight.hosts_down_later.1, "hosts");
    }

    fn objectives(&mut self) {
        let evidence = self.evidence;
        for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
            let subject =
                Subject { record: "objective", number: index + 1, id: judged.id.clone(), ..Subject::default() };
            self.put(&subject, "weight", judged.weight, "share");
            let values = [
                ("yours", judged.yours),
                ("do_nothing", judged.do_nothing),
                ("reference", judged.reference),
                ("par", judged.par),
            ];
            values.into_iter().for_each(|(measure, value)| self.put(&subject, measure, value, &judged.unit));
            self.put(&subject, "points", judged.points, "points");
            self.put(&subject, "rating", evidence.rating(index).letter(), "");
        }
    }

    fn decisions(&mut self) {
        let evidence = self.evidence;
        for (index, order) in evidence.orders().iter().enumerate() {
            let subject = decision_subject(index, order);
            self.put(&subject, "in_force_after", order.effective.since(order.tick), "min");
            self.put(&subject, "by_playbook", order.entry.is_by_playbook(), "");
            if let Some(remarks) = order.entry.remarks() {
                if let Some(percent) = remarks.confidence_pct {
                    self.put(&subject, "confidence", f64::from(percent) / 100.0, "share");
                }
                if let Some(reason) = &remarks.reason {
                    self.put(&subject, "reason", reason, "");
                }
            }
            if let Some(known) = evidence.known.and_then(|known| known.decisions.get(index)) {
                self.known(&subject, &known.sight);
            }
            if let Some(found) = evidence.worth.and_then(|worth| worth.decisions.get(index)) {
                let score = &found.worth.score;
                let values = [("worth_p5", score.p5), ("worth_median", score.median), ("worth_p95", score.p95)];
                values.into_iter().for_each(|(measure, value)| self.put(&subject, measure, value, "points"));
            }
        }
    }

    fn messages(&mut self) {
        for (index, message) in self.evidence.messages().iter().enumerate() {
            let delivered = if let Delivery::Delivered(tick) = message.delivery { Some(tick) } else { None };
            let subject = Subject {
                record: "message",
                number: index + 1,
                id: message.id.to_owned(),
                tick: delivered,
                ..Subject::default()
            };
            if let Planned::At(tick) = message.planned {
                self.put(&subject, "planned_tick", tick.0, "min");
            }
            self.put(&subject, "is_delivered", delivered.is_some(), "");
            if let (Some(delivered), Some((answered, _))) = (delivered, message.answered) {
                self.put(&subject, "answered_after", answered.since(delivered), "min");
            }
        }
    }

    fn services(&mut self) {
        let evidence = self.evidence;
        let scenario = evidence.scenario();
        for (index, service) in evidence.services().into_iter().enumerate() {
            let view = evidence.run.world.service(service);
            let id = target_key(scenario, Target::Service(service));
            let subject = Subject { record: "service", number: index + 1, id, ..Subject::default() };
            self.put(&subject, "outside_tolerance", view.outside_min, "min");
            self.put(&subject, "lost", view.lost_micro as f64 / 1e6, &scenario.service_doc(service).unit);
            if let Some(tick) = view.first_below {
                self.put(&subject, "first_below_tick", tick.0, "min");
            }
            if let Some(tick) = view.recovered_at {
                self.put(&subject, "recovered_tick", tick.0, "min");
            }
        }
    }

    fn notes(&mut self) {
        for (index, note) in self.evidence.run.notes.iter().enumerate() {
            let subject = Subject {
                record: "note",
                number: index + 1,
                id: capital(&format!("{:?}", note.tag)),
                tick: Some(note.tick),
                ..Subject::default()
            };
            self.put(&subject, "text", &note.text, "");
        }
    }
}

fn decision_subject(index: usize, order: &Order<'_>) -> Subject {
    Subject {
        record: "decision",
        number: index + 1,
        id: order.id.to_owned(),
        target: order.target_key.clone(),
        tick: Some(order.tick),
    }
}
