//! Goal: the list is complete, each path names one figure, and citations can be followed in both directions.

use std::collections::BTreeSet;

use super::*;
use crate::scenario::library;
use crate::scenario::load::{SourceFiles, load};
use crate::scenario::schema::{Population, Tagged};

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
