//! The table of permissions and the limits on texts.

use super::check::{LINE_MAX_CHARS, NAME_MAX_CHARS, PEOPLE_MAX};
use super::*;
use crate::scenario::compile::Scenario;
use crate::scenario::library;

fn scenario() -> Scenario {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny");
    let files = library::find(folder).unwrap();
    Scenario::compile(
        crate::scenario::validate::check(crate::scenario::load::load(&files).unwrap().into_inner()).unwrap(),
    )
}

fn record(by: Option<u32>, deed: Deed) -> DeedRecord {
    DeedRecord { tick: 0, at_s: 1, by: by.map(PersonId), deed }
}

fn join(name: &str) -> DeedRecord {
    let (role, seat) = (PersonRole::Participant, Some("incident-lead".to_owned()));
    record(None, Deed::Join { name: name.to_owned(), role, seat })
}

#[test]
fn names_are_short_single_and_plain() {
    let scenario = scenario();
    let mut conduct = Conduct::default();
    conduct.take(&scenario, join("Ada <b>")).unwrap();
    let refused = |name: &str| check(&conduct, &scenario, &join(name)).unwrap_err();
    assert_eq!(refused("ADA <B>"), ConductRefusal::NameTaken);
    assert_eq!(refused("  "), ConductRefusal::NameMissing);
    assert!(matches!(refused(&"x".repeat(NAME_MAX_CHARS + 1)), ConductRefusal::TooLong { .. }));
    assert!(matches!(refused("two\nlines"), ConductRefusal::Unfit(_)));
    assert!(matches!(refused("turned \u{202e}round"), ConductRefusal::Unfit(_)));
}

#[test]
fn an_exercise_takes_so_many_people_and_no_more() {
    let scenario = scenario();
    let mut conduct = Conduct::default();
    for number in 0..PEOPLE_MAX {
        conduct.take(&scenario, join(&format!("Person {number}"))).unwrap();
    }
    assert_eq!(conduct.take(&scenario, join("One more")), Err(ConductRefusal::Full(PEOPLE_MAX)));
}

#[test]
fn texts_are_bounded() {
    let scenario = scenario();
    let mut conduct = Conduct::default();
    let facilitator = Deed::Join { name: "Fay".to_owned(), role: PersonRole::Facilitator, seat: None };
    conduct.take(&scenario, record(None, facilitator)).unwrap();
    let wall = |length: usize| record(Some(0), Deed::Wall { text: "x".repeat(length) });
    check(&conduct, &scenario, &wall(LINE_MAX_CHARS)).unwrap();
    assert!(matches!(check(&conduct, &scenario, &wall(LINE_MAX_CHARS + 1)), Err(ConductRefusal::TooLong { .. })));
    let countdown = |seconds| record(Some(0), Deed::Countdown { text: "Break".to_owned(), seconds });
    check(&conduct, &scenario, &countdown(86_400)).unwrap();
    assert!(check(&conduct, &scenario, &countdown(86_401)).is_err());
}

#[test]
fn a_conduct_is_a_function_of_its_deeds() {
    let scenario = scenario();
    let mut conduct = Conduct::default();
    let deeds = [
        join("Ada"),
        join("Bo"),
        record(None, Deed::Join { name: "Fay".to_owned(), role: PersonRole::Facilitator, seat: None }),
        record(Some(2), Deed::Begin),
        record(Some(2), Deed::Lock { is_locked: true }),
        record(Some(2), Deed::Hold { inject: "blue-screens".to_owned() }),
        record(Some(2), Deed::HotWash { is_open: true, is_anonymous: true }),
        record(
            None,
            Deed::Answer {
                seat: "incident-lead".to_owned(),
                objective: "cost".to_owned(),
                question: 2,
                text: "Call earlier".to_owned(),
            },
        ),
    ];
    for deed in deeds {
        conduct.take(&scenario, deed).unwrap();
    }
    assert!(conduct.is_locked && conduct.is_withheld("blue-screens") && conduct.began_s == Some(1));
    assert_eq!(conduct.cut_back(0), conduct);
    let signed = record(
        Some(0),
        Deed::Answer {
            seat: "incident-lead".to_owned(),
            objective: "cost".to_owned(),
            question: 2,
            text: "x".to_owned(),
        },
    );
    assert_eq!(check(&conduct, &scenario, &signed), Err(ConductRefusal::UnknownPerson), "answers are anonymous now");
}
