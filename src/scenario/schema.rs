//! The scenario as authors write it: RON documents, one type per file of a scenario folder.
//!
//! Plain data with serde and nothing else: no defaults that hide a decision, no checks (those are
//! in `validate`), no knowledge of how the simulation stores things (that is `compile`).
//! Format version 1; see docs/scenario-format.md.

mod script;
mod targets;

use serde::{Deserialize, Serialize};

pub use script::*;
pub use targets::*;

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

    /// The figure, to be changed; its source stays.
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

impl Standing {
    /// In lower case, as tables have it.
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
    /// Are trust, calls, false tools and regulatory clocks simulated? A second-order effect that an
    /// exercise may do without.
    #[serde(default = "yes")]
    pub trust: bool,
    /// Expands populations: another number gives other members from the same distributions.
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
    /// States of the world that events raise and preconditions ask for.
    pub flags: Vec<Flag>,
    /// Hands that no single organisation owns.
    pub pools: Vec<Pool>,
    /// Duties to tell a regulator in time.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Lists that organisations stand on across sectors and regions.
    #[serde(default)]
    pub groups: Vec<OrganisationGroup>,
}

/// A list of organisations, such as the largest firms of a country; only a scope of observables.
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
    /// How releases are staged; without it everybody is served at once.
    #[serde(default)]
    pub rings: Option<RingPlan>,
}

/// A staged rollout: rings of hosts that are served one after another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RingPlan {
    /// In the order served; shares sum to 1 at most, hosts beyond the sum are never served.
    pub rings: Vec<Ring>,
    /// Observable and value: above it the release is halted for good.
    #[serde(default)]
    pub halt_above: Option<(String, f64)>,
    /// Do releases follow the plan from the start? Otherwise `StageRollout` must have been ordered.
    pub in_use: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Share of the hosts in scope, drawn per host.
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
    /// Paid once if no statement to the regulator began in time; up to twice that at no trust.
    pub penalty_usd: Tagged<f64>,
}

/// A way to repair a host that is down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub id: String,
    pub name: String,
    /// Hands on one host in minutes: least, most likely, most.
    pub touch_min: Tagged<(f64, f64, f64)>,
    /// Any duration between least and most is as likely as any other; otherwise triangular.
    #[serde(default)]
    pub uniform: bool,
    /// Minutes to see that the host works again; none if left out.
    #[serde(default)]
    pub verify_min: Option<Tagged<f64>>,
    /// Hosts one person works at once.
    pub hosts_at_once: Tagged<u32>,
    /// Chance that the repair fails and the host must be re-imaged.
    pub failure: Tagged<f64>,
    /// Needs the recovery key where the disk is encrypted.
    pub needs_key: bool,
    /// Needs nobody to walk to the host.
    pub remote: bool,
    /// Needs the organisation's network service at half its level or more.
    #[serde(default)]
    pub needs_network: bool,
    /// Sets the host up anew: the only way for hosts whose repair failed, and never taken for others
    /// unless ordered.
    #[serde(default)]
    pub rebuilds: bool,
    /// Flags that must be up before anybody can use it.
    pub requires: Vec<String>,
}

/// What hosts are for: a label, and a scope of observables.
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

    /// True for machines in racks and clouds, false for those that somebody sits or stands at.
    pub fn is_server(self) -> bool {
        matches!(self, Role::ApplicationServer | Role::DatabaseServer | Role::CloudVm | Role::KeyServer)
    }
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
    /// Channel id; the first channel if left out.
    #[serde(default)]
    pub channel: Option<String>,
    /// How it is connected: only wired hosts heal unattended. Left out, kinds that win at least 2 % of
    /// reboots count as wired.
    #[serde(default)]
    pub link: Option<Link>,
    /// Another chance to win for hosts that receive the content once a flag is up.
    #[serde(default)]
    pub race_win_once: Option<RaceOnce>,
    /// Finding a host takes this much longer at hours when it would be switched off (nobody is there).
    #[serde(default)]
    pub locate_off_factor: Option<Tagged<f64>>,
    /// Method ids that suit, best first; the first that is available is used.
    pub methods: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    Wired,
    Wireless,
    Vpn,
}

/// What the vendor publishes to let more hosts win the reboot race.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaceOnce {
    /// Flag id.
    pub flag: String,
    /// Chance to win in one reboot cycle while it is up.
    pub chance: Tagged<f64>,
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
    /// Minutes to look up and type one recovery key; none if left out.
    #[serde(default)]
    pub key_min: Option<Tagged<f64>>,
    /// Service id of its own that methods over the network need; always there if left out.
    #[serde(default)]
    pub network: Option<String>,
    /// Ids of the groups it belongs to.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Real organisations that it puts together, for counts of organisations only; 1 if left out.
    #[serde(default)]
    pub comprises: Option<Tagged<u32>>,
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
    /// Profile id: share of `day` on duty by local hour, in place of the three shifts.
    #[serde(default)]
    pub roster: Option<String>,
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
    /// Sites its hosts stand on, in equal parts; one if left out.
    #[serde(default)]
    pub sites: Option<Tagged<u32>>,
    /// Minutes to travel from one of its sites to the next.
    #[serde(default)]
    pub travel_min: Option<Tagged<f64>>,
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

/// `populations.ron` (may be left out): a list of these: many organisations of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Members are called `ID-1`, `ID-2`, …
    pub id: String,
    /// Members are named `NAME 1`, `NAME 2`, …
    pub name: String,
    /// Members there are.
    pub count: Tagged<u32>,
    /// One of so many is simulated and stands for the others in sums over many organisations.
    #[serde(default = "every")]
    pub one_in: u32,
    /// Share of the members that have the sensor; no host of the others can be hit. All if left out.
    #[serde(default)]
    pub with_sensor: Option<Tagged<f64>>,
    /// Size of a member, least, most likely, most (triangular): multiplies hosts, technicians, demand
    /// and the pace at which rework is cleared.
    pub size: Tagged<(f64, f64, f64)>,
    /// Where members stand, drawn by weight.
    pub places: Vec<Place>,
    /// The member of size 1. Its id, name, region and position are not used.
    pub member: Organisation,
}

/// `one_in` of a population whose members are all simulated.
fn every() -> u32 {
    1
}

impl Population {
    /// Members that are simulated.
    pub fn members(&self) -> u32 {
        (self.count.value() / self.one_in.max(1)).max(1)
    }

    /// Real members that each simulated one stands for, itself included.
    pub fn stands_for(&self) -> f64 {
        f64::from(*self.count.value()) / f64::from(self.members())
    }

    /// Has member `number`, from 1, the sensor? As even as counting allows.
    pub fn has_sensor(&self, number: u32) -> bool {
        let share = self.with_sensor.as_ref().map_or(1.0, |share| *share.value());
        let until = |number: u32| (f64::from(number) * share + 0.5).floor();
        until(number - 1) < until(number)
    }
}

/// A region's share of a population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Region id.
    pub region: String,
    /// Any positive weight.
    pub weight: f64,
    pub lat: f64,
    pub lon: f64,
    /// Members stand within so many degrees of the point.
    pub spread_deg: f64,
}
