//! Digests of a world. `World::seal` updates the digest at the cost of the entities that changed since the last call;
//! `World::digest` computes all entities anew. Tests compare the two.
//!
//! Must not change state. Invariant: an entity whose digested fields change is on the list of its kind before the next
//! seal.

use super::issuer::Issuer;
use super::phases::hands;
use super::queue_arena::QueueArena;
use super::slice::{CommonAt, DigestSums, SliceSums};
use super::world::{ChannelState, FleetState, Order, OrderState, OrganisationState, ServiceState, World};
use crate::base::draw::mix;
use crate::base::{Column, Digest, DigestWriter, Ix, Share, Tick};
use crate::scenario::compile::{Channel, Flag, Fleet, Organisation, Service};

/// The part of the state that is common to all organisations, at a boundary: events and injects before the boundary have
/// fired.
struct Common<'a> {
    boundary: Tick,
    channels: &'a Column<Channel, ChannelState>,
    flags: &'a Column<Flag, bool>,
    /// The states of orders; none for the present ones.
    orders: Option<&'a Column<Order, OrderState>>,
}

impl World {
    /// The digest of the state at this boundary: equal states give equal digests on every platform. Equals `digest`, at
    /// the cost of the entities that changed since the last call.
    pub fn seal(&mut self) -> Digest {
        let sums = self.sealed_sums(self.state.tick);
        if self.derived.seal.is_common_unsealed {
            self.derived.seal.is_common_unsealed = false;
            self.derived.seal.common = self.common_word(&self.common_now(), DigestForm::Current);
        }
        self.folded(self.state.tick, self.scenario.digest, &sums, self.derived.seal.common)
    }

    /// The sums of the digest of a boundary, after the words of all changed entities were computed anew.
    pub(super) fn sealed_sums(&mut self, boundary: Tick) -> DigestSums {
        hands::accrue(self, boundary);
        if !self.derived.seal.is_kept {
            self.keep_columns();
        }
        self.seal_changed();
        DigestSums { entities: self.derived.seal.sum, calendars: self.state.calendars.digests() }
    }

    /// The digests of the boundaries of a time slice, which this world has just left.
    pub(super) fn slice_digests(&mut self, mut sums: SliceSums, digests: &mut Vec<Digest>) {
        if !self.derived.seal.is_common_unsealed {
            let common = self.derived.seal.common;
            let folded = |(boundary, sums)| self.folded(boundary, self.scenario.digest, &sums, common);
            digests.extend(sums.boundaries().map(folded));
            return;
        }
        let mut orders: Column<Order, OrderState> = self.state.orders.iter().map(|order| order.state).collect();
        sums.orders.iter().rev().for_each(|change| orders[change.order] = change.before);
        // Stable: an order may change twice in a minute.
        sums.orders.sort_by_key(|change| change.minute);
        let fired = self.state.events_fired.iter().chain(&self.state.injects_fired).flatten().copied();
        // Channels and flags change by events alone.
        let mut changes: Vec<Tick> = fired.chain(sums.orders.iter().map(|change| change.minute)).collect();
        changes.sort_unstable();
        let (mut turns, mut states) = (sums.orders.iter().peekable(), sums.common.iter().peekable());
        let (mut state, mut last) = (None, None::<(usize, u64)>);
        for (boundary, sums) in sums.boundaries() {
            while let Some(next) = states.next_if(|next| next.minute < boundary) {
                state = Some(next);
            }
            while let Some(change) = turns.next_if(|change| change.minute < boundary) {
                orders[change.order] = change.after;
            }
            let Some(CommonAt { channels, flags, .. }) = state else { continue };
            let count = changes.partition_point(|&change| change < boundary);
            let common = Common { boundary, channels, flags, orders: Some(&orders) };
            let word = match last {
                Some((before, word)) if before == count => word,
                _ => self.common_word(&common, DigestForm::Current),
            };
            last = Some((count, word));
            digests.push(self.folded(boundary, self.scenario.digest, &sums, word));
        }
        // Where the last of these words covers the whole slice, the next digests need no other until something changes.
        if let Some((count, word)) = last
            && count == changes.len()
        {
            (self.derived.seal.common, self.derived.seal.is_common_unsealed) = (word, false);
        }
    }

    fn common_now(&self) -> Common<'_> {
        let World { state, .. } = self;
        Common { boundary: Tick(u32::MAX), channels: &state.channels, flags: &state.flags, orders: None }
    }

    /// Makes host columns and calendars keep their digests from now on, and marks all entities as changed.
    fn keep_columns(&mut self) {
        for fleet in self.state.fleets.indices() {
            self.state.fleets[fleet].column_digest = self.column_digest(fleet);
        }
        self.state.calendars.keep_digests();
        self.derived.seal.fleets = self.state.fleets.indices().collect();
        self.derived.seal.services = self.state.services.indices().collect();
        self.derived.seal.organisations = self.state.organisations.indices().collect();
        (self.derived.seal.words, self.derived.seal.sum) =
            (vec![0; self.derived.seal.organisations_from + self.state.organisations.len()], 0);
        self.derived.seal.is_kept = true;
    }

    fn seal_changed(&mut self) {
        let mut changed = std::mem::take(&mut self.derived.seal.fleets);
        for fleet in changed.drain(..) {
            self.state.fleets[fleet].is_unsealed = false;
            let word = self.fleet_word(fleet);
            self.derived.seal.set(fleet.position(), word);
        }
        self.derived.seal.fleets = changed;
        let mut changed = std::mem::take(&mut self.derived.seal.services);
        for service in changed.drain(..) {
            self.state.services[service].is_unsealed = false;
            let word = self.service_word(service);
            self.derived.seal.set(self.derived.seal.services_from + service.position(), word);
        }
        self.derived.seal.services = changed;
        let mut changed = std::mem::take(&mut self.derived.seal.organisations);
        for organisation in changed.drain(..) {
            self.state.organisations[organisation].lists.is_unsealed = false;
            let word = self.organisation_word(organisation);
            self.derived.seal.set(self.derived.seal.organisations_from + organisation.position(), word);
        }
        self.derived.seal.organisations = changed;
    }

    /// The digest of the state at this boundary, computed from all entities.
    pub fn digest(&self) -> Digest {
        let fleets = self.state.fleets.indices().map(|fleet| self.fleet_word(fleet));
        let services = self.state.services.indices().map(|service| self.service_word(service));
        let organisations = self.state.organisations.indices().map(|organisation| self.organisation_word(organisation));
        let sum = fleets.chain(services).chain(organisations).fold(0, u64::wrapping_add);
        let sums = DigestSums { entities: sum, calendars: self.state.calendars.digests() };
        self.folded(
            self.state.tick,
            self.scenario.digest,
            &sums,
            self.common_word(&self.common_now(), DigestForm::Current),
        )
    }

    /// The digest of one organisation with its fleets and services. A decision that cannot reach the organisation leaves
    /// it unchanged.
    pub fn organisation_digest(&self, organisation: Ix<Organisation>) -> Digest {
        let compiled = &self.scenario.organisations[organisation];
        let mut writer = DigestWriter::default();
        writer.word(self.organisation_word(organisation));
        compiled.fleets.iter().for_each(|fleet| writer.word(self.fleet_word(fleet)));
        compiled.services.iter().for_each(|service| writer.word(self.service_word(service)));
        writer.finish()
    }

    fn folded(&self, boundary: Tick, scenario_digest: Digest, sums: &DigestSums, common: u64) -> Digest {
        let mut writer = DigestWriter::default();
        writer.word(scenario_digest.0);
        writer.word(self.seed);
        writer.word(u64::from(boundary.0));
        writer.word(sums.entities);
        writer.word(common);
        let [older @ .., in_reach] = sums.calendars;
        older.into_iter().for_each(|digest| writer.word(digest));
        // Left out without entries, so that runs without hosts out of reach keep the digests that they had before.
        if in_reach != 0 {
            writer.word(in_reach);
        }
        writer.finish()
    }

    fn fleet_word(&self, fleet: Ix<Fleet>) -> u64 {
        let mut writer = DigestWriter::default();
        writer.word(1 << 32 | u64::from(fleet.number()));
        write_fleet(&mut writer, &self.state.fleets[fleet], &self.state.queue_arena);
        writer.word(self.column_digest(fleet));
        writer.finish().0
    }

    fn service_word(&self, service: Ix<Service>) -> u64 {
        let mut writer = DigestWriter::default();
        writer.word(2 << 32 | u64::from(service.number()));
        write_service(&mut writer, &self.state.services[service]);
        for need in &self.state.needs[self.scenario.services[service].needs] {
            writer.pair(need.response.ppm(), need.buffer_min);
        }
        writer.finish().0
    }

    fn organisation_word(&self, organisation: Ix<Organisation>) -> u64 {
        let mut writer = DigestWriter::default();
        writer.word(3 << 32 | u64::from(organisation.number()));
        let accrued = hands::accrued(self, organisation);
        write_organisation(&mut writer, &self.state.organisations[organisation], accrued);
        writer.finish().0
    }

    /// The word of the state that belongs to no organisation: events, injects, channels, flags, staff pools, grants and
    /// orders.
    fn common_word(&self, common: &Common, form: DigestForm) -> u64 {
        let mut writer = DigestWriter::default();
        let fired = self.state.events_fired.iter().chain(&self.state.injects_fired);
        fired.for_each(|&tick| writer.word(tick_word(tick.filter(|&tick| tick < common.boundary))));
        for channel in common.channels {
            writer.word(tick_word(channel.live_since));
            writer.pair(channel.releases, u32::from(channel.is_staged) * 2 + u32::from(channel.follows_rings));
        }
        common.flags.iter().for_each(|&flag| writer.word(u64::from(flag)));
        self.state.pools_free.iter().for_each(|&free| writer.word(u64::from(free)));
        self.state.prepared_cents.iter().for_each(|&cents| writer.word(cents));
        for grant in &self.state.grants {
            writer.pair(grant.organisation.number(), grant.technicians as u32);
            writer.pair(grant.begins.0, grant.ends.0);
        }
        match form {
            DigestForm::Current => self.write_orders(common, &mut writer),
            DigestForm::Version1 => self.write_orders_of_version_1(&mut writer),
        }
        writer.finish().0
    }
}

/// What a digest covers, which has changed with the version of run files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DigestForm {
    Current,
    /// Run files of version 1: without issuers, and without cancelled orders.
    Version1,
}

impl World {
    /// Cancelled orders are included: a log that leaves out or alters a command must give another digest.
    fn write_orders(&self, common: &Common, writer: &mut DigestWriter) {
        for (index, order) in self.state.orders.entries() {
            let state = common.orders.map_or(order.state, |states| states[index]);
            writer.pair(issuer_word(Some(order.by)), issuer_word(order.cancelled_by));
            writer.pair(order.mitigation.number(), order.ordered.0);
            writer.pair(order.starts.0, order.effective.0);
            writer.pair(order.team_until.0, order.technicians_until.0);
            writer.word(order.target.word());
            writer.pair(order.ends.map_or(u32::MAX, |tick| tick.0), state as u32);
        }
    }

    fn write_orders_of_version_1(&self, writer: &mut DigestWriter) {
        for order in self.state.orders.iter().filter(|order| order.state != OrderState::Cancelled) {
            writer.pair(order.mitigation.number(), order.effective.0);
            writer.word(order.target.word());
            writer.pair(order.ends.map_or(u32::MAX, |tick| tick.0), order.state as u32);
        }
    }

    /// The digest of this boundary as run files of version 1 have it, with the scenario's digest of that time.
    pub fn seal_of_version_1(&mut self, scenario_digest: Digest) -> Digest {
        let sums = self.sealed_sums(self.state.tick);
        let common = self.common_word(&self.common_now(), DigestForm::Version1);
        self.folded(self.state.tick, scenario_digest, &sums, common)
    }
}

/// Seats by number; what is no seat lies above all of them.
fn issuer_word(issuer: Option<Issuer>) -> u32 {
    match issuer {
        Some(Issuer::Seat(seat)) => seat.number(),
        Some(Issuer::Policy) => u32::MAX - 2,
        Some(Issuer::Facilitator) => u32::MAX - 1,
        None => u32::MAX,
    }
}

fn tick_word(tick: Option<Tick>) -> u64 {
    tick.map_or(u64::MAX, |tick| u64::from(tick.0))
}

fn write_fleet(writer: &mut DigestWriter, fleet: &FleetState, queue_arena: &QueueArena) {
    fleet.counts.chunks(2).for_each(|pair| writer.pair(pair[0], pair[1]));
    writer.pair(fleet.received, fleet.crashed);
    writer.pair(fleet.self_recovered, fleet.repaired);
    writer.pair(fleet.repairs_failed, fleet.waiting.crew_site);
    for (class, &len) in fleet.waiting.lens.iter().enumerate() {
        writer.pair(len, fleet.waiting.first(queue_arena, class).map_or(u32::MAX, Ix::number));
    }
}

fn write_service(writer: &mut DigestWriter, service: &ServiceState) {
    writer.pair(service.level.ppm(), service.technical.ppm());
    writer.pair(service.limit.ppm(), service.as_of.0);
    writer.word(u64::from(service.wakes_at.0));
    writer.word(service.backlog_micro);
    writer.word(service.lost_micro);
    writer.word(service.postponed_micro);
    writer.word(service.rework_milli);
    writer.word(service.loss_ppm_min);
    writer.pair(service.fallback_used_min, service.below_now_min);
    writer.pair(service.below_min, service.outside_min);
    writer.word(tick_word(service.at_target_since));
    writer.word(tick_word(service.first_below));
    let switches = [service.is_fallback_open, service.is_fallback_barred, service.is_fallback_on, service.is_failing];
    writer.word(switches.iter().fold(0, |word, &is_on| word * 2 + u64::from(is_on)));
    if let Some(called_off) = &service.called_off {
        called_off.words().for_each(|word| writer.word(word));
    }
}

fn write_organisation(writer: &mut DigestWriter, organisation: &OrganisationState, accrued: (u64, Share)) {
    let (cost_cents, fatigue) = accrued;
    writer.pair(organisation.busy, organisation.waiting);
    writer.pair(organisation.tied, organisation.failing);
    writer.word(organisation.work_offset_min() as u64);
    writer.word(cost_cents);
    writer.pair(fatigue.ppm(), organisation.clocks_missed);
    organisation.trust.chunks(2).for_each(|pair: &[Share]| writer.pair(pair[0].ppm(), pair[1].ppm()));
    writer.word(tick_word(organisation.clocks_from));
    writer.pair(u32::from(organisation.has_notified), organisation.first_fleet.map_or(u32::MAX, Ix::number));
    writer.word(mix(u64::from(organisation.exposed_from.0)));
}
