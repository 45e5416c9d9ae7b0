//! The confidence of each run beside what came of its orders.

use super::super::after_action::{confidence_chart, confidence_words};
use super::super::document::{Block, Table};
use super::Class;
use crate::base::words::percent;
use crate::study::confidence::{Forecast, Habit, confidence as found, fraction};

pub(super) fn confidence(class: &Class<'_>) -> Vec<Block> {
    let all: Vec<Forecast> = class.members.iter().flat_map(|member| member.forecasts.iter().copied()).collect();
    let Some(together) = found(&all) else { return Vec::new() };
    let caption = "Confidence by run. An order helped if the score of the run is higher with it than without it, on the seed \
                   of the run";
    let head = ["Run", "#Orders", "#Mean confidence", "#Helped", "#Brier score", "Beside chance"];
    let mut table = Table::new(caption, &head);
    for member in class.ranked() {
        let Some(own) = found(&member.forecasts) else { continue };
        let habit = match own.habit {
            Habit::Unknown => "too few orders",
            Habit::TooSure => "too sure",
            Habit::TooUnsure => "too unsure",
            Habit::Fits => "fits",
        };
        table.row([
            member.name.clone(),
            own.forecasts.to_string(),
            percent(own.sure),
            percent(own.helped),
            format!("{:.3}", fraction(own.brier.score)),
            habit.to_owned(),
        ]);
    }
    let mut blocks =
        vec![Block::Table(table), Block::Text(format!("The class together: {}", confidence_words(&together)))];
    if !together.curve.is_empty() {
        blocks.push(Block::Chart(confidence_chart(&together)));
    }
    blocks
}
