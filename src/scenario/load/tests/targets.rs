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
    check_tolerance(2.0, "AtLeast(inf)", &["is out of range"]);
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
    (id: "", topic: "Air", title: "Lost", measure: {good}, published: Invented(3.0, "why"), unit: "a", tolerance: Within(1.0)),
    (id: "", topic: "Air", title: "Lost", measure: {good}, published: Invented(3.0, "why"), unit: "a", tolerance: Points(1.0)),
]"#
    );
    let expected = [
        "`title` is empty",
        "there is no fact `T09`; did you mean",
        "a figure carries its source",
        "the target id `a` is given twice; it is given here first in line 2",
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
