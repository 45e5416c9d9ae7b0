//! What the evidence about a run says about decisions, messages and services.
//!
//! Must not simulate, and must not put anything into sentences.

pub use crate::session::conduct::Rating;
pub use crate::study::Evidence;

use super::names;
use crate::assess::score::Judged;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Mitigation, Scenario, Seat, Service, Target};
use crate::scenario::schema::{Ratings, Trigger};
use crate::session::Record;
use crate::session::conduct::ScriptChange;
use crate::session::log::LogEntry;
use crate::session::record::important_services;
use crate::session::runfile::target_key;
use crate::sim::messages::{answers, is_addressed, reaches};
use crate::study::worth::{Decision, decisions_of_seat};

/// A decision in words.
pub struct Order<'a> {
    pub entry: &'a LogEntry,
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub id: &'a str,
    pub name: &'a str,
    pub target: String,
    /// The target as run files write it.
    pub target_key: String,
    pub effective: Tick,
}

/// A message for the seat.
pub struct Message<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub from: &'a str,
    pub via: &'static str,
    pub planned: Planned,
    pub delivery: Delivery,
    /// Names of the orders that the author expects.
    pub expected: Vec<&'a str>,
    /// The first of them that came after the message.
    pub answered: Option<(Tick, &'a str)>,
}

/// The time that the author planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    At(Tick),
    AfterEvent,
    OnCondition,
    /// The facilitator wrote it during the exercise.
    ByFacilitator,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Delivered(Tick),
    /// An order given before made it pointless.
    KeptAway,
    /// The facilitator held or skipped it.
    Withheld,
    NotYet,
}

impl Evidence<'_> {
    pub fn scenario(&self) -> &Scenario {
        &self.run.setup.scenario
    }

    pub fn time(&self, tick: Tick) -> String {
        names::time(self.scenario(), tick)
    }

    /// Decisions of the judged seat, of its person as of its playbook.
    pub fn orders(&self) -> Vec<Order<'_>> {
        let scenario = self.scenario();
        let order = |decision: Decision| {
            let doc = &scenario.docs.mitigations[decision.mitigation.position()];
            Order {
                entry: &self.run.log[decision.position],
                tick: decision.tick,
                mitigation: decision.mitigation,
                id: &doc.id,
                name: &doc.name,
                target: target_words(scenario, self.seat, decision.target),
                target_key: target_key(scenario, decision.target),
                effective: self.effective(decision),
            }
        };
        decisions_of_seat(self.run, self.seat).into_iter().map(order).collect()
    }

    /// The tick at which an accepted order took effect, or would have.
    fn effective(&self, decision: Decision) -> Tick {
        let orders = self.run.world.orders().iter();
        let mut same = orders.filter(|order| {
            (order.mitigation, order.target, order.ordered) == (decision.mitigation, decision.target, decision.tick)
        });
        same.next().map_or(decision.tick, |order| order.effective)
    }

    /// Messages that are written to the seat, in the order of their delivery or, without one, of the scenario.
    pub fn messages(&self) -> Vec<Message<'_>> {
        let scenario = self.scenario();
        let orders = self.orders();
        let mut messages: Vec<Message<'_>> = (0..scenario.docs.injects.len())
            .map(Ix::from_usize)
            .filter(|&index| is_addressed(scenario, index, self.seat))
            .map(|index| self.message(index, &orders))
            .chain(self.written())
            .collect();
        messages.sort_by_key(|message| match (message.delivery, message.planned) {
            (Delivery::Delivered(tick), _) | (_, Planned::At(tick)) => tick,
            _ => scenario.horizon,
        });
        messages
    }

    /// Messages that a facilitator wrote to the seat during the exercise.
    fn written(&self) -> impl Iterator<Item = Message<'_>> {
        let seat = &self.scenario().docs.seats[self.seat.position()].id;
        let sent = self.run.conduct.messages.iter();
        let sent = sent.filter(|sent| sent.message.to.is_empty() || sent.message.to.contains(seat));
        sent.map(|sent| Message {
            id: "",
            title: &sent.message.title,
            from: &sent.message.from,
            via: sent.message.via.word(),
            planned: Planned::ByFacilitator,
            delivery: Delivery::Delivered(Tick(sent.tick)),
            expected: Vec::new(),
            answered: None,
        })
    }

    /// The tick at which a message reached its seats: a held one came when the facilitator let it go.
    fn heard(&self, id: &str, fired: Tick) -> Tick {
        match self.run.conduct.script.get(id) {
            Some(ScriptChange::LetGo { tick }) => fired.max(Tick(*tick)),
            _ => fired,
        }
    }

    fn message(&self, index: Ix<Inject>, orders: &[Order<'_>]) -> Message<'_> {
        let (scenario, world) = (self.scenario(), &self.run.world);
        let doc = &scenario.docs.injects[index.position()];
        let delivery = match world.injects_fired()[index] {
            _ if self.run.conduct.is_withheld(&doc.id) => Delivery::Withheld,
            Some(tick) if reaches(world, index, self.seat) => Delivery::Delivered(self.heard(&doc.id, tick)),
            Some(_) => Delivery::KeptAway,
            None => Delivery::NotYet,
        };
        let expected: Vec<Ix<Mitigation>> = answers(scenario, index, self.seat).collect();
        let name = |mitigation: Ix<Mitigation>| scenario.docs.mitigations[mitigation.position()].name.as_str();
        let first = match delivery {
            Delivery::Delivered(tick) => {
                orders.iter().find(|order| tick <= order.tick && expected.contains(&order.mitigation))
            }
            Delivery::KeptAway | Delivery::Withheld | Delivery::NotYet => None,
        };
        Message {
            id: &doc.id,
            title: &doc.title,
            from: &doc.from,
            via: doc.via.word(),
            planned: self.planned(&doc.when),
            delivery,
            answered: first.map(|order| (order.tick, name(order.mitigation))),
            expected: expected.into_iter().map(name).collect(),
        }
    }

    pub fn planned(&self, when: &Trigger) -> Planned {
        match when {
            Trigger::At(time) => self.scenario().start.tick_of(time).map_or(Planned::OnCondition, Planned::At),
            Trigger::After(..) => Planned::AfterEvent,
            Trigger::Above(..) | Trigger::Below(..) => Planned::OnCondition,
        }
    }

    pub fn service(&self, service: Ix<Service>) -> String {
        target_words(self.scenario(), self.seat, Target::Service(service))
    }

    /// Important services of the seat's organisations.
    pub fn services(&self) -> Vec<Ix<Service>> {
        important_services(self.scenario(), self.seat)
    }

    /// The mean level of the important services in a record, minute by share.
    pub fn mean_level(&self, record: &Record) -> Vec<[f64; 2]> {
        let curves = self.services().into_iter().map(|service| record.level_curve(service));
        let curves: Vec<Vec<[f64; 2]>> = curves.filter(|curve| !curve.is_empty()).collect();
        let Some(first) = curves.first() else { return Vec::new() };
        let mean = |row: usize| curves.iter().map(|curve| curve[row][1]).sum::<f64>() / curves.len() as f64;
        first.iter().enumerate().map(|(row, point)| [point[0], mean(row)]).collect()
    }

    /// Midnights of a chart with their words.
    pub fn days(&self) -> Vec<(f64, String)> {
        let start = self.scenario().start;
        let since_midnight = start.minute_of_week() % 1440;
        let first = f64::from((1440 - since_midnight) % 1440);
        let minutes = f64::from(self.run.world.tick().0);
        super::charts::days(first, minutes, |minute| start.format(Tick(minute as u32), 0, "%a %-d %b"))
    }

    /// The thresholds of an objective, by position.
    pub fn ratings(&self, objective: usize) -> Ratings {
        let seat = &self.scenario().docs.seats[self.seat.position()];
        seat.objectives[objective].ratings.clone().unwrap_or_default()
    }

    /// The rating of an objective, by position.
    pub fn rating(&self, objective: usize) -> Rating {
        rating(&self.ratings(objective), &self.judgement.objectives[objective])
    }
}

/// The target of an order of a seat as people name it: without the organisation if the seat has only one.
pub fn target_words(scenario: &Scenario, seat: Ix<Seat>, target: Target) -> String {
    match target {
        Target::Fleet(fleet) if has_one_organisation(scenario, seat) => scenario.fleet_doc(fleet).name.clone(),
        Target::Service(service) if has_one_organisation(scenario, seat) => scenario.service_doc(service).name.clone(),
        _ => names::target(scenario, target).unwrap_or_else(|| "everywhere".to_owned()),
    }
}

fn has_one_organisation(scenario: &Scenario, seat: Ix<Seat>) -> bool {
    scenario.seats[seat].organisations.len() == 1
}

fn rating(ratings: &Ratings, judged: &Judged) -> Rating {
    let first = |reached: [bool; 3]| {
        let best = Rating::ALL.into_iter().zip(reached).find(|(_, is_reached)| *is_reached);
        best.map_or(Rating::U, |(rating, _)| rating)
    };
    match *ratings {
        Ratings::Points { p, s, m } => first([p, s, m].map(|from| from <= judged.points)),
        Ratings::Values { p, s, m } => first([p, s, m].map(|to| judged.yours <= to)),
    }
}
