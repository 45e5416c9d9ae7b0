//! The parts of a world: the state of a host, a fleet, an organisation, a service, a need, an order.
//!
//! Owns the layout of the state and the functions of one part alone; the phases change it. Fields that are read together
//! lie in one cache line, since cache misses dominate the time of a big world. Must not know other parts of the world.

use super::called_off::CalledOff;
use super::issuer::Issuer;
use super::queue::Waiting;
use crate::base::draw::mix;
use crate::base::{Ix, Share, Tick};
use crate::scenario::compile::{
    Curve, Event, Fleet, Host, Inject, Kind, Method, Mitigation, Organisation, Service, Target,
};
use crate::scenario::schema::Audience;

/// The state of a host. `Up` includes hosts that are switched off, which is a function of the host and its local hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum HostState {
    Up = 0,
    /// Has received the content and is in the reboot race.
    Crashing = 1,
    /// Has lost the race and waits for repair.
    Down = 2,
    InRepair = 3,
    /// Taken off the network by an order.
    Held = 4,
    /// The repair failed: waits for a rebuild.
    Rebuild = 5,
}

impl HostState {
    /// All states in the order of their numbers.
    pub const ALL: [HostState; 6] =
        [HostState::Up, HostState::Crashing, HostState::Down, HostState::InRepair, HostState::Held, HostState::Rebuild];

    pub(super) fn from_byte(byte: u8) -> Self {
        HostState::ALL[(byte & STATE_BITS) as usize]
    }
}

pub(super) const STATE_BITS: u8 = 0b0111;
/// Set once the host has received the bad content.
pub(super) const RECEIVED_BIT: u8 = 0b1000;
/// Set while the host is down and out of reach: it is in no queue yet.
pub(super) const AWAY_BIT: u8 = 0b1_0000;

/// The state of a fleet. The first cache line changes with every host; the second has the queues and is fetched together
/// with the first.
#[derive(Clone, Debug, Default)]
#[repr(C, align(128))]
pub struct FleetState {
    /// Number of hosts by `HostState`.
    pub counts: [u32; 6],
    pub received: u32,
    pub crashed: u32,
    pub self_recovered: u32,
    pub repaired: u32,
    pub repairs_failed: u32,
    /// The digest of the fleet's hosts: the sum of their words, up to date once the world is sealed.
    pub(super) column_digest: u64,
    /// The organisation; a copy from the scenario.
    pub(super) organisation: Ix<Organisation>,
    /// The fleet kind; a copy from the scenario.
    pub(super) kind: u16,
    /// On the list of fleets whose usable hosts changed in this minute.
    pub(super) is_touched: bool,
    /// On the seal's list of changed fleets.
    pub(super) is_unsealed: bool,
    pub(super) waiting: Waiting,
}

const _: () = assert!(size_of::<FleetState>() == 128, "two cache lines");

impl FleetState {
    /// The kind of the fleet's hosts.
    #[inline]
    pub(super) fn kind(&self) -> Ix<Kind> {
        Ix::new(self.kind.into())
    }

    /// The number of hosts in a state.
    pub fn count(&self, state: HostState) -> u32 {
        self.counts[state as usize]
    }

    /// The number of hosts that crashed and are not usable yet.
    pub fn down(&self) -> u32 {
        self.counts[1] + self.counts[2] + self.counts[3] + self.counts[5]
    }

    /// The number of hosts that are not usable for any reason.
    pub fn impaired(&self) -> u32 {
        self.down() + self.counts[4]
    }
}

/// The combined effects of the orders in force on an organisation, recomputed when one begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Modifiers {
    pub overtime: f64,
    pub rest: f64,
    /// People from outside, and the technicians that they are worth, in thousandths.
    pub outside_people: u32,
    pub outside_hands_milli: u32,
    /// Technicians that the facilitator granted, less those taken.
    pub granted: i32,
    /// Technicians who carry orders out instead of repairing.
    pub away: u32,
    pub locate: f64,
    pub touch_with_key: f64,
    pub failure: f64,
    pub is_verified: bool,
    pub has_escrow: bool,
    /// Methods that crews were ordered to use, the latest order first.
    pub methods: Vec<Ix<Method>>,
    /// Mean minutes of unattended remediation; none without it.
    pub unattended_mean_min: Option<f64>,
    /// Fleets that are restored from backup, with the factor on the repair time.
    pub restored: Vec<(Ix<Fleet>, f64)>,
}

/// The modifiers without any order in force.
pub static NO_MODIFIERS: Modifiers = Modifiers {
    overtime: 0.0,
    rest: 0.0,
    outside_people: 0,
    outside_hands_milli: 0,
    granted: 0,
    away: 0,
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
/// The indices of customers and the press, whose trust observables of trust are about.
pub const PUBLIC: [usize; 2] = [Audience::Customers as usize, Audience::Press as usize];

/// The state of an organisation. Every repair changes the first of its two cache lines.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
pub struct OrganisationState {
    /// The minutes of work up to a tick are this offset plus `busy` times the tick.
    work_offset_min: i64,
    /// Technicians that repair hosts now.
    pub busy: u32,
    /// Hosts in reach that wait for repair.
    pub waiting: u32,
    /// Cache of `hands::on_duty` for the hour `duty_hour` of the local clock.
    pub(super) duty: u32,
    pub(super) duty_hour: u32,
    /// The local minute of the week at tick 0; a copy from the scenario.
    pub(super) week_phase_min: u32,
    pub(super) lists: Memberships,
    /// The number of leading fleets in repair order that have no waiting host.
    pub(super) front: u32,
    /// The fleet that was ordered to come first.
    pub first_fleet: Option<Ix<Fleet>>,
    pub(super) modifiers: Option<Box<Modifiers>>,
    /// From 0 (fresh) to 1 (worn out), at the boundary `accrued_until`.
    pub(super) fatigue: Share,
    /// The boundary of cost and fatigue while the organisation is on the list of those in which they change.
    pub(super) accrued_until: Tick,
    /// Technicians that fallbacks in force tie up.
    pub tied: u32,
    /// Important services outside tolerance.
    pub failing: u32,
    /// Trust of staff, customers, regulator and press.
    pub trust: [Share; AUDIENCES],
    pub(super) cost_cents: u64,
    pub clocks_missed: u32,
    /// The tick of the first failure of a service, at which the regulatory clocks began.
    pub clocks_from: Option<Tick>,
    /// A statement to the regulator was made.
    pub has_notified: bool,
    /// The tick at which held hosts were released: their exposure counts from here.
    pub(super) exposed_from: Tick,
}

const _: () = assert!(size_of::<OrganisationState>() == 128, "two cache lines");

/// An hour that no clock shows: the cache of hands on duty is empty.
pub(super) const NO_HOUR: u32 = u32::MAX;

/// The work lists that an organisation is on; not digested.
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
            accrued_until: Tick::ZERO,
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

    /// The combined effects of orders in force.
    pub fn modifiers(&self) -> &Modifiers {
        self.modifiers.as_deref().unwrap_or(&NO_MODIFIERS)
    }

    /// A technician begins a repair at a tick.
    pub(super) fn begin_work(&mut self, tick: Tick) {
        self.busy += 1;
        self.work_offset_min -= i64::from(tick.0);
    }

    /// A technician ends a repair at a tick.
    pub(super) fn end_work(&mut self, tick: Tick) {
        self.busy -= 1;
        self.work_offset_min += i64::from(tick.0);
    }

    /// Minutes of work on hosts up to a boundary.
    pub fn person_min(&self, tick: Tick) -> u64 {
        (self.work_offset_min + i64::from(self.busy) * i64::from(tick.0)) as u64
    }

    pub(super) fn work_offset_min(&self) -> i64 {
        self.work_offset_min
    }
}

/// An organisation at a boundary, for readers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrganisationView {
    pub busy: u32,
    /// Technicians on duty in the minute that begins at the boundary.
    pub on_duty: u32,
    pub fatigue: Share,
    /// Trust of staff, customers, regulator and press.
    pub trust: [Share; AUDIENCES],
    pub person_min: u64,
    pub cost_cents: u64,
    pub clocks_missed: u32,
    /// The area between trust before the incident and since, in hours of whole trust: the mean of customers and press.
    pub trust_lost_h: f64,
}

impl OrganisationView {
    /// The trust of customers and press as their mean, 0..=1.
    pub fn trust_of_public(&self) -> f64 {
        PUBLIC.iter().map(|&audience| self.trust[audience].fraction()).sum::<f64>() / PUBLIC.len() as f64
    }
}

/// The state of a service at the boundary `as_of`. The first of its two cache lines changes every minute.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
pub struct ServiceState {
    /// The level for customers.
    pub level: Share,
    /// The level that needs and warm-up allow, before the fallback.
    pub technical: Share,
    /// The limit that an event set.
    pub limit: Share,
    /// The boundary of this state. A settled service is brought up to date when it is woken or read.
    pub(super) as_of: Tick,
    /// The minute of a settled service's calendar entry; entries for other minutes are stale.
    pub(super) wakes_at: Tick,
    pub backlog_micro: u64,
    pub lost_micro: u64,
    /// The sum of the missing level over time, in parts per million times minutes.
    pub loss_ppm_min: u64,
    pub fallback_used_min: u32,
    pub below_now_min: u32,
    pub below_min: u32,
    pub outside_min: u32,
    pub is_fallback_open: bool,
    /// The fallback was in force in the last minute.
    pub is_fallback_on: bool,
    /// The service is important and was outside its tolerance in the last minute.
    pub is_failing: bool,
    /// Some order was ever in force: the service has an entry of its own among the effects.
    pub(super) is_ordered: bool,
    /// Some order is in force.
    pub(super) has_effects: bool,
    /// Some demand is postponed, or some rework is left.
    pub(super) has_left_over: bool,
    /// On the list of services that are stepped every minute.
    pub(super) is_moving: bool,
    /// On the seal's list of changed services.
    pub(super) is_unsealed: bool,
    /// The begin of the current period at target level; none below it.
    pub at_target_since: Option<Tick>,
    pub first_below: Option<Tick>,
    pub postponed_micro: u64,
    /// Rework items in thousandths.
    pub rework_milli: u64,
    /// An order closed the fallback: an automatic one stays closed.
    pub is_fallback_barred: bool,
    /// Demand that was called off ahead; none most of the time.
    pub(super) called_off: Option<Box<CalledOff>>,
}

impl ServiceState {
    /// Demand that counts as lost before its minute has come, in micro-units.
    pub(super) fn ahead_micro(&self) -> u64 {
        self.called_off.as_ref().map_or(0, |called_off| called_off.ahead_micro)
    }
}

const _: () = assert!(size_of::<ServiceState>() == 128, "two cache lines");

/// The state of a need, with copies from the scenario that every minute reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct NeedState {
    /// The level that the need allows now.
    pub response: Share,
    /// Minutes left in the buffer.
    pub buffer_min: u32,
    /// Minutes of the full buffer.
    pub buffer_max: u32,
    /// The service that has the need; a copy from the scenario.
    pub service: Ix<Service>,
    /// The curve of the response; a copy from the scenario.
    pub curve: Ix<Curve>,
}

/// The combined effects of the orders in force on a service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceEffects {
    pub shed: Share,
    pub postpone: Share,
    pub postpone_hours: u32,
    pub fail_over: Share,
    pub extra: f64,
    /// The part of the capacity that is missing, because people who worked longer have time off.
    pub time_off: f64,
    pub rework_factor: f64,
    pub drill: f64,
}

/// The effects without any order.
pub static NO_EFFECTS: ServiceEffects = ServiceEffects {
    shed: Share::NONE,
    postpone: Share::NONE,
    postpone_hours: 24,
    fail_over: Share::NONE,
    extra: 0.0,
    time_off: 0.0,
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
    /// The part of the lost demand that was called off and whose minute has not come.
    pub ahead_micro: u64,
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
    /// The lead time is not over.
    Pending,
    InForce,
    /// The time in force is over, or the effect was immediate.
    Done,
    Cancelled,
}

/// An accepted order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub by: Issuer,
    /// The issuer that cancelled the order or ended it early.
    pub cancelled_by: Option<Issuer>,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    /// The organisation that pays; none for orders about the world that no seat gave.
    pub payer: Option<Ix<Organisation>>,
    pub ordered: Tick,
    /// The tick at which a member of the incident team takes the order up; the lead time begins then.
    pub starts: Tick,
    /// The end of that member's work on the order, and the return of its technicians to repair. Both equal `starts` if
    /// the order needs nobody.
    pub team_until: Tick,
    pub technicians_until: Tick,
    /// The tick at which the order takes effect if nothing goes wrong, and the tick at which it does.
    pub planned: Tick,
    pub effective: Tick,
    /// The end of the time in force; none for immediate effects and for those that last.
    pub ends: Option<Tick>,
    /// Whether a promise was kept; none before it is due, and if a later statement took its place. Not digested: the trust
    /// that it won or lost is.
    pub is_kept: Option<bool>,
    pub state: OrderState,
}

/// Technicians that the facilitator grants, or takes (negative), for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub organisation: Ix<Organisation>,
    pub technicians: i32,
    pub begins: Tick,
    pub ends: Tick,
}

#[derive(Clone, Debug, Default)]
pub struct ChannelState {
    /// The tick of the live release.
    pub live_since: Option<Tick>,
    /// Number of releases so far.
    pub releases: u32,
    /// The next releases follow the ring plan.
    pub is_staged: bool,
    /// The live release follows the ring plan.
    pub follows_rings: bool,
    /// The end of the current chart: receipts before this tick are on the calendar.
    pub(super) charted_until: Tick,
}

/// The word of a host in the digest of the host column.
pub(super) fn host_word(host: Ix<Host>, byte: u8) -> u64 {
    mix((u64::from(host.number()) << 8) | u64::from(byte))
}

/// An event or inject at the moment when it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Event(Ix<Event>),
    Inject(Ix<Inject>),
}

/// Work lists: the entities that phases must visit.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Fleets whose usable hosts changed in this minute.
    pub touched_fleets: Vec<Ix<Fleet>>,
    /// Organisations whose hands or hosts changed.
    pub dirty: Vec<Ix<Organisation>>,
    /// Organisations with waiting hosts; some without remain until the next hour.
    pub waiting: Vec<Ix<Organisation>>,
    /// Organisations whose cost or fatigue changes every minute.
    pub surging: Vec<Ix<Organisation>>,
    /// Organisations whose trust moves.
    pub uneasy: Vec<Ix<Organisation>>,
    /// Services that are stepped every minute.
    pub moving: Vec<Ix<Service>>,
    /// Events that have not fired, in the order of the scenario.
    pub events: Vec<Ix<Event>>,
    /// Before this minute, none of the events can be due.
    pub event_due: Tick,
    /// Injects that have not fired, in the order of the scenario.
    pub injects: Vec<Ix<Inject>>,
    /// Before this minute, none of the injects can be due.
    pub inject_due: Tick,
}
