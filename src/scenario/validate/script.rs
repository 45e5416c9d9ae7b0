//! Checks of mitigations, events, injects, seats, playbooks and sources.

use super::*;
use crate::scenario::message;
use crate::scenario::schema::{
    DO_NOTHING, Effect, EventEffect, Inject, Mitigation, OrderTarget, PAR, Phase, PlaybookOrder, REFERENCE, Ratings,
    Seat, TargetKind,
};

const PACE: Bounds = above(0.0, 2.0, "a pace above 0, up to 2 (1 is that of own staff)");

impl<'a> Check<'a> {
    pub(super) fn mitigations(&mut self) {
        for (index, mitigation) in self.docs.mitigations.iter().enumerate() {
            let at = At::element(self.known, Part::Mitigations, index);
            self.words(at, &[("name", &mitigation.name), ("summary", &mitigation.summary)]);
            self.effect(at.field("effect"), &mitigation.effect);
            self.references(at.field("sectors"), Kind::Sector, &mitigation.sectors);
            self.units(at.field("units"), mitigation);
            self.figure(at.field("cost_usd"), &mitigation.cost_usd, USD);
            self.figure(at.field("lead_min"), &mitigation.lead_min, MINUTES);
            if let Some(work) = &mitigation.work {
                let at = at.field("work");
                self.figure(at.field("team_min"), &work.team_min, MINUTES);
                if let Some(away) = &work.technicians {
                    let at = at.field("technicians");
                    self.figure(at.field("share"), &away.share, SHARE);
                    self.figure(at.field("minutes"), &away.minutes, MINUTES);
                }
                if let Some(setback) = &work.setback {
                    let at = at.field("setback");
                    self.figure(at.field("chance"), &setback.chance, SHARE);
                    self.figure(at.field("factor"), &setback.factor, FACTOR_FROM_1);
                }
            }
            self.references(at.field("requires"), Kind::Flag, &mitigation.requires);
            if mitigation.phase == Phase::Preparation {
                self.flags_are_up_at_start(at.field("requires"), &mitigation.requires);
            }
        }
    }

    /// Warns of a preparation that requires a flag: no flag is raised before the clock runs.
    fn flags_are_up_at_start(&mut self, at: At<'a>, flags: &[String]) {
        for (index, id) in flags.iter().enumerate() {
            if self.flags_down.contains(id.as_str()) {
                let message = format!("the flag `{id}` is down before the clock runs");
                let help = "preparations are ordered before the clock runs, so this one can never be ordered";
                self.found.push(at.item(index).problem(message).help(help).warning());
            }
        }
    }

    fn effect(&mut self, at: At<'a>, effect: &'a Effect) {
        match effect {
            Effect::StopRollout(id) => self.reference(at.item(0), Kind::Channel, id),
            Effect::StageRollout(id) => self.staged_channel(at.item(0), id),
            Effect::RaiseFlag(id) => self.reference(at.item(0), Kind::Flag, id),
            Effect::UseMethod(id) => self.reference(at.item(0), Kind::Method, id),
            Effect::NationalPool { pool, .. } => self.reference(at.field("pool"), Kind::Pool, pool),
            Effect::HoldHosts { .. }
            | Effect::ReleaseHosts
            | Effect::EscrowKeys
            | Effect::PrintKeys { .. }
            | Effect::Unattended { .. }
            | Effect::Overtime { .. }
            | Effect::Contractors { .. }
            | Effect::Volunteers { .. }
            | Effect::Rest { .. }
            | Effect::Statement { .. }
            | Effect::VerifyTools { .. }
            | Effect::RepairFirst
            | Effect::RestoreBackup { .. }
            | Effect::OpenFallback
            | Effect::CloseFallback
            | Effect::ShedDemand { .. }
            | Effect::CallOff { .. }
            | Effect::PostponeDemand { .. }
            | Effect::FailOver { .. }
            | Effect::ExtendHours { .. }
            | Effect::Drill { .. }
            | Effect::ClearRework { .. } => {}
        }
        for (field, value, bounds) in effect_numbers(effect) {
            self.number(at.field(field), value, bounds);
        }
    }

    pub(super) fn events(&mut self) {
        let waiting = self.waiting_for_themselves();
        for (index, event) in self.docs.events.iter().enumerate() {
            let at = At::element(self.known, Part::Events, index);
            self.words(at, &[("title", &event.title)]);
            self.trigger(at.field("when"), &event.when);
            self.tag(at.field("provenance"), &event.provenance);
            for (index, effect) in event.effects.iter().enumerate() {
                self.event_effect(at.field("effects").item(index), effect);
            }
            if waiting[index] {
                let message = format!("the event `{}` waits for itself and never happens", event.id);
                self.error(at.field("when"), message, "give the first event of the chain a time");
            }
        }
    }

    fn event_effect(&mut self, at: At<'a>, effect: &'a EventEffect) {
        match effect {
            EventEffect::Release(id) | EventEffect::Revert(id) => self.reference(at.item(0), Kind::Channel, id),
            EventEffect::RaiseFlag(id) | EventEffect::LowerFlag(id) => self.reference(at.item(0), Kind::Flag, id),
            EventEffect::Limit { service, level } => {
                self.part_reference(at.field("service"), PartKind::Service, service);
                self.number(at.field("level"), *level, SHARE);
            }
            EventEffect::Lift { service } => {
                self.part_reference(at.field("service"), PartKind::Service, service);
            }
        }
    }

    /// Marks the events that wait for themselves through a chain of `After`. Each walk along a chain has a number
    /// and marks its events with it, so each event is visited once; a walk that meets its own number has found a
    /// circle.
    fn waiting_for_themselves(&self) -> Vec<bool> {
        let events = &self.docs.events;
        let numbers: BTreeMap<&str, usize> =
            events.iter().enumerate().rev().map(|(index, event)| (event.id.as_str(), index)).collect();
        let before = |index: usize| match &events[index].when {
            Trigger::After(before, _) => numbers.get(before.as_str()).copied(),
            _ => None,
        };
        let mut walks = vec![0; events.len()];
        let mut waiting = vec![false; events.len()];
        for first in 0..events.len() {
            let mut next = Some(first);
            while let Some(event) = next.filter(|event| walks[*event] == 0) {
                walks[event] = first + 1;
                next = before(event);
            }
            let Some(home) = next.filter(|event| walks[*event] == first + 1) else { continue };
            let mut event = home;
            while !waiting[event] {
                waiting[event] = true;
                event = before(event).unwrap_or(home);
            }
        }
        waiting
    }

    pub(super) fn injects(&mut self) {
        let at = |index| At::element(self.known, Part::Injects, index);
        let ids = self.docs.injects.iter().enumerate().map(|(index, inject)| (inject.id.as_str(), at(index)));
        self.unique("inject", ids.collect());
        for (index, inject) in self.docs.injects.iter().enumerate() {
            let at = At::element(self.known, Part::Injects, index);
            self.words(at, &[("from", &inject.from), ("title", &inject.title), ("body", &inject.body)]);
            self.trigger(at.field("when"), &inject.when);
            self.references(at.field("to"), Kind::Seat, &inject.to);
            self.references(at.field("answers"), Kind::Mitigation, &inject.answers);
            self.references(at.field("unless"), Kind::Mitigation, &inject.unless);
            self.answers_are_open(at.field("answers"), inject);
            match message::observables(&inject.body) {
                Ok(names) => names.iter().for_each(|name| self.observable(at.field("body"), &name.to_string())),
                Err(problem) => self.found.push(at.field("body").problem(problem)),
            }
            self.tag(at.field("provenance"), &inject.provenance);
        }
    }

    pub(super) fn seats(&mut self) {
        if self.docs.seats.is_empty() && !self.is_blind(Part::Seats) {
            self.error(At::root(self.known, Part::Seats), "the scenario has no seats", "expected at least one");
        }
        for (index, seat) in self.docs.seats.iter().enumerate() {
            self.seat(At::element(self.known, Part::Seats, index), seat);
        }
    }

    fn seat(&mut self, at: At<'a>, seat: &'a Seat) {
        self.words(at, &[("name", &seat.name), ("summary", &seat.summary)]);
        self.words(at.field("briefing"), &[("people", &seat.briefing.people)]);
        self.references(at.field("organisations"), Kind::Organisation, &seat.organisations);
        self.references(at.field("mitigations"), Kind::Mitigation, &seat.mitigations);
        let needed = [
            ("organisations", seat.organisations.len()),
            ("mitigations", seat.mitigations.len()),
            ("objectives", seat.objectives.len()),
        ];
        for (field, count) in needed {
            if count == 0 && at.field(field).is_empty_list() {
                self.error(at.field(field), format!("`{field}` is empty"), "a seat needs at least one");
            }
        }
        self.figure_if_given(at.field("preparation_usd"), seat.preparation_usd.as_ref(), USD);
        self.preparation_is_paid(at.field("mitigations"), seat);
        let list = at.field("objectives");
        let ids = seat.objectives.iter().enumerate().map(|(index, goal)| (goal.id.as_str(), list.item(index)));
        self.unique("objective", ids.collect());
        for (index, objective) in seat.objectives.iter().enumerate() {
            let at = list.item(index);
            self.words(at, &[("name", &objective.name)]);
            self.observable(at.field("observable"), &objective.observable);
            self.number(at.field("weight"), objective.weight, AMOUNT_ABOVE_0);
            if let Some(ratings) = &objective.ratings {
                self.ratings(at.field("ratings"), ratings);
            }
        }
    }

    /// Thresholds lie in their range, and a better rating is not easier to reach.
    fn ratings(&mut self, at: At<'a>, ratings: &Ratings) {
        let (thresholds, bounds, is_ordered, help) = match *ratings {
            Ratings::Points { p, s, m } => {
                ([p, s, m], POINTS, m <= s && s <= p, "`p` has the most points and `m` the fewest")
            }
            Ratings::Values { p, s, m } => {
                ([p, s, m], AMOUNT, p <= s && s <= m, "smaller values are better: `p` is the smallest, `m` the largest")
            }
        };
        for (field, threshold) in ["p", "s", "m"].into_iter().zip(thresholds) {
            self.number(at.field(field), threshold, bounds);
        }
        if !is_ordered {
            self.error(at, "a better rating is easier to reach than a worse one", help);
        }
    }

    /// Warns of a message that asks for an order which none of its readers can give.
    fn answers_are_open(&mut self, at: At<'a>, inject: &Inject) {
        if self.is_blind(Part::Seats) || inject.to.iter().any(|seat| self.docs.seats.iter().all(|it| it.id != *seat)) {
            return;
        }
        for (index, answer) in inject.answers.iter().enumerate() {
            let has_it = |seat: &Seat| {
                (inject.to.is_empty() || inject.to.contains(&seat.id)) && seat.mitigations.contains(answer)
            };
            if self.mitigations.contains_key(answer.as_str()) && !self.docs.seats.iter().any(has_it) {
                let message = format!("`{answer}` is on the list of no seat that the message `{}` is for", inject.id);
                let help = "name an order of these seats, or add it to `mitigations` of one of them";
                self.found.push(at.item(index).problem(message).help(help).warning());
            }
        }
    }

    /// Warns of a preparation that costs more than the seat may spend on all preparation.
    fn preparation_is_paid(&mut self, at: At<'a>, seat: &Seat) {
        let budget = seat.preparation_usd.as_ref().map_or(0.0, |usd| *usd.value());
        for (index, id) in seat.mitigations.iter().enumerate() {
            let mitigation = self.mitigations.get(id.as_str()).copied();
            let is_dear = |mitigation: &&Mitigation| {
                mitigation.phase == Phase::Preparation && budget < *mitigation.cost_usd.value()
            };
            if let Some(mitigation) = mitigation.filter(is_dear) {
                let message = format!(
                    "`{id}` costs {} USD and the seat has {budget} USD to prepare",
                    mitigation.cost_usd.value()
                );
                let help = "the seat can never order it; raise `preparation_usd` or remove it from the list";
                self.found.push(at.item(index).problem(message).help(help).warning());
            }
        }
    }

    pub(super) fn playbooks(&mut self, playbooks: &'a [Playbook]) {
        let at = |index| At::element(self.known, Part::Playbooks, index);
        let ids = playbooks.iter().enumerate().map(|(index, playbook)| (playbook.id.as_str(), at(index)));
        self.unique("playbook", ids.collect());
        for (index, playbook) in playbooks.iter().enumerate() {
            let at = At::element(self.known, Part::Playbooks, index);
            self.words(at, &[("name", &playbook.name), ("summary", &playbook.summary)]);
            self.seat_of_par(at, playbook);
            for (index, order) in playbook.orders.iter().enumerate() {
                self.order(at.field("orders").item(index), order);
            }
        }
    }

    /// Warns of a par for a seat that does not exist: no run is ever compared with it.
    fn seat_of_par(&mut self, at: At<'a>, playbook: &Playbook) {
        let Some(seat) = playbook.id.strip_prefix(PAR).and_then(|rest| rest.strip_prefix('-')) else { return };
        if !self.is_blind(Part::Seats) && self.docs.seats.iter().all(|known| known.id != seat) {
            let message =
                format!("playbook `{}` is the par of a seat `{seat}`, and there is no such seat", playbook.id);
            let help = "name it after a seat, or give it an id that does not begin with `par-`";
            self.found.push(at.problem(message).help(help).warning());
        }
    }

    /// Checks that the playbooks exist with which scores and ghosts compare a run.
    pub(super) fn playbooks_for_comparison(&mut self) {
        if self.is_blind(Part::Playbooks) {
            return;
        }
        for id in [DO_NOTHING, REFERENCE, PAR] {
            let is_there = self.docs.playbooks.iter().any(|playbook| playbook.id == id);
            if !is_there && !self.known.lost.contains(id) {
                let message = format!("the scenario has no playbook `{id}`");
                let help = "every scenario needs `do-nothing`, `reference` (what was done) and `par` (the best known)";
                self.error(At::root(self.known, Part::Playbooks), message, help);
            }
        }
    }

    fn order(&mut self, at: At<'a>, order: &'a PlaybookOrder) {
        self.trigger(at.field("when"), &order.when);
        self.reference(at.field("order"), Kind::Mitigation, &order.order);
        self.tag(at.field("provenance"), &order.provenance);
        let target = at.field("target");
        match &order.target {
            OrderTarget::World => {}
            OrderTarget::Organisation(id) => self.reference(target.item(0), Kind::Organisation, id),
            OrderTarget::Sector(id) => self.reference(target.item(0), Kind::Sector, id),
            OrderTarget::Fleet(id) => self.part_reference(target.item(0), PartKind::Fleet, id),
            OrderTarget::Service(id) => self.part_reference(target.item(0), PartKind::Service, id),
            OrderTarget::SectorFleet(sector, id) => self.part_in_sector(target, PartKind::Fleet, sector, id),
            OrderTarget::SectorService(sector, id) => self.part_in_sector(target, PartKind::Service, sector, id),
        }
        if let Some(mitigation) = self.mitigations.get(order.order.as_str()).copied() {
            self.target_suits(target, mitigation, &order.target);
            self.preparation_comes_first(at.field("when"), mitigation, &order.when);
        }
    }

    /// Warns of a preparation that a playbook orders after the clock has started.
    fn preparation_comes_first(&mut self, at: At<'a>, mitigation: &Mitigation, when: &Trigger) {
        let Some((start, _)) = self.clock else { return };
        let is_late = match when {
            Trigger::At(time) => start.tick_of(time).is_ok_and(|tick| Tick::ZERO < tick),
            Trigger::After(..) => true,
            Trigger::Above(..) | Trigger::Below(..) => false,
        };
        if mitigation.phase == Phase::Preparation && is_late {
            let message = format!("`{}` is a preparation, and the clock runs by then", mitigation.id);
            let help = format!("the order will be refused; order it at the start, `At(\"{}\")`", start.iso(Tick::ZERO));
            self.found.push(at.problem(message).help(help).warning());
        }
    }

    /// Checks that an organisation of the sector has the part.
    fn part_in_sector(&mut self, at: At<'a>, kind: PartKind, sector: &str, id: &str) {
        self.reference(at.item(0), Kind::Sector, sector);
        let is_known = self.names[&Kind::Sector].contains_key(sector);
        let ids = self.in_sectors.get(&(sector, kind));
        let is_blind = self.is_blind(Part::Organisations) || self.is_blind(Part::Populations);
        let is_given_up = self.known.lost.contains(id) || is_blind;
        if !is_known || is_given_up || ids.is_some_and(|ids| ids.contains(id)) {
            return;
        }
        let what = kind.word();
        let help = allowed(id, ids.into_iter().flatten().copied(), &format!("{what}s"));
        self.error(at.item(1), format!("no organisation of the sector `{sector}` has a {what} `{id}`"), help);
    }

    /// Checks that the effect is one on services, and that some service has each unit.
    fn units(&mut self, at: At<'a>, mitigation: &Mitigation) {
        if mitigation.units.is_empty() {
            return;
        }
        if mitigation.effect.target_kind() != TargetKind::Service {
            let help = "leave `units` out: only services have units";
            return self.error(at, format!("the mitigation `{}` works on no service", mitigation.id), help);
        }
        let docs = self.docs;
        let organisations = docs.organisations.iter().chain(docs.populations.iter().map(|found| &found.member));
        let known: BTreeSet<&str> =
            organisations.flat_map(|found| &found.services).map(|service| service.unit.as_str()).collect();
        for (index, unit) in mitigation.units.iter().enumerate() {
            if !known.contains(unit.as_str()) {
                let help = allowed(unit, known.iter().copied(), "units");
                self.error(at.item(index), format!("no service has the unit `{unit}`"), help);
            }
        }
    }

    /// Checks that the target has the kind that the mitigation needs and lies in its sectors.
    fn target_suits(&mut self, at: At<'a>, mitigation: &Mitigation, target: &OrderTarget) {
        let (given, sector) = self.kind_and_sector(target);
        let allowed = match mitigation.effect.target_kind() {
            TargetKind::World => "`World`",
            TargetKind::Organisation => "`Organisation(…)` or `Sector(…)`",
            TargetKind::Fleet => "`Fleet(…)` or `SectorFleet(…)`",
            TargetKind::Service => "`Service(…)` or `SectorService(…)`",
        };
        if given != mitigation.effect.target_kind() {
            let message = format!("the mitigation `{}` does not work on such a target", mitigation.id);
            return self.error(at, message, format!("expected {allowed}"));
        }
        let outside =
            sector.filter(|sector| !mitigation.sectors.is_empty() && !mitigation.sectors.iter().any(|s| s == sector));
        if let Some(sector) = outside {
            let message = format!("the mitigation `{}` is not open to the sector `{sector}`", mitigation.id);
            let help = format!("it is open to {}; the order will be refused", mitigation.sectors.join(", "));
            self.found.push(at.problem(message).help(help).warning());
        }
        if let Some(unit) = self.unit_of(target).filter(|unit| !mitigation.units.iter().any(|known| known == unit))
            && !mitigation.units.is_empty()
        {
            let message = format!("the mitigation `{}` is not open to a service that counts {unit}", mitigation.id);
            let help = format!("it is open to {}; the order will be refused", mitigation.units.join(", "));
            self.found.push(at.problem(message).help(help).warning());
        }
    }

    /// The unit of a single service that is the target.
    fn unit_of<'t>(&self, target: &'t OrderTarget) -> Option<&'t str>
    where
        'a: 't,
    {
        let OrderTarget::Service(key) = target else { return None };
        let (owner, service) = key.split_once('/')?;
        let services = &self.owner(owner)?.org.services;
        services.iter().find(|found| found.id == service).map(|found| found.unit.as_str())
    }

    fn kind_and_sector<'t>(&self, target: &'t OrderTarget) -> (TargetKind, Option<&'t str>)
    where
        'a: 't,
    {
        let of_org = |key: &str| {
            let id = key.split('/').next().unwrap_or_default();
            self.owner(id).map(|owner| owner.org.sector.as_str())
        };
        match target {
            OrderTarget::World => (TargetKind::World, None),
            OrderTarget::Organisation(id) => (TargetKind::Organisation, of_org(id)),
            OrderTarget::Sector(id) => (TargetKind::Organisation, Some(id)),
            OrderTarget::Fleet(id) => (TargetKind::Fleet, of_org(id)),
            OrderTarget::SectorFleet(id, _) => (TargetKind::Fleet, Some(id)),
            OrderTarget::Service(id) => (TargetKind::Service, of_org(id)),
            OrderTarget::SectorService(id, _) => (TargetKind::Service, Some(id)),
        }
    }

    pub(super) fn sources(&mut self, sources: &'a [Source]) {
        for (index, source) in sources.iter().enumerate() {
            let at = At::element(self.known, Part::Sources, index);
            self.words(at, &[("about", &source.about), ("publication", &source.publication)]);
            if !is_fact_id(&source.id, true) {
                let help = "a fact id has one to three capital letters and two or three digits, like `CS01`";
                self.error(at.field("id"), format!("`{}` is not a fact id", source.id), help);
            }
        }
    }
}

/// The numbers of an effect with their fields and ranges.
fn effect_numbers(effect: &Effect) -> Vec<(&'static str, f64, Bounds)> {
    let hours_of = |hours: &u32| ("hours", f64::from(*hours), HOURS);
    let share_of = |share: &f64| ("share", *share, SHARE_ABOVE_0);
    match effect {
        Effect::HoldHosts { hours } => vec![hours_of(hours)],
        Effect::PrintKeys { touch } | Effect::RestoreBackup { touch } => vec![("touch", *touch, SHARE_ABOVE_0)],
        Effect::Unattended { mean_hours } => {
            vec![("mean_hours", *mean_hours, above(0.0, 8760.0, "hours above 0, up to 8760 (a year)"))]
        }
        Effect::Overtime { share, hours } => {
            vec![
                (
                    "share",
                    *share,
                    above(0.0, 1.0, "a share of a shift above 0, up to 1: nobody works more than two shifts a day"),
                ),
                hours_of(hours),
            ]
        }
        Effect::Contractors { technicians, pace, hours } | Effect::NationalPool { technicians, pace, hours, .. } => {
            vec![("technicians", f64::from(*technicians), PEOPLE_FROM_1), ("pace", *pace, PACE), hours_of(hours)]
        }
        Effect::Volunteers { locate, hours } => vec![("locate", *locate, SHARE_ABOVE_0), hours_of(hours)],
        Effect::Rest { share, hours } => vec![share_of(share), hours_of(hours)],
        Effect::Statement { trust, promise_hours, .. } => vec![
            ("trust", *trust, bounds(0.0, 100.0, "points of trust from 0 to 100")),
            ("promise_hours", f64::from(*promise_hours), bounds(0.0, 168.0, "hours from 0 (no promise) to 168")),
        ],
        Effect::VerifyTools { failure } => vec![("failure", *failure, SHARE)],
        Effect::ShedDemand { share, hours } | Effect::PostponeDemand { share, hours } => {
            vec![share_of(share), hours_of(hours)]
        }
        Effect::CallOff { share, notice_hours, hours } => vec![
            share_of(share),
            ("notice_hours", f64::from(*notice_hours), HOURS_AHEAD),
            ("hours", f64::from(*hours), HOURS_AHEAD),
        ],
        Effect::FailOver { level, hours } => vec![("level", *level, SHARE_ABOVE_0), hours_of(hours)],
        Effect::ExtendHours { extra, hours } => {
            vec![("extra", *extra, above(0.0, 10.0, "a share of the capacity above 0, up to 10")), hours_of(hours)]
        }
        Effect::Drill { endurance } => {
            vec![("endurance", *endurance, above(1.0, 100.0, "a factor above 1, up to 100"))]
        }
        Effect::ClearRework { factor, hours } => {
            vec![("factor", *factor, above(1.0, 1000.0, "a factor above 1, up to 1000")), hours_of(hours)]
        }
        Effect::StopRollout(_)
        | Effect::StageRollout(_)
        | Effect::RaiseFlag(_)
        | Effect::ReleaseHosts
        | Effect::EscrowKeys
        | Effect::UseMethod(_)
        | Effect::RepairFirst
        | Effect::OpenFallback
        | Effect::CloseFallback => Vec::new(),
    }
}
