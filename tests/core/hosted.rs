//! A facilitated exercise without a server: people, teams, script and clock, and the log that replays to the same
//! digests.

use std::path::Path;
use std::time::Duration;

use blackstart::base::Ix;
use blackstart::exercise::action::{
    ClockAction, Deed, FacilitatorAction, Members, MessageId, OrderAction, OrderText, PersonAction, PersonId,
    PersonRole, Rating, TeamRule, WrittenMessage,
};
use blackstart::exercise::view::{ProposalState, ScriptState, TargetKey};
use blackstart::exercise::{Exercise, Refusal};
use blackstart::scenario::compile::{Mitigation, Organisation, Scenario, Seat};
use blackstart::scenario::schema::Via;
use blackstart::session::NoteTag;
use blackstart::session::conduct::ConductRefusal;
use blackstart::session::runfile::{read, replay};
use proptest::prelude::*;

use crate::support::{TINY, scenario};

const LEAD: &str = "incident-lead";
const MANAGER: &str = "duty-manager";
const NOW_S: u64 = 1_784_000_000;
const FRAME: Duration = Duration::from_millis(250);
const BUDGET: Duration = Duration::from_millis(50);

fn seat(id: &str) -> Ix<Seat> {
    scenario(TINY).seat_index(id).expect("a seat of the scenario")
}

fn mitigation(scenario: &Scenario, id: &str) -> Ix<Mitigation> {
    let position = scenario.docs.mitigations.iter().position(|docs| docs.id == id);
    Ix::from_usize(position.expect("a mitigation"))
}

fn organisation(scenario: &Scenario, id: &str) -> Ix<Organisation> {
    scenario.organisation_index(id).expect("an organisation")
}

/// An exercise of both seats with a facilitator (person 0), two people in the first seat (1, 2) and one in the other (3).
fn hosted(folder: &Path) -> Exercise {
    let mut exercise = Exercise::host(scenario(TINY), 7, &[seat(LEAD), seat(MANAGER)], folder);
    let mut join = |name: &str, role, seat| exercise.join(name, role, seat, NOW_S).expect("they can join");
    assert_eq!(join("Facilitator", PersonRole::Facilitator, None), PersonId(0));
    join("Ada", PersonRole::Participant, Some(LEAD));
    join("Bo", PersonRole::Participant, Some(LEAD));
    join("Cy", PersonRole::Participant, Some(MANAGER));
    join("Eve", PersonRole::Evaluator, None);
    join("Otto", PersonRole::Observer, None);
    exercise
}

fn act(exercise: &mut Exercise, by: u32, action: PersonAction) -> Result<(), Refusal> {
    exercise.act(PersonId(by), action, NOW_S + 5)
}

fn deed(exercise: &mut Exercise, by: u32, deed: Deed) -> Result<(), Refusal> {
    act(exercise, by, PersonAction::Deed(deed))
}

fn play(exercise: &mut Exercise, ticks: u32) {
    let until = exercise.run().world.tick().0 + ticks;
    act(exercise, 0, PersonAction::Clock(ClockAction::JumpTo(until))).expect("it leads forward");
    while exercise.run().world.tick().0 < until {
        exercise.advance(FRAME, BUDGET);
    }
}

fn overtime() -> OrderText {
    OrderText { order: "overtime".to_owned(), target: "st-elsewhere".to_owned() }
}

fn message(to: &[&str]) -> WrittenMessage {
    WrittenMessage {
        to: to.iter().map(|&seat| seat.to_owned()).collect(),
        via: Via::Phone,
        from: "Minister's office".to_owned(),
        title: "When will it be over?".to_owned(),
        body: "The minister speaks at noon.".to_owned(),
        is_urgent: true,
        replaces: None,
    }
}

#[test]
fn a_team_proposes_seconds_and_orders() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    play(&mut exercise, 60);
    let rule =
        TeamRule { seconds_needed: 1, proposers: Members::Everybody, deciders: Members::Lead, lead: Some(PersonId(1)) };
    deed(&mut exercise, 0, Deed::Rule { seat: LEAD.to_owned(), rule }).expect("a facilitator sets it");
    let propose = Deed::Propose { order: overtime(), confidence_pct: Some(60), reason: Some("we are few".to_owned()) };

    // Nobody orders alone, and nobody from another team has a part in it.
    let target = TargetKey::Organisation(organisation(&scenario(TINY), "st-elsewhere"));
    let overtime_index = mitigation(&scenario(TINY), "overtime");
    let order = OrderAction::Give { mitigation: overtime_index, target, confidence_pct: None, reason: None };
    let refused = act(&mut exercise, 1, PersonAction::Order(order));
    assert_eq!(refused, Err(Refusal::Conduct(ConductRefusal::NeedsSeconds(1))));
    deed(&mut exercise, 2, propose).expect("everybody proposes");
    let second = |confidence_pct| Deed::Second { proposal: 0, confidence_pct };
    let refused = |result, refusal| assert_eq!(result, Err(Refusal::Conduct(refusal)));
    let by_number = |confidence_pct| PersonAction::OrderProposal { proposal: 0, confidence_pct };
    refused(deed(&mut exercise, 2, second(None)), ConductRefusal::OwnProposal);
    refused(deed(&mut exercise, 3, second(None)), ConductRefusal::UnknownProposal);
    refused(act(&mut exercise, 3, by_number(None)), ConductRefusal::UnknownProposal);
    refused(act(&mut exercise, 1, by_number(None)), ConductRefusal::NeedsSeconds(1));
    deed(&mut exercise, 1, second(Some(80))).expect("another member");
    refused(deed(&mut exercise, 1, second(None)), ConductRefusal::SecondedAlready);
    refused(act(&mut exercise, 2, by_number(None)), ConductRefusal::OnlyLeadDecides);
    act(&mut exercise, 1, by_number(Some(75))).expect("the lead orders");
    refused(act(&mut exercise, 1, by_number(None)), ConductRefusal::ProposalClosed);
    refused(deed(&mut exercise, 2, Deed::Withdraw { proposal: 0 }), ConductRefusal::ProposalClosed);

    let teams = exercise.team_views();
    assert_eq!(teams[0].proposals[0].state, ProposalState::Ordered);
    assert!(teams[1].proposals.is_empty(), "the other team sees nothing of it");
    let entry = exercise.run().log.last().expect("the order");
    let remarks = entry.remarks().expect("a person gave it");
    assert_eq!((remarks.person, remarks.proposal, remarks.confidence_pct), (Some(PersonId(1)), Some(0), Some(75)));
    assert_eq!(remarks.reason.as_deref(), Some("we are few"));
}

#[test]
fn messages_reach_their_seats_and_no_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    deed(&mut exercise, 0, Deed::Message(message(&[MANAGER]))).expect("a facilitator writes");
    deed(&mut exercise, 0, Deed::Hold { inject: "blue-screens".to_owned() }).expect("it is in the script");
    play(&mut exercise, 24 * 60);
    let position = scenario(TINY).docs.injects.iter().position(|docs| docs.id == "theatre-asks").expect("an inject");
    let send = FacilitatorAction::SendInject(Ix::from_usize(position));
    act(&mut exercise, 0, PersonAction::Facilitator(send)).expect("it has not reached its seat");
    exercise.advance(FRAME, BUDGET);
    play(&mut exercise, 1);
    let titles = |exercise: &mut Exercise, team: usize| -> Vec<String> {
        exercise.team_views()[team].messages.iter().map(|row| row.title.clone()).collect()
    };
    let has = |titles: &[String], title: &str| titles.iter().any(|found| found == title);
    let (lead, manager) = (titles(&mut exercise, 0), titles(&mut exercise, 1));
    assert!(!has(&lead, "When will it be over?") && has(&manager, "When will it be over?"));
    assert!(!has(&lead, "Machines restart again and again") && !has(&manager, "Machines restart again and again"));
    assert!(has(&lead, "Shall we go on?") && !has(&manager, "Shall we go on?"));
    let view = exercise.view_of_seat(seat(LEAD)).expect("in play");
    assert!(view.inbox.iter().all(|row| row.title != "Machines restart again and again"), "nor in the window's view");
    let state = |exercise: &mut Exercise| {
        let staff = exercise.staff_view();
        staff.script.iter().find(|row| row.id == "blue-screens").expect("a row").state
    };
    assert_eq!(state(&mut exercise), ScriptState::Held);

    // A held message that is let go arrives with the time at which it was let go.
    deed(&mut exercise, 0, Deed::LetGo { inject: "blue-screens".to_owned() }).expect("it was held");
    let first = exercise.team_views()[1].messages[0].clone();
    assert_eq!((first.title.as_str(), first.tick), ("Machines restart again and again", 24 * 60 + 1));
    assert_eq!(state(&mut exercise), ScriptState::Sent);

    // Read receipts count for the own team, and nobody confirms a message for others.
    let read = Deed::Read { message: MessageId::Inject("theatre-asks".to_owned()) };
    deed(&mut exercise, 1, read.clone()).expect("it is for this seat");
    assert_eq!(deed(&mut exercise, 3, read), Err(Refusal::Conduct(ConductRefusal::UnknownMessage)));
    let rows = &exercise.team_views()[0].messages;
    assert_eq!(rows.iter().find(|row| row.title == "Shall we go on?").expect("it arrived").readers, [PersonId(1)]);
}

#[test]
fn an_edited_message_replaces_the_one_of_the_script() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    let edited = WrittenMessage { replaces: Some("blue-screens".to_owned()), ..message(&[]) };
    deed(&mut exercise, 0, Deed::Message(edited)).expect("a facilitator edits");
    play(&mut exercise, 24 * 60);
    for team in exercise.team_views() {
        let titles: Vec<&str> = team.messages.iter().map(|row| row.title.as_str()).collect();
        assert!(titles.contains(&"When will it be over?"), "{titles:?}");
        assert!(!titles.contains(&"Machines restart again and again"), "{titles:?}");
    }
}

#[test]
fn each_person_does_only_what_their_part_allows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    let digest = exercise.run().world.digest();
    let deeds = exercise.conduct().deeds().len();
    let inject = Ix::new(0);
    let facilitators: Vec<PersonAction> = vec![
        PersonAction::Clock(ClockAction::TogglePause),
        PersonAction::Clock(ClockAction::EndExercise),
        PersonAction::Facilitator(FacilitatorAction::SendInject(inject)),
        PersonAction::Facilitator(FacilitatorAction::Grant { organisation: Ix::new(0), technicians: 5, hours: 5 }),
        PersonAction::Deed(Deed::Message(message(&[]))),
        PersonAction::Deed(Deed::Hold { inject: "blue-screens".to_owned() }),
        PersonAction::Deed(Deed::Lock { is_locked: true }),
        PersonAction::Deed(Deed::Move { person: PersonId(3), seat: LEAD.to_owned() }),
        PersonAction::Deed(Deed::Remove { person: PersonId(3) }),
        PersonAction::Deed(Deed::Wall { text: "Lunch".to_owned() }),
        PersonAction::Deed(Deed::Begin),
        PersonAction::Deed(Deed::Rule { seat: LEAD.to_owned(), rule: TeamRule::default() }),
    ];
    for action in facilitators {
        for person in 1..=5 {
            assert!(act(&mut exercise, person, action.clone()).is_err(), "{person} {action:?}");
        }
        assert!(act(&mut exercise, 99, action.clone()).is_err(), "nobody has this number");
    }
    let rating = || {
        let (seat, objective) = (LEAD.to_owned(), "cost".to_owned());
        Deed::Rate { seat, objective, rating: Rating::S, evidence: "They asked twice".to_owned() }
    };
    for person in [1, 2, 3, 5] {
        assert!(deed(&mut exercise, person, rating()).is_err(), "{person}");
    }
    // What the log alone may hold is no request.
    let join = Deed::Join { name: "Mallory".to_owned(), role: PersonRole::Facilitator, seat: None };
    for person in 0..=5 {
        assert!(deed(&mut exercise, person, join.clone()).is_err());
        assert!(deed(&mut exercise, person, Deed::Restart).is_err());
    }
    let note = |text: &str| PersonAction::WriteNote {
        seat: Some(seat(MANAGER)),
        tag: NoteTag::Gap,
        text: text.to_owned(),
        objective: None,
    };
    assert!(act(&mut exercise, 5, note("an observer writes")).is_err());
    assert_eq!(exercise.conduct().deeds().len(), deeds);
    assert_eq!(exercise.run().world.digest(), digest, "refusals change nothing");

    deed(&mut exercise, 4, rating()).expect("an evaluator rates");
    act(&mut exercise, 4, note("late")).expect("an evaluator writes about any seat");
    act(&mut exercise, 1, note("mine")).expect("a participant writes");
    let seats: Vec<_> = exercise.run().notes.iter().map(|note| note.seat).collect();
    assert_eq!(seats, [Some(seat(MANAGER)), Some(seat(LEAD))], "a participant's note is about the own seat");
}

#[test]
fn locked_screens_take_no_decisions_and_moved_people_change_their_team() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    play(&mut exercise, 60);
    deed(&mut exercise, 0, Deed::Lock { is_locked: true }).expect("a facilitator locks");
    let propose = Deed::Propose { order: overtime(), confidence_pct: None, reason: None };
    assert_eq!(deed(&mut exercise, 1, propose.clone()), Err(Refusal::Conduct(ConductRefusal::Locked)));
    deed(&mut exercise, 0, Deed::Lock { is_locked: false }).expect("and unlocks");
    deed(&mut exercise, 1, propose.clone()).expect("now it is possible");
    deed(&mut exercise, 0, Deed::Move { person: PersonId(1), seat: MANAGER.to_owned() }).expect("a facilitator moves");
    assert!(deed(&mut exercise, 1, propose).is_err(), "the other seat does not direct the hospital");
    assert_eq!(exercise.team_views()[1].members.len(), 2);
    deed(&mut exercise, 0, Deed::Remove { person: PersonId(1) }).expect("a facilitator removes");
    assert!(act(&mut exercise, 1, PersonAction::OrderProposal { proposal: 0, confidence_pct: None }).is_err());
    exercise.join("Ada", PersonRole::Participant, Some(LEAD), NOW_S).expect("the name is free again");
    let same = exercise.join("  ada ", PersonRole::Participant, Some(LEAD), NOW_S);
    assert_eq!(same, Err(Refusal::Conduct(ConductRefusal::NameTaken)));
}

#[test]
fn a_jump_leads_forward_and_stops_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    deed(&mut exercise, 2, Deed::Propose { order: overtime(), confidence_pct: None, reason: None }).expect("open");
    play(&mut exercise, 900);
    assert_eq!(exercise.run().world.tick().0, 900);
    assert!(exercise.clock().pace.is_paused());
    let back = act(&mut exercise, 0, PersonAction::Clock(ClockAction::JumpTo(30)));
    assert_eq!(back, Err(Refusal::JumpBack));
    let proposal = &exercise.team_views()[0].proposals[0];
    assert_eq!(proposal.state, ProposalState::Open, "a proposal stays open over a jump");
    act(&mut exercise, 1, PersonAction::OrderProposal { proposal: 0, confidence_pct: None })
        .expect("it can be ordered");
    assert_eq!(exercise.run().log.last().expect("an order").tick.0, 900);
}

/// The clock of the machine is set back by hours while a proposal is open: the time of the exercise does not come from it.
#[test]
fn a_machine_clock_that_goes_back_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    play(&mut exercise, 60);
    let mut at = |by: u32, action, at_s| exercise.act(PersonId(by), action, at_s).expect("it is possible");
    let rule = TeamRule { seconds_needed: 1, ..TeamRule::default() };
    at(0, PersonAction::Deed(Deed::Rule { seat: LEAD.to_owned(), rule }), NOW_S);
    let propose = Deed::Propose { order: overtime(), confidence_pct: Some(60), reason: None };
    at(1, PersonAction::Deed(propose), NOW_S + 10);
    at(2, PersonAction::Deed(Deed::Second { proposal: 0, confidence_pct: None }), NOW_S - 7_200);
    at(0, PersonAction::Deed(Deed::Countdown { text: "Break".to_owned(), seconds: 60 }), NOW_S - 7_199);
    at(1, PersonAction::OrderProposal { proposal: 0, confidence_pct: None }, 0);
    play(&mut exercise, 30);
    exercise.flush();
    let path = exercise.run_file().expect("it is saved").to_owned();
    let digest = exercise.run().world.digest();
    drop(exercise);
    let mut again = Exercise::host_again(&path, &scenario(TINY), NOW_S - 86_400).expect("it continues");
    assert_eq!((again.run().world.tick().0, again.run().world.digest()), (90, digest));
    assert_eq!(again.team_views()[0].proposals[0].state, ProposalState::Ordered);
}

/// Requests by number: every kind of action, legal or not.
fn request(kind: u8, number: u32) -> PersonAction {
    let scenario = scenario(TINY);
    let seat_id = if number.is_multiple_of(2) { LEAD } else { MANAGER };
    let orders = [("overtime", "st-elsewhere"), ("overtime", "tiny-air"), ("paper", "st-elsewhere/operations")];
    let (order, target) = orders[number as usize % orders.len()];
    let text = OrderText { order: order.to_owned(), target: target.to_owned() };
    let inject = scenario.docs.injects[number as usize % scenario.docs.injects.len()].id.clone();
    match kind % 16 {
        0 => PersonAction::Clock(ClockAction::SetSpeed(3600)),
        1 => PersonAction::Clock(ClockAction::TogglePause),
        2 => PersonAction::Clock(ClockAction::Step),
        3 => PersonAction::Clock(ClockAction::JumpToNextEvent),
        4 => PersonAction::Facilitator(FacilitatorAction::SendInject(Ix::new(number % 3))),
        5 => PersonAction::Facilitator(FacilitatorAction::Grant {
            organisation: Ix::new(number % 4),
            technicians: 4 - (number % 9) as i32,
            hours: number % 12,
        }),
        6 => PersonAction::Deed(Deed::Hold { inject }),
        7 => PersonAction::Deed(Deed::LetGo { inject }),
        8 => PersonAction::Deed(Deed::Message(message(&[seat_id]))),
        9 | 10 => PersonAction::Deed(Deed::Propose { order: text, confidence_pct: Some(50), reason: None }),
        11 => PersonAction::Deed(Deed::Second { proposal: number % 4, confidence_pct: None }),
        12 => PersonAction::OrderProposal { proposal: number % 4, confidence_pct: Some((number % 120) as u8) },
        13 => PersonAction::Deed(Deed::Rule {
            seat: seat_id.to_owned(),
            rule: TeamRule {
                seconds_needed: (number % 3) as u8,
                lead: Some(PersonId(number % 4)),
                ..TeamRule::default()
            },
        }),
        14 => PersonAction::WriteNote {
            seat: Some(seat(seat_id)),
            tag: NoteTag::Risk,
            text: format!("note {number}"),
            objective: Some(0),
        },
        _ => PersonAction::Deed(Deed::Move { person: PersonId(1 + number % 3), seat: seat_id.to_owned() }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// For any interleaving of requests and wall time, the file of the exercise replays to the same digests, the
    /// people and deeds read back, and the exercise continues from the file in the same state.
    #[test]
    fn any_interleaving_replays_to_the_same_digest(
        requests in prop::collection::vec((0_u8..16, 0_u32..1_000, 0_u32..6, 0_u64..400), 1..60),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut exercise = hosted(folder.path());
        for (kind, number, person, wall_ms) in requests {
            let _ = act(&mut exercise, person, request(kind, number));
            exercise.advance(Duration::from_millis(wall_ms), BUDGET);
        }
        exercise.flush();
        let path = exercise.run_file().expect("it is saved").to_owned();
        let (digest, tick) = (exercise.run().world.digest(), exercise.run().world.tick());
        let (conduct, notes) = (exercise.conduct().clone(), exercise.run().notes.clone());
        drop(exercise);

        let reading = read(&path).expect("a run file");
        prop_assert!(reading.altered.is_empty());
        let run = replay(&reading.file, scenario(TINY), |_| ()).map_err(|found| TestCaseError::fail(found.what))?;
        // The last boundary may lack its digest until it has passed; commands at it are in the file.
        prop_assert!(run.world.tick() <= tick && tick.0 <= run.world.tick().0 + 1);
        if run.world.tick() == tick {
            prop_assert_eq!(run.world.digest(), digest);
        }
        prop_assert_eq!(run.conduct.deeds(), conduct.deeds());
        prop_assert_eq!(&run.notes, &notes);

        let again = Exercise::host_again(&path, &scenario(TINY), NOW_S + 60).expect("it continues");
        prop_assert_eq!(&again.conduct().people, &conduct.people);
        prop_assert_eq!(&again.conduct().proposals, &conduct.proposals);
    }
}

#[test]
fn a_finished_exercise_verifies_and_a_forged_deed_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exercise = hosted(folder.path());
    deed(&mut exercise, 0, Deed::Begin).expect("it begins");
    play(&mut exercise, 60);
    deed(&mut exercise, 1, Deed::Propose { order: overtime(), confidence_pct: Some(70), reason: None }).expect("open");
    act(&mut exercise, 2, PersonAction::OrderProposal { proposal: 0, confidence_pct: None }).expect("it is ordered");
    act(&mut exercise, 0, PersonAction::Clock(ClockAction::EndExercise)).expect("it ends");
    for _ in 0..10_000 {
        exercise.advance(FRAME, BUDGET);
        if exercise.saved().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let path = exercise.saved().expect("finished and saved").to_owned();
    let reading = read(&path).expect("a run file");
    let verified = blackstart::assess::verify::verify(&reading.file, &scenario(TINY), &|_| ()).expect("it verifies");
    assert_eq!(verified.scores.len(), 2);
    let mut forged = reading.file.clone();
    let proposal = forged.deeds.iter_mut().find(|record| matches!(record.deed, Deed::Propose { .. }));
    proposal.expect("the proposal").by = Some(PersonId(2));
    let found = blackstart::assess::verify::verify(&forged, &scenario(TINY), &|_| ()).map(|_| ());
    assert!(found.is_err_and(|what| what.contains("log digest")), "the log digest covers who proposed");
}
