//! Observables by name, `metric(scope)`: charts, scores, conditions and tables all use this one notation.
//!
//! Reads and prints names. Must not compute values: that is the task of the simulation.

mod each;
mod scope;

use std::fmt;

use crate::base::spelling::most_alike;

pub use each::EachRef;
pub use scope::{Part, Roles, Scope, SizeRange};

/// The quantity that an observable measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    HostsTotal,
    HostsUp,
    HostsDown,
    HostsDownShare,
    HostsReceived,
    HostsCrashed,
    HostsSelfRecovered,
    HostsRepaired,
    HostsInRepair,
    HostsRebuild,
    HostsHeld,
    RepairsFailed,
    HitBackShare,
    SensorsOnlineShare,
    Level,
    Backlog,
    Demand,
    Served,
    Lost,
    Rework,
    OutsideToleranceMin,
    BelowTargetMin,
    RecoveryMin,
    ResilienceLossH,
    CostUsd,
    PersonHours,
    Trust,
    TrustStaff,
    TrustRegulator,
    TrustLostH,
    Technicians,
    TechniciansBusy,
    Fatigue,
    ClocksMissed,
}

/// Every metric with its name, unit and meaning, in the order tables use.
pub const METRICS: [(Metric, &str, &str, &str); 34] = [
    (Metric::HostsTotal, "hosts_total", "hosts", "hosts of the scope"),
    (Metric::HostsUp, "hosts_up", "hosts", "hosts that are up or merely switched off"),
    (
        Metric::HostsDown,
        "hosts_down",
        "hosts",
        "hosts that crashed and are not usable (crashing, down, in repair, rebuild)",
    ),
    (Metric::HostsDownShare, "hosts_down_share", "share", "hosts_down over hosts_total"),
    (Metric::HostsReceived, "hosts_received", "hosts", "hosts that received the bad content, cumulative"),
    (Metric::HostsCrashed, "hosts_crashed", "hosts", "hosts that lost the reboot race and stayed down, cumulative"),
    (Metric::HostsSelfRecovered, "hosts_self_recovered", "hosts", "hosts that recovered by themselves, cumulative"),
    (Metric::HostsRepaired, "hosts_repaired", "hosts", "hosts repaired by technicians, cumulative"),
    (Metric::HostsInRepair, "hosts_in_repair", "hosts", "hosts that a technician works on now"),
    (Metric::HostsRebuild, "hosts_rebuild", "hosts", "hosts that wait to be set up anew"),
    (Metric::HostsHeld, "hosts_held", "hosts", "hosts kept off on purpose"),
    (Metric::RepairsFailed, "repairs_failed", "hosts", "repairs that failed, cumulative"),
    (
        Metric::HitBackShare,
        "hit_back_share",
        "share",
        "hosts that received the bad content and are usable again, over all that received it",
    ),
    (
        Metric::SensorsOnlineShare,
        "sensors_online_share",
        "share",
        "hosts with the sensor that are usable, over all with the sensor",
    ),
    (Metric::Level, "level", "share", "service level now, weighted by demand over the scope"),
    (Metric::Backlog, "backlog", "units", "units waiting now"),
    (Metric::Demand, "demand", "units", "units asked for, cumulative"),
    (Metric::Served, "served", "units", "units served, cumulative"),
    (Metric::Lost, "lost", "units", "units lost, cumulative"),
    (Metric::Rework, "rework", "items", "items of rework waiting now"),
    (
        Metric::OutsideToleranceMin,
        "outside_tolerance_min",
        "min",
        "minutes beyond the impact tolerance, summed over important services",
    ),
    (Metric::BelowTargetMin, "below_target_min", "min", "minutes below target, summed over important services"),
    (Metric::RecoveryMin, "recovery_min", "min", "longest recovery time of an important service since the incident"),
    (
        Metric::ResilienceLossH,
        "resilience_loss_h",
        "h",
        "area between full and actual level, summed over important services",
    ),
    (Metric::CostUsd, "cost_usd", "USD", "cost of mitigations, extra hands, missed clocks and units lost, cumulative"),
    (Metric::PersonHours, "person_hours", "h", "hours of hands on repair, cumulative"),
    (Metric::Trust, "trust", "0-100", "trust of customers and press, mean over organisations"),
    (Metric::TrustStaff, "trust_staff", "0-100", "trust of staff, mean over organisations"),
    (Metric::TrustRegulator, "trust_regulator", "0-100", "trust of the regulator, mean over organisations"),
    (
        Metric::TrustLostH,
        "trust_lost_h",
        "h",
        "area between trust before the incident and since, mean of customers and press, summed over organisations",
    ),
    (
        Metric::Technicians,
        "technicians",
        "people",
        "technicians on duty now, help from outside included; those at work if they are more",
    ),
    (Metric::TechniciansBusy, "technicians_busy", "people", "technicians at work on a host now"),
    (Metric::Fatigue, "fatigue", "0-100", "fatigue of crews, mean over organisations"),
    (Metric::ClocksMissed, "clocks_missed", "clocks", "regulatory clocks missed, cumulative"),
];

impl Metric {
    /// The metric's name in scenarios and tables.
    pub fn name(self) -> &'static str {
        METRICS[self as usize].1
    }

    /// The metric's unit.
    pub fn unit(self) -> &'static str {
        METRICS[self as usize].2
    }

    /// True for metrics of hosts, which a fleet has.
    pub fn is_of_hosts(self) -> bool {
        self <= Metric::SensorsOnlineShare
    }

    /// True for metrics of services, which a service has.
    pub fn is_of_services(self) -> bool {
        Metric::Level <= self && self <= Metric::ResilienceLossH
    }
}

/// A metric over a scope, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservableRef {
    pub metric: Metric,
    pub scope: Scope,
}

impl ObservableRef {
    /// Reads `hosts_down(org:delta)`.
    ///
    /// # Errors
    /// A sentence that names the text found and the values allowed. The function does not check that the scope
    /// exists.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, rest) = text
            .split_once('(')
            .ok_or_else(|| format!("`{text}` is not an observable; write it like `hosts_down(org:delta)`"))?;
        let inside = rest.strip_suffix(')').ok_or_else(|| format!("`{text}` lacks its closing bracket"))?;
        let metric = METRICS
            .iter()
            .find(|row| row.1 == name.trim())
            .map(|row| row.0)
            .ok_or_else(|| unknown_metric(name.trim()))?;
        let scope = Scope::parse(inside.trim())?;
        let has = |parts: [Part; 2]| scope.terms().iter().any(|term| parts.contains(&term.part()));
        if has([Part::Fleet, Part::Machines]) && !metric.is_of_hosts() {
            return Err(format!("`{}` cannot be measured over a fleet", metric.name()));
        }
        if has([Part::Service, Part::Services]) && !metric.is_of_services() {
            return Err(format!("`{}` cannot be measured over a service", metric.name()));
        }
        Ok(Self { metric, scope })
    }
}

fn unknown_metric(name: &str) -> String {
    let nearest = most_alike(name, METRICS.iter().map(|row| row.1));
    format!("`{name}` is not an observable; did you mean `{nearest}`?")
}

impl fmt::Display for ObservableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.metric.name(), self.scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_printed() {
        for text in [
            "hosts_down(all)",
            "level(service:emis/records)",
            "hosts_up(fleet:delta/pcs)",
            "trust(seat:airline-ops)",
            "hosts_down(role:KeyServer)",
            "hosts_down_share(org:delta & role:pcs)",
            "lost(sector:airline & region:us-east & services:flights)",
            "cost_usd(group:fortune-500 & sector:hospital)",
            "hosts_up(kind:till)",
            "lost(org:delta|united & services:flights)",
            "hosts_down(org:delta|group:us-airlines & kind:laptop|kiosk)",
            "cost_usd(sector:airline & !org:delta|united)",
            "lost(service:delta/flights|united/flights)",
            "hosts_down(fleet:delta/pcs|atl/kiosks)",
            "hosts_down(people:1000.. & hosts:50..250 & sector:firm)",
            "cost_usd(hosts:..10)",
        ] {
            assert_eq!(ObservableRef::parse(text).unwrap().to_string(), text);
        }
        for (index, row) in METRICS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "the table of metrics is in the order of the enum");
        }
    }

    #[test]
    fn blanks_and_repeated_words_are_no_part_of_a_scope() {
        let check = |text: &str, expected: &str| assert_eq!(Scope::parse(text).unwrap().to_string(), expected);
        check("org: a", "org: a");
        check("org:a | org:b", "org:a|b");
        check("org:a|b|sector:c|d", "org:a|b|sector:c|d");
        check(" ! org:a | b & region:c", "!org:a|b & region:c");
    }

    #[test]
    fn wrong_names_say_what_is_right() {
        let check = |text: &str, expected: &str| {
            let message = ObservableRef::parse(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        };
        check("hosts_dwon(all)", "did you mean `hosts_down`?");
        check("hosts_down", "write it like");
        check("hosts_down(all", "closing bracket");
        check("level(fleet:a/b)", "cannot be measured over a fleet");
        check("cost_usd(service:a/b)", "cannot be measured over a service");
        check("level(house:a)", "is not a scope");
        check("hosts_up(role:server)", "did you mean `servers`?");
        check("cost_usd(role:pcs)", "cannot be measured over a fleet");
        check("hosts_up(services:flights)", "cannot be measured over a service");
        check("hosts_up(fleet:a/b & role:pcs)", "cannot be");
        check("hosts_up(org:a & )", "is not a scope");
        check("hosts_up(fleet:a/b|c)", "is not a scope");
        check("hosts_up(org:a|)", "is not a scope");
        check("hosts_up(org:a | !org:b)", "write it before the first entry");
        check("hosts_up(!all)", "cannot be");
        check("hosts_up(all | org:a)", "cannot be");
        check("hosts_up(!fleet:a/b)", "cannot be");
        check("hosts_up(role:pcs | org:a)", "joins machines with organisations");
        check("lost(service:a/b | org:a)", "joins single services with organisations");
        check("hosts_up(people:many)", "is not a range; write `people:1000..`, `people:50..250` or `people:..50`");
        check("hosts_up(hosts:..)", "is not a range");
        check("hosts_up(hosts:20..10)", "is not a range");
        check("lost(org:a & role:pcs|servers)", "cannot be measured over a fleet");
    }
}
