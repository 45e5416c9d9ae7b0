//! Checks of populations and of references to their members.

use super::*;

const FILE: &str = "populations.ron";
const OTHERS: &str = "organisations/others.ron";
/// Twelve practices; id and place of the pattern do not matter.
const PRACTICES: &str = r#"[
    (
        id: "gp",
        name: "Practice",
        count: Documented(12, "T01"),
        size: Estimated((0.5, 1.0, 3.0), "from small to large"),
        places: [
            (region: "north", weight: 3.0, lat: 52.0, lon: -1.5, spread_deg: 1.0),
            (region: "west", weight: 1.0, lat: 33.7, lon: -84.4, spread_deg: 0.0),
        ],
        member: (
            id: "",
            name: "",
            sector: "hospital",
            region: "",
            lat: 999.0,
            lon: 999.0,
            importance: 1,
            staff: (
                day: Estimated(2, "a pair"),
                evening: Estimated(0, "closed"),
                night: Estimated(0, "closed"),
                weekend: Estimated(0.0, "closed"),
                cost_per_hour_usd: Estimated(30.0, "usual wage"),
            ),
            keys: Server("server"),
            fleets: [
                (id: "pcs", name: "Desk PCs", kind: "office-pc", hosts: Estimated(20, "a desk each"), priority: 5),
                (id: "server", name: "Server", kind: "server", hosts: Estimated(1, "in the cellar"), priority: 9),
            ],
            services: [
                (
                    id: "files",
                    name: "Files",
                    unit: "look-ups",
                    demand_per_day: Estimated(400.0, "ten a visit"),
                    demand_profile: "office",
                    headroom: Estimated(2.0, "slack"),
                    needs: [(of: Fleet("server"), response: Linear, buffer_min: 0)],
                    warm_up_min: Estimated(5, "restart"),
                    backlog: Lost,
                    target_level: 0.9,
                    tolerance_min: Estimated(60, "plan"),
                    cost_per_lost_usd: Estimated(0.1, "a phone call"),
                    important: false,
                ),
                (
                    id: "visits",
                    name: "Visits",
                    unit: "visits",
                    demand_per_day: Estimated(40.0, "a day's list"),
                    demand_profile: "office",
                    headroom: Estimated(1.1, "a late list"),
                    needs: [
                        (of: Service("files"), response: Soft(0.5), buffer_min: 30),
                        (of: Service("st-elsewhere/records"), response: Soft(0.2), buffer_min: 60),
                    ],
                    warm_up_min: Estimated(10, "the queue sorts itself"),
                    fallback: (
                        name: "Paper",
                        level: Estimated(0.5, "slower"),
                        endurance_min: Estimated(480, "a day"),
                        technicians: Estimated(0, "none"),
                        automatic: true,
                    ),
                    backlog: Waits,
                    target_level: 0.8,
                    tolerance_min: Estimated(240, "plan"),
                    cost_per_lost_usd: Estimated(50.0, "tariff"),
                    important: true,
                ),
            ],
        ),
    ),
]
"#;

/// The small scenario with practices, edited.
fn check(edits: &[(&str, &str, &str)], expected: &[&str]) {
    let mut texts: Vec<(String, String)> = tiny().files.into_iter().map(|file| (file.name, file.text)).collect();
    texts.push((FILE.to_owned(), PRACTICES.to_owned()));
    let sources = SourceFiles::in_memory("tiny", texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    check_in(sources, edits, expected);
}

#[test]
fn the_file_may_be_left_out() {
    assert!(load(&tiny()).expect("valid").populations.is_empty());
    check(&[(FILE, "", "[]")], &[]);
    check(&[], &[]);
}

#[test]
fn figures_and_places() {
    check(
        &[
            (FILE, "count: Documented(12, \"T01\")", "count: Documented(2000000, \"T09\")"),
            (FILE, "size: Estimated((0.5, 1.0, 3.0), ", "size: Estimated((0.0, 2.0, 1.0), "),
            (FILE, "region: \"north\", weight: 3.0", "region: \"norht\", weight: 0.0"),
            (FILE, "lat: 52.0, lon: -1.5, spread_deg: 1.0", "lat: 92.0, lon: -181.5, spread_deg: 91.0"),
            (FILE, "name: \"Practice\"", "name: \" \""),
        ],
        &[
            "populations.ron «\" \"» `name` is empty",
            "populations.ron «2000000» `2000000` is out of range; expected members, from 1 to 1000000",
            "populations.ron «T09» there is no fact `T09`",
            "populations.ron «0.0» `0` is out of range; expected a size above 0, up to 10000",
            "populations.ron «(0.0, 2.0, 1.0)» `(0, 2, 1)` is out of order",
            "populations.ron «\"norht\"» there is no region `norht`; did you mean `north`?",
            "populations.ron «0.0» `0` is out of range; expected a number above 0",
            "populations.ron «92.0» `92` is out of range; expected a latitude",
            "populations.ron «-181.5» `-181.5` is out of range; expected a longitude",
            "populations.ron «91.0» `91` is out of range; expected degrees, from 0 to 90",
        ],
    );
    let from = PRACTICES.find("places: [").expect("there");
    let to = PRACTICES.find("        member:").expect("there");
    let nowhere = format!("{}places: [],\n{}", &PRACTICES[..from], &PRACTICES[to..]);
    check(
        &[(FILE, "", &nowhere)],
        &["populations.ron «[]» the population `gp` has no places; name at least one place"],
    );
}

#[test]
fn samples_sensors_and_groups() {
    let count = r#"count: Documented(12, "T01"),"#;
    check(
        &[
            (FILE, count, r#"count: Documented(12, "T01"), one_in: 13, with_sensor: Estimated(1.5, "a guess"),"#),
            (
                FILE,
                r#"keys: Server("server"),"#,
                r#"keys: Server("server"), groups: ["listed", "lsted"], comprises: Estimated(0, "none"),"#,
            ),
            (
                "world.ron",
                "regions: [",
                r#"groups: [(id: "listed", name: "Listed"), (id: "listed", name: "Again")], regions: ["#,
            ),
        ],
        &[
            "world.ron «\"listed\"» the group id `listed` is given twice",
            "populations.ron «13» `13` is out of range; expected a number from 1 to the number of members",
            "populations.ron «1.5» `1.5` is out of range; expected",
            "populations.ron «\"lsted\"» there is no group `lsted`; did you mean `listed`?",
            "populations.ron «0» `0` is out of range; expected organisations, from 1 to 1000000",
        ],
    );
    // Each term of the scope matches an organisation, but none matches all terms.
    check(
        &[("events.ron", "hosts_down_share(org:tiny-air)", "lost(org:tiny-air & services:files)")],
        &[
            "events.ron «\"lost(org:tiny-air & services:files)\"» `lost(org:tiny-air & services:files)` measures nothing",
        ],
    );
    check(&[("events.ron", "hosts_down_share(org:tiny-air)", "lost(population:gp & services:files)")], &[]);
    // Only members that are simulated can be named.
    check(
        &[
            (FILE, count, r#"count: Documented(12, "T01"), one_in: 4,"#),
            (
                "seats.ron",
                "weight: 2.0",
                "weight: 2.0),\n            (id: \"one\", name: \"One\", observable: \"lost(org:gp-4)\", weight: 1.0",
            ),
        ],
        &["seats.ron «\"lost(org:gp-4)\"» the population `gp` has no member 4; its members are `gp-1` to `gp-3`"],
    );
}

#[test]
fn the_pattern_is_checked_like_an_organisation() {
    check(
        &[
            (FILE, "sector: \"hospital\"", "sector: \"hospitals\""),
            (FILE, "importance: 1", "importance: 9"),
            (FILE, "keys: Server(\"server\")", "keys: Server(\"servers\")"),
            (FILE, "kind: \"office-pc\"", "kind: \"office\""),
            (FILE, "of: Fleet(\"server\")", "of: Fleet(\"gp-1/server\")"),
            (FILE, "of: Service(\"files\")", "of: Service(\"visits\")"),
            (FILE, "endurance_min: Estimated(480, ", "endurance_min: Estimated(0, "),
        ],
        &[
            "populations.ron «\"hospitals\"» there is no sector `hospitals`",
            "populations.ron «9» `9` is out of range; expected an importance",
            "populations.ron «\"servers\"» the member of `gp` has no fleet `servers`; did you mean `server`?",
            "populations.ron «\"office\"» there is no fleet kind `office`",
            "populations.ron «\"gp-1/server\"» `gp-1/server` names an organisation; expected a fleet of the same organisation",
            "populations.ron «\"visits\"» the service `visits` needs itself",
            "populations.ron «0» `0` is out of range; expected minutes, from 1",
        ],
    );
    check(
        &[(FILE, "day: Estimated(2, ", "day: Estimated(0, ")],
        &["populations.ron «(» the member of `gp` has no technician on duty at any hour"],
    );
    // The smallest practice has one technician; a third of one is rounded to none.
    let rate = "cost_per_hour_usd: Estimated(30.0, \"usual wage\"),";
    let roster = format!("{rate} roster: \"office\",");
    check(&[(FILE, rate, &roster)], &[]);
    let third = (
        "world.ron",
        "0.4, 0.6, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.7, 0.5,",
        "0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4,",
    );
    check(&[(FILE, rate, &roster), third], &["the member of `gp` has no technician on duty at any hour"]);
}

#[test]
fn the_id_of_a_pattern_names_no_organisation() {
    check(&[(FILE, "id: \"\",", "id: \"practice\",")], &[]);
    check(
        &[(FILE, "id: \"\",", "id: \"st-elsewhere\",")],
        &["populations.ron «\"st-elsewhere/records\"» `st-elsewhere` is the id of the pattern, and no member has it"],
    );
    check(
        &[(FILE, "id: \"\",", "id: \"practice\","), (FILE, "Service(\"files\")", "Service(\"practice/files\")")],
        &["populations.ron «\"practice/files\"» `practice` is the id of the pattern, and no member has it"],
    );
}

#[test]
fn the_largest_member_is_in_range() {
    check(
        &[
            (FILE, "size: Estimated((0.5, 1.0, 3.0), ", "size: Estimated((0.5, 1.0, 10000.0), "),
            (FILE, "day: Estimated(2, ", "day: Estimated(200, "),
            (FILE, "hosts: Estimated(20, ", "hosts: Estimated(20000, "),
            (FILE, "demand_per_day: Estimated(400.0, ", "demand_per_day: Estimated(400000.0, "),
        ],
        &[
            "populations.ron «200» `200` is out of range in a member of `gp` of size 10000; expected a number of people",
            "populations.ron «20000» `20000` is out of range in a member of `gp` of size 10000; expected hosts",
            "populations.ron «400000.0» `400000` is out of range in a member of `gp` of size 10000; expected units a day",
            "populations.ron «[» the scenario has 2400120654 hosts; at most 2147483647 are possible",
        ],
    );
    check(
        &[
            (FILE, "count: Documented(12, ", "count: Documented(1000000, "),
            (FILE, "hosts: Estimated(20, ", "hosts: Estimated(2000, "),
        ],
        &["populations.ron «[» the scenario has 6003000654 hosts; at most 2147483647 are possible"],
    );
}

#[test]
fn ids_of_members_are_free() {
    check(
        &[
            (OTHERS, "id: \"tiny-cloud\"", "id: \"gp-17\""),
            (OTHERS, "tiny-cloud/hosting", "gp-17/hosting"),
            ("events.ron", "tiny-cloud/hosting", "gp-17/hosting"),
        ],
        &[
            "others.ron «\"gp-17\"» the organisation id `gp-17` has the form of a member of the population `gp`; members are called `gp-1`, `gp-2`",
        ],
    );
    check(
        &[
            (OTHERS, "id: \"tiny-cloud\"", "id: \"gp-a\""),
            (OTHERS, "tiny-cloud/hosting", "gp-a/hosting"),
            ("events.ron", "tiny-cloud/hosting", "gp-a/hosting"),
        ],
        &[],
    );
    check(
        &[(FILE, "id: \"gp\"", "id: \"tiny-air\"")],
        &[
            "populations.ron «\"tiny-air\"» the population id `tiny-air` is also the id of an organisation; the organisation is here in line 3; choose another id",
        ],
    );
    let twice = PRACTICES.trim_end().trim_end_matches(']').to_owned() + &PRACTICES[1..];
    check(
        &[(FILE, "", &twice)],
        &["populations.ron «\"gp\"» the population id `gp` is given twice; it is given here first in line 3"],
    );
    let numbered = twice.replacen("id: \"gp\"", "id: \"gp-2\"", 1);
    check(
        &[(FILE, "", &numbered)],
        &["populations.ron «\"gp-2\"» the population id `gp-2` has the form of a member of the population `gp`"],
    );
}

#[test]
fn members_can_be_named() {
    check(
        &[
            (OTHERS, "Service(\"tiny-cloud/hosting\")", "Service(\"gp-12/visits\")"),
            ("events.ron", "org:tiny-air", "org:gp-1"),
            ("events.ron", "service: \"tiny-cloud/hosting\"", "service: \"gp-3/files\""),
            ("injects.ron", "service:st-elsewhere/operations", "service:gp-7/visits"),
            ("seats.ron", "organisations: [\"tiny-air\"]", "organisations: [\"gp-1\", \"gp-2\"]"),
            ("seats.ron", "cost_usd(org:st-elsewhere)", "cost_usd(population:gp)"),
            ("playbooks.ron", "Fleet(\"st-elsewhere/keys\")", "Fleet(\"gp-4/pcs\")"),
            ("playbooks.ron", "SectorService(\"hospital\", \"operations\")", "SectorService(\"hospital\", \"visits\")"),
        ],
        &[],
    );
}

#[test]
fn members_that_are_not_there() {
    check(
        &[
            (OTHERS, "Service(\"tiny-cloud/hosting\")", "Service(\"gp-13/visits\")"),
            ("events.ron", "org:tiny-air", "org:gp-01"),
            ("events.ron", "service: \"tiny-cloud/hosting\"", "service: \"gp/files\""),
            ("injects.ron", "service:st-elsewhere/operations", "service:gp-7/visit"),
            ("seats.ron", "organisations: [\"tiny-air\"]", "organisations: [\"gp-0\", \"gpp-5\"]"),
            ("seats.ron", "cost_usd(org:st-elsewhere)", "cost_usd(population:gps)"),
            ("playbooks.ron", "Fleet(\"st-elsewhere/keys\")", "Fleet(\"gp-4/keys\")"),
            ("playbooks.ron", "SectorService(\"hospital\", \"operations\")", "SectorService(\"hospital\", \"visit\")"),
            (FILE, "Service(\"st-elsewhere/records\")", "Service(\"gp-12/visits\")"),
        ],
        &[
            "others.ron «\"gp-13/visits\"» the population `gp` has no member 13; its members are `gp-1` to `gp-12`",
            "events.ron «\"hosts_down_share(org:gp-01)\"» the population `gp` has no member 01; its members are",
            "events.ron «\"gp/files\"» `gp` is a population and not an organisation; its members are `gp-1` to `gp-12`",
            "injects.ron «\"level(service:gp-7/visit)\"» the member of `gp` has no service `visit`; did you mean `visits`?",
            "seats.ron «\"gp-0\"» the population `gp` has no member 0",
            "seats.ron «\"gpp-5\"» there is no organisation `gpp-5`; did you mean `gp-5`? allowed: st-elsewhere, tiny-air, tiny-cloud, gp-5 (in organisations/*.ron, populations.ron)",
            "seats.ron «\"cost_usd(population:gps)\"» there is no population `gps`; did you mean `gp`? allowed: gp (in populations.ron)",
            "playbooks.ron «\"gp-4/keys\"» the member of `gp` has no fleet `keys`; allowed: pcs, server",
            "playbooks.ron «\"visit\"» no organisation of the sector `hospital` has a service `visit`; did you mean `visits`?",
            "populations.ron «\"gp-12/visits\"» the service `visits` needs itself",
        ],
    );
}

#[test]
fn a_population_given_up_is_no_missing_reference() {
    check(
        &[
            (FILE, "count: Documented(12, \"T01\"),", ""),
            ("events.ron", "org:tiny-air", "org:gp-1"),
            ("seats.ron", "cost_usd(org:st-elsewhere)", "cost_usd(population:gp)"),
        ],
        &["populations.ron «(» the field `count` is missing in `Population` with id `gp`"],
    );
    check(
        &[(FILE, "    ),\n]", "    )\n"), ("events.ron", "org:tiny-air", "org:gp-1")],
        &["populations.ron «[» `[` is never closed by `]`"],
    );
}

#[test]
fn circles_through_populations() {
    let files = "needs: [(of: Fleet(\"server\"), response: Linear, buffer_min: 0)]";
    let need = |service: &str| format!("needs: [(of: Service(\"{service}\"), response: Linear, buffer_min: 0)]");
    check(
        &[(FILE, files, &need("visits"))],
        &[
            "populations.ron «[(of: Service(\"visits\"), response: Linear, buffer_min: 0)]» warning: services need each other in a circle: gp-*/files -> gp-*/visits -> gp-*/files",
        ],
    );
    let records = "needs: [(of: Fleet(\"records\"), response: Knee(0.5), buffer_min: 0)]";
    check(
        &[("organisations/hospitals.ron", records, &need("gp-3/visits"))],
        &[
            "hospitals.ron «[(of: Service(\"gp-3/visits\"), response: Linear, buffer_min: 0)]» warning: services need each other in a circle: st-elsewhere/records -> gp-*/visits -> st-elsewhere/records",
        ],
    );
}

/// Goal: the time of checking does not depend on the number of members. Method: a million members, and the time.
#[test]
fn members_are_not_expanded_for_checking() {
    let begun = std::time::Instant::now();
    check(&[(FILE, "count: Documented(12, ", "count: Documented(1000000, ")], &[]);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}
