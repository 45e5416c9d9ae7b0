//! The first page: the result, the scope, the objectives with the arithmetic of the score.

use super::super::charts::{Bar, Mark, ON_THE_DAY, bars};
use super::super::document::{Block, Chart, Figure, Table};
use super::super::evidence::Evidence;
use super::super::tables::in_unit;
use super::worth::what_mattered;
use crate::assess::score::{points, reference_score};
use crate::base::Tick;
use crate::base::words::{counted, span};

pub(super) fn result(evidence: &Evidence<'_>) -> Vec<Block> {
    let judgement = evidence.judgement;
    let history = reference_score(judgement);
    let beside = match judgement.score - history {
        gain if 0.5 <= gain => format!("{gain:.0} more than what was done on the day"),
        gain if gain <= -0.5 => format!("{:.0} fewer than what was done on the day", -gain),
        _ => "as many as what was done on the day".to_owned(),
    };
    let by_gain = |best: &dyn Fn(f64, f64) -> bool| {
        judgement.objectives.iter().reduce(|a, b| if best(b.points, a.points) { b } else { a })
    };
    let worst_min =
        evidence.services().into_iter().map(|service| evidence.run.world.service(service).outside_min).max();
    let mut blocks = vec![
        Block::Verdict(format!("{:.0} points: {beside}.", judgement.score)),
        Block::Figures(vec![
            Figure::new(format!("{:.0}", judgement.score), "points, this run"),
            Figure::new(format!("{history:.0}"), "points, as on the day"),
            Figure::new("100", "points, best known decisions"),
            Figure::new(evidence.orders().len().to_string(), "decisions"),
            Figure::new(span(worst_min.unwrap_or(0)), "outside tolerance, the service hit longest"),
        ]),
    ];
    if let (Some(best), Some(worst)) = (by_gain(&|b, a| a < b), by_gain(&|b, a| b < a))
        && worst.points < best.points
    {
        blocks.push(Block::Text(format!(
            "Nobody acting scores 0, the best known decisions score 100. Best objective: {} ({:.0} points). Weakest: {} \
             ({:.0} points).",
            best.name, best.points, worst.name, worst.points
        )));
    }
    blocks.extend(what_mattered(evidence));
    blocks
}

pub(super) fn exercise(evidence: &Evidence<'_>) -> Vec<Block> {
    let (run, scenario) = (evidence.run, evidence.scenario());
    let seat = &scenario.docs.seats[evidence.seat.position()];
    let mut table = Table::new("Exercise data", &["Item", "Value"]);
    let length = span(run.world.tick().0);
    let from = evidence.time(Tick::ZERO);
    let objectives: Vec<&str> = seat.objectives.iter().map(|objective| objective.name.as_str()).collect();
    let rows = [
        ("Scenario", format!("{} ({})", scenario.docs.manifest.title, scenario.docs.manifest.id)),
        ("Seat", seat.name.clone()),
        ("Scope", counted(seat.organisations.len() as u64, "organisation", "organisations")),
        ("Objectives", objectives.join("; ")),
        ("Time played through", format!("{length} from {from} UTC")),
        ("Seed", run.setup.seed.to_string()),
        ("Orders given", evidence.orders().len().to_string()),
    ];
    rows.into_iter().for_each(|(item, value)| table.row([item.to_owned(), value]));
    let mut blocks = vec![Block::Text(seat.summary.clone()), Block::Table(table)];
    blocks.extend(seat.briefing.situation.iter().cloned().map(Block::Text));
    blocks
}

pub(super) fn objectives(evidence: &Evidence<'_>) -> Vec<Block> {
    let caption = "Points of an objective: 100 × (nobody acting − yours) ÷ (nobody acting − par). The score \
                   is the sum of points × weight.";
    let head =
        ["Objective", "#Weight", "#Yours", "#Nobody acting", "#On the day", "#Par", "#Points", "#Part of the score"];
    let mut table = Table::new(caption, &head);
    for judged in &evidence.judgement.objectives {
        let value = |value: f64| in_unit(value, &judged.unit);
        table.row([
            judged.name.clone(),
            format!("{:.0} %", judged.weight * 100.0),
            value(judged.yours),
            value(judged.do_nothing),
            value(judged.reference),
            value(judged.par),
            format!("{:.1}", judged.points),
            format!("{:.1}", judged.points * judged.weight),
        ]);
    }
    let empty = || String::new();
    let score = format!("{:.1}", evidence.judgement.score);
    table.row(["Score".to_owned(), "100 %".to_owned(), empty(), empty(), empty(), empty(), empty(), score]);
    vec![Block::Table(table), Block::Chart(points_chart(evidence))]
}

fn points_chart(evidence: &Evidence<'_>) -> Chart {
    let objectives = &evidence.judgement.objectives;
    let rows: Vec<Bar> = objectives
        .iter()
        .map(|judged| Bar {
            label: judged.name.clone(),
            value: judged.points,
            words: format!("{:.0}", judged.points),
            band: None,
            mark: Some(points(judged.reference, judged.do_nothing, judged.par)),
        })
        .collect();
    let words: Vec<String> = rows.iter().map(|bar| format!("{}: {}", bar.label, bar.words)).collect();
    let mark = Mark { name: "On the day", color: ON_THE_DAY };
    Chart {
        caption: "Points of each objective; 0 is nobody acting, 100 the best known decisions.".to_owned(),
        words: format!("Bar chart of points. {}.", words.join("; ")),
        svg: bars(&rows, "", ("This run", ""), &mark),
    }
}
