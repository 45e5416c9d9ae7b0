//! The run file: a run as text that anybody can read, re-run and verify.
//!
//! `blackstart-run 1`, then one record a line: `<chain> <JSON>`. The chain hashes the chain before
//! and the JSON, so that an altered line is found; replaying the commands against the digest of
//! every tick finds what was altered with its chain made to fit. docs/run-file.md has the format.
//!
//! Invariant: commands name their mitigation and target, never an index, so that a run file stays
//! readable and does not depend on the order of a scenario's lists.

mod read;
mod replay;

use serde::{Deserialize, Serialize};

pub use read::{Altered, ReadError, Reading, read, read_bytes};
pub use replay::{Difference, replay};

use super::run::{LogEntry, Run};
use crate::base::{Digest, Tick};
use crate::scenario::compile::{Scenario, Target, TargetKind};
use crate::sim::{Command, Issuer};

/// The version this program writes and reads.
pub const VERSION: u32 = 1;
/// Where runs are saved when nobody names a folder, below the working folder.
pub const RUNS_FOLDER: &str = "blackstart-runs";
/// What stands before the version in the first line.
pub const MAGIC: &str = "blackstart-run";
/// Ticks whose digests share a line: a scenario hour.
pub const DIGESTS_PER_LINE: usize = 60;
/// Hexadecimal digits of the chain.
const CHAIN_LEN: usize = 32;

/// A run file's contents.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFile {
    pub header: Header,
    pub commands: Vec<CommandRecord>,
    /// Digest at every boundary from tick 0.
    pub digests: Vec<Digest>,
    pub end: End,
}

/// What a run started from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Scenario id.
    pub scenario: String,
    /// Digest of the scenario's text.
    pub scenario_digest: String,
    /// Version of the program that made the run.
    pub program: String,
    pub seed: u64,
    /// Seat in play; none where everybody followed a playbook.
    pub seat: Option<String>,
    /// Playbook of the seat's organisations (of all, where there is no seat); none where a person decided.
    pub own: Option<String>,
    /// Playbook of everybody else.
    pub others: Option<String>,
    /// UTC time of tick 0.
    pub start: String,
    /// Length of the whole run in ticks of a minute.
    pub horizon: u32,
}

/// An accepted command, by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRecord {
    pub tick: u32,
    /// `policy`, `facilitator` or `seat:ID`.
    pub by: String,
    /// Mitigation id of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// `world`, `organisation`, `organisation/fleet` or `organisation/service`, as the mitigation takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Number of the order (from 0, in the order of acceptance) that is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<u32>,
    /// Id of an inject that the facilitator lets go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inject: Option<String>,
    /// People that the facilitator gives the target, an organisation, or takes from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantRecord>,
    /// How sure the trainee was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_pct: Option<u8>,
}

/// Technicians given, or taken if negative, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRecord {
    pub technicians: i32,
    pub hours: u32,
}

/// Where a run stopped and how it was judged there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub tick: u32,
    /// Digest at that tick.
    pub digest: String,
    /// Objectives of the seat; empty without a seat.
    pub objectives: Vec<ObjectiveRecord>,
    /// Points of the seat; none without a seat.
    pub score: Option<f64>,
}

/// An objective's values in the metric's unit, and its points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveRecord {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub yours: f64,
    pub do_nothing: f64,
    pub reference: f64,
    pub par: f64,
    pub points: f64,
}

/// Digests of consecutive boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DigestsRecord {
    from: u32,
    digests: Vec<String>,
}

/// One line after its chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Header(Header),
    Command(CommandRecord),
    Digests(DigestsRecord),
    End(End),
}

/// How a seat was judged; `assess` knows, this room only writes it down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    pub objectives: Vec<ObjectiveRecord>,
    pub score: Option<f64>,
}

impl RunFile {
    /// What there is to write of a run, at whatever tick it is.
    pub fn of(run: &Run, judgement: Judgement) -> Self {
        let scenario = &run.setup.scenario;
        let voices = run.setup.voices;
        let playbook = |index: Option<u32>| index.map(|index| scenario.docs.playbooks[index as usize].id.clone());
        Self {
            header: Header {
                scenario: scenario.docs.manifest.id.clone(),
                scenario_digest: scenario.digest.to_string(),
                program: env!("CARGO_PKG_VERSION").to_owned(),
                seed: run.setup.seed,
                seat: voices.seat.map(|seat| scenario.docs.seats[seat as usize].id.clone()),
                own: playbook(voices.own),
                others: playbook(voices.others),
                start: scenario.start.iso(Tick::ZERO),
                horizon: scenario.horizon.0,
            },
            commands: run.log.iter().map(|entry| CommandRecord::of(scenario, entry)).collect(),
            digests: run.digests.clone(),
            end: End {
                tick: run.world.tick.0,
                digest: run.world.digest().to_string(),
                objectives: judgement.objectives,
                score: judgement.score,
            },
        }
    }

    /// The file's text: header, then hour by hour the commands and the digests, then the end.
    pub fn to_text(&self) -> String {
        let mut text = TextWriter::new();
        text.line(&Line::Header(self.header.clone()));
        let mut commands = self.commands.iter().peekable();
        for (hour, digests) in self.digests.chunks(DIGESTS_PER_LINE).enumerate() {
            let from = (hour * DIGESTS_PER_LINE) as u32;
            let to = from + digests.len() as u32;
            while let Some(command) = commands.next_if(|command| command.tick < to) {
                text.line(&Line::Command(command.clone()));
            }
            let digests = digests.iter().map(Digest::to_string).collect();
            text.line(&Line::Digests(DigestsRecord { from, digests }));
        }
        text.line(&Line::End(self.end.clone()));
        text.text
    }
}

impl CommandRecord {
    fn of(scenario: &Scenario, entry: &LogEntry) -> Self {
        let blank = CommandRecord {
            tick: entry.tick.0,
            by: String::new(),
            order: None,
            target: None,
            cancel: None,
            inject: None,
            grant: None,
            confidence_pct: entry.confidence_pct,
        };
        let (by, record) = match entry.command {
            Command::Order { by, mitigation, target } => {
                let order = Some(scenario.docs.mitigations[mitigation as usize].id.clone());
                (by, Self { order, target: Some(target_key(scenario, target)), ..blank })
            }
            Command::Cancel { by, order } => (by, Self { cancel: Some(order), ..blank }),
            Command::Inject { by, inject } => {
                let inject = Some(scenario.docs.injects[inject as usize].id.clone());
                (by, Self { inject, ..blank })
            }
            Command::Grant { by, organisation, technicians, hours } => {
                let target = Some(target_key(scenario, Target::Organisation(organisation)));
                (by, Self { target, grant: Some(GrantRecord { technicians, hours }), ..blank })
            }
        };
        let by = match by {
            Issuer::Policy => "policy".to_owned(),
            Issuer::Facilitator => "facilitator".to_owned(),
            Issuer::Seat(seat) => format!("seat:{}", scenario.docs.seats[seat as usize].id),
        };
        Self { by, ..record }
    }

    /// The command in a scenario's indices.
    ///
    /// # Errors
    /// A clause that says which name the scenario lacks.
    pub fn resolve(&self, scenario: &Scenario) -> Result<Command, String> {
        let by = match self.by.as_str() {
            "policy" => Issuer::Policy,
            "facilitator" => Issuer::Facilitator,
            other => {
                let seat = other.strip_prefix("seat:").and_then(|id| scenario.seat_index(id));
                Issuer::Seat(seat.ok_or_else(|| format!("nobody is called `{other}`"))? as u32)
            }
        };
        match (&self.order, &self.target, self.cancel, &self.inject, self.grant) {
            (Some(id), Some(key), None, None, None) => {
                let mitigation = scenario.docs.mitigations.iter().position(|entry| entry.id == *id);
                let mitigation = mitigation.ok_or_else(|| format!("there is no mitigation `{id}`"))?;
                let target = target_of(scenario, scenario.mitigations[mitigation].target, key)?;
                Ok(Command::Order { by, mitigation: mitigation as u32, target })
            }
            (None, None, Some(order), None, None) => Ok(Command::Cancel { by, order }),
            (None, None, None, Some(id), None) => {
                let inject = scenario.docs.injects.iter().position(|entry| entry.id == *id);
                let inject = inject.ok_or_else(|| format!("there is no inject `{id}`"))? as u32;
                Ok(Command::Inject { by, inject })
            }
            (None, Some(key), None, None, Some(GrantRecord { technicians, hours })) => {
                let organisation = scenario.organisation_index(key);
                let organisation = organisation.ok_or_else(|| format!("there is no organisation `{key}`"))?;
                Ok(Command::Grant { by, organisation, technicians, hours })
            }
            _ => Err("it is no order with its target, no cancellation, inject or grant".to_owned()),
        }
    }
}

/// A target as run files name it.
pub fn target_key(scenario: &Scenario, target: Target) -> String {
    match target {
        Target::World => "world".to_owned(),
        Target::Organisation(organisation) => scenario.organisation_id(organisation).into_owned(),
        Target::Fleet(fleet) => scenario.fleet_key(fleet),
        Target::Service(service) => scenario.service_key(service),
    }
}

fn target_of(scenario: &Scenario, kind: TargetKind, key: &str) -> Result<Target, String> {
    let found = match kind {
        TargetKind::World => (key == "world").then_some(Target::World),
        TargetKind::Organisation => scenario.organisation_index(key).map(Target::Organisation),
        TargetKind::Fleet => {
            let of = |(organisation, id)| scenario.fleet_of(scenario.organisation_index(organisation)?, id);
            key.split_once('/').and_then(of).map(Target::Fleet)
        }
        TargetKind::Service => {
            let of = |(organisation, id)| scenario.service_of(scenario.organisation_index(organisation)?, id);
            key.split_once('/').and_then(of).map(Target::Service)
        }
    };
    let what = match kind {
        TargetKind::World => "target",
        TargetKind::Organisation => "organisation",
        TargetKind::Fleet => "fleet",
        TargetKind::Service => "service",
    };
    found.ok_or_else(|| format!("there is no {what} `{key}`"))
}

/// The chain after a record.
fn chain(before: &str, json: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.as_bytes());
    hasher.update(json);
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(CHAIN_LEN);
    hex
}

/// The first line, which the chain starts from.
fn first_line() -> String {
    format!("{MAGIC} {VERSION}")
}

struct TextWriter {
    text: String,
    chain: String,
}

impl TextWriter {
    fn new() -> Self {
        let first = first_line();
        Self { text: format!("{first}\n"), chain: first }
    }

    fn line(&mut self, line: &Line) {
        let json = serde_json::to_string(line).expect("records print as JSON");
        self.chain = chain(&self.chain, json.as_bytes());
        self.text.push_str(&self.chain);
        self.text.push(' ');
        self.text.push_str(&json);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests;
