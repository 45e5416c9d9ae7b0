//! `blackstart report`: the after-action report of a run, and the report of a class.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::failure::Failure;
use super::judged_run::{JudgeArgs, JudgedRun, OutArgs, names, open_all};
use super::memory;
use super::worth::{SEEDS_MAX, with_bar};
use crate::assess::comparisons::ComparisonRuns;
use crate::assess::score::judge;
use crate::base::table::json_text;
use crate::report::after_action;
use crate::report::class::{self, Class, Member};
use crate::report::document::{Report, html};
use crate::report::export::sheets::{Workbook, class_workbook, workbook};
use crate::report::export::tidy::{self, Row};
use crate::report::export::xapi::{self, Actor};
use crate::session::Run;
use crate::study::confidence::Forecast;
use crate::study::known::Known;
use crate::study::worth::{Arrive, Decision, Options, WORLDS_EACH, Worth, measure_each, measure_worth_beside};
use crate::study::{Evidence, parallel};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blackstart report results/2024-07-19-airline-ops-par-1.run --out report.html
  blackstart report ada.run --worth 32 --out report.pdf               with the worth of each decision
  blackstart report ada.run --out msel.xlsx                           events list and results as a workbook
  blackstart report class/*.run --out class.html                      several runs of one seat beside each other
  blackstart report class/*.run --format csv --out class.csv
  blackstart report team.run --seat airline-ops --out report.docx     for a run with several seats
  blackstart report ada.run --scenario my-scenario                    for a scenario in a folder of your own

The report of a run has the result with the arithmetic of the score, the course beside history and the best known
decisions, events and messages as planned and as they came, every decision, proposed ratings, findings, a plan to fill in,
and how to verify it. The report of several runs has their scores, objectives and courses beside each other, and who
decided what when. The word EXERCISE stands on every page. docs/report.md has the formats. Equal run files give equal
reports.")]
pub struct ReportArgs {
    /// Run files; several of one scenario and seat make a class report; `-` is standard input
    #[arg(value_name = "RUNFILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: JudgeArgs,
    /// Format of the report (default: that of the ending of --out, or html)
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Measure the worth of each decision on N seeds, which takes longer; for one run
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    worth: Option<u64>,
    /// Address of the person in xAPI statements (default: an account with the name of the run file)
    #[arg(long, value_name = "MAIL")]
    actor: Option<String>,
    #[command(flatten)]
    out: OutArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One file for a browser and for paper
    Html,
    /// Pages with tags for screen readers
    Pdf,
    /// For word processors
    Docx,
    /// A workbook: events list (MSEL) as planned and executed, decisions, objectives, services
    Xlsx,
    /// One observation on each line, for programs
    Csv,
    /// Headings, texts, tables and charts for programs
    Json,
    /// Statements for learning record stores
    Xapi,
}

impl Format {
    fn name(self) -> String {
        self.to_possible_value().expect("no format is hidden").get_name().to_owned()
    }

    /// The format of the ending of a file.
    fn from_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Self::value_variants().iter().copied().find(|format| format.name() == ending)
    }

    fn is_binary(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx | Self::Xlsx)
    }
}

/// Replays the runs, judges them and writes the report.
pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let format = args.check()?;
    let runs = args.open()?;
    let mut desk = Desk { args, format, seeds: BTreeMap::new(), collected: Collected::default() };
    let is_class = 1 < runs.len();
    for (judged, name) in runs.iter().zip(names(&runs)) {
        let result = desk.work(judged, &name, is_class);
        result.map_err(|failure| if is_class { failure.and("no report was written") } else { failure })?;
    }
    let mut collected = desk.collected;
    let members = std::mem::take(&mut collected.members);
    if !members.is_empty() {
        let class = Class { scenario: &runs[0].scenario, seat: runs[0].seat, members };
        let report = class::report(&class);
        if format == Format::Xlsx {
            collected.workbook = Some(class_workbook(&class, &report));
        }
        collected.report = Some(report);
    }
    args.write(format, collected)
}

impl ReportArgs {
    /// A class report, without its run files yet, in the format of the ending of the output.
    pub fn of_class(how: JudgeArgs, out: OutArgs) -> Self {
        Self { files: Vec::new(), how, format: None, worth: None, actor: None, out }
    }

    /// xAPI statements, without their run files yet.
    pub fn statements(how: JudgeArgs, out: OutArgs) -> Self {
        Self { format: Some(Format::Xapi), ..Self::of_class(how, out) }
    }

    /// Makes sure that the report can be written, before anything is simulated.
    pub fn check_place(&self) -> Result<(), Failure> {
        self.check().map(|_| ())
    }

    /// Writes the report of these run files.
    pub fn write_of(self, files: &[PathBuf]) -> Result<(), Failure> {
        run(&Self { files: files.to_vec(), ..self })
    }

    /// Refuses what can be refused before anything is simulated.
    fn check(&self) -> Result<Format, Failure> {
        let ending = self.out.path().and_then(Format::from_ending);
        let format = self.format.or(ending).unwrap_or(Format::Html);
        if format.is_binary() && cfg!(not(feature = "reports")) {
            let help = "build it with the feature `reports`, or take html, csv, json or xapi";
            let found = format!("this build of the program writes no {}", format.name().to_uppercase());
            return Err(Failure::with_help(found, help));
        }
        if format.is_binary() && self.out.path().is_none() && std::io::stdout().is_terminal() {
            let found = format!("{} is no text for a terminal", format.name().to_uppercase());
            return Err(Failure::with_help(found, format!("name a file: --out report.{}", format.name())));
        }
        if self.worth.is_some() && 1 < self.files.len() {
            let help = "leave out --worth, or ask for the report of each run";
            return Err(Failure::with_help("the worth of decisions is measured for one run at a time", help));
        }
        if let Some(address) = &self.actor {
            check_address(address)?;
            if format != Format::Xapi {
                return Err(Failure::with_help("--actor is for xAPI statements", "add --format xapi, or leave it out"));
            }
        }
        self.out.check()?;
        Ok(format)
    }

    /// Reads all files; they have one scenario and one seat.
    fn open(&self) -> Result<Vec<JudgedRun>, Failure> {
        let runs = open_all(&self.how, &self.files)?;
        runs.iter().skip(1).try_for_each(|other| check_same(&runs[0], other))?;
        Ok(runs)
    }

    fn write(&self, format: Format, collected: Collected) -> Result<(), Failure> {
        let report = collected.report.as_ref();
        let report = || report.expect("these formats are made from a report");
        match format {
            Format::Html => self.out.write(&html::page(report())),
            Format::Json => self.out.write(&json_text(report())),
            Format::Csv => self.out.write(&tidy::csv(&collected.rows)),
            Format::Xapi => self.out.write(&xapi::text(&collected.statements)),
            Format::Pdf | Format::Docx | Format::Xlsx => self.out.write_bytes(&binary(format, &collected)?),
        }
    }
}

#[cfg(feature = "reports")]
fn binary(format: Format, collected: &Collected) -> Result<Vec<u8>, Failure> {
    use crate::report::document::{docx, pdf};
    use crate::report::export::xlsx;
    let report = collected.report.as_ref().expect("these formats are made from a report");
    Ok(match format {
        Format::Pdf => pdf::pdf(report),
        Format::Docx => docx::docx(report),
        _ => xlsx::xlsx(collected.workbook.as_ref().expect("the workbook was made")),
    })
}

#[cfg(not(feature = "reports"))]
fn binary(_: Format, _: &Collected) -> Result<Vec<u8>, Failure> {
    unreachable!("refused before anything was simulated")
}

/// One address, so that the statements name one person.
fn check_address(address: &str) -> Result<(), Failure> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let parts: Vec<&str> = address.split('@').collect();
    let is_address =
        address.chars().all(is_plain) && matches!(parts[..], [name, host] if !name.is_empty() && host.contains('.'));
    if is_address {
        return Ok(());
    }
    Err(Failure::with_help(format!("`{address}` is no address"), "an address is like ada@example.org"))
}

/// Refuses a run of another scenario or seat than the first.
fn check_same(first: &JudgedRun, other: &JudgedRun) -> Result<(), Failure> {
    if first.scenario.digest != other.scenario.digest {
        let [one, two] = [first, other].map(|run| format!("{} (`{}`)", run.name, run.file.header.scenario));
        let help = "a class report compares runs of one scenario";
        return Err(Failure::with_help(format!("the runs belong to different scenarios: {one}, {two}"), help));
    }
    if first.seat != other.seat {
        let seat = |run: &JudgedRun| run.scenario.docs.seats[run.seat.position()].id.clone();
        let found = format!(
            "the runs have different seats: {} (`{}`), {} (`{}`)",
            first.name,
            seat(first),
            other.name,
            seat(other)
        );
        return Err(Failure::with_help(found, "a class report compares runs of one seat; name it with --seat"));
    }
    Ok(())
}

/// What a format needs, collected run by run, so that one run is in memory at a time.
#[derive(Default)]
struct Collected {
    report: Option<Report>,
    workbook: Option<Workbook>,
    members: Vec<Member>,
    rows: Vec<Row>,
    statements: Vec<Value>,
}

struct Desk<'a> {
    args: &'a ReportArgs,
    format: Format,
    /// Comparison runs by seed: the runs of a class often share one.
    seeds: BTreeMap<u64, ComparisonRuns>,
    collected: Collected,
}

impl Desk<'_> {
    fn work(&mut self, judged: &JudgedRun, name: &str, is_class: bool) -> Result<(), Failure> {
        let run = judged.replay(self.args.out.quiet)?;
        // What was known needs one more simulation, which runs beside those of the comparison.
        let (runs, known) = thread::scope(|scope| {
            let known = scope.spawn(|| Known::new(&run, judged.seat));
            let runs = self.comparisons(judged, &run);
            (runs, known.join())
        });
        let (runs, known) = (runs?, known.unwrap_or_else(|panic| resume_unwind(panic)));
        let judgement = judge(&run.world, judged.seat, &runs);
        judged.check_score(&judgement)?;
        let worth = self.args.worth.map(|seeds| self.worth(judged, &run, &runs, seeds)).transpose()?;
        let log_digest = judged.file.log_digest();
        let evidence = Evidence {
            run: &run,
            seat: judged.seat,
            judgement: &judgement,
            runs: &runs,
            log_digest: &log_digest,
            worth: worth.as_ref(),
            known: Some(&known),
        };
        let collected = &mut self.collected;
        match self.format {
            Format::Csv => collected.rows.extend(tidy::rows(name, &evidence)),
            Format::Xapi => {
                let actor = self.args.actor.as_deref().map_or(Actor::Run(name), Actor::Mail);
                collected.statements.extend(xapi::statements(&evidence, actor));
            }
            _ if is_class => collected.members.push(Member::new(name, &evidence, forecasts(&evidence, &known))),
            Format::Html | Format::Pdf | Format::Docx | Format::Xlsx | Format::Json => {
                let report = after_action::report(&evidence);
                if self.format == Format::Xlsx {
                    collected.workbook = Some(workbook(&evidence, &report));
                }
                collected.report = Some(report);
            }
        }
        Ok(())
    }

    fn comparisons(&mut self, judged: &JudgedRun, run: &Run) -> Result<ComparisonRuns, Failure> {
        if let Some(known) = self.seeds.get(&run.setup.seed) {
            return Ok(known.clone());
        }
        let runs = judged.comparisons(run, self.args.out.quiet)?;
        self.seeds.insert(run.setup.seed, runs.clone());
        Ok(runs)
    }

    fn worth(&self, judged: &JudgedRun, run: &Run, runs: &ComparisonRuns, seeds: u64) -> Result<Worth, Failure> {
        let (seat, threads) = (judged.seat, parallel::cores());
        memory::check(&judged.scenario, WORLDS_EACH * threads as u64)?;
        let options = Options { seeds, threads, figures: None };
        let measure = |arrive: Arrive<'_>| measure_worth_beside(run, seat, runs, options, arrive);
        Ok(with_bar(run, seat, options, self.args.out.quiet, measure))
    }
}

/// The confidence of a run beside what came of its orders on the run's own seed.
fn forecasts(evidence: &Evidence<'_>, known: &Known) -> Vec<Forecast> {
    let decisions: Vec<Decision> = known.forecasting().map(|known| known.decision.clone()).collect();
    if decisions.is_empty() {
        return Vec::new();
    }
    let (run, seat, runs) = (evidence.run, evidence.seat, evidence.runs);
    let effects = measure_each(run, seat, runs, &decisions, (1, 1), &|| ());
    let points = |position: usize| {
        let index = decisions.iter().position(|decision| decision.position == position)?;
        Some(effects[index].score.median)
    };
    known.forecasts(points)
}
