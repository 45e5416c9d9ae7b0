//! The log of a facilitated exercise in the words of the people: who did what, and when.

use super::source::Source;
use super::team::{person_name, rule_words, seat_names};
use crate::base::words as format;
use crate::base::{Ix, Tick};
use crate::exercise::view::{LOG_ROWS_MAX, LogRow};
use crate::exercise::words::target_label;
use crate::scenario::compile::Seat;
use crate::session::LogEntry;
use crate::session::conduct::{ClockChange, Deed, DeedRecord, MessageId, PersonId, PersonRole};
use crate::sim::{Command, Issuer};

/// Newest first.
pub fn log(source: &Source) -> Vec<LogRow> {
    let run = source.run();
    let deeds = run.conduct.deeds().iter().rev().filter_map(|record| of_deed(source, record));
    let commands = run.log.iter().rev().filter_map(|entry| of_command(source, entry));
    let notes = run.notes.iter().rev().map(|note| {
        let row = LogRow {
            time: source.time(note.tick),
            at_s: None,
            by: note.person.map_or_else(String::new, |by| person_name(source, by)),
            what: format!("Note ({:?}): {}", note.tag, format::cut(&note.text.replace('\n', " "), 160)),
        };
        (note.tick.0, row)
    });
    let mut rows: Vec<(u32, LogRow)> =
        deeds.take(LOG_ROWS_MAX).chain(commands.take(LOG_ROWS_MAX)).chain(notes.take(LOG_ROWS_MAX)).collect();
    rows.sort_by_key(|(tick, _)| std::cmp::Reverse(*tick));
    rows.into_iter().take(LOG_ROWS_MAX).map(|(_, row)| row).collect()
}

fn of_command(source: &Source, entry: &LogEntry) -> Option<(u32, LogRow)> {
    let scenario = source.scenario();
    let remarks = entry.remarks()?;
    let seat = |seat: Ix<Seat>| scenario.docs.seats[seat.position()].name.clone();
    let (by, what) = match entry.command {
        Command::Order { by, mitigation, target } => {
            let name = &scenario.docs.mitigations[mitigation.position()].name;
            (by, format!("Ordered: {name} · {}", target_label(scenario, target)))
        }
        Command::Cancel { by, order } => (by, format!("Took back order {}", order.number() + 1)),
        Command::Inject { by, inject } => (by, format!("Sent now: {}", scenario.docs.injects[inject.position()].title)),
        Command::Grant { by, organisation, technicians, hours } => {
            let name = scenario.organisation_name(organisation);
            (by, format!("Granted {technicians} technicians to {name} for {hours} h"))
        }
    };
    let seat = match by {
        Issuer::Seat(index) => seat(index),
        Issuer::Facilitator | Issuer::Policy => "Facilitator".to_owned(),
    };
    let person = remarks.person.map(|person| person_name(source, person));
    let by = person.map_or(seat.clone(), |person| format!("{person} ({seat})"));
    Some((entry.tick.0, LogRow { time: source.time(entry.tick), at_s: None, by, what }))
}

fn of_deed(source: &Source, record: &DeedRecord) -> Option<(u32, LogRow)> {
    let name = |person: PersonId| person_name(source, person);
    let inject = |id: &String| {
        let docs = source.scenario().docs.injects.iter().find(|docs| docs.id == *id);
        docs.map_or_else(|| id.clone(), |docs| docs.title.clone())
    };
    let seat = |id: &String| seat_names(source, std::slice::from_ref(id));
    let what = match &record.deed {
        Deed::Join { name, role, seat: to } => match (role, to) {
            (PersonRole::Participant, Some(to)) => format!("{name} joined {}", seat(to)),
            _ => format!("{name} joined as {}", role_word(*role)),
        },
        Deed::Move { person, seat: to } => format!("Moved {} to {}", name(*person), seat(to)),
        Deed::Remove { person } => format!("Removed {}", name(*person)),
        Deed::Rule { seat: to, rule } => {
            let lead = rule.lead.map(name);
            format!("{}: {}", seat(to), rule_words(*rule, lead.as_deref()))
        }
        Deed::Begin => "The exercise began".to_owned(),
        Deed::Clock(change) => clock_words(source, *change),
        Deed::Message(message) => format!("Wrote to {}: {}", seat_names(source, &message.to), message.title),
        Deed::Hold { inject: id } => format!("Held: {}", inject(id)),
        Deed::LetGo { inject: id } => format!("Let go: {}", inject(id)),
        Deed::Skip { inject: id } => format!("Skipped: {}", inject(id)),
        Deed::Wall { text } if text.is_empty() => "Cleared the wall".to_owned(),
        Deed::Wall { text } => format!("On the wall: {text}"),
        Deed::Lock { is_locked: true } => "Locked the screens".to_owned(),
        Deed::Lock { is_locked: false } => "Unlocked the screens".to_owned(),
        Deed::Countdown { seconds: 0, .. } => "Took the countdown away".to_owned(),
        Deed::Countdown { text, seconds } => format!("Countdown of {} min {} s: {text}", seconds / 60, seconds % 60),
        Deed::Read { message: MessageId::Inject(id) } => format!("Read: {}", inject(id)),
        Deed::Read { message: MessageId::Written(number) } => {
            let sent = source.run().conduct.messages.get(*number as usize);
            format!("Read: {}", sent.map_or("a message", |sent| sent.message.title.as_str()))
        }
        Deed::Propose { order, .. } => {
            let docs = source.scenario().docs.mitigations.iter().find(|docs| docs.id == order.order);
            let order_name = docs.map_or(order.order.as_str(), |docs| docs.name.as_str());
            format!("Proposed: {order_name} · {}", order.target)
        }
        Deed::Second { proposal, .. } => format!("Seconded proposal {}", proposal + 1),
        Deed::Withdraw { proposal } => format!("Took proposal {} off the list", proposal + 1),
        Deed::Rate { objective, rating, .. } => format!("Rated {objective}: {}", rating.letter()),
        Deed::HotWash { is_open: true, .. } => "Opened the hot wash".to_owned(),
        Deed::HotWash { is_open: false, .. } => "Closed the hot wash".to_owned(),
        Deed::Restart => "The program was started again and went on from its run file".to_owned(),
        // Answers and forms have a place of their own.
        Deed::Answer { .. } | Deed::Feedback { .. } | Deed::FedBack => return None,
    };
    let by = record.by.map_or_else(|| "Program".to_owned(), name);
    Some((record.tick, LogRow { time: source.time(Tick(record.tick)), at_s: Some(record.at_s), by, what }))
}

fn clock_words(source: &Source, change: ClockChange) -> String {
    match change {
        ClockChange::Pause => "Paused the clock".to_owned(),
        ClockChange::Speed(speed) => format!("Started the clock at ×{speed}"),
        ClockChange::Step => "Moved the clock by a minute".to_owned(),
        ClockChange::JumpTo(tick) => format!("Moved the clock to {}", source.time(Tick(tick))),
        ClockChange::JumpToNextEvent => "Moved the clock to the next event".to_owned(),
        ClockChange::End => "Ended the exercise".to_owned(),
    }
}

/// The part of a person as a word.
pub fn role_word(role: PersonRole) -> &'static str {
    match role {
        PersonRole::Participant => "participant",
        PersonRole::Facilitator => "facilitator",
        PersonRole::Evaluator => "evaluator",
        PersonRole::Observer => "observer",
    }
}
