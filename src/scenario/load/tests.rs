//! Goal: every kind of author's mistake is reported at its place, with help, and without messages that merely
//! follow from it. Method: a small valid scenario is edited and its diagnostics are compared in full.

use std::fs;
use std::path::Path;

use super::*;
use crate::base::{Draw, Stream};
use crate::scenario::diagnostic::Severity;
use crate::scenario::library;

mod characters;
mod kinds;
mod limits;
mod populations;
mod targets;

fn tiny_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny"))
}

/// The small scenario under a name that is the same everywhere.
fn tiny() -> SourceFiles {
    let read = SourceFiles::read(tiny_folder()).expect("tests/data/tiny is there");
    SourceFiles::in_memory("tiny", read.files.iter().map(|file| (file.name.as_str(), file.text.as_str())))
}

/// `world.ron «hsots» unknown field …; help`: a diagnostic on one line with the text that its carets underline.
fn in_short(diagnostic: &Diagnostic) -> String {
    let under = diagnostic.spot.as_ref().map_or("", |spot| spot.underlined());
    let file = diagnostic.file.trim_start_matches("tiny/");
    let word = if diagnostic.severity == Severity::Warning { "warning: " } else { "" };
    let also = diagnostic.also.as_ref().map(|(label, _, spot)| format!("; {label} in line {}", spot.line));
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}"));
    format!("{file} «{under}» {word}{}{}{}", diagnostic.message, also.unwrap_or_default(), help.unwrap_or_default())
}

/// Edits files of the small scenario (name, text there, text instead; empty text there replaces the
/// whole file) and expects these diagnostics, each by a part of its short form, and no others.
fn check(edits: &[(&str, &str, &str)], expected: &[&str]) {
    check_in(tiny(), edits, expected);
}

fn check_in(mut sources: SourceFiles, edits: &[(&str, &str, &str)], expected: &[&str]) {
    for (name, from, to) in edits {
        let file = sources.files.iter_mut().find(|file| file.name == *name).expect("a file of the scenario");
        if from.is_empty() {
            file.text = (*to).to_owned();
        } else {
            assert!(file.text.contains(from), "{name} has no `{from}`");
            file.text = file.text.replacen(from, to, 1);
        }
    }
    expect(&sources, expected);
}

fn expect(sources: &SourceFiles, expected: &[&str]) {
    let loaded = inspect(sources);
    let found: Vec<String> = loaded.diagnostics.iter().map(in_short).collect();
    let listing = found.join("\n");
    for part in expected {
        assert!(found.iter().any(|line| line.contains(part)), "nothing says\n{part}\namong\n{listing}");
    }
    assert_eq!(found.len(), expected.len(), "found\n{listing}");
    assert_eq!(loaded.documents.is_none(), loaded.diagnostics.has_errors());
}

#[test]
fn valid_scenario_loads() {
    let documents = load(&tiny()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(documents.manifest.id, "tiny");
    let orgs: Vec<&str> = documents.organisations.iter().map(|org| org.id.as_str()).collect();
    assert_eq!(orgs, ["st-elsewhere", "tiny-air", "tiny-cloud"]);
    check(&[], &[]);
}

#[test]
fn scenarios_of_the_program_have_their_folder_for_id() {
    for sources in library::builtin() {
        let text = &sources.files[0].text;
        assert!(text.contains(&format!("id: \"{}\"", sources.name)), "{}: {text}", sources.name);
    }
}

#[test]
fn structure() {
    check(
        &[("organisations/others.ron", "id: \"crew\", name", "id: \"crew\", nmae")],
        &[
            "organisations/others.ron «nmae» unknown field `nmae` in `Fleet`; did you mean `name`? allowed: id, name, kind, hosts, in_scope, priority, sites, travel_min",
        ],
    );
    check(
        &[("world.ron", "glyph: Airline", "glyph: Airlin")],
        &["world.ron «Airlin» unknown word `Airlin` in `Glyph`; did you mean `Airline`?"],
    );
    check(
        &[("organisations/hospitals.ron", "hosts: Invented(400, ", "hosts: Invented(-400, ")],
        &["hospitals.ron «-400» `-400` is out of range; expected a whole number that is not negative"],
    );
    check(
        &[("organisations/hospitals.ron", "hosts: Invented(400, ", "hosts: Invented(4.5, ")],
        &["hospitals.ron «4.5» expected a whole number, found `4.5`"],
    );
    check(
        &[("organisations/hospitals.ron", "hosts: Invented(400, \"a small hospital\")", "hosts: 400")],
        &[
            "hospitals.ron «400» expected a word with its values, found `400`; a figure carries its source: `Documented(400, \"fact ids\")`",
        ],
    );
    check(
        &[("organisations/hospitals.ron", "Invented(400, \"a small hospital\")", "Invented(400)")],
        &["hospitals.ron «Invented(400)» `Invented(400)` lacks a source or a value"],
    );
    check(
        &[("mitigations.ron", "Overtime(share: 0.5, hours: 8)", "Overtime(share: 0.5, hours: 8, pace: 1.0)")],
        &["mitigations.ron «pace» unknown field `pace`"],
    );
    check(
        &[("seats.ron", "name: \"Duty manager, airline\",", "")],
        &["seats.ron «(» the field `name` is missing in `Seat` with id `duty-manager`"],
    );
    check(
        &[("events.ron", "key_moment: true", "key_moment: yes")],
        &["events.ron «yes» expected `true` or `false`, found `yes`"],
    );
    check(&[("sources.ron", "", "")], &["sources.ron «» the file is empty"]);
}

#[test]
fn several_errors_in_one_file_and_over_files() {
    check(
        &[
            ("world.ron", "utc_offset_min: 60", "utc_offset_mn: 60"),
            ("world.ron", "glyph: Hospital", "glyph: Hospitl"),
            ("world.ron", "hosts_at_once: Estimated(1, ", "hosts_at_once: Estimated(\"one\", "),
            ("world.ron", "initially: false", "initially: 0"),
            ("world.ron", "lat: 33.7", "lat: 133.7"),
            ("organisations/others.ron", "importance: 4", "importance: 400"),
            ("seats.ron", "mitigations: [\"overtime\", \"paper\"", "mitigations: [\"overtime\", \"papers\""),
        ],
        &[
            "world.ron «utc_offset_mn» unknown field `utc_offset_mn` in `Region`; did you mean `utc_offset_min`?",
            "world.ron «Hospitl» unknown word `Hospitl`",
            "world.ron «\"one\"» expected a whole number, found `\"one\"`",
            "world.ron «0» expected `true` or `false`, found `0`",
            "world.ron «133.7» `133.7` is out of range; expected a latitude from -90 to 90 degrees",
            "others.ron «400» `400` is out of range; expected a smaller whole number",
            "seats.ron «\"papers\"» there is no mitigation `papers`; did you mean `paper`?",
        ],
    );
}

#[test]
fn several_errors_in_one_element() {
    check(
        &[
            ("world.ron", "role: OfficePc", "rolle: OfficePC"),
            ("world.ron", "encrypted: Estimated(0.8, ", "encrypted: Estimatd(0.8, "),
            ("world.ron", "switched_on: \"office\"", "switched_on: 7"),
        ],
        &[
            "world.ron «rolle» unknown field `rolle` in `FleetKind`; did you mean `role`?",
            "world.ron «Estimatd» unknown word `Estimatd` in `Tagged`; did you mean `Estimated`?",
            "world.ron «7» expected text in quotes, found `7`",
        ],
    );
}

#[test]
fn brackets_commas_and_quotes() {
    check(
        &[("events.ron", "effects: [Release(\"sensor\")],", "effects: [Release(\"sensor\"),")],
        &[
            "events.ron «key_moment» the field `key_moment` stands in a list: `]` is needed before it; this bracket is still open in line 6",
        ],
    );
    check(
        &[(
            "events.ron",
            "key_moment: true,\n        provenance: Documented((), \"T01\"),\n    ),",
            "key_moment: true, ]",
        )],
        &["events.ron «]» `]` stands where `)` is needed to close `(`; this bracket is still open in line 2"],
    );
    check(
        &[("mitigations.ron", "        times_max: 0,\n    ),\n]", "        times_max: 0,\n    ),\n")],
        &["mitigations.ron «[» `[` is never closed by `]`"],
    );
    check(
        &[("world.ron", "lat: 52.0,", "lat: 52.0"), ("world.ron", "name: \"Airlines\",", "name: \"Airlines\"")],
        &["world.ron «0» a comma is missing after `52.0`", "world.ron «\"» a comma is missing after `\"Airlines\"`"],
    );
    check(
        &[("events.ron", "title: \"The release ends\"", "title \"The release ends\"")],
        &["events.ron «e» a comma is missing after `title`; a field is written `name: value,`"],
    );
    check(
        &[("injects.ron", "", "[(id: \"a, to: [])]\n")],
        &["injects.ron «\"» the text that begins here is not closed"],
    );
    check(
        &[("injects.ron", "from: \"Monitoring desk\",", "from: Monitoring desk\",")],
        &["injects.ron «\"» the text that begins here runs over several lines: a `\"` is missing near here"],
    );
    check(&[("sources.ron", "[\n", "/* [\n")], &["sources.ron «/*» the comment `/*` is never closed"]);
}

#[test]
fn versions() {
    check(
        &[("scenario.ron", "version: 1", "version: 2"), ("scenario.ron", "place:", "plaice:")],
        &["scenario.ron «2» format version 2 is not supported; this program reads version 1"],
    );
}

#[test]
fn references() {
    let others = "organisations/others.ron";
    let hospitals = "organisations/hospitals.ron";
    check(
        &[
            (others, "sector: \"airline\"", "sector: \"airlines\""),
            (others, "region: \"west\"", "region: \"wset\""),
            (others, "kind: \"server\"", "kind: \"srver\""),
            (others, "Service(\"tiny-cloud/hosting\")", "Service(\"tiny-clod/hosting\")"),
            (others, "demand_profile: \"always\"", "demand_profile: \"alway\""),
            (hospitals, "keys: Server(\"keys\")", "keys: Server(\"key\")"),
            (hospitals, "of: Fleet(\"pcs\")", "of: Fleet(\"pc\")"),
            (hospitals, "of: Service(\"records\")", "of: Service(\"operations\")"),
        ],
        &[
            "others.ron «\"airlines\"» there is no sector `airlines`; did you mean `airline`? allowed: airline, hospital, it-supplier (in world.ron)",
            "others.ron «\"wset\"» there is no region `wset`; did you mean `west`?",
            "others.ron «\"srver\"» there is no fleet kind `srver`; did you mean `server`?",
            "others.ron «\"tiny-clod/hosting\"» there is no organisation `tiny-clod`; did you mean `tiny-cloud`?",
            "others.ron «\"alway\"» there is no profile `alway`; did you mean `always`?",
            "hospitals.ron «\"key\"» the organisation `st-elsewhere` has no fleet `key`; did you mean `keys`?",
            "hospitals.ron «\"pc\"» the organisation `st-elsewhere` has no fleet `pc`; did you mean `pcs`?",
            "hospitals.ron «\"operations\"» the service `operations` needs itself",
        ],
    );
}

#[test]
fn references_of_the_script() {
    check(
        &[
            ("mitigations.ron", "StopRollout(\"sensor\")", "StopRollout(\"sensors\")"),
            ("events.ron", "RaiseFlag(\"workaround\")", "RaiseFlag(\"work-around\")"),
            ("events.ron", "org:tiny-air", "org:tinyair"),
            ("events.ron", "service: \"tiny-cloud/hosting\"", "service: \"hosting\""),
            ("injects.ron", "After(\"release\", 10)", "After(\"realease\", 10)"),
            ("injects.ron", "to: [\"incident-lead\"]", "to: [\"incident-led\"]"),
            ("seats.ron", "organisations: [\"tiny-air\"]", "organisations: [\"tiny-airr\"]"),
            ("seats.ron", "lost(service:tiny-air/flights)", "losst(service:tiny-air/flights)"),
            ("playbooks.ron", "Fleet(\"st-elsewhere/keys\")", "Fleet(\"st-elsewhere/kays\")"),
            (
                "playbooks.ron",
                "SectorService(\"hospital\", \"operations\")",
                "SectorService(\"hospital\", \"flights\")",
            ),
            ("world.ron", "[\"workaround\", \"stick-ready\"]", "[\"workaround\", \"stick-redy\"]"),
        ],
        &[
            "mitigations.ron «\"sensors\"» there is no channel `sensors`; did you mean `sensor`?",
            "events.ron «\"work-around\"» there is no flag `work-around`; did you mean `workaround`?",
            "events.ron «\"hosts_down_share(org:tinyair)\"» there is no organisation `tinyair`; did you mean `tiny-air`?",
            "events.ron «\"hosting\"» `hosting` names no organisation; write it like `\"organisation/service\"`",
            "injects.ron «\"realease\"» there is no event `realease`; did you mean `release`?",
            "injects.ron «\"incident-led\"» there is no seat `incident-led`; did you mean `incident-lead`?",
            "seats.ron «\"tiny-airr\"» there is no organisation `tiny-airr`; did you mean `tiny-air`?",
            "seats.ron «\"losst(service:tiny-air/flights)\"»",
            "playbooks.ron «\"st-elsewhere/kays\"» the organisation `st-elsewhere` has no fleet `kays`; did you mean `keys`?",
            "playbooks.ron «\"flights\"» no organisation of the sector `hospital` has a service `flights`; allowed: operations, records",
            "world.ron «\"stick-redy\"» there is no flag `stick-redy`; did you mean `stick-ready`?",
        ],
    );
}

#[test]
fn elements_given_up_are_no_missing_references() {
    check(
        &[
            ("world.ron", "(id: \"north\", name: \"North\", ", "(id: \"north\", nam: \"North\", "),
            ("organisations/others.ron", "id: \"nodes\", name: \"Nodes\",", "id: \"nodes\","),
        ],
        &["world.ron «nam» unknown field `nam`", "the field `name` is missing in `Fleet` with id `nodes`"],
    );
    check(&[("world.ron", "regions: [", "regions: ")], &["world.ron «]»"]);
}

#[test]
fn ranges() {
    let hospitals = "organisations/hospitals.ron";
    check(
        &[
            ("scenario.ron", "horizon_min: 2880", "horizon_min: 5"),
            ("world.ron", "utc_offset_min: 60", "utc_offset_min: 900"),
            ("world.ron", "Documented((5.0, 10.0, 20.0), ", "Documented((5.0, 30.0, 20.0), "),
            ("world.ron", "race_win: Estimated(0.05, ", "race_win: Estimated(NaN, "),
            ("world.ron", "weekday: [0.3, 0.3", "weekday: [0.3"),
            ("world.ron", "weekend: [0.3, 0.3", "weekend: [1.3, 0.3"),
            (hospitals, "importance: 3", "importance: 6"),
            (hospitals, "hosts: Invented(400, ", "hosts: Invented(0, "),
            (hospitals, "Knee(0.5)", "Knee(0.0)"),
            (hospitals, "(0.5, 0.7), (1.0, 1.0)", "(0.5, 0.7), (0.5, 1.0)"),
            ("mitigations.ron", "hours: 8", "hours: 0"),
            ("seats.ron", "weight: 2.0", "weight: 0.0"),
        ],
        &[
            "scenario.ron «5» `5` is out of range; expected minutes, from 60",
            "scenario.ron «\"2024-07-19T04:09Z\"» the time `2024-07-19T04:09Z` lies after the end of the run",
            "world.ron «900» `900` is out of range; expected minutes from UTC, from -840 to 840",
            "world.ron «(5.0, 30.0, 20.0)» `(5, 30, 20)` is out of order",
            "world.ron «NaN» `NaN` is out of range; expected a share from 0 to 1",
            "`weekday` has 23 values; expected 24, one for each local hour from 0 to 23",
            "world.ron «1.3» `1.3` is out of range; expected a share from 0 to 1",
            "hospitals.ron «6» `6` is out of range; expected an importance from 1",
            "hospitals.ron «0» `0` is out of range; expected hosts, from 1 to 100000000",
            "hospitals.ron «0.0» `0` is out of range; expected a share above 0, up to 1",
            "hospitals.ron «0.5» `0.5` does not rise above `0.5`",
            "mitigations.ron «0» `0` is out of range; expected hours, from 1 to 8760",
            "seats.ron «0.0» `0` is out of range; expected a number above 0",
            "events.ron «\"2024-07-19T04:09Z\"» the time `2024-07-19T04:09Z` lies after the end of the run",
            "events.ron «\"2024-07-19T06:30Z\"» the time `2024-07-19T06:30Z` lies after the end of the run",
        ],
    );
}

#[test]
fn times() {
    check(
        &[("events.ron", "At(\"2024-07-19T04:09Z\")", "At(\"2024-07-18T23:00Z\")")],
        &[
            "events.ron «\"2024-07-18T23:00Z\"» the time `2024-07-18T23:00Z` lies 60 min before the scenario's start 2024-07-19T00:00Z; expected a time from 2024-07-19T00:00Z to 2024-07-21T00:00Z",
        ],
    );
    check(
        &[("events.ron", "At(\"2024-07-19T04:09Z\")", "At(\"19 July, 04:09\")")],
        &["events.ron «\"19 July, 04:09\"» `19 July, 04:09` is not a UTC time; write it like `2024-07-19T04:09Z`"],
    );
    check(
        &[("events.ron", "After(\"release\", 78)", "After(\"release\", -5)")],
        &["events.ron «-5» `-5` is out of range; expected a whole number that is not negative"],
    );
    check(
        &[("events.ron", "At(\"2024-07-19T04:09Z\")", "After(\"revert\", 5)")],
        &[
            "events.ron «After(\"revert\", 5)» the event `release` waits for itself",
            "events.ron «After(\"release\", 78)» the event `revert` waits for itself",
        ],
    );
}

#[test]
fn ids() {
    check(
        &[("organisations/others.ron", "id: \"tiny-air\"", "id: \"st-elsewhere\"")],
        &[
            "others.ron «\"st-elsewhere\"» the organisation id `st-elsewhere` is given twice; it is given here first in line 3",
            "seats.ron «\"tiny-air\"» there is no organisation `tiny-air`",
            "seats.ron «\"lost(service:tiny-air/flights)\"» there is no organisation `tiny-air`",
            "events.ron «\"hosts_down_share(org:tiny-air)\"» there is no organisation `tiny-air`",
        ],
    );
    check(
        &[("organisations/others.ron", "id: \"gates\"", "id: \"crew\"")],
        &[
            "others.ron «\"crew\"» the fleet id `crew` is given twice",
            "others.ron «\"gates\"» the organisation `tiny-air` has no fleet `gates`",
        ],
    );
    check(
        &[("playbooks.ron", "id: \"par\"", "id: \"pa r\"")],
        &["playbooks.ron «\"pa r\"» `pa r` cannot be an id", "playbooks.ron «[» the scenario has no playbook `par`"],
    );
}

#[test]
fn sources_of_figures() {
    check(
        &[
            ("world.ron", "Documented(1.0, \"T01 T02\")", "Documented(1.0, \"T01 T09\")"),
            ("world.ron", "Estimated(0.9, \"nearly all\")", "Estimated(0.9, \"\")"),
            ("world.ron", "Documented((), \"T02\")", "Documented((), \"office habits\")"),
            ("events.ron", "Invented((), \"so that", "Invented((), \"CS99 says so, so that"),
        ],
        &[
            "world.ron «T09» there is no fact `T09`; did you mean `T01`? allowed: T01, T02, T03 (in sources.ron)",
            "world.ron «\"\"» the source is empty",
            "world.ron «\"office habits\"» the documented source `office habits` has no fact id",
            "events.ron «CS99» there is no fact `CS99`",
        ],
    );
}

#[test]
fn targets_of_orders() {
    check(
        &[
            ("playbooks.ron", "target: Sector(\"airline\")", "target: SectorFleet(\"airline\", \"crew\")"),
            ("playbooks.ron", "SectorService(\"hospital\", \"operations\")", "Service(\"tiny-air/flights\")"),
        ],
        &[
            "playbooks.ron «SectorFleet(\"airline\", \"crew\")» the mitigation `overtime` does not work on such a target; expected `Organisation(…)` or `Sector(…)`",
            "playbooks.ron «Service(\"tiny-air/flights\")» warning: the mitigation `paper` is not open to the sector `airline`",
        ],
    );
}

#[test]
fn circles_are_warnings() {
    let need = "needs: [(of: Fleet(\"nodes\"), response: Linear, buffer_min: 0)";
    let more = format!("{need}, (of: Service(\"tiny-air/flights\"), response: Linear, buffer_min: 0)");
    check(
        &[("organisations/others.ron", need, &more)],
        &[
            "others.ron «[» warning: services need each other in a circle: tiny-air/flights -> tiny-cloud/hosting -> tiny-air/flights",
        ],
    );
}

#[test]
fn missing_and_unknown_files() {
    let mut sources = tiny();
    sources.files.retain(|file| file.name != "world.ron");
    sources.files.push(SourceFile { path: "tiny/worlds.ron".into(), name: "worlds.ron".into(), text: "[]".into() });
    expect(
        &sources,
        &[
            "world.ron «» the file `world.ron` is missing; expected files: scenario.ron, world.ron, organisations/*.ron",
            "worlds.ron «» the file `worlds.ron` does not belong to a scenario; did you mean `world.ron`?",
        ],
    );
    let mut sources = tiny();
    sources.files.retain(|file| !file.name.starts_with("organisations/"));
    expect(&sources, &["organisations/*.ron «» the scenario has no organisations"]);
}

#[test]
fn folders() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in &tiny().files {
        let path = folder.path().join(&file.name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        fs::write(path, &file.text).expect("a file");
    }
    let by_file = folder.path().join("scenario.ron");
    let found = library::find(by_file.to_str().expect("a plain path")).expect("a scenario");
    assert!(load(&found).is_ok());

    fs::write(folder.path().join("events.ron"), b"[\n\xff]").expect("a file");
    let problems = load(&SourceFiles::read(folder.path()).expect("a folder")).expect_err("not UTF-8");
    let text = problems.to_string();
    assert!(text.contains("the file is not UTF-8 text: line 2 has a byte"), "{text}");
    assert_eq!(problems.len(), 1, "{text}");

    let empty = tempfile::tempdir().expect("a temporary folder");
    let problems = load(&SourceFiles::read(empty.path()).expect("a folder")).expect_err("nothing there");
    assert!(problems.to_string().contains("there is no scenario in this folder"), "{problems}");
    assert_eq!(problems.len(), 1, "{problems}");

    let gone = SourceFiles::read(&folder.path().join("gone")).expect_err("no folder");
    assert!(gone.to_string().contains("the scenario folder cannot be read"), "{gone}");
}

#[test]
fn names_of_scenarios() {
    let problem = library::find("2024-07-91").expect_err("no such scenario").to_string();
    assert!(problem.contains("there is no such scenario"), "{problem}");
    for id in library::builtin_ids() {
        assert_eq!(library::find(id).expect("built in").name, id);
    }
}

#[test]
fn playbooks_from_another_file() {
    let documents = load(&tiny()).expect("valid");
    let mut file = tiny().files.into_iter().find(|file| file.name == "playbooks.ron").expect("there");
    assert_eq!(load_playbooks(&file, &documents).expect("valid").len(), 3);
    file.text = file.text.replacen("\"overtime\"", "\"overtme\"", 1);
    let problems = load_playbooks(&file, &documents).expect_err("a wrong word");
    let short: Vec<String> = problems.iter().map(in_short).collect();
    assert!(short[0].contains("«\"overtme\"» there is no mitigation `overtme`; did you mean `overtime`?"), "{short:?}");
    assert_eq!(short.len(), 1, "{short:?}");
}

#[test]
fn printing() {
    let mut sources = tiny();
    let world = sources.files.iter_mut().find(|file| file.name == "world.ron").expect("there");
    world.text = world.text.replace("glyph: Airline", "glyhp: Airline");
    let problems = inspect(&sources).diagnostics.to_string();
    let expected = "\
error: unknown field `glyhp` in `Sector`
 --> tiny/world.ron:8:43
  |
8 |         (id: \"airline\", name: \"Airlines\", glyhp: Airline),
  |                                           ^^^^^
  help: did you mean `glyph`? allowed: id, name, glyph, incident_team
";
    assert!(problems.starts_with(expected), "{problems}");
    assert!(problems.ends_with("1 error"), "{problems}");
}

/// Goal: no text, however broken, makes the reader panic, loop or give out a scenario it has not
/// checked. Method: cut, double or swap random pieces of random files of the small scenario.
#[test]
fn damaged_files_are_reported() {
    let whole = tiny();
    let draw = Draw::new(1);
    let key = draw.stream(Stream::Touch);
    for case in 0..400_u32 {
        let mut sources = whole.clone();
        let pick = |counter: u32, below: usize| (key.bits(case, counter) % below.max(1) as u64) as usize;
        let at = pick(0, sources.files.len());
        let text = &mut sources.files[at].text;
        let from = pick(1, text.len());
        let to = (from + 1 + pick(2, 40)).min(text.len());
        let piece = text[from..to].to_owned();
        match pick(3, 3) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(from, &piece),
            _ => text.replace_range(from..to, &piece.chars().rev().collect::<String>()),
        }
        let loaded = inspect(&sources);
        assert_eq!(loaded.documents.is_none(), loaded.diagnostics.has_errors(), "case {case}");
        assert!(loaded.diagnostics.len() < 200, "case {case}");
        assert!(!loaded.diagnostics.has_errors() || !loaded.diagnostics.to_string().is_empty());
    }
}
