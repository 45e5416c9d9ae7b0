//! Scopes of observables: `sector:airline & region:us-east`, `org:delta|united`, `people:1000..`.
//!
//! Reads and prints scopes. Does not know which ids exist: that is the task of `validate`.

use std::fmt;

use crate::base::spelling::most_alike;
use crate::scenario::schema::Role;

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
    /// Organisations with so many people.
    People(SizeRange),
    /// Organisations with so many hosts.
    Hosts(SizeRange),
    /// Fleets of some roles.
    Role(Roles),
    /// Fleets of a kind.
    Kind(String),
    /// Services with this id, of all organisations.
    Services(String),
    /// The entities that lie in at least one of these scopes, which have the same `part`.
    Any(Vec<Scope>),
    /// The entities that do not lie in this scope.
    Not(Box<Scope>),
    /// The entities that lie in all of these scopes. None of the scopes is a fleet, a service or `all`.
    Both(Vec<Scope>),
}

/// The kind of entities that a scope selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    Organisations,
    /// Fleets by a property of their kind.
    Machines,
    /// Services by their id.
    Services,
    /// Single fleets.
    Fleet,
    /// Single services.
    Service,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Part::All => "everything",
            Part::Organisations => "organisations",
            Part::Machines => "machines",
            Part::Services => "services",
            Part::Fleet => "single fleets",
            Part::Service => "single services",
        }
    }

    /// Does a scope of these entities stand without `&`?
    pub fn stands_alone(self) -> bool {
        matches!(self, Part::All | Part::Fleet | Part::Service)
    }
}

/// A range of sizes: from the first number up, below the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SizeRange {
    from: u64,
    to: Option<u64>,
}

impl SizeRange {
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let from = if from.trim().is_empty() { None } else { Some(number(from)?) };
        let to = if to.trim().is_empty() { None } else { Some(number(to)?) };
        let is_range = (from.is_some() || to.is_some()) && to.is_none_or(|to| from.unwrap_or(0) < to);
        is_range.then_some(Self { from: from.unwrap_or(0), to })
    }

    /// Does a size lie in the range?
    pub fn has(self, size: f64) -> bool {
        self.from as f64 <= size && self.to.is_none_or(|to| size < to as f64)
    }
}

impl fmt::Display for SizeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (0, Some(to)) => write!(f, "..{to}"),
            (from, Some(to)) => write!(f, "{from}..{to}"),
            (from, None) => write!(f, "{from}.."),
        }
    }
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

impl Scope {
    /// Reads a scope: one term, or terms joined by `&`. A term is a list joined by `|`, perhaps with `!` before it.
    ///
    /// # Errors
    /// A sentence that names the text found and the values allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = text.split('&').map(|term| Self::term(term.trim())).collect::<Result<Vec<_>, _>>()?;
        if terms.len() == 1 {
            return Ok(terms.remove(0));
        }
        match terms.iter().find(|term| term.part().stands_alone()) {
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

    /// The scopes without `|`, `&` and `!` that this scope is made of.
    pub fn leaves(&self) -> Vec<&Scope> {
        match self {
            Scope::Both(terms) | Scope::Any(terms) => terms.iter().flat_map(Scope::leaves).collect(),
            Scope::Not(inner) => inner.leaves(),
            leaf => vec![leaf],
        }
    }

    /// The kind of entities that a term selects; that of the first term for several.
    pub fn part(&self) -> Part {
        match self {
            Scope::All => Part::All,
            Scope::Role(_) | Scope::Kind(_) => Part::Machines,
            Scope::Services(_) => Part::Services,
            Scope::Fleet(..) => Part::Fleet,
            Scope::Service(..) => Part::Service,
            Scope::Any(terms) | Scope::Both(terms) => terms.first().map_or(Part::All, Scope::part),
            Scope::Not(inner) => inner.part(),
            _ => Part::Organisations,
        }
    }

    /// Does the scope name its organisations, themselves or by their seat?
    pub fn names_organisations(&self) -> bool {
        let is_named = |term: &Scope| {
            let leaves = term.leaves();
            !matches!(term, Scope::Not(_))
                && leaves.iter().all(|leaf| matches!(leaf, Scope::Organisation(_) | Scope::Seat(_)))
        };
        self.terms().iter().any(is_named)
    }

    /// Reads a list joined by `|`. An entry without a word of its own has that of the entry before it.
    fn term(text: &str) -> Result<Self, String> {
        let (is_not, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        let mut word = "";
        let mut terms = Vec::new();
        for entry in list.split('|').map(str::trim) {
            if entry.starts_with('!') {
                return Err(format!("in `{text}` a `!` stands inside a list; write it before the first entry"));
            }
            let entry = match entry.split_once(':') {
                Some((own, _)) => {
                    word = own;
                    entry.to_owned()
                }
                None if word.is_empty() || entry.is_empty() => entry.to_owned(),
                None => format!("{word}:{entry}"),
            };
            terms.push(Self::leaf(&entry)?);
        }
        let first = terms[0].part();
        if let Some(other) = terms.iter().find(|term| term.part() != first) {
            let words = (first.word(), other.part().word());
            let alone = terms.iter().find(|term| **term == Scope::All);
            return Err(match alone {
                Some(alone) => format!("`{alone}` cannot be joined to other terms with `|`"),
                None => format!("`{text}` joins {} with {}; join entities of one kind by `|`", words.0, words.1),
            });
        }
        if is_not && first.stands_alone() {
            return Err(format!("`{}` cannot be excluded with `!`", terms[0]));
        }
        let term = if terms.len() == 1 { terms.remove(0) } else { Scope::Any(terms) };
        Ok(if is_not { Scope::Not(Box::new(term)) } else { term })
    }

    fn leaf(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Scope::All);
        }
        let wrong = || {
            format!(
                "`{text}` is not a scope; allowed are `all`, `sector:ID`, `region:ID`, `group:ID`, `population:ID`, `org:ID`, `seat:ID`, `people:FROM..TO`, `hosts:FROM..TO`, `role:ROLE`, `kind:ID`, `services:ID`, several of these joined by `&`, lists of one kind joined by `|` with or without `!` before them, and alone `fleet:ORG/ID` and `service:ORG/ID`"
            )
        };
        let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
        let pair = || id.split_once('/').map(|(org, part)| (org.to_owned(), part.to_owned())).ok_or_else(wrong);
        let range = || SizeRange::parse(id).ok_or_else(|| no_range(kind, id));
        Ok(match kind {
            "sector" => Scope::Sector(id.to_owned()),
            "region" => Scope::Region(id.to_owned()),
            "population" => Scope::Population(id.to_owned()),
            "org" => Scope::Organisation(id.to_owned()),
            "seat" => Scope::Seat(id.to_owned()),
            "group" => Scope::Group(id.to_owned()),
            "people" => Scope::People(range()?),
            "hosts" => Scope::Hosts(range()?),
            "kind" => Scope::Kind(id.to_owned()),
            "services" => Scope::Services(id.to_owned()),
            "role" => Scope::Role(Roles::parse(id).ok_or_else(|| unknown_role(id))?),
            "fleet" => pair().map(|(org, part)| Scope::Fleet(org, part))?,
            "service" => pair().map(|(org, part)| Scope::Service(org, part))?,
            _ => return Err(wrong()),
        })
    }

    /// The word and the value of a leaf as written.
    fn written(&self) -> (&'static str, String) {
        match self {
            Scope::All => ("all", String::new()),
            Scope::Sector(id) => ("sector", id.clone()),
            Scope::Region(id) => ("region", id.clone()),
            Scope::Population(id) => ("population", id.clone()),
            Scope::Organisation(id) => ("org", id.clone()),
            Scope::Fleet(org, id) => ("fleet", format!("{org}/{id}")),
            Scope::Service(org, id) => ("service", format!("{org}/{id}")),
            Scope::Seat(id) => ("seat", id.clone()),
            Scope::Group(id) => ("group", id.clone()),
            Scope::People(range) => ("people", range.to_string()),
            Scope::Hosts(range) => ("hosts", range.to_string()),
            Scope::Role(roles) => ("role", roles.to_string()),
            Scope::Kind(id) => ("kind", id.clone()),
            Scope::Services(id) => ("services", id.clone()),
            Scope::Any(_) | Scope::Not(_) | Scope::Both(_) => unreachable!("a leaf is no list"),
        }
    }
}

fn no_range(kind: &str, text: &str) -> String {
    format!("`{kind}:{text}` is not a range; write `{kind}:1000..`, `{kind}:50..250` or `{kind}:..50`")
}

fn unknown_role(name: &str) -> String {
    let words = || ["pcs", "servers"].into_iter().chain(Role::ALL.iter().map(|(_, word)| *word));
    let allowed = words().collect::<Vec<_>>().join("`, `");
    format!("`{name}` is not a role; did you mean `{}`? allowed are `{allowed}`", most_alike(name, words()))
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::All => write!(f, "all"),
            Scope::Both(terms) => {
                for (at, term) in terms.iter().enumerate() {
                    write!(f, "{}{term}", if at == 0 { "" } else { " & " })?;
                }
                Ok(())
            }
            Scope::Not(inner) => write!(f, "!{inner}"),
            Scope::Any(terms) => {
                let mut word = "";
                for (at, (own, value)) in terms.iter().map(Scope::written).enumerate() {
                    let bar = if at == 0 { "" } else { "|" };
                    if own == word {
                        write!(f, "{bar}{value}")?
                    } else {
                        write!(f, "{bar}{own}:{value}")?
                    }
                    word = own;
                }
                Ok(())
            }
            leaf => {
                let (word, value) = leaf.written();
                write!(f, "{word}:{value}")
            }
        }
    }
}
