//! Goal: every measure, statistic and tolerance does what its name says. Method: the small scenario is
//! played minute by minute and one observable is read at every tick; loops over these series compute the
//! expected measure, which is compared with that of the hindcast, for three seeds.

mod measures;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ron::extensions::Extensions;

use super::*;
use crate::scenario::compile::Scenario;
use crate::scenario::load::{Documents, load};
use crate::scenario::observable::ObservableRef;
use crate::scenario::schema::{Measure, Place, Population, Tagged, Target};
use crate::scenario::{library, validate};
use crate::session::Cast;
use crate::session::Sampling;
use crate::session::run::{Keeps, play};
use crate::sim::observe;

const SEEDS: u64 = 3;
/// Organisations of the scenario below, with the number of organisations that each represents.
const MEANT: [(&str, f64); 6] = [
    ("st-elsewhere", 5.0),
    ("tiny-air", 1.0),
    ("tiny-cloud", 1.0),
    ("carriers-1", 6.0),
    ("carriers-2", 6.0),
    ("carriers-3", 6.0),
];

/// The small scenario with a hospital that stands for five, and three carriers that stand for six each.
fn documents() -> Documents {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    let files = library::find(&folder.display().to_string()).unwrap_or_else(|problems| panic!("{problems}"));
    let mut docs = load(&files).unwrap_or_else(|problems| panic!("{problems}")).into_inner();
    fn made_up<T>(value: T) -> Tagged<T> {
        Tagged::Invented(value, "for a test".to_owned())
    }
    docs.organisations[0].comprises = Some(made_up(5));
    let mut member = docs.organisations[1].clone();
    member.comprises = Some(made_up(2));
    docs.populations.push(Population {
        id: "carriers".to_owned(),
        name: "Carrier".to_owned(),
        count: made_up(9),
        one_in: 3,
        with_sensor: None,
        spread: None,
        size: made_up((0.2, 0.5, 2.0)),
        places: vec![Place { region: "west".to_owned(), weight: 1.0, lat: 33.0, lon: -84.0, spread_deg: 1.0 }],
        member,
    });
    docs
}

fn compiled(docs: Documents) -> Scenario {
    Scenario::compile(validate::check(docs).unwrap_or_else(|problems| panic!("{problems}")))
}

fn setup() -> Setup {
    let scenario = Arc::new(compiled(documents()));
    let reference = scenario.playbook_index("reference");
    Setup { scenario, seed: 1, cast: Cast::everybody(reference) }
}

/// An observable at every tick of a plain run.
fn series(setup: &Setup, name: &str) -> Vec<f64> {
    let name = ObservableRef::parse(name).unwrap_or_else(|problem| panic!("{problem}"));
    let observable = setup.scenario.observable(&name).unwrap_or_else(|problem| panic!("{problem}"));
    let mut values = Vec::new();
    play(setup, Keeps { digests_every_min: 1, sampling: Sampling::Ends }, |world| {
        values.push(observe::value(world, &observable));
        world.tick().plus(1)
    });
    values
}

fn read(text: &str) -> Measure {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.from_str(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn schedule_of(setup: &Setup, text: &str) -> Schedule {
    let measure = read(text);
    Schedule::new(&setup.scenario, [("a", &measure)]).unwrap_or_else(|problems| panic!("{text}: {problems}"))
}

fn is_same(one: f64, other: f64) -> bool {
    one == other || (one.is_nan() && other.is_nan()) || (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

type Series<'a> = &'a dyn Fn(&str) -> Vec<f64>;

/// Compares the measure that the hindcast gives with the one that `expected` computes from the series
/// of observables.
#[track_caller]
fn check(text: &str, expected: impl Fn(Series) -> f64) {
    let setup = setup();
    let schedule = schedule_of(&setup, text);
    let found = measure(&setup, &schedule, SEEDS, 2, &|_| {});
    assert_eq!(found.len(), 1);
    for (seed, found) in (1..=SEEDS).zip(&found[0]) {
        let with_seed = Setup { seed, ..setup.clone() };
        let expected = expected(&|name| series(&with_seed, name));
        assert!(is_same(*found, expected), "{text}, seed {seed}: {found} for {expected}");
    }
}

#[test]
fn values_at_times() {
    check(r#"At("hosts_down(all)", "2024-07-19T06:00Z")"#, |series| series("hosts_down(all)")[360]);
    check(r#"At("lost(all)", "2024-07-21T00:00Z")"#, |series| series("lost(all)")[2880]);
    check(r#"Change("lost(all)", "2024-07-19T05:00Z", "2024-07-19T20:00Z")"#, |series| {
        series("lost(all)")[1200] - series("lost(all)")[300]
    });
}

/// Days are local and limited to the run: in the western region the run begins at 20:00 on the 18th.
#[test]
fn days_are_those_of_the_region() {
    let demand = "demand(service:tiny-air/flights)";
    let on = |date: &str| format!(r#"OnDay("{demand}", "{date}", "west")"#);
    check(&on("2024-07-18"), |series| series(demand)[240]);
    check(&on("2024-07-19"), |series| series(demand)[1680] - series(demand)[240]);
    check(&on("2024-07-20"), |series| series(demand)[2880] - series(demand)[1680]);
}

#[test]
fn intervals_are_measured_every_five_minutes() {
    let over = |word: &str, name: &str| format!(r#"{word}("{name}", "2024-07-19T04:01Z", "2024-07-19T09:03Z")"#);
    let taken = |series: Vec<f64>| -> Vec<f64> { (241..=543).step_by(5).map(|tick| series[tick]).collect() };
    check(&over("Greatest", "hosts_down(all)"), |series| {
        taken(series("hosts_down(all)")).into_iter().fold(f64::MIN, f64::max)
    });
    check(&over("Least", "level(org:tiny-air)"), |series| {
        taken(series("level(org:tiny-air)")).into_iter().fold(f64::MAX, f64::min)
    });
    check(&over("Mean", "hosts_down(all)"), |series| {
        let values = taken(series("hosts_down(all)"));
        values.iter().sum::<f64>() / values.len() as f64
    });
}

/// Hours from a tick to the first tick on the grid from which all values on the grid are good for `held` minutes.
fn hours_until(series: &[f64], from: usize, held: usize, is_good: impl Fn(f64) -> bool) -> f64 {
    let grid = || (from..series.len()).step_by(5);
    let holds =
        |tick: usize| (tick..=tick + held).step_by(5).all(|at| series.get(at).is_none_or(|value| is_good(*value)));
    grid().find(|&tick| holds(tick)).map_or(f64::INFINITY, |tick| (tick - from) as f64 / 60.0)
}

#[test]
fn hours_until_it_holds() {
    let name = "level(service:tiny-air/flights)";
    for (bound, held) in [(0.5, 0), (0.9, 60), (0.95, 600), (0.0, 120)] {
        let text = format!(r#"Until("{name}", Above({bound:?}), "2024-07-19T05:30Z", {held})"#);
        check(&text, |series| hours_until(&series(name), 330, held, |value| bound <= value));
    }
    let down = "hosts_down(org:st-elsewhere)";
    for (bound, held) in [(50.0, 30), (0.0, 60)] {
        let text = format!(r#"Until("{down}", Below({bound:?}), "2024-07-19T06:02Z", {held})"#);
        check(&text, |series| hours_until(&series(down), 362, held, |value| value <= bound));
    }
    check(&format!(r#"Until("{down}", Above(1e9), "2024-07-19T06:02Z", 0)"#), |_| f64::INFINITY);
    // A bound that is passed until the end of the run counts, even for a short time.
    let total = "hosts_total(all)";
    check(&format!(r#"Until("{total}", Above(1.0), "2024-07-20T23:30Z", 600)"#), |_| 0.0);
}

#[test]
fn measures_of_measures() {
    let lost = r#"At("lost(all)", "2024-07-20T00:00Z")"#;
    let demand = r#"At("demand(all)", "2024-07-20T00:00Z")"#;
    check(&format!("Ratio({lost}, {demand})"), |series| series("lost(all)")[1440] / series("demand(all)")[1440]);
    check(&format!(r#"Ratio({lost}, At("hosts_held(all)", "2024-07-20T00:00Z"))"#), |_| f64::NAN);
    check(&format!("Descending([{demand}, {lost}])"), |_| 1.0);
    check(&format!("Descending([{demand}, {lost}, {demand}])"), |_| 0.0);
    check(&format!("Descending([{lost}, {lost}])"), |_| 0.0);
}

/// Values of some organisations, sorted, each repeated for every organisation that it stands for.
fn meant(series: Series, tick: usize, metric: &str, among: &[&str]) -> Vec<f64> {
    let mut all = Vec::new();
    for (id, count) in MEANT.iter().filter(|(id, _)| among.contains(id)) {
        let value = series(&metric.replace("each", &format!("org:{id}")))[tick];
        all.extend(std::iter::repeat_n(value, *count as usize));
    }
    all.sort_by(f64::total_cmp);
    all
}

const CARRIERS: [&str; 3] = ["carriers-1", "carriers-2", "carriers-3"];
const AIRLINES: [&str; 4] = ["tiny-air", "carriers-1", "carriers-2", "carriers-3"];
const CUSTOMERS: [&str; 5] = ["st-elsewhere", "tiny-air", "carriers-1", "carriers-2", "carriers-3"];
const ALL: [&str; 6] = ["st-elsewhere", "tiny-air", "tiny-cloud", "carriers-1", "carriers-2", "carriers-3"];

#[test]
fn statistics_across_organisations() {
    let across = |scope: &str, metric: &str, statistic: &str| {
        format!(r#"Across("{scope}", At("{metric}", "2024-07-19T10:00Z"), {statistic})"#)
    };
    let down = "hosts_down(each & role:pcs)";
    check(&across("all", "hosts_down(each)", "Count"), |_| 25.0);
    check(&across("all", "hosts_down(each)", "Total"), |series| {
        meant(series, 600, "hosts_down(each)", &ALL).iter().sum()
    });
    // An organisation without PCs, or without an important service, is left out.
    check(&across("all", down, "Count"), |_| 24.0);
    check(&across("all", "lost(each)", "Count"), |_| 24.0);
    check(&across("all", "lost(each & services:flights)", "Count"), |_| 19.0);
    check(&across("population:carriers", down, "Average"), |series| {
        let all = meant(series, 600, down, &CARRIERS);
        all.iter().sum::<f64>() / all.len() as f64
    });
    check(&across("sector:airline & region:west", down, "Median"), |series| meant(series, 600, down, &AIRLINES)[9]);
    check(&across("all", down, "Quantile(0.9)"), |series| meant(series, 600, down, &CUSTOMERS)[21]);
    for bound in [3.0, 40.0, 150.0] {
        let statistic = |word: &str| format!("{word}({bound:?})");
        let above =
            |series: Series| meant(series, 600, down, &CUSTOMERS).iter().filter(|value| bound < **value).count() as f64;
        let below =
            |series: Series| meant(series, 600, down, &CUSTOMERS).iter().filter(|value| **value < bound).count() as f64;
        check(&across("all", down, &statistic("CountAbove")), above);
        check(&across("all", down, &statistic("CountBelow")), below);
        check(&across("all", down, &statistic("ShareAbove")), |series| above(series) / 24.0);
        check(&across("all", down, &statistic("ShareBelow")), |series| below(series) / 24.0);
    }
}

#[test]
fn only_some_organisations() {
    let crashed = r#"At("hosts_crashed(each)", "2024-07-19T10:00Z")"#;
    let of_them = |only: &str, statistic: &str| format!(r#"Across("all", {crashed}, {statistic}, {only})"#);
    let values = |series: Series| meant(series, 600, "hosts_crashed(each)", &ALL);
    check(&of_them(&format!("Above({crashed}, 0.0)"), "Count"), |series| {
        values(series).iter().filter(|value| 0.0 < **value).count() as f64
    });
    check(&of_them(&format!("Below({crashed}, 30.0)"), "Total"), |series| {
        values(series).iter().filter(|value| **value < 30.0).sum()
    });
    check(&of_them(&format!("Above({crashed}, 1e9)"), "Count"), |_| 0.0);
    check(&of_them(&format!("Above({crashed}, 1e9)"), "Median"), |_| f64::NAN);
    check(&of_them(r#"Above(At("lost(each)", "2024-07-19T10:00Z"), -1.0)"#, "Count"), |_| 24.0);
}

/// Within an `Across`, an interval is measured for each organisation separately.
#[test]
fn intervals_of_each() {
    let text = r#"Across("population:carriers", Until("hosts_down(each)", Below(20.0), "2024-07-19T06:00Z", 30), Quantile(1.0))"#;
    check(text, |series| {
        let hours = |id: &&str| hours_until(&series(&format!("hosts_down(org:{id})")), 360, 30, |value| value <= 20.0);
        CARRIERS.iter().map(hours).fold(0.0, f64::max)
    });
    let text = r#"Across("population:carriers", Greatest("hosts_down(each)", "2024-07-19T04:00Z", "2024-07-19T05:00Z"), Total)"#;
    check(text, |series| {
        let greatest = |id: &&str| {
            let series = series(&format!("hosts_down(org:{id})"));
            (240..=300).step_by(5).map(|tick| series[tick]).fold(0.0, f64::max)
        };
        6.0 * CARRIERS.iter().map(greatest).sum::<f64>()
    });
}

#[test]
fn a_run_ends_when_nothing_more_is_measured() {
    let setup = setup();
    let until = |text: &str| schedule_of(&setup, text).until().0;
    assert_eq!(until(r#"At("lost(all)", "2024-07-19T10:00Z")"#), 600);
    assert_eq!(until(r#"Until("lost(all)", Above(1.0), "2024-07-19T10:00Z", 5)"#), 2880);
    let reported = AtomicU64::new(0);
    let schedule = schedule_of(&setup, r#"At("lost(all)", "2024-07-19T10:07Z")"#);
    measure(&setup, &schedule, 4, 2, &|ticks| {
        reported.fetch_add(u64::from(ticks), Ordering::Relaxed);
    });
    assert_eq!(reported.into_inner(), 4 * 607);
}

#[test]
fn threads_change_nothing() {
    let setup = setup();
    let schedule = schedule_of(&setup, r#"Mean("hosts_down(all)", "2024-07-19T04:00Z", "2024-07-19T10:00Z")"#);
    let by = |threads: usize| measure(&setup, &schedule, 9, threads, &|_| {});
    let one = by(1);
    assert_eq!(one[0].len(), 9);
    assert!(one[0].windows(2).any(|pair| pair[0] != pair[1]), "seeds differ: {one:?}");
    assert_eq!(one, by(2));
    assert_eq!(one, by(5));
}

#[test]
fn scopes_with_nothing_in_common_are_reported_together() {
    let setup = setup();
    let measures = [
        r#"At("lost(sector:hospital & services:flights)", "2024-07-20T00:00Z")"#,
        r#"At("lost(all)", "2024-07-20T00:00Z")"#,
        r#"Across("sector:hospital & region:west", At("cost_usd(each)", "2024-07-20T00:00Z"), Total)"#,
    ]
    .map(read);
    let found = Schedule::new(&setup.scenario, ["a", "b", "c"].into_iter().zip(&measures)).unwrap_err();
    let files: Vec<&str> = found.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["target `a`", "target `c`"], "{found}");
}

fn target(id: &str, topic: &str, fields: &str) -> Target {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let text = format!(
        r#"(id: "{id}", topic: "{topic}", title: "{id}", measure: At("lost(all)", "2024-07-20T00:00Z"), unit: "units", {fields})"#
    );
    options.from_str(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

const TEN: &str = r#"published: Documented(10.0, "T01"), tolerance: Points(1.0)"#;

#[test]
fn the_median_decides_and_topics_stand_together() {
    let at_least = r#"at_least: Documented(12.0, "T01")"#;
    let targets = [target("a", "One", TEN), target("b", "Two", TEN), target("c", "One", at_least)];
    let never = f64::INFINITY;
    let found = Hindcast::new(&targets, vec![vec![0.0, 11.0, 99.0], vec![9.0, 8.9, never], vec![never, never, 1.0]]);
    let rows: Vec<(&str, f64, bool)> =
        found.rows.iter().map(|row| (row.target.id.as_str(), row.median, row.is_hit)).collect();
    // What never happens does not happen too early.
    assert_eq!(rows, [("a", 11.0, true), ("c", never, true), ("b", 9.0, true)]);
    assert_eq!(found.rows[0].band, (0.0, 99.0));
    assert_eq!(found.hits(), 3);
    assert_eq!(found.topics().map(<[Row]>::len).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn statements_of_every_kind_are_judged() {
    let never = f64::INFINITY;
    let check = |fields: &str, hits: &[f64], misses: &[f64]| {
        for (values, expected) in [(hits, "hit"), (misses, "miss")] {
            for &value in values {
                let found = Hindcast::new(&[target("a", "One", fields)], vec![vec![value]]);
                assert_eq!(found.rows[0].verdict(), expected, "{fields}: {value}");
            }
        }
    };
    check(TEN, &[9.0, 10.0, 11.0], &[8.9, 11.1, never, f64::NAN]);
    check(r#"at_least: Documented(10.0, "T01")"#, &[10.0, 1e9, never], &[9.9, f64::NAN]);
    check(r#"at_least: Documented(10.0, "T01"), tolerance: Share(0.1)"#, &[9.0], &[8.9]);
    check(r#"at_most: Documented(10.0, "T01")"#, &[10.0, -1e9], &[10.1, never, f64::NAN]);
    check(r#"between: Documented((10.0, 12.0), "T01")"#, &[10.0, 12.0], &[9.9, 12.1, never]);
    check(r#"between: Documented((10.0, 12.0), "T01"), tolerance: Points(1.0)"#, &[9.0, 13.0], &[8.9]);
}

#[test]
fn a_row_of_several_parts_counts_once_and_a_row_that_is_shown_does_not() {
    let part = format!(r#"row: "By day", {TEN}"#);
    let targets = [
        target("fri", "One", &part),
        target("alone", "One", TEN),
        target("sat", "One", &part),
        target("told", "One", &format!("judged: false, {TEN}")),
        target("other", "Two", &part),
        target("bare", "Two", "judged: false"),
        target("sun", "Two", &part),
    ];
    let values = [10.0, 10.0, 99.0, 99.0, 10.0, 5.0, 10.0].map(|value| vec![value]).to_vec();
    let found = Hindcast::new(&targets, values);
    let lines: Vec<Vec<&str>> =
        found.lines().map(|parts| parts.iter().map(|part| part.target.id.as_str()).collect()).collect();
    assert_eq!(lines, [vec!["fri", "sat"], vec!["alone"], vec!["told"], vec!["other", "sun"], vec!["bare"]]);
    assert_eq!((found.judged().count(), found.hits()), (3, 2));
    let verdicts: Vec<&str> = found.rows.iter().map(Row::verdict).collect();
    assert_eq!(verdicts, ["hit", "miss", "hit", "shown", "hit", "hit", "shown"]);
}

/// Run files stay valid when targets change.
#[test]
fn targets_are_no_part_of_the_scenarios_digest() {
    let mut docs = documents();
    let before = compiled(docs.clone()).digest;
    docs.targets.push(target("a", "One", TEN));
    assert_eq!(compiled(docs).digest, before);
}

/// A later end changes nothing before the earlier one.
#[test]
fn a_later_end_changes_no_minute_before_it() {
    let setup = setup();
    let longer = Setup { scenario: Arc::new(setup.scenario.ending_at(Tick(4 * 1440))), ..setup.clone() };
    assert_eq!(longer.scenario.digest, setup.scenario.digest);
    let text = r#"Sum([Mean("hosts_down(all)", "2024-07-19T04:00Z", "2024-07-21T00:00Z"), At("lost(all)", "2024-07-21T00:00Z"), At("cost_usd(all)", "2024-07-21T00:00Z")])"#;
    let values = |setup: &Setup, text: &str| measure(setup, &schedule_of(setup, text), SEEDS, 1, &|_| {});
    assert_eq!(values(&setup, text), values(&longer, text));
    let later = values(&longer, r#"At("demand(all)", "2024-07-22T12:00Z")"#);
    let at_end = values(&setup, r#"At("demand(all)", "2024-07-21T00:00Z")"#);
    assert!(at_end[0][0] < later[0][0], "{at_end:?} {later:?}");
}
