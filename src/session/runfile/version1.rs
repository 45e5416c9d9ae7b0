//! Run files of version 1: one seat at most, playbook orders under the one name `policy`, no notes.
//!
//! Reads them into the types of the current version. No code writes version 1.

use serde::Deserialize;

use super::{CommandRecord, DigestsRecord, End, Header, Judged, Judgement, Line, PlayerRecord, SeatRecord};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header1 {
    scenario: String,
    scenario_digest: String,
    program: String,
    seed: u64,
    seat: Option<String>,
    own: Option<String>,
    others: Option<String>,
    start: String,
    horizon: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct End1 {
    tick: u32,
    digest: String,
    objectives: Vec<Judged>,
    score: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line1 {
    Header(Header1),
    Command(CommandRecord),
    Digests(DigestsRecord),
    End(End1),
}

/// Reads the JSON of a line.
///
/// # Errors
/// The error of the parser.
pub fn line(json: &[u8]) -> Result<Line, serde_json::Error> {
    Ok(match serde_json::from_slice(json)? {
        Line1::Header(header) => Line::Header(header.into()),
        Line1::Command(command) => Line::Command(command),
        Line1::Digests(digests) => Line::Digests(digests),
        Line1::End(end) => Line::End(end.into()),
    })
}

impl From<Header1> for Header {
    fn from(header: Header1) -> Self {
        let player = header.own.map_or(PlayerRecord::Person, PlayerRecord::Playbook);
        Self {
            scenario: header.scenario,
            scenario_digest: header.scenario_digest,
            program: header.program,
            seed: header.seed,
            seats: header.seat.into_iter().map(|seat| SeatRecord { seat, player: player.clone() }).collect(),
            others: header.others,
            start: header.start,
            horizon: header.horizon,
            challenge: None,
            is_drawn: false,
            digests_every_min: 1,
        }
    }
}

impl From<End1> for End {
    fn from(end: End1) -> Self {
        // The header has the seat; `assemble` fills it in.
        let judgement = |score| Judgement { seat: String::new(), score, objectives: end.objectives };
        Self {
            tick: end.tick,
            digest: end.digest,
            log_digest: None,
            seats: end.score.map(judgement).into_iter().collect(),
        }
    }
}
