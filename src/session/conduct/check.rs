//! Who may do what in a facilitated exercise: the table of permissions, and the limits on texts.
//!
//! Must not change a conduct. A replay judges the deeds of a run file with the same function as the exercise does.

use thiserror::Error;

use super::deed::{Deed, DeedRecord, MessageId, OrderText, PersonId, PersonRole, WrittenMessage};
use super::{Conduct, Members, Person};
use crate::base::characters::{Lines, name, unfit};
use crate::scenario::compile::{Mitigation, Scenario, TargetKind};
use crate::session::log::{CONFIDENCE_MAX_PCT, TEXT_MAX_CHARS};

/// Most people who can join one exercise.
pub const PEOPLE_MAX: usize = 500;
/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 40;
/// Longest title or sender of a message and longest text on the wall, in characters.
pub const LINE_MAX_CHARS: usize = 200;
/// Most deeds in one exercise; the run file stays below its largest size.
pub const DEEDS_MAX: usize = 60_000;
/// Longest countdown: a day.
const COUNTDOWN_MAX_S: u32 = 86_400;
/// Open proposals that a person may have.
const PROPOSALS_OPEN_MAX: usize = 20;
/// Most members who must second a proposal.
pub const SECONDS_MAX: u8 = 9;
/// Questions of the hot wash for each objective.
pub const QUESTIONS: u8 = 3;
/// Statements of the feedback form.
pub const FEEDBACK_MARKS: usize = 5;

/// The reason why a deed is not accepted, short enough for a page.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConductRefusal {
    #[error("there is no such person")]
    UnknownPerson,
    #[error("only the facilitator may do this")]
    NotFacilitator,
    #[error("only facilitators and evaluators may do this")]
    NotEvaluator,
    #[error("only people in a seat may do this")]
    NotInSeat,
    #[error("there is no such seat: {0}")]
    UnknownSeat(String),
    #[error("there is no such objective: {0}")]
    UnknownObjective(String),
    #[error("there is no such message")]
    UnknownMessage,
    #[error("there is no such order: {0}")]
    UnknownOrder(String),
    #[error("there is no such proposal in your team")]
    UnknownProposal,
    #[error("somebody with this name has joined already; add an initial")]
    NameTaken,
    #[error("a name is needed")]
    NameMissing,
    #[error("{what} has {found} characters; at most {max} are possible")]
    TooLong { what: &'static str, found: usize, max: usize },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("the text contains {0}, which is not allowed")]
    Unfit(String),
    #[error("a confidence is a number from 0 to {CONFIDENCE_MAX_PCT} %; this one is {0} %")]
    Confidence(u8),
    #[error("{0} people have joined; more are not possible")]
    Full(usize),
    #[error("in your team only the lead proposes")]
    OnlyLeadProposes,
    #[error("in your team only the lead decides")]
    OnlyLeadDecides,
    #[error("this needs a proposal, seconded by {0} of your team")]
    NeedsSeconds(u8),
    #[error("you cannot second your own proposal")]
    OwnProposal,
    #[error("you have seconded it already")]
    SecondedAlready,
    #[error("this proposal is no longer open")]
    ProposalClosed,
    #[error("you have {PROPOSALS_OPEN_MAX} open proposals; withdraw one first")]
    TooManyProposals,
    #[error("a number is out of range: {0}")]
    OutOfRange(&'static str),
    #[error("the exercise has begun already")]
    HasBegun,
    #[error("the hot wash is closed")]
    HotWashClosed,
    #[error("the form was handed in already")]
    FedBackAlready,
    #[error("the log of this exercise is full")]
    LogFull,
    #[error("the screens are locked")]
    Locked,
}

/// Judges a deed without changing anything.
///
/// # Errors
/// The reason why it cannot be done.
pub fn check(conduct: &Conduct, scenario: &Scenario, record: &DeedRecord) -> Result<(), ConductRefusal> {
    if DEEDS_MAX <= conduct.deeds.len() {
        return Err(ConductRefusal::LogFull);
    }
    match &record.deed {
        Deed::Join { name, role, seat } => check_join(conduct, scenario, name, *role, seat.as_deref()),
        Deed::Restart => Ok(()),
        Deed::Answer { seat, objective, question, text } => {
            if !conduct.hot_wash.is_open {
                return Err(ConductRefusal::HotWashClosed);
            }
            if record.by.is_none() != conduct.hot_wash.is_anonymous {
                return Err(ConductRefusal::UnknownPerson);
            }
            check_objective(scenario, seat, objective)?;
            within("the question", u32::from(*question), 0, u32::from(QUESTIONS) - 1)?;
            check_text("the answer", text, 1)
        }
        Deed::Feedback { marks, text } => {
            let is_right = marks.len() == FEEDBACK_MARKS && marks.iter().all(|mark| (1..=5).contains(mark));
            if !is_right {
                return Err(ConductRefusal::OutOfRange("each statement has a mark from 1 to 5"));
            }
            check_text("the text", text, 0)
        }
        deed => {
            let by = record.by.ok_or(ConductRefusal::UnknownPerson)?;
            let person = conduct.person(by).ok_or(ConductRefusal::UnknownPerson)?;
            check_of_person(conduct, scenario, by, person, deed)
        }
    }
}

fn check_of_person(
    conduct: &Conduct,
    scenario: &Scenario,
    by: PersonId,
    person: &Person,
    deed: &Deed,
) -> Result<(), ConductRefusal> {
    match deed {
        Deed::Read { message } => check_read(conduct, scenario, person, message),
        Deed::Propose { .. } | Deed::Second { .. } | Deed::Withdraw { .. } => {
            let seat = person.seat.as_deref().ok_or(ConductRefusal::NotInSeat)?;
            if conduct.is_locked {
                return Err(ConductRefusal::Locked);
            }
            check_proposal(conduct, scenario, by, seat, deed)
        }
        Deed::FedBack if conduct.has_fed_back.contains(&by) => Err(ConductRefusal::FedBackAlready),
        Deed::FedBack => Ok(()),
        Deed::Rate { seat, objective, evidence, .. } => {
            if !matches!(person.role, PersonRole::Evaluator | PersonRole::Facilitator) {
                return Err(ConductRefusal::NotEvaluator);
            }
            check_objective(scenario, seat, objective)?;
            check_text("the evidence", evidence, 0)
        }
        _ if person.role != PersonRole::Facilitator => Err(ConductRefusal::NotFacilitator),
        _ => check_of_facilitator(conduct, scenario, deed),
    }
}

fn check_of_facilitator(conduct: &Conduct, scenario: &Scenario, deed: &Deed) -> Result<(), ConductRefusal> {
    match deed {
        Deed::Move { person, seat } => {
            let person = conduct.person(*person).ok_or(ConductRefusal::UnknownPerson)?;
            if person.role != PersonRole::Participant {
                return Err(ConductRefusal::NotInSeat);
            }
            check_seat(scenario, seat)
        }
        Deed::Remove { person } => {
            let person = conduct.person(*person).ok_or(ConductRefusal::UnknownPerson)?;
            let is_facilitator = person.role == PersonRole::Facilitator;
            if is_facilitator { Err(ConductRefusal::OutOfRange("a facilitator stays")) } else { Ok(()) }
        }
        Deed::Rule { seat, rule } => {
            check_seat(scenario, seat)?;
            within("seconds", u32::from(rule.seconds_needed), 0, u32::from(SECONDS_MAX))?;
            match rule.lead {
                Some(lead) if !conduct.team(seat).any(|(id, _)| id == lead) => Err(ConductRefusal::UnknownPerson),
                _ => Ok(()),
            }
        }
        Deed::Begin if conduct.began_s.is_some() => Err(ConductRefusal::HasBegun),
        Deed::Message(message) => check_message(scenario, message),
        Deed::Hold { inject } | Deed::LetGo { inject } | Deed::Skip { inject } => check_inject(scenario, inject),
        Deed::Wall { text } => check_line("the text", text, 0),
        Deed::Countdown { text, seconds } => {
            within("the countdown", *seconds, 0, COUNTDOWN_MAX_S)?;
            check_line("the text", text, 0)
        }
        _ => Ok(()),
    }
}

fn check_join(
    conduct: &Conduct,
    scenario: &Scenario,
    name: &str,
    role: PersonRole,
    seat: Option<&str>,
) -> Result<(), ConductRefusal> {
    if name.trim().is_empty() {
        return Err(ConductRefusal::NameMissing);
    }
    check_length("the name", name, NAME_MAX_CHARS)?;
    check_characters(name, Lines::One)?;
    if PEOPLE_MAX <= conduct.people.len() {
        return Err(ConductRefusal::Full(conduct.people.len()));
    }
    let is_same = |person: &Person| person.name.to_lowercase() == name.to_lowercase();
    if conduct.present().any(|(_, person)| is_same(person)) {
        return Err(ConductRefusal::NameTaken);
    }
    match (role, seat) {
        (PersonRole::Participant, Some(seat)) => check_seat(scenario, seat),
        (PersonRole::Participant, None) => Err(ConductRefusal::NotInSeat),
        (_, Some(seat)) => Err(ConductRefusal::UnknownSeat(seat.to_owned())),
        (_, None) => Ok(()),
    }
}

fn check_read(
    conduct: &Conduct,
    scenario: &Scenario,
    person: &Person,
    message: &MessageId,
) -> Result<(), ConductRefusal> {
    let is_for = |to: &[String]| match &person.seat {
        Some(seat) => to.is_empty() || to.contains(seat),
        None => true,
    };
    let reaches = match message {
        MessageId::Inject(id) => {
            let inject = scenario.docs.injects.iter().find(|inject| inject.id == *id);
            inject.is_some_and(|inject| is_for(&inject.to))
        }
        MessageId::Written(number) => {
            conduct.messages.get(*number as usize).is_some_and(|sent| is_for(&sent.message.to))
        }
    };
    if reaches { Ok(()) } else { Err(ConductRefusal::UnknownMessage) }
}

fn check_proposal(
    conduct: &Conduct,
    scenario: &Scenario,
    by: PersonId,
    seat: &str,
    deed: &Deed,
) -> Result<(), ConductRefusal> {
    let open = |number: u32| {
        let proposal = conduct.proposals.get(number as usize).filter(|proposal| proposal.seat == seat);
        let proposal = proposal.ok_or(ConductRefusal::UnknownProposal)?;
        if proposal.is_withdrawn { Err(ConductRefusal::ProposalClosed) } else { Ok(proposal) }
    };
    match deed {
        Deed::Propose { order, confidence_pct, reason } => {
            if !conduct.is_among(by, seat, conduct.rule(seat).proposers) {
                return Err(ConductRefusal::OnlyLeadProposes);
            }
            let is_open = |proposal: &&super::Proposal| proposal.by == by && !proposal.is_withdrawn;
            if PROPOSALS_OPEN_MAX <= conduct.proposals.iter().rev().take(200).filter(is_open).count() {
                return Err(ConductRefusal::TooManyProposals);
            }
            check_order(scenario, seat, order)?;
            check_confidence(*confidence_pct)?;
            check_text("the reason", reason.as_deref().unwrap_or_default(), 0)
        }
        Deed::Second { proposal, confidence_pct } => {
            let proposal = open(*proposal)?;
            if proposal.by == by {
                return Err(ConductRefusal::OwnProposal);
            }
            if proposal.seconds.iter().any(|(person, _)| *person == by) {
                return Err(ConductRefusal::SecondedAlready);
            }
            check_confidence(*confidence_pct)
        }
        Deed::Withdraw { proposal } => {
            let proposal = open(*proposal)?;
            let may = proposal.by == by || conduct.is_among(by, seat, conduct.rule(seat).deciders);
            if may { Ok(()) } else { Err(ConductRefusal::OnlyLeadDecides) }
        }
        _ => Ok(()),
    }
}

/// May a person order for a team now: directly, or what a proposal (by number) says?
///
/// # Errors
/// The reason why not.
pub fn check_decision(conduct: &Conduct, by: PersonId, proposal: Option<u32>) -> Result<(), ConductRefusal> {
    let person = conduct.person(by).ok_or(ConductRefusal::UnknownPerson)?;
    let seat = person.seat.as_deref().ok_or(ConductRefusal::NotInSeat)?;
    if conduct.is_locked {
        return Err(ConductRefusal::Locked);
    }
    let rule = conduct.rule(seat);
    if !conduct.is_among(by, seat, rule.deciders) {
        return Err(ConductRefusal::OnlyLeadDecides);
    }
    let Some(number) = proposal else {
        let may_alone = rule.seconds_needed == 0 && conduct.is_among(by, seat, rule.proposers);
        return if may_alone { Ok(()) } else { Err(ConductRefusal::NeedsSeconds(rule.seconds_needed.max(1))) };
    };
    let proposal = conduct.proposals.get(number as usize).filter(|proposal| proposal.seat == seat);
    let proposal = proposal.ok_or(ConductRefusal::UnknownProposal)?;
    if proposal.is_withdrawn {
        return Err(ConductRefusal::ProposalClosed);
    }
    let has_seconds = usize::from(rule.seconds_needed) <= proposal.seconds.len();
    if has_seconds { Ok(()) } else { Err(ConductRefusal::NeedsSeconds(rule.seconds_needed)) }
}

fn check_order(scenario: &Scenario, seat: &str, order: &OrderText) -> Result<(), ConductRefusal> {
    let unknown = || ConductRefusal::UnknownOrder(shortened(&order.order));
    let seat = scenario.seat_index(seat).ok_or_else(|| ConductRefusal::UnknownSeat(shortened(seat)))?;
    let is_named =
        |mitigation: &&crate::base::Ix<Mitigation>| scenario.docs.mitigations[mitigation.position()].id == order.order;
    let mitigation = scenario.seats[seat].mitigations.iter().find(is_named).ok_or_else(unknown)?;
    let kind = scenario.mitigations[*mitigation].target;
    if kind == TargetKind::World && order.target != "world" {
        return Err(unknown());
    }
    check_line("the target", &order.target, 1)
}

fn check_message(scenario: &Scenario, message: &WrittenMessage) -> Result<(), ConductRefusal> {
    message.to.iter().try_for_each(|seat| check_seat(scenario, seat))?;
    check_line("the sender", &message.from, 1)?;
    check_line("the title", &message.title, 1)?;
    check_text("the message", &message.body, 0)?;
    message.replaces.as_ref().map_or(Ok(()), |inject| check_inject(scenario, inject))
}

fn check_seat(scenario: &Scenario, seat: &str) -> Result<(), ConductRefusal> {
    scenario.seat_index(seat).map(|_| ()).ok_or_else(|| ConductRefusal::UnknownSeat(shortened(seat)))
}

fn check_objective(scenario: &Scenario, seat: &str, objective: &str) -> Result<(), ConductRefusal> {
    let index = scenario.seat_index(seat).ok_or_else(|| ConductRefusal::UnknownSeat(shortened(seat)))?;
    let has = scenario.docs.seats[index.position()].objectives.iter().any(|found| found.id == objective);
    if has { Ok(()) } else { Err(ConductRefusal::UnknownObjective(shortened(objective))) }
}

fn check_inject(scenario: &Scenario, inject: &str) -> Result<(), ConductRefusal> {
    let has = scenario.docs.injects.iter().any(|found| found.id == inject);
    if has { Ok(()) } else { Err(ConductRefusal::UnknownMessage) }
}

fn check_confidence(confidence_pct: Option<u8>) -> Result<(), ConductRefusal> {
    match confidence_pct {
        Some(confidence) if CONFIDENCE_MAX_PCT < confidence => Err(ConductRefusal::Confidence(confidence)),
        _ => Ok(()),
    }
}

/// A text of several lines with at least some characters.
fn check_text(what: &'static str, text: &str, least: usize) -> Result<(), ConductRefusal> {
    if text.trim().chars().count() < least {
        return Err(ConductRefusal::Missing(what));
    }
    check_length(what, text, TEXT_MAX_CHARS)?;
    check_characters(text, Lines::Many)
}

fn check_line(what: &'static str, text: &str, least: usize) -> Result<(), ConductRefusal> {
    if text.trim().chars().count() < least {
        return Err(ConductRefusal::Missing(what));
    }
    check_length(what, text, LINE_MAX_CHARS)?;
    check_characters(text, Lines::One)
}

fn check_length(what: &'static str, text: &str, max: usize) -> Result<(), ConductRefusal> {
    let found = text.chars().count();
    if max < found { Err(ConductRefusal::TooLong { what, found, max }) } else { Ok(()) }
}

fn check_characters(text: &str, lines: Lines) -> Result<(), ConductRefusal> {
    unfit(text, lines).map_or(Ok(()), |(_, c)| Err(ConductRefusal::Unfit(name(c))))
}

fn within(what: &'static str, value: u32, least: u32, most: u32) -> Result<(), ConductRefusal> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(ConductRefusal::OutOfRange(what)) }
}

/// An id of a request, short enough for a message.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(NAME_MAX_CHARS).collect()
}

/// Is a team's rule the one in which nobody needs the others?
pub fn is_alone(rule: super::TeamRule) -> bool {
    rule.seconds_needed == 0 && rule.proposers == Members::Everybody && rule.deciders == Members::Everybody
}
