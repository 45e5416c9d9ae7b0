//! The facilitated exercise: people join seats, decide by the rules of their teams, and a facilitator drives the clock.
//!
//! Every request comes with its person and its time and goes into the log of the run. Must not read a clock: times come
//! from the caller.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::action::{ClockAction, FacilitatorAction, OrderAction, PersonAction};
use super::chair::{ChairId, Role};
use super::clock::Mode;
use super::saving::Saving;
use super::view::{ExerciseView, StaffView, TargetKey, TeamView};
use super::{ClockControl, Exercise, GivenBy, Refusal, check_text, views};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Mitigation, Scenario, Seat};
use crate::scenario::schema::REFERENCE;
use crate::session::conduct::{
    ClockChange, ConductRefusal, Deed, DeedRecord, MessageId, OrderText, PersonId, PersonRole, check, check_decision,
};
use crate::session::runfile::{self, CommandRecord, Replayer, target_key};
use crate::session::{Cast, CastSeat, Conduct, Journal, Note, NoteTag, Player, Setup, Timeline};
use crate::sim::{self, Command};

/// Wall time of one slice of a replay.
const REPLAY_SLICE: Duration = Duration::from_millis(200);

/// Views of a facilitated exercise that several pages share, by the revision that they show.
#[derive(Debug, Default)]
pub(super) struct SharedViews {
    teams: Vec<(u64, Arc<TeamView>)>,
    staff: Option<(u64, Arc<StaffView>)>,
}

/// Memory for snapshots of a facilitated exercise, in bytes: it seldom goes back, and the laptop has other work.
const SNAPSHOT_BYTES_MAX: usize = 96 << 20;

impl Exercise {
    /// A new facilitated exercise in which people play some seats; a reference playbook directs all other
    /// organisations. Its run file appears in the folder.
    pub fn host(scenario: Arc<Scenario>, seed: u64, seats: &[Ix<Seat>], folder: &Path) -> Self {
        let others = scenario.playbook_index(REFERENCE);
        let seats = seats.iter().map(|&seat| CastSeat { seat, player: Player::Person });
        let timeline = Timeline::new(Setup { scenario, seed, cast: Cast::new(seats, others) });
        let saving = Saving::begin(folder, timeline.run());
        Self::with_people(timeline, saving)
    }

    /// Continues a facilitated exercise from its run file. The clock stands still until somebody starts it.
    ///
    /// # Errors
    /// A sentence: the file cannot be read or replayed, has no people, or another program writes it.
    pub fn host_again(path: &Path, scenario: &Arc<Scenario>, at_s: u64) -> Result<Self, String> {
        let reading = runfile::read(path).map_err(|error| error.to_string())?;
        if let Some(altered) = reading.altered.first() {
            return Err(format!("line {} was altered: {}", altered.line, altered.covers));
        }
        if reading.file.deeds.is_empty() {
            return Err("this is the run of an exercise without a facilitator; begin a new one".to_owned());
        }
        reading.file.check_scenario(scenario)?;
        let differs = |difference: runfile::Difference| format!("at {}, {}", difference.tick, difference.what);
        let mut replayer = Replayer::new(Arc::new(reading.file.clone()), scenario.clone()).map_err(differs)?;
        while !replayer.advance(REPLAY_SLICE).map_err(differs)? {}
        let timeline = replayer.finish().map_err(differs)?;
        let saving = match &reading.file.end {
            Some(_) => Saving::finished(path.to_owned()),
            None => {
                let journal = Journal::resume(path, &reading, timeline.run());
                Saving::with_journal(Ok(journal.map_err(|error| error.to_string())?))
            }
        };
        let is_finished = reading.file.end.is_some();
        let mut exercise = Self::with_people(timeline, saving);
        let read: Vec<_> = exercise.conduct().read.keys().cloned().collect();
        for (person, message) in read {
            if let MessageId::Inject(id) = message {
                exercise.mark_read(person, &id);
            }
        }
        if !is_finished {
            exercise.take(None, Deed::Restart, at_s).map_err(|refusal| refusal.to_string())?;
        }
        Ok(exercise)
    }

    /// Begins at a later minute of the scenario: the minutes before it are simulated first.
    pub fn begin_at(&mut self, minute: u32) {
        self.open_at(Tick(minute));
    }

    fn with_people(timeline: Timeline, saving: Saving) -> Self {
        let timeline = timeline.with_snapshots_within(SNAPSHOT_BYTES_MAX);
        let mut exercise = Self::new(timeline, saving, ClockControl::Facilitator);
        for seat in exercise.seats() {
            exercise.sit(Role::Seat(seat));
        }
        exercise.sit(Role::Facilitator);
        exercise
    }

    /// The people and everything that they did apart from commands and notes.
    pub fn conduct(&self) -> &Conduct {
        &self.run().conduct
    }

    /// A person joins and gets a number.
    ///
    /// # Errors
    /// The reason why the person cannot join; nothing has changed.
    pub fn join(&mut self, name: &str, role: PersonRole, seat: Option<&str>, at_s: u64) -> Result<PersonId, Refusal> {
        let is_played = |id: &str| {
            let index = self.run().setup.scenario.seat_index(id);
            index.is_some_and(|index| self.run().setup.cast.player(index).is_some())
        };
        if let Some(seat) = seat.filter(|seat| !is_played(seat)) {
            return Err(ConductRefusal::UnknownSeat(seat.chars().take(40).collect()).into());
        }
        let id = PersonId(self.conduct().people.len() as u32);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        self.take(None, Deed::Join { name, role, seat: seat.map(str::to_owned) }, at_s)?;
        Ok(id)
    }

    /// Carries out the request of a person.
    ///
    /// # Errors
    /// The reason why it is not carried out; it has changed nothing.
    pub fn act(&mut self, by: PersonId, action: PersonAction, at_s: u64) -> Result<(), Refusal> {
        let person = self.conduct().person(by).ok_or(ConductRefusal::UnknownPerson)?;
        let (role, seat) = (person.role, person.seat.clone());
        let done = match action {
            PersonAction::Deed(deed) => self.act_deed(by, deed, at_s),
            PersonAction::Order(order) => {
                check_decision(self.conduct(), by, None)?;
                self.give(self.seat_by_id(seat.as_deref())?, order, GivenBy { person: Some(by), proposal: None })
            }
            PersonAction::Propose { mitigation, target, confidence_pct, reason } => {
                let order = self.text_of(mitigation, target)?;
                self.act_deed(by, Deed::Propose { order, confidence_pct, reason }, at_s)
            }
            PersonAction::OrderProposal { proposal, confidence_pct } => {
                check_decision(self.conduct(), by, Some(proposal))?;
                self.order_proposal(by, proposal, confidence_pct)
            }
            PersonAction::Clock(action) => {
                require_facilitator(role)?;
                self.move_clock(by, action, at_s)
            }
            PersonAction::Facilitator(action) => {
                require_facilitator(role)?;
                self.act_facilitator(by, action, at_s)
            }
            PersonAction::WriteNote { seat: about, tag, text, objective } => {
                let seat = match role {
                    PersonRole::Participant => Some(self.seat_by_id(seat.as_deref())?),
                    PersonRole::Facilitator | PersonRole::Evaluator => about,
                    PersonRole::Observer => return Err(Refusal::ObserverOnly),
                };
                self.write_note(by, seat, tag, text, objective)
            }
        };
        // A refusal changes no view, so many of them cost little.
        self.revision += u64::from(done.is_ok());
        done
    }

    fn act_deed(&mut self, by: PersonId, deed: Deed, at_s: u64) -> Result<(), Refusal> {
        match deed {
            Deed::Join { .. } | Deed::Restart | Deed::Clock(_) | Deed::FedBack => {
                Err(ConductRefusal::NotFacilitator.into())
            }
            Deed::Answer { .. } => {
                let by = Some(by).filter(|_| !self.conduct().hot_wash.is_anonymous);
                Ok(self.take(by, deed, at_s)?)
            }
            Deed::Feedback { .. } => {
                // The form and its author are two deeds, so that the log does not join them.
                self.check_deed(Some(by), Deed::FedBack, at_s)?;
                self.take(None, deed, at_s)?;
                Ok(self.take(Some(by), Deed::FedBack, at_s)?)
            }
            Deed::Propose { ref order, .. } => {
                self.check_deed(Some(by), deed.clone(), at_s)?;
                let seat = self.conduct().person(by).and_then(|person| person.seat.clone());
                let command = self.command_of(seat.as_deref(), order)?;
                sim::command::check(&self.run().world, &command)?;
                Ok(self.take(Some(by), deed, at_s)?)
            }
            Deed::Second { proposal, .. } | Deed::Withdraw { proposal } if self.was_ordered(proposal) => {
                Err(ConductRefusal::ProposalClosed.into())
            }
            Deed::Move { ref seat, .. } => {
                self.seat_by_id(Some(seat))?;
                Ok(self.take(Some(by), deed, at_s)?)
            }
            deed => Ok(self.take(Some(by), deed, at_s)?),
        }
    }

    fn act_facilitator(&mut self, by: PersonId, action: FacilitatorAction, at_s: u64) -> Result<(), Refusal> {
        if let FacilitatorAction::SendInject(inject) = action {
            return self.send_now(by, inject, at_s);
        }
        if let FacilitatorAction::OrderForSeat { seat, .. } = action
            && self.run().setup.cast.player(seat).is_none()
        {
            return Err(ConductRefusal::UnknownSeat("it is not in play".to_owned()).into());
        }
        self.facilitate(action, Some(by))
    }

    /// Lets an inject reach its seats now, also if it was held.
    fn send_now(&mut self, by: PersonId, inject: Ix<Inject>, at_s: u64) -> Result<(), Refusal> {
        let run = self.run();
        let id = run.setup.scenario.docs.injects.get(inject.position()).map(|docs| docs.id.clone());
        let id = id.ok_or(ConductRefusal::UnknownMessage)?;
        let is_withheld = run.conduct.is_withheld(&id);
        let is_due = run.world.injects_fired()[inject].is_some();
        if is_withheld {
            self.take(Some(by), Deed::LetGo { inject: id }, at_s)?;
        }
        if is_withheld && is_due {
            return Ok(());
        }
        self.facilitate(FacilitatorAction::SendInject(inject), Some(by))
    }

    fn move_clock(&mut self, by: PersonId, action: ClockAction, at_s: u64) -> Result<(), Refusal> {
        let pace = &self.clock().pace;
        let change = match action {
            ClockAction::TogglePause if pace.is_paused() => ClockChange::Speed(pace.speed()),
            ClockAction::TogglePause => ClockChange::Pause,
            ClockAction::SetSpeed(speed) => ClockChange::Speed(speed),
            ClockAction::Step => ClockChange::Step,
            ClockAction::JumpTo(tick) if tick <= self.run().world.tick().0 => return Err(Refusal::JumpBack),
            ClockAction::JumpTo(tick) => ClockChange::JumpTo(tick),
            ClockAction::JumpToNextEvent => ClockChange::JumpToNextEvent,
            ClockAction::EndExercise => ClockChange::End,
        };
        if self.clock().mode() == Mode::Ending || self.is_over() {
            return Err(Refusal::Ended);
        }
        self.apply_clock(Role::Facilitator, action)?;
        Ok(self.take(Some(by), Deed::Clock(change), at_s)?)
    }

    fn order_proposal(&mut self, by: PersonId, number: u32, confidence_pct: Option<u8>) -> Result<(), Refusal> {
        if self.was_ordered(number) {
            return Err(ConductRefusal::ProposalClosed.into());
        }
        let proposal = self.conduct().proposals[number as usize].clone();
        let Command::Order { mitigation, target, .. } = self.command_of(Some(&proposal.seat), &proposal.order)? else {
            return Err(ConductRefusal::UnknownProposal.into());
        };
        let seat = self.seat_by_id(Some(&proposal.seat))?;
        let order = OrderAction::Give {
            mitigation,
            target: target.into(),
            confidence_pct: confidence_pct.or(proposal.confidence_pct),
            reason: proposal.reason,
        };
        self.give(seat, order, GivenBy { person: Some(by), proposal: Some(number) })
    }

    /// Was a proposal (by number) ordered already?
    pub(super) fn was_ordered(&self, number: u32) -> bool {
        let mut remarks = self.run().log.iter().rev().filter_map(|entry| entry.remarks());
        remarks.any(|remarks| remarks.proposal == Some(number))
    }

    fn write_note(
        &mut self,
        by: PersonId,
        seat: Option<Ix<Seat>>,
        tag: NoteTag,
        text: String,
        objective: Option<usize>,
    ) -> Result<(), Refusal> {
        check_text(&text)?;
        if text.trim().is_empty() {
            return Err(ConductRefusal::Missing("the text").into());
        }
        let scenario = &self.run().setup.scenario;
        let seat = seat.filter(|&seat| self.run().setup.cast.player(seat).is_some());
        let has = |objective: &usize| seat.is_some_and(|seat| *objective < scenario.seats[seat].objectives.len());
        let objective = objective.filter(has);
        let tick = self.run().world.tick();
        self.timeline.note(Note { tick, seat, objective, tag, text, person: Some(by) });
        self.saving.follow(self.timeline.run());
        Ok(())
    }

    fn record(&self, by: Option<PersonId>, deed: Deed, at_s: u64) -> DeedRecord {
        DeedRecord { tick: self.run().world.tick().0, at_s, by, deed }
    }

    fn check_deed(&self, by: Option<PersonId>, deed: Deed, at_s: u64) -> Result<(), ConductRefusal> {
        check(self.conduct(), &self.run().setup.scenario, &self.record(by, deed, at_s))
    }

    fn take(&mut self, by: Option<PersonId>, deed: Deed, at_s: u64) -> Result<(), ConductRefusal> {
        let record = self.record(by, deed, at_s);
        let read = match (&record.deed, by) {
            (Deed::Read { message: MessageId::Inject(id) }, Some(by)) => Some((by, id.clone())),
            _ => None,
        };
        self.timeline.take_deed(record)?;
        if let Some((by, id)) = read {
            self.mark_read(by, &id);
        }
        self.revision += 1;
        self.saving.follow(self.timeline.run());
        Ok(())
    }

    /// Notes at the chair of a person's seat that somebody of the seat has read a message.
    fn mark_read(&mut self, by: PersonId, inject: &str) {
        let scenario = self.run().setup.scenario.clone();
        let seat = self.conduct().person(by).and_then(|person| scenario.seat_index(person.seat.as_deref()?));
        let inject = scenario.docs.injects.iter().position(|docs| docs.id == inject).map(Ix::from_usize);
        let Some((seat, inject)) = seat.zip(inject) else { return };
        self.chairs.iter_mut().filter(|chair| chair.seat() == Some(seat)).for_each(|chair| {
            chair.read.insert(inject);
        });
    }

    /// An order by names.
    fn text_of(&self, mitigation: Ix<Mitigation>, target: TargetKey) -> Result<OrderText, Refusal> {
        let scenario = &self.run().setup.scenario;
        let docs = scenario.docs.mitigations.get(mitigation.position());
        let order = docs.ok_or(sim::Refusal::UnknownMitigation(mitigation))?.id.clone();
        let exists = match target {
            TargetKey::World => true,
            TargetKey::Organisation(index) => scenario.organisations.get(index).is_some(),
            TargetKey::Fleet(index) => scenario.fleets.get(index).is_some(),
            TargetKey::Service(index) => scenario.services.get(index).is_some(),
        };
        if !exists {
            return Err(sim::Refusal::UnknownTarget.into());
        }
        Ok(OrderText { order, target: target_key(scenario, target.into()) })
    }

    /// The order of a seat that a text names.
    fn command_of(&self, seat: Option<&str>, order: &OrderText) -> Result<Command, Refusal> {
        let record = CommandRecord {
            by: format!("seat:{}", seat.unwrap_or_default()),
            order: Some(order.order.clone()),
            target: Some(order.target.clone()),
            ..CommandRecord::default()
        };
        let unknown = |_| ConductRefusal::UnknownOrder(order.order.chars().take(40).collect());
        Ok(record.resolve(&self.run().setup.scenario).map_err(unknown)?)
    }

    /// The index of a seat in play.
    fn seat_by_id(&self, id: Option<&str>) -> Result<Ix<Seat>, Refusal> {
        let id = id.ok_or(ConductRefusal::NotInSeat)?;
        let seat = self.run().setup.scenario.seat_index(id);
        let seat = seat.filter(|&seat| self.run().setup.cast.player(seat).is_some());
        Ok(seat.ok_or_else(|| ConductRefusal::UnknownSeat(id.chars().take(40).collect()))?)
    }

    /// Does the clock run to a minute as fast as the machine can: after a jump, or after the end was ordered?
    pub fn is_hurrying(&self) -> bool {
        !self.is_over() && self.clock().mode() != Mode::Paced
    }

    /// The exercise as a seat in play sees it; None for a seat that is not in play.
    pub fn view_of_seat(&mut self, seat: Ix<Seat>) -> Option<Arc<ExerciseView>> {
        let position = self.seats().iter().position(|&found| found == seat)?;
        Some(self.view(ChairId(position as u32)))
    }

    /// The exercise as the facilitator sees it.
    pub fn view_of_facilitator(&mut self) -> Arc<ExerciseView> {
        self.view(ChairId(self.chairs.len() as u32 - 1))
    }

    /// What the people of each seat in play share, in the order of the cast. Equal revisions give the same views.
    pub fn team_views(&mut self) -> Vec<Arc<TeamView>> {
        let is_fresh = self.shared.teams.first().is_some_and(|(revision, _)| *revision == self.revision);
        if !is_fresh {
            let teams = self.seats().into_iter().enumerate().map(|(position, seat)| {
                let source = views::Source::new(self, &self.chairs[position]);
                (self.revision, Arc::new(views::team::team(&source, seat)))
            });
            self.shared.teams = teams.collect();
        }
        self.shared.teams.iter().map(|(_, view)| view.clone()).collect()
    }

    /// What facilitators, evaluators and observers share.
    ///
    /// # Panics
    /// If the exercise is not a facilitated one.
    pub fn staff_view(&mut self) -> Arc<StaffView> {
        if let Some((revision, view)) = &self.shared.staff
            && *revision == self.revision
        {
            return view.clone();
        }
        let chair = self.chairs.last().expect("a facilitated exercise has a facilitator's chair");
        let view = Arc::new(views::staff::staff(&views::Source::new(self, chair)));
        self.shared.staff = Some((self.revision, view.clone()));
        view
    }

    /// The run file and the folder of its page of worths, once the run is finished and saved.
    pub fn saved(&self) -> Option<&Path> {
        self.saving.saved()
    }

    /// The run file that is being written or was finished; none if the exercise cannot be saved.
    pub fn run_file(&self) -> Option<&Path> {
        self.saving.path()
    }

    /// The seats in play.
    pub fn seats_in_play(&self) -> Vec<Ix<Seat>> {
        self.seats()
    }
}

fn require_facilitator(role: PersonRole) -> Result<(), Refusal> {
    if role == PersonRole::Facilitator { Ok(()) } else { Err(Refusal::NotFacilitator) }
}
