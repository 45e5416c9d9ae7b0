//! Goal: a calibration finds figures that are known. Method: the published numbers of a made-up scenario are those of
//! runs with a figure that was moved on purpose; the calibration starts from the unmoved figure.

use super::*;
use crate::scenario::load::{Documents, SourceFiles, load};
use crate::scenario::schema::{Fit, Uncertainty};
use crate::scenario::validate;

const OPTIONS: Options =
    Options { search: Search { starts: 1, evaluations: 40, seed: 1 }, seeds: 3, folds: 0, threads: 2 };
const FREE: [&str; 2] = ["sectors/hospital/staff/shifts", "fleet_kinds/office-pc/locate_min"];

fn tiny() -> Documents {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid").into_inner()
}

fn compiled(docs: &Documents) -> Arc<Scenario> {
    let checked = validate::check(docs.clone()).unwrap_or_else(|found| panic!("{found}"));
    Arc::new(Scenario::compile(checked))
}

fn target(id: &str, observable: &str, time: &str) -> Target {
    let text = format!(
        r#"(id: "{id}", topic: "A topic", title: "{id}", measure: At("{observable}", "{time}"),
            published: Invented(0.0, "a test"), unit: "hosts", tolerance: Points(5.0))"#
    );
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(&text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// The small scenario with targets whose published numbers come from runs with the figures at `truth`.
fn with_truth(truth: &[f64]) -> Documents {
    let mut docs = tiny();
    docs.targets = vec![
        target("early", "hosts_down(org:st-elsewhere)", "2024-07-19T08:00Z"),
        target("noon", "hosts_down(org:st-elsewhere)", "2024-07-19T12:00Z"),
        target("night", "hosts_down(org:st-elsewhere)", "2024-07-20T00:00Z"),
        target("airline", "hosts_down(org:tiny-air)", "2024-07-19T10:00Z"),
        target("all", "hosts_down(all)", "2024-07-19T16:00Z"),
    ];
    docs.uncertainty = Uncertainty {
        fit: Some(Fit {
            figures: FREE.iter().map(|id| (*id).to_owned()).collect(),
            targets: docs.targets.iter().map(|target| target.id.clone()).collect(),
        }),
        ..Uncertainty::default()
    };
    let plan = plan(&docs, OPTIONS);
    let found = plan.rows_at(truth, &docs.targets, &|_| {});
    for target in &mut docs.targets {
        let row = found.rows.iter().find(|row| row.target.id == target.id).expect("a row for each target");
        *target.published.as_mut().expect("a number").value_mut() = row.median;
    }
    docs
}

fn plan(docs: &Documents, options: Options) -> Plan {
    let scenario = compiled(docs);
    let reference = scenario.playbook_index("reference").expect("every scenario has it");
    Plan::new(&scenario, reference, options).unwrap_or_else(|found| panic!("{found}"))
}

#[test]
fn a_calibration_finds_the_figures_behind_the_numbers() {
    let check = |truth: &[f64]| {
        let docs = with_truth(truth);
        let found = plan(&docs, OPTIONS).calibrate(&|_| {});
        assert!(found.loss.1 < found.loss.0 / 2.0, "{truth:?}: loss {:?}", found.loss);
        assert!(found.before.hits() <= found.after.hits(), "{truth:?}");
        let rows = &found.after.rows;
        assert!(rows.iter().all(|row| row.units(row.median).abs() < 3.0), "{truth:?} {:?}: {rows:?}", found.places);
        // Nothing but the free figures has changed.
        let kinds: Vec<&str> = found.groups.iter().map(|group| group.id.as_str()).collect();
        assert_eq!(kinds, FREE);
        let figures = |docs: &Documents| crate::scenario::figures::all(docs);
        for (written, fitted) in figures(&docs).iter().zip(figures(&found.fitted)) {
            assert!(written.values == fitted.values || kinds.contains(&written.kind.as_str()), "{}", written.path());
        }
    };
    check(&[0.95, 0.5]);
    check(&[0.1, 0.5]);
    check(&[0.5, 0.95]);
}

#[test]
fn a_calibration_repeats_on_any_number_of_threads() {
    let docs = with_truth(&[0.9, 0.5]);
    let options = Options { search: Search { starts: 2, evaluations: 8, seed: 5 }, folds: 2, ..OPTIONS };
    let found = |threads| {
        let found = plan(&docs, Options { threads, ..options }).calibrate(&|_| {});
        (found.places, found.loss, found.folds)
    };
    let one = found(1);
    assert_eq!(one, found(3));
    let folds = &one.2;
    let left_out: Vec<&str> = folds.iter().flat_map(|fold| &fold.left_out).map(String::as_str).collect();
    assert_eq!(left_out.iter().collect::<BTreeSet<_>>().len(), 2, "each organisation is left out once: {left_out:?}");
    // The target of everything is in every fit and among no organisation's.
    assert_eq!(folds.iter().map(|fold| fold.unused.targets).sum::<usize>(), 4);
    assert!(folds.iter().all(|fold| fold.used.targets + fold.unused.targets == 5), "{folds:?}");
}

#[test]
fn a_calibration_says_what_it_lacks() {
    let check = |change: &dyn Fn(&mut Documents), folds: u64, expected: &str| {
        let mut docs = with_truth(&[0.5, 0.5]);
        change(&mut docs);
        let scenario = compiled(&docs);
        let reference = scenario.playbook_index("reference").expect("every scenario has it");
        let found = Plan::new(&scenario, reference, Options { folds, ..OPTIONS }).map(|_| ());
        let found = found.expect_err(expected).to_string();
        assert!(found.contains(expected), "{expected}: {found}");
    };
    check(&|docs| docs.uncertainty.fit = None, 0, "does not say which figures are fitted");
    check(&|_| {}, 3, "3 folds need as many organisations");
}
