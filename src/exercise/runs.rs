//! The list of runs in the runs folder for the start screen.
//!
//! Must not change or replay a file.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::view::RunCard;
use super::words::clock_text;
use crate::base::Tick;
use crate::scenario::compile::Scenario;
use crate::session::runfile::{self, PlayerRecord, Summary};

/// Most runs in the list; older ones are left out.
const RUNS_MAX: usize = 40;

/// Runs to continue and runs to review, newest first.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub unfinished: Vec<RunCard>,
    pub finished: Vec<RunCard>,
    /// Names of files that have the extension of runs and cannot be read as runs.
    pub unreadable: Vec<String>,
}

/// Lists the runs of a folder. A missing folder has no runs.
pub fn list(folder: &Path, scenarios: &[Arc<Scenario>]) -> Runs {
    let mut files: Vec<(SystemTime, String)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let metadata = entry.metadata().ok()?;
            let is_run = metadata.is_file() && name.ends_with(".run") && !name.starts_with('.');
            is_run.then(|| (metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), name))
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    let mut runs = Runs::default();
    for (modified, name) in files.into_iter().take(RUNS_MAX) {
        let path = folder.join(&name);
        match runfile::summarise(&path) {
            Err(_) => runs.unreadable.push(name),
            Ok(summary) => {
                let is_finished = summary.end.is_some();
                let card = card(&path, name, modified, summary, scenarios);
                if is_finished { runs.finished.push(card) } else { runs.unfinished.push(card) }
            }
        }
    }
    runs
}

fn card(path: &Path, file: String, modified: SystemTime, summary: Summary, scenarios: &[Arc<Scenario>]) -> RunCard {
    let header = &summary.header;
    let scenario = scenarios.iter().find(|scenario| scenario.docs.manifest.id == header.scenario);
    let seat = header.seats.iter().find(|seat| seat.player == PlayerRecord::Person).or(header.seats.first());
    let seat_name = |scenario: &Scenario, id: &str| {
        let index = scenario.seat_index(id);
        index.map_or_else(|| id.to_owned(), |index| scenario.docs.seats[index.position()].name.clone())
    };
    let reached = Tick(summary.tick);
    let points = match (&summary.end, &summary.standing, seat) {
        (Some(end), _, Some(seat)) => {
            end.seats.iter().find(|judged| judged.seat == seat.seat).map(|judged| judged.score)
        }
        (None, Some(standing), Some(seat)) => {
            standing.points.iter().find(|(id, _)| *id == seat.seat).map(|(_, points)| *points)
        }
        _ => None,
    };
    RunCard {
        scenario: scenario.map_or_else(|| header.scenario.clone(), |scenario| scenario.docs.manifest.title.clone()),
        seat: seat.map_or_else(
            || "No seat".to_owned(),
            |seat| scenario.map_or_else(|| seat.seat.clone(), |scenario| seat_name(scenario, &seat.seat)),
        ),
        reached: scenario
            .map_or_else(|| reached.to_string(), |scenario| format!("{} UTC", clock_text(scenario, reached, 0))),
        when: ago(SystemTime::now().duration_since(modified).unwrap_or_default()),
        points,
        refusal: refusal(path, seat.is_some(), &summary, scenario.map(Arc::as_ref)),
        file,
    }
}

fn refusal(path: &Path, has_seat: bool, summary: &Summary, scenario: Option<&Scenario>) -> Option<String> {
    let Some(scenario) = scenario else {
        return Some(format!("Its scenario `{}` is not among those above", summary.header.scenario));
    };
    if !has_seat {
        return Some("Nobody took part in it; `blackstart verify` replays it".to_owned());
    }
    if scenario.digest.to_string() != summary.header.scenario_digest {
        return Some("The scenario has changed since".to_owned());
    }
    let is_locked = summary.end.is_none()
        && File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)));
    is_locked.then(|| "It is open in another window".to_owned())
}

/// A time span before now in words.
fn ago(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1 => "a minute ago".to_owned(),
        2..60 => format!("{minutes} minutes ago"),
        60..120 => "an hour ago".to_owned(),
        120..1_440 => format!("{} hours ago", minutes / 60),
        1_440..2_880 => "a day ago".to_owned(),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        let check = |seconds, expected: &str| assert_eq!(ago(Duration::from_secs(seconds)), expected);
        check(0, "just now");
        check(60, "a minute ago");
        check(3_599, "59 minutes ago");
        check(7_199, "an hour ago");
        check(86_399, "23 hours ago");
        check(86_400, "a day ago");
        check(864_000, "10 days ago");
    }
}
