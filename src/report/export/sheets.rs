//! The sheets of a workbook: the master scenario events list in the columns of HSEEP with what was executed, and the
//! results. A renderer gives them the form of a file.

use super::super::class::Class;
use super::super::document::{BANNER, Block, Report};
use super::super::evidence::{Delivery, Evidence, Planned};
use crate::base::Tick;
use crate::scenario::compile::Scenario;
use crate::study::Sight;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// UTC, `2024-07-19T04:09Z`.
    Time(String),
    Empty,
}

/// A column: its head and its width in letters.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub head: &'static str,
    pub width: u8,
}

/// A sheet with a head.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// A workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    pub title: String,
    /// At the top of each page.
    pub banner: &'static str,
    pub sheets: Vec<Sheet>,
}

impl Sheet {
    fn new(name: &'static str, columns: &[(&'static str, u8)]) -> Self {
        let columns = columns.iter().map(|&(head, width)| Column { head, width }).collect();
        Self { name, columns, rows: Vec::new() }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.columns.len(), "cells of a row of {}", self.name);
        self.rows.push(cells);
    }
}

fn text(words: impl Into<String>) -> Cell {
    let words: String = words.into();
    if words.is_empty() { Cell::Empty } else { Cell::Text(words) }
}

/// The workbook of a run. The last sheet repeats what the report says about verification.
pub fn workbook(evidence: &Evidence<'_>, report: &Report) -> Workbook {
    let mut sheets = vec![msel(evidence), decisions(evidence), objectives(evidence), services(evidence)];
    sheets.push(plan(report));
    sheets.push(about(report));
    Workbook { title: report.title.clone(), banner: BANNER, sheets }
}

/// A workbook of one sheet of texts: a list of the planned injects.
pub fn msel_workbook(title: &str, heads: &[&'static str], rows: Vec<Vec<String>>) -> Workbook {
    let columns: Vec<(&'static str, u8)> = heads.iter().map(|&head| (head, MSEL_WIDTH)).collect();
    let mut sheet = Sheet::new("MSEL", &columns);
    rows.into_iter().for_each(|row| sheet.row(row.into_iter().map(Cell::Text)));
    Workbook { title: title.to_owned(), banner: BANNER, sheets: vec![sheet] }
}

/// Width of the columns of a planned list, in letters.
const MSEL_WIDTH: u8 = 28;

fn time(scenario: &Scenario, tick: Tick) -> Cell {
    Cell::Time(scenario.start.iso(tick))
}

fn msel(evidence: &Evidence<'_>) -> Sheet {
    let scenario = evidence.scenario();
    let seat = &scenario.docs.seats[evidence.seat.position()].name;
    let mut sheet = Sheet::new(
        "MSEL",
        &[
            ("Number", 8),
            ("Planned time (UTC)", 18),
            ("Event or inject", 46),
            ("Delivery method", 16),
            ("Responsible controller (sender)", 28),
            ("Recipient player", 26),
            ("Expected player action", 40),
            ("Executed (UTC)", 18),
            ("Minutes from plan", 12),
            ("Action taken", 34),
            ("Action taken at (UTC)", 18),
            ("Minutes to action", 12),
            ("Status and notes", 30),
        ],
    );
    for (index, message) in evidence.messages().iter().enumerate() {
        let executed = if let Delivery::Delivered(tick) = message.delivery { Some(tick) } else { None };
        let (planned, condition) = match message.planned {
            Planned::At(tick) => (Some(tick), ""),
            Planned::AfterEvent => (None, "planned after an event"),
            Planned::OnCondition => (None, "planned on a condition"),
            Planned::ByFacilitator => (None, "written by the facilitator"),
        };
        let status = match message.delivery {
            Delivery::Delivered(_) => "delivered",
            Delivery::KeptAway => "kept away by an earlier order",
            Delivery::Withheld => "held back by the facilitator",
            Delivery::NotYet => "not delivered",
        };
        let notes = if condition.is_empty() { status.to_owned() } else { format!("{status}; {condition}") };
        let at = |tick: Option<Tick>| tick.map_or(Cell::Empty, |tick| time(scenario, tick));
        let between = |from: Option<Tick>, to: Option<Tick>| match (from, to) {
            (Some(from), Some(to)) => Cell::Number(f64::from(to.0) - f64::from(from.0)),
            _ => Cell::Empty,
        };
        let answered = message.answered.map(|(tick, _)| tick);
        sheet.row([
            Cell::Number((index + 1) as f64),
            at(planned),
            text(message.title),
            text(message.via),
            text(message.from),
            text(seat.as_str()),
            text(if message.expected.is_empty() { "None, it informs".to_owned() } else { message.expected.join("; ") }),
            at(executed),
            between(planned, executed),
            text(message.answered.map_or("", |(_, name)| name)),
            at(answered),
            between(executed, answered),
            text(notes),
        ]);
    }
    sheet
}

fn decisions(evidence: &Evidence<'_>) -> Sheet {
    let scenario = evidence.scenario();
    let mut sheet = Sheet::new(
        "Decisions",
        &[
            ("Number", 8),
            ("Given (UTC)", 18),
            ("Decision", 40),
            ("For", 34),
            ("In force (UTC)", 18),
            ("Confidence (%)", 12),
            ("Reason", 50),
            ("By", 14),
            ("First sign (UTC)", 18),
            ("Minutes from sign", 12),
            ("Worth (points)", 12),
            ("Worth, 5 %", 12),
            ("Worth, 95 %", 12),
        ],
    );
    for (index, order) in evidence.orders().iter().enumerate() {
        let remarks = order.entry.remarks();
        let confidence = remarks.and_then(|remarks| remarks.confidence_pct);
        let reason = remarks.and_then(|remarks| remarks.reason.as_deref()).unwrap_or_default();
        let worth = evidence.worth.and_then(|worth| worth.decisions.get(index)).map(|found| found.worth.score);
        let sight = evidence.known.and_then(|known| known.decisions.get(index)).map(|known| &known.sight);
        let points = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
        sheet.row([
            Cell::Number((index + 1) as f64),
            time(scenario, order.tick),
            text(order.name),
            text(order.target.as_str()),
            time(scenario, order.effective),
            confidence.map_or(Cell::Empty, |percent| Cell::Number(f64::from(percent))),
            text(reason),
            text(if order.entry.is_by_playbook() { "playbook" } else { "person" }),
            sight.and_then(|sight| sight.sign).map_or(Cell::Empty, |sign| time(scenario, sign.tick)),
            points(sight.and_then(Sight::wait_min).map(f64::from)),
            points(worth.map(|band| band.median)),
            points(worth.map(|band| band.p5)),
            points(worth.map(|band| band.p95)),
        ]);
    }
    sheet
}

fn objectives(evidence: &Evidence<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        "Objectives",
        &[
            ("Objective", 40),
            ("Weight", 10),
            ("Unit", 12),
            ("This run", 14),
            ("Nobody acting", 14),
            ("On the day", 14),
            ("Best known", 14),
            ("Points", 10),
            ("Part of the score", 12),
            ("Proposed rating", 10),
            ("Confirmed rating", 12),
            ("Reason", 40),
        ],
    );
    for (index, judged) in evidence.judgement.objectives.iter().enumerate() {
        sheet.row([
            text(judged.name.as_str()),
            Cell::Number(judged.weight),
            text(judged.unit.as_str()),
            Cell::Number(judged.yours),
            Cell::Number(judged.do_nothing),
            Cell::Number(judged.reference),
            Cell::Number(judged.par),
            Cell::Number(judged.points),
            Cell::Number(crate::assess::score::rounded(judged.points * judged.weight)),
            text(evidence.rating(index).letter()),
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    sheet
}

fn services(evidence: &Evidence<'_>) -> Sheet {
    let scenario = evidence.scenario();
    let mut sheet = Sheet::new(
        "Services",
        &[
            ("Service", 44),
            ("Below target from (UTC)", 18),
            ("Back for good (UTC)", 18),
            ("Outside tolerance (min)", 14),
            ("Lost", 14),
            ("Unit", 14),
        ],
    );
    for service in evidence.services() {
        let view = evidence.run.world.service(service);
        let at = |tick: Option<Tick>| tick.map_or(Cell::Empty, |tick| time(scenario, tick));
        sheet.row([
            text(evidence.service(service)),
            at(view.first_below),
            at(view.recovered_at),
            Cell::Number(f64::from(view.outside_min)),
            Cell::Number((view.lost_micro as f64 / 1e6).round()),
            text(scenario.service_doc(service).unit.as_str()),
        ]);
    }
    sheet
}

/// The table of the section "Improvement plan".
fn plan(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("Improvement plan", &[("Action", 60), ("From", 28), ("Owner", 20), ("Due", 14)]);
    for row in table_rows(report, "Improvement plan") {
        sheet.row(row.iter().map(|cell| text(cell.as_str())));
    }
    sheet
}

/// The last table of the section "What this rests on".
fn about(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("About", &[("Item", 34), ("Value", 60)]);
    sheet.row([text("Report"), text(report.title.as_str())]);
    sheet.row([text("Seat"), text(report.subtitle.as_str())]);
    for row in table_rows(report, "What this rests on") {
        sheet.row(row.iter().map(|cell| text(cell.as_str())));
    }
    sheet
}

fn table_rows<'r>(report: &'r Report, heading: &str) -> &'r [Vec<String>] {
    let section = report.sections.iter().find(|section| section.heading == heading);
    let blocks = section.map_or(&[][..], |section| &section.blocks);
    let mut tables = blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    tables.next_back().map_or(&[], |table| &table.rows)
}

/// The workbook of several runs: a line for each run, and one for each decision.
pub fn class_workbook(class: &Class<'_>, report: &Report) -> Workbook {
    let mut runs = Sheet::new(
        "Runs",
        &[
            ("Run", 30),
            ("Seed", 10),
            ("Score", 10),
            ("Decisions", 10),
            ("First decision (UTC)", 18),
            ("Log digest", 36),
        ],
    );
    let mut points = Sheet::new(
        "Objectives",
        &[("Run", 30), ("Objective", 40), ("Value", 14), ("Unit", 12), ("Points", 10), ("Rating", 10)],
    );
    let mut orders = Sheet::new("Decisions", &[("Run", 30), ("Given (UTC)", 18), ("Decision", 40), ("For", 34)]);
    for member in &class.members {
        let first = member.orders.first().map_or(Cell::Empty, |order| time(class.scenario, order.tick));
        runs.row([
            text(member.name.as_str()),
            Cell::Number(member.seed as f64),
            Cell::Number(member.judgement.score),
            Cell::Number(member.orders.len() as f64),
            first,
            text(member.log_digest.as_str()),
        ]);
        for (judged, rating) in member.judgement.objectives.iter().zip(&member.ratings) {
            points.row([
                text(member.name.as_str()),
                text(judged.name.as_str()),
                Cell::Number(judged.yours),
                text(judged.unit.as_str()),
                Cell::Number(judged.points),
                text(rating.letter()),
            ]);
        }
        for order in &member.orders {
            orders.row([
                text(member.name.as_str()),
                time(class.scenario, order.tick),
                text(order.name.as_str()),
                text(order.target.as_str()),
            ]);
        }
    }
    let sheets = vec![runs, points, orders, plan(report), about(report)];
    Workbook { title: report.title.clone(), banner: BANNER, sheets }
}
