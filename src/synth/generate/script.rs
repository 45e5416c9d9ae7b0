//! The script of a generated world: events, injects, seats, and the three playbooks.

use super::figures::figure;
use super::orders;
use super::sectors::SECTORS;
use super::world::{BAD, RELEASE, START};
use super::written::{AIRLINE, CLOUD, HOSPITAL};
use crate::scenario::load::Documents;
use crate::scenario::schema::{
    Briefing, DO_NOTHING, Event, EventEffect, Inject, Objective, OrderTarget, Organisation, PAR, Playbook,
    PlaybookOrder, REFERENCE, Seat, Trigger, Via,
};

/// Minutes from the release to its withdrawal.
const REVERT_MIN: u32 = 78;
const PREPARATION_USD: f64 = 30_000.0;

fn after(event: &str, minutes: u32) -> Trigger {
    Trigger::After(event.to_owned(), minutes)
}

fn has(docs: &Documents, organisation: &str) -> bool {
    docs.organisations.iter().any(|org| org.id == organisation)
}

/// A cloud's outage in the evening, then the release and the vendor's publications after it.
pub fn events(docs: &Documents) -> Vec<Event> {
    let event = |id: &str, title: &str, when: Trigger, effects: Vec<EventEffect>, key_moment: bool| Event {
        id: id.to_owned(),
        title: title.to_owned(),
        when,
        effects,
        key_moment,
        provenance: figure((), "the order of things in such an outage"),
    };
    let flag = |id: &str| vec![EventEffect::RaiseFlag(id.to_owned())];
    let mut events = vec![
        event(
            "release",
            "The bad content goes out",
            Trigger::At(RELEASE.to_owned()),
            vec![EventEffect::Release(BAD.to_owned())],
            true,
        ),
        event("fault-seen", "Hosts crash one after the other", after("release", 15), flag("fault-seen"), false),
        event("good-first", "Good content is served first", after("release", 50), flag("good-first"), false),
        event(
            "revert",
            "The release ends",
            after("release", REVERT_MIN),
            vec![EventEffect::Revert(BAD.to_owned())],
            true,
        ),
        event("workaround", "A manual workaround is published", after("release", 141), flag("workaround"), true),
        event("boot-tool", "A boot tool is published", after("release", 2_400), flag("boot-tool"), true),
        event(
            "unattended",
            "Unattended remediation is offered",
            after("release", 4_300),
            flag("unattended-offered"),
            true,
        ),
    ];
    if has(docs, CLOUD) {
        let service = format!("{CLOUD}/hosting");
        let limit = vec![EventEffect::Limit { service: service.clone(), level: 0.4 }];
        events.push(event(
            "cloud-slow",
            "A cloud region loses its storage",
            Trigger::At("2024-07-18T21:40Z".to_owned()),
            limit,
            true,
        ));
        events.push(event(
            "cloud-back",
            "The cloud region is back",
            after("cloud-slow", 310),
            vec![EventEffect::Lift { service }],
            false,
        ));
    }
    events
}

/// Messages to the seats.
pub fn injects(seats: &[Seat]) -> Vec<Inject> {
    let inject = |id: &str, when: Trigger, via: Via, from: &str, title: &str, body: &str| Inject {
        id: id.to_owned(),
        when,
        to: Vec::new(),
        via,
        from: from.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        urgent: id == "screens",
        answers: Vec::new(),
        unless: Vec::new(),
        provenance: figure((), "a likely message"),
    };
    let mut injects = vec![
        inject(
            "screens",
            after("release", 16),
            Via::Monitoring,
            "Monitoring desk",
            "Machines restart again and again",
            "Screens turn blue on several sites at once.",
        ),
        inject(
            "ended",
            after("revert", 20),
            Via::Email,
            "Vendor's bulletin",
            "The release has ended",
            "Hosts that were hit stay hit. Nothing more goes out.",
        ),
        inject(
            "advice",
            after("workaround", 5),
            Via::Email,
            "Vendor's bulletin",
            "How to repair a host",
            "Start in safe mode, delete one file, start again. Encrypted disks ask for their key.",
        ),
        inject(
            "press",
            Trigger::Above("hosts_down_share(all)".to_owned(), 0.05),
            Via::Press,
            "News desk",
            "Is this an attack?",
            "We go on air in ten minutes and have heard of several outages.",
        ),
        inject(
            "tired",
            after("release", 2_000),
            Via::Phone,
            "Crew leads",
            "People have worked through the night",
            "Some have been here for thirty hours. Mistakes begin to show.",
        ),
    ];
    injects.extend(seats.iter().map(|seat| Inject {
        to: vec![seat.id.clone()],
        ..inject(
            &format!("board-{}", seat.id),
            after("release", 180),
            Via::Executive,
            "The board",
            "When are we back?",
            "One sentence will do: when, and what it hangs on.",
        )
    }));
    injects
}

/// The hospital's seat, and the airline's where the world has an airline.
pub fn seats(docs: &Documents) -> Vec<Seat> {
    let plans = [
        (HOSPITAL, "hospital-lead", "Incident lead, hospital", "care", "Keep wards and theatres going."),
        (AIRLINE, "airline-ops", "Operations director, airline", "flights", "Keep the aircraft flying."),
    ];
    let possible = plans.into_iter().filter(|plan| has(docs, plan.0));
    possible.map(|(organisation, id, name, service, summary)| seat(organisation, id, name, service, summary)).collect()
}

fn seat(organisation: &str, id: &str, name: &str, service: &str, summary: &str) -> Seat {
    let objective = |id: &str, name: &str, observable: String, weight: f64| Objective {
        id: id.to_owned(),
        name: name.to_owned(),
        observable,
        weight,
        ratings: None,
    };
    Seat {
        id: id.to_owned(),
        name: name.to_owned(),
        summary: summary.to_owned(),
        organisations: vec![organisation.to_owned()],
        mitigations: orders::ids(),
        preparation_usd: Some(figure(PREPARATION_USD, "what a careful year leaves for such things")),
        briefing: Briefing {
            situation: vec![
                "It is the evening before. Your sensor vendor sends its content to everybody at once.".to_owned(),
                "Whatever you prepare now has to fit the budget; after that the clock runs.".to_owned(),
            ],
            people: "Your own crews in their shifts, help for hire, and a pool that others draw on too.".to_owned(),
            advice: vec![
                "Servers before desks.".to_owned(),
                "Keys before encrypted disks.".to_owned(),
                "Tired crews are slow crews.".to_owned(),
            ],
        },
        objectives: vec![
            objective("recovery", "Be back soon", format!("recovery_min(service:{organisation}/{service})"), 2.0),
            objective("loss", "Lose little", format!("lost(service:{organisation}/{service})"), 2.0),
            objective("cost", "Spend little", format!("cost_usd(org:{organisation})"), 1.0),
        ],
    }
}

/// Do-nothing, reference and par.
pub fn playbooks(docs: &Documents) -> Vec<Playbook> {
    let playbook = |id: &str, name: &str, summary: &str, orders: Vec<PlaybookOrder>| Playbook {
        id: id.to_owned(),
        name: name.to_owned(),
        summary: summary.to_owned(),
        orders,
    };
    vec![
        playbook(DO_NOTHING, "Do nothing", "Crews on shift mend what they reach.", Vec::new()),
        playbook(REFERENCE, "The usual", "People are called in late, tools come when they are known.", reference(docs)),
        playbook(
            PAR,
            "Best known",
            "Servers first, people at once and again, others to find the machines, boot media on the day.",
            par(docs),
        ),
    ]
}

fn entry(when: Trigger, order: &str, target: OrderTarget) -> PlaybookOrder {
    PlaybookOrder { when, order: order.to_owned(), target, provenance: figure((), "a sensible hour for it") }
}

fn whole_sector(sector: &str) -> OrderTarget {
    OrderTarget::Sector(sector.to_owned())
}

fn reference(docs: &Documents) -> Vec<PlaybookOrder> {
    let mut entries = Vec::new();
    for (index, sector) in sectors_present(docs).into_iter().enumerate() {
        // Sectors react at different minutes.
        let wake_min = 60 + 15 * index as u32;
        entries.push(entry(after("fault-seen", wake_min), "overtime", whole_sector(sector.id)));
        entries.push(entry(after("boot-tool", 120 + wake_min), "use-boot-media", whole_sector(sector.id)));
        if sector.main.fallback.is_some_and(|(.., is_automatic)| !is_automatic) {
            entries.push(entry(
                after("fault-seen", 120 + wake_min),
                "open-fallback",
                main_service(sector.id, sector.main.id),
            ));
        }
    }
    entries
}

fn par(docs: &Documents) -> Vec<PlaybookOrder> {
    let mut entries =
        vec![entry(Trigger::At(START.to_owned()), "prepare-keys", OrderTarget::Organisation(HOSPITAL.to_owned()))];
    for sector in sectors_present(docs) {
        let servers = || OrderTarget::SectorFleet(sector.id.to_owned(), "servers".to_owned());
        entries.push(entry(after("fault-seen", 5), "repair-first", servers()));
        entries.push(entry(after("fault-seen", 10), "overtime", whole_sector(sector.id)));
        entries.push(entry(after("fault-seen", 30), "volunteers", whole_sector(sector.id)));
        entries.push(entry(after("fault-seen", 720), "overtime", whole_sector(sector.id)));
        entries.push(entry(after("boot-tool", 5), "use-boot-media", whole_sector(sector.id)));
        if sector.main.fallback.is_some_and(|(.., is_automatic)| !is_automatic) {
            entries.push(entry(after("fault-seen", 20), "open-fallback", main_service(sector.id, sector.main.id)));
        }
        if matches!(sector.id, "bank" | "market" | "hospital" | "airline") {
            entries.push(entry(after("fault-seen", 60), "tell-regulator", whole_sector(sector.id)));
        }
        if sector.id == "airline" {
            entries.push(entry(after("revert", 300), "clear-rework", main_service(sector.id, sector.main.id)));
        }
    }
    entries
}

fn main_service(sector: &str, service: &str) -> OrderTarget {
    OrderTarget::SectorService(sector.to_owned(), service.to_owned())
}

/// Sectors in which an organisation offers the sector's main service.
fn sectors_present(docs: &Documents) -> Vec<&'static super::sectors::Sector> {
    let members = docs.populations.iter().map(|population| &population.member);
    let organisations: Vec<&Organisation> = docs.organisations.iter().chain(members).collect();
    let offers = |org: &Organisation, id: &str| org.services.iter().any(|service| service.id == id);
    let is_present = |sector: &&super::sectors::Sector| {
        organisations.iter().any(|org| org.sector == sector.id && offers(org, sector.main.id))
    };
    SECTORS.iter().filter(is_present).collect()
}
