//! `blackstart mark`: verifies the run files of a class, tables them, and writes a class report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::assign::{Task, VERSION};
use super::failure::Failure;
use super::judged_run::{JudgeArgs, OutArgs};
use super::{names, out, report};
use crate::assess::verify::verify;
use crate::base::table::csv_text;
use crate::files::{Overwrite, WriteSet, read_regular};
use crate::scenario::compile::Scenario;
use crate::session::runfile::{self, PlayerRecord};

/// Largest task file that is read.
const TASK_BYTES_MAX: u64 = 1 << 20;
/// Most run files of a folder.
const FILES_MAX: usize = 1_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart mark homework --task task.json --out marks.csv
  blackstart mark homework --scenario 2024-07-19 --seat airline-ops
  blackstart mark homework --task task.json --report class.html --xapi class.json

Every run file of the folder is replayed. The class report and the statements for learning systems have the runs that
count; `report --help` says what stands in them.")]
pub struct MarkArgs {
    /// Folder with the run files
    folder: PathBuf,
    /// Task that was set
    #[arg(long, value_name = "FILE")]
    task: Option<PathBuf>,
    /// Scenario, for runs of a scenario that is not built in
    #[arg(long, value_name = "PATH")]
    scenario: Option<String>,
    /// Seat that was to be played
    #[arg(long, value_name = "ID", conflicts_with = "task")]
    seat: Option<String>,
    /// File for the table as CSV
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File for the class report of the runs that count: html, pdf, docx, xlsx, csv or json by its ending
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// File for xAPI statements of the runs that count
    #[arg(long, value_name = "FILE")]
    xapi: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    force: bool,
    /// No progress bar
    #[arg(long, short)]
    quiet: bool,
}

/// The result of one file.
struct Mark {
    file: String,
    seat: String,
    score: Option<f64>,
    decisions: usize,
    notes: usize,
    log_digest: String,
    /// The reason why the file does not count.
    problem: Option<String>,
}

/// Verifies all files and prints their table.
pub fn mark(args: &MarkArgs) -> Result<(), Failure> {
    let task = args.task.as_deref().map(read_task).transpose()?;
    let wanted = args.reports(task.as_ref());
    wanted.iter().try_for_each(report::ReportArgs::check_place)?;
    let mut scenario: Option<Arc<Scenario>> = None;
    let mut marks = Vec::new();
    let paths = run_files(&args.folder)?;
    for path in &paths {
        marks.push(mark_file(args, task.as_ref(), path, &mut scenario)?);
    }
    // The same run handed in twice is one run.
    let digests: Vec<String> = marks.iter().map(|mark| mark.log_digest.clone()).collect();
    for (index, mark) in marks.iter_mut().enumerate() {
        let same = digests[..index].iter().position(|digest| !digest.is_empty() && *digest == mark.log_digest);
        if let (Some(same), None) = (same, &mark.problem) {
            mark.problem = Some(format!("it is the same run as number {}", same + 1));
        }
    }
    let text = table(&marks);
    if let Some(path) = &args.out {
        let overwrite = if args.force { Overwrite::Allowed } else { Overwrite::Never };
        let mut files = WriteSet::new(overwrite);
        files.add(path, text.as_bytes())?;
        files.commit()?;
    }
    out::print(&text)?;
    let passed = marks.iter().filter(|mark| mark.problem.is_none()).count();
    eprintln!("{}", summary(&marks));
    let counting: Vec<PathBuf> =
        paths.into_iter().zip(&marks).filter(|(_, mark)| mark.problem.is_none()).map(|(path, _)| path).collect();
    if !wanted.is_empty() && counting.is_empty() {
        return Err(Failure::new("no run counts, so there is no class report"));
    }
    wanted.into_iter().try_for_each(|report| report.write_of(&counting))?;
    if passed == marks.len() { Ok(()) } else { Err(Failure::reported()) }
}

fn read_task(path: &Path) -> Result<Task, Failure> {
    let about = path.display().to_string();
    let bytes = read_regular(path, TASK_BYTES_MAX)?;
    let task: Task = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::new(format!("the task cannot be understood: {error}")).about(&about))?;
    if task.blackstart_task != VERSION {
        let found = task.blackstart_task;
        return Err(Failure::new(format!("the task has version {found}; this program reads {VERSION}")).about(&about));
    }
    Ok(task)
}

/// The run files of a folder, by name.
fn run_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = folder.display().to_string();
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Failure::new(format!("the folder cannot be read: {error}")).about(&shown))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_run = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("run"));
    let mut paths: Vec<PathBuf> = paths.filter(is_run).collect();
    paths.sort();
    match paths.len() {
        0 => Err(Failure::new("there is no run file in this folder").about(&shown)),
        count if FILES_MAX < count => {
            Err(Failure::new(format!("the folder has {count} run files; at most {FILES_MAX} are marked at once")))
        }
        _ => Ok(paths),
    }
}

/// The mark of one file. A scenario that is missing ends the command, because it concerns every file.
fn mark_file(
    args: &MarkArgs,
    task: Option<&Task>,
    path: &Path,
    scenario: &mut Option<Arc<Scenario>>,
) -> Result<Mark, Failure> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut mark = Mark {
        file,
        seat: String::new(),
        score: None,
        decisions: 0,
        notes: 0,
        log_digest: String::new(),
        problem: None,
    };
    let reading = match runfile::read(path) {
        Ok(reading) => reading,
        Err(error) => return Ok(Mark { problem: Some(error.to_string()), ..mark }),
    };
    let header = &reading.file.header;
    mark.seat = header.seats.iter().map(|seat| seat.seat.as_str()).collect::<Vec<_>>().join(" ");
    mark.notes = reading.file.notes.len();
    mark.decisions = reading
        .file
        .commands
        .iter()
        .filter(|command| command.by.starts_with("seat:") && command.order.is_some())
        .count();
    if let Some(altered) = reading.altered.first() {
        return Ok(Mark { problem: Some(format!("line {} was altered: {}", altered.line, altered.covers)), ..mark });
    }
    if let Some(what) = differs_from_task(args, task, &reading.file) {
        return Ok(Mark { problem: Some(what), ..mark });
    }
    let scenario = match scenario {
        Some(scenario) if scenario.docs.manifest.id == header.scenario => scenario.clone(),
        _ => {
            let name = args.scenario.as_deref().unwrap_or(&header.scenario);
            scenario.insert(Arc::new(names::scenario(name)?)).clone()
        }
    };
    match verify(&reading.file, &scenario, &|_| ()) {
        Ok(verified) => {
            mark.log_digest = verified.log_digest;
            let seat = task.map(|task| task.seat.as_str()).or(args.seat.as_deref());
            let score = verified.scores.iter().find(|(scored, _)| seat.is_none_or(|seat| seat == scored));
            mark.score = score.map(|(_, score)| *score);
            mark.problem =
                mark.score.is_none().then(|| "the run has no score: it was not played to its end".to_owned());
        }
        Err(what) => mark.problem = Some(what),
    }
    Ok(mark)
}

/// The reason why a file is not what the task asked for.
fn differs_from_task(args: &MarkArgs, task: Option<&Task>, file: &runfile::RunFile) -> Option<String> {
    let header = &file.header;
    let seat = task.map(|task| task.seat.as_str()).or(args.seat.as_deref());
    let is_played = |id: &str| header.seats.iter().any(|seat| seat.seat == id && seat.player == PlayerRecord::Person);
    if let Some(seat) = seat.filter(|seat| !is_played(seat)) {
        return Some(format!("no person played the seat `{seat}`"));
    }
    let task = task?;
    match () {
        () if header.scenario != task.scenario => Some(format!("it is a run of the scenario `{}`", header.scenario)),
        () if header.scenario_digest != task.scenario_digest => {
            Some("it was played with another content of the scenario".to_owned())
        }
        () if header.seed != task.seed => {
            Some(format!("it was played with the seed {}, not {}", header.seed, task.seed))
        }
        () if header.challenge != task.challenge => Some("it does not have the words of the task".to_owned()),
        () => None,
    }
}

impl MarkArgs {
    /// The files beside the table.
    fn reports(&self, task: Option<&Task>) -> Vec<report::ReportArgs> {
        let seat = task.map(|task| task.seat.clone()).or_else(|| self.seat.clone());
        let how = || JudgeArgs::new(seat.clone(), self.scenario.clone());
        let out = |path: &PathBuf| OutArgs::new(path.clone(), self.force, self.quiet);
        let class = self.report.as_ref().map(|path| report::ReportArgs::of_class(how(), out(path)));
        let xapi = self.xapi.as_ref().map(|path| report::ReportArgs::statements(how(), out(path)));
        class.into_iter().chain(xapi).collect()
    }
}

/// Runs from which it is said where the middle half of their scores lies.
const HALF_FROM: usize = 8;

/// How many runs count, and how their scores are spread.
fn summary(marks: &[Mark]) -> String {
    let counting = || marks.iter().filter(|mark| mark.problem.is_none());
    let mut scores: Vec<f64> = counting().filter_map(|mark| mark.score).collect();
    scores.sort_by(f64::total_cmp);
    let count = format!("{} of {} run files count", counting().count(), marks.len());
    let last = match scores.len() {
        0 | 1 => return count,
        length => length - 1,
    };
    let median = (scores[last / 2] + scores[last.div_ceil(2)]) / 2.0;
    let ends = format!("{count}; scores from {:.1} to {:.1}, median {median:.1}", scores[0], scores[last]);
    if last < HALF_FROM - 1 {
        return ends;
    }
    format!("{ends}, half of them from {:.1} to {:.1}", scores[last / 4], scores[last - last / 4])
}

fn table(marks: &[Mark]) -> String {
    const MEMORY: &str = "memory takes everything";
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = ["number", "file", "counts", "seat", "score", "decisions", "notes", "log_digest", "problem"];
    writer.write_record(heads).expect(MEMORY);
    for (index, mark) in marks.iter().enumerate() {
        let score = mark.score.map_or_else(String::new, |score| score.to_string());
        let counts = if mark.problem.is_none() { "yes" } else { "no" };
        let number = (index + 1).to_string();
        let (decisions, notes) = (mark.decisions.to_string(), mark.notes.to_string());
        let problem = mark.problem.as_deref().unwrap_or_default();
        let cells = [&number, &mark.file, counts, &mark.seat, &score, &decisions, &notes, &mark.log_digest, problem];
        writer.write_record(cells).expect(MEMORY);
    }
    csv_text(&writer.into_inner().expect(MEMORY))
}
