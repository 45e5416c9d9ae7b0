//! Figures of generated scenarios, each with its honest source: nobody measured it.

use crate::scenario::schema::Tagged;

/// A figure made up for generated scenarios, with the reason for its size.
pub fn figure<T>(value: T, reason: &str) -> Tagged<T> {
    Tagged::Invented(value, format!("generated: {reason}"))
}

/// A number with at most four digits behind the point, so that files stay short.
pub fn short(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
