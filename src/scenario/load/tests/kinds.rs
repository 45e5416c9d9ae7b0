//! Checks of rings, clocks, methods, kinds and preparations.

use super::*;

const CHANNEL: &str = "late_win_per_hour: Estimated(0.002, \"now and then\"),";
const OFFICE_PC: &str = "race_win: Estimated(0.05, \"wired\"),";
const BY_HAND: &str = "needs_key: true,\n            remote: false,\n            requires: [\"workaround\"],";
const POOLS: &str = "pools: [\n        (id: \"nation\", name: \"National pool\", technicians: Invented(20, \"a round number\")),\n    ],";
const OVERTIME: &str = "effect: Overtime(share: 0.5, hours: 8),";

/// The channel of the small scenario with rings: their lines and the other fields of the plan.
fn with_rings(rings: &[&str], rest: &str) -> String {
    format!("{CHANNEL} rings: (rings: [{}], {rest}),", rings.join(", "))
}

fn ring(share: &str, delay: &str, spread: &str) -> String {
    format!(
        "(share: Invented({share}, \"so\"), delay_min: Invented({delay}, \"so\"), spread_min: Invented({spread}, \"so\"))"
    )
}

#[test]
fn rings() {
    let one = ring("0.1", "0", "30");
    let rest = ring("0.9", "240", "0");
    let halt = "halt_above: (\"hosts_down_share(all)\", 0.02)";
    let good = with_rings(&[&one, &rest], &format!("{halt}, in_use: true"));
    check(&[("world.ron", CHANNEL, &good)], &[]);

    let thirds = [&*ring("0.333", "0", "0"), &ring("0.333", "1", "0"), &ring("0.334", "2", "0")];
    check(&[("world.ron", CHANNEL, &with_rings(&thirds, "in_use: true"))], &[]);

    let many = with_rings(&[&ring("0.3", "0", "0"), &rest], "in_use: true");
    check(
        &[("world.ron", CHANNEL, &many)],
        &[
            "the rings sum to 120 % of the hosts; expected 100 % or less; with less, the remaining hosts never get the release",
        ],
    );
    let wrong = [&*ring("0.0", "-1", "600000")];
    check(
        &[("world.ron", CHANNEL, &with_rings(&wrong, "in_use: true"))],
        &["world.ron «-1» `-1` is out of range; expected a whole number that is not negative"],
    );
    let wrong = [&*ring("0.0", "600000", "600000"), &ring("1.5", "0", "0")];
    let halt = "halt_above: (\"hosts_dwon(all)\", 0.02), in_use: true";
    check(
        &[("world.ron", CHANNEL, &with_rings(&wrong, halt))],
        &[
            "world.ron «0.0» `0` is out of range; expected a share above 0, up to 1",
            "world.ron «600000» `600000` is out of range; expected minutes, from 0 to 525600",
            "world.ron «600000» `600000` is out of range; expected minutes, from 0 to 525600",
            "world.ron «1.5» `1.5` is out of range; expected a share above 0, up to 1",
            "the rings sum to 150 % of the hosts; expected 100 % or less",
            "world.ron «\"hosts_dwon(all)\"» `hosts_dwon` is not an observable; did you mean `hosts_down`?",
        ],
    );
    check(
        &[("world.ron", CHANNEL, &with_rings(&[], "halt_above: (\"hosts_down(org:tiny)\", NaN), in_use: true"))],
        &[
            "world.ron «[]» the plan has no rings",
            "world.ron «\"hosts_down(org:tiny)\"» there is no organisation `tiny`",
            "world.ron «NaN» `NaN` is out of range; expected a finite number",
        ],
    );
}

#[test]
fn unused_ring_plans_are_warnings() {
    let plan = with_rings(&[&ring("1.0", "0", "60")], "in_use: false");
    check(
        &[("world.ron", CHANNEL, &plan)],
        &["warning: no release of `sensor` ever uses these rings; write `in_use: true`, or add a mitigation"],
    );
    let stage = ("mitigations.ron", "effect: StopRollout(\"sensor\"),", "effect: StageRollout(\"sensor\"),");
    check(&[("world.ron", CHANNEL, &plan), stage], &[]);
    check(&[stage], &["mitigations.ron «\"sensor\"» the channel `sensor` has no rings; give the channel"]);
    check(
        &[("mitigations.ron", stage.1, "effect: StageRollout(\"sensors\"),")],
        &["mitigations.ron «\"sensors\"» there is no channel `sensors`; did you mean `sensor`?"],
    );
}

#[test]
fn clocks() {
    let clock = |id: &str, name: &str, sector: &str, hours: &str, penalty: &str| {
        format!(
            "(id: \"{id}\", name: \"{name}\", sectors: [\"{sector}\"], notify_within_hours: Invented({hours}, \"so\"), penalty_usd: Invented({penalty}, \"so\"))"
        )
    };
    let with = |clocks: &[String]| format!("{POOLS} clocks: [{}],", clocks.join(", "));
    let good = with(&[clock("health", "Health regulator", "hospital", "72", "100000.0")]);
    check(&[("world.ron", POOLS, &good)], &[]);
    let bad = with(&[clock("health", "", "hospitals", "0", "-1.0"), clock("health", "Again", "airline", "24", "1e13")]);
    check(
        &[("world.ron", POOLS, &bad)],
        &[
            "world.ron «\"\"» `name` is empty",
            "world.ron «\"hospitals\"» there is no sector `hospitals`; did you mean `hospital`?",
            "world.ron «0» `0` is out of range; expected hours, from 1 to 8760",
            "world.ron «-1.0» `-1` is out of range; expected US dollars, from 0 to 1000000000000",
            "world.ron «\"health\"» the clock id `health` is given twice",
            "world.ron «1e13» `10000000000000` is out of range; expected US dollars",
        ],
    );
}

#[test]
fn methods_and_kinds() {
    let by_hand = format!("uniform: true, verify_min: Estimated(5.0, \"look\"), needs_network: true, {BY_HAND}");
    let office = format!(
        "{OFFICE_PC} channel: \"sensor\", link: Wireless, race_win_once: (flag: \"workaround\", chance: Estimated(0.2, \"so\")), locate_off_factor: Estimated(2.0, \"so\"),"
    );
    check(&[("world.ron", BY_HAND, &by_hand), ("world.ron", OFFICE_PC, &office)], &[]);
    let by_hand = format!("verify_min: Estimated(-5.0, \"\"), {BY_HAND}");
    let office = format!(
        "{OFFICE_PC} channel: \"sensors\", race_win_once: (flag: \"workarund\", chance: Estimated(1.2, \"so\")), locate_off_factor: Estimated(0.5, \"CS99\"),"
    );
    check(
        &[("world.ron", BY_HAND, &by_hand), ("world.ron", OFFICE_PC, &office)],
        &[
            "world.ron «-5.0» `-5` is out of range; expected minutes, from 0",
            "world.ron «\"\"» the source is empty",
            "world.ron «\"sensors\"» there is no channel `sensors`; did you mean `sensor`?",
            "world.ron «\"workarund\"» there is no flag `workarund`; did you mean `workaround`?",
            "world.ron «1.2» `1.2` is out of range; expected a share from 0 to 1",
            "world.ron «0.5» `0.5` is out of range; expected a factor from 1 to 100",
            "world.ron «CS99» there is no fact `CS99`",
        ],
    );
    check(
        &[("world.ron", OFFICE_PC, &format!("{OFFICE_PC} link: Wirless,"))],
        &["world.ron «Wirless» unknown word `Wirless` in `Link`; did you mean `Wireless`?"],
    );
}

#[test]
fn repairs_that_fail_need_a_way_out() {
    let methods = "methods: [\"boot-stick\", \"by-hand\", \"reimage\"]";
    let open = "methods: [\"boot-stick\", \"by-hand\"]";
    check(
        &[("world.ron", methods, open)],
        &[
            "world.ron «[\"boot-stick\", \"by-hand\"]» warning: a repair by `boot-stick` can fail and no method of this kind rebuilds; hosts whose repair fails stay down to the end",
        ],
    );
    let by_hand = ("world.ron", "failure: Estimated(0.02, ", "failure: Estimated(0.0, ");
    let stick = ("world.ron", "failure: Estimated(0.01, ", "failure: Estimated(0.0, ");
    check(&[("world.ron", methods, open), by_hand, stick], &[]);
    let immune = ("world.ron", "in_scope: Estimated(0.9, \"nearly all\")", "in_scope: Estimated(0.0, \"none\")");
    check(&[("world.ron", methods, open), immune], &[]);
    let pcs = (
        "organisations/hospitals.ron",
        "hosts: Invented(400, ",
        "in_scope: Invented(0.5, \"half\"), hosts: Invented(400, ",
    );
    check(&[("world.ron", methods, open), immune, pcs], &["warning: a repair by `boot-stick` can fail"]);
}

#[test]
fn preparations() {
    let prepared = format!("phase: Preparation, {OVERTIME}");
    let budget = (
        "seats.ron",
        "mitigations: [\"overtime\", \"paper\"",
        "preparation_usd: Invented(600.0, \"so\"), mitigations: [\"overtime\", \"paper\"",
    );
    let manager = ("seats.ron", "mitigations: [\"overtime\", \"servers-first\"]", "mitigations: [\"servers-first\"]");
    let reference = ("playbooks.ron", "when: After(\"release\", 45)", "when: At(\"2024-07-19T00:00Z\")");
    let par = ("playbooks.ron", "when: After(\"release\", 10)", "when: At(\"2024-07-19T00:00Z\")");
    let good = [("mitigations.ron", OVERTIME, &*prepared), budget, manager, reference, par];
    check(&good, &[]);
    let needy = (
        "mitigations.ron",
        "lead_min: Estimated(60, \"phone and travel\"),\n        requires: []",
        "lead_min: Estimated(60, \"phone and travel\"),\n        requires: [\"workaround\"]",
    );
    check(
        &[("mitigations.ron", OVERTIME, &prepared), needy],
        &[
            "mitigations.ron «\"workaround\"» warning: the flag `workaround` is down before the clock runs",
            "seats.ron «\"overtime\"» warning: `overtime` costs 500 USD and the seat has 0 USD to prepare; the seat can never order it",
            "seats.ron «\"overtime\"» warning: `overtime` costs 500 USD and the seat has 0 USD to prepare",
            "playbooks.ron «After(\"release\", 45)» warning: `overtime` is a preparation, and the clock runs by then; the order will be refused; order it at the start, `At(\"2024-07-19T00:00Z\")`",
            "playbooks.ron «After(\"release\", 10)» warning: `overtime` is a preparation",
        ],
    );
    check(
        &[("seats.ron", budget.1, "preparation_usd: Invented(-1.0, \"\"), mitigations: [\"overtime\", \"paper\"")],
        &["seats.ron «-1.0» `-1` is out of range; expected US dollars", "seats.ron «\"\"» the source is empty"],
    );
    check(
        &[("mitigations.ron", OVERTIME, "phase: Before, effect: Overtime(share: 0.5, hours: 8),")],
        &["mitigations.ron «Before» unknown word `Before` in `Phase`"],
    );
}

/// A message can ask only for what its readers can order.
#[test]
fn answers_of_messages() {
    let asks = |to: &'static str, answer: &str| {
        let edited = format!("to: [{to}],\n        answers: [\"{answer}\"],");
        (to, edited)
    };
    let (one, paper) = asks("\"incident-lead\"", "paper");
    check(&[("injects.ron", "to: [\"incident-lead\"],", &paper)], &[]);
    let edited = paper.replace(one, "\"duty-manager\"");
    check(
        &[("injects.ron", "to: [\"incident-lead\"],", &edited)],
        &["injects.ron «\"paper\"» warning: `paper` is on the list of no seat that the message `theatre-asks` is for"],
    );
    // A message to all asks those who can.
    let (_, for_all) = asks("", "paper");
    check(&[("injects.ron", "to: [],", &for_all)], &[]);
}

/// A par for nobody is never compared with.
#[test]
fn par_of_a_seat() {
    let id = "id: \"do-nothing\",";
    let playbook =
        |seat: &str| format!("id: \"par-{seat}\", name: \"Best\", summary: \"So far.\", orders: [] ), ( {id}");
    check(&[("playbooks.ron", id, &playbook("incident-lead"))], &[]);
    check(
        &[("playbooks.ron", id, &playbook("nobody"))],
        &["warning: playbook `par-nobody` is the par of a seat `nobody`, and there is no such seat"],
    );
}

#[test]
fn drills() {
    let drill = |factor: &str| format!("effect: Drill(endurance: {factor}),");
    let open = "effect: OpenFallback,";
    check(&[("mitigations.ron", open, &drill("1.5"))], &[]);
    check(
        &[("mitigations.ron", open, &drill("1.0"))],
        &["mitigations.ron «1.0» `1` is out of range; expected a factor above 1, up to 100"],
    );
}
