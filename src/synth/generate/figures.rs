//! Figures of generated scenarios. The source of each says that it was generated.

use crate::scenario::schema::Tagged;

/// A figure made up for generated scenarios, with the reason for its size.
pub fn figure<T>(value: T, reason: &str) -> Tagged<T> {
    Tagged::Invented(value, format!("generated: {reason}"))
}

/// A number with at most four decimal places, so that files stay short.
pub fn short(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
