//! Entities of a compiled scenario: plain data with indices in place of ids.

use std::sync::Arc;

use super::chance::{Tries, Waits};
use super::effects::{EventAction, MitigationEffect, Term};
use crate::base::draw::Triangle;
use crate::base::{Ix, Share, Span, Tick};
use crate::scenario::observable::Metric;
pub use crate::scenario::schema::TargetKind;

/// Entities that have an index but no record of their own.
#[derive(Debug)]
pub enum Host {}
#[derive(Debug)]
pub enum Sector {}
#[derive(Debug)]
pub enum Region {}
#[derive(Debug)]
pub enum Group {}
#[derive(Debug)]
pub enum Profile {}
#[derive(Debug)]
pub enum Flag {}
#[derive(Debug)]
pub enum StaffPool {}
#[derive(Debug)]
pub enum Population {}
#[derive(Debug)]
pub enum Inject {}
#[derive(Debug)]
pub enum Curve {}
#[derive(Debug)]
pub enum Partition {}

#[derive(Debug)]
pub struct Organisation {
    /// The document that describes the organisation.
    pub origin: Origin,
    pub sector: Ix<Sector>,
    pub region: Ix<Region>,
    pub utc_offset_min: i32,
    /// Minute of the local week at tick 0.
    pub week_phase_min: u32,
    pub lat: f64,
    pub lon: f64,
    /// Technicians on duty in the day, evening and night shift.
    pub staff: [u32; 3],
    pub weekend: f64,
    /// Profile that replaces the three shifts: the share of the day shift on duty by local hour.
    pub roster: Option<Ix<Profile>>,
    pub cost_per_hour_usd: f64,
    /// Share of the technicians on duty who can repair servers.
    pub server_share: f64,
    /// Factor on the time to find and reach a host.
    pub locate: f64,
    /// Factor on the chance to win the race in one reboot cycle.
    pub race_win: f64,
    pub keys: Keys,
    pub key_min: f64,
    /// Service that methods over the network need.
    pub network: Option<Ix<Service>>,
    pub groups: Vec<Ix<Group>>,
    /// Number of real organisations that this entry summarises.
    pub comprises: u32,
    /// People who work there; as many as it has machines for one person each where nobody says. Scopes read it.
    pub people: u32,
    /// Number of organisations that this one represents in sums over many organisations, itself included.
    pub stands_for: f64,
    pub fleets: Span<Fleet>,
    pub services: Span<Service>,
}

/// The place of an organisation's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Position in `organisations` of the documents.
    Written(u32),
    /// Index of the population and number of the member, from 1.
    Member { population: Ix<Population>, number: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Open,
    /// Index of the fleet that must be up.
    Server(Ix<Fleet>),
    Escrow,
}

#[derive(Debug)]
pub struct Fleet {
    pub organisation: Ix<Organisation>,
    pub kind: Ix<Kind>,
    pub hosts: u32,
    /// Index of its first host in the column of hosts.
    pub first_host: Ix<Host>,
    pub in_scope: f64,
    pub priority: u8,
    /// Sites that its hosts stand on, in equal parts by number.
    pub sites: u32,
    pub travel_min: f64,
}

impl Fleet {
    /// The site of one of its hosts, from 0.
    pub fn site_of(&self, host: Ix<Host>) -> u32 {
        (u64::from(host.number() - self.first_host.number()) * u64::from(self.sites) / u64::from(self.hosts)) as u32
    }
}

#[derive(Debug)]
pub struct Kind {
    pub switched_on: Ix<Profile>,
    pub encrypted: f64,
    /// The same share as a cut of draws (`base::draw::cut_of`).
    pub encrypted_cut: u64,
    pub race_win: f64,
    /// Reboot cycles until a host wins.
    pub race: Tries,
    /// Flag, and the chance for hosts that receive while it is up.
    pub race_win_once: Option<(Ix<Flag>, f64)>,
    pub race_once: Option<Tries>,
    pub locate_min: [f64; 3],
    pub locate: Triangle,
    pub locate_off_factor: f64,
    /// The channel its hosts listen to.
    pub channel: Ix<Channel>,
    /// Can heal unattended.
    pub is_wired: bool,
    /// Only technicians who can repair servers take its hosts.
    pub is_server: bool,
    pub out_of_reach: Option<OutOfReach>,
    pub methods: Vec<Ix<Method>>,
}

/// The hosts of a kind that are out of reach at first.
#[derive(Debug)]
pub struct OutOfReach {
    /// Share of the hosts that go down.
    pub share: f64,
    pub median_min: f64,
    /// Standard deviation of the logarithm of the time until a host is in reach.
    pub spread: f64,
}

#[derive(Debug)]
pub struct Method {
    pub touch_min: [f64; 3],
    pub touch: Triangle,
    /// Uniform between least and most; otherwise triangular.
    pub is_uniform: bool,
    pub verify_min: f64,
    pub needs_network: bool,
    pub hosts_at_once: u32,
    pub failure: f64,
    pub needs_key: bool,
    pub remote: bool,
    pub rebuilds: bool,
    pub requires: Vec<Ix<Flag>>,
}

#[derive(Debug)]
pub struct Channel {
    pub receipt_mean_min: f64,
    pub receipt: Waits,
    pub reboot_cycle_min: u32,
    pub race_cycles_max: u32,
    pub late_win_per_hour: f64,
    /// Minutes until a host that stayed down wins late; none if no host wins late.
    pub late_win: Option<Waits>,
    pub rings: Option<RingPlan>,
}

#[derive(Debug)]
pub struct RingPlan {
    pub rings: Vec<Ring>,
    /// Condition (by index) and value above which a release halts.
    pub halt_above: Option<(Ix<Condition>, f64)>,
    pub is_in_use: bool,
}

#[derive(Debug)]
pub struct Ring {
    /// Hosts with a place below this, and not below the ring before, are in the ring.
    pub until: f64,
    pub delay_min: u32,
    pub spread_min: u32,
}

#[derive(Debug)]
pub struct Clock {
    /// Sector indices; empty for all.
    pub sectors: Vec<Ix<Sector>>,
    pub notify_within_min: u32,
    pub penalty_usd: f64,
}

/// The fields that each simulated minute reads come first; they take two cache lines.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Service {
    pub organisation: Ix<Organisation>,
    /// Minute of its organisation's local week at tick 0.
    pub week_phase_min: u32,
    /// Shape of the demand over the local week.
    pub profile: Ix<Profile>,
    pub warm_up_min: u32,
    /// Gain of level in a minute of warm-up, in parts per million.
    pub warm_up_ppm: u32,
    /// Micro-units asked for in a minute of an hour of weight 1.
    pub micro_per_weight: f64,
    pub headroom: f64,
    /// The range of its needs in `Scenario::needs`.
    pub needs: Span<Need>,
    pub backlog: Backlog,
    pub target: Share,
    pub tolerance_min: u32,
    pub is_important: bool,
    /// Does a service need this one?
    pub is_needed: bool,
    pub fallback: Option<Fallback>,
    pub rework: Option<Box<Rework>>,
    pub call_off: Option<Box<CallOff>>,
    /// The service's weight in means over several services: micro-units asked for in a minute, summed over the
    /// hours of a week.
    pub week_micro: u64,
    /// Micro-units that a minute of an extra hour can serve: the mean over the hours whose demand is at least half
    /// of the peak.
    pub usual_micro: u64,
    pub cost_per_lost_usd: f64,
}

const _: () = assert!(size_of::<Service>() == 128, "two lines of memory");

#[derive(Debug)]
pub struct Need {
    pub supplier: NeedIndex,
    /// Points (share of need, level) in parts per million, rising; straight lines between.
    pub response: Arc<[(u32, u32)]>,
    /// Index of the response among the scenario's `curves`.
    pub curve: Ix<Curve>,
    pub buffer_min: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedIndex {
    Fleet(Ix<Fleet>),
    Service(Ix<Service>),
}

impl NeedIndex {
    /// The service that is needed; none if it is a fleet.
    pub fn service(self) -> Option<Ix<Service>> {
        if let NeedIndex::Service(service) = self { Some(service) } else { None }
    }
}

#[derive(Debug)]
pub struct Fallback {
    pub level: Share,
    pub endurance_min: u32,
    pub technicians: u32,
    pub is_automatic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    Lost,
    Waits,
    /// Mean minutes until waiting demand is lost.
    Expires(u32),
}

#[derive(Debug)]
pub struct Rework {
    pub items_per_lost: f64,
    pub clear_per_hour: f64,
    pub half_speed_at: f64,
    pub half_level_at: f64,
    /// Share of the people who clear the queue that is at work by local hour; none if all always are.
    pub at_work: Option<Ix<Profile>>,
}

/// The rule by which a service below its target level calls off demand ahead.
#[derive(Debug)]
pub struct CallOff {
    /// Share of the demand that is called off at level 0.
    pub share: f64,
    pub notice_hours: u32,
    pub hours: u32,
}

/// The target of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    World,
    Organisation(Ix<Organisation>),
    Fleet(Ix<Fleet>),
    Service(Ix<Service>),
}

impl Target {
    /// A number for digests: kind and index.
    pub fn word(self) -> u64 {
        let (kind, index) = match self {
            Target::World => (0, 0),
            Target::Organisation(organisation) => (1, organisation.number()),
            Target::Fleet(fleet) => (2, fleet.number()),
            Target::Service(service) => (3, service.number()),
        };
        (kind << 32) | u64::from(index)
    }
}

#[derive(Debug)]
pub struct Mitigation {
    pub effect: MitigationEffect,
    pub term: Term,
    /// The kind of target that the effect takes.
    pub target: TargetKind,
    /// Sector indices; empty for all.
    pub sectors: Vec<Ix<Sector>>,
    /// Units of services; empty for all.
    pub units: Vec<String>,
    pub cost_usd: f64,
    pub lead_min: u32,
    pub requires: Vec<Ix<Flag>>,
    pub times_max: u32,
    pub work: Work,
    /// A seat can order it only after a sign of the fault.
    pub needs_sign: bool,
    /// Ordered before the clock runs, and in force from the first minute.
    pub is_preparation: bool,
}

/// The people who carry an order out; zeros for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// Minutes of one member of the incident team.
    pub team_min: u32,
    /// Share of the technicians at work that is away from repair, and for how many minutes.
    pub technicians: f64,
    pub technicians_min: u32,
    /// Chance of a setback, and the lead time after one.
    pub setback: f64,
    pub setback_lead_min: u32,
}

/// A trigger with resolved ids and times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    At(Tick),
    After { event: Ix<Event>, minutes: u32 },
    Above { condition: Ix<Condition>, value: f64 },
    Below { condition: Ix<Condition>, value: f64 },
}

impl When {
    /// The condition that the trigger evaluates; none for other triggers.
    pub fn condition(self) -> Option<Ix<Condition>> {
        match self {
            When::Above { condition, .. } | When::Below { condition, .. } => Some(condition),
            When::At(_) | When::After { .. } => None,
        }
    }
}

#[derive(Debug)]
pub struct Event {
    pub when: When,
    pub actions: Vec<EventAction>,
}

#[derive(Debug)]
pub struct Seat {
    pub organisations: Vec<Ix<Organisation>>,
    pub mitigations: Vec<Ix<Mitigation>>,
    /// Limit on the cost of all preparation in US dollars.
    pub preparation_usd: f64,
    /// Observables of the objectives, in the order of the documents.
    pub objectives: Vec<Observable>,
}

#[derive(Debug)]
pub struct Playbook {
    pub orders: Vec<PlaybookOrder>,
}

#[derive(Debug)]
pub struct PlaybookOrder {
    pub when: When,
    pub mitigation: Ix<Mitigation>,
    pub targets: Vec<Target>,
}

/// An observable that conditions evaluate.
pub type Condition = Observable;

/// A metric with the entities of its scope.
#[derive(Clone, Debug)]
pub struct Observable {
    pub metric: Metric,
    pub organisations: Vec<Ix<Organisation>>,
    pub fleets: Vec<Ix<Fleet>>,
    pub services: Vec<Ix<Service>>,
    /// Does an organisation count as often as it represents others (`stands_for`)? Not if the scope names it.
    pub is_weighted: bool,
}
