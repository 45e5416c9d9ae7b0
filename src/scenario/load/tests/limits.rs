//! Scenarios that cannot be simulated are refused: values that are too large, too long, or cannot work.

use super::*;

const HOSPITALS: &str = "organisations/hospitals.ron";
const OTHERS: &str = "organisations/others.ron";

#[test]
fn amounts() {
    check(
        &[
            (HOSPITALS, "demand_per_day: Estimated(20000.0, ", "demand_per_day: Estimated(2e9, "),
            (HOSPITALS, "items_per_lost: Estimated(1.0, ", "items_per_lost: Estimated(20000.0, "),
            (HOSPITALS, "cost_per_lost_usd: Estimated(3000.0, ", "cost_per_lost_usd: Estimated(3e12, "),
            (HOSPITALS, "cost_per_hour_usd: Estimated(40.0, ", "cost_per_hour_usd: Estimated(4e6, "),
            (HOSPITALS, "hosts: Invented(2, ", "hosts: Invented(0, "),
            ("mitigations.ron", "cost_usd: Estimated(500.0, ", "cost_usd: Estimated(5e12, "),
            ("world.ron", "in_scope: Estimated(0.9, ", "in_scope: Estimated(1.01, "),
            ("world.ron", "failure: Estimated(0.02, ", "failure: Estimated(2.0, "),
        ],
        &[
            "hospitals.ron «2e9» `2000000000` is out of range; expected units a day, above 0, up to 1000000000",
            "hospitals.ron «20000.0» `20000` is out of range; expected items above 0, up to 10000",
            "hospitals.ron «3e12» `3000000000000` is out of range; expected US dollars, from 0 to 1000000000000",
            "hospitals.ron «4e6» `4000000` is out of range; expected US dollars an hour, from 0 to 100000",
            "hospitals.ron «0» `0` is out of range; expected hosts, from 1",
            "mitigations.ron «5e12» `5000000000000` is out of range; expected US dollars",
            "world.ron «1.01» `1.01` is out of range; expected a share from 0 to 1",
            "world.ron «2.0» `2` is out of range; expected a share from 0 to 1",
        ],
    );
}

#[test]
fn tiny_sums_of_weights_are_errors() {
    let text = tiny().files.into_iter().find(|file| file.name == "world.ron").expect("there").text;
    let hours = vec!["1e-9"; 24].join(", ");
    let week = format!("(id: \"dead\", weekday: [{hours}], weekend: [{hours}], provenance: Invented((), \"so\")),");
    let world = text.replacen("profiles: [", &format!("profiles: [{week}"), 1);
    check(
        &[("world.ron", "", &world)],
        &["the profile `dead` is 0 or close to 0 all week; expected hours that sum to 0.001 or more"],
    );
}

#[test]
fn the_number_of_hosts_is_limited() {
    let fleets: Vec<String> = (0..30)
        .map(|n| {
            format!("(id: \"f{n}\", name: \"F\", kind: \"server\", hosts: Invented(90000000, \"so\"), priority: 1)")
        })
        .collect();
    let first = "fleets: [\n            (id: \"crew\"";
    check(
        &[(OTHERS, first, &first.replacen('[', &format!("[{},", fleets.join(",")), 1))],
        &["the scenario has 2700000654 hosts; at most 2147483647 are possible"],
    );
}

#[test]
fn names_and_ids() {
    let long = "x".repeat(121);
    let id = "y".repeat(61);
    check(
        &[
            (HOSPITALS, "name: \"Ward PCs\"", &format!("name: \"{long}\"")),
            ("events.ron", "title: \"Bad content goes live\"", &format!("title: \"{long}\"")),
            ("injects.ron", "id: \"blue-screens\"", &format!("id: \"{id}\"")),
        ],
        &[
            "`name` has 121 characters; at most 120 fit on the screen",
            "`title` has 121 characters; at most 120",
            "the inject id has 61 characters; at most 60 are allowed",
        ],
    );
    let (name, id) = ("ü".repeat(120), "y".repeat(60));
    check(
        &[
            (HOSPITALS, "name: \"Ward PCs\"", &format!("name: \"{name}\"")),
            ("injects.ron", "id: \"blue-screens\"", &format!("id: \"{id}\"")),
        ],
        &[],
    );
}

#[test]
fn crews_with_no_hours() {
    let none = [
        (OTHERS, "day: Estimated(4, \"a desk\")", "day: Estimated(0, \"a desk\")"),
        (OTHERS, "evening: Estimated(2, \"a desk\")", "evening: Estimated(0, \"a desk\")"),
        (OTHERS, "night: Estimated(2, \"a desk\")", "night: Estimated(0, \"a desk\")"),
    ];
    check(
        &none,
        &[
            "others.ron «(» the organisation `tiny-air` has no technician on duty at any hour; its hosts can go down, and nobody would repair them",
        ],
    );
    check(&none[..2], &[]);
    // No technician is needed if no host can be hit.
    let cloud = [
        (OTHERS, "day: Estimated(3, ", "day: Estimated(0, "),
        (OTHERS, "evening: Estimated(3, ", "evening: Estimated(0, "),
        (OTHERS, "night: Estimated(3, ", "night: Estimated(0, "),
    ];
    check(&cloud, &[]);
    // With a roster, only the day shift counts.
    let rate = "cost_per_hour_usd: Estimated(50.0, \"usual wage\"),";
    let roster = format!("{rate} roster: \"office\",");
    check(&[(OTHERS, rate, &roster)], &[]);
    check(&[(OTHERS, rate, &roster), none[0]], &["the organisation `tiny-air` has no technician on duty at any hour"]);
    check(
        &[(OTHERS, rate, &roster.replace("office", "ofice"))],
        &["others.ron «\"ofice\"» there is no profile `ofice`; did you mean `office`?"],
    );
}

#[test]
fn rosters_are_shares() {
    let rate = "cost_per_hour_usd: Estimated(50.0, \"usual wage\"),";
    let office = "switched_on: \"office\"";
    let weekday = "weekday: [0.3, 0.3";
    let more = [("world.ron", office, "switched_on: \"always\""), ("world.ron", weekday, "weekday: [3.0, 0.3")];
    check(&more, &[]);
    check(
        &[more[0], more[1], (OTHERS, rate, &format!("{rate} roster: \"office\","))],
        &["world.ron «3.0» `3` is out of range; expected a share from 0 to 1"],
    );
}

#[test]
fn sites_keys_and_networks() {
    let gates = "name: \"Gate PCs\",";
    let sites = |sites: &str, travel: &str| {
        format!("{gates} sites: Invented({sites}, \"so\"), travel_min: Invented({travel}, \"so\"),")
    };
    let escrow = "keys: Escrow,";
    let network = "keys: Escrow, key_min: Invented(3.0, \"so\"), network: \"flights\",";
    check(&[(OTHERS, gates, &sites("150", "30.0")), (OTHERS, escrow, network)], &[]);
    let network = "keys: Server(\"tiny-air/crew\"), key_min: Invented(-3.0, \"so\"), network: \"tiny-cloud/hosting\",";
    check(
        &[(OTHERS, gates, &sites("151", "-1.0")), (OTHERS, escrow, network)],
        &[
            "others.ron «\"tiny-air/crew\"» `tiny-air/crew` names an organisation; expected a fleet of the same organisation, written like `\"fleet\"`",
            "others.ron «-3.0» `-3` is out of range; expected minutes",
            "others.ron «\"tiny-cloud/hosting\"» `tiny-cloud/hosting` names an organisation; expected a service of the same organisation",
            "others.ron «151» `151` sites are more than the fleet has hosts; expected at most 150",
            "others.ron «-1.0» `-1` is out of range; expected minutes",
        ],
    );
    check(
        &[(OTHERS, gates, &sites("0", "1.0")), (OTHERS, escrow, "keys: Escrow, network: \"flight\",")],
        &[
            "others.ron «\"flight\"» the organisation `tiny-air` has no service `flight`; did you mean `flights`?",
            "others.ron «0» `0` is out of range; expected sites, from 1",
        ],
    );
    check(
        &[(OTHERS, "of: Fleet(\"gates\")", "of: Fleet(\"tiny-air/gates\")")],
        &[
            "others.ron «\"tiny-air/gates\"» `tiny-air/gates` names an organisation; expected a fleet of the same organisation",
        ],
    );
}

#[test]
fn services_that_need_themselves() {
    let need = "needs: [(of: Fleet(\"nodes\"), response: Linear, buffer_min: 0)]";
    for own in ["hosting", "tiny-cloud/hosting"] {
        let only = format!("needs: [(of: Service(\"{own}\"), response: Linear, buffer_min: 0)]");
        check(&[(OTHERS, need, &only)], &["the service `hosting` needs itself; remove this need"]);
    }
}

#[test]
fn orders_about_the_world() {
    let target = "target: Fleet(\"st-elsewhere/keys\")";
    let order = "order: \"servers-first\"";
    check(
        &[("playbooks.ron", order, "order: \"stop-rollout\"")],
        &[
            "playbooks.ron «Fleet(\"st-elsewhere/keys\")» the mitigation `stop-rollout` does not work on such a target; expected `World`",
        ],
    );
    check(&[("playbooks.ron", order, "order: \"stop-rollout\""), ("playbooks.ron", target, "target: World")], &[]);
}

#[test]
fn every_circle_is_named() {
    let records = "needs: [(of: Fleet(\"records\"), response: Knee(0.5), buffer_min: 0)]";
    let nodes = "needs: [(of: Fleet(\"nodes\"), response: Linear, buffer_min: 0)]";
    let need = |service: &str| format!("needs: [(of: Service(\"{service}\"), response: Linear, buffer_min: 0)]");
    check(
        &[(HOSPITALS, records, &need("operations")), (OTHERS, nodes, &need("tiny-air/flights"))],
        &[
            "hospitals.ron «[(of: Service(\"operations\"), response: Linear, buffer_min: 0)]» warning: services need each other in a circle: st-elsewhere/records -> st-elsewhere/operations -> st-elsewhere/records; circles are allowed",
            "others.ron «[» warning: services need each other in a circle: tiny-air/flights -> tiny-cloud/hosting -> tiny-air/flights; circles",
        ],
    );
    let both = "needs: [(of: Service(\"tiny-air/flights\"), response: Linear, buffer_min: 0), (of: Service(\"st-elsewhere/operations\"), response: Linear, buffer_min: 0)]";
    check(
        &[(HOSPITALS, records, &need("tiny-cloud/hosting")), (OTHERS, nodes, both)],
        &["in a circle: tiny-air/flights -> tiny-cloud/hosting -> tiny-air/flights and 2 more services"],
    );
}

/// The small scenario with a chain of events and equally many injects with conditions on services.
fn long_script(count: usize) -> SourceFiles {
    let event = |index: usize| {
        let when = match index {
            0 => "At(\"2024-07-19T04:09Z\")".to_owned(),
            _ => format!("After(\"e{}\", 0)", index - 1),
        };
        format!(
            "(id: \"e{index}\", title: \"E\", when: {when}, effects: [Lift(service: \"tiny-cloud/hosting\")], \
             key_moment: false, provenance: Invented((), \"to try\")),"
        )
    };
    let inject = |index: usize| {
        format!(
            "(id: \"i{index}\", when: Above(\"lost(services:flights & sector:airline)\", 0.5), to: [\"incident-lead\"], via: Phone, \
             from: \"A\", title: \"B\", body: \"C\", urgent: false, provenance: Invented((), \"to try\")),"
        )
    };
    let mut sources = tiny();
    for file in &mut sources.files {
        let text: String = match file.name.as_str() {
            "events.ron" => (0..count).map(event).collect(),
            "injects.ron" => (0..count).map(inject).collect(),
            _ => continue,
        };
        file.text = file.text.replacen('[', &format!("[{text}"), 1);
    }
    sources
}

/// Goal: checking takes time in proportion to the scenario. Method: four times the script takes less
/// than ten times as long, where one more factor of the length would make sixteen. Of three tries the
/// shortest counts, since other programs take time too.
#[test]
fn checking_is_linear() {
    let shortest = |count: usize| {
        let sources = long_script(count);
        let times = (0..3).map(|_| {
            let begun = std::time::Instant::now();
            let found = inspect(&sources).diagnostics;
            assert!(!found.has_errors(), "{}", found.to_string().chars().take(2000).collect::<String>());
            begun.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let (short, long) = (shortest(1_000), shortest(4_000));
    assert!(long < 10 * short, "{short:?} and {long:?}");
}

#[test]
fn events_that_wait_for_themselves_are_those_of_the_circle() {
    let event = |id: &str, before: &str| {
        format!(
            "(id: \"{id}\", title: \"E\", when: After(\"{before}\", 1), effects: [], key_moment: false, \
             provenance: Invented((), \"to try\")),\n"
        )
    };
    let text = [event("a", "b"), event("b", "c"), event("c", "b"), event("d", "d"), event("e", "release")].concat();
    check(
        &[("events.ron", "[\n", &format!("[\n{text}"))],
        &[
            "the event `b` waits for itself and never happens",
            "the event `c` waits for itself and never happens",
            "the event `d` waits for itself and never happens",
        ],
    );
}

#[test]
fn ids_that_differ_only_in_case_collide() {
    check(
        &[(
            "organisations/others.ron",
            "(id: \"crew\", name",
            "(id: \"Nodes\", name: \"N\", kind: \"server\", hosts: Invented(1, \"x\"), priority: 1), (id: \"nodes\", name: \"N\", kind: \"server\", hosts: Invented(1, \"x\"), priority: 1), (id: \"crew\", name",
        )],
        &["the fleet ids `Nodes` and `nodes` differ only in case; ids become file names"],
    );
}
