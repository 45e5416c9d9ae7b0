//! Makes comparison runs: the scenario and seed of a run under the playbooks do-nothing, reference and par.
//!
//! Callers either wait for them or compute them in the background of an exercise; no other module makes them. Only
//! the samples of a comparison run are kept: no world, no digests. docs/model.md, "Seats that share organisations",
//! has the rule for the playbook of each organisation. Must not judge (that is `score`).
//!
//! Invariant: the samples equal those of the same setup simulated minute by minute.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::scenario::schema::{DO_NOTHING, PAR, REFERENCE};
use crate::session::run::{Run, Setup, play_sampled};
use crate::session::{Cast, CastSeat, Player, Record, Sampling, Timeline, parallel};
use crate::sim::world::Order;
use crate::sim::{Command, Issuer, OrderState};

/// Called with numbers of simulated ticks, from any thread, for instance to move a progress bar.
pub type Progress<'a> = &'a (dyn Fn(u32) + Sync);

/// Samples of the comparison runs of a seat, its objectives included.
///
/// What the seat prepared before the clock ran holds in `do_nothing` and `par` too: preparation changes the start and not
/// the score.
#[derive(Clone, Debug)]
pub struct ComparisonRuns {
    /// Do-nothing without the seat's preparation; the same as `do_nothing` if it prepared nothing.
    pub unprepared: Arc<Record>,
    pub do_nothing: Arc<Record>,
    pub reference: Arc<Record>,
    pub par: Arc<Record>,
}

/// The setup of a comparison run: the organisations of these seats follow the named playbook, and every other
/// organisation does what was done on the day. If the scenario has no such playbook, nobody gives the seats'
/// orders.
///
/// The decisions of other seats in play are not repeated, because they respond to the decisions of this seat. So
/// the score of a seat does not depend on the number of seats in play, and the orders of other seats for its
/// organisations count in its own run.
pub fn comparison_setup(setup: &Setup, seats: &[Ix<Seat>], playbook: &str) -> Setup {
    let index = |id: &str| setup.scenario.playbook_index(id);
    let player = |seat| setup.scenario.playbook_of_seat(seat, playbook).map_or(Player::Agent, Player::Playbook);
    let seats = seats.iter().map(|&seat| CastSeat { seat, player: player(seat) });
    Setup { cast: Cast::new(seats, index(REFERENCE)), ..setup.clone() }
}

/// What a seat prepared in a run: the accepted orders of preparations that were not taken back.
pub fn preparations(run: &Run, seat: Ix<Seat>) -> Vec<Command> {
    let scenario = &run.setup.scenario;
    let by = Issuer::Seat(seat);
    let is_playbook = matches!(run.setup.cast.player(seat), Some(Player::Playbook(_)));
    let is_of_seat = |order: &&Order| match (order.by, scenario.organisation_of(order.target)) {
        (Issuer::Seat(other), _) => other == seat,
        (Issuer::Policy, None) => is_playbook,
        (_, Some(organisation)) => scenario.seats[seat].organisations.contains(&organisation),
        (Issuer::Facilitator, None) => false,
    };
    let prepared =
        run.world.orders().iter().filter(|order| {
            scenario.mitigations[order.mitigation].is_preparation && order.state != OrderState::Cancelled
        });
    let command = |order: &Order| Command::Order {
        by: if order.by == by { by } else { Issuer::Policy },
        mitigation: order.mitigation,
        target: order.target,
    };
    prepared.filter(is_of_seat).map(command).collect()
}

/// The comparison runs of seats of a run, by seat, with samples of their ends. If the run itself is one of them, it
/// is not simulated again. The number of runs in parallel is the number of processor cores.
pub fn comparison_runs(run: &Run, seats: &[Ix<Seat>], progress: Progress<'_>) -> BTreeMap<Ix<Seat>, ComparisonRuns> {
    comparison_runs_on(run, seats, parallel::cores(), progress)
}

/// The same on a number of threads.
pub fn comparison_runs_on(
    run: &Run,
    seats: &[Ix<Seat>],
    threads: usize,
    progress: Progress<'_>,
) -> BTreeMap<Ix<Seat>, ComparisonRuns> {
    comparison_runs_sampled(run, seats, Sampling::Ends, threads, progress)
}

/// The same on all processor cores, with samples for curves.
pub fn comparison_curves(run: &Run, seats: &[Ix<Seat>], progress: Progress<'_>) -> BTreeMap<Ix<Seat>, ComparisonRuns> {
    comparison_runs_sampled(run, seats, Sampling::Curves, parallel::cores(), progress)
}

/// The ends of the comparison runs of a run's only seat, simulated with the organisations on which the seat's depend.
/// None where they may depend on any organisation, if other seats are in play, or if the run is not over.
pub fn comparison_ends(timeline: &Timeline, seat: Ix<Seat>) -> Option<ComparisonRuns> {
    let run = timeline.run();
    let (setup, scenario) = (&run.setup, &run.setup.scenario);
    let is_alone = setup.cast.seats().iter().all(|entry| entry.seat == seat);
    let follows_history = setup.cast.others() == scenario.playbook_index(REFERENCE);
    if !is_alone || !follows_history || !run.world.is_over() {
        return None;
    }
    let (organisations, objectives) = (&scenario.seats[seat].organisations, &scenario.seats[seat].objectives);
    let prepared = preparations(run, seat);
    let record = |playbook: &str, first: &[Command]| {
        let cast = comparison_setup(setup, &[seat], playbook).cast;
        let values = timeline.values_of_cast(&cast, first, organisations, objectives)?;
        Some(Arc::new(Record::of_end(seat, scenario.horizon, values)))
    };
    let do_nothing = record(DO_NOTHING, &prepared)?;
    Some(ComparisonRuns {
        unprepared: if prepared.is_empty() { do_nothing.clone() } else { record(DO_NOTHING, &[])? },
        reference: record(REFERENCE, &[])?,
        par: record(PAR, &prepared)?,
        do_nothing,
    })
}

fn comparison_runs_sampled(
    run: &Run,
    seats: &[Ix<Seat>],
    sampling: Sampling,
    threads: usize,
    progress: Progress<'_>,
) -> BTreeMap<Ix<Seat>, ComparisonRuns> {
    let found = Mutex::new(BTreeMap::new());
    let keep = |seat, runs| drop(found.lock().expect(NO_PANIC).insert(seat, runs));
    Jobs::new(&run.setup, seats, |seat| preparations(run, seat)).simulate(
        Some(run),
        sampling,
        threads,
        progress,
        &keep,
    );
    found.into_inner().expect(NO_PANIC)
}

/// Number of comparison runs that `comparison_runs` simulates for a run of this setup that reaches its horizon, if no
/// seat prepares anything.
pub fn runs_to_simulate(setup: &Setup, seats: &[Ix<Seat>]) -> u32 {
    let jobs = Jobs::new(setup, seats, |_| Vec::new());
    jobs.jobs.iter().filter(|job| !is_same(setup, &job.setup)).count() as u32
}

/// The largest number of worlds that `comparison_runs` has in memory at once.
pub fn worlds_at_once(setup: &Setup, seats: &[Ix<Seat>]) -> u64 {
    u64::from(runs_to_simulate(setup, seats)).min(parallel::cores() as u64)
}

/// Comparison runs that are computed in the background of an exercise.
#[derive(Debug)]
pub struct PendingRuns {
    receiver: Receiver<(Ix<Seat>, ComparisonRuns)>,
}

/// The error if the background thread ended before it had computed all comparison runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl PendingRuns {
    /// Starts the comparison runs of every seat in play, after the preparations of each, with samples for curves, on one thread; the other cores
    /// are left to the window.
    pub fn start(setup: &Setup, prepared: &BTreeMap<Ix<Seat>, Vec<Command>>) -> Self {
        let (sender, receiver) = channel();
        let seats: Vec<Ix<Seat>> = setup.cast.seats().iter().map(|entry| entry.seat).collect();
        let jobs = Jobs::new(setup, &seats, |seat| prepared.get(&seat).cloned().unwrap_or_default());
        thread::spawn(move || {
            // The receiver is gone if the player has left the exercise, so the result is dropped.
            let send = |seat, runs| drop(sender.send((seat, runs)));
            jobs.simulate(None, Sampling::Curves, 1, &|_| (), &send);
        });
        Self { receiver }
    }

    /// The next seat whose comparison runs are finished; None if no further seat is finished yet.
    ///
    /// # Errors
    /// The thread has ended before all runs were finished.
    pub fn poll(&self) -> Result<Option<(Ix<Seat>, ComparisonRuns)>, Stopped> {
        match self.receiver.try_recv() {
            Ok(finished) => Ok(Some(finished)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Stopped),
        }
    }
}

const NO_PANIC: &str = "no thread panics while it holds the lock";

/// A comparison run to simulate: a setup, and the commands of tick 0.
#[derive(Debug)]
struct Job {
    setup: Setup,
    first: Vec<Command>,
}

/// The comparison runs of some seats, each simulated once.
///
/// All seats share the reference run, in which everybody decides as on the day. The others differ between seats, because
/// only the organisations of the seat follow the playbook.
struct Jobs {
    seats: Vec<Seats>,
    jobs: Vec<Job>,
}

/// The jobs of a seat, by number.
struct Seats {
    seat: Ix<Seat>,
    unprepared: usize,
    do_nothing: usize,
    par: usize,
}

impl Jobs {
    fn new(setup: &Setup, seats: &[Ix<Seat>], prepared: impl Fn(Ix<Seat>) -> Vec<Command>) -> Self {
        let mut jobs = Vec::with_capacity(1 + 2 * seats.len());
        let mut add = |seats: &[Ix<Seat>], playbook, first| {
            jobs.push(Job { setup: comparison_setup(setup, seats, playbook), first });
            jobs.len() - 1
        };
        if !seats.is_empty() {
            add(seats, REFERENCE, Vec::new());
        }
        let mut of_seat = |&seat: &Ix<Seat>| {
            let prepared = prepared(seat);
            let is_prepared = !prepared.is_empty();
            let do_nothing = add(&[seat], DO_NOTHING, prepared.clone());
            let par = add(&[seat], PAR, prepared);
            let unprepared = if is_prepared { add(&[seat], DO_NOTHING, Vec::new()) } else { do_nothing };
            Seats { seat, unprepared, do_nothing, par }
        };
        let seats = seats.iter().map(&mut of_seat).collect();
        Self { seats, jobs }
    }

    /// Passes the runs of each seat on as soon as all of them are finished.
    fn simulate(
        &self,
        known: Option<&Run>,
        sampling: Sampling,
        threads: usize,
        progress: Progress<'_>,
        found: &(dyn Fn(Ix<Seat>, ComparisonRuns) + Sync),
    ) {
        let known = known.filter(|run| run.world.is_over());
        let records = Mutex::new(vec![None; self.jobs.len()]);
        parallel::for_each(0..self.jobs.len() as u64, threads, |number| {
            let Job { setup, first } = &self.jobs[number as usize];
            let record = match known.filter(|run| first.is_empty() && is_same(&run.setup, setup)) {
                Some(run) => run.record.clone(),
                None => play_sampled(setup, first, sampling, progress),
            };
            let mut records = records.lock().expect(NO_PANIC);
            let before = self.complete(&records);
            records[number as usize] = Some(Arc::new(record));
            for (seat, runs) in self.complete(&records) {
                if !before.iter().any(|(known, _)| *known == seat) {
                    found(seat, runs);
                }
            }
        });
    }

    /// Seats whose runs are all finished.
    fn complete(&self, records: &[Option<Arc<Record>>]) -> Vec<(Ix<Seat>, ComparisonRuns)> {
        let runs = |jobs: &Seats| {
            let record = |number: usize| records[number].clone();
            let runs = ComparisonRuns {
                unprepared: record(jobs.unprepared)?,
                do_nothing: record(jobs.do_nothing)?,
                reference: record(0)?,
                par: record(jobs.par)?,
            };
            Some((jobs.seat, runs))
        };
        self.seats.iter().filter_map(runs).collect()
    }
}

fn is_same(one: &Setup, other: &Setup) -> bool {
    // A run with people is no comparison run, even if its log happens to equal the log of a playbook.
    let has_people = one.cast.seats().iter().any(|entry| !matches!(entry.player, Player::Playbook(_)));
    !has_people && one.seed == other.seed && one.cast == other.cast
}
