//! What holds a service back at a boundary, divided among causes.
//!
//! Must not guess: every part is read from the state from which the level is computed. docs/time.md has the rules.
//! Invariant: the parts of a `HeldBack` sum to `WHOLE`.

use std::collections::BTreeMap;

use crate::base::{Ix, Share};
use crate::scenario::compile::{Fleet, NeedIndex, Organisation, Service};
use crate::sim::World;
use crate::sim::held::{Limits, Obstacle};
use crate::sim::messages::is_addressed;

/// What holds a service back in the end, behind all services that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No method is known, and no message has reached those who decide.
    Unknown,
    /// No method is known.
    NoCure,
    /// Hosts wait for a technician.
    Hands,
    /// A technician looks for the host.
    Travel,
    /// Hosts are out of reach: the laptop at home.
    OutOfReach,
    /// Encrypted hosts wait for recovery keys.
    Keys,
    /// A technician repairs the host.
    Repair,
    /// Hosts restart by themselves and may win the race.
    Race,
    /// Everything works, and the service starts again.
    WarmUp,
    /// Work that the disruption left.
    Rework,
    /// An order: hosts held back, or a fallback closed.
    Decision,
    /// A limit that an event of the script sets.
    Limit,
    /// Services that wait for each other, or a fall shorter than the time between two samples.
    Other,
}

impl Cause {
    pub const COUNT: usize = 13;
    /// All causes in the order of their numbers.
    pub const ALL: [Cause; Cause::COUNT] = [
        Cause::Unknown,
        Cause::NoCure,
        Cause::Hands,
        Cause::Travel,
        Cause::OutOfReach,
        Cause::Keys,
        Cause::Repair,
        Cause::Race,
        Cause::WarmUp,
        Cause::Rework,
        Cause::Decision,
        Cause::Limit,
        Cause::Other,
    ];

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Cause::Unknown => "nobody-knew",
            Cause::NoCure => "no-cure",
            Cause::Hands => "hands",
            Cause::Travel => "travel",
            Cause::OutOfReach => "out-of-reach",
            Cause::Keys => "keys",
            Cause::Repair => "repair",
            Cause::Race => "reboot-race",
            Cause::WarmUp => "warm-up",
            Cause::Rework => "rework",
            Cause::Decision => "decision",
            Cause::Limit => "limit",
            Cause::Other => "other",
        }
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Cause::Unknown => "nobody knew yet",
            Cause::NoCure => "no cure known",
            Cause::Hands => "waiting for hands",
            Cause::Travel => "finding the machines",
            Cause::OutOfReach => "machines out of reach",
            Cause::Keys => "recovery keys",
            Cause::Repair => "the repair itself",
            Cause::Race => "reboot race",
            Cause::WarmUp => "warm-up",
            Cause::Rework => "the work left over",
            Cause::Decision => "a decision",
            Cause::Limit => "a limit from outside",
            Cause::Other => "not told apart",
        }
    }
}

/// Shares of causes in parts per million, in the order of `Cause::ALL`.
pub type Parts = [u32; Cause::COUNT];
/// The sum of `Parts`.
pub const WHOLE: u32 = 1_000_000;

/// A step on the way from a service to the root of its trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    Service(Ix<Service>),
    Fleet(Ix<Fleet>),
}

/// What holds a service back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    pub parts: Parts,
    /// The part, in parts per million, that comes through services that it needs.
    pub through_needs: u32,
    /// The way to the root along the largest part of each step, without the service itself.
    pub path: Vec<Link>,
    /// The end of this way.
    pub root: Cause,
}

/// What holds the services of a world back at one boundary. Answers are kept, so that many services can be asked for.
pub struct Holds<'a> {
    world: &'a World,
    services: BTreeMap<Ix<Service>, Option<HeldBack>>,
    fleets: BTreeMap<Ix<Fleet>, Option<HeldBack>>,
    informed: BTreeMap<Ix<Organisation>, bool>,
    /// Services whose answer is being computed, from the one asked for to the one that it came to.
    open: Vec<Ix<Service>>,
    /// An open service was asked for again, so answers on the way are not those of a service asked for first.
    has_met_open: bool,
}

/// What an amount of the missing level comes from.
#[derive(Clone, Copy)]
enum Source {
    Cause(Cause),
    Need(NeedIndex),
}

/// Amounts of the missing level are divided to this part of a millionth.
const FINE: u64 = 1 << 12;

impl<'a> Holds<'a> {
    /// Nothing is computed yet.
    pub fn new(world: &'a World) -> Self {
        Self {
            world,
            services: BTreeMap::new(),
            fleets: BTreeMap::new(),
            informed: BTreeMap::new(),
            open: Vec::new(),
            has_met_open: false,
        }
    }

    /// What holds a service below its target level; none if it is not below.
    pub fn held_back(&mut self, service: Ix<Service>) -> Option<HeldBack> {
        let is_below = self.world.level(service) < self.world.scenario().services[service].target;
        is_below.then(|| self.below_target(service))
    }

    /// The same for a service that may have reached its target in this minute: then what held it back from its whole
    /// level.
    pub fn of_last_minutes(&mut self, service: Ix<Service>) -> HeldBack {
        self.below_target(service)
    }

    fn below_target(&mut self, service: Ix<Service>) -> HeldBack {
        self.has_met_open = false;
        self.service(service).unwrap_or_else(|| HeldBack::from_cause(Cause::Other))
    }

    /// What holds a service back from its target level, or from its whole level if it is at its target. None if it is at
    /// its whole level, or if a circle of needs ends here.
    fn service(&mut self, service: Ix<Service>) -> Option<HeldBack> {
        if let Some(known) = self.services.get(&service) {
            return known.clone();
        }
        if self.open.contains(&service) {
            self.has_met_open = true;
            return None;
        }
        let scenario = self.world.scenario();
        let limits = self.world.limits_of(service);
        let target = scenario.services[service].target;
        let wanted = if limits.level < target { target } else { Share::WHOLE };
        if wanted <= limits.plain {
            return None;
        }
        let met_before = std::mem::take(&mut self.has_met_open);
        self.open.push(service);
        let found = self.divide(&amounts(&limits, wanted, |at| scenario.needs_of(service)[at].supplier));
        self.open.pop();
        let found = Some(found.unwrap_or_else(|| HeldBack::from_cause(Cause::Other)));
        // What a circle cut off would be different for a service asked for first.
        if !self.has_met_open {
            self.services.insert(service, found.clone());
        }
        self.has_met_open = (self.has_met_open || met_before) && !self.open.is_empty();
        found
    }

    /// What the hosts of a fleet wait for; none if all are usable.
    fn fleet(&mut self, fleet: Ix<Fleet>) -> Option<HeldBack> {
        if let Some(known) = self.fleets.get(&fleet) {
            return known.clone();
        }
        let world = self.world;
        let impaired = world.impaired(fleet);
        if impaired.hosts() == 0 {
            return None;
        }
        let organisation = world.scenario().fleets[fleet].organisation;
        let is_known = |holds: &mut Self, cause| if holds.is_informed(organisation) { cause } else { Cause::Unknown };
        let of_hosts = |hosts: u32| u64::from(hosts) * u64::from(WHOLE);
        let finding = u64::from(impaired.in_repair) * u64::from(impaired.reaching.ppm());
        let mut found = vec![
            (of_hosts(impaired.in_repair) - finding, Source::Cause(Cause::Repair)),
            (finding, Source::Cause(Cause::Travel)),
            (of_hosts(impaired.away), Source::Cause(Cause::OutOfReach)),
            (of_hosts(impaired.held), Source::Cause(Cause::Decision)),
        ];
        if 0 < impaired.crashing {
            found.push((of_hosts(impaired.crashing), Source::Cause(is_known(self, Cause::Race))));
        }
        for (&hosts, obstacle) in impaired.waiting.iter().zip(impaired.obstacles).filter(|(hosts, _)| **hosts != 0) {
            let source = match obstacle {
                None => Source::Cause(Cause::Hands),
                Some(Obstacle::Keys) => Source::Cause(Cause::Keys),
                Some(Obstacle::Cure) => Source::Cause(is_known(self, Cause::NoCure)),
                Some(Obstacle::Network) => world.scenario().organisations[organisation]
                    .network
                    .map_or(Source::Cause(Cause::NoCure), |network| Source::Need(NeedIndex::Service(network))),
            };
            found.push((of_hosts(hosts), source));
        }
        let met_before = std::mem::take(&mut self.has_met_open);
        // A circle ends here if the network waits for the hosts that wait for it.
        let held = self.divide(&found).or_else(|| Some(HeldBack::from_cause(Cause::Other)));
        if !self.has_met_open {
            self.fleets.insert(fleet, held.clone());
        }
        self.has_met_open |= met_before;
        held
    }

    /// Divides the whole by amounts. Sources that explain nothing are left out; none if no source explains anything.
    fn divide(&mut self, found: &[(u64, Source)]) -> Option<HeldBack> {
        let mut sums = [0_u128; Cause::COUNT];
        let (mut through, mut largest) = (0_u128, None::<(u64, Vec<Link>, Cause)>);
        for &(amount, source) in found.iter().filter(|(amount, _)| 0 < *amount) {
            let (held, link) = match source {
                Source::Cause(cause) => (Some(HeldBack::from_cause(cause)), None),
                Source::Need(NeedIndex::Fleet(fleet)) => (self.fleet(fleet), Some(Link::Fleet(fleet))),
                Source::Need(NeedIndex::Service(service)) => (self.service(service), Some(Link::Service(service))),
            };
            let Some(held) = held else { continue };
            for (sum, part) in sums.iter_mut().zip(held.parts) {
                *sum += u128::from(amount) * u128::from(part);
            }
            let through_ppm = if matches!(link, Some(Link::Service(_))) { WHOLE } else { held.through_needs };
            through += u128::from(amount) * u128::from(through_ppm);
            if largest.as_ref().is_none_or(|(most, ..)| *most < amount) {
                largest = Some((amount, link.into_iter().chain(held.path).collect(), held.root));
            }
        }
        let (_, path, root) = largest?;
        let whole: u128 = sums.iter().sum();
        Some(HeldBack {
            parts: shared_out(u64::from(WHOLE), &sums).map(|part| part as u32),
            through_needs: (through * u128::from(WHOLE) / whole) as u32,
            path,
            root,
        })
    }

    /// Has a message reached a seat that directs the organisation since the incident, or anybody if no seat does?
    fn is_informed(&mut self, organisation: Ix<Organisation>) -> bool {
        let world = self.world;
        *self.informed.entry(organisation).or_insert_with(|| {
            let scenario = world.scenario();
            let directs = |seat: &Ix<_>| scenario.seats[*seat].organisations.contains(&organisation);
            let seats: Vec<_> = scenario.seats.indices().filter(directs).collect();
            world.injects_fired().entries().any(|(inject, fired)| {
                fired.is_some_and(|tick| scenario.incident <= tick)
                    && (seats.is_empty() || seats.iter().any(|&seat| is_addressed(scenario, inject, seat)))
            })
        })
    }
}

impl HeldBack {
    /// One cause alone.
    pub fn from_cause(cause: Cause) -> Self {
        let mut parts = [0; Cause::COUNT];
        parts[cause as usize] = WHOLE;
        Self { parts, through_needs: 0, path: Vec::new(), root: cause }
    }
}

/// Divides the missing level, from what it is to what is wanted, by what ends below each point of it: a closed fallback
/// first, then rework up to the technical level, then the limit and the needs, and warm-up where nothing else ends.
/// Several needs below one point share it equally, so that the sum is each one's mean effect over all orders in which
/// they could be lifted (the Shapley value of a least level).
fn amounts(limits: &Limits, wanted: Share, supplier: impl Fn(usize) -> NeedIndex) -> Vec<(u64, Source)> {
    let mut found = Vec::new();
    let mut from = limits.plain.ppm();
    let mut rise = |found: &mut Vec<(u64, Source)>, to: Share, source| {
        let to = to.min(wanted).ppm();
        if from < to {
            found.push((u64::from(to - from) * FINE, source));
            from = to;
        }
    };
    if let Some(closed) = limits.closed {
        rise(&mut found, closed, Source::Cause(Cause::Decision));
    }
    rise(&mut found, limits.technical, Source::Cause(Cause::Rework));
    let needs = limits.needs.iter().enumerate().map(|(at, &level)| (level, Source::Need(supplier(at))));
    let mut bounds: Vec<(Share, Source)> =
        std::iter::once((limits.limit, Source::Cause(Cause::Limit))).chain(needs).collect();
    bounds.retain(|(level, _)| *level < wanted);
    bounds.sort_by_key(|(level, _)| *level);
    rise(&mut found, bounds.first().map_or(wanted, |(level, _)| *level), Source::Cause(Cause::WarmUp));
    let mut of_bounds = vec![0; bounds.len()];
    for below in 1..=bounds.len() {
        let until = bounds.get(below).map_or(wanted, |(level, _)| *level).ppm();
        if from < until {
            let each = u64::from(until - from) * FINE / below as u64;
            of_bounds[..below].iter_mut().for_each(|amount| *amount += each);
            from = until;
        }
    }
    let of_bounds = of_bounds.into_iter().zip(bounds).filter(|(amount, _)| 0 < *amount);
    found.extend(of_bounds.map(|(amount, (_, source))| (amount, source)));
    found
}

/// A whole number divided in proportion to weights, by the largest remainder (of equal ones, the first). Zero if all
/// weights are.
pub fn shared_out(whole: u64, weights: &[u128; Cause::COUNT]) -> [u64; Cause::COUNT] {
    let sum: u128 = weights.iter().sum();
    if sum == 0 {
        return [0; Cause::COUNT];
    }
    let exact = weights.map(|weight| weight * u128::from(whole));
    let mut parts = exact.map(|exact| (exact / sum) as u64);
    let mut order: Vec<usize> = (0..Cause::COUNT).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(exact[at] % sum));
    let left = whole - parts.iter().sum::<u64>();
    order.iter().take(left as usize).for_each(|&at| parts[at] += 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(per_cent: u32) -> Share {
        Share::from_ppm(per_cent * 10_000)
    }

    /// The missing level from 20 to 90 %, in per cent by what it comes from: a need has the number of its fleet.
    fn divided(technical: u32, limit: u32, needs: &[u32], closed: Option<u32>) -> Vec<(String, u64)> {
        let limits = Limits {
            level: share(20),
            technical: share(technical),
            plain: share(20),
            limit: share(limit),
            needs: needs.iter().map(|&need| share(need)).collect(),
            closed: closed.map(share),
        };
        let found = amounts(&limits, share(90), |at| NeedIndex::Fleet(Ix::from_usize(at)));
        let name = |source| match source {
            Source::Cause(cause) => cause.id().to_owned(),
            Source::Need(NeedIndex::Fleet(fleet)) => format!("need {fleet}"),
            Source::Need(NeedIndex::Service(_)) => unreachable!("all needs are fleets"),
        };
        found.into_iter().map(|(amount, source)| (name(source), amount / FINE / 10_000)).collect()
    }

    #[test]
    fn each_step_of_the_level_belongs_to_what_ends_below_it() {
        let check = |found: Vec<(String, u64)>, expected: &[(&str, u64)]| {
            let expected: Vec<_> = expected.iter().map(|&(name, amount)| (name.to_owned(), amount)).collect();
            assert_eq!(found, expected);
        };
        // Alone: a need, rework, warm-up, a limit, a closed fallback.
        check(divided(20, 100, &[20], None), &[("need 0", 70)]);
        check(divided(95, 100, &[100], None), &[("rework", 70)]);
        check(divided(20, 100, &[100, 100], None), &[("warm-up", 70)]);
        check(divided(20, 20, &[100], None), &[("limit", 70)]);
        check(divided(20, 100, &[20], Some(95)), &[("decision", 70)]);
        // One after the other, and two needs that share the upper part: 10 + 30 / 2 and 30 / 2.
        check(divided(30, 100, &[60, 50], None), &[("rework", 10), ("warm-up", 20), ("need 1", 25), ("need 0", 15)]);
        check(divided(20, 60, &[20], Some(50)), &[("decision", 30), ("need 0", 25), ("limit", 15)]);
        // A need that fell in this minute counts from the next one on, up from the technical level.
        check(divided(40, 100, &[10], None), &[("rework", 20), ("need 0", 50)]);
    }

    #[test]
    fn a_whole_is_shared_out_to_the_last_unit() {
        let shares = |whole: u64, first: [u128; 3]| {
            let mut weights = [0; Cause::COUNT];
            weights[..3].copy_from_slice(&first);
            let parts = shared_out(whole, &weights);
            assert_eq!(parts.iter().sum::<u64>(), if weights.iter().all(|weight| *weight == 0) { 0 } else { whole });
            [parts[0], parts[1], parts[2]]
        };
        assert_eq!(shares(10, [1, 1, 1]), [4, 3, 3]);
        assert_eq!(shares(7, [1, 2, 4]), [1, 2, 4]);
        assert_eq!(shares(2, [3, 3, 4]), [1, 0, 1]);
        assert_eq!(shares(5, [0, 0, 0]), [0, 0, 0]);
    }

    #[test]
    fn causes_stand_at_their_numbers_and_have_words_of_their_own() {
        for (number, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, number);
            let same = |other: &&Cause| other.id() == cause.id() || other.words() == cause.words();
            assert_eq!(Cause::ALL.iter().filter(same).count(), 1, "{}", cause.id());
        }
    }
}
