//! A run as statements of the Experience API 1.0.3: the seat was taken, messages came, orders were given, objectives were
//! scored, the exercise was completed.
//!
//! Times are those of the scenario, and ids come from the digests of the run, so that a file has no trace of the machine
//! that wrote it and a store that gets it twice keeps it once.

use serde_json::{Map, Value, json};

use super::super::evidence::{Delivery, Evidence};
use crate::base::Tick;
use crate::base::table::json_text;

const VERB: &str = "http://adlnet.gov/expapi/verbs/";
const KIND: &str = "http://adlnet.gov/expapi/activities/";
/// Extensions and activities are named, not located.
const NAMES: &str = "urn:blackstart:";
/// The home page of accounts that stand for a run file.
const HOME: &str = "https://blackstart.invalid/runs";
const LANGUAGE: &str = "en-GB";

/// The person of the statements.
#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    /// An address of electronic mail.
    Mail(&'a str),
    /// Nobody is named: an account with the name of the run.
    Run(&'a str),
}

/// Statements of several runs as one list.
pub fn text(statements: &[Value]) -> String {
    json_text(&statements)
}

/// The statements of a run in the order of their times.
pub fn statements(evidence: &Evidence<'_>, actor: Actor<'_>) -> Vec<Value> {
    let mut writer = Writer::new(evidence, actor);
    writer.begin();
    writer.messages();
    writer.orders();
    writer.statements.sort_by_key(|(tick, _)| *tick);
    writer.end();
    writer.finish()
}

struct Writer<'a> {
    evidence: &'a Evidence<'a>,
    actor: Value,
    /// `urn:blackstart:2024-07-19:airline-ops`
    seat: String,
    /// The statements without their ids.
    statements: Vec<(Tick, Value)>,
}

impl<'a> Writer<'a> {
    fn new(evidence: &'a Evidence<'a>, actor: Actor<'_>) -> Self {
        let docs = &evidence.scenario().docs;
        let seat = format!("{NAMES}{}:{}", docs.manifest.id, docs.seats[evidence.seat.position()].id);
        let actor = match actor {
            Actor::Mail(address) => json!({ "objectType": "Agent", "mbox": format!("mailto:{address}") }),
            Actor::Run(name) => {
                json!({ "objectType": "Agent", "account": { "homePage": HOME, "name": name } })
            }
        };
        Self { evidence, actor, seat, statements: Vec::new() }
    }

    fn put(&mut self, tick: Tick, verb: &str, object: Value, result: Option<Value>) {
        let scenario = self.evidence.scenario();
        let mut statement = Map::new();
        statement.insert("actor".to_owned(), self.actor.clone());
        let words = json!({ LANGUAGE: verb });
        statement.insert("verb".to_owned(), json!({ "id": format!("{VERB}{verb}"), "display": words }));
        statement.insert("object".to_owned(), object);
        if let Some(result) = result {
            statement.insert("result".to_owned(), result);
        }
        let scenario_activity =
            json!({ "objectType": "Activity", "id": format!("{NAMES}{}", scenario.docs.manifest.id) });
        statement.insert(
            "context".to_owned(),
            json!({
                "registration": self.uuid("registration"),
                "platform": format!("Blackstart {}", env!("CARGO_PKG_VERSION")),
                "language": LANGUAGE,
                "contextActivities": {
                    "parent": [{ "objectType": "Activity", "id": self.seat }],
                    "grouping": [scenario_activity],
                },
            }),
        );
        let iso = scenario.start.iso(tick);
        statement.insert("timestamp".to_owned(), json!(format!("{}:00Z", iso.trim_end_matches('Z'))));
        statement.insert("version".to_owned(), json!("1.0.3"));
        self.statements.push((tick, Value::Object(statement)));
    }

    fn activity(&self, id: &str, kind: &str, name: &str, words: &str) -> Value {
        let mut definition = Map::new();
        definition.insert("type".to_owned(), json!(format!("{KIND}{kind}")));
        definition.insert("name".to_owned(), json!({ LANGUAGE: name }));
        if !words.is_empty() {
            definition.insert("description".to_owned(), json!({ LANGUAGE: words }));
        }
        json!({ "objectType": "Activity", "id": id, "definition": definition })
    }

    /// The exercise from this seat.
    fn exercise(&self) -> Value {
        let docs = &self.evidence.scenario().docs;
        let seat = &docs.seats[self.evidence.seat.position()];
        let name = format!("{}: {}", docs.manifest.title, seat.name);
        self.activity(&self.seat, "simulation", &name, &seat.summary)
    }

    fn begin(&mut self) {
        self.put(Tick::ZERO, "initialized", self.exercise(), None);
    }

    fn messages(&mut self) {
        for message in self.evidence.messages() {
            if let Delivery::Delivered(tick) = message.delivery {
                let id = format!("{}:message:{}", self.seat, message.id);
                let words = format!("{}, {}", message.from, message.via);
                let object = self.activity(&id, "media", message.title, &words);
                self.put(tick, "experienced", object, None);
            }
        }
    }

    fn orders(&mut self) {
        let evidence = self.evidence;
        for (index, order) in evidence.orders().into_iter().enumerate() {
            let mut extensions = Map::new();
            extensions.insert(format!("{NAMES}target"), json!(order.target_key));
            extensions.insert(format!("{NAMES}by-playbook"), json!(order.entry.is_by_playbook()));
            let known = evidence.known.and_then(|known| known.decisions.get(index));
            if let Some(minutes) = known.and_then(|known| known.sight.wait_min()) {
                extensions.insert(format!("{NAMES}sign-to-order"), json!(format!("PT{minutes}M")));
            }
            if let Some(found) = evidence.worth.and_then(|worth| worth.decisions.get(index)) {
                extensions.insert(format!("{NAMES}worth"), json!(found.worth.score.median));
            }
            let mut result = Map::new();
            if let Some(remarks) = order.entry.remarks() {
                if let Some(percent) = remarks.confidence_pct {
                    extensions.insert(format!("{NAMES}confidence"), json!(f64::from(percent) / 100.0));
                }
                if let Some(reason) = remarks.reason.as_deref() {
                    result.insert("response".to_owned(), json!(reason));
                }
            }
            result.insert("extensions".to_owned(), Value::Object(extensions));
            let id = format!("{}:order:{}", self.seat, order.id);
            let object = self.activity(&id, "performance", order.name, "");
            self.put(order.tick, "interacted", object, Some(Value::Object(result)));
        }
    }

    fn end(&mut self) {
        let evidence = self.evidence;
        let end = evidence.run.world.tick();
        for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
            let id = format!("{}:objective:{}", self.seat, judged.id);
            let object = self.activity(&id, "objective", &judged.name, "");
            let mut result = scored(judged.points);
            let rating = evidence.rating(index).letter();
            result["extensions"] = json!({
                format!("{NAMES}rating"): rating,
                format!("{NAMES}value"): judged.yours,
                format!("{NAMES}unit"): judged.unit,
            });
            self.put(end, "scored", object, Some(result));
        }
        let mut result = scored(evidence.judgement.score);
        result["completion"] = json!(true);
        result["duration"] = json!(format!("PT{}M", end.0));
        result["extensions"] = json!({ format!("{NAMES}log-digest"): evidence.log_digest });
        self.put(end, "completed", self.exercise(), Some(result));
    }

    fn finish(self) -> Vec<Value> {
        let id = |(index, (_, mut statement)): (usize, (Tick, Value))| {
            statement["id"] = json!(uuid(&format!("{} {} {index}", self.run_name(), self.actor)));
            statement
        };
        self.statements.iter().cloned().enumerate().map(id).collect()
    }

    /// The run, by what was done in it and what came of it.
    fn run_name(&self) -> String {
        let run = self.evidence.run;
        format!("{} {} {} {}", self.seat, run.setup.seed, run.world.digest(), self.evidence.log_digest)
    }

    fn uuid(&self, name: &str) -> String {
        uuid(&format!("{} {} {name}", self.run_name(), self.actor))
    }
}

fn scored(points: f64) -> Value {
    let scaled = crate::assess::score::rounded((points / 100.0).clamp(-1.0, 1.0));
    json!({ "score": { "raw": points, "scaled": scaled } })
}

/// An identifier from a name, in the form of version 5.
fn uuid(name: &str) -> String {
    let hash = blake3::hash(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_version_and_variant() {
        let id = uuid("a run");
        assert_eq!((id.len(), &id[14..15]), (36, "5"), "{id}");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        assert_ne!(id, uuid("another run"));
    }
}
