//! Populations: many organisations of one kind, as `populations.ron` has them.

use serde::{Deserialize, Serialize};

use super::{Organisation, Tagged};

/// `populations.ron` (may be left out): a list of these: many organisations of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Members are called `ID-1`, `ID-2`, …
    pub id: String,
    /// Members are named `NAME 1`, `NAME 2`, …
    pub name: String,
    /// Number of real members.
    pub count: Tagged<u32>,
    /// One of every `one_in` members is simulated; it represents the others in sums over many organisations.
    #[serde(default = "every")]
    pub one_in: u32,
    /// Share of the members that have the sensor; hosts of other members cannot be hit. All members if left out.
    #[serde(default)]
    pub with_sensor: Option<Tagged<f64>>,
    /// Size of a member: least, most likely, most (triangular). The size multiplies hosts, technicians, demand and
    /// the pace at which rework is cleared.
    pub size: Tagged<(f64, f64, f64)>,
    /// Differences between members apart from size; none if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// Places of the members, drawn by weight.
    pub places: Vec<Place>,
    /// The description of a member of size 1. Its id, name, region and position are not used.
    pub member: Organisation,
}

/// The default of `one_in`: all members are simulated.
fn every() -> u32 {
    1
}

impl Population {
    /// Number of members that are simulated.
    pub fn members(&self) -> u32 {
        (self.count.value() / self.one_in.max(1)).max(1)
    }

    /// Number of real members that each simulated one represents, itself included.
    pub fn stands_for(&self) -> f64 {
        f64::from(*self.count.value()) / f64::from(self.members())
    }

    /// Does member `number` (from 1) have the sensor? The members with the sensor are spread evenly over the
    /// numbers.
    pub fn has_sensor(&self, number: u32) -> bool {
        let share = self.with_sensor.as_ref().map_or(1.0, |share| *share.value());
        let until = |number: u32| (f64::from(number) * share + 0.5).floor();
        until(number - 1) < until(number)
    }
}

/// Differences between the members of a population: each figure of a member is multiplied by a factor of its own
/// (lognormal with median 1). The numbers are standard deviations of the logarithms; 0 if left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Technicians, in addition to the factor for size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<Tagged<f64>>,
    /// Minutes to find and reach a host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locate: Option<Tagged<f64>>,
    /// Share of hosts in scope, up to all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_scope: Option<Tagged<f64>>,
    /// Chance to win the race in one reboot cycle, up to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub race_win: Option<Tagged<f64>>,
    /// Minutes of warm-up of services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warm_up: Option<Tagged<f64>>,
}

/// A region's share of a population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Region id.
    pub region: String,
    /// Any positive weight.
    pub weight: f64,
    pub lat: f64,
    pub lon: f64,
    /// Largest distance of a member from the point, in degrees of latitude and of longitude.
    pub spread_deg: f64,
}
