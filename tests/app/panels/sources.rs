//! The page of sources by its accessible names.

use std::sync::Arc;
use std::time::Instant;

use blackstart::exercise::action::{Action, ScreenAction};
use blackstart::exercise::view::{DebriefView, SourcesView, View};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::{Bench, SIZES, click, exercise, harness, press, sample, taken};

fn page(view: SourcesView) -> Harness<'static, Bench> {
    harness(View::Sources(Arc::new(view)), SIZES[0])
}

/// Visible figures, by the beginning of their names: owner and label.
fn rows(harness: &Harness<'static, Bench>) -> Vec<String> {
    let buttons = harness.get_all_by_role(egui::accesskit::Role::Button);
    let labels = buttons.filter_map(|node| node.accesskit_node().label());
    let standings = [", documented", ", estimated", ", invented"];
    labels.filter(|label| standings.iter().any(|word| label.contains(word))).collect()
}

#[test]
fn sources_open_from_start_room_and_debrief() {
    let start = || harness(View::Start(Arc::new(sample::start())), SIZES[0]);
    assert_eq!(
        click(&mut start(), "Sources of 19 July 2024"),
        [Action::from(ScreenAction::OpenSources(Some("2024-07-19".to_owned())))]
    );
    assert_eq!(
        press(&mut start(), &[Key::S]),
        [Action::from(ScreenAction::OpenSources(Some("2024-07-19".to_owned())))]
    );
    assert_eq!(click(&mut exercise(), "Sources"), [Action::from(ScreenAction::OpenSources(None))]);
    assert_eq!(press(&mut exercise(), &[Key::S]), [Action::from(ScreenAction::OpenSources(None))]);
    let debrief = || {
        let view = DebriefView { decisions: Vec::new(), curves: Vec::new(), ..sample::debrief() };
        harness(View::Debrief(Arc::new(view)), egui::Vec2::new(1280.0, 1600.0))
    };
    let mut score = debrief();
    press(&mut score, &[Key::Num3]);
    assert_eq!(click(&mut score, "Sources"), [Action::from(ScreenAction::OpenSources(None))]);
    assert_eq!(press(&mut debrief(), &[Key::S]), [Action::from(ScreenAction::OpenSources(None))]);
}

#[test]
fn a_row_tells_everything_about_its_figure() {
    let harness = page(sample::sources());
    let expected = [
        "Delta, Kiosks, hosts, 26,000 hosts, estimated, worked back from 37,000 hit, RS26 V2",
        "Delta, Flights, demand, 3,800 a day, documented, RS26 V2 AV12 B",
        "Delta, Flights, headroom, ×1.05, estimated, spare aircraft of a full summer",
        "Rome, staff, night, 1 person, invented, a small airport",
        "Rome, Gates, hosts, 240 hosts, invented, a small airport",
    ];
    assert_eq!(rows(&harness), expected);
    for label in ["Delta, organisation, 3 figures", "Rome, organisation, 2 figures"] {
        assert!(harness.query_by_label(label).is_some(), "lacks `{label}`");
    }
}

#[test]
fn figures_are_found_by_words_standing_and_fact() {
    let mut harness = page(sample::sources());
    press(&mut harness, &[Key::Slash]);
    harness.get_by_label("Find figures by any words").type_text("FLIGHTS delta");
    harness.run_steps(3);
    assert_eq!(rows(&harness).len(), 2);
    assert!(harness.query_by_label("2 of 5 figures").is_some());
    // In the field, digits are text; outside of it they switch standings.
    press(&mut harness, &[Key::Enter, Key::Num1]);
    assert_eq!(rows(&harness), ["Delta, Flights, headroom, ×1.05, estimated, spare aircraft of a full summer"]);
    assert_eq!(press(&mut harness, &[Key::Escape]), [], "the first Escape shows everything again");
    assert_eq!(rows(&harness).len(), 5);
    click(&mut harness, "Show invented figures, 2");
    assert_eq!(rows(&harness).len(), 3);
    harness.get_by_label_contains("Fact RS26, Delta, computers hit").click();
    harness.run_steps(3);
    assert_eq!(rows(&harness).len(), 2);
    click(&mut harness, "Show figures with any fact, now only those that cite RS26");
    assert_eq!(rows(&harness).len(), 3);
    harness.get_by_label_contains("Fact CS18, Lower bound").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("No figure matches").is_some());
    click(&mut harness, "Show all figures");
    assert_eq!(rows(&harness).len(), 5);
    assert_eq!(press(&mut harness, &[Key::Escape]), [Action::from(ScreenAction::Back)]);
}

#[test]
fn a_figure_opens_with_its_source_and_facts() {
    let mut harness = page(sample::sources());
    harness.get_by_label_contains("Delta, Flights, demand").click();
    harness.run_steps(3);
    let fact = "Fact AV12, Delta, Monday's cancellations, Vendor's incident review, Background knowledge";
    for label in ["RS26 AV12", "organisations/delta/Flights/demand", fact] {
        assert!(harness.query_by_label(label).is_some(), "lacks `{label}`");
    }
    click(&mut harness, fact);
    assert_eq!(rows(&harness).len(), 1, "only what rests on the fact");
    click(&mut harness, "Close figure");
    assert!(harness.query_by_label("RS26 AV12").is_none());
    // The same by keyboard alone.
    let mut harness = page(sample::sources());
    assert_eq!(press(&mut harness, &[Key::ArrowDown, Key::ArrowDown]), []);
    assert_eq!(harness.state().ui.sources.figure, Some(1));
    press(&mut harness, &[Key::End]);
    assert_eq!(harness.state().ui.sources.figure, Some(4));
    press(&mut harness, &[Key::ArrowDown, Key::ArrowUp]);
    assert_eq!(harness.state().ui.sources.figure, Some(3));
    assert_eq!(press(&mut harness, &[Key::Escape]), []);
    assert_eq!(harness.state().ui.sources.figure, None);
    let mut harness = page(sample::sources());
    harness.get_by_label_contains("Rome, Gates").focus();
    press(&mut harness, &[Key::Enter]);
    assert_eq!(harness.state().ui.sources.figure, Some(4));
}

#[test]
fn opened_figure_of_a_long_list_is_in_sight() {
    let mut harness = page(sample::many_sources(3_000));
    for (key, expected) in [(Key::End, "Owner 99, figure 2999"), (Key::ArrowUp, "Owner 99, figure 2998")] {
        press(&mut harness, &[key]);
        assert!(rows(&harness).iter().any(|row| row.starts_with(expected)), "{expected}: {:?}", rows(&harness));
    }
    press(&mut harness, &[Key::Home]);
    assert!(rows(&harness)[0].starts_with("Owner 0, figure 0"));
}

/// Goal: a long list costs no more than a short one. Method: only visible rows are in the tree, and a
/// list a hundred times as long takes about as long to draw.
#[test]
fn only_rows_in_sight_are_drawn() {
    let time = |count: usize| {
        let mut harness = page(sample::many_sources(count));
        let drawn = rows(&harness).len();
        assert!(10 < drawn && drawn < 40, "{drawn} rows of {count}");
        let begun = Instant::now();
        harness.run_steps(30);
        begun.elapsed()
    };
    let (short, long) = (time(1_000), time(100_000));
    assert!(long < short * 20, "30 frames took {short:?} of 1,000 figures and {long:?} of 100,000");
}

#[test]
fn the_search_field_keeps_its_keys() {
    let mut harness = page(sample::sources());
    press(&mut harness, &[Key::Slash]);
    harness.get_by_label("Find figures by any words").type_text("s");
    assert_eq!(press(&mut harness, &[Key::S, Key::Num2]), []);
    assert_eq!(harness.state().ui.sources.hides, [false; 3]);
    press(&mut harness, &[Key::Enter]);
    assert_eq!(press(&mut harness, &[Key::S]), [Action::from(ScreenAction::Back)]);
    assert_eq!(taken(&mut harness), []);
}
