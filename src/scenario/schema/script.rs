//! What can happen: mitigations, events, injects, seats and playbooks as authors write them.

use serde::{Deserialize, Serialize};

use super::{Provenance, Tagged};

/// `mitigations.ron`: a list of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mitigation {
    pub id: String,
    pub name: String,
    /// What it does and when it pays, one or two sentences.
    pub summary: String,
    pub group: Group,
    /// When it can be ordered.
    #[serde(default)]
    pub phase: Phase,
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

/// When a mitigation can be ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// While the clock runs.
    #[default]
    Response,
    /// Before the clock runs: it is in force from the first minute, whatever its lead.
    Preparation,
}

/// What a mitigation does to its target. The target is an organisation, one of its fleets or one of
/// its services, by the effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Effect {
    // The rollout.
    /// Channel id: the live release stops reaching further hosts.
    StopRollout(String),
    /// Channel id: later releases follow the channel's ring plan.
    StageRollout(String),
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
    /// The fallback was practised: it is kept up for this factor of its usual time.
    Drill { endurance: f64 },
    /// Rework is cleared faster by this factor for some hours (a reset of the schedule).
    ClearRework { factor: f64, hours: u32 },
}

/// What an order is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// The rollout itself.
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
    /// What preparation may cost in all; nothing can be prepared if left out.
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
