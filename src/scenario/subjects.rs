//! The organisations that a measure names.
//!
//! Reads the texts of a measure with the walk, so that a new kind of measure needs no change here.

use std::collections::BTreeSet;

use super::observable::{ObservableRef, Scope};
use super::schema::Measure;
use super::walk::{self, Leaf, Visitor};

/// Ids of organisations and populations that a measure names in its scopes, by themselves or by one of their parts.
/// Empty for a measure of everything, of sectors or of regions.
pub fn subjects(measure: &Measure) -> BTreeSet<String> {
    let mut subjects = Subjects::default();
    walk::measure(measure, &mut subjects);
    subjects.found
}

#[derive(Default)]
struct Subjects {
    found: BTreeSet<String>,
}

impl Visitor for Subjects {
    fn leaf(&mut self, leaf: Leaf) {
        let Leaf::Text(text) = leaf else { return };
        // A text that is neither an observable nor a scope is a time, or speaks of each organisation of a scope.
        let scope = ObservableRef::parse(text).map(|name| name.scope).or_else(|_| Scope::parse(text));
        scope.iter().for_each(|scope| self.add(scope));
    }
}

impl Subjects {
    fn add(&mut self, scope: &Scope) {
        match scope {
            Scope::Organisation(id) | Scope::Population(id) | Scope::Fleet(id, _) | Scope::Service(id, _) => {
                self.found.insert(id.clone());
            }
            Scope::Any(scopes) | Scope::Both(scopes) => scopes.iter().for_each(|scope| self.add(scope)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_name_organisations_and_populations() {
        let check = |text: &str, expected: &[&str]| {
            let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
            let measure: Measure = options.from_str(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert!(subjects(&measure).iter().map(String::as_str).eq(expected.iter().copied()), "{text}");
        };
        check(r#"At("hosts_down(all)", "2024-07-19T06:00Z")"#, &[]);
        check(r#"At("hosts_down(org:duke & role:pcs)", "2024-07-19T06:00Z")"#, &["duke"]);
        check(r#"At("hosts_down(org:delta|united)", "2024-07-19T06:00Z")"#, &["delta", "united"]);
        check(r#"At("hosts_down(sector:airline & !org:delta)", "2024-07-19T06:00Z")"#, &[]);
        check(
            r#"Ratio(At("lost(service:delta/flights)", "2024-07-19T06:00Z"), At("hosts_down(fleet:united/pcs)", "2024-07-19T06:00Z"))"#,
            &["delta", "united"],
        );
        check(r#"Across("population:gp", At("level(each & services:visits)", "2024-07-19T06:00Z"), Count)"#, &["gp"]);
        check(r#"Across("sector:airline", At("lost(each)", "2024-07-19T06:00Z"), Count)"#, &[]);
    }
}
