//! The words of a world's entities at the last seal, and the entities that changed since.
//!
//! Must not know how the word of an entity is computed (`digests`).

use crate::base::Ix;
use crate::scenario::compile::{Fleet, Organisation, Scenario, Service};

/// The words of all entities at the last seal, and the entities that changed since.
#[derive(Clone, Debug)]
pub(super) struct Seal {
    pub fleets: Vec<Ix<Fleet>>,
    pub organisations: Vec<Ix<Organisation>>,
    pub services: Vec<Ix<Service>>,
    /// Set by the first seal: changes are recorded from then on.
    pub is_kept: bool,
    /// Orders, flags, staff pools, channels, events or injects changed.
    pub is_common_unsealed: bool,
    pub common: u64,
    /// One word for each entity; empty before the first seal.
    pub words: Vec<u64>,
    pub sum: u64,
    /// The begin of services and of organisations among the words; fleets come first.
    pub services_from: usize,
    pub organisations_from: usize,
}

impl Seal {
    pub fn new(scenario: &Scenario) -> Self {
        let services_from = scenario.fleets.len();
        Self {
            fleets: Vec::new(),
            organisations: Vec::new(),
            services: Vec::new(),
            is_kept: false,
            is_common_unsealed: true,
            common: 0,
            words: Vec::new(),
            sum: 0,
            services_from,
            organisations_from: services_from + scenario.services.len(),
        }
    }

    /// Makes the next seal compute everything anew.
    pub fn forget(&mut self) {
        self.is_kept = false;
        self.is_common_unsealed = true;
    }

    /// Sets the word of an entity.
    pub fn set(&mut self, index: usize, word: u64) {
        self.sum = self.sum.wrapping_sub(self.words[index]).wrapping_add(word);
        self.words[index] = word;
    }
}
