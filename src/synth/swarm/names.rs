//! Names of all elements of a made-up scenario, for the parts that refer to them: triggers, orders, seats.

use super::world::{FLAGS, GROUP, SECTORS};
use crate::base::{Tick, UtcStart};
use crate::scenario::load::Documents;
use crate::scenario::observable::METRICS;
use crate::scenario::schema::{OrderTarget, Trigger};
use crate::synth::dice::Dice;

/// Ids and keys, by kind.
#[derive(Debug, Default)]
pub struct Names {
    pub organisations: Vec<String>,
    /// `organisation/fleet`.
    pub fleets: Vec<String>,
    /// `organisation/service`.
    pub services: Vec<String>,
    pub channels: Vec<String>,
    /// Channels with rings.
    pub staged_channels: Vec<String>,
    pub methods: Vec<String>,
    pub pools: Vec<String>,
    populations: Vec<String>,
    regions: Vec<String>,
    kinds: Vec<String>,
    /// (sector, fleet id) and (sector, service id) that an organisation has.
    sector_fleets: Vec<(String, String)>,
    sector_services: Vec<(String, String)>,
    start: Option<UtcStart>,
    horizon_min: u32,
}

impl Names {
    /// Names of the parts that are written so far, with one member of each population.
    pub fn from_documents(docs: &Documents) -> Self {
        let world = &docs.world;
        let staged = world.channels.iter().filter(|channel| channel.rings.is_some());
        let mut names = Self {
            channels: world.channels.iter().map(|channel| channel.id.clone()).collect(),
            staged_channels: staged.map(|channel| channel.id.clone()).collect(),
            methods: world.methods.iter().map(|method| method.id.clone()).collect(),
            pools: world.pools.iter().map(|pool| pool.id.clone()).collect(),
            populations: docs.populations.iter().map(|population| population.id.clone()).collect(),
            kinds: world.fleet_kinds.iter().map(|kind| kind.id.clone()).collect(),
            regions: world.regions.iter().map(|region| region.id.clone()).collect(),
            start: UtcStart::parse(&docs.manifest.start).ok(),
            horizon_min: docs.manifest.horizon_min,
            ..Self::default()
        };
        let written = docs.organisations.iter().map(|org| (org.id.clone(), org));
        let members = docs.populations.iter().map(|population| {
            let id = format!("{}-{}", population.id, population.members());
            (id, &population.member)
        });
        for (id, org) in written.chain(members) {
            names.fleets.extend(org.fleets.iter().map(|fleet| format!("{id}/{}", fleet.id)));
            names.services.extend(org.services.iter().map(|service| format!("{id}/{}", service.id)));
            names.sector_fleets.extend(org.fleets.iter().map(|fleet| (org.sector.clone(), fleet.id.clone())));
            names.sector_services.extend(org.services.iter().map(|service| (org.sector.clone(), service.id.clone())));
            names.organisations.push(id);
        }
        names
    }

    /// The UTC time of tick 0.
    pub fn start(&self) -> String {
        self.clock().iso(Tick::ZERO)
    }

    fn clock(&self) -> UtcStart {
        self.start.expect("a made-up start is a time")
    }

    /// A UTC time of the first day or of the whole run.
    pub fn time(&self, dice: &mut Dice) -> String {
        let last = self.horizon_min - 1;
        let latest = if dice.happens(0.7) { last.min(900) } else { last };
        self.clock().iso(Tick(dice.whole(0..=latest)))
    }

    /// A trigger of any kind; it may wait for one of `events`.
    pub fn trigger(&self, dice: &mut Dice, events: &[String]) -> Trigger {
        match dice.whole(0..=5) {
            0 | 1 => Trigger::At(self.time(dice)),
            2 | 3 if !events.is_empty() => Trigger::After(dice.pick(events).clone(), dice.whole(0..=400)),
            4 => Trigger::Above(self.observable(dice, None), self.threshold(dice)),
            _ => Trigger::Below(self.observable(dice, None), self.threshold(dice)),
        }
    }

    fn threshold(&self, dice: &mut Dice) -> f64 {
        *dice.pick(&[0.0, 0.01, 0.5, 0.95, 1.0, 3.0, 40.0, 79.0])
    }

    /// An observable over any scope that its metric has; over a seat only where one is given.
    pub fn observable(&self, dice: &mut Dice, seat: Option<&str>) -> String {
        let (metric, name, ..) = *dice.pick(&METRICS);
        let scope = match dice.whole(0..=10) {
            0 => format!("sector:{}", dice.pick(&SECTORS)),
            1 => format!("region:{}", dice.pick(&self.regions)),
            2 => format!("org:{}", dice.pick(&self.organisations)),
            3 if metric.is_of_hosts() => format!("fleet:{}", dice.pick(&self.fleets)),
            3 | 4 if metric.is_of_services() && !self.services.is_empty() => {
                format!("service:{}", dice.pick(&self.services))
            }
            5 if !self.populations.is_empty() => format!("population:{}", dice.pick(&self.populations)),
            6 if seat.is_some() => format!("seat:{}", seat.unwrap_or_default()),
            7 if metric.is_of_hosts() => format!("role:{}", dice.pick(&["pcs", "servers", "Kiosk"])),
            8 if metric.is_of_hosts() => {
                format!("sector:{} & kind:{}", dice.pick(&SECTORS), dice.pick(&self.kinds))
            }
            8 if metric.is_of_services() && !self.services.is_empty() => {
                let service = dice.pick(&self.services);
                format!("services:{}", service.split_once('/').map_or("", |(_, id)| id))
            }
            9 => format!("group:{GROUP} & region:{}", dice.pick(&self.regions)),
            _ => "all".to_owned(),
        };
        format!("{name}({scope})")
    }

    /// A flag of the world.
    pub fn flag(&self, dice: &mut Dice) -> String {
        (*dice.pick(&FLAGS)).to_owned()
    }

    /// One organisation or all of a sector.
    pub fn organisation_target(&self, dice: &mut Dice) -> OrderTarget {
        if dice.happens(0.5) {
            return OrderTarget::Sector((*dice.pick(&SECTORS)).to_owned());
        }
        OrderTarget::Organisation(dice.pick(&self.organisations).clone())
    }

    /// One fleet, or the fleets of a name in a sector.
    pub fn fleet_target(&self, dice: &mut Dice) -> OrderTarget {
        if dice.happens(0.5) {
            let (sector, id) = dice.pick(&self.sector_fleets).clone();
            return OrderTarget::SectorFleet(sector, id);
        }
        OrderTarget::Fleet(dice.pick(&self.fleets).clone())
    }

    /// One service, or the services of a name in a sector; none where there are no services.
    pub fn service_target(&self, dice: &mut Dice) -> Option<OrderTarget> {
        if self.services.is_empty() {
            return None;
        }
        if dice.happens(0.5) {
            let (sector, id) = dice.pick(&self.sector_services).clone();
            return Some(OrderTarget::SectorService(sector, id));
        }
        Some(OrderTarget::Service(dice.pick(&self.services).clone()))
    }
}
