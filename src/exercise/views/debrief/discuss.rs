//! Questions for the discussion right after an exercise, made from the evidence of this run.
//!
//! A question never tells the answer: its evidence says what happened, and people say why.

use super::decisions::known;
use super::phrases::{basis, measure, order_phrase};
use crate::assess::score::{Judged, Judgement};
use crate::base::Tick;
use crate::base::words::{signed, span};
use crate::exercise::view::QuestionRow;
use crate::exercise::views::notes::notes;
use crate::exercise::views::source::Source;
use crate::scenario::compile::Inject;
use crate::session::NoteTag;
use crate::sim::messages::answers;
use crate::sim::world::Moment;
use crate::study::worth::DecisionWorth;

/// Questions for one discussion.
const QUESTIONS: usize = 5;
/// A confidence from which a decision without gain is worth a question, in per cent.
const SURE_PCT: u8 = 60;
/// A confidence up to which a decision with gain is worth a question, in per cent.
const UNSURE_PCT: u8 = 40;

/// Five questions, those that rest on the worth of decisions first; fewer while the run is still being compared.
pub fn questions(source: &Source, judgement: Option<&Judgement>) -> Vec<QuestionRow> {
    let Some(judgement) = judgement else { return Vec::new() };
    let first = [missed(source), costly(source), surprising(source)];
    let second = [delay(source), note(source), best(source)];
    let by_points = {
        let mut objectives: Vec<&Judged> = judgement.objectives.iter().collect();
        objectives.sort_by(|one, other| one.points.total_cmp(&other.points));
        objectives
    };
    let weakest = by_points.first().map(|objective| weakest(objective));
    let others = [history(judgement), Some(preparation(source)), Some(handover(source)), Some(messages(source))];
    let found = first.into_iter().chain([weakest]).chain(second).chain([luck(source)]).chain(others);
    found.flatten().take(QUESTIONS).collect()
}

fn question(question: &str, evidence: String) -> QuestionRow {
    QuestionRow { question: question.to_owned(), evidence }
}

/// The order that would have gained most.
fn missed(source: &Source) -> Option<QuestionRow> {
    let worth = source.weighing()?.worth()?;
    let missed = worth.untaken.best.first()?;
    let order = order_phrase(source.scenario(), missed.mitigation, missed.target);
    let gain = signed(missed.gain.score.median);
    let (time, known) = (source.time(missed.tick), known(source, missed.known_from));
    Some(question(
        "What would have had to be different for you to give this order in time?",
        format!("{order} at {time} would have been worth {gain} points; {known}."),
    ))
}

/// All decisions with their worths; none while one of them is not measured.
fn weighed<'a>(source: &Source<'a>) -> Option<Vec<&'a DecisionWorth>> {
    let weighing = source.weighing()?;
    (0..weighing.decisions.len()).map(|index| weighing.decision(index)).collect()
}

fn said(source: &Source, worth: &DecisionWorth) -> String {
    let decision = &worth.decision;
    let order = order_phrase(source.scenario(), decision.mitigation, decision.target);
    let points = signed(worth.worth.score.median);
    format!("{order}, {}, was worth {points} points ({})", source.time(decision.tick), basis(&worth.worth))
}

/// The decision that cost most.
fn costly(source: &Source) -> Option<QuestionRow> {
    let by_worth =
        |one: &&DecisionWorth, other: &&DecisionWorth| one.worth.score.median.total_cmp(&other.worth.score.median);
    let worst = weighed(source)?.into_iter().min_by(by_worth)?;
    (worst.worth.score.median < 0.0).then(|| {
        question("What did you expect of this decision, and what spoke against it then?", said(source, worst) + ".")
    })
}

/// The decision whose worth is farthest from the confidence in it.
fn surprising(source: &Source) -> Option<QuestionRow> {
    let gap = |worth: &DecisionWorth| {
        let remarks = source.run().log[worth.decision.position].remarks()?;
        let (confidence, helped) = (remarks.confidence_pct?, 0.0 < worth.worth.score.median);
        let gap = if helped { 100 - confidence } else { confidence };
        let is_surprising = if helped { confidence <= UNSURE_PCT } else { SURE_PCT <= confidence };
        is_surprising.then_some((gap, confidence, helped))
    };
    let found = weighed(source)?.into_iter().filter_map(|worth| Some((gap(worth)?, worth)));
    let ((_, confidence, helped), worth) = found.max_by_key(|((gap, ..), _)| *gap)?;
    let asked = if helped { "What made you doubt this decision?" } else { "What made you so sure of this decision?" };
    Some(question(asked, format!("You were {confidence} % sure. {}.", said(source, worth))))
}

fn weakest(objective: &Judged) -> QuestionRow {
    let text = |value: f64| measure(&objective.unit, value);
    let evidence = format!(
        "{}: {} points. Yours is {}; on the day it was {}, and the best known decisions reach {}.",
        objective.name,
        crate::base::words::figure(objective.points, ""),
        text(objective.yours),
        text(objective.reference),
        text(objective.par)
    );
    let asked = if objective.points < 100.0 {
        "What held this objective back, and who could have changed it?"
    } else {
        "What made this objective come out as well as the best known, and would it again?"
    };
    question(asked, evidence)
}

/// The longest wait between a message that asked for an order and the first such order.
fn delay(source: &Source) -> Option<QuestionRow> {
    let seat = source.chair.seat()?;
    let run = source.run();
    let waited = |(tick, inject): (Tick, crate::base::Ix<Inject>)| {
        let named: Vec<_> = answers(source.scenario(), inject, seat).collect();
        if named.is_empty() {
            return None;
        }
        let orders = run.world.orders().iter().filter(|order| named.contains(&order.mitigation));
        // An order that was given before the message was no answer to it.
        let first = orders.map(|order| order.ordered).min();
        match first {
            Some(first) if first <= tick => None,
            first => Some((first.unwrap_or(run.world.tick()).since(tick), inject, first)),
        }
    };
    let messages = run.moments.iter().filter_map(|&(tick, moment)| match moment {
        Moment::Inject(inject) if source.reaches(inject) => Some((tick, inject)),
        _ => None,
    });
    let (minutes, inject, first) = messages.filter_map(waited).max_by_key(|(minutes, ..)| *minutes)?;
    let title = &source.scenario().docs.injects[inject.position()].title;
    let evidence = match first {
        Some(_) => format!("The message “{title}” asked for an order, which came {} later.", span(minutes)),
        None => format!("The message “{title}” asked for an order, which was never given."),
    };
    Some(question("What did you wait for?", evidence))
}

/// The last note that asks for something.
fn note(source: &Source) -> Option<QuestionRow> {
    let asks = |tag: NoteTag| matches!(tag, NoteTag::Gap | NoteTag::Risk | NoteTag::Recommendation);
    let note = notes(source).rfind(|note| asks(note.tag))?;
    Some(question("Who takes this on, and by when?", format!("Your note, {}: “{}”", note.time, note.text)))
}

/// The best decision.
fn best(source: &Source) -> Option<QuestionRow> {
    let by_worth =
        |one: &&DecisionWorth, other: &&DecisionWorth| one.worth.score.median.total_cmp(&other.worth.score.median);
    let best = weighed(source)?.into_iter().max_by(by_worth)?;
    (0.0 < best.worth.score.median)
        .then(|| question("How do you make sure that the next shift decides this as well?", said(source, best) + "."))
}

fn luck(source: &Source) -> Option<QuestionRow> {
    let worth = source.weighing()?.worth()?;
    let luck = super::score::luck(worth)?;
    (luck.p5 < luck.p95)
        .then(|| question("Which of your decisions would you take again without knowing your luck?", luck.words + "."))
}

fn history(judgement: &Judgement) -> Option<QuestionRow> {
    let reference = crate::assess::score::reference_score(judgement);
    let evidence = format!("You have {:.1} points; what was done on the day has {reference:.1}.", judgement.score);
    Some(question("What did you know that the people of that day did not?", evidence))
}

fn preparation(source: &Source) -> QuestionRow {
    let organisations = source.organisations().iter();
    let outside = organisations.flat_map(|&organisation| source.scenario().organisations[organisation].services);
    let longest = outside.max_by_key(|&service| source.world().service(service).outside_min);
    let evidence = longest.map_or_else(
        || "Nothing was outside its tolerance.".to_owned(),
        |service| {
            let minutes = source.world().service(service).outside_min;
            let name = crate::exercise::words::target_label(
                source.scenario(),
                crate::scenario::compile::Target::Service(service),
            );
            format!("{name} was outside its impact tolerance for {}.", span(minutes))
        },
    );
    question("What would you buy or practise before the next outage?", evidence)
}

fn messages(source: &Source) -> QuestionRow {
    let arrived: Vec<Tick> = source
        .run()
        .moments
        .iter()
        .filter_map(|&(tick, moment)| match moment {
            Moment::Inject(inject) if source.reaches(inject) => Some(tick),
            _ => None,
        })
        .collect();
    let evidence = match arrived.first() {
        Some(first) => format!("{} messages reached you, the first at {}.", arrived.len(), source.time(*first)),
        None => "No message reached you.".to_owned(),
    };
    question("Which message did you need earlier, and from whom?", evidence)
}

fn handover(source: &Source) -> QuestionRow {
    let given = source.seat_orders().count();
    let evidence = match source.seat_orders().map(|(_, entry, _)| entry.tick).next() {
        Some(first) => format!("You gave {given} orders, the first at {}.", source.time(first)),
        None => "You gave no order.".to_owned(),
    };
    question("At which moment did you lack a person, a fact or a power?", evidence)
}
