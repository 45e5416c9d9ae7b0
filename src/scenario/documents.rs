//! The documents of a scenario as plain data: one for each file of its folder.
//!
//! Must not check the content of the documents: that is the task of `validate`.

use super::schema::{
    Event, Inject, Manifest, Mitigation, Organisation, Playbook, Population, Seat, Source, Target, Uncertainty, World,
};

/// Everything that a scenario folder says.
#[derive(Clone, Debug, PartialEq)]
pub struct Documents {
    pub manifest: Manifest,
    pub world: World,
    /// All files of `organisations/` in the order of their names.
    pub organisations: Vec<Organisation>,
    /// Many organisations of one kind; the file may be left out.
    pub populations: Vec<Population>,
    pub mitigations: Vec<Mitigation>,
    pub events: Vec<Event>,
    pub injects: Vec<Inject>,
    pub seats: Vec<Seat>,
    pub playbooks: Vec<Playbook>,
    pub sources: Vec<Source>,
    /// Published numbers that runs are compared with; the file may be left out. They change no run and are
    /// therefore no part of the scenario's digest.
    pub targets: Vec<Target>,
    /// UTC time up to which the measures of targets may reach; the end of a run if there is none.
    pub targets_until: Option<String>,
    /// Ranges of figures, and what a calibration may change; the file may be left out. No part of the digest either.
    pub uncertainty: Uncertainty,
}

/// The kinds of documents in a scenario folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Manifest,
    World,
    Organisations,
    Populations,
    Mitigations,
    Events,
    Injects,
    Seats,
    Playbooks,
    Sources,
    Targets,
    Uncertainty,
}

impl Part {
    /// In the order in which the files are read.
    pub(super) const ALL: [Part; 12] = [
        Part::Manifest,
        Part::World,
        Part::Organisations,
        Part::Populations,
        Part::Mitigations,
        Part::Events,
        Part::Injects,
        Part::Seats,
        Part::Playbooks,
        Part::Sources,
        Part::Targets,
        Part::Uncertainty,
    ];

    /// The document's file in the folder; `organisations/*.ron` means any number of files.
    pub(super) fn file(self) -> &'static str {
        match self {
            Part::Manifest => "scenario.ron",
            Part::World => "world.ron",
            Part::Organisations => "organisations/*.ron",
            Part::Populations => "populations.ron",
            Part::Mitigations => "mitigations.ron",
            Part::Events => "events.ron",
            Part::Injects => "injects.ron",
            Part::Seats => "seats.ron",
            Part::Playbooks => "playbooks.ron",
            Part::Sources => "sources.ron",
            Part::Targets => "targets.ron",
            Part::Uncertainty => "uncertainty.ron",
        }
    }

    pub(super) fn is_optional(self) -> bool {
        matches!(self, Part::Populations | Part::Targets | Part::Uncertainty)
    }

    /// The document that a file of the folder belongs to, by its name inside the folder.
    pub(super) fn from_file(name: &str) -> Option<Part> {
        let organisations =
            name.strip_prefix("organisations/").is_some_and(|rest| !rest.contains('/') && rest.ends_with(".ron"));
        if organisations {
            return Some(Part::Organisations);
        }
        Part::ALL.into_iter().find(|part| part.file() == name)
    }
}
