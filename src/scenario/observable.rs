//! Observables by name, `metric(scope)`: charts, scores, conditions and tables all use this one notation.
//!
//! Reads and prints names. Must not compute values: that is the task of the simulation.

mod each;

use std::fmt;

use crate::base::spelling::most_alike;

use super::schema::Role;

pub use each::EachRef;

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
    Technicians,
    TechniciansBusy,
    Fatigue,
    ClocksMissed,
}

/// Every metric with its name, unit and meaning, in the order tables use.
pub const METRICS: [(Metric, &str, &str, &str); 33] = [
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

/// The entities over which a metric is measured, by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    All,
    Sector(String),
    Region(String),
    /// Members of a population.
    Population(String),
    Organisation(String),
    /// Organisation, fleet.
    Fleet(String, String),
    /// Organisation, service.
    Service(String, String),
    /// All organisations of a seat.
    Seat(String),
    /// Organisations of a group.
    Group(String),
    /// Fleets of some roles.
    Role(Roles),
    /// Fleets of a kind.
    Kind(String),
    /// Services with this id, of all organisations.
    Services(String),
    /// The entities that lie in all of these scopes. None of the scopes is a fleet, a service or `all`.
    Both(Vec<Scope>),
}

/// Roles of fleets that a scope asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Roles {
    One(Role),
    /// Machines at which a person sits or stands.
    Pcs,
    Servers,
}

impl Roles {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "pcs" => Some(Self::Pcs),
            "servers" => Some(Self::Servers),
            _ => Role::ALL.iter().find(|(_, word)| *word == text).map(|(role, _)| Self::One(*role)),
        }
    }

    /// Is this role among them?
    pub fn has(self, role: Role) -> bool {
        match self {
            Self::One(own) => own == role,
            Self::Pcs => !role.is_server(),
            Self::Servers => role.is_server(),
        }
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pcs => write!(f, "pcs"),
            Self::Servers => write!(f, "servers"),
            Self::One(role) => write!(f, "{role:?}"),
        }
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
        let has = |is_it: fn(&Scope) -> bool| scope.terms().iter().any(is_it);
        if has(|term| matches!(term, Scope::Fleet(..) | Scope::Role(_) | Scope::Kind(_))) && !metric.is_of_hosts() {
            return Err(format!("`{}` cannot be measured over a fleet", metric.name()));
        }
        if has(|term| matches!(term, Scope::Service(..) | Scope::Services(_))) && !metric.is_of_services() {
            return Err(format!("`{}` cannot be measured over a service", metric.name()));
        }
        Ok(Self { metric, scope })
    }
}

impl Scope {
    /// Reads a scope: one term, or terms joined by `&`.
    ///
    /// # Errors
    /// A sentence that names the text found and the values allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = text.split('&').map(|term| Self::term(term.trim())).collect::<Result<Vec<_>, _>>()?;
        if terms.len() == 1 {
            return Ok(terms.remove(0));
        }
        match terms.iter().find(|term| matches!(term, Scope::All | Scope::Fleet(..) | Scope::Service(..))) {
            Some(alone) => Err(format!("`{alone}` cannot be joined to other terms with `&`")),
            None => Ok(Scope::Both(terms)),
        }
    }

    /// The terms of the scope: the scope itself, or the terms that `&` joins.
    pub fn terms(&self) -> &[Scope] {
        match self {
            Scope::Both(terms) => terms,
            one => std::slice::from_ref(one),
        }
    }

    fn term(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Scope::All);
        }
        let wrong = || {
            format!(
                "`{text}` is not a scope; allowed are `all`, `sector:ID`, `region:ID`, `group:ID`, `population:ID`, `org:ID`, `seat:ID`, `role:ROLE`, `kind:ID`, `services:ID`, several of these joined by `&`, and alone `fleet:ORG/ID` and `service:ORG/ID`"
            )
        };
        let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
        let pair = || id.split_once('/').map(|(org, part)| (org.to_owned(), part.to_owned())).ok_or_else(wrong);
        Ok(match kind {
            "sector" => Scope::Sector(id.to_owned()),
            "region" => Scope::Region(id.to_owned()),
            "population" => Scope::Population(id.to_owned()),
            "org" => Scope::Organisation(id.to_owned()),
            "seat" => Scope::Seat(id.to_owned()),
            "group" => Scope::Group(id.to_owned()),
            "kind" => Scope::Kind(id.to_owned()),
            "services" => Scope::Services(id.to_owned()),
            "role" => Scope::Role(Roles::parse(id).ok_or_else(|| unknown_role(id))?),
            "fleet" => pair().map(|(org, part)| Scope::Fleet(org, part))?,
            "service" => pair().map(|(org, part)| Scope::Service(org, part))?,
            _ => return Err(wrong()),
        })
    }
}

fn unknown_metric(name: &str) -> String {
    let nearest = most_alike(name, METRICS.iter().map(|row| row.1));
    format!("`{name}` is not an observable; did you mean `{nearest}`?")
}

fn unknown_role(name: &str) -> String {
    let words = || ["pcs", "servers"].into_iter().chain(Role::ALL.iter().map(|(_, word)| *word));
    let allowed = words().collect::<Vec<_>>().join("`, `");
    format!("`{name}` is not a role; did you mean `{}`? allowed are `{allowed}`", most_alike(name, words()))
}

impl fmt::Display for ObservableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.metric.name(), self.scope)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::All => write!(f, "all"),
            Scope::Sector(id) => write!(f, "sector:{id}"),
            Scope::Region(id) => write!(f, "region:{id}"),
            Scope::Population(id) => write!(f, "population:{id}"),
            Scope::Organisation(id) => write!(f, "org:{id}"),
            Scope::Fleet(org, id) => write!(f, "fleet:{org}/{id}"),
            Scope::Service(org, id) => write!(f, "service:{org}/{id}"),
            Scope::Seat(id) => write!(f, "seat:{id}"),
            Scope::Group(id) => write!(f, "group:{id}"),
            Scope::Role(roles) => write!(f, "role:{roles}"),
            Scope::Kind(id) => write!(f, "kind:{id}"),
            Scope::Services(id) => write!(f, "services:{id}"),
            Scope::Both(terms) => {
                for (at, term) in terms.iter().enumerate() {
                    write!(f, "{}{term}", if at == 0 { "" } else { " & " })?;
                }
                Ok(())
            }
        }
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
        ] {
            assert_eq!(ObservableRef::parse(text).unwrap().to_string(), text);
        }
        for (index, row) in METRICS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "the table of metrics is in the order of the enum");
        }
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
        check("hosts_up(fleet:a/b & role:pcs)", "cannot be joined");
        check("hosts_up(org:a & )", "is not a scope");
    }
}
