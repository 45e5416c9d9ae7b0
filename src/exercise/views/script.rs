//! The script as a master scenario events list: injects and events with their times and states.

use super::source::Source;
use super::team::seat_names;
use crate::base::Tick;
use crate::exercise::view::{ScriptRow, ScriptState};
use crate::scenario::compile::{Scenario, When};
use crate::scenario::msel;
use crate::scenario::schema::Trigger;
use crate::session::conduct::ScriptChange;
use crate::sim::messages;

/// By planned time; entries that wait for a condition last.
pub fn script(source: &Source) -> Vec<ScriptRow> {
    let mut rows = injects(source);
    rows.extend(events(source));
    // Stable: of one minute in the order written, injects first.
    rows.sort_by_key(|row| (row.planned_min.is_none(), row.planned_min));
    rows
}

fn injects(source: &Source) -> Vec<ScriptRow> {
    let (scenario, world) = (source.scenario(), source.world());
    let conduct = &source.run().conduct;
    let row = |index: crate::base::Ix<crate::scenario::compile::Inject>| {
        let docs = &scenario.docs.injects[index.position()];
        let fired = world.injects_fired()[index];
        let reaches_any = source.exercise.seats().iter().any(|&seat| messages::reaches(world, index, seat));
        let state = match (conduct.script.get(&docs.id), fired) {
            (Some(ScriptChange::Held), _) => ScriptState::Held,
            (Some(ScriptChange::Skipped), _) => ScriptState::Skipped,
            (_, Some(_)) if !reaches_any => ScriptState::KeptAway,
            (_, Some(_)) => ScriptState::Sent,
            (_, None) => ScriptState::Waiting,
        };
        let planned = planned(source, scenario.injects[index]);
        ScriptRow {
            inject: Some(index),
            id: docs.id.clone(),
            when: when_words(scenario, &docs.when, planned),
            planned_min: fired.or(planned).map(|tick| tick.0),
            time: fired.or(planned).map_or_else(String::new, |tick| source.time(tick)),
            title: docs.title.clone(),
            body: docs.body.clone(),
            via: docs.via.word().to_owned(),
            from: docs.from.clone(),
            to: seat_names(source, &docs.to),
            to_ids: docs.to.clone(),
            is_urgent: docs.urgent,
            state,
        }
    };
    scenario.injects.indices().map(row).collect()
}

fn events(source: &Source) -> Vec<ScriptRow> {
    let (scenario, world) = (source.scenario(), source.world());
    let row = |index: crate::base::Ix<crate::scenario::compile::Event>| {
        let docs = &scenario.docs.events[index.position()];
        let fired = world.events_fired()[index];
        let planned = planned(source, scenario.events[index].when);
        ScriptRow {
            inject: None,
            id: docs.id.clone(),
            when: when_words(scenario, &docs.when, planned),
            planned_min: fired.or(planned).map(|tick| tick.0),
            time: fired.or(planned).map_or_else(String::new, |tick| source.time(tick)),
            title: docs.title.clone(),
            body: String::new(),
            via: "Event".to_owned(),
            from: String::new(),
            to: String::new(),
            to_ids: Vec::new(),
            is_urgent: false,
            state: if fired.is_some() { ScriptState::Sent } else { ScriptState::Waiting },
        }
    };
    scenario.events.indices().map(row).collect()
}

/// The tick that a trigger has by the script alone; none for a condition and for what follows one.
fn planned(source: &Source, when: When) -> Option<Tick> {
    match when {
        When::At(tick) => Some(tick),
        When::After { event, minutes } => {
            let fired = source.world().events_fired()[event];
            let before = fired.or_else(|| planned(source, source.scenario().events[event].when))?;
            Some(before.plus(minutes))
        }
        When::Above { .. } | When::Below { .. } => None,
    }
}

/// `D+0 H+5 M+09`, and the trigger if it is no fixed time.
fn when_words(scenario: &Scenario, trigger: &Trigger, planned: Option<Tick>) -> String {
    let relative = planned.map(msel::relative);
    let title = |id: &String| {
        let event = scenario.docs.events.iter().find(|event| event.id == *id);
        event.map_or_else(|| id.clone(), |event| event.title.clone())
    };
    let words = match trigger {
        Trigger::At(_) => None,
        Trigger::After(event, minutes) => Some(format!("{minutes} min after “{}”", title(event))),
        Trigger::Above(observable, value) => Some(format!("when {observable} is above {value}")),
        Trigger::Below(observable, value) => Some(format!("when {observable} is below {value}")),
    };
    relative.into_iter().chain(words).collect::<Vec<_>>().join(", ")
}
