//! The scenario as authors write it: RON documents, one type per file of a scenario folder.
//!
//! Plain data with serde and nothing else: no defaults that hide a decision, no checks (those are
//! in `validate`), no knowledge of how the simulation stores things (that is `compile`).
//! Format version 1; see docs/scenario-format.md.

mod populations;
mod script;
mod targets;
mod uncertainty;

use serde::{Deserialize, Serialize};

pub use populations::*;
pub use script::*;
pub use targets::*;
pub use uncertainty::*;

/// The format version this program reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// Id of the playbook without orders. Every scenario has it, and runs are compared with it.
pub const DO_NOTHING: &str = "do-nothing";
/// Id of the playbook of the decisions taken on the day. Every scenario has it.
pub const REFERENCE: &str = "reference";
/// Id of the best known playbook; it is worth 100 points. Every scenario has it.
pub const PAR: &str = "par";

/// A figure with its source. The text after the value holds fact ids (`"CS01 CS03"`) for documented figures, ids or
/// a reason for estimates, and a reason for invented ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tagged<T> {
    /// Rests on the published record: at least one fact id.
    Documented(T, String),
    /// Judged from the record or from common practice of the field: ids or a reason.
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

    /// The figure as a mutable reference; its source stays the same.
    pub fn value_mut(&mut self) -> &mut T {
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

    /// The standing of the figure.
    pub fn standing(&self) -> Standing {
        match self {
            Tagged::Documented(..) => Standing::Documented,
            Tagged::Estimated(..) => Standing::Estimated,
            Tagged::Invented(..) => Standing::Invented,
        }
    }
}

/// The quality of the evidence for a figure, an event or an inject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    Documented,
    Estimated,
    Invented,
}

impl Standing {
    /// The word for tables, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Documented => "documented",
            Standing::Estimated => "estimated",
            Standing::Invented => "invented",
        }
    }
}

/// Standing and source of an event or inject, which has no single value.
pub type Provenance = Tagged<()>;

/// `scenario.ron`: the texts of the start screen, and the start, end and switches of a run.
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
    /// The place of the incident, for the card.
    pub place: String,
    /// Two or three sentences for the card.
    pub summary: String,
    pub difficulty: Difficulty,
    /// Minutes of wall time that a first exercise takes.
    pub play_min: u32,
    /// UTC time of tick 0, `2024-07-18T21:00Z`.
    pub start: String,
    /// UTC time at which the incident proper begins, some minutes after the start.
    pub incident: String,
    /// Length of a run in minutes.
    pub horizon_min: u32,
    /// Assumptions of the model, in plain words.
    pub assumptions: Vec<String>,
    /// Are trust, calls, false tools and regulatory clocks simulated? An exercise can switch this second-order
    /// effect off.
    #[serde(default = "yes")]
    pub trust: bool,
    /// Seed for the members of populations: another number gives other members from the same distributions.
    #[serde(default)]
    pub population_seed: u64,
}

fn yes() -> bool {
    true
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
    /// Flags that events raise or lower and that mitigations and methods require.
    pub flags: Vec<Flag>,
    /// Technicians that do not belong to a single organisation.
    pub pools: Vec<Pool>,
    /// Duties to tell a regulator in time.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Groups of organisations across sectors and regions.
    #[serde(default)]
    pub groups: Vec<OrganisationGroup>,
}

/// A group of organisations, such as the largest firms of a country. Groups are scopes of observables and have no
/// other effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationGroup {
    pub id: String,
    pub name: String,
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
    /// Members of the incident team of an organisation: so many orders are in work at once, and more of them wait. Any
    /// number if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_team: Option<Tagged<u32>>,
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

/// A path on which content reaches hosts (a vendor's update channel).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub id: String,
    pub name: String,
    /// Mean minutes that a reachable host takes to receive a live release (exponential).
    pub receipt_mean_min: Tagged<f64>,
    /// Minutes of one reboot cycle in the race.
    pub reboot_cycle_min: Tagged<u32>,
    /// Cycles after which a losing host stays down.
    pub race_cycles_max: Tagged<u32>,
    /// Chance an hour that a host that stayed down wins late by itself.
    pub late_win_per_hour: Tagged<f64>,
    /// The ring plan for staged releases; without it all hosts are served at once.
    #[serde(default)]
    pub rings: Option<RingPlan>,
}

/// A staged rollout: rings of hosts that are served one after another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RingPlan {
    /// Rings in the order in which they are served. Shares sum to 1 at most; hosts beyond the sum are never served.
    pub rings: Vec<Ring>,
    /// Observable and value: above it the release is halted for good.
    #[serde(default)]
    pub halt_above: Option<(String, f64)>,
    /// Do releases follow the plan from the start? Otherwise they follow it once `StageRollout` is in force.
    pub in_use: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Share of the hosts in scope that are in this ring, drawn for each host.
    pub share: Tagged<f64>,
    /// Minutes from the release to the opening of the ring.
    pub delay_min: Tagged<u32>,
    /// Throttling: the ring's hosts become eligible evenly over this many minutes.
    pub spread_min: Tagged<u32>,
}

/// A duty to tell a regulator within hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub id: String,
    pub name: String,
    /// Sector ids whose organisations have the duty; empty for all.
    pub sectors: Vec<String>,
    /// Hours from the first important service outside tolerance to the first notice.
    pub notify_within_hours: Tagged<u32>,
    /// Penalty if no statement to the regulator began in time, charged once. It rises to twice the figure at no
    /// trust.
    pub penalty_usd: Tagged<f64>,
}

/// A way to repair a host that is down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub id: String,
    pub name: String,
    /// Minutes of work on one host: least, most likely, most.
    pub touch_min: Tagged<(f64, f64, f64)>,
    /// Any duration between least and most is as likely as any other; otherwise triangular.
    #[serde(default)]
    pub uniform: bool,
    /// Minutes to see that the host works again; none if left out.
    #[serde(default)]
    pub verify_min: Option<Tagged<f64>>,
    /// Hosts on which one person works at once.
    pub hosts_at_once: Tagged<u32>,
    /// Chance that the repair fails and the host must be re-imaged.
    pub failure: Tagged<f64>,
    /// Does the method need the recovery key of an encrypted disk?
    pub needs_key: bool,
    /// Does the method work without a technician at the host?
    pub remote: bool,
    /// Does the method need the organisation's network service at half its level or more?
    #[serde(default)]
    pub needs_network: bool,
    /// Does the method set the host up anew? Such a method is the only way to repair hosts whose repair failed, and
    /// other hosts get it only by order.
    #[serde(default)]
    pub rebuilds: bool,
    /// Flags that must be up before the method can be used.
    pub requires: Vec<String>,
}

/// The use of hosts: a label, and a scope of observables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl Role {
    /// Every role with its word in scopes.
    pub const ALL: [(Role, &'static str); 8] = [
        (Role::ClinicalWorkstation, "ClinicalWorkstation"),
        (Role::OfficePc, "OfficePc"),
        (Role::Laptop, "Laptop"),
        (Role::Kiosk, "Kiosk"),
        (Role::ApplicationServer, "ApplicationServer"),
        (Role::DatabaseServer, "DatabaseServer"),
        (Role::CloudVm, "CloudVm"),
        (Role::KeyServer, "KeyServer"),
    ];

    /// True for machines in racks and clouds, false for machines at which a person sits or stands.
    pub fn is_server(self) -> bool {
        matches!(self, Role::ApplicationServer | Role::DatabaseServer | Role::CloudVm | Role::KeyServer)
    }
}

/// The properties that all hosts of a kind share.
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
    /// Channel id; the first channel if left out.
    #[serde(default)]
    pub channel: Option<String>,
    /// The network link: only wired hosts heal unattended. If left out, a kind that wins at least 2 % of reboots
    /// counts as wired.
    #[serde(default)]
    pub link: Option<Link>,
    /// Another chance to win for hosts that receive the content once a flag is up.
    #[serde(default)]
    pub race_win_once: Option<RaceOnce>,
    /// Factor on the time to find a host at hours at which it would be switched off, because nobody is at its
    /// place.
    #[serde(default)]
    pub locate_off_factor: Option<Tagged<f64>>,
    /// Hosts that nobody can reach at first: the laptop at home, the locked room, the person on holiday. All hosts are in
    /// reach if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_reach: Option<OutOfReach>,
    /// Ids of suitable methods, best first; the first available one is used.
    pub methods: Vec<String>,
}

/// The hosts of a kind that are out of reach when they go down, and the time until they are in reach (lognormal).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutOfReach {
    /// Share of the hosts that go down.
    pub share: Tagged<f64>,
    /// Hours after which half of them are in reach.
    pub median_hours: Tagged<f64>,
    /// Standard deviation of the logarithm of the time.
    pub spread: Tagged<f64>,
}

/// A fleet kind without a `link` counts as wired if its chance to win a reboot cycle is at least this.
const WIRED_RACE_WIN_MIN: f64 = 0.02;

impl FleetKind {
    /// Can unattended remediation reach the hosts?
    pub fn is_wired(&self) -> bool {
        self.link.map_or(WIRED_RACE_WIN_MIN <= *self.race_win.value(), |link| link == Link::Wired)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    Wired,
    Wireless,
    Vpn,
}

/// A publication of the vendor that lets more hosts win the reboot race.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaceOnce {
    /// Flag id.
    pub flag: String,
    /// Chance to win in one reboot cycle while the flag is up.
    pub chance: Tagged<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    pub id: String,
    pub name: String,
    /// Is the flag up at the start of the run?
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
    /// The place of the recovery keys.
    pub keys: Keys,
    /// Minutes to look up and type one recovery key; none if left out.
    #[serde(default)]
    pub key_min: Option<Tagged<f64>>,
    /// Id of the organisation's service that methods over the network need; if left out, the network always works.
    #[serde(default)]
    pub network: Option<String>,
    /// Ids of the groups that the organisation belongs to.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Number of real organisations that this entry summarises; it matters for counts of organisations only. 1 if
    /// left out.
    #[serde(default)]
    pub comprises: Option<Tagged<u32>>,
    /// People who work there, for scopes such as `people:1000..`; it changes no run. If left out, scopes count
    /// its PCs and laptops. The digest of version 1 must not see a field that is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Tagged<u32>>,
    pub fleets: Vec<Fleet>,
    pub services: Vec<Service>,
    /// One sentence for the map's tooltip, in our own words.
    #[serde(default)]
    pub note: String,
}

/// People who can repair hosts, by the shift that each of them works: day 07–15, evening 15–23, night 23–07 local. Nobody
/// is in two shifts; overtime makes shifts longer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub day: Tagged<u32>,
    pub evening: Tagged<u32>,
    pub night: Tagged<u32>,
    /// Share of each shift that works on Saturday and Sunday.
    pub weekend: Tagged<f64>,
    pub cost_per_hour_usd: Tagged<f64>,
    /// Share of the technicians on duty who can repair servers; all can if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_share: Option<Tagged<f64>>,
    /// Profile id that replaces the three shifts: share of `day` on duty by local hour.
    #[serde(default)]
    pub roster: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Keys {
    /// Disks are not encrypted, or keys are on paper beside the hosts.
    Open,
    /// Keys are in a key server: a fleet of this organisation that must be up.
    Server(String),
    /// Keys are in offline escrow and always available.
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
    /// Share of hosts in scope, where it is known for this organisation; overrides the kind's share.
    #[serde(default)]
    pub in_scope: Option<Tagged<f64>>,
    /// Priority of repair: fleets with a higher number first.
    pub priority: u8,
    /// Number of sites with equal parts of the hosts; one if left out.
    #[serde(default)]
    pub sites: Option<Tagged<u32>>,
    /// Minutes to travel from one site to the next.
    #[serde(default)]
    pub travel_min: Option<Tagged<f64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: String,
    pub name: String,
    /// The unit of demand as a plural: `appointments`.
    pub unit: String,
    /// Units a day on an average day of the profile's week.
    pub demand_per_day: Tagged<f64>,
    /// Profile id of the demand.
    pub demand_profile: String,
    /// Capacity at full level divided by the demand of the hour (1.1 clears a backlog slowly).
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
    /// The rule by which demand is called off ahead; none if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_off: Option<CallOff>,
    /// The level, 0..=1, that counts as working.
    pub target_level: f64,
    /// Impact tolerance: minutes below the target level that are bearable.
    pub tolerance_min: Tagged<u32>,
    /// Cost of one unit lost, US dollars.
    pub cost_per_lost_usd: Tagged<f64>,
    /// Is the service important? Important services are on the service board and count in sums.
    pub important: bool,
}

/// A fleet or service without which a service cannot work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    #[serde(rename = "of")]
    pub supplier: NeedOf,
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

/// The level of the service as a function of the share of the need that works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// In proportion to the share.
    Linear,
    /// Full down to this share of the need; below it, in proportion down to nothing.
    Knee(f64),
    /// At most this share of the service is lost with the need, in proportion.
    Soft(f64),
    /// Points (share of need, level) in rising order of the share, joined by straight lines.
    Points(Vec<(f64, f64)>),
}

/// A way to go on without the needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    pub name: String,
    /// Level that the fallback holds, 0..=1.
    pub level: Tagged<f64>,
    /// Minutes until people wear out and the fallback's level halves.
    pub endurance_min: Tagged<u32>,
    /// Technicians that the fallback occupies while it is in force.
    pub technicians: Tagged<u32>,
    /// Does the fallback open by itself when the service falls below its level? Otherwise an order must open it.
    pub automatic: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Backlog {
    /// Demand that is not served is lost at once.
    Lost,
    /// Demand waits until it is served.
    Waits,
    /// Demand waits for this many minutes on average, then it is lost.
    Expires(Tagged<u32>),
}

/// A second-stage queue: lost units leave rework behind, and rework limits the service until it is cleared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rework {
    pub name: String,
    /// Items of rework per unit lost.
    pub items_per_lost: Tagged<f64>,
    /// Items cleared in an hour at full level, with a queue near empty.
    pub clear_per_hour: Tagged<f64>,
    /// Queue length at which clearing runs at half speed.
    pub half_speed_at: Tagged<f64>,
    /// Queue length at which the service is limited to half.
    pub half_level_at: Tagged<f64>,
    /// Profile id: share of the people who clear the queue that is at work, by local hour. All are always at work if left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_work: Option<String>,
}

/// A service below its target level calls off demand of the hours to come, before customers ask for it: flights of the
/// evening, lists of the next day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallOff {
    /// Share of the demand of an hour that is called off at level 0; less at a higher level, in proportion.
    pub share: Tagged<f64>,
    /// Hours from the decision to the first hour that is called off.
    pub notice_hours: Tagged<u32>,
    /// Number of hours that are called off.
    pub hours: Tagged<u32>,
}

/// A fact that a scenario cites. `sources.ron` is a list of facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Fact id, `CS01`.
    pub id: String,
    /// The subject of the fact, in a few words of our own.
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
