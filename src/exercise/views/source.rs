//! The source of a view: the exercise as one chair may see it.

use crate::assess::comparisons::ComparisonRuns;
use crate::base::{Ix, Tick};
use crate::exercise::chair::Chair;
use crate::exercise::comparisons::Comparisons;
use crate::exercise::stops::Stop;
use crate::exercise::tries::EarlierTry;
use crate::exercise::weighing::Weighing;
use crate::exercise::words::clock_text;
use crate::exercise::{Clock, Exercise};
use crate::scenario::compile::{Inject, Mitigation, Organisation, Scenario, Seat};
use crate::session::{LogEntry, Run};
use crate::sim::world::Order;
use crate::sim::{Command, Issuer, OrderState, World};

/// The exercise as one chair may see it.
pub struct Source<'a> {
    pub exercise: &'a Exercise,
    pub chair: &'a Chair,
    /// Organisations (by index, ascending) that the chair's seat directs; those of all seats in play if the chair
    /// has none.
    organisations: Vec<Ix<Organisation>>,
}

impl<'a> Source<'a> {
    pub fn new(exercise: &'a Exercise, chair: &'a Chair) -> Self {
        let run = exercise.run();
        let seats = match chair.seat() {
            Some(seat) => vec![seat],
            None => run.setup.cast.seats().iter().map(|entry| entry.seat).collect(),
        };
        let scenario = &run.setup.scenario;
        let of_seats = seats.iter().flat_map(|&seat| scenario.seats[seat].organisations.iter().copied());
        let mut organisations: Vec<Ix<Organisation>> = Vec::new();
        // In the order in which the seat's author wrote them: the first is the chair's home.
        for organisation in of_seats {
            if !organisations.contains(&organisation) {
                organisations.push(organisation);
            }
        }
        Self { exercise, chair, organisations }
    }

    pub fn run(&self) -> &'a Run {
        self.exercise.run()
    }

    pub fn world(&self) -> &'a World {
        &self.run().world
    }

    pub fn scenario(&self) -> &'a Scenario {
        &self.run().setup.scenario
    }

    pub fn clock(&self) -> &'a Clock {
        self.exercise.clock()
    }

    pub fn organisations(&self) -> &[Ix<Organisation>] {
        &self.organisations
    }

    pub fn is_yours(&self, organisation: Ix<Organisation>) -> bool {
        self.organisations.contains(&organisation)
    }

    /// Does an inject reach the chair? Facilitators and observers see all of them.
    pub fn reaches(&self, inject: Ix<Inject>) -> bool {
        self.chair.seat().is_none_or(|seat| self.exercise.inject_reaches(inject, seat))
    }

    /// Orders of the chair's seat (of every seat, if it has none) with their numbers and log entries, oldest first.
    pub fn seat_orders(&self) -> impl DoubleEndedIterator<Item = (Ix<Order>, &'a LogEntry, &'a Order)> {
        let run = self.run();
        // The n-th order of the log is the n-th of the world.
        let logged: Vec<&LogEntry> =
            run.log.iter().filter(|entry| matches!(entry.command, Command::Order { .. })).collect();
        let seat = self.chair.seat();
        let orders = logged.into_iter().zip(run.world.orders().entries());
        orders.map(|(entry, (number, order))| (number, entry, order)).filter(move |(_, _, order)| {
            match (order.by, seat) {
                (Issuer::Seat(by), Some(seat)) => by == seat,
                (Issuer::Seat(_), None) => true,
                (Issuer::Policy | Issuer::Facilitator, _) => false,
            }
        })
    }

    /// Number of times that a seat has ordered a mitigation, without orders that were taken back.
    pub fn times_ordered(&self, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> u32 {
        let orders = self.world().orders().iter();
        let is_meant = |order: &&Order| order.mitigation == mitigation && order.state != OrderState::Cancelled;
        orders.filter(is_meant).filter(|order| order.by == Issuer::Seat(seat)).count() as u32
    }

    /// The finished comparison runs of the chair's seat.
    pub fn comparison(&self) -> Option<&'a ComparisonRuns> {
        self.comparisons().finished(self.chair.seat()?)
    }

    /// The run before, if the chair's exercise is a second try.
    pub fn earlier(&self) -> Option<&'a EarlierTry> {
        self.exercise.earlier().filter(|earlier| self.chair.seat() == Some(earlier.seat))
    }

    /// The worth of the decisions of the chair's seat, once it is being measured.
    pub fn weighing(&self) -> Option<&'a Weighing> {
        self.exercise.weighing().filter(|weighing| self.chair.seat() == Some(weighing.seat))
    }

    pub fn comparisons(&self) -> &'a Comparisons {
        self.exercise.comparisons()
    }

    /// The boundary at which a jump stops at the latest, as far as the script tells.
    pub fn next_known_stop(&self) -> Option<Tick> {
        self.exercise.next_known_stop()
    }

    /// The reason why the clock last stopped or slowed by itself.
    pub fn stop(&self) -> Option<Stop> {
        self.exercise.stop()
    }

    /// The organisation (by index) whose local time is the chair's: the first of its seat; none without a seat.
    pub fn home(&self) -> Option<Ix<Organisation>> {
        self.chair.seat().and_then(|_| self.organisations.first().copied())
    }

    /// The chair's local time in minutes ahead of UTC.
    pub fn utc_offset_min(&self) -> i32 {
        self.home().map_or(0, |home| self.scenario().organisations[home].utc_offset_min)
    }

    /// A tick in the chair's local time.
    pub fn time(&self, tick: Tick) -> String {
        clock_text(self.scenario(), tick, self.utc_offset_min())
    }
}
