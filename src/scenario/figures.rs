//! How well a scenario is founded: its figures, events and injects counted by standing.

use super::load::Documents;
use super::place;

/// Documented, estimated and invented figures of the documents.
pub fn count(docs: &Documents) -> [usize; 3] {
    let mut counts = [0; 3];
    let mut add = |text: Result<String, ron::Error>| {
        let text = text.expect("documents print as RON");
        if let Some(root) = &place::parse(&text).root {
            root.walk(&mut |node| match node.head(&text) {
                "Documented" => counts[0] += 1,
                "Estimated" => counts[1] += 1,
                "Invented" => counts[2] += 1,
                _ => {}
            });
        }
    };
    add(ron::to_string(&docs.world));
    add(ron::to_string(&docs.organisations));
    add(ron::to_string(&docs.populations));
    add(ron::to_string(&docs.mitigations));
    add(ron::to_string(&docs.events));
    add(ron::to_string(&docs.injects));
    add(ron::to_string(&docs.playbooks));
    counts
}
