//! The injects of a scenario as a master scenario events list: tables with the columns of HSEEP, Blueprint or MITRE.
//!
//! Invariant: a list that is written and read again gives the same injects. Columns that a set does not have follow
//! after its own. Must not know a file format: cells are texts.

use std::collections::BTreeMap;

use super::schema::{Inject, Provenance, Trigger, Via};
use crate::base::{Tick, UtcStart};

/// A set of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSet {
    /// Homeland Security Exercise and Evaluation Program.
    Hseep,
    /// The exercise planner Blueprint of the Crucible framework.
    Blueprint,
    /// The MITRE Cyber Exercise Playbook.
    Mitre,
}

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Number,
    Id,
    When,
    Title,
    Body,
    Via,
    From,
    To,
    Answers,
    Urgent,
    Unless,
    Provenance,
}

const ALL: [Field; 12] = [
    Field::Number,
    Field::Id,
    Field::When,
    Field::Title,
    Field::Body,
    Field::Via,
    Field::From,
    Field::To,
    Field::Answers,
    Field::Urgent,
    Field::Unless,
    Field::Provenance,
];

/// Heads of columns that no set has by itself.
const OWN: [(Field, &str); 5] = [
    (Field::Id, "Inject id"),
    (Field::Title, "Title"),
    (Field::Urgent, "Urgent"),
    (Field::Unless, "Kept away by"),
    (Field::Provenance, "Standing and source"),
];

/// Between the names in one cell.
const BETWEEN: &str = "; ";

impl ColumnSet {
    /// All columns in their order, with their heads.
    fn columns(self) -> Vec<(Field, &'static str)> {
        let mut columns = match self {
            Self::Hseep => vec![
                (Field::Number, "Event number"),
                (Field::When, "Event time"),
                (Field::Title, "Event"),
                (Field::Body, "Event description"),
                (Field::Via, "Delivery method"),
                (Field::From, "Responsible controller"),
                (Field::To, "Recipient player"),
                (Field::Answers, "Expected player action"),
            ],
            Self::Blueprint => vec![
                (Field::Number, "Control number"),
                (Field::When, "Date and time"),
                (Field::Title, "Scenario event"),
                (Field::Body, "Description"),
                (Field::From, "From organization"),
                (Field::To, "To organization"),
                (Field::Via, "Delivery method"),
                (Field::Answers, "Expected outcome"),
            ],
            Self::Mitre => vec![
                (Field::Number, "MSEL number"),
                (Field::When, "Time"),
                (Field::Title, "Event name"),
                (Field::Body, "Inject"),
                (Field::From, "Sender"),
                (Field::To, "Training audience"),
                (Field::Via, "Means of delivery"),
                (Field::Answers, "Expected response"),
            ],
        };
        let has = |columns: &[(Field, &str)], field| columns.iter().any(|(found, _)| *found == field);
        let further: Vec<_> = OWN.into_iter().filter(|(field, _)| !has(&columns, *field)).collect();
        columns.extend(further);
        debug_assert!(ALL.into_iter().all(|field| has(&columns, field)), "a field has no column");
        columns
    }

    /// The heads of the columns.
    pub fn heads(self) -> Vec<&'static str> {
        self.columns().into_iter().map(|(_, head)| head).collect()
    }

    /// Every inject as a row of cells, in the order of the scenario.
    pub fn rows(self, injects: &[Inject], start: UtcStart) -> Vec<Vec<String>> {
        let columns = self.columns();
        let row = |(index, inject): (usize, &Inject)| {
            columns.iter().map(|(field, _)| cell(*field, index + 1, inject, start)).collect()
        };
        injects.iter().enumerate().map(row).collect()
    }
}

/// A mistake in a list: the number of its row, from 1 with the heads, and a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub row: usize,
    pub what: String,
}

/// Reads a list: its first row has the heads of one of the sets, in any order.
///
/// # Errors
/// All mistakes: missing columns, or cells that cannot be understood.
pub fn read(rows: &[Vec<String>], start: UtcStart) -> Result<Vec<Inject>, Vec<Mistake>> {
    let heads = rows.first().map_or(&[][..], Vec::as_slice);
    let sets = [ColumnSet::Hseep, ColumnSet::Blueprint, ColumnSet::Mitre];
    let place = |head: &str| heads.iter().position(|found| found.trim().eq_ignore_ascii_case(head));
    let missing = |set: ColumnSet| -> Vec<&str> {
        set.columns().into_iter().filter(|(_, head)| place(head).is_none()).map(|(_, head)| head).collect()
    };
    let best = sets.into_iter().min_by_key(|set| missing(*set).len()).expect("there are three sets");
    let lacks = missing(best);
    if !lacks.is_empty() {
        let what = format!("these columns are missing: {}", lacks.join(", "));
        return Err(vec![Mistake { row: 1, what }]);
    }
    let places: BTreeMap<Field, usize> =
        best.columns().into_iter().filter_map(|(field, head)| Some((field, place(head)?))).collect();
    let (mut injects, mut mistakes) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate().skip(1).filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())) {
        let text = |field: Field| row.get(places[&field]).map_or("", String::as_str);
        match inject(text, start) {
            Ok(inject) => injects.push(inject),
            Err(what) => mistakes.push(Mistake { row: index + 1, what }),
        }
    }
    if mistakes.is_empty() { Ok(injects) } else { Err(mistakes) }
}

fn cell(field: Field, number: usize, inject: &Inject, start: UtcStart) -> String {
    match field {
        Field::Number => number.to_string(),
        Field::Id => inject.id.clone(),
        Field::When => when_text(&inject.when, start),
        Field::Title => inject.title.clone(),
        Field::Body => inject.body.clone(),
        Field::Via => inject.via.word().to_owned(),
        Field::From => inject.from.clone(),
        Field::To if inject.to.is_empty() => "All".to_owned(),
        Field::To => inject.to.join(BETWEEN),
        Field::Answers => inject.answers.join(BETWEEN),
        Field::Urgent => if inject.urgent { "yes" } else { "no" }.to_owned(),
        Field::Unless => inject.unless.join(BETWEEN),
        Field::Provenance => ron::to_string(&inject.provenance).expect("a provenance prints as RON"),
    }
}

fn inject<'t>(text: impl Fn(Field) -> &'t str, start: UtcStart) -> Result<Inject, String> {
    let names = |field: Field| -> Vec<String> {
        let names = text(field).split(BETWEEN.trim()).map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    let via = [Via::Monitoring, Via::Phone, Via::Email, Via::Press, Via::Regulator, Via::Executive];
    let word = text(Field::Via).trim();
    let found = via.into_iter().find(|via| via.word().eq_ignore_ascii_case(word));
    let words = via.map(Via::word).join(", ");
    let provenance = text(Field::Provenance);
    let provenance: Provenance = ron::from_str(provenance)
        .map_err(|error| format!("the standing `{provenance}` cannot be understood: {error}"))?;
    let to = names(Field::To);
    Ok(Inject {
        id: text(Field::Id).trim().to_owned(),
        when: when(text(Field::When), start)?,
        to: if to.iter().any(|name| name.eq_ignore_ascii_case("all")) { Vec::new() } else { to },
        via: found.ok_or_else(|| format!("`{word}` is no channel; the channels are {words}"))?,
        from: text(Field::From).to_owned(),
        title: text(Field::Title).to_owned(),
        body: text(Field::Body).to_owned(),
        urgent: match text(Field::Urgent).trim().to_lowercase().as_str() {
            "yes" => true,
            "no" | "" => false,
            other => return Err(format!("urgent is yes or no, and not `{other}`")),
        },
        answers: names(Field::Answers),
        unless: names(Field::Unless),
        provenance,
    })
}

/// `D+2 H+3 M+45` for a fixed time; `after EVENT M+10`; `when OBSERVABLE > 0.2`.
fn when_text(trigger: &Trigger, start: UtcStart) -> String {
    match trigger {
        Trigger::At(time) => start.tick_of(time).map_or_else(|_| time.clone(), relative),
        Trigger::After(event, minutes) => format!("after {event} M+{minutes}"),
        Trigger::Above(observable, value) => format!("when {observable} > {value:?}"),
        Trigger::Below(observable, value) => format!("when {observable} < {value:?}"),
    }
}

/// A time from the start of the scenario: `D+2 H+3 M+45`.
pub fn relative(tick: Tick) -> String {
    format!("D+{} H+{} M+{:02}", tick.0 / 1440, tick.0 / 60 % 24, tick.0 % 60)
}

fn when(text: &str, start: UtcStart) -> Result<Trigger, String> {
    let text = text.trim();
    let wrong = || format!("the time `{text}` is none of `D+2 H+3 M+45`, `after EVENT M+10`, `when OBSERVABLE > 0.2`");
    if let Some(rest) = text.strip_prefix("after ") {
        let (event, minutes) = rest.rsplit_once(" M+").ok_or_else(wrong)?;
        return Ok(Trigger::After(event.trim().to_owned(), minutes.trim().parse().map_err(|_| wrong())?));
    }
    if let Some(rest) = text.strip_prefix("when ") {
        let value = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
        return match (rest.rsplit_once(" > "), rest.rsplit_once(" < ")) {
            (Some((name, above)), None) => Ok(Trigger::Above(name.trim().to_owned(), value(above)?)),
            (None, Some((name, below))) => Ok(Trigger::Below(name.trim().to_owned(), value(below)?)),
            _ => Err(wrong()),
        };
    }
    let tick = minutes_from_start(text).ok_or_else(wrong)?;
    Ok(Trigger::At(start.iso(Tick(tick))))
}

/// Minutes of a time like `D+2 H+3 M+45`, its parts in any number and order; none for another text.
pub fn minutes_from_start(text: &str) -> Option<u32> {
    let mut minutes = 0_u32;
    for word in text.split_whitespace() {
        let (unit, number) = word.split_once('+')?;
        let number: u32 = number.parse().ok()?;
        let length = match unit {
            "D" | "d" => 1_440,
            "H" | "h" => 60,
            "M" | "m" => 1,
            _ => return None,
        };
        minutes = number.checked_mul(length).and_then(|part| minutes.checked_add(part))?;
    }
    (!text.trim().is_empty()).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{library, load};

    fn check(injects: &[Inject], start: UtcStart) {
        for set in [ColumnSet::Hseep, ColumnSet::Blueprint, ColumnSet::Mitre] {
            let heads = set.heads().iter().map(|head| (*head).to_owned()).collect();
            let rows: Vec<Vec<String>> = std::iter::once(heads).chain(set.rows(injects, start)).collect();
            assert_eq!(read(&rows, start).unwrap(), injects, "{set:?}");
            // The order of columns makes no difference.
            let turned: Vec<Vec<String>> = rows.iter().map(|row| row.iter().rev().cloned().collect()).collect();
            assert_eq!(read(&turned, start).unwrap(), injects, "{set:?} turned");
        }
    }

    #[test]
    fn lists_of_the_scenarios_read_back() {
        for files in library::builtin() {
            let docs = load::load(&files).unwrap().into_inner();
            let start = UtcStart::parse(&docs.manifest.start).unwrap();
            assert!(!docs.injects.is_empty());
            check(&docs.injects, start);
        }
    }

    #[test]
    fn unusual_texts_read_back() {
        let start = UtcStart::parse("2024-07-18T21:00Z").unwrap();
        let triggers = [
            Trigger::At("2024-07-21T00:45Z".to_owned()),
            Trigger::After("release".to_owned(), 0),
            Trigger::Above("hosts_down_share(org:delta)".to_owned(), 0.1 + 0.2),
            Trigger::Below("level(service:a/b)".to_owned(), 1e-9),
        ];
        let inject = |(number, when): (usize, Trigger)| Inject {
            id: format!("inject-{number}"),
            when,
            to: if number == 0 { Vec::new() } else { vec!["a".to_owned(), "b".to_owned()] },
            via: Via::Executive,
            from: "=cmd".to_owned(),
            title: " “Quoted”, with; marks ".to_owned(),
            body: "First line\nsecond, \"line\" > < M+3".to_owned(),
            urgent: number == 1,
            answers: vec!["x".to_owned()],
            unless: Vec::new(),
            provenance: Provenance::Invented((), "after (T01); \"said\"".to_owned()),
        };
        check(&triggers.into_iter().enumerate().map(inject).collect::<Vec<_>>(), start);
    }

    #[test]
    fn mistakes_are_named_all_at_once() {
        let start = UtcStart::parse("2024-07-18T21:00Z").unwrap();
        assert!(read(&[], start).unwrap_err()[0].what.starts_with("these columns are missing"));
        let heads: Vec<String> = ColumnSet::Hseep.heads().iter().map(|head| (*head).to_owned()).collect();
        let bad = vec!["1".to_owned(); heads.len()];
        let found = read(&[heads, bad.clone(), bad], start).unwrap_err();
        assert_eq!(found.iter().map(|mistake| mistake.row).collect::<Vec<_>>(), [2, 3]);
    }
}
