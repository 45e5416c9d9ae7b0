//! Mitigations, events, injects, seats and playbooks as authors write them.

use serde::{Deserialize, Serialize};

use super::{Provenance, Tagged};

/// A mitigation. `mitigations.ron` is a list of mitigations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mitigation {
    pub id: String,
    pub name: String,
    /// The use and the price of the mitigation, in one or two sentences.
    pub summary: String,
    pub group: Group,
    /// The phase in which the mitigation can be ordered.
    #[serde(default)]
    pub phase: Phase,
    pub effect: Effect,
    /// Sectors whose organisations may be the target; empty for all.
    pub sectors: Vec<String>,
    /// Units of the services that may be the target, such as `flights`; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    pub cost_usd: Tagged<f64>,
    pub lead_min: Tagged<u32>,
    /// Flags that must be up.
    pub requires: Vec<String>,
    /// Number of times that the mitigation can be ordered for one target; 0 for any number.
    pub times_max: u32,
    /// The people who carry an order out; nobody in particular if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// A seat can order the mitigation only after a sign of the fault: a service of the target's organisation that fell
    /// below its target level, or a message to the seat that names the mitigation as an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_sign: bool,
}

/// The people who carry an order out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Minutes for which the order takes one member of the organisation's incident team.
    pub team_min: Tagged<u32>,
    /// Technicians who are away from repair for the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technicians: Option<TechniciansAway>,
    /// What can go wrong; nothing if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setback: Option<Setback>,
}

/// An order that does not succeed at first takes longer, and says so when its time is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setback {
    pub chance: Tagged<f64>,
    /// Factor on the lead time.
    pub factor: Tagged<f64>,
}

/// Technicians who leave repair when an order is taken up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechniciansAway {
    /// Share of the technicians at work then, without overtime.
    pub share: Tagged<f64>,
    pub minutes: Tagged<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Group {
    /// The rollout itself.
    Rollout,
    /// The order and the methods of repair.
    Repair,
    /// The people who do the work.
    People,
    /// Services for customers and patients until systems work again.
    Continuity,
    /// Statements to audiences.
    Communication,
}

/// When a mitigation can be ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// While the clock runs.
    #[default]
    Response,
    /// Before the clock runs. The mitigation is then in force from the first minute, whatever its lead.
    Preparation,
}

/// The effect of a mitigation on its target. The effect decides whether the target is the world, an organisation, a
/// fleet or a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Effect {
    // The rollout.
    /// Channel id: the live release reaches no further hosts.
    StopRollout(String),
    /// Channel id: later releases follow the channel's ring plan.
    StageRollout(String),
    /// Raises a flag of the world (a workaround is published).
    RaiseFlag(String),
    // Target: an organisation.
    /// Hosts that are not hit yet stay off the network for this time; services cannot use them either.
    HoldHosts { hours: u32 },
    /// Held hosts come back.
    ReleaseHosts,
    /// Recovery keys are available without the key server.
    EscrowKeys,
    /// Touch time with a recovery key falls to this share (barcodes instead of typing).
    PrintKeys { touch: f64 },
    /// Method id: crews use it wherever the fleet's kind allows it and its flags are up.
    UseMethod(String),
    /// Wired hosts that are down heal by themselves, with this mean time.
    Unattended { mean_hours: f64 },
    /// The organisation's own staff works more for some hours and gets tired.
    Overtime { share: f64, hours: u32 },
    /// Technicians from outside for some hours at a lower pace.
    Contractors { technicians: u32, pace: f64, hours: u32 },
    /// People who are not technicians help to find and reach hosts: the time for it falls to the share `locate`.
    Volunteers { locate: f64, hours: u32 },
    /// Technicians of a staff pool (by its id) for some hours.
    NationalPool { pool: String, technicians: u32, pace: f64, hours: u32 },
    /// Crews rest: a share of them is off duty for some hours, and fatigue falls.
    Rest { share: f64, hours: u32 },
    /// A statement to an audience: trust rises, calls to the crews fall. With `promise_hours` it says by when services are
    /// back.
    Statement {
        audience: Audience,
        trust: f64,
        #[serde(default)]
        promise_hours: u32,
    },
    /// Look-alike domains are blocked and tools checked: failed repairs fall to this share.
    VerifyTools { failure: f64 },
    // Target: a fleet.
    /// Crews repair this fleet first.
    RepairFirst,
    /// Servers are restored from backup: the touch time falls to this share, and no recovery key is needed.
    RestoreBackup { touch: f64 },
    // Target: a service.
    /// The fallback is in force.
    OpenFallback,
    /// The fallback ends and frees its people.
    CloseFallback,
    /// Demand is turned away (lost) for some hours so that people keep up.
    ShedDemand { share: f64, hours: u32 },
    /// Demand of some hours is called off now, before customers ask for it, from `notice_hours` hours after this one on.
    CallOff { share: f64, notice_hours: u32, hours: u32 },
    /// Demand is postponed by this many hours instead of being lost.
    PostponeDemand { share: f64, hours: u32 },
    /// A second supplier or site holds the service at this level for some hours.
    FailOver { level: f64, hours: u32 },
    /// Capacity is above the usual for some hours, to clear a backlog.
    ExtendHours { extra: f64, hours: u32 },
    /// The fallback was practised: its endurance is multiplied by this factor.
    Drill { endurance: f64 },
    /// Rework is cleared faster by this factor for some hours (an airline resets its schedule).
    ClearRework { factor: f64, hours: u32 },
}

/// The kind of target that an effect takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// The rollout or a flag.
    World,
    Organisation,
    Fleet,
    Service,
}

impl Effect {
    /// The kind of target that an order of the effect takes.
    pub fn target_kind(&self) -> TargetKind {
        match self {
            Effect::StopRollout(_) | Effect::StageRollout(_) | Effect::RaiseFlag(_) => TargetKind::World,
            Effect::RepairFirst | Effect::RestoreBackup { .. } => TargetKind::Fleet,
            Effect::OpenFallback
            | Effect::CloseFallback
            | Effect::ShedDemand { .. }
            | Effect::CallOff { .. }
            | Effect::PostponeDemand { .. }
            | Effect::FailOver { .. }
            | Effect::ExtendHours { .. }
            | Effect::Drill { .. }
            | Effect::ClearRework { .. } => TargetKind::Service,
            Effect::HoldHosts { .. }
            | Effect::ReleaseHosts
            | Effect::EscrowKeys
            | Effect::PrintKeys { .. }
            | Effect::UseMethod(_)
            | Effect::Unattended { .. }
            | Effect::Overtime { .. }
            | Effect::Contractors { .. }
            | Effect::Volunteers { .. }
            | Effect::NationalPool { .. }
            | Effect::Rest { .. }
            | Effect::Statement { .. }
            | Effect::VerifyTools { .. } => TargetKind::Organisation,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    Staff,
    Customers,
    Regulator,
    Press,
}

/// The time or condition of an event, an inject or an order.
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

/// Something that happens to the world, whatever the seats decide. `events.ron` is a list of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub id: String,
    pub title: String,
    pub when: Trigger,
    pub effects: Vec<EventEffect>,
    /// Is the event shown on the timeline?
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

/// A message that reaches seats. `injects.ron` is a list of injects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    pub id: String,
    pub when: Trigger,
    /// Seat ids; empty for all seats.
    pub to: Vec<String>,
    pub via: Via,
    /// The sender: a desk, not a person.
    pub from: String,
    pub title: String,
    /// The text. An observable in braces, such as `{hosts_down(org:delta)}`, becomes its value at the arrival of the
    /// message, rounded to two digits.
    pub body: String,
    /// Does the clock slow down when the message arrives, as long as an order that answers it can be given?
    pub urgent: bool,
    /// Mitigation ids of the orders that answer the message; empty for a message that only informs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// Mitigation ids: the message does not reach a seat for which one of them was ordered before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
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

impl Via {
    /// The medium as a word on screens and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Via::Monitoring => "Monitoring",
            Via::Phone => "Phone",
            Via::Email => "Email",
            Via::Press => "Press",
            Via::Regulator => "Regulator",
            Via::Executive => "Executive",
        }
    }
}

/// A role in the exercise. `seats.ron` is a list of seats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    pub id: String,
    pub name: String,
    /// One line for the seat card.
    pub summary: String,
    /// Organisations that the seat directs.
    pub organisations: Vec<String>,
    /// Mitigation ids this seat may order.
    pub mitigations: Vec<String>,
    /// Limit on the cost of all preparation in US dollars. If left out, the seat cannot order preparation.
    #[serde(default)]
    pub preparation_usd: Option<Tagged<f64>>,
    pub briefing: Briefing,
    pub objectives: Vec<Objective>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Briefing {
    /// Paragraphs.
    pub situation: Vec<String>,
    /// The people whom the seat directs.
    pub people: String,
    /// Advice from experience, a few bullets.
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
    /// Thresholds of the ratings that reports propose. If left out, they are those of `Ratings::default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratings: Option<Ratings>,
}

/// Thresholds for the ratings of an objective: P (performed without challenges), S (with some), M (with major ones);
/// what reaches none of them is U (unable to be performed).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Ratings {
    /// Least points, from large to small.
    Points { p: f64, s: f64, m: f64 },
    /// Largest values of the observable in its unit, from small to large.
    Values { p: f64, s: f64, m: f64 },
}

/// *Rationale*: P leaves a fifth of the way to the best known decisions, S begins half of the way there, and U is
/// hardly better than nobody acting.
impl Default for Ratings {
    fn default() -> Self {
        Self::Points { p: 80.0, s: 50.0, m: 20.0 }
    }
}

/// Orders decided beforehand, under a name. `playbooks.ron` is a list of playbooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub orders: Vec<PlaybookOrder>,
}

/// An entry of a playbook: an order for every target that it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaybookOrder {
    pub when: Trigger,
    /// Mitigation id.
    pub order: String,
    pub target: OrderTarget,
    pub provenance: Provenance,
}

/// The targets of a playbook entry. An order that is refused for one target (such as an order given before) is
/// recorded as a refused order; the others are given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OrderTarget {
    /// The world: for effects on the rollout and on flags.
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
