//! The table of sectors: the number, size and services of their organisations. `members` makes
//! organisations from it.

use crate::scenario::schema::Glyph;

/// A row of the table of sectors.
pub struct Sector {
    pub id: &'static str,
    /// Name of the sector, and of one member.
    pub name: &'static str,
    pub member: &'static str,
    pub glyph: Glyph,
    /// Organisations, of a thousand, that belong to the sector.
    pub per_mille: u32,
    /// Mean number of hosts of a member.
    pub hosts: f64,
    pub estate: Estate,
    pub main: Offer,
    /// A third service beside the main one and the systems behind it.
    pub side: Option<Offer>,
}

/// The mix of hosts of an organisation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Estate {
    Office,
    Ward,
    Shop,
    Small,
}

/// A service in the table of sectors.
pub struct Offer {
    pub id: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    /// Units a day for each host.
    pub per_host: f64,
    pub profile: &'static str,
    pub after: After,
    pub cost_usd: f64,
    pub tolerance_min: u32,
    /// Level, endurance in hours and automatic opening of the fallback without machines.
    pub fallback: Option<(f64, u32, bool)>,
    /// Does the service need desks? Otherwise it needs systems only.
    pub needs_desks: bool,
}

/// The fate of demand that is not served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum After {
    Lost,
    Waits,
    /// Hours until it expires.
    Expires(u32),
}

const fn offer(
    id: &'static str,
    name: &'static str,
    unit: &'static str,
    per_host: f64,
    profile: &'static str,
) -> Offer {
    Offer {
        id,
        name,
        unit,
        per_host,
        profile,
        after: After::Expires(24),
        cost_usd: 20.0,
        tolerance_min: 120,
        fallback: None,
        needs_desks: true,
    }
}

impl Offer {
    const fn then(mut self, after: After, cost_usd: f64, tolerance_min: u32) -> Self {
        self.after = after;
        self.cost_usd = cost_usd;
        self.tolerance_min = tolerance_min;
        self
    }

    const fn without_desks(mut self) -> Self {
        self.needs_desks = false;
        self
    }

    const fn or_else(mut self, level: f64, hours: u32, is_automatic: bool) -> Self {
        self.fallback = Some((level, hours, is_automatic));
        self
    }
}

/// The service of suppliers that other organisations need.
pub const HOSTING: Offer = offer("hosting", "Hosted service", "requests", 5000.0, "round-the-clock")
    .then(After::Expires(4), 0.01, 60)
    .without_desks();
/// The systems behind all services of an organisation.
pub const SYSTEMS: Offer =
    offer("systems", "Systems", "log-ins", 3.0, "round-the-clock").then(After::Lost, 0.0, 240).without_desks();

const ENQUIRIES: Offer = offer("enquiries", "Enquiries", "enquiries", 0.3, "office-hours").then(After::Waits, 5.0, 720);

const fn sector(
    (id, name, member): (&'static str, &'static str, &'static str),
    glyph: Glyph,
    (per_mille, hosts): (u32, f64),
    estate: Estate,
    main: Offer,
    side: Option<Offer>,
) -> Sector {
    Sector { id, name, member, glyph, per_mille, hosts, estate, main, side }
}

/// Every sector. Numbers per mille sum to 1,000. The mean over all organisations is 800 hosts and 2.4 services,
/// since four in ten have a third service.
#[rustfmt::skip]
pub const SECTORS: [Sector; 15] = [
    sector(("it-supplier", "IT suppliers", "Supplier"), Glyph::ItSupplier, (40, 600.0), Estate::Office,
        offer("support", "Support", "tickets", 0.5, "office-hours").then(After::Waits, 15.0, 240), None),
    sector(("gp", "General practice", "Practice"), Glyph::Practice, (120, 40.0), Estate::Small,
        offer("consultations", "Consultations", "consultations", 5.0, "office-hours")
            .then(After::Expires(48), 40.0, 120).or_else(0.6, 48, false), None),
    sector(("pharmacy", "Pharmacies", "Pharmacy"), Glyph::Pharmacy, (80, 30.0), Estate::Small,
        offer("dispensing", "Dispensing", "items", 12.0, "shop-hours")
            .then(After::Expires(48), 10.0, 120).or_else(0.5, 48, false), None),
    sector(("hospital", "Hospitals", "Hospital"), Glyph::Hospital, (50, 3200.0), Estate::Ward,
        offer("care", "Wards and emergency department", "patients", 0.3, "round-the-clock")
            .then(After::Expires(12), 700.0, 60).or_else(0.7, 48, true),
        Some(offer("planned", "Planned procedures", "procedures", 0.05, "office-hours").then(After::Waits, 400.0, 480))),
    sector(("emergency", "Emergency dispatch", "Control room"), Glyph::Emergency, (20, 250.0), Estate::Office,
        offer("calls", "Emergency calls", "calls", 6.0, "round-the-clock")
            .then(After::Expires(1), 200.0, 15).or_else(0.8, 24, true), Some(ENQUIRIES)),
    sector(("airline", "Airlines", "Airline"), Glyph::Airline, (10, 6000.0), Estate::Shop,
        offer("flights", "Flights", "flights", 0.05, "flights").then(After::Expires(8), 20_000.0, 60)
            .or_else(0.3, 24, false),
        Some(offer("bookings", "Bookings", "bookings", 2.0, "round-the-clock").then(After::Expires(12), 30.0, 240))),
    sector(("airport", "Airports", "Airport"), Glyph::Airport, (15, 2000.0), Estate::Shop,
        offer("passengers", "Passengers handled", "passengers", 10.0, "flights").then(After::Expires(6), 40.0, 60)
            .or_else(0.5, 24, true),
        Some(ENQUIRIES)),
    sector(("bank", "Banks", "Bank"), Glyph::Bank, (50, 2600.0), Estate::Office,
        offer("payments", "Payments", "payments", 200.0, "round-the-clock").then(After::Expires(24), 2.0, 120),
        Some(offer("branches", "Branches", "visits", 1.0, "office-hours").then(After::Lost, 10.0, 480)
            .or_else(0.4, 24, false))),
    sector(("market", "Markets", "Market"), Glyph::Market, (5, 1500.0), Estate::Office,
        offer("trades", "Trades", "trades", 400.0, "office-hours").then(After::Lost, 5.0, 30), Some(ENQUIRIES)),
    sector(("retail", "Retail", "Retailer"), Glyph::Retail, (145, 500.0), Estate::Shop,
        offer("sales", "Sales", "sales", 30.0, "shop-hours").then(After::Lost, 12.0, 120).or_else(0.3, 24, true), None),
    sector(("broadcaster", "Broadcasters", "Broadcaster"), Glyph::Broadcaster, (20, 600.0), Estate::Office,
        offer("programme", "Programme", "minutes of programme", 2.4, "flat").then(After::Lost, 100.0, 30)
            .or_else(0.5, 24, true), Some(ENQUIRIES)),
    sector(("transport", "Rail, bus and ports", "Operator"), Glyph::Transport, (50, 800.0), Estate::Shop,
        offer("journeys", "Journeys", "journeys", 60.0, "round-the-clock").then(After::Lost, 8.0, 120)
            .or_else(0.7, 48, true), Some(ENQUIRIES)),
    sector(("government", "Government", "Authority"), Glyph::Government, (90, 1000.0), Estate::Office,
        offer("cases", "Cases", "cases", 2.0, "office-hours").then(After::Waits, 25.0, 480), Some(ENQUIRIES)),
    sector(("education", "Education", "School"), Glyph::Education, (90, 750.0), Estate::Office,
        offer("lessons", "Lessons", "lessons", 0.5, "office-hours").then(After::Lost, 50.0, 480)
            .or_else(0.8, 72, true), Some(ENQUIRIES)),
    sector(("industry", "Manufacturing and firms", "Firm"), Glyph::Industry, (215, 440.0), Estate::Office,
        offer("orders", "Orders", "orders", 3.0, "office-hours").then(After::Waits, 60.0, 480), None),
];
