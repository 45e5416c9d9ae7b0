//! Observables of one organisation of many: `metric(each)`, `metric(each & role:pcs)`.
//!
//! Only measures over the organisations of a scope (`Measure::Across`) use them, and only there is the organisation
//! known.

use super::{Metric, ObservableRef, Part, Scope};

/// The word that replaces a scope.
const EACH: &str = "each";

/// A metric over some part of each organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EachRef {
    pub metric: Metric,
    /// The parts of the organisation: `role:`, `kind:` and `services:`; the whole organisation if empty.
    pub terms: Vec<Scope>,
}

impl EachRef {
    /// Reads `hosts_down_share(each & role:pcs)`.
    ///
    /// # Errors
    /// A sentence that names the text found and the values allowed. The function does not check that ids exist.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !Self::is_meant(text) {
            return Err(format!("`{text}` does not speak of `{EACH}`; write it like `hosts_down({EACH} & role:pcs)`"));
        }
        let (name, inside) = parts(text).unwrap_or_default();
        let others: Vec<&str> = inside.split('&').map(str::trim).filter(|term| *term != EACH).collect();
        let others = if others.is_empty() { "all".to_owned() } else { others.join(" & ") };
        let read = ObservableRef::parse(&format!("{name}({others})"))?;
        let mut terms = read.scope.terms().to_vec();
        terms.retain(|term| *term != Scope::All);
        let is_of_part = |term: &&Scope| matches!(term.part(), Part::Machines | Part::Services);
        match terms.iter().find(|term| !is_of_part(term)) {
            Some(term) => Err(format!(
                "`{term}` cannot be joined to `{EACH}`; allowed are `role:ROLE`, `kind:ID` and `services:ID`, and organisations are chosen in the first value of `Across`"
            )),
            None => Ok(Self { metric: read.metric, terms }),
        }
    }

    /// Does an observable have `each` in its scope?
    pub fn is_meant(text: &str) -> bool {
        parts(text).is_some_and(|(_, inside)| inside.split('&').any(|term| term.trim() == EACH))
    }

    /// The same metric over all organisations of a scope together.
    pub fn over(&self, scope: &Scope) -> ObservableRef {
        let terms: Vec<Scope> = scope.terms().iter().chain(&self.terms).cloned().collect();
        ObservableRef { metric: self.metric, scope: Scope::Both(terms) }
    }
}

fn parts(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('(')?;
    Some((name, rest.strip_suffix(')')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_read_with_its_parts() {
        let check = |text: &str, expected: &str| {
            let over = EachRef::parse(text).unwrap().over(&Scope::Sector("bank".into()));
            assert_eq!(over.to_string(), expected, "{text}");
        };
        check("cost_usd(each)", "cost_usd(sector:bank)");
        check("hosts_down(each & role:pcs)", "hosts_down(sector:bank & role:pcs)");
        check("lost( services:cash&each )", "lost(sector:bank & services:cash)");
        check("hosts_down(each & kind:laptop|kiosk)", "hosts_down(sector:bank & kind:laptop|kiosk)");
    }

    #[test]
    fn wrong_names_say_what_is_right() {
        let check = |text: &str, expected: &str| {
            let message = EachRef::parse(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        };
        check("lost(all)", "does not speak of `each`");
        check("lsot(each)", "did you mean `lost`?");
        check("lost(each & sector:bank)", "cannot be joined");
        check("lost(each & role:pcs)", "cannot be measured over a fleet");
    }
}
