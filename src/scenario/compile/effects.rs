//! Effects of mitigations and events, with indices in place of ids.
//!
//! An effect is grouped by the kind of target it takes, so an effect on a service cannot be matched with an
//! organisation. Code that reads effects must match all of them without a `_` arm: the compiler then lists every
//! place that must consider a new effect.

use super::ids::Ids;
use super::{Channel, Flag, Fleet, Method, Organisation, Service, StaffPool, Target, TargetKind};
use crate::base::{Ix, Share};
use crate::scenario::schema::{Audience, Effect, EventEffect};

/// The effect of a mitigation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MitigationEffect {
    World(WorldEffect),
    Organisation(OrganisationEffect),
    Fleet(FleetEffect),
    Service(ServiceEffect),
}

/// Effects on the rollout and on the flags of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WorldEffect {
    /// The live release of the channel ends.
    StopRollout {
        channel: Ix<Channel>,
    },
    /// Later releases follow the channel's ring plan.
    StageRollout {
        channel: Ix<Channel>,
    },
    RaiseFlag {
        flag: Ix<Flag>,
    },
}

/// Effects on an organisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OrganisationEffect {
    HoldHosts,
    ReleaseHosts,
    EscrowKeys,
    /// The touch time with a recovery key is multiplied by this share.
    PrintKeys {
        touch: f64,
    },
    UseMethod {
        method: Ix<Method>,
    },
    Unattended {
        mean_min: f64,
    },
    /// Share of the organisation's staff that is added.
    Overtime {
        share: f64,
    },
    Contractors(OutsideHelp),
    /// The time to find a host is multiplied by this share.
    Volunteers {
        locate: f64,
    },
    NationalPool {
        pool: Ix<StaffPool>,
        help: OutsideHelp,
    },
    /// Share of the organisation's staff that is off duty.
    Rest {
        share: f64,
    },
    /// Points of trust (of 100) that the audience gains. A promise is in force until it is due.
    Statement {
        audience: Audience,
        trust_points: f64,
        is_promise: bool,
    },
    /// The chance of a failed repair is multiplied by this share.
    VerifyTools {
        failure: f64,
    },
}

/// Technicians from outside the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideHelp {
    pub technicians: u32,
    /// Their work per minute, in thousandths of the work of one technician of the organisation.
    pub hands_milli: u32,
}

/// Effects on a fleet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FleetEffect {
    RepairFirst,
    /// The touch time is multiplied by this share.
    RestoreBackup {
        touch: f64,
    },
}

/// Effects on a service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ServiceEffect {
    OpenFallback,
    CloseFallback,
    ShedDemand {
        share: f64,
    },
    /// Demand of some hours is called off, from some hours after the present one on.
    CallOff {
        share: f64,
        notice_hours: u32,
        hours: u32,
    },
    PostponeDemand {
        share: f64,
        hours: u32,
    },
    FailOver {
        level: f64,
    },
    /// Share of the capacity that is added.
    ExtendHours {
        extra: f64,
    },
    /// The endurance of the fallback is multiplied by this factor.
    Drill {
        endurance: f64,
    },
    ClearRework {
        factor: f64,
    },
}

/// An effect with the index of its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AimedEffect {
    World(WorldEffect),
    Organisation(Ix<Organisation>, OrganisationEffect),
    Fleet(Ix<Fleet>, FleetEffect),
    Service(Ix<Service>, ServiceEffect),
}

/// The time for which an order stays in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The effect is complete in the minute in which the order begins.
    AtOnce,
    Minutes(u32),
    ToTheEnd,
}

impl MitigationEffect {
    /// # Panics
    /// If an id is unknown: the effect was not checked.
    pub(super) fn new(effect: &Effect, ids: &Ids) -> Self {
        let world = MitigationEffect::World;
        let organisation = MitigationEffect::Organisation;
        let fleet = MitigationEffect::Fleet;
        let service = MitigationEffect::Service;
        match effect {
            Effect::StopRollout(id) => world(WorldEffect::StopRollout { channel: ids.channels[id] }),
            Effect::StageRollout(id) => world(WorldEffect::StageRollout { channel: ids.channels[id] }),
            Effect::RaiseFlag(id) => world(WorldEffect::RaiseFlag { flag: ids.flags[id] }),
            Effect::HoldHosts { .. } => organisation(OrganisationEffect::HoldHosts),
            Effect::ReleaseHosts => organisation(OrganisationEffect::ReleaseHosts),
            Effect::EscrowKeys => organisation(OrganisationEffect::EscrowKeys),
            Effect::PrintKeys { touch } => organisation(OrganisationEffect::PrintKeys { touch: *touch }),
            Effect::UseMethod(id) => organisation(OrganisationEffect::UseMethod { method: ids.methods[id] }),
            Effect::Unattended { mean_hours } => {
                organisation(OrganisationEffect::Unattended { mean_min: mean_hours * 60.0 })
            }
            Effect::Overtime { share, .. } => organisation(OrganisationEffect::Overtime { share: *share }),
            Effect::Contractors { technicians, pace, .. } => {
                organisation(OrganisationEffect::Contractors(OutsideHelp::new(*technicians, *pace)))
            }
            Effect::Volunteers { locate, .. } => organisation(OrganisationEffect::Volunteers { locate: *locate }),
            Effect::NationalPool { pool, technicians, pace, .. } => {
                let help = OutsideHelp::new(*technicians, *pace);
                organisation(OrganisationEffect::NationalPool { pool: ids.pools[pool], help })
            }
            Effect::Rest { share, .. } => organisation(OrganisationEffect::Rest { share: *share }),
            Effect::Statement { audience, trust, promise_hours } => organisation(OrganisationEffect::Statement {
                audience: *audience,
                trust_points: *trust,
                is_promise: 0 < *promise_hours,
            }),
            Effect::VerifyTools { failure } => organisation(OrganisationEffect::VerifyTools { failure: *failure }),
            Effect::RepairFirst => fleet(FleetEffect::RepairFirst),
            Effect::RestoreBackup { touch } => fleet(FleetEffect::RestoreBackup { touch: *touch }),
            Effect::OpenFallback => service(ServiceEffect::OpenFallback),
            Effect::CloseFallback => service(ServiceEffect::CloseFallback),
            Effect::ShedDemand { share, .. } => service(ServiceEffect::ShedDemand { share: *share }),
            Effect::CallOff { share, notice_hours, hours } => {
                service(ServiceEffect::CallOff { share: *share, notice_hours: *notice_hours, hours: *hours })
            }
            Effect::PostponeDemand { share, hours } => {
                service(ServiceEffect::PostponeDemand { share: *share, hours: *hours })
            }
            Effect::FailOver { level, .. } => service(ServiceEffect::FailOver { level: *level }),
            Effect::ExtendHours { extra, .. } => service(ServiceEffect::ExtendHours { extra: *extra }),
            Effect::Drill { endurance } => service(ServiceEffect::Drill { endurance: *endurance }),
            Effect::ClearRework { factor, .. } => service(ServiceEffect::ClearRework { factor: *factor }),
        }
    }

    /// The kind of target that an order of the effect needs.
    pub fn target_kind(self) -> TargetKind {
        match self {
            MitigationEffect::World(_) => TargetKind::World,
            MitigationEffect::Organisation(_) => TargetKind::Organisation,
            MitigationEffect::Fleet(_) => TargetKind::Fleet,
            MitigationEffect::Service(_) => TargetKind::Service,
        }
    }

    /// The effect on a target.
    ///
    /// # Panics
    /// If the effect takes a target of another kind.
    pub fn aimed(self, target: Target) -> AimedEffect {
        match (self, target) {
            (MitigationEffect::World(effect), Target::World) => AimedEffect::World(effect),
            (MitigationEffect::Organisation(effect), Target::Organisation(organisation)) => {
                AimedEffect::Organisation(organisation, effect)
            }
            (MitigationEffect::Fleet(effect), Target::Fleet(fleet)) => AimedEffect::Fleet(fleet, effect),
            (MitigationEffect::Service(effect), Target::Service(service)) => AimedEffect::Service(service, effect),
            (effect, target) => panic!("{effect:?} is ordered for {target:?}"),
        }
    }

    /// The effect on an organisation; none if it takes another target.
    pub fn on_organisation(self) -> Option<OrganisationEffect> {
        if let MitigationEffect::Organisation(effect) = self { Some(effect) } else { None }
    }

    /// The effect on a fleet; none if it takes another target.
    pub fn on_fleet(self) -> Option<FleetEffect> {
        if let MitigationEffect::Fleet(effect) = self { Some(effect) } else { None }
    }

    /// The effect on a service; none if it takes another target.
    pub fn on_service(self) -> Option<ServiceEffect> {
        if let MitigationEffect::Service(effect) = self { Some(effect) } else { None }
    }

    /// Is it a statement that says by when services are back?
    pub fn is_promise(self) -> bool {
        matches!(self, MitigationEffect::Organisation(OrganisationEffect::Statement { is_promise: true, .. }))
    }

    /// Do people work longer for the effect, so that they are owed time off when it ends?
    pub fn is_longer_work(self) -> bool {
        matches!(
            self,
            MitigationEffect::Organisation(OrganisationEffect::Overtime { .. })
                | MitigationEffect::Service(ServiceEffect::ExtendHours { .. })
        )
    }

    /// Can the effect be ordered again while an earlier order of it is in force?
    pub fn is_repeatable(self) -> bool {
        match self {
            // Crews can go back to an earlier method, back-ups can be restored again, and a promise can be corrected.
            MitigationEffect::Organisation(
                OrganisationEffect::UseMethod { .. } | OrganisationEffect::Statement { .. },
            )
            | MitigationEffect::Fleet(FleetEffect::RestoreBackup { .. }) => true,
            MitigationEffect::World(_)
            | MitigationEffect::Organisation(_)
            | MitigationEffect::Fleet(FleetEffect::RepairFirst)
            | MitigationEffect::Service(_) => false,
        }
    }

    /// The staff pool that lends technicians for the effect, and their number; none if the effect needs no staff
    /// pool.
    pub fn borrowed(self) -> Option<(Ix<StaffPool>, u32)> {
        if let MitigationEffect::Organisation(OrganisationEffect::NationalPool { pool, help }) = self {
            Some((pool, help.technicians))
        } else {
            None
        }
    }
}

impl OutsideHelp {
    fn new(technicians: u32, pace: f64) -> Self {
        Self { technicians, hands_milli: (f64::from(technicians) * pace * 1000.0 + 0.5) as u32 }
    }
}

impl Term {
    pub(super) fn new(effect: &Effect) -> Self {
        match effect {
            Effect::HoldHosts { hours }
            | Effect::Overtime { hours, .. }
            | Effect::Contractors { hours, .. }
            | Effect::Volunteers { hours, .. }
            | Effect::NationalPool { hours, .. }
            | Effect::Rest { hours, .. }
            | Effect::ShedDemand { hours, .. }
            | Effect::PostponeDemand { hours, .. }
            | Effect::FailOver { hours, .. }
            | Effect::ExtendHours { hours, .. }
            | Effect::ClearRework { hours, .. } => Term::Minutes(hours * 60),
            Effect::Statement { promise_hours, .. } if 0 < *promise_hours => Term::Minutes(promise_hours * 60),
            Effect::EscrowKeys
            | Effect::PrintKeys { .. }
            | Effect::UseMethod(_)
            | Effect::Unattended { .. }
            | Effect::VerifyTools { .. }
            | Effect::RestoreBackup { .. }
            | Effect::Drill { .. } => Term::ToTheEnd,
            Effect::StopRollout(_)
            | Effect::StageRollout(_)
            | Effect::RaiseFlag(_)
            | Effect::ReleaseHosts
            | Effect::Statement { .. }
            | Effect::RepairFirst
            | Effect::CallOff { .. }
            | Effect::OpenFallback
            | Effect::CloseFallback => Term::AtOnce,
        }
    }
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EventAction {
    Release { channel: Ix<Channel> },
    Revert { channel: Ix<Channel> },
    RaiseFlag { flag: Ix<Flag> },
    LowerFlag { flag: Ix<Flag> },
    Limit { service: Ix<Service>, level: Share },
    Lift { service: Ix<Service> },
}

impl EventAction {
    /// # Panics
    /// If an id is unknown: the event was not checked.
    pub(super) fn new(effect: &EventEffect, ids: &Ids) -> Self {
        let service = |key: &str| ids.service(key).expect("checked service");
        match effect {
            EventEffect::Release(id) => EventAction::Release { channel: ids.channels[id] },
            EventEffect::Revert(id) => EventAction::Revert { channel: ids.channels[id] },
            EventEffect::RaiseFlag(id) => EventAction::RaiseFlag { flag: ids.flags[id] },
            EventEffect::LowerFlag(id) => EventAction::LowerFlag { flag: ids.flags[id] },
            EventEffect::Limit { service: key, level } => {
                EventAction::Limit { service: service(key), level: Share::from_fraction(*level) }
            }
            EventEffect::Lift { service: key } => EventAction::Lift { service: service(key) },
        }
    }

    /// The service that the effect changes; none if the effect changes a flag or a channel.
    pub fn service(self) -> Option<Ix<Service>> {
        match self {
            EventAction::Limit { service, .. } | EventAction::Lift { service } => Some(service),
            EventAction::Release { .. }
            | EventAction::Revert { .. }
            | EventAction::RaiseFlag { .. }
            | EventAction::LowerFlag { .. } => None,
        }
    }

    /// The channel that the effect releases; none for other effects.
    pub fn released_channel(self) -> Option<Ix<Channel>> {
        if let EventAction::Release { channel } = self { Some(channel) } else { None }
    }
}
