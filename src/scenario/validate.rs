//! What a scenario must hold beyond the types of its documents: ids, references, ranges, times, tags.
//!
//! Finds all problems and stops at none; changes nothing. References into something that could not
//! be read are passed over, so that one mistake is reported once.

mod at;
mod organisations;
mod script;
mod world;

use std::collections::BTreeMap;
use std::fmt::Display;

use super::diagnostic::{Diagnostic, Diagnostics, Spot, allowed};
use super::load::{Documents, Known, Part};
use super::observable::{ObservableRef, Scope};
use super::schema::{Organisation, Playbook, Tagged, Trigger};
use crate::base::clock::UtcStart;
use at::At;

/// Checks all documents.
pub(super) fn documents(docs: &Documents, known: &Known) -> Diagnostics {
    let mut check = Check::new(docs, known);
    check.manifest();
    check.world();
    check.organisations();
    check.mitigations();
    check.events();
    check.injects();
    check.seats();
    check.playbooks(&docs.playbooks);
    check.playbooks_for_comparison();
    check.sources();
    check.found
}

/// Checks playbooks that come from another file than the scenario's own.
pub(super) fn playbooks(docs: &Documents, playbooks: &[Playbook], known: &Known) -> Diagnostics {
    let mut check = Check::new(docs, known);
    // Mistakes in the scenario's own ids are not this file's.
    check.found = Diagnostics::default();
    check.playbooks(playbooks);
    check.found
}

/// What an id may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Region,
    Sector,
    Profile,
    Channel,
    Method,
    FleetType,
    Flag,
    Pool,
    Organisation,
    Mitigation,
    Event,
    Seat,
    Fact,
}

impl Kind {
    /// One and many in words, and the document they stand in.
    fn words(self) -> (&'static str, &'static str, Part) {
        match self {
            Kind::Region => ("region", "regions", Part::World),
            Kind::Sector => ("sector", "sectors", Part::World),
            Kind::Profile => ("profile", "profiles", Part::World),
            Kind::Channel => ("channel", "channels", Part::World),
            Kind::Method => ("method", "methods", Part::World),
            Kind::FleetType => ("fleet kind", "fleet kinds", Part::World),
            Kind::Flag => ("flag", "flags", Part::World),
            Kind::Pool => ("pool", "pools", Part::World),
            Kind::Organisation => ("organisation", "organisations", Part::Organisations),
            Kind::Mitigation => ("mitigation", "mitigations", Part::Mitigations),
            Kind::Event => ("event", "events", Part::Events),
            Kind::Seat => ("seat", "seats", Part::Seats),
            Kind::Fact => ("fact", "facts", Part::Sources),
        }
    }
}

/// A part of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartKind {
    Fleet,
    Service,
}

impl PartKind {
    fn word(self) -> &'static str {
        match self {
            PartKind::Fleet => "fleet",
            PartKind::Service => "service",
        }
    }

    fn ids(self, org: &Organisation) -> Vec<&str> {
        match self {
            PartKind::Fleet => org.fleets.iter().map(|fleet| fleet.id.as_str()).collect(),
            PartKind::Service => org.services.iter().map(|service| service.id.as_str()).collect(),
        }
    }
}

/// A range with its words.
#[derive(Clone, Copy)]
struct Bounds {
    low: f64,
    high: f64,
    /// The lowest value itself is outside.
    above_low: bool,
    words: &'static str,
}

const fn bounds(low: f64, high: f64, words: &'static str) -> Bounds {
    Bounds { low, high, above_low: false, words }
}

const fn above(low: f64, high: f64, words: &'static str) -> Bounds {
    Bounds { low, high, above_low: true, words }
}

/// Amounts a day over months fit 64 bits in millionths.
const AMOUNT_MAX: f64 = 1e11;
const MINUTES_MAX: f64 = 525_600.0;
const SHARE: Bounds = bounds(0.0, 1.0, "a share from 0 to 1");
const SHARE_ABOVE_0: Bounds = above(0.0, 1.0, "a share above 0, up to 1");
const AMOUNT: Bounds = bounds(0.0, AMOUNT_MAX, "a number from 0 up");
const AMOUNT_ABOVE_0: Bounds = above(0.0, AMOUNT_MAX, "a number above 0");
const MINUTES: Bounds = bounds(0.0, MINUTES_MAX, "minutes, from 0 to 525600 (a year)");
const MINUTES_FROM_1: Bounds = bounds(1.0, MINUTES_MAX, "minutes, from 1 to 525600 (a year)");
const MINUTES_ABOVE_0: Bounds = above(0.0, MINUTES_MAX, "minutes above 0, up to 525600 (a year)");
const HOURS: Bounds = bounds(1.0, 8760.0, "hours, from 1 to 8760 (a year)");
const PEOPLE: Bounds = bounds(0.0, 1e6, "a number of people from 0 to 1000000");
const PEOPLE_FROM_1: Bounds = bounds(1.0, 1e6, "a number of people from 1 to 1000000");
const LATITUDE: Bounds = bounds(-90.0, 90.0, "a latitude from -90 to 90 degrees");
const LONGITUDE: Bounds = bounds(-180.0, 180.0, "a longitude from -180 to 180 degrees");

struct Check<'a> {
    docs: &'a Documents,
    known: &'a Known,
    names: BTreeMap<Kind, BTreeMap<&'a str, At<'a>>>,
    orgs: BTreeMap<&'a str, &'a Organisation>,
    /// Start and horizon in minutes; None where the manifest does not say.
    clock: Option<(UtcStart, u32)>,
    found: Diagnostics,
}

impl<'a> Check<'a> {
    fn new(docs: &'a Documents, known: &'a Known) -> Self {
        let clock = UtcStart::parse(&docs.manifest.start).ok().map(|start| (start, docs.manifest.horizon_min));
        // Of two with one id the first counts; the second is reported.
        let orgs = docs.organisations.iter().rev().map(|org| (org.id.as_str(), org)).collect();
        let mut check = Check { docs, known, names: BTreeMap::new(), orgs, clock, found: Diagnostics::default() };
        check.collect_names();
        check
    }

    /// Registers all ids of the scenario, and reports those given twice.
    fn collect_names(&mut self) {
        let docs = self.docs;
        let world = &docs.world;
        let of_world = At::root(self.known, Part::World);
        macro_rules! list {
            ($kind:expr, $list:expr, $at:expr) => {
                let at = $at;
                let ids = $list.iter().enumerate().map(|(index, entry)| (entry.id.as_str(), at(index))).collect();
                self.register($kind, ids);
            };
        }
        list!(Kind::Region, world.regions, |i| of_world.field("regions").item(i));
        list!(Kind::Sector, world.sectors, |i| of_world.field("sectors").item(i));
        list!(Kind::Profile, world.profiles, |i| of_world.field("profiles").item(i));
        list!(Kind::Channel, world.channels, |i| of_world.field("channels").item(i));
        list!(Kind::Method, world.methods, |i| of_world.field("methods").item(i));
        list!(Kind::FleetType, world.fleet_kinds, |i| of_world.field("fleet_kinds").item(i));
        list!(Kind::Flag, world.flags, |i| of_world.field("flags").item(i));
        list!(Kind::Pool, world.pools, |i| of_world.field("pools").item(i));
        let known = self.known;
        let element = |part: Part| move |index: usize| At::element(known, part, index);
        list!(Kind::Organisation, docs.organisations, element(Part::Organisations));
        list!(Kind::Mitigation, docs.mitigations, element(Part::Mitigations));
        list!(Kind::Event, docs.events, element(Part::Events));
        list!(Kind::Seat, docs.seats, element(Part::Seats));
        list!(Kind::Fact, docs.sources, element(Part::Sources));
    }

    fn register(&mut self, kind: Kind, ids: Vec<(&'a str, At<'a>)>) {
        let names = self.unique(kind.words().0, ids);
        self.names.insert(kind, names);
    }

    /// Reports ids that are given twice or misshapen; gives those that are there.
    fn unique(&mut self, what: &str, ids: Vec<(&'a str, At<'a>)>) -> BTreeMap<&'a str, At<'a>> {
        let mut names: BTreeMap<&str, At> = BTreeMap::new();
        for (id, at) in ids {
            let at = at.field("id");
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if id.is_empty() || !id.chars().all(plain) {
                self.error(at, format!("`{id}` cannot be an id"), "an id has letters, digits, `-`, `_` and `.` only");
            }
            if let Some(first) = names.get(id) {
                let (file, spot) = first.spot();
                let problem = at.problem(format!("the {what} id `{id}` is given twice"));
                self.found.push(problem.also("it is first given here", file, spot));
            } else {
                names.insert(id, at);
            }
        }
        names
    }

    fn is_blind(&self, part: Part) -> bool {
        self.known.blind.contains(&part)
    }

    fn error(&mut self, at: At<'a>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(at.problem(message).help(help));
    }

    /// A reference to something of the whole scenario.
    fn reference(&mut self, at: At<'a>, kind: Kind, id: &str) {
        let (one, many, part) = kind.words();
        let names = &self.names[&kind];
        if names.contains_key(id) || self.known.lost.contains(id) || self.is_blind(part) {
            return;
        }
        let help = format!("{} (in {})", allowed(id, names.keys().copied(), many), part.file());
        self.error(at, format!("there is no {one} `{id}`"), help);
    }

    /// A list of references; an id twice is a slip too.
    fn references(&mut self, at: At<'a>, kind: Kind, ids: &[String]) {
        for (index, id) in ids.iter().enumerate() {
            self.reference(at.item(index), kind, id);
            if ids[..index].contains(id) {
                self.error(at.item(index), format!("`{id}` is listed twice"), "name it once");
            }
        }
    }

    /// A reference `"organisation/part"`, or `"part"` of `own`.
    fn part_reference(&mut self, at: At<'a>, kind: PartKind, text: &str, own: Option<&'a Organisation>) {
        let what = kind.word();
        let (org, part) = match (text.split_once('/'), own) {
            (Some((id, part)), _) => match self.orgs.get(id) {
                Some(org) => (*org, part),
                None => return self.reference(at, Kind::Organisation, id),
            },
            (None, Some(org)) => (org, text),
            (None, None) => {
                let help = format!("write it like `\"organisation/{what}\"`");
                return self.error(at, format!("`{text}` names no organisation"), help);
            }
        };
        let ids = kind.ids(org);
        if ids.contains(&part) || self.known.lost.contains(part) {
            return;
        }
        let help = allowed(part, ids, &format!("{what}s"));
        self.error(at, format!("the organisation `{}` has no {what} `{part}`", org.id), help);
    }

    /// A bare number.
    fn number(&mut self, at: At<'a>, value: impl Into<f64> + Display + Copy, bounds: Bounds) {
        let amount: f64 = value.into();
        let low = if bounds.above_low { bounds.low < amount } else { bounds.low <= amount };
        if !(low && amount <= bounds.high) {
            self.error(at, format!("`{value}` is out of range"), format!("expected {}", bounds.words));
        }
    }

    /// A tagged number.
    fn figure<T: Into<f64> + Display + Copy>(&mut self, at: At<'a>, figure: &Tagged<T>, bounds: Bounds) {
        self.tag(at, figure);
        self.number(at.item(0), *figure.value(), bounds);
    }

    /// A tagged triangular distribution in minutes.
    fn triangular(&mut self, at: At<'a>, figure: &Tagged<(f64, f64, f64)>) {
        self.tag(at, figure);
        let (low, mode, high) = *figure.value();
        let at = at.item(0);
        for (index, value) in [low, mode, high].into_iter().enumerate() {
            self.number(at.item(index), value, MINUTES_ABOVE_0);
        }
        if mode < low || high < mode {
            let help = "expected least, most likely, most, none below the one before";
            self.error(at, format!("`({low}, {mode}, {high})` is out of order"), help);
        }
    }

    /// The source of a figure.
    fn tag<T>(&mut self, at: At<'a>, tagged: &Tagged<T>) {
        let text = tagged.source();
        let at = at.item(1);
        if text.trim().is_empty() {
            return self.error(at, "the source is empty", "give fact ids of sources.ron, or a reason");
        }
        let is_documented = matches!(tagged, Tagged::Documented(..));
        let tokens: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|token| is_fact_id(token, is_documented)).collect();
        if is_documented && tokens.is_empty() {
            let help = "give at least one id of sources.ron, like `CS01`, or tag it `Estimated`";
            return self.error(at, format!("the documented source `{text}` has no fact id"), help);
        }
        for token in tokens {
            self.reference(at.within(token), Kind::Fact, token);
        }
    }

    /// Text that people read.
    fn words(&mut self, at: At<'a>, entries: &[(&str, &str)]) {
        for (field, text) in entries {
            if text.trim().is_empty() {
                self.error(at.field(field), format!("`{field}` is empty"), "people read it: write a few words");
            }
        }
    }

    /// A UTC time between start and end of the run.
    fn time(&mut self, at: At<'a>, text: &str) {
        let Some((start, horizon_min)) = self.clock else {
            if let Err(message) = UtcStart::parse(text) {
                self.found.push(at.problem(message));
            }
            return;
        };
        let end = crate::base::Tick(horizon_min);
        let inside = || format!("expected a time from {} to {}", start.iso(crate::base::Tick::ZERO), start.iso(end));
        match start.tick_of(text) {
            Ok(tick) if tick < end => {}
            Ok(_) => self.error(at, format!("the time `{text}` lies after the end of the run"), inside()),
            Err(message) => self.error(at, message, inside()),
        }
    }

    fn trigger(&mut self, at: At<'a>, trigger: &Trigger) {
        match trigger {
            Trigger::At(time) => self.time(at.item(0), time),
            Trigger::After(event, minutes) => {
                self.reference(at.item(0), Kind::Event, event);
                self.number(at.item(1), *minutes, MINUTES);
            }
            Trigger::Above(observable, value) | Trigger::Below(observable, value) => {
                self.observable(at.item(0), observable);
                self.number(at.item(1), *value, bounds(-AMOUNT_MAX, AMOUNT_MAX, "a finite number"));
            }
        }
    }

    /// An observable whose scope must exist.
    fn observable(&mut self, at: At<'a>, text: &str) {
        let name = match ObservableRef::parse(text) {
            Ok(name) => name,
            Err(message) => return self.found.push(at.problem(message)),
        };
        match &name.scope {
            Scope::All => {}
            Scope::Sector(id) => self.reference(at, Kind::Sector, id),
            Scope::Region(id) => self.reference(at, Kind::Region, id),
            Scope::Organisation(id) => self.reference(at, Kind::Organisation, id),
            Scope::Seat(id) => self.reference(at, Kind::Seat, id),
            Scope::Fleet(org, id) => self.part_reference(at, PartKind::Fleet, &format!("{org}/{id}"), None),
            Scope::Service(org, id) => self.part_reference(at, PartKind::Service, &format!("{org}/{id}"), None),
        }
    }
}

/// Does a token look like a fact id, `CS01`, `CS15b`? In documented sources `T01` and `S101` do too;
/// in a reason in plain words those may be a road or an aircraft.
fn is_fact_id(token: &str, is_documented: bool) -> bool {
    let letters = token.chars().take_while(char::is_ascii_uppercase).count();
    let digits = token[letters..].chars().take_while(char::is_ascii_digit).count();
    let rest = &token[letters + digits..];
    let suffix = rest.is_empty() || (rest.len() == 1 && rest.as_bytes()[0].is_ascii_lowercase());
    let body = if is_documented {
        (1..=3).contains(&letters) && (2..=3).contains(&digits)
    } else {
        letters == 2 && digits == 2
    };
    suffix && body
}
