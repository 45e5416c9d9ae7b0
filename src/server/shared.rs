//! What all requests share: the codes, the door to the exercise, and the limits on tries.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::codes::{Codes, is_same};
use super::keeper::{Keeper, Published};
use super::lock::locked;
use super::parts::Parts;
use crate::exercise::action::PersonId;

/// Wrong codes of one address, and of all together, in a minute.
const WRONG_OF_ADDRESS_MAX: u32 = 5;
const WRONG_OF_ALL_MAX: u32 = 60;
/// Requests of one address in a second; a classroom behind one address fits in.
const REQUESTS_MAX: u32 = 400;
const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);
/// Addresses that are remembered; the oldest are forgotten.
const ADDRESSES_MAX: usize = 4096;

/// Counts in a span of time.
#[derive(Clone, Copy, Debug)]
struct Count {
    since: Instant,
    count: u32,
}

impl Count {
    /// Counts one more; the count of the present span.
    fn add(&mut self, span: Duration) -> u32 {
        if span <= self.since.elapsed() {
            *self = Self { since: Instant::now(), count: 0 };
        }
        self.count = self.count.saturating_add(1);
        self.count
    }

    fn now(&self, span: Duration) -> u32 {
        if self.since.elapsed() < span { self.count } else { 0 }
    }

    fn new() -> Self {
        Self { since: Instant::now(), count: 0 }
    }
}

/// The state of the server.
pub struct Shared {
    /// Address for browsers, without a slash at its end.
    pub base: String,
    pub hosts: BTreeSet<String>,
    codes: Mutex<Codes>,
    codes_file: Option<PathBuf>,
    pub keeper: Keeper,
    pub published: Published,
    pub parts: Parts,
    /// Distinguishes this start of the program in the ids of events.
    pub start: String,
    wrong: Mutex<(Count, BTreeMap<IpAddr, Count>)>,
    requests: Mutex<BTreeMap<IpAddr, Count>>,
    /// Refusals to be shown on a page without scripts, by person.
    notices: Mutex<BTreeMap<PersonId, String>>,
    /// Open feeds by person.
    feeds: Mutex<BTreeMap<PersonId, u32>>,
}

/// The result of a try with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Right,
    Wrong,
    /// Too many wrong ones: wait a minute.
    TooMany,
}

/// Open feeds of one person: several tabs and devices, and some that have not noticed yet that they are gone.
const FEEDS_MAX: u32 = 8;

impl Shared {
    pub fn new(
        base: String,
        hosts: BTreeSet<String>,
        codes: Codes,
        codes_file: Option<PathBuf>,
        keeper: Keeper,
        published: Published,
    ) -> Self {
        let start = codes.wall_key[..4].to_owned() + &format!("{:x}", keeper.started_s());
        Self {
            base,
            hosts,
            codes: Mutex::new(codes),
            codes_file,
            keeper,
            published,
            parts: Parts::default(),
            start,
            wrong: Mutex::new((Count::new(), BTreeMap::new())),
            requests: Mutex::default(),
            notices: Mutex::default(),
            feeds: Mutex::default(),
        }
    }

    /// Do pages come over TLS?
    pub fn is_secure(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// The address with the PIN, for the QR code.
    pub fn join_address(&self) -> String {
        format!("{}/?pin={}", self.base, self.codes().pin)
    }

    pub fn codes(&self) -> MutexGuard<'_, Codes> {
        locked(&self.codes)
    }

    /// Writes the file of codes.
    ///
    /// # Errors
    /// A sentence with the reason.
    pub fn save_codes(&self) -> Result<(), String> {
        let codes = self.codes().clone();
        self.codes_file.as_ref().map_or(Ok(()), |path| codes.write(path))
    }

    /// May an address send a further request now?
    pub fn may_request(&self, ip: IpAddr) -> bool {
        let mut requests = locked(&self.requests);
        forget_some(&mut requests, SECOND);
        requests.entry(ip).or_insert_with(Count::new).add(SECOND) <= REQUESTS_MAX
    }

    /// Compares a code; wrong ones count for the address and for all.
    pub fn try_code(&self, ip: IpAddr, given: &str, right: &str) -> Tried {
        let mut wrong = locked(&self.wrong);
        let (all, by_address) = &mut *wrong;
        forget_some(by_address, MINUTE);
        let of_address = by_address.get(&ip).map_or(0, |count| count.now(MINUTE));
        if WRONG_OF_ADDRESS_MAX <= of_address || WRONG_OF_ALL_MAX <= all.now(MINUTE) {
            return Tried::TooMany;
        }
        if is_same(given.trim(), right) {
            return Tried::Right;
        }
        all.add(MINUTE);
        by_address.entry(ip).or_insert_with(Count::new).add(MINUTE);
        Tried::Wrong
    }

    /// Keeps a refusal for the next page of a person.
    pub fn notify(&self, person: PersonId, words: String) {
        locked(&self.notices).insert(person, words);
    }

    /// Takes the refusal that a person has not seen yet.
    pub fn take_notice(&self, person: PersonId) -> Option<String> {
        locked(&self.notices).remove(&person)
    }

    /// Counts an open feed; false if the person has too many.
    pub fn open_feed(&self, person: PersonId) -> bool {
        let mut feeds = locked(&self.feeds);
        let count = feeds.entry(person).or_default();
        if FEEDS_MAX <= *count {
            return false;
        }
        *count += 1;
        true
    }

    pub fn close_feed(&self, person: PersonId) {
        if let Some(count) = locked(&self.feeds).get_mut(&person) {
            *count = count.saturating_sub(1);
        }
    }

    /// Does a person have an open page?
    pub fn is_here(&self, person: PersonId) -> bool {
        locked(&self.feeds).get(&person).is_some_and(|count| 0 < *count)
    }
}

fn forget_some(counts: &mut BTreeMap<IpAddr, Count>, span: Duration) {
    if ADDRESSES_MAX <= counts.len() {
        counts.retain(|_, count| count.since.elapsed() < span);
    }
    // A flood of addresses within one span must not fill the memory.
    if ADDRESSES_MAX <= counts.len() {
        counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_begin_anew_after_their_span() {
        let mut count = Count { since: Instant::now() - SECOND * 2, count: 100 };
        assert_eq!(count.now(SECOND), 0);
        assert_eq!((count.add(SECOND), count.add(SECOND)), (1, 2));
    }
}
