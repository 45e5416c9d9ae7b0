//! The scenario as authors write it: RON documents, one type per file of a scenario folder.
//!
//! Plain data with serde and nothing else: no defaults that hide a decision, no checks (those are
//! in `validate`), no knowledge of how the simulation stores things (that is `compile`).
//! Format version 1; see docs/scenario-format.md.

use serde::{Deserialize, Serialize};

/// The format version this program reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// Playbooks that every scenario has: what runs are compared with.
pub const DO_NOTHING: &str = "do-nothing";
/// What was really done.
pub const REFERENCE: &str = "reference";
/// The best known.
pub const PAR: &str = "par";

/// A figure with where it comes from. The text after the value holds fact ids (`"CS01 CS03"`) for
/// documented figures, ids or a reason for estimates, and a reason for invented ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tagged<T> {
    /// Rests on the published record: at least one fact id.
    Documented(T, String),
    /// Judged from the record or from the field's habits: ids or a reason.
    Estimated(T, String),
    /// Made up so that the exercise works: a reason.
    Invented(T, String),
}

impl<T> Tagged<T> {
    /// The figure.
    pub fn value(&self) -> &T {
        match self {
            Tagged::Documented(value, _) | Tagged::Estimated(value, _) | Tagged::Invented(value, _) => value,
        }
    }

    /// Fact ids or a reason.
    pub fn source(&self) -> &str {
        match self {
            Tagged::Documented(_, source) | Tagged::Estimated(_, source) | Tagged::Invented(_, source) => source,
        }
    }

    /// How well the figure is founded.
    pub fn standing(&self) -> Standing {
        match self {
            Tagged::Documented(..) => Standing::Documented,
            Tagged::Estimated(..) => Standing::Estimated,
            Tagged::Invented(..) => Standing::Invented,
        }
    }
}

/// How well a figure, an event or an inject is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    Documented,
    Estimated,
    Invented,
}

/// Standing and source of an event or inject, which has no single value.
pub type Provenance = Tagged<()>;

/// `scenario.ron`: what the start screen shows and the frame of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Format version, now 1.
    pub version: u32,
    /// Short name used on the command line and in run files.
    pub id: String,
    pub title: String,
    /// One line under the title.
    pub subtitle: String,
    /// Where it happened, for the card.
    pub place: String,
    /// Two or three sentences for the card.
    pub summary: String,
    pub difficulty: Difficulty,
    /// Minutes of wall time a first play takes.
    pub play_min: u32,
    /// UTC time of tick 0, `2024-07-18T21:00Z`.
    pub start: String,
    /// UTC time at which the incident proper begins; playing opens a little before.
    pub incident: String,
    /// Length of a run in minutes.
    pub horizon_min: u32,
    /// What the model takes for granted, in plain words.
    pub assumptions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Difficulty {
    Introductory,
    Intermediate,
    Advanced,
}

/// `world.ron`: regions, sectors, and the kinds that organisations refer to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub regions: Vec<Region>,
    pub sectors: Vec<Sector>,
    /// Shapes over the local week, for demand and for machines switched on.
    pub profiles: Vec<Profile>,
    pub channels: Vec<Channel>,
    pub methods: Vec<Method>,
    pub fleet_kinds: Vec<FleetKind>,
    /// States of the world that events raise and preconditions ask for.
    pub flags: Vec<Flag>,
    /// Hands that no single organisation owns.
    pub pools: Vec<Pool>,
}

/// A place with one local time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub id: String,
    pub name: String,
    /// Local time minus UTC, minutes, on the days of the scenario.
    pub utc_offset_min: i32,
    pub lat: f64,
    pub lon: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sector {
    pub id: String,
    pub name: String,
    pub glyph: Glyph,
}

/// The shape of an organisation's mark on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Glyph {
    Hospital,
    Practice,
    Pharmacy,
    Emergency,
    Airline,
    Airport,
    Bank,
    Market,
    Retail,
    Broadcaster,
    Transport,
    Government,
    Education,
    Industry,
    ItSupplier,
}

/// 24 weights by local hour for working days and for weekend days; 0..=1 for machines switched on,
/// any positive weights for demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub weekday: Vec<f64>,
    pub weekend: Vec<f64>,
    pub provenance: Provenance,
}

/// A way content reaches hosts (a vendor's update channel).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub id: String,
    pub name: String,
    /// Mean minutes from being reachable to receiving a live release (exponential).
    pub receipt_mean_min: Tagged<f64>,
    /// Minutes of one reboot cycle in the race.
    pub reboot_cycle_min: Tagged<u32>,
    /// Cycles after which a losing host stays down.
    pub race_cycles_max: Tagged<u32>,
    /// Chance an hour that a host that stayed down wins late by itself.
    pub late_win_per_hour: Tagged<f64>,
}

/// A way to repair a host that is down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub id: String,
    pub name: String,
    /// Hands on one host in minutes: least, most likely, most.
    pub touch_min: Tagged<(f64, f64, f64)>,
    /// Hosts one person works at once.
    pub hosts_at_once: Tagged<u32>,
    /// Chance that the repair fails and the host must be re-imaged.
    pub failure: Tagged<f64>,
    /// Needs the recovery key where the disk is encrypted.
    pub needs_key: bool,
    /// Needs nobody to walk to the host.
    pub remote: bool,
    /// Sets the host up anew: the only way for hosts whose repair failed, and never taken for others
    /// unless ordered.
    #[serde(default)]
    pub rebuilds: bool,
    /// Flags that must be up before anybody can use it.
    pub requires: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    ClinicalWorkstation,
    OfficePc,
    Laptop,
    Kiosk,
    ApplicationServer,
    DatabaseServer,
    CloudVm,
    KeyServer,
}

/// What hosts of a kind share wherever they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FleetKind {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// Share of hosts that run the platform and sensor of the channel; 0 for Mac and Linux.
    pub in_scope: Tagged<f64>,
    /// Profile id: share switched on by local hour.
    pub switched_on: String,
    /// Share with encrypted disks.
    pub encrypted: Tagged<f64>,
    /// Chance to win the race in one reboot cycle.
    pub race_win: Tagged<f64>,
    /// Minutes to find and reach one host: least, most likely, most.
    pub locate_min: Tagged<(f64, f64, f64)>,
    /// Method ids that suit, best first; the first that is available is used.
    pub methods: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    pub id: String,
    pub name: String,
    /// Up at the start of the run.
    pub initially: bool,
}

/// Technicians shared by a nation or an industry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    pub id: String,
    pub name: String,
    pub technicians: Tagged<u32>,
}

/// `organisations/*.ron`: a list of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub sector: String,
    pub region: String,
    pub lat: f64,
    pub lon: f64,
    /// Size of the mark on the map, 1 (small) to 5 (of national weight).
    pub importance: u8,
    /// Technicians on duty by shift.
    pub staff: Staff,
    /// Where recovery keys are kept.
    pub keys: Keys,
    pub fleets: Vec<Fleet>,
    pub services: Vec<Service>,
    /// One sentence for the map's tooltip, in our own words.
    #[serde(default)]
    pub note: String,
}

/// Technicians who can repair hosts, by local shift: day 07–15, evening 15–23, night 23–07.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub day: Tagged<u32>,
    pub evening: Tagged<u32>,
    pub night: Tagged<u32>,
    /// Share of these who work on Saturday and Sunday.
    pub weekend: Tagged<f64>,
    pub cost_per_hour_usd: Tagged<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Keys {
    /// Nothing is encrypted or keys are on paper with the hosts.
    Open,
    /// In a key server: a fleet of this organisation that must be up.
    Server(String),
    /// Offline escrow, always at hand.
    Escrow,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    pub id: String,
    pub name: String,
    /// Fleet kind id.
    pub kind: String,
    pub hosts: Tagged<u32>,
    /// Overrides the kind's share in scope where this organisation's is known.
    #[serde(default)]
    pub in_scope: Option<Tagged<f64>>,
    /// Repair order: fleets with a higher weight first.
    pub priority: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// What one unit of demand is, plural: `appointments`.
    pub unit: String,
    /// Units a day on an average day of the profile's week.
    pub demand_per_day: Tagged<f64>,
    /// Profile id of the demand.
    pub demand_profile: String,
    /// Capacity at full level over the demand of the hour (1.1 clears a backlog slowly).
    pub headroom: Tagged<f64>,
    pub needs: Vec<Need>,
    /// Minutes from the return of the needs to full level.
    pub warm_up_min: Tagged<u32>,
    #[serde(default)]
    pub fallback: Option<Fallback>,
    pub backlog: Backlog,
    /// A slower second stage that outlasts the technical repair.
    #[serde(default)]
    pub rework: Option<Rework>,
    /// The level, 0..=1, that counts as working.
    pub target_level: f64,
    /// Impact tolerance: minutes below target that are tolerable.
    pub tolerance_min: Tagged<u32>,
    /// Cost of one unit lost, US dollars.
    pub cost_per_lost_usd: Tagged<f64>,
    /// Shown on the service board.
    pub important: bool,
}

/// Something a service cannot work without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub of: NeedOf,
    pub response: Response,
    /// Minutes the service runs on after the need fails.
    pub buffer_min: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NeedOf {
    /// A fleet of the same organisation.
    Fleet(String),
    /// A service: `"organisation/service"`, or `"service"` of the same organisation.
    Service(String),
}

/// How much of the service is left at a share of the need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// In proportion.
    Linear,
    /// Full down to this share of the need, then in proportion to nothing.
    Knee(f64),
    /// At most this share of the service is lost with the need, in proportion.
    Soft(f64),
    /// Points (share of need, level), rising in the first; straight lines between.
    Points(Vec<(f64, f64)>),
}

/// What can be done without the needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    pub name: String,
    /// Level it holds, 0..=1.
    pub level: Tagged<f64>,
    /// Minutes until people wear out and it halves.
    pub endurance_min: Tagged<u32>,
    /// Technicians tied up while it is in force.
    pub technicians: Tagged<u32>,
    /// In force by itself when the level falls below it; otherwise somebody must open it.
    pub automatic: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Backlog {
    /// What is not served is lost at once.
    Lost,
    /// It waits until it is served.
    Waits,
    /// It waits this long on average, then it is lost.
    Expires(Tagged<u32>),
}

/// A second-stage queue: lost units leave rework behind, and the service is limited until it is cleared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rework {
    pub name: String,
    /// Items of rework per unit lost.
    pub items_per_lost: Tagged<f64>,
    /// Items cleared an hour by the empty queue at full level.
    pub clear_per_hour: Tagged<f64>,
    /// Queue length at which clearing runs at half speed.
    pub half_speed_at: Tagged<f64>,
    /// Queue length at which the service is limited to half.
    pub half_level_at: Tagged<f64>,
}

/// `mitigations.ron`: a list of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mitigation {
    pub id: String,
    pub name: String,
    /// What it does and when it pays, one or two sentences.
    pub summary: String,
    pub group: Group,
    pub effect: Effect,
    /// Sectors whose organisations may be its target; empty for all.
    pub sectors: Vec<String>,
    pub cost_usd: Tagged<f64>,
    pub lead_min: Tagged<u32>,
    /// Flags that must be up.
    pub requires: Vec<String>,
    /// Times one target may order it; 0 for any number.
    pub times_max: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Group {
    /// The rollout itself.
    Rollout,
    /// Which hosts, in which order, by which method.
    Repair,
    /// Who does the work.
    People,
    /// What customers and patients get meanwhile.
    Continuity,
    /// Words.
    Communication,
}

/// What a mitigation does to its target. The target is an organisation, one of its fleets or one of
/// its services, by the effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Effect {
    // The rollout.
    /// Channel id: the live release stops reaching further hosts.
    StopRollout(String),
    /// Raises a flag of the world (a workaround is published).
    RaiseFlag(String),
    // Target: an organisation.
    /// Hosts not yet hit are kept off the network for this long; services lose them too.
    HoldHosts { hours: u32 },
    /// Held hosts come back.
    ReleaseHosts,
    /// Keys of encrypted hosts are at hand without the key server.
    EscrowKeys,
    /// Touch time with a key falls to this share (barcodes instead of typing).
    PrintKeys { touch: f64 },
    /// Method id: crews use it wherever the fleet's kind allows it and its flags are up.
    UseMethod(String),
    /// Hosts that are down and wired heal by themselves, with this mean time.
    Unattended { mean_hours: f64 },
    /// More technicians of the own staff for some hours, at a cost in fatigue.
    Overtime { share: f64, hours: u32 },
    /// Technicians from outside for some hours at a lower pace.
    Contractors { technicians: u32, pace: f64, hours: u32 },
    /// People who are no technicians halve the time to find and reach hosts.
    Volunteers { locate: f64, hours: u32 },
    /// Pool id: technicians of the shared pool for some hours.
    NationalPool { pool: String, technicians: u32, pace: f64, hours: u32 },
    /// Crews rest: a share of them is off for some hours, fatigue falls.
    Rest { share: f64, hours: u32 },
    /// Words to an audience: trust rises, calls to the crews fall.
    Statement { audience: Audience, trust: f64 },
    /// Look-alike domains are blocked and tools checked: failed repairs fall to this share.
    VerifyTools { failure: f64 },
    // Target: a fleet.
    /// Crews take this fleet first.
    RepairFirst,
    /// Servers come from backup: the touch time falls to this share, needs no key.
    RestoreBackup { touch: f64 },
    // Target: a service.
    /// The fallback is in force.
    OpenFallback,
    /// The fallback ends and frees its people.
    CloseFallback,
    /// Demand is turned away (lost) for some hours so that people keep up.
    ShedDemand { share: f64, hours: u32 },
    /// Demand is moved this many hours ahead instead of being lost.
    PostponeDemand { share: f64, hours: u32 },
    /// A second supplier or site holds the service at this level for some hours.
    FailOver { level: f64, hours: u32 },
    /// Capacity over the usual for some hours, to clear a backlog.
    ExtendHours { extra: f64, hours: u32 },
    /// Rework is cleared faster by this factor for some hours (a reset of the schedule).
    ClearRework { factor: f64, hours: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    Staff,
    Customers,
    Regulator,
    Press,
}

/// When something happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trigger {
    /// A UTC time, `"2024-07-19T04:09Z"`.
    At(String),
    /// Minutes after an event (by id) has happened.
    After(String, u32),
    /// An observable first exceeds a value: `("hosts_down_share(org:delta)", 0.2)`.
    Above(String, f64),
    /// An observable first falls below a value.
    Below(String, f64),
}

/// `events.ron`: a list of these: what the world does whatever anybody decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub id: String,
    pub title: String,
    pub when: Trigger,
    pub effects: Vec<EventEffect>,
    /// Shown on the timeline.
    pub key_moment: bool,
    pub provenance: Provenance,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum EventEffect {
    /// Channel id: the bad content goes live.
    Release(String),
    /// Channel id: the live release ends.
    Revert(String),
    RaiseFlag(String),
    LowerFlag(String),
    /// `"organisation/service"` falls to a level for a reason outside the model.
    Limit {
        service: String,
        level: f64,
    },
    /// The limit ends.
    Lift {
        service: String,
    },
}

/// `injects.ron`: a list of these: what reaches the seats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    pub id: String,
    pub when: Trigger,
    /// Seat ids; empty for all seats.
    pub to: Vec<String>,
    pub via: Via,
    /// Who sent it: a desk, not a person.
    pub from: String,
    pub title: String,
    pub body: String,
    /// Time slows when it arrives.
    pub urgent: bool,
    pub provenance: Provenance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Via {
    Monitoring,
    Phone,
    Email,
    Press,
    Regulator,
    Executive,
}

/// `seats.ron`: a list of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    pub id: String,
    pub name: String,
    /// One line for the seat card.
    pub summary: String,
    /// Organisations that act only on this seat's orders.
    pub organisations: Vec<String>,
    /// Mitigation ids this seat may order.
    pub mitigations: Vec<String>,
    pub briefing: Briefing,
    pub objectives: Vec<Objective>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Briefing {
    /// Paragraphs.
    pub situation: Vec<String>,
    /// Who you have.
    pub people: String,
    /// What experience says, a few bullets.
    pub advice: Vec<String>,
}

/// A goal measured by an observable at the end of the run; smaller is better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    pub id: String,
    pub name: String,
    /// Observable, `"recovery_min(service:emis-web/records)"`.
    pub observable: String,
    /// Share of the score; weights of a seat are divided by their sum.
    pub weight: f64,
}

/// `playbooks.ron`: a list of these: named policies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub orders: Vec<PlaybookOrder>,
}

/// One line of a playbook: an order given for every organisation it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaybookOrder {
    pub when: Trigger,
    /// Mitigation id.
    pub order: String,
    pub target: OrderTarget,
    pub provenance: Provenance,
}

/// Whom an order of a playbook reaches. Organisations that cannot take it (already ordered, refused)
/// are passed over and the refusal is logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OrderTarget {
    /// Nobody in particular: for effects on the rollout and the world's flags.
    World,
    /// `"organisation"`.
    Organisation(String),
    /// Every organisation of a sector.
    Sector(String),
    /// `"organisation/fleet"`.
    Fleet(String),
    /// Every fleet with this id in a sector: `("airline", "crew-servers")`.
    SectorFleet(String, String),
    /// `"organisation/service"`.
    Service(String),
    /// Every service with this id in a sector.
    SectorService(String, String),
}

/// `sources.ron`: a list of these: the facts a scenario cites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Fact id, `CS01`.
    pub id: String,
    /// What it is about, in our own few words.
    pub about: String,
    /// Publication or page.
    pub publication: String,
    pub confidence: Confidence,
}

/// Confidence codes of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confidence {
    /// Read in a primary, official or peer-reviewed text.
    V1,
    /// Read in a reputable secondary source.
    V2,
    /// Read only in a weak page.
    V3,
    /// Arithmetic on other facts.
    D,
    /// Background knowledge.
    B,
    /// Modelling judgement.
    E,
}
