//! Goal: the list is complete, each path names one figure, and citations can be followed in both directions.

use std::collections::BTreeSet;

use super::*;
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};
use crate::scenario::schema::{Fit, OwnRange, Population, Range, Tagged, Uncertainty};
use crate::scenario::validate;

fn documents(folder: &str) -> Documents {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    load(&SourceFiles::read(&path).expect("the folder is there"))
        .unwrap_or_else(|problems| panic!("{problems}"))
        .into_inner()
}

fn tiny() -> Documents {
    documents("tests/data/tiny")
}

/// Tags in a text as authors write it, beside comments.
fn tags(text: &str) -> usize {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    ["Documented(", "Estimated(", "Invented("].iter().map(|tag| code.join("\n").matches(tag).count()).sum()
}

#[test]
fn every_tag_is_a_figure_with_its_own_path() {
    for sources in library::builtin() {
        let docs = load(&sources).unwrap_or_else(|problems| panic!("{problems}"));
        let figures = all(&docs);
        let written: usize = sources.files.iter().map(|file| tags(&file.text)).sum();
        assert_eq!(figures.len(), written, "{}", sources.name);
        assert_eq!(count(&docs).iter().sum::<usize>(), written, "{}", sources.name);
        let paths: BTreeSet<String> = figures.iter().map(Figure::path).collect();
        assert_eq!(paths.len(), figures.len(), "{}", sources.name);
        for figure in &figures {
            let is_whole = !figure.value().trim().is_empty() && !figure.label.is_empty() && !figure.source.is_empty();
            assert!(is_whole, "{figure:?}");
            assert_eq!(figure.values.is_empty(), !figure.subject.is_empty(), "{figure:?}");
            assert!(figure.standing != Standing::Documented || !figure.facts.is_empty(), "{figure:?}");
        }
    }
}

#[test]
fn figures_are_named_for_people() {
    let docs = tiny();
    let figures = all(&docs);
    let check = |path: &str, expected: &str| {
        let figure = figures.iter().find(|figure| figure.path() == path);
        let figure = figure.unwrap_or_else(|| panic!("no `{path}` among {:#?}", paths(&figures)));
        let facts: Vec<&str> = figure.facts.iter().map(|fact| docs.sources[*fact].id.as_str()).collect();
        let standing = figure.standing.word();
        let (owner, label, value) = (&figure.owner_name, &figure.label, figure.value());
        assert_eq!(format!("{owner} | {label} | {value} | {standing} | {}", facts.join(" ")), expected, "{path}");
    };
    EXPECTED.iter().for_each(|(path, expected)| check(path, expected));
}

fn paths(figures: &[Figure]) -> Vec<String> {
    figures.iter().map(Figure::path).collect()
}

/// Path, then owner, label, value, standing and facts.
#[rustfmt::skip]
const EXPECTED: [(&str, &str); 12] = [
    ("world/profiles/office/provenance", "office | profile | a week, hour by hour | documented | T02"),
    ("world/channels/sensor/late_win_per_hour", "Sensor content | late win | 0.002 an hour | estimated | "),
    ("world/methods/by-hand/touch_min", "Safe mode by hand | touch | 5, 10, 20 min | documented | T03"),
    ("organisations/st-elsewhere/staff/night", "St Elsewhere | staff, night | 1 person | estimated | "),
    ("organisations/st-elsewhere/fleets/pcs/hosts", "St Elsewhere | Ward PCs, hosts | 400 hosts | invented | "),
    ("organisations/st-elsewhere/services/records/headroom", "St Elsewhere | Patient records, headroom | ×1.5 | estimated | "),
    ("organisations/st-elsewhere/services/operations/backlog", "St Elsewhere | Operations, backlog | 2,880 min | estimated | "),
    ("organisations/st-elsewhere/services/operations/fallback/level", "St Elsewhere | Operations, fallback, level | 40\u{a0}% | estimated | "),
    ("mitigations/servers-first/cost_usd", "Servers first | cost | $0 | estimated | "),
    ("playbooks/par/orders/2/provenance", "Best known | order 2, Call people in | airline | invented | "),
    ("events/release/provenance", "Bad content goes live | event | 2024-07-19 04:09Z | documented | T01"),
    ("injects/theatre-asks/provenance", "Shall we go on? | inject | level(service:st-elsewhere/operations) below 0.5 | invented | "),
];

#[test]
fn a_reason_may_cite_facts_and_seats_have_figures_too() {
    let mut docs = tiny();
    let before = count(&docs);
    docs.seats[0].preparation_usd = Some(Tagged::Estimated(1_500.5, "half of T02, (T03) and T02; not T04".into()));
    assert_eq!(count(&docs), [before[0], before[1] + 1, before[2]]);
    let figures = all(&docs);
    let figure = figures.iter().find(|figure| figure.group == "seats").expect("the budget of a seat");
    assert_eq!((figure.field.as_str(), figure.value().as_str()), ("preparation_usd", "$1,500.5"));
    assert_eq!(figure.facts, [1, 2]);
    assert_eq!(figure.file, "seats.ron");
}

#[test]
fn uncited_facts_are_listed() {
    let mut docs = tiny();
    assert!(uncited(&docs, &all(&docs)).is_empty());
    let unused = Source { id: "T77".into(), ..docs.sources[0].clone() };
    docs.sources.push(unused.clone());
    let figures = all(&docs);
    assert_eq!(uncited(&docs, &figures), [&unused]);
    let total: usize = figures.iter().map(|figure| figure.facts.len()).sum();
    assert_eq!(citations(&docs, &figures).iter().sum::<usize>(), total);
}

#[test]
fn a_population_is_listed_once() {
    let mut docs = tiny();
    let member = docs.organisations[0].clone();
    let of_member = all(&docs).iter().filter(|figure| figure.owner == member.id).count();
    docs.populations.push(Population {
        one_in: 1,
        with_sensor: None,
        spread: None,
        id: "gp".into(),
        name: "Practice".into(),
        count: Tagged::Invented(5_000, "many".into()),
        size: Tagged::Invented((0.5, 1.0, 2.0), "small and large".into()),
        places: Vec::new(),
        member,
    });
    let figures = all(&docs);
    let of_population: Vec<&Figure> = figures.iter().filter(|figure| figure.group == "populations").collect();
    assert_eq!(of_population.len(), of_member + 2);
    assert_eq!(of_population[0].path(), "populations/gp/count");
    assert_eq!(of_population[1].value(), "0.5, 1, 2");
    assert_eq!(of_population[2].path(), "populations/gp/member/staff/day");
}

/// Goal: a tagged number that the schema gets is also written in `change`, or uncertain figures would leave it out.
#[test]
fn every_number_can_be_changed_at_its_place_in_the_list() {
    let scenarios = library::builtin().into_iter().map(|sources| load(&sources).expect("valid").into_inner());
    for docs in scenarios.chain([tiny()]) {
        let figures = all(&docs);
        let mut found = vec![None; figures.len()];
        change::each(&mut docs.clone(), &mut |index, slot| {
            found[index] = Some(match slot.number {
                change::Number::Amount(value) => vec![*value],
                change::Number::Count(count) => vec![f64::from(*count)],
                change::Number::Three(three) => vec![three.0, three.1, three.2],
                change::Number::Week(_) => Vec::new(),
            });
        });
        for (figure, found) in figures.iter().zip(found) {
            let path = figure.path();
            assert_eq!(found.is_some(), !figure.kind.is_empty(), "{path} of kind `{}`", figure.kind);
            assert_eq!(found.unwrap_or_else(|| figure.values.clone()), figure.values, "{path}");
        }
    }
}

#[test]
fn figures_of_one_kind_move_together_and_no_others() {
    let docs = tiny();
    let groups = Groups::new(&docs, Held::Nothing);
    let written = all(&docs);
    let middle = vec![0.5; groups.list.len()];
    assert_eq!(groups.documents_at(&docs, &middle), docs);
    for (at, group) in groups.list.iter().enumerate() {
        let moved = |place: f64| {
            let mut places = middle.clone();
            places[at] = place;
            validate::check(groups.documents_at(&docs, &places))
                .unwrap_or_else(|found| panic!("{}: {found}", group.id));
            groups.documents_at(&docs, &places)
        };
        let (low, high) = (moved(0.0), moved(1.0));
        assert!(low != docs || high != docs, "{} does not move", group.id);
        for (figure, changed) in
            written.iter().zip(all(&low)).filter(|(figure, changed)| figure.values != changed.values)
        {
            assert!(figure.kind == group.id, "{} moves {}", group.id, figure.path());
            assert!(changed.values < figure.values, "{} rises at the least place", figure.path());
        }
    }
    let held = Groups::new(&docs, Held::Documented);
    assert!(
        held.list.len() < groups.list.len() && held.list.iter().all(|group| group.standing != Standing::Documented)
    );
}

#[test]
fn kinds_are_named_by_sector_and_field() {
    let figures = all(&tiny());
    let check = |path: &str, expected: &str| {
        let figure = figures.iter().find(|figure| figure.path() == path).unwrap_or_else(|| panic!("no `{path}`"));
        assert_eq!(figure.kind, expected, "{path}");
    };
    check("world/channels/sensor/late_win_per_hour", "channels/sensor/late_win_per_hour");
    check("world/profiles/office/provenance", "profiles/office");
    check("organisations/st-elsewhere/staff/night", "sectors/hospital/staff/shifts");
    check("organisations/st-elsewhere/fleets/pcs/hosts", "sectors/hospital/fleets/hosts");
    check("organisations/st-elsewhere/services/operations/backlog", "sectors/hospital/services/backlog");
    check("mitigations/servers-first/cost_usd", "mitigations/repair/cost_usd");
    check("playbooks/par/orders/2/provenance", "");
}

/// A range of its own, and a single figure that its authors know apart from its kind.
#[test]
fn authors_can_write_ranges() {
    let mut docs = tiny();
    let path = "organisations/st-elsewhere/fleets/pcs/hosts";
    let own = |figures: &str, range| OwnRange { figures: figures.to_owned(), range, source: "a test".to_owned() };
    docs.uncertainty.ranges =
        vec![own(path, Range::Between(300.0, 420.0)), own("methods/by-hand/touch_min", Range::Factors(1.0, 3.0))];
    validate::check(docs.clone()).unwrap_or_else(|found| panic!("{found}"));
    let groups = Groups::new(&docs, Held::Documented);
    let is_named = |group: &Group| [path, "methods/by-hand/touch_min"].contains(&group.id.as_str());
    let place = |group: &Group| if is_named(group) { 1.0 } else { 0.5 };
    let moved = groups.documents_at(&docs, &groups.list.iter().map(place).collect::<Vec<f64>>());
    assert_eq!(*moved.organisations[0].fleets[0].hosts.value(), 420);
    assert_eq!(*moved.world.methods[0].touch_min.value(), (15.0, 30.0, 60.0));
    let changed = all(&moved).iter().zip(all(&docs)).filter(|(moved, written)| moved.values != written.values).count();
    assert_eq!(changed, 2);
}

#[test]
fn wrong_ranges_say_what_is_right() {
    let check = |change: &dyn Fn(&mut Uncertainty), expected: &str| {
        let mut docs = tiny();
        change(&mut docs.uncertainty);
        let found = validate::check(docs).expect_err(expected).to_string();
        assert!(found.contains(expected), "{expected}: {found}");
    };
    let own = |figures: &str, range| OwnRange { figures: figures.to_owned(), range, source: "a test".to_owned() };
    let fit = |figure: &str| Some(Fit { figures: vec![figure.to_owned()], targets: vec!["none".to_owned()] });
    let hosts = "organisations/st-elsewhere/fleets/pcs/hosts";
    check(
        &|it| it.ranges.push(own("methods/by-hnd/failure", Range::Factors(0.5, 2.0))),
        "did you mean `methods/by-hand/failure`?",
    );
    check(&|it| it.ranges.push(own(hosts, Range::Factors(1.5, 2.0))), "expected a factor from 0 to 1");
    check(&|it| it.ranges.push(own(hosts, Range::Between(500.0, 600.0))), "is 400, which is not between 500 and 600");
    check(&|it| it.ranges.push(own(hosts, Range::Between(0.0, 600.0))), "expected hosts, from 1 to");
    check(
        &|it| it.ranges.push(own("methods/by-hand/touch_min", Range::Between(1.0, 9.0))),
        "several numbers move by factors",
    );
    check(&|it| it.ranges = vec![own(hosts, Range::Factors(0.5, 2.0)); 2], "has two ranges");
    check(
        &|it| it.ranges.push(OwnRange { source: " ".to_owned(), ..own(hosts, Range::Factors(0.5, 2.0)) }),
        "the source is empty",
    );
    check(&|it| it.headlines.push("nothing".to_owned()), "there is no target `nothing`");
    check(&|it| it.fit = fit(hosts), "there is no target `none`");
    check(&|it| it.fit = fit("methods/by-hand/touch_min"), "`methods/by-hand/touch_min` is documented");
    check(&|it| it.fit = Some(Fit { figures: Vec::new(), targets: Vec::new() }), "`figures` is empty");
}
