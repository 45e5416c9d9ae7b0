//! Tidy tables of observables: one value a row.
