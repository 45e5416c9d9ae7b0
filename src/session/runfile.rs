//! The run file: a run as text that anybody can read, re-run and verify.
//!
//! The first line is `blackstart-run 3`; each further line is a record, `<chain> <JSON>`. The chain is a hash of
//! the chain before and the JSON, so an altered line is found. If somebody alters a line and computes a new chain,
//! a replay of the commands finds the difference in the digests. docs/run-file.md has the format.
//!
//! Invariant: commands name their mitigation and target, never an index, so that a run file stays readable and does
//! not depend on the order of a scenario's lists. Must not judge a run: callers pass the scores.

mod read;
mod replay;
mod sign;
mod signature;
mod version1;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use read::{
    Altered, BYTES_MAX, BrokenOff, ReadError, Reading, Summary, read, read_bytes, summarise, summarise_bytes,
};
pub use replay::{Difference, Replayer, replay};
pub use sign::{SignError, sign};
pub use signature::{KeyError, PrivateKey, PublicKey, Signature};

use super::cast::{Cast, CastSeat, Player};
use super::conduct::{DeedRecord, PersonId};
use super::log::{CONFIDENCE_MAX_PCT, LogEntry, Note, NoteTag, Origin, Remarks, TEXT_MAX_CHARS};
use super::run::Run;
use crate::base::{Digest, Ix, Tick};
use crate::scenario::compile::{Inject, Playbook, Scenario, Target, TargetKind};
use crate::sim::{Command, Issuer};

/// The version that this program writes. It also reads the versions before.
pub const VERSION: u32 = 3;
/// The first version with deeds, and with the people behind orders and notes.
const DEEDS_SINCE: u32 = 3;
/// The default folder for runs, below the working folder.
pub const RUNS_FOLDER: &str = "blackstart-runs";
/// The text before the version in the first line.
pub const MAGIC: &str = "blackstart-run";
/// Ticks whose digests share a line: a scenario hour.
pub const DIGESTS_PER_LINE: usize = 60;
/// Hexadecimal digits of the chain.
const CHAIN_LEN: usize = 32;

/// A run file's contents.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFile {
    /// Version of the format that the file was written in.
    pub version: u32,
    pub header: Header,
    pub commands: Vec<CommandRecord>,
    pub notes: Vec<NoteRecord>,
    /// Deeds of people in a facilitated exercise, in their order.
    pub deeds: Vec<DeedRecord>,
    /// Digests from tick 0 on, at the boundaries that the header states.
    pub digests: Vec<Digest>,
    /// The last standing of an unfinished exercise.
    pub standing: Option<Standing>,
    /// The end of the run; none if the run was not finished.
    pub end: Option<End>,
}

/// The inputs of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Scenario id.
    pub scenario: String,
    /// Digest of the scenario.
    pub scenario_digest: String,
    /// Version of the program that made the run.
    pub program: String,
    pub seed: u64,
    /// Seats in play, in the order of the scenario; empty if everybody followed a playbook.
    pub seats: Vec<SeatRecord>,
    /// Playbook of organisations that no seat in play directs; none if nobody acted for them.
    pub others: Option<String>,
    /// UTC time of tick 0.
    pub start: String,
    /// Length of the whole run in ticks of a minute.
    pub horizon: u32,
    /// Text from which the seed was drawn, such as a word of the day: nobody can have made the file before the text
    /// was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// Were the figures of the scenario drawn for the morning of the seed?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_drawn: bool,
    /// Minutes between digests; 1, and left out, for a digest of every boundary.
    #[serde(default = "every_minute", skip_serializing_if = "is_every_minute")]
    pub digests_every_min: u32,
}

fn every_minute() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_every_minute(minutes: &u32) -> bool {
    *minutes == 1
}

/// A seat in play and its player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatRecord {
    /// Seat id.
    pub seat: String,
    pub player: PlayerRecord,
}

/// The player of a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlayerRecord {
    Person,
    Agent,
    /// A playbook, by id.
    Playbook(String),
}

/// An accepted command, by names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandRecord {
    pub tick: u32,
    /// `playbook:ID`, `facilitator` or `seat:ID`; in version 1 `policy` for all playbooks.
    pub by: String,
    /// Number of the playbook's entry, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u32>,
    /// Mitigation id of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// `world`, `organisation`, `organisation/fleet` or `organisation/service`, by the kind of target that the
    /// mitigation takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Number of the order (from 0, in the order of acceptance) that is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<u32>,
    /// Id of an inject that the facilitator fires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inject: Option<String>,
    /// Technicians that the facilitator grants the target, which is an organisation, or takes from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantRecord>,
    /// Confidence of the person, in per cent, 0..=100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_pct: Option<u8>,
    /// The person's reason for the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Ids of messages that the seat had read by then and that no earlier order of the seat has; none if nobody recorded
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Vec<String>>,
    /// Number of the person who gave the command, in a facilitated exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Number of the proposal that was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<u32>,
}

/// Number of technicians granted (negative if taken), and hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRecord {
    pub technicians: i32,
    pub hours: u32,
}

/// A note of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteRecord {
    pub tick: u32,
    /// Seat id of the writer; none for facilitators and observers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// Id of the objective of that seat that the note is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    pub tag: NoteTag,
    pub text: String,
    /// Number of the writer, in a facilitated exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// The tick that an exercise had reached and the points of its seats, for a list of unfinished runs. It is a mere
/// claim: a replay does not use it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub tick: u32,
    /// Points so far by seat id.
    pub points: Vec<(String, f64)>,
}

/// The tick at which a run stopped, and the judgements of its seats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub tick: u32,
    /// Digest at that tick.
    pub digest: String,
    /// Digest of header, commands, remarks and notes; none in version 1.
    pub log_digest: Option<String>,
    /// Judgements of seats in play; a seat without comparison runs has none.
    pub seats: Vec<Judgement>,
}

/// The result of a seat. `assess` computes it; this module only stores it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Seat id.
    pub seat: String,
    /// Points, in thousandths.
    pub score: f64,
    pub objectives: Vec<Judged>,
}

/// A judged objective: its values in the metric's unit in the run and in its comparison runs, and its points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    pub id: String,
    pub name: String,
    pub unit: String,
    /// Share of the score, 0..=1; NaN if the file does not state it (version 1).
    #[serde(default = "unstated")]
    pub weight: f64,
    pub yours: f64,
    pub do_nothing: f64,
    pub reference: f64,
    pub par: f64,
    pub points: f64,
}

fn unstated() -> f64 {
    f64::NAN
}

/// Digests of consecutive boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DigestsRecord {
    pub from: u32,
    pub digests: Vec<String>,
}

/// The record of a line, without its chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Header(Header),
    Command(CommandRecord),
    Note(NoteRecord),
    Deed(DeedRecord),
    Digests(DigestsRecord),
    Standing(Standing),
    End(End),
    Signature(signature::SignatureRecord),
}

impl RunFile {
    /// The run file of a run that ends at its present tick.
    pub fn from_run(run: &Run, seats: Vec<Judgement>) -> Self {
        let scenario = &run.setup.scenario;
        Self {
            version: VERSION,
            header: Header::from_run(run),
            commands: run.log.iter().map(|entry| CommandRecord::from_entry(scenario, entry)).collect(),
            notes: run.notes.iter().map(|note| NoteRecord::from_note(scenario, note)).collect(),
            deeds: run.conduct.deeds().to_vec(),
            digests: run.digests.clone(),
            standing: None,
            end: Some(End {
                tick: run.world.tick().0,
                digest: run.world.digest().to_string(),
                log_digest: Some(log_digest(run)),
                seats,
            }),
        }
    }

    /// Digest of header, commands with remarks, notes and deeds: 32 hexadecimal digits.
    pub fn log_digest(&self) -> String {
        let mut log = LogHasher::default();
        log.add(&Line::Header(self.header.clone()));
        self.commands.iter().for_each(|command| log.add(&Line::Command(command.clone())));
        self.notes.iter().for_each(|note| log.add(&Line::Note(note.clone())));
        self.deeds.iter().for_each(|record| log.add(&Line::Deed(record.clone())));
        shortened(log.hasher)
    }

    /// The file's text: header, then line by line of digests commands, notes, deeds and digests, then the end.
    pub fn to_text(&self) -> String {
        let mut text = ChainedText::default();
        text.push(&Line::Header(self.header.clone()));
        let mut commands = self.commands.iter().peekable();
        let mut notes = self.notes.iter().peekable();
        let mut deeds = self.deeds.iter().peekable();
        let every_min = self.header.digests_every_min;
        let lines = self.digests.len().div_ceil(DIGESTS_PER_LINE);
        for (line, digests) in self.digests.chunks(DIGESTS_PER_LINE).enumerate() {
            let from = (line * DIGESTS_PER_LINE) as u32 * every_min;
            // The last line covers everything up to the end, which may lie between two digests.
            let to = if line + 1 == lines { u32::MAX } else { from + digests.len() as u32 * every_min };
            while let Some(command) = commands.next_if(|command| command.tick < to) {
                text.push(&Line::Command(command.clone()));
            }
            while let Some(note) = notes.next_if(|note| note.tick < to) {
                text.push(&Line::Note(note.clone()));
            }
            while let Some(record) = deeds.next_if(|record| record.tick < to) {
                text.push(&Line::Deed(record.clone()));
            }
            text.push(&Line::digests(from, digests));
        }
        if let Some(end) = &self.end {
            text.push(&Line::End(end.clone()));
        }
        text.take()
    }

    /// The judgement of a seat; none if the file has none.
    pub fn judgement(&self, seat: &str) -> Option<&Judgement> {
        self.end.as_ref()?.seats.iter().find(|judgement| judgement.seat == seat)
    }
}

impl Header {
    pub(super) fn from_run(run: &Run) -> Self {
        let setup = &run.setup;
        let scenario = &setup.scenario;
        let playbook_id = |playbook: Ix<Playbook>| scenario.docs.playbooks[playbook.position()].id.clone();
        let seat = |entry: &CastSeat| SeatRecord {
            seat: scenario.docs.seats[entry.seat.position()].id.clone(),
            player: match entry.player {
                Player::Person => PlayerRecord::Person,
                Player::Agent => PlayerRecord::Agent,
                Player::Playbook(index) => PlayerRecord::Playbook(playbook_id(index)),
            },
        };
        Self {
            scenario: scenario.docs.manifest.id.clone(),
            scenario_digest: scenario.digest.to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            seed: setup.seed,
            seats: setup.cast.seats().iter().map(seat).collect(),
            others: setup.cast.others().map(playbook_id),
            start: scenario.start.iso(Tick::ZERO),
            horizon: scenario.horizon.0,
            challenge: run.challenge.as_deref().map(str::to_owned),
            is_drawn: scenario.morning == Some(setup.seed),
            digests_every_min: run.digests_every_min,
        }
    }

    /// The scenario with the figures of the run's morning, from the written one.
    ///
    /// # Errors
    /// A clause: figures of another morning are given, or the drawn ones cannot be simulated.
    pub fn scenario_played(&self, written: &Arc<Scenario>) -> Result<Arc<Scenario>, String> {
        if !self.is_drawn {
            return match written.morning {
                None => Ok(Arc::clone(written)),
                Some(_) => Err("the run was played with the written figures of the scenario".to_owned()),
            };
        }
        let drawn = written.on_morning(self.seed);
        drawn.map_err(|error| format!("the figures of seed {} cannot be simulated: {error}", self.seed))
    }

    /// Playbooks of the cast that the scenario does not have: they came from files of their own.
    pub fn foreign_playbooks(&self, scenario: &Scenario) -> Vec<&str> {
        let of_seats = self.seats.iter().filter_map(|seat| match &seat.player {
            PlayerRecord::Playbook(id) => Some(id),
            PlayerRecord::Person | PlayerRecord::Agent => None,
        });
        let playbooks = of_seats.chain(&self.others).map(String::as_str);
        playbooks.filter(|id| scenario.playbook_index(id).is_none()).collect()
    }

    /// The cast in a scenario's indices.
    ///
    /// # Errors
    /// A clause that says which name the scenario lacks.
    pub fn cast(&self, scenario: &Scenario) -> Result<Cast, String> {
        let playbook = |id: &String| {
            let index = scenario.playbook_index(id);
            index.ok_or_else(|| format!("there is no playbook `{id}`"))
        };
        let seat = |record: &SeatRecord| {
            let seat = scenario.seat_index(&record.seat);
            let player = match &record.player {
                PlayerRecord::Person => Player::Person,
                PlayerRecord::Agent => Player::Agent,
                PlayerRecord::Playbook(id) => Player::Playbook(playbook(id)?),
            };
            let seat = seat.ok_or_else(|| format!("there is no seat `{}`", record.seat))?;
            Ok::<_, String>(CastSeat { seat, player })
        };
        let seats = self.seats.iter().map(seat).collect::<Result<Vec<_>, _>>()?;
        Ok(Cast::new(seats, self.others.as_ref().map(playbook).transpose()?))
    }
}

impl NoteRecord {
    pub(super) fn from_note(scenario: &Scenario, note: &Note) -> Self {
        let seat = note.seat.map(|seat| &scenario.docs.seats[seat.position()]);
        let objective = note.objective.zip(seat).map(|(objective, seat)| seat.objectives[objective].id.clone());
        let seat = seat.map(|seat| seat.id.clone());
        Self { tick: note.tick.0, seat, objective, tag: note.tag, text: note.text.clone(), person: note.person }
    }

    /// The note in a scenario's indices.
    ///
    /// # Errors
    /// The scenario lacks the seat or its objective, or the text is too long.
    pub fn resolve(&self, scenario: &Scenario) -> Result<Note, String> {
        if TEXT_MAX_CHARS < self.text.chars().count() {
            return Err(format!("a note has more than {TEXT_MAX_CHARS} characters"));
        }
        let index = |id: &String| scenario.seat_index(id).ok_or_else(|| format!("there is no seat `{id}`"));
        let seat = self.seat.as_ref().map(index).transpose()?;
        let position = |id: &String| {
            let seat = seat.ok_or_else(|| format!("a note is about the objective `{id}` and by no seat"))?;
            let mut objectives = scenario.docs.seats[seat.position()].objectives.iter();
            let found = objectives.position(|objective| objective.id == *id);
            found.ok_or_else(|| format!("the seat of a note has no objective `{id}`"))
        };
        let objective = self.objective.as_ref().map(position).transpose()?;
        let (tick, text) = (Tick(self.tick), self.text.clone());
        Ok(Note { tick, seat, objective, tag: self.tag, text, person: self.person })
    }
}

impl Line {
    pub(super) fn digests(from: u32, digests: &[Digest]) -> Self {
        Self::Digests(DigestsRecord { from, digests: digests.iter().map(Digest::to_string).collect() })
    }
}

impl CommandRecord {
    pub(super) fn from_entry(scenario: &Scenario, entry: &LogEntry) -> Self {
        let mut record = CommandRecord { tick: entry.tick.0, ..Self::default() };
        match &entry.origin {
            Origin::Door(remarks) => {
                record.confidence_pct = remarks.confidence_pct;
                record.reason = remarks.reason.as_deref().map(str::to_owned);
                let id = |inject: &Ix<Inject>| scenario.docs.injects[inject.position()].id.clone();
                record.read = remarks.read.as_deref().map(|read| read.iter().map(id).collect());
                (record.person, record.proposal) = (remarks.person, remarks.proposal);
            }
            Origin::Playbook(id) => record.entry = Some(id.entry),
        }
        let by = match entry.command {
            Command::Order { by, mitigation, target } => {
                record.order = Some(scenario.docs.mitigations[mitigation.position()].id.clone());
                record.target = Some(target_key(scenario, target));
                by
            }
            Command::Cancel { by, order } => {
                record.cancel = Some(order.number());
                by
            }
            Command::Inject { by, inject } => {
                record.inject = Some(scenario.docs.injects[inject.position()].id.clone());
                by
            }
            Command::Grant { by, organisation, technicians, hours } => {
                record.target = Some(target_key(scenario, Target::Organisation(organisation)));
                record.grant = Some(GrantRecord { technicians, hours });
                by
            }
        };
        record.by = match (&entry.origin, by) {
            (Origin::Playbook(id), _) => format!("playbook:{}", scenario.docs.playbooks[id.playbook.position()].id),
            (_, Issuer::Policy) => "policy".to_owned(),
            (_, Issuer::Facilitator) => "facilitator".to_owned(),
            (_, Issuer::Seat(seat)) => format!("seat:{}", scenario.docs.seats[seat.position()].id),
        };
        record
    }

    /// The remarks of the person who gave the command.
    ///
    /// # Errors
    /// A clause that says which value is out of range or too long, or which message the scenario lacks.
    pub fn remarks(&self, scenario: &Scenario) -> Result<Remarks, String> {
        match self.confidence_pct {
            Some(confidence) if CONFIDENCE_MAX_PCT < confidence => {
                Err(format!("a confidence of {confidence} % is out of range; expected 0 to {CONFIDENCE_MAX_PCT}"))
            }
            _ if self.reason.as_ref().is_some_and(|reason| TEXT_MAX_CHARS < reason.chars().count()) => {
                Err(format!("a reason has more than {TEXT_MAX_CHARS} characters"))
            }
            confidence_pct => {
                let inject = |id: &String| inject_index(scenario, id);
                let read = self.read.as_ref().map(|read| read.iter().map(inject).collect()).transpose()?;
                let reason = self.reason.as_deref().map(Into::into);
                Ok(Remarks { confidence_pct, reason, read, person: self.person, proposal: self.proposal })
            }
        }
    }

    /// The command in a scenario's indices.
    ///
    /// # Errors
    /// A clause that says which name the scenario lacks.
    pub fn resolve(&self, scenario: &Scenario) -> Result<Command, String> {
        let by = match self.by.as_str() {
            "policy" => Issuer::Policy,
            "facilitator" => Issuer::Facilitator,
            other if other.starts_with("playbook:") => Issuer::Policy,
            other => {
                let seat = other.strip_prefix("seat:").and_then(|id| scenario.seat_index(id));
                Issuer::Seat(seat.ok_or_else(|| {
                    format!("`{other}` is neither a seat of the scenario nor another giver of commands")
                })?)
            }
        };
        match (&self.order, &self.target, self.cancel, &self.inject, self.grant) {
            (Some(id), Some(key), None, None, None) => {
                let mitigation = scenario.docs.mitigations.iter().position(|entry| entry.id == *id);
                let mitigation =
                    mitigation.map(Ix::from_usize).ok_or_else(|| format!("there is no mitigation `{id}`"))?;
                let target = target_of(scenario, scenario.mitigations[mitigation].target, key)?;
                Ok(Command::Order { by, mitigation, target })
            }
            (None, None, Some(order), None, None) => Ok(Command::Cancel { by, order: Ix::new(order) }),
            (None, None, None, Some(id), None) => Ok(Command::Inject { by, inject: inject_index(scenario, id)? }),
            (None, Some(key), None, None, Some(GrantRecord { technicians, hours })) => {
                let organisation = scenario.organisation_index(key);
                let organisation = organisation.ok_or_else(|| format!("there is no organisation `{key}`"))?;
                Ok(Command::Grant { by, organisation, technicians, hours })
            }
            _ => Err("it is neither an order with its target nor a cancellation, an inject or a grant".to_owned()),
        }
    }
}

fn inject_index(scenario: &Scenario, id: &str) -> Result<Ix<Inject>, String> {
    let inject = scenario.docs.injects.iter().position(|entry| entry.id == id);
    inject.map(Ix::from_usize).ok_or_else(|| format!("there is no inject `{id}`"))
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
            let fleet = |(organisation, id)| scenario.fleet_of(scenario.organisation_index(organisation)?, id);
            key.split_once('/').and_then(fleet).map(Target::Fleet)
        }
        TargetKind::Service => {
            let service = |(organisation, id)| scenario.service_of(scenario.organisation_index(organisation)?, id);
            key.split_once('/').and_then(service).map(Target::Service)
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

/// The log digest of a run as its file states it.
pub fn log_digest(run: &Run) -> String {
    let scenario = &run.setup.scenario;
    let mut log = LogHasher::default();
    log.add(&Line::Header(Header::from_run(run)));
    run.log.iter().for_each(|entry| log.add(&Line::Command(CommandRecord::from_entry(scenario, entry))));
    run.notes.iter().for_each(|note| log.add(&Line::Note(NoteRecord::from_note(scenario, note))));
    run.conduct.deeds().iter().for_each(|record| log.add(&Line::Deed(record.clone())));
    shortened(log.hasher)
}

/// Computes a log digest from the length and the JSON of each record.
#[derive(Default)]
struct LogHasher {
    hasher: blake3::Hasher,
}

impl LogHasher {
    fn add(&mut self, line: &Line) {
        let json = serde_json::to_vec(line).expect("records print as JSON");
        self.hasher.update(&(json.len() as u64).to_le_bytes());
        self.hasher.update(&json);
    }
}

/// The chain after a record.
fn chain(before: &str, json: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.as_bytes());
    hasher.update(json);
    shortened(hasher)
}

fn shortened(hasher: blake3::Hasher) -> String {
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(CHAIN_LEN);
    hex
}

/// The first line of a version; the chain starts with it.
fn first_line(version: u32) -> String {
    format!("{MAGIC} {version}")
}

/// Writes lines of a run file, each with its chain.
#[derive(Clone, Debug)]
pub(super) struct ChainedText {
    text: String,
    chain: String,
}

impl Default for ChainedText {
    /// Begins with the first line of the file.
    fn default() -> Self {
        let first = first_line(VERSION);
        Self { text: format!("{first}\n"), chain: first }
    }
}

impl ChainedText {
    /// Continues after a line with this chain.
    pub fn after(chain: String) -> Self {
        Self { text: String::new(), chain }
    }

    pub fn push(&mut self, line: &Line) {
        let json = serde_json::to_string(line).expect("records print as JSON");
        self.chain = chain(&self.chain, json.as_bytes());
        self.text.push_str(&self.chain);
        self.text.push(' ');
        self.text.push_str(&json);
        self.text.push('\n');
    }

    /// The text that was not taken yet.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes the text; the next line continues the chain.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

#[cfg(test)]
mod tests;
