//! Sample views for the panel tests: 19 July 2024 at about ten in the morning, with invented figures.

use std::sync::Arc;

use blackstart::base::Ix;
use blackstart::exercise::view::*;
use blackstart::scenario::compile::{Organisation, Service};
use blackstart::scenario::schema::{Glyph, Group, Standing, Via};

/// Every screen with its name.
pub fn screens() -> Vec<(&'static str, View)> {
    vec![
        ("start", View::Start(Arc::new(start()))),
        ("seats", View::Seats(Arc::new(seats()))),
        ("briefing", View::Briefing(Arc::new(briefing()))),
        ("exercise", View::Exercise(Arc::new(exercise()))),
        ("exercise with detail", View::Exercise(Arc::new(exercise_with_detail()))),
        ("empty exercise", View::Exercise(Arc::new(empty_exercise()))),
        ("debrief", View::Debrief(Arc::new(debrief()))),
        ("weighed debrief", View::Debrief(Arc::new(weighed_debrief()))),
        ("known debrief", View::Debrief(Arc::new(known_debrief()))),
        ("sources", View::Sources(Arc::new(sources()))),
    ]
}

pub fn start() -> StartView {
    StartView {
        cards: vec![ScenarioCard {
            id: "2024-07-19".into(),
            title: "19 July 2024".into(),
            subtitle: "A content update takes 8.5 million hosts down in 78 minutes".into(),
            place: "Worldwide".into(),
            summary: "A security sensor's content file crashes every Windows host that reads it. The file is \
                      withdrawn within 78 minutes, but each host has to be touched by hand. Hospitals, general \
                      practices, pharmacies, airlines and banks wait for the same few technicians."
                .into(),
            difficulty: "Demanding".into(),
            play_min: 60,
            length_days: 10.0,
            organisations: 132,
            hosts: 8_500_000,
            seats: 6,
            figures: [184, 97, 41],
            sources: 63,
        }],
        notice: None,
        ..StartView::default()
    }
}

pub fn seats() -> SeatsView {
    let seat = |name: &str, summary: &str, organisations, hosts, technicians, objectives: [&str; 3]| SeatCard {
        id: String::new(),
        name: name.into(),
        summary: summary.into(),
        organisations,
        hosts,
        technicians,
        objectives: objectives.map(String::from).to_vec(),
    };
    let mut view = SeatsView {
        scenario: "19 July 2024".into(),
        seats: vec![
            seat(
                "National health coordinator",
                "England's general practices hang on one hosted record system",
                24,
                212_000,
                640,
                ["Keep appointments in general practices", "Prescriptions dispensed the same day", "Patients' trust"],
            ),
            seat(
                "Hospital group CIO",
                "Eleven hospitals, one theatre plan, no spare technician",
                11,
                34_500,
                85,
                ["Operations held", "Emergency department open", "Cost of recovery"],
            ),
            seat(
                "Airline operations director",
                "Crew tracking is one application; the fleet is nine hundred aircraft",
                3,
                61_000,
                190,
                ["Passengers stranded", "Crew tracking back", "Cost of recovery"],
            ),
            seat(
                "Bank operations head",
                "Payments settle at five; the branch network is dark",
                4,
                128_000,
                310,
                ["Payments settled on the day", "Cash machines working", "Trust of customers"],
            ),
            seat(
                "Vendor incident lead",
                "Your update, everybody's outage",
                1,
                9_000,
                420,
                ["Stop the rollout", "Guidance that works", "Hosts back in the world"],
            ),
            seat(
                "Whole-of-nation coordinator",
                "Every sector asks for the same hands",
                132,
                8_500_000,
                12_400,
                ["Minutes outside tolerance", "Critical services first", "Trust of the public"],
            ),
        ],
    };
    for (index, seat) in view.seats.iter_mut().enumerate() {
        seat.id = format!("seat-{}", index + 1);
    }
    view
}

pub fn briefing() -> BriefingView {
    BriefingView {
        scenario: "19 July 2024".into(),
        seat: "National health coordinator".into(),
        starts: "Thu 18 Jul 21:00 UTC".into(),
        situation: vec![
            "It is the evening before. You coordinate the information systems of England's general practices, \
             pharmacies and the largest hospital groups. Most practices keep their records in one hosted system."
                .into(),
            "Friday is the busiest day for prescriptions. School holidays begin on Monday; a third of your \
             technicians are on leave."
                .into(),
            "You hold no contract with the vendor of the security sensor. What you can move is hands, words and order."
                .into(),
        ],
        people: "640 technicians in three shifts, 70 of them travel. 24 organisations act on your orders.".into(),
        advice: vec![
            "Watch what crashes before you send anybody out".into(),
            "A host that needs a recovery key takes three times as long".into(),
            "Fallback on paper costs little at once and much after a day".into(),
        ],
        assumptions: vec!["Capacity follows the demand of the hour".into()],
        objectives: [
            ("Appointments held in general practices", 35.0),
            ("Prescriptions dispensed the same day", 30.0),
            ("Hospital operations held", 20.0),
            ("Cost of recovery", 15.0),
        ]
        .map(|(name, weight_pct)| BriefingObjective { name: name.into(), weight_pct })
        .to_vec(),
        services: [
            ("Patient records", "General practices, England", 240),
            ("Prescriptions", "Community pharmacies, England", 360),
            ("Operating theatres", "Northern hospital group", 120),
            ("Ambulance dispatch", "Ambulance trusts", 30),
        ]
        .map(|(name, organisation, tolerance_min)| BriefingService {
            name: name.into(),
            organisation: organisation.into(),
            tolerance_min,
        })
        .to_vec(),
        mitigations: 23,
        preparation: Some(preparation()),
        seed: 7,
        late_start: Some(LateStart { minute: 419, time: "Fri 19 Jul 04:59 (England)".into() }),
    }
}

fn preparation() -> PreparationView {
    let target = |organisation: Ix<Organisation>, label: &str, is_chosen, refusal: Option<&str>| PreparationTarget {
        target: TargetKey::Organisation(organisation),
        label: label.into(),
        is_chosen,
        refusal: refusal.map(str::to_owned),
    };
    PreparationView {
        budget_usd: 2_000_000.0,
        left_usd: 800_000.0,
        options: vec![
            PreparationRow {
                mitigation: Ix::new(40),
                name: "Keep recovery keys offline".into(),
                summary: "A printed list in a safe, renewed every month. Worth most where the key server can fail too."
                    .into(),
                cost_usd: 400_000.0,
                targets: vec![
                    target(Ix::new(0), "Hosted record system", true, None),
                    target(Ix::new(1), "General practices, England", true, None),
                    target(Ix::new(2), "Northern hospital group", true, None),
                ],
            },
            PreparationRow {
                mitigation: Ix::new(41),
                name: "Standby contract for hands".into(),
                summary: "Sixty technicians within four hours of a call.".into(),
                cost_usd: 900_000.0,
                targets: vec![target(
                    Ix::new(2),
                    "Northern hospital group",
                    false,
                    Some("The preparation budget has $800000 left; this costs $900000"),
                )],
            },
            PreparationRow {
                mitigation: Ix::new(42),
                name: "Practise paper".into(),
                summary: "Two evenings a year; people keep it up half as long again.".into(),
                cost_usd: 60_000.0,
                targets: vec![target(Ix::new(1), "General practices, England", false, None)],
            },
        ],
    }
}

/// Name, latitude, longitude, sign, importance, state.
type Place = (&'static str, f64, f64, Glyph, u8, LevelState);

const PLACES: &[Place] = &[
    ("General practices, England", 52.6, -1.6, Glyph::Practice, 5, LevelState::Failed),
    ("Community pharmacies, England", 53.4, -2.4, Glyph::Pharmacy, 4, LevelState::Severe),
    ("Northern hospital group", 54.6, -1.5, Glyph::Hospital, 4, LevelState::Severe),
    ("Ambulance trusts", 51.5, -0.3, Glyph::Emergency, 4, LevelState::Degraded),
    ("Delta Air Lines", 33.64, -84.43, Glyph::Airline, 5, LevelState::Failed),
    ("United Airlines", 41.98, -87.9, Glyph::Airline, 4, LevelState::Severe),
    ("American Airlines", 32.9, -97.04, Glyph::Airline, 4, LevelState::Degraded),
    ("Alaska 911", 61.2, -149.9, Glyph::Emergency, 3, LevelState::Severe),
    ("Portland emergency services", 45.5, -122.7, Glyph::Emergency, 2, LevelState::Degraded),
    ("Mass General Brigham", 42.36, -71.07, Glyph::Hospital, 3, LevelState::Severe),
    ("Cleveland Clinic", 41.5, -81.6, Glyph::Hospital, 2, LevelState::Working),
    ("Kaiser Permanente", 37.8, -122.3, Glyph::Hospital, 3, LevelState::Degraded),
    ("Charles Schwab", 30.3, -97.7, Glyph::Market, 2, LevelState::Degraded),
    ("Amsterdam Schiphol", 52.31, 4.76, Glyph::Airport, 4, LevelState::Severe),
    ("Berlin Brandenburg", 52.36, 13.5, Glyph::Airport, 4, LevelState::Failed),
    ("Zurich Airport", 47.46, 8.55, Glyph::Airport, 3, LevelState::Degraded),
    ("Universitätsklinikum Schleswig-Holstein", 54.3, 10.1, Glyph::Hospital, 3, LevelState::Severe),
    ("Sky News", 51.48, -0.33, Glyph::Broadcaster, 3, LevelState::Degraded),
    ("London Stock Exchange", 51.515, -0.099, Glyph::Market, 3, LevelState::Working),
    ("Govia Thameslink", 51.53, -0.12, Glyph::Transport, 2, LevelState::Working),
    ("Commonwealth Bank", -33.86, 151.2, Glyph::Bank, 4, LevelState::Degraded),
    ("Woolworths", -33.9, 150.9, Glyph::Retail, 3, LevelState::Severe),
    ("Jetstar", -37.67, 144.85, Glyph::Airline, 3, LevelState::Severe),
    ("ABC", -33.88, 151.19, Glyph::Broadcaster, 2, LevelState::Degraded),
    ("Auckland Airport", -37.0, 174.79, Glyph::Airport, 2, LevelState::Degraded),
    ("Narita", 35.77, 140.39, Glyph::Airport, 3, LevelState::Degraded),
    ("Universal Studios Japan", 34.67, 135.43, Glyph::Retail, 1, LevelState::Degraded),
    ("Hong Kong Airport", 22.31, 113.91, Glyph::Airport, 3, LevelState::Severe),
    ("Changi Airport", 1.36, 103.99, Glyph::Airport, 3, LevelState::Degraded),
    ("IndiGo", 28.56, 77.1, Glyph::Airline, 4, LevelState::Severe),
    ("Emirates", 25.25, 55.36, Glyph::Airline, 2, LevelState::Working),
    ("Capitec Bank", -33.93, 18.86, Glyph::Bank, 3, LevelState::Degraded),
    ("Bradesco", -23.53, -46.8, Glyph::Bank, 3, LevelState::Degraded),
    ("Volaris", 19.43, -99.07, Glyph::Airline, 2, LevelState::Degraded),
    ("Tesla Fremont", 37.49, -121.94, Glyph::Industry, 2, LevelState::Working),
    ("Sensor vendor", 30.27, -97.74, Glyph::ItSupplier, 5, LevelState::Working),
    ("Cloud region, Central US", 41.6, -93.6, Glyph::ItSupplier, 4, LevelState::Degraded),
    ("Haneda", 35.55, 139.78, Glyph::Airport, 2, LevelState::Untouched),
    ("University of Lagos", 6.52, 3.39, Glyph::Education, 1, LevelState::Untouched),
    ("Government of Brazil", -15.8, -47.9, Glyph::Government, 2, LevelState::Untouched),
    ("Beijing Capital", 40.08, 116.58, Glyph::Airport, 3, LevelState::Untouched),
];

fn marks() -> Vec<MapMark> {
    PLACES
        .iter()
        .enumerate()
        .map(|(index, (name, lat, lon, glyph, importance, state))| MapMark {
            organisation: Ix::from_usize(index),
            name: (*name).into(),
            lat: *lat,
            lon: *lon,
            glyph: *glyph,
            importance: *importance,
            state: *state,
            level: 1.0 - f64::from(*state as u8) * 0.3,
            hosts_down: f64::from(*state as u8) * 0.2,
            is_yours: index < 4,
            ordered_min: (index == 3).then_some(40),
            tooltip: vec![format!("{} % of hosts down", 20 * *state as u8), "Worst service 34 %".into()],
        })
        .collect()
}

/// Members of populations in the open sea, where no mark covers them.
fn dots() -> Vec<MapDot> {
    let states = [LevelState::Untouched, LevelState::Working, LevelState::Severe, LevelState::Failed];
    let dot = |(index, state): (usize, &LevelState)| MapDot {
        organisation: Ix::from_usize(500 + index),
        lat: -30.0,
        lon: -30.0 + 8.0 * index as f64,
        state: *state,
    };
    states.iter().enumerate().map(dot).collect()
}

fn links() -> Vec<MapLink> {
    let link = |from, to, loss| MapLink { from, to, loss };
    vec![
        link(1, 0, 0.8),
        link(2, 0, 0.4),
        link(3, 2, 0.2),
        link(4, 36, 0.3),
        link(5, 36, 0.6),
        link(13, 4, 0.7),
        link(14, 13, 0.5),
        link(20, 36, 0.2),
        link(29, 36, 0.5),
        link(27, 29, 0.3),
        link(0, 35, 0.0),
    ]
}

/// A curve that falls at `from` and recovers by `rate` an hour, in steps of ten minutes.
fn dip(from: f64, depth: f64, rate: f64, until: f64) -> Vec<[f64; 2]> {
    (0..)
        .map(|step| f64::from(step) * 10.0)
        .take_while(|minute| *minute <= until)
        .map(|minute| {
            let since = (minute - from).max(0.0);
            let fall = (since / 70.0).min(1.0) * depth;
            let mended = (since / 60.0 * rate).min(fall);
            [minute, 1.0 - fall + mended * (1.0 - (-since / 500.0).exp())]
        })
        .collect()
}

fn timeline() -> TimelineView {
    let names = ["Patient records", "Prescriptions", "Operating theatres", "Ambulance dispatch"];
    let curves = names.iter().zip([0.92, 0.7, 0.5, 0.3]).enumerate().map(|(index, (name, depth))| {
        let from = 430.0 + 40.0 * index as f64;
        Curve {
            name: (*name).into(),
            yours: dip(from, depth, 0.05, 790.0),
            do_nothing: dip(from, depth, 0.008, 14_400.0),
            reference: dip(from, depth, 0.02, 14_400.0),
            par: Vec::new(),
            earlier: Vec::new(),
        }
    });
    let days = [
        "Fri 19 Jul",
        "Sat 20 Jul",
        "Sun 21 Jul",
        "Mon 22 Jul",
        "Tue 23 Jul",
        "Wed 24 Jul",
        "Thu 25 Jul",
        "Fri 26 Jul",
        "Sat 27 Jul",
        "Sun 28 Jul",
    ];
    let mark = |minute, kind, label: &str| TimelineMark { minute, kind, label: label.into() };
    TimelineView {
        horizon_min: 14_400,
        now_min: 790,
        start_minute_of_day: 1260,
        days: days.iter().enumerate().map(|(day, label)| (180 + 1440 * day as u32, (*label).to_owned())).collect(),
        curves: curves.collect(),
        marks: vec![
            mark(429, MarkKind::Event, "Content update released"),
            mark(507, MarkKind::Event, "Update withdrawn"),
            mark(440, MarkKind::Inject, "Hosts crash in Australia"),
            mark(610, MarkKind::Inject, "Practices cannot open records"),
            mark(640, MarkKind::Decision, "Paper fallback, general practices"),
            mark(2400, MarkKind::Event, "Vendor publishes a recovery tool"),
        ],
    }
}

fn service(
    service: Ix<Service>,
    name: &str,
    organisation: Ix<Organisation>,
    state: LevelState,
    level: f64,
) -> ServiceRow {
    let is_down = !matches!(state, LevelState::Working | LevelState::Untouched);
    ServiceRow {
        service,
        organisation,
        name: name.into(),
        organisation_name: PLACES[organisation.position()].0.into(),
        level,
        target: 0.9,
        state,
        trend: if level < 0.3 {
            Trend::Worse
        } else if is_down {
            Trend::Better
        } else {
            Trend::Steady
        },
        outside_min: if level < 0.4 { 192 } else { 0 },
        tolerance_min: 240,
        below_min: if is_down { 130 } else { 0 },
        backlog: if is_down { 48_230.0 * (1.0 - level) } else { 0.0 },
        lost: if level < 0.4 { 12_400.0 } else { 0.0 },
        unit: "appointments".into(),
        fallback: (level < 0.2).then(|| "Paper records".to_owned()),
        held_by: is_down.then(|| "311 of 420 hosts not working in Record servers".to_owned()),
        root: is_down.then(|| "waiting for hands: 302 machines in Record servers".to_owned()),
        spark: (0..96)
            .map(|step| {
                let since = (step as f32 - 60.0).max(0.0) / 36.0;
                1.0 - since.sqrt() * (1.0 - level as f32)
            })
            .collect(),
        is_yours: organisation < Ix::new(4),
    }
}

fn services() -> Vec<ServiceRow> {
    let mut rows = vec![
        service(Ix::new(0), "Patient records", Ix::new(0), LevelState::Failed, 0.08),
        service(Ix::new(1), "Appointments booked online", Ix::new(0), LevelState::Severe, 0.34),
        service(Ix::new(2), "Prescriptions", Ix::new(1), LevelState::Severe, 0.41),
        service(Ix::new(3), "Operating theatres", Ix::new(2), LevelState::Degraded, 0.72),
        service(Ix::new(4), "Ambulance dispatch", Ix::new(3), LevelState::Working, 0.97),
    ];
    let world = [
        ("Crew tracking", 4, LevelState::Failed, 0.03),
        ("Check-in and boarding", 4, LevelState::Severe, 0.22),
        ("Check-in and boarding", 5, LevelState::Severe, 0.31),
        ("Departures", 13, LevelState::Severe, 0.36),
        ("Departures", 14, LevelState::Failed, 0.05),
        ("Card payments", 20, LevelState::Degraded, 0.71),
        ("Tills", 21, LevelState::Severe, 0.44),
        ("Broadcast", 17, LevelState::Degraded, 0.66),
        ("Emergency calls", 7, LevelState::Severe, 0.33),
        ("Regulatory news", 18, LevelState::Working, 1.0),
        ("Flight operations", 30, LevelState::Working, 1.0),
    ];
    rows.extend(world.iter().enumerate().map(|(index, (name, organisation, state, level))| {
        service(Ix::from_usize(10 + index), name, Ix::new(*organisation), *state, *level)
    }));
    rows
}

fn answers() -> Vec<AnswerRow> {
    let row = |mitigation, name: &str, is_open, ordered| AnswerRow {
        mitigation: Ix::new(mitigation),
        name: name.into(),
        is_open,
        ordered,
    };
    vec![
        row(1, "Repair the record system's hosts first", true, 0),
        row(3, "Hand out recovery keys by telephone", false, 0),
    ]
}

fn inbox() -> Vec<InjectRow> {
    let row = |inject, time: &str, via, from: &str, title: &str, body: &str, is_urgent, is_read| InjectRow {
        inject,
        time: time.into(),
        via,
        from: from.into(),
        title: title.into(),
        body: body.into(),
        is_urgent,
        is_read,
        standing: if inject.number().is_multiple_of(2) { Standing::Documented } else { Standing::Invented },
        answers: if inject == Ix::new(7) { answers() } else { Vec::new() },
    };
    vec![
        row(
            Ix::new(7),
            "10:05",
            Via::Executive,
            "Chief executive",
            "The minister wants a figure at eleven",
            "How many practices cannot see records, and when will half of them be back? One number, one time.",
            true,
            false,
        ),
        row(
            Ix::new(6),
            "09:40",
            Via::Regulator,
            "Medicines regulator",
            "Emergency supply of medicines allowed",
            "Pharmacists may supply without a prescription where the record cannot be reached.",
            false,
            false,
        ),
        row(
            Ix::new(5),
            "09:12",
            Via::Press,
            "News agency",
            "“Doctors back to pen and paper”",
            "Television crews stand before practices in three cities.",
            false,
            true,
        ),
        row(
            Ix::new(4),
            "08:30",
            Via::Phone,
            "Practice manager, Leeds",
            "We cannot open a single record",
            "Forty patients in the waiting room, doctors write on paper.",
            true,
            true,
        ),
        row(
            Ix::new(2),
            "06:47",
            Via::Monitoring,
            "Record system",
            "Sessions fall by 91 % within an hour",
            "Hosted desktops restart in a loop.",
            false,
            true,
        ),
        row(
            Ix::new(1),
            "05:27",
            Via::Email,
            "Vendor",
            "Update withdrawn",
            "Hosts that come up now are not affected. Hosts that crashed need the file removed by hand.",
            false,
            true,
        ),
    ]
}

fn target(target: TargetKey, label: &str, refusal: Option<&str>) -> TargetRow {
    let organisation = if let TargetKey::Organisation(index) = target { Some(index) } else { None };
    TargetRow {
        target,
        organisation,
        label: label.into(),
        detail: String::new(),
        price: String::new(),
        refusal: refusal.map(String::from),
    }
}

fn drawer() -> Vec<MitigationRow> {
    let organisations = || {
        vec![
            target(TargetKey::Organisation(Ix::new(0)), PLACES[0].0, None),
            target(TargetKey::Organisation(Ix::new(1)), PLACES[1].0, None),
            target(TargetKey::Organisation(Ix::new(2)), PLACES[2].0, Some("Already in force until Sat 08:00")),
        ]
    };
    let row = |mitigation, name: &str, group, cost_usd, lead_min, refusal: Option<&str>, ordered| MitigationRow {
        mitigation,
        name: name.into(),
        summary: "Practices write on paper and type in later. Half the usual number of patients is seen; what was \
                  written has to be typed in afterwards."
            .into(),
        group,
        cost_usd,
        lead_min,
        team_min: 45,
        targets: if refusal.is_some() { Vec::new() } else { organisations() },
        refusal: refusal.map(String::from),
        ordered,
    };
    vec![
        row(
            Ix::new(0),
            "Block the update channel",
            Group::Rollout,
            0.0,
            15,
            Some("The update was withdrawn at 05:27"),
            0,
        ),
        row(Ix::new(1), "Repair the record system's hosts first", Group::Repair, 12_000.0, 20, None, 0),
        row(Ix::new(2), "Send boot sticks to practices", Group::Repair, 48_000.0, 240, None, 1),
        row(
            Ix::new(3),
            "Hand out recovery keys by telephone",
            Group::Repair,
            3_000.0,
            45,
            Some("The key store is itself down"),
            0,
        ),
        row(Ix::new(4), "Call in the night shift", Group::People, 95_000.0, 90, None, 0),
        row(Ix::new(5), "Hire a field service", Group::People, 640_000.0, 480, None, 0),
        row(Ix::new(6), "Work on paper", Group::Continuity, 0.0, 30, None, 2),
        row(Ix::new(7), "Divert operations to other hospitals", Group::Continuity, 210_000.0, 120, None, 0),
        row(Ix::new(8), "Tell patients to come only when urgent", Group::Communication, 0.0, 10, None, 0),
    ]
}

fn orders() -> Vec<OrderRow> {
    let row = |order, name: &str, target: &str, status: &str, is_pending, is_active| OrderRow {
        order,
        name: name.into(),
        target: target.into(),
        status: status.into(),
        is_pending,
        is_active,
    };
    vec![
        row(Ix::new(2), "Send boot sticks to practices", "General practices, England", "in 3 h 25 min", true, false),
        row(Ix::new(1), "Work on paper", "General practices, England", "in force until Sat 08:00", false, true),
        row(Ix::new(0), "Work on paper", "Ambulance trusts", "done", false, false),
    ]
}

pub fn exercise() -> ExerciseView {
    ExerciseView {
        notice: None,
        seat: "National health coordinator".into(),
        scenario: "19 July 2024".into(),
        clock: ClockView {
            time: "Fri 19 Jul 11:10".into(),
            zone: "England".into(),
            utc: "10:10 UTC".into(),
            exercise: "T+0d 13:10".into(),
            wall: "12:31".into(),
            speed: 300,
            is_paused: true,
            next_stop: "within 43 min".into(),
            ..ClockView::default()
        },
        score: ScoreView { points: Some(22.4), par_points: Some(31.0) },
        hosts: HostsView {
            total: 8_500_000,
            down: 6_912_400,
            in_repair: 48_200,
            repaired: 702_000,
            self_recovered: 837_400,
            technicians_on_duty: 12_400,
            technicians_busy: 11_980,
            cost_usd: 1_243_000.0,
        },
        services: services(),
        inbox: inbox(),
        drawer: drawer(),
        team_load: "3 of 4 in work, 2 wait".into(),
        orders: orders(),
        notes: Vec::new(),
        objectives: vec!["Appointments held in general practices".into(), "Cost of recovery".into()],
        map: MapView { marks: marks(), dots: dots(), links: links(), sun: [20.8, 27.0] },
        detail: None,
        timeline: timeline(),
    }
}

pub fn exercise_with_detail() -> ExerciseView {
    let mosaic = (0..400_u32).map(|cell| {
        let mixed = cell.wrapping_mul(2_654_435_761) >> 24;
        match mixed {
            0..90 => 0,
            90..200 => 2,
            200..225 => 3,
            225..240 => 4,
            240..250 => 1,
            _ => 5,
        }
    });
    let fleet = |fleet, name: &str, hosts, counts, mosaic| FleetRow {
        fleet,
        name: name.into(),
        kind: "Desktops".into(),
        hosts,
        counts,
        mosaic,
    };
    ExerciseView {
        detail: Some(OrganisationDetail {
            organisation: Ix::new(0),
            name: PLACES[0].0.into(),
            sector: "Health".into(),
            local_time: "Fri 11:10".into(),
            note: "6,200 practices, two thirds of them on one hosted record system".into(),
            technicians_on_duty: 210,
            technicians_busy: 204,
            fatigue: 0.42,
            trust: 0.63,
            keys: "Key store down, 12 % on paper".into(),
            fleets: vec![
                fleet(
                    Ix::new(0),
                    "Practice desktops",
                    148_000,
                    [41_200, 1_900, 88_300, 9_100, 4_200, 3_300],
                    mosaic.collect(),
                ),
                fleet(Ix::new(1), "Record system hosts", 420, [63, 4, 311, 38, 4, 0], [0, 2, 2, 2, 3, 2, 2].repeat(12)),
            ],
            services: services().into_iter().filter(|row| row.organisation == Ix::new(0)).collect(),
        }),
        ..exercise()
    }
}

/// The exercise at the first tick: nothing has happened.
pub fn empty_exercise() -> ExerciseView {
    ExerciseView {
        services: Vec::new(),
        inbox: Vec::new(),
        drawer: Vec::new(),
        team_load: String::new(),
        orders: Vec::new(),
        map: MapView::default(),
        timeline: TimelineView { horizon_min: 14_400, ..TimelineView::default() },
        score: ScoreView::default(),
        hosts: HostsView::default(),
        clock: ClockView {
            time: "Thu 18 Jul 22:00".into(),
            zone: "England".into(),
            utc: "21:00 UTC".into(),
            exercise: "T+0d 00:00".into(),
            wall: "0:00".into(),
            speed: 60,
            is_paused: true,
            ..ClockView::default()
        },
        ..exercise()
    }
}

pub fn debrief() -> DebriefView {
    let objective = |name: &str, weight_pct, results: [&str; 4], points| ObjectiveRow {
        name: name.into(),
        weight_pct,
        yours: results[0].into(),
        do_nothing: results[1].into(),
        reference: results[2].into(),
        par: results[3].into(),
        points: Some(points),
        arithmetic: format!("100 × (a − b) ÷ (a − c) = {points} points; × weight {weight_pct} %"),
    };
    let decision = |time: &str, name: &str, target: &str, cost_usd, outcome: &str, confidence_pct| DecisionRow {
        time: time.into(),
        name: name.into(),
        target: target.into(),
        cost_usd,
        outcome: outcome.into(),
        confidence_pct,
        reason: (cost_usd == 0.0).then(|| "practices open in an hour".to_owned()),
        ..DecisionRow::default()
    };
    let mut timeline = timeline();
    for curve in &mut timeline.curves {
        curve.yours = dip(430.0, 0.9, 0.05, 14_400.0);
        curve.par = dip(430.0, 0.9, 0.09, 14_400.0);
    }
    DebriefView {
        log_digest: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".into(),
        save_offers: Vec::new(),
        scenario: "19 July 2024".into(),
        seat: "National health coordinator".into(),
        score: Some(62.4),
        reference_score: Some(41.0),
        verdict: "Better than history: practices were back a day earlier, at twice the cost".into(),
        objectives: vec![
            objective(
                "Appointments held in general practices",
                35.0,
                ["1.84 million", "1.12 million", "1.55 million", "2.1 million"],
                71.0,
            ),
            objective("Prescriptions dispensed the same day", 30.0, ["86 %", "61 %", "78 %", "93 %"], 68.0),
            objective("Hospital operations held", 20.0, ["4,120", "3,300", "3,900", "4,600"], 63.0),
            objective("Cost of recovery", 15.0, ["$4.1 million", "$0", "$2.2 million", "$3.6 million"], 22.0),
        ],
        curves: timeline.curves.clone(),
        timeline,
        decisions: vec![
            decision(
                "Fri 07:40",
                "Work on paper",
                "General practices, England",
                0.0,
                "took effect Fri 08:10",
                Some(80),
            ),
            decision(
                "Fri 08:05",
                "Repair the record system's hosts first",
                "General practices, England",
                12_000.0,
                "took effect Fri 08:25",
                Some(95),
            ),
            decision("Fri 12:30", "Hire a field service", "Northern hospital group", 640_000.0, "came too late", None),
        ],
        notes: vec![NoteRow {
            time: "Fri 19 Jul 08:10".into(),
            tag: NoteTag::Gap,
            seat: None,
            objective: Some("Cost of recovery".into()),
            text: "Nobody knew where the key list lies".into(),
        }],
        digest: "b7f1c09a5d2e".into(),
        seed: 20_240_719,
        sum: Some("24.9 + 20.4 + 12.6 + 4.5 = 62.4".into()),
        bought: Some("What you bought before the clock ran spared 3.1 % of the harm if nobody acts".into()),
        can_report: true,
        weighing: WeighingView { state: WeighingState::Stopped, words: "Not weighed".into(), done: 0.0 },
        saved: Some(Ok("runs/2024-07-19-health-0001.run".into())),
        figures: [184, 97, 41],
        ..DebriefView::default()
    }
}

/// Where the time of two services went.
pub fn time() -> TimeView {
    let run = |name, below: &str, hands: f32| RunTimeView {
        name,
        below: below.into(),
        columns: (0..320).map(|column| if column < 80 { vec![hands, 1.0 - hands] } else { vec![0.0, 0.0] }).collect(),
    };
    let row = |name: &str, cause, cells: [&str; 3], minutes| TimeRow {
        name: name.into(),
        cause,
        cells: cells.map(Into::into),
        minutes,
    };
    let way = "Appointments ← Patient records ← Record servers ← waiting for hands";
    let service = |name: &str| ServiceTimeView {
        name: name.into(),
        sentence: "Most of it: waiting for hands, 2 d 3 h (62 %). Par spends 1 d less on: waiting for hands.".into(),
        runs: vec![run("You", "3 d 2 h", 0.6), run("History", "4 d", 0.5), run("Par", "1 d 6 h", 0.2)],
        rows: vec![
            row("waiting for hands", Some(0), ["2 d 3 h", "2 d 6 h", "8 h"], 3060),
            row("recovery keys", Some(1), ["23 h", "1 d 18 h", "22 h"], 1380),
            row("below target in all", None, ["3 d 2 h", "4 d", "1 d 6 h"], 4440),
        ],
        ways: vec![WayView { words: way.into(), minutes: "2 d 3 h".into(), share: "62 %".into(), cause: 0 }],
        stretches: vec![StretchView { from_min: 400, until_min: 3600, words: way.into() }],
    };
    TimeView {
        causes: [("waiting for hands", 2), ("recovery keys", 5)]
            .map(|(name, color)| CauseView { name: name.into(), color })
            .into(),
        until_min: 14_400,
        services: vec![service("Appointments"), service("Prescriptions")],
    }
}

/// The debrief of a second try once all decisions are weighed.
pub fn weighed_debrief() -> DebriefView {
    let worth = |median: f64, p5: f64, p95: f64| WorthRow {
        median,
        p5,
        p95,
        points: format!("{median:+}"),
        band: Some(format!("{p5:+} to {p95:+}")),
    };
    let mut view = debrief();
    let worths = [worth(12.3, 9.1, 15.0), worth(4.0, 2.0, 6.5), worth(-2.1, -3.0, -1.0)];
    for ((row, worth), minute) in view.decisions.iter_mut().zip(worths).zip([580, 605, 870]) {
        row.minute = minute;
        row.worth = Some(worth);
        row.details = vec!["It changed, where less is better: Cost of recovery +$12,000".into()];
    }
    let point = |kind, name: &str, minute, decision, points: &str| TurningPoint {
        kind,
        name: name.into(),
        target: "General practices, England".into(),
        time: "Fri 07:40".into(),
        minute: Some(minute),
        decision,
        points: points.into(),
        basis: "+9.1 to +15 on 16 seeds".into(),
    };
    view.turning_points = vec![
        point(TurningKind::Best, "Work on paper", 580, Some(0), "+12.3"),
        point(TurningKind::Worst, "Hire a field service", 870, Some(2), "−2.1"),
        point(TurningKind::Missed, "Call people in", 540, None, "+9.4"),
    ];
    view.next_time = vec!["Order “Call people in” at Fri 07:00 (+9.4 points): it was possible from Fri 06:50.".into()];
    view.missed = vec![MissedRow {
        time: "Fri 07:00".into(),
        minute: 540,
        name: "Call people in".into(),
        target: "General practices, England".into(),
        gain: worth(9.4, 7.0, 11.0),
        known: "the message “Call people in?” asked for it from Fri 06:50".into(),
    }];
    view.time = Some(time());
    view.joint = Some("All decisions together: +14 points".into());
    view.weighing = WeighingView { state: WeighingState::Finished, words: "Weighed on 16 seeds".into(), done: 1.0 };
    view.luck = Some(LuckView {
        words: "The same decisions on 16 seeds score 60.0 in the middle".into(),
        scores: vec![62.4, 58.0, 60.0, 61.2],
        p5: 58.0,
        median: 60.0,
        p95: 62.4,
    });
    view.tries = Some(TriesView {
        verdict: "The second try won 8 points more".into(),
        earlier_score: 54.4,
        score: 62.4,
        from: "Fri 19 Jul 07:40".into(),
        objectives: vec![TriedObjective {
            name: "Cost of recovery".into(),
            earlier: "$5 million".into(),
            now: "$4.1 million".into(),
            gain: "+8".into(),
        }],
        decisions: vec![TriedDecision {
            name: "Work on paper".into(),
            target: "General practices, England".into(),
            earlier: None,
            now: Some("Fri 07:40".into()),
        }],
        same: 2,
    });
    view.discuss = (1..=5)
        .map(|number| QuestionRow { question: format!("Question {number}?"), evidence: format!("Evidence {number}.") })
        .collect();
    for curve in &mut view.curves {
        curve.earlier = dip(430.0, 0.9, 0.03, 14_400.0);
    }
    view
}

/// The weighed debrief with what was known, and confidence beside what came of it.
pub fn known_debrief() -> DebriefView {
    let row = |cells: [&str; 7]| cells.map(String::from).to_vec();
    let heads =
        ["Decision", "First sign", "Sign to order", "Messages", "Services below target", "Hosts down", "Hosts later"];
    let known = SectionView {
        sentences: vec!["From the first sign to the order: 25 min in the middle of 2 orders, 3 h at most".into()],
        heads: heads.map(String::from).to_vec(),
        rows: vec![
            row([
                "Fri 07:40  Work on paper, General practices, England",
                "Fri 07:15, “No records at eight practices”",
                "25 min",
                "3 of 4 read",
                "12 of 1,400",
                "2,140",
                "up to 8,900, Fri 10:00",
            ]),
            row([
                "Fri 08:05  Repair the record system's hosts first",
                "none",
                "–",
                "4 reached",
                "0 of 1,400",
                "0",
                "no more",
            ]),
        ],
    };
    let level =
        |(sure_pct, count, helped, share, low, high)| ConfidenceLevel { sure_pct, count, helped, share, low, high };
    let levels =
        [(40, 3, 1, 0.25, 0.0, 0.7), (60, 5, 1, 0.25, 0.33, 0.8), (80, 12, 8, 0.667, 0.6, 0.95)].map(level).to_vec();
    let confidence = ConfidenceView {
        words: "You were 69\u{a0}% sure on average, and 50\u{a0}% of 20 orders helped: too sure, by more than chance explains".into(),
        score: Some("Brier score 0.231".into()),
        levels,
    };
    DebriefView { known: Some(known), confidence: Some(confidence), ..weighed_debrief() }
}

/// Two owners and five figures; one fact that nothing cites.
pub fn sources() -> SourcesView {
    use Standing::{Documented, Estimated, Invented};
    let fact = |id: &str, about: &str, confidence: &str, words, cited| FactRow {
        id: id.into(),
        about: about.into(),
        publication: "Vendor's incident review".into(),
        confidence: confidence.into(),
        confidence_words: words,
        cited,
    };
    let figure = |owner: &str, label: &str, value: &str, standing, source: &str, facts: &[usize]| FigureRow {
        owner: owner.into(),
        owner_kind: "organisation".into(),
        label: label.into(),
        value: value.into(),
        standing,
        source: source.into(),
        words: source.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ').into(),
        facts: facts.to_vec(),
        path: format!("organisations/{}/{}", owner.to_lowercase(), label.replace(", ", "/")),
        searched: format!("{owner} {label} {value} {source}").to_lowercase(),
    };
    SourcesView {
        scenario: "19 July 2024".into(),
        counts: [1, 2, 2],
        figures: vec![
            figure("Delta", "Kiosks, hosts", "26,000 hosts", Estimated, "RS26 worked back from 37,000 hit", &[0]),
            figure("Delta", "Flights, demand", "3,800 a day", Documented, "RS26 AV12", &[0, 1]),
            figure("Delta", "Flights, headroom", "×1.05", Estimated, "spare aircraft of a full summer", &[]),
            figure("Rome", "staff, night", "1 person", Invented, "a small airport", &[]),
            figure("Rome", "Gates, hosts", "240 hosts", Invented, "a small airport", &[]),
        ],
        facts: vec![
            fact("RS26", "Delta, computers hit", "V2", "Reputable secondary source", 2),
            fact("AV12", "Delta, Monday's cancellations", "B", "Background knowledge", 1),
            fact("CS18", "Lower bound on machines that reported", "D", "Computed from other facts", 0),
        ],
    }
}

/// A view with a given number of figures.
pub fn many_sources(count: usize) -> SourcesView {
    let pattern = sources();
    let figure = |index: usize| {
        let mut figure = pattern.figures[index % 5].clone();
        figure.label = format!("figure {index}");
        figure.searched = format!("figure {index} of many");
        figure.owner = format!("Owner {}", index / 30);
        figure
    };
    SourcesView { figures: (0..count).map(figure).collect(), ..pattern }
}
