//! The one door into a run: a closed set of commands, checked without changing anything.
//!
//! Trainees, playbooks, facilitators, replays and agents all come through here. A command that
//! `check` accepts is applied at a tick boundary; one it refuses leaves the state untouched.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::world::{HostState, Order, OrderState, World};
use crate::base::Tick;
use crate::scenario::compile::{Keys, Scenario, Target, TargetKind};
use crate::scenario::schema::Effect;

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Issuer {
    /// A seat by index: only its organisations and its mitigations.
    Seat(u32),
    /// A playbook; which organisations it speaks for is the session's rule, not the world's.
    Policy,
    /// May order anything.
    Facilitator,
}

/// Everything that can be asked of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Order a mitigation (by index) for a target.
    Order { by: Issuer, mitigation: u32, target: Target },
    /// Take back an order (by index) that has not begun, or end one in force.
    Cancel { by: Issuer, order: u32 },
}

/// What an accepted command will cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub usd: f64,
    pub lead_min: u32,
    /// The tick at which it begins.
    pub effective: Tick,
}

/// Why a command is refused, fit for a tooltip.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the exercise is over")]
    Over,
    #[error("there is no such mitigation (number {0})")]
    UnknownMitigation(u32),
    #[error("there is no such target")]
    UnknownTarget,
    #[error("there is no such order (number {0})")]
    UnknownOrder(u32),
    #[error("it takes {0}, not this target")]
    WrongTarget(&'static str),
    #[error("{0} is not yours to direct")]
    NotYourOrganisation(String),
    #[error("somebody else gave this order")]
    NotYourOrder,
    #[error("your seat cannot order this")]
    NotYourMitigation,
    #[error("it does not suit {0}")]
    WrongSector(String),
    #[error("not possible yet: {0}")]
    FlagMissing(String),
    #[error("already under way")]
    UnderWay,
    #[error("it can be ordered {max} {} only", times(*.max))]
    TimesUsedUp { max: u32 },
    #[error("there is nothing for it to do: {0}")]
    Pointless(&'static str),
    #[error("{pool} has {free} technicians left and it takes {wanted}")]
    PoolTooSmall { pool: String, free: u32, wanted: u32 },
    #[error("it has already ended")]
    AlreadyEnded,
    #[error("it takes effect at once and cannot be taken back")]
    CannotBeTakenBack,
}

fn times(max: u32) -> &'static str {
    if max == 1 { "time" } else { "times" }
}

/// Judges a command against the state without changing it.
///
/// # Errors
/// The reason why it cannot be done now.
pub fn check(world: &World, command: &Command) -> Result<Cost, Refusal> {
    if world.is_over() {
        return Err(Refusal::Over);
    }
    match *command {
        Command::Order { by, mitigation, target } => check_order(world, by, mitigation, target),
        Command::Cancel { by, order } => check_cancel(world, by, order),
    }
}

/// Carries out a command at this boundary.
///
/// # Errors
/// As `check`; the state is then untouched.
pub fn apply(world: &mut World, command: &Command) -> Result<Cost, Refusal> {
    let cost = check(world, command)?;
    match *command {
        Command::Order { by, mitigation, target } => order(world, by, mitigation, target, cost),
        Command::Cancel { order, .. } => cancel(world, order),
    }
    Ok(cost)
}

fn order(world: &mut World, by: Issuer, mitigation: u32, target: Target, cost: Cost) {
    let scenario = world.scenario.clone();
    let of = &scenario.mitigations[mitigation as usize];
    let payer = payer(&scenario, by, target);
    if let Some(organisation) = payer {
        world.organisations[organisation as usize].cost_cents += cents(cost.usd);
    }
    if let Effect::NationalPool { technicians, .. } = &scenario.docs.mitigations[mitigation as usize].effect {
        world.pools_free[of.operand as usize] -= technicians;
    }
    world.orders.push(Order {
        by,
        mitigation,
        target,
        payer,
        ordered: world.tick,
        effective: cost.effective,
        ends: of.lasts_min.map(|minutes| cost.effective.plus(minutes)),
        state: OrderState::Pending,
    });
}

/// Who is charged: the target's organisation; for the whole world, the seat's first one.
fn payer(scenario: &Scenario, by: Issuer, target: Target) -> Option<u32> {
    scenario.organisation_of(target).or_else(|| match by {
        Issuer::Seat(seat) => scenario.seats[seat as usize].organisations.first().copied(),
        Issuer::Policy | Issuer::Facilitator => None,
    })
}

fn cents(usd: f64) -> u64 {
    (usd * 100.0 + 0.5) as u64
}

fn cancel(world: &mut World, index: u32) {
    let scenario = world.scenario.clone();
    let order = &mut world.orders[index as usize];
    if order.state == OrderState::InForce {
        // It ends at this boundary, through the same phase as an order whose time is over.
        order.ends = Some(world.tick);
        return;
    }
    order.state = OrderState::Cancelled;
    let mitigation = order.mitigation as usize;
    let payer = order.payer;
    if let Some(organisation) = payer {
        world.organisations[organisation as usize].cost_cents -= cents(scenario.mitigations[mitigation].cost_usd);
    }
    if let Effect::NationalPool { technicians, .. } = &scenario.docs.mitigations[mitigation].effect {
        world.pools_free[scenario.mitigations[mitigation].operand as usize] += technicians;
    }
}

fn check_cancel(world: &World, by: Issuer, index: u32) -> Result<Cost, Refusal> {
    let order = world.orders.get(index as usize).ok_or(Refusal::UnknownOrder(index))?;
    may_direct(world, by, order.target)?;
    if matches!(by, Issuer::Seat(_)) && order.by != by {
        return Err(Refusal::NotYourOrder);
    }
    match order.state {
        OrderState::Done | OrderState::Cancelled => Err(Refusal::AlreadyEnded),
        OrderState::InForce if order.ends.is_none() => Err(Refusal::CannotBeTakenBack),
        OrderState::InForce | OrderState::Pending => Ok(Cost { usd: 0.0, lead_min: 0, effective: world.tick }),
    }
}

fn check_order(world: &World, by: Issuer, mitigation: u32, target: Target) -> Result<Cost, Refusal> {
    let scenario = &world.scenario;
    let of = scenario.mitigations.get(mitigation as usize).ok_or(Refusal::UnknownMitigation(mitigation))?;
    check_target(world, of.target, target)?;
    may_direct(world, by, target)?;
    if let Issuer::Seat(seat) = by
        && !scenario.seats[seat as usize].mitigations.contains(&mitigation)
    {
        return Err(Refusal::NotYourMitigation);
    }
    if let Some(organisation) = scenario.organisation_of(target) {
        let sector = scenario.organisations[organisation as usize].sector;
        if !of.sectors.is_empty() && !of.sectors.contains(&sector) {
            return Err(Refusal::WrongSector(scenario.organisation_doc(organisation).name.clone()));
        }
    }
    for &flag in &of.requires {
        if !world.flags[flag as usize] {
            return Err(Refusal::FlagMissing(scenario.docs.world.flags[flag as usize].name.clone()));
        }
    }
    check_repeats(world, mitigation, target, of.times_max)?;
    check_purpose(world, mitigation, target)?;
    Ok(Cost { usd: of.cost_usd, lead_min: of.lead_min, effective: world.tick.plus(of.lead_min) })
}

fn check_target(world: &World, wanted: TargetKind, target: Target) -> Result<(), Refusal> {
    let exists = match target {
        Target::World => true,
        Target::Organisation(index) => (index as usize) < world.organisations.len(),
        Target::Fleet(index) => (index as usize) < world.fleets.len(),
        Target::Service(index) => (index as usize) < world.services.len(),
    };
    if !exists {
        return Err(Refusal::UnknownTarget);
    }
    let fits = matches!(
        (wanted, target),
        (TargetKind::World, Target::World)
            | (TargetKind::Organisation, Target::Organisation(_))
            | (TargetKind::Fleet, Target::Fleet(_))
            | (TargetKind::Service, Target::Service(_))
    );
    if fits {
        return Ok(());
    }
    Err(Refusal::WrongTarget(match wanted {
        TargetKind::World => "no target",
        TargetKind::Organisation => "an organisation",
        TargetKind::Fleet => "a fleet",
        TargetKind::Service => "a service",
    }))
}

fn may_direct(world: &World, by: Issuer, target: Target) -> Result<(), Refusal> {
    let Issuer::Seat(seat) = by else { return Ok(()) };
    let Some(of) = world.scenario.seats.get(seat as usize) else { return Err(Refusal::NotYourMitigation) };
    let Some(organisation) = world.scenario.organisation_of(target) else { return Ok(()) };
    if of.organisations.contains(&organisation) {
        return Ok(());
    }
    Err(Refusal::NotYourOrganisation(world.scenario.organisation_doc(organisation).name.clone()))
}

fn check_repeats(world: &World, mitigation: u32, target: Target, times_max: u32) -> Result<(), Refusal> {
    let same = || {
        world.orders.iter().filter(|order| {
            order.mitigation == mitigation && order.target == target && order.state != OrderState::Cancelled
        })
    };
    // Crews can be told to go back to an earlier method.
    let may_repeat = matches!(world.scenario.docs.mitigations[mitigation as usize].effect, Effect::UseMethod(_));
    let is_under_way = |order: &Order| match order.state {
        OrderState::Pending => true,
        OrderState::InForce => !may_repeat,
        OrderState::Done | OrderState::Cancelled => false,
    };
    if same().any(is_under_way) {
        return Err(Refusal::UnderWay);
    }
    if times_max != 0 && times_max as usize <= same().count() {
        return Err(Refusal::TimesUsedUp { max: times_max });
    }
    Ok(())
}

/// Refuses what could have no effect in this state, so that a mistake costs nothing.
fn check_purpose(world: &World, mitigation: u32, target: Target) -> Result<(), Refusal> {
    let scenario = &world.scenario;
    let operand = scenario.mitigations[mitigation as usize].operand;
    let pointless = |reason| Err(Refusal::Pointless(reason));
    match (&scenario.docs.mitigations[mitigation as usize].effect, target) {
        (Effect::StopRollout(_), _) if world.channels[operand as usize].live_since.is_none() => {
            pointless("no release is live")
        }
        (Effect::RaiseFlag(_), _) if world.flags[operand as usize] => pointless("it has been done"),
        (Effect::HoldHosts { .. }, Target::Organisation(organisation))
            if count_state(world, organisation, HostState::Up) == 0 =>
        {
            pointless("no host is up")
        }
        (Effect::UseMethod(_), Target::Organisation(organisation))
            if world.organisations[organisation as usize].modifiers.methods.first() == Some(&operand) =>
        {
            pointless("crews use it already")
        }
        (Effect::ReleaseHosts, Target::Organisation(organisation))
            if count_state(world, organisation, HostState::Held) == 0 =>
        {
            pointless("no host is held")
        }
        (Effect::EscrowKeys | Effect::PrintKeys { .. }, Target::Organisation(organisation))
            if scenario.organisations[organisation as usize].keys == Keys::Open =>
        {
            pointless("its disks need no recovery keys")
        }
        (Effect::RepairFirst, Target::Fleet(fleet))
            if world.organisations[scenario.fleets[fleet as usize].organisation as usize].first_fleet
                == Some(fleet) =>
        {
            pointless("crews take it first already")
        }
        (Effect::RestoreBackup { .. }, Target::Fleet(fleet)) if world.fleets[fleet as usize].down() == 0 => {
            pointless("no host of it is down")
        }
        (Effect::OpenFallback, Target::Service(service)) => match &scenario.services[service as usize].fallback {
            None => pointless("the service has no fallback"),
            Some(fallback) => {
                let state = &world.services[service as usize];
                match state.is_fallback_open || (fallback.is_automatic && !state.is_fallback_barred) {
                    true => pointless("the fallback opens by itself or is open"),
                    false => Ok(()),
                }
            }
        },
        (Effect::CloseFallback, Target::Service(service)) => match &scenario.services[service as usize].fallback {
            None => pointless("the service has no fallback"),
            Some(fallback) => {
                let state = &world.services[service as usize];
                match state.is_fallback_open || (fallback.is_automatic && !state.is_fallback_barred) {
                    true => Ok(()),
                    false => pointless("the fallback is closed"),
                }
            }
        },
        (Effect::ClearRework { .. }, Target::Service(service))
            if scenario.services[service as usize].rework.is_none() =>
        {
            pointless("the service has no rework")
        }
        (Effect::NationalPool { technicians, .. }, _) if world.pools_free[operand as usize] < *technicians => {
            Err(Refusal::PoolTooSmall {
                pool: scenario.docs.world.pools[operand as usize].name.clone(),
                free: world.pools_free[operand as usize],
                wanted: *technicians,
            })
        }
        _ => Ok(()),
    }
}

fn count_state(world: &World, organisation: u32, state: HostState) -> u32 {
    let fleets = world.scenario.organisations[organisation as usize].fleets.clone();
    fleets.map(|fleet| world.fleets[fleet as usize].count(state)).sum()
}
