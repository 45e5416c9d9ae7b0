//! The few organisations with documents of their own: two with seats, and suppliers that others need.

use super::members::{Shape, Suppliers, organisation};
use super::sectors::{HOSTING, SECTORS, Sector};
use crate::scenario::schema::Organisation;

/// The organisations of the two seats.
pub const HOSPITAL: &str = "riverside";
pub const AIRLINE: &str = "meridian";
pub const CLOUD: &str = "stratus";

/// A row of the table of organisations: id, name, sector, region, latitude and longitude, hosts, and a flag for the
/// sensor with the bad content.
type Row = (&'static str, &'static str, &'static str, &'static str, (f64, f64), f64, bool);

/// Small worlds take the first rows.
const ROWS: [Row; 8] = [
    (HOSPITAL, "Riverside Hospitals", "hospital", "britain", (51.5, -0.6), 9_000.0, true),
    (CLOUD, "Stratus Cloud", "it-supplier", "us-central", (41.6, -93.6), 12_000.0, false),
    ("ledger", "Ledger Records", "it-supplier", "britain", (53.8, -1.5), 1_500.0, true),
    ("chartwell", "Chartwell Records", "it-supplier", "us-east", (42.4, -71.1), 2_500.0, false),
    (AIRLINE, "Meridian Air", "airline", "us-east", (33.6, -84.4), 14_000.0, true),
    ("tollgate", "Tollgate Payments", "it-supplier", "germany", (50.1, 8.7), 2_000.0, false),
    ("gatehouse", "Gatehouse Departures", "it-supplier", "iberia", (40.5, -3.6), 1_800.0, true),
    ("sentry", "Sentry Security", "it-supplier", "us-pacific", (37.4, -122.1), 4_000.0, true),
];

/// The first organisations of the table, at most `count_max`, and the suppliers among them.
pub fn written(count_max: u32) -> (Vec<Organisation>, Suppliers) {
    let rows = &ROWS[..ROWS.len().min(count_max as usize)];
    let suppliers = suppliers(rows);
    let organisations = rows.iter().map(|row| organisation_from_row(row, &suppliers)).collect();
    (organisations, suppliers)
}

fn suppliers(rows: &[Row]) -> Suppliers {
    let service = |id: &str| rows.iter().any(|row| row.0 == id).then(|| format!("{id}/{}", HOSTING.id));
    Suppliers {
        records: [service("chartwell"), service("ledger")].into_iter().flatten().collect(),
        payments: service("tollgate"),
        departures: service("gatehouse"),
        cloud: service(CLOUD),
    }
}

fn organisation_from_row(
    &(id, name, sector, region, (lat, lon), hosts, is_customer): &Row,
    suppliers: &Suppliers,
) -> Organisation {
    let shape = Shape {
        id: id.to_owned(),
        name: name.to_owned(),
        region: region.to_owned(),
        lat,
        lon,
        hosts,
        is_customer,
        importance: 4,
    };
    let sector = sector_by_id(sector);
    let offer = if sector.id == "it-supplier" { &HOSTING } else { &sector.main };
    organisation(sector, offer, &shape, suppliers)
}

/// A sector of the table.
///
/// # Panics
/// If the table has no such sector.
pub fn sector_by_id(id: &str) -> &'static Sector {
    SECTORS.iter().find(|sector| sector.id == id).expect("a sector of the table")
}
