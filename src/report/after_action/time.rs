//! Where the time went: strips, minutes by cause and the ways to the roots of each important service.

use super::super::charts::{Span, Strip, strips};
use super::super::document::{Block, Chart, Table};
use super::super::evidence::Evidence;
use super::super::tables::span;
use crate::assess::time::{Compared, ServiceTime, TimeTable, occurring, way_words};
use crate::base::palette::CAUSES;
use crate::base::words::percent;

/// Columns of a strip.
const COLUMNS: usize = 240;
/// Ways to roots that are told for a service.
const WAYS_MAX: usize = 3;
const RUNS: [&str; 3] = ["This run", "On the day", "Best known"];

pub(super) fn time(evidence: &Evidence<'_>) -> Vec<Block> {
    let table = TimeTable::new(evidence.run, evidence.seat, evidence.runs);
    let mut services: Vec<&Compared> =
        table.services.iter().filter(|compared| compared.runs().iter().any(|run| 0 < run.below_min())).collect();
    services.sort_by_key(|compared| std::cmp::Reverse(compared.yours.below_min()));
    if services.is_empty() {
        return Vec::new();
    }
    let intro = "For each important service: the minutes below its target level, divided by what held it back in every \
                 minute, down to the root behind the services that it needs. The parts add up to the minutes.";
    let mut blocks = vec![Block::Text(intro.to_owned())];
    for compared in services {
        blocks.push(Block::Chart(chart(evidence, &table, compared)));
        blocks.push(Block::Table(minutes_table(evidence, compared)));
        let ways = ways(evidence, &compared.yours);
        if !ways.is_empty() {
            blocks.push(Block::List(ways));
        }
    }
    blocks
}

fn chart(evidence: &Evidence<'_>, table: &TimeTable, compared: &Compared) -> Chart {
    let runs = compared.runs();
    let causes = occurring(&compared.minutes());
    let rows: Vec<Strip> = runs
        .into_iter()
        .zip(RUNS)
        .enumerate()
        .map(|(index, (run, label))| Strip {
            label: label.to_owned(),
            height: if index == 0 { 44.0 } else { 22.0 },
            columns: run
                .columns(COLUMNS, table.until, &causes)
                .into_iter()
                .map(|column| column.into_iter().map(f64::from).collect())
                .collect(),
        })
        .collect();
    let days = evidence.days();
    let names: Vec<_> = causes.iter().map(|&cause| (cause.words(), CAUSES[cause as usize])).collect();
    let service = evidence.service(compared.yours.service);
    Chart {
        caption: format!("{service}: what held it below its target level, over time"),
        words: format!(
            "Stacked strips over time for this run, the day and the best known decisions. In this run {service} was below \
             its target level for {}; the table of minutes by cause has the figures.",
            span(compared.yours.below_min().into())
        ),
        svg: strips(&Span { minutes: f64::from(table.until.0), days: &days }, &rows, &names),
    }
}

fn minutes_table(evidence: &Evidence<'_>, compared: &Compared) -> Table {
    let caption = format!("{}: time below target level by cause", evidence.service(compared.yours.service));
    let mut table = Table::new(&caption, &["Held back by", "#This run", "#On the day", "#Best known"]);
    let runs = compared.runs();
    let minutes = compared.minutes();
    let mut row = |name: &str, values: [u64; 3]| {
        let cell = |value: u64| if value == 0 { "–".to_owned() } else { span(value) };
        table.row(std::iter::once(name.to_owned()).chain(values.map(cell)));
    };
    let mut causes = occurring(&minutes);
    causes.sort_by_key(|&cause| std::cmp::Reverse(minutes[0][cause as usize]));
    for cause in causes {
        row(cause.words(), [0, 1, 2].map(|run| minutes[run][cause as usize]));
    }
    row("Below target in all", runs.map(|run| run.below_min().into()));
    row("Outside tolerance", runs.map(|run| run.outside_min().into()));
    table
}

fn ways(evidence: &Evidence<'_>, yours: &ServiceTime) -> Vec<String> {
    let all = f64::from(yours.below_min());
    let ways = yours.ways();
    ways.iter()
        .take(WAYS_MAX)
        .map(|way| {
            let (minutes, share) = (span(way.below_min.into()), percent(f64::from(way.below_min) / all));
            let words = way_words(evidence.scenario(), yours.service, &way.path, way.root);
            format!("{minutes} ({share}): {words}")
        })
        .collect()
}
