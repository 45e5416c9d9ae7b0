//! Documents of one thing each to their compiled form.

use super::ids::Ids;
use super::{
    Backlog, Channel, Fallback, Fleet, Happening, Keys, Kind, MICRO, Method, Mitigation, Need, NeedIndex, Organisation,
    Rework, Service, TargetKind,
};
use crate::base::Share;
use crate::scenario::load::Documents;
use crate::scenario::schema::{self, Effect, EventEffect, NeedOf, Response, Tagged};

pub(super) fn week_of(profile: &schema::Profile) -> [f64; 168] {
    let mut week = [0.0; 168];
    for (hour, weight) in week.iter_mut().enumerate() {
        let day = if hour / 24 < 5 { &profile.weekday } else { &profile.weekend };
        *weight = day[hour % 24];
    }
    week
}

fn triple(value: &Tagged<(f64, f64, f64)>) -> [f64; 3] {
    let (low, mode, high) = *value.value();
    [low, mode, high]
}

pub(super) fn kind(kind: &schema::FleetKind, ids: &Ids) -> Kind {
    Kind {
        switched_on: ids.profiles[&kind.switched_on],
        encrypted: *kind.encrypted.value(),
        race_win: *kind.race_win.value(),
        locate_min: triple(&kind.locate_min),
        methods: kind.methods.iter().map(|id| ids.methods[id]).collect(),
    }
}

pub(super) fn method(method: &schema::Method, ids: &Ids) -> Method {
    Method {
        touch_min: triple(&method.touch_min),
        hosts_at_once: *method.hosts_at_once.value(),
        failure: *method.failure.value(),
        needs_key: method.needs_key,
        remote: method.remote,
        rebuilds: method.rebuilds,
        requires: ids.flags(&method.requires),
    }
}

pub(super) fn channel(channel: &schema::Channel) -> Channel {
    Channel {
        receipt_mean_min: *channel.receipt_mean_min.value(),
        reboot_cycle_min: *channel.reboot_cycle_min.value(),
        race_cycles_max: *channel.race_cycles_max.value(),
        late_win_per_hour: *channel.late_win_per_hour.value(),
    }
}

pub(super) fn organisations(
    docs: &Documents,
    ids: &Ids,
    profiles: &[[f64; 168]],
) -> (Vec<Organisation>, Vec<Fleet>, Vec<Service>) {
    let (mut organisations, mut fleets, mut services) = (Vec::new(), Vec::new(), Vec::new());
    let mut first_host = 0;
    for (at, org) in docs.organisations.iter().enumerate() {
        let region = ids.regions[&org.region];
        let fleets_from = fleets.len() as u32;
        for fleet in &org.fleets {
            let kind = ids.kinds[&fleet.kind];
            let of_kind = &docs.world.fleet_kinds[kind as usize].in_scope;
            let hosts = *fleet.hosts.value();
            fleets.push(Fleet {
                organisation: at as u32,
                kind,
                hosts,
                first_host,
                in_scope: *fleet.in_scope.as_ref().unwrap_or(of_kind).value(),
                priority: fleet.priority,
            });
            first_host += hosts;
        }
        let services_from = services.len() as u32;
        services.extend(org.services.iter().map(|service| service_of(org, at as u32, service, ids, profiles)));
        organisations.push(Organisation {
            sector: ids.sectors[&org.sector],
            region,
            utc_offset_min: docs.world.regions[region as usize].utc_offset_min,
            staff: [*org.staff.day.value(), *org.staff.evening.value(), *org.staff.night.value()],
            weekend: *org.staff.weekend.value(),
            cost_per_hour_usd: *org.staff.cost_per_hour_usd.value(),
            keys: match &org.keys {
                schema::Keys::Open => Keys::Open,
                schema::Keys::Escrow => Keys::Escrow,
                schema::Keys::Server(id) => Keys::Server(ids.fleets[&format!("{}/{id}", org.id)]),
            },
            fleets: fleets_from..fleets.len() as u32,
            services: services_from..services.len() as u32,
        });
    }
    (organisations, fleets, services)
}

fn service_of(
    org: &schema::Organisation,
    organisation: u32,
    service: &schema::Service,
    ids: &Ids,
    profiles: &[[f64; 168]],
) -> Service {
    let week = &profiles[ids.profiles[&service.demand_profile] as usize];
    let total: f64 = week.iter().sum();
    let micro_per_weight = service.demand_per_day.value() * 7.0 / total / 60.0 * MICRO as f64;
    let mut demand_micro = Box::new([0; 168]);
    for (micro, weight) in demand_micro.iter_mut().zip(week) {
        *micro = (weight * micro_per_weight + 0.5) as u64;
    }
    let peak = demand_micro.iter().copied().max().unwrap_or_default();
    let busy: Vec<u64> = demand_micro.iter().copied().filter(|&hour| peak <= hour * 2).collect();
    Service {
        organisation,
        usual_micro: busy.iter().sum::<u64>() / busy.len().max(1) as u64,
        demand_micro,
        headroom: *service.headroom.value(),
        needs: service.needs.iter().map(|need| need_of(org, need, ids)).collect(),
        warm_up_min: *service.warm_up_min.value(),
        fallback: service.fallback.as_ref().map(|fallback| Fallback {
            level: Share::from_fraction(*fallback.level.value()),
            endurance_min: *fallback.endurance_min.value(),
            technicians: *fallback.technicians.value(),
            is_automatic: fallback.automatic,
        }),
        backlog: match &service.backlog {
            schema::Backlog::Lost => Backlog::Lost,
            schema::Backlog::Waits => Backlog::Waits,
            schema::Backlog::Expires(minutes) => Backlog::Expires(*minutes.value()),
        },
        rework: service.rework.as_ref().map(|rework| Rework {
            items_per_lost: *rework.items_per_lost.value(),
            clear_per_hour: *rework.clear_per_hour.value(),
            half_speed_at: *rework.half_speed_at.value(),
            half_level_at: *rework.half_level_at.value(),
        }),
        target: Share::from_fraction(service.target_level),
        tolerance_min: *service.tolerance_min.value(),
        cost_per_lost_usd: *service.cost_per_lost_usd.value(),
        is_important: service.important,
    }
}

fn need_of(org: &schema::Organisation, need: &schema::Need, ids: &Ids) -> Need {
    let of = match &need.of {
        NeedOf::Fleet(id) => NeedIndex::Fleet(ids.fleets[&format!("{}/{id}", org.id)]),
        NeedOf::Service(id) if id.contains('/') => NeedIndex::Service(ids.services[id]),
        NeedOf::Service(id) => NeedIndex::Service(ids.services[&format!("{}/{id}", org.id)]),
    };
    let ppm = |fraction: f64| Share::from_fraction(fraction).ppm();
    let response = match &need.response {
        Response::Linear => vec![(0, 0), (1_000_000, 1_000_000)],
        Response::Knee(knee) => vec![(0, 0), (ppm(*knee), 1_000_000)],
        Response::Soft(loss) => vec![(0, ppm(1.0 - loss)), (1_000_000, 1_000_000)],
        Response::Points(points) => points.iter().map(|(need, level)| (ppm(*need), ppm(*level))).collect(),
    };
    Need { of, response, buffer_min: need.buffer_min }
}

pub(super) fn mitigation(entry: &schema::Mitigation, ids: &Ids) -> Mitigation {
    let (target, operand, hours) = match &entry.effect {
        Effect::StopRollout(id) => (TargetKind::World, ids.channels[id], None),
        Effect::RaiseFlag(id) => (TargetKind::World, ids.flags[id], None),
        Effect::UseMethod(id) => (TargetKind::Organisation, ids.methods[id], None),
        Effect::NationalPool { pool, hours, .. } => (TargetKind::Organisation, ids.pools[pool], Some(*hours)),
        Effect::HoldHosts { hours }
        | Effect::Overtime { hours, .. }
        | Effect::Contractors { hours, .. }
        | Effect::Volunteers { hours, .. }
        | Effect::Rest { hours, .. } => (TargetKind::Organisation, 0, Some(*hours)),
        Effect::ReleaseHosts
        | Effect::EscrowKeys
        | Effect::PrintKeys { .. }
        | Effect::Unattended { .. }
        | Effect::Statement { .. }
        | Effect::VerifyTools { .. } => (TargetKind::Organisation, 0, None),
        Effect::RepairFirst | Effect::RestoreBackup { .. } => (TargetKind::Fleet, 0, None),
        Effect::ShedDemand { hours, .. }
        | Effect::PostponeDemand { hours, .. }
        | Effect::FailOver { hours, .. }
        | Effect::ExtendHours { hours, .. }
        | Effect::ClearRework { hours, .. } => (TargetKind::Service, 0, Some(*hours)),
        Effect::OpenFallback | Effect::CloseFallback => (TargetKind::Service, 0, None),
    };
    Mitigation {
        target,
        sectors: entry.sectors.iter().map(|id| ids.sectors[id]).collect(),
        cost_usd: *entry.cost_usd.value(),
        lead_min: *entry.lead_min.value(),
        requires: ids.flags(&entry.requires),
        times_max: entry.times_max,
        operand,
        lasts_min: hours.map(|hours| hours * 60),
    }
}

pub(super) fn happening(effect: &EventEffect, ids: &Ids) -> Happening {
    match effect {
        EventEffect::Release(id) => Happening::Release(ids.channels[id]),
        EventEffect::Revert(id) => Happening::Revert(ids.channels[id]),
        EventEffect::RaiseFlag(id) => Happening::RaiseFlag(ids.flags[id]),
        EventEffect::LowerFlag(id) => Happening::LowerFlag(ids.flags[id]),
        EventEffect::Limit { service, level } => Happening::Limit(ids.services[service], Share::from_fraction(*level)),
        EventEffect::Lift { service } => Happening::Lift(ids.services[service]),
    }
}
