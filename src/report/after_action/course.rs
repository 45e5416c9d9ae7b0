//! What happened: the level of services over time, events and messages as planned and as they came, decisions.

use super::super::charts::{BEST, Dot, INK, Lane, Line, NOBODY, ON_THE_DAY, OWN, Shape, Span, curves, lanes};
use super::super::document::{Block, Chart, Table};
use super::super::evidence::{Delivery, Evidence, Planned};
use crate::base::words::{span, thousands};
use crate::base::{Ix, Tick};

pub(super) fn course(evidence: &Evidence<'_>) -> Vec<Block> {
    vec![Block::Chart(curve_chart(evidence)), Block::Table(service_table(evidence))]
}

fn curve_chart(evidence: &Evidence<'_>) -> Chart {
    let runs = evidence.runs;
    let own = evidence.mean_level(&evidence.run.record);
    let [day, par, nothing] =
        [&*runs.reference, &*runs.par, &*runs.do_nothing].map(|record| evidence.mean_level(record));
    let line = |name, stroke: String, points| Line { name: Some(name), stroke, points };
    let lines = [
        line("This run", format!("stroke='{OWN}' stroke-width='2.6'"), &own),
        line("On the day", format!("stroke='{ON_THE_DAY}' stroke-width='1.6'"), &day),
        line("Best known", format!("stroke='{BEST}' stroke-width='1.6' stroke-dasharray='7 3'"), &par),
        line("Nobody acting", format!("stroke='{NOBODY}' stroke-width='1.6' stroke-dasharray='2 3'"), &nothing),
    ];
    let marks: Vec<f64> = evidence.orders().iter().map(|order| f64::from(order.tick.0)).collect();
    let minutes = evidence.run.world.tick().0;
    let days = evidence.days();
    let lowest = own.iter().map(|point| point[1]).fold(1.0, f64::min);
    Chart {
        caption: "Mean level of the seat's important services; triangles below are decisions.".to_owned(),
        words: format!(
            "Line chart over {}. The mean level of the seat's important services falls to {:.0} % at its lowest in this \
             run; the table of services has the figures.",
            span(minutes),
            lowest * 100.0
        ),
        svg: curves(&Span { minutes: f64::from(minutes), days: &days }, &lines, &marks),
    }
}

fn service_table(evidence: &Evidence<'_>) -> Table {
    let mut table = Table::new(
        "Important services, the longest outside tolerance first",
        &["Service", "#Below target from", "#Back for good", "#Outside tolerance", "#Lost"],
    );
    let world = &evidence.run.world;
    let mut rows: Vec<(u32, [String; 5])> = evidence
        .services()
        .into_iter()
        .map(|service| {
            let view = world.service(service);
            let time = |tick: Option<Tick>, none: &str| tick.map_or(none.to_owned(), |tick| evidence.time(tick));
            let lost = view.lost_micro as f64 / 1e6;
            let unit = &evidence.scenario().service_doc(service).unit;
            let back = if view.first_below.is_none() { "never below" } else { "not yet" };
            let row = [
                evidence.service(service),
                time(view.first_below, "–"),
                time(view.recovered_at, back),
                span(view.outside_min),
                format!("{} {unit}", thousands(lost as u64)),
            ];
            (view.outside_min, row)
        })
        .collect();
    rows.sort_by_key(|(outside, _)| std::cmp::Reverse(*outside));
    rows.into_iter().for_each(|(_, row)| table.row(row));
    table
}

/// An event or a message on the timeline.
struct Entry {
    kind: &'static str,
    title: String,
    via: &'static str,
    planned: Planned,
    delivery: Delivery,
    answered: String,
}

fn entries(evidence: &Evidence<'_>) -> Vec<Entry> {
    let (docs, fired) = (&evidence.scenario().docs, evidence.run.world.events_fired());
    let events = docs.events.iter().enumerate().filter(|(_, event)| event.key_moment).map(|(index, event)| Entry {
        kind: "Event",
        title: event.title.clone(),
        via: "",
        planned: evidence.planned(&event.when),
        delivery: fired[Ix::from_usize(index)].map_or(Delivery::NotYet, Delivery::Delivered),
        answered: String::new(),
    });
    let messages = evidence.messages().into_iter().map(|message| Entry {
        kind: "Message",
        title: message.title.to_owned(),
        via: message.via,
        planned: message.planned,
        delivery: message.delivery,
        answered: match message.answered {
            Some((tick, name)) => format!("{name}, {}", evidence.time(tick)),
            None if message.expected.is_empty() => "informs".to_owned(),
            None => "no answer".to_owned(),
        },
    });
    let mut entries: Vec<Entry> = events.chain(messages).collect();
    entries.sort_by_key(|entry| match (entry.delivery, entry.planned) {
        (Delivery::Delivered(tick), _) | (_, Planned::At(tick)) => tick,
        _ => Tick(u32::MAX),
    });
    entries
}

pub(super) fn timeline(evidence: &Evidence<'_>) -> Vec<Block> {
    let entries = entries(evidence);
    let head = ["Executed", "What", "Planned", "Kind", "Answered by"];
    let mut table = Table::new("Events and messages for the seat, UTC", &head);
    for entry in &entries {
        let planned = match entry.planned {
            Planned::At(tick) if entry.delivery == Delivery::Delivered(tick) => "as executed".to_owned(),
            Planned::At(tick) => evidence.time(tick),
            Planned::AfterEvent => "after an event".to_owned(),
            Planned::OnCondition => "on a condition".to_owned(),
            Planned::ByFacilitator => "by the facilitator".to_owned(),
        };
        let executed = match entry.delivery {
            Delivery::Delivered(tick) => evidence.time(tick),
            Delivery::KeptAway => "kept away by an earlier order".to_owned(),
            Delivery::Withheld => "held back by the facilitator".to_owned(),
            Delivery::NotYet => "not delivered".to_owned(),
        };
        let kind = if entry.via.is_empty() { entry.kind.to_owned() } else { entry.via.to_owned() };
        table.row([executed, entry.title.clone(), planned, kind, entry.answered.clone()]);
    }
    vec![Block::Chart(timeline_chart(evidence, &entries)), Block::Table(table)]
}

fn timeline_chart(evidence: &Evidence<'_>, entries: &[Entry]) -> Chart {
    let minute = |tick: Tick| f64::from(tick.0);
    let lane = |kind: &str| {
        let of_kind = entries.iter().filter(|entry| entry.kind == kind);
        let mut dots = Vec::new();
        for entry in of_kind {
            if let Planned::At(tick) = entry.planned {
                dots.push(Dot { minute: minute(tick), shape: Shape::Ring });
            }
            if let Delivery::Delivered(tick) = entry.delivery {
                dots.push(Dot { minute: minute(tick), shape: Shape::Disc });
            }
        }
        dots
    };
    let orders = evidence.orders();
    let given = orders.iter().map(|order| Dot { minute: minute(order.tick), shape: Shape::Disc });
    let rows = [
        Lane { label: "Events".to_owned(), color: INK, dots: lane("Event") },
        Lane { label: "Messages".to_owned(), color: INK, dots: lane("Message") },
        Lane { label: "Decisions".to_owned(), color: OWN, dots: given.collect() },
    ];
    let minutes = evidence.run.world.tick().0;
    let came = entries.iter().filter(|entry| matches!(entry.delivery, Delivery::Delivered(_))).count();
    Chart {
        caption: "Events, messages and decisions over time. Those on a condition have no planned time.".to_owned(),
        words: format!(
            "Timeline over {}: {came} of {} events and messages came, and {} decisions were taken; the tables below have \
             their times.",
            span(minutes),
            entries.len(),
            orders.len()
        ),
        svg: lanes(
            &Span { minutes: f64::from(minutes), days: &evidence.days() },
            &rows,
            &[(Shape::Ring, "Planned"), (Shape::Disc, "Executed")],
        ),
    }
}

pub(super) fn decisions(evidence: &Evidence<'_>) -> Vec<Block> {
    let orders = evidence.orders();
    if orders.is_empty() {
        return vec![Block::Text("Nobody gave an order from this seat.".to_owned())];
    }
    let caption = "Decisions in the order given, UTC; in force after the lead time";
    let has_remarks = orders.iter().any(|order| {
        order.entry.remarks().is_some_and(|remarks| remarks.confidence_pct.is_some() || remarks.reason.is_some())
    });
    let head: &[&str] = if has_remarks {
        &["Given", "Decision", "For", "In force", "#Confidence", "Reason"]
    } else {
        &["Given", "Decision", "For", "In force", "By"]
    };
    let mut table = Table::new(caption, head);
    for order in orders {
        let by = if order.entry.is_by_playbook() { "by the playbook" } else { "" };
        let mut row =
            vec![evidence.time(order.tick), order.name.to_owned(), order.target, evidence.time(order.effective)];
        if has_remarks {
            let remarks = order.entry.remarks();
            let confidence = remarks.and_then(|remarks| remarks.confidence_pct);
            row.push(confidence.map_or(String::new(), |percent| format!("{percent} %")));
            row.push(remarks.and_then(|remarks| remarks.reason.as_deref()).unwrap_or(by).to_owned());
        } else {
            row.push(if by.is_empty() { "a person" } else { by }.to_owned());
        }
        table.row(row);
    }
    vec![Block::Table(table)]
}
