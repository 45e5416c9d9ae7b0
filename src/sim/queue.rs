//! Hosts of a fleet that wait for hands, by class, by site and then in the order they came.
//!
//! Entries of hosts that came back by themselves stay behind; whoever takes from a queue skips them.

use super::pool::{Line, Pool};

/// Classes of waiting hosts: plain, encrypted, to be rebuilt.
pub(super) const CLASSES: usize = 3;
/// No method is at hand.
pub(super) const NO_METHOD: u16 = u16::MAX;

/// Hosts of a fleet that wait for hands, and where its crew stands; in one line of memory.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(super) struct Waiting {
    /// Entries of each class.
    pub lens: [u32; CLASSES],
    pub crew_site: u32,
    /// Lines of a fleet on one site.
    lines: [Line; CLASSES],
    /// Lines of a fleet on several sites, class by class; none before somebody waits.
    #[expect(clippy::box_collection, reason = "eight bytes in place of twenty-four")]
    sites: Option<Box<Vec<Line>>>,
    /// Method at hand for each class, if `methods_of` is the world's count of changes of methods.
    pub methods: [u16; CLASSES],
    /// The fleet holds its organisation's keys, as in the scenario.
    pub is_key_server: bool,
    /// It stands on several sites, as in the scenario.
    pub is_spread: bool,
    pub methods_of: u32,
}

impl Waiting {
    /// Nobody waits.
    pub fn new(is_key_server: bool, is_spread: bool) -> Self {
        Self { is_key_server, is_spread, ..Self::default() }
    }

    /// Adds a host of a fleet on one site.
    #[inline]
    pub fn push(&mut self, pool: &mut Pool, class: usize, host: u32) {
        self.lens[class] += 1;
        pool.push(&mut self.lines[class], host);
    }

    /// Adds a host at its site, one of several.
    pub fn push_at(&mut self, pool: &mut Pool, class: usize, host: u32, site: u32, sites: u32) {
        self.lens[class] += 1;
        let lines = self.sites.get_or_insert_with(|| vec![Line::default(); CLASSES * sites as usize].into());
        pool.push(&mut lines[class * sites as usize + site as usize], host);
    }

    /// Takes the host of a class that has waited longest where the crew stands, or else at the next site around
    /// where one waits; gives its site too.
    #[inline]
    pub fn pop(&mut self, pool: &mut Pool, class: usize) -> Option<(u32, u32)> {
        if self.lens[class] == 0 {
            return None;
        }
        self.lens[class] -= 1;
        let Some(lines) = &mut self.sites else {
            return pool.pop(&mut self.lines[class]).map(|host| (host, 0));
        };
        let count = lines.len() / CLASSES;
        let lines = &mut lines[class * count..(class + 1) * count];
        let site = around(lines, self.crew_site)?;
        pool.pop(&mut lines[site]).map(|host| (host, site as u32))
    }

    /// The first entry of a class, for digests.
    pub fn first(&self, pool: &Pool, class: usize) -> Option<u32> {
        let line = self.of_class(class).iter().find(|line| !line.is_empty())?;
        pool.first(*line)
    }

    fn of_class(&self, class: usize) -> &[Line] {
        match &self.sites {
            None => &self.lines[class..=class],
            Some(lines) => {
                let count = lines.len() / CLASSES;
                &lines[class * count..(class + 1) * count]
            }
        }
    }

    /// A copy whose entries lie in another pool.
    pub fn moved(&self, from: &Pool, to: &mut Pool) -> Self {
        let mut copy = self.clone();
        let lines = copy.lines.iter_mut().chain(copy.sites.iter_mut().flat_map(|lines| lines.iter_mut()));
        for line in lines {
            let entries = from.slices(std::mem::take(line)).flatten();
            entries.for_each(|&host| to.push(line, host));
        }
        copy
    }

    /// Gives up all entries.
    pub fn clear(&mut self, pool: &mut Pool) {
        let lines = self.lines.iter_mut().chain(self.sites.iter_mut().flat_map(|lines| lines.iter_mut()));
        lines.for_each(|line| pool.drain(line, &mut Vec::new()));
        self.lens = [0; CLASSES];
    }
}

/// The first site from one on, counting around, where somebody waits.
fn around(lines: &[Line], from: u32) -> Option<usize> {
    let (before, behind) = lines.split_at(from as usize);
    let is_taken = |line: &Line| !line.is_empty();
    let ahead = behind.iter().position(is_taken).map(|at| from as usize + at);
    ahead.or_else(|| before.iter().position(is_taken))
}
