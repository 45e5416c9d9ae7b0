//! Mornings: each seed is another plausible course of the same incident.
//!
//! Seed 1 is the day as it was: every figure has its written value. On the morning of another seed, every figure that is
//! not documented lies somewhere in its range, and figures of one kind move together. The place of a group of figures is
//! a function of the seed and the group's id alone, so that a new figure does not move the others. Texts, scripts,
//! playbooks and published targets are the same on every morning. Must not run anything.

use std::sync::Arc;

use rand::RngExt;

use super::compile::Scenario;
use super::diagnostic::Diagnostics;
use super::documents::Documents;
use super::figures::{Groups, Held};
use super::validate;
use crate::base::draw::{KeyedRng, Triangle};
use crate::base::{DigestWriter, Draw, Stream};

/// The seed of the day as it was.
pub const AS_IT_WAS: u64 = 1;

/// The chance of places in a range: the written value, in the middle, is most likely.
pub const PLACES: [f64; 3] = [0.0, 0.5, 1.0];

impl Scenario {
    /// The scenario on the morning of a seed, with the digest of the written one, because it follows from that and the
    /// seed. On the morning of [`AS_IT_WAS`] it is the written scenario itself.
    ///
    /// # Errors
    /// The drawn figures together make a scenario that cannot be simulated.
    pub fn on_morning(self: &Arc<Self>, seed: u64) -> Result<Arc<Self>, Diagnostics> {
        if seed == AS_IT_WAS || self.morning == Some(seed) {
            return Ok(Arc::clone(self));
        }
        let docs = validate::check(documents_on(&self.docs, seed))?;
        Ok(Arc::new(self.with_figures_of(docs, seed)))
    }
}

/// The documents with the figures of a morning.
fn documents_on(docs: &Documents, seed: u64) -> Documents {
    let groups = Groups::new(docs, Held::Documented);
    let triangle = Triangle::new(PLACES);
    let places: Vec<f64> = groups.list.iter().map(|group| triangle.quantile(uniform(&group.id, seed))).collect();
    groups.documents_at(docs, &places)
}

/// A uniform number in [0, 1), keyed by a name and a seed.
fn uniform(name: &str, seed: u64) -> f64 {
    let mut writer = DigestWriter::default();
    writer.text("morning");
    writer.word(seed);
    writer.text(name);
    KeyedRng::new(Draw::new(writer.finish().0).stream(Stream::Figures), 0).random()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::figures;
    use crate::scenario::load::{SourceFiles, load};
    use crate::scenario::schema::Standing;

    fn tiny() -> Arc<Scenario> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid");
        Arc::new(Scenario::compile(docs))
    }

    #[test]
    fn the_first_seed_is_the_day_as_it_was() {
        let written = tiny();
        assert!(Arc::ptr_eq(&written, &written.on_morning(AS_IT_WAS).expect("nothing is drawn")));
        assert_eq!(written.morning, None);
    }

    proptest! {
        /// Only figures without a document move, equal seeds move them equally, and the digest is that of the written one.
        #[test]
        fn a_morning_moves_what_nobody_documented(seed in 2..u64::MAX) {
            let written = tiny();
            let morning = written.on_morning(seed).expect("the ranges are valid");
            prop_assert_eq!(morning.digest, written.digest);
            prop_assert_eq!(morning.morning, Some(seed));
            let (before, after) = (figures::all(&written.docs), figures::all(&morning.docs));
            prop_assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(&after).filter(|(before, _)| before.standing == Standing::Documented) {
                prop_assert_eq!(&before.values, &after.values, "{}", before.path());
            }
            prop_assert!(before.iter().zip(&after).any(|(before, after)| before.values != after.values));
            let again = figures::all(&written.on_morning(seed).expect("valid").docs);
            prop_assert_eq!(again, after);
        }
    }
}
