//! What a seat could know at each of its decisions: messages that had reached it, its boards, the first sign of the order;
//! and what was true.
//!
//! **First sign** of an order: among what had reached the seat when the order was given, the first message that names the
//! order as an answer; without one, the first boundary at which the seat's service board showed a service of the target
//! below its target level. A service order has one service; an order for a fleet or an organisation has all services of
//! the organisation, an order for the whole world those of the seat. Nothing that came later is a sign, and an order that
//! repeats an earlier one has only messages after that one as signs.
//!
//! Must not judge a decision: that is the task of `study::worth`.

use std::collections::BTreeSet;

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Mitigation, Organisation, Seat, Service, Target};
use crate::session::Run;
use crate::session::log::messages_read;
use crate::session::run::replay_unrecorded;
use crate::sim::messages::{answers, reaches};
use crate::sim::world::{Moment, Order};
use crate::sim::{OrderState, World, observe};

/// Minutes between looks for the largest number of hosts down.
const LOOK_MIN: u32 = 60;

/// An accepted order of the seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Position in the log of the run.
    pub position: usize,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
}

/// The first sign of an order, with the boundary from which the seat had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstSign {
    pub tick: Tick,
    pub sign: Sign,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A message to the seat that names the order as an answer.
    Message(Ix<Inject>),
    /// A service on the seat's board, below its target level.
    Board(Ix<Service>),
}

/// A message that had reached the seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    pub tick: Tick,
    pub inject: Ix<Inject>,
    /// Does it name the order as an answer?
    pub asks: bool,
    /// Had the seat opened it? None if nobody recorded it.
    pub is_read: Option<bool>,
}

/// The boards of the seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Boards {
    /// Services of the seat's organisations.
    pub services: usize,
    /// Those below their target level, and those below it for longer than their tolerance.
    pub below: usize,
    pub outside: usize,
    /// Hosts of the seat's organisations that are down.
    pub hosts_down: u64,
}

/// The figure of the latest message that has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    pub inject: Ix<Inject>,
    /// As the message has it, from the minute of its arrival.
    pub stated: f64,
    /// At the time of the order.
    pub actual: f64,
    pub unit: &'static str,
}

/// What the seat could know when it gave an order, and what was true.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    pub tick: Tick,
    /// None if there was no sign of the order.
    pub sign: Option<FirstSign>,
    /// Oldest first.
    pub messages: Vec<Reached>,
    pub boards: Boards,
    pub figure: Option<Figure>,
    /// The most hosts of the seat that were down at a full hour after the order, and that hour; not before the order.
    pub hosts_down_later: (Tick, u64),
}

impl Sight {
    /// Minutes from the first sign to the order; none without a sign.
    pub fn wait_min(&self) -> Option<u32> {
        self.sign.map(|sign| self.tick.since(sign.tick))
    }

    /// The number of messages that the seat had opened; none if nobody recorded it.
    pub fn read(&self) -> Option<usize> {
        let read = self.messages.iter().map(|message| message.is_read.map(usize::from));
        read.sum()
    }
}

/// What the seat could know at each of its orders, which are in the order of the log. The run is played again for that.
pub fn sights(run: &Run, seat: Ix<Seat>, choices: &[Choice]) -> Vec<Sight> {
    let mut sights: Vec<Sight> = Vec::with_capacity(choices.len());
    if choices.is_empty() {
        return sights;
    }
    let messages = messages_to(run, seat);
    let tick = |choice: &Choice| run.log[choice.position].tick;
    let setup = &run.setup;
    // Orders of a boundary change neither hosts nor levels at that boundary, so that the observer may come before all.
    replay_unrecorded((&setup.scenario, setup.seed), &run.log, run.world.tick(), |world| {
        let (now, down) = (world.tick(), hosts_down(world, seat));
        while let Some(choice) = choices.get(sights.len()).filter(|choice| tick(choice) == now) {
            sights.push(Sight {
                tick: now,
                sign: first_sign(run, seat, &messages, (choice.mitigation, choice.target), now),
                messages: reached(run, seat, &messages, choice, now),
                boards: Boards { hosts_down: down, ..service_board(world, seat) },
                figure: latest_figure(run, world, &messages),
                hosts_down_later: (now, down),
            });
        }
        for sight in sights.iter_mut().filter(|sight| sight.hosts_down_later.1 < down) {
            sight.hosts_down_later = (now, down);
        }
        let next_hour = Tick((now.0 / LOOK_MIN + 1).saturating_mul(LOOK_MIN));
        choices.get(sights.len()).map_or(next_hour, |choice| tick(choice).min(next_hour))
    });
    sights
}

/// Messages that reached a seat, with the boundaries from which it had them, oldest first.
pub fn messages_to(run: &Run, seat: Ix<Seat>) -> Vec<(Tick, Ix<Inject>)> {
    let message = |&(tick, moment): &(Tick, Moment)| match moment {
        Moment::Inject(inject) if reaches(&run.world, inject, seat) => Some((tick.plus(1), inject)),
        Moment::Inject(_) | Moment::Event(_) => None,
    };
    run.moments.iter().filter_map(message).collect()
}

/// The first message that names a mitigation as an answer to it.
pub fn asked_by(
    run: &Run,
    seat: Ix<Seat>,
    messages: &[(Tick, Ix<Inject>)],
    mitigation: Ix<Mitigation>,
) -> Option<(Tick, Ix<Inject>)> {
    let scenario = &run.setup.scenario;
    let asks = |&&(_, inject): &&(Tick, Ix<Inject>)| answers(scenario, inject, seat).any(|named| named == mitigation);
    messages.iter().find(asks).copied()
}

/// The first sign of an order that a seat had at a boundary. The messages are those of `messages_to`.
pub fn first_sign(
    run: &Run,
    seat: Ix<Seat>,
    messages: &[(Tick, Ix<Inject>)],
    (mitigation, target): (Ix<Mitigation>, Target),
    until: Tick,
) -> Option<FirstSign> {
    let is_repeated = |order: &&Order| {
        let is_same = (order.mitigation, order.target) == (mitigation, target);
        is_same && order.ordered < until && order.state != OrderState::Cancelled
    };
    let since = run.world.orders().iter().filter(is_repeated).map(|order| order.ordered).max();
    let fresh = messages.partition_point(|&(tick, _)| since.is_some_and(|since| tick <= since));
    let message = asked_by(run, seat, &messages[fresh..], mitigation);
    let message = message.map(|(tick, inject)| FirstSign { tick, sign: Sign::Message(inject) });
    let services = if since.is_none() { services_of(run, seat, target) } else { Vec::new() };
    let shown = services.into_iter().filter_map(|service| {
        let tick = run.world.service(service).first_below?.plus(1);
        Some(FirstSign { tick, sign: Sign::Board(service) })
    });
    let had = |sign: &FirstSign| sign.tick <= until;
    message.filter(had).or_else(|| shown.filter(had).min_by_key(|sign| sign.tick))
}

/// Services of a target that stand on the seat's service board.
fn services_of(run: &Run, seat: Ix<Seat>, target: Target) -> Vec<Ix<Service>> {
    let scenario = &run.setup.scenario;
    let own = &scenario.seats[seat].organisations;
    let of_organisation = |organisation: &Ix<Organisation>| scenario.organisations[*organisation].services;
    let services: Vec<Ix<Service>> = match target {
        Target::World => own.iter().flat_map(of_organisation).collect(),
        Target::Service(service) => vec![service],
        Target::Organisation(_) | Target::Fleet(_) => {
            scenario.organisation_of(target).iter().flat_map(of_organisation).collect()
        }
    };
    let written = scenario.written_services();
    let is_shown = |service: &Ix<Service>| {
        let compiled = &scenario.services[*service];
        written.contains(*service) && (compiled.is_important || own.contains(&compiled.organisation))
    };
    services.into_iter().filter(is_shown).collect()
}

fn reached(run: &Run, seat: Ix<Seat>, messages: &[(Tick, Ix<Inject>)], choice: &Choice, until: Tick) -> Vec<Reached> {
    let has_record = run.log[choice.position].remarks().is_some_and(|remarks| remarks.read.is_some());
    let read: Option<BTreeSet<Ix<Inject>>> = has_record.then(|| messages_read(&run.log[..=choice.position], seat));
    let had = messages.iter().filter(|&&(tick, _)| tick <= until);
    let message = |&(tick, inject): &(Tick, Ix<Inject>)| Reached {
        tick,
        inject,
        asks: answers(&run.setup.scenario, inject, seat).any(|named| named == choice.mitigation),
        is_read: read.as_ref().map(|read| read.contains(&inject)),
    };
    had.map(message).collect()
}

fn service_board(world: &World, seat: Ix<Seat>) -> Boards {
    let scenario = world.scenario();
    let organisations = scenario.seats[seat].organisations.iter();
    let mut boards = Boards::default();
    for service in organisations.flat_map(|&organisation| scenario.organisations[organisation].services) {
        let below_min = world.service(service).below_now_min;
        boards.services += 1;
        boards.below += usize::from(0 < below_min);
        boards.outside += usize::from(scenario.services[service].tolerance_min < below_min);
    }
    boards
}

fn hosts_down(world: &World, seat: Ix<Seat>) -> u64 {
    let scenario = world.scenario();
    let organisations = scenario.seats[seat].organisations.iter();
    let fleets = organisations.flat_map(|&organisation| scenario.organisations[organisation].fleets);
    fleets.map(|fleet| u64::from(world.fleets()[fleet].down())).sum()
}

/// The first figure of the latest message that has one.
fn latest_figure(run: &Run, world: &World, messages: &[(Tick, Ix<Inject>)]) -> Option<Figure> {
    let had = messages.iter().rev().filter(|&&(tick, _)| tick <= world.tick());
    let figure = |&(_, inject): &(Tick, Ix<Inject>)| {
        let stated = *run.inject_figures.get(&inject)?.first()?;
        let observable = run.setup.scenario.inject_figures[inject].first()?;
        let (actual, unit) = (observe::value(world, observable), observable.metric.unit());
        Some(Figure { inject, stated, actual, unit })
    };
    had.into_iter().find_map(figure)
}
