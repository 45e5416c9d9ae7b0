//! What the people of one seat share: the inbox with read receipts, proposals, members.
//!
//! Must not show anything of other seats.

use super::source::Source;
use crate::base::words as format;
use crate::base::{Ix, Tick};
use crate::exercise::answers;
use crate::exercise::view::{AnswerRow, CommonView, MemberRow, MessageRow, ProposalRow, ProposalState, TeamView};
use crate::exercise::words::target_label;
use crate::scenario::compile::{Inject, Mitigation, Seat};
use crate::scenario::message;
use crate::session::conduct::{Members, MessageId, PersonId, Proposal, ScriptChange, TeamRule, is_alone};
use crate::session::runfile::CommandRecord;
use crate::sim::world::Moment;
use crate::sim::{Command, command};

pub fn team(source: &Source, seat: Ix<Seat>) -> TeamView {
    let scenario = source.scenario();
    let docs = &scenario.docs.seats[seat.position()];
    let conduct = &source.run().conduct;
    let rule = conduct.rule(&docs.id);
    let members: Vec<MemberRow> = conduct
        .team(&docs.id)
        .map(|(id, person)| MemberRow {
            person: id,
            name: person.name.clone(),
            may_propose: conduct.is_among(id, &docs.id, rule.proposers),
            may_decide: conduct.is_among(id, &docs.id, rule.deciders),
            is_lead: rule.lead == Some(id),
            has_fed_back: conduct.has_fed_back.contains(&id),
        })
        .collect();
    let proposals = conduct.proposals.iter().enumerate().rev().filter(|(_, proposal)| proposal.seat == docs.id);
    let lead = members.iter().find(|member| member.is_lead).map(|member| member.name.as_str());
    TeamView {
        seat,
        seat_id: docs.id.clone(),
        name: docs.name.clone(),
        summary: docs.summary.clone(),
        rule,
        is_alone: is_alone(rule),
        rule_words: rule_words(rule, lead),
        messages: messages(source, Some(seat)),
        proposals: proposals.map(|(number, proposal)| row(source, rule, number as u32, proposal)).collect(),
        objectives: docs.objectives.iter().map(|objective| (objective.id.clone(), objective.name.clone())).collect(),
        members,
        common: common(source),
    }
}

/// What everybody sees.
pub fn common(source: &Source) -> CommonView {
    let run = source.run();
    let conduct = &run.conduct;
    CommonView {
        scenario: source.scenario().docs.manifest.title.clone(),
        has_begun: conduct.began_s.is_some(),
        is_locked: conduct.is_locked,
        is_over: run.world.is_over(),
        countdown: conduct.countdown.as_ref().map(|countdown| (countdown.text.clone(), countdown.ends_s)),
        wall: conduct.wall.clone(),
        hot_wash: conduct.hot_wash.is_open,
        is_hot_wash_anonymous: conduct.hot_wash.is_anonymous,
    }
}

/// The rule of a team as a sentence.
pub fn rule_words(rule: TeamRule, lead: Option<&str>) -> String {
    if is_alone(rule) {
        return "Every member of the team can give orders".to_owned();
    }
    let lead =
        lead.map_or_else(|| "the lead (nobody yet, so everybody)".to_owned(), |name| format!("the lead, {name},"));
    let group = |members| match members {
        Members::Everybody => "every member".to_owned(),
        Members::Lead => lead.clone(),
    };
    let seconds = match rule.seconds_needed {
        0 => String::new(),
        1 => "one other member seconds, ".to_owned(),
        many => format!("{many} other members second, "),
    };
    let (proposers, deciders) = (group(rule.proposers), group(rule.deciders));
    format::capital(&format!("{proposers} can propose, {seconds}{deciders} can order"))
}

/// Messages of the script and of the facilitator that reached a seat, or any seat, newest first.
pub fn messages(source: &Source, seat: Option<Ix<Seat>>) -> Vec<MessageRow> {
    let conduct = &source.run().conduct;
    let readers = |id: &MessageId| {
        let read = conduct.read.keys().filter(|(_, message)| message == id).map(|(person, _)| *person);
        let is_here = |person: &PersonId| {
            let person = conduct.people.get(person.0 as usize).and_then(|person| person.seat.as_deref());
            seat.is_none_or(|seat| person == Some(source.scenario().docs.seats[seat.position()].id.as_str()))
        };
        read.filter(is_here).collect::<Vec<PersonId>>()
    };
    let mut rows: Vec<MessageRow> = source
        .run()
        .moments
        .iter()
        .filter_map(|&(tick, moment)| match moment {
            Moment::Inject(inject) if source.reaches(inject) => Some((tick, inject)),
            _ => None,
        })
        .map(|(tick, inject)| of_script(source, seat, tick, inject))
        .collect();
    for (number, sent) in conduct.messages.iter().enumerate() {
        let id = seat.map(|seat| &source.scenario().docs.seats[seat.position()].id);
        let is_for = id.is_none_or(|id| sent.message.to.is_empty() || sent.message.to.contains(id));
        if is_for {
            rows.push(MessageRow {
                id: MessageId::Written(number as u32),
                tick: sent.tick,
                time: source.time(Tick(sent.tick)),
                via: sent.message.via,
                from: sent.message.from.clone(),
                title: sent.message.title.clone(),
                body: sent.message.body.clone(),
                is_urgent: sent.message.is_urgent,
                standing: None,
                answers: Vec::new(),
                readers: Vec::new(),
                to: seat_names(source, &sent.message.to),
                is_public: sent.message.to.is_empty(),
            });
        }
    }
    rows.iter_mut().for_each(|row| row.readers = readers(&row.id));
    // Stable: of one minute, the one that came later stands first.
    rows.reverse();
    rows.sort_by_key(|row| std::cmp::Reverse(row.tick));
    rows
}

/// Names of seats, or `All seats`.
pub fn seat_names(source: &Source, ids: &[String]) -> String {
    let name = |id: &String| {
        let docs = source.scenario().docs.seats.iter().find(|seat| seat.id == *id);
        docs.map_or_else(|| id.clone(), |docs| docs.name.clone())
    };
    if ids.is_empty() { "All seats".to_owned() } else { ids.iter().map(name).collect::<Vec<_>>().join(", ") }
}

fn of_script(source: &Source, seat: Option<Ix<Seat>>, fired: Tick, inject: Ix<Inject>) -> MessageRow {
    let docs = &source.scenario().docs.injects[inject.position()];
    let figures = source.run().inject_figures.get(&inject).map_or(&[][..], Vec::as_slice);
    let tick = match source.run().conduct.script.get(&docs.id) {
        Some(ScriptChange::LetGo { tick }) => fired.max(Tick(*tick)),
        _ => fired,
    };
    let answer = |seat: Ix<Seat>, mitigation: Ix<Mitigation>| AnswerRow {
        mitigation,
        name: source.scenario().docs.mitigations[mitigation.position()].name.clone(),
        is_open: answers::is_open(source.world(), seat, mitigation),
        ordered: source.times_ordered(seat, mitigation),
    };
    let answers = seat.map_or_else(Vec::new, |seat| {
        answers::answers(source.scenario(), inject, seat).map(|mitigation| answer(seat, mitigation)).collect()
    });
    MessageRow {
        id: MessageId::Inject(docs.id.clone()),
        tick: tick.0,
        time: source.time(tick),
        via: docs.via,
        from: docs.from.clone(),
        title: docs.title.clone(),
        body: message::filled(&docs.body, figures),
        is_urgent: docs.urgent,
        standing: Some(docs.provenance.standing()),
        answers,
        readers: Vec::new(),
        to: seat_names(source, &docs.to),
        is_public: docs.to.is_empty(),
    }
}

/// The name of a person, removed people included.
pub fn person_name(source: &Source, id: PersonId) -> String {
    source.run().conduct.people.get(id.0 as usize).map_or_else(String::new, |person| person.name.clone())
}

fn row(source: &Source, rule: TeamRule, number: u32, proposal: &Proposal) -> ProposalRow {
    let scenario = source.scenario();
    let record = CommandRecord {
        by: format!("seat:{}", proposal.seat),
        order: Some(proposal.order.order.clone()),
        target: Some(proposal.order.target.clone()),
        ..CommandRecord::default()
    };
    let order = record.resolve(scenario).ok();
    let state = match () {
        () if source.exercise.was_ordered(number) => ProposalState::Ordered,
        () if proposal.is_withdrawn => ProposalState::Withdrawn,
        () => ProposalState::Open,
    };
    let refusal =
        order.filter(|_| state == ProposalState::Open).and_then(|order| command::check(source.world(), &order).err());
    let (name, target) = match order {
        Some(Command::Order { mitigation, target, .. }) => {
            (scenario.docs.mitigations[mitigation.position()].name.clone(), target_label(scenario, target))
        }
        _ => (proposal.order.order.clone(), proposal.order.target.clone()),
    };
    ProposalRow {
        number,
        time: source.time(Tick(proposal.tick)),
        name,
        target,
        by: proposal.by,
        by_name: person_name(source, proposal.by),
        confidence_pct: proposal.confidence_pct,
        reason: proposal.reason.clone(),
        seconds: proposal.seconds.iter().map(|&(id, _)| (id, person_name(source, id))).collect(),
        seconds_missing: rule.seconds_needed.saturating_sub(proposal.seconds.len() as u8),
        state,
        refusal: refusal.map(|refusal| format::capital(&refusal.to_string())),
    }
}
