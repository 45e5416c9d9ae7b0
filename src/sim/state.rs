//! The parts of a world: what is kept of a host, a fleet, an organisation, a service, an order.
//!
//! Owns the layout of the state and what can be said of one part alone; what happens to it is the phases'. What is
//! touched together stands together: a big world lives by its cache lines.

use super::command::Issuer;
use super::queue::Waiting;
use crate::base::draw::mix;
use crate::base::{Share, Tick};
use crate::scenario::compile::Target;

/// What a host is doing. `Up` includes hosts merely switched off: that is a function of the host's
/// key and the local hour, never an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum HostState {
    Up = 0,
    /// Received the content, in the reboot race.
    Crashing = 1,
    /// Lost the race, waits for hands.
    Down = 2,
    InRepair = 3,
    /// Kept off the network on purpose.
    Held = 4,
    /// The repair failed: must be set up anew.
    Rebuild = 5,
}

impl HostState {
    /// All states in the order of counts.
    pub const ALL: [HostState; 6] =
        [HostState::Up, HostState::Crashing, HostState::Down, HostState::InRepair, HostState::Held, HostState::Rebuild];

    pub(super) fn of(byte: u8) -> Self {
        HostState::ALL[(byte & STATE_BITS) as usize]
    }
}

pub(super) const STATE_BITS: u8 = 0b0111;
/// Set once the host has received the bad content.
pub(super) const RECEIVED_BIT: u8 = 0b1000;

/// A fleet's share of the state: what changes with every host in one line of memory, who waits for hands in the
/// next, which processors fetch with it.
#[derive(Clone, Debug, Default)]
#[repr(C, align(128))]
pub struct FleetState {
    /// Hosts by `HostState`.
    pub counts: [u32; 6],
    pub received: u32,
    pub crashed: u32,
    pub self_recovered: u32,
    pub repaired: u32,
    pub repairs_failed: u32,
    /// Sum of a mix of every host's byte: the column's digest, kept as hosts change once the world is sealed.
    pub(super) column_digest: u64,
    /// Its organisation, as in the scenario.
    pub(super) organisation: u32,
    /// Its kind, as in the scenario.
    pub(super) kind: u16,
    /// Its supply may have changed since services last looked.
    pub(super) is_touched: bool,
    pub(super) is_unsealed: bool,
    pub(super) waiting: Waiting,
}

const _: () = assert!(size_of::<FleetState>() == 128, "two lines of memory");

impl FleetState {
    /// Hosts in one state.
    pub fn count(&self, state: HostState) -> u32 {
        self.counts[state as usize]
    }

    /// Hosts that crashed and cannot be used.
    pub fn down(&self) -> u32 {
        self.counts[1] + self.counts[2] + self.counts[3] + self.counts[5]
    }

    /// Hosts that cannot be used for any reason.
    pub fn impaired(&self) -> u32 {
        self.down() + self.counts[4]
    }
}

/// What orders in force make of an organisation; recomputed whenever one begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Modifiers {
    pub overtime: f64,
    pub rest: f64,
    /// People from outside, and the hands they are worth in thousandths.
    pub outside_people: u32,
    pub outside_hands_milli: u32,
    /// People granted by the facilitator less people taken.
    pub granted: i32,
    pub locate: f64,
    pub touch_with_key: f64,
    pub failure: f64,
    pub is_verified: bool,
    pub has_escrow: bool,
    /// Methods the crews were told to use, the last told first.
    pub methods: Vec<u32>,
    /// Mean minutes of unattended remediation; none if not opted in.
    pub unattended_mean_min: Option<f64>,
    /// Fleets restored from backup, with the factor on touch time.
    pub restored: Vec<(u32, f64)>,
}

/// No order in force.
pub static NO_MODIFIERS: Modifiers = Modifiers {
    overtime: 0.0,
    rest: 0.0,
    outside_people: 0,
    outside_hands_milli: 0,
    granted: 0,
    locate: 1.0,
    touch_with_key: 1.0,
    failure: 1.0,
    is_verified: false,
    has_escrow: false,
    methods: Vec::new(),
    unattended_mean_min: None,
    restored: Vec::new(),
};

/// Audiences of statements, in the order of `OrganisationState::trust`.
pub const AUDIENCES: usize = 4;

/// An organisation's share of the state. What every repair touches stands first, in one line of memory; it is two.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
pub struct OrganisationState {
    /// Minutes of hands at a boundary are this plus `busy` times the tick.
    work_offset_min: i64,
    /// Hands on hosts now.
    pub busy: u32,
    /// Its hosts that wait for hands.
    pub waiting: u32,
    /// Hands on duty in the hour `duty_hour` of its own clock; a copy of what `hands::on_duty` says.
    pub(super) duty: u32,
    pub(super) duty_hour: u32,
    /// Its own clock at tick 0, as in the scenario.
    pub(super) week_phase_min: u32,
    pub(super) lists: Memberships,
    /// Fleets in repair order of which nobody waits.
    pub(super) front: u32,
    /// Fleet told to come first.
    pub first_fleet: Option<u32>,
    pub(super) modifiers: Option<Box<Modifiers>>,
    /// None (fresh) to all (worn out).
    pub fatigue: Share,
    /// Technicians tied by fallbacks in force.
    pub tied: u32,
    /// Important services outside tolerance.
    pub failing: u32,
    /// Of staff, customers, regulator and press.
    pub trust: [Share; AUDIENCES],
    pub cost_cents: u64,
    pub clocks_missed: u32,
    /// A service failed for the first time: the clocks began.
    pub clocks_from: Option<Tick>,
    /// A first statement to the regulator began.
    pub has_notified: bool,
    /// Its held hosts were let back: exposure counts from here.
    pub(super) exposed_from: Tick,
}

const _: () = assert!(size_of::<OrganisationState>() == 128, "two lines of memory");

/// The hour of no clock: on duty is not known.
pub(super) const NO_HOUR: u32 = u32::MAX;

/// On which work lists an organisation stands; no part of the state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memberships {
    pub is_dirty: bool,
    pub is_waiting: bool,
    pub is_surging: bool,
    pub is_uneasy: bool,
    pub is_unsealed: bool,
}

impl OrganisationState {
    pub(super) fn new(trust: Share, week_phase_min: u32) -> Self {
        Self {
            busy: 0,
            waiting: 0,
            duty: 0,
            duty_hour: NO_HOUR,
            week_phase_min,
            tied: 0,
            failing: 0,
            trust: [trust; AUDIENCES],
            fatigue: Share::NONE,
            cost_cents: 0,
            work_offset_min: 0,
            clocks_missed: 0,
            clocks_from: None,
            has_notified: false,
            front: 0,
            first_fleet: None,
            exposed_from: Tick::ZERO,
            modifiers: None,
            lists: Memberships::default(),
        }
    }

    /// What orders in force make of it.
    pub fn modifiers(&self) -> &Modifiers {
        self.modifiers.as_deref().unwrap_or(&NO_MODIFIERS)
    }

    /// A technician takes a host in the minute of a tick.
    pub(super) fn begin_work(&mut self, tick: Tick) {
        self.busy += 1;
        self.work_offset_min -= i64::from(tick.0);
    }

    /// A technician is free again in the minute of a tick.
    pub(super) fn end_work(&mut self, tick: Tick) {
        self.busy -= 1;
        self.work_offset_min += i64::from(tick.0);
    }

    /// Minutes of hands on hosts up to a boundary.
    pub fn person_min(&self, at: Tick) -> u64 {
        (self.work_offset_min + i64::from(self.busy) * i64::from(at.0)) as u64
    }

    pub(super) fn work_offset_min(&self) -> i64 {
        self.work_offset_min
    }
}

/// An organisation at a boundary, for readers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrganisationView {
    pub busy: u32,
    /// Hands on duty in the minute that begins here.
    pub on_duty: u32,
    pub fatigue: Share,
    /// Of staff, customers, regulator and press.
    pub trust: [Share; AUDIENCES],
    pub person_min: u64,
    pub cost_cents: u64,
    pub clocks_missed: u32,
}

/// A service's share of the state, reckoned up to `as_of`. What every minute changes stands first.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
pub struct ServiceState {
    /// What customers get now.
    pub level: Share,
    /// What the needs allow after warm-up, before the fallback.
    pub technical: Share,
    /// Limit set by an event outside the model.
    pub limit: Share,
    /// Boundary up to which this is reckoned: a settled service does not change otherwise.
    pub(super) as_of: Tick,
    /// The minute for which it stands on the calendar, if it is settled; older entries are stale.
    pub(super) wakes_at: Tick,
    pub backlog_micro: u64,
    pub lost_micro: u64,
    /// Sum of missing level, parts per million times minutes.
    pub loss_ppm_min: u64,
    pub fallback_used_min: u32,
    pub below_now_min: u32,
    pub below_min: u32,
    pub outside_min: u32,
    pub is_fallback_open: bool,
    /// In force in the last minute.
    pub is_fallback_on: bool,
    /// Important and outside tolerance in the last minute.
    pub is_failing: bool,
    /// An order was in force for it once: it has effects of its own, and not those of nobody.
    pub(super) is_ordered: bool,
    /// Some order is in force for it.
    pub(super) has_effects: bool,
    /// Demand is postponed, or rework waits.
    pub(super) has_left_over: bool,
    /// On the list of services that are stepped every minute.
    pub(super) is_moving: bool,
    pub(super) is_unsealed: bool,
    /// Begin of the present run of minutes at target; none below target.
    pub at_target_since: Option<Tick>,
    pub first_below: Option<Tick>,
    pub postponed_micro: u64,
    /// Rework items in thousandths.
    pub rework_milli: u64,
    /// Set by an order to close: an automatic fallback stays shut.
    pub is_fallback_barred: bool,
}

const _: () = assert!(size_of::<ServiceState>() == 128, "two lines of memory");

/// A need's share of the state, with what of it is looked at every minute.
#[derive(Clone, Copy, Debug)]
pub(super) struct NeedState {
    /// What it allows now.
    pub response: Share,
    /// Minutes left in its buffer, and when it is full.
    pub buffer_min: u32,
    pub buffer_max: u32,
    /// Whose need it is, and its curve, as in the scenario.
    pub service: u32,
    pub curve: u32,
}

/// What orders in force make of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceEffects {
    pub shed: Share,
    pub postpone: Share,
    pub postpone_hours: u32,
    pub fail_over: Share,
    pub extra: f64,
    pub rework_factor: f64,
    pub drill: f64,
}

/// No order was ever in force.
pub static NO_EFFECTS: ServiceEffects = ServiceEffects {
    shed: Share::NONE,
    postpone: Share::NONE,
    postpone_hours: 24,
    fail_over: Share::NONE,
    extra: 0.0,
    rework_factor: 1.0,
    drill: 1.0,
};

impl Default for ServiceEffects {
    fn default() -> Self {
        NO_EFFECTS.clone()
    }
}

/// A service at a boundary, for readers.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    pub level: Share,
    pub technical: Share,
    pub buffers_min: Vec<u32>,
    pub backlog_micro: u64,
    pub demand_micro: u64,
    pub served_micro: u64,
    pub lost_micro: u64,
    pub postponed_micro: u64,
    pub rework_milli: u64,
    pub is_fallback_on: bool,
    pub fallback_used_min: u32,
    pub below_now_min: u32,
    pub below_min: u32,
    pub outside_min: u32,
    pub first_below: Option<Tick>,
    pub recovered_at: Option<Tick>,
    pub loss_ppm_min: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Waits for its lead time.
    Pending,
    InForce,
    /// Its time ran out, or its effect was done at once.
    Done,
    Cancelled,
}

/// An accepted order and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub by: Issuer,
    pub mitigation: u32,
    pub target: Target,
    /// The organisation that pays; none for the whole world's orders by playbooks.
    pub payer: Option<u32>,
    pub ordered: Tick,
    pub effective: Tick,
    /// End of its time in force; none for effects that last.
    pub ends: Option<Tick>,
    pub state: OrderState,
}

/// Technicians granted (or taken) by the facilitator for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub organisation: u32,
    pub technicians: i32,
    pub begins: Tick,
    pub ends: Tick,
}

#[derive(Clone, Debug, Default)]
pub struct ChannelState {
    pub live_since: Option<Tick>,
    /// Releases so far.
    pub releases: u32,
    /// Later releases follow the ring plan.
    pub is_staged: bool,
    /// The live release follows it.
    pub follows_rings: bool,
    /// Until here, receipts of the live release are on the calendar.
    pub(super) charted_until: Tick,
}

/// A host's word in the digest of its column.
pub(super) fn host_word(host: u32, byte: u8) -> u64 {
    mix((u64::from(host) << 8) | u64::from(byte))
}

/// Something worth telling: the script's moments as they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Event index.
    Event(u32),
    /// Inject index.
    Inject(u32),
}

/// Work lists: who must be looked at. Derived from the state, never digested.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Fleets whose usable hosts changed in this minute.
    pub touched_fleets: Vec<u32>,
    /// Organisations whose hands or hosts changed.
    pub dirty: Vec<u32>,
    /// Organisations with waiting hosts, and perhaps some without.
    pub waiting: Vec<u32>,
    /// Organisations with extra pay or tired crews.
    pub surging: Vec<u32>,
    /// Organisations whose trust moves.
    pub uneasy: Vec<u32>,
    /// Services that are stepped every minute.
    pub moving: Vec<u32>,
    /// Events and injects that have not fired, in the order written.
    pub events: Vec<u32>,
    pub injects: Vec<u32>,
}
