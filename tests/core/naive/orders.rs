//! docs/model.md, "Orders": acceptance, begin, end, and the figures of an organisation while orders are in force.

use blackstart::base::Ix;
use blackstart::base::draw::Stream;
use blackstart::scenario::compile::{Method, Target, Term};
use blackstart::scenario::schema::{Audience, Effect};
use blackstart::sim::Issuer;

use super::{Naive, State, fraction, ppm, round};

/// An accepted order.
#[derive(Clone, Debug)]
pub struct Order {
    pub mitigation: u32,
    pub target: Target,
    pub ordered: u32,
    /// The minutes in which a member of the incident team, and technicians, are busy with the order.
    pub team: std::ops::Range<u32>,
    pub technicians: std::ops::Range<u32>,
    pub has_technicians_away: bool,
    /// Have people time off for the longer work of the order?
    pub has_time_off: bool,
    /// Tick at which it begins.
    pub begins: u32,
    pub begun: Option<u32>,
    /// Tick at which it ends, if it is in force and has a length.
    pub ends: Option<u32>,
    pub is_in_force: bool,
    pub is_taken_back: bool,
    pub is_kept: Option<bool>,
    pub cost_cents: u64,
    pub payer: Option<usize>,
}

/// Technicians that the facilitator gave or took.
#[derive(Clone, Debug)]
pub struct Grant {
    pub organisation: u32,
    pub technicians: i32,
    pub begins: u32,
    pub ends: u32,
    pub is_in_force: bool,
}

/// Figures of an organisation from its orders in force (or begun, if their effect is permanent).
#[derive(Clone, Debug)]
pub struct Figures {
    pub overtime: f64,
    pub rest: f64,
    pub outside_people: u64,
    pub outside_hands_milli: u64,
    pub granted: i64,
    pub locate: f64,
    pub key: f64,
    pub failure: f64,
    pub is_verified: bool,
    pub has_escrow: bool,
    /// Methods that were ordered, the one that began last first.
    pub methods_ordered: Vec<Ix<Method>>,
    pub unattended_mean_min: Option<f64>,
}

/// Figures of a service from its orders in force.
#[derive(Clone, Debug)]
pub struct ServiceFigures {
    pub shed: u64,
    pub postponed: u64,
    /// Hours of the last order that postpones demand.
    pub return_hours: Option<u64>,
    pub fail_over: u64,
    pub extra: f64,
    pub time_off: f64,
    pub rework: f64,
    pub drill: f64,
}

impl Naive {
    /// Adds an order at this boundary: it is charged at once, and people leave a pool at once.
    pub(super) fn accept(&mut self, by: Issuer, mitigation: u32, target: Target) {
        let compiled = &self.scenario.mitigations[Ix::new(mitigation)];
        let cost_cents = round(compiled.cost_usd * 100.0);
        let payer = match (self.scenario.organisation_of(target), by) {
            (Some(organisation), _) => Some(organisation.position()),
            (None, Issuer::Seat(seat)) => {
                self.scenario.seats[seat].organisations.first().map(|&first| first.position())
            }
            (None, Issuer::Policy | Issuer::Facilitator) => None,
        };
        let (lead_min, team_min, technicians_min) = match compiled.is_preparation {
            true => (0, 0, 0),
            false => (compiled.lead_min, compiled.work.team_min, compiled.work.technicians_min),
        };
        let mut starts = self.tick;
        while 0 < team_min && payer.is_some() && !self.has_free_member(target, payer, starts) {
            starts += 1;
        }
        let waiting = if team_min == 0 { 0 } else { self.waiting(target, payer) };
        let team_min = team_min * 5 / (5 - waiting.min(4));
        let word = target.word();
        let same = self.orders.iter().filter(|order| order.mitigation == mitigation && order.target == target).count();
        let counter = (word as u32 * 16) + ((word >> 32) as u32 * 4) + same.min(3) as u32;
        let has_setback = !compiled.is_preparation
            && self.draw().stream(Stream::Setback).happens(mitigation, counter, compiled.work.setback);
        let begins = starts + if has_setback { compiled.work.setback_lead_min } else { lead_min };
        let technicians_min = if self.technicians_of(mitigation, target, starts) == 0 { 0 } else { technicians_min };
        if let Some(payer) = payer {
            self.organisations[payer].cost_cents += cost_cents;
        }
        self.orders.push(Order {
            mitigation,
            target,
            ordered: self.tick,
            team: starts..starts + team_min,
            technicians: starts..starts + technicians_min,
            has_technicians_away: false,
            has_time_off: false,
            begins,
            begun: None,
            ends: None,
            is_in_force: false,
            is_taken_back: false,
            is_kept: None,
            cost_cents,
            payer,
        });
        if let Some((pool, technicians)) = self.pool_of(self.orders.len() - 1) {
            self.pools_free[pool] -= technicians;
        }
    }

    /// Orders of the team that would wait with one more.
    fn waiting(&self, target: Target, payer: Option<usize>) -> u32 {
        let sector = |payer| self.scenario.organisations[Ix::from_usize(payer)].sector;
        let Some(members) = payer.and_then(|payer| self.scenario.incident_teams[sector(payer)]) else { return 0 };
        let organisation = |target| self.scenario.organisation_of(target);
        let mut open = 1;
        for order in &self.orders {
            let is_of_team = order.payer == payer && organisation(order.target) == organisation(target);
            if is_of_team && !order.team.is_empty() && self.tick < order.team.end {
                open += 1;
            }
        }
        open.max(members) - members
    }

    /// Are fewer orders of the team in work than it has members, at this tick and after?
    fn has_free_member(&self, target: Target, payer: Option<usize>, tick: u32) -> bool {
        let sector = |payer| self.scenario.organisations[Ix::from_usize(payer)].sector;
        let members = payer.and_then(|payer| self.scenario.incident_teams[sector(payer)]);
        let Some(members) = members else { return true };
        let organisation = |target| self.scenario.organisation_of(target);
        let of_team = |order: &&Order| order.payer == payer && organisation(order.target) == organisation(target);
        let later = |order: &&Order| !order.team.is_empty() && tick < order.team.end;
        (self.orders.iter().filter(of_team).filter(later).count() as u32) < members
    }

    fn technicians_of(&self, mitigation: u32, target: Target, starts: u32) -> u32 {
        let share = self.scenario.mitigations[Ix::new(mitigation)].work.technicians;
        let Some(organisation) = self.scenario.organisation_of(target) else { return 0 };
        let hour = self.hour_at(organisation.position(), starts);
        round(share * self.at_work_in(organisation.position(), hour, 0.0)) as u32
    }

    /// Technicians who carry orders out now.
    fn away(&self, organisation: usize) -> i64 {
        let is_of = |order: &&Order| {
            let index = self.scenario.organisation_of(order.target);
            index.map(|index| index.position()) == Some(organisation) && order.has_technicians_away
        };
        let away = self
            .orders
            .iter()
            .filter(is_of)
            .map(|order| self.technicians_of(order.mitigation, order.target, order.technicians.start));
        away.map(i64::from).sum()
    }

    /// Cancels an order: a pending one gives back its people and the price of the time that is left, and one in force ends in phase 2 of this tick.
    pub(super) fn take_back(&mut self, order: usize) {
        if self.orders[order].begun.is_some() {
            self.orders[order].ends = Some(self.tick);
            return;
        }
        let tick = self.tick;
        let given = &mut self.orders[order];
        given.is_taken_back = true;
        for people in [&mut given.team, &mut given.technicians] {
            people.end = people.end.min(tick).max(people.start);
        }
        let (left, whole) = (u64::from(given.begins - tick), u64::from(given.begins - given.ordered));
        let refund = if tick == given.ordered { given.cost_cents } else { given.cost_cents * left / whole };
        if let Some(payer) = self.orders[order].payer {
            self.organisations[payer].cost_cents -= refund;
        }
        if let Some((pool, technicians)) = self.pool_of(order) {
            self.pools_free[pool] += technicians;
        }
    }

    /// Phase 2, first half.
    pub(super) fn end_orders(&mut self) {
        for grant in &mut self.grants {
            grant.is_in_force = grant.is_in_force && grant.ends != self.tick;
        }
        for order in 0..self.orders.len() {
            if self.orders[order].is_in_force && self.orders[order].ends == Some(self.tick) {
                self.end_order(order);
            }
        }
    }

    fn end_order(&mut self, order: usize) {
        self.orders[order].is_in_force = false;
        if let Some((pool, technicians)) = self.pool_of(order) {
            self.pools_free[pool] += technicians;
        }
        if let (Effect::HoldHosts { .. }, Target::Organisation(organisation)) =
            (self.effect(order).clone(), self.orders[order].target)
            && !self.holds(organisation.number())
        {
            self.release_hosts(organisation.position());
        }
        if let (Effect::Statement { audience, trust, .. }, Target::Organisation(organisation)) =
            (self.effect(order).clone(), self.orders[order].target)
        {
            let trust_ppm = self.organisations[organisation.position()].trust_ppm[audience as usize];
            let points = match self.failing(organisation.position()) {
                0 => trust.min(800_000_u64.saturating_sub(trust_ppm) as f64 / 1e4),
                _ => -3.0 * trust,
            };
            self.orders[order].is_kept = Some(self.failing(organisation.position()) == 0);
            self.change_trust(organisation.position(), audience, points);
        }
    }

    /// Is a hold of the organisation in force?
    fn holds(&self, organisation: u32) -> bool {
        self.in_force(Target::Organisation(Ix::new(organisation)))
            .any(|effect| matches!(effect, Effect::HoldHosts { .. }))
    }

    /// Phase 2, second half.
    pub(super) fn begin_orders(&mut self) {
        for grant in &mut self.grants {
            grant.is_in_force = grant.is_in_force || grant.begins == self.tick;
        }
        for order in 0..self.orders.len() {
            let given = &self.orders[order];
            if given.begun.is_none() && !given.is_taken_back && given.begins == self.tick {
                let lasts = match self.scenario.mitigations[Ix::new(given.mitigation)].term {
                    Term::Minutes(minutes) => Some(minutes),
                    Term::AtOnce | Term::ToTheEnd => None,
                };
                self.orders[order].begun = Some(self.tick);
                self.orders[order].ends = lasts.map(|lasts| self.tick + lasts);
                self.orders[order].is_in_force = lasts.is_some();
                self.begin_order(order);
            }
        }
    }

    /// Technicians leave repair for orders and return to it; time off after longer work begins and ends.
    pub(super) fn move_technicians(&mut self) {
        for order in &mut self.orders {
            order.has_technicians_away = order.technicians.contains(&self.tick);
            if let (Some(begun), Some(ended)) = (order.begun, order.ends) {
                let time_off = ended..ended + (ended - begun).min(720);
                order.has_time_off = !order.is_in_force && time_off.contains(&self.tick);
            }
        }
    }

    /// "When they begin": the effect of an order at its begin. Figures follow from the list of orders.
    fn begin_order(&mut self, order: usize) {
        match (self.effect(order).clone(), self.orders[order].target) {
            (Effect::StopRollout(id), _) => self.end_release(self.channel_index(&id)),
            (Effect::StageRollout(id), _) => {
                let channel = self.channel_index(&id);
                self.channels[channel].stages_releases = true;
            }
            (Effect::RaiseFlag(id), _) => {
                let flag = position(&self.scenario.docs.world.flags, |flag| flag.id == id);
                self.flags[flag] = true;
            }
            (Effect::HoldHosts { .. }, Target::Organisation(org)) => self.hold_hosts(org.position()),
            (Effect::ReleaseHosts, Target::Organisation(org)) => self.end_holds(org.number()),
            (Effect::Unattended { .. }, Target::Organisation(org)) => self.opt_in(org.position()),
            (Effect::Statement { audience, trust, .. }, Target::Organisation(org)) => {
                self.state(order, org.position(), audience, trust)
            }
            (Effect::RepairFirst, Target::Fleet(fleet)) => {
                let organisation = self.scenario.fleets[fleet].organisation.position();
                self.organisations[organisation].first_fleet = Some(fleet.number());
            }
            (Effect::CallOff { share, notice_hours, hours }, Target::Service(service)) => {
                let service = service.position();
                let amount = self.call_off(service, ppm(share), notice_hours, hours);
                self.services[service].lost_micro += amount;
                if let Some(rework) = &self.scenario.services[Ix::from_usize(service)].rework {
                    let items = (amount as f64 * rework.items_per_lost / 1000.0).floor();
                    self.services[service].rework_milli += items as u64;
                }
            }
            (Effect::OpenFallback, Target::Service(service)) => {
                let service = &mut self.services[service.position()];
                (service.is_opened, service.is_barred) = (true, false);
            }
            (Effect::CloseFallback, Target::Service(service)) => {
                let service = &mut self.services[service.position()];
                (service.is_opened, service.is_barred) = (false, true);
            }
            _ => {}
        }
    }

    fn channel_index(&self, id: &str) -> usize {
        position(&self.scenario.docs.world.channels, |channel| channel.id == id)
    }

    fn end_holds(&mut self, organisation: u32) {
        for order in 0..self.orders.len() {
            let is_here = self.orders[order].target == Target::Organisation(Ix::new(organisation));
            if is_here && matches!(self.effect(order), Effect::HoldHosts { .. }) {
                self.orders[order].is_in_force = false;
            }
        }
        self.release_hosts(organisation as usize);
    }

    /// "Rollout", holding back: holds hosts that are up and have not received.
    fn hold_hosts(&mut self, organisation: usize) {
        for host in self.hosts_of(organisation) {
            let host = &mut self.hosts[host];
            if host.state == State::Up && !host.has_received {
                host.state = State::Held;
            }
        }
    }

    fn release_hosts(&mut self, organisation: usize) {
        for host in self.hosts_of(organisation) {
            let host = &mut self.hosts[host];
            if host.state == State::Held {
                host.state = State::Up;
                host.exposed = 0;
            }
        }
    }

    fn hosts_of(&self, organisation: usize) -> Vec<usize> {
        self.fleets_of(organisation).flat_map(|fleet| self.fleets[fleet].hosts.clone()).collect()
    }

    /// Makes a statement, which takes the place of earlier promises to the audience.
    fn state(&mut self, order: usize, organisation: usize, audience: Audience, points: f64) {
        let mut is_correction = false;
        for other in (0..self.orders.len()).filter(|&other| other != order) {
            let is_same = matches!(self.effect(other), Effect::Statement { audience: to, .. } if *to == audience);
            let given = &mut self.orders[other];
            if is_same && given.is_in_force && given.target == Target::Organisation(Ix::from_usize(organisation)) {
                given.is_in_force = false;
                is_correction = true;
            }
        }
        if is_correction {
            self.change_trust(organisation, audience, -points / 2.0);
        } else if 0 < self.failing(organisation) {
            self.change_trust(organisation, audience, points);
        }
    }

    /// Changes the trust of an audience, unless trust is switched off.
    fn change_trust(&mut self, organisation: usize, audience: Audience, points: f64) {
        if self.scenario.has_trust {
            let trust = &mut self.organisations[organisation].trust_ppm[audience as usize];
            *trust = ppm(fraction(*trust) + points / 100.0);
        }
    }

    /// Has a statement to the regulator ever begun here?
    pub(super) fn has_notified(&self, organisation: usize) -> bool {
        self.begun(Target::Organisation(Ix::from_usize(organisation)))
            .any(|effect| matches!(effect, Effect::Statement { audience: Audience::Regulator, .. }))
    }

    fn effect(&self, order: usize) -> &Effect {
        &self.scenario.docs.mitigations[self.orders[order].mitigation as usize].effect
    }

    /// Effects in force on a target, in the order given.
    fn in_force(&self, target: Target) -> impl Iterator<Item = &Effect> {
        let orders =
            self.orders.iter().enumerate().filter(move |(_, order)| order.target == target && order.is_in_force);
        orders.map(|(index, _)| self.effect(index))
    }

    /// Effects that have begun on a target, in the order given.
    fn begun(&self, target: Target) -> impl Iterator<Item = &Effect> {
        let orders =
            self.orders.iter().enumerate().filter(move |(_, order)| order.target == target && order.begun.is_some());
        orders.map(|(index, _)| self.effect(index))
    }

    /// Pool and people of an order for a pool's technicians.
    fn pool_of(&self, order: usize) -> Option<(usize, u32)> {
        match self.effect(order) {
            Effect::NationalPool { pool: id, technicians, .. } => {
                Some((position(&self.scenario.docs.world.pools, |pool| pool.id == *id), *technicians))
            }
            _ => None,
        }
    }

    /// The table of an organisation's figures.
    pub(super) fn figures(&self, organisation: usize) -> Figures {
        let target = Target::Organisation(Ix::from_usize(organisation));
        let mut figures = Figures {
            overtime: 0.0,
            rest: 0.0,
            outside_people: 0,
            outside_hands_milli: 0,
            granted: self.granted(organisation) - self.away(organisation),
            locate: 1.0,
            key: 1.0,
            failure: 1.0,
            is_verified: false,
            has_escrow: false,
            methods_ordered: self.methods_ordered(target),
            unattended_mean_min: None,
        };
        for effect in self.in_force(target) {
            match *effect {
                Effect::Overtime { share, .. } => figures.overtime = (figures.overtime + share).min(1.0),
                Effect::Rest { share, .. } => figures.rest = figures.rest.max(share),
                Effect::Contractors { technicians, pace, .. } | Effect::NationalPool { technicians, pace, .. } => {
                    figures.outside_people += u64::from(technicians);
                    figures.outside_hands_milli += round(f64::from(technicians) * pace * 1000.0);
                }
                Effect::Volunteers { locate, .. } => figures.locate = figures.locate.min(locate),
                _ => {}
            }
        }
        for effect in self.in_time_off(target) {
            if let Effect::Overtime { share, .. } = *effect {
                figures.rest = figures.rest.max(share / 2.0);
            }
        }
        for effect in self.begun(target) {
            match *effect {
                Effect::PrintKeys { touch } => figures.key = figures.key.min(touch),
                Effect::VerifyTools { failure } => {
                    figures.failure = figures.failure.min(failure);
                    figures.is_verified = true;
                }
                Effect::EscrowKeys => figures.has_escrow = true,
                Effect::Unattended { mean_hours } => {
                    let mean = mean_hours * 60.0;
                    figures.unattended_mean_min = Some(figures.unattended_mean_min.map_or(mean, |had| had.min(mean)));
                }
                _ => {}
            }
        }
        figures
    }

    /// Effects that have ended less than half a day ago, and less long ago than they were in force.
    fn in_time_off(&self, target: Target) -> impl Iterator<Item = &Effect> {
        let orders =
            self.orders.iter().enumerate().filter(move |(_, order)| order.target == target && order.has_time_off);
        orders.map(|(index, _)| self.effect(index))
    }

    fn granted(&self, organisation: usize) -> i64 {
        let now = |grant: &&Grant| grant.organisation as usize == organisation && grant.is_in_force;
        self.grants.iter().filter(now).map(|grant| i64::from(grant.technicians)).sum()
    }

    fn methods_ordered(&self, target: Target) -> Vec<Ix<Method>> {
        let mut ordered: Vec<(u32, usize, Ix<Method>)> = Vec::new();
        for (index, order) in self.orders.iter().enumerate() {
            if let (Effect::UseMethod(id), Some(begun)) = (self.effect(index), order.begun)
                && order.target == target
            {
                let method = position(&self.scenario.docs.world.methods, |method| method.id == *id);
                ordered.push((begun, index, Ix::from_usize(method)));
            }
        }
        ordered.sort();
        ordered.iter().rev().map(|&(_, _, method)| method).collect()
    }

    /// Factor on the touch time of a fleet restored from backup: of the orders begun, the one given first.
    pub(super) fn restored(&self, fleet: usize) -> Option<f64> {
        let mut begun = self.begun(Target::Fleet(Ix::from_usize(fleet)));
        begun.find_map(|effect| if let Effect::RestoreBackup { touch } = effect { Some(*touch) } else { None })
    }

    /// The table of a service's figures.
    pub(super) fn service_figures(&self, service: usize) -> ServiceFigures {
        let target = Target::Service(Ix::from_usize(service));
        let mut figures = ServiceFigures {
            shed: 0,
            postponed: 0,
            return_hours: None,
            fail_over: 0,
            extra: 0.0,
            time_off: 0.0,
            rework: 1.0,
            drill: 1.0,
        };
        for effect in self.in_force(target) {
            match *effect {
                Effect::ShedDemand { share, .. } => figures.shed = figures.shed.max(ppm(share)),
                Effect::PostponeDemand { share, hours } => {
                    figures.postponed = figures.postponed.max(ppm(share));
                    figures.return_hours = Some(u64::from(hours));
                }
                Effect::FailOver { level, .. } => figures.fail_over = figures.fail_over.max(ppm(level)),
                Effect::ExtendHours { extra, .. } => figures.extra += extra,
                Effect::ClearRework { factor, .. } => figures.rework = figures.rework.max(factor),
                _ => {}
            }
        }
        for effect in self.in_time_off(target) {
            if let Effect::ExtendHours { extra, .. } = *effect {
                figures.time_off = figures.time_off.max((extra / 2.0).min(1.0));
            }
        }
        for effect in self.begun(target) {
            if let Effect::Drill { endurance } = *effect {
                figures.drill = figures.drill.max(endurance);
            }
        }
        figures
    }
}

/// Index of the entry that an effect names by its id.
fn position<T>(entries: &[T], is_named: impl Fn(&T) -> bool) -> usize {
    entries.iter().position(is_named).expect("checked id")
}
