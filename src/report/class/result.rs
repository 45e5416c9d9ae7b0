//! Scores, objectives and curves of a class.

use super::super::after_action::found;
use super::super::charts::{BEST, Bar, Line, Mark, ON_THE_DAY, OWN, Span, bars, curves, dots};
use super::super::document::{Block, Chart, Figure, Table};
use super::super::evidence::Rating;
use super::super::names;
use super::super::tables::in_unit;
use super::{Class, Member, ends, median};
use crate::base::words::{counted, span};
use crate::session::log::NoteTag;

/// The scale of the chart of scores reaches this far at least.
const SCALE_POINTS: f64 = 110.0;
/// Thinnest and thickest line of a run, by their number.
const THIN: f64 = 0.6;
const THICK: f64 = 1.6;

fn count_words(class: &Class<'_>) -> String {
    counted(class.members.len() as u64, "run", "runs")
}

pub(super) fn result(class: &Class<'_>) -> Vec<Block> {
    let scores = class.scores();
    let (low, high) = ends(&scores);
    let (middle, day) = (median(&scores), class.day_score());
    let above = scores.iter().filter(|score| day < **score).count();
    let verdict = format!(
        "{}: {low:.0} to {high:.0} points, the middle at {middle:.0}; {above} of them did better than the day itself.",
        count_words(class)
    );
    let chart = Chart {
        caption: "The score of each run; 0 is nobody acting, 100 the best known decisions.".to_owned(),
        words: format!(
            "Dots on a scale of points. {} lie between {low:.0} and {high:.0}, the median is {middle:.0}; the day itself \
             has {day:.0}.",
            count_words(class)
        ),
        svg: dots(
            &scores,
            SCALE_POINTS,
            &[(middle, "Middle of the class", OWN), (day, "On the day", ON_THE_DAY), (100.0, "Best known", BEST)],
        ),
    };
    vec![
        Block::Verdict(verdict),
        Block::Figures(vec![
            Figure::new(class.members.len().to_string(), "runs"),
            Figure::new(format!("{high:.0}"), "points, highest"),
            Figure::new(format!("{middle:.0}"), "points, middle"),
            Figure::new(format!("{low:.0}"), "points, lowest"),
            Figure::new(format!("{day:.0}"), "points, as on the day"),
        ]),
        Block::Chart(chart),
    ]
}

pub(super) fn exercise(class: &Class<'_>) -> Vec<Block> {
    let seat = &class.scenario.docs.seats[class.seat.position()];
    let manifest = &class.scenario.docs.manifest;
    let objectives: Vec<&str> = seat.objectives.iter().map(|objective| objective.name.as_str()).collect();
    let seeds: std::collections::BTreeSet<u64> = class.members.iter().map(|member| member.seed).collect();
    let seeds = if seeds.len() == 1 {
        "the same in all runs, so that luck is equal".to_owned()
    } else {
        format!("{} different ones, so that luck differs between runs", seeds.len())
    };
    let mut table = Table::new("Exercise data", &["Item", "Value"]);
    let rows = [
        ("Scenario", format!("{} ({})", manifest.title, manifest.id)),
        ("Seat", seat.name.clone()),
        ("Scope", counted(seat.organisations.len() as u64, "organisation", "organisations")),
        ("Objectives", objectives.join("; ")),
        ("Runs", class.members.len().to_string()),
        ("Seeds", seeds),
    ];
    rows.into_iter().for_each(|(item, value)| table.row([item.to_owned(), value]));
    vec![Block::Text(seat.summary.clone()), Block::Table(table)]
}

pub(super) fn runs(class: &Class<'_>) -> Vec<Block> {
    let head = ["Run", "#Score", "Ratings", "#Decisions", "#First decision", "#Seed"];
    let names: Vec<&str> = class.members[0].judgement.objectives.iter().map(|judged| judged.name.as_str()).collect();
    let caption = format!("Runs by score. Ratings in the order of the objectives: {}", names.join(", "));
    let mut table = Table::new(&caption, &head);
    for member in class.ranked() {
        let ratings: Vec<&str> = member.ratings.iter().map(|rating| rating.letter()).collect();
        let first = member.orders.first();
        let first = first.map_or("none".to_owned(), |order| names::time(class.scenario, order.tick));
        table.row([
            member.name.clone(),
            format!("{:.1}", member.judgement.score),
            ratings.join(" "),
            member.orders.len().to_string(),
            first,
            member.seed.to_string(),
        ]);
    }
    vec![Block::Table(table)]
}

/// Values of an objective over the members.
fn column(class: &Class<'_>, objective: usize, value: impl Fn(&Member, usize) -> f64) -> Vec<f64> {
    class.members.iter().map(|member| value(member, objective)).collect()
}

pub(super) fn objectives(class: &Class<'_>) -> Vec<Block> {
    let head = ["Objective", "#Weight", "#Lowest", "#Middle", "#Highest", "#Middle value", "#P", "#S", "#M", "#U"];
    let mut table = Table::new("Points of each objective over the runs, and how many runs have each rating", &head);
    let mut rows = Vec::new();
    for (index, judged) in class.members[0].judgement.objectives.iter().enumerate() {
        let points = column(class, index, |member, index| member.judgement.objectives[index].points);
        let values = column(class, index, |member, index| member.judgement.objectives[index].yours);
        let (low, high) = ends(&points);
        let count = |rating: Rating| class.members.iter().filter(|member| member.ratings[index] == rating).count();
        let mut row = vec![
            judged.name.clone(),
            format!("{:.0} %", judged.weight * 100.0),
            format!("{low:.0}"),
            format!("{:.0}", median(&points)),
            format!("{high:.0}"),
            in_unit(median(&values), &judged.unit),
        ];
        row.extend(Rating::ALL.map(|rating| count(rating).to_string()));
        table.row(row);
        rows.push(Bar {
            label: judged.name.clone(),
            value: median(&points),
            words: format!("{:.0}", median(&points)),
            band: Some((low, high)),
            mark: None,
        });
    }
    let words: Vec<String> = rows.iter().map(|bar| format!("{}: {}", bar.label, bar.words)).collect();
    let chart = Chart {
        caption: "Points of each objective: the middle of the class, and its range.".to_owned(),
        words: format!("Bar chart of the median points. {}.", words.join("; ")),
        svg: bars(&rows, "", ("Middle", "Lowest to highest"), &Mark { name: "", color: BEST }),
    };
    vec![Block::Chart(chart), Block::Table(table)]
}

pub(super) fn course(class: &Class<'_>) -> Vec<Block> {
    let width = (12.0 / class.members.len() as f64).clamp(THIN, THICK);
    let run = |(index, member): (usize, &'_ Member)| (index == 0, member.curve.clone());
    let own: Vec<(bool, Vec<[f64; 2]>)> = class.members.iter().enumerate().map(run).collect();
    let first = &class.members[0];
    let mut lines = vec![
        Line {
            name: Some("On the day"),
            stroke: format!("stroke='{ON_THE_DAY}' stroke-width='2.2'"),
            points: &first.day,
        },
        Line {
            name: Some("Best known"),
            stroke: format!("stroke='{BEST}' stroke-width='2.2' stroke-dasharray='7 3'"),
            points: &first.best,
        },
    ];
    lines.extend(own.iter().map(|(is_first, points)| Line {
        name: is_first.then_some("Runs of the class"),
        stroke: format!("stroke='{OWN}' stroke-width='{width:.1}' stroke-opacity='0.75'"),
        points,
    }));
    let minutes = first.minutes;
    vec![Block::Chart(Chart {
        caption: "Mean level of the seat's important services in each run; day and best known on the first run's seed."
            .to_owned(),
        words: format!("Line chart over {} with a line for each of {}.", span(minutes), count_words(class)),
        svg: curves(&Span { minutes: f64::from(minutes), days: &first.days }, &lines, &[]),
    })]
}

pub(super) fn findings(class: &Class<'_>) -> Vec<Block> {
    let (mut strengths, mut gaps) = (Vec::new(), Vec::new());
    let all = class.members.len();
    for (index, judged) in class.members[0].judgement.objectives.iter().enumerate() {
        let good = class.members.iter().filter(|member| member.ratings[index] == Rating::P).count();
        let poor = class.members.iter().filter(|member| Rating::M <= member.ratings[index]).count();
        let values = column(class, index, |member, index| member.judgement.objectives[index].yours);
        let middle = in_unit(median(&values), &judged.unit);
        if all <= 2 * good {
            strengths.push(format!("{}: {good} of {all} runs are rated P; the middle is {middle}", judged.name));
        }
        if all <= 2 * poor {
            let best = in_unit(judged.par, &judged.unit);
            gaps.push(format!(
                "{}: {poor} of {all} runs are rated M or U; the middle is {middle}, at best {best}",
                judged.name
            ));
        }
    }
    super::orders::telling(class, &mut strengths, &mut gaps);
    for member in &class.members {
        for (tag, text) in &member.notes {
            let words = format!("{text} (noted in {})", member.name);
            match tag {
                NoteTag::Strength => strengths.push(words),
                NoteTag::Gap | NoteTag::Risk => gaps.push(words),
                NoteTag::Observation | NoteTag::Recommendation => {}
            }
        }
    }
    let none = ["No objective was rated P in half of the runs.", "No objective was rated M or U in half of the runs."];
    found(strengths, gaps, none)
}

pub(super) fn plan(class: &Class<'_>) -> Vec<Block> {
    let mut table =
        Table::new("Actions; owner and date are for people to fill in", &["Action", "From", "Owner", "Due"]);
    let empty = || String::new();
    for member in &class.members {
        let recommended = member.notes.iter().filter(|(tag, _)| *tag == NoteTag::Recommendation);
        recommended
            .for_each(|(_, text)| table.row([text.clone(), format!("note in {}", member.name), empty(), empty()]));
    }
    let all = class.members.len();
    for (index, judged) in class.members[0].judgement.objectives.iter().enumerate() {
        let poor = class.members.iter().filter(|member| Rating::M <= member.ratings[index]).count();
        if 0 < poor && all <= 2 * poor {
            let from = format!("rated M or U in {poor} of {all} runs");
            table.row([format!("Practise “{}” again", judged.name), from, empty(), empty()]);
        }
    }
    if table.rows.is_empty() {
        table.row([empty(), empty(), empty(), empty()]);
    }
    vec![Block::Table(table)]
}
