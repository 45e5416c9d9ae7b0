//! Mistakes in `targets.ron`: in the scenario's folder and as a file of its own.

use super::*;

/// One target with this measure, published number and tolerance.
fn target(measure: &str, published: &str, tolerance: &str) -> String {
    format!(
        r#"[(id: "a", topic: "Air", title: "Flights lost", measure: {measure}, published: {published}, unit: "flights", tolerance: {tolerance})]"#
    )
}

/// The small scenario with this `targets.ron`.
fn with_targets(text: &str) -> SourceFiles {
    let tiny = tiny();
    let files = tiny.files.iter().map(|file| (file.name.as_str(), file.text.as_str()));
    SourceFiles::in_memory("tiny", files.chain([("targets.ron", text)]))
}

#[track_caller]
fn check_measure(measure: &str, expected: &[&str]) {
    check_in(with_targets(&target(measure, r#"Documented(3.0, "T01")"#, "Points(1.0)")), &[], expected);
}

#[track_caller]
fn check_tolerance(published: f64, tolerance: &str, expected: &[&str]) {
    let published = format!(r#"Estimated({published}, "a guess")"#);
    check_in(with_targets(&target(r#"At("lost(all)", "2024-07-20T00:00Z")"#, &published, tolerance)), &[], expected);
}

#[test]
fn measures_of_every_kind_are_good() {
    for measure in [
        r#"At("lost(service:tiny-air/flights)", "2024-07-21T00:00Z")"#,
        r#"Change("lost(all)", "2024-07-19T00:00Z", "2024-07-21T00:00Z")"#,
        r#"OnDay("lost(sector:airline & region:west)", "2024-07-18", "west")"#,
        r#"Greatest("hosts_down(role:pcs)", "2024-07-19T04:00Z", "2024-07-19T05:00Z")"#,
        r#"Until("level(org:tiny-air)", Above(0.9), "2024-07-19T12:00Z", 120)"#,
        r#"Ratio(At("lost(all)", "2024-07-20T00:00Z"), Mean("demand(all)", "2024-07-19T04:00Z", "2024-07-20T00:00Z"))"#,
        r#"Descending([At("lost(all)", "2024-07-20T00:00Z"), At("lost(all)", "2024-07-19T12:00Z")])"#,
        r#"Across("sector:hospital", At("hosts_down(each & role:pcs)", "2024-07-20T00:00Z"), Quantile(0.25))"#,
        r#"Across("region:west & sector:airline", At("lost(each & services:flights)", "2024-07-20T00:00Z"), ShareAbove(5.0), Above(Greatest("hosts_down(each)", "2024-07-19T04:00Z", "2024-07-20T00:00Z"), 0.0))"#,
        r#"Difference(Number(1.0), Scaled(Sum([At("level(all)", "2024-07-20T00:00Z"), Number(-2.5)]), 0.5))"#,
        r#"HalfLife("hosts_down(org:tiny-air|st-elsewhere)", "2024-07-19T08:00Z", "2024-07-20T00:00Z")"#,
        r#"UntilOf(Ratio(Now("hosts_down(all)"), At("hosts_crashed(all)", "2024-07-19T08:00Z")), Below(0.5), "2024-07-19T08:00Z", 60)"#,
        r#"Over(Across("!sector:airline", Now("hosts_down(each)"), CountAbove(5.0)), Greatest, "2024-07-19T08:00Z", "2024-07-20T00:00Z")"#,
        r#"AcrossServices("services:flights", At("below_target_min(each)", "2024-07-20T00:00Z"), CountAbove(60.0), Above(At("hosts_crashed(each)", "2024-07-20T00:00Z"), 0.0))"#,
        r#"Max([Until("level(org:tiny-air)", Above(0.9), "2024-07-19T12:00Z", 120), Until("level(org:st-elsewhere)", Above(0.9), "2024-07-19T12:00Z", 120)])"#,
    ] {
        check_measure(measure, &[]);
    }
}

#[test]
fn measures_refer_to_existing_entities() {
    check_measure(
        r#"At("lots(all)", "2024-07-20T00:00Z")"#,
        &["«\"lots(all)\"» `lots` is not an observable; did you mean `lost`?"],
    );
    check_measure(
        r#"At("lost(sector:airlines)", "2024-07-20T00:00Z")"#,
        &["there is no sector `airlines`; did you mean `airline`?"],
    );
    check_measure(
        r#"At("lost(service:tiny-air/flight)", "2024-07-20T00:00Z")"#,
        &["has no service `flight`; did you mean `flights`?"],
    );
    check_measure(
        r#"At("lost(all)", "2024-07-22T00:00Z")"#,
        &["«\"2024-07-22T00:00Z\"» the time `2024-07-22T00:00Z` lies after the end"],
    );
    check_measure(
        r#"OnDay("lost(all)", "2024-07-19", "wets")"#,
        &["«\"wets\"» there is no region `wets`; did you mean `west`?"],
    );
    check_measure(
        r#"OnDay("lost(all)", "2024-07-17", "west")"#,
        &["the day `2024-07-17` lies outside the run; expected a day from 2024-07-18 to 2024-07-20"],
    );
    check_measure(r#"OnDay("lost(all)", "19 July", "west")"#, &["`19 July` is not a day; write it like `2024-07-19`"]);
    check_measure(
        r#"Mean("lost(all)", "2024-07-20T00:00Z", "2024-07-19T00:00Z")"#,
        &["is not after `2024-07-20T00:00Z`"],
    );
    check_measure(r#"Moment("lost(all)", "2024-07-20T00:00Z")"#, &["«Moment» unknown word `Moment`"]);
    check_measure(r#"Descending([At("lost(all)", "2024-07-20T00:00Z")])"#, &["there is nothing to compare"]);
}

#[test]
fn each_stands_in_across_and_nowhere_else() {
    let across = |scope: &str, measure: &str, statistic: &str| format!(r#"Across("{scope}", {measure}, {statistic})"#);
    let of_each = r#"At("lost(each)", "2024-07-20T00:00Z")"#;
    check_measure(
        of_each,
        &[
            "«\"lost(each)\"» `lost(each)` has no organisations to stand for; `each` stands for the organisations of an `Across`",
        ],
    );
    check_measure(
        &across("all", r#"At("lost(all)", "2024-07-20T00:00Z")"#, "Total"),
        &["`lost(all)` does not speak of `each`"],
    );
    check_measure(&across("all", &across("all", of_each, "Total"), "Total"), &["`Across` stands inside `Across`"]);
    check_measure(&across("role:pcs", of_each, "Total"), &["«\"role:pcs\"» `role:pcs` selects parts of organisations"]);
    check_measure(&across("group:none", of_each, "Total"), &["there is no group `none`"]);
    check_measure(
        &across("all", of_each, "Quantile(50.0)"),
        &["«50.0» `50` is out of range; expected a share from 0 to 1"],
    );
    let only = format!(r#"Across("all", {of_each}, Count, Above(At("lost(all)", "2024-07-20T00:00Z"), 0.0))"#);
    check_measure(&only, &["`lost(all)` does not speak of `each`"]);
}

#[test]
fn moments_lie_inside_measures_that_take_them() {
    let down = r#"Now("hosts_down(all)")"#;
    check_measure(down, &["«Now(\"hosts_down(all)\")» `Now` stands outside `Over` and `UntilOf`"]);
    let until = |measure: &str| format!(r#"UntilOf({measure}, Below(0.5), "2024-07-19T08:00Z", 60)"#);
    check_measure(&until(r#"At("level(all)", "2024-07-19T07:00Z")"#), &["the measure has no `Now`"]);
    let late = |measure: &str| until(&format!("Ratio({down}, {measure})"));
    check_measure(
        &late(r#"At("hosts_crashed(all)", "2024-07-19T09:00Z")"#),
        &[
            "«\"2024-07-19T09:00Z\"» `2024-07-19T09:00Z` lies after the begin of the steps that need its value; expected a time up to 2024-07-19T08:00Z, or `Now`",
        ],
    );
    check_measure(
        &late(r#"Greatest("hosts_down(all)", "2024-07-19T04:00Z", "2024-07-19T09:00Z")"#),
        &["«\"2024-07-19T09:00Z\"» `2024-07-19T09:00Z` lies after the begin of the steps"],
    );
    check_measure(&late(&until(down)), &["`UntilOf` stands inside `Over` or `UntilOf`"]);
    check_measure(
        &late(r#"Until("level(all)", Above(0.9), "2024-07-19T05:00Z", 0)"#),
        &["`Until` stands inside `Over` or `UntilOf`"],
    );
    check_measure(
        &format!(r#"Over({down}, Mean, "2024-07-19T09:00Z", "2024-07-19T08:00Z")"#),
        &["«\"2024-07-19T08:00Z\"» the time `2024-07-19T08:00Z` is not after"],
    );
}

#[test]
fn measures_of_measures_say_what_they_lack() {
    check_measure("Sum([])", &["there is nothing to measure; `Sum` takes one measure or more"]);
    check_measure("Scaled(Number(1.0), inf)", &["«inf» `inf` is out of range"]);
    let lost = r#"At("lost(each)", "2024-07-20T00:00Z")"#;
    let services = |scope: &str, measure: &str| format!(r#"AcrossServices("{scope}", {measure}, Total)"#);
    check_measure(&services("kind:laptop", lost), &["«\"kind:laptop\"» `kind:laptop` has no services"]);
    check_measure(&services("all", &services("all", lost)), &["`AcrossServices` stands inside `AcrossServices`"]);
    check_measure(&services("services:flihgts", lost), &["no organisation has a service `flihgts`"]);
    let at = |scope: &str| format!(r#"At("hosts_down({scope})", "2024-07-20T00:00Z")"#);
    check_measure(&at("org:tiny-air|tiny-iar"), &["there is no organisation `tiny-iar`; did you mean `tiny-air`?"]);
    check_measure(&at("sector:airline & !org:tiny-iar"), &["there is no organisation `tiny-iar`"]);
    check_measure(&at("people:1000"), &["`people:1000` is not a range; write `people:1000..`"]);
}

#[test]
fn tolerances_are_intervals() {
    check_tolerance(5.0, "Range(6.0, 4.0)", &["«Range(6.0, 4.0)» `Range(6, 4)` is in the wrong order"]);
    check_tolerance(
        0.0,
        "Share(0.1)",
        &["a share of a published 0 is always 0; give the tolerance as `Points` or `Range`"],
    );
    check_tolerance(-2.0, "Factor(2.0)", &["a factor gives no interval around `-2`"]);
    check_tolerance(2.0, "Factor(0.5)", &["«0.5» `0.5` is out of range; expected a factor from 1"]);
    check_tolerance(2.0, "Points(-0.5)", &["«-0.5» `-0.5` is out of range"]);
    check_tolerance(
        2.0,
        "AtLeast(1.5)",
        &[
            "«AtLeast(1.5)» the tolerance has one side, and a published number needs two; if the record gives a bound, write `at_least: Documented(1.5, \"…\")`",
        ],
    );
    check_tolerance(
        2.0,
        "Range(2.0, 3.0)",
        &["«Range(2.0, 3.0)» `Range(2, 3)` does not lie around `2`; the tolerance of a number reaches to both sides"],
    );
    check_tolerance(2.0, "Range(2.0, 2.0)", &[]);
}

/// One target with these fields in place of published number and tolerance.
#[track_caller]
fn check_fields(fields: &str, expected: &[&str]) {
    let text = format!(
        r#"[(id: "a", topic: "Air", title: "Lost", measure: At("lost(all)", "2024-07-20T00:00Z"), unit: "flights", {fields})]"#
    );
    check_in(with_targets(&text), &[], expected);
}

#[test]
fn statements_are_numbers_bounds_or_intervals() {
    for fields in [
        r#"published: Documented(3.0, "T01"), tolerance: Share(0.1)"#,
        r#"at_least: Documented(3.0, "T01")"#,
        r#"at_most: Documented(3.0, "T01"), tolerance: Points(0.5)"#,
        r#"between: Documented((3.0, 4.0), "T01"), tolerance: Factor(1.5)"#,
        r#"published: Documented(3.0, "T01"), judged: false"#,
        "judged: false",
    ] {
        check_fields(fields, &[]);
    }
    let number = r#"published: Documented(3.0, "T01")"#;
    check_fields(number, &["«Documented(3.0, \"T01\")» the published number has no tolerance; give how far"]);
    check_fields("", &["the target `a` has no published number; give `published`, `at_least`, `at_most` or `between`"]);
    check_fields("judged: false, tolerance: Points(1.0)", &["«Points(1.0)» the tolerance has nothing to be about"]);
    check_fields(
        &format!(r#"{number}, tolerance: Points(1.0), at_most: Invented(4.0, "why")"#),
        &["«Invented(4.0, \"why\")» `at_most` stands beside `published`; a publication gives a number, a bound or an"],
    );
    check_fields(
        r#"between: Documented((4.0, 3.0), "T01")"#,
        &["«(4.0, 3.0)» `(4, 3)` is not an interval; expected the lower end first"],
    );
    check_fields(r#"between: Documented((3.0, 4.0), "T09")"#, &["there is no fact `T09`"]);
    check_fields(
        r#"at_least: Documented(3.0, "T01"), tolerance: Range(1.0, 5.0)"#,
        &["«Range(1.0, 5.0)» `Range` has two ends of its own; beyond a bound or an interval, `Share`"],
    );
    check_fields(
        r#"at_most: Documented(0.0, "T01"), tolerance: Share(0.1)"#,
        &["a share of a published 0 is always 0; give the tolerance as `Points`"],
    );
    check_fields(
        &format!(r#"{number}, tolerance: Points(1.0), row: "By day""#),
        &["the row `By day` in `Air` has one part"],
    );
}

#[test]
fn a_target_is_open_if_no_figure_cites_its_facts() {
    let tolerance = "tolerance: Points(1.0)";
    check_fields(
        &format!(r#"published: Documented(3.0, "T01"), {tolerance}, calibrated: false"#),
        &["«false» the target `a` is not open: `world/"],
    );
    check_fields(&format!(r#"published: Documented(3.0, "T01"), {tolerance}, calibrated: true"#), &[]);
    check_fields(&format!(r#"published: Invented(3.0, "why"), {tolerance}, calibrated: false"#), &[]);
    let open = |fields: &str| {
        let text = format!(
            r#"[(id: "a", topic: "Air", title: "Lost", measure: At("lost(all)", "2024-07-20T00:00Z"), unit: "flights", {fields}, {tolerance})]"#
        );
        let documents = load(&with_targets(&text)).unwrap_or_else(|problems| panic!("{problems}"));
        crate::scenario::open::Citations::new(&documents).is_open(&documents.targets[0])
    };
    assert!(!open(r#"published: Documented(3.0, "T01")"#));
    assert!(!open(r#"at_most: Estimated(3.0, "T03 put in numbers")"#));
    assert!(open(r#"published: Estimated(3.0, "a guess")"#));
    assert!(!open(r#"published: Estimated(3.0, "a guess"), calibrated: true"#));
}

/// All mistakes are reported at once, also those that prevent a target from being read.
#[test]
fn all_problems_come_at_once() {
    let good = r#"At("lost(all)", "2024-07-20T00:00Z")"#;
    let text = format!(
        r#"[
    (id: "a", topic: "Air", title: "", measure: {good}, published: Documented(3.0, "T09"), unit: "flights", tolerance: Points(1.0)),
    (id: "a", topic: "Air", title: "Lost", measure: {good}, published: 3.0, unit: "flights", tolerance: Points(1.0)),
    (id: "a", topic: "Air", title: "Lost", measure: {good}, published: Invented(3.0, "why"), unit: "", tolerance: Points(1.0)),
    (id: "b", topic: "Air", title: "Lost", measure: {good}, published: Invented(3.0, "why"), unit: "a", tolerance: Within(1.0)),
    (id: "", topic: "Air", title: "Lost", measure: {good}, published: Invented(3.0, "why"), unit: "a", tolerance: Points(1.0)),
]"#
    );
    let expected = [
        "`title` is empty",
        "there is no fact `T09`; did you mean",
        "a figure carries its source",
        "«\"a\"» the target id `a` is given twice; it is given here first in line 2",
        "the target id `a` is given twice",
        "`unit` is empty",
        "unknown word `Within`",
        "`` cannot be an id",
    ];
    check_in(with_targets(&text), &[], &expected);
    let documents = load(&tiny()).unwrap();
    let file = SourceFile { path: "more.ron".to_owned(), name: "targets.ron".to_owned(), text };
    let found = load_targets(&file, &documents).unwrap_err();
    assert_eq!(found.iter().count(), expected.len(), "{found}");
    assert!(found.iter().all(|problem| problem.file == "more.ron"), "{found}");
}

const OWN: &str = r#"(id: "ZZ01", about: "Flights lost", publication: "A paper", confidence: V2)"#;

/// A file of targets with these fields before its only target, which cites `fact`.
fn group(fields: &str, fact: &str, time: &str) -> String {
    format!(
        r#"(
    {fields}
    targets: [(id: "a", topic: "Air", title: "Lost", measure: At("lost(all)", "{time}"), at_most: Documented(3.0, "{fact}"), unit: "flights")],
)"#
    )
}

#[test]
fn a_file_of_targets_brings_its_own_facts() {
    let noon = "2024-07-20T12:00Z";
    let check = |text: String, expected: &[&str]| {
        check_in(with_targets(&text), &[], expected);
        let documents = load(&tiny()).unwrap();
        let file = SourceFile { path: "more.ron".to_owned(), name: "targets.ron".to_owned(), text };
        match load_targets(&file, &documents) {
            Ok(_) => assert!(expected.is_empty(), "nothing found"),
            Err(found) => assert_eq!(found.iter().count(), expected.len(), "{found}"),
        }
    };
    let own = format!("sources: [{OWN}],");
    check(group(&own, "ZZ01", noon), &[]);
    check(group("", "T01", noon), &[]);
    check(group("", "ZZ01", noon), &["«ZZ01» there is no fact `ZZ01`"]);
    check(group(&own, "ZZ02", noon), &["«ZZ02» there is no fact `ZZ02`; did you mean `ZZ01`?"]);
    check(group(&own.replace("ZZ01", "zz"), "T01", noon), &["«\"zz\"» `zz` is not a fact id"]);
    check(group(&own.replace("A paper", " "), "ZZ01", noon), &["«\" \"» `publication` is empty"]);
    check(group(&format!("sources: [{OWN}, {OWN}],"), "ZZ01", noon), &["the fact id `ZZ01` is given twice"]);
    check(group(&own.replace("V2", "V9"), "ZZ01", noon), &["unknown word `V9`"]);
    let documents = load(&with_targets(&group(&own, "ZZ01", noon))).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(documents.sources.iter().any(|fact| fact.id == "ZZ01"));
    assert!(crate::scenario::open::Citations::new(&documents).is_open(&documents.targets[0]));
}

#[test]
fn measures_may_reach_beyond_the_end_if_their_file_says_so() {
    let late = "2024-07-24T12:00Z";
    let check = |fields: &str, expected: &[&str]| check_in(with_targets(&group(fields, "T01", late)), &[], expected);
    check("", &["the time `2024-07-24T12:00Z` lies after the end of the run"]);
    check(r#"until: "2024-07-24T12:00Z","#, &[]);
    check(r#"until: "2024-07-24T11:00Z","#, &["lies after the end of the run; expected a time from"]);
    check(
        r#"until: "2024-07-20T12:00Z","#,
        &["«\"2024-07-20T12:00Z\"» the time `2024-07-20T12:00Z` is not one after the end", "lies after the end"],
    );
    check(
        r#"until: "2025-07-20T12:00Z","#,
        &["expected a time from 2024-07-21T00:00Z to 2024-09-17T00:00Z", "lies after"],
    );
}
