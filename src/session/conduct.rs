//! The conduct of a facilitated exercise: the people, the messages written for them and their proposals, as the deeds
//! of the log give them.
//!
//! A deed is an act of a person that does not change the world. Invariant: a conduct is a function of its deeds, and a
//! deed that `check` refuses is never taken. Must not know orders, worlds or wall clocks: times come with the deeds.

mod check;
mod deed;

use std::collections::{BTreeMap, BTreeSet};

pub use check::{
    ConductRefusal, DEEDS_MAX, FEEDBACK_MARKS, LINE_MAX_CHARS, NAME_MAX_CHARS, PEOPLE_MAX, QUESTIONS, SECONDS_MAX,
    check, check_decision, is_alone,
};
pub use deed::{
    ClockChange, Deed, DeedRecord, Members, MessageId, OrderText, PersonId, PersonRole, Rating, TeamRule,
    WrittenMessage,
};

use crate::scenario::compile::Scenario;

/// A person of an exercise, in the order of joining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub role: PersonRole,
    /// Seat id; none for people without a seat.
    pub seat: Option<String>,
    /// Tick and UTC second of the joining.
    pub joined: (u32, u64),
    /// The facilitator removed the person.
    pub is_removed: bool,
}

/// A message that a facilitator wrote, with its number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub tick: u32,
    pub at_s: u64,
    pub by: Option<PersonId>,
    pub message: WrittenMessage,
}

/// An order that a member of a team proposed, with its number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub tick: u32,
    pub at_s: u64,
    pub by: PersonId,
    pub seat: String,
    pub order: OrderText,
    pub confidence_pct: Option<u8>,
    pub reason: Option<String>,
    /// The people who seconded it, with their confidence.
    pub seconds: Vec<(PersonId, Option<u8>)>,
    /// Its proposer or somebody who decides took it off the list.
    pub is_withdrawn: bool,
}

/// The state of an inject of the script that the facilitator touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptChange {
    /// It does not reach its seats until it is let go.
    Held,
    /// It was let go at a tick.
    LetGo { tick: u32 },
    /// It never reaches its seats.
    Skipped,
}

/// The rating of an objective with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    pub tick: u32,
    pub by: Option<PersonId>,
    pub rating: Rating,
    pub evidence: String,
}

/// An answer to a question of the hot wash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// None if answers were anonymous.
    pub by: Option<PersonId>,
    /// Seat id and objective id.
    pub objective: (String, String),
    /// 0..3
    pub question: u8,
    pub text: String,
}

/// A feedback form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// One mark of 1 to 5 for each statement of the form.
    pub marks: Vec<u8>,
    pub text: String,
}

/// A countdown that everybody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countdown {
    pub text: String,
    /// UTC second at which it ends.
    pub ends_s: u64,
}

/// The state of the hot wash, the talk right after the exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HotWash {
    pub is_open: bool,
    pub is_anonymous: bool,
}

/// Everything that people did in a facilitated exercise and that does not change the world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    deeds: Vec<DeedRecord>,
    pub people: Vec<Person>,
    /// By seat id; a team without an entry has the default rule.
    pub rules: BTreeMap<String, TeamRule>,
    pub messages: Vec<SentMessage>,
    pub proposals: Vec<Proposal>,
    /// By inject id.
    pub script: BTreeMap<String, ScriptChange>,
    /// Messages that a person has read, with the UTC second.
    pub read: BTreeMap<(PersonId, MessageId), u64>,
    /// By seat id and objective id; the last rating counts.
    pub ratings: BTreeMap<(String, String), Rated>,
    pub answers: Vec<Answer>,
    pub feedback: Vec<Feedback>,
    /// People who have handed in the form.
    pub has_fed_back: BTreeSet<PersonId>,
    /// The facilitator's words on the wall.
    pub wall: Option<String>,
    pub countdown: Option<Countdown>,
    pub hot_wash: HotWash,
    /// The pages of participants show nothing but a notice.
    pub is_locked: bool,
    /// UTC second at which the exercise began; none before.
    pub began_s: Option<u64>,
    /// The pace that a person set last.
    pub clock: Option<ClockChange>,
}

impl Conduct {
    /// The deeds so far, in their order.
    pub fn deeds(&self) -> &[DeedRecord] {
        &self.deeds
    }

    /// Was the exercise facilitated? Only then does it have deeds.
    pub fn is_empty(&self) -> bool {
        self.deeds.is_empty()
    }

    /// Checks and takes a deed.
    ///
    /// # Errors
    /// The reason why the deed is refused; nothing has changed then.
    pub fn take(&mut self, scenario: &Scenario, record: DeedRecord) -> Result<(), ConductRefusal> {
        check(self, scenario, &record)?;
        self.apply(&record);
        self.deeds.push(record);
        Ok(())
    }

    /// The conduct up to a tick.
    pub fn cut_back(&self, tick: u32) -> Self {
        let mut cut = Self::default();
        for record in self.deeds.iter().filter(|record| record.tick <= tick) {
            cut.apply(record);
            cut.deeds.push(record.clone());
        }
        cut
    }

    /// A person by number; none if nobody has it or the person was removed.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(id.0 as usize).filter(|person| !person.is_removed)
    }

    /// The people of a seat with their numbers.
    pub fn team<'a>(&'a self, seat: &'a str) -> impl Iterator<Item = (PersonId, &'a Person)> {
        self.present().filter(move |(_, person)| person.seat.as_deref() == Some(seat))
    }

    /// Everybody who was not removed, with numbers.
    pub fn present(&self) -> impl Iterator<Item = (PersonId, &Person)> {
        let numbered = self.people.iter().enumerate().map(|(number, person)| (PersonId(number as u32), person));
        numbered.filter(|(_, person)| !person.is_removed)
    }

    /// The rule by which a team decides.
    pub fn rule(&self, seat: &str) -> TeamRule {
        self.rules.get(seat).copied().unwrap_or_default()
    }

    /// Does a person belong to those of a team whom a rule names?
    pub fn is_among(&self, id: PersonId, seat: &str, members: Members) -> bool {
        let Some(person) = self.person(id) else { return false };
        let lead = self.rule(seat).lead.filter(|&lead| {
            let lead = self.person(lead);
            lead.is_some_and(|lead| lead.seat.as_deref() == Some(seat))
        });
        person.seat.as_deref() == Some(seat) && (members == Members::Everybody || lead.is_none_or(|lead| lead == id))
    }

    /// Is an inject kept away from its seats?
    pub fn is_withheld(&self, inject: &str) -> bool {
        matches!(self.script.get(inject), Some(ScriptChange::Held | ScriptChange::Skipped))
    }

    fn apply(&mut self, record: &DeedRecord) {
        let DeedRecord { tick, at_s, by, deed } = record;
        match deed {
            Deed::Join { name, role, seat } => self.people.push(Person {
                name: name.clone(),
                role: *role,
                seat: seat.clone(),
                joined: (*tick, *at_s),
                is_removed: false,
            }),
            Deed::Move { person, seat } => {
                if let Some(person) = self.people.get_mut(person.0 as usize) {
                    person.seat = Some(seat.clone());
                }
            }
            Deed::Remove { person } => {
                if let Some(person) = self.people.get_mut(person.0 as usize) {
                    person.is_removed = true;
                }
            }
            Deed::Rule { seat, rule } => drop(self.rules.insert(seat.clone(), *rule)),
            Deed::Begin => self.began_s = Some(*at_s),
            Deed::Lock { is_locked } => self.is_locked = *is_locked,
            Deed::Wall { text } => self.wall = Some(text.clone()).filter(|text| !text.is_empty()),
            Deed::Countdown { text, seconds } => {
                let ends = Countdown { text: text.clone(), ends_s: at_s + u64::from(*seconds) };
                self.countdown = (0 < *seconds).then_some(ends);
            }
            Deed::Clock(change) => self.clock = Some(*change),
            Deed::HotWash { is_open, is_anonymous } => {
                self.hot_wash = HotWash { is_open: *is_open, is_anonymous: *is_anonymous };
            }
            Deed::Restart => {}
            Deed::Message(_) | Deed::Hold { .. } | Deed::LetGo { .. } | Deed::Skip { .. } => self.apply_script(record),
            Deed::Propose { .. } | Deed::Second { .. } | Deed::Withdraw { .. } => self.apply_proposal(record, *by),
            Deed::Read { message } => {
                if let Some(by) = by {
                    self.read.entry((*by, message.clone())).or_insert(*at_s);
                }
            }
            Deed::Rate { .. } | Deed::Answer { .. } | Deed::Feedback { .. } | Deed::FedBack => {
                self.apply_judgement(record, *by);
            }
        }
    }

    fn apply_script(&mut self, record: &DeedRecord) {
        let DeedRecord { tick, at_s, by, deed } = record;
        match deed {
            Deed::Message(message) => {
                if let Some(inject) = &message.replaces {
                    self.script.insert(inject.clone(), ScriptChange::Skipped);
                }
                self.messages.push(SentMessage { tick: *tick, at_s: *at_s, by: *by, message: message.clone() });
            }
            Deed::Hold { inject } => drop(self.script.insert(inject.clone(), ScriptChange::Held)),
            Deed::LetGo { inject } => drop(self.script.insert(inject.clone(), ScriptChange::LetGo { tick: *tick })),
            Deed::Skip { inject } => drop(self.script.insert(inject.clone(), ScriptChange::Skipped)),
            _ => {}
        }
    }

    fn apply_proposal(&mut self, record: &DeedRecord, by: Option<PersonId>) {
        let Some(by) = by else { return };
        match &record.deed {
            Deed::Propose { order, confidence_pct, reason } => {
                let seat = self.person(by).and_then(|person| person.seat.clone()).unwrap_or_default();
                self.proposals.push(Proposal {
                    tick: record.tick,
                    at_s: record.at_s,
                    by,
                    seat,
                    order: order.clone(),
                    confidence_pct: *confidence_pct,
                    reason: reason.clone(),
                    seconds: Vec::new(),
                    is_withdrawn: false,
                });
            }
            Deed::Second { proposal, confidence_pct } => {
                if let Some(proposal) = self.proposals.get_mut(*proposal as usize) {
                    proposal.seconds.push((by, *confidence_pct));
                }
            }
            Deed::Withdraw { proposal } => {
                if let Some(proposal) = self.proposals.get_mut(*proposal as usize) {
                    proposal.is_withdrawn = true;
                }
            }
            _ => {}
        }
    }

    fn apply_judgement(&mut self, record: &DeedRecord, by: Option<PersonId>) {
        match &record.deed {
            Deed::Rate { seat, objective, rating, evidence } => {
                let rated = Rated { tick: record.tick, by, rating: *rating, evidence: evidence.clone() };
                self.ratings.insert((seat.clone(), objective.clone()), rated);
            }
            Deed::Answer { seat, objective, question, text } => self.answers.push(Answer {
                by,
                objective: (seat.clone(), objective.clone()),
                question: *question,
                text: text.clone(),
            }),
            Deed::Feedback { marks, text } => {
                self.feedback.push(Feedback { marks: marks.clone(), text: text.clone() });
            }
            Deed::FedBack => self.has_fed_back.extend(by),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
