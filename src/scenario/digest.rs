//! The digest of a scenario: a run belongs to exactly one content of its scenario.
//!
//! The digest is structural. It covers each number, text and choice together with the path that leads to it, so it
//! depends neither on the layout of a file nor on the library that prints it. An optional value that is left out
//! and a list without elements leave no trace: an optional field that a later program adds to the format keeps the
//! digests of all scenarios that do not use the field.

use super::documents::{Documents, Part};
use super::schema::Playbook;
use super::walk::{self, Leaf, Step, Visitor};
use crate::base::{Digest, DigestWriter};

/// The digest of the documents.
pub(super) fn structural(docs: &Documents) -> Digest {
    let mut structure = Structure { writer: DigestWriter::default(), paths: vec![0] };
    // Neither the list of sources nor hindcast targets nor ranges of figures change a run.
    let is_left_out = |part: &Part| matches!(part, Part::Sources | Part::Targets | Part::Uncertainty);
    let digested = Part::ALL.into_iter().filter(|part| !is_left_out(part));
    digested.for_each(|part| walk::document(docs, part, &mut structure));
    structure.writer.finish()
}

struct Structure {
    writer: DigestWriter,
    /// A hash of the path to each level above the present value.
    paths: Vec<u64>,
}

impl Structure {
    fn path(&self) -> u64 {
        *self.paths.last().expect("the walk leaves no more steps than it entered")
    }
}

impl Visitor for Structure {
    fn enter(&mut self, step: Step) {
        let mut path = DigestWriter::default();
        path.word(self.path());
        // The first word is the kind of the step.
        let (kind, number, name) = match step {
            Step::Field(name) => (1, 0, name),
            Step::Element(index) => (2, index, ""),
            Step::Place(index) => (3, index, ""),
            Step::Choice(name) => (4, 0, name),
            Step::Tag(standing) => (5, 0, standing.word()),
        };
        path.word(kind);
        path.word(number as u64);
        path.text(name);
        self.paths.push(path.finish().0);
        // A choice is part of the digest even if nothing inside it leaves a trace.
        if matches!(step, Step::Choice(_) | Step::Tag(_)) {
            self.writer.word(self.path());
        }
    }

    fn leaf(&mut self, leaf: Leaf) {
        self.writer.word(self.path());
        match leaf {
            Leaf::Unit => self.writer.word(1),
            Leaf::Flag(flag) => self.writer.pair(2, flag.into()),
            Leaf::Whole(number) => {
                self.writer.word(3);
                self.writer.word(number);
            }
            Leaf::Negative(number) => {
                self.writer.word(4);
                self.writer.word(number as u64);
            }
            Leaf::Number(number) => {
                self.writer.word(5);
                self.writer.word(number.to_bits());
            }
            Leaf::Text(text) => {
                self.writer.word(6);
                self.writer.text(text);
            }
            Leaf::Choice(name) => {
                self.writer.word(7);
                self.writer.text(name);
            }
        }
    }

    fn leave(&mut self, _step: Step) {
        self.paths.pop();
    }
}

/// The digest that run files of version 1 name: the digest of the printed documents. It changes with the library
/// that prints them, so new code must not use it. `playbooks` are the playbooks of the scenario's own files.
pub(super) fn legacy_text(docs: &Documents, playbooks: &[Playbook]) -> Digest {
    let mut writer = DigestWriter::default();
    let mut part = |text: Result<String, ron::Error>| writer.text(&text.expect("documents print as RON"));
    part(ron::to_string(&docs.manifest));
    part(ron::to_string(&docs.world));
    part(ron::to_string(&docs.organisations));
    part(ron::to_string(&docs.populations));
    part(ron::to_string(&docs.mitigations));
    part(ron::to_string(&docs.events));
    part(ron::to_string(&docs.injects));
    part(ron::to_string(&docs.seats));
    part(ron::to_string(playbooks));
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::{SourceFiles, load};
    use crate::scenario::schema::Tagged;

    fn tiny() -> Documents {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid").into_inner()
    }

    /// Every version of the program must give these documents this digest, on every platform.
    #[test]
    fn the_digest_of_the_tiny_scenario_stays() {
        assert_eq!(structural(&tiny()).to_string(), "9b5c73a2ffd3a163");
    }

    #[test]
    fn run_files_of_version_1_name_the_digest_of_the_text() {
        let docs = tiny();
        assert_eq!(legacy_text(&docs, &docs.playbooks).to_string(), "9df00bee9271c355");
    }

    #[test]
    fn the_digest_covers_exactly_the_inputs_of_a_run() {
        let check = |what: &str, is_in_it: bool, change: &dyn Fn(&mut Documents)| {
            let (before, mut docs) = (tiny(), tiny());
            change(&mut docs);
            assert_ne!(before, docs, "{what}: nothing was changed");
            assert_eq!(structural(&before) != structural(&docs), is_in_it, "{what}");
        };
        check("a text", true, &|docs| docs.manifest.title.push('!'));
        check("a whole number", true, &|docs| docs.manifest.play_min += 1);
        check("a flag", true, &|docs| docs.manifest.trust = !docs.manifest.trust);
        check("a choice", true, &|docs| docs.mitigations[0].group = crate::scenario::schema::Group::Communication);
        check("a negative number", true, &|docs| docs.world.regions[0].utc_offset_min -= 1);
        check("the last bit of a figure", true, &|docs| {
            let share = docs.world.fleet_kinds[0].encrypted.value_mut();
            *share = f64::from_bits(share.to_bits() + 1);
        });
        check("the standing of a figure", true, &|docs| {
            let hosts = &mut docs.organisations[0].fleets[0].hosts;
            let (number, source) = (*hosts.value(), hosts.source().to_owned());
            *hosts = match hosts {
                Tagged::Invented(..) => Tagged::Estimated(number, source),
                _ => Tagged::Invented(number, source),
            };
        });
        check("the order of a list", true, &|docs| docs.organisations.reverse());
        check("an optional figure", true, &|docs| {
            docs.organisations[0].comprises = Some(Tagged::Invented(1, "a test".to_owned()));
        });
        check("the list of sources", false, &|docs| docs.sources.truncate(1));
        check("the hindcast targets", false, &|docs| {
            let replay = load(&crate::scenario::library::find("2024-07-19").expect("built in")).expect("valid");
            docs.targets.push(replay.targets[0].clone());
        });
        check("the ranges of figures", false, &|docs| docs.uncertainty.headlines.push("a".to_owned()));
    }
}
