//! The one door into a run: a closed set of commands, checked without changing anything.
//!
//! Trainees, playbooks, facilitators, replays and agents all come through here. A command that
//! `check` accepts is applied at a tick boundary; one it refuses leaves the state untouched.

mod purpose;
mod signs;

use thiserror::Error;

pub use super::issuer::Issuer;
use super::phases::{script, team};
use super::world::{Grant, Order, OrderState, World};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{
    Inject, Mitigation, MitigationEffect, Organisation, Scenario, Target, TargetKind, Term,
};
pub use signs::has_fallen;

/// Everything that can be asked of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Order a mitigation (by index) for a target.
    Order { by: Issuer, mitigation: Ix<Mitigation>, target: Target },
    /// Take back an order (by index) that has not begun, or end one in force.
    Cancel { by: Issuer, order: Ix<Order> },
    /// Let an inject (by index) reach its seats now. The facilitator's.
    Inject { by: Issuer, inject: Ix<Inject> },
    /// Give an organisation technicians for some hours, or take them (negative). The facilitator's.
    Grant { by: Issuer, organisation: Ix<Organisation>, technicians: i32, hours: u32 },
}

/// People that one grant can give or take, and for how long at most.
pub const GRANT_TECHNICIANS_MAX: u32 = 100_000;
pub const GRANT_HOURS_MAX: u32 = 8_760;

/// What an accepted command will cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub usd: f64,
    /// Minutes until a member of the incident team takes an order up.
    pub wait_min: u32,
    /// Minutes from then until it takes effect.
    pub lead_min: u32,
    /// The tick at which it takes effect if nothing goes wrong.
    pub effective: Tick,
}

/// Why a command is refused, fit for a tooltip.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the exercise is over")]
    Over,
    #[error("there is no such mitigation (number {0})")]
    UnknownMitigation(Ix<Mitigation>),
    #[error("there is no such target")]
    UnknownTarget,
    #[error("there is no such order (number {0})")]
    UnknownOrder(Ix<Order>),
    #[error("wrong target: it needs {0}")]
    WrongTarget(&'static str),
    #[error("{0} is not yours to direct")]
    NotYourOrganisation(String),
    #[error("somebody else gave this order")]
    NotYourOrder,
    #[error("your seat cannot order this")]
    NotYourMitigation,
    #[error("it is not available to {0}")]
    WrongSector(String),
    #[error("it is not available to a service that counts {0}")]
    WrongUnit(String),
    #[error("only servers are restored from backup")]
    NoBackup,
    #[error("first needed: {0}")]
    FlagMissing(String),
    #[error("already under way")]
    UnderWay,
    #[error("it can be ordered only {}", times(*.max))]
    TimesUsedUp { max: u32 },
    #[error("no sign of it yet: no service of {0} has fallen below its target, and no message asks for it")]
    NoSign(String),
    #[error("it would change nothing: {0}")]
    Pointless(&'static str),
    #[error("{pool} has {free} technicians left; this needs {wanted}")]
    PoolTooSmall { pool: String, free: u32, wanted: u32 },
    #[error("it has already ended")]
    AlreadyEnded,
    #[error("it has taken effect for good and cannot be taken back")]
    CannotBeTakenBack,
    #[error("it can be prepared only before the clock starts")]
    TooLateToPrepare,
    #[error("the preparation budget has ${left_usd} left; this costs ${wanted_usd}")]
    PreparationSpent { left_usd: u64, wanted_usd: u64 },
    #[error("only the facilitator can do this")]
    NotFacilitator,
    #[error("there is no such inject (number {0})")]
    UnknownInject(Ix<Inject>),
    #[error("it has already reached its seats")]
    InjectFired,
    #[error("a grant gives or takes 1 to {GRANT_TECHNICIANS_MAX} technicians for 1 to {GRANT_HOURS_MAX} hours")]
    GrantOutOfRange,
}

fn times(max: u32) -> String {
    if max == 1 { "once".to_owned() } else { format!("{max} times") }
}

/// Judges a command against the state without changing it.
///
/// # Errors
/// The reason why it cannot be done now.
pub fn check(world: &World, command: &Command) -> Result<Cost, Refusal> {
    check_not_over(world)?;
    match *command {
        Command::Order { by, mitigation, target } => check_order(world, by, mitigation, target),
        Command::Cancel { by, order } => check_cancel(world, by, order),
        Command::Inject { by, inject } => check_inject(world, by, inject),
        Command::Grant { by, organisation, technicians, hours } => {
            check_grant(world, by, organisation, technicians, hours)
        }
    }
}

/// No command is accepted at the horizon.
pub(super) fn check_not_over(world: &World) -> Result<(), Refusal> {
    if world.is_over() { Err(Refusal::Over) } else { Ok(()) }
}

fn check_inject(world: &World, by: Issuer, inject: Ix<Inject>) -> Result<Cost, Refusal> {
    if by != Issuer::Facilitator {
        return Err(Refusal::NotFacilitator);
    }
    match world.state.injects_fired.get(inject) {
        None => Err(Refusal::UnknownInject(inject)),
        Some(Some(_)) => Err(Refusal::InjectFired),
        Some(None) => Ok(at_once(world)),
    }
}

fn check_grant(
    world: &World,
    by: Issuer,
    organisation: Ix<Organisation>,
    technicians: i32,
    hours: u32,
) -> Result<Cost, Refusal> {
    if by != Issuer::Facilitator {
        return Err(Refusal::NotFacilitator);
    }
    if world.state.organisations.get(organisation).is_none() {
        return Err(Refusal::UnknownTarget);
    }
    let is_in_range =
        (1..=GRANT_TECHNICIANS_MAX).contains(&technicians.unsigned_abs()) && (1..=GRANT_HOURS_MAX).contains(&hours);
    if is_in_range { Ok(at_once(world)) } else { Err(Refusal::GrantOutOfRange) }
}

fn at_once(world: &World) -> Cost {
    Cost { usd: 0.0, wait_min: 0, lead_min: 0, effective: world.state.tick }
}

/// Carries out a command at this boundary.
///
/// # Errors
/// As `check`; the state is then untouched.
pub fn apply(world: &mut World, command: &Command) -> Result<Cost, Refusal> {
    let cost = check(world, command)?;
    match *command {
        Command::Order { by, mitigation, target } => order(world, by, mitigation, target),
        _ => carry_out(world, command),
    }
    world.derived.seal.is_common_unsealed = true;
    Ok(cost)
}

/// Everything but orders.
fn carry_out(world: &mut World, command: &Command) {
    match *command {
        Command::Order { .. } => {}
        Command::Cancel { by, order } => cancel(world, by, order),
        Command::Inject { inject, .. } => script::fire_inject(world, inject, world.state.tick),
        Command::Grant { organisation, technicians, hours, .. } => {
            let (begins, ends) = (world.state.tick, world.state.tick.plus(hours * 60));
            world.state.grants.push(Grant { organisation, technicians, begins, ends });
        }
    }
}

/// Carries out a command that was accepted in the parent of a fork, about an organisation that stands still in
/// it: what there is to judge is not simulated here.
pub fn apply_as_before(world: &mut World, command: &Command) {
    match *command {
        Command::Order { by, mitigation, target } => order(world, by, mitigation, target),
        _ => carry_out(world, command),
    }
    world.derived.seal.is_common_unsealed = true;
}

fn order(world: &mut World, by: Issuer, mitigation: Ix<Mitigation>, target: Target) {
    let scenario = world.scenario.clone();
    let compiled = &scenario.mitigations[mitigation];
    let payer = payer(&scenario, by, target);
    if let Some(organisation) = payer {
        world.state.organisations[organisation].cost_cents += cents(compiled.cost_usd);
        world.unseal(organisation);
    }
    if let Issuer::Seat(seat) = by
        && compiled.is_preparation
    {
        world.state.prepared_cents[seat] += cents(compiled.cost_usd);
    }
    if let Some((pool, technicians)) = compiled.effect.borrowed() {
        world.state.pools_free[pool] -= technicians;
    }
    let course = team::course(world, payer, mitigation, target);
    let index = world.state.orders.next();
    let ends = match compiled.term {
        Term::Minutes(minutes) => Some(course.effective.plus(minutes)),
        Term::AtOnce | Term::ToTheEnd => None,
    };
    world.state.calendars.begins.put(course.effective, index);
    if let Some(ends) = ends {
        put_end(world, index, compiled.effect, course.effective, ends);
    }
    if course.starts < course.technicians_until {
        world.state.calendars.away.put(course.starts, index);
        world.state.calendars.away.put(course.technicians_until, index);
    }
    let place = world.orders_place(target);
    world.derived.orders_of[place].push(index);
    world.state.orders.push(Order {
        by,
        cancelled_by: None,
        mitigation,
        target,
        payer,
        ordered: world.state.tick,
        starts: course.starts,
        team_until: course.team_until,
        technicians_until: course.technicians_until,
        planned: course.planned,
        effective: course.effective,
        ends,
        is_kept: None,
        state: OrderState::Pending,
    });
}

/// Puts down when an order ends that takes effect at a tick and, for longer work, when the time off after it does.
fn put_end(world: &mut World, index: Ix<Order>, effect: MitigationEffect, effective: Tick, ends: Tick) {
    world.state.calendars.ends.put(ends, index);
    if effect.is_longer_work() {
        world.state.calendars.away.put(team::time_off_until(effective, ends), index);
    }
}

/// The price of an order that is given now.
fn order_cost(world: &World, by: Issuer, mitigation: Ix<Mitigation>, target: Target) -> Cost {
    let compiled = &world.scenario.mitigations[mitigation];
    let lead_min = if compiled.is_preparation { 0 } else { compiled.lead_min };
    let course = team::course(world, payer(&world.scenario, by, target), mitigation, target);
    let wait_min = course.starts.since(world.state.tick);
    Cost { usd: compiled.cost_usd, wait_min, lead_min, effective: course.planned }
}

/// Who is charged: the target's organisation; for the whole world, the seat's first one.
fn payer(scenario: &Scenario, by: Issuer, target: Target) -> Option<Ix<Organisation>> {
    scenario.organisation_of(target).or_else(|| match by {
        Issuer::Seat(seat) => scenario.seats[seat].organisations.first().copied(),
        Issuer::Policy | Issuer::Facilitator => None,
    })
}

fn cents(usd: f64) -> u64 {
    (usd * 100.0 + 0.5) as u64
}

fn cancel(world: &mut World, by: Issuer, index: Ix<Order>) {
    let scenario = world.scenario.clone();
    let order = &mut world.state.orders[index];
    order.cancelled_by = Some(by);
    if order.state == OrderState::InForce {
        // It ends at this boundary, through the same phase as an order whose time is over.
        order.ends = Some(world.state.tick);
        let (effect, effective) = (scenario.mitigations[order.mitigation].effect, order.effective);
        put_end(world, index, effect, effective, world.state.tick);
        return;
    }
    order.state = OrderState::Cancelled;
    let mitigation = order.mitigation;
    let (payer, by) = (order.payer, order.by);
    let refund = team::refund(order, cents(scenario.mitigations[mitigation].cost_usd), world.state.tick);
    if let Issuer::Seat(seat) = by
        && scenario.mitigations[mitigation].is_preparation
    {
        world.state.prepared_cents[seat] -= refund;
    }
    if let Some(organisation) = payer {
        world.state.organisations[organisation].cost_cents -= refund;
        world.unseal(organisation);
    }
    team::release(world, index);
    if let Some((pool, technicians)) = scenario.mitigations[mitigation].effect.borrowed() {
        world.state.pools_free[pool] += technicians;
    }
}

fn check_cancel(world: &World, by: Issuer, index: Ix<Order>) -> Result<Cost, Refusal> {
    let order = world.state.orders.get(index).ok_or(Refusal::UnknownOrder(index))?;
    may_direct(world, by, order.target)?;
    if matches!(by, Issuer::Seat(_)) && order.by != by {
        return Err(Refusal::NotYourOrder);
    }
    match order.state {
        OrderState::Done | OrderState::Cancelled => Err(Refusal::AlreadyEnded),
        // Taken back already: it ends in this minute.
        OrderState::InForce if order.ends == Some(world.state.tick) => Err(Refusal::AlreadyEnded),
        OrderState::InForce if order.ends.is_none() => Err(Refusal::CannotBeTakenBack),
        OrderState::InForce | OrderState::Pending => Ok(at_once(world)),
    }
}

fn check_order(world: &World, by: Issuer, mitigation: Ix<Mitigation>, target: Target) -> Result<Cost, Refusal> {
    let scenario = &world.scenario;
    let compiled = scenario.mitigations.get(mitigation).ok_or(Refusal::UnknownMitigation(mitigation))?;
    check_target(world, compiled.target, target)?;
    may_direct(world, by, target)?;
    if let Issuer::Seat(seat) = by
        && !scenario.seats[seat].mitigations.contains(&mitigation)
    {
        return Err(Refusal::NotYourMitigation);
    }
    if let Some(organisation) = scenario.organisation_of(target) {
        let sector = scenario.organisations[organisation].sector;
        if !compiled.sectors.is_empty() && !compiled.sectors.contains(&sector) {
            return Err(Refusal::WrongSector(scenario.organisation_name(organisation).into_owned()));
        }
    }
    if !scenario.suits(mitigation, target) {
        return Err(match target {
            Target::Service(service) => Refusal::WrongUnit(scenario.service_doc(service).unit.clone()),
            _ => Refusal::NoBackup,
        });
    }
    check_flags(world, mitigation)?;
    check_takeable(world, by, mitigation, target)
}

/// The flags that the mitigation requires, whatever the target.
pub(super) fn check_flags(world: &World, mitigation: Ix<Mitigation>) -> Result<(), Refusal> {
    let scenario = &world.scenario;
    let requires = &scenario.mitigations[mitigation].requires;
    match requires.iter().find(|flag| !world.state.flags[**flag]) {
        Some(&flag) => Err(Refusal::FlagMissing(scenario.docs.world.flags[flag.position()].name.clone())),
        None => Ok(()),
    }
}

/// Judges an order that the issuer may give, of a mitigation that is open, for a target that the mitigation takes.
pub(super) fn check_takeable(
    world: &World,
    by: Issuer,
    mitigation: Ix<Mitigation>,
    target: Target,
) -> Result<Cost, Refusal> {
    let compiled = &world.scenario.mitigations[mitigation];
    check_repeats(world, mitigation, target, compiled.times_max)?;
    purpose::check(world, compiled.effect.aimed(target))?;
    signs::check(world, by, mitigation, target)?;
    if compiled.is_preparation {
        check_preparation(world, by, compiled.cost_usd)?;
    }
    Ok(order_cost(world, by, mitigation, target))
}

/// Before the clock runs, within the seat's budget.
fn check_preparation(world: &World, by: Issuer, cost_usd: f64) -> Result<(), Refusal> {
    if Tick::ZERO < world.state.tick {
        return Err(Refusal::TooLateToPrepare);
    }
    let Issuer::Seat(seat) = by else { return Ok(()) };
    let budget = cents(world.scenario.seats[seat].preparation_usd);
    let left = budget.saturating_sub(world.state.prepared_cents[seat]);
    if cents(cost_usd) <= left {
        return Ok(());
    }
    Err(Refusal::PreparationSpent { left_usd: left / 100, wanted_usd: cents(cost_usd) / 100 })
}

fn check_target(world: &World, wanted: TargetKind, target: Target) -> Result<(), Refusal> {
    let exists = match target {
        Target::World => true,
        Target::Organisation(organisation) => world.state.organisations.get(organisation).is_some(),
        Target::Fleet(fleet) => world.state.fleets.get(fleet).is_some(),
        Target::Service(service) => world.state.services.get(service).is_some(),
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
    let Some(compiled) = world.scenario.seats.get(seat) else { return Err(Refusal::NotYourMitigation) };
    let Some(organisation) = world.scenario.organisation_of(target) else { return Ok(()) };
    if compiled.organisations.contains(&organisation) {
        return Ok(());
    }
    Err(Refusal::NotYourOrganisation(world.scenario.organisation_name(organisation).into_owned()))
}

fn check_repeats(world: &World, mitigation: Ix<Mitigation>, target: Target, times_max: u32) -> Result<(), Refusal> {
    let same = || {
        let orders = world.orders_for(target).map(|(_, order)| order);
        orders.filter(|order| order.mitigation == mitigation && order.state != OrderState::Cancelled)
    };
    let may_repeat = world.scenario.mitigations[mitigation].effect.is_repeatable();
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
