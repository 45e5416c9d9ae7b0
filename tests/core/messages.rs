//! Goal: messages of the script agree with the run in which they arrive.

use blackstart::base::Ix;
use blackstart::scenario::compile::{Inject, Scenario, When};
use blackstart::scenario::schema::{self, Trigger};
use blackstart::session::{Cast, Run, Setup};
use blackstart::sim::observe;
use blackstart::sim::world::Moment;

use crate::support::{REPLAY, THIN_REPLAY, documents, scenario};

/// Numbers from 100 up in a text, with thousands separators or without.
fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != ',');
    let number = |word: &str| word.trim_matches(',').replace(',', "").parse::<f64>().ok();
    words.filter_map(number).filter(|&number| 100.0 <= number).collect()
}

/// The value of a trigger that waits until an observable exceeds it.
fn threshold(inject: &schema::Inject) -> Option<f64> {
    if let Trigger::Above(_, value) = inject.when { Some(value) } else { None }
}

/// A message that begins with a number ("More than 1,200 flights are gone") states the value that it waits for.
#[test]
fn numbers_of_a_waiting_message_are_its_threshold() {
    let docs = documents(REPLAY);
    let mut stated = 0;
    for inject in &docs.injects {
        let Some(value) = threshold(inject) else { continue };
        for phrase in ["More than ", "passed ", "passes $"] {
            for text in [&inject.title, &inject.body] {
                let Some((_, rest)) = text.split_once(phrase) else { continue };
                let Some(&number) = numbers(rest.split([' ', '.']).next().unwrap_or_default()).first() else {
                    continue;
                };
                let number = if rest.contains("million") && number < 1e6 { number * 1e6 } else { number };
                assert_eq!(number, value, "`{}` waits for {value} and says: {text}", inject.id);
                stated += 1;
            }
        }
    }
    assert!(10 < stated, "only {stated} messages state a number");
}

/// When a waiting message arrives, its observable is still near the threshold, so the number in its text is true: under
/// the reference, under the best playbooks, and if nobody does anything.
#[test]
fn a_waiting_message_arrives_near_its_threshold() {
    let scenario = scenario(THIN_REPLAY);
    for playbook in ["do-nothing", "reference"] {
        let cast = Cast::everybody(scenario.playbook_index(playbook));
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 3, cast });
        let (mut seen, mut wrong) = (0, Vec::new());
        while !run.world.is_over() {
            run.step();
            for &(_, moment) in &run.moments[seen..] {
                if let Moment::Inject(inject) = moment {
                    wrong.extend(contradiction(&scenario, &run, inject));
                }
            }
            seen = run.moments.len();
        }
        assert!(wrong.is_empty(), "under {playbook}:\n{}", wrong.join("\n"));
    }
}

/// The difference between the number in a message that has just arrived and the observable that it waited for.
fn contradiction(scenario: &Scenario, run: &Run, inject: Ix<Inject>) -> Option<String> {
    let written = &scenario.docs.injects[inject.position()];
    let text = format!("{} {}", written.title, written.body);
    let When::Above { condition, value } = scenario.injects[inject] else { return None };
    if !text.contains("ore than ") || numbers(&text).is_empty() {
        return None;
    }
    let now = observe::value(&run.world, &scenario.conditions[condition]);
    let is_near = value < now && now < value * 1.5;
    (!is_near).then(|| format!("`{}` says {value} and it is {now}", written.id))
}
