//! The view of the exercise room from the run behind it.

use crate::assess::score::Score;
use crate::base::Tick;
use crate::base::words as format;
use crate::exercise::desk::{Exercise, concerns, key_of};
use crate::exercise::view::{
    ClockView, Curve, FleetRow, HostsView, InjectRow, LevelState, MapDot, MapLink, MapMark, MapView, MarkKind,
    MitigationRow, OrderRow, OrganisationDetail, RoomView, ScoreView, ServiceRow, TargetRow, TimelineMark,
    TimelineView, Trend,
};
use crate::scenario::compile::{NeedIndex, Scenario, Target};
use crate::session::Run;
use crate::sim::phases::{hands, services};
use crate::sim::possible::possible_with;
use crate::sim::world::Moment;
use crate::sim::{Command, Issuer, OrderState, World};

/// Samples of the small curve on the board: the last two days.
const SPARK_SAMPLES: usize = 288;
/// Samples over which a trend is told: an hour.
const TREND_SAMPLES: usize = 6;
/// Cells of a fleet's mosaic.
const MOSAIC_MAX: usize = 400;
/// Services of the seat drawn as curves on the timeline.
const CURVES_MAX: usize = 4;

pub(in crate::exercise) fn view(exercise: &Exercise) -> RoomView {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    RoomView {
        seat: scenario.docs.seats[exercise.seat as usize].name.clone(),
        scenario: scenario.docs.manifest.title.clone(),
        clock: clock(exercise),
        score: ScoreView {
            points: exercise.twins.as_ref().and_then(|twins| Score::so_far(&exercise.run, exercise.seat, twins)),
        },
        hosts: hosts(exercise),
        services: board(exercise),
        inbox: inbox(exercise),
        drawer: drawer(exercise),
        orders: orders(exercise),
        map: map(exercise),
        detail: exercise.selected.map(|organisation| detail(exercise, organisation)),
        timeline: timeline(exercise, CURVES_MAX),
    }
}

/// Time of a tick as the room prints it.
pub(in crate::exercise) fn clock_text(scenario: &Scenario, tick: Tick) -> String {
    scenario.start.format(tick, 0, "%a %-d %b %H:%M")
}

fn clock(exercise: &Exercise) -> ClockView {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let home = scenario.seats[exercise.seat as usize].organisations.first().copied().unwrap_or(0);
    let of = &scenario.organisations[home as usize];
    let region = &scenario.docs.world.regions[of.region as usize].name;
    // What will happen is not the trainee's to know; only that something will.
    let until = exercise.next_known_event().map(|tick| tick.since(world.tick) + 1);
    let next_event = until.map(|minutes| format!("in {}", format::span(minutes)));
    let played = exercise.pace.played().as_secs();
    ClockView {
        utc: clock_text(scenario, world.tick),
        local: format!("{} {region}", scenario.start.format(world.tick, of.utc_offset_min, "%H:%M")),
        exercise: world.tick.to_string(),
        wall: format!("{:02}:{:02}", played / 60, played % 60),
        speed: exercise.pace.speed(),
        is_paused: exercise.pace.is_paused(),
        is_slowed: exercise.pace.is_slowed(),
        is_ended: world.is_over(),
        next_event,
    }
}

fn hosts(exercise: &Exercise) -> HostsView {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let mut to = HostsView::default();
    for &organisation in &scenario.seats[exercise.seat as usize].organisations {
        for fleet in scenario.organisations[organisation as usize].fleets.clone() {
            let state = &world.fleets[fleet as usize];
            to.total += u64::from(scenario.fleets[fleet as usize].hosts);
            to.down += u64::from(state.down());
            to.in_repair += u64::from(state.count(crate::sim::HostState::InRepair));
            to.repaired += u64::from(state.repaired);
            to.self_recovered += u64::from(state.self_recovered);
        }
        let state = world.organisation(organisation);
        to.technicians_on_duty += state.on_duty.max(state.busy);
        to.technicians_busy += state.busy;
        to.cost_usd += state.cost_cents as f64 / 100.0;
    }
    to
}

/// Important services: the seat's first, in the order written; then the rest of the world, worst first.
/// Members of populations are on the map only.
fn board(exercise: &Exercise) -> Vec<ServiceRow> {
    let world = &exercise.run.world;
    let important = (0..world.scenario.written_services())
        .filter(|&service| world.scenario.services[service as usize].is_important);
    let (mut yours, mut rest): (Vec<_>, Vec<_>) =
        important.map(|service| service_row(exercise, service)).partition(|row| row.is_yours);
    rest.sort_by(|a, b| {
        b.outside_min.cmp(&a.outside_min).then(a.level.total_cmp(&b.level)).then(a.service.cmp(&b.service))
    });
    yours.append(&mut rest);
    yours
}

fn service_row(exercise: &Exercise, service: u32) -> ServiceRow {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let of = &scenario.services[service as usize];
    let docs = scenario.service_doc(service);
    let state = world.service(service);
    let micro = crate::scenario::compile::MICRO as f64;
    let level = state.level.fraction();
    let spark = exercise.run.record.recent_levels(service, SPARK_SAMPLES);
    let before = spark.len().checked_sub(TREND_SAMPLES).map_or(1.0, |at| f64::from(spark[at]));
    ServiceRow {
        service,
        organisation: of.organisation,
        name: docs.name.clone(),
        organisation_name: scenario.organisation_name(of.organisation).into_owned(),
        level,
        target: of.target.fraction(),
        state: level_state(level, of.target.fraction()),
        trend: match level - before {
            change if 0.01 < change => Trend::Better,
            change if change < -0.01 => Trend::Worse,
            _ => Trend::Steady,
        },
        outside_min: state.outside_min,
        tolerance_min: of.tolerance_min,
        below_min: state.below_now_min,
        backlog: state.backlog_micro as f64 / micro,
        lost: state.lost_micro as f64 / micro,
        unit: docs.unit.clone(),
        fallback: docs.fallback.as_ref().filter(|_| state.is_fallback_on).map(|fallback| fallback.name.clone()),
        spark,
        is_yours: is_yours(exercise, of.organisation),
    }
}

fn is_yours(exercise: &Exercise, organisation: u32) -> bool {
    exercise.run.setup.scenario.seats[exercise.seat as usize].organisations.contains(&organisation)
}

fn level_state(level: f64, target: f64) -> LevelState {
    match level {
        level if target <= level => LevelState::Working,
        level if 0.5 <= level => LevelState::Degraded,
        level if 0.1 <= level => LevelState::Severe,
        _ => LevelState::Failed,
    }
}

fn inbox(exercise: &Exercise) -> Vec<InjectRow> {
    let scenario = &exercise.run.setup.scenario;
    let arrived = exercise.run.moments.iter().rev().filter_map(|&(tick, moment)| match moment {
        Moment::Inject(inject) if concerns(scenario, inject, exercise.seat) => Some((tick, inject)),
        _ => None,
    });
    arrived
        .map(|(tick, inject)| {
            let docs = &scenario.docs.injects[inject as usize];
            InjectRow {
                inject,
                time: clock_text(scenario, tick),
                via: docs.via,
                from: docs.from.clone(),
                title: docs.title.clone(),
                body: docs.body.clone(),
                is_urgent: docs.urgent,
                is_read: exercise.read.contains(&inject),
                standing: docs.provenance.standing(),
                sources: docs.provenance.source().to_owned(),
            }
        })
        .collect()
}

fn drawer(exercise: &Exercise) -> Vec<MitigationRow> {
    let scenario = &exercise.run.setup.scenario;
    scenario.seats[exercise.seat as usize]
        .mitigations
        .iter()
        // Preparations are bought at the briefing.
        .filter(|&&mitigation| !scenario.mitigations[mitigation as usize].is_preparation)
        .map(|&mitigation| mitigation_row(exercise, mitigation))
        .collect()
}

fn mitigation_row(exercise: &Exercise, mitigation: u32) -> MitigationRow {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let docs = &scenario.docs.mitigations[mitigation as usize];
    let targets: Vec<TargetRow> = possible_with(world, Issuer::Seat(exercise.seat), mitigation)
        .targets
        .into_iter()
        .map(|(target, verdict)| TargetRow {
            target: key_of(target),
            label: target_label(scenario, target),
            refusal: verdict.err().map(|refusal| format::capital(&refusal.to_string())),
        })
        .collect();
    let open = targets.iter().any(|target| target.refusal.is_none());
    MitigationRow {
        mitigation,
        name: docs.name.clone(),
        summary: docs.summary.clone(),
        group: docs.group,
        cost_usd: *docs.cost_usd.value(),
        lead_min: *docs.lead_min.value(),
        refusal: match targets.first() {
            _ if open => None,
            None => Some("None of your organisations can take it".to_owned()),
            Some(first) => first.refusal.clone(),
        },
        targets,
        ordered: world
            .orders
            .iter()
            .filter(|order| order.mitigation == mitigation && order.state != OrderState::Cancelled)
            .filter(|order| order.by == Issuer::Seat(exercise.seat))
            .count() as u32,
    }
}

/// A target in the words of the room: `Delta Air Lines · Flights`.
pub(in crate::exercise) fn target_label(scenario: &Scenario, target: Target) -> String {
    let organisation = |index: u32| scenario.organisation_name(index).into_owned();
    match target {
        Target::World => "Everywhere".to_owned(),
        Target::Organisation(index) => organisation(index),
        Target::Fleet(index) => {
            format!(
                "{} · {}",
                organisation(scenario.fleets[index as usize].organisation),
                scenario.fleet_doc(index).name
            )
        }
        Target::Service(index) => {
            format!(
                "{} · {}",
                organisation(scenario.services[index as usize].organisation),
                scenario.service_doc(index).name
            )
        }
    }
}

fn orders(exercise: &Exercise) -> Vec<OrderRow> {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    exercise
        .seat_orders()
        .map(|(_, index, order)| OrderRow {
            order: index,
            name: scenario.docs.mitigations[order.mitigation as usize].name.clone(),
            target: target_label(scenario, order.target),
            status: match (order.state, order.ends) {
                (OrderState::Pending, _) => format!("in {}", format::span(order.effective.since(world.tick))),
                (OrderState::InForce, Some(ends)) => format!("in force until {}", clock_text(scenario, ends)),
                (OrderState::InForce, None) => "in force".to_owned(),
                (OrderState::Done, _) => "done".to_owned(),
                (OrderState::Cancelled, _) => "cancelled".to_owned(),
            },
            is_pending: order.state == OrderState::Pending,
            is_active: order.state == OrderState::InForce && order.ends.is_some(),
        })
        .rev()
        .collect()
}

fn map(exercise: &Exercise) -> MapView {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let written = scenario.written_organisations();
    let members = written..scenario.organisations.len() as u32;
    let marks = (0..written).map(|organisation| mark(exercise, organisation)).collect();
    let mut links: Vec<MapLink> = Vec::new();
    for (index, service) in scenario.services[..scenario.written_services() as usize].iter().enumerate() {
        for need in scenario.needs_of(index as u32) {
            let NeedIndex::Service(other) = need.of else { continue };
            let (from, to) = (service.organisation as usize, scenario.services[other as usize].organisation as usize);
            if from == to || written as usize <= to {
                continue;
            }
            let supply = world.level(other);
            let loss = services::respond(&need.response, supply).rest().fraction();
            let felt = loss.min(world.technical(index as u32).rest().fraction().max(loss * 0.25));
            match links.iter_mut().find(|link| link.from == from && link.to == to) {
                Some(link) => link.loss = link.loss.max(felt),
                None => links.push(MapLink { from, to, loss: felt }),
            }
        }
    }
    let dots = members.map(|organisation| dot(exercise, organisation)).collect();
    MapView { marks, dots, links, sun: sun_at(scenario, world.tick) }
}

fn dot(exercise: &Exercise, organisation: u32) -> MapDot {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let of = &scenario.organisations[organisation as usize];
    let state_of = |service: u32| {
        level_state(world.level(service).fraction(), scenario.services[service as usize].target.fraction())
    };
    let worst = of.services.clone().map(state_of).max().unwrap_or_default();
    let is_hit = || of.fleets.clone().any(|fleet| 0 < world.fleets[fleet as usize].received);
    let state = if worst == LevelState::Working && !is_hit() { LevelState::Untouched } else { worst };
    MapDot { organisation, lat: of.lat, lon: of.lon, state }
}

fn mark(exercise: &Exercise, organisation: u32) -> MapMark {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let docs = scenario.organisation_doc(organisation);
    let of = &scenario.organisations[organisation as usize];
    let rows = of.services.clone().filter(|&service| scenario.services[service as usize].is_important);
    let (mut level, mut state) = (1.0_f64, LevelState::Working);
    let mut tooltip = Vec::new();
    for service in rows {
        let now = world.level(service).fraction();
        let is = level_state(now, scenario.services[service as usize].target.fraction());
        level = level.min(now);
        state = state.max(is);
        tooltip.push(format!("{}: {}", scenario.service_doc(service).name, format::percent(now)));
    }
    let (mut down, mut total, mut received) = (0_u64, 0_u64, 0_u64);
    for fleet in of.fleets.clone() {
        down += u64::from(world.fleets[fleet as usize].down());
        received += u64::from(world.fleets[fleet as usize].received);
        total += u64::from(scenario.fleets[fleet as usize].hosts);
    }
    tooltip.push(format!("{} of {} hosts down", format::thousands(down), format::thousands(total)));
    let is_untouched = received == 0
        && state == LevelState::Working
        && of.services.clone().all(|service| world.service(service).below_min == 0);
    MapMark {
        organisation,
        name: scenario.organisation_name(organisation).into_owned(),
        lat: of.lat,
        lon: of.lon,
        glyph: scenario.docs.world.sectors[of.sector as usize].glyph,
        importance: docs.importance,
        state: if is_untouched { LevelState::Untouched } else { state },
        level,
        hosts_down: if total == 0 { 0.0 } else { down as f64 / total as f64 },
        is_yours: is_yours(exercise, organisation),
        tooltip,
    }
}

/// Where the sun is overhead, to about a degree: declination of the date and the hour angle.
fn sun_at(scenario: &Scenario, tick: Tick) -> [f64; 2] {
    let day: f64 = scenario.start.format(tick, 0, "%j").parse().unwrap_or(200.0);
    let minute = (scenario.start_minute_of_week + tick.0) % 1440;
    let declination = -23.44 * (std::f64::consts::TAU * (day + 10.0) / 365.25).cos();
    let longitude = 180.0 - f64::from(minute) / 4.0;
    [declination, longitude]
}

fn detail(exercise: &Exercise, organisation: u32) -> OrganisationDetail {
    let world = &exercise.run.world;
    let scenario = &world.scenario;
    let docs = scenario.organisation_doc(organisation);
    let of = &scenario.organisations[organisation as usize];
    let state = world.organisation(organisation);
    let has_keys = hands::has_recovery_keys(world, organisation);
    OrganisationDetail {
        organisation,
        name: scenario.organisation_name(organisation).into_owned(),
        sector: scenario.docs.world.sectors[of.sector as usize].name.clone(),
        local_time: scenario.start.format(world.tick, of.utc_offset_min, "%a %H:%M"),
        note: docs.note.clone(),
        technicians_on_duty: state.on_duty.max(state.busy),
        technicians_busy: state.busy,
        fatigue: state.fatigue.fraction(),
        trust: (state.trust[1].fraction() + state.trust[3].fraction()) / 2.0,
        keys: match (&docs.keys, world.modifiers(organisation).has_escrow, has_keys) {
            (crate::scenario::schema::Keys::Open, ..) => "Not needed",
            (_, true, _) => "In escrow, at hand",
            (crate::scenario::schema::Keys::Escrow, ..) => "In escrow, at hand",
            (_, _, true) => "Key server up",
            (_, _, false) => "Key server down: encrypted hosts cannot be repaired",
        }
        .to_owned(),
        fleets: of.fleets.clone().map(|fleet| fleet_row(world, fleet)).collect(),
        services: of.services.clone().map(|service| service_row(exercise, service)).collect(),
    }
}

fn fleet_row(world: &World, fleet: u32) -> FleetRow {
    let scenario = &world.scenario;
    let of = &scenario.fleets[fleet as usize];
    let step = (of.hosts as usize).div_ceil(MOSAIC_MAX).max(1);
    FleetRow {
        fleet,
        name: scenario.fleet_doc(fleet).name.clone(),
        kind: scenario.docs.world.fleet_kinds[of.kind as usize].name.clone(),
        hosts: of.hosts,
        counts: world.fleets[fleet as usize].counts,
        mosaic: world.fleet_states(fleet).step_by(step).collect(),
    }
}

/// Curves with their ghosts and the marks of what happened and what was decided.
pub(in crate::exercise) fn timeline(exercise: &Exercise, curves_max: usize) -> TimelineView {
    let run = &exercise.run;
    let scenario = &run.setup.scenario;
    let start_minute_of_day = scenario.start_minute_of_week % 1440;
    let first_midnight = (1440 - start_minute_of_day) % 1440;
    TimelineView {
        horizon_min: scenario.horizon.0,
        now_min: run.world.tick.0,
        start_minute_of_day,
        days: (first_midnight..scenario.horizon.0)
            .step_by(1440)
            .map(|minute| (minute, scenario.start.format(Tick(minute), 0, "%a %-d %b")))
            .collect(),
        curves: curves(exercise, curves_max),
        marks: marks(exercise),
    }
}

fn curves(exercise: &Exercise, curves_max: usize) -> Vec<Curve> {
    let scenario = &exercise.run.setup.scenario;
    let of = |service: u32| {
        // Ghosts run beside the trainee, not ahead: what is to come stays hidden.
        let now = f64::from(exercise.run.world.tick.0);
        let ghost = |run: Option<&Run>| {
            let mut curve = run.map(|run| run.record.level_curve(service)).unwrap_or_default();
            curve.retain(|point| point[0] <= now);
            curve
        };
        Curve {
            name: format!(
                "{} · {}",
                scenario.organisation_name(scenario.services[service as usize].organisation),
                scenario.service_doc(service).name
            ),
            yours: exercise.run.record.level_curve(service),
            do_nothing: ghost(exercise.twins.as_ref().map(|twins| &twins.do_nothing)),
            reference: ghost(exercise.twins.as_ref().map(|twins| &twins.reference)),
        }
    };
    scenario.seats[exercise.seat as usize]
        .organisations
        .iter()
        .flat_map(|&organisation| scenario.organisations[organisation as usize].services.clone())
        .filter(|&service| scenario.services[service as usize].is_important)
        .take(curves_max)
        .map(of)
        .collect()
}

fn marks(exercise: &Exercise) -> Vec<TimelineMark> {
    let scenario = &exercise.run.setup.scenario;
    let happened = exercise.run.moments.iter().filter_map(|&(tick, moment)| match moment {
        Moment::Event(event) if scenario.docs.events[event as usize].key_moment => Some(TimelineMark {
            minute: tick.0,
            kind: MarkKind::Event,
            label: scenario.docs.events[event as usize].title.clone(),
        }),
        Moment::Inject(inject) if concerns(scenario, inject, exercise.seat) => Some(TimelineMark {
            minute: tick.0,
            kind: MarkKind::Inject,
            label: scenario.docs.injects[inject as usize].title.clone(),
        }),
        _ => None,
    });
    let decided = exercise.run.log.iter().filter_map(|entry| match entry.command {
        Command::Order { by: Issuer::Seat(_), mitigation, target } => Some(TimelineMark {
            minute: entry.tick.0,
            kind: MarkKind::Decision,
            label: format!(
                "{} · {}",
                scenario.docs.mitigations[mitigation as usize].name,
                target_label(scenario, target)
            ),
        }),
        _ => None,
    });
    happened.chain(decided).collect()
}
